"""Files that are broken, locked, mislabelled or hostile: one clear sentence, nothing changed."""

from __future__ import annotations

import json
import os
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import messy
import openpyxl
import pytest
from workbooks import (
    SheetToWrite,
    sheet_xml,
    text_row,
    write_ods,
    write_ods_archive,
    write_parts,
    write_xlsx,
    xlsx_parts,
)

from jambi_dash.cli import main
from jambi_dash.intake import archives, files
from jambi_dash.releases.store import Store
from jambi_dash.settings import PROJECT

HEADER = ["NIK", "Nama", "Kelurahan"]
PERSON = ["1571040101850001", "Budi", "Thehok"]
ROWS = [HEADER, PERSON, ["1571040101850002", "Ani", "Kasang"]]
AS_OF = "2025-12-31"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a release that every refused file must leave alone."""
    folder = tmp_path_factory.mktemp("awkward")
    good = messy.write_csv(folder / "good.csv", ROWS)
    assert main(["--home", str(folder / "home"), "import", str(good), "--as-of", AS_OF]) == 0
    return folder / "home"


def state(home: Path) -> object:
    return (
        Store(home).current_id(), (home / "journal.jsonl").read_bytes(),
        sorted(p.name for p in (home / "releases").iterdir()), list((home / "building").iterdir()),
    )  # fmt: skip


@pytest.fixture
def sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Imports a file that must be refused; the sentence that says so."""

    def refused(path: Path, *more: str) -> str:
        before = state(home)
        capsys.readouterr()
        code = main(["--home", str(home), "--json", "import", str(path), "--as-of", AS_OF, *more])
        out, err = capsys.readouterr()
        said = [line for line in err.splitlines() if not line.startswith("[")]
        assert code == 1, err
        assert_sentence(said)
        assert json.loads(out) == {"error": said[0]}
        assert state(home) == before
        return said[0]

    return refused


def assert_sentence(said: list[str]) -> None:
    assert len(said) == 1, said
    assert "Traceback" not in said[0]
    assert "kesalahan di dalam program" not in said[0], said[0]
    assert said[0].endswith("."), said[0]
    assert 30 < len(said[0]) < 400, said[0]
    for personal in ("1571040101850001", "Budi"):
        assert personal not in said[0]


def accepted(home: Path, path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    before = state(home)
    code = main(["--home", str(home), "--json", "import", str(path), "--as-of", AS_OF, "--dry-run"])
    out, err = capsys.readouterr()
    assert code == 0, err
    assert state(home) == before
    [table] = json.loads(out)["tables"]
    assert isinstance(table, dict)
    return table


def named(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def good_xlsx(folder: Path) -> bytes:
    return write_xlsx(folder / "good.xlsx", SheetToWrite("Data", ROWS)).read_bytes()


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096


# Broken and mislabelled


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99])
def test_truncated(tmp_path: Path, sentence: Callable[..., str], share: float) -> None:
    whole = good_xlsx(tmp_path)
    assert "rusak atau terpotong" in sentence(
        named(tmp_path, "r.xlsx", whole[: int(len(whole) * share)])
    )


def test_flipped_bytes(tmp_path: Path, sentence: Callable[..., str]) -> None:
    whole = bytearray(good_xlsx(tmp_path))
    with zipfile.ZipFile(tmp_path / "good.xlsx") as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    for offset in (30, 60, 90):
        spoilt = bytearray(whole)
        spoilt[part.header_offset + len(part.filename) + offset] ^= 0xFF
        assert "rusak" in sentence(named(tmp_path, "r.xlsx", bytes(spoilt)))


@pytest.mark.parametrize("seed", range(6))
def test_noise(tmp_path: Path, sentence: Callable[..., str], seed: int) -> None:
    noise = random.Random(seed).randbytes(5000)
    sentence(named(tmp_path, "r.csv", noise))
    sentence(named(tmp_path, "r.xlsx", noise))
    sentence(named(tmp_path, "r.ods", b"PK\x03\x04" + noise))


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx", "r.ods", "r.xlsm"])
def test_empty(tmp_path: Path, sentence: Callable[..., str], name: str) -> None:
    assert "kosong" in sentence(named(tmp_path, name, b""))


@pytest.mark.parametrize(
    "content", [b"\n\n\n", b" ", b",,,\r\n,,,\r\n", b"\xef\xbb\xbf", b"\xff\xfe"]
)
def test_nothing_in_it(tmp_path: Path, sentence: Callable[..., str], content: bytes) -> None:
    sentence(named(tmp_path, "r.csv", content))


def test_headers_and_no_rows(tmp_path: Path, sentence: Callable[..., str]) -> None:
    for path in (
        messy.write_csv(tmp_path / "r.csv", [HEADER]),
        write_xlsx(tmp_path / "r.xlsx", SheetToWrite("Data", [HEADER], ("Daftar",))),
        write_ods(tmp_path / "r.ods", SheetToWrite("Data", [HEADER])),
        messy.write_csv(tmp_path / "s.csv", [HEADER, ["", "", ""]]),
    ):
        assert "tanpa baris data" in sentence(path)


def test_rows_and_no_headers(tmp_path: Path, sentence: Callable[..., str]) -> None:
    for path in (
        messy.write_csv(tmp_path / "r.csv", ROWS[1:]),
        write_xlsx(tmp_path / "r.xlsx", SheetToWrite("Data", ROWS[1:])),
        named(tmp_path, "t.txt", b"Yth. Bapak Lurah,\nberikut kami kirim daftar.\n"),
        write_xlsx(
            tmp_path / "hidden.xlsx",
            SheetToWrite("A", [["x"]]),
            SheetToWrite("Data", ROWS, hidden=True),
        ),
    ):
        assert "judul kolom" in sentence(path)


def test_a_needed_column_is_missing(tmp_path: Path, sentence: Callable[..., str]) -> None:
    said = sentence(
        messy.write_csv(tmp_path / "r.csv", [["NIK", "Kelurahan", "RT"], [PERSON[0], "Legok", "1"]])
    )
    assert "nama" in said
    assert "tabel Peserta" in said


def test_locked(tmp_path: Path, sentence: Callable[..., str]) -> None:
    assert "sandi" in sentence(named(tmp_path, "r.xlsx", OLE))
    locked = '<manifest:encryption-data manifest:checksum-type="SHA1/1K"/>'
    assert "sandi" in sentence(
        write_ods_archive(tmp_path / "r.ods", "\x01\x02garbage", in_manifest=locked)
    )
    whole = bytearray(good_xlsx(tmp_path))
    with zipfile.ZipFile(tmp_path / "good.xlsx") as archive:
        offset = archive.infolist()[0].header_offset
    whole[offset + 6] |= 1  # in the local header
    directory = whole.find(b"PK\x01\x02")
    whole[directory + 8] |= 1
    assert "sandi" in sentence(named(tmp_path, "s.xlsx", bytes(whole)))


def test_old_and_foreign_kinds(tmp_path: Path, sentence: Callable[..., str]) -> None:
    for name, content in (
        ("r.xls", OLE), ("r.xlsb", good_xlsx(tmp_path)), ("r.pdf", b"%PDF-1.7"), ("r", b"x"),
        ("r.xlsx.exe", good_xlsx(tmp_path)), ("r.csv.gz", b"\x1f\x8b"), ("r.json", b"{}"),
    ):  # fmt: skip
        assert "simpan ulang" in sentence(named(tmp_path, name, content)), name
    assert ".xls" in sentence(named(tmp_path, "old.xlsx", OLE))
    binary = write_parts(
        tmp_path / "b.xlsx", {"xl/workbook.bin": b"\x00", "[Content_Types].xml": "<Types/>"}
    )
    sentence(binary)


def test_mislabelled(tmp_path: Path, sentence: Callable[..., str]) -> None:
    good = good_xlsx(tmp_path)
    csv = messy.write_csv(tmp_path / "good.csv", ROWS).read_bytes()
    ods = write_ods(tmp_path / "good.ods", SheetToWrite("Data", ROWS)).read_bytes()
    assert ".xlsx" in sentence(named(tmp_path, "a.csv", good))
    assert "bukan buku kerja" in sentence(named(tmp_path, "a.xlsx", csv))
    assert "bukan buku kerja" in sentence(named(tmp_path, "b.xlsx", PNG))
    assert "bukan teks" in sentence(named(tmp_path, "b.csv", PNG))
    assert "akhiran" in sentence(named(tmp_path, "c.xlsx", ods))
    assert "akhiran" in sentence(named(tmp_path, "c.ods", good))
    word = write_parts(
        tmp_path / "d.xlsx", {"word/document.xml": "<x/>", "[Content_Types].xml": "<Types/>"}
    )
    assert "arsip" in sentence(word)
    assert "arsip" in sentence(write_parts(tmp_path / "e.xlsx", {"daftar.xlsx": good}))


def test_what_is_no_file(tmp_path: Path, sentence: Callable[..., str]) -> None:
    (tmp_path / "map.xlsx").mkdir()
    os.mkfifo(tmp_path / "pipa.csv")
    for name in ("map.xlsx", "tiada.csv", "pipa.csv"):
        assert "tidak ditemukan" in sentence(tmp_path / name)


# Sizes


def test_oversized(tmp_path: Path, sentence: Callable[..., str]) -> None:
    path = named(tmp_path, "r.xlsx", b"PK\x03\x04")
    os.truncate(path, files.MAX_PACKED_BYTES + 1)
    assert "terlalu besar" in sentence(path)
    path = named(tmp_path, "r.csv", b"NIK,Nama,Kelurahan\n")
    os.truncate(path, files.MAX_TEXT_BYTES + 1)
    assert "terlalu besar" in sentence(path)


def bomb(path: Path, part: str, megabytes: int) -> Path:
    """A workbook with one part that is all spaces: a thousandth of its size when packed."""
    parts = xlsx_parts(sheet_xml(text_row(1, HEADER) + text_row(2, PERSON)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            if name != part:
                archive.writestr(name, content)
        with archive.open(part, "w", force_zip64=True) as stream:
            for _ in range(megabytes // 16):
                stream.write(b" " * 2**24)
    return path


def test_a_small_file_that_unpacks_to_a_huge_one(
    tmp_path: Path, sentence: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 64 * 2**20)
    path = bomb(tmp_path / "r.xlsx", "xl/sharedStrings.xml", 80)
    assert path.stat().st_size < 2**20
    assert "mengembang" in sentence(path)


@pytest.mark.parametrize(
    "part",
    ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.XML", "xl/theme/theme1.bin"],
)
def test_a_bomb_that_lies_about_its_size(
    tmp_path: Path, sentence: Callable[..., str], part: str
) -> None:
    """The directory says 100 bytes; the reader of spreadsheets would believe the data."""
    content = bytearray(bomb(tmp_path / "r.xlsx", part, 64).read_bytes())
    name = part.encode()
    for signature, size_at, name_at in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        start = content.find(signature)
        while start >= 0:
            if content[start + name_at : start + name_at + len(name)] == name:
                extra = struct.unpack_from(
                    "<H", content, start + name_at - (16 if name_at == 46 else 2)
                )[0]
                struct.pack_into("<I", content, start + size_at, 100)
                at = start + name_at + len(name)
                if extra and struct.unpack_from("<H", content, at)[0] == 1:  # its 64-bit sizes
                    struct.pack_into("<H", content, at, 0x9999)
                    struct.pack_into(
                        "<I", content, start + size_at - 4, (tmp_path / "r.xlsx").stat().st_size
                    )
            start = content.find(signature, start + 4)
    assert "rusak" in sentence(named(tmp_path, "s.xlsx", bytes(content)))


CORNERS = {
    "plain": '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
    "other order": '<c t="inlineStr" r="XFD1048576"><is><t>x</t></is></c>',
    "single quotes": "<c r='XFD1048576' t='inlineStr'><is><t>x</t></is></c>",
    "spaces": '<c  r = "XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
    "lower case": '<c r="xfd1048576" t="inlineStr"><is><t>x</t></is></c>',
    "line break": '<c\nr="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
    "wide and long": '<c r="XFD3"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c>',
    "row only": '</row><row r="1048576"><c t="inlineStr"><is><t>x</t></is></c></row><row><c r="XFD7"><v>1</v></c>',
    "entity": '<c r="&#88;FD1048576"><v>1</v></c>',
}


# In a process of its own with 3 GB to live on: a reader that takes more is killed, not the tests.
LIMITED = """
import contextlib, io, json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
resource.setrlimit(resource.RLIMIT_CPU, (100, 100))
from jambi_dash.cli import main
home, *paths = sys.argv[1:]
for path in paths:
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        code = main(["--home", home, "import", path, "--as-of", "2025-12-31"])
    said = [line for line in err.getvalue().splitlines() if not line.startswith("[")]
    print(json.dumps([path, code, said]), flush=True)
"""


def refused_within_limits(home: Path, paths: list[Path]) -> list[str]:
    """The sentence about each file, all imported by one process."""
    before = state(home)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(home), *map(str, paths)],
        capture_output=True, text=True, cwd=PROJECT, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer[0] for answer in answers] == list(map(str, paths))
    for path, code, said in answers:
        assert code == 1, path
        assert_sentence(said)
    assert state(home) == before
    return [said[0] for _, _, said in answers]


def test_a_sheet_with_one_cell_in_its_last_corner(tmp_path: Path, home: Path) -> None:
    """A dense table up to there would take 500 GB."""
    paths = []
    for index, corner in enumerate(CORNERS.values()):
        rows = text_row(1, HEADER) + text_row(2, PERSON) + f'<row r="3">{corner}</row>'
        for where in ("worksheets/sheet1.xml", "anders/blatt"):
            path = tmp_path / f"{index}-{len(where)}.xlsx"
            paths.append(write_parts(path, xlsx_parts(sheet_xml(rows), sheet_path=where)))
    said = refused_within_limits(home, paths)
    assert sum("terlalu besar" in sentence for sentence in said) >= 2 * (len(CORNERS) - 1)


def test_one_long_text_in_a_million_cells(tmp_path: Path, home: Path) -> None:
    """A file of kilobytes that would be six gigabytes in memory."""
    strings = f'<?xml version="1.0"?><sst><si><t>{"x" * 32_000}</t></si></sst>'
    cells = "".join(f'<row r="{row}">' + "".join(f'<c r="{c}{row}" t="s"><v>0</v></c>' for c in "ABCDEFGHIJ") + "</row>" for row in range(3, 20_003))  # fmt: skip
    text = sheet_xml(text_row(1, HEADER) + text_row(2, PERSON) + cells)
    path = write_parts(tmp_path / "r.xlsx", xlsx_parts(text, shared=strings))
    assert path.stat().st_size < 4 * 2**20
    assert "diulang" in refused_within_limits(home, [path])[0]


ODS_CORNERS = {
    "repeated cell": '<table:table-row table:number-rows-repeated="1048570"><table:table-cell office:value-type="string" '
                     'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>',
    "far cell": '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16383"/>'
                '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>',
    "last row": '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row><table:table-row>'
                '<table:table-cell table:number-columns-repeated="16383"/><table:table-cell office:value-type="float" office:value="1"/></table:table-row>',
    "endless": '<table:table-row table:number-rows-repeated="4000000000"><table:table-cell office:value-type="float" '
               'office:value="1" table:number-columns-repeated="4000000000"/></table:table-row>',
}  # fmt: skip


def test_an_ods_that_repeats_without_end(tmp_path: Path, home: Path) -> None:
    paths = [
        write_ods(tmp_path / f"{index}.ods", SheetToWrite("Data", ROWS), tail=tail)
        for index, tail in enumerate(ODS_CORNERS.values())
    ]
    assert all("terlalu besar" in said for said in refused_within_limits(home, paths))


def test_an_ods_with_empty_repeats_is_read(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tail = ('<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/>'
            '</table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>1571040101850003</text:p>'
            '</table:table-cell><table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>Kasang'
            '</text:p></table:table-cell></table:table-row>')  # fmt: skip
    table = accepted(
        home, write_ods(tmp_path / "r.ods", SheetToWrite("Data", ROWS), tail=tail), capsys
    )
    assert (table["rows_read"], table["rows_rejected"]) == (3, 0)


# XML


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)


def test_xml_entities(tmp_path: Path, sentence: Callable[..., str]) -> None:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    laughing = sheet_xml(text_row(1, HEADER) + text_row(2, PERSON)).replace(head, head + LAUGHS)
    assert "entitas" in sentence(write_parts(tmp_path / "a.xlsx", xlsx_parts(laughing)))
    assert "entitas" in sentence(
        write_parts(tmp_path / "b.xlsx", xlsx_parts(laughing, sheet_path="blatt"))
    )
    strings = f'{head}{LAUGHS}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&d;</t></si></sst>'
    rows = text_row(1, HEADER) + '<row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    assert "entitas" in sentence(
        write_parts(tmp_path / "c.xlsx", xlsx_parts(sheet_xml(rows), shared=strings))
    )
    outside = strings.replace(LAUGHS, '<!DOCTYPE x [<!ENTITY d SYSTEM "file:///etc/passwd">]>')
    assert "entitas" in sentence(
        write_parts(tmp_path / "d.xlsx", xlsx_parts(sheet_xml(rows), shared=outside))
    )
    content = write_ods(tmp_path / "e.ods", SheetToWrite("Data", ROWS))
    with zipfile.ZipFile(content) as archive:
        text = archive.read("content.xml").decode().replace(head, head + LAUGHS)
    assert "entitas" in sentence(write_ods_archive(tmp_path / "f.ods", text))


def test_a_declaration_across_a_boundary_of_reading(
    tmp_path: Path, sentence: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_CHUNK", 50)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    for shift in range(0, 50, 7):
        text = sheet_xml(text_row(1, HEADER)).replace(head, head + " " * shift + "<!DOCTYPE x>")
        assert "entitas" in sentence(write_parts(tmp_path / "a.xlsx", xlsx_parts(text)))


def test_a_drawing_with_a_document_type_is_no_danger(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = xlsx_parts(sheet_xml("".join(text_row(i, row) for i, row in enumerate(ROWS, start=1))))
    parts["xl/media/image1.svg"] = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg/>'
    assert accepted(home, write_parts(tmp_path / "r.xlsx", parts), capsys)["rows_accepted"] == 2


@pytest.mark.parametrize(
    "sheet",
    ["", "<", "<worksheet>", sheet_xml("<row r='x'><c r='?'/></row>"), sheet_xml(text_row(1, HEADER))[:-20],
     sheet_xml('<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'), "\x00" * 100, "<a/>" * 5],
)  # fmt: skip
def test_workbooks_that_are_not_well_formed(
    tmp_path: Path, sentence: Callable[..., str], sheet: str
) -> None:
    sentence(write_parts(tmp_path / "r.xlsx", xlsx_parts(sheet)))


# Text files


def csv_text(rows: list[list[str]]) -> str:
    return "".join(",".join(row) + "\r\n" for row in rows)


def test_wrong_encodings(tmp_path: Path, sentence: Callable[..., str]) -> None:
    text = csv_text(ROWS)
    for content in (
        text.encode().replace(b"Budi", b"Bud\x81"), text.encode("utf-16")[:-1], text.encode("utf-32"),
        text.encode("cp037"), b"\xff\xfe" + text.encode(), text.encode("utf-16-le") + b"\x00\xd8",
    ):  # fmt: skip
        sentence(named(tmp_path, "r.csv", content))


def test_nul_bytes(tmp_path: Path, sentence: Callable[..., str]) -> None:
    text = csv_text(ROWS).encode()
    assert "bukan teks" in sentence(named(tmp_path, "r.csv", text.replace(b"Budi", b"Bu\0di")))
    assert "bukan teks" in sentence(named(tmp_path, "r.csv", text + b"\0" * 512))


def test_broken_quotes(tmp_path: Path, sentence: Callable[..., str]) -> None:
    text = csv_text(
        [HEADER, *([PERSON] * 30), ["1571040101850009", '"Ani', "Kasang"], *([PERSON] * 30)]
    )
    assert "baris 32" in sentence(named(tmp_path, "r.csv", text.encode()))
    twice = csv_text([HEADER, PERSON, ["1", '"Ani', "Kasang"], PERSON, ["2", 'Cici"', "Kasang"]])
    sentence(named(tmp_path, "r.csv", twice.encode()))
    inside = csv_text([HEADER, PERSON, ["1", '"An"i', "Kasang"]])
    sentence(named(tmp_path, "r.csv", inside.encode()))


def test_ragged_rows(
    tmp_path: Path, home: Path, sentence: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    """More cells than headers may have shifted a name into another column: refused, with its line."""
    long = csv_text([HEADER, PERSON, [*PERSON, "lebih"]])
    assert "baris 3" in sentence(named(tmp_path, "r.csv", long.encode()))
    longer = csv_text([HEADER, PERSON, PERSON, [*PERSON, *("abcdefghijkl")]])
    assert "baris 4" in sentence(named(tmp_path, "r.csv", longer.encode()))
    # Fewer cells: what is missing is empty. Empty cells too many: nothing is lost.
    short = csv_text([HEADER, PERSON[:2], [*PERSON, "", "", ""]])
    assert accepted(home, named(tmp_path, "r.csv", short.encode()), capsys)["rows_read"] == 2


def test_double_headers(tmp_path: Path, sentence: Callable[..., str]) -> None:
    said = sentence(messy.write_csv(tmp_path / "r.csv", [[*HEADER, "nama"], [*PERSON, "x"]]))
    assert "“Nama”" in said
    assert "“nama”" in said
    sentence(
        write_xlsx(
            tmp_path / "r.xlsx",
            SheetToWrite("Data", [["NIK", "NIK", "Nama", "Kel."], ["1", *PERSON]]),
        )
    )


def test_fields_and_lines_without_end(tmp_path: Path, sentence: Callable[..., str]) -> None:
    huge = "x" * (10 * 2**20)
    for rows in (
        [HEADER, PERSON, [PERSON[0], huge, "Thehok"]], [HEADER, [PERSON[0], f'"{huge}\n{huge}"', "Thehok"]],
        [[huge], HEADER, PERSON], [[*HEADER, huge], [*PERSON, ""]],
        [HEADER, PERSON, [PERSON[0], "(" * 10**5, "(" * 10**7]],
    ):  # fmt: skip
        sentence(named(tmp_path, "r.csv", csv_text(rows).encode()))


def test_columns_without_end(tmp_path: Path, sentence: Callable[..., str]) -> None:
    wide = ["x"] * 500_000
    for rows in (
        [[*HEADER, *wide], [*PERSON, *wide]],
        [[",".join(wide)]],
        [["Judul"], wide, HEADER, PERSON],
    ):
        assert "kolom" in sentence(named(tmp_path, "r.csv", csv_text(rows).encode()))
    sheet = sheet_xml(
        text_row(1, HEADER) + text_row(2, PERSON) + '<row r="3"><c r="XFD3"><v>1</v></c></row>'
    )
    assert "kolom" in sentence(write_parts(tmp_path / "r.xlsx", xlsx_parts(sheet)))


def test_headers_made_of_brackets(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [[*HEADER, "(" * 30_000, "[{" * 15_000], [*PERSON, "", ""]]
    assert (
        accepted(home, write_xlsx(tmp_path / "r.xlsx", SheetToWrite("Data", rows)), capsys)[
            "rows_read"
        ]
        == 1
    )


# Names of files


@pytest.mark.parametrize(
    "name",
    ["o'brien.csv", 'kutip".csv', "x'); DROP TABLE rt; --.csv", "daftar [1].csv", "a*?.csv", "[abc].csv",
     "naïve – 名前 😀.csv", "baris\nbaru.csv", "$name {kurung} %s.csv", "kel=thehok.csv", "pisah\u2028baris.csv",
     "DAFTAR.CSV", " spasi .csv", "\udcff.csv", "-strip.csv", "'.xlsx", "[x].xlsx", "名前'.ods"],
)  # fmt: skip
def test_file_names(
    tmp_path: Path, home: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name is a name: no pattern, no SQL, no format. Another file beside it is never read."""
    messy.write_csv(tmp_path / "ab.csv", [HEADER, *([PERSON] * 9)])
    messy.write_csv(tmp_path / "daftar 1.csv", [HEADER, *([PERSON] * 9)])
    path = tmp_path / "kel=1" / "[b]" / name
    path.parent.mkdir(parents=True)
    writers = {".ods": write_ods, ".xlsx": write_xlsx}
    if path.suffix in writers:
        writers[path.suffix](path, SheetToWrite("Data'\"", ROWS))
    else:
        messy.write_csv(path, ROWS, encoding="cp1252" if name.startswith("D") else "utf-8")
    own = tmp_path / "rumah [1] 'x'"
    capsys.readouterr()
    assert main(["--home", str(own), "--json", "import", str(path), "--as-of", AS_OF]) == 0
    [table] = json.loads(capsys.readouterr().out)["tables"]
    assert (table["rows_read"], table["rows_accepted"]) == (2, 2)
    [record] = Store(own).history()
    assert record.release == Store(own).current_id()
    assert main(["--home", str(own), "coverage", "--by", "city"]) == 0
    path.write_bytes(b"x")
    assert main(["--home", str(own), "import", str(path)]) == 1
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("[")]
    assert len(said) <= 1 + name.count("\n")


# Formulas


def test_formulas_are_not_run(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [
        [*HEADER, "Catatan"],
        [*PERSON, "=1+1"],
        ["1571040101850002", "=CMD()", "Kasang", "=A1"],
    ]:
        sheet.append(row)
    sheet["A3"].data_type = "s"
    book.save(tmp_path / "r.xlsx")
    table = accepted(home, tmp_path / "r.xlsx", capsys)
    assert table["rows_accepted"] == 2


def test_a_checksum_that_is_wrong(tmp_path: Path, sentence: Callable[..., str]) -> None:
    whole = bytearray(good_xlsx(tmp_path))
    directory = whole.find(b"PK\x01\x02")
    struct.pack_into("<I", whole, directory + 16, zlib.crc32(b"something else"))
    assert "rusak" in sentence(named(tmp_path, "r.xlsx", bytes(whole)))


def test_an_unknown_encoding_inside_a_workbook(
    tmp_path: Path, sentence: Callable[..., str]
) -> None:
    """Found by fuzzing: the parser of XML asks Python for an encoding by its name."""
    path = write_ods_archive(tmp_path / "r.ods", '<?xml version="1.0" encoding="AAAA"?><a/>')
    assert "rusak" in sentence(path)


def test_sheets_without_end(tmp_path: Path, sentence: Callable[..., str]) -> None:
    """Found by fuzzing: a sheet that the workbook names 300 times was read 300 times, in 15 s."""
    parts = xlsx_parts(sheet_xml(text_row(1, HEADER) + text_row(2, PERSON)))
    one = '<sheet name="Data" sheetId="1" r:id="r1"/>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(one, one * 300)
    assert "300 lembar" in sentence(write_parts(tmp_path / "r.xlsx", parts))
