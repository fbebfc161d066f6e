"""Coverage before and after joining, on the page Kampung Bahagia: an association, never a cause."""

from __future__ import annotations

import streamlit as st

from jambi_dash.charts.rollout import joining_figure
from jambi_dash.domain import formats
from jambi_dash.domain.disclosure import DEFAULT_K
from jambi_dash.domain.joining import GroupRate
from jambi_dash.domain.language import t
from jambi_dash.queries import rollout as queries
from jambi_dash.ui import exhibit, numbers
from jambi_dash.ui.look import table_html, theme
from jambi_dash.ui.rollout_view import Asked


def draw(asked: Asked) -> None:
    """Both groups by months since joining; small ones withheld."""
    months = asked.of(queries.before_after)
    if not months:
        st.info(
            t("Belum dapat dibandingkan: perlu RT yang bergabung, perkiraan pekerja rentan per RT, "
              "dan setidaknya satu bulan penuh.")
        )  # fmt: skip
        return
    figure, words = st.columns([1.5, 1])
    with figure:
        first, last = months[0].joined, months[-1].joined
        exhibit.plot(
            lambda: joining_figure(months, theme=theme()),
            asked.words(
                t("Cakupan RT sebelum dan sesudah bergabung"),
                t("persen pekerja rentan, menurut bulan sejak bergabung"), "sebelum_sesudah",
                source=t("daftar peserta dan catatan Kampung Bahagia"),
            ),
            "kb_bergabung", late=True,
            alt=t("RT yang bergabung dari {first} menjadi {last}.", first=_rate(first),
                  last=_rate(last)),
        )  # fmt: skip
    with words:
        st.markdown(
            t("**Hubungan, bukan sebab.** Kedua garis berjalan beriringan atau tidak; itu tidak "
              "menunjukkan bahwa bergabung menaikkan cakupan. RT yang bergabung lebih dahulu dipilih, "
              "dan dapat berbeda sejak sebelumnya.")
        )  # fmt: skip
        numbers.show(
            table_html(
                [t("Bulan"), t("Bergabung"), t("RT"), t("Belum bergabung"), t("RT")],
                [
                    [
                        formats.signed(m.offset) if m.offset else "0",
                        _rate(m.joined),
                        formats.number(m.joined.rts),
                        _rate(m.beside),
                        formats.number(m.beside.rts),
                    ]
                    for m in months
                ],
            )
        )
    st.caption(
        t("Cakupan pekerja rentan = terlindungi ÷ perkiraan pekerja rentan RT itu, per {date}. "
          "Pembanding: RT yang belum bergabung pada bulan kalender yang sama. Kelompok RT "
          "berubah dari bulan ke bulan. Kelompok dengan kurang dari {k} orang disembunyikan.",
          date=formats.day(asked.at), k=DEFAULT_K)
    )  # fmt: skip


def _rate(group: GroupRate) -> str:
    return t("disembunyikan") if group.withheld else formats.percent(group.rate)
