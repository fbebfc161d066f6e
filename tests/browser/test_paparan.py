"""Bahan Paparan in a real browser: views are gathered, a file comes down; the HTML file stands alone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from jambi_dash.exports.html_file import html_page
from jambi_dash.exports.picks import Pick, view_of
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.exports.theme import load_theme
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store

LEBAK_BANDUNG = "15.71.08.1004"


def taken(seen: Any, path: Path) -> bytes:
    """The file that the button gives to the browser."""
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="Ambil", exact=False).click()
    target = path / download.value.suggested_filename
    download.value.save_as(target)
    return target.read_bytes()


def test_two_views_become_slides_and_a_zip(visit: Callable, tmp_path: Path) -> None:
    seen = visit("/paparan")
    page = seen.page
    page.locator(".rk-preview svg").first.wait_for()
    for count in (1, 2):
        page.get_by_role("button", name="Tambahkan").first.click()
        page.get_by_text(f"Isi paparan ({count})").wait_for()
    seen.settled()
    assert "isi=cakupan.kelurahan~cakupan.kecamatan" in page.url
    slides = Presentation(BytesIO(taken(seen, tmp_path))).slides
    assert len(slides) == 2
    with zipfile.ZipFile(BytesIO(_as(visit, page.url, "Tabel CSV", tmp_path))) as archive:
        assert archive.namelist() == ["01-cakupan-kelurahan.csv", "02-cakupan-kecamatan.csv"]
        assert b"15.71.08.1004;Lebak Bandung" in archive.read("01-cakupan-kelurahan.csv")
    # What was taken lies at no address of the server.
    assert seen.outside == []
    assert seen.errors == []


def _as(visit: Callable, url: str, form: str, path: Path) -> bytes:
    """The same list by its link, taken in another form; nothing of it is asked for at /media."""
    seen = visit("/paparan?" + url.partition("?")[2] + "&bentuk=" + form.replace(" ", "+"))
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    content = taken(seen, path)
    assert [address for address in asked if "/media/" in address] == []
    return content


def test_a_map_is_sent_and_looked_at(visit: Callable) -> None:
    seen = visit("/peta")
    seen.page.get_by_role("button", name="Kirim ke paparan").click()
    seen.page.get_by_role("link", name="Buka Bahan Paparan").click()
    seen.page.get_by_text("Isi paparan (1)").wait_for()
    seen.page.get_by_role("button", name="Lihat").click()
    picture = seen.page.locator("img.rk-picture")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") == 1280  # 13,33 inches at 96 dpi
    assert seen.outside == []
    assert seen.errors == []


@pytest.fixture(scope="module")
def html_file(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two views as one HTML file."""
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as door:
        views = [
            (view_of(pick, door), shapes_for(demo_home, door, pick.level, "cartogram"))
            for pick in (Pick("coverage"), Pick("rollout", "rt"))
        ]
        content = html_page(views, theme=load_theme(demo_home))
    path = tmp_path_factory.mktemp("html") / "paparan.html"
    path.write_bytes(content)
    return path


@pytest.fixture
def alone(browser: Any, html_file: Path) -> Iterator[Any]:
    """The file in a browser without network; whatever it complains about or asks for is an error."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if request.url != html_file.as_uri()
            else None)  # fmt: skip
    page.goto(html_file.as_uri())
    yield page
    context.close()
    assert wrong == []


def test_pointing_shows_the_number_in_map_and_table(alone: Any) -> None:
    area = alone.locator(f'#v1 .a[data-code="{LEBAK_BANDUNG}"]')
    row = alone.locator(f'#v1 tr[data-code="{LEBAK_BANDUNG}"]')
    area.hover()
    tip = alone.locator("#tip")
    tip.wait_for()
    assert "Lebak Bandung" in tip.inner_text()
    covered = row.locator("td").nth(2).inner_text()
    assert re.search(rf"Terlindungi\s+{re.escape(covered)}\b", tip.inner_text())
    assert "on" in (row.get_attribute("class") or "").split()
    # The row was brought into sight, and shows its area in turn.
    assert row.is_visible()
    row.hover()
    assert alone.locator("#v1 .ring").get_attribute("d") == area.get_attribute("d")


def test_keys_walk_over_the_map(alone: Any) -> None:
    first = alone.locator("#v1 .a").first
    first.focus()
    alone.keyboard.press("ArrowRight")
    code = alone.evaluate("document.activeElement.dataset.code")
    assert code != first.get_attribute("data-code")
    name = alone.locator(f'#v1 tr[data-code="{code}"] td').nth(1).inner_text()
    assert name in alone.locator("#tip").inner_text()
    alone.keyboard.press("Enter")
    assert "pin" in (alone.locator(f'#v1 tr[data-code="{code}"]').get_attribute("class") or "")
    alone.keyboard.press("Escape")
    assert alone.locator("#tip").is_hidden()


def test_the_table_sorts_both_ways_and_searches(alone: Any) -> None:
    values = "rows => rows.map(row => Number(row.cells[4].dataset.v))"
    rows = alone.locator("#v1 tbody tr")
    rate = alone.locator("#v1 thead button").nth(4)
    for reverse, said in ((False, "ascending"), (True, "descending")):
        rate.click()
        found = rows.evaluate_all(values)
        assert found == sorted(found, reverse=reverse)
        assert rate.locator("..").get_attribute("aria-sort") == said
    alone.locator("#v1 input").fill("jelutung")
    assert alone.locator("#v1 output").inner_text() == "7 dari 68 kelurahan"
    assert alone.locator("#v1 tbody tr:visible").count() == 7
    assert alone.locator("#v1 .a.dim").count() == 61


def test_a_class_of_the_legend_and_the_tabs(alone: Any) -> None:
    key = alone.locator("#v1 .key:enabled").first
    count = int(key.locator("span").inner_text())
    key.click()
    assert alone.locator("#v1 tbody tr:visible").count() == count
    alone.get_by_role("tab").nth(1).click()
    assert alone.locator("#v1").is_hidden()
    assert alone.locator("#v2 .a").count() == 1650
    alone.reload()
    assert alone.locator("#v2").is_visible()  # the address remembers the tab


def test_moving_closer_and_back(alone: Any) -> None:
    whole = alone.locator("#v1 .map").get_attribute("viewBox")
    alone.get_by_role("button", name="Perbesar").first.click()
    closer = alone.locator("#v1 .map").get_attribute("viewBox")
    assert float(closer.split()[2]) < float(whole.split()[2])
    alone.get_by_role("button", name="Seluruh kota").first.click()
    back = alone.locator("#v1 .map").get_attribute("viewBox")
    assert [float(n) for n in back.split()] == [float(n) for n in whole.split()]


def test_a_narrow_screen_needs_no_scrolling_to_the_side(browser: Any, html_file: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(html_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(f'#v1 .a[data-code="{LEBAK_BANDUNG}"]').tap()
    assert "Lebak Bandung" in page.locator("#tip").inner_text()
    context.close()
