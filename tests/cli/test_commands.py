"""The command line as scripts rely on it: one document, the agreed keys, three exit codes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jambi_dash.cli import main
from jambi_dash.cli.service import try_port
from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT

ROSTER = """NIK,Nama,Kelurahan,RT,Kelompok,Mulai,Catatan
1571040101850001,Budi,Thehok,1,,2025-06,a
1571040101850002,Ani,Kasang,,,2025-07,b
1571040101850002,Ani,Kasang,,,2025-07,c
157104010185,Cici,Thehok,2,,2025-07,d
,,,,,,
Jumlah,,,,,,
"""
REGISTER = "Kelurahan,RT,Jumlah KK,Perkiraan Pekerja Rentan\nThehok,1,10,4\nThehok,2,20,6\n"


class Run:
    """What a command printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def answer(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        assert self.out.count("\n") == 1, self.out
        assert self.out.endswith("\n")
        found = json.loads(self.out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
        assert isinstance(found, dict)
        return found


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*words: object) -> Run:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Run(code, out, err)

    return command


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "rt.csv").write_text(REGISTER, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(files: Path) -> Path:
    """A store with two releases."""
    folder = files / "home"
    for name in ("rt.csv", "roster.csv"):
        assert (
            main(["--home", str(folder), "import", str(files / name), "--as-of", "2025-12-31"]) == 0
        )
    return folder


# JSON, to the letter


def test_import(run: Any, files: Path, tmp_path: Path) -> None:
    answer = run("--home", tmp_path, "--json", "import", files / "rt.csv", files / "roster.csv",
                 "--as-of", "2025-12-31").answer  # fmt: skip
    assert answer == {
        "release": Store(tmp_path).current_id(), "as_of": "2025-12-31", "published": True,
        "tables": [
            {"table": "rt", "file": "rt.csv", "sheet": "rt", "rows_read": 2, "rows_accepted": 2,
             "rows_rejected": 0, "rows_skipped": 0, "warnings": {}, "rejections": {}, "unknown_columns": []},
            {"table": "peserta", "file": "roster.csv", "sheet": "roster", "rows_read": 4,
             "rows_accepted": 2, "rows_rejected": 2, "rows_skipped": 2,
             "warnings": {"rt_tidak_dikenal": 1}, "rejections": {"ganda": 1, "nik_panjang": 1},
             "unknown_columns": ["Catatan"]},
        ],
    }  # fmt: skip


def test_import_tried_without_publishing(run: Any, files: Path, tmp_path: Path) -> None:
    said = run("--home", tmp_path / "h", "import", files / "roster.csv", "--dry-run", "--json")
    assert (said.answer["release"], said.answer["published"]) == (None, False)
    assert Store(tmp_path / "h").current_id() is None
    assert Store(tmp_path / "h").history() == []


def test_coverage(run: Any, home: Path) -> None:
    answer = run("coverage", "--home", home, "--by", "kelurahan", "--json").answer
    # `synthetic` is ours: every file says whether its data are invented.
    assert set(answer) - {"synthetic"} == {
        "release",
        "as_of",
        "at",
        "cohort",
        "by",
        "denominator",
        "rows",
        "totals",
    }
    assert (answer["release"], answer["as_of"]) == (Store(home).current_id(), "2025-12-31")
    assert (answer["at"], answer["cohort"], answer["by"]) == (
        "2025-12",
        "pekerja_rentan",
        "kelurahan",
    )
    assert set(answer["denominator"]) == {"id", "label", "value", "source", "date"}
    assert len(answer["rows"]) == 68
    assert all(
        list(row) == ["code", "name", "covered", "eligible", "rate", "state"]
        for row in answer["rows"]
    )
    rows = {row["code"]: row for row in answer["rows"]}
    assert rows["15.71.02.1004"] == {"code": "15.71.02.1004", "name": "Thehok", "covered": 1,
                                     "eligible": 10, "rate": 0.1, "state": "angka"}  # fmt: skip
    assert answer["totals"] == {"covered": 2, "located": 2, "unlocated": 0, "hidden": 0, "persons": 2,
                                "eligible": 10, "rate": 0.2}  # fmt: skip
    answer = run("--home", home, "--json", "coverage", "--by", "rt").answer
    assert [(row["code"], row["covered"]) for row in answer["rows"]] == [
        ("15.71.02.1004-001", 1),
        ("15.71.02.1004-002", 0),
    ]
    assert (answer["totals"]["located"], answer["totals"]["unlocated"]) == (1, 1)


def test_coverage_with_every_option(run: Any, home: Path) -> None:
    answer = run("--home", home, "--json", "coverage", "--by", "city", "--at", "2025-06", "--cohort",
                 "pekerja_rentan", "--denominator", "target_2025").answer  # fmt: skip
    assert [(r["code"], r["covered"], r["eligible"]) for r in answer["rows"]] == [
        ("15.71", 1, 3000)
    ]
    assert answer["at"] == "2025-06"
    hidden = run("--home", home, "--json", "coverage", "--by", "kecamatan", "--public").answer
    assert {row["state"] for row in hidden["rows"]} == {"disembunyikan"}
    assert hidden["totals"]["covered"] is None


def test_releases_and_rollback(run: Any, home: Path) -> None:
    answer = run("--home", home, "--json", "releases").answer
    first, second = answer["releases"]
    assert answer["current"] == second["release"]
    assert [entry["current"] for entry in answer["releases"]] == [False, True]
    back = run("--home", home, "--json", "rollback", first["release"]).answer
    assert back["release"] == first["release"] == Store(home).current_id()
    run("--home", home, "rollback", second["release"])
    assert Store(home).current_id() == second["release"]


def test_doctor(run: Any, home: Path) -> None:
    said = run("--home", home, "--json", "doctor")
    assert set(said.answer) == {"ok", "checks"}
    assert all(set(check) == {"name", "ok", "detail"} for check in said.answer["checks"])
    assert said.answer["ok"] is True
    assert said.code == 0
    assert {"rilis", "rekonsiliasi", "kunci", "jurnal"} <= {
        check["name"] for check in said.answer["checks"]
    }


def test_doctor_misses_the_key(run: Any, files: Path, tmp_path: Path) -> None:
    run("--home", tmp_path, "import", files / "roster.csv", "--as-of", "2025-12-31")
    (tmp_path / "key").chmod(0o644)
    assert run("--home", tmp_path, "doctor").code == (1 if os.name != "nt" else 0)
    (tmp_path / "key").unlink()
    said = run("--home", tmp_path, "--json", "doctor")
    assert said.code == 1
    assert [check["name"] for check in said.answer["checks"] if not check["ok"]] == [
        "kunci", "catatan",
    ]  # fmt: skip


def test_boundaries_status(run: Any, home: Path) -> None:
    answer = run("--home", home, "--json", "boundaries", "status").answer
    assert {"installed", "source", "features", "area_km2", "problems"} <= set(answer)
    assert answer["installed"] is False


# Refusals and wrong usage


@pytest.mark.parametrize(
    "words",
    [
        ["import", "tiada.csv"], ["import", "/"], ["rollback", "20000101-000000-0000"],
        ["coverage", "--by", "city", "--cohort", "nelayan"], ["coverage", "--by", "city", "--denominator", "x"],
        ["coverage", "--by", "rt", "--public"], ["import", "tiada.csv", "--mapping", "tiada.toml"],
        ["boundaries", "install", "tiada.geojson"], ["boundaries", "install"],
    ],
)  # fmt: skip
def test_refused(run: Any, home: Path, words: list[str]) -> None:
    before = (home / "journal.jsonl").read_bytes(), Store(home).current_id()
    said = run("--home", home, *words, "--json")
    assert said.code == 1
    assert list(said.answer) == ["error"]
    sentences = [line for line in said.err.splitlines() if not line.startswith("[")]
    assert sentences == [said.answer["error"]]
    assert sentences[0].endswith(".")
    assert "kesalahan di dalam program" not in sentences[0]
    assert ((home / "journal.jsonl").read_bytes(), Store(home).current_id()) == before
    plain = run("--home", home, *words)
    assert (plain.code, plain.out) == (1, "")


@pytest.mark.parametrize(
    "words",
    [
        [], ["terbang"], ["coverage"], ["coverage", "--by", "desa"], ["coverage", "--by", "city", "--at", "2025-13"],
        ["coverage", "--by", "city", "--at", "Juni"], ["import"], ["import", "x.csv", "--as-of", "31/31/2025"],
        ["import", "x.csv", "--as-of", "kemarin"], ["rollback"], ["demo"], ["demo", "--out"], ["--home"],
        ["coverage", "--by", "city", "--home"], ["--home", "--by", "city"], ["releases", "--salah"],
        ["--home=", "releases"], ["demo", "--out", "x.xlsx", "--workers", "0"], ["boundaries"], ["boundaries", "terbang"],
    ],
)  # fmt: skip
def test_wrong_usage(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(*words)
    assert (said.code, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    said = run("--json", *words)
    assert said.code == 2
    assert list(said.answer) == ["error"]
    assert list(tmp_path.iterdir()) == []


def test_help(run: Any) -> None:
    for words in (["--help"], ["import", "--help"], ["coverage", "-h"]):
        said = run(*words)
        assert said.code == 0
        assert said.err == ""
        assert "jambi_dash" in said.out
    said = run("--help")
    for command in (
        "demo",
        "import",
        "releases",
        "rollback",
        "coverage",
        "boundaries",
        "serve",
        "doctor",
    ):
        assert command in said.out


def test_an_address_for_others_is_refused(run: Any, home: Path) -> None:
    said = run("--home", home, "serve", "--address", "0.0.0.0")
    assert said.code == 1
    assert "0.0.0.0" in said.err


def test_why_the_dashboard_does_not_start(run: Any, home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        said = run("--home", home, "serve", "--address", "127.0.0.1", "--port", taken)
    assert said.code == 1
    assert f"Port {taken} sedang dipakai" in said.err
    try_port("127.0.0.1", taken)  # free again: nothing of the trial is left
    for address, port, why in (
        ("nama..salah", 8501, "nama..salah"), ("192.0.2.1", 8501, "bukan milik komputer ini"),
        ("127.0.0.1", 65536, "65535"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=why) as refused:
            try_port(address, port)
        assert "sedang dipakai" not in str(refused.value)


# Where, and in which language


def test_home_may_stand_anywhere(
    run: Any, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Store(home).current_id()
    for words in (
        ["--home", home, "--json", "releases"], ["releases", "--home", home, "--json"],
        ["--json", f"--home={home}", "releases"], ["releases", "--json", f"--home={home}"],
    ):  # fmt: skip
        assert run(*words).answer["current"] == release
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    assert run("--json", "releases").answer["current"] == release
    assert run("--home", tmp_path, "--json", "releases").answer["current"] is None


def test_both_languages(run: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "0,2" not in run("--home", home, "coverage", "--by", "city").out
    indonesian = run("--home", home, "coverage", "--by", "city", "--denominator", "kota_15000").out
    assert "15.000" in indonesian
    assert "Desember 2025" in indonesian
    monkeypatch.setenv("JAMBI_DASH_LANGUAGE", "en")
    english = run("--home", home, "coverage", "--by", "city", "--denominator", "kota_15000").out
    assert "15,000" in english
    assert "December 2025" in english
    # What programs read is the same in every language.
    answers = []
    for language in ("id", "en"):
        monkeypatch.setenv("JAMBI_DASH_LANGUAGE", language)
        answer = run("--home", home, "--json", "coverage", "--by", "kelurahan").answer
        answers.append([(row["code"], row["covered"], row["state"]) for row in answer["rows"]])
    assert answers[0] == answers[1]


def test_what_a_person_reads(run: Any, files: Path, tmp_path: Path) -> None:
    said = run(
        "--home",
        tmp_path,
        "import",
        files / "roster.csv",
        files / "rt.csv",
        "--as-of",
        "31/12/2025",
    )
    assert "dibaca 4, diterima 2, ditolak 2, dilewati 2" in said.out
    assert "NIK tidak 16 angka" in said.out
    assert "Catatan" in said.out
    assert "1571040101850001" not in said.out + said.err
    assert "Budi" not in said.out + said.err
    table = run("--home", tmp_path, "coverage", "--by", "kecamatan").out
    assert "Jambi Selatan" in table
    assert len(table.splitlines()) == 13


# The list that goes back


def test_rejects(run: Any, files: Path, tmp_path: Path) -> None:
    said = run("--home", tmp_path / "h", "--json", "import", files / "roster.csv", "--rejects",
               tmp_path / "perbaiki.xlsx", "--dry-run", "--as-of", "2025-12-31")  # fmt: skip
    assert said.answer["published"] is False
    sheet = openpyxl.load_workbook(tmp_path / "perbaiki.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == [
        "Ditolak",
        "Ditolak",
        "Diterima, catatan",
        "Diterima, catatan",
    ]
    assert all(row[2] and row[3] for row in rows[1:])


def test_rejects_never_overwrite_what_was_sent(run: Any, files: Path, tmp_path: Path) -> None:
    source = tmp_path / "r.xlsx"
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["NIK", "Nama", "Kelurahan"])
    book.active.append(["1", "x", "y"])
    book.save(source)
    content = source.read_bytes()
    said = run("--home", tmp_path / "h", "import", source, "--rejects", tmp_path / "." / "r.xlsx")
    assert said.code == 1
    assert source.read_bytes() == content
    for target in (tmp_path / "tiada" / "x.xlsx", tmp_path / "x.csv", tmp_path):
        said = run("--home", tmp_path / "h", "import", source, "--rejects", target)
        assert said.code == 1
        assert "kesalahan di dalam program" not in said.err
        assert Store(tmp_path / "h").current_id() is None


# As a process of its own


def process(*words: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "jambi_dash", *map(str, words)],
        cwd=PROJECT, capture_output=True, timeout=60, check=False, **options,
    )  # fmt: skip


def test_answers_are_utf_8_whatever_the_terminal_says(home: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = process("--home", home, "--json", "import", tmp_path / "名前 – é.csv", env=environment)
    assert done.returncode == 1
    assert "名前 – é" in json.loads(done.stdout.decode("utf-8"))["error"]


def test_a_reader_that_has_seen_enough(home: Path) -> None:
    command = f'"{sys.executable}" -m jambi_dash --home "{home}" --json coverage --by kelurahan | head -c 5'
    done = subprocess.run(
        command, shell=True, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == '{"rel'
    assert "Traceback" not in done.stderr
