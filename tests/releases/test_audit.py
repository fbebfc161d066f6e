"""The log: what stands in it, what does not, and that every change of it is seen."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases.audit import Actor, AuditLog, act_as, file_token, pseudonym
from jambi_dash.releases.role_file import load_roles, path_of
from jambi_dash.releases.store import Store
from jambi_dash.settings import PROJECT


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    made = AuditLog(tmp_path / "home", Actor("perencana", "abc"))
    for number in range(6):
        made.append("export", release="r1", n=number)
    return made


def lines_of(log: AuditLog) -> list[bytes]:
    return log.path.read_bytes().splitlines(keepends=True)


def test_a_line_says_who_what_when(log: AuditLog) -> None:
    entries = log.entries()
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6]
    first = entries[0]
    assert (first.role, first.who, first.deed) == ("perencana", "abc", "export")
    assert first.facts == {"release": "r1", "n": 0}
    assert first.time.endswith("+07:00")
    verdict = log.verify()
    assert (verdict.entries, verdict.problems) == (6, ())
    assert verdict.seal == entries[-1].seal


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_only_its_owner_may_read_it(log: AuditLog) -> None:
    for path in (log.folder, log.path, log.folder / "head"):
        assert path.stat().st_mode & 0o077 == 0, path


def drop(place: int) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: lines[:place] + lines[place + 1 :]


@pytest.mark.parametrize(
    "meddle",
    [
        drop(0), drop(2), drop(5),
        lambda lines: lines[:3],
        lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [line.replace(b'"n":2', b'"n":3') for line in lines],
        lambda lines: [line.replace(b"perencana", b"penonton") for line in lines],
        lambda lines: [lines[0].replace(b"+07:00", b"+08:00"), *lines[1:]],
        lambda _lines: [],
    ],
)  # fmt: skip
def test_every_change_is_seen(log: AuditLog, meddle: Callable[[list[bytes]], list[bytes]]) -> None:
    log.path.write_bytes(b"".join(meddle(lines_of(log))))
    assert not log.verify().ok
    # And stays seen: the next line does not cover it up.
    log.append("serve")
    assert not log.verify().ok


@given(st.data())
def test_one_bit_is_seen(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    log = AuditLog(tmp_path_factory.mktemp("bit"), Actor("r", "w"))
    for number in range(3):
        log.append("export", n=number)
    raw = bytearray(log.path.read_bytes())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= 1 << data.draw(st.integers(0, 6))
    log.path.write_bytes(bytes(raw))
    before = [entry.said() for entry in log.entries()]
    verdict = log.verify()
    # A bit of the very last line feed may change nothing that a line says.
    assert not verdict.ok or [e["facts"] for e in before] == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_a_cut_end_is_seen_by_the_head(log: AuditLog) -> None:
    head = (log.folder / "head").read_bytes()
    log.path.write_bytes(b"".join(lines_of(log)[:4]))
    assert any("5" in problem and "6" in problem for problem in log.verify().problems)
    # An older head in its place is not sealed for more than it says.
    (log.folder / "head").write_bytes(head.replace(b'"seq":6', b'"seq":4'))
    assert not log.verify().ok
    (log.folder / "head").unlink()
    assert not log.verify().ok


def test_what_cannot_be_seen_is_known(log: AuditLog, tmp_path: Path) -> None:
    """Log and head put back together to an earlier state look whole: only a noted seal tells."""
    log_then, head_then = log.path.read_bytes(), (log.folder / "head").read_bytes()
    seal_then = log.verify().seal
    log.append("rollback", release="r1")
    log.path.write_bytes(log_then)
    (log.folder / "head").write_bytes(head_then)
    assert log.verify().ok
    assert log.verify().seal == seal_then


def test_a_release_without_a_line_is_seen(log: AuditLog) -> None:
    store = Store(log.folder.parent)
    record = {"release": "r9", "as_of": "2025-12-31", "created": "2999-01-01T00:00:00+07:00",
              "sha256": "", "bytes": 0, "synthetic": False, "previous": None, "sources": [],
              "counts": {}}  # fmt: skip
    (store.home / "journal.jsonl").write_text(json.dumps(record) + "\n")
    assert any("r9" in problem for problem in log.verify().problems)


@pytest.mark.parametrize("cut", [1, 5, 80, 200])
def test_a_line_cut_by_a_crash_breaks_nothing(log: AuditLog, cut: int) -> None:
    """The line was not yet acknowledged: the head is behind it."""
    head = (log.folder / "head").read_bytes()
    log.append("export", n=6)
    (log.folder / "head").write_bytes(head)
    log.path.write_bytes(log.path.read_bytes()[:-cut])
    assert log.verify().problems == ()
    log.append("export", n=7)
    verdict = log.verify()
    assert verdict.problems == ()
    assert verdict.torn == (1 if cut > 1 else 0)
    assert log.entries()[-1].facts == {"n": 7}


def test_a_crash_between_line_and_head(log: AuditLog) -> None:
    head = (log.folder / "head").read_bytes()
    log.append("export", n=6)
    (log.folder / "head").write_bytes(head)
    assert log.verify().ok
    log.append("export", n=7)
    assert log.verify().ok


WRITE_MANY = """
import sys
from pathlib import Path
from jambi_dash.releases.audit import Actor, AuditLog
for number in range(8):
    AuditLog(Path(sys.argv[1]), Actor("p", sys.argv[2])).append("export", n=number)
"""


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE_MANY, str(tmp_path), str(number)], cwd=PROJECT
        )
        for number in range(4)
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0, 0]
    log = AuditLog(tmp_path)
    assert log.verify().problems == ()
    for number in range(4):
        told = [entry.facts["n"] for entry in log.entries() if entry.who == str(number)]
        assert told == list(range(8))


def test_no_words_get_in(log: AuditLog) -> None:
    for facts in ({"name": "Siti Aminah"}, {"file": "daftar siti.xlsx"}, {"a": ["x", "y z"]},
                  {"a": {"b": "satu dua"}}, {"A": 1}, {"a": "x" * 101}, {"a": "=1+1()"}):  # fmt: skip
        with pytest.raises(ValueError, match="log"):
            log.append("export", **facts)
    assert len(log.entries()) == 6


def test_a_file_is_its_hash_and_kind() -> None:
    assert file_token("ab" * 32, "Daftar Siti 1571.XLSX") == "ab" * 32 + ".xlsx"
    assert file_token("ab" * 32, "siti.aminah") == "ab" * 32 + ".aminah"
    assert file_token("ab" * 32, "siti.nama yang panjang") == "ab" * 32


def test_pseudonyms_are_keyed(tmp_path: Path) -> None:
    one, other = AuditLog(tmp_path / "a"), AuditLog(tmp_path / "b")
    assert one.pseudonym("Siti@contoh.test ") == one.pseudonym("siti@contoh.test")
    assert one.pseudonym("siti@contoh.test") != other.pseudonym("siti@contoh.test")
    assert pseudonym(b"k" * 32, "a") != pseudonym(b"k" * 32, "b")


def test_a_log_that_cannot_be_written_stops_a_deed_but_not_a_note(
    log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jambi_dash.releases.audit.os.open", full)
    done = []
    with pytest.raises(Refusal, match="tidak ada yang diubah"), log.before("rollback"):
        done.append(1)
    assert done == []
    assert log.note("export") is False
    monkeypatch.undo()
    assert log.verify().ok


def test_a_deed_that_fails_is_told(log: AuditLog) -> None:
    with pytest.raises(RuntimeError), log.before("rollback", release="r1"):
        raise RuntimeError
    deed, after = log.entries()[-2:]
    assert (deed.deed, after.deed, after.facts) == ("rollback", "not_done", {"of": deed.seq})


def test_a_lost_key_is_not_made_anew(log: AuditLog) -> None:
    (log.folder.parent / "key").unlink()
    with pytest.raises(Refusal, match="kunci"):
        log.append("serve")
    assert not log.verify().ok
    assert not (log.folder.parent / "key").exists()


def test_who_acts_is_asked_at_every_line(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    names = iter(["a", "b"])
    act_as(lambda _home: Actor("lokal", next(names)))
    try:
        log.append("serve")
        log.append("serve")
    finally:
        act_as(lambda _home: Actor("proses", "-"))
    assert [entry.who for entry in log.entries()] == ["a", "b"]


@pytest.mark.parametrize("seal", ["é" * 64, "\\ud800", ""])
@pytest.mark.parametrize("facts", ['{"release": ["x"]}', '{"a": "\\ud800"}', "{}"])
def test_a_line_of_strange_signs_is_a_changed_line(tmp_path: Path, seal: str, facts: str) -> None:
    log = AuditLog(tmp_path, Actor("p", "w"))
    log.append("import", release="r")
    line = (
        '{"seq": 2, "time": "t", "role": "\u2060", "who": "w", "deed": "import", "facts": '
        + facts + ', "prev": "' + log.entries()[0].seal + '", "seal": "' + seal + '"}\n'
    )  # fmt: skip
    with log.path.open("a", encoding="utf-8") as file:
        file.write(line)
    assert any("diubah sesudah ditulis" in problem for problem in log.verify().problems)


def test_random_meddling_is_always_seen(tmp_path: Path) -> None:
    chance = random.Random(6)
    log = AuditLog(tmp_path, Actor("r", "w"))
    for number in range(12):
        log.append("export", n=number)
    whole = lines_of(log)
    for _ in range(60):
        lines = list(whole)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(lines)) if lines else 0
            lines = chance.choice([
                drop(place)(lines), [*lines[:place], *lines[place : place + 1], *lines[place:]],
                lines[:place],
            ])  # fmt: skip
        if lines == whole:
            continue
        log.path.write_bytes(b"".join(lines))
        assert not log.verify().ok


# The role file


def test_a_role_file_is_read_anew_and_its_change_is_logged(tmp_path: Path) -> None:
    path = path_of(tmp_path)

    def put(text: str, mode: int = 0o600) -> None:
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(mode)

    with pytest.raises(Refusal, match="belum ada"):
        load_roles(tmp_path)
    put("[[people]]\nemail = 'siti@contoh.test'\nrole = 'perencana'\n")
    assert len(load_roles(tmp_path).people) == 1
    assert len(load_roles(tmp_path).people) == 1
    put("")
    assert load_roles(tmp_path).people == ()
    put("people = 3")
    with pytest.raises(Refusal, match="people"):
        load_roles(tmp_path)
    told = AuditLog(tmp_path).entries()
    assert [entry.deed for entry in told] == ["roles_changed", "roles_changed"]
    assert [entry.facts["people"] for entry in told] == [1, 0]
    assert b"siti" not in (tmp_path / "log" / "log.jsonl").read_bytes()
    if os.name != "nt":
        put("", 0o640)
        with pytest.raises(Refusal, match="chmod 600"):
            load_roles(tmp_path)
