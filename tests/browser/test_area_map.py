"""The area map in a real browser, behind a base URL path, as a reader meets it.

`apps/area_map_app.py` is a page of its own with invented hexagons; it runs in a temporary folder,
so that what it publishes lies there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jambi_dash.settings import PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "area_map_app.py"
WAIT = 20_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page, served under `/jambi`."""
    folder = tmp_path_factory.mktemp("app")
    shutil.copy(APP, folder)
    (folder / "static").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.baseUrlPath": "jambi",
        "server.headless": "true",
        "server.enableStaticServing": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    command = [sys.executable, "-m", "streamlit", "run", APP.name]
    for name, value in options.items():
        command += [f"--{name}", value]
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=log,
        stderr=log,
    )
    url = f"http://127.0.0.1:{port}/jambi"
    try:
        _await_health(f"{url}/_stcore/health", server, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        log.close()


def _await_health(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the page did not start: " + log.read_text())


@dataclass
class Visit:
    """An open page with what it asked for and what came over its websocket."""

    page: Page
    urls: list[str] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def frame(self) -> Frame:
        return next(f for f in self.page.frames if "streamlit_folium" in f.url)

    def runs(self) -> int:
        text = self.page.get_by_text(re.compile(r"^RUNS=\d+$")).inner_text()
        return int(text.removeprefix("RUNS="))

    def await_run(self, number: int) -> None:
        self.page.get_by_text(f"RUNS={number}", exact=True).wait_for(timeout=WAIT)

    def colours(self) -> str:
        return self.frame.evaluate(
            "[...document.querySelectorAll('path.area')].map((p) => p.getAttribute('class')).join()"
        )

    def move_slider(self) -> None:
        """One step; returns when the map has its new colours."""
        before, run = self.colours(), self.runs()
        slider = self.page.locator("[data-testid=stSlider] [tabindex='0'], [role=slider]").first
        slider.focus()
        self.page.keyboard.press("PageUp")
        self.await_run(run + 1)
        self.frame.wait_for_function(
            "(old) => [...document.querySelectorAll('path.area')]"
            ".map((p) => p.getAttribute('class')).join() !== old",
            arg=before,
            timeout=WAIT,
        )


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[object]:
    """Opens the page with a query and waits for the map."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})

    def open_page(query: str = "") -> Visit:
        page = context.new_page()
        found = Visit(page)
        page.on("request", lambda request: found.urls.append(request.url))
        page.on("pageerror", lambda error: found.errors.append(str(error)))
        page.on(
            "websocket",
            lambda socket: socket.on(
                "framereceived", lambda data: found.received.append(len(data))
            ),
        )
        page.goto(f"{address}/?{query}")
        page.frame_locator("iframe >> nth=0").locator("path.area").first.wait_for(timeout=WAIT)
        return found

    yield open_page
    context.close()


def test_1650_areas_are_drawn_and_no_other_host_is_asked(visit, address: str) -> None:
    seen = visit("level=rt")
    assert seen.frame.locator("path.area").count() == 1650
    assert {url for url in seen.urls if not url.startswith(address)} == set()
    assert len([url for url in seen.urls if url.endswith(".geojson")]) == 1
    assert seen.errors == []


def test_a_move_recolours_in_place_with_few_bytes_and_no_blank(visit) -> None:
    seen = visit("level=rt")
    seen.frame.evaluate(
        """() => {
          document.body.dataset.same = "yes";
          window.least = Infinity;
          const count = () => {
            window.least = Math.min(window.least, document.querySelectorAll("path.area").length);
            requestAnimationFrame(count);
          };
          count();
        }"""
    )
    for _ in range(3):
        seen.received.clear()
        seen.move_slider()
        assert 0 < sum(seen.received) < 60_000
    assert seen.frame.evaluate("document.body.dataset.same") == "yes", "the frame was remounted"
    assert seen.frame.evaluate("window.least") == 1650, "the map was blank for a moment"
    assert len([url for url in seen.urls if url.endswith(".geojson")]) == 1
    assert seen.errors == []


def test_a_click_returns_the_code_and_a_pan_reruns_nothing(visit) -> None:
    seen = visit()
    area = seen.frame.locator("path.area").nth(30)
    code = seen.frame.evaluate("JambiAreas.of(map).areas[30].code")
    area.click()
    seen.await_run(2)
    seen.page.get_by_text(f"CLICKED={code}").wait_for(timeout=WAIT)
    assert seen.frame.locator("path.chosen").count() == 1

    centre = "JSON.stringify(map.getCenter())"
    before = seen.frame.evaluate(centre)
    box = seen.page.locator("iframe").bounding_box()
    seen.page.mouse.move(box["x"] + 60, box["y"] + 250)
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + 160, box["y"] + 290, steps=6)
    seen.page.mouse.up()
    seen.frame.locator(".leaflet-control-zoom-in").click()
    # Longer than streamlit-folium waits before it reports a moved map.
    seen.page.wait_for_timeout(1200)
    assert seen.frame.evaluate(centre) != before
    assert seen.runs() == 2


def test_the_keyboard_walks_over_the_map_and_chooses(visit) -> None:
    seen = visit()
    seen.frame.locator("path.area[tabindex='0']").focus()
    seen.page.keyboard.press("ArrowRight")
    code = seen.frame.evaluate("document.activeElement.jambiArea.code")
    assert code == seen.frame.evaluate("JambiAreas.of(map).areas[1].code")
    assert seen.frame.locator(".jambi-tip strong").inner_text() in (
        seen.frame.evaluate("document.activeElement.getAttribute('aria-label')")
    )
    seen.page.keyboard.press("Enter")
    seen.page.get_by_text(f"CLICKED={code}").wait_for(timeout=WAIT)


def test_all_68_names_are_readable_on_a_small_laptop(visit) -> None:
    seen = visit()
    seen.frame.locator("text.name").first.wait_for(timeout=WAIT)
    sizes = seen.frame.evaluate(
        "[...document.querySelectorAll('text.name')].map((n) => +n.getAttribute('font-size'))"
    )
    assert len(sizes) == 68
    assert min(sizes) >= 9
    outside = seen.frame.evaluate(
        """() => {
          const spill = [];
          for (const area of JambiAreas.of(map).areas) {
            const text = document.querySelector(`text.name[data-code="${area.code}"]`);
            const [inner, outer] = [text, area.node].map((n) => n.getBoundingClientRect());
            if (inner.left < outer.left || inner.right > outer.right ||
                inner.top < outer.top || inner.bottom > outer.bottom) spill.push(area.name);
          }
          return spill;
        }"""
    )
    assert outside == []


@pytest.mark.parametrize("kind", ["cartogram", "true"])
def test_the_whole_map_lies_in_the_frame_above_the_legend(visit, kind: str) -> None:
    seen = visit(f"kind={kind}")
    seen.frame.locator("text.name").first.wait_for(timeout=WAIT)
    lowest, highest, legend = seen.frame.evaluate(
        """() => {
          const boxes = [...document.querySelectorAll("path.area")]
            .map((p) => p.getBoundingClientRect());
          return [Math.max(...boxes.map((b) => b.bottom)), Math.min(...boxes.map((b) => b.top)),
            document.querySelector(".jambi-legend").getBoundingClientRect().top];
        }"""
    )
    assert highest >= 0
    assert lowest <= legend


def test_states_are_drawn_with_patterns_and_numbers_as_indonesians_write_them(visit) -> None:
    seen = visit()
    patterns = seen.frame.evaluate("[...document.querySelectorAll('pattern')].map((p) => p.id)")
    assert len(patterns) == 3
    area = seen.frame.locator("path.area").nth(30)
    area.hover()
    value = seen.frame.locator(".jambi-tip dd").last.inner_text()
    assert re.fullmatch(r"\d+,\d%", value)


def test_a_phone_names_the_kecamatan_and_holds_the_legend(visit) -> None:
    seen = visit("view=difference")
    # The columns of this page are wider than those of the city.
    seen.page.set_viewport_size({"width": 280, "height": 844})
    seen.frame.locator("text.place").first.wait_for(state="attached", timeout=WAIT)
    assert seen.frame.locator("text.name").count() == 0
    right = seen.frame.evaluate(
        """Math.max(...[...document.querySelectorAll('.jambi-legend, .jambi-legend .step')]
            .map((one) => one.getBoundingClientRect().right)) - innerWidth"""
    )
    assert right <= 0


def test_a_state_that_nothing_is_in_is_not_explained(visit) -> None:
    seen = visit()
    counts = seen.frame.locator(".jambi-legend .item b").all_inner_texts()
    assert "0" not in counts
    drawn = seen.frame.evaluate(
        "JSON.stringify([...new Set(JambiAreas.of(map).areas.map((a) => a.k))].filter((k) => k > 6))"
    )
    assert len(counts) == len(json.loads(drawn))


def test_a_link_to_a_kecamatan_opens_on_it(visit) -> None:
    whole = visit().frame.evaluate("map.getZoom()")
    seen = visit("focus=15.71.08")
    seen.frame.locator("path.veil").wait_for(state="attached", timeout=WAIT)
    assert seen.frame.evaluate("map.getZoom()") > whole


def test_linked_maps_move_together(visit) -> None:
    seen = visit("pair=1")
    second = seen.page.frame_locator("iframe").nth(1)
    second.locator("path.area").first.wait_for(timeout=WAIT)
    one, two = (f for f in seen.page.frames if "streamlit_folium" in f.url)
    for frame in (one, two):
        frame.locator("text.name").first.wait_for(timeout=WAIT)
    one.locator(".leaflet-control-zoom-in").click()
    two.wait_for_function("map.getZoom() > map.getMinZoom() + 1.5", timeout=WAIT)
    same = (
        "[map.getZoom(), map.getCenter().lat, map.getCenter().lng].map((v) => v.toFixed(3)).join()"
    )
    seen.page.wait_for_timeout(500)
    assert one.evaluate(same) == two.evaluate(same)


def test_a_long_session_keeps_nothing_of_earlier_looks(visit) -> None:
    seen = visit()
    for _ in range(4):
        seen.move_slider()
    assert seen.frame.evaluate("window.feature_group.length") <= 2
    layers = "Object.keys(map._layers).length - document.querySelectorAll('.mark').length"
    kept = seen.frame.evaluate(layers)
    seen.move_slider()
    assert seen.frame.evaluate(layers) == kept


def test_missing_shapes_are_said_and_not_shown_as_an_empty_map(browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/*.geojson", lambda route: route.fulfill(status=404, body="no"))
    page.goto(address)
    alert = page.frame_locator("iframe").get_by_role("alert")
    alert.wait_for(timeout=WAIT)
    assert "tidak dapat dimuat" in alert.inner_text()
    page.close()
