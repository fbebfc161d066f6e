"""What goes wrong is a number for the reader; nobody's row is in the page or in the log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from streamlit import config
from streamlit.runtime import fragment
from streamlit.runtime.scriptrunner import exec_code
from streamlit.testing.v1 import AppTest

from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui import faults, frame

NIK = "1571040101850001"


@pytest.fixture(autouse=True)
def _put_up(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home))
    monkeypatch.chdir(PROJECT)
    for module in (exec_code, fragment):
        own = module.handle_user_script_exception
        monkeypatch.setattr(module, "handle_user_script_exception", own)  # put back afterwards
    faults.put_up()


def with_a_fault_behind_a_button() -> None:
    import streamlit as st

    def fail() -> None:
        raise ValueError("baris 3: 1571040101850001 Zulkarnain")

    @st.fragment
    def part() -> None:
        if st.button("bagian"):
            fail()

    st.button("panggil", on_click=fail)
    part()


@pytest.mark.parametrize("button", ["panggil", "bagian"])
def test_a_callback_and_a_fragment(
    button: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    app = AppTest.from_function(with_a_fault_behind_a_button).run()
    with caplog.at_level(logging.DEBUG):
        next(b for b in app.button if b.label == button).click().run()
    out, err = capfd.readouterr()
    told = "".join(e.value for e in app.error) + "".join(str(e) for e in app.exception)
    assert "nomor" in told
    for place in (told, out, err, caplog.text):
        assert NIK not in place
        assert "Zulkarnain" not in place
    assert "fault" in caplog.text
    assert "ValueError" in caplog.text


def test_a_page(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise KeyError(NIK)

    monkeypatch.setattr(frame, "projector", type("P", (), {
        "is_on": staticmethod(lambda: False), "draw_switch": staticmethod(lambda: None)}))  # fmt: skip
    monkeypatch.setattr(frame.data, "require", lambda _right: fail())
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    told = "".join(e.value for e in app.error)
    assert "nomor" in told
    assert NIK not in told + caplog.text


def test_the_server_says_nothing_of_its_own() -> None:
    """The settings that the product is served with."""
    config.get_config_options(force_reparse=True)
    assert config.get_option("client.showErrorDetails") == "none"
    assert config.get_option("server.enableXsrfProtection") is True
    assert config.get_option("server.enableCORS") is True
    assert config.get_option("browser.gatherUsageStats") is False
    assert config.get_option("server.allowedHosts") == ["localhost", "127.0.0.1", "::1"]
    assert config.get_option("server.address") == "localhost"
    assert config.get_option("runner.magicEnabled") is False
