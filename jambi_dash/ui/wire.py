"""What a run has drawn goes to the browser in one piece.

Streamlit hands its hundred messages to the system one by one, and takes a turn of the server's loop
after each. At every one of them the interpreter changes hands; with thirty readers the loop then waits
behind their scripts, five milliseconds and more each time: half a second of waiting for a page whose
script took forty milliseconds.

Where another version hides a place, nothing is put up: it is only slower.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

_AT_ONCE = 64
"""Messages sent in one turn of the loop: some milliseconds of its time."""


def put_up() -> None:
    """Call once, before the server starts."""
    from streamlit.runtime import runtime
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    if "asyncio" in vars(runtime):
        vars(runtime)["asyncio"] = hurried(asyncio)
    made: Any = WebSocketsSansIOProtocol.connection_made

    def made_with_cork(protocol: Any, transport: Any) -> None:
        made(protocol, Corked(transport, protocol.loop))

    WebSocketsSansIOProtocol.connection_made = made_with_cork  # type: ignore[method-assign, assignment]


def hurried(module: Any) -> Any:
    """`asyncio` whose `sleep(0)` gives way only once in so many messages."""
    asked = 0

    async def sleep(seconds: float, result: Any = None) -> Any:
        nonlocal asked
        asked += 1
        if seconds > 0 or asked % _AT_ONCE == 0:
            return await module.sleep(seconds, result)
        return result

    return SimpleNamespace(**{**vars(module), "sleep": sleep})


class Corked:
    """A transport that writes once in a turn of the loop what was given to it meanwhile."""

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        """`transport` is the one of the connection."""
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Holds the bytes until the loop's next turn."""
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)

    def flush(self) -> None:
        """Writes what is held."""
        held, self._held = self._held, []
        if held:
            self._transport.write(b"".join(held))

    def close(self) -> None:
        """Closes after what is held was written."""
        self.flush()
        self._transport.close()
