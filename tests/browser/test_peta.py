"""Peta Cakupan in a real browser: what only a browser shows."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from boundary_samples import invented_city, write_geojson
from running_dashboard import running_dashboard

from jambi_dash.geography import boundaries


def wait_for_areas(page: Any, count: int) -> None:
    frame = page.frame_locator('iframe[src*="folium"]').first
    frame.locator("path.area").nth(count - 1).wait_for(state="attached")
    assert frame.locator("path.area").count() == count


def test_the_map_shows_every_area_and_a_click_goes_down(visit: Callable) -> None:
    seen = visit("/peta")
    wait_for_areas(seen.page, 68)
    frame = seen.page.frame_locator('iframe[src*="folium"]').first
    frame.locator('path.area[aria-label*="Lebak Bandung"]').first.click()
    seen.page.wait_for_url("**wilayah=15.71.08.1004**")
    wait_for_areas(seen.page, 1650)
    seen.page.get_by_role("button", name="Jelutung", exact=True).click()
    seen.page.wait_for_url("**wilayah=15.71.08")
    wait_for_areas(seen.page, 68)
    assert seen.outside == []


def test_a_link_restores_the_view(visit: Callable) -> None:
    seen = visit("/peta?wilayah=15.71.08&tingkat=RT&bahasa=English&kelompok=RT+heads")
    wait_for_areas(seen.page, 1650)
    body = seen.page.inner_text("body")
    assert "Jelutung" in body
    assert "RT heads" in body
    assert seen.outside == []


def test_panning_reruns_nothing(visit: Callable) -> None:
    seen = visit("/peta")
    wait_for_areas(seen.page, 68)
    # The ranking comes a moment after the map, by a rerun of its own (ui/later.py).
    seen.page.locator(".js-plotly-plot").first.wait_for()
    seen.settled()
    box = seen.page.locator('iframe[src*="folium"]').first.bounding_box()
    # The legend is the map's foot: both are seen whole at first sight.
    assert box["y"] + box["height"] <= seen.page.viewport_size["height"]
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    reruns = """() => { window.__runs = 0; new MutationObserver(() => {
        if (document.querySelector('.stApp').dataset.testScriptState === 'running') window.__runs += 1;
    }).observe(document.querySelector('.stApp'), {attributes: true}); }"""
    seen.page.evaluate(reruns)
    seen.page.mouse.move(x, y)
    seen.page.mouse.down()
    seen.page.mouse.move(x + 80, y + 30, steps=6)
    seen.page.mouse.up()
    time.sleep(1.5)
    assert seen.page.evaluate("window.__runs") == 0


def test_official_boundaries_draw_the_same_areas(
    tmp_path: Path, demo_home: Path, visit: Callable
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    boundaries.install(home, write_geojson(invented_city(), tmp_path / "batas.geojson"))
    with running_dashboard(home, tmp_path / "log") as server:
        seen = visit("/peta", server=server)
        wait_for_areas(seen.page, 68)
        assert "Batas resmi" in seen.page.inner_text("body")
        rts = visit("/peta?tingkat=RT", server=server)
        wait_for_areas(rts.page, 1650)
        assert seen.outside == rts.outside == []
