"""Writes the invented city as a workbook of the offices' form, read through the same door.

The sheets are in Indonesian whatever the reader's language: they stand for office lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jambi_dash.demo.claims import Claim
from jambi_dash.demo.parameters import Parameters
from jambi_dash.demo.rollout import Event
from jambi_dash.demo.roster import Entry, Rosters
from jambi_dash.demo.rts import Rt
from jambi_dash.domain.areas import CITY_NAME, load_areas
from jambi_dash.domain.formats import day, month, number
from jambi_dash.domain.language import in_language, worded
from jambi_dash.domain.months import Month
from jambi_dash.palette import colours

MARKER = "DATA CONTOH"
"""Stands in the title of every sheet; a release made from it calls itself synthetic."""
PEOPLE_COLUMNS = (
    "No", "NIK", "Nama Lengkap", "Tanggal Lahir", "L/P", "Pekerjaan", "Kecamatan", "Kelurahan",
    "RT", "Kelompok", "Tahap", "Sumber Dana", "Mulai", "Sampai", "Penghasilan",
)  # fmt: skip
RT_COLUMNS = (
    "No", "Kecamatan", "Kelurahan", "RT", "Jumlah KK", "Perkiraan Pekerja Rentan", "Percontohan",
)  # fmt: skip
EVENT_COLUMNS = (
    "No", "Kecamatan", "Kelurahan", "RT", "Tahap", "Tanggal", "Nilai Kegiatan", "Jumlah Pekerja",
    "Tanggal SPK", "Jakon Terdaftar", "Jakon Dibayar",
)  # fmt: skip
CLAIM_COLUMNS = (
    "No", "Program", "Tanggal", "Tanggal Kejadian", "Jenis", "Nilai", "Kelompok", "Kecamatan",
    "Kelurahan", "RT",
)  # fmt: skip

_WIDTHS = {
    "No": 6, "NIK": 19, "Nama Lengkap": 30, "Pekerjaan": 20, "Kecamatan": 16, "Kelurahan": 20,
    "RT": 6, "L/P": 5, "Kelompok": 18, "Tahap": 20, "Jenis": 36, "Perkiraan Pekerja Rentan": 24,
}  # fmt: skip

Cell = str | int | date | Month | None


@in_language("id")
def write_workbook(
    path: Path,
    rts: Sequence[Rt],
    rosters: Rosters,
    events: Sequence[Event],
    claims: Sequence[Claim],
    parameters: Parameters,
    *,
    workers: int,
    as_of: date,
) -> None:
    """Writes every sheet to `path`, which need not end in `.xlsx`; `OSError` and xlsxwriter's
    `FileCreateError` where it cannot. The same content gives the same bytes.
    """
    book = xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False},
    )
    # A fixed day of making, so that the same city is the same file.
    book.set_properties(
        {
            "title": f"{MARKER}: Jamsostek Pekerja Rentan {CITY_NAME}",
            "comments": "Seluruh isinya karangan.",
            "created": datetime(as_of.year, as_of.month, as_of.day),
        }
    )
    sheets = _Sheets(book, as_of)
    sheets.read_first(parameters, workers)
    people = f"DAFTAR PESERTA JAMSOSTEK {CITY_NAME.upper()}"
    sheets.table(
        "Pekerja Rentan", f"{people}: PEKERJA RENTAN", PEOPLE_COLUMNS, map(_person, rosters.workers)
    )
    sheets.table(
        "Petugas Keagamaan",
        f"{people}: PETUGAS KEAGAMAAN",
        PEOPLE_COLUMNS,
        map(_person, rosters.religious_workers),
        months_as_text=True,
    )
    heads = worded("Ketua RT")
    sheets.table(
        heads, f"{people}: {heads.upper()}", PEOPLE_COLUMNS, map(_person, rosters.rt_heads)
    )
    sheets.table(
        worded("RT"),
        f"DAFTAR {worded('RT')} {CITY_NAME.upper()}",
        RT_COLUMNS,
        map(_rt, rts),
        total=(
            "Jumlah", None, None, None,
            sum(rt.households for rt in rts), sum(rt.eligible for rt in rts), None,
        ),
    )  # fmt: skip
    works = worded("Kampung Bahagia")
    sheets.table(works, f"PERKEMBANGAN {works.upper()}", EVENT_COLUMNS, map(_event, events))
    sheets.table("Santunan", "SANTUNAN YANG DIBAYARKAN", CLAIM_COLUMNS, map(_claim, claims))
    book.close()


def _person(row: Entry) -> tuple[Cell, ...]:
    return (
        row.nik, row.name, row.born, row.sex, row.occupation, row.kecamatan, row.kelurahan,
        row.rt, row.cohort, row.stage, worded(row.fund), row.start, row.end, row.income,
    )  # fmt: skip


def _rt(rt: Rt) -> tuple[Cell, ...]:
    kelurahan = rt.kelurahan
    return (
        kelurahan.kecamatan_name, kelurahan.name, rt.number, rt.households, rt.eligible,
        "ya" if rt.pilot else "tidak",
    )  # fmt: skip


def _event(event: Event) -> tuple[Cell, ...]:
    kelurahan = event.home.kelurahan
    registered = {True: "ya", False: "tidak", None: None}[event.registered]
    return (
        kelurahan.kecamatan_name, kelurahan.name, event.home.number, event.stage.capitalize(),
        event.day, event.value, event.workers, event.ordered, registered, event.paid,
    )  # fmt: skip


def _claim(claim: Claim) -> tuple[Cell, ...]:
    kelurahan = claim.home.kelurahan
    return (
        claim.program, claim.paid, claim.happened, claim.kind, claim.value, claim.cohort,
        kelurahan.kecamatan_name, kelurahan.name, claim.rt,
    )  # fmt: skip


class _Sheets:
    """The sheets of one workbook and the formats they share."""

    def __init__(self, book: xlsxwriter.Workbook, as_of: date) -> None:
        self._book = book
        self._as_of = as_of
        self._title: Format = book.add_format({"bold": True, "font_size": 13})
        self._header: Format = book.add_format(
            {
                "bold": True,
                "bg_color": colours.TABLE_HEAD,
                "border": 1,
                "text_wrap": True,
                "valign": "top",
            }
        )
        self._text: Format = book.add_format({"num_format": "@"})
        self._number: Format = book.add_format({"num_format": "#,##0"})
        self._day: Format = book.add_format({"num_format": "dd/mm/yyyy"})
        self._month: Format = book.add_format({"num_format": "mmmm yyyy"})
        self._months: dict[Month, str] = {}

    def read_first(self, parameters: Parameters, workers: int) -> None:
        """The sheet that says that nobody in this file exists."""
        totals = parameters.totals
        sheet: Worksheet = self._book.add_worksheet("Baca dulu")
        sheet.set_column(0, 0, 110)
        sheet.write_string(0, 0, f"{MARKER} — BACA DULU", self._title)
        lines = (
            "Seluruh isi berkas ini karangan. Tidak seorang pun di dalamnya benar-benar ada.",
            "Nama disusun acak dari nama bunga, pohon, dan alam. NIK mengikuti susunan yang sah, "
            "tetapi bernomor urut 9001 ke atas, yang tidak pernah dikeluarkan.",
            "Jumlahnya mengikuti angka yang diketahui: "
            f"{number(workers)} pekerja rentan terlindungi, "
            f"{number(totals.religious_workers)} petugas keagamaan, "
            f"{number(totals.rts)} ketua RT, {number(totals.rts)} RT di {len(load_areas().kelurahan)} kelurahan, "
            f"{number(totals.pilots)} RT percontohan Kampung Bahagia, "
            f"perkiraan {number(totals.eligible)} pekerja rentan.",
            "Sebarannya menurut kelurahan dan bulan adalah asumsi, bukan keadaan sebenarnya.",
            "Sedikit kesalahan sengaja dimasukkan (NIK kosong, ejaan lain, RT kosong, baris "
            "berulang) supaya pemeriksaan data dapat dilihat bekerja.",
            f"Keadaan per {day(self._as_of)}.",
        )
        wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        for n, line in enumerate(lines):
            sheet.write_string(2 + n, 0, worded(line), wrapped)

    def table(
        self,
        name: str,
        title: str,
        columns: Sequence[str],
        rows: Iterable[tuple[Cell, ...]],
        *,
        total: Sequence[Cell] | None = None,
        months_as_text: bool = False,
    ) -> None:
        """A sheet of two title lines, a header and numbered rows; `rows` lack the number."""
        sheet: Worksheet = self._book.add_worksheet(name)
        for i, column in enumerate(columns):
            sheet.set_column(i, i, _WIDTHS.get(column, 16))
        last = len(columns) - 1
        sheet.merge_range(0, 0, 0, last, f"{MARKER} — {title}", self._title)
        sheet.merge_range(1, 0, 1, last, f"Keadaan per {day(self._as_of)}; seluruhnya karangan")
        for i, column in enumerate(columns):
            sheet.write_string(3, i, column, self._header)
        sheet.freeze_panes(4, 0)
        at = 4
        for n, row in enumerate(rows, start=1):
            sheet.write_number(at, 0, n)
            for i, cell in enumerate(row, start=1):
                self._cell(sheet, at, i, cell, months_as_text=months_as_text)
            at += 1
        for i, cell in enumerate(total or ()):
            self._cell(sheet, at, i, cell, months_as_text=months_as_text)

    def _cell(
        self, sheet: Worksheet, row: int, column: int, cell: Cell, *, months_as_text: bool
    ) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            sheet.write_string(row, column, cell, self._text)
        elif isinstance(cell, Month):
            if months_as_text:
                if cell not in self._months:
                    self._months[cell] = month(cell)
                sheet.write_string(row, column, self._months[cell], self._text)
            else:
                sheet.write_datetime(row, column, cell.first_day(), self._month)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._day)
        else:
            sheet.write_number(row, column, cell, self._number)
