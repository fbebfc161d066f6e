"""`export site`: everything whole in one folder, the same numbers everywhere, nothing else touched."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import re
import shutil
import sqlite3
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from jambi_dash.cli import main
from jambi_dash.domain.areas import load_areas
from jambi_dash.exports import bundle
from jambi_dash.exports.bundle import File
from jambi_dash.exports.site import INDEX, SUMS
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store

VIEWS = (
    "01-cakupan-kelurahan", "02-cakupan-kecamatan", "03-perubahan-kelurahan",
    "04-kampung-bahagia-kelurahan", "05-cakupan-rt", "06-kampung-bahagia-rt",
)  # fmt: skip
PUBLIC_VIEWS = VIEWS[:4]
TOGETHER = {"paparan.pptx", "interaktif.html", "tabel/jamsostek.xlsx"}
FOLDERS = {"png": "peta", "svg": "peta", "pdf": "peta", "csv": "tabel", "geojson": "data-peta",
           "gpkg": "data-peta"}  # fmt: skip


def export(home: Path, out: Path, *words: str) -> int:
    return main(["--home", str(home), "export", "site", "--out", str(out), *words])


@pytest.fixture(scope="module")
def public(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "umum"
    assert export(demo_home, out, "--public", "--no-atlas") == 0
    return out


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """What the command of `internal` answered."""
    return {}


@pytest.fixture(scope="module")
def internal(
    demo_home: Path, public: Path, said: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Everything, the atlas too, in the place of an earlier site."""
    out = tmp_path_factory.mktemp("site") / "paparan"
    shutil.copytree(public, out)
    with contextlib.redirect_stdout(StringIO()) as told:
        assert export(demo_home, out, "--json") == 0
    said.update(json.loads(told.getvalue()))
    return out


@pytest.fixture(scope="module")
def tables(demo_home: Path) -> dict[bool, Any]:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as door:
        return {open_: coverage(door, by="kelurahan", public=open_) for open_ in (True, False)}


def files_in(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def expected(views: tuple[str, ...]) -> set[str]:
    each = {f"{folder}/{view}.{form}" for view in views for form, folder in FOLDERS.items()}
    return each | TOGETHER | {INDEX, SUMS}


def test_everything_is_there_and_nothing_else(internal: Path, public: Path) -> None:
    assert files_in(internal) == expected(VIEWS) | {"atlas.pdf"}
    assert files_in(public) == expected(PUBLIC_VIEWS)
    assert {path.name for path in internal.parent.iterdir()} == {"paparan"}


def test_hashes_and_links_hold(internal: Path) -> None:
    sums = dict(reversed(line.split("  ")) for line in (internal / SUMS).read_text().splitlines())
    assert set(sums) == files_in(internal) - {SUMS}
    for name, digest in sums.items():
        assert hashlib.sha256((internal / name).read_bytes()).hexdigest() == digest
    index = (internal / INDEX).read_text(encoding="utf-8")
    linked = set(re.findall(r'href="([^"#]+)"', index))
    assert linked == files_in(internal) - {SUMS, INDEX}
    assert all(digest in index for name, digest in sums.items() if name != INDEX)
    assert "http" not in index.replace("http-equiv", "")
    for word in ("DATA CONTOH", "tidak untuk disebarkan", "31 Desember 2025", "3.000 orang"):
        assert word in index


@pytest.mark.parametrize("open_", [False, True])
def test_the_same_numbers_in_every_form(
    request: pytest.FixtureRequest, tables: dict[bool, Any], open_: bool
) -> None:
    folder: Path = request.getfixturevalue("public" if open_ else "internal")
    wanted = {row.code: row.covered for row in tables[open_].rows}
    name = "01-cakupan-kelurahan"

    geo = json.loads((folder / f"data-peta/{name}.geojson").read_bytes())
    assert {f["id"]: f["properties"]["covered"] for f in geo["features"]} == wanted

    with closing(sqlite3.connect(folder / f"data-peta/{name}.gpkg")) as database:
        rows = database.execute("SELECT code, covered FROM cakupan_kelurahan").fetchall()
    assert dict(rows) == wanted

    text = (folder / f"tabel/{name}.csv").read_text(encoding="utf-8-sig")
    listed = [row for row in csv.DictReader(StringIO(text), delimiter=";") if row["part"] == "area"]
    assert {r["code"]: int(r["covered"]) if r["covered"] else None for r in listed} == wanted

    book = load_workbook(BytesIO((folder / "tabel/jamsostek.xlsx").read_bytes()))
    cells = {row[0]: row[2] for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    for code, covered in wanted.items():
        assert cells[code] == covered or (covered is None and isinstance(cells[code], str))

    page = (folder / "interaktif.html").read_text(encoding="utf-8")
    first = page.partition('id="v2"')[0]
    found = re.findall(r'<tr data-code="([^"]+)".*?data-v="([^"]*)"', first)
    assert {code: int(value) if value else None for code, value in found} == wanted


def test_slides_and_atlas_open(internal: Path) -> None:
    slides = Presentation(BytesIO((internal / "paparan.pptx").read_bytes()))
    names = {shape.name for slide in slides.slides for shape in _all(slide.shapes)}
    assert sum(any(k.name in name for name in names) for k in load_areas().kelurahan) == 68
    assert len(PdfReader(internal / "atlas.pdf").pages) >= 68


def _all(shapes: Any) -> Any:
    for shape in shapes:
        yield shape
        if shape.shape_type == 6:  # a group
            yield from _all(shape.shapes)


def test_public_copies_say_so_and_know_no_rt(public: Path) -> None:
    for name in files_in(public):
        if name.endswith((".geojson", ".csv", ".html", ".svg")):
            text = (public / name).read_text(encoding="utf-8-sig")
            assert "tidak untuk disebarkan" not in text
            assert not re.search(r"15\.71\.\d\d\.\d{4}-\d{3}", text), name


def test_the_answer_is_what_was_written(internal: Path, said: dict[str, Any]) -> None:
    assert said["public"] is False
    assert {file["file"] for file in said["files"]} == files_in(internal) - {SUMS}
    assert all(f["bytes"] == (internal / f["file"]).stat().st_size for f in said["files"])


@pytest.mark.parametrize("stranger", ["surat.docx", "peta/milik-saya.png"])
def test_a_folder_with_something_else_in_it_is_refused(
    demo_home: Path, public: Path, tmp_path: Path, stranger: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    out = tmp_path / "paparan"
    shutil.copytree(public, out)
    (out / stranger).write_text("milik saya")
    before = files_in(out)
    assert export(demo_home, out) == 1
    assert stranger in capsys.readouterr().err
    assert files_in(out) == before

    other = tmp_path / "dokumen"
    other.mkdir()
    (other / "index.html").write_text("<p>halaman lain</p>")
    assert export(demo_home, other) == 1
    assert files_in(other) == {"index.html"}


def test_places_that_cannot_hold_a_site_are_refused(demo_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "berkas"
    file.write_text("x")
    for out in (file, tmp_path / "tidak" / "ada"):
        assert export(demo_home, out) == 1
    assert file.read_text() == "x"


def test_a_fault_on_the_way_leaves_the_earlier_site(
    demo_home: Path, public: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "paparan"
    shutil.copytree(public, out)
    before = {name: (out / name).read_bytes() for name in files_in(out)}
    rename = Path.rename

    def broken(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            raise PermissionError(13, "locked")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    # What would be drawn is not what is looked at here.
    monkeypatch.setattr(bundle, "one_view", lambda *_: b"x")
    monkeypatch.setattr(bundle, "together", lambda *asked: File(asked[1], b"x"))
    assert export(demo_home, out, "--no-atlas") == 1
    assert {name: (out / name).read_bytes() for name in files_in(out)} == before
    assert {path.name for path in tmp_path.iterdir()} == {"paparan"}
