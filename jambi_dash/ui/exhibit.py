"""A chart or a map as it stands on a page: what it shows, of what and of when, its table, its words.

Every chart and map of the pages is drawn here, so that none stands without a title, units, source,
date, definition, a text for those who do not see it, and its numbers as a table.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import folium
import plotly.graph_objects as go
import streamlit as st
from streamlit_folium import st_folium

from jambi_dash.charts.area_map import RETURNED_OBJECTS
from jambi_dash.charts.as_written import as_written
from jambi_dash.domain.coverage import DenominatorShown
from jambi_dash.domain.language import current_language, t
from jambi_dash.ui import definitions, numbers
from jambi_dash.ui.kept_answers import keep
from jambi_dash.ui.later import charts_are_due
from jambi_dash.ui.look import table_html

ON_PAGE = "page"
"""The numbers stand as a table beside or below the drawing, in the same section."""

Table = Callable[[], None]
"""Draws the numbers; it is called when the reader opens the drawer."""

_GRID_HEIGHT, _FEW_LINES = 420, 11
"""The window for a long grid, and how many lines stand in it without an empty one at the foot."""


@dataclass(frozen=True)
class Words:
    """What stands above a drawing: its subject, what it counts, where that is from, of when.

    `indicator` is the definition that the ⓘ opens, `as_of` the date of the data; `when` replaces
    it where the drawing is of a span or of another day.
    """

    title: str
    unit: str
    source: str
    indicator: str
    as_of: date
    when: str
    denominator: DenominatorShown | None = None

    def __post_init__(self) -> None:
        for name in ("title", "unit", "source", "indicator", "when"):
            if not getattr(self, name).strip():
                raise ValueError(f"a drawing needs its {name}")


def rows(head: Sequence[str], body: Sequence[Sequence[str]]) -> Table:
    """A table of few lines, as text that can be marked and copied."""
    return lambda: numbers.show(table_html(head, body))


def grid(columns: Mapping[str, Sequence[object]]) -> Table:
    """A table of many lines; marked cells are copied with Ctrl+C."""
    longest = max((len(column) for column in columns.values()), default=1)

    def draw() -> None:
        st.dataframe(
            dict(columns), hide_index=True, height="content" if longest <= _FEW_LINES else _GRID_HEIGHT
        )  # fmt: skip

    return draw


def head(words: Words, key: str, table: Table | str = ON_PAGE) -> None:
    """The lines above a drawing or a table, its definition and its drawer of numbers."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="top", gap="small",
        key=f"head_{key}",
    ):  # fmt: skip
        numbers.show(
            f'<h3 class="rk-exhibit" data-exhibit="{escape(key)}" '
            f'data-table="{ON_PAGE if isinstance(table, str) else "drawer"}">'
            f"{escape(words.title)}</h3>"
            f'<div class="rk-small">{escape(words.unit)} · {escape(words.source)}, '
            f"{escape(words.when)}</div>",
            width="stretch",
        )
        with st.container(
            horizontal=True, width="content", gap="xsmall", vertical_alignment="center",
            key=f"bare_{key}",
        ):  # fmt: skip
            if callable(table):
                drawer(key, words.title, table)
            definitions.button(words.indicator, as_of=words.as_of, denominator=words.denominator)


def drawer(key: str, title: str, table: Table, label: str | None = None) -> None:
    """The button that opens the numbers of a drawing; `label` stands for the word Tabel."""
    # Filled when it is opened: 68 rows on every run would cost more than the map.
    opened = st.popover(
        label or t("Tabel"), icon=None if label else ":material/table:", type="tertiary",
        key=f"tabel_{key}", on_change="rerun", help=t("Angkanya sebagai tabel"),
    )  # fmt: skip
    if opened.open:
        with opened:
            numbers.show(f'<h3 class="rk-exhibit">{escape(title)}</h3>')
            table()


@dataclass(frozen=True)
class Once:
    """A plotly chart that is drawn once for the same numbers, whoever looks at it."""

    draw: Callable[..., go.Figure]
    args: tuple[Any, ...]
    options: Mapping[str, Any]

    def __call__(self) -> go.Figure:
        """The figure, shared: nobody may change it."""
        # All that it is drawn from is in the key: who may not see a number does not hold it.
        said = pickle.dumps((self.args, sorted(self.options.items())))
        name = f"{self.draw.__module__}.{self.draw.__qualname__}"
        return _figure(name, said, current_language(), self)


@keep(96)
def _figure(name: str, said: bytes, language: str, _once: Once) -> go.Figure:  # noqa: ARG001
    return as_written(_once.draw(*_once.args, **_once.options))


def once(draw: Callable[..., go.Figure], *args: Any, **options: Any) -> Once:
    """For `plot`: a function of `charts` with all that it draws from, its theme among them.

    What it is given must be small: it is written down at every run.
    """
    return Once(draw, args, options)


def plot(
    figure: Callable[[], go.Figure], words: Words, key: str, *, alt: str,
    table: Table | str = ON_PAGE, late: bool = False, scroll: int | None = None, **events: Any,
) -> Any:  # fmt: skip
    """A plotly chart below its words; gives what `st.plotly_chart` gives, or `None`.

    `late`: it may come a moment after the page. `scroll`: the height of the window through which
    a longer chart is seen.
    """
    with st.container(gap="xsmall"):
        head(words, key, table)
        if late and not charts_are_due():
            # The room is kept, so that nothing below moves when the chart comes.
            height = scroll or figure().layout.height or 330
            st.container(height=height, border=False, key=f"window_{key}" if scroll else None)
            return None
        # Named, so that the page's style can make it higher in a high window.
        with st.container(
            height=scroll or "content", border=False, key=f"window_{key}" if scroll else None
        ):
            return st.plotly_chart(
                figure() if isinstance(figure, Once) else as_written(figure()), key=key, config={"displayModeBar": False}, theme="streamlit",
                alt=f"{words.title}. {alt}", **events,
            )  # fmt: skip


def drawing(html: str, words: Words, key: str, table: Table | str = ON_PAGE) -> None:
    """A small SVG drawing, which says itself what it shows, below its words."""
    with st.container(gap="xsmall"):
        head(words, key, table)
        numbers.draw(html)


def area_map(
    base: folium.Map, layer: folium.FeatureGroup, words: Words, key: str, *, height: int,
    table: Table | str,
) -> Mapping[str, Any] | None:  # fmt: skip
    """A map below its words; gives what `st_folium` gives. Its layer says the title aloud."""
    with st.container(gap="xsmall", key=f"map_{key}"):
        head(words, key, table)
        value: Mapping[str, Any] | None = st_folium(
            base, feature_group_to_add=layer, key=key, height=height, use_container_width=True,
            returned_objects=RETURNED_OBJECTS,
        )  # fmt: skip
    return value
