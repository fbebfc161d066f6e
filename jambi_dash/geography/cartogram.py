"""The hexagon cartogram: one hexagon per kelurahan, all of one size, with the river drawn.

It needs no boundary and gives a small dense kelurahan the same room as a wide empty one. The
layout is data (`data/areas/cartogram.csv`): axial cells q, r on a lattice of pointed hexagons. A
row of empty cells (`data/areas/cartogram_river.csv`, from the west) is left to the river. A city
without these files is laid from the points of its kelurahan, in rows, without a river.

Coordinates are x to the east and y to the north, without a unit: the centres of hexagons that
touch are 1 apart. They are not positions on the earth.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from statistics import fmean

import shapely
from shapely.geometry import LineString, Point, Polygon

from jambi_dash.domain.areas import (
    CITY_DIGITS,
    KECAMATAN_DIGITS,
    SEVERAL,
    load_areas,
    load_city,
    load_neighbours,
)
from jambi_dash.settings import AREAS

Cell = tuple[int, int]
XY = tuple[float, float]
_Placed = tuple[str, float, float]
"""Code, x to the east, y to the north."""

STEPS: tuple[Cell, ...] = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
"""From a cell to the six around it, counter-clockwise from the east."""

RIVER_NAME = load_city().river
RIVER_WIDTH = 0.36
"""Leaves air on both banks: the straight part of the empty row is 0.58 wide."""

NORTH_BANK = load_city().across_river
"""Kecamatan across the river."""

_HALF, _SIXTH = 0.5, 1 / (2 * math.sqrt(3))
_CORNERS = ((0, 2), (-1, 1), (-1, -1), (0, -2), (1, -1), (1, 1))


def centre_of(cell: Cell) -> XY:
    """The centre of a cell."""
    q, r = cell
    return (2 * q + r) * _HALF, 3 * r * _SIXTH


def hexagon_of(cell: Cell) -> Polygon:
    """The hexagon of a cell; corners that hexagons share are equal to the last bit."""
    q, r = cell
    return Polygon([((2 * q + r + dx) * _HALF, (3 * r + dy) * _SIXTH) for dx, dy in _CORNERS])


def steps_between(a: Cell, b: Cell) -> int:
    """How many steps from cell to cell: 1 for two that share an edge."""
    dq, dr = b[0] - a[0], b[1] - a[1]
    return max(abs(dq), abs(dr), abs(dq + dr))


@dataclass(frozen=True)
class Faithfulness:
    """How many of the true neighbour `pairs` the layout keeps.

    `kept`: their hexagons share an edge. `across_river`: pairs on different banks, which cannot
    share an edge because the river lies between; `facing` of them have nothing but one cell of
    the river between them.
    """

    pairs: int
    kept: int
    across_river: int
    facing: int


@dataclass(frozen=True)
class Cartogram:
    """The layout and what is drawn from it; kelurahan and kecamatan are named by their codes."""

    cells: dict[str, Cell]
    river_cells: tuple[Cell, ...]

    @cached_property
    def hexagons(self) -> dict[str, Polygon]:
        """The hexagon of each kelurahan."""
        return {code: hexagon_of(cell) for code, cell in self.cells.items()}

    @cached_property
    def labels(self) -> dict[str, XY]:
        """Where the name of each kelurahan is centred."""
        return {code: centre_of(cell) for code, cell in self.cells.items()}

    @cached_property
    def kecamatan(self) -> dict[str, Polygon]:
        """The outline of each kecamatan: its hexagons as one piece."""
        members: dict[str, list[Polygon]] = {}
        for code, hexagon in self.hexagons.items():
            members.setdefault(code[:8], []).append(hexagon)
        return {code: shapely.union_all(members[code]) for code in sorted(members)}

    @cached_property
    def kecamatan_labels(self) -> dict[str, XY]:
        """Where the name of each kecamatan is centred: its middle, or else a point inside."""
        anchors = {}
        for code, outline in self.kecamatan.items():
            middle = outline.centroid
            point = middle if outline.contains(middle) else outline.representative_point()
            anchors[code] = (point.x, point.y)
        return anchors

    @cached_property
    def river(self) -> LineString:
        """The middle of the river, as it flows; smooth, and empty where there is none."""
        if not self.river_cells:
            return LineString()
        return LineString(_smooth([centre_of(cell) for cell in self.river_cells]))

    @cached_property
    def river_band(self) -> Polygon:
        """The river as an area, `RIVER_WIDTH` wide."""
        return self.river.buffer(RIVER_WIDTH / 2, cap_style="flat", join_style="round")

    @cached_property
    def river_label(self) -> XY:
        """Where the name of the river is centred; the river is level there."""
        middle: Point = self.river.interpolate(0.5, normalized=True)
        return middle.x, middle.y

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all that is drawn."""
        shapes = [*self.hexagons.values(), *([self.river_band] if self.river_cells else [])]
        west, south, east, north = shapely.total_bounds(shapes)
        return float(west), float(south), float(east), float(north)

    @cached_property
    def faithfulness(self) -> Faithfulness:
        """How many neighbours stay neighbours."""
        river = set(self.river_cells)
        pairs = load_neighbours()
        kept = across = facing = 0
        for a, b in pairs:
            cell_a, cell_b = self.cells[a], self.cells[b]
            kept += steps_between(cell_a, cell_b) == 1
            if (a[:8] in NORTH_BANK) != (b[:8] in NORTH_BANK):
                across += 1
                facing += bool(_around(cell_a) & _around(cell_b) & river)
        return Faithfulness(len(pairs), kept, across, facing)


def _around(cell: Cell) -> set[Cell]:
    return {(cell[0] + dq, cell[1] + dr) for dq, dr in STEPS}


def _smooth(points: list[XY], pieces: int = 10) -> list[XY]:
    """A quadratic B-spline: it starts and ends at the given ends and never overshoots."""
    middles = [((x0 + x1) / 2, (y0 + y1) / 2) for (x0, y0), (x1, y1) in pairwise(points)]
    line = [points[0], middles[0]]
    for (start, end), bend in zip(pairwise(middles), points[1:-1], strict=True):
        for i in range(1, pieces + 1):
            s = i / pieces
            a, b, c = (1 - s) ** 2, 2 * s * (1 - s), s**2
            line.append(
                (a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1])
            )
    return [*line, points[-1]]


def lay_cells(points: Sequence[tuple[str, float, float]]) -> dict[str, Cell]:
    """A cell for each area, by code: rows from the south, each from the west, by its points.

    Plain and without holes: neighbours are near, kecamatan need not be one piece. As wide as
    high on the screen; a hand-checked layout in `cartogram.csv` is better.

    Args:
        points: Code, x to the east, y to the north.
    """
    wide = _width(len(points))
    rows = math.ceil(len(points) / wide)
    from_south = sorted(points, key=lambda p: (p[2], p[1], p[0]))
    cells: dict[str, Cell] = {}
    for r in range(rows):
        # Rows that differ by one at most, so that the last is no stump.
        row = from_south[r * len(points) // rows : (r + 1) * len(points) // rows]
        for n, (code, _, _) in enumerate(sorted(row, key=lambda p: (p[1], p[0]))):
            cells[code] = (n - r // 2, r)
    return dict(sorted(cells.items()))


def lay_groups(points: Sequence[_Placed], *lengths: int) -> dict[str, Cell]:
    """As `lay_cells`, but areas whose codes begin alike are one piece: the cells of a city, say.

    Bands from the south, their groups from the west, each a run of cells that follow each other up
    and down.

    Args:
        points: Code, x to the east, y to the north.
        lengths: Characters that the codes of a group share; then those of groups within it.
    """
    groups = _grouped(points, lengths[0])
    wide, bands = _width(len(points)), max(1, round(math.sqrt(len(groups))))
    cells: dict[str, Cell] = {}
    south = done = 0
    for band in range(bands):
        inside: list[list[_Placed]] = []
        while groups and done * bands < (band + 1) * len(points):
            inside.append(groups.pop(0))
            done += len(inside[-1])
        together = [point for group in sorted(inside, key=_west) for point in group]
        high = max(1, round(len(together) / wide))
        steps = (divmod(n, high) for n in range(len(together)))
        run = [(column, south + (high - 1 - up if column % 2 else up)) for column, up in steps]
        cells |= _along(together, run, lengths)
        south += high
    return {code: (x - y // 2, y) for code, (x, y) in sorted(cells.items())}


def _along(points: list[_Placed], run: list[Cell], lengths: Sequence[int]) -> dict[str, Cell]:
    """Column and row of every area in a run of cells; of each group within it a part of the run."""
    if not lengths:
        from_south = sorted(points, key=lambda p: (p[2], p[1], p[0]))
        found: dict[str, Cell] = {}
        for _, cells in groupby(sorted(run, key=lambda cell: (cell[1], cell[0])), lambda c: c[1]):
            row = list(cells)
            here = sorted(from_south[len(found) :][: len(row)], key=lambda p: (p[1], p[0]))
            found |= {point[0]: cell for point, cell in zip(here, row, strict=True)}
        return found
    found, start = {}, 0
    for group in sorted(_grouped(points, lengths[0]), key=_west):
        found |= _along(group, run[start : start + len(group)], lengths[1:])
        start += len(group)
    return found


def _grouped(points: Sequence[_Placed], length: int) -> list[list[_Placed]]:
    """Areas whose codes begin alike, the southernmost groups first."""
    groups: dict[str, list[_Placed]] = {}
    for point in points:
        groups.setdefault(point[0][:length], []).append(point)
    return sorted(groups.values(), key=lambda g: (fmean(p[2] for p in g), *_west(g)))


def _west(group: list[_Placed]) -> tuple[float, str]:
    return fmean(point[1] for point in group), group[0][0]


def _width(count: int) -> int:
    """Cells in a row, for so many to be as wide as high on the screen."""
    return max(1, round(math.sqrt(count * math.sqrt(3) / 2)))


@lru_cache(maxsize=2)
def load_cartogram(folder: Path = AREAS) -> Cartogram:
    """Reads `cartogram.csv` and `cartogram_river.csv`, by code; without them lays the cells.

    Raises `ValueError` when the layout and the list of kelurahan differ: both ship with the
    product and change together.
    """
    if not (folder / "cartogram.csv").is_file():
        points = [(k.code, k.lon, k.lat) for k in load_areas().kelurahan]
        return Cartogram(
            lay_groups(points, CITY_DIGITS, KECAMATAN_DIGITS) if SEVERAL else lay_cells(points), ()
        )
    with (folder / "cartogram.csv").open(encoding="utf-8", newline="") as file:
        cells = {row["kode"]: (int(row["q"]), int(row["r"])) for row in csv.DictReader(file)}
    river: tuple[Cell, ...] = ()
    if (folder / "cartogram_river.csv").is_file():
        with (folder / "cartogram_river.csv").open(encoding="utf-8", newline="") as file:
            river = tuple((int(row["q"]), int(row["r"])) for row in csv.DictReader(file))
    if set(cells) != set(load_areas().by_code):
        raise ValueError("cartogram.csv and kelurahan.csv name different kelurahan")
    return Cartogram({code: cells[code] for code in sorted(cells)}, river)
