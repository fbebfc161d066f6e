"""Maps read back from their files: size, text, counts, and no text on another."""

from __future__ import annotations

import io
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import shapely
from boundary_samples import invented_city, write_geojson
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import read_scenario
from jambi_dash.domain.simulation import simulate
from jambi_dash.exports.area_names import fit, splits
from jambi_dash.exports.map_drawing import MapPage, compose_map, draw_map, extremes
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.exports.sheet import PAGES, lettering, overlap
from jambi_dash.exports.theme import Theme, load_theme
from jambi_dash.exports.views import (
    MapView,
    coverage_view,
    difference_view,
    rollout_view,
    scenario_view,
)
from jambi_dash.geography import boundaries
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.releases.store import Store

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic city with boundaries installed (invented ones)."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(demo_home, folder, dirs_exist_ok=True)
    boundaries.install(folder, write_geojson(invented_city(), folder / "batas.geojson"))
    return folder


@pytest.fixture(scope="module")
def door(home: Path) -> Iterator[Door]:
    store = Store(home)
    with Door(store.path_of(store.require_current().release)) as opened:
        yield opened


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


def view_of(door: Door, show: str, level: Any) -> MapView:
    match show:
        case "coverage":
            return coverage_view(door, level=level)
        case "public":
            return coverage_view(door, level=level, public=True)
        case "difference":
            return difference_view(door, before=Month(2025, 8), level=level)
        case "rollout":
            return rollout_view(door, level=level)
    found = simulate(baseline(door, level), read_scenario({"by": level, "workers": 4000}))
    return scenario_view(door, found, show="difference")


def texts_of(svg: bytes) -> list[str]:
    """The texts of an SVG file, in the order in which they are drawn."""
    root = ET.fromstring(svg)
    return ["".join(node.itertext()).strip() for node in root.iter(f"{SVG}text")]


def names_of(page: MapPage) -> set[str]:
    """The names that stand on the map, put together from their lines."""
    lines: list[str] = []
    found = set()
    for placed in page.sheet.placed:
        if placed.kind == "name":
            lines.append(placed.text)
        elif lines:
            found |= _joined(lines)
            lines = []
    return found | _joined(lines)


def _joined(lines: list[str]) -> set[str]:
    """All names that consecutive lines can make: where a name ends is not written."""
    words = {" ".join(lines[i:j]) for i in range(len(lines)) for j in range(i + 1, len(lines) + 1)}
    return {word.replace("- ", "") for word in words}


# Every kind on a slide, where room is scarce; paper once each, where the layout is another.
KINDS = [
    ("coverage", "kecamatan"), ("coverage", "kelurahan"), ("coverage", "rt"),
    ("public", "kelurahan"), ("difference", "kelurahan"), ("rollout", "rt"),
    ("scenario", "kelurahan"),
]  # fmt: skip
PAPER = [("coverage", "kelurahan", "a4"), ("rollout", "rt", "a3")]


@pytest.mark.parametrize("base", ["cartogram", "true"])
@pytest.mark.parametrize(
    ("show", "level", "size"), [*((show, level, "slide") for show, level in KINDS), *PAPER]
)
def test_no_text_touches_another_and_every_area_is_named_or_numbered(
    home: Path, door: Door, theme: Theme, show: str, level: Any, base: Any, size: str
) -> None:
    view = view_of(door, show, level)
    shapes = shapes_for(home, door, level, base)
    page = compose_map(view, shapes, size=size, theme=theme)
    for one, other in combinations(page.sheet.placed, 2):
        assert not overlap(one.box, other.box), (one, other)
    width, height = page.sheet.page.width, page.sheet.page.height
    for west, south, east, north in (placed.box for placed in page.sheet.placed):
        assert 0 <= west < east <= width
        assert 0 <= south < north <= height

    numbered = [entry.code for entry in page.key]
    wanted = [k.code for k in load_areas().kelurahan]
    if level == "kecamatan":
        wanted = [k.code for k in load_areas().kecamatan]
    assert sorted([*page.named, *numbered]) == wanted
    assert [entry.number for entry in page.key] == list(range(1, len(page.key) + 1))
    drawn = [placed.text for placed in page.sheet.placed if placed.kind == "number"]
    assert sorted(drawn, key=int) == [str(entry.number) for entry in page.key]
    assert {load_areas().name_of(code) for code in page.named} <= names_of(page)
    if level != "kecamatan":
        tags = {placed.text for placed in page.sheet.placed if placed.kind == "kecamatan"}
        assert tags == {k.name.upper() for k in load_areas().kecamatan}
    assert [p.text for p in page.sheet.placed if p.kind == "river"] == ["Batang Hari"]
    true_only = {placed.kind for placed in page.sheet.placed} & {"scale", "north"}
    assert true_only == ({"scale", "north"} if base == "true" else set())
    assert sum(count for _, count in view.legend()) == len(view.rows)


@pytest.mark.parametrize(
    ("size", "dpi", "pixels"),
    [("slide", None, (1920, 1080)), ("slide", 96, (1280, 720)), ("a4", 150, (1753, 1240)),
     ("a3", None, (3307, 2338))],
)  # fmt: skip
def test_an_image_has_the_size_that_was_asked_for(
    home: Path, door: Door, theme: Theme, size: str, dpi: int | None, pixels: tuple[int, int]
) -> None:
    view, shapes = coverage_view(door, level="kecamatan"), shapes_for(home, door, "kecamatan")
    with Image.open(io.BytesIO(draw_map(view, shapes, size=size, dpi=dpi, theme=theme))) as image:
        image.load()
        assert image.format == "PNG"
        assert abs(image.width - pixels[0]) <= 1
        assert abs(image.height - pixels[1]) <= 1
        assert size != "slide" or image.size == pixels
        assert image.info["dpi"][0] == pytest.approx(dpi or PAGES[size].dpi, abs=0.1)
        assert image.info["Title"] == view.title
        assert "DATA CONTOH" in image.info["Description"]
        assert view.origin.release in image.info["Description"]


def test_an_unknown_size_and_a_useless_resolution_are_refused(
    home: Path, door: Door, theme: Theme
) -> None:
    view, shapes = coverage_view(door), shapes_for(home, door, "kelurahan")
    for asked in ({"size": "a5"}, {"dpi": 71}, {"dpi": 601}):
        with pytest.raises(Refusal):
            draw_map(view, shapes, theme=theme, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("base", ["cartogram", "true"])
def test_an_svg_is_text_and_shapes_that_can_be_picked(
    home: Path, door: Door, theme: Theme, base: Any
) -> None:
    view, shapes = coverage_view(door), shapes_for(home, door, "kelurahan", base)
    content = draw_map(view, shapes, format="svg", theme=theme)
    texts = texts_of(content)
    for words in (view.title, view.subtitle, view.check, view.origin.mark(), view.origin.line()):
        assert words in texts
    page = compose_map(view, shapes, theme=theme)
    assert {p.text for p in page.sheet.placed} <= set(texts)
    for entry in page.key:
        assert entry.name.replace("\u00ad", "") in texts
    # Legend: label, then how many; all 68.
    counts = {info.label: count for info, count in view.legend()}
    for label, count in counts.items():
        assert texts[texts.index(label) + 1] == formats.number(count)
    assert "68 kelurahan" in texts

    root = ET.fromstring(content)
    ids = {node.get("id", "") for node in root.iter(f"{SVG}g")}
    assert {f"area-{k.code}" for k in load_areas().kelurahan} <= ids
    assert root.find(f"{SVG}title") is not None
    assert not list(root.iter(f"{SVG}image"))
    assert all(n.get(XLINK, "#").startswith("#") for n in root.iter())
    assert b"<!DOCTYPE" not in content
    assert b"Verdana, sans-serif" in content


def test_marks_are_the_rates_of_the_command_and_the_public_sees_no_hidden_one(
    home: Path, door: Door, theme: Theme
) -> None:
    shapes = shapes_for(home, door, "kelurahan", "cartogram")
    for public in (False, True):
        table = coverage(door, by="kelurahan", public=public)
        texts = texts_of(
            draw_map(coverage_view(door, public=public), shapes, format="svg", theme=theme)
        )
        marks = [words for words in texts if re.fullmatch(r"\d+,\d%", words)]
        wanted = [formats.percent(row.rate) for row in table.rows if row.state != HIDDEN]
        # Ten of them once more: the five lowest and the five highest.
        ranked = [v for _, rows in extremes(coverage_view(door, public=public)) for _, v in rows]
        assert sorted(marks) == sorted(wanted + ranked)
        hidden = sum(row.state == HIDDEN for row in table.rows)
        assert (hidden > 0) is public
        if public:
            assert texts[texts.index("disembunyikan") + 1] == str(hidden)
            assert any("salinan umum" in words for words in texts)
            assert any("yang ditampilkan" in words for words in texts)
        else:
            assert any("salinan internal" in words for words in texts)


def test_a_pdf_is_one_page_of_text(home: Path, door: Door, theme: Theme) -> None:
    view, shapes = coverage_view(door), shapes_for(home, door, "kelurahan", "true")
    reader = PdfReader(io.BytesIO(draw_map(view, shapes, format="pdf", size="a4", theme=theme)))
    (page,) = reader.pages
    assert float(page.mediabox.width) == pytest.approx(841.89, abs=0.01)
    assert float(page.mediabox.height) == pytest.approx(595.28, abs=0.01)
    text = page.extract_text()
    for words in (view.title, view.check, view.origin.release, "DATA CONTOH", "68 kelurahan"):
        assert words in text
    assert reader.metadata is not None
    assert reader.metadata.title == view.title
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == view.origin.as_of
    fonts = [page["/Resources"]["/Font"][f].get_object() for f in page["/Resources"]["/Font"]]
    assert {font["/Subtype"] for font in fonts} == {"/Type0"}  # letters, not drawings of them
    assert not page.images


def test_the_same_map_is_the_same_bytes_in_any_thread(home: Path, door: Door, theme: Theme) -> None:
    view, shapes = coverage_view(door, level="kecamatan"), shapes_for(home, door, "kecamatan")

    def drawn(form: Any) -> bytes:
        return draw_map(view, shapes, format=form, theme=theme)

    forms = ["png", "svg", "pdf"]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(drawn, forms * 2))
    assert together[:3] == together[3:] == [drawn(form) for form in forms]


def test_all_alike_and_all_without_data_still_draw(home: Path, door: Door, theme: Theme) -> None:
    shapes = shapes_for(home, door, "kelurahan", "cartogram")
    view = coverage_view(door)
    for key in ("over", "no_data", "zero"):
        place = next(i for i, info in enumerate(view.scale) if info.key == key)
        alike = replace(view, classes=dict.fromkeys(view.classes, place), marks={}, sums=())
        texts = texts_of(draw_map(alike, shapes, format="svg", theme=theme))
        assert texts[texts.index(view.scale[place].label) + 1] == "68"
    nothing = replace(view, rows=(), classes={}, marks={}, states={}, sums=())
    assert extremes(nothing) == []
    assert "0 kelurahan" in texts_of(draw_map(nothing, shapes, format="svg", theme=theme))


def test_patterns_tell_states_apart_without_colour(home: Path, door: Door, theme: Theme) -> None:
    shapes = shapes_for(home, door, "kelurahan", "cartogram")
    view = coverage_view(door)
    codes = sorted(view.classes)
    places = {key: next(i for i, c in enumerate(view.scale) if c.key == key)
              for key in ("zero", "no_data", "hidden")}  # fmt: skip
    mixed = replace(
        view, classes=view.classes | dict(zip(codes, places.values(), strict=False)), sums=()
    )
    root = ET.fromstring(draw_map(mixed, shapes, format="svg", theme=theme))
    used = set()
    for code in codes[:3]:
        group = next(g for g in root.iter(f"{SVG}g") if g.get("id") == f"area-{code}")
        used |= {re.findall(r"url\(#(\w+)\)", p.get("style", ""))[0] for p in group}
    assert len(used) == 3


def test_a_view_and_shapes_of_different_levels_do_not_meet(
    home: Path, door: Door, theme: Theme
) -> None:
    with pytest.raises(ValueError, match="kelurahan"):
        compose_map(coverage_view(door), shapes_for(home, door, "kecamatan"), theme=theme)


def test_the_logo_of_the_theme_is_drawn(
    home: Path, door: Door, tmp_path: Path, theme: Theme
) -> None:
    logo = tmp_path / "logo.png"
    Image.new("RGB", (300, 200), (200, 30, 90)).save(logo)
    view, shapes = coverage_view(door, level="kecamatan"), shapes_for(home, door, "kecamatan")
    content = draw_map(view, shapes, theme=replace(theme, logo=logo))
    with Image.open(io.BytesIO(content)) as image:
        # At the right upper corner, inside the margin.
        assert image.convert("RGB").getpixel((1920 - 60, 60)) == (200, 30, 90)
    logo.write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(Refusal):
        draw_map(view, shapes, theme=replace(theme, logo=logo))


def test_a_theme_of_the_home_stands_for_that_of_the_product(tmp_path: Path) -> None:
    assert load_theme(tmp_path) == load_theme()
    file = tmp_path / "theme.toml"
    file.write_text('organisation = "Dinas Contoh"\naccent = "#AA3300"\n', encoding="utf-8")
    theme = load_theme(tmp_path)
    assert (theme.organisation, theme.accent, theme.logo) == ("Dinas Contoh", "#aa3300", None)
    for wrong in (
        'organization = "x"', 'accent = "red"', "font = 3", "organisation =", 'logo = "none.png"',
        'logo = "theme.toml"', f'programme = "{"x" * 200}"',
    ):  # fmt: skip
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(Refusal):
            load_theme(tmp_path)


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=3, max_size=8),
    st.sampled_from([k.name for k in load_areas().kelurahan]),
    st.sampled_from(["", "7,5%", "100,0%"]),
)
def test_a_name_fits_its_area_or_is_left_out(
    points: list[tuple[int, int]], name: str, mark: str
) -> None:
    area = shapely.MultiPoint(points).convex_hull
    if area.geom_type != "Polygon":
        return
    block = fit(area, name, mark, lettering("DejaVu Sans"), largest=9, least=5)
    if block is None:
        return
    said = " ".join(block.lines[: len(block.lines) - block.marked])
    assert said == name
    assert 5 <= block.size <= 9
    assert not mark or block.lines[-1] == mark
    for box in block.boxes:
        assert area.contains(shapely.box(*box))
    for one, other in combinations(block.boxes, 2):
        assert not overlap(one, other, -1e-6)


def test_an_end_that_many_share_is_not_listed(door: Door) -> None:
    found = simulate(baseline(door, "kelurahan"), read_scenario({"workers": 4000}))
    view = scenario_view(door, found, show="difference")
    # Most kelurahan get no new place at all: the five "lowest" would be five of many.
    assert sum(value == 0 for value in view.column("add")) > 5
    ((title, rows),) = extremes(view)
    assert title == "5 tertinggi · Tempat baru"
    added = sorted((area.add for area in found.areas), reverse=True)
    assert [value for _, value in rows] == [formats.number(n) for n in added[:5]]


def test_a_name_is_broken_where_its_lines_are_shortest() -> None:
    assert splits("Orang Kayo Hitam") == [
        ("Orang Kayo Hitam",), ("Orang", "Kayo Hitam"), ("Orang", "Kayo", "Hitam")
    ]  # fmt: skip
    assert splits("Telanai\u00adpura") == [("Telanaipura",), ("Telanai-", "pura")]
