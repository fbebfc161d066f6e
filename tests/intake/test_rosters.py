"""How rosters are recognised, carried over, mended by mapping, and sent back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import messy
import openpyxl
import pytest
from workbooks import SheetToWrite, write_ods, write_xlsx

from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rules import PESERTA_WARNINGS, rule_text
from jambi_dash.intake.checks import Prepared, check_files, rules_of
from jambi_dash.intake.headers import Mapping, read_mapping
from jambi_dash.intake.mend_list import write_mend_list
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import ReleaseRecord, Store

AS_OF = messy.AS_OF
HEADER = ["NIK", "Nama", "Kelurahan"]
PERSON = ["1571040101850001", "Budi", "Thehok"]
REGISTER = [["Kelurahan", "RT", "Jumlah KK"], ["Thehok", "1", 10], ["Thehok", "2", 30]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


def sheet(tmp_path: Path, rows: list[list[Any]], name: str = "r.csv") -> Path:
    path = tmp_path / name
    return (
        messy.write_csv(path, rows)
        if path.suffix == ".csv"
        else write_xlsx(path, SheetToWrite("Data", rows))
    )


def check(store: Store, *files: Path, **options: Any) -> Prepared:
    return check_files(store, files, as_of=options.pop("as_of", AS_OF), **options)


def bring(store: Store, *files: Path, **options: Any) -> ReleaseRecord:
    with check(store, *files, **options) as prepared:
        return publish(prepared)


def fates(prepared: Prepared) -> list[tuple[str | None, set[str]]]:
    rows = prepared.bench.fetch("test", "SELECT rejection, warnings FROM peserta_fate ORDER BY seq")
    return [(rejection, set(rules_of(bits, PESERTA_WARNINGS))) for rejection, bits in rows]


def covered(store: Store, record: ReleaseRecord, **options: Any) -> int | None:
    with Door(store.path_of(record.release)) as door:
        return coverage(door, by="kelurahan", **options).totals.covered


# Headers


@pytest.mark.parametrize(
    ("header", "column"),
    [
        *((text, "nik") for text in ("NIK", "nik", "N I K", "No. KTP", "NIK/No KTP", "NIK / No. KTP",
                                     "Nomor KTP", "No KTP", "NIK (16 digit)", "no_ktp")),
        *((text, "nama") for text in ("Nama", "NAMA", "Nama Lengkap", "nama_lengkap", "Nama Lengkap (sesuai KTP)")),
        *((text, "kelurahan") for text in ("Kelurahan", "Kel.", "KEL", "Desa/Kelurahan", "Kelurahan/Desa", "Kel/Desa")),
    ],
)  # fmt: skip
def test_needed_headers(store: Store, tmp_path: Path, header: str, column: str) -> None:
    header_row = [header if name.lower() == column else name for name in HEADER]
    with check(store, sheet(tmp_path, [header_row, PERSON])) as prepared:
        [report] = prepared.report.sheets
        assert (report.table, report.rows_accepted, report.unknown_columns) == ("peserta", 1, [])
        assert report.columns[column] == header.strip()


@pytest.mark.parametrize(
    ("header", "column"),
    [("Tgl Lahir", "tanggal_lahir"), ("TANGGAL LAHIR", "tanggal_lahir"), ("tgl. lahir", "tanggal_lahir"),
     ("L/P", "jenis_kelamin"), ("JK", "jenis_kelamin"), ("Jenis Kelamin", "jenis_kelamin"),
     ("Kec.", "kecamatan"), ("KECAMATAN", "kecamatan"), ("No RT", "rt"), ("RT", "rt"), ("No. RT", "rt"),
     ("RT/RW", "rt"), ("Pekerjaan", "pekerjaan"), ("Kelompok", "kelompok"), ("Tahap", "tahap"),
     ("Sumber Dana", "sumber_dana"), ("sumber_dana", "sumber_dana"), ("Mulai", "mulai"), ("Sampai", "sampai"),
     ("Penghasilan", "penghasilan"), ("Bulan Mulai", "mulai"), ("Bulan Akhir", "sampai")],
)  # fmt: skip
def test_other_headers(store: Store, tmp_path: Path, header: str, column: str) -> None:
    with check(store, sheet(tmp_path, [[*HEADER, header], [*PERSON, ""]])) as prepared:
        assert prepared.report.sheets[0].columns[column] == header


def test_unknown_columns_are_listed_and_left_aside(store: Store, tmp_path: Path) -> None:
    rows = [["No", *HEADER, "No HP", "Ukuran  baju", ""], [1, *PERSON, "081234567890", "XL", ""]]
    with check(store, sheet(tmp_path, rows, "r.xlsx")) as prepared:
        assert prepared.report.sheets[0].unknown_columns == ["No", "No HP", "Ukuran baju"]
        assert fates(prepared) == [(None, {"rt_tidak_dikenal"})]


def test_titles_may_stand_above_the_header(store: Store, tmp_path: Path) -> None:
    rows = [
        ["PEMERINTAH KOTA JAMBI"],
        [],
        ["Daftar NIK, nama dan kelurahan peserta"],
        [""],
        HEADER,
        PERSON,
    ]
    for name in ("r.csv", "r.xlsx"):
        with check(store, sheet(tmp_path, rows, name)) as prepared:
            assert len(fates(prepared)) == 1
            if name == "r.xlsx":
                assert prepared.bench.fetch("t", "SELECT row_no FROM peserta_fate") == [(6,)]


def test_a_header_on_two_lines(store: Store, tmp_path: Path) -> None:
    """A merged group above its columns, the other headers merged downwards."""
    rows = [
        ["Daftar"],
        ["NIK", "Nama", "Alamat", "", "Periode", ""],
        ["", "", "Kelurahan", "RT", "Mulai", "Sampai"],
        [*PERSON, "1", "06/2025", "08/2025"],
    ]
    for name in ("r.xlsx", "r.csv"):
        with check(store, sheet(tmp_path, rows, name)) as prepared:
            [report] = prepared.report.sheets
            assert set(report.columns) == {"nik", "nama", "kelurahan", "rt", "mulai", "sampai"}
            assert report.rows_read == 1


def test_the_second_header_line_counts_though_the_first_is_enough(
    store: Store, tmp_path: Path
) -> None:
    rows = [
        ["NIK", "Nama", "Kelurahan", "Periode", ""],
        ["", "", "", "Mulai", "Sampai"],
        [*PERSON, "06/2025", "08/2025"],
    ]
    with check(store, sheet(tmp_path, rows, "r.xlsx")) as prepared:
        assert set(prepared.report.sheets[0].columns) == {
            "nik",
            "nama",
            "kelurahan",
            "mulai",
            "sampai",
        }
        months = prepared.bench.fetch("t", "SELECT start_month, end_month FROM peserta_fate")
        assert months == [(date(2025, 6, 1), date(2025, 8, 1))]


def test_a_header_cell_may_hold_a_line_break(store: Store, tmp_path: Path) -> None:
    rows = [
        ["Judul"],
        ["NIK /\nNo KTP", "Nama\nLengkap", "Kel."],
        PERSON,
        ["1571040101850002", "Ani", "Kasang"],
    ]
    for name in ("r.csv", "r.xlsx"):
        with check(store, sheet(tmp_path, rows, name)) as prepared:
            assert len(fates(prepared)) == 2, name


def test_a_cell_with_a_line_break_is_one_cell(store: Store, tmp_path: Path) -> None:
    rows = [
        [*HEADER, "Alamat"],
        [*PERSON, "Jl. Sumatra\nNo. 3"],
        ["1571040101850002", "Ani, S.Pd", "Kasang", 'Gang "Mawar"; 2'],
    ]
    for delimiter in ",;\t":
        path = messy.write_csv(tmp_path / "r.csv", rows, delimiter=delimiter)
        with check(store, path) as prepared:
            assert [f[0] for f in fates(prepared)] == [None, None]
            names = prepared.bench.fetch("t", "SELECT c1 FROM sheet_1 ORDER BY row_no")
            assert names == [("Budi",), ("Ani, S.Pd",)]


def test_files_glued_together_have_two_kinds_of_line_ends(store: Store, tmp_path: Path) -> None:
    lines = [
        ",".join(HEADER),
        ",".join(PERSON),
        "1571040101850002,Ani,Kasang",
        "1571040101850003,Cici,Legok",
    ]
    for ends in ("\r\n \n \r\n \n", "\n \r\n \n \r\n", "\r \r \r \r", "\n\n \r\n\r\n \n \n\n"):
        text = "".join(line + end for line, end in zip(lines, ends.split(" "), strict=True))
        (tmp_path / "r.csv").write_bytes(text.encode())
        with check(store, tmp_path / "r.csv") as prepared:
            names = prepared.bench.fetch("t", "SELECT c1 FROM sheet_1 ORDER BY row_no")
            assert names == [("Budi",), ("Ani",), ("Cici",)], repr(ends)


def test_two_columns_of_one_meaning_are_refused(store: Store, tmp_path: Path) -> None:
    rows = [[*HEADER, "No KTP"], [*PERSON, "1571040101850002"]]
    with pytest.raises(Refusal, match=r"NIK.*No KTP.*nik"):
        check(store, sheet(tmp_path, rows))


def test_each_table_is_known_by_its_headers(store: Store, tmp_path: Path) -> None:
    book = write_xlsx(
        tmp_path / "semua.xlsx",
        SheetToWrite(
            "A", [["Program", "Tgl Bayar", "Nilai (Rp)"], ["JKM", date(2025, 6, 5), 42_000_000]]
        ),
        SheetToWrite(
            "B",
            [["Kelurahan", "No RT", "Tahap", "Tanggal"], ["Thehok", 1, "Musyawarah", "01/06/2025"]],
        ),
        SheetToWrite("C", REGISTER),
        SheetToWrite("D", [HEADER, PERSON]),
        SheetToWrite("E", [["apa", "saja"], ["1", "2"]]),
        SheetToWrite("F", []),
    )
    with check(store, book) as prepared:
        assert {(s.sheet, s.table) for s in prepared.report.sheets} == {
            ("A", "santunan"), ("B", "kampung_bahagia"), ("C", "rt"), ("D", "peserta")}  # fmt: skip
        assert any("“E”" in remark for remark in prepared.report.remarks)
        record = publish(prepared)
    assert record.counts == {"rt": 2, "enrolment": 1, "kampung_event": 1, "claim": 1}


# Mapping


def mapping_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "kolom.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_mapping_settles_the_rest(store: Store, tmp_path: Path) -> None:
    file = sheet(tmp_path, [["Kode Orang", "Sebutan", "Wilayah", "RT"], [*PERSON, "7"]])
    with pytest.raises(Refusal):
        check(store, file)
    text = '"KODE ORANG" = "nik"\n[peserta]\nsebutan = "nama"\n"Wilayah" = "kelurahan"\nRT = "-"\n'
    with check(store, file, mapping=read_mapping(mapping_file(tmp_path, text))) as prepared:
        [report] = prepared.report.sheets
        assert report.columns == {"nik": "Kode Orang", "nama": "Sebutan", "kelurahan": "Wilayah"}
        assert report.unknown_columns == ["RT"]


def test_mapping_settles_two_columns_of_one_meaning(store: Store, tmp_path: Path) -> None:
    file = sheet(tmp_path, [[*HEADER, "Desa"], [*PERSON, "15.71.03.1006"]])
    with pytest.raises(Refusal, match="Desa"):
        check(store, file)
    mapping = read_mapping(mapping_file(tmp_path, '[kolom]\n"Desa" = "abaikan"\n'))
    with check(store, file, mapping=mapping) as prepared:
        assert prepared.bench.fetch("t", "SELECT kelurahan_code FROM peserta_fate") == [
            ("15.71.02.1004",)
        ]


@pytest.mark.parametrize(
    "text",
    [
        'x = "bukan kolom"',
        "nik =",
        "[tabel_lain]\na = 'nik'",
        "nik = 5",
        "\x00",
        '[peserta]\n"x" = "tanggal_spk"',
    ],
)
def test_a_mapping_that_points_nowhere_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal, match=r"kolom\.toml"):
        read_mapping(mapping_file(tmp_path, text))
    with pytest.raises(Refusal, match=r"tiada\.toml"):
        read_mapping(tmp_path / "tiada.toml")


def test_an_empty_mapping_changes_nothing() -> None:
    assert Mapping().everywhere == {}


# What a row means


def test_columns_that_are_missing(store: Store, tmp_path: Path) -> None:
    """Stage aktif, cohort pekerja_rentan, paid in the month of the data."""
    record = bring(store, sheet(tmp_path, [HEADER, PERSON]))
    assert covered(store, record) == 1
    assert covered(store, record, at=Month(2025, 11)) == 0
    assert covered(store, record, cohort="ketua_rt") == 0


def test_without_a_register_nobody_is_in_an_rt(store: Store, tmp_path: Path) -> None:
    file = sheet(tmp_path, [[*HEADER, "RT"], [*PERSON, "RT 01"]])
    with check(store, file) as prepared:
        assert fates(prepared) == [(None, {"rt_tidak_dikenal"})]
        record = publish(prepared)
    with Door(store.path_of(record.release)) as door:
        table = coverage(door, by="rt")
        assert (table.rows, table.totals.covered, table.totals.unlocated) == ((), 1, 1)
        assert coverage(door, by="kelurahan").totals.unlocated == 0
    # The register that comes later finds them.
    record = bring(store, sheet(tmp_path, REGISTER, "rt.csv"))
    with Door(store.path_of(record.release)) as door:
        table = coverage(door, by="rt")
        assert {row.code: row.covered for row in table.rows} == {
            "15.71.02.1004-001": 1,
            "15.71.02.1004-002": 0,
        }


def test_a_register_that_does_not_come_is_carried_over(store: Store, tmp_path: Path) -> None:
    first = bring(store, sheet(tmp_path, REGISTER, "rt.csv"))
    roster = sheet(
        tmp_path, [[*HEADER, "RT"], [*PERSON, "2"], ["1571040101850002", "Ani", "Thehok", "3"]]
    )
    with check(store, roster) as prepared:
        assert [f[1] for f in fates(prepared)] == [set(), {"rt_tidak_dikenal"}]
        second = publish(prepared)
    assert (second.counts["rt"], second.counts["enrolment"], second.previous) == (
        2,
        2,
        first.release,
    )
    # The roster that comes again replaces the roster, and nothing else.
    third = bring(store, sheet(tmp_path, [HEADER, ["1571040101850003", "Cici", "Kasang"]]))
    assert (third.counts["rt"], third.counts["enrolment"]) == (2, 1)
    assert [covered(store, r) for r in (first, second, third)] == [0, 2, 1]


def test_who_is_in_already_keeps_the_place_past_65(store: Store, tmp_path: Path) -> None:
    header = [*HEADER, "Mulai", "Kelompok"]
    old = ["1571040507600001", "Kakek", "Thehok"]  # 65 in July 2025
    other = ["1571040507600002", "Tetangga", "Thehok"]
    bring(store, sheet(tmp_path, [header, [*old, "2025-06", ""]]), as_of=date(2025, 6, 30))
    again = sheet(
        tmp_path,
        [header, [*old, "2025-08", ""], [*old, "2025-08", "Ketua RT"], [*other, "2025-08", ""]],
    )
    with check(store, again) as prepared:
        assert [f[0] for f in fates(prepared)] == [None, None, "usia_65"]
        publish(prepared)
    # Keeping the place forgives the age and nothing else.
    again = sheet(
        tmp_path,
        [[*header, "Tahap"], [*old, "segera", "", "Aktif"], [*old, "2025-08", "", "entah"]],
    )
    with check(store, again) as prepared:
        assert [f[0] for f in fates(prepared)] == ["mulai_tidak_sah", "tahap_tidak_dikenal"]
    # A store of its own has no place to keep.
    with check(
        Store(tmp_path / "other"), sheet(tmp_path, [header, [*old, "2025-08", ""]])
    ) as prepared:
        assert [f[0] for f in fates(prepared)] == ["usia_65"]


def test_the_date_of_the_data_decides_the_century(store: Store, tmp_path: Path) -> None:
    file = sheet(tmp_path, [[*HEADER, "Mulai"], ["1571040101260001", "A", "Thehok", "2025-06"]])
    with check(store, file) as prepared:
        assert fates(prepared)[0][0] == "usia_65"  # 1926
    with check(store, file, as_of=date(2026, 1, 1)) as prepared:
        assert fates(prepared)[0] == (None, {"usia_bawah_18", "rt_tidak_dikenal"})  # 2026


def test_empty_cells_of_any_kind_are_empty(store: Store, tmp_path: Path) -> None:
    header = [*HEADER, "Tahap", "Kelompok", "Tgl Lahir", "Mulai", "Sampai"]
    for blank in ("", " ", "\u00a0", " \t ", "\u00a0 \u00a0"):
        row = [*PERSON, blank, blank, blank, "2025-06", blank]
        rows = [header, [blank] * 8, row, [blank] * 8, ["1571040101850002", *row[1:]]]
        for name in ("r.xlsx", "r.csv"):
            if name == "r.csv" and "\t" in blank:
                continue
            with check(store, sheet(tmp_path, rows, name)) as prepared:
                assert fates(prepared) == [(None, {"rt_tidak_dikenal"})] * 2, repr(blank)
                assert prepared.report.sheets[0].rows_skipped == 2, repr(blank)


def test_numbers_that_no_column_can_hold(store: Store, tmp_path: Path) -> None:
    huge = "9" * 30
    book = write_xlsx(
        tmp_path / "r.xlsx",
        SheetToWrite("P", [[*HEADER, "Penghasilan"], [*PERSON, huge], ["1571040101850002", "B", "Thehok", "9" * 5000]]),
        SheetToWrite("R", [["Kelurahan", "RT", "Jumlah KK", "Perkiraan Pekerja Rentan", "lat", "lon"],
                           ["Thehok", 1, huge, "4294967296", huge, "x"], ["Thehok", 1e300, "", "", "", ""]]),
        SheetToWrite("S", [["Program", "Tanggal", "Nilai"], ["JKK", "01/06/2025", huge], ["JKM", "01/06/2025", "42.000.000"]]),
        SheetToWrite("K", [["Kelurahan", "RT", "Tahap", "Tanggal", "Nilai Kegiatan", "Jumlah Pekerja"],
                           ["Thehok", 1, "rencana", "01/06/2025", huge, huge]]),
    )  # fmt: skip
    with check(store, book) as prepared:
        found = {s.table: (s.rejections, s.warnings) for s in prepared.report.sheets}
        publish(prepared)
    assert found["rt"] == ({"rt_tidak_sah": 1}, {"angka_tidak_sah": 1})
    assert found["santunan"][0] == {"nilai_tidak_sah": 1}
    assert found["kampung_bahagia"][1] == {"nilai_tidak_sah": 1}
    assert found["peserta"][0] == {}


def test_a_sheet_of_totals_and_blanks_only_is_no_roster(store: Store, tmp_path: Path) -> None:
    rows = [["No", *HEADER], ["", "", "", ""], ["1", "", "", ""], ["Jumlah", "0", "", ""]]
    for name in ("r.csv", "r.xlsx"):
        with pytest.raises(Refusal, match="tanpa baris data"):
            check(store, sheet(tmp_path, rows, name))


# Other tables


def test_claims(store: Store, tmp_path: Path) -> None:
    rows = [
        ["Program", "Tgl Bayar", "Nilai (Rp)", "Kelurahan", "Kelompok", "Jenis"],
        ["JKM", "05/06/2025", "Rp 42.000.000", "Thehok", "", "meninggal"],
        ["jkk", "2025-06-05", "1.500.000,00", "", "Ketua RT", ""],
        ["JHT", "05/06/2025", "1", "Thehok", "", ""],
        ["JKK", "31/06/2025", "1", "Thehok", "", ""],
        ["JKK", "05/06/2025", "seribu", "Thehok", "", ""],
        ["JKK", "05/06/2025", "-5.000", "Thehok", "", ""],
        ["JKM", "05/06/2026", "42000000", "Tehok", "", ""],
        ["Jumlah", "", "126000000", "", "", ""],
    ]
    with check(store, sheet(tmp_path, rows)) as prepared:
        [report] = prepared.report.sheets
        assert report.rejections == {
            "program_tidak_dikenal": 1,
            "tanggal_tidak_sah": 1,
            "nilai_tidak_sah": 2,
        }
        assert report.warnings == {
            "lokasi_tidak_dikenal": 1,
            "lokasi_diperbaiki": 1,
            "tanggal_mendatang": 1,
        }
        assert (report.rows_read, report.rows_skipped) == (7, 1)
        record = publish(prepared)
    with Door(store.path_of(record.release)) as door:
        assert door.rows("claim_totals", day=AS_OF) == [
            ("JKK", 1, 1_500_000),
            ("JKM", 1, 42_000_000),
        ]


def test_events_of_kampung_bahagia(store: Store, tmp_path: Path) -> None:
    events = [
        ["Kelurahan", "RT", "Tahap", "Tanggal", "Nilai Kegiatan", "Jakon Terdaftar"],
        ["Thehok", "1", "Sosialisasi", "01/05/2025", "", ""],
        ["Thehok", "1", "Musyawarah", "01/06/2025", "Rp 100.000.000", "ya"],
        ["Thehok", "1", "Musyawarah", "01/06/2025", "", ""],
        ["Thehok", "9", "Rencana", "01/06/2025", "", ""],
        ["Thehok", "", "Rencana", "01/06/2025", "", ""],
        ["Entah", "1", "Rencana", "01/06/2025", "", ""],
        ["Thehok", "1", "Pesta", "01/06/2025", "", ""],
        ["Thehok", "1", "Rencana", "kapan-kapan", "", ""],
        ["Thehok", "1", "Sosialisasi", "01/07/2025", "", ""],
    ]
    with check(store, sheet(tmp_path, events), sheet(tmp_path, REGISTER, "rt.csv")) as prepared:
        report = next(s for s in prepared.report.sheets if s.table == "kampung_bahagia")
        assert report.rejections == {"ganda": 1, "rt_tidak_sah": 1, "lokasi_tidak_dikenal": 1,
                                     "tahap_tidak_dikenal": 1, "tanggal_tidak_sah": 1}  # fmt: skip
        assert report.warnings == {"rt_tidak_dikenal": 1, "tahap_mundur": 1}


def test_the_register_keeps_its_first_line(store: Store, tmp_path: Path) -> None:
    rows = [
        *REGISTER,
        ["THEHOK", "RT.001", 99],
        ["", "3", 1],
        ["Thehok", "x", 1],
        ["The Hok", "003/00", 5],
        ["Total", "", 144],
    ]
    with check(store, sheet(tmp_path, rows)) as prepared:
        [report] = prepared.report.sheets
        assert report.rejections == {"ganda": 1, "lokasi_tidak_dikenal": 1, "rt_tidak_sah": 1}
        assert prepared.bench.fetch("t", "SELECT rt, household_count FROM rt_fate WHERE rejection IS NULL ORDER BY rt") == [
            ("001", 10), ("002", 30), ("003", 5)]  # fmt: skip


# Walking away, and the list that goes back


def test_a_check_publishes_nothing(store: Store, tmp_path: Path) -> None:
    first = bring(store, sheet(tmp_path, [HEADER, PERSON]))
    before = sorted(p.relative_to(store.home) for p in store.home.rglob("*"))
    journal = (store.home / "journal.jsonl").read_bytes()
    with check(store, sheet(tmp_path, [HEADER, PERSON, ["x", "y", "z"]])) as prepared:
        write_mend_list(prepared, tmp_path / "mend.xlsx")
        assert not prepared.report.published
    assert sorted(p.relative_to(store.home) for p in store.home.rglob("*")) == before
    assert (store.home / "journal.jsonl").read_bytes() == journal
    assert store.current_id() == first.release


TRIGGERS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=2", "=HYPERLINK(\"http://x\",\"y\")", "|cmd", "=cmd|' /C calc'!A0", "\u0000x"[1:]]  # fmt: skip


@pytest.fixture(scope="module")
def mended(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[messy.Roster, Prepared, Path]]:
    folder = tmp_path_factory.mktemp("mend")
    roster = messy.make_roster(21, spreadsheet=True)
    for index, row in enumerate(roster.counted):
        row.cells["keterangan"] = TRIGGERS[index % len(TRIGGERS)]
        if row.cells.get("pekerjaan") is not None:
            row.cells["pekerjaan"] = TRIGGERS[(index + 3) % len(TRIGGERS)]
    titles = ("=2+2", "Daftar")
    file = write_xlsx(folder / "r.xlsx", SheetToWrite("Data A", messy.as_table(roster), titles))
    register = messy.write_csv(folder / "rt.csv", messy.make_register())
    with check_files(Store(folder / "home"), [file, register], as_of=AS_OF) as prepared:
        write_mend_list(prepared, folder / "mend.xlsx")
        yield roster, prepared, folder / "mend.xlsx"


def test_the_mend_list_has_every_row_with_its_reason(
    mended: tuple[messy.Roster, Prepared, Path],
) -> None:
    roster, _, path = mended
    rows = list(openpyxl.load_workbook(path)["Data A"].iter_rows(values_only=True))
    assert rows[0][:4] == ("Nomor baris", "Hasil", "Alasan", "Cara memperbaiki")
    assert list(rows[0][4:]) == list(messy.HEADERS.values())
    found = {row[0]: row for row in rows[1:]}
    # Two title lines and the header stand above the first row.
    meant = {line: row for line, row in enumerate(roster.rows, start=4)
             if not row.skipped and (row.rejection or row.warnings)}  # fmt: skip
    assert set(found) == set(meant)
    for line, row in meant.items():
        if row.rejection:
            assert found[line][1:3] == ("Ditolak", rule_text(row.rejection).found)
            assert found[line][3] == rule_text(row.rejection).mend
        else:
            assert found[line][1] == "Diterima, catatan"
            assert set(found[line][2].split("; ")) == {
                rule_text(rule).found for rule in row.warnings
            }
    results = [row[1] for row in rows[1:]]
    assert results == sorted(results, reverse=True)  # the rejected first
    assert "Ditolak" in results


def test_the_mend_list_runs_nothing_and_loses_no_digit(
    mended: tuple[messy.Roster, Prepared, Path],
) -> None:
    roster, _, path = mended
    book = openpyxl.load_workbook(path)
    sent = {
        str(cell) for row in roster.counted for cell in row.cells.values() if isinstance(cell, str)
    }
    for worksheet in book:
        for row in worksheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None
                if row[0].row > 1 and cell.column > 4 and cell.value is not None:
                    assert cell.data_type == "s", cell.value
    nik = list(messy.HEADERS).index("nik") + 5
    sheet = book["Data A"]
    for line in range(2, sheet.max_row + 1):
        value = sheet.cell(line, nik).value
        assert value is None or isinstance(value, str)
        assert value is None or value in sent or value.isdigit()


def test_the_mend_list_needs_a_place_to_lie(store: Store, tmp_path: Path) -> None:
    with check(store, sheet(tmp_path, [HEADER, PERSON])) as prepared:
        for target in (tmp_path / "tiada" / "x.xlsx", tmp_path / "x.csv", tmp_path / "map.xlsx"):
            (tmp_path / "map.xlsx").mkdir(exist_ok=True)
            with pytest.raises(Refusal):
                write_mend_list(prepared, target)


def test_a_mend_list_of_several_sheets_of_one_name(store: Store, tmp_path: Path) -> None:
    long = "Daftar Pekerja Rentan 2025 AB"
    files = [
        write_xlsx(tmp_path / f"{n}.xlsx", SheetToWrite(long, [HEADER, ["x", "y", n]]))
        for n in "abc"
    ]
    files.append(
        write_ods(tmp_path / "d.ods", SheetToWrite("a/b?[c]*:\\'", [HEADER, ["x", "y", "z"]]))
    )
    with check(store, *files) as prepared:
        assert write_mend_list(prepared, tmp_path / "m.xlsx") == 4
    assert len(openpyxl.load_workbook(tmp_path / "m.xlsx").sheetnames) == 4


def test_a_code_beside_the_name_of_the_kelurahan_is_left_aside() -> None:
    from jambi_dash.intake.headers import Mapping, recognise

    header = ["NIK", "Nama", "Kode Kelurahan", "Kelurahan", "Kelurahan KTP"]
    found = recognise(
        [header, ["1", "A", "1571081004", "Lebak Bandung", "x"]], Mapping(), where="x"
    )
    assert found is not None
    assert found.positions["kelurahan"] == 3
    assert found.unknown == ("Kode Kelurahan", "Kelurahan KTP")
    alone = recognise([["NIK", "Nama", "Kode Kelurahan"]], Mapping(), where="x")
    assert alone is not None
    assert alone.positions["kelurahan"] == 2


def test_a_row_that_numbers_the_columns_is_part_of_the_header(store: Store, tmp_path: Path) -> None:
    numbers = [str(n) for n in range(1, len(HEADER) + 1)]
    file = sheet(tmp_path, [HEADER, numbers, PERSON])
    with check(store, file) as prepared:
        [report] = prepared.report.sheets
        assert (report.rows_read, report.rows_accepted) == (1, 1)
