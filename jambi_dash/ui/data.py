"""Everything that pages read, and the only module that owns `st.cache_*`.

The pointer of the store is read anew on every run, so a page that is open when a release lands
moves on to it; within one run it stays, so that no page shows two releases at once. Caches are
keyed by the release's id and hash: a release never changes. Answers are frozen and shared by all
readers (`kept_answers`): a copy for each cost a third of a run. Only frames are copied.

Rights are checked here, at every answer, whatever the page draws: `reader` says who asks, `_sight`
what of a release that person sees (it is part of every cache's key), `require` and `may` are for
what pages do. What is not known to have a form for the public, or for somebody with some areas
only, is refused to them: new questions are added to the lists below when they have one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from jambi_dash.charts.area_map import MapAssets, publish_assets
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import CoverageTable
from jambi_dash.domain.difference import Difference
from jambi_dash.domain.headline import Headline
from jambi_dash.domain.language import current_language, in_language, t
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import EVERYTHING, Reader, Right, Sight
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.simulation import Baseline, Simulation, simulate
from jambi_dash.exports import picks as picking
from jambi_dash.exports.bundle import Item, Order, adding_up
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
    part_of,
    publish_level,
    true_base,
)
from jambi_dash.geography.static_files import GeometryFile
from jambi_dash.palette import Theme
from jambi_dash.queries import coverage as queries
from jambi_dash.queries import expansion, summary
from jambi_dash.queries.difference import difference as releases_compared
from jambi_dash.queries.door import Door, sql_text
from jambi_dash.queries.own_areas import open_door
from jambi_dash.releases.audit import AuditLog, Deed
from jambi_dash.releases.scenarios import ScenarioShelf
from jambi_dash.releases.store import ReleaseRecord, Store
from jambi_dash.settings import STATIC, default_home
from jambi_dash.ui import sign_in
from jambi_dash.ui.kept_answers import forget_older, keep

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


# Questions that have a form for the public, and for somebody who sees some kelurahan only.
_PUBLIC_ANSWERS = frozenset({"rollout.curve", "rollout.rollout", "rollout.rollout_log",
                             "rollout.area_log", "rollout.spread_of", "rollout_news.rollout_news"})  # fmt: skip
_OWN_ANSWERS = frozenset({
    "rollout.area_log", "rollout.construction", "rollout.rollout", "rollout.rollout_log", "rollout.spread_of",
    "rollout.stage_map", "rollout.stalled", "rollout.before_after",
    "claims.by_cohort", "claims.by_month", "claims.claims", "claims.exposure_by_month",
    "claims.span", "claims.waits",
    "ladder.ladder", "membership.bpjs_match", "membership.double_cover", "membership.lapses",
    "membership.paid_person_months", "mending.mend_book",
})  # fmt: skip
_PUBLIC_FRAMES = frozenset({"cohorts", "months"})
_OWN_FRAMES = frozenset({"cohorts", "findings", "months"})


def reader() -> Reader:
    """Who reads in this run of the page."""
    return sign_in.reader()


def may(right: Right) -> bool:
    """Whether the reader has a right: to leave out what would be refused."""
    return reader().may(right)


def require(right: Right) -> None:
    """One line at the top of what a page does; raises `Refusal` without the right."""
    reader().require(right)


def _sight() -> Sight:
    return reader().sight


def _allow(name: str, public: frozenset[str], own: frozenset[str]) -> Sight:
    """The sight for a question; refused where it has no form for that sight."""
    sight = _sight()
    if sight.public and name not in public:
        sight.require_internal()
    if name not in own:
        sight.require_city()
    return sight


def store() -> Store:
    """The store, for who brings data in: files, releases, boundaries."""
    require("data")
    return _store()


def _store() -> Store:
    return Store(default_home())


def log() -> AuditLog:
    """The log, for who may read it."""
    require("log")
    return AuditLog(default_home())


def note(deed: Deed, **facts: Any) -> None:
    """A line in the log for something that goes on without one; a failing log is told."""
    if not AuditLog(default_home()).note(deed, **facts):
        st.warning(
            t("Catatan (log) tidak dapat ditulis; beri tahu petugas data. Pekerjaan Anda tetap "
              "terlaksana."),
            icon=":material/history_edu:",
        )  # fmt: skip


_OF_THIS_RUN = "_rilis_putaran_ini"


def begin_run() -> None:
    """At the top of a run: the release is read anew, once."""
    st.session_state.pop(_OF_THIS_RUN, None)


def current_release() -> OpenRelease | None:
    """The current release, the same for a whole run; `None` in an empty store.

    It is verified once for each process.
    """
    require("read")
    if get_script_run_ctx(suppress_warning=True) is None:
        return _current_release()
    found: OpenRelease | None = st.session_state.get(_OF_THIS_RUN)
    if found is None:
        found = _current_release()
        st.session_state[_OF_THIS_RUN] = found
        if found is not None:
            forget_older(str(found.path))
    return found


def _current_release() -> OpenRelease | None:
    place = _store()
    record = place.current()
    if record is None:
        return None
    path = place.path_of(record.release)
    if not _verified(str(path), record.sha256):
        raise place.damaged(record)
    return OpenRelease(record, path)


@st.cache_resource(max_entries=16, show_spinner=False)
def _verified(path: str, sha256: str) -> bool:
    place = _store()
    record = place.record_of(Path(path).stem)
    return record is not None and place.verify(record)


# Doors to some areas are small and kept in memory: one for each lurah. A door is not closed when it
# is let go of: who holds it still, for a long file, closes it by being done.
@keep(100)
def _door(path: str, sight: Sight) -> Door:
    return open_door(Path(path), sight)


def coverage(
    release: OpenRelease,
    *,
    by: str,
    cohort: str | None = None,
    at: Month | None = None,
    denominator: str | None = None,
    public: bool = False,
    area: str = "",
) -> CoverageTable:
    """The coverage table of `queries.coverage`, remembered."""
    remembered = _coverage_of_rts if by == "rt" else _coverage
    return remembered(
        str(release.path), release.record.sha256, _sight(), by, cohort, str(at or release.at),
        denominator, public, area, current_language(),
    )  # fmt: skip


MOST_DRAWN = 10_000
"""Areas that a page draws at once: more than a city has."""


def all_fit(release: OpenRelease, level: str) -> bool:
    """Whether all areas of a level that the reader may see can be drawn at once."""
    require("read")
    if level != "rt":
        return len(load_areas().of_level(level, reader().areas)) <= MOST_DRAWN
    return _register_size(str(release.path), release.record.sha256, _sight()) <= MOST_DRAWN


@keep(100)
def _register_size(path: str, sha256: str, sight: Sight) -> int:
    return int(_door(path, sight).rows("register_size")[0][0])


@keep(300)
def _coverage(
    path: str, sha256: str, sight: Sight, by: str, cohort: str | None, at: str, denominator: str | None,
    public: bool, area: str, language: str,
) -> CoverageTable:  # fmt: skip
    return _coverage_anew(path, sight, by, cohort, at, denominator, public, area, language)


# A table of RTs is 24 times as large as one of kelurahan.
@keep(32)
def _coverage_of_rts(
    path: str, sha256: str, sight: Sight, by: str, cohort: str | None, at: str, denominator: str | None,
    public: bool, area: str, language: str,
) -> CoverageTable:  # fmt: skip
    return _coverage_anew(path, sight, by, cohort, at, denominator, public, area, language)


def _coverage_anew(
    path: str, sight: Sight, by: str, cohort: str | None, at: str, denominator: str | None,
    public: bool, area: str, language: str,
) -> CoverageTable:  # fmt: skip
    with in_language(language):
        return queries.coverage(
            _door(path, sight), by=by, cohort=cohort, at=Month.parse_iso(at), denominator=denominator,
            public=public, area=area,
        )  # fmt: skip


def headline(release: OpenRelease) -> Headline:
    """The figures of the first screen, remembered."""
    return _headline(str(release.path), release.record.sha256, _sight(), current_language())


@keep(16)
def _headline(path: str, sha256: str, sight: Sight, language: str) -> Headline:
    with in_language(language):
        return summary.headline(_door(path, sight))


def frame(release: OpenRelease, question: str, **values: Any) -> pd.DataFrame:
    """The answer to `queries/sql/QUESTION.sql` as a frame, remembered."""
    if question == "sources":
        # The names of files may be people's.
        require("data")
    sight = _allow(question, _PUBLIC_FRAMES, _OWN_FRAMES)
    found = _frame(
        str(release.path), sight, question, sql_text(question), repr(sorted(values.items())), values
    )
    # Pandas copies what is written to: who gets the frame may add columns to it.
    return found.copy(deep=False)


@keep(200)
def _frame(
    path: str, sight: Sight, question: str, sql: str, said: str, _values: dict[str, Any]
) -> pd.DataFrame:
    return _door(path, sight).frame(question, **_values)


def ask(release: OpenRelease, question: Callable[..., Answer], **values: Any) -> Answer:
    """The answer of a function of `queries` whose first argument is the door, remembered.

    `values` must say all of themselves by `repr`: months, dates, texts, numbers.
    """
    name = f"{question.__module__}.{question.__qualname__}"
    sight = _allow(name.removeprefix("jambi_dash.queries."), _PUBLIC_ANSWERS, _OWN_ANSWERS)
    answer: Answer = _ask(
        str(release.path), release.record.sha256, sight, current_language(), name,
        repr(sorted(values.items())), question, values,
    )  # fmt: skip
    return answer


@keep(160)
def _ask(
    path: str, sha256: str, sight: Sight, language: str, name: str, said: str,
    _question: Callable[..., Any], _values: dict[str, Any],
) -> Any:  # fmt: skip
    with in_language(language):
        return _question(_door(path, sight), **_values)


def map_geometry(
    release: OpenRelease, level: Level, base: BaseKind, area: str = ""
) -> GeometryFile:
    """The published shapes of a level, or of what lies in one kecamatan (a code), on a base."""
    require("rt" if level == "rt" else "read")
    source = str(boundaries.status(default_home()).content_hash) if base == "true" else base
    rts = _register(str(release.path), release.record.sha256) if level == "rt" else _NO_RTS
    return _geometry(source, level, rts.said, area, current_language(), rts.rts)


@dataclass(frozen=True)
class _Register:
    """The RTs that have a cell, and what tells them from those of another release.

    Kecamatan and kelurahan do not change with a release, and a new list of people seldom brings
    other RTs: their cells, the costliest thing on a map, are worked out once for the same RTs.
    """

    said: str = ""
    rts: tuple[RegisteredRt, ...] = ()


_NO_RTS = _Register()


@keep(8)
def _register(path: str, sha256: str) -> _Register:
    rts = tuple(
        RegisteredRt(kelurahan_code, rt, lat, lon)
        for kelurahan_code, rt, _, _, _, lat, lon in _door(path, EVERYTHING).rows("rts")
    )
    return _Register(hashlib.sha256(repr(rts).encode()).hexdigest(), rts)


@keep(24)
def _geometry(
    source: str, level: Level, said: str, area: str, language: str, _rts: tuple[RegisteredRt, ...]
) -> GeometryFile:
    installed = boundaries.load(default_home()) if source != "cartogram" else None
    base = true_base(installed.polygons) if installed else cartogram_base()
    if area:
        base = part_of(base, area)
        _rts = tuple(rt for rt in _rts if rt.kelurahan_code.startswith(area))
    with in_language(language):
        return publish_level(STATIC, base, level, list(_rts))


def has_official_boundaries() -> bool:
    """Whether official boundaries are installed and sound."""
    home = default_home()
    return _has_official_boundaries(home, boundaries.traces(home))


@lru_cache(8)
def _has_official_boundaries(home: Path, _changed: object) -> bool:
    # The file is read and its hash compared: not in every run.
    return boundaries.status(home).installed


@st.cache_resource(show_spinner=False)
def map_assets() -> MapAssets:
    """Leaflet and the map's own script, published once for this process."""
    return publish_assets(STATIC)


def previous_release(release: OpenRelease) -> OpenRelease | None:
    """The release that was current before this one, if its file is still sound."""
    require("read")
    place = _store()
    name = release.record.previous
    record = place.record_of(name) if name else None
    if record is None or not place.path_of(record.release).is_file():
        return None
    return OpenRelease(record, place.path_of(record.release))


def release_of(name: str) -> OpenRelease | None:
    """A release by its id, if its file is there and sound."""
    require("read")
    place = _store()
    record = place.record_of(name)
    path = place.path_of(name) if record else None
    if record is None or path is None or not path.is_file():
        return None
    return OpenRelease(record, path) if _verified(str(path), record.sha256) else None


def difference(a: OpenRelease, b: OpenRelease, *, cohort: str | None = None) -> Difference:
    """Why the covered people changed from one release to another, remembered."""
    sight = _sight()
    sight.require_internal()
    return _difference(
        str(a.path), a.record.sha256, str(b.path), b.record.sha256, cohort, sight.areas
    )


@keep(48)
def _difference(
    earlier: str, sha256_earlier: str, path: str, sha256: str, cohort: str | None,
    areas: frozenset[str] | None,
) -> Difference:  # fmt: skip
    return releases_compared(Path(earlier), Path(path), cohort=cohort, areas=areas)


def baseline(release: OpenRelease, by: str) -> Baseline:
    """The release as the expansion model sees it, remembered. Frozen: all readers share it."""
    require("scenarios")
    return _baseline(str(release.path), release.record.sha256, by, current_language())


@keep(8)
def _baseline(path: str, sha256: str, by: str, language: str) -> Baseline:
    with in_language(language):
        return expansion.baseline(_door(path, EVERYTHING), by)


def simulation(release: OpenRelease, scenario: Scenario) -> Simulation:
    """The answer to a scenario, remembered: opening a tab must not solve it again."""
    require("scenarios")
    return _simulation(
        str(release.path), release.record.sha256, repr(scenario), current_language(), scenario,
        release,
    )  # fmt: skip


@keep(64)
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
    require("read")
    named = picking.release_of(pick, shelf()) if pick.kind == "scenario" else None
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
        Refusal: the pick cannot be answered, its release is gone, or its numbers do not add up.
    """
    own = release_for(release, pick)
    # A saved scenario keeps its id when it is changed; its revision tells.
    said = f"{pick!r} {shelf().get(pick.saved).revision if pick.saved else ''}"
    sight = _sight()
    if pick.level == "rt":
        require("rt")
        if not all_fit(own, "rt"):
            raise Refusal(t("RT sebanyak ini tidak muat dalam satu peta; pilih tingkat kelurahan."))
    with adding_up():
        return _view(
            str(own.path), own.record.sha256, sight, said, public or sight.public,
            current_language(), pick,
        )  # fmt: skip


@keep(80)
def _view(
    path: str, sha256: str, sight: Sight, said: str, public: bool, language: str, _pick: Pick
) -> MapView:  # fmt: skip
    # Frozen, so all readers may share it.
    with in_language(language):
        scenarios = ScenarioShelf(default_home()) if _pick.kind == "scenario" else None
        return picking.view_of(_pick, _door(path, sight), public=public, shelf=scenarios)


def shapes(release: OpenRelease, level: Level, base: BaseKind | None) -> Shapes:
    """What a map of a level is drawn from, remembered; without `base` as `shapes_for` has it."""
    require("rt" if level == "rt" else "read")
    installed = boundaries.status(default_home())
    kind = base or ("true" if installed.installed else "cartogram")
    source = str(installed.content_hash) if kind == "true" else kind
    rts = _register(str(release.path), release.record.sha256) if level == "rt" else _NO_RTS
    return _shapes(source, level, rts.said, current_language(), kind, str(release.path))


@keep(12)
def _shapes(
    source: str, level: Level, said: str, language: str, kind: BaseKind, _path: str
) -> Shapes:
    with in_language(language):
        return shapes_for(default_home(), _door(_path, EVERYTHING), level, kind)


def preview(release: OpenRelease, pick: Pick, theme: Theme, *, public: bool = False) -> str:
    """The map of a pick as a small SVG, remembered."""
    found = view(release, pick, public=public)
    drawn_on = shapes(release_for(release, pick), found.level, pick.base)
    said = repr((found.title, found.classes, drawn_on.kind, drawn_on.source))
    return _preview(
        str(release.path), hashlib.sha256(said.encode()).hexdigest(), found.origin.release, theme,
        current_language(), found, drawn_on,
    )  # fmt: skip


@keep(60)
def _preview(
    path: str, said: str, release: str, theme: Theme, language: str, _view: MapView, _shapes: Shapes
) -> str:  # fmt: skip
    with in_language(language):
        return preview_svg(_view, _shapes, theme=theme)


def order(release: OpenRelease, picks: Sequence[Pick], *, public: bool, **how: Any) -> Order:
    """What the chosen views are made into files from; `how` are further fields of `Order`."""
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
    sight = _sight()
    door = _door(str(release.path), sight)
    return Order(default_home(), door, tuple(items), public or sight.public, **how)


def shelf() -> ScenarioShelf:
    """The saved scenarios."""
    require("scenarios")
    return ScenarioShelf(default_home())


def history() -> list[ReleaseRecord]:
    """All releases, newest first."""
    require("internal")
    return list(reversed(_store().history()))


__all__ = [
    "OpenRelease", "Refusal", "ask", "coverage", "current_release", "frame", "headline",
    "history", "may", "note", "previous_release", "reader", "require", "store",
]  # fmt: skip
