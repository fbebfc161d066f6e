"""Texts in Indonesian (the source) and English (`locale/en.po`).

A text is written in Indonesian where it is used, `t("Belum ada rilis.")`, and looked up in the
catalogue of the reader's language. Values are put in with `str.format` names, so that a
translation may change their order: `t("{n} baris ditolak", n=3)`.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"

_current: ContextVar[str] = ContextVar("language", default="id")


def current_language() -> str:
    """`id` or `en`: the language of the reader being answered."""
    return _current.get()


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


def t(text: str, /, **values: object) -> str:
    """`text` in the reader's language, with `values` put into its braces."""
    found = catalogue(_current.get()).get(text, text)
    return found.format(**values) if values else found
