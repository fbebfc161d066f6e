"""The small map of the first screen."""

from __future__ import annotations

from jambi_dash.charts.small_map import cartogram_svg, legend_html
from jambi_dash.domain.headline import Headline
from jambi_dash.ui import numbers


def draw(headline: Headline) -> None:
    """The cartogram with its legend; nothing of it is fetched or waited for."""
    numbers.draw(
        '<div class="rk-map"><div>' + cartogram_svg(headline.kelurahan) + "</div>"
        '<div class="rk-small rk-legend">' + legend_html(headline.kelurahan) + "</div></div>"
    )
