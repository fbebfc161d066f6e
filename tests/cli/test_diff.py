"""`diff` as a person and as a program call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import two_lists

from jambi_dash.cli import main
from jambi_dash.releases.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    found = Store(tmp_path_factory.mktemp("two-lists") / "home")
    two_lists.bring_both(found)
    return found


def run(store: Store, *words: str) -> int:
    return main(["--home", str(store.home), "diff", *words])


def ids(store: Store) -> list[str]:
    return [record.release for record in store.history()]


def test_json_has_the_form_of_the_contract(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    a, b = ids(store)
    assert run(store, a, b, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["a"], found["b"]) == (a, b)
    assert (found["at_a"], found["at_b"]) == ("2025-12", "2026-02")
    assert found["parts"] == two_lists.PARTS
    assert (found["covered_a"], found["covered_b"]) == (12, 13)
    assert (found["corrected_pairs"], found["backdated"]) == (2, 2)
    assert len(found["rows"]) == 68
    for row in (found, *found["rows"], found["unlocated"]):
        parts = row.get("parts", row)
        total = sum(parts[part] for part in two_lists.PARTS)
        assert total == row["covered_b"] - row["covered_a"]
    for part in two_lists.PARTS:
        everywhere = [row[part] for row in (*found["rows"], found["unlocated"])]
        assert sum(everywhere) == found["parts"][part]


def test_each_side_is_what_coverage_says(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = ids(store)
    for cohort in ("pekerja_rentan", "phl"):
        for at in ("2025-12", "2026-02", "2025-05"):
            asked = ("--cohort", cohort, "--at", at, "--json")
            assert run(store, a, b, *asked) == 0
            found = json.loads(capsys.readouterr().out)
            assert main(["--home", str(store.home), "coverage", "--by", "kelurahan", *asked]) == 0
            cover = json.loads(capsys.readouterr().out)
            assert found["covered_b"] == cover["totals"]["covered"]
            assert found["unlocated"]["covered_b"] == cover["totals"]["unlocated"]
            assert [(r["code"], r["covered_b"]) for r in found["rows"]] == [
                (r["code"], r["covered"]) for r in cover["rows"]
            ]


def test_in_words(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(store, *ids(store)) == 0
    said = capsys.readouterr().out
    for text in (
        "(Desember 2025)", "12 menjadi 13 orang, selisih +1", "+3  Baru", "−3  Berakhir",
        "2 dari yang baru, menurut daftar yang kemudian, sudah terlindungi pada Desember 2025",
        "2 orang berganti NIK", "+1 = +3 − 3 + 1 − 1 + 1",
        "66 kelurahan tidak berubah", "15.71.03.1006   Kasang", "Tanpa lokasi",
    ):  # fmt: skip
        assert text in said, said


def test_nothing_is_told_of_a_person(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--json"]):
        run(store, *ids(store), *words)
        said = capsys.readouterr()
        assert "Orang Ke" not in said.out + said.err
        assert "157104" not in said.out + said.err


def test_the_way_back_is_the_mirror(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = ids(store)
    assert run(store, b, a, "--json") == 0
    parts = json.loads(capsys.readouterr().out)["parts"]
    ways = {"new": "ended", "ended": "new", "moved_in": "moved_out", "moved_out": "moved_in"}
    assert parts == {p: -two_lists.PARTS[ways.get(p, p)] for p in parts}


@pytest.mark.parametrize("words", [("nanti", "kemarin"), ()])
def test_what_is_not_there_is_refused(
    store: Store, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(store, *words)
    said = capsys.readouterr().err.strip()
    assert code == (1 if words else 2)
    assert len(said.splitlines()) == 1
    if words:
        assert "nanti" in said
        assert ids(store)[0] in said


def test_a_damaged_release_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = Store(tmp_path / "home")
    two_lists.bring_both(own)
    a, b = ids(own)
    path = own.path_of(a)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert run(own, a, b) == 1
    assert f"Berkas rilis {a} rusak" in capsys.readouterr().err
