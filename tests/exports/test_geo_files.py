"""GeoJSON and GeoPackage read back: numbers of the command, true positions, a marked cartogram."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
import shapely
from boundary_samples import invented_city, write_geojson

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.exports.geo_files import geojson, gpkg
from jambi_dash.exports.picks import Pick, view_of
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.geography import boundaries
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store

COLUMNS = ["code", "name", "covered", "eligible", "rate", "state"]


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


def document(home: Path, door: Door, pick: Pick, public: bool = False) -> dict[str, Any]:
    view = view_of(pick, door, public=public)
    shapes = shapes_for(home, door, pick.level, pick.base)
    found: dict[str, Any] = json.loads(geojson(view, shapes))
    return found


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("base", ["cartogram", "true"])
@pytest.mark.parametrize("level", ["kecamatan", "kelurahan"])
def test_every_number_is_that_of_the_command(
    home: Path, door: Door, level: Any, base: Any, public: bool
) -> None:
    found = document(home, door, Pick("coverage", level, base=base), public)
    table = coverage(door, by=level, public=public).to_json()
    assert [f["properties"] for f in found["features"]] == table["rows"]
    assert [f["id"] for f in found["features"]] == [row["code"] for row in table["rows"]]
    assert found["public"] is public
    assert found["release"] == table["release"]
    if public:
        hidden = [f["properties"] for f in found["features"] if f["properties"]["state"] == HIDDEN]
        assert hidden or level == "kecamatan"
        assert all(row["covered"] is None and row["rate"] is None for row in hidden)


def test_on_official_boundaries_an_area_lies_where_it_is(home: Path, door: Door) -> None:
    found = document(home, door, Pick("coverage"))
    assert found["schematic"] is False
    assert found["coordinates"] == "WGS 84"
    assert "crs" not in found  # RFC 7946 knows no other
    points = {k.code: shapely.Point(k.lon, k.lat) for k in load_areas().kelurahan}
    for feature in found["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.is_valid
        assert shape.contains(points[feature["id"]])
        rings = [part.exterior for part in shapely.get_parts(shape)]
        assert all(ring.is_ccw for ring in rings)
    west, south, east, north = found["bbox"]
    assert 103 < west < east < 104
    assert -2 < south < north < -1


def test_a_cartogram_says_that_it_lies_nowhere(home: Path, door: Door) -> None:
    found = document(home, door, Pick("coverage", base="cartogram"))
    assert found["schematic"] is True
    assert found["coordinates"] == "cartogram"
    assert "bukan letak di bumi" in found["note"]
    assert len(found["features"]) == 68


def test_rt_cells_are_called_schematic_and_are_those_of_the_register(
    home: Path, door: Door
) -> None:
    found = document(home, door, Pick("rollout", "rt"))
    assert found["schematic"] is True
    assert "skematik" in found["note"]
    assert len(found["features"]) == 1650
    assert all(feature["geometry"] for feature in found["features"])


def test_every_column_is_described_and_no_other_is_there(home: Path, door: Door) -> None:
    found = document(home, door, Pick("coverage"))
    assert list(found["fields"]) == COLUMNS
    assert all(field["label"] and field["meaning"] for field in found["fields"].values())
    assert found["fields"]["rate"]["unit"] == "1 = 100%"
    assert all(list(feature["properties"]) == COLUMNS for feature in found["features"])
    assert "DATA CONTOH" in found["origin"]
    assert "internal" in found["origin"]


@pytest.mark.parametrize(("base", "srs"), [("true", 4326), ("cartogram", -1)])
def test_a_geopackage_holds_the_same_with_its_columns_described(
    home: Path, door: Door, tmp_path: Path, base: Any, srs: int
) -> None:
    view = view_of(Pick("coverage"), door, public=True)
    path = tmp_path / "cakupan.gpkg"
    path.write_bytes(gpkg(view, shapes_for(home, door, "kelurahan", base)))
    info = pyogrio.read_info(path)
    assert info["geometry_type"] == "MultiPolygon"
    assert info["layer_metadata"]["release"] == view.origin.release
    frame = geopandas.read_file(path)
    table = coverage(door, by="kelurahan", public=True)
    for row, (_, read) in zip(table.rows, frame.iterrows(), strict=True):
        assert read["code"] == row.code
        for key in ("covered", "eligible", "rate"):
            value = getattr(row, key)
            assert read[key] == value or (value is None and read.isna()[key])
    assert frame.geometry.is_valid.all()
    with closing(sqlite3.connect(path)) as database:
        said = database.execute("SELECT column_name, title, description FROM gpkg_data_columns")
        assert [(column.key, column.label) for column in view.columns] == [
            (name, title) for name, title, _ in said
        ]
        contents = database.execute("SELECT srs_id, identifier, description FROM gpkg_contents")
        (found, title, description) = contents.fetchone()
    assert found == srs
    assert title == view.title
    assert "DATA CONTOH" in description


def test_an_area_without_a_polygon_is_a_feature_without_geometry(home: Path, door: Door) -> None:
    from dataclasses import replace

    shapes = shapes_for(home, door, "kelurahan", "true")
    first = shapes.areas[0].code
    without = replace(shapes, lonlat={c: s for c, s in shapes.lonlat.items() if c != first})
    found = json.loads(geojson(view_of(Pick("coverage"), door), without))
    assert found["features"][0]["geometry"] is None
    assert found["features"][0]["properties"]["code"] == first
    assert gpkg(view_of(Pick("coverage"), door), without)[:15] == b"SQLite format 3"
