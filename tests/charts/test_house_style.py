"""The look that figures share."""

from __future__ import annotations

import plotly.graph_objects as go

from jambi_dash.charts.house_style import name_months
from jambi_dash.domain.months import Month


def _named(start: Month, count: int) -> list[tuple[str, str]]:
    axis = name_months(go.Figure(), [start.plus(n) for n in range(count)]).layout.xaxis
    return list(zip(axis.tickvals, axis.ticktext, strict=True))


def test_months_say_their_year_once() -> None:
    assert _named(Month(2025, 11), 3) == [
        ("Nov 2025", "Nov\n2025"),
        ("Des 2025", "Des"),
        ("Jan 2026", "Jan\n2026"),
    ]


def test_many_months_are_named_in_steps() -> None:
    assert len(_named(Month(2025, 1), 12)) == 12
    assert [value for value, _ in _named(Month(2024, 1), 30)][:2] == ["Jan 2024", "Apr 2024"]
