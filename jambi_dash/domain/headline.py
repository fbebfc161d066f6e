"""The figures of the first screen, of one release, and how they differ from another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from jambi_dash.domain.coverage import CoverageRow, DenominatorShown
from jambi_dash.domain.money import Contribution
from jambi_dash.domain.months import Month


@dataclass(frozen=True)
class CohortCover:
    """One cohort: covered people, and its target with the source, `None` where none is known."""

    cohort: str
    covered: int
    target: int | None
    target_id: str | None

    @property
    def share(self) -> float | None:
        """Covered ÷ target."""
        return self.covered / self.target if self.target else None


@dataclass(frozen=True)
class ClaimTotal:
    """Benefits of one programme (`JKK`, `JKM`): how many, and whole rupiah."""

    program: str
    count: int
    amount_idr: int


@dataclass(frozen=True)
class CurvePoint:
    """People covered at the end of one month: of the cohort, and each once in all cohorts.

    `persons` is `None` where the public may not see it.
    """

    month: Month
    covered: int
    persons: int | None


@dataclass(frozen=True)
class Headline:
    """What the first screen says of a release.

    `covered`, `located`, `unlocated`, `eligible`, `rate` and `kelurahan` are those of the
    default cohort; located + unlocated = covered. `rt_uncovered` holds, by kelurahan code, how many
    RTs have eligible people and nobody covered; it is empty without estimates. `rt_total` leaves
    out `rt_excluded`. In the form for the public (`public`) kelurahan with small counts are hidden,
    their people are in `unlocated`, cohorts, months and benefits with small counts are left out, and
    `persons` is `None` where it would give one away.

    `lapsing` are people whose contribution has stopped, by months until their membership ends;
    `stalled` those of the cohort who have long been in one stage, by stage. Both are of the date
    of the data only, and empty in public.
    """

    release: str
    as_of: date
    synthetic: bool
    has_roster: bool
    cohort: str
    persons: int | None
    covered: int
    located: int
    unlocated: int
    eligible: int | None
    rate: float | None
    denominator: DenominatorShown
    cohorts: tuple[CohortCover, ...]
    curve: tuple[CurvePoint, ...]
    kelurahan: tuple[CoverageRow, ...]
    rt_total: int
    rt_excluded: int
    rt_joined: int
    rt_uncovered: dict[str, int]
    contribution: Contribution
    claims: tuple[ClaimTotal, ...]
    rejected_rows: int
    public: bool = False
    lapsing: Mapping[int, int] = field(default_factory=dict)
    stalled: Mapping[str, int] = field(default_factory=dict)

    @property
    def rt_share(self) -> float | None:
        """RTs joined ÷ RTs of the register without the excluded ones."""
        return self.rt_joined / self.rt_total if self.rt_total else None

    @property
    def claim_count(self) -> int:
        """Benefits paid."""
        return sum(c.count for c in self.claims)

    @property
    def claim_idr(self) -> int:
        """Their sum in whole rupiah."""
        return sum(c.amount_idr for c in self.claims)


@dataclass(frozen=True)
class Change:
    """One headline figure before and now; `kind` is `people`, `rt`, `rate`, `count` or `rupiah`."""

    indicator: str
    kind: str
    before: float | None
    now: float | None

    @property
    def difference(self) -> float | None:
        """now − before, `None` where one of them is unknown."""
        return None if self.before is None or self.now is None else self.now - self.before


def changes(before: Headline, now: Headline) -> tuple[Change, ...]:
    """The headline figures of two releases side by side, in the order of the page."""
    return (
        Change("orang_terlindungi", "people", before.persons, now.persons),
        Change("peserta_kelompok", "people", before.covered, now.covered),
        Change("cakupan", "rate", before.rate, now.rate),
        Change("rt_bergabung", "rt", before.rt_joined, now.rt_joined),
        Change("santunan", "rupiah", before.claim_idr, now.claim_idr),
        Change("tanpa_lokasi", "people", before.unlocated, now.unlocated),
        Change("baris_ditolak", "count", before.rejected_rows, now.rejected_rows),
    )
