"""Coverage of workers beside the months since their RT joined: an association, never a cause.

RTs join at different times and for reasons of their own, so what differs here may have differed
before. Joined RTs are lined up by the month in which they joined (month 0); beside them stand, in
the same calendar months, the RTs that had not joined by then, weighted as the joined ones are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jambi_dash.domain.months import Month

MONTHS_AROUND = 6


@dataclass(frozen=True)
class JoinedTogether:
    """RTs that joined in the same month, or have not: how many, and their eligible workers.

    `changes` says by how many their covered workers changed in a month. RTs without eligible
    workers are not among them. A country has too many RTs to ask each of them.
    """

    rts: int
    eligible: int
    changes: Mapping[Month, int]

    def covered(self, month: Month) -> int:
        """Covered workers in a month."""
        return sum(change for changed, change in self.changes.items() if changed <= month)


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
    by_month: Mapping[Month | None, JoinedTogether],
    *,
    last: Month,
    k: int,
    around: int = MONTHS_AROUND,
) -> tuple[JoiningMonth, ...]:
    """Coverage from `around` months before joining to as many after, as far as `last` reaches.

    Args:
        by_month: RTs by the month in which they joined; `None`: not yet.
        last: the last month that is known; an RT counts at each offset whose month is not after
            it, so the groups change: `rts` says how many there are.
        k: a group is withheld where it has fewer eligible workers, or where 1 to k − 1 are
            covered or uncovered.
        around: so many months before and after.
    """
    joined = sorted(
        ((month, group) for month, group in by_month.items() if month is not None and month <= last),
        key=lambda pair: pair[0],
    )  # fmt: skip
    found = []
    for offset in range(-around, around + 1):
        groups = {
            month: group for month, group in joined if group.rts and month.plus(offset) <= last
        }
        if groups:
            found.append(
                JoiningMonth(
                    offset, _joined(groups, offset, k), _beside(by_month, groups, offset, k)
                )
            )
    return tuple(found)


def _joined(groups: Mapping[Month, JoinedTogether], offset: int, k: int) -> GroupRate:
    rts = sum(group.rts for group in groups.values())
    covered = sum(group.covered(month.plus(offset)) for month, group in groups.items())
    eligible = sum(group.eligible for group in groups.values())
    if _too_small(covered, eligible, k):
        return GroupRate(rts, None, None, None, withheld=True)
    return GroupRate(rts, covered, eligible, covered / eligible, withheld=False)


def _beside(
    by_month: Mapping[Month | None, JoinedTogether],
    groups: Mapping[Month, JoinedTogether],
    offset: int,
    k: int,
) -> GroupRate:
    weighted, weights, most = 0.0, 0, 0
    for own, group in groups.items():
        month = own.plus(offset)
        # Before joining an RT must not stand beside itself.
        others = [
            other for joined, other in by_month.items()
            if joined is None or (joined > month and joined != own)
        ]  # fmt: skip
        count = sum(other.rts for other in others)
        covered = sum(other.covered(month) for other in others)
        eligible = sum(other.eligible for other in others)
        if not eligible:
            continue
        if _too_small(covered, eligible, k):
            return GroupRate(count, None, None, None, withheld=True)
        weighted += group.eligible * covered / eligible
        weights += group.eligible
        most = max(most, count)
    rate = weighted / weights if weights else None
    return GroupRate(most, None, None, rate, withheld=False)


def _too_small(covered: int, eligible: int, k: int) -> bool:
    return eligible < k or 0 < covered < k or 0 < eligible - covered < k
