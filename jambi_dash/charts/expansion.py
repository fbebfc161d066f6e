"""An expansion in figures: money by month and fund, the way over years, what matters most."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import plotly.graph_objects as go

from jambi_dash.charts.area_map import AreaPaint, Field, coverage_paint, difference_paint
from jambi_dash.charts.house_style import dress, name_months
from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.simulation import AreaResult, Simulation
from jambi_dash.domain.years import Path
from jambi_dash.geography.static_files import GeometryFile
from jambi_dash.palette import (
    SURROUNDINGS,
    Theme,
    classify_rates,
    colours,
    fund_colours,
    rate_scale,
    see_through,
    sizes,
)

_MILLION = 1_000_000

Label = Callable[[str], str]


def money_figure(found: Simulation, label: Label, *, theme: Theme) -> go.Figure:
    """Contribution by month, stacked by fund, in millions of rupiah."""
    figure = go.Figure()
    months = [formats.month_short(month.month) for month in found.months]
    colours = fund_colours(list(found.by_fund), theme)
    for fund, colour in colours.items():
        values = [month.by_fund[fund] for month in found.months]
        figure.add_bar(
            x=months, y=[value / _MILLION for value in values], name=label(fund),
            marker={"color": colour, "line": {"width": 0}},
            hovertext=[
                f"{label(fund)}, {month}: {formats.rupiah(value)}"
                for month, value in zip(months, values, strict=True)
            ],
            hoverinfo="text",
        )  # fmt: skip
    figure.update_layout(barmode="stack", bargap=0.25)
    figure.update_yaxes(title=t("iuran sebulan, Rp juta"), rangemode="tozero")
    name_months(figure, [month.month for month in found.months])
    return dress(figure, theme, 330)


def path_figure(path: Path, *, theme: Theme) -> go.Figure:
    """People planned and the range of need, year by year, and whom the budget path pays for."""
    years = [str(year.year) for year in path.years]
    colour = colours.CATEGORIES[theme][0]
    figure = go.Figure()
    _fan(figure, years, [y.need.p5 for y in path.years], [y.need.p95 for y in path.years],
         t("yang memerlukan, 9 dari 10 kemungkinan"), SURROUNDINGS[theme].muted)  # fmt: skip
    lines = [
        (t("rencana"), [y.people for y in path.years], {"color": colour, "width": sizes.MAIN_LINE})
    ]
    money = [y.affordable for y in path.years]
    if any(value is not None for value in money):
        lines.append(
            (t("cukup menurut anggaran"), [value or 0 for value in money],
             {"color": colours.CATEGORIES[theme][1], "width": sizes.SIDE_LINE, "dash": "dash"})
        )  # fmt: skip
    for name, values, line in lines:
        figure.add_scatter(
            x=years, y=values, mode="lines+markers", name=name, line=line,
            hovertext=[
                f"{name}, {year}: {formats.number(value)}"
                for year, value in zip(years, values, strict=True)
            ],
            hoverinfo="text",
        )  # fmt: skip
    figure.update_yaxes(title=t("orang"), rangemode="tozero", tickformat=",d")
    return dress(figure, theme, 330)


def path_cost_figure(path: Path, *, theme: Theme) -> go.Figure:
    """Cost of each year as a fan, in billions of rupiah."""
    years = [str(year.year) for year in path.years]
    size = 1e9
    figure = go.Figure()
    _fan(
        figure, years, [y.cost_band_idr.p5 / size for y in path.years],
        [y.cost_band_idr.p95 / size for y in path.years], t("9 dari 10 kemungkinan"),
        colours.CATEGORIES[theme][0],
    )  # fmt: skip
    figure.add_scatter(
        x=years, y=[y.cost_idr / size for y in path.years], mode="lines+markers",
        name=t("biaya pada pertumbuhan yang paling mungkin"),
        line={"color": colours.CATEGORIES[theme][0], "width": sizes.MAIN_LINE},
        hovertext=[
            t("{year}: {cost} ({low}–{high})", year=y.year, cost=formats.rupiah_words(y.cost_idr),
              low=formats.rupiah_words(y.cost_band_idr.p5),
              high=formats.rupiah_words(y.cost_band_idr.p95))
            for y in path.years
        ],
        hoverinfo="text",
    )  # fmt: skip
    figure.update_yaxes(title=t("biaya setahun, Rp miliar"), rangemode="tozero")
    return dress(figure, theme, 300)


def tornado_figure(path: Path, names: Label, *, theme: Theme) -> go.Figure:
    """What matters most: the whole path's cost with one assumption at its least and most."""
    middle = sum(year.cost_idr for year in path.years)
    figure = go.Figure()
    swings = path.tornado[::-1]
    for side, colour in (
        ("low_idr", colours.CATEGORIES[theme][0]),
        ("high_idr", colours.CATEGORIES[theme][1]),
    ):
        values = [getattr(swing, side) for swing in swings]
        figure.add_bar(
            y=[names(swing.name) for swing in swings],
            x=[(value - middle) / 1e9 for value in values], orientation="h",
            name=t("pada nilai paling rendah") if side == "low_idr"
            else t("pada nilai paling tinggi"),
            marker={"color": colour},
            hovertext=[formats.rupiah_words(value) for value in values], hoverinfo="text",
        )  # fmt: skip
    figure.update_layout(barmode="overlay", bargap=0.35)
    figure.update_xaxes(title=t("beda dari {cost}, Rp miliar", cost=formats.rupiah_words(middle)),
                        zeroline=True)  # fmt: skip
    return dress(figure, theme, 110 + 45 * len(swings))


def scenario_paint(
    geometry: GeometryFile, areas: Sequence[AreaResult], show: str, *, unit: str, theme: Theme
) -> AreaPaint:
    """A scenario on the scale of every coverage map: `before`, `after`, or the `difference`."""
    frame = pd.DataFrame(
        {
            "code": [a.code for a in areas],
            "covered": [a.before if show == "before" else a.after for a in areas],
            "eligible": pd.array([a.eligible for a in areas], dtype="Int64"),
            "rate_before": pd.array([a.rate_before for a in areas], dtype="Float64"),
            "rate_after": pd.array([a.rate_after for a in areas], dtype="Float64"),
            "add": [a.add for a in areas],
        }
    )
    frame["rate"] = frame["rate_before" if show == "before" else "rate_after"]
    places = classify_rates(frame["rate"])
    keys = [rate_scale(theme)[place].key for place in places]
    names = {"zero": "nol", "no_data": "tidak ada data"}
    frame["state"] = [names.get(key, "angka") for key in keys]
    added = Field(
        t("Tempat baru"), "count",
        tuple(frame.set_index("code")["add"].reindex(list(geometry.codes))),
    )  # fmt: skip
    if show == "difference":
        frame["state"] = "angka"
        frame.loc[frame["rate_after"].isna(), "state"] = "tidak ada data"
        paint = difference_paint(
            geometry, frame, title=t("Kenaikan cakupan"), before=t("Sekarang"),
            after=t("Sesudah"), unit=unit, theme=theme,
        )  # fmt: skip
    else:
        title = t("Cakupan sekarang") if show == "before" else t("Cakupan sesudah perluasan")
        paint = coverage_paint(geometry, frame, title=title, unit=unit, theme=theme)
    return AreaPaint(
        paint.scale, paint.classes, (*paint.fields, added), paint.title, paint.note, paint.unit,
        paint.label_field,
    )  # fmt: skip


def _fan(
    figure: go.Figure, x: Sequence[str], low: Sequence[float], high: Sequence[float], name: str,
    colour: str,
) -> None:  # fmt: skip
    figure.add_scatter(x=x, y=high, mode="lines", line={"width": 0}, showlegend=False,
                       hoverinfo="skip")  # fmt: skip
    figure.add_scatter(
        x=x, y=low, mode="lines", line={"width": 0}, fill="tonexty", name=name, hoverinfo="skip",
        fillcolor=see_through(colour, sizes.BAND_OPACITY),
    )  # fmt: skip
