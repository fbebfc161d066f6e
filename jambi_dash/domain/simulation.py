"""Baseline + scenario → who gets a place, month by month what it costs, who pays, what it does.

One pure function; page, file and command answer from it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from jambi_dash.domain import formats
from jambi_dash.domain.areas import CITY_DIGITS, KECAMATAN_DIGITS, load_areas
from jambi_dash.domain.claims import Exposure, load_claim_facts
from jambi_dash.domain.consequences import (
    ExpectedClaims,
    Fairness,
    ScholarshipOutlook,
    expected_claims,
    fairness,
    scholarship_outlook,
    ucj_points,
)
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.expansion import (
    Allocation,
    Area,
    allocate,
    binding_limits,
    check_required,
    make_limits,
    named,
)
from jambi_dash.domain.funds import (
    UNFUNDED,
    Fund,
    Prices,
    load_expansion_facts,
    pay,
    prices,
)
from jambi_dash.domain.language import t
from jambi_dash.domain.money import load_money
from jambi_dash.domain.months import Month
from jambi_dash.domain.occupations import (
    UNKNOWN_OCCUPATION,
    Waiting,
    in_order,
    sum_by_occupation,
    take_from_list,
)
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.years import Path, path

UCJ = load_ledger().potential_workers
EVERYBODY = load_ledger().everybody
_KELURAHAN_CODE = 13


@dataclass(frozen=True)
class Baseline:
    """A release as the model sees it: areas in the order of their codes, and everybody covered.

    `covered` is the city's count, people without an area (`unlocated`) among them; `eligible` the
    city's denominator. `waiting` are people proposed and not yet paid, by kelurahan and occupation
    (`None`: not said). `public`: only published counts went in, and a stand-in for hidden ones.
    """

    release: str
    as_of: date
    synthetic: bool
    by: str
    areas: tuple[Area, ...]
    covered: int
    unlocated: int
    eligible: int | None
    waiting: tuple[tuple[str | None, str | None, int], ...] = ()
    public: bool = False

    @cached_property
    def waiting_lists(self) -> dict[str, Waiting]:
        """The waiting list of each kelurahan by occupation; people without a kelurahan left out."""
        found: dict[str, Counter[str]] = {}
        for code, occupation, people in self.waiting:
            if code is not None:
                found.setdefault(code, Counter())[occupation or UNKNOWN_OCCUPATION] += people
        return dict(sorted(found.items()))


@dataclass(frozen=True)
class AreaResult:
    """One area before and after; rates are `None` where eligible is 0 or unknown."""

    code: str
    name: str
    eligible: int | None
    before: int
    add: int

    @property
    def after(self) -> int:
        """Covered afterwards."""
        return self.before + self.add

    @property
    def rate_before(self) -> float | None:
        """Coverage before."""
        return self.before / self.eligible if self.eligible else None

    @property
    def rate_after(self) -> float | None:
        """Coverage afterwards."""
        return self.after / self.eligible if self.eligible else None

    def to_json(self) -> dict[str, Any]:
        """The row of contract section 5."""
        return {
            "code": self.code,
            "name": self.name,
            "eligible": self.eligible,
            "before": self.before,
            "add": self.add,
            "after": self.after,
            "rate_before": self.rate_before,
            "rate_after": self.rate_after,
        }


def added_up(areas: Sequence[AreaResult], level: str) -> list[AreaResult]:
    """The areas of `level` (`kelurahan`, `kecamatan`, `city`) above: people and denominators added.

    So their rates are their own, no means of rates. A denominator is of the areas that have one.
    """
    length = {"city": CITY_DIGITS, "kecamatan": KECAMATAN_DIGITS}.get(level, _KELURAHAN_CODE)
    groups: dict[str, list[AreaResult]] = {}
    for area in areas:
        groups.setdefault(area.code[:length], []).append(area)
    names = load_areas()
    found = []
    for code, inside in groups.items():
        known = [area.eligible for area in inside if area.eligible is not None]
        found.append(
            AreaResult(code, names.name_of(code), sum(known) if known else None,
                       sum(area.before for area in inside), sum(area.add for area in inside))
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class MonthResult:
    """People paid in one month and whole rupiah by fund, every fund of the scenario present."""

    month: Month
    active: int
    by_fund: dict[str, int]

    @property
    def contribution_idr(self) -> int:
        """The month's money."""
        return sum(self.by_fund.values())

    def to_json(self) -> dict[str, Any]:
        """The month of contract section 5."""
        return {
            "month": str(self.month),
            "active": self.active,
            "contribution_rp": self.contribution_idr,
            "by_fund": self.by_fund,
        }


@dataclass(frozen=True)
class Simulation:
    """The answer. `cost_idr` is the months' sum and the funds' sum, to the rupiah.

    `unfunded_months` are person-months that no fund of the scenario has money for: they stand
    under `belum_didanai` and arise only for people who are covered already.
    """

    baseline: Baseline
    scenario: Scenario
    slots: int
    binding: tuple[str, ...]
    areas: tuple[AreaResult, ...]
    allocation: Allocation
    months: tuple[MonthResult, ...]
    unfunded_months: int
    early_months: int
    claims: ExpectedClaims
    fairness_before: Fairness
    fairness: Fairness
    ucj: float | None
    scholarship: ScholarshipOutlook | None
    path: Path | None
    notes: tuple[str, ...]

    @cached_property
    def placed(self) -> int:
        """New places given."""
        return sum(area.add for area in self.areas)

    @property
    def unplaced(self) -> int:
        """Places asked for and not given."""
        return self.slots - self.placed

    @cached_property
    def person_months(self) -> int:
        """Paid person-months of the year."""
        return sum(month.active for month in self.months)

    @cached_property
    def by_fund(self) -> dict[str, int]:
        """The year's money of each fund, whole rupiah."""
        return {
            fund: sum(month.by_fund[fund] for month in self.months)
            for fund in self.months[0].by_fund
        }

    @property
    def cost_idr(self) -> int:
        """The year's money."""
        return sum(self.by_fund.values())

    @cached_property
    def from_list(self) -> dict[str, dict[str, int]]:
        """Who of the waiting list gets a new place, by kelurahan and occupation.

        In each kelurahan the list comes first, in proportion to how many of an occupation wait,
        inside the quotas per occupation; people beyond the list get what is left.
        """
        return _from_list(self.baseline, self.scenario, self.areas)

    @cached_property
    def by_occupation(self) -> dict[str, int]:
        """New places by occupation; their sum is `placed`.

        `belum_diketahui` are people beyond the waiting list, or on it without an occupation.
        """
        counts = sum_by_occupation(list(self.from_list.values()))
        beyond = self.placed - sum(counts.values())
        return in_order(counts | {UNKNOWN_OCCUPATION: counts.get(UNKNOWN_OCCUPATION, 0) + beyond})

    @cached_property
    def left_on_list(self) -> dict[str, dict[str, int]]:
        """Who of the waiting list gets none of the new places, by kelurahan and occupation."""
        left = {
            code: in_order({name: n - self.from_list[code][name] for name, n in waits.items()})
            for code, waits in self.baseline.waiting_lists.items()
        }
        return {code: people for code, people in left.items() if people}

    def still_waiting(self) -> dict[str, int]:
        """People proposed or verified who get none of the new places, by kelurahan; 0 left out."""
        return {code: sum(people.values()) for code, people in self.left_on_list.items()}

    def still_waiting_by_occupation(self) -> dict[str, int]:
        """The same people by occupation."""
        return in_order(sum_by_occupation(list(self.left_on_list.values())))

    def to_json(self) -> dict[str, Any]:
        """The answer of `simulate` in contract section 5, and what explains it."""
        answer: dict[str, Any] = {
            "release": self.baseline.release,
            "as_of": self.baseline.as_of.isoformat(),
            "synthetic": self.baseline.synthetic,
            "scenario": self.scenario.to_json(),
            "slots": self.slots,
            "placed": self.placed,
            "unplaced": self.unplaced,
            "binding": list(self.binding),
            "allocation": [area.to_json() for area in self.areas],
            "months": [month.to_json() for month in self.months],
            "cost_rp": self.cost_idr,
            "person_months": self.person_months,
            "by_fund": self.by_fund,
            "benefits": self.claims.to_json(),
            "benefits_rp": self.claims.value_to_json(),
            "fairness": self.fairness.to_json(),
            "fairness_before": self.fairness_before.to_json(),
            "ucj_points": None if self.ucj is None else round(self.ucj * 100, 4),
            "early_person_months": self.early_months,
            "scholarship": None
            if self.scholarship is None
            else {**self.scholarship.__dict__, "month": str(self.scholarship.month)},
            "by_occupation": self.by_occupation,
            "still_waiting": self.still_waiting(),
            "still_waiting_by_occupation": self.still_waiting_by_occupation(),
            "notes": list(self.notes),
        }
        if self.path is not None:
            answer["years"] = self.path.to_json()
        if self.allocation.proof is not None:
            answer["optimal"] = self.allocation.proof.to_json()
        return answer

    def fingerprint(self) -> str:
        """A hash of every number of the answer; what people wrote and what is translated is left out.

        Two answers with one fingerprint are the same answer, in whatever language and under
        whatever name.
        """
        answer = self.to_json()
        del answer["notes"]
        for key in ("name", "author", "note"):
            del answer["scenario"][key]
        for area in answer["allocation"]:
            del area["name"]
        text = json.dumps(_canonical(answer), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()


def _canonical(value: Any) -> Any:
    """Equal numbers in one form; the last digits of a fraction may differ between machines."""
    if isinstance(value, float):
        rounded = round(value, 9)
        return int(rounded) if rounded.is_integer() else rounded
    if isinstance(value, Mapping):
        return {str(key): _canonical(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(entry) for entry in value]
    return value


@dataclass(frozen=True)
class _Plan:
    """Months of the year that are paid, and who is active in them for a number of new places."""

    months: tuple[Month, ...]
    standing: int
    tranches: tuple[tuple[int, int | None], ...]
    turnover: float
    backfill: bool

    def active(self, placed: np.ndarray) -> np.ndarray:
        """People paid, `[month, candidate]`, for each candidate number of new places."""
        people = np.zeros((len(self.months), len(placed)), dtype=np.int64)
        for m in range(len(self.months)):
            people[m] += self._left(np.full(len(placed), self.standing), m)
        waiting = placed.copy()
        for start, places in self.tranches:
            begin = waiting if places is None else np.minimum(waiting, places)
            waiting = waiting - begin
            for m in range(start - 1, len(self.months)):
                people[m] += self._left(begin, m - start + 1)
        return people

    def _left(self, people: np.ndarray, months: int) -> np.ndarray:
        """Who is still there after so many months; places filled again stay full."""
        if self.backfill or not self.turnover:
            return people
        share = (1 - self.turnover) ** (months / 12)
        return np.asarray(np.floor(people * share + 0.5), dtype=np.int64)

    def most(self) -> int | None:
        """The most new places that have a start; `None`: any number."""
        given = [places for _, places in self.tranches]
        return None if None in given else sum(places or 0 for places in given)

    def early_months(self, placed: int, window: int) -> int:
        """Person-months of the year within the first `window` months of a person."""
        total, waiting = 0.0, placed
        for start, places in self.tranches:
            begin = waiting if places is None else min(waiting, places)
            waiting -= begin
            last = min(len(self.months), start - 1 + window)
            total += sum(
                int(self._left(np.array([begin]), m - start + 1)[0]) for m in range(start - 1, last)
            )
        if self.backfill and self.turnover:
            # Whoever fills a place that was left is new too, wherever in the year that happens.
            share = 1 - (1 - self.turnover) ** (len(self.months) / 12)
            total += (self.standing + placed) * share * min(window, len(self.months)) / 2
        return round(total)


def simulate(baseline: Baseline, scenario: Scenario) -> Simulation:
    """The answer to a scenario; the same baseline and scenario give the same numbers.

    Raises:
        Refusal: limits that cannot be kept together, or values that do not fit the baseline.
    """
    money, facts, claims = load_money(), load_expansion_facts(), load_claim_facts()
    scenario = scenario.resolved(Month.of(baseline.as_of), facts, claims.seed)
    plan = _plan(baseline, scenario)
    price = prices(
        plan.months, scenario.funds, money, facts,
        tariff_idr=scenario.tariff, income_idr=scenario.income,
    )  # fmt: skip
    scenario = _with_tariff(scenario, price)
    areas = baseline.areas
    slots = max(0, scenario.workers - baseline.covered)
    if scenario.occupation_quota and baseline.by == "rt":
        raise Refusal(
            t("Kuota pekerjaan tidak dapat dipakai bila tempat dibagi per RT, karena daftar "
              "tunggu tidak dirinci per RT; bagi per kelurahan atau hapus kuota itu.")
        )  # fmt: skip
    limits = make_limits(areas, scenario.wishes, baseline.waiting_lists)
    check_required(areas, limits, slots)
    most_started = plan.most()
    fitting = min(slots, limits.capacity(areas))
    if most_started is not None:
        fitting = min(fitting, most_started)
    places = _affordable(plan, scenario, price, fitting)
    check_required(areas, limits, places)
    allocation = allocate(areas, limits, places, scenario.rule, scenario.weights or {})
    results = tuple(
        AreaResult(area.code, area.name, area.eligible, area.covered, add)
        for area, add in zip(areas, allocation.added, strict=True)
    )
    payment = pay(plan.active(np.array([places])), scenario.funds, price)
    unfunded = int(payment.unfunded[0])
    months = _months(plan, scenario.funds, payment.person_months, payment.rupiah)
    insured = sum(month.active for month in months)
    early = min(insured, plan.early_months(places, claims.of("JKM").early_months))
    covered = Exposure(insured, early)
    binding = binding_limits(areas, limits, allocation.added, slots)
    if most_started is not None and places == most_started < min(slots, limits.capacity(areas)):
        binding = (*(name for name in binding if name not in ("anggaran", "kuota")), "kuota")
    eligible = [area.eligible for area in areas]
    found = Simulation(
        baseline=baseline,
        scenario=scenario,
        slots=slots,
        binding=binding,
        areas=results,
        allocation=allocation,
        months=months,
        unfunded_months=unfunded,
        early_months=early,
        claims=expected_claims(covered, claims, scenario.seed or 0),
        fairness_before=fairness([area.before for area in results], eligible),
        fairness=fairness([area.after for area in results], eligible),
        ucj=ucj_points(places, load_ledger().get(UCJ).value),
        scholarship=scholarship_outlook(
            places,
            plan.months[min(scenario.start_month, len(plan.months)) - 1],
            scenario.turnover,
            facts.scholarship_months,
        )
        if places
        else None,
        path=_path(baseline, scenario, places, price),
        notes=_notes(baseline, scenario, slots, int(payment.cost[0]), unfunded),
    )
    unknown = found.by_occupation.get(UNKNOWN_OCCUPATION, 0) if scenario.occupation_quota else 0
    if unknown:
        note = t("{n} dari {placed} tempat baru jatuh pada orang yang pekerjaannya belum diketahui; "
                 "kuota pekerjaan tidak berlaku bagi mereka.", n=formats.number(unknown),
                 placed=formats.number(found.placed))  # fmt: skip
        found = replace(found, notes=(*found.notes, note))
    return found


def _from_list(
    baseline: Baseline, scenario: Scenario, areas: Sequence[AreaResult]
) -> dict[str, dict[str, int]]:
    added: Counter[str] = Counter()
    room: Counter[str] = Counter()
    for area, result in zip(baseline.areas, areas, strict=True):
        added[area.code[:_KELURAHAN_CODE]] += result.add
        room[area.code[:_KELURAHAN_CODE]] += area.room
    lists = baseline.waiting_lists
    taken = take_from_list(
        [added[code] for code in lists],
        list(lists.values()),
        [max(0, room[code] - sum(waits.values())) for code, waits in lists.items()],
        scenario.occupation_quota,
    )
    return dict(zip(lists, taken, strict=True))


def _path(baseline: Baseline, scenario: Scenario, places: int, price: Prices) -> Path | None:
    plan = scenario.years
    if plan is None:
        return None
    assert scenario.year is not None
    everybody = load_ledger().get(EVERYBODY).value or 0
    return path(
        plan,
        first_year=scenario.year,
        people=baseline.covered + places,
        # Relief is over by then, and a start in the middle of the first year is not repeated.
        person_year_idr=12 * price.full[-1],
        target=plan.target if plan.target is not None else everybody,
        draws=load_expansion_facts().path.draws,
        seed=scenario.seed or 0,
    )


def _plan(baseline: Baseline, scenario: Scenario) -> _Plan:
    assert scenario.year is not None
    assert scenario.months is not None
    last = scenario.start_month + scenario.months - 1
    return _Plan(
        months=tuple(Month(scenario.year, m) for m in range(1, last + 1)),
        standing=baseline.covered + sum(scenario.also_paid.values()),
        tranches=tuple((x.start_month, x.places) for x in scenario.tranches),
        turnover=scenario.turnover,
        backfill=scenario.backfill,
    )


def _with_tariff(scenario: Scenario, price: Prices) -> Scenario:
    """The scenario with the tariff that holds in every month, so that it can be read off."""
    if scenario.income is None and len(set(price.full)) == 1:
        return replace(scenario, tariff=price.full[0])
    return scenario


_CANDIDATES = 50_000
"""Numbers of new places that are paid for at a time; a city has fewer."""


def _affordable(plan: _Plan, scenario: Scenario, price: Prices, fitting: int) -> int:
    """The most new places, up to `fitting`, that budget and funds pay for the whole year."""
    if scenario.budget is None and all(fund.cap_idr is None for fund in scenario.funds):
        return fitting
    # From the top, for a country has millions of candidates: some at a time, in little memory.
    for end in range(fitting + 1, 0, -_CANDIDATES):
        candidates = np.arange(max(0, end - _CANDIDATES), end)
        payment = pay(plan.active(candidates), scenario.funds, price)
        # What is unpaid already without a new place is said in a note and paid by none of these.
        fits = payment.unfunded == 0
        if scenario.budget is not None:
            fits &= payment.cost <= scenario.budget
        found = np.flatnonzero(fits)
        if len(found):
            return int(candidates[found[-1]])
    return 0


def _months(
    plan: _Plan, funds: Sequence[Fund], person_months: np.ndarray, rupiah: np.ndarray
) -> tuple[MonthResult, ...]:
    names = [fund.id for fund in funds]
    if person_months[:, -1, 0].any():
        names.append(UNFUNDED)
    return tuple(
        MonthResult(
            month,
            int(person_months[m, :, 0].sum()),
            {name: int(rupiah[m, f, 0]) for f, name in enumerate(names)},
        )
        for m, month in enumerate(plan.months)
    )


def _notes(
    baseline: Baseline, scenario: Scenario, slots: int, cost_idr: int, unfunded: int
) -> tuple[str, ...]:
    notes = []
    if slots == 0:
        notes.append(
            t("Target {workers} orang tidak di atas {covered} yang sudah terlindungi; tidak ada "
              "tempat baru.", workers=formats.number(scenario.workers),
              covered=formats.number(baseline.covered))
        )  # fmt: skip
    unknown = [area for area in baseline.areas if area.eligible is None]
    if unknown and len(unknown) == len(baseline.areas):
        notes.append(
            t("Jumlah yang berhak tidak diketahui di wilayah mana pun, jadi tidak ada ruang; impor "
              "daftar RT.")
        )  # fmt: skip
    elif unknown:
        notes.append(
            t("Jumlah yang berhak tidak diketahui, jadi tidak ada ruang, di {areas}.",
              areas=named(unknown))
        )  # fmt: skip
    if baseline.unlocated:
        notes.append(
            t("{n} orang terlindungi tanpa lokasi ikut dihitung dan dibayar, tetapi di luar "
              "wilayah mana pun.", n=formats.number(baseline.unlocated))
        )  # fmt: skip
    if scenario.budget is not None and cost_idr > scenario.budget:
        notes.append(
            t("Anggaran {budget} tidak cukup untuk yang sudah terlindungi; kurang {gap}.",
              budget=formats.rupiah(scenario.budget),
              gap=formats.rupiah(cost_idr - scenario.budget))
        )  # fmt: skip
    if unfunded:
        notes.append(
            t("{n} orang-bulan belum ada dananya karena semua dana sudah mencapai pagu.",
              n=formats.number(unfunded))
        )  # fmt: skip
    return tuple(notes)
