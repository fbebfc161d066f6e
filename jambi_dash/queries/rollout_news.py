"""What "Perlu perhatian" asks of Kampung Bahagia."""

from __future__ import annotations

from collections import Counter

from jambi_dash.domain.attention import RolloutNews
from jambi_dash.domain.rollout import stage_ages
from jambi_dash.domain.rollout_plan import load_rollout_plan
from jambi_dash.queries.door import Door
from jambi_dash.queries.rollout import area_log, as_of_date, spread_of


def rollout_news(door: Door) -> RolloutNews:
    """The news on the date of the data. Behind a door for the public without single RTs."""
    day = as_of_date(door)
    log = area_log(door)
    if log.is_empty:
        return RolloutNews()
    standings = log.at(day)
    ages = (
        () if door.sight.public
        else stage_ages(standings, load_rollout_plan().stalled_after_days)
    )  # fmt: skip
    return RolloutNews(
        still=bool(standings.left) and bool(standings.joined) and not standings.has_progress(),
        left=standings.left,
        without=tuple(row.code for row in spread_of(door, at=day).kelurahan_without)
        if standings.joined
        else (),
        stuck=dict(Counter(age.stage for age in ages if age.stalled)),
    )
