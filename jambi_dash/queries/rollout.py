"""Kampung Bahagia on any day: the one answer behind page, file and command."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from jambi_dash.domain.areas import load_areas, rt_code
from jambi_dash.domain.construction import (
    ConstructionCover,
    JobFacts,
    construction_cover,
    cover_due,
)
from jambi_dash.domain.disclosure import DEFAULT_K
from jambi_dash.domain.forecast import BandPoint, Forecast, forecast
from jambi_dash.domain.joining import JoinedTogether, JoiningMonth, around_joining
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rollout import (
    PACE_MONTHS,
    RolloutLog,
    RolloutRow,
    RtStanding,
    Spread,
    StageAge,
    StageEvent,
    Standings,
    build_log,
    make_row,
    months_left,
    required_pace,
    spread,
    stage_ages,
)
from jambi_dash.domain.rollout_plan import (
    Milestone,
    RolloutPlan,
    Wave,
    last_whole_month,
    load_rollout_plan,
)
from jambi_dash.domain.waves import WaitingRts, WavePlan, WaveWeights, plan_waves, runs
from jambi_dash.queries.coverage import (
    eligible_of,
    has_all_estimates,
    meta_of,
)
from jambi_dash.queries.door import Door

LEVELS = ("city", "kecamatan", "kelurahan")
BAND_MONTHS = 60
"""The forecast is drawn at most so many months ahead."""


@dataclass(frozen=True)
class RolloutTable:
    """The tracker on the day `at`.

    `rt_total` is every RT of the register; `share` is joined ÷ (rt_total − excluded). `recent` are
    the RTs that joined in the last three whole months, `pace` is that per month.
    `required_per_month` is what is left ÷ whole months to the deadline, `None` without one.
    `unknown_rts`, `unknown_events`, `future_events` and `out_of_order_rts` are counted apart.
    """

    release: str
    as_of: date
    at: date
    synthetic: bool
    by: str
    rt_total: int
    excluded: int
    joined: int
    share: float | None
    stages: dict[str, int]
    rows: tuple[RolloutRow, ...]
    joined_by_month: dict[Month, int]
    recent: int
    pace: float
    required_per_month: float | None
    deadline: date
    deadline_is_default: bool
    forecast: Forecast
    construction: ConstructionCover
    has_log: bool
    unknown_rts: int
    unknown_events: int
    future_events: int
    out_of_order_rts: int

    @property
    def left(self) -> int:
        """RTs that are to join and have not."""
        return self.rt_total - self.excluded - self.joined

    def check(self) -> None:
        """Areas and stages add up to the register; raises `Refusal` where they do not."""
        if not (
            sum(row.rt_total for row in self.rows) == sum(self.stages.values()) == self.rt_total
            and sum(row.joined for row in self.rows) == self.joined
            and sum(self.joined_by_month.values()) == self.joined
        ):
            raise Refusal(
                t("Jumlah RT per wilayah tidak sama dengan {n} RT di daftar; impor ulang daftar RT.",
                  n=self.rt_total)
            )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """The answer of `rollout` in contract section 5."""
        return {
            "release": self.release,
            "as_of": self.as_of.isoformat(),
            "at": self.at.isoformat(),
            "synthetic": self.synthetic,
            "by": self.by,
            "rt_total": self.rt_total,
            "excluded": self.excluded,
            "joined": self.joined,
            "share": self.share,
            "stages": self.stages,
            "rows": [row.to_json() for row in self.rows],
            "pace": {
                "last_3_months": self.recent,
                "required_per_month": self.required_per_month,
                "deadline": self.deadline.isoformat(),
            },
            "forecast": self.forecast.to_json(),
            "jakon": self.construction.to_json(),
            "apart": {
                "unknown_rts": self.unknown_rts,
                "unknown_events": self.unknown_events,
                "future_events": self.future_events,
                "out_of_order_rts": self.out_of_order_rts,
            },
        }


@dataclass(frozen=True)
class StageMapRow:
    """An area or RT on the map of stages.

    For an RT `stage` is its own and `since` the day from which it stands there (`None`: no event
    yet), and `row` is `None`; for an area `stage` is `None` and `row` has its counts.
    """

    code: str
    name: str
    stage: str | None
    since: date | None
    row: RolloutRow | None


@dataclass(frozen=True)
class CurveData:
    """The curve: everything cumulative at the end of a month.

    `plan` from the first target to all by the deadline; `actual` up to the month of `at` (the last
    point may be a month that still runs); `scope` the RTs that are to join, month by month;
    `band` the forecast after `at`, empty without progress or when done; `forecast` the finish.
    """

    at: date
    deadline: date
    plan: tuple[tuple[Month, int], ...]
    actual: tuple[tuple[Month, int], ...]
    scope: tuple[tuple[Month, int], ...]
    band: tuple[BandPoint, ...]
    forecast: Forecast
    waves: tuple[Wave, ...]
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True)
class NextWaves:
    """A plan of waves beside the day and the RTs it starts from."""

    at: date
    joined: int
    counted: int
    plan: WavePlan


def rollout_log(door: Door) -> RolloutLog:
    """The courses of all RTs; everything about stages of RTs follows from it."""
    few = door.rows("register_size")[0][0] <= _MOST_KEPT
    log = door.once("rollout_log", lambda: _log_anew(door)) if few else _log_anew(door)
    return log if door.sight.areas is None else replace(log, own=door.sight.areas)


def area_log(door: Door) -> RolloutLog:
    """The same for areas and days: of a large register only RTs with events have a course."""
    if door.rows("register_size")[0][0] <= _MOST_KEPT:
        return rollout_log(door)
    log = door.once("area_log", lambda: _log_anew(door, told=True))
    return log if door.sight.areas is None else replace(log, own=door.sight.areas)


_MOST_KEPT = 20_000
"""RTs whose courses are remembered with a release: some 12 MB."""


def _log_anew(door: Door, *, told: bool = False) -> RolloutLog:
    register = [(row[0], row[1], bool(row[2])) for row in door.rows("rollout_rts", told=told)]
    events = [StageEvent(*row) for row in door.rows("rollout_events")]
    return build_log(
        register, events, load_programme().rt_stages, as_of=as_of_date(door),
        quiet=dict(door.rows("rollout_quiet")) if told else None,
    )  # fmt: skip


def as_of_date(door: Door) -> date:
    """The date of the data."""
    return date.fromisoformat(meta_of(door)["as_of"])


def rollout(
    door: Door, *, at: date | None = None, by: str = "city", deadline: date | None = None
) -> RolloutTable:
    """The tracker; its sums are checked before it is returned.

    Args:
        door: the release.
        at: the day, default the date of the data; what is dated later is not known.
        by: `city`, `kecamatan` or `kelurahan`; every area is a row, also with 0.
        deadline: the last day on which all are to have joined, default that of the plan.

    Raises:
        Refusal: an unknown level.
    """
    if by not in LEVELS:
        raise Refusal(t("Tingkat {by} tidak ada; pilih: {known}.", by=by, known=", ".join(LEVELS)))
    meta = meta_of(door)
    as_of = date.fromisoformat(meta["as_of"])
    at = at or as_of
    log = area_log(door)
    standings = log.at(at)
    end = deadline or load_rollout_plan().default_deadline
    months = months_left(at, end)
    table = RolloutTable(
        release=meta["release"],
        as_of=as_of,
        at=at,
        synthetic=meta.get("synthetic") == "ya",
        by=by,
        rt_total=standings.total,
        excluded=standings.excluded,
        joined=standings.joined,
        share=_share(standings),
        stages=standings.stages(),
        rows=_rows(standings, by, months),
        joined_by_month=standings.joined_by_month(),
        recent=standings.recent(),
        pace=standings.recent() / PACE_MONTHS,
        required_per_month=required_pace(standings.left, months),
        deadline=end,
        deadline_is_default=deadline is None,
        forecast=_forecast(standings, end),
        construction=construction(door, at=at),
        has_log=not log.is_empty,
        unknown_rts=log.unknown_rts,
        unknown_events=log.unknown_events,
        future_events=log.future_events,
        out_of_order_rts=log.out_of_order_rts,
    )
    table.check()
    return table


def stage_map(door: Door, *, at: date, by: str) -> tuple[StageMapRow, ...]:
    """Stages of every kecamatan, kelurahan or RT (`by`, also `city`) in the order of codes."""
    if by == "rt":
        door.sight.require_internal()
    return stage_rows((rollout_log if by == "rt" else area_log)(door).at(at), by)


def stage_rows(standings: Standings, by: str) -> tuple[StageMapRow, ...]:
    """The same from standings that are known already: a slider over months asks many times."""
    if by != "rt":
        return tuple(
            StageMapRow(row.code, row.name, None, None, row) for row in _rows(standings, by, 0)
        )
    areas, word = load_areas(), t("RT {rt}", rt="{rt}")  # asked once, not for every RT
    names = {
        code: areas.name_of(code) for code in {rt.course.kelurahan_code for rt in standings.rts}
    }
    return tuple(
        StageMapRow(
            rt.course.code,
            f"{word.replace('{rt}', rt.course.rt)} {names[rt.course.kelurahan_code]}",
            rt.stage,
            rt.since,
            None,
        )
        for rt in standings.rts
    )


def stalled(door: Door, *, at: date) -> tuple[StageAge, ...]:
    """RTs under way by days in their stage, those past the plan's limit first."""
    door.sight.require_internal()
    return stage_ages(area_log(door).at(at), load_rollout_plan().stalled_after_days)


def spread_of(door: Door, *, at: date) -> Spread:
    """How evenly kelurahan take part."""
    standings = area_log(door).at(at)
    return spread(_rows(standings, "kelurahan", 0), standings)


def curve(door: Door, *, at: date, deadline: date | None = None) -> CurveData:
    """Plan, actual, scope and forecast as curves over months."""
    door.sight.require_city()
    plan = load_rollout_plan()
    end = deadline or plan.default_deadline
    log = area_log(door)
    standings = log.at(at)
    planned = plan.curve(standings.total - standings.excluded, end)
    first = min([planned[0][0], *standings.joined_by_month()])
    actual, scope, joined = [], [], 0
    for index in range(first.index(), Month.of(at).index() + 1):
        month = Month.from_index(index)
        joined += standings.joined_by_month().get(month, 0)
        actual.append((month, joined))
        scope.append((month, standings.total - log.excluded(min(at, month.last_day()))))
    found = _forecast(standings, end)
    return CurveData(
        at=at,
        deadline=end,
        plan=planned,
        actual=tuple(actual),
        scope=tuple(scope),
        band=found.band,
        forecast=found,
        waves=plan.waves,
        milestones=plan.milestones,
    )


def construction(door: Door, *, at: date) -> ConstructionCover:
    """The construction cover of the jobs of all RTs of the register on the day `at`."""
    # Every table of a page has it: that of the last two days is not worked out again.
    lately: dict[date, ConstructionCover] = door.once("construction", dict)
    found = lately.get(at)
    if found is None:
        found = _construction_anew(door, at)
        for old in list(lately)[:-1]:
            lately.pop(old, None)
        lately[at] = found
    return found


def _construction_anew(door: Door, at: date) -> ConstructionCover:
    stages, rates = load_programme().rt_stages, load_rollout_plan().cover
    rows = door.rows(
        "rollout_jobs",
        day=min(at, as_of_date(door)),
        stages=list(stages.ids),
        apart=[term.id for term in stages.terms if term.side_exit],
        from_stage=rates.from_stage,
    )
    facts = [
        JobFacts(rt_code(kelurahan_code, rt), kelurahan_code, *values)
        for kelurahan_code, rt, *values in rows
    ]
    return construction_cover(facts, rates, day=at)


def next_waves(
    door: Door,
    *,
    at: date,
    weights: WaveWeights | None = None,
    per_month: int,
    months: int,
    cohort: str | None = None,
) -> NextWaves:
    """The RTs of the next months, from the month after `at` on.

    Args:
        door: the release.
        at: the day whose joined RTs and cover the plan starts from.
        weights: what counts how much, default those of the plan file.
        per_month: new RTs in a month.
        months: how many months are planned.
        cohort: whose eligible workers are the need, default `pekerja_rentan`.
    """
    door.sight.require_internal()
    door.sight.require_city()
    weights = weights or WaveWeights(**load_rollout_plan().planner_weights)
    rts = waiting_rts(door, at=at, cohort=cohort)
    made = plan_waves(rts, weights, first=Month.of(at).plus(1), per_month=per_month, months=months)
    return NextWaves(at, int(rts.joined.sum()), len(rts), made)


def waiting_rts(door: Door, *, at: date, cohort: str | None = None) -> WaitingRts:
    """What the planner knows of every RT that is to join or has joined, in the order of codes.

    Ask once and plan many times: `plan_waves` needs nothing else.
    """
    door.sight.require_internal()
    door.sight.require_city()
    plan = load_rollout_plan()
    cohort = cohort or load_programme().default_cohort
    found = door.columns("rts_and_cover", cohort=cohort, month=Month.of(at).first_day())
    standings = area_log(door).at(at).rts
    places = list(zip(found["kelurahan_code"], found["rt"], strict=True))
    joined = _among(places, {_place_of(rt) for rt in standings if rt.joined})
    stay = ~_among(places, {_place_of(rt) for rt in standings if rt.excluded})
    need = np.maximum(_eligible_column(door, cohort, found["eligible_count"]) - found["covered"], 0)
    codes, starts = runs(found["kelurahan_code"][stay])
    households, lat, lon = (
        np.ma.filled(found[name].astype(float), np.nan)[stay]
        for name in ("household_count", "lat", "lon")
    )
    return WaitingRts(
        codes,
        starts,
        np.array(found["rt"][stay].tolist(), dtype=str),
        joined[stay],
        need[stay],
        households,
        _size_places(plan, households),
        tuple((size, cover_due(size.ceiling_idr, plan.cover.tiers)) for size in plan.size_classes),
        lat,
        lon,
    )


def _size_places(plan: RolloutPlan, households: Any) -> Any:
    """The place of every RT's size class in the plan's list, as `RolloutPlan.size_class` has it."""
    bounds = [size.households for size in plan.size_classes]
    known = np.maximum(np.searchsorted(bounds, households, side="right") - 1, 0)
    return np.where(np.isnan(households), plan.size_classes.index(plan.size_class(None)), known)


def _eligible_column(door: Door, cohort: str, estimates: Any) -> Any:
    """Eligible workers of every RT of the register, 0 where unknown."""
    if has_all_estimates(door, cohort):
        return estimates
    eligible = eligible_of(door, cohort)
    if eligible is None:
        return np.zeros(len(estimates), dtype=np.int64)
    return np.array([value or 0 for value in eligible.by_rt], dtype=np.int64)


def before_after(
    door: Door, *, at: date, cohort: str | None = None, k: int = DEFAULT_K
) -> tuple[JoiningMonth, ...]:
    """Coverage by months since joining, beside RTs not yet joined; groups under `k` withheld.

    Months after `at` and a month that still runs on `at` are left out.
    """
    door.sight.require_internal()
    cohort = cohort or load_programme().default_cohort
    register, changes = door.columns("rts"), door.columns("rt_cover_changes", cohort=cohort)
    eligible = _eligible_column(door, cohort, register["eligible_count"])
    standings = area_log(door).at(at).rts
    # Months by number; a number below all of them for RTs that have not joined.
    joined = {
        _place_of(rt): Month.of(rt.course.joined_on).index()
        for rt in standings
        if rt.joined and rt.course.joined_on
    }
    places = list(zip(register["kelurahan_code"], register["rt"], strict=True))
    since = np.fromiter((joined.get(place, -1) for place in places), np.int64, len(places))
    counted = (eligible > 0) & ~_among(places, {_place_of(rt) for rt in standings if rt.excluded})
    groups = {}
    for month in np.unique(since[counted]).tolist():
        own = counted & (since == month)
        told = own[changes["place"]]
        months, at_month = np.unique(changes["month"][told], return_inverse=True)
        sums = np.bincount(at_month, changes["change"][told], minlength=len(months))
        groups[Month.from_index(month) if month >= 0 else None] = JoinedTogether(
            int(own.sum()),
            int(eligible[own].sum()),
            {Month.from_index(m): int(n) for m, n in zip(months.tolist(), sums, strict=True)},
        )
    return around_joining(groups, last=last_whole_month(at), k=k)


def _place_of(rt: RtStanding) -> tuple[str, str]:
    return rt.course.kelurahan_code, rt.course.rt


def _among(places: list[tuple[str, str]], some: set[tuple[str, str]]) -> Any:
    return np.fromiter((place in some for place in places), dtype=bool, count=len(places))


def _share(standings: Standings) -> float | None:
    counted = standings.total - standings.excluded
    return standings.joined / counted if counted else None


def _rows(standings: Standings, by: str, months: int) -> tuple[RolloutRow, ...]:
    names = load_areas().of_level(by, standings.own)
    # 15.71.08.1004 lies in 15.71.08: codes carry their tree.
    length = len(names[0][0])
    parts: dict[str, list[RtStanding]] = defaultdict(list)
    for rt in standings.rts:
        parts[rt.course.kelurahan_code[:length]].append(rt)
    quiet: Counter[str] = Counter()
    for kelurahan_code, count in standings.quiet.items():
        quiet[kelurahan_code[:length]] += count
    return tuple(
        make_row(code, name, parts[code], standings.stage_ids, months, quiet[code])
        for code, name in names
    )


def _forecast(standings: Standings, deadline: date) -> Forecast:
    furthest = max(last_whole_month(deadline), Month.of(standings.day).plus(12))
    return forecast(
        standings.monthly_pace(),
        joined=standings.joined,
        left=standings.left,
        progress=standings.has_progress(),
        at=standings.day,
        deadline=deadline,
        band_until=min(furthest, Month.of(standings.day).plus(BAND_MONTHS)),
    )
