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
    """Prints level, number of areas and median milliseconds, a line each."""
    store = Store(default_home())
    with Door(store.path_of(store.require_current().release)) as door:
        for by in ("city", "kecamatan", "kelurahan", "rt"):
            rows = len(coverage(door, by=by).rows)
            spent = []
            for _ in range(1 if rows > 100_000 else 5):
                start = time.perf_counter()
                coverage(door, by=by)
                spent.append((time.perf_counter() - start) * 1000)
            print(by, rows, f"{statistics.median(spent):.0f}", flush=True)


if __name__ == "__main__":
    main()
