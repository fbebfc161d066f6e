"""Streamlit's own scripts and styles, packed: a third of the bytes on the way to a phone.

Streamlit sends them as they lie on the disk, because it would pack them anew for every visitor. Here
each is packed once, when it is first asked for, and kept (2 MB for all that the pages use).
"""

from __future__ import annotations

import asyncio
import gzip
import posixpath
from functools import cache
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from jambi_dash.ui.headers import below_base

_FOLDERS = {
    "/static/js": b"text/javascript; charset=utf-8",
    "/static/css": b"text/css; charset=utf-8",
}
_SMALL = 1000
"""Bytes below which packing gains nothing."""
_YEAR = 365 * 24 * 3600


class PackedFiles:
    """An ASGI layer around Streamlit; every request that it does not know passes on."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is what answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers for a script or style of Streamlit's page where the browser unpacks it."""
        file = _asked_for(scope)
        packed = await asyncio.to_thread(_packed, file) if file else None
        if packed is None:
            await self._app(scope, receive, send)
            return
        headers = [
            (b"content-type", _FOLDERS[posixpath.dirname(below_base(scope["path"]))]),
            (b"content-encoding", b"gzip"),
            (b"vary", b"accept-encoding"),
            (b"content-length", str(len(packed)).encode()),
            # As Streamlit says of them: a file's name changes with what it holds.
            (b"cache-control", f"public, immutable, max-age={_YEAR}".encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": packed})


def _asked_for(scope: Scope) -> Path | None:
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    heard = {name.lower(): value for name, value in scope["headers"]}
    if b"range" in heard or b"gzip" not in heard.get(b"accept-encoding", b""):
        return None
    folder, name = posixpath.split(below_base(scope["path"]))
    # Only a name that is listed is opened: no way leads out of the folder.
    return _listed(folder).get(name) if folder in _FOLDERS else None


@cache
def _listed(folder: str) -> dict[str, Path]:
    from streamlit import file_util

    place = Path(file_util.get_static_dir()) / folder.lstrip("/")
    return {file.name: file for file in place.iterdir() if file.suffix in (".js", ".css")}


@cache
def _packed(file: Path) -> bytes | None:
    content = file.read_bytes()
    return gzip.compress(content, 6, mtime=0) if len(content) >= _SMALL else None
