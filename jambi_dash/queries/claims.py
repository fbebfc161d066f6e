"""Benefits paid: by programme, area, month and cohort, how long they took, and for how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from jambi_dash.domain.areas import CITIES, CITY_CODE, load_areas
from jambi_dash.domain.claims import (
    PROGRAMS,
    ClaimRow,
    ClaimTable,
    Exposure,
    MonthOfClaims,
    Waiting,
    load_claim_facts,
)
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries.coverage import meta_of
from jambi_dash.queries.door import Door

LEVELS = ("program", "city", "kecamatan", "kelurahan")
_BEGINNING = date(1900, 1, 1)


@dataclass(frozen=True)
class ClaimSpan:
    """All benefits of a release, those dated after its date, and the days of first and last."""

    claims: int
    later: int
    first: date | None
    last: date | None


def claims(
    door: Door,
    *,
    by: str = "program",
    at: Month | None = None,
    first: Month | None = None,
    cohort: str = "",
    area: str = "",
) -> ClaimTable:
    """Benefits paid from month `first` (default: ever) to `at`, never after the date of the data.

    Args:
        door: the release.
        by: `program`, `city`, `kecamatan` or `kelurahan`; every area is a row for each programme,
            also with 0, and benefits without a location stand in rows of their own.
        at: the last month, default that of the data.
        first: the first month.
        cohort: only this one; empty: all.
        area: only in this kecamatan or kelurahan (a code); empty: the whole city.

    Raises:
        Refusal: an unknown level.
    """
    door.sight.require_internal()
    if by not in LEVELS:
        raise Refusal(t("Tingkat {by} tidak ada; pilih: {known}.", by=by, known=", ".join(LEVELS)))
    meta = meta_of(door)
    day = _last_day(door, at)
    found = {
        (code, program): (count, value)
        for code, program, count, value in door.rows(
            "claims_by_area", by=by, city=CITY_CODE, several=bool(CITIES), first=_first_day(first),
            last=day, cohort=cohort, area=area,
        )
    }  # fmt: skip
    areas = _areas(by, area, door.sight.areas)
    if any(code is None for code, _ in found):
        areas.append((None, t("Tanpa lokasi")))
    rows = tuple(
        ClaimRow(program, *found.get((code, program), (0, 0)), code=code, name=name)
        for code, name in areas
        for program in PROGRAMS
    )
    table = ClaimTable(meta["release"], day, by, rows)
    if table.count != sum(count for count, _ in found.values()):
        raise AssertionError("benefits outside of the known areas and programmes")
    return table


def _areas(
    by: str, area: str, own: frozenset[str] | None
) -> list[tuple[str | None, str]]:  # fmt: skip
    if by == "program":
        return [("", "")]
    parts = load_areas().of_level(by, own)
    if by == "city" and not CITIES:
        return list(parts)
    return [(c, name) for c, name in parts if c.startswith(area) or area.startswith(c)]


def span(door: Door) -> ClaimSpan:
    """From when to when benefits were paid."""
    return ClaimSpan(*door.rows("claim_span", day=_as_of(door))[0])


def by_month(
    door: Door, *, first: Month, at: Month, cohort: str = "", area: str = ""
) -> tuple[MonthOfClaims, ...]:
    """Every month of the span and each programme, also with 0."""
    door.sight.require_internal()
    found = {
        (Month.of(month), program): (count, value)
        for month, program, count, value in door.rows(
            "claims_by_month", first=first.first_day(), last=_last_day(door, at), cohort=cohort,
            area=area,
        )
    }  # fmt: skip
    return tuple(
        MonthOfClaims(month, program, *found.get((month, program), (0, 0)))
        for month in _months(first, at)
        for program in PROGRAMS
    )


def by_cohort(
    door: Door, *, first: Month, at: Month, area: str = ""
) -> dict[tuple[str, str], tuple[int, int]]:
    """Count and whole rupiah by cohort and programme; what is missing is 0."""
    door.sight.require_internal()
    return {
        (cohort, program): (count, value)
        for cohort, program, count, value in door.rows(
            "claims_by_cohort", first=first.first_day(), last=_last_day(door, at), area=area
        )
    }


def waits(
    door: Door, *, first: Month, at: Month, cohort: str = "", area: str = ""
) -> tuple[tuple[Waiting, tuple[int, ...]], ...]:
    """For each programme the figures of the wait and the days of every benefit that has both."""
    door.sight.require_internal()
    rows = door.rows(
        "claim_waits", first=first.first_day(), last=_last_day(door, at), cohort=cohort, area=area
    )
    found = []
    for program in PROGRAMS:
        own = [row for row in rows if row[0] == program]
        days = tuple(row[2] for row in own if row[2] is not None)
        unsound = sum(row[1] is not None and row[2] is None for row in own)
        found.append(
            (
                Waiting(
                    program, len(own), len(days), unsound,
                    float(median(days)) if days else None, max(days, default=None),
                ),
                days,
            )
        )  # fmt: skip
    return tuple(found)


def exposure_by_month(
    door: Door, *, first: Month, at: Month, cohort: str = "", area: str = ""
) -> tuple[tuple[Month, Exposure], ...]:
    """Insured people of every month; people in two cohorts count once where no cohort is chosen."""
    door.sight.require_internal()
    early = max(entry.early_months for entry in load_claim_facts().incidence)
    return tuple(
        (Month.of(month), Exposure(people, early_people))
        for month, people, early_people in door.rows(
            "exposure", first=first.first_day(), last=at.first_day(), cohort=cohort, area=area,
            early_months=early,
        )
    )  # fmt: skip


def total(months: Sequence[tuple[Month, Exposure]]) -> Exposure:
    """The exposure of all the months together."""
    return Exposure(sum(e.months for _, e in months), sum(e.early_months for _, e in months))


def _months(first: Month, last: Month) -> list[Month]:
    return [Month.from_index(i) for i in range(first.index(), last.index() + 1)]


def _as_of(door: Door) -> date:
    return date.fromisoformat(meta_of(door)["as_of"])


def _last_day(door: Door, at: Month | None) -> date:
    as_of = _as_of(door)
    return min(as_of, at.last_day()) if at else as_of


def _first_day(first: Month | None) -> date:
    return first.first_day() if first else _BEGINNING
