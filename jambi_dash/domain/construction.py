"""Construction cover (jasa konstruksi) of the jobs of RTs: what is due, and who is really covered.

Workers of a job are covered when the job is registered with their names and its contribution is
paid, the first instalment at least (Permenaker 44/2015). A letter of assignment alone, or a work
order, covers nobody: *belum terlindungi*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Literal, NamedTuple

from jambi_dash.domain.rollout_plan import CoverRates

JobState = Literal["unregistered", "late", "unpaid", "no_names", "part_paid", "paid"]
"""Not registered, still in time; not registered and past the days allowed; registered and nothing
paid; paid, but without workers named; registered, named and paid in part; in full."""

JOB_STATES: tuple[JobState, ...] = ("unregistered", "late", "unpaid", "no_names", "part_paid",
                                    "paid")  # fmt: skip
COVERED: frozenset[JobState] = frozenset({"part_paid", "paid"})


def cover_due(value_idr: int, tiers: Sequence[tuple[int, int]]) -> int:
    """The contribution of a job in whole rupiah: each rate for its slice of the value only.

    Args:
        value_idr: contract value without VAT, Rp.
        tiers: (slice begins at Rp, rate in 1/10.000), ascending from 0.
    """
    due, above = 0, value_idr
    for begin, rate in reversed(tiers):
        if above > begin:
            due += (above - begin) * rate
            above = begin
    return (due + 5_000) // 10_000


@cache
def _public_holidays(year: int) -> frozenset[date]:
    # Imported here: no page but this question needs the calendar.
    from holidays.countries.indonesia import Indonesia

    # Cuti bersama binds offices of the state, not the days of a contract: it counts as working.
    return frozenset(Indonesia(years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no Indonesian public holiday."""
    return day.weekday() < 5 and day not in _public_holidays(day.year)


@cache
def add_working_days(day: date, days: int) -> date:
    """The last of so many working days that follow `day`, which itself does not count."""
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


class JobFacts(NamedTuple):
    """What the log says of the one job of an RT; `None` where it says nothing."""

    code: str
    kelurahan_code: str
    value_idr: int
    worker_count: int | None
    spk_date: date | None
    registered: bool
    paid_idr: int


class Job(NamedTuple):
    """A job with what follows from the facts; `register_by` is `None` where no SPK is known."""

    facts: JobFacts
    due_idr: int
    register_by: date | None
    state: JobState

    @property
    def covered(self) -> bool:
        """Whether its workers are covered; else they are *belum terlindungi*."""
        return self.state in COVERED

    @property
    def counted_paid_idr(self) -> int:
        """What was paid and counts: payments without a registration do not."""
        return self.facts.paid_idr if self.facts.registered else 0

    @property
    def open_idr(self) -> int:
        """What is still to be paid."""
        return max(0, self.due_idr - self.counted_paid_idr)


@dataclass(frozen=True)
class ConstructionCover:
    """The jobs of all RTs on one day, by code, and their sums.

    `registered_rt` + `unregistered_rt` are all jobs; `late_rt` are those of the unregistered whose
    14 working days are over. `stray_paid_idr` was paid for jobs that are not registered and does
    not count as paid. `workers_unknown_rt` are jobs whose number of workers is not given.
    """

    day: date
    jobs: tuple[Job, ...]

    @cached_property
    def value_idr(self) -> int:
        """Value of all jobs, Rp."""
        return sum(job.facts.value_idr for job in self.jobs)

    @cached_property
    def due_idr(self) -> int:
        """Contribution due on all jobs, registered or not, Rp."""
        return sum(job.due_idr for job in self.jobs)

    @cached_property
    def paid_idr(self) -> int:
        """Contribution paid on registered jobs, Rp."""
        return sum(job.counted_paid_idr for job in self.jobs)

    @cached_property
    def open_idr(self) -> int:
        """What is still to be paid; an overpaid job does not pay for another."""
        return sum(job.open_idr for job in self.jobs)

    @cached_property
    def stray_paid_idr(self) -> int:
        """Paid for jobs that are not registered, Rp."""
        return sum(job.facts.paid_idr for job in self.jobs if not job.facts.registered)

    @cached_property
    def registered_rt(self) -> int:
        """Jobs registered."""
        return sum(job.facts.registered for job in self.jobs)

    @cached_property
    def unregistered_rt(self) -> int:
        """Jobs not registered, late or still in time."""
        return len(self.jobs) - self.registered_rt

    @cached_property
    def late_rt(self) -> int:
        """Jobs not registered though their working days are over."""
        return self.states()["late"]

    @cached_property
    def workers_covered(self) -> int:
        """Workers named on jobs that are covered."""
        return sum(job.facts.worker_count or 0 for job in self.jobs if job.covered)

    @cached_property
    def workers_uncovered(self) -> int:
        """Workers of jobs that are *belum terlindungi*, as far as their number is known."""
        return sum(job.facts.worker_count or 0 for job in self.jobs if not job.covered)

    @cached_property
    def workers_unknown_rt(self) -> int:
        """Jobs whose number of workers is not given."""
        return sum(not job.facts.worker_count for job in self.jobs)

    def states(self) -> dict[JobState, int]:
        """Jobs by state, every state in its order."""
        counts = Counter(job.state for job in self.jobs)
        return {state: counts[state] for state in JOB_STATES}

    def to_json(self) -> dict[str, int]:
        """The `jakon` of contract section 5, with those that are late."""
        return {
            "value_rp": self.value_idr,
            "due_rp": self.due_idr,
            "paid_rp": self.paid_idr,
            "registered_rt": self.registered_rt,
            "unregistered_rt": self.unregistered_rt,
            "late_rt": self.late_rt,
        }


def construction_cover(
    facts: Iterable[JobFacts], rates: CoverRates, *, day: date
) -> ConstructionCover:
    """The cover of jobs in the evening of `day`."""
    return ConstructionCover(
        day, tuple(_job(job, rates, day) for job in sorted(facts, key=lambda job: job.code))
    )


def _job(facts: JobFacts, rates: CoverRates, day: date) -> Job:
    due = cover_due(facts.value_idr, rates.tiers)
    by = (
        add_working_days(facts.spk_date, rates.registration_working_days)
        if facts.spk_date
        else None
    )
    return Job(facts, due, by, _state(facts, due, by, day))


def _state(facts: JobFacts, due: int, register_by: date | None, day: date) -> JobState:
    if not facts.registered:
        return "late" if register_by is not None and day > register_by else "unregistered"
    if facts.paid_idr <= 0:
        return "unpaid"
    if not facts.worker_count:
        return "no_names"
    # Without a value nobody can say that all of it was paid.
    return "paid" if facts.paid_idr >= due > 0 else "part_paid"
