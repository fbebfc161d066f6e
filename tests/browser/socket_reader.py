"""A reader without a browser: speaks Streamlit's websocket and does what its page would do.

It keeps the widgets that a run has drawn and sends all their values with every change; it carries
out a fragment's own clock and the cache of large messages. Pictures and scripts are not fetched.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_SECONDS = 120
_MESSAGE_AGE = 2
"""Runs for which the browser keeps a large message (`global.maxCachedMessageAge`)."""


@dataclass
class Answer:
    """What one run of the page said, and how long it took."""

    seconds: float = 0.0
    bytes: int = 0
    texts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass
class _Widget:
    kind: str
    proto: Any
    run: int
    words: list[str] = field(default_factory=list)


class Reader:
    """One session. `open_reader` makes it; every method that acts waits for the answer."""

    def __init__(self, wire: ClientConnection) -> None:
        self._wire = wire
        self._widgets: dict[str, _Widget] = {}
        self._states: dict[str, WidgetState] = {}
        self._tabs: dict[tuple[int, ...], str] = {}
        self._kept: dict[str, tuple[ForwardMsg, int]] = {}
        self._pages: dict[str, str] = {}
        self._page = ""
        self._query = ""
        self._runs = 0
        self._fresh = False
        self._answer = Answer()
        self._ended = asyncio.Event()
        self._clocks: dict[str, asyncio.Task[None]] = {}
        self.faults: list[str] = []
        self.clock_runs = 0

    # What a reader does

    async def open(self, address: str, query: str = "") -> Answer:
        """The first visit: `address` without a slash, `query` without a question mark."""
        self._query = query
        return await self._ask(page_name=address)

    async def go(self, address: str) -> Answer:
        """A click in the menu."""
        self._page, self._query = self._pages[address], ""
        return await self._ask()

    async def choose(self, key: str, value: Any) -> Answer:
        """Another value for a widget: a word, number, or list, as the widget has it."""
        name = self._name_of(key)
        self._states[name] = _state(name, self._widgets[name], value)
        bound = getattr(self._widgets[name].proto, "query_param_key", "")
        if bound:
            said = {k: v[-1] for k, v in parse_qs(self._query).items()}
            self._query = urlencode({**said, bound: value})
        return await self._ask()

    async def press(self, key: str) -> Answer:
        """A click on a button."""
        name = self._name_of(key)
        self._states[name] = WidgetState(id=name, trigger_value=True)
        try:
            return await self._ask()
        finally:
            self._states.pop(name, None)

    async def close(self) -> None:
        """Leaves; the server is told."""
        self._stop_clocks()
        await self._wire.close()

    # What a reader sees

    def kinds(self) -> dict[str, str]:
        """Kind of every widget on the page that has a key."""
        return {_key(name): widget.kind for name, widget in self._widgets.items()}

    def words(self, key: str) -> list[str]:
        """The words that a widget can be set to; tabs and buttons in their order."""
        return self._widgets[self._name_of(key)].words

    def proto(self, key: str) -> Any:
        """The widget as the server described it."""
        return self._widgets[self._name_of(key)].proto

    # The wire

    def _name_of(self, key: str) -> str:
        found = [name for name in self._widgets if _key(name) == key]
        if not found:
            raise KeyError(f"no widget {key!r}; there are {sorted(self.kinds())}")
        return found[-1]

    async def _ask(self, page_name: str = "") -> Answer:
        self._answer, self._fresh = Answer(), False
        self._ended.clear()
        start = time.perf_counter()
        await self._send(page_name=page_name)
        await asyncio.wait_for(self._ended.wait(), PATIENCE_SECONDS)
        self._answer.seconds = time.perf_counter() - start
        return self._answer

    async def _send(self, page_name: str = "", fragment: str = "") -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self._page
        asked.page_name, asked.fragment_id = page_name, fragment
        asked.is_auto_rerun = bool(fragment)
        asked.widget_states.widgets.extend(self._states.values())
        asked.cached_message_hashes.extend(self._kept)
        asked.context_info.timezone = "Asia/Jakarta"
        await self._wire.send(message.SerializeToString())

    async def _listen(self) -> None:
        async for data in self._wire:
            message = ForwardMsg.FromString(data)
            if message.WhichOneof("type") == "ref_hash":
                kept, path = self._kept[message.ref_hash][0], message.metadata
                message = ForwardMsg()
                message.CopyFrom(kept)
                message.metadata.CopyFrom(path)
            elif message.metadata.cacheable:
                self._kept[message.hash] = (message, self._runs)
            self._answer.bytes += len(data)
            self._take(message)

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._take_delta(message)
        elif kind == "new_session":
            if not message.metadata.run.fragment_ids:
                self._runs += 1
                self._fresh = True
                self._answer.texts.clear()
                self._stop_clocks()
                self._page = message.new_session.page_script_hash
        elif kind == "navigation":
            self._pages = {p.url_pathname: p.page_script_hash for p in message.navigation.app_pages}
            self._page = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            clock = message.auto_rerun
            self._start_clock(clock.fragment_id, clock.interval)
        elif kind == "stop_auto_rerun":
            for name in message.stop_auto_rerun.fragment_ids:
                self._stop_clocks(name)
        elif kind == "page_not_found":
            self._fault("page not found")
        elif kind == "script_finished":
            self._finish(message)

    def _finish(self, message: ForwardMsg) -> None:
        status = message.script_finished
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self._fault("compile error")
        elif status != ForwardMsg.FINISHED_SUCCESSFULLY or not self._fresh:
            return
        gone = [name for name, widget in self._widgets.items() if widget.run < self._runs]
        for name in gone:
            del self._widgets[name]
            self._states.pop(name, None)
        self._kept = {h: (m, run) for h, (m, run) in self._kept.items()
                      if run > self._runs - _MESSAGE_AGE}  # fmt: skip
        self._ended.set()

    def _take_delta(self, message: ForwardMsg) -> None:
        path = tuple(message.metadata.delta_path)
        if message.delta.WhichOneof("type") == "add_block":
            block = message.delta.add_block
            kind = block.WhichOneof("type")
            if kind == "tab":
                parent = self._tabs.get(path[:-1])
                if parent in self._widgets:
                    self._widgets[parent].words.append(block.tab.label)
                return
            proto = getattr(block, kind) if kind else None
            if kind == "tab_container":
                self._tabs[path] = proto.id
        else:
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            proto = getattr(element, kind) if kind else None
            if kind in ("markdown", "html"):
                self._answer.texts.append(proto.body)
            elif kind == "exception":
                self._fault(f"exception {proto.type}: {proto.message}")
            elif kind == "alert" and proto.format == Alert.ERROR:
                self._fault(proto.body)
        if kind and getattr(proto, "id", ""):
            self._keep_widget(kind, proto)

    def _keep_widget(self, kind: str, proto: Any) -> None:
        widget = _Widget(kind, proto, self._runs)
        self._widgets[proto.id] = widget
        if kind == "button_group":
            widget.words = [option.content for option in proto.options]
        elif hasattr(proto, "options"):
            widget.words = [str(word) for word in proto.options]
        if getattr(proto, "set_value", False) or proto.id not in self._states:
            value = _shown(kind, proto)
            if value is not None:
                self._states[proto.id] = _state(proto.id, widget, value)

    def _fault(self, text: str) -> None:
        self._answer.faults.append(text)
        self.faults.append(text)

    def _start_clock(self, fragment: str, seconds: float) -> None:
        async def tick() -> None:
            while True:
                await asyncio.sleep(seconds)
                self.clock_runs += 1
                await self._send(fragment=fragment)

        self._stop_clocks(fragment)
        self._clocks[fragment] = asyncio.ensure_future(tick())

    def _stop_clocks(self, *names: str) -> None:
        for name in names or list(self._clocks):
            if clock := self._clocks.pop(name, None):
                clock.cancel()


@asynccontextmanager
async def open_reader(server: str) -> AsyncIterator[Reader]:
    """A connection to the dashboard at `server` (http://…); nothing is asked of it yet."""
    stream = server.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(stream, subprotocols=["streamlit"], origin=server, max_size=None,
                       compression=None) as wire:  # fmt: skip
        reader = Reader(wire)
        listening = asyncio.ensure_future(reader._listen())
        try:
            yield reader
        finally:
            with contextlib.suppress(Exception):
                await reader.close()
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await listening


def _key(name: str) -> str:
    # $$ID-<hash of the widget>-<key>
    return name.split("-", 2)[-1]


def _shown(kind: str, proto: Any) -> Any:
    """The value that the browser would show and send back."""
    if kind == "button_group":
        chosen = list(proto.raw_values) if proto.set_value else []
        return chosen or [proto.options[i].content for i in proto.default]
    if kind in ("selectbox", "radio"):
        if proto.set_value:
            return proto.raw_value
        return proto.options[proto.default] if proto.HasField("default") else None
    if kind == "slider":
        if proto.type == Slider.SELECT_SLIDER:
            if proto.set_value and proto.raw_value:
                return list(proto.raw_value)
            return [proto.options[int(i)] for i in proto.default]
        return list(proto.value if proto.set_value else proto.default)
    if kind == "multiselect":
        if proto.set_value:
            return list(proto.raw_values)
        return [proto.options[i] for i in proto.default]
    if kind in ("number_input", "text_input"):
        # An empty field stays empty: sent as 0 it would be a cap of nothing.
        name = "value" if proto.set_value else "default"
        return getattr(proto, name) if proto.HasField(name) else None
    if kind in ("checkbox", "date_input"):
        value = proto.value if proto.set_value else proto.default
        return list(value) if kind == "date_input" else value
    return None


_FIELDS: dict[str, Callable[[WidgetState, Any], None]] = {
    "selectbox": lambda state, value: setattr(state, "string_value", value),
    "radio": lambda state, value: setattr(state, "string_value", value),
    "text_input": lambda state, value: setattr(state, "string_value", value),
    "tab_container": lambda state, value: setattr(state, "string_value", value),
    "checkbox": lambda state, value: setattr(state, "bool_value", value),
    "number_input": lambda state, value: setattr(state, "double_value", value),
    "date_input": lambda state, value: state.string_array_value.data.extend(_listed(value)),
    "multiselect": lambda state, value: state.string_array_value.data.extend(_listed(value)),
    "button_group": lambda state, value: state.string_array_value.data.extend(_listed(value)),
}


def _state(name: str, widget: _Widget, value: Any) -> WidgetState:
    state = WidgetState(id=name)
    if widget.kind == "slider":
        if widget.proto.type == Slider.SELECT_SLIDER:
            state.string_array_value.data.extend(_listed(value))
        else:
            state.double_array_value.data.extend(_listed(value))
    else:
        _FIELDS[widget.kind](state, value)
    return state


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
