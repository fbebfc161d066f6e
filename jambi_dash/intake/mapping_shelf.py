"""Columns that were settled by hand, remembered for the next list of the same sender.

```
home/mappings/ID.toml   one sender's headers of one form: column by header
home/mappings/write.lock
```

A list is known again by its sender, where somebody says who it is, or by the fingerprint of its
header line. Only headers are kept, never a cell; a header that could be a person's is not.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from jambi_dash.domain import foreign_toml
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import plain
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.columns import TABLE_BY_NAME, Table
from jambi_dash.intake.headers import SEARCHED_LINES, Mapping
from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.store import now_wib, write_durably

MOST_MAPPINGS = 2000
LONGEST_SENDER = 80
_LONGEST_HEADER = 80
_ID = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile(r"\d{6,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Remembered:
    """One remembered mapping: column by header (`""`: leave aside) of one table.

    `sender` is `""` where nobody said who sent the list; `fingerprint` is that of the header line.
    """

    id: str
    sender: str
    table: str
    fingerprint: str
    columns: tuple[tuple[str, str], ...]
    saved: str

    def shown(self) -> str:
        """The pairs for people: `Wilayah → kelurahan`."""
        return ", ".join(f"{header} → {column or '–'}" for header, column in self.columns)


def fingerprint(headers: Sequence[str]) -> str:
    """What a header line is known by again, however it is capitalised and spaced."""
    words = [plain(header) for header in headers]
    while words and not words[-1]:
        words.pop()
    if sum(map(bool, words)) < 2:
        return ""
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def clean_sender(name: str) -> str:
    """A sender's name as it is kept; raises `Refusal` for one that is none."""
    name = " ".join(_CONTROL.sub(" ", name).split())
    if len(name) > LONGEST_SENDER or _NUMBER.search(name):
        raise Refusal(
            t("Nama pengirim paling panjang {n} huruf dan tanpa nomor panjang; tulis nama kantornya, "
              "misalnya Kelurahan Rawa Sari.", n=LONGEST_SENDER)
        )  # fmt: skip
    return name


class MappingShelf:
    """The remembered mappings under one home folder."""

    def __init__(self, home: Path) -> None:
        """`home` need not exist yet: an absent shelf is empty."""
        self.folder = home / "mappings"

    def list(self) -> list[Remembered]:
        """All that can be read, by sender, newest first within one."""
        found = []
        with contextlib.suppress(OSError):
            for path in sorted(self.folder.glob("*.toml")):
                if entry := _read(path):
                    found.append(entry)
        found.sort(key=lambda entry: entry.saved, reverse=True)
        return sorted(found, key=lambda entry: entry.sender.casefold())

    def damaged(self) -> Sequence[str]:
        """Names of files that cannot be read."""
        return [path.name for path in sorted(self.folder.glob("*.toml")) if _read(path) is None]

    def remember(
        self, sender: str, table: str, headers: Sequence[str], columns: Iterable[tuple[str, str]]
    ) -> Remembered | None:
        """Keeps the pairs of header and column for the header line; `None` if nothing can be kept.

        Raises:
            Refusal: the shelf is full or cannot be written, or the sender's name is none.
        """
        sender = clean_sender(sender)
        kept = tuple(
            (header, column)
            for header, column in ((_CONTROL.sub(" ", h), c) for h, c in columns)
            if len(header) <= _LONGEST_HEADER and not _NUMBER.search(header)
        )
        known = fingerprint(headers)
        if not kept or not known:
            return None
        name = hashlib.sha256(f"{plain(sender)}\n{table}\n{known}".encode()).hexdigest()[:16]
        entry = Remembered(
            name, sender, table, known, kept, now_wib().isoformat(timespec="seconds")
        )
        with self._changing():
            path = self.folder / f"{name}.toml"
            if not path.exists() and len(list(self.folder.glob("*.toml"))) >= MOST_MAPPINGS:
                raise Refusal(t("Sudah {n} pemetaan diingat; hapus yang lama.", n=MOST_MAPPINGS))
            write_durably(path, _toml(entry))
            AuditLog(self.folder.parent).note("mapping", remembered=1)
        return entry

    def forget(self, mapping_id: str) -> None:
        """Deletes one remembered mapping; one that is gone is no fault."""
        if not _ID.fullmatch(mapping_id):
            return
        with self._changing():
            (self.folder / f"{mapping_id}.toml").unlink(missing_ok=True)
            AuditLog(self.folder.parent).note("mapping", forgotten=1)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(str(self.folder / "write.lock"), timeout=20):
                for left in self.folder.glob("*.toml.*"):  # of a writer that was killed
                    left.unlink(missing_ok=True)
                yield
        except (Timeout, OSError) as error:
            raise Refusal(
                t("Pemetaan di {folder} tidak dapat disimpan ({error}); periksa hak akses dan "
                  "ruang disk.", folder=self.folder, error=getattr(error, "strerror", None) or error)
            ) from None  # fmt: skip


def fitting(
    remembered: Sequence[Remembered], head: Sequence[Sequence[str]], sender: str = ""
) -> list[Remembered]:
    """What is remembered for a list with these first lines, the most fitting last.

    A named sender's own mappings hold for every list of theirs, and those of the same header line
    hold above them. Without a sender (or one without mappings) the header line must be known; where
    senders have settled the same line differently, nothing is taken.
    """
    prints = set(_fingerprints(head))
    if sender and (own := [e for e in remembered if plain(e.sender) == plain(sender)]):
        return sorted(own, key=lambda entry: (entry.fingerprint in prints, entry.saved))
    same = [entry for entry in remembered if entry.fingerprint in prints]
    ways = {(entry.table, entry.columns) for entry in same}
    return same if len(ways) == len({table for table, _ in ways}) else []


def with_remembered(mapping: Mapping, remembered: Iterable[Remembered]) -> Mapping:
    """`mapping` with what was remembered below it: what is said now stands above."""
    by_table: dict[str, dict[str, str]] = {}
    for entry in remembered:
        for header, column in entry.columns:
            if plain(header) not in mapping.everywhere:
                by_table.setdefault(entry.table, {})[plain(header)] = column
    for table, pairs in mapping.by_table.items():
        by_table[table] = by_table.get(table, {}) | pairs
    return Mapping(mapping.everywhere, by_table)


def remember_lists(
    home: Path, sender: str, mapping: Mapping, lists: Iterable[tuple[Table, Sequence[str]]]
) -> int:
    """Remembers for every list (table and header line) what `mapping` says of its headers.

    Returns how many lists there was something to remember of. Raises `Refusal` as `remember` does.
    """
    kept = 0
    for table, headers in lists:
        shown = [" ".join(header.split()) for header in headers]
        columns = [
            (header, column)
            for header in dict.fromkeys(shown)
            if header and (column := mapping.column_of(table, header)) is not None
        ]
        kept += MappingShelf(home).remember(sender, table.name, headers, columns) is not None
    return kept


def _fingerprints(head: Sequence[Sequence[str]]) -> Iterator[str]:
    """Those of every line that may be a header, alone and over the line below."""
    for index, row in enumerate(head[:SEARCHED_LINES]):
        yield fingerprint(row)
        if index + 1 < len(head):
            below = head[index + 1]
            width = max(len(row), len(below))
            padded = [[*line, *[""] * (width - len(line))] for line in (row, below)]
            yield fingerprint([low.strip() or high for high, low in zip(*padded, strict=True)])


def _toml(entry: Remembered) -> str:
    def text(value: str) -> str:  # a JSON string is a TOML string, but for the delete sign
        return json.dumps(value, ensure_ascii=False)

    lines = [
        "# " + t("Pemetaan kolom yang diingat: hanya judul kolom, tanpa isi."),
        f"sender = {text(entry.sender)}",
        f"fingerprint = {text(entry.fingerprint)}",
        f"saved = {text(entry.saved)}",
        "",
        f"[{entry.table}]",
        *(f"{text(header)} = {text(column or '-')}" for header, column in entry.columns),
    ]
    return "\n".join(lines) + "\n"


def _read(path: Path) -> Remembered | None:
    try:
        raw: dict[str, Any] = foreign_toml.parse(path.read_text(encoding="utf-8"))
        [table] = [key for key, value in raw.items() if isinstance(value, dict)]
        kinds = TABLE_BY_NAME[table].kinds
        columns = tuple(
            (header, "" if column == "-" else column) for header, column in raw[table].items()
        )
        sender, known, saved = raw["sender"], raw["fingerprint"], raw["saved"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    texts = (sender, known, saved, *(column for _, column in columns))
    if not all(isinstance(text, str) for text in texts) or not _ID.fullmatch(path.stem):
        return None
    if not all(column == "" or column in kinds for _, column in columns):
        return None
    return Remembered(path.stem, sender, table, known, columns, saved)
