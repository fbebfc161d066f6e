"""Choices that stand in the address by a name of their own, whatever language the reader has.

Streamlit's own binding writes the words on the button, so that a link made in Indonesian says
nothing to an English page. Here the address holds an id (`tingkat=rt`); words of either language,
as older links have them, are still understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from time import monotonic
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from jambi_dash.domain.language import LANGUAGES, catalogue
from jambi_dash.ui.address import news, say

_Value = TypeVar("_Value")
_TO = ".."
_SAID_AGAIN, _RUNS = 5.0, 3
"""Seconds, and runs at the least, for which a value laid into a widget is said on every run."""


def choose(address: str, value: str) -> None:
    """Chooses by id before the widget is drawn; for callbacks, which do not know the language."""
    st.session_state[_chosen(address)] = value
    st.session_state[_pending(address)] = True


def lead_to(address: str, value: str, words: str) -> None:
    """A button that chooses by id, where a reader would otherwise have to look for the control."""
    st.button(
        words, icon=":material/arrow_forward:", key=f"ke_{address}_{value}", on_click=choose,
        args=(address, value),
    )  # fmt: skip


def switch(
    label: str, address: str, options: Mapping[str, str], default: str, **look: Any
) -> str:  # fmt: skip
    """A row of buttons; `options` are words by id. Gives the id."""
    _settle(address, options, default, by_word=True)
    word = st.segmented_control(label, list(options.values()), required=True, key=address, **look)
    return _told(address, _id_of(str(word), options) or default, default)


def pick(
    label: str, address: str, options: Mapping[str, str], default: str | None = None, **look: Any
) -> str:
    """A drop-down list; `options` are words by id, the first is the default. Gives the id."""
    default = next(iter(options)) if default is None else default
    _settle(address, options, default, by_word=False)
    chosen = st.selectbox(
        label, list(options), key=address, format_func=lambda name: options.get(name, name), **look
    )
    return _told(address, chosen if chosen in options else default, default)


def slide(
    label: str, address: str, options: Mapping[str, str], default: str, **look: Any
) -> str:  # fmt: skip
    """A slider over named steps; gives the id of the step."""
    _settle(address, options, default, by_word=False)
    chosen = st.select_slider(
        label, list(options), key=address, format_func=lambda name: options.get(name, name), **look
    )
    return _told(address, chosen if chosen in options else default, default)


def span(label: str, address: str, options: Mapping[str, str], **look: Any) -> tuple[str, str]:
    """A slider with two ends over named steps, all of them by default; gives both ids.

    In the address they stand as `2025-03..2025-09`.
    """
    state, ids = st.session_state, list(options)
    whole = (ids[0], ids[-1])
    value = state.get(address) or state.get(_chosen(address)) or whole
    brought = news(address)
    if brought is not None:
        value = tuple(_id_of(part, options) for part in brought.split(_TO))
    sound = len(value) == 2 and all(end in options for end in value) and value[0] <= value[1]
    if not sound or tuple(value) == state.get(f"{_chosen(address)}_bawaan"):
        value = whole
    lay(address, tuple(value))
    low, high = st.select_slider(
        label, ids, key=address, format_func=lambda name: options.get(name, name), **look
    )
    state[_chosen(address)], state[f"{_chosen(address)}_bawaan"] = (low, high), whole
    say(address, "" if (low, high) == whole else f"{low}{_TO}{high}")
    return str(low), str(high)


def kept(
    address: str, default: _Value, read: Callable[[str], _Value],
    fit: Callable[[_Value], _Value], draw: Callable[[], _Value],
) -> _Value:  # fmt: skip
    """A number or a day that stands in the address and is there again on coming back.

    `draw` draws the widget whose key is `address`, without a value of its own; `read` takes a text
    of the address (`ValueError`: it is passed over), `fit` brings a value between the widget's ends.
    """
    state, remembered = st.session_state, _chosen(address)
    value = state.get(address, state.get(remembered, default))
    brought = news(address)
    if brought is not None:
        with suppress(ValueError):
            value = read(brought)
    if value == state.get(f"{remembered}_bawaan", default):
        value = default  # who followed what is usual goes on following it
    lay(address, fit(value))
    found = draw()
    state[remembered], state[f"{remembered}_bawaan"] = found, default
    say(address, "" if found == default else str(found))
    return found


def sections(address: str, options: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Tabs of which only the open one is drawn: id and tab of each; the first is the default."""
    default = next(iter(options))
    _settle(address, options, default, by_word=True)
    tabs = list(
        zip(
            options,
            st.tabs(list(options.values()), on_change="rerun", key=address),
            strict=True,
        )
    )
    _told(address, next((name for name, tab in tabs if tab.open), default), default)
    return tabs


def _chosen(address: str) -> str:
    return f"_pilihan_{address}"


def _pending(address: str) -> str:
    return f"_pilihan_{address}_baru"


def _settle(address: str, options: Mapping[str, str], default: str, *, by_word: bool) -> None:
    """Lays the value to show into the widget's state."""
    state, remembered = st.session_state, _chosen(address)
    brought = news(address)
    if state.pop(_pending(address), False):
        value = state[remembered]
    elif brought is not None:
        value = _id_of(brought, options) or state.get(remembered, default)
    elif address not in state:
        value = state.get(remembered, default)
    else:
        # Another language leaves the old words in the widget: the id says what was meant.
        value = _id_of(str(state[address]), options) or state.get(remembered, default)
    usual = state.get(f"{remembered}_bawaan", default)
    if value not in options or (value == usual != default):
        value = default  # who followed what is usual (the newest month) goes on following it
    shown = options[value] if by_word else value
    lay(address, shown)


def lay(address: str, shown: Any) -> None:
    """Lays a value into the widget's state, and for a moment says it again.

    Of two runs that follow each other at once, as on a page that has just opened, the browser may
    get the second only: a value said in the first alone is lost, and the widget shows another than
    the page is of. On another page the same value is said again: its widget is another one there,
    and would begin with the first of its steps.
    """
    state, since = st.session_state, f"{_chosen(address)}_sejak"
    here = _page()
    start, runs, page = state.get(since, (-_SAID_AGAIN, _RUNS, here))
    if state.get(address) != shown or page != here:
        state[since] = (monotonic(), 1, here)
    else:
        # On a busy server the second run may come long after the first.
        if monotonic() - start >= _SAID_AGAIN and runs >= _RUNS:
            return
        state[since] = (start, runs + 1, here)
    state[address] = shown


def _page() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.page_script_hash if context else ""


def _id_of(text: str, options: Mapping[str, str]) -> str | None:
    """The id that a text means: the id itself, or its words in any language."""
    if text in options:
        return text
    for name, word in options.items():
        if text == word or text in _in_all_languages(word):
            return name
    return None


@lru_cache(4096)  # it walks through the whole catalogue
def _in_all_languages(word: str) -> set[str]:
    found = {word}
    for language in LANGUAGES:
        texts = catalogue(language)
        found |= {texts[word]} if word in texts else set()
        found |= {source for source, shown in texts.items() if shown == word}
    return found


def _told(address: str, value: str, default: str) -> str:
    """Remembers the choice and says it in the address, unless it is the default."""
    st.session_state[_chosen(address)] = value
    st.session_state[f"{_chosen(address)}_bawaan"] = default
    say(address, "" if value == default else value)
    return value
