"""Rosters as 68 offices would send them: every fault of the contract, each with its known fate.

Knows nothing of how the product reads them: the rules are written down here a second time, from
the contract alone, and from the side of whoever makes the mistake.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jambi_dash.settings import AREAS

AS_OF = date(2025, 12, 31)
MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
          "Oktober", "November", "Desember"]  # fmt: skip
PROVINCES = ["15", "15", "15", "16", "14", "31", "32", "33", "91", "96", "12"]
NAMES = ["Siti Aminah", "Budi Santoso", "M. Yusuf", "Nurhayati", "Ahmad Fauzi", "Rina Marlina",
         "Dewi Sartika", "Hasan Basri", "Fatimah", "Zulkifli", "Mariam", "Suparman"]  # fmt: skip
HEADERS = {
    "no": "No", "nik": "NIK/No KTP", "nama": "Nama Lengkap", "tanggal_lahir": "Tgl. Lahir",
    "jenis_kelamin": "L/P", "pekerjaan": "Jenis Pekerjaan", "kecamatan": "Kec.",
    "kelurahan": "Desa/Kelurahan", "rt": "No RT", "tahap": "Status Tahap", "mulai": "Bulan Mulai",
    "sampai": "Sampai", "kelompok": "Kelompok", "keterangan": "Keterangan",
}  # fmt: skip
RTS_EACH = 6

Cell = str | int | float | date | None


@cache
def kelurahan() -> tuple[dict[str, str], ...]:
    """The city's kelurahan as the shipped list has them."""
    with (AREAS / "kelurahan.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def aliases() -> dict[str, list[str]]:
    with (AREAS / "aliases.csv").open(encoding="utf-8", newline="") as file:
        found: dict[str, list[str]] = {}
        for row in csv.DictReader(file):
            # Spaces, capitals and number words are normal spellings, not repairs.
            official, alias = (row[n].replace(" ", "").casefold() for n in ("nama_resmi", "alias"))
            if row["catatan"] == "teramati" and official != alias and "Simpang" not in row["alias"]:
                found.setdefault(row["kode"], []).append(row["alias"])
        return found


@dataclass
class Person:
    """Somebody as the population register knows them."""

    name: str
    born: date
    sex: str
    nik: str
    place: dict[str, str]
    rt: int


@dataclass
class Row:
    """One line of a roster and what must become of it."""

    cells: dict[str, Cell]
    rejection: str | None = None
    warnings: set[str] = field(default_factory=set)
    skipped: bool = False
    covered: tuple[tuple[int, int], tuple[int, int] | None] | None = None
    """First and last paid month, where the row counts as covered."""
    cohort: str = "pekerja_rentan"
    place: str | None = None
    rt: str | None = None


@dataclass
class Roster:
    """A whole roster with its truth."""

    rows: list[Row]

    @property
    def counted(self) -> list[Row]:
        return [row for row in self.rows if not row.skipped]

    def rejections(self) -> dict[str, int]:
        return dict(Counter(row.rejection for row in self.counted if row.rejection))

    def warnings(self) -> dict[str, int]:
        return dict(Counter(w for row in self.counted for w in row.warnings if not row.rejection))

    def covered(self, year: int, month: int, cohort: str = "pekerja_rentan") -> Counter[str | None]:
        """Covered people at one month by RT code, kelurahan code (RT unknown) or None."""
        at = (year, month)
        return Counter(
            f"{row.place}-{row.rt}" if row.rt else row.place
            for row in self.counted
            if row.covered and row.cohort == cohort and row.covered[0] <= at
            and (row.covered[1] is None or row.covered[1] >= at)
        )  # fmt: skip


class Office:
    """Writes rosters: one office, one seed."""

    def __init__(self, seed: int, *, spreadsheet: bool) -> None:
        self.random = random.Random(seed)
        self.spreadsheet = spreadsheet
        self.serial = 0
        self.rows: list[Row] = []

    # People

    def person(self, *, born: date | None = None) -> Person:
        r = self.random
        born = born or date(r.randint(1966, 2003), r.randint(1, 12), r.randint(1, 28))
        sex = r.choice("LP")
        self.serial += 1
        day = born.day + (40 if sex == "P" else 0)
        region = f"{r.choice(PROVINCES)}{r.randint(1, 79):02d}{r.randint(1, 30):02d}"
        nik = f"{region}{day:02d}{born:%m%y}{self.serial:04d}"
        return Person(r.choice(NAMES) + f" {self.serial}", born, sex, nik, r.choice(kelurahan()),
                      r.randint(1, RTS_EACH))  # fmt: skip

    # Ways of writing

    def write_date(self, day: date) -> Cell:
        month = MONTHS[day.month - 1]
        texts: list[Cell] = [f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day.year}",
                             f"{day.day} {month} {day.year}", day.isoformat()]  # fmt: skip
        return self.random.choice([*texts, day] if self.spreadsheet else texts)

    def write_month(self, month: tuple[int, int]) -> Cell:
        year, number = month
        texts: list[Cell] = [f"{year}-{number:02d}", f"{number:02d}/{year}",
                             f"{MONTHS[number - 1]} {year}", f"1 {MONTHS[number - 1]} {year}"]  # fmt: skip
        return self.random.choice([*texts, date(year, number, 1)] if self.spreadsheet else texts)

    def write_nik(self, nik: str) -> Cell:
        """In one of the ways that keep all digits."""
        ways: list[Cell] = [nik, nik, nik, f"'{nik}", f"{nik[:6]}.{nik[6:12]}.{nik[12:]}",
                            f"{nik[:4]} {nik[4:8]} {nik[8:12]} {nik[12:]}", f" {nik} ",
                            f"{nik[:6]}-{nik[6:12]}-{nik[12:]}"]  # fmt: skip
        if self.spreadsheet and not nik.endswith("0") and int(nik) <= 2**53:
            ways.append(int(nik))
        return self.random.choice(ways)

    def write_place(self, place: dict[str, str]) -> str:
        name = place["kelurahan"]
        return self.random.choice([name, name, name.upper(), name.lower(), f"Kel. {name}",
                                   f"  {name} ", f"Kelurahan {name.upper()}", f"Desa {name}",
                                   place["kode"]])  # fmt: skip

    def write_rt(self, rt: int) -> Cell:
        texts: list[Cell] = [f"{rt:03d}", f"{rt}", f"RT {rt:02d}", f"RT.{rt:03d}", f"{rt:03d}/00",
                             f"RT {rt} RW 00"]  # fmt: skip
        return self.random.choice([*texts, rt] if self.spreadsheet else texts)

    def row(
        self, person: Person | None = None, *, cohort: str = "", stage: str = "Aktif",
        start: tuple[int, int] | None = None, end: tuple[int, int] | None = None,
    ) -> Row:  # fmt: skip
        """A row without a fault."""
        r = self.random
        person = person or self.person()
        start = start or (2025, r.randint(1, 12))
        if end is None and r.random() < 0.15:
            end = (2025, r.randint(start[1], 12)) if start[0] == 2025 else None
        sex = {"L": ["L", "l", "Laki-laki", "Pria"], "P": ["P", "p", "Perempuan", "WANITA"]}
        cells: dict[str, Cell] = {
            "nik": self.write_nik(person.nik), "nama": person.name,
            "tanggal_lahir": self.write_date(person.born), "jenis_kelamin": r.choice(sex[person.sex]),
            "pekerjaan": r.choice(["Tukang becak", "ojek online", "Buruh harian", ""]),
            "kecamatan": r.choice([person.place["kecamatan"], person.place["kecamatan"].upper(),
                                   f"Kec. {person.place['kecamatan']}", ""]),
            "kelurahan": self.write_place(person.place), "rt": self.write_rt(person.rt),
            "tahap": r.choice([stage, stage.upper(), f" {stage.lower()} "]),
            "mulai": self.write_month(start), "sampai": self.write_month(end) if end else "",
            "kelompok": cohort, "keterangan": r.choice(["", "ok", "=1+1", "08123456789"]),
        }  # fmt: skip
        ids = {"": "pekerja_rentan", "Pekerja Rentan": "pekerja_rentan", "Ketua RT": "ketua_rt",
               "Petugas Keagamaan": "petugas_keagamaan"}  # fmt: skip
        row = Row(cells, cohort=ids[cohort], place=person.place["kode"], rt=f"{person.rt:03d}")
        if stage == "Aktif":
            row.covered = (start, end)
        self.rows.append(row)
        return row

    def reject(self, rule: str, **cells: Cell) -> Row:
        row = self.row()
        row.cells.update(cells)
        row.rejection, row.covered = rule, None
        return row

    def warn(self, *rules: str, **cells: Cell) -> Row:
        row = self.row()
        row.cells.update(cells)
        row.warnings = set(rules)
        return row

    # Faults

    def spoilt_niks(self) -> None:
        r = self.random
        for text in ("1,57107E+15", "1.57107E+15", "1,57e15"):
            self.reject("nik_rusak_excel", nik=text)
        if self.spreadsheet:
            self.reject(
                "nik_rusak_excel",
                nik=int(f"157104{r.randint(1, 28):02d}0585{r.randint(1, 99):03d}0"),
            )
            self.reject("nik_rusak_excel", nik=9_171_010_101_900_001)
        for text in (
            "157104010185001",
            "15710401018500123",
            "ABC",
            "12",
            "1571O40101850012",
            "n/a",
        ):
            self.reject("nik_panjang", nik=text)
        for text in ("1071040101850012", "1571040001850012", "1571043201850012", "1571047201850012",
                     "1571044001850012", "1571040113850012", "1571043002850012",
                     "1571042902850012", "1571040101850000"):  # fmt: skip
            self.reject("nik_tidak_sah", nik=text)

    def ages(self) -> None:
        """65 years old in the first paid month is too old, a month before is not."""
        for years, months, rule in ((65, 0, "usia_65"), (64, 11, None), (66, 3, "usia_65")):
            start = (2025, self.random.randint(1, 12))
            index = start[0] * 12 + start[1] - 1 - years * 12 - months
            born = date(index // 12, index % 12 + 1, self.random.randint(1, 28))
            for column in (True, False):
                row = self.row(self.person(born=born), start=start)
                if not column:
                    row.cells["tanggal_lahir"] = ""
                row.rejection = rule
                row.covered = None if rule else row.covered
        for months, young in ((18 * 12, False), (18 * 12 - 1, True), (6 * 12, True)):
            start = (2025, self.random.randint(1, 12))
            index = start[0] * 12 + start[1] - 1 - months
            born = date(index // 12, index % 12 + 1, 1)
            row = self.row(self.person(born=born), start=start)
            row.warnings = {"usia_bawah_18"} if young else set()

    def stages(self) -> None:
        for stage in ("Diusulkan", "Verifikasi Kelurahan", "verifikasi_kecamatan", "Ditetapkan",
                      "Ditolak", "Nonaktif"):  # fmt: skip
            row = self.row(stage=stage)
            row.cells["mulai"] = self.random.choice(["", row.cells["mulai"]])
            row.cells["sampai"] = ""
        for text in ("entah", "Aktiff", "?"):
            self.reject("tahap_tidak_dikenal", tahap=text)
        for text in ("nelayan hebat", "???"):
            self.reject("kelompok_tidak_dikenal", kelompok=text)
        for text in ("", "segera", "13/2025", "2025"):
            self.reject("mulai_tidak_sah", mulai=text, sampai="")
        self.reject("mulai_tidak_sah", mulai="Juni 2025", sampai="Mei 2025")
        self.reject("mulai_tidak_sah", mulai="Juni 2025", sampai="12/2024", tahap="Diusulkan")
        same = self.row(start=(2025, 6), end=(2025, 6))
        assert same.covered == ((2025, 6), (2025, 6))

    def several_at_once(self) -> None:
        """The first rule of the contract's list decides."""
        old = {"tanggal_lahir": "01/01/1940"}
        self.reject(
            "nik_rusak_excel", nik="1,5E+15", **old, tahap="entah", kelompok="entah", mulai=""
        )
        self.reject("nik_panjang", nik="123", **old, tahap="entah", kelompok="entah", mulai="")
        self.reject("nik_tidak_sah", nik="1571040101850000", **old, tahap="entah", mulai="")
        self.reject("usia_65", **old, mulai="Juni 2025", sampai="", tahap="entah", kelompok="entah")
        self.reject("tahap_tidak_dikenal", tahap="entah", kelompok="entah", mulai="")
        self.reject("kelompok_tidak_dikenal", kelompok="entah", mulai="", sampai="")

    def doubles(self) -> None:
        for cohort in ("", "Ketua RT"):
            person = self.person()
            self.row(person, cohort=cohort)
            for _ in range(self.random.randint(1, 2)):
                again = self.row(person, cohort=cohort)
                again.rejection, again.covered = "ganda", None
        # A row that is turned away on its own is no first row.
        person = self.person()
        first = self.row(person)
        first.cells["tahap"], first.rejection, first.covered = "entah", "tahap_tidak_dikenal", None
        self.row(person)
        # The same person in two cohorts.
        for second in ("Petugas Keagamaan", "Ketua RT"):
            person = self.person()
            for cohort in ("Pekerja Rentan", second):
                self.row(person, cohort=cohort).warnings.add("ganda_program")

    def without_nik(self) -> None:
        """Never merged by NIK; by name, birth date and kelurahan together only."""
        for text in ("", "0", "-", "1111111111111111", " ", "000"):
            person = self.person()
            for index in range(2):
                row = self.row(person)
                row.cells["nik"] = text
                if index:
                    row.cells["nama"] = str(row.cells["nama"]).upper() + "  "
                    row.rejection, row.covered = "ganda", None
                else:
                    row.warnings = {"nik_kosong"}
        person = self.person()
        for change in (
            {},
            {"nama": "Orang Lain"},
            {"tanggal_lahir": "02/02/1981"},
            {"kelurahan": "Thehok", "kecamatan": ""},
        ):
            person.place = next(k for k in kelurahan() if k["kelurahan"] == "Kasang")
            row = self.row(person)
            row.cells.update({"nik": "-", "tanggal_lahir": "01/01/1980"} | change)
            row.warnings = {"nik_kosong"}
            if "kelurahan" in change:
                row.place = "15.71.02.1004"
        for _ in range(2):  # too little is known to call them one
            row = self.row()
            row.cells.update(nik="", nama="Aminah", tanggal_lahir="")
            row.warnings = {"nik_kosong"}

    def disagreements(self) -> None:
        row = self.row(self.person(born=date(1980, 5, 4)))
        row.cells["tanggal_lahir"], row.warnings = "05/04/1980", {"nik_tanggal_beda"}
        row = self.row(self.person(born=date(1980, 5, 4)))
        row.cells["tanggal_lahir"], row.warnings = "04/05/1990", {"nik_tanggal_beda"}
        for _ in range(2):
            person = self.person()
            row = self.row(person)
            row.cells["jenis_kelamin"] = "P" if person.sex == "L" else "L"
            row.warnings = {"nik_kelamin_beda"}
        for text in ("31/02/1980", "tidak tahu", "1980", "05/22/1980"):
            self.warn("tanggal_tidak_sah", tanggal_lahir=text)
        self.warn("tanggal_tidak_sah", "nik_kosong", tanggal_lahir="?", nik="")

    def places(self) -> None:
        r = self.random
        for text in (
            "",
            "-",
            "Antah Berantah",
            "Kab. Muaro Jambi",
            "Kenali Asam Tengah",
            "1571080002",
        ):
            row = self.warn("lokasi_tidak_dikenal", kelurahan=text)
            row.place = row.rt = None
        for place in r.sample(kelurahan(), 3):
            other = r.choice(
                [k for k in kelurahan() if k["kode_kecamatan"] != place["kode_kecamatan"]]
            )
            row = self.warn(
                "kecamatan_beda", kelurahan=place["kelurahan"], kecamatan=other["kecamatan"]
            )
            row.place = place["kode"]
        for code in r.sample([c for c in aliases() if c.count(".") == 3], 3):
            row = self.warn("lokasi_diperbaiki", kelurahan=r.choice(aliases()[code]), kecamatan="")
            row.place = code
        for text, code in (("Tehok", "15.71.02.1004"), ("Lebak Bandug", "15.71.08.1004"),
                           ("TALANG BAKUGN", "15.71.11.1001")):  # fmt: skip
            row = self.warn("lokasi_diperbaiki", kelurahan=text, kecamatan="")
            row.place = code
        row = self.row()
        row.cells.update(kelurahan="1571080002 Budiman", kecamatan="")
        row.place = "15.71.03.1004"
        for text in ("", "-", "999", "RT", str(RTS_EACH + 1)):
            row = self.warn("rt_tidak_dikenal", rt=text)
            row.rt = None

    def skipped_lines(self) -> None:
        self.rows.append(Row({}, skipped=True))
        self.rows.append(Row({"no": "Jumlah", "keterangan": "12"}, skipped=True))
        self.rows.append(Row({"nama": "TOTAL", "mulai": "Rp 604.000.000"}, skipped=True))


def make_roster(seed: int, *, spreadsheet: bool, good: int = 40) -> Roster:
    """A roster with every fault and `good` rows without any, in an order of its own."""
    office = Office(seed, spreadsheet=spreadsheet)
    for _ in range(good):
        office.row(
            cohort=office.random.choice(["", "", "Pekerja Rentan", "Ketua RT", "Petugas Keagamaan"])
        )
    for fault in (
        office.spoilt_niks, office.ages, office.stages, office.several_at_once, office.doubles,
        office.without_nik, office.disagreements, office.places, office.skipped_lines,
    ):  # fmt: skip
        fault()
    return Roster(_mixed(office))


def _mixed(office: Office) -> list[Row]:
    """The rows in a new order in which those of one person keep theirs."""
    groups: dict[object, list[Row]] = {}
    for row in office.rows:
        # Names carry a serial number: rows of one person share it.
        key = str(row.cells.get("nama", "")).strip().casefold() or id(row)
        groups.setdefault(key, []).append(row)
    slots = [key for key, rows in groups.items() for _ in rows]
    office.random.shuffle(slots)
    return [groups[key].pop(0) for key in slots]


def make_register(*, estimates: bool = True) -> list[list[Cell]]:
    """Six RTs in every kelurahan, header first."""
    rows: list[list[Cell]] = [
        ["Kecamatan", "Kelurahan", "No. RT", "Jumlah KK", "Perkiraan Pekerja Rentan", "Percontohan"]
    ]
    for index, place in enumerate(kelurahan()):
        for rt in range(1, RTS_EACH + 1):
            rows.append([place["kecamatan"], place["kelurahan"], f"RT {rt:02d}", 50 + (index + rt) % 40,
                         (index * 7 + rt) % 23 if estimates else "", "ya" if rt == 1 else "tidak"])  # fmt: skip
    return rows


def as_table(roster: Roster, columns: dict[str, str] | None = None) -> list[list[Any]]:
    """Header and rows as the office would type them."""
    columns = columns or HEADERS
    rows: list[list[Any]] = [list(columns.values())]
    for number, row in enumerate(roster.rows, start=1):
        cells = row.cells if row.skipped else {"no": number, **row.cells}
        rows.append([cells.get(name, "") for name in columns])
    return rows


def cell_as_text(cell: Cell) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else "" if cell is None else str(cell)


def write_csv(
    path: Path, rows: list[list[Any]], *, encoding: str = "utf-8", delimiter: str = ",",
    titles: int = 0, line_end: str = "\r\n",
) -> Path:  # fmt: skip
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end)
        for number in range(titles):
            writer.writerow([f"DAFTAR PESERTA {number}"])
        writer.writerows([[cell_as_text(cell) for cell in row] for row in rows])
    return path
