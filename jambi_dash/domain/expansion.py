"""Who gets the next places: whole places shared over areas by a named rule, inside every limit.

The rules are those of design section 6. Ties go to the smaller code. Quotients of whole numbers as
small as these compare exactly as floats: two that differ, differ by far more than a rounding.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor
from typing import TYPE_CHECKING

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.occupations import OccupationLimits, Seats, Waiting
from jambi_dash.domain.refusal import Refusal

if TYPE_CHECKING:
    from jambi_dash.domain.optimum import OptimumProof

RULES = ("merata", "sebanding", "percontohan", "skor", "optimal")
CRITERIA = ("low_coverage", "need", "joined", "waiting")
SCORE_UNIT = 1000
"""A score is a whole number from 0 to this."""
_SLACK = 1e-9
_NAMED_AREAS = 5


@dataclass(frozen=True, slots=True)
class Area:
    """A kelurahan or RT before the expansion.

    `eligible` is `None` where nobody knows it: such an area has no room. `pilots` are the RTs in
    it that have joined Kampung Bahagia, by code, each with its own room; `joined_share` is their
    share of its RTs; `waiting` are people proposed or verified who are not yet paid.
    """

    code: str
    name: str
    kecamatan_code: str
    eligible: int | None
    covered: int
    joined_share: float = 0.0
    waiting: int = 0
    pilots: tuple[tuple[str, int], ...] = ()

    @property
    def room(self) -> int:
        """How many more may be placed: eligible − covered, never below 0."""
        return max(0, (self.eligible or 0) - self.covered)


@dataclass(frozen=True)
class Wishes:
    """What the planner sets for areas; all in whole people, keyed by area code.

    `quota` is the most that a kecamatan gets, `occupation_quota` the most that go to people known
    to be of an occupation. `floor_rate` and `ceiling_rate` (0 to 1) hold for every area: the least
    and most coverage afterwards.
    """

    floors: Mapping[str, int] = field(default_factory=dict)
    ceilings: Mapping[str, int] = field(default_factory=dict)
    locked: Mapping[str, int] = field(default_factory=dict)
    quota: Mapping[str, int] = field(default_factory=dict)
    floor_rate: float | None = None
    ceiling_rate: float | None = None
    occupation_quota: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """The least and most of every area, in the order of the areas, and of kecamatan.

    `occupations` is `None` where no occupation has a quota.
    """

    lower: tuple[int, ...]
    upper: tuple[int, ...]
    quota: Mapping[str, int]
    occupations: OccupationLimits | None = None

    @property
    def required(self) -> int:
        """Places that floors and locks ask for."""
        return sum(self.lower)

    def capacity(self, areas: Sequence[Area]) -> int:
        """The most places that fit."""
        if self.occupations is not None:
            return self.occupations.capacity
        groups: dict[str, int] = {}
        for area, most in zip(areas, self.upper, strict=True):
            groups[area.kecamatan_code] = groups.get(area.kecamatan_code, 0) + most
        return sum(min(n, self.quota.get(code, n)) for code, n in groups.items())


@dataclass(frozen=True)
class Allocation:
    """New places of every area, in the order of the areas; `proof` only for `optimal`."""

    added: tuple[int, ...]
    proof: OptimumProof | None = None


def make_limits(
    areas: Sequence[Area], wishes: Wishes, waiting: Mapping[str, Waiting] | None = None
) -> Limits:
    """Floors, ceilings, locks and quotas as bounds.

    `waiting` is the waiting list of every area by occupation, which quotas per occupation need.

    Raises:
        Refusal: unknown codes, or limits that no allocation can keep; the areas are named.
    """
    _check_codes(areas, wishes)
    lower, upper = [], []
    wrong: dict[str, list[Area]] = {"lock": [], "floor": [], "cross": [], "locked_cross": []}
    for area in areas:
        least, most = _bounds_of(area, wishes)
        lock = wishes.locked.get(area.code)
        if lock is not None:
            if lock > area.room:
                wrong["lock"].append(area)
            elif lock < wishes.floors.get(area.code, 0) or lock > wishes.ceilings.get(
                area.code, lock
            ):
                wrong["locked_cross"].append(area)
            least = most = lock
        elif least > area.room:
            wrong["floor"].append(area)
        elif least > most:
            wrong["cross"].append(area)
        lower.append(least)
        upper.append(most)
    _refuse_wrong(wrong)
    _check_quotas(areas, lower, wishes.quota)
    limits = Limits(tuple(lower), tuple(upper), dict(wishes.quota))
    if wishes.occupation_quota:
        found = _occupation_limits(areas, limits, wishes.occupation_quota, waiting or {})
        limits = replace(limits, occupations=found)
    return limits


def _occupation_limits(
    areas: Sequence[Area],
    limits: Limits,
    quota: Mapping[str, int],
    waiting: Mapping[str, Waiting],
) -> OccupationLimits:
    lists = tuple(waiting.get(area.code, {}) for area in areas)
    found = OccupationLimits(
        quota=dict(quota),
        waiting=lists,
        unnamed=tuple(
            max(0, area.room - sum(waits.values()))
            for area, waits in zip(areas, lists, strict=True)
        ),
        lower=limits.lower,
        upper=limits.upper,
        kecamatan=tuple(area.kecamatan_code for area in areas),
        kecamatan_quota=limits.quota,
    )
    seats = Seats(found, limits.lower)
    short = [i for i, least in enumerate(limits.lower) if seats.added[i] < least]
    if short:
        blocked = [i for i in seats.blocked_by(short[0]) if limits.lower[i]]
        raise Refusal(
            t("Batas bawah dan angka terkunci di {areas} memerlukan {needed} tempat, padahal "
              "kuota pekerjaan hanya membolehkan {most} di sana; turunkan batasnya atau naikkan "
              "kuota pekerjaan.", areas=named([areas[i] for i in blocked]),
              needed=formats.number(sum(limits.lower[i] for i in blocked)),
              most=formats.number(sum(seats.added[i] for i in blocked)))
        )  # fmt: skip
    return found


def _bounds_of(area: Area, wishes: Wishes) -> tuple[int, int]:
    least = wishes.floors.get(area.code, 0)
    most = min(area.room, wishes.ceilings.get(area.code, area.room))
    if area.eligible and wishes.floor_rate is not None:
        least = max(least, ceil(wishes.floor_rate * area.eligible - _SLACK) - area.covered)
    if area.eligible and wishes.ceiling_rate is not None:
        allowed = floor(wishes.ceiling_rate * area.eligible + _SLACK) - area.covered
        most = min(most, max(0, allowed))
    return least, most


def _check_codes(areas: Sequence[Area], wishes: Wishes) -> None:
    known = {area.code for area in areas}
    for key, given in (
        ("floors", wishes.floors),
        ("ceilings", wishes.ceilings),
        ("locked", wishes.locked),
    ):
        unknown = sorted(given.keys() - known)
        if unknown:
            raise Refusal(
                t("{key} menyebut wilayah yang tidak ada: {codes}; pakai kode seperti {example}.",
                  key=key, codes=", ".join(unknown[:_NAMED_AREAS]),
                  example=areas[0].code if areas else "15.71.01.1001")
            )  # fmt: skip
    unknown = sorted(wishes.quota.keys() - {area.kecamatan_code for area in areas})
    if unknown:
        raise Refusal(
            t("quota menyebut kecamatan yang tidak ada: {codes}; pakai kode seperti {example}.",
              codes=", ".join(unknown[:_NAMED_AREAS]),
              example=areas[0].kecamatan_code if areas else "15.71.01")
        )  # fmt: skip


def _refuse_wrong(wrong: dict[str, list[Area]]) -> None:
    if wrong["lock"]:
        raise Refusal(
            t("Angka terkunci melebihi ruang di {areas}; turunkan sampai jumlah yang belum "
              "terlindungi.", areas=named_rooms(wrong["lock"]))
        )  # fmt: skip
    if wrong["locked_cross"]:
        raise Refusal(
            t("Angka terkunci melanggar batas bawah atau batas atas wilayah itu sendiri di "
              "{areas}; hapus salah satunya.", areas=named(wrong["locked_cross"]))
        )  # fmt: skip
    if wrong["floor"]:
        raise Refusal(
            t("Batas bawah melebihi ruang di {areas}; turunkan batas bawahnya.",
              areas=named_rooms(wrong["floor"]))
        )  # fmt: skip
    if wrong["cross"]:
        raise Refusal(
            t("Batas bawah lebih tinggi daripada batas atas di {areas}; ubah salah satunya.",
              areas=named(wrong["cross"]))
        )  # fmt: skip


def _check_quotas(areas: Sequence[Area], lower: Sequence[int], quota: Mapping[str, int]) -> None:
    for code, most in quota.items():
        inside = [
            (area, least)
            for area, least in zip(areas, lower, strict=True)
            if area.kecamatan_code == code and least
        ]
        needed = sum(least for _, least in inside)
        if needed > most:
            raise Refusal(
                t("Batas bawah dan angka terkunci di {areas} memerlukan {needed} tempat, "
                  "melebihi kuota {most} kecamatan {code}.", areas=named([area for area, _ in inside]),
                  needed=formats.number(needed), most=formats.number(most), code=code)
            )  # fmt: skip


def check_required(areas: Sequence[Area], limits: Limits, places: int) -> None:
    """Raises `Refusal`, naming the areas, where floors and locks ask for more than `places`."""
    if limits.required > places:
        asking = sorted(
            (area for area, least in zip(areas, limits.lower, strict=True) if least),
            key=lambda area: -limits.lower[areas.index(area)],
        )
        raise Refusal(
            t("Batas bawah dan angka terkunci di {areas} memerlukan {needed} tempat, padahal "
              "hanya ada {places}; turunkan batasnya atau tambah tempat.", areas=named(asking),
              needed=formats.number(limits.required), places=formats.number(places))
        )  # fmt: skip


def named(areas: Sequence[Area]) -> str:
    """Names of some areas, the first few in full."""
    names = [f"{area.name} ({area.code})" for area in areas[:_NAMED_AREAS]]
    return _and_others(names, len(areas))


def named_rooms(areas: Sequence[Area]) -> str:
    """The same with the room of each."""
    names = [
        t("{name} (ruang {room})", name=area.name, room=formats.number(area.room))
        for area in areas[:_NAMED_AREAS]
    ]
    return _and_others(names, len(areas))


def _and_others(names: list[str], count: int) -> str:
    text = ", ".join(names)
    if count > len(names):
        text += " " + t("dan {n} wilayah lain", n=formats.number(count - len(names)))
    return text


def scores(areas: Sequence[Area], weights: Mapping[str, float]) -> tuple[int, ...]:
    """The score of every area, 0 to `SCORE_UNIT`: the weighted mean of its criteria.

    `low_coverage` is 1 − coverage; `need` the room against the largest; `joined` the share of its
    RTs in Kampung Bahagia; `waiting` the waiting list against the longest. All weights 0: all 0.
    """
    whole = sum(weights.values())
    most_room = max((area.room for area in areas), default=0) or 1
    longest = max((area.waiting for area in areas), default=0) or 1
    found = []
    for area in areas:
        rate = min(1.0, area.covered / area.eligible) if area.eligible else 1.0
        parts = {
            "low_coverage": 1 - rate,
            "need": area.room / most_room,
            "joined": area.joined_share,
            "waiting": area.waiting / longest,
        }
        total = sum(weights.get(name, 0.0) * value for name, value in parts.items())
        found.append(round(SCORE_UNIT * total / whole) if whole else 0)
    return tuple(found)


def allocate(
    areas: Sequence[Area],
    limits: Limits,
    places: int,
    rule: str,
    weights: Mapping[str, float],
) -> Allocation:
    """Shares exactly `places` over the areas, which are in the order of their codes.

    Floors and locks are filled first, then one place after another by the rule; `optimal` looks at
    all of them at once. `places` lies between `limits.required` and `limits.capacity(areas)`.
    """
    if rule == "optimal":
        # Imported here: the solver is wanted by this rule alone.
        from jambi_dash.domain.optimum import optimum

        return optimum(areas, limits, places, scores(areas, weights))
    occupations = limits.occupations
    seats = None if occupations is None else Seats(occupations, limits.lower)
    added = _filled(areas, limits, places, rule, weights, seats)
    if occupations is not None and sum(added) < places:
        # Quotas per kecamatan and per occupation crossed: an area took what two others could have
        # used. Again, and this time each step keeps room for all the places.
        seats = Seats(occupations, added)
        seats.open(limits.lower)
        seats.fill(places - sum(added))
        added = _filled(areas, limits, places, rule, weights, seats)
    return Allocation(added)


def _filled(
    areas: Sequence[Area],
    limits: Limits,
    places: int,
    rule: str,
    weights: Mapping[str, float],
    seats: Seats | None,
) -> tuple[int, ...]:
    filling = _Filling(areas, limits, places, seats)
    if rule == "percontohan":
        filling.fill_pilots()
    filling.fill(_next_key(areas, rule, weights))
    return tuple(filling.added)


def _next_key(
    areas: Sequence[Area], rule: str, weights: Mapping[str, float]
) -> Callable[[int, int], float]:
    """The smaller the key of area `i` with `x` new places, the sooner it gets the next one."""
    if rule in ("sebanding", "skor"):
        given = scores(areas, weights) if rule == "skor" else (1,) * len(areas)
        claims = [score * area.room for score, area in zip(given, areas, strict=True)]
        return lambda i, x: -claims[i] / (2 * x + 1)
    covered = [area.covered for area in areas]
    eligible = [area.eligible or 1 for area in areas]
    return lambda i, x: (covered[i] + x) / eligible[i]


class _Filling:
    """Places given so far; a heap knows the next one. `seats` where occupations have quotas."""

    def __init__(
        self, areas: Sequence[Area], limits: Limits, places: int, seats: Seats | None
    ) -> None:
        self._areas = areas
        self._seats = seats
        self._limits = limits
        self.added = list(limits.lower)
        self._left = places - sum(self.added)
        self._group_left = dict(limits.quota)
        for area, least in zip(areas, self.added, strict=True):
            if area.kecamatan_code in self._group_left:
                self._group_left[area.kecamatan_code] -= least

    def _is_full(self, i: int) -> bool:
        code = self._areas[i].kecamatan_code
        return self.added[i] >= self._limits.upper[i] or self._group_left.get(code, 1) <= 0

    def _give(self, i: int) -> bool:
        """Gives area `i` one more place; `False` where it cannot have another, now or later."""
        if self._is_full(i) or (self._seats is not None and not self._seats.take(i)):
            return False
        self.added[i] += 1
        self._left -= 1
        code = self._areas[i].kecamatan_code
        if code in self._group_left:
            self._group_left[code] -= 1
        return True

    def fill(self, key: Callable[[int, int], float]) -> None:
        """Gives the places that are left, each to the area with the smallest key."""
        heap = [(key(i, self.added[i]), i) for i in range(len(self._areas)) if not self._is_full(i)]
        heapq.heapify(heap)
        while self._left > 0 and heap:
            i = heap[0][1]
            if self._give(i):
                heapq.heapreplace(heap, (key(i, self.added[i]), i))
            else:  # full, or a quota was used up by others
                heapq.heappop(heap)

    def fill_pilots(self) -> None:
        """Gives places inside RTs that have joined, evenly: the RT with the fewest is next.

        Places that a floor or lock has given an area count as its pilot RTs' first.
        """
        before = list(self.added)
        heap = [
            (0, code, i, room)
            for i, area in enumerate(self._areas)
            for code, room in area.pilots
            if room > 0
        ]
        heapq.heapify(heap)
        while self._left > 0 and heap:
            given, code, i, room = heapq.heappop(heap)
            if before[i] > 0:
                before[i] -= 1
            elif not self._give(i):
                continue
            if given + 1 < room:
                heapq.heappush(heap, (given + 1, code, i, room))


def binding_limits(
    areas: Sequence[Area], limits: Limits, added: Sequence[int], slots: int
) -> tuple[str, ...]:
    """Which limits hold the answer back, by the names of contract section 6.

    What neither the target nor the areas hold back, money does.
    """
    placed = sum(added)
    found = []
    if placed >= slots:
        found.append("target")
    elif placed < limits.capacity(areas):
        found.append("anggaran")
    if placed < slots and all(x >= area.room for x, area in zip(added, areas, strict=True)):
        found.append("usulan")
    per_group: dict[str, int] = {}
    for area, x in zip(areas, added, strict=True):
        per_group[area.kecamatan_code] = per_group.get(area.kecamatan_code, 0) + x
    if any(
        x >= most < area.room and least < most
        for x, most, least, area in zip(added, limits.upper, limits.lower, areas, strict=True)
    ) or (placed < slots and any(u < a.room for u, a in zip(limits.upper, areas, strict=True))):
        found.append("batas_atas")
    if any(
        0 < x <= least < most
        for x, most, least in zip(added, limits.upper, limits.lower, strict=True)
    ):
        found.append("batas_bawah")
    if any(
        per_group[code] >= most
        and any(
            x < u
            for x, u, a in zip(added, limits.upper, areas, strict=True)
            if a.kecamatan_code == code
        )
        for code, most in limits.quota.items()
    ) or (limits.occupations is not None and limits.occupations.hold_back(added)):
        found.append("kuota")
    return tuple(found)
