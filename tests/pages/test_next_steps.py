"""From an empty store onwards every page and step says what comes next, and stops when it is done."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from data_page import labels, open_page, press
from streamlit.testing.v1 import AppTest

from jambi_dash.geography import boundaries
from jambi_dash.ui import data, next_steps


def list_of(app: AppTest) -> str:
    """The heading of the list and its steps that are to be done on this very page."""
    return " ".join(
        [e.label for e in app.expander if e.label.startswith("Langkah berikutnya")]
        + [m.value for m in app.markdown if m.value.startswith(":material/upload_file:")]
    )


def test_an_empty_store_offers_the_first_file_and_nothing_more(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, tmp_path)
    assert list_of(app) == ""
    assert "Isi dengan kota contoh" in labels(app)


def test_the_example_city_says_how_real_data_comes_in(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home)
    said = list_of(app)
    assert "Langkah berikutnya (4)" in said
    assert "menggantikan tabel contoh yang sama" in said
    press(app, "Sembunyikan")
    assert list_of(app) == ""


def test_a_step_that_is_done_leaves_the_list(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path, shared: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    monkeypatch.setenv("JAMBI_DASH_HOME", str(home))

    def left() -> list[str]:
        release = data.current_release()
        assert release is not None
        return [step.id for step in next_steps.steps(release)]

    assert left() == ["contoh", "perbaikan", "batas", "skenario"]
    boundaries.install(home, shared / "boundaries" / "kelurahan.geojson")
    assert left() == ["contoh", "perbaikan", "skenario"]


def test_a_first_roster_alone_asks_for_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, tmp_path)
    app.file_uploader[0].set_value(
        [("a.csv", b"nik,nama,kelurahan\n1571014107900012,Orang,Legok\n", "")]
    ).run()
    press(app, "Periksa")
    press(app, "Terbitkan")
    said = list_of(app)
    assert "Masukkan daftar RT" in said
    assert "Masukkan daftar santunan" in said
    assert "data contoh" not in said
