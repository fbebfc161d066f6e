"""The log: who did what and when, in lines that cannot be changed unseen.

```
home/log/
  log.jsonl    one line a deed, oldest first; only ever appended to
  head         number and seal of the last line, itself sealed: a cut end is noticed
  write.lock   held by whoever appends
```

Every line is sealed by HMAC-SHA-256 under a key made from the store's, over its own words and the
seal of the line before: changing, removing, inserting or reordering lines breaks the chain. What
this cannot show: a line and its head put back together to an earlier state (compare with a seal
noted elsewhere, or with the releases, as `doctor` does), and a forger who holds the store's key.

A line has no name, NIK, address or file name: a person is a keyed pseudonym, a file its hash.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases.store import Store, now_wib, write_durably

Deed = Literal[
    "import", "rollback", "set_aside", "boundaries_install", "boundaries_remove", "mend_list", "export",
    "scenario_save", "scenario_change", "scenario_delete", "scenario_restore", "review", "mapping",
    "roles_changed", "sign_in", "sign_in_refused", "sign_out", "serve", "backup", "restore",
    "not_done",
]  # fmt: skip

_LOG = logging.getLogger("jambi_dash")
_TOKEN = re.compile(r"[A-Za-z0-9._:,+=|-]{0,100}")
_FACT = re.compile(r"[a-z0-9_]{1,24}")
_LOCK_SECONDS = 15.0
_TAIL = 1 << 16
_FIRST = "0" * 64


@dataclass(frozen=True)
class Actor:
    """Who acts: a role and a keyed pseudonym."""

    role: str
    who: str


PROGRAM = Actor("proses", "-")
"""Nobody in particular: the program noticed something."""
_acting: Callable[[Path], Actor] = lambda _home: PROGRAM  # noqa: E731


def act_as(asked: Callable[[Path], Actor]) -> None:
    """Says, for this process, who acts; asked with the home folder at every line."""
    global _acting
    _acting = asked


@dataclass(frozen=True)
class Entry:
    """One line of the log. `time` is WIB in ISO, `facts` are tokens and numbers."""

    seq: int
    time: str
    role: str
    who: str
    deed: str
    facts: Mapping[str, Any]
    prev: str
    seal: str

    def said(self) -> dict[str, Any]:
        """What is sealed."""
        return {
            "seq": self.seq, "time": self.time, "role": self.role, "who": self.who,
            "deed": self.deed, "facts": dict(self.facts), "prev": self.prev,
        }  # fmt: skip

    @classmethod
    def from_line(cls, line: bytes) -> Entry | None:
        """Reads a line; `None` for one that is none, such as one cut by a crash."""
        try:
            raw = json.loads(line)
            found = cls(**raw)
        except (ValueError, TypeError, RecursionError):
            return None
        texts = (found.time, found.role, found.who, found.deed, found.prev, found.seal)
        if (
            isinstance(found.seq, bool)
            or not isinstance(found.seq, int)
            or not all(isinstance(text, str) for text in texts)
            or not isinstance(found.facts, dict)
        ):
            return None
        return found


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found; `problems` are sentences, empty where it is whole.

    `torn` counts lines cut by a crash: they hold nothing and break nothing. `seal` is that of the
    last line, to be noted elsewhere.
    """

    entries: int
    torn: int
    problems: tuple[str, ...]
    seal: str

    @property
    def ok(self) -> bool:
        """Whether the chain is whole."""
        return not self.problems


class AuditLog:
    """The log of one store."""

    def __init__(self, home: Path, actor: Actor | None = None) -> None:
        """`home` need not exist yet: an absent log is empty. `actor` acts instead of `act_as`."""
        self._home = home
        self._actor = actor
        self.folder = home / "log"
        self.path = self.folder / "log.jsonl"
        self._head = self.folder / "head"

    # Writing

    def append(self, deed: Deed, **facts: Any) -> int:
        """Writes a line, durably, and returns its number.

        Raises:
            Refusal: the log cannot be written.
        """
        _check_facts(facts)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            actor = self._actor or _acting(self._home)
            with FileLock(str(self.folder / "write.lock"), timeout=_LOCK_SECONDS):
                return self._append(actor, deed, facts)
        except (OSError, Timeout) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise Refusal(
                t("Catatan (log) di {folder} tidak dapat ditulis ({reason}), jadi tidak ada yang "
                  "diubah; periksa ruang dan hak aksesnya.", folder=self.folder, reason=reason)
            ) from None  # fmt: skip

    def note(self, deed: Deed, **facts: Any) -> bool:
        """Writes a line for a deed that goes on without one; a failing log is told, not raised."""
        try:
            self.append(deed, **facts)
        except Refusal as refusal:
            _LOG.error("log: %s", refusal)
            return False
        return True

    @contextmanager
    def before(self, deed: Deed, **facts: Any) -> Iterator[None]:
        """Writes the line first, then lets the block do it; a block that fails is told too.

        A deed is never without its line: where the line cannot be written, nothing is done.
        """
        number = self.append(deed, **facts)
        try:
            yield
        except BaseException:
            self.note("not_done", of=number)
            raise

    def _append(self, actor: Actor, deed: str, facts: Mapping[str, Any]) -> int:
        key = _chain_key(self._key())
        last, head = self._last(), self._read_head(key)
        number, prev = (last.seq, last.seal) if last else (0, _FIRST)
        if head and head[0] > number:
            # The end was cut off: going on behind the head keeps the gap to be seen.
            number, prev = head
        entry = Entry(number + 1, now_wib().isoformat(timespec="milliseconds"), actor.role,
                      actor.who, deed, dict(facts), prev, "")  # fmt: skip
        seal = _seal(key, entry.said())
        line = _json({**entry.said(), "seal": seal}) + b"\n"
        is_new = not self.path.exists()
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _BINARY, 0o600)
        with os.fdopen(descriptor, "rb+") as file:
            end = file.seek(0, os.SEEK_END)
            if end:
                file.seek(end - 1)
                if file.read(1) != b"\n":  # a crash cut the last line
                    line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            self._flush_folder()
        self._write_head(key, entry.seq, seal)
        return entry.seq

    def _write_head(self, key: bytes, seq: int, seal: str) -> None:
        said = {"seq": seq, "seal": seal}
        write_durably(self._head, _json({**said, "head": _seal(key, said)}).decode() + "\n")
        if os.name != "nt":
            self._head.chmod(0o600)

    def _flush_folder(self) -> None:
        from jambi_dash.releases.store import flush_folder

        flush_folder(self.folder)

    def _key(self) -> bytes:
        store = Store(self._home)
        if not (self._home / "key").exists() and (self.path.exists() or store.history()):
            raise Refusal(
                t("Berkas kunci {key} hilang, jadi catatan tidak dapat disegel; pulihkan kunci dari "
                  "cadangan.", key=self._home / "key")
            )  # fmt: skip
        return store.key()

    def _last(self) -> Entry | None:
        """The last whole line."""
        try:
            with self.path.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - _TAIL))
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            return None
        found = (Entry.from_line(line) for line in reversed(lines))
        return next((entry for entry in found if entry is not None), None)

    def _read_head(self, key: bytes) -> tuple[int, str] | None:
        """Number and seal of the last line as the head has them; `None` without a sound head."""
        try:
            raw = json.loads(self._head.read_bytes())
            said = {"seq": raw["seq"], "seal": raw["seal"]}
            sound = hmac.compare_digest(_seal(key, said), str(raw["head"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return (int(raw["seq"]), str(raw["seal"])) if sound else None

    # Reading

    def entries(self) -> list[Entry]:
        """All lines, oldest first; cut ones are passed over."""
        return [entry for entry in self._lines() if entry is not None]

    def _lines(self) -> list[Entry | None]:
        for attempt in range(5):
            try:
                lines = self.path.read_bytes().split(b"\n")
                return [Entry.from_line(line) for line in lines if line]
            except FileNotFoundError:
                return []
            except PermissionError:  # Windows: being written this very moment
                if attempt == 4:
                    raise
                time.sleep(0.02)
        return []

    def verify(self) -> Verdict:
        """Checks every seal, the chain, its end, and that no release came without a line."""
        lines = self._lines()
        entries = [entry for entry in lines if entry is not None]
        if not entries and not self._head.exists():
            return Verdict(0, 0, (), _FIRST)
        try:
            key = _chain_key(self._key())
        except Refusal as refusal:
            return Verdict(len(entries), 0, (str(refusal),), "")
        head = self._read_head(key)
        problems: list[str] = []
        number, seal = 0, _FIRST
        for entry in entries:
            if not hmac.compare_digest(_seal(key, entry.said()).encode(), _bytes(entry.seal)):
                problems.append(t("baris {n} diubah sesudah ditulis", n=entry.seq))
            elif entry.seq > number + 1:
                problems.append(
                    t("baris {a} sampai {b} hilang", a=number + 1, b=entry.seq - 1)
                )  # fmt: skip
            elif (entry.seq, entry.prev) != (number + 1, seal):
                problems.append(
                    t("baris {n} tidak bersambung dengan baris sebelumnya", n=entry.seq)
                )
            number, seal = entry.seq, entry.seal
        if head is None and (number > 1 or self._head.exists()):
            problems.append(t("berkas head hilang atau diubah, jadi ujung catatan tidak terjamin"))
        elif head is not None and head[0] > number:
            problems.append(
                t("ujungnya terpotong: baris {a} sampai {b} hilang", a=number + 1, b=head[0])
            )
        elif head is not None and not any((e.seq, e.seal) == head for e in entries):
            problems.append(t("baris {n} bukan yang dulu ditulis", n=head[0]))
        problems += self._without_line(entries)
        return Verdict(len(entries), len(lines) - len(entries), tuple(problems), seal)

    def _without_line(self, entries: list[Entry]) -> list[str]:
        """Releases that came after the log began and that it does not know."""
        if not entries:
            return []
        known = {str(entry.facts.get("release")) for entry in entries if entry.deed == "import"}
        began = entries[0].time[:19]
        return [
            t("rilis {release} terbit tanpa baris di catatan", release=record.release)
            for record in Store(self._home).history()
            if record.created[:19] > began and record.release not in known
        ]

    # People

    def pseudonym(self, identity: str) -> str:
        """The keyed pseudonym of a person or an account, 12 hex digits."""
        return pseudonym(self._key(), identity)


_BINARY = getattr(os, "O_BINARY", 0)


def pseudonym(key: bytes, identity: str) -> str:
    """12 hex digits that stand for a person; only who holds the store's key can work them out."""
    said = identity.strip().casefold().encode("utf-8", "replace")
    return hmac.new(_derived(key, b"orang"), said, hashlib.sha256).hexdigest()[:12]


def file_token(sha256: str, name: str) -> str:
    """A file in a line: hash and suffix. Its name may hold a person's."""
    suffix = Path(name).suffix.lower()
    return sha256 + (suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else "")


def _check_facts(facts: Mapping[str, Any]) -> None:
    """Only short tokens and numbers may stand in a line: no words of a person get in."""
    for name, value in facts.items():
        if not _FACT.fullmatch(name):
            raise ValueError(f"log: {name!r} is no name of a fact")
        values = value if isinstance(value, list) else [value]
        if isinstance(value, dict):
            _check_facts(value)
            continue
        for part in values:
            if part is None or isinstance(part, int | float):
                continue
            if not isinstance(part, str) or not _TOKEN.fullmatch(part):
                raise ValueError(f"log: the value of {name} is no token")


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()


def _bytes(text: str) -> bytes:
    # A line that was meddled with may hold any sign, also one that no text has.
    return text.encode("utf-8", errors="surrogatepass")


def _seal(key: bytes, said: Mapping[str, Any]) -> str:
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=8)
def _derived(key: bytes, use: bytes) -> bytes:
    return hmac.new(key, b"jambi-dash " + use, hashlib.sha256).digest()


def _chain_key(key: bytes) -> bytes:
    return _derived(key, b"catatan")


__all__ = [
    "PROGRAM",
    "Actor",
    "AuditLog",
    "Deed",
    "Entry",
    "Verdict",
    "act_as",
    "file_token",
    "pseudonym",
]
