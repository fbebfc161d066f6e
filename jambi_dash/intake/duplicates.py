"""People who may be in an import twice: a close name, the same birth date, different hashes.

Names exist only while an import is checked, so pairs are found here; what is kept of them is the
officer's word on two keyed hashes (`releases.reviews`). Only where an NIK is missing or one digit
differs can two rows be one person: two sound NIKs that differ are two people.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from rapidfuzz import fuzz

from jambi_dash.releases.reviews import Decisions, PairDecision

if TYPE_CHECKING:
    from jambi_dash.releases.workbench import Workbench

MOST_ROWS = 300_000
"""In a larger roster nobody looks for pairs: it would compare too many names."""
MOST_BORN = 1000
"""A birth date that more rows share is a stopgap such as 01-01-1970, and tells nothing."""
CLOSE = 85.0
"""Likeness of two names (0–100) from which somebody should look."""


@dataclass(frozen=True)
class Pair:
    """Two accepted rows that may be one person.

    `key` is the keyed hash, `seq` the row's number in the workbench; the first row goes before.
    `likeness` is that of the names, 0–100. `reason` is `tanpa_nik` (an NIK is missing) or
    `nik_beda_satu` (one digit differs, `digit` counts from 1).
    """

    first_seq: int
    first_key: str
    second_seq: int
    second_key: str
    likeness: int
    reason: str
    digit: int | None
    same_kelurahan: bool
    first_has_nik: bool = True

    def decided(self, *, same: bool) -> PairDecision:
        """The officer's word; the hash that stays is the one that comes of an NIK, else the first."""
        keys = (self.first_key, self.second_key)
        kept, other = keys if self.first_has_nik else keys[::-1]
        return PairDecision(kept, other, same)


@dataclass(frozen=True)
class Found:
    """The pairs that nobody has decided about, likest first; `skipped`: the roster is too large."""

    pairs: tuple[Pair, ...] = ()
    skipped: bool = False
    crowded_dates: int = 0


def load_merged(bench: Workbench, decisions: Decisions) -> bool:
    """Makes `merged_key` and an empty `merged_row`; whether anybody was decided to be one."""
    merged = decisions.merged()
    bench.load_arrow("merged_text", pa.table({
        "other": pa.array(list(merged), pa.string()),
        "kept": pa.array(list(merged.values()), pa.string()),
    }))  # fmt: skip
    bench.run("merged keys", _sql("merged_none"))
    return bool(merged)


def merge_rows(bench: Workbench, pads: Mapping[str, Any]) -> None:
    """Lets the rows of people who were decided to be one be one person's: fills `merged_row`."""
    bench.run("merged rows", _sql("merged_rows"), pads)


def find_pairs(bench: Workbench, decisions: Decisions, pads: Mapping[str, Any]) -> Found:
    """The pairs of this import, without those that were decided."""
    accepted = bench.fetch(
        "accepted", "SELECT count(*) FROM peserta_fate WHERE rejection IS NULL"
    )[0][0]  # fmt: skip
    if accepted > MOST_ROWS:
        return Found(skipped=True)
    bench.run("possible doubles", _sql("double_candidates"), {**pads, "most": MOST_BORN})
    crowded = bench.fetch("crowded dates", "SELECT count(*) FROM crowded_birth")[0][0]
    rows = bench.fetch(
        "possible doubles",
        "SELECT first_seq, first_key, first_name, second_seq, second_key, second_name, reason, "
        "digit, same_kelurahan, first_has_nik FROM double_candidate",
    )
    decided = {pair.pair for pair in decisions.pairs}
    pairs = []
    for one, one_key, one_name, two, two_key, two_name, reason, digit, same, has_nik in rows:
        if one_key == two_key or frozenset((one_key, two_key)) in decided:
            continue
        likeness = name_likeness(one_name, two_name)
        if likeness >= CLOSE:
            pairs.append(
                Pair(one, one_key, two, two_key, round(likeness), reason, digit, same, has_nik)
            )
    pairs.sort(key=lambda pair: (-pair.likeness, pair.first_seq, pair.second_seq))
    return Found(tuple(pairs), crowded_dates=crowded)


def name_likeness(one: str, other: str) -> float:
    """How alike two names are, 0–100: order, spaces and titles do not count, a missing word little.

    An empty name is like none.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return max(
        fuzz.token_sort_ratio(first, second),
        fuzz.ratio(first.replace(" ", ""), second.replace(" ", "")),
        # “Budi” may be “Budi Santoso”: worth a look, below an equal name.
        0.9 * fuzz.token_set_ratio(first, second),
    )


_TITLES = frozenset(
    ["h", "hj", "haji", "hajjah", "drs", "dra", "dr", "ir", "st", "se", "sh", "spd", "skom", "sag",
     "alm", "almh", "bin", "binti"]
)  # fmt: skip


def _words(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name[:200]).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z]+", bare.replace(".", " ").replace("'", ""))
    return " ".join([word for word in words if word not in _TITLES] or words)


@dataclass(frozen=True)
class Written:
    """A row of a pair as its sender wrote it; personal, for the officer's eyes."""

    sheet: int
    row_no: int
    nik: str
    name: str
    born: str
    kelurahan: str
    rt: str


def written_rows(bench: Workbench, pairs: Sequence[Pair]) -> dict[int, Written]:
    """The rows of pairs, by the number of the row in the workbench."""
    wanted = sorted({seq for pair in pairs for seq in (pair.first_seq, pair.second_seq)})
    rows = bench.fetch(
        "rows of pairs",
        "SELECT sheet, row_no, nik, nama, tanggal_lahir, kelurahan, rt FROM peserta_raw "
        "WHERE list_contains($1, sheet::UBIGINT * 1099511627776 + row_no)",
        [wanted],
    )
    return {row[0] * 2**40 + row[1]: Written(*row) for row in rows}


def _sql(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
