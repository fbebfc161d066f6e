"""A page to draw on, measured in points (1/72 inch) from its lower left corner.

Text and shapes keep their place and size at any resolution and in every form. matplotlib's
`Figure` is used without pyplot, whose figures are global: pages may be drawn in many threads.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.image import BboxImage
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox
from shapely.geometry.base import BaseGeometry

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.theme import Theme
from jambi_dash.palette import ClassInfo, Pattern, colours

Format = Literal["png", "svg", "pdf"]
Align = Literal["left", "center", "right"]
Box = tuple[float, float, float, float]
"""West, south, east, north in points."""

FORMATS: tuple[Format, ...] = ("png", "svg", "pdf")
DPI_LIMITS = (72, 600)

# Text stays text, and the same page is the same bytes. Settings of the whole process: nothing
# else in it draws with matplotlib, and nothing changes them afterwards.
mpl.rcParams["svg.fonttype"] = "none"
mpl.rcParams["svg.hashsalt"] = "jambi-dash"
mpl.rcParams["pdf.fonttype"] = 42
mpl.rcParams["text.parse_math"] = False
mpl.rcParams["text.hinting"] = "none"

_FALLBACK_FONT = "DejaVu Sans"  # comes with matplotlib
_SVG_FAMILIES = "Verdana, sans-serif"
# A viewer without the font of an SVG must not show wider letters: Verdana has the widths of
# DejaVu Sans, and other sans-serif fonts are narrower.

_HATCHES: dict[Pattern, str] = {"dots": "...", "hatch": "////", "cross": "xxxx"}
_HATCH_WIDTH = 0.5
ASCENT, DESCENT, LINE = 0.76, 0.24, 1.16
"""Top and bottom of a line of text from its baseline, and from baseline to baseline, × size."""


@dataclass(frozen=True)
class Page:
    """A size of page in points; `dpi` is what an image of it has unless told otherwise.

    `scale` multiplies letters: a slide is read across a room, A4 in the hand.
    """

    name: str
    width: float
    height: float
    dpi: int
    scale: float


PAGES: dict[str, Page] = {
    "slide": Page("slide", 960.0, 540.0, 144, 1.0),  # 13 1/3 × 7.5 in: 1920 × 1080 pixels
    "a4": Page("a4", 297 / 25.4 * 72, 210 / 25.4 * 72, 200, 0.84),
    "a3": Page("a3", 420 / 25.4 * 72, 297 / 25.4 * 72, 200, 1.16),
}


@dataclass(frozen=True)
class Placement:
    """A text that was drawn on or beside the map, and the room that it takes."""

    kind: str
    text: str
    box: Box


class Lettering:
    """How wide text is in one font family, in points."""

    def __init__(self, family: str) -> None:
        """Falls back to the font that comes with the drawing library."""
        self.family = _known_family(family)
        self._advances: dict[bool, dict[str, float]] = {True: {}, False: {}}

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """The width of one line; a little more than a renderer needs that kerns its letters."""
        known = self._advances[bold]
        total = 0.0
        for letter in text:
            advance = known.get(letter)
            if advance is None:
                advance = known[letter] = self._measure(letter, bold)
            total += advance
        return total * size

    def _measure(self, letter: str, bold: bool) -> float:
        """How far a letter moves the pen at a size of one point."""
        font = get_font(_font_file(self.family, bold))
        font.set_size(100, 72)
        glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
        return float(glyph.linearHoriAdvance) / 65536 / 100

    def wrapped(self, text: str, size: float, width: float, bold: bool = False) -> list[str]:
        """Text in lines that are no wider than `width`, broken between words."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer, size, bold) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def fitted(self, text: str, size: float, width: float, least: float, bold: bool = False) -> float:  # fmt: skip
        """The size not above `size` at which text fits, but not below `least`."""
        return max(least, min(size, size * width / max(self.width(text, size, bold), 1e-6)))


@cache
def _known_family(family: str) -> str:
    try:
        findfont(FontProperties(family=family), fallback_to_default=False)
    except ValueError:
        return _FALLBACK_FONT
    return family


@cache
def _font_file(family: str, bold: bool) -> str:
    return str(findfont(_font(family, bold, False)))


@cache
def _font(family: str, bold: bool, italic: bool) -> FontProperties:
    return FontProperties(
        family=family, weight="bold" if bold else "normal", style="italic" if italic else "normal"
    )


@lru_cache(maxsize=8)
def lettering(family: str) -> Lettering:
    """The widths of a font family, measured once for the process."""
    return Lettering(family)


def page_of(size: str) -> Page:
    """A size by its name (`slide`, `a4`, `a3`); an unknown one is refused."""
    if size not in PAGES:
        raise Refusal(
            t("Ukuran {size} tidak ada; pilih: {known}.", size=size, known=", ".join(PAGES))
        )
    return PAGES[size]


def check_dpi(dpi: int) -> None:
    """Refuses a resolution that is of no use or would fill the memory."""
    low, high = DPI_LIMITS
    if not low <= dpi <= high:
        raise Refusal(t("--dpi harus antara {low} dan {high}.", low=low, high=high))


@dataclass
class Sheet:
    """One page being drawn."""

    page: Page
    theme: Theme
    placed: list[Placement] = field(default_factory=list)

    def __post_init__(self) -> None:
        """An empty white page."""
        self.figure = Figure(figsize=(self.page.width / 72, self.page.height / 72), dpi=72)
        self.figure.patch.set_facecolor(colours.PAPER)
        FigureCanvasAgg(self.figure)
        # Points to inches to pixels: follows the resolution that a form is written in.
        self.plane = Affine2D().scale(1 / 72) + self.figure.dpi_scale_trans
        self.letters = lettering(self.theme.font)

    def text(
        self, x: float, y: float, words: str, size: float, *, color: str, bold: bool = False,
        italic: bool = False, align: Align = "left", turn: float = 0.0, z: float = 5.0,
    ) -> Box:  # fmt: skip
        """One line whose baseline begins (or is centred, or ends) at x, y; returns its room."""
        artist = Text(
            x, y, words, color=color, fontproperties=_font(self.letters.family, bold, italic),
            ha=align, va="baseline", rotation=turn, rotation_mode="anchor", transform=self.plane,
            zorder=z,
        )  # fmt: skip
        artist.set_fontsize(size)
        # Without ligatures: who searches a PDF for "fi" finds two letters, and fonts stay whole.
        artist.set_fontfeatures(["-liga"])
        self.figure.add_artist(artist)
        return text_box(x, y, self.letters.width(words, size, bold), size, align, turn)

    def areas(
        self, shapes: Iterable[BaseGeometry], info: ClassInfo, *, edge: str, width: float,
        z: float = 1.0, names: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Areas of one class; with `names`, each is an object of its own with that name."""
        paths = [path_of(shape) for shape in shapes]
        if not paths:
            return
        look: dict[str, Any] = {"facecolor": info.fill, "edgecolor": edge, "linewidth": width}
        if info.pattern:
            look |= {
                "hatch": _HATCHES[info.pattern], "hatchcolor": info.pattern_ink,
                "hatch_linewidth": _HATCH_WIDTH,
            }  # fmt: skip
        if names:
            for path, name in zip(paths, names, strict=True):
                patch = PathPatch(path, transform=self.plane, zorder=z, joinstyle="round", **look)
                patch.set_gid(name)
                self.figure.add_artist(patch)
            return
        # One path for all of them: to fill and hatch 1.650 cells one by one takes a second.
        together = Outline.make_compound_path(*paths)
        self.figure.add_artist(
            PathPatch(together, transform=self.plane, zorder=z, joinstyle="round", **look)
        )

    def outlines(
        self, shapes: Iterable[BaseGeometry], *, color: str, width: float, z: float = 2.0
    ) -> None:
        """Borders without a fill."""
        many = PathCollection(
            [path_of(shape) for shape in shapes], facecolors=["none"], edgecolors=[color],
            linewidths=[width], zorder=z, joinstyle="round",
        )  # fmt: skip
        many.set_transform(self.plane)
        self.figure.add_artist(many)

    def box(
        self, box: Box, *, fill: str, edge: str = "none", width: float = 0.0, round_by: float = 0.0,
        alpha: float = 1.0, z: float = 3.0,
    ) -> None:  # fmt: skip
        """A rectangle, its corners round if wished."""
        west, south, east, north = box
        style = f"round,pad=0,rounding_size={round_by}" if round_by else "square,pad=0"
        patch = FancyBboxPatch(
            (west, south), east - west, north - south, boxstyle=style, facecolor=fill,
            edgecolor=edge, linewidth=width, transform=self.plane, zorder=z, alpha=alpha,
        )  # fmt: skip
        self.figure.add_artist(patch)

    def turned_plate(
        self, middle: tuple[float, float], width: float, size: float, turn: float
    ) -> None:
        """Calm ground below a turned line of text that is centred on `middle`."""
        x, y = middle
        patch = FancyBboxPatch(
            (x - width / 2, y - DESCENT * size), width, size, boxstyle="round,pad=0,rounding_size=2",
            facecolor=colours.PAPER, edgecolor="none", alpha=0.8, zorder=4.5,
            transform=Affine2D().rotate_deg_around(x, y, turn) + self.plane,
        )  # fmt: skip
        self.figure.add_artist(patch)

    def line(
        self, points: Sequence[tuple[float, float]], *, color: str, width: float, z: float = 3.0,
        cap: Literal["butt", "round"] = "round",
    ) -> None:  # fmt: skip
        """A line through points."""
        xs, ys = zip(*points, strict=True)
        drawn = Line2D(
            xs, ys, color=color, linewidth=width, transform=self.plane, zorder=z,
            solid_capstyle=cap, solid_joinstyle="round",
        )  # fmt: skip
        self.figure.add_artist(drawn)

    def swatch(self, box: Box, info: ClassInfo) -> None:
        """A little area of a class, for a legend."""
        self.areas([shapely.box(*box)], info, edge=colours.SWATCH_EDGE, width=0.5, z=4.0)
        if info.mark:
            west, south, east, north = box
            inner = shapely.box(west + 1, south + 1, east - 1, north - 1)
            self.outlines([inner], color=info.mark, width=1.8, z=4.1)

    def logo(self, file: Path, right: float, top: float, height: float, most: float) -> float:
        """An image at a right upper corner; returns the width that it takes."""
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(file) as opened:
                # As large as print needs; a photograph of many megapixels would only cost time.
                opened.thumbnail((1200, 1200))
                picture = np.asarray(opened.convert("RGBA"))
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
            raise Refusal(t("Logo {logo} tidak dapat dibaca sebagai gambar.", logo=file)) from None
        high, wide = picture.shape[:2]
        height = min(height, most * high / wide)
        width = height * wide / high
        place = Bbox.from_extents(right - width, top - height, right, top)
        image = BboxImage(TransformedBbox(place, self.plane), zorder=4.0)
        image.set_data(picture)
        self.figure.add_artist(image)
        return float(width)

    def note(self, kind: str, words: str, box: Box) -> None:
        """Remembers a text of the map, so that no other is put on it."""
        self.placed.append(Placement(kind, words, box))

    def is_free(self, box: Box, air: float = 1.0) -> bool:
        """Whether a box lies on the page and touches no text that was noted."""
        west, south, east, north = box
        if west < 0 or south < 0 or east > self.page.width or north > self.page.height:
            return False
        return not any(overlap(box, other.box, air) for other in self.placed)


def overlap(one: Box, other: Box, air: float = 0.0) -> bool:
    """Whether two boxes come nearer to one another than `air`."""
    return (
        one[0] < other[2] + air
        and other[0] < one[2] + air
        and one[1] < other[3] + air
        and other[1] < one[3] + air
    )


def text_box(
    x: float, y: float, width: float, size: float, align: Align, turn: float = 0.0
) -> Box:  # fmt: skip
    """The room of a line of text; of a turned one, the upright box around it."""
    west = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * width
    box = (west, y - DESCENT * size, west + width, y + ASCENT * size)
    if not turn:
        return box
    sine, cosine = math.sin(math.radians(turn)), math.cos(math.radians(turn))
    corners = [(u - x, v - y) for u in (box[0], box[2]) for v in (box[1], box[3])]
    xs = [x + u * cosine - v * sine for u, v in corners]
    ys = [y + u * sine + v * cosine for u, v in corners]
    return min(xs), min(ys), max(xs), max(ys)


def path_of(shape: BaseGeometry) -> Outline:
    """A polygon, or several, holes included, as a path to fill."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(shape))]
    codes = []
    for ring in rings:
        code = np.full(len(ring), Outline.LINETO, dtype=Outline.code_type)
        code[0], code[-1] = Outline.MOVETO, Outline.CLOSEPOLY
        codes.append(code)
    return Outline(np.concatenate(rings), np.concatenate(codes))


def render(
    sheet: Sheet, format: Format, *, dpi: int | None = None, about: Mapping[str, str],
    day: date | None = None,
) -> bytes:  # fmt: skip
    """The page as a file; the same page gives the same bytes.

    Args:
        sheet: The page.
        format: `png`, `svg` or `pdf`.
        dpi: Pixels per inch of a PNG; default that of the page. SVG and PDF have no pixels.
        about: `Title`, `Author`, `Subject`, `Keywords`, written into the file.
        day: The date of the data, which stands for the date of the file.
    """
    file = BytesIO()
    canvas: Any = sheet.figure.canvas
    if format == "png":
        dpi = dpi or sheet.page.dpi
        check_dpi(dpi)
        sheet.figure.dpi = dpi
        said = {"Title": about["Title"], "Author": about["Author"],
                "Description": about["Subject"], "Comment": about["Keywords"],
                "Software": "jambi_dash"}  # fmt: skip
        canvas.print_png(file, metadata=said, pil_kwargs={"dpi": (dpi, dpi)})
        return file.getvalue()
    sheet.figure.dpi = 72
    if format == "pdf":
        from matplotlib.backends.backend_pdf import FigureCanvasPdf

        spare_layout_tables()
        made = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
        pdf: Any = FigureCanvasPdf(sheet.figure)
        pdf.print_pdf(file, metadata={**about, "Creator": "jambi_dash", "CreationDate": made})
        return file.getvalue()
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    # matplotlib would write the time of day unless told not to.
    svg: Any = FigureCanvasSVG(sheet.figure)
    svg.print_svg(
        file, metadata={"Title": about["Title"], "Date": None, "Creator": about["Author"],
                        "Description": about["Subject"], "Keywords": [about["Keywords"]]},
    )  # fmt: skip
    return _svg_for_everybody(file.getvalue().decode(), sheet, about).encode()


def spare_layout_tables() -> None:
    """Leaves the tables that place letters out of fonts put into a PDF.

    matplotlib has placed every letter itself; to cut these tables down to the letters of a page
    takes longer than to draw it. They are named where fontTools keeps what it always drops.
    """
    from fontTools.subset import Options

    known: list[str] = getattr(Options, "_drop_tables_default", [])
    known.extend(name for name in ("GSUB", "GPOS", "GDEF", "kern") if name not in known)


def _svg_for_everybody(text: str, sheet: Sheet, about: Mapping[str, str]) -> str:
    """Fonts to fall back to, a description for screen readers, no document type to look up."""
    family = sheet.letters.family
    text = text.replace(f"'{family}'", f"'{family}', {_SVG_FAMILIES}")
    head, body = text[: text.index("<!DOCTYPE")], text[text.index("<svg ") :]
    start = body.index("</title>") + len("</title>")
    return f"{head}{body[:start]}\n <desc>{html.escape(about['Subject'])}</desc>{body[start:]}"
