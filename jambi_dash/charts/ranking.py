"""Ranked bars of areas: which are furthest behind, which are furthest ahead."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from jambi_dash.domain import formats
from jambi_dash.domain.coverage import CoverageRow
from jambi_dash.domain.language import current_language
from jambi_dash.palette import SURROUNDINGS, Theme, rate_class, sizes

ROW_HEIGHT = 22
"""Pixels of one bar: the name beside it stays readable."""


def ranked(rows: Sequence[CoverageRow]) -> list[CoverageRow]:
    """The rows with a rate, lowest first; equal rates by code."""
    return sorted(
        (row for row in rows if row.rate is not None), key=lambda row: (row.rate, row.code)
    )


def ranking_figure(
    rows: Sequence[CoverageRow],
    *,
    city_rate: float | None,
    city_label: str,
    selected: str | None,
    theme: Theme,
) -> go.Figure:
    """Horizontal bars in the order given (top first), with a line at the city's rate.

    Rates are parts of 1; every bar has the colour that its area has on the map. `selected` is the
    code of the bar with a bold outline. Points carry the code as `customdata`.
    """
    ink = SURROUNDINGS[theme].ink
    texts = [f"{formats.percent(row.rate)} · {formats.number(row.covered)}" for row in rows]
    figure = go.Figure(
        go.Bar(
            x=[row.rate for row in rows],
            y=[row.code for row in rows],
            orientation="h",
            customdata=[row.code for row in rows],
            text=texts,
            textposition="outside",
            cliponaxis=False,
            marker={
                "color": [rate_class(row.rate, theme=theme).fill for row in rows],
                "line": {
                    "color": ink,
                    "width": [sizes.CHOSEN_LINE if row.code == selected else 0.4 for row in rows],
                },
            },
            hovertext=[f"{row.name}: {text}" for row, text in zip(rows, texts, strict=True)],
            hoverinfo="text",
        )
    )
    if city_rate is not None:
        figure.add_vline(
            x=city_rate, line={"color": ink, "width": sizes.HAIR_LINE, "dash": "dot"},
            annotation={"text": city_label, "font": {"size": sizes.CHART_NOTE, "color": ink}, "yshift": 4},
            annotation_position="top",
        )  # fmt: skip
    highest = max([row.rate or 0 for row in rows] + [city_rate or 0, 0.05])
    figure.update_layout(
        height=len(rows) * ROW_HEIGHT + 40,
        margin={"l": 4, "r": 8, "t": 28, "b": 4},
        separators=".," if current_language() == "en" else ",.",
        bargap=0.22,
        showlegend=False,
        dragmode=False,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        clickmode="event+select",
    )
    figure.update_yaxes(
        autorange="reversed", tickmode="array", tickvals=[row.code for row in rows],
        ticktext=[row.name for row in rows], automargin=True, ticks="", fixedrange=True,
        type="category",
    )  # fmt: skip
    figure.update_xaxes(range=[0, highest * 1.38], visible=False, fixedrange=True)
    return figure
