"""Before Streamlit's own addresses: what a page put on the server, only for who signed in.

Files of `st.download_button` and pictures lie at `/media/HASH`, uploads and the server's figures
have addresses too, and Streamlit asks nobody who comes there. Where sign-in is set up, these ask
for its cookie, and the cookie goes over encrypted connections only.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import auth_util
from streamlit.web.server.starlette import starlette_app, starlette_websocket
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from jambi_dash.domain.roles import Right
from jambi_dash.ui import sign_in
from jambi_dash.ui.headers import Headers, below_base, is_encrypted
from jambi_dash.ui.packed_files import PackedFiles
from jambi_dash.ui.page_language import PageLanguage
from jambi_dash.ui.upload_quota import UploadQuota

# What asks for which right; everything else is the page's own frame, or geometry.
_GUARDED: dict[str, Right] = {
    "/media/": "read",
    "/_stcore/metrics": "data",
    "/_stcore/upload_file": "scenarios",  # who has a page with a place to drop files
}


class Gate:
    """An ASGI layer around Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is what lies behind the gate."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers 403."""
        if scope["type"] != "http" or not sign_in.is_set_up():
            await self._app(scope, receive, send)
            return
        path = below_base(scope["path"])
        right = next((r for start, r in _GUARDED.items() if path.startswith(start)), None)
        # OPTIONS tells nothing and carries no cookie.
        if right and scope["method"] != "OPTIONS" and not _may(scope, right):
            await PlainTextResponse("403", status_code=403)(scope, receive, send)
            return
        await self._app(scope, receive, _with_secure_cookies(send))


def put_up() -> None:
    """Puts the gate around every app that Streamlit serves in this process from now on.

    Streamlit has no setting for it. Raises `AttributeError` where another version hides the place:
    then the server must not start.
    """
    from starlette.middleware import Middleware

    own = starlette_app.create_streamlit_middleware

    def with_gate() -> list[Middleware]:
        # The headers outermost: what the gate turns away has them too.
        # The language innermost: it reads a page before it is packed.
        layers = [
            Middleware(Headers), Middleware(PackedFiles), Middleware(Gate), Middleware(UploadQuota),
        ]  # fmt: skip
        return [*layers, *own(), Middleware(PageLanguage)]

    starlette_app.create_streamlit_middleware = with_gate


def _may(scope: Scope, right: Right) -> bool:
    claims = _claims(scope)
    return sign_in.reader_of(claims, lambda _home, _identity: "").may(right)


def _claims(scope: Scope) -> dict[str, Any]:
    """What the identity cookie of a request says, if it is signed and of this origin."""
    cookies: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookies.update(cookie_parser(value.decode("latin-1")))
    decoded = starlette_websocket._get_signed_cookie_with_chunks(cookies, USER_COOKIE_NAME)
    if decoded is None:
        return {}
    try:
        claims = json.loads(decoded)
    except ValueError:
        return {}
    if (
        not isinstance(claims, dict)
        or claims.get("origin") != auth_util.get_origin_from_redirect_uri()
    ):
        return {}
    return claims


def _with_secure_cookies(send: Send) -> Send:
    """Marks cookies as only for encrypted connections, where people come over one."""
    if not is_encrypted():
        return send

    async def send_secure(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (name, value + b"; Secure")
                if name.lower() == b"set-cookie" and b"secure" not in value.lower()
                else (name, value)
                for name, value in message.get("headers", [])
            ]
        await send(message)

    return send_secure
