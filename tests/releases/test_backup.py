"""Copies of the store: whole while imports run, checked, never put over anything, and put back whole."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from small_rosters import bring, covered, write_register, write_roster

from jambi_dash.cli import main
from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases import backup
from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.backup import back_up, check, keep_newest, restore, save_key
from jambi_dash.releases.store import Store
from jambi_dash.settings import PROJECT


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two releases and a little of everything else."""
    folder = tmp_path_factory.mktemp("made")
    home = folder / "home"
    store = Store(home)
    bring(store, write_register(folder / "rt.csv"), write_roster(folder / "40.csv", 40))
    bring(store, write_roster(folder / "50.csv", 50))
    (home / "scenarios").mkdir()
    (home / "scenarios" / "satu.json").write_text("{}", encoding="utf-8")
    (home / "roles.toml").write_text("session_hours = 8\n", encoding="utf-8")
    (home / "building" / "1-00000000").mkdir()
    (home / "building" / "1-00000000" / "rows.csv").write_text("orang", encoding="utf-8")
    (home / "current.0123abcd").write_text("half written", encoding="utf-8")
    return home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


def doctor(home: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    main(["--home", str(home), "--json", "doctor"])
    return dict(json.loads(capsys.readouterr().out))


def names(file: Path) -> set[str]:
    with tarfile.open(file) as archive:
        return set(archive.getnames())


def test_there_and_back(home: Path, shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = back_up(home, shelf)
    save_key(home, shelf / "kunci")
    assert (made.releases, made.has_key, made.damaged) == (2, False, ())
    assert names(made.file) == {
        "cadangan.json", "current", "journal.jsonl", "log/head", "log/log.jsonl", "roles.toml",
        "scenarios/satu.json", *(f"releases/{r.release}.duckdb" for r in Store(home).history()),
    }  # fmt: skip
    there = home.with_name("there")
    content, moved = restore(made.file, there, key_file=shelf / "kunci")
    assert moved is None
    assert content.release == Store(home).current_id() == Store(there).current_id()
    assert Store(there).history() == Store(home).history()
    for record in Store(home).history():
        assert Store(there).verify(record)
    assert covered(Store(there), content.release) == 50
    assert (there / "key").read_bytes() == (home / "key").read_bytes()
    assert (there / "scenarios" / "satu.json").read_text(encoding="utf-8") == "{}"
    # The same people are the same people: the key is the one that made them.
    bring(Store(there), home.parent / "40.csv") if (home.parent / "40.csv").exists() else None
    looked = doctor(there, capsys)
    failed = {c["name"] for c in looked["checks"] if not c["ok"]}
    assert failed <= {"skenario", "peran"}  # those two were made up above
    if os.name == "posix":
        open_to_others = [
            path for path in [*there.rglob("*"), made.file, shelf / "kunci"]
            if path.is_file() and path.suffix != ".lock" and stat.S_IMODE(path.stat().st_mode) & 0o077
        ]  # fmt: skip
        assert open_to_others == []


def test_two_copies_in_one_second_are_two_files(home: Path, shelf: Path) -> None:
    made = {back_up(home, shelf).file for _ in range(3)}
    assert len(made) == 3
    assert keep_newest(shelf, 9) == []


def test_the_commands(home: Path, shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "scenarios" / "satu.json").unlink()
    (home / "roles.toml").unlink()

    def run(*words: str, store: Path = home) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main(["--home", str(store), "--json", *words])
        return code, json.loads(capsys.readouterr().out)

    code, saved = run("backup", str(shelf), "--key", str(shelf / "kunci"))
    assert (code, saved["ok"], saved["releases"], saved["has_key"]) == (0, True, 2, False)
    there = home.with_name("there")
    assert run("restore", saved["file"], "--check", store=there)[0] == 0
    assert not there.exists()
    code, refused = run("restore", saved["file"], store=there)
    assert (code, "tanpa kunci" in refused["error"]) == (1, True)
    assert saved["key_print"] in refused["error"]
    code, back = run("restore", saved["file"], "--key", str(shelf / "kunci"), store=there)
    assert (code, back["ok"], back["releases"], back["moved"]) == (0, True, 2, None)
    assert all(check["ok"] for check in back["checks"])
    # The copy knows of itself, and the store of where it comes from.
    assert [e.deed for e in AuditLog(there).entries()] == ["import", "import", "backup", "restore"]
    code, refused = run("restore", saved["file"], "--key", str(shelf / "kunci"), store=there)
    assert (code, "sudah berisi" in refused["error"]) == (1, True)
    code, back = run(
        "restore", saved["file"], "--key", str(shelf / "kunci"), "--replace", store=there
    )
    assert (code, back["ok"]) == (0, True)
    assert Store(Path(back["moved"])).current_id() == back["release"]
    # What was replaced is not part of the next copy.
    code, again = run("backup", str(shelf), "--with-key", store=there)
    assert code == 0
    assert not [name for name in names(Path(again["file"])) if name.startswith("replaced")]
    assert run("restore", again["file"], store=home.with_name("third"))[0] == 0
    assert run("backup", str(shelf), "--key", "a", "--with-key")[0] == 2
    assert run("backup", str(shelf / "a.zip"))[0] == 1
    assert run("backup", str(shelf / "x.tar.gz"), "--keep", "3")[0] == 1
    assert run("backup", str(shelf), store=home.with_name("nothing"))[0] == 1
    assert not home.with_name("nothing").exists()


@pytest.mark.skipif(os.name == "nt", reason="processes are started as on POSIX")
def test_copies_while_imports_run(
    home: Path, made: Path, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "scenarios" / "satu.json").unlink()
    (home / "roles.toml").unlink()
    again = (
        "import sys; from jambi_dash.cli import main\n"
        "for n in range(6): assert main(['--home', sys.argv[1], 'import', sys.argv[2 + n % 2]]) == 0"
    )
    importing = subprocess.Popen(
        [sys.executable, "-c", again, str(home), str(made.parent / "40.csv"),
         str(made.parent / "50.csv")],
        cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    copies = []
    while importing.poll() is None:
        copies.append(back_up(home, shelf / f"{len(copies):04d}.tar.gz", with_key=True))
    assert importing.wait() == 0
    assert len(Store(home).history()) == 8
    # Before, in between and after: each is a store by itself.
    kinds = {copy.releases: copy for copy in copies}
    assert len(kinds) > 2
    for copy in kinds.values():
        assert copy.damaged == ()
        there = home.with_name(f"there-{copy.releases}")
        content, _ = restore(copy.file, there)
        assert content.release == Store(there).history()[-1].release
        looked = doctor(there, capsys)
        assert looked["ok"], looked


def test_a_copy_that_is_damaged(home: Path, shelf: Path, tmp_path: Path) -> None:
    sound = back_up(home, shelf, with_key=True).file.read_bytes()
    there = tmp_path / "there"
    file = shelf / "spoilt.tar.gz"
    for content in [*(sound[: len(sound) * n // 10] for n in range(10)), sound[10:], sound + sound,
                    b"PK\x03\x04"]:  # fmt: skip
        file.write_bytes(content)
        with pytest.raises(Refusal, match="rusak, terpotong"):
            restore(file, there)
        assert not there.exists() or list(there.iterdir()) == []
    noticed = 0
    for at in range(100, len(sound), len(sound) // 20):
        file.write_bytes(sound[:at] + bytes([sound[at] ^ 0x10]) + sound[at + 1 :])
        try:
            restore(file, there)
        except Refusal:
            noticed += 1
            assert not there.exists() or list(there.iterdir()) == []
        else:  # one of two ways to pack the same bytes
            for record in Store(home).history():
                assert Store(there).verify(record)
            shutil.rmtree(there)
    assert noticed > 5
    with pytest.raises(Refusal, match="tidak dapat dibaca"):
        check(shelf / "lost.tar.gz")


@pytest.mark.parametrize(
    "name", ["../key", "/etc/x", "releases/../../x", "a\\b", "c:x", "./current", "a/./b"]
)
def test_a_copy_reaches_nothing_outside(name: str, home: Path, shelf: Path) -> None:
    file = back_up(home, shelf, with_key=True).file
    forged = shelf / "forged.tar.gz"
    with tarfile.open(file) as old, tarfile.open(forged, "w:gz") as new:
        content = json.loads(old.extractfile("cadangan.json").read())  # type: ignore[union-attr]
        for member in old:
            if member.name == "current":
                member.name = name
                content["files"][name] = content["files"].pop("current")
            if member.name != "cadangan.json":
                stream = old.extractfile(member) if name != member.name else None
                new.addfile(member, stream or io.BytesIO(b"x" * member.size))
        info = tarfile.TarInfo("cadangan.json")
        said = json.dumps(content).encode()
        info.size = len(said)
        new.addfile(info, io.BytesIO(said))
    there = home.with_name("there")
    before = sorted(home.parent.rglob("*"))
    with pytest.raises(Refusal, match="rusak, terpotong"):
        restore(forged, there)
    assert sorted(p for p in home.parent.rglob("*") if p != there) == before


def test_links_and_folders_are_no_copy(home: Path, shelf: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
        forged = shelf / "forged.tar.gz"
        with tarfile.open(forged, "w:gz") as new:
            info = tarfile.TarInfo("current")
            info.type, info.linkname = kind, "/etc/hostname"
            new.addfile(info)
        with pytest.raises(Refusal):
            restore(forged, home.with_name("there"))


def test_another_key(home: Path, shelf: Path, tmp_path: Path) -> None:
    file = back_up(home, shelf).file
    there = tmp_path / "there"
    other = shelf / "other"
    other.write_text("ab" * 32, encoding="ascii")
    with pytest.raises(Refusal, match="bukan milik cadangan"):
        restore(file, there, key_file=other)
    with pytest.raises(Refusal, match="tidak dapat dibaca"):
        restore(file, there, key_file=shelf / "lost")
    assert list(there.iterdir()) == []
    with pytest.raises(Refusal, match="kunci lain"):
        save_key(home, other)
    assert save_key(home, shelf / "kunci")
    assert not save_key(home, shelf / "kunci")
    (home / "key").unlink()
    with pytest.raises(Refusal, match="kunci"):
        back_up(home, shelf / "a.tar.gz")
    assert not (home / "key").exists()


def test_a_damaged_release_is_told_and_nothing_older_goes(
    home: Path, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "scenarios" / "satu.json").unlink()
    (home / "roles.toml").unlink()
    old = [f"cadangan-2020010{n}-000000.tar.gz" for n in (1, 2, 3)]
    for name in old:
        (shelf / name).write_bytes(b"")
    (shelf / "lain.tar.gz").write_bytes(b"")
    first, second = Store(home).history()
    path = Store(home).path_of(first.release)
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    Store(home).path_of(second.release).unlink()
    assert main(["--home", str(home), "--json", "backup", str(shelf), "--keep", "1"]) == 1
    saved = json.loads(capsys.readouterr().out)
    assert saved["damaged"] == [first.release, second.release]
    assert set(old) < {path.name for path in shelf.iterdir()}
    assert check(Path(saved["file"])).damaged == (first.release, second.release)
    assert keep_newest(shelf, 2) == old[:2]
    assert {path.name for path in shelf.iterdir()} == {
        old[2], "lain.tar.gz", Path(saved["file"]).name,
    }  # fmt: skip


def test_nothing_is_written_over(home: Path, shelf: Path) -> None:
    (shelf / "a.tar.gz").write_bytes(b"mine")
    with pytest.raises(Refusal, match="sudah ada"):
        back_up(home, shelf / "a.tar.gz")
    with pytest.raises(Refusal, match="di dalam penyimpanan"):
        back_up(home, home / "a.tar.gz")
    with pytest.raises(Refusal, match="tidak dapat ditulis"):
        back_up(home, shelf / "lost" / "a.tar.gz")
    assert [path.name for path in shelf.iterdir()] == ["a.tar.gz"]
    file = back_up(home, shelf, with_key=True).file
    there = home.with_name("there")
    there.mkdir()
    (there / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Refusal, match="sudah berisi"):
        restore(file, there)
    assert [path.name for path in there.iterdir()] == ["notes.txt"]


@pytest.mark.skipif(os.name == "nt", reason="the limit is POSIX")
def test_a_disk_that_is_full(home: Path, shelf: Path) -> None:
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); from jambi_dash.cli import main; sys.exit(main(sys.argv[1:]))"  # fmt: skip
    file = back_up(home, shelf, with_key=True).file
    for words, left in (
        (["--home", str(home), "backup", str(shelf / "b.tar.gz")], {file.name}),
        (["--home", str(home.with_name("there")), "restore", str(file)], {file.name}),
    ):
        done = subprocess.run([sys.executable, "-c", limit, *words], cwd=PROJECT,
                              capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
        assert done.returncode == 1
        assert "tidak dapat dituli" in done.stderr
        assert {path.name for path in shelf.iterdir()} == left
    assert list(home.with_name("there").iterdir()) == []


def test_a_restore_that_was_killed_is_begun_anew(
    home: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = back_up(home, shelf, with_key=True).file
    rename = Path.rename

    class Killed(BaseException):
        pass

    for steps in range(12):
        there = home.with_name(f"there-{steps}")
        shutil.copytree(home, there)
        left = steps

        def counted(self: Path, target: Path) -> Path:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            return rename(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", counted)
            # As if the power went: nobody tidies up.
            patch.setattr(backup.shutil, "rmtree", lambda *_, **__: None)
            try:
                restore(file, there, replace=True)
            except Killed:
                assert Store(there).current_id() in (None, Store(home).current_id())
        content, _ = restore(file, there, replace=True)
        assert not list(there.glob(".restoring-*"))
        assert Store(there).current_id() == content.release
        assert all(Store(there).verify(record) for record in content.records)
