"""Native tables for slides, calm: a line below each row, no boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from jambi_dash.exports.slides import ACCENT, INK, Box, Look, Words, clean, describe, write

_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_LINE = (
    '<a:solidFill><a:schemeClr val="tx1"><a:lumMod val="25000"/><a:lumOff val="75000"/>'
    "</a:schemeClr></a:solidFill>"
)


def add_table(
    slide: Any, room: Box, titles: Sequence[str], rows: Sequence[Sequence[str]], name: str, *,
    shares: Sequence[float], points: float = 14, figures_from: int = 1, bold_rows: Sequence[int] = (),
    look: Look, row_height: int | None = None,
) -> None:  # fmt: skip
    """A table as wide as `room`; columns from `figures_from` on stand at the right.

    `shares` are the widths of the columns; `row_height` is the least height of a row.
    """
    count = len(rows) + 1
    height = row_height or min(room.height // count, Inches(0.55))
    frame = slide.shapes.add_table(
        count, len(titles), room.left, room.top, room.width, height * count
    )
    frame.name = clean(name)
    describe(frame, name)
    table = frame.table
    _plain(table)
    for place, share in enumerate(shares):
        table.columns[place].width = int(room.width * share / sum(shares))
    for number, cells in enumerate([titles, *rows]):
        table.rows[number].height = height
        for place, text in enumerate(cells):
            head = number == 0
            words = Words(
                text, points, bold=head or place == 0 or number - 1 in bold_rows,
                colour=look.on_accent if head else INK,
                align=PP_ALIGN.RIGHT if place >= figures_from else PP_ALIGN.LEFT,
            )  # fmt: skip
            cell = table.cell(number, place)
            write(cell.text_frame, [words], scale=look.scale)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.margin_left = cell.margin_right = int(Inches(0.1) * look.scale)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            if head:
                cell.fill.solid()
                cell.fill.fore_color.theme_color = ACCENT
            else:
                _underline(cell)


def _plain(table: Any) -> None:
    properties = table._tbl.tblPr
    for key in ("bandRow",):
        properties.attrib.pop(key, None)
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = _NO_STYLE


def _underline(cell: Any) -> None:
    line = parse_xml(f'<a:lnB {nsdecls("a")} w="{Pt(0.75)}">{_LINE}</a:lnB>')
    properties = cell._tc.get_or_add_tcPr()
    properties.insert(0, line)
