"""What an expansion does on /simulasi: spread, claims, scholarship, who keeps waiting, what binds."""

from __future__ import annotations

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.claims import load_claim_facts
from jambi_dash.domain.consequences import ucj_points
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.expansion_story import limit_name
from jambi_dash.domain.language import t
from jambi_dash.domain.occupations import occupation_label
from jambi_dash.domain.simulation import EVERYBODY, UCJ, Simulation
from jambi_dash.ui import exhibit
from jambi_dash.ui.look import table_html
from jambi_dash.ui.numbers import show
from jambi_dash.ui.simulation_state import Desk
from jambi_dash.ui.simulation_view import words

_WAITING_ROWS = 12


def draw(_: Desk, found: Simulation) -> None:
    """Two columns of small tables, each with what its figures are of."""
    left, right = st.columns(2, gap="large")
    with left:
        _fairness(found)
        _claims(found)
    with right:
        _scholarship(found)
        _waiting(found)
        _limits(found)


def _fairness(found: Simulation) -> None:
    before, after = found.fairness_before, found.fairness
    exhibit.head(
        words(found, t("Pemerataan antarwilayah"), t("persen pekerja rentan"),
              "simulasi_pemerataan"), "sim_merata",
    )  # fmt: skip
    show(table_html(
        ["", t("Sekarang"), t("Sesudah")],
        [
            [t("Cakupan terendah"), formats.percent(before.min_rate),
             formats.percent(after.min_rate)],
            [t("Cakupan tertinggi"), formats.percent(before.max_rate),
             formats.percent(after.max_rate)],
            [t("Rasio Gini (0 = semua sama)"), formats.number(before.gini, 3),
             formats.number(after.gini, 3)],
            [t("Wilayah tanpa peserta"), formats.number(before.areas_without),
             formats.number(after.areas_without)],
        ],
    ))  # fmt: skip
    exhibit.head(
        words(found, t("Sumbangan terhadap UCJ"), t("poin persen pekerja potensial"), "ucj"),
        "sim_ucj",
    )
    ucj, everybody = (load_ledger().get(name) for name in (UCJ, EVERYBODY))
    rest = max(0, (everybody.value or 0) - found.baseline.covered)
    st.caption(
        t("UCJ berubah {points}: {n} orang baru dari {potential} pekerja potensial. Bila semua {rest} "
          "pekerja rentan yang belum terlindungi ikut: {most}. Sumber: {source}.",
          points=formats.points(found.ucj, 2), n=formats.number(found.placed),
          potential=formats.number(ucj.value), source=ucj.source(), rest=formats.number(rest),
          most=formats.points(ucj_points(rest, ucj.value), 1))
    )  # fmt: skip


def _claims(found: Simulation) -> None:
    facts = load_claim_facts()
    cases, value = found.claims.cases, found.claims.value_idr
    exhibit.head(
        words(found, t("Perkiraan santunan dalam tahun itu (asumsi)"), t("kasus dan rupiah"),
              "santunan_perkiraan"), "sim_santunan",
    )  # fmt: skip
    show(table_html(
        [t("Program"), t("Kasus, rendah–tinggi"), t("Kasus, nilai tengah"), t("Rupiah, rendah–tinggi")],
        [
            [program, f"{formats.number(cases[program].p5)}–{formats.number(cases[program].p95)}",
             formats.number(cases[program].p50),
             f"{formats.rupiah_words(value[program].p5)} – "
             f"{formats.rupiah_words(value[program].p95)}"]
            for program in cases
        ],
    ))  # fmt: skip
    jkm = facts.of("JKM")
    st.caption(
        t("{n} orang-bulan termasuk {months} bulan pertama kepesertaan. Meninggal bukan karena "
          "kecelakaan kerja pada masa itu dibayar {early}, bukan {full}. Rendah–tinggi: 9 dari "
          "10 kemungkinan.", n=formats.number(found.early_months),
          months=formats.number(jkm.early_months), early=formats.rupiah_words(jkm.early_value_idr),
          full=formats.rupiah_words(jkm.value_idr))
    )  # fmt: skip


def _scholarship(found: Simulation) -> None:
    outlook = found.scholarship
    exhibit.head(
        words(found, t("Beasiswa anak: {n} bulan iuran", n=formats.number(
            outlook.months if outlook else 36)), t("orang"), "beasiswa"), "sim_beasiswa",
    )  # fmt: skip
    if outlook is None:
        st.caption(t("Tidak ada tempat baru."))
        return
    show(table_html(
        ["", t("Orang yang memenuhi")],
        [
            [t("Bila orang yang sama tetap, pada {month}", month=formats.month(outlook.month)),
             formats.number(outlook.people_if_same_stay)],
            [t("Bila nama diganti setiap tahun"), formats.number(outlook.people_if_rotating)],
        ],
    ))  # fmt: skip


def _waiting(found: Simulation) -> None:
    exhibit.head(
        words(found, t("Daftar tunggu dan pekerjaan"), t("orang"), "daftar_tunggu"), "sim_tunggu"
    )
    left = found.still_waiting()
    areas = load_areas()
    total = sum(left.values())
    if not found.baseline.waiting:
        st.caption(t("Daftar peserta tidak memuat usulan yang belum aktif."))
        return
    by_occupation = found.still_waiting_by_occupation()
    st.caption(t("{n} orang yang sudah diusulkan belum mendapat tempat.", n=formats.number(total)))
    ranked = sorted(left.items(), key=lambda item: (-item[1], item[0]))
    names = sorted(
        {*found.by_occupation, *by_occupation}, key=lambda n: (-by_occupation.get(n, 0), n)
    )
    one, other = st.columns([1, 1.35])
    with one:
        show(table_html(
            [t("Kelurahan"), t("Orang")],
            [[areas.name_of(code), formats.number(n)] for code, n in ranked[:_WAITING_ROWS]],
        ))  # fmt: skip
        if len(ranked) > _WAITING_ROWS:
            st.caption(t("dan {n} kelurahan lain", n=formats.number(len(ranked) - _WAITING_ROWS)))
    with other:
        show(table_html(
            [t("Pekerjaan"), t("Dapat tempat"), t("Menunggu")],
            [[occupation_label(name), formats.number(found.by_occupation.get(name, 0)),
              formats.number(by_occupation.get(name, 0))] for name in names],
        ))  # fmt: skip


def _limits(found: Simulation) -> None:
    proof = found.allocation.proof
    if proof is None:
        return
    exhibit.head(
        words(
            found, t("Harga tiap batas menurut aturan Optimal"), t("skor per tempat"), "harga_batas"
        ),
        "sim_batas",
    )
    st.caption(t("Terbukti optimal.") if proof.proven
               else t("Belum terbukti optimal: waktu hitung habis."))  # fmt: skip
    areas = load_areas()
    prices = sorted(proof.prices, key=lambda price: -price.gain)[:_WAITING_ROWS]
    show(table_html(
        [t("Batas"), t("Wilayah"), t("Skor per tempat")],
        [[limit_name(p.limit), areas.name_of(p.code) if p.code else t("seluruh kota"),
          formats.number(p.gain, 1)] for p in prices],
    ))  # fmt: skip
