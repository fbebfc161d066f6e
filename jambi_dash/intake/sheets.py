"""Reading the sheets of a file into rows of text.

A spreadsheet is read by calamine into text cells (whole numbers as their digits, dates as
`2025-06-01`); a CSV is left to DuckDB, which reads it as text from the line that is named here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.files import (
    MAX_COLUMNS,
    MAX_SHEETS,
    TextFile,
    inspect_text,
    kind_of,
    shown_name,
)

HEAD_LINES = 60
HEAD_SIZE = 2**22
"""Characters within which the header of a CSV is looked for."""
SPARE_COLUMNS = 6
"""A CSV row may be longer than its header by so many empty fields."""

Progress = Callable[[str, float], None]
"""Told what is being done and how far it is (0–1)."""


@dataclass
class Sheet:
    """One sheet: where it comes from, its first lines, and how to get all of it.

    `rows` holds a spreadsheet's cells as text; `text` with `delimiter` describes a CSV.
    `numeric` maps a column's position to the rows (from 0) whose cell was a number.
    """

    file: Path
    name: str
    head: list[list[str]]
    rows: list[list[str]] | None = None
    numbers: list[list[bool]] = field(default_factory=list)
    text: TextFile | None = None
    delimiter: str = ","

    @property
    def where(self) -> str:
        """File and sheet, for a sentence."""
        name = shown_name(self.file)
        return f"{name} › {self.name}" if self.rows is not None else name


@dataclass(frozen=True)
class Opened:
    """The sheets of one file, and remarks on what was passed over (hidden sheets)."""

    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...]


def open_file(path: Path) -> Opened:
    """The readable sheets of a file. Raises `Refusal` for what cannot or must not be read."""
    if kind_of(path) == "text":
        return Opened((_open_text(path),), ())
    return _open_workbook(path)


def _open_workbook(path: Path) -> Opened:
    broken = t("Berkas {name} rusak atau terpotong; minta kirim ulang.", name=shown_name(path))
    sheets: list[Sheet] = []
    remarks: list[str] = []
    try:
        workbook = CalamineWorkbook.from_path(path)
        if len(workbook.sheets_metadata) > MAX_SHEETS:
            raise Refusal(
                t("Berkas {name} memuat {n} lembar, batasnya {limit}; bagi menjadi beberapa berkas.",
                  name=shown_name(path), n=len(workbook.sheets_metadata), limit=MAX_SHEETS)
            )  # fmt: skip
        for meta in workbook.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            if meta.visible != SheetVisibleEnum.Visible:
                remarks.append(
                    t("Lembar tersembunyi “{sheet}” di {name} dilewati.",
                      sheet=meta.name, name=shown_name(path))
                )  # fmt: skip
                continue
            cells = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            if not cells:
                continue
            if len(cells[0]) > MAX_COLUMNS:
                raise Refusal(
                    t("{name} › {sheet} memuat {n} kolom; hapus kolom kosong di ujung kanan.",
                      name=shown_name(path), sheet=meta.name, n=formats.number(len(cells[0])))
                )  # fmt: skip
            rows = [[cell_text(cell) for cell in row] for row in cells]
            numbers = [[type(cell) in (int, float) for cell in row] for row in cells]
            sheets.append(Sheet(path, meta.name, rows[:HEAD_LINES], rows, numbers))
    except (CalamineError, OSError, ValueError, EOFError):
        raise Refusal(broken) from None
    except Refusal:
        raise
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise Refusal(broken) from None
    return Opened(tuple(sheets), tuple(remarks))


def cell_text(cell: object) -> str:
    """A spreadsheet cell as the text that `domain.cells` reads."""
    if isinstance(cell, str):
        return cell.strip()  # of every kind of white space, which SQL would keep
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)


def _open_text(path: Path) -> Sheet:
    text = inspect_text(path)
    lines = _first_lines(path, text.encoding)
    delimiter = _delimiter(lines)
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter)
    head = [row for row, _ in zip(_parsed(reader), range(HEAD_LINES), strict=False)]
    if not any(cell.strip() for row in head for cell in row):
        raise Refusal(
            t("Berkas {name} tidak berisi data; minta kirim ulang.", name=shown_name(path))
        )
    widest = max(map(len, head))
    if widest > MAX_COLUMNS:
        raise Refusal(
            t("Berkas {name} memuat {n} kolom; hapus kolom kosong di ujung kanan.",
              name=shown_name(path), n=formats.number(widest))
        )  # fmt: skip
    name = shown_name(path).removesuffix(path.suffix)
    return Sheet(path, name, head, text=text, delimiter=delimiter)


def _first_lines(path: Path, encoding: str) -> list[str]:
    """Lines enough to find the header in, of a file that may be one endless line."""
    lines: list[str] = []
    left = HEAD_SIZE
    with path.open(encoding=encoding, newline="") as file:
        while left > 0 and len(lines) < HEAD_LINES * 2 and (line := file.readline(left)):
            lines.append(line)
            left -= len(line)
    if len(lines) == 1 and left <= 0:
        raise Refusal(
            t("Berkas {name}: baris 1 terlalu panjang; simpan ulang dari Excel sebagai CSV.",
              name=shown_name(path))
        )  # fmt: skip
    return lines


def _parsed(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        return


def _delimiter(lines: list[str]) -> str:
    """The sign that splits most lines into the same number of fields."""

    def score(delimiter: str) -> tuple[int, int]:
        widths = [
            len(row)
            for row in _parsed(
                csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter)
            )
            if len(row) > 1
        ]
        if not widths:
            return (0, 0)
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        return (widths.count(usual), usual)

    return max((";", "\t", ","), key=score)


def arrow_rows(sheet: Sheet, first_row: int, width: int, number_column: int | None) -> pa.Table:
    """The data rows of a spreadsheet: `row_no` (as the sheet numbers it), `c0`…, `is_number`.

    `is_number` tells whether the cell of `number_column` was a number.
    """
    assert sheet.rows is not None
    rows = sheet.rows[first_row:]
    columns: dict[str, pa.Array] = {
        "row_no": pa.array(range(first_row + 1, first_row + 1 + len(rows)), pa.int64())
    }
    for index in range(width):
        columns[f"c{index}"] = pa.array(
            [row[index] if index < len(row) else "" for row in rows], pa.string()
        )
    numbers = sheet.numbers[first_row:]
    columns["is_number"] = pa.array(
        [number_column is not None and row[number_column] for row in numbers], pa.bool_()
    )
    return pa.table(columns)
