"""What pages read instead of the roster gives the answers of the roster, also where it is missing."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jambi_dash.domain.areas import CITY_CODE
from jambi_dash.domain.months import Month
from jambi_dash.domain.roles import Sight
from jambi_dash.intake.publishing import release_sql
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import _STAND_INS, Door, sql_text
from jambi_dash.queries.own_areas import OwnAreasDoor
from jambi_dash.releases.store import Store

COHORTS = ("pekerja_rentan", "ketua_rt")
KELURAHAN = ("15.71.02.1004", "15.71.02.1002", "15.71.03.1006", None)
MONTHS = [Month(2025, 1).plus(n) for n in range(6)]

# Kelurahan, RT (003 is unknown to the register), cohort, first month, months (`None`: for ever).
rows = st.lists(
    st.tuples(
        st.sampled_from(KELURAHAN), st.sampled_from(["001", "002", "003", None]),
        st.sampled_from(COHORTS), st.integers(0, 5), st.one_of(st.none(), st.integers(1, 6)),
    ),
    max_size=25,
)  # fmt: skip


def release_of(people: list[tuple[Any, ...]]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("ATTACH ':memory:' AS release")
    connection.execute(release_sql("tables"))
    for n, (code, rt, cohort, first, months) in enumerate(people):
        last = None if months is None else MONTHS[first].plus(months - 1).first_day()
        connection.execute(
            "INSERT INTO release.enrolment BY NAME SELECT $p::UUID AS person, $again AS "
            "in_other_cohort, $cohort AS cohort, 'aktif' AS stage, $code AS kelurahan_code, "
            "$rt AS rt, $first AS start_month, $last AS end_month",
            {"p": f"{n:032x}", "again": False, "cohort": cohort, "code": code, "rt": rt,
             "first": MONTHS[first].first_day(), "last": last},
        )  # fmt: skip
    connection.execute(
        "INSERT INTO release.rt SELECT code, rt, 10, nullif(people, 0), false, NULL, NULL "
        "FROM (VALUES ('15.71.02.1004', '001', 5), ('15.71.02.1004', '002', 0), "
        "('15.71.02.1002', '001', 7), ('15.71.03.1006', '002', 0)) AS given(code, rt, people)"
    )
    connection.execute(release_sql("rollups"))
    connection.execute("USE release")
    return connection


@settings(max_examples=60, deadline=None)
@given(rows)
def test_changes_by_kelurahan_are_those_of_the_roster(people: list[tuple[Any, ...]]) -> None:
    with release_of(people) as connection:
        for cohort in COHORTS:
            for at, month in enumerate(MONTHS):
                found = connection.execute(
                    "SELECT kelurahan_code, sum(change) FROM kelurahan_change "
                    "WHERE cohort = $1 AND month <= $2 GROUP BY ALL HAVING sum(change) <> 0",
                    [cohort, month.first_day()],
                ).fetchall()
                assert dict(found) == Counter(
                    code for code, _, own, first, months in people
                    if own == cohort and first <= at and (months is None or at < first + months)
                )  # fmt: skip


def _stand_in(name: str) -> str:
    return sql_text(f"older/{name}").strip().removesuffix(";")


@settings(max_examples=30, deadline=None)
@given(rows)
def test_stand_ins_give_what_the_rollups_have(people: list[tuple[Any, ...]]) -> None:
    """The same sums, and the same first and last month of a change."""
    told = "SELECT cohort, min(month), max(month), sum(change) FROM ({}) GROUP BY ALL ORDER BY ALL"
    each = "SELECT cohort, month, kelurahan_code, sum(change) FROM ({}) GROUP BY ALL ORDER BY ALL"
    with release_of(people) as connection:
        for text in (told, each):
            one, other = (
                connection.execute(text.format(source)).fetchall()
                for source in ("FROM kelurahan_change", _stand_in("kelurahan_change"))
            )
            assert one == other
        one, other = (
            sorted(connection.execute(source).fetchall())
            for source in ("FROM kelurahan_register", _stand_in("kelurahan_register"))
        )
        assert one == other


@pytest.fixture(scope="module")
def older(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The demo's release, and itself as it was before the rollups."""
    store = Store(demo_home)
    path = store.path_of(store.require_current().release)
    copy = tmp_path_factory.mktemp("older") / path.name
    shutil.copy(path, copy)
    with duckdb.connect(str(copy)) as connection:
        for table in _STAND_INS:
            connection.execute(f"DROP TABLE {table}")
    return path, copy


@pytest.mark.parametrize("by", ["city", "kecamatan", "kelurahan", "rt"])
@pytest.mark.parametrize("month", [Month(2025, 7), Month(2025, 12)])
def test_a_release_without_rollups_gives_the_same_coverage(
    older: tuple[Path, Path], by: str, month: Month
) -> None:
    with Door(older[0]) as now, Door(older[1]) as then:
        for cohort in ("pekerja_rentan", "petugas_keagamaan", "ketua_rt"):
            assert coverage(now, by=by, cohort=cohort, at=month) == coverage(
                then, by=by, cohort=cohort, at=month
            )


def test_a_release_without_rollups_answers_every_question(older: tuple[Path, Path]) -> None:
    day = date(2025, 12, 1)
    asked: dict[str, dict[str, Any]] = {
        "cohorts": {"month": day}, "cover_by_month": {"cohort": "pekerja_rentan"}, "cover_curve": {},
        "months": {"cohort": "pekerja_rentan"}, "person_months": {"month": day},
        "register_size": {}, "register_sums": {"by": "kecamatan", "city": CITY_CODE, "several": False},
    }  # fmt: skip
    with Door(older[0]) as now, Door(older[1]) as then:
        for question, values in asked.items():
            assert sorted(now.rows(question, **values), key=str) == sorted(
                then.rows(question, **values), key=str
            ), question
            assert len(then.frame(question, **values)), question


def test_some_areas_of_a_release_without_rollups(older: tuple[Path, Path]) -> None:
    sight = Sight(areas=frozenset({"15.71.02.1004", "15.71.03.1006"}))
    tables = []
    for path in older:
        with OwnAreasDoor(path, sight) as door:
            tables.append(coverage(door, by="kelurahan"))
    assert tables[0] == tables[1]
    assert len(tables[0].rows) == 2


@pytest.mark.parametrize("area", ["15.71.08", "15.71.08.1004"])
@pytest.mark.parametrize("denominator", [None, "kota_15000"])
def test_the_rts_of_an_area_are_those_of_the_whole(
    older: tuple[Path, Path], area: str, denominator: str | None
) -> None:
    with Door(older[0]) as door:
        whole = coverage(door, by="rt", denominator=denominator)
        own = coverage(door, by="rt", denominator=denominator, area=area)
        above = coverage(
            door, by="kelurahan" if area.count(".") == 3 else "kecamatan", denominator=denominator
        )
    assert own.rows == tuple(row for row in whole.rows if row.code.startswith(area))
    place = next(row for row in above.rows if row.code == area)
    assert (own.totals.covered, own.totals.eligible) == (place.covered, place.eligible)
    assert own.totals.persons is None


def test_only_rts_are_asked_for_by_area(older: tuple[Path, Path]) -> None:
    with Door(older[0]) as door, pytest.raises(ValueError, match="RT"):
        coverage(door, by="kelurahan", area="15.71.08")
