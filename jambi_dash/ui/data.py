"""Everything that pages read, and the only module that owns `st.cache_*`.

The pointer of the store is read anew on every run, so a page that is open when a release lands
moves on to it. Caches are keyed by the release's id and hash: a release never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from jambi_dash.charts.area_map import MapAssets, publish_assets
from jambi_dash.domain.coverage import CoverageTable
from jambi_dash.domain.headline import Headline
from jambi_dash.domain.language import current_language, in_language, t
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.simulation import Baseline, Simulation, simulate
from jambi_dash.exports import picks as picking
from jambi_dash.exports.bundle import Item, Order
from jambi_dash.exports.picks import Pick
from jambi_dash.exports.shapes import Shapes, shapes_for
from jambi_dash.exports.vector_map import preview_svg
from jambi_dash.exports.views import MapView
from jambi_dash.geography import boundaries
from jambi_dash.geography.levels import (
    BaseKind,
    Level,
    RegisteredRt,
    cartogram_base,
    publish_level,
    true_base,
)
from jambi_dash.geography.static_files import GeometryFile
from jambi_dash.palette import Theme
from jambi_dash.queries import coverage as queries
from jambi_dash.queries import expansion, summary
from jambi_dash.queries.door import Door, sql_text
from jambi_dash.releases.scenarios import ScenarioShelf
from jambi_dash.releases.store import ReleaseRecord, Store
from jambi_dash.settings import STATIC, default_home

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class OpenRelease:
    """The release that this run of the page answers from."""

    record: ReleaseRecord
    path: Path

    @property
    def at(self) -> Month:
        """The month of the data."""
        return Month.of(self.record.as_of)


def store() -> Store:
    """The store that this process serves."""
    return Store(default_home())


def current_release() -> OpenRelease | None:
    """The current release, verified once for each process; `None` in an empty store."""
    place = store()
    record = place.current()
    if record is None:
        return None
    path = place.path_of(record.release)
    if not _verified(str(path), record.sha256):
        raise place.damaged(record)
    return OpenRelease(record, path)


@st.cache_resource(max_entries=16, show_spinner=False)
def _verified(path: str, sha256: str) -> bool:
    place = store()
    record = place.record_of(Path(path).stem)
    return record is not None and place.verify(record)


@st.cache_resource(max_entries=4, show_spinner=False, on_release=lambda door: door.close())
def _door(path: str) -> Door:
    return Door(Path(path))


def coverage(
    release: OpenRelease,
    *,
    by: str,
    cohort: str | None = None,
    at: Month | None = None,
    denominator: str | None = None,
    public: bool = False,
) -> CoverageTable:
    """The coverage table of `queries.coverage`, remembered."""
    return _coverage(
        str(release.path), release.record.sha256, by, cohort, str(at or release.at), denominator,
        public, current_language(),
    )  # fmt: skip


@st.cache_data(max_entries=400, show_spinner=False)
def _coverage(
    path: str, sha256: str, by: str, cohort: str | None, at: str, denominator: str | None,
    public: bool, language: str,
) -> CoverageTable:  # fmt: skip
    with in_language(language):
        return queries.coverage(
            _door(path), by=by, cohort=cohort, at=Month.parse_iso(at), denominator=denominator,
            public=public,
        )  # fmt: skip


def headline(release: OpenRelease) -> Headline:
    """The figures of the first screen, remembered."""
    return _headline(str(release.path), release.record.sha256, current_language())


@st.cache_data(max_entries=16, show_spinner=False)
def _headline(path: str, sha256: str, language: str) -> Headline:
    with in_language(language):
        return summary.headline(_door(path))


def frame(release: OpenRelease, question: str, **values: Any) -> pd.DataFrame:
    """The answer to `queries/sql/QUESTION.sql` as a frame, remembered."""
    return _frame(str(release.path), question, sql_text(question), tuple(sorted(values.items())))


@st.cache_data(max_entries=200, show_spinner=False)
def _frame(path: str, question: str, sql: str, values: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    return _door(path).frame(question, **dict(values))


def ask(release: OpenRelease, question: Callable[..., Answer], **values: Any) -> Answer:
    """The answer of a function of `queries` whose first argument is the door, remembered.

    `values` must say all of themselves by `repr`: months, dates, texts, numbers.
    """
    name = f"{question.__module__}.{question.__qualname__}"
    answer: Answer = _ask(
        str(release.path), release.record.sha256, current_language(), name,
        repr(sorted(values.items())), question, values,
    )  # fmt: skip
    return answer


@st.cache_data(max_entries=200, show_spinner=False)
def _ask(
    path: str, sha256: str, language: str, name: str, said: str,
    _question: Callable[..., Any], _values: dict[str, Any],
) -> Any:  # fmt: skip
    with in_language(language):
        return _question(_door(path), **_values)


def map_geometry(release: OpenRelease, level: Level, base: BaseKind) -> GeometryFile:
    """The published shapes of a level on the cartogram or on the official boundaries."""
    source = str(boundaries.status(default_home()).content_hash) if base == "true" else base
    # Kecamatan and kelurahan do not change with a release; RTs do.
    of_release = str(release.path) if level == "rt" else ""
    return _geometry(source, level, of_release, current_language())


@st.cache_resource(max_entries=24, show_spinner=False)
def _geometry(source: str, level: Level, path: str, language: str) -> GeometryFile:
    rts = [
        RegisteredRt(kelurahan_code, rt, lat, lon)
        for kelurahan_code, rt, _, _, _, lat, lon in (_door(path).rows("rts") if path else [])
    ]
    installed = boundaries.load(default_home()) if source != "cartogram" else None
    base = true_base(installed.polygons) if installed else cartogram_base()
    with in_language(language):
        return publish_level(STATIC, base, level, rts)


def has_official_boundaries() -> bool:
    """Whether official boundaries are installed and sound."""
    return boundaries.status(default_home()).installed


@st.cache_resource(show_spinner=False)
def map_assets() -> MapAssets:
    """Leaflet and the map's own script, published once for this process."""
    return publish_assets(STATIC)


def previous_release(release: OpenRelease) -> OpenRelease | None:
    """The release that was current before this one, if its file is still sound."""
    place = store()
    name = release.record.previous
    record = place.record_of(name) if name else None
    if record is None or not place.path_of(record.release).is_file():
        return None
    return OpenRelease(record, place.path_of(record.release))


def release_of(name: str) -> OpenRelease | None:
    """A release by its id, if its file is there and sound."""
    place = store()
    record = place.record_of(name)
    path = place.path_of(name) if record else None
    if record is None or path is None or not path.is_file():
        return None
    return OpenRelease(record, path) if _verified(str(path), record.sha256) else None


def baseline(release: OpenRelease, by: str) -> Baseline:
    """The release as the expansion model sees it, remembered. Frozen: all readers share it."""
    return _baseline(str(release.path), release.record.sha256, by, current_language())


@st.cache_resource(max_entries=8, show_spinner=False)
def _baseline(path: str, sha256: str, by: str, language: str) -> Baseline:
    with in_language(language):
        return expansion.baseline(_door(path), by)


def simulation(release: OpenRelease, scenario: Scenario) -> Simulation:
    """The answer to a scenario, remembered: opening a tab must not solve it again."""
    return _simulation(
        str(release.path), release.record.sha256, repr(scenario), current_language(), scenario,
        release,
    )  # fmt: skip


@st.cache_resource(max_entries=64, show_spinner=False)
def _simulation(
    path: str, sha256: str, said: str, language: str, _scenario: Scenario, _release: OpenRelease
) -> Simulation:
    with in_language(language):
        return simulate(baseline(_release, _scenario.by), _scenario)


def release_for(release: OpenRelease, pick: Pick) -> OpenRelease:
    """The release that a pick is answered from: a scenario names its own.

    Raises:
        Refusal: that release is gone, or the pick is spoilt.
    """
    named = picking.release_of(pick, shelf())
    own = release_of(named) if named and named != release.record.release else release
    if own is None:
        raise Refusal(
            t("Rilis {release} dari skenario ini tidak ada di penyimpanan lagi; buka skenarionya di "
              "Simulasi dan hitung dengan data yang berlaku.", release=named)
        )  # fmt: skip
    return own


def view(release: OpenRelease, pick: Pick, *, public: bool = False) -> MapView:
    """The view of a pick, remembered.

    Raises:
        Refusal: the pick cannot be answered, or its release is gone.
    """
    own = release_for(release, pick)
    # A saved scenario keeps its id when it is changed; its revision tells.
    said = f"{pick!r} {shelf().get(pick.saved).revision if pick.saved else ''}"
    return _view(str(own.path), own.record.sha256, said, public, current_language(), pick)


@st.cache_resource(max_entries=120, show_spinner=False)
def _view(
    path: str, sha256: str, said: str, public: bool, language: str, _pick: Pick
) -> MapView:  # fmt: skip
    # Frozen, so all readers may share it.
    with in_language(language):
        return picking.view_of(_pick, _door(path), public=public, shelf=shelf())


def shapes(release: OpenRelease, level: Level, base: BaseKind | None) -> Shapes:
    """What a map of a level is drawn from, remembered; without `base` as `shapes_for` has it."""
    installed = boundaries.status(default_home())
    kind = base or ("true" if installed.installed else "cartogram")
    source = str(installed.content_hash) if kind == "true" else kind
    of_release = str(release.path) if level == "rt" else ""
    return _shapes(source, level, of_release, current_language(), kind, str(release.path))


@st.cache_resource(max_entries=12, show_spinner=False)
def _shapes(
    source: str, level: Level, of_release: str, language: str, kind: BaseKind, _path: str
) -> Shapes:
    with in_language(language):
        return shapes_for(default_home(), _door(_path), level, kind)


def preview(release: OpenRelease, pick: Pick, theme: Theme, *, public: bool = False) -> str:
    """The map of a pick as a small SVG, remembered."""
    found = view(release, pick, public=public)
    drawn_on = shapes(release_for(release, pick), found.level, pick.base)
    return _preview(
        repr((found.title, found.classes, drawn_on.kind, drawn_on.source)), found.origin.release,
        theme, current_language(), found, drawn_on,
    )  # fmt: skip


@st.cache_data(max_entries=80, show_spinner=False)
def _preview(
    said: str, release: str, theme: Theme, language: str, _view: MapView, _shapes: Shapes
) -> str:
    with in_language(language):
        return preview_svg(_view, _shapes, theme=theme)


def order(
    release: OpenRelease, picks: Sequence[Pick], *, public: bool, size: str = "slide",
    dpi: int | None = None, full: bool = False,
) -> Order:  # fmt: skip
    """What the chosen views are made into files from."""
    items = []
    for pick in picks:
        found, own = view(release, pick, public=public), release_for(release, pick)
        here = pick.kind == "scenario" and own.record.release == release.record.release
        items.append(
            Item(
                found,
                shapes(own, found.level, pick.base),
                picking.scenario_of(pick, shelf())[0] if here else None,
            )
        )
    door = _door(str(release.path))
    return Order(default_home(), door, tuple(items), public, size, dpi, full=full)


def shelf() -> ScenarioShelf:
    """The saved scenarios."""
    return ScenarioShelf(default_home())


def history() -> list[ReleaseRecord]:
    """All releases, newest first."""
    return list(reversed(store().history()))


__all__ = [
    "OpenRelease", "Refusal", "ask", "coverage", "current_release", "frame", "headline",
    "history", "previous_release", "store",
]  # fmt: skip
