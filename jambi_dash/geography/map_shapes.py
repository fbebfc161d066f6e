"""From polygons of kelurahan, hexagons or true ones, to the shapes of a map at any level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from jambi_dash.domain.areas import CITIES, CITY_DIGITS, SEVERAL, load_areas, rt_code
from jambi_dash.domain.language import t
from jambi_dash.geography.cartogram import RIVER_NAME, load_cartogram
from jambi_dash.geography.mosaic import RtPlace, mosaic
from jambi_dash.geography.static_files import AreaShape, OutlineShape, WaterShape

# The one long word among the names: where it may be broken to fit a hexagon.
_BREAKS = {"Telanaipura": "Telanai\u00adpura"}

MapLevel = Literal["city", "kecamatan", "kelurahan", "rt"]


def map_shapes(
    polygons: Mapping[str, BaseGeometry],
    level: MapLevel,
    rts: Mapping[str, Sequence[RtPlace]] | None = None,
) -> tuple[list[AreaShape], list[OutlineShape]]:
    """The areas of `level` in the order of their codes, and the borders drawn over them.

    `polygons` are kelurahan by code, `rts` the RTs of each kelurahan (for level `rt`; a kelurahan
    without RTs has no cells, only its border).
    """
    cities = _cities(polygons) if SEVERAL else []
    if level == "city":
        return [AreaShape(c.code, c.name, c.geometry) for c in cities], cities
    areas = load_areas()
    known = [k for k in areas.kelurahan if k.code in polygons]
    kecamatan = {
        k.code: shapely.union_all(
            [polygons[a.code] for a in areas.kelurahan_of(k.code) if a.code in polygons]
        )
        for k in areas.kecamatan
    }
    borders = [
        OutlineShape(k.code, k.name, kecamatan[k.code])
        for k in areas.kecamatan
        if not kecamatan[k.code].is_empty
    ]
    if level == "kecamatan":
        shapes = [AreaShape(b.code, b.name, b.geometry) for b in borders]
        return shapes, [*borders, *_between(cities)]
    if level == "kelurahan":
        shapes = [
            AreaShape(
                k.code,
                k.name,
                polygons[k.code],
                parent=k.kecamatan_code,
                label=_BREAKS.get(k.name, ""),
            )
            for k in known
        ]
        return shapes, [*borders, *_between(cities)]
    cells = [
        AreaShape(
            rt_code(k.code, rt),
            t("RT {rt}", rt=rt),
            cell,
            parent=k.code,
            label=str(int(rt)) if rt.isdecimal() else rt,
        )
        for k in known
        for rt, cell in mosaic(polygons[k.code], (rts or {}).get(k.code, ())).items()
    ]
    inner = [OutlineShape(k.code, k.name, polygons[k.code], level="kelurahan") for k in known]
    return cells, [*inner, *borders, *_between(cities)]


def _cities(polygons: Mapping[str, BaseGeometry]) -> list[OutlineShape]:
    """Each of several cities as the union of its kelurahan, in the order of codes."""
    parts: dict[str, list[BaseGeometry]] = {}
    for code, shape in polygons.items():
        parts.setdefault(code[:CITY_DIGITS], []).append(shape)
    return [
        OutlineShape(code, CITIES.get(code, code), shapely.union_all(parts[code]), level="city")
        for code in sorted(parts)
    ]


def _between(cities: list[OutlineShape]) -> list[OutlineShape]:
    """Borders of cities, where more than one is drawn."""
    return cities if len(cities) > 1 else []


def cartogram_water() -> list[WaterShape]:
    """The river of the cartogram, if the city has one."""
    drawn = load_cartogram()
    if not drawn.river_cells:
        return []
    return [WaterShape(RIVER_NAME, drawn.river_band, middle=drawn.river)]
