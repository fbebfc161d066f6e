"""What lies on a data officer's desk: files received, what the check found, what was published.

Everything personal is in two folders that only their owner may open (the files, the workbench).
They go when the officer publishes or walks away, when something takes their place, when the
session or the server ends, and at the latest by the store's own rule for left builds.
"""

from __future__ import annotations

import re
import shutil
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from jambi_dash.domain.language import t
from jambi_dash.domain.part import Part
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.checks import Prepared, check_files
from jambi_dash.intake.examples import Example, find_examples
from jambi_dash.intake.files import SPREADSHEETS, TEXTS
from jambi_dash.intake.headers import Mapping
from jambi_dash.intake.mapping_shelf import clean_sender, remember_lists
from jambi_dash.intake.outlook import Outlook, dates_in_titles, outlook_of
from jambi_dash.intake.publishing import publish
from jambi_dash.intake.sheets import Progress
from jambi_dash.intake.unmatched import Unmatched, unmatched_sheets
from jambi_dash.releases.store import ReleaseRecord, Store
from jambi_dash.ui import data

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

ACCEPTED = sorted(suffix[1:] for suffix in SPREADSHEETS | TEXTS)
MAX_FILES = 200
MAX_TOTAL_BYTES = 500 * 2**20
MAX_SECONDS = 600.0
"""A check on the page gives up after this long; whole registers go through the command."""
_SESSION_KEY = "intake desk"


class _Folder:
    """A folder that is removed when it is let go of, however that comes about."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.remove = weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)


@dataclass(frozen=True)
class Looked:
    """What the page shows of a checked import; asked of the workbench once."""

    examples: dict[tuple[int, str], list[Example]]
    outlook: Outlook
    title_dates: list[date]


def _in_time(progress: Progress) -> Progress:
    """The same progress, which ends a check that takes longer than the page waits for one."""
    end = time.monotonic() + MAX_SECONDS

    def told(doing: str, share: float) -> None:
        if time.monotonic() > end:
            raise Refusal(
                t("Pemeriksaan melewati {n} menit; kirim lebih sedikit berkas sekaligus, atau pakai "
                  "perintah import.", n=round(MAX_SECONDS / 60))
            )  # fmt: skip
        progress(doing, share)

    return told


@dataclass
class Desk:
    """One session's desk; at most one import lies on it.

    `waiting` means that the files are to be checked in this run of the page; a run that is cut
    short leaves it set, so that the next one takes up the work.
    """

    round: int = 0
    paths: list[Path] = field(default_factory=list)
    as_of: date | None = None
    mapping: Mapping = field(default_factory=Mapping)
    sender: str = ""
    part: tuple[str, ...] = ()
    drop_outside: bool = False
    remember: bool = True
    not_remembered: str = ""
    waiting: bool = False
    prepared: Prepared | None = None
    looked: Looked | None = None
    refused: str = ""
    unmatched: list[Unmatched] = field(default_factory=list)
    published: ReleaseRecord | None = None
    published_outlook: Outlook | None = None
    _folder: _Folder | None = None

    def receive(
        self, store: Store, uploads: Sequence[UploadedFile], as_of: date, *, sender: str = "",
        part: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Puts the uploaded files aside and takes them out of the server's memory.

        `part` are the areas that the files replace; none means the whole city.

        Raises `Refusal` for too many or too large files, and for a disk that is full.
        """
        self.clear()
        self.sender, self.part = clean_sender(sender), part
        total = sum(upload.size for upload in uploads)
        if len(uploads) > MAX_FILES or total > MAX_TOTAL_BYTES:
            raise Refusal(
                t("Terlalu banyak sekaligus ({n} berkas, {mb} MB; batasnya {files} berkas, "
                  "{limit} MB); kirim sebagian, atau pakai perintah import.",
                  n=len(uploads), mb=total // 2**20, files=MAX_FILES,
                  limit=MAX_TOTAL_BYTES // 2**20)
            )  # fmt: skip
        self._folder = _Folder(store.new_build())
        try:
            for index, upload in enumerate(uploads):
                # A folder for each, because two kelurahan may send files of one name.
                place = self._folder.path / f"{index:03d}"
                place.mkdir(mode=0o700)
                path = place / _file_name(upload.name)
                path.write_bytes(upload.getbuffer())
                self.paths.append(path)
        except OSError as error:
            self.clear()
            raise _no_room(error) from None
        _forget(uploads)
        self.as_of = as_of
        self.waiting = True

    def check(self, store: Store, progress: Progress) -> None:
        """Checks the files that lie here; a refusal is kept as its sentence."""
        self._drop_prepared()
        self.refused, self.unmatched = "", []
        assert self.as_of is not None
        try:
            prepared = check_files(
                store, self.paths, as_of=self.as_of, mapping=self.mapping, sender=self.sender,
                part=Part(self.part) if self.part else None, drop_outside=self.drop_outside,
                progress=_in_time(progress),
            )  # fmt: skip
            # A session that ends without a word takes its workbench with it.
            weakref.finalize(prepared, _sweep, prepared.bench.close, prepared.folder)
            self.prepared = prepared
            self.looked = Looked(
                find_examples(prepared), outlook_of(prepared), dates_in_titles(prepared)
            )
        except Refusal as refusal:
            self.refused = str(refusal)
            self.unmatched = self._nearly_recognised()
        except Exception:
            self.clear()
            raise
        self.waiting = False

    def check_again(
        self,
        *,
        as_of: date | None = None,
        mapping: Mapping | None = None,
        paths: Sequence[Path] = (),
        part: tuple[str, ...] | None = None,
        drop_outside: bool | None = None,
    ) -> None:
        """Marks the files (or some of them) for another check, with what is given changed."""
        self.paths = list(paths) or self.paths
        self.as_of = as_of or self.as_of
        self.mapping = mapping or self.mapping
        self.part = self.part if part is None else part
        self.drop_outside = self.drop_outside if drop_outside is None else drop_outside
        self.waiting = True

    def publish(self) -> None:
        """Makes the checked import the current release and clears the desk.

        Nothing of Streamlit is called on the way, so that no click can cut it short.
        """
        data.require("data")
        assert self.prepared is not None
        prepared, looked = self.prepared, self.looked
        sender, mapping = self.sender, self.mapping if self.remember else Mapping()
        lists = [(s.recognised.table, s.recognised.headers) for s in prepared.sources]
        try:
            record = publish(prepared)
        except Refusal as refusal:
            self._drop_prepared()
            self.refused = str(refusal)
            return
        except BaseException:
            self.clear()
            raise
        self.clear()
        self.published = record
        self.published_outlook = looked.outlook if looked else None
        try:
            remember_lists(prepared.store.home, sender, mapping, lists)
        except Refusal as refusal:  # the release is out; only the memory is not
            self.not_remembered = str(refusal)

    def clear(self) -> None:
        """Throws away files and workbench, at once."""
        self._drop_prepared()
        if self._folder is not None:
            self._folder.remove()
        self._folder = None
        self.paths, self.unmatched, self.mapping = [], [], Mapping()
        self.sender, self.part, self.drop_outside, self.remember = "", (), False, True
        self.not_remembered = ""
        self.refused, self.waiting, self.published = "", False, None
        self.round += 1

    def is_stale(self) -> bool:
        """Whether the store has meanwhile swept away what lay here for too long."""
        kept = [self._folder.path] if self._folder else []
        if self.prepared is not None:
            kept.append(self.prepared.folder)
        return not all(folder.is_dir() for folder in kept)

    def _drop_prepared(self) -> None:
        if self.prepared is not None:
            self.prepared.discard()
        self.prepared = self.looked = None

    def _nearly_recognised(self) -> list[Unmatched]:
        try:
            return unmatched_sheets(self.paths, self.mapping)
        except Refusal:
            return []


def desk() -> Desk:
    """The desk of this session."""
    found: Desk = st.session_state.setdefault(_SESSION_KEY, Desk())
    if found.is_stale():
        found.clear()
        found.refused = t("Pemeriksaan sudah kedaluwarsa dan dibuang; masukkan berkasnya lagi.")
    return found


def store() -> Store:
    """The store into which the desk publishes."""
    return data.store()


@contextmanager
def received_file(place: Store, upload: UploadedFile) -> Iterator[Path]:
    """One upload as a file for the time of the block, then gone from disk and memory."""
    folder = _Folder(place.new_build())
    try:
        path = folder.path / _file_name(upload.name)
        try:
            path.write_bytes(upload.getbuffer())
        except OSError as error:
            raise _no_room(error) from None
        yield path
    finally:
        folder.remove()
    _forget([upload])


def _no_room(error: OSError) -> Refusal:
    return Refusal(
        t("Berkas tidak dapat disimpan sementara ({reason}); periksa ruang disk server.",
          reason=error.strerror or "")
    )  # fmt: skip


def _sweep(close: Callable[[], None], folder: Path) -> None:
    close()
    shutil.rmtree(folder, ignore_errors=True)


def _file_name(name: str) -> str:
    """The sender's name for a file, without anything that a disk could take amiss."""
    bare = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "_", Path(name.replace("\\", "/")).name)
    path = Path(bare.strip(". ") or "berkas")
    # Disks count bytes: 100 signs of another script may be too many.
    stem = path.stem.encode(errors="replace")[:100].decode(errors="ignore")
    return stem + path.suffix[:10]


def _forget(uploads: Sequence[UploadedFile]) -> None:
    """Frees the memory of uploads now: Streamlit would keep them until the session ends."""
    context = get_script_run_ctx()
    # Only the manager in memory can forget one file; it is the only one that holds any here.
    if context is not None and hasattr(context.uploaded_file_mgr, "remove_file"):
        for upload in uploads:
            context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)
