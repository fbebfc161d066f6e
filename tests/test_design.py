"""The design system holds: one place for colours, one colour for a value, readable for every eye."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from PIL import Image
from pptx import Presentation
from test_palette import DEFICIENCIES, apart

from jambi_dash.charts.ranking import ranking_figure
from jambi_dash.charts.small_map import cartogram_svg, legend_html
from jambi_dash.exports.deck import DeckOptions, build_deck
from jambi_dash.exports.html_file import html_page
from jambi_dash.exports.map_drawing import draw_map
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.exports.tables import table_xlsx
from jambi_dash.exports.theme import load_theme
from jambi_dash.exports.views import coverage_view
from jambi_dash.palette import (
    SURROUNDINGS,
    THEMES,
    ClassInfo,
    Theme,
    colours,
    contrast,
    css,
    difference_scale,
    rate_class,
    rate_scale,
    rt_stage_scale,
    sizes,
    standing_out,
    worker_stage_scale,
)
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store
from jambi_dash.settings import DATA, PROJECT

PALETTE = "jambi_dash/palette/colours.py"
STREAMLIT = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

# --- one place ------------------------------------------------------------------------------------

_HEX = re.compile(r"(?<![&\w])#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b")
_BARE = re.compile(r"[0-9a-fA-F]{6}")
_CALL = re.compile(r"\b(?:rgba?|hsla?|oklch|lab)\(\s*[\d.]")
_WORD = re.compile(r"(?:color|background|fill|stroke|border)[\w-]*\s*:\s*"
                   r"(?:white|black|red|green|blue|gr[ae]y|orange|yellow)\b")  # fmt: skip

SHADOW = re.compile(r"box-shadow:[^;]*")
"""A shadow is no colour of the palette: black, seen through, in every theme."""


def literals(file: str, text: str) -> Iterator[tuple[int, str]]:
    """Line and text of every colour that a file names."""
    if file.endswith(".py"):
        for node in ast.walk(ast.parse(text, file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said = node.value
                found = [*_HEX.findall(said), *_CALL.findall(said), *_WORD.findall(said)]
                if _BARE.fullmatch(said) and re.search("[a-fA-F]", said) and re.search(r"\d", said):
                    found.append(said)
                yield from ((node.lineno, one) for one in found)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "RGBColor":
                yield node.lineno, ast.unparse(node)
        return
    for number, line in enumerate(SHADOW.sub("", text).splitlines(), start=1):
        for pattern in (_HEX, _CALL, _WORD):
            yield from ((number, found) for found in pattern.findall(line))


# `rgba(` with values put in, what is behind a figure (nothing), and an example in a docstring.
_TRANSPARENT = "rgba(0"
ALLOWED = {
    "jambi_dash/charts/house_style.py": "plotly: nothing behind the figure",
    "jambi_dash/charts/ranking.py": "plotly: nothing behind the figure",
}


def test_only_the_palette_names_colours() -> None:
    files = [
        file
        for folder in ("jambi_dash", "pages")
        for file in sorted((PROJECT / folder).rglob("*"))
        if file.suffix in (".py", ".css", ".js", ".html", ".svg") and file.is_file()
    ]
    wrong = [
        f"{name}:{line}: {found}"
        for file in [*files, PROJECT / "app.py"]
        for name in [file.relative_to(PROJECT).as_posix()]
        if name != PALETTE
        for line, found in literals(name, file.read_text(encoding="utf-8"))
        if not (name in ALLOWED and found.startswith(_TRANSPARENT))
    ]
    assert not wrong, "name it in palette/colours.py:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.py", "INK = '#1f2a33'"),
        ("a.py", "f = {'bg_color': '#E8EEF4'}"),
        ("a.py", "c = 'D9DEE2'"),
        ("a.py", "c = RGBColor(1, 2, 3)"),
        ("a.py", "h = f'<b style=\"color:red\">{x}</b>'"),
        ("a.css", "a { color: #fff; }"),
        ("a.css", "a { background: rgb(10 20 30); }"),
        ("a.js", "node.style.fill = '#a4161a'"),
    ],
)
def test_each_kind_of_colour_is_seen(file: str, text: str) -> None:
    assert list(literals(file, text))


def test_what_is_no_colour_is_let_through() -> None:
    assert not list(literals("a.py", "a = '#{n}'; b = '&#039;'; c = 'facade'; d = '151071'"))
    assert not list(
        literals("a.css", "a { box-shadow: 0 1px rgb(0 0 0 / 0.2); color: var(--ink); }")
    )


@pytest.mark.parametrize("theme", THEMES)
def test_streamlits_own_theme_is_the_palette(theme: Theme) -> None:
    around, said = SURROUNDINGS[theme], STREAMLIT["theme"][theme]
    assert said == {
        "primaryColor": load_theme().accent_on(theme),
        "backgroundColor": around.surface,
        "secondaryBackgroundColor": around.panel,
        "textColor": around.ink,
        "linkColor": around.link,
        "borderColor": around.line,
        "chartCategoricalColors": list(colours.CATEGORIES[theme]),
    }
    assert STREAMLIT["theme"]["baseFontSize"] == sizes.BASE


def test_the_theme_file_has_the_palettes_accent() -> None:
    said = tomllib.loads((DATA / "theme" / "theme.toml").read_text(encoding="utf-8"))
    assert said["accent"] == colours.ACCENT


def test_style_sheets_use_only_variables_that_are_set() -> None:
    names = {f"--{name}" for name in css.surroundings("light")}
    sheets = {
        "jambi_dash/exports/html_file.css": names | {"--accent"},
        "jambi_dash/exports/site_index.css": names | {"--paper"},
        "jambi_dash/charts/area_layer.css": names,
        "jambi_dash/ui/look.css": set(re.findall(r"--rk-[\w-]+", css.screen_variables())),
    }
    for file, known in sheets.items():
        text = (PROJECT / file).read_text(encoding="utf-8")
        own = set(re.findall(r"(--[\w-]+)\s*:", text))
        used = {name for name in re.findall(r"var\((--[\w-]+)", text) if "--st-" not in name}
        assert used <= known | own, (file, used - known - own)
        assert f"font-size: {sizes.BASE}px" in text or "html {" not in text, file


# --- one colour for a value -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def door(demo_home: Path) -> Iterator[Door]:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as opened:
        yield opened


@pytest.fixture(scope="module")
def expected(door: Door) -> dict[str, ClassInfo]:
    """The class of each kelurahan by its name; six classes and more occur in the synthetic city."""
    rows = coverage(door, by="kelurahan").rows
    found = {row.name: rate_class(row.rate, row.state) for row in rows}
    assert len({info.key for info in found.values()}) >= 4
    return found


def test_bars_and_small_map_have_the_colours_of_the_map(
    door: Door, expected: dict[str, ClassInfo]
) -> None:
    rows = coverage(door, by="kelurahan").rows
    for theme in THEMES:
        figure = ranking_figure(rows, city_rate=0.2, city_label="", selected=None, theme=theme)
        bars = dict(zip([row.name for row in rows], figure.data[0].marker.color, strict=True))
        assert {name: fill for name, fill in bars.items() if not expected[name].pattern} == {
            name: info.fill for name, info in expected.items() if not info.pattern
        }
    drawn = cartogram_svg(rows)
    shown = {
        title.partition(" (")[0]: fill
        for fill, title in re.findall(r'style="fill:([^;]+);[^>]*><title>([^<]+)<', drawn)
    }
    for name, info in expected.items():
        if not info.pattern:
            assert shown[name] == info.fill, name
    for info in {i.key: i for i in expected.values()}.values():
        assert info.fill in legend_html(rows)


def test_files_have_the_colours_of_the_screen(
    door: Door, demo_home: Path, expected: dict[str, ClassInfo]
) -> None:
    view = coverage_view(door)
    shapes = shapes_for(demo_home, door, "kelurahan", "cartogram")
    theme = load_theme(demo_home)
    fills = {info.fill for info in expected.values()}

    svg = draw_map(view, shapes, format="svg", size="slide", theme=theme).decode("utf-8")
    assert {fill for fill in fills if f"fill: {fill}" in svg} == fills

    picture = Image.open(BytesIO(draw_map(view, shapes, format="png", size="slide", theme=theme)))
    most = picture.convert("RGB").getcolors(1 << 24)
    common = {"#{:02x}{:02x}{:02x}".format(*colour) for count, colour in most if count > 300}
    assert fills <= common

    sheet = openpyxl.load_workbook(BytesIO(table_xlsx([view]))).worksheets[0]
    place = next(i for i, c in enumerate(view.columns) if c.key == view.ranked)
    cells = {
        str(row[1].value).strip(): "#" + row[place].fill.fgColor.rgb[2:].lower()
        for row in sheet.iter_rows(min_row=5)
        if str(row[1].value).strip() in expected
    }
    assert cells == {name: info.fill for name, info in expected.items()}

    html = html_page([(view, shapes)], theme=theme).decode("utf-8")
    light, dark = re.findall(r":root\{(color-scheme:light[^}]*)\}|"
                             r":root\[data-theme=dark\]\{(color-scheme:dark[^}]*)\}", html)[:2]  # fmt: skip
    for said, which in ((light[0], "light"), (dark[1], "dark")):
        for place, info in enumerate(rate_scale(which)):
            assert f"--f0-{place}:{info.fill};" in said, (which, info.key)
        for name, colour in css.surroundings(which).items():
            assert f"--{name}:{colour};" in said, (which, name)


def test_slides_have_the_colours_of_the_screen(
    door: Door, demo_home: Path, expected: dict[str, ClassInfo]
) -> None:
    deck = Presentation(BytesIO(build_deck(door, demo_home, DeckOptions())))
    found: dict[str, set[str]] = {}
    for slide in deck.slides:
        for shape in _shapes(slide.shapes):
            name = re.sub(r" [\d.]{13}$", "", shape.name)
            fill = re.search(r'<a:solidFill><a:srgbClr val="(\w{6})"', _xml(shape))
            if name in expected and name != shape.name and fill:
                found.setdefault(name, set()).add("#" + fill[1].lower())
    known = {name: info for name, info in expected.items() if not info.pattern}
    wrong = [(name, fills) for name, fills in found.items()
             if name in known and known[name].fill not in fills]  # fmt: skip
    assert len(found) >= 60
    assert not wrong


def _shapes(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        yield shape
        if shape.shape_type == 6:
            yield from _shapes(shape.shapes)


def _xml(shape: Any) -> str:
    return etree.tostring(shape._element).decode()


# --- readable for every eye -----------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out(theme: Theme) -> None:
    around = SURROUNDINGS[theme]
    grounds = {"surface": around.surface, "panel": around.panel}
    for name in ("ink", "muted", "link", "main", "up", "down", "bad", "warned", "water_ink"):
        for ground, colour in grounds.items():
            assert contrast(getattr(around, name), colour) >= 4.5, (name, ground)
    for ink, ground in (
        (around.mark_ink, around.mark), (around.tip_ink, around.tip), (around.ink, around.hover),
        (around.muted, around.hover), (around.water_ink, around.water),
    ):  # fmt: skip
        assert contrast(ink, ground) >= 4.5, (ink, ground)
    for fill, _, _ in colours.STATE_LOOKS[theme].values():
        assert contrast(around.muted, fill) >= 4.5, fill
    assert contrast(load_theme().accent_on(theme), around.panel) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_what_carries_meaning_stands_out(theme: Theme) -> None:
    around = SURROUNDINGS[theme]
    drawn = [around.main, around.control, around.outline, around.select, around.river,
             colours.PLAN[theme], colours.ACTUAL[theme], colours.CHOSEN[theme],
             *colours.CATEGORIES[theme], *colours.MORE_COHORTS[theme],
             *colours.PROGRAMS[theme].values()]  # fmt: skip
    for colour in drawn:
        assert contrast(colour, around.panel) >= 3, colour
    assert contrast(around.mark_line, around.mark) >= 3
    for fill, _, ink in colours.STATE_LOOKS[theme].values():
        assert contrast(ink, fill) >= 3, fill
    assert contrast(*colours.SIDE_EXIT[theme]) >= 3
    inks = colours.SLIDE_INKS[theme]
    ground = colours.PAPER if theme == "light" else around.panel
    for ink in (inks.actual, inks.forecast, inks.plan):
        assert contrast(ink, ground) >= 3


SETS: dict[str, Callable[[Theme], tuple[list[str], float]]] = {
    "cohorts and funds": lambda th: ([*colours.CATEGORIES[th], SURROUNDINGS[th].bad], 12),
    "more cohorts": lambda th: (list(colours.MORE_COHORTS[th]), 8),
    "programmes": lambda th: (list(colours.PROGRAMS[th].values()), 12),
    "curves": lambda th: (
        [colours.PLAN[th], colours.ACTUAL[th], colours.CHOSEN[th], SURROUNDINGS[th].muted], 12,
    ),
}  # fmt: skip


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SETS)
def test_categories_are_told_apart(name: str, theme: Theme, deficiency: str) -> None:
    fills, least = SETS[name](theme)
    close = [(a, b) for a, b in combinations(fills, 2) if apart(a, b, deficiency) < least]
    assert not close


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "scale", [rate_scale, difference_scale, rt_stage_scale, worker_stage_scale]
)
def test_neighbouring_classes_are_told_apart(
    scale: Callable[[Theme], tuple[ClassInfo, ...]], theme: Theme, deficiency: str
) -> None:
    for one, other in pairwise(scale(theme)):
        if one.pattern and one.pattern == other.pattern:
            raise AssertionError(f"{one.key} and {other.key} have one pattern")
        if one.pattern == other.pattern:
            assert apart(one.fill, other.fill, deficiency) >= 6, (one.key, other.key)


def test_an_accent_is_moved_until_it_stands_out() -> None:
    for ground in (SURROUNDINGS["light"].panel, SURROUNDINGS["dark"].panel, "#808080"):
        for colour in ("#000000", "#ffffff", "#ffe000", "#0b5c7a", "#aa0000", "#777777"):
            assert contrast(standing_out(colour, ground, 4.5), ground) >= 4.5
    assert standing_out("#0b5c7a", "#ffffff", 4.5) == "#0b5c7a"
