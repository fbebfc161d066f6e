"""Every table of a release as it lies there, in pieces, for another engine."""

from __future__ import annotations

from typing import Any

from jambi_dash.queries.door import Door


def tables_of(door: Door) -> list[str]:
    """The names of the release's tables."""
    return [str(name) for (name,) in door.rows("release_tables")]


def batches_of(door: Door, table: str, rows: int = 100_000) -> Any:
    """A table as an Arrow reader of record batches, whose `schema` tells the columns."""
    return door.batches(table, rows)
