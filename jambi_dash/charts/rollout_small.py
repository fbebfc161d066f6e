"""RTs that have joined against the plan, as a small drawing that paints with the page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.palette import sizes

Points = Sequence[tuple[Month, int]]

_WIDTH, _HEIGHT = 460, 142
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 72, 22, 24


def rollout_svg(actual: Points, plan: Points, total: int) -> str:
    """Both curves on one scale, from the first month of either to the last of the plan.

    The last value of each is written at its end; `total` are all RTs. Empty without months.
    """
    months = sorted({month for month, _ in (*actual, *plan)})
    if len(months) < 2:
        return ""
    first, last = months[0].index(), months[-1].index()
    top = max(total, *(n for _, n in (*actual, *plan)), 1) * 1.04
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM

    def x(month: Month) -> float:
        return _LEFT + (right - _LEFT) * (month.index() - first) / (last - first)

    def y(value: float) -> float:
        return bottom - (bottom - _TOP) * value / top

    def line(points: Points, style: str) -> str:
        path = " ".join(f"{x(m):.1f},{y(n):.1f}" for m, n in points)
        return f'<polyline points="{path}" style="fill:none;stroke-linejoin:round;{style}"/>'

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(in_words(actual, plan, total))}">',
        f'<line x1="{_LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}" '
        'style="stroke:var(--rk-line)"/>',
    ]
    if plan:
        parts.append(line(plan, "stroke:var(--rk-down);stroke-width:1.6;stroke-dasharray:5 4"))
        month, n = plan[-1]
        parts.append(
            f'<text x="{x(month) + 6:.1f}" y="{y(n) + 4:.1f}" font-size="{sizes.CURVE_NOTE}">'
            f"{escape(t('rencana'))}</text>"
            f'<text x="{x(month) + 6:.1f}" y="{y(n) + 20:.1f}" font-size="{sizes.CURVE_NOTE}">'
            f"{formats.number(n)}</text>"
        )
    if actual:
        parts.append(line(actual, "stroke:var(--rk-main);stroke-width:3"))
        month, n = actual[-1]
        # Above the point: to its right the plan goes up.
        parts.append(
            f'<circle cx="{x(month):.1f}" cy="{y(n):.1f}" r="4" style="fill:var(--rk-main)"/>'
            f'<text class="rk-strong" x="{x(month):.1f}" y="{max(y(n) - 9, 13):.1f}" '
            f'font-size="{sizes.CURVE_VALUE}" text-anchor="{"start" if x(month) < 60 else "middle"}">'
            f"{formats.number(n)}</text>"
        )
    for month, anchor in ((months[0], "start"), (months[-1], "end")):
        parts.append(
            f'<text x="{x(month):.1f}" y="{_HEIGHT - 6}" font-size="{sizes.CURVE_NOTE}" text-anchor="{anchor}">'
            f"{escape(formats.month_short(month))}</text>"
        )
    return "".join([*parts, "</svg>"])


def in_words(actual: Points, plan: Points, total: int) -> str:
    """The drawing in a sentence, for those who do not see it."""
    joined = actual[-1][1] if actual else 0
    said = t("{n} dari {total} RT sudah bergabung.",
             n=formats.number(joined), total=formats.number(total))  # fmt: skip
    if plan:
        month, n = plan[-1]
        said += " " + t("Rencana: {n} RT pada {month}.",
                        n=formats.number(n), month=formats.month(month))  # fmt: skip
    return said
