"""Files that every browser fetches once: Leaflet, and the geometry of areas.

A file is named by the hash of its content, so a browser may keep it for ever and a change of
geometry is a new file. The folder is served without sign-in: it holds shapes, codes and names of
areas, never a count.

Addresses are relative to the page that asks, the frame of the map component at
`<base>/component/<name>/index.html`: so they hold under any `server.baseUrlPath` and any proxy.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

Crs = Literal["plane", "wgs84"]
"""`plane`: x, y of the cartogram, y upwards; `wgs84`: degrees, longitude first."""

FROM_FRAME = "../../app/static"
"""The static folder as the frame of the map component sees it."""

KEPT_GEOMETRY_FILES = 60
"""Pages that stay open may still ask for a shape that has been replaced; older ones go."""

_DECIMALS: dict[Crs, int] = {"plane": 3, "wgs84": 6}
# 0.001 of a hexagon is a tenth of a pixel at city size; a millionth of a degree is 0.1 m.


@dataclass(frozen=True)
class AreaShape:
    """One area that is coloured: its code, name, outline, and the code of the area above it.

    `label` is what is written on the map where the name is too long (an RT shows `22`).
    """

    code: str
    name: str
    geometry: BaseGeometry
    parent: str = ""
    label: str = ""


@dataclass(frozen=True)
class OutlineShape:
    """A border drawn over the areas, such as that of a kecamatan."""

    code: str
    name: str
    geometry: BaseGeometry
    level: Literal["kecamatan", "kelurahan", "city"] = "kecamatan"


@dataclass(frozen=True)
class WaterShape:
    """A river: a polygon (its banks) or a line; `middle` is the line that carries its name."""

    name: str
    geometry: BaseGeometry
    middle: BaseGeometry | None = None


@dataclass(frozen=True)
class GeometryFile:
    """A published set of shapes.

    `bounds` are (south, west, north, east) or, on the plane, (y min, x min, y max, x max) of
    areas and outlines. `codes` names the areas in the order in which they are painted.
    """

    url: str
    bounds: tuple[float, float, float, float]
    crs: Crs
    codes: tuple[str, ...]


@dataclass(frozen=True)
class LeafletFiles:
    """Where the frame of the map finds Leaflet."""

    script: str
    style: str


def publish_leaflet(static_dir: Path) -> LeafletFiles:
    """Puts Leaflet, as the package XStatic-Leaflet ships it, into the static folder."""
    data = files("xstatic.pkg.leaflet") / "data"
    script = (data / "leaflet.js").read_bytes()
    style = (data / "leaflet.css").read_bytes()
    folder = f"leaflet-{hashlib.sha256(script + style).hexdigest()[:12]}"
    for name in ("leaflet.js", "leaflet.css"):
        _write_once(static_dir / folder / name, (data / name).read_bytes())
    for image in (data / "images").iterdir():
        _write_once(static_dir / folder / "images" / image.name, image.read_bytes())
    return LeafletFiles(
        script=f"{FROM_FRAME}/{folder}/leaflet.js", style=f"{FROM_FRAME}/{folder}/leaflet.css"
    )


def publish_file(static_dir: Path, source: Path) -> str:
    """Puts one public file into the static folder, its hash in its name; returns its address."""
    content = source.read_bytes()
    name = f"{source.stem}-{hashlib.sha256(content).hexdigest()[:12]}{source.suffix}"
    _write_once(static_dir / "map" / name, content)
    return f"{FROM_FRAME}/map/{name}"


def publish_geometry(
    static_dir: Path,
    areas: Sequence[AreaShape],
    *,
    crs: Crs,
    outlines: Sequence[OutlineShape] = (),
    water: Sequence[WaterShape] = (),
    keep: int = KEPT_GEOMETRY_FILES,
) -> GeometryFile:
    """Writes the shapes as one GeoJSON file named by its content and says where it lies.

    The same shapes give the same file. Of the older files the newest `keep` stay for pages that
    are still open. Refuses no areas at all, an empty shape, and a code that comes twice.
    """
    _check(areas)
    decimals = _DECIMALS[crs]
    features = [
        *(_water_feature(shape, decimals) for shape in water),
        *(_area_feature(shape, point, decimals) for shape, point in _with_centres(areas)),
        *(_outline_feature(shape, decimals) for shape in outlines),
    ]
    text = json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    content = text.encode()
    name = f"{hashlib.sha256(content).hexdigest()[:24]}.geojson"
    _write_once(static_dir / "geo" / name, content)
    _prune(static_dir / "geo", keep, stays=name)
    extent = [*(shape.geometry for shape in areas), *(shape.geometry for shape in outlines)]
    west, south, east, north = shapely.total_bounds(extent)
    return GeometryFile(
        url=f"{FROM_FRAME}/geo/{name}",
        bounds=(float(south), float(west), float(north), float(east)),
        crs=crs,
        codes=tuple(shape.code for shape in areas),
    )


def _check(areas: Sequence[AreaShape]) -> None:
    if not areas:
        raise Refusal(t("Tidak ada wilayah yang dapat digambar; pasang batas wilayah dahulu."))
    seen: set[str] = set()
    for shape in areas:
        if shape.code in seen:
            raise Refusal(
                t(
                    "Kode wilayah {code} muncul dua kali di peta; gabungkan poligonnya.",
                    code=shape.code,
                )
            )
        if shape.geometry.is_empty:
            raise Refusal(
                t("Wilayah {code} tidak punya poligon; perbaiki berkas batasnya.", code=shape.code)
            )
        seen.add(shape.code)


def _with_centres(areas: Sequence[AreaShape]) -> Iterable[tuple[AreaShape, tuple[float, float]]]:
    """Each area with the middle of the largest circle inside it: where its name has most room."""
    largest = [
        max(shapely.get_parts(shape.geometry), key=lambda part: part.area) for shape in areas
    ]
    bounds = shapely.bounds(largest)
    size = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    circles = shapely.maximum_inscribed_circle(largest, tolerance=size / 100)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0))
    for shape, (x, y) in zip(areas, centres, strict=True):
        yield shape, (float(x), float(y))


def _area_feature(
    shape: AreaShape, centre: tuple[float, float], decimals: int
) -> dict[str, object]:
    properties: dict[str, object] = {
        "role": "area",
        "code": shape.code,
        "name": shape.name,
        "at": _trimmed(centre, decimals),
    }
    if shape.parent:
        properties["parent"] = shape.parent
    if shape.label and shape.label != shape.name:
        properties["label"] = shape.label
    return _feature(shape.geometry, properties, decimals)


def _outline_feature(shape: OutlineShape, decimals: int) -> dict[str, object]:
    return _feature(
        shape.geometry,
        {"role": "outline", "level": shape.level, "code": shape.code, "name": shape.name},
        decimals,
    )


def _water_feature(shape: WaterShape, decimals: int) -> dict[str, object]:
    properties: dict[str, object] = {"role": "water", "name": shape.name}
    if shape.middle is not None:
        properties["middle"] = _trimmed(mapping(shape.middle)["coordinates"], decimals)
    return _feature(shape.geometry, properties, decimals)


def _feature(
    geometry: BaseGeometry, properties: dict[str, object], decimals: int
) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {
            "type": geometry.geom_type,
            "coordinates": _coordinates(geometry, decimals),
        },
    }


def _coordinates(geometry: BaseGeometry, decimals: int) -> object:
    """The coordinates of a geometry; polygons, of which there may be thousands, ring by ring."""
    if isinstance(geometry, MultiPolygon):
        return [_coordinates(part, decimals) for part in geometry.geoms]
    if not isinstance(geometry, Polygon):
        return _trimmed(mapping(geometry)["coordinates"], decimals)
    return [
        [
            [int(value) if value.is_integer() else value
             for value in (round(x, decimals), round(y, decimals))]
            for x, y in shapely.get_coordinates(ring).tolist()
        ]
        for ring in (geometry.exterior, *geometry.interiors)
    ]  # fmt: skip


def _trimmed(coordinates: object, decimals: int) -> object:
    """Coordinates with so many decimals; whole numbers without `.0`."""
    if isinstance(coordinates, float):
        value = round(coordinates, decimals)
        return int(value) if value.is_integer() else value
    assert isinstance(coordinates, (tuple, list))
    return [_trimmed(part, decimals) for part in coordinates]


def _write_once(path: Path, content: bytes) -> None:
    """Writes the file unless it is there; readers see all of it or nothing."""
    if path.exists() and path.stat().st_size == len(content):
        os.utime(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes it private; another account may run the server.
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _prune(folder: Path, keep: int, stays: str) -> None:
    """Removes all but the newest `keep` geometry files, never the one just published."""
    dated = []
    for path in folder.glob("*.geojson"):
        try:
            dated.append((path.stat().st_mtime_ns, path))
        except FileNotFoundError:  # another process pruned at the same time
            continue
    for _, path in sorted(dated, reverse=True)[keep:]:
        if path.name != stays:
            path.unlink(missing_ok=True)
