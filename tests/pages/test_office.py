"""The office's logo above every page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from jambi_dash.settings import HOME_VARIABLE, PROJECT

THEME = 'organisation = "Dinas <Uji>"\nlogo = "lambang.png"\n'


def marks(monkeypatch: pytest.MonkeyPatch, home: Path) -> list[str]:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    assert not app.exception
    return [
        e.proto.body
        for e in app.get("html")
        if "rk-logo" in e.proto.body and "<img" in e.proto.body
    ]


def test_the_logo_of_the_theme_stands_above_the_page(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    assert marks(monkeypatch, home) == []
    (home / "theme.toml").write_text(THEME, encoding="utf-8")
    Image.new("RGB", (3000, 1000), "#0a5c7a").save(home / "lambang.png")
    (mark,) = marks(monkeypatch, home)
    assert 'alt="Dinas &lt;Uji&gt;"' in mark
    assert len(mark) < 4000  # made small: it travels with every page
    (home / "lambang.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 99)
    assert marks(monkeypatch, home) == []
