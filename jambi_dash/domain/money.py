"""What a place costs in a month and what the city has set aside, from `data/facts/money.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from jambi_dash.domain import formats
from jambi_dash.domain.facts_file import read, two
from jambi_dash.domain.language import current_language
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import plain
from jambi_dash.settings import FACTS


@dataclass(frozen=True)
class Tariff:
    """The contribution of one person for one month, in whole rupiah, from a day on."""

    valid_from: date
    jkk_idr: int
    jkm_idr: int
    sources: tuple[str, str]
    doubts: tuple[str, str]

    @property
    def total_idr(self) -> int:
        """JKK and JKM together."""
        return self.jkk_idr + self.jkm_idr

    def source(self) -> str:
        """Where the figure is from, in the reader's language."""
        return self.sources[current_language() == "en"]

    def doubt(self) -> str:
        """What is known to be doubtful about it."""
        return self.doubts[current_language() == "en"]


@dataclass(frozen=True)
class Budget:
    """What one year's budget holds for the contribution of one cohort, in whole rupiah."""

    year: int
    cohort: str
    value_idr: int
    sources: tuple[str, str]
    doubts: tuple[str, str]

    def source(self) -> str:
        """Where the figure is from, in the reader's language."""
        return self.sources[current_language() == "en"]

    def doubt(self) -> str:
        """What is known to be doubtful about it."""
        return self.doubts[current_language() == "en"]


@dataclass(frozen=True)
class Money:
    """Tariffs by date (oldest first), budgets, and which funds are the city's own."""

    tariffs: tuple[Tariff, ...]
    budgets: tuple[Budget, ...]
    city_funds: frozenset[str]
    unnamed_is_city: bool

    def tariff_at(self, month: Month) -> Tariff:
        """The tariff that holds in a month; before the first known one, the first."""
        valid = [t for t in self.tariffs if Month.of(t.valid_from) <= month]
        return valid[-1] if valid else self.tariffs[0]

    def budget_of(self, year: int, cohort: str) -> Budget | None:
        """The budget of a year for a cohort, or `None` where none is known."""
        return next((b for b in self.budgets if (b.year, b.cohort) == (year, cohort)), None)

    def paid_by_city(self, fund: str | None) -> bool:
        """Whether a place with this `sumber_dana` is paid from the city's own budget."""
        return self.unnamed_is_city if not fund else plain(fund) in self.city_funds


_SHAPE = {
    "tariff": [{"valid_from": date, "jkk_idr": int, "jkm_idr": int, **two("source", "doubt")}],
    "budget": [{"year": int, "cohort": str, "value_idr": int, **two("source", "doubt")}],
    "city_funds": {"names": [str], "without_name": bool},
}


@lru_cache(maxsize=4)
def load_money(path: Path = FACTS / "money.toml") -> Money:
    """Reads tariffs and budgets."""
    raw = read(path, _SHAPE)
    tariffs = [
        Tariff(
            e["valid_from"],
            e["jkk_idr"],
            e["jkm_idr"],
            (e["source"], e["source_en"]),
            (e["doubt"], e["doubt_en"]),
        )
        for e in raw["tariff"]
    ]
    budgets = [
        Budget(
            e["year"],
            e["cohort"],
            e["value_idr"],
            (e["source"], e["source_en"]),
            (e["doubt"], e["doubt_en"]),
        )
        for e in raw["budget"]
    ]
    return Money(
        tuple(sorted(tariffs, key=lambda t: t.valid_from)),
        tuple(budgets),
        frozenset(plain(name) for name in raw["city_funds"]["names"]),
        raw["city_funds"]["without_name"],
    )


@dataclass(frozen=True)
class Contribution:
    """A year's contribution of one cohort up to a month, worked out from paid person-months.

    It is what the paid months cost at the tariff, not a record of payment. `city_months` are paid
    from the city's budget, `other_months` by others and outside of `paid_idr`. `budget` and
    `left_idr` are `None` where no budget is known; `left_idr` is negative above the budget.
    `runs_out` is the first month of the year that is left without money if as many people as in
    the last month stay, `None` if the budget lasts through December. `parts` are the city's
    person-months at each tariff of the span, in whole rupiah, the older tariff first: their
    products add up to `paid_idr`.
    """

    city_months: int
    other_months: int
    tariff: Tariff
    paid_idr: int
    budget: Budget | None
    left_idr: int | None
    runs_out: Month | None
    parts: tuple[tuple[int, int], ...] = ()

    def worked_out(self) -> str:
        """The sum as it is worked out: `12.000 × Rp16.800`, each tariff with its months."""
        return " + ".join(
            f"{formats.number(months)} × {formats.rupiah(tariff)}" for months, tariff in self.parts
        )

    def prices(self) -> str:
        """What a month costs: one tariff, or the one before and the one after a change."""
        found = [formats.rupiah(tariff) for _, tariff in self.parts]
        return " → ".join(found) or formats.rupiah(self.tariff.total_idr)

    @property
    def share(self) -> float | None:
        """Paid ÷ budget."""
        return self.paid_idr / self.budget.value_idr if self.budget else None


def contribution(
    money: Money,
    cohort: str,
    at: Month,
    months_by_fund: dict[tuple[Month, str | None], int],
) -> Contribution:
    """The contribution of `cohort` from January of the year of `at` up to `at`.

    `months_by_fund` is the number of people paid in each month of that span, by fund.
    """
    city: dict[Month, int] = {}
    other = 0
    for (month, fund), people in months_by_fund.items():
        if money.paid_by_city(fund):
            city[month] = city.get(month, 0) + people
        else:
            other += people
    paid = sum(people * money.tariff_at(month).total_idr for month, people in city.items())
    parts: dict[Tariff, int] = {}
    for month, people in sorted(city.items()):
        tariff = money.tariff_at(month)
        parts[tariff] = parts.get(tariff, 0) + people
    budget = money.budget_of(at.year, cohort)
    left = budget.value_idr - paid if budget else None
    return Contribution(
        city_months=sum(city.values()),
        other_months=other,
        tariff=money.tariff_at(at),
        paid_idr=paid,
        budget=budget,
        left_idr=left,
        runs_out=_runs_out(money, at, left, city.get(at, 0)),
        parts=tuple((people, tariff.total_idr) for tariff, people in parts.items() if people),
    )


def _runs_out(money: Money, at: Month, left: int | None, people: int) -> Month | None:
    if left is None:
        return None
    if left < 0:
        return at
    month = at.plus(1)
    while month.year == at.year:
        left -= people * money.tariff_at(month).total_idr
        if left < 0:
            return month
        month = month.plus(1)
    return None
