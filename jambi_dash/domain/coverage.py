"""What a coverage number means: states of an area, rates, reconciliation (contract section 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple, cast

from jambi_dash.domain.months import Month

NUMBER = "angka"
ZERO = "nol"
NO_DATA = "tidak ada data"
HIDDEN = "disembunyikan"
STATES = (NUMBER, ZERO, NO_DATA, HIDDEN)


class ReconciliationError(Exception):
    """The parts of an answer do not add up to its total: a fault of the program, never shown as a number."""


class CoverageRow(NamedTuple):
    """One area: covered people, the people it is of, the rate, and its state.

    A country has many: a named tuple is made in a third of the time of a frozen dataclass.
    `covered` is `None` only where hidden, or where the release has no roster; `eligible` is `None`
    where unknown; `rate` is covered ÷ eligible, `None` where eligible is 0 or unknown.
    """

    code: str
    name: str
    covered: int | None
    eligible: int | None
    rate: float | None
    state: str

    @property
    def over_full(self) -> bool:
        """Whether more are covered than there should be: kept as it is, and flagged."""
        return self.rate is not None and self.rate > 1

    def to_json(self) -> dict[str, Any]:
        """The row of contract section 5."""
        return {
            "code": self.code,
            "name": self.name,
            "covered": self.covered,
            "eligible": self.eligible,
            "rate": self.rate,
            "state": self.state,
        }


def make_row(
    code: str, name: str, covered: int | None, eligible: int | None, *, register_known: bool
) -> CoverageRow:
    """One row that is not hidden, as `make_rows` makes many."""
    counts = None if covered is None else [covered]
    return make_rows([code], [name], counts, [eligible], register_known=register_known)[0]


def make_rows(
    codes: Sequence[str],
    names: Sequence[str],
    covered: Sequence[int] | None,
    eligible: Sequence[int | None],
    *,
    register_known: bool,
) -> list[CoverageRow]:
    """The rows of areas, none of them hidden; `covered` is `None` without a roster.

    `register_known`: the release knows eligible people somewhere, so that an area without any,
    and without anybody covered, is one of which nothing is known rather than a true zero.
    """
    rates: Iterable[float | None]
    if covered is None:
        counts: Sequence[int | None] = [None] * len(codes)
        rates, states = counts, [NO_DATA] * len(codes)
    else:
        counts = covered
        empty = NO_DATA if register_known else ZERO
        rates = [n / of if of else None for n, of in zip(covered, eligible, strict=True)]
        states = [
            NUMBER if n else empty if of is None else ZERO
            for n, of in zip(covered, eligible, strict=True)
        ]
    # A country has 825.000: a named tuple made by its own name takes twice as long.
    row = cast("Callable[[Any], CoverageRow]", partial(tuple.__new__, CoverageRow))
    return list(map(row, zip(codes, names, counts, eligible, rates, states, strict=True)))


def hide_row(row: CoverageRow) -> CoverageRow:
    """The row as the public sees it: that there is something, not what."""
    return CoverageRow(row.code, row.name, None, row.eligible, None, HIDDEN)


@dataclass(frozen=True)
class DenominatorShown:
    """The denominator of an answer: what, how many, from where, of when."""

    id: str | None
    label: str
    value: int | None
    source: str
    date: str | None


@dataclass(frozen=True)
class CoverageTotals:
    """The city's sums: covered = located + unlocated + hidden, always.

    `located` is the sum of the rows that show a number, `unlocated` the people without an area at
    this level, `hidden` those inside rows that the public may not see (with the people without
    location, where that count is itself too small to show). `persons` counts everybody covered in
    any cohort once. In public, a whole city too small to show has `None` for all of them.
    """

    covered: int | None
    located: int | None
    unlocated: int | None
    hidden: int | None
    persons: int | None
    eligible: int | None
    rate: float | None


@dataclass(frozen=True)
class CoverageTable:
    """The answer to "how many are covered, of how many, and where"."""

    release: str
    as_of: date
    at: Month
    cohort: str
    by: str
    public: bool
    synthetic: bool
    denominator: DenominatorShown
    rows: tuple[CoverageRow, ...]
    totals: CoverageTotals

    def check(self) -> None:
        """Raises `ReconciliationError` unless areas + without location + hidden = total."""
        located = sum(row.covered or 0 for row in self.rows)
        totals = self.totals
        if totals.covered is None:
            if any(row.state != HIDDEN for row in self.rows):
                raise ReconciliationError(f"{self.by} {self.at} {self.cohort}: shown without a sum")
            return
        parts = located + (totals.unlocated or 0) + (totals.hidden or 0)
        if located != totals.located or parts != totals.covered:
            raise ReconciliationError(
                f"{self.by} {self.at} {self.cohort}: {located} + {totals.unlocated} + "
                f"{totals.hidden} != {totals.covered}"
            )

    def to_json(self) -> dict[str, Any]:
        """The answer of `coverage` in contract section 5."""
        return {
            "release": self.release,
            "as_of": self.as_of.isoformat(),
            "at": str(self.at),
            "cohort": self.cohort,
            "by": self.by,
            "synthetic": self.synthetic,
            "denominator": dict(self.denominator.__dict__),
            "rows": [row.to_json() for row in self.rows],
            "totals": dict(self.totals.__dict__),
        }
