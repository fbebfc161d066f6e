"""Benefits paid, and how many are to be expected of so many insured months.

Incidence and benefit rules are read from `data/facts/claims.toml`; incidence is an assumption and
is shown as one, with its range. Paid benefits come from `queries.claims`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp
from pathlib import Path
from random import Random
from typing import Any

from jambi_dash.domain.facts_file import read, two
from jambi_dash.domain.indicators import Two, in_reader_language
from jambi_dash.domain.language import worded
from jambi_dash.domain.months import Month
from jambi_dash.settings import FACTS

PROGRAMS = ("JKK", "JKM")


@dataclass(frozen=True)
class ClaimRow:
    """Benefits of one programme in one area (`code` `None`: without a location), whole rupiah.

    Without areas `code` and `name` are empty.
    """

    program: str
    count: int
    value_idr: int
    code: str | None = ""
    name: str = ""


@dataclass(frozen=True)
class ClaimTable:
    """Benefits paid up to `day`, in all or by area; the rows add up to the totals.

    `by` is `program`, `city`, `kecamatan` or `kelurahan`.
    """

    release: str
    day: date
    by: str
    rows: tuple[ClaimRow, ...]

    @property
    def count(self) -> int:
        """All benefits."""
        return sum(row.count for row in self.rows)

    @property
    def value_idr(self) -> int:
        """Their sum in whole rupiah."""
        return sum(row.value_idr for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """The answer of contract section 5; with areas every row says its code and name."""
        rows = []
        for row in self.rows:
            area = {} if self.by == "program" else {"code": row.code, "name": row.name}
            rows.append(
                {**area, "program": row.program, "count": row.count, "value_rp": row.value_idr}
            )
        return {
            "release": self.release,
            "rows": rows,
            "totals": {"count": self.count, "value_rp": self.value_idr},
        }


@dataclass(frozen=True)
class Incidence:
    """Cases per 1,000 insured people and year (with range) and what one costs, whole rupiah.

    A case within `early_months` of the start costs `early_value_idr`.
    """

    program: str
    per_1000: float
    low: float
    high: float
    value_idr: int
    value_low_idr: int
    value_high_idr: int
    early_months: int
    early_value_idr: int
    sources: Two
    doubts: Two

    def source(self) -> str:
        """What the figures are derived from."""
        return in_reader_language(self.sources)

    def doubt(self) -> str:
        """What is known to be doubtful about them."""
        return in_reader_language(self.doubts)


@dataclass(frozen=True)
class Benefit:
    """One rule: what is paid for what; `value_idr` is `None` where there is no one sum."""

    program: str
    labels: Two
    value_idr: int | None
    texts: Two
    sources: Two

    def label(self) -> str:
        """What it is called."""
        return worded(in_reader_language(self.labels))

    def text(self) -> str:
        """The rule in words."""
        return worded(in_reader_language(self.texts))

    def source(self) -> str:
        """The regulation, and how it was read."""
        return in_reader_language(self.sources)


@dataclass(frozen=True)
class ClaimFacts:
    """Assumptions and rules, and the seed and number of draws of the simulated band."""

    incidence: tuple[Incidence, ...]
    benefits: tuple[Benefit, ...]
    seed: int
    draws: int
    wait_compared: Two | None

    def compared_wait(self) -> str:
        """What the days from event to payment can be held against; empty where nothing is known."""
        return in_reader_language(self.wait_compared) if self.wait_compared else ""

    def of(self, program: str) -> Incidence:
        """The assumption of one programme."""
        return next(entry for entry in self.incidence if entry.program == program)


_SHAPE = {
    "incidence": [{
        "program": ("JKM", "JKK"), "per_1000": float, "low": float, "high": float,
        "value_idr": int, "value_low_idr": int, "value_high_idr": int, "early_months": int,
        "early_value_idr": int, **two("source", "doubt"),
    }],
    "benefit": [{
        "program": ("JKM", "JKK"), "value_idr": int, **two("label", "text", "source"),
    }],
    "wait?": two("compared"),
    "simulation": {"seed": int, "draws": int},
}  # fmt: skip


@lru_cache(maxsize=4)
def load_claim_facts(path: Path = FACTS / "claims.toml") -> ClaimFacts:
    """Reads assumptions and benefit rules."""
    raw = read(path, _SHAPE)
    return ClaimFacts(
        tuple(
            Incidence(
                **{k: v for k, v in e.items() if not k.startswith(("source", "doubt"))},
                sources=(e["source"], e["source_en"]),
                doubts=(e["doubt"], e["doubt_en"]),
            )
            for e in raw["incidence"]
        ),
        tuple(
            Benefit(
                e["program"],
                (e["label"], e["label_en"]),
                e["value_idr"] or None,
                (e["text"], e["text_en"]),
                (e["source"], e["source_en"]),
            )
            for e in raw["benefit"]
        ),
        raw["simulation"]["seed"],
        raw["simulation"]["draws"],
        (raw["wait"]["compared"], raw["wait"]["compared_en"]) if "wait" in raw else None,
    )


@dataclass(frozen=True)
class Exposure:
    """Insured person-months of a span; `early_months` of them lie within the first of a person."""

    months: int
    early_months: int

    @property
    def years(self) -> float:
        """Person-years."""
        return self.months / 12


@dataclass(frozen=True)
class Expected:
    """Cases and whole rupiah that an exposure lets expect.

    `low` and `high` use the ends of the assumed rate (and mean value) without chance; `p5` and
    `p95` are the simulated band: the rate drawn from the range, then the cases by chance.
    """

    program: str
    count: float
    low: float
    high: float
    p5: int
    p95: int
    value_idr: float
    value_low_idr: float
    value_high_idr: float


def expected(program: str, exposure: Exposure, facts: ClaimFacts) -> Expected:
    """What `exposure` lets expect of one programme; the same facts give the same band."""
    given = facts.of(program)
    early = exposure.early_months if given.early_months else 0
    late = exposure.months - early

    def cases(rate: float) -> float:
        return exposure.months / 12 * rate / 1000

    def value(rate: float, mean_idr: int) -> float:
        return rate / 12_000 * (late * mean_idr + early * given.early_value_idr)

    rng = Random(facts.seed)
    draws = sorted(
        _poisson(cases(rng.triangular(given.low, given.high, given.per_1000)), rng)
        for _ in range(facts.draws)
    )
    return Expected(
        program,
        cases(given.per_1000),
        cases(given.low),
        cases(given.high),
        draws[len(draws) // 20],
        draws[-1 - len(draws) // 20],
        value(given.per_1000, given.value_idr),
        value(given.low, given.value_low_idr),
        value(given.high, given.value_high_idr),
    )


_NORMAL_FROM = 200.0


def _poisson(mean: float, rng: Random) -> int:
    """A number of cases by chance; for large means the normal law, which is close enough there."""
    if mean > _NORMAL_FROM:
        return max(0, round(rng.gauss(mean, mean**0.5)))
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


@dataclass(frozen=True)
class MonthOfClaims:
    """Benefits of one programme paid in one month, whole rupiah."""

    month: Month
    program: str
    count: int
    value_idr: int


@dataclass(frozen=True)
class Waiting:
    """Days from event to payment of one programme: median, and of how many with both dates.

    `longest` is the longest, `unsound` counts benefits paid before their event, which are left out.
    """

    program: str
    paid: int
    known: int
    unsound: int
    median_days: float | None
    longest_days: int | None
