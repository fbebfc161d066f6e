"""A picked view survives links and JSON whole, a spoilt link changes nothing, and a pick is its view."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario, read_scenario
from jambi_dash.domain.simulation import simulate
from jambi_dash.exports.picks import (
    LONGEST_LIST,
    MOST_PICKS,
    Pick,
    list_text,
    read_list,
    read_pick,
    release_of,
    scenario_pick,
    view_of,
)
from jambi_dash.exports.views import (
    coverage_view,
    difference_view,
    rollout_view,
    scenario_view,
)
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.releases.scenarios import Draft, ScenarioShelf
from jambi_dash.releases.store import Store

MONTHS = st.builds(Month, st.integers(2000, 2100), st.integers(1, 12))
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
BASES = st.sampled_from([None, "cartogram", "true"])
TEXTS = st.text(max_size=40).map(lambda text: " ".join(text.split()))


@st.composite
def picks(draw: st.DrawFn) -> Pick:
    """Any pick that can be made."""
    kind: Any = draw(st.sampled_from(["coverage", "difference", "rollout", "scenario"]))
    level: Any = draw(st.sampled_from(["kelurahan", "kecamatan", "rt"]))
    base, title = draw(BASES), draw(TEXTS)
    if kind == "scenario":
        level = "kelurahan" if level == "kecamatan" else level
        show: Any = draw(st.sampled_from(["before", "after", "difference"]))
        if draw(st.booleans()):
            return Pick(
                kind, level, base=base, saved="20261121-101010-ab12", show=show, title=title
            )
        link = draw(st.from_regex(r"1[A-Za-z0-9_-]{1,300}", fullmatch=True))
        return Pick(kind, level, base=base, scenario=link, show=show, name=draw(TEXTS), title=title)
    if kind == "rollout":
        day = draw(st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)))
        return Pick(kind, level, base=base, day=day, title=title)
    return Pick(
        kind, level, base=base, title=title, cohort=draw(st.none() | NAMES),
        denominator=draw(st.none() | NAMES), at=draw(st.none() | MONTHS),
        before=draw(MONTHS) if kind == "difference" else None,
    )  # fmt: skip


@given(picks())
def test_a_pick_survives_its_link_and_its_json(pick: Pick) -> None:
    assert read_pick(pick.text()) == pick.bare()
    assert Pick.from_json(pick.to_json()) == pick


@given(st.lists(picks(), max_size=8))
def test_a_list_keeps_its_order_and_holds_each_view_once(chosen: list[Pick]) -> None:
    found, spoilt = read_list(list_text(chosen))
    assert spoilt == 0
    assert found == list(dict.fromkeys(pick.bare() for pick in chosen))


@given(picks())
def test_what_people_wrote_is_in_no_address(pick: Pick) -> None:
    said = Pick(pick.kind, pick.level, scenario=pick.scenario, saved=pick.saved,
                title="Rapat Budi", name="Usulan Budi")  # fmt: skip
    assert "Budi" not in said.text()
    assert set(pick.text()) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
    )


@given(st.text(max_size=60))
def test_a_spoilt_address_never_breaks(text: str) -> None:
    found, spoilt = read_list(text)
    assert len(found) + spoilt <= text.count("~") + 1
    for pick in found:
        assert read_pick(pick.text()) == pick


@pytest.mark.parametrize(
    "text",
    [
        "cakupan", "cakupan.desa", "peta.kelurahan", "cakupan.kelurahan.m2025-13",
        "cakupan.kelurahan.x1", "cakupan.kelurahan.m2025-06.m2025-07", "simulasi.kelurahan",
        "simulasi.kecamatan.s1abc", "simulasi.kelurahan.s1abc.i20261121-101010-ab12",
        "cakupan.kelurahan.s1abc", "kampung.rt.d2025-02-30", "cakupan.kelurahan.k../../etc",
        "cakupan.kelurahan.omars", "simulasi.kelurahan.s1abc.tnever",
    ],
)  # fmt: skip
def test_what_no_pick_wrote_is_refused_and_skipped(text: str) -> None:
    with pytest.raises(Refusal):
        read_pick(text)
    found, spoilt = read_list(f"cakupan.kelurahan~{text}~kampung.rt")
    assert [pick.kind for pick in found] == ["coverage", "rollout"]
    assert spoilt == 1


def test_a_list_has_an_end() -> None:
    many = [Pick("coverage", at=Month(2000 + n // 12, n % 12 + 1)) for n in range(MOST_PICKS + 3)]
    found, spoilt = read_list(list_text(many))
    assert (found, spoilt) == (many[:MOST_PICKS], 3)
    assert read_list("cakupan.kelurahan~" * LONGEST_LIST) == ([], 1)


@pytest.mark.parametrize(
    "raw", [None, [], {"kind": 1}, {"kind": "coverage", "level": "rt", "sql": "x"}, {"level": "rt"}]
)
def test_json_that_is_no_pick_is_refused(raw: Any) -> None:
    with pytest.raises(Refusal):
        Pick.from_json(raw)


@pytest.fixture(scope="module")
def door(demo_home: Path) -> Iterator[Door]:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as opened:
        yield opened


def test_a_pick_is_the_view_of_the_pages(door: Door, demo_home: Path) -> None:
    release = Store(demo_home).require_current().release
    june = Month(2025, 6)
    scenario = read_scenario({"workers": 5000, "name": "Lima ribu"})
    shown = scenario_view(door, simulate(baseline(door), scenario), show="difference")
    for pick, view in (
        (Pick("coverage", "kecamatan", cohort="ketua_rt", at=june),
         coverage_view(door, level="kecamatan", cohort="ketua_rt", at=june)),
        (Pick("difference", before=june), difference_view(door, before=june)),
        (Pick("difference"), difference_view(door, before=june)),  # six months before December
        (Pick("rollout", "rt", day=date(2025, 10, 31)),
         rollout_view(door, level="rt", at=date(2025, 10, 31))),
        (scenario_pick(scenario, release, "difference"), shown),
    ):  # fmt: skip
        assert view_of(pick, door) == view


def test_a_title_of_ones_own_stands_for_the_views(door: Door) -> None:
    view = view_of(Pick("coverage", title="Untuk Wali Kota"), door)
    assert view.title == "Untuk Wali Kota"
    assert view.rows == view_of(Pick("coverage"), door).rows


@pytest.mark.parametrize("kind", ["coverage", "difference", "rollout"])
def test_rt_is_never_public(door: Door, kind: Any) -> None:
    with pytest.raises(Refusal):
        view_of(Pick(kind, "rt"), door, public=True)


def test_a_scenario_of_another_release_is_refused(door: Door) -> None:
    pick = scenario_pick(Scenario(), "20200101-000000-abcd")
    assert release_of(pick) == "20200101-000000-abcd"
    with pytest.raises(Refusal, match="20200101-000000-abcd"):
        view_of(pick, door)


def test_a_saved_scenario_is_found_by_its_id(door: Door, demo_home: Path, tmp_path: Path) -> None:
    record = Store(demo_home).require_current()
    scenario = read_scenario({"workers": 4500, "name": "Empat setengah"})
    shelf = ScenarioShelf(tmp_path)
    found = simulate(baseline(door), scenario)
    saved = shelf.save(Draft.of(scenario, found, record))
    pick = Pick("scenario", saved=saved.id, show="after")
    assert view_of(pick, door, shelf=shelf) == scenario_view(door, found, show="after")
    assert release_of(pick, shelf) == record.release
    with pytest.raises(Refusal):
        view_of(Pick("scenario", saved="20200101-000000-abcd"), door, shelf=shelf)
