"""The first screen of a small city, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from jambi_dash.domain.coverage import DenominatorShown, make_row
from jambi_dash.domain.headline import ClaimTotal, CohortCover, Headline
from jambi_dash.domain.money import contribution, load_money
from jambi_dash.domain.months import Month


def headline(**changed: object) -> Headline:
    """A release with nothing to look at, and what a test changes."""
    rows = (make_row("15.71.07.1011", "Talang Gulo", 30, 100, register_known=True),)
    calm = Headline(
        release="r", as_of=date(2025, 12, 31), synthetic=False, has_roster=True,
        cohort="pekerja_rentan", persons=30, covered=30, located=30, unlocated=0, eligible=100,
        rate=0.3, denominator=DenominatorShown("rt_perkiraan", "x", 100, "", None),
        cohorts=(CohortCover("pekerja_rentan", 30, 3000, "target_2025"),), curve=(),
        kelurahan=rows, rt_total=8, rt_excluded=0, rt_joined=1, rt_uncovered={},
        contribution=contribution(
            load_money(), "pekerja_rentan", Month(2025, 12), {(Month(2025, 12), None): 30}
        ),
        claims=(ClaimTotal("JKM", 1, 42_000_000),), rejected_rows=0,
    )  # fmt: skip
    return replace(calm, **changed)  # type: ignore[arg-type]
