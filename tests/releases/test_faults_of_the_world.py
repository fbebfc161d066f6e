"""A clock that goes back, twenty readers while releases change, a disk that is full at any write."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from small_rosters import bring, covered, write_register, write_roster

from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases import store as store_module
from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.store import Store


def test_a_clock_that_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Order is that of publishing, not of the clock; nothing is lost and no name is used twice."""
    store = Store(tmp_path / "home")
    true_time = store_module.now_wib
    releases = []
    for hours, people in ((0, 11), (-1, 12), (-48, 13), (-24 * 400, 14), (0, 15)):
        monkeypatch.setattr(
            store_module, "now_wib", lambda hours=hours: true_time() + timedelta(hours=hours)
        )
        record = bring(store, write_roster(tmp_path / "r.csv", people))
        releases.append(record.release)
        assert store.require_current().release == record.release
        assert covered(store, record.release) == people
    assert [record.release for record in store.history()] == releases
    assert len(set(releases)) == len(releases)
    assert store.rollback(releases[1]).release == releases[1]
    assert covered(store, store.require_current().release) == 12
    assert AuditLog(store.home).verify().ok


def test_twenty_readers_while_releases_change(tmp_path: Path) -> None:
    """Nobody meets an error, and every answer is one release's own."""
    store = Store(tmp_path / "home")
    bring(store, write_register(tmp_path / "rt.csv"), write_roster(tmp_path / "r.csv", 20))
    known = {store.require_current().release: 20}
    stop = threading.Event()
    answers: list[tuple[str, int | None]] = []

    def read(_reader: int) -> int:
        mine = 0
        while not stop.is_set() or not mine:
            record = store.require_current()
            with Door(store.path_of(record.release)) as door:
                table = coverage(door, by="rt")
                answers.append((table.release, table.totals.covered))
            mine += 1
            stop.wait(0.05)  # so that the imports get on
        return mine

    with ThreadPoolExecutor(20) as pool:
        readers = [pool.submit(read, number) for number in range(20)]
        for people in (31, 32, 33):
            record = bring(store, write_roster(tmp_path / "r.csv", people))
            known[record.release] = people
            store.rollback(next(iter(known)))
        stop.set()
        assert all(reader.result(60) >= 1 for reader in readers)
    assert all(known[release] == people for release, people in answers)


def test_a_disk_that_is_full_at_any_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each flush in turn fails: the earlier release or the new one, whole, and a plain sentence."""
    store = Store(tmp_path / "home")
    bring(store, write_roster(tmp_path / "r.csv", 20))
    own, people, failed = os.fsync, 20, 0
    for step in range(1, 30):
        left = [step]

        def full(descriptor: Any, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(28, "No space left on device")
            own(descriptor)

        monkeypatch.setattr(os, "fsync", full)
        try:
            bring(store, write_roster(tmp_path / "r.csv", 20 + step))
        except Refusal:
            failed += 1
        monkeypatch.setattr(os, "fsync", own)
        now = covered(store, store.require_current().release)
        assert now in (people, 20 + step)
        assert store.verify(store.require_current())
        people = now or 0
        if left[0] > 0:
            break
    assert failed > 2
    assert bring(store, write_roster(tmp_path / "r.csv", 77)).counts["enrolment"] == 77
    assert list((store.home / "building").iterdir()) == []
