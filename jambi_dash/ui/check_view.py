"""What a check found, drawn: what would change, what was recognised, every rule that struck."""

from __future__ import annotations

from collections import defaultdict

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.rules import rule_text, table_label
from jambi_dash.intake.checks import ORDER, Prepared
from jambi_dash.intake.examples import Example
from jambi_dash.intake.outlook import Outlook, Side
from jambi_dash.intake.report import ImportReport
from jambi_dash.ui import definitions
from jambi_dash.ui.literal import literal
from jambi_dash.ui.tables import Row, draw_table

FIGURE_WIDTH = 150
_SHRUNK = 0.8
"""Below this share of the rows before, somebody has probably forgotten a file."""


def draw_outlook(outlook: Outlook) -> None:
    """Coverage and rows, before and after, and what the officer may have overlooked."""
    before, after = outlook.before, outlook.after
    if outlook.carried_synthetic:
        st.warning(
            t("Tabel {tables} tidak ikut dikirim, jadi tetap berisi kota contoh (data rekaan). Kirim "
              "juga tabel itu agar seluruh angka nyata.",
              tables=", ".join(table_label(name) for name in outlook.carried_synthetic)),
            icon=":material/science:",
        )  # fmt: skip
    shrunk = [c for c in outlook.tables if c.before and c.after < c.before * _SHRUNK]
    if shrunk:
        st.warning(
            t("Tabel yang dikirim menggantikan seluruh tabel lama, dan ini menyusut: {tables}. Pastikan "
              "berkas semua kelurahan ikut.",
              tables="; ".join(
                  f"{table_label(c.table)} {formats.number(c.before)} → "
                  f"{formats.number(c.after)}" for c in shrunk)),
            icon=":material/trending_down:",
        )  # fmt: skip
    term = load_programme().cohorts.by_id[load_programme().default_cohort]
    with st.container(horizontal=True, gap="medium", key="bare_yang_berubah"):
        st.metric(
            t("{cohort} terlindungi, {month}", cohort=term.shown(), month=formats.month(after.at)),
            formats.number(after.total),
            delta=_delta(before.total if before else None, after.total),
            width="content",
        )
        st.metric(
            t("Cakupan kota"), formats.percent(after.rate), width=FIGURE_WIDTH,
            delta=_ascii_minus(formats.points(after.rate - before.rate))
            if before and before.rate is not None and after.rate is not None
            and before.rate != after.rate else None,
        )  # fmt: skip
        st.metric(
            t("Penyebut"), formats.number(after.city_eligible), width=FIGURE_WIDTH,
            delta=_delta(before.city_eligible if before else None, after.city_eligible),
            delta_color="off",
        )  # fmt: skip
        definitions.button("cakupan", as_of=after.at.last_day())
    left, right = st.columns(2, gap="medium")
    with left:
        draw_table(
            [
                {
                    t("Tabel"): table_label(change.table),
                    t("Sebelum"): change.before,
                    t("Sesudah"): change.after,
                    t("Asal"): t("berkas ini") if change.came
                    else (t("rilis sebelumnya") if change.before else formats.MISSING),
                }
                for change in outlook.tables
            ]
        )  # fmt: skip
    with right, st.expander(t("Terlindungi per kecamatan"), icon=":material/location_city:"):
        draw_table(_kecamatan_rows(before, after), show={t("Selisih"): formats.signed})


def _delta(before: int | None, after: int | None) -> str | None:
    if before is None or after is None or before == after:
        return None
    return _ascii_minus(formats.signed(after - before))


def _ascii_minus(shown: str) -> str:
    """A change as `st.metric` wants it: it tells a fall by the ASCII minus alone."""
    return shown.replace("−", "-")


def _kecamatan_rows(before: Side | None, after: Side) -> list[Row]:
    names = {k.code: k.name for k in load_areas().kecamatan}
    rows: list[Row] = []
    for code, name in [*names.items(), (None, t("Tanpa lokasi"))]:
        now = after.covered.get(code, 0)
        was = before.covered.get(code, 0) if before else None
        eligible = after.eligible.get(code) if code else None
        rows.append(
            {
                t("Kecamatan"): literal(name),
                t("Sebelum"): was,
                t("Sesudah"): now,
                t("Selisih"): None if was is None else now - was,
                t("Cakupan"): formats.percent(now / eligible) if eligible else formats.MISSING,
            }
        )
    return rows


def draw_recognised(report: ImportReport) -> None:
    """Every sheet with its table and the fate of its rows, and what was passed over."""
    draw_table(
        [
            {
                t("Berkas"): literal(sheet.file),
                t("Lembar"): literal(sheet.sheet),
                t("Tabel"): table_label(sheet.table),
                t("Dibaca"): sheet.rows_read,
                t("Diterima"): sheet.rows_accepted,
                t("Ditolak"): sheet.rows_rejected,
                t("Dilewati"): sheet.rows_skipped,
                t("Kolom disisihkan"): literal(", ".join(sheet.unknown_columns)) or formats.MISSING,
            }
            for sheet in report.sheets
        ]
    )
    for remark in dict.fromkeys(report.remarks):
        st.caption(":material/info: " + literal(remark))


def draw_columns(report: ImportReport) -> None:
    """Which header of which sheet was taken for which column."""
    for sheet in report.sheets:
        pairs = " · ".join(
            f"{literal(header)} → **{column}**" for column, header in sheet.columns.items()
        )
        st.markdown(f"{literal(sheet.file)} › {literal(sheet.sheet)}  \n:small[{pairs}]")


def draw_findings(prepared: Prepared, examples: dict[tuple[int, str], list[Example]]) -> None:
    """Every rule that struck, table by table: how often, what it means, a few masked rows."""
    tables = [name for name in ORDER if any(s.report.table == name for s in prepared.sources)]
    clean = []
    for name in tables:
        sources = [source for source in prepared.sources if source.report.table == name]
        rows: list[Row] = []
        for outcome, kind in ((t("Ditolak"), "rejections"), (t("Catatan"), "warnings")):
            counts: dict[str, int] = defaultdict(int)
            for source in sources:
                for rule, count in getattr(source.report, kind).items():
                    counts[rule] += count
            for rule, count in sorted(counts.items(), key=lambda item: -item[1]):
                words = rule_text(rule)
                shown = [
                    _example_line(example, source.report.sheet if len(sources) > 1 else "")
                    for source in sources
                    for example in examples.get((source.number, rule), [])
                ]
                color = "red" if kind == "rejections" else "orange"
                found = f":{color}-badge[{outcome}] **{literal(words.found)}**"
                rows.append(
                    {
                        t("Baris"): count,
                        t("Yang ditemukan"): f"{found}  \n:small[{literal(words.mend)}]",
                        t("Contoh (disamarkan)"): ":small[" + "  \n".join(shown[:3]) + "]",
                    }
                )
        if not rows:
            clean.append(table_label(name))
            continue
        st.markdown("**" + table_label(name) + "**")
        draw_table(rows)
    if clean:
        st.caption(":material/check: " + t("Tanpa temuan: {tables}.", tables=", ".join(clean)))


def _example_line(example: Example, sheet: str) -> str:
    place = example.place
    if example.spelled:
        place = f"“{example.spelled}” → {place}"
    parts = [
        t("{sheet} baris {row}", sheet=sheet, row=formats.number(example.row_no)).strip(),
        example.nik,
        example.initials,
        place,
    ]
    return " · ".join(literal(part) for part in parts if part)
