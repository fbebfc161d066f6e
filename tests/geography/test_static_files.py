import json
import os
from pathlib import Path

import pytest
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from jambi_dash.domain.refusal import Refusal
from jambi_dash.geography import static_files
from jambi_dash.geography.static_files import AreaShape, OutlineShape, WaterShape


def written(static: Path, url: str) -> Path:
    """The file behind an address, found as the frame of the map finds it."""
    assert url.startswith("../../app/static/")
    return static / url.removeprefix("../../app/static/")


AREAS = [
    AreaShape("a", "Satu", box(0, 0, 1, 1), parent="k"),
    AreaShape("b", "RT 002", box(1, 0, 2.12345678, 1), label="2"),
]


def test_geometry_is_a_file_named_by_its_content(tmp_path: Path) -> None:
    first = static_files.publish_geometry(tmp_path, AREAS, crs="plane")
    again = static_files.publish_geometry(tmp_path, AREAS, crs="plane")
    other = static_files.publish_geometry(tmp_path, AREAS[:1], crs="plane")
    assert first == again
    assert first.url != other.url
    assert first.codes == ("a", "b")
    assert first.bounds == (0, 0, 1, 2.12345678)
    assert sorted(p.name for p in (tmp_path / "geo").iterdir()) == sorted(
        [Path(first.url).name, Path(other.url).name]
    )


def test_the_file_says_role_code_name_and_the_place_of_the_name(tmp_path: Path) -> None:
    river = LineString([(0, 2), (1, 2)])
    found = static_files.publish_geometry(
        tmp_path,
        AREAS,
        crs="plane",
        outlines=[OutlineShape("k", "Kecamatan", box(0, 0, 3, 1))],
        water=[WaterShape("Batang Hari", river.buffer(0.1), middle=river)],
    )
    features = json.loads(written(tmp_path, found.url).read_text())["features"]
    assert [f["properties"]["role"] for f in features] == ["water", "area", "area", "outline"]
    one, two = features[1]["properties"], features[2]["properties"]
    assert one == {"role": "area", "code": "a", "name": "Satu", "parent": "k", "at": [0.5, 0.5]}
    assert (two["label"], two["name"]) == ("2", "RT 002")
    assert features[0]["properties"]["middle"] == [[0, 2], [1, 2]]
    assert features[2]["geometry"]["coordinates"][0][0] == [2.123, 0]
    assert found.bounds == (0, 0, 1, 3), "outlines count, the river does not"


def test_the_name_stands_in_the_largest_part(tmp_path: Path) -> None:
    parts = MultiPolygon([box(0, 0, 1, 1), box(10, 0, 14, 4)])
    found = static_files.publish_geometry(tmp_path, [AreaShape("a", "A", parts)], crs="plane")
    (feature,) = json.loads(written(tmp_path, found.url).read_text())["features"]
    x, y = feature["properties"]["at"]
    assert abs(x - 12) < 0.1
    assert abs(y - 2) < 0.1


def test_old_shapes_stay_for_open_pages_but_not_for_ever(tmp_path: Path) -> None:
    urls = []
    for n in range(6):
        shape = AreaShape("a", f"A{n}", box(0, 0, 1, 1))
        found = static_files.publish_geometry(tmp_path, [shape], crs="plane", keep=3)
        path = written(tmp_path, found.url)
        urls.append(path)
        os.utime(path, (n + 1, n + 1))
    assert [path.exists() for path in urls] == [False, False, False, True, True, True]


def test_shapes_in_use_are_kept_by_being_published_again(tmp_path: Path) -> None:
    first = static_files.publish_geometry(tmp_path, AREAS, crs="plane", keep=1)
    os.utime(written(tmp_path, first.url), (1, 1))
    static_files.publish_geometry(tmp_path, AREAS, crs="plane", keep=1)
    assert written(tmp_path, first.url).stat().st_mtime > 1


def test_a_damaged_file_is_written_anew(tmp_path: Path) -> None:
    found = static_files.publish_geometry(tmp_path, AREAS, crs="plane")
    written(tmp_path, found.url).write_text("cut")
    static_files.publish_geometry(tmp_path, AREAS, crs="plane")
    assert json.loads(written(tmp_path, found.url).read_text())["type"] == "FeatureCollection"


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        ([], "Tidak ada wilayah"),
        ([AREAS[0], AREAS[0]], "a muncul dua kali"),
        ([AreaShape("z", "Z", Polygon())], "z tidak punya poligon"),
    ],
)
def test_shapes_that_cannot_be_drawn_are_refused(
    tmp_path: Path, areas: list[AreaShape], words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        static_files.publish_geometry(tmp_path, areas, crs="plane")
    assert not (tmp_path / "geo").exists()


def test_leaflet_is_published_whole(tmp_path: Path) -> None:
    leaflet = static_files.publish_leaflet(tmp_path)
    assert static_files.publish_leaflet(tmp_path) == leaflet
    assert b"Leaflet 1.9.3" in written(tmp_path, leaflet.script).read_bytes()
    assert written(tmp_path, leaflet.style).with_name("images").joinpath("layers.png").exists()
    assert oct(written(tmp_path, leaflet.script).stat().st_mode)[-3:] == "644"


def test_a_changed_file_gets_a_new_address(tmp_path: Path) -> None:
    source = tmp_path / "layer.js"
    source.write_text("1")
    first = static_files.publish_file(tmp_path / "static", source)
    source.write_text("2")
    assert static_files.publish_file(tmp_path / "static", source) != first
