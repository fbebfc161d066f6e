"""Definisi & Sumber: every figure explained, found by search and by address."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.indicators import load_indicators
from jambi_dash.settings import HOME_VARIABLE, PROJECT


def open_page(monkeypatch: pytest.MonkeyPatch, home: Path, **address: str) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/definisi/definisi.py")
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    return " ".join(element.proto.body for element in (*app.markdown, *app.get("html")))


def test_every_indicator_with_all_its_parts(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home)
    assert len(app.expander) == len(load_indicators().indicators)
    text = said(app)
    assert "Rp16.800 per orang per bulan = JKK Rp10.000 + JKM Rp6.800" in text
    assert text.count("<dt>Keraguan</dt>") == len(load_indicators().indicators)


def test_a_link_opens_its_indicator_first(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, istilah="iuran")
    assert app.expander[0].label.startswith("**Iuran")
    assert app.expander[0].proto.expanded
    assert not app.expander[1].proto.expanded


@pytest.mark.parametrize(
    ("section", "texts"),
    [
        ("penyebut", ["3.000", "4.000", "228.000", "15.000"]),
        ("berbeda", ["48,64%", "43–44%", "&gt;50%, target 51%"]),
        ("istilah", ["Petugas keagamaan", "Musyawarah", "disembunyikan"]),
        ("aturan", ["nik_rusak_excel", "lokasi_tidak_dikenal", "tahap_mundur"]),
        ("sumber", ["adalah skema", "Letak RT selalu skematik", "Rp604.000.000"]),
    ],
)
def test_sections_by_address(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, section: str, texts: list[str]
) -> None:
    text = said(open_page(monkeypatch, demo_home, bagian=section))
    for expected in texts:
        assert expected in text, expected


def test_the_ledger_is_complete(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, bagian="penyebut")
    assert len(app.expander) == len(load_ledger().denominators)


def test_search_finds_across_sections(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, cari="pagu")
    labels = [expander.label for expander in app.expander]
    assert any(label.startswith("**Iuran") for label in labels)
    assert any(label.startswith("**Target peserta program 2025") for label in labels)
    nothing = open_page(monkeypatch, demo_home, cari="tidakadakatainidimanapun")
    assert "0 hasil" in " ".join(c.value for c in nothing.caption)


@pytest.mark.parametrize("section", ["indikator", "penyebut", "sumber"])
def test_definitions_need_no_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, section: str
) -> None:
    open_page(monkeypatch, tmp_path, bagian=section)


def test_english(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, bagian="berbeda")
    app.segmented_control(key="bahasa").set_value("English").run()
    assert not app.exception
    assert "48.64%" in said(app)


def test_a_figure_whose_meaning_a_city_has_not_stays_on_its_page() -> None:
    def page() -> None:
        from datetime import date

        import streamlit as st

        from jambi_dash.ui import definitions

        definitions.button("tidak_pernah_ada", as_of=date(2025, 12, 31))
        st.text("angka")

    app = AppTest.from_function(page, default_timeout=60).run()
    assert not app.exception
    assert app.text[0].value == "angka"
    assert any("tidak ada arti angka" in part.value for part in app.markdown)


def test_a_search_is_of_all_sections_and_choosing_one_ends_it(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, cari="musyawarah")
    assert "Tahap RT di Kampung Bahagia" in said(app)
    sections = app.segmented_control(key="definisi_bagian_dicari")
    assert not sections.value
    sections.set_value("aturan").run()
    assert not app.exception
    assert not app.text_input(key="cari").value
    assert app.segmented_control(key="definisi_bagian").value == "aturan"
    assert "nik_rusak_excel" in said(app)
