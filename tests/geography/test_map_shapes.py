from pathlib import Path

import pytest
import shapely
from shapely.geometry import box

from jambi_dash.geography.cartogram import load_cartogram
from jambi_dash.geography.levels import cartogram_base, part_of
from jambi_dash.geography.map_shapes import cartogram_water, map_shapes
from jambi_dash.geography.mosaic import RtPlace
from jambi_dash.geography.static_files import publish_geometry

POLYGONS = {"15.71.01.1001": box(0, 0, 1, 1), "15.71.01.1002": box(1, 0, 2, 1)}


def test_kecamatan_are_the_union_of_their_kelurahan() -> None:
    areas, borders = map_shapes(POLYGONS, "kecamatan")
    assert [(a.code, a.geometry.area) for a in areas] == [("15.71.01", 2.0)]
    assert [b.code for b in borders] == ["15.71.01"]


def test_rts_fill_their_kelurahan_and_name_it() -> None:
    rts = {"15.71.01.1001": [RtPlace("002"), RtPlace("001")]}
    areas, borders = map_shapes(POLYGONS, "rt", rts)
    assert [(a.code, a.name, a.label, a.parent) for a in areas] == [
        ("15.71.01.1001-001", "RT 001", "1", "15.71.01.1001"),
        ("15.71.01.1001-002", "RT 002", "2", "15.71.01.1001"),
    ]
    assert sum(a.geometry.area for a in areas) == pytest.approx(1)
    assert [b.level for b in borders] == ["kelurahan", "kelurahan", "kecamatan"]


def test_the_cartogram_can_be_published(tmp_path: Path) -> None:
    hexagons = load_cartogram().hexagons
    areas, borders = map_shapes(hexagons, "kelurahan")
    found = publish_geometry(
        tmp_path, areas, crs="plane", outlines=borders, water=cartogram_water()
    )
    assert found.codes == tuple(sorted(hexagons))


def test_one_kecamatan_of_a_province_is_laid_close_together() -> None:
    whole = cartogram_base()
    part = part_of(whole, "15.71.08")
    assert set(part.kelurahan) == {code for code in whole.kelurahan if code.startswith("15.71.08")}
    assert shapely.union_all(list(part.kelurahan.values())).geom_type == "Polygon"
    assert not part.water
