"""The list that goes back to the sender: rejected and warned rows, the reason beside each.

It holds the sender's own rows, names and NIK included, so it is written only where the user says.
Every cell is text: no formula survives, no NIK loses a digit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rules import rule_text
from jambi_dash.intake.checks import WARNINGS, Prepared, SourceSheet, rules_of

MAX_ROWS = 1_000_000
"""A spreadsheet's sheet ends a little above a million rows."""


def write_mend_list(prepared: Prepared, target: Path | BinaryIO) -> int:
    """Writes the rows to mend of every sheet; returns how many there are."""
    if isinstance(target, Path):
        if not target.parent.is_dir():
            raise Refusal(t("Folder {folder} tidak ada; buat dahulu.", folder=target.parent))
        if target.suffix.lower() != ".xlsx":
            raise Refusal(t("Daftar perbaikan ditulis sebagai XLSX; beri nama berakhiran .xlsx."))
        given: Any = str(target)
    else:
        given = target
    book = xlsxwriter.Workbook(
        given,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "strings_to_numbers": False,
         # Rows wait in a file until the end: not in a folder that everybody may read.
         "tmpdir": str(prepared.folder)},
    )  # fmt: skip
    written = 0
    names: set[str] = set()
    for source in prepared.sources:
        written += _write_sheet(book, prepared, source, _sheet_name(source, names))
    if not prepared.sources:
        book.add_worksheet()
    try:
        book.close()
    except FileCreateError as error:
        raise Refusal(
            t("{out} tidak dapat ditulis ({error}); tutup berkasnya atau pilih nama lain.",
              out=target, error=getattr(error.args[0], "strerror", None) or "–")
        ) from None  # fmt: skip
    return written


def _sheet_name(source: SourceSheet, taken: set[str]) -> str:
    base = "".join(c for c in source.report.sheet if c not in "[]:*?/\\'")[:25] or "Lembar"
    name, count = base, 1
    while name.lower() in taken:
        count += 1
        name = f"{base} {count}"
    taken.add(name.lower())
    return name


def _write_sheet(book: Any, prepared: Prepared, source: SourceSheet, name: str) -> int:
    sheet = book.add_worksheet(name)
    bold = book.add_format(
        {"bold": True, "bg_color": "#E8EEF4", "text_wrap": True, "valign": "top"}
    )
    red = book.add_format({"font_color": "#A4161A", "valign": "top"})
    calm = book.add_format({"valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    headers = [header or f"({index + 1})" for index, header in
               enumerate(" ".join(h.split()) for h in source.recognised.headers)]  # fmt: skip
    titles = [t("Nomor baris"), t("Hasil"), t("Alasan"), t("Cara memperbaiki"), *headers]
    sheet.freeze_panes(1, 4)
    for index, width in enumerate((8, 14, 44, 52)):
        sheet.set_column(index, index, width)
    sheet.set_column(4, len(titles) - 1, 18)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    cells = ", ".join(f"s.c{index}" for index in range(len(headers)))
    table = source.report.table
    rows = prepared.bench.fetch(
        "mend list",
        f"SELECT f.row_no, f.rejection, f.warnings, {cells} FROM {table}_fate AS f "
        f"JOIN sheet_{source.number} AS s ON s.row_no = f.row_no "
        f"WHERE f.sheet = {source.number} AND (f.rejection IS NOT NULL OR f.warnings > 0) "
        f"ORDER BY f.rejection IS NULL, f.row_no LIMIT {MAX_ROWS}",
    )
    for line, (row_no, rejection, bits, *texts) in enumerate(rows, start=1):
        rules = [rejection] if rejection else rules_of(bits, WARNINGS[table])
        words = [rule_text(rule) for rule in rules]
        sheet.write_number(line, 0, row_no, calm)
        sheet.write_string(
            line,
            1,
            t("Ditolak") if rejection else t("Diterima, catatan"),
            red if rejection else calm,
        )
        sheet.write_string(line, 2, "; ".join(word.found for word in words), wrap)
        sheet.write_string(line, 3, " ".join(word.mend for word in words), wrap)
        for column, text in enumerate(texts, start=4):
            sheet.write_string(line, column, text or "", calm)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(titles) - 1)
    return len(rows)
