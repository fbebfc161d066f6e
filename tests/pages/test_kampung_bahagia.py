"""Kampung Bahagia without a browser: every state and section, and that its numbers add up."""

from __future__ import annotations

import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.months import Month
from jambi_dash.domain.waves import WaveWeights
from jambi_dash.exports.wave_list import wave_workbook
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.palette import rt_stage_scale
from jambi_dash.queries import rollout as queries
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT

TABS = (
    "Peta tahap", "Rencana dan kenyataan", "Tempo yang diperlukan", "RT menurut lama tahap",
    "Jaminan konstruksi", "Gelombang berikut", "Sebelum dan sesudah",
)  # fmt: skip


def open_page(
    monkeypatch: pytest.MonkeyPatch, home: Path, tab: str = "", **state: object
) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    for key, value in ({"kb_lembar": tab} if tab else {}).items() | state.items():
        app.session_state[key] = value
    app.switch_page("pages/kampung_bahagia/kampung_bahagia.py").run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    return " ".join(
        str(getattr(element.proto, "body", ""))
        for element in (*app.markdown, *app.caption, *app.get("html"))
    )


def test_bars_of_stages_have_the_colours_of_the_map_in_both_themes(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    page = said(open_page(monkeypatch, demo_home, "Peta tahap"))
    light, dark = (rt_stage_scale(theme)[-3] for theme in ("light", "dark"))
    assert light.key == dark.key == "selesai"
    assert light.fill != dark.fill
    assert f"background:light-dark({light.fill}, {dark.fill})" in page


def made_home(folder: Path, events: list[tuple[str, str, str]], as_of: date) -> Path:
    """A store with four RTs of one kelurahan and the events given: RT, stage, day."""
    register, log = folder / "rt.csv", folder / "kampung.csv"
    lines = [f"Talang Banjar,{n:03d},80,9" for n in range(1, 5)]
    register.write_text(
        "\n".join(["kelurahan,rt,jumlah_kk,perkiraan_pekerja_rentan", *lines, ""]),
        encoding="utf-8",
    )
    log.write_text(
        "\n".join(
            ["kelurahan,rt,tahap,tanggal", *(f"Talang Banjar,{r},{s},{d}" for r, s, d in events)]
        )
        + "\n",
        encoding="utf-8",
    )
    store = Store(folder / "home")
    with check_files(store, [register, log] if events else [register], as_of=as_of) as prepared:
        publish(prepared)
    return folder / "home"


def test_an_empty_store_tells_the_next_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, tmp_path)
    assert "Belum ada data" in [header.value for header in app.header]


def test_a_release_without_a_log_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, made_home(tmp_path, [], date(2025, 12, 31)))
    assert "Belum ada catatan Kampung Bahagia dalam data ini" in [h.value for h in app.header]
    assert "4 RT, semuanya bertahap “Belum”" in said(app)


def test_the_figures_and_their_check(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    text = said(open_page(monkeypatch, demo_home))
    for figure in (
        "dari 1.650 RT",
        "perlu 131,9 per bulan sampai 31 Desember 2026",
        "67 bergabung + 1.583 belum + 0 dikecualikan = 1.650 RT",
        "semua tahap berjumlah 1.650 RT",
        "terlambat dari tenggat",
    ):
        assert figure in text


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("Rencana dan kenyataan", "Perkiraan menganggap bulan mendatang"),
        ("Tempo yang diperlukan", "1.583 RT tersisa"),
        ("RT menurut lama tahap", "melewati batas tahapnya"),
        ("Jaminan konstruksi", "belum terlindungi: terdaftar, belum dibayar"),
        ("Gelombang berikut", "dari 67 menjadi 1.650"),
        ("Sebelum dan sesudah", "Hubungan, bukan sebab."),
    ],
)
def test_every_section_by_itself(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tab: str, expected: str
) -> None:
    assert expected in said(open_page(monkeypatch, demo_home, tab))


def test_an_earlier_month_shows_the_earlier_state(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as door:
        known = queries.rollout(door, at=date(2025, 10, 31))
    app = open_page(monkeypatch, demo_home, bulan_kb="2025-10")
    assert 0 < known.joined < 67
    assert f"{known.joined} bergabung" in said(app)
    assert "per 31 Oktober 2025" in said(app)
    for tab in TABS:
        open_page(monkeypatch, demo_home, tab, bulan_kb="2025-08")


def test_the_reader_sets_the_deadline(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home)
    app.date_input(key="tenggat").set_value(date(2027, 12, 31)).run()
    assert "perlu 66,0 per bulan sampai 31 Desember 2027" in said(app)
    app.date_input(key="tenggat").set_value(date(2025, 12, 31)).run()
    assert not app.exception
    assert "tidak menyisakan satu bulan penuh" in said(app)


def test_the_waves_of_a_link_are_there_again_on_coming_back(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, "Gelombang berikut")
    for name, text in (("rt_per_bulan", "50"), ("bulan_gelombang", "9999"), ("tenggat", "kapan"),
                       ("bobot_kebutuhan", "nan"), ("bobot_ukuran", "0.7")):  # fmt: skip
        app.query_params[name] = text
    app.run()
    app.switch_page("pages/santunan/santunan.py").run()
    for name in list(app.query_params):
        del app.query_params[name]
    app.switch_page("pages/kampung_bahagia/kampung_bahagia.py").run()
    assert not app.exception
    assert app.number_input(key="rt_per_bulan").value == 50
    assert app.slider(key="bulan_gelombang").value == 36
    assert app.slider(key="bobot_kebutuhan").value == 0.0
    assert app.slider(key="bobot_ukuran").value == 0.7
    assert app.date_input(key="tenggat").value == date(2026, 12, 31)


def test_every_level_of_the_map(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home)
    for level in ("Kelurahan", "Kecamatan", "RT"):
        app.segmented_control(key="tingkat_kb").set_value(level).run()
        assert not app.exception


def test_all_joined_is_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    events = [(f"{n:03d}", "musyawarah", f"2025-{6 + n:02d}-05") for n in range(1, 4)]
    # The fourth is excluded: it is in no denominator, and is not done.
    home = made_home(tmp_path, [*events, ("004", "dikecualikan", "2025-07-01")],
                     date(2025, 12, 31))  # fmt: skip
    text = said(open_page(monkeypatch, home))
    assert "semua RT bergabung" in text
    assert "3 bergabung + 0 belum + 1 dikecualikan = 4 RT" in text
    assert "100,0% · 1 dikecualikan, tidak dihitung" in text
    for tab in TABS:
        open_page(monkeypatch, home, tab)


def test_three_months_without_a_new_rt_show_no_date(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = made_home(tmp_path, [("001", "musyawarah", "2025-06-10")], date(2025, 12, 31))
    text = said(open_page(monkeypatch, home))
    assert "Tidak ada kemajuan" in text
    assert "8 dari 10 kemungkinan" not in text
    for tab in TABS:
        open_page(monkeypatch, home, tab)


def test_english(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    for tab in TABS:
        app = open_page(monkeypatch, demo_home, tab)
        app.segmented_control(key="bahasa").set_value("English").run()
        assert not app.exception
        assert "1,650 RT" in said(app)


def test_the_list_of_waves_is_the_plan(demo_home: Path) -> None:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as door:
        waves = queries.next_waves(door, at=date(2025, 12, 31), per_month=40, months=3)
    book = CalamineWorkbook.from_filelike(
        BytesIO(
            wave_workbook(waves.plan, WaveWeights(), release="r", day="31 Desember 2025",
                          synthetic=True)
        )
    )  # fmt: skip
    rows = book.get_sheet_by_name("RT").to_python()
    assert len(rows) == 1 + 120
    assert [row[5] for row in rows[1:]] == [pick.rt.code for pick in waves.plan.picks]
    months = book.get_sheet_by_name("Bulan").to_python()
    assert [row[2] for row in months[1:]] == [m.joined for m in waves.plan.months]
    assert Month(2026, 1) == waves.plan.months[0].month
    assert "DATA CONTOH" in str(book.get_sheet_by_name("Keterangan").to_python())


def test_a_click_before_the_late_charts_came_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path
) -> None:
    """The page would start anew for its charts in the middle of the run that the click began."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    app = open_page(monkeypatch, home, "Gelombang berikut", lihat_gelombang="Kurva")
    assert not app.get("plotly_chart")
    log = home / "log" / "log.jsonl"
    before = log.read_text(encoding="utf-8").count('"export"') if log.exists() else 0
    app.button(key="unduh_gelombang").click().run()
    assert app.get("plotly_chart")
    assert log.read_text(encoding="utf-8").count('"export"') == before + 1
