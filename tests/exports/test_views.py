"""Every number of a file is that of the command for the same filter, and its parts add up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jambi_dash.cli import main
from jambi_dash.domain import simulation
from jambi_dash.domain.areas import CITY_CODE
from jambi_dash.domain.coverage import HIDDEN, NO_DATA, NUMBER, ZERO
from jambi_dash.domain.expansion_story import rule_name
from jambi_dash.domain.language import set_language
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import read_scenario
from jambi_dash.exports.views import (
    MapView,
    ReconciliationError,
    SumRow,
    coverage_view,
    difference_view,
    rollout_view,
    scenario_view,
    shown,
)
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.releases.store import Store

LEVELS = ("kecamatan", "kelurahan", "rt")
OPEN_LEVELS = ("kecamatan", "kelurahan")
EARLIER = Month(2025, 6)


@pytest.fixture(scope="module")
def door(demo_home: Path) -> Iterator[Door]:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as opened:
        yield opened


@pytest.fixture
def ask(demo_home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def answer(*words: object, public: bool = False) -> dict[str, Any]:
        given = ["--home", str(demo_home), *map(str, words), *(["--public"] if public else [])]
        assert main([*given, "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return answer


def rows_of(view: MapView) -> dict[str, dict[str, Any]]:
    keys = [column.key for column in view.columns]
    return {str(row[0]): dict(zip(keys, row, strict=True)) for row in view.rows}


def sums_of(view: MapView, key: str) -> dict[str, Any]:
    place = [column.key for column in view.columns].index(key)
    return {row.part: row.values[place] for row in view.sums}


def assert_adds_up(view: MapView) -> None:
    """Areas + without location + hidden = city, in every column that adds, worked out here again."""
    for column in view.columns:
        if column.adds:
            parts = sums_of(view, column.key)
            city = parts.pop("city")
            assert city is not None
            shown_areas = sum(value or 0 for value in view.column(column.key))
            assert shown_areas + sum(value or 0 for value in parts.values()) == city
    assert set(view.classes) == set(view.states) == {str(row[0]) for row in view.rows}
    assert sum(view.class_counts()) == len(view.rows)


@pytest.mark.parametrize("cohort", [None, "petugas_keagamaan", "ketua_rt"])
@pytest.mark.parametrize("at", [None, EARLIER])
@pytest.mark.parametrize(
    ("level", "public"), [*((level, False) for level in LEVELS), ("kecamatan", True), ("kelurahan", True)]
)  # fmt: skip
def test_coverage_is_that_of_the_command(
    door: Door, ask: Any, level: Any, public: bool, cohort: str | None, at: Month | None
) -> None:
    view = coverage_view(door, level=level, cohort=cohort, at=at, public=public)
    words = [*(("--cohort", cohort) if cohort else ()), *(("--at", at) if at else ())]
    said = ask("coverage", "--by", level, *words, public=public)
    assert list(rows_of(view).values()) == said["rows"]
    assert view.totals == said["totals"]
    assert sums_of(view, "covered")["city"] == said["totals"]["covered"]
    assert sums_of(view, "rate")["city"] == said["totals"]["rate"]
    assert sums_of(view, "covered").get("unlocated") == said["totals"]["unlocated"]
    assert sums_of(view, "covered").get("hidden", 0) == said["totals"]["hidden"]
    assert view.states == {row["code"]: row["state"] for row in said["rows"]}
    assert (view.origin.release, view.origin.public) == (said["release"], public)
    assert view.origin.as_of.isoformat() == said["as_of"]
    assert view.origin.synthetic
    assert_adds_up(view)


def test_denominator_is_that_of_the_command(door: Door, ask: Any) -> None:
    view = coverage_view(door, denominator="kota_15000")
    said = ask("coverage", "--by", "kelurahan", "--denominator", "kota_15000")
    assert list(rows_of(view).values()) == said["rows"]
    assert said["denominator"]["label"] in dict(view.filter).values()
    assert any(said["denominator"]["source"] in text for text in view.sources)


@pytest.mark.parametrize(
    ("level", "public"), [*((level, False) for level in LEVELS), ("kecamatan", True), ("kelurahan", True)]
)  # fmt: skip
def test_difference_is_that_of_two_answers(door: Door, ask: Any, level: Any, public: bool) -> None:
    view = difference_view(door, before=EARLIER, level=level, public=public)
    then = ask("coverage", "--by", level, "--at", EARLIER, public=public)
    now = ask("coverage", "--by", level, public=public)
    hidden = 0
    for old, new in zip(then["rows"], now["rows"], strict=True):
        row = rows_of(view)[new["code"]]
        if HIDDEN in (old["state"], new["state"]):
            hidden += 1
            assert row["state"] == HIDDEN
            assert {row[key] for key in row.keys() - {"code", "name", "state"}} == {None}
            assert new["code"] not in view.marks
            continue
        assert (row["covered_before"], row["covered"]) == (old["covered"], new["covered"])
        assert (row["rate_before"], row["rate"]) == (old["rate"], new["rate"])
        rated = None not in (old["rate"], new["rate"])
        assert row["difference"] == (new["rate"] - old["rate"] if rated else None)
    assert (hidden > 0) == public
    assert sums_of(view, "covered_before")["city"] == then["totals"]["covered"]
    assert sums_of(view, "covered")["city"] == now["totals"]["covered"]
    assert_adds_up(view)


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("at", [None, date(2025, 11, 15)])
@pytest.mark.parametrize("level", OPEN_LEVELS)
def test_rollout_is_that_of_the_command(
    door: Door, ask: Any, level: Any, at: date | None, public: bool
) -> None:
    view = rollout_view(door, level=level, at=at, public=public)
    said = ask("rollout", "--by", level, *(("--at", at) if at else ()))
    for row in said["rows"]:
        found = rows_of(view)[row["code"]]
        assert (found["joined"], found["share"]) == (row["joined"], row["share"])
    assert len(view.rows) == len(said["rows"])
    assert view.totals["joined"] == said["joined"] == sums_of(view, "joined")["city"]
    assert view.totals["rt_counted"] == said["rt_total"] - said["excluded"]
    assert view.totals["share"] == said["share"]
    assert_adds_up(view)


def test_stages_of_rts_are_those_of_the_command(door: Door, ask: Any) -> None:
    view = rollout_view(door, level="rt")
    said = ask("rollout")
    keys = [view.scale[view.classes[str(row[0])]].key for row in view.rows]
    assert Counter(keys) == Counter({k: n for k, n in said["stages"].items() if n})
    words = {info.key: info.label for info in view.scale}
    assert list(view.column("stage")) == [words[key] for key in keys]


SCENARIOS: list[dict[str, Any]] = [
    {},
    {"workers": 3600, "budget": 700_000_000, "rule": "sebanding", "name": "Hemat"},
    {"by": "rt", "start_month": 7},
]


@pytest.mark.parametrize("show", ["before", "after", "difference"])
@pytest.mark.parametrize("given", SCENARIOS)
def test_scenario_is_that_of_the_command(
    door: Door, ask: Any, tmp_path: Path, given: dict[str, Any], show: Any
) -> None:
    path = tmp_path / "skenario.toml"
    path.write_text("".join(f"{k} = {json.dumps(v)}\n" for k, v in given.items()), "utf-8")
    said = ask("simulate", path)
    scenario = read_scenario(given)
    found = simulation.simulate(baseline(door, scenario.by), scenario)
    view = scenario_view(door, found, show=show)
    for area in said["allocation"]:
        row = rows_of(view)[area["code"]]
        assert {key: row[key] for key in area} == area
    assert view.totals["cost_rp"] == said["cost_rp"]
    assert sums_of(view, "add")["city"] == said["placed"] == view.totals["add"]
    assert sums_of(view, "after")["city"] == view.totals["after"]
    assert dict(view.filter)["Aturan"] == rule_name(said["scenario"]["rule"])
    assert HIDDEN not in view.states.values()
    assert_adds_up(view)


@pytest.mark.parametrize("show", ["before", "after", "difference"])
def test_public_scenario_hides_what_coverage_hides(door: Door, show: Any) -> None:
    found = simulation.simulate(baseline(door, "kelurahan"), read_scenario({}))
    supposed = simulation.simulate(baseline(door, public=True), read_scenario({}))
    given = {area.code: area.to_json() for area in supposed.areas}
    outside = scenario_view(door, found, show=show, public=True)
    hidden = {c for c, s in coverage_view(door, public=True).states.items() if s == HIDDEN}
    today = rows_of(coverage_view(door, public=True))
    assert hidden
    for code, row in rows_of(outside).items():
        if code in hidden:
            assert row["state"] == HIDDEN
            kept = {"code", "name", "state", "eligible"}  # the denominator is nobody's secret
            assert {row[key] for key in row.keys() - kept} == {None}
            assert code not in outside.marks
            assert outside.scale[outside.classes[code]].key == "hidden"
        else:
            # Places are shared by published counts alone.
            assert given[code].items() <= row.items()
            assert row["before"] == today[code]["covered"]
    assert outside.totals == scenario_view(door, found, show=show).totals
    assert_adds_up(outside)


def test_states_of_a_scenario_are_those_of_coverage(door: Door) -> None:
    found = simulation.simulate(baseline(door, "kelurahan"), read_scenario({"workers": 1}))
    today = coverage_view(door)
    assert scenario_view(door, found, show="before").states == today.states
    assert scenario_view(door, found, show="after").states == today.states  # no place was given
    assert {NUMBER, ZERO} <= set(today.states.values()) <= {NUMBER, ZERO, NO_DATA}


def test_rt_is_never_public(door: Door) -> None:
    by_rt = simulation.simulate(baseline(door, "rt"), read_scenario({"by": "rt"}))
    for make in (
        lambda: coverage_view(door, level="rt", public=True),
        lambda: difference_view(door, before=EARLIER, level="rt", public=True),
        lambda: rollout_view(door, level="rt", public=True),
        lambda: scenario_view(door, by_rt, public=True),
    ):
        with pytest.raises(Refusal, match="--public"):
            make()


def test_scenario_of_another_release_is_refused(door: Door) -> None:
    base = replace(baseline(door), release="lain")
    with pytest.raises(Refusal, match="lain"):
        scenario_view(door, simulation.simulate(base, read_scenario({})))


def test_a_view_that_does_not_add_up_is_never_made(door: Door) -> None:
    view = coverage_view(door)
    first = list(view.rows[0])
    with pytest.raises(ReconciliationError, match="covered"):
        replace(view, rows=((*first[:2], first[2] + 1, *first[3:]), *view.rows[1:]))
    city = view.sums[-1]
    wrong = tuple(value + 1 if column.adds else value  # type: ignore[operator]
                  for column, value in zip(view.columns, city.values, strict=True))  # fmt: skip
    with pytest.raises(ReconciliationError):
        replace(view, sums=(*view.sums[:-1], SumRow("city", wrong)))


@pytest.mark.parametrize("language", ["id", "en"])
def test_words_in_both_languages(door: Door, language: str) -> None:
    set_language(language)
    found = simulation.simulate(baseline(door), read_scenario({}))
    views = [
        coverage_view(door, public=True), difference_view(door, before=EARLIER), rollout_view(door),
        rollout_view(door, level="rt"), scenario_view(door, found),
    ]  # fmt: skip
    cover = views[0]
    total = "3,000" if language == "en" else "3.000"
    assert total in cover.check
    assert total in cover.subtitle
    for view in views:
        assert len(view.columns) == len(view.rows[0])
        assert all(column.label and column.meaning for column in view.columns)
        assert len({column.label for column in view.columns}) == len(view.columns)
        assert view.check.startswith("✓")
        assert view.origin.mark()
        for column, value in zip(view.columns, view.rows[0], strict=True):
            assert shown(column, value)
    assert cover.origin.line() != replace(cover.origin, public=False).line()


def test_city_row_has_the_citys_code(door: Door) -> None:
    view = coverage_view(door)
    assert [row.part for row in view.sums] == ["unlocated", "city"]
    assert view.sums[-1].values[0] == CITY_CODE
    public = coverage_view(door, public=True)
    assert [row.part for row in public.sums][-2:] == ["hidden", "city"]
