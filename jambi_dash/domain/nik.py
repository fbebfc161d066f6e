"""The rules of the NIK, the sixteen digits that name a person (facts.md 6.01–6.06).

Province 2, city 2, kecamatan 2, day (women +40) 2, month 2, year 2, serial 4 from 0001. The
region names where a person was first registered, so any known province is right.
The import applies the rules to whole columns in SQL and asks `read_birth` for each different date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

# Kemendagri province codes, 38 provinces since 2022.
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "21",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "51",
        "52",
        "53",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "72",
        "73",
        "74",
        "75",
        "76",
        "81",
        "82",
        "91",
        "92",
        "93",
        "94",
        "95",
        "96",
    ]
)
LARGEST_EXACT = 9_007_199_254_740_992
"""2^53: above it a spreadsheet's number can no longer tell two neighbours apart."""


@dataclass(frozen=True)
class NikFacts:
    """What a sound NIK says of its holder: birth date (century resolved) and sex `L` or `P`."""

    born: date
    sex: str


def bare(text: str) -> str:
    """The NIK without spaces, dots, dashes and quotes."""
    return re.sub(r"[\s.\-–—'\"`’‘“”\u00a0]", "", text)


def damaged_by_spreadsheet(text: str, *, is_number: bool) -> bool:
    """Whether a spreadsheet has already lost digits of this NIK (rule `nik_rusak_excel`)."""
    text = text.strip()
    if re.fullmatch(r"['\"]?\d+([.,]\d+)?[eE]\+?\d+['\"]?", text):
        return True
    if not is_number or not re.fullmatch(r"\d+", text):
        return False
    return (len(text) == 16 and text.endswith("0")) or int(text) > LARGEST_EXACT


def is_empty(digits: str) -> bool:
    """Whether the bare text stands for no NIK: nothing, `0`, or one digit repeated."""
    return digits == "" or (digits.isdigit() and len(set(digits)) == 1)


def read(digits: str, *, today: date) -> NikFacts | None:
    """What a bare NIK of sixteen digits says, or `None` where it cannot exist."""
    if not re.fullmatch(r"[0-9]{16}", digits):
        return None
    if digits[:2] not in PROVINCES or digits[12:] == "0000":
        return None
    return read_birth(digits[6:12], today=today)


def read_birth(part: str, *, today: date) -> NikFacts | None:
    """What the six digits in the middle (DDMMYY, women's days + 40) say.

    The two-digit year is the latest that does not put the birth after `today`; `None` for a
    date that no calendar has.
    """
    day, month, year = int(part[:2]), int(part[2:4]), int(part[4:])
    sex = "P" if day > 40 else "L"
    day -= 40 if day > 40 else 0
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    this_century = today.year // 100 * 100
    for century in (this_century, this_century - 100):
        try:
            born = date(century + year, month, day)
        except ValueError:
            continue
        if born <= today:
            return NikFacts(born, sex)
    return None
