"""A few rows for every finding of a checked import, masked so that a screen may show them.

Enough to find the row in the file, never enough to know the person from the screen alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.cells import parse_rt
from jambi_dash.intake.checks import WARNINGS, Prepared, SourceSheet, rules_of

EACH = 3
"""Examples for one rule in one sheet."""

_MASK = "•"
_SHOWN_ENDS = frozenset("0123456789.,+Ee")
_LONGEST = 16


@dataclass(frozen=True)
class Example:
    """One row: `row_no` as the sheet counts it, `nik` masked, `initials` of the name.

    `place` is the official kelurahan with its RT, `""` where it could not be told; `spelled` is
    the sender's spelling of a kelurahan, only where it was recognised as one.
    """

    row_no: int
    nik: str
    initials: str
    place: str
    spelled: str


def mask_nik(text: str) -> str:
    """Two signs at both ends, and only if they are of a number: `15••••••••••••96`.

    A short text is masked whole, one without any digit is `""`.
    """
    text = text.strip(" \t'\"`’")
    if not any(sign.isdigit() for sign in text):
        return ""
    if len(text) < 8:
        return _MASK * len(text)
    ends = [sign if sign in _SHOWN_ENDS else _MASK for sign in (*text[:2], *text[-2:])]
    middle = _MASK * (min(len(text), _LONGEST) - 4)
    return "".join(ends[:2]) + middle + "".join(ends[2:])


def initials(name: str) -> str:
    """First letters of at most three words: `R.W.S.`"""
    letters = [word[0].upper() for word in name.split() if word[0].isalpha()]
    return "".join(f"{letter}." for letter in letters[:3])


def find_examples(prepared: Prepared, each: int = EACH) -> dict[tuple[int, str], list[Example]]:
    """The first rows of every finding, by number of the sheet and rule."""
    found: dict[tuple[int, str], list[Example]] = {}
    for table in {source.report.table for source in prepared.sources}:
        rows_by_finding = _first_rows(prepared, table, each)
        for source in prepared.sources:
            if source.report.table == table:
                wanted = {r: n for (sheet, r), n in rows_by_finding.items()
                          if sheet == source.number}  # fmt: skip
                found |= _masked(prepared, source, wanted)
    return found


def _first_rows(prepared: Prepared, table: str, each: int) -> dict[tuple[int, str], list[int]]:
    """The lowest row numbers of every (sheet, rule)."""
    rows = prepared.bench.fetch(
        "first rows",
        f"SELECT sheet, rejection, warnings, min(row_no, {each}) FROM {table}_fate "
        "WHERE rejection IS NOT NULL OR warnings > 0 GROUP BY ALL",
    )
    first: dict[tuple[int, str], list[int]] = {}
    for sheet, rejection, bits, numbers in rows:
        for rule in [rejection] if rejection else rules_of(bits, WARNINGS[table]):
            first.setdefault((sheet, rule), []).extend(numbers)
    return {finding: sorted(numbers)[:each] for finding, numbers in first.items()}


def _masked(
    prepared: Prepared, source: SourceSheet, wanted: dict[str, list[int]]
) -> dict[tuple[int, str], list[Example]]:
    table = source.report.table
    columns = ", ".join(
        f"raw.{name}" if name in source.recognised.table.kinds else "''"
        for name in ("nik", "nama", "kelurahan", "rt")
    )
    rows = prepared.bench.fetch(
        "examples",
        f"SELECT raw.row_no, {columns}, fate.kelurahan_code "
        f"FROM {table}_raw AS raw "
        f"JOIN {table}_fate AS fate ON fate.sheet = raw.sheet AND fate.row_no = raw.row_no "
        "WHERE raw.sheet = $1 AND list_contains($2, raw.row_no)",
        [source.number, sorted({n for numbers in wanted.values() for n in numbers})],
    )
    by_row = {row[0]: row for row in rows}
    return {
        (source.number, rule): [_example(by_row[n], rule) for n in numbers if n in by_row]
        for rule, numbers in wanted.items()
    }


def _example(row: tuple[int, str, str, str, str, str | None], rule: str) -> Example:
    row_no, nik, name, kelurahan, rt, code = row
    place = load_areas().name_of(code) if code else ""
    number = parse_rt(rt) if place else None
    return Example(
        row_no=row_no,
        nik=mask_nik(nik),
        initials=initials(name),
        place=f"RT {number} {place}" if number else place,
        # A spelling that led to a kelurahan is close to its name, so it is nobody's secret.
        spelled=" ".join(kelurahan.split()) if code and rule == "lokasi_diperbaiki" else "",
    )
