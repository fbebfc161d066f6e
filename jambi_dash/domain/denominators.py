"""The denominator ledger: what a rate is *of*, with source, date and doubt.

The figures live in `data/facts/denominators.toml`; this module says how each kind becomes a
number for an area (contract section 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jambi_dash.domain.allocation import largest_remainder
from jambi_dash.domain.facts_file import read, two
from jambi_dash.domain.language import current_language, t, worded
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import FACTS


class RtFacts(NamedTuple):
    """What the register says of one RT; `None` where it says nothing."""

    kelurahan_code: str
    rt: str
    household_count: int | None
    eligible_count: int | None


@dataclass(frozen=True)
class Denominator:
    """One entry of the ledger as the file gives it."""

    id: str
    labels: tuple[str, str]
    kind: str
    value: int | None
    share_by: str | None
    fallback: str | None
    default_for: tuple[str, ...]
    sources: tuple[str, str]
    date: date | None
    doubts: tuple[str, str]

    def label(self) -> str:
        """The name in the reader's language."""
        return worded(self.labels[current_language() == "en"])

    def source(self) -> str:
        """Where the figure is from, in the reader's language."""
        return self.sources[current_language() == "en"]

    def doubt(self) -> str:
        """What is known to be doubtful about it."""
        return self.doubts[current_language() == "en"]

    @property
    def by_area(self) -> bool:
        """Whether areas have a figure of their own."""
        return self.kind != "city" or self.share_by is not None


@dataclass(frozen=True)
class ReportedRate:
    """A rate that somebody has published, shown beside ours with its doubt."""

    id: str
    labels: tuple[str, str]
    shown_texts: tuple[str, str]
    of_texts: tuple[str, str]
    date: date
    sources: tuple[str, str]
    doubts: tuple[str, str]


@dataclass(frozen=True)
class Ledger:
    """All denominators, and the rates that others have published.

    `everybody` is the entry of all who need cover, `potential_workers` that of all workers (UCJ).
    """

    denominators: tuple[Denominator, ...]
    reported: tuple[ReportedRate, ...]
    everybody: str
    potential_workers: str

    def get(self, denominator_id: str) -> Denominator:
        """The entry; raises `Refusal` for an unknown id and names the known ones."""
        if found := self.find(denominator_id):
            return found
        raise Refusal(
            t("Penyebut {id} tidak ada; pilih salah satu: {known}.",
              id=denominator_id, known=", ".join(d.id for d in self.denominators))
        )  # fmt: skip

    def find(self, denominator_id: str) -> Denominator | None:
        """The entry, `None` for an unknown id: another city need not have the first one's."""
        return next((e for e in self.denominators if e.id == denominator_id), None)

    def default(self, cohort: str, rts: Sequence[RtFacts]) -> Denominator | None:
        """The entry that rates of this cohort are of; `None` where no figure is known."""
        for entry in self.denominators:
            if cohort in entry.default_for and (
                entry.kind == "city"
                or (entry.kind == "rt_count" and rts)
                or (
                    entry.kind == "rt_estimate" and any(rt.eligible_count is not None for rt in rts)
                )
            ):
                return entry
        return None

    def resolve(self, entry: Denominator, rts: Sequence[RtFacts]) -> Eligible:
        """The entry as numbers: for the city and for each RT of the register."""
        if entry.kind == "rt_count":
            return Eligible(entry, len(rts) if rts else None, [1] * len(rts), shared=0)
        if entry.kind == "city":
            parts = (_shares(entry.value or 0, rts) if entry.share_by == "household" else None) or [
                None
            ] * len(rts)
            return Eligible(entry, entry.value, parts, shared=sum(p is not None for p in parts))
        estimates = [rt.eligible_count for rt in rts]
        shared = 0
        if None in estimates and entry.fallback is not None:
            shares = _shares(self.get(entry.fallback).value or 0, rts) or [None] * len(rts)
            shared = sum(
                e is None and s is not None for e, s in zip(estimates, shares, strict=True)
            )
            estimates = [s if e is None else e for e, s in zip(estimates, shares, strict=True)]
        known = [value for value in estimates if value is not None]
        return Eligible(entry, sum(known) if known else None, estimates, shared)


def _shares(total: int, rts: Sequence[RtFacts]) -> list[int | None] | None:
    """`total` by households; `None` for RTs whose households nobody has counted."""
    weights = [rt.household_count or 0 for rt in rts]
    if not any(weights):
        return None
    shares = largest_remainder(total, weights)
    return [
        share if rt.household_count is not None else None
        for share, rt in zip(shares, rts, strict=True)
    ]


@dataclass(frozen=True)
class Eligible:
    """A denominator in numbers.

    `city` is the figure of the whole city, `by_rt` one for each RT in the order of the register
    (`None`: unknown), `shared` how many of those are shares of a city figure.
    """

    entry: Denominator
    city: int | None
    by_rt: list[int | None]
    shared: int

    def label(self) -> str:
        """The name, with the mark *perkiraan dibagi* where areas hold shares."""
        if self.shared:
            return self.entry.label() + " " + t("(perkiraan dibagi menurut jumlah KK)")
        return self.entry.label()


_SHAPE = {
    "everybody": str, "potential_workers": str,
    "denominator": [{
        "id": str, **two("label", "source", "doubt"), "kind": ("rt_estimate", "rt_count", "city"),
        "value?": int, "share_by?": ("household",), "fallback?": str, "default_for": [str],
        "date?": date,
    }],
    "reported?": [{"id": str, **two("label", "shown", "of", "source", "doubt"), "date": date}],
}  # fmt: skip


@lru_cache(maxsize=4)
def load_ledger(path: Path = FACTS / "denominators.toml") -> Ledger:
    """Reads the ledger."""
    raw = read(path, _SHAPE)
    return Ledger(
        tuple(
            Denominator(
                id=e["id"],
                labels=_two(e, "label"),
                kind=e["kind"],
                value=e.get("value"),
                share_by=e.get("share_by"),
                fallback=e.get("fallback"),
                default_for=tuple(e["default_for"]),
                sources=_two(e, "source"),
                date=e.get("date"),
                doubts=_two(e, "doubt"),
            )
            for e in raw["denominator"]
        ),
        tuple(
            ReportedRate(
                id=e["id"],
                labels=_two(e, "label"),
                shown_texts=_two(e, "shown"),
                of_texts=_two(e, "of"),
                date=e["date"],
                sources=_two(e, "source"),
                doubts=_two(e, "doubt"),
            )
            for e in raw.get("reported", ())
        ),
        everybody=raw["everybody"],
        potential_workers=raw["potential_workers"],
    )


def _two(entry: dict[str, Any], key: str) -> tuple[str, str]:
    return (entry[key], entry[f"{key}_en"])
