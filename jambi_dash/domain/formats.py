"""Numbers, money and dates as Indonesian readers write them (facts.md section 10).

`3.000`, `43,5%`, `Rp604.800.000`, `Rp604,8 juta`, `22 Mei 2025`; English on request. Nothing is
printed for a person except through this module.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from jambi_dash.domain.language import current_language
from jambi_dash.domain.months import Month

MISSING = "–"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("en" if language == "en" else "id")


def number(value: float | None, decimals: int = 0) -> str:
    """A count or measure: `3.000`, `1,8`; an en dash where there is none."""
    if value is None:
        return MISSING
    # 0.0 and -0.0 are one key, and nan is never found again.
    said = _number if value and value == value else _number.__wrapped__
    return said(value, decimals, current_language())


# Babel needs some 50 µs for a number; a page has a hundred of them, mostly the same ones.
@lru_cache(8192, typed=True)
def _number(value: float, decimals: int, language: str) -> str:
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=_locale(language)))


def percent(rate: float | None, decimals: int = 1) -> str:
    """A rate (1 = 100 %) without a space, as Indonesian papers print it: `43,5%`."""
    return MISSING if rate is None else number(rate * 100, decimals) + "%"


def points(difference: float | None, decimals: int = 1) -> str:
    """A difference of two rates in percentage points, signed: `+1,2 poin persen`."""
    if difference is None:
        return MISSING
    sign = "+" if difference > 0 else ("−" if difference < 0 else "±")
    unit = "points" if current_language() == "en" else "poin persen"
    return f"{sign}{number(abs(difference) * 100, decimals)} {unit}"


def signed_points(difference: float | None, decimals: int = 1) -> str:
    """A difference of two rates where the unit is said beside it: `+1,2`, `−3,0`, `0,0`."""
    if difference is None:
        return MISSING
    rounded = round(difference * 100, decimals)
    sign = "+" if rounded > 0 else ("−" if rounded < 0 else "")
    return sign + number(abs(rounded), decimals)


def signed(value: float | None) -> str:
    """A change of a count with its sign: `+12`, `−3`, `0`."""
    if value is None:
        return MISSING
    sign = "+" if value > 0 else ("−" if value < 0 else "")
    return sign + number(abs(value))


def rupiah(value: float | None) -> str:
    """Whole rupiah, no space and no full stop after Rp (EYD): `Rp604.800.000`."""
    if value is None:
        return MISSING
    return ("−" if value < 0 else "") + "Rp" + number(abs(value))


_WORDS = {
    "id": ((1e12, "triliun"), (1e9, "miliar"), (1e6, "juta"), (1e3, "ribu")),
    "en": ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")),
}


def rupiah_words(value: float | None, decimals: int = 1) -> str:
    """Large amounts partly in words: `Rp604,8 juta`, `Rp3,02 miliar`."""
    if value is None:
        return MISSING
    for size, word in _WORDS[current_language()]:
        if abs(value) >= size:
            places = decimals if abs(value) < 1e9 else max(decimals, 2)
            shown = number(abs(value) / size, places)
            mark = "." if current_language() == "en" else ","
            if mark in shown:
                shown = shown.rstrip("0").rstrip(mark)
            return f"{'−' if value < 0 else ''}Rp{shown} {word}"
    return rupiah(value)


def day(value: date | None) -> str:
    """`22 Mei 2025`."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        value = value.date()
    return _date(value, "d MMMM y", current_language())


def clock(value: datetime, *, seconds: bool = False) -> str:
    """A time of day: `14.30` in Indonesian, `14:30` in English."""
    mark = ":" if current_language() == "en" else "."
    parts = (value.hour, value.minute, *((value.second,) if seconds else ()))
    return mark.join(f"{part:02d}" for part in parts)


def month(value: Month | None) -> str:
    """`Juni 2025`."""
    if value is None:
        return MISSING
    return _date(value.first_day(), "LLLL y", current_language())


def month_short(value: Month | None) -> str:
    """`Jun 2025`."""
    if value is None:
        return MISSING
    return _date(value.first_day(), "LLL y", current_language())


@lru_cache(2048)
def _date(value: date, pattern: str, language: str) -> str:
    return str(format_date(value, pattern, locale=_locale(language)))
