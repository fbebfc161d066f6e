"""What goes to the browser goes whole, in order, and before the connection is closed."""

from __future__ import annotations

import asyncio
from typing import Any

from jambi_dash.ui.wire import _AT_ONCE, Corked, hurried


class _Connection:
    def __init__(self) -> None:
        self.told: list[Any] = []

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def close(self) -> None:
        self.told.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.told


def test_one_turn_of_the_loop_is_one_write() -> None:
    async def send() -> list[Any]:
        connection = _Connection()
        corked = Corked(connection, asyncio.get_running_loop())
        for part in (b"a", b"b", b"c"):
            corked.write(part)
        assert connection.told == []
        await asyncio.sleep(0)
        corked.write(b"d")
        await asyncio.sleep(0)
        return connection.told

    assert asyncio.run(send()) == [b"abc", b"d"]


def test_what_is_held_goes_before_the_end() -> None:
    async def send() -> list[Any]:
        connection = _Connection()
        corked = Corked(connection, asyncio.get_running_loop())
        corked.write(b"last words")
        corked.close()
        assert corked.is_closing()
        await asyncio.sleep(0)
        return connection.told

    assert asyncio.run(send()) == [b"last words", "closed"]


def test_the_loop_has_its_turn_after_so_many_messages() -> None:
    async def send() -> list[int]:
        module, turns, seen = hurried(asyncio), [0], []

        async def other() -> None:
            while True:
                turns[0] += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(other())
        for _ in range(3 * _AT_ONCE):
            await module.sleep(0)
            seen.append(turns[0])
        await module.sleep(0.001)
        task.cancel()
        return seen

    seen = asyncio.run(send())
    assert seen[_AT_ONCE - 2] == 0  # not once until then
    assert 1 <= seen[-1] <= 3
    assert hurried(asyncio).Event is asyncio.Event
