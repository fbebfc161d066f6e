"""The task runner on machines that lack something, with a stand-in for the Python of `.venv`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import pytest

import manage

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with a shebang")

# What Debian prints where the package python3-venv is missing.
DEBIAN = """The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv package."""
NOTHING = argparse.Namespace()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two pinned libraries."""
    (tmp_path / "requirements.txt").write_text("streamlit==1.67.0\n", encoding="utf-8")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n", encoding="utf-8")
    monkeypatch.setattr(manage, "PROJECT", tmp_path)
    monkeypatch.setattr(manage, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(manage, "VENV_PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.delenv("JAMBI_DASH_LANGUAGE", raising=False)
    return tmp_path


def _stand_in(path: Path, said: str = "", code: int = 0, stderr: str = "") -> Path:
    """A Python that notes what it was asked, says `said` and ends with `code`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"#!{sys.executable}\nimport sys\n"
        f"open({str(path) + '.asked'!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        f"print({said!r})\nprint({stderr!r}, file=sys.stderr)\n"
        f"sys.exit({code} if '--version' not in sys.argv else 0)\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


def _asked(path: Path) -> list[str]:
    return Path(f"{path}.asked").read_text(encoding="utf-8").splitlines()


def test_what_is_installed_is_not_installed_again(project: Path) -> None:
    python = _stand_in(manage.VENV_PYTHON)
    assert manage.install(manage.ALL_REQUIREMENTS)
    assert _asked(python)[-1].endswith("-r requirements-dev.txt")
    count = len(_asked(python))
    assert not manage.install(manage.ALL_REQUIREMENTS)
    assert not manage.install(manage.RUN_REQUIREMENTS)
    assert len(_asked(python)) == count
    (project / "requirements.txt").write_text("streamlit==1.68.0\n", encoding="utf-8")
    assert manage.install(manage.RUN_REQUIREMENTS)


def test_a_failed_installation_is_not_remembered(project: Path) -> None:
    _stand_in(manage.VENV_PYTHON, "ERROR: No matching distribution found for streamlit", 1)
    for _ in range(2):
        with pytest.raises(manage.Stop, match="Periksa sambungan internet"):
            manage.install(manage.RUN_REQUIREMENTS)


def test_a_missing_ensurepip_is_named_and_leaves_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".venv").mkdir()
    monkeypatch.setattr(sys, "executable", str(_stand_in(project / "debian", DEBIAN, 1)))
    with pytest.raises(manage.Stop, match="apt install python3-venv"):
        manage.install(manage.RUN_REQUIREMENTS)
    assert not (project / ".venv").exists()


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(manage, "NEEDED", (9, 9))
    assert manage.main() == 1
    assert "terlalu lama" in capsys.readouterr().err
    monkeypatch.setenv("JAMBI_DASH_LANGUAGE", "en")
    assert manage.main() == 1
    assert "is too old" in capsys.readouterr().err


@pytest.mark.parametrize("code", [0, 1, 5])
def test_the_exit_code_is_pytest_s_own(project: Path, code: int) -> None:
    python = _stand_in(manage.VENV_PYTHON)
    manage.install(manage.ALL_REQUIREMENTS)
    _stand_in(python, "closing line", code)
    assert manage.test(NOTHING, ["-k", "map"]) == code
    assert _asked(python)[-1] == "-m pytest -k map"


HOLE = {"id": "PYSEC-1", "fix_versions": ["1.1"]}


@pytest.mark.parametrize(
    ("said", "code", "answer"),
    [
        (json.dumps({"dependencies": [{"name": "a", "version": "1", "vulns": []}]}), 0, 0),
        (json.dumps({"dependencies": [{"name": "a", "version": "1", "vulns": [HOLE]}]}), 1, 1),
        ("", 1, 0),  # nobody to ask
    ],
)
def test_an_audit_fails_for_holes_and_not_for_a_missing_network(
    project: Path, said: str, code: int, answer: int, capsys: pytest.CaptureFixture[str]
) -> None:
    _stand_in(manage.VENV_PYTHON, said, code)
    assert manage._audit() == answer
    printed = capsys.readouterr().out
    assert ("a 1: PYSEC-1 → 1.1" in printed) == (answer == 1)
    assert ("dilewati" in printed) == (said == "")
