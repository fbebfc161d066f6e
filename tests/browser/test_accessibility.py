"""By keyboard alone, enlarged, on a phone, heard instead of seen, without motion.

What axe-core finds at the usual widths stands in `test_structure.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page_faults import axe_faults, structure_faults, wait_until_still
from running_dashboard import running_dashboard

if TYPE_CHECKING:
    from playwright.sync_api import Page

# 200 % of a small laptop's screen; the narrowest window of WCAG 1.4.10.
ENLARGED = {"viewport": {"width": 683, "height": 384}, "device_scale_factor": 2}
NARROW = {"viewport": {"width": 320, "height": 640}}
PAGES = ("/ringkasan", "/peta", "/kampung-bahagia", "/simulasi", "/santunan", "/paparan", "/data",
         "/definisi")  # fmt: skip

_FOCUS = """() => { const one = document.activeElement;
    const signs = [...one.querySelectorAll('[role=img][aria-label]')].map((sign) => sign.ariaLabel);
    return [one.ariaLabel || [...signs, one.innerText || one.textContent].join(' '), one.tagName]; }"""
_RING = """() => { const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"""


def tab_to(page: Page, words: str, most: int = 60) -> None:
    """Presses Tab until what has the focus is called `words`, as a reader without a mouse does."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        name, kind = page.evaluate(_FOCUS)
        passed.append(f"{kind} {name[:30]!r}")
        # Streamlit's whole main part is a stop of its own, with all words of the page.
        if words in name and kind != "MAIN":
            return
    raise AssertionError(f"the Tab key does not come to {words!r}: {passed}")


def test_from_the_summary_to_a_kelurahan_without_a_mouse(visit: Callable) -> None:
    seen = visit("/ringkasan")
    page = seen.page
    wait_until_still(page)
    tab_to(page, "Langsung ke isi halaman", 1)
    tab_to(page, "Peta Cakupan")
    assert page.evaluate(_RING)
    page.keyboard.press("Enter")
    page.wait_for_url("**/peta*")
    assert page.title().startswith("Peta Cakupan")
    wait_until_still(page)

    tab_to(page, "Bulan")
    page.keyboard.press("ArrowLeft")
    page.get_by_text("November 2025").first.wait_for()
    wait_until_still(page)

    # Into the map: the frame, then its areas; the arrows go from area to area.
    tab_to(page, "Cakupan pekerja rentan tiap kelurahan, November 2025")
    frame = page.frame_locator("iframe").first
    for _ in range(4):
        if frame.locator("path.area:focus").count():
            break
        page.keyboard.press("Tab")
    first = frame.locator("path.area:focus")
    name = first.get_attribute("aria-label")
    assert name is not None
    assert "%" in name
    page.keyboard.press("ArrowRight")
    second = frame.locator("path.area:focus").get_attribute("aria-label")
    assert second not in (None, name)
    page.keyboard.press("Enter")
    page.wait_for_url("**wilayah=15.71.*")
    page.get_by_text(str(second).partition(",")[0]).first.wait_for()
    assert seen.errors == []


def test_a_definition_opens_and_closes_without_a_mouse(visit: Callable) -> None:
    page = visit("/ringkasan").page
    wait_until_still(page)
    tab_to(page, "Arti angka ini")
    assert page.evaluate(_RING)
    page.keyboard.press("Enter")
    opened = page.get_by_test_id("stPopoverBody")
    opened.get_by_text("Rumus").wait_for()
    page.keyboard.press("Escape")
    opened.wait_for(state="detached")
    # Back where the reader was.
    assert page.evaluate("document.activeElement.dataset.testid") == "stPopoverButton"


def test_the_projector_ends_by_escape(visit: Callable) -> None:
    page = visit("/ringkasan?proyektor=ya").page
    wait_until_still(page)
    assert page.get_by_test_id("stTopNav").count() == 0
    page.keyboard.press("Escape")
    page.get_by_test_id("stTopNav").wait_for()
    assert "proyektor" not in page.url


def test_a_picture_is_taken_without_a_mouse(visit: Callable) -> None:
    page = visit("/paparan?isi=cakupan.kelurahan").page
    wait_until_still(page)
    tab_to(page, "Bentuk berkas")
    page.keyboard.type("PNG")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**bentuk=*")
    wait_until_still(page)
    tab_to(page, "Ambil")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith((".png", ".zip"))


@pytest.mark.parametrize("options", [ENLARGED, NARROW], ids=["enlarged", "narrow"])
def test_everything_is_there_enlarged_and_narrow(options: dict, visit: Callable) -> None:
    seen = visit("/ringkasan", **options)
    found = []
    for address in PAGES:
        seen.go(address)
        wait_until_still(seen.page)
        found += [f"{address}: {fault}" for fault in structure_faults(seen.page)]
    assert found == []


def test_a_phone_leads_past_the_controls(visit: Callable) -> None:
    seen = visit("/simulasi", viewport={"width": 390, "height": 844})
    for address, landed in (("/simulasi", "h2.rk-answer"), ("/peta", "iframe")):
        page = seen.go(address)
        wait_until_still(page)
        page.locator(".rk-jump").click()
        page.wait_for_timeout(600)
        box = page.locator(landed).first.bounding_box()
        assert box is not None
        assert 0 < box["y"] < 500
        assert seen.errors == []


def test_the_language_is_said_on_every_page(visit: Callable) -> None:
    page = visit("/ringkasan").page
    assert page.evaluate("document.documentElement.lang") == "id"
    page.get_by_role("radio", name="English").click()
    page.locator("html[lang=en]").wait_for(state="attached")
    page.get_by_role("link", name="Coverage Map").first.click()
    page.wait_for_url("**/peta*")
    wait_until_still(page)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.frames[-1].evaluate("document.documentElement.lang") == "en"
    assert page.title().startswith("Coverage Map")
    assert page.get_by_role("link", name="Skip to main content").count() == 1
    page.get_by_role("radio", name="Bahasa Indonesia").click()
    page.get_by_role("link", name="Langsung ke isi halaman").wait_for(state="attached")


def test_charts_and_maps_say_what_they_show(visit: Callable) -> None:
    seen = visit("/ringkasan")
    for address in ("/ringkasan", "/peta", "/kampung-bahagia?kb_lembar=rencana",
                    "/santunan", "/simulasi?sim_lembar=biaya"):  # fmt: skip
        page = seen.go(address)
        # Charts come a moment after the first page of a visit (ui/later.py).
        page.locator(".stPlotlyChart, iframe, .rk svg[role=img]").first.wait_for()
        wait_until_still(page)
        told = page.evaluate("""() => [...document.querySelectorAll(
            '.stPlotlyChart, iframe, .rk svg[role=img]')].map((one) =>
            (one.getAttribute('aria-label') || one.closest('[aria-label]')?.ariaLabel ||
             one.querySelector('[aria-label]')?.ariaLabel || ''))""")
        assert told, address
        assert min(map(len, told)) > 15, (address, told)


def test_an_empty_store_in_the_hand(tmp_path: Path, visit: Callable) -> None:
    with running_dashboard(tmp_path / "home", tmp_path / "log") as empty:
        seen = visit("/ringkasan", server=empty, viewport={"width": 390, "height": 844})
        found = []
        for address in PAGES:
            seen.go(address)
            wait_until_still(seen.page)
            faults = structure_faults(seen.page) + axe_faults(seen.page)
            found += [f"{address}: {fault}" for fault in faults]
        assert found == []


def test_who_wants_no_motion_gets_none(visit: Callable) -> None:
    page = visit("/peta", reduced_motion="reduce").page
    wait_until_still(page)
    area = page.frame_locator("iframe").first.locator("path.area").first
    assert area.evaluate("one => getComputedStyle(one).transitionDuration") == "0s"
    moving = page.evaluate("""() => document.getAnimations().filter((one) =>
        one.playState === 'running' && one.effect.getTiming().duration > 20).length""")
    assert moving == 0
