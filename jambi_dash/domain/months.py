"""A calendar month as a value of its own: contributions are paid by month, not by day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A month; compares, counts and prints as `2025-06`."""

    year: int
    month: int

    @classmethod
    def of(cls, value: date) -> Month:
        """The month that holds the day."""
        return cls(value.year, value.month)

    @classmethod
    def parse_iso(cls, text: str) -> Month | None:
        """`2025-06`; `None` for anything else."""
        found = re.fullmatch(r"(\d{4})-(\d{2})", text.strip())
        if not found:
            return None
        year, month = int(found[1]), int(found[2])
        return cls(year, month) if 1 <= month <= 12 and 1900 <= year <= 2199 else None

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def index(self) -> int:
        """Months since year 0, for differences."""
        return self.year * 12 + self.month - 1

    @classmethod
    def from_index(cls, index: int) -> Month:
        """The inverse of `index`."""
        return cls(index // 12, index % 12 + 1)

    def plus(self, months: int) -> Month:
        """The month so many months later (or earlier, if negative)."""
        return Month.from_index(self.index() + months)

    def first_day(self) -> date:
        """The first of the month."""
        return date(self.year, self.month, 1)

    def last_day(self) -> date:
        """The last day of the month."""
        return date.fromordinal(self.plus(1).first_day().toordinal() - 1)
