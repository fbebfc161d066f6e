"""Ranked bars of areas: which are furthest behind, which are furthest ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import plotly.graph_objects as go

from jambi_dash.domain import formats
from jambi_dash.domain.coverage import CoverageRow
from jambi_dash.domain.language import current_language
from jambi_dash.palette import SURROUNDINGS, Theme, difference_class, rate_class, sizes

ROW_HEIGHT = 22
"""Pixels of one bar: the name beside it stays readable."""


def ranked(rows: Sequence[CoverageRow]) -> list[CoverageRow]:
    """The rows with a rate, lowest first; equal rates by code."""
    return sorted(
        (row for row in rows if row.rate is not None), key=lambda row: (row.rate, row.code)
    )


@dataclass(frozen=True)
class RateChange:
    """An area's rate (1 = 100 %) in an earlier month and now."""

    code: str
    name: str
    before: float
    now: float

    @property
    def size(self) -> float:
        """The difference, 0.01 = one point."""
        return self.now - self.before


def changed(rows: Sequence[CoverageRow], earlier: Mapping[str, CoverageRow]) -> list[RateChange]:
    """The areas with a rate in both months, largest fall first; equal changes by code."""
    found = [
        RateChange(row.code, row.name, before.rate, row.rate)
        for row in rows
        if row.rate is not None
        and (before := earlier.get(row.code)) is not None
        and before.rate is not None
    ]
    return sorted(found, key=lambda row: (row.size, row.code))


@dataclass(frozen=True)
class _Bar:
    code: str
    name: str
    value: float
    text: str
    hover: str
    fill: str


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
    bars = []
    for row in rows:
        text = f"{formats.percent(row.rate)} · {formats.number(row.covered)}"
        fill = rate_class(row.rate, theme=theme).fill
        bars.append(_Bar(row.code, row.name, row.rate or 0, text, f"{row.name}: {text}", fill))
    return _bars(bars, line=city_rate, line_label=city_label, selected=selected, theme=theme)


def change_figure(
    rows: Sequence[RateChange],
    *,
    city_change: float | None,
    city_label: str,
    selected: str | None,
    theme: Theme,
) -> go.Figure:
    """As `ranking_figure`, for the change of each rate; 0.01 = one point."""
    bars = []
    for row in rows:
        text = formats.signed_points(row.size)
        told = f"{row.name}: {formats.percent(row.before)} → {formats.percent(row.now)}"
        fill = difference_class(row.size, theme=theme).fill
        bars.append(_Bar(row.code, row.name, row.size, text, told, fill))
    return _bars(bars, line=city_change, line_label=city_label, selected=selected, theme=theme)


def _bars(
    rows: Sequence[_Bar], *, line: float | None, line_label: str, selected: str | None, theme: Theme
) -> go.Figure:
    ink = SURROUNDINGS[theme].ink
    figure = go.Figure(
        go.Bar(
            x=[row.value for row in rows],
            y=[row.code for row in rows],
            orientation="h",
            customdata=[row.code for row in rows],
            text=[row.text for row in rows],
            textposition="outside",
            textfont={"color": ink},
            cliponaxis=False,
            constraintext="none",
            marker={
                "color": [row.fill for row in rows],
                "line": {
                    "color": ink,
                    "width": [sizes.CHOSEN_LINE if row.code == selected else 0.4 for row in rows],
                },
            },
            hovertext=[row.hover for row in rows],
            hoverinfo="text",
        )
    )
    if line is not None:
        look = {"color": ink, "width": sizes.HAIR_LINE, "dash": "dot"}
        # Figures beside bars that end before the line lie on it, with a halo (`look.css`).
        for passed, run in groupby(enumerate(rows), lambda row: _passes(row[1].value, line)):
            places = [place for place, _ in run]
            figure.add_shape(
                type="line", x0=line, x1=line, y0=places[0] - 0.5, y1=places[-1] + 0.5, line=look,
                layer="above" if passed else "below",
            )  # fmt: skip
        figure.add_annotation(
            x=line, y=1, yref="paper", yanchor="bottom", yshift=4, text=line_label,
            showarrow=False, font={"size": sizes.CHART_NOTE, "color": ink},
        )  # fmt: skip
    values = [*(row.value for row in rows), line or 0]
    highest, lowest = max([*values, 0.05]), min([*values, 0])
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
    figure.update_xaxes(range=[lowest * 1.38, highest * 1.38], visible=False, fixedrange=True)
    return figure


def _passes(value: float, line: float) -> bool:
    """Whether a bar from zero to `value` reaches the line."""
    return value * line >= 0 and abs(value) >= abs(line)
