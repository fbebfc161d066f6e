"""A page for the browser test of the area map: invented hexagons, a slider, and counters.

`?level=rt` draws 1.650 cells, `kind=true` polygons in degrees, `theme=dark`, `view=difference`,
`focus=<code>`, `pair=1` a second map that moves with the first.
"""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from shapely.geometry import LineString, Polygon
from shapely.ops import unary_union
from streamlit_folium import st_folium

from jambi_dash.charts import area_map
from jambi_dash.domain.areas import load_areas
from jambi_dash.geography.static_files import (
    AreaShape,
    GeometryFile,
    OutlineShape,
    WaterShape,
    publish_geometry,
)

STATIC = Path(__file__).parent / "static"


def hexagon(x: float, y: float, radius: float) -> Polygon:
    """A hexagon that stands on a corner."""
    return Polygon(
        [
            (x + radius * math.sin(math.pi / 3 * k), y + radius * math.cos(math.pi / 3 * k))
            for k in range(6)
        ]
    )


@st.cache_resource
def shapes(level: str, kind: str) -> tuple[area_map.MapAssets, GeometryFile]:
    """Publishes what the page draws."""
    assets = area_map.publish_assets(STATIC)
    areas = load_areas()
    columns, scale, west, south = 9, 1.0, 0.0, 0.0
    if kind == "true":
        scale, west, south = 0.02, 103.53, -1.68
    hexes: dict[str, Polygon] = {}
    for index, kelurahan in enumerate(areas.kelurahan):
        row, column = divmod(index, columns)
        x = column + (row % 2) / 2 + 0.5
        y = row * math.sqrt(3) / 2 + (0.35 if row >= 6 else 0)
        hexes[kelurahan.code] = hexagon(west + x * scale, south + y * scale, scale / math.sqrt(3))
    kecamatan = [
        OutlineShape(
            k.code, k.name, unary_union([hexes[a.code] for a in areas.kelurahan_of(k.code)])
        )
        for k in areas.kecamatan
    ]
    river = LineString(
        [(west + x * scale, south + scale * (5.02 + 0.1 * (x % 2))) for x in range(11)]
    )
    water = WaterShape("Batang Hari", river.buffer(0.16 * scale), middle=river)
    crs = "wgs84" if kind == "true" else "plane"
    if level != "rt":
        drawn = [
            AreaShape(a.code, a.name, hexes[a.code], parent=a.kecamatan_code)
            for a in areas.kelurahan
        ]
        return assets, publish_geometry(STATIC, drawn, crs=crs, outlines=kecamatan, water=[water])
    cells = []
    for index, a in enumerate(areas.kelurahan):
        centre = hexes[a.code].centroid
        count = 25 if index < 18 else 24
        for n in range(count):
            row, column = divmod(n, 5)
            x = centre.x + (column - 2) * 0.17 * scale
            y = centre.y + (2 - row) * 0.17 * scale
            half = 0.08 * scale
            cells.append(
                AreaShape(
                    f"{a.code}-{n + 1:03d}",
                    f"RT {n + 1:03d}",
                    Polygon(
                        [
                            (x - half, y - half),
                            (x + half, y - half),
                            (x + half, y + half),
                            (x - half, y + half),
                        ]
                    ),
                    parent=a.code,
                    label=str(n + 1),
                )
            )
    outlines = [
        OutlineShape(a.code, a.name, hexes[a.code], level="kelurahan") for a in areas.kelurahan
    ]
    return assets, publish_geometry(
        STATIC, cells, crs=crs, outlines=[*outlines, *kecamatan], water=[water]
    )


def coverage(codes: tuple[str, ...], percent: int) -> pd.DataFrame:
    """Invented counts that change with the slider, with every state among them."""
    place = np.arange(len(codes))
    eligible = 90 + (place * 37) % 260
    rate = ((place * 29) % 97 + 3) / 100 * percent / 60
    covered = np.round(eligible * rate)
    table = pd.DataFrame({"code": codes, "covered": covered, "eligible": eligible})
    table["rate"] = table["covered"] / table["eligible"]
    table["state"] = "angka"
    table.loc[place % 23 == 5, ["covered", "rate"]] = 0
    table.loc[place % 23 == 5, "state"] = "nol"
    table.loc[place % 23 == 11, ["covered", "rate"]] = np.nan
    table.loc[place % 23 == 11, "state"] = "tidak ada data"
    table.loc[place % 23 == 17, "state"] = "disembunyikan"
    return table


st.set_page_config(layout="wide", page_title="Uji peta")
query = st.query_params
level, kind = query.get("level", "kelurahan"), query.get("kind", "cartogram")
theme, view = query.get("theme", "light"), query.get("view", "coverage")
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.markdown(f"RUNS={st.session_state.runs}")
percent = st.slider("Persen", 10, 100, 60)

assets, geometry = shapes(level, kind)
started = time.perf_counter()
table = coverage(geometry.codes, percent)
unit = "RT" if level == "rt" else "kelurahan"
if view == "difference":
    change = table.rename(columns={"rate": "rate_after"})
    change["rate_before"] = change["rate_after"].to_numpy()[::-1]
    paint = area_map.difference_paint(
        geometry,
        change,
        title="Selisih cakupan",
        before="Mei 2025",
        after="Juni 2025",
        unit=unit,
        theme=theme,
    )
else:
    paint = area_map.coverage_paint(
        geometry, table, title="Cakupan pekerja rentan, Juni 2025", unit=unit, theme=theme
    )
chosen = area_map.clicked_area(st.session_state.get("map"))
pair = query.get("pair") == "1"


def draw(key: str) -> dict | None:
    """One map under its own key."""
    layer = area_map.build_layer(
        geometry,
        paint,
        selected=chosen.code if chosen else (),
        focus=query.get("focus"),
        theme=theme,
        attribution="Kartogram: dasbor Jambi",
        link="pair" if pair else "",
    )
    return st_folium(
        area_map.build_base_map(kind, assets),
        feature_group_to_add=layer,
        key=key,
        height=int(query.get("height", "600")),
        use_container_width=True,
        returned_objects=area_map.RETURNED_OBJECTS,
    )


value = draw("map")
if pair:
    draw("second map")
spent = (time.perf_counter() - started) * 1000
click = area_map.clicked_area(value)
st.markdown(f"CLICKED={click.code if click else '-'} MS={spent:.1f}")
