"""Sheets that are nearly one of the tables: which headers the sender must settle by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jambi_dash.intake.columns import Table
from jambi_dash.intake.headers import SEARCHED_LINES, Mapping, nearest_table, recognise
from jambi_dash.intake.sheets import Sheet, open_file


@dataclass(frozen=True)
class Unmatched:
    """One sheet: the table it comes closest to, what it lacks, and the headers nobody knows."""

    where: str
    table: Table
    missing: tuple[str, ...]
    headers: tuple[str, ...]


def unmatched_sheets(paths: Sequence[Path], mapping: Mapping) -> list[Unmatched]:
    """The sheets of files without any recognised sheet. Raises `Refusal` as `open_file` does."""
    found = []
    for path in paths:
        sheets = open_file(path).sheets
        if any(recognise(s.head, mapping, where=s.where) is not None for s in sheets):
            continue
        found += [near for sheet in sheets if (near := _nearly(sheet, mapping))]
    return found


def _nearly(sheet: Sheet, mapping: Mapping) -> Unmatched | None:
    near = nearest_table(sheet.head, mapping)
    if near is None:
        return None
    table, missing = near
    unknown = [_unknown(row, table, mapping) for row in sheet.head[:SEARCHED_LINES]]
    # The header line is the one with the most headers that are known.
    known = [
        len([h for h in row if h.strip()]) - len(left)
        for row, left in zip(sheet.head, unknown, strict=False)
    ]
    return Unmatched(sheet.where, table, tuple(missing), unknown[known.index(max(known))])


def _unknown(row: Sequence[str], table: Table, mapping: Mapping) -> tuple[str, ...]:
    return tuple(
        " ".join(header.split())
        for header in row
        if header.strip() and not (mapping.column_of(table, header) or table.column_of(header))
    )
