"""The headline figures against what is known of the demo city and of the sample files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from jambi_dash.domain.months import Month
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door, parameters_of
from jambi_dash.queries.summary import headline
from jambi_dash.releases.store import Store


@pytest.fixture
def demo(demo_home: Path) -> Door:
    store = Store(demo_home)
    return Door(store.path_of(store.require_current().release))


def test_questions_bind_what_the_functions_give() -> None:
    assert parameters_of("fund_months") == {"cohort", "first", "last"}
    assert not parameters_of("rejected_rows") | parameters_of("person_curve")


def test_the_demo_city_agrees_with_the_known_totals(demo: Door) -> None:
    found = headline(demo)
    assert {c.cohort: (c.covered, c.target) for c in found.cohorts} == {
        "pekerja_rentan": (3000, 3000),
        "petugas_keagamaan": (1316, 1316),
        "ketua_rt": (1650, 1650),
    }
    assert found.persons == 3000 + 1316 + 1650 - 10  # ten stand in two cohorts
    assert (found.rt_joined, found.rt_total, found.rt_excluded) == (67, 1650, 0)
    assert found.located + found.unlocated == found.covered == 3000
    assert found.rate == 0.2
    assert found.contribution.city_months * 16_800 == found.contribution.paid_idr


def test_parts_agree_with_the_questions_of_other_pages(demo: Door) -> None:
    found = headline(demo)
    at = Month.of(found.as_of)
    months = sum(point.covered for point in found.curve if point.month.year == at.year)
    assert found.contribution.city_months + found.contribution.other_months == months
    assert found.curve[-1].covered == found.covered
    assert found.curve[-1].persons == found.persons
    assert [p.month.index() for p in found.curve] == list(
        range(found.curve[0].month.index(), at.index() + 1)
    )
    by_rt = coverage(demo, by="rt").rows
    assert sum(found.rt_uncovered.values()) == sum(
        1 for row in by_rt if row.eligible and not row.covered
    )
    for point in found.curve[::4]:
        assert coverage(demo, by="city", at=point.month).totals.covered == point.covered


def test_the_samples_agree_with_their_truth(shared: Path, tmp_path: Path) -> None:
    folder = shared / "samples" / "a"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    store = Store(tmp_path)
    files = sorted(p for p in folder.iterdir() if p.suffix in (".csv", ".xlsx"))
    with check_files(store, files, as_of=date(2025, 12, 31)) as prepared:
        record = publish(prepared)
    with Door(store.path_of(record.release)) as door:
        found = headline(door)
    assert (found.covered, found.unlocated) == (
        truth["coverage"]["2025-12"]["covered"],
        truth["coverage"]["2025-12"]["unlocated"],
    )
    assert found.eligible == truth["eligible_total"]
    assert (found.rt_joined, found.rt_total) == (truth["joined"], truth["rt_total"])
    assert found.rejected_rows == truth["rows_rejected"]
    assert (found.claim_count, found.claim_idr) == (
        truth["claims"]["count"],
        truth["claims"]["value_rp"],
    )
