"""`simulate` as a person and as a program call it, and the keys of its file as the DOCS has them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from jambi_dash.cli import main
from jambi_dash.domain.scenario import KEYS, read_scenario
from jambi_dash.settings import PROJECT

DOCS = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.fixture
def ask(demo_home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def answer(*words: object, code: int = 0) -> dict[str, Any]:
        given = ["--home", str(demo_home), "simulate", *map(str, words), "--json"]
        assert main(given) == code
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return answer


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "skenario.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_json_has_the_form_of_the_contract(ask: Any) -> None:
    found = ask()
    assert {
        "release", "scenario", "slots", "placed", "unplaced", "binding", "allocation", "months",
        "cost_rp", "person_months", "by_fund", "benefits", "fairness",
    } <= found.keys()  # fmt: skip
    assert found["scenario"].keys() == KEYS.keys()
    assert len(found["allocation"]) == 68
    assert found["allocation"][0].keys() == {
        "code", "name", "eligible", "before", "add", "after", "rate_before", "rate_after",
    }  # fmt: skip
    assert found["months"][0].keys() == {"month", "active", "contribution_rp", "by_fund"}
    assert found["benefits"].keys() == {
        "jkm_p5", "jkm_p50", "jkm_p95", "jkk_p5", "jkk_p50", "jkk_p95",
    }  # fmt: skip
    assert found["fairness"].keys() == {"min_rate", "max_rate", "gini", "areas_without"}


def test_defaults_cost_the_full_year(ask: Any) -> None:
    found = ask()
    assert found["cost_rp"] == 806_400_000 == 4000 * 16_800 * 12
    assert (found["person_months"], found["by_fund"]) == (48_000, {"apbd": 806_400_000})
    assert found["binding"] == ["target"]
    assert found["placed"] == found["slots"] == sum(a["add"] for a in found["allocation"])
    told = found["scenario"]
    assert (told["rule"], told["year"], told["start_month"], told["months"], told["tariff"]) == (
        "merata", 2026, 1, 12, 16_800,
    )  # fmt: skip


def test_before_is_what_the_coverage_table_says(
    demo_home: Path, ask: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for by in ("kelurahan", "rt"):
        found = ask("--by", by)
        assert main(["--home", str(demo_home), "coverage", "--by", by, "--json"]) == 0
        table = json.loads(capsys.readouterr().out)
        assert [(a["code"], a["before"], a["eligible"]) for a in found["allocation"]] == [
            (r["code"], r["covered"], r["eligible"]) for r in table["rows"]
        ]
        assert found["slots"] == 4000 - table["totals"]["covered"]


def test_new_places_from_july(ask: Any) -> None:
    found = ask("--start-month", 7)
    before = 4000 - found["slots"]
    assert found["cost_rp"] == 16_800 * (before * 12 + found["slots"] * 6)
    assert [m["active"] for m in found["months"]] == [before] * 6 + [4000] * 6
    assert found["scenario"]["months"] == 6


def test_budget_places_the_most_that_fits(ask: Any) -> None:
    found = ask("--budget", 700_000_000)
    assert found["binding"] == ["anggaran"]
    assert found["cost_rp"] <= 700_000_000 < found["cost_rp"] + 16_800 * 12
    unlimited = ask("--workers", 4000 - found["unplaced"])
    assert found["allocation"] == unlimited["allocation"]


def test_target_already_reached_is_a_sentence_and_no_fault(
    demo_home: Path, ask: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    found = ask("--workers", 100)
    assert (found["slots"], found["placed"]) == (0, 0)
    assert "100" in found["notes"][0]
    assert main(["--home", str(demo_home), "simulate", "--workers", "100"]) == 0
    assert "tidak ada tempat baru" in capsys.readouterr().out


def test_file_and_flags(tmp_path: Path, ask: Any) -> None:
    path = _write(tmp_path, 'workers = 3800\nrule = "sebanding"\n[locked]\n"15.71.01.1001" = 2\n')
    found = ask(path)
    locked = next(a for a in found["allocation"] if a["code"] == "15.71.01.1001")
    assert (locked["add"], found["scenario"]["rule"]) == (2, "sebanding")
    over = ask(path, "--workers", "4.000", "--rule", "merata")
    assert (over["scenario"]["workers"], over["scenario"]["rule"]) == (4000, "merata")
    assert sum(a["add"] for a in over["allocation"]) == over["slots"]


def test_the_parameters_read_back_give_the_same_answer(tmp_path: Path, ask: Any) -> None:
    path = _write(tmp_path, 'turnover = 0.1\nbackfill = false\n[[funds]]\nid = "apbd"\n')
    found = ask(path)
    assert read_scenario(found["scenario"]).to_json() == found["scenario"]
    assert ask(path) == found


def test_quotas_per_occupation(tmp_path: Path, ask: Any) -> None:
    free = ask()
    assert sum(free["by_occupation"].values()) == free["placed"]
    assert free["by_occupation"]["ojek_online"] > 10
    # Every occupation of the synthetic city is one that the programme knows.
    assert "lainnya" not in free["by_occupation"] | free["still_waiting_by_occupation"]
    assert sum(free["still_waiting_by_occupation"].values()) == sum(free["still_waiting"].values())
    found = ask(_write(tmp_path, '[occupation_quota]\n"Ojek Online" = 10\numkm = 0\n'))
    assert found["scenario"]["occupation_quota"] == {"ojek_online": 10, "umkm": 0}
    assert found["by_occupation"]["ojek_online"] == 10
    assert "umkm" not in found["by_occupation"]
    assert sum(found["by_occupation"].values()) == found["placed"] == 1000
    assert found["binding"] == ["target", "kuota"]
    assert any("belum diketahui" in note for note in found["notes"])


@pytest.mark.parametrize("rule", ["merata", "sebanding", "percontohan", "skor", "optimal"])
def test_every_rule_shares_all_places(ask: Any, rule: str) -> None:
    found = ask("--rule", rule)
    assert sum(a["add"] for a in found["allocation"]) == found["slots"] == found["placed"]
    assert all(0 <= a["add"] <= max(0, a["eligible"] - a["before"]) for a in found["allocation"])
    assert ("optimal" in found) == (rule == "optimal")


def test_text_says_cost_limits_and_the_years(
    demo_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _write(tmp_path, 'rule = "optimal"\n[years]\nyears = 4\nbudget = 5000000000\n')
    assert main(["--home", str(demo_home), "simulate", str(path)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("DATA CONTOH")
    assert "Biaya Rp806.400.000 untuk 48.000 orang-bulan (apbd Rp806.400.000)." in said
    assert "Yang membatasi: target." in said
    assert "Tempat baru menurut pekerjaan: ojek online " in said
    assert "Terbukti optimal." in said
    assert "menurut rencana 2030, menurut anggaran 2026" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pekerja = 4000", "pekerja"),
        ("workers = -1", "workers"),
        ('workers = "banyak"', "workers"),
        ("start_month = 13", "start_month"),
        ("months = 7\nstart_month = 7", "months"),
        ("year = 2020", "2020"),
        ('rule = "acak"', "rule"),
        ("turnover = 2", "turnover"),
        ('[floors]\n"15.71.99.1001" = 1', "15.71.99.1001"),
        ('[locked]\n"15.71.01.1001" = 99999', "ruang"),
        ("[weights]\nshoe_size = 1", "shoe_size"),
        ("[also_paid]\nnelayan = 1", "nelayan"),
        ('[[funds]]\nid = "paman"', "paman"),
        ("[[funds]]\ncap = 1", "funds"),
        ("[years]\nyears = 99", "years.years"),
        ("[years]\nneed_growth = [0.2, 0.1, 0.3]", "need_growth"),
        ("[years]\nwarp = 1", "warp"),
        ("[occupation_quota]\nojek = 5", "ojek; yang ada: ojek_online"),
        ('by = "rt"\n[occupation_quota]\nojol = 5', "per RT"),
        ("workers = ", "TOML"),
    ],
)
def test_what_cannot_be_is_refused_by_name(tmp_path: Path, ask: Any, text: str, said: str) -> None:
    error = ask(_write(tmp_path, text), code=1)["error"]
    assert said in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize(
    "words", [["--rule", "acak"], ["--workers", "x"], ["--by", "rw"], ["--start-month", "13"]]
)
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *words]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_the_readme_has_every_key_with_unit_and_range() -> None:
    lines = DOCS[DOCS.index("| key | unit | range |") :].splitlines()[2:]
    written = {}
    for line in lines:
        if not line.startswith("|"):
            break
        key, unit, allowed, meaning = (cell.strip() for cell in line.split("|")[1:-1])
        written[key.strip("`")] = (unit, allowed)
        assert meaning
    assert written == {key: (entry.unit, entry.range) for key, entry in KEYS.items()}
    block = next(x for x in re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL) if "workers" in x)
    assert read_scenario(tomllib.loads(block)).start_month == 7
