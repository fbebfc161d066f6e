"""What is announced before publishing is what the release answers afterwards."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jambi_dash.domain.months import Month
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.outlook import Outlook, Side, dates_in_titles, outlook_of
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import ReleaseRecord, Store

ROSTER = (
    "DAFTAR PESERTA,,,,\nKeadaan per 30 September 2025,,,,\n"
    "NIK,Nama,Kelurahan,RT,Mulai\n"
    "1571044610934096,Budi Hartono,Beringin,001,2025-06\n"
    "1571035001762088,Siti Aminah,Payo Lebar,002,2025-11\n"
    "1571030604899662,Ana Lestari,Entah Di Mana,,2025-06\n"
    "15,Eka Putra,Beringin,005,2025-06\n"
)
RTS = (
    "Kelurahan,RT,Jumlah KK,Perkiraan Pekerja Rentan\n"
    "Beringin,001,40,8\nPayo Lebar,002,60,12\nPayo Lebar,003,50,\n"
)


def announce(store: Store, files: dict[str, str], folder: Path, as_of: date) -> tuple[Outlook, ReleaseRecord]:  # fmt: skip
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in files.items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    with check_files(store, paths, as_of=as_of) as prepared:
        outlook = outlook_of(prepared)
        return outlook, publish(prepared)


def assert_same(side: Side, store: Store, record: ReleaseRecord, at: Month) -> None:
    with Door(store.path_of(record.release)) as door:
        table = coverage(door, by="kecamatan", at=at)
    assert side.at == at
    assert side.total == table.totals.covered
    assert side.city_eligible == table.totals.eligible
    assert side.rate == table.totals.rate
    assert side.covered.get(None, 0) == table.totals.unlocated
    for row in table.rows:
        assert side.covered.get(row.code, 0) == row.covered
        assert side.eligible.get(row.code) == row.eligible


def test_the_first_release(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    outlook, record = announce(
        store, {"peserta.csv": ROSTER, "rt.csv": RTS}, tmp_path / "a", date(2025, 9, 30)
    )
    assert outlook.before is None
    assert outlook.after.total == 2
    assert_same(outlook.after, store, record, Month(2025, 9))
    assert {c.table: (c.before, c.after) for c in outlook.tables} == {
        "rt": (None, 3), "peserta": (None, 3), "kampung_bahagia": (None, 0), "santunan": (None, 0),
    }  # fmt: skip
    assert [c.after for c in outlook.tables] == [
        record.counts[name] for name in ("rt", "enrolment", "kampung_event", "claim")
    ]


@pytest.mark.parametrize("files", [{"peserta.csv": ROSTER.replace("2025-11", "2025-05")}, {"rt.csv": RTS + "Beringin,002,9,70\n"}])  # fmt: skip
def test_a_second_release_with_one_table(files: dict[str, str], tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    _, first = announce(
        store, {"peserta.csv": ROSTER, "rt.csv": RTS}, tmp_path / "a", date(2025, 9, 30)
    )
    outlook, second = announce(store, files, tmp_path / "b", date(2025, 12, 31))
    assert outlook.before is not None
    assert_same(outlook.before, store, first, Month(2025, 9))
    assert_same(outlook.after, store, second, Month(2025, 12))
    assert outlook.after.total == 3
    carried = {c.table for c in outlook.tables if not c.came and c.after}
    assert carried == {"peserta", "rt"} - {name.removesuffix(".csv") for name in files}


def test_invented_tables_under_real_ones_are_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    announce(
        store, {"peserta.csv": "DATA CONTOH,,,,\n" + ROSTER, "rt.csv": "DATA CONTOH,,,\n" + RTS},
        tmp_path / "a", date(2025, 9, 30),
    )  # fmt: skip
    outlook, _ = announce(store, {"rt.csv": RTS}, tmp_path / "b", date(2025, 12, 31))
    assert outlook.carried_synthetic == ("peserta",)


def test_dates_of_file_names_and_titles(tmp_path: Path) -> None:
    named = tmp_path / "rt per 31-12-2025.csv"
    named.write_text(RTS, encoding="utf-8")
    titled = tmp_path / "peserta.csv"
    titled.write_text(ROSTER, encoding="utf-8")
    with check_files(Store(tmp_path / "home"), [named, titled], as_of=date(2026, 1, 1)) as prepared:
        assert set(dates_in_titles(prepared)) == {date(2025, 12, 31), date(2025, 9, 30)}


def test_the_line_right_above_the_headers_is_a_title(tmp_path: Path) -> None:
    file = tmp_path / "rt.csv"
    file.write_text("DATA CONTOH,,,\n" + RTS, encoding="utf-8")
    with check_files(Store(tmp_path / "home"), [file], as_of=date(2026, 1, 1)) as prepared:
        assert prepared.report.synthetic
