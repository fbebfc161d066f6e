"""Every page and section over the store of `$JAMBI_DASH_DATA`: first opened, a filter changed, again.

Processor time of the script (AppTest, no browser), so that a busy machine does not count. First
opened: with nothing remembered of this release, libraries loaded. `run.py scale` starts it as a
process of its own, since the areas of a city are read once.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

import streamlit as st  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402
from streamlit.util import calc_hash  # noqa: E402

from jambi_dash.ui import kept_answers  # noqa: E402

_Change = Callable[[Any], Any]


def _month(key: str) -> _Change:
    return lambda app: app.select_slider(key=key).set_value(app.select_slider(key=key).options[-4])


CHANGES: dict[str, _Change] = {
    "ringkasan": lambda app: app.segmented_control(key="bahasa").set_value("EN"),
    "peta": _month("bulan"),
    "kampung-bahagia": _month("bulan_kb"),
    "simulasi": lambda app: next(
        s.set_value(s.value + 50) for s in app.slider if str(s.key).startswith("sim_orang")
    ),
    "santunan": lambda app: app.select_slider(key="rentang").set_value(
        (app.select_slider(key="rentang").options[3], app.select_slider(key="rentang").options[-1])
    ),
    "paparan": _month("bulan"),
    "data": lambda app: app.segmented_control(key="bahasa").set_value("EN"),
    "definisi": lambda app: app.text_input(key="cari").set_value("pagu"),
}
"""What is changed on each page; where nothing is chosen, the language."""


SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "kampung-bahagia": (
        "kb_lembar",
        ("rencana", "tempo", "lama", "jakon", "gelombang", "bergabung"),
    ),
    "simulasi": ("sim_lembar", ("wilayah", "biaya", "dampak", "balik", "tahun", "banding")),
    "santunan": ("santunan_lembar", ("wilayah", "perkiraan", "lama", "aturan")),
    "paparan": ("galeri", ("perubahan", "kampung")),
    "data": (
        "bagian",
        ("riwayat", "perubahan", "perbaikan", "verifikasi", "bpjs", "batas", "catatan"),
    ),
}
"""Every further section of a page, by the name of its choice in the address."""


def forget() -> None:
    """As after a start or a new release."""
    for kept in kept_answers.everything():
        kept.clear()
    st.cache_resource.clear()
    st.cache_data.clear()


def opened(page: str, **query: str) -> AppTest:
    """A page as its address opens it."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=600)
    for name, value in query.items():
        app.query_params[name] = value
    app._page_hash = calc_hash(page)  # no page is known by its file before the first run
    return app


def spent(work: Callable[[], Any]) -> float:
    """Seconds of processor time."""
    before = time.process_time()
    work()
    return time.process_time() - before


def measured(name: str, page: str, change: _Change, **query: str) -> None:
    """Prints what it is, seconds first, after a change, and again, and memory in MB."""
    forget()
    app = opened(page, **query)
    first = spent(app.run)
    change(app)
    changed = spent(app.run)
    again = spent(app.run)
    faults = [*app.exception, *app.error]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(name, f"{first:.2f} {changed:.2f} {again:.2f} {memory}",
          "fault" if faults else "", flush=True)  # fmt: skip


def main() -> None:
    """A line for every page and every section; words choose pages."""
    os.chdir(PROJECT)
    opened("definisi").run()
    for page, change in CHANGES.items():
        if sys.argv[1:] and page not in sys.argv[1:]:
            continue
        opened(page).run()  # its libraries
        measured(page, page, change)
        address, sections = SECTIONS.get(page, ("", ()))
        for section in sections:
            opened(page, **{address: section}).run()
            measured(f"{page}:{section}", page, change, **{address: section})


if __name__ == "__main__":
    main()
