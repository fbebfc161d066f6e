"""What publishing a checked import would change: coverage and rows, before and after."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from jambi_dash.domain.cells import parse_date
from jambi_dash.domain.denominators import RtFacts, load_ledger
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.intake.checks import ORDER, Prepared
from jambi_dash.intake.parts import RELEASED

_COUNTED = {"rt": "rt", "peserta": "enrolment", "kampung_bahagia": "kampung_event",
            "santunan": "claim", "bpjs": "bpjs_status"}  # fmt: skip


@dataclass(frozen=True)
class Side:
    """The default cohort's coverage at one month, by code of kecamatan (`None`: no location).

    `eligible` lacks a kecamatan of which nothing is known; `city_eligible` is the city's figure.
    """

    at: Month
    covered: dict[str | None, int]
    eligible: dict[str, int]
    city_eligible: int | None

    @property
    def total(self) -> int:
        """Covered people of the whole city."""
        return sum(self.covered.values())

    @property
    def rate(self) -> float | None:
        """The city's rate, `None` where its denominator is unknown."""
        return self.total / self.city_eligible if self.city_eligible else None


@dataclass(frozen=True)
class TableChange:
    """Rows of one table in the release, before (`None`: there is no release) and after."""

    table: str
    before: int | None
    after: int
    came: bool


@dataclass(frozen=True)
class Outlook:
    """The release that would come beside the one that holds.

    `carried_synthetic` names the tables that would stay invented under real data.
    """

    before: Side | None
    after: Side
    tables: tuple[TableChange, ...]
    carried_synthetic: tuple[str, ...]
    thinned: tuple[Thinned, ...] = ()


@dataclass(frozen=True)
class Thinned:
    """A whole table that lacks most kelurahan of the current release: it looks like a part.

    `before` is how many kelurahan the release has, `codes` are those that the files have: none for
    a list of names of whom nobody is known.
    """

    table: str
    before: int
    codes: tuple[str, ...]


LEAST_BEFORE = 10
"""Kelurahan of a release below which it is itself only a part."""


def thinned_tables(prepared: Prepared) -> tuple[Thinned, ...]:
    """The tables that would lose most kelurahan; none in a partial import."""
    if prepared.earlier is None or prepared.part is not None:
        return ()
    found = []
    for name in ORDER:
        if name not in RELEASED or name not in prepared.came:
            continue
        before = _kelurahan(prepared, f"earlier.{RELEASED[name]}", "true")
        codes = _kelurahan(prepared, f"{name}_fate", "rejection IS NULL")
        if len(before) >= LEAST_BEFORE and len(set(before) & set(codes)) * 2 < len(before):
            found.append(Thinned(name, len(before), tuple(codes)))
    return tuple(found)


def _kelurahan(prepared: Prepared, table: str, condition: str) -> list[str]:
    rows = prepared.bench.fetch(
        "kelurahan of a table",
        f"SELECT DISTINCT kelurahan_code FROM {table} "
        f"WHERE kelurahan_code IS NOT NULL AND {condition} ORDER BY kelurahan_code",
    )
    return [code for (code,) in rows]


def outlook_of(prepared: Prepared) -> Outlook:
    """Counts it in the workbench; the release has the same numbers once it is published."""
    came = {source.report.table for source in prepared.sources}
    earlier = prepared.earlier
    at = Month.of(prepared.as_of)
    before = None
    synthetic: set[str] = set()
    if earlier is not None:
        month = Month.of(earlier.as_of)
        before = _side(_earlier_covered(prepared, month), _rts(prepared, came=False), month)
        rows = prepared.bench.fetch(
            "invented tables", "SELECT DISTINCT table_name FROM earlier.source WHERE synthetic"
        )
        synthetic = {name for (name,) in rows}
    if "peserta" in came:
        covered = _new_covered(prepared, at)
    else:
        covered = _earlier_covered(prepared, at) if earlier is not None else {}
    accepted: dict[str, int] = defaultdict(int)
    for sheet in prepared.report.sheets:
        accepted[sheet.table] += sheet.rows_accepted
    for name, counts in (prepared.report.part or {"tables": {}})["tables"].items():
        accepted[name] += counts["kept"]
    tables = []
    for name in ORDER:
        rows_before = earlier.counts.get(_COUNTED[name], 0) if earlier is not None else None
        if name == "bpjs" and not rows_before and name not in came:
            continue  # most releases do without
        tables.append(
            TableChange(
                name, rows_before, accepted[name] if name in came else rows_before or 0,
                name in came,
            )
        )  # fmt: skip
    # Of a table that is replaced in part the rest stays invented.
    mixed = synthetic - (came - prepared.partly) if not prepared.report.synthetic else set()
    return Outlook(
        before,
        _side(covered, _rts(prepared, came="rt" in came), at),
        tuple(tables),
        tuple(name for name in ORDER if name in mixed),
        thinned_tables(prepared),
    )


def _new_covered(prepared: Prepared, at: Month) -> dict[str | None, int]:
    covered: dict[str | None, int] = defaultdict(int)
    tables = ["peserta_fate WHERE rejection IS NULL"]
    if "peserta" in prepared.partly:
        tables.append("kept_enrolment WHERE true")
    for table in tables:
        rows = prepared.bench.fetch(
            "covered after",
            f"SELECT left(kelurahan_code, 8), count(*) FROM {table} "
            "AND stage = 'aktif' AND cohort = $1 AND start_month <= $2 "
            "AND (end_month IS NULL OR end_month >= $2) GROUP BY ALL",
            [load_programme().default_cohort, at.first_day()],
        )
        for code, count in rows:
            covered[code] += count
    return dict(covered)


def _earlier_covered(prepared: Prepared, at: Month) -> dict[str | None, int]:
    rows = prepared.bench.fetch(
        "covered before",
        "SELECT left(kelurahan_code, 8), sum(change)::BIGINT FROM earlier.cover_change "
        "WHERE cohort = $1 AND month <= $2 GROUP BY ALL",
        [load_programme().default_cohort, at.first_day()],
    )
    return dict(rows)


def _rts(prepared: Prepared, *, came: bool) -> list[RtFacts]:
    if not came and prepared.earlier is None:
        return []
    columns = "SELECT kelurahan_code, rt, household_count, eligible_count"
    query = f"{columns} FROM earlier.rt"
    if came:
        query = f"{columns} FROM rt_fate WHERE rejection IS NULL"
        if "rt" in prepared.partly:
            query += f" UNION ALL {columns} FROM kept_rt"
    rows = prepared.bench.fetch("register", f"{query} ORDER BY kelurahan_code, rt")
    return [RtFacts(*row) for row in rows]


def _side(covered: dict[str | None, int], rts: list[RtFacts], at: Month) -> Side:
    ledger = load_ledger()
    entry = ledger.default(load_programme().default_cohort, rts)
    if entry is None:
        return Side(at, covered, {}, None)
    eligible = ledger.resolve(entry, rts)
    sums: dict[str, int] = defaultdict(int)
    for rt, value in zip(rts, eligible.by_rt, strict=True):
        if value is not None:
            sums[rt.kelurahan_code[:8]] += value
    return Side(at, covered, dict(sums), eligible.city)


_DAY = re.compile(
    r"\b(\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4}|\d{1,2}\s+[A-Za-z]+\s+\d{4}|\d{4}-\d{2}-\d{2})\b"
)


def dates_in_titles(prepared: Prepared) -> list[date]:
    """The dates that file names and title lines speak of, the most frequent first."""
    counts: dict[date, int] = defaultdict(int)
    for source in prepared.sources:
        for text in (source.sheet.file.stem.replace("_", " "), *source.recognised.titles):
            for found in _DAY.findall(text):
                if day := parse_date(found):
                    counts[day] += 1
    return sorted(counts, key=lambda day: (-counts[day], -day.toordinal()))
