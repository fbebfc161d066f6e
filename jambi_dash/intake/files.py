"""What kind of file this really is, and whether it is safe to open.

Nothing is unpacked before its unpacked size is known, and a name that contradicts the content is
refused: a mislabelled list is a sign that the wrong file was sent. Every refusal is one sentence.
"""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from pathlib import Path

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.archives import check_archive

SPREADSHEETS = {".xlsx", ".xlsm", ".ods"}
TEXTS = {".csv", ".tsv", ".txt"}

MAX_PACKED_BYTES = 100 * 2**20
MAX_TEXT_BYTES = 8 * 2**30
MAX_COLUMNS = 400
MAX_SHEETS = 150
"""In one workbook: a sheet for each kelurahan and as many again; 300 took 15 seconds."""

_CHUNK = 8 * 2**20
HARD_SPACE = "\u00a0"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class TextFile:
    """A CSV that DuckDB can read: its encoding was found, and its quotes are closed.

    `encoding` is Python's name; `is_plain` says that it has neither hard spaces, which SQL does
    not take for spaces, nor two kinds of line ends.
    """

    path: Path
    encoding: str
    bytes: int
    is_plain: bool


def shown_name(path: Path) -> str:
    """The file's name for a sentence, a journal line or a page: printable, on one line."""
    # Names are bytes to the system; a terminal's encoding says nothing about them.
    name = os.fsencode(path.name).decode("utf-8", errors="replace")
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def kind_of(path: Path) -> str:
    """`spreadsheet` or `text`, from the name and from what the file really holds."""
    name = shown_name(path)
    suffix = path.suffix.lower()
    if not path.is_file():
        raise Refusal(t("Berkas {name} tidak ditemukan.", name=name))
    if suffix not in SPREADSHEETS | TEXTS:
        raise Refusal(
            t("Berkas {name} bukan XLSX, XLSM, ODS, atau CSV; simpan ulang sebagai XLSX atau CSV.",
              name=name)
        )  # fmt: skip
    size = path.stat().st_size
    if size == 0:
        raise Refusal(t("Berkas {name} kosong (0 byte); minta kirim ulang.", name=name))
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_OLE):
        raise Refusal(
            t("Berkas {name} dikunci sandi atau berformat Excel lama (.xls); buka di Excel, hapus "
              "sandinya, dan simpan sebagai XLSX.", name=name)
        )  # fmt: skip
    packed = head.startswith(b"PK")
    if suffix in SPREADSHEETS:
        if not packed:
            raise Refusal(
                t("Isi berkas {name} bukan buku kerja {kind}; mungkin salah nama atau rusak. "
                  "Simpan ulang dari Excel.", name=name, kind=suffix[1:].upper())
            )  # fmt: skip
        if size > MAX_PACKED_BYTES:
            raise Refusal(
                t("Berkas {name} terlalu besar ({mb} MB, batasnya {limit} MB); bagi menjadi "
                  "beberapa berkas atau simpan sebagai CSV.",
                  name=name, mb=size // 2**20, limit=MAX_PACKED_BYTES // 2**20)
            )  # fmt: skip
        check_archive(path, name)
        return "spreadsheet"
    if packed:
        raise Refusal(
            t("Berkas {name} bernama CSV tetapi isinya buku kerja Excel atau ZIP; ganti akhiran "
              "namanya menjadi .xlsx.", name=name)
        )  # fmt: skip
    if size > MAX_TEXT_BYTES:
        raise Refusal(t("Berkas {name} terlalu besar; bagi menjadi beberapa berkas.", name=name))
    return "text"


def inspect_text(path: Path) -> TextFile:
    """Finds the encoding of a CSV and makes sure that it is text with closed quotes.

    UTF-8 (with or without mark), UTF-16 with mark (or plainly alternating zero bytes), else
    Windows-1252. Reads the file once, in pieces.
    """
    name = shown_name(path)
    with path.open("rb") as file:
        head = file.read(4096)
    encoding = _marked_encoding(head)
    candidates = [encoding] if encoding else ["utf-8", "cp1252"]
    for candidate in candidates:
        counted = _count_quotes(path, candidate)
        if counted is None:
            continue
        quotes, is_plain = counted
        if quotes % 2:
            raise Refusal(
                t("Berkas {name}: ada tanda kutip yang tidak ditutup {where}; simpan ulang dari "
                  "Excel sebagai CSV.", name=name, where=_open_quote(path, candidate))
            )  # fmt: skip
        return TextFile(path, candidate, path.stat().st_size, is_plain)
    raise Refusal(
        t("Berkas {name} bukan teks yang dapat dibaca; simpan ulang sebagai CSV UTF-8.", name=name)
    )


def _marked_encoding(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # UTF-16 without its mark: every second byte of Latin text is zero.
    sample = head[: len(head) // 2 * 2]
    if len(sample) >= 4:
        if sample[1::2].count(0) > 0.9 * len(sample[1::2]):
            return "utf-16-le"
        if sample[0::2].count(0) > 0.9 * len(sample[0::2]):
            return "utf-16-be"
    return None


def _count_quotes(path: Path, encoding: str) -> tuple[int, bool] | None:
    """How many double quotes, and whether it is plain; `None` where it is not text."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    eight_bit = not encoding.startswith("utf-16")
    quotes = hard_spaces = feeds = returns = both = 0
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                # Plain ASCII, nearly all there is, needs no decoding to be looked at.
                if eight_bit and chunk.isascii() and not decoder.getstate()[0]:
                    if len(chunk.translate(None, _CONTROL_BYTES)) != len(chunk):
                        return None
                    quotes += chunk.count(b'"')
                    feeds += chunk.count(b"\n")
                    returns += chunk.count(b"\r")
                    both += chunk.count(b"\r\n")
                    continue
                text = decoder.decode(chunk)
                if _CONTROL.search(text):
                    return None
                quotes += text.count('"')
                hard_spaces += text.count(HARD_SPACE)
                feeds += text.count("\n")
                returns += text.count("\r")
                both += text.count("\r\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    # A pair cut in two by a piece's end is counted as two ends: the file is merely copied once.
    kinds = (both > 0) + (feeds > both) + (returns > both)
    return quotes, not hard_spaces and kinds < 2


# Control characters that no list contains, other than tab, line feed, carriage return, form feed
# and the end-of-file sign (Ctrl-Z) that old programs leave behind.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
_CONTROL_BYTES = bytes(code for code in range(0x20) if code not in b"\t\n\r\x0c\x1a")


def _open_quote(path: Path, encoding: str) -> str:
    """Where the quote that is never closed most likely stands: the last line with an odd count."""
    last = 0
    with path.open(encoding=encoding, newline="") as file:
        for line, text in enumerate(file, start=1):
            if text.count('"') % 2:
                last = last or line
    return t("di sekitar baris {line}", line=last)
