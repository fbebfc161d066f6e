"""The wave planner: every waiting RT once, by its weights, the same way each time."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain import waves
from jambi_dash.domain.months import Month
from jambi_dash.domain.rollout_plan import load_rollout_plan
from jambi_dash.domain.waves import (
    METRES_PER_DEGREE,
    STEP_M,
    WaitingRt,
    WaitingRts,
    WavePlan,
    WaveWeights,
    plan_waves,
)

FIRST = Month(2026, 1)
PLAN = load_rollout_plan()


def rt(kelurahan: int, number: int, *, joined: bool = False, need: int = 0, households: int = 80,
       place: tuple[float, float] | None = None) -> WaitingRt:  # fmt: skip
    code = f"15.71.08.100{kelurahan}"
    return WaitingRt(f"{code}-{number:03d}", code, joined, need, households,
                     PLAN.size_class(households), 180_000,
                     *(place or (None, None)))  # fmt: skip


def order(rts: list[WaitingRt], **weights: float) -> list[str]:
    only = WaveWeights(**({"need": 0, "fairness": 0, "nearness": 0, "size": 0} | weights))
    found = plan_waves(rts, only, first=FIRST, per_month=1, months=len(rts))
    return [pick.rt.code[-5:] for pick in found.picks]


RTS = st.lists(
    st.builds(
        rt,
        st.integers(1, 4),
        st.integers(1, 30),
        joined=st.booleans(),
        need=st.integers(0, 40),
        households=st.integers(0, 200),
        place=st.none()
        | st.tuples(st.sampled_from([-1.6, -1.601]), st.sampled_from([103.6, 103.61])),
    ),
    max_size=30,
    unique_by=lambda r: r.code,
)
WEIGHTS = st.builds(WaveWeights, *[st.sampled_from([0.0, 0.3, 1.0])] * 4)


@given(RTS, WEIGHTS, st.integers(0, 7), st.integers(0, 8))
def test_every_waiting_rt_at_most_once_and_as_many_as_fit(
    rts: list[WaitingRt], weights: WaveWeights, per_month: int, months: int
) -> None:
    waiting = {r.code for r in rts if not r.joined}
    found = plan_waves(rts, weights, first=FIRST, per_month=per_month, months=months)
    taken = [pick.rt.code for pick in found.picks]
    assert len(set(taken)) == len(taken) == min(len(waiting), per_month * months)
    assert set(taken) <= waiting
    assert found.left == len(waiting) - len(taken)
    assert [pick.order for pick in found.picks] == list(range(1, len(taken) + 1))
    assert [m.month for m in found.months] == [FIRST.plus(i) for i in range(months)]
    joined = len(rts) - len(waiting)
    for month in found.months:
        joined += month.new
        assert month.joined == joined
        assert month.new == sum(pick.month == month.month for pick in found.picks) <= per_month
        assert month.cover_due_idr == 180_000 * month.new
    for pick in found.picks:
        assert all(0 <= part <= 1 for part in (pick.need, pick.fairness, pick.nearness, pick.size))


@given(RTS, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_the_register_does_not_matter(
    rts: list[WaitingRt], weights: WaveWeights, random: object
) -> None:
    def made(some: list[WaitingRt]) -> WavePlan:
        return plan_waves(some, weights, first=FIRST, per_month=3, months=5)

    shuffled = list(rts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert made(shuffled) == made(rts)


@given(RTS, st.integers(1, 20))
def test_only_need_takes_the_greatest_need_first(rts: list[WaitingRt], per_month: int) -> None:
    found = plan_waves(
        rts, WaveWeights(1, 0, 0, 0), first=FIRST, per_month=per_month, months=30
    )  # fmt: skip
    assert [(-p.rt.need, p.rt.code) for p in found.picks] == sorted(
        (-r.need, r.code) for r in rts if not r.joined
    )


def one_after_another(rts: list[WaitingRt], weights: WaveWeights) -> list[str]:
    """The order by the words of the module alone: all scores anew for each RT that is taken."""
    rts = sorted(rts, key=lambda r: r.code)
    joined = {r.code for r in rts if r.joined}
    waiting = [r for r in rts if not r.joined]
    needs = max((r.need for r in waiting), default=0) or 1
    sizes = max((r.household_count or 0 for r in waiting), default=0) or 1
    order: list[str] = []
    while waiting:
        scores = []
        for r in waiting:
            beside = [o for o in rts if o.kelurahan_code == r.kelurahan_code]
            near = max((closeness(r, o) for o in beside if o.code in joined), default=0)
            left = sum(o.code not in joined for o in beside) / len(beside)
            fixed = weights.need * (r.need / needs) + weights.size * (
                (r.household_count or 0) / sizes
            )
            scores.append(np.round(fixed + weights.fairness * left + weights.nearness * near, 9))
        best = waiting.pop(scores.index(max(scores)))
        joined.add(best.code)
        order.append(best.code)
    return order


def closeness(a: WaitingRt, b: WaitingRt) -> float:
    """1 ÷ (1 + steps) as the module has it."""
    if None in (a.lat, b.lat):
        return 1 / (1 + abs(int(a.code[-3:]) - int(b.code[-3:])))
    north = (a.lat - b.lat) * METRES_PER_DEGREE  # type: ignore[operator]
    east = (a.lon - b.lon) * METRES_PER_DEGREE * np.cos(np.radians(a.lat))  # type: ignore[operator]
    return float(1 / (1 + np.hypot(north, east) / STEP_M))


@given(RTS, WEIGHTS, st.integers(1, 9))
def test_orders_of_kelurahan_merged_are_those_of_taking_one_after_another(
    rts: list[WaitingRt], weights: WaveWeights, at_once: int
) -> None:
    with patch.object(waves, "_AT_ONCE", at_once):
        found = plan_waves(rts, weights, first=FIRST, per_month=len(rts), months=1)
    assert [pick.rt.code for pick in found.picks] == one_after_another(rts, weights)


@given(RTS)
def test_columns_give_back_what_they_were_made_of(rts: list[WaitingRt]) -> None:
    assert list(WaitingRts.of(rts)) == sorted(rts, key=lambda r: r.code)


def test_without_weights_codes_decide() -> None:
    assert order([rt(2, 1), rt(1, 3), rt(1, 2)]) == ["1-002", "1-003", "2-001"]


def test_fairness_takes_turns_between_kelurahan() -> None:
    rts = [rt(1, 1), rt(1, 2), rt(2, 1), rt(2, 2), rt(3, 1, joined=True), rt(3, 2)]
    assert order(rts, fairness=1) == ["1-001", "2-001", "1-002", "2-002", "3-002"]


def test_nearness_goes_on_from_joined_rts_of_the_same_kelurahan() -> None:
    rts = [rt(1, n) for n in (1, 5, 6, 9)] + [rt(1, 7, joined=True), rt(2, 8)]
    assert order(rts, nearness=1) == ["1-006", "1-005", "1-009", "1-001", "2-008"]


def test_nearness_by_place_where_it_is_known() -> None:
    rts = [
        rt(1, 1, joined=True, place=(-1.6, 103.6)),
        rt(1, 2, place=(-1.62, 103.6)),
        rt(1, 30, place=(-1.6005, 103.6)),
    ]
    assert order(rts, nearness=1) == ["1-030", "1-002"]


def test_size_takes_many_households_first() -> None:
    assert order([rt(1, 1, households=40), rt(1, 2, households=90)], size=1) == ["1-002", "1-001"]


def test_a_weight_below_0_is_an_error() -> None:
    with pytest.raises(ValueError, match="below 0"):
        replace(WaveWeights(), need=-0.1)
