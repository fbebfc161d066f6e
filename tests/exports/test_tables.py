"""XLSX and CSV read back: the view's numbers as numbers, states in words, nothing that runs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from jambi_dash.cli import main
from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.domain.language import set_language
from jambi_dash.domain.months import Month
from jambi_dash.domain.scenario import read_scenario
from jambi_dash.domain.simulation import simulate
from jambi_dash.exports.tables import table_csv, table_xlsx
from jambi_dash.exports.views import (
    MapView,
    coverage_view,
    difference_view,
    rollout_view,
    scenario_view,
)
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.releases.store import Store

HOSTILE = [
    "=1+1",
    "+62",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    "http://x.id",
    "007",
]
HEAD = 4
"""The row of the header: title, subtitle and origin stand above it."""


@pytest.fixture(scope="module")
def door(demo_home: Path) -> Iterator[Door]:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as opened:
        yield opened


def views_of(door: Door) -> list[MapView]:
    found = simulate(baseline(door), read_scenario({}))
    return [
        coverage_view(door), coverage_view(door, public=True),
        difference_view(door, before=Month(2025, 6), public=True), rollout_view(door),
        scenario_view(door, found, show="difference"), coverage_view(door, level="rt"),
        rollout_view(door, level="rt"),
    ]  # fmt: skip


def hostile_view(door: Door) -> MapView:
    view = coverage_view(door)
    rows = [(row[0], name, *row[2:]) for row, name in zip(view.rows, HOSTILE, strict=False)] + list(
        view.rows[len(HOSTILE) :]
    )
    return replace(view, rows=tuple(rows), title="=1+1", subtitle="@x", sources=("+1", "-1"),
                   filter=(("=a", "=b"),))  # fmt: skip


def book_of(views: list[MapView]) -> Any:
    return openpyxl.load_workbook(BytesIO(table_xlsx(views)))


def test_number_cells_are_the_views_numbers(door: Door) -> None:
    views = views_of(door)
    book = book_of(views)
    assert len(book.sheetnames) == len(views) + 2
    for sheet, view in zip(book.worksheets, views, strict=False):
        labels = [cell.value for cell in sheet[HEAD]]
        assert [label.partition(" (")[0] for label in labels] == [c.label for c in view.columns]
        assert sheet.freeze_panes == f"C{HEAD + 1}"
        assert sheet.auto_filter.ref.endswith(str(HEAD + len(view.rows)))
        lines = [*view.rows, *(line.values for line in view.sums)]
        assert sheet.max_row == HEAD + len(lines)
        for cells, row in zip(sheet.iter_rows(min_row=HEAD + 1), lines, strict=True):
            for cell, column, value in zip(cells, view.columns, row, strict=True):
                if isinstance(value, int | float):
                    assert cell.data_type == "n"
                    factor = 100 if column.kind == "points" else 1
                    assert cell.value == pytest.approx(value * factor, abs=1e-9)
                    assert cell.number_format.startswith("[$-421]")
                    assert ("%" in cell.number_format) == (column.kind == "percent")
                else:
                    assert cell.data_type != "f"
                    assert not isinstance(cell.value, int | float)  # unknown is never 0


def test_states_are_words_with_a_look_of_their_own(door: Door) -> None:
    view = coverage_view(door, public=True)
    sheet = book_of([view]).worksheets[0]
    found = 0
    for cells, row in zip(sheet.iter_rows(min_row=HEAD + 1), view.rows, strict=False):
        if row[-1] == HIDDEN:
            found += 1
            assert [cells[place].value for place in (2, 4)] == ["disembunyikan"] * 2
            assert cells[2].fill.fgColor.rgb == "FFECE4D6"
    assert found > 1


def test_sheet_adds_up_by_its_own_cells(door: Door) -> None:
    for public in (False, True):
        sheet = book_of([coverage_view(door, public=public)]).worksheets[0]
        column = [row[2] for row in sheet.iter_rows(min_row=HEAD + 1, values_only=True)]
        *parts, city = column
        assert sum(value for value in parts if isinstance(value, int)) == city == 3000


def test_nothing_of_a_list_runs(door: Door) -> None:
    content = table_xlsx([hostile_view(door)])
    with ZipFile(BytesIO(content)) as archive:
        text = "".join(
            archive.read(name).decode() for name in archive.namelist() if "worksheets" in name
        )
    assert "<f>" not in text
    assert "hyperlink" not in text
    for sheet in openpyxl.load_workbook(BytesIO(content)).worksheets:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    rows = list(
        csv.reader(StringIO(table_csv(hostile_view(door)).decode("utf-8-sig")), delimiter=";")
    )
    for row, name in zip(rows[1:], HOSTILE, strict=False):
        assert row[1] == ("'" + name if name[0] in "=+-@\t\r" else name)
    assert all(cell[:1] not in tuple("=+@\t\r") for row in rows for cell in row)


def test_workbook_says_where_it_is_from(door: Door) -> None:
    view = coverage_view(door)
    book = book_of([view])
    assert view.origin.release in book.worksheets[0]["A3"].value
    assert "DATA CONTOH" in book.worksheets[0]["A3"].value
    about = {str(row[1]) for row in book["Keterangan"].iter_rows(values_only=True)}
    assert {view.check, view.subtitle, *view.sources} <= about
    definitions = [row[1] for row in book["Definisi"].iter_rows(values_only=True)]
    assert {column.label for column in view.columns} <= set(definitions)
    assert "Peserta tanpa lokasi" in definitions
    assert book.properties.title == view.title
    assert book.properties.created == datetime(2025, 12, 31)
    assert table_xlsx([view]) == table_xlsx([view])


def test_csv_is_what_the_command_says(door: Door, demo_home: Path, capsys: Any) -> None:
    assert (
        main(["--home", str(demo_home), "coverage", "--by", "kelurahan", "--public", "--json"]) == 0
    )
    said = json.loads(capsys.readouterr().out)
    content = table_csv(coverage_view(door, public=True))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))

    def number(text: str) -> float | None:
        return float(text.replace(",", ".")) if text else None

    areas = [row for row in rows if row["part"] == "area"]
    assert [
        {"code": r["code"], "name": r["name"], "covered": number(r["covered"]),
         "eligible": number(r["eligible"]), "rate": number(r["rate"]), "state": r["state"]}
        for r in areas
    ] == said["rows"]  # fmt: skip
    city = next(row for row in rows if row["part"] == "city")
    assert number(city["covered"]) == said["totals"]["covered"]
    parts = [number(row["covered"]) or 0 for row in rows if row["part"] != "city"]
    assert sum(parts) == said["totals"]["covered"]
    for row in rows:
        assert (row["release"], row["as_of"], row["copy"]) == (
            said["release"],
            "2025-12-31",
            "public",
        )
        assert row["mark"] == "DATA CONTOH"
        assert "Desember 2025" in row["filter"]


def test_english_has_english_marks(door: Door) -> None:
    set_language("en")
    sheet = book_of([coverage_view(door)]).worksheets[0]
    assert sheet.cell(HEAD + 1, 3).number_format == "[$-409]#,##0"


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_command(demo_home: Path, tmp_path: Path, capsys: Any, name: str) -> None:
    given = ["--home", str(demo_home), "export", "table", "--out", str(tmp_path / name), "--json"]
    assert main([*given, "--by", "kecamatan", "--public", "--at", "2025-11"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["bytes"] == (tmp_path / name).stat().st_size
    assert (said["public"], said["synthetic"]) == (True, True)
    assert said["filter"]["Bulan"] == "November 2025"
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "words", [["--by", "rt", "--public"], ["--show", "difference"], ["--out", "a.doc"],
              ["--show", "scenario", "--by", "rt", "--public"]],
)  # fmt: skip
def test_refused_and_nothing_written(
    demo_home: Path, tmp_path: Path, capsys: Any, words: list[str]
) -> None:
    given = ["--home", str(demo_home), "export", "table", "--out", str(tmp_path / "a.xlsx")]
    if words[0] == "--out":
        given, words = given[:-2], ["--out", str(tmp_path / words[1])]
    assert main([*given, *words]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_class_colours_the_stage_and_heads_stand_as_their_cells(door: Door) -> None:
    sheet = book_of([rollout_view(door, level="rt"), coverage_view(door)]).worksheets
    heads = {cell.value: cell.column for cell in sheet[0][HEAD]}
    coloured = {
        cell.column
        for row in sheet[0].iter_rows(min_row=HEAD + 1, max_row=HEAD + 30)
        for cell in row
        if cell.fill.patternType == "solid"
    }
    assert coloured == {heads["Tahap"]}
    aligned = {cell.value: cell.alignment for cell in sheet[1][HEAD]}
    assert aligned["Terlindungi"].horizontal == "right"
    assert aligned["Nama"].indent == 1
