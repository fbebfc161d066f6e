"""Lists as they are: NIK and name alone, old kelurahan, the same person twice, one part of the city."""

from __future__ import annotations

import contextlib
import csv
import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import SheetToWrite, write_xlsx

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.part import Part, read_part
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.checks import Prepared, check_files
from jambi_dash.intake.duplicates import name_likeness
from jambi_dash.intake.mend_list import write_mend_list
from jambi_dash.intake.outlook import outlook_of, thinned_tables
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.reviews import PairDecision, Reviews, SplitDecision
from jambi_dash.releases.store import ReleaseRecord, Store

AS_OF = date(2025, 12, 31)
HEADER = ["NIK", "Nama", "Kelurahan", "RT", "Mulai", "Pekerjaan"]
NAMES = ["NIK", "Nama"]
RAWA_SARI, LEGOK, MURNI = "15.71.09.1002", "15.71.10.1003", "15.71.10.1002"
JELUTUNG = "15.71.08"


def nik(number: int) -> str:
    return f"157104{number % 28 + 1:02d}0685{number % 9999 + 1:04d}"


def write(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def check(store: Store, *files: Path, **options: Any) -> Prepared:
    return check_files(store, files, as_of=options.pop("as_of", AS_OF), **options)


def bring(store: Store, *files: Path, **options: Any) -> ReleaseRecord:
    with check(store, *files, **options) as prepared:
        return publish(prepared)


def people(store: Store, record: ReleaseRecord, columns: str = "kelurahan_code, rt") -> list[Any]:
    with duckdb.connect(str(store.path_of(record.release)), read_only=True) as con:
        return sorted(con.table("enrolment").select(columns).fetchall(), key=_places_first)


def _places_first(row: Sequence[Any]) -> list[tuple[bool, str]]:
    return [(value is None, str(value)) for value in row]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store in which three people are known."""
    made = Store(tmp_path / "home")
    roster = write(tmp_path / "known.csv", [
        HEADER,
        [nik(1), "Budi", "Rawa Sari", "12", "2025-03", "petani"],
        [nik(2), "Ani", "Legok", "3", "2025-06", ""],
        [nik(3), "Cici", "Murni", "", "2025-06", "ojek online"],
    ])  # fmt: skip
    bring(made, roster, as_of=date(2025, 6, 30))
    return made


# NIK and name alone


def test_nik_and_name_alone_are_filled_from_the_release(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "siks.csv", [NAMES, [nik(1), "Budi"], [nik(3), "Cici"], [nik(9), "X"]])
    with check(store, file) as prepared:
        [report] = prepared.report.sheets
        assert (report.rows_read, report.rows_accepted) == (3, 3)
        assert report.warnings == {"lokasi_tidak_dikenal": 1, "rt_tidak_dikenal": 2}
        assert report.filled == {
            "location_from_title": 0, "location_from_release": 2, "location_from_register": 0,
            "other_from_release": 2, "unlocated": 1,
        }  # fmt: skip
        assert any("1 tanpa lokasi" in remark for remark in prepared.report.remarks)
        assert any("dianggap aktif" in remark for remark in prepared.report.remarks)
        record = publish(prepared)
    found = people(store, record, "kelurahan_code, rt, occupation, start_month")
    assert found == [
        (RAWA_SARI, "012", "petani", date(2025, 3, 1)),  # paid before, so paid since then
        (MURNI, None, "ojek online", date(2025, 6, 1)),
        (None, None, None, date(2025, 12, 1)),
    ]


def test_a_column_that_the_list_has_is_never_overwritten(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "s.csv", [
        ["NIK", "Nama", "Pekerjaan", "RT"], [nik(1), "Budi", "nelayan", "7"], [nik(2), "Ani", "", ""],
    ])  # fmt: skip
    record = bring(store, file)
    found = people(store, record, "kelurahan_code, rt, occupation")
    assert found == [(RAWA_SARI, "007", "nelayan"), (LEGOK, None, None)]


def test_a_roster_with_a_kelurahan_is_not_completed(store: Store, tmp_path: Path) -> None:
    file = write(tmp_path / "s.csv", [["NIK", "Nama", "Kelurahan"], [nik(1), "Budi", ""]])
    with check(store, file) as prepared:
        [report] = prepared.report.sheets
        assert report.filled is None
        assert "filled" not in report.to_json()
        assert report.warnings == {"lokasi_tidak_dikenal": 1}


@pytest.mark.parametrize(
    ("name", "titles", "sheet", "code"),
    [
        ("s.xlsx", ("KELURAHAN RAWA SARI TAHUN 2025",), "Data", RAWA_SARI),
        ("s.xlsx", ("Daftar pekerja rentan Kel. Kenali Asam Bawah, Kec. Kota Baru",), "Data",
         "15.71.07.1005"),
        ("s.xlsx", ("Daftar",), "Rawa Sari", RAWA_SARI),
        ("s.xlsx", ("Daftar",), "Jelutung", None),  # the kecamatan or the kelurahan?
        ("s.xlsx", ("Daftar",), "Kel. Jelutung", "15.71.08.1006"),
        ("data_kel_legok.xlsx", ("Daftar",), "Data", LEGOK),
        ("s.xlsx", ("Kelurahan Legok dan Kelurahan Murni",), "Data", None),
        ("s.xlsx", ("Daftar kelurahan se-Kota Jambi",), "Data", None),
        ("s.xlsx", ("Kelurahan Ligok",), "Data", None),  # close is not certain
    ],
)  # fmt: skip
def test_the_title_says_of_which_kelurahan_it_is(
    name: str, titles: tuple[str, ...], sheet: str, code: str | None, tmp_path: Path
) -> None:
    file = write_xlsx(tmp_path / name, SheetToWrite(sheet, [NAMES, [nik(7), "X"]], titles))
    with check(Store(tmp_path / "home"), file) as prepared:
        [(found,)] = prepared.bench.fetch("t", "SELECT kelurahan_code FROM peserta_fate")
        assert found == code
        filled = prepared.report.sheets[0].filled
        assert filled is not None
        assert filled["location_from_title"] == (code is not None)


def whole_register(path: Path) -> Path:
    """Two RTs in every kelurahan, a third in Legok alone and a fourth in Legok and Kasang."""
    rows = [["Kelurahan", "RT"]]
    for area in load_areas().kelurahan:
        rows += [[area.code, "1"], [area.code, "2"]]
    rows += [["Legok", "3"], ["Legok", "4"], ["Kasang", "4"]]
    return write(path, rows)


def test_an_rt_that_one_kelurahan_has_tells_it(tmp_path: Path) -> None:
    register = whole_register(tmp_path / "rt.csv")
    file = write(tmp_path / "s.csv", [
        ["NIK", "Nama", "RT", "Kec."], [nik(1), "A", "003", ""], [nik(2), "B", "4", ""],
        [nik(3), "C", "4", "Danau Sipin"], [nik(4), "D", "1", "Danau Sipin"],
        [nik(5), "E", "4", "Entah"], [nik(6), "F", "", ""],
    ])  # fmt: skip
    store = Store(tmp_path / "home")
    with check(store, register, file) as prepared:
        rows = prepared.bench.fetch(
            "t", "SELECT kelurahan_code, rt, warnings FROM peserta_fate ORDER BY seq"
        )
    assert rows == [
        (LEGOK, "003", 0), (None, None, 32), (LEGOK, "004", 0), (None, None, 32),
        (None, None, 32), (None, None, 32),
    ]  # fmt: skip


def test_a_register_with_gaps_tells_nothing(tmp_path: Path) -> None:
    register = write(tmp_path / "rt.csv", [["Kelurahan", "RT"], ["Legok", "3"], ["Murni", "4"]])
    file = write(tmp_path / "s.csv", [["NIK", "Nama", "RT"], [nik(1), "A", "003"]])
    with check(Store(tmp_path / "home"), register, file) as prepared:
        assert prepared.report.sheets[1].warnings == {"lokasi_tidak_dikenal": 1}


def test_what_is_no_list_of_names(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    hidden = write(tmp_path / "a.csv", [
        [*NAMES, "Wilayah Tugas"], [nik(1), "A", "Rawa Sari"], [nik(2), "B", "Legok"],
    ])  # fmt: skip
    with pytest.raises(Refusal, match="kelurahan tidak ditemukan"):
        check(store, hidden)
    paid = write(tmp_path / "b.csv", [[*NAMES, "Program", "Tanggal"], [nik(1), "A", "JKM", "x"]])
    with pytest.raises(Refusal):
        check(store, paid)
    address = write(tmp_path / "c.csv", [[*NAMES, "Alamat"], [nik(1), "A", "Jalan Legok 3"]])
    with check(store, address) as prepared:
        assert prepared.report.sheets[0].unknown_columns == ["Alamat"]
        assert prepared.report.sheets[0].warnings == {"lokasi_tidak_dikenal": 1}


# Old kelurahan


OLD = [
    ["NIK", "Nama", "Kecamatan", "Kelurahan", "RT", "Mulai"],
    [nik(1), "A", "Kota Baru", "Kenali Besar", "5", "2025-06"],
    [nik(2), "B", "Kota Baru", "Kenali Besar", "70", "2025-06"],
    [nik(3), "C", "Kota Baru", "Rawa Sari", "5", "2025-06"],
    [nik(4), "D", "Telanaipura", "Penyengat Rendah", "", "2025-06"],
    [nik(5), "E", "Telanaipura", "Legok", "1", "2025-06"],
]
KENALI_BESAR, SIMPANG_RIMBO, AUR_KENALI = "15.71.09.1001", "15.71.09.1006", "15.71.01.1012"
PENYENGAT = "15.71.01.1010"


def test_an_old_list_waits_for_a_word_on_split_kelurahan(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    file = write(tmp_path / "lama.csv", OLD)
    with check(store, file) as prepared:
        [report] = prepared.report.sheets
        assert (report.rows_accepted, report.warnings["lokasi_tidak_dikenal"]) == (5, 3)
        assert prepared.report.review == {"split_rows": 3}
        queue = [(q.parent, q.rt, q.count) for q in prepared.splits]
        assert queue == [
            (PENYENGAT, None, 1), (KENALI_BESAR, "005", 1), (KENALI_BESAR, "070", 1)
        ]  # fmt: skip
        found = people(store, publish(prepared))
    assert found == [(RAWA_SARI, "005"), (LEGOK, "001"), (None, None), (None, None), (None, None)]


def test_decisions_on_split_kelurahan_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    file = write(tmp_path / "lama.csv", OLD)
    reviews = Reviews(store.home)
    reviews.decide_split(SplitDecision(KENALI_BESAR, 1, 50, KENALI_BESAR))
    reviews.decide_split(SplitDecision(KENALI_BESAR, 51, 99, SIMPANG_RIMBO))
    reviews.decide_split(SplitDecision(PENYENGAT, None, None, AUR_KENALI))
    for _ in range(2):
        with check(store, file) as prepared:
            assert prepared.splits == []
            assert prepared.report.review == {}
            found = people(store, publish(prepared))
        # The number of an RT means nothing in the kelurahan that was cut out.
        assert found == [
            (AUR_KENALI, None), (KENALI_BESAR, "005"), (RAWA_SARI, "005"), (SIMPANG_RIMBO, None),
            (LEGOK, "001"),
        ]  # fmt: skip
    reviews.decide_split(SplitDecision(KENALI_BESAR, 70, 70, AUR_KENALI))  # the latest word holds
    assert people(store, bring(store, file)).count((AUR_KENALI, None)) == 2
    last = reviews.read().splits[-1]
    reviews.forget(last)
    assert people(store, bring(store, file)).count((AUR_KENALI, None)) == 1


@pytest.mark.parametrize(
    ("change", "as_of", "waits"),
    [
        ({}, AS_OF, 3),
        # A kelurahan or kecamatan that came later makes it a list of today.
        ({"Rawa Sari": "Simpang Rimbo"}, AS_OF, 0),
        ({"Kota Baru,Rawa Sari": "Alam Barajo,Rawa Sari"}, AS_OF, 0),
        # One or two wrong kecamatan are slips, and an official name counts (contract section 3).
        ({"Kota Baru": "", "Telanaipura,Legok": "Danau Sipin,Legok"}, AS_OF, 0),
        ({"Kota Baru": "", "Telanaipura": ""}, AS_OF, 0),
        # The same without any sign, but from before the split.
        ({"Kota Baru": "", "Telanaipura": ""}, date(2022, 12, 31), 3),
        ({"Kota Baru": "", "Telanaipura": ""}, date(2023, 1, 1), 0),
    ],
)
def test_what_makes_a_list_old(
    change: dict[str, str], as_of: date, waits: int, tmp_path: Path
) -> None:
    text = "\n".join(",".join(row) for row in OLD).replace("2025-06", "2022-06")
    for old, new in change.items():
        text = text.replace(old, new)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with check(Store(tmp_path / "home"), tmp_path / "a.csv", as_of=as_of) as prepared:
        assert prepared.report.review.get("split_rows", 0) == waits


# The same person twice


def doubles(path: Path, *more: Sequence[Any]) -> Path:
    return write(path, [
        ["NIK", "Nama", "Tgl Lahir", "Kelurahan", "Mulai"],
        ["1571040506850011", "Siti Aminah", "05/06/1985", "Legok", "2025-06"],
        ["1571040506850012", "SITI AMINA", "05/06/1985", "Legok", "2025-06"],  # the last digit
        ["1571050506850011", "Siti Aminah", "05/06/1985", "Murni", "2025-06"],  # the sixth digit
        ["1571990506850099", "Siti Aminah", "05/06/1985", "Legok", "2025-06"],  # another person
        ["1571040506850013", "Budi Santoso", "05/06/1985", "Legok", "2025-06"],  # another name
        ["", "Hj. Siti Aminah", "05/06/1985", "Murni", "2025-06"],
        ["", "Siti Aminah", "06/06/1985", "Legok", "2025-06"],  # another day
        *more,
    ])  # fmt: skip


def test_pairs_that_may_be_one_person(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    with check(store, doubles(tmp_path / "r.csv")) as prepared:
        assert prepared.report.sheets[0].rows_accepted == 7
        rows = [(p.first_seq % 2**40, p.second_seq % 2**40) for p in prepared.doubles.pairs]
        assert sorted(rows) == [(2, 3), (2, 4), (2, 7), (3, 7), (4, 7), (5, 7)]
        by_rows = dict(zip(rows, prepared.doubles.pairs, strict=True))
        assert (by_rows[2, 3].reason, by_rows[2, 3].digit) == ("nik_beda_satu", 16)
        assert (by_rows[2, 4].reason, by_rows[2, 4].digit) == ("nik_beda_satu", 6)
        assert not by_rows[2, 4].same_kelurahan
        assert (by_rows[2, 7].reason, by_rows[2, 7].digit) == ("tanpa_nik", None)
        assert prepared.report.review == {"possible_duplicates": 6}
        write_mend_list(prepared, tmp_path / "mend.xlsx")
    book = openpyxl.load_workbook(tmp_path / "mend.xlsx")
    lines = list(book["Kemungkinan ganda"].iter_rows(min_row=2, values_only=True))
    assert len(lines) == 12
    assert {(line[1], line[6]) for line in lines} >= {(2, "1571040506850011"), (7, "")}


def test_decided_pairs_are_merged_or_left_and_not_asked_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    file = doubles(tmp_path / "r.csv")
    with check(store, file) as prepared:
        by_rows = {(p.first_seq % 2**40, p.second_seq % 2**40): p for p in prepared.doubles.pairs}
        publish(prepared)
    Reviews(store.home).decide_pairs(
        [by_rows[2, 3].decided(same=True), by_rows[2, 7].decided(same=True),
         by_rows[2, 4].decided(same=False)]
    )  # fmt: skip
    with check(store, file) as prepared:
        [report] = prepared.report.sheets
        assert report.rejections == {"ganda": 2}
        fates = prepared.bench.fetch("t", "SELECT row_no, rejection FROM peserta_fate ORDER BY 1")
        assert [row for row, rejection in fates if rejection] == [3, 7]
        assert prepared.doubles.pairs == ()
        publish(prepared)
    # In another cohort the person is in both, and counts once among persons.
    other = write(tmp_path / "o.csv", [
        ["NIK", "Nama", "Tgl Lahir", "Kelurahan", "Kelompok", "Mulai"],
        ["1571040506850011", "Siti Aminah", "05/06/1985", "Legok", "", "2025-06"],
        ["1571040506850012", "Siti Amina", "05/06/1985", "Legok", "Ketua RT", "2025-06"],
    ])  # fmt: skip
    with check(store, other) as prepared:
        assert prepared.report.sheets[0].warnings["ganda_program"] == 2
        record = publish(prepared)
    with Door(store.path_of(record.release)) as door:
        assert coverage(door, by="city").totals.persons == 1


def test_a_merged_person_stays_the_same_when_only_the_other_row_comes(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    file = doubles(tmp_path / "r.csv")
    with check(store, file) as prepared:
        pair = next(p for p in prepared.doubles.pairs if p.second_seq % 2**40 == 7)
        Reviews(store.home).decide_pairs([pair.decided(same=True)])
    whole = people(store, bring(store, file), "person")
    alone = write(tmp_path / "a.csv", [
        ["NIK", "Nama", "Tgl Lahir", "Kelurahan", "Mulai"],
        ["", "Hj. Siti Aminah", "05/06/1985", "Murni", "2025-06"],
    ])  # fmt: skip
    [(person,)] = people(store, bring(store, alone), "person")
    assert (person,) in whole
    assert str(person) == pair.first_key


def test_an_nik_makes_the_hash_that_stays(tmp_path: Path) -> None:
    file = write(tmp_path / "r.csv", [
        ["NIK", "Nama", "Tgl Lahir", "Kelurahan", "Mulai"],
        ["", "Siti Aminah", "05/06/1985", "Legok", "2025-06"],
        ["1571040506850011", "Siti Aminah", "05/06/1985", "Legok", "2025-06"],
    ])  # fmt: skip
    with check(Store(tmp_path / "home"), file) as prepared:
        [pair] = prepared.doubles.pairs
        assert pair.decided(same=True) == PairDecision(pair.second_key, pair.first_key, True)


def test_no_pair_is_looked_for_where_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jambi_dash.intake import duplicates

    file = doubles(tmp_path / "r.csv")
    monkeypatch.setattr(duplicates, "MOST_ROWS", 3)
    with check(Store(tmp_path / "home"), file) as prepared:
        assert prepared.doubles.pairs == ()
        assert any("lebih dari 3 baris" in remark for remark in prepared.report.remarks)
    monkeypatch.undo()
    monkeypatch.setattr(duplicates, "MOST_BORN", 3)
    with check(Store(tmp_path / "home"), file) as prepared:
        assert prepared.doubles.pairs == ()
        assert any("1 tanggal lahir" in remark for remark in prepared.report.remarks)


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("Siti Aminah", "AMINAH SITI", True), ("Siti Aminah", "Sitti Aminah", True),
        ("Moh. Yusuf", "Moh Yusup", True), ("Budi", "Budi Santoso", True),
        ("H. Abdul Rahman", "Abdurrahman", True), ("Siti Aminah", "Siti Rahmah", False),
        ("Budi Santoso", "Rudi Hartono", False), ("", "", False), ("123", "123", False),
    ],
)  # fmt: skip
def test_names_that_are_close(one: str, other: str, close: bool) -> None:
    assert (name_likeness(one, other) >= 85) == close
    assert name_likeness(one, other) == name_likeness(other, one)


def test_decisions_hold_nobody(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    with check(store, doubles(tmp_path / "r.csv")) as prepared:
        Reviews(store.home).decide_pairs([p.decided(same=True) for p in prepared.doubles.pairs])
    text = (store.home / "reviews" / "decisions.json").read_text(encoding="utf-8").casefold()
    assert json.loads(text)
    for secret in ("siti", "aminah", "legok", "1985", "15710405", "06850011"):
        assert secret not in text


# One part of the city


def city(path: Path, place_of: dict[int, str], *, start: str = "2025-06") -> Path:
    rows = [[nik(n), f"Orang {n}", code, "1", start, ""] for n, code in place_of.items()]
    return write(path, [HEADER, *rows])


KASANG, KEBUN_HANDIL, PAYO_LEBAR = "15.71.03.1006", "15.71.08.1003", "15.71.08.1005"


def test_a_part_replaces_its_own_rows_only(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    bring(store, city(tmp_path / "a.csv", {1: KEBUN_HANDIL, 2: PAYO_LEBAR, 3: KASANG, 4: LEGOK}))
    file = city(tmp_path / "b.csv", {2: PAYO_LEBAR, 4: KEBUN_HANDIL, 5: KEBUN_HANDIL})
    with check(store, file, part=read_part(["Kecamatan Jelutung"])) as prepared:
        assert prepared.report.part == {
            "areas": [JELUTUNG],
            "tables": {"peserta": {"replaced": 2, "kept": 1, "moved_in": 1}},
        }
        outlook = outlook_of(prepared)
        record = publish(prepared)
    assert people(store, record) == [
        (KASANG, "001"), (KEBUN_HANDIL, "001"), (KEBUN_HANDIL, "001"), (PAYO_LEBAR, "001")
    ]  # fmt: skip
    assert outlook.after.total == 4
    assert {c.table: (c.before, c.after) for c in outlook.tables}["peserta"] == (4, 4)
    assert len(record.sources) == 1
    with duckdb.connect(str(store.path_of(record.release)), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM source").fetchall() == [(2,)]
    again = bring(store, file, part=read_part([JELUTUNG]))  # its own source, not also the earlier
    with duckdb.connect(str(store.path_of(again.release)), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM source").fetchall() == [(2,)]
    assert people(store, again) == people(store, record)


def test_rows_outside_the_part_refuse_the_import_by_name(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    record = bring(store, city(tmp_path / "a.csv", {1: KEBUN_HANDIL, 3: KASANG}))
    file = city(tmp_path / "b.csv", {1: KEBUN_HANDIL, 2: KASANG, 4: KASANG, 5: LEGOK})
    part = read_part([KEBUN_HANDIL])
    with pytest.raises(Refusal, match=r"b\.csv: 3 baris .*Kebun Handil \(Kasang 2, Legok 1\)"):
        check(store, file, part=part)
    assert store.current_id() == record.release
    with check(store, file, part=part, drop_outside=True) as prepared:
        [report] = prepared.report.sheets
        assert (report.rows_read, report.rows_accepted, report.rejections) == (
            4, 1, {"di_luar_bagian": 3},
        )  # fmt: skip
        write_mend_list(prepared, tmp_path / "m.xlsx")
        assert people(store, publish(prepared)) == [(KASANG, "001"), (KEBUN_HANDIL, "001")]


def test_a_part_of_the_register_and_of_the_events(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    register = write(tmp_path / "rt.csv", [
        ["Kelurahan", "RT", "Jumlah KK"], ["Kasang", "1", 10], ["Legok", "1", 20],
    ])  # fmt: skip
    events = write(tmp_path / "kb.csv", [
        ["Kelurahan", "RT", "Tahap", "Tanggal"], ["Kasang", "1", "musyawarah", "01/05/2025"],
        ["Legok", "1", "sosialisasi", "01/05/2025"],
    ])  # fmt: skip
    bring(store, register, events)
    new = write(tmp_path / "rt2.csv", [["Kelurahan", "RT", "Jumlah KK"], ["Legok", "2", 30]])
    roster = city(tmp_path / "p.csv", {1: LEGOK})
    with check(store, new, roster, part=read_part(["Legok"])) as prepared:
        # The register that holds afterwards: the new RT of Legok, the old one of Kasang.
        assert prepared.report.sheets[1].warnings == {"rt_tidak_dikenal": 1}
        assert prepared.report.part is not None
        assert prepared.report.part["tables"]["rt"] == {"replaced": 1, "kept": 1}
        outlook = outlook_of(prepared)
        record = publish(prepared)
    assert record.counts == {"rt": 2, "enrolment": 1, "kampung_event": 2, "claim": 0}
    with Door(store.path_of(record.release)) as door:
        rows = coverage(door, by="rt").rows
        assert {row.code for row in rows} == {f"{KASANG}-001", f"{LEGOK}-002"}
        assert coverage(door, by="city").totals.eligible == outlook.after.city_eligible
    wrong = write(tmp_path / "rt3.csv", [["Kelurahan", "RT"], ["Murni", "2"]])
    with pytest.raises(Refusal, match="Murni 1"):
        check(store, wrong, part=read_part(["Legok"]))
    claims = write(tmp_path / "s.csv", [["Program", "Tanggal", "Nilai"], ["JKM", "1/6/2025", "1"]])
    with pytest.raises(Refusal, match="santunan tidak dapat diganti sebagian"):
        check(store, claims, part=read_part(["Legok"]))


def test_a_list_of_names_of_one_kelurahan(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    bring(store, city(tmp_path / "a.csv", {1: LEGOK, 2: KASANG}))
    file = write(tmp_path / "b.csv", [NAMES, [nik(1), "A"], [nik(9), "B"]])
    record = bring(store, file, part=read_part(["Legok"]))
    assert [code for code, _ in people(store, record)] == [KASANG, LEGOK, LEGOK]


def test_who_is_inside_and_outside_is_in_two_cohorts(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    head = ["NIK", "Nama", "Kelurahan", "Kelompok", "Mulai"]
    bring(store, write(tmp_path / "a.csv", [
        head, [nik(1), "A", "Kasang", "Ketua RT", "2025-06"], [nik(2), "B", "Legok", "", "2025-06"],
        [nik(2), "B", "Kasang", "Ketua RT", "2025-06"],
    ]))  # fmt: skip
    file = write(tmp_path / "b.csv", [head, [nik(1), "A", "Legok", "", "2025-06"]])
    record = bring(store, file, part=read_part(["Legok"]))
    assert people(store, record, "cohort, kelurahan_code, in_other_cohort") == [
        ("ketua_rt", KASANG, False), ("ketua_rt", KASANG, True), ("pekerja_rentan", LEGOK, True)
    ]  # fmt: skip
    with Door(store.path_of(record.release)) as door:
        assert coverage(door, by="city").totals.persons == 2


@settings(max_examples=12)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_a_city_brought_part_by_part_is_the_city(seed: int, kecamatan: int) -> None:
    """Whoever moves, joins or leaves: all parts one after another are the whole list at once."""
    import tempfile

    r = random.Random(seed)
    codes = [k.code for k in load_areas().kelurahan]
    parts = sorted({code[:8] for code in codes})
    r.shuffle(parts)
    groups = [tuple(sorted(parts[i::kecamatan])) for i in range(kecamatan)]
    before = {n: r.choice(codes) for n in r.sample(range(60), 30)}
    after = {n: r.choice(codes) for n in r.sample(range(60), 30)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stepwise, at_once = Store(folder / "a"), Store(folder / "b")
        first = city(folder / "before.csv", before)
        bring(stepwise, first)
        record = None
        for group in groups:
            # A part from which nobody is reported stays as it was.
            if inside := {n: c for n, c in after.items() if c[:8] in group}:
                record = bring(
                    stepwise, city(folder / "part.csv", inside), part=Part(group)
                )  # fmt: skip
        whole = people(at_once, bring(at_once, city(folder / "after.csv", after)))
        assert record is not None
        brought = {c[:8] for c in after.values()}
        covered_groups = {k for group in groups if brought & set(group) for k in group}
        found = Counter(row for row in people(stepwise, record) if row[0][:8] in covered_groups)
        assert found == Counter(whole)


def test_a_table_without_most_kelurahan_looks_like_a_part(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    codes = [k.code for k in load_areas().kelurahan]
    bring(store, city(tmp_path / "a.csv", dict(enumerate(codes[:12]))))
    with check(store, city(tmp_path / "b.csv", dict(enumerate(codes[:5])))) as prepared:
        [thinned] = thinned_tables(prepared)
        assert (thinned.table, thinned.before, thinned.codes) == ("peserta", 12, tuple(codes[:5]))
    with check(store, city(tmp_path / "c.csv", dict(enumerate(codes[:6])))) as prepared:
        assert thinned_tables(prepared) == ()
    with check(store, tmp_path / "b.csv", part=read_part([codes[0][:8]])) as prepared:
        assert thinned_tables(prepared) == ()
    nobody_known = write(tmp_path / "d.csv", [NAMES, [nik(777), "A"]])
    with check(store, nobody_known) as prepared:
        assert [table.codes for table in thinned_tables(prepared)] == [()]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("15.71.08", "15.71.08"), ("15.71.08.1006", "15.71.08.1006"), ("Danau Sipin", "15.71.10"),
        ("kec. danau sipin", "15.71.10"), ("Legok", LEGOK), ("Kel. Legok", LEGOK),
        ("Kecamatan Jelutung", "15.71.08"), ("Kelurahan Jelutung", "15.71.08.1006"),
        ("Jelutung", None), ("Telanaipura", None), ("Jambi", None), ("", None), ("15.71.99", None),
        ("Danau Sipim", None), ("Kecamatan Legok", None), ("Kelurahan Danau Sipin", None),
    ],
)  # fmt: skip
def test_how_a_part_is_named(text: str, code: str | None) -> None:
    if code is None:
        with pytest.raises(Refusal):
            read_part([text])
    else:
        assert read_part([text]).codes == (code,)


@settings(max_examples=300)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read_without_a_fault(one: str, other: str) -> None:
    from jambi_dash.intake.completing import _named, _whole
    from jambi_dash.intake.mapping_shelf import clean_sender, fingerprint

    codes = set(load_areas().by_code)
    assert set(_named(f"Kelurahan {one}")) | ({_whole(one)} - {""}) <= codes
    assert 0 <= name_likeness(one, other) <= 100
    assert fingerprint([one, other]) == fingerprint([f" {one} ", other, ""])
    for reader in (clean_sender, lambda text: read_part([text]).kelurahan):
        with contextlib.suppress(Refusal):
            reader(one)
