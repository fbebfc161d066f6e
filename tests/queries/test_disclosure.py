"""The pattern of a release: one for all its tables, months without a change and persons too."""

from __future__ import annotations

from pathlib import Path
from weakref import ref

import pytest
from public_cities import KELURAHAN, MONTHS, Courses, release_of

from jambi_dash.domain.disclosure import NOTHING
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import Sight
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.disclosure import public_pattern
from jambi_dash.queries.own_areas import open_door
from jambi_dash.queries.summary import headline
from jambi_dash.releases.store import Store

THEHOK = "15.71.02.1004"
BEFORE, FIRST, LATER = MONTHS[0].plus(-1), MONTHS[0], MONTHS[-1].plus(20)


def city(**tiny: int) -> Courses:
    """Everywhere 20, and a few people of other cohorts in one kelurahan."""
    found = {("pekerja_rentan", code): (20,) * 4 for code in KELURAHAN}
    return found | {(cohort, THEHOK): (people,) * 4 for cohort, people in tiny.items()}


def test_months_take_the_pattern_of_the_last_change(tmp_path: Path) -> None:
    courses = dict(city()) | {("pekerja_rentan", THEHOK): (3, 3, 40, 40)}
    with release_of(tmp_path, courses) as door:
        pattern = public_pattern(door)
        assert pattern is public_pattern(door)
        assert pattern.hidden("pekerja_rentan", BEFORE) == NOTHING
        small = pattern.hidden("pekerja_rentan", FIRST)
        assert small == pattern.hidden("pekerja_rentan", FIRST.plus(1))
        assert (THEHOK in small.kelurahan, len(small.kelurahan)) == (True, 2)
        # Thehok went from 3 to 40; its neighbour is the same as before, and would have told the 3.
        later = pattern.hidden("pekerja_rentan", LATER)
        assert small.kelurahan - {THEHOK} < later.kelurahan
        for month in (FIRST, LATER):
            table = coverage(door, by="kelurahan", at=month, public=True)
            for row in table.rows:
                hides = pattern.hides("pekerja_rentan", month, "kelurahan", row.code)
                assert hides == (row.state == "disembunyikan")
        assert pattern.hides("pekerja_rentan", FIRST, "rt", f"{THEHOK}-001")
        assert public_pattern(door, 30).hidden("pekerja_rentan", FIRST) != small


@pytest.mark.parametrize(
    ("tiny", "twice", "hidden"),
    [
        ({}, 0, False),
        ({"phl": 20}, 0, False),
        ({"phl": 20}, 2, True),  # two in both cohorts
        ({"phl": 20}, 7, False),
        ({"phl": 3}, 0, True),  # persons − the other cohort is at least, and here exactly, 3
        ({"phl": 3}, 2, False),  # 1 at least: that much is known of every small count
        ({"phl": 3, "guru_ngaji": 30}, 0, True),
    ],
)
def test_persons_tell_no_small_cohort(
    tmp_path: Path, tiny: dict[str, int], twice: int, hidden: bool
) -> None:
    with release_of(tmp_path, city(**tiny), twice=twice) as door:
        inside = coverage(door, by="city", at=FIRST).totals.persons
        assert inside == 68 * 20 + sum(tiny.values()) - twice
        for by in ("city", "kecamatan", "kelurahan"):
            shown = coverage(door, by=by, at=FIRST, public=True).totals.persons
            assert shown == (None if hidden else inside)
        head = headline(door, at=FIRST, public=True)
        assert head.persons == (None if hidden else inside)
        assert {point.persons for point in head.curve} == {head.persons}
        small = {cohort for cohort, people in tiny.items() if people < 5}
        assert {c.cohort for c in head.cohorts} == {"pekerja_rentan", *tiny} - small


def test_a_city_of_four_people_shows_nothing_but_its_denominator(tmp_path: Path) -> None:
    with release_of(tmp_path, {("pekerja_rentan", THEHOK): (4, 4, 5, 5)}) as door:
        for by in ("city", "kecamatan", "kelurahan"):
            table = coverage(door, by=by, at=FIRST, public=True)
            assert {row.covered for row in table.rows} == {None}
            assert all(row.eligible for row in table.rows)
            shown = {k: v for k, v in vars(table.totals).items() if v is not None}
            assert shown == {"eligible": 68 * 70}
            later = coverage(door, by=by, at=MONTHS[2], public=True)
            assert (later.totals.covered, later.totals.persons) == (5, 5)
        head = headline(door, at=FIRST, public=True)
        assert (head.covered, head.persons, head.curve) == (0, None, ())
        assert head.contribution.paid_idr == 0
        # Beside the months that are shown, the year's money tells nothing of those that are not.
        year = headline(door, at=Month(2025, 12), public=True)
        assert [p.covered for p in year.curve] == [5, 5]
        assert year.contribution.city_months + year.contribution.other_months == 10


def test_a_door_to_some_areas_has_no_public_form(tmp_path: Path) -> None:
    """What is hidden with a count may lie outside; a sum of these areas is in no other table."""
    with release_of(tmp_path, city()):
        pass
    store = Store(tmp_path / "home")
    path = store.path_of(store.require_current().release)
    with open_door(path, Sight(areas=frozenset({THEHOK}))) as door:
        assert coverage(door, by="kelurahan", at=FIRST).totals.covered == 20
        with pytest.raises(Refusal, match="seluruh kota"):
            coverage(door, by="kelurahan", at=FIRST, public=True)


def test_a_door_that_the_public_asked_goes_when_it_is_let_go_of(tmp_path: Path) -> None:
    """Its pattern is remembered with it, and must not hold it."""
    door = release_of(tmp_path, dict(city()))
    coverage(door, by="kelurahan", public=True)
    gone = ref(door)
    del door
    assert gone() is None
