"""How much may lie uploaded in the server's memory at once, in one session and in all.

Streamlit limits one file, and takes any number of them from whoever has a session, whether or not
a page of it asks for one: they stay until the session ends. Beyond these limits: 413.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SESSION_BYTES = 512 * 2**20
"""Of one session: what `/data` takes in one go (`intake_desk.MAX_TOTAL_BYTES`), and a little."""
SERVER_BYTES = 1024 * 2**20
"""Of all sessions together."""
SESSION_FILES = 256
_START = "/_stcore/upload_file/"
_EVERYBODY = ""


class UploadQuota:
    """An ASGI layer before Streamlit's uploads."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is what takes the uploads."""
        self._app = app
        self._lock = threading.Lock()
        self._coming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets an upload through that fits, answers 413 to one that does not."""
        if scope["type"] != "http" or scope["method"] != "PUT" or _START not in scope["path"]:
            await self._app(scope, receive, send)
            return
        session = scope["path"].partition(_START)[2].partition("/")[0]
        with self._room(session, _announced(scope)) as fits:
            if fits:
                await self._app(scope, receive, send)
            else:
                await PlainTextResponse("413", status_code=413)(scope, receive, send)

    @contextmanager
    def _room(self, session: str, size: int) -> Iterator[bool]:
        """Whether `size` more bytes fit; they count as coming until the block ends."""
        with self._lock:
            files, held, held_by_all = _lying(session)
            fits = (
                files < SESSION_FILES
                and held + self._coming[session] + size <= SESSION_BYTES
                and held_by_all + self._coming[_EVERYBODY] + size <= SERVER_BYTES
            )
            if fits:
                self._coming.update({session: size, _EVERYBODY: size})
        try:
            yield fits
        finally:
            if fits:
                with self._lock:
                    self._coming.subtract({session: size, _EVERYBODY: size})
                    self._coming += Counter()  # forgets who has nothing on the way


def _announced(scope: Scope) -> int:
    """Bytes that a request brings; the most that one may, where it does not say."""
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(said) if said.isdigit() else int(st.get_option("server.maxUploadSize")) * 2**20


def _lying(session: str) -> tuple[int, int, int]:
    """Files and bytes that a session has in memory, and the bytes of all sessions."""
    from streamlit.runtime import get_instance

    manager = get_instance().uploaded_file_mgr
    with manager._lock:  # type: ignore[attr-defined]
        storage = {
            name: [len(file.data) for file in files.values()]
            for name, files in manager.file_storage.items()  # type: ignore[attr-defined]
        }
    return (
        len(storage.get(session, ())),
        sum(storage.get(session, ())),
        sum(map(sum, storage.values())),
    )
