"""Times every page: its script alone, and in a real Chromium first load, filter change and bytes.

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jambi_dash.demo.fill import fill_with_demo
from jambi_dash.domain.formats import number
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.scenario_link import encode
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui.simulation_state import LINK

ROUNDS = 4
"""Visits of each page, after one that does not count."""
CHANGES = 7
_QUIET_SECONDS = 0.4
"""So long without a word from the server, an answer is over."""
_EMPTY = """import streamlit as st
st.write("kosong")
st.slider("x", 0, 9, key="x")
st.segmented_control("y", ["a", "b"], default="a", required=True, key="y")
"""


@dataclass(frozen=True)
class Visit:
    """A page as it is measured.

    `shown` is what is painted last of what a reader came for, with so many `areas` on its map;
    `change` how the key of the widget begins that is changed: a slider, else buttons or tabs.
    """

    name: str
    address: str
    shown: str
    change: str
    areas: int = 0
    goal: str = "≤ 1,3 ×"

    @property
    def script(self) -> str:
        """The page's own file."""
        folder = self.address.partition("?")[0].replace("-", "_")
        return f"pages/{folder}/{folder}.py"

    @property
    def query(self) -> dict[str, str]:
        """What the address says beside the page."""
        named = self.address.partition("?")[2]
        return dict(part.split("=", 1) for part in named.split("&") if part)


_KOSONG = Visit("empty page", "", '[data-testid="stSlider"]', "x")
_HEADING = '[data-testid="stMain"] :is(h1, h2, h3)'
_RT = {"areas": 1650, "goal": "≤ 1,5 ×"}
VISITS = (
    Visit("/ringkasan", "ringkasan", ".st-key-bare_reconciliation .rk", "bahasa"),
    Visit("/peta", "peta", "iframe", "bulan", 68),
    Visit("/peta, RT", "peta?tingkat=rt", "iframe", "bulan", **_RT),
    Visit("/kampung-bahagia, RT", "kampung-bahagia", "iframe", "bulan_kb", **_RT),
    Visit("/simulasi", "simulasi", "iframe", "sim_orang", 68),
    Visit("/simulasi, RT", f"simulasi?{LINK}={encode(Scenario(by='rt'))}", "iframe",
          "sim_orang", **_RT),
    Visit("/santunan", "santunan", '[data-testid="stMain"] .rk-large', "rentang"),
    Visit("/paparan", "paparan", ".st-key-paparan_kartu_2 button", "bulan"),
    Visit("/data", "data", '[data-testid="stFileUploader"]', "bagian"),
    Visit("/definisi", "definisi", _HEADING, "definisi_bagian"),
)  # fmt: skip


def measure_pages(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Rows of the table: what, figure, goal."""
    from playwright.sync_api import sync_playwright

    home = folder / "pages-home"
    fill_with_demo(Store(home))
    scripts = script_times(home)
    empty_script = folder / "empty" / "app.py"
    empty_script.parent.mkdir(exist_ok=True)
    empty_script.write_text(_EMPTY)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with (
        _served([sys.executable, "-m", "streamlit", "run", str(empty_script),
                 "--server.headless", "true"], empty_script.parent, home) as empty,
        _served([sys.executable, "-m", "jambi_dash.ui.server"], PROJECT, home) as full,
        sync_playwright() as driver,
    ):  # fmt: skip
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        urls = {_KOSONG: f"{empty}/", **{v: f"{full}/{v.address}" for v in VISITS}}
        paints: dict[Visit, list[float]] = {visit: [] for visit in urls}
        for turn in range(ROUNDS + 1):
            for visit, url in urls.items():
                spent = _paint(browser, visit, url)
                paints[visit] += [spent] if turn else []
        # Whatever else the machine does can only slow a visit: the fastest says what the page costs.
        floor = min(paints[_KOSONG])
        _, nothing, quick, _ = _stay(browser, _KOSONG, urls[_KOSONG])
        _, _, clicked, _ = _stay(browser, Visit("", "", _KOSONG.shown, "y"), urls[_KOSONG])
        yield ("empty page: first load · sent · slider, button to the answer",
               f"{floor:.0f} ms · {nothing:.0f} kB · {quick:.0f}, {clicked:.0f} ms", "")  # fmt: skip
        for visit in VISITS:
            spent = min(paints[visit])
            slides, sent, change, answer = _stay(browser, visit, urls[visit])
            more = change - (quick if slides else clicked)
            yield f"{visit.name}: script, warm", f"{scripts[visit]:.0f} ms", "≤ 100 ms"
            yield (
                f"{visit.name}: first load",
                f"{spent:.0f} ms {number(spent / floor, 2)} ×",
                visit.goal,
            )
            yield f"{visit.name}: sent for it above an empty page", f"{sent - nothing:.0f} kB", ""
            yield f"{visit.name}: filter change", f"{change:.0f} ms {more:+.0f}", "≤ + 100 ms"
            yield f"{visit.name}: sent for it", f"{answer:.0f} kB", "< 60 kB" if visit.areas else ""
        browser.close()
    yield "/simulasi: target to new numbers, script: kelurahan · rt", model_times(home), "≤ 100 ms"


def _paint(browser: Any, visit: Visit, url: str) -> float:
    """Milliseconds from navigation to the sight of the page's answer, cold cache."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    start = time.perf_counter()
    _open(page, visit, url)
    spent = (time.perf_counter() - start) * 1000
    context.close()
    return spent


def _open(page: Any, visit: Visit, url: str) -> None:
    page.goto(url)
    page.locator(visit.shown).first.wait_for(state="visible")
    if visit.areas:
        frame = page.frame_locator("iframe").first
        frame.locator("path.area").nth(visit.areas - 1).wait_for(state="attached")


def _stay(browser: Any, visit: Visit, url: str) -> tuple[bool, float, float, float]:
    """Whether the filter slides, kB of the first load, then median ms and kB of a change.

    A change lasts until the last word of the server's answer has come; sizes are those on the wire.
    """
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    heard: list[tuple[float, int]] = []
    fetched = [0]
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished",
            lambda told: fetched.__setitem__(0, fetched[0] + int(told["encodedDataLength"])))  # fmt: skip
    page.on("websocket", lambda ws: ws.on(
        "framereceived", lambda frame: heard.append((time.perf_counter(), len(frame)))))  # fmt: skip
    _open(page, visit, url)
    page.wait_for_timeout(2500)  # charts come late
    first = (fetched[0] + sum(size for _, size in heard)) / 1000
    own = page.locator(f'[class*="st-key-{visit.change}"]')
    slider = own.locator("input[type=range]")
    slides = slider.count() > 0
    tabs = own.locator('[role="tab"]')
    parts = tabs if tabs.count() > 1 else own.locator("button")
    times, sizes = [], []
    for step in range(CHANGES + 1):
        heard.clear()
        if slides:
            slider.first.focus()
        start = time.perf_counter()
        if slides:
            page.keyboard.press("ArrowRight" if step % 2 else "ArrowLeft")
        else:
            parts.nth(1 - step % 2).click()
        while time.perf_counter() - start < 8:
            page.wait_for_timeout(50)
            if heard and time.perf_counter() - heard[-1][0] > _QUIET_SECONDS:
                break
        if heard and step:
            times.append((heard[-1][0] - start) * 1000)
            sizes.append(sum(size for _, size in heard) / 1000)
    context.close()
    return slides, first, statistics.median(times), statistics.median(sizes)


def script_times(home: Path) -> dict[Visit, float]:
    """The script of each page, warm, in milliseconds, without browser and wire."""
    from streamlit.testing.v1 import AppTest

    os.environ[HOME_VARIABLE] = str(home)
    os.chdir(PROJECT)
    found = {}
    for visit in VISITS:
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
        for name, value in visit.query.items():
            app.query_params[name] = value
        app.switch_page(visit.script).run()
        spent = []
        for _ in range(2 * ROUNDS + 2):
            start = time.perf_counter()
            app.run()
            spent.append((time.perf_counter() - start) * 1000)
        found[visit] = statistics.median(spent[2:])
    return found


def model_times(home: Path) -> str:
    """The script of Simulasi at another target each time: an answer remembered would say nothing."""
    from streamlit.testing.v1 import AppTest

    os.environ[HOME_VARIABLE] = str(home)
    figures = []
    for visit in VISITS:
        if not visit.address.startswith("simulasi"):
            continue
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
        for name, value in visit.query.items():
            app.query_params[name] = value
        app.switch_page(visit.script).run()
        spent = []
        for step in range(2 * ROUNDS + 2):
            slider = next(s for s in app.slider if str(s.key).startswith("sim_orang"))
            slider.set_value(3_500 + 50 * step)
            start = time.perf_counter()
            slider.run()
            spent.append((time.perf_counter() - start) * 1000)
        figures.append(f"{statistics.median(spent[2:]):.0f}")
    return " · ".join(figures) + " ms"


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
