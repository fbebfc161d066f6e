"""Answers of a release, kept for all readers of this process as long as somebody asks for them.

`st.cache_resource` does the same but for two things: its keys cost some hundredths of a run, and it
keeps the answers of releases that nobody sees any more until there are too many.
Here an answer of a release that is not current goes when nobody asked for it for a minute. Who
asks first works it out, the others wait for him. Answers are shared: they must be frozen.
"""

from __future__ import annotations

import inspect
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import update_wrapper
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

IDLE_SECONDS = 60.0
_SWEEP_SECONDS = 5.0


@dataclass
class _Entry:
    value: Any
    release: str
    used: float


class Kept(Generic[Asked, Answer]):
    """A function that remembers its last `most` answers.

    Arguments whose names begin with `_` are no part of the key: the others must say the same. An
    argument `path` names the release; a function without one is of no release.
    """

    def __init__(
        self, make: Callable[Asked, Answer], most: int, *, idle: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        names = list(inspect.signature(make).parameters)
        self._said = [place for place, name in enumerate(names) if not name.startswith("_")]
        self._release = names.index("path") if "path" in names else None
        self._make, self._most, self._idle, self._clock = make, most, idle, clock
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()
        update_wrapper(self, make)

    def __call__(self, *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        """The answer, remembered or new; what it raises is not remembered."""
        key = tuple(args[place] for place in self._said)
        with self._lock:
            entry = self._entry(key)
            making = None if entry else self._making.setdefault(key, Lock())
        if entry is None and making is not None:
            with making:
                with self._lock:
                    entry = self._entry(key)
                if entry is None:
                    try:
                        value = self._make(*args, **kwargs)
                    finally:
                        with self._lock:
                            self._making.pop(key, None)
                    entry = self._keep(key, value, args)
        answer: Answer = entry.value  # type: ignore[union-attr]
        return answer

    def _entry(self, key: Hashable) -> _Entry | None:
        entry = self._entries.get(key)
        if entry is not None:
            entry.used = self._clock()
            self._entries.move_to_end(key)
        return entry

    def _keep(self, key: Hashable, value: Any, args: tuple[Any, ...]) -> _Entry:
        release = "" if self._release is None else str(args[self._release])
        entry = _Entry(value, release, self._clock())
        with self._lock:
            self._entries[key] = entry
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
        return entry

    def forget_idle(self, current: str) -> None:
        """Lets go of what is of another release than `current` and was not asked for lately."""
        before = self._clock() - self._idle
        with self._lock:
            gone = [key for key, entry in self._entries.items()
                    if entry.release not in ("", current) and entry.used < before]  # fmt: skip
            dropped = [self._entries.pop(key) for key in gone]
        del dropped  # outside of the lock: letting go of a release's file takes a moment

    def clear(self) -> None:
        """Lets go of everything."""
        with self._lock:
            self._entries.clear()

    def items(self) -> list[tuple[Hashable, Answer]]:
        """What is remembered now, by key."""
        with self._lock:
            return [(key, entry.value) for key, entry in self._entries.items()]

    def __len__(self) -> int:
        """How many answers are remembered."""
        return len(self._entries)


_ALL: list[Kept[..., Any]] = []
_swept = [0.0]


def keep(
    most: int, *, idle: float = IDLE_SECONDS
) -> Callable[[Callable[Asked, Answer]], Kept[Asked, Answer]]:
    """Makes a function remember; `idle` seconds after its last use an older release's answer goes."""

    def made(function: Callable[Asked, Answer]) -> Kept[Asked, Answer]:
        kept = Kept(function, most, idle=idle)
        _ALL.append(kept)
        return kept

    return made


def everything() -> tuple[Kept[..., Any], ...]:
    """All functions that remember."""
    return tuple(_ALL)


def forget_older(current: str) -> None:
    """At the top of a run: what is of older releases goes when it is idle; mostly does nothing."""
    now = time.monotonic()
    if now - _swept[0] < _SWEEP_SECONDS:
        return
    _swept[0] = now
    for kept in _ALL:
        kept.forget_idle(current)
