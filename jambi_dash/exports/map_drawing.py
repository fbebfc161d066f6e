"""Maps as PNG, SVG and PDF."""

from __future__ import annotations

from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.theme import Theme
from jambi_dash.exports.views import MapView


def draw_map(
    view: MapView, shapes: Shapes, *, format: str, size: str, dpi: int | None, theme: Theme
) -> bytes:
    """The map as a file."""
    raise NotImplementedError
