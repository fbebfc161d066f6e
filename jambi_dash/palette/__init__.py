"""The design system: what every colour, class and size means, on screen, in files and on slides.

`colours` names every colour, `scales` the classes that have them, `sizes` letters and lines, `css`
what of it style sheets read. Change it here and nowhere else; docs/design.md shows all of it.
"""

from jambi_dash.palette.colours import SURROUNDINGS, THEMES, Pattern, Surroundings, Theme
from jambi_dash.palette.scales import (
    COUNT_EDGES,
    DIFFERENCE_EDGES,
    RATE_EDGES,
    AreaState,
    ClassInfo,
    classify_count_differences,
    classify_differences,
    classify_rates,
    cohort_colour,
    contrast,
    count_difference_scale,
    difference_class,
    difference_scale,
    fund_colours,
    ink_on,
    rate_class,
    rate_scale,
    rt_stage_scale,
    see_through,
    standing_out,
    worker_stage_scale,
)

__all__ = [
    "COUNT_EDGES",
    "DIFFERENCE_EDGES",
    "RATE_EDGES",
    "SURROUNDINGS",
    "THEMES",
    "AreaState",
    "ClassInfo",
    "Pattern",
    "Surroundings",
    "Theme",
    "classify_count_differences",
    "classify_differences",
    "classify_rates",
    "cohort_colour",
    "contrast",
    "count_difference_scale",
    "difference_class",
    "difference_scale",
    "fund_colours",
    "ink_on",
    "rate_class",
    "rate_scale",
    "rt_stage_scale",
    "see_through",
    "standing_out",
    "worker_stage_scale",
]
