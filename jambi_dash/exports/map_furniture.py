"""Scale bar and north arrow, for maps that lie on the earth."""

from __future__ import annotations

import shapely

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.exports.page_parts import LOOK
from jambi_dash.exports.sheet import Sheet
from jambi_dash.palette import ClassInfo, colours

_LENGTHS = (50, 100, 200, 400, 500, 1000, 2000, 4000, 5000, 10_000)


def draw_north(sheet: Sheet, west: float, top: float) -> None:
    """An arrow to the north; the plane's north and true north differ by 0.04 degrees here."""
    scale = sheet.page.scale
    middle, high = west + 7 * scale, 22 * scale
    arrow = shapely.Polygon(
        [(middle, top), (middle - 5 * scale, top - high), (middle, top - 0.76 * high),
         (middle + 5 * scale, top - high)]
    )  # fmt: skip
    sheet.areas([arrow], ClassInfo("north", "", LOOK.ink, colours.PAPER), edge=LOOK.ink, width=0.3,
                z=4.0)  # fmt: skip
    size = 8 * scale
    letter = t("U")
    box = sheet.text(middle, top - high - 1.1 * size, letter, size, color=LOOK.ink, bold=True,
                     align="center")  # fmt: skip
    sheet.note("north", letter, (west - 2, box[1], west + 14 * scale, top))


def draw_scale_bar(
    sheet: Sheet, west: float, south: float, points_per_metre: float, most: float = 110.0
) -> None:
    """A bar of round metres or kilometres, at most `most` points (on a slide) long."""
    scale = sheet.page.scale
    wanted = most * scale / points_per_metre
    metres = max((n for n in _LENGTHS if n <= wanted), default=_LENGTHS[0])
    length, high, size = metres * points_per_metre, 3.2 * scale, 7 * scale
    words = f"{formats.number(metres / 1000)} km" if metres >= 1000 else f"{metres} m"
    half = west + length / 2
    sheet.box((west, south, half, south + high), fill=LOOK.ink, edge=LOOK.ink, width=0.6, z=4.0)
    sheet.box((half, south, west + length, south + high), fill=colours.PAPER, edge=LOOK.ink, width=0.6,
              z=4.0)  # fmt: skip
    base = south + high + 2.4 * scale
    sheet.text(west, base, "0", size, color=LOOK.ink)
    box = sheet.text(west + length, base, words, size, color=LOOK.ink, align="center")
    sheet.note("scale", words, (west - 1, south - 1, box[2], box[3]))
