"""Every page in both languages, both themes and three widths: nothing cut, nothing on top of
another, nothing empty, and no serious fault by axe-core.

One page is opened once; language, theme, section and width change as a reader changes them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from page_faults import axe_faults, structure_faults, wait_until_still

from jambi_dash.domain.language import LANGUAGES

SIZES = ((1920, 1080), (390, 844), (1366, 768))
THEMES = ("light", "dark")
# What is seen of a page: its first section in every pairing of language and width, and in both
# themes; the others in each language, each theme and on a phone. A theme moves nothing.
WIDTHS_OF_SECTIONS = {"id": SIZES[1:], "en": SIZES[1:2]}
THEMES_OF_SECTIONS = {"id": THEMES[:1], "en": THEMES[1:]}
PAGES = ("/ringkasan", "/peta", "/peta?tampilan=two", "/kampung-bahagia", "/simulasi",
         "/santunan", "/paparan", "/data", "/definisi")  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_a_page_stands_well(address: str, visit: Callable) -> None:
    seen = visit(address)
    page = seen.page
    wait_until_still(page)
    found = []
    for language, name in LANGUAGES.items():
        if language != "id":
            page.get_by_role("radio", name=name).click()
            page.locator(f"html[lang={language}]").wait_for(state="attached")
            wait_until_still(page)
        sections = page.get_by_role("tab")
        for section in range(max(1, sections.count())):
            if section or language != "id":
                if sections.count():
                    sections.nth(section).click()
                wait_until_still(page)
            where = f"{language}, section {section}, "
            for width, height in WIDTHS_OF_SECTIONS[language] if section else SIZES:
                page.set_viewport_size({"width": width, "height": height})
                wait_until_still(page)
                found += [f"{where}{width}: {fault}" for fault in structure_faults(page)]
            for theme in THEMES_OF_SECTIONS[language] if section else THEMES:
                page.emulate_media(color_scheme=theme)
                wait_until_still(page)
                found += [f"{where}{theme}: {fault}" for fault in axe_faults(page)]
    assert found == []
    assert seen.errors == []


def test_a_link_shows_the_tab_of_its_section_on_a_phone(visit: Callable) -> None:
    seen = visit("/data?bagian=catatan")
    page = seen.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    wait_until_still(page)
    # The script looks a moment after the page.
    page.locator('[role="tab"][aria-selected="true"]').wait_for()
    for _ in range(20):
        box = page.get_by_role("tab", selected=True).bounding_box()
        if box and box["x"] + box["width"] <= 390:
            break
        page.wait_for_timeout(200)
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert seen.errors == []
