"""The plan of Kampung Bahagia as data: targets, waves, milestones, sizes, rates.

Read from `data/facts/rollout.toml`, where each figure stands with its source.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jambi_dash.domain.facts_file import MONTH, read, two
from jambi_dash.domain.language import current_language, worded
from jambi_dash.domain.months import Month
from jambi_dash.settings import FACTS


@dataclass(frozen=True)
class Words:
    """A text of the file in both languages."""

    indonesian: str
    english: str

    def shown(self) -> str:
        """The text in the reader's language."""
        return worded(self.english if current_language() == "en" else self.indonesian)


@dataclass(frozen=True)
class Target:
    """RTs that are to have joined by the end of a month, cumulative."""

    month: Month
    joined: int
    source: Words


@dataclass(frozen=True)
class Wave:
    """A planned group of RTs: from the first through the last month."""

    id: str
    first: Month
    last: Month
    source: Words
    doubt: Words


@dataclass(frozen=True)
class Milestone:
    """A day to be marked on the curve."""

    id: str
    day: date
    label: Words
    source: Words
    doubt: Words


@dataclass(frozen=True)
class SizeClass:
    """RTs from `households` on; `ceiling_idr` is the most such an RT may receive in a year."""

    id: str
    label: Words
    households: int
    ceiling_idr: int
    source: Words
    doubt: Words


@dataclass(frozen=True)
class CoverRates:
    """Marginal rates of construction cover: (slice begins at Rp, rate in 1/10.000), ascending.

    `from_stage`: the stage from which the value of a job counts as a contract.
    """

    tiers: tuple[tuple[int, int], ...]
    from_stage: str
    registration_working_days: int
    source: Words
    doubt: Words
    registration_source: Words


@dataclass(frozen=True)
class RolloutPlan:
    """Everything in the file."""

    targets: tuple[Target, ...]
    default_deadline: date
    deadline_source: Words
    waves: tuple[Wave, ...]
    milestones: tuple[Milestone, ...]
    size_classes: tuple[SizeClass, ...]
    unknown_size: str
    cover: CoverRates
    stalled_after_days: dict[str, int]
    stalled_source: Words
    planner_weights: dict[str, float]

    def size_class(self, household_count: int | None) -> SizeClass:
        """The class of an RT; the file says which one where nobody has counted households."""
        if household_count is None:
            return next(size for size in self.size_classes if size.id == self.unknown_size)
        bounds = [size.households for size in self.size_classes]
        return self.size_classes[max(0, bisect_right(bounds, household_count) - 1)]

    def curve(self, rts: int, deadline: date) -> tuple[tuple[Month, int], ...]:
        """Planned cumulative RTs at the end of each month, from the first target to all `rts`.

        Between two targets, and from the last one to all by the last whole month before
        `deadline`, the plan rises evenly; it never falls and never passes `rts`.
        """
        end = last_whole_month(deadline)
        points = [(t.month, min(t.joined, rts)) for t in self.targets if t.month < end]
        return tuple(_evenly([*points, (end, rts)]))


def last_whole_month(day: date) -> Month:
    """The last month that is over at the end of `day`."""
    month = Month.of(day)
    return month if day == month.last_day() else month.plus(-1)


def whole_months(start: date, end: date) -> int:
    """Whole months from the evening of `start` to the evening of `end`; 0 if `end` is earlier.

    31 December to 31 January is one month, 15 January to 14 February none.
    """
    months = Month.of(end).index() - Month.of(start).index()
    if end < end_after(start, months):
        months -= 1
    return max(0, months)


def end_after(start: date, months: int) -> date:
    """The day so many months after `start`; the last day of a month leads to last days."""
    month = Month.of(start).plus(months)
    last = month.last_day()
    if start == Month.of(start).last_day():
        return last
    return date(month.year, month.month, min(start.day, last.day))


def _evenly(points: Sequence[tuple[Month, int]]) -> list[tuple[Month, int]]:
    filled = [points[0]]
    for (month, value), (next_month, next_value) in pairwise(points):
        months = next_month.index() - month.index()
        filled += [
            (month.plus(i), value + max(0, next_value - value) * i // months)
            for i in range(1, months + 1)
        ]
    return filled


_STALLED: dict[Any, Any] = {**two("source"), str: int}
_SHAPE = {
    "target": [{"month": MONTH, "joined": int, **two("source")}],
    "deadline": {"date": date, **two("source")},
    "wave": [{"id": str, "from": MONTH, "to": MONTH, **two("source", "doubt")}],
    "milestone": [{"id": str, "date": date, **two("label", "source", "doubt")}],
    "size_class": [{
        "id": str, "households": int, "ceiling_idr": int, **two("label", "source", "doubt"),
    }],
    "size_class_unknown": {"id": str, "source?": str},
    "construction": {
        **two("source", "doubt", "registration_source"), "from_stage": str,
        "registration_working_days": int, "tiers": [{"above_idr": int, "per_10000": float}],
    },
    "stalled_after_days": _STALLED,
    "planner": {"source?": str, "need": float, "fairness": float, "nearness": float, "size": float},
}  # fmt: skip


@lru_cache(maxsize=4)
def load_rollout_plan(path: Path = FACTS / "rollout.toml") -> RolloutPlan:
    """Reads the plan."""
    raw = read(path, _SHAPE)
    cover, stalled, planner = raw["construction"], raw["stalled_after_days"], raw["planner"]
    return RolloutPlan(
        targets=tuple(
            sorted(
                (Target(_month(e["month"]), e["joined"], _words(e, "source"))
                 for e in raw["target"]),
                key=lambda target: target.month,
            )
        ),
        default_deadline=raw["deadline"]["date"],
        deadline_source=_words(raw["deadline"], "source"),
        waves=tuple(
            Wave(e["id"], _month(e["from"]), _month(e["to"]), _words(e, "source"),
                 _words(e, "doubt"))
            for e in raw["wave"]
        ),
        milestones=tuple(
            Milestone(e["id"], e["date"], _words(e, "label"), _words(e, "source"),
                      _words(e, "doubt"))
            for e in sorted(raw["milestone"], key=lambda e: e["date"])
        ),
        size_classes=tuple(
            SizeClass(e["id"], _words(e, "label"), e["households"], e["ceiling_idr"],
                      _words(e, "source"), _words(e, "doubt"))
            for e in sorted(raw["size_class"], key=lambda e: e["households"])
        ),
        unknown_size=raw["size_class_unknown"]["id"],
        cover=CoverRates(
            tiers=tuple(sorted((tier["above_idr"], tier["per_10000"]) for tier in cover["tiers"])),
            from_stage=cover["from_stage"],
            registration_working_days=cover["registration_working_days"],
            source=_words(cover, "source"),
            doubt=_words(cover, "doubt"),
            registration_source=_words(cover, "registration_source"),
        ),
        stalled_after_days={k: v for k, v in stalled.items() if isinstance(v, int)},
        stalled_source=_words(stalled, "source"),
        planner_weights={k: float(v) for k, v in planner.items() if k != "source"},
    )  # fmt: skip


def _words(entry: dict[str, Any], key: str) -> Words:
    return Words(entry[key], entry[f"{key}_en"])


def _month(text: str) -> Month:
    found = Month.parse_iso(text)
    if found is None:
        raise ValueError(f"rollout.toml: {text!r} is no month like 2026-01")
    return found
