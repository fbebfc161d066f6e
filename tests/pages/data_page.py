"""Data & Mutu in the hands of a test: open it, press a button, send files, see what was sent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.settings import HOME_VARIABLE, PROJECT


def open_page(monkeypatch: pytest.MonkeyPatch, home: Path, **address: str) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page("pages/data/data.py")
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str, nth: int = 0) -> AppTest:
    [button for button in app.button if button.label == label][nth].click().run()
    assert not app.exception
    return app


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def send(app: AppTest, files: dict[str, str | bytes]) -> AppTest:
    app.file_uploader[0].set_value(
        [(n, c.encode() if isinstance(c, str) else c, "") for n, c in files.items()]
    ).run()
    return press(app, "Periksa")


_STREAMLITS_OWN = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])")
"""Names of elements and pages, hashes of where the project lies: some hold sixteen digits in a row."""


def drawn(app: AppTest) -> str:
    """Everything that was sent to the browser for the page, tables included."""
    parts: list[str] = []

    def walk(node: Any) -> None:
        parts.append(str(getattr(node, "proto", "")))
        for child in getattr(node, "children", {}).values():
            walk(child)

    walk(app._tree)
    return _STREAMLITS_OWN.sub("", " ".join(parts))
