"""Texts in Indonesian (the source) and English (`locale/en.po`).

A text is written in Indonesian where it is used, `t("Belum ada rilis.")`, and looked up in the
catalogue of the reader's language. Values are put in with `str.format` names, so that a
translation may change their order: `t("{n} baris ditolak", n=formats.number(3))`. Indonesian counts
without a plural; an English text says `{n} {n:row|rows} rejected`.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from jambi_dash.settings import AREAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
_NAME, _CODE = "Kota Jambi", "15.71"
"""The city that the texts of the code name."""
LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"

_current: ContextVar[str | None] = ContextVar("language", default=None)
_unsaid: list[Callable[[], str]] = [lambda: "id"]


def current_language() -> str:
    """`id` or `en`: the language of the reader being answered."""
    return _current.get() or _unsaid[0]()


def ask_when_unsaid(ask: Callable[[], str]) -> None:
    """Asks `ask` for the language wherever none was set, as in callbacks before a page's script."""
    _unsaid[0] = ask


def set_language(language: str) -> None:
    """Answers in `language` from here on in this thread; an unknown one means Indonesian."""
    _current.set(language if language in LANGUAGES else "id")


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Answers in `language` inside the block."""
    token = _current.set(language if language in LANGUAGES else "id")
    try:
        yield
    finally:
        _current.reset(token)


@cache
def catalogue(language: str) -> dict[str, str]:
    """The translations of `language`, by Indonesian text; empty for Indonesian itself."""
    path = LOCALE_DIR / f"{language}.po"
    if language == "id" or not path.exists():
        return {}
    # Imported here: Indonesian, the default, must not wait for Babel.
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        entries = read_po(file)
    return {str(m.id): str(m.string) for m in entries if m.id and m.string}


@cache
def _city_words() -> dict[str, str]:
    """Words of the texts that are others in this city: `[words]` of its `city.toml`, its name."""
    path = AREAS / "city.toml"
    if not path.is_file():
        return {}
    try:
        city = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        words = {_NAME: city["name"], _CODE: city["code"], **city.get("words", {})}
    except (ValueError, KeyError, TypeError):  # told by the reader of the city, in plain words
        return {}
    # English writes several of them as RTs.
    several = {f"{word}s": f"{own}s" for word, own in words.items() if word.isupper()}
    return {word: own for word, own in (several | words).items() if word != own}


@cache
def worded(text: str) -> str:
    """A text of the code or of the facts in the words of this city; braces hold no word."""
    words = _city_words()
    if not words:
        return text
    longest_first = sorted(words, key=len, reverse=True)
    # Of `{n:RT|RTs}` the name is no word, the two forms are. Indonesian grows words together:
    # `kelurahannya`, `antarkelurahan`.
    pattern = (
        r"(?:\{[^{}|]*\}|\{\w+:)|\b(antar)?("
        + "|".join(map(re.escape, longest_first)) + r")(nya)?\b"
    )  # fmt: skip
    return re.sub(
        pattern,
        lambda found: found[0] if found[2] is None
        else f"{found[1] or ''}{words[found[2]]}{found[3] or ''}",
        text,
    )  # fmt: skip


def t(text: str, /, **values: object) -> str:
    """`text` in the reader's language, with `values` put into its braces."""
    found = worded(catalogue(current_language()).get(text, text))
    return _filled(found, values) if values else found


def _filled(text: str, values: dict[str, object]) -> str:
    # Most texts count nothing: they take the short way.
    return _COUNTED.vformat(text, (), values) if "|" in text else text.format(**values)


class _Counted(Formatter):
    """Knows one more form than `str.format`: `{n:row|rows}` is the word that goes with the count."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if bar:
            return one if str(value) == "1" else many
        return str(format(value, format_spec))


_COUNTED = _Counted()
