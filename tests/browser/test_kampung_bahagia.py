"""Kampung Bahagia in a real browser: the months move the map and its shapes stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineWorkbook


def _of_rts(day: str) -> re.Pattern[str]:
    """The line above the map, the first of two, that says what it shows, and of when."""
    return re.compile(f"^RT menurut tahap .* per {day}$")


def _of_kelurahan(day: str) -> re.Pattern[str]:
    return re.compile(f"^persen RT, .* per {day}$")


def test_months_move_the_map_without_new_shapes(visit: Callable) -> None:
    seen = visit("/kampung-bahagia")
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    frame = seen.page.frame_locator('iframe[src*="folium"]').first
    frame.locator("path.area").nth(1649).wait_for(state="attached")
    seen.page.get_by_text(_of_rts("31 Desember 2025")).first.wait_for()
    before = [url for url in asked if "/static/" in url]
    slider = seen.page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowLeft")
    seen.page.get_by_text(_of_rts("30 November 2025")).first.wait_for()
    seen.page.wait_for_url("**bulan_kb=**")
    assert [url for url in asked if "/static/" in url] == before
    assert frame.locator("path.area").count() == 1650
    assert seen.outside == []


def test_playing_goes_from_the_first_month_to_the_chosen_one(visit: Callable) -> None:
    seen = visit("/kampung-bahagia?tingkat_kb=Kelurahan")
    seen.page.get_by_text(_of_kelurahan("31 Desember 2025")).wait_for()
    seen.page.get_by_role("button", name="Putar").click()
    seen.page.get_by_text(_of_kelurahan("3[01] (Juli|Agustus|September) 2025")).wait_for()
    seen.page.get_by_text(_of_kelurahan("31 Desember 2025")).wait_for()
    assert seen.errors == []


def test_a_link_restores_the_view_and_the_list_is_taken_away(
    visit: Callable, tmp_path: Path
) -> None:
    seen = visit(
        "/kampung-bahagia?bulan_kb=Nov+2025&tenggat=2027-12-31&kb_lembar=Gelombang+berikut"
        "&rt_per_bulan=25"
    )
    for text in ("per 30 November 2025", "sampai 31 Desember 2027", "menjadi 682 pada"):
        seen.page.get_by_text(text).first.wait_for()
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="Unduh daftar").click()
    path = tmp_path / "gelombang.xlsx"
    download.value.save_as(path)
    rows = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes())).get_sheet_by_index(0)
    assert len(rows.to_python()) == 1 + 25 * 25  # 25 whole months to the deadline
    assert seen.outside == []


def test_santunan_opens_and_keeps_to_itself(visit: Callable) -> None:
    seen = visit("/santunan?santunan_lembar=Perkiraan+dan+dibayar&kecamatan=Jelutung")
    seen.page.get_by_text("kasus per 1.000 orang per tahun").wait_for()
    seen.page.get_by_text("= 6 santunan").wait_for()  # of the kecamatan, not of the city
    assert seen.outside == []
    assert seen.errors == []
