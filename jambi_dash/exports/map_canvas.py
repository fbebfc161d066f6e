"""The areas of a view inside a frame of a page, and the texts on them.

Every text that is written is noted on the sheet, and none is written where it would touch another:
names stand inside their own area or not at all, numbers and names of kecamatan look for free room.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from jambi_dash.domain.areas import load_areas
from jambi_dash.exports.area_names import Block, fit, places_in
from jambi_dash.exports.page_parts import LOOK, KeyEntry
from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.sheet import LINE, Box, Sheet, overlap, text_box
from jambi_dash.palette import ClassInfo, colours

NAME_SIZES = {
    "city": (12.5, 5.8),
    "kecamatan": (12.5, 5.8),
    "kelurahan": (8.6, 5.8),
    "rt": (7.6, 5.8),
}
"""Largest and smallest letters of names on a slide, in points, by level."""

_KECAMATAN_SIZE = 6.6
_RIVER_LINE = 3.4
_UNKNOWN = ClassInfo("unknown", "", colours.FAINT, LOOK.ink)


@dataclass(frozen=True)
class Colouring:
    """How areas are painted: their class by code, and what is written below a name."""

    scale: tuple[ClassInfo, ...]
    classes: Mapping[str, int]
    marks: Mapping[str, str]

    def info(self, code: str) -> ClassInfo:
        """The class of an area; one that the view does not know is pale."""
        place = self.classes.get(code)
        return _UNKNOWN if place is None else self.scale[place]


@dataclass(frozen=True)
class Projection:
    """From the plane of the shapes to points on the page."""

    scale: float
    east: float
    north: float

    def moved(self, shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
        """Shapes on the page."""
        array = np.array(list(shapes), dtype=object)
        shift = np.array([self.east, self.north])
        return list(shapely.transform(array, lambda xy: xy * self.scale + shift))


def projection_into(bounds: Box, box: Box) -> Projection:
    """As large as it goes, in the middle of the box."""
    west, south, east, north = bounds
    scale = min((box[2] - box[0]) / (east - west), (box[3] - box[1]) / (north - south))
    return Projection(
        scale,
        (box[0] + box[2]) / 2 - scale * (west + east) / 2,
        (box[1] + box[3]) / 2 - scale * (south + north) / 2,
    )


@dataclass
class Canvas:
    """A map inside a box of the page.

    Attributes:
        sheet: The page.
        shapes: What is drawn.
        colouring: How.
        box: The room on the page.
        window: The part of the plane that is shown; `None`: all of it.
    """

    sheet: Sheet
    shapes: Shapes
    colouring: Colouring
    box: Box
    window: Box | None = None

    def __post_init__(self) -> None:
        """Moves every shape to its place on the page."""
        self.projection = projection_into(self.window or self.shapes.bounds, self.box)
        self.areas = self._moved({a.code: a.geometry for a in self.shapes.areas})
        self.scale = self.sheet.page.scale
        # Lines drawn over the areas, which break off where a name stands.
        self.lines: list[Box] = []

    def _moved(self, shapes: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
        if self.window is not None:
            pane = shapely.box(*self.window)
            cut = {code: shape & pane for code, shape in shapes.items() if shape.intersects(pane)}
            shapes = {code: shape for code, shape in cut.items() if shape.area > 0}
        return dict(zip(shapes, self.projection.moved(shapes.values()), strict=True))

    @cached_property
    def kelurahan(self) -> dict[str, BaseGeometry]:
        """All kelurahan on the page, whatever the level."""
        if self.shapes.level == "kelurahan":
            return self.areas
        return self._moved(self.shapes.kelurahan)

    @cached_property
    def kecamatan(self) -> dict[str, BaseGeometry]:
        """All kecamatan on the page; of a map of cities these."""
        if self.shapes.joined:
            return self.areas
        return self._moved(
            {o.code: o.geometry for o in self.shapes.outlines if o.level == "kecamatan"}
        )

    @property
    def named(self) -> dict[str, BaseGeometry]:
        """The areas that have a name on the map: kelurahan at RT level, else those of the level."""
        return self.kelurahan if self.shapes.level == "rt" else self.areas

    @property
    def plane_shapes(self) -> dict[str, BaseGeometry]:
        """The same areas where the shapes have them, not on the page."""
        if self.shapes.level == "rt":
            return self.shapes.kelurahan
        return {area.code: area.geometry for area in self.shapes.areas}

    def name_of(self, code: str) -> str:
        """The name, with a soft hyphen where it may be broken."""
        if self.shapes.level == "rt":
            return load_areas().name_of(code)
        area = self.shapes.by_code[code]
        return area.label or area.name

    def mark_of(self, code: str) -> str:
        """What stands below the name."""
        return self.colouring.marks.get(code, "")

    # --- what is painted ------------------------------------------------------------------------

    def draw(self) -> None:
        """Water, areas, borders."""
        self._draw_banks()
        self._draw_areas()
        inner = [o for o in self.shapes.outlines if o.level == "kelurahan"]
        if inner:
            self.sheet.outlines(self.kelurahan.values(), color=LOOK.outline, width=0.45, z=2.0)
        width = 0.8 if self.shapes.joined else 1.25
        self.sheet.outlines(self.kecamatan.values(), color=LOOK.outline, width=width, z=2.4)

    def _draw_areas(self) -> None:
        groups: dict[ClassInfo, list[str]] = {}
        for code in self.areas:
            groups.setdefault(self.colouring.info(code), []).append(code)
        one_by_one = self.shapes.level != "rt"
        for info, codes in groups.items():
            shapes = [self.areas[code] for code in codes]
            # 1.650 cells are drawn as one thing a class; 68 areas each have their own name.
            names = [f"area-{code}" for code in codes] if one_by_one and not self.window else ()
            # Neighbours that are both white need a border that is seen; it lies over that of others.
            pale = info.fill == colours.PAPER
            self.sheet.areas(shapes, info, edge=colours.PALE_EDGE if pale else colours.PAPER, names=names,
                             width=0.7 if one_by_one else 0.3, z=1.1 if pale else 1.0)  # fmt: skip
            if info.mark:
                width = 2.2 * self.scale if one_by_one else 1.0 * self.scale
                inside = [s.buffer(-width * 0.75, join_style="mitre") for s in shapes]
                rings = [ring for ring in inside if not ring.is_empty]
                if rings:
                    self.sheet.outlines(rings, color=info.mark, width=width, z=2.2)

    def _draw_banks(self) -> None:
        for water, shape in zip(
            self.shapes.water, self.projection.moved(w.geometry for w in self.shapes.water),
            strict=True,
        ):  # fmt: skip
            if shape.geom_type.endswith("Polygon"):
                fill = ClassInfo("water", water.name, LOOK.water, LOOK.water_ink)
                self.sheet.areas([shape], fill, edge="none", width=0.0, z=0.5)
                continue
            for part in self._shown_lines(shape):
                points = [(float(x), float(y)) for x, y in shapely.get_coordinates(part)]
                self.sheet.line(points, color=colours.PAPER, width=_RIVER_LINE * self.scale + 1.6,
                                z=2.5)  # fmt: skip
                self.sheet.line(points, color=LOOK.river, width=_RIVER_LINE * self.scale, z=2.6)

    def _shown_lines(self, shape: BaseGeometry) -> list[BaseGeometry]:
        if self.window is not None:
            (pane,) = self.projection.moved([shapely.box(*self.window)])
            shape = shape & pane
        return [part for part in shapely.get_parts(shape) if part.length > 1]

    # --- names ----------------------------------------------------------------------------------

    def fitted(self, codes: Collection[str] | None = None) -> dict[str, Block | None]:
        """The names of areas where they fit, `None` where they do not.

        No name is much larger than most: a map whose largest letters go to its largest area says
        something about size that nobody asked for.
        """
        wanted = [code for code in self.named if codes is None or code in codes]
        largest, least = (size * self.scale for size in NAME_SIZES[self.shapes.level])
        first = {code: self._fit(code, largest, least) for code in wanted}
        sizes = sorted(block.size for block in first.values() if block)
        if not sizes:
            return dict(first)
        usual = sizes[len(sizes) // 2]
        return {
            code: self._fit(code, usual, least) if block and block.size > usual else block
            for code, block in first.items()
        }

    def _fit(self, code: str, largest: float, least: float) -> Block | None:
        places = self._places(code)
        mark = "" if self.shapes.level == "rt" else self.mark_of(code)
        return fit(self.named[code], self.name_of(code), mark, self.sheet.letters, largest=largest,
                   least=least, air=0.8, places=places)  # fmt: skip

    def _places(self, code: str) -> np.ndarray:
        if code not in self._known_places:
            found = places_in(self.named[code])
            # All hexagons are alike, and a name off the middle of one looks like a mistake.
            single = self.shapes.kind == "cartogram" and not self.shapes.joined
            self._known_places[code] = found[:1] if single else found
        return self._known_places[code]

    @cached_property
    def _known_places(self) -> dict[str, np.ndarray]:
        return {}

    def write_names(self, blocks: Mapping[str, Block | None]) -> None:
        """Writes the names that fit."""
        for code, block in blocks.items():
            if block is not None:
                self._write(code, block)

    def _write(self, code: str, block: Block) -> None:
        if self.shapes.level == "rt":
            self._plates(block.boxes)
            ink = LOOK.ink
        else:
            info = self.colouring.info(code)
            ink = info.ink
            if info.pattern or any(overlap(block.box, line) for line in self.lines):
                self._plates(block.boxes, fill=info.fill)
        for place, (words, box) in enumerate(zip(block.lines, block.boxes, strict=True)):
            marked = block.marked and place == len(block.lines) - 1
            base = block.top - place * LINE * block.size
            self.sheet.text(block.x, base, words, block.size, color=ink, bold=marked,
                            align="center")  # fmt: skip
            self.sheet.note("mark" if marked else "name", words, box)

    def _plates(self, boxes: Iterable[Box], fill: str = colours.PAPER) -> None:
        """Calm ground below letters on dots, lines or many colours."""
        for west, south, east, north in boxes:
            self.sheet.box((west - 1.2, south, east + 1.2, north + 0.4), fill=fill, alpha=0.84,
                           round_by=1.5, z=4.5)  # fmt: skip

    def write_numbers(self, entries: Sequence[KeyEntry]) -> None:
        """A number for every area whose name did not fit, in it or, with a thin line, beside it."""
        size = 6.6 * self.scale
        for entry in entries:
            words = str(entry.number)
            width = self.sheet.letters.width(words, size, bold=True)
            shape = self.named[entry.code]
            middle, lead = self._room_for_number(entry.code, shape, width + 2.6, size * 1.16)
            x, y = middle
            if lead is not None:
                self.sheet.line([lead, middle], color=LOOK.outline, width=0.6, z=4.4)
            box = (x - width / 2 - 1.3, y - 0.58 * size, x + width / 2 + 1.3, y + 0.58 * size)
            self.sheet.box(box, fill=colours.PAPER, edge=LOOK.outline, width=0.45, alpha=0.92,
                           round_by=2.0, z=4.6)  # fmt: skip
            self.sheet.text(x, y - 0.365 * size, words, size, color=LOOK.ink, bold=True,
                            align="center")  # fmt: skip
            self.sheet.note("number", words, box)

    def _room_for_number(
        self, code: str, shape: BaseGeometry, width: float, height: float
    ) -> tuple[tuple[float, float], tuple[float, float] | None]:
        places = places_in(shape) if code not in self._known_places else self._places(code)
        boxes = shapely.box(
            places[:, 0] - width / 2, places[:, 1] - height / 2,
            places[:, 0] + width / 2, places[:, 1] + height / 2,
        )  # fmt: skip
        inside = shapely.area(shapely.intersection(boxes, shape)) / (width * height)
        free = self._free(shapely.bounds(boxes))
        for share in (0.999, 0.7, 0.4):
            good = np.flatnonzero(free & (inside >= share))
            if len(good):
                return (float(places[good[0], 0]), float(places[good[0], 1])), None
        start = (float(places[0, 0]), float(places[0, 1]))
        for reach in np.arange(1.0, 8.0, 0.5):
            for angle in np.arange(0, 2 * math.pi, math.pi / 8):
                x = start[0] + reach * 1.4 * height * math.cos(angle)
                y = start[1] + reach * 1.4 * height * math.sin(angle)
                box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
                if self.sheet.is_free(box, 1.0):
                    return (x, y), start
        return start, None

    def _free(self, boxes: np.ndarray, air: float = 0.8) -> np.ndarray:
        """Which boxes touch no noted text."""
        noted = np.array([p.box for p in self.sheet.placed]).reshape(-1, 4)
        hits = (
            (boxes[:, None, 0] < noted[None, :, 2] + air)
            & (noted[None, :, 0] < boxes[:, None, 2] + air)
            & (boxes[:, None, 1] < noted[None, :, 3] + air)
            & (noted[None, :, 1] < boxes[:, None, 3] + air)
        )
        return np.asarray(~hits.any(axis=1))

    # --- names of what lies around --------------------------------------------------------------

    def write_kecamatan(self, codes: Collection[str] | None = None) -> None:
        """The name of each kecamatan where there is room in it, else beside the city."""
        size = _KECAMATAN_SIZE * self.scale
        city = shapely.union_all(list(self.kecamatan.values()))
        left = []
        for code, shape in self.kecamatan.items():
            if codes is not None and code not in codes:
                continue
            words = load_areas().name_of(code).upper()
            width = self.sheet.letters.width(words, size, bold=True) + 3.2
            middle = self._room_inside(shape, city, width, size * 1.3)
            if middle is None:
                left.append((code, words, width))
            else:
                self._tag(words, middle, width, size)
        for code, words, width in left:
            self._tag_beside(self.kecamatan[code], city, words, width, size)

    def _room_inside(
        self, shape: BaseGeometry, city: BaseGeometry, width: float, height: float
    ) -> tuple[float, float] | None:
        """Where a tag touches no text and covers little of other kecamatan; near the middle."""
        west, south, east, north = shape.bounds
        xs = np.arange(west - width / 2, east + width / 2, max(2.0, (east - west) / 60))
        ys = np.arange(south - height, north + height, max(1.5, (north - south) / 60))
        middles = np.array(np.meshgrid(xs, ys)).reshape(2, -1).T
        boxes = np.column_stack([
            middles[:, 0] - width / 2, middles[:, 1] - height / 2,
            middles[:, 0] + width / 2, middles[:, 1] + height / 2,
        ])  # fmt: skip
        keep = self._free(boxes, 1.8)
        keep &= (boxes[:, 0] > self.box[0]) & (boxes[:, 2] < self.box[2])
        keep &= (boxes[:, 1] > self.box[1]) & (boxes[:, 3] < self.box[3])
        if not keep.any():
            return None
        middles, boxes = middles[keep], boxes[keep]
        own = _share_inside(shape, boxes)
        others = _share_inside(city, boxes) - own
        centre = shapely.get_coordinates(shape.centroid)[0]
        away = np.hypot(*(middles - centre).T) / math.sqrt(shape.area)
        # Wholly inside is best; half outside the city is better than on a neighbour.
        cost = away + 2.0 * (1 - own) + 12.0 * others
        good = (others < 0.04) & (own > 0.3)
        if not good.any():
            return None
        best = int(np.argmin(np.where(good, cost, np.inf)))
        return float(middles[best, 0]), float(middles[best, 1])

    def _tag(self, words: str, middle: tuple[float, float], width: float, size: float) -> None:
        x, y = middle
        box = (x - width / 2, y - 0.62 * size, x + width / 2, y + 0.62 * size)
        self.sheet.box(box, fill=colours.PAPER, edge=LOOK.outline, width=0.5, alpha=0.93,
                       round_by=1.6, z=4.7)  # fmt: skip
        self.sheet.text(x, y - 0.365 * size, words, size, color=LOOK.outline, bold=True,
                        align="center", z=5.0)  # fmt: skip
        self.sheet.note("kecamatan", words, box)

    def _tag_beside(
        self, shape: BaseGeometry, city: BaseGeometry, words: str, width: float, size: float
    ) -> None:
        """In free room around the city, as near as can be, with a line to the kecamatan."""
        west, south, east, north = self.box
        high = size * 1.3
        xs = np.arange(west + width / 2, east - width / 2, 4.0)
        ys = np.arange(south + high, north - high, 3.0)
        middles = np.array(np.meshgrid(xs, ys)).reshape(2, -1).T
        boxes = np.column_stack([
            middles[:, 0] - width / 2, middles[:, 1] - high / 2,
            middles[:, 0] + width / 2, middles[:, 1] + high / 2,
        ])  # fmt: skip
        free = self._free(boxes, 2.0) & ~shapely.intersects(city, shapely.box(*boxes.T))
        if not free.any():
            return
        middles = middles[free]
        away = shapely.distance(shapely.points(middles), shape)
        texts = [shapely.box(*p.box) for p in self.sheet.placed]
        best: tuple[float, BaseGeometry] | None = None
        for near in np.argsort(away, kind="stable")[:400]:
            if best is not None and away[near] >= best[0]:
                break
            lead = shapely.shortest_line(shapely.Point(middles[near]), shape)
            # A line through a name is as bad as a line that is so much longer.
            cost = lead.length + 24 * self.scale * sum(lead.intersects(text) for text in texts)
            if best is None or cost < best[0]:
                best = (cost, lead)
        assert best is not None
        (x0, y0), (x1, y1) = shapely.get_coordinates(best[1])
        further = 4 / max(best[1].length, 4)
        end = (float(x1 + (x1 - x0) * further), float(y1 + (y1 - y0) * further))
        self.sheet.line([(float(x0), float(y0)), end], color=LOOK.outline, width=0.7, z=4.4)
        self._tag(words, (float(x0), float(y0)), width, size)

    def write_river(self) -> None:
        """The name of the river along it."""
        for water in self.shapes.water:
            if water.middle is None:
                continue
            (middle,) = self.projection.moved([water.middle])
            (shape,) = self.projection.moved([water.geometry])
            band = shape.geom_type.endswith("Polygon")
            wide = shape.area / middle.length if band else 0.0
            size = min(0.62 * wide, 11 * self.scale) if band else 8.4 * self.scale
            self._write_along(middle, water.name, size, band)

    def _write_along(self, line: BaseGeometry, words: str, size: float, band: bool) -> None:
        width = self.sheet.letters.width(words, size) * 1.02
        middle_first = (0.5, 0.55, 0.45, 0.6, 0.4, 0.65, 0.35, 0.7, 0.3, 0.75, 0.25, 0.8, 0.2)
        # A thin line is named at its ends: in its middle lie the smallest kelurahan.
        for share in middle_first if band else (0.84, 0.78, 0.88, 0.16, 0.22, *middle_first):
            at = share * line.length
            ends = [line.interpolate(at - width / 2), line.interpolate(at + width / 2)]
            dx, dy = ends[1].x - ends[0].x, ends[1].y - ends[0].y
            if dx < 0:
                dx, dy = -dx, -dy
            turn = math.degrees(math.atan2(dy, dx))
            half = line.interpolate(at)
            # Beside a thin line, on its northern bank; in the middle of a broad band.
            up = -0.27 * size if band else 0.62 * size
            x = half.x - up * math.sin(math.radians(turn))
            y = half.y + up * math.cos(math.radians(turn))
            box = text_box(x, y, width, size, "center", turn)
            if math.hypot(dx, dy) < 0.93 * width or not self.sheet.is_free(box, 0.5):
                continue
            if not band:
                self.sheet.turned_plate((x, y), width + 3, size, turn)
            self.sheet.text(x, y, words, size, color=LOOK.water_ink, italic=True, align="center",
                            turn=turn)  # fmt: skip
            self.sheet.note("river", words, box)
            return


def _share_inside(shape: BaseGeometry, boxes: np.ndarray) -> np.ndarray:
    """Which share of each box lies in a shape, told from points in it: quicker than cutting."""
    shapely.prepare(shape)
    steps_x, steps_y = np.linspace(0, 1, 9), np.linspace(0, 1, 4)
    xs = boxes[:, :1] + (boxes[:, 2:3] - boxes[:, :1]) * np.repeat(steps_x, 4)
    ys = boxes[:, 1:2] + (boxes[:, 3:4] - boxes[:, 1:2]) * np.tile(steps_y, 9)
    share: np.ndarray = shapely.contains_xy(shape, xs, ys).mean(axis=1)
    return share


__all__ = ["Canvas", "Colouring", "Projection", "projection_into"]
