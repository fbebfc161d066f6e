"""Which small counts the public may not see, and what else must be hidden with them.

Primary rule (contract section 4): counts from 1 to k − 1. Complementary rule, over the tree city
→ kecamatan → kelurahan (people without a location stand beside the kecamatan): a single hidden
part, or hidden parts so few that their sum gives them away, could be worked out from the sum above
them, so the smallest shown parts beside them are hidden too, until each hidden count can be wrong
by at least k.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_K = 5
UNLOCATED = "tanpa_lokasi"


@dataclass(frozen=True)
class Hidden:
    """What is hidden: kecamatan codes (or `UNLOCATED`) and kelurahan codes."""

    kecamatan: frozenset[str]
    kelurahan: frozenset[str]

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
    kecamatan: dict[str, int] = {}
    for code, count in kelurahan.items():
        kecamatan[kecamatan_of[code]] = kecamatan.get(kecamatan_of[code], 0) + count
    upper = dict(kecamatan)
    if unlocated:
        upper[UNLOCATED] = unlocated
    hidden_above = _hide_among(upper, k)
    hidden_below: set[str] = set()
    for district in kecamatan:
        parts = {c: n for c, n in kelurahan.items() if kecamatan_of[c] == district}
        if district in hidden_above:
            # Showing every part would show the sum.
            hidden_below |= {code for code, count in parts.items() if count}
        else:
            hidden_below |= _hide_among(parts, k)
    return Hidden(frozenset(hidden_above), frozenset(hidden_below))


def _hide_among(parts: Mapping[str, int], k: int) -> set[str]:
    """The parts of one known sum that must be hidden."""
    hidden = {code for code, count in parts.items() if 0 < count < k}
    if not hidden:
        return hidden
    # Every hidden count must leave room of k or more for the others to take up.
    others = sorted(
        (code for code, count in parts.items() if count >= k), key=lambda code: (parts[code], code)
    )
    while others and (len(hidden) < 2 or _room(hidden, parts) < k):
        hidden.add(others.pop(0))
    return hidden


def _room(hidden: set[str], parts: Mapping[str, int]) -> int:
    """How wide a reader's range for one hidden count is: 1 up to their known sum less the others."""
    return sum(parts[code] for code in hidden) - len(hidden)
