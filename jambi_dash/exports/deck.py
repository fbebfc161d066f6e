"""The deck for the meeting at nine: native maps, charts and tables, notes on every slide."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jambi_dash.domain.headline import Headline
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.simulation import Simulation, simulate
from jambi_dash.exports import deck_slides
from jambi_dash.exports.deck_slides import DeckContent
from jambi_dash.exports.shapes import Shapes, shapes_for
from jambi_dash.exports.slides import Deck
from jambi_dash.exports.theme import load_theme
from jambi_dash.exports.views import MapView, coverage_view, scenario_view
from jambi_dash.geography.levels import BaseKind
from jambi_dash.queries import rollout as rollouts
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.queries.summary import headline
from jambi_dash.releases.store import Store

Section = Literal[
    "headline", "changes", "map", "ranking", "rollout", "expansion", "budget", "definitions"
]
SECTIONS: tuple[Section, ...] = (
    "headline", "changes", "map", "ranking", "rollout", "expansion", "budget", "definitions",
)  # fmt: skip
MOST_SCENARIOS = 3


@dataclass(frozen=True)
class DeckMap:
    """A map to put on a slide of its own; `base` as in `shapes_for`."""

    view: MapView
    base: BaseKind | None = None


@dataclass(frozen=True)
class DeckOptions:
    """What a deck shows.

    Attributes:
        level: The level of map and ranking.
        cohort: Default `pekerja_rentan`.
        at: Month, default that of the data.
        denominator: Default the cohort's own.
        public: Hide small counts.
        base: What maps are drawn on; `None`: official boundaries where installed.
        scenarios: Up to three, compared; none: the expansion to the default target.
        maps: Further maps in this order, each on a slide.
        template: The office's own .pptx or .potx, whose size, master and layouts are used.
        sections: The parts, in the order of `SECTIONS`; maps of `maps` come after `map`.
    """

    level: Literal["kecamatan", "kelurahan"] = "kelurahan"
    cohort: str | None = None
    at: Month | None = None
    denominator: str | None = None
    public: bool = False
    base: BaseKind | None = None
    scenarios: tuple[Scenario, ...] = ()
    maps: tuple[DeckMap, ...] = ()
    template: bytes | None = None
    sections: tuple[Section, ...] = SECTIONS


def build_deck(door: Door, home: Path, options: DeckOptions) -> bytes:
    """The deck as a .pptx; the same release and options give the same bytes.

    Raises:
        Refusal: a template that is no presentation, too many scenarios, a question that the
            release cannot answer.
        ReconciliationError: the parts of a view do not add up.
    """
    return made_deck(door, home, options)[0]


def made_deck(door: Door, home: Path, options: DeckOptions) -> tuple[bytes, Deck, DeckContent]:
    """The same with the presentation and its numbers, for whoever says what was written."""
    if len(options.scenarios) > MOST_SCENARIOS:
        raise Refusal(
            t("Paling banyak {n} skenario dapat dibandingkan dalam satu berkas.", n=MOST_SCENARIOS)
        )
    content = deck_content(door, home, options)
    deck = Deck(load_theme(home), content.view.origin, options.template)
    shapes: dict[tuple[str, BaseKind | None], Shapes] = {}

    def shapes_of(view: MapView, base: BaseKind | None) -> Shapes:
        key = (view.level, base or options.base)
        if key not in shapes:
            shapes[key] = shapes_for(home, door, view.level, key[1])
        return shapes[key]

    for section in options.sections:
        if section == "headline":
            deck_slides.headline_slide(deck, content)
        elif section == "changes":
            deck_slides.changes_slide(deck, content)
        elif section == "map":
            deck_slides.map_slide(deck, content.view, shapes_of(content.view, None))
            for item in options.maps:
                deck_slides.map_slide(deck, item.view, shapes_of(item.view, item.base))
        elif section == "ranking":
            deck_slides.ranking_slides(deck, content)
        elif section == "rollout":
            deck_slides.rollout_slide(deck, content)
        elif section == "expansion":
            deck_slides.expansion_slides(deck, content)
            for view in content.scenario_views:
                deck_slides.map_slide(deck, view, shapes_of(view, None))
        elif section == "budget":
            deck_slides.budget_slide(deck, content)
        else:
            deck_slides.definition_slides(deck, content)
    title = t("Jamsostek pekerja rentan Kota Jambi, {month}", month=content.month_words)
    made = deck.to_bytes(title=title, subject=content.view.origin.line(), of=content.head.as_of)
    return made, deck, content


def deck_content(door: Door, home: Path, options: DeckOptions) -> DeckContent:
    """Every number of a deck, from the same questions as the pages."""
    asked = {"cohort": options.cohort, "at": options.at, "denominator": options.denominator}
    view = coverage_view(door, level=options.level, public=options.public, **asked)  # type: ignore[arg-type]
    head = headline(door, public=options.public, **asked)  # type: ignore[arg-type]
    day = head.as_of
    simulations = _simulations(door, options)
    views = []
    for found in simulations if options.scenarios else ():
        views.append(scenario_view(door, found, show="after", public=options.public))
        if len(simulations) == 1:
            views.append(scenario_view(door, found, show="difference", public=options.public))
    return DeckContent(
        view=view,
        head=head,
        before=None if options.at else _headline_before(home, view.origin.release, options),
        tracker=rollouts.rollout(door, at=day),
        curve=rollouts.curve(door, at=day),
        simulations=simulations,
        scenario_views=tuple(views),
    )


def _simulations(door: Door, options: DeckOptions) -> tuple[Simulation, ...]:
    asked = options.scenarios or (Scenario(),)
    try:
        return tuple(
            simulate(baseline(door, scenario.by, public=options.public), scenario)
            for scenario in asked
        )
    except Refusal:
        # Nobody asked for the usual expansion: a city too small for the public does without.
        if options.scenarios:
            raise
        return ()


def _headline_before(home: Path, release: str, options: DeckOptions) -> Headline | None:
    """The same headline of the release that was current before, if its file is still sound."""
    store = Store(home)
    record = store.record_of(release)
    earlier = store.record_of(record.previous) if record and record.previous else None
    if earlier is None or not store.verify(earlier):
        return None
    try:
        with Door(store.path_of(earlier.release)) as door:
            return headline(door, cohort=options.cohort, denominator=options.denominator,
                            public=options.public)  # fmt: skip
    except Refusal:  # of another version of the program: nothing to compare with
        return None
