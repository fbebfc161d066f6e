"""Coverage of workers beside the months since their RT joined: an association, never a cause.

RTs join at different times and for reasons of their own, so what differs here may have differed
before. Joined RTs are lined up by the month in which they joined (month 0); beside them stand, in
the same calendar months, the RTs that had not joined by then, weighted as the joined ones are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jambi_dash.domain.months import Month

MONTHS_AROUND = 6


@dataclass(frozen=True)
class RtCover:
    """One RT: when it joined (`None`: not yet), its eligible workers, covered ones by month.

    `covered` holds the months in which the count changed, with the count from then on, ascending.
    """

    joined: Month | None
    eligible: int
    covered: Sequence[tuple[Month, int]]

    def at(self, month: Month) -> int:
        """Covered workers in a month."""
        found = 0
        for changed, count in self.covered:
            if changed > month:
                break
            found = count
        return found


@dataclass(frozen=True)
class GroupRate:
    """Covered ÷ eligible of a group of RTs; all `None` where the group is too small to be shown.

    For the RTs beside, `rate` is weighted by month and `covered`, `eligible` are `None`.
    """

    rts: int
    covered: int | None
    eligible: int | None
    rate: float | None
    withheld: bool


@dataclass(frozen=True)
class JoiningMonth:
    """So many months after joining (before: negative): the joined RTs and those beside them."""

    offset: int
    joined: GroupRate
    beside: GroupRate


def around_joining(
    rts: Sequence[RtCover], *, last: Month, k: int, around: int = MONTHS_AROUND
) -> tuple[JoiningMonth, ...]:
    """Coverage from `around` months before joining to as many after, as far as `last` reaches.

    An RT counts at each offset whose month is not after `last`, so the groups change: `rts` says
    how many there are. RTs without eligible workers are left out. A group is withheld where it
    has fewer than `k` eligible workers, or where 1 to k − 1 are covered or uncovered.
    """
    counted = [rt for rt in rts if rt.eligible > 0]
    by_month: dict[Month, list[RtCover]] = {}
    for rt in counted:
        if rt.joined is not None and rt.joined <= last:
            by_month.setdefault(rt.joined, []).append(rt)
    all_of = _Sums.by_joining(counted)
    found = []
    for offset in range(-around, around + 1):
        groups = {
            month.plus(offset): group
            for month, group in sorted(by_month.items())
            if month.plus(offset) <= last
        }
        if groups:
            found.append(JoiningMonth(offset, _joined(groups, k), _beside(all_of, groups, k)))
    return tuple(found)


def _joined(groups: Mapping[Month, Sequence[RtCover]], k: int) -> GroupRate:
    pairs = [(rt, month) for month, group in groups.items() for rt in group]
    covered = sum(rt.at(month) for rt, month in pairs)
    eligible = sum(rt.eligible for rt, _ in pairs)
    if _too_small(covered, eligible, k):
        return GroupRate(len(pairs), None, None, None, withheld=True)
    return GroupRate(len(pairs), covered, eligible, covered / eligible, withheld=False)


@dataclass
class _Sums:
    """RTs that joined in the same month, or not yet: a country has too many to ask each of them."""

    rts: int = 0
    eligible: int = 0
    changes: Counter[Month] = field(default_factory=Counter)

    @staticmethod
    def by_joining(rts: Sequence[RtCover]) -> dict[Month | None, _Sums]:
        found: dict[Month | None, _Sums] = defaultdict(_Sums)
        for rt in rts:
            own = found[rt.joined]
            own.rts += 1
            own.eligible += rt.eligible
            before = 0
            for month, count in rt.covered:
                own.changes[month] += count - before
                before = count
        return dict(found)

    def covered(self, month: Month) -> int:
        return sum(change for changed, change in self.changes.items() if changed <= month)


def _beside(
    all_of: Mapping[Month | None, _Sums], groups: Mapping[Month, Sequence[RtCover]], k: int
) -> GroupRate:
    weighted, weights, most = 0.0, 0, 0
    for month, group in groups.items():
        # Before joining an RT must not stand beside itself.
        own = group[0].joined
        others = [
            sums for joined, sums in all_of.items()
            if joined is None or (joined > month and joined != own)
        ]  # fmt: skip
        count = sum(sums.rts for sums in others)
        covered = sum(sums.covered(month) for sums in others)
        eligible = sum(sums.eligible for sums in others)
        if not eligible:
            continue
        if _too_small(covered, eligible, k):
            return GroupRate(count, None, None, None, withheld=True)
        weight = sum(rt.eligible for rt in group)
        weighted += weight * covered / eligible
        weights += weight
        most = max(most, count)
    rate = weighted / weights if weights else None
    return GroupRate(most, None, None, rate, withheld=False)


def _too_small(covered: int, eligible: int, k: int) -> bool:
    return eligible < k or 0 < covered < k or 0 < eligible - covered < k
