"""Native charts for slides: a presenter changes colours and numbers in them.

Office programs write the marks of numbers in charts as their own machine has them. Marks are
therefore part of the number formats here (`3.000` on an English machine too), and what has decimals
is labelled with text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from jambi_dash.domain import formats
from jambi_dash.domain.language import current_language, t
from jambi_dash.domain.months import Month
from jambi_dash.domain.simulation import Simulation
from jambi_dash.exports.slides import INK, QUIET, Box, Look, clean, colour, describe
from jambi_dash.exports.workbook import open_workbook
from jambi_dash.palette import fund_colours, sizes
from jambi_dash.queries.rollout import CurveData

_MOST_MONTHS_NAMED = 13
_MILLIONS_FROM = 5_000_000


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its value, the value as it is read, its colour `#rrggbb`."""

    name: str
    value: float
    label: str
    fill: str


def _rgb(ink: str) -> RGBColor:
    return RGBColor.from_string(ink[1:].upper())


def count_format() -> str:
    """Whole numbers with the reader's mark between thousands, whatever the machine."""
    mark = "," if current_language() == "en" else "."
    return f'[>=1000000]#"{mark}"000"{mark}"000;[>=1000]#"{mark}"000;0'


def rupiah_format(highest: int) -> str:
    """Whole rupiah: `Rp67 juta`, or in full up to some millions, with the reader's marks."""
    if highest < _MILLIONS_FROM:
        return ";".join(re.sub(r"(\]|^)(?=[#0])", r'\1"Rp"', part)
                        for part in count_format().split(";"))  # fmt: skip
    word, mark = ("million", ",") if current_language() == "en" else ("juta", ".")
    return f'[>=1000000000]"Rp"0"{mark}"000,," {word}";"Rp"0,," {word}"'


class _Data(CategoryChartData):  # type: ignore[misc]
    """Chart data whose workbook runs nothing and does not say when it was made."""

    def __init__(self, of: date, number_format: str) -> None:
        super().__init__(number_format=number_format)
        self._of = of

    @property
    def _workbook_writer(self) -> _Writer:
        return _Writer(self, self._of)


class _Writer(CategoryWorkbookWriter):  # type: ignore[misc]
    def __init__(self, data: _Data, of: date) -> None:
        super().__init__(data)
        self._of = of

    @contextmanager
    def _open_worksheet(self, xlsx_file: BytesIO) -> Iterator[tuple[Any, Any]]:
        with open_workbook(xlsx_file, of=self._of) as book:
            yield book, book.add_worksheet("Sheet1")


def add_ranking(
    slide: Any, room: Box, bars: Sequence[Bar], name: str, *, of: date, look: Look, points: float = 12,
    highest: float | None = None,
) -> None:  # fmt: skip
    """Horizontal bars from the top down; `highest` gives two charts beside each other one scale."""
    data = _Data(of, "0.0%")
    data.categories = [clean(bar.name) for bar in bars]
    data.add_series(clean(name), [bar.value for bar in bars])
    chart = _chart(slide, room, XL_CHART_TYPE.BAR_CLUSTERED, data, name,
                   "; ".join(f"{bar.name} {bar.label}" for bar in bars), points, look)  # fmt: skip
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width = 35
    plot.vary_by_categories = False
    names, scale = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = _rgb(look.inks.line)
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    scale.visible = False
    scale.has_major_gridlines = False
    lowest = min([0.0, *(bar.value for bar in bars)])
    most = highest if highest is not None else max([0.0, *(bar.value for bar in bars)])
    scale.minimum_scale = lowest * 1.2
    scale.maximum_scale = (most or 1.0) * 1.16
    for place, bar in enumerate(bars):
        point = plot.series[0].points[place]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = _rgb(bar.fill)
        if _is_pale(bar.fill):
            point.format.line.color.rgb = _rgb(look.inks.plan)
            point.format.line.width = Pt(0.5)
        _label(point, bar.label, points * look.scale, XL_LABEL_POSITION.OUTSIDE_END)


def add_rollout(slide: Any, room: Box, curve: CurveData, *, of: date, look: Look) -> None:
    """Plan, actual and the forecast with its band; every number is a whole number of RTs."""
    data = _Data(of, "0")
    months = rollout_months(curve)
    plan, actual = dict(curve.plan), dict(curve.actual)
    middle = {point.month: point.middle for point in curve.band}
    low = {point.month: point.low for point in curve.band}
    high = {point.month: point.high for point in curve.band}
    if curve.band:
        # The band begins where the curve of what is known ends.
        here = Month.of(curve.at)
        for line in (middle, low, high):
            line.setdefault(here, actual.get(here, 0))
    data.categories = [formats.month_short(month) for month in months]
    data.add_series(t("Batas bawah kisaran"), [low.get(m) for m in months])
    data.add_series(t("8 dari 10 kemungkinan"),
                    [high[m] - low[m] if m in low else None for m in months])  # fmt: skip
    data.add_series(t("Rencana"), [plan.get(m) for m in months])
    data.add_series(t("Perkiraan"), [middle.get(m) for m in months])
    data.add_series(t("Kenyataan"), [actual.get(m) for m in months])
    told = t("RT bergabung, dijumlahkan dari bulan ke bulan: kenyataan {n} pada {month}.",
             n=formats.number(curve.actual[-1][1] if curve.actual else 0),
             month=formats.month(Month.of(curve.at)))  # fmt: skip
    chart = _chart(slide, room, XL_CHART_TYPE.LINE, data, t("Rencana dan kenyataan RT bergabung"),
                   told, 13, look)  # fmt: skip
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False
    lines = {
        2: (look.inks.plan, sizes.SIDE_LINE, True),
        3: (look.inks.forecast, sizes.CHOSEN_LINE, True),
        4: (look.inks.actual, sizes.MAIN_LINE, False),
    }
    for place, (ink, width, dashed) in lines.items():
        line = chart.plots[0].series[place].format.line
        line.color.rgb, line.width = _rgb(ink), Pt(width)
        if dashed:
            line.dash_style = MSO_LINE_DASH_STYLE.DASH
        chart.plots[0].series[place].smooth = False
    _band(chart, _rgb(look.inks.band))
    axis = chart.value_axis
    axis.minimum_scale = 0
    axis.tick_labels.number_format = count_format()
    axis.tick_labels.number_format_is_linked = False
    _calm(chart, look)
    skip = -(-len(months) // _MOST_MONTHS_NAMED)
    _tick_every(chart, skip)


def rollout_months(curve: CurveData) -> list[Month]:
    """The months of the curve's axis, without a gap."""
    every = [m for line in (curve.plan, curve.actual) for m, _ in line]
    every += [point.month for point in curve.band]
    return [Month.from_index(i) for i in range(min(every).index(), max(every).index() + 1)]


def _band(chart: Any, ink: RGBColor) -> None:
    """The first two lines become areas that stand on each other: nothing, and the band above it."""
    plot = chart._chartSpace.find(f".//{qn('c:plotArea')}")
    lines = plot.find(qn("c:lineChart"))
    axes = "".join(f'<c:axId val="{axis.get("val")}"/>' for axis in lines.findall(qn("c:axId")))
    areas = parse_xml(
        f'<c:areaChart {nsdecls("c", "a", "r")}><c:grouping val="stacked"/><c:varyColors val="0"/>'
        f"{axes}</c:areaChart>"
    )
    fills = ("<a:noFill/>", f'<a:solidFill><a:srgbClr val="{ink}"/></a:solidFill>')
    first_axis = areas.find(qn("c:axId"))
    for series, fill in zip(lines.findall(qn("c:ser"))[:2], fills, strict=True):
        lines.remove(series)
        for name in ("c:marker", "c:smooth", "c:spPr"):
            for found in series.findall(qn(name)):
                series.remove(found)
        look = parse_xml(f"<c:spPr {nsdecls('c', 'a')}>{fill}<a:ln><a:noFill/></a:ln></c:spPr>")
        series.find(qn("c:tx")).addnext(look)
        first_axis.addprevious(series)
    lines.addprevious(areas)
    legend = chart._chartSpace.find(f".//{qn('c:legend')}")
    hidden = parse_xml(
        f'<c:legendEntry {nsdecls("c")}><c:idx val="0"/><c:delete val="1"/></c:legendEntry>'
    )
    legend.find(qn("c:legendPos")).addnext(hidden)


def add_costs(
    slide: Any, room: Box, found: Simulation, funds: dict[str, str], *, of: date, name: str,
    highest: int, look: Look, points: float = 12,
) -> None:  # fmt: skip
    """Money by month, the funds on each other; `funds` are names by id, in one order for all."""
    data = _Data(of, "0")
    data.categories = [formats.month_short(m.month).partition(" ")[0] for m in found.months]
    for fund, label in funds.items():
        data.add_series(clean(label), [m.by_fund.get(fund, 0) for m in found.months])
    told = t("Biaya {cost} setahun: {months}", cost=formats.rupiah(found.cost_idr), months="; ".join(
        f"{formats.month_short(m.month)} {formats.rupiah(m.contribution_idr)}" for m in found.months
    ))  # fmt: skip
    chart = _chart(slide, room, XL_CHART_TYPE.COLUMN_STACKED, data, name, told, points, look)
    chart.has_legend = len(funds) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    fills = fund_colours(list(funds), look.theme)
    for fund, series in zip(funds, plot.series, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = _rgb(fills[fund])
    axis = chart.value_axis
    axis.minimum_scale, axis.maximum_scale = 0, highest
    axis.tick_labels.number_format = rupiah_format(highest)
    axis.tick_labels.number_format_is_linked = False
    _calm(chart, look)


def add_amounts(
    slide: Any,
    room: Box,
    bars: Sequence[Bar],
    name: str,
    *,
    of: date,
    look: Look,
    points: float = 14,
) -> None:
    """Amounts of rupiah beside each other, each labelled."""
    data = _Data(of, "0")
    data.categories = [clean(bar.name) for bar in bars]
    data.add_series(clean(name), [bar.value for bar in bars])
    chart = _chart(slide, room, XL_CHART_TYPE.COLUMN_CLUSTERED, data, name,
                   "; ".join(f"{bar.name} {bar.label}" for bar in bars), points, look)  # fmt: skip
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width = 60
    plot.vary_by_categories = False
    for place, bar in enumerate(bars):
        point = plot.series[0].points[place]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = _rgb(bar.fill)
        _label(point, bar.label, (points + 1) * look.scale, XL_LABEL_POSITION.OUTSIDE_END)
    chart.value_axis.visible = False
    chart.value_axis.minimum_scale = 0
    chart.value_axis.has_major_gridlines = False
    chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    chart.category_axis.format.line.color.rgb = _rgb(look.inks.line)


def _chart(
    slide: Any,
    room: Box,
    kind: XL_CHART_TYPE,
    data: _Data,
    name: str,
    told: str,
    points: float,
    look: Look,
) -> Any:
    frame = slide.shapes.add_chart(kind, room.left, room.top, room.width, room.height, data)
    frame.name = clean(name)
    describe(frame, told)
    chart = frame.chart
    for axis in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        axis.set("val", axis.get("val").lstrip("-"))  # the format knows no negative ones
    chart.has_title = False
    chart.font.size = Pt(round(points * look.scale * 2) / 2)
    colour(chart.font, INK, QUIET / 2)
    return chart


def _calm(chart: Any, look: Look) -> None:
    """Quiet lines behind the numbers, no line and no ticks at the scale."""
    scale, names = chart.value_axis, chart.category_axis
    scale.has_major_gridlines = True
    scale.major_gridlines.format.line.color.rgb = _rgb(look.inks.line)
    scale.major_gridlines.format.line.width = Pt(0.75)
    scale.format.line.fill.background()
    scale.major_tick_mark = names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = _rgb(look.inks.line)


def _tick_every(chart: Any, months: int) -> None:
    axis = chart._chartSpace.find(f".//{qn('c:catAx')}")
    if months > 1:
        skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="{months}"/>')
        before = axis.find(qn("c:noMultiLvlLbl"))
        before.addprevious(skip)
        mark = deepcopy(skip)
        mark.tag = qn("c:tickMarkSkip")
        before.addprevious(mark)


def _label(point: Any, text: str, points: float, where: XL_LABEL_POSITION) -> None:
    label = point.data_label
    frame = label.text_frame
    frame.text = clean(text)
    font = frame.paragraphs[0].runs[0].font
    font.size, font.bold = Pt(round(points * 2) / 2), True
    colour(font, INK)
    label.position = where


def _is_pale(fill: str) -> bool:
    return min(int(fill[i : i + 2], 16) for i in (1, 3, 5)) > 0xA0


__all__ = [
    "Bar", "add_amounts", "add_costs", "add_ranking", "add_rollout", "count_format",
    "rollout_months", "rupiah_format",
]  # fmt: skip
