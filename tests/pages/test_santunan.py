"""Santunan without a browser: its states, filters and sections, and that its numbers add up."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.months import Month
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT

TABS = ("Per bulan", "Per wilayah", "Perkiraan dan dibayar", "Lama pembayaran", "Aturan santunan")


def open_page(monkeypatch: pytest.MonkeyPatch, home: Path, tab: str = "") -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    if tab:
        app.session_state["santunan_lembar"] = tab
    app.switch_page("pages/santunan/santunan.py").run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    return " ".join(
        str(getattr(element.proto, "body", ""))
        for element in (*app.markdown, *app.caption, *app.get("html"))
    )


def test_an_empty_store_tells_the_next_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, tmp_path)
    assert "Belum ada data" in [header.value for header in app.header]


def test_a_release_without_benefits_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    register = tmp_path / "rt.csv"
    register.write_text("kelurahan,rt,jumlah_kk\nTalang Banjar,001,80\n", encoding="utf-8")
    store = Store(tmp_path / "home")
    with check_files(store, [register], as_of=Month(2025, 12).last_day()) as prepared:
        publish(prepared)
    app = open_page(monkeypatch, tmp_path / "home")
    assert "Belum ada santunan dalam data ini" in [header.value for header in app.header]
    assert not app.metric


def test_the_figures_and_their_check(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    text = said(open_page(monkeypatch, demo_home))
    assert "21 santunan" in text
    assert "= 21 santunan" in text
    assert "JKM diperkirakan (asumsi)" in text
    assert "9 dari 9 bertanggal lengkap" in text


@pytest.mark.parametrize(
    ("tab", "texts"),
    [
        ("Per bulan", ["Bulan bayar"]),
        ("Per wilayah", []),
        (
            "Perkiraan dan dibayar",
            ["3,0 (1,5–5,0) kasus per 1.000", "Menurut kelompok", "bersama 4.309 orang-tahun"],
        ),
        ("Lama pembayaran", ["Terlama"]),
        ("Aturan santunan", ["Rp42.000.000", "Rp174.000.000", "Permenaker 1/2025"]),
    ],
)
def test_every_section_by_itself(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tab: str, texts: list[str]
) -> None:
    text = said(open_page(monkeypatch, demo_home, tab))
    for expected in texts:
        assert expected in text


def test_filters_narrow_every_figure(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home)
    app.selectbox(key="kecamatan").set_value("15.71.08").run()
    assert not app.exception
    assert "= 21 santunan" not in said(app)
    app.selectbox(key="kelompok_santunan").set_value("ketua_rt").run()
    assert not app.exception
    for tab in TABS:
        app.session_state["santunan_lembar"] = tab
        app.run()
        assert not app.exception, tab


def test_english(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    for tab in TABS:
        app = open_page(monkeypatch, demo_home, tab)
        app.segmented_control(key="bahasa").set_value("English").run()
        assert not app.exception
    assert "Rp42,000,000" in said(app)
