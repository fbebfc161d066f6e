"""The forecast: more pace never ends later, the band is ordered, all in is done."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from jambi_dash.domain.forecast import Forecast, forecast
from jambi_dash.domain.months import Month

AT = date(2025, 12, 31)
PACES = st.lists(st.integers(0, 60), min_size=1, max_size=12)


def ask(pace: list[int], left: int = 1583, **more: object) -> Forecast:
    given_values: dict[str, object] = {
        "joined": 67, "left": left, "progress": True, "at": AT, "deadline": date(2026, 12, 31),
    }  # fmt: skip
    return forecast(pace, **(given_values | more))  # type: ignore[arg-type]


def late(month: Month | None) -> int:
    return month.index() if month else 10**9


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), min_size=1, max_size=12),
       st.integers(1, 2000))  # fmt: skip
def test_more_pace_never_finishes_later(months: list[tuple[int, int]], left: int) -> None:
    slow = ask([pace for pace, _ in months], left)
    fast = ask([pace + more for pace, more in months], left)
    if slow.state == "no_progress":
        return
    for name in ("p10", "p50", "p90"):
        assert late(getattr(fast, name)) <= late(getattr(slow, name))
    assert not (slow.state == "on_course" and fast.state == "late")


@settings(max_examples=25)
@given(PACES, st.integers(1, 2000))
def test_the_band_is_ordered_and_never_falls(pace: list[int], left: int) -> None:
    found = ask(pace, left)
    assert late(found.p10) <= late(found.p50) <= late(found.p90)
    for point in found.band:
        assert 67 <= point.low <= point.middle <= point.high <= 67 + left
    for before, after in zip(found.band, found.band[1:], strict=False):
        assert (before.low, before.middle, before.high) <= (after.low, after.middle, after.high)
        assert after.month == before.month.plus(1)


@given(PACES)
def test_all_joined_is_done_whatever_the_pace(pace: list[int]) -> None:
    assert ask(pace, left=0, progress=False) == Forecast("done")


def test_nothing_of_nothing_is_not_done() -> None:
    assert ask([], left=0, joined=0).state == "no_progress"


@given(PACES)
def test_no_progress_shows_no_date(pace: list[int]) -> None:
    assert ask(pace, progress=False).to_json() == {
        "state": "no_progress", "p10": None, "p50": None, "p90": None
    }  # fmt: skip


def test_an_even_pace_is_certain() -> None:
    found = ask([10, 10, 10], left=100)
    assert found.p10 == found.p50 == found.p90 == Month(2026, 10)
    assert found.state == "on_course"
    assert ask([10], left=121).state == "late"
    assert ask([10], left=121, deadline=None).state == "on_course"


def test_a_deadline_inside_a_month_counts_whole_months_only() -> None:
    assert ask([10], left=120, deadline=date(2026, 12, 30)).state == "late"


def test_the_same_question_has_the_same_answer() -> None:
    assert ask([17, 13, 11, 18, 8]) == ask([17, 13, 11, 18, 8])


def test_no_end_in_sight_has_no_date() -> None:
    found = ask([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], left=1583)
    assert (found.state, found.p10, found.p90) == ("late", None, None)


def test_the_band_ends_where_it_is_asked_to() -> None:
    found = ask([13], band_until=Month(2026, 12))
    assert [found.band[0].month, found.band[-1].month] == [Month(2026, 1), Month(2026, 12)]
    assert ask([13], band_until=Month(2025, 6)).band == ()
