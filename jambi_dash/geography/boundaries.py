"""Official kelurahan boundaries: put in by the user, checked, kept under the home folder.

`HOME/boundaries/installed.json` names the polygon file in use and its hash; replacing that one
small file is the whole of an installation, so a crash leaves the earlier boundaries in use.
Geometry libraries are imported only where polygons are touched: `status` must stay cheap.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.geography.boundary_rules import load_rules, service_rules
from jambi_dash.releases.audit import AuditLog, file_token

if TYPE_CHECKING:
    import shapely

    from jambi_dash.geography.boundary_checks import Checked

_POINTER = "installed.json"
_FORMAT = 1
_LOCK_SECONDS = 30.0


@dataclass(frozen=True)
class Status:
    """What is installed.

    `features` is the number of kelurahan polygons, `area_km2` their measured area, `problems`
    sentences in the reader's language: what was tolerated at installation, or why the stored
    boundaries cannot be used (`damaged`; then `installed` is False).
    """

    installed: bool
    source: str | None = None
    features: int = 0
    area_km2: float | None = None
    problems: tuple[str, ...] = ()
    damaged: bool = False
    installed_at: str | None = None
    content_hash: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The document of `boundaries status` (contract section 5)."""
        return {
            "installed": self.installed,
            "source": self.source,
            "features": self.features,
            "area_km2": self.area_km2,
            "problems": list(self.problems),
        }


@dataclass(frozen=True)
class InstalledBoundaries:
    """The boundaries in use: shapely polygons (WGS 84, longitude first) by kelurahan code.

    `path` is the GeoJSON file that holds them (properties `code`, `name`, `kecamatan`);
    `content_hash` is its SHA-256.
    """

    polygons: dict[str, shapely.Geometry]
    content_hash: str
    path: Path
    source: str
    installed_at: str


def install(
    home: Path, file: Path, *, mapping: dict[str, str] | None = None, name: str | None = None
) -> Status:
    """Checks a boundary file and puts it in use.

    Args:
        home: Folder of releases and keys.
        file: GeoJSON, zipped shapefile or GeoPackage.
        mapping: Role (`kode`, `kelurahan`, `kecamatan`, `kota`) to column name.
        name: What the sender calls the file, where `file` is a copy under another name.

    Raises:
        Refusal: the file cannot be used; the boundaries in use stay.
    """
    from jambi_dash.geography.boundary_checks import check
    from jambi_dash.geography.boundary_files import read_features

    rules = load_rules()
    name = Path(name or file).name
    features = read_features(file, rules.limits, name)
    checked = check(features, rules, name, mapping)
    return _store(home, checked, source=name, source_sha256=features.sha256)


def download(home: Path, url: str | None = None, *, where: str | None = None) -> Status:
    """Fetches the boundaries from BIG's service, checks them and puts them in use.

    Args:
        home: Folder of releases and keys.
        url: Address of the layer; else `$JAMBI_DASH_BIG_URL`, else that of `boundaries.toml`.
        where: Filter of the query; else that of `boundaries.toml`.

    Raises:
        Refusal: the service or its answer cannot be used; the boundaries in use stay.
    """
    from jambi_dash.geography.big_service import fetch
    from jambi_dash.geography.boundary_checks import check

    service = service_rules(url)
    features = fetch(service, where or service.where)
    checked = check(features, load_rules(), service.url)
    return _store(home, checked, source=service.url, source_sha256=features.sha256)


def status(home: Path) -> Status:
    """What is installed under `home`; never raises for a damaged store."""
    try:
        pointer, _ = _read(home)
    except _DamagedStore as damage:
        return Status(False, problems=(str(damage),), damaged=True)
    if pointer is None:
        return Status(False)
    return Status(
        installed=True,
        source=pointer["source"],
        features=pointer["features"],
        area_km2=pointer["area_km2"],
        problems=tuple(describe(note) for note in pointer["notes"]),
        installed_at=pointer["installed_at"],
        content_hash=pointer["sha256"],
    )


def traces(home: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells that something else lies in the folder of boundaries by now."""
    try:
        with os.scandir(_folder(home)) as found:
            files = [(file.name, file.stat()) for file in found]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in files))


def load(home: Path) -> InstalledBoundaries | None:
    """The boundaries in use, or None where there are none or they are damaged (see `status`)."""
    try:
        pointer, content = _read(home)
    except _DamagedStore:
        return None
    if pointer is None:
        return None
    from shapely.geometry import shape

    # The hash has been compared: this is exactly what an installation wrote.
    document = json.loads(content)
    return InstalledBoundaries(
        polygons={f["properties"]["code"]: shape(f["geometry"]) for f in document["features"]},
        content_hash=pointer["sha256"],
        path=_folder(home) / pointer["file"],
        source=pointer["source"],
        installed_at=pointer["installed_at"],
    )


def remove(home: Path) -> bool:
    """Takes the boundaries out of use; False where there were none."""
    folder = _folder(home)
    if not (folder / _POINTER).exists():
        return False
    with _locked(folder), AuditLog(home).before("boundaries_remove"):
        (folder / _POINTER).unlink(missing_ok=True)
        _delete_others(folder, keep=None)
    return True


def describe(note: dict[str, Any]) -> str:
    """A note of the checks as a sentence in the reader's language."""
    from jambi_dash.domain.formats import number

    names = ", ".join(note.get("names", ()))
    match note["kind"]:
        case "crs_assumed":
            return t("Berkas tidak menyebut sistem koordinat; dianggap WGS 84.")
        case "unused":
            return t(
                "{n} fitur lain di Kota Jambi tidak dipakai: {names}.", n=note["count"], names=names
            )
        case "other_codes":
            return t(
                "Kode di berkas bukan kode Kemendagri atau BPS sekarang, dicocokkan dengan "
                "nama: {names}.",
                names=names,
            )
        case "elsewhere":
            return t("Fitur bernama sama di tempat lain tidak dipakai: {names}.", names=names)
        case "repaired":
            return t("Bentuk yang tidak sah diperbaiki: {names}.", names=names)
        case "repeated":
            return t(
                "Fitur yang sama persis lebih dari sekali, dipakai satu: {names}.", names=names
            )
        case "overlaps":
            return t(
                "{n} pasang kelurahan tumpang tindih, seluruhnya {area} m², telah dirapikan.",
                n=number(note["pairs"]),
                area=number(note["m2"]),
            )
        case "holes":
            return t(
                "{n} celah antarkelurahan, seluruhnya {area} m².",
                n=number(note["count"]),
                area=number(note["m2"]),
            )
    return str(note["kind"])


# --- the store --------------------------------------------------------------------------------


class _DamagedStore(Exception):
    """The stored boundaries are not what an installation wrote."""


def _folder(home: Path) -> Path:
    return home / "boundaries"


def _read(home: Path) -> tuple[dict[str, Any] | None, bytes]:
    """The pointer and the bytes that it names, compared with their hash."""
    folder = _folder(home)
    # An installation may replace both between the two reads: then look again.
    for _ in range(3):
        try:
            pointer = json.loads((folder / _POINTER).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None, b""
        except (OSError, ValueError) as error:
            raise _DamagedStore(_damage_text()) from error
        if not _is_pointer(pointer):
            raise _DamagedStore(_damage_text())
        try:
            content = (folder / Path(pointer["file"]).name).read_bytes()
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() == pointer["sha256"]:
            return pointer, content
        break
    raise _DamagedStore(_damage_text())


def _damage_text() -> str:
    return t(
        "Batas kelurahan yang tersimpan rusak atau berubah: pasang lagi dengan "
        "`boundaries install`."
    )


def _is_pointer(pointer: object) -> bool:
    return (
        isinstance(pointer, dict)
        and pointer.get("format") == _FORMAT
        and all(
            isinstance(pointer.get(key), str)
            for key in ("file", "sha256", "source", "installed_at")
        )
        and isinstance(pointer.get("features"), int)
        and isinstance(pointer.get("area_km2"), float)
        and isinstance(pointer.get("notes"), list)
        and all(isinstance(note, dict) and "kind" in note for note in pointer["notes"])
    )


def _store(home: Path, checked: Checked, source: str, source_sha256: str) -> Status:
    content = _geojson(checked)
    digest = hashlib.sha256(content).hexdigest()
    storage = load_rules().storage
    pointer = {
        "format": _FORMAT,
        "file": f"kelurahan-{digest[:16]}.geojson",
        "sha256": digest,
        "source": source,
        "source_sha256": source_sha256,
        "source_crs": checked.crs,
        "source_features": checked.features_read,
        "installed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "features": len(checked.polygons),
        "area_km2": checked.area_km2,
        "notes": checked.notes,
        "simplification": {
            "tolerance_m": storage.simplify_m,
            "gap_m": storage.gap_m,
            "digits": storage.digits,
            "points_before": checked.points[0],
            "points_after": checked.points[1],
        },
    }
    folder = _folder(home)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        told = AuditLog(home).before(
            "boundaries_install", sha256=digest, features=len(checked.polygons),
            files=[file_token(source_sha256, source)],
        )  # fmt: skip
        with _locked(folder), told:
            _write(folder / str(pointer["file"]), content)
            _write(folder / _POINTER, json.dumps(pointer, ensure_ascii=False, indent=1).encode())
            _delete_others(folder, keep=str(pointer["file"]))
    except OSError as error:
        raise Refusal(
            t(
                "Batas tidak dapat disimpan di {folder}: periksa izin dan ruang disk.",
                folder=folder,
            )
        ) from error
    return status(home)


def _geojson(checked: Checked) -> bytes:
    from shapely.geometry import mapping

    areas = load_areas()
    features = [
        {
            "type": "Feature",
            "properties": {
                "code": code,
                "name": areas.by_code[code].name,
                "kecamatan": areas.by_code[code].kecamatan_name,
            },
            "geometry": mapping(polygon),
        }
        for code, polygon in checked.polygons.items()
    ]
    document = {"type": "FeatureCollection", "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        with FileLock(folder / ".lock", timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise Refusal(
            t("Batas kelurahan sedang dipasang oleh proses lain: coba lagi sebentar lagi.")
        ) from error


def _write(path: Path, content: bytes) -> None:
    """Replaces `path` in one step, after its bytes are on the disk."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _delete_others(folder: Path, keep: str | None) -> None:
    """Removes earlier polygon files, and what a crash left aside; under the lock."""
    for path in [*folder.glob("kelurahan-*.geojson"), *folder.glob(".new-*")]:
        if path.name != keep:
            # Windows keeps what a reader has open; the next installation removes it.
            with suppress(PermissionError):
                path.unlink(missing_ok=True)
