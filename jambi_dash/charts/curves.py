"""Cover over time: a small drawing for the first screen, and a figure to look into.

The small one is SVG text: it paints with the page, while plotly is fetched by the browser first.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import floor, log10

import plotly.graph_objects as go

from jambi_dash.charts.house_style import dress
from jambi_dash.domain import formats
from jambi_dash.domain.headline import CurvePoint
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme
from jambi_dash.palette import SURROUNDINGS, Theme, cohort_colour, sizes

_WIDTH, _HEIGHT = 460, 142
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 72, 22, 24


def cover_curve_svg(points: Sequence[CurvePoint], *, cohort: str, target: int | None = None) -> str:
    """The curve of a cohort as SVG, with the target as a dashed line; empty without points.

    The last value is written beside its end, months below; colours come from `look.css` and the
    palette and follow the theme.
    """
    if not points:
        return ""
    top = _round_up(max([p.covered for p in points] + [target or 0, 1]))
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    across = (right - _LEFT) / max(len(points) - 1, 1)

    def x(index: int) -> float:
        return _LEFT + across * index

    def y(value: float) -> float:
        return bottom - (bottom - _TOP) * value / top

    line = " ".join(f"{x(i):.1f},{y(p.covered):.1f}" for i, p in enumerate(points))
    last = points[-1]
    colour = f"light-dark({cohort_colour(cohort)}, {cohort_colour(cohort, 'dark')})"
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(curve_in_words(points, target))}">',
        f'<line x1="{_LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}" '
        'style="stroke:var(--rk-line)"/>',
        f'<polygon points="{_LEFT},{bottom} {line} {x(len(points) - 1):.1f},{bottom}" '
        f'style="fill:{colour};opacity:.16"/>',
        f'<polyline points="{line}" style="fill:none;stroke:{colour};stroke-width:2.5;'
        'stroke-linejoin:round"/>',
    ]
    if target:
        parts.append(
            f'<line x1="{_LEFT}" x2="{right}" y1="{y(target):.1f}" y2="{y(target):.1f}" '
            'style="stroke:var(--rk-muted);stroke-dasharray:5 4"/>'
            f'<text x="{_LEFT}" y="{y(target) - 5:.1f}" font-size="{sizes.CURVE_NOTE}">'
            f"{escape(t('target {n}', n=formats.number(target)))}</text>"
        )
    parts.append(
        f'<circle cx="{x(len(points) - 1):.1f}" cy="{y(last.covered):.1f}" r="4" '
        f'style="fill:{colour}"/>'
        f'<text class="rk-strong" x="{x(len(points) - 1) + 9:.1f}" y="{y(last.covered) + 5:.1f}" '
        f'font-size="{sizes.CURVE_VALUE}">{formats.number(last.covered)}</text>'
    )
    for i in _labelled(len(points)):
        anchor = "start" if i == 0 else ("end" if i == len(points) - 1 else "middle")
        parts.append(
            f'<text x="{x(i):.1f}" y="{_HEIGHT - 6}" font-size="{sizes.CURVE_NOTE}" text-anchor="{anchor}">'
            f"{escape(formats.month_short(points[i].month))}</text>"
        )
    return "".join([*parts, "</svg>"])


def cover_curve(
    points: Sequence[CurvePoint], *, cohort: str, target: int | None = None, theme: Theme = "light"
) -> go.Figure:
    """The cohort beside all persons, month by month, with the target."""
    around = SURROUNDINGS[theme]
    months = [formats.month_short(p.month) for p in points]
    figure = go.Figure()
    series = (
        (load_programme().cohorts.by_id[cohort].shown(), cohort_colour(cohort, theme),
         [p.covered for p in points], sizes.MAIN_LINE),
        (t("Semua kelompok, tiap orang sekali"), around.muted, [p.persons for p in points], sizes.SIDE_LINE),
    )  # fmt: skip
    for name, colour, values, width in series:
        figure.add_trace(
            go.Scatter(
                x=months, y=values, name=name, mode="lines+markers",
                line={"color": colour, "width": width}, marker={"size": 6},
                customdata=[formats.number(v) for v in values],
                hovertemplate="%{x}: <b>%{customdata}</b><extra>%{fullData.name}</extra>",
            )
        )  # fmt: skip
    if target:
        figure.add_hline(
            y=target, line={"color": around.muted, "dash": "dash", "width": sizes.HAIR_LINE},
            annotation_text=t("target {n}", n=formats.number(target)),
            annotation_position="top left",
        )  # fmt: skip
    dress(figure, theme, 420).update_layout(hovermode="x unified")
    figure.update_yaxes(tickformat=",d")
    return figure


def _round_up(value: float) -> float:
    """A little above `value`, so that a curve never touches the frame."""
    step: float = 10.0 ** floor(log10(value)) / 10
    return (floor(value * 1.04 / step) + 1) * step


def _labelled(count: int) -> list[int]:
    """Which months are written: first, last and, where there is room, one between."""
    return sorted({0, (count - 1) // 2, count - 1}) if count > 4 else sorted({0, count - 1})


def curve_in_words(points: Sequence[CurvePoint], target: int | None) -> str:
    """The curve in a sentence, for those who do not see it."""
    first, last = points[0], points[-1]
    text = t("Dari {a} orang pada {from_month} menjadi {b} orang pada {to_month}.",
             a=formats.number(first.covered), from_month=formats.month(first.month),
             b=formats.number(last.covered), to_month=formats.month(last.month))  # fmt: skip
    return text + (" " + t("Target {n}.", n=formats.number(target)) if target else "")
