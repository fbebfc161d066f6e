"""The one HTML file read back: numbers of the command, nothing fetched, nothing that runs by itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.domain.language import set_language
from jambi_dash.domain.months import Month
from jambi_dash.domain.scenario import Scenario
from jambi_dash.exports.html_file import html_page
from jambi_dash.exports.picks import Pick, scenario_pick, view_of
from jambi_dash.exports.shapes import Shapes, shapes_for
from jambi_dash.exports.theme import load_theme
from jambi_dash.exports.vector_map import TINY, draw, label, preview_svg
from jambi_dash.exports.views import MapView
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store

KELURAHAN_BYTES = 300_000
THREE_MB = 3_000_000


@pytest.fixture(scope="module")
def door(demo_home: Path) -> Iterator[Door]:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as opened:
        yield opened


def made(home: Path, door: Door, *picks: Pick, public: bool = False, title: str = "") -> str:
    views = [
        (view_of(pick, door, public=public), shapes_for(home, door, pick.level, "cartogram"))
        for pick in picks
    ]
    return html_page(views, theme=load_theme(home), title=title).decode("utf-8")


class Read(HTMLParser):
    """Elements in their order with their attributes, and the cells of every table row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.rows: list[tuple[dict[str, str], list[tuple[str, str | None]]]] = []
        self._cell: list[str] | None = None
        self._value: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag == "tr":
            self.rows.append((given, []))
        if tag == "td":
            self._cell, self._value = [], given.get("data-v")

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self._cell is not None:
            self.rows[-1][1].append(("".join(self._cell), self._value))
            self._cell = None

    def of(self, tag: str, name: str) -> list[dict[str, str]]:
        """The attributes of all elements of a tag that carry a class."""
        return [a for t, a in self.elements if t == tag and name in a.get("class", "").split()]


@pytest.mark.parametrize("public", [False, True])
def test_every_number_is_that_of_the_command(demo_home: Path, door: Door, public: bool) -> None:
    read = Read(made(demo_home, door, Pick("coverage"), public=public))
    table = coverage(door, by="kelurahan", public=public)
    rows = [(given, cells) for given, cells in read.rows if "data-code" in given]
    assert [given["data-code"] for given, _ in rows] == [row.code for row in table.rows]
    for row, (_, cells) in zip(table.rows, rows, strict=True):
        values = [row.covered, row.eligible, row.rate]
        assert [v for _, v in cells[2:5]] == ["" if v is None else repr(v) for v in values]
    words = [text for _, cells in rows for text, _ in cells]
    assert (HIDDEN in words) is public
    city = next(cells for given, cells in read.rows if given.get("class") == "city")
    assert city[2] == ("3.000", "3000")


def test_map_legend_and_table_are_of_the_same_areas(demo_home: Path, door: Door) -> None:
    view = view_of(Pick("coverage"), door)
    read = Read(made(demo_home, door, Pick("coverage")))
    areas = read.of("path", "a")
    assert [area["data-code"] for area in areas] == list(view.classes)
    assert [int(area["class"].rpartition("-")[2]) for area in areas] == list(view.classes.values())
    assert all(area["aria-label"] and area["d"].endswith("Z") for area in areas)
    keys = {int(key["data-c"]) for key in read.of("button", "key")}
    assert set(view.classes.values()) <= keys


def test_nothing_is_fetched_and_only_its_own_script_may_run(demo_home: Path, door: Door) -> None:
    text = made(demo_home, door, Pick("coverage"), Pick("difference"), Pick("rollout"))
    assert "http" not in text.replace("http-equiv", "")
    assert "@import" not in text
    assert re.findall(r"url\((?!#)", text) == []
    read = Read(text)
    for _, given in read.elements:
        assert not [name for name in given if name.startswith("on") or name in ("style", "src")]
        assert given.get("href", "#").startswith("#")
    policy = next(g["content"] for _, g in read.elements if "http-equiv" in g)
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_texts_are_escaped(demo_home: Path, door: Door) -> None:
    evil = '<img src=x onerror="alert(1)"></title><script>alert(2)</script>'
    text = made(demo_home, door, Pick("coverage", title=evil), Pick("rollout"), title=evil)
    assert "<img" not in text
    assert text.count("<script>") == 1
    assert evil in unescape(text)
    Read(text)


def test_views_are_tabs_and_each_says_where_it_is_from(demo_home: Path, door: Door) -> None:
    release = Store(demo_home).require_current().release
    picks = [
        Pick("coverage"), Pick("coverage", "kecamatan"), Pick("rollout"),
        Pick("difference", before=Month(2025, 6)), scenario_pick(Scenario(), release, "difference"),
    ]  # fmt: skip
    text = made(demo_home, door, *picks)
    read = Read(text)
    tabs = [given for _, given in read.elements if given.get("role") == "tab"]
    panels = [given for _, given in read.elements if given.get("role") == "tabpanel"]
    assert [tab["aria-controls"] for tab in tabs] == [panel["id"] for panel in panels]
    assert len(tabs) == len(picks)
    identities = [given["id"] for _, given in read.elements if "id" in given]
    assert len(identities) == len(set(identities))
    assert text.count("salinan internal") > len(picks)
    assert text.count("DATA CONTOH") > len(picks)
    for pick in picks:
        assert view_of(pick, door).check in unescape(text)


def test_a_file_is_small(demo_home: Path, door: Door) -> None:
    assert len(made(demo_home, door, Pick("coverage")).encode()) < KELURAHAN_BYTES
    assert len(made(demo_home, door, Pick("rollout", "rt")).encode()) < THREE_MB


def test_english(demo_home: Path, door: Door) -> None:
    set_language("en")
    text = made(demo_home, door, Pick("coverage"))
    assert '<html lang="en">' in text
    assert ">3,000<" in text


def test_a_single_view_heads_its_file_and_has_no_tabs(demo_home: Path, door: Door) -> None:
    read = Read(made(demo_home, door, Pick("coverage")))
    assert [tag for tag, _ in read.elements if tag == "h1"] == ["h1"]
    assert not [given for _, given in read.elements if given.get("role") == "tablist"]


def test_a_logo_travels_inside(demo_home: Path, door: Door, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"\x89PNG\r\n\x1a\n")
    theme = replace(load_theme(demo_home), logo=logo)
    view = view_of(Pick("coverage", "kecamatan"), door)
    text = html_page([(view, shapes_for(demo_home, door, "kecamatan"))], theme=theme).decode()
    assert 'src="data:image/png;base64,' in text


def test_names_stay_inside_their_circle(demo_home: Path, door: Door) -> None:
    drawing = draw(shapes_for(demo_home, door, "kelurahan", "cartogram"))
    for name in ("Simpang III Sipin", "Telanaipura", "Kenali Asam Bawah", "RT"):
        for circle in drawing.circles.values():
            found = label(name, circle, "100,0%")
            assert found.size > TINY
            widest = max(len(line) for line in found.lines) * 0.5 * found.size
            assert widest < 2 * circle[2]
            assert found.lines[-1] == "100,0%"


def test_a_preview_paints_every_class(demo_home: Path, door: Door) -> None:
    view: MapView = view_of(Pick("coverage"), door)
    shapes: Shapes = shapes_for(demo_home, door, "kelurahan", "cartogram")
    for theme in ("light", "dark"):
        text = preview_svg(view, shapes, theme=theme)  # type: ignore[arg-type]
        for place in set(view.classes.values()):
            info = view.scale[place]
            assert (f"preview-{theme}-{info.key}" if info.pattern else info.fill) in text


def test_a_map_of_rts_names_their_kelurahan_until_a_reader_comes_closer(
    demo_home: Path, door: Door
) -> None:
    text = made(demo_home, door, Pick("rollout", "rt"))
    places = re.findall(r'<text class="pl"[^>]*>(.*?)</text>', text)
    assert len(places) == 68
    assert any("Lebak" in place and "Bandung" in place for place in places)
    numbers = re.findall(r'<text class="nm([^"]*)"[^>]*( data-tiny)?>', text)
    assert len(numbers) == 1650
    assert all(" off" in state for state, _ in numbers)
    assert 'class="pl"' not in made(demo_home, door, Pick("rollout"))
