"""Two actions in quick succession: the second brings the address from before the first."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui import address


def open_page(monkeypatch: pytest.MonkeyPatch, home: Path, page: str, **query: str) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{page}/{page}.py").run()
    assert not app.exception
    return app


def answer(app: AppTest) -> str:
    bodies = (str(getattr(e.proto, "body", "")) for e in app.get("html"))
    return next(body for body in bodies if "rk-answer" in body)


def held(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def test_a_quick_second_change_keeps_the_first(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, "simulasi")
    people = "sim_orang_0_tulis"
    app.text_input(key=people).set_value("5.000").run()
    first = held(app, "skenario")
    app.text_input(key=people).set_value("6.000").run()
    second = held(app, "skenario")
    assert first != second
    app.query_params["skenario"] = first
    app.text_input(key=people).set_value("7.000").run()
    assert "7.000" in answer(app)
    assert held(app, "skenario") not in (first, second)


def test_the_level_and_the_place_stay(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, "peta", tingkat="kecamatan", wilayah="15.71.03")
    app.segmented_control(key="tingkat").set_value("RT").run()
    assert held(app, "tingkat") == "rt"
    app.query_params["tingkat"] = "kecamatan"
    other = next(box for box in app.selectbox if len(box.options) > 1)
    other.set_value(other.options[-1]).run()
    assert app.segmented_control(key="tingkat").value == "RT"
    assert held(app, "tingkat") == "rt"
    assert held(app, "wilayah") == "15.71.03"


def test_the_back_button_is_no_late_address(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    """Nothing was moved, or the time is over: what the address says is meant."""
    app = open_page(monkeypatch, demo_home, "peta", tingkat="kecamatan")
    app.segmented_control(key="tingkat").set_value("RT").run()
    app.run()
    app.query_params["tingkat"] = "kecamatan"
    app.run()
    assert app.segmented_control(key="tingkat").value == "Kecamatan"
    monkeypatch.setattr(address, "LATE_SECONDS", 0.0)
    app.segmented_control(key="tingkat").set_value("RT").run()
    app.query_params["tingkat"] = "kecamatan"
    other = next(box for box in app.selectbox if len(box.options) > 1)
    other.set_value(other.options[-1]).run()
    assert app.segmented_control(key="tingkat").value == "Kecamatan"
