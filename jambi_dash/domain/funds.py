"""Who pays for a person-month and at what price: funds in order, caps, relief, declared income.

Read from `data/facts/expansion.toml`; the plain tariff stands in `money.toml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from jambi_dash.domain.facts_file import MONTH, read, two
from jambi_dash.domain.indicators import Two, in_reader_language
from jambi_dash.domain.language import worded
from jambi_dash.domain.money import Money
from jambi_dash.domain.months import Month
from jambi_dash.settings import FACTS

SECTORS = ("transportasi", "lainnya")
UNFUNDED = "belum_didanai"
"""The name under which person-months stand that no fund has money for."""


@dataclass(frozen=True)
class FundFacts:
    """A fund that is known: `public` money (APBN, APBD) has no relief."""

    id: str
    labels: Two
    public: bool
    sources: Two

    def label(self) -> str:
        """What it is called."""
        return worded(in_reader_language(self.labels))

    def source(self) -> str:
        """Where it is known from."""
        return in_reader_language(self.sources)


@dataclass(frozen=True)
class Relief:
    """A window of months (inclusive) in which funds that are not public pay less."""

    sector: str
    first: Month
    last: Month
    percent_off: int
    sources: Two
    doubts: Two

    def source(self) -> str:
        """The regulation."""
        return in_reader_language(self.sources)

    def doubt(self) -> str:
        """What is not certain about it."""
        return in_reader_language(self.doubts)


@dataclass(frozen=True)
class IncomeBands:
    """JKK by declared monthly income above the lowest band; an assumption but for the ends.

    `bands` are (from, JKK) in whole rupiah, ascending.
    """

    bands: tuple[tuple[int, int], ...]
    assumed: bool
    sources: Two

    def source(self) -> str:
        """What is confirmed of them."""
        return in_reader_language(self.sources)

    def jkk_idr(self, income_idr: int, lowest_idr: int) -> int:
        """JKK of one month for a declared income; `lowest_idr` below the first band."""
        return next((jkk for start, jkk in reversed(self.bands) if income_idr >= start), lowest_idr)


@dataclass(frozen=True)
class PathFacts:
    """Growth in a year (least, likely, most), length and draws of a path; all assumed."""

    need_growth: tuple[float, float, float]
    tariff_growth: tuple[float, float, float]
    budget_growth: tuple[float, float, float]
    years: int
    draws: int
    sources: Two

    def source(self) -> str:
        """What is known of it."""
        return in_reader_language(self.sources)


@dataclass(frozen=True)
class ExpansionFacts:
    """What the expansion model assumes, each part with its source in the file."""

    funds: tuple[FundFacts, ...]
    reliefs: tuple[Relief, ...]
    bands: IncomeBands
    weights: dict[str, float]
    scholarship_months: int
    path: PathFacts

    def fund(self, fund_id: str) -> FundFacts | None:
        """A known fund."""
        return next((fund for fund in self.funds if fund.id == fund_id), None)

    def percent_off(self, month: Month, sector: str) -> int:
        """The relief for funds that are not public, 0 outside every window."""
        return max(
            (r.percent_off for r in self.reliefs
             if r.sector == sector and r.first <= month <= r.last),
            default=0,
        )  # fmt: skip


_SHAPE = {
    "fund": [{"id": str, "public": bool, **two("label", "source")}],
    "relief": [{
        "sector": ("transportasi", "lainnya"), "first": MONTH, "last": MONTH, "percent_off": int,
        **two("source", "doubt"),
    }],
    "income_bands": {
        "assumed": bool, **two("source"), "bands": [{"from_idr": int, "jkk_idr": int}],
        "step_from_idr": int, "step_first_jkk_idr": int, "step_idr": int, "step_jkk_idr": int,
        "highest_from_idr": int, "highest_jkk_idr": int,
    },
    "criteria": {"assumed": bool, **two("source"), "weights": {str: float}},
    "scholarship": {"months": int, **two("source")},
    "path": {
        "assumed": bool, **two("source"), "need_growth": [float], "tariff_growth": [float],
        "budget_growth": [float], "years": int, "draws": int,
    },
}  # fmt: skip


@lru_cache(maxsize=4)
def load_expansion_facts(path: Path = FACTS / "expansion.toml") -> ExpansionFacts:
    """Reads funds, relief windows, income bands and default weights."""
    raw = read(path, _SHAPE)
    return ExpansionFacts(
        funds=tuple(
            FundFacts(e["id"], _two(e, "label"), e["public"], _two(e, "source"))
            for e in raw["fund"]
        ),
        reliefs=tuple(
            Relief(
                e["sector"],
                _month(e["first"]),
                _month(e["last"]),
                e["percent_off"],
                _two(e, "source"),
                _two(e, "doubt"),
            )
            for e in raw["relief"]
        ),
        bands=_bands(raw["income_bands"]),
        weights={name: float(value) for name, value in raw["criteria"]["weights"].items()},
        scholarship_months=raw["scholarship"]["months"],
        path=_path(raw["path"]),
    )


def _path(raw: dict[str, Any]) -> PathFacts:
    def three(key: str) -> tuple[float, float, float]:
        low, likely, high = raw[key]
        return float(low), float(likely), float(high)

    return PathFacts(
        three("need_growth"),
        three("tariff_growth"),
        three("budget_growth"),
        raw["years"],
        raw["draws"],
        _two(raw, "source"),
    )


def _two(entry: dict[str, str], key: str) -> Two:
    return entry[key], entry[key + "_en"]


def _month(text: str) -> Month:
    found = Month.parse_iso(text)
    assert found is not None, text
    return found


def _bands(raw: dict[str, object]) -> IncomeBands:
    def whole(key: str) -> int:
        value = raw[key]
        assert isinstance(value, int), key
        return value

    listed = raw["bands"]
    assert isinstance(listed, list)
    bands = [(int(e["from_idr"]), int(e["jkk_idr"])) for e in listed]
    jkk = whole("step_first_jkk_idr")
    for start in range(whole("step_from_idr"), whole("highest_from_idr"), whole("step_idr")):
        bands.append((start, jkk))
        jkk += whole("step_jkk_idr")
    bands.append((whole("highest_from_idr"), whole("highest_jkk_idr")))
    return IncomeBands(
        tuple(bands), bool(raw["assumed"]), (str(raw["source"]), str(raw["source_en"]))
    )


@dataclass(frozen=True)
class Fund:
    """A payer of a scenario: its year's cap in whole rupiah (`None`: no cap) and its price class."""

    id: str
    cap_idr: int | None = None
    public: bool = True
    sector: str = "lainnya"


@dataclass(frozen=True)
class Prices:
    """The price of one person-month: by month, and by month and fund, whole rupiah."""

    full: tuple[int, ...]
    of_fund: tuple[tuple[int, ...], ...]


def prices(
    months: Sequence[Month],
    funds: Sequence[Fund],
    money: Money,
    facts: ExpansionFacts,
    *,
    tariff_idr: int | None = None,
    income_idr: int | None = None,
) -> Prices:
    """What each fund pays for one person in each month.

    `tariff_idr` stands for the dated tariff; `income_idr` chooses JKK from the income bands.
    """
    full = []
    for month in months:
        dated = money.tariff_at(month)
        if tariff_idr is not None:
            full.append(tariff_idr)
        elif income_idr is not None:
            full.append(facts.bands.jkk_idr(income_idr, dated.jkk_idr) + dated.jkm_idr)
        else:
            full.append(dated.total_idr)
    of_fund = tuple(
        tuple(
            price if fund.public else price - price * facts.percent_off(month, fund.sector) // 100
            for month, price in zip(months, full, strict=True)
        )
        for fund in funds
    )
    return Prices(tuple(full), of_fund)


@dataclass(frozen=True)
class Payment:
    """Who pays how much: arrays `[month, fund, candidate]` of person-months and whole rupiah.

    The last fund is `UNFUNDED`. Every person-month stands under exactly one fund.
    """

    person_months: np.ndarray
    rupiah: np.ndarray

    @property
    def cost(self) -> np.ndarray:
        """The year's money of each candidate."""
        return np.asarray(self.rupiah.sum(axis=(0, 1)))

    @property
    def unfunded(self) -> np.ndarray:
        """Person-months of each candidate that no fund has money for."""
        return np.asarray(self.person_months[:, -1].sum(axis=0))


def pay(active: np.ndarray, funds: Sequence[Fund], price: Prices) -> Payment:
    """Pays `active[month, candidate]` people, month after month, from the funds in their order.

    A fund pays whole person-months until what is left of its cap buys none.
    """
    months, candidates = active.shape
    people = np.zeros((months, len(funds) + 1, candidates), dtype=np.int64)
    rupiah = np.zeros_like(people)
    left = [None if f.cap_idr is None else np.full(candidates, f.cap_idr) for f in funds]
    for m in range(months):
        waiting = active[m].astype(np.int64)
        for f in range(len(funds)):
            cost, cap = price.of_fund[f][m], left[f]
            paid = waiting if cap is None or cost == 0 else np.minimum(waiting, cap // cost)
            people[m, f], rupiah[m, f] = paid, paid * cost
            if cap is not None:
                left[f] = cap - paid * cost
            waiting = waiting - paid
        people[m, -1], rupiah[m, -1] = waiting, waiting * price.full[m]
    return Payment(people, rupiah)
