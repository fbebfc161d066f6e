"""Readers: many at once, each with the right answer, also while releases come and go."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest
from small_rosters import bring, write_register, write_roster

from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door, QueryError
from jambi_dash.releases.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("readers")
    made = Store(folder / "home")
    bring(made, write_register(folder / "rt.csv"), write_roster(folder / "r.csv", 120))
    for people in (150, 90):
        bring(made, write_roster(folder / "r.csv", people))
    return made


def test_eight_threads_get_their_own_answers(store: Store) -> None:
    """One door for all of them, as a server has it."""
    people = {r.release: r.counts["enrolment"] for r in store.history()}
    record = store.require_current()
    expected = {
        "city": {"15.71": 90},
        "kelurahan": {
            "15.71.02.1004": 23,
            "15.71.03.1006": 23,
            "15.71.08.1004": 22,
            "15.71.10.1003": 22,
        },
    }
    months = [date(2025, 5, 1), date(2025, 6, 1), date(2026, 1, 1)]
    wrong: list[object] = []

    def ask(seed: int) -> int:
        choice = random.Random(seed)
        done = 0
        for _ in range(250):
            kind = choice.randrange(4)
            month = choice.choice(months)
            if kind < 2:
                by = ("city", "kelurahan")[kind]
                found = dict(
                    door.rows(
                        "coverage",
                        by=by,
                        cohort="pekerja_rentan",
                        month=month,
                        city="15.71",
                        several=False,
                    )
                )
                meant = expected[by] if month >= date(2025, 6, 1) else {}
            elif kind == 2:
                found = dict(door.rows("meta"))["release"]  # type: ignore[assignment]
                meant = record.release  # type: ignore[assignment]
            else:
                found = len(door.frame("rts"))  # type: ignore[assignment]
                meant = 12  # type: ignore[assignment]
            if found != meant:
                wrong.append((kind, month, found))
            done += 1
        return done

    with Door(store.path_of(record.release)) as door, ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 2000
    assert not wrong, wrong[:3]
    assert people[record.release] == 90


def test_nobody_fails_while_releases_come_and_go(store: Store, tmp_path: Path) -> None:
    people = {r.release: r.counts["enrolment"] for r in store.history()}
    stop = threading.Event()
    faults: list[object] = []
    seen: set[str] = set()
    answers = [0] * 4

    def read(reader: int) -> None:
        while not stop.is_set():
            try:
                record = store.require_current()
                with Door(store.path_of(record.release)) as door:
                    table = coverage(door, by="kelurahan")
                known = people.get(record.release, record.counts["enrolment"])
                if (table.release, table.totals.covered) != (record.release, known):
                    faults.append((record.release, table.release, table.totals.covered))
                seen.add(record.release)
                answers[reader] += 1
            except BaseException as error:
                faults.append(error)

    readers = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for reader in readers:
        reader.start()
    releases = list(people)
    for turn in range(30):
        store.rollback(releases[turn % 3])
    for number in (33, 44, 55):
        record = bring(store, write_roster(tmp_path / "r.csv", number))
        assert record.counts["enrolment"] == number
    stop.set()
    for reader in readers:
        reader.join(30)
    assert not faults, faults[:3]
    assert len(seen) > 3
    assert min(answers) > 5


def test_a_reader_can_do_nothing_but_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release is data: it opens no other file, loads nothing, changes nothing."""
    monkeypatch.chdir(tmp_path)
    Path("secret.csv").write_text("a\n1\n")
    with Door(store.path_of(store.require_current().release)) as door:
        connection = door._connection
        for statement in (
            "SELECT * FROM read_csv('secret.csv')",
            "SELECT * FROM 'secret.csv'",
            "COPY meta TO 'out.csv'",
            "ATTACH 'other.duckdb'",
            "INSERT INTO meta VALUES ('a', 'b')",
            "DELETE FROM enrolment",
            "SET enable_external_access = true",
            "SET lock_configuration = false",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SELECT getenv('HOME')",
        ):
            with pytest.raises(duckdb.Error):
                connection.cursor().execute(statement).fetchall()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["secret.csv"]


def test_what_is_no_release(tmp_path: Path) -> None:
    for content in (b"", b"not a database", b"\0" * 20_000):
        (tmp_path / "x.duckdb").write_bytes(content)
        with pytest.raises(Refusal):
            Door(tmp_path / "x.duckdb").rows("meta")
    with pytest.raises(Refusal):
        Door(tmp_path / "absent.duckdb")


def test_an_error_never_quotes_a_value(store: Store) -> None:
    with Door(store.path_of(store.require_current().release)) as door:
        with pytest.raises(QueryError) as fault:
            door.rows("persons", month="1571040101850001")
        assert "1571040101850001" not in str(fault.value)
