"""The atlas read back: pages, contents, bookmarks, numbers of the commands, what is not public."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from boundary_samples import invented_city, write_geojson
from pypdf import PdfReader

from jambi_dash.demo.city import write_demo
from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.atlas import Atlas, make_atlas
from jambi_dash.exports.atlas_page import AtlasMaps, compose_page
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.exports.sheet import overlap
from jambi_dash.exports.theme import load_theme
from jambi_dash.exports.views import coverage_view
from jambi_dash.geography import boundaries
from jambi_dash.queries.claims import claims
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import waiting_list
from jambi_dash.queries.profiles import profiles
from jambi_dash.queries.rollout import rollout
from jambi_dash.releases.store import Store

KECAMATAN = "15.71.04"  # Pasar Jambi: four kelurahan


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic city with boundaries installed (invented ones)."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(demo_home, folder, dirs_exist_ok=True)
    boundaries.install(folder, write_geojson(invented_city(), folder / "batas.geojson"))
    return folder


@pytest.fixture(scope="module")
def door(home: Path) -> Iterator[Door]:
    store = Store(home)
    with Door(store.path_of(store.require_current().release)) as opened:
        yield opened


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def atlas(home: Path, door: Door, told: list[tuple[int, int]]) -> Atlas:
    return make_atlas(home, door, theme=load_theme(), kecamatan=KECAMATAN,
                      progress=lambda done, total: told.append((done, total)))  # fmt: skip


@pytest.fixture(scope="module")
def reader(atlas: Atlas) -> PdfReader:
    return PdfReader(io.BytesIO(atlas.content))


def places() -> list[Any]:
    return list(load_areas().kelurahan_of(KECAMATAN))


def lines_of(page: Any) -> list[str]:
    """The texts of a page, each as it was drawn; letters of a rare font come in pieces."""
    found = [""]

    def collect(text: str, *_: Any) -> None:
        if text.strip("\n"):
            found[-1] += text
        elif found[-1]:
            found.append("")

    page.extract_text(visitor_text=collect)
    return [text.strip() for text in found if text.strip()]


def test_a_page_for_every_kelurahan(
    atlas: Atlas, reader: PdfReader, told: list[tuple[int, int]]
) -> None:
    assert atlas.pages == len(reader.pages) == 2 + len(places())
    assert told == [(n, len(places())) for n in range(1, len(places()) + 1)]
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"halaman {number} dari {atlas.pages}" in text
        assert atlas.origin.release in text
        assert "salinan internal" in text
        assert "DATA CONTOH" in text
    for place, page in zip(places(), reader.pages[2:], strict=True):
        lines = lines_of(page)
        assert place.name in lines
        assert any(place.code in line for line in lines)
    assert reader.metadata is not None
    assert reader.metadata.title == "Atlas cakupan Kecamatan Pasar Jambi"


def test_contents_bookmarks_and_links_lead_to_the_right_pages(reader: PdfReader) -> None:
    contents = lines_of(reader.pages[1])
    for number, place in enumerate(places(), start=3):
        # Pasar Jambi is the kecamatan and, further down, a kelurahan of it.
        at = max(i for i, words in enumerate(contents) if words == place.name)
        assert contents[at + 2] == str(number)
    cover, listed, kecamatan, below = reader.outline
    assert [reader.get_destination_page_number(item) for item in (cover, listed, kecamatan)] == [
        0, 1, 2
    ]  # fmt: skip
    assert kecamatan.title == "Pasar Jambi"
    assert [(item.title, reader.get_destination_page_number(item)) for item in below] == [
        (place.name, number) for number, place in enumerate(places(), start=2)
    ]
    targets = []
    for note in reader.pages[1]["/Annots"]:
        entry = note.get_object()
        assert entry["/Subtype"] == "/Link"
        page = entry["/Dest"][0]
        targets.append(page if isinstance(page, int) else reader.get_page_number(page.get_object()))
    assert targets == [2, 2, 3, 4, 5]  # the kecamatan, then its kelurahan


def test_numbers_are_those_of_the_commands(reader: PdfReader, door: Door) -> None:
    table = coverage(door, by="kelurahan")
    rows = {row.code: row for row in table.rows}
    rates = [row.rate or 0 for row in table.rows]
    rts = coverage(door, by="rt").rows
    joined = {row.code: row for row in rollout(door, by="kelurahan").rows}
    waiting = waiting_list(door, table.cohort)
    paid = claims(door, by="kelurahan").rows
    findings = door.rows("findings")
    for place, page in zip(places(), reader.pages[2:], strict=True):
        row, lines = rows[place.code], lines_of(page)

        def after(label: str, lines: list[str] = lines) -> list[str]:
            return lines[lines.index(label) + 1 :]

        assert after("Terlindungi")[0] == formats.number(row.covered)
        assert after("Penyebut")[0] == formats.number(row.eligible)
        assert after("Cakupan")[0] == formats.percent(row.rate)
        rank = 1 + sum(rate > (row.rate or 0) for rate in rates)
        assert after("Peringkat")[:2] == [
            str(rank), "dari 68 kelurahan, 1 = cakupan tertinggi"
        ]  # fmt: skip
        standing = joined[place.code]
        assert after("RT Kampung Bahagia")[:2] == [
            str(standing.joined), f"dari {standing.rt_total - standing.excluded} RT sudah bergabung"
        ]  # fmt: skip
        own = [rt for rt in rts if rt.code.startswith(place.code)]
        empty = sum(not rt.covered and bool(rt.eligible) for rt in own)
        assert after("RT tanpa peserta")[0] == str(empty)
        asked = sum(people for code, _, people in waiting if code == place.code)
        assert after("Daftar tunggu")[0] == str(asked)
        for program in ("JKK", "JKM"):
            claim = next(c for c in paid if (c.code, c.program) == (place.code, program))
            assert after(f"Santunan {program}")[0] == str(claim.count)
            assert formats.rupiah(claim.value_idr) in after(f"Santunan {program}")[1]
        # Each cell: covered of eligible of its RT.
        shares = sorted(f"{rt.covered}/{rt.eligible}" for rt in own)
        assert sorted(line for line in lines if re.fullmatch(r"\d+/\d+", line)) == shares
        mending = after("Yang perlu diperbaiki di daftarnya")
        counts = sorted(str(n) for _, _, _, code, n in findings if code == place.code)
        if counts:
            assert sorted(line for line in mending if line.isdecimal())[: len(counts)] == counts
        else:
            assert mending[0] == "Tidak ada baris yang ditolak atau diberi catatan."


def test_the_funnel_holds_everybody_on_the_list(door: Door) -> None:
    found = profiles(door)
    totals = dict.fromkeys(load_programme().worker_stages.ids, 0)
    for profile in found.rows:
        assert profile.internal is not None
        for stage, people in profile.internal.stages.items():
            totals[stage] += people
    rows = door.rows("worker_stages", cohort=found.table.cohort)
    everywhere = {stage: sum(n for _, s, n in rows if s == stage) for stage in totals}
    unlocated = {stage: n for code, stage, n in rows if code is None}
    assert {s: totals[s] + unlocated.get(s, 0) for s in totals} == everywhere
    assert sum(r.internal.waiting for r in found.rows if r.internal) == sum(
        people for code, _, people in waiting_list(door, found.table.cohort) if code is not None
    )


def test_the_public_atlas_holds_what_the_public_may_see(home: Path, door: Door) -> None:
    public = make_atlas(home, door, theme=load_theme(), kecamatan="danau teluk", public=True)
    table = {row.code: row for row in coverage(door, by="kelurahan", public=True).rows}
    reader = PdfReader(io.BytesIO(public.content))
    own = load_areas().kelurahan_of("15.71.06")
    assert any(table[place.code].state == HIDDEN for place in own)
    for place, page in zip(own, reader.pages[2:], strict=True):
        lines = lines_of(page)
        assert "salinan umum" in " ".join(lines)
        assert not [line for line in lines if re.fullmatch(r"\d+/\d+", line)]
        for label in ("Daftar tunggu", "Santunan JKM", "Aktif dibayar", "RT tanpa peserta"):
            assert label not in lines
        hidden = table[place.code].state == HIDDEN
        shown = lines[lines.index("Terlindungi") + 1]
        assert shown == ("disembunyikan" if hidden else formats.number(table[place.code].covered))
        if hidden:
            assert lines[lines.index("Cakupan") + 1] == "disembunyikan"
            assert lines[lines.index("Peringkat") + 1] == "–"
    assert all(p.internal is None for p in profiles(door, public=True).rows)


def test_the_same_atlas_is_the_same_bytes(home: Path, door: Door) -> None:
    made = [
        make_atlas(home, door, theme=load_theme(), kecamatan=KECAMATAN, base="cartogram").content
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_a_kecamatan_that_does_not_exist_is_refused_with_those_that_do(
    home: Path, door: Door
) -> None:
    with pytest.raises(Refusal, match="Pelayangan"):
        make_atlas(home, door, theme=load_theme(), kecamatan="Kotabaru Selatan")


@pytest.mark.parametrize("base", ["cartogram", "true"])
def test_texts_of_a_page_do_not_touch(home: Path, door: Door, base: Any) -> None:
    data, view = profiles(door), coverage_view(door)
    maps = AtlasMaps.of(shapes_for(home, door, "rt", base))
    # Many RTs, few RTs, one at the river.
    for code in ("15.71.09.1001", "15.71.04.1002", "15.71.05.1003"):
        sheet = compose_page(
            data.by_code[code], data, maps, view.origin, load_theme(), number="1"
        )  # fmt: skip
        for one, other in combinations(sheet.placed, 2):
            assert not overlap(one.box, other.box, -0.01), (one, other)
        inside = data.by_code[code].internal
        assert inside is not None
        numbers = {placed.text for placed in sheet.placed if placed.kind == "rt"}
        assert {str(int(rt.code[-3:])) for rt in inside.rts} <= numbers


def test_nobody_is_named(reader: PdfReader, tmp_path: Path) -> None:
    # The synthetic city is the same every time: these are the people behind the pages.
    write_demo(tmp_path / "kota.xlsx")
    book = openpyxl.load_workbook(tmp_path / "kota.xlsx", read_only=True)
    personal: set[str] = set()
    for sheet in book:
        heads: dict[str, int] = {}
        for row in sheet.iter_rows(values_only=True):
            cells = ["" if cell is None else str(cell) for cell in row]
            lowered = [cell.strip().lower() for cell in cells]
            if "nik" in lowered or any("nama lengkap" in cell for cell in lowered):
                heads = {
                    cell: i for i, cell in enumerate(lowered) if "nama" in cell or "nik" in cell
                }
            elif heads:
                personal |= {cells[i] for i in heads.values() if len(cells[i]) > 5}
    assert len(personal) > 3000
    text = "\n".join(page.extract_text() for page in reader.pages)
    areas = {name for k in load_areas().kelurahan for name in (k.name, k.kecamatan_name)}
    found = {word for word in personal - areas if word in text}
    assert not found
    assert not re.search(r"\b\d{16}\b", text)
