"""The sixteen digits: what they say, when they cannot exist, when a spreadsheet has spoilt them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain import nik

TODAY = date(2025, 12, 31)


def number(born: date, sex: str = "L", *, region: str = "157104", serial: str = "0001") -> str:
    day = born.day + (40 if sex == "P" else 0)
    return f"{region}{day:02d}{born:%m%y}{serial}"


@given(
    st.dates(date(1926, 1, 1), TODAY), st.sampled_from("LP"), st.sampled_from(sorted(nik.PROVINCES)),
    st.integers(0, 9999), st.integers(1, 9999),
)  # fmt: skip
def test_a_sound_nik_gives_back_birth_and_sex(
    born: date, sex: str, province: str, region: int, serial: int
) -> None:
    text = number(born, sex, region=f"{province}{region:04d}", serial=f"{serial:04d}")
    assert nik.read(text, today=TODAY) == nik.NikFacts(born, sex)


@given(st.dates(date(1926, 1, 2), TODAY))
def test_the_year_is_the_latest_that_is_not_in_the_future(born: date) -> None:
    facts = nik.read(number(born), today=TODAY)
    assert facts is not None
    assert facts.born <= TODAY
    try:
        later = facts.born.replace(year=facts.born.year + 100)
    except ValueError:
        return
    assert later > TODAY


def test_today_itself_is_not_the_future() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert nik.read(number(TODAY), today=TODAY) == nik.NikFacts(TODAY, "L")
    assert nik.read(number(tomorrow), today=TODAY) == nik.NikFacts(date(1926, 1, 1), "L")


@pytest.mark.parametrize(
    "text",
    [
        "1071040101900001", "9971040101900001", "0071040101900001",  # no such province
        "1571043201900001", "1571040001900001", "1571047201900001", "1571044001900001",  # day
        "1571040113900001", "1571040100900001",  # month
        "1571042902010001", "1571046902010001", "1571043104900001",  # no such day in the calendar
        "1571040101900000",  # serial
        "157104010190001", "15710401019000011", "", "abcdefghijklmnop", "１５７１０４０１０１９００００１",
    ],
)  # fmt: skip
def test_what_cannot_exist(text: str) -> None:
    assert nik.read(text, today=TODAY) is None


def test_leap_days() -> None:
    assert nik.read("1571042902000001", today=TODAY) == nik.NikFacts(date(2000, 2, 29), "L")
    assert nik.read("1571046902040001", today=TODAY) == nik.NikFacts(date(2004, 2, 29), "P")
    assert nik.read("1571042902560001", today=TODAY) == nik.NikFacts(date(1956, 2, 29), "L")


def test_the_provinces_are_the_38_of_today() -> None:
    assert len(nik.PROVINCES) == 38
    assert {"11", "15", "31", "65", "91", "96"} <= nik.PROVINCES


@pytest.mark.parametrize(
    "text",
    ["1571040101900001", "157104.010190.0001", "1571 0401 0190 0001", "'1571040101900001",
     "157104-010190-0001", '"1571040101900001"', " 1571040101900001\u00a0", "’1571040101900001"],
)  # fmt: skip
def test_signs_between_the_digits_do_not_count(text: str) -> None:
    assert nik.bare(text) == "1571040101900001"


@pytest.mark.parametrize(
    "text", ["", "0", "-", " ", "00", "1111111111111111", "9", "0000000000000000", "- -", "'"]
)
def test_no_nik_given(text: str) -> None:
    assert nik.is_empty(nik.bare(text))


@pytest.mark.parametrize("text", ["1571040101900001", "12", "10", "x", "0000000000000001"])
def test_something_given(text: str) -> None:
    assert not nik.is_empty(nik.bare(text))


@pytest.mark.parametrize(
    "text", ["1,57107E+15", "1.57107E+15", "1,57107e15", "2E+15", "'1,57107E+15", " 1.5E+15 "]
)
def test_scientific_notation_is_damage_in_any_cell(text: str) -> None:
    assert nik.damaged_by_spreadsheet(text, is_number=False)
    assert nik.damaged_by_spreadsheet(text, is_number=True)


def test_numbers_lose_digits_and_text_does_not() -> None:
    for text in ("1571040101900010", "9007199254740993", "9171010101900001", "9" * 17):
        assert nik.damaged_by_spreadsheet(text, is_number=True), text
        assert not nik.damaged_by_spreadsheet(text, is_number=False), text
    for text in ("1571040101900001", "9007199254740991", "157104010190000", "0", "15"):
        assert not nik.damaged_by_spreadsheet(text, is_number=True), text


@given(st.integers(10**15, 10**16 - 1))
def test_a_number_that_a_double_keeps_is_not_called_damaged(value: int) -> None:
    damaged = nik.damaged_by_spreadsheet(str(value), is_number=True)
    assert damaged == (value % 10 == 0 or value > 2**53)
    if not damaged:
        assert int(float(value)) == value
