"""A picked view: what to show, small enough for a link; `view_of` makes the view of it.

In an address a list of picks is text such as `cakupan.kelurahan~perubahan.kecamatan.b2025-06`: kind
and level, then fields, each a letter and its value. What people wrote, titles and names of
scenarios, is never in it: addresses end up in logs and histories.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal, cast, get_args

from jambi_dash.domain import scenario_link
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.simulation import simulate
from jambi_dash.exports.views import (
    LEVELS,
    SCENARIO_SHOWS,
    Level,
    MapView,
    coverage_view,
    difference_view,
    rollout_view,
    scenario_view,
)
from jambi_dash.geography.levels import BaseKind
from jambi_dash.queries.coverage import meta_of
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.releases.scenarios import ScenarioShelf

PickKind = Literal["coverage", "difference", "rollout", "scenario"]
Show = Literal["before", "after", "difference"]

MOST_PICKS = 40
"""In one list: an atlas is one file of its own, not a pick for each kelurahan."""
LONGEST_LIST = 24_000
"""Characters of a list in an address."""
DIFFERENCE_MONTHS = 6
"""How far back a difference looks where the pick does not say."""

_WORDS: dict[PickKind, str] = {
    "coverage": "cakupan",
    "difference": "perubahan",
    "rollout": "kampung",
    "scenario": "simulasi",
}
_LETTERS = {
    "at": "m", "day": "d", "before": "b", "cohort": "k", "denominator": "p", "base": "o",
    "show": "t", "scenario": "s", "saved": "i",
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
_LINK = re.compile(rf"[A-Za-z0-9_-]{{1,{scenario_link.LONGEST_LINK}}}")
_LONGEST_TITLE = 160


@dataclass(frozen=True)
class Pick:
    """A view that somebody chose. `None` and empty mean what the view itself takes by default.

    Attributes:
        kind: Coverage, its difference between two months, Kampung Bahagia, or a scenario.
        level: What an area is; a scenario has its own.
        cohort: Of coverage and difference.
        at: Month of coverage, last month of a difference.
        before: First month of a difference.
        day: Of Kampung Bahagia.
        denominator: Of coverage and difference.
        base: What it is drawn on; official boundaries where they are installed.
        scenario: The text of `scenario_link.encode`.
        saved: Id of a saved scenario, instead of `scenario`.
        show: What of a scenario.
        name: What people call the scenario of `scenario`.
        title: Stands for the view's own title.
    """

    kind: PickKind
    level: Level = "kelurahan"
    cohort: str | None = None
    at: Month | None = None
    before: Month | None = None
    day: date | None = None
    denominator: str | None = None
    base: BaseKind | None = None
    scenario: str | None = None
    saved: str | None = None
    show: Show = "after"
    name: str = ""
    title: str = ""

    def bare(self) -> Pick:
        """The same without what people wrote: two picks that are equal so are one view."""
        return replace(self, name="", title="")

    def text(self) -> str:
        """The pick in an address."""
        parts = [_WORDS[self.kind], self.level]
        for name, letter in _LETTERS.items():
            value = getattr(self, name)
            if value is not None and not (name == "show" and self.kind != "scenario"):
                parts.append(letter + str(value))
        return ".".join(parts)

    def to_json(self) -> dict[str, str]:
        """Every field that says something, titles and names too; `from_json` reads it."""
        return {
            field.name: str(value)
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None and value != field.default
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Pick:
        """The inverse of `to_json`.

        Raises:
            Refusal: not a pick.
        """
        if not isinstance(raw, Mapping) or not all(isinstance(v, str) for v in raw.values()):
            raise _foreign()
        if raw.keys() - {field.name for field in fields(cls)}:
            raise _foreign()
        title, name = (" ".join(raw.get(k, "").split())[:_LONGEST_TITLE] for k in ("title", "name"))
        return replace(_read({k: v for k, v in raw.items() if k not in ("title", "name")}),
                       title=title, name=name)  # fmt: skip


def scenario_pick(
    scenario: Scenario, release: str, show: Show = "after", base: BaseKind | None = None
) -> Pick:
    """The pick of a scenario that was worked out on a release.

    Raises:
        Refusal: the scenario is too long for a link.
    """
    return Pick(
        "scenario",
        level="rt" if scenario.by == "rt" else "kelurahan",
        scenario=scenario_link.encode(scenario, release),
        show=show,
        base=base,
        name=scenario.name,
    )


def list_text(picks: Iterable[Pick]) -> str:
    """A list of picks in an address."""
    return "~".join(pick.text() for pick in picks)


def read_list(text: str) -> tuple[list[Pick], int]:
    """The picks of an address, each once and in their order, and how many parts were none."""
    if len(text) > LONGEST_LIST:
        return [], 1
    found: dict[Pick, None] = {}
    spoilt = 0
    for part in filter(None, text.split("~")):
        try:
            found[read_pick(part)] = None
        except Refusal:
            spoilt += 1
    return list(found)[:MOST_PICKS], spoilt + max(0, len(found) - MOST_PICKS)


def read_pick(text: str) -> Pick:
    """The pick that `Pick.text` wrote.

    Raises:
        Refusal: a text that it did not write; it is not quoted, for it may be anybody's.
    """
    word, *rest = text.split(".")
    kinds = {word: kind for kind, word in _WORDS.items()}
    names = {letter: name for name, letter in _LETTERS.items()}
    raw: dict[str, str] = {"kind": kinds.get(word, ""), "level": rest[0] if rest else ""}
    for part in rest[1:]:
        name = names.get(part[:1], "")
        if not name or name in raw:
            raise _foreign()
        raw[name] = part[1:]
    return _read(raw)


def _read(raw: Mapping[str, str]) -> Pick:
    kind, level = raw.get("kind", ""), raw.get("level", "kelurahan")
    base, show = raw.get("base"), raw.get("show", "after")
    months = {key: Month.parse_iso(raw[key]) for key in ("at", "before") if key in raw}
    try:
        day = date.fromisoformat(raw["day"]) if "day" in raw else None
    except ValueError:
        raise _foreign() from None
    sound = (
        kind in get_args(PickKind)
        and level in LEVELS
        and base in (None, *get_args(BaseKind))
        and show in SCENARIO_SHOWS
        and None not in months.values()
        and all(_NAME.fullmatch(raw[k]) for k in ("cohort", "denominator", "saved") if k in raw)
        and all(_LINK.fullmatch(raw[k]) for k in ("scenario",) if k in raw)
        and (kind == "scenario") == (("scenario" in raw) != ("saved" in raw))
    )
    if not sound or (kind == "scenario" and level in ("city", "kecamatan")):
        raise _foreign()
    return Pick(
        cast(PickKind, kind),
        cast(Level, level),
        cohort=raw.get("cohort"),
        at=months.get("at"),
        before=months.get("before"),
        day=day,
        denominator=raw.get("denominator"),
        base=cast(BaseKind | None, base),
        scenario=raw.get("scenario"),
        saved=raw.get("saved"),
        show=cast(Show, show),
    )


def release_of(pick: Pick, shelf: ScenarioShelf | None = None) -> str | None:
    """The release that a scenario was worked out on; `None`: whichever holds.

    Raises:
        Refusal: the link is spoilt, or the saved scenario is gone.
    """
    return scenario_of(pick, shelf)[1] if pick.kind == "scenario" else None


def scenario_of(pick: Pick, shelf: ScenarioShelf | None = None) -> tuple[Scenario, str | None]:
    """The scenario of a pick of that kind, and the release that it was worked out on.

    Raises:
        Refusal: the link is spoilt, or the saved scenario is gone.
    """
    if pick.saved is not None:
        if shelf is None:
            raise _foreign()
        saved = shelf.get(pick.saved)
        return saved.scenario(), saved.release
    scenario, release = scenario_link.decode(pick.scenario or "")
    return replace(scenario, name=pick.name), release


def view_of(
    pick: Pick, door: Door, *, public: bool = False, shelf: ScenarioShelf | None = None
) -> MapView:
    """The view of a pick.

    Args:
        pick: what to show.
        door: the release; for a scenario that of `release_of`.
        public: hide small counts; RT are refused.
        shelf: where saved scenarios lie.

    Raises:
        Refusal: RT in public, an unknown cohort or denominator, a scenario of another release.
        ReconciliationError: the parts do not add up.
    """
    view = _view(pick, door, public, shelf)
    return replace(view, title=pick.title) if pick.title else view


def _view(pick: Pick, door: Door, public: bool, shelf: ScenarioShelf | None) -> MapView:
    asked: dict[str, Any] = {
        "level": pick.level, "cohort": pick.cohort, "at": pick.at,
        "denominator": pick.denominator, "public": public,
    }  # fmt: skip
    if pick.kind == "coverage":
        return coverage_view(door, **asked)
    if pick.kind == "difference":
        last = pick.at or Month.of(date.fromisoformat(meta_of(door)["as_of"]))
        return difference_view(door, before=pick.before or last.plus(-DIFFERENCE_MONTHS), **asked)
    if pick.kind == "rollout":
        return rollout_view(door, level=pick.level, at=pick.day, public=public)
    scenario, release = scenario_of(pick, shelf)
    if release is not None and release != (here := meta_of(door)["release"]):
        raise Refusal(
            t("Skenario ini dihitung dari rilis {other}, bukan {release}; buka skenario itu lalu "
              "ekspor lagi.", other=release, release=here)
        )  # fmt: skip
    found = simulate(baseline(door, scenario.by, public=public), scenario)
    return scenario_view(door, found, show=pick.show, public=public)


def _foreign() -> Refusal:
    return Refusal(
        t(
            "Tautan bahan paparan ini rusak atau bukan dari dasbor ini; minta tautannya dikirim ulang."
        )
    )
