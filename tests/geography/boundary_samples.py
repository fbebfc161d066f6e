"""An invented city: 68 polygons around the known points, 170 km² together."""

from __future__ import annotations

import json
import warnings
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import shapely

from jambi_dash.domain.areas import load_areas
from jambi_dash.geography.boundary_checks import METRIC

AREA_M2 = 170e6


def invented_city() -> gpd.GeoDataFrame:
    """Voronoi cells of the points of the 68 kelurahan inside an outline of 170 km², named as BIG does.

    They are no one's boundaries, but each holds its point, none overlap and none leave a gap.
    """
    areas = load_areas().kelurahan
    points = gpd.GeoSeries.from_xy([k.lon for k in areas], [k.lat for k in areas], crs=4326).to_crs(
        METRIC
    )
    outline = _outline(points.union_all().convex_hull)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(points.to_numpy()), ordered=True, extend_to=outline
        )
    )
    return gpd.GeoDataFrame(
        {
            "KDEPUM": [k.code for k in areas],
            "WADMKD": [k.name for k in areas],
            "WADMKC": [k.kecamatan_name for k in areas],
            "WADMKK": "Kota Jambi",
        },
        geometry=shapely.intersection(cells, outline),
        crs=METRIC,
    ).to_crs(4326)


def _outline(hull: shapely.Polygon) -> shapely.Polygon:
    """The hull of the points, widened until it has the wanted area."""
    low, high = 0.0, 5000.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if hull.buffer(middle).area < AREA_M2 else (low, middle)
    return hull.buffer(high)


def city_features(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """The frame as a GeoJSON document that names its coordinate system as GDAL does."""
    document: dict[str, Any] = json.loads(frame.to_json())
    document.pop("crs", None)
    if frame.crs is not None:
        name = f"urn:ogc:def:crs:EPSG::{frame.crs.to_epsg()}"
        document["crs"] = {"type": "name", "properties": {"name": name}}
    return document


def write_geojson(frame: gpd.GeoDataFrame, path: Path) -> Path:
    """Writes the frame as GeoJSON, in its own coordinates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(city_features(frame)), encoding="utf-8")
    return path


def zip_shapefile(frame: gpd.GeoDataFrame, path: Path) -> Path:
    """Writes the frame as a zipped shapefile called `batas`."""
    with (
        TemporaryDirectory() as folder,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        with warnings.catch_warnings():
            # A frame without a coordinate system is meant.
            warnings.simplefilter("ignore", UserWarning)
            frame.to_file(Path(folder) / "batas.shp")
        for part in sorted(Path(folder).iterdir()):
            archive.write(part, part.name)
    return path
