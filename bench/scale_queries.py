"""Coverage questions of the store of `$JAMBI_DASH_DATA`; `run.py scale` starts it as a process of
its own, since the areas of a city are read once."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store
from jambi_dash.settings import default_home


def main() -> None:
    """Prints level, number of areas and median milliseconds, by the clock and of the processor."""
    store = Store(default_home())
    with Door(store.path_of(store.require_current().release)) as door:
        for by in ("city", "kecamatan", "kelurahan", "rt"):
            rows = len(coverage(door, by=by).rows)
            by_clock, of_processor = [], []
            for _ in range(3 if rows > 100_000 else 9):
                start, worked = time.perf_counter(), time.process_time()
                table = coverage(door, by=by)
                by_clock.append((time.perf_counter() - start) * 1000)
                of_processor.append((time.process_time() - worked) * 1000)
                del table  # letting go of a million rows is not part of the question
            print(by, rows, *(f"{statistics.median(ms):.0f}" for ms in (by_clock, of_processor)),
                  flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
