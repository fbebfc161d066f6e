"""Writing a finished file: all of it or nothing, and a sentence where it cannot be written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal


def check_target(path: Path) -> None:
    """Refuses a place where nothing can be written, before the work of drawing begins."""
    if path.is_dir():
        raise Refusal(t("{out} adalah folder; beri nama berkas.", out=path))
    if not path.parent.is_dir():
        raise Refusal(t("Folder {folder} tidak ada; buat dahulu.", folder=path.parent))
    if not os.access(path.parent, os.W_OK):
        raise Refusal(
            t("Folder {folder} tidak boleh ditulisi; pilih tempat lain.", folder=path.parent)
        )


def write_whole(path: Path, content: bytes) -> int:
    """Writes the file beside its place and moves it there in one step; returns its size.

    Raises:
        Refusal: it cannot be written; what was there before stays.
    """
    check_target(path)
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes it private; what is handed on must open for others, as usual files do.
        part.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise Refusal(
            t("{out} tidak dapat ditulis ({error}); tutup berkasnya atau pilih nama lain.",
              out=path, error=error.strerror or "–")
        ) from None  # fmt: skip
    except BaseException:
        if part is not None:
            part.unlink(missing_ok=True)
        raise
    return len(content)


def _umask() -> int:
    """The bits that new files do not get; there is no way to ask but to set it for a moment."""
    # Another thread's file made in that moment would get the stricter mask, never a wider one.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
