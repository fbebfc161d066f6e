"""The model backwards: from money to people, and from people, coverage or a floor to money.

Every answer is a forward run of `simulate`, so the two can never disagree. `run` stands for it where
runs are remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.simulation import Baseline, Simulation, simulate

_SLACK = 1e-9

Run = Callable[[Baseline, Scenario], Simulation]


@dataclass(frozen=True)
class Goal:
    """The forward run that answers, and whether it reaches what was asked for.

    Where it does not, `run.binding` names the limit.
    """

    run: Simulation
    reached: bool

    @property
    def cost_idr(self) -> int:
        """The year's money of the run."""
        return self.run.cost_idr

    @property
    def people(self) -> int:
        """Covered people afterwards, city-wide."""
        return self.run.baseline.covered + self.run.placed


def full_years(budget_idr: int, tariff_idr: int, months: int = 12) -> int:
    """How many people a sum pays for so many months each, whole people."""
    return budget_idr // (tariff_idr * months)


def people_for_money(
    baseline: Baseline, scenario: Scenario, budget_idr: int, run: Run = simulate
) -> Goal:
    """As many people as the year's money pays under the scenario's limits and start.

    `reached` says whether all of the areas' room is filled: more money would then buy nothing.
    """
    room = sum(area.room for area in baseline.areas)
    found = run(baseline, replace(scenario, workers=baseline.covered + room, budget=budget_idr))
    return Goal(found, found.unplaced == 0)


def money_for_people(
    baseline: Baseline, scenario: Scenario, workers: int, run: Run = simulate
) -> Goal:
    """What so many workers cost in the scenario's year; its own budget is set aside."""
    found = run(baseline, replace(scenario, workers=workers, budget=None))
    return Goal(found, found.unplaced == 0)


def money_for_coverage(
    baseline: Baseline, scenario: Scenario, rate: float, run: Run = simulate
) -> Goal:
    """What it costs that the city's coverage is at least `rate` (0 to 1).

    Raises:
        Refusal: the number of eligible people is not known.
    """
    if not baseline.eligible:
        raise Refusal(
            t("Cakupan sasaran tidak dapat dihitung: jumlah yang berhak tidak diketahui; impor "
              "daftar RT.")
        )  # fmt: skip
    workers = ceil(_share(rate) * baseline.eligible - _SLACK)
    return money_for_people(baseline, scenario, max(workers, baseline.covered), run)


def money_for_floor(
    baseline: Baseline, scenario: Scenario, rate: float, run: Run = simulate
) -> Goal:
    """The least that it costs to lift every area to coverage `rate` (0 to 1), and nothing more.

    Locks and floors of the scenario stay, and are paid for too.
    """
    wishes = replace(scenario, floor_rate=_share(rate))
    needed = 0
    for area in baseline.areas:
        least = wishes.floors.get(area.code, 0)
        if area.eligible:
            least = max(least, ceil(rate * area.eligible - _SLACK) - area.covered)
        needed += wishes.locked.get(area.code, least)
    return money_for_people(baseline, wishes, baseline.covered + needed, run)


def _share(rate: float) -> float:
    if not 0 <= rate <= 1:
        raise Refusal(t("Cakupan sasaran harus dari 0% sampai 100%."))
    return rate
