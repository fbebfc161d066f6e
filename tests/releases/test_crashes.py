"""An import killed at any moment leaves the earlier release or the complete new one."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_rosters import bring, covered, nik, write_register, write_roster

from jambi_dash.cli import main
from jambi_dash.releases.store import Store
from jambi_dash.settings import PROJECT

# Loads the program once and runs each import in a process of its own, so that a kill can come at
# any moment of the import and not mostly while Python is still loading.
SERVER = """
import json, os, signal, sys
import jambi_dash.cli.data, jambi_dash.intake.mend_list, jambi_dash.intake.publishing
from jambi_dash.cli import main

def die_at(step):
    # Counts every flush and rename, the steps by which a release becomes durable and current.
    import pathlib
    left = [step]
    def watched(function):
        def wrapper(*arguments, **named):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)
        return wrapper
    os.fsync = watched(os.fsync)
    pathlib.Path.replace = watched(pathlib.Path.replace)
    pathlib.Path.write_text = watched(pathlib.Path.write_text)

print("ready", flush=True)
for line in sys.stdin:
    words, step = json.loads(line)
    child = os.fork()
    if child == 0:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if step:
            die_at(step)
        os._exit(main(words))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


NIK = nik(7)
ROW = "Zulkarnain Qomaruddin,kutip yang tidak ditutup"


class Importer:
    """Runs imports in processes that may be killed."""

    def __init__(self, **environment: str) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-c", SERVER], cwd=PROJECT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env={**os.environ, **environment},
        )  # fmt: skip
        assert self._read() == "ready"

    def _read(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline().strip()

    def run(self, words: list[str], *, kill_after: float | None = None, at_step: int = 0) -> int:
        """The exit code of `main(words)`; -9 where it was killed."""
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps([words, at_step]) + "\n")
        self._server.stdin.flush()
        child = int(self._read())
        if kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return int(self._read())

    def close(self) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait(20)


@pytest.fixture(scope="module")
def importer() -> Iterator[Importer]:
    if sys.platform == "win32":
        pytest.skip("a fork is needed to kill imports quickly")
    running = Importer()
    yield running
    running.close()


def assert_whole(store: Store) -> int:
    """The current release is sound and adds up at every level; its covered people."""
    record = store.require_current()
    assert store.verify(record)
    people = covered(store, record.release)
    assert people == record.counts["enrolment"]
    assert record == store.record_of(record.release)
    return people


@pytest.mark.skipif(sys.platform == "win32", reason="a fork is needed to kill imports quickly")
def test_no_row_of_a_person_stays_behind(tmp_path: Path) -> None:
    """After an import that ended well, was refused, or was killed: not in the store, not beside it."""
    home, temporary, cache = tmp_path / "home", tmp_path / "tmp", tmp_path / "cache"
    for folder in (temporary, cache):
        folder.mkdir()
    roster = write_roster(tmp_path / "daftar.csv", 3_000)
    refused = tmp_path / "salah.csv"
    refused.write_text(roster.read_text() + '"' + ROW)
    mends = str(tmp_path / "perbaiki.xlsx")
    words = ["--home", str(home), "import", "--as-of", "2025-12-31"]

    def left() -> set[str]:
        """Files that hold a name or an NIK, and whatever lies where an import works."""
        found = set()
        for path in (p for f in (home, temporary, cache) for p in f.rglob("*") if p.is_file()):
            content, own = path.read_bytes(), path.relative_to(tmp_path).parts[:2]
            told = any(word in content for word in (b"Qomaruddin", b"Mangkubumi", NIK.encode()))
            if told or own == ("home", "building") or own[0] == "tmp":
                found.add("/".join(own))
        return found

    running = Importer(TMPDIR=str(temporary), XDG_CACHE_HOME=str(cache))
    try:
        assert running.run([*words, str(roster), "--rejects", mends]) == 0
        assert left() == set()
        assert running.run([*words, str(refused)]) == 1
        assert left() == set()
        killed = set()
        for step in (1, 2, 4):
            assert running.run([*words, str(roster)], at_step=step) == -signal.SIGKILL
            killed |= left()
            for folder in (home / "building").iterdir():
                assert folder.stat().st_mode & 0o077 == 0
        # What a killed import leaves lies in one place, and goes when the dashboard starts.
        assert killed == {"home/building"}
        Store(home).sweep()
        assert left() == set()
    finally:
        running.close()


def test_killed_at_any_moment(importer: Importer, tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    bring(store, write_register(tmp_path / "rt.csv"), write_roster(tmp_path / "r.csv", 1000))
    words = ["--home", str(store.home), "import", "--as-of", "2025-12-31"]
    before = time.monotonic()
    assert importer.run([*words, str(tmp_path / "r.csv")]) == 0
    whole = time.monotonic() - before
    moments = random.Random(5)
    people, killed, published = 1000, 0, 0
    for attempt in range(50):
        fresh = 1001 + attempt
        roster = str(write_roster(tmp_path / f"{attempt}.csv", fresh))
        code = importer.run([*words, roster], kill_after=moments.uniform(0, 1.1 * whole))
        now = assert_whole(store)
        assert now in (people, fresh)
        if code == 0:
            assert now == fresh
        killed += code == -signal.SIGKILL
        published += now == fresh
        people = now
    assert killed >= 20
    # Whatever was left behind goes with the next import, which works as ever.
    assert importer.run([*words, str(tmp_path / "r.csv")]) == 0
    assert assert_whole(store) == 1000
    assert main(["--home", str(store.home), "doctor"]) == 0
    assert list((store.home / "building").iterdir()) == []
    assert not [p.name for p in store.home.iterdir() if p.name.startswith(("current.", "key."))]


def test_killed_before_every_step_of_publishing(importer: Importer, tmp_path: Path) -> None:
    """Every flush and every rename in turn is the last thing that was not done."""
    store = Store(tmp_path / "home")
    bring(store, write_roster(tmp_path / "r.csv", 50))
    words = ["--home", str(store.home), "import", "--as-of", "2025-12-31"]
    people, outcomes = 50, []
    for step in range(1, 30):
        fresh = 50 + step
        roster = str(write_roster(tmp_path / f"{step}.csv", fresh))
        code = importer.run([*words, roster], at_step=step)
        now = assert_whole(store)
        assert now in (people, fresh)
        outcomes.append((code, now == fresh))
        people = now
        if code == 0:
            break
    assert outcomes[-1] == (0, True)
    assert len(outcomes) > 5, "the steps of publishing were not met"
    # Once the pointer has moved, and not before, the new release holds.
    assert [new for _, new in outcomes] == sorted(new for _, new in outcomes)
    assert [code for code, _ in outcomes[:-1]] == [-signal.SIGKILL] * (len(outcomes) - 1)


def test_the_very_first_import_is_killed(importer: Importer, tmp_path: Path) -> None:
    """Not even the key may be left half written."""
    roster = str(write_roster(tmp_path / "r.csv", 10))
    for step in (1, 2, 3, 6):
        store = Store(tmp_path / f"home-{step}")
        words = ["--home", str(store.home), "import", roster, "--as-of", "2025-12-31"]
        assert importer.run(words, at_step=step) == -signal.SIGKILL
        if store.current_id() is not None:
            assert assert_whole(store) == 10
        assert importer.run(words) == 0
        assert assert_whole(store) == 10


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_terminated_import_leaves_nothing(how: signal.Signals, tmp_path: Path) -> None:
    """A real process, stopped by Ctrl+C and as a service manager stops it."""
    store = Store(tmp_path / "home")
    record = bring(store, write_roster(tmp_path / "r.csv", 30))
    process = subprocess.Popen(
        [sys.executable, "-m", "jambi_dash", "--home", str(store.home), "import",
         str(write_roster(tmp_path / "s.csv", 4000)), "--as-of", "2025-12-31"],
        cwd=PROJECT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    process.stderr.readline()  # it has begun
    process.send_signal(how)
    _out, err = process.communicate(timeout=60)
    if process.returncode:
        assert process.returncode == 1
        assert store.current_id() == record.release
        assert "Traceback" not in err
        assert list((store.home / "building").iterdir()) == []
    else:
        assert covered(store, store.require_current().release) == 4000
