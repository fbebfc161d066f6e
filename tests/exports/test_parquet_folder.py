"""A release as plain Parquet, and one question answered by another engine from the same SQL."""

from __future__ import annotations

import json
from pathlib import Path

import datafusion
import pyarrow.parquet as pq
import pytest
import sqlglot
from sqlglot import exp

from jambi_dash.cli import main
from jambi_dash.domain.areas import CITY_CODE
from jambi_dash.domain.months import Month
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door, sql_text
from jambi_dash.releases.store import Store


@pytest.fixture(scope="module")
def folder(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("parquet") / "rilis"
    assert main(["--home", str(demo_home), "export", "parquet", "--out", str(out)]) == 0
    return out


@pytest.fixture
def door(demo_home: Path) -> Door:
    store = Store(demo_home)
    return Door(store.path_of(store.require_current().release))


def translated(question: str, **values: str | bool) -> str:
    """The text of a question for another engine, its values put in."""
    tree = sqlglot.parse_one(sql_text(question), read="duckdb")

    def bound(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Placeholder | exp.Parameter):
            return exp.convert(values[node.name])
        return node

    return tree.transform(bound).sql("postgres")


@pytest.mark.parametrize("by", ["city", "kecamatan", "kelurahan", "rt"])
@pytest.mark.parametrize("month", ["2025-07", "2025-12"])
def test_datafusion_gives_the_same_coverage(folder: Path, door: Door, by: str, month: str) -> None:
    engine = datafusion.SessionContext()
    for table in ("cover_change", "kelurahan_change", "rt"):
        engine.register_parquet(table, str(folder / f"{table}.parquet"))
    asked = {"cohort": "pekerja_rentan", "month": f"{month}-01"}
    text = (
        translated("coverage_by_rt", **asked, area="") if by == "rt"
        else translated("coverage", **asked, by=by, city=CITY_CODE, several=False)
    )  # fmt: skip
    found = engine.sql(text).to_pydict()
    codes = found["code"] if by != "rt" else [
        rt and f"{kelurahan}-{rt}"
        for kelurahan, rt in zip(found["kelurahan_code"], found["rt"], strict=True)
    ]  # fmt: skip
    theirs = dict(zip(codes, found["covered"], strict=True))
    ours = coverage(door, by=by, at=Month(int(month[:4]), int(month[5:])))
    assert {row.code: row.covered for row in ours.rows if row.covered} == {
        code: n for code, n in theirs.items() if n and code is not None
    }
    assert sum(theirs.values()) == ours.totals.covered


def test_every_table_has_all_its_rows(folder: Path, door: Door) -> None:
    names = {name for (name,) in door.rows("release_tables")}
    assert {file.stem for file in folder.glob("*.parquet")} == names >= {"enrolment", "rt"}
    for table in ("enrolment", "rt", "cover_change", "bpjs_status"):
        rows = pq.read_metadata(folder / f"{table}.parquet").num_rows
        assert rows == sum(batch.num_rows for batch in door.batches(table, 1000))
    readme = (folder / "BACA-DULU.md").read_text(encoding="utf-8")
    assert "DATA CONTOH" in readme
    assert all(f"## {name}.parquet" in readme for name in names)


def test_a_person_is_another_word_in_every_folder(
    folder: Path, door: Door, demo_home: Path, tmp_path: Path
) -> None:
    again = tmp_path / "lagi"
    assert main(["--home", str(demo_home), "export", "parquet", "--out", str(again)]) == 0
    persons = [
        set(pq.read_table(at / "enrolment.parquet")["person"].to_pylist()) for at in (folder, again)
    ]
    inside = {str(p) for b in door.batches("enrolment", 10_000) for p in b["person"].to_pylist()}
    assert len(persons[0]) == len(persons[1]) == len(inside)
    assert not persons[0] & persons[1]
    assert not (persons[0] | persons[1]) & {p.replace("-", "") for p in inside}
    waiting = set(pq.read_table(folder / "stage_entry.parquet")["person"].to_pylist())
    assert waiting <= persons[0]


def test_refused_for_the_public_and_over_something(
    folder: Path, demo_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--json", "--home", str(demo_home), "export", "parquet", "--out"]
    assert main([*words, str(tmp_path / "umum"), "--public"]) == 1
    assert "tidak pernah untuk umum" in json.loads(capsys.readouterr().out)["error"]
    assert not (tmp_path / "umum").exists()
    assert main([*words, str(folder)]) == 1
    assert "sudah berisi" in json.loads(capsys.readouterr().out)["error"]
