"""How numbers look to a reader, months as values, and the state that an area is in."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain import coverage, formats
from jambi_dash.domain.language import current_language, in_language, set_language, t
from jambi_dash.domain.months import Month

MONTHS = st.builds(Month, st.integers(1900, 2199), st.integers(1, 12))


def test_indonesian() -> None:
    assert formats.number(3000) == "3.000"
    assert formats.number(1234567) == "1.234.567"
    assert formats.number(1.84, 1) == "1,8"
    assert formats.number(None) == "–"
    assert formats.percent(0.435) == "43,5%"
    assert formats.percent(None) == "–"
    assert formats.rupiah(604_800_000) == "Rp604.800.000"
    assert formats.rupiah(-5_000) == "−Rp5.000"
    assert formats.rupiah_words(604_800_000) == "Rp604,8 juta"
    assert formats.rupiah_words(3_020_000_000) == "Rp3,02 miliar"
    assert formats.rupiah_words(16_800) == "Rp16,8 ribu"
    assert formats.rupiah_words(1_000_000) == "Rp1 juta"
    assert formats.rupiah_words(None) == "–"
    assert formats.day(date(2025, 5, 22)) == "22 Mei 2025"
    assert formats.day(datetime(2025, 5, 22, 23, 59)) == "22 Mei 2025"
    assert formats.month(Month(2025, 6)) == "Juni 2025"
    assert formats.month_short(Month(2025, 8)) == "Agu 2025"
    assert formats.points(0.025) == "+2,5 poin persen"
    assert formats.points(-0.025) == "−2,5 poin persen"
    assert formats.signed(-3) == "−3"
    assert formats.signed(1200) == "+1.200"
    assert formats.signed(0) == "0"


def test_english() -> None:
    with in_language("en"):
        assert formats.number(3000) == "3,000"
        assert formats.percent(0.435) == "43.5%"
        assert formats.rupiah(604_800_000) == "Rp604,800,000"
        assert formats.rupiah_words(604_800_000) == "Rp604.8 million"
        assert formats.day(date(2025, 5, 22)) == "22 May 2025"
        assert formats.month(Month(2025, 6)) == "June 2025"
        assert formats.points(0.01) == "+1.0 points"
    assert formats.number(3000) == "3.000"


def test_an_unknown_language_means_indonesian() -> None:
    set_language("fr")
    assert current_language() == "id"
    assert t("Belum ada {n} rilis", n=3) == "Belum ada 3 rilis"


@given(MONTHS, st.integers(-600, 600))
def test_months_count_like_numbers(month: Month, step: int) -> None:
    other = month.plus(step)
    assert other.index() - month.index() == step
    assert (other > month) == (step > 0)
    assert other.plus(-step) == month
    assert Month.from_index(month.index()) == month


@given(MONTHS)
def test_months_print_and_read(month: Month) -> None:
    assert Month.parse_iso(str(month)) == month
    assert Month.of(month.first_day()) == Month.of(month.last_day()) == month
    assert month.plus(1).first_day().toordinal() - month.last_day().toordinal() == 1


@pytest.mark.parametrize(
    "text", ["2025-6", "2025-13", "2025-00", "25-06", "2025-06-01", "", "x", "2025/06"]
)
def test_what_is_no_iso_month(text: str) -> None:
    assert Month.parse_iso(text) is None


def state(
    covered: int | None, eligible: int | None, known: bool = True
) -> tuple[str, float | None]:
    row = coverage.make_row("x", "X", covered, eligible, register_known=known)
    assert (row.covered, row.eligible) == (covered, eligible)
    return row.state, row.rate


def test_the_four_states_of_an_area() -> None:
    assert state(3, 10) == ("angka", 0.3)
    assert state(3, None) == ("angka", None)
    assert state(3, 0) == ("angka", None)
    assert state(0, 10) == ("nol", 0.0)
    assert state(0, 0) == ("nol", None)
    assert state(0, None, known=False) == ("nol", None)
    assert state(0, None, known=True) == ("tidak ada data", None)
    assert state(None, 10) == ("tidak ada data", None)
    hidden = coverage.hide_row(coverage.make_row("x", "X", 3, 10, register_known=True))
    assert (hidden.covered, hidden.rate, hidden.state) == (None, None, "disembunyikan")


def test_over_full_stays_over_full_and_is_flagged() -> None:
    row = coverage.make_row("x", "X", 12, 10, register_known=True)
    assert (row.rate, row.over_full) == (1.2, True)
    assert not coverage.make_row("x", "X", 10, 10, register_known=True).over_full
