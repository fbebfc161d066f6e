"""All that the public gets of a release, taken together: an attacker reads it and learns nothing.

The attacker has the coverage of every cohort, month and level as JSON, differences of months, and
scenarios before, after and as difference, and knows every sum and rate.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from disclosure_attacker import Attacker
from public_cities import KELURAHAN, MONTHS, Courses, random_courses, release_of

from jambi_dash.domain.areas import CITY_CODE
from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.domain.disclosure import DEFAULT_K
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import read_scenario
from jambi_dash.domain.simulation import simulate
from jambi_dash.exports.views import MapView, coverage_view, difference_view, scenario_view
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.queries.summary import headline
from jambi_dash.releases.store import Store

LEVELS = ("city", "kecamatan", "kelurahan")
COHORTS = ("pekerja_rentan", "petugas_keagamaan", "phl")
COHORTS_OF_DEMO = ("pekerja_rentan", "petugas_keagamaan", "ketua_rt")
NO_PLACE = "-"
SCENARIOS: tuple[dict[str, Any], ...] = (
    {"workers": 2000},
    {"workers": 2000, "rule": "sebanding"},
    {"workers": 2000, "rule": "percontohan"},
    {"workers": 2000, "rule": "skor"},
    {"workers": 1200, "rule": "optimal"},
    {"workers": 9000, "ceiling_rate": 0.1},
)


def name_of(cohort: str, at: Month, level: str, code: str) -> str:
    return f"{cohort} {at} {level} {code}"


class Reader:
    """Reads public outputs into an attacker, and keeps the names of what was hidden."""

    def __init__(self) -> None:
        self.attacker = Attacker()
        self.hidden: set[str] = set()
        self.read: set[tuple[str, str]] = set()

    def learn(self, name: str, value: Any) -> None:
        self.attacker.number(name)
        if value is None:
            self.hidden.add(name)
        else:
            assert not 0 < value < DEFAULT_K, name
            self.attacker.learn(name, value, value)

    def sums(self, cohort: str, at: Month) -> None:
        """How numbers of a month hang together, which everybody knows."""
        if (cohort, str(at)) in self.read:
            return
        self.read.add((cohort, str(at)))
        above = sorted({code[:8] for code in KELURAHAN})
        for code in above:
            inside = [name_of(cohort, at, "kelurahan", c) for c in KELURAHAN if c[:8] == code]
            self.attacker.learn_sum(name_of(cohort, at, "kecamatan", code), inside)
        parts = [name_of(cohort, at, "kecamatan", code) for code in above]
        parts.append(name_of(cohort, at, "kelurahan", NO_PLACE))
        self.attacker.learn_sum(name_of(cohort, at, "city", CITY_CODE), parts)

    def table(self, answer: dict[str, Any]) -> None:
        """`coverage --public --json`."""
        cohort, at, by = answer["cohort"], Month.parse_iso(answer["at"]), answer["by"]
        assert at
        self.sums(cohort, at)
        totals = answer["totals"]
        for row in answer["rows"]:
            name = name_of(cohort, at, by, row["code"])
            hidden = row["state"] == HIDDEN
            assert (row["covered"] is None) == hidden
            if row["eligible"]:
                assert (row["rate"] is None) == hidden
                if not hidden:
                    self.learn(name, round(row["rate"] * row["eligible"]))
            self.learn(name, row["covered"])
        shown = [name_of(cohort, at, by, r["code"]) for r in answer["rows"] if r["state"] != HIDDEN]
        if totals["covered"] is None:
            assert {totals[key] for key in ("covered", "located", "unlocated", "hidden", "persons",
                                            "rate")} == {None}  # fmt: skip
            return
        self.learn(name_of(cohort, at, "city", CITY_CODE), totals["covered"])
        self.attacker.learn_total(shown, totals["located"])
        rest = [name_of(cohort, at, by, r["code"]) for r in answer["rows"] if r["state"] == HIDDEN]
        if by != "city":
            name = name_of(cohort, at, "kelurahan", NO_PLACE)
            self.learn(name, totals["unlocated"])
            rest += [name] if totals["unlocated"] is None else []
        self.attacker.learn_total(rest, totals["hidden"])
        if totals["persons"] is not None:
            self.learn(f"persons {at}", totals["persons"])

    def view(self, view: MapView, columns: dict[str, tuple[str, Month]]) -> None:
        """A map with its table; `columns` says which count of which month stands where."""
        scale = {place: info.key for place, info in enumerate(view.scale)}
        for code, place in view.classes.items():
            assert (scale[place] == "hidden") == (view.states[code] == HIDDEN)
            assert view.states[code] != HIDDEN or code not in view.marks
        for row, state in zip(view.rows, view.states.values(), strict=True):
            given = dict(zip([c.key for c in view.columns], row, strict=True))
            if state == HIDDEN:
                assert {given[c.key] for c in view.columns[2:]
                        if c.key not in ("eligible", "state")} == {None}  # fmt: skip
        for key, (cohort, at) in columns.items():
            values = dict(zip(view.states, view.column(key), strict=True))
            names = {code: name_of(cohort, at, view.level, code) for code in values}
            for code, value in values.items():
                if value is not None:
                    self.learn(names[code], value)
            place = [c.key for c in view.columns].index(key)
            rest = [names[code] for code, value in values.items() if value is None]
            unlocated = name_of(cohort, at, "kelurahan", NO_PLACE)
            for part in view.sums:
                value = part.values[place]
                if part.part == "unlocated":
                    self.learn(unlocated, value)
                elif part.part == "hidden" and value is not None:
                    apart = "unlocated" not in {other.part for other in view.sums}
                    self.attacker.learn_total([*rest, *([unlocated] if apart else [])], value)
                elif part.part == "city" and value is not None:
                    self.learn(name_of(cohort, at, "city", CITY_CODE), value)


def read_everything(door: Door, months: tuple[Month, ...], cohorts: tuple[str, ...]) -> Reader:
    reader = Reader()
    for cohort in cohorts:
        for at in months:
            for by in LEVELS:
                reader.table(coverage(door, by=by, cohort=cohort, at=at, public=True).to_json())
        for before, at in pairwise(months):
            for level in LEVELS[1:]:
                view = difference_view(door, level=level, cohort=cohort, before=before, at=at, public=True)  # type: ignore[arg-type]  # fmt: skip
                reader.view(view, {"covered_before": (cohort, before), "covered": (cohort, at)})
    base = baseline(door, public=True)
    for wishes in SCENARIOS:
        for show in ("before", "after", "difference"):
            view = scenario_view(door, simulate(base, read_scenario(wishes)), show=show, public=True)  # type: ignore[arg-type]  # fmt: skip
            reader.view(view, {"before": ("pekerja_rentan", months[-1])})
    return reader


def check_nothing_is_known(door: Door, months: tuple[Month, ...], cohorts: tuple[str, ...]) -> int:
    reader = read_everything(door, months, cohorts)
    # All of one cohort together with all people at its months: the persons bind the cohorts.
    for at in months:
        totals = [name_of(c, at, "city", CITY_CODE) for c in cohorts]
        if f"persons {at}" in reader.attacker.names:
            # persons = members of every cohort − those counted twice
            reader.attacker.learn_sum(f"members {at}", totals)
            reader.attacker.learn_sum(f"members {at}", [f"persons {at}", f"twice {at}"])
    cities = {name for name in reader.hidden if " city " in name}
    ranges = reader.attacker.ranges(sorted(reader.hidden))
    for name, (low, high) in ranges.items():
        assert high - low >= DEFAULT_K, (name, low, high)
    for name in cities:
        reader.attacker.learn(name, 1, DEFAULT_K - 1)
    assert all(
        span == (1, DEFAULT_K - 1) for span in reader.attacker.ranges(sorted(cities)).values()
    )
    return len(reader.hidden)


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> Iterator[Door]:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as door:
        yield door


def test_the_synthetic_city_gives_nothing_away(demo: Door) -> None:
    months = tuple(Month(2025, m) for m in (1, 4, 5, 6, 7, 10, 11, 12))
    assert check_nothing_is_known(demo, months, COHORTS_OF_DEMO) > 100


@pytest.mark.parametrize("seed", range(4))
def test_random_releases_give_nothing_away(seed: int, tmp_path: Path) -> None:
    with release_of(tmp_path, random_courses(seed), twice=[0, 2, 9, 3][seed]) as door:
        assert check_nothing_is_known(door, MONTHS, COHORTS) > 100


def everything_shown(door: Door) -> dict[str, Any]:
    """Every public answer of a release, without the name of the release."""
    found: dict[str, Any] = {}
    for cohort in COHORTS[:1]:
        for at in MONTHS:
            for by in LEVELS:
                answer = coverage(door, by=by, cohort=cohort, at=at, public=True).to_json()
                found[f"{cohort} {at} {by}"] = {k: v for k, v in answer.items() if k != "release"}
    base = baseline(door, public=True)
    for number, wishes in enumerate(SCENARIOS):
        answer = simulate(base, read_scenario(wishes)).to_json()
        found[f"scenario {number}"] = {k: v for k, v in answer.items() if k != "release"}
        for show in ("before", "after", "difference"):
            own = simulate(baseline(door), read_scenario(wishes))
            view = scenario_view(door, own, show=show, public=True)  # type: ignore[arg-type]
            found[f"view {number} {show}"] = (view.rows, view.sums, view.subtitle, view.check)
    view = coverage_view(door, public=True)
    found["view"] = (view.rows, view.sums, view.classes, view.marks, view.check, view.subtitle)
    head = headline(door, public=True)
    found["head"] = {k: v for k, v in vars(head).items() if k != "release"}
    return found


def hidden_pair(one: int, other: int, without: int = 0) -> Courses:
    """Thehok and Pasir Putih, which it takes along, in a city that shows the others."""
    steady = {("pekerja_rentan", code): (20,) * len(MONTHS) for code in KELURAHAN}
    return {
        **steady,
        ("pekerja_rentan", "15.71.02.1004"): (one,) * len(MONTHS),
        ("pekerja_rentan", "15.71.02.1002"): (other,) * len(MONTHS),
        ("pekerja_rentan", None): (without,) * len(MONTHS),
    }


def test_no_answer_depends_on_what_is_hidden(tmp_path: Path) -> None:
    """Cities that differ in hidden counts only look the same in every public answer.

    A scenario shares places by all counts, so what it shows of others would tell the hidden ones.
    """
    answers, internal = [], []
    for number, (one, other) in enumerate(((1, 30), (2, 29), (4, 27))):
        folder = tmp_path / str(number)
        folder.mkdir()
        with release_of(folder, hidden_pair(one, other)) as door:
            answers.append(everything_shown(door))
            internal.append(simulate(baseline(door), read_scenario(SCENARIOS[0])).to_json())
    assert answers[0] == answers[1] == answers[2]
    assert internal[0]["allocation"] != internal[1]["allocation"]
    rows = answers[0]["pekerja_rentan 2025-12 kelurahan"]["rows"]
    assert [r["code"] for r in rows if r["state"] == HIDDEN] == ["15.71.02.1002", "15.71.02.1004"]


def test_a_public_scenario_adds_up_and_places_as_many(tmp_path: Path) -> None:
    with release_of(tmp_path, hidden_pair(3, 28, without=2)) as door:
        base, own = baseline(door, public=True), baseline(door)
        assert (base.public, own.public) == (True, False)
        assert base.covered == own.covered == sum(a.covered for a in base.areas) + base.unlocated
        assert (base.waiting, sum(a.waiting for a in base.areas)) == ((), 0)
        for wishes in SCENARIOS[:4]:
            scenario = read_scenario(wishes)
            assert simulate(base, scenario).placed == simulate(own, scenario).placed


@pytest.mark.parametrize(
    "wishes",
    [
        {"occupation_quota": {"ojek_online": 10}},
        {"rule": "skor", "weights": {"waiting": 1.0}},
        {"rule": "optimal", "weights": {"low_coverage": 1.0, "waiting": 0.5}},
    ],
)
def test_a_scenario_that_reads_the_waiting_list_is_not_public(
    demo: Door, wishes: dict[str, Any]
) -> None:
    found = simulate(baseline(demo), read_scenario({"workers": 3500, **wishes}))
    assert scenario_view(demo, found, public=False).rows
    with pytest.raises(Refusal, match="daftar tunggu"):
        scenario_view(demo, found, public=True)


def test_rt_scenarios_are_not_public(demo: Door) -> None:
    with pytest.raises(Refusal, match="RT"):
        baseline(demo, "rt", public=True)
