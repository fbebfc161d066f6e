"""Peta Cakupan without a browser: its states, its filters, and that its numbers reconcile."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.areas import CITY_CODE, load_areas
from jambi_dash.domain.coverage import make_row
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.picks import read_pick
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui import data, place


def open_map(monkeypatch: pytest.MonkeyPatch, home: Path, **address: str) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    app.switch_page("pages/peta/peta.py").run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption))


def test_an_empty_store_tells_the_next_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_map(monkeypatch, tmp_path)
    assert "Belum ada data" in [header.value for header in app.header]


def test_the_city_at_a_glance(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    said = texts(open_map(monkeypatch, demo_home))
    assert "20,0%** terlindungi – 3.000 dari 15.000" in said
    assert "2.998 di 68 wilayah + 2 tanpa lokasi = 3.000 orang" in said


def test_rt_level_says_that_places_are_schematic(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_map(monkeypatch, demo_home)
    app.segmented_control(key="tingkat").set_value("RT").run()
    assert not app.exception
    said = texts(app)
    assert "di 1.650 wilayah" in said
    assert "letak RT skematik" in said


def test_every_cohort_and_way_of_looking_has_an_answer(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_map(monkeypatch, demo_home)
    for cohort in app.selectbox(key="kelompok").options:
        app.selectbox(key="kelompok").set_value(
            next(v for v in ("pekerja_rentan", "petugas_keagamaan", "ketua_rt")
                 if cohort in _shown(v))
        ).run()  # fmt: skip
        for mode in ("Dua bulan", "Selisih", "Satu bulan"):
            app.segmented_control(key="tampilan").set_value(mode).run()
            assert not app.exception
            assert "= " in texts(app)


def _shown(cohort: str) -> str:
    from jambi_dash.domain.programme import load_programme

    return load_programme().cohorts.by_id[cohort].label


def test_english(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_map(monkeypatch, demo_home)
    app.segmented_control(key="bahasa").set_value("English").run()
    assert not app.exception
    assert "3,000" in texts(app)


def test_an_address_that_names_no_area_is_the_city(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    for code in ("15.71.99", "../x", "15.71.08.1004-", "<b>", "15.71.08.9999"):
        app = open_map(monkeypatch, demo_home, wilayah=code)
        assert "Kota Jambi: **20,0%**" in texts(app)


def test_levels_of_codes() -> None:
    codes = ("15.71", "15.71.08", "15.71.08.1004", "15.71.08.1004-022")
    assert [place.level_of(code) for code in codes] == ["city", "kecamatan", "kelurahan", "rt"]


def test_what_lies_inside_a_place() -> None:
    areas = load_areas()
    kelurahan = tuple(make_row(k.code, k.name, 1, 2, register_known=True) for k in areas.kelurahan)
    assert len(place.inside(kelurahan, CITY_CODE, "kelurahan")) == 68
    jelutung = place.inside(kelurahan, "15.71.08", "kelurahan")
    assert [row.code[:8] for row in jelutung] == ["15.71.08"] * 7
    # Beside a chosen kelurahan stand its neighbours in the kecamatan.
    assert place.inside(kelurahan, "15.71.08.1004", "kelurahan") == jelutung
    rts = tuple(
        make_row(f"15.71.08.100{k}-00{n}", "RT", 1, 2, register_known=True)
        for k in (3, 4) for n in (1, 2)
    )  # fmt: skip
    inside = place.inside(rts, "15.71.08.1004-002", "rt")
    assert [row.code for row in inside] == ["15.71.08.1004-001", "15.71.08.1004-002"]


def test_of_a_large_register_one_kecamatan_is_drawn_at_a_time(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    """A province has more RTs than a page can draw; the small city stands for it here."""
    monkeypatch.setattr(data, "MOST_DRAWN", 100)
    app = open_map(monkeypatch, demo_home, tingkat="rt")
    levels = app.segmented_control(key="tingkat")
    assert (levels.options, levels.value) == (["Kecamatan", "Kelurahan"], "Kelurahan")

    app = open_map(monkeypatch, demo_home, tingkat="rt", wilayah="15.71.08")
    assert app.segmented_control(key="tingkat").value == "RT"
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as door:
        own = coverage(door, by="rt", area="15.71.08")
    assert {row.code[:8] for row in own.rows} == {"15.71.08"}
    assert f"✓ {own.totals.located} di {len(own.rows)} wilayah" in texts(app).replace(".", "")


def test_one_city_has_no_level_of_cities(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_map(monkeypatch, demo_home, tingkat="city", wilayah=CITY_CODE)
    levels = app.segmented_control(key="tingkat")
    assert (levels.options, levels.value) == (["Kecamatan", "Kelurahan", "RT"], "Kelurahan")
    assert not [button for button in app.button if str(button.key).startswith("peta_remah_")]
    with pytest.raises(Refusal):
        read_pick("cakupan.city")
