"""A reader of public tables who wants to know what they hide: linear programming over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import highspy
import numpy as np

Interval = tuple[float, float]
Sum = tuple[str, Sequence[str]]
"""A number and the numbers that add up to it."""


class Attacker:
    """Knows sums and bounds, and finds the least and the most that a number can be.

    Sums of a tree leave whole numbers at the ends of every range, so that counts being whole tells
    nothing more.
    """

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.bounds: list[Interval] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def number(self, name: str) -> int:
        if name not in self.names:
            self.names[name] = len(self.names)
            self.bounds.append((0.0, np.inf))
        return self.names[name]

    def learn(self, name: str, low: float, high: float) -> None:
        """A number lies between two others; what was known of it stays known."""
        place = self.number(name)
        now = self.bounds[place]
        self.bounds[place] = max(now[0], low), min(now[1], high)

    def learn_sum(self, whole: str, parts: Iterable[str], *, plus: float = 0.0) -> None:
        """whole = the sum of the parts + `plus`."""
        row = {self.number(whole): -1.0}
        for part in parts:
            place = self.number(part)
            row[place] = row.get(place, 0.0) + 1.0
        self.rows.append((row, -plus, -plus))

    def learn_total(self, parts: Iterable[str], total: float) -> None:
        """The parts come to a known total."""
        row: dict[int, float] = {}
        for part in parts:
            place = self.number(part)
            row[place] = row.get(place, 0.0) + 1.0
        self.rows.append((row, total, total))

    def ranges(self, names: Iterable[str]) -> dict[str, Interval]:
        """Least and most of each number."""
        model = highspy.HighsLp()
        count = len(self.names)
        model.num_col_, model.num_row_ = count, len(self.rows)
        model.col_cost_ = np.zeros(count)
        model.col_lower_ = np.array([low for low, _ in self.bounds])
        model.col_upper_ = np.array([high for _, high in self.bounds])
        model.row_lower_ = np.array([low for _, low, _ in self.rows])
        model.row_upper_ = np.array([high for _, _, high in self.rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row) for row, _, _ in self.rows)])
        model.a_matrix_.index_ = np.array(
            [p for row, _, _ in self.rows for p in row], dtype=np.int32
        )
        model.a_matrix_.value_ = np.array([f for row, _, _ in self.rows for f in row.values()])
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("presolve", "off")
        solver.passModel(model)
        found = {}
        for name in names:
            place = self.names[name]
            ends = []
            for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
                solver.changeColCost(place, 1.0)
                solver.changeObjectiveSense(sense)
                solver.run()
                status = solver.getModelStatus()
                if status in (
                    highspy.HighsModelStatus.kUnbounded,
                    highspy.HighsModelStatus.kUnboundedOrInfeasible,
                ):
                    ends.append(np.inf)
                else:
                    assert status == highspy.HighsModelStatus.kOptimal, f"{name}: {status}"
                    ends.append(float(solver.getObjectiveValue()))
                solver.changeColCost(place, 0.0)
            found[name] = (round(ends[0], 6), round(ends[1], 6))
        return found


def read_tables(
    shown: Mapping[str, int | None],
    sums: Iterable[Sum],
    kinds: Mapping[str, Interval] | None = None,
) -> Attacker:
    """An attacker who has read all shown numbers, and who may know what kind each hidden one is."""
    attacker = Attacker()
    for name, value in shown.items():
        attacker.number(name)
        if value is not None:
            attacker.learn(name, value, value)
        elif kinds and name in kinds:
            attacker.learn(name, *kinds[name])
    for whole, parts in sums:
        attacker.learn_sum(whole, parts)
    return attacker
