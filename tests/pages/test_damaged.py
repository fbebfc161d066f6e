"""A damaged current release: every page says so in a sentence, and none of them breaks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT

PAGES = (
    "ringkasan", "peta", "kampung_bahagia", "simulasi", "santunan", "paparan", "data", "definisi",
)  # fmt: skip


@pytest.fixture(scope="module")
def damaged_home(tmp_path_factory: pytest.TempPathFactory, demo_home: Path) -> Path:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("damaged") / "home"))
    store = Store(home)
    with store.path_of(store.require_current().release).open("r+b") as file:
        file.seek(5000)
        file.write(b"damaged!")
    return home


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_so(monkeypatch: pytest.MonkeyPatch, damaged_home: Path, page: str) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(damaged_home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    app.switch_page(f"pages/{page}/{page}.py").run()
    assert not app.exception
    told = [error.value.replace("\\", "") for error in app.error]
    if page in ("data", "definisi"):  # what they show first needs no release
        assert not any("nomor" in text for text in told)
    else:
        assert len(told) == 1
        assert "rusak" in told[0]
