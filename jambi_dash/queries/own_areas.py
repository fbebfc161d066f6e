"""A release as somebody sees it who may see some kelurahan only: nothing else is behind the door.

The rows of those kelurahan are copied into memory and the file is let go of, so that no question,
however it is asked, can answer about another place. What has no place is worked out again from the
rows that are left, or is not there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import EVERYTHING, Sight
from jambi_dash.queries.door import READER_CONFIG, Door
from jambi_dash.settings import PROJECT

_PLACE = "kelurahan_code"
_KECAMATAN_CODE = 8
_OWN_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    **{name: value for name, value in READER_CONFIG.items() if name not in (
        "enable_external_access", "lock_configuration")},
    # Small and many: one for each set of areas.
    "threads": 1,
}  # fmt: skip
_ROLLUPS = PROJECT / "jambi_dash" / "releases" / "sql" / "rollups.sql"
_TABLE = re.compile(r"CREATE TABLE release\.(\w+)")


def open_door(path: Path, sight: Sight = EVERYTHING) -> Door:
    """The release as `sight` allows; raises `Refusal` where it cannot be read."""
    door = Door(path) if sight.areas is None else OwnAreasDoor(path, sight)
    door.sight = sight
    return door


class OwnAreasDoor(Door):
    """The part of a release that lies in some kelurahan."""

    def __init__(self, path: Path, sight: Sight) -> None:
        """Copies the part into memory; raises `Refusal` where the release cannot be read."""
        assert sight.areas is not None
        self.sight = sight
        with Door(path) as whole:
            self.schema = whole.schema
            # Shares of a city figure need the whole register; only `register` gives it out.
            self._register = whole.register()
        self._connection = duckdb.connect(":memory:", config=_OWN_CONFIG)
        try:
            _copy(self._connection, path, sorted(sight.areas))
        except duckdb.Error:
            self._connection.close()
            raise Refusal(
                t("Rilis {name} tidak dapat dibuka; periksa dengan perintah doctor atau kembalikan "
                  "rilis sebelumnya.", name=path.stem)
            ) from None  # fmt: skip

    def register(self) -> list[tuple[Any, ...]]:
        """The register of all RTs, also of other kelurahan: for the shares of a city figure."""
        return self._register


def _copy(connection: duckdb.DuckDBPyConnection, path: Path, areas: list[str]) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS whole (READ_ONLY)")
    columns = connection.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() "
        "WHERE database_name = 'whole' GROUP BY table_name"
    ).fetchall()
    own: dict[str, Any] = {"areas": areas}
    for table, names in columns:
        condition = {"meta": "true", "source": "false"}.get(table)
        if table == "area_kelurahan":
            condition = "list_contains($areas, code)"
        elif table == "area_kecamatan":
            condition = f"list_contains([left(a, {_KECAMATAN_CODE}) for a in $areas], code)"
        elif _PLACE in names:
            condition = f"list_contains($areas, {_PLACE})"
        if condition is not None:
            connection.execute(
                f'CREATE TABLE "{table}" AS FROM whole."{table}" WHERE {condition}',
                own if "$areas" in condition else None,
            )
    connection.execute("DETACH whole")
    copied = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
    rollups = _ROLLUPS.read_text(encoding="utf-8")
    for statement in connection.extract_statements(rollups):
        made = _TABLE.search(statement.query)
        if made and made.group(1) not in copied:
            connection.execute(statement.query.replace("release.", ""))
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
