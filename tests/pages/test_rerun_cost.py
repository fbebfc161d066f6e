"""What Streamlit's events go through: none is lost, none overtakes another, one failing stops none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from jambi_dash.ui.rerun_cost import gathered

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
