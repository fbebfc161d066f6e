"""The way to everybody over several years: people, need and money with ranges, and what matters.

Need (15.000 today) and tariff grow at rates that nobody knows, so each is a range and the answer a
fan. The plan follows a curve chosen by the planner; the budget path says what money allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from jambi_dash.domain.consequences import Band
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

CURVES = ("linear", "cepat", "lambat", "tabel")
Growth = tuple[float, float, float]
"""Least, likely and most growth in a year (0.05 = 5 percent)."""


@dataclass(frozen=True)
class PathPlan:
    """A path of `years` years after the first.

    `target` is the need of the first year that is to be covered at the end (`None`: the ledger's
    15.000); `people` is an own table by year for the curve `tabel`; `budget_idr` the first year's
    money for the question when money allows the target.
    """

    years: int
    curve: str
    need_growth: Growth
    tariff_growth: Growth
    budget_growth: Growth
    target: int | None = None
    people: Mapping[str, int] | None = None
    budget_idr: int | None = None


@dataclass(frozen=True)
class PathYear:
    """One year: people planned at likely growth, bands of need and cost, and whom money allows."""

    year: int
    people: int
    cost_idr: int
    need: Band
    cost_band_idr: Band
    affordable: int | None
    """People whom the budget path pays for all year; `None` without a budget."""

    def to_json(self) -> dict[str, Any]:
        """The year as it stands in `simulate`."""
        return {
            "year": self.year,
            "people": self.people,
            "cost_rp": self.cost_idr,
            "need": self.need.__dict__,
            "cost_band_rp": self.cost_band_idr.__dict__,
            "affordable": self.affordable,
        }


@dataclass(frozen=True)
class Swing:
    """One assumption at its least and most, all others likely: the path's whole cost."""

    name: str
    low_idr: int
    high_idr: int

    @property
    def width_idr(self) -> int:
        """How much it matters."""
        return abs(self.high_idr - self.low_idr)


@dataclass(frozen=True)
class Path:
    """The answer; `tornado` has the widest first.

    `reached` is the first year in which the plan covers the likely need, `reached_by_money` that
    in which the budget path does; `None`: not within the path.
    """

    years: tuple[PathYear, ...]
    tornado: tuple[Swing, ...]
    reached: int | None
    reached_by_money: int | None

    def to_json(self) -> dict[str, Any]:
        """The path as it stands in `simulate`."""
        return {
            "years": [year.to_json() for year in self.years],
            "tornado": [
                {"name": s.name, "low_rp": s.low_idr, "high_rp": s.high_idr} for s in self.tornado
            ],
            "reached": self.reached,
            "reached_by_money": self.reached_by_money,
        }


def progress(curve: str, share: float) -> float:
    """How much of the way is done after `share` (0 to 1) of the time: 0 at 0, 1 at 1."""
    if curve == "cepat":
        return 1 - (1 - share) ** 2
    if curve == "lambat":
        return share**2
    return share


def path(
    plan: PathPlan,
    *,
    first_year: int,
    people: int,
    person_year_idr: int,
    target: int,
    draws: int,
    seed: int,
) -> Path:
    """The path from `people` covered in `first_year` to `target` of the first year's need.

    Args:
        plan: length, curve and growth.
        first_year: the scenario's year, the first of the path.
        people: covered in it, after the expansion.
        person_year_idr: what one person costs for twelve months in it, whole rupiah.
        target: the need of the first year.
        draws: how many futures are drawn for the bands.
        seed: the same seed gives the same bands.

    Raises:
        Refusal: an own table that lacks a year of the path.
    """
    shares = _shares(plan, first_year, people)
    steps = np.arange(plan.years + 1)
    rng = np.random.default_rng(seed)
    need_rates = _draw(rng, plan.need_growth, draws)
    price_rates = _draw(rng, plan.tariff_growth, draws)
    needs = np.rint(target * (1 + need_rates[:, None]) ** steps)
    unit_prices = person_year_idr * (1 + price_rates[:, None]) ** steps
    costs = _people(shares, people, needs, plan) * unit_prices
    likely = _likely(plan, shares, people, target, person_year_idr)
    money = _money(plan, person_year_idr)
    years = tuple(
        PathYear(
            year=first_year + k,
            people=int(likely[0][k]),
            cost_idr=int(likely[1][k]),
            need=_band(needs[:, k]),
            cost_band_idr=_band(costs[:, k]),
            affordable=None if money is None else money[k],
        )
        for k in range(plan.years + 1)
    )
    likely_need = np.rint(target * (1 + plan.need_growth[1]) ** steps)
    return Path(
        years,
        _tornado(plan, shares, people, target, person_year_idr),
        _first(first_year, [y.people >= n for y, n in zip(years, likely_need, strict=True)]),
        None
        if money is None
        else _first(first_year, [m >= n for m, n in zip(money, likely_need, strict=True)]),
    )


def _first(first_year: int, reached: list[bool]) -> int | None:
    return next((first_year + k for k, yes in enumerate(reached) if yes), None)


def _shares(plan: PathPlan, first_year: int, people: int) -> list[float] | list[int]:
    """Progress of each year; for an own table its people."""
    if plan.curve != "tabel":
        return [progress(plan.curve, k / plan.years) for k in range(plan.years + 1)]
    table = {**(plan.people or {}), str(first_year): people}
    wanted = [str(first_year + k) for k in range(plan.years + 1)]
    missing = [year for year in wanted if year not in table]
    if missing:
        raise Refusal(
            t("years.people tidak memuat tahun {years}; tambahkan, atau pilih kurva lain.",
              years=", ".join(missing))
        )  # fmt: skip
    return [table[year] for year in wanted]


def _people(
    shares: list[float] | list[int], people: int, needs: np.ndarray, plan: PathPlan
) -> np.ndarray:
    """People of each year; never fewer than today, and no more than need unless a table says so."""
    if plan.curve == "tabel":
        return np.broadcast_to(np.asarray(shares, dtype=float), needs.shape)
    goal = np.maximum(people, needs)
    return np.asarray(np.rint(people + (goal - people) * np.asarray(shares)))


def _likely(
    plan: PathPlan, shares: list[float] | list[int], people: int, target: int, price_idr: int
) -> tuple[np.ndarray, np.ndarray]:
    return _at(plan, shares, people, target, price_idr, plan.need_growth[1], plan.tariff_growth[1])


def _at(
    plan: PathPlan, shares: list[float] | list[int], people: int, target: int, price_idr: int,
    need: float, tariff: float,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    steps = np.arange(plan.years + 1)
    planned = _people(shares, people, np.rint(target * (1 + need) ** steps), plan)
    return planned, planned * np.rint(price_idr * (1 + tariff) ** steps)


def _tornado(
    plan: PathPlan, shares: list[float] | list[int], people: int, target: int, price_idr: int
) -> tuple[Swing, ...]:
    def whole(need: float, tariff: float) -> int:
        return int(_at(plan, shares, people, target, price_idr, need, tariff)[1].sum())

    need, tariff = plan.need_growth, plan.tariff_growth
    found = [
        Swing("need_growth", whole(need[0], tariff[1]), whole(need[2], tariff[1])),
        Swing("tariff_growth", whole(need[1], tariff[0]), whole(need[1], tariff[2])),
    ]
    if plan.curve != "tabel":
        by_curve = [
            int(
                _at(
                    plan, [progress(curve, k / plan.years) for k in range(plan.years + 1)],
                    people, target, price_idr, need[1], tariff[1],
                )[1].sum()
            )
            for curve in ("lambat", "cepat")
        ]  # fmt: skip
        found.append(Swing("curve", *by_curve))
    return tuple(sorted(found, key=lambda swing: (-swing.width_idr, swing.name)))


def _money(plan: PathPlan, price_idr: int) -> list[int] | None:
    """People that the budget path pays for all year, at likely growth of budget and tariff."""
    if plan.budget_idr is None:
        return None
    return [
        int(
            plan.budget_idr * (1 + plan.budget_growth[1]) ** k
            // (price_idr * (1 + plan.tariff_growth[1]) ** k)
        )
        for k in range(plan.years + 1)
    ]  # fmt: skip


def _draw(rng: np.random.Generator, growth: Growth, draws: int) -> np.ndarray:
    low, likely, high = growth
    if low == high:
        return np.full(draws, likely)
    return np.asarray(rng.triangular(low, likely, high, draws))


def _band(draws: np.ndarray) -> Band:
    p5, p50, p95 = np.quantile(draws, (0.05, 0.5, 0.95), method="inverted_cdf")
    return Band(round(float(p5)), round(float(p50)), round(float(p95)))
