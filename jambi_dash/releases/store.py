"""The store of releases: one folder, a pointer, a journal, a key.

```
home/
  current            the id of the release that holds, replaced by one atomic rename
  journal.jsonl      a line for every release: sources, hashes, counts (append-only)
  releases/ID.duckdb a release; never changes
  key                the secret behind every person's hash; only its owner may read it
  building/          imports under way; emptied by the next import or start of the dashboard
  log/               who did what: `audit`
  roles.toml         who may do what, where sign-in is set up: `role_file`
```

A release is written aside, checkpointed, closed, flushed and hashed before its journal line is
written; only then does the pointer move. Killed anywhere, the earlier release stays current.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

SCHEMA = "3"
"""The form of a release's tables."""
READABLE = ("2", SCHEMA)
"""Forms that can still be read: "2" lacks the ladder, double cover and BPJS, which then ask for a
new import. A release of any other form is not read but imported anew."""

WIB = timezone(timedelta(hours=7), "WIB")
"""Western Indonesian time: the clock of the office, whatever the server's is."""

_BLOCK = 64
_KEY_BYTES = 32
_STALE_SECONDS = 6 * 3600
_FILES_TOLD = 100
_BINARY = getattr(os, "O_BINARY", 0)
"""So many file hashes stand in a line of the log; all are in the journal."""


def now_wib() -> datetime:
    """The time in Jambi."""
    return datetime.now(WIB)


@dataclass(frozen=True)
class ReleaseRecord:
    """What the journal says of one release.

    `as_of` is the date of the data, `created` when it was published (WIB, ISO), `sha256` and
    `bytes` of the release file, `sources` a list of files with their hashes, `counts` the rows of
    each table, `synthetic` whether any of it is invented.
    """

    release: str
    as_of: date
    created: str
    sha256: str
    bytes: int
    synthetic: bool
    previous: str | None
    sources: list[dict[str, Any]]
    counts: dict[str, int]

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> ReleaseRecord:
        """Reads one journal line."""
        return cls(
            release=raw["release"],
            as_of=date.fromisoformat(raw["as_of"]),
            created=raw["created"],
            sha256=raw["sha256"],
            bytes=raw["bytes"],
            synthetic=raw["synthetic"],
            previous=raw["previous"],
            sources=raw["sources"],
            counts=raw["counts"],
        )

    def to_json(self) -> dict[str, Any]:
        """The journal line."""
        return {**self.__dict__, "as_of": self.as_of.isoformat()}


class Store:
    """The releases under one home folder."""

    def __init__(self, home: Path) -> None:
        """`home` need not exist yet: reading an absent store finds no release."""
        self.home = home
        self.releases = home / "releases"
        self._pointer = home / "current"
        self._journal = home / "journal.jsonl"
        self._key = home / "key"
        self._building = home / "building"

    # Reading

    def path_of(self, release: str) -> Path:
        """The file of a release."""
        return self.releases / f"{release}.duckdb"

    def history(self) -> list[ReleaseRecord]:
        """All releases, oldest first. A last line that was cut by a crash is passed over."""
        try:
            return read_journal(self._journal.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def record_of(self, release: str) -> ReleaseRecord | None:
        """The journal's record of a release."""
        return next((r for r in self.history() if r.release == release), None)

    def current_id(self) -> str | None:
        """The id that the pointer names, or `None` in a store without releases."""
        for _ in range(5):
            try:
                return self._pointer.read_text(encoding="utf-8").strip() or None
            except (FileNotFoundError, NotADirectoryError):
                return None
            except UnicodeDecodeError:
                return "?"
            except PermissionError:  # Windows, in the moment of the rename
                time.sleep(0.02)
        return None

    def current(self) -> ReleaseRecord | None:
        """The current release, or `None` in an empty store.

        Raises `Refusal` where the pointer names a release that is gone or unknown.
        """
        release = self.current_id()
        if release is None:
            return None
        record = self.record_of(release)
        if record is None or not self.path_of(release).is_file():
            raise Refusal(
                t("Rilis {release} yang sedang berlaku tidak lengkap; kembalikan rilis sebelumnya "
                  "dengan perintah rollback{earlier}.",
                  release=release, earlier=self._offer_earlier(release))
            )  # fmt: skip
        return record

    def require_current(self) -> ReleaseRecord:
        """The current release; raises `Refusal` in an empty store."""
        record = self.current()
        if record is None:
            raise Refusal(
                t("Belum ada rilis data di {home}; impor daftar dahulu dengan perintah import.",
                  home=self.home)
            )  # fmt: skip
        return record

    def require_sound(self) -> ReleaseRecord:
        """The current release with its file compared with the journal, for one-time readers.

        Raises `Refusal` in an empty store, and for a file that is damaged.
        """
        record = self.require_current()
        if not self.verify(record):
            raise self.damaged(record)
        return record

    def verify(self, record: ReleaseRecord) -> bool:
        """Whether the release's file is still what was published, to the byte."""
        path = self.path_of(record.release)
        return (
            path.is_file()
            and path.stat().st_size == record.bytes
            and file_hash(path) == record.sha256
        )

    def damaged(self, record: ReleaseRecord) -> Refusal:
        """The sentence for a release whose file no longer agrees with the journal."""
        return Refusal(
            t("Berkas rilis {release} rusak (tidak sama dengan catatan saat terbit); kembalikan "
              "rilis sebelumnya dengan perintah rollback{earlier}.",
              release=record.release, earlier=self._offer_earlier(record.release))
        )  # fmt: skip

    def _offer_earlier(self, release: str) -> str:
        earlier = (r for r in reversed(self.history()) if r.release != release)
        sound = next((r for r in earlier if self.verify(r)), None)
        return f" {sound.release}" if sound else ""

    # Writing

    @contextmanager
    def writing(self, wait_seconds: float = 20.0) -> Iterator[None]:
        """Holds the store for one writer; another one waits, then is told so."""
        self._make_home()
        try:
            lock = FileLock(str(self.home / "write.lock"), timeout=wait_seconds).acquire()
        except Timeout:
            raise Refusal(
                t(
                    "Impor lain sedang berjalan di penyimpanan ini; tunggu sampai selesai lalu ulangi."
                )
            ) from None
        except OSError as error:
            raise self._not_writable(error) from None
        with lock:
            yield

    def _make_home(self) -> None:
        try:
            # A release has a row for every person: other users of the computer are not to read it.
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.releases.mkdir(mode=0o700, exist_ok=True)
            self._building.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise self._not_writable(error) from None

    def _not_writable(self, error: OSError) -> Refusal:
        return Refusal(
            t("Folder penyimpanan {home} tidak dapat ditulisi ({error}); pilih folder lain "
              "dengan --home.", home=self.home, error=error.strerror or error)
        )  # fmt: skip

    def new_build(self) -> Path:
        """A fresh folder for one import, open to its owner only; clears what crashes left."""
        self._make_home()
        self.sweep()
        folder = self._building / f"{os.getpid()}-{secrets.token_hex(4)}"
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise self._not_writable(error) from None
        return folder

    def sweep(self) -> None:
        """Clears what imports that were killed left behind: it holds the rows of a list."""
        with contextlib.suppress(OSError):  # no store yet, or one that may only be read
            for left in self._building.iterdir():
                # Another import may be at work in a young folder.
                with contextlib.suppress(OSError):  # the other import has just gone
                    if time.time() - left.stat().st_mtime > _STALE_SECONDS or not _alive(left):
                        shutil.rmtree(left, ignore_errors=True)

    def key(self) -> bytes:
        """The store's secret, made at first use, readable by its owner only."""
        try:
            return self._read_key()
        except FileNotFoundError:
            self._make_home()
        secret = secrets.token_bytes(_KEY_BYTES)
        aside = self._key.with_name(f"key.{secrets.token_hex(4)}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret.hex())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, self._key)  # never over a key that another import has just made
        except FileExistsError:
            pass
        except OSError:  # a disk without hard links
            if not self._key.exists():
                aside.replace(self._key)
        aside.unlink(missing_ok=True)
        return self._read_key()

    def _read_key(self) -> bytes:
        try:
            key = bytes.fromhex(self._key.read_text(encoding="ascii").strip())
        except ValueError:
            key = b""
        if len(key) < _KEY_BYTES:
            raise Refusal(
                t("Berkas kunci {key} rusak; pulihkan dari cadangan agar orang yang sama tetap "
                  "dikenali.", key=self._key)
            )  # fmt: skip
        return key

    def key_pads(self) -> dict[str, bytes]:
        """The two padded keys of HMAC-SHA-256 (RFC 2104), for SQL."""
        key = self.key().ljust(_BLOCK, b"\0")
        return {
            "inner_pad": bytes(byte ^ 0x36 for byte in key),
            "outer_pad": bytes(byte ^ 0x5C for byte in key),
        }

    def new_id(self) -> str:
        """An id that sorts by time: `20261120-170233-3f9a`."""
        return f"{now_wib():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"

    def publish(self, built: Path, record: ReleaseRecord) -> None:
        """Makes a finished release file current. Call it inside `writing`.

        The log comes first: where it cannot be written, nothing is published.
        """
        from jambi_dash.releases.audit import AuditLog, file_token

        _flush_file(built)
        target = self.path_of(record.release)
        files = {file_token(source["sha256"], source["file"]) for source in record.sources}
        told = AuditLog(self.home).before(
            "import", release=record.release, sha256=record.sha256, as_of=record.as_of.isoformat(),
            counts=record.counts, files=sorted(files)[:_FILES_TOLD], file_count=len(files),
        )  # fmt: skip
        with told:
            built.chmod(0o600)
            built.replace(target)
            flush_folder(self.releases)
            self._append(record)
            self._point_to(record.release)

    def rollback(self, release: str) -> ReleaseRecord:
        """Makes an older release current again, after its file was checked."""
        record = self.record_of(release)
        if record is None:
            known = ", ".join(r.release for r in self.history()[-3:])
            raise Refusal(
                t("Rilis {release} tidak ada; yang ada antara lain: {known}.",
                  release=release, known=known or "–")
            )  # fmt: skip
        with self.writing():
            if not self.verify(record):
                raise Refusal(
                    t(
                        "Berkas rilis {release} rusak atau hilang; pilih rilis lain.",
                        release=release,
                    )
                )
            from jambi_dash.releases.audit import AuditLog

            with AuditLog(self.home).before(
                "rollback", release=release, earlier=self.current_id() or ""
            ):
                self._point_to(release)
        return record

    def set_aside(self) -> None:
        """Lets no release hold any more, so that the next import starts from nothing.

        The releases stay, and any of them can be made current again.
        """
        with self.writing():
            earlier = self.current_id()
            if earlier is None:
                return
            from jambi_dash.releases.audit import AuditLog

            with AuditLog(self.home).before("set_aside", earlier=earlier):
                self._point_to("")

    def _append(self, record: ReleaseRecord) -> None:
        line = json.dumps(record.to_json(), ensure_ascii=False) + "\n"
        # The names of the files that were sent are in it.
        descriptor = os.open(self._journal, os.O_RDWR | os.O_APPEND | os.O_CREAT | _BINARY, 0o600)
        with os.fdopen(descriptor, "rb+") as file:
            file.seek(0, os.SEEK_END)
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # a crash cut the last line
                    line = "\n" + line
            file.write(line.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())

    def _point_to(self, release: str) -> None:
        write_durably(self._pointer, release + "\n")


def read_journal(content: bytes) -> list[ReleaseRecord]:
    """The records of a journal, oldest first; lines that are none are passed over."""
    records = []
    # Not by `splitlines`: a name may hold other signs that end a line.
    for line in content.split(b"\n"):
        try:
            records.append(ReleaseRecord.from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError):
            continue
    return records


def write_durably(path: Path, text: str) -> None:
    """Puts a small file in its place, whole or not at all: written aside, flushed, renamed.

    The file aside has the name of the file, a dot and a random end; a crash may leave it.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        _flush_file(aside)
        for attempt in range(50):
            try:
                aside.replace(path)
                break
            except PermissionError:  # Windows: a reader has it open this very moment
                if attempt == 49:
                    raise
                time.sleep(0.02)
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise
    flush_folder(path.parent)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(path: Path) -> None:
    """Makes what was created, renamed or deleted in a folder outlast a loss of power."""
    if os.name == "nt":  # a folder cannot be opened there; the rename is durable by itself
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _alive(build: Path) -> bool:
    """Whether the process that made a build folder still runs (on Windows: assume so)."""
    owner = build.name.partition("-")[0]
    if os.name == "nt" or not owner.isdigit():
        return os.name == "nt"
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
