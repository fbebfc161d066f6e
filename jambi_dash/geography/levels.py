"""What areas are drawn on, and the published shapes of one level of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shapely.geometry.base import BaseGeometry

from jambi_dash.domain.areas import CITY_DIGITS, KECAMATAN_DIGITS, SEVERAL, load_areas
from jambi_dash.geography.cartogram import Cartogram, lay_cells, lay_groups, load_cartogram
from jambi_dash.geography.map_shapes import MapLevel, cartogram_water, map_shapes
from jambi_dash.geography.mosaic import RtPlace
from jambi_dash.geography.static_files import (
    AreaShape,
    GeometryFile,
    OutlineShape,
    WaterShape,
    publish_geometry,
)

BaseKind = Literal["cartogram", "true"]
Level = MapLevel


@dataclass(frozen=True)
class Base:
    """A polygon for every kelurahan, by code, and the water between them."""

    kind: BaseKind
    kelurahan: Mapping[str, BaseGeometry]
    water: tuple[WaterShape, ...] = ()


@dataclass(frozen=True)
class RegisteredRt:
    """An RT of the register; its position (degrees) where the register gives one."""

    kelurahan_code: str
    rt: str
    lat: float | None = None
    lon: float | None = None


def cartogram_base() -> Base:
    """The hexagons of the cartogram with the Batang Hari between its banks."""
    return Base("cartogram", load_cartogram().hexagons, tuple(cartogram_water()))


def true_base(polygons: Mapping[str, BaseGeometry]) -> Base:
    """Official boundaries: polygons in degrees by kelurahan code."""
    return Base("true", polygons)


def part_of(base: Base, area: str) -> Base:
    """The kelurahan of one kecamatan or city alone; hexagons are laid anew, near each other."""
    inside = {code: shape for code, shape in base.kelurahan.items() if code.startswith(area)}
    if base.kind == "true":
        return Base(base.kind, inside)
    points = [(k.code, k.lon, k.lat) for k in load_areas().kelurahan if k.code in inside]
    city = SEVERAL and len(area) == CITY_DIGITS
    cells = lay_groups(points, KECAMATAN_DIGITS) if city else lay_cells(points)
    return Base(base.kind, Cartogram(cells, ()).hexagons)


def level_shapes(
    base: Base, level: Level, rts: Iterable[RegisteredRt] = ()
) -> tuple[list[AreaShape], list[OutlineShape]]:
    """The areas of a level in the order of their codes, and the borders drawn over them.

    `rts` is needed for level `rt` only: just the RTs of the register have a cell.
    """
    places: dict[str, list[RtPlace]] = {}
    for rt in rts:
        # Positions mean nothing on a hexagon: there RTs stand in the order of their numbers.
        placed = base.kind == "true"
        places.setdefault(rt.kelurahan_code, []).append(
            RtPlace(rt.rt, rt.lon if placed else None, rt.lat if placed else None)
        )
    return map_shapes(base.kelurahan, level, places)


def publish_level(
    static_dir: Path, base: Base, level: Level, rts: Iterable[RegisteredRt] = ()
) -> GeometryFile:
    """Publishes the shapes of one level for the browser; `rts` is needed for level `rt` only."""
    areas, outlines = level_shapes(base, level, rts)
    return publish_geometry(
        static_dir,
        areas,
        crs="plane" if base.kind == "cartogram" else "wgs84",
        outlines=outlines,
        water=base.water,
    )
