"""The city's areas as they were: 62 kelurahan in 8 kecamatan, and what became of each.

Source: `data/areas/crosswalk.csv`. The three younger kecamatan came after 2015, the six youngest
kelurahan in January 2023 (Kepmendagri 100.1.1-6117/2022). A kelurahan that was split still exists
under its own name, so an old list that names it may mean any of its parts: never guessed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from jambi_dash.domain.areas import load_areas
from jambi_dash.settings import AREAS

_TEN_DIGITS = re.compile(r"(?<!\d)(\d{10})(?!\d)")


@dataclass(frozen=True)
class OldKelurahan:
    """A kelurahan of the old list.

    `code` is what bears its name today; `parts` are the kelurahan cut out of it, which it held
    until `whole_until`; `kecamatan_code` is where it lay, and `moved` whether it lies elsewhere
    now; `bps_code` is the statistics office's number of that time.
    """

    name: str
    kecamatan_code: str
    bps_code: str
    whole_until: date | None
    code: str
    parts: tuple[str, ...]

    @property
    def moved(self) -> bool:
        """Whether its kecamatan is another one today."""
        return self.code[:8] != self.kecamatan_code


@dataclass(frozen=True)
class Crosswalk:
    """All old kelurahan."""

    old: tuple[OldKelurahan, ...]

    @cached_property
    def by_code(self) -> dict[str, OldKelurahan]:
        """Old kelurahan by the code that bears their name today."""
        return {k.code: k for k in self.old}

    @cached_property
    def split(self) -> dict[str, OldKelurahan]:
        """Those that were split, by code."""
        return {k.code: k for k in self.old if k.parts}

    @cached_property
    def first_day(self) -> date:
        """The first day on which every kelurahan of today existed."""
        split = [k.whole_until.year for k in self.old if k.whole_until]
        return date(max(split) + 1, 1, 1) if split else date.min

    def is_old_code(self, digits: str, code: str) -> bool:
        """Whether ten digits are the statistics office's old number of the kelurahan `code`."""
        return code in self.by_code and self.by_code[code].bps_code == digits

    def age_of(self, kelurahan: str, code: str, kecamatan_code: str | None) -> int:
        """What one pair of cells says of its list: −1 old, 1 of today, 0 nothing.

        Args:
            kelurahan: the cell as written; only an old number in it counts.
            code: the kelurahan that it was read as.
            kecamatan_code: the kecamatan that the row names, if any.
        """
        before = self.by_code.get(code)
        if before is None:  # formed in 2023
            return 1
        found = _TEN_DIGITS.search(kelurahan)
        if found and found[1] == before.bps_code != load_areas().by_code[code].bps_code:
            return -1
        if before.moved and kecamatan_code is not None:
            if kecamatan_code == before.kecamatan_code:
                return -1
            if kecamatan_code == code[:8]:
                return 1
        return 0

    def choices(self, code: str) -> tuple[str, ...]:
        """What an old list may mean by a split kelurahan: itself and its parts."""
        return (code, *self.split[code].parts)


@lru_cache(maxsize=2)
def load_crosswalk(path: Path = AREAS / "crosswalk.csv") -> Crosswalk:
    """Reads the list of old kelurahan; empty where no area has changed."""
    if not path.is_file():
        return Crosswalk(())
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Crosswalk(
        tuple(
            OldKelurahan(
                name=row["nama_lama"],
                kecamatan_code=row["kode_kecamatan_lama"],
                bps_code=row["kode_bps_lama"],
                whole_until=date.fromisoformat(row["utuh_sampai"]) if row["utuh_sampai"] else None,
                code=row["kode"],
                parts=tuple(filter(None, row["pecahan"].split("+"))),
            )
            for row in rows
        )
    )
