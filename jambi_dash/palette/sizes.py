"""Sizes that screen, files and slides share: letters and lines.

Style sheets measure in rem of `BASE`; pages on paper in points, each format by its own scale
(`exports.sheet.PAGES`, `exports.slides.Look`).
"""

from __future__ import annotations

BASE = 15
"""CSS pixels of running text; `.streamlit/config.toml` and the style sheets say the same."""

CHART_TEXT = 14
"""Axes and legends of a figure, pixels."""
CHART_NOTE = 12
"""What is written inside a figure: deadlines, groups, the city's rate."""
DRAWN_VALUE, DRAWN_STEP, DRAWN_NAME, DRAWN_NOTE = 17, 15, 13, 11
"""Letters of the small drawings, in units of their own view box."""
CURVE_VALUE, CURVE_NOTE = 19, 14
"""The same in the small curves, which a laptop shows at five sixths of their own size."""

MAIN_LINE = 4.0
"""What a figure is about: what has happened, the plan that is looked at."""
STRONG_LINE = 3.0
"""One of several curves that weigh the same."""
CHOSEN_LINE = 2.5
"""What the reader tries out, and the outline of what is chosen."""
SIDE_LINE = 2.0
"""What it is measured by: the plan, an assumption, everybody."""
THIN_LINE = 1.5
"""The middle of a range."""
HAIR_LINE = 1.0
"""Targets, deadlines, zero."""
BAND_OPACITY = 0.25
"""A range around its middle."""
