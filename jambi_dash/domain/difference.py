"""Why the number of covered people changed between two releases: parts that add up exactly.

Everybody covered in either release, each at its own month, falls in one part:

- `new`: covered in the later one, not in the earlier one, and none of what follows.
- `ended`: covered in the earlier one, not in the later one, and none of what follows.
- `moved_in`, `moved_out`: covered in both, in two different kelurahan.
- `corrected`: the later release says something else of the *earlier* month. A person who was in
  the earlier list without cover was covered by then after all; one who was covered there stands in
  the later list with months that say otherwise, or a step back on the ladder, or turned down. Also
  an identity that was mended: somebody known to the earlier release alone and somebody known to
  the later one alone, alike in kelurahan, RT, first month, year of birth, sex and occupation, and
  the only two who are, are one person (`corrected_pairs`, which changes nothing).
- `recoded`: covered in both, but a kelurahan that was unknown is known now (or the reverse), or
  the cohort is another one.

Rosters carry no date of moving, so two known kelurahan are always a move. A release keeps nobody
who was turned away at import: a mended row of such a person is `new`; how many of those were, by
the later list, covered at the earlier month already is told beside (`backdated`).

Signs: `ended` and `moved_out` are negative, so that covered_b − covered_a is the plain sum of the
six parts, in every kelurahan, for people without a location, and in the city.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from jambi_dash.domain import formats
from jambi_dash.domain.coverage import ReconciliationError
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month

PARTS = ("new", "ended", "moved_in", "moved_out", "corrected", "recoded")

ENDED_STAGE = "nonaktif"
"""A row of this stage says that cover is over, not that there was none."""


@dataclass(frozen=True)
class Flow:
    """People of one place: who stayed, and who came and went under which name. No sign here."""

    stayed: int = 0
    new: int = 0
    ended: int = 0
    moved_in: int = 0
    moved_out: int = 0
    corrected_in: int = 0
    corrected_out: int = 0
    corrected_pairs: int = 0
    recoded_in: int = 0
    recoded_out: int = 0
    backdated: int = 0

    @property
    def covered_a(self) -> int:
        """Covered people in the first release."""
        return (
            self.stayed + self.ended + self.moved_out + self.corrected_out
            + self.corrected_pairs + self.recoded_out
        )  # fmt: skip

    @property
    def covered_b(self) -> int:
        """Covered people in the second release."""
        return (
            self.stayed + self.new + self.moved_in + self.corrected_in
            + self.corrected_pairs + self.recoded_in
        )  # fmt: skip

    @property
    def change(self) -> int:
        """covered_b − covered_a."""
        return self.covered_b - self.covered_a

    @property
    def parts(self) -> dict[str, int]:
        """The six parts with their signs; their sum is `change`."""
        return {
            "new": self.new,
            "ended": -self.ended,
            "moved_in": self.moved_in,
            "moved_out": -self.moved_out,
            "corrected": self.corrected_in - self.corrected_out,
            "recoded": self.recoded_in - self.recoded_out,
        }

    @property
    def is_still(self) -> bool:
        """Whether the same people are covered here in both releases, mended identities aside."""
        return self.stayed + self.corrected_pairs == self.covered_a == self.covered_b

    def __add__(self, other: Flow) -> Flow:
        return Flow(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def reversed(self) -> Flow:
        """The same people seen from the second release to the first."""
        return Flow(
            stayed=self.stayed,
            new=self.ended,
            ended=self.new,
            moved_in=self.moved_out,
            moved_out=self.moved_in,
            corrected_in=self.corrected_out,
            corrected_out=self.corrected_in,
            corrected_pairs=self.corrected_pairs,
            recoded_in=self.recoded_out,
            recoded_out=self.recoded_in,
            backdated=self.backdated,
        )

    def to_json(self) -> dict[str, int]:
        """Covered people, the signed parts, and what nets to nothing inside them."""
        return {
            "covered_a": self.covered_a,
            "covered_b": self.covered_b,
            **self.parts,
            "corrected_in": self.corrected_in,
            "corrected_out": self.corrected_out,
            "corrected_pairs": self.corrected_pairs,
            "recoded_in": self.recoded_in,
            "recoded_out": self.recoded_out,
        }


@dataclass(frozen=True)
class DifferenceRow:
    """One kelurahan."""

    code: str
    name: str
    flow: Flow


@dataclass(frozen=True)
class Side:
    """One of the two releases, and the month at which it is looked at."""

    release: str
    as_of: date
    at: Month
    synthetic: bool


@dataclass(frozen=True)
class Difference:
    """The answer to "why did it change": the city is the sum of `rows` and `unlocated`.

    `paired` says whether mended identities were looked for; where almost everybody is known to one
    release alone (another key, another city) they are not.
    """

    a: Side
    b: Side
    cohort: str
    rows: tuple[DifferenceRow, ...]
    unlocated: Flow
    paired: bool = True
    whole: bool = True

    @property
    def city(self) -> Flow:
        """All places together; moves between two kelurahan cancel out in the sum."""
        return sum((row.flow for row in self.rows), self.unlocated)

    @property
    def changed(self) -> tuple[DifferenceRow, ...]:
        """The kelurahan in which anything happened, the largest change first."""
        moving = [row for row in self.rows if not row.flow.is_still]
        return tuple(sorted(moving, key=lambda row: (-abs(row.flow.change), row.code)))

    def sum_in_words(self) -> str:
        """`+40 = 52 − 10 − 2`: the difference and its parts, those of nobody left out."""
        city = self.city
        terms = [n for n in city.parts.values() if n]
        shown = [formats.signed(n) for n in terms[:1]]
        shown += [("+ " if n > 0 else "− ") + formats.number(abs(n)) for n in terms[1:]]
        return f"{formats.signed(city.change)} = {' '.join(shown) or formats.number(0)}"

    def remarks(self) -> list[str]:
        """What the parts alone do not tell, in sentences."""
        found = []
        month = formats.month(min(self.a.at, self.b.at))
        forward = (self.a.at, self.a.release) <= (self.b.at, self.b.release)
        city = self.city if forward else self.city.reversed()
        if city.backdated and forward:
            found.append(
                t("{n} dari yang baru, menurut daftar yang kemudian, sudah terlindungi pada {month}: "
                  "terlambat didaftar, atau barisnya waktu itu ditolak.",
                  n=formats.number(city.backdated), month=month)
            )  # fmt: skip
        if city.corrected_in or city.corrected_out:
            found.append(
                t("Diperbaiki: {gained} ternyata sudah terlindungi pada {month}, {lost} ternyata "
                  "tidak.", gained=formats.number(city.corrected_in), month=month,
                  lost=formats.number(city.corrected_out))
            )  # fmt: skip
        if city.corrected_pairs:
            found.append(
                t("{n} orang berganti NIK (atau nama): dipasangkan satu-satu, tidak mengubah jumlah.",
                  n=formats.number(city.corrected_pairs))
            )  # fmt: skip
        if city.recoded_in or city.recoded_out:
            found.append(
                t("Dikode ulang: {gained} masuk, {lost} keluar.",
                  gained=formats.number(city.recoded_in), lost=formats.number(city.recoded_out))
            )  # fmt: skip
        if not self.paired:
            found.append(
                t("Hampir tidak ada orang yang sama di kedua rilis, jadi NIK yang diganti tidak "
                  "dicari.")
            )  # fmt: skip
        return found

    def inside(self, areas: Collection[str]) -> Difference:
        """What somebody may see who sees these kelurahan (codes) only; `city` is their sum."""
        rows = tuple(row for row in self.rows if row.code in areas)
        return replace(self, rows=rows, unlocated=Flow(), whole=False)

    def check(self, before: Mapping[str | None, int], after: Mapping[str | None, int]) -> None:
        """Holds every place against the coverage tables of the two releases (code: covered).

        Raises `ReconciliationError` where they differ.
        """
        flows = {row.code: row.flow for row in self.rows}
        for code in {*flows, *before, *after}:
            flow = self.unlocated if code is None else flows.get(code, Flow())
            if (flow.covered_a, flow.covered_b) != (before.get(code, 0), after.get(code, 0)):
                raise ReconciliationError(
                    f"{self.a.release} to {self.b.release}, {code}: {flow.covered_a} and "
                    f"{flow.covered_b} != {before.get(code, 0)} and {after.get(code, 0)}"
                )
        city = self.city
        if sum(city.parts.values()) != city.change or city.moved_in != city.moved_out:
            raise ReconciliationError(f"{self.a.release} to {self.b.release}: parts do not add up")

    def to_json(self) -> dict[str, Any]:
        """The answer of `diff` in contract section 5."""
        city = self.city
        return {
            "a": self.a.release,
            "b": self.b.release,
            "at_a": str(self.a.at),
            "at_b": str(self.b.at),
            "cohort": self.cohort,
            "synthetic": self.a.synthetic or self.b.synthetic,
            "covered_a": city.covered_a,
            "covered_b": city.covered_b,
            "parts": city.parts,
            "corrected_pairs": city.corrected_pairs,
            "backdated": city.backdated,
            "paired": self.paired,
            "unlocated": self.unlocated.to_json(),
            "rows": [
                {"code": row.code, "name": row.name, **row.flow.to_json()} for row in self.rows
            ],
        }


def part_label(part: str) -> str:
    """A part by name."""
    return {
        "new": t("Baru"),
        "ended": t("Berakhir"),
        "moved_in": t("Pindah masuk"),
        "moved_out": t("Pindah keluar"),
        "corrected": t("Diperbaiki"),
        "recoded": t("Dikode ulang"),
    }[part]


def part_meaning(part: str) -> str:
    """Who is counted in a part, in one sentence."""
    return {
        "new": t("terlindungi di rilis kedua, tidak di rilis pertama"),
        "ended": t("terlindungi di rilis pertama, tidak di rilis kedua: bulan terakhirnya lewat, tahapnya "
                   "nonaktif, atau tidak ada lagi dalam daftar"),
        "moved_in": t("terlindungi di keduanya, di rilis pertama di kelurahan lain"),
        "moved_out": t("terlindungi di keduanya, di rilis kedua di kelurahan lain"),
        "corrected": t("catatan tentang bulan yang lama dibetulkan (tahap atau bulan iuran), atau NIK "
                       "orang yang sama diganti"),
        "recoded": t("terlindungi di keduanya, tetapi kelurahannya baru diketahui (atau menjadi tidak "
                     "diketahui), atau kelompoknya diganti"),
    }[part]  # fmt: skip
