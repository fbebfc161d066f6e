"""Release files made directly, row by row: for questions whose answer rests on who is who."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import duckdb

from jambi_dash.domain.months import Month
from jambi_dash.intake.publishing import release_sql
from jambi_dash.releases.store import SCHEMA


class Row(NamedTuple):
    """One row of `enrolment`; persons are small numbers, months `2025-12`."""

    person: int
    cohort: str = "pekerja_rentan"
    stage: str = "aktif"
    kelurahan_code: str | None = "15.71.02.1004"
    start: str | None = "2025-06"
    end: str | None = None
    rt: str | None = "001"
    birth_year: int | None = 1980
    sex: str | None = "L"
    occupation: str | None = "becak"


def make_release(path: Path, rows: Iterable[Row], *, release: str, as_of: date) -> Path:
    """Writes a release with these people and its rollups."""
    connection = duckdb.connect()
    connection.execute("ATTACH $path AS release", {"path": str(path)})
    connection.execute(release_sql("tables"))
    rows = list(rows)
    cohorts = {p: {r.cohort for r in rows if r.person == p} for p in {r.person for r in rows}}
    if rows:
        connection.executemany(
            "INSERT INTO release.enrolment (person, in_other_cohort, cohort, stage, occupation, sex, "
            "birth_year, kelurahan_code, rt, start_month, end_month) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            [
                [UUID(int=row.person), len(cohorts[row.person]) > 1, row.cohort, row.stage,
                 row.occupation, row.sex, row.birth_year, row.kelurahan_code, row.rt,
                 _first(row.start), _first(row.end)]
                for row in rows
            ],
        )  # fmt: skip
    for statement in connection.extract_statements(release_sql("rollups")):
        connection.execute(statement)
    meta = {"release": release, "as_of": as_of.isoformat(), "schema": SCHEMA, "synthetic": "tidak"}
    connection.executemany("INSERT INTO release.meta VALUES (?, ?)", list(meta.items()))
    connection.execute("CHECKPOINT release")
    connection.close()
    return path


def _first(month: str | None) -> date | None:
    found = Month.parse_iso(month) if month else None
    return found.first_day() if found else None
