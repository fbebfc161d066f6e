"""Quotas per occupation against every split of small cities, worked out by trying all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jambi_dash.domain.expansion import (
    RULES,
    Area,
    Limits,
    Wishes,
    allocate,
    binding_limits,
    make_limits,
    scores,
)
from jambi_dash.domain.goal_seek import money_for_people, people_for_money
from jambi_dash.domain.occupations import UNKNOWN_OCCUPATION, in_order, take_from_list
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario, read_scenario
from jambi_dash.domain.simulation import Baseline, simulate

WEIGHTS = {"low_coverage": 2.0, "need": 0.5}
WORK = ("ojek_online", "tukang_parkir", UNKNOWN_OCCUPATION, "umkm")
Lists = dict[str, dict[str, int]]
Question = tuple[tuple[Area, ...], Wishes, Lists]


def area(n: int, eligible: int, covered: int = 0, kecamatan: int = 1, **more: Any) -> Area:
    return Area(
        f"15.71.{kecamatan:02d}.{n:04d}", f"Wilayah {n}", f"15.71.{kecamatan:02d}", eligible,
        covered, **more,
    )  # fmt: skip


@st.composite
def questions(
    draw: st.DrawFn, most_areas: int = 4, most_people: int = 4, floors: bool = True
) -> Question:
    """A small city, its waiting lists, and wishes of which quotas per occupation are some."""
    areas, lists, lower, upper = [], {}, {}, {}
    for n in range(draw(st.integers(1, most_areas))):
        room = draw(st.integers(0, most_people))
        covered = draw(st.integers(0, 3))
        one = area(n, room + covered, covered, kecamatan=n % 2, pilots=((f"{n}-001", room // 2),))
        areas.append(one)
        waits = draw(
            st.dictionaries(st.sampled_from(WORK), st.integers(1, most_people), max_size=3)
        )
        if waits:
            lists[one.code] = waits
        kind = draw(st.sampled_from(("free", "free", "free", "floor", "ceiling", "lock")))
        value = draw(st.integers(0, room))
        if kind == "ceiling":
            upper[one.code] = value
        elif kind != "free" and floors:
            lower[one.code] = min(value, 2)
            if kind == "lock":
                upper[one.code] = lower[one.code]
    quota = draw(
        st.dictionaries(
            st.sampled_from(sorted({one.kecamatan_code for one in areas})), st.integers(0, 6),
            max_size=2,
        )
    )  # fmt: skip
    work = draw(
        st.dictionaries(
            st.sampled_from(("ojek_online", "tukang_parkir")), st.integers(0, 4), min_size=1
        )
    )
    wishes = Wishes(floors=lower, ceilings=upper, quota=quota, occupation_quota=work)
    return tuple(sorted(areas, key=lambda a: a.code)), wishes, lists


@st.composite
def crossed(draw: st.DrawFn) -> Question:
    """Scarce quotas of both kinds and nobody beyond the lists: exchanges are the rule."""
    areas, lists = [], {}
    for n in range(draw(st.integers(4, 6))):
        covered, room = draw(st.integers(0, 6)), draw(st.integers(1, 2))
        one = area(n, room + covered, covered, kecamatan=n % 3)
        areas.append(one)
        names = draw(
            st.sampled_from(
                (("ojek_online",), ("tukang_parkir",), ("ojek_online", "tukang_parkir"))
            )
        )
        lists[one.code] = dict.fromkeys(names, 2)
    quota = {f"15.71.{n:02d}": draw(st.integers(1, 2)) for n in range(3)}
    work = {name: draw(st.integers(1, 3)) for name in ("ojek_online", "tukang_parkir")}
    wishes = Wishes(quota=quota, occupation_quota=work)
    return tuple(sorted(areas, key=lambda a: a.code)), wishes, lists


def lists_of(areas: Sequence[Area], lists: Lists) -> list[dict[str, int]]:
    return [lists.get(one.code, {}) for one in areas]


def can_be_kept(areas: Sequence[Area], wishes: Wishes, lists: Lists, x: Sequence[int]) -> bool:
    """Whether people can be found for `x`: every way to take them from the list is tried."""
    names = sorted(wishes.occupation_quota)
    needs, waiting = [], []
    for one, places in zip(areas, x, strict=True):
        waits = lists.get(one.code, {})
        unnamed = max(0, one.room - sum(waits.values()))
        outside = unnamed + sum(n for name, n in waits.items() if name not in names)
        needs.append(max(0, places - outside))
        waiting.append([waits.get(name, 0) for name in names])

    @cache
    def rest(i: int, left: tuple[int, ...]) -> bool:
        if i == len(needs):
            return True
        return any(
            sum(taken) == needs[i]
            and rest(i + 1, tuple(q - y for q, y in zip(left, taken, strict=True)))
            for taken in product(
                *(range(min(w, q) + 1) for w, q in zip(waiting[i], left, strict=True))
            )
        )

    return rest(0, tuple(wishes.occupation_quota[name] for name in names))


def every_split(question: Question) -> list[tuple[int, ...]]:
    areas, wishes, lists = question
    bounds = [
        range(
            wishes.floors.get(one.code, 0),
            min(one.room, wishes.ceilings.get(one.code, one.room)) + 1,
        )
        for one in areas
    ]
    return [
        split
        for split in product(*bounds)
        if all(
            sum(x for x, one in zip(split, areas, strict=True) if one.kecamatan_code == code)
            <= most
            for code, most in wishes.quota.items()
        )
        and can_be_kept(areas, wishes, lists, split)
    ]


def limits_of(question: Question) -> Limits:
    areas, wishes, lists = question
    return make_limits(areas, wishes, lists)


def one_by_one(
    areas: Sequence[Area], limits: Limits, splits: list[tuple[int, ...]], rule: str
) -> tuple[int, ...]:
    """Place after place to the first of the rule's order with which some split still remains."""
    x = list(limits.lower)
    points = scores(areas, WEIGHTS)

    def order(i: int) -> tuple[Fraction, str]:
        one = areas[i]
        if rule == "merata":
            return Fraction(one.covered + x[i], one.eligible or 1), one.code
        weight = points[i] if rule == "skor" else 1
        return -Fraction(weight * one.room, 2 * x[i] + 1), one.code

    def may(i: int) -> bool:
        return any(
            all(z[j] >= x[j] + (i == j) for j in range(len(areas))) for z in splits
        )  # fmt: skip

    while sum(x) < sum(splits[0]):
        x[min((i for i in range(len(areas)) if may(i)), key=order)] += 1
    return tuple(x)


@given(questions())
@settings(max_examples=150)
def test_capacity_is_the_largest_split_and_floors_that_cannot_be_are_refused(
    question: Question,
) -> None:
    every = every_split(question)
    try:
        limits = limits_of(question)
    except Refusal:
        assert every == []
        return
    assert limits.capacity(question[0]) == max(sum(split) for split in every)
    # No number of places between is impossible: a budget may stop anywhere.
    assert {sum(split) for split in every} == set(
        range(limits.required, limits.capacity(question[0]) + 1)
    )


@given(
    questions() | crossed(), st.sampled_from(("merata", "sebanding", "skor")), st.integers(0, 16)
)
@settings(max_examples=200)
def test_each_place_goes_to_the_first_that_may_have_it(
    question: Question, rule: str, wanted: int
) -> None:
    every = every_split(question)
    assume(every)
    areas, limits = question[0], limits_of(question)
    places = max(limits.required, min(wanted, limits.capacity(areas)))
    splits = [split for split in every if sum(split) == places]
    assert allocate(areas, limits, places, rule, WEIGHTS).added == one_by_one(
        areas, limits, splits, rule
    )


@given(questions(), st.sampled_from(RULES), st.integers(0, 16))
@settings(max_examples=100)
def test_all_rules_keep_every_limit_and_waste_no_place(
    question: Question, rule: str, wanted: int
) -> None:
    every = every_split(question)
    assume(every)
    areas, limits = question[0], limits_of(question)
    places = max(limits.required, min(wanted, limits.capacity(areas)))
    added = allocate(areas, limits, places, rule, WEIGHTS).added
    assert sum(added) == places
    assert added in every
    assert allocate(areas, limits, places, rule, WEIGHTS).added == added
    if places < wanted:
        assert binding_limits(areas, limits, added, wanted)


@given(questions() | crossed(), st.integers(0, 16))
@settings(max_examples=150)
def test_even_cannot_be_made_more_even_by_moving_one_place(question: Question, wanted: int) -> None:
    every = set(every_split(question))
    assume(every)
    areas, limits = question[0], limits_of(question)
    places = max(limits.required, min(wanted, limits.capacity(areas)))
    added = allocate(areas, limits, places, "merata", {}).added
    for i, j in product(range(len(areas)), repeat=2):
        moved = tuple(x - (n == i) + (n == j) for n, x in enumerate(added))
        if i != j and moved in every:
            giver, taker = areas[i], areas[j]
            falls_to = Fraction(giver.covered + added[i] - 1, giver.eligible or 1)
            assert falls_to <= Fraction(taker.covered + added[j], taker.eligible or 1)


@given(questions() | crossed(), st.integers(0, 16))
@settings(max_examples=100)
def test_optimal_is_the_best_of_all_splits(question: Question, wanted: int) -> None:
    every = every_split(question)
    assume(every)
    areas, limits = question[0], limits_of(question)
    places = max(limits.required, min(wanted, limits.capacity(areas)))
    points = scores(areas, WEIGHTS)

    def value(split: Sequence[int]) -> int:
        return sum(p * x for p, x in zip(points, split, strict=True))

    splits = [split for split in every if sum(split) == places]
    best = max(value(split) for split in splits)
    found = allocate(areas, limits, places, "optimal", WEIGHTS)
    assert found.proof is not None
    assert (found.proof.proven, found.proof.value, value(found.added)) == (True, best, best)
    ranks = [sum(i * x for i, x in enumerate(s)) for s in splits if value(s) == best]
    assert sum(i * x for i, x in enumerate(found.added)) == min(ranks)


@given(questions(floors=False), st.sampled_from(("merata", "sebanding")), st.integers(0, 16))
@settings(max_examples=100)
def test_a_quota_that_is_not_named_changes_nothing(
    question: Question, rule: str, wanted: int
) -> None:
    areas, wishes, lists = question
    limits = limits_of(question)
    places = min(wanted, limits.capacity(areas))
    added = allocate(areas, limits, places, rule, {}).added
    if "kuota" not in binding_limits(areas, limits, added, wanted):
        free = make_limits(areas, Wishes(ceilings=wishes.ceilings, quota=wishes.quota))
        assert min(wanted, free.capacity(areas)) == places
        assert allocate(areas, free, places, rule, {}).added == added
        waiting = lists_of(areas, lists)
        taken = take_from_list(added, waiting, [99] * len(areas), {})
        assert take_from_list(added, waiting, [0] * len(areas), wishes.occupation_quota) == taken


@given(questions(), st.sampled_from(RULES), st.integers(0, 16))
@settings(max_examples=150)
def test_the_list_comes_first_inside_the_quotas(question: Question, rule: str, wanted: int) -> None:
    areas, wishes, lists = question
    assume(every_split(question))
    limits = limits_of(question)
    places = max(limits.required, min(wanted, limits.capacity(areas)))
    added = allocate(areas, limits, places, rule, WEIGHTS).added
    waiting = lists_of(areas, lists)
    unnamed = [max(0, a.room - sum(w.values())) for a, w in zip(areas, waiting, strict=True)]
    taken = take_from_list(added, waiting, unnamed, wishes.occupation_quota)
    for x, people, waits, beyond in zip(added, taken, waiting, unnamed, strict=True):
        assert 0 <= x - sum(people.values()) <= beyond
        assert people.keys() == waits.keys()
        assert all(0 <= n <= waits[name] for name, n in people.items())
    for name, most in wishes.occupation_quota.items():
        assert sum(people.get(name, 0) for people in taken) <= most
    # As many of the list as can be: with less room beyond it, no people could be found.
    beyond_now = sum(added) - sum(sum(people.values()) for people in taken)
    rooms = [
        [area(n, u + sum(w.values())) for n, (u, w) in enumerate(zip(less, waiting, strict=True))]
        for less in product(*(range(n + 1) for n in unnamed))
        if sum(less) == beyond_now - 1
    ]
    same_lists = {f"15.71.01.{n:04d}": waits for n, waits in enumerate(waiting)}
    assert not any(can_be_kept(smaller, wishes, same_lists, added) for smaller in rooms)


def test_quotas_of_kecamatan_and_occupation_may_cross() -> None:
    # Wilayah 1 uses up both its kecamatan's only place and the only place for ojek; the others
    # need one of them each. The lowest coverage would take it, and leave room for one place only.
    areas = (
        area(1, 9, 0, kecamatan=1), area(2, 9, 8, kecamatan=1), area(3, 9, 8, kecamatan=2),
    )  # fmt: skip
    lists: Lists = {
        areas[0].code: {"ojek_online": 9}, areas[2].code: {"ojek_online": 1},
    }  # fmt: skip
    wishes = Wishes(quota={"15.71.01": 1}, occupation_quota={"ojek_online": 1})
    limits = make_limits(areas, wishes, lists)
    assert limits.capacity(areas) == 2
    for rule in RULES:
        assert allocate(areas, limits, 2, rule, WEIGHTS).added == (0, 1, 1), rule
        assert sum(allocate(areas, limits, 1, rule, WEIGHTS).added) == 1
    assert allocate(areas, limits, 1, "merata", {}).added == (1, 0, 0)
    assert binding_limits(areas, limits, (0, 1, 1), 3) == ("kuota",)
    locked = make_limits(
        areas, Wishes(locked={areas[0].code: 1}, quota=wishes.quota,
                      occupation_quota=wishes.occupation_quota), lists,
    )  # fmt: skip
    assert locked.capacity(areas) == 1


def test_a_place_found_elsewhere_moves_to_where_the_rule_wants_it() -> None:
    # All three places fit only if the one for parkir goes to Wilayah 0, and the kecamatan's quota
    # with it; of the ojek, both belong to Wilayah 2, which stays the lowest.
    areas = (
        area(0, 4, 3, kecamatan=1), area(3, 3, 2, kecamatan=1),
        area(1, 8, 6, kecamatan=2), area(2, 3, 1, kecamatan=3),
    )  # fmt: skip
    lists: Lists = {one.code: {"ojek_online": 2} for one in areas}
    lists[areas[0].code]["tukang_parkir"] = 2
    wishes = Wishes(
        quota={"15.71.01": 1, "15.71.02": 1, "15.71.03": 2},
        occupation_quota={"ojek_online": 2, "tukang_parkir": 1},
    )
    limits = make_limits(areas, wishes, lists)
    assert limits.capacity(areas) == 3
    assert allocate(areas, limits, 3, "merata", {}).added == (1, 0, 0, 2)


def test_people_are_exchanged_between_areas() -> None:
    # Wilayah 1 can have ojek or parkir, Wilayah 2 only ojek: both get a place.
    areas = (area(1, 1), area(2, 1))
    lists: Lists = {
        areas[0].code: {"ojek_online": 1, "tukang_parkir": 1},
        areas[1].code: {"ojek_online": 1},
    }
    limits = make_limits(
        areas, Wishes(occupation_quota={"ojek_online": 1, "tukang_parkir": 1}), lists
    )
    assert allocate(areas, limits, 2, "merata", {}).added == (1, 1)
    taken = take_from_list((1, 1), lists_of(areas, lists), (0, 0), limits.occupations.quota)  # type: ignore[union-attr]
    assert taken == [{"ojek_online": 0, "tukang_parkir": 1}, {"ojek_online": 1}]


def test_a_scarce_quota_is_shared_in_proportion() -> None:
    waiting = [{"ojek_online": 20, "umkm": 10}, {"ojek_online": 10}, {"umkm": 5}]
    # Without a quota: 20 and 10 asked for; nine are shared 6 to 3, the rest comes from others.
    taken = take_from_list((30, 15, 9), waiting, (20, 20, 9), {"ojek_online": 9})
    assert taken == [{"ojek_online": 6, "umkm": 10}, {"ojek_online": 3}, {"umkm": 5}]


def test_floors_that_the_quotas_forbid_name_the_areas() -> None:
    areas = (area(1, 5), area(2, 5), area(3, 5))
    lists: Lists = {one.code: {"ojek_online": 5} for one in areas[:2]}
    wishes = Wishes(
        floors={areas[0].code: 3, areas[2].code: 2}, locked={areas[1].code: 2},
        occupation_quota={"ojek_online": 4},
    )  # fmt: skip
    with pytest.raises(
        Refusal, match=r"Wilayah 1 .*Wilayah 2 .* memerlukan 5 tempat.*hanya membolehkan 4"
    ) as refused:
        make_limits(areas, wishes, lists)
    assert "Wilayah 3" not in str(refused.value)


def test_a_price_says_what_one_more_of_an_occupation_brings() -> None:
    areas = (area(1, 10, 0), area(2, 10, 5))
    lists: Lists = {areas[0].code: {"ojek_online": 10}}
    limits = make_limits(areas, Wishes(occupation_quota={"ojek_online": 3}), lists)
    found = allocate(areas, limits, 5, "optimal", {"low_coverage": 1.0})
    assert (found.added, found.proof and found.proof.value) == ((3, 2), 4000)
    assert found.proof is not None
    assert [(p.limit, p.code, p.gain) for p in found.proof.prices] == [
        ("anggaran", "", 500), ("kuota", "ojek_online", 500),
    ]  # fmt: skip


def city(
    people: list[tuple[int, int]], lists: list[dict[str | None, int]], by: str = "kelurahan"
) -> Baseline:
    areas = tuple(area(n, eligible, covered) for n, (eligible, covered) in enumerate(people))
    return Baseline(
        "r", date(2025, 12, 31), False, by, areas, sum(a.covered for a in areas), 0,
        sum(a.eligible or 0 for a in areas),
        (
            *((one.code, name, n) for one, waits in zip(areas, lists, strict=True)
              for name, n in waits.items()),
            (None, "umkm", 7),
        ),
    )  # fmt: skip


CITY = city(
    [(100, 20), (50, 10)],
    [{"ojek_online": 30, "umkm": 10, None: 5}, {"ojek_online": 30, "lainnya": 30}],
)


def test_the_answer_tells_places_and_waiting_by_occupation() -> None:
    found = simulate(CITY, Scenario(workers=70, occupation_quota={"ojek_online": 4}))
    assert (found.placed, [a.add for a in found.areas]) == (40, [27, 13])
    # In proportion: 18 ojek, 6 UMKM, 3 unsaid of 27; 6 ojek and 7 others of 13. The quota of four
    # ojek is shared 3 to 1; the first area then has nobody else who waits and the second has, so
    # it gets the fourth, and 8 from beyond the list.
    assert found.by_occupation == {
        "ojek_online": 4, "umkm": 10, "lainnya": 13, UNKNOWN_OCCUPATION: 13,
    }  # fmt: skip
    assert found.binding == ("target", "kuota")
    assert found.still_waiting() == {"15.71.01.0000": 26, "15.71.01.0001": 47}
    assert found.still_waiting_by_occupation() == {"ojek_online": 56, "lainnya": 17}
    assert any("13 dari 40" in note for note in found.notes)
    told = found.to_json()
    assert told["by_occupation"] == found.by_occupation
    assert told["still_waiting_by_occupation"] == found.still_waiting_by_occupation()
    assert told["scenario"]["occupation_quota"] == {"ojek_online": 4}


def test_money_and_goals_stop_at_the_quotas() -> None:
    asked = Scenario(occupation_quota={"ojek_online": 4, "lainnya": 2})
    # In the second area nobody else waits and the list is longer than the room.
    everybody = people_for_money(CITY, asked, 10**9)
    assert (everybody.run.placed, everybody.reached, everybody.run.binding) == (
        50 + 6, False, ("kuota",),
    )  # fmt: skip
    assert everybody.run.by_occupation["lainnya"] == 2
    assert not money_for_people(CITY, asked, 87).reached
    goal = money_for_people(CITY, asked, 86)
    assert goal.reached
    assert people_for_money(CITY, asked, goal.cost_idr).people == 86
    with pytest.raises(Refusal, match="Wilayah 1"):
        simulate(CITY, Scenario(occupation_quota=asked.occupation_quota,
                                locked={"15.71.01.0001": 7}))  # fmt: skip


def test_rts_have_no_waiting_list_of_their_own() -> None:
    by_rt = city([(100, 20)], [{"ojek_online": 3}], by="rt")
    with pytest.raises(Refusal, match="Kuota pekerjaan .* per RT"):
        simulate(by_rt, Scenario(by="rt", occupation_quota={"ojek_online": 1}))


PEOPLE = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 20)), min_size=1, max_size=6
)  # fmt: skip


@given(
    PEOPLE.flatmap(
        lambda people: st.tuples(
            st.just(people),
            st.lists(
                st.dictionaries(
                    st.none() | st.sampled_from(("umkm", "ojek_online")), st.integers(1, 30)
                ),
                min_size=len(people), max_size=len(people),
            ),
        )
    ),
    st.integers(0, 300),
    st.dictionaries(st.sampled_from(("umkm", "ojek_online", "lainnya")), st.integers(0, 40)),
    st.integers(0, 60_000_000),
)  # fmt: skip
@settings(max_examples=100)
def test_occupations_add_up_and_more_money_never_places_fewer(
    made: tuple[list[tuple[int, int]], list[dict[str | None, int]]],
    workers: int,
    quota: dict[str, int],
    budget: int,
) -> None:
    base = city(*made)
    found = simulate(base, Scenario(workers=workers, occupation_quota=quota, budget=budget))
    assert found.binding
    assert sum(found.by_occupation.values()) == found.placed
    assert all(found.by_occupation.get(name, 0) <= most for name, most in quota.items())
    waiting = found.still_waiting()
    assert sum(waiting.values()) == sum(found.still_waiting_by_occupation().values())
    got = sum(sum(people.values()) for people in found.from_list.values())
    assert sum(waiting.values()) + got == sum(n for code, _, n in base.waiting if code)
    richer = simulate(
        base, Scenario(workers=workers, occupation_quota=quota, budget=budget + 5_000_000)
    )
    assert richer.placed >= found.placed
    if not quota:
        # What the list loses where nothing keeps it back: as many as there are new places.
        left = {code: sum(waits.values()) for code, waits in base.waiting_lists.items()}
        added = {one.code: one.add for one in found.areas}
        assert waiting == {c: n - added[c] for c, n in left.items() if n > added[c]}


def test_occupations_are_read_by_their_synonyms() -> None:
    asked = read_scenario({"occupation_quota": {"Ojol": 3, "UKM": 0}})
    assert asked.occupation_quota == {"ojek_online": 3, "umkm": 0}
    for raw, said in (
        ({"ojol": 1, "ojek_online": 2}, "dua kali"),
        ({"astronaut": 1}, r"astronaut; yang ada: ojek_online, .*lainnya"),
        ({UNKNOWN_OCCUPATION: 1}, UNKNOWN_OCCUPATION),
        ({"ojol": -1}, "bilangan bulat"),
    ):
        with pytest.raises(Refusal, match=said):
            read_scenario({"occupation_quota": raw})


def test_words_of_offices_become_occupations() -> None:
    programme = load_programme()
    assert programme.occupation("pengemudi ojek online") == "ojek_online"
    assert programme.occupation("penjual mimpi") == programme.other_occupation == "lainnya"
    assert programme.other_occupation in programme.occupations.ids
    assert UNKNOWN_OCCUPATION not in programme.occupations.ids
    words = [w for term in programme.occupations.terms for w in (*term.synonyms, term.label)]
    assert all(programme.occupations.recognise(word) for word in words)
    assert list(in_order({UNKNOWN_OCCUPATION: 1, "lainnya": 2, "ojek_online": 3, "umkm": 0})) == [
        "ojek_online", "lainnya", UNKNOWN_OCCUPATION,
    ]  # fmt: skip
