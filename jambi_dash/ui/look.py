"""What several pages draw in the same way, and the reader's theme."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.palette import Theme

_FIGURE = re.compile(r"[≥≤<>~+−-]?\s?(Rp)?\s?\d(?!\w*[a-z])")
_DATE = re.compile(r"\d{1,2} [^\W\d]+ \d{4}")
_SENTENCE, _COLUMNS_OF_WORDS = 24, 2
"""Letters from which a cell is a sentence, and the columns that a phone still shows side by side."""


def theme() -> Theme:
    """The reader's theme, for what Streamlit's own theming does not reach."""
    return "dark" if st.context.theme.type == "dark" else "light"


def jump(to: str, words: str) -> None:
    """A link past filters and controls; on a phone alone, where they stand above the answer."""
    st.html(f'<a class="rk-jump" href="#{to}">{escape(words)} ↓</a>')


def landing(name: str) -> None:
    """The place where a `jump` leads; takes no room at the head of a column."""
    st.html(f'<div class="rk-landing" id="{name}" tabindex="-1"></div>')


def table_html(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table to read, columns of figures to the right; texts are escaped here.

    Where cells hold sentences, each row becomes a block of its own on a phone.
    """
    # Said of the table, not of every cell: `look.css` knows the first twelve columns.
    right = "".join(f" rk-n{n + 1}" for n in range(1, len(head)) if _of_figures(rows, n))
    wordy = len(head) > _COLUMNS_OF_WORDS and any(
        len(cell) > _SENTENCE for row in rows for cell in row[1:]
    )
    named = [f' data-head="{escape(cell)}"' if wordy else "" for cell in head]
    return (
        f'<div class="rk-scroll"><table class="rk-grid{right}{" rk-words" if wordy else ""}">'
        "<thead><tr>"
        + "".join(f"<th>{escape(cell)}</th>" for cell in head)
        + "</tr></thead><tbody>"
        + "".join(
            "<tr>"
            + "".join(
                f"<td{name}>{escape(cell)}</td>" for name, cell in zip(named, row, strict=True)
            )
            + "</tr>"
            for row in rows
        )
        + "</tbody></table></div>"
    )


def _of_figures(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column holds figures (counts, rates, money, days), and no dates or words."""
    told = [row[place] for row in rows if row[place] not in ("", formats.MISSING)]
    return bool(told) and all(_FIGURE.match(cell) and not _DATE.match(cell) for cell in told)
