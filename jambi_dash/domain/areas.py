"""The city's areas: kecamatan and kelurahan with their official (Kemendagri) codes.

Source: `data/areas/kelurahan.csv` (codes and 2023 splits: Kemendagri list as published in
cahyadsn/wilayah; see facts.md 6.07 and section 12).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jambi_dash.domain.facts_file import read, refused
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import AREAS

_COLUMNS = ("kode", "kelurahan", "kode_kecamatan", "kecamatan", "lat", "lon", "luas_km2",
            "kode_bps", "kodepos", "dibentuk_2023", "induk")  # fmt: skip
CITY_DIGITS, KECAMATAN_DIGITS, _KELURAHAN_CODE = 5, 8, 13
"""Characters of a code: 15.71.08.1004 lies in 15.71.08, and that, of several cities, in 15.71."""
LEVELS = ("city", "kecamatan", "kelurahan", "rt")


@dataclass(frozen=True)
class City:
    """Which city this is, from `city.toml`.

    `river` and `across_river` (codes of kecamatan) are empty where no river is drawn; `headers`
    are further headers of a column; `cities` (code and name) are those of a province or country,
    empty where the areas are of one city.
    """

    code: str
    name: str
    plane_epsg: int
    centre: tuple[float, float]
    river: str
    across_river: tuple[str, ...]
    headers: dict[str, list[str]]
    cities: dict[str, str]


_OWN_WORDS: dict[Any, Any] = {str: str}
_OWN_HEADERS: dict[Any, Any] = {str: [str]}
_CITY = {
    "code": str, "name": str, "plane_epsg": int, "centre": [float],
    "river?": {"name": str, "across?": [str]}, "words?": _OWN_WORDS, "headers?": _OWN_HEADERS,
    "cities?": _OWN_WORDS,
}  # fmt: skip


@lru_cache(maxsize=4)
def load_city(path: Path = AREAS / "city.toml") -> City:
    """Reads which city this is; raises `Refusal` for a spoilt file."""
    raw = read(path, _CITY)
    if len(raw["centre"]) != 2:
        raise refused(path.name, "centre", "[lat, lon]")
    river = raw.get("river", {})
    return City(
        code=raw["code"],
        name=raw["name"],
        plane_epsg=raw["plane_epsg"],
        centre=(raw["centre"][0], raw["centre"][1]),
        river=river.get("name", ""),
        across_river=tuple(river.get("across", ())),
        headers=raw.get("headers", {}),
        cities=raw.get("cities", {}),
    )


CITY_CODE = load_city().code
CITY_NAME = load_city().name
CITIES = load_city().cities
SEVERAL = len(CITIES) > 1
"""Whether cities are a level of their own, above kecamatan."""
WHOLE = "kecamatan" if CITIES else "city"
"""The level to ask for the totals of everything: each of several cities is not for the public."""


@dataclass(frozen=True)
class Kecamatan:
    """A district: code such as `15.71.08`, and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class Kelurahan:
    """A ward: the level at which cover is mapped.

    `lat`, `lon` is a point inside (degrees, WGS 84); `area_km2` is official; `bps_code` is the
    statistics office's own ten digits, which collide with Kemendagri codes written without dots;
    `parents` are the kelurahan it was split from in 2023, if it was.
    """

    code: str
    name: str
    kecamatan_code: str
    kecamatan_name: str
    lat: float
    lon: float
    area_km2: float
    bps_code: str
    postcode: str
    formed_2023: bool
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Areas:
    """All areas of the city in the order of their codes."""

    kelurahan: tuple[Kelurahan, ...]

    @cached_property
    def kecamatan(self) -> tuple[Kecamatan, ...]:
        """The kecamatan, by code."""
        seen = {k.kecamatan_code: k.kecamatan_name for k in self.kelurahan}
        return tuple(Kecamatan(code, seen[code]) for code in sorted(seen))

    @cached_property
    def by_code(self) -> dict[str, Kelurahan]:
        """Kelurahan by code."""
        return {k.code: k for k in self.kelurahan}

    @cached_property
    def _by_kecamatan(self) -> dict[str, tuple[Kelurahan, ...]]:
        found: dict[str, list[Kelurahan]] = {}
        for k in self.kelurahan:
            found.setdefault(k.kecamatan_code, []).append(k)
        return {code: tuple(parts) for code, parts in found.items()}

    def kelurahan_of(self, kecamatan_code: str) -> tuple[Kelurahan, ...]:
        """The kelurahan of one kecamatan."""
        return self._by_kecamatan.get(kecamatan_code, ())

    @cached_property
    def _names_of(self) -> dict[str, tuple[tuple[str, str], ...]]:
        return {
            "kecamatan": tuple((k.code, k.name) for k in self.kecamatan),
            "kelurahan": tuple((k.code, k.name) for k in self.kelurahan),
        }

    def of_level(self, level: str, own: frozenset[str] | None = None) -> list[tuple[str, str]]:
        """Code and name of the city (of each, where there are several), kecamatan or kelurahan.

        With `own` (kelurahan codes) only what holds one of them, under a name that says so.
        """
        if level == "city" and CITIES and own is None:
            return list(CITIES.items())
        if level == "city":
            return [(CITY_CODE, CITY_NAME if own is None else self.name_of_own(own))]
        if own is None:
            return list(self._names_of[level])
        if level == "kelurahan":
            return [(k.code, k.name) for k in self.kelurahan if k.code in own]
        inside = {k.code: {part.code for part in self.kelurahan_of(k.code)} for k in self.kecamatan}
        return [
            (k.code, k.name if inside[k.code] <= own
             else t("{kecamatan} (sebagian)", kecamatan=k.name))
            for k in self.kecamatan if inside[k.code] & own
        ]  # fmt: skip

    def name_of_own(self, own: frozenset[str]) -> str:
        """What stands for the city before somebody who sees some kelurahan only."""
        return self.name_of(next(iter(own))) if len(own) == 1 else t("Wilayah Anda")

    def name_of(self, code: str) -> str:
        """The name of the city, a kecamatan, a kelurahan or an RT (`RT 022`) by its code."""
        if code == CITY_CODE:
            return CITY_NAME
        if "-" in code:
            return t("RT {rt}", rt=code.partition("-")[2])
        if code in self.by_code:
            return self.by_code[code].name
        if inside := self._by_kecamatan.get(code):
            return inside[0].kecamatan_name
        return CITIES.get(code, code)


def rt_code(kelurahan_code: str, rt: str) -> str:
    """The code of an RT: `15.71.08.1004-022`."""
    return f"{kelurahan_code}-{rt}"


@lru_cache(maxsize=4)
def load_areas(path: Path = AREAS / "kelurahan.csv") -> Areas:
    """Reads the list of kelurahan, sorted by code.

    Raises:
        Refusal: a column is missing, a code has another shape or stands twice, a number is none.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except UnicodeDecodeError:
        raise Refusal(
            t("Berkas {file} tidak dapat dibaca; simpan sebagai CSV UTF-8.", file=path.name)
        ) from None
    if missing := [name for name in _COLUMNS if not rows or name not in rows[0]]:
        raise Refusal(
            t("Di {file} tidak ada kolom {columns}; isinya dipisah koma, dengan baris judul.",
              file=path.name, columns=", ".join(missing))
        )  # fmt: skip
    found: dict[str, Kelurahan] = {}
    for number, row in enumerate(rows, start=2):
        one = _kelurahan(row, path.name, number)
        if one.code in found:
            raise _wrong_row(path.name, number, t("kode {code} sudah ada di atas", code=one.code))
        found[one.code] = one
    return Areas(tuple(found[code] for code in sorted(found)))


def _kelurahan(row: dict[str, str], file: str, number: int) -> Kelurahan:
    code, district = row["kode"], row["kode_kecamatan"]
    if len(code) != _KELURAHAN_CODE or len(district) != KECAMATAN_DIGITS or (
        not code.startswith(f"{district}.")
    ):  # fmt: skip
        raise _wrong_row(
            file, number,
            t("kode harus seperti 15.71.08.1004 dan berawal dengan kode_kecamatan, 15.71.08"),
        )  # fmt: skip
    if not row["kelurahan"].strip() or not row["kecamatan"].strip():
        raise _wrong_row(file, number, t("nama kelurahan atau kecamatan kosong"))
    try:
        lat, lon, area = float(row["lat"]), float(row["lon"]), float(row["luas_km2"])
    except (TypeError, ValueError):
        raise _wrong_row(
            file, number, t("lat, lon, dan luas_km2 harus bilangan dengan titik desimal")
        ) from None
    return Kelurahan(
        code=code,
        name=row["kelurahan"],
        kecamatan_code=district,
        kecamatan_name=row["kecamatan"],
        lat=lat,
        lon=lon,
        area_km2=area,
        bps_code=row["kode_bps"] or "",
        postcode=row["kodepos"] or "",
        formed_2023=row["dibentuk_2023"] == "1",
        parents=tuple(
            p for p in re.split(r"\s*\+\s*", (row["induk"] or "").partition(" (")[0]) if p
        ),
    )


def _wrong_row(file: str, number: int, why: str) -> Refusal:
    return Refusal(t("Di {file} baris {n}: {why}.", file=file, n=number, why=why))


@lru_cache(maxsize=2)
def load_neighbours(path: Path = AREAS / "neighbours.csv") -> tuple[tuple[str, str], ...]:
    """Pairs of kelurahan codes that share a border of more than 60 m; none where nobody knows."""
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple((row["kode_a"], row["kode_b"]) for row in csv.DictReader(file))
