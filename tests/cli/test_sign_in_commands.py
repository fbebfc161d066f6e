"""`serve` with and without sign-in, the command `log`, and what `doctor` says of both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from jambi_dash.cli import main
from jambi_dash.cli.log import user_name
from jambi_dash.cli.sign_in import read_sign_in
from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases.audit import Actor, AuditLog
from jambi_dash.releases.scenarios import ScenarioShelf
from jambi_dash.releases.store import Store

SECRET = "x" * 40
AUTH = {
    "redirect_uri": "https://dasbor.contoh.test/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "dasbor",
    "client_secret": "rahasia-klien",
    "server_metadata_url": "https://akun.contoh.test/.well-known/openid-configuration",
}


def write(path: Path, **changed: str | None) -> Path:
    lines = [f'{k} = "{v}"' for k, v in {**AUTH, **changed}.items() if v is not None]
    path.write_text("[auth]\n" + "\n".join(lines) + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    return write(tmp_path / "rahasia.toml")


def test_a_complete_file(secrets: Path) -> None:
    assert read_sign_in(secrets, 8501).host == "dasbor.contoh.test"
    local = write(secrets, redirect_uri="http://localhost:{port}/oauth2callback",
                  server_metadata_url="http://127.0.0.1:9/x")  # fmt: skip
    assert read_sign_in(local, 8501).host == "localhost"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"client_secret": None}, "client_secret"),
        ({"client_id": " ", "cookie_secret": None}, "cookie_secret, client_id"),
        ({"cookie_secret": "pendek"}, "32"),
        ({"redirect_uri": "http://dasbor.contoh.test/oauth2callback"}, "https"),
        ({"redirect_uri": "https://dasbor.contoh.test/"}, "/oauth2callback"),
        ({"redirect_uri": "https://dasbor.contoh.test:seribu/oauth2callback"}, "redirect_uri"),
        ({"server_metadata_url": "http://akun.contoh.test/x"}, "server_metadata_url"),
        ({"server_metadata_url": "akun"}, "server_metadata_url"),
    ],
)
def test_an_incomplete_file_is_refused(
    secrets: Path, changed: dict[str, str | None], said: str
) -> None:
    with pytest.raises(Refusal, match=said) as refusal:
        read_sign_in(write(secrets, **changed), 8501)
    # What is secret is not said.
    assert "rahasia-klien" not in str(refusal.value)
    assert SECRET not in str(refusal.value)


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_read_is_refused(secrets: Path, mode: int) -> None:
    secrets.chmod(mode)
    with pytest.raises(Refusal, match="chmod 600"):
        read_sign_in(secrets, 8501)


@pytest.mark.parametrize(
    ("text", "said"), [("", r"\[auth\]"), ("[auth", "TOML"), ("auth = 1", r"\[auth\]")]
)
def test_a_spoilt_file_is_refused(secrets: Path, text: str, said: str) -> None:
    secrets.write_text(text)
    with pytest.raises(Refusal, match=said):
        read_sign_in(secrets, 8501)
    with pytest.raises(Refusal, match="tidak dapat dibaca"):
        read_sign_in(secrets.with_name("tiada.toml"), 8501)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The servers that would have been started."""
    commands: list[list[str]] = []

    class Process:
        def __init__(self, command: list[str], **_: object) -> None:
            commands.append(command)

        def wait(self) -> int:
            return 0

    monkeypatch.setattr(subprocess, "Popen", Process)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.delenv("JAMBI_DASH_SECRETS", raising=False)
    return commands


@pytest.mark.parametrize("address", ["0.0.0.0", "10.0.0.5", "dasbor.contoh.test", "::"])
def test_without_sign_in_only_this_computer_is_served(
    address: str, tmp_path: Path, started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path), "serve", "--address", address]) == 1
    said = capsys.readouterr().err.strip()
    assert address in said
    assert "\n" not in said
    assert started == []
    assert main(["--home", str(tmp_path), "serve"]) == 0
    command = started[0]
    hosts = [command[i + 1] for i, word in enumerate(command) if word == "--server.allowedHosts"]
    assert hosts == ["127.0.0.1", "::1", "localhost"]
    # No secrets file that happens to lie about is taken for one that was asked for.
    assert not Path(command[command.index("--secrets.files") + 1]).exists()


def test_with_sign_in_other_addresses_are_served(
    tmp_path: Path, secrets: Path, started: list[list[str]],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    home = tmp_path / "home"
    home.mkdir()
    words = ["--home", str(home), "serve", "--address", "0.0.0.0", "--secrets", str(secrets)]
    assert main(words) == 1
    assert "roles.toml" in capsys.readouterr().err
    (home / "roles.toml").write_text("[[people]]\nemail = 'a@b.test'\nrole = 'penonton'\n")
    (home / "roles.toml").chmod(0o600)
    assert main(words) == 0
    monkeypatch.setenv("JAMBI_DASH_SECRETS", str(secrets))
    assert main(words[:-2]) == 0
    for command in started:
        assert command[command.index("--server.allowedHosts") + 1] == "dasbor.contoh.test"
        assert command[command.index("--secrets.files") + 1] == str(secrets.resolve())
        assert SECRET not in " ".join(command)
    secrets.chmod(0o644)
    if os.name != "nt":
        assert main(words) == 1
        assert len(started) == 2


# The log


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    code = main([*words, "--json"])
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    assert (code == 0) == ("error" not in found and found.get("ok") is not False)
    return found


def test_commands_leave_lines_without_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], csv_of: Callable[[Path], Path]
) -> None:
    home, roster = tmp_path / "home", csv_of(tmp_path / "daftar Siti Aminah.csv")
    at = ["--home", str(home)]
    for day in ("2025-11-30", "2025-12-31"):
        assert main([*at, "import", str(roster), "--as-of", day, "--rejects",
                     str(tmp_path / "perbaiki.xlsx")]) == 0  # fmt: skip
    first, second = Store(home).history()
    assert main([*at, "rollback", first.release]) == 0
    assert main([*at, "rollback", "20000101-000000-0000"]) == 1
    capsys.readouterr()
    told = answer(capsys, *at, "log")
    assert told["whole"] is True
    entries = told["entries"]
    assert isinstance(entries, list)
    deeds = [(entry["deed"], entry["facts"].get("release")) for entry in entries]
    assert deeds == [
        ("mend_list", None), ("import", first.release), ("mend_list", None),
        ("import", second.release), ("rollback", first.release),
    ]  # fmt: skip
    assert {entry["role"] for entry in entries} == {"perintah"}
    assert entries[1]["facts"]["files"] == [first.sources[0]["sha256"] + ".csv"]
    text = (home / "log" / "log.jsonl").read_text()
    assert "Siti" not in text
    assert "1571" not in text.replace(entries[1]["facts"]["files"][0], "")
    # Who it was is found again with the store's key.
    who = str(entries[0]["who"])
    assert answer(capsys, *at, "log", "--who", user_name())["who"] == who
    assert answer(capsys, *at, "log", "--resolve", who)["identity"] == user_name()
    assert "error" in answer(capsys, *at, "log", "--resolve", "ffffffffffff")


def test_the_log_between_two_days(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days are those of the city: half past midnight there is the evening before in London."""
    moments = ["2025-12-30T23:59:59", "2025-12-31T00:30:00", "2025-12-31T23:59:59",
               "2026-01-01T00:00:00"]  # fmt: skip
    book = AuditLog(tmp_path, Actor("p", "w"))
    for moment in moments:
        now = datetime.fromisoformat(moment + "+07:00")
        monkeypatch.setattr("jambi_dash.releases.audit.now_wib", lambda now=now: now)
        book.append("export")

    def days(*words: str) -> list[int]:
        told = answer(capsys, "--home", str(tmp_path), "log", *words)
        return [entry["seq"] for entry in told["entries"]]  # type: ignore[union-attr]

    assert days("--since", "2025-12-31", "--until", "2025-12-31") == [2, 3]
    assert days("--since", "31/12/2025") == [2, 3, 4]
    assert days("--until", "2025-12-31", "--last", "1") == [3]
    assert days("--since", "2026-01-02") == []


def test_a_file_for_a_meeting_leaves_a_line(
    tmp_path: Path, demo_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    out = tmp_path / "Rapat Pak Budi.csv"
    assert main(["--home", str(home), "export", "table", "--public", "--out", str(out)]) == 0
    capsys.readouterr()
    last = AuditLog(home).entries()[-1]
    assert (last.deed, last.facts["kind"], last.facts["form"]) == ("export", "table", "csv")
    assert last.facts["public"] is True
    assert b"Budi" not in (home / "log" / "log.jsonl").read_bytes()


def test_doctor_says_where_the_log_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = AuditLog(tmp_path, Actor("p", "w"))
    for number in range(5):
        log.append("export", n=number)

    def check() -> tuple[bool, str]:
        main(["--home", str(tmp_path), "doctor", "--json"])
        checks = json.loads(capsys.readouterr().out)["checks"]
        found = next(check for check in checks if check["name"] == "catatan")
        return found["ok"], found["detail"]

    ok, detail = check()
    assert ok
    assert log.verify().seal[:16] in detail
    log.path.write_bytes(log.path.read_bytes().replace(b'"n":2', b'"n":7'))
    ok, detail = check()
    assert not ok
    assert "baris 3 diubah" in detail


def test_a_planners_work_is_not_lost_to_a_log_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    shelf = ScenarioShelf(tmp_path)
    assert shelf.removed().saved == ()
    assert AuditLog(tmp_path).note("scenario_save") is False


def test_an_import_without_its_line_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], csv_of: Callable[[Path], Path]
) -> None:
    home, roster = tmp_path / "home", csv_of(tmp_path / "a.csv")
    home.mkdir()
    (home / "log").write_text("a file where the folder should be")
    assert main(["--home", str(home), "import", str(roster), "--as-of", "2025-12-31"]) == 1
    assert "tidak ada yang diubah" in capsys.readouterr().err
    assert Store(home).history() == []
    assert Store(home).current_id() is None


@pytest.fixture
def csv_of() -> Callable[[Path], Path]:
    """A roster of two, one of them to be mended."""

    def make(path: Path) -> Path:
        path.write_text(
            "nik,nama,kelurahan,mulai\n"
            "1571010101800001,Orang Satu,Sungai Putri,2025-06\n"
            "157101010180,Orang Dua,Sungai Putri,2025-06\n"
        )
        return path

    return make
