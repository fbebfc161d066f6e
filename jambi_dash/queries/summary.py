"""The figures of the first screen, from one release."""

from __future__ import annotations

from dataclasses import replace

from jambi_dash.domain.areas import CITY_CODE
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.disclosure import is_small
from jambi_dash.domain.headline import ClaimTotal, CohortCover, CurvePoint, Headline
from jambi_dash.domain.indicators import load_indicators
from jambi_dash.domain.language import t
from jambi_dash.domain.money import Contribution, contribution, load_money
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries.coverage import city_figure, coverage
from jambi_dash.queries.disclosure import Pattern, public_pattern
from jambi_dash.queries.door import Door
from jambi_dash.queries.ladder import ladder
from jambi_dash.queries.membership import lapses
from jambi_dash.queries.rollout import area_log


def headline(
    door: Door,
    *,
    cohort: str | None = None,
    at: Month | None = None,
    denominator: str | None = None,
    public: bool = False,
) -> Headline:
    """The headline figures, by default for the default cohort at the date of the data.

    With `at`, those of that month, RTs and benefits up to its last day; `as_of` is then that day.

    Behind a door for the public, and with `public`, it is the form for the public; a city too small
    to be shown then has nobody covered.

    Raises:
        Refusal: an unknown cohort or denominator; behind a door for the public a city too small to
            be shown.
    """
    door.sight.require_city()
    cohort = cohort or load_programme().default_cohort
    by_kelurahan = coverage(
        door, by="kelurahan", cohort=cohort, at=at, denominator=denominator, public=public
    )
    as_of, at = by_kelurahan.as_of, by_kelurahan.at
    if at < Month.of(as_of):
        as_of = at.last_day()
    rollout = area_log(door).at(as_of)
    totals = by_kelurahan.totals
    found = Headline(
        release=by_kelurahan.release,
        as_of=as_of,
        synthetic=by_kelurahan.synthetic,
        has_roster=door.rows("roster_size")[0][0] > 0,
        cohort=cohort,
        persons=totals.persons,
        covered=totals.covered or 0,
        located=totals.located or 0,
        unlocated=totals.unlocated or 0,
        eligible=totals.eligible,
        rate=totals.rate,
        denominator=by_kelurahan.denominator,
        cohorts=_cohorts(door, at),
        curve=_curve(door, cohort, at),
        kelurahan=by_kelurahan.rows,
        rt_total=rollout.total - rollout.excluded,
        rt_excluded=rollout.excluded,
        rt_joined=rollout.joined,
        rt_uncovered=dict(door.rows("uncovered_rts", cohort=cohort, month=at.first_day())),
        contribution=_contribution(door, cohort, at),
        claims=tuple(ClaimTotal(*row) for row in door.rows("claim_totals", day=as_of)),
        rejected_rows=sum(n for _, n in door.rows("rejected_rows")),
    )
    if by_kelurahan.public:
        return _for_the_public(door, found, at)
    return _with_follow_up(door, found) if at == Month.of(by_kelurahan.as_of) else found


def _with_follow_up(door: Door, found: Headline) -> Headline:
    """With what is known of the date of the data alone: who lapses, and which proposals stall."""
    near = lapses(door)
    steps = ladder(door, cohort=found.cohort).steps()
    return replace(
        found,
        lapsing=near.lapsing if near else {},
        stalled={step.stage: step.stalled for step in steps if step.stalled},
    )


def _for_the_public(door: Door, found: Headline, at: Month) -> Headline:
    pattern = public_pattern(door)
    if door.sight.public and pattern.hides(found.cohort, at, "city", CITY_CODE):
        raise Refusal(t("Jumlah orang di kota ini masih terlalu kecil untuk ditampilkan."))
    return replace(
        found,
        unlocated=found.covered - found.located,
        cohorts=tuple(
            c for c in found.cohorts if not pattern.hides(c.cohort, at, "city", CITY_CODE)
        ),
        curve=tuple(
            replace(p, persons=None) if pattern.hides_persons(p.month) else p
            for p in found.curve if not pattern.hides(found.cohort, p.month, "city", CITY_CODE)
        ),
        rt_uncovered={},
        # Without the months that are hidden: beside the others, their money would tell them.
        contribution=_contribution(door, found.cohort, at, pattern),
        claims=() if any(is_small(c.count, pattern.k) for c in found.claims) else found.claims,
        rejected_rows=0,
        public=True,
    )  # fmt: skip


def _cohorts(door: Door, at: Month) -> tuple[CohortCover, ...]:
    """The cohorts that have anybody or a target in this release, in the programme's order."""
    programme, indicators, ledger = load_programme(), load_indicators(), load_ledger()
    counts = dict(door.rows("cohorts", month=at.first_day()))
    found = []
    for cohort in programme.cohorts.ids:
        if cohort not in counts and cohort != programme.default_cohort:
            continue
        target = indicators.target_of(cohort, at.year)
        entry = ledger.find(target.denominator_id) if target else None
        value = city_figure(door, entry) if entry else None
        found.append(CohortCover(cohort, counts.get(cohort, 0), value, entry.id if entry else None))
    return tuple(found)


def _curve(door: Door, cohort: str, at: Month) -> tuple[CurvePoint, ...]:
    """Every month from the first cover to `at`; months without a change repeat the last value."""
    covered = {Month.of(month): n for name, month, n in door.rows("cover_curve") if name == cohort}
    persons = {Month.of(month): n for month, n in door.rows("person_curve")}
    starts = [month for month in (*covered, *persons) if month <= at]
    if not starts:
        return ()
    points, last_covered, last_persons = [], 0, 0
    for index in range(min(starts).index(), at.index() + 1):
        month = Month.from_index(index)
        last_covered = covered.get(month, last_covered)
        last_persons = persons.get(month, last_persons)
        points.append(CurvePoint(month, last_covered, last_persons))
    return tuple(points)


def _contribution(
    door: Door, cohort: str, at: Month, pattern: Pattern | None = None
) -> Contribution:
    first = Month(at.year, 1)
    rows = door.rows("fund_months", cohort=cohort, first=first.first_day(), last=at.first_day())
    people = {
        (Month.of(month), fund): n
        for month, fund, n in rows
        if pattern is None or not pattern.hides(cohort, Month.of(month), "city", CITY_CODE)
    }
    return contribution(load_money(), cohort, at, people)
