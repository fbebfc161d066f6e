"""The DuckDB in which an import is put together, thrown away when it is done.

It holds the senders' rows, names and all, so it lives in memory; what does not fit spills into a
folder that only its owner may open, and goes when the import ends. This is the only door to DuckDB for building; readers use
`queries.door`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    # Offline, a failing auto-install costs seconds per attempt; a local frame must never be
    # readable from SQL by its name.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}


class BuildError(Exception):
    """A step of a build failed; carries the step's name and the SQL text."""


_FULL = re.compile(r"No space left|File too large|[Dd]isk quota|max_temp_directory_size")


@contextmanager
def telling_of_a_full_disk() -> Iterator[None]:
    """Inside, a disk without room is a `Refusal` in plain words, whoever met it."""
    try:
        yield
    except (duckdb.Error, BuildError, OSError) as error:
        if not _FULL.search(str(error)):
            raise
        raise Refusal(
            t("Disk penuh: tidak ada tempat untuk menyusun rilis; kosongkan ruang lalu ulangi.")
        ) from None


class Workbench:
    """One build: load rows, run named steps, write the release."""

    def __init__(self, folder: Path, *, memory_limit: str = "1300MB") -> None:
        """Starts empty; `folder` takes what does not fit into `memory_limit`."""
        # In memory, not in a file: a file would compress every row that is read once and left.
        self._con = duckdb.connect(":memory:", config=CONFIG)
        self._con.execute(f"SET memory_limit = '{memory_limit}'")
        self._con.execute(f"SET temp_directory = '{_quoted(folder / 'spill')}'")
        self._con.execute("SET enable_progress_bar = false")

    def run(self, name: str, sql: str, values: Mapping[str, Any] | None = None) -> None:
        """Runs every statement of one step; each statement takes the values that it names."""
        try:
            for statement in self._con.extract_statements(sql):
                wanted = statement.named_parameters
                given = {k: v for k, v in (values or {}).items() if k in wanted}
                self._con.execute(statement, given or None)
        except duckdb.Error as error:
            raise BuildError(f"step {name} failed: {error}\n{sql}") from error

    def fetch(
        self, name: str, sql: str, values: Sequence[Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """All rows of one question."""
        try:
            return self._con.execute(sql, values).fetchall()
        except duckdb.Error as error:
            raise BuildError(f"step {name} failed: {error}\n{sql}") from error

    def load_arrow(self, table: str, rows: pa.Table) -> None:
        """Makes the table `table` of the rows."""
        self._con.register("incoming", rows)
        self._con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM incoming")
        self._con.unregister("incoming")

    def load_csv(
        self, table: str, path: Path, *, skip_rows: int, delimiter: str, width: int, spare: int
    ) -> CsvFault | None:
        """Makes `table` of a UTF-8 CSV: `row_no`, `c0`…; all text, short rows filled up.

        `skip_rows` rows stand above the data; a row may hold line breaks between quotes, and
        `spare` cells more than `width`.
        Returns the first line that does not follow the form, instead of making the table.
        """
        columns = "{" + ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width + spare)) + "}"
        names = ", ".join(f"coalesce(c{i}, '') AS c{i}" for i in range(width + spare))
        read = (
            f"CREATE OR REPLACE TABLE {table}_lines AS FROM read_csv('{_as_glob(path)}', "
            f"header=false, auto_detect=false, skip={skip_rows}, delim='{delimiter}', "
            f"quote='\"', escape='\"', strict_mode=true, null_padding=true, "
            f"hive_partitioning=false, columns={columns}, max_line_size=2000000, parallel="
        )
        try:
            try:
                self._con.execute(read + "true)")
            except duckdb.Error as error:
                if "quoted new lines" not in str(error):
                    raise
                # Cells with line breaks: threads cannot tell where a row begins.
                self._con.execute(read + "false)")
                if line := self._swallowed(f"{table}_lines", delimiter, width):
                    return CsvFault(line + skip_rows, "quote")
            # A table's own row numbers keep the order of the file; counting in the query would
            # hold the reading to one thread.
            self._con.execute(
                f"CREATE OR REPLACE VIEW {table} AS SELECT rowid + {skip_rows + 1} AS row_no, "
                f"{names}, false AS is_number FROM {table}_lines"
            )
        except duckdb.Error as error:
            return CsvFault.of(str(error))
        return None

    def _swallowed(self, table: str, delimiter: str, width: int) -> int | None:
        """The first row with a cell that holds a whole other row: its quote was never closed."""
        for column in (f"c{index}" for index in range(width)):
            row = self._con.execute(
                f"SELECT min(rowid) + 1 FROM {table} WHERE contains({column}, chr(10)) "
                f"AND length({column}) - length(replace({column}, $sign, '')) >= $signs",
                {"sign": delimiter, "signs": max(2, width - 1)},
            ).fetchone()
            if row and row[0] is not None:
                return int(row[0])
        return None

    def attach_release(self, path: Path, name: str) -> None:
        """Attaches an earlier release, read-only."""
        self._con.execute(f"ATTACH '{_quoted(path)}' AS {name} (READ_ONLY)")

    def detach(self, name: str) -> None:
        """Lets go of an attached file."""
        self._con.execute(f"DETACH {name}")

    def create_release(self, path: Path) -> None:
        """Attaches a new, empty file as `release`."""
        # The older storage form stays readable by DuckDB 1.5, should 2.0 have to be given up.
        self._con.execute(f"ATTACH '{_quoted(path)}' AS release (STORAGE_VERSION 'v1.5.0')")

    def close_release(self) -> None:
        """Writes everything into the one file `release` and closes it: no log is left behind."""
        self._con.execute("CHECKPOINT release")
        self._con.execute("DETACH release")

    def close(self) -> None:
        """Ends the build."""
        self._con.close()


class CsvFault:
    """The first line of a CSV that does not follow its form."""

    def __init__(self, line: int | None, reason: str) -> None:
        """`line` counts from 1; `reason` is `long`, `quote` or `other`."""
        self.line = line
        self.reason = reason

    @classmethod
    def of(cls, message: str) -> CsvFault:
        """Reads DuckDB's own words, which quote the row and so must not be passed on."""

        line = re.search(r"CSV Error on Line: (\d+)", message)
        reason = "other"
        if "Number of Columns" in message:
            reason = "long"
        elif "quote" in message.lower().split("possible fixes")[0]:
            reason = "quote"
        elif "maximum line size" in message.lower():
            reason = "size"
        return cls(int(line[1]) if line else None, reason)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _as_glob(path: Path) -> str:
    """The path for `read_csv`, which would take `[1]`, `*` and `?` in a name for a pattern."""
    return re.sub(r"([*?\[])", r"[\1]", _quoted(path))
