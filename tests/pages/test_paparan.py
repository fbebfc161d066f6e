"""Bahan Paparan without a browser: empty and full store, lists from links, copies, what is made."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario, read_scenario
from jambi_dash.domain.simulation import simulate
from jambi_dash.exports import picks
from jambi_dash.exports.bundle import EACH, File, Form, Item, Order, everything, take
from jambi_dash.exports.picks import Pick, list_text, scenario_pick, view_of
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.exports.views import ReconciliationError
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline
from jambi_dash.releases.scenarios import Draft, ScenarioShelf
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui import paparan_take


def open_page(
    monkeypatch: pytest.MonkeyPatch, home: Path, page: str = "paparan", **address: str
) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(f"pages/{page}/{page}.py").run()
    assert not app.exception
    return app


def titles(app: AppTest) -> list[str]:
    """What the rows of the list show, from top to bottom."""
    rows = [field for field in app.text_input if str(field.key).startswith("judul_")]
    return [field.value or field.placeholder for field in rows]


def texts(app: AppTest) -> str:
    elements = (*app.markdown, *app.caption, *app.warning, *app.error, *app.info, *app.subheader)
    return " ".join(element.value for element in elements).replace("\\", "")


def listed(app: AppTest) -> str:
    """The list in the address."""
    found: Any = app.query_params.get("isi", "")
    return found[0] if isinstance(found, list) else found


def press(app: AppTest, sign: str, place: int) -> None:
    """A button of a row of the list."""
    rows = [b for b in app.button if str(b.key).startswith(f"quiet_{sign}_")]
    rows[place].click().run()
    assert not app.exception


def test_an_empty_store_tells_the_next_step(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(monkeypatch, tmp_path)
    assert "Belum ada data" in [header.value for header in app.header]


def test_views_are_chosen_ordered_entitled_and_taken_out(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home)
    assert app.button(key="paparan_ambil").disabled
    for place in (0, 1):
        app.button(key=f"paparan_kartu_{place}").click().run()
    assert titles(app) == [
        "Cakupan pekerja rentan per kelurahan", "Cakupan pekerja rentan per kecamatan",
    ]  # fmt: skip
    assert listed(app) == "cakupan.kelurahan~cakupan.kecamatan"
    press(app, "arrow_downward", 0)
    assert listed(app) == "cakupan.kecamatan~cakupan.kelurahan"
    rows = [field for field in app.text_input if str(field.key).startswith("judul_")]
    rows[0].set_value("Untuk Wali Kota").run()
    press(app, "arrow_downward", 0)
    assert titles(app) == ["Cakupan pekerja rentan per kelurahan", "Untuk Wali Kota"]
    assert "Wali" not in listed(app)
    press(app, "close", 0)
    assert listed(app) == "cakupan.kecamatan"
    # The card of the gallery takes out as well.
    app.button(key="paparan_kartu_1").click().run()
    assert titles(app) == []


def test_a_link_restores_the_list(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    release = Store(demo_home).require_current().release
    chosen = [
        Pick("difference", "kecamatan"), Pick("coverage"), Pick("rollout", "rt"),
        scenario_pick(read_scenario({"workers": 4200}), release, "difference"),
    ]  # fmt: skip
    app = open_page(monkeypatch, demo_home, isi=list_text(chosen))
    assert titles(app) == [
        "Perubahan cakupan pekerja rentan per kecamatan", "Cakupan pekerja rentan per kelurahan",
        "Kampung Bahagia: tahap tiap RT", "Kenaikan cakupan karena perluasan 2026",
    ]  # fmt: skip
    assert listed(app) == list_text(chosen)
    assert not app.button(key="paparan_ambil").disabled


@pytest.mark.parametrize(
    "spoilt", ["peta.desa", "<b>", "simulasi.kelurahan.s1abc", "cakupan.kelurahan.kraja"]
)
def test_what_a_link_spoils_is_said_and_the_rest_stays(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, spoilt: str
) -> None:
    app = open_page(monkeypatch, demo_home, isi=f"{spoilt}~cakupan.kelurahan")
    assert "Cakupan pekerja rentan per kelurahan" in titles(app)
    said = texts(app)
    assert "tidak dapat dibaca" in said or "rusak" in said or "tidak ada" in said
    assert "Ambil 1 tampilan" in [button.label for button in app.button]


def test_public_hides_rt_and_says_so(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, isi="cakupan.kelurahan~kampung.rt")
    assert "Ambil 2 tampilan" in [button.label for button in app.button]
    assert "Cakupan pekerja rentan per RT" in texts(app)
    app.segmented_control(key="salinan").set_value("Umum").run()
    assert not app.exception
    said = texts(app)
    assert "Tidak ikut: angka per RT tidak pernah untuk umum" in said
    assert "Cakupan pekerja rentan per RT" not in said
    assert "disembunyikan" in said
    assert "Ambil 1 tampilan" in [button.label for button in app.button]


def test_every_group_of_the_gallery_and_every_form(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, isi="cakupan.kelurahan")
    for group, word in (
        ("Perubahan", "Perubahan dari Juni 2025 ke Desember 2025"),
        ("Kampung Bahagia", "67 dari 1.650 RT bergabung"), ("Skenario", "Belum ada skenario"),
    ):  # fmt: skip
        app = open_page(monkeypatch, demo_home, isi="cakupan.kelurahan", galeri=group)
        assert word in texts(app)
    for form in app.selectbox(key="bentuk").options:
        app.selectbox(key="bentuk").select(form).run()
        assert not app.exception


def test_a_saved_scenario_is_offered(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    store = Store(home)
    record = store.require_current()
    scenario = read_scenario({"workers": 4300, "name": "Usul Disnaker"})
    with Door(store.path_of(record.release)) as door:
        found = simulate(baseline(door), scenario)
    saved = ScenarioShelf(home).save(Draft.of(scenario, found, record))
    app = open_page(monkeypatch, home, galeri="Skenario")
    assert "Usul Disnaker: 1.300 tempat baru" in texts(app)
    app.button(key="paparan_kartu_2").click().run()
    assert listed(app) == f"simulasi.kelurahan.tdifference.i{saved.id}"


def test_english(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, isi="cakupan.kelurahan", bahasa="English")
    assert "3,000" in texts(app)
    assert titles(app) == ["Coverage of vulnerable workers by kelurahan"]


def test_the_map_sends_what_it_shows(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, page="peta", tampilan="Selisih")
    app.button(key="kirim_paparan").click().run()
    assert not app.exception
    assert app.button(key="kirim_paparan").disabled
    app.switch_page("pages/paparan/paparan.py").run()
    assert titles(app) == ["Perubahan cakupan pekerja rentan per kelurahan"]
    assert listed(app) == "perubahan.kelurahan.b2025-06"


def test_a_file_is_made_on_the_page(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, isi="cakupan.kelurahan", bentuk="Tabel CSV")
    app.button(key="paparan_ambil").click().run()
    assert not app.exception
    assert not app.error
    assert any("cakupan-kelurahan-2025-12-31-internal.csv siap" in s.label for s in app.status)


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ({"bentuk": "Gambar (PNG)", "ukuran": "A3", "dpi": "300 dpi"},
         {"size": "a3", "dpi": 300, "full": False}),
        ({"bentuk": "Slide PowerPoint (PPTX)", "lengkap": "true", "salinan": "Umum"},
         {"size": "slide", "dpi": None, "full": True, "public": True}),
        ({"bentuk": "Atlas: satu lembar tiap kelurahan (PDF)", "kecamatan_atlas": "Pelayangan"},
         {"kecamatan": "15.71.05", "public": False}),
    ],
)  # fmt: skip
def test_what_is_made_is_what_was_chosen(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, address: dict[str, str],
    wanted: dict[str, Any],
) -> None:  # fmt: skip
    asked: list[Order] = []

    def take(order: Order, form: str, _: Any) -> File:
        asked.append(order)
        return File("x.csv", b"x")

    monkeypatch.setattr(paparan_take, "take", take)
    app = open_page(monkeypatch, demo_home, isi="cakupan.kelurahan", **address)
    app.button(key="paparan_ambil").click().run()
    assert not app.exception
    (order,) = asked
    assert {name: getattr(order, name) for name in wanted} == wanted
    assert [item.view.id for item in order.items] == ["cakupan-kelurahan"]


def test_numbers_that_do_not_add_up_are_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, tmp_path: Path
) -> None:
    def spoilt(*_: Any, **__: Any) -> Any:
        raise ReconciliationError("cakupan-kelurahan covered: 2999 != 3000")

    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    monkeypatch.setattr(picks, "coverage_view", spoilt)
    app = open_page(monkeypatch, home, isi="cakupan.kelurahan~kampung.kelurahan")
    assert "angkanya tidak cocok: cakupan-kelurahan covered: 2999 != 3000" in texts(app)
    assert "Ambil 1 tampilan" in [button.label for button in app.button]


# What is made


@pytest.fixture(scope="module")
def door(demo_home: Path) -> Iterator[Door]:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as opened:
        yield opened


def order(home: Path, door: Door, *chosen: Pick, public: bool = False, **more: Any) -> Order:
    items = tuple(
        Item(view_of(p, door, public=public), shapes_for(home, door, p.level)) for p in chosen
    )
    return Order(home, door, items, public, **more)


TWO = (Pick("coverage", "kecamatan"), Pick("rollout", "kecamatan"))


@pytest.mark.parametrize("form", EACH)
def test_one_view_is_a_file_and_two_are_a_zip(demo_home: Path, door: Door, form: Form) -> None:
    one = take(order(demo_home, door, TWO[0], public=True, dpi=72), form)
    assert one.name == f"jamsostek-jambi-cakupan-kecamatan-2025-12-31-umum.{form}"
    both = take(order(demo_home, door, *TWO, dpi=72), form)
    assert both.name == f"jamsostek-jambi-{form}-2025-12-31-internal.zip"
    with zipfile.ZipFile(BytesIO(both.content)) as archive:
        assert archive.namelist() == [
            f"01-cakupan-kecamatan.{form}", f"02-kampung-bahagia-kecamatan.{form}",
        ]  # fmt: skip
        assert archive.testzip() is None


def test_slides_pages_and_sheets_follow_the_list(demo_home: Path, door: Door) -> None:
    asked = order(demo_home, door, *TWO)
    slides = Presentation(BytesIO(take(asked, "pptx").content)).slides
    assert len(slides) == len(TWO)
    for slide, item in zip(slides, asked.items, strict=True):
        words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert item.view.title in words
        assert slide.has_notes_slide
    pages = PdfReader(BytesIO(take(asked, "pdf").content)).pages
    assert [item.view.title in page.extract_text() for item, page in
            zip(asked.items, pages, strict=True)] == [True, True]  # fmt: skip
    sheets = load_workbook(BytesIO(take(asked, "xlsx").content)).worksheets
    assert [sheet["A1"].value for sheet in sheets[:2]] == [i.view.title for i in asked.items]


def test_the_size_of_a_picture_is_the_one_that_was_asked_for(demo_home: Path, door: Door) -> None:
    for dpi, width in ((None, 1920), (72, 960)):
        file = take(order(demo_home, door, TWO[0], dpi=dpi), "png")
        assert Image.open(BytesIO(file.content)).width == width


def test_everything_is_the_same_twice(demo_home: Path, door: Door) -> None:
    asked = order(demo_home, door, TWO[0], dpi=72)
    names = [file.name for file in everything(asked)]
    assert {name.rpartition(".")[2] for name in names} == {
        "pptx", "html", "xlsx", "pdf", "png", "svg", "csv", "geojson", "gpkg",
    }  # fmt: skip
    for form in ("pptx", "xlsx", "html", "csv", "geojson"):
        assert take(asked, form).sha256 == take(asked, form).sha256  # type: ignore[arg-type]


def test_a_full_deck_compares_the_scenarios_and_draws_no_map_twice(
    demo_home: Path, door: Door
) -> None:
    scenario = Scenario(workers=4200, name="Usul Disnaker")
    release = Store(demo_home).require_current().release
    picks = (Pick("coverage"), scenario_pick(scenario, release, "after"), TWO[1])
    plain = order(demo_home, door, *picks, full=True)
    items = (plain.items[0], Item(plain.items[1].view, plain.items[1].shapes, scenario),
             plain.items[2])  # fmt: skip
    asked = Order(demo_home, door, items, public=False, full=True)
    slides = Presentation(BytesIO(take(asked, "pptx").content)).slides
    words = [
        shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame
    ]
    for item in items:
        assert words.count(item.view.title) == 1
    assert any("Usul Disnaker" in word for word in words)


def test_slides_are_put_into_the_offices_own_presentation(demo_home: Path, door: Door) -> None:
    office = Presentation()
    office.slide_width, office.slide_height = 9144000, 6858000
    office.slides.add_slide(office.slide_layouts[0]).shapes.title.text = "Rapat lama"
    kept = BytesIO()
    office.save(kept)
    for full in (False, True):
        asked = order(demo_home, door, *TWO, template=kept.getvalue(), full=full)
        made = Presentation(BytesIO(take(asked, "pptx").content))
        assert made.slide_width == 9144000
        words = [s.text_frame.text for p in made.slides for s in p.shapes if s.has_text_frame]
        assert "Rapat lama" not in words
        assert asked.items[0].view.title in words
    with pytest.raises(Refusal):
        take(order(demo_home, door, *TWO, template=b"PK bukan presentasi"), "pptx")


def test_nothing_chosen_is_refused(demo_home: Path, door: Door) -> None:
    with pytest.raises(Refusal):
        take(order(demo_home, door), "pptx")
