"""What the invented city is made of: `data/facts/demo.toml`, every value with its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jambi_dash.settings import FACTS


@dataclass(frozen=True)
class Totals:
    """The known totals that every demo agrees with; `workers` may be chosen."""

    workers: int
    religious_workers: int
    rts: int
    pilots: int
    eligible: int
    households: int


@dataclass(frozen=True)
class Space:
    """How RTs, need and cover spread over the kelurahan; codes are Kemendagri's.

    `need` and `cover` hold the figures of their sections (rates, 1 = 100 %; distances in km);
    the two `…_by_kelurahan` settle single kelurahan.
    """

    centre: str
    across_the_river: frozenset[str]
    rts_per_kelurahan: tuple[int, int]
    households_per_rt: tuple[int, int]
    eligible_per_rt: tuple[int, int]
    population: dict[str, int]
    need: dict[str, float]
    need_by_kelurahan: dict[str, float]
    cover: dict[str, float]
    cover_by_kelurahan: dict[str, float]


@dataclass(frozen=True)
class Roster:
    """The make-up of the lists of people: weights, first months, further rows, faults.

    `starts` maps months before `as_of` to people who began then; `beside` and the faults are row
    counts for `Totals.workers` as in the file.
    """

    occupations: dict[str, int]
    religious_occupations: dict[str, int]
    funds: dict[str, int]
    starts: dict[str, dict[int, int]]
    beside: dict[str, int]
    rejected: dict[str, int]
    warned: dict[str, int]


@dataclass(frozen=True)
class Rollout:
    """The pilots of Kampung Bahagia: who joins when, who stands where, what is paid (rupiah)."""

    launch_kelurahan: str
    launch_rt: str
    joins: tuple[tuple[int, int, int], ...]
    standing: dict[str, int]
    fallen_behind: int
    socialised_only: int
    ceiling: dict[str, int]
    cover_per_10000: int
    unregistered: int
    unpaid: int
    half_paid: int


@dataclass(frozen=True)
class Claims:
    """Benefits paid, in rupiah; counts of workers' claims are for `Totals.workers`."""

    jkm_workers: int
    jkm_workers_early: int
    jkm_rt_heads: int
    jkk: int
    jkm_value: int
    jkm_early_value: int
    jkk_mean: int
    days_to_payment: tuple[int, int]


@dataclass(frozen=True)
class Parameters:
    """Everything the invented city is made of."""

    totals: Totals
    space: Space
    roster: Roster
    rollout: Rollout
    claims: Claims


def _plain(section: dict[str, Any]) -> dict[str, Any]:
    """A section without its source and without the sections below it."""
    return {k: v for k, v in section.items() if k != "source" and not isinstance(v, dict)}


@lru_cache(maxsize=2)
def load_parameters(path: Path = FACTS / "demo.toml") -> Parameters:
    """Reads the parameters of the invented city."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    bounds, rollout = raw["rt_bounds"], raw["rollout"]
    construction = rollout["construction_cover"]
    claims = _plain(raw["claims"])
    return Parameters(
        totals=Totals(**{k: v["value"] for k, v in raw["totals"].items()}),
        space=Space(
            centre=raw["places"]["centre"],
            across_the_river=frozenset(raw["places"]["across_the_river"]),
            rts_per_kelurahan=tuple(bounds["per_kelurahan"]),
            households_per_rt=tuple(bounds["households"]),
            eligible_per_rt=tuple(bounds["eligible"]),
            population=_plain(raw["population"]),
            need=_plain(raw["need"]),
            need_by_kelurahan=raw["need"]["kelurahan"],
            cover=_plain(raw["cover"]),
            cover_by_kelurahan=raw["cover"]["kelurahan"],
        ),
        roster=Roster(
            occupations=_plain(raw["occupations"]),
            religious_occupations=_plain(raw["religious_occupations"]),
            funds=_plain(raw["funds"]),
            starts={
                cohort: {int(back): people for back, people in months.items()}
                for cohort, months in raw["starts"].items()
                if cohort != "source"
            },
            beside=_plain(raw["beside"]),
            rejected=raw["dirt"]["rejected"],
            warned=raw["dirt"]["warned"],
        ),
        rollout=Rollout(
            launch_kelurahan=rollout["launch_kelurahan"],
            launch_rt=rollout["launch_rt"],
            joins=tuple(tuple(part) for part in rollout["joins"]),
            standing=rollout["standing"],
            fallen_behind=rollout["fallen_behind"],
            socialised_only=rollout["socialised_only"],
            ceiling=_plain(rollout["ceiling"]),
            cover_per_10000=construction["per_10000"],
            unregistered=construction["unregistered"],
            unpaid=construction["unpaid"],
            half_paid=construction["half_paid"],
        ),
        claims=Claims(**{**claims, "days_to_payment": tuple(claims["days_to_payment"])}),
    )
