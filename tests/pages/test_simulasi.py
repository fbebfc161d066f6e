"""Simulasi Perluasan without a browser: its states, links, drift, comparison, and the two sums."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.scenario import Scenario, read_scenario
from jambi_dash.domain.scenario_link import encode
from jambi_dash.domain.simulation import simulate
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.releases.scenarios import Draft, ScenarioShelf
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT

TABS = (
    "Peta", "Wilayah", "Biaya", "Dampak", "Hitung balik", "Beberapa tahun", "Bandingkan",
)  # fmt: skip
Open = Callable[..., AppTest]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> Open:
    def opened(
        *, home: Path = demo_home, tab: str = "", link: str = "", language: str = ""
    ) -> AppTest:
        monkeypatch.setenv(HOME_VARIABLE, str(home))
        monkeypatch.chdir(PROJECT)
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
        if language:
            app.query_params["bahasa"] = language
        app.run()
        if link:
            app.query_params["skenario"] = link
        if tab:
            app.session_state["sim_lembar"] = tab
        app.switch_page("pages/simulasi/simulasi.py").run()
        assert not app.exception
        return app

    return opened


@pytest.fixture
def own_home(tmp_path: Path, demo_home: Path) -> Path:
    """A copy that tests may write into."""
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


def said(app: AppTest) -> str:
    parts = [
        str(getattr(element.proto, "body", ""))
        for element in (*app.markdown, *app.caption, *app.get("html"))
    ]
    parts += [str(element.value) for element in (*app.warning, *app.info, *app.error)]
    return " ".join(parts)


def link(**table: Any) -> str:
    return encode(read_scenario(table))


def saved(home: Path, **table: Any) -> str:
    store = Store(home)
    record = store.require_current()
    scenario = read_scenario(table)
    with Door(store.path_of(record.release)) as door:
        found = simulate(baseline(door, scenario.by), scenario)
    return ScenarioShelf(home).save(Draft.of(scenario, found, record)).id


def test_an_empty_store_leads_to_the_first_file(page: Open, tmp_path: Path) -> None:
    app = page(home=tmp_path)
    assert app.header[0].value == "Belum ada data"
    link = str(app.get("page_link")[0].proto)
    assert "Masukkan berkas pertama" in link
    assert "bagian=masukan" in link  # a reader in another section of that page is led there too


def test_the_default_is_a_full_year_of_4000(page: Open) -> None:
    told = said(page())
    assert "1.000 pekerja baru di" in told
    assert "dari 3.000 menjadi 4.000 orang" in told
    assert "Rp806.400.000" in told
    assert "semua yang diminta dapat tempat" in told
    assert "Yang membatasi" not in told  # nothing does
    assert "2.998 di wilayah + 2 tanpa lokasi + 1.000 tempat baru = 4.000 orang" in told


def test_1000_from_july_cost_what_the_contract_says(page: Open) -> None:
    told = said(page(link=link(start_month=7), tab="Biaya"))
    assert "Rp705.600.000" in told
    assert "42.000 orang-bulan" in told


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("by", ["kelurahan", "rt"])
def test_every_section_in_both_levels(page: Open, tab: str, by: str) -> None:
    app = page(tab=tab, link=link(by=by, years={"budget": 2_000_000_000}))
    assert not app.error


@pytest.mark.parametrize("tab", TABS)
def test_every_section_in_english(page: Open, tab: str) -> None:
    english = {
        "Peta": "Map", "Wilayah": "Area", "Biaya": "Cost", "Dampak": "Effects",
        "Hitung balik": "Working backwards", "Beberapa tahun": "Several years", "Bandingkan": "Compare",
    }  # fmt: skip
    app = page(tab=english[tab], language="English", link=link(years={}))
    told = said(app)
    assert not app.error
    assert "new workers in" in told
    assert "orang-bulan" not in told
    assert "Yang membatasi" not in told


def test_a_slider_answers_at_once_and_stands_in_the_address(page: Open) -> None:
    app = page()
    app.text_input(key="sim_orang_0_tulis").set_value("3.500").run()
    assert "dari 3.000 menjadi 3.500 orang" in said(app)
    token = app.query_params["skenario"]
    again = page(link=token if isinstance(token, str) else token[0])
    assert "dari 3.000 menjadi 3.500 orang" in said(again)


def test_a_wrong_number_is_told_and_changes_nothing(page: Open) -> None:
    app = page()
    app.text_input(key="sim_orang_0_tulis").set_value("banyak").run()
    assert "Tulis angka seperti 4.000" in said(app)
    assert "dari 3.000 menjadi 4.000 orang" in said(app)


def test_a_budget_names_itself_as_the_limit(page: Open) -> None:
    told = said(page(link=link(budget=645_120_000)))
    assert "200 pekerja baru" in told
    assert "Yang membatasi: anggaran atau dana." in told


def test_places_heaped_on_few_areas_are_told_with_the_mend(page: Open) -> None:
    assert "Agar tersebar" in said(page(link=link(rule="optimal")))
    assert "Agar tersebar" not in said(page(link=link(rule="optimal", ceiling_rate=0.3)))
    assert "Agar tersebar" not in said(page(link=link(rule="sebanding")))


def test_the_years_are_one_click_away(page: Open) -> None:
    app = page(tab="Beberapa tahun")
    app.button(key="sim_hitung_tahun").click().run()
    assert "rencana semua terlindungi pada" in said(app) or "belum semua terlindungi" in said(app)


def test_what_cannot_be_kept_is_one_sentence_beside_the_controls(page: Open) -> None:
    app = page(link=link(locked={"15.71.01.1001": 99_999}))
    assert len(app.error) == 1
    assert "Simpang IV Sipin" in app.error[0].value.replace("\\", "")
    assert app.slider(key="sim_orang_1_geser").value == 4000


def test_a_spoilt_link_is_said_and_the_default_shown(page: Open) -> None:
    app = page(link="1bukan-tautan")
    assert len(app.warning) == 1
    assert "dari 3.000 menjadi 4.000 orang" in said(app)


def test_money_backwards_says_2996_full_years(page: Open) -> None:
    told = said(page(tab="Hitung balik")).replace("\\", "")
    assert "Rp604.000.000 cukup untuk 2.996 orang" in told
    assert "Tidak cukup untuk 3.000 orang yang sudah terlindungi; kurang Rp800.000." in told


def test_the_waiting_list_and_the_new_places_by_occupation_add_up(page: Open) -> None:
    told = said(page(tab="Dampak"))
    assert "ojek online" in told
    assert "belum mendapat tempat" in told


def test_comparison_sets_saved_scenarios_side_by_side(page: Open, own_home: Path) -> None:
    saved(own_home, name="Dasar")
    saved(own_home, name="Hemat", budget=645_120_000)
    told = said(page(home=own_home, tab="Bandingkan"))
    assert "Anggaran setahun" in told
    assert "Rp645.120.000" in told
    assert "3.200" in told


def test_a_saved_scenario_keeps_its_release_and_says_that_the_list_has_moved(
    page: Open, own_home: Path
) -> None:
    from jambi_dash.intake.checks import check_files
    from jambi_dash.intake.publishing import publish

    old = Store(own_home).require_current()
    token = encode(Scenario(), old.release)
    before = said(page(home=own_home, link=token))
    assert "Daftar sudah berubah" not in before
    roster = own_home / "baru.csv"
    roster.write_text(
        "nik,nama,kelurahan,mulai\n1571010101900001,Contoh Satu,Legok,2025-12\n", encoding="utf-8"
    )
    publish(check_files(Store(own_home), [roster], as_of=old.as_of))
    app = page(home=own_home, link=token)
    told = said(app)
    assert "Daftar sudah berubah" in told
    assert "3.000 → 1 orang terlindungi" in told
    assert "dari 3.000 menjadi 4.000 orang" in told
    app.button(key="sim_terbaru").click().run()
    assert "dari 1 menjadi 4.000 orang" in said(app)


def test_a_link_to_a_release_that_is_gone_says_so(page: Open) -> None:
    told = said(page(link=encode(replace(Scenario(), workers=3_500), "20200101-000000-aaaa")))
    assert "tidak ada di penyimpanan" in told
    assert "3.500 orang" in told


def test_a_budget_starts_at_what_the_plan_costs(page: Open) -> None:
    app = page()
    app.toggle(key="sim_anggaran_0").set_value(True).run()
    assert not app.exception
    assert app.text_input(key="sim_anggaran_rp_0_tulis").value == "806.400.000"
    assert "dari 3.000 menjadi 4.000 orang" in said(app)
