"""Texts of a plotly chart as they were written: plotly takes `<b>`, `<a>` in any text for markup.

Markup of our own stands in templates alone (`hovertemplate`); all else is data or our own words,
in which a new line is a new line.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

_OF_TRACES = ("name", "text", "hovertext", "x", "y", "customdata", "labels")
_OF_AXES = ("ticktext", "categoryarray", "ticksuffix", "tickprefix")


def as_written(figure: go.Figure) -> go.Figure:
    """`figure`, changed in place so that no name in it becomes an element, a link or bold type."""
    for trace in figure.data:
        _mend(trace, _OF_TRACES)
    for kind in ("xaxis", "yaxis"):
        for axis in figure.select_xaxes() if kind == "xaxis" else figure.select_yaxes():
            _mend(axis, _OF_AXES)
            _mend(axis.title, ("text",))
    for note in figure.layout.annotations:
        _mend(note, ("text", "hovertext"))
    _mend(figure.layout.title, ("text",))
    _mend(figure.layout.legend.title, ("text",))
    return figure


def _mend(part: Any, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in part:
            continue
        value = part[name]
        mended = _plain(value)
        if mended is not value:
            part[name] = mended


def _plain(value: Any) -> Any:
    """The same object where nothing has to change: most figures hold no sign of markup."""
    if isinstance(value, str):
        if "<" not in value and "&" not in value and "\n" not in value:
            return value
        plain = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return plain.replace("\n", "<br>")
    if isinstance(value, tuple | list) or getattr(value, "dtype", "") == "object":
        parts = [_plain(one) for one in value]
        return value if all(a is b for a, b in zip(parts, value, strict=True)) else parts
    return value
