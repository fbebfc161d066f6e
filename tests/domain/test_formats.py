"""Times of day; numbers, money and days are tested where they are shown."""

from datetime import datetime

from jambi_dash.domain import formats
from jambi_dash.domain.language import in_language


def test_a_time_of_day_has_the_mark_of_the_language() -> None:
    moment = datetime(2025, 12, 31, 9, 5, 7)
    assert (formats.clock(moment), formats.clock(moment, seconds=True)) == ("09.05", "09.05.07")
    with in_language("en"):
        assert formats.clock(moment) == "09:05"
