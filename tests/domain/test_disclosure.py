"""Public counts: what is hidden cannot be worked out from what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.disclosure import UNLOCATED, Hidden, choose_hidden

KECAMATAN_OF = {k.code: k.kecamatan_code for k in load_areas().kelurahan}
SMALL = st.integers(0, 9)
MIXED = st.one_of(st.just(0), SMALL, st.integers(0, 80))
Counts = dict[str, int]


@st.composite
def cities(draw: st.DrawFn) -> tuple[Counts, int]:
    """The real tree with few or many people in it."""
    one = draw(st.sampled_from([st.just(0), st.sampled_from([0, 1]), SMALL, MIXED]))
    counts = dict.fromkeys(KECAMATAN_OF, 0)
    for code in draw(st.lists(st.sampled_from(sorted(counts)), max_size=68)):
        counts[code] = draw(one)
    return counts, draw(MIXED)


def sums(counts: Counts, tree: dict[str, str]) -> Counts:
    total: Counts = defaultdict(int)
    for code, count in counts.items():
        total[tree[code]] += count
    return dict(total)


@settings(max_examples=400)
@given(cities(), st.integers(2, 12))
def test_no_hidden_count_can_be_pinned_down(city: tuple[Counts, int], k: int) -> None:
    """Each group of hidden counts has one known sum; the range of each must be k wide."""
    counts, unlocated = city
    hidden = choose_hidden(counts, KECAMATAN_OF, unlocated, k)
    above = sums(counts, KECAMATAN_OF)
    total = sum(counts.values()) + unlocated
    assert hidden.city == (0 < total < k)
    # Nothing small is shown at any level.
    for code, count in counts.items():
        assert code in hidden.kelurahan or not 0 < count < k
    for code, count in above.items():
        assert code in hidden.kecamatan or not 0 < count < k
    assert hidden.unlocated or not 0 < unlocated < k
    if hidden.city:
        assert hidden.kelurahan == set(counts)
        return
    # A shown kecamatan: its hidden kelurahan and their sum.
    for district in above:
        parts = {c: n for c, n in counts.items() if KECAMATAN_OF[c] == district}
        within = {c: n for c, n in parts.items() if c in hidden.kelurahan}
        if district in hidden.kecamatan:
            assert within == parts, "a hidden sum may not be added up, nor its holders counted"
        elif within:
            assert_room(within, k)
    # The city: every kelurahan of every hidden kecamatan, and those without a location.
    group = {c: n for c, n in counts.items() if KECAMATAN_OF[c] in hidden.kecamatan and c in hidden.kelurahan}  # fmt: skip
    if hidden.unlocated:
        group[UNLOCATED] = unlocated
    if group:
        assert_room(group, k)


def assert_room(group: Counts, k: int) -> None:
    assert len(group) > 1
    # Where every hidden part is known to be filled, each holds at least one.
    least = 0 if 0 in group.values() else 1
    width = sum(group.values()) - least * len(group)
    # All parts of one sum are hidden alike whether or not there are zeros among them.
    assert width >= k or sum(group.values()) >= k


def published(counts: Counts, tree: dict[str, str], unlocated: int, k: int) -> tuple[object, ...]:
    """All that a reader of the public tables sees."""
    hidden = choose_hidden(counts, tree, unlocated, k)
    above = sums(counts, tree)
    total = sum(counts.values()) + unlocated
    return (
        None if hidden.city else total,
        tuple(None if c in hidden.kelurahan else n for c, n in counts.items()),
        tuple(None if c in hidden.kecamatan else n for c, n in above.items()),
        None if hidden.unlocated else unlocated,
    )


def splits(most: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way in which up to `most` people can be spread over so many parts."""
    if parts == 0:
        yield ()
        return
    for first in range(most + 1):
        for rest in splits(most - first, parts - 1):
            yield (first, *rest)


@pytest.mark.parametrize(
    ("parts", "k", "largest"),
    [
        ({"A": 4, "B": 4}, 3, 8),
        ({"A": 4, "B": 4}, 4, 8),
        ({"A": 5}, 3, 11),
        ({"A": 2, "B": 2, "C": 2}, 3, 8),
    ],
)
def test_not_even_who_knows_the_rules_finds_a_small_count(
    parts: dict[str, int], k: int, largest: int
) -> None:
    """Every possible small city is published; a reader keeps those that look like the one seen."""
    tree = {f"{name}{index}": name for name, count in parts.items() for index in range(count)}
    worlds: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for *counts, unlocated in splits(largest, len(tree) + 1):
        city = dict(zip(tree, counts, strict=True))
        worlds[published(city, tree, unlocated, k)].append((*counts, unlocated))
    small = 0
    for seen, possible in worlds.items():
        shown = (*seen[1], seen[3])  # type: ignore[misc]
        for index, value in enumerate(shown):
            values = {world[index] for world in possible}
            if value is None and any(0 < v < k for v in values):
                small += 1
                assert len(values) > 1, (seen, possible)
    assert small > 50


def test_nothing_is_hidden_without_need() -> None:
    counts = dict.fromkeys(KECAMATAN_OF, 20) | {"15.71.02.1004": 0}
    assert choose_hidden(counts, KECAMATAN_OF, 0) == Hidden(frozenset(), frozenset())
    assert choose_hidden(dict.fromkeys(KECAMATAN_OF, 0), KECAMATAN_OF, 0) == Hidden(
        frozenset(), frozenset()
    )


def test_one_small_kelurahan_takes_its_smallest_neighbour_along() -> None:
    counts = {code: 20 + index for index, code in enumerate(sorted(KECAMATAN_OF))}
    counts["15.71.02.1004"] = 3
    hidden = choose_hidden(counts, KECAMATAN_OF, 0)
    smallest = min(
        (c for c in counts if c.startswith("15.71.02") and counts[c] > 3), key=counts.__getitem__
    )
    assert hidden == Hidden(frozenset(), frozenset({"15.71.02.1004", smallest}))


def test_a_few_people_without_location_take_a_kecamatan_along() -> None:
    counts = dict.fromkeys(KECAMATAN_OF, 20)
    hidden = choose_hidden(counts, KECAMATAN_OF, 2)
    assert hidden.unlocated
    assert len(hidden.kecamatan) == 2
    assert len(hidden.kelurahan) == 4  # Pasar Jambi, the smallest, with its four kelurahan
