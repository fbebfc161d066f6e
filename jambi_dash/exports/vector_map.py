"""A view's map as SVG inside a page: for the one-file HTML and for small previews.

Colours are class names (`c0`, `c1`, … in the order of the scale); who uses the drawing brings the
rules for them (`paint_rules`), so that light, dark and print need no second drawing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.views import MapView
from jambi_dash.palette import (
    SURROUNDINGS,
    ClassInfo,
    Theme,
    difference_scale,
    rate_scale,
    rt_stage_scale,
)

WIDTH = 1000.0
"""Units of a drawing; its height follows from the shapes."""
_MARGIN = 8.0
_TOLERANCE = 0.5
"""Units; half a pixel where the drawing is 1.000 pixels wide."""
_LETTER = 0.56
"""Mean width of a letter of a sans-serif face, in sizes of the letter."""
_BOLD = 0.68
"""The same of a bold figure."""
_LARGEST = 17.0
_LARGEST_MARK = 30.0
_OUTLINES_WHOLE = 400
"""Borders of a small picture are thinner where there are more kecamatan than this."""
_PREVIEW_TIMES = 2.6
"""A preview is so much smaller than a page: its patterns would not be seen."""
TINY = 9.0
"""Names smaller than this (units) are left out where nothing is known of the screen."""


@dataclass(frozen=True)
class Label:
    """A name inside an area: its middle, its lines, and the size at which they fit."""

    x: float
    y: float
    lines: tuple[str, ...]
    size: float


@dataclass(frozen=True)
class Drawing:
    """Shapes on a sheet of `WIDTH` × `height`, y downwards; paths are texts of SVG.

    `outlines` are (level, path), `water` (name, path, the line that carries the name).
    """

    height: float
    areas: Mapping[str, str]
    outlines: tuple[tuple[str, str], ...]
    water: tuple[tuple[str, str, str], ...]
    circles: Mapping[str, tuple[float, float, float]]

    @cached_property
    def view_box(self) -> str:
        """The attribute `viewBox`."""
        return f"0 0 {WIDTH:g} {self.height:g}"


def draw(shapes: Shapes, *, decimals: int = 1, named: bool = True) -> Drawing:
    """The shapes as paths, their coordinates with so many decimals; room for names if `named`."""
    west, south, east, north = shapes.bounds
    scale = (WIDTH - 2 * _MARGIN) / (east - west)

    def move(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [(xy[:, 0] - west) * scale + _MARGIN, (north - xy[:, 1]) * scale + _MARGIN]
        )

    def moved(found: Iterable[BaseGeometry]) -> np.ndarray:
        return np.asarray(shapely.transform(np.array(list(found), dtype=object), move))

    areas = moved(area.geometry for area in shapes.areas)
    outlines = moved(outline.geometry for outline in shapes.outlines)
    if shapes.kind == "true":
        if shapes.level != "rt":
            areas = shapely.coverage_simplify(areas, _TOLERANCE)
        outlines = shapely.simplify(outlines, _TOLERANCE / 2)
    circles = _circles(areas) if named else []
    return Drawing(
        height=round((north - south) * scale + 2 * _MARGIN, 1),
        areas={
            a.code: _path(shape, decimals) for a, shape in zip(shapes.areas, areas, strict=True)
        },
        outlines=tuple(
            (outline.level, _path(shape, decimals))
            for outline, shape in zip(shapes.outlines, outlines, strict=True)
        ),
        water=tuple(
            (water.name, _path(shape, decimals), _path(middle, decimals))
            for water, shape, middle in zip(
                shapes.water,
                moved(w.geometry for w in shapes.water),
                moved(w.middle or w.geometry for w in shapes.water),
                strict=True,
            )
        ),
        circles={a.code: c for a, c in zip(shapes.areas, circles, strict=named)},
    )


def _circles(areas: np.ndarray) -> list[tuple[float, float, float]]:
    """The largest circle inside each area: where its name has most room."""
    parts = [max(shapely.get_parts(shape), key=lambda part: part.area) for shape in areas]
    bounds = shapely.bounds(parts)
    size = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    circles = shapely.maximum_inscribed_circle(parts, tolerance=size / 100)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0))
    radii = shapely.length(circles)
    return [(float(x), float(y), float(r)) for (x, y), r in zip(centres, radii, strict=True)]


def _path(shape: BaseGeometry, decimals: int) -> str:
    parts = shapely.get_parts(shape)
    rings = shapely.get_rings(parts) if len(parts) and parts[0].geom_type == "Polygon" else parts
    return "".join(_ring(shapely.get_coordinates(ring), ring.geom_type, decimals) for ring in rings)


def _ring(points: np.ndarray, kind: str, decimals: int) -> str:
    closed = kind == "LinearRing"
    if decimals == 0:  # much quicker, and there may be thousands of areas
        whole = np.rint(points).astype(int).tolist()
        return (
            "M"
            + "L".join(f"{x} {y}" for x, y in whole[: -1 if closed else None])
            + ("Z" if closed else "")
        )
    steps = [
        f"{x:.{decimals}f} {y:.{decimals}f}".replace(".0 ", " ").removesuffix(".0")
        for x, y in points
    ]
    return "M" + "L".join(steps[:-1] if closed else steps) + ("Z" if closed else "")


def label(text: str, circle: tuple[float, float, float], mark: str = "") -> Label:
    """`text` in at most three lines, and `mark` below it, as large as the circle lets them be."""
    x, y, radius = circle
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for lines in _wraps(text):
        rows = (*lines, mark) if mark else lines
        half_width = max(len(row) for row in rows) * _LETTER / 2
        half_height = len(rows) * 1.12 / 2
        best = max(best, (radius * 0.96 / math.hypot(half_width, half_height * 0.92), rows))
    return Label(round(x, 1), round(y, 1), best[1], round(min(best[0], _LARGEST), 1))


def _wraps(text: str) -> Iterable[tuple[str, ...]]:
    words = text.split()
    yield (text,)
    for first in range(1, len(words)):
        yield (" ".join(words[:first]), " ".join(words[first:]))
        for second in range(first + 1, len(words)):
            yield (
                " ".join(words[:first]), " ".join(words[first:second]), " ".join(words[second:]),
            )  # fmt: skip


def mark_size(mark: str, circle: tuple[float, float, float]) -> float:
    """How large a figure alone may stand in an area; short ones as large as `45,5%`."""
    return round(min(circle[2] * 1.7 / (max(len(mark), 5) * _BOLD), _LARGEST_MARK), 1)


def _drawn_small(shapes: Shapes) -> Drawing:
    """The drawing of all previews of the same shapes, made once; it goes with them."""
    kept = vars(shapes)
    if "_drawn_small" not in kept:
        kept["_drawn_small"] = draw(shapes, decimals=0, named=False)
    drawing: Drawing = kept["_drawn_small"]
    return drawing


def preview_svg(view: MapView, shapes: Shapes, *, theme: Theme = "light") -> str:
    """The map alone and small, with its own colours; nothing in it can be pointed at."""
    drawing = _drawn_small(shapes)
    scale = scale_in(view.scale, theme)
    around = SURROUNDINGS[theme]
    by_class: dict[int, list[str]] = {}
    for code, place in view.classes.items():
        by_class.setdefault(place, []).append(drawing.areas.get(code, ""))
    # The patterns of a theme are the same in every scale: two previews on a page may share them.
    name = f"preview-{theme}"
    line = 0.5 if shapes.level == "rt" else 1.6
    # Of a country nothing but the borders of its kecamatan would be seen.
    thin = min(1.0, _OUTLINES_WHOLE / max(len(drawing.outlines), 1))
    parts = [f"<defs>{pattern_defs(scale, name, times=_PREVIEW_TIMES)}</defs>"]
    parts += [f'<path d="{path}" fill="{around.water}"/>' for _, path, _ in drawing.water]
    parts += [
        f'<path d="{"".join(paths)}" fill="{_fill(scale[place], name)}" '
        f'stroke="{around.border}" stroke-width="{line * thin:.3g}"/>'
        for place, paths in sorted(by_class.items())
    ]
    parts += [
        f'<path d="{path}" fill="none" stroke="{around.outline}" '
        f'stroke-width="{thin * (1 if level == "kelurahan" else 3):.3g}" stroke-linejoin="round"/>'
        for level, path in drawing.outlines
    ]
    return (
        f'<svg viewBox="{drawing.view_box}" role="img" '
        f'aria-label="{escape(view.title)}">{"".join(parts)}</svg>'
    )


def _fill(info: ClassInfo, prefix: str) -> str:
    return f"url(#{prefix}-{info.key})" if info.pattern else info.fill


_PATTERNS = {
    "dots": '<circle cx="4.5" cy="4.5" r="1.5" {fill}/>',
    "hatch": '<path d="M0 9L9 0" {stroke} stroke-width="1.6"/>',
    "cross": '<path d="M0 9L9 0M0 0L9 9" {stroke} stroke-width="1.3"/>',
}


def pattern_defs(
    scale: Sequence[ClassInfo], prefix: str, *, by_rule: bool = False, times: float = 1
) -> str:
    """The patterns of a scale as `PREFIX-KEY`, `times` as large as on a page.

    With `by_rule` their colours are left to rules: `PREFIXgN` for the ground of class N, `PREFIXiN`
    for what is filled on it, `PREFIXlN` for lines.
    """
    larger = f' patternTransform="scale({times:g})"' if times != 1 else ""
    found = []
    for place, info in enumerate(scale):
        if not info.pattern:
            continue
        if by_rule:
            ground = f'class="{prefix}g{place}"'
            ink = {"fill": f'class="{prefix}i{place}"', "stroke": f'class="{prefix}l{place}"'}
        else:
            ground = f'fill="{info.fill}"'
            ink = {"fill": f'fill="{info.pattern_ink}"', "stroke": f'stroke="{info.pattern_ink}"'}
        found.append(
            f'<pattern id="{prefix}-{info.key}" width="9" height="9" '
            f'patternUnits="userSpaceOnUse"{larger}><rect width="9" height="9" {ground}/>'
            f"{_PATTERNS[info.pattern].format(**ink)}</pattern>"
        )
    return "".join(found)


def scale_in(scale: Sequence[ClassInfo], theme: Theme) -> tuple[ClassInfo, ...]:
    """The same classes as they look in a theme; a scale that no theme knows stays as it is."""
    keys = [info.key for info in scale]
    known = (rate_scale(theme), difference_scale(theme), rt_stage_scale(theme))
    return next((found for found in known if [c.key for c in found] == keys), tuple(scale))
