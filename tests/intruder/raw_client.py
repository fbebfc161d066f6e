"""A browser without a browser: the server's own protocol by hand, so that it can say what it likes."""

from __future__ import annotations

import base64
import json
import math
import struct
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pyarrow as pa
from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    generate_xsrf_token_string,
)
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

XSRF, USER = "_streamlit_xsrf", "_streamlit_user"
RUN_SECONDS = 60


def signed_in(secret: str, url: str, **claims: Any) -> str:
    """The cookie that Streamlit gives to who signed in; another `secret` makes a forged one."""
    now = int(time.time())
    said = {
        "is_logged_in": True, "origin": url, "iss": "http://penyedia.test", "email_verified": True,
        "iat": now, "exp": now + 3600, "sub": claims.get("email", "x"), **claims,
    }  # fmt: skip
    return create_signed_value(secret, USER, json.dumps(said)).decode()


@dataclass
class Session:
    """One websocket, and everything that came through it in the last run."""

    url: str
    cookie: str = ""
    origin: str = ""
    resume: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    with_token: bool = True
    messages: list[ForwardMsg] = field(default_factory=list)
    _socket: ClientConnection | None = None

    def __post_init__(self) -> None:
        self.token = generate_xsrf_token_string(None, None)
        cookies = [f"{XSRF}={self.token}"] + ([f"{USER}={self.cookie}"] if self.cookie else [])
        words = ["streamlit", self.token if self.with_token else "x"]
        self.cookies = "; ".join(cookies)
        self._open = ExitStack()
        self._socket = self._open.enter_context(connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            origin=self.origin or self.url,  # type: ignore[arg-type]
            subprotocols=[*words, *([self.resume] if self.resume else [])],  # type: ignore[list-item]
            additional_headers={"Cookie": self.cookies, **self.headers},
            max_size=None, open_timeout=30, proxy=None,
        ))  # fmt: skip

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leaves."""
        self._open.close()

    def send(self, message: BackMsg | bytes | str) -> None:
        """Says something, as it is."""
        assert self._socket is not None
        self._socket.send(
            message if isinstance(message, bytes | str) else message.SerializeToString()
        )

    def hear(self, seconds: float = RUN_SECONDS) -> ForwardMsg | None:
        """The next message; `None` when nothing comes, or the server has hung up."""
        assert self._socket is not None
        try:
            raw = self._socket.recv(timeout=seconds)
        except (TimeoutError, ConnectionClosed):
            return None
        found = ForwardMsg()
        found.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
        return found

    def run(
        self,
        page: str = "",
        address: Mapping[str, str] | None = None,
        *,
        widgets: Iterable[WidgetState] = (),
        page_hash: str = "",
        fragment: str = "",
        seconds: float = RUN_SECONDS,
    ) -> Heard:
        """Asks for a run of the script, and gives what was sent until it ended."""
        ask = BackMsg()
        state = ask.rerun_script
        state.query_string = urlencode(address or {})
        state.page_name, state.page_script_hash, state.fragment_id = page, page_hash, fragment
        for widget in widgets:
            state.widget_states.widgets.append(widget)
        self.send(ask)
        return self.until_the_end(seconds)

    def until_the_end(self, seconds: float = RUN_SECONDS) -> Heard:
        """What is sent until no run follows."""
        self.messages = []
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            message = self.hear(deadline - time.monotonic())
            if message is None:
                break
            self.messages.append(message)
            # A script that asks for itself again ends with another status: the last one counts.
            if message.WhichOneof("type") == "script_finished" and message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            ):
                break
        return Heard(list(self.messages))

    @property
    def id(self) -> str:
        """The session's id, as the server told it."""
        return next(m.new_session.initialize.session_id for m in self.messages
                    if m.WhichOneof("type") == "new_session")  # fmt: skip

    def http(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Another request of the same browser."""
        headers = {"Cookie": self.cookies, "X-Xsrftoken": self.token, **options.pop("headers", {})}
        return httpx.request(
            method, self.url + path, headers=headers, timeout=120, trust_env=False, **options
        )


@dataclass
class Heard:
    """What the server sent in a run, told apart into texts and numbers wherever they were packed."""

    messages: list[ForwardMsg]

    def __post_init__(self) -> None:
        self.texts: list[str] = []
        self.numbers: set[float] = set()
        for message in self.messages:
            self._take(message)

    @property
    def text(self) -> str:
        """All texts."""
        return "\n".join(self.texts)

    @property
    def page_hashes(self) -> dict[str, str]:
        """The script hash of each page, by address."""
        return {
            page.url_pathname: page.page_script_hash
            for m in self.messages if m.WhichOneof("type") == "navigation"
            for page in m.navigation.app_pages
        }  # fmt: skip

    @property
    def fragments(self) -> set[str]:
        """The fragments that the run registered."""
        return {m.delta.fragment_id for m in self.messages
                if m.WhichOneof("type") == "delta" and m.delta.fragment_id}  # fmt: skip

    def elements(self, kind: str) -> list[Any]:
        """All elements of a kind that the run drew."""
        return [
            getattr(m.delta.new_element, kind) for m in self.messages
            if m.WhichOneof("type") == "delta" and m.delta.WhichOneof("type") == "new_element"
            and m.delta.new_element.WhichOneof("type") == kind
        ]  # fmt: skip

    def widget_ids(self) -> dict[str, str]:
        """Ids of everything that can be set or pressed, and of what kind each is."""
        found = {}
        for m in self.messages:
            if m.WhichOneof("type") != "delta":
                continue
            new = m.delta.new_element if m.delta.HasField("new_element") else m.delta.add_block
            kind = new.WhichOneof("type") or ""
            inner = getattr(new, kind, None)
            identity = getattr(inner, "id", "") or getattr(new, "id", "")
            if identity:
                found[identity] = kind
        return found

    def _take(self, value: Any) -> None:
        if isinstance(value, Message):
            for _, inner in value.ListFields():
                self._take(inner)
        elif isinstance(value, str):
            self._take_text(value)
        elif isinstance(value, bytes):
            self._take_bytes(value)
        elif isinstance(value, bool):
            pass
        elif isinstance(value, int | float):
            self.numbers.add(float(value))
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                self._take(key)
                self._take(inner)
        elif isinstance(value, Iterable):
            for inner in value:
                self._take(inner)

    def _take_text(self, text: str) -> None:
        self.texts.append(text)
        if text[:1] in "{[":
            try:
                said = json.loads(text)
            except ValueError:
                return
            self._take_json(said)

    def _take_json(self, said: Any) -> None:
        if isinstance(said, dict):
            if isinstance(said.get("bdata"), str):
                self.numbers.update(_unpacked(said["bdata"], str(said.get("dtype"))))
            for inner in said.values():
                self._take_json(inner)
        elif isinstance(said, list):
            for inner in said:
                self._take_json(inner)
        elif isinstance(said, str):
            self._take_text(said)
        elif isinstance(said, int | float) and not isinstance(said, bool):
            self.numbers.add(float(said))

    def _take_bytes(self, raw: bytes) -> None:
        try:
            table = pa.ipc.open_stream(raw).read_all()
        except (pa.ArrowInvalid, OSError):
            self.texts.append(raw.decode("utf-8", "replace"))
            return
        for column in table.itercolumns():
            for cell in column.to_pylist():
                if isinstance(cell, float) and math.isnan(cell):
                    continue
                self._take(cell)


_TYPES = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "i8": "q", "f4": "f",
          "f8": "d"}  # fmt: skip


def _unpacked(packed: str, kind: str) -> Iterator[float]:
    raw, letter = base64.b64decode(packed), _TYPES.get(kind, "B")
    yield from (float(n) for (n,) in struct.iter_unpack("<" + letter, raw))


def host_of(url: str) -> str:
    """Host and port of an address."""
    return urlsplit(url).netloc


def pressed(identity: str) -> WidgetState:
    """A button pressed."""
    return WidgetState(id=identity, trigger_value=True)
