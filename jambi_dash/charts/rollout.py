"""Kampung Bahagia in figures: the curve to all RTs, coverage around joining, waves on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import plotly.graph_objects as go

from jambi_dash.charts.area_map import AreaPaint, Field, category_paint
from jambi_dash.charts.house_style import dress, year_once
from jambi_dash.domain import formats
from jambi_dash.domain.joining import JoiningMonth
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.rollout import RolloutRow
from jambi_dash.domain.waves import WavePlan
from jambi_dash.geography.static_files import GeometryFile
from jambi_dash.palette import (
    SURROUNDINGS,
    AreaState,
    ClassInfo,
    Theme,
    classify_rates,
    colours,
    ink_on,
    rate_scale,
    rt_stage_scale,
    see_through,
    sizes,
)
from jambi_dash.queries.rollout import CurveData, StageMapRow

# Without the last but one: beside the darkest it is not told apart where waves lie next to others.
_WAVE_FILLS = (*colours.RATE_FILLS[:5], colours.RATE_FILLS[-1])

Points = Sequence[tuple[Month, int]]


def rollout_figure(data: CurveData, *, theme: Theme, chosen: Points = ()) -> go.Figure:
    """Plan, actual, number of RTs and forecast band at the ends of months, with milestones.

    `chosen` is one more curve: the waves of the planner.
    """
    around = SURROUNDINGS[theme]
    figure = go.Figure()
    if data.band:
        start = data.actual[-1:]
        x = [data.at, *(p.month.last_day() for p in data.band)]
        low, middle, high = (
            [*(n for _, n in start), *(getattr(p, name) for p in data.band)]
            for name in ("low", "middle", "high")
        )
        figure.add_trace(go.Scatter(x=x, y=high, mode="lines", line={"width": 0},
                                    showlegend=False, hoverinfo="skip"))  # fmt: skip
        figure.add_trace(
            go.Scatter(x=x, y=low, mode="lines", line={"width": 0}, fill="tonexty",
                       fillcolor=see_through(colours.ACTUAL[theme], sizes.BAND_OPACITY), hoverinfo="skip",
                       name=t("perkiraan, 8 dari 10 kemungkinan"))
        )  # fmt: skip
        figure.add_trace(
            go.Scatter(
                x=x, y=middle, mode="lines", showlegend=False,
                line={"color": colours.ACTUAL[theme], "width": sizes.THIN_LINE, "dash": "dot"},
                hovertext=["", *(
                    t("{month}: {middle} ({low}–{high})", month=formats.month_short(p.month),
                      middle=formats.number(p.middle), low=formats.number(p.low),
                      high=formats.number(p.high))
                    for p in data.band
                )],
                hoverinfo="text",
            )
        )  # fmt: skip
    for name, points, line in (
        (t("RT yang harus bergabung"), data.scope, {"color": around.muted, "width": sizes.HAIR_LINE}),
        (t("rencana"), data.plan, {"color": colours.PLAN[theme], "width": sizes.SIDE_LINE, "dash": "dash"}),
        (t("gelombang pilihan"), chosen, {"color": colours.CHOSEN[theme],
                                          "width": sizes.CHOSEN_LINE}),
        (t("sudah bergabung"), data.actual, {"color": colours.ACTUAL[theme], "width": sizes.MAIN_LINE}),
    ):  # fmt: skip
        if points:
            figure.add_trace(_line(name, points, line, data.at))
    _milestones(figure, data, theme)
    dress(figure, theme, 430)
    _month_axis(figure, data)
    top = max([n for _, n in (*data.scope, *data.plan)] + [1])
    figure.update_yaxes(title=t("RT"), range=[0, top * 1.16], tickformat=",d")
    return figure


def _line(name: str, points: Points, line: Mapping[str, object], at: date) -> go.Scatter:
    return go.Scatter(
        # The last month of the log may still run: its point stands on the day itself.
        x=[at if month == Month.of(at) else month.last_day() for month, _ in points],
        y=[value for _, value in points],
        mode="lines",
        name=name,
        line=line,
        hovertext=[
            f"{name}, {formats.month_short(month)}: {formats.number(value)}"
            for month, value in points
        ],
        hoverinfo="text",
    )


def _milestones(figure: go.Figure, data: CurveData, theme: Theme) -> None:
    around = SURROUNDINGS[theme]
    # Numbers: the words of marks of one season would lie across each other (`marks_in_words`).
    marks = [(stone.day, formats.number(n)) for n, stone in enumerate(data.milestones, start=1)]
    marks.append((data.deadline, t("tenggat")))
    for index, (day, label) in enumerate(marks):
        figure.add_shape(type="line", x0=day, x1=day, y0=0, y1=0.98, yref="paper",
                         line={"color": around.muted, "width": sizes.HAIR_LINE, "dash": "dot"})  # fmt: skip
        last = index == len(marks) - 1
        figure.add_annotation(
            x=day, y=0.99, yref="paper", text=label,
            hovertext=None if last else data.milestones[index].label.shown(),
            showarrow=False, xanchor="right" if last else "left", xshift=-3 if last else 3,
            font={"size": sizes.CHART_NOTE, "color": around.muted},
        )  # fmt: skip
    for wave in data.waves:
        figure.add_vrect(
            x0=wave.first.first_day(), x1=wave.last.last_day(), line_width=0, layer="below",
            fillcolor=see_through(around.muted, 0.10 if wave.id == "A" else 0.04),
            annotation={"text": t("kelompok {id}", id=wave.id), "xshift": -3,
                        "font": {"size": sizes.CHART_NOTE, "color": around.muted}},
            annotation_position="bottom right",
        )  # fmt: skip


def marks_in_words(data: CurveData) -> str:
    """What the numbered lines and the shaded spans of the figure are, in one line."""
    told = [
        t("{n} {label}, {day}", n=formats.number(n), label=stone.label.shown(),
          day=formats.day(stone.day))
        for n, stone in enumerate(data.milestones, start=1)
    ] + [
        t("latar kelompok {id}: {first} sampai {last}", id=wave.id,
          first=formats.month(wave.first), last=formats.month(wave.last))
        for wave in data.waves
    ]  # fmt: skip
    return t("Garis tegak: {marks}.", marks="; ".join(told)) if told else ""


def _month_axis(figure: go.Figure, data: CurveData) -> None:
    days = [stone.day for stone in data.milestones] + [month.first_day() for month, _ in data.plan]
    ends = [m.last_day() for m, _ in data.plan] + [p.month.last_day() for p in data.band]
    first, last = Month.of(min(days)), Month.of(max([*ends, data.deadline]))
    step = max(1, -(-(last.index() - first.index() + 1) // 10))
    months = [Month.from_index(i) for i in range(first.index(), last.index() + 1, step)]
    figure.update_xaxes(
        range=[first.first_day(), last.plus(1).first_day()],
        tickvals=[m.last_day() for m in months],
        ticktext=year_once(months), tickangle=0,
    )  # fmt: skip


def joining_figure(months: Sequence[JoiningMonth], *, theme: Theme) -> go.Figure:
    """Coverage by months since joining: joined RTs, and RTs not yet joined in the same months."""
    figure = go.Figure()
    for name, colour, groups in (
        (t("RT yang bergabung"), colours.ACTUAL[theme], [m.joined for m in months]),
        (
            t("RT yang belum bergabung, bulan yang sama"),
            colours.PLAN[theme],
            [m.beside for m in months],
        ),
    ):
        figure.add_trace(
            go.Scatter(
                x=[m.offset for m in months],
                y=[g.rate for g in groups],
                mode="lines+markers",
                name=name,
                line={"color": colour, "width": sizes.STRONG_LINE},
                connectgaps=False,
                hovertext=[
                    t("{name}: {rate}, {rts} RT", name=name, rate=formats.percent(g.rate),
                      rts=formats.number(g.rts))
                    for g in groups
                ],
                hoverinfo="text",
            )
        )  # fmt: skip
    dress(figure, theme, 380)
    figure.add_vline(
        x=0, line={"color": SURROUNDINGS[theme].muted, "dash": "dot", "width": sizes.HAIR_LINE}
    )
    figure.update_xaxes(title=t("bulan sejak RT bergabung (0 = bulan bergabung)"), dtick=1)
    figure.update_yaxes(tickformat=".0%", title=t("cakupan pekerja rentan"))
    return figure


def stage_paint(
    geometry: GeometryFile, rows: Sequence[StageMapRow], *, title: str, unit: str, theme: Theme
) -> AreaPaint:
    """RTs by their stage, or areas by the share of their RTs that have joined."""
    by_code = {row.code: row for row in rows}
    areas = [by_code.get(code) for code in geometry.codes]
    if any(row is not None and row.row is not None for row in areas):
        return _share_paint([row.row if row else None for row in areas], title, unit, theme)
    return category_paint(
        geometry,
        rt_stage_scale(theme),
        {row.code: row.stage for row in rows if row.stage},
        title=title,
        fields=(
            Field(t("Di tahap ini sejak"), "text",
                  tuple(formats.day(row.since) if row else None for row in areas)),
        ),
        unit=unit,
    )  # fmt: skip


def _share_paint(
    rows: Sequence[RolloutRow | None], title: str, unit: str, theme: Theme
) -> AreaPaint:
    stages = [info for info in rt_stage_scale(theme) if info.key != "no_data"]
    states = {"no_target": AreaState.NO_DATA, "none": AreaState.ZERO}
    return AreaPaint(
        scale=rate_scale(theme),
        classes=classify_rates(
            [row.share if row else None for row in rows],
            [
                states.get(row.state, AreaState.NUMBER) if row else AreaState.NO_DATA
                for row in rows
            ],
        ),
        fields=(
            Field(t("Bergabung"), "count", tuple(row.joined if row else None for row in rows)),
            Field(t("RT yang harus bergabung"), "count",
                  tuple(row.rt_total - row.excluded if row else None for row in rows)),
            Field(t("Bagian"), "percent", tuple(row.share if row else None for row in rows)),
            *(
                Field(info.label, "count",
                      tuple(row.stages.get(info.key, 0) if row else None for row in rows))
                for info in stages
            ),
        ),
        title=title,
        note=t("bagian RT yang sudah bergabung, tanpa yang dikecualikan"),
        unit=unit,
        label_field=2,
    )  # fmt: skip


def wave_paint(
    geometry: GeometryFile, plan: WavePlan, joined: Mapping[str, bool], *, theme: Theme
) -> AreaPaint:
    """The RTs of a plan by the month in which they are to join."""
    months = [m.month for m in plan.months if m.new]
    # Long plans: a colour stands for as many months as it must.
    size = max(1, -(-len(months) // len(_WAVE_FILLS)))
    groups = [months[i : i + size] for i in range(0, len(months), size)]
    scale = [
        ClassInfo(
            key=f"w{index}",
            label=" – ".join(
                formats.month_short(month) for month in dict.fromkeys((group[0], group[-1]))
            ),
            fill=fill,
            ink=ink_on(fill),
        )
        for index, (group, fill) in enumerate(zip(groups, _WAVE_FILLS, strict=False))
    ]
    stages = {info.key: info for info in rt_stage_scale(theme)}
    waiting, missing = stages["belum"], stages["no_data"]
    place = {month: index // size for index, month in enumerate(months)}
    keys = {code: "joined" if there else "waiting" for code, there in joined.items()}
    keys |= {pick.rt.code: f"w{place[pick.month]}" for pick in plan.picks}
    scale.append(ClassInfo("joined", t("sudah bergabung"), colours.JOINED, ink_on(colours.JOINED)))
    if "waiting" in keys.values():  # a plan of all RTs leaves none
        scale.append(ClassInfo("waiting", t("tidak dalam rencana ini"), waiting.fill, waiting.ink))
    scale.append(missing)
    need = {pick.rt.code: pick.rt.need for pick in plan.picks}
    order = {pick.rt.code: pick.order for pick in plan.picks}
    return category_paint(
        geometry, scale, keys, title=t("Gelombang pilihan"), unit=t("RT"),
        fields=(
            Field(t("Urutan"), "count", tuple(order.get(code) for code in geometry.codes)),
            Field(t("Belum terlindungi"), "count",
                  tuple(need.get(code) for code in geometry.codes)),
        ),
    )  # fmt: skip
