"""Public counts: what is hidden cannot be worked out from what is shown, whoever tries."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from disclosure_attacker import Interval, Sum, read_tables
from hypothesis import given, settings
from hypothesis import strategies as st

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.disclosure import (
    NOTHING,
    UNLOCATED,
    Counts,
    Hidden,
    choose_hidden,
    hidden_by_month,
    is_steady,
    load_k,
    spread_hidden,
)
from jambi_dash.domain.fewest_hidden import FREE, MUST, SHOWN, Tree, fewest_hidden
from jambi_dash.domain.refusal import Refusal

JAMBI = {k.code: k.kecamatan_code for k in load_areas().kelurahan}
CITY = "kota"
Published = dict[str, int | None]


def cells(counts: Counts, tree: Mapping[str, str]) -> dict[str, int]:
    """Every count of one month, at every level."""
    found = {**counts.kelurahan, UNLOCATED: counts.unlocated}
    found |= dict.fromkeys(tree.values(), 0)
    for code, count in counts.kelurahan.items():
        found[tree[code]] += count
    found[CITY] = sum(counts.kelurahan.values()) + counts.unlocated
    return found


def sums_of(tree: Mapping[str, str]) -> list[Sum]:
    above = sorted(set(tree.values()))
    inside = [(a, [code for code in tree if tree[code] == a]) for a in above]
    return [*inside, (CITY, [*above, UNLOCATED])]


def names_of(hidden: Hidden) -> frozenset[str]:
    return hidden.kelurahan | hidden.kecamatan | ({CITY} if hidden.city else set())


def published(counts: Counts, tree: Mapping[str, str], hidden: Hidden) -> Published:
    names = names_of(hidden)
    return {name: None if name in names else n for name, n in cells(counts, tree).items()}


def check_month(counts: Counts, tree: Mapping[str, str], hidden: Hidden, k: int) -> None:
    """Promises 1 and 2 of the module, by an attacker who has all tables of the month."""
    true, names = cells(counts, tree), names_of(hidden)
    assert {name for name, n in true.items() if 0 < n < k} <= names
    assert hidden.city == (0 < true[CITY] < k)
    if not names or hidden.city:
        assert not hidden.city or names == set(true)
        return
    seen = published(counts, tree, hidden)
    for name, (low, high) in read_tables(seen, sums_of(tree)).ranges(sorted(names)).items():
        assert high - low >= k, (name, low, high)
    if names == set(true) - {CITY}:
        return  # nothing but the city is shown, so nobody can know which counts are small
    kinds = {name: kind(n, k) for name, n in true.items()}
    kinds |= {code: (0, k - 1) for code in tree if 0 < true[tree[code]] < k}
    small = sorted(name for name in names if 0 < true[name] < k)
    # The same without the sums that are shown: what the kinds of counts say by themselves.
    own = [(whole, parts) for whole, parts in sums_of(tree) if whole in names]
    alone = {name: n for name, n in seen.items() if name in tree or n is None}
    assert read_tables(seen, sums_of(tree), kinds).ranges(small) == read_tables(
        alone, own, kinds
    ).ranges(small)


def kind(count: int, k: int) -> Interval:
    if count == 0:
        return 0, 0
    return (1, k - 1) if count < k else (k, np.inf)


def check_links(
    months: list[Counts], tree: Mapping[str, str], hidden: list[Hidden], k: int
) -> None:
    """Promise 4: no month beside it tells what a count is that only went along."""
    for one, other in (*pairwise(range(len(months))), *((b, a) for a, b in pairwise(range(len(months))))):  # fmt: skip
        here, there = cells(months[one], tree), cells(months[other], tree)
        if here[CITY] < k or there[CITY] < k:
            continue
        for name in names_of(hidden[one]) - names_of(hidden[other]):
            assert 0 < here[name] < k or not is_steady(here[name], there[name], k)


SMALL = st.integers(0, 9)
MIXED = st.one_of(st.just(0), SMALL, st.integers(0, 80))


@st.composite
def months_of_jambi(draw: st.DrawFn) -> list[Counts]:
    """The real tree with few or many people in it, and what became of them."""
    one = draw(st.sampled_from([st.just(0), st.sampled_from([0, 1]), SMALL, MIXED]))
    counts = dict.fromkeys(JAMBI, 0)
    for code in draw(st.lists(st.sampled_from(sorted(counts)), max_size=68)):
        counts[code] = draw(one)
    found = [Counts(dict(counts), draw(MIXED))]
    for _ in range(draw(st.integers(0, 2))):
        for code in draw(st.lists(st.sampled_from(sorted(counts)), max_size=8)):
            counts[code] = draw(MIXED)
        found.append(Counts(dict(counts), draw(st.sampled_from([found[-1].unlocated, 0, 3, 20]))))
    return found


@settings(max_examples=60)
@given(months_of_jambi(), st.integers(3, 12))
def test_linear_programming_finds_nothing(months: list[Counts], k: int) -> None:
    hidden = hidden_by_month(months, JAMBI, k)
    for counts, own in zip(months, hidden, strict=True):
        check_month(counts, JAMBI, own, k)
    check_links(months, JAMBI, hidden, k)


def random_city(seed: int) -> tuple[dict[str, str], list[Counts], int]:
    """A city of any shape: from one kecamatan of one kelurahan to eleven of thirteen."""
    r = random.Random(seed)
    tree = {
        f"{above:02d}.{inside:02d}": f"{above:02d}"
        for above in range(r.choice([1, 2, 3, 5, 11]))
        for inside in range(r.choice([1, 2, 3, 4, 7, 13]))
    }
    k = r.choice([4, 5, 5, 5, 8, 11])
    draw = r.choice([
        lambda: r.randint(1, k) if r.random() < 0.1 else 0,
        lambda: r.randint(0, k + 1),
        lambda: r.choice([0, r.randint(1, 9), r.randint(5, 80)]),
        lambda: r.randint(k, 200) if r.random() < 0.9 else r.randint(0, k),
        lambda: r.choice([0, 1, k - 1, k, k + 1]),
        lambda: r.choice([1, 1, 100]) if r.random() < 0.3 else 0,
    ])  # fmt: skip
    counts, unlocated = {code: draw() for code in tree}, r.choice([0, 0, r.randint(0, k), 30])
    months = []
    for _ in range(r.randint(1, 5)):
        months.append(Counts(dict(counts), unlocated))
        for code in counts:
            if r.random() < 0.3:
                counts[code] = max(0, counts[code] + r.choice([-1, 1, -3, 3, 20, -20]))
        unlocated = max(0, unlocated + r.choice([0, 0, -2, 2, 10]))
    return tree, months, k


@pytest.mark.parametrize("hundred", range(3))
def test_cities_of_every_shape_keep_their_small_counts(hundred: int) -> None:
    found = 0
    for seed in range(hundred * 100, hundred * 100 + 100):
        tree, months, k = random_city(seed)
        hidden = hidden_by_month(months, tree, k)
        for counts, own in zip(months, hidden, strict=True):
            check_month(counts, tree, own, k)
            found += len(names_of(own))
        check_links(months, tree, hidden, k)
    assert found > 1000


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
        ({"A": 4, "B": 4}, 4, 7),
        ({"A": 2, "B": 2, "C": 2}, 4, 9),
        ({"A": 5}, 4, 11),
        ({"A": 3}, 5, 20),
        ({"A": 2, "B": 1}, 5, 17),
    ],
)
def test_not_even_who_knows_the_program_finds_a_small_count(
    parts: dict[str, int], k: int, largest: int
) -> None:
    """Every possible small city is published; a reader keeps those that look like the one seen."""
    tree = {f"{name}{index}": name for name, count in parts.items() for index in range(count)}
    worlds: dict[tuple[int | None, ...], list[dict[str, int]]] = defaultdict(list)
    for *counts, unlocated in splits(largest, len(tree) + 1):
        city = Counts(dict(zip(tree, counts, strict=True)), unlocated)
        seen = published(city, tree, choose_hidden(city.kelurahan, tree, unlocated, k))
        worlds[tuple(seen.values())].append(cells(city, tree))
    small = 0
    for seen_values, possible in worlds.items():
        for name, shown in zip(possible[0], seen_values, strict=True):
            values = {world[name] for world in possible}
            if shown is None and any(0 < v < k for v in values):
                small += 1
                assert len(values) >= k - 2, (name, seen_values, possible)
    assert small > 300


def test_nothing_is_hidden_without_need() -> None:
    counts = dict.fromkeys(JAMBI, 20) | {"15.71.02.1004": 0}
    assert choose_hidden(counts, JAMBI, 0) == NOTHING
    assert choose_hidden(dict.fromkeys(JAMBI, 0), JAMBI, 0) == NOTHING


def test_one_small_kelurahan_takes_one_along_whatever_the_counts() -> None:
    counts = {code: 20 + index for index, code in enumerate(sorted(JAMBI))}
    counts["15.71.02.1004"] = 3
    hidden = choose_hidden(counts, JAMBI, 0)
    assert hidden == Hidden(frozenset(), frozenset({"15.71.02.1004", "15.71.02.1002"}))
    for other in (8, 50, 900):
        assert choose_hidden(counts | {"15.71.02.1003": other}, JAMBI, 0) == hidden


def test_a_few_people_without_location_take_one_kecamatan_and_one_kelurahan_along() -> None:
    hidden = choose_hidden(dict.fromkeys(JAMBI, 20), JAMBI, 2)
    assert hidden.unlocated
    assert len(hidden.kecamatan) == 2
    assert len(hidden.kelurahan) == 1


def test_too_few_for_any_sum_are_hidden_with_the_city() -> None:
    hidden = choose_hidden(dict.fromkeys(JAMBI, 0) | {"15.71.02.1004": 4}, JAMBI, 0)
    assert hidden == Hidden(frozenset({*JAMBI.values(), UNLOCATED}), frozenset(JAMBI), city=True)


def test_what_went_along_stays_hidden_while_it_stays_as_it_was() -> None:
    """Thehok grows from 3 to 30; the count of its neighbour would have told the 3."""
    tree = {code: above for code, above in JAMBI.items() if above == "15.71.02"}
    before = dict.fromkeys(tree, 40) | {"15.71.02.1004": 3}
    grown = before | {"15.71.02.1004": 30}
    changed = {code: n + 30 for code, n in grown.items()}
    hidden = hidden_by_month([Counts(before), Counts(grown), Counts(changed)], tree)
    assert [len(h.kelurahan) for h in hidden] == [2, 2, 0]
    neighbour = next(iter(hidden[0].kelurahan - {"15.71.02.1004"}))
    assert neighbour in hidden[1].kelurahan


@settings(max_examples=150)
@given(st.data())
def test_the_programme_hides_the_fewest(data: st.DataObject) -> None:
    """Against every set of cells of a small tree."""
    tree = Tree((0, 0, 0, 1, 1), 2)
    states = tuple(data.draw(st.sampled_from([SHOWN, FREE, MUST])) for _ in range(tree.size))
    group = tuple(data.draw(st.sets(st.integers(0, tree.size - 1), min_size=1)))
    least = data.draw(st.integers(0, 3))
    allowed = [
        chosen
        for number in range(2**tree.size)
        if all(state != MUST or number >> c & 1 for c, state in enumerate(states))
        and all(state != SHOWN or not number >> c & 1 for c, state in enumerate(states))
        and all(sum(number >> c & 1 for c in cells) != 1 for cells in tree.sums)
        and sum(number >> c & 1 for c in group) >= least
        for chosen in [frozenset(c for c in range(tree.size) if number >> c & 1)]
    ]
    found = fewest_hidden(tree, states, ((group, least),))
    if not allowed:
        assert found is None
    else:
        assert found in allowed
        assert len(found) == min(map(len, allowed))


def test_fewer_cells_come_before_earlier_ones() -> None:
    """One late cell is enough; two early ones would do too."""
    tree = Tree((0, 0, 0, 1, 1), 2)
    states = [FREE] * tree.size
    states[3], states[4], states[tree.upper(1)] = MUST, SHOWN, MUST
    assert fewest_hidden(tree, tuple(states)) == {3, tree.upper(1), tree.unlocated}


@settings(max_examples=60)
@given(months_of_jambi())
def test_stand_ins_add_up_and_tell_nothing_that_is_hidden(months: list[Counts]) -> None:
    counts = months[0]
    hidden = choose_hidden(counts.kelurahan, JAMBI, counts.unlocated)
    seen = published(counts, JAMBI, hidden)
    if seen[CITY] is None:
        return
    kecamatan = {code: seen[code] for code in set(JAMBI.values())}
    found = spread_hidden(
        {code: seen[code] for code in JAMBI}, kecamatan, JAMBI, seen[CITY], seen[UNLOCATED], {}
    )
    assert all(found[code] == seen[code] for code in JAMBI if seen[code] is not None)
    assert all(
        sum(n for code, n in found.items() if JAMBI[code] == above) == known
        for above, known in kecamatan.items()
        if known is not None
    )
    assert sum(found.values()) + (seen[UNLOCATED] or 0) == seen[CITY]
    assert min(found.values()) >= 0


def test_k_is_read_from_the_facts_and_never_too_small(tmp_path: Path) -> None:
    facts = tmp_path / "disclosure.toml"
    rest = 'source = "x"\nsource_en = "x"\n'
    facts.write_text(f"k = 11\n{rest}")
    assert load_k(facts) == 11
    for wrong in ("3", "0", "true", '"5"', "5.0"):
        other = tmp_path / f"{len(wrong)}{hash(wrong)}.toml"
        other.write_text(f"k = {wrong}\n{rest}")
        with pytest.raises(Refusal, match=r"\bk\b"):
            load_k(other)
