"""The one door to a release: read-only, a cursor for every question, SQL from files.

A DuckDB connection shared by threads returns other people's rows; a cursor for every call does
not (tried: 0 of 1.600 against 141–458 wrong answers).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import duckdb

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import EVERYTHING, Sight
from jambi_dash.releases.store import READABLE, SCHEMA

if TYPE_CHECKING:
    # Only named: most commands never make a frame, and pandas takes a third of a second.
    import pandas as pd

SQL = Path(__file__).parent / "sql"

Answer = TypeVar("Answer")

READER_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    # A reader needs nothing but its file: no other file, no network, no setting to change.
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "memory_limit": "1GB",
    # Of eight helpers for each open release six never had anything to read.
    "async_threads": 2,
    "lock_configuration": "true",
}

_STAND_INS = ("kelurahan_change", "kelurahan_register")
"""Rollups that older releases lack; `sql/older` works them out from the rows that they have."""


class QueryError(Exception):
    """A question failed; carries its name and its SQL text, never a value."""


class Door:
    """An open release; `sight` is what may be seen of it (`own_areas.open_door`)."""

    sight: Sight = EVERYTHING
    _missing: tuple[str, ...] = ()
    # Made by the class for those doors too that do not come through `__init__`.
    _kept: dict[str, Any]
    _keeping: threading.RLock

    def __new__(cls, *_: object, **__: object) -> Self:
        """A door with nothing remembered."""
        door = super().__new__(cls)
        door._kept, door._keeping = {}, threading.RLock()
        return door

    def __init__(self, path: Path) -> None:
        """Opens the release file; raises `Refusal` where it cannot be read."""
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=READER_CONFIG)
        except duckdb.Error:
            raise cannot_open(path) from None
        self.schema = dict(self.rows("meta")).get("schema")
        if self.schema not in READABLE:
            self.close()
            raise Refusal(
                t("Rilis {name} dibuat oleh versi program yang lain; impor ulang berkas sumbernya.",
                  name=path.stem)
            )  # fmt: skip
        tables = {name for (name,) in self.rows("release_tables")}
        self._missing = tuple(name for name in _STAND_INS if name not in tables)

    @property
    def is_older(self) -> bool:
        """Whether the release was made before some of today's questions could be answered."""
        return self.schema != SCHEMA

    def once(self, name: str, make: Callable[[], Answer]) -> Answer:
        """What several questions are answered from, made once for a release; it must be frozen, or
        a dictionary of the last few answers.

        It stays as long as the door: nothing that grows with a country's rows.
        """
        with self._keeping:
            if name not in self._kept:
                self._kept[name] = make()
            kept: Answer = self._kept[name]
            return kept

    def register(self) -> list[tuple[Any, ...]]:
        """The register of all RTs, that a city figure is shared over."""
        return self.rows("rts")

    def rows(self, question: str, **values: Any) -> list[tuple[Any, ...]]:
        """All rows of the question `sql/QUESTION.sql`, its `$names` bound to `values`."""
        cursor = self._cursor()
        try:
            return cursor.execute(sql_text(question), values or None).fetchall()
        except duckdb.Error as error:
            raise QueryError(f"{question}: {_without_values(str(error))}") from error
        finally:
            cursor.close()

    def frame(self, question: str, **values: Any) -> pd.DataFrame:
        """The same as a frame with the column names of the SQL."""
        cursor = self._cursor()
        try:
            return cursor.execute(sql_text(question), values or None).df()
        except duckdb.Error as error:
            raise QueryError(f"{question}: {_without_values(str(error))}") from error
        finally:
            cursor.close()

    def columns(self, question: str, **values: Any) -> dict[str, Any]:
        """The same as NumPy arrays by the names of the SQL, masked where a column has NULLs."""
        cursor = self._cursor()
        try:
            return cursor.execute(sql_text(question), values or None).fetchnumpy()
        except duckdb.Error as error:
            raise QueryError(f"{question}: {_without_values(str(error))}") from error
        finally:
            cursor.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        for name in self._missing:  # what is temporary belongs to one cursor
            cursor.execute(f"CREATE TEMP VIEW {name} AS {sql_text(f'older/{name}')}")
        return cursor

    def batches(self, table: str, rows: int) -> Any:
        """A whole table as an Arrow reader of batches of so many rows."""
        return self._connection.cursor().table(table).to_arrow_reader(rows)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class DoorPair(Door):
    """Two releases side by side, as `earlier` and `later`, for one question.

    Between them lies a database in memory, for counts; it lasts as long as the pair is open.
    """

    def __init__(self, earlier: Path, later: Path) -> None:
        """Opens two files whose form a `Door` has checked; raises `Refusal` where it cannot."""
        # Files can be named only before access to files ends, so the lock comes last.
        late = ("enable_external_access", "lock_configuration")
        config = {name: value for name, value in READER_CONFIG.items() if name not in late}
        self._connection = duckdb.connect(":memory:", config={**config, "temp_directory": ""})
        for path, name in ((earlier, "earlier"), (later, "later")):
            try:
                self._connection.execute(f"ATTACH $path AS {name} (READ_ONLY)", {"path": str(path)})
            except duckdb.Error:
                self.close()
                raise cannot_open(path) from None
        self._connection.execute("SET preserve_insertion_order = false")
        for name in late:
            self._connection.execute(f"SET {name} = {READER_CONFIG[name]}")


def cannot_open(path: Path) -> Refusal:
    """The sentence for a release whose file DuckDB does not open."""
    return Refusal(
        t("Rilis {name} tidak dapat dibuka; periksa dengan perintah doctor atau kembalikan "
          "rilis sebelumnya.", name=path.stem)
    )  # fmt: skip


@cache
def sql_text(question: str) -> str:
    """The text of `sql/QUESTION.sql`."""
    return (SQL / f"{question}.sql").read_text(encoding="utf-8")


@cache
def parameters_of(question: str) -> frozenset[str]:
    """The `$names` that a question binds; a test compares them with the functions."""
    statements = duckdb.connect().extract_statements(sql_text(question))
    return frozenset(name for statement in statements for name in statement.named_parameters)


def _without_values(message: str) -> str:
    """An error's first line with quoted values taken out: logs must hold nothing personal."""
    first = message.splitlines()[0] if message else ""
    return re.sub(r"'[^']*'|\"[^\"]*\"|\d{5,}", "…", first)
