"""Construction cover on the page Kampung Bahagia: due, registered, paid, and who is uncovered."""

from __future__ import annotations

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.construction import JobState
from jambi_dash.domain.language import t
from jambi_dash.domain.rollout_plan import load_rollout_plan
from jambi_dash.ui import exhibit, numbers
from jambi_dash.ui.look import table_html
from jambi_dash.ui.rollout_view import Asked


def state_words() -> dict[JobState, str]:
    """The states of a job; the first four cover nobody."""
    return {
        "late": t("belum didaftarkan, lewat 14 hari kerja"),
        "unregistered": t("belum didaftarkan, masih dalam waktu atau tanpa SPK"),
        "unpaid": t("terdaftar, belum dibayar"),
        "no_names": t("dibayar, pekerja tidak tercantum"),
        "part_paid": t("terlindungi, dibayar sebagian"),
        "paid": t("terlindungi, dibayar penuh"),
    }


def draw(asked: Asked) -> None:
    """Sums, states, tiers, and the list of jobs, those uncovered first."""
    found = asked.table().construction
    if not found.jobs:
        st.info(
            t("Belum ada pekerjaan: catatan tidak memuat nilai kegiatan pada tahap penetapan atau "
              "sesudahnya.")
        )  # fmt: skip
        return
    states, words = found.states(), state_words()
    exhibit.head(
        asked.words(
            t("Jaminan jasa konstruksi: terutang, terdaftar, dibayar"),
            t("rupiah, pekerjaan, dan pekerja"), "jakon", source=t("catatan Kampung Bahagia"),
        ),
        "kb_jakon",
    )  # fmt: skip
    sums, apart = st.columns([1, 1.25])
    with sums:
        numbers.show(
            table_html(
                [t("Seluruhnya"), t("Jumlah")],
                [
                    [t("Nilai pekerjaan"), formats.rupiah(found.value_idr)],
                    [t("Iuran terutang"), formats.rupiah(found.due_idr)],
                    [t("Iuran dibayar"), formats.rupiah(found.paid_idr)],
                    [t("Pekerjaan terdaftar"), formats.number(found.registered_rt)],
                    [t("Pekerjaan belum terdaftar"), formats.number(found.unregistered_rt)],
                    [t("Pekerja terlindungi"), formats.number(found.workers_covered)],
                    [t("Pekerja belum terlindungi"), formats.number(found.workers_uncovered)],
                ],
            )
        )
        if found.workers_unknown_rt:
            st.caption(t("{n} pekerjaan tanpa jumlah pekerja.",
                         n=formats.number(found.workers_unknown_rt)))  # fmt: skip
    with apart:
        numbers.show(
            table_html(
                [t("Keadaan"), t("Pekerjaan"), t("Pekerja")],
                [
                    [
                        words[state] if state in ("part_paid", "paid")
                        else t("belum terlindungi: {why}", why=words[state]),
                        formats.number(states[state]),
                        formats.number(
                            sum(j.facts.worker_count or 0 for j in found.jobs if j.state == state)
                        ),
                    ]
                    for state in words
                ],
            )
        )  # fmt: skip
        st.caption(
            t("Surat tugas atau SPK saja belum melindungi siapa pun: pekerjaan harus terdaftar, "
              "pekerjanya tercantum, dan iurannya dibayar.")
        )  # fmt: skip
    order = list(words)
    jobs = sorted(found.jobs, key=lambda job: (order.index(job.state), job.facts.code))
    areas = load_areas()
    st.dataframe(
        {
            t("RT"): [areas.name_of(job.facts.code) for job in jobs],
            t("Kelurahan"): [areas.name_of(job.facts.kelurahan_code) for job in jobs],
            t("Keadaan"): [words[job.state] for job in jobs],
            t("Nilai"): [formats.rupiah(job.facts.value_idr) for job in jobs],
            t("Terutang"): [formats.rupiah(job.due_idr) for job in jobs],
            t("Dibayar"): [formats.rupiah(job.counted_paid_idr) for job in jobs],
            t("Pekerja"): [job.facts.worker_count for job in jobs],
            t("SPK"): [formats.day(job.facts.spk_date) for job in jobs],
            t("Batas pendaftaran"): [formats.day(job.register_by) for job in jobs],
        },
        hide_index=True,
        height=330,
        column_config={
            t("Pekerja"): st.column_config.NumberColumn(format="localized"),
            **dict.fromkeys(
                (t("Nilai"), t("Terutang"), t("Dibayar")),
                st.column_config.TextColumn(alignment="right"),
            ),
        },
    )
    rates = load_rollout_plan().cover
    tiers = "; ".join(
        t("di atas {above}: {rate}", above=formats.rupiah_words(above),
          rate=formats.percent(per / 10_000, 2))
        if above
        else t("mulai Rp0: {rate}", rate=formats.percent(per / 10_000, 2))
        for above, per in rates.tiers
    )  # fmt: skip
    st.caption(
        t("Tarif bertingkat, tiap tarif hanya untuk lapis nilainya: {tiers}. Sumber: {source}. "
          "{doubt} Pendaftaran: {registration}.",
          tiers=tiers, source=rates.source.shown(), doubt=rates.doubt.shown(),
          registration=rates.registration_source.shown())
    )  # fmt: skip
