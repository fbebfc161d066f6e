"""Answers kept for all readers: asked once, bounded, gone with their release, never written to."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.language import in_language
from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui import data, exhibit, kept_answers
from jambi_dash.ui.kept_answers import Kept

PAGES = ("ringkasan", "peta", "kampung_bahagia", "santunan", "paparan", "simulasi")
AGAIN = ("ringkasan", "peta", "kampung_bahagia", "paparan")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def counted(most: int = 10, idle: float = 60.0) -> tuple[Kept[..., str], list[str], Clock]:
    made: list[str] = []
    clock = Clock()

    def answer(path: str, what: str, _release: object = None) -> str:
        made.append(f"{path} {what}")
        if what == "fails":
            raise LookupError
        return made[-1]

    return Kept(answer, most, idle=idle, clock=clock), made, clock


def test_an_answer_is_made_once_and_what_begins_with_a_line_is_no_part_of_the_key() -> None:
    ask, made, _ = counted()
    assert ask("a", "x", object()) is ask("a", "x", object())
    assert ask("b", "x") == "b x"
    assert made == ["a x", "b x"]


def test_the_oldest_answer_goes_when_there_are_too_many() -> None:
    ask, made, _ = counted(most=2)
    for what in ("x", "y", "x", "z", "x", "y"):
        ask("a", what)
    assert made == ["a x", "a y", "a z", "a y"]
    assert len(ask) == 2


def test_answers_of_an_older_release_go_when_nobody_asks_for_them() -> None:
    ask, made, clock = counted()
    ask("old", "left")
    ask("old", "used")
    ask("new", "x")
    clock.now = 50.0
    ask("old", "used")
    clock.now = 70.0
    ask.forget_idle("new")
    assert [ask("new", "x"), ask("old", "used")] == ["new x", "old used"]
    assert made == ["old left", "old used", "new x"]
    ask("old", "left")
    assert made[-1] == "old left"


def test_what_fails_is_asked_again() -> None:
    ask, made, _ = counted()
    for _ in range(2):
        with pytest.raises(LookupError):
            ask("a", "fails")
    assert made == ["a fails", "a fails"]


def test_the_first_works_it_out_and_the_others_wait() -> None:
    """After a new release thirty readers ask the same at once."""
    begun, go_on = threading.Event(), threading.Event()
    made: list[int] = []

    def slow(path: str) -> object:
        made.append(1)
        begun.set()
        go_on.wait(10)
        return object()

    ask, got = Kept(slow, 4, idle=60.0), []
    readers = [threading.Thread(target=lambda: got.append(ask("a"))) for _ in range(8)]
    for reader in readers:
        reader.start()
    begun.wait(10)
    go_on.set()
    for reader in readers:
        reader.join(10)
    assert len(made) == 1
    assert len(got) == 8
    assert len(set(map(id, got))) == 1


def said(value: Any) -> Any:
    """All that a value says, for comparing; not what it keeps for itself to be quicker."""
    if is_dataclass(value) and not isinstance(value, type):
        told = [getattr(value, f.name) for f in fields(value) if f.compare]
        return type(value).__name__, [said(one) for one in told]
    if isinstance(value, Mapping):
        return [(said(k), said(v)) for k, v in value.items()]
    if isinstance(value, list | tuple):
        return [said(item) for item in value]
    if isinstance(value, frozenset | set):
        return sorted(map(repr, value))
    if isinstance(value, pd.DataFrame):
        return value.to_csv(), [str(kind) for kind in value.dtypes]
    return repr(value)


def test_no_page_writes_into_what_all_readers_share(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages once, and again by RT: what was kept stays as it was."""
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home))
    monkeypatch.chdir(PROJECT)
    before: dict[tuple[str, Any], tuple[Any, Any]] = {}
    for query, pages in (({}, PAGES), ({"tingkat": "rt", "tingkat_kb": "rt"}, AGAIN)):
        app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=90)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        for page in pages:
            app.switch_page(f"pages/{page}/{page}.py").run()
            assert not app.exception
        for kept in kept_answers.everything():
            if kept.__name__ == data._door.__name__:
                continue
            for key, value in kept.items():
                was = before.setdefault((kept.__name__, key), (value, said(value)))
                assert was[0] is not value or was[1] == said(value), kept.__name__
    assert len({name for name, _ in before}) > 8


def bars(names: tuple[str, ...], *, theme: str) -> go.Figure:
    return go.Figure(go.Bar(x=list(names), y=[1] * len(names)))


def test_a_chart_is_drawn_once_for_the_same_numbers_and_its_texts_are_mended_once() -> None:
    first = exhibit.once(bars, ("a & b", "c"), theme="light")()
    again = exhibit.once(bars, ("a & b", "c"), theme="light")()
    assert again is first
    assert list(again.data[0].x) == ["a &amp; b", "c"]
    assert exhibit.once(bars, ("a & b", "d"), theme="light")() is not first
    assert exhibit.once(bars, ("a & b", "c"), theme="dark")() is not first
    with in_language("en"):
        assert exhibit.once(bars, ("a & b", "c"), theme="light")() is not first
