"""A page of the atlas: one kelurahan with its RTs, its numbers, and what there is to mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from jambi_dash.domain import formats
from jambi_dash.domain.areas import CITY_NAME, load_areas
from jambi_dash.domain.coverage import HIDDEN, CoverageRow
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.rules import rule_text
from jambi_dash.exports.area_names import Block, fit, places_in
from jambi_dash.exports.map_canvas import Projection, projection_into
from jambi_dash.exports.map_furniture import draw_north, draw_scale_bar
from jambi_dash.exports.page_parts import LOOK, RULE, draw_foot, draw_head, margin_of
from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.sheet import ASCENT, LINE, Box, Sheet, page_of
from jambi_dash.exports.theme import Theme
from jambi_dash.exports.views import Origin
from jambi_dash.geography.cartogram import load_cartogram
from jambi_dash.palette import (
    ClassInfo,
    classify_rates,
    colours,
    rate_class,
    rate_scale,
    worker_stage_scale,
)
from jambi_dash.queries.profiles import Internal, KelurahanProfile, Profiles

_PALE = ClassInfo("pale", "", colours.PALE, LOOK.muted)
_NEAR = ClassInfo("near", "", colours.NEAR, LOOK.ink)
_WATER = ClassInfo("water", "", LOOK.water, LOOK.water_ink)
_RT_SIZES = (7.6, 5.0, 3.8)
"""Letters in the cells of RTs: largest, smallest with a share below, smallest of a number."""

_AIR = 0.16
"""Room around the kelurahan on its map, as a share of its longer side."""


@dataclass(frozen=True)
class AtlasMaps:
    """What every page draws from: RTs (or kelurahan, in public), and the borders of kecamatan."""

    shapes: Shapes
    kecamatan: dict[str, BaseGeometry]
    cells: dict[str, list[str]] = field(default_factory=dict)
    """Codes of the RTs of each kelurahan that have a cell."""

    @classmethod
    def of(cls, shapes: Shapes) -> AtlasMaps:
        """Sorts the shapes once for all pages."""
        cells: dict[str, list[str]] = {}
        if shapes.level == "rt":
            for area in shapes.areas:
                cells.setdefault(area.parent, []).append(area.code)
        borders = {o.code: o.geometry for o in shapes.outlines if o.level == "kecamatan"}
        return cls(shapes, borders, cells)


def compose_page(
    profile: KelurahanProfile, all_of: Profiles, maps: AtlasMaps, origin: Origin, theme: Theme,
    *, number: str,
) -> Sheet:  # fmt: skip
    """The page of one kelurahan."""
    sheet = Sheet(page_of("a4"), theme)
    scale, edge = sheet.page.scale, margin_of(sheet)
    place = load_areas().by_code[profile.row.code]
    subtitle = t("Kecamatan {kecamatan} · kode {code} · {km2} km² · {month}",
                 kecamatan=place.kecamatan_name, code=place.code,
                 km2=formats.number(place.area_km2, 2),
                 month=formats.month(all_of.table.at))  # fmt: skip
    top = draw_head(sheet, place.name, subtitle, origin) - 10 * scale
    bottom = draw_foot(sheet, _foot_lines(all_of, maps), origin, number=number) + 8 * scale
    right = sheet.page.width - edge
    middle = edge + 0.54 * (right - edge)
    legend_high = 74 * scale
    frame = (edge, bottom + legend_high, middle, top)
    if profile.internal is not None:
        rates = {rt.code: rt for rt in profile.internal.rts}
        shared = _draw_rts(sheet, frame, profile.row.code, maps, rates)
        counted: Sequence[CoverageRow] = profile.internal.rts
        words = t("RT di {name} menurut cakupan", name=place.name)
        note = t("di sel: nomor RT, terlindungi/penyebut") if shared else t("di sel: nomor RT")
    else:
        counted = [p.row for p in all_of.rows if p.row.code[:8] == place.kecamatan_code]
        _draw_siblings(sheet, frame, profile.row.code, maps, counted)
        words = t("Kelurahan di {name} menurut cakupan", name=place.kecamatan_name)
        note = ""
    _draw_classes(
        sheet, (edge, bottom, middle, bottom + legend_high - 8 * scale), words, note, counted
    )
    _draw_facts(sheet, (middle + 18 * scale, bottom, right, top), profile, all_of)
    return sheet


def _foot_lines(all_of: Profiles, maps: AtlasMaps) -> list[str]:
    denominator = all_of.table.denominator
    schematic = t("letak RT di dalam kelurahan skematik") if maps.cells else ""
    return [
        " · ".join(
            part for part in (
                t("Pembilang: daftar peserta yang diimpor"),
                t("Penyebut: {label} ({source})", label=denominator.label,
                  source=denominator.source or "–"),
                schematic,
                maps.shapes.words(),
            ) if part
        )
    ]  # fmt: skip


# --- the map ------------------------------------------------------------------------------------


def _draw_rts(
    sheet: Sheet, frame: Box, code: str, maps: AtlasMaps, rates: dict[str, CoverageRow]
) -> bool:
    """The RTs in their colours; returns whether how many of how many stands in them."""
    own = maps.shapes.kelurahan[code]
    ground = _Ground(sheet, frame, own.bounds, maps)
    ground.draw_around({code})
    codes = maps.cells.get(code, [])
    cells = dict(zip(codes, ground.moved([maps.shapes.by_code[c].geometry for c in codes]),
                     strict=True))  # fmt: skip
    rows = [rates.get(c) for c in codes]
    classes = classify_rates(
        [row.rate if row else None for row in rows], [row.state if row else "tidak ada data"
                                                      for row in rows]
    )  # fmt: skip
    scale = rate_scale()
    (outline,) = ground.moved([own])
    if not cells:
        sheet.areas([outline], _NEAR, edge=LOOK.ink, width=1.6, z=2.0)
        ground.draw_rest()
        return False
    for place in sorted(set(classes)):
        group = [cells[c] for c, p in zip(codes, classes, strict=True) if p == place]
        pale = scale[place].fill == colours.PAPER
        sheet.areas(group, scale[place], edge=colours.PALE_EDGE if pale else colours.PAPER, width=0.8,
                    z=1.6 if pale else 1.5)  # fmt: skip
        if scale[place].mark:
            rings = [c.buffer(-1.6, join_style="mitre") for c in group]
            sheet.outlines([r for r in rings if not r.is_empty], color=str(scale[place].mark),
                           width=2.0, z=1.8)  # fmt: skip
    sheet.outlines([outline], color=LOOK.ink, width=1.8, z=2.6)
    ground.draw_rest()
    labels = [(cells[c], c, rates.get(c), scale[p]) for c, p in zip(codes, classes, strict=True)]
    return _write_rts(sheet, labels)


def _write_rts(
    sheet: Sheet, cells: Sequence[tuple[BaseGeometry, str, CoverageRow | None, ClassInfo]]
) -> bool:
    """The number of each RT; how many of how many too (True), if nearly all cells have room."""
    places = [places_in(cell)[:6] for cell, *_ in cells]
    numbers = [_number_of(code) for _, code, _, _ in cells]
    shares = [_share_of(row) for _, _, row, _ in cells]

    def fitted(marks: Sequence[str], largest: float, least: float) -> list[Block | None]:
        return [
            fit(cell, number, mark, sheet.letters, largest=largest, least=least, places=at)
            for (cell, *_), number, mark, at in zip(cells, numbers, marks, places, strict=True)
        ]

    none = [""] * len(cells)
    blocks = fitted(shares, _RT_SIZES[0], _RT_SIZES[1])
    if sum(block is not None for block in blocks) < 0.9 * len(blocks):
        blocks = fitted(none, _RT_SIZES[0], _RT_SIZES[2])
    sizes = sorted(block.size for block in blocks if block)
    # One size for all but the smallest cells.
    usual = sizes[len(sizes) // 3] if sizes else _RT_SIZES[1]
    marked = [bool(block and block.marked) for block in blocks]
    kept = [share if has else "" for share, has in zip(shares, marked, strict=True)]
    for (_, _, _, info), block in zip(cells, fitted(kept, usual, _RT_SIZES[2]), strict=True):
        if block is not None:
            _write_rt(sheet, block, info)
    return any(marked)


def _number_of(code: str) -> str:
    rt = code.partition("-")[2]
    return str(int(rt)) if rt.isdecimal() else rt


def _share_of(row: CoverageRow | None) -> str:
    if row is None or row.covered is None or row.eligible is None:
        return ""
    return f"{formats.number(row.covered)}/{formats.number(row.eligible)}"


def _write_rt(sheet: Sheet, block: Block, info: ClassInfo) -> None:
    for place, (words, box) in enumerate(zip(block.lines, block.boxes, strict=True)):
        if info.pattern:
            sheet.box((box[0] - 1, box[1], box[2] + 1, box[3]), fill=info.fill, alpha=0.85,
                      round_by=1.2, z=4.5)  # fmt: skip
        share = block.marked and place == len(block.lines) - 1
        sheet.text(block.x, block.top - place * LINE * block.size, words, block.size,
                   color=info.ink, bold=not share, align="center")  # fmt: skip
        sheet.note("rt", words, box)


def _draw_siblings(
    sheet: Sheet, frame: Box, code: str, maps: AtlasMaps, rows: Sequence[CoverageRow]
) -> None:
    """The kelurahan among those of its kecamatan: what everybody may see."""
    district = maps.kecamatan[code[:8]]
    ground = _Ground(sheet, frame, district.bounds, maps)
    siblings = {row.code for row in rows}
    ground.draw_around(siblings)
    for row in rows:
        (shape,) = ground.moved([maps.shapes.kelurahan[row.code]])
        info = rate_class(row.rate, row.state)
        sheet.areas([shape], info, edge=colours.PAPER, width=1.0, z=1.5)
        mark = formats.percent(row.rate) if row.rate is not None else ""
        block = fit(shape, row.name, mark, sheet.letters, largest=9.0, least=4.6)
        if block is None:
            continue
        for place, (words, box) in enumerate(zip(block.lines, block.boxes, strict=True)):
            if info.pattern:
                sheet.box((box[0] - 1, box[1], box[2] + 1, box[3]), fill=info.fill, alpha=0.85,
                          round_by=1.2, z=4.5)  # fmt: skip
            marked = block.marked and place == len(block.lines) - 1
            sheet.text(block.x, block.top - place * LINE * block.size, words, block.size,
                       color=info.ink, bold=marked, align="center")  # fmt: skip
            sheet.note("name", words, box)
    (own,) = ground.moved([maps.shapes.kelurahan[code]])
    sheet.outlines([own], color=sheet.theme.accent, width=3.0, z=2.8)
    ground.draw_rest()


class _Ground:
    """The land around a kelurahan inside the frame, pale, with the names of its neighbours."""

    def __init__(self, sheet: Sheet, frame: Box, bounds: Box, maps: AtlasMaps) -> None:
        self.sheet, self.frame, self.maps = sheet, frame, maps
        self.window = _window(bounds, frame)
        self.pane = shapely.box(*self.window)
        self.projection: Projection = projection_into(self.window, frame)
        scale = sheet.page.scale
        west, south, _, north = frame
        self.bar = (west + 2, south + 2, west + 118 * scale, south + 22 * scale)
        self.arrow = (west + 2, north - 44 * scale, west + 24 * scale, north)

    def moved(self, shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        return self.projection.moved(shapes) if shapes else []

    def draw_around(self, own: set[str]) -> None:
        """Neighbours, their names, the river."""
        kelurahan = self.maps.shapes.kelurahan
        near = [c for c, shape in kelurahan.items() if c not in own and self._is_shown(shape)]
        cut = self.moved([kelurahan[c] & self.pane for c in near])
        pale = [s for s in cut if s.area > 0]
        self.sheet.areas(pale, _PALE, edge=colours.PAPER, width=1.2, z=0.8)
        for code, shape in zip(near, cut, strict=True):
            if shape.area <= 0:
                continue
            room = shape - self._kept()
            if room.is_empty:
                continue
            block = fit(room, load_areas().name_of(code), "", self.sheet.letters, largest=7.2,
                        least=5.2, air=2.0, places=places_in(room)[:24])  # fmt: skip
            if block is None:
                continue
            for place, (words, box) in enumerate(zip(block.lines, block.boxes, strict=True)):
                self.sheet.text(block.x, block.top - place * LINE * block.size, words, block.size,
                                color=_PALE.ink, align="center")  # fmt: skip
                self.sheet.note("neighbour", words, box)
        for water in self.maps.shapes.water:
            shape = water.geometry & self.pane
            if shape.is_empty:
                continue
            (shape,) = self.moved([shape])
            if shape.geom_type.endswith("Polygon"):
                self.sheet.areas([shape], _WATER, edge="none", width=0.0, z=0.6)
                continue
            for part in shapely.get_parts(shape):
                if part.geom_type == "LineString":
                    line = [(float(x), float(y)) for x, y in shapely.get_coordinates(part)]
                    self.sheet.line(line, color=LOOK.river, width=3.0, z=2.7)

    def _kept(self) -> BaseGeometry:
        """Room for scale bar and arrow."""
        if self.maps.shapes.kind != "true":
            return shapely.Point()
        return shapely.union_all([shapely.box(*self.bar), shapely.box(*self.arrow)])

    def _is_shown(self, shape: BaseGeometry) -> bool:
        west, south, east, north = shape.bounds
        box = self.window
        return bool(west < box[2] and east > box[0] and south < box[3] and north > box[1])

    def draw_rest(self) -> None:
        """Borders of kecamatan, scale and north on a true map, the frame."""
        edges = [shape.boundary & self.pane for shape in self.maps.kecamatan.values()
                 if self._is_shown(shape)]  # fmt: skip
        lines = [part for edge in self.moved([e for e in edges if not e.is_empty])
                 for part in shapely.get_parts(edge) if part.geom_type == "LineString"]  # fmt: skip
        for part in lines:
            points = [(float(x), float(y)) for x, y in shapely.get_coordinates(part)]
            self.sheet.line(points, color=LOOK.outline, width=1.0, z=2.2)
        west, south, east, north = self.frame
        ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        self.sheet.line(ring, color=colours.PALE_EDGE, width=0.8, z=3.0)
        if self.maps.shapes.kind == "true":
            scale = self.sheet.page.scale
            for box in (self.bar, self.arrow):
                self.sheet.box(box, fill=colours.PAPER, alpha=0.8, round_by=2, z=3.5)
            draw_scale_bar(self.sheet, west + 8 * scale, south + 6 * scale,
                           self.projection.scale, most=84)  # fmt: skip
            draw_north(self.sheet, west + 5 * scale, north - 6 * scale)


def _window(bounds: Box, frame: Box) -> Box:
    """The part of the plane that fills the frame, with air around what it is about."""
    west, south, east, north = bounds
    air = _AIR * max(east - west, north - south)
    wide, high = east - west + 2 * air, north - south + 2 * air
    shape = (frame[2] - frame[0]) / (frame[3] - frame[1])
    wide, high = max(wide, high * shape), max(high, wide / shape)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _draw_classes(
    sheet: Sheet, box: Box, title: str, note: str, rows: Sequence[CoverageRow]
) -> None:
    """The legend below the map, in three columns, with how many are in each class."""
    scale, letters = sheet.page.scale, sheet.letters
    west, _, east, north = box
    head, size = 8.6 * scale, 7.8 * scale
    y = north - ASCENT * head
    sheet.text(west, y, title, head, color=LOOK.ink, bold=True)
    sheet.text(east, y, note, 7.0 * scale, color=LOOK.muted, align="right")
    places = classify_rates([row.rate for row in rows], [row.state for row in rows])
    entries = [
        (info, sum(p == place for p in places)) for place, info in enumerate(rate_scale())
    ]  # fmt: skip
    entries = [e for e in entries if e[1] or e[0].low is not None or e[0].key == "zero"]
    columns = 3
    lines = -(-len(entries) // columns)
    gap = 14 * scale
    wide = (east - west - gap * (columns - 1)) / columns
    for place, (info, count) in enumerate(entries):
        column, line = divmod(place, lines)
        left = west + column * (wide + gap)
        base = y - (line + 1) * 12.4 * scale - 2 * scale
        sheet.swatch((left, base - 1.5 * scale, left + 16 * scale, base + 7.5 * scale), info)
        sheet.text(left + 21 * scale, base, info.label, letters.fitted(
            info.label, size, wide - 50 * scale, 5), color=LOOK.ink)  # fmt: skip
        sheet.text(left + wide, base, formats.number(count), size, align="right", bold=count > 0,
                   color=LOOK.ink if count else LOOK.muted)  # fmt: skip


# --- numbers ------------------------------------------------------------------------------------


def _draw_facts(sheet: Sheet, box: Box, profile: KelurahanProfile, all_of: Profiles) -> None:
    scale = sheet.page.scale
    west, south, east, north = box
    locator = (east - 148 * scale, north - 108 * scale, east, north)
    _draw_locator(sheet, locator, profile.row.code)
    y = _draw_headline(sheet, (west, south, locator[0] - 14 * scale, north), profile, all_of)
    y = min(y, locator[1]) - 10 * scale
    y = _draw_numbers(sheet, (west, south, east, y), profile, all_of) - 14 * scale
    inside = profile.internal
    if inside is None:
        words = t("Angka per RT, tahap peserta, santunan, dan daftar perbaikan hanya ada di salinan "
                  "internal.")  # fmt: skip
        for line in sheet.letters.wrapped(words, 8 * scale, east - west):
            y -= 11 * scale
            sheet.text(west, y, line, 8 * scale, color=LOOK.muted)
        return
    half = (west + east) / 2
    _draw_funnel(sheet, (west, south, half - 9 * scale, y), inside)
    _draw_mending(sheet, (half + 9 * scale, south, east, y), inside)


def _draw_headline(
    sheet: Sheet, box: Box, profile: KelurahanProfile, all_of: Profiles
) -> float:  # fmt: skip
    """The rate, large, with its denominator in words, and beside kecamatan and city."""
    scale = sheet.page.scale
    west, _, east, north = box
    row, table = profile.row, all_of.table
    big = 30 * scale
    y = north - ASCENT * big
    shown = _rate_words(row)
    sheet.text(west, y, shown, sheet.letters.fitted(shown, big, east - west, 12, bold=True),
               color=LOOK.ink, bold=True)  # fmt: skip
    size = 9.0 * scale
    of_whom = table.denominator.label[:1].lower() + table.denominator.label[1:]
    if row.covered is None:
        words = t("jumlahnya terlalu kecil untuk salinan umum") if row.state == HIDDEN else t(
            "belum ada daftar peserta")  # fmt: skip
    elif row.eligible is None:
        words = t("{n} orang terlindungi; penyebut tidak diketahui", n=formats.number(row.covered))
    else:
        words = t("{n} dari {all} pekerja rentan terlindungi ({label})",
                  n=formats.number(row.covered), all=formats.number(row.eligible),
                  label=of_whom)  # fmt: skip
    y -= 4 * scale
    for line in sheet.letters.wrapped(words, size, east - west):
        y -= 1.32 * size
        sheet.text(west, y, line, size, color=LOOK.muted)
    y -= 7 * scale
    above = profile.kecamatan
    bars = [
        (row.name, row.rate, _rate_words(row), sheet.theme.accent),
        (t("Kec. {name}", name=above.name), above.rate, _rate_words(above), colours.COMPARED),
        (CITY_NAME, table.totals.rate, formats.percent(table.totals.rate), colours.COMPARED),
    ]
    return _draw_bars(sheet, west, east, y, bars, 8.2 * scale)


def _rate_words(row: CoverageRow) -> str:
    if row.state == HIDDEN:
        return t("disembunyikan")
    return formats.percent(row.rate)


def _draw_bars(
    sheet: Sheet, west: float, east: float, y: float,
    bars: Sequence[tuple[str, float | None, str, str]], size: float,
) -> float:  # fmt: skip
    """Shares of one as bars on one scale, each with its name and value."""
    letters = sheet.letters
    names = 0.42 * (east - west)
    values = max(letters.width(words, size, bold=True) for _, _, words, _ in bars) + 4
    room = east - west - names - values - 4
    most = max([1.0, *(share for _, share, _, _ in bars if share is not None)])
    for name, share, words, fill in bars:
        y -= 1.5 * size
        sheet.text(west, y, name, letters.fitted(name, size, names - 4, 4.5), color=LOOK.ink)
        left = west + names
        sheet.box((left, y - 0.1 * size, left + room, y + 0.72 * size), fill=colours.PALE, z=2.0)
        if share:
            sheet.box((left, y - 0.1 * size, left + room * share / most, y + 0.72 * size),
                      fill=fill, z=2.1)  # fmt: skip
        sheet.text(east, y, words, size, color=LOOK.ink, bold=True, align="right")
    return y - 0.3 * size


def _draw_locator(sheet: Sheet, box: Box, code: str) -> None:
    """Where in the city: the cartogram with the kecamatan and the kelurahan picked out."""
    drawn = load_cartogram()
    place = projection_into(drawn.bounds, box)
    codes = list(drawn.hexagons)
    shapes = dict(zip(codes, place.moved([drawn.hexagons[c] for c in codes]), strict=True))
    same = [c for c in codes if c[:8] == code[:8] and c != code]
    rest = [c for c in codes if c[:8] != code[:8]]
    if drawn.river_cells:
        (river,) = place.moved([drawn.river_band])
        sheet.areas([river], _WATER, edge="none", width=0.0, z=0.6)
    sheet.areas([shapes[c] for c in rest], _PALE, edge=colours.PAPER, width=0.6, z=0.8)
    accent = ClassInfo("own", "", sheet.theme.accent, colours.PAPER)
    sheet.areas([shapes[c] for c in same], _NEAR, edge=colours.PAPER, width=0.6, z=0.9)
    sheet.areas([shapes[code]], accent, edge=colours.PAPER, width=0.6, z=1.0)


def _draw_numbers(
    sheet: Sheet, box: Box, profile: KelurahanProfile, all_of: Profiles
) -> float:  # fmt: skip
    """Each number with what it is of; returns where the list ends."""
    scale, letters = sheet.page.scale, sheet.letters
    west, _, east, north = box
    size = 9.2 * scale
    y = _draw_title(sheet, west, east, north, t("Angka kunci"))
    for label, value, of in numbers_of(profile, all_of):
        y -= 1.84 * size
        sheet.text(west, y, label, size, color=LOOK.ink)
        left = west + 0.36 * (east - west)
        sheet.text(left, y, value, size, color=LOOK.ink, bold=True)
        after = left + letters.width(value, size, bold=True) + 0.7 * size
        small = letters.fitted(of, 8.0 * scale, east - after, 4.5)
        sheet.text(after, y, of, small, color=LOOK.muted)
        sheet.line([(west, y - 0.5 * size), (east, y - 0.5 * size)], color=LOOK.line, width=0.5)
    return y


def numbers_of(profile: KelurahanProfile, all_of: Profiles) -> list[tuple[str, str, str]]:
    """The key numbers of a kelurahan: name, value, and what it is of."""
    row, table, inside = profile.row, all_of.table, profile.internal
    number = formats.number
    kept = t("disembunyikan")
    shown_of = t("dari {n} kelurahan, 1 = cakupan tertinggi", n=number(all_of.ranked))
    if all_of.ranked < len(all_of.rows) and table.public:
        shown_of = t("dari {n} kelurahan yang ditampilkan, 1 = cakupan tertinggi",
                     n=number(all_of.ranked))  # fmt: skip
    rows = [
        (t("Terlindungi"), kept if row.state == HIDDEN else number(row.covered),
         t("orang aktif pada {month}", month=formats.month(table.at))),
        (t("Penyebut"), number(row.eligible), table.denominator.label),
        (t("Cakupan"), _rate_words(row), t("terlindungi ÷ penyebut; kota {rate}",
                                            rate=formats.percent(table.totals.rate))),
        (t("Peringkat"), number(profile.rank), shown_of),
        (t("RT Kampung Bahagia"), number(profile.rt_joined),
         t("dari {n} RT sudah bergabung", n=number(profile.rt_counted))),
    ]  # fmt: skip
    if inside is None:
        return rows
    rows += [
        (t("RT tanpa peserta"), number(inside.rts_without),
         t("dari {n} RT, punya pekerja rentan tetapi belum satu pun terlindungi",
           n=number(len(inside.rts)))),
        (t("Daftar tunggu"), number(inside.waiting),
         t("orang sudah diusulkan dan belum aktif")),
    ]  # fmt: skip
    for program, (count, value) in sorted(inside.paid.items()):
        rows.append(
            (t("Santunan {program}", program=program), number(count),
             t("kasus dibayar sampai {date}, {value}", date=formats.day(all_of.day),
               value=formats.rupiah(value)))
        )  # fmt: skip
    return rows


def _draw_title(sheet: Sheet, west: float, east: float, top: float, words: str) -> float:
    size = 9.6 * sheet.page.scale
    y = top - ASCENT * size
    sheet.text(west, y, words, size, color=LOOK.ink, bold=True)
    y -= 0.45 * size
    sheet.line([(west, y), (east, y)], color=RULE, width=0.8, cap="butt")
    return y


def _draw_funnel(sheet: Sheet, box: Box, inside: Internal) -> None:
    """People by the stage in which they stand, on the way to a place and out of it."""
    scale, letters = sheet.page.scale, sheet.letters
    west, south, east, north = box
    y = _draw_title(sheet, west, east, north, t("Dari diusulkan sampai aktif"))
    stages = load_programme().worker_stages
    fills = {info.key: info for info in worker_stage_scale()}
    most = max([1, *inside.stages.values()])
    size, names = 8.4 * scale, 0.5 * (east - west)
    value = letters.width(formats.number(most), size, bold=True) + 4
    for term in stages.terms:
        y -= 2.05 * size
        name = term.shown()
        count = inside.stages[term.id]
        sheet.text(west, y, name, letters.fitted(name, size, names - 4, 4.5),
                   color=LOOK.muted if term.side_exit else LOOK.ink)  # fmt: skip
        left, room = west + names, east - west - names - value
        if count:
            bar = shapely.box(left, y - 0.15 * size, left + max(room * count / most, 1.0),
                              y + 0.8 * size)  # fmt: skip
            sheet.areas([bar], fills[term.id], edge="none", width=0.0, z=2.0)
        sheet.text(east, y, formats.number(count), size, color=LOOK.ink, bold=count > 0,
                   align="right")  # fmt: skip
    words = t("Orang menurut tahapnya di daftar; aktif termasuk yang bulannya belum mulai atau "
              "sudah lewat.")  # fmt: skip
    y -= 4 * scale
    for line in letters.wrapped(words, 7.0 * scale, east - west):
        y -= 9.8 * scale
        if y < south:
            return
        sheet.text(west, y, line, 7.0 * scale, color=LOOK.muted)


def _draw_mending(sheet: Sheet, box: Box, inside: Internal) -> None:
    """What to mend in this kelurahan's lists: rows by rule, in words."""
    scale, letters = sheet.page.scale, sheet.letters
    west, south, east, north = box
    y = _draw_title(sheet, west, east, north, t("Yang perlu diperbaiki di daftarnya"))
    size = 8.0 * scale
    if not inside.findings:
        sheet.text(west, y - 1.6 * size, t("Tidak ada baris yang ditolak atau diberi catatan."), size,
                   color=LOOK.muted)  # fmt: skip
        return
    for place, finding in enumerate(inside.findings):
        count = formats.number(finding.row_count)
        rejected = finding.outcome == "reject"
        words = rule_text(finding.rule).found + (" – " + t("ditolak") if rejected else "")
        lines = letters.wrapped(words, size, east - west - 26 * scale)[:2]
        if y - (1.34 * len(lines) + 2.2) * size < south:
            rest = sum(f.row_count for f in inside.findings[place:])
            sheet.text(west, y - 1.5 * size, t("… dan {n} baris lain", n=formats.number(rest)),
                       size, color=LOOK.muted)  # fmt: skip
            return
        y -= 0.3 * size
        for place_of_line, line in enumerate(lines):
            y -= 1.3 * size
            sheet.text(west + 26 * scale, y, line, size, color=LOOK.ink)
            if place_of_line == 0:
                sheet.text(west + 20 * scale, y, count, size, bold=True, align="right",
                           color=LOOK.bad if rejected else LOOK.ink)  # fmt: skip


__all__ = ["AtlasMaps", "compose_page", "numbers_of"]
