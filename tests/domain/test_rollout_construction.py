"""Construction cover: tiers to the rupiah, working days with holidays, who is really covered."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.construction import (
    COVERED,
    JobFacts,
    add_working_days,
    construction_cover,
    cover_due,
    is_working_day,
)
from jambi_dash.domain.rollout_plan import load_rollout_plan

RATES = load_rollout_plan().cover
JUTA = 1_000_000


@pytest.mark.parametrize(
    ("value", "due"),
    [
        (0, 0),
        (50 * JUTA, 120_000),
        (70 * JUTA, 168_000),
        (75 * JUTA, 180_000),
        (100 * JUTA, 240_000),
        (150 * JUTA, 335_000),
        (500 * JUTA, 1_000_000),
        (1_000 * JUTA, 1_750_000),
        (5_000 * JUTA, 6_550_000),
        (10_000 * JUTA, 11_550_000),
    ],
)
def test_marginal_tiers(value: int, due: int) -> None:
    assert cover_due(value, RATES.tiers) == due


@given(st.integers(0, 20_000 * JUTA), st.integers(0, 1_000 * JUTA))
def test_more_value_costs_more_but_never_more_than_the_first_rate(value: int, more: int) -> None:
    rise = cover_due(value + more, RATES.tiers) - cover_due(value, RATES.tiers)
    assert 0 <= rise <= more * 24 / 10_000 + 1


def test_working_days_leave_out_weekends_and_holidays() -> None:
    # 17 August 2026 is a Monday; 25 December 2025 a Thursday, 1 January 2026 a Thursday.
    assert not is_working_day(date(2026, 8, 17))
    assert not is_working_day(date(2025, 12, 25))
    assert add_working_days(date(2025, 12, 15), 14) == date(2026, 1, 6)
    assert add_working_days(date(2025, 10, 7), 14) == date(2025, 10, 27)
    assert add_working_days(date(2025, 10, 4), 1) == date(2025, 10, 6)


@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(1, 30))
def test_so_many_working_days_lie_between(day: date, days: int) -> None:
    end = add_working_days(day, days)
    between = [date.fromordinal(n) for n in range(day.toordinal() + 1, end.toordinal() + 1)]
    assert sum(map(is_working_day, between)) == days
    assert is_working_day(end)


def job(**values: object) -> JobFacts:
    facts: dict[str, object] = {
        "code": "15.71.08.1004-001", "kelurahan_code": "15.71.08.1004", "value_idr": 100 * JUTA,
        "worker_count": 12, "spk_date": date(2025, 10, 7), "registered": True, "paid_idr": 240_000,
    }  # fmt: skip
    return JobFacts(**(facts | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, "paid"),
        ({"paid_idr": 250_000}, "paid"),
        ({"paid_idr": 120_000}, "part_paid"),
        ({"paid_idr": 0}, "unpaid"),
        ({"worker_count": None}, "no_names"),
        ({"worker_count": 0}, "no_names"),
        ({"registered": False, "paid_idr": 0}, "late"),
        ({"registered": False}, "late"),
        ({"registered": False, "spk_date": date(2025, 10, 8)}, "unregistered"),
        ({"registered": False, "spk_date": None}, "unregistered"),
    ],
)
def test_state_of_a_job(values: dict[str, object], state: str) -> None:
    found = construction_cover([job(**values)], RATES, day=date(2025, 10, 28)).jobs[0]
    assert found.state == state
    assert found.covered == (state in COVERED)


def test_a_letter_of_assignment_alone_covers_nobody() -> None:
    only_ordered = job(registered=False, paid_idr=0)
    found = construction_cover([only_ordered], RATES, day=date(2025, 10, 8))
    assert (found.workers_covered, found.workers_uncovered) == (0, 12)
    assert (found.due_idr, found.open_idr) == (240_000, 240_000)


def test_sums() -> None:
    found = construction_cover(
        [
            job(code="b", registered=False, paid_idr=100_000),
            job(code="a"),
            job(code="c", paid_idr=300_000, worker_count=None),
            job(code="d", value_idr=150 * JUTA, paid_idr=100_000),
        ],
        RATES,
        day=date(2025, 12, 31),
    )
    assert [j.facts.code for j in found.jobs] == ["a", "b", "c", "d"]
    assert (found.registered_rt, found.unregistered_rt, found.late_rt) == (3, 1, 1)
    assert found.due_idr == 3 * 240_000 + 335_000
    assert found.paid_idr == 240_000 + 300_000 + 100_000
    assert found.stray_paid_idr == 100_000
    assert found.open_idr == 240_000 + 235_000
    assert found.workers_unknown_rt == 1
    assert sum(found.states().values()) == 4
