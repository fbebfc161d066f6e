"""Releases are published by the command while twenty sessions read the pages of a real server."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
from running_dashboard import Dashboard, running_dashboard
from small_rosters import bring, write_register, write_roster
from socket_reader import Answer, Reader, open_reader

from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.store import Store
from jambi_dash.settings import PROJECT

READERS = 20
PEOPLE = (1_201, 1_502, 1_803)
"""Of the releases that are published one after the other; the first stands before anybody reads."""
PAGES = ("peta", "ringkasan", "santunan", "peta", "kampung-bahagia", "definisi")
_RELEASE = re.compile(r"rilis (\d{8}-\d{6}-[0-9a-f]{4})")
_COUNT = {"peta": re.compile(r"terlindungi – ([\d.]+) dari"),
          "ringkasan": re.compile(r'rk-large">([\d.]+) ')}  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Dashboard]:
    store = Store(tmp_path / "home")
    roster = write_roster(tmp_path / "r.csv", PEOPLE[0])
    bring(store, write_register(tmp_path / "rt.csv"), roster)
    with running_dashboard(store.home, tmp_path / "log") as running:
        yield running


def told(page: str, answer: Answer) -> tuple[str, int | None]:
    """The release that a page names, and the people that it counts."""
    text = "\n".join(answer.texts)
    (release,) = set(_RELEASE.findall(text))
    if page not in _COUNT:
        return release, None
    found = _COUNT[page].search(text)
    assert found, (page, text[:2000])
    return release, int(found[1].replace(".", ""))


def test_nobody_sees_two_releases_or_an_error(served: Dashboard, tmp_path: Path) -> None:
    store = Store(served.home)
    answers: list[tuple[str, int | None]] = []
    faults: list[str] = []

    async def read(number: int, done: asyncio.Event) -> str:
        async with open_reader(served.url) as reader:
            turn = islice(cycle(PAGES), number, None)
            page = next(turn)
            answers.append(told(page, await reader.open(page)))
            while not done.is_set():
                page = next(turn)
                answers.append(told(page, await reader.go(page)))
            last = await last_word(reader)
            faults.extend(reader.faults)
            return last

    async def last_word(reader: Reader) -> str:
        release, people = told("peta", await reader.go("peta"))
        assert people == PEOPLE[-1]
        return release

    async def publish(people: int) -> None:
        roster = write_roster(tmp_path / f"{people}.csv", people)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jambi_dash", "--home", str(served.home), "import", str(roster),
            "--as-of", "2025-12-31", cwd=PROJECT, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert await process.wait() == 0

    async def office() -> list[str]:
        done = asyncio.Event()
        readers = [asyncio.ensure_future(read(number, done)) for number in range(READERS)]
        for people in PEOPLE[1:]:
            await publish(people)
        done.set()
        return await asyncio.gather(*readers)

    last = asyncio.run(office())
    people_of = {r.release: r.counts["enrolment"] for r in store.history()}
    assert faults == []
    assert set(last) == {store.require_current().release}
    assert {release for release, _ in answers} == set(people_of)
    assert [a for a in answers if a[1] not in (None, people_of[a[0]])] == []
    assert "Traceback" not in served.log.read_text(errors="replace")
    # Nothing was lost: every release is there, whole, and stands in the log.
    assert tuple(people_of.values()) == PEOPLE
    assert all(store.verify(record) for record in store.history())
    log = AuditLog(store.home)
    assert log.verify().ok
    told_of = [entry.facts["release"] for entry in log.entries() if entry.deed == "import"]
    assert told_of == list(people_of)
