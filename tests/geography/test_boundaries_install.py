"""Boundary files of every form and fault, on an invented city of 68 polygons."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from boundary_samples import city_features, invented_city, write_geojson, zip_shapefile

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import in_language
from jambi_dash.domain.refusal import Refusal
from jambi_dash.geography import boundaries
from jambi_dash.geography.boundary_checks import METRIC
from jambi_dash.geography.boundary_files import read_features
from jambi_dash.geography.boundary_rules import URL_VARIABLE, load_rules, service_rules
from jambi_dash.settings import PROJECT

AREAS = load_areas()
CODES = [k.code for k in AREAS.kelurahan]
NEW_2023 = ["Aur Kenali", "Talang Gulo", "Kenali Asam", "Simpang Rimbo", "Pinang Merah",
            "Bakung Jaya"]  # fmt: skip


@pytest.fixture(scope="module")
def city() -> gpd.GeoDataFrame:
    return invented_city()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def install_frame(home: Path, frame: gpd.GeoDataFrame, **kwargs: Any) -> boundaries.Status:
    return boundaries.install(home, write_geojson(frame, home.parent / "batas.geojson"), **kwargs)


def refusal(home: Path, file: Path, **kwargs: Any) -> str:
    """The sentence with which `file` is refused; what was installed must be untouched."""
    before = snapshot(home)
    with pytest.raises(Refusal) as caught:
        boundaries.install(home, file, **kwargs)
    assert snapshot(home) == before
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def refused_frame(home: Path, frame: gpd.GeoDataFrame, **kwargs: Any) -> str:
    return refusal(home, write_geojson(frame, home.parent / "batas.geojson"), **kwargs)


def snapshot(home: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in home.glob("boundaries/*") if p.name != ".lock"}


# --- what is accepted -------------------------------------------------------------------------


def test_nothing_is_installed_at_first(home: Path) -> None:
    assert boundaries.status(home).to_json() == {
        "installed": False, "source": None, "features": 0, "area_km2": None, "problems": [],
    }  # fmt: skip
    assert boundaries.load(home) is None
    assert boundaries.remove(home) is False


def test_a_clean_file_is_installed_without_problems(home: Path, city: gpd.GeoDataFrame) -> None:
    status = install_frame(home, city)
    assert status.to_json() == {
        "installed": True, "source": "batas.geojson", "features": 68, "area_km2": 170.0,
        "problems": [],
    }  # fmt: skip
    assert boundaries.status(home) == status
    loaded = boundaries.load(home)
    assert loaded is not None
    assert list(loaded.polygons) == CODES
    polygons = np.array(list(loaded.polygons.values()))
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    for kelurahan, polygon in zip(AREAS.kelurahan, polygons, strict=True):
        assert polygon.covers(shapely.Point(kelurahan.lon, kelurahan.lat)), kelurahan.name
    document = json.loads(loaded.path.read_text(encoding="utf-8"))
    assert document["features"][0]["properties"] == {
        "code": "15.71.01.1001", "name": "Simpang IV Sipin", "kecamatan": "Telanaipura",
    }  # fmt: skip
    assert loaded.content_hash == status.content_hash


@pytest.mark.parametrize("epsg", [4326, 32748, 3857])
@pytest.mark.parametrize("form", ["geojson", "shp", "gpkg"])
def test_every_form_in_every_coordinate_system(
    home: Path, tmp_path: Path, city: gpd.GeoDataFrame, form: str, epsg: int
) -> None:
    frame = city.to_crs(epsg)
    if form == "geojson":
        file = write_geojson(frame, tmp_path / "batas.geojson")
    elif form == "shp":
        file = zip_shapefile(frame, tmp_path / "batas.zip")
    else:
        file = tmp_path / "batas.gpkg"
        frame.to_file(file)
    status = boundaries.install(home, file)
    assert status.area_km2 == pytest.approx(170.0, abs=0.02)
    assert status.problems == ()
    loaded = boundaries.load(home)
    assert loaded is not None
    wanted = city.to_crs(METRIC).geometry.to_numpy()
    got = gpd.GeoSeries(list(loaded.polygons.values()), crs=4326).to_crs(METRIC).to_numpy()
    apart = shapely.area(shapely.symmetric_difference(wanted, got)) / shapely.area(wanted)
    assert apart.max() < 0.01


def test_the_same_boundaries_have_the_same_hash_whatever_their_order(
    tmp_path: Path, city: gpd.GeoDataFrame
) -> None:
    first = install_frame(tmp_path / "a" / "home", city)
    second = install_frame(tmp_path / "b" / "home", city)
    assert first.content_hash == second.content_hash


def test_without_a_coordinate_system_degrees_are_taken_as_wgs84(
    home: Path, tmp_path: Path, city: gpd.GeoDataFrame
) -> None:
    unnamed = city.set_crs(None, allow_override=True)
    # The standard of GeoJSON says so; a shapefile without .prj says nothing.
    assert install_frame(home, unnamed).problems == ()
    status = boundaries.install(home, zip_shapefile(unnamed, tmp_path / "batas.zip"))
    assert status.problems == ("Berkas tidak menyebut sistem koordinat; dianggap WGS 84.",)


def test_without_a_coordinate_system_metres_are_refused(
    home: Path, tmp_path: Path, city: gpd.GeoDataFrame
) -> None:
    utm = city.to_crs(32748).set_crs(None, allow_override=True)
    assert "tidak menyebut sistem koordinat" in refused_frame(home, utm)
    file = zip_shapefile(utm, tmp_path / "batas.zip")
    assert "tidak menyebut sistem koordinat" in refusal(home, file)


def community(city: gpd.GeoDataFrame, **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=city.geometry.to_numpy(), crs=city.crs)


def test_community_column_names(home: Path, city: gpd.GeoDataFrame) -> None:
    names = city["WADMKD"].tolist()
    for columns in (
        {"kode": CODES, "nama": names},
        {"id": range(68), "name": names, "kec": city["WADMKC"].tolist()},
        {"kel": [f"Kel. {n.upper()}" for n in names]},
        {"NAMOBJ": [n.replace("III", "Tiga").replace("IV", "4") for n in names]},
        {"nama": city["WADMKC"].tolist(), "desa": names},
        {"Kode Kelurahan": CODES},
    ):
        assert install_frame(home, community(city, **columns)).features == 68


def test_aliases_are_known_but_never_the_barred_one(home: Path, city: gpd.GeoDataFrame) -> None:
    names = city["WADMKD"].replace({"Thehok": "The Hok", "Aur Kenali": "Kenali Kecil"})
    assert install_frame(home, community(city, nama=names.tolist())).features == 68
    barred = city["WADMKD"].replace({"Aur Kenali": "Aurduri"})
    sentence = refused_frame(home, community(city, nama=barred.tolist()))
    assert "tidak ada Aur Kenali, dan tidak dikenal Aurduri" in sentence


def test_mapped_columns(home: Path, city: gpd.GeoDataFrame) -> None:
    frame = community(city, a=CODES, b=city["WADMKD"].tolist())
    assert "tunjukkan kolomnya" in refused_frame(home, frame)
    assert install_frame(home, frame, mapping={"kelurahan": "b"}).features == 68
    assert install_frame(home, frame, mapping={"kode": "a"}).features == 68
    assert "Kolom c tidak ada" in refused_frame(home, frame, mapping={"kode": "c"})
    assert "Peran kolom rt tidak dikenal" in refused_frame(home, frame, mapping={"rt": "a"})


def test_bare_codes_need_the_name(home: Path, city: gpd.GeoDataFrame) -> None:
    names = city["WADMKD"].tolist()
    bare = [code.replace(".", "") for code in CODES]
    bps = [k.bps_code or None for k in AREAS.kelurahan]
    assert install_frame(home, community(city, kode=bare, nama=names)).problems == ()
    assert install_frame(home, community(city, kode=bps, nama=names)).problems == ()
    # As numbers, which is how a spreadsheet leaves them.
    numbers = [float(code) for code in bare]
    assert install_frame(home, community(city, kode=numbers, nama=names)).problems == ()
    assert "tidak memuat satu pun kelurahan" in refused_frame(home, community(city, kode=bare))


def test_a_bps_code_never_moves_a_name(home: Path, city: gpd.GeoDataFrame) -> None:
    # 1571011001 is Kenali Besar to BPS and, without dots, Simpang IV Sipin to Kemendagri.
    bps = [k.bps_code or None for k in AREAS.kelurahan]
    install_frame(home, community(city, kode=bps, nama=city["WADMKD"].tolist()))
    loaded = boundaries.load(home)
    assert loaded is not None
    besar = AREAS.by_code["15.71.09.1001"]
    assert loaded.polygons["15.71.09.1001"].covers(shapely.Point(besar.lon, besar.lat))


def test_code_and_name_that_disagree_are_refused(home: Path, city: gpd.GeoDataFrame) -> None:
    frame = city.copy()
    frame.loc[frame["WADMKD"] == "Kenali Asam", "WADMKD"] = "Kenali Asam Bawah"
    sentence = refused_frame(home, frame)
    assert "berkode 15.71.07.1012 (Kenali Asam) tetapi bernama Kenali Asam Bawah" in sentence


def test_old_codes_are_matched_by_name_and_told(home: Path, city: gpd.GeoDataFrame) -> None:
    frame = city.copy()
    frame.loc[frame["WADMKD"] == "Kenali Besar", "KDEPUM"] = "15.71.07.1003"
    (problem,) = install_frame(home, frame).problems
    assert problem.endswith("dicocokkan dengan nama: Kenali Besar.")


def test_other_cities_are_left_out(home: Path, city: gpd.GeoDataFrame) -> None:
    elsewhere = city.iloc[:3].copy()
    elsewhere["geometry"] = elsewhere.geometry.translate(0.5, 0)
    elsewhere["KDEPUM"] = ["15.05.01.2001", "15.05.01.2002", "15.05.01.2003"]
    elsewhere["WADMKK"] = "Muaro Jambi"
    elsewhere["WADMKC"] = "Kumpeh"
    both = gpd.GeoDataFrame(gpd.pd.concat([city, elsewhere], ignore_index=True), crs=city.crs)
    for columns in (["WADMKD", "WADMKK"], ["WADMKD", "KDEPUM"], ["WADMKD", "WADMKC"]):
        status = install_frame(home, both[[*columns, "geometry"]])
        assert (status.features, status.area_km2, status.problems) == (68, 170.0, ())
    status = install_frame(home, both[["WADMKD", "geometry"]])
    assert (status.features, status.area_km2) == (68, 170.0)
    assert status.problems == (
        "Fitur bernama sama di tempat lain tidak dipakai: "
        "Simpang IV Sipin, Buluran Kenali, Teluk Kenali.",
    )


def test_parts_of_one_kelurahan_are_dissolved(home: Path, city: gpd.GeoDataFrame) -> None:
    halves = split_first(city)
    assert len(halves) == 69
    status = install_frame(home, halves)
    assert (status.features, status.area_km2, status.problems) == (68, 170.0, ())
    loaded = boundaries.load(home)
    assert loaded is not None
    assert loaded.polygons[CODES[0]].geom_type == "Polygon"


def split_first(city: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The city with its first kelurahan cut into two features."""
    west, south, east, north = city.geometry.iloc[0].bounds
    middle = (west + east) / 2
    halves = city.iloc[[0, 0]].copy()
    halves["geometry"] = [
        city.geometry.iloc[0].intersection(shapely.box(west, south, middle, north)),
        city.geometry.iloc[0].intersection(shapely.box(middle, south, east, north)),
    ]
    return gpd.GeoDataFrame(gpd.pd.concat([halves, city.iloc[1:]], ignore_index=True), crs=city.crs)


def test_a_feature_that_is_there_twice_is_used_once(home: Path, city: gpd.GeoDataFrame) -> None:
    twice = gpd.GeoDataFrame(gpd.pd.concat([city, city.iloc[[5]]], ignore_index=True), crs=city.crs)
    status = install_frame(home, twice)
    assert status.area_km2 == 170.0
    (problem,) = status.problems
    assert problem.endswith(f"dipakai satu: {AREAS.kelurahan[5].name}.")


def test_a_lake_without_a_name_is_left_out_and_told(home: Path, city: gpd.GeoDataFrame) -> None:
    lake = city.iloc[[0]].copy()
    lake[["KDEPUM", "WADMKD"]] = [None, "Danau Sipin"]
    frame = gpd.GeoDataFrame(gpd.pd.concat([city, lake], ignore_index=True), crs=city.crs)
    status = install_frame(home, frame)
    assert status.problems == ("1 fitur lain di Kota Jambi tidak dipakai: Danau Sipin.",)


def test_an_invalid_shape_is_mended_and_told(home: Path, city: gpd.GeoDataFrame) -> None:
    frame = city.copy()
    ring = list(frame.geometry.iloc[3].exterior.coords)
    # A spike out of the first corner and back across it: the ring crosses itself.
    x, y = ring[0]
    spiked = [(x, y), (x + 1e-5, y + 2e-5), (x + 2e-5, y - 1e-5), (x - 1e-5, y + 1e-5), *ring[1:]]
    frame.loc[frame.index[3], "geometry"] = shapely.Polygon(spiked)
    assert not frame.geometry.iloc[3].is_valid
    status = install_frame(home, frame)
    assert f"Bentuk yang tidak sah diperbaiki: {AREAS.kelurahan[3].name}." in status.problems
    loaded = boundaries.load(home)
    assert loaded is not None
    assert shapely.is_valid(list(loaded.polygons.values())).all()


def test_heights_are_dropped(home: Path, city: gpd.GeoDataFrame) -> None:
    frame = city.copy()
    frame["geometry"] = shapely.force_3d(frame.geometry.to_numpy(), 12.5)
    assert install_frame(home, frame).problems == ()
    loaded = boundaries.load(home)
    assert loaded is not None
    assert not shapely.has_z(list(loaded.polygons.values())).any()


def test_a_fine_outline_is_thinned_and_borders_stay_shared(
    home: Path, city: gpd.GeoDataFrame
) -> None:
    metric = city.to_crs(METRIC)
    fine = metric.assign(geometry=shapely.segmentize(metric.geometry.to_numpy(), 20.0)).to_crs(4326)
    install_frame(home, fine)
    loaded = boundaries.load(home)
    assert loaded is not None
    polygons = np.array(list(loaded.polygons.values()))
    assert shapely.coverage_is_valid(polygons)
    before = shapely.get_num_coordinates(fine.geometry.to_numpy()).sum()
    assert shapely.get_num_coordinates(polygons).sum() < before / 8
    text = loaded.path.read_text(encoding="utf-8")
    assert all(len(digits.partition(".")[2]) <= 6 for digits in numbers_in(text))


def numbers_in(geojson: str) -> list[str]:
    return [
        str(value)
        for feature in json.loads(geojson, parse_float=str)["features"]
        for value in np.ravel(feature["geometry"]["coordinates"][0])
    ]


def test_small_overlaps_and_gaps_are_measured_and_tidied(
    home: Path, city: gpd.GeoDataFrame
) -> None:
    metric = city.to_crs(METRIC)
    grown = metric.copy()
    grown.loc[grown.index[10], "geometry"] = metric.geometry.iloc[10].buffer(4, join_style="mitre")
    expected = grown.geometry.iloc[10].area - metric.geometry.iloc[10].area
    status = install_frame(home, grown.to_crs(4326))
    (problem,) = status.problems
    said = int(problem.partition("seluruhnya ")[2].partition(" m²")[0].replace(".", ""))
    assert said == pytest.approx(expected, rel=0.02)
    shrunk = metric.copy()
    shrunk.loc[shrunk.index[10], "geometry"] = metric.geometry.iloc[10].buffer(
        -4, join_style="mitre"
    )
    status = install_frame(home, shrunk.to_crs(4326))
    (problem,) = status.problems
    assert problem.startswith("1 celah antarkelurahan")
    loaded = boundaries.load(home)
    assert loaded is not None
    # The ring of 4 m was narrower than `gap_m`: it has gone to the neighbours.
    assert len(shapely.union_all(list(loaded.polygons.values())).interiors) == 0


def test_problems_are_told_in_the_readers_language(
    home: Path, tmp_path: Path, city: gpd.GeoDataFrame
) -> None:
    unnamed = city.set_crs(None, allow_override=True)
    with in_language("en"):
        boundaries.install(home, zip_shapefile(unnamed, tmp_path / "batas.zip"))
    assert boundaries.status(home).problems[0].startswith("Berkas tidak menyebut")


# --- what is refused --------------------------------------------------------------------------


@pytest.fixture
def settled(home: Path, city: gpd.GeoDataFrame) -> Path:
    """A home in which boundaries are installed that no refusal may touch."""
    install_frame(home, city)
    return home


def test_the_62_kelurahan_before_2023_are_refused_with_the_missing_names(
    settled: Path, city: gpd.GeoDataFrame
) -> None:
    old = city[~city["WADMKD"].isin(NEW_2023)]
    assert len(old) == 62
    sentence = refused_frame(settled, old)
    assert "batas lama dengan 62 kelurahan, sebelum pemekaran 2023" in sentence
    assert all(name in sentence for name in NEW_2023)
    # Kenali Asam Bawah once covered Kenali Asam; its name alone must not stand for both.
    assert "belum ada Aur Kenali, Talang Gulo, Kenali Asam, Simpang Rimbo" in sentence


def test_missing_kelurahan_are_named(settled: Path, city: gpd.GeoDataFrame) -> None:
    sentence = refused_frame(settled, city[~city["WADMKD"].isin(["Legok", "Murni"])])
    assert "hanya memuat 66 dari 68 kelurahan: tidak ada Murni, Legok;" in sentence
    empty = city.copy()
    empty.loc[empty["WADMKD"] == "Legok", "geometry"] = None
    assert "tidak ada Legok" in refused_frame(settled, empty)


def test_a_misspelt_name_is_not_guessed(settled: Path, city: gpd.GeoDataFrame) -> None:
    names = city["WADMKD"].replace({"Kenali Asam Atas": "Kenali Asam Ats"})
    sentence = refused_frame(settled, community(city, nama=names.tolist()))
    assert "tidak ada Kenali Asam Atas, dan tidak dikenal Kenali Asam Ats" in sentence


def test_one_kelurahan_drawn_twice_differently_is_refused(
    settled: Path, city: gpd.GeoDataFrame
) -> None:
    again = city.iloc[[7]].copy()
    again["geometry"] = again.geometry.translate(0.0005, 0)
    frame = gpd.GeoDataFrame(gpd.pd.concat([city, again], ignore_index=True), crs=city.crs)
    sentence = refused_frame(settled, frame)
    assert f"Kelurahan {AREAS.kelurahan[7].name} ada 2 kali" in sentence


def test_large_overlaps_are_refused_with_the_pair(settled: Path, city: gpd.GeoDataFrame) -> None:
    frame = city.to_crs(METRIC)
    frame.loc[frame.index[10], "geometry"] = frame.geometry.iloc[10].buffer(300)
    sentence = refused_frame(settled, frame.to_crs(4326))
    assert "tumpang tindih" in sentence
    assert AREAS.kelurahan[10].name in sentence


def test_one_polygon_under_two_names_is_refused(settled: Path, city: gpd.GeoDataFrame) -> None:
    # Two small neighbours: 0,2 km² is below the city's tolerance, but all of one of them.
    frame = city.copy()
    at = {name: frame.index[frame["WADMKD"] == name][0] for name in ("Pasar Jambi", "Beringin")}
    frame.loc[at["Beringin"], "geometry"] = frame.loc[at["Pasar Jambi"], "geometry"]
    assert "tumpang tindih" in refused_frame(settled, frame)


def test_a_hole_between_kelurahan_is_refused(settled: Path, city: gpd.GeoDataFrame) -> None:
    frame = city.to_crs(METRIC)
    inner = max(range(68), key=lambda i: frame.geometry.iloc[i].area)
    hole = frame.geometry.iloc[inner].representative_point().buffer(450)
    frame.loc[frame.index[inner], "geometry"] = frame.geometry.iloc[inner].difference(hole)
    sentence = refused_frame(settled, frame.to_crs(4326))
    assert "ada celah 0,6" in sentence


@pytest.mark.parametrize(("factor", "said"), [(0.9, "137,7"), (1.1, "205,7")])
def test_a_wrong_total_area_is_refused(
    settled: Path, city: gpd.GeoDataFrame, factor: float, said: str
) -> None:
    metric = city.to_crs(METRIC)
    scaled = metric.assign(geometry=metric.scale(factor, factor, origin=(0, 0)))
    sentence = refused_frame(settled, scaled.to_crs(4326))
    assert f"{said} km², padahal Kota Jambi 165–175 km²" in sentence


def test_boundaries_elsewhere_are_refused(settled: Path, city: gpd.GeoDataFrame) -> None:
    moved = city.assign(geometry=city.translate(0.3, 0))
    assert "tidak terletak di Kota Jambi" in refused_frame(settled, moved)
    swapped = city.assign(
        geometry=shapely.transform(city.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    )
    assert refused_frame(settled, swapped.set_crs(None, allow_override=True))


def test_exchanged_names_are_refused(settled: Path, city: gpd.GeoDataFrame) -> None:
    frame = city.copy()
    a, b = (frame.index[frame["WADMKD"] == n][0] for n in ("Olak Kemang", "Bakung Jaya"))
    frame.loc[[a, b], "geometry"] = frame.loc[[b, a], "geometry"].to_numpy()
    sentence = refused_frame(settled, frame)
    assert "Olak Kemang, Bakung Jaya" in sentence


def test_points_and_lines_are_refused(
    settled: Path, tmp_path: Path, city: gpd.GeoDataFrame
) -> None:
    points = city.assign(geometry=city.representative_point())
    assert "bertipe Point, bukan poligon" in refused_frame(settled, points)
    lines = city.assign(geometry=city.boundary)
    assert "bertipe LineString, bukan poligon" in refused_frame(settled, lines)
    file = zip_shapefile(points, tmp_path / "titik.zip")
    assert "tidak memuat lapisan poligon" in refusal(settled, file)


def junk_files(folder: Path, city: gpd.GeoDataFrame) -> dict[str, tuple[Path, str]]:
    """Files that are no boundaries, each with words of its refusal."""
    good = json.dumps(city_features(city))

    def written(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def zipped(name: str, **members: bytes) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member.replace("__", ".").replace("UP", "../"), content)
        return folder / name

    shapefile = zip_shapefile(city, folder / "utuh.zip")
    with zipfile.ZipFile(shapefile) as archive:
        shp = archive.read("batas.shp")
    city.to_file(folder / "utuh.gpkg")
    gpkg = (folder / "utuh.gpkg").read_bytes()
    whole = shapefile.read_bytes()
    nonsense = {"type": "Polygon", "coordinates": [[1, 2], "x"]}
    bad_shape = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": nonsense}],
    }
    bad_crs = city_features(city) | {"crs": {"type": "name", "properties": {"name": "EPSG:0"}}}
    return {
        "empty": (written("a.geojson", b""), "kosong"),
        "text": (written("b.geojson", "bukan apa-apa"), "bukan GeoJSON, ZIP berisi SHP"),
        "spreadsheet text": (written("c.csv", "kode,nama\n1,2\n"), "bukan GeoJSON, ZIP"),
        "truncated json": (written("d.geojson", good[:-2000]), "terpotong atau bukan GeoJSON"),
        "deep json": (written("e.geojson", '{"a":' + "[" * 200_000), "terpotong atau bukan"),
        "other json": (written("f.geojson", '{"type": "Topology"}'), "bukan FeatureCollection"),
        "json list of numbers": (
            written("g.geojson", '{"type": "FeatureCollection", "features": [1]}'),
            "bukan FeatureCollection",
        ),
        "no features": (
            written("h.geojson", '{"type": "FeatureCollection", "features": []}'),
            "tidak memuat satu fitur pun",
        ),
        "bad geometry": (written("i.geojson", json.dumps(bad_shape)), "Fitur ke-1"),
        "unknown crs": (written("j.geojson", json.dumps(bad_crs)), "tidak dikenal"),
        "bare shp": (written("k.shp", shp), "hanya sebagian dari SHP"),
        "zip without layer": (zipped("l.zip", a__txt=b"x"), "tidak memuat .shp"),
        "shp alone in zip": (zipped("m.zip", a__shp=shp), "tidak memuat .shx, .dbf dari SHP"),
        "two layers": (zipped("n.zip", a__shp=shp, b__shp=shp), "memuat 2 lapisan"),
        "traversal": (zipped("o.zip", UPa__shp=shp), "keluar dari foldernya"),
        "zip in zip": (zipped("p.zip", a__geojson=whole), "bukan GeoJSON, ZIP berisi SHP"),
        "nameless member": (
            written("u.zip", zipped("u.zip", ab__shp=shp).read_bytes().replace(b"ab.shp", b"\0b.shp")),
            "rusak",
        ),
        "cut zip": (written("q.zip", whole[: len(whole) // 2]), "rusak"),
        "flipped zip": (written("r.zip", flip(whole)), "rusak"),
        "cut gpkg": (written("s.gpkg", gpkg[: len(gpkg) // 3]), "rusak atau terpotong"),
        "header of gpkg": (written("t.gpkg", gpkg[:100]), "rusak atau terpotong"),
        "a map that draws others": (
            zipped("v.zip", a__geojson=b'<OGRVRTDataSource><SrcDataSource>/etc/passwd'),
            "bukan GeoJSON, ZIP berisi SHP",
        ),
        "entities": (
            written("w.kml", '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "a">]><kml>&a;</kml>'),
            "bukan GeoJSON, ZIP berisi SHP",
        ),
        "zipped kml": (zipped("x.kmz", doc__kml=b"<kml/>"), "tidak memuat .shp"),
        "a layer that is counted without end": (
            computed(folder / "y.gpkg", gpkg, "VIEW batas_dihitung AS WITH RECURSIVE n(i) AS "
                     "(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, geom FROM n, utuh"),
            "dihitung, bukan disimpan",
        ),
        "a column as large as it likes": (
            computed(folder / "z.gpkg", gpkg, "TABLE isi (a, b AS (zeroblob(1000000000)))"),
            "dihitung, bukan disimpan",
        ),
        "a table that reads other files": (
            computed(folder / "za.gpkg", gpkg, "VIRTUAL TABLE lain USING fts4(isi)"),
            "dihitung, bukan disimpan",
        ),
        "zipped gpkg with a view": (
            zipped("zb.zip", a__gpkg=computed(folder / "zc.gpkg", gpkg, "VIEW v AS SELECT 1")
                   .read_bytes()),
            "dihitung, bukan disimpan",
        ),
        "folder": (folder, "bukan berkas"),
        "missing": (folder / "tidak-ada.geojson", "tidak dapat dibaca"),
    }  # fmt: skip


def computed(path: Path, gpkg: bytes, what: str) -> Path:
    """The GeoPackage with one thing more that is computed when it is read."""
    path.write_bytes(gpkg)
    with closing(sqlite3.connect(path)) as book:
        book.execute(f"CREATE {what}")
        book.commit()
    return path


def flip(content: bytes) -> bytes:
    """The archive with bytes in the middle of its packed data turned over."""
    middle = len(content) // 3
    return (
        content[:middle]
        + bytes(b ^ 0xFF for b in content[middle : middle + 64])
        + (content[middle + 64 :])
    )


def test_junk_is_refused_in_one_sentence(
    settled: Path, tmp_path: Path, city: gpd.GeoDataFrame
) -> None:
    folder = tmp_path / "junk"
    folder.mkdir()
    for label, (file, words) in junk_files(folder, city).items():
        assert words in refusal(settled, file), label


def test_archives_are_measured_before_they_are_unpacked(settled: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bom.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(5 * 1024 * 1024))
    assert bomb.stat().st_size < 10_000
    with pytest.raises(Refusal, match="lebih besar dari 4 MB setelah dibuka"):
        read_features(bomb, replace(load_rules().limits, max_unpacked_mb=4))
    many = tmp_path / "banyak.zip"
    with zipfile.ZipFile(many, "w") as archive:
        for index in range(201):
            archive.writestr(f"{index}.txt", b"")
    assert "lebih dari 200 berkas" in refusal(settled, many)


def test_an_archive_that_lies_about_its_size_is_refused(settled: Path, tmp_path: Path) -> None:
    lying = tmp_path / "bohong.zip"
    with zipfile.ZipFile(lying, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b'{"type": "FeatureCollection"' + b" " * 5_000_000)
    content = lying.read_bytes()
    real, said = (5_000_028).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert content.count(real) == 2
    lying.write_bytes(content.replace(real, said))
    assert "rusak" in refusal(settled, lying)


def test_an_archive_with_a_password_is_refused(
    settled: Path, tmp_path: Path, city: gpd.GeoDataFrame
) -> None:
    file = zip_shapefile(city, tmp_path / "sandi.zip")
    content = bytearray(file.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    file.write_bytes(content)
    assert "berkata sandi" in refusal(settled, file)


def test_limits_of_size_and_number(tmp_path: Path, city: gpd.GeoDataFrame) -> None:
    limits = load_rules().limits
    json_file = write_geojson(city, tmp_path / "batas.geojson")
    shp_file = zip_shapefile(city, tmp_path / "batas.zip")
    with pytest.raises(Refusal, match="lebih besar dari 0 MB"):
        read_features(json_file, replace(limits, max_file_mb=0))
    for file in (json_file, shp_file):
        with pytest.raises(Refusal, match="lebih dari 67 fitur"):
            read_features(file, replace(limits, max_features=67))


def test_several_polygon_layers_are_refused_by_name(
    settled: Path, tmp_path: Path, city: gpd.GeoDataFrame
) -> None:
    file = tmp_path / "banyak.gpkg"
    city.to_file(file, layer="kelurahan")
    city.assign(geometry=city.representative_point()).to_file(file, layer="kantor")
    assert boundaries.install(settled, file).features == 68
    city.dissolve("WADMKC").reset_index().to_file(file, layer="kecamatan")
    assert "2 lapisan poligon (kelurahan, kecamatan)" in refusal(settled, file)


# --- the store --------------------------------------------------------------------------------


def test_installing_again_replaces_and_leaves_nothing_behind(
    settled: Path, city: gpd.GeoDataFrame
) -> None:
    first = boundaries.status(settled)
    metric = city.to_crs(METRIC)
    wider = metric.assign(geometry=metric.scale(1.005, 1.005, origin=(0, 0))).to_crs(4326)
    second = install_frame(settled, wider, name="folder/baru.geojson")
    assert second.content_hash != first.content_hash
    assert second.source == "baru.geojson"
    assert len(list((settled / "boundaries").glob("*.geojson"))) == 1
    assert list((settled / "boundaries").glob(".new-*")) == []


def test_damage_is_noticed_and_does_not_crash(settled: Path) -> None:
    folder = settled / "boundaries"
    (polygons,) = folder.glob("*.geojson")
    content = polygons.read_bytes()
    for damage in (content[:-10], content.replace(b"1.6", b"1.7", 1), b"", None):
        if damage is None:
            polygons.unlink()
        else:
            polygons.write_bytes(damage)
        status = boundaries.status(settled)
        assert (status.installed, status.damaged) == (False, True)
        assert "rusak atau berubah" in status.problems[0]
        assert boundaries.load(settled) is None
    polygons.write_bytes(content)
    assert boundaries.status(settled).installed
    pointer = folder / "installed.json"
    for damaged in ("", "{", "[]", "{}", pointer.read_text(encoding="utf-8")[:-40]):
        pointer.write_text(damaged, encoding="utf-8")
        assert boundaries.status(settled).damaged
        assert boundaries.load(settled) is None


def test_a_pointer_cannot_lead_out_of_the_folder(settled: Path) -> None:
    pointer = settled / "boundaries" / "installed.json"
    (polygons,) = (settled / "boundaries").glob("*.geojson")
    outside = settled / "lain.geojson"
    outside.write_bytes(polygons.read_bytes())
    document = json.loads(pointer.read_text(encoding="utf-8"))
    pointer.write_text(json.dumps(document | {"file": "../lain.geojson"}), encoding="utf-8")
    assert boundaries.status(settled).damaged


def test_a_crash_before_the_pointer_leaves_the_earlier_boundaries(
    settled: Path, city: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = boundaries.status(settled)
    move = Path.replace

    def die(self: Path, target: Path) -> Path:
        if Path(target).name == "installed.json":
            raise KeyboardInterrupt
        return move(self, target)

    metric = city.to_crs(METRIC)
    wider = metric.assign(geometry=metric.scale(1.005, 1.005, origin=(0, 0))).to_crs(4326)
    monkeypatch.setattr(Path, "replace", die)
    with pytest.raises(KeyboardInterrupt):
        install_frame(settled, wider)
    monkeypatch.undo()
    assert boundaries.status(settled) == before
    assert boundaries.load(settled) is not None
    install_frame(settled, wider)
    assert len(list((settled / "boundaries").glob("*.geojson"))) == 1


def test_readers_and_two_installers_at_once(settled: Path, city: gpd.GeoDataFrame) -> None:
    metric = city.to_crs(METRIC)
    wider = metric.assign(geometry=metric.scale(1.005, 1.005, origin=(0, 0))).to_crs(4326)
    files = [
        write_geojson(frame, settled.parent / f"{name}.geojson")
        for name, frame in (("a", city), ("b", wider))
    ]
    with ThreadPoolExecutor(4) as pool:
        installs = [pool.submit(boundaries.install, settled, file) for file in files * 3]
        while not all(job.done() for job in installs):
            loaded = boundaries.load(settled)
            assert loaded is not None
            assert len(loaded.polygons) == 68
    assert all(job.result().installed for job in installs)
    assert len(list((settled / "boundaries").glob("*.geojson"))) == 1


def test_removing(settled: Path) -> None:
    assert boundaries.remove(settled) is True
    assert boundaries.status(settled) == boundaries.Status(False)
    assert list((settled / "boundaries").glob("*.geojson")) == []


def test_a_home_that_cannot_be_written_is_refused(tmp_path: Path, city: gpd.GeoDataFrame) -> None:
    home = tmp_path / "berkas"
    home.write_text("bukan folder", encoding="utf-8")
    with pytest.raises(Refusal, match="tidak dapat disimpan"):
        install_frame(home, city)


def test_status_does_not_wait_for_geometry_libraries(settled: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from jambi_dash.geography import boundaries;"
        f"assert boundaries.status(Path({str(settled)!r})).installed;"
        "sys.exit(bool({'geopandas', 'shapely', 'pyproj', 'pandas'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=False).returncode == 0


# --- the rules --------------------------------------------------------------------------------


def test_a_wrong_key_in_the_rules_is_named(tmp_path: Path) -> None:
    shipped = (PROJECT / "data" / "areas" / "boundaries.toml").read_text(encoding="utf-8")
    file = tmp_path / "boundaries.toml"
    file.write_text(shipped + "\nkelebihan = 1\n", encoding="utf-8")
    with pytest.raises(Refusal, match="kelebihan"):
        load_rules(file)
    file.write_text("[service", encoding="utf-8")
    with pytest.raises(Refusal, match=r"boundaries\.toml"):
        load_rules(file)


def test_the_address_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    assert service_rules().url.startswith("https://geoservices.big.go.id/")
    monkeypatch.setenv(URL_VARIABLE, "https://lain.example/0")
    assert service_rules().url == "https://lain.example/0"
    assert service_rules("https://tiga.example/0").url == "https://tiga.example/0"


# --- the real city ----------------------------------------------------------------------------


def test_the_real_boundaries(home: Path, tmp_path: Path) -> None:
    file = PROJECT.parent / "shared" / "boundaries" / "kelurahan.geojson"
    if not file.exists():
        pytest.skip("no real boundaries beside the project (../shared/boundaries)")
    status = boundaries.install(home, file)
    assert status.features == 68
    assert status.area_km2 == pytest.approx(169.897, abs=0.001)
    assert status.problems == (
        "115 pasang kelurahan tumpang tindih, seluruhnya 96.004 m², telah dirapikan.",
        "189 celah antarkelurahan, seluruhnya 72.968 m².",
    )
    loaded = boundaries.load(home)
    assert loaded is not None
    assert shapely.coverage_is_valid(list(loaded.polygons.values()))
    frame = gpd.read_file(file)
    installed = gpd.GeoSeries(loaded.polygons, crs=4326).to_crs(METRIC).area / 1e6
    for kelurahan in AREAS.kelurahan:
        assert installed[kelurahan.code] == pytest.approx(kelurahan.area_km2, rel=0.02)
    old = frame[~frame["WADMKD"].isin(NEW_2023)]
    sentence = refusal(home, write_geojson(old, tmp_path / "lama.geojson"))
    assert "62 kelurahan, sebelum pemekaran 2023" in sentence
