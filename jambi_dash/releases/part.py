"""The part of a release that lies in some kelurahan, as a database in memory.

The rows of those kelurahan are copied and the file is let go of, so that no question, however it
is asked, can answer about another place. What has no place is worked out again from the rows that
are left, or is not there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import duckdb

_PLACE = "kelurahan_code"
_KECAMATAN_CODE = 8
_ROLLUPS = Path(__file__).parent / "sql" / "rollups.sql"
_TABLE = re.compile(r"CREATE TABLE release\.(\w+)")
_LATE = ("enable_external_access", "lock_configuration")
# Tables without a kelurahan that are known to be fit for everybody, or for nobody.
_WHOLE = {"meta": "true", "source": "false"}


def copy_of(
    path: Path, areas: Collection[str], config: Mapping[str, Any]
) -> duckdb.DuckDBPyConnection:
    """Copies the rows of kelurahan `areas`; `config` is that of a reader of the whole release.

    Raises:
        duckdb.Error: the file cannot be read.
    """
    early = {name: value for name, value in config.items() if name not in _LATE}
    # Small and many, one for each set of areas: a thread each.
    connection = duckdb.connect(":memory:", config={**early, "temp_directory": "", "threads": 1})
    try:
        _copy(connection, path, sorted(areas))
        for name in _LATE:
            connection.execute(f"SET {name} = {config[name]}")
    except BaseException:
        connection.close()
        raise
    return connection


def _copy(connection: duckdb.DuckDBPyConnection, path: Path, areas: list[str]) -> None:
    connection.execute("ATTACH $path AS whole (READ_ONLY)", {"path": str(path)})
    columns = connection.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() "
        "WHERE database_name = 'whole' GROUP BY table_name"
    ).fetchall()
    copied = set()
    for table, names in columns:
        condition = _WHOLE.get(table)
        if table == "area_kelurahan":
            condition = "list_contains($areas, code)"
        elif table == "area_kecamatan":
            condition = f"list_contains([left(a, {_KECAMATAN_CODE}) for a in $areas], code)"
        elif _PLACE in names:
            condition = f"list_contains($areas, {_PLACE})"
        if condition is not None:
            copied.add(table)
            connection.execute(
                f'CREATE TABLE "{table}" AS FROM whole."{table}" WHERE {condition}',
                {"areas": areas} if "$areas" in condition else None,
            )
    connection.execute("DETACH whole")
    for statement in connection.extract_statements(_ROLLUPS.read_text(encoding="utf-8")):
        made = _TABLE.search(statement.query)
        if made and made.group(1) not in copied:
            connection.execute(statement.query.replace("release.", ""))
