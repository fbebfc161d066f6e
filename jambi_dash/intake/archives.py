"""Whether a spreadsheet, which is a ZIP archive of XML, may be unpacked and read.

The reader of spreadsheets makes room for the whole rectangle from the first to the last filled
cell, and a copy of a shared text for each cell that shows it. A file of some kilobytes can ask for
more memory than there is, so what it asks for is measured first, part by part, as a stream.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

MAX_UNPACKED_BYTES = 600 * 2**20
MAX_CELLS = 20_000_000
MAX_SHARED_TEXT = 4 * 2**30
"""Characters of shared texts, each counted as often as a cell may show it."""

_CHUNK = 8 * 2**20
_OVERLAP = 4096
_LONG_TEXT = 4096

_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL_COLUMN = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,4})\d")
_ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"'][A-Za-z]{0,4}(\d{1,12})[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_SHARED_TEXTS = re.compile(rb"<(?:\w+:)?sst[\s>]")
_SHARED_CELL = re.compile(rb"\st\s*=\s*[\"']s[\"']")


def check_archive(path: Path, name: str) -> None:
    """Refuses broken, locked, oversized and booby-trapped workbooks; `name` stands in the sentence."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(archive, path, name)
            if path.suffix.lower() == ".ods":
                _check_parts(archive, name, is_ods=True)
            else:
                _check_parts(archive, name, is_ods=False)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, expat.ExpatError):
        raise _broken(name) from None
    except (NotImplementedError, RuntimeError, LookupError):  # unknown packing, lock, encoding
        raise _broken(name) from None


def _broken(name: str) -> Refusal:
    return Refusal(t("Berkas {name} rusak atau terpotong; minta kirim ulang.", name=name))


def _too_large(name: str, rows: int, columns: int) -> Refusal:
    return Refusal(
        t("Berkas {name} memuat lembar yang terlalu besar ({rows} baris × {columns} kolom); "
          "hapus baris dan kolom kosong di ujungnya.", name=name, rows=rows, columns=columns)
    )  # fmt: skip


def _check_directory(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    """What the archive says of itself."""
    parts = archive.infolist()
    locked = t("Berkas {name} dikunci sandi; hapus sandinya dahulu.", name=name)
    names = {part.filename for part in parts}
    if any(part.flag_bits & 0x1 for part in parts) or "EncryptedPackage" in names:
        raise Refusal(locked)
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Refusal(
            t("Berkas {name} mengembang menjadi lebih dari {limit} MB saat dibuka; bagi "
              "menjadi beberapa berkas.", name=name, limit=MAX_UNPACKED_BYTES // 2**20)
        )  # fmt: skip
    if not names & {"xl/workbook.xml", "content.xml", "xl/workbook.bin"}:
        raise Refusal(
            t("Berkas {name} adalah arsip, bukan buku kerja; keluarkan isinya dan kirim "
              "berkas di dalamnya.", name=name)
        )  # fmt: skip
    if ("content.xml" in names) != (path.suffix.lower() == ".ods"):
        raise Refusal(
            t("Isi berkas {name} tidak sesuai akhiran namanya; simpan ulang dari Excel "
              "atau LibreOffice.", name=name)
        )  # fmt: skip
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in archive.read(manifest):
        raise Refusal(locked)


@dataclass
class _Asked:
    """What the sheets of a workbook ask for."""

    shared_cells: int = 0
    longest_text: int = 0


def _check_parts(archive: zipfile.ZipFile, name: str, *, is_ods: bool) -> None:
    asked = _Asked()
    for part in archive.infolist():
        # A workbook names its sheets as it likes, so every part may be one.
        if is_ods and part.filename == "content.xml":
            _check_ods(archive, part, name)
        else:
            _check_part(archive, part, name, asked)
    if asked.longest_text > _LONG_TEXT:
        needed = asked.longest_text * asked.shared_cells
        if needed > MAX_SHARED_TEXT:
            raise Refusal(
                t("Berkas {name} memuat teks panjang yang diulang terlalu banyak kali; pendekkan "
                  "teksnya.", name=name)
            )  # fmt: skip


def _refuse_declarations(text: bytes, name: str) -> None:
    if _DECLARATION.search(text):
        raise Refusal(
            t("Berkas {name} memuat entitas XML yang tidak dipakai Excel dan ditolak demi "
              "keamanan; simpan ulang dari Excel.", name=name)
        )  # fmt: skip


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, asked: _Asked) -> None:
    """One part as a stream: no declaration, no endless sheet, no more bytes than it says."""
    is_picture = "/media/" in part.filename.lower()
    last_row = last_column = cells = nameless = text_length = 0
    holds_texts = False
    tail = b""
    # A part that holds more than it says ends in an error: its checksum is wrong.
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if is_picture:
                continue
            text = tail + chunk
            _refuse_declarations(text, name)
            columns_told = _CELL_COLUMN.findall(text)
            for column in set(columns_told):
                last_column = max(last_column, _column_number(column))
            rows = set(_ROW_NUMBER.findall(text))
            last_row = max(last_row, max(map(int, rows), default=0))
            here = len(_CELL.findall(chunk))
            cells += here
            if len(columns_told) < here:
                # Cells may leave their place out: they stand one behind the other.
                nameless = max(nameless, *(len(_CELL.findall(row)) for row in _ROW.split(text)))
            asked.shared_cells += len(_SHARED_CELL.findall(chunk))
            holds_texts = holds_texts or _SHARED_TEXTS.search(text) is not None
            if holds_texts:
                ends = chunk.split(b"</si>")
                asked.longest_text = max(
                    asked.longest_text, text_length + len(ends[0]), *map(len, ends)
                )
                text_length = len(ends[-1]) + (text_length if len(ends) == 1 else 0)
            tail = text[-_OVERLAP:]
    if cells:
        columns = last_column + nameless
        if max(last_row, 1) * columns > MAX_CELLS or cells > MAX_CELLS:
            raise _too_large(name, last_row, columns)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _check_ods(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """The cells of an OpenDocument sheet, which may say that they repeat a billion times."""
    extent = _OdsExtent()
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.EndElementHandler = extent.end
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            _refuse_declarations(tail + chunk, name)
            parser.Parse(chunk, False)
            tail = chunk[-_OVERLAP:]
            if extent.largest > MAX_CELLS:
                break
        else:
            parser.Parse(b"", True)
    if extent.largest > MAX_CELLS:
        raise _too_large(name, extent.last_row, extent.last_column)


class _OdsExtent:
    """The rectangle of filled cells of each sheet, from the events of a parser."""

    def __init__(self) -> None:
        self.last_row = self.last_column = 0
        self._row = self._column = self._repeat = 0
        self._filled = False

    @property
    def largest(self) -> int:
        """Cells of the largest rectangle so far."""
        return self.last_row * self.last_column

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            self._repeat = _count(attributes.get("table:number-columns-repeated"))
            self._column += self._repeat
            self._filled = any(key.startswith("office:") for key in attributes)
        elif tag == "text:p":
            self._filled = True
        elif tag == "table:table-row":
            self._row += _count(attributes.get("table:number-rows-repeated"))
            self._column = 0
        elif tag == "table:table":
            self._row = 0

    def end(self, tag: str) -> None:
        if self._filled and tag in ("table:table-cell", "table:covered-table-cell"):
            self.last_row = max(self.last_row, self._row)
            self.last_column = max(self.last_column, self._column)
            self._filled = False


def _count(text: str | None) -> int:
    return max(int(text), 1) if text and text.isdigit() else 1
