"""Lets a data officer say what a header means that the program does not know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.domain.programme import plain
from jambi_dash.intake.columns import TABLE_BY_NAME, Table
from jambi_dash.intake.headers import Mapping
from jambi_dash.intake.report import ImportReport
from jambi_dash.ui.literal import literal

_LEAVE = ""
Chosen = dict[str, dict[str, str]]
"""Column by plain header, by table: what was chosen and is not in the mapping yet."""


def choose_for_unknown(report: ImportReport, mapping: Mapping) -> Chosen | None:
    """A choice for every header that was left aside; `None` where there is no such header."""
    unknown: dict[str, dict[str, str]] = defaultdict(dict)
    known: dict[str, set[str]] = defaultdict(set)
    for sheet in report.sheets:
        known[sheet.table] |= set(sheet.columns)
        for header in sheet.unknown_columns:
            if plain(header):
                unknown[sheet.table].setdefault(plain(header), header)
    if not unknown:
        return None
    st.markdown("**" + t("Kolom yang disisihkan") + "**")
    st.caption(t("Biarkan bila memang tidak diperlukan; atau pilih artinya, lalu periksa ulang."))
    chosen: Chosen = {}
    for name, headers in unknown.items():
        table = TABLE_BY_NAME[name]
        free = [column for column in table.kinds if column not in known[name]]
        chosen |= choose_columns(table, list(headers.values()), free, mapping)
    return chosen


def choose_columns(
    table: Table, headers: Sequence[str], free: Sequence[str], mapping: Mapping
) -> Chosen:
    """A choice for each header; what was chosen, by table and plain header."""
    chosen: dict[str, str] = {}
    columns = st.columns(4)
    for index, header in enumerate(headers):
        with columns[index % 4]:
            column = st.selectbox(
                f"{literal(header)}", [_LEAVE, *free],
                key=f"mapping {table.name} {plain(header)}",
                format_func=lambda name: name or t("(disisihkan)"),
            )  # fmt: skip
        if column and mapping.column_of(table, header) != column:
            chosen[plain(header)] = column
    return {table.name: chosen}


def merged(mapping: Mapping, chosen: Chosen) -> Mapping:
    """`mapping` with what was chosen."""
    by_table = {name: dict(pairs) for name, pairs in mapping.by_table.items()}
    for name, pairs in chosen.items():
        by_table[name] = by_table.get(name, {}) | pairs
    return Mapping(mapping.everywhere, by_table)
