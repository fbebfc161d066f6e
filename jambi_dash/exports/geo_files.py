"""A view for a geographic information system: GeoJSON (RFC 7946) and GeoPackage.

On official boundaries coordinates are WGS 84. The cartogram lies nowhere on the earth: its files
carry its own plane, say so in words and by `schematic`, and claim no coordinate system. Values are
numbers, not rounded; a hidden or missing one is null.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from jambi_dash.domain.language import t
from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.views import Column, MapView, Value

if TYPE_CHECKING:
    import pandas as pd

_DECIMALS = {"true": 7, "cartogram": 4}
# A centimetre; and on the cartogram a hundredth of a pixel at city size.
_NUMBERS = {"count": "Int64", "rupiah": "Int64", "percent": "Float64", "points": "Float64",
            "decimal": "Float64"}  # fmt: skip
_WGS84 = "EPSG:4326"
_OWN_PLANE = 'LOCAL_CS["Undefined Cartesian SRS"]'
"""What a GeoPackage knows as a plane of its own (srs_id −1)."""


def geojson(view: MapView, shapes: Shapes) -> bytes:
    """The view as one FeatureCollection: an area is a feature with the table's columns."""
    fields = {
        column.key: {"label": column.label, "unit": _unit(column), "meaning": column.meaning}
        for column in view.columns
    }
    west, south, east, north = _bounds(shapes)
    document: dict[str, Any] = {
        "type": "FeatureCollection",
        "name": view.id,
        **_described(view, shapes),
        "schematic": is_schematic(shapes),
        "coordinates": "WGS 84" if shapes.kind == "true" else "cartogram",
        "fields": fields,
        "bbox": [west, south, east, north],
        "features": [
            {
                "type": "Feature",
                "id": str(row[0]),
                "properties": {c.key: v for c, v in zip(view.columns, row, strict=True)},
                "geometry": _geometry(shape),
            }
            for row, shape in _placed(view, shapes)
        ],
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (text + "\n").encode("utf-8")


def gpkg(view: MapView, shapes: Shapes) -> bytes:
    """The view as a GeoPackage of one layer; its columns carry their titles and meanings."""
    import geopandas

    layer = view.id.replace("-", "_")
    placed = list(_placed(view, shapes))
    frame = geopandas.GeoDataFrame(
        {
            column.key: _series(column, [row[place] for row, _ in placed])
            for place, column in enumerate(view.columns)
        },
        geometry=[_multi(shape) for _, shape in placed],
        crs=_WGS84 if shapes.kind == "true" else _OWN_PLANE,
    )
    words = {key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
             for key, value in _described(view, shapes).items()}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "view.gpkg"
        frame.to_file(
            path, layer=layer, driver="GPKG", engine="pyogrio", promote_to_multi=True,
            layer_metadata=words,
            layer_options={"IDENTIFIER": view.title, "DESCRIPTION": _sentence(view, shapes),
                           "GEOMETRY_NAME": "geom"},
        )  # fmt: skip
        _describe_columns(path, layer, view.columns)
        return path.read_bytes()


def is_schematic(shapes: Shapes) -> bool:
    """Whether areas stand elsewhere than on the ground: the cartogram, and cells of RTs."""
    return shapes.kind == "cartogram" or shapes.level == "rt"


def _described(view: MapView, shapes: Shapes) -> dict[str, Any]:
    """What a reader of the file must know, by names that stay the same in every language."""
    origin = view.origin
    return {
        "title": view.title,
        "subtitle": view.subtitle,
        "note": _note(shapes),
        "release": origin.release,
        "as_of": origin.as_of.isoformat(),
        "synthetic": origin.synthetic,
        "public": origin.public,
        "origin": " · ".join(filter(None, [origin.mark(), origin.line()])),
        "check": view.check,
        "sources": list(view.sources),
        "filter": dict(view.filter),
    }


def _note(shapes: Shapes) -> str:
    if shapes.kind == "cartogram":
        return t("Kartogram skematik: satu segi enam untuk tiap kelurahan. Koordinatnya bidang gambar "
                 "sendiri, bukan letak di bumi; jangan ditumpangkan pada peta lain.")  # fmt: skip
    if shapes.level == "rt":
        return t("Batas kelurahan: {source}. Letak dan bentuk RT di dalam kelurahan skematik.",
                 source=shapes.source or "–")  # fmt: skip
    return t("Batas kelurahan: {source}.", source=shapes.source or "–")


def _sentence(view: MapView, shapes: Shapes) -> str:
    """All of it in one text, for programs that show only a layer's description."""
    origin = view.origin
    parts = [origin.mark(), view.subtitle, _note(shapes), view.check, *view.sources, origin.line()]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _unit(column: Column) -> str:
    words = {
        "percent": t("1 = 100%"),
        "points": t("1 = 100 poin persen"),
        "rupiah": t("rupiah"),
        "count": t("banyaknya"),
    }
    return words.get(column.kind, "")


def _placed(
    view: MapView, shapes: Shapes
) -> Iterator[tuple[tuple[Value, ...], BaseGeometry | None]]:
    """Each row of the table with its polygon, outer rings counter-clockwise (RFC 7946)."""
    true = shapes.kind == "true"
    known = shapes.lonlat if true else {a.code: a.geometry for a in shapes.areas}
    found = [known.get(str(row[0])) for row in view.rows]
    grid = 10.0 ** -_DECIMALS[shapes.kind]
    upright = shapely.orient_polygons(np.array(found, dtype=object))
    # Geometries stay valid: a rounding that would make a ring cross itself is mended.
    snapped = shapely.set_precision(upright, grid)
    yield from zip(view.rows, shapely.orient_polygons(snapped), strict=True)


def _geometry(shape: BaseGeometry | None) -> dict[str, Any] | None:
    if shape is None or shape.is_empty:
        return None
    found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return {"type": found["type"], "coordinates": _short(found["coordinates"])}


def _short(coordinates: Any) -> Any:
    """Coordinates without the digits that a binary fraction brings along."""
    if isinstance(coordinates, list):
        return [_short(part) for part in coordinates]
    return round(coordinates, max(_DECIMALS.values()))


def _bounds(shapes: Shapes) -> tuple[float, float, float, float]:
    known = shapes.lonlat.values() if shapes.kind == "true" else (
        area.geometry for area in shapes.areas)  # fmt: skip
    west, south, east, north = shapely.total_bounds(list(known)).round(max(_DECIMALS.values()))
    return float(west), float(south), float(east), float(north)


def _multi(shape: BaseGeometry | None) -> BaseGeometry | None:
    if shape is None or shape.is_empty:
        return None
    return (
        shapely.multipolygons(shapely.get_parts(shape)) if shape.geom_type == "Polygon" else shape
    )


def _series(column: Column, values: list[Value]) -> pd.Series:
    import pandas as pd

    return pd.Series(values, dtype=_NUMBERS.get(column.kind, "string"))


def _describe_columns(path: Path, layer: str, columns: tuple[Column, ...]) -> None:
    """Titles and meanings of columns, as the schema extension of GeoPackage 1.2 writes them.

    GDAL reads them as a field's other name and comment; pyogrio has no way to write them.
    """
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, "
            "name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT, "
            "CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), "
            "CONSTRAINT gdc_tn UNIQUE (table_name, name))"
        )
        database.execute(
            "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, "
            "constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, "
            "max NUMERIC, max_is_inclusive BOOLEAN, description TEXT, "
            "CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"
        )
        database.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) "
            "VALUES (?, ?, ?, ?, ?)",
            [
                (layer, column.key, column.key, column.label, "; ".join(
                    filter(None, [column.meaning, _unit(column)])))
                for column in columns
            ],
        )  # fmt: skip
        database.executemany(
            "INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, "
            "scope) VALUES (?, NULL, 'gpkg_schema', "
            "'http://www.geopackage.org/spec121/#extension_schema', 'read-write')",
            [("gpkg_data_columns",), ("gpkg_data_column_constraints",)],
        )
