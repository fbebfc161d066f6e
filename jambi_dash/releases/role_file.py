"""The role file of a store, `home/roles.toml`: read anew when it changes, and the change is logged."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import LONGEST_FILE, RoleBook, read_roles
from jambi_dash.releases.audit import PROGRAM, AuditLog

_lock = threading.Lock()
_read: dict[Path, tuple[tuple[int, ...], RoleBook | Refusal]] = {}


def path_of(home: Path) -> Path:
    """Where the role file lies."""
    return home / "roles.toml"


def load_roles(home: Path) -> RoleBook:
    """The roles as they hold now.

    Raises:
        Refusal: no file, one that others can read, or one that is wrong: then nobody has access.
    """
    path = path_of(home)
    try:
        status = path.stat()
    except OSError:
        raise Refusal(
            t(
                "Berkas peran {path} belum ada; buat dahulu (lihat README), lalu chmod 600.",
                path=path,
            )
        ) from None
    mark = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)
    known = _read.get(path)
    if known is None or known[0] != mark:
        with _lock:
            found, sha256 = _load(path, status.st_mode, status.st_size)
            is_news = _read.get(path) != (mark, found)
            _read[path] = known = (mark, found)
        if is_news and isinstance(found, RoleBook):
            _tell_change(home, sha256, len(found.people))
    if isinstance(known[1], Refusal):
        raise known[1]
    return known[1]


def _load(path: Path, mode: int, size: int) -> tuple[RoleBook | Refusal, str]:
    try:
        require_private(path, mode)
        if size > LONGEST_FILE:
            raise Refusal(t("Berkas peran {path} terlalu besar.", path=path))
        raw = path.read_bytes()
        book = read_roles(raw.decode("utf-8-sig"))
    except Refusal as refusal:
        return refusal, ""
    except (OSError, UnicodeDecodeError):
        return Refusal(t("Berkas peran {path} tidak dapat dibaca.", path=path)), ""
    return book, hashlib.sha256(raw).hexdigest()


def _tell_change(home: Path, sha256: str, people: int) -> None:
    """A line in the log, unless its last one about roles has this very file."""
    log = AuditLog(home, PROGRAM)
    told = [entry for entry in log.entries() if entry.deed == "roles_changed"]
    if not told or told[-1].facts.get("sha256") != sha256:
        log.note("roles_changed", sha256=sha256, people=people)


def require_private(path: Path, mode: int) -> None:
    """Refuses a file that others than its owner can read or change."""
    if os.name != "nt" and mode & 0o077:
        raise Refusal(
            t("{path} dapat dibaca atau diubah pengguna lain di komputer ini; jalankan chmod 600 "
              "{path}.", path=path)
        )  # fmt: skip
