"""The RT mosaic: every cell there, equal, in its place, and the same every time."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box, shape

from jambi_dash.geography.cartogram import hexagon_of, load_cartogram
from jambi_dash.geography.mosaic import RtPlace, assign, equal_cells, mosaic
from jambi_dash.settings import PROJECT

HEXAGON = hexagon_of((3, 4))
EQUAL = 1e-4
"""Cells differ from the mean by less than 0.01 %; the product promises 1 %."""
BOUNDARIES = PROJECT.parent / "shared" / "boundaries" / "kelurahan.geojson"


def numbered(n: int) -> list[RtPlace]:
    return [RtPlace(f"{i:03}") for i in range(1, n + 1)]


def corner(cell: Polygon | MultiPolygon) -> tuple[float, float]:
    """The south-west corner of a cell."""
    return round(cell.bounds[0], 9), round(cell.bounds[1], 9)


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """Polygons of 3 to 30 corners, mostly concave, of any place and size on a map."""
    radii = draw(st.lists(st.floats(0.05, 1), min_size=3, max_size=30))
    size = draw(st.sampled_from([0.01, 1.0, 5_000.0]))
    x, y = draw(st.sampled_from([(0.0, 0.0), (103.6, -1.6), (345_000.0, 9_820_000.0)]))
    if abs(x) > 1e4:
        size = 5_000.0
    turn = draw(st.floats(0, 1))
    corners = [
        (
            x + size * r * math.cos(2 * math.pi * (i + turn) / len(radii)),
            y + size * r * math.sin(2 * math.pi * (i + turn) / len(radii)),
        )
        for i, r in enumerate(radii)
    ]
    return Polygon(corners)


def ring_with_island(size: float) -> MultiPolygon:
    """A square with a square hole, and an island in the hole."""
    outer = box(0, 0, 10, 10).difference(box(2, 2, 8, 8))
    return shapely.transform(MultiPolygon([outer, box(4, 4, 6, 6)]), lambda c: c * size)


def check(area: Polygon | MultiPolygon, cells: list[Polygon | MultiPolygon], n: int) -> None:
    """`n` valid cells of equal area that tile `area`: no gap, no overlap, nothing outside."""
    assert len(cells) == n
    assert all(cell.is_valid and isinstance(cell, Polygon | MultiPolygon) for cell in cells)
    assert [cell.area for cell in cells] == pytest.approx([area.area / n] * n, rel=EQUAL)
    # Overlap or spill would make the parts' sum exceed what they cover of the area.
    assert sum(cell.area for cell in cells) == pytest.approx(area.area, rel=1e-6)
    covered = shapely.union_all(cells)
    assert covered.area == pytest.approx(area.area, rel=1e-6)
    assert covered.symmetric_difference(area).area < 1e-6 * area.area


@pytest.mark.parametrize("n", range(1, 81))
def test_a_hexagon_is_tiled(n: int) -> None:
    check(HEXAGON, equal_cells(HEXAGON, n), n)


@given(area=stars(), n=st.integers(1, 80))
def test_any_polygon_is_tiled(area: Polygon, n: int) -> None:
    check(area, equal_cells(area, n), n)


@given(n=st.integers(1, 80), size=st.sampled_from([0.001, 1.0, 1000.0]))
def test_holes_and_islands_are_tiled(n: int, size: float) -> None:
    area = ring_with_island(size)
    check(area, equal_cells(area, n), n)


def test_a_square_of_four_reads_like_a_page() -> None:
    cells = mosaic(box(0, 0, 2, 2), numbered(4))
    assert {rt: corner(cell) for rt, cell in cells.items()} == {
        "001": (0, 1),
        "002": (1, 1),
        "003": (0, 0),
        "004": (1, 0),
    }


@pytest.mark.parametrize("n", range(1, 81))
def test_cells_of_a_hexagon_are_no_slivers(n: int) -> None:
    """4πA ÷ P² is 1 for a circle, 0.79 for a square, 0.44 for a strip of 1 to 5."""
    compact = [4 * math.pi * c.area / c.length**2 for c in equal_cells(HEXAGON, n)]
    assert min(compact) > 0.4
    assert sum(compact) / n > 0.6


@given(order=st.permutations(list(range(1, 25))))
def test_the_order_given_changes_nothing(order: list[int]) -> None:
    places = [RtPlace(f"{i:03}", *((i % 5 / 5, i % 3 / 3) if i % 2 else ())) for i in order]
    inside = sorted(places, key=lambda p: p.rt)
    first, second = mosaic(HEXAGON, places), mosaic(HEXAGON, inside)
    assert list(first) == list(second) == [f"{i:03}" for i in range(1, 25)]
    assert [c.wkb for c in first.values()] == [c.wkb for c in second.values()]


def test_an_rt_with_a_position_gets_the_cell_it_lies_in() -> None:
    """005 says it lies in the north-west; the others keep their order in what is left."""
    cells = mosaic(
        box(0, 0, 3, 3),
        [*numbered(4), RtPlace("005", 0.4, 2.6), *(RtPlace(f"{i:03}") for i in range(6, 10))],
    )
    assert corner(cells["005"]) == (0, 2)
    assert corner(cells["001"]) == (1, 2)
    assert corner(cells["009"]) == (2, 0)
    assert list(cells) == [f"{i:03}" for i in range(1, 10)]


def test_rts_in_one_spot_share_the_cells_around_it() -> None:
    """Two RTs in the same corner: one gets the corner's cell, the other a cell beside it."""
    places = [*numbered(7), RtPlace("008", 2.9, 0.1), RtPlace("009", 2.9, 0.1)]
    cells = mosaic(box(0, 0, 3, 3), places)
    assert {corner(cells["008"]), corner(cells["009"])} in ({(2, 0), (1, 0)}, {(2, 0), (2, 1)})


@given(data=st.data(), rows=st.integers(1, 5), extra=st.integers(0, 2))
def test_assignment_is_the_cheapest_of_all(data: st.DataObject, rows: int, extra: int) -> None:
    costs = data.draw(
        st.lists(
            st.lists(st.integers(0, 9), min_size=rows + extra, max_size=rows + extra),
            min_size=rows,
            max_size=rows,
        )
    )
    table = np.array(costs, dtype=float)
    chosen = assign(table)
    assert len(set(chosen)) == rows
    cheapest = min(
        sum(costs[i][c] for i, c in enumerate(columns))
        for columns in itertools.permutations(range(rows + extra), rows)
    )
    assert sum(costs[i][c] for i, c in enumerate(chosen)) == cheapest


def test_nothing_to_place_gives_nothing() -> None:
    assert mosaic(HEXAGON, []) == {}


def test_an_rt_given_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        mosaic(HEXAGON, [RtPlace("001"), RtPlace("001")])


def test_an_area_without_surface_is_an_error() -> None:
    with pytest.raises(ValueError, match="surface"):
        mosaic(Polygon(), numbered(2))


def test_1650_cells_over_the_cartogram() -> None:
    hexagons = list(load_cartogram().hexagons.values())
    counts = [1650 // 68 + (i < 1650 % 68) for i in range(68)]
    cells = [mosaic(h, numbered(n)) for h, n in zip(hexagons, counts, strict=True)]
    assert sum(map(len, cells)) == 1650
    assert shapely.union_all([c for m in cells for c in m.values()]).area == pytest.approx(
        68 * HEXAGON.area
    )


@pytest.mark.skipif(not BOUNDARIES.exists(), reason="needs ../shared/boundaries")
def test_real_kelurahan_are_tiled() -> None:
    features = json.loads(BOUNDARIES.read_text(encoding="utf-8"))["features"]
    for i, feature in enumerate(features):
        area = shape(feature["geometry"])
        n = 1 + i * 7 % 60
        check(area, list(mosaic(area, numbered(n)).values()), n)
