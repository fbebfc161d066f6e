"""Which RTs next: a plan of months from weights, without chance; equal scores go by code.

One RT after another is taken, the highest score first, and each changes the scores of those that
are left in its kelurahan. The score is the weighted sum of four parts, each from 0 to 1:

- need: eligible workers without cover, against the most that any waiting RT has;
- fairness: the share of the kelurahan's RTs that have not joined;
- nearness: 1 ÷ (1 + distance to the nearest joined RT of the kelurahan), distance in steps of
  300 m where both places are known and else in RT numbers; 0 where none has joined;
- size: households, against the most that any waiting RT has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jambi_dash.domain.months import Month
from jambi_dash.domain.rollout_plan import SizeClass

STEP_M = 300.0
METRES_PER_DEGREE = 111_320.0

_Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class WaveWeights:
    """How much each part of the score counts; none below 0."""

    need: float = 1.0
    fairness: float = 1.0
    nearness: float = 0.3
    size: float = 0.0

    def __post_init__(self) -> None:
        if min(self.need, self.fairness, self.nearness, self.size) < 0:
            raise ValueError("weights are never below 0")


@dataclass(frozen=True)
class WaitingRt:
    """An RT that may be chosen, or has joined already (`joined`), as the planner sees it.

    `need` is the number of eligible workers without cover; `cover_due_idr` the construction cover
    of a job at the ceiling of its size class.
    """

    code: str
    kelurahan_code: str
    joined: bool
    need: int
    household_count: int | None
    size: SizeClass
    cover_due_idr: int
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class Pick:
    """An RT of the plan: its month, its place in the order (from 1), and why."""

    rt: WaitingRt
    month: Month
    order: int
    score: float
    need: float
    fairness: float
    nearness: float
    size: float


@dataclass(frozen=True)
class WaveMonth:
    """A month of the plan: new RTs, all joined at its end, jobs at their ceilings, their cover."""

    month: Month
    new: int
    joined: int
    ceiling_idr: int
    cover_due_idr: int


@dataclass(frozen=True)
class WavePlan:
    """The RTs in their order, and the months; `left` are those that the months do not reach."""

    picks: tuple[Pick, ...]
    months: tuple[WaveMonth, ...]
    left: int


def plan_waves(
    rts: Sequence[WaitingRt],
    weights: WaveWeights,
    *,
    first: Month,
    per_month: int,
    months: int,
) -> WavePlan:
    """The next RTs from month `first` on, `per_month` each month until none is left.

    Args:
        rts: every RT that is to join or has joined; those excluded are not among them.
        weights: what counts how much.
        first: the first month with new RTs.
        per_month: new RTs in a month, at least 0.
        months: how many months are planned.
    """
    ordered = sorted(rts, key=lambda rt: rt.code)
    scores = _Scores(ordered, weights)
    joined = sum(rt.joined for rt in ordered)
    waiting = len(ordered) - joined
    picks: list[Pick] = []
    made: list[WaveMonth] = []
    for i in range(months):
        month = first.plus(i)
        new = [
            scores.take(month, len(picks) + n + 1)
            for n in range(min(per_month, waiting - len(picks)))
        ]
        picks += new
        made.append(
            WaveMonth(
                month,
                len(new),
                joined + len(picks),
                sum(pick.rt.size.ceiling_idr for pick in new),
                sum(pick.rt.cover_due_idr for pick in new),
            )
        )
    return WavePlan(tuple(picks), tuple(made), waiting - len(picks))


class _Scores:
    """The scores of all RTs, kept current while one after another is taken."""

    def __init__(self, rts: Sequence[WaitingRt], weights: WaveWeights) -> None:
        self._rts = rts
        self._weights = weights
        self._waiting = np.array([not rt.joined for rt in rts], dtype=bool)
        self._need = _against_most([rt.need for rt in rts], self._waiting)
        self._size = _against_most([rt.household_count or 0 for rt in rts], self._waiting)
        self._fairness = np.zeros(len(rts))
        self._nearness = np.zeros(len(rts))
        self._number = np.array([_number(rt.code) for rt in rts], dtype=float)
        self._lat = np.array([np.nan if rt.lat is None else rt.lat for rt in rts], dtype=float)
        self._lon = np.array([np.nan if rt.lon is None else rt.lon for rt in rts], dtype=float)
        places: dict[str, list[int]] = {}
        for i, rt in enumerate(rts):
            places.setdefault(rt.kelurahan_code, []).append(i)
        self._of = {code: np.array(indices) for code, indices in places.items()}
        for code, indices in self._of.items():
            self._renew_fairness(code)
            for i in indices[~self._waiting[indices]]:
                self._approach(int(i))
        self._score = self._scored(np.arange(len(rts)))

    def take(self, month: Month, order: int) -> Pick:
        """Takes the waiting RT of the highest score, of equals the first code."""
        i = int(np.argmax(np.where(self._waiting, self._score, -np.inf)))
        rt = self._rts[i]
        pick = Pick(rt, month, order, float(self._score[i]), float(self._need[i]),
                    float(self._fairness[i]), float(self._nearness[i]),
                    float(self._size[i]))  # fmt: skip
        self._waiting[i] = False
        self._renew_fairness(rt.kelurahan_code)
        self._approach(i)
        beside = self._of[rt.kelurahan_code]
        self._score[beside] = self._scored(beside)
        return pick

    def _scored(self, at: np.ndarray[tuple[int], np.dtype[np.int64]]) -> _Floats:
        w = self._weights
        total: _Floats = (
            w.need * self._need[at] + w.fairness * self._fairness[at]
            + w.nearness * self._nearness[at] + w.size * self._size[at]
        )  # fmt: skip
        # Sums of equal parts may differ in their last bit; equals must go by code.
        return np.round(total, 9)

    def _renew_fairness(self, kelurahan_code: str) -> None:
        at = self._of[kelurahan_code]
        self._fairness[at] = np.mean(self._waiting[at])

    def _approach(self, i: int) -> None:
        """RT `i` has joined: the RTs of its kelurahan are at most their distance to it away."""
        at = self._of[self._rts[i].kelurahan_code]
        north = (self._lat[at] - self._lat[i]) * METRES_PER_DEGREE
        east = (self._lon[at] - self._lon[i]) * METRES_PER_DEGREE * np.cos(
            np.radians(self._lat[i])
        )  # fmt: skip
        steps = np.hypot(north, east) / STEP_M
        steps = np.where(np.isnan(steps), np.abs(self._number[at] - self._number[i]), steps)
        self._nearness[at] = np.maximum(self._nearness[at], 1 / (1 + steps))


def _against_most(values: Sequence[int], waiting: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> (
    _Floats
):  # fmt: skip
    found: _Floats = np.maximum(np.array(values, dtype=float), 0.0)
    most = float(found[waiting].max(initial=0.0))
    return np.minimum(found / most, 1.0) if most else np.zeros(len(values))


def _number(code: str) -> int:
    digits = code.rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0
