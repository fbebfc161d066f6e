"""The city at a glance: the hexagon cartogram as a small SVG, in the colours of the large map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import CoverageRow
from jambi_dash.domain.language import t
from jambi_dash.geography.cartogram import RIVER_NAME, RIVER_WIDTH, load_cartogram
from jambi_dash.palette import (
    SURROUNDINGS,
    ClassInfo,
    classify_rates,
    rate_scale,
)

_UNIT = 24.0  # pixels between two centres
_MOST_NAMED = 1_000


def _both(light: str, dark: str) -> str:
    return light if light == dark else f"light-dark({light}, {dark})"


def _patterns(light: Sequence[ClassInfo], dark: Sequence[ClassInfo]) -> str:
    """Fills for what is not a number: they must not rest on colour alone."""
    drawings = {
        "dots": '<circle cx="3" cy="3" r="1.1" style="fill:{ink}"/>',
        "hatch": '<path d="M0 6L6 0" style="stroke:{ink};stroke-width:1.2"/>',
        "cross": '<path d="M0 6L6 0M0 0L6 6" style="stroke:{ink};stroke-width:1"/>',
    }
    parts = []
    for one, other in zip(light, dark, strict=True):
        if one.pattern:
            drawing = drawings[one.pattern].format(ink=_both(one.pattern_ink, other.pattern_ink))
            parts.append(
                f'<pattern id="sm-{one.key}" width="6" height="6" '
                'patternUnits="userSpaceOnUse"><rect width="6" height="6" '
                f'style="fill:{_both(one.fill, other.fill)}"/>{drawing}</pattern>'
            )
    return f"<defs>{''.join(parts)}</defs>"


def _paint(one: ClassInfo, other: ClassInfo) -> str:
    return f"url(#sm-{one.key})" if one.pattern else _both(one.fill, other.fill)


def cartogram_svg(rows: Sequence[CoverageRow]) -> str:
    """The 68 kelurahan coloured by rate, with kecamatan outlines and the Batang Hari.

    `rows` are those of a coverage table by kelurahan. Every hexagon carries its name and figures
    as a title.
    """
    layout = load_cartogram()
    west, south, east, north = layout.bounds
    light, dark = rate_scale("light"), rate_scale("dark")
    around, around_dark = SURROUNDINGS["light"], SURROUNDINGS["dark"]
    classes = dict(
        zip(
            (row.code for row in rows),
            classify_rates([row.rate for row in rows], [row.state for row in rows]),
            strict=True,
        )
    )

    def at(x: float, y: float) -> str:
        return f"{(x - west) * _UNIT:.1f},{(north - y) * _UNIT:.1f}"

    def path(shape: BaseGeometry) -> str:
        lines = [
            part.exterior if isinstance(part, Polygon) else part
            for part in getattr(shape, "geoms", [shape])  # a kecamatan need not be one piece
        ]
        return "Z".join("M" + "L".join(at(x, y) for x, y in line.coords) for line in lines)

    parts = [_patterns(light, dark)]
    if layout.river_cells:
        parts.append(
            f'<path d="{path(layout.river)}" style="fill:none;'
            f"stroke:{_both(around.water, around_dark.water)};"
            f'stroke-width:{RIVER_WIDTH * _UNIT:.1f}"><title>{RIVER_NAME}</title></path>'
        )
    panel = _both(around.panel, around_dark.panel)
    areas = load_areas()
    if len(rows) > _MOST_NAMED:
        # A province: nobody points at one of thousands, and all of them are sent every time.
        together: dict[int, list[str]] = {}
        for row in rows:
            x, y = layout.labels[row.code]
            dash = f"M{(x - west - 0.5) * _UNIT:.0f} {(north - y) * _UNIT:.0f}h{_UNIT:.0f}"
            together.setdefault(classes[row.code], []).append(dash)
        parts += [
            f'<path d="{"".join(dashes)}" style="fill:none;stroke-width:{0.87 * _UNIT:.0f};'
            f'stroke:{_paint(light[index], dark[index])}"/>'
            for index, dashes in sorted(together.items())
        ]
    for row in rows if len(rows) <= _MOST_NAMED else ():
        index = classes[row.code]
        parts.append(
            f'<path d="{path(layout.hexagons[row.code])}Z" '
            f'style="fill:{_paint(light[index], dark[index])};stroke:{panel};stroke-width:1">'
            f"<title>{escape(_title(row, areas.by_code[row.code].kecamatan_name))}</title></path>"
        )
    outline = _both(around.outline, around_dark.outline)
    parts += [
        f'<path d="{path(shape)}Z" style="fill:none;stroke:{outline};stroke-width:1.3;'
        'stroke-linejoin:round;pointer-events:none"/>'
        for shape in (layout.kecamatan.values() if len(rows) <= _MOST_NAMED else ())
    ]
    width, height = (east - west) * _UNIT, (north - south) * _UNIT
    return (
        f'<svg viewBox="-2 -2 {width + 4:.0f} {height + 4:.0f}" role="img" '
        f'aria-label="{escape(t("Cakupan tiap kelurahan pada peta skematik"))}">'
        + "".join(parts)
        + "</svg>"
    )


def _title(row: CoverageRow, kecamatan: str) -> str:
    name = f"{row.name} ({kecamatan})"
    if row.rate is None:
        return f"{name}: {rate_scale()[classify_rates([row.rate], [row.state])[0]].label}"
    return t("{name}: {rate}, {covered} dari {eligible}", name=name, rate=formats.percent(row.rate),
             covered=formats.number(row.covered), eligible=formats.number(row.eligible))  # fmt: skip


def swatch(light: ClassInfo, dark: ClassInfo) -> str:
    """The colour and pattern of a class as a little square that follows the theme."""
    marks = {
        "dots": "radial-gradient({ink} 20%, transparent 22%) 0 0/5px 5px, ",
        "hatch": "repeating-linear-gradient(135deg, {ink} 0 1px, transparent 1px 4px), ",
        "cross": "repeating-linear-gradient(135deg, {ink} 0 1px, transparent 1px 4px), "
        "repeating-linear-gradient(45deg, {ink} 0 1px, transparent 1px 4px), ",
    }
    ink = _both(light.pattern_ink, dark.pattern_ink)
    mark = marks[light.pattern].format(ink=ink) if light.pattern else ""
    return f'<span class="rk-chip" style="background:{mark}{_both(light.fill, dark.fill)}"></span>'


def legend_html(rows: Sequence[CoverageRow]) -> str:
    """The classes that occur, each with its colour and how many kelurahan it holds."""
    found = Counter(classify_rates([row.rate for row in rows], [row.state for row in rows]))
    light, dark = rate_scale("light"), rate_scale("dark")
    return "".join(
        f'<div class="rk-pair"><span>{swatch(light[index], dark[index])} '
        f"{escape(light[index].label)}</span><span>{formats.number(found[index])}</span></div>"
        for index in sorted(found)
    )
