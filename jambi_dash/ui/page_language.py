"""The page that Streamlit sends says its language, and widgets write numbers by it; what it will
need is named in its head (`first_load`).

Streamlit's page is `lang="en"` for everybody, and its sliders, tables and calendars follow the
browser's own language: on an office machine set to English an Indonesian page would say 4,000.
"""

from __future__ import annotations

from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jambi_dash.ui.first_load import head_links
from jambi_dash.ui.headers import below_base

_SCRIPT = Path(__file__).with_name("page_language.js")
NAME = "/page_language.js"
_FOUND = b'<html lang="en">\n  <head>'
_WRITTEN = (
    f'<html lang="id">\n  <head>\n    <script src=".{NAME}"></script>'.encode()
)  # before all others: they must not ask the browser first
_END = b"  </head>"
_OWN = {b"content-length", b"etag", b"last-modified"}


class PageLanguage:
    """An ASGI layer next to Streamlit: inside of what packs an answer."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is what answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on; writes language and links into a page, and answers for the script."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        if scope["path"].endswith(NAME):
            await _answer(send, _SCRIPT.read_bytes(), scope["method"] == "HEAD")
            return
        if scope["method"] == "HEAD" or "." in scope["path"].rpartition("/")[2]:
            await self._app(scope, receive, send)
            return
        # A page that the browser has kept is asked for anew: its script may be another by now.
        kept = (b"if-none-match", b"if-modified-since")
        asked = [header for header in scope["headers"] if header[0] not in kept]
        start: Message | None = None
        body = b""

        async def send_written(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
                return
            if start is None:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            written = body.replace(_FOUND, _WRITTEN, 1)
            page = below_base(scope["path"]).strip("/")
            written = written.replace(_END, head_links(page) + _END, 1)
            headers = [h for h in start["headers"] if h[0].lower() not in _OWN]
            headers.append((b"content-length", str(len(written)).encode()))
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": written})

        await self._app({**scope, "headers": asked}, receive, send_written)


def _is_page(start: Message) -> bool:
    kind = next((v for k, v in start.get("headers", ()) if k.lower() == b"content-type"), b"")
    return start["status"] == 200 and kind.startswith(b"text/html")


async def _answer(send: Send, content: bytes, head: bool) -> None:
    headers = [
        (b"content-type", b"text/javascript; charset=utf-8"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-cache"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else content})
