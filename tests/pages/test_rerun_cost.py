"""What Streamlit's events go through: none is lost, none overtakes another, one failing stops none."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from streamlit.runtime.scriptrunner import ScriptRunnerEvent

from jambi_dash.ui.rerun_cost import _asked_once, gathered, straight

EVENTS = 2_000


def test_one_waking_brings_all_that_waits() -> None:
    woken: list[Callable[[], None]] = []
    call = gathered(lambda _, callback: woken.append(callback))
    session, seen = SimpleNamespace(), []
    for number in range(5):
        call(session, lambda number=number: seen.append(number))
    assert len(woken) == 1
    woken[0]()
    assert seen == [0, 1, 2, 3, 4]
    call(session, lambda: seen.append(5))
    assert len(woken) == 2


def test_events_from_threads_arrive_in_order_and_a_failing_one_stops_none() -> None:
    async def serve() -> tuple[list[tuple[str, int]], int]:
        loop, session, seen, failed = asyncio.get_running_loop(), SimpleNamespace(), [], []
        loop.set_exception_handler(lambda _, context: failed.append(context))
        call = gathered(lambda _, callback: loop.call_soon_threadsafe(callback))

        def event(name: str, number: int) -> None:
            seen.append((name, number))
            if number % 500 == 0:
                raise LookupError

        def script(name: str) -> None:
            for number in range(EVENTS):
                call(session, lambda number=number: event(name, number))

        scripts: list[Any] = [threading.Thread(target=script, args=(name,)) for name in "ab"]
        for thread in scripts:
            thread.start()
        while any(thread.is_alive() for thread in scripts) or len(seen) < 2 * EVENTS:
            await asyncio.sleep(0.001)
        return seen, len(failed)

    seen, failed = asyncio.run(asyncio.wait_for(serve(), 60))
    for name in "ab":
        assert [number for who, number in seen if who == name] == list(range(EVENTS))
    assert failed == 8


def test_elements_go_straight_to_their_queue_and_all_else_is_handled() -> None:
    handled: list[Any] = []
    queue: list[str] = []
    runner, stopped = object(), object()
    session = SimpleNamespace(
        _scriptrunner=runner,
        _enqueue_forward_msg=queue.append,
        _call_soon_on_event_loop=lambda callback: callback(),
    )
    handle = straight(lambda *told, **more: handled.append((told[1:], more)))
    element, started = ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, ScriptRunnerEvent.SCRIPT_STARTED
    handle(session, runner, started, page_script_hash="a")
    handle(session, runner, element, forward_msg="title")
    handle(session, stopped, element, forward_msg="of a run that was stopped")
    handle(session, runner, element, "map")
    assert queue == ["title", "map"]
    assert handled == [((runner, started, None), {"page_script_hash": "a"})]


def test_paths_are_looked_up_once_and_stay_true(tmp_path: Path) -> None:
    system = _asked_once(os)
    assert system.path.realpath(tmp_path / "a" / ".." / "b") == os.path.realpath(tmp_path / "b")
    assert system.path.basename is os.path.basename
    assert system.getpid is os.getpid
