"""The invented city: 1.650 RTs with households, vulnerable workers and those covered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from jambi_dash.demo.parameters import Parameters
from jambi_dash.demo.shares import spread
from jambi_dash.domain.areas import Areas, Kelurahan, load_areas


@dataclass(frozen=True)
class Rt:
    """One RT: households, estimated vulnerable workers, and how many of them are covered."""

    kelurahan: Kelurahan
    number: str
    households: int
    eligible: int
    covered: int
    pilot: bool


def build_rts(parameters: Parameters, rng: Random, *, workers: int) -> list[Rt]:
    """The RTs by kelurahan code and number.

    The number of RTs in a kelurahan is the same for every seed; all city totals are exact.
    """
    areas = load_areas()
    space, totals = parameters.space, parameters.totals
    people = _population(areas, space.population)
    few, many = space.rts_per_kelurahan
    rts = spread(totals.rts, people, lower=few, upper=many)
    home = [i for i, count in enumerate(rts) for _ in range(count)]

    weights = [people[i] / rts[i] * rng.lognormvariate(0, 0.28) for i in home]
    smallest, largest = space.households_per_rt
    households = spread(totals.households, weights, lower=smallest, upper=largest)

    need = [_need(k, areas, parameters) for k in areas.kelurahan]
    weights = [households[n] * need[i] * rng.lognormvariate(0, 0.35) for n, i in enumerate(home)]
    smallest, largest = space.eligible_per_rt
    eligible = spread(totals.eligible, weights, lower=smallest, upper=largest)

    per_kelurahan = [0] * len(rts)
    for n, i in enumerate(home):
        per_kelurahan[i] += eligible[n]
    covered_in = _covered(areas, per_kelurahan, parameters, rng, workers=workers)

    numbers = [f"{n + 1:03d}" for count in rts for n in range(count)]
    pilots = _pilots(areas, rts, parameters, rng)
    covered: list[int] = []
    start = 0
    for i, count in enumerate(rts):
        rooms = eligible[start : start + count]
        pull = [
            room
            * rng.lognormvariate(0, 0.5)
            * (1.6 if (areas.kelurahan[i].code, numbers[start + n]) in pilots else 1.0)
            for n, room in enumerate(rooms)
        ]
        # More places than need (a demo of many workers): no room limits an RT any more.
        fits = covered_in[i] <= sum(rooms)
        covered += spread(covered_in[i], pull, upper=rooms if fits else None)
        start += count

    return [
        Rt(
            kelurahan=areas.kelurahan[i],
            number=numbers[n],
            households=households[n],
            eligible=eligible[n],
            covered=covered[n],
            pilot=(areas.kelurahan[i].code, numbers[n]) in pilots,
        )
        for n, i in enumerate(home)
    ]


def _population(areas: Areas, by_kecamatan: dict[str, int]) -> list[float]:
    """Inhabitants (thousand) of each kelurahan: small ones are denser, so by the root of km²."""
    roots = [math.sqrt(k.area_km2) for k in areas.kelurahan]
    whole: dict[str, float] = {}
    for k, root in zip(areas.kelurahan, roots, strict=True):
        whole[k.kecamatan_code] = whole.get(k.kecamatan_code, 0.0) + root
    return [
        by_kecamatan[k.kecamatan_code] * root / whole[k.kecamatan_code]
        for k, root in zip(areas.kelurahan, roots, strict=True)
    ]


def _km_from(centre_code: str, kelurahan: Kelurahan, areas: Areas) -> float:
    centre = areas.by_code[centre_code]
    # Close to the equator a degree is 111 km either way.
    return 111.2 * math.hypot(kelurahan.lat - centre.lat, kelurahan.lon - centre.lon)


def _need(kelurahan: Kelurahan, areas: Areas, parameters: Parameters) -> float:
    space = parameters.space
    if kelurahan.code in space.need_by_kelurahan:
        return space.need_by_kelurahan[kelurahan.code]
    way = min(1.0, _km_from(space.centre, kelurahan, areas) / space.need["edge_km"])
    return space.need["centre"] + way * (space.need["edge"] - space.need["centre"])


def _covered(
    areas: Areas, eligible: Sequence[int], parameters: Parameters, rng: Random, *, workers: int
) -> list[int]:
    """Covered workers by kelurahan, `workers` in all.

    Rates are shaped for the known total; another number of workers scales what comes out.
    """
    space, known = parameters.space, parameters.totals.workers
    cover = space.cover
    weights, lower, upper = [], [], []
    for k, count in zip(areas.kelurahan, eligible, strict=True):
        rate = cover["floor"] + cover["centre"] * math.exp(
            -_km_from(space.centre, k, areas) / cover["fall_km"]
        )
        rate *= cover["across_the_river"] if k.kecamatan_code in space.across_the_river else 1.0
        rate *= cover["formed_2023"] if k.formed_2023 else 1.0
        rate *= rng.lognormvariate(0, 0.25)
        fixed = space.cover_by_kelurahan.get(k.code)
        weights.append(count * rate if fixed is None else 0.0)
        lower.append(0 if fixed is None else round(count * fixed))
        upper.append(int(count * cover["highest"]))
    shaped = spread(known, weights, lower=lower, upper=upper)
    return shaped if workers == known else spread(workers, shaped)


def _pilots(
    areas: Areas, rts: Sequence[int], parameters: Parameters, rng: Random
) -> set[tuple[str, str]]:
    """Kelurahan code and number of the pilots: one in most kelurahan, two in a few, none in some."""
    plan = parameters.rollout
    launch = next(i for i, k in enumerate(areas.kelurahan) if k.code == plan.launch_kelurahan)
    per_kelurahan = spread(
        parameters.totals.pilots,
        [rng.uniform(0.1, 1.0) * (4 if i == launch else 1) for i in range(len(rts))],
        upper=2,
    )
    chosen: set[tuple[str, str]] = set()
    for i, count in enumerate(per_kelurahan):
        numbers = [f"{n + 1:03d}" for n in range(rts[i])]
        picked = rng.sample(numbers, count)
        if i == launch and plan.launch_rt not in picked:
            picked[0] = plan.launch_rt
        chosen |= {(areas.kelurahan[i].code, number) for number in picked}
    return chosen
