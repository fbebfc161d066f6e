"""`rollout` as a person and as a program call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jambi_dash.cli import main


def test_json_has_the_form_of_the_contract(
    demo_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(demo_home), "rollout", "--by", "kecamatan", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {
        "release", "at", "rt_total", "excluded", "joined", "share", "stages", "rows", "pace",
        "forecast", "jakon",
    } <= answer.keys()  # fmt: skip
    assert (answer["rt_total"], answer["joined"], len(answer["rows"])) == (1650, 67, 11)
    assert {"code", "name", "rt_total", "joined", "share"} <= answer["rows"][0].keys()
    assert answer["pace"].keys() == {"last_3_months", "required_per_month", "deadline"}
    assert answer["forecast"].keys() == {"state", "p10", "p50", "p90"}
    assert {"value_rp", "due_rp", "paid_rp", "registered_rt", "unregistered_rt"} <= (
        answer["jakon"].keys()
    )


def test_day_and_deadline(demo_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["rollout", "--at", "2025-09-01", "--deadline", "2029-12-31", "--json"]
    assert main(["--home", str(demo_home), *words]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["at"], answer["joined"]) == ("2025-09-01", 0)
    assert answer["pace"]["deadline"] == "2029-12-31"
    assert answer["pace"]["required_per_month"] == 1650 / 51
    assert answer["forecast"]["state"] == "no_progress"


def test_text_says_where_it_stands(demo_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(demo_home), "rollout"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("DATA CONTOH")
    assert "67 dari 1.650 RT bergabung (4,1%)" in said
    assert "Bila tempo tetap seperti selama ini, selesai" in said


@pytest.mark.parametrize("words", [["--by", "rt"], ["--at", "besok"], ["--deadline", "32/01/2026"]])
def test_wrong_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollout", *words]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_without_a_release_it_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(tmp_path / "new"), "rollout", "--json"]) == 1
    assert json.loads(capsys.readouterr().out).keys() == {"error"}
