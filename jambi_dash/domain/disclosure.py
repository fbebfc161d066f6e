"""Which small counts the public may not see, and what else must be hidden with them.

Primary rule (contract section 4): counts from 1 to k − 1. Complementary rule, over the tree city
→ kecamatan → kelurahan (people without a location stand beside the kecamatan): a single hidden
part, or hidden parts so few that their sum gives them away, could be worked out from the sum above
them, so parts beside them are hidden too, until each hidden count can be wrong by at least k.
Where no such part is left, the zeros are hidden with the rest. Which parts go along never depends
on how many people they hold: a reader who knew that the smallest went could work it out, and
another month would uncover what this one hides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_K = 5
UNLOCATED = "tanpa_lokasi"


@dataclass(frozen=True)
class Hidden:
    """What is hidden: kecamatan codes (or `UNLOCATED`), kelurahan codes, and the city's own sum."""

    kecamatan: frozenset[str]
    kelurahan: frozenset[str]
    city: bool = False

    @property
    def unlocated(self) -> bool:
        """Whether the count of people without a location is hidden."""
        return UNLOCATED in self.kecamatan


def choose_hidden(
    kelurahan: Mapping[str, int],
    kecamatan_of: Mapping[str, str],
    unlocated: int,
    k: int = DEFAULT_K,
) -> Hidden:
    """The parts to hide for one cohort and month.

    Args:
        kelurahan: covered people by kelurahan code, all kelurahan.
        kecamatan_of: the kecamatan of each kelurahan.
        unlocated: covered people without a kelurahan.
        k: the smallest count that may be shown.
    """
    below: dict[str, dict[str, int]] = {}
    for code, count in kelurahan.items():
        below.setdefault(kecamatan_of[code], {})[code] = count
    upper = {district: sum(parts.values()) for district, parts in below.items()}
    upper[UNLOCATED] = unlocated
    # A kecamatan takes all its kelurahan along: one with few of them goes first.
    upper = dict(sorted(upper.items(), key=lambda part: (len(below.get(part[0], ())), part[0])))
    if 0 < sum(upper.values()) < k:
        return Hidden(frozenset(upper), frozenset(kelurahan), city=True)
    hidden_above = _hide_among(upper, k)
    hidden_below: set[str] = set()
    for district, parts in below.items():
        # Every part shown would show the sum, and the zeros shown would tell who shares it.
        hidden_below |= set(parts) if district in hidden_above else _hide_among(parts, k)
    return Hidden(frozenset(hidden_above), frozenset(hidden_below))


def _hide_among(parts: Mapping[str, int], k: int) -> set[str]:
    """The parts of one known sum that must be hidden; others go along in the order of `parts`.

    One goes along in any case: where all hidden parts are known to be small, a sum near the most
    that they can hold gives each of them away, just as a sum near the least does.
    """
    small = {code for code, count in parts.items() if 0 < count < k}
    if not small:
        return small
    hidden = set(small)

    def is_enough() -> bool:
        return hidden > small and sum(parts[code] - 1 for code in hidden) >= k

    for code, count in parts.items():
        if count >= k and not is_enough():
            hidden.add(code)
    # All that is filled is hidden and it is not enough: hide which parts are zero as well.
    return hidden if is_enough() else set(parts)
