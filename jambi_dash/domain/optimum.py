"""The rule `optimal`: an integer programme, solved by HiGHS.

Maximise Σ score_i · x_i with every floor, ceiling, lock and quota kept and exactly so many places.
Among allocations that are equally good, the one that favours smaller codes: a second programme
with the first one's best value held. Where occupations have quotas, further columns are the people
taken from the waiting list, by area and occupation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from jambi_dash.domain.expansion import Allocation, Area, Limits
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

if TYPE_CHECKING:
    import highspy

_TOLERANCE = 1e-6
_SECONDS = 10.0


@dataclass(frozen=True)
class LimitPrice:
    """What one place more of a limit would add to the score (one place less of a floor).

    `limit` is a name of contract section 6, `code` the area, kecamatan or occupation it belongs to
    (empty: the number of places). The unit is score points (0 to 1.000 for each place).
    """

    limit: str
    code: str
    gain: float


@dataclass(frozen=True)
class OptimumProof:
    """What the solver says: whether its answer is proven best, the value, and binding limits."""

    proven: bool
    value: int
    prices: tuple[LimitPrice, ...]

    def to_json(self) -> dict[str, Any]:
        """The proof as it stands in `simulate`."""
        return {
            "proven": self.proven,
            "value": self.value,
            "limits": [{"limit": p.limit, "code": p.code, "gain": p.gain} for p in self.prices],
        }


def optimum(
    areas: Sequence[Area], limits: Limits, places: int, given_scores: Sequence[int]
) -> Allocation:
    """The allocation with the highest Σ score · x; `places` is known to fit."""
    if not areas:
        return Allocation((), OptimumProof(True, 0, ()))
    weights = np.asarray(given_scores, dtype=float)
    _, proven, best = _solve(areas, limits, places, weights, integer=True)
    value = round(float(weights @ best))
    ranks = -np.arange(len(areas), dtype=float)
    _, proven_again, chosen = _solve(
        areas, limits, places, ranks, integer=True, held=(weights, value)
    )
    prices = _prices(areas, limits, places, weights)
    return Allocation(
        tuple(int(x) for x in chosen), OptimumProof(proven and proven_again, value, prices)
    )


def _solve(
    areas: Sequence[Area],
    limits: Limits,
    places: int,
    gains: np.ndarray,
    *,
    integer: bool,
    held: tuple[np.ndarray, int] | None = None,
) -> tuple[highspy.Highs, bool, np.ndarray]:
    import highspy

    count = len(areas)
    rows: list[tuple[float, float, np.ndarray, np.ndarray]] = [
        (places, places, np.arange(count), np.ones(count))
    ]
    for code, most in limits.quota.items():
        inside = np.array([i for i, a in enumerate(areas) if a.kecamatan_code == code])
        rows.append((-highspy.kHighsInf, most, inside, np.ones(len(inside))))
    from_list, occupation_rows = _from_list(limits)
    rows += [(-highspy.kHighsInf, most, cols, by) for most, cols, by in occupation_rows]
    if held is not None:
        rows.append((held[1], held[1], np.arange(count), held[0]))
    further = len(from_list)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count + further, len(rows)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.append(gains, np.zeros(further))
    model.col_lower_ = np.append(np.asarray(limits.lower, dtype=float), np.zeros(further))
    model.col_upper_ = np.append(np.asarray(limits.upper, dtype=float), from_list)
    model.row_lower_ = np.array([row[0] for row in rows], dtype=float)
    model.row_upper_ = np.array([row[1] for row in rows], dtype=float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in rows)])
    model.a_matrix_.index_ = np.concatenate([row[2] for row in rows])
    model.a_matrix_.value_ = np.concatenate([row[3] for row in rows])
    if integer:
        # Whole places leave a flow behind, so the people from the list are whole too.
        model.integrality_ = [highspy.HighsVarType.kInteger] * count + [
            highspy.HighsVarType.kContinuous
        ] * further
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    # One thread and one seed: the same question gets the same answer on every machine.
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.5)
    solver.setOptionValue("time_limit", _SECONDS)
    solver.passModel(model)
    solver.run()
    proven = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    found = np.rint(np.asarray(solver.getSolution().col_value, dtype=float)[:count])
    if len(found) != count or int(found.sum()) != places:
        raise Refusal(
            t("Aturan optimal tidak menemukan pembagian dalam {n} detik; pakai aturan lain atau "
              "kurangi batasnya.", n=int(_SECONDS))
        )  # fmt: skip
    return solver, proven, found


def _from_list(limits: Limits) -> tuple[np.ndarray, list[tuple[int, np.ndarray, np.ndarray]]]:
    """Columns of the people taken from the list (how many wait), and the rows that they bring.

    A row is its upper bound, its columns and their factors: first the quotas in their order, then
    for each area its places without those people, at most the people outside all quotas.
    """
    occupations = limits.occupations
    if occupations is None:
        return np.zeros(0), []
    count = len(limits.upper)
    cells = [
        (i, name, waits[name])
        for i, waits in enumerate(occupations.waiting)
        for name in occupations.quota
        if waits.get(name) and occupations.outside[i] < limits.upper[i]
    ]
    rows = []
    for name, most in occupations.quota.items():
        columns = [count + c for c, cell in enumerate(cells) if cell[1] == name]
        rows.append((most, np.array(columns, dtype=int), np.ones(len(columns))))
    for i, outside in enumerate(occupations.outside):
        if outside < limits.upper[i]:
            columns = [count + c for c, cell in enumerate(cells) if cell[0] == i]
            factors = np.append(1.0, -np.ones(len(columns)))
            rows.append((outside, np.array([i, *columns]), factors))
    return np.array([people for _, _, people in cells], dtype=float), rows


def _prices(
    areas: Sequence[Area], limits: Limits, places: int, weights: np.ndarray
) -> tuple[LimitPrice, ...]:
    """Prices of the linear relaxation, exact here: the limits are those of a flow."""
    solver, _, _ = _solve(areas, limits, places, weights, integer=False)
    solution = solver.getSolution()
    # Each look at such a column copies all of it.
    of_rows, of_columns = list(solution.row_dual), list(solution.col_dual)
    # Dual values of a maximisation: what one unit more of the limit adds.
    found = [LimitPrice("anggaran", "", round(float(of_rows[0]), 3))]
    occupations = () if limits.occupations is None else limits.occupations.quota
    for row, code in enumerate((*limits.quota, *occupations), start=1):
        found.append(LimitPrice("kuota", code, round(float(of_rows[row]), 3)))
    for i, area in enumerate(areas):
        price = float(of_columns[i])
        least, most = limits.lower[i], limits.upper[i]
        if price > _TOLERANCE and most < area.room and least < most:
            found.append(LimitPrice("batas_atas", area.code, round(price, 3)))
        elif price < -_TOLERANCE and 0 < least < most:
            found.append(LimitPrice("batas_bawah", area.code, round(-price, 3)))
    return tuple(price for price in found if price.gain > _TOLERANCE)
