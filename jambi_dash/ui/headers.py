"""What a browser is told with every answer: what it may run and fetch, and how long it may keep it.

Sent by the dashboard itself, with sign-in or without, behind a proxy or not. Text of a list that
got past every `escape` still runs nothing, and nothing is fetched from or sent to another host.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import auth_util, config, file_util

from jambi_dash.ui import sign_in

_FRAMES = "/component/"
_FILES = ("/media/", "/app/static/")
_FOR_EVER = re.compile(r"/app/static/(geo|map|leaflet-[0-9a-f]{12})/")
"""Files whose name or folder is the hash of what they hold: `geography.static_files`."""
_YEAR = 365 * 24 * 3600

_EVERYWHERE = (
    (b"x-content-type-options", b"nosniff"),
    # Filters stand in the address: other sites, the provider of accounts too, learn none.
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"permissions-policy",
     b"camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), "
     b"publickey-credentials-get=(), usb=(), fullscreen=(self), clipboard-write=(self)"),
    # Signing in goes there and back in one tab, so no window of another site is in need of ours.
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)  # fmt: skip

# A page of Streamlit. What is more than 'self', and the reason; `test_security_headers.py` fails in
# the browser for a word too few.
_PAGE = {
    "default-src": "'none'",
    # A component without a frame (`hand_over`) is loaded as a module from a blob; only a script
    # that runs already can make one. No 'unsafe-eval': what Streamlit tries with WebAssembly it
    # does without. The hash of its own inline script is added below.
    "script-src": "'self' blob:",
    # Streamlit, plotly and our own `st.html` write <style> and style="" while the page lives.
    "style-src": "'self' 'unsafe-inline'",
    # Icons of Streamlit and the pictures of Bahan Paparan are data; charts saved by hand are blobs.
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",  # Streamlit's font of icons
    "connect-src": "'self'",  # the websocket included
    "frame-src": "'self'",  # the map
    "manifest-src": "'self'",
    "worker-src": "'self' blob:",  # tables taken as CSV in browsers that ask no file name
    "base-uri": "'none'",
    "form-action": "'self'",
    # Ourselves around the map; nobody around the page.
    "frame-ancestors": "'self'",
}
# The frame of the map: streamlit-folium writes the map's script into the page and evaluates each new
# layer. Both run in this frame only, and it reaches no other host either.
_FRAME = {
    "default-src": "'none'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",  # names on the map in the letters of the page
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
# A file opened by itself, an SVG or HTML above all, runs nothing.
_FILE = {
    "default-src": "'none'",
    "img-src": "data:",
    "style-src": "'unsafe-inline'",
    "frame-ancestors": "'self'",
}


class Headers:
    """An ASGI layer around Streamlit and its gate."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is what answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds to the head of every answer; what Streamlit set under the same names goes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = below_base(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = _headers_for(path, message["status"])
                names = {name for name, _ in own}
                kept = [h for h in message.get("headers", []) if h[0].lower() not in names]
                message["headers"] = [*kept, *own]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def below_base(path: str) -> str:
    """The address as Streamlit knows it, also where `server.baseUrlPath` puts a word before it."""
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return path.removeprefix(f"/{base}") if base else path


def content_policy(path: str) -> str:
    """The Content-Security-Policy of an address; no other host stands in any."""
    if path.startswith(_FILES):
        return _join(_FILE)
    return _join(_FRAME) if path.startswith(_FRAMES) else _page_policy()


def is_encrypted() -> bool:
    """Whether people come over an encrypted connection, as the secrets file says."""
    return sign_in.is_set_up() and (auth_util.get_origin_from_redirect_uri() or "").startswith(
        "https://"
    )


def _headers_for(path: str, status: int) -> list[tuple[bytes, bytes]]:
    own = [*_EVERYWHERE, (b"content-security-policy", content_policy(path).encode())]
    if is_encrypted():
        own.append((b"strict-transport-security", f"max-age={_YEAR}".encode()))
    if path.startswith("/media/"):
        own.append((b"cache-control", b"private, no-store"))
    elif status == 200 and _FOR_EVER.match(path):
        own.append((b"cache-control", f"public, immutable, max-age={_YEAR}".encode()))
    return own


@cache
def _page_policy() -> str:
    """With the hash of the script that Streamlit writes into its page: each version has its own."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    hashes = (
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    )
    scripts = [_PAGE["script-src"], *(f"'sha256-{one}'" for one in hashes)]
    return _join({**_PAGE, "script-src": " ".join(scripts)})


def _join(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())
