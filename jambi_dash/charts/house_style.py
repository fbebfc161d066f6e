"""The look that all figures share, beside Streamlit's own theme."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from jambi_dash.domain import formats
from jambi_dash.domain.language import current_language
from jambi_dash.domain.months import Month
from jambi_dash.palette import SURROUNDINGS, Theme, sizes

_MOST_MONTHS = 13


def dress(figure: go.Figure, theme: Theme, height: int) -> go.Figure:
    """Gives a figure the house style: quiet grid, numbers of the reader's language, no zooming."""
    around = SURROUNDINGS[theme]
    figure.update_layout(
        height=height,
        # Above, half a line of a large screen's letters: the topmost number is left out otherwise.
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": around.ink, "size": sizes.CHART_TEXT},
        # Its foot is held, so that on a phone its lines grow upwards and not into the figure.
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        separators=".," if current_language() == "en" else ",.",
        dragmode=False,
    )
    figure.update_yaxes(rangemode="tozero", gridcolor=around.line, fixedrange=True)
    figure.update_xaxes(showgrid=False, zeroline=False, fixedrange=True)
    return figure


def name_months(figure: go.Figure, months: Sequence[Month]) -> go.Figure:
    """Names the months along an axis of `formats.month_short`: the year once, below its first month.

    So that twelve of them lie side by side on a phone, and none stands on its head.
    """
    step = -(-len(months) // _MOST_MONTHS) or 1
    shown = months[::step]
    return figure.update_xaxes(
        tickvals=[formats.month_short(month) for month in shown], ticktext=year_once(shown),
        tickangle=0,
    )  # fmt: skip


def year_once(months: Sequence[Month]) -> list[str]:
    """The names of months in a row; below the first of each year stands the year."""
    words, year = [], 0
    for month in months:
        name, _, told = formats.month_short(month).partition(" ")
        words.append(f"{name}\n{told}" if month.year != year else name)
        year = month.year
    return words
