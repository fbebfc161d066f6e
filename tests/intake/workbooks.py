"""Spreadsheets for tests: sound ones, and archives put together part by part to be hostile."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter


@dataclass(frozen=True)
class SheetToWrite:
    """A sheet: title lines (merged over the width of the table) above header and rows."""

    name: str
    rows: Sequence[Sequence[Any]]
    titles: Sequence[str] = ()
    hidden: bool = False


def write_xlsx(path: Path, *sheets: SheetToWrite) -> Path:
    """Numbers as numbers, dates as dates, all else as text, formulas never."""
    book = xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
    )
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    bold = book.add_format({"bold": True, "align": "center"})
    for given in sheets:
        sheet = book.add_worksheet(given.name)
        for line, title in enumerate(given.titles):
            if title:
                sheet.merge_range(line, 0, line, max(1, len(given.rows[0]) - 1), title, bold)
        for line, row in enumerate(given.rows, start=len(given.titles)):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    sheet.write_number(line, column, cell)
                elif cell not in ("", None):
                    sheet.write_string(line, column, str(cell))
        if given.hidden:
            sheet.hide()
    book.close()
    return path


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{}'
    "</manifest:file-entry></manifest:manifest>"
)


def write_ods(path: Path, *sheets: SheetToWrite, tail: str = "") -> Path:
    """An OpenDocument spreadsheet; `tail` is put behind the rows of each sheet as it is."""
    parts = [_ODS_HEAD]
    for given in sheets:
        parts.append(f"<table:table table:name={quoteattr(given.name)}>")
        for title in given.titles:
            parts.append(f"<table:table-row>{_ods_cell(title)}</table:table-row>")
        for row in given.rows:
            parts.append("<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>")
        # As LibreOffice ends its sheets.
        parts.append(tail or '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
                     'table:number-columns-repeated="16384"/></table:table-row>')  # fmt: skip
        parts.append("</table:table>")
    parts.append("</office:spreadsheet></office:body></office:document-content>")
    return write_ods_archive(path, "".join(parts))


def write_ods_archive(path: Path, content: str, *, in_manifest: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", _ODS_MANIFEST.format(in_manifest))
    return path


def _ods_cell(cell: Any) -> str:
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"><text:p>{cell:%d/%m/%Y}</text:p></table:table-cell>'
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    if cell in ("", None):
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'


_SPREADSHEETML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx_parts(
    sheet: str, *, shared: str = "", sheet_path: str = "worksheets/sheet1.xml"
) -> dict[str, str]:
    """The parts of a minimal workbook around the given text of its one sheet."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    strings = (
        f'<Relationship Id="r2" Type="{_RELS}/sharedStrings" Target="sharedStrings.xml"/>'
        if shared
        else ""
    )
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{_SPREADSHEETML}" xmlns:r="{_RELS}"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_RELS}/worksheet" Target="{sheet_path}"/>{strings}</Relationships>',
        f"xl/{sheet_path}": sheet,
    }
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    return parts


def sheet_xml(rows: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_SPREADSHEETML}"><sheetData>{rows}</sheetData></worksheet>'


def text_row(number: int, cells: Sequence[str]) -> str:
    inside = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for i, text in enumerate(cells)
    )
    return f'<row r="{number}">{inside}</row>'


def write_parts(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
