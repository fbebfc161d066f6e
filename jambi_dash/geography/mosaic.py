"""The RT mosaic: an area cut into exactly as many equal cells as it has RTs.

RTs have no public boundary, so their place inside a kelurahan is schematic. The area is cut into
rows from north to south and every row into cells from west to east; cells come out nearly square,
because a row is about as high as its cells are wide. RTs fill them in the order of their numbers,
as one reads a page. RTs whose position is known go to the cells that are nearest to them, all
together (least sum of squared distances); the others fill what is left, in order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

_FLAT = 1e-9
"""Edges flatter than this share of the height do not change the width that is measured."""


@dataclass(frozen=True)
class RtPlace:
    """An RT, `022`, and, where known, its position in the coordinates of the area."""

    rt: str
    x: float | None = None
    y: float | None = None


def mosaic(
    area: Polygon | MultiPolygon, rts: Sequence[RtPlace]
) -> dict[str, Polygon | MultiPolygon]:
    """One cell per RT, keyed and sorted by RT number.

    The cells have equal areas, do not overlap and together are the area. The answer depends on
    the area and the set of RTs only, not on their order. In a concave area a cell may have
    several parts. Raises `ValueError` for an RT given twice or an area without surface.
    """
    if not rts:
        return {}
    ordered = sorted(rts, key=lambda place: place.rt)
    names = [place.rt for place in ordered]
    if len(set(names)) < len(names):
        raise ValueError("an RT is given twice")
    cells = equal_cells(area, len(names))
    known = [
        (i, place.x, place.y)
        for i, place in enumerate(ordered)
        if place.x is not None and place.y is not None
    ]
    cell_of: dict[int, int] = {}
    if known:
        centres = shapely.get_coordinates(shapely.centroid(np.array(cells, dtype=object)))
        points = np.array([(x, y) for _, x, y in known], dtype=float)
        # Squared distances in units of the area, so that degrees and metres behave alike.
        apart = ((points[:, None] - centres[None]) ** 2).sum(axis=2) / area.area
        cell_of = dict(zip((i for i, _, _ in known), assign(apart), strict=True))
    taken = set(cell_of.values())
    free = iter([c for c in range(len(cells)) if c not in taken])
    return {name: cells[cell_of[i] if i in cell_of else next(free)] for i, name in enumerate(names)}


def equal_cells(area: Polygon | MultiPolygon, n: int) -> list[Polygon | MultiPolygon]:
    """`area` in `n` cells of equal area, from north-west to south-east, row by row."""
    if area.area <= 0:
        raise ValueError("the area has no surface")
    west, south, east, north = area.bounds
    counts, row_cuts = _rows(area, n)
    cells: list[Polygon | MultiPolygon] = []
    tops = [north, *row_cuts]
    bottoms = [*row_cuts, south]
    bands = shapely.intersection(area, shapely.box(west, np.array(bottoms), east, np.array(tops)))
    for band, count in zip(bands, counts, strict=True):
        band = _surface(band)
        if count == 1:
            cells.append(band)
            continue
        left, bottom, right, top = band.bounds
        cuts = Sweep.along_x(band).cuts(np.arange(1, count) / count)
        sides = np.concatenate([[left], cuts, [right]])
        pieces = shapely.intersection(band, shapely.box(sides[:-1], bottom, sides[1:], top))
        cells.extend(_surface(piece) for piece in pieces)
    return cells


def _rows(area: Polygon | MultiPolygon, n: int) -> tuple[list[int], list[float]]:
    """Cells per row from the north, and the heights at which rows meet.

    Tries several numbers of rows and keeps the one whose cells, taken as rectangles as wide as
    their row allows, have short outlines, above all the longest of them.
    """
    _, south, _, north = area.bounds
    cell = area.area / n
    ideal = (north - south) / math.sqrt(cell)
    sweep = Sweep.along_y(area)
    best: tuple[float, list[int], list[float]] | None = None
    for rows in sorted({min(n, max(1, math.floor(ideal) + d)) for d in (-1, 0, 1, 2)}):
        levels = north - (north - south) * np.arange(1, rows) / rows
        shares = np.diff(np.concatenate([[0.0], 1 - sweep.share_below(levels), [1.0]]))
        counts = _whole(shares, n)
        cuts = sweep.cuts(1 - np.cumsum(counts)[:-1] / n)
        edges = np.concatenate([[north], cuts, [south]])
        widths = sweep.widths(edges)
        # The wider side of a row, not its middle: so that a tip does not pass for a rectangle.
        heights = -np.diff(edges)
        widest = np.maximum(np.maximum(widths[:-1], widths[1:]) / counts, cell / heights)
        # The fourth power: one sliver weighs more than many cells a little out of square.
        outline = float((counts * (heights + widest) ** 4).sum())
        if best is None or outline < best[0] - 1e-12:
            best = (outline, counts.tolist(), cuts.tolist())
    assert best is not None
    return best[1], best[2]


def _whole(shares: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """`n` shared out in whole numbers, largest remainder first; zeros are dropped."""
    exact = shares / shares.sum() * n
    counts = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: n - counts.sum()]] += 1
    return np.extract(counts > 0, counts)


def _surface(shape: shapely.Geometry) -> Polygon | MultiPolygon:
    """The polygons of a cut, without the points and lines where it only touches."""
    if isinstance(shape, Polygon | MultiPolygon):
        return shape
    parts = [p for p in shapely.get_parts(shape) if isinstance(p, Polygon | MultiPolygon)]
    return shapely.union_all(parts)


@dataclass(frozen=True)
class Sweep:
    """How much of a shape lies below a line that moves across it, exactly.

    Between two levels `at[i]`, `at[i+1]` the width is `slope[i] * (level - at[i]) + width[i]`,
    and `below[i]` is the area below `at[i]`.
    """

    at: NDArray[np.float64]
    width: NDArray[np.float64]
    slope: NDArray[np.float64]
    below: NDArray[np.float64]

    @classmethod
    def along_y(cls, shape: Polygon | MultiPolygon) -> Sweep:
        """The line is level and rises."""
        return cls._of(shape, 1)

    @classmethod
    def along_x(cls, shape: Polygon | MultiPolygon) -> Sweep:
        """The line is upright and moves east."""
        return cls._of(shape, 0)

    @classmethod
    def _of(cls, shape: Polygon | MultiPolygon, axis: int) -> Sweep:
        starts, ends = _edges(shape)
        low, high = starts[:, axis], ends[:, axis]
        across = starts[:, 1 - axis], ends[:, 1 - axis]
        base, reach = low.min(), np.ptp(low)
        steep = np.abs(high - low) > _FLAT * reach
        low, high = low[steep] - base, high[steep] - base
        first, last = across[0][steep], across[1][steep]
        first, last = first - first.mean(), last - first.mean()
        # Outer rings run counter-clockwise: an edge that rises bounds the shape on its right.
        sign = np.where(high > low, 1.0, -1.0) * (1.0 if axis == 1 else -1.0)
        slope = sign * (last - first) / (high - low)
        level_from, level_to = np.minimum(low, high), np.maximum(low, high)
        at = np.unique(np.concatenate([low, high]))
        middle = (at[:-1] + at[1:]) / 2
        constant = sign * first - slope * low
        gains = np.zeros((2, len(at)))
        enter, leave = np.searchsorted(at, level_from), np.searchsorted(at, level_to)
        for row, values in enumerate((slope, constant)):
            np.add.at(gains[row], enter, values)
            np.add.at(gains[row], leave, -values)
        slopes, constants = np.cumsum(gains, axis=1)[:, :-1]
        step = np.diff(at)
        area = np.maximum(slopes * middle + constants, 0) * step
        width = np.maximum(slopes * at[:-1] + constants, 0)
        below = np.concatenate([[0.0], np.cumsum(area)])
        return cls(at + base, width, slopes, below)

    def share_below(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share of the area below each level."""
        i = np.clip(np.searchsorted(self.at, levels, side="right") - 1, 0, len(self.width) - 1)
        rise = np.clip(levels - self.at[i], 0, None)
        area = self.below[i] + self.width[i] * rise + self.slope[i] * rise**2 / 2
        share: NDArray[np.float64] = np.clip(area / self.below[-1], 0, 1)
        return share

    def widths(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """How wide the shape is at each level."""
        i = np.clip(np.searchsorted(self.at, levels, side="right") - 1, 0, len(self.width) - 1)
        width: NDArray[np.float64] = self.width[i] + self.slope[i] * (levels - self.at[i])
        return width

    def cuts(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """The levels below which these shares of the area lie."""
        wanted = np.asarray(shares) * self.below[-1]
        i = np.clip(np.searchsorted(self.below, wanted, side="right") - 1, 0, len(self.width) - 1)
        rest = np.clip(wanted - self.below[i], 0, None)
        root = np.sqrt(np.maximum(self.width[i] ** 2 + 2 * self.slope[i] * rest, 0))
        rise = np.divide(2 * rest, self.width[i] + root, out=np.zeros_like(rest), where=rest > 0)
        levels: NDArray[np.float64] = np.clip(self.at[i] + rise, self.at[i], self.at[i + 1])
        return levels


def _edges(shape: Polygon | MultiPolygon) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Start and end of every edge; outer rings counter-clockwise, holes clockwise."""
    upright = shapely.orient_polygons(shape)
    rings = shapely.get_rings(shapely.get_parts(upright))
    lines = [shapely.get_coordinates(ring) for ring in rings]
    return np.concatenate([c[:-1] for c in lines]), np.concatenate([c[1:] for c in lines])


def assign(cost: NDArray[np.float64]) -> list[int]:
    """A different column for each row so that the sum of `cost` is least (Hungarian method).

    `cost` has at least as many columns as rows; ties go to the first column, so that the same
    costs give the same answer.
    """
    rows, columns = cost.shape
    if rows > columns:
        raise ValueError("more rows than columns")
    row_price = np.zeros(rows + 1)
    price = np.zeros(columns + 1)
    # Column 0 and row 0 stand for "not yet": a chain of exchanges starts and ends there.
    owner = np.zeros(columns + 1, dtype=np.int64)
    for row in range(1, rows + 1):
        owner[0] = row
        column = 0
        slack = np.full(columns + 1, np.inf)
        back = np.zeros(columns + 1, dtype=np.int64)
        done = np.zeros(columns + 1, dtype=bool)
        while owner[column]:
            done[column] = True
            here = owner[column]
            reduced = cost[here - 1] - row_price[here] - price[1:]
            better = ~done[1:] & (reduced < slack[1:])
            slack[1:][better] = reduced[better]
            back[1:][better] = column
            nearest = int(np.argmin(np.where(done, np.inf, slack)[1:])) + 1
            step = slack[nearest]
            row_price[owner[done]] += step
            price[done] -= step
            slack[~done] -= step
            column = nearest
        while column:
            owner[column] = owner[back[column]]
            column = int(back[column])
    answer = [0] * rows
    for column in range(1, columns + 1):
        if owner[column]:
            answer[owner[column] - 1] = column - 1
    return answer
