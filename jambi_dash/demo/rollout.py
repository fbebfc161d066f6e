"""The invented course of Kampung Bahagia: dated events of the pilots and of those only told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from jambi_dash.demo.parameters import Parameters
from jambi_dash.demo.rts import Rt

STAGES = ("musyawarah", "rencana", "penetapan", "pelaksanaan", "selesai")
"""The stages from joining on."""


@dataclass(frozen=True)
class Event:
    """An RT reaches a stage; money in rupiah, `None` where the event brings none."""

    home: Rt
    stage: str
    day: date
    value: int | None = None
    workers: int | None = None
    ordered: date | None = None
    registered: bool | None = None
    paid: int | None = None


def build_events(
    rts: Sequence[Rt], parameters: Parameters, rng: Random, *, as_of: date
) -> list[Event]:
    """Events by RT and day; by `as_of` exactly the pilots have joined."""
    plan = parameters.rollout
    pilots = [rt for rt in rts if rt.pilot]
    rng.shuffle(pilots)
    pilots.sort(
        key=lambda rt: (rt.kelurahan.code, rt.number) != (plan.launch_kelurahan, plan.launch_rt)
    )
    back = [
        rng.randint(latest, earliest)
        for earliest, latest, count in plan.joins
        for _ in range(count)
    ]
    back[0] = plan.joins[0][0]
    standing = _standing(parameters, rng)

    funded = [n for n, stage in enumerate(standing) if STAGES.index(stage) >= 2]
    rng.shuffle(funded)
    fates = dict(zip(funded, ["unregistered"] * plan.unregistered + ["unpaid"] * plan.unpaid
                     + ["half"] * plan.half_paid, strict=False))  # fmt: skip
    events: list[Event] = []
    for n, home in enumerate(pilots):
        joined = as_of - timedelta(days=back[n])
        told = joined - timedelta(days=rng.randint(14, 45))
        events.append(Event(home, "sosialisasi", _working_day(told)))
        steps = STAGES.index(standing[n])
        for i in range(steps + 1):
            way = (i - rng.uniform(0, 0.4)) / (steps + 0.3) if i else 0.0
            day = joined + timedelta(days=int(back[n] * way))
            if STAGES[i] == "penetapan":
                events.append(
                    _funding(home, _working_day(day), fates.get(n, "paid"), parameters, rng)
                )
            else:
                # People meet when they are free; offices act on working days.
                events.append(Event(home, STAGES[i], _working_day(day) if i else day))
    told_only = rng.sample([rt for rt in rts if not rt.pilot], plan.socialised_only)
    events += [
        Event(rt, "sosialisasi", _working_day(as_of - timedelta(days=rng.randint(5, 75))))
        for rt in told_only
    ]
    return sorted(events, key=lambda e: (e.home.kelurahan.code, e.home.number, e.day))


def _standing(parameters: Parameters, rng: Random) -> list[str]:
    """The stage each pilot stands in, in the order of joining; some fall behind others."""
    plan = parameters.rollout
    standing = [stage for stage in reversed(STAGES) for _ in range(plan.standing.get(stage, 0))]
    second, third = plan.joins[0][2], plan.joins[0][2] + plan.joins[1][2]
    early = [n for n in range(second, third) if standing[n] == "pelaksanaan"]
    late = [n for n in range(third, third + plan.joins[2][2]) if standing[n] == "rencana"]
    for a, b in zip(
        rng.sample(early, plan.fallen_behind), rng.sample(late, plan.fallen_behind), strict=True
    ):
        standing[a], standing[b] = standing[b], standing[a]
    return standing


def _funding(home: Rt, day: date, fate: str, parameters: Parameters, rng: Random) -> Event:
    """The decision on an RT's money, with its construction cover as far as it was seen to."""
    ceiling = parameters.rollout.ceiling
    size = "small" if home.households < 60 else "middle" if home.households < 100 else "large"
    value = 250_000 * int(ceiling[size] * rng.uniform(0.8, 1.0) / 250_000)
    due = value * parameters.rollout.cover_per_10000 // 10_000
    return Event(
        home,
        "penetapan",
        day,
        value=value,
        workers=rng.randint(8, 22),
        ordered=day,
        registered=fate != "unregistered",
        paid={"paid": due, "half": due // 2}.get(fate),
    )


def _working_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
