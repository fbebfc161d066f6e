"""The programme's vocabulary: cohorts, stages of a worker, stages of an RT, occupations.

Read from `data/facts/programme.toml`, so that a new cohort or another word for a stage is a line
in a file. Source of the defaults: contract section 2.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from jambi_dash.domain.facts_file import read, two
from jambi_dash.domain.language import current_language, worded
from jambi_dash.settings import FACTS

_LONGEST_REMARK = 200
_SHORT_WORD = 3


def plain(text: str) -> str:
    """`text` without case, accents, spaces and punctuation: what two spellings share."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]", "", bare)


@dataclass(frozen=True)
class Term:
    """One value of a vocabulary: what is stored, what is shown, what is recognised."""

    id: str
    label: str
    label_en: str
    synonyms: tuple[str, ...]
    joined: bool = False
    side_exit: bool = False

    def shown(self) -> str:
        """The label in the reader's language."""
        return worded(self.label_en if current_language() == "en" else self.label)

    def in_sentence(self) -> str:
        """The label inside a sentence: `pekerja rentan`, but `RT heads`."""
        shown = self.shown()
        return shown if shown[:2].isupper() else shown[0].lower() + shown[1:]


@dataclass(frozen=True)
class Vocabulary:
    """The terms of one kind, in their order."""

    terms: tuple[Term, ...]

    @cached_property
    def _by_plain(self) -> dict[str, str]:
        return {
            plain(word): term.id
            for term in self.terms
            for word in (*term.synonyms, term.id, term.label, term.label_en)
        }

    @cached_property
    def by_id(self) -> dict[str, Term]:
        """Terms by id."""
        return {term.id: term for term in self.terms}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids in order."""
        return tuple(term.id for term in self.terms)

    def recognise(self, text: str) -> str | None:
        """The id that `text` means, or `None` for a word that nobody has defined."""
        return self._by_plain.get(plain(text))


@dataclass(frozen=True)
class Programme:
    """All vocabularies together with the defaults for a column that is missing."""

    cohorts: Vocabulary
    worker_stages: Vocabulary
    rt_stages: Vocabulary
    occupations: Vocabulary
    return_reasons: Vocabulary
    default_cohort: str
    default_stage: str
    other_occupation: str
    other_reason: str

    @property
    def joined_stages(self) -> tuple[str, ...]:
        """The stages from which an RT counts as having joined."""
        return tuple(term.id for term in self.rt_stages.terms if term.joined)

    @property
    def waiting_stages(self) -> tuple[str, ...]:
        """The stages on the way to a place, in their order."""
        return tuple(
            term.id
            for term in self.worker_stages.terms
            if not term.side_exit and term.id != self.default_stage
        )

    def return_reason(self, text: str) -> str | None:
        """The id of the reason that a remark names, "other" for words of its own, `None` for none.

        The first reason of the file counts of which a word occurs; the remark itself is not kept.
        """
        said = _spaced(text[:_LONGEST_REMARK])
        if not said.strip():
            return None
        return next(
            (term.id for term in self.return_reasons.terms
             if any(_occurs(part, said) for part in (term.id, term.label, *term.synonyms))),
            self.other_reason,
        )  # fmt: skip

    def occupation(self, text: str) -> str:
        """The id of an occupation as an office wrote it; one that nobody has defined is "other"."""
        return self.occupations.recognise(text) or self.other_occupation


def _spaced(text: str) -> str:
    """The words of a text in small letters, a space around each."""
    return f" {re.sub(r'[^a-z0-9]+', ' ', text.casefold()).strip()} "


def _occurs(part: str, said: str) -> bool:
    """Whether words begin so (`usia` in `usianya`, not in `manusia`); short ones stand alone."""
    words = _spaced(part)
    return words in said if len(words) <= _SHORT_WORD + 2 else words[:-1] in said


def _vocabulary(entries: list[dict[str, object]]) -> Vocabulary:
    terms = []
    for entry in entries:
        words = entry.get("synonyms", [])
        assert isinstance(words, list)
        terms.append(
            Term(
                id=str(entry["id"]),
                label=str(entry["label"]),
                label_en=str(entry["label_en"]),
                synonyms=tuple(str(word) for word in words),
                joined=bool(entry.get("joined", False)),
                side_exit=bool(entry.get("side_exit", False)),
            )
        )
    return Vocabulary(tuple(terms))


_TERM = {"id": str, **two("label"), "synonyms?": [str], "side_exit?": bool}
_SHAPE = {
    "default_cohort": str, "default_stage": str, "other_occupation": str, "other_reason": str,
    "cohort": [_TERM], "worker_stage": [_TERM], "rt_stage": [_TERM | {"joined?": bool}],
    "occupation": [_TERM], "return_reason": [_TERM],
}  # fmt: skip


@lru_cache(maxsize=4)
def load_programme(path: Path = FACTS / "programme.toml") -> Programme:
    """Reads the vocabulary of the programme."""
    raw = read(path, _SHAPE)
    return Programme(
        cohorts=_vocabulary(raw["cohort"]),
        worker_stages=_vocabulary(raw["worker_stage"]),
        rt_stages=_vocabulary(raw["rt_stage"]),
        occupations=_vocabulary(raw["occupation"]),
        return_reasons=_vocabulary(raw["return_reason"]),
        default_cohort=raw["default_cohort"],
        default_stage=raw["default_stage"],
        other_occupation=raw["other_occupation"],
        other_reason=raw["other_reason"],
    )
