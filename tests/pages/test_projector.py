"""Projector mode without a browser: what is chosen, kept in the address, shown, and refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.releases.store import Store, file_hash
from jambi_dash.settings import HOME_VARIABLE, PROJECT


def open_page(monkeypatch: pytest.MonkeyPatch, home: Path, **address: str) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return next((m.value for m in app.markdown if 'class="pj"' in m.value), "")


def test_views_and_seconds_are_chosen_and_kept_in_the_address(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home)
    app.session_state["_paparan_isi"] = [{"kind": "rollout", "level": "kecamatan", "title": "Mei"}]
    app.button(key="proyektor_mulai").click().run()
    wishes = app.multiselect(key="proyektor_pilihan")
    assert wishes.options[-1] == "Mei"
    wishes.set_value(["uang", "kampung.kecamatan"])
    app.select_slider(key="proyektor_detik").set_value(60)
    app.button(key="proyektor_layar").click().run()
    assert app.query_params["proyektor"] in ("uang~kampung.kecamatan", ["uang~kampung.kecamatan"])
    assert app.query_params["detik"] in ("60", ["60"])
    assert "Iuran dan santunan" in shown(app)
    assert "animation-duration:60s" in shown(app)
    app.button(key="proyektor_maju").click().run()
    assert "Kampung Bahagia" in shown(app)
    app.button(key="proyektor_maju").click().run()
    assert "Iuran dan santunan" in shown(app)
    app.button(key="proyektor_selesai").click().run()
    assert "proyektor" not in app.query_params
    assert not shown(app)


def test_every_view_carries_date_and_mark(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, proyektor="ya")
    seen = set()
    for _ in range(5):
        assert "Data per 31 Desember 2025" in shown(app)
        assert "DATA CONTOH" in shown(app)
        seen.add(shown(app).partition("</h2>")[0])
        app.button(key="proyektor_maju").click().run()
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("address", "seconds"),
    [("0", 5), ("99999", 600), ("7", 7), ("x", 20), ("", 20), ("1e3", 20), ("9" * 5000, 20)],
)
def test_a_pace_that_makes_no_sense_is_bounded(
    address: str, seconds: int, monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, proyektor="uang", detik=address)
    assert f"animation-duration:{seconds}s" in shown(app)


def test_a_spoilt_list_shows_the_usual_views(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, proyektor="<script>~../x~cakupan.planet")
    assert "1 dari 5" in shown(app)
    assert "<script>" not in shown(app)


def test_a_view_that_cannot_be_shown_says_why(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, demo_home, proyektor="cakupan.kelurahan.ktukang_sihir~uang")
    assert "Tampilan ini tidak dapat dibuka" in shown(app)
    app = open_page(monkeypatch, tmp_path, proyektor="uang")
    assert "Belum ada data" in shown(app)


def test_a_release_that_lands_meanwhile_is_shown_at_the_next_turn(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    app = open_page(monkeypatch, home, proyektor="uang")
    assert "31 Desember 2025" in shown(app)
    store = Store(home)
    first = store.require_current()
    newer = tmp_path / "newer.duckdb"
    shutil.copy(store.path_of(first.release), newer)
    with duckdb.connect(str(newer)) as release:
        release.execute("UPDATE meta SET value = '2026-01-31' WHERE key = 'as_of'")
    with store.writing():
        store.publish(
            newer,
            replace(
                first, release=f"{first.release}b", previous=first.release,
                as_of=date(2026, 1, 31), sha256=file_hash(newer), bytes=newer.stat().st_size,
            ),
        )  # fmt: skip
    app.run()
    assert "Data per 31 Januari 2026" in shown(app)
