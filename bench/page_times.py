"""Times pages in a real Chromium: from navigation to painted, and the script on the server.

Everything is set against an empty Streamlit page that is served and visited in turn on the same
machine, so that a busy machine slows both alike. The ratio is the figure to trust.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jambi_dash.demo.fill import fill_with_demo
from jambi_dash.domain.scenario import LEVELS, Scenario
from jambi_dash.domain.scenario_link import encode
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui.simulation_state import LINK

ROUNDS = 7
_PAGES = {
    # what is painted last of what a reader came for
    "ringkasan": ".st-key-bare_reconciliation .rk",
    "peta": "iframe",
    "kampung-bahagia": "iframe",
    "simulasi": "iframe",
    "santunan": '[data-testid="stMain"] .rk-large',
    "data": '[data-testid="stFileUploader"]',
    "definisi": '[data-testid="stMain"] h1, [data-testid="stMain"] h2, [data-testid="stMain"] h3',
}


def measure_pages(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Rows of the table: what, figure, goal."""
    from playwright.sync_api import sync_playwright

    home = folder / "pages-home"
    fill_with_demo(Store(home))
    empty_script = folder / "empty" / "app.py"
    empty_script.parent.mkdir(exist_ok=True)
    empty_script.write_text('import streamlit as st\nst.write("kosong")\nst.slider("x", 0, 9)\n')
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with (
        _served([sys.executable, "-m", "streamlit", "run", str(empty_script),
                 "--server.headless", "true"], empty_script.parent, home) as empty,
        _served([sys.executable, "-m", "jambi_dash.ui.server"], PROJECT, home) as full,
        sync_playwright() as driver,
    ):  # fmt: skip
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        areas_of = {"peta": 68, "kampung-bahagia": 1650, "simulasi": 68}
        paints: dict[str, list[float]] = {}
        for turn in range(ROUNDS + 1):
            cold = {
                "kosong": _paint(browser, f"{empty}/", '[data-testid="stSlider"]', 0),
                **{
                    name: _paint(browser, f"{full}/{name}", shown, areas_of.get(name, 0))
                    for name, shown in _PAGES.items()
                },
                "peta RT": _paint(browser, f"{full}/peta?tingkat=RT", "iframe", 1650),
            }
            for name, spent in cold.items() if turn else ():
                paints.setdefault(name, []).append(spent)
        floor = statistics.median(paints["kosong"])
        yield "empty Streamlit page, painted", f"{floor:.0f} ms", ""
        for name in (*_PAGES, "peta RT"):
            spent = statistics.median(paints[name])
            goal = "≤ 1,5 ×" if name in ("peta RT", "kampung-bahagia") else "≤ 1,3 ×"
            ratio = f"{spent / floor:.2f} ×".replace(".", ",")
            yield f"/{name}, painted against the empty page", f"{spent:.0f} ms {ratio}", goal
        yield from _moves(browser, empty, full)
        browser.close()
    yield from script_times(home)


def _paint(browser: Any, url: str, shown: str, areas: int) -> float:
    """Milliseconds from navigation to the sight of `shown` (and so many areas), cold cache."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url)
    page.locator(shown).first.wait_for(state="visible")
    if areas:
        frame = page.frame_locator("iframe").first
        frame.locator("path.area").nth(areas - 1).wait_for(state="attached")
    spent = (time.perf_counter() - start) * 1000
    context.close()
    return spent


def _moves(browser: Any, empty: str, full: str) -> Iterator[tuple[str, str, str]]:
    """One step of the first slider: until the last word of the answer, and how much was said."""
    figures: dict[str, tuple[float, float]] = {}
    for name, url in (
        ("empty page", f"{empty}/"),
        ("/peta", f"{full}/peta"),
        ("/peta, RT", f"{full}/peta?tingkat=RT"),
        ("/kampung-bahagia, RT", f"{full}/kampung-bahagia"),
        ("/simulasi", f"{full}/simulasi"),
        ("/simulasi, RT", f"{full}/simulasi?skenario={encode(Scenario(by='rt'))}"),
    ):
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        page = context.new_page()
        heard: list[tuple[float, int]] = []

        def listen(ws: Any, heard: list[tuple[float, int]] = heard) -> None:
            ws.on("framereceived", lambda frame: heard.append((time.perf_counter(), len(frame))))

        page.on("websocket", listen)
        page.goto(url)
        slider = page.locator('[data-testid="stSlider"] input[type=range]').first
        slider.wait_for(state="attached")
        page.wait_for_timeout(6000)
        times, sizes = [], []
        for step in range(9):
            slider.focus()
            heard.clear()
            start = time.perf_counter()
            page.keyboard.press("ArrowLeft" if step % 2 == 0 else "ArrowRight")
            page.wait_for_timeout(1500)
            if heard:
                times.append((heard[-1][0] - start) * 1000)
                sizes.append(sum(size for _, size in heard) / 1000)
        figures[name] = (statistics.median(times[1:]), statistics.median(sizes[1:]))
        context.close()
    floor = figures["empty page"][0]
    for name, (spent, sent) in figures.items():
        more = f"{spent - floor:+.0f} ms".replace("+", "+ ")
        yield f"{name}: slider to the last of the answer", f"{spent:.0f} ms {more}", "≤ + 100 ms"
        yield f"{name}: sent for it", f"{sent:.0f} kB", "< 60 kB" if "RT" in name else ""


def script_times(home: Path) -> Iterator[tuple[str, str, str]]:
    """The script of each page, warm, without browser and wire; against an empty page's script."""
    from streamlit.testing.v1 import AppTest

    os.environ[HOME_VARIABLE] = str(home)
    os.chdir(PROJECT)

    def median_run(app: AppTest) -> float:
        spent = []
        for _ in range(ROUNDS + 2):
            start = time.perf_counter()
            app.run()
            spent.append((time.perf_counter() - start) * 1000)
        return statistics.median(spent[2:])

    empty = AppTest.from_string("import streamlit as st\nst.write('kosong')", default_timeout=60)
    floor = median_run(empty)
    yield "empty Streamlit page, script", f"{floor:.0f} ms", ""
    for name in (*_PAGES, "peta RT"):
        folder = name.removesuffix(" RT").replace("-", "_")
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
        app.switch_page(f"pages/{folder}/{folder}.py").run()
        if name == "peta RT":
            app.segmented_control(key="tingkat").set_value("RT").run()
        yield f"/{name}, script", f"{median_run(app):.0f} ms", "≤ 100 ms"
    for by in LEVELS:
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
        app.query_params[LINK] = encode(Scenario(by=by))
        app.switch_page("pages/simulasi/simulasi.py").run()
        spent = []
        for step in range(ROUNDS + 2):
            # Another target each time: an answer that is remembered would measure nothing.
            slider = app.slider(key="sim_orang_1_geser").set_value(3_500 + 50 * step)
            start = time.perf_counter()
            slider.run()
            spent.append((time.perf_counter() - start) * 1000)
        yield (f"/simulasi, {by}: slider to new numbers, script",
               f"{statistics.median(spent[2:]):.0f} ms", "≤ 100 ms")  # fmt: skip


@contextmanager
def _served(command: list[str], folder: Path, home: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*command, "--server.port", str(port), "--browser.gatherUsageStats", "false"],
        cwd=folder, env={**os.environ, HOME_VARIABLE: str(home), "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.25)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(20)
