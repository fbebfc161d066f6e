"""The small map of the first screen."""

from __future__ import annotations

from jambi_dash.charts.small_map import cartogram_svg, legend_html
from jambi_dash.domain import formats
from jambi_dash.domain.headline import Headline
from jambi_dash.domain.language import t
from jambi_dash.ui import exhibit, numbers


def table(headline: Headline) -> exhibit.Table:
    """The map as a table, in the order of the codes."""
    rows = headline.kelurahan
    return exhibit.grid(
        {
            t("Kelurahan"): [row.name for row in rows],
            t("Terlindungi"): [formats.number(row.covered) for row in rows],
            t("Penyebut"): [formats.number(row.eligible) for row in rows],
            t("Cakupan"): [formats.percent(row.rate) for row in rows],
        }
    )


def draw(headline: Headline) -> None:
    """The cartogram with its legend; nothing of it is fetched or waited for."""
    numbers.draw(
        '<div class="rk-map"><div>' + cartogram_svg(headline.kelurahan) + "</div>"
        '<div class="rk-small rk-legend">' + legend_html(headline.kelurahan) + "</div></div>"
    )
