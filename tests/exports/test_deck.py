"""The deck read back: native charts and maps hold the numbers of the views, every slide says whence."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches
from pptx_rules import assert_sound
from python_calamine import CalamineWorkbook

from jambi_dash.cli import main
from jambi_dash.demo.city import write_demo
from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.domain.language import set_language
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario, read_scenario
from jambi_dash.exports.deck import DeckMap, DeckOptions, build_deck, deck_content
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.exports.slide_map import add_map, shape_names
from jambi_dash.exports.slides import Deck
from jambi_dash.exports.theme import load_theme
from jambi_dash.exports.views import coverage_view, difference_view, rollout_view, scenario_view
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store

THREE = (
    Scenario(name="Hemat", budget=700_000_000, rule="sebanding"),
    read_scenario(
        {"name": "Dua dana", "funds": [{"id": "baznas", "cap": 100_000_000}, {"id": "apbd"}]}
    ),
    Scenario(start_month=7),
)
SECRET = "RAHASIA"
HOSTILE = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two releases, the earlier one three months older."""
    folder = tmp_path_factory.mktemp("deck")
    write_demo(folder / "kota.xlsx")
    store = Store(folder / "home")
    for as_of in (date(2025, 9, 30), date(2025, 12, 31)):
        with check_files(store, [folder / "kota.xlsx"], as_of=as_of) as prepared:
            publish(prepared)
    return store.home


@pytest.fixture(scope="module")
def door(home: Path) -> Iterator[Door]:
    store = Store(home)
    with Door(store.path_of(store.require_current().release)) as opened:
        yield opened


def read(content: bytes) -> Any:
    return Presentation(BytesIO(content))


@pytest.fixture(scope="module")
def deck_bytes(door: Door, home: Path) -> bytes:
    return build_deck(door, home, DeckOptions())


@pytest.fixture(scope="module")
def deck(deck_bytes: bytes) -> Any:
    return read(deck_bytes)


def texts(slide: Any) -> str:
    found = [element.text or "" for element in slide._element.iter(qn("a:t"))]
    return "\n".join(found)


def charts(deck: Any) -> dict[str, Any]:
    return {s.name: s.chart for slide in deck.slides for s in slide.shapes if s.has_chart}


def tables(deck: Any) -> dict[str, list[list[str]]]:
    return {
        s.name: [[cell.text for cell in row.cells] for row in s.table.rows]
        for slide in deck.slides for s in slide.shapes if s.has_table
    }  # fmt: skip


def groups(deck: Any, start: str = "Peta") -> list[Any]:
    return [s for slide in deck.slides for s in slide.shapes
            if s.shape_type == MSO_SHAPE_TYPE.GROUP and s.name.startswith(start)]  # fmt: skip


def labels(chart: Any) -> list[str]:
    return ["".join(t.text or "" for t in label.iter(qn("a:t")))
            for label in chart._chartSpace.iter(qn("c:dLbl"))]  # fmt: skip


def template(*, dark: bool = False, wide: bool = False) -> bytes:
    """An office's presentation: own colours, slides with notes, sections, a window on them."""
    file = Presentation()
    if wide:
        file.slide_width = Inches(13.333)
    if dark:
        names = file.slide_master._element.find(qn("p:clrMap"))
        names.set("bg1", "dk2")
        names.set("tx1", "lt1")
    ids = []
    for number in range(3):
        slide = file.slides.add_slide(file.slide_layouts[1])
        slide.shapes.title.text = f"{SECRET} {number}"
        slide.notes_slide.notes_text_frame.text = SECRET
        ids.append(slide.slide_id)
    sections = "".join(f'<p14:sldId id="{number}"/>' for number in ids)
    file.part._element.append(
        parse_xml(
            f'<p:extLst {nsdecls("p")}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}">'
            '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
            f'<p14:section name="{SECRET}" id="{{8E6B7C31-0000-4000-8000-000000000001}}">'
            f"<p14:sldIdLst>{sections}</p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst>"
        )
    )
    file.core_properties.author = SECRET
    written = BytesIO()
    file.save(written)
    return written.getvalue()


def test_files_keep_the_rules(door: Door, home: Path, deck_bytes: bytes) -> None:
    assert_sound(deck_bytes)
    for options in (
        DeckOptions(scenarios=THREE, level="kecamatan", public=True),
        DeckOptions(template=template(dark=True), scenarios=THREE[:1]),
        DeckOptions(template=template(wide=True), at=Month(2025, 6), cohort="ketua_rt"),
        DeckOptions(maps=(DeckMap(rollout_view(door, level="rt")),), sections=("map",)),
    ):
        assert_sound(build_deck(door, home, options))


def test_a_map_of_rts_names_its_kecamatan_none_on_another(door: Door, home: Path) -> None:
    options = DeckOptions(maps=(DeckMap(rollout_view(door, level="rt")),), sections=("map",))
    (group,) = groups(read(build_deck(door, home, options)), "Peta: Kampung Bahagia")
    plates = [s for s in group.shapes if s.has_text_frame and s.text_frame.text]
    names = [s.text_frame.text for s in plates if s.text_frame.text != "Batang Hari"]
    assert sorted(names) == sorted(k.name for k in load_areas().kecamatan)
    for one, other in combinations(plates, 2):
        assert (
            one.left + one.width <= other.left or other.left + other.width <= one.left
            or one.top + one.height <= other.top or other.top + other.height <= one.top
        )  # fmt: skip


def test_the_same_question_gives_the_same_bytes(door: Door, home: Path, deck_bytes: bytes) -> None:
    assert build_deck(door, home, DeckOptions()) == deck_bytes
    core = read(deck_bytes).core_properties
    assert core.created == core.modified == datetime(2025, 12, 31)


def test_every_part_of_the_contract_is_there(deck: Any) -> None:
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles[0] == "20,0% pekerja rentan terlindungi, 12.000 orang belum"
    assert titles[1] == "Yang berubah sejak rilis sebelumnya"
    assert len(groups(deck)) == 1
    assert {"12 kelurahan tertinggi", "Rencana dan kenyataan RT bergabung"} <= charts(deck).keys()
    assert {"Yang berubah", "Ringkasan perluasan", "Definisi"} <= tables(deck).keys()
    assert (deck.slide_width, deck.slide_height) == (Inches(13.333), Inches(7.5))


def test_every_slide_has_notes_foot_and_number(door: Door, home: Path, deck: Any) -> None:
    origin = coverage_view(door).origin
    for number, slide in enumerate(deck.slides, start=1):
        notes = slide.notes_slide.notes_text_frame.text
        for word in (
            "DEFINISI",
            "SUMBER",
            "FILTER",
            "PEMERIKSAAN",
            "✓",
            origin.line(),
            origin.mark(),
        ):
            assert word in notes, (number, word)
        said = texts(slide)
        assert origin.line() in said
        assert "DATA CONTOH" in said
        fields = [f for f in slide._element.iter(qn("a:fld")) if f.get("type") == "slidenum"]
        assert [field.findtext(qn("a:t")) for field in fields] == [str(number)]


def test_headline_is_what_the_command_says(deck: Any, home: Path, capsys: Any) -> None:
    assert main(["--home", str(home), "coverage", "--by", "city", "--json"]) == 0
    totals = json.loads(capsys.readouterr().out)["totals"]
    assert main(["--home", str(home), "rollout", "--json"]) == 0
    rollout = json.loads(capsys.readouterr().out)
    assert main(["--home", str(home), "claims", "--json"]) == 0
    claims = json.loads(capsys.readouterr().out)["totals"]
    said = texts(deck.slides[0]).splitlines()
    assert formats.percent(totals["rate"]) in said
    assert formats.number(totals["persons"]) in said
    assert formats.number(rollout["joined"]) in said
    assert formats.rupiah_words(claims["value_rp"]) in said
    assert any(line.startswith(f"{claims['count']} santunan") for line in said)


def test_changes_are_those_of_the_two_releases(deck: Any, home: Path) -> None:
    rows = {row[0]: row[1:] for row in tables(deck)["Yang berubah"]}
    counts = []
    for record in Store(home).history():
        with Door(Store(home).path_of(record.release)) as opened:
            counts.append(coverage(opened, by="city").totals)
    assert len(counts) == 2
    before, now = counts
    change = formats.signed((now.covered or 0) - (before.covered or 0))
    assert rows["Pekerja rentan terlindungi"] == [
        formats.number(before.covered), formats.number(now.covered), f"▲ {change}",
    ]  # fmt: skip


def test_no_comparison_in_the_first_release(demo_home: Path) -> None:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as opened:
        only = read(build_deck(opened, demo_home, DeckOptions(sections=("headline", "changes"))))
    assert len(only.slides) == 1


@pytest.mark.parametrize("level", ["kecamatan", "kelurahan"])
def test_map_has_a_named_shape_for_every_area(door: Door, home: Path, level: Any) -> None:
    view = coverage_view(door, level=level, public=True)
    made = read(build_deck(door, home, DeckOptions(level=level, public=True, sections=("map",))))
    (group,) = groups(made)
    by_name = {shape.name: shape for shape in group.shapes}
    assert len(by_name) == len(list(group.shapes))
    names = list(shape_names(view))
    assert len(names) == (68 if level == "kelurahan" else 11)
    for name, (code, place) in zip(names, view.classes.items(), strict=True):
        shape, info = by_name[name], view.scale[place]
        assert name.endswith(code)
        properties = shape._element.spPr
        if info.pattern is None:
            assert str(shape.fill.fore_color.rgb).lower() == info.fill[1:]
        else:
            pattern = properties.find(qn("a:pattFill"))
            assert pattern.find(f"{qn('a:bgClr')}/{qn('a:srgbClr')}").get("val") == info.fill[1:]
        told = shape._element.xpath(".//p:cNvPr/@descr")[0]
        assert told.endswith(view.marks.get(code, view.states[code]))
        assert properties.find(qn("a:custGeom")) is not None
    assert "Batang Hari" in by_name
    (legend,) = groups(made, "Legenda")
    said = [shape.text_frame.text for shape in legend.shapes if shape.text_frame.text]
    for info, count in view.legend():
        assert said[said.index(info.label) + 1] == formats.number(count)
    hidden = [
        name for name, state in zip(names, view.states.values(), strict=True) if state == HIDDEN
    ]
    assert hidden
    assert not any(re.search(r"\d%", by_name[name].text_frame.text) for name in hidden)


def test_over_full_areas_have_an_outline(door: Door, home: Path) -> None:
    view = coverage_view(door)
    code = str(view.rows[0][0])
    over = next(n for n, info in enumerate(view.scale) if info.key == "over")
    view = replace(view, classes={**view.classes, code: over}, marks={**view.marks, code: "120,0%"})
    made = Deck(load_theme(home), view.origin)
    slide, room = made.add("x", "", [])
    add_map(slide, room, view, shapes_for(home, door, "kelurahan"))
    lines = {s.name: s.line.width for s in slide.shapes[-1].shapes}
    assert lines[f"{view.rows[0][1]} {code}"] == Inches(2.5 / 72)
    assert lines[f"{view.rows[1][1]} {view.rows[1][0]}"] < Inches(1 / 72)


def test_true_boundaries_stay_in_their_room(door: Door, home: Path, shared: Path) -> None:
    from jambi_dash.geography import boundaries

    found = shared / "boundaries" / "kelurahan.geojson"
    own = home.parent / "with-boundaries"
    if not own.exists():
        shutil.copytree(home, own)
        boundaries.install(own, found)
    made = read(build_deck(door, own, DeckOptions(base="true", sections=("map",))))
    (group,) = groups(made)
    names = [shape.name for shape in group.shapes]
    assert set(shape_names(coverage_view(door))) <= set(names)
    assert "Skala" in names
    assert group.left >= 0
    assert group.top + group.height < made.slide_height * 0.94


def test_rankings_hold_the_views_numbers(door: Door, deck: Any) -> None:
    view = coverage_view(door)
    wanted = sorted(zip(view.column("rate"), view.column("code"), strict=True),
                    key=lambda row: (-row[0], row[1]))  # fmt: skip
    found = charts(deck)
    names = view.named()
    both = [found["Peringkat 1–34"], found["Peringkat 35–68"]]
    told = [(name, value) for chart in both
            for name, value in zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True)]  # fmt: skip
    assert told == [(names[str(code)], rate) for rate, code in wanted]
    assert [text for chart in both for text in labels(chart)] == [
        formats.percent(rate) for rate, _ in wanted
    ]
    top, bottom = found["12 kelurahan tertinggi"], found["12 kelurahan terendah"]
    assert list(top.plots[0].series[0].values) == [rate for rate, _ in wanted[:12]]
    assert list(bottom.plots[0].series[0].values) == [rate for rate, _ in wanted[-12:]][::-1]
    assert top.value_axis.maximum_scale == bottom.value_axis.maximum_scale


def test_rollout_chart_is_the_curve(door: Door, home: Path, deck: Any) -> None:
    curve = deck_content(door, home, DeckOptions()).curve
    chart = charts(deck)["Rencana dan kenyataan RT bergabung"]
    series = {s.name: list(s.values) for plot in chart.plots for s in plot.series}
    months = list(chart.plots[0].categories)
    place = {label: n for n, label in enumerate(months)}

    def at(name: str, month: Month) -> Any:
        return series[name][place[formats.month_short(month)]]

    assert all(at("Rencana", month) == n for month, n in curve.plan)
    assert all(at("Kenyataan", month) == n for month, n in curve.actual)
    for point in curve.band:
        low = at("Batas bawah kisaran", point.month)
        assert (low, at("Perkiraan", point.month)) == (point.low, point.middle)
        assert low + at("8 dari 10 kemungkinan", point.month) == point.high
    assert curve.band
    assert '"."000' in chart.value_axis.tick_labels.number_format


def test_expansion_is_what_simulate_says(deck: Any, home: Path, capsys: Any) -> None:
    assert main(["--home", str(home), "simulate", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    rows = {row[0]: row[1:] for row in tables(deck)["Ringkasan perluasan"]}
    assert rows["Tempat baru"][1] == formats.signed(said["placed"])
    assert rows["Biaya 2026"][1] == formats.rupiah(said["cost_rp"])
    assert rows["Orang-bulan dibayar"][1] == formats.number(said["person_months"])
    chart = charts(deck)["Biaya per bulan, 2026"]
    assert list(chart.plots[0].series[0].values) == [m["contribution_rp"] for m in said["months"]]
    budget = charts(deck)["Pagu dan kebutuhan"]
    assert said["cost_rp"] in list(budget.plots[0].series[0].values)


def test_three_scenarios_stand_beside_each_other(door: Door, home: Path) -> None:
    options = DeckOptions(scenarios=THREE)
    made, found = (
        read(build_deck(door, home, options)),
        deck_content(door, home, options).simulations,
    )
    rows = {row[0]: row[1:] for row in tables(made)["Skenario berdampingan"]}
    assert list(rows["Skenario"]) == ["Hemat", "Dua dana", "Skenario C: 4.000 orang"]
    assert rows["Tempat baru"] == [formats.signed(s.placed) for s in found]
    assert rows["Biaya setahun"] == [formats.rupiah(s.cost_idr) for s in found]
    costs = [charts(made)[name] for name in rows["Skenario"]]
    assert len({chart.value_axis.maximum_scale for chart in costs}) == 1
    for chart, s in zip(costs, found, strict=True):
        stacked = zip(*(series.values for series in chart.plots[0].series), strict=True)
        assert [sum(parts) for parts in stacked] == [m.contribution_idr for m in s.months]
    assert len(groups(made)) == 1 + 3
    with pytest.raises(Refusal, match="3"):
        build_deck(door, home, replace(options, scenarios=(*THREE, THREE[0])))


def test_one_scenario_has_both_maps(door: Door, home: Path) -> None:
    made = read(build_deck(door, home, DeckOptions(scenarios=THREE[:1], sections=("expansion",))))
    assert [g.name.partition(":")[2].strip() for g in groups(made)] == [
        "Sesudah perluasan 2026: cakupan per kelurahan", "Kenaikan cakupan karena perluasan 2026",
    ]  # fmt: skip


def test_further_maps_come_in_their_order(door: Door, home: Path) -> None:
    found = deck_content(door, home, DeckOptions()).simulations[0]
    views = [
        difference_view(door, before=Month(2025, 6)), rollout_view(door),
        scenario_view(door, found, show="difference"), rollout_view(door, level="rt"),
    ]  # fmt: skip
    options = DeckOptions(maps=tuple(DeckMap(view) for view in views), sections=("map",))
    made = read(build_deck(door, home, options))
    assert [slide.shapes.title.text for slide in made.slides][1:] == [view.title for view in views]
    assert [len([s for s in g.shapes if re.search(r"15\.71\.\d\d\.\d{4}", s.name)])
            for g in groups(made)] == [68, 68, 68, 68, 1650]  # fmt: skip


def test_public_deck_hides_and_internal_says_so(door: Door, home: Path, deck: Any) -> None:
    options = DeckOptions(public=True, scenarios=(Scenario(),))
    made = read(build_deck(door, home, options))
    inside = coverage_view(door)
    hidden = {
        code for code, state in coverage_view(door, public=True).states.items() if state == HIDDEN
    }
    names = {inside.named()[code] for code in hidden}
    assert names
    said = "\n".join(texts(slide) for slide in made.slides)
    assert "salinan umum" in said
    assert "internal" not in said
    assert "salinan internal" in texts(deck.slides[0])
    for chart in charts(made).values():
        assert not names & set(chart.plots[0].categories)
    assert "Wilayah terendah" not in said  # it may be one of those that are hidden
    assert "Wilayah terendah" in "\n".join(texts(slide) for slide in deck.slides)
    xml = {shape.name: shape for g in groups(made) for shape in g.shapes}
    for code in hidden:
        told = xml[f"{inside.named()[code]} {code}"]._element.xpath(".//p:cNvPr/@descr")[0]
        assert told.endswith("disembunyikan")


@pytest.mark.parametrize("wide", [False, True])
def test_the_offices_template_is_used(door: Door, home: Path, wide: bool) -> None:
    given = template(dark=True, wide=wide)
    content = build_deck(door, home, DeckOptions(template=given))
    made, own = read(content), read(given)
    assert (made.slide_width, made.slide_height) == (own.slide_width, own.slide_height)
    assert {slide.slide_layout.name for slide in made.slides} == {"Title Only"}
    assert [layout.name for layout in made.slide_layouts] == [x.name for x in own.slide_layouts]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            assert SECRET.encode() not in archive.read(name), name
    for slide in made.slides:
        assert slide.shapes.title.is_placeholder
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= made.slide_width + 2
            assert shape.top + shape.height <= made.slide_height + 2
        text = [
            shape for shape in slide.shapes if shape.is_placeholder and not shape.has_text_frame
        ]
        assert not text  # no placeholder is left empty
    assert_sound(content)


def test_a_potx_is_a_template_too(door: Door, home: Path) -> None:
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(template())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b".presentation.main+xml", b".template.main+xml")
            new.writestr(name, content)
    made = build_deck(door, home, DeckOptions(template=file.getvalue(), sections=("headline",)))
    assert len(read(made).slides) == 1


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04", "docx", "macro"])
def test_what_is_no_template_is_refused(door: Door, home: Path, content: Any) -> None:
    if isinstance(content, str):
        kind = {"docx": b"wordprocessingml.document.main", "macro": b"macroEnabled.main"}[content]
        file = BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("[Content_Types].xml", b"<Types>" + kind + b"</Types>")
        content = file.getvalue()
    with pytest.raises(Refusal, match="pptx"):
        build_deck(door, home, DeckOptions(template=content))


def test_layouts_without_a_title_above_get_an_own_one(door: Door, home: Path) -> None:
    file = Presentation()
    for layout in list(file.slide_layouts):
        if layout.name != "Blank":
            file.slide_layouts.remove(layout)
    written = BytesIO()
    file.save(written)
    content = build_deck(door, home, DeckOptions(template=written.getvalue()))
    assert_sound(content)
    assert "20,0% pekerja rentan terlindungi" in texts(read(content).slides[0])


def test_nothing_of_a_scenario_runs(door: Door, home: Path) -> None:
    scenario = Scenario(name=HOSTILE + "\x07 <b>&", start_month=3)
    content = build_deck(door, home, DeckOptions(scenarios=(scenario, scenario)))
    assert_sound(content)  # no workbook of a chart holds a formula
    assert HOSTILE in "\n".join(texts(slide) for slide in read(content).slides)


def test_no_person_is_in_a_deck(door: Door, home: Path, deck_bytes: bytes) -> None:
    sheet = CalamineWorkbook.from_path(home.parent / "kota.xlsx").get_sheet_by_name(
        "Pekerja Rentan"
    )
    people = sheet.to_python()
    head = next(row for row in people if "NIK" in row)
    names = {str(row[head.index("Nama Lengkap")]) for row in people[people.index(head) + 1 :]}
    assert len(names) > 500
    rt = DeckOptions(maps=(DeckMap(coverage_view(door, level="rt")),), sections=("map",))
    for content in (deck_bytes, build_deck(door, home, rt)):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            text = " ".join(
                archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")
            )
        words = set(re.findall(r">([^<>]{4,80})<", text))
        assert not {name for name in names if " " in name.strip()} & words
        assert not re.search(r"(?<![\d.])\d{16}(?!\d)", text)


LISTS = {
    "peserta": "NIK,Nama,Kelurahan,RT,Tahap,Mulai\n1571040106850002,A,Thehok,1,Aktif,2025-03\n",
    "rt": "Kelurahan,RT,Jumlah KK,Perkiraan Pekerja Rentan\nThehok,1,100,1\nThehok,2,50,\n",
    "santunan": "Program,Tanggal,Nilai\nJKM,2025-05-05,42000000\n",
}


@pytest.mark.parametrize("lists", [("peserta",), ("rt",), ("santunan",), ("peserta", "rt")])
def test_a_deck_of_little_data(tmp_path: Path, lists: tuple[str, ...]) -> None:
    files = []
    for name in lists:
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_text(LISTS[name], "utf-8")
    store = Store(tmp_path / "home")
    with check_files(store, files, as_of=date(2025, 12, 31)) as prepared:
        publish(prepared)
    with Door(store.path_of(store.require_current().release)) as opened:
        for public in (False, True):
            content = build_deck(opened, store.home, DeckOptions(public=public))
            assert_sound(content)
            made = read(content)
            said = "\n".join(texts(slide) for slide in made.slides)
            assert "DATA CONTOH" not in said
            if public and "peserta" in lists:  # one person in the whole city
                assert texts(made.slides[0]).splitlines().count("–") >= 2
                assert "Ringkasan perluasan" not in tables(made)
                assert not re.search(r"\b1 (orang|pekerja)", said)


def test_english(door: Door, home: Path) -> None:
    set_language("en")
    made = read(build_deck(door, home, DeckOptions()))
    assert texts(made.slides[0]).splitlines().count("20.0%") == 1
    chart = next(c for c in charts(made).values() if len(c.plots) == 2)
    assert '","000' in chart.value_axis.tick_labels.number_format
    ranking = next(c for c in charts(made).values() if labels(c))
    assert all(re.fullmatch(r"\d+\.\d%", label) for label in labels(ranking))
    assert "3,000" in "\n".join(texts(slide) for slide in made.slides)


def test_another_month_and_cohort(door: Door, home: Path) -> None:
    options = DeckOptions(at=Month(2025, 6), cohort="petugas_keagamaan", level="kecamatan")
    made = read(build_deck(door, home, options))
    view = coverage_view(door, at=Month(2025, 6), cohort="petugas_keagamaan", level="kecamatan")
    said = texts(made.slides[0])
    assert formats.number(view.totals["persons"]) in said  # type: ignore[arg-type]
    assert "30 Juni 2025" in said
    assert "Yang berubah" not in [slide.shapes.title.text for slide in made.slides]
    for slide in made.slides:
        if slide.shapes.title.text == view.title:
            assert "Juni 2025" in slide.notes_slide.notes_text_frame.text


def test_command(home: Path, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "a.toml").write_text('name = "Satu"\nworkers = 3600\n', "utf-8")
    (tmp_path / "kantor.pptx").write_bytes(template())
    out = tmp_path / "dek.pptx"
    given = ["--home", str(home), "export", "deck", "--out", str(out), "--json"]
    assert main([*given, "--scenario", str(tmp_path / "a.toml"), "--template",
                 str(tmp_path / "kantor.pptx"), "--by", "kecamatan", "--public"]) == 0  # fmt: skip
    said = json.loads(capsys.readouterr().out)
    made = read(out.read_bytes())
    assert (said["bytes"], said["slides"]) == (out.stat().st_size, len(made.slides))
    assert (said["public"], said["synthetic"]) == (True, True)
    assert said["filter"]["Skenario 1"] == "Satu"
    assert "kecamatan" in said["filter"]["Tingkat"]


@pytest.mark.parametrize(
    "words",
    [
        ["--template", "none.pptx"],
        ["--scenario", "none.toml"],
        ["--cohort", "x"],
        ["--base", "true"],
    ],
)
def test_refused_and_nothing_written(
    home: Path, tmp_path: Path, capsys: Any, words: list[str]
) -> None:
    given = ["--home", str(home), "export", "deck", "--out", str(tmp_path / "a.pptx")]
    assert main([*given, *words]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
def test_libreoffice_opens_it(deck_bytes: bytes, tmp_path: Path) -> None:
    (tmp_path / "dek.pptx").write_bytes(deck_bytes)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "dek.pptx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    from pypdf import PdfReader

    pages = PdfReader(tmp_path / "dek.pdf").pages
    assert len(pages) == len(read(deck_bytes).slides)
    assert "12.000" in pages[0].extract_text()
    assert "69,0%" in pages[2].extract_text()
