"""The parts of the page Peta Cakupan: headline, map, ranking, table. Each gets its data whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from jambi_dash.charts.area_map import (
    AreaPaint,
    build_base_map,
    build_layer,
    clicked_area,
    coverage_paint,
    difference_paint,
)
from jambi_dash.charts.ranking import (
    ROW_HEIGHT,
    RateChange,
    change_figure,
    changed,
    ranked,
    ranking_figure,
)
from jambi_dash.domain import formats
from jambi_dash.domain.areas import CITY_CODE, CITY_DIGITS, CITY_NAME, SEVERAL, WHOLE
from jambi_dash.domain.coverage import HIDDEN, NO_DATA, ZERO, CoverageRow, CoverageTable
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.exports.picks import Pick
from jambi_dash.exports.views import level_word
from jambi_dash.geography.levels import BaseKind, Level
from jambi_dash.geography.static_files import GeometryFile
from jambi_dash.ui import (
    choices,
    data,
    exhibit,
    paparan_basket,
    place,
    projector,
)
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import theme

MAP_HEIGHT = 560
PROJECTED_MAP_HEIGHT = 800
"""For a room: a projector shows 1920 × 1080."""
_HEADS = 118
"""Pixels that the choices and words above the bars take of the height of the map."""
MOST_BARS = 30
"""A high window shows them all, a lower one the first of them."""


def headline(table: CoverageTable, code: str) -> None:
    """The answer in one sentence: how many, of how many, of what, of when."""
    row = next((row for row in table.rows if row.code == code), None)
    name = literal(row.name if row else CITY_NAME if SEVERAL else t("Kota Jambi"))
    covered = row.covered if row else table.totals.covered
    eligible = row.eligible if row else table.totals.eligible
    rate = row.rate if row else table.totals.rate
    cohort = load_programme().cohorts.by_id[table.cohort].shown()
    if rate is None:
        st.markdown(
            t("#### {name}: **{covered}** orang terlindungi ({cohort}, {month})",
              name=name, covered=formats.number(covered), cohort=cohort,
              month=formats.month(table.at))
        )  # fmt: skip
    else:
        st.markdown(
            t("#### {name}: **{rate}** terlindungi – {covered} dari {eligible} ({cohort}, {month})",
              name=name, rate=formats.percent(rate), covered=formats.number(covered),
              eligible=formats.number(eligible), cohort=cohort, month=formats.month(table.at))
        )  # fmt: skip
    if rate is not None and rate > 1:
        st.caption(t("Di atas 100%: lebih banyak peserta daripada perkiraan; periksa penyebutnya."))


def only_few(rows: Sequence[CoverageRow]) -> list[CoverageRow]:
    """The rows that the link picked out, with the way back to all; without such a link, all."""
    few = place.few(rows)
    if not few:
        return list(rows)
    st.button(
        t("Hanya {n} wilayah dari tautan; tampilkan semua", n=formats.number(len(few))),
        icon=":material/filter_alt_off:", key="peta_semua", type="tertiary",
        on_click=place.leave_few,
    )  # fmt: skip
    return [row for row in rows if row.code in few]


def footer(table: CoverageTable, level: Level) -> None:
    """The check that every page shows: areas + without location = total."""
    totals = table.totals
    text = t(
        "✓ {located} di {n} wilayah + {unlocated} tanpa lokasi = {covered} orang",
        located=formats.number(totals.located), n=formats.number(len(table.rows)),
        unlocated=formats.number(totals.unlocated), covered=formats.number(totals.covered),
    )  # fmt: skip
    if level == "rt":
        text += " · " + t("letak RT skematik; tanpa lokasi termasuk yang RT-nya tidak dikenal")
    st.caption(text)


def send(
    release: data.OpenRelease, table: CoverageTable, level: Level, base: BaseKind, mode: str,
    earlier: CoverageTable | None,
) -> None:  # fmt: skip
    """The button that sends the map, both maps or their difference to Bahan Paparan."""
    if level == "rt" and not data.all_fit(release, level):
        return
    usual = data.coverage(release, by=WHOLE, cohort=table.cohort).denominator.id
    shown = Pick(
        "coverage",
        level,
        # What is usual is left open: a link sent today shows next month's list next month.
        cohort=None if table.cohort == load_programme().default_cohort else table.cohort,
        at=None if table.at == release.at else table.at,
        denominator=None if table.denominator.id == usual else table.denominator.id,
        base=base,
    )
    if earlier is None or mode == "one":
        paparan_basket.send_button(shown)
    elif mode == "two":
        paparan_basket.send_button(replace(shown, at=earlier.at), shown)
    else:
        paparan_basket.send_button(replace(shown, kind="difference", before=earlier.at))


def answer(
    release: data.OpenRelease,
    level: str,
    code: str,
    cohort: str,
    at: Month,
    denominator: str | None,
) -> CoverageTable:
    """The coverage of a level, as far as it is drawn."""
    return data.coverage(
        release, by=level, cohort=cohort, at=at, denominator=denominator,
        area=place.part(level, code) if level == "rt" else "",
    )  # fmt: skip


def draw_map(
    release: data.OpenRelease, table: CoverageTable, level: Level, code: str, base: BaseKind,
    *, earlier: CoverageTable | None = None, key: str = "peta_utama", link: str = "",
) -> None:  # fmt: skip
    """The map of a level; a click moves the page. With `earlier`, the difference of the two."""
    geometry = data.map_geometry(release, level, base, place.part(level, code))
    note = (
        t("Kartogram skematik: satu segi enam untuk tiap kelurahan.") if base == "cartogram"
        else t("Batas resmi kelurahan.")
    ) + (" " + t("Letak RT skematik.") if level == "rt" else "")  # fmt: skip
    few = place.few(table.rows)
    layer = build_layer(
        geometry,
        _paint(geometry, table, earlier),
        selected=code if place.level_of(code) == level and code != CITY_CODE else few,
        focus=_focus(code, level),
        theme=theme(),
        attribution=note,
        link=link,
    )
    value = exhibit.area_map(
        build_base_map(base, data.map_assets()), layer, _words(table, earlier), f"{key}_{base}",
        height=_height(), table=exhibit.ON_PAGE,
    )  # fmt: skip
    click = clicked_area(value)
    # The component repeats its last click on every run: a click counts once.
    seen = f"_{key}_klik"
    if click is not None and st.session_state.get(seen) != click.at:
        st.session_state[seen] = click.at
        if click.code != code:
            place.go_to_and_rerun(click.code)


def _height() -> int:
    return PROJECTED_MAP_HEIGHT if projector.is_on() else MAP_HEIGHT


def _words(table: CoverageTable, earlier: CoverageTable | None = None) -> exhibit.Words:
    """What stands above a map of the table, or of its difference from an earlier one."""
    unit = level_word(table.by)
    who = load_programme().cohorts.by_id[table.cohort].in_sentence()
    of = table.denominator
    entry = load_ledger().find(of.id) if of.id else None
    lists = t("daftar peserta dan daftar RT")
    if entry is not None and entry.date:  # a published figure
        lists = t("daftar peserta; penyebut {source}", source=entry.source())
    as_of = table.as_of
    if earlier is not None:
        return exhibit.Words(
            t("Perubahan cakupan {who} tiap {unit}", who=who, unit=unit), t("poin persen"), lists,
            "perubahan_cakupan", as_of,
            t("{before} sampai {after}", before=formats.month(earlier.at),
              after=formats.month(table.at)), of,
        )  # fmt: skip
    return exhibit.Words(
        t("Cakupan {who} tiap {unit}", who=who, unit=unit),
        t("persen dari {of}", of=of.label[:1].lower() + of.label[1:] if of.label else "–"), lists,
        "cakupan", as_of, formats.month(table.at), of,
    )  # fmt: skip


def _focus(code: str, level: Level) -> str | None:
    at = place.level_of(code)
    if at == "city" or level in ("city", "kecamatan"):
        return place.own_focus(level)
    kelurahan = code.partition("-")[0]
    return kelurahan[:8] if level == "kelurahan" else kelurahan


def _paint(
    geometry: GeometryFile, table: CoverageTable, earlier: CoverageTable | None
) -> AreaPaint:
    frame = _frame(table.rows)
    unit = level_word(table.by)
    if earlier is None:
        return coverage_paint(
            geometry, frame, title=f"{_words(table).title}, {formats.month(table.at)}",
            unit=unit, theme=theme(),
        )  # fmt: skip
    both = frame.rename(columns={"rate": "rate_after"}).merge(
        _frame(earlier.rows)[["code", "rate"]].rename(columns={"rate": "rate_before"}), on="code"
    )
    return difference_paint(
        geometry,
        both,
        title=_words(table, earlier).title,
        before=formats.month(earlier.at),
        after=formats.month(table.at),
        unit=unit,
        theme=theme(),
    )


def _frame(rows: Sequence[CoverageRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": [r.code for r in rows],
            "name": [r.name for r in rows],
            "covered": pd.array([r.covered for r in rows], dtype="Int64"),
            "eligible": pd.array([r.eligible for r in rows], dtype="Int64"),
            "rate": pd.array([r.rate for r in rows], dtype="Float64"),
            "state": [r.state for r in rows],
        }
    )


def draw_ranking(
    table: CoverageTable, rows: Sequence[CoverageRow], code: str,
    earlier: CoverageTable | None = None,
) -> None:  # fmt: skip
    """Ranked bars, lowest first; a click on a bar moves the page. With `earlier`, of the change."""
    order: list[CoverageRow] | list[RateChange]
    order = ranked(rows) if earlier is None else changed(rows, {r.code: r for r in earlier.rows})
    without = len(rows) - len(order)
    if not order:
        st.info(t("Tidak ada wilayah dengan penyebut yang diketahui; lihat tabel."))
        return
    highest = False
    window = _height() - _HEADS
    if len(order) > MOST_BARS:
        words = {"terendah": t("Terendah"), "tertinggi": t("Tertinggi")}
        highest = (
            choices.switch(t("Urutan"), "urutan", words, "terendah", label_visibility="collapsed")
            == "tertinggi"
        )
    shown = (order[::-1] if highest else order)[:MOST_BARS]
    unit = level_word(table.by)
    few = formats.number(len(shown)) if len(shown) < len(order) else ""
    figure: Callable[[], go.Figure]
    if earlier is None:
        city = _rate_of_all(table, code)
        label = formats.percent(city)
        title = _ranking_title(unit, few, highest)
        said = replace(_words(table), title=title, unit=t("persen, dan orang terlindungi"))
        ends = [formats.percent(row.rate) for row in (shown[0], shown[-1])]  # type: ignore[union-attr]
    else:
        city = _change(table, earlier, code)
        label = formats.signed_points(city)
        said = replace(_words(table, earlier), title=_change_title(unit, few, highest))
        ends = [formats.signed_points(row.size) for row in (shown[0], shown[-1])]  # type: ignore[union-attr]
    part = place.part("rt", code) if table.by == "rt" else ""
    if data.reader().areas is None and place.level_of(part) == "city":
        of_city = not SEVERAL or _own_city(table, code)
        label = t("kota {rate}", rate=label) if of_city else t("semua {rate}", rate=label)
    look = {"city_label": label, "selected": code, "theme": theme()}
    if earlier is None:
        figure = exhibit.once(ranking_figure, shown, city_rate=city, **look)
    else:
        figure = exhibit.once(change_figure, shown, city_change=city, **look)
    picked = exhibit.plot(
        figure, said, "peta_peringkat", late=True, on_select="rerun", selection_mode="points",
        scroll=window if len(shown) * ROW_HEIGHT > window else None,
        alt=t("{low} {low_rate} sampai {high} {high_rate}.", low=shown[0].name,
              low_rate=ends[0], high=shown[-1].name, high_rate=ends[1]),
    )  # fmt: skip
    points = picked.selection.points if picked else []
    chosen = str(points[0]["y"]) if points else None
    if chosen and st.session_state.get("_peta_batang") != chosen:
        st.session_state["_peta_batang"] = chosen
        place.go_to_and_rerun(chosen)
    if without:
        st.caption(t("{n} wilayah tanpa angka cakupan tidak ikut diperingkat.",
                     n=formats.number(without)))  # fmt: skip


def _ranking_title(unit: str, few: str, highest: bool) -> str:
    if not few:
        return t("Cakupan tiap {unit}, dari yang terendah", unit=unit)
    if unit == t("RT"):  # English has a plural for it
        return (
            t("{n} RT dengan cakupan tertinggi", n=few)
            if highest
            else t("{n} RT dengan cakupan terendah", n=few)
        )
    if highest:
        return t("{n} {unit} dengan cakupan tertinggi", n=few, unit=unit)
    return t("{n} {unit} dengan cakupan terendah", n=few, unit=unit)


def _change_title(unit: str, few: str, highest: bool) -> str:
    if not few:
        return t("Perubahan cakupan tiap {unit}, dari yang terendah", unit=unit)
    if unit == t("RT"):  # English has a plural for it
        return (
            t("{n} RT dengan perubahan cakupan tertinggi", n=few)
            if highest
            else t("{n} RT dengan perubahan cakupan terendah", n=few)
        )
    if highest:
        return t("{n} {unit} dengan perubahan cakupan tertinggi", n=few, unit=unit)
    return t("{n} {unit} dengan perubahan cakupan terendah", n=few, unit=unit)


def _own_city(table: CoverageTable, code: str) -> str:
    """The city of several whose parts are ranked; empty: everything is."""
    inside = code != CITY_CODE and table.by != "city" and place.has_cities()
    return code[:CITY_DIGITS] if inside else ""


def _rate_of_all(table: CoverageTable, code: str) -> float | None:
    """What the bars are held against: the rate of the city of several that the reader is in.

    Else of everything that was asked for.
    """
    city = _own_city(table, code)
    if not city or table.by == "rt":
        return table.totals.rate
    rows = [row for row in table.rows if row.code.startswith(city)]
    eligible = sum(row.eligible or 0 for row in rows)
    return sum(row.covered or 0 for row in rows) / eligible if eligible else None


def _change(table: CoverageTable, earlier: CoverageTable, code: str) -> float | None:
    now, before = _rate_of_all(table, code), _rate_of_all(earlier, code)
    return None if now is None or before is None else now - before


def draw_table(
    table: CoverageTable, rows: Sequence[CoverageRow], earlier: CoverageTable | None = None
) -> None:
    """Every area with its numbers, hidden and unknown ones said in words.

    With `earlier`, its rate in that month and the difference stand beside this month's.
    """
    frame = _frame(rows)
    frame["rate"] = [formats.percent(r.rate) for r in rows]
    words = {NO_DATA: t("tidak ada data"), HIDDEN: t("disembunyikan"), ZERO: t("nol")}
    frame["state"] = [t("di atas 100%") if r.over_full else words.get(r.state, "") for r in rows]
    shown = ["name", "covered", "eligible", "rate", "state", "code"]
    config = {
        "name": st.column_config.TextColumn(t("Wilayah")),
        "covered": st.column_config.NumberColumn(t("Terlindungi"), format="localized"),
        "eligible": st.column_config.NumberColumn(t("Penyebut"), format="localized"),
        "rate": st.column_config.TextColumn(t("Cakupan"), alignment="right"),
        "state": st.column_config.TextColumn(t("Keadaan")),
        "code": st.column_config.TextColumn(t("Kode")),
    }
    if not any(frame["state"]):
        shown.remove("state")
    if earlier is not None:
        was = {r.code: r.rate for r in earlier.rows}
        frame["before"] = [formats.percent(was.get(r.code)) for r in rows]
        frame["change"] = [
            formats.signed_points(None if r.rate is None or b is None else r.rate - b)
            for r in rows for b in (was.get(r.code),)
        ]  # fmt: skip
        shown = ["name", "before", "rate", "change", *(c for c in shown[1:] if c != "rate")]
        config["before"] = st.column_config.TextColumn(
            formats.month_short(earlier.at), alignment="right"
        )
        config["rate"] = st.column_config.TextColumn(
            formats.month_short(table.at), alignment="right"
        )
        config["change"] = st.column_config.TextColumn(t("Selisih"), alignment="right")
    st.dataframe(frame[shown], hide_index=True, height=MAP_HEIGHT, column_config=config)


def earlier_month(release: data.OpenRelease, cohort: str, at: Month) -> Month:
    """The month to compare with (`bulan_awal` in the address): by default six months before."""
    span = data.frame(release, "months", cohort=cohort)
    first = Month.of(span["first"].iloc[0].date())
    options = [Month.from_index(i) for i in range(min(first, at).index(), at.index() + 1)]
    default = options[max(0, len(options) - 7)]
    if len(options) < 2:
        return options[0]
    chosen = choices.slide(
        t("Bulan pembanding"), "bulan_awal", {str(m): formats.month_short(m) for m in options},
        str(default),
    )  # fmt: skip
    return Month.parse_iso(chosen) or default
