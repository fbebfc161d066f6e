"""The mend list to print: every finding is on a sheet, no person is on any."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from jambi_dash.cli import main
from jambi_dash.domain.mending import MendBook, MendRow, MendSheet, Task
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.mend_sheets import mend_pdf, mend_xlsx
from jambi_dash.exports.theme import load_theme
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.door import Door
from jambi_dash.queries.mending import mend_book
from jambi_dash.releases.store import Store

THEHOK = "15.71.02.1004"
ROSTER = (
    "NIK,Nama,Kelurahan,Tahap,Mulai,Sampai\n"
    "1571044610934096,Budi Hartono,Thehok,aktif,2025-01,2025-10\n"
    "1571035001762088,Siti Aminah,Kelurahan Thehok,aktif,2025-01,\n"
    "15710,Eka Putra,Thehok,aktif,2025-01,\n"
    "1571030604899662,Ana Lestari,Entah Di Mana,aktif,2025-01,\n"
    "1571030604899663,Ani Lestari,Kasang,diusulkan,,\n"
)
BPJS = "KPJ,NIK,Status\n24041234567,1571044610934096,aktif\n24041234568,1571035001762088,nonaktif\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    files = []
    for name, text in (("peserta.csv", ROSTER), ("bpjs.csv", BPJS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        files.append(tmp_path / name)
    store = Store(tmp_path / "home")
    with check_files(store, files, as_of=date(2025, 12, 31)) as prepared:
        publish(prepared)
    return store.home


def book_of(home: Path, kelurahan: str | None = None) -> MendBook:
    store = Store(home)
    with Door(store.path_of(store.require_current().release)) as door:
        return mend_book(door, kelurahan=kelurahan)


def text_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def test_every_finding_and_task_stands_on_its_sheet(home: Path) -> None:
    book = book_of(home)
    assert len(book.sheets) == 69
    by_code = {sheet.code: sheet for sheet in book.sheets}
    thehok = by_code[THEHOK]
    assert {(r.table, r.rule, r.outcome): r.rows for r in thehok.rows} == {
        ("peserta", "nik_panjang", "reject"): 1,
        ("peserta", "rt_tidak_dikenal", "warn"): 2,
    }
    # Siti is paid for and no member, so hers ends; Budi is one, whoever pays.
    assert {task.id: task.people for task in thehok.tasks} == {
        "hampir_gugur": 1, "bpjs_nonaktif": 1,
    }  # fmt: skip
    assert {task.id for task in by_code["15.71.03.1006"].tasks} == {"menunggu_kelurahan"}
    assert {row.rule for row in by_code[""].rows} == {"lokasi_tidak_dikenal"}
    assert book_of(home, THEHOK).sheets == (thehok,)
    with pytest.raises(Refusal, match="tidak ada"):
        book_of(home, "15.71.99.9999")


def test_the_printed_sheets(home: Path) -> None:
    content = mend_pdf(book_of(home), load_theme())
    pages = text_of(content)
    assert len(pages) == 4  # the list of all, Thehok, Kasang, without a kelurahan
    assert "Talang Gulo" in pages[0]
    assert "Daftar perbaikan Kelurahan Thehok" in pages[1]
    assert "NIK tidak 16 angka" in pages[1]
    assert "nonaktif menurut BPJS" in pages[1]
    assert "tanpa kelurahan" in pages[3]
    for page in pages:
        assert "internal" in page
        assert not any(word in page for word in ("Hartono", "Aminah", "157104", "24041"))
    box = PdfReader(BytesIO(content)).pages[1].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    assert mend_pdf(book_of(home), load_theme()) == content


def test_one_sheet_and_none(home: Path) -> None:
    assert len(text_of(mend_pdf(book_of(home, THEHOK), load_theme()))) == 1
    with pytest.raises(Refusal, match="Tidak ada yang perlu diperbaiki"):
        mend_pdf(book_of(home, "15.71.08.1004"), load_theme())


def test_more_than_a_page_goes_on_on_the_next() -> None:
    rows = tuple(MendRow("peserta", f"aturan_{n}", "warn", n + 1) for n in range(60))
    sheet = MendSheet(THEHOK, "Thehok", "Jambi Selatan", rows, (Task("tertahan", 3),))
    book = MendBook("20260101-000000-abcd", date(2025, 12, 31), True, (sheet,))
    pages = text_of(mend_pdf(book, load_theme()))
    assert len(pages) > 1
    text = "\n".join(pages)
    assert all(f"aturan_{n}\n" in text + "\n" for n in range(60))
    assert all("DATA CONTOH" in page for page in pages)
    assert "lanjutan" in pages[1]
    assert pages[-1].count("Diterima lurah") == text.count("Diterima lurah") == 1


def test_a_list_of_many_kelurahan_takes_more_pages() -> None:
    sheets = tuple(
        MendSheet(f"15.71.01.{n:04d}", f"Kelurahan{n:03d}", "Contoh",
                  (MendRow("peserta", "ganda", "reject", 1),) if n in (0, 199) else (), ())
        for n in range(200)
    )  # fmt: skip
    book = MendBook("20260101-000000-abcd", date(2025, 12, 31), False, sheets)
    pages = text_of(mend_pdf(book, load_theme()))
    assert len(pages) == 3 + 2
    listed = "\n".join(pages[:3])
    assert all(sheet.name in listed for sheet in sheets)
    assert "Kelurahan199" in pages[4]


def test_the_workbook(home: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(mend_xlsx(book_of(home))))
    sums, details, _ = book.worksheets
    rows = {row[1]: row[3:] for row in sums.iter_rows(min_row=2, values_only=True)}
    assert rows["Thehok"] == (1, 2, 2)
    assert rows["Talang Gulo"] == (0, 0, 0)
    found = [row for row in details.iter_rows(min_row=2, values_only=True) if row[0] == "Thehok"]
    assert [(row[2], row[4]) for row in found] == [
        ("Ditolak", 1), ("Catatan", 2), ("Tindakan", 1), ("Tindakan", 1),
    ]  # fmt: skip
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            assert not any("Hartono" in str(cell) or "24041" in str(cell) for cell in row)


@pytest.mark.parametrize("kelurahan", ["all", THEHOK, "thehok"])
@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_the_command(home: Path, tmp_path: Path, kelurahan: str, form: str) -> None:
    out = tmp_path / f"daftar.{form}"
    command = ["--home", str(home), "export", "mend", "--kelurahan", kelurahan, "--out", str(out)]
    assert main(command) == 0
    assert out.read_bytes()[:2] in (b"%P", b"PK")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--kelurahan", "Thehokk"], "tidak dikenal"),
        (["--public"], "tidak pernah untuk umum"),
        (["--kelurahan", "15.71.08.1004"], "Tidak ada yang perlu"),
    ],
)
def test_refusals_leave_nothing(
    home: Path, tmp_path: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "daftar.pdf"
    assert main(["--home", str(home), "export", "mend", *words, "--out", str(out)]) == 1
    assert told in capsys.readouterr().err
    assert not out.exists()
