"""Which cells go along with those that must be hidden: the fewest, by integer programme (HiGHS).

The programme knows where cells lie and whether they may, must or cannot be hidden; it never sees a
count, so the choice among cells cannot tell one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

State = Literal[0, 1, 2]
"""Of a cell: stays shown (a zero), may be hidden, must be hidden."""
SHOWN: State = 0
FREE: State = 1
MUST: State = 2

_SECONDS = 2.0
_RANK = 1e-5


@dataclass(frozen=True)
class Tree:
    """The city's tables as numbered cells: kelurahan, then kecamatan, then people without location.

    `parent` is the place of the kecamatan of each kelurahan; the city's own sum is no cell.
    """

    parent: tuple[int, ...]
    kecamatan: int

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.parent) + self.kecamatan + 1

    @property
    def unlocated(self) -> int:
        """The cell of people without a location."""
        return self.size - 1

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The kelurahan of each kecamatan."""
        found: list[list[int]] = [[] for _ in range(self.kecamatan)]
        for cell, parent in enumerate(self.parent):
            found[parent].append(cell)
        return tuple(map(tuple, found))

    def upper(self, place: int) -> int:
        """The cell of a kecamatan."""
        return len(self.parent) + place

    @cached_property
    def city(self) -> tuple[int, ...]:
        """The cells that add up to the city's sum, which is shown."""
        return tuple(range(len(self.parent), self.size))

    @cached_property
    def sums(self) -> tuple[tuple[int, ...], ...]:
        """Cells bound by a sum: where all but one are known, so is that one."""
        inside = ((self.upper(p), *cells) for p, cells in enumerate(self.children))
        return (*inside, self.city)


@lru_cache(maxsize=4096)
def fewest_hidden(
    tree: Tree,
    states: tuple[State, ...],
    at_least: tuple[tuple[tuple[int, ...], int], ...] = (),
    liked: frozenset[int] = frozenset(),
) -> frozenset[int] | None:
    """The smallest set of hidden cells; among equally small ones liked cells, then smaller numbers.

    No sum has exactly one hidden cell, and of each group of `at_least` so many are hidden.
    `None`: there is no such set, or none was found in time.
    """
    # Imported here: only public answers need the solver.
    import highspy
    import numpy as np

    lower: list[float] = []
    columns: list[list[int]] = []
    factors: list[list[float]] = []
    for cells in tree.sums:
        open_cells = [c for c in cells if states[c] != SHOWN]
        for cell in open_cells:
            lower.append(0.0)
            columns.append(open_cells)
            factors.append([-1.0 if c == cell else 1.0 for c in open_cells])
    for group, least in at_least:
        cells_of_group = [c for c in group if states[c] != SHOWN]
        if len(cells_of_group) < least:
            return None
        lower.append(float(least))
        columns.append(cells_of_group)
        factors.append([1.0] * len(cells_of_group))
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = tree.size, len(lower)
    model.col_cost_ = np.array(
        [1.0 + (0.0 if c in liked else _RANK * (c + 1)) for c in range(tree.size)]
    )
    model.col_lower_ = np.array([float(state == MUST) for state in states])
    model.col_upper_ = np.array([float(state != SHOWN) for state in states])
    model.row_lower_ = np.array(lower)
    model.row_upper_ = np.full(len(lower), highspy.kHighsInf)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *map(len, columns)])
    model.a_matrix_.index_ = np.array([c for row in columns for c in row], dtype=np.int32)
    model.a_matrix_.value_ = np.array([f for row in factors for f in row])
    model.integrality_ = [highspy.HighsVarType.kInteger] * tree.size
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    # One thread and one seed: the same question gets the same answer on every machine.
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", _RANK / 10)
    solver.setOptionValue("time_limit", _SECONDS)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    chosen = np.asarray(solver.getSolution().col_value, dtype=float)
    return frozenset(np.flatnonzero(chosen > 0.5).tolist())
