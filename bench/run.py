"""Measures what design section 11 asks for, as medians and ratios; never part of the tests.

`python3 manage.py bench [imports] [queries] [model] [files] [pages] [scale] [load] [burst]`:
without a name, everything but the last three. Further words: `--rows 1000000 10000000`,
`--cities 50 500`, `--sessions 30 --minutes 10 --processes 2`. Figures go to the screen;
`bench/README.md` keeps those of one machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from made_rosters import write_roster

from jambi_dash.demo.city import write_demo
from jambi_dash.demo.many_cities import write_cities
from jambi_dash.domain.areas import LEVELS
from jambi_dash.domain.expansion import RULES
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.simulation import simulate
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.releases.store import Store
from jambi_dash.settings import DATA_VARIABLE, HOME_VARIABLE, PROJECT

AS_OF = date(2025, 12, 31)


def median_ms(work: Callable[[], object], times: int) -> float:
    """The median of some runs after one that does not count, in milliseconds."""
    work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def say(what: str, figure: str, goal: str = "") -> None:
    """One line of the table."""
    print(f"{what:<62} {figure:>16}   {goal}".rstrip(), flush=True)


def import_command(home: Path, *files: Path) -> tuple[float, float]:
    """Seconds and peak memory (MB) of one `import` as a whole process."""
    command = [
        sys.executable, "-m", "jambi_dash", "--home", str(home), "import", *map(str, files),
        "--as-of", AS_OF.isoformat(), "--json",
    ]  # fmt: skip
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=PROJECT
    )
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)
    else:
        process.wait()
        peak = float("nan")
    if process.returncode:
        raise SystemExit(f"import ended with {process.returncode}")
    return time.perf_counter() - start, peak


def bench_imports(folder: Path, sizes: list[int]) -> None:
    """An office's workbook, and rosters far beyond the city."""
    book = folder / "peserta-15000.xlsx"
    write_demo(book, workers=9_500)
    spent = [import_command(folder / f"xlsx-{n}", book)[0] for n in range(4)][1:]
    say("import XLSX, about 15.000 rows of peserta and four tables more",
        f"{statistics.median(spent):.2f} s", "≤ 3 s")  # fmt: skip
    for size in sizes:
        roster, register = roster_of(folder, size)
        seconds, peak = import_command(folder / f"csv-{size}", roster, register)
        say(f"import CSV, {size:,} rows".replace(",", "."), f"{seconds:.1f} s",
            "≤ 60 s for 10 million")  # fmt: skip
        say("  peak memory of the process", f"{peak:,.0f} MB".replace(",", "."), "≤ 2.048 MB")


def roster_of(folder: Path, size: int) -> tuple[Path, Path]:
    """A made roster of so many rows and its register of RTs; written once."""
    roster, register = folder / f"roster-{size}.csv", folder / "register.csv"
    if not roster.exists():
        write_roster(roster, register, size)
    return roster, register


def bench_queries(folder: Path, sizes: list[int]) -> None:
    """Every coverage question, on the demo and on millions of rows."""
    demo = Store(folder / "demo")
    if demo.current_id() is None:
        book = folder / "demo.xlsx"
        write_demo(book)
        with check_files(demo, [book], as_of=AS_OF) as prepared:
            publish(prepared)
    stores = [("demo", demo)]
    for size in sizes:
        store = Store(folder / f"csv-{size}")
        if store.current_id() is None:
            import_command(store.home, *roster_of(folder, size))
        stores.append((f"{size:,} rows".replace(",", "."), store))
    for name, store in stores:
        with Door(store.path_of(store.require_current().release)) as door:
            for level in LEVELS:
                spent = median_ms(lambda by=level: coverage(door, by=by), 15)
                say(f"coverage --by {level}, {name}", f"{spent:.1f} ms", "≤ 200 ms")
            public = median_ms(lambda: coverage(door, by="kelurahan", public=True), 15)
            say(f"coverage --by kelurahan --public, {name}", f"{public:.1f} ms", "≤ 200 ms")


def bench_model(folder: Path) -> None:
    """The expansion model alone, from a baseline that is already read."""
    home = folder / "home-model"
    book = folder / "model.xlsx"
    write_demo(book)
    import_command(home, book)
    store = Store(home)
    with Door(store.path_of(store.require_current().release)) as door:
        for by in ("kelurahan", "rt"):
            base = baseline(door, by)
            for rule in RULES:
                goal = "≤ 1 s" if rule == "optimal" else "≤ 20 ms" if by != "rt" else "≤ 100 ms"
                asked = Scenario(rule=rule, budget=900_000_000)
                spent = median_ms(lambda base=base, asked=asked: simulate(base, asked), 9)
                say(f"simulate, {len(base.areas)} areas, {rule}", f"{spent:.1f} ms", goal)


def bench_files(folder: Path) -> None:
    """Files for presentations, each as a whole command."""
    home = folder / "home-files"
    book = folder / "files.xlsx"
    write_demo(book)
    import_command(home, book)
    for what, name, words, goal in (
        ("map as a slide, PNG", "map.png", ["map"], "≤ 1,5 s"),
        ("map as a slide, SVG", "map.svg", ["map"], "≤ 1,5 s"),
        ("map as a slide, PDF", "map.pdf", ["map"], "≤ 1,5 s"),
        ("map of 1.650 RT, PNG", "map-rt.png", ["map", "--by", "rt"], "≤ 1,5 s"),
        ("atlas of 68 kelurahan", "atlas.pdf", ["atlas"], "≤ 40 s"),
        ("deck of 68 kelurahan", "deck.pptx", ["deck"], "≤ 6 s"),
        ("table of 68 kelurahan, XLSX", "table.xlsx", ["table"], ""),
        ("table of 1.650 RT, XLSX", "rt.xlsx", ["table", "--by", "rt"], ""),
    ):
        spent = [export_command(home, folder / name, *words) for _ in range(4)][1:]
        say(f"export {what}", f"{statistics.median(spent):.2f} s", goal)


def export_command(home: Path, out: Path, *words: str) -> float:
    """Seconds of one `export` as a whole process."""
    command = [sys.executable, "-m", "jambi_dash", "--home", str(home), "export", *words,
               "--out", str(out)]  # fmt: skip
    start = time.perf_counter()
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=PROJECT
    )
    return time.perf_counter() - start


def bench_pages(folder: Path) -> None:
    """Every page in Chromium against an empty Streamlit page on the same machine."""
    from page_times import measure_pages

    for what, figure, goal in measure_pages(folder):
        say(what, figure, goal)


def bench_scale(folder: Path, cities: list[int]) -> None:
    """A province and a country: many invented cities, brought in and asked."""
    for count in cities:
        lists = folder / f"cities-{count}"
        if not lists.exists():
            write_cities(lists, cities=count, as_of=AS_OF)
        os.environ[DATA_VARIABLE] = str(lists / "kota")
        try:
            seconds, peak = import_command(lists / "kota" / "store", *sorted(lists.glob("*.csv")))
            say(f"import of {count} cities", f"{seconds:.1f} s")
            say("  peak memory of the process", f"{peak:,.0f} MB".replace(",", "."), "≤ 4.096 MB")
            asked, opened = (
                subprocess.run(
                    [sys.executable, str(Path(__file__).parent / script)], text=True, check=True,
                    capture_output=True, cwd=PROJECT,
                    env={name: v for name, v in os.environ.items() if name != HOME_VARIABLE},
                ).stdout.splitlines()
                for script in ("scale_queries.py", "scale_pages.py")
            )  # fmt: skip
        finally:
            del os.environ[DATA_VARIABLE]
        for line in asked:
            by, rows, clock, processor = line.split()
            say(f"coverage --by {by}, {count} cities, {rows} areas: clock · processor",
                f"{clock} · {processor} ms", "≤ 200 ms")  # fmt: skip
        for line in opened:
            page, first, changed, again, memory, *fault = line.split()
            say(f"/{page}, {count} cities: first · filter · again · memory" + " FAULT" * len(fault),
                f"{first} · {changed} · {again} s · {memory} MB", "≤ 3 · 1 s")  # fmt: skip


def bench_load(folder: Path, sessions: int, minutes: float, processes: int) -> None:
    """Many people on all pages at once, while releases are published."""
    from load import measure_load

    for what, figure, goal in measure_load(
        folder, sessions=sessions, minutes=minutes, processes=processes
    ):
        say(what, figure, goal)


def bench_burst(folder: Path) -> None:
    """Everybody at once in the morning, and hundreds of visits over a day."""
    from load import measure_burst, measure_visits

    for what, figure, goal in measure_burst(folder, sessions=40):
        say(what, figure, goal)
    for what, figure, goal in measure_visits(folder, visits=500):
        say(what, figure, goal)


def work_folder(given: Path | None) -> Iterator[Path]:
    """A folder for stores and rosters: the one named (kept), else a temporary one."""
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given
    else:
        with tempfile.TemporaryDirectory(prefix="jambi-bench-") as name:
            yield Path(name)


def main() -> None:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "what", nargs="*",
        choices=["imports", "queries", "model", "files", "pages", "scale", "load", "burst", []],
    )  # fmt: skip
    parser.add_argument("--rows", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--cities", nargs="*", type=int, default=[50, 500])
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--processes", type=int, default=1, help="of the dashboard, under load")
    parser.add_argument("--folder", type=Path, help="keep stores and rosters here")
    options = parser.parse_args()
    what = options.what or ["imports", "queries", "model", "files", "pages"]
    for folder in work_folder(options.folder):
        if "imports" in what:
            bench_imports(folder, options.rows)
        if "queries" in what:
            bench_queries(folder, options.rows)
        if "model" in what:
            bench_model(folder)
        if "files" in what:
            bench_files(folder)
        if "scale" in what:
            bench_scale(folder, options.cities)
        if "pages" in what:
            bench_pages(folder)
        if "load" in what:
            bench_load(folder, options.sessions, options.minutes, options.processes)
        if "burst" in what:
            bench_burst(folder)


if __name__ == "__main__":
    main()
