"""Cards of figures: large type, a bar, a few words; every card opens its definition."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import streamlit as st

from jambi_dash.domain import formats


@contextmanager
def card(key: str) -> Iterator[None]:
    """A panel as high as its neighbours."""
    with st.container(border=True, key=f"card_{key}", height="stretch", gap="xsmall"):
        yield


@contextmanager
def title_line(title: str) -> Iterator[None]:
    """The title of a card; the one thing that is drawn inside stands at its right."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap=None
    ):
        show(f'<h2 class="rk-title">{escape(title)}</h2>', width="content")
        yield


def show(html: str, *, width: str = "stretch") -> None:
    """A piece of HTML in the look of the cards; texts in it must have been escaped."""
    st.html(f'<div class="rk">{html}</div>', width=width)  # type: ignore[arg-type]


def draw(html: str) -> None:
    """Like `show`, for pieces with an SVG drawing: `st.html` takes those out."""
    # An empty line would end the HTML: what follows it, a name perhaps, would be Markdown.
    whole = " ".join(html.split("\n"))
    st.markdown(f'<div class="rk">{whole}</div>', unsafe_allow_html=True)


def bar(share: float | None, colour: str = "var(--rk-main)") -> str:
    """A bar filled to `share` (1 = full; more stays full: the figure beside it says so)."""
    filled = 100 * min(max(share or 0.0, 0.0), 1.0)
    return (
        f'<div class="rk-bar" role="img" aria-label="{formats.percent(share)}">'
        f'<span style="width:{filled:.1f}%;background:{colour}"></span></div>'
    )


def large(value: str, unit: str = "") -> str:
    """A figure of a card, with what it counts."""
    return (
        f'<div class="rk-large">{escape(value)} <span class="rk-unit">{escape(unit)}</span></div>'
    )


def small(text: str) -> str:
    """A line of explanation under a figure."""
    return f'<div class="rk-small">{escape(text)}</div>'
