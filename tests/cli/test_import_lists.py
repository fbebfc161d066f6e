"""`import` with lists as they are: what it says, what it answers, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jambi_dash.cli import main
from jambi_dash.intake.mapping_shelf import MappingShelf
from jambi_dash.releases.store import Store

KNOWN = (
    "NIK,Nama,Kelurahan,RT,Mulai\n1571040506850011,Siti,Legok,1,2025-06\n"
    "1571040607850012,Budi,Kasang,1,2025-06\n"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "known.csv").write_text(KNOWN, encoding="utf-8")
    assert main(["--home", str(tmp_path / "home"), "import", str(tmp_path / "known.csv")]) == 0
    return tmp_path / "home"


class Said:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(text: str, *words: str) -> Said:
        file = home.parent / "list.csv"
        file.write_text(text, encoding="utf-8")
        capsys.readouterr()
        code = main(["--home", str(home), "import", str(file), "--as-of", "2025-12-31", *words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "kesalahan di dalam program" not in err
        return Said(code, out, err)

    return command


def test_a_list_of_names(run: Any) -> None:
    said = run("NIK,Nama\n1571040506850011,Siti\n1571040708850013,Baru\n", "--json")
    answer = json.loads(said.out)
    assert answer["tables"][0]["filled"] == {
        "location_from_title": 0, "location_from_release": 1, "location_from_register": 0,
        "other_from_release": 1, "unlocated": 1,
    }  # fmt: skip
    assert answer["tables"][0]["warnings"]["lokasi_tidak_dikenal"] == 1
    assert "review" not in answer
    assert "part" not in answer
    assert "1 menurut rilis sebelumnya" in said.err


def test_remembered_columns_are_used_and_said(run: Any, home: Path) -> None:
    strange = "NIK,Nama,Wilayah Tugas\n1571040506850011,Siti,Legok\n"
    assert run(strange).code == 1
    mapping = home.parent / "m.toml"
    mapping.write_text('[kolom]\n"Wilayah Tugas" = "kelurahan"\n', encoding="utf-8")
    words = ("--mapping", str(mapping), "--sender", "Dinas Sosial")
    assert run(strange, *words, "--dry-run").code == 0
    assert MappingShelf(home).list() == []  # nothing was published
    assert run(strange, *words).code == 0
    [entry] = MappingShelf(home).list()
    assert (entry.sender, entry.table) == ("Dinas Sosial", "peserta")
    said = run(strange)
    assert said.code == 0
    assert "diingat dari Dinas Sosial" in said.err
    # What is said now stands above.
    mapping.write_text('[kolom]\n"Wilayah Tugas" = "pekerjaan"\n', encoding="utf-8")
    said = run(strange, "--mapping", str(mapping), "--json")
    assert "filled" in json.loads(said.out)["tables"][0]
    assert run(strange, "--sender", "Bu Ani 081277712345").code == 1


def test_what_waits_is_told(run: Any, home: Path) -> None:
    text = (
        "NIK,Nama,Tgl Lahir,Kelurahan\n1571040506850011,Siti Aminah,05/06/1985,Legok\n"
        ",Siti Amina,05/06/1985,Legok\n"
    )
    out = home.parent / "mend.xlsx"
    said = run(text, "--rejects", str(out), "--json", "--dry-run")
    assert json.loads(said.out)["review"] == {"possible_duplicates": 1}
    assert "1 pasang" in said.err
    assert "Siti" not in said.err
    assert "Kemungkinan ganda" in openpyxl.load_workbook(out).sheetnames
    old = "NIK,Nama,Kelurahan\n1571040506850011,Siti,1571010001 Kenali Besar\n" * 1
    old += "1571040506850012,A,1571010008 Bagan Pete\n1571040506850013,B,1571010002 Rawa Sari\n"
    said = run(old, "--json", "--dry-run")
    assert json.loads(said.out)["review"] == {"split_rows": 2}
    assert "2 baris daftar lama" in said.err


def test_one_part(run: Any, home: Path) -> None:
    text = "NIK,Nama,Kelurahan\n1571040506850011,Siti,Legok\n1571040708850013,Baru,Murni\n"
    said = run(text, "--part", "Kecamatan Danau Sipin")
    assert said.code == 0
    assert "Kecamatan Danau Sipin" in said.out
    assert "1 baris lama" in said.out
    assert Store(home).require_current().counts["enrolment"] == 3
    said = run(text, "--part", "Legok", "--json")
    assert said.code == 1
    assert "Murni 1" in json.loads(said.out)["error"]
    answer = json.loads(run(text, "--part", "15.71.10.1003", "--drop-outside", "--json").out)
    assert answer["tables"][0]["rejections"] == {"di_luar_bagian": 1}
    assert answer["part"] == {
        "areas": ["15.71.10.1003"],
        "tables": {"peserta": {"replaced": 1, "kept": 2, "moved_in": 0}},
    }
    answer = json.loads(
        run(text, "--part", "Legok", "--part", "Kel. Murni", "--json", "--dry-run").out
    )
    assert answer["part"]["areas"] == ["15.71.10.1002", "15.71.10.1003"]
    for words in (("--part", "Jelutung"), ("--part", "Entah"), ("--drop-outside",)):
        assert run(text, *words).code == 1
    assert main(["--home", str(home), "--json", "doctor"]) == 0


def test_a_whole_table_that_looks_like_a_part(run: Any, home: Path) -> None:
    from jambi_dash.domain.areas import load_areas

    rows = [
        f"157104{n % 28 + 1:02d}0685{n + 1:04d},A,{k.code}"
        for n, k in enumerate(load_areas().kelurahan)
    ]
    run("NIK,Nama,Kelurahan\n" + "\n".join(rows) + "\n")
    said = run(KNOWN)
    assert said.code == 0
    assert "hanya memuat 2 kelurahan, padahal rilis yang berlaku 68" in said.err
    assert "--part" in said.err


def test_doctor_looks_at_what_is_remembered(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def checks() -> dict[str, Any]:
        capsys.readouterr()
        main(["--home", str(home), "--json", "doctor"])
        return {c["name"]: c for c in json.loads(capsys.readouterr().out)["checks"]}

    assert all(check["ok"] for check in checks().values())
    for folder, name in (("mappings", "0123456789abcdef.toml"), ("reviews", "decisions.json")):
        (home / folder).mkdir(exist_ok=True)
        (home / folder / name).write_text("rusak", encoding="utf-8")
    bad = [check["detail"] for check in checks().values() if not check["ok"]]
    assert any("0123456789abcdef.toml" in detail for detail in bad)
    assert any("decisions.json" in detail for detail in bad)
