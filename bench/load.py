"""Thirty people on all pages at once, while releases are published: `manage.py bench load`.

The readers speak Streamlit's own websocket (tests/browser/socket_reader.py) to the real server;
each follows the way of one of the four who use the dashboard, with a second or two to think. The
load comes from this process, whose own processor time is printed too. Linux only: memory and
processor time are read from /proc.

    python3 manage.py bench load --sessions 30 --minutes 10 --processes 2
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
for folder in ("", "tests/browser"):
    sys.path.insert(0, str(PROJECT / folder))

from socket_reader import Answer, Reader, open_reader  # noqa: E402

from jambi_dash.demo.city import write_demo  # noqa: E402
from jambi_dash.demo.fill import fill_with_demo  # noqa: E402
from jambi_dash.releases.store import Store  # noqa: E402
from jambi_dash.settings import HOME_VARIABLE  # noqa: E402

THINK_SECONDS = (1.0, 2.0)
SWAP_SECONDS = 120
AFTER_SWAP_SECONDS = 10
TOGETHER = 10
"""Visitors at a time, of many that come and go."""
FORGET_SECONDS = 150
"""Streamlit keeps a session that was left for two minutes."""
WARM_SHARE = 0.5
"""Of the time: caches and the heap are still filling; slopes are measured after it."""
PAGES = ("ringkasan", "peta", "kampung-bahagia", "simulasi", "santunan", "paparan", "data",
         "definisi")  # fmt: skip

# What is changed on a page: keys of widgets, some more often than others.
CHANGES: dict[str, tuple[str, ...]] = {
    "ringkasan": ("bahasa",),
    "peta": ("kelompok", "bulan", "bulan", "penyebut", "tingkat", "tampilan", "urutan",
             "peta_lembar"),
    "kampung-bahagia": ("bulan_kb", "bulan_kb", "tingkat_kb", "kb_lembar", "kb_lembar"),
    "simulasi": (r"sim_orang_\d+_geser", r"sim_orang_\d+_geser", r"sim_orang_\d+_geser",
                 r"sim_aturan_\d+", r"sim_tingkat_\d+", r"sim_mulai_\d+", r"sim_tahun_\d+",
                 "sim_lembar", "sim_peta"),
    "santunan": ("kelompok_santunan", "kecamatan", "rentang", "santunan_lembar", "satuan"),
    "paparan": ("kelompok", "bulan", "galeri", "salinan", "bentuk", r"=paparan_kartu_\d"),
    "data": ("bagian", "bagian", "mutu_lembar"),
    "definisi": ("definisi_bagian", "cari"),
}  # fmt: skip
WAYS: dict[str, tuple[str, ...]] = {
    "mayor": ("ringkasan", "peta", "kampung-bahagia", "santunan", "definisi"),
    "planner": ("simulasi", "peta", "simulasi", "kampung-bahagia", "ringkasan"),
    "presenter": ("peta", "paparan", "ringkasan", "paparan"),
    "officer": ("data", "definisi", "santunan", "data", "ringkasan"),
}
# Between whom and whom a planner moves a slider; the others over their whole length.
SENSIBLE: dict[str, tuple[int, int]] = {r"sim_orang_\d+_geser": (3_200, 8_000)}
_FAULT = r"^exception |compile error|page not found|\((nomor|number) [0-9a-f]{6}\)"
SEARCHED = ("cakupan", "pagu", "NIK", "iuran", "RT", "tidak ada kata ini")


@dataclass
class Seen:
    """Everything that was measured."""

    changes: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    loads: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    bytes: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    slowest: list[tuple[float, str]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    swaps: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    runs: int = 0
    opened: int = 0


def measure_load(
    folder: Path,
    *,
    sessions: int,
    minutes: float,
    processes: int = 1,
    seed: int = 1,
    swap_seconds: float = SWAP_SECONDS,
) -> Iterator[tuple[str, str, str]]:
    """Rows of the table: what, figure, goal.

    Several `processes` share the store, and each reader stays with one, as behind `deploy/`'s nginx.
    """
    home = folder / "load-home"
    fill_with_demo(Store(home))
    count = int(minutes * 60 / swap_seconds)
    books = []
    for number in range(count):
        books.append(folder / f"load-{number}.xlsx")
        if not books[-1].exists():
            write_demo(books[-1], seed=number + 2, workers=3_000 + 10 * (number + 1))
    with ExitStack() as running:
        servers = [
            running.enter_context(_served(home, folder / f"load-server-{number}.log"))
            for number in range(processes)
        ]
        seen, figures = asyncio.run(
            _run(Servers(servers), home, books, sessions, minutes * 60, seed, swap_seconds)
        )
    yield from figures
    yield from _tables(seen)


def measure_burst(folder: Path, *, sessions: int) -> Iterator[tuple[str, str, str]]:
    """Eight in the morning: everybody opens the dashboard in the same moment, by different links."""
    home = folder / "burst-home"
    fill_with_demo(Store(home))
    with _served(home, folder / "burst-server.log") as server:
        seen = asyncio.run(_burst(server, sessions))
    opened = [spent for page in PAGES for spent in seen.loads[page]]
    yield _row(f"{sessions} sessions open at once", opened, "p95 ≤ 3.000 ms")
    yield "  health endpoint: slowest answer", f"{max(seen.health) * 1000:.0f} ms", "≤ 2.000 ms"
    yield "  exceptions and other errors", f"{sum(seen.faults.values())}", "0"


async def _burst(server: Server, sessions: int) -> Seen:
    seen = Seen()

    async def come(number: int) -> None:
        page = PAGES[number % len(PAGES)]
        async with open_reader(server.url) as reader:
            answer = await reader.open(page)
            seen.loads[page].append(answer.seconds)
            _note(seen, page, "open", answer)
            await asyncio.sleep(5)

    await asyncio.gather(*(come(number) for number in range(len(PAGES))))  # the day before
    seen.loads.clear()
    watching = asyncio.create_task(_watch(Servers([server]), seen, time.perf_counter(), every=0.2))
    for done in await asyncio.gather(*(come(i) for i in range(sessions)), return_exceptions=True):
        if isinstance(done, BaseException):
            seen.faults[f"a session broke off: {type(done).__name__} {done}"] += 1
    watching.cancel()
    return seen


def measure_visits(folder: Path, *, visits: int) -> Iterator[tuple[str, str, str]]:
    """So many sessions come, look at three pages and leave: what stays in memory of them."""
    home = folder / "visits-home"
    fill_with_demo(Store(home))
    with _served(home, folder / "visits-server.log") as server:
        yield from asyncio.run(_visits(server, visits))


async def _visits(server: Server, visits: int) -> list[tuple[str, str, str]]:
    seen = Seen()

    async def come(number: int) -> None:
        async with open_reader(server.url) as reader:
            for step in range(3):
                page = PAGES[(number + 3 * step) % len(PAGES)]
                answer = await (reader.go(page) if step else reader.open(page))
                _note(seen, page, "open", answer)

    for number in range(4 * len(PAGES)):  # every page and cache is warm
        await come(number)
    base = highest = server.memory()
    for first in range(0, visits, TOGETHER):
        await asyncio.gather(*(come(first + i) for i in range(min(TOGETHER, visits - first))))
        highest = max(highest, server.memory())
    await asyncio.sleep(FORGET_SECONDS)
    await come(0)  # Streamlit frees what was left behind when a later session leaves
    await asyncio.sleep(2)
    left = server.memory()
    return [
        (f"{visits} sessions came and left: memory before · highest · {FORGET_SECONDS} s later",
         f"{base:.0f} · {highest:.0f} · {left:.0f} MB ({left / base - 1:+.0%})", "≤ + 20%"),
        ("  exceptions and other errors", f"{sum(seen.faults.values())}", "0"),
    ]  # fmt: skip


@dataclass
class Server:
    """The dashboard's process."""

    url: str
    pid: int

    def memory(self) -> float:
        """Resident memory, MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) / 1024 if found else float("nan")

    def processor(self) -> float:
        """Seconds of processor time until now."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Servers:
    """All processes of the dashboard."""

    each: list[Server]

    def of(self, reader: int) -> Server:
        """The one to which a reader, counted from 0, comes and comes back."""
        return self.each[reader % len(self.each)]

    def memory(self) -> float:
        """Resident memory of all, MB."""
        return sum(server.memory() for server in self.each)

    def processor(self) -> float:
        """Seconds of processor time of all until now."""
        return sum(server.processor() for server in self.each)


@contextmanager
def _served(home: Path, log: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "jambi_dash.ui.server", "--server.port", str(port)],
            cwd=PROJECT, env={**os.environ, HOME_VARIABLE: str(home)}, stdout=output, stderr=output,
        )  # fmt: skip
    server = Server(f"http://localhost:{port}", process.pid)
    try:
        for _ in range(240):
            with suppress(OSError):
                _health(server.url)
                break
            time.sleep(0.25)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _health(url: str) -> float:
    start = time.perf_counter()
    urllib.request.urlopen(f"{url}/_stcore/health", timeout=30).read()
    return time.perf_counter() - start


async def _run(
    servers: Servers, home: Path, books: list[Path], sessions: int, seconds: float, seed: int,
    swap_seconds: float,
) -> tuple[Seen, list[tuple[str, str, str]]]:  # fmt: skip
    seen = Seen()
    begun = time.perf_counter()
    at_start, own_before = servers.memory(), time.process_time()
    ends = begun + seconds
    roles = list(WAYS)
    people = [
        asyncio.create_task(
            _person(
                servers.of(i),
                seen,
                roles[i // len(servers.each) % len(roles)],
                random.Random(seed * 1000 + i),
                ends,
            )
        )
        for i in range(sessions)
    ]
    watching = asyncio.create_task(_watch(servers, seen, begun))
    publishing = asyncio.create_task(_publish(home, books, swap_seconds, seen))
    warm_spent = warm_runs = warm_at = 0.0
    await asyncio.sleep(seconds * WARM_SHARE)
    warm_spent, warm_runs, warm_at = servers.processor(), seen.runs, time.perf_counter()
    after_warm_up = servers.memory()
    for done in await asyncio.gather(*people, return_exceptions=True):
        if isinstance(done, BaseException):
            seen.faults[f"a session broke off: {type(done).__name__} {done}"] += 1
    at_end, now = servers.memory(), time.perf_counter()
    busy = (servers.processor() - warm_spent) / (now - warm_at)
    each = (servers.processor() - warm_spent) / max(1, seen.runs - warm_runs)
    own = (time.process_time() - own_before) / (now - begun)
    publishing.cancel()
    watching.cancel()
    await asyncio.sleep(5)
    # Streamlit frees what was left behind when a later session leaves.
    for server in servers.each:
        async with open_reader(server.url) as last:
            await last.open("definisi")
    await asyncio.sleep(2)
    return seen, [
        (
            f"{sessions} sessions, {len(servers.each)} processes, {seconds / 60:.0f} minutes;"
            " opened in all",
            f"{seen.opened}",
            "",
        ),
        ("releases published meanwhile", f"{len(seen.swaps)}", ""),
        ("reruns answered", f"{seen.runs}", ""),
        ("server: processor time of a rerun", f"{each * 1000:.0f} ms", ""),
        ("server: cores busy", f"{busy:.2f}", ""),
        ("this load's own: cores busy", f"{own:.2f}", ""),
        ("health endpoint: slowest answer", f"{max(seen.health, default=0) * 1000:.0f} ms", ""),
        ("memory at the start", f"{at_start:.0f} MB", ""),
        ("memory in the middle", f"{after_warm_up:.0f} MB", ""),
        ("memory at the end", f"{at_end:.0f} MB", ""),
        ("  for each session", f"{(at_end - at_start) / sessions:.1f} MB", ""),
        ("  slope over the second half", f"{_slope(seen.memory, seconds):+.2f} MB/min", "flat"),
        ("memory when all have left", f"{servers.memory():.0f} MB", ""),
    ]


async def _person(server: Server, seen: Seen, role: str, rng: random.Random, ends: float) -> None:
    """Goes the way of a role again and again; now and then closes the page and comes back."""
    await asyncio.sleep(rng.uniform(0, THINK_SECONDS[1] * 2))
    while time.perf_counter() < ends:
        async with open_reader(server.url) as reader:
            seen.opened += 1
            await _tour(reader, seen, WAYS[role], rng, ends)
            seen.runs += reader.clock_runs


async def _tour(
    reader: Reader, seen: Seen, way: tuple[str, ...], rng: random.Random, ends: float
) -> None:
    first = True
    while first or rng.random() < 0.6:
        for page in way:
            if time.perf_counter() > ends:
                return
            answer = await (reader.open(page) if first else reader.go(page))
            first = False
            seen.loads[page].append(answer.seconds)
            _note(seen, page, "open", answer)
            for _ in range(rng.randint(3, 7)):
                await asyncio.sleep(rng.uniform(*THINK_SECONDS))
                if time.perf_counter() > ends:
                    return
                await _change(reader, seen, page, rng)


async def _change(reader: Reader, seen: Seen, page: str, rng: random.Random) -> None:
    pattern = rng.choice(CHANGES[page])
    keys = [key for key in reader.kinds() if re.fullmatch(pattern.lstrip("="), key)]
    if not keys:
        return  # on another tab, say
    key = rng.choice(keys)
    began = time.perf_counter()
    if pattern.startswith("="):
        answer = await reader.press(key)
    else:
        value = _other_value(reader, key, rng)
        if value is None:
            return
        answer = await reader.choose(key, value)
    seen.changes[page].append((began, answer.seconds))
    seen.bytes[page].append(answer.bytes)
    _note(seen, page, key, answer)


def _other_value(reader: Reader, key: str, rng: random.Random) -> object:
    kind, words, proto = reader.kinds()[key], reader.words(key), reader.proto(key)
    if kind == "text_input":
        return rng.choice(SEARCHED)
    if kind == "slider" and not words:
        step = proto.step or 1
        spans = [span for pattern, span in SENSIBLE.items() if re.fullmatch(pattern, key)]
        low, high = spans[0] if spans else (proto.min, proto.max)
        low, high = max(low, proto.min), min(high, proto.max)
        return low + step * rng.randint(0, int((high - low) / step))
    if key == "rentang":
        low, high = sorted(rng.sample(range(len(words)), 2))
        return [words[low], words[high]]
    return rng.choice(words) if words else None


def _note(seen: Seen, page: str, what: str, answer: Answer) -> None:
    seen.runs += 1
    seen.slowest.append((answer.seconds, f"/{page} {what}"))
    for fault in answer.faults:
        # A refusal is an answer, one plain sentence; a fault of the program has a number.
        broken = re.search(_FAULT, fault)
        told = seen.faults if broken else seen.refusals
        told[f"/{page} {what}: {fault[:160]}"] += 1


async def _watch(servers: Servers, seen: Seen, begun: float, every: float = 2) -> None:
    while True:
        seen.memory.append((time.perf_counter() - begun, servers.memory()))
        for server in servers.each:
            seen.health.append(await asyncio.to_thread(_health, server.url))
        await asyncio.sleep(every)


async def _publish(home: Path, books: list[Path], every: float, seen: Seen) -> None:
    for book in books:
        await asyncio.sleep(every * (0.5 if not seen.swaps else 1))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jambi_dash", "--home", str(home), "import", str(book),
            "--as-of", date(2025, 12, 31).isoformat(), "--json", cwd=PROJECT,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await process.communicate()
        if process.returncode:
            seen.faults[f"import ended with {process.returncode}: {said.decode()[-160:]}"] += 1
        seen.swaps.append(time.perf_counter())


def _slope(points: list[tuple[float, float]], seconds: float) -> float:
    late = [(at / 60, size) for at, size in points if seconds * WARM_SHARE <= at <= seconds]
    if len(late) < 3:
        return float("nan")
    return statistics.linear_regression(*zip(*late, strict=True)).slope


def _row(what: str, spent: list[float], goal: str) -> tuple[str, str, str]:
    if not spent:
        return what, "-", goal
    ordered = sorted(spent)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    figures = " · ".join(f"{x * 1000:.0f}" for x in (at(0.5), at(0.95), ordered[-1]))
    return what, f"n {len(spent)}: {figures} ms", goal


def _tables(seen: Seen) -> Iterator[tuple[str, str, str]]:
    yield "p50 · p95 · slowest", "", ""
    every = [spent for page in PAGES for _, spent in seen.changes[page]]
    yield _row("filter change, all pages", every, "p95 ≤ 1.000 ms")
    for page in PAGES:
        yield _row(f"/{page}: filter change", [spent for _, spent in seen.changes[page]], "")
    for page in PAGES:
        yield _row(f"/{page}: opened", seen.loads[page], "")
    after = [spent for page in PAGES for began, spent in seen.changes[page]
             if any(0 <= began - swap <= AFTER_SWAP_SECONDS for swap in seen.swaps)]  # fmt: skip
    yield _row(f"filter change within {AFTER_SWAP_SECONDS} s of a new release", after, "")
    for page in PAGES:
        if seen.bytes[page]:
            size = statistics.median(seen.bytes[page]) / 1000
            yield f"/{page}: sent for a filter change", f"{size:.0f} kB", ""
    for spent, what in sorted(seen.slowest, reverse=True)[:8]:
        yield f"  among the slowest: {what}", f"{spent * 1000:.0f} ms", ""
    for what, found, goal in (("exceptions and other errors", seen.faults, "0"),
                              ("refusals, each a sentence on the page", seen.refusals, "")):  # fmt: skip
        yield what, f"{sum(found.values())}", goal
        for fault, times in found.most_common(12):
            yield f"  {times} × {fault}", "", ""
