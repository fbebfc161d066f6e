"""Double cover, the list of BPJS against the rosters, lapses, paid months: from the rollups.

What the release says is of its own month, that of `as_of`; double cover is known for every month.
"""

from __future__ import annotations

from datetime import date

from jambi_dash.domain.membership import (
    BpjsMatch,
    DoubleCover,
    DoublePart,
    IdlePart,
    LapsePart,
    Lapses,
    MatchPart,
    PaidMonths,
    load_membership_facts,
    paid_months,
)
from jambi_dash.domain.money import load_money
from jambi_dash.domain.months import Month
from jambi_dash.queries.coverage import meta_of
from jambi_dash.queries.door import Door


def double_cover(door: Door, *, at: Month | None = None) -> DoubleCover | None:
    """People on several paid rosters, by default in the month of the data; checked.

    `None` where the release is too old to tell.
    """
    door.sight.require_internal()
    if door.is_older:
        return None
    month = (at or _month_of(door)).first_day()
    covered = dict(door.rows("cohorts", month=month))
    found = DoubleCover(
        at=Month.of(month),
        parts=tuple(
            DoublePart(tuple(cohorts), tuple(funds), code, differ, people)
            for cohorts, funds, code, differ, people in door.rows("double_cover", month=month)
        ),
        enrolments=sum(covered.values()),
        persons=door.rows("persons", month=month)[0][0],
        excess_months={
            Month.of(day): excess for day, excess in door.rows("double_months", month=month)
        },
    )
    if door.sight.areas is None:  # a person of two places is behind the door of both
        found.check()
    return found


def paid_person_months(door: Door) -> tuple[PaidMonths, ...]:
    """Person-months that each cohort's rosters pay for, up to the month of the data."""
    door.sight.require_internal()
    at = _month_of(door)
    rows = door.rows("person_months", month=at.first_day())
    return paid_months(
        ((cohort, Month.of(day), people) for cohort, day, people in rows), at, load_money()
    )


def bpjs_match(door: Door) -> BpjsMatch | None:
    """The rosters against the list of BPJS; checked. `None` where the release has no list."""
    door.sight.require_internal()
    meta = meta_of(door)
    if "bpjs_first" not in meta:
        return None
    at = _month_of(door)
    whole_city = door.sight.areas is None
    found = BpjsMatch(
        at=at,
        first=_month(meta["bpjs_first"]),
        last=_month(meta["bpjs_last"]),
        listed=int(meta["bpjs_people"]),
        parts=tuple(MatchPart(*row) for row in door.rows("bpjs_match")),
        persons={(s, state): n for s, state, n in door.rows("bpjs_persons")}
        if whole_city else None,
        idle=tuple(
            IdlePart(cohort, code, Month.of(day), people)
            for cohort, code, day, people in door.rows("bpjs_idle")
        ),
    )  # fmt: skip
    covered = dict(door.rows("cohorts", month=at.first_day()))
    found.check(covered, door.rows("persons", month=at.first_day())[0][0])
    return found


def lapses(door: Door) -> Lapses | None:
    """Whose membership ends when. `None` where the release is too old to tell."""
    door.sight.require_internal()
    if door.is_older:
        return None
    return Lapses(
        _month_of(door),
        load_membership_facts().grace_months,
        tuple(
            LapsePart(cohort, code, evidence, Month.of(day), people)
            for cohort, code, evidence, day, people in door.rows("lapses")
        ),
    )


def _month_of(door: Door) -> Month:
    return Month.of(date.fromisoformat(meta_of(door)["as_of"]))


def _month(text: str) -> Month:
    return Month.of(date.fromisoformat(text))
