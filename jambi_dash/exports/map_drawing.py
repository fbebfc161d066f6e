"""A map as one page: PNG, SVG or PDF, without a browser.

The page is laid out in points, then written in the form that is wanted; so the three forms show
the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from jambi_dash.domain import formats
from jambi_dash.domain.areas import SEVERAL
from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.domain.language import t
from jambi_dash.exports.area_names import Block
from jambi_dash.exports.map_canvas import Canvas, Colouring
from jambi_dash.exports.map_furniture import draw_north, draw_scale_bar
from jambi_dash.exports.page_parts import (
    LOOK,
    KeyEntry,
    draw_foot,
    draw_head,
    draw_key,
    draw_legend,
    draw_ranking,
    margin_of,
)
from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.sheet import DESCENT, Box, Format, Sheet, check_dpi, page_of, render
from jambi_dash.exports.theme import Theme
from jambi_dash.exports.views import MapView, shown

_PANEL = 216.0
"""Room for legend and key at the right, in points on a slide."""

_INSET_FROM = 5
"""So many names that do not fit are worth an inset."""

_INSET_TIMES = (2.0, 2.4, 2.8, 3.3, 4.0)


@dataclass
class MapPage:
    """A page with a map on it, before it is written as a file.

    `named`: codes of areas whose name stands on the map; `key`: those that have a number instead.
    """

    sheet: Sheet
    view: MapView
    named: list[str] = field(default_factory=list)
    key: list[KeyEntry] = field(default_factory=list)

    def render(self, format: Format, dpi: int | None = None) -> bytes:
        """The file; the same page gives the same bytes."""
        view = self.view
        about = {
            "Title": view.title,
            "Author": self.sheet.theme.organisation or "–",
            "Subject": " · ".join(
                part for part in (view.subtitle, view.origin.line(), view.origin.mark()) if part
            ),
            "Keywords": "; ".join(f"{name}: {value}" for name, value in view.filter),
        }
        return render(self.sheet, format, dpi=dpi, about=about, day=view.origin.as_of)


def draw_map(
    view: MapView, shapes: Shapes, *, format: Format = "png", size: str = "slide",
    dpi: int | None = None, theme: Theme,
) -> bytes:  # fmt: skip
    """The map as a file.

    Args:
        view: What is shown.
        shapes: What it is drawn on, of the same level.
        format: `png`, `svg` or `pdf`; the latter two are vectors with text as text.
        size: `slide` (1920 × 1080 pixels unless `dpi` says otherwise), `a4` or `a3`, lying.
        dpi: Pixels per inch of a PNG, 72–600.
        theme: Who the page is from.

    Raises:
        Refusal: an unknown size, or a resolution that is of no use.
    """
    if dpi is not None:
        check_dpi(dpi)
    return compose_map(view, shapes, size=size, theme=theme).render(format, dpi)


def compose_map(view: MapView, shapes: Shapes, *, size: str = "slide", theme: Theme) -> MapPage:
    """The page, laid out and drawn."""
    if view.level != shapes.level:
        raise ValueError(f"a view of {view.level} on shapes of {shapes.level}")
    page = MapPage(Sheet(page_of(size), theme), view)
    sheet = page.sheet
    scale, edge = sheet.page.scale, margin_of(sheet)
    top = draw_head(sheet, view.title, view.subtitle, view.origin)
    sources = " · ".join([*view.sources, shapes.words()])
    bottom = draw_foot(sheet, [view.check, sources], view.origin)
    right = sheet.page.width - edge
    panel = (right - _PANEL * scale, bottom + 6 * scale, right, top - 11 * scale)
    frame = (edge, bottom + 6 * scale, panel[0] - 18 * scale, top - 8 * scale)
    colouring = Colouring(view.scale, view.classes, view.marks)
    if shapes.kind == "true":
        _draw_true(page, shapes, colouring, frame, panel)
    else:
        _draw_cartogram(page, shapes, colouring, frame)
        _draw_panel(page, panel)
    return page


def _draw_panel(page: MapPage, panel: Box) -> None:
    """Legend, then the key of numbers, then what is highest and lowest if there is room."""
    _draw_key(page, (panel[0], panel[1], panel[2], _draw_legend(page, panel)))


def _draw_legend(page: MapPage, box: Box) -> float:
    view = page.view
    y = draw_legend(page.sheet, box, view.legend_title, view.legend_note, view.unit, view.legend())
    return y - 15 * page.sheet.page.scale


def _draw_key(page: MapPage, box: Box) -> None:
    if page.key:
        y = draw_key(page.sheet, box, t("Nomor di peta"), page.key)
        box = (box[0], box[1], box[2], y - 12 * page.sheet.page.scale)
    draw_ranking(page.sheet, box, extremes(page.view))


def extremes(view: MapView, most: int = 5) -> list[tuple[str, list[tuple[str, str]]]]:
    """The lowest and the highest areas with their values; nothing where nothing can be ranked."""
    column = next(c for c in view.columns if c.key == view.ranked)
    if column.kind == "text" or view.level == "rt":
        return []
    values = [
        (value, str(row[1]))
        for row, value in zip(view.rows, view.column(view.ranked), strict=True)
        if isinstance(value, int | float)
    ]
    if len(values) <= most:
        return []

    def said(pairs: list[tuple[int | float, str]]) -> list[tuple[str, str]]:
        points = column.kind == "points"
        return [(n, formats.signed_points(v) if points else shown(column, v)) for v, n in pairs]

    # The lowest of those that are shown need not be the lowest of the city.
    part = HIDDEN in view.states.values()
    low = t("{n} terendah yang ditampilkan", n=most) if part else t("{n} terendah", n=most)
    high = t("{n} tertinggi yang ditampilkan", n=most) if part else t("{n} tertinggi", n=most)
    # Rates and points stand in the title of the map already.
    plain = column.label == view.legend_title or column.kind in ("points", "percent")
    of = "" if plain else f" · {column.label}"
    lists = [
        (low + of, sorted(values)),
        (high + of, sorted(values, key=lambda pair: (-pair[0], pair[1]))),
    ]
    # Where more share the end than can be listed, a list would pick some of them by name.
    return [(title, said(pairs[:most])) for title, pairs in lists if pairs[most][0] != pairs[0][0]]


def _draw_cartogram(page: MapPage, shapes: Shapes, colouring: Colouring, frame: Box) -> None:
    sheet, scale = page.sheet, page.sheet.page.scale
    note, size = t("kartogram skematik, bukan letak sebenarnya"), 7.0 * scale
    box = sheet.text(frame[2], frame[1] + DESCENT * size, note, size, color=LOOK.muted, italic=True,
                     align="right")  # fmt: skip
    sheet.note("note", note, box)
    if SEVERAL:  # cells that were laid by hand leave the corner free
        frame = (frame[0], frame[1] + 1.8 * size, frame[2], frame[3])
    canvas = Canvas(sheet, shapes, colouring, frame)
    canvas.draw()
    _write(page, canvas, canvas.fitted())


def _write(page: MapPage, canvas: Canvas, blocks: dict[str, Block | None]) -> None:
    """Names, and numbers for those that do not fit; then the river and the kecamatan."""
    page.key = _key(canvas, [code for code, block in blocks.items() if block is None])
    page.named = [code for code, block in blocks.items() if block is not None]
    canvas.write_names(blocks)
    canvas.write_river()
    canvas.write_numbers(page.key)
    if not canvas.shapes.joined:
        canvas.write_kecamatan()


def _key(canvas: Canvas, codes: list[str]) -> list[KeyEntry]:
    rt = canvas.shapes.level == "rt"
    return [
        KeyEntry(number, code, canvas.name_of(code), "" if rt else canvas.mark_of(code))
        for number, code in enumerate(sorted(codes), start=1)
    ]


def _draw_true(page: MapPage, shapes: Shapes, colouring: Colouring, frame: Box, panel: Box) -> None:
    """The city with scale and north; its dense centre enlarged, where names do not fit.

    On a slide there is room for the centre between city and legend. On paper, which is less wide,
    it goes below the legend, as wide as legend and key together.
    """
    sheet, scale = page.sheet, page.sheet.page.scale
    west, south, east, north = shapes.bounds
    wide = min((frame[3] - frame[1]) * (east - west) / (north - south), frame[2] - frame[0])
    city = frame if shapes.joined else (frame[0], frame[1], frame[0] + wide, frame[3])
    canvas = Canvas(sheet, shapes, colouring, city)
    canvas.draw()
    draw_north(sheet, city[0] + 2 * scale, city[3] - 2 * scale)
    draw_scale_bar(sheet, city[0] + 2 * scale, city[1] + 3 * scale, canvas.projection.scale)
    blocks = canvas.fitted()
    unfit = [code for code, block in blocks.items() if block is None]
    if shapes.joined or len(unfit) < _INSET_FROM:
        _write(page, canvas, blocks)
        _draw_panel(page, panel)
        return
    left, gap = city[2] + 14 * scale, 16 * scale
    if frame[2] - left >= 0.3 * (frame[2] - frame[0]):
        room = (left, frame[1] + 2 * scale, frame[2], frame[3] - gap)
        _write_with_inset(page, canvas, blocks, _inset(canvas, unfit, room))
        _draw_panel(page, panel)
        return
    half = (panel[2] - left - gap) / 2
    below = _draw_legend(page, (left, panel[1], left + half, panel[3])) - 4 * scale
    room = (left, frame[1] + 2 * scale, panel[2], below)
    _write_with_inset(page, canvas, blocks, _inset(canvas, unfit, room))
    _draw_key(page, (left + half + gap, below + gap, panel[2], panel[3]))


def _write_with_inset(
    page: MapPage, canvas: Canvas, blocks: dict[str, Block | None],
    found: tuple[Canvas, dict[str, Block | None]] | None,
) -> None:  # fmt: skip
    """Names on the city and on its enlarged centre, each once."""
    if found is None:
        _write(page, canvas, blocks)
        return
    inset, inner = found
    # What the inset names need not be squeezed into the city as well.
    blocks = {c: block for c, block in blocks.items() if c not in inner}
    page.key = _key(canvas, [c for c, b in (blocks | inner).items() if b is None])
    page.named = [c for c, block in (blocks | inner).items() if block is not None]
    _draw_inset(canvas, inset)
    inset.write_names(inner)
    inset.write_numbers([e for e in page.key if e.code in inner])
    canvas.write_names(blocks)
    canvas.write_river()
    canvas.write_numbers([e for e in page.key if e.code not in inner])
    # Where they are large: a small kecamatan of the centre would be hidden by its own name.
    mostly = [code for code, shape in inset.kecamatan.items()
              if _share(inset, canvas, code, shape) > 0.6]  # fmt: skip
    inset.write_kecamatan(mostly)
    canvas.write_kecamatan([code for code in canvas.kecamatan if code not in mostly])


def _share(inset: Canvas, canvas: Canvas, code: str, shape: BaseGeometry) -> float:
    """Which share of a kecamatan's area the inset shows."""
    times = inset.projection.scale / canvas.projection.scale
    return float(shape.area / times**2 / canvas.kecamatan[code].area)


def _inset(canvas: Canvas, unfit: list[str], room: Box) -> tuple[Canvas, dict[str, Block | None]] | None:  # fmt: skip
    """A window on the areas whose names do not fit, as many as fit enlarged; `None`: none does."""
    wide, high = room[2] - room[0], min(room[3] - room[1], 1.6 * (room[2] - room[0]))
    box = (room[0], room[3] - high, room[2], room[3])
    bounds = {code: canvas.plane_shapes[code].bounds for code in unfit}
    best: tuple[int, Canvas, dict[str, Block | None]] | None = None
    for times in _INSET_TIMES:
        scale = canvas.projection.scale * times
        window, inside = _window(bounds, wide / scale, high / scale)
        if not inside:
            continue
        inset = Canvas(canvas.sheet, canvas.shapes, canvas.colouring, box, window)
        pane = shapely.box(*window)
        whole = [code for code, shape in canvas.plane_shapes.items() if pane.contains(shape)]
        blocks = inset.fitted(whole)
        solved = sum(blocks[code] is not None for code in inside)
        if solved and (best is None or solved > best[0]):
            best = (solved, inset, blocks)
    return None if best is None else best[1:]


def _window(bounds: dict[str, Box], wide: float, high: float) -> tuple[Box, list[str]]:
    """The rectangle of that size that holds most of the areas whole, and which those are."""
    codes = list(bounds)
    edges = np.array([bounds[code] for code in codes])
    # A best rectangle can be moved until areas touch its west and its south: n² to look at.
    west, south = edges[:, 0][:, None, None], edges[:, 1][None, :, None]
    inside = (
        (edges[:, 0] >= west) & (edges[:, 2] <= west + wide)
        & (edges[:, 1] >= south) & (edges[:, 3] <= south + high)
    )  # fmt: skip
    best = np.flatnonzero(inside.reshape(-1, len(codes))[int(inside.sum(axis=2).argmax())])
    if not len(best):
        return (0.0, 0.0, 0.0, 0.0), []
    held = edges[best]
    x = (held[:, 0].min() + held[:, 2].max()) / 2
    y = (held[:, 1].min() + held[:, 3].max()) / 2
    window = (float(x - wide / 2), float(y - high / 2), float(x + wide / 2), float(y + high / 2))
    return window, [codes[i] for i in best]


def _draw_inset(canvas: Canvas, inset: Canvas) -> None:
    """The enlarged part with a frame, and the same frame on the city."""
    sheet, scale = canvas.sheet, canvas.sheet.page.scale
    assert inset.window is not None
    inset.draw()
    (frame,) = inset.projection.moved([shapely.box(*inset.window)])
    (small,) = canvas.projection.moved([shapely.box(*inset.window)])
    sheet.outlines([frame], color=LOOK.ink, width=1.1, z=3.5)
    sheet.outlines([small], color=LOOK.ink, width=1.1, z=3.5)
    x0, y0, x1, y1 = small.bounds
    canvas.lines = [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]
    west, _, _, north = frame.bounds
    times = inset.projection.scale / canvas.projection.scale
    words = t("Kotak di peta, diperbesar {times} kali", times=formats.number(times, 1))
    size = sheet.letters.fitted(words, 8.0 * scale, frame.bounds[2] - west, 5)
    sheet.text(west, north + 5 * scale, words, size, color=LOOK.ink, bold=True)
