"""Names of areas, files and columns that would be markup, in a real Chromium: all stay text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hostile_names
import pytest
from make_city import codes, make_city
from running_dashboard import Dashboard, running_dashboard

from jambi_dash.settings import DATA_VARIABLE

AREA = hostile_names.KELURAHAN[12]
# A class `st-key-…` is what Streamlit makes of a widget's key, letters and digits alone.
MADE_OF_A_NAME = """() => [...document.querySelectorAll('*')].filter(one =>
    one.matches('.katex, .katex-error') || [...one.attributes].some(a =>
        a.name.startsWith('on') || (/^(class|src|href|xlink:href|style)$/.test(a.name)
            && /jahat|^javascript:/.test(a.value.replace(/st-key-\\S*/g, '')))))
    .map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dashboard]:
    """A small city in which every area that anybody has cover in bears such a name."""
    city = make_city(tmp_path / "kota")
    places = [codes()[number] for number in hostile_names.KELURAHAN]
    with (tmp_path / "rw.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["Kelurahan", "RW", "Perkiraan Pekerja Rentan"],
             *([code, 1, 40] for code, *_ in places)]
        )  # fmt: skip
    monkeypatch.setenv(DATA_VARIABLE, str(city))
    home = tmp_path / "home"
    home.mkdir()
    with running_dashboard(home, tmp_path / "log") as running:
        yield running


def send(seen: Any, *files: Path) -> None:
    seen.page.locator('input[type="file"]').set_input_files(list(files))
    seen.page.get_by_role("button", name="Periksa", exact=True).click()
    seen.page.get_by_role("heading", name="Hasil pemeriksaan").wait_for()
    seen.settled()


def test_no_name_becomes_an_element(served: Dashboard, tmp_path: Path, visit: Callable) -> None:
    word = hostile_names.SENT
    sent = tmp_path / (word.replace("/", "") + ".csv")
    with sent.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["NIK", "Nama", "Kelurahan", "RW", "Pekerjaan", "Mulai", word])
        for number, place in enumerate(hostile_names.KELURAHAN):
            for person in range(place):
                writer.writerow([f"15710410{6 + number:02d}85{person + 1:04d}", word,
                                 codes()[place][0], 1, word, "2025-06", word])  # fmt: skip
    asked: list[str] = []
    made: list[tuple[str, list[str]]] = []

    def look(where: str) -> None:
        made.extend((where, frame.evaluate(MADE_OF_A_NAME)) for frame in seen.page.frames)

    seen = visit("/data", server=served)
    seen.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    send(seen, sent, tmp_path / "rw.csv")
    look("check")
    assert word in seen.page.inner_text("body")
    seen.page.get_by_role("button", name="Terbitkan", exact=False).first.click()
    seen.page.get_by_text("Terbit sebagai rilis").wait_for()
    look("published")

    seen.go("/peta")
    marks = seen.page.locator(".js-plotly-plot .ytick text")
    marks.first.wait_for()
    assert AREA in marks.all_text_contents()
    marks.first.hover(force=True)
    seen.page.frame_locator("iframe").first.locator("path.area").first.hover(force=True)
    look("map")
    seen.go(f"/definisi?cari={quote(word)}")
    seen.page.get_by_text("0 hasil untuk").wait_for()
    look("search")
    assert [found for found in made if found[1]] == []
    assert len(made) >= 5
    assert asked == []
    assert seen.outside == []
    assert seen.errors == []
