"""The demo goes through the same door as real files, and the counts that come out are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from jambi_dash.demo.city import DEFAULT_AS_OF, write_demo
from jambi_dash.demo.parameters import load_parameters
from jambi_dash.domain.months import Month
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.intake.report import ImportReport
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ImportReport]:
    """The release file and the report of its import."""
    folder = tmp_path_factory.mktemp("demo-import")
    book = folder / "contoh.xlsx"
    write_demo(book)
    store = Store(folder / "home")
    with check_files(store, [book], as_of=DEFAULT_AS_OF) as prepared:
        record = publish(prepared)
        return store.path_of(record.release), prepared.report


def test_every_row_has_the_fate_that_was_meant(imported: tuple[Path, ImportReport]) -> None:
    _, report = imported
    roster = load_parameters().roster
    sheets = {sheet.sheet: sheet for sheet in report.sheets}
    assert report.synthetic
    assert all(sheet.synthetic for sheet in report.sheets)
    assert all(sheet.unknown_columns == ["No"] for sheet in report.sheets)

    workers = sheets.pop("Pekerja Rentan")
    assert workers.rejections == roster.rejected
    meant = dict(roster.warned)
    meant["lokasi_diperbaiki"] = meant.pop("ejaan")
    meant["rt_tidak_dikenal"] = meant.pop("tanpa_rt")
    meant["lokasi_tidak_dikenal"] = meant.pop("tanpa_lokasi")
    assert workers.warnings == meant
    assert sheets["Ketua RT"].warnings == {"ganda_program": roster.warned["ganda_program"]}
    assert all(not sheet.rejections for sheet in sheets.values())
    assert [s.rows_accepted for s in report.sheets if s.table == "rt"] == [1650]
    assert sheets["RT"].rows_skipped == 1


def test_known_totals_hold_after_the_import(imported: tuple[Path, ImportReport]) -> None:
    path, _ = imported
    with Door(path) as door:
        tables = {
            cohort: coverage(door, by="rt", cohort=cohort)
            for cohort in ("pekerja_rentan", "petugas_keagamaan", "ketua_rt")
        }
        start = coverage(door, by="city", at=Month(2025, 1))
    assert {cohort: table.totals.covered for cohort, table in tables.items()} == {
        "pekerja_rentan": 3000,
        "petugas_keagamaan": 1316,
        "ketua_rt": 1650,
    }
    workers, heads = tables["pekerja_rentan"], tables["ketua_rt"]
    assert workers.totals.eligible == 15_000
    assert (workers.totals.unlocated, workers.totals.persons) == (20, 3000 + 1316 + 1650 - 10)
    assert [row.covered for row in heads.rows] == [1] * 1650
    assert 0 < start.totals.covered < 300
