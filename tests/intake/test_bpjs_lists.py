"""Lists of BPJS Ketenagakerjaan: told from rosters, judged by the rules of the NIK, no card kept."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbooks import SheetToWrite, write_xlsx

from jambi_dash.cli import main
from jambi_dash.domain.cells import parse_active
from jambi_dash.intake.checks import Prepared, check_files
from jambi_dash.intake.examples import find_examples
from jambi_dash.intake.headers import Mapping, read_mapping, recognise
from jambi_dash.intake.mend_list import write_mend_list
from jambi_dash.intake.outlook import outlook_of
from jambi_dash.intake.publishing import publish
from jambi_dash.releases.store import Store

AS_OF = date(2025, 12, 31)
GOOD = "1571044610934096"
OTHER = "1571035001762088"


def check(tmp_path: Path, text: str, name: str = "daftar.csv") -> Prepared:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return check_files(Store(tmp_path / "home"), [path], as_of=AS_OF)


def table_of(*rows: list[str]) -> str | None:
    found = recognise(list(rows), Mapping(), where="x")
    return found.table.name if found else None


@pytest.mark.parametrize(
    "header",
    [
        ["NIK", "Status"], ["No", "KPJ", "NIK", "Nama", "Status Kepesertaan"],
        ["nik", "aktif"], ["No KTP", "Status Aktif", "Periode"],
        ["NIK", "Nama", "Tanggal Lahir", "Status"],
        ["KPJ", "NIK", "Nama", "Status", "Sampai"],
    ],
)  # fmt: skip
def test_a_list_of_bpjs_is_recognised(header: list[str]) -> None:
    assert table_of(header, ["1"] * len(header)) == "bpjs"


@pytest.mark.parametrize(
    "header",
    [
        ["NIK", "Nama", "Kelurahan", "Status"],
        ["NIK", "Nama", "Kelurahan", "Status Kepesertaan", "KPJ"],
        ["NIK", "Nama", "Kelurahan", "Tahap"],
        ["NIK", "Nama", "Tahap"],
        ["NIK", "Nama", "Status", "Kelompok"],
    ],
)
def test_a_roster_with_a_status_stays_a_roster(header: list[str]) -> None:
    assert table_of(header, [GOOD, *["aktif"] * (len(header) - 1)]) == "peserta"


def test_values_tell_a_list_of_names_on_the_ladder() -> None:
    header = ["NIK", "Nama", "Status"]
    assert table_of(header, [GOOD, "Budi", "Aktif"], [OTHER, "Siti", "Non aktif"]) == "bpjs"
    assert table_of(header, [GOOD, "Budi", "Aktif"], [OTHER, "Siti", "Diusulkan"]) == "peserta"


def test_a_rosters_header_on_two_lines_is_no_list_of_bpjs() -> None:
    above = ["NIK", "Nama", "Status", "Alamat", ""]
    below = ["", "", "", "Kelurahan", "RT"]
    assert table_of(above, below, [GOOD, "Budi", "aktif", "Thehok", "001"]) == "peserta"


ROWS = [
    (GOOD, "AKTIF", "", None),
    (OTHER, "Non Aktif", "2025-11", None),
    ("1,57107E+15", "aktif", "", "nik_rusak_excel"),
    ("", "aktif", "", "nik_kosong"),
    ("15710", "aktif", "", "nik_panjang"),
    ("1571044613934096", "aktif", "", "nik_tidak_sah"),
    ("9971044610934096", "aktif", "", "nik_tidak_sah"),
    ("1571030604899662", "mungkin", "", "status_tidak_dikenal"),
    (GOOD, "aktif", "12/2025", "ganda"),
]


def test_every_row_has_its_fate(tmp_path: Path) -> None:
    text = "NIK,Status,Bulan\n" + "".join(
        f'"{nik}",{status},{month}\n' for nik, status, month, _ in ROWS
    )
    with check(tmp_path, text + ",,\nJumlah,,\n") as prepared:
        fates = prepared.bench.fetch("t", "SELECT rejection FROM bpjs_fate ORDER BY row_no")
        assert [fate for (fate,) in fates] == [row[-1] for row in ROWS]
        (report,) = prepared.report.sheets
        assert (report.rows_read, report.rows_accepted, report.rows_rejected) == (9, 2, 7)
        assert report.rows_skipped == 2
        publish(prepared)


def test_warnings(tmp_path: Path) -> None:
    text = (
        "NIK;Status;Bulan;Per Tanggal\n"
        f"{GOOD};aktif;;31/12/2025\n{GOOD};nonaktif;;01/12/2025\n"
        f"{OTHER};aktif;2026-03;\n1571030604899662;aktif;kapan-kapan;\n"
    )
    with check(tmp_path, text) as prepared:
        (report,) = prepared.report.sheets
        assert report.rejections == {"ganda": 1}
        assert report.warnings == {
            "status_beda": 1, "tanggal_mendatang": 1, "tanggal_tidak_sah": 1,
        }  # fmt: skip
        examples = find_examples(prepared)
        assert examples[1, "status_beda"][0].nik == "15••••••••••••96"
        target = tmp_path / "perbaiki.xlsx"
        assert write_mend_list(prepared, target) == 4


NIKS = st.one_of(
    st.from_regex(r"157[01][0-9]{2}[0-7][0-9][01][0-9]{3}[0-9]{4}", fullmatch=True),
    st.from_regex(r"[0-9]{0,17}", fullmatch=True),
    st.from_regex(r"['\"]?[0-9]{4}[ .\-][0-9]{12}", fullmatch=True),
    st.sampled_from(["-", "0", "1,57107E+15", "1.5E15", "1111111111111111", "abc", " "]),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(niks=st.lists(NIKS, min_size=1, max_size=40))
def test_the_rules_of_the_nik_are_those_of_a_roster(
    tmp_path_factory: pytest.TempPathFactory, niks: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("niks")
    books = {
        "peserta": [["NIK", "Nama", "Kelurahan"], *([nik, "Budi", "Thehok"] for nik in niks)],
        "bpjs": [["NIK", "Status"], *([nik, "aktif"] for nik in niks)],
    }
    found: dict[str, list[str | None]] = {}
    for table, rows in books.items():
        # A number among texts: what a spreadsheet has already damaged.
        cells = [rows[0], *rows[1:], [1571044610934090, *rows[1][1:]]]
        path = write_xlsx(folder / f"{table}.xlsx", SheetToWrite("Data", cells))
        with check_files(Store(folder / "home"), [path], as_of=AS_OF) as prepared:
            fates = prepared.bench.fetch("t", f"SELECT rejection FROM {table}_fate ORDER BY row_no")  # noqa: S608
        found[table] = [fate for (fate,) in fates]
    for roster, listed in zip(found["peserta"], found["bpjs"], strict=True):
        if listed == "nik_kosong":  # of a roster it is a warning
            assert roster in (None, "ganda")
        elif listed == "ganda":
            assert roster in ("ganda", "usia_65")
        elif roster in ("usia_65", None):
            assert listed is None
        else:
            assert listed == roster


@pytest.mark.parametrize(
    ("text", "active"),
    [
        ("AKTIF", True), ("Peserta Aktif", True), ("Non-Aktif", False), ("TIDAK AKTIF", False),
        ("menunggak", False), ("grace period", False), ("1", True), ("0", False),
        ("", None), ("diusulkan", None), ("x" * 500, None),
    ],
)  # fmt: skip
def test_words_for_a_status(text: str, active: bool | None) -> None:
    assert parse_active(text) is active


def test_the_other_tables_are_answered_as_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = tmp_path / "peserta.csv"
    roster.write_text(f"NIK,Nama,Kelurahan\n{GOOD},Budi,Thehok\n", encoding="utf-8")
    bpjs = tmp_path / "bpjs.csv"
    bpjs.write_text(f"No KPJ,NIK,Status\n24041234567,{GOOD},aktif\n", encoding="utf-8")
    answers = []
    for home, files in (("a", [roster]), ("b", [roster, bpjs])):
        words = [
            "--home",
            str(tmp_path / home),
            "import",
            *map(str, files),
            "--as-of",
            "2025-12-31",
        ]
        assert main([*words, "--json"]) == 0
        shown = capsys.readouterr()
        answers.append(json.loads(shown.out)["tables"])
    alone, both = answers
    assert both[0] == alone[0]
    assert [table["table"] for table in both] == ["peserta", "bpjs"]
    assert both[1]["unknown_columns"] == ["No KPJ"]
    assert "No KPJ" in shown.err
    assert "tidak disimpan" in shown.err
    assert "24041234567" not in shown.err
    counts = [Store(tmp_path / home).require_current().counts for home in ("a", "b")]
    assert "bpjs_status" not in counts[0]
    assert counts[1] == {**counts[0], "bpjs_status": 1}


def test_a_card_number_that_is_mapped_to_the_nik_is_no_nik(tmp_path: Path) -> None:
    toml = tmp_path / "pemetaan.toml"
    toml.write_text('[bpjs]\n"KPJ" = "nik"\n"Ket" = "status"\n', encoding="utf-8")
    path = tmp_path / "daftar.csv"
    path.write_text("KPJ,Ket\n24041234567,aktif\n", encoding="utf-8")
    store = Store(tmp_path / "home")
    with check_files(store, [path], as_of=AS_OF, mapping=read_mapping(toml)) as prepared:
        (report,) = prepared.report.sheets
        assert report.table == "bpjs"
        assert report.rejections == {"nik_panjang": 1}


def test_the_outlook_names_the_list_only_where_there_is_one(tmp_path: Path) -> None:
    roster = f"NIK,Nama,Kelurahan\n{GOOD},Budi,Thehok\n"
    with check(tmp_path, roster) as prepared:
        assert [c.table for c in outlook_of(prepared).tables][-1] == "santunan"
        publish(prepared)
    with check(tmp_path, f"NIK,Status\n{GOOD},aktif\n") as prepared:
        change = outlook_of(prepared).tables[-1]
        assert (change.table, change.before, change.after, change.came) == ("bpjs", 0, 1, True)
