"""From the features of a file to checked, thinned polygons, or a refusal.

Everything is measured in an equal-area projection centred on the city, in which distances are
also true to a few centimetres; what is stored is WGS 84.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from jambi_dash.domain.areas import (
    CITIES,
    CITY_CODE,
    CITY_NAME,
    Areas,
    Kelurahan,
    load_areas,
    load_city,
)
from jambi_dash.domain.formats import number
from jambi_dash.domain.language import t
from jambi_dash.domain.names import load_gazetteer, with_digits
from jambi_dash.domain.refusal import Refusal
from jambi_dash.geography.boundary_files import Features, Geometries
from jambi_dash.geography.boundary_rules import Checks, FieldNames, Rules, Storage

WGS84 = CRS.from_epsg(4326)
_LAT, _LON = load_city().centre
METRIC = CRS.from_proj4(f"+proj=laea +lat_0={_LAT} +lon_0={_LON} +datum=WGS84 +units=m +no_defs")
ROLES = ("kode", "kelurahan", "kecamatan", "kota")
_OURS = CITIES or {CITY_CODE: CITY_NAME}
"""The city, or each of several: a file of a province names these."""
_OUR_DIGITS = tuple(code.replace(".", "") for code in _OURS)
_KM2 = 1_000_000.0

Note = dict[str, Any]
"""What was tolerated or mended: a `kind` and its numbers, worded by `boundaries.describe`."""

_MOST_NAMES = 12
"""Of kelurahan in one sentence."""


@dataclass(frozen=True)
class Checked:
    """Boundaries that may be used.

    `polygons` are WGS 84, thinned, by kelurahan code in the order of the codes; `area_km2` was
    measured before thinning; `notes` tell what was tolerated; `points` counts vertices before
    and after thinning.
    """

    polygons: dict[str, shapely.Geometry]
    area_km2: float
    features_read: int
    crs: str
    notes: list[Note]
    points: tuple[int, int]


def check(
    features: Features, rules: Rules, name: str, mapping: dict[str, str] | None = None
) -> Checked:
    """Matches, measures and thins the kelurahan polygons in `features`.

    Args:
        features: What the source holds.
        rules: Tolerances and field names.
        name: What the sender calls the source; quoted in refusals.
        mapping: Role (`kode`, `kelurahan`, `kecamatan`, `kota`) to column; the rest is found.

    Raises:
        Refusal: one sentence about the first thing that stands in the way.
    """
    if not features.attributes:
        raise Refusal(
            t("Berkas {file} tidak memuat satu fitur pun: ekspor ulang berkasnya.", file=name)
        )
    areas = load_areas()
    notes: list[Note] = []
    crs = _coordinate_system(features, name, notes)
    found = _matched(features, rules.fields, mapping, areas, name, notes)
    parts = _projected(features, found, crs, name)
    parts = _near(parts, rules.checks, areas, notes)
    polygons = _dissolved(parts, rules.checks, areas, name, notes)
    _check_place(polygons, rules.checks, areas, name)
    area_km2 = float(shapely.area(polygons).sum()) / _KM2
    if not rules.checks.min_area_km2 <= area_km2 <= rules.checks.max_area_km2:
        raise Refusal(
            t(
                "Luas batas di {file} {area} km², padahal Kota Jambi {low}–{high} km²: pakai batas "
                "kelurahan yang utuh dan hanya untuk Kota Jambi.",
                file=name,
                area=number(area_km2, 1),
                low=number(rules.checks.min_area_km2),
                high=number(rules.checks.max_area_km2),
            )
        )
    _check_overlaps(polygons, rules.checks, areas, name, notes)
    _check_holes(polygons, rules.checks, name, notes)
    thinned = _thinned(polygons, rules.storage, name)
    return Checked(
        polygons=dict(zip((k.code for k in areas.kelurahan), thinned, strict=True)),
        area_km2=round(area_km2, 3),
        features_read=len(features.attributes),
        crs=crs.to_string() if crs.to_epsg() is None else f"EPSG:{crs.to_epsg()}",
        notes=notes,
        points=(
            int(shapely.get_num_coordinates(polygons).sum()),
            int(shapely.get_num_coordinates(thinned).sum()),
        ),
    )


# --- coordinates ------------------------------------------------------------------------------


def _coordinate_system(features: Features, name: str, notes: list[Note]) -> CRS:
    if features.crs is not None:
        return features.crs
    west, south, east, north = shapely.total_bounds(features.geometries)
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        if not features.degrees_by_standard:
            notes.append({"kind": "crs_assumed"})
        return WGS84
    if np.isnan(west):
        return WGS84
    raise Refusal(
        t(
            "Berkas {file} tidak menyebut sistem koordinat dan angkanya bukan derajat: sertakan "
            ".prj atau ekspor ulang ke WGS 84 (EPSG:4326).",
            file=name,
        )
    )


def _to(source: CRS, target: CRS, geometries: Geometries) -> Geometries:
    convert = Transformer.from_crs(source, target, always_xy=True).transform
    moved: Geometries = shapely.transform(geometries, convert, interleaved=False)
    return moved


def _projected(
    features: Features, found: list[tuple[int, Kelurahan]], crs: CRS, name: str
) -> dict[str, Geometries]:
    """The metric polygons of each kelurahan's features, in file order."""
    rows = np.array([row for row, _ in found])
    geometries = shapely.force_2d(features.geometries[rows])
    kinds = shapely.get_type_id(geometries)
    for (row, _), kind, geometry in zip(found, kinds, geometries, strict=True):
        if kind not in (-1, 3, 6) and not shapely.is_empty(geometry):
            raise Refusal(
                t(
                    "Fitur ke-{n} di {file} bertipe {kind}, bukan poligon: kirim batas wilayah, "
                    "bukan titik atau garis.",
                    n=row + 1,
                    file=name,
                    kind=geometry.geom_type,
                )
            )
    try:
        moved = _to(crs, METRIC, geometries)
    # PROJ raises for systems that have no way to WGS 84 (a local engineering grid).
    except Exception as error:
        raise Refusal(
            t(
                "Sistem koordinat di {file} tidak dapat diubah ke WGS 84: ekspor ulang ke "
                "EPSG:4326.",
                file=name,
            )
        ) from error
    bounds = shapely.bounds(moved[~(shapely.is_missing(moved) | shapely.is_empty(moved))])
    if not np.isfinite(bounds).all():
        raise Refusal(
            t(
                "Koordinat di {file} tidak sesuai dengan sistem koordinat yang disebutnya: ekspor "
                "ulang ke WGS 84 (EPSG:4326).",
                file=name,
            )
        )
    parts: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for (_, kelurahan), geometry in zip(found, moved, strict=True):
        if geometry is not None and not geometry.is_empty:
            parts[kelurahan.code].append(geometry)
    return {code: np.array(listed, dtype=object) for code, listed in parts.items()}


# --- matching ---------------------------------------------------------------------------------

_PREFIX = re.compile(r"(?i)^\s*(kelurahan|kel|desa|kecamatan|kec)\b[\s.]*(?=\S)")


def _plain(text: object) -> str:
    """A name without case, prefix, punctuation and spaces, its number words as digits."""
    return with_digits(_PREFIX.sub("", str(text)))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Code by plain name: official names, then the aliases that may be matched unseen."""
    gazetteer = load_gazetteer()
    names = {_plain(k.name): k.code for k in gazetteer.areas.kelurahan}
    for code, alias, note in gazetteer.aliases:
        if code in gazetteer.areas.by_code and not note.startswith("jangan"):
            names.setdefault(_plain(alias), code)
    return names


def _match(name: object) -> str | None:
    """The code of the kelurahan that is called exactly `name`.

    No close spelling here: a file may hold the whole province, and a village of another
    regency must not pass for a kelurahan.
    """
    return _names().get(_plain(name)) if name else None


@dataclass(frozen=True)
class _Code:
    """A code as a file writes it: with dots it is sure, ten bare digits may be a BPS code."""

    digits: str
    dotted: bool

    @property
    def official(self) -> str:
        return f"{self.digits[:2]}.{self.digits[2:4]}.{self.digits[4:6]}.{self.digits[6:]}"


def _code(value: object) -> _Code | None:
    if isinstance(value, float | np.floating) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if re.fullmatch(r"\d\d\.\d\d\.\d\d\.\d{4}", text):
        return _Code(text.replace(".", ""), dotted=True)
    return _Code(text, dotted=False) if re.fullmatch(r"\d{10}", text) else None


@dataclass
class _Columns:
    """The column of each role, where there is one."""

    kode: str | None = None
    kelurahan: str | None = None
    kecamatan: str | None = None
    kota: str | None = None


def _value(row: dict[str, Any], column: str | None) -> str:
    value = row.get(column) if column else None
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return str(value).strip()


def _columns(
    features: Features, known: FieldNames, mapping: dict[str, str] | None, name: str
) -> _Columns:
    """The columns to read: those of `mapping`, else the known name whose values fit best."""
    available = features.columns
    columns = _Columns()
    for role, column in (mapping or {}).items():
        if role not in ROLES:
            raise Refusal(
                t(
                    "Peran kolom {role} tidak dikenal: pakai {roles}.",
                    role=role,
                    roles=", ".join(ROLES),
                )
            )
        if column not in available:
            raise Refusal(
                t(
                    "Kolom {column} tidak ada di {file}: yang ada {columns}.",
                    column=column,
                    file=name,
                    columns=", ".join(available[:20]),
                )
            )
        setattr(columns, role, column)

    def candidates(role: str) -> list[str]:
        plain = {re.sub(r"[^a-z0-9]", "", column.casefold()): column for column in available}
        wanted = (re.sub(r"[^a-z0-9]", "", w.casefold()) for w in getattr(known, role))
        return [plain[w] for w in wanted if w in plain]

    def best(role: str, fits: Any) -> str | None:
        # An `id` may be a row number and a `nama` a kecamatan: what is inside decides.
        scored = [
            (len({fits(row.get(c)) for row in features.attributes} - {None}), c)
            for c in candidates(role)
        ]
        top = max((score for score, _ in scored), default=0)
        return next((c for score, c in scored if score == top and score), None)

    columns.kode = columns.kode or best("kode", lambda v: (c := _code(v)) and c.digits)
    columns.kelurahan = columns.kelurahan or best("kelurahan", _match)
    columns.kecamatan = columns.kecamatan or next(iter(candidates("kecamatan")), None)
    columns.kota = columns.kota or next(iter(candidates("kota")), None)
    if not columns.kode and not columns.kelurahan:
        raise Refusal(
            t(
                "Tidak ada kolom kode atau nama kelurahan Kota Jambi yang dikenali di {file} (yang "
                "ada {columns}): tunjukkan kolomnya dengan pemetaan.",
                file=name,
                columns=", ".join(available[:20]) or "–",
            )
        )
    return columns


def _in_city(row: dict[str, Any], columns: _Columns, code: _Code | None, areas: Areas) -> bool:
    """Whether a feature is of the city, or one of several, by the best witness that the file has."""
    if city := _value(row, columns.kota):
        names = {_plain(name) for name in _OURS.values()}
        names |= {re.sub("^(kota|kabupaten)", "", name) for name in names}
        return _plain(city) in names.union(_OUR_DIGITS)
    if code:
        return code.digits.startswith(_OUR_DIGITS)
    if kecamatan := _value(row, columns.kecamatan):
        return _plain(kecamatan) in {_plain(k.name) for k in areas.kecamatan}
    return True


def _matched(
    features: Features,
    known: FieldNames,
    mapping: dict[str, str] | None,
    areas: Areas,
    name: str,
    notes: list[Note],
) -> list[tuple[int, Kelurahan]]:
    """The rows that are kelurahan of the city, each with its kelurahan."""
    columns = _columns(features, known, mapping, name)
    found: list[tuple[int, Kelurahan]] = []
    unused: list[str] = []
    other_codes: list[str] = []
    for index, row in enumerate(features.attributes):
        code = _code(row.get(columns.kode)) if columns.kode else None
        if not _in_city(row, columns, code, areas):
            continue
        called = _value(row, columns.kelurahan)
        by_name = areas.by_code.get(_match(called) or "")
        by_code = areas.by_code.get(code.official) if code and code.dotted else None
        if by_code and by_name and by_code != by_name:
            raise Refusal(
                t(
                    "Fitur ke-{n} di {file} berkode {code} ({official}) tetapi bernama {called}: "
                    "perbaiki kode atau namanya.",
                    n=index + 1,
                    file=name,
                    code=by_code.code,
                    official=by_code.name,
                    called=by_name.name,
                )
            )
        # Bare digits never decide: 1571011001 is Simpang IV Sipin to Kemendagri, Kenali Besar
        # to BPS. They can only agree with the name.
        kelurahan = by_code or by_name
        if kelurahan is None:
            unused.append(called or (code.digits if code else t("tanpa nama")))
            continue
        if code and code.official != kelurahan.code and code.digits != kelurahan.bps_code:
            other_codes.append(kelurahan.name)
        found.append((index, kelurahan))
    if not found:
        raise Refusal(
            t(
                "Berkas {file} tidak memuat satu pun kelurahan Kota Jambi: pilih batas kelurahan "
                "Kota Jambi (15.71), atau tunjukkan kolom namanya dengan pemetaan.",
                file=name,
            )
        )
    drawn = {
        k.code
        for i, k in found
        if features.geometries[i] is not None and not features.geometries[i].is_empty
    }
    _check_complete(drawn, areas, unused, name)
    if unused:
        notes.append({"kind": "unused", "count": len(unused), "names": sorted(set(unused))[:10]})
    if other_codes:
        notes.append({"kind": "other_codes", "names": sorted(set(other_codes))})
    return found


def _check_complete(drawn: set[str], areas: Areas, unused: list[str], name: str) -> None:
    missing = [k for k in areas.kelurahan if k.code not in drawn]
    if not missing:
        return
    names = ", ".join(k.name for k in missing[:_MOST_NAMES])
    if len(missing) > _MOST_NAMES:
        names += f" (+{len(missing) - _MOST_NAMES})"
    total = len(areas.kelurahan)
    if {k.code for k in missing} == {k.code for k in areas.kelurahan if k.formed_2023}:
        raise Refusal(
            t(
                "Berkas {file} memuat batas lama dengan {n} kelurahan, sebelum pemekaran 2023: "
                "belum ada {names}; pakai batas {total} kelurahan.",
                file=name,
                n=total - len(missing),
                names=names,
                total=total,
            )
        )
    if unused:
        raise Refusal(
            t(
                "Berkas {file} hanya memuat {n} dari {total} kelurahan: tidak ada {names}, dan tidak "
                "dikenal {unknown}; lengkapi atau perbaiki namanya.",
                file=name,
                n=total - len(missing),
                total=total,
                names=names,
                unknown=", ".join(sorted(set(unused))[:10]),
            )
        )
    raise Refusal(
        t(
            "Berkas {file} hanya memuat {n} dari {total} kelurahan: tidak ada {names}; lengkapi "
            "berkasnya.",
            file=name,
            n=total - len(missing),
            total=total,
            names=names,
        )
    )


# --- shapes -----------------------------------------------------------------------------------


def _only_polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """The areas in a geometry; repairing may leave points and lines beside them."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.union_all(parts[shapely.get_type_id(parts) == 3])


def _dissolved(
    parts: dict[str, Geometries], checks: Checks, areas: Areas, name: str, notes: list[Note]
) -> Geometries:
    """One valid polygon (or multi-polygon) for each kelurahan, in the order of the codes."""
    polygons = np.empty(len(areas.kelurahan), dtype=object)
    repaired: list[str] = []
    repeated: list[str] = []
    for index, kelurahan in enumerate(areas.kelurahan):
        pieces = parts[kelurahan.code]
        if not shapely.is_valid(pieces).all():
            repaired.append(kelurahan.name)
            mended = shapely.make_valid(pieces, method="structure", keep_collapsed=False)
            pieces = np.array([_only_polygons(piece) for piece in mended], dtype=object)
        distinct = list({shapely.normalize(piece).wkb: piece for piece in pieces}.values())
        if len(distinct) < len(pieces):
            repeated.append(kelurahan.name)
        whole = shapely.union_all(np.array(distinct, dtype=object))
        if whole.is_empty:
            raise Refusal(
                t(
                    "Batas {kelurahan} di {file} tidak punya luas: perbaiki bentuknya.",
                    kelurahan=kelurahan.name,
                    file=name,
                )
            )
        twice = sum(piece.area for piece in distinct) - whole.area
        if twice > checks.max_overlap_share * min(piece.area for piece in distinct):
            raise Refusal(
                t(
                    "Kelurahan {kelurahan} ada {n} kali di {file} dan tumpang tindih {area}: "
                    "sisakan satu.",
                    kelurahan=kelurahan.name,
                    n=len(distinct),
                    file=name,
                    area=area_text(twice),
                )
            )
        polygons[index] = whole
    if repaired:
        notes.append({"kind": "repaired", "names": repaired})
    if repeated:
        notes.append({"kind": "repeated", "names": repeated})
    return polygons


def _known_points(areas: Areas) -> Geometries:
    return _to(WGS84, METRIC, shapely.points([(k.lon, k.lat) for k in areas.kelurahan]))


def _near(
    parts: dict[str, Geometries], checks: Checks, areas: Areas, notes: list[Note]
) -> dict[str, Geometries]:
    """The parts without namesakes from elsewhere, which a file without a city column brings."""
    kept = dict(parts)
    elsewhere: list[str] = []
    for kelurahan, point in zip(areas.kelurahan, _known_points(areas), strict=True):
        pieces = parts[kelurahan.code]
        near = shapely.distance(pieces, point) <= checks.max_part_distance_m
        if near.any() and not near.all():
            kept[kelurahan.code] = pieces[near]
            elsewhere.append(kelurahan.name)
    if elsewhere:
        notes.append({"kind": "elsewhere", "names": elsewhere})
    return kept


def _check_place(polygons: Geometries, checks: Checks, areas: Areas, name: str) -> None:
    """Each kelurahan lies where it is known to lie: tells wrong coordinates and wrong names."""
    away = shapely.distance(polygons, _known_points(areas))
    far = [k.name for k, d in zip(areas.kelurahan, away, strict=True) if d > checks.max_distance_m]
    if len(far) > len(areas.kelurahan) // 2:
        raise Refusal(
            t(
                "Batas di {file} tidak terletak di Kota Jambi: periksa sistem koordinatnya, atau "
                "bujur dan lintang yang tertukar.",
                file=name,
            )
        )
    if far:
        raise Refusal(
            t(
                "Batas di {file} tidak berada di tempat kelurahannya: {names} lebih dari {n} m dari "
                "letak yang diketahui; periksa kode dan namanya.",
                file=name,
                names=", ".join(far),
                n=number(checks.max_distance_m),
            )
        )


def _check_overlaps(
    polygons: Geometries, checks: Checks, areas: Areas, name: str, notes: list[Note]
) -> None:
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    first, second = first[first < second], second[first < second]
    shared: NDArray[np.float64] = shapely.area(
        shapely.intersection(polygons[first], polygons[second])
    )
    total = float(shared.sum())
    if total <= checks.reported_m2:
        return
    worst = int(shared.argmax())
    own = np.minimum(shapely.area(polygons[first]), shapely.area(polygons[second]))
    share = shared / own
    if total > checks.max_overlap_km2 * _KM2 or share.max() > checks.max_overlap_share:
        pair = worst if total > checks.max_overlap_km2 * _KM2 else int(share.argmax())
        raise Refusal(
            t(
                "Batas di {file} tumpang tindih {total}, terbanyak {a} dengan {b} ({area}): "
                "perbaiki batas keduanya.",
                file=name,
                total=area_text(total),
                a=areas.kelurahan[first[pair]].name,
                b=areas.kelurahan[second[pair]].name,
                area=area_text(float(shared[pair])),
            )
        )
    notes.append({"kind": "overlaps", "m2": round(total), "pairs": int((shared > 0).sum())})


def _check_holes(polygons: Geometries, checks: Checks, name: str, notes: list[Note]) -> None:
    whole = shapely.union_all(polygons)
    outline = shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(whole)))
    holes = shapely.area(shapely.get_parts(shapely.difference(shapely.union_all(outline), whole)))
    total = float(holes.sum())
    if total > checks.max_holes_km2 * _KM2:
        raise Refusal(
            t(
                "Di antara batas di {file} ada celah {total} yang bukan milik kelurahan mana pun "
                "(terbesar {area}): lengkapi batasnya.",
                file=name,
                total=area_text(total),
                area=area_text(float(holes.max())),
            )
        )
    if total > checks.reported_m2:
        notes.append({"kind": "holes", "m2": round(total), "count": int((holes > 0).sum())})


def _thinned(polygons: Geometries, storage: Storage, name: str) -> Geometries:
    """WGS 84 polygons with fewer points, whose shared borders stay shared."""
    clean = shapely.coverage_clean(polygons, gap_width=storage.gap_m)
    simple = _to(METRIC, WGS84, shapely.coverage_simplify(clean, storage.simplify_m))
    rounded = shapely.transform(simple, lambda xy: np.round(xy, storage.digits))
    # Rounding may close a sliver no wider than 0,1 m on itself; the neighbour keeps its border.
    bad = ~shapely.is_valid(rounded)
    if bad.any():
        rounded[bad] = [
            _only_polygons(g)
            for g in shapely.make_valid(rounded[bad], method="structure", keep_collapsed=False)
        ]
    if (shapely.is_missing(rounded) | shapely.is_empty(rounded)).any():
        raise Refusal(
            t(
                "Batas di {file} tidak dapat disederhanakan tanpa kehilangan kelurahan: perkecil "
                "`simplify_m` di boundaries.toml.",
                file=name,
            )
        )
    oriented: Geometries = shapely.orient_polygons(rounded, exterior_cw=False)
    return oriented


def area_text(m2: float) -> str:
    """An area as a person reads it: `420 m²`, `0,096 km²`."""
    return f"{number(m2)} m²" if m2 < 10_000 else f"{number(m2 / _KM2, 3)} km²"
