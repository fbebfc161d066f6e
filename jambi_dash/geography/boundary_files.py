"""Boundary files as features: GeoJSON, zipped shapefile, GeoPackage.

A file is known by its first bytes, not by its name, and only what is looked for is taken out of
an archive, under a name of our own: a hostile file can neither write elsewhere nor make GDAL open
something that it names.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
import warnings
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.geography.boundary_rules import Limits

Geometries = NDArray[np.object_]

MB = 1024 * 1024
_ZIP = b"PK"
_SQLITE = b"SQLite format 3\x00"
_SHP = b"\x00\x00\x27\x0a"
_SHP_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SHP_NEEDED = (".shp", ".shx", ".dbf")
_USUAL_VIEWS = ("geometry_columns", "spatial_ref_sys", "st_geometry_columns", "st_spatial_ref_sys")
"""Views that some programs write into every GeoPackage; GDAL does not read them."""
_READABLE = (".shp", ".gpkg", ".geojson", ".json")


@dataclass(frozen=True)
class Features:
    """What a source holds: one row of attributes and one geometry (or None) for each feature.

    `crs` is None where the source names none; `degrees_by_standard` where its format then means
    WGS 84 (GeoJSON since 2016; older writers left metres unnamed, so it is no proof). `sha256` is
    that of the source itself.
    """

    attributes: list[dict[str, Any]]
    geometries: Geometries
    crs: CRS | None
    sha256: str
    degrees_by_standard: bool = False

    @property
    def columns(self) -> list[str]:
        """Names of all attributes, in the order in which they appear."""
        return list(dict.fromkeys(name for row in self.attributes for name in row))


def read_features(path: Path, limits: Limits, name: str | None = None) -> Features:
    """Reads a boundary file; `name` is what the sender calls it.

    Raises:
        Refusal: it is missing, empty, too large, of no known format, damaged or hostile.
    """
    name = name or path.name
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Refusal(
                t("{file} bukan berkas: beri satu berkas GeoJSON, ZIP atau GPKG.", file=name)
            )
        if size == 0:
            raise Refusal(t("Berkas {file} kosong: unduh atau ekspor ulang berkasnya.", file=name))
        if size > limits.max_file_mb * MB:
            raise Refusal(
                t(
                    "Berkas {file} lebih besar dari {n} MB: potong dahulu ke Kota Jambi saja.",
                    file=name,
                    n=limits.max_file_mb,
                )
            )
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Refusal(
            t("Berkas {file} tidak dapat dibaca: periksa nama dan izinnya.", file=name)
        ) from error
    return _read(path, name, digest, limits, inside_archive=False)


def features_of(
    collection: list[dict[str, Any]], crs: str | None, sha256: str, name: str
) -> Features:
    """GeoJSON feature objects as features; `crs` as GeoJSON or EPSG names it.

    Raises:
        Refusal: a geometry that is none, or an unknown coordinate system.
    """
    attributes: list[dict[str, Any]] = []
    geometries: list[shapely.Geometry | None] = []
    for number, feature in enumerate(collection, 1):
        try:
            attributes.append(dict(feature.get("properties") or {}))
            drawn = feature.get("geometry")
            geometries.append(shapely.geometry.shape(drawn) if drawn else None)
        # Shapely raises whatever the malformed coordinates run into.
        except Exception as error:
            raise Refusal(
                t(
                    "Fitur ke-{n} di {file} tidak punya geometri yang sah: ekspor ulang berkasnya.",
                    n=number,
                    file=name,
                )
            ) from error
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return Features(
        attributes, array, _named_crs(crs, name) if crs else None, sha256, degrees_by_standard=True
    )


def _read(path: Path, name: str, digest: str, limits: Limits, inside_archive: bool) -> Features:
    with path.open("rb") as file:
        head = file.read(1024)
    if head.startswith(_ZIP) and not inside_archive:
        return _read_archive(path, name, digest, limits)
    if head.startswith(_SQLITE):
        _check_database(path, name)
        return _read_layer(path, name, digest, limits)
    if head.startswith(_SHP):
        if inside_archive:
            return _read_layer(path, name, digest, limits)
        raise Refusal(
            t(
                "Berkas {file} hanya sebagian dari SHP: kirim .shp, .shx, .dbf dan .prj dalam satu "
                "ZIP.",
                file=name,
            )
        )
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return _read_geojson(path, name, digest, limits)
    raise Refusal(
        t(
            "Berkas {file} bukan GeoJSON, ZIP berisi SHP, atau GPKG: ekspor ulang ke salah satunya.",
            file=name,
        )
    )


def _read_geojson(path: Path, name: str, digest: str, limits: Limits) -> Features:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refusal(
            t(
                "Berkas {file} terpotong atau bukan GeoJSON yang sah: unduh atau ekspor ulang.",
                file=name,
            )
        ) from error
    features = document.get("features")
    if (
        document.get("type") != "FeatureCollection"
        or not isinstance(features, list)
        or not all(isinstance(feature, dict) for feature in features)
    ):
        raise Refusal(
            t(
                "Berkas {file} adalah JSON tetapi bukan FeatureCollection GeoJSON: ekspor ulang "
                "sebagai GeoJSON.",
                file=name,
            )
        )
    if len(features) > limits.max_features:
        raise _too_many(name, limits)
    return features_of(features, crs_name(document), digest, name)


def crs_name(document: dict[str, Any]) -> str | None:
    """The coordinate system that a GeoJSON document names in its (old style) `crs` member."""
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    named = properties.get("name") if isinstance(properties, dict) else None
    return named if isinstance(named, str) else None


def _named_crs(named: str, name: str) -> CRS:
    try:
        # CRS84 is WGS 84 with longitude first, which is how coordinates are read here anyway.
        return CRS.from_epsg(4326) if named.upper().endswith("CRS84") else CRS(named)
    except CRSError as error:
        raise Refusal(
            t(
                "Sistem koordinat {crs} di {file} tidak dikenal: ekspor ulang ke WGS 84 (EPSG:4326).",
                crs=named[:60],
                file=name,
            )
        ) from error


def _read_archive(path: Path, name: str, digest: str, limits: Limits) -> Features:
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check_archive(members, name, limits)
            main = _main_member(members, name)
            target = _extract(archive, members, main, Path(folder), name, limits)
            return _read(target, name, digest, limits, inside_archive=True)
    except Refusal:
        raise
    # A damaged archive makes zipfile raise a dozen kinds, an IndexError for a nameless member.
    except Exception as error:
        raise Refusal(
            t("ZIP {file} rusak atau tidak dapat dibuka: buat ulang ZIP-nya.", file=name)
        ) from error


def _check_archive(members: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    """Refuses by the archive's own list of contents, before a byte is unpacked."""
    if len(members) > limits.max_members:
        raise Refusal(
            t(
                "ZIP {file} memuat lebih dari {n} berkas: kirim hanya lapisan batas kelurahan.",
                file=name,
                n=limits.max_members,
            )
        )
    if sum(m.file_size for m in members) > limits.max_unpacked_mb * MB:
        raise Refusal(
            t(
                "Isi ZIP {file} lebih besar dari {n} MB setelah dibuka: kirim hanya lapisan batas "
                "kelurahan.",
                file=name,
                n=limits.max_unpacked_mb,
            )
        )
    for member in members:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or (parts and (parts[0] == "/" or parts[0].endswith(":"))):
            raise Refusal(
                t(
                    "ZIP {file} memuat nama berkas yang keluar dari foldernya: buat ulang ZIP-nya.",
                    file=name,
                )
            )
        if member.flag_bits & 0x1:
            raise Refusal(t("ZIP {file} berkata sandi: kirim ZIP tanpa kata sandi.", file=name))


def _main_member(members: list[zipfile.ZipInfo], name: str) -> zipfile.ZipInfo:
    """The one layer in the archive: a shapefile before a GeoPackage before a GeoJSON."""
    usable = [m for m in members if not PurePosixPath(m.filename).name.startswith(("._", "."))]
    for suffix in _READABLE:
        found = [m for m in usable if m.filename.lower().endswith(suffix)]
        if len(found) > 1:
            raise Refusal(
                t(
                    "ZIP {file} memuat {n} lapisan ({layers}): kirim ZIP berisi batas kelurahan saja.",
                    file=name,
                    n=len(found),
                    layers=", ".join(PurePosixPath(m.filename).name for m in found[:5]),
                )
            )
        if found:
            return found[0]
    raise Refusal(
        t(
            "ZIP {file} tidak memuat .shp, .gpkg atau .geojson: kirim .shp, .shx, .dbf dan .prj "
            "dalam satu ZIP.",
            file=name,
        )
    )


def _extract(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    main: zipfile.ZipInfo,
    folder: Path,
    name: str,
    limits: Limits,
) -> Path:
    """Unpacks the layer as `layer.*` and returns its main file."""
    stem, _, suffix = main.filename.rpartition(".")
    wanted = {f".{suffix.lower()}": main}
    if suffix.lower() == "shp":
        beside = {m.filename.lower(): m for m in members}
        for part in _SHP_PARTS[1:]:
            if found := beside.get((stem + part).lower()):
                wanted[part] = found
        missing = [part for part in _SHP_NEEDED if part not in wanted]
        if missing:
            raise Refusal(
                t(
                    "ZIP {file} tidak memuat {parts} dari SHP: kirim .shp, .shx, .dbf dan .prj "
                    "bersama-sama.",
                    file=name,
                    parts=", ".join(missing),
                )
            )
    left = limits.max_unpacked_mb * MB
    for part, member in wanted.items():
        with archive.open(member) as packed, (folder / f"layer{part}").open("wb") as out:
            while block := packed.read(MB):
                left -= len(block)
                # The list of contents may lie; what comes out does not.
                if left < 0:
                    raise Refusal(
                        t(
                            "Isi ZIP {file} lebih besar dari yang dinyatakannya: buat ulang ZIP-nya.",
                            file=name,
                        )
                    )
                out.write(block)
    return folder / f"layer.{suffix.lower()}"


def _read_layer(path: Path, name: str, digest: str, limits: Limits) -> Features:
    """The one polygon layer of a shapefile or GeoPackage, through GDAL."""
    try:
        with warnings.catch_warnings():
            # Measured (M) geometry, odd DBF widths, odd versions: the checks see what matters.
            warnings.simplefilter("ignore")
            layer = _polygon_layer(path, name)
            if pyogrio.read_info(path, layer=layer)["features"] > limits.max_features:
                raise _too_many(name, limits)
            meta, _, blobs, columns = pyogrio.raw.read(path, layer=layer, force_2d=True)
        names = [str(field) for field in meta["fields"]]
        rows = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)] or [
            {} for _ in blobs
        ]
        geometries = shapely.from_wkb(blobs)
        crs = CRS(meta["crs"]) if meta["crs"] else None
    except Refusal:
        raise
    # GDAL reports damage in many ways; to a person they are one.
    except Exception as error:
        raise Refusal(
            t("Berkas {file} rusak atau terpotong: unduh atau ekspor ulang.", file=name)
        ) from error
    return Features(rows, np.asarray(geometries, dtype=object), crs, digest)


def _check_database(path: Path, name: str) -> None:
    """Refuses a GeoPackage that computes what it holds: some kilobytes may ask for no end of rows."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as book:
            book.execute("PRAGMA trusted_schema = OFF")
            parts = book.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            computed = book.execute(
                "SELECT count(*) FROM sqlite_master AS part, pragma_table_xinfo(part.name) AS field "
                "WHERE part.type = 'table' AND part.sql NOT LIKE 'CREATE VIRTUAL%' AND field.hidden"
            ).fetchone()[0]
    except sqlite3.Error as error:
        raise Refusal(
            t("Berkas {file} rusak atau terpotong: unduh atau ekspor ulang.", file=name)
        ) from error
    views = {part for kind, part, _ in parts if kind == "view"}
    foreign = [
        part for kind, part, sql in parts
        if kind == "table" and (sql or "").upper().startswith("CREATE VIRTUAL")
        and "USING RTREE" not in " ".join((sql or "").upper().split())
    ]  # fmt: skip
    if computed or foreign or views - set(_USUAL_VIEWS):
        raise Refusal(
            t(
                "Berkas {file} memuat tabel yang dihitung, bukan disimpan: ekspor ulang lapisannya "
                "sebagai GPKG baru.",
                file=name,
            )
        )


def _polygon_layer(path: Path, name: str) -> str:
    layers = [(str(label), str(kind)) for label, kind in pyogrio.list_layers(path)]
    # "Unknown" is how a layer of mixed geometry is declared; "None" is a table without any.
    polygons = [label for label, kind in layers if "Polygon" in kind or kind == "Unknown"]
    if len(polygons) == 1:
        return polygons[0]
    if not polygons:
        raise Refusal(
            t(
                "Berkas {file} tidak memuat lapisan poligon: kirim batas wilayah, bukan titik atau "
                "garis.",
                file=name,
            )
        )
    raise Refusal(
        t(
            "Berkas {file} memuat {n} lapisan poligon ({layers}): kirim berkas dengan batas "
            "kelurahan saja.",
            file=name,
            n=len(polygons),
            layers=", ".join(polygons[:5]),
        )
    )


def _too_many(name: str, limits: Limits) -> Refusal:
    return Refusal(
        t(
            "Berkas {file} memuat lebih dari {n} fitur: potong dahulu ke Kota Jambi saja.",
            file=name,
            n=limits.max_features,
        )
    )
