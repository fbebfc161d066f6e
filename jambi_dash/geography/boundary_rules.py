"""The rules of `data/areas/boundaries.toml`: address, field names, limits, tolerances."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import AREAS

URL_VARIABLE = "JAMBI_DASH_BIG_URL"


@dataclass(frozen=True)
class Service:
    """Where and how BIG's ArcGIS REST service is asked; times in seconds, sizes in MB."""

    url: str
    where: str
    order_by: str
    page_size: int
    timeout_seconds: float
    total_seconds: float
    attempts: int
    retry_wait_seconds: float
    max_answer_mb: int


@dataclass(frozen=True)
class FieldNames:
    """Known column names of each role, best first."""

    kode: list[str]
    kelurahan: list[str]
    kecamatan: list[str]
    kota: list[str]


@dataclass(frozen=True)
class Limits:
    """What a file may hold before it is opened; sizes in MB."""

    max_file_mb: int
    max_unpacked_mb: int
    max_members: int
    max_features: int


@dataclass(frozen=True)
class Checks:
    """What a set of boundaries must fulfil; areas in km² or m², distances in metres."""

    min_area_km2: float
    max_area_km2: float
    max_overlap_km2: float
    max_overlap_share: float
    max_holes_km2: float
    reported_m2: float
    max_distance_m: float
    max_part_distance_m: float


@dataclass(frozen=True)
class Storage:
    """How boundaries are thinned before they are stored; metres and decimals of a degree."""

    simplify_m: float
    gap_m: float
    digits: int


@dataclass(frozen=True)
class Rules:
    """The whole of `boundaries.toml`."""

    service: Service
    fields: FieldNames
    limits: Limits
    checks: Checks
    storage: Storage


@lru_cache(maxsize=4)
def load_rules(path: Path = AREAS / "boundaries.toml") -> Rules:
    """Reads the rules.

    Raises:
        Refusal: the file is missing, is no TOML, or has a missing or an unknown key.
    """
    try:
        with path.open("rb") as file:
            given = tomllib.load(file)
        return Rules(
            service=Service(**given.pop("service")),
            fields=FieldNames(**given.pop("fields")),
            limits=Limits(**given.pop("limits")),
            checks=Checks(**given.pop("checks")),
            storage=Storage(**given.pop("storage")),
            **given,
        )
    except (OSError, tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise Refusal(
            t(
                "Aturan batas di {file} tidak dapat dipakai ({reason}): perbaiki berkas itu.",
                file=path.name,
                reason=error,
            )
        ) from error


def service_rules(url: str | None = None, path: Path | None = None) -> Service:
    """The service with the address of `url`, else of `$JAMBI_DASH_BIG_URL`, else of the file."""
    service = (load_rules(path) if path else load_rules()).service
    return replace(service, url=url or os.environ.get(URL_VARIABLE) or service.url)
