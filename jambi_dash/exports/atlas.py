"""The atlas: cover, contents, and a page for every kelurahan, as one PDF with bookmarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from matplotlib.backends.backend_pdf import PdfPages
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import Fit

from jambi_dash.domain import formats
from jambi_dash.domain.areas import CITY_NAME, Kecamatan, Kelurahan, load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.atlas_page import AtlasMaps, compose_page
from jambi_dash.exports.map_canvas import Canvas, Colouring
from jambi_dash.exports.page_parts import LOOK, RULE, draw_foot, draw_head, draw_legend, margin_of
from jambi_dash.exports.page_parts import draw_mark as draw_page_mark
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.exports.sheet import Box, Sheet, page_of, spare_layout_tables
from jambi_dash.exports.theme import Theme
from jambi_dash.exports.views import MapView, Origin, coverage_view
from jambi_dash.geography.levels import BaseKind
from jambi_dash.palette import colours
from jambi_dash.queries.door import Door
from jambi_dash.queries.profiles import Profiles, profiles

_BEFORE = 2
"""Pages before the first kelurahan: cover and contents."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Atlas:
    """The finished file and what it holds."""

    content: bytes
    pages: int
    origin: Origin
    filter: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """A line of the contents: a kecamatan (`code` of 8 signs) or a kelurahan, and its page."""

    code: str
    name: str
    page: int


def make_atlas(
    home: Path,
    door: Door,
    *,
    theme: Theme,
    public: bool = False,
    kecamatan: str | None = None,
    base: BaseKind | None = None,
    progress: Progress | None = None,
) -> Atlas:
    """The atlas of the current release at the date of its data.

    Args:
        home: Folder of releases and boundaries.
        door: The release.
        theme: Who it is from.
        public: Small counts are hidden and nothing below a kelurahan is shown.
        kecamatan: Code or name; only its kelurahan.
        base: What maps are drawn on; `None`: official boundaries where they are installed.
        progress: Told after each page how many are done, of how many.

    Raises:
        Refusal: a kecamatan that does not exist, or official boundaries that are not installed.
    """
    chosen = [k for k in load_areas().kecamatan if kecamatan is None or _is(k, kecamatan)]
    if not chosen:
        raise Refusal(
            t("Kecamatan “{name}” tidak ada; pilih: {known}.", name=kecamatan,
              known=", ".join(k.name for k in load_areas().kecamatan))
        )  # fmt: skip
    # The view checks that everything adds up before a page is drawn.
    view = coverage_view(door, level="kelurahan", public=public)
    data = profiles(door, public=public)
    maps = AtlasMaps.of(shapes_for(home, door, "kelurahan" if public else "rt", base))
    places = [k for one in chosen for k in load_areas().kelurahan_of(one.code)]
    entries = _entries(chosen, places)
    total = _BEFORE + len(places)
    title = _title(chosen if kecamatan is not None else None)
    parts = _Parts(view, data, maps, theme, title, total,
                   chosen[0].code if kecamatan is not None else "")  # fmt: skip
    file = BytesIO()
    spare_layout_tables()
    with PdfPages(file, metadata=_metadata(parts)) as book:
        _put(book, _cover(parts, home, door))
        contents, links = _contents(parts, entries)
        _put(book, contents)
        for number, place in enumerate(places, start=1):
            page = compose_page(
                data.by_code[place.code], data, maps, view.origin, theme,
                number=_page_words(number + _BEFORE, total),
            )  # fmt: skip
            _put(book, page)
            if progress is not None:
                progress(number, len(places))
    words = ((t("Kecamatan"), chosen[0].name),) if kecamatan is not None else ()
    content = _with_bookmarks(file.getvalue(), entries, links)
    return Atlas(content, total, view.origin, (*view.filter, *words))


@dataclass(frozen=True)
class _Parts:
    view: MapView
    data: Profiles
    maps: AtlasMaps
    theme: Theme
    title: str
    total: int
    chosen: str = ""


def _is(one: Kecamatan, asked: str) -> bool:
    return asked.strip().casefold() in (one.code, one.name.casefold())


def _title(chosen: Sequence[Kecamatan] | None) -> str:
    where = CITY_NAME if chosen is None else t("Kecamatan {name}", name=chosen[0].name)
    return t("Atlas cakupan {where}", where=where)


def _page_words(number: int, total: int) -> str:
    return t("halaman {n} dari {all}", n=number, all=total)


def _entries(chosen: Sequence[Kecamatan], places: Sequence[Kelurahan]) -> list[Entry]:
    found = []
    page = _BEFORE + 1
    for one in chosen:
        found.append(Entry(one.code, one.name, page))
        for place in places:
            if place.kecamatan_code == one.code:
                found.append(Entry(place.code, place.name, page))
                page += 1
    return found


def _put(book: PdfPages, sheet: Sheet) -> None:
    sheet.figure.dpi = 72
    book.savefig(sheet.figure)  # type: ignore[no-untyped-call]


def _metadata(parts: _Parts) -> dict[str, object]:
    origin = parts.view.origin
    made = datetime(origin.as_of.year, origin.as_of.month, origin.as_of.day, tzinfo=UTC)
    said = [parts.view.subtitle, origin.line(), origin.mark()]
    return {
        "Title": parts.title,
        "Author": parts.theme.organisation or "–",
        "Subject": " · ".join(part for part in said if part),
        "Keywords": "; ".join(f"{name}: {value}" for name, value in parts.view.filter),
        "Creator": "jambi_dash",
        "CreationDate": made,
        "ModDate": made,
    }


# --- cover and contents -------------------------------------------------------------------------


def _cover(parts: _Parts, home: Path, door: Door) -> Sheet:
    """Whose atlas it is, of when, and the city at one glance."""
    view, theme = parts.view, parts.theme
    sheet = Sheet(page_of("a4"), theme)
    page, scale, edge = sheet.page, sheet.page.scale, margin_of(sheet)
    band = page.height - 132 * scale
    sheet.box((0, band, page.width, page.height), fill=theme.accent, z=0.5)
    right = page.width - edge
    if theme.logo is not None:
        # On a white plate: nobody knows the colours of a logo beforehand.
        plate = (right - 96 * scale, band + 18 * scale, right, page.height - 18 * scale)
        sheet.box(plate, fill=colours.PAPER, round_by=5, z=1.0)
        sheet.logo(theme.logo, right - 8 * scale, plate[3] - 8 * scale, 80 * scale, 80 * scale)
        right = plate[0] - 16 * scale
    y = page.height - 46 * scale
    office = " · ".join(word for word in (theme.organisation, theme.programme) if word)
    size = sheet.letters.fitted(office, 10 * scale, right - edge, 6) if office else 0
    sheet.text(edge, y, office, size or 1, color=colours.PAPER, bold=True)
    y -= 40 * scale
    size = sheet.letters.fitted(parts.title, 31 * scale, right - edge, 14, bold=True)
    sheet.text(edge, y, parts.title, size, color=colours.PAPER, bold=True)
    y -= 22 * scale
    words = _cover_words(parts)
    size = sheet.letters.fitted(words, 11.5 * scale, right - edge, 7)
    sheet.text(edge, y, words, size, color=colours.PAPER)
    bottom = draw_foot(
        sheet, [view.check, " · ".join([*view.sources, parts.maps.shapes.words()])], view.origin,
        number=_page_words(1, parts.total),
    ) + 10 * scale  # fmt: skip
    top = band - 14 * scale
    mark = view.origin.mark()
    if mark:
        top = draw_page_mark(sheet, mark, page.width - edge, top)[1] - 10 * scale
    panel = (page.width - edge - 190 * scale, bottom, page.width - edge, top)
    draw_legend(sheet, panel, view.legend_title, view.legend_note, view.unit, view.legend())
    shapes = shapes_for(home, door, "kelurahan", parts.maps.shapes.kind)
    frame = (edge, bottom, panel[0] - 20 * scale, band - 14 * scale)
    canvas = Canvas(sheet, shapes, Colouring(view.scale, view.classes, {}), frame)
    canvas.draw()
    if parts.chosen:
        sheet.outlines([canvas.kecamatan[parts.chosen]], color=theme.accent, width=3.4, z=2.7)
    canvas.write_river()
    canvas.write_kecamatan()
    return sheet


def _cover_words(parts: _Parts) -> str:
    """What the atlas says first: coverage of the city, or of the one kecamatan."""
    above = [p.kecamatan for p in parts.data.rows if p.kecamatan.code == parts.chosen]
    if not above or above[0].rate is None:
        return parts.view.subtitle
    row = above[0]
    return t("{month}: {rate} terlindungi, {n} dari {all} pekerja rentan di kecamatan ini",
             month=formats.month(parts.data.table.at), rate=formats.percent(row.rate),
             n=formats.number(row.covered), all=formats.number(row.eligible))  # fmt: skip


def _contents(parts: _Parts, entries: Sequence[Entry]) -> tuple[Sheet, list[tuple[Box, int]]]:
    """The list of pages; with it, where each line lies and to which page it leads."""
    view = parts.view
    sheet = Sheet(page_of("a4"), parts.theme)
    scale, edge = sheet.page.scale, margin_of(sheet)
    unplaced = ""
    if parts.data.unplaced_findings:
        unplaced = t("{n} baris yang perlu diperbaiki tidak menyebut kelurahan yang dikenal, jadi "
                     "tidak ada di halaman mana pun.",
                     n=formats.number(parts.data.unplaced_findings))  # fmt: skip
    top = draw_head(sheet, t("Isi"), view.subtitle, view.origin) - 14 * scale
    number = _page_words(2, parts.total)
    bottom = draw_foot(sheet, [view.check, unplaced], view.origin, number=number) + 12 * scale
    rates = {profile.row.code: profile.row for profile in parts.data.rows}
    blocks = _blocks(entries)
    columns = min(3, len(blocks))
    gap = 26 * scale
    wide = (sheet.page.width - 2 * edge - gap * 2) / 3
    links: list[tuple[Box, int]] = []
    size = 8.2 * scale
    step = min(1.62 * size, (top - bottom) / max(_lengths(blocks, columns)))
    for column, group in enumerate(_spread(blocks, columns)):
        west = edge + column * (wide + gap)
        y = top
        for block in group:
            for entry in block:
                head = len(entry.code) == 8
                y -= step
                row = rates.get(entry.code)
                value = "" if row is None else formats.percent(row.rate)
                _contents_line(sheet, (west, y, west + wide, y + size), entry, value, size, head)
                links.append(((west, y - 0.3 * size, west + wide, y + size), entry.page - 1))
            y -= 0.7 * step
    return sheet, links


def _contents_line(
    sheet: Sheet, box: Box, entry: Entry, value: str, size: float, head: bool
) -> None:
    west, y, east, _ = box
    indent = 0 if head else 1.1 * size
    ink = sheet.theme.accent if head else LOOK.ink
    sheet.text(west + indent, y, entry.name, size, color=ink, bold=head)
    if value:
        sheet.text(east - 3.4 * size, y, value, size, color=LOOK.muted, align="right")
    sheet.text(east, y, str(entry.page), size, color=LOOK.ink, bold=True, align="right")
    if head:
        sheet.line([(west, y - 0.35 * size), (east, y - 0.35 * size)], color=RULE, width=0.7)


def _blocks(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Each kecamatan with its kelurahan."""
    blocks: list[list[Entry]] = []
    for entry in entries:
        if len(entry.code) == 8:
            blocks.append([])
        blocks[-1].append(entry)
    return blocks


def _spread(blocks: Sequence[list[Entry]], columns: int) -> list[list[list[Entry]]]:
    """Whole kecamatan over columns in their order, none much longer than the others."""
    total = sum(len(block) + 0.7 for block in blocks)
    groups: list[list[list[Entry]]] = [[] for _ in range(columns)]
    done = 0.0
    for block in blocks:
        middle = done + (len(block) + 0.7) / 2
        groups[min(columns - 1, int(middle / total * columns))].append(block)
        done += len(block) + 0.7
    return groups


def _lengths(blocks: Sequence[list[Entry]], columns: int) -> list[float]:
    return [sum(len(b) + 0.7 for b in group) for group in _spread(blocks, columns)]


# --- bookmarks ----------------------------------------------------------------------------------


def _with_bookmarks(
    content: bytes, entries: Sequence[Entry], links: Sequence[tuple[Box, int]]
) -> bytes:
    """The same pages with bookmarks by kecamatan and kelurahan, and contents that can be clicked."""
    reader = PdfReader(BytesIO(content))
    writer = PdfWriter(clone_from=reader)
    writer.add_outline_item(title=t("Sampul"), page_number=0)
    writer.add_outline_item(title=t("Isi"), page_number=1)
    above = None
    for entry in entries:
        if len(entry.code) == 8:
            above = writer.add_outline_item(title=entry.name, page_number=entry.page - 1, bold=True)
        else:
            writer.add_outline_item(title=entry.name, page_number=entry.page - 1, parent=above)
    for box, page in links:
        writer.add_annotation(1, Link(rect=box, target_page_index=page, fit=Fit.fit()))
    writer.page_mode = "/UseOutlines"
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


__all__ = ["Atlas", "make_atlas"]
