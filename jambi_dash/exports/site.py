"""A folder with everything: maps, slides, tables, map data, atlas, and a page that lists them.

The folder is built aside and put in its place by renaming: whoever looks sees the earlier one or
the new one, never half of either. Only an earlier folder of this kind is replaced.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports import bundle
from jambi_dash.exports.bundle import File, Form, Item, Order, Progress
from jambi_dash.exports.picks import Pick, view_of
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.exports.site_index import MAKER, index_page
from jambi_dash.exports.views import Origin
from jambi_dash.geography.levels import BaseKind
from jambi_dash.queries.door import Door

INDEX = "index.html"
SUMS = "SHA256SUMS"
"""Hash and name of every other file, as `sha256sum -c` reads it."""
_SUM_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")

_PICKS = (
    Pick("coverage", "kelurahan"), Pick("coverage", "kecamatan"), Pick("difference", "kelurahan"),
    Pick("rollout", "kelurahan"), Pick("coverage", "rt"), Pick("rollout", "rt"),
)  # fmt: skip
_FOLDERS: dict[Form, str] = {
    "png": "peta", "svg": "peta", "pdf": "peta", "csv": "tabel", "geojson": "data-peta",
    "gpkg": "data-peta",
}  # fmt: skip
_TOGETHER: dict[Form, str] = {
    "pptx": "paparan.pptx", "html": "interaktif.html", "xlsx": "tabel/jamsostek.xlsx",
    "atlas": "atlas.pdf",
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A written folder: its files with their hashes, and where the numbers are from."""

    folder: Path
    files: tuple[File, ...]
    origin: Origin


def write_site(
    out: Path,
    home: Path,
    door: Door,
    *,
    public: bool = False,
    base: BaseKind | None = None,
    atlas: bool = True,
    progress: Progress = bundle.quiet,
) -> Site:
    """Writes everything into the folder `out`.

    Args:
        out: A folder that does not exist, is empty, or holds an earlier site and nothing else.
        home: Folder of releases and boundaries.
        door: The release.
        public: Small counts are hidden, and RT are left out.
        base: What maps are drawn on; `None`: official boundaries where they are installed.
        atlas: With the atlas, which takes more than half of the time.
        progress: Told how much is done and what comes next.

    Raises:
        Refusal: the folder cannot be written or holds something else; what was there stays.
    """
    check_folder(out)
    order = _order(home, door, public, base)
    files = list(_files(order, progress, atlas))
    by_name = {file.name: file for file in files}
    progress(0.99, t("menulis halaman daftar"))
    index = index_page(order, by_name, _names(order))
    files = [File(INDEX, index), *files]
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in files)
    _put_in_place(out, [*files, File(SUMS, sums.encode("utf-8"))])
    return Site(out, tuple(files), order.origin)


def check_folder(out: Path) -> None:
    """Refuses a place that cannot be written or holds what no earlier site put there."""
    if out.exists() and not out.is_dir():
        raise Refusal(t("{out} adalah berkas; beri nama folder.", out=out))
    if not out.parent.is_dir():
        raise Refusal(t("Folder {folder} tidak ada; buat dahulu.", folder=out.parent))
    if not os.access(out.parent, os.W_OK):
        raise Refusal(t("Folder {folder} tidak boleh ditulisi; pilih tempat lain.",
                        folder=out.parent))  # fmt: skip
    if out.is_symlink():
        raise Refusal(t("{out} adalah tautan; beri nama folder yang sebenarnya.", out=out))
    if out.is_dir() and any(out.iterdir()):
        stranger = _stranger(out)
        if stranger is not None:
            raise Refusal(
                t("Folder {out} berisi {name}, yang bukan dari ekspor sebelumnya; pilih folder kosong "
                  "atau nama baru.", out=out, name=stranger)
            )  # fmt: skip


def _stranger(out: Path) -> str | None:
    """A file that the earlier site in this folder did not write; of none, any file is one."""
    listed: set[str] = set()
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if MAKER in (out / INDEX).read_text(encoding="utf-8"):
            lines = (out / SUMS).read_text(encoding="utf-8").splitlines()
            found = [_SUM_LINE.fullmatch(line) for line in lines]
            listed = {match[2] for match in found if match} | {SUMS}
    there = sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir())
    return next((name for name in there if name not in listed), None if listed else out.name)


def _order(home: Path, door: Door, public: bool, base: BaseKind | None) -> Order:
    items = []
    for pick in _PICKS:
        if not (public and pick.level == "rt"):
            view = view_of(pick, door, public=public)
            items.append(Item(view, shapes_for(home, door, pick.level, base)))
    return Order(home, door, tuple(items), public, full=True, base=base)


def _names(order: Order) -> list[str]:
    return bundle.file_names([item.view for item in order.items])


def _files(order: Order, progress: Progress, atlas: bool) -> Iterator[File]:
    """Every file; each step has its share of the time that it takes."""
    shares: dict[Form, float] = {
        "html": 1, "xlsx": 1, "csv": 1, "geojson": 2, "gpkg": 2, "svg": 10, "png": 10, "pdf": 10,
        "pptx": 8, "atlas": 54,
    }  # fmt: skip
    if not atlas:
        del shares["atlas"]
    names, done, whole = _names(order), 0.0, sum(shares.values()) / 0.99
    for form, share in shares.items():
        start, span = done / whole, share / whole

        def told(part: float, words: str, start: float = start, span: float = span) -> None:
            progress(start + part * span, words)

        if form in _TOGETHER:
            yield File(_TOGETHER[form], bundle.together(order, form, told).content)
        else:
            for place, (item, name) in enumerate(zip(order.items, names, strict=True)):
                told(place / len(names), f"{bundle.words_of(form)}: {item.view.title}")
                content = bundle.one_view(item, form, order.theme)
                yield File(f"{_FOLDERS[form]}/{name}.{form}", content)
        done += share


def _put_in_place(out: Path, files: list[File]) -> None:
    aside: Path | None = None
    earlier = out.with_name(f".{out.name}-{os.getpid()}.lama")
    try:
        aside = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-", suffix=".part"))
        for file in files:
            path = aside / file.name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(file.content)
        # mkdtemp makes it private; what is handed on must open for others, as usual folders do.
        aside.chmod(out.stat().st_mode & 0o777 if out.is_dir() else 0o755)
        if out.is_dir():
            out.rename(earlier)
        try:
            aside.rename(out)
        except OSError:
            if earlier.is_dir():
                earlier.rename(out)
            raise
    except OSError as error:
        raise Refusal(
            t("{out} tidak dapat ditulis ({error}); tutup berkasnya atau pilih nama lain.",
              out=out, error=error.strerror or "–")
        ) from None  # fmt: skip
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(earlier, ignore_errors=True)
