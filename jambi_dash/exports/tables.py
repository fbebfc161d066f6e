"""The table of a view as XLSX for people and as CSV for other programs."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from math import ceil
from textwrap import wrap

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jambi_dash.domain import formats
from jambi_dash.domain.coverage import HIDDEN, NO_DATA
from jambi_dash.domain.language import t
from jambi_dash.exports.views import (
    Column,
    MapView,
    Value,
    indicators_of,
    level_word,
    state_word,
    subject_of,
)
from jambi_dash.exports.workbook import (
    WIDEST,
    fill,
    header_format,
    number_format,
    open_workbook,
    sheet_name,
)
from jambi_dash.palette import SURROUNDINGS, rate_class

_LOOK = SURROUNDINGS["light"]
_TITLE_ROWS = 3
_NUMBER_WIDTH = 15
_HEAD_LINE = 15.5
_LINE_HEIGHT = 15
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def table_xlsx(views: Sequence[MapView]) -> bytes:
    """A workbook with a sheet for each view, one of remarks and one of definitions.

    Number cells hold plain numbers (rates: 1 = 100 %; differences: percentage points); what is
    hidden or not known is said in words, never 0. The same views give the same bytes.
    """
    first = views[0]
    file = BytesIO()
    book = open_workbook(
        file, title=" · ".join(dict.fromkeys(view.title for view in views)),
        subject=" · ".join([first.origin.line(), *filter(None, [first.origin.mark()])]),
        of=max(view.origin.as_of for view in views),
    )  # fmt: skip
    with book:
        looks = _Looks(book)
        taken: set[str] = set()
        for view in views:
            name = sheet_name(f"{subject_of(view)} {level_word(view.level)}", taken)
            _view_sheet(book.add_worksheet(name), view, looks)
        about = book.add_worksheet(sheet_name(t("Keterangan"), taken))
        _about_sheet(about, views, looks)
        _definitions_sheet(book.add_worksheet(sheet_name(t("Definisi"), taken)), views, looks)
    return file.getvalue()


class _Looks:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}
        self.head = header_format(book)
        self.head_right, self.head_indented = header_format(book), header_format(book)
        self.head_right.set_align("right")
        self.head_indented.set_indent(1)
        self.title = self.of(bold=True, font_size=14)
        self.quiet = self.of(font_color=_LOOK.muted)
        self.mark = self.of(bold=True, font_color=_LOOK.mark_ink)
        self.wrap = self.of(text_wrap=True, valign="top")

    def head_of(self, view: MapView, place: int) -> Format:
        """The head of a column, which stands as its cells do."""
        if view.columns[place].kind != "text":
            return self.head_right
        return self.head_indented if place else self.head

    def of(self, **wanted: object) -> Format:
        """The format with these properties."""
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]


def _view_sheet(sheet: Worksheet, view: MapView, looks: _Looks) -> None:
    origin, columns = view.origin, view.columns
    sheet.write_string(0, 0, view.title, looks.title)
    sheet.write_string(1, 0, view.subtitle, looks.quiet)
    sheet.write_string(2, 0, " · ".join(filter(None, [origin.mark(), origin.line()])),
                       looks.mark if origin.synthetic else looks.quiet)  # fmt: skip
    # `Change (percentage points)` takes three lines where its Indonesian takes two.
    lines = [len(wrap(_head(c), _width(view, n) - 2)) for n, c in enumerate(columns)]
    sheet.set_row(_TITLE_ROWS, _HEAD_LINE * max(2, *lines))
    for place, column in enumerate(columns):
        sheet.write_string(_TITLE_ROWS, place, _head(column), looks.head_of(view, place))
        sheet.set_column(place, place, _width(view, place))
    first = _TITLE_ROWS + 1
    # The colour of a class stands where the class is told: a stage, not its day.
    painted = "stage" if any(c.key == "stage" for c in columns) else view.ranked
    for number, row in enumerate(view.rows, start=first):
        look = view.scale[view.classes[str(row[0])]]
        for place, value in enumerate(row):
            tone: dict[str, object] = {}
            if columns[place].key == painted:
                tone = {"bg_color": look.fill, "font_color": look.ink}
            _write(
                sheet, number, place, columns[place], value, view.states[str(row[0])], looks, tone
            )
    last = first + len(view.rows) - 1
    for number, line in enumerate(view.sums, start=last + 1):
        tone = {"bold": True, "top": 1} if line.part == "city" else {"italic": True}
        state = HIDDEN if line.part == "hidden" else ""
        for place, value in enumerate(line.values):
            if columns[place].key == "state" or (value is None and line.part != "city"):
                sheet.write_blank(number, place, None, looks.of(**tone))
            else:
                _write(sheet, number, place, columns[place], value, state, looks, tone)
    sheet.autofilter(_TITLE_ROWS, 0, last, len(columns) - 1)
    sheet.freeze_panes(first, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_TITLE_ROWS)
    sheet.set_footer(f"&L&8{_footer(origin.line())}&R&8&P/&N")
    if origin.synthetic:
        sheet.set_header(f"&R&B{_footer(origin.mark())}")


def _footer(text: str) -> str:
    """A text in a footer, where `&` begins a command; Excel takes 255 characters in all."""
    return text.replace("&", "&&")[:200]


def _head(column: Column) -> str:
    return f"{column.label} ({t('poin persen')})" if column.kind == "points" else column.label


def _width(view: MapView, place: int) -> int:
    column = view.columns[place]
    if column.kind != "text":
        return _NUMBER_WIDTH
    values = [row[place] for row in view.rows] + [line.values[place] for line in view.sums]
    return min(WIDEST, max(len(str(value or "")) for value in [*values, column.label]) + 3)


def _write(
    sheet: Worksheet, row: int, place: int, column: Column, value: Value, state: str,
    looks: _Looks, tone: dict[str, object],
) -> None:  # fmt: skip
    """One cell: a number as a number, everything else as text that is never run."""
    if value is None and column.kind != "text":
        word = state_word(HIDDEN) if state == HIDDEN else t("tidak ada data")
        fill_of_state = {"bg_color": rate_class(None, HIDDEN if state == HIDDEN else NO_DATA).fill}
        look = looks.of(italic=True, align="right", font_color=_LOOK.muted, **fill_of_state)
        sheet.write_string(row, place, word, look)
    elif isinstance(value, str) or value is None:
        text = state_word(str(value)) if column.key == "state" else value or formats.MISSING
        sheet.write_string(row, place, text, looks.of(indent=int(place > 0), **tone))
    else:
        number = round(value * 100, 10) if column.kind == "points" else value
        look = looks.of(num_format=number_format(column.kind), **tone)
        sheet.write_number(row, place, number, look)


def _about_sheet(sheet: Worksheet, views: Sequence[MapView], looks: _Looks) -> None:
    rows: list[tuple[str, str]] = []
    classes: list[tuple[int, MapView, int]] = []
    for view in views:
        if rows:
            rows.append(("", ""))
        rows += [
            (t("Tabel"), view.title),
            (t("Isi"), view.subtitle),
            (t("Rilis"), view.origin.line()),
            *([(t("Tanda"), view.origin.mark())] if view.origin.synthetic else []),
            (t("Pemeriksaan"), view.check),
            *((t("Sumber"), source) for source in view.sources),
            *view.filter,
        ]
        for place, count in enumerate(view.class_counts()):
            if count:
                classes.append((len(rows) + 1, view, place))
                rows.append((f"{view.legend_title}: {view.scale[place].label}",
                             f"{formats.number(count)} {view.unit}"))  # fmt: skip
    fill(sheet, [t("Hal"), t("Isi")], rows, looks.head, looks.wrap)
    _lay_out(sheet, rows, (32, 100))
    for number, view, place in classes:
        info = view.scale[place]
        sheet.write_string(number, 0, rows[number - 1][0],
                           looks.of(bg_color=info.fill, font_color=info.ink))  # fmt: skip


def _definitions_sheet(sheet: Worksheet, views: Sequence[MapView], looks: _Looks) -> None:
    columns = {(c.label, c.meaning): [c.label, c.meaning] for v in views for c in v.columns}
    rows: list[list[str]] = [[t("Kolom"), *row, "", "", "", ""] for row in columns.values()]
    for indicator in {i.id: i for v in views for i in indicators_of(v)}.values():
        rows.append(
            [t("Indikator"), indicator.label(), indicator.short(), indicator.formula(),
             indicator.numerator(), indicator.denominator(),
             f"{indicator.source()}. {indicator.doubt()}"]
        )  # fmt: skip
    titles = [
        t("Jenis"), t("Nama"), t("Arti"), t("Rumus"), t("Pembilang"), t("Penyebut"),
        t("Sumber dan keraguan"),
    ]  # fmt: skip
    fill(sheet, titles, rows, looks.head, looks.wrap)
    _lay_out(sheet, rows, (11, 28, 44, 40, 40, 40, 60))


def _lay_out(sheet: Worksheet, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    """Columns of these widths (characters), rows as high as their text, one page wide."""
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for number, row in enumerate(rows, start=1):
        lines = max(ceil(len(text) * 1.1 / width) for text, width in zip(row, widths, strict=True))
        if lines > 1:  # not every program makes room for wrapped text by itself
            sheet.set_row(number, _LINE_HEIGHT * lines)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def table_csv(view: MapView) -> bytes:
    """UTF-8 with BOM, `;` and decimal comma, as an Indonesian Excel opens it.

    The header holds the names of `coverage --json`, in every language; a rate is 1 = 100 % in full
    precision. `part` tells areas from what lies beside them and from the city's sum; the last
    columns say in every row where the numbers are from. Text that would be a formula gets a `'`.
    """
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    origin = view.origin
    writer.writerow(
        [*(c.key for c in view.columns), "part", "release", "as_of", "filter", "copy", "mark"]
    )
    beside = [
        origin.release, origin.as_of.isoformat(),
        " | ".join(f"{name}: {value}" for name, value in view.filter),
        "public" if origin.public else "internal", "DATA CONTOH" if origin.synthetic else "",
    ]  # fmt: skip
    lines = [("area", row) for row in view.rows] + [(s.part, s.values) for s in view.sums]
    for part, row in lines:
        writer.writerow([_csv_cell(cell) for cell in (*row, part, *beside)])
    return file.getvalue().encode("utf-8-sig")


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return "'" + value if value.startswith(_FORMULA_STARTS) else value
    return repr(value).replace(".", ",")
