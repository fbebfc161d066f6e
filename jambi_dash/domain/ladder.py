"""The ladder from proposal to payment: how many stand where, since when, and why some came back.

A roster knows somebody's stage, not the day on which it began. What is known is between which two
releases it began, so every number of days is a span: at least, and at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jambi_dash.domain.coverage import ReconciliationError
from jambi_dash.domain.membership import sums


@dataclass(frozen=True)
class Entry:
    """People in one stage since the same two dates.

    They came in after `entered_after` (`None`: no release tells) and by `entered_by`.
    """

    stage: str
    kelurahan_code: str | None
    reason: str | None
    entered_by: date
    entered_after: date | None
    people: int


@dataclass(frozen=True)
class Move:
    """People who went from one stage to another between two releases, seen in the later.

    `to_stage` is `None` for people who are on no list any more. They had been in the first stage
    for `days_least` to `days_most` days, each `None` where no release tells.
    """

    kelurahan_code: str | None
    from_stage: str
    to_stage: str | None
    reason: str | None
    seen: date
    days_least: int | None
    days_most: int | None
    people: int


@dataclass(frozen=True)
class Days:
    """Days of `people` in one stage: the median of the fewest and of the most that they can be.

    `most` is `None` where fewer than half of the people are known to have come in after some day;
    `longest` is the longest of the fewest.
    """

    people: int
    least: int
    most: int | None
    longest: int


def days_of(spans: Iterable[tuple[int, int | None, int]]) -> Days | None:
    """The days of spans (fewest, most, people); `None` without people."""
    found = [span for span in spans if span[2] > 0]
    people = sum(n for *_, n in found)
    if not people:
        return None
    endless = max((most for _, most, _ in found if most is not None), default=0) + 1
    most = _median([(endless if most is None else most, n) for _, most, n in found])
    return Days(
        people,
        _median([(least, n) for least, _, n in found]),
        None if most == endless else most,
        max(least for least, _, _ in found),
    )


def _median(weighted: Iterable[tuple[int, int]]) -> int:
    """The lower median of values with their counts."""
    ordered = sorted(weighted)
    half = (sum(n for _, n in ordered) + 1) // 2
    for value, n in ordered:
        half -= n
        if half <= 0:
            return value
    raise ValueError("nothing to take the median of")


@dataclass(frozen=True)
class Step:
    """One stage: people in it now, in it or beyond, their days in it so far, and of those who left.

    `stalled` have been in it for at least as many days as the limit says.
    """

    stage: str
    people: int
    reached: int
    waiting: Days | None
    left: Days | None
    stalled: int


@dataclass(frozen=True)
class Ladder:
    """The ladder of one cohort on the day of its roster.

    Attributes:
        roster_day: The date of the roster; days are counted up to it.
        stages: The stages on the way, in their order, the paid one last.
        people: By stage, kelurahan and occupation id (`None`: not said), exits too.
        entries: Since when those who are not paid stand where they stand; empty where the release
            is too old to tell.
        moves: All steps that releases have seen.
        limit: Days from which on a proposal counts as stalled.
    """

    cohort: str
    roster_day: date
    stages: tuple[str, ...]
    people: tuple[tuple[str, str | None, str | None, int], ...]
    entries: tuple[Entry, ...]
    moves: tuple[Move, ...]
    limit: int

    @property
    def by_stage(self) -> dict[str, int]:
        """People by stage, exits too."""
        return sums((stage, n) for stage, _, _, n in self.people)

    @property
    def waiting_stages(self) -> tuple[str, ...]:
        """The stages before the paid one."""
        return self.stages[:-1]

    @property
    def total(self) -> int:
        """Everybody on the list."""
        return sum(n for *_, n in self.people)

    def steps(self) -> tuple[Step, ...]:
        """The stages of the way, in their order."""
        by_stage = self.by_stage
        steps = []
        for index, stage in enumerate(self.stages):
            own = [
                (
                    self._days_since(e.entered_by),
                    None if e.entered_after is None else self._days_since(e.entered_after),
                    e.people,
                )
                for e in self.entries if e.stage == stage
            ]  # fmt: skip
            steps.append(
                Step(
                    stage,
                    by_stage.get(stage, 0),
                    sum(by_stage.get(later, 0) for later in self.stages[index:]),
                    days_of(own),
                    days_of(
                        (m.days_least, m.days_most, m.people)
                        for m in self.moves if m.from_stage == stage and m.days_least is not None
                    ),
                    sum(n for least, _, n in own if least >= self.limit)
                    if stage in self.waiting_stages else 0,
                )
            )  # fmt: skip
        return tuple(steps)

    def _days_since(self, day: date) -> int:
        return max(0, (self.roster_day - day).days)

    def stalled_by_kelurahan(self) -> dict[str | None, int]:
        """People who wait at least as long as the limit says, by kelurahan."""
        return sums(
            (e.kelurahan_code, e.people)
            for e in self.entries
            if e.stage in self.waiting_stages and self._days_since(e.entered_by) >= self.limit
        )

    def returned(self, exits: Iterable[str]) -> dict[tuple[str, str | None], int]:
        """People in an exit, or waiting with a remark, by stage and reason (`None`: none given)."""
        outside = set(exits)
        return sums(
            ((e.stage, e.reason), e.people)
            for e in self.entries
            if e.stage in outside or (e.reason and e.stage in self.waiting_stages)
        )

    def backwards(self) -> dict[tuple[str, str], int]:
        """People who went back to an earlier stage, by from and to."""
        place = {stage: index for index, stage in enumerate(self.stages)}
        return sums(
            ((m.from_stage, m.to_stage), m.people)
            for m in self.moves
            if m.to_stage in place and m.from_stage in place
            and place[m.to_stage] < place[m.from_stage]
        )  # fmt: skip

    def vanished(self) -> dict[str, int]:
        """People who were on the way and are on no list any more, by the stage they were in."""
        return sums((m.from_stage, m.people) for m in self.moves if m.to_stage is None)

    def waiting_list(self) -> dict[tuple[str | None, str | None], int]:
        """People on the way by kelurahan and occupation."""
        return sums(
            ((code, occupation), n)
            for stage, code, occupation, n in self.people
            if stage in self.waiting_stages
        )

    def check(self) -> None:
        """Raises `ReconciliationError` unless those with a date are those who are not paid."""
        if not self.entries:
            return
        unpaid = self.total - self.by_stage.get(self.stages[-1], 0)
        dated = sum(e.people for e in self.entries)
        if dated != unpaid:
            raise ReconciliationError(f"ladder {self.cohort}: {dated} != {unpaid}")
