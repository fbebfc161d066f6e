"""The left side of /simulasi: everything a scenario may say, the usual first, the rest folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.expansion import CRITERIA, RULES
from jambi_dash.domain.expansion_story import rule_name, rule_sentence
from jambi_dash.domain.funds import SECTORS, load_expansion_facts
from jambi_dash.domain.indicators import load_indicators
from jambi_dash.domain.language import t
from jambi_dash.domain.money import load_money
from jambi_dash.domain.months import Month
from jambi_dash.domain.occupations import occupation_label
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import LEVELS
from jambi_dash.domain.simulation import EVERYBODY, Baseline
from jambi_dash.domain.years import CURVES
from jambi_dash.ui import data
from jambi_dash.ui.amounts import amount
from jambi_dash.ui.income_bands import income_tariff
from jambi_dash.ui.literal import literal
from jambi_dash.ui.simulation_state import Desk, key, scenario

Table = dict[str, Any]

_WORKERS = 4000
_YEARS_AHEAD = 6
_MOST_TRANCHES = 4
_BY_HAND = ("floors", "ceilings", "locked")
"""Set in the table of areas, not here."""


def draw(desk: Desk) -> Table:
    """Draws all controls; gives the scenario's table, only with what differs from the default."""
    given = desk.table
    table: Table = {
        name: given[name] for name in ("name", "author", "note", "seed") if name in given
    }
    level = _level(given, desk)
    base = desk.baseline(level)
    table |= {"by": level} if level != LEVELS[0] else {}
    table |= _target(given, base)
    table |= _budget(given, desk)
    table |= _rule(given)
    table |= {name: dict(given[name]) for name in _BY_HAND if given.get(name)}
    with st.expander(t("Waktu dan iuran"), icon=":material/calendar_month:"):
        table |= _time(given, desk)
        table |= _tariff(given)
    with st.expander(t("Dana"), icon=":material/account_balance:"):
        table |= _funds(given)
    with st.expander(t("Batas dan kuota"), icon=":material/rule:"):
        table |= _limits(given, base)
    with st.expander(t("Pergantian dan kelompok lain"), icon=":material/group:"):
        table |= _people(given)
    with st.expander(t("Rencana beberapa tahun"), icon=":material/timeline:"):
        table |= _years(given, desk)
    return table


def _level(given: Mapping[str, Any], desk: Desk) -> str:
    names = {"kelurahan": t("Kelurahan"), "rt": t("RT")}
    if not data.all_fit(desk.release, "rt") and given.get("by", LEVELS[0]) == LEVELS[0]:
        return LEVELS[0]
    chosen = st.segmented_control(
        t("Dibagi per"), list(LEVELS), default=given.get("by", LEVELS[0]), required=True,
        key=key("tingkat"), format_func=lambda level: names[level],
    )  # fmt: skip
    return str(chosen or LEVELS[0])


def _target(given: Mapping[str, Any], base: Baseline) -> Table:
    value = int(given.get("workers", _WORKERS))
    most = max(base.eligible or 0, base.covered, value, 15_000)
    workers = amount(
        key("orang"), t("Target orang terlindungi"), value, least=0, most=-(-most // 500) * 500,
        step=50, help=t("Sekarang {covered} orang; target tahun depan 4.000; yang memerlukan sekitar "
                        "15.000.", covered=formats.number(base.covered)),
    )  # fmt: skip
    return {"workers": workers} if workers != _WORKERS else {}


def _budget(given: Mapping[str, Any], desk: Desk) -> Table:
    value = given.get("budget")
    if not st.toggle(
        t("Batasi dengan anggaran setahun"), value=value is not None, key=key("anggaran"),
        help=t("Anggaran untuk semua orang setahun; ditempatkan sebanyak yang cukup."),
    ):  # fmt: skip
        return {}
    money = load_money()
    budgets = [b for b in money.budgets if b.cohort == load_programme().default_cohort]
    known = budgets[-1].value_idr if budgets else 0
    # What the plan costs as it lies here: switching the limit on changes nothing by itself.
    start = int(value) if value is not None else _cost(desk) or known
    year = (desk.baseline(LEVELS[0]).eligible or 0) * money.tariffs[-1].total_idr * 12
    most = max(4_000_000_000, start, year)
    budget = amount(
        key("anggaran_rp"), t("Anggaran"), start, least=0,
        most=-(-most // 100_000_000) * 100_000_000, step=1_000_000, money=True,
        help=t("APBD 2025 menurut media: {known}.", known=formats.rupiah(known)),
    )  # fmt: skip
    return {"budget": budget}


def _cost(desk: Desk) -> int:
    try:
        return desk.answer(scenario()).cost_idr
    except Refusal:  # a plan that cannot be worked out says so below
        return 0


def _rule(given: Mapping[str, Any]) -> Table:
    rule = st.selectbox(
        t("Aturan pembagian"), RULES, index=RULES.index(given.get("rule", RULES[0])),
        key=key("aturan"), format_func=rule_name,
    )  # fmt: skip
    st.caption(rule_sentence(rule) + " " + t("Semua aturan berdampingan: bagian Bandingkan."))
    table: Table = {"rule": rule} if rule != RULES[0] else {}
    if rule in ("skor", "optimal"):
        start = load_expansion_facts().weights
        held = given.get("weights") or start
        names = {
            "low_coverage": t("Cakupan rendah"), "need": t("Banyak yang belum terlindungi"),
            "joined": t("Sudah bergabung Kampung Bahagia"), "waiting": t("Daftar tunggu"),
        }  # fmt: skip
        weights = {
            name: st.slider(
                names[name], 0.0, 5.0, value=float(held.get(name, 0.0)), step=0.5,
                key=key(f"bobot_{name}"), format="localized",
            )
            for name in CRITERIA
        }  # fmt: skip
        st.caption(t("Bobot bawaan adalah asumsi."))
        if weights != {name: start.get(name, 0.0) for name in CRITERIA} or "weights" in given:
            table["weights"] = weights
    return table


def _time(given: Mapping[str, Any], desk: Desk) -> Table:
    as_of: date = desk.release.record.as_of
    default = as_of.year + 1
    years = sorted({*range(as_of.year, as_of.year + _YEARS_AHEAD), int(given.get("year", default))})
    year = st.selectbox(
        t("Tahun"), years, index=years.index(int(given.get("year", default))), key=key("tahun"),
        format_func=str,
    )  # fmt: skip
    table: Table = {"year": year} if year != default or "year" in given else {}
    steps = [dict(step) for step in given.get("tranches", [])]
    if st.toggle(t("Mulai bertahap"), value=bool(steps), key=key("bertahap")):
        return table | {"tranches": _tranches(steps)}
    months = [Month(year, m) for m in range(1, 13)]
    start = st.select_slider(
        t("Bulan mulai tempat baru"), range(1, 13), value=int(given.get("start_month", 1)),
        key=key("mulai"), format_func=lambda m: formats.month_short(months[m - 1]).split(" ")[0],
        help=t("Yang sudah terlindungi dibayar sejak Januari."),
    )  # fmt: skip
    longest = 13 - int(start)
    if start != 1:
        table["start_month"] = int(start)
    if longest > 1:
        count = st.slider(
            t("Lama, bulan"), 1, longest, value=min(int(given.get("months") or longest), longest),
            key=key(f"lama_{longest}"),
        )  # fmt: skip
        if count != longest:
            table["months"] = int(count)
    return table


def _tranches(steps: Sequence[Mapping[str, Any]]) -> list[Table]:
    count = st.slider(t("Banyak tahap"), 2, _MOST_TRANCHES, value=max(2, len(steps)),
                      key=key("banyak_tahap"))  # fmt: skip
    found: list[Table] = []
    for n in range(int(count)):
        held = steps[n] if n < len(steps) else {}
        left, right = st.columns(2)
        month = left.selectbox(
            t("Tahap {n}, bulan", n=n + 1), range(1, 13), key=key(f"tahap_{n}_bulan"),
            index=int(held.get("start_month", min(12, 1 + 3 * n))) - 1,
            format_func=lambda m: formats.month_short(Month(2026, m)).split(" ")[0],
        )  # fmt: skip
        last = n == count - 1
        places = right.number_input(
            t("Orang"), min_value=0, step=10, key=key(f"tahap_{n}_{last}_orang"),
            value=held.get("places") if last else int(held.get("places") or 250),
            placeholder=t("sisanya") if last else None,
        )  # fmt: skip
        found.append({"start_month": month} | ({} if places is None else {"places": int(places)}))
    return sorted(found, key=lambda step: int(step["start_month"]))


def _tariff(given: Mapping[str, Any]) -> Table:
    names = {
        "resmi": t("Tarif resmi"), "sendiri": t("Tarif lain"), "pita": t("Menurut penghasilan"),
    }  # fmt: skip
    now = "sendiri" if given.get("tariff") else "pita" if given.get("income") else "resmi"
    chosen = st.segmented_control(
        t("Iuran"), list(names), default=now, required=True, key=key("iuran"),
        format_func=lambda name: names[name],
    )  # fmt: skip
    dated = load_money().tariffs[-1]
    if chosen == "sendiri":
        value = amount(key("tarif"), t("Iuran sebulan, Rp"), int(given.get("tariff") or
                       dated.total_idr), least=1_000, most=100_000, step=100)  # fmt: skip
        return {"tariff": value}
    if chosen == "pita":
        return income_tariff(given)
    st.caption(
        t("{total} = {jkk} JKK + {jkm} JKM per orang per bulan. Sumber: {source}.",
          total=formats.rupiah(dated.total_idr), jkk=formats.number(dated.jkk_idr),
          jkm=formats.number(dated.jkm_idr), source=dated.source())
    )  # fmt: skip
    return {}


def _funds(given: Mapping[str, Any]) -> Table:
    facts = load_expansion_facts()
    held = {entry["id"]: entry for entry in given.get("funds", [{"id": "apbd"}])}
    options = [*[fund.id for fund in facts.funds], *(i for i in held if facts.fund(i) is None)]

    def label(fund_id: str) -> str:
        known = facts.fund(fund_id)
        return known.label() if known else fund_id

    order = st.multiselect(
        t("Dana, menurut urutan membayar"), options, default=list(held), key=key("dana"),
        format_func=label,
        help=t("Tiap orang-bulan dibayar oleh dana pertama yang masih cukup."),
    ) or ["apbd"]  # fmt: skip
    funds: list[Table] = []
    for fund_id in order:
        entry, known = held.get(fund_id, {}), facts.fund(fund_id)
        public = bool(entry.get("public", known.public if known else True))
        cap = st.number_input(
            t("Pagu {fund}, Rp", fund=label(fund_id)), min_value=0, step=1_000_000,
            value=entry.get("cap"), key=key(f"pagu_{fund_id}"), placeholder=t("tanpa pagu"),
        )  # fmt: skip
        if cap is not None:
            st.caption("= " + formats.rupiah(int(cap)))
        found: Table = {"id": fund_id} | ({} if cap is None else {"cap": int(cap)})
        if known is None or ("public" in entry and public != known.public):
            found["public"] = public
        if not public:
            sector = st.selectbox(
                t("Sektor pekerjanya"), SECTORS, key=key(f"sektor_{fund_id}"),
                index=SECTORS.index(entry.get("sector", "lainnya")),
                format_func=lambda name: {"transportasi": t("transportasi"),
                                          "lainnya": t("bukan transportasi")}[name],
                help=t("Keringanan iuran PP 50/2025 berlaku menurut sektor, hanya untuk dana di luar "
                       "APBN dan APBD."),
            )  # fmt: skip
            if sector != "lainnya":
                found["sector"] = sector
        funds.append(found)
    return {"funds": funds} if funds != [{"id": "apbd"}] else {}


def _limits(given: Mapping[str, Any], base: Baseline) -> Table:
    table: Table = {}
    for name, label, off, text in (
        ("floor_rate", t("Cakupan paling rendah tiap wilayah, %"), 0,
         t("Setiap wilayah dinaikkan paling sedikit sampai cakupan ini.")),
        ("ceiling_rate", t("Cakupan paling tinggi tiap wilayah, %"), 100,
         t("Tidak ada wilayah yang diisi melampaui cakupan ini.")),
    ):  # fmt: skip
        held = given.get(name)
        value = st.slider(
            label, 0, 100, value=round(100 * held) if held is not None else off, key=key(name),
            help=text,
        )  # fmt: skip
        if value != off:
            # A link may hold 12.5 %: until the slider is moved, that stays.
            same = held is not None and round(100 * held) == value
            table[name] = held if same else value / 100
    areas = load_areas()
    table |= _numbers_by(
        given, "quota", t("Kuota kecamatan"), [k.code for k in areas.kecamatan], areas.name_of,
        t("Tempat baru paling banyak dalam satu kecamatan."), lambda _: 100,
    )  # fmt: skip
    waiting: dict[str, int] = {}
    for _, occupation, people in base.waiting:
        if occupation:
            waiting[occupation] = waiting.get(occupation, 0) + people
    if waiting or given.get("occupation_quota"):
        table |= _numbers_by(
            given, "occupation_quota", t("Kuota pekerjaan"), sorted(waiting), occupation_label,
            t("Tempat baru paling banyak untuk satu pekerjaan, dari daftar tunggu."),
            lambda name: waiting.get(name, 0),
        )  # fmt: skip
    st.caption(t("Batas satu wilayah dan kunci ditulis dalam tabel Wilayah."))
    return table


def _numbers_by(
    given: Mapping[str, Any], name: str, label: str, options: Sequence[str],
    shown: Callable[[str], str], text: str, default: Callable[[str], int],
) -> Table:  # fmt: skip
    """Chosen names, each with a number of people."""
    held: Mapping[str, int] = given.get(name) or {}
    known = [*options, *(code for code in held if code not in options)]
    chosen = st.multiselect(
        label, known, default=list(held), key=key(name), format_func=shown, help=text,
        placeholder=t("tidak ada"),
    )  # fmt: skip
    values = {
        code: int(
            st.number_input(
                literal(shown(code)), min_value=0, step=10, value=int(held.get(code, default(code))),
                key=key(f"{name}_{code}"),
            ) or 0
        )
        for code in chosen
    }  # fmt: skip
    return {name: values} if values else {}


def _people(given: Mapping[str, Any]) -> Table:
    table: Table = {}
    held = float(given.get("turnover", 0.0))
    leaving = st.slider(
        t("Pergantian setahun, %"), 0, 50, value=round(100 * held), key=key("pergantian"),
        help=t("Bagian peserta yang keluar dalam setahun: meninggal, pindah, bekerja formal. "
               "Angka 5–10% adalah asumsi; angka Kota Jambi tidak ditemukan."),
    )  # fmt: skip
    if leaving:
        table["turnover"] = held if round(100 * held) == leaving else leaving / 100
        if not st.toggle(
            t("Tempat yang kosong diisi lagi"), value=bool(given.get("backfill", True)),
            key=key("diisi"),
        ):  # fmt: skip
            table["backfill"] = False
    programme, indicators, ledger = load_programme(), load_indicators(), load_ledger()
    cohorts = [name for name in programme.cohorts.ids if name != programme.default_cohort]

    def target(cohort: str) -> int:
        found = indicators.target_of(cohort, 0)
        entry = ledger.find(found.denominator_id) if found else None
        return (entry.value or 0) if entry else 0

    return table | _numbers_by(
        given, "also_paid", t("Kelompok lain dari anggaran yang sama"), cohorts,
        lambda name: programme.cohorts.by_id[name].shown(),
        t("Dibayar sejak Januari dengan tarif yang sama; PHL mungkin penerima upah dengan tarif "
          "lain."), target,
    )  # fmt: skip


def _years(given: Mapping[str, Any], desk: Desk) -> Table:
    held: Mapping[str, Any] = given.get("years") or {}
    if not st.toggle(t("Hitung sampai semua pekerja rentan terlindungi"), value=bool(held) or
                     given.get("years") is not None, key=key("bertahun")):  # fmt: skip
        return {}
    facts = load_expansion_facts().path
    names = {"linear": t("Rata"), "cepat": t("Cepat di awal"), "lambat": t("Lambat di awal"),
             "tabel": t("Tabel sendiri")}  # fmt: skip
    span = st.slider(t("Berapa tahun"), 1, 15, value=int(held.get("years", facts.years)),
                     key=key("berapa_tahun"))  # fmt: skip
    curve = st.selectbox(
        t("Bentuk kenaikan"), CURVES, index=CURVES.index(held.get("curve", "linear")),
        key=key("kurva"), format_func=lambda name: names[name],
    )  # fmt: skip
    plan: Table = {"years": int(span)}
    if curve != "linear":
        plan["curve"] = curve
    if held.get("target") is not None:
        plan["target"] = held["target"]
    budget = st.number_input(
        t("Anggaran tahun pertama, Rp"), min_value=0, step=50_000_000, value=held.get("budget"),
        placeholder=t("tidak dihitung"), key=key("anggaran_pertama"),
    )  # fmt: skip
    if budget is not None:
        plan["budget"] = int(budget)
        st.caption("= " + formats.rupiah(int(budget)))
    if curve == "tabel":
        plan["people"] = _own_table(held, first_year(given, desk), int(span))
    for name, label, default in (
        ("need_growth", t("Pertumbuhan pekerja rentan, % setahun"), facts.need_growth),
        ("tariff_growth", t("Kenaikan iuran, % setahun"), facts.tariff_growth),
        ("budget_growth", t("Kenaikan anggaran, % setahun"), facts.budget_growth),
    ):
        low, likely, high = held.get(name) or default
        if name == "budget_growth" and budget is None:
            continue
        ends = st.slider(
            label, -5.0, 25.0, value=(100 * low, 100 * high), step=0.5, key=key(name),
            format="localized",
            help=t("Kisaran; yang paling mungkin {likely}. Asumsi: {source}",
                   likely=formats.percent(likely), source=facts.source()),
        )  # fmt: skip
        new_low, new_high = ends[0] / 100, ends[1] / 100
        if (round(new_low, 4), round(new_high, 4)) != (round(low, 4), round(high, 4)):
            plan[name] = [new_low, min(max(likely, new_low), new_high), new_high]
        elif name in held:
            plan[name] = list(held[name])
    return {"years": plan}


def _own_table(held: Mapping[str, Any], first: int, span: int) -> dict[str, int]:
    people: Mapping[str, int] = held.get("people") or {}
    goal = load_ledger().get(EVERYBODY).value or _WORKERS
    return {
        str(first + n): int(
            st.number_input(
                str(first + n), min_value=0, step=100, key=key(f"jalan_{first + n}"),
                value=int(people.get(
                    str(first + n), round(_WORKERS + (goal - _WORKERS) * n / span)
                )),
            ) or 0
        )
        for n in range(1, span + 1)
    }  # fmt: skip


def first_year(given: Mapping[str, Any], desk: Desk) -> int:
    """The scenario's year, as set or by default."""
    return int(given.get("year") or desk.release.record.as_of.year + 1)
