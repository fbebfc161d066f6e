"""Workbooks to hand on: numbers stay numbers, nothing in them is a formula or a link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jambi_dash.domain.language import current_language, t
from jambi_dash.palette import colours

Cell = str | int | float | None

WIDEST = 48
"""Characters; what is longer is wrapped or cut off at the edge of the cell."""

_FORMATS = {
    "count": "#,##0",
    "percent": "0.0%",
    "points": "+0.0;-0.0;0.0",
    "rupiah": '"Rp"#,##0',
    "decimal": "#,##0.0",
}
# LibreOffice writes the marks of the locale that is named; Excel always those of its own machine.
_LOCALES = {"id": "[$-421]", "en": "[$-409]"}


def open_workbook(
    file: BytesIO, *, title: str = "", subject: str = "", of: date | None = None
) -> Workbook:
    """A new workbook; names come from lists, so nothing of them is a formula, a link or a number.

    `of` is the date of the data: it stands as the date of the file, so that the same data gives
    the same bytes.
    """
    book = Workbook(
        file,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False},
    )  # fmt: skip
    made = {} if of is None else {"created": datetime.combine(of, time())}
    book.set_properties({"title": title, "subject": subject, **made})
    return book


def number_format(kind: str) -> str:
    """The number format of a kind of column, with the marks of the reader's language."""
    locale = _LOCALES[current_language()]
    return ";".join(locale + part for part in _FORMATS[kind].split(";"))


def header_format(book: Workbook) -> Format:
    """The look of a header row."""
    return book.add_format(
        {
            "bold": True,
            "bg_color": colours.TABLE_HEAD,
            "bottom": 1,
            "text_wrap": True,
            "valign": "top",
        }
    )


def fill(
    sheet: Worksheet,
    titles: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    head: Format,
    body: Format | None = None,
) -> None:
    """A header row, frozen, and rows below it; columns as wide as what is in them."""
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, titles, head)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, ["" if cell is None else cell for cell in row], body)
    for column, title in enumerate(titles):
        longest = max([len(str(row[column] or "")) for row in rows] + [len(title) // 2])
        sheet.set_column(column, column, min(WIDEST, longest + 3))


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes and no sheet has yet; `taken` is added to."""
    base = "".join(c for c in wanted if c not in "[]:*?/\\'")[:27].strip() or t("Lembar")
    name, count = base, 1
    while name.lower() in taken:
        count += 1
        name = f"{base} {count}"
    taken.add(name.lower())
    return name
