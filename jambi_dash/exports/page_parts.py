"""What stands around a map on every page: head, foot, mark of invented data, legend, key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.exports.sheet import ASCENT, Box, Sheet
from jambi_dash.exports.views import Origin
from jambi_dash.palette import SURROUNDINGS, ClassInfo

LOOK = SURROUNDINGS["light"]
RULE = LOOK.line


def margin_of(sheet: Sheet) -> float:
    """Empty room at the edges of a page, in points: printers need some on A4 and A3."""
    return 26.0 if sheet.page.name == "slide" else 30.0 * min(sheet.page.scale, 1.0) + 4


def draw_head(
    sheet: Sheet, title: str, subtitle: str, origin: Origin, *, beside: str = ""
) -> float:
    """Organisation, title, subtitle, logo and mark; returns the height at which it ends."""
    scale, page, edge = sheet.page.scale, sheet.page, margin_of(sheet)
    left, right, top = edge, page.width - edge, page.height - edge
    letters = sheet.letters
    if sheet.theme.logo is not None:
        right -= sheet.logo(sheet.theme.logo, right, top, 44 * scale, 130 * scale) + 12 * scale
    small = 8.2 * scale
    y = top - ASCENT * small
    office = " · ".join(word for word in (sheet.theme.organisation, sheet.theme.programme) if word)
    room = right - left
    mark = origin.mark()
    if mark:
        box = draw_mark(sheet, mark, right, top + 1.5 * scale)
        room = box[0] - left - 10
    if office:
        size = letters.fitted(office, small, room, small * 0.7, bold=True)
        sheet.text(left, y, office, size, color=sheet.theme.accent, bold=True)
    size = letters.fitted(title, 20 * scale, right - left, 11 * scale, bold=True)
    y -= 8 * scale + 0.92 * size
    for words in letters.wrapped(title, size, right - left, bold=True)[:2]:
        sheet.text(left, y, words, size, color=LOOK.ink, bold=True)
        y -= 1.1 * size
    y += 1.1 * size
    size = 10.8 * scale
    lines = letters.wrapped(subtitle, size, right - left)
    for words in lines[:2]:
        y -= 1.42 * size
        sheet.text(left, y, words, size, color=LOOK.muted)
    if beside:
        sheet.text(right, y, beside, size, color=LOOK.muted, align="right")
    y -= 0.75 * size
    sheet.line([(left, y), (page.width - edge, y)], color=sheet.theme.accent, width=1.1 * scale,
               cap="butt")  # fmt: skip
    return y


def draw_mark(sheet: Sheet, words: str, right: float, top: float, size: float = 0.0) -> Box:
    """The red-orange mark of invented data, its right upper corner at `right`, `top`."""
    size = size or 8.6 * sheet.page.scale
    width = sheet.letters.width(words, size, bold=True)
    pad = 0.7 * size
    box = (right - width - 2 * pad, top - size - 1.1 * pad, right, top)
    sheet.box(box, fill=LOOK.mark, edge=LOOK.mark_line, width=0.9, round_by=0.35 * size, z=6.0)
    sheet.text(box[0] + pad, top - 0.55 * pad - 0.86 * size, words, size, color=LOOK.mark_ink, bold=True,
               z=6.1)  # fmt: skip
    return box


def draw_foot(
    sheet: Sheet, lines: Sequence[str], origin: Origin, *, number: str = ""
) -> float:  # fmt: skip
    """Sources and origin at the foot of the page; returns the height at which it begins."""
    scale, page, edge = sheet.page.scale, sheet.page, margin_of(sheet)
    left, right = edge, page.width - edge
    size = 7.2 * scale
    step = 1.34 * size
    # The number of the page and who may see it stand on the last line, whatever else does.
    said = [line for words in lines if words for line in
            sheet.letters.wrapped(words, size, right - left)]  # fmt: skip
    y = edge
    kept = origin.line()
    sheet.text(left, y, kept, size, color=LOOK.ink, bold=True)
    if number:
        sheet.text(right, y, number, size, color=LOOK.ink, bold=True, align="right")
    for words in reversed(said):
        y += step
        sheet.text(left, y, words, size, color=LOOK.muted)
    y += 1.5 * size
    sheet.line([(left, y), (right, y)], color=RULE, width=0.8, cap="butt")
    return y


def draw_legend(
    sheet: Sheet, box: Box, title: str, note: str, unit: str,
    entries: Sequence[tuple[ClassInfo, int]], *, scale: float | None = None,
) -> float:  # fmt: skip
    """The classes with how many areas are in each, from the top of `box` down.

    Returns the height at which it ends.
    """
    scale = scale or sheet.page.scale
    west, _, east, north = box
    head, size, small = 10.2 * scale, 9.0 * scale, 7.2 * scale
    y = north - ASCENT * head
    sheet.text(west, y, title, head, color=LOOK.ink, bold=True)
    sheet.text(east, y, unit, small, color=LOOK.muted, align="right")
    row = 14.6 * scale
    y -= 5 * scale
    high, wide = 10.6 * scale, 19 * scale
    for info, count in entries:
        y -= row
        sheet.swatch((west, y, west + wide, y + high), info)
        base = y + high / 2 - 0.36 * size
        fitted = sheet.letters.fitted(info.label, size, east - west - wide - 36 * scale, 6 * scale)
        sheet.text(west + wide + 7 * scale, base, info.label, fitted, color=LOOK.ink)
        sheet.text(east, base, formats.number(count), size, align="right", bold=count > 0,
                   color=LOOK.ink if count else LOOK.muted)  # fmt: skip
    y -= 5 * scale
    sheet.line([(west, y), (east, y)], color=RULE, width=0.7, cap="butt")
    y -= 1.15 * size
    total = sum(count for _, count in entries)
    sheet.text(west, y, t("Jumlah"), small, color=LOOK.muted)
    sheet.text(east, y, f"{formats.number(total)} {unit}", small, color=LOOK.ink, bold=True,
               align="right")  # fmt: skip
    for words in sheet.letters.wrapped(note, small, east - west) if note else []:
        y -= 1.35 * small
        sheet.text(west, y, words, small, color=LOOK.muted)
    return y - 0.4 * small


@dataclass(frozen=True)
class KeyEntry:
    """An area whose name did not fit: its number on the map, its name and mark."""

    number: int
    code: str
    name: str
    mark: str


def draw_key(sheet: Sheet, box: Box, title: str, entries: Sequence[KeyEntry]) -> float:
    """The names behind the numbers in as many columns as are needed; returns where it ends."""
    west, _, east, north = box
    scale, letters = sheet.page.scale, sheet.letters
    head = 8.6 * scale
    y = north - ASCENT * head
    sheet.text(west, y, title, head, color=LOOK.ink, bold=True)
    top = y - 0.6 * head
    size, columns = _key_form(sheet, box, entries, top)
    rows = -(-len(entries) // columns)
    gap = 9 * scale
    wide = (east - west - gap * (columns - 1)) / columns
    step = 1.36 * size
    for place, entry in enumerate(entries):
        column, row = divmod(place, rows)
        left = west + column * (wide + gap)
        base = top - (row + 0.85) * step
        digits = letters.width("00", size, bold=True)
        sheet.text(left + digits, base, str(entry.number), size, color=LOOK.ink, bold=True,
                   align="right")  # fmt: skip
        mark = letters.width(entry.mark, size)
        room = wide - digits - mark - 0.9 * size
        name = entry.name.replace("\u00ad", "")
        sheet.text(left + digits + 0.5 * size, base, name, letters.fitted(name, size, room, 3.5),
                   color=LOOK.ink)  # fmt: skip
        if entry.mark:
            sheet.text(left + wide, base, entry.mark, size, color=LOOK.muted, align="right")
    return top - (rows + 0.3) * step


def _key_form(sheet: Sheet, box: Box, entries: Sequence[KeyEntry], top: float) -> tuple[float, int]:
    """The largest letters, and the fewest columns with them, in which the key fits the box."""
    west, south, east, _ = box
    scale = sheet.page.scale
    longest = max(
        sheet.letters.width(f"00 {e.name} {e.mark}", 1.0) for e in entries
    )  # fmt: skip
    size = 8.2 * scale
    while size > 4.6 * scale:
        for columns in (1, 2, 3):
            rows = -(-len(entries) // columns)
            wide = (east - west - 9 * scale * (columns - 1)) / columns
            if rows * 1.36 * size <= top - south and (longest + 0.9) * size <= wide:
                return size, columns
        size *= 0.96
    return size, 3 if len(entries) > 20 else 2


def draw_ranking(
    sheet: Sheet, box: Box, lists: Sequence[tuple[str, Sequence[tuple[str, str]]]]
) -> None:
    """Short lists of names and values below one another, as many as fit."""
    west, south, east, north = box
    scale, letters = sheet.page.scale, sheet.letters
    head, size = 8.8 * scale, 8.0 * scale
    y = north
    for title, rows in lists:
        if y - 1.5 * head - len(rows) * 1.4 * size < south:
            return
        y -= ASCENT * head
        sheet.text(west, y, title, head, color=LOOK.ink, bold=True)
        y -= 0.35 * size
        for name, value in rows:
            y -= 1.4 * size
            room = east - west - letters.width(value, size, bold=True) - size
            sheet.text(west, y, name, letters.fitted(name, size, room, 4), color=LOOK.ink)
            sheet.text(east, y, value, size, color=LOOK.ink, bold=True, align="right")
        y -= 1.3 * head
