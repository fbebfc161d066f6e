"""A store of two invented cities: the level of cities on the pages and in the files."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

from jambi_dash.demo.many_cities import write_cities
from jambi_dash.domain import formats
from jambi_dash.settings import DATA_VARIABLE, HOME_VARIABLE, PROJECT

AS_OF = date(2025, 12, 31)
WORKERS, KELURAHAN, RTS = 900, 68, 1_650
"""Of each city."""
ONE, OTHER = "11.80", "12.80"
LEVELS = ["Kota/Kab.", "Kecamatan", "Kelurahan", "RT"]


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dua") / "kota"
    made = write_cities(out, cities=2, workers=WORKERS, as_of=AS_OF)
    files = [made.peserta, made.rt, made.kampung_bahagia, made.santunan]
    run(out, "-m", "jambi_dash", "import", *files, "--as-of", AS_OF.isoformat())
    return out


@pytest.fixture(scope="module")
def found(cities: Path) -> Any:
    return json.loads(run(cities, str(Path(__file__).with_name("read_cities.py"))))


@pytest.fixture(scope="module")
def covered(cities: Path) -> dict[str, int]:
    """Covered people of everything and of each city, kecamatan and kelurahan, counted here."""
    counts: dict[str, int] = {}
    with (cities / "peserta.csv").open(encoding="utf-8") as file:
        next(file)  # the mark of invented data
        for row in csv.DictReader(file, delimiter=";"):
            if row["Tahap"] == "aktif" and not row["Sampai"]:
                code = row["Kode Kelurahan"]
                for area in ("", code[:5], code[:8], code):
                    counts[area] = counts.get(area, 0) + 1
    return counts


def run(folder: Path, *words: str, code: int = 0) -> str:
    path = os.pathsep.join((str(PROJECT), str(Path(__file__).parent)))
    environment = {**os.environ, DATA_VARIABLE: str(folder / "kota"), "PYTHONPATH": path}
    environment.pop(HOME_VARIABLE, None)
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, encoding="utf-8", cwd=PROJECT,
        env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stdout


def test_the_page_opens_on_cities_and_adds_up(found: Any, covered: dict[str, int]) -> None:
    page = found["walk"]["all"]
    assert (page["wrong"], page["levels"], page["level"]) == ([], LEVELS, "Kota/Kab.")
    assert (page["address"], page["above"]) == ({}, [])
    whole = formats.number(covered[""])
    assert f"✓ {whole} di 2 wilayah + 0 tanpa lokasi = {whole} orang" in page["texts"]
    assert f"{whole} dari {formats.number(2 * WORKERS)}" in page["texts"]
    assert "Cakupan pekerja rentan tiap kota/kabupaten" in page["texts"]
    assert "Cakupan tiap kota/kabupaten, dari yang terendah" in page["texts"]


@pytest.mark.parametrize(
    ("step", "place", "level", "above", "others"),
    [
        ("city", OTHER, "Kecamatan", 1, {}),
        ("kecamatan", f"{OTHER}.02", "Kelurahan", 2, {}),
        ("kelurahan", f"{OTHER}.02.1001", "RT", 3, {"tingkat": "rt"}),
        ("back in the city", OTHER, "Kecamatan", 1, {}),
        ("link", OTHER, "Kecamatan", 1, {}),
        ("link to cities", OTHER, "Kota/Kab.", 1, {"tingkat": "city"}),
        ("RTs", OTHER, "RT", 1, {"tingkat": "rt"}),
    ],
)
def test_down_by_clicks_and_up_again(
    found: Any, covered: dict[str, int], step: str, place: str, level: str, above: int,
    others: dict[str, str],
) -> None:  # fmt: skip
    page = found["walk"][step]
    assert (page["wrong"], page["levels"], page["level"]) == ([], LEVELS, level)
    assert page["address"] == {"wilayah": place, **others}
    assert (
        page["above"]
        == ["2 Kota Contoh", "Kota Contoh 002", "Kecamatan 02 Kota Contoh 002"][:above]
    )
    name = {5: "Kota Contoh 002", 8: "Kecamatan 02 Kota Contoh 002"}.get(
        len(place), "Kelurahan 02 Kota Contoh 002"
    )
    shown = [line for line in page["texts"].splitlines() if line.startswith(f"#### {name}: ")]
    assert len(shown) == 1
    assert f" {formats.number(covered[place])} dari " in shown[0]
    # The bars are held against the city that the reader is in.
    city = formats.percent(covered[OTHER] / WORKERS)
    whole = formats.percent(covered[""] / (2 * WORKERS))
    assert (f"semua {whole}" if step == "link to cities" else f"kota {city}") in page["texts"]
    # Of the other city nothing is ranked.
    assert ("Kota Contoh 001" in page["texts"]) == (step == "link to cities")


def test_the_way_back_ends_where_it_began(found: Any) -> None:
    back, first = found["walk"]["back"], found["walk"]["all"]
    assert (back["address"], back["level"], back["above"]) == ({}, first["level"], [])


def test_two_months_and_a_difference_of_cities(found: Any) -> None:
    for mode in ("two", "difference"):
        page = found["walk"][mode]
        assert (page["wrong"], page["level"]) == ([], "Kota/Kab.")
        assert "kota/kabupaten" in page["texts"]


def test_a_city_that_is_not_there_is_everything(found: Any) -> None:
    page = found["walk"]["unknown city"]
    assert (page["wrong"], page["level"]) == ([], "Kota/Kab.")
    assert "#### 2 Kota Contoh: " in page["texts"]


def test_cities_are_not_for_the_public_nor_for_who_sees_some_kelurahan(found: Any) -> None:
    for who in ("public", "public in a city", "own"):
        page = found[who]
        assert page["wrong"] == [], who
        assert "Kota/Kab." not in page["levels"], who
        assert "kota/kabupaten" not in page["texts"], who
    assert "#### 2 Kota Contoh: " in found["public in a city"]["texts"]
    assert "Angka tiap kota tidak disusun untuk umum" in found["files"]["public"]


def test_other_pages_know_cities(found: Any) -> None:
    pages = found["others"]
    assert [page["wrong"] for page in pages.values()] == [[]] * len(pages)
    assert "per kota/kabupaten" in pages["kampung"]["texts"]
    assert "✓ 24 di kelurahan + 0 tanpa lokasi = 24 santunan" in pages["santunan"]["texts"]
    assert "✓ 48 di kelurahan + 0 tanpa lokasi = 48 santunan" in pages["santunan by city"]["texts"]
    assert "Santunan menurut kota/kabupaten" in pages["santunan by city"]["texts"]
    assert "Cakupan pekerja rentan per kota/kabupaten" in pages["paparan"]["texts"]


def test_a_scenario_over_too_many_areas_is_drawn_by_those_above(found: Any) -> None:
    for level, unit in (("kecamatan", "kecamatan"), ("city", "kota/kabupaten")):
        page = found["too many"][level]
        assert page["wrong"] == []
        assert f"Cakupan tiap {unit} sesudah perluasan" in page["texts"]
        assert f"Dijumlahkan per {unit}: kelurahan terlalu banyak" in page["texts"]


def test_every_form_of_a_file_holds_cities(found: Any, covered: dict[str, int]) -> None:
    files = found["files"]
    assert min(files["made"].values()) > 1_000
    assert files["drawn"] == [ONE, OTHER]
    assert [row[:4] for row in files["rows"]] == [
        [ONE, "Kota Contoh 001", covered[ONE], WORKERS],
        [OTHER, "Kota Contoh 002", covered[OTHER], WORKERS],
    ]
    assert all("per kota/kabupaten" in title for title in files["titles"])


def test_a_city_is_the_union_of_its_kelurahan(found: Any) -> None:
    shapes = found["shapes"]
    size = shapes["hexagon"] * KELURAHAN
    assert shapes["city"] == {
        code: [name, pytest.approx(size), "Polygon"]
        for code, name in ((ONE, "Kota Contoh 001"), (OTHER, "Kota Contoh 002"))
    }
    assert {kind for _, _, kind in shapes["kecamatan"].values()} == {"Polygon"}
    assert shapes["part"] == [code for code in shapes["kecamatan"] if code.startswith(OTHER)]
    assert not shapes["part has a border of cities"]


def test_maps_by_command(cities: Path, tmp_path: Path) -> None:
    out = tmp_path / "kota.geojson"
    words = ("-m", "jambi_dash", "export", "map", "--by", "city", "--out", str(out))
    run(cities, *words)
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert [feature["id"] for feature in features] == [ONE, OTHER]
    run(cities, *words, "--public", code=1)


def test_a_file_of_boundaries_is_of_all_cities(cities: Path, tmp_path: Path) -> None:
    with (cities / "kota" / "areas" / "kelurahan.csv").open(encoding="utf-8") as file:
        wards = list(csv.DictReader(file))
    side = 0.02  # degrees between the points of kelurahan of the invented cities
    features = [
        {
            "type": "Feature",
            "properties": {"WADMKD": ward["kelurahan"], "WADMKC": ward["kecamatan"],
                           "WADMKK": name, "KDEPUM": ward["kode"]},
            "geometry": {"type": "Polygon", "coordinates": [[
                [float(ward["lon"]) + side * x, float(ward["lat"]) + side * y]
                for x, y in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5))
            ]]},
        }
        for ward in wards
        for name in [{ONE: "Kota Contoh 001", OTHER: "Kota Contoh 002"}[ward["kode"][:5]]]
    ]  # fmt: skip
    features.append({**features[0], "properties": {"WADMKD": "Lain", "WADMKK": "Kota Lain"}})
    given = tmp_path / "batas.geojson"
    given.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    rules = cities / "kota" / "areas" / "boundaries.toml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("max_area_km2 = 175.0", "max_area_km2 = 1000.0"), "utf-8")
    told = json.loads(
        run(cities, "-m", "jambi_dash", "--json", "boundaries", "install", str(given))
    )
    assert told["features"] == 2 * KELURAHAN
    out = tmp_path / "kota.geojson"
    run(cities, "-m", "jambi_dash", "export", "map", "--by", "city", "--base", "true",
        "--out", str(out))  # fmt: skip
    drawn = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert [feature["id"] for feature in drawn] == [ONE, OTHER]
    for feature in drawn:
        own = [w for w in wards if w["kode"].startswith(feature["id"])]
        whole = shape(feature["geometry"])
        assert whole.geom_type == "Polygon"
        assert whole.area == pytest.approx(len(own) * side**2, rel=1e-3)
