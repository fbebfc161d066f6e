"""What public output hides: counts from 1 to k − 1, and what would give them away.

A cohort's tables of one month form a tree: kelurahan add up to kecamatan, kecamatan and the people
without a location to the city. A hidden count must stay safe from a reader who

1. has every sum that is shown: each hidden count can be wrong by at least k;
2. also knows which hidden counts are small ones and which only went along: a small count can still
   be everything that a small count there could be without the sums that are shown;
3. runs this program on every city that might be behind the tables: no small count has one value
   only. So nothing is taken back when a set of cells proves too few: what was tried stays hidden,
   and what goes along is chosen by where cells lie, never by how many people they hold;
4. looks at another month: what went along is hidden in the next month too, while its count stays
   about the same (`steady`), or that month would tell what it was.

How few cells that takes is an integer programme (`fewest_hidden`). Zeros are shown and never go
along, except in a kecamatan that is itself small, and where nothing else is left: then the whole
month is hidden below the city.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jambi_dash.domain.allocation import largest_remainder
from jambi_dash.domain.facts_file import read, refused, two
from jambi_dash.domain.fewest_hidden import FREE, MUST, SHOWN, State, Tree, fewest_hidden
from jambi_dash.settings import FACTS

UNLOCATED = "tanpa_lokasi"
LEAST_K = 4
"""With less, too few counts are small for the third promise above."""
_ENDLESS = 10**12
Interval = tuple[int, int]


@lru_cache(maxsize=4)
def load_k(path: Path = FACTS / "disclosure.toml") -> int:
    """The smallest count of people that public output shows."""
    k = read(path, {"k": int, **two("source")})["k"]
    if type(k) is not int or k < LEAST_K:
        raise refused(path.name, "k", f"≥ {LEAST_K}")
    return k


DEFAULT_K = load_k()


@dataclass(frozen=True)
class Hidden:
    """What is hidden: kecamatan codes (or `UNLOCATED`), kelurahan codes, and the city's own sum."""

    kecamatan: frozenset[str]
    kelurahan: frozenset[str]
    city: bool = False

    @property
    def unlocated(self) -> bool:
        """Whether the count of people without a location is hidden."""
        return UNLOCATED in self.kecamatan


NOTHING = Hidden(frozenset(), frozenset())


@dataclass(frozen=True)
class Counts:
    """One cohort at one month: covered people by kelurahan, all kelurahan, and without one."""

    kelurahan: Mapping[str, int]
    unlocated: int = 0


def is_small(count: int, k: int = DEFAULT_K) -> bool:
    """Whether the public may not see this count of people."""
    return 0 < count < k


def choose_hidden(
    kelurahan: Mapping[str, int],
    kecamatan_of: Mapping[str, str],
    unlocated: int,
    k: int = DEFAULT_K,
) -> Hidden:
    """What to hide for one cohort and month; the arguments of `hidden_by_month` for one month."""
    return hidden_by_month([Counts(kelurahan, unlocated)], kecamatan_of, k)[0]


def hidden_by_month(
    months: Sequence[Counts], kecamatan_of: Mapping[str, str], k: int = DEFAULT_K
) -> list[Hidden]:
    """What to hide of one cohort in each month.

    Args:
        months: the counts, in the order of time, a month for each time that something changed.
        kecamatan_of: the kecamatan of each kelurahan.
        k: the smallest count that may be shown.
    """
    codes = sorted(kecamatan_of)
    upper = sorted(set(kecamatan_of.values()))
    place = {code: number for number, code in enumerate(upper)}
    tree = Tree(tuple(place[kecamatan_of[code]] for code in codes), len(upper))
    tables = [_table(tree, [month.kelurahan.get(c, 0) for c in codes], month.unlocated)
              for month in months]  # fmt: skip
    names = [*codes, *upper, UNLOCATED]
    found = []
    for table, cells in zip(tables, _linked(tree, tables, k), strict=True):
        named = {names[c] for c in cells}
        found.append(
            Hidden(
                frozenset(named.intersection((*upper, UNLOCATED))),
                frozenset(named.intersection(codes)),
                city=is_small(_city(tree, table), k),
            )
        )
    return found


def _table(tree: Tree, leaves: Sequence[int], unlocated: int) -> tuple[int, ...]:
    """The counts of all cells."""
    above = (sum(leaves[c] for c in cells) for cells in tree.children)
    return (*leaves, *above, unlocated)


def _city(tree: Tree, table: Sequence[int]) -> int:
    return sum(table[c] for c in tree.city)


def _linked(tree: Tree, tables: Sequence[tuple[int, ...]], k: int) -> list[frozenset[int]]:
    """The hidden cells of each month, the last month first, until no month tells of another."""
    hidden: list[frozenset[int]] = [frozenset()] * len(tables)
    forced: list[set[int]] = [set() for _ in tables]
    todo = deque(reversed(range(len(tables))))
    while todo:
        month = todo.popleft()
        table = tables[month]
        beside = [m for m in (month - 1, month + 1) if 0 <= m < len(tables)]
        liked = frozenset().union(*(hidden[m] for m in beside))
        hidden[month] = _hidden_cells(tree, table, k, hidden[month] | forced[month], liked)
        if _city(tree, table) < k:
            continue  # no sum is shown that another month could help to take apart
        for other in beside:
            if _city(tree, tables[other]) < k:
                continue
            new = {
                cell
                for cell in hidden[month] - hidden[other] - forced[other]
                if not is_small(table[cell], k) and is_steady(table[cell], tables[other][cell], k)
            }
            if new:
                forced[other] |= new
                if other not in todo:
                    todo.append(other)
    return hidden


def is_steady(count: int, other: int, k: int = DEFAULT_K) -> bool:
    """Whether one of two counts, shown, would tell the other about as exactly as hiding allows."""
    return abs(count - other) < k


def _hidden_cells(
    tree: Tree, table: tuple[int, ...], k: int, hidden: frozenset[int], liked: frozenset[int]
) -> frozenset[int]:
    """The hidden cells of one month, `hidden` among them."""
    everything = frozenset(range(tree.size))
    total = _city(tree, table)
    if total == 0:
        return frozenset()
    if total < k:
        return everything
    hidden |= {cell for cell, count in enumerate(table) if is_small(count, k)}
    for place, cells in enumerate(tree.children):
        if is_small(table[tree.upper(place)], k):
            hidden |= set(cells)  # zeros shown would tell who shares so few
    if not hidden:
        return hidden
    at_least: list[tuple[tuple[int, ...], int]] = []
    while True:
        states: tuple[State, ...] = tuple(
            MUST if cell in hidden else FREE if count else SHOWN for cell, count in enumerate(table)
        )
        chosen = fewest_hidden(tree, states, tuple(at_least), liked)
        if chosen is None:
            return everything
        weak = [group for group in _groups(tree, table, chosen, k) if not group.holds(k)]
        if not weak:
            return chosen
        # What was tried stays hidden: shown, it would tell that the small counts beside it were
        # too small (or too large) for it.
        hidden = chosen
        at_least = [(g.reach, len(chosen.intersection(g.reach)) + 1) for g in weak]


@dataclass(frozen=True)
class _Branch:
    """Hidden cells of one kecamatan (or people without location) that share in a known sum.

    `whole` is what they may come to for what kind of count their sum is, `parts` what each may be;
    `small` says of the sum, `smalls` of each part, whether it is a count from 1 to k − 1.
    """

    whole: Interval
    parts: tuple[Interval, ...]
    small: bool
    smalls: tuple[bool, ...]

    def span(self) -> Interval:
        """What the parts may come to, by their own kind and that of their sum."""
        least, most = (sum(ends) for ends in zip(*self.parts, strict=True))
        return max(least, self.whole[0]), min(most, self.whole[1])


@dataclass(frozen=True)
class _Group:
    """Hidden counts with one known sum; `reach` are the cells by which it can grow."""

    branches: tuple[_Branch, ...]
    total: int
    reach: tuple[int, ...]

    def holds(self, k: int) -> bool:
        """Whether the sum leaves every hidden count as open as the head of this module says."""
        if sum(len(branch.parts) for branch in self.branches) < 2 or self.total < k:
            return False
        spans = [branch.span() for branch in self.branches]
        narrowed = [self._narrowed(span, spans) for span in spans]
        if any(branch.small or any(branch.smalls) for branch in self.branches):
            return all(map(_tells_no_small, self.branches, spans, narrowed))
        # All went along, for another month: k values or more are left of each.
        return all(
            part == (0, 0) or high - low >= k - 1
            for branch, span in zip(self.branches, narrowed, strict=True)
            for part, (low, high) in zip(branch.parts, _part_spans(branch.parts, span), strict=True)
        )

    def _narrowed(self, span: Interval, spans: Sequence[Interval]) -> Interval:
        """What the known sum leaves of a branch's span."""
        low = self.total - sum(most for _, most in spans) + span[1]
        high = self.total - sum(least for least, _ in spans) + span[0]
        return max(span[0], low), min(span[1], high)


def _tells_no_small(branch: _Branch, span: Interval, narrowed: Interval) -> bool:
    """Whether the small counts of a branch are as open as without the known sum."""
    before, after = _part_spans(branch.parts, span), _part_spans(branch.parts, narrowed)
    return not (branch.small and narrowed != span) and all(
        not small or one == other
        for small, one, other in zip(branch.smalls, before, after, strict=True)
    )


def _part_spans(parts: Sequence[Interval], whole: Interval) -> list[Interval]:
    """What each part may be where they come to `whole` together."""
    least, most = (sum(ends) for ends in zip(*parts, strict=True))
    return [
        (max(low, whole[0] - most + high), min(high, whole[1] - least + low)) for low, high in parts
    ]


def _groups(tree: Tree, table: Sequence[int], hidden: frozenset[int], k: int) -> Iterable[_Group]:
    """The hidden counts by the sum that is known of them."""
    above: list[_Branch] = []
    reach: list[int] = []
    for place, cells in enumerate(tree.children):
        upper = tree.upper(place)
        inside = [cell for cell in cells if cell in hidden]
        shown = sum(table[cell] for cell in cells if cell not in hidden)
        if upper in hidden:
            low, high = _kind(table[upper], k)
            small = is_small(table[upper], k)
            kinds = ((0, k - 1) if small else _kind(table[cell], k) for cell in inside)
            smalls = (is_small(table[cell], k) for cell in inside)
            above.append(_Branch((low - shown, high - shown), tuple(kinds), small, tuple(smalls)))
            reach += cells
        elif inside:
            yield _Group(
                tuple(_alone(table[cell], k) for cell in inside),
                table[upper] - shown,
                (upper, *cells),
            )
    if tree.unlocated in hidden:
        above.append(_alone(table[tree.unlocated], k))
    if above:
        parts = [cell for cell in range(len(tree.parent)) if cell in hidden]
        total = sum(table[c] for c in parts if tree.upper(tree.parent[c]) in hidden)
        total += table[tree.unlocated] if tree.unlocated in hidden else 0
        yield _Group(tuple(above), total, (*tree.city, *reach))


def _alone(count: int, k: int) -> _Branch:
    return _Branch((0, _ENDLESS), (_kind(count, k),), False, (is_small(count, k),))


def _kind(count: int, k: int) -> Interval:
    """What a reader can know of a hidden count who knows why it is hidden."""
    if count == 0:
        return 0, 0
    return (1, k - 1) if count < k else (k, _ENDLESS)


def spread_hidden(
    kelurahan: Mapping[str, int | None],
    kecamatan: Mapping[str, int | None],
    kecamatan_of: Mapping[str, str],
    total: int,
    unlocated: int | None,
    weights: Mapping[str, int],
) -> dict[str, int]:
    """A stand-in for every count, from published ones alone: what a sum leaves, shared by weight.

    Whatever is worked out from it can be published, for it tells nothing that was not.

    Args:
        kelurahan: the published counts, `None` where hidden.
        kecamatan: the same above them.
        kecamatan_of: the kecamatan of each kelurahan.
        total: the city's count, people without a location among it.
        unlocated: those, `None` where hidden: they then stand in the areas.
        weights: by kelurahan, such as eligible people; equal where all are 0.
    """
    found = {code: count or 0 for code, count in kelurahan.items()}
    left_above = total - sum(n or 0 for n in kecamatan.values()) - (unlocated or 0)
    groups: dict[str | None, list[str]] = {}
    for code, count in kelurahan.items():
        if count is None:
            above = kecamatan_of[code]
            groups.setdefault(None if kecamatan[above] is None else above, []).append(code)
    for group, codes in groups.items():
        if group is None:
            closed = {kecamatan_of[code] for code in codes}
            rest = left_above - sum(n for c, n in found.items() if kecamatan_of[c] in closed)
        else:
            inside = (n for c, n in found.items() if kecamatan_of[c] == group)
            rest = (kecamatan[group] or 0) - sum(inside)
        own = [weights.get(code, 0) for code in codes]
        shares = largest_remainder(rest, own if sum(own) else [1] * len(codes))
        found |= dict(zip(codes, shares, strict=True))
    return found
