"""What an import found, sheet by sheet, in numbers and rule ids; nothing personal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass
class SheetReport:
    """The fate of the rows of one sheet: read = accepted + rejected; skipped stands outside."""

    table: str
    file: str
    sheet: str
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_skipped: int = 0
    warnings: dict[str, int] = field(default_factory=dict)
    rejections: dict[str, int] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    """Recognised column → the header in the file."""
    synthetic: bool = False
    filled: dict[str, int] | None = None
    """Of a roster without a kelurahan: rows by where their place and other data came from."""

    def to_json(self) -> dict[str, Any]:
        """The entry of `tables` in contract section 5."""
        return {
            "table": self.table,
            "file": self.file,
            "sheet": self.sheet,
            "rows_read": self.rows_read,
            "rows_accepted": self.rows_accepted,
            "rows_rejected": self.rows_rejected,
            "rows_skipped": self.rows_skipped,
            "warnings": self.warnings,
            "rejections": self.rejections,
            "unknown_columns": self.unknown_columns,
            # Only where there is something to say: an ordinary import has the agreed keys.
            **({"filled": self.filled} if self.filled is not None else {}),
        }


@dataclass
class ImportReport:
    """A whole import: its sheets, the remarks on what was passed over, and whether it is out."""

    as_of: date
    sheets: list[SheetReport]
    remarks: list[str]
    release: str | None = None
    review: dict[str, int] = field(default_factory=dict)
    """What waits for a decision: pairs of possible doubles, rows of split kelurahan."""
    part: dict[str, Any] | None = None
    """Of a partial import: its areas, and by table how many rows were replaced and kept."""

    @property
    def published(self) -> bool:
        """Whether a release came of it."""
        return self.release is not None

    @property
    def synthetic(self) -> bool:
        """Whether any sheet calls itself invented."""
        return any(sheet.synthetic for sheet in self.sheets)

    def to_json(self) -> dict[str, Any]:
        """The answer of `import` in contract section 5."""
        return {
            "release": self.release,
            "as_of": self.as_of.isoformat(),
            "published": self.published,
            "tables": [sheet.to_json() for sheet in self.sheets],
            **({"review": self.review} if self.review else {}),
            **({"part": self.part} if self.part is not None else {}),
        }
