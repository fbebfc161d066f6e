"""Benefits in figures: paid by month and by area, days of waiting, expected beside paid."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from jambi_dash.charts.house_style import dress, name_months
from jambi_dash.domain import formats
from jambi_dash.domain.claims import PROGRAMS, ClaimRow, MonthOfClaims
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.palette import SURROUNDINGS, Theme, colours, see_through, sizes

_ROW_HEIGHT = 26


def monthly_figure(months: Sequence[MonthOfClaims], *, in_rupiah: bool, theme: Theme) -> go.Figure:
    """Stacked bars by month of payment: counts, or whole rupiah."""
    figure = go.Figure()
    for program in PROGRAMS:
        own = [m for m in months if m.program == program]
        figure.add_trace(
            go.Bar(
                x=[formats.month_short(m.month) for m in own],
                y=[m.value_idr if in_rupiah else m.count for m in own],
                name=program,
                marker={"color": colours.PROGRAMS[theme][program]},
                customdata=[_both(m.count, m.value_idr) for m in own],
                hovertemplate="%{x}: <b>%{customdata}</b><extra>%{fullData.name}</extra>",
            )
        )
    dress(figure, theme, 360).update_layout(legend_traceorder="normal")
    figure.update_layout(barmode="stack", bargap=0.3)
    name_months(figure, list(dict.fromkeys(m.month for m in months)))
    figure.update_yaxes(tickformat="~s" if in_rupiah else ",d")
    if in_rupiah:
        _rupiah_axis(figure, _highest(months))
    return figure


def _highest(months: Sequence[MonthOfClaims]) -> int:
    sums: dict[Month, int] = {}
    for m in months:
        sums[m.month] = sums.get(m.month, 0) + m.value_idr
    return max(sums.values(), default=0)


def _rupiah_axis(figure: go.Figure, highest: float) -> None:
    """Ticks in words: plotly's own would write 100M for a hundred juta."""
    step = next((s * 10**e for e in range(5, 13) for s in (1, 2, 5) if highest / (s * 10**e) <= 5),
                1)  # fmt: skip
    ticks = [step * n for n in range(int(highest // step) + 2)]
    figure.update_yaxes(tickvals=ticks, ticktext=[formats.rupiah_words(v) for v in ticks])


def _both(count: int, value_idr: int) -> str:
    return t("{n} santunan, {value}", n=formats.number(count), value=formats.rupiah(value_idr))


def area_figure(rows: Sequence[ClaimRow], *, theme: Theme) -> go.Figure:
    """Stacked bars by area, most money first; only areas with a benefit."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.name] = sums.get(row.name, 0) + row.value_idr
    order = sorted((name for name in sums if sums[name]), key=lambda name: (-sums[name], name))
    figure = go.Figure()
    for program in PROGRAMS:
        own = {row.name: row for row in rows if row.program == program}
        shown = [own[name] for name in order if name in own]
        figure.add_trace(
            go.Bar(
                x=[row.value_idr for row in shown],
                y=[row.name for row in shown],
                orientation="h",
                name=program,
                marker={"color": colours.PROGRAMS[theme][program]},
                customdata=[_both(row.count, row.value_idr) for row in shown],
                hovertemplate="%{y}: <b>%{customdata}</b><extra>%{fullData.name}</extra>",
            )
        )
    dress(figure, theme, 360).update_layout(legend_traceorder="normal")
    figure.add_trace(
        go.Scatter(
            x=[sums[name] for name in order], y=order, mode="text", hoverinfo="skip",
            text=["  " + formats.rupiah_words(sums[name]) for name in order],
            textposition="middle right", showlegend=False, cliponaxis=False,
        )
    )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.25, height=len(order) * _ROW_HEIGHT + 70)
    figure.update_yaxes(categoryorder="array", categoryarray=order[::-1], automargin=True,
                        showgrid=False)  # fmt: skip
    figure.update_xaxes(visible=False, range=[0, max(sums.values(), default=1) * 1.6])
    return figure


def waits_figure(days: dict[str, Sequence[int]], *, theme: Theme) -> go.Figure:
    """How many benefits took how many days, in weeks."""
    figure = go.Figure()
    for program in PROGRAMS:
        figure.add_trace(
            go.Histogram(
                x=list(days.get(program, ())),
                name=program,
                xbins={"start": 0, "size": 7},
                marker={"color": colours.PROGRAMS[theme][program]},
                hovertemplate=t("{days} hari: <b>{n}</b> santunan", days="%{x}", n="%{y}")
                + "<extra>%{fullData.name}</extra>",
            )
        )
    dress(figure, theme, 360).update_layout(legend_traceorder="normal")
    # On the right, half a number of a large screen's letters: the last one is left out otherwise.
    figure.update_layout(barmode="stack", bargap=0.05, margin_r=14)
    # A mark for every week while there is room for them.
    step = 7 * (1 + max((max(own, default=0) for own in days.values()), default=0) // 84)
    figure.update_xaxes(title=t("hari dari kejadian sampai dibayar (per minggu)"), dtick=step)
    figure.update_yaxes(title=t("santunan"), tickformat=",d")
    return figure


def expected_figure(
    months: Sequence[Month], *, low: Sequence[float], middle: Sequence[float],
    high: Sequence[float], paid: Sequence[int], program: str, theme: Theme,
) -> go.Figure:  # fmt: skip
    """Cases added up month by month: the assumed range as a band, its middle, and what was paid."""
    colour = colours.PROGRAMS[theme][program]
    around = SURROUNDINGS[theme]
    x = [formats.month_short(month) for month in months]
    figure = go.Figure()
    figure.add_trace(
        go.Scatter(x=x, y=list(high), mode="lines", line={"width": 0}, showlegend=False,
                   hoverinfo="skip")
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=x, y=list(low), mode="lines", line={"width": 0}, fill="tonexty",
            fillcolor=see_through(around.muted, sizes.BAND_OPACITY), name=t("rentang asumsi"), hoverinfo="skip",
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=x, y=list(middle), mode="lines", name=t("perkiraan (asumsi)"),
            line={"color": around.muted, "dash": "dash", "width": sizes.SIDE_LINE},
            customdata=[
                t("{middle} ({low}–{high})", middle=formats.number(m, 1), low=formats.number(a, 1),
                  high=formats.number(b, 1))
                for a, m, b in zip(low, middle, high, strict=True)
            ],
            hovertemplate="%{customdata}<extra>%{fullData.name}</extra>",
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=x, y=list(paid), mode="lines+markers", name=t("{program} dibayar", program=program),
            line={"color": colour, "width": sizes.STRONG_LINE, "shape": "hv"},
            hovertemplate="<b>%{y}</b><extra>%{fullData.name}</extra>",
        )
    )  # fmt: skip
    dress(figure, theme, 360).update_layout(legend_traceorder="normal")
    figure.update_layout(hovermode="x unified")
    # A count that stays at zero lies on the axis, not half below it.
    figure.update_traces(cliponaxis=False)
    figure.update_yaxes(title=t("kasus"))
    return name_months(figure, months)
