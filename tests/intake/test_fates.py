"""Every fault of contract section 3 meets its fate, row by row, in every form of file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import messy
import pytest
from workbooks import SheetToWrite, write_ods, write_xlsx

from jambi_dash.domain.months import Month
from jambi_dash.domain.rules import PESERTA_WARNINGS
from jambi_dash.intake.checks import Prepared, check_files, rules_of
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store

TITLES = ("DAFTAR PEKERJA RENTAN KOTA JAMBI", "Tahun Anggaran 2025", "")


def fates(prepared: Prepared) -> list[tuple[str | None, set[str]]]:
    """Rejection and warnings of every row, in the order of the file."""
    rows = prepared.bench.fetch(
        "test", "SELECT rejection, warnings FROM peserta_fate ORDER BY sheet, row_no"
    )
    return [(rejection, set(rules_of(bits, PESERTA_WARNINGS))) for rejection, bits in rows]


def assert_fates(prepared: Prepared, roster: messy.Roster) -> None:
    meant = [(row.rejection, set() if row.rejection else row.warnings) for row in roster.counted]
    found = fates(prepared)
    assert len(found) == len(meant)
    wrong = [
        (row.cells, f"meant {m}", f"found {f}")
        for row, m, f in zip(roster.counted, meant, found, strict=True) if m != f
    ]  # fmt: skip
    assert not wrong, wrong[:3]
    report = [sheet for sheet in prepared.report.sheets if sheet.table == "peserta"]
    total: Counter[str] = Counter()
    for sheet in report:
        assert sheet.rows_read == sheet.rows_accepted + sheet.rows_rejected
        total.update(read=sheet.rows_read, rejected=sheet.rows_rejected, skipped=sheet.rows_skipped)
        assert sum(sheet.rejections.values()) == sheet.rows_rejected
    assert total["read"] == len(roster.counted)
    assert total["skipped"] == len(roster.rows) - len(roster.counted)
    assert total["rejected"] == sum(roster.rejections().values())
    assert sum((Counter(s.rejections) for s in report), Counter()) == roster.rejections()
    assert sum((Counter(s.warnings) for s in report), Counter()) == roster.warnings()


def assert_cover(door: Door, roster: messy.Roster, cohort: str = "pekerja_rentan") -> None:
    for month in (1, 6, 7, 12):
        truth = roster.covered(2025, month, cohort)
        by_kelurahan: Counter[str | None] = Counter()
        for code, people in truth.items():
            by_kelurahan[code.partition("-")[0] if code else None] += people
        at = Month(2025, month)
        table = coverage(door, by="kelurahan", cohort=cohort, at=at)
        assert table.totals.covered == sum(truth.values())
        assert table.totals.unlocated == truth[None]
        assert {r.code: r.covered for r in table.rows if r.covered} == {
            code: n for code, n in by_kelurahan.items() if code
        }
        table = coverage(door, by="rt", cohort=cohort, at=at)
        assert {r.code: r.covered for r in table.rows if r.covered} == {
            code: n for code, n in truth.items() if code and "-" in code
        }
        assert table.totals.covered == sum(truth.values())


def register(folder: Path) -> Path:
    return messy.write_csv(folder / "register.csv", messy.make_register(), delimiter=";")


def write(path: Path, roster: messy.Roster) -> Path:
    """The roster over two sheets, with titles, a hidden sheet and a sheet of something else."""
    rows = messy.as_table(roster)
    half = len(rows) // 2
    sheets = (
        SheetToWrite("Bagian 1", rows[:half], TITLES),
        SheetToWrite("Lanjutan", [rows[0], *rows[half:]], TITLES[:1]),
    )
    if path.suffix == ".ods":
        return write_ods(path, *sheets)
    other = SheetToWrite("Catatan", [["hal", "isi"], ["a", "b"]])
    secret = SheetToWrite("rahasia", rows[:3], hidden=True)
    return write_xlsx(path, other, *sheets, secret)


@pytest.mark.parametrize(
    ("seed", "suffix"), [(1, ".xlsx"), (2, ".xlsm"), (3, ".ods"), (4, ".xlsx")]
)
def test_spreadsheets(tmp_path: Path, seed: int, suffix: str) -> None:
    roster = messy.make_roster(seed, spreadsheet=True)
    file = write(tmp_path / f"roster{suffix}", roster)
    store = Store(tmp_path / "home")
    with check_files(store, [file, register(tmp_path)], as_of=messy.AS_OF) as prepared:
        assert_fates(prepared, roster)
        assert prepared.report.sheets[0].unknown_columns == ["No", "Keterangan"]
        hidden = [remark for remark in prepared.report.remarks if "rahasia" in remark]
        assert len(hidden) == (suffix != ".ods")
        record = publish(prepared)
    with Door(store.path_of(record.release)) as door:
        for cohort in ("pekerja_rentan", "ketua_rt", "petugas_keagamaan"):
            assert_cover(door, roster, cohort)


FORMS: list[tuple[str, dict[str, Any]]] = [
    ("utf-8", {"delimiter": ","}),
    ("utf-8-sig", {"delimiter": ";", "titles": 2}),
    ("utf-16", {"delimiter": "\t"}),
    ("utf-16-le", {"delimiter": ";"}),
    ("utf-16-be", {"delimiter": ",", "titles": 1}),
    ("cp1252", {"delimiter": ";", "line_end": "\n"}),
]


@pytest.mark.parametrize(("encoding", "form"), FORMS, ids=lambda form: str(form))
def test_text_files(tmp_path: Path, encoding: str, form: dict[str, Any]) -> None:
    """One roster, every encoding and delimiter: the same fates and the same cover."""
    roster = messy.make_roster(7, spreadsheet=False)
    roster.rows[0].cells["keterangan"] = "Café “Bahagia” – RT…"
    file = messy.write_csv(tmp_path / "r.csv", messy.as_table(roster), encoding=encoding, **form)
    with check_files(
        Store(tmp_path / "home"), [register(tmp_path), file], as_of=messy.AS_OF
    ) as prepared:
        assert_fates(prepared, roster)
        assert [s.table for s in prepared.report.sheets] == ["rt", "peserta"]


def test_the_same_roster_as_spreadsheet_and_as_text(tmp_path: Path) -> None:
    roster = messy.make_roster(7, spreadsheet=False)
    store = Store(tmp_path / "home")
    answers = []
    for file in (
        write(tmp_path / "r.xlsx", roster), write(tmp_path / "r.ods", roster),
        messy.write_csv(tmp_path / "r.csv", messy.as_table(roster), delimiter="\t"),
    ):  # fmt: skip
        with check_files(store, [file, register(tmp_path)], as_of=messy.AS_OF) as prepared:
            assert_fates(prepared, roster)
            answers.append(prepared.bench.fetch(
                "test", "SELECT person_text, cohort, stage, occupation, sex, birth_year, kelurahan_code, rt, "
                "start_month, end_month FROM peserta_fate WHERE rejection IS NULL ORDER BY ALL"))  # fmt: skip
    assert answers[0] == answers[1] == answers[2]
    assert len(answers[0]) > 80


def test_two_files_are_one_import(tmp_path: Path) -> None:
    """The first file's row stays; persons are told apart over both files."""
    roster = messy.make_roster(9, spreadsheet=False)
    rows = messy.as_table(roster)
    half = len(rows) // 2
    first = messy.write_csv(tmp_path / "a.csv", rows[:half])
    second = messy.write_csv(tmp_path / "b.csv", [rows[0], *rows[half:]], delimiter=";")
    with check_files(
        Store(tmp_path / "h"), [first, register(tmp_path), second], as_of=messy.AS_OF
    ) as prepared:
        assert_fates(prepared, roster)
        assert [s.file for s in prepared.report.sheets] == ["a.csv", "register.csv", "b.csv"]


def test_samples_of_the_offices(shared: Path, tmp_path: Path) -> None:
    import json

    folder = shared / "samples" / "a"
    truth = json.loads((folder / "truth.json").read_text())
    files = [
        folder / n
        for n in ("peserta.xlsx", "register_rt.csv", "kampung_bahagia.csv", "santunan.xlsx")
    ]
    store = Store(tmp_path / "home")
    with check_files(store, files, as_of=messy.AS_OF) as prepared:
        people = [s for s in prepared.report.sheets if s.table == "peserta"]
        assert sum((Counter(s.rejections) for s in people), Counter()) == truth["rejections"]
        warned = sum((Counter(s.warnings) for s in people), Counter())
        for counts in (warned, truth["warnings"]):
            counts.pop("lokasi_diperbaiki")
        assert warned == truth["warnings"]
        for name in ("rows_read", "rows_accepted", "rows_rejected", "rows_skipped"):
            assert sum(getattr(s, name) for s in people) == truth[name], name
        record = publish(prepared)
    with Door(store.path_of(record.release)) as door:
        for month, counts in truth["coverage"].items():
            table = coverage(door, by="kelurahan", at=Month.parse_iso(month))
            assert (table.totals.covered, table.totals.unlocated) == (
                counts["covered"],
                counts["unlocated"],
            )
            assert {r.code: r.covered for r in table.rows if r.covered} == counts["by_kelurahan"]
            assert table.totals.eligible == truth["eligible_total"]
            assert {r.code: r.eligible for r in table.rows} == truth["eligible"]
            table = coverage(door, by="rt", at=Month.parse_iso(month))
            assert table.totals.located == counts["rt_located"]
            assert {r.code: r.covered for r in table.rows if r.covered} == counts["by_rt"]
            assert len(table.rows) == truth["rt_total"]
        claims = {
            program: (n, amount)
            for program, n, amount in door.rows("claim_totals", day=messy.AS_OF)
        }
        assert sum(n for n, _ in claims.values()) == truth["claims"]["count"]
        assert sum(amount for _, amount in claims.values()) == truth["claims"]["value_rp"]
        assert claims["JKM"][0] == truth["claims"]["jkm"]
