"""A planner's afternoon in a real browser: cut, lock, add a fund, save, compare, share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running_dashboard import Dashboard, running_dashboard

from jambi_dash.releases.scenarios import ScenarioShelf

ROW = 33
"""Height of a row of the table of areas, in pixels; it is drawn on a canvas."""


@pytest.fixture(scope="module")
def own_dashboard(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A server on a store that may be written into."""
    home = shutil.copytree(demo_home, tmp_path_factory.mktemp("planner") / "home")
    with running_dashboard(Path(home), tmp_path_factory.mktemp("server") / "log") as running:
        yield running


def test_a_planners_afternoon(visit: Callable, own_dashboard: Dashboard) -> None:
    seen = visit("/simulasi", own_dashboard)
    page = seen.page

    def headline(text: str) -> None:
        page.locator("h2.rk-answer", has_text=text).wait_for()

    def save(name: str) -> None:
        page.get_by_role("button", name="Simpan", exact=False).first.click()
        page.get_by_label("Nama skenario").fill(name)
        page.get_by_role("button", name="Simpan sebagai skenario baru").click()
        page.get_by_text(f"Skenario “{name}” tersimpan.").first.wait_for()
        seen.settled()

    headline("dari 3.000 menjadi 4.000 orang")
    headline("Rp806.400.000")
    map_frame = page.frame_locator('iframe[src*="folium"]').first
    map_frame.locator("path.area").nth(67).wait_for(state="attached")
    save("Rencana dasar")

    # The budget is cut by a fifth.
    page.get_by_text("Batasi dengan anggaran setahun").click()
    exact = page.get_by_label("Anggaran, tepatnya")
    exact.fill("645.120.000")
    exact.press("Enter")
    headline("dari 3.000 menjadi 3.200 orang")
    save("Dipotong seperlima")

    # Two kelurahan are set by hand; the rest is shared anew.
    page.get_by_role("tab", name="Wilayah").click()
    for row, places in ((0, 10), (1, 60)):
        freed = page.get_by_role("button", name=f"Lepas {row + 1} kunci")
        # The table is a canvas that says nothing of when it takes clicks: write until it is heard.
        for _ in range(14):
            page.wait_for_timeout(2500)
            if freed.count():
                break
            box = page.locator('[data-testid="stDataFrame"]').first.bounding_box()
            assert box is not None
            page.mouse.dblclick(box["x"] + 260, box["y"] + 50 + ROW * row)
            page.wait_for_timeout(600)
            page.keyboard.press("Control+a")
            page.keyboard.type(str(places))
            page.keyboard.press("Enter")
        freed.wait_for()
    headline("200 pekerja baru")

    # Baznas pays what the city cannot.
    page.get_by_text("Dana", exact=True).first.click()
    page.wait_for_timeout(1000)  # the drawer slides open
    funds = page.get_by_role("combobox", name="Dana, menurut urutan membayar")
    funds.click()
    funds.press_sequentially("Bazn", delay=60)
    page.get_by_role("option", name="Baznas").click()
    page.keyboard.press("Escape")
    cap = page.get_by_role("spinbutton", name="Pagu APBD Kota Jambi, Rp")
    cap.fill("645120000")
    cap.press("Enter")
    page.get_by_text("Batasi dengan anggaran setahun").click()
    headline("Rp725.760.000")  # relief of PP 50/2025 for Baznas in the last months of 2026
    save("APBD dan Baznas")

    page.get_by_role("tab", name="Bandingkan").click()
    page.get_by_text("Pengaturan yang berbeda").wait_for()
    page.get_by_role("cell", name="Rp645.120.000").first.wait_for()
    assert {s.name for s in ScenarioShelf(own_dashboard.home).list().saved} == {
        "Rencana dasar", "Dipotong seperlima", "APBD dan Baznas",
    }  # fmt: skip

    # The link alone restores it, in another browser; names stay at home.
    told = page.locator("h2.rk-answer").inner_text()
    link = "/simulasi?" + next(
        part for part in page.url.partition("?")[2].split("&") if part.startswith("skenario=")
    )
    other = visit(link, own_dashboard)
    other.page.locator("h2.rk-answer", has_text=told).wait_for()
    assert other.page.get_by_text("APBD dan Baznas").count() == 0
    for watched in (seen, other):
        assert watched.outside == []
        assert watched.errors == []


def test_a_phone_shows_all_of_it(visit: Callable) -> None:
    seen = visit("/simulasi", viewport={"width": 390, "height": 844})
    seen.page.locator("h2.rk-answer").wait_for()
    wide = seen.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert seen.errors == []
