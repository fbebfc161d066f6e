"""Starts Streamlit with what this dashboard needs before the first visitor comes.

`python -m jambi_dash.ui.server [Streamlit's own options]`; people use `jambi_dash serve`.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from importlib import import_module

from jambi_dash.charts.area_map import publish_assets
from jambi_dash.settings import PROJECT, STATIC
from jambi_dash.ui import faults, gate, rerun_cost, wire, wishes

# Imported while nobody waits: the first visitor would pay a second or two for them. Nothing that
# declares a component or a cache may be among them: those want Streamlit's runtime to stand.
_HEAVY = (
    "folium", "plotly.graph_objects", "pandas", "pyarrow", "duckdb", "shapely", "babel.numbers",
    "babel.dates", "jambi_dash.charts.ranking", "jambi_dash.geography.levels",
    "jambi_dash.queries.coverage", "jambi_dash.exports.mend_sheets", "jambi_dash.exports.bundle",
)  # fmt: skip


def start(options: list[str]) -> None:
    """Serves until stopped."""
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web.cli import main

    # A folder named pages/ makes a fresh Streamlit take it for the older kind of app until
    # `st.navigation` was called once: the first deep link would be met with "Page not found".
    PagesManager.uses_pages_directory = False
    _share_heaps()
    gate.put_up()
    faults.put_up()
    wishes.put_up()
    rerun_cost.put_up()
    wire.put_up()
    publish_assets(STATIC)
    for name in _HEAVY:
        import_module(name)
    # What is loaded by now stays: no collection needs to walk through it on every rerun.
    gc.collect()
    gc.freeze()
    # As Python comes, 13 reruns a second brought a full collection every three seconds, each of which
    # holds the interpreter for 0.2 s. Now it comes once in a minute or two, for some MB of waiting.
    gc.set_threshold(20_000, 10, 10)
    # A rerun takes some 30 ms. Cut into pieces of 5, thirty people's reruns were all under way at once and
    # all late (p95 424 ms instead of 206), and each cost a seventh more for the changing of hands.
    sys.setswitchinterval(_UNDISTURBED_SECONDS)
    sys.argv = ["streamlit", "run", str(PROJECT / "app.py"), *options]
    main()


def _share_heaps() -> None:
    """Two heaps for all threads instead of eight for each processor (glibc; elsewhere nothing).

    Every rerun is a thread of its own: spread over sixteen heaps, a third of them lay idle.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(_HEAPS_AT_MOST, 2)


_UNDISTURBED_SECONDS = 0.02
_HEAPS_AT_MOST = -8
"""`M_ARENA_MAX` of glibc's malloc.h."""


if __name__ == "__main__":
    start(sys.argv[1:])
