"""Where each RT stands in Kampung Bahagia on any day, worked out from its log of events.

An RT stands at the furthest stage that it has reached: a later event of an earlier stage is counted
as out of order and takes nothing back. It has joined at its first event from `musyawarah` on.
`dikecualikan` holds until a later event brings the RT back; while it holds, the RT is in no
denominator of progress. Events of RTs outside the register and events dated after the date of the
data are counted apart and change nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, NamedTuple

from jambi_dash.domain.areas import rt_code
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import Vocabulary
from jambi_dash.domain.rollout_plan import whole_months

AreaState = Literal["no_target", "none", "under_way", "all"]
"""Of an area: no RT is to join; none has joined; some have; all have."""

PACE_MONTHS = 3
_DAYS_KEPT = 4


class StageEvent(NamedTuple):
    """An RT reaches a stage on a day."""

    kelurahan_code: str
    rt: str
    stage: str
    day: date


class RtCourse(NamedTuple):
    """The way of one RT of the register.

    `steps` are the days on which its standing changed, ascending, with the stage that holds from
    then on; before the first it is `belum`. `joined_on` is the day of its first joined stage.
    """

    code: str
    kelurahan_code: str
    rt: str
    pilot: bool
    steps: tuple[tuple[date, str], ...]
    joined_on: date | None
    last_event: date | None

    def standing(self, day: date) -> tuple[str, date | None]:
        """The stage in the evening of `day`, and since when; (`belum`, `None`) before any event."""
        at = bisect_right(self.steps, day, key=lambda step: step[0])
        if at == 0:
            return "belum", None
        since, stage = self.steps[at - 1]
        return stage, since


@dataclass(frozen=True)
class RolloutLog:
    """The courses of all RTs of the register in the order of their codes, and what was odd.

    `unknown_rts` and `future_events` are left out of every course; `out_of_order_rts` are RTs of
    the register that a later event would have taken back to an earlier stage. `own` are the
    kelurahan that the log was read for, `None` for all. `quiet` are RTs of the register, by
    kelurahan, that have no event and no course either: a country has nearly nothing else.
    """

    stages: Vocabulary
    courses: tuple[RtCourse, ...]
    unknown_rts: int
    unknown_events: int
    future_events: int
    out_of_order_rts: int
    own: frozenset[str] | None = None
    quiet: Mapping[str, int] = field(default_factory=dict)

    @property
    def rt_total(self) -> int:
        """RTs of the register."""
        return len(self.courses) + sum(self.quiet.values())

    @property
    def is_empty(self) -> bool:
        """Whether no event of a known RT is there."""
        return not any(course.steps for course in self.courses)

    @cached_property
    def _apart(self) -> frozenset[str]:
        return frozenset(term.id for term in self.stages.terms if term.side_exit)

    @cached_property
    def _ever_apart(self) -> tuple[RtCourse, ...]:
        return tuple(c for c in self.courses if any(stage in self._apart for _, stage in c.steps))

    @cached_property
    def _stood(self) -> dict[date, Standings]:
        return {}

    def excluded(self, day: date) -> int:
        """RTs that were apart in the evening of `day`, without looking at all others."""
        return sum(course.standing(day)[0] in self._apart for course in self._ever_apart)

    def at(self, day: date) -> Standings:
        """Every RT as it stood in the evening of `day`; the last few days are remembered."""
        found = self._stood.get(day)
        if found is None:
            found = self._at(day)
            for old in list(self._stood)[: 1 - _DAYS_KEPT]:
                self._stood.pop(old, None)
            self._stood[day] = found
        return found

    def _at(self, day: date) -> Standings:
        apart = self._apart
        return Standings(
            day,
            tuple(
                RtStanding(
                    course,
                    stage,
                    since,
                    excluded=stage in apart,
                    joined=stage not in apart
                    and course.joined_on is not None
                    and course.joined_on <= day,
                )
                for course in self.courses
                for stage, since in [course.standing(day)]
            ),
            self.stages.ids,
            self.own,
            self.quiet,
        )


class RtStanding(NamedTuple):
    """One RT on one day: its stage, since when (`None`: no event yet), and how it counts."""

    course: RtCourse
    stage: str
    since: date | None
    excluded: bool
    joined: bool


@dataclass(frozen=True)
class Standings:
    """All RTs of the register, or those of the kelurahan `own`, on one day.

    `quiet` are further RTs by kelurahan, of which nothing was ever told.
    """

    day: date
    rts: tuple[RtStanding, ...]
    stage_ids: tuple[str, ...]
    own: frozenset[str] | None = None
    quiet: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """RTs of the register."""
        return len(self.rts) + sum(self.quiet.values())

    @cached_property
    def joined(self) -> int:
        """RTs that have joined and are not excluded."""
        return sum(rt.joined for rt in self.rts)

    @cached_property
    def excluded(self) -> int:
        """RTs that are apart."""
        return sum(rt.excluded for rt in self.rts)

    @property
    def left(self) -> int:
        """RTs that are to join and have not."""
        return self.total - self.excluded - self.joined

    def stages(self) -> dict[str, int]:
        """RTs by stage, every stage in its order, `dikecualikan` among them; adds up to all."""
        counts = _by_stage(self.rts, self.stage_ids, sum(self.quiet.values()))
        return {stage: counts[stage] for stage in self.stage_ids}

    def joined_by_month(self) -> dict[Month, int]:
        """New RTs by the month in which they joined, ascending; adds up to `joined`."""
        return dict(self._joined_by_month)

    @cached_property
    def _joined_by_month(self) -> dict[Month, int]:
        days = Counter(rt.course.joined_on for rt in self.rts if rt.joined and rt.course.joined_on)
        months: Counter[Month] = Counter()
        for day, count in days.items():
            months[Month.of(day)] += count
        return dict(sorted(months.items()))

    def monthly_pace(self) -> list[int]:
        """New RTs of each whole month from the first with one, oldest first.

        The month that is still running counts only while there is no other, and else at the end
        only if the day is its last.
        """
        by_month = self.joined_by_month()
        if not by_month:
            return []
        now = Month.of(self.day)
        last = now if self.day == now.last_day() else now.plus(-1)
        first = next(iter(by_month))
        if first > last:
            return [by_month[first]]
        return [
            by_month.get(Month.from_index(i), 0) for i in range(first.index(), last.index() + 1)
        ]

    def recent(self) -> int:
        """RTs that joined in the last three whole months."""
        return sum(self.monthly_pace()[-PACE_MONTHS:])

    def has_progress(self) -> bool:
        """Whether an RT joined in the last three whole months or since."""
        running = self.joined_by_month().get(Month.of(self.day), 0)
        return self.recent() + running > 0


def build_log(
    register: Iterable[tuple[str, str, bool]],
    events: Iterable[StageEvent],
    stages: Vocabulary,
    *,
    as_of: date,
    quiet: Mapping[str, int] | None = None,
) -> RolloutLog:
    """Courses from the register and the log.

    Args:
        register: kelurahan code, RT and whether it is a pilot, for every RT.
        events: in any order; of RTs that do not exist too.
        stages: the stages of an RT in their order.
        as_of: the date of the data: later events are not believed.
        quiet: RTs by kelurahan that are left out of `register` because they have no event.
    """
    place = {stage: i for i, stage in enumerate(stages.ids)}
    by_rt: dict[tuple[str, str], list[StageEvent]] = defaultdict(list)
    for event in events:
        by_rt[(event.kelurahan_code, event.rt)].append(event)
    courses, future, out_of_order = [], 0, 0
    for kelurahan_code, rt, pilot in sorted(register):
        # On one day the further stage counts.
        told = sorted(
            by_rt.pop((kelurahan_code, rt), ()), key=lambda e: (e.day, place[e.stage])
        )  # fmt: skip
        known = [event for event in told if event.day <= as_of]
        future += len(told) - len(known)
        steps, joined_on, backwards = _steps(known, stages, place)
        out_of_order += backwards
        courses.append(
            RtCourse(
                rt_code(kelurahan_code, rt),
                kelurahan_code,
                rt,
                pilot,
                steps,
                joined_on,
                known[-1].day if known else None,
            )
        )
    return RolloutLog(
        stages,
        tuple(courses),
        unknown_rts=len(by_rt),
        unknown_events=sum(len(events) for events in by_rt.values()),
        future_events=future,
        out_of_order_rts=out_of_order,
        quiet=quiet or {},
    )


def _steps(
    events: Sequence[StageEvent], stages: Vocabulary, place: dict[str, int]
) -> tuple[tuple[tuple[date, str], ...], date | None, bool]:
    """The changes of standing of one RT, the day it joined, and whether its log goes backwards."""
    steps: list[tuple[date, str]] = []
    joined_on: date | None = None
    furthest, backwards = 0, False
    for event in events:
        term = stages.by_id[event.stage]
        if term.side_exit:
            standing = term.id
        else:
            backwards |= place[term.id] < furthest
            furthest = max(furthest, place[term.id])
            standing = stages.ids[furthest]
            if term.joined and joined_on is None:
                joined_on = event.day
        if not steps and standing == stages.ids[0]:
            continue
        if not steps or steps[-1][1] != standing:
            steps.append((event.day, standing))
    return tuple(steps), joined_on, backwards


class RolloutRow(NamedTuple):
    """An area: its RTs, those excluded, those joined.

    `share` is joined ÷ (all − excluded), `None` where no RT is to join. `required_per_month` is
    what is left ÷ whole months to the deadline, `None` without a whole month. `last_event` is the
    day of the newest event: how old the news from this area is.
    """

    code: str
    name: str
    rt_total: int
    excluded: int
    joined: int
    share: float | None
    state: AreaState
    stages: dict[str, int]
    required_per_month: float | None
    last_event: date | None

    @property
    def left(self) -> int:
        """RTs that are to join and have not."""
        return self.rt_total - self.excluded - self.joined

    def to_json(self) -> dict[str, Any]:
        """The row of contract section 5, with what is excluded."""
        return {
            "code": self.code,
            "name": self.name,
            "rt_total": self.rt_total,
            "excluded": self.excluded,
            "joined": self.joined,
            "share": self.share,
        }


def make_row(
    code: str, name: str, rts: Sequence[RtStanding], stage_ids: Sequence[str], months_left: int,
    quiet: int = 0,
) -> RolloutRow:  # fmt: skip
    """The row of an area from its RTs and so many `quiet` ones; `months_left` to the deadline."""
    # One sweep, since a country has 34.000 kelurahan.
    counts = dict.fromkeys(stage_ids, 0)
    counts[stage_ids[0]] = quiet
    excluded = joined = 0
    last_event: date | None = None
    for rt in rts:
        counts[rt.stage] += 1
        excluded += rt.excluded
        joined += rt.joined
        news = rt.course.last_event
        if news is not None and (last_event is None or news > last_event):
            last_event = news
    total = len(rts) + quiet
    counted = total - excluded
    return RolloutRow(
        code,
        name,
        total,
        excluded,
        joined,
        joined / counted if counted else None,
        area_state(counted, joined),
        counts,
        required_pace(counted - joined, months_left),
        last_event,
    )


def _by_stage(rts: Iterable[RtStanding], stage_ids: Sequence[str], quiet: int) -> Counter[str]:
    counts = Counter(rt.stage for rt in rts)
    counts[stage_ids[0]] += quiet
    return counts


def area_state(counted: int, joined: int) -> AreaState:
    """How an area looks; 0 of 0 is no target and never done."""
    if counted == 0:
        return "no_target"
    if joined == 0:
        return "none"
    return "all" if joined == counted else "under_way"


def required_pace(left: int, months_left: int) -> float | None:
    """RTs a month to finish in time; 0 when none is left, `None` when no whole month is."""
    if left == 0:
        return 0.0
    return left / months_left if months_left else None


@dataclass(frozen=True)
class Spread:
    """How evenly kelurahan take part, of those in which an RT is to join.

    `ratio` is the lowest share ÷ the highest: 1 is even, 0 means that one has none; `None` before
    anybody has joined. `pilots_joined` are pilots among those that have joined.
    """

    kelurahan_without: tuple[RolloutRow, ...]
    best: RolloutRow | None
    worst: RolloutRow | None
    ratio: float | None
    pilots_joined: int
    joined: int


def spread(rows: Sequence[RolloutRow], standings: Standings) -> Spread:
    """The spread over kelurahan `rows`; of equal shares the first code is named."""
    with_target = [row for row in rows if row.share is not None]
    best = max(with_target, key=lambda row: row.share or 0, default=None)
    worst = min(with_target, key=lambda row: row.share or 0, default=None)
    return Spread(
        kelurahan_without=tuple(row for row in with_target if row.joined == 0),
        best=best,
        worst=worst,
        ratio=(worst.share or 0) / best.share if best and worst and best.share else None,
        pilots_joined=sum(rt.joined and rt.course.pilot for rt in standings.rts),
        joined=standings.joined,
    )


@dataclass(frozen=True)
class StageAge:
    """An RT under way, and how long it has stood where it stands; `limit` in days or `None`."""

    code: str
    kelurahan_code: str
    stage: str
    since: date
    days: int
    limit: int | None

    @property
    def stalled(self) -> bool:
        """Longer in its stage than the plan's limit."""
        return self.limit is not None and self.days > self.limit


def stage_ages(standings: Standings, limits: dict[str, int]) -> tuple[StageAge, ...]:
    """RTs under way, the stalled first, then by days; finished, excluded and unbegun are apart."""
    ages = [
        StageAge(
            rt.course.code,
            rt.course.kelurahan_code,
            rt.stage,
            rt.since,
            (standings.day - rt.since).days,
            limits[rt.stage],
        )
        for rt in standings.rts
        if rt.since is not None and rt.stage in limits
    ]
    return tuple(sorted(ages, key=lambda age: (not age.stalled, -age.days, age.code)))


def months_left(day: date, deadline: date | None) -> int:
    """Whole months from the evening of `day` to the deadline; 0 without one."""
    return whole_months(day, deadline) if deadline else 0
