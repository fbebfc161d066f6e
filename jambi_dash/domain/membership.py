"""Who is paid for twice, what BPJS Ketenagakerjaan says of the paid, and whose membership ends soon.

Facts and their sources: `data/facts/membership.toml`. Counts only; persons are hashes in a release
and nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Literal, TypeVar

from jambi_dash.domain.coverage import ReconciliationError
from jambi_dash.domain.facts_file import read, two
from jambi_dash.domain.indicators import Two, in_reader_language
from jambi_dash.domain.money import Money
from jambi_dash.domain.months import Month
from jambi_dash.settings import FACTS

Key = TypeVar("Key", bound=Hashable)
Standing = Literal["dibayar", "menunggu", "berakhir", "tidak_terdaftar"]
"""On the city's rosters in one month: paid, on the way, neither, on none of them."""
State = Literal["aktif", "nonaktif", "tidak_ditemukan"]
"""On the list of BPJS: a member, not a member, not on it."""
STATES: tuple[State, ...] = ("aktif", "nonaktif", "tidak_ditemukan")


@dataclass(frozen=True)
class MembershipFacts:
    """`grace_months` without a contribution in a row are forgiven; `bkbk_people` is an assumption."""

    grace_months: int
    grace_sources: Two
    grace_doubts: Two
    bkbk_people: int
    bkbk_sources: Two
    bkbk_doubts: Two

    def grace_source(self) -> str:
        """Where the months of grace are from, in the reader's language."""
        return in_reader_language(self.grace_sources)

    def grace_doubt(self) -> str:
        """What is not known about them."""
        return in_reader_language(self.grace_doubts)

    def bkbk_source(self) -> str:
        """Where the number of the province's places is from."""
        return in_reader_language(self.bkbk_sources)

    def bkbk_doubt(self) -> str:
        """What is assumed, and how to find out."""
        return in_reader_language(self.bkbk_doubts)


_SHAPE = {
    "lapse": {"grace_months": int, **two("source", "doubt")},
    "bkbk": {"people": int, **two("source", "doubt")},
}


@lru_cache(maxsize=4)
def load_membership_facts(path: Path = FACTS / "membership.toml") -> MembershipFacts:
    """Reads the facts of membership."""
    raw = read(path, _SHAPE)
    lapse, bkbk = raw["lapse"], raw["bkbk"]
    return MembershipFacts(
        lapse["grace_months"],
        (lapse["source"], lapse["source_en"]),
        (lapse["doubt"], lapse["doubt_en"]),
        bkbk["people"],
        (bkbk["source"], bkbk["source_en"]),
        (bkbk["doubt"], bkbk["doubt_en"]),
    )


def sums(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """The sum of the counts of each key."""
    found: dict[Key, int] = defaultdict(int)
    for key, count in pairs:
        found[key] += count
    return dict(found)


@dataclass(frozen=True)
class DoublePart:
    """People paid for by exactly these cohorts in one month.

    `funds` are the different sources of the money ("" where a roster does not say).
    `kelurahan_code` is that of the first cohort that names one; `places_differ` where the rosters
    do not agree on it.
    """

    cohorts: tuple[str, ...]
    funds: tuple[str, ...]
    kelurahan_code: str | None
    places_differ: bool
    people: int

    @property
    def excess(self) -> int:
        """Contributions above one a person."""
        return (len(self.cohorts) - 1) * self.people


@dataclass(frozen=True)
class DoubleCover:
    """People on several paid rosters in the month `at`.

    `enrolments` are the covered of all cohorts added up, `persons` each once. `excess_months` are
    the contributions above one a person, by month, since the first of them.
    """

    at: Month
    parts: tuple[DoublePart, ...]
    enrolments: int
    persons: int
    excess_months: Mapping[Month, int]

    @property
    def people(self) -> int:
        """People paid for more than once."""
        return sum(part.people for part in self.parts)

    @property
    def excess(self) -> int:
        """Contributions above one a person in the month."""
        return sum(part.excess for part in self.parts)

    @property
    def several_funds(self) -> int:
        """People paid for from more than one source of money."""
        return sum(part.people for part in self.parts if len(part.funds) > 1)

    @property
    def places_differ(self) -> int:
        """People whose rosters do not agree on the kelurahan."""
        return sum(part.people for part in self.parts if part.places_differ)

    def pairs(self) -> dict[tuple[str, str], int]:
        """People on both rosters of a pair; a person on three is in three pairs."""
        return sums(
            (pair, part.people) for part in self.parts for pair in combinations(part.cohorts, 2)
        )

    def fund_sets(self) -> dict[tuple[str, ...], int]:
        """People by the sources of the money that pays for them."""
        return sums((part.funds, part.people) for part in self.parts)

    def by_kelurahan(self) -> dict[str | None, int]:
        """People by kelurahan; they add up to `people`."""
        return sums((part.kelurahan_code, part.people) for part in self.parts)

    def months_of(self, first: Month | None = None) -> int:
        """Person-months paid above one a person, from `first` (default: ever) to `at`."""
        return sum(n for month, n in self.excess_months.items() if first is None or month >= first)

    def idr_of(self, money: Money, first: Month | None = None) -> int:
        """What these cost at the tariff, in whole rupiah."""
        return sum(
            n * money.tariff_at(month).total_idr
            for month, n in self.excess_months.items()
            if first is None or month >= first
        )

    def check(self) -> None:
        """Raises `ReconciliationError` unless cohorts − persons = contributions above one a person."""
        if not self.enrolments - self.persons == self.excess == self.excess_months.get(self.at, 0):
            raise ReconciliationError(
                f"double cover {self.at}: {self.enrolments} - {self.persons} != {self.excess}, "
                f"{self.excess_months.get(self.at, 0)}"
            )


@dataclass(frozen=True)
class MatchPart:
    """Rows of the rosters by cohort, kelurahan, standing, and what the list of BPJS says."""

    cohort: str
    kelurahan_code: str | None
    standing: Standing
    state: State
    people: int


@dataclass(frozen=True)
class IdlePart:
    """People paid for in a month although the list says that they were no members."""

    cohort: str
    kelurahan_code: str | None
    month: Month
    people: int


@dataclass(frozen=True)
class BpjsMatch:
    """The rosters against the list of BPJS at the month `at`.

    `first` and `last` are the months that the list speaks of, `listed` its people. `persons` counts
    each person once by standing and state, those of the list that are on no roster too; `None`
    where only some areas may be seen.
    """

    at: Month
    first: Month
    last: Month
    listed: int
    parts: tuple[MatchPart, ...]
    persons: Mapping[tuple[str, str], int] | None
    idle: tuple[IdlePart, ...]

    def of(
        self, key: Callable[[MatchPart], Key], standing: Standing = "dibayar"
    ) -> dict[Key, dict[str, int]]:
        """Counts by state for every value of `key`, of one standing; a state without anybody is 0."""
        found: dict[Key, dict[str, int]] = {}
        for part in self.parts:
            if part.standing == standing:
                counts = found.setdefault(key(part), dict.fromkeys(STATES, 0))
                counts[part.state] += part.people
        return found

    def person_count(self, standing: Standing, state: State) -> int:
        """Persons of a standing and state, each once."""
        return (self.persons or {}).get((standing, state), 0)

    def idle_months(self, first: Month | None = None) -> int:
        """Person-months paid for people who were no members, from `first` (default: ever)."""
        return sum(part.people for part in self.idle if first is None or part.month >= first)

    def idle_idr(self, money: Money, first: Month | None = None) -> int:
        """What these cost at the tariff, in whole rupiah."""
        return sum(
            part.people * money.tariff_at(part.month).total_idr
            for part in self.idle
            if first is None or part.month >= first
        )

    def check(self, covered: Mapping[str, int], persons: int) -> None:
        """Raises `ReconciliationError` unless the states of the paid add up to the covered."""
        for cohort, people in covered.items():
            found = sum(self.of(lambda part: part.cohort).get(cohort, {}).values())
            if found != people:
                raise ReconciliationError(f"BPJS {cohort} {self.at}: {found} != {people}")
        if self.persons is None:
            return
        paid = sum(n for (standing, _), n in self.persons.items() if standing == "dibayar")
        told = sum(n for (_, state), n in self.persons.items() if state != "tidak_ditemukan")
        if paid != persons or told > self.listed:
            raise ReconciliationError(
                f"BPJS {self.at}: {paid} != {persons}, {told} > {self.listed}"
            )


@dataclass(frozen=True)
class LapsePart:
    """Persons whose last month as members is known; `evidence`: `daftar` (rosters) or `bpjs`."""

    cohort: str
    kelurahan_code: str | None
    evidence: str
    last_month: Month
    people: int


@dataclass(frozen=True)
class Lapses:
    """Whose membership ends when, as seen in the month `at`.

    After the last paid month L the months L + 1 … L + `grace` may still be paid for later; with
    the month after them the membership has ended.
    """

    at: Month
    grace: int
    parts: tuple[LapsePart, ...]

    def months_left(self, last_month: Month) -> int:
        """Months until membership has ended: 1 = next month; 0 or less: it has."""
        return last_month.index() + self.grace + 1 - self.at.index()

    def _where(self, wanted: Callable[[int], bool]) -> list[LapsePart]:
        return [part for part in self.parts if wanted(self.months_left(part.last_month))]

    @property
    def lapsing(self) -> dict[int, int]:
        """People without a paid month now who can still be kept, by months left (1 … grace)."""
        found = sums((self.months_left(p.last_month), p.people) for p in self.parts)
        return {left: found.get(left, 0) for left in range(1, self.grace + 1)}

    @property
    def near(self) -> int:
        """All of them."""
        return sum(self.lapsing.values())

    @property
    def ended(self) -> int:
        """People whose membership has ended for want of payment."""
        return sum(part.people for part in self._where(lambda left: left <= 0))

    @property
    def last_paid_now(self) -> int:
        """People for whom this month is the last that a roster pays."""
        return sum(part.people for part in self._where(lambda left: left == self.grace + 1))

    def near_by(self, key: Callable[[LapsePart], Key]) -> dict[Key, dict[int, int]]:
        """`lapsing` for every value of `key`."""
        found: dict[Key, dict[int, int]] = {}
        for part in self._where(lambda left: 1 <= left <= self.grace):
            counts = found.setdefault(key(part), dict.fromkeys(range(1, self.grace + 1), 0))
            counts[self.months_left(part.last_month)] += part.people
        return found


@dataclass(frozen=True)
class PaidMonths:
    """Person-months that the rosters pay for: of one cohort, this year and ever, in rupiah too."""

    cohort: str
    year_months: int
    year_idr: int
    all_months: int
    all_idr: int


def paid_months(
    people: Iterable[tuple[str, Month, int]], at: Month, money: Money
) -> tuple[PaidMonths, ...]:
    """Adds up the people of every cohort and month up to `at`."""
    found: dict[str, list[int]] = {}
    for cohort, month, count in people:
        idr = count * money.tariff_at(month).total_idr
        row = found.setdefault(cohort, [0, 0, 0, 0])
        row[2] += count
        row[3] += idr
        if month.year == at.year:
            row[0] += count
            row[1] += idr
    return tuple(PaidMonths(cohort, *row) for cohort, row in found.items())
