"""A map on a slide as native shapes: one freeform for each area, so that a presenter recolours it.

Everything of a map is one group: river, areas in the order of codes, borders, names. The legend is
a group of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polylabel

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.slides import Box, clean, text_width
from jambi_dash.exports.views import MapView, state_word
from jambi_dash.palette import SURROUNDINGS, ClassInfo, Pattern, colours

_LOOK = SURROUNDINGS["light"]
_PATTERNS: dict[Pattern, str] = {"dots": "dotGrid", "hatch": "wdUpDiag", "cross": "openDmnd"}
_BORDER, _MARK_LINE, _OUTLINE = Pt(0.75), Pt(2.5), Pt(1.75)
_RIVER_LINE = Pt(3)
_COARSE = 3000
"""EMU; a bend smaller than a quarter of a point is not seen."""
_NAME_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0)
_LARGE_NAME_SIZES = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0)
_SMALLEST_LABELLED = 20.0
"""Points: an area narrower than this carries neither name nor value."""
_LINE = 1.18
_TAG_SIZE = 9.0
_SCALE_STEPS = (500, 1000, 2000, 5000, 10000)


def add_map(slide: Any, room: Box, view: MapView, shapes: Shapes, *, values: bool = True) -> None:
    """Draws the map of a view into `room`; `values` writes the figure under a name that fits."""
    frame = _Frame.fit(room, shapes.bounds)
    group = _Group(slide, t("Peta: {title}", title=view.title), f"{view.title}. {view.subtitle}")
    for water in shapes.water:
        moved = frame.moved(water.geometry)
        if moved.geom_type.endswith("Polygon"):
            group.freeform(
                moved, water.name, water.name, _solid(_LOOK.water), "<a:ln><a:noFill/></a:ln>"
            )
    inside = shapes.kind == "cartogram" and shapes.level == "kelurahan"
    names = view.named()
    labels: list[tuple[BaseGeometry, ClassInfo, str, str]] = []
    for area in shapes.areas:
        if area.code not in view.classes:
            continue
        info = view.scale[view.classes[area.code]]
        mark = view.marks.get(area.code, "")
        told = mark or state_word(view.states[area.code])
        moved = frame.moved(area.geometry)
        text = (
            _words_inside(names[area.code], mark if values else "", moved, info) if inside else ""
        )
        group.freeform(
            moved, f"{names[area.code]} {area.code}", f"{names[area.code]} ({area.code}): {told}",
            _fill(info), _line(info.mark or _LOOK.border, _MARK_LINE if info.mark else _BORDER),
            text,
        )  # fmt: skip
        if not inside and shapes.level != "rt":
            labels.append((moved, info, names[area.code], mark if values else ""))
    for outline in () if shapes.joined else shapes.outlines:
        group.freeform(
            frame.moved(outline.geometry), t("Batas {name}", name=outline.name), "",
            "<a:noFill/>",
            _line(_LOOK.outline, _BORDER if outline.level == "kelurahan" else _OUTLINE),
        )  # fmt: skip
    for moved, info, name, mark in labels:
        group.label(moved, info, name, mark)
    if shapes.level == "rt":
        # Names of kelurahan would lie on their RTs.
        group.tags(
            (frame.moved(outline.geometry), outline.name)
            for outline in shapes.outlines if outline.level == "kecamatan"
        )  # fmt: skip
    for water in shapes.water:
        if water.geometry.geom_type.endswith("LineString"):
            group.line(frame.moved(water.geometry), water.name, _line(_LOOK.water_ink, _RIVER_LINE))
        elif water.middle is not None:
            _river_name(group, frame, water.middle, water.name)
    if shapes.kind == "true":
        _scale_bar(group, frame, room)
    group.close()


def add_legend(slide: Any, room: Box, view: MapView, note: str = "", scale: float = 1.0) -> int:
    """The classes with their counts, as native shapes; returns the lower edge."""
    rows = [row for row in view.legend() if row[1] or len(view.legend()) < 10] or view.legend()
    group = _Group(slide, t("Legenda"), t("Legenda: {title}", title=view.legend_title))
    high = min(int(Inches(0.34) * scale), room.height // (len(rows) + 3))
    top = room.top
    group.text(Box(room.left, top, room.width * 2 // 3, high), view.legend_title, 14 * scale,
               _INK, bold=True)  # fmt: skip
    group.text(Box(room.left, top, room.width, high), view.unit, 12 * scale, _QUIET_INK, align="r")
    top += high + int(Inches(0.04))
    for info, count in rows:
        swatch = Box(room.left, top + high // 6, int(Inches(0.42) * scale), high * 2 // 3)
        line = _line(info.mark or colours.SWATCH_EDGE, _MARK_LINE if info.mark else Pt(0.5))
        group.rectangle(swatch, t("Kelas {label}", label=info.label), _fill(info), line)
        left = swatch.right + int(Inches(0.12))
        group.text(Box(left, top, room.right - left, high), info.label, 13 * scale, _INK)
        group.text(Box(left, top, room.right - left, high), formats.number(count), 13 * scale, _INK,
                   bold=True, align="r")  # fmt: skip
        top += high
    for line_of_note in filter(None, (view.legend_note, note)):
        group.text(Box(room.left, top + int(Inches(0.06)), room.width, high), line_of_note,
                   10.5 * scale, _QUIET_INK, wrap=True)  # fmt: skip
        top += high
    group.close()
    return top


_INK = '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
_QUIET_INK = (
    '<a:solidFill><a:schemeClr val="tx1"><a:lumMod val="65000"/><a:lumOff val="35000"/>'
    "</a:schemeClr></a:solidFill>"
)


@dataclass(frozen=True)
class _Frame:
    """From the plane (y up) to the slide (y down): x' = x·scale + dx, y' = dy − y·scale."""

    scale: float
    dx: float
    dy: float

    @classmethod
    def fit(cls, room: Box, bounds: tuple[float, float, float, float]) -> _Frame:
        """As large as fits into `room`, in its middle."""
        west, south, east, north = bounds
        scale = min(room.width / (east - west), room.height / (north - south))
        return cls(
            scale,
            room.left + (room.width - scale * (east - west)) / 2 - scale * west,
            room.top + (room.height - scale * (north - south)) / 2 + scale * north,
        )

    def moved(self, geometry: BaseGeometry) -> BaseGeometry:
        """The geometry in EMU, without bends that are not seen."""

        def move(xy: np.ndarray) -> np.ndarray:
            return np.column_stack(
                (xy[:, 0] * self.scale + self.dx, self.dy - xy[:, 1] * self.scale)
            )

        moved: BaseGeometry = shapely.transform(geometry, move)
        return (
            shapely.simplify(moved, _COARSE) if len(shapely.get_coordinates(moved)) > 12 else moved
        )


class _Group:
    """A group of shapes being written; ids go on from those of the slide."""

    def __init__(self, slide: Any, name: str, text: str) -> None:
        self._tree = slide.shapes._spTree
        self._id = max((int(found) for found in self._tree.xpath("//p:cNvPr/@id")), default=1) + 1
        self._head = f'id="{self._id}" name={_attribute(name)} descr={_attribute(text)}'
        self._parts: list[str] = []
        self._boxes: list[Box] = []

    def freeform(
        self, geometry: BaseGeometry, name: str, text: str, fill: str, line: str, words: str = ""
    ) -> None:
        """A polygon with its holes, or several polygons, as one shape."""
        rings = list(_rings(geometry))
        if not rings:
            return
        every = np.concatenate(rings)
        left, top = (int(v) for v in np.floor(every.min(axis=0)))
        right, bottom = (int(v) for v in np.ceil(every.max(axis=0)))
        room = Box(left, top, max(1, right - left), max(1, bottom - top))
        path = "".join(_path(ring, room) for ring in rings)
        self._shape(room, name, text, _geometry(room, path), fill, line, words)

    def line(self, geometry: BaseGeometry, name: str, line: str) -> None:
        """A line without a fill, as one shape."""
        for part in shapely.get_parts(geometry):
            points = np.asarray(part.coords)[:, :2]
            left, top = (int(v) for v in np.floor(points.min(axis=0)))
            right, bottom = (int(v) for v in np.ceil(points.max(axis=0)))
            room = Box(left, top, max(1, right - left), max(1, bottom - top))
            path = _path(points, room).removesuffix("<a:close/>")
            self._shape(room, name, name, _geometry(room, path, 'fill="none"'), "<a:noFill/>", line)

    def rectangle(self, room: Box, name: str, fill: str, line: str) -> None:
        """A rectangle."""
        self._shape(room, name, "", '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>', fill, line)

    def text(
        self, room: Box, words: str, points: float, ink: str, *, bold: bool = False,
        align: str = "l", wrap: bool = False, name: str = "",
    ) -> None:  # fmt: skip
        """A line of text in the middle of the height of `room`, called `name` or as it reads."""
        body = _body([(words, points, bold)], ink, align=align, wrap=wrap)
        self._shape(room, name or words, "", '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>',
                    "<a:noFill/>", "", body, is_text=True)  # fmt: skip

    def label(self, area: BaseGeometry, info: ClassInfo, name: str, mark: str) -> None:
        """Name and value where they fit wholly inside the area; else the value; else nothing."""
        largest = max(shapely.get_parts(area), key=lambda part: part.area)
        spot: Point = polylabel(largest, tolerance=Pt(2))
        for sizes, words in ((_LARGE_NAME_SIZES, name), (_NAME_SIZES, name), ((9.0, 8.0, 7.0), "")):
            for size in sizes:
                for lines in _ways(words, size, mark):
                    width = max(text_width(text, points, bold) for text, points, bold in lines)
                    height = sum(points * _LINE for _, points, _ in lines)
                    half = (Pt(width) / 2, Pt(height) / 2)
                    room = box(
                        spot.x - half[0], spot.y - half[1], spot.x + half[0], spot.y + half[1]
                    )
                    if lines and largest.contains(room):
                        body = _body(lines, _solid(info.ink), align="ctr")
                        place = Box(*(int(v) for v in (room.bounds[0], room.bounds[1],
                                                       2 * half[0], 2 * half[1])))  # fmt: skip
                        self._shape(place, t("Nama {name}", name=name), "",
                                    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>',
                                    "<a:noFill/>", "", body, is_text=True)  # fmt: skip
                        return

    def tags(self, named: Iterable[tuple[BaseGeometry, str]]) -> None:
        """A name on a plate in the middle of each, the larger first; none lies on another."""
        taken: list[BaseGeometry] = []
        high = Pt(_TAG_SIZE * _LINE)
        for area, name in sorted(named, key=lambda one: -one[0].area):
            largest = max(shapely.get_parts(area), key=lambda part: part.area)
            spot: Point = polylabel(largest, tolerance=Pt(2))
            width = Pt(text_width(name, _TAG_SIZE, bold=True) + 4)
            plate = box(
                spot.x - width / 2, spot.y - high / 2, spot.x + width / 2, spot.y + high / 2
            )
            west, _, east, _ = largest.bounds
            if width > 2 * (east - west) or any(plate.intersects(other) for other in taken):
                continue
            taken.append(plate)
            place = Box(int(plate.bounds[0]), int(plate.bounds[1]), int(width), int(high))
            self._shape(place, t("Nama {name}", name=name), "",
                        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>', _PLATE, "",
                        _body([(name, _TAG_SIZE, True)], _solid(_LOOK.ink), align="ctr"),
                        is_text=True)  # fmt: skip

    def _shape(
        self, room: Box, name: str, text: str, geometry: str, fill: str, line: str,
        words: str = "", *, is_text: bool = False,
    ) -> None:  # fmt: skip
        self._boxes.append(room)
        number = self._id + len(self._boxes)
        described = f" descr={_attribute(text)}" if text else ""
        kind = ' txBox="1"' if is_text else ""
        self._parts.append(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name={_attribute(name)}{described}/>'
            f"<p:cNvSpPr{kind}/><p:nvPr/></p:nvSpPr><p:spPr>{_xfrm(room)}{geometry}{fill}{line}"
            f"</p:spPr>{words or _NO_WORDS}</p:sp>"
        )

    def close(self) -> None:
        """Puts the group on the slide."""
        left, top = min(b.left for b in self._boxes), min(b.top for b in self._boxes)
        right, bottom = max(b.right for b in self._boxes), max(b.bottom for b in self._boxes)
        inner = (
            f'<a:off x="{left}" y="{top}"/><a:ext cx="{right - left}" cy="{bottom - top}"/>'
            f'<a:chOff x="{left}" y="{top}"/><a:chExt cx="{right - left}" cy="{bottom - top}"/>'
        )
        self._tree.append(
            parse_xml(
                f"<p:grpSp {nsdecls('p', 'a')}><p:nvGrpSpPr><p:cNvPr {self._head}/><p:cNvGrpSpPr/>"
                f"<p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm>{inner}</a:xfrm></p:grpSpPr>"
                f"{''.join(self._parts)}</p:grpSp>"
            )
        )


_PLATE = f'<a:solidFill><a:srgbClr val="{_LOOK.panel[1:]}"><a:alpha val="80000"/></a:srgbClr></a:solidFill>'
_NO_WORDS = "<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr/></a:p></p:txBody>"


def _rings(geometry: BaseGeometry) -> Iterator[np.ndarray]:
    for polygon in shapely.get_parts(geometry):
        if polygon.geom_type == "Polygon" and not polygon.is_empty:
            yield np.asarray(polygon.exterior.coords)[:-1, :2]
            for hole in polygon.interiors:
                yield np.asarray(hole.coords)[:-1, :2]


def _geometry(room: Box, path: str, more: str = "") -> str:
    return (
        '<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/>'
        f'<a:pathLst><a:path w="{room.width}" h="{room.height}" {more}>{path}</a:path></a:pathLst>'
        "</a:custGeom>"
    )


def _path(ring: np.ndarray, room: Box) -> str:
    xs = np.clip(np.rint(ring[:, 0] - room.left), 0, room.width).astype(np.int64)
    ys = np.clip(np.rint(ring[:, 1] - room.top), 0, room.height).astype(np.int64)
    points = [f'<a:pt x="{x}" y="{y}"/>' for x, y in zip(xs, ys, strict=True)]
    lines = "".join(f"<a:lnTo>{point}</a:lnTo>" for point in points[1:])
    return f"<a:moveTo>{points[0]}</a:moveTo>{lines}<a:close/>"


def _attribute(text: str) -> str:
    return quoteattr(clean(text))


def _xfrm(room: Box) -> str:
    return (
        f'<a:xfrm><a:off x="{room.left}" y="{room.top}"/>'
        f'<a:ext cx="{room.width}" cy="{room.height}"/></a:xfrm>'
    )


def _solid(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'


def _fill(info: ClassInfo) -> str:
    """The fill of a class: what is no number has a pattern as well, so that print tells it apart."""
    if info.pattern is None:
        return _solid(info.fill)
    # Names are written over dots, which LibreOffice draws as a grid.
    ink = colours.PALE_EDGE if info.pattern == "dots" else info.pattern_ink
    return (
        f'<a:pattFill prst="{_PATTERNS[info.pattern]}"><a:fgClr>'
        f'<a:srgbClr val="{ink[1:]}"/></a:fgClr><a:bgClr>'
        f'<a:srgbClr val="{info.fill[1:]}"/></a:bgClr></a:pattFill>'
    )


def _line(colour: str, width: int) -> str:
    return f'<a:ln w="{int(width)}">{_solid(colour)}<a:round/></a:ln>'


def _body(
    lines: Sequence[tuple[str, float, bool]], ink: str, *, align: str = "l", wrap: bool = False
) -> str:
    """Paragraphs (text, points, bold) of one ink, in the middle of the height."""
    runs = "".join(
        f'<a:p><a:pPr algn="{align}"/><a:r><a:rPr lang="id-ID" sz="{round(points * 100)}" '
        f'b="{int(bold)}">{ink}</a:rPr><a:t>{escape(clean(text))}</a:t></a:r></a:p>'
        for text, points, bold in lines
    )
    return (
        f'<p:txBody><a:bodyPr wrap="{"square" if wrap else "none"}" lIns="0" tIns="0" rIns="0" '
        f'bIns="0" anchor="{"t" if wrap else "ctr"}"><a:noAutofit/></a:bodyPr><a:lstStyle/>{runs}'
        "</p:txBody>"
    )


# --- names --------------------------------------------------------------------------------------


def _words_inside(name: str, mark: str, area: BaseGeometry, info: ClassInfo) -> str:
    """The text of a hexagon: its upright sides are half as high as it is, text stays between."""
    west, north, east, south = area.bounds
    width, height = (east - west) / Pt(1) * 0.94, (south - north) / Pt(1) * 0.66
    if width < _SMALLEST_LABELLED:
        return ""
    for size in _NAME_SIZES:
        for lines in _ways(name, size, mark):
            fits = all(text_width(text, points, bold) <= width for text, points, bold in lines)
            if fits and sum(points * _LINE for _, points, _ in lines) <= height:
                return _body(lines, _solid(info.ink), align="ctr")
    if mark and text_width(mark, 9, bold=True) <= width:
        return _body([(mark, 9, True)], _solid(info.ink), align="ctr")
    return ""


def _ways(name: str, size: float, mark: str) -> Iterator[list[tuple[str, float, bool]]]:
    """The name on one line, then on two; the value below it a little larger."""
    below = [(mark, size + 1.5, True)] if mark else []
    if not name:
        if below:
            yield [(mark, size, True)]
        return
    yield [(name, size, False), *below]
    words = name.split(" ")
    cuts = sorted(
        range(1, len(words)),
        key=lambda cut: abs(len(" ".join(words[:cut])) - len(" ".join(words[cut:]))),
    )
    for cut in cuts:
        yield [(" ".join(words[:cut]), size, False), (" ".join(words[cut:]), size, False), *below]


def _river_name(group: _Group, frame: _Frame, middle: BaseGeometry, name: str) -> None:
    """The river's name on the water, where it is level enough for a line of text."""
    moved = frame.moved(middle)
    spot = moved.interpolate(0.085, normalized=True)
    width = text_width(name, 10)
    group.text(
        Box(int(spot.x - Pt(width / 2)), int(spot.y - Pt(7)), int(Pt(width)), int(Pt(14))), name, 10,
        _solid(_LOOK.water_ink), align="ctr", name=t("Nama {name}", name=name),
    )  # fmt: skip


def _scale_bar(group: _Group, frame: _Frame, room: Box) -> None:
    """How long a kilometre is, and where north lies."""
    wanted = room.width / 6 / frame.scale
    metres = max((step for step in _SCALE_STEPS if step <= wanted), default=_SCALE_STEPS[0])
    length = floor(metres * frame.scale)
    left, top = room.left, room.bottom - int(Pt(6))
    group.rectangle(
        Box(left, top, length, int(Pt(2.5))), t("Skala"), _INK, "<a:ln><a:noFill/></a:ln>"
    )
    group.text(Box(left, top - int(Pt(15)), length, int(Pt(13))),
               t("{n} km", n=formats.number(metres / 1000, 0 if metres >= 1000 else 1)), 10,
               _QUIET_INK, align="ctr")  # fmt: skip
    group.text(Box(left + length + int(Pt(12)), top - int(Pt(12)), int(Pt(20)), int(Pt(16))),
               t("U ↑"), 11, _QUIET_INK)  # fmt: skip


def shape_names(view: MapView) -> Iterable[str]:
    """What the shapes of a view's areas are called on the slide."""
    return (f"{name} {code}" for code, name in view.named().items())
