"""What the words after an option mean; a word that means nothing is refused in one sentence."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

from jambi_dash.domain.cells import parse_count, parse_date, parse_rupiah
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month


def day(text: str) -> date:
    """`2025-12-31`."""
    found = parse_date(text)
    if found is None:
        raise ArgumentTypeError(t("“{text}” bukan tanggal seperti 2025-12-31", text=text))
    return found


def month(text: str) -> Month:
    """`2025-12`."""
    found = Month.parse_iso(text)
    if found is None:
        raise ArgumentTypeError(t("“{text}” bukan bulan seperti 2025-12", text=text))
    return found


def positive(text: str) -> int:
    """A whole number above 0."""
    if not text.isdigit() or int(text) == 0:
        raise ArgumentTypeError(t("“{text}” bukan bilangan bulat di atas 0", text=text))
    return int(text)


def count(text: str) -> int:
    """A whole number, with or without full stops between thousands."""
    found = parse_count(text)
    if found is None:
        raise ArgumentTypeError(t("“{text}” bukan bilangan bulat", text=text))
    return found


def rupiah(text: str) -> int:
    """An amount of rupiah."""
    found = parse_rupiah(text)
    if found is None:
        raise ArgumentTypeError(
            t("“{text}” bukan rupiah seperti 604000000 atau Rp604.000.000", text=text)
        )
    return found
