"""When the rollout ends if its months go on as they have: resampling of its own monthly pace.

Each of many possible futures draws its months, with repetition, from the months that were (seeded,
so that the same log gives the same answer; drawn twice, since few months are a shaky sample). The
finish months of the futures give p10, p50, p90.
The forecast assumes that coming months are like past ones, in any order; it knows no budget, no
plan and no season.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from jambi_dash.domain.months import Month
from jambi_dash.domain.rollout_plan import last_whole_month

ForecastState = Literal["on_course", "late", "no_progress", "done"]

FUTURES = 1000
HORIZON = 600
"""Months ahead that are looked at; what ends later has no date."""
QUANTILES = (0.1, 0.5, 0.9)
SEED = 20250924


@dataclass(frozen=True)
class BandPoint:
    """RTs joined by the end of a month: one future in ten lies below `low`, one above `high`."""

    month: Month
    low: int
    middle: int
    high: int


@dataclass(frozen=True)
class Forecast:
    """The finish months, the earliest first; `None` where there is no progress or no end in sight.

    `on_course` means that p50 is not after the deadline, or that there is none. When all are in, the state is `done` and
    no month is named.
    """

    state: ForecastState
    p10: Month | None = None
    p50: Month | None = None
    p90: Month | None = None
    band: tuple[BandPoint, ...] = ()

    def to_json(self) -> dict[str, str | None]:
        """The forecast of contract section 5."""
        return {
            "state": self.state,
            **{name: str(month) if month else None for name, month in
               (("p10", self.p10), ("p50", self.p50), ("p90", self.p90))},
        }  # fmt: skip


def forecast(
    pace: Sequence[int],
    *,
    joined: int,
    left: int,
    progress: bool,
    at: date,
    deadline: date | None,
    seed: int = SEED,
    band_until: Month | None = None,
) -> Forecast:
    """The forecast on day `at`.

    Args:
        pace: new RTs in each past month, oldest first.
        joined: RTs that have joined; with none left and at least one joined, all is done.
        left: RTs that are to join and have not.
        progress: whether an RT has joined lately; without, there is no date.
        at: the day on which this is asked; futures begin in the next month.
        deadline: the last day on which all are to have joined.
        seed: of the draws.
        band_until: the last month of the band, which else ends when nine in ten are finished.
    """
    if left == 0 and joined > 0:
        return Forecast("done")
    if not progress or not any(pace) or left == 0:
        return Forecast("no_progress")
    sums = _futures(np.asarray(pace, dtype=np.int64), seed)
    # The first month in which the sum reaches what is left; HORIZON where none does.
    finish = np.sort(np.sum(sums < left, axis=1))
    p10, p50, p90 = (
        _month(at, int(finish[int(np.ceil(q * FUTURES)) - 1])) for q in QUANTILES
    )  # fmt: skip
    end = last_whole_month(deadline) if deadline else None
    on_course = p50 is not None and (end is None or p50 <= end)
    last = band_until or p90 or Month.of(at).plus(HORIZON)
    months = min(HORIZON, max(0, last.index() - Month.of(at).index()))
    return Forecast(
        "on_course" if on_course else "late",
        p10,
        p50,
        p90,
        _band(sums[:, :months], joined, left, at),
    )


def _futures(pace: np.ndarray[tuple[int], np.dtype[np.int64]], seed: int) -> _Sums:
    """Sums of drawn months: one row a future, one column a month ahead.

    Each future draws twice: first which past months it holds for typical, then its own months from
    those. Drawing once would take a handful of months for the truth, and a band over ten years
    would come out a few months wide. The draws depend on the number of past months alone, so that
    a month with more RTs can only raise each sum.
    """
    rng = np.random.default_rng(seed)
    typical = rng.integers(0, len(pace), size=(FUTURES, len(pace)))
    drawn = rng.integers(0, len(pace), size=(FUTURES, HORIZON))
    sums: _Sums = np.cumsum(pace[np.take_along_axis(typical, drawn, axis=1)], axis=1)
    return sums


_Sums = np.ndarray[tuple[int, int], np.dtype[np.int64]]


def _month(at: date, months_before: int) -> Month | None:
    """The month in which a future ends that was unfinished for so many months."""
    return Month.of(at).plus(months_before + 1) if months_before < HORIZON else None


def _band(sums: _Sums, joined: int, left: int, at: date) -> tuple[BandPoint, ...]:
    if not sums.shape[1]:
        return ()
    ordered = np.sort(np.minimum(sums, left), axis=0)
    low, middle, high = (ordered[int(np.ceil(q * FUTURES)) - 1] + joined for q in QUANTILES)
    first = Month.of(at).plus(1)
    return tuple(
        BandPoint(first.plus(i), int(low[i]), int(middle[i]), int(high[i])) for i in range(len(low))
    )
