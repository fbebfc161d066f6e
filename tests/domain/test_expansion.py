"""The rules against their definitions: one place after another, and every split of small cities."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from apportionment import methods as apportionment
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jambi_dash.domain.expansion import (
    RULES,
    Area,
    Limits,
    Wishes,
    allocate,
    binding_limits,
    check_required,
    make_limits,
    scores,
)
from jambi_dash.domain.refusal import Refusal

WEIGHTS = {"low_coverage": 2.0, "joined": 1.0, "need": 0.5, "waiting": 0.25}


def area(
    n: int, eligible: int | None, covered: int = 0, kecamatan: int = 1, **more: object
) -> Area:
    return Area(
        f"15.71.{kecamatan:02d}.{n:04d}", f"Wilayah {n}", f"15.71.{kecamatan:02d}", eligible,
        covered, **more,  # type: ignore[arg-type]
    )  # fmt: skip


@st.composite
def cities(draw: st.DrawFn, most_areas: int = 12, most_people: int = 30) -> tuple[Area, ...]:
    made = []
    for n in range(draw(st.integers(1, most_areas))):
        eligible = draw(st.none() | st.integers(0, most_people))
        covered = draw(st.integers(0, most_people))
        room = max(0, (eligible or 0) - covered)
        pilots, left = [], room
        for rt in range(draw(st.integers(0, 3))):
            share = draw(st.integers(0, left))
            pilots.append((f"{n:04d}-{rt:03d}", share))
            left -= share
        made.append(
            area(
                n, eligible, covered, kecamatan=n % 3,
                joined_share=draw(st.sampled_from((0.0, 0.5, 1.0))),
                waiting=draw(st.integers(0, 20)), pilots=tuple(pilots),
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda a: a.code))


@st.composite
def questions(
    draw: st.DrawFn, most_areas: int = 12, most_people: int = 30
) -> tuple[tuple[Area, ...], Limits, int]:
    """A city, limits that can be kept, and a number of places that fits."""
    areas = draw(cities(most_areas, most_people))
    floors, ceilings, locked = {}, {}, {}
    for one in areas:
        kind = draw(st.sampled_from(("free", "free", "floor", "ceiling", "lock")))
        value = draw(st.integers(0, one.room))
        if kind == "floor":
            floors[one.code] = value
        elif kind == "ceiling":
            ceilings[one.code] = value
        elif kind == "lock":
            locked[one.code] = value
    wishes = Wishes(floors, ceilings, locked)
    least = make_limits(areas, wishes).lower
    quota = {}
    for code in sorted({one.kecamatan_code for one in areas}):
        needed = sum(x for x, one in zip(least, areas, strict=True) if one.kecamatan_code == code)
        if draw(st.booleans()):
            quota[code] = needed + draw(st.integers(0, most_people))
    limits = make_limits(areas, Wishes(floors, ceilings, locked, quota))
    return areas, limits, draw(st.integers(limits.required, limits.capacity(areas)))


def one_by_one(areas: tuple[Area, ...], limits: Limits, places: int, rule: str) -> list[int]:
    """Design section 6 read aloud: exact fractions, no heap."""
    x = list(limits.lower)
    points = scores(areas, WEIGHTS)

    def may(i: int) -> bool:
        code = areas[i].kecamatan_code
        inside = sum(n for n, a in zip(x, areas, strict=True) if a.kecamatan_code == code)
        return x[i] < limits.upper[i] and inside < limits.quota.get(code, inside + 1)

    def order(i: int) -> tuple[Fraction, str]:
        one = areas[i]
        if rule == "merata":
            return Fraction(one.covered + x[i], one.eligible or 1), one.code
        weight = points[i] if rule == "skor" else 1
        return -Fraction(weight * one.room, 2 * x[i] + 1), one.code

    while sum(x) < places:
        x[min((i for i in range(len(areas)) if may(i)), key=order)] += 1
    return x


@given(questions(), st.sampled_from(("merata", "sebanding", "skor")))
def test_the_heap_is_the_definition(
    question: tuple[tuple[Area, ...], Limits, int], rule: str
) -> None:
    areas, limits, places = question
    expected = one_by_one(areas, limits, places, rule)
    assert list(allocate(areas, limits, places, rule, WEIGHTS).added) == expected


@given(
    st.lists(st.integers(1, 2_500), min_size=2, max_size=68).flatmap(
        lambda rooms: st.tuples(st.just(rooms), st.integers(1, max(1, sum(rooms) // 3)))
    )
)
def test_proportional_is_sainte_lague(question: tuple[list[int], int]) -> None:
    rooms, places = question
    areas = tuple(area(n, room) for n, room in enumerate(rooms))
    # Away from full areas: an apportionment knows no ceiling, so each is checked to stay below.
    expected = apportionment.compute(
        "saintelague", rooms, places, parties=[one.code for one in areas], verbose=False
    )
    assume(all(x <= room for x, room in zip(expected, rooms, strict=True)))
    found = allocate(areas, make_limits(areas, Wishes()), places, "sebanding", {}).added
    assert list(found) == list(expected)


@given(questions(), st.sampled_from(RULES))
@settings(max_examples=60)
def test_places_add_up_and_every_limit_is_kept(
    question: tuple[tuple[Area, ...], Limits, int], rule: str
) -> None:
    areas, limits, places = question
    added = allocate(areas, limits, places, rule, WEIGHTS).added
    assert sum(added) == places
    for one, x, least, most in zip(areas, added, limits.lower, limits.upper, strict=True):
        assert least <= x <= most <= one.room
    for code, most in limits.quota.items():
        assert sum(x for x, a in zip(added, areas, strict=True) if a.kecamatan_code == code) <= most
    assert allocate(areas, limits, places, rule, WEIGHTS).added == added


@given(questions(), st.sampled_from(("merata", "sebanding", "skor", "percontohan")))
def test_one_place_more_takes_none_away(
    question: tuple[tuple[Area, ...], Limits, int], rule: str
) -> None:
    areas, limits, places = question
    if places < limits.capacity(areas):
        fewer = allocate(areas, limits, places, rule, WEIGHTS).added
        more = allocate(areas, limits, places + 1, rule, WEIGHTS).added
        assert sorted(b - a for a, b in zip(fewer, more, strict=True))[:-1] == [0] * (
            len(areas) - 1
        )


@given(cities(most_areas=30), st.integers(0, 200))
def test_even_cannot_be_made_more_even_by_moving_one_place(
    areas: tuple[Area, ...], wanted: int
) -> None:
    limits = make_limits(areas, Wishes())
    added = allocate(areas, limits, min(wanted, limits.capacity(areas)), "merata", {}).added
    after = [
        (Fraction(a.covered + x, a.eligible), a, x)
        for a, x in zip(areas, added, strict=True)
        if a.eligible
    ]
    for rate, giver, given_places in after:
        for other_rate, taker, x in after:
            if given_places and x < taker.room and giver is not taker:
                # Moving one place would lift the taker no higher than the giver falls to.
                assert rate - Fraction(1, giver.eligible or 1) <= other_rate


@given(questions(most_areas=4, most_people=4))
@settings(max_examples=60)
def test_optimal_is_the_best_of_all_splits(
    question: tuple[tuple[Area, ...], Limits, int],
) -> None:
    areas, limits, places = question
    points = scores(areas, WEIGHTS)

    def value(split: tuple[int, ...]) -> int:
        return sum(p * x for p, x in zip(points, split, strict=True))

    found = allocate(areas, limits, places, "optimal", WEIGHTS)
    every = [
        split
        for split in product(
            *(range(a, b + 1) for a, b in zip(limits.lower, limits.upper, strict=True))
        )
        if sum(split) == places
        and all(
            sum(x for x, a in zip(split, areas, strict=True) if a.kecamatan_code == code) <= most
            for code, most in limits.quota.items()
        )
    ]
    best = max(value(split) for split in every)
    assert found.proof is not None
    assert (found.proof.proven, found.proof.value, value(found.added)) == (True, best, best)
    # Among the best ones, that which favours smaller codes.
    ranks = [sum(i * x for i, x in enumerate(s)) for s in every if value(s) == best]
    assert sum(i * x for i, x in enumerate(found.added)) == min(ranks)


@given(questions())
@settings(max_examples=40)
def test_optimal_is_never_worse_than_another_rule(
    question: tuple[tuple[Area, ...], Limits, int],
) -> None:
    areas, limits, places = question
    points = scores(areas, WEIGHTS)
    value = {
        rule: sum(
            p * x
            for p, x in zip(
                points, allocate(areas, limits, places, rule, WEIGHTS).added, strict=True
            )
        )
        for rule in RULES
    }
    assert value["optimal"] == max(value.values())


@pytest.mark.parametrize("rule", RULES)
def test_a_city_of_all_rts(rule: str) -> None:
    rng = Random(1)
    areas = tuple(
        area(
            n, rng.randint(0, 18), rng.randint(0, 4), kecamatan=n // 150, waiting=rng.randint(0, 9)
        )
        for n in range(1_650)
    )
    wishes = Wishes(
        floors={areas[3].code: min(2, areas[3].room)}, locked={areas[9].code: 0},
        quota={"15.71.04": 40},
    )  # fmt: skip
    limits = make_limits(areas, wishes)
    added = allocate(areas, limits, 9_000, rule, WEIGHTS).added
    assert sum(added) == 9_000
    assert all(a <= x <= b for a, x, b in zip(limits.lower, added, limits.upper, strict=True))
    assert sum(added[600:750]) <= 40


def test_a_price_says_what_one_place_more_of_a_limit_brings() -> None:
    areas = (area(1, 10, 0, kecamatan=1), area(2, 10, 5, kecamatan=2))
    asked = {"low_coverage": 1.0}
    limits = make_limits(areas, Wishes(quota={"15.71.01": 3}))
    proof = allocate(areas, limits, 5, "optimal", asked).proof
    assert proof is not None
    # Three at 1.000 and two at 500; a fourth in the first kecamatan would bring 500 more.
    assert proof.value == 4000
    prices = {(price.limit, price.code): price.gain for price in proof.prices}
    assert prices[("kuota", "15.71.01")] == 500
    assert prices[("anggaran", "")] == 500


def test_pilot_rts_come_first_and_evenly() -> None:
    areas = (
        area(1, 100, 0, pilots=(("a", 3), ("b", 9))),
        area(2, 100, 90, pilots=(("c", 9),)),
        area(3, 100, 0),
    )
    limits = make_limits(areas, Wishes())
    for places, expected in (
        (3, (2, 1, 0)),
        (9, (6, 3, 0)),
        (13, (8, 5, 0)),
        (21, (12, 9, 0)),
        (30, (12, 9, 9)),
    ):
        assert allocate(areas, limits, places, "percontohan", {}).added == expected


def test_floor_places_fill_pilot_rts_first() -> None:
    areas = (area(1, 100, 0, pilots=(("a", 3),)), area(2, 100, 0, pilots=(("b", 3),)))
    limits = make_limits(areas, Wishes(floors={areas[0].code: 3}))
    assert allocate(areas, limits, 6, "percontohan", {}).added == (3, 3)


def test_ties_go_to_the_smaller_code() -> None:
    areas = tuple(area(n, 10) for n in range(4))
    limits = make_limits(areas, Wishes())
    for rule in RULES:
        assert allocate(areas, limits, 2, rule, WEIGHTS).added[2:] == (0, 0), rule


def test_areas_that_nobody_has_counted_have_no_room() -> None:
    areas = (area(1, None, 3), area(2, 5, 9), area(3, 4))
    limits = make_limits(areas, Wishes())
    assert limits.upper == (0, 0, 4)
    added = allocate(areas, limits, 4, "merata", {}).added
    assert added == (0, 0, 4)
    assert binding_limits(areas, limits, added, 10) == ("usulan",)


@pytest.mark.parametrize(
    ("wishes", "places", "expected"),
    [
        (Wishes(), 6, ("target",)),
        (Wishes(), 20, ("usulan",)),
        (Wishes(ceilings={"15.71.01.0001": 2, "15.71.02.0002": 2}), 20, ("batas_atas",)),
        (Wishes(quota={"15.71.01": 2}), 20, ("kuota",)),
        (Wishes(floors={"15.71.01.0001": 9}), 12, ("target", "batas_bawah")),
        (Wishes(ceiling_rate=0.5), 20, ("batas_atas",)),
    ],
)
def test_limits_that_bind_are_named(wishes: Wishes, places: int, expected: tuple[str, ...]) -> None:
    areas = (area(1, 10, 0, kecamatan=1), area(2, 10, 4, kecamatan=2))
    limits = make_limits(areas, wishes)
    fitting = min(places, limits.capacity(areas))
    added = allocate(areas, limits, fitting, "merata", {}).added
    assert binding_limits(areas, limits, added, places) == expected


def test_money_binds_where_nothing_else_does() -> None:
    areas = (area(1, 10),)
    limits = make_limits(areas, Wishes())
    assert binding_limits(areas, limits, (3,), 8) == ("anggaran",)


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (Wishes(locked={"15.71.01.0001": 11}), "Wilayah 1 (ruang 10)"),
        (Wishes(floors={"15.71.02.0002": 7}), "Wilayah 2 (ruang 6)"),
        (Wishes(floors={"15.71.02.0002": 4}, ceilings={"15.71.02.0002": 3}), "Wilayah 2"),
        (Wishes(floors={"15.71.02.0002": 4}, locked={"15.71.02.0002": 3}), "Wilayah 2"),
        (Wishes(floors={"15.71.01.0001": 5}, quota={"15.71.01": 4}), "Wilayah 1"),
        (Wishes(quota={"15.71.99": 4}), "15.71.99"),
        (Wishes(ceilings={"15.71": 4}), "15.71"),
    ],
)
def test_what_cannot_be_kept_names_the_area(wishes: Wishes, said: str) -> None:
    areas = (area(1, 10, 0, kecamatan=1), area(2, 10, 4, kecamatan=2))
    with pytest.raises(Refusal, match=said.replace("(", r"\(").replace(")", r"\)")):
        make_limits(areas, wishes)


def test_floors_above_the_places_name_the_areas() -> None:
    areas = (area(1, 10), area(2, 10))
    limits = make_limits(areas, Wishes(floors={areas[1].code: 6}))
    with pytest.raises(Refusal, match=r"Wilayah 2 .* memerlukan 6 tempat, padahal hanya ada 5"):
        check_required(areas, limits, 5)


def test_a_floor_rate_lifts_every_area_to_it() -> None:
    areas = (area(1, 10, 1), area(2, 7, 2), area(3, 10, 9))
    assert make_limits(areas, Wishes(floor_rate=0.3)).lower == (2, 1, 0)
    assert make_limits(areas, Wishes(ceiling_rate=0.3)).upper == (2, 0, 0)


def test_scores_are_a_weighted_mean() -> None:
    areas = (
        area(1, 10, 5, joined_share=1.0, waiting=4),
        area(2, 20, 0, joined_share=0.0, waiting=8),
    )
    assert scores(areas, {"low_coverage": 1.0}) == (500, 1000)
    assert scores(areas, {"need": 1.0}) == (250, 1000)
    assert scores(areas, {"joined": 1.0, "waiting": 3.0}) == (625, 750)
    assert scores(areas, {}) == (0, 0)
