"""The list that goes back to the sender: rejected and warned rows, the reason beside each.

It holds the sender's own rows, names and NIK included, so it is written only where the user says.
Every cell is text: no formula survives, no NIK loses a digit.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rules import rule_text
from jambi_dash.intake.checks import WARNINGS, Prepared, SourceSheet, rules_of
from jambi_dash.intake.duplicates import Pair, written_rows
from jambi_dash.palette import SURROUNDINGS, colours

MOST_PAIRS = 2000
MAX_ROWS = 1_000_000
"""A spreadsheet's sheet ends a little above a million rows."""


def write_mend_list(prepared: Prepared, target: Path | BinaryIO) -> int:
    """Writes the rows to mend of every sheet, and the pairs that may be one person.

    Returns how many rows there are to mend; the pairs do not count.
    """
    if isinstance(target, Path):
        if target.is_dir():
            raise Refusal(t("{out} adalah folder; beri nama berkas.", out=target))
        if not target.parent.is_dir():
            raise Refusal(t("Folder {folder} tidak ada; buat dahulu.", folder=target.parent))
        if target.suffix.lower() != ".xlsx":
            raise Refusal(t("Daftar perbaikan ditulis sebagai XLSX; beri nama berakhiran .xlsx."))
        aside = _aside(target)
        try:
            written = _write(prepared, str(aside))
            aside.replace(target)
        except OSError as error:
            raise _not_written(target, error) from None
        finally:
            aside.unlink(missing_ok=True)
        return written
    return _write(prepared, target)


def _aside(target: Path) -> Path:
    """An empty file beside the target that only its owner may read: names and NIK go into it."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".perbaikan-", suffix=".part")
    except OSError as error:
        raise _not_written(target, error) from None
    os.close(handle)
    return Path(name)


def _not_written(target: Path, error: BaseException) -> Refusal:
    return Refusal(
        t("{out} tidak dapat ditulis ({error}); tutup berkasnya atau pilih nama lain.",
          out=target, error=getattr(error, "strerror", None) or "–")
    )  # fmt: skip


def _write(prepared: Prepared, given: str | BinaryIO) -> int:
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
    _write_doubles(book, prepared, names)
    if not prepared.sources:
        book.add_worksheet()
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from None  # the plain OSError
    return written


def _write_doubles(book: Any, prepared: Prepared, names: set[str]) -> None:
    """A sheet with the possible doubles, two lines a pair, as they were sent."""
    pairs = prepared.doubles.pairs[:MOST_PAIRS]
    if not pairs:
        return
    sheet = book.add_worksheet(_free_name(t("Kemungkinan ganda"), names))
    bold = book.add_format({"bold": True, "bg_color": colours.TABLE_HEAD, "text_wrap": True})
    titles = [t("Pasangan"), t("Nomor baris"), t("Kemiripan nama"), t("Alasan"), t("Berkas"),
              t("Lembar"), "NIK", t("Nama"), t("Tanggal lahir"), t("Kelurahan"), "RT"]  # fmt: skip
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 2, 10)
    sheet.set_column(3, 3, 48)
    sheet.set_column(4, len(titles) - 1, 20)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    sources = {source.number: source.report for source in prepared.sources}
    rows = written_rows(prepared.bench, pairs)
    line = 1
    for number, pair in enumerate(pairs, start=1):
        for row in (rows[pair.first_seq], rows[pair.second_seq]):
            report = sources[row.sheet]
            sheet.write_number(line, 0, number)
            sheet.write_number(line, 1, row.row_no)
            likeness = formats.percent(pair.likeness / 100, 0)
            texts = (likeness, pair_reason(pair), report.file, report.sheet,
                     row.nik, row.name, row.born, row.kelurahan, row.rt)  # fmt: skip
            for column, text in enumerate(texts, start=2):
                sheet.write_string(line, column, text or "")
            line += 1
    sheet.autofilter(0, 0, line - 1, len(titles) - 1)


def pair_reason(pair: Pair) -> str:
    """Why two rows may be one person, in words."""
    if pair.reason == "tanpa_nik":
        return t("Tanggal lahir sama; NIK tidak lengkap di salah satunya")
    return t("Tanggal lahir sama; NIK hanya berbeda pada angka ke-{digit}", digit=pair.digit)


def _sheet_name(source: SourceSheet, taken: set[str]) -> str:
    return _free_name(source.report.sheet, taken)


def _free_name(text: str, taken: set[str]) -> str:
    base = "".join(c for c in text if c not in "[]:*?/\\'")[:25] or "Lembar"
    name, count = base, 1
    while name.lower() in taken:
        count += 1
        name = f"{base} {count}"
    taken.add(name.lower())
    return name


def _write_sheet(book: Any, prepared: Prepared, source: SourceSheet, name: str) -> int:
    sheet = book.add_worksheet(name)
    bold = book.add_format(
        {"bold": True, "bg_color": colours.TABLE_HEAD, "text_wrap": True, "valign": "top"}
    )
    red = book.add_format({"font_color": SURROUNDINGS["light"].bad, "valign": "top"})
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
