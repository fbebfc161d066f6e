"""Finding the header line of a sheet, and the table that the sheet is.

A sheet is recognised by its headers, not by its name; title lines above them are allowed, and a
header may stand on two lines (a merged group above its columns).
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from jambi_dash.domain import foreign_toml
from jambi_dash.domain.cells import parse_active
from jambi_dash.domain.language import t
from jambi_dash.domain.names import load_gazetteer
from jambi_dash.domain.programme import load_programme, plain
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.columns import (
    BPJS,
    PARTICIPANT_NUMBERS,
    PESERTA,
    RT,
    SANTUNAN,
    TABLE_BY_NAME,
    TABLES,
    Table,
)

SEARCHED_LINES = 40
SYNTHETIC_MARK = "datacontoh"


@dataclass(frozen=True)
class Recognised:
    """A sheet that is one of the tables.

    `header_row` counts from 0, `first_row` is the first row of data; `positions` gives the place
    of each known column, `unknown` the headers that were left aside; `titles` is the text above.
    """

    table: Table
    header_row: int
    first_row: int
    positions: dict[str, int]
    headers: tuple[str, ...]
    unknown: tuple[str, ...]
    titles: tuple[str, ...]

    @property
    def synthetic(self) -> bool:
        """Whether the title lines call the data invented (DATA CONTOH)."""
        return any(SYNTHETIC_MARK in plain(title) for title in self.titles)


@dataclass(frozen=True)
class Mapping:
    """The sender's own headers settled by hand: plain header → column, for all or one table."""

    everywhere: dict[str, str] = field(default_factory=dict)
    by_table: dict[str, dict[str, str]] = field(default_factory=dict)

    def column_of(self, table: Table, header: str) -> str | None:
        """The column that the mapping names for a header; `""` means: leave it aside."""
        word = plain(header)
        column = self.by_table.get(table.name, {}).get(word, self.everywhere.get(word))
        return column if column is None or column == "" or column in table.kinds else None


IGNORED = {"", "-", "abaikan", "ignore"}


def read_mapping(path: Path) -> Mapping:
    """Reads `--mapping FILE.toml`.

    Top level or `[kolom]` (all tables) and `[peserta]`, `[rt]`, `[kampung_bahagia]`, `[santunan]`,
    `[bpjs]` (one table) hold pairs `"header of the file" = "column"`; the reverse order is understood too,
    and `"-"` leaves a column aside. Raises `Refusal` for a file that cannot be read and for a
    name that is no column.
    """
    try:
        raw = foreign_toml.parse(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise Refusal(t("Berkas pemetaan {name} tidak dapat dibuka.", name=path.name)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(
            t("Berkas pemetaan {name} bukan TOML yang benar: {error}.", name=path.name, error=error)
        ) from None
    everywhere: dict[str, str] = {}
    by_table: dict[str, dict[str, str]] = {}
    for key, value in raw.items():
        if not isinstance(value, dict):
            everywhere |= _pair(key, value, path, TABLES)
        elif key in TABLE_BY_NAME:
            chosen = by_table.setdefault(key, {})
            for header, column in value.items():
                chosen |= _pair(header, column, path, (TABLE_BY_NAME[key],))
        elif key in {"kolom", "columns", "mapping", "pemetaan"}:
            for header, column in value.items():
                everywhere |= _pair(header, column, path, TABLES)
        else:
            raise Refusal(
                t("Berkas pemetaan {name}: bagian [{key}] tidak dikenal; pakai [kolom] atau nama "
                  "tabel.", name=path.name, key=_short(key))
            )  # fmt: skip
    return Mapping(everywhere, by_table)


def _short(value: object) -> str:
    """What somebody wrote, no longer than a sentence bears."""
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _pair(key: str, value: object, path: Path, tables: Sequence[Table]) -> dict[str, str]:
    columns = {name for table in tables for name in table.kinds}
    if isinstance(value, str):
        if value in columns:
            return {plain(key): value}
        if value.strip().lower() in IGNORED:
            return {plain(key): ""}
        if key in columns:
            return {plain(value): key}
    raise Refusal(
        t("Berkas pemetaan {name}: {key} = {value} tidak menunjuk kolom yang dikenal; kolomnya: "
          "{columns}.", name=path.name, key=_short(key), value=_short(value), columns=", ".join(sorted(columns)))
    )  # fmt: skip


def recognise(rows: Sequence[Sequence[str]], mapping: Mapping, *, where: str) -> Recognised | None:
    """The table that the first lines of a sheet announce; `None` where no header is found.

    `where` names file and sheet in the sentence of a `Refusal`: two columns that mean the same.
    """
    for index, row in enumerate(rows[:SEARCHED_LINES]):
        found = _announced(list(row), rows[:index], index + 1, mapping)
        if index + 1 < len(rows):
            below = rows[index + 1]
            width = max(len(row), len(below))
            both = [_cell(below, i) or _cell(row, i) for i in range(width)]
            joined = _announced(both, rows[: index + 1], index + 2, mapping)
            if found is None and joined:
                # A title above a header that stands by itself is no part of it.
                alone = _announced(list(below), rows[: index + 1], index + 2, mapping)
                if alone is None or len(alone.positions) < len(joined.positions):
                    found = joined
            elif found and joined and _says_more(joined, found):
                found = joined
        if found:
            if found.table is BPJS:
                found = _rather_a_roster(found, rows, mapping) or found
            if _hides_a_place(found, rows, mapping):
                return None
            _refuse_doubles(found.table, found.headers, mapping, where)
            if found.first_row < len(rows) and _numbers_columns(rows[found.first_row]):
                return replace(found, first_row=found.first_row + 1)
            return found
    return None


def _says_more(joined: Recognised, found: Recognised) -> bool:
    """Whether the header goes on in the second line."""
    if joined.table is not found.table:
        # Half of a roster's header may look like a list of BPJS, which needs two columns only.
        return found.table is BPJS
    return found.positions.items() < joined.positions.items()


def _numbers_columns(row: Sequence[str]) -> bool:
    """Whether the row under the header only numbers the columns, 1, 2, 3 …, as office forms do."""
    cells = [cell.strip(" ().") for cell in row if cell.strip()]
    if len(cells) < 3 or not all(cell.isdecimal() and len(cell) <= 2 for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2


def _announced(
    headers: list[str], above: Sequence[Sequence[str]], first_row: int, mapping: Mapping
) -> Recognised | None:
    for table in TABLES:
        positions, unknown = _positions(table, headers, mapping)
        if _is_table(table, positions, headers, mapping):
            return _found(table, positions, unknown, headers, above, first_row)
    positions, unknown = _positions(PESERTA, headers, mapping)
    if _is_roster_of_names(positions, headers, mapping):
        return _found(PESERTA, positions, unknown, headers, above, first_row)
    return None


def _found(
    table: Table, positions: dict[str, int], unknown: tuple[str, ...], headers: list[str],
    above: Sequence[Sequence[str]], first_row: int,
) -> Recognised:  # fmt: skip
    titles = tuple(cell for row in above for cell in row if cell.strip())
    return Recognised(table, first_row - 1, first_row, positions, tuple(headers), unknown, titles)


def _is_roster_of_names(
    positions: dict[str, int], headers: Sequence[str], mapping: Mapping
) -> bool:
    """Whether NIK and name alone make it a roster: no column of a payment speaks against it."""
    if not set(PESERTA.least) <= set(positions) or len(set(positions.values())) < 2:
        return False
    if "kelurahan" in positions:
        return False
    payments, _ = _positions(SANTUNAN, headers, mapping)
    return not {"program", "nilai"} & set(payments)


_PEEKED = 20
# Who pays and until when is the city's own business: a list of BPJS does not say it.
_OF_THE_CITY = frozenset({"kelompok", "sumber_dana", "sampai", "alasan"})


def _rather_a_roster(
    found: Recognised, rows: Sequence[Sequence[str]], mapping: Mapping
) -> Recognised | None:
    """What looks like a list of BPJS as a roster of names, where its status is one of the ladder.

    In doubt it stays a list of BPJS: that replaces no roster.
    """
    headers = list(found.headers)
    positions, unknown = _positions(PESERTA, headers, mapping)
    if not _is_roster_of_names(positions, headers, mapping):
        return None
    if any(plain(header) in PARTICIPANT_NUMBERS for header in headers):
        return None
    cells = {
        _cell(row, found.positions["status"])
        for row in rows[found.first_row : found.first_row + _PEEKED]
    } - {""}
    stages = load_programme().worker_stages
    on_the_way = any(stages.recognise(cell) and parse_active(cell) is None for cell in cells)
    if not on_the_way and not _OF_THE_CITY & set(positions):
        return None
    return replace(found, table=PESERTA, positions=positions, unknown=unknown)


def _hides_a_place(found: Recognised, rows: Sequence[Sequence[str]], mapping: Mapping) -> bool:
    """Whether a roster without a kelurahan has it under a header that nobody knows.

    Such a sheet is not taken as a list of names: the column has to be settled first.
    """
    if found.table is not PESERTA or "kelurahan" in found.positions:
        return False
    sure = {"kode", "nama", "alias", "angka"}
    for index, header in enumerate(found.headers):
        if index in found.positions.values() or mapping.column_of(PESERTA, header) == "":
            continue
        cells = [_cell(row, index) for row in rows[found.first_row : found.first_row + _PEEKED]]
        cells = [cell for cell in cells if cell]
        places = [load_gazetteer().place(cell).how in sure for cell in cells]
        if cells and header.strip() and sum(places) > len(cells) / 2:
            return True
    return False


def _cell(row: Sequence[str], index: int) -> str:
    return row[index].strip() if index < len(row) else ""


def _column(table: Table, header: str, mapping: Mapping) -> str | None:
    mapped = mapping.column_of(table, header)
    return table.column_of(header) if mapped is None else (mapped or None)


def _meanings(table: Table, headers: Sequence[str], mapping: Mapping) -> list[str | None]:
    """The column that each header means; a second choice means nothing beside a first one."""
    columns = [_column(table, header, mapping) if header.strip() else None for header in headers]
    second = [
        table.is_second_choice(header) and mapping.column_of(table, header) is None
        for header in headers
    ]
    first = {column for column, later in zip(columns, second, strict=True) if not later}
    return [
        None if later and column in first else column
        for column, later in zip(columns, second, strict=True)
    ]


def _positions(
    table: Table, headers: Sequence[str], mapping: Mapping
) -> tuple[dict[str, int], tuple[str, ...]]:
    positions: dict[str, int] = {}
    unknown = []
    for index, column in enumerate(_meanings(table, headers, mapping)):
        if column:
            positions.setdefault(column, index)
        elif headers[index].strip():
            unknown.append(" ".join(headers[index].split()))
    return positions, tuple(unknown)


def _is_table(
    table: Table, positions: dict[str, int], headers: Sequence[str], mapping: Mapping
) -> bool:
    if not set(table.needed) <= set(positions):
        return False
    if len({positions[name] for name in table.needed}) < len(table.needed):
        return False
    if table is RT and len(positions) - ("kecamatan" in positions) == 2:
        # A list of names by RT is no register of RTs.
        people = TABLE_BY_NAME["peserta"]
        return not any(_column(people, header, mapping) in {"nama", "nik"} for header in headers)
    return True


def _refuse_doubles(table: Table, headers: Sequence[str], mapping: Mapping, where: str) -> None:
    means = list(zip(_meanings(table, headers, mapping), headers, strict=True))
    counts = Counter(column for column, _ in means if column)
    for column, count in counts.items():
        if count > 1:
            named = ", ".join(f"“{' '.join(h.split())}”" for c, h in means if c == column)
            raise Refusal(
                t("{where}: judul kolom {named} sama-sama berarti {column}; hapus atau ganti nama "
                  "salah satunya, atau pakai pemetaan kolom.",
                  where=where, named=named, column=column)
            )  # fmt: skip


def nearest_table(
    rows: Sequence[Sequence[str]], mapping: Mapping
) -> tuple[Table, list[str]] | None:
    """For a sheet that is no table: the one it comes closest to, and the columns it lacks."""
    best: tuple[int, Table, list[str]] | None = None
    for row in rows[:SEARCHED_LINES]:
        for table in TABLES:
            positions, _ = _positions(table, row, mapping)
            missing = [name for name in table.needed if name not in positions]
            if len(positions) >= 2 and (best is None or len(positions) > best[0]):
                best = (len(positions), table, missing)
    return (best[1], best[2]) if best and best[2] else None
