"""The mend list of a kelurahan to print and hand over: counts and what to do, never a person.

PDF: A4 upright, a sheet for every kelurahan, before them one that lists them all. XLSX: the same as
two tables. The rows with names are only in the mend list that an import writes for the sender.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from matplotlib.backends.backend_pdf import PdfPages
from pypdf import PdfReader, PdfWriter

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.mending import MendBook, MendSheet, task_text
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rules import rule_text, table_label
from jambi_dash.exports.page_parts import LOOK, RULE, draw_foot, draw_head, margin_of
from jambi_dash.exports.sheet import ASCENT, Page, Sheet
from jambi_dash.exports.theme import Theme
from jambi_dash.exports.views import Origin
from jambi_dash.exports.workbook import Cell, fill, header_format, number_format, open_workbook
from jambi_dash.palette import colours

UPRIGHT = Page("a4_upright", 210 / 25.4 * 72, 297 / 25.4 * 72, 200, 0.92)
_REJECTED, _WARNED = LOOK.bad, LOOK.warned
_TEXT, _SMALL = 9.6, 8.2
_WIDE = 54
"""Characters of a column of sentences."""


def origin_of(book: MendBook) -> Origin:
    """Where the counts are from; such a list is never for the public."""
    return Origin(book.release, book.as_of, book.synthetic, False)


def mend_xlsx(book: MendBook) -> bytes:
    """Two sheets: every kelurahan with its sums, and every finding and task. Numbers are numbers."""
    file = BytesIO()
    origin = origin_of(book)
    subject = " · ".join(filter(None, [origin.mark(), origin.line()]))
    with open_workbook(file, title=t("Daftar perbaikan per kelurahan"), subject=subject,
                       of=book.as_of) as out:  # fmt: skip
        head = header_format(out)
        wrap = out.add_format({"text_wrap": True, "valign": "top"})
        count = out.add_format({"num_format": number_format("count") + "_ _ ", "valign": "top"})
        sums = out.add_worksheet(t("Ringkasan"))
        fill(
            sums,
            [t("Kode"), t("Kelurahan"), t("Kecamatan"), t("Baris ditolak"), t("Baris bercatatan"),
             t("Jumlah tindakan")],
            [[s.code, s.name, s.kecamatan, s.rejected, s.warned, sum(k.people for k in s.tasks)]
             for s in book.sheets],
            head,
        )  # fmt: skip
        sums.set_column(3, 5, 16, count)
        rows: list[list[Cell]] = []
        for s in book.sheets:
            for row in s.rows:
                words = rule_text(row.rule)
                kind = t("Ditolak") if row.outcome == "reject" else t("Catatan")
                rows.append([s.name, s.kecamatan, kind, table_label(row.table), row.rows,
                             words.found, words.mend])  # fmt: skip
            for task in s.tasks:
                found, mend = task_text(task.id)
                rows.append([s.name, s.kecamatan, t("Tindakan"), t("Peserta"), task.people, found,
                             mend])  # fmt: skip
        details = out.add_worksheet(t("Rincian"))
        titles = [t("Kelurahan"), t("Kecamatan"), t("Jenis"), t("Tabel"), t("Jumlah"),
                  t("Yang ditemukan"), t("Cara memperbaiki")]  # fmt: skip
        fill(details, titles, rows, head, wrap)
        for line, cells in enumerate(rows, start=1):
            details.write(line, 4, cells[4], count)
            # Not every program makes a row as high as its wrapped text asks for.
            lines = max(len(str(text)) // _WIDE + 1 for text in cells[5:])
            details.set_row(line, 15 * lines)
        details.set_column(4, 4, 10)
        details.set_column(5, 6, _WIDE + 4)
        details.autofilter(0, 0, max(len(rows), 1), len(titles) - 1)
        about: list[list[Cell]] = [
            [t("Data per"), formats.day(book.as_of)],
            [t("Rilis"), book.release],
            [t("Isi"), _names_are_elsewhere()],
        ]
        if book.synthetic:
            about.insert(0, [origin.mark(), ""])
        remarks = out.add_worksheet(t("Keterangan"))
        fill(remarks, [t("Hal"), t("Isi")], about, head, wrap)
        for sheet in (sums, details, remarks):
            sheet.set_row(0, 31)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            sheet.set_footer("&L&8" + subject.replace("&", "&&")[:200] + "&R&8&P/&N")
    return file.getvalue()


def mend_pdf(book: MendBook, theme: Theme) -> bytes:
    """The sheets to print; of several kelurahan those that have something, and a list of all.

    Raises:
        Refusal: one kelurahan was asked for and it has nothing to mend.
    """
    sheets = [sheet for sheet in book.sheets if not sheet.is_empty]
    if not sheets:
        raise Refusal(t("Tidak ada yang perlu diperbaiki; daftar tidak dibuat."))
    single = len(book.sheets) == 1
    pages: list[Sheet] = []
    starts: dict[str, int] = {}
    parts = [] if single else [
        book.sheets[n : n + _INDEX_MOST] for n in range(0, len(book.sheets), _INDEX_MOST)
    ]  # fmt: skip
    for sheet in sheets:
        starts[sheet.code] = len(parts) + len(pages) + 1
        pages += _Paper(book, sheet, theme).pages()
    marks = [(sheet.name, starts[sheet.code]) for sheet in sheets]
    if parts:
        pages[:0] = [_index(book, part, starts, theme) for part in parts]
        marks.insert(0, (t("Daftar"), 1))
    origin = origin_of(book)
    made = datetime.combine(book.as_of, time(), UTC)
    file = BytesIO()
    with PdfPages(file, metadata={
        "Title": t("Daftar perbaikan per kelurahan"), "Author": theme.organisation or "–",
        "Subject": " · ".join(filter(None, [origin.line(), origin.mark()])),
        "Creator": "jambi_dash", "CreationDate": made, "ModDate": made,
    }) as out:  # fmt: skip
        for number, page in enumerate(pages, start=1):
            _number(page, number, len(pages))
            page.figure.dpi = 72
            out.savefig(page.figure)
    return _with_bookmarks(file.getvalue(), marks)


def _with_bookmarks(content: bytes, marks: Sequence[tuple[str, int]]) -> bytes:
    if len(marks) < 2:
        return content
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    add: Any = writer.add_outline_item
    for name, number in marks:
        add(title=name, page_number=number - 1)
    writer.page_mode = "/UseOutlines"
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def _number(sheet: Sheet, number: int, of: int) -> None:
    edge = margin_of(sheet)
    sheet.text(sheet.page.width - edge, edge, f"{number}/{of}", 7.2 * sheet.page.scale,
               color=LOOK.ink, bold=True, align="right")  # fmt: skip


def _names_are_elsewhere() -> str:
    return t(
        "Hanya jumlah. Baris dengan nama ada pada berkas perbaikan yang dibuat saat kiriman "
        "kelurahan ini diperiksa; mintalah kepada petugas data."
    )


@dataclass(frozen=True)
class _Line:
    """One line to tick off: how many, of what, what was found, what to do."""

    count: int
    of: str
    found: str
    mend: str
    ink: str


@dataclass
class _Paper:
    """The pages of one kelurahan."""

    book: MendBook
    sheet: MendSheet
    theme: Theme

    def pages(self) -> list[Sheet]:
        """One page, or more where a page is full."""
        made: list[Sheet] = []
        groups = [(title, lines) for title, lines in self._groups() if lines]
        page, y, bottom = self._open(made)
        for title, lines in groups:
            if y - bottom < 60:
                page, y, bottom = self._open(made)
            y = self._title(page, y, title)
            for line in lines:
                if y - self._height(page, line) < bottom:
                    page, y, bottom = self._open(made)
                    y = self._title(page, y, t("{title} (lanjutan)", title=title))
                y = self._line(page, y, line)
        if y - bottom < 92:
            page, y, bottom = self._open(made)
        self._signatures(page, bottom)
        return made

    def _groups(self) -> list[tuple[str, list[_Line]]]:
        rejected, warned = (
            [
                _Line(row.rows, table_label(row.table), rule_text(row.rule).found,
                      rule_text(row.rule).mend, ink)
                for row in self.sheet.rows if (row.outcome == "reject") == is_rejected
            ]
            for is_rejected, ink in ((True, _REJECTED), (False, _WARNED))
        )  # fmt: skip
        tasks = [
            _Line(task.people, t("orang"), *task_text(task.id), self.theme.accent)
            for task in self.sheet.tasks
        ]
        return [
            (t("Ditolak: belum dihitung sampai diperbaiki"), rejected),
            (t("Diterima dengan catatan: dihitung, perlu dirapikan"), warned),
            (t("Perlu tindakan"), tasks),
        ]

    def _open(self, made: list[Sheet]) -> tuple[Sheet, float, float]:
        page = Sheet(UPRIGHT, self.theme)
        made.append(page)
        sheet, origin = self.sheet, origin_of(self.book)
        place = t("Kecamatan {name}", name=sheet.kecamatan) if sheet.kecamatan else ""
        sums = t("{rejected} baris ditolak, {warned} catatan; data per {date}",
                 rejected=formats.number(sheet.rejected), warned=formats.number(sheet.warned),
                 date=formats.day(self.book.as_of))  # fmt: skip
        title = (
            t("Daftar perbaikan Kelurahan {name}", name=sheet.name)
            if sheet.code else t("Daftar perbaikan: tanpa kelurahan")
        )  # fmt: skip
        top = draw_head(page, title, " · ".join(filter(None, [place, sums])), origin)
        bottom = draw_foot(page, [_names_are_elsewhere()], origin)
        return page, top - 12, bottom + 10

    def _title(self, page: Sheet, y: float, title: str) -> float:
        left, size = margin_of(page), 11.0
        y -= 8 + ASCENT * size
        page.text(left, y, title, size, color=LOOK.ink, bold=True)
        return y - 7

    def _columns(self, page: Sheet) -> tuple[float, float, float, float]:
        """Left edges of box, count and words, and the right edge."""
        left, right = margin_of(page), page.page.width - margin_of(page)
        return left, left + 20, left + 112, right

    def _height(self, page: Sheet, line: _Line) -> float:
        _, _, words, right = self._columns(page)
        found = page.letters.wrapped(line.found, _TEXT, right - words, bold=True)
        mend = page.letters.wrapped(line.mend, _SMALL, right - words)
        return 11 + len(found) * 1.22 * _TEXT + len(mend) * 1.3 * _SMALL

    def _line(self, page: Sheet, y: float, line: _Line) -> float:
        box, count, words, right = self._columns(page)
        end = y - self._height(page, line)
        y -= 4 + ASCENT * _TEXT
        page.box((box, y - 2, box + 10, y + 8), fill=colours.PAPER, edge=LOOK.control, width=0.8)
        number = formats.number(line.count)
        wide = page.text(count, y, number, _TEXT + 1.4, color=line.ink, bold=True)[2]
        of = page.letters.fitted(line.of, _SMALL, words - wide - 10, 6.0)
        page.text(wide + 4, y, line.of, of, color=LOOK.muted)
        for text in page.letters.wrapped(line.found, _TEXT, right - words, bold=True):
            page.text(words, y, text, _TEXT, color=LOOK.ink, bold=True)
            y -= 1.22 * _TEXT
        y += 1.22 * _TEXT - 1.3 * _SMALL
        for text in page.letters.wrapped(line.mend, _SMALL, right - words):
            page.text(words, y, text, _SMALL, color=LOOK.muted)
            y -= 1.3 * _SMALL
        page.line([(box, end), (right, end)], color=RULE, width=0.6, cap="butt")
        return end

    def _signatures(self, page: Sheet, bottom: float) -> None:
        left, right = margin_of(page), page.page.width - margin_of(page)
        half = (right - left) / 2
        for x, words in ((left, t("Diserahkan petugas data, tanggal")),
                         (left + half + 12, t("Diterima lurah, tanggal"))):  # fmt: skip
            page.text(x, bottom + 44, words, _SMALL, color=LOOK.muted)
            page.line([(x, bottom + 6), (x + half - 12, bottom + 6)], color=LOOK.muted, width=0.7,
                      cap="butt")  # fmt: skip


_INDEX_SIZE, _INDEX_ROW = 8.8, 15.0
_INDEX_MOST = 84
"""So many kelurahan stand on one page of the list, in two columns."""


def _index(
    book: MendBook, sheets: Sequence[MendSheet], starts: Mapping[str, int], theme: Theme
) -> Sheet:
    """Kelurahan with their sums and pages, in two columns; the sums above are of all."""
    page, origin = Sheet(UPRIGHT, theme), origin_of(book)
    rejected, warned = (
        sum(getattr(s, name) for s in book.sheets) for name in ("rejected", "warned")
    )
    top = draw_head(
        page, t("Daftar perbaikan per kelurahan"),
        t("{n} baris ditolak, {m} catatan di seluruh kota; data per {date}",
          n=formats.number(rejected), m=formats.number(warned), date=formats.day(book.as_of)),
        origin,
    )  # fmt: skip
    draw_foot(page, [_names_are_elsewhere()], origin)
    left, right = margin_of(page), page.page.width - margin_of(page)
    half = (right - left - 20) / 2
    rows = (len(sheets) + 1) // 2
    for x, part in ((left, sheets[:rows]), (left + half + 20, sheets[rows:])):
        edges = [x + half - offset for offset in (104, 66, 26, 0)]
        y = top - 22
        for edge, word in zip(
            edges, (t("ditolak"), t("catatan"), t("tindakan"), t("hal.")), strict=True
        ):
            page.text(edge, y, word, _INDEX_SIZE - 1.2, color=LOOK.muted, align="right")
        y -= 4
        page.line([(x, y), (x + half, y)], color=RULE, width=0.8, cap="butt")
        for s in part:
            y -= _INDEX_ROW
            number = starts.get(s.code)
            size = page.letters.fitted(s.name, _INDEX_SIZE, half - 136, 5.5)
            page.text(x, y, s.name, size, color=LOOK.muted if number is None else LOOK.ink)
            told = (s.rejected, s.warned, sum(task.people for task in s.tasks), number)
            for edge, value in zip(edges, told, strict=True):
                page.text(edge, y, formats.number(value) if value else formats.MISSING, _INDEX_SIZE,
                          color=LOOK.ink if value else LOOK.muted, align="right")  # fmt: skip
    return page
