"""The path over several years: curves, ranges, what matters, and when money reaches everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.years import CURVES, Path, PathPlan, path, progress

STILL = (0.0, 0.0, 0.0)
PLAN = PathPlan(4, "linear", STILL, STILL, STILL)
PERSON_YEAR = 201_600


def ask(plan: PathPlan, people: int = 4_000, target: int = 15_000, seed: int = 1) -> Path:
    return path(
        plan, first_year=2026, people=people, person_year_idr=PERSON_YEAR, target=target,
        draws=500, seed=seed,
    )  # fmt: skip


def test_without_growth_every_number_is_exact() -> None:
    found = ask(PLAN)
    assert [y.year for y in found.years] == [2026, 2027, 2028, 2029, 2030]
    assert [y.people for y in found.years] == [4_000, 6_750, 9_500, 12_250, 15_000]
    assert found.years[0].cost_idr == 806_400_000
    assert found.years[-1].cost_idr == 3_024_000_000
    assert found.years[-1].cost_band_idr.p5 == found.years[-1].cost_band_idr.p95 == 3_024_000_000
    assert (found.reached, found.reached_by_money) == (2030, None)


def test_curves() -> None:
    assert [y.people for y in ask(replace(PLAN, curve="cepat")).years] == [
        4_000, 8_812, 12_250, 14_312, 15_000,
    ]  # fmt: skip
    assert [y.people for y in ask(replace(PLAN, curve="lambat")).years] == [
        4_000, 4_688, 6_750, 10_188, 15_000,
    ]  # fmt: skip
    table = {"2027": 5_000, "2028": 5_000, "2029": 15_000, "2030": 15_000}
    own = ask(replace(PLAN, curve="tabel", people=table))
    assert ([y.people for y in own.years][1:], own.reached) == ([*table.values()], 2029)
    with pytest.raises(Refusal, match="2029"):
        ask(replace(PLAN, curve="tabel", people={"2027": 1, "2028": 1, "2030": 1}))


@given(st.sampled_from(CURVES), st.floats(0, 1))
def test_progress_never_falls_and_ends_at_the_goal(curve: str, share: float) -> None:
    assert progress(curve, 0) == 0
    assert progress(curve, 1) == 1
    assert progress(curve, share / 2) <= progress(curve, share)


def test_ranges_open_with_the_years_and_are_seeded() -> None:
    plan = replace(PLAN, need_growth=(0.0, 0.01, 0.03), tariff_growth=(0.0, 0.0, 0.05))
    found = ask(plan)
    widths = [y.cost_band_idr.p95 - y.cost_band_idr.p5 for y in found.years]
    assert widths[0] == 0
    assert widths == sorted(widths)
    assert found == ask(plan)
    assert found != ask(plan, seed=2)
    assert {swing.name for swing in found.tornado} == {"need_growth", "tariff_growth", "curve"}
    assert [s.width_idr for s in found.tornado] == sorted(
        (s.width_idr for s in found.tornado), reverse=True
    )


def test_the_year_in_which_a_budget_path_reaches_everybody() -> None:
    plan = replace(PLAN, budget_idr=2_000_000_000, budget_growth=(0.0, 0.2, 0.2))
    found = ask(plan)
    assert [y.affordable for y in found.years[:3]] == [9_920, 11_904, 14_285]
    assert found.reached_by_money == 2029
    assert ask(replace(plan, budget_growth=STILL)).reached_by_money is None


def test_nobody_is_dropped_where_more_are_covered_than_needed() -> None:
    assert {y.people for y in ask(PLAN, people=16_000).years} == {16_000}
