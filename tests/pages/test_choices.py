"""Links say what was chosen by names of their own: they hold in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui import choices


def open_page(monkeypatch: pytest.MonkeyPatch, home: Path, page: str, **address: str) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    if "bahasa" in address:
        app.query_params["bahasa"] = address.pop("bahasa")
    app.run()
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{page}/{page}.py").run()
    assert not app.exception
    assert not app.error
    return app


def in_address(app: AppTest, name: str) -> str:
    held = app.query_params[name]
    return held if isinstance(held, str) else held[0]


@pytest.mark.parametrize("brought", ["kecamatan", "Kecamatan"])
@pytest.mark.parametrize("language", ["Bahasa Indonesia", "English"])
def test_a_level_is_read_by_name_and_by_word(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, brought: str, language: str
) -> None:
    app = open_page(monkeypatch, demo_home, "peta", tingkat=brought, bahasa=language)
    assert app.segmented_control(key="tingkat").value == "Kecamatan"
    assert in_address(app, "tingkat") == "kecamatan"


@pytest.mark.parametrize("brought", ["gelombang", "Gelombang berikut", "Next waves"])
def test_a_section_opens_in_the_other_language_too(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, brought: str
) -> None:
    from jambi_dash.domain.language import catalogue

    words = {"Next waves": catalogue("en")["Gelombang berikut"]}
    app = open_page(
        monkeypatch, demo_home, "kampung_bahagia", kb_lembar=words.get(brought, brought),
        bahasa="English",
    )  # fmt: skip
    assert app.session_state["kb_lembar"] == catalogue("en")["Gelombang berikut"]
    assert in_address(app, "kb_lembar") == "gelombang"


def test_changing_the_language_keeps_the_place(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, "santunan", santunan_lembar="lama")
    app.segmented_control(key="bahasa").set_value("English").run()
    assert not app.exception
    assert in_address(app, "santunan_lembar") == "lama"


def test_a_month_stands_as_year_and_month(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, "peta", bulan="Mei 2025", bahasa="English")
    assert app.select_slider(key="bulan").value == "2025-12"  # words of months are no names
    app.select_slider(key="bulan").set_value("2025-05").run()
    assert in_address(app, "bulan") == "2025-05"


def test_what_is_usual_is_not_in_the_address_and_nonsense_is_ignored(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, "peta", tingkat="planet", tampilan="two")
    assert app.segmented_control(key="tingkat").value == "Kelurahan"
    assert "tingkat" not in app.query_params
    assert in_address(app, "tampilan") == "two"


def test_a_span_of_months_is_two_months(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, "santunan", rentang="2025-07..2025-09")
    assert app.select_slider(key="rentang").value == ("2025-07", "2025-09")
    assert in_address(app, "rentang") == "2025-07..2025-09"


def test_a_callback_answers_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    from jambi_dash.domain import language
    from jambi_dash.ui import paparan_basket

    said: list[str] = []
    monkeypatch.setattr(paparan_basket.st, "toast", lambda text, **_: said.append(text))
    app = open_page(monkeypatch, demo_home, "peta", bahasa="English")
    # As on the server: a run begins in a thread to which nobody has said a language.
    language._current.set(None)
    app.button(key="kirim_paparan").click().run()
    assert not app.exception
    assert said[0].startswith("Added to")


def test_a_choice_goes_along_to_another_page_however_long_ago_it_was_made(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, "peta")
    app.selectbox(key="kelompok").set_value("ketua_rt").run()
    monkeypatch.setattr(choices, "_SAID_AGAIN", 0.0)  # as after some seconds on the page
    for _ in range(choices._RUNS):
        app.run()
    app.switch_page("pages/paparan/paparan.py").run()
    assert not app.exception
    # The browser's widget of the new page starts with its own first step unless told otherwise.
    assert app.select_slider(key="bulan").proto.set_value
    assert app.select_slider(key="bulan").value == "2025-12"
    assert app.selectbox(key="kelompok").proto.set_value
    assert app.selectbox(key="kelompok").value == "ketua_rt"
