"""What every shown figure means, and what it is held against.

Read from `data/facts/indicators.toml`; denominators themselves lie in the ledger
(`domain.denominators`), tariffs and budgets in `domain.money`, the rules that point at a figure
in `domain.attention_rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jambi_dash.domain.facts_file import read, two
from jambi_dash.domain.language import current_language, t, worded
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import FACTS

Two = tuple[str, str]
"""A text in Indonesian and in English."""


def in_reader_language(texts: Two) -> str:
    """The one of the two texts that the reader gets."""
    return texts[current_language() == "en"]


@dataclass(frozen=True)
class Indicator:
    """One figure: its name, formula, parts, source and known doubt, in both languages.

    `denominator_id` names the entry of the ledger that the figure is usually of, if there is one.
    """

    id: str
    group: str
    labels: Two
    shorts: Two
    formulas: Two
    numerators: Two
    denominators: Two
    denominator_id: str | None
    sources: Two
    doubts: Two

    def label(self) -> str:
        """The name."""
        return worded(in_reader_language(self.labels))

    def short(self) -> str:
        """One sentence."""
        return worded(in_reader_language(self.shorts))

    def formula(self) -> str:
        """How it is worked out."""
        return worded(in_reader_language(self.formulas))

    def numerator(self) -> str:
        """What is counted."""
        return worded(in_reader_language(self.numerators))

    def denominator(self) -> str:
        """Of what, or that it is of nothing."""
        return worded(in_reader_language(self.denominators))

    def source(self) -> str:
        """Where the counts come from."""
        return worded(in_reader_language(self.sources))

    def doubt(self) -> str:
        """What is known to be doubtful."""
        return worded(in_reader_language(self.doubts))

    def words(self) -> str:
        """Everything that can be searched, in the reader's language and by id."""
        return " ".join(
            (self.id, self.label(), self.short(), self.formula(), self.numerator(),
             self.denominator(), self.source(), self.doubt())
        )  # fmt: skip


@dataclass(frozen=True)
class Target:
    """What a cohort is held against: an entry of the ledger, in one year or (`None`) always."""

    cohort: str
    year: int | None
    denominator_id: str


@dataclass(frozen=True)
class Indicators:
    """All indicators in their order, and the targets."""

    indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]

    def get(self, indicator_id: str) -> Indicator:
        """The indicator; raises `Refusal` for one that the file has lost."""
        for entry in self.indicators:
            if entry.id == indicator_id:
                return entry
        raise Refusal(
            t("Di indicators.toml tidak ada arti angka {id}; salin lagi bagiannya dari paket dasbor.",
              id=indicator_id)
        )  # fmt: skip

    def target_of(self, cohort: str, year: int) -> Target | None:
        """The target of a cohort in a year, or `None` where none is known."""
        return next(
            (t for t in self.targets if t.cohort == cohort and t.year in (None, year)), None
        )


_SHAPE = {
    "indicator": [{
        "id": str, "group": str, "denominator_id?": str,
        **two("label", "short", "formula", "numerator", "denominator", "source", "doubt"),
    }],
    "target": [{"cohort": str, "denominator": str, "year?": int}],
}  # fmt: skip


@lru_cache(maxsize=4)
def load_indicators(path: Path = FACTS / "indicators.toml") -> Indicators:
    """Reads indicators and targets."""
    raw = read(path, _SHAPE)
    return Indicators(
        tuple(
            Indicator(
                id=e["id"],
                group=e["group"],
                labels=_two(e, "label"),
                shorts=_two(e, "short"),
                formulas=_two(e, "formula"),
                numerators=_two(e, "numerator"),
                denominators=_two(e, "denominator"),
                denominator_id=e.get("denominator_id"),
                sources=_two(e, "source"),
                doubts=_two(e, "doubt"),
            )
            for e in raw["indicator"]
        ),
        tuple(Target(e["cohort"], e.get("year"), e["denominator"]) for e in raw["target"]),
    )


def _two(entry: dict[str, Any], key: str) -> Two:
    return (entry[key], entry[f"{key}_en"])
