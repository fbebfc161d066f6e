"""The store of releases: history, rollback, damage noticed, nothing personal kept."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from small_rosters import AS_OF, bring, covered, nik, write_register, write_roster

from jambi_dash.cli import main
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.mend_list import write_mend_list
from jambi_dash.intake.publishing import publish
from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.store import ReleaseRecord, Store
from jambi_dash.settings import PROJECT


@dataclass
class Made:
    """A store with three releases, and the files that they were made of."""

    home: Path
    records: list[ReleaseRecord]
    people: list[int]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("store")
    store = Store(folder / "home")
    register = write_register(folder / "rt – “Kota”.csv")
    people = [40, 50, 60]
    records = []
    for number in people:
        files = [write_roster(folder / f"roster-{number}.csv", number)]
        records.append(bring(store, *files, *([] if records else [register])))
    return Made(folder / "home", records, people)


@pytest.fixture
def copy(made: Made, tmp_path: Path) -> Iterator[Store]:
    """A copy that a test may damage."""
    shutil.copytree(made.home, tmp_path / "home")
    return Store(tmp_path / "home")


def sentence_of(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["--home", str(home), *words])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert "kesalahan di dalam program" not in err, err
    return code, out + err


# History


def test_history_is_in_the_order_of_publishing(made: Made) -> None:
    store = Store(made.home)
    assert [r.release for r in store.history()] == [r.release for r in made.records]
    assert [r.previous for r in made.records] == [
        None,
        made.records[0].release,
        made.records[1].release,
    ]
    assert store.current_id() == made.records[-1].release
    for record, people in zip(made.records, made.people, strict=True):
        assert store.verify(record)
        assert record.counts == {"rt": 12, "enrolment": people, "kampung_event": 0, "claim": 0}
        assert covered(store, record.release) == people
        assert not record.synthetic
        assert record.as_of == AS_OF
    assert {source["table"] for source in made.records[0].sources} == {"rt", "peserta"}


def test_the_journal_knows_the_files_by_their_hash(made: Made) -> None:
    lines = (made.home / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    for line in lines:
        entry = json.loads(line)
        path = made.home / "releases" / f"{entry['release']}.duckdb"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert path.stat().st_size == entry["bytes"]
        for source in entry["sources"]:
            given = made.home.parent / source["file"]
            assert hashlib.sha256(given.read_bytes()).hexdigest() == source["sha256"]


def test_a_release_has_no_write_ahead_log_and_nothing_is_left(made: Made) -> None:
    assert sorted(p.suffix for p in (made.home / "releases").iterdir()) == [".duckdb"] * 3
    assert list((made.home / "building").iterdir()) == []
    left = {p.name for p in made.home.iterdir()}
    assert left <= {"current", "journal.jsonl", "key", "releases", "building", "write.lock", "log"}


def test_rollback_and_forward_again(copy: Store, made: Made) -> None:
    journal = (copy.home / "journal.jsonl").read_bytes()
    copy.rollback(made.records[0].release)
    assert copy.current_id() == made.records[0].release
    assert (copy.home / "journal.jsonl").read_bytes().startswith(journal)
    # An import after a rollback stands on what is current.
    record = bring(copy, made.home.parent / "roster-50.csv")
    assert record.previous == made.records[0].release
    assert covered(copy, record.release) == 50
    copy.rollback(made.records[2].release)
    assert covered(copy, copy.require_current().release) == 60
    with pytest.raises(Refusal, match=made.records[2].release):
        copy.rollback("20000101-000000-0000")
    with pytest.raises(Refusal):
        copy.rollback("../../key")


def test_an_empty_store_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store(tmp_path / "nirgends")
    assert store.current() is None
    assert store.history() == []
    for words in (["coverage", "--by", "city"], ["rollback", "x"]):
        code, said = sentence_of(capsys, store.home, *words)
        assert code == 1, words
    code, said = sentence_of(capsys, store.home, "coverage", "--by", "city")
    assert "import" in said
    assert sentence_of(capsys, store.home, "releases")[0] == 0
    assert sentence_of(capsys, store.home, "doctor")[0] == 0


# Damage


def flip(path: Path, at: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0x01
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("at", [0.0, 0.001, 0.2, 0.5, 0.999])
def test_one_bit_is_noticed(
    copy: Store, made: Made, capsys: pytest.CaptureFixture[str], at: float
) -> None:
    flip(copy.path_of(made.records[2].release), at)
    earlier = made.records[1].release
    assert not copy.verify(made.records[2])
    for words in (["coverage", "--by", "kelurahan"], ["coverage", "--by", "rt", "--json"],
                  ["import", str(made.home.parent / "roster-40.csv")]):  # fmt: skip
        code, said = sentence_of(capsys, copy.home, *words)
        assert code == 1, words
        assert earlier in said, words
        assert "rusak" in said
    code, said = sentence_of(capsys, copy.home, "doctor")
    assert code == 1
    assert earlier in said
    assert sentence_of(capsys, copy.home, "rollback", earlier)[0] == 0
    assert sentence_of(capsys, copy.home, "coverage", "--by", "city")[0] == 0
    code, said = sentence_of(capsys, copy.home, "rollback", made.records[2].release)
    assert code == 1
    assert copy.current_id() == earlier


def test_what_is_set_aside_stays_and_comes_back(
    copy: Store, made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    last, history = made.records[2].release, copy.history()
    copy.set_aside()
    copy.set_aside()  # nothing to do
    assert copy.current() is None
    assert copy.history() == history
    assert sentence_of(capsys, copy.home, "coverage", "--by", "city")[0] == 1
    assert sentence_of(capsys, copy.home, "doctor")[0] == 0
    told = [entry for entry in AuditLog(copy.home).entries() if entry.deed == "set_aside"]
    assert [dict(entry.facts) for entry in told] == [{"earlier": last}]
    assert sentence_of(capsys, copy.home, "rollback", last)[0] == 0
    assert copy.current_id() == last


def test_a_truncated_and_a_lost_release(
    copy: Store, made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copy.path_of(made.records[2].release)
    os.truncate(path, path.stat().st_size // 2)
    for _ in range(2):
        code, said = sentence_of(capsys, copy.home, "coverage", "--by", "city")
        assert code == 1
        assert made.records[1].release in said
        code, said = sentence_of(capsys, copy.home, "doctor", "--json")
        assert code == 1
        assert not json.loads(said.splitlines()[0])["ok"]
        path.unlink(missing_ok=True)
    assert sentence_of(capsys, copy.home, "rollback", made.records[1].release)[0] == 0


def test_the_offered_release_is_a_sound_one(
    copy: Store, made: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    """The latest earlier one may be damaged as well."""
    for record in made.records[1:]:
        flip(copy.path_of(record.release), 0.4)
    code, said = sentence_of(capsys, copy.home, "coverage", "--by", "city")
    assert code == 1
    assert f"rollback {made.records[0].release}" in said


@pytest.mark.parametrize("cut", [1, 2, 30, 300])
def test_a_torn_last_line_of_the_journal(copy: Store, made: Made, cut: int) -> None:
    journal = copy.home / "journal.jsonl"
    content = journal.read_bytes()
    last = content.rstrip(b"\n").rfind(b"\n") + 1
    line = content[last:]
    journal.write_bytes(content[:last] + line + line[: len(line) - cut])
    assert [r.release for r in copy.history()][:3] == [r.release for r in made.records]
    record = bring(copy, made.home.parent / "roster-40.csv")
    assert copy.history()[-1] == record
    assert copy.require_current() == record


def test_a_line_torn_inside_a_letter(copy: Store, made: Made) -> None:
    journal = copy.home / "journal.jsonl"
    with journal.open("ab") as file:
        file.write('{"release": "x", "sources": [{"file": "rt – '.encode()[:-2])
    assert len(copy.history()) == 3
    record = bring(copy, made.home.parent / "roster-40.csv")
    assert copy.require_current() == record
    assert len(copy.history()) == 4


@pytest.mark.parametrize("content", ["", "\n", "x", "20000101-000000-abcd\n", "../key\n"])
def test_a_pointer_to_nowhere(
    copy: Store, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy.home / "current").write_text(content)
    code, _said = sentence_of(capsys, copy.home, "coverage", "--by", "city")
    assert code == 1
    code, _ = sentence_of(capsys, copy.home, "doctor")
    assert code == (1 if content.strip() else 0)


def test_a_key_that_is_spoilt(copy: Store, made: Made, capsys: pytest.CaptureFixture[str]) -> None:
    (copy.home / "key").write_text("not a key")
    code, said = sentence_of(capsys, copy.home, "import", str(made.home.parent / "roster-40.csv"))
    assert code == 1
    assert "kunci" in said.casefold()
    assert copy.current_id() == made.records[2].release
    assert sentence_of(capsys, copy.home, "doctor")[0] == 1


# The key


def test_the_key_is_its_owners_only(made: Made) -> None:
    mode = stat.S_IMODE((made.home / "key").stat().st_mode)
    assert mode == 0o600
    assert stat.S_IMODE((made.home / "building").stat().st_mode) == 0o700
    assert len(Store(made.home).key()) == 32


def test_the_key_is_made_once(tmp_path: Path) -> None:
    stores = [Store(tmp_path / "home") for _ in range(8)]
    gate = threading.Barrier(8)

    def ask(store: Store) -> bytes:
        gate.wait()
        return store.key()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, stores))) == 1
    assert [p.name for p in (tmp_path / "home").iterdir() if p.name.startswith("key")] == ["key"]


def test_a_person_has_one_name_in_a_store_and_another_in_the_next(
    made: Made, tmp_path: Path
) -> None:
    def persons(path: Path) -> set[str]:
        with duckdb.connect(str(path), read_only=True) as con:
            return {str(row[0]) for row in con.execute("SELECT person FROM enrolment").fetchall()}

    store = Store(made.home)
    first, second = (persons(store.path_of(record.release)) for record in made.records[:2])
    assert first < second
    other = Store(tmp_path / "home")
    record = bring(other, made.home.parent / "roster-40.csv")
    assert not persons(other.path_of(record.release)) & second


# Two at once


def test_the_second_of_two_imports_is_told(copy: Store, made: Made) -> None:
    """Both looked at the same release; only one may replace it."""
    files = [made.home.parent / "roster-40.csv"]
    with check_files(copy, files, as_of=AS_OF) as one, check_files(copy, files, as_of=AS_OF) as two:
        record = publish(one)
        with pytest.raises(Refusal, match="Rilis lain terbit"):
            publish(two)
    assert copy.current_id() == record.release
    assert list((copy.home / "building").iterdir()) == []


def test_who_waits_too_long_is_told(copy: Store) -> None:
    with copy.writing(), pytest.raises(Refusal, match="Impor lain"), Store(copy.home).writing(0.1):
        pass


def test_imports_of_several_processes_take_turns(made: Made, tmp_path: Path) -> None:
    home = tmp_path / "home"
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "jambi_dash", "--home", str(home), "--json", "import",
             str(made.home.parent / f"roster-{people}.csv"), "--as-of", "2025-12-31"],
            cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for people in made.people
    ]  # fmt: skip
    answers = [(*process.communicate(timeout=100), process.returncode) for process in running]
    store = Store(home)
    published = [json.loads(out)["release"] for out, _, code in answers if code == 0]
    assert published
    for out, err, code in answers:
        assert code in (0, 1)
        assert "Traceback" not in err
        if code:
            assert "Rilis lain terbit" in json.loads(out)["error"]
    assert {r.release for r in store.history()} == set(published)
    assert store.verify(store.require_current())
    assert list((home / "building").iterdir()) == []


# Where nothing can be written


def without_privilege(*words: str) -> tuple[int, str]:
    """A command run by somebody to whom the rights of files apply, even if the tests run as root."""

    def give_up() -> None:
        for capability in (1, 2):  # overriding the rights of files and folders
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)

    done = subprocess.run(
        [sys.executable, "-m", "jambi_dash", *words], cwd=PROJECT, capture_output=True, text=True,
        timeout=60, check=False, preexec_fn=give_up,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "kesalahan di dalam program" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="rights of files are set as Linux knows them")
def test_a_store_that_may_only_be_read(made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "only-read"
    folder.mkdir()
    try:
        shutil.copytree(made.home, folder / "home")
        roster = write_roster(folder / "roster.csv", 5)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        home = str(folder / "home")
        code, said = without_privilege("--home", home, "coverage", "--by", "city")
        assert code == 0, said
        assert "60" in said
        assert without_privilege("--home", home, "releases")[0] == 0
        for words in (
            ["import", str(roster)],
            ["rollback", made.records[0].release],
            ["import", str(roster), "--dry-run"],
        ):
            code, said = without_privilege("--home", home, *words)
            assert code == 1, said
            assert "tidak dapat ditulisi" in said, said
        code, said = without_privilege("--home", home, "doctor")
        assert code == 1
        assert "ditulisi" in said
        code, said = without_privilege("--home", str(folder / "baru"), "import", str(roster))
        assert code == 1
        assert "tidak dapat ditulisi" in said
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)


def test_a_home_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "home").write_text("x")
    roster = write_roster(tmp_path / "r.csv", 2)
    for words in (
        ["import", str(roster)],
        ["coverage", "--by", "city"],
        ["rollback", "x"],
        ["releases"],
    ):
        code, said = sentence_of(capsys, tmp_path / "home", *words)
        assert code == (0 if words == ["releases"] else 1), said


def test_a_full_disk(copy: Store, made: Made) -> None:
    """No file may grow beyond 300 kB: as far as a program can tell, the disk is full."""
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)); from jambi_dash.cli import main; sys.exit(main(sys.argv[1:]))"  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", limit, "--home", str(copy.home), "import", str(made.home.parent / "roster-40.csv")],
        cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if not line.startswith("[")]
    assert done.returncode == 1
    assert len(said) == 1, done.stderr
    assert "penuh" in said[0], said
    assert copy.current_id() == made.records[2].release
    assert copy.verify(made.records[2])
    assert list((copy.home / "building").iterdir()) == []
    assert covered(copy, bring(copy, made.home.parent / "roster-40.csv").release) == 40


# Nothing personal


def test_no_file_of_the_store_names_anybody(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    roster = write_roster(tmp_path / "roster.csv", 80)
    text = roster.read_text(encoding="utf-8").replace("157104", "'157104", 5)
    text += f"{nik(500)},Tanpa Identitas Qomaruddin,Jalan Mangkubumi,08127770,Thehok,1,entah\r\n"
    text += ",Nirnama Qomaruddin,Jalan Mangkubumi,0812777,Thehok,1,2025-06\r\n"
    roster.write_text(text, encoding="utf-8")
    bring(store, roster)
    with check_files(store, [roster], as_of=AS_OF) as prepared:
        write_mend_list(prepared, tmp_path / "mend.xlsx")
    record = bring(store, roster)
    words = ["Qomaruddin", "Zulkarnain", "Mangkubumi", "Nirnama", "0812777"]
    numbers = [nik(n) for n in range(80)] + [nik(500)]
    secrets: list[bytes] = []
    for word in words:
        for spelling in (word, word.upper(), word.lower()):
            secrets += [spelling.encode(), spelling.encode("utf-16-le")]
    for number in numbers:
        secrets += [number.encode(), int(number).to_bytes(8, "little")]
        for prefix in ("", "nik|"):
            for algorithm in ("sha256", "sha1", "md5"):
                digest = hashlib.new(algorithm, (prefix + number).encode())
                secrets += [digest.digest()[:12], digest.hexdigest()[:24].encode()]
    for path in (p for p in store.home.rglob("*") if p.is_file()):
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content], path.name
    # The same of what the compressed columns say.
    with duckdb.connect(str(store.path_of(record.release)), read_only=True) as con:
        tables = [
            row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        ]
        assert "enrolment" in tables
        for table in tables:
            shown = str(con.table(table).fetchall()).encode()
            undashed = shown.replace(b"-", b"")
            assert not [secret for secret in secrets if secret in shown or secret in undashed], (
                table
            )


def test_numbers_in_the_wrong_column_do_not_come_along(tmp_path: Path) -> None:
    """Who types an NIK or a phone number into another column does not publish it."""
    store = Store(tmp_path / "home")
    path = tmp_path / "r.csv"
    path.write_text(
        "NIK,Nama,Kelurahan,Pekerjaan,Sumber Dana,Mulai\r\n"
        f"{nik(1)},A,Thehok,ojek {nik(1)},APBD 08127771234,2025-06\r\n"
        f"{nik(2)},B,Thehok,{nik(2)},{nik(2)},2025-06\r\n",
        encoding="utf-8",
    )
    claims = tmp_path / "s.csv"
    claims.write_text(f"Program,Tanggal,Nilai,Jenis\r\nJKM,01/06/2025,42000000,an. {nik(1)}\r\n")
    record = bring(store, path, claims)
    with duckdb.connect(str(store.path_of(record.release)), read_only=True) as con:
        shown = str(
            con.execute("SELECT * FROM enrolment").fetchall()
            + con.execute("SELECT * FROM claim").fetchall()
        )
    for number in (nik(1), nik(2), "08127771234"):
        assert number not in shown
    assert "ojek" in shown
    assert "APBD" in shown
