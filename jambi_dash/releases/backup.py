"""A copy of the whole store as one file, and the way back.

```
cadangan-20261121-231500.tar.gz
  …                  the files of the store, under their own names; without imports under way
  key                only when asked for: who has it and a list of NIK could try hashes out
  cadangan.json      the last one: hash and size of every file, and which key belongs to them
```

No lock is taken, so a copy neither waits for an import nor holds one up. What is named is read
after what names it: pointer, journal, releases, log. So a copy is a state that the store was in, or
would have been after a crash, whatever happens meanwhile.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import hmac
import io
import json
import os
import re
import secrets
import shutil
import tarfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases.store import ReleaseRecord, Store, flush_folder, now_wib, read_journal

SUFFIX = ".tar.gz"
KEY = "key"
_OWN_NAME = re.compile(r"cadangan-\d{8}-\d{6}\.tar\.gz")
_MANIFEST = "cadangan.json"
_FORM = 1
_LEVEL = 1  # a release shrinks to a tenth; more effort takes twice the time for a twentieth of that
_CHUNK = 1 << 20
_LONGEST_MANIFEST = 64 << 20

# Read last, in this order; everything else comes before them.
_IN_ORDER = ("current", "journal.jsonl", "releases", "log")
_LEFT_OUT = {"building", KEY, *_IN_ORDER}
_ASIDE = re.compile(r".+\.[0-9a-f]{8}|.+\.lock|\..+")
"""Locks, and files that are being written or were when something crashed."""
_REPLACED, _RESTORING = "replaced-", ".restoring-"


@dataclass(frozen=True)
class Backup:
    """A copy that was written and read again. `damaged` are releases that are not what was
    published: they are in it as they are, or missing."""

    file: Path
    bytes: int
    release: str
    releases: int
    files: int
    has_key: bool
    key_print: str
    damaged: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """What a copy says of itself, after every file of it was compared with that."""

    made: str
    release: str
    records: tuple[ReleaseRecord, ...]
    files: int
    bytes: int
    has_key: bool
    key_print: str
    damaged: tuple[str, ...]


def back_up(home: Path, target: Path, *, with_key: bool = False) -> Backup:
    """Writes a copy of the store: to the file `target`, or under a name of its own into a folder.

    Raises:
        Refusal: no store, no place, or the file is there already; nothing is left behind.
    """
    store = Store(home)
    if not store.history():
        raise Refusal(t("Belum ada rilis di {home}, jadi tidak ada yang dicadangkan.", home=home))
    file = _target(home, target)
    key = _own_key(home)
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=_LEVEL) as archive:
                _write(home, archive, key, with_key)
            out.flush()
            os.fsync(out.fileno())
        # What cannot be read again is no copy.
        content = check(aside)
        aside.rename(file)
        flush_folder(file.parent)
    except OSError as error:
        raise Refusal(
            t("Cadangan tidak dapat ditulis ke {folder} ({reason}).", folder=file.parent,
              reason=error.strerror or type(error).__name__)
        ) from None  # fmt: skip
    finally:
        with contextlib.suppress(OSError):
            aside.unlink()
    return Backup(file, file.stat().st_size, content.release, len(content.records), content.files,
                  content.has_key, content.key_print, content.damaged)  # fmt: skip


def save_key(home: Path, target: Path) -> bool:
    """Puts a copy of the store's key apart; false where the same key lies there already.

    Raises:
        Refusal: another key lies there, or it cannot be written.
    """
    key = _own_key(home)
    try:
        if target.exists():
            if hmac.compare_digest(_parse_key(target.read_bytes()), key):
                return False
            raise Refusal(
                t("{file} berisi kunci lain; pilih nama berkas lain untuk kunci ini.", file=target)
            )
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.hex())
            file.flush()
            os.fsync(file.fileno())
        flush_folder(target.parent)
    except OSError as error:
        raise Refusal(
            t("Kunci tidak dapat disalin ke {file} ({reason}).", file=target,
              reason=error.strerror or type(error).__name__)
        ) from None  # fmt: skip
    return True


def keep_newest(folder: Path, number: int) -> list[str]:
    """Deletes older copies of a folder, those named by `back_up` only; returns their names."""
    found = sorted(p.name for p in folder.iterdir() if _OWN_NAME.fullmatch(p.name))
    old = found[:-number]
    for name in old:
        (folder / name).unlink(missing_ok=True)
    return old


def check(file: Path) -> Content:
    """Reads a whole copy and compares it with what it says of itself.

    Raises:
        Refusal: damaged, cut off, or no copy of a store.
    """
    return _read(file, None)


def restore(
    file: Path, home: Path, *, key_file: Path | None = None, replace: bool = False
) -> tuple[Content, Path | None]:
    """Puts a copy in place as the store `home`; returns what came and where the old one went.

    Every file is compared before anything is changed. The pointer comes last: a restore that was
    killed leaves a store without a current release, and is begun anew.

    Args:
        file: The copy.
        home: Folder of the store; missing or empty unless `replace`.
        key_file: The key that was kept apart.
        replace: Whether what is in `home` may be moved into a folder beside it.

    Raises:
        Refusal: the copy is damaged, its key is missing or another one, or `home` is not empty.
    """
    there = _present(home)
    if there and not replace:
        raise Refusal(
            t("Folder {home} sudah berisi penyimpanan; tidak ada yang ditimpa. Pilih folder kosong, "
              "atau --replace agar isinya dipindah ke folder di dalamnya.", home=home)
        )  # fmt: skip
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        staged = home / f"{_RESTORING}{secrets.token_hex(4)}"
        staged.mkdir(mode=0o700)
    except OSError as error:
        raise _cannot_write(home, error) from None
    try:
        content = _read(file, staged)
        _put_key(staged, content, key_file)
        with Store(home).writing():
            for left in home.glob(f"{_RESTORING}*"):  # of a restore that was killed
                if left != staged:
                    shutil.rmtree(left, ignore_errors=True)
            moved = _move_away(home, there) if there else None
            _move_in(home, staged)
    except OSError as error:
        raise _cannot_write(home, error) from None
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return content, moved


# Writing


def _target(home: Path, target: Path) -> Path:
    file = target
    if target.is_dir():
        file = _named_by_time(target)
    elif not target.name.endswith(SUFFIX):
        raise Refusal(
            t("{target} bukan folder; nama berkas cadangan berakhir dengan {suffix}.",
              target=target, suffix=SUFFIX)
        )  # fmt: skip
    if file.resolve().is_relative_to(home.resolve()):
        raise Refusal(
            t("Cadangan tidak boleh berada di dalam penyimpanan {home}; pilih folder lain, "
              "sebaiknya di disk lain.", home=home)
        )  # fmt: skip
    if file.exists():
        raise Refusal(t("{file} sudah ada dan tidak ditimpa; pilih nama lain.", file=file))
    return file


def _named_by_time(folder: Path) -> Path:
    """A name that no copy in the folder has yet; of two in one second the later takes the next."""
    for _ in range(20):
        file = folder / f"cadangan-{now_wib():%Y%m%d-%H%M%S}{SUFFIX}"
        if not file.exists():
            break
        time.sleep(0.1)
    return file


def _own_key(home: Path) -> bytes:
    """The store's key; never made here."""
    if not (home / KEY).is_file():
        raise Refusal(
            t("Berkas kunci {key} tidak ada; pulihkan dahulu dari salinannya.", key=home / KEY)
        )
    return Store(home).key()


def _write(home: Path, archive: tarfile.TarFile, key: bytes, with_key: bool) -> None:
    files: dict[str, dict[str, Any]] = {}

    def put(name: str, stream: IO[bytes], size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, int(time.time())
        hashed = _Hashing(stream)
        archive.addfile(info, hashed)
        files[name] = {"sha256": hashed.sha256, "bytes": size}

    def put_bytes(name: str, content: bytes) -> None:
        put(name, io.BytesIO(content), len(content))

    for name, content in _settled(home).items():
        put_bytes(name, content)
    current = (home / "current").read_bytes() if (home / "current").is_file() else b""
    journal = (home / "journal.jsonl").read_bytes()
    journal = journal[: journal.rfind(b"\n") + 1]  # an import may be writing the next line
    put_bytes("journal.jsonl", journal)
    damaged = []
    for record in {r.release: r for r in read_journal(journal)}.values():
        path, name = Store(home).path_of(record.release), f"releases/{record.release}.duckdb"
        if path.is_file():
            with path.open("rb") as file:
                put(name, file, os.fstat(file.fileno()).st_size)
        if files.get(name) != {"sha256": record.sha256, "bytes": record.bytes}:
            damaged.append(record.release)
    for name in ("log/head", "log/log.jsonl"):  # a line comes before the head that names it
        if (home / name).is_file():
            put_bytes(name, (home / name).read_bytes())
    if with_key:
        put_bytes(KEY, key.hex().encode())
    if current:
        put_bytes("current", current)
    manifest = {
        "form": _FORM, "made": now_wib().isoformat(timespec="seconds"),
        "release": current.decode("utf-8", "replace").strip(), "key_print": _key_print(key),
        "damaged": damaged, "files": files,
    }  # fmt: skip
    content = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    info = tarfile.TarInfo(_MANIFEST)
    info.size, info.mode, info.mtime = len(content), 0o600, int(time.time())
    archive.addfile(info, io.BytesIO(content))


def _settled(home: Path) -> dict[str, bytes]:
    """The small files, as they were at one moment."""
    for _ in range(40):
        before = _marks(home)
        with contextlib.suppress(FileNotFoundError):
            content = {name: (home / name).read_bytes() for name in before}
            if _marks(home) == before:
                return content
        time.sleep(0.05)
    raise Refusal(t("Penyimpanan {home} terus berubah; ulangi sebentar lagi.", home=home))


def _marks(home: Path) -> dict[str, tuple[int, int, int]]:
    found = {}
    for path in _walk(home):
        with contextlib.suppress(FileNotFoundError):
            status = path.stat()
            name = path.relative_to(home).as_posix()
            found[name] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def _walk(folder: Path, top: bool = True) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if _ASIDE.fullmatch(path.name) or path.is_symlink():
            continue
        if top and (path.name in _LEFT_OUT or path.name.startswith(_REPLACED)):
            continue
        if path.is_dir():
            yield from _walk(path, top=False)
        elif path.is_file():
            yield path


class _Hashing:
    """A file whose SHA-256 is taken while it is read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._hash = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Passes on what it reads."""
        block = self._stream.read(size)
        self._hash.update(block)
        return block

    @property
    def sha256(self) -> str:
        """Of what was read until now, in hex."""
        return self._hash.hexdigest()


# Reading


def _read(file: Path, into: Path | None) -> Content:
    """Compares every file; puts them into the folder `into` unless that is `None`."""
    found: dict[str, dict[str, Any]] = {}
    small: dict[str, bytes] = {}
    manifest: dict[str, Any] = {}
    try:
        with _opened(file) as raw, gzip.GzipFile(fileobj=raw) as plain:
            with tarfile.open(fileobj=plain, mode="r|") as archive:
                for member in archive:
                    stream = archive.extractfile(member)
                    if stream is None or manifest or not _is_plain(member.name):
                        raise _not_sound(file)
                    if member.name == _MANIFEST:
                        manifest = json.loads(stream.read(_LONGEST_MANIFEST))
                        continue
                    if member.name in found:
                        raise _not_sound(file)
                    if member.name in ("journal.jsonl", "current"):
                        small[member.name] = stream.read()
                        stream = io.BytesIO(small[member.name])
                    hashed = _Hashing(stream)
                    _copy(hashed, into / member.name if into else None)
                    found[member.name] = {"sha256": hashed.sha256, "bytes": member.size}
            while block := plain.read(_CHUNK):  # to the very end, where the checksum is
                if block.strip(b"\0"):
                    raise _not_sound(file)
    except (tarfile.TarError, zlib.error, EOFError, ValueError):
        raise _not_sound(file) from None
    except OSError as error:
        # A disk without room is told as such; gzip tells of damage by an OSError of its own.
        if error.errno is not None:
            raise
        raise _not_sound(file) from None
    if manifest.get("form") != _FORM or manifest.get("files") != found:
        raise _not_sound(file)
    records = tuple(read_journal(small.get("journal.jsonl", b"")))
    damaged = [
        record.release for record in records
        if found.get(f"releases/{record.release}.duckdb")
        != {"sha256": record.sha256, "bytes": record.bytes}
    ]  # fmt: skip
    return Content(
        made=str(manifest.get("made")),
        release=small.get("current", b"").decode("utf-8", "replace").strip(),
        records=records,
        files=len(found),
        bytes=sum(entry["bytes"] for entry in found.values()),
        has_key=KEY in found,
        key_print=str(manifest.get("key_print")),
        damaged=tuple(damaged),
    )


def _opened(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as error:
        raise Refusal(
            t("Cadangan {file} tidak dapat dibaca ({reason}).", file=file,
              reason=error.strerror or "")
        ) from None  # fmt: skip


def _is_plain(name: str) -> bool:
    """Whether a name stays below the folder that it is put into, on every system."""
    path = PurePosixPath(name)
    return (
        not path.is_absolute()
        and bool(path.parts)
        and ".." not in path.parts
        and not re.search(r'[\\:\0<>"|?*]', name)
        and str(path) == name
    )


def _copy(stream: _Hashing, target: Path | None) -> None:
    if target is None:
        while stream.read(_CHUNK):
            pass
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while block := stream.read(_CHUNK):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())


def _not_sound(file: Path) -> Refusal:
    return Refusal(
        t("Cadangan {file} rusak, terpotong, atau bukan cadangan penyimpanan; pakai cadangan lain.",
          file=file)
    )  # fmt: skip


# Putting in place


def _present(home: Path) -> list[str]:
    """What lies in a folder that is to become a store, apart from locks and empty folders."""
    if not home.exists():
        return []
    if not home.is_dir():
        raise Refusal(t("{home} bukan folder.", home=home))
    return [
        path.name
        for path in sorted(home.iterdir())
        if path.name != "building"
        and not path.name.startswith((_REPLACED, _RESTORING))
        and not path.name.endswith(".lock")
        and not (path.is_dir() and not any(path.iterdir()))
    ]


def _put_key(staged: Path, content: Content, key_file: Path | None) -> None:
    if key_file is not None:
        try:
            key = _parse_key(key_file.read_bytes())
        except OSError as error:
            raise Refusal(
                t("Kunci {file} tidak dapat dibaca ({reason}).", file=key_file,
                  reason=error.strerror or "")
            ) from None  # fmt: skip
    elif content.has_key:
        key = _parse_key((staged / KEY).read_bytes())
    else:
        raise Refusal(
            t("Cadangan ini tanpa kunci; sebutkan salinan kuncinya dengan --key (tanda kunci "
              "{key_print}).", key_print=content.key_print)
        )  # fmt: skip
    if not hmac.compare_digest(_key_print(key), content.key_print):
        raise Refusal(
            t("Kunci itu bukan milik cadangan ini (tanda {other}, seharusnya {key_print}).",
              other=_key_print(key), key_print=content.key_print)
        )  # fmt: skip
    (staged / KEY).unlink(missing_ok=True)
    descriptor = os.open(staged / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())


def _move_away(home: Path, names: list[str]) -> Path:
    """The pointer goes first: readers see no release rather than half of one."""
    folder = home / f"{_REPLACED}{now_wib():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    folder.mkdir(mode=0o700)
    for name in sorted(names, key=lambda name: name != "current"):
        (home / name).rename(folder / name)
    flush_folder(home)
    return folder


def _move_in(home: Path, staged: Path) -> None:
    for path in sorted(staged.iterdir(), key=lambda path: path.name == "current"):
        target = home / path.name
        if target.is_dir():
            target.rmdir()  # made by the lock, or empty before
        if path.name == "current":
            flush_folder(home)
        path.rename(target)
    flush_folder(home)


def _cannot_write(home: Path, error: OSError) -> Refusal:
    return Refusal(
        t("Folder penyimpanan {home} tidak dapat ditulisi ({error}); pilih folder lain "
          "dengan --home.", home=home, error=error.strerror or error)
    )  # fmt: skip


# The key


def _parse_key(content: bytes) -> bytes:
    try:
        return bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        return b""


def _key_print(key: bytes) -> str:
    """Tells keys apart and nothing about them."""
    return hmac.new(key, b"jambi-dash cadangan", hashlib.sha256).hexdigest()[:16]


_BINARY = getattr(os, "O_BINARY", 0)
