"""What an expansion does: fairness, UCJ, expected claims, months towards the scholarship."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jambi_dash.domain.claims import PROGRAMS, ClaimFacts, Exposure
from jambi_dash.domain.months import Month


@dataclass(frozen=True)
class Fairness:
    """How coverage is spread over areas whose eligible people are known.

    Rates are `None` without such an area. `gini` runs from 0 (all alike) to 1, every area weighing
    the same; `None` where nobody is covered. `areas_without` have eligible people, none covered.
    """

    min_rate: float | None
    max_rate: float | None
    gini: float | None
    areas_without: int

    def to_json(self) -> dict[str, Any]:
        """The block of contract section 5."""
        return dict(self.__dict__)


def fairness(covered: Sequence[int], eligible: Sequence[int | None]) -> Fairness:
    """Fairness of people covered by area."""
    known = [(c, e) for c, e in zip(covered, eligible, strict=True) if e]
    rates = sorted(c / e for c, e in known)
    if not rates:
        return Fairness(None, None, None, 0)
    count, total = len(rates), sum(rates)
    ranked = sum((2 * rank - count - 1) * rate for rank, rate in enumerate(rates, start=1))
    return Fairness(
        rates[0],
        rates[-1],
        max(0.0, ranked / (count * total)) if total else None,
        sum(c == 0 for c, _ in known),
    )


@dataclass(frozen=True)
class Band:
    """Cases or whole rupiah of one programme that 5, 50 and 95 of 100 years stay below."""

    p5: int
    p50: int
    p95: int


@dataclass(frozen=True)
class ExpectedClaims:
    """Cases and whole rupiah by programme, as bands."""

    cases: dict[str, Band]
    value_idr: dict[str, Band]

    def to_json(self) -> dict[str, int]:
        """Cases under the names of contract section 5."""
        return _flat(self.cases)

    def value_to_json(self) -> dict[str, int]:
        """Whole rupiah under the same names."""
        return _flat(self.value_idr)


def _flat(bands: dict[str, Band]) -> dict[str, int]:
    return {
        f"{program.lower()}_{name}": getattr(bands[program], name)
        for program in ("JKM", "JKK")
        for name in ("p5", "p50", "p95")
    }


def expected_claims(exposure: Exposure, facts: ClaimFacts, seed: int) -> ExpectedClaims:
    """The simulated range: the rate drawn from its own range, then the cases by chance.

    Cases within the first months are drawn apart, because they cost less. The same seed gives the
    same numbers.
    """
    rng = np.random.default_rng(seed)
    cases, values = {}, {}
    for program in PROGRAMS:
        given = facts.of(program)
        early_months = exposure.early_months if given.early_months else 0
        rate = rng.triangular(given.low, given.per_1000, given.high, facts.draws) / 12_000
        late = rng.poisson(rate * (exposure.months - early_months))
        early = rng.poisson(rate * early_months)
        if given.value_low_idr < given.value_high_idr:
            mean_idr = rng.triangular(
                given.value_low_idr, given.value_idr, given.value_high_idr, facts.draws
            )
        else:
            mean_idr = np.full(facts.draws, float(given.value_idr))
        cases[program] = _band(late + early)
        values[program] = _band(late * mean_idr + early * given.early_value_idr)
    return ExpectedClaims(cases, values)


def _band(draws: np.ndarray) -> Band:
    p5, p50, p95 = np.quantile(draws, (0.05, 0.5, 0.95), method="inverted_cdf")
    return Band(round(float(p5)), round(float(p50)), round(float(p95)))


@dataclass(frozen=True)
class ScholarshipOutlook:
    """Who of the new people reach the paid months that the scholarship asks for.

    `month` is when, if the same people stay; `people_if_same_stay` how many are left by then at
    the assumed turnover; with names that rotate every year nobody reaches it.
    """

    months: int
    month: Month
    people_if_same_stay: int
    people_if_rotating: int


def scholarship_outlook(
    people: int, first: Month, turnover: float, months: int
) -> ScholarshipOutlook:
    """The outlook of `people` paid from `first` on; `turnover` is the share leaving in a year."""
    staying = int(people * (1 - turnover) ** (months / 12) + 1e-9)
    return ScholarshipOutlook(
        months, first.plus(months - 1), staying, people if months <= 12 else 0
    )


def ucj_points(people: int, potential: int | None) -> float | None:
    """What so many more active people add to UCJ, as a share (0,0044 = 0,44 points)."""
    return people / potential if potential else None
