"""Lists of many invented cities, brought in with the folder of their areas."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jambi_dash.demo.many_cities import write_cities
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import DATA_VARIABLE, HOME_VARIABLE, PROJECT

AS_OF = date(2025, 12, 31)


def _run(folder: Path, *words: str) -> dict[str, Any]:
    environment = {**os.environ, DATA_VARIABLE: str(folder / "kota")}
    environment.pop(HOME_VARIABLE, None)
    done = subprocess.run(
        [sys.executable, "-m", "jambi_dash", "--json", *words], capture_output=True, text=True,
        encoding="utf-8", cwd=PROJECT, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        next(file)  # the mark of invented data
        return list(csv.DictReader(file, delimiter=";"))


def test_three_cities_are_imported_and_add_up(tmp_path: Path) -> None:
    out = tmp_path / "tiga"
    made = write_cities(out, cities=3, workers=700, as_of=AS_OF)
    files = [made.peserta, made.rt, made.kampung_bahagia, made.santunan]
    told = _run(out, "import", *files, "--as-of", AS_OF.isoformat())
    rollout, paid = (_rows(Path(made.kampung_bahagia)), _rows(Path(made.santunan)))
    assert [(t["rows_accepted"], t["rows_rejected"], t["warnings"]) for t in told["tables"]] == [
        (2_100, 0, {}),
        (3 * 1_650, 0, {}),
        (len(rollout), 0, {}),
        (72, 0, {}),
    ]
    for by, count in (("city", 3), ("kecamatan", 33), ("kelurahan", 204), ("rt", 4_950)):
        found = _run(out, "coverage", "--by", by)
        assert len(found["rows"]) == count
        assert sum(row["covered"] for row in found["rows"]) == made.covered
        assert sum(row["eligible"] for row in found["rows"]) == 2_100
        assert found["synthetic"]
    people = _rows(Path(made.peserta))
    cities = {row["code"]: row["covered"] for row in _run(out, "coverage", "--by", "city")["rows"]}
    assert cities == {
        code: sum(
            p["Kode Kelurahan"].startswith(code) and p["Tahap"] == "aktif" and not p["Sampai"]
            for p in people
        )
        for code in cities
    }
    assert len({p["NIK"] for p in people}) == len(people)

    found = _run(out, "rollout", "--by", "city")
    assert {
        row["code"]: (row["rt_total"], row["joined"]) for row in found["rows"]
    } == dict.fromkeys(cities, (1_650, 67))
    assert (found["rt_total"], found["joined"]) == (4_950, 201)
    assert sum(found["stages"].values()) == 4_950
    told = _run(out, "claims", "--by", "city")
    assert {
        (row["code"], row["program"]): (row["count"], row["value_rp"]) for row in told["rows"]
    } == {
        (code, program): (len(values), sum(values))
        for code in cities
        for program in ("JKK", "JKM")
        for values in [[
            int(row["Nilai"]) for row in paid
            if row["Program"] == program and row["Kode Kelurahan"].startswith(code)
        ]]
    }  # fmt: skip
    assert told["totals"]["count"] == 72


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    def digests(name: str, seed: int) -> dict[str, str]:
        write_cities(tmp_path / name, cities=2, workers=300, seed=seed, as_of=AS_OF)
        return {
            file.relative_to(tmp_path / name).as_posix(): hashlib.sha256(
                file.read_bytes()
            ).hexdigest()
            for file in sorted((tmp_path / name).rglob("*"))
            if file.is_file()
        }

    assert digests("a", 1) == digests("b", 1)
    assert digests("c", 2)["peserta.csv"] != digests("d", 1)["peserta.csv"]


@pytest.mark.parametrize(
    ("name", "cities", "words"),
    [("buku.xlsx", 2, "folder"), ("baru", 761, "760"), ("isi", 2, "sudah berisi")],
)
def test_refused(tmp_path: Path, name: str, cities: int, words: str) -> None:
    (tmp_path / "isi").mkdir()
    (tmp_path / "isi" / "surat.txt").write_text("x", encoding="utf-8")
    with pytest.raises(Refusal, match=words):
        write_cities(tmp_path / name, cities=cities, workers=10, as_of=AS_OF)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["isi"]
