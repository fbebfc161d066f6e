"""Projector mode in a real browser: chosen, full screen, turning, stopped by a key, kept by a link."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

TITLE = ".pj-title"
OVERFLOWS = """() => {
  const screen = document.querySelector('.pj')
  const foot = screen.querySelector('.pj-foot').getBoundingClientRect().top
  const out = [...screen.querySelectorAll('*')].filter((e) => {
    const box = e.getBoundingClientRect()
    const low = e.closest('.pj-body') ? foot : innerHeight
    return box.width && (box.bottom > low + 1 || box.right > innerWidth + 1)
  })
  return out.map((e) => e.className).concat(screen.scrollHeight > screen.clientHeight ? ['pj'] : [])
}"""
LARGEST = """() => Math.max(...[...document.querySelectorAll('.pj *')].map(
  (e) => parseFloat(getComputedStyle(e).fontSize)))"""


def title(page: Page) -> str:
    return page.locator(TITLE).inner_text()


def until(page: Page, done: Callable[[], bool]) -> None:
    """Waits by asking: the page's own security policy refuses playwright's `wait_for_function`."""
    for _ in range(120):
        if done():
            return
        page.wait_for_timeout(250)
    raise AssertionError("what was waited for did not come")


def is_full(page: Page) -> bool:
    return bool(page.evaluate("document.fullscreenElement !== null"))


def press_until(page: Page, key: str, done: Callable[[], bool]) -> None:
    page.keyboard.press(key)
    until(page, done)


def test_chosen_views_fill_the_screen_and_a_key_ends_it(visit: Callable) -> None:
    seen = visit("/ringkasan")
    page = seen.page
    page.get_by_role("button", name="Mode proyektor").click()
    page.get_by_role("dialog").get_by_text("Mulai layar penuh").wait_for()
    page.wait_for_timeout(1500)  # the script behind the button is fetched
    page.get_by_role("dialog").get_by_text("Mulai layar penuh").click()
    page.locator(TITLE).wait_for()
    until(page, lambda: is_full(page))
    assert "DATA CONTOH" in page.locator(".pj-foot").inner_text()
    assert page.locator(".pj-dots i").count() == 5
    # Nothing to click is seen: the controls are there for the keyboard alone.
    controls = page.locator(".st-key-proyektor_kendali")
    assert controls.evaluate("e => getComputedStyle(e).opacity") == "0"
    assert page.locator('[data-testid="stTopNavLink"]:visible').count() == 0
    assert page.locator(".st-key-kepala").is_visible() is False
    first = title(page)
    press_until(page, "ArrowRight", lambda: title(page) != first)
    press_until(page, "ArrowLeft", lambda: title(page) == first)
    press_until(page, "Escape", lambda: page.locator(".pj").count() == 0)
    page.wait_for_url(re.compile(r"/ringkasan($|\?(?!.*proyektor))"))
    until(page, lambda: not is_full(page))
    assert seen.errors == []


def test_leaving_full_screen_ends_it_too(visit: Callable) -> None:
    page = visit("/ringkasan").page
    page.get_by_role("button", name="Mode proyektor").click()
    page.get_by_role("dialog").get_by_text("Mulai layar penuh").wait_for()
    page.wait_for_timeout(1500)
    page.get_by_role("dialog").get_by_text("Mulai layar penuh").click()
    until(page, lambda: is_full(page))
    page.locator(TITLE).wait_for()
    # What a browser does with Esc or F11 in full screen.
    page.evaluate("document.exitFullscreen()")
    page.locator(".pj").wait_for(state="detached")


def test_a_link_turns_by_itself_until_space_holds_it(visit: Callable) -> None:
    page = visit("/ringkasan?proyektor=uang~kampung&detik=5").page
    page.locator(TITLE).wait_for()
    assert page.locator(".pj-dots i").count() == 2
    first = title(page)
    until(page, lambda: title(page) != first)
    until(page, lambda: title(page) == first)
    press_until(page, "Space", lambda: page.locator(".pj-clock").count() == 0)
    held = title(page)
    page.wait_for_timeout(8000)
    assert title(page) == held
    press_until(page, "Space", lambda: page.locator(".pj-clock").count() == 1)


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (390, 844)])
def test_every_view_fits_one_screen_in_large_type(size: tuple[int, int], visit: Callable) -> None:
    views = ("ringkasan~perhatian~peta~kampung~uang~cakupan.kecamatan~"
             "perubahan.kelurahan.b2025-06~kampung.rt")  # fmt: skip
    seen = visit(
        f"/ringkasan?proyektor={views}&detik=600", viewport={"width": size[0], "height": size[1]}
    )
    page = seen.page
    page.locator(TITLE).wait_for()
    assert page.locator(".pj-dots i").count() == 8
    for place in range(8):
        page.locator(f".pj-dots i:nth-child({place + 1}).pj-now").wait_for()
        assert page.evaluate(OVERFLOWS) == []
        if place < 5 and size[0] > size[1]:
            assert page.evaluate(LARGEST) >= 0.05 * size[1]
        page.locator(".st-key-proyektor_maju button").wait_for(state="attached")
        seen.settled()
        page.keyboard.press("ArrowRight")


def test_who_wants_no_motion_gets_none(visit: Callable) -> None:
    page = visit("/ringkasan?proyektor=ya", reduced_motion="reduce").page
    page.locator(TITLE).wait_for()
    moves = page.locator(".pj-clock").evaluate("e => getComputedStyle(e).animationName")
    assert moves == "none"
