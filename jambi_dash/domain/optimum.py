"""The rule `optimal`: an integer programme, solved by HiGHS.

Maximise Σ score_i · x_i with every floor, ceiling, lock and quota kept and exactly so many places.
Among allocations that are equally good, the one that favours smaller codes: a second programme
with the first one's best value held.
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

    `limit` is a name of contract section 6, `code` the area or kecamatan it belongs to (empty:
    the number of places). The unit is score points (0 to 1.000 for each place).
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
    if held is not None:
        rows.append((held[1], held[1], np.arange(count), held[0]))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(rows)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = gains
    model.col_lower_ = np.asarray(limits.lower, dtype=float)
    model.col_upper_ = np.asarray(limits.upper, dtype=float)
    model.row_lower_ = np.array([row[0] for row in rows], dtype=float)
    model.row_upper_ = np.array([row[1] for row in rows], dtype=float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in rows)])
    model.a_matrix_.index_ = np.concatenate([row[2] for row in rows])
    model.a_matrix_.value_ = np.concatenate([row[3] for row in rows])
    if integer:
        model.integrality_ = [highspy.HighsVarType.kInteger] * count
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
    found = np.rint(np.asarray(solver.getSolution().col_value, dtype=float))
    if len(found) != count or int(found.sum()) != places:
        raise Refusal(
            t("Aturan optimal tidak menemukan pembagian dalam {n} detik; pakai aturan lain atau "
              "kurangi batasnya.", n=int(_SECONDS))
        )  # fmt: skip
    return solver, proven, found


def _prices(
    areas: Sequence[Area], limits: Limits, places: int, weights: np.ndarray
) -> tuple[LimitPrice, ...]:
    """Prices of the linear relaxation, exact here: areas inside kecamatan inside the city."""
    solver, _, _ = _solve(areas, limits, places, weights, integer=False)
    solution = solver.getSolution()
    # Dual values of a maximisation: what one unit more of the limit adds.
    found = [LimitPrice("anggaran", "", round(float(solution.row_dual[0]), 3))]
    for row, code in enumerate(limits.quota, start=1):
        found.append(LimitPrice("kuota", code, round(float(solution.row_dual[row]), 3)))
    for i, area in enumerate(areas):
        price = float(solution.col_dual[i])
        least, most = limits.lower[i], limits.upper[i]
        if price > _TOLERANCE and most < area.room and least < most:
            found.append(LimitPrice("batas_atas", area.code, round(price, 3)))
        elif price < -_TOLERANCE and 0 < least < most:
            found.append(LimitPrice("batas_bawah", area.code, round(-price, 3)))
    return tuple(price for price in found if price.gain > _TOLERANCE)
