"""Every figure opens its definition; every chart and map says what it shows and has its table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.indicators import load_indicators
from jambi_dash.settings import HOME_VARIABLE, PROJECT

UI = PROJECT / "jambi_dash" / "ui"
DRAWERS = {"plotly_chart", "st_folium", "altair_chart", "pyplot", "line_chart", "bar_chart"}
FIGURES = {"large", "metric"}
DEFINES = {"button": 0, "Words": 3, "words": 2, "heading": 2, "_words": 2, "_head": 3}
"""Calls that name a definition, and the place of its id among their arguments."""

SECTIONS = {
    "ringkasan": ("", [""]),
    "peta": ("peta_lembar", ["Peringkat", "Tabel"]),
    "kampung_bahagia": (
        "kb_lembar",
        ["Peta tahap", "Rencana dan kenyataan", "Tempo yang diperlukan", "RT menurut lama tahap",
         "Jaminan konstruksi", "Gelombang berikut", "Sebelum dan sesudah"],
    ),
    "simulasi": (
        "sim_lembar",
        ["Peta", "Wilayah", "Biaya", "Dampak", "Hitung balik", "Beberapa tahun", "Bandingkan"],
    ),
    "santunan": (
        "santunan_lembar",
        ["Per bulan", "Per wilayah", "Perkiraan dan dibayar", "Lama pembayaran",
         "Aturan santunan"],
    ),
    "data": ("bagian", ["Perbaikan per kelurahan", "Verifikasi", "BPJS & ganda"]),
}  # fmt: skip
DRAWN = [(page, key, tab) for page, (key, tabs) in SECTIONS.items() for tab in tabs]


def functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in sorted(UI.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield path, node


def called(node: ast.AST) -> set[str]:
    """Names of what is called in it, without their modules."""
    return {
        call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
    }


def constants(node: ast.AST) -> set[str]:
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def defined() -> set[str]:
    """Every id that stands where a definition is named."""
    found: set[str] = set()
    for path in sorted(UI.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr
                    if isinstance(node.func, ast.Attribute)
                    else getattr(node.func, "id", "")
                )
                if name == "button" and "definitions" not in ast.dump(node.func):
                    continue
                place = DEFINES.get(name)
                if place is not None and len(node.args) > place:
                    if name in ("words", "_words") and not isinstance(
                        node.args[place], (ast.Constant, ast.IfExp)
                    ):
                        place += 1
                    for argument in node.args[place : place + 2]:
                        if isinstance(argument, ast.Constant | ast.IfExp):
                            found |= {c for c in constants(argument) if re.fullmatch(r"[a-z_]+", c)}
            named = getattr(getattr(node, "target", None), "id", "")
            if isinstance(node, ast.AnnAssign) and named == "_DEFINED_BY":
                assert isinstance(node.value, ast.Dict)
                found |= {v for value in node.value.values for v in constants(value)}
    return found


def test_every_indicator_is_opened_from_a_page() -> None:
    known = {indicator.id for indicator in load_indicators().indicators}
    assert known - defined() == set(), "definitions that no figure opens"


def test_every_definition_that_a_figure_opens_exists() -> None:
    known = {indicator.id for indicator in load_indicators().indicators}
    asked = {
        c
        for path in UI.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "button"
        and getattr(node.func.value, "id", "") == "definitions"
        for c in constants(node.args[0]) - {"stalled"}
    }
    assert asked
    assert asked <= known


def test_every_definition_has_all_its_parts_in_both_languages() -> None:
    for one in load_indicators().indicators:
        for part in ("labels", "shorts", "formulas", "numerators", "denominators", "sources",
                     "doubts"):  # fmt: skip
            indonesian, english = getattr(one, part)
            assert indonesian.strip(), (one.id, part)
            assert english.strip(), (one.id, part)
            assert indonesian != english or part == "labels", (one.id, part)


def test_every_card_of_a_figure_opens_a_definition() -> None:
    """Where a large figure is drawn, its function or the one that calls it draws the ⓘ."""
    apart = {"_reported"}  # on /definisi: figures that are explained beside themselves
    bare = []
    by_module: dict[Path, list[ast.FunctionDef]] = {}
    for path, node in functions():
        by_module.setdefault(path, []).append(node)
    for path, nodes in by_module.items():
        text = {node.name: ast.unparse(node) for node in nodes}
        for node in nodes:
            if path.name == "numbers.py" or node.name in apart or not called(node) & FIGURES:
                continue
            callers = [t for name, t in text.items() if name != node.name and f"{node.name}(" in t]
            if not any("definitions.button(" in t for t in (text[node.name], *callers)):
                bare.append(f"{path.name}: {node.name}")
    assert bare == []


def test_charts_and_maps_are_drawn_in_one_place() -> None:
    outside = [
        f"{path.name}: {node.name}"
        for path, node in functions()
        if path.name != "exhibit.py" and called(node) & DRAWERS
    ]
    assert outside == []


@pytest.mark.parametrize(("page", "key", "tab"), DRAWN)
def test_what_is_drawn_says_what_it_is(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, page: str, key: str, tab: str
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.run()
    app.session_state["_grafik_siap"] = True
    if tab:
        app.session_state[key] = tab
    if tab == "Beberapa tahun":
        app.session_state["_sim_tabel"] = {"years": {"years": 6}}
    if tab == "Dampak":
        app.session_state["_sim_tabel"] = {"rule": "optimal"}
    app.switch_page(f"pages/{page}/{page}.py").run()
    assert not app.exception
    assert not app.error
    html = " ".join(element.proto.body for element in app.get("html"))
    heads = re.findall(
        r'data-exhibit="([^"]+)" data-table="(\w+)">([^<]+)</h3>'
        r'<div class="rk-small">([^<]+)</div>', html,
    )  # fmt: skip
    charts = [chart.proto for chart in app.get("plotly_chart")]
    for chart in charts:
        assert len(chart.alt) > 20, page
        assert chart.alt.partition(".")[0] in {head[2] for head in heads}
    if page != "ringkasan":
        assert heads, "a section without words above it"
        assert len(heads) == html.count("data-exhibit=")
    for name, table, title, line in heads:
        assert len(title) > 10, name
        unit, _, source = line.partition(" · ")
        assert unit, name
        assert re.search(r", .*\d{4}|tanggal data", source), (name, line)
        if table == "page" and tab != "Hitung balik":
            tables = html.count("<table") + len(app.dataframe) + len(app.get("arrow_data_frame"))
            in_a_tab = page == "peta"  # its second tab
            words = "rk-pair" in html or "UCJ" in title
            assert tables or in_a_tab or words, name
