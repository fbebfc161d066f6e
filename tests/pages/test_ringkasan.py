"""Ringkasan without a browser: empty, full, in English, and after a second release."""

from __future__ import annotations

import shutil
from dataclasses import replace
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
    assert not app.error, [e.value for e in app.error]
    return app


def texts(app: AppTest) -> str:
    """All texts and pieces of HTML of the page, the closed definitions too."""
    return " ".join(
        str(getattr(element.proto, "body", "")) for element in (*app.markdown, *app.get("html"))
    )


def test_an_empty_store_tells_the_next_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, tmp_path)
    assert "Belum ada data" in [header.value for header in app.header]


def test_the_city_in_two_minutes(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    said = texts(open_page(monkeypatch, demo_home))
    for figure in (
        "Per 31 Desember 2025, 3.000 dari 15.000 pekerja rentan terlindungi (20,0%), 12.000 belum; "
        "67 dari 1.650 RT sudah bergabung Kampung Bahagia.",
        "5.956",
        "20,0%",
        "3.000 dari 15.000 pekerja rentan; perkiraan menurut daftar RT, per 31 Desember 2025",
        "12.000 orang belum terlindungi",
        "dari 1.650 RT (4,1%)",
        "17,7 RT baru per bulan; perlu 131,9 agar selesai Desember 2026",
        "Rencana: 1.650 RT pada Desember 2026",
        "dari Rp604 juta",
        "jumlah peserta tiap bulan × Rp16.800; bukan catatan pembayaran",
        "21 santunan",
        "kecelakaan kerja (JKK)",
        "Ini rilis pertama",
        "2.998 di 68 kelurahan + 2 belum diketahui kelurahannya = 3.000",
    ):
        assert figure in said, figure


def test_every_card_opens_a_definition_with_its_doubt(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home)
    definitions = [m.value for m in app.markdown if "**Rumus:**" in m.value]
    assert len(definitions) >= 9
    for text in definitions:
        for part in ("Pembilang", "Penyebut", "Sumber", "Tanggal data", "Keraguan"):
            assert f"**{part}:**" in text
    money = next(text for text in definitions if "× Rp16.800" in text)
    assert "Rp604.000.000" in money
    assert "Jambi Ekspres" in money


def test_the_map_has_every_kelurahan_and_its_states(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    drawing = next(
        m.value for m in open_page(monkeypatch, demo_home).markdown if "rk-map" in m.value
    )
    assert drawing.count("<title>") == 68 + 1  # and the river
    assert "Talang Gulo (Kota Baru): " in drawing
    assert "url(#sm-zero)" in drawing  # nobody covered does not rest on colour


def test_numbers_and_dates_in_english(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    said = texts(open_page(monkeypatch, demo_home, bahasa="English"))
    assert "5,956" in said
    assert "20.0%" in said
    assert "31 December 2025" in said


def test_what_changed_since_the_release_before(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path
) -> None:
    # The same file published again: nothing changed, and the page says of what.
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    store = Store(home)
    first = store.require_current()
    copy = tmp_path / "again.duckdb"
    shutil.copy(store.path_of(first.release), copy)
    with store.writing():
        store.publish(copy, replace(first, release=f"{first.release}b", previous=first.release))
    said = texts(open_page(monkeypatch, home))
    assert "Dibanding data per 31 Desember 2025" in said
    assert "20,0% → 20,0%" in said
    assert "tidak berubah sejak rilis sebelumnya" in said


def test_invented_data_is_not_compared_with_real_data(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    store = Store(home)
    first = store.require_current()
    real = tmp_path / "real.duckdb"
    shutil.copy(store.path_of(first.release), real)
    with duckdb.connect(str(real)) as release:
        release.execute("UPDATE meta SET value = 'tidak' WHERE key = 'synthetic'")
    with store.writing():
        store.publish(
            real,
            replace(
                first,
                release=f"{first.release}b",
                previous=first.release,
                synthetic=False,
                sha256=file_hash(real),
                bytes=real.stat().st_size,
            ),
        )
    said = texts(open_page(monkeypatch, home))
    assert "Rilis sebelumnya berisi data contoh, jadi tidak dibandingkan." in said
    assert "tidak berubah sejak" not in said
