"""Which RTs next: a plan of months from weights, without chance; equal scores go by code.

One RT after another is taken, the highest score first, and each changes the scores of those that
are left in its kelurahan. The score is the weighted sum of four parts, each from 0 to 1:

- need: eligible workers without cover, against the most that any waiting RT has;
- fairness: the share of the kelurahan's RTs that have not joined;
- nearness: 1 ÷ (1 + distance to the nearest joined RT of the kelurahan), distance in steps of
  300 m where both places are known and else in RT numbers; 0 where none has joined;
- size: households, against the most that any waiting RT has.

What is taken in one kelurahan changes no score elsewhere, so every kelurahan has one order of its
own, and these orders are merged by score: a country's 800.000 RTs take seconds, not hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from jambi_dash.domain.areas import rt_code
from jambi_dash.domain.months import Month
from jambi_dash.domain.rollout_plan import SizeClass

STEP_M = 300.0
METRES_PER_DEGREE = 111_320.0

_AT_ONCE = 400_000
"""Pairs of RTs of one kelurahan that are looked at together: some megabytes."""

_PLANS_KEPT = 4

_Floats = npt.NDArray[np.float64]
_Ints = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


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


@dataclass(frozen=True, eq=False)
class WaitingRts(Sequence[WaitingRt]):
    """All RTs of a plan in the order of their codes, a column for each of their fields.

    Those of a kelurahan stand together: the RTs of `kelurahan_codes[k]` are those from `starts[k]`
    to `starts[k + 1]`. `size` is a place in `sizes`, which has the cover due beside each class;
    `household_count`, `lat` and `lon` are NaN where unknown.
    """

    kelurahan_codes: tuple[str, ...]
    starts: _Ints
    rt: npt.NDArray[np.str_]
    joined: _Flags
    need: _Ints
    household_count: _Floats
    size: _Ints
    sizes: tuple[tuple[SizeClass, int], ...]
    lat: _Floats
    lon: _Floats
    _plans: dict[tuple[WaveWeights, Month, int, int], WavePlan] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, rts: Sequence[WaitingRt]) -> WaitingRts:
        """The same RTs as columns, in any order."""
        rts = sorted(rts, key=lambda rt: (rt.kelurahan_code, rt.code))
        sizes = {(rt.size.id, rt.cover_due_idr): (rt.size, rt.cover_due_idr) for rt in rts}
        place = {key: i for i, key in enumerate(sizes)}
        codes, starts = runs([rt.kelurahan_code for rt in rts])
        return cls(
            codes,
            starts,
            np.array([rt.code.removeprefix(f"{rt.kelurahan_code}-") for rt in rts], dtype=str),
            np.array([rt.joined for rt in rts], dtype=bool),
            np.array([rt.need for rt in rts], dtype=np.int64),
            _known(rt.household_count for rt in rts),
            np.array([place[rt.size.id, rt.cover_due_idr] for rt in rts], dtype=np.int64),
            tuple(sizes.values()),
            _known(rt.lat for rt in rts),
            _known(rt.lon for rt in rts),
        )

    def __len__(self) -> int:
        return len(self.rt)

    @overload
    def __getitem__(self, at: int) -> WaitingRt: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[WaitingRt]: ...
    def __getitem__(self, at: int | slice) -> WaitingRt | Sequence[WaitingRt]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        kelurahan_code = self.kelurahan_codes[self._kelurahan(at)]
        households, lat, lon = (
            None if np.isnan(values[at]) else float(values[at])
            for values in (self.household_count, self.lat, self.lon)
        )
        size, due = self.sizes[self.size[at]]
        return WaitingRt(
            rt_code(kelurahan_code, str(self.rt[at])),
            kelurahan_code,
            bool(self.joined[at]),
            int(self.need[at]),
            None if households is None else int(households),
            size,
            due,
            lat,
            lon,
        )

    def __iter__(self) -> Iterator[WaitingRt]:
        return (self[i] for i in range(len(self)))

    def _kelurahan(self, at: int) -> int:
        return int(np.searchsorted(self.starts, at, side="right")) - 1

    @cached_property
    def _numbers(self) -> _Floats:
        """The numbers of the RTs, for distances without places."""
        found = self.rt.tolist()
        known = {rt: float(rt) if rt.isdigit() else 0.0 for rt in set(found)}
        return np.fromiter((known[rt] for rt in found), dtype=float, count=len(found))


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


@dataclass(frozen=True, eq=False)
class Picks(Sequence[Pick]):
    """The RTs of a plan in their order. A province has 80.000: each is made when it is looked at."""

    rts: WaitingRts
    first: Month
    per_month: int
    at: _Ints
    score: _Floats
    need: _Floats
    fairness: _Floats
    nearness: _Floats
    size: _Floats

    def __len__(self) -> int:
        return len(self.at)

    @overload
    def __getitem__(self, at: int) -> Pick: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Pick]: ...
    def __getitem__(self, at: int | slice) -> Pick | Sequence[Pick]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        return Pick(
            self.rts[int(self.at[at])],
            self.first.plus(at // self.per_month),
            at + 1,
            *(
                float(values[at])
                for values in (self.score, self.need, self.fairness, self.nearness, self.size)
            ),
        )

    def __iter__(self) -> Iterator[Pick]:
        return (self[i] for i in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picks) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def need_of_all(self) -> int:
        """Eligible workers without cover in all of them."""
        return int(self.rts.need[self.at].sum())


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

    picks: Picks
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
        rts: every RT that is to join or has joined; those excluded are not among them. Of
            `WaitingRts` the last few plans are remembered.
        weights: what counts how much.
        first: the first month with new RTs.
        per_month: new RTs in a month, at least 0.
        months: how many months are planned.
    """
    if not isinstance(rts, WaitingRts):
        return _plan(WaitingRts.of(rts), weights, first, per_month, months)
    asked = (weights, first, per_month, months)
    found = rts._plans.get(asked)
    if found is None:
        found = _plan(rts, *asked)
        for old in list(rts._plans)[: 1 - _PLANS_KEPT]:
            rts._plans.pop(old, None)
        rts._plans[asked] = found
    return found


def _plan(
    rts: WaitingRts, weights: WaveWeights, first: Month, per_month: int, months: int
) -> WavePlan:
    joined = int(rts.joined.sum())
    waiting = len(rts) - joined
    picks = _picks(rts, weights, first, per_month, min(per_month * months, waiting))
    ceilings, dues = (
        np.array([figure(size, due) for size, due in rts.sizes] or [0], dtype=np.int64)[
            rts.size[picks.at]
        ]
        for figure in (lambda size, _: size.ceiling_idr, lambda _, due: due)
    )
    made = []
    for i in range(months):
        new = slice(min(i * per_month, len(picks)), min((i + 1) * per_month, len(picks)))
        made.append(
            WaveMonth(
                first.plus(i),
                new.stop - new.start,
                joined + new.stop,
                int(ceilings[new].sum()),
                int(dues[new].sum()),
            )
        )
    return WavePlan(picks, tuple(made), waiting - len(picks))


def _picks(rts: WaitingRts, weights: WaveWeights, first: Month, per_month: int, most: int) -> Picks:
    """The `most` RTs of the highest scores, each chosen after those before it."""
    need = _against_most(rts.need.astype(float), ~rts.joined)
    size = _against_most(np.nan_to_num(rts.household_count, nan=0.0), ~rts.joined)
    fixed = np.where(rts.joined, -np.inf, weights.need * need + weights.size * size)
    parts = [_orders(rts, group, fixed, weights, most) for group in _groups(rts.starts)]
    at, kelurahan, score, fairness, nearness = (
        np.concatenate(column) if parts else np.zeros(0, dtype=kind)
        for column, kind in zip(
            zip(*parts, strict=True) if parts else [()] * 5, (int, int, float, float, float),
            strict=True,
        )
    )  # fmt: skip
    order = _merged(at, kelurahan, score)[:most]
    chosen = at[order]
    return Picks(
        rts, first, per_month, chosen, score[order], need[chosen], fairness[order],
        nearness[order], size[chosen],
    )  # fmt: skip


def _groups(starts: _Ints) -> Iterator[_Ints]:
    """Kelurahan of similar size, as many as may be looked at together."""
    counts = np.diff(starts)
    by_size = np.argsort(counts, kind="stable")
    begin = 0
    while begin < len(by_size):
        end = begin + 1
        while end < len(by_size) and (end + 1 - begin) * counts[by_size[end]] ** 2 <= _AT_ONCE:
            end += 1
        yield by_size[begin:end]
        begin = end


_Orders = tuple[_Ints, _Ints, _Floats, _Floats, _Floats]


def _orders(
    rts: WaitingRts, group: _Ints, fixed: _Floats, weights: WaveWeights, most: int
) -> _Orders:
    """The order of every kelurahan of a group, one kelurahan after the other.

    The answer is place of the RT, kelurahan, score, fairness and nearness when it was chosen.
    """
    counts = np.diff(rts.starts)[group]
    width = int(counts.max())
    at = rts.starts[group][:, None] + np.arange(width)
    real = np.arange(width) < counts[:, None]
    at = np.where(real, at, 0)
    joined, own = rts.joined[at] & real, np.where(real, fixed[at], -np.inf)
    left = (real & ~joined).sum(axis=1)
    closeness = _closeness(rts._numbers[at], rts.lat[at], rts.lon[at])
    nearness = np.where(joined[:, :, None], closeness, 0.0).max(axis=1)
    every = np.arange(len(group))
    found: list[_Orders] = []
    for _ in range(min(int(left.max(initial=0)), most)):
        fairness = left / counts
        # Sums of equal parts may differ in their last bit; equals must go by code.
        score = np.round(
            own + weights.fairness * fairness[:, None] + weights.nearness * nearness, 9
        )
        best = np.argmax(score, axis=1)
        live = left > 0
        some, chosen = every[live], best[live]
        found.append(
            (at[some, chosen], group[live], score[some, chosen], fairness[live],
             nearness[some, chosen])
        )  # fmt: skip
        own[some, chosen] = -np.inf
        left = left - live
        nearness[live] = np.maximum(nearness[live], closeness[some, chosen])
    if not found:
        none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
        return none, none, nothing, nothing, nothing
    at, kelurahan, *rest = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(kelurahan, kind="stable")
    score, fairness, nearness = (column[order] for column in rest)
    return at[order], kelurahan[order], score, fairness, nearness


def _merged(at: _Ints, kelurahan: _Ints, score: _Floats) -> _Ints:
    """The order in which the heads of all kelurahan are taken, the best of them each time.

    An RT comes after those before it in its kelurahan: what is better than one of them follows
    that one at once. So RTs go by the worst rank that stands in their kelurahan up to them.
    """
    places = np.arange(len(at))
    rank = np.empty(len(at), dtype=np.int64)
    rank[np.lexsort((at, -score))] = places
    # A kelurahan's ranks lie above all of those before it, so that one sweep keeps them apart.
    new = np.concatenate(([False], kelurahan[1:] != kelurahan[:-1]))
    above = np.cumsum(new) * len(at)
    worst = np.maximum.accumulate(rank + above) - above
    merged: _Ints = np.lexsort((places, worst))
    return merged


def runs(codes: Sequence[str]) -> tuple[tuple[str, ...], _Ints]:
    """Each code of a sorted list once, and where it begins; the last place is the length."""
    column = np.asarray(codes, dtype=object)
    new = np.concatenate((np.ones(min(1, len(column)), dtype=bool), column[1:] != column[:-1]))
    starts = np.flatnonzero(new)
    return tuple(column[starts]), np.append(starts, len(column)).astype(np.int64)


def _closeness(number: _Floats, lat: _Floats, lon: _Floats) -> npt.NDArray[np.float64]:
    """1 ÷ (1 + steps) between the RTs of each kelurahan (a row)."""
    steps = abs(number[:, :, None] - number[:, None, :])
    if not np.isnan(lat).all():
        north = (lat[:, :, None] - lat[:, None, :]) * METRES_PER_DEGREE
        east = lon[:, :, None] - lon[:, None, :]
        east = east * METRES_PER_DEGREE * np.cos(np.radians(lat))[:, None, :]
        metres = np.hypot(north, east)
        steps = np.where(np.isnan(metres), steps, metres / STEP_M)
    closeness: npt.NDArray[np.float64] = 1 / (1 + steps)
    return closeness


def _against_most(values: _Floats, waiting: _Flags) -> _Floats:
    found: _Floats = np.maximum(values, 0.0)
    most = float(found[waiting].max(initial=0.0))
    return np.minimum(found / most, 1.0) if most else np.zeros(len(values))


def _known(values: Iterable[float | None]) -> _Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=float)
