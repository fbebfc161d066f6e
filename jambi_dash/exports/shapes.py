"""The areas of a map in plane coordinates, ready to be drawn, by name and code."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from jambi_dash.domain.areas import load_city
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.geography import boundaries
from jambi_dash.geography.cartogram import NORTH_BANK, RIVER_NAME
from jambi_dash.geography.levels import (
    Base,
    BaseKind,
    Level,
    RegisteredRt,
    cartogram_base,
    level_shapes,
    true_base,
)
from jambi_dash.geography.static_files import AreaShape, OutlineShape, WaterShape
from jambi_dash.queries.door import Door

PLANE_EPSG = load_city().plane_epsg
"""A UTM zone: metres; 1.4 degrees from its middle, where Jambi lies, 1 km is 0.9996 km."""


@dataclass(frozen=True)
class Shapes:
    """What a map of one level is drawn from.

    Attributes:
        kind: `cartogram` (schematic, x and y without a unit) or `true` (metres, `PLANE_EPSG`).
        level: What an area is.
        areas: Code, name, parent, `geometry` (plane), in the order of codes. At RT level only RTs
            of the register have a cell; where a cell lies inside its kelurahan is schematic.
        outlines: Borders drawn over the areas, innermost first: kelurahan at RT level, kecamatan.
        water: The river, an area on the cartogram, a line where true boundaries follow it; its
            `middle` is the line that carries its name.
        kelurahan: Plane polygons of all kelurahan by code, at every level.
        lonlat: Polygons in degrees (WGS 84, longitude first) by the code of the area, for GIS;
            empty on the cartogram, which lies nowhere on the earth.
        source: Who made the boundaries; `None` on the cartogram.
    """

    kind: BaseKind
    level: Level
    areas: tuple[AreaShape, ...]
    outlines: tuple[OutlineShape, ...]
    water: tuple[WaterShape, ...]
    kelurahan: dict[str, BaseGeometry]
    lonlat: dict[str, BaseGeometry] = field(default_factory=dict)
    source: str | None = None

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all that is drawn, in plane coordinates."""
        drawn = [*self.kelurahan.values(), *(water.geometry for water in self.water)]
        west, south, east, north = shapely.total_bounds(drawn)
        return float(west), float(south), float(east), float(north)

    @property
    def joined(self) -> bool:
        """Whether an area is the union of kelurahan: what lies above it is not written on it."""
        return self.level in ("city", "kecamatan")

    @cached_property
    def by_code(self) -> dict[str, AreaShape]:
        """The areas by code."""
        return {area.code: area for area in self.areas}

    def words(self) -> str:
        """What the map is drawn on, in a few words for its foot."""
        if self.kind == "cartogram":
            return t("kartogram skematik: satu segi enam = satu kelurahan")
        return t("batas kelurahan: {source}", source=self.source or "–")


def shapes_for(home: Path, door: Door, level: Level, base: BaseKind | None = None) -> Shapes:
    """The shapes of one level.

    Args:
        home: Folder of releases and boundaries.
        door: The release, whose register says which RTs there are.
        level: `kecamatan`, `kelurahan` or `rt`; of several cities also `city`.
        base: The cartogram or the official (`true`) boundaries; `None`: official boundaries where
            they are installed, else the cartogram.

    Raises:
        Refusal: official boundaries are asked for and none are installed.
    """
    installed = None if base == "cartogram" else boundaries.load(home)
    if installed is None and base == "true":
        raise Refusal(
            t("Batas kelurahan resmi belum terpasang atau rusak; pasang dengan `boundaries "
              "install`, atau pakai --base cartogram.")
        )  # fmt: skip
    rts = [
        RegisteredRt(kelurahan_code, rt, lat, lon)
        for kelurahan_code, rt, _, _, _, lat, lon in (door.rows("rts") if level == "rt" else [])
    ]
    if installed is None:
        return _cartogram(cartogram_base(), level, rts)
    return _true(true_base(installed.polygons), level, rts, installed.source)


def _cartogram(base: Base, level: Level, rts: list[RegisteredRt]) -> Shapes:
    areas, outlines = level_shapes(base, level, rts)
    return Shapes("cartogram", level, tuple(areas), tuple(outlines), base.water,
                  dict(base.kelurahan))  # fmt: skip


def _true(base: Base, level: Level, rts: list[RegisteredRt], source: str) -> Shapes:
    areas, outlines = level_shapes(base, level, rts)
    codes = list(base.kelurahan)
    lonlat = {area.code: area.geometry for area in areas}
    geometries = [
        *(area.geometry for area in areas),
        *(outline.geometry for outline in outlines),
        *(base.kelurahan[code] for code in codes),
    ]
    # One call for all of them: a call for each of 1.650 cells takes thirty times as long.
    plane = iter(projected(np.array(geometries, dtype=object)))
    areas = [AreaShape(a.code, a.name, next(plane), a.parent, a.label) for a in areas]
    outlines = [OutlineShape(o.code, o.name, next(plane), o.level) for o in outlines]
    kelurahan = {code: next(plane) for code in codes}
    return Shapes(
        kind="true",
        level=level,
        areas=tuple(areas),
        outlines=tuple(outlines),
        water=_river_between(kelurahan),
        kelurahan=kelurahan,
        lonlat=lonlat,
        source=source,
    )


def _river_between(kelurahan: dict[str, BaseGeometry]) -> tuple[WaterShape, ...]:
    """The river where it is the border between its two banks; boundaries hold no water."""
    banks: dict[bool, list[BaseGeometry]] = {True: [], False: []}
    for code, shape in kelurahan.items():
        banks[code[:8] in NORTH_BANK].append(shape)
    border = shapely.union_all(banks[True]).intersection(shapely.union_all(banks[False]))
    lines = [part for part in shapely.get_parts(border) if part.geom_type == "LineString"]
    if not lines:
        return ()
    merged = shapely.line_merge(shapely.MultiLineString(lines))
    middle = max(shapely.get_parts(merged), key=lambda part: part.length)
    return (WaterShape(RIVER_NAME, merged, middle),)


def projected(geometries: np.ndarray) -> np.ndarray:
    """Geometries in degrees (longitude first) as geometries in metres on the plane."""
    from pyproj import Transformer

    to_plane = Transformer.from_crs("EPSG:4326", f"EPSG:{PLANE_EPSG}", always_xy=True)

    def move(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(to_plane.transform(xy[:, 0], xy[:, 1]))

    moved: np.ndarray = shapely.transform(geometries, move)
    return moved
