"""The answer of /simulasi: the sentence, five figures, the map, and the table that can be edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, cast

import pandas as pd
import streamlit as st

from jambi_dash.charts.area_map import build_base_map, build_layer
from jambi_dash.charts.expansion import scenario_paint
from jambi_dash.domain import formats
from jambi_dash.domain.areas import SEVERAL, load_areas
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.expansion_story import (
    crowding_sentence,
    gains_sentence,
    headline,
    limit_name,
    lowest_after,
    rule_name,
)
from jambi_dash.domain.funds import UNFUNDED, load_expansion_facts
from jambi_dash.domain.language import t
from jambi_dash.domain.simulation import UCJ, AreaResult, Simulation, added_up
from jambi_dash.exports.picks import Show, scenario_pick
from jambi_dash.exports.views import level_word
from jambi_dash.geography.levels import Level
from jambi_dash.ui import data, definitions, exhibit, filters, numbers, paparan_basket
from jambi_dash.ui import simulation_state as state
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import theme
from jambi_dash.ui.simulation_state import Desk

SHOWS: dict[str, Show] = {"before": "before", "after": "after", "difference": "difference"}
MAP_HEIGHT = 580
TABLE_HEIGHT = 480
_BY_HAND = {"add": "locked", "floor": "floors", "ceiling": "ceilings"}
"""Columns of the table that set something, and the key of the scenario that they set."""


def fund_name(fund: str) -> str:
    """What a fund is called."""
    if fund == UNFUNDED:
        return t("belum ada dananya")
    known = load_expansion_facts().fund(fund)
    return known.label() if known else fund


def announce(desk: Desk) -> None:
    """Says first that the lists have moved on since this scenario was worked out."""
    if not desk.moved_on:
        return
    then = desk.baseline("kelurahan")
    now = data.baseline(desk.current, "kelurahan")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(
            t("Skenario ini dihitung dari rilis {release} (data per {date}). Daftar sudah berubah "
              "sejak itu: {then} → {now} orang terlindungi.",
              release=desk.release.record.release, date=formats.day(then.as_of),
              then=formats.number(then.covered), now=formats.number(now.covered)),
            icon=":material/history:",
        )  # fmt: skip
        st.button(t("Hitung dengan data terbaru"), icon=":material/update:",
                  key="sim_terbaru", on_click=state.use_current_release)  # fmt: skip


def sentence(found: Simulation) -> None:
    """The answer in plain words, and what holds it back."""
    name = found.scenario.name
    # That everyone asked for is placed limits nothing; the first card says it.
    limits = ", ".join(limit_name(limit) for limit in found.binding if limit != "target")
    lines = [t("Yang membatasi: {limits}.", limits=limits)] if limits else []
    lines += found.notes
    numbers.show(
        (f'<div class="rk-small">{escape(name)}</div>' if name else "")
        + f'<h2 class="rk-answer">{escape(headline(found))}</h2>'
        + f'<div class="rk-text">{escape(gains_sentence(found))}</div>'
        + (numbers.small(" ".join(lines)) if lines else "")
    )
    crowding = crowding_sentence(found)
    if crowding:
        st.warning(literal(crowding), icon=":material/filter_center_focus:")


def cards(found: Simulation) -> None:
    """Five figures of the answer, each with its definition."""
    for column, draw in zip(
        st.columns([1, 1.18, 1, 1, 1], gap="small"),
        (_places, _money, _coverage, _spread, _claims),
        strict=True,
    ):
        with column:
            draw(found)


def _places(found: Simulation) -> None:
    with numbers.card("sim_places"):
        with numbers.title_line(t("Tempat baru")):
            definitions.button("simulasi_tempat", as_of=found.baseline.as_of)
        numbers.show(
            numbers.large(formats.number(found.placed),
                          # Of one piece where the card is narrow.
                          t("dari {n}", n=formats.number(found.slots)).replace(" ", "\u00a0"))
            + numbers.bar(found.placed / found.slots if found.slots else None)
            + numbers.small(
                t("{n} belum dapat tempat", n=formats.number(found.unplaced))
                if found.unplaced else t("semua yang diminta dapat tempat")
            )
        )  # fmt: skip


def _money(found: Simulation) -> None:
    with numbers.card("sim_money"):
        with numbers.title_line(t("Biaya {year}", year=found.scenario.year)):
            definitions.button(
                "simulasi_biaya", as_of=found.baseline.as_of,
                values=tuple((fund_name(k), formats.rupiah(v)) for k, v in found.by_fund.items()),
            )  # fmt: skip
        budget = found.scenario.budget
        numbers.show(
            numbers.large(*_split(formats.rupiah_words(found.cost_idr)))
            + numbers.small(formats.rupiah(found.cost_idr))
            + numbers.small(
                t("{n} orang-bulan × iuran", n=formats.number(found.person_months))
                if budget is None
                else _left(budget, found.cost_idr)
            )
        )  # fmt: skip


def _left(budget: int, cost: int) -> str:
    if cost > budget:
        return t("kurang {gap} dari {budget}", gap=formats.rupiah_words(cost - budget),
                 budget=formats.rupiah_words(budget))  # fmt: skip
    return t("sisa {left} dari {budget}", left=formats.rupiah_words(budget - cost),
             budget=formats.rupiah_words(budget))  # fmt: skip


def _split(words: str) -> tuple[str, str]:
    """`Rp806,4 juta` as figure and unit, so that a narrow card does not break it."""
    figure, _, unit = words.partition(" ")
    return figure, unit


def _coverage(found: Simulation) -> None:
    base = found.baseline
    after = base.covered + found.placed
    with numbers.card("sim_coverage"):
        with numbers.title_line(t("Cakupan kota")):
            definitions.button("cakupan", as_of=base.as_of)
        rate = after / base.eligible if base.eligible else None
        before = base.covered / base.eligible if base.eligible else None
        numbers.show(
            numbers.large(formats.percent(rate))
            + numbers.bar(rate)
            + numbers.small(t("{after} dari {of}; kini {before}", after=formats.number(after),
                              of=formats.number(base.eligible), before=formats.percent(before)))
            + numbers.small(t("UCJ {points} dari {n} pekerja",
                              points=formats.points(found.ucj, 2),
                              n=formats.number(load_ledger().get(UCJ).value)))
        )  # fmt: skip


def _spread(found: Simulation) -> None:
    before, after = found.fairness_before, found.fairness
    lowest = lowest_after(found)
    with numbers.card("sim_spread"):
        with numbers.title_line(t("Wilayah terendah")):
            definitions.button("simulasi_pemerataan", as_of=found.baseline.as_of)
        numbers.show(
            numbers.large(formats.percent(after.min_rate))
            + (numbers.small(lowest[0].name) if lowest else "")
            + numbers.small(
                t("terendah kini: {before}", before=formats.percent(before.min_rate))
            )
            + numbers.small(
                t("Rasio Gini {before} → {after}", before=formats.number(before.gini, 2),
                  after=formats.number(after.gini, 2))
            )
            + numbers.small(
                t("{none} wilayah tanpa peserta", none=formats.number(after.areas_without))
            )
        )  # fmt: skip


def _claims(found: Simulation) -> None:
    jkm, jkk = found.claims.cases["JKM"], found.claims.cases["JKK"]
    value = found.claims.value_idr
    with numbers.card("sim_claims"):
        with numbers.title_line(t("Perkiraan santunan")):
            definitions.button("santunan_perkiraan", as_of=found.baseline.as_of)
        numbers.show(
            numbers.large(
                t("{low}–{high}", low=formats.number(jkm.p5), high=formats.number(jkm.p95)),
                t("kematian"),
            )
            + numbers.small(t("{low}–{high} kecelakaan kerja setahun", low=formats.number(jkk.p5),
                              high=formats.number(jkk.p95)))
            + numbers.small(t("kira-kira {value} (asumsi)",
                              value=formats.rupiah_words(value["JKM"].p50 + value["JKK"].p50)))
        )  # fmt: skip


def draw_map(desk: Desk, found: Simulation) -> None:
    """Before, after or the difference; before and after share the scale of every coverage map."""
    names = {"before": t("Sekarang"), "after": t("Sesudah"), "difference": t("Kenaikan")}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show = st.segmented_control(
            t("Peta menampilkan"), list(names), default="after", required=True, key="sim_peta",
            format_func=lambda name: names[name], label_visibility="collapsed",
            persist_state="session",
        )  # fmt: skip
        base = filters.base_map()
        paparan_basket.send_button(
            scenario_pick(state.scenario(), desk.release.record.release, SHOWS[str(show)], base),
            key="sim_kirim",
        )  # fmt: skip
    own = found.baseline.by
    level = _drawn_level(desk, own)
    areas = found.areas if level == own else added_up(found.areas, level)
    geometry = data.map_geometry(desk.release, level, base)
    note = t("Kartogram skematik: satu segi enam untuk tiap kelurahan.") if base == "cartogram" \
        else t("Batas resmi kelurahan.")  # fmt: skip
    if level != own:
        note = t("Dijumlahkan per {unit}: {own} terlalu banyak untuk satu peta.",
                 unit=level_word(level), own=level_word(own)) + " " + note  # fmt: skip
    unit = level_word(level)
    titles = {
        "before": t("Cakupan tiap {unit} sekarang", unit=unit),
        "after": t("Cakupan tiap {unit} sesudah perluasan", unit=unit),
        "difference": t("Kenaikan cakupan tiap {unit}", unit=unit),
    }
    exhibit.area_map(
        build_base_map(base, data.map_assets()),
        build_layer(
            geometry,
            scenario_paint(geometry, areas, str(show or "after"), unit=unit, theme=theme()),
            theme=theme(),
            labels="kecamatan" if level == "rt" else True,
            attribution=note + (" " + t("Letak RT skematik.") if level == "rt" else ""),
        ),
        words(found, titles[str(show)],
              t("poin persen") if show == "difference" else t("persen pekerja rentan"), "cakupan"),
        f"sim_peta_{base}", height=MAP_HEIGHT, table=_areas(areas),
    )  # fmt: skip
    unlocated = found.baseline.unlocated
    located = sum(area.before for area in found.areas)
    st.caption(
        t("✓ {located} di wilayah + {unlocated} tanpa lokasi + {placed} tempat baru = {after} orang",
          located=formats.number(located), unlocated=formats.number(unlocated),
          placed=formats.number(found.placed),
          after=formats.number(found.baseline.covered + found.placed))
    )  # fmt: skip


def words(found: Simulation, title: str, unit: str, indicator: str) -> exhibit.Words:
    """What stands above a drawing or a table of the scenario."""
    return exhibit.Words(
        title, unit, t("hitungan untuk {year}", year=found.scenario.year), indicator,
        found.baseline.as_of, t("data per {date}", date=formats.day(found.baseline.as_of)),
    )  # fmt: skip


def _drawn_level(desk: Desk, own: str) -> Level:
    """The level of the map: that of the answer, or the first above it whose areas can be drawn."""
    levels: tuple[Level, ...] = ("rt", "kelurahan", "kecamatan", "city")
    above = levels[levels.index(cast("Level", own)) : None if SEVERAL else -1]
    return next((level for level in above if data.all_fit(desk.release, level)), above[-1])


def _areas(areas: Sequence[AreaResult]) -> exhibit.Table:
    return exhibit.grid(
        {
            t("Wilayah"): [a.name for a in areas],
            t("Tempat baru"): [a.add for a in areas],
            t("Orang sekarang"): [a.before for a in areas],
            t("Orang sesudah"): [a.after for a in areas],
            t("Cakupan sekarang"): [formats.percent(a.rate_before) for a in areas],
            t("Cakupan sesudah"): [formats.percent(a.rate_after) for a in areas],
        }
    )


_ORDERS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "add": lambda rows: rows.sort_values(["add", "code"], ascending=[False, True]),
    "after": lambda rows: rows.sort_values(["rate_after", "code"], na_position="last"),
    "code": lambda rows: rows.sort_values("code"),
}


def draw_table(_: Desk, found: Simulation) -> None:
    """Every area ranked; writing a number of new places locks it and shares the rest anew."""
    names = {"add": t("Tempat terbanyak"), "after": t("Cakupan terendah sesudah"),
             "code": t("Menurut kecamatan")}  # fmt: skip
    locked = found.scenario.locked
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        order = st.segmented_control(
            t("Urutan"), list(names), default="add", required=True, key="sim_urutan",
            format_func=lambda name: names[name], label_visibility="collapsed",
            persist_state="session",
        )  # fmt: skip
        if locked:
            st.button(
                t("Lepas {n} kunci", n=formats.number(len(locked))), icon=":material/lock_open:",
                key="sim_lepas", on_click=state.change, kwargs={"locked": None},
            )  # fmt: skip
    exhibit.head(
        words(found, t("Tempat baru tiap wilayah; angkanya dapat diubah"),
              t("orang dan persen pekerja rentan"), "simulasi_tempat"), "sim_wilayah",
    )  # fmt: skip
    rows = _ORDERS[str(order or "add")](_frame(found)).reset_index(drop=True)
    shown = rows.drop(columns=["code"])
    for column in ("rate_before", "rate_after"):
        shown[column] = [None if pd.isna(r) else formats.percent(float(r)) for r in rows[column]]
    key = state.key(f"tabel_{order}_{found.baseline.by}")
    # What can be written stands where it is seen without scrolling.
    names_first = ["name", "kecamatan"] if order == "code" else ["name"]
    st.data_editor(
        shown, key=key, column_order=[
            *names_first, "add", "locked", "floor", "ceiling", "rate_before", "rate_after",
            "before", "after", "eligible", *(name for name in ("kecamatan",) if name not in names_first),
        ], hide_index=True, height=TABLE_HEIGHT, num_rows="fixed", placeholder="–",
        disabled=["name", "kecamatan", "eligible", "before", "after", "rate_before", "rate_after"],
        column_config={
            "name": st.column_config.TextColumn(t("Wilayah"), width=150),
            "kecamatan": st.column_config.TextColumn(t("Kecamatan")),
            "add": st.column_config.NumberColumn(
                t("Tempat baru"), min_value=0, step=1, required=True, format="localized",
                help=t("Tulis angka untuk mengunci wilayah ini; sisanya dibagi ulang.")),
            "locked": st.column_config.CheckboxColumn(
                t("Kunci"), help=t("Terkunci: angka tempat baru ditetapkan tangan.")),
            "before": st.column_config.NumberColumn(t("Orang sekarang"), format="localized"),
            "after": st.column_config.NumberColumn(t("Orang sesudah"), format="localized"),
            "rate_before": st.column_config.TextColumn(t("Cakupan sekarang"), alignment="right"),
            "rate_after": st.column_config.TextColumn(t("Cakupan sesudah"), alignment="right"),
            "eligible": st.column_config.NumberColumn(t("Penyebut"), format="localized"),
            "floor": st.column_config.NumberColumn(
                t("Paling sedikit"), min_value=0, step=1, format="localized",
                help=t("Tempat baru paling sedikit; kosong: tanpa batas.")),
            "ceiling": st.column_config.NumberColumn(
                t("Paling banyak"), min_value=0, step=1, format="localized",
                help=t("Tempat baru paling banyak; kosong: sampai ruangnya habis.")),
        },
        on_change=_edited, args=(key, [str(code) for code in rows["code"]], found),
    )  # fmt: skip
    st.caption(
        t("Kolom bertanda pensil dapat diubah. Jumlah tempat baru {n}; aturan {rule}; bila sama, menurut "
          "urutan kode wilayah.",
          n=formats.number(found.placed), rule=rule_name(found.scenario.rule))
    )  # fmt: skip


def _frame(found: Simulation) -> pd.DataFrame:
    areas, scenario = load_areas(), found.scenario
    whole = {"floors": scenario.floors, "ceilings": scenario.ceilings}
    codes = [area.code for area in found.areas]
    return pd.DataFrame(
        {
            "code": codes,
            "name": [area.name for area in found.areas],
            "kecamatan": [areas.name_of(code[:8]) for code in codes],
            "add": [area.add for area in found.areas],
            "locked": [code in scenario.locked for code in codes],
            "before": [area.before for area in found.areas],
            "after": [area.after for area in found.areas],
            "rate_before": pd.array([a.rate_before for a in found.areas], dtype="Float64"),
            "rate_after": pd.array([a.rate_after for a in found.areas], dtype="Float64"),
            "eligible": pd.array([area.eligible for area in found.areas], dtype="Int64"),
            "floor": pd.array([whole["floors"].get(code) for code in codes], dtype="Int64"),
            "ceiling": pd.array([whole["ceilings"].get(code) for code in codes], dtype="Int64"),
        }
    )


def _edited(key: str, codes: list[str], found: Simulation) -> None:
    """Takes over what was written into the table: a lock, a floor, a ceiling, or a lock let go."""
    edits: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
    held = {name: dict(getattr(found.scenario, name)) for name in _BY_HAND.values()}
    now = {area.code: area.add for area in found.areas}
    for place, values in edits.items():
        code = codes[int(place)]
        for column, name in _BY_HAND.items():
            if column in values:
                if values[column] is None:
                    held[name].pop(code, None)
                else:
                    held[name][code] = int(values[column])
        if "locked" in values and "add" not in values:
            if values["locked"]:
                held["locked"][code] = now[code]
            else:
                held["locked"].pop(code, None)
    state.change(**{name: table or None for name, table in held.items()})


def source_line(found: Simulation) -> None:
    """What the rates are of, and from when."""
    numbers.show(
        numbers.small(
            t("Dasar: rilis {release}, data per {date}. Semua angka ke depan adalah hitungan dengan "
              "asumsi, bukan keputusan.", release=found.baseline.release,
              date=formats.day(found.baseline.as_of))
        )
    )  # fmt: skip


__all__ = ["announce", "cards", "draw_map", "draw_table", "sentence", "source_line", "words"]
