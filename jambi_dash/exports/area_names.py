"""Where the names of areas fit: inside their own area, whole, in up to three lines, or not at all.

A name that fits nowhere is left to a number and a key. Sizes and places are in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from jambi_dash.exports.sheet import ASCENT, DESCENT, LINE, Box, Lettering

_GRID = 9
"""Places tried along the longer side of an area."""

_STEP = 0.94
"""From one size tried to the next smaller one."""


@dataclass(frozen=True)
class Block:
    """Lines of text centred on `x`, the first baseline at `top`; the last line is the mark."""

    lines: tuple[str, ...]
    marked: bool
    size: float
    x: float
    top: float
    boxes: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """The room of all lines."""
        west, south, east, north = zip(*self.boxes, strict=True)
        return min(west), min(south), max(east), max(north)


def splits(name: str, most: int = 3) -> list[tuple[str, ...]]:
    """The name in one, two, … lines: for each number of lines the split with the shortest lines.

    A soft hyphen is a place where a word may be broken, with a hyphen shown.
    """
    parts: list[tuple[str, bool]] = []  # a piece, and whether it ends inside a word
    for word in name.split():
        pieces = word.split("\u00ad")
        parts += [(piece, i < len(pieces) - 1) for i, piece in enumerate(pieces)]
    found = []
    for count in range(1, min(most, len(parts)) + 1):
        best: tuple[str, ...] | None = None
        for cuts in combinations(range(1, len(parts)), count - 1):
            edges = [0, *cuts, len(parts)]
            lines = tuple(_joined(parts[i:j]) for i, j in pairwise(edges))
            if best is None or max(map(len, lines)) < max(map(len, best)):
                best = lines
        assert best is not None
        found.append(best)
    return found


def _joined(parts: Sequence[tuple[str, bool]]) -> str:
    words = ""
    for place, (piece, inside) in enumerate(parts):
        last = place == len(parts) - 1
        words += piece + ("-" if inside and last else "" if inside or last else " ")
    return words


def places_in(area: BaseGeometry) -> np.ndarray:
    """Points of the largest part of an area, the one with most room around it first."""
    part = max(shapely.get_parts(area), key=lambda p: p.area)
    west, south, east, north = part.bounds
    size = max(east - west, north - south)
    circle = shapely.maximum_inscribed_circle(part, tolerance=max(size / 60, 1e-6))
    middle = shapely.get_coordinates(shapely.get_point(circle, 0))[0]
    step = size / _GRID
    xs = np.arange(west + step / 2, east, step)
    ys = np.arange(south + step / 2, north, step)
    grid = np.array(np.meshgrid(xs, ys)).reshape(2, -1).T
    grid = grid[shapely.contains_xy(part, grid[:, 0], grid[:, 1])]
    order = np.argsort(((grid - middle) ** 2).sum(axis=1), kind="stable")
    return np.vstack([middle, grid[order]])


def fit(
    area: BaseGeometry, name: str, mark: str, letters: Lettering, *, largest: float, least: float,
    air: float = 1.0, places: np.ndarray | None = None,
) -> Block | None:  # fmt: skip
    """The name, its mark below it, as large as they fit into the area; `None`: they do not.

    Args:
        area: The area on the page.
        name: Its name; soft hyphens say where a long word may be broken.
        mark: A number below the name, bold; may be empty.
        letters: The font.
        largest: The size that is tried first.
        least: The smallest that can be read.
        air: Room between text and border.
        places: Where the middle of the text may be, best first; default `places_in(area)`.
    """
    inner = area.buffer(-air, join_style="mitre", mitre_limit=2)
    if inner.is_empty:
        return None
    shapely.prepare(inner)
    places = places_in(area) if places is None else places
    west, south, east, north = inner.bounds
    options = splits(name)
    size = largest
    while size >= least - 1e-9:
        for lines in options:
            rows = [(words, False) for words in lines] + ([(mark, True)] if mark else [])
            widths = np.array([letters.width(w, size, bold) for w, bold in rows])
            height = ((len(rows) - 1) * LINE + ASCENT + DESCENT) * size
            if widths.max() > east - west or height > north - south:
                continue
            block = _first_inside(inner, places, rows, widths, height, size)
            if block is not None:
                return block
        size *= _STEP
    return None


def _first_inside(
    inner: BaseGeometry, places: np.ndarray, rows: list[tuple[str, bool]], widths: np.ndarray,
    height: float, size: float,
) -> Block | None:  # fmt: skip
    """The block at the first place where each of its lines lies inside."""
    first = places[:, 1] + height / 2 - ASCENT * size
    base = first[:, None] - np.arange(len(rows))[None] * LINE * size
    west = places[:, :1] - widths[None] / 2
    east = places[:, :1] + widths[None] / 2
    boxes = shapely.box(west, base - DESCENT * size, east, base + ASCENT * size)
    good = np.flatnonzero(shapely.contains(inner, boxes).all(axis=1))
    if not len(good):
        return None
    i = int(good[0])
    rooms = tuple(
        (float(w), float(b) - DESCENT * size, float(e), float(b) + ASCENT * size)
        for w, b, e in zip(west[i], base[i], east[i], strict=True)
    )
    return Block(
        lines=tuple(words for words, _ in rows),
        marked=rows[-1][1],
        size=size,
        x=float(places[i, 0]),
        top=float(base[i, 0]),
        boxes=rooms,
    )
