"""Invented benefits paid: deaths of people whose cover ended with them, and work accidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from jambi_dash.demo.parameters import Parameters
from jambi_dash.demo.roster import Entry, Rosters
from jambi_dash.demo.rts import Rt
from jambi_dash.demo.shares import spread
from jambi_dash.domain.months import Month

_ACCIDENT_KINDS = (
    "Biaya perawatan",
    "Biaya perawatan",
    "Santunan sementara tidak mampu bekerja (STMB)",
    "Cacat sebagian",
)
_SMALLEST, _LARGEST = 1_500_000, 21_000_000


@dataclass(frozen=True)
class Claim:
    """One payment in rupiah; `rt` is empty where the office did not note it."""

    program: str
    paid: date
    happened: date
    kind: str
    value: int
    cohort: str
    home: Rt
    rt: str


def build_claims(
    rosters: Rosters, parameters: Parameters, rng: Random, *, workers: int, as_of: date
) -> list[Claim]:
    """Payments by day: every death in the lists once, and accidents of mean value `jkk_mean`."""
    plan = parameters.claims
    claims = [
        _claim(
            "JKM",
            row,
            row.died,
            "Santunan kematian",
            _grant(row, parameters),
            parameters,
            rng,
            as_of,
        )
        for row in rosters.all()
        if row.died
    ]
    count = int(plan.jkk * workers / parameters.totals.workers + 0.5)
    # In thousands, so that an even mean keeps round amounts.
    values = spread(
        count * plan.jkk_mean // 1000,
        [rng.lognormvariate(0, 0.7) for _ in range(count)],
        lower=_SMALLEST // 1000,
        upper=_LARGEST // 1000,
    )
    newest = Month.of(as_of).plus(-2)
    insured = [
        row
        for row in rosters.workers
        if row.stage == "Aktif" and row.start and row.start <= newest and row.end is None
    ]
    for row, value in zip(rng.sample(insured, min(count, len(insured))), values, strict=False):
        assert row.start is not None
        since = row.start.first_day()
        happened = since + timedelta(days=rng.randint(3, (as_of - since).days - 25))
        kind = rng.choice(_ACCIDENT_KINDS)
        claims.append(_claim("JKK", row, happened, kind, value * 1000, parameters, rng, as_of))
    return sorted(claims, key=lambda c: (c.paid, c.program, c.home.kelurahan.code, c.value))


def _grant(row: Entry, parameters: Parameters) -> int:
    assert row.start is not None
    assert row.died is not None
    early = Month.of(row.died).index() - row.start.index() < 3
    return parameters.claims.jkm_early_value if early else parameters.claims.jkm_value


def _claim(
    program: str,
    row: Entry,
    happened: date,
    kind: str,
    value: int,
    parameters: Parameters,
    rng: Random,
    as_of: date,
) -> Claim:
    paid = happened + timedelta(days=rng.randint(*parameters.claims.days_to_payment))
    return Claim(
        program=program,
        paid=min(paid, as_of),
        happened=happened,
        kind=kind,
        value=value,
        cohort=row.cohort,
        home=row.home,
        rt="" if rng.random() < 0.2 else row.home.number,
    )
