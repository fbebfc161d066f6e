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
from itertools import groupby

import numpy as np

from jambi_dash.domain.months import Month
from jambi_dash.domain.rollout_plan import SizeClass

STEP_M = 300.0
METRES_PER_DEGREE = 111_320.0

_Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
_Table = np.ndarray[tuple[int, int], np.dtype[np.float64]]


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
    ordered = sorted(rts, key=lambda rt: (rt.kelurahan_code, rt.code))
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
        """`rts` by code, so that those of a kelurahan stand together."""
        self._rts = rts
        self._weights = weights
        waiting = np.array([not rt.joined for rt in rts], dtype=bool)
        self._need = _against_most([rt.need for rt in rts], waiting)
        self._size = _against_most([rt.household_count or 0 for rt in rts], waiting)
        self._fairness = np.zeros(len(rts))
        self._nearness = np.zeros(len(rts))
        self._score = np.zeros(len(rts))
        fixed = weights.need * self._need + weights.size * self._size
        # RTs that are taken or have joined are out of the choice for good.
        self._fixed = np.where(waiting, fixed, -np.inf)
        self._beside: dict[str, slice] = {}
        self._left: dict[str, int] = {}
        self._closeness: dict[str, _Table] = {}
        begin = 0
        for code, group in groupby(rts, key=lambda rt: rt.kelurahan_code):
            members = list(group)
            beside = slice(begin, begin + len(members))
            begin = beside.stop
            self._beside[code] = beside
            self._left[code] = int(waiting[beside].sum())
            self._closeness[code] = _closeness(members)
            there = ~waiting[beside]
            if there.any():
                self._nearness[beside] = self._closeness[code][there].max(axis=0)
            self._renew(code)

    def take(self, month: Month, order: int) -> Pick:
        """Takes the waiting RT of the highest score, of equals the first code."""
        i = int(np.argmax(self._score))
        rt = self._rts[i]
        pick = Pick(rt, month, order, float(self._score[i]), float(self._need[i]),
                    float(self._fairness[i]), float(self._nearness[i]),
                    float(self._size[i]))  # fmt: skip
        code = rt.kelurahan_code
        beside = self._beside[code]
        self._fixed[i] = -np.inf
        self._left[code] -= 1
        self._nearness[beside] = np.maximum(
            self._nearness[beside], self._closeness[code][i - beside.start]
        )
        self._renew(code)
        return pick

    def _renew(self, kelurahan_code: str) -> None:
        at = self._beside[kelurahan_code]
        self._fairness[at] = self._left[kelurahan_code] / (at.stop - at.start)
        # Sums of equal parts may differ in their last bit; equals must go by code.
        self._score[at] = np.round(
            self._fixed[at]
            + self._weights.fairness * self._fairness[at]
            + self._weights.nearness * self._nearness[at],
            9,
        )


def _closeness(rts: Sequence[WaitingRt]) -> _Table:
    """1 ÷ (1 + steps) between the RTs of one kelurahan."""
    lat = np.array([np.nan if rt.lat is None else rt.lat for rt in rts], dtype=float)
    lon = np.array([np.nan if rt.lon is None else rt.lon for rt in rts], dtype=float)
    number = np.array([_number(rt.code) for rt in rts], dtype=float)
    north = (lat[:, None] - lat) * METRES_PER_DEGREE
    east = (lon[:, None] - lon) * METRES_PER_DEGREE * np.cos(np.radians(lat))
    steps = np.hypot(north, east) / STEP_M
    closeness: _Table = 1 / (1 + np.where(np.isnan(steps), abs(number[:, None] - number), steps))
    return closeness


def _against_most(values: Sequence[int], waiting: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> (
    _Floats
):  # fmt: skip
    found: _Floats = np.maximum(np.array(values, dtype=float), 0.0)
    most = float(found[waiting].max(initial=0.0))
    return np.minimum(found / most, 1.0) if most else np.zeros(len(values))


def _number(code: str) -> int:
    digits = code.rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0
