"""What Streamlit and folium work out anew at every rerun though it never changes: once is enough.

Of 45 ms of a rerun of /peta, 6 went into reading the theme's options for each section and turning
their names into snake case, 1 into the signatures of cached functions, 3 into compiling the few
templates of a folium map. Every one of a page's hundred elements woke the server's loop twice, by a
write into a pipe at which the interpreter changes hands: with thirty readers the script then waits
its turn behind all the others. Now one waking brings what has gathered, and an element goes straight
into its queue. Every link to a page asked the disk where the page's file really lies.

Where another version hides a place, nothing is put up: it is only slower.
"""

from __future__ import annotations

import os
import random
import threading
from collections import deque
from collections.abc import Callable
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

_FUNCTIONS, _TEMPLATES = 512, 128


def put_up() -> None:
    """Call once, before the server starts."""
    from branca import element
    from streamlit import type_util
    from streamlit.elements.widgets import button
    from streamlit.runtime import app_session
    from streamlit.runtime.runtime import Runtime

    if hasattr(app_session, "_populate_theme_msg"):
        vars(app_session)["_populate_theme_msg"] = _remembered(app_session._populate_theme_msg)
    if hasattr(type_util, "get_func_parameters"):
        asked = lru_cache(_FUNCTIONS)(type_util.get_func_parameters)
        vars(type_util)["get_func_parameters"] = asked
    if hasattr(button, "get_main_script_directory"):
        # Asked for every link to a page; the server never changes its folder.
        vars(button)["get_main_script_directory"] = lru_cache(8)(button.get_main_script_directory)
        vars(button)["os"] = _asked_once(os)
    if hasattr(element, "urandom"):
        vars(element)["urandom"] = random.randbytes  # names within one map, no secrets
    if hasattr(element, "Template"):
        vars(element)["Template"] = lru_cache(_TEMPLATES)(element.Template)
    if hasattr(app_session.AppSession, "_call_soon_on_event_loop"):
        app_session.AppSession._call_soon_on_event_loop = gathered(  # type: ignore[method-assign]
            app_session.AppSession._call_soon_on_event_loop
        )
    if hasattr(app_session.AppSession, "_on_scriptrunner_event"):
        app_session.AppSession._on_scriptrunner_event = straight(  # type: ignore[method-assign]
            app_session.AppSession._on_scriptrunner_event
        )
    if hasattr(Runtime, "_enqueued_some_message") and hasattr(Runtime, "_get_async_objs"):
        Runtime._enqueued_some_message = _told_at_once(  # type: ignore[method-assign, assignment]
            Runtime._enqueued_some_message
        )


def _remembered(fill: Any) -> Any:
    kept: dict[str, Any] = {}

    def fill_once(message: Any, section: str = "theme") -> None:
        if section not in kept:
            fresh = type(message)()
            fill(fresh, section)
            kept[section] = fresh
        # An empty message merged would make the section exist for the browser.
        if kept[section].ByteSize():
            message.MergeFrom(kept[section])

    return fill_once


def _asked_once(system: Any) -> Any:
    """The module `os`, but that a path's true place is looked up once."""
    real = lru_cache(_FUNCTIONS)(system.path.realpath)
    path = SimpleNamespace(**{**vars(system.path), "realpath": real})
    return SimpleNamespace(**{**vars(system), "path": path})


def straight(handle: Callable[..., None]) -> Callable[..., None]:
    """`handle(session, sender, event, message, …)` without its questions for a page's elements.

    For them it asks on which thread it is, what state the session had, and whether that changed.
    """
    from streamlit.runtime.scriptrunner import ScriptRunnerEvent

    element = ScriptRunnerEvent.ENQUEUE_FORWARD_MSG

    def handle_straight(
        session: Any, sender: Any, event: Any, forward_msg: Any = None, **more: Any
    ) -> None:
        if event is element and forward_msg is not None:
            session._call_soon_on_event_loop(partial(_deliver, session, sender, forward_msg))
        else:
            handle(session, sender, event, forward_msg, **more)

    return handle_straight


def _deliver(session: Any, sender: Any, message: Any) -> None:
    # A run that was stopped for a newer one may still speak: nobody listens.
    if sender is session._scriptrunner:
        session._enqueue_forward_msg(message)


def gathered(call_soon: Callable[[Any, Callable[[], None]], None]) -> Callable[..., None]:
    """`call_soon(session, callback)` that wakes the loop once for all callbacks that wait."""

    def call_gathered(session: Any, callback: Callable[[], None]) -> None:
        state = vars(session)
        waiting: deque[Callable[[], None]] = state.setdefault("_waiting_for_loop", deque())

        def run_all() -> None:
            # First the flag: what is added from now on may come too late for this turn.
            state["_loop_is_called"] = False
            try:
                while waiting:
                    waiting.popleft()()
            finally:
                if waiting:  # one of them failed: the rest has its turn
                    call_soon(session, run_all)

        waiting.append(callback)
        if not state.get("_loop_is_called"):
            state["_loop_is_called"] = True
            call_soon(session, run_all)

    return call_gathered


def _told_at_once(tell: Callable[[Any], None]) -> Callable[[Any], None]:
    """On the loop's own thread there is nobody to wake."""

    def tell_at_once(runtime: Any) -> None:
        objects = runtime._get_async_objs()
        # Not `asyncio.get_running_loop`, which asks the system for the process's number.
        if getattr(objects.eventloop, "_thread_id", None) == threading.get_ident():
            objects.need_send_data.set()
        else:
            tell(runtime)

    return tell_at_once
