"""Quotas per occupation: at most so many new places to people known to do that work.

Only the waiting list says what somebody works as. An area's room R (eligible − covered) holds the
W people on its list, w[o] of occupation o, and beyond them max(0, R − W) people whom nobody has
named yet. For these, and for those who wait without an occupation, no quota can hold: they are
`belum_diketahui`. A list longer than the room stays as it is: any R of its people may come.

New places x[i] of the areas keep the quotas where people can be found for them: y[i, o] ≤ w[i, o]
from the list with Σ_i y[i, o] ≤ quota[o], and the rest x[i] − Σ_o y[i, o] ≤ max(0, R − W).

That is a flow: city → kecamatan (its quota) → area (floor to ceiling) → the list's people of an
occupation → occupation (its quota), or → anybody else of the area. Without a quota per kecamatan
the x that can be kept form a polymatroid, so one place after another stays exact if each step may
exchange people between areas. With both kinds of quota they do not (it is a matching: kecamatan on
one side, occupations on the other); there each step also asks whether all places still fit
afterwards. Then no single place could be moved to the better, though several at once might.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from jambi_dash.domain.allocation import largest_remainder
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme

UNKNOWN_OCCUPATION = "belum_diketahui"
"""Places of people beyond the waiting list, or on it without an occupation."""
Waiting = Mapping[str, int]
"""People on an area's waiting list by occupation."""
_ENDLESS = 1 << 60


def occupation_label(occupation: str) -> str:
    """What an occupation of an answer is called in the reader's language."""
    if occupation == UNKNOWN_OCCUPATION:
        return t("belum diketahui")
    term = load_programme().occupations.by_id.get(occupation)
    return term.in_sentence() if term else occupation


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts above 0 in the order of the programme's occupations, the unknown last."""
    known = load_programme().occupations.ids
    places = {name: n for n, name in enumerate(known)} | {UNKNOWN_OCCUPATION: len(known) + 1}
    names = sorted(counts, key=lambda name: (places.get(name, len(known)), name))
    return {name: counts[name] for name in names if counts[name] > 0}


@dataclass(frozen=True)
class OccupationLimits:
    """Quotas per occupation with what they meet; all by area, in the order of the areas.

    `waiting` are people on the list by occupation, `unnamed` the room beyond it; `lower`, `upper`,
    `kecamatan` and its `kecamatan_quota` are the other limits of the same allocation.
    """

    quota: Mapping[str, int]
    waiting: tuple[Waiting, ...]
    unnamed: tuple[int, ...]
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    kecamatan: tuple[str, ...]
    kecamatan_quota: Mapping[str, int]

    @cached_property
    def outside(self) -> tuple[int, ...]:
        """People of each area for whom none of the quotas holds."""
        return tuple(
            beyond + sum(people for name, people in waits.items() if name not in self.quota)
            for waits, beyond in zip(self.waiting, self.unnamed, strict=True)
        )

    @cached_property
    def capacity(self) -> int:
        """The most places that fit with floors and locks kept."""
        seats = Seats(self, self.lower)
        seats.open()
        return sum(self.lower) + seats.fill(_ENDLESS)

    def hold_back(self, added: Sequence[int]) -> bool:
        """Whether a quota binds: it keeps an area from one more place, or people from theirs.

        People are kept from theirs where the waiting list, taken in proportion, had come to more.
        """
        whole = sum_by_occupation(take_in_proportion(added, self.waiting))
        if any(whole.get(name, 0) > most for name, most in self.quota.items()):
            return True
        inside: dict[str, int] = {}
        for code, x in zip(self.kecamatan, added, strict=True):
            inside[code] = inside.get(code, 0) + x
        seats = Seats(self, added)
        return any(
            x < most
            and inside[code] < self.kecamatan_quota.get(code, inside[code] + 1)
            and not seats.could_take(i)
            for i, (x, most, code) in enumerate(zip(added, self.upper, self.kecamatan, strict=True))
        )


class _Flow:
    """A network with whole capacities; arc `a` and its way back `a ^ 1` are a pair."""

    def __init__(self, nodes: int) -> None:
        self._arcs: list[list[int]] = [[] for _ in range(nodes)]
        self._end: list[int] = []
        self.left: list[int] = []

    def join(self, start: int, end: int, left: int, used: int = 0) -> int:
        """A new arc that can take `left` more, `used` already on it."""
        arc = len(self._end)
        self._arcs[start].append(arc)
        self._arcs[end].append(arc + 1)
        self._end += (end, start)
        self.left += (left, used)
        return arc

    def _search(self, start: int, end: int) -> list[int]:
        """By which arc each node is first reached; -1 where it is not. Stops at `end`."""
        by = [-1] * len(self._arcs)
        queue = deque((start,))
        while queue:
            node = queue.popleft()
            for arc in self._arcs[node]:
                after = self._end[arc]
                if self.left[arc] > 0 and by[after] < 0 and after != start:
                    by[after] = arc
                    if after == end:
                        return by
                    queue.append(after)
        return by

    def path(self, start: int, end: int) -> list[int]:
        """The arcs of a shortest way with room on it, from its end; empty where there is none."""
        by = self._search(start, end)
        if by[end] < 0:
            return []
        found = []
        node = end
        while node != start:
            found.append(by[node])
            node = self._end[by[node] ^ 1]
        return found

    def reached(self, start: int) -> list[bool]:
        """Which nodes more could flow to."""
        found = [arc >= 0 for arc in self._search(start, -1)]
        found[start] = True
        return found

    def push(self, arcs: list[int], people: int) -> None:
        for arc in arcs:
            self.left[arc] -= people
            self.left[arc ^ 1] += people

    def send(self, start: int, end: int, most: int) -> int:
        """Sends up to `most` more from `start` to `end`; how many came through."""
        sent = 0
        while sent < most and (arcs := self.path(start, end)):
            people = min(most - sent, *(self.left[arc] for arc in arcs))
            self.push(arcs, people)
            sent += people
        return sent


class Seats:
    """Places given area by area, with people of the right occupations found for all of them.

    At first `take` only exchanges people between areas. After `open` and `fill`, which find people
    for places that no area has been promised, `take` also moves such places.
    """

    def __init__(self, limits: OccupationLimits, added: Sequence[int]) -> None:
        self._limits = limits
        count, names = len(added), sorted(limits.quota)
        self._city, self._end = count + len(names), count + len(names) + 1
        kecamatan = sorted(limits.kecamatan_quota)
        self._flow = _Flow(self._end + 1 + len(kecamatan))
        node_of = {code: self._end + 1 + n for n, code in enumerate(kecamatan)}
        self._kecamatan_arcs = {code: self._flow.join(self._city, node_of[code], 0)
                                for code in kecamatan}  # fmt: skip
        self._from = [node_of.get(code, self._city) for code in limits.kecamatan]
        self._area_arcs = [self._flow.join(self._from[i], i, 0) for i in range(count)]
        for i, outside in enumerate(limits.outside):
            self._flow.join(i, self._end, outside)
            for n, name in enumerate(names):
                if people := limits.waiting[i].get(name, 0):
                    self._flow.join(i, count + n, people)
        for n, name in enumerate(names):
            self._flow.join(count + n, self._end, limits.quota[name])
        self._opened = False
        self._added = [0] * count
        for i, x in enumerate(added):
            self._added[i] = self._flow.send(i, self._end, x)

    @property
    def added(self) -> tuple[int, ...]:
        """Places given so far; fewer than were asked for where the quotas do not allow them."""
        return tuple(self._added)

    def blocked_by(self, i: int) -> list[int]:
        """Areas that together with area `i` have all the people that the quotas allow them."""
        reached = self._flow.reached(i)
        return [j for j in range(len(self._added)) if reached[j]]

    def could_take(self, i: int) -> bool:
        """Whether one more place in area `i` fits beside all places given."""
        return bool(self._flow.path(i, self._end))

    def take(self, i: int) -> bool:
        """Gives area `i` one more place; `False` where that cannot be, now or later."""
        if not self._opened:
            taken = self._flow.send(i, self._end, 1) == 1
        elif self._flow.left[self._area_arcs[i] ^ 1] > 0:
            # A place was found here and not promised: from now on it cannot be moved away.
            self._flow.left[self._area_arcs[i] ^ 1] -= 1
            taken = True
        else:
            taken = self._move_here(i)
        self._added[i] += taken
        return taken

    def _move_here(self, i: int) -> bool:
        arc = self._area_arcs[i]
        arcs = self._flow.path(i, self._from[i]) if self._flow.left[arc] > 0 else []
        self._flow.push(arcs, 1)
        self._flow.left[arc] -= bool(arcs)
        return bool(arcs)

    def open(self, promised: Sequence[int] | None = None) -> None:
        """From here on places beyond those `promised` (all given so far) may move.

        They move inside floors and ceilings of areas and quotas of kecamatan.
        """
        self._opened = True
        limits, flow = self._limits, self._flow
        promised = self._added if promised is None else promised
        inside = dict.fromkeys(self._kecamatan_arcs, 0)
        for i, (x, firm) in enumerate(zip(self._added, promised, strict=True)):
            arc = self._area_arcs[i]
            flow.left[arc], flow.left[arc ^ 1] = limits.upper[i] - x, x - firm
            if limits.kecamatan[i] in inside:
                inside[limits.kecamatan[i]] += x
        for code, arc in self._kecamatan_arcs.items():
            flow.left[arc] = limits.kecamatan_quota[code] - inside[code]
            flow.left[arc ^ 1] = inside[code]
        self._added = list(promised)

    def fill(self, most: int) -> int:
        """Finds people for up to `most` places more, wherever they fit; how many were found."""
        return self._flow.send(self._city, self._end, most)


def sum_by_occupation(taken: Sequence[Waiting]) -> dict[str, int]:
    """People of all areas by occupation."""
    whole: dict[str, int] = {}
    for people in taken:
        for name, count in people.items():
            whole[name] = whole.get(name, 0) + count
    return whole


def take_in_proportion(added: Sequence[int], waiting: Sequence[Waiting]) -> list[dict[str, int]]:
    """Who of the waiting list gets the places of each area: the list first, by largest remainder.

    Occupations of an area share in proportion to how many of each wait there. No quota.
    """
    found = []
    for x, waits in zip(added, waiting, strict=True):
        names = sorted(waits)
        people = [waits[name] for name in names]
        shares = largest_remainder(min(x, sum(people)), people)
        found.append(dict(zip(names, shares, strict=True)))
    return found


def take_from_list(
    added: Sequence[int],
    waiting: Sequence[Waiting],
    unnamed: Sequence[int],
    quota: Mapping[str, int],
) -> list[dict[str, int]]:
    """The same inside quotas: as many of the waiting list as the quotas let in.

    A quota that is asked for too much is shared over the areas in proportion to what they ask.
    What an area loses by it goes to others on its list, then, by exchange between areas, to others
    on any list, and only then to people beyond the lists. `added` is known to keep the quotas.
    """
    taken = take_in_proportion(added, waiting)
    left = dict(quota)
    wanted = [sum(people.values()) for people in taken]
    asked = taken
    taken = [dict.fromkeys(people, 0) for people in asked]
    while True:
        for name in sorted(sum_by_occupation(asked)):
            ask = [people.get(name, 0) for people in asked]
            given = ask
            if name in left:
                given = largest_remainder(min(sum(ask), left[name]), ask)
                left[name] -= sum(given)
            for people, more in zip(taken, given, strict=True):
                if more:
                    people[name] += more
        missing = [w - sum(people.values()) for w, people in zip(wanted, taken, strict=True)]
        if not any(missing):
            return taken
        still = [
            {name: n - people[name] for name, n in waits.items() if left.get(name, 1)}
            for waits, people in zip(waiting, taken, strict=True)
        ]
        asked = take_in_proportion(missing, still)
        if not any(any(people.values()) for people in asked):
            break
    return _exchange(added, waiting, unnamed, quota, taken)


def _exchange(
    added: Sequence[int],
    waiting: Sequence[Waiting],
    unnamed: Sequence[int],
    quota: Mapping[str, int],
    taken: list[dict[str, int]],
) -> list[dict[str, int]]:
    """Fills the places that are still open by exchanging people between areas."""
    count, names = len(added), sorted(quota)
    end = count + len(names)
    flow = _Flow(end + 1)
    arcs: list[dict[str, int]] = []
    for i, waits in enumerate(waiting):
        arcs.append({})
        for name in sorted(waits):
            to = count + names.index(name) if name in quota else end
            arcs[i][name] = flow.join(i, to, waits[name] - taken[i][name], taken[i][name])
    whole = sum_by_occupation(taken)
    for n, name in enumerate(names):
        used = whole.get(name, 0)
        flow.join(count + n, end, quota[name] - used, used)
    beyond = [flow.join(i, end, 0) for i in range(count)]
    open_places = [x - sum(people.values()) for x, people in zip(added, taken, strict=True)]
    for i in range(count):
        open_places[i] -= flow.send(i, end, open_places[i])
    for i, arc in enumerate(beyond):
        flow.left[arc] = unnamed[i]
    for i in range(count):
        flow.send(i, end, open_places[i])
    return [{name: flow.left[arc ^ 1] for name, arc in of_area.items()} for of_area in arcs]
