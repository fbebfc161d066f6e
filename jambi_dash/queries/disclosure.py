"""What the public does not see of a release: the one place that every public answer asks.

All tables of the release that can be asked for are looked at together (all months of a cohort, all
levels, all cohorts for the people counted once), so that none tells what another hides.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from weakref import WeakKeyDictionary, ref

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.disclosure import (
    NOTHING,
    UNLOCATED,
    Counts,
    Hidden,
    hidden_by_month,
    is_small,
    load_k,
)
from jambi_dash.domain.months import Month
from jambi_dash.queries.door import Door


class Pattern:
    """Which counts of covered people one release hides from the public.

    Worked out at the first question about a cohort, then remembered.
    """

    def __init__(self, door: Door, k: int) -> None:
        """`k` is the smallest count that may be shown."""
        self.k = k
        # Patterns are remembered by their doors: one that held its door would keep each release
        # that was ever public open, with its connection and nine threads, for good.
        self._door = ref(door)
        self._cohorts: dict[str, tuple[list[int], list[Hidden]]] = {}
        self._totals: tuple[dict[str, dict[int, int]], dict[int, int]] | None = None

    def _open(self) -> Door:
        door = self._door()
        if door is None:
            raise ValueError("the door of this pattern is gone")
        return door

    def hidden(self, cohort: str, month: Month) -> Hidden:
        """What is hidden of a cohort at a month."""
        if cohort not in self._cohorts:
            self._cohorts[cohort] = self._choose(cohort)
        starts, hidden = self._cohorts[cohort]
        place = bisect_right(starts, month.index())
        return hidden[place - 1] if place else NOTHING

    def hides(self, cohort: str, month: Month, level: str, code: str | None) -> bool:
        """Whether the count of an area is hidden; `code` `None` are people without a location.

        `level` is `city`, `kecamatan`, `kelurahan` or `rt`, of which nothing is ever public.
        """
        if level == "rt":
            return True
        found = self.hidden(cohort, month)
        if level == "city":
            return found.city
        if code is None:
            return found.unlocated
        return code in (found.kecamatan if level == "kecamatan" else found.kelurahan)

    def hides_persons(self, month: Month) -> bool:
        """Whether the people of all cohorts, each once, are hidden.

        They are where their count is small; where it tells how many people are in two cohorts, and
        those are few; and where it says more of a hidden cohort than that it is small.
        """
        cohorts, persons = self._city_counts()
        counts = [_at(course, month) for course in cohorts.values()]
        once = _at(persons, month)
        if is_small(once, self.k):
            return True
        few = [n for n in counts if is_small(n, self.k)]
        if few:
            # Each of the others holds at most so many, or at least that many would be left for it.
            return once - (sum(counts) - sum(few)) > 1
        return is_small(sum(counts) - once, self.k)

    def _choose(self, cohort: str) -> tuple[list[int], list[Hidden]]:
        kecamatan_of = {area.code: area.kecamatan_code for area in load_areas().kelurahan}
        changes: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for first, code, change in self._open().rows("cover_by_month", cohort=cohort):
            changes[Month.of(first).index()].append((code or UNLOCATED, change))
        now: dict[str, int] = dict.fromkeys((*kecamatan_of, UNLOCATED), 0)
        tables = []
        for month in sorted(changes):
            for code, change in changes[month]:
                now[code] += change
            tables.append(Counts({c: now[c] for c in kecamatan_of}, now[UNLOCATED]))
        return sorted(changes), hidden_by_month(tables, kecamatan_of, self.k)

    def _city_counts(self) -> tuple[dict[str, dict[int, int]], dict[int, int]]:
        """Covered people by month, of each cohort and of all (each once)."""
        if self._totals is None:
            cohorts: dict[str, dict[int, int]] = defaultdict(dict)
            for cohort, first, covered in self._open().rows("cover_curve"):
                cohorts[cohort][Month.of(first).index()] = covered
            persons = {Month.of(first).index(): n for first, n in self._open().rows("person_curve")}
            self._totals = cohorts, persons
        return self._totals


_PATTERNS: WeakKeyDictionary[Door, dict[int, Pattern]] = WeakKeyDictionary()


def public_pattern(door: Door, k: int | None = None) -> Pattern:
    """The pattern of the release behind a door; `k` is that of the facts file unless set.

    Raises:
        Refusal: a door to some areas: what goes along with their counts may lie in others.
    """
    door.sight.require_city()
    k = load_k() if k is None else k
    known = _PATTERNS.setdefault(door, {})
    if k not in known:
        known[k] = Pattern(door, k)
    return known[k]


def _at(course: dict[int, int], month: Month) -> int:
    """The last value up to a month, of values by the month in which they begin."""
    begun = [start for start in course if start <= month.index()]
    return course[max(begun)] if begun else 0
