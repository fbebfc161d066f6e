"""The second section of `/data`: which releases there are, which one holds, and going back."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases.store import ReleaseRecord
from jambi_dash.ui import choices, data, definitions
from jambi_dash.ui.literal import literal

_SHOWN = 8
_REFUSED = "undo refused"


def draw() -> None:
    """The history, newest first; a damaged current release is told on top."""
    place = data.store()
    history = list(reversed(place.history()))
    if not history:
        st.info(t("Belum ada rilis. Masukkan berkas pertama di bagian Masukkan data."))
        choices.lead_to("bagian", "masukan", t("Masukkan data"))
        return
    if refused := st.session_state.pop(_REFUSED, None):
        st.error(literal(refused), icon=":material/error:")
    current = place.current_id()
    _draw_damage(current, history)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="bare_riwayat"):
        st.caption(
            t("Setiap impor menerbitkan rilis baru; rilis lama tidak pernah berubah. Memberlakukan "
              "rilis lama tidak menghapus apa pun."), width="stretch",
        )  # fmt: skip
        definitions.button("isi_rilis", as_of=history[0].as_of)
    all_of_them = len(history) <= _SHOWN or st.toggle(
        t("Tampilkan semua {n} rilis", n=formats.number(len(history)))
    )
    for record in history if all_of_them else history[:_SHOWN]:
        _draw_release(record, is_current=record.release == current)


def _draw_damage(current: str | None, history: list[ReleaseRecord]) -> None:
    """Says that the current release cannot be used, and offers the newest one that is there."""
    try:
        data.current_release()
    except Refusal:
        others = [r for r in history if r.release != current and _exists(r)]
        if not others:
            st.error(
                t("Rilis {release} yang berlaku rusak dan tidak ada rilis lain; masukkan lagi "
                  "berkasnya.", release=literal(current or "")), icon=":material/error:",
            )  # fmt: skip
            return
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.error(
                t("Rilis {release} yang berlaku rusak atau hilang, jadi halaman lain tidak dapat "
                  "memakainya.", release=literal(current or "")), icon=":material/error:",
            )  # fmt: skip
            if st.button(t("Berlakukan {release}", release=others[0].release), type="primary",
                         icon=":material/undo:", key="mend damage"):  # fmt: skip
                _confirm(others[0])


def _draw_release(record: ReleaseRecord, *, is_current: bool) -> None:
    with st.container(border=True, key=f"panel_{record.release}"):
        line = st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
        )
        with line, st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(
                "**" + t("Data per {date}", date=formats.day(record.as_of)) + "**", width="content"
            )
            if is_current:
                st.badge(t("berlaku"), icon=":material/check:", color="green")
            if record.synthetic:
                st.badge(t("data contoh"), icon=":material/science:", color="orange")
            if not _exists(record):
                st.badge(t("berkas hilang"), icon=":material/error:", color="red")
        if (
            not is_current
            and _exists(record)
            and line.button(
                t("Berlakukan lagi"), icon=":material/undo:", key=f"undo {record.release}"
            )
        ):
            _confirm(record)
        counts = record.counts
        st.caption(
            t("Rilis {release}, terbit {when} WIB", release=literal(record.release),
              when=_moment(record.created))
            + "  \n"
            + " · ".join(
                f"{label} {formats.number(counts.get(table, 0))}"
                for label, table in (
                    (t("Peserta"), "enrolment"), (t("Daftar RT"), "rt"),
                    (t("Kampung Bahagia"), "kampung_event"), (t("Santunan"), "claim"),
                )
            )
            + "  \n"
            + t("Sumber: {files}", files=literal(", ".join(_sources(record))))
        )  # fmt: skip


def _exists(record: ReleaseRecord) -> bool:
    return data.store().path_of(record.release).is_file()


def _sources(record: ReleaseRecord) -> list[str]:
    return list(dict.fromkeys(str(source["file"]) for source in record.sources))


def _moment(created: str) -> str:
    moment = datetime.fromisoformat(created)
    return f"{formats.day(moment)} {formats.clock(moment)}"


def _confirm(record: ReleaseRecord) -> None:
    @st.dialog(t("Berlakukan rilis lama?"))
    def ask() -> None:
        st.write(
            t("Semua halaman akan memakai rilis {release}, data per {date}. Rilis yang sekarang "
              "tetap tersimpan dan dapat diberlakukan lagi.",
              release=literal(record.release), date=formats.day(record.as_of))
        )  # fmt: skip
        with st.container(horizontal=True):
            if st.button(t("Ya, berlakukan"), type="primary", key="undo yes",
                         on_click=_make_current, args=(record.release,)):  # fmt: skip
                st.rerun()
            if st.button(t("Tidak"), key="undo no"):
                st.rerun()

    ask()


def _make_current(release: str) -> None:
    try:
        data.store().rollback(release)
    except Refusal as refusal:
        st.session_state[_REFUSED] = str(refusal)
