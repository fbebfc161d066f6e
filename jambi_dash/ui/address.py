"""What the address says, and what this session has written there itself.

A request brings the address as the browser had it when the request left. Of two actions in quick
succession the second still brings the address from before the first: taken as a link that somebody
opened, it would undo what was just chosen.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

import streamlit as st

LATE_SECONDS = 6.0
"""How long after it was replaced a text of our own may still arrive; later it is the back button."""

_SAID, _REPLACED, _BEFORE, _ACTED = "_alamat", "_alamat_dulu", "_alamat_isian", "_alamat_berbuat"


def begin_run() -> None:
    """At the top of a run: whether the reader has moved a control since the run before."""
    controls = {key: _plain(value) for key, value in _controls().items()}
    before = st.session_state.get(_BEFORE, {})
    st.session_state[_ACTED] = any(
        value != before[key] for key, value in controls.items() if key in before
    ) or any(key not in controls for key in before)
    st.session_state[_BEFORE] = controls


def now(name: str) -> str:
    """What the address says under `name`, or was last told where it comes too late; else empty."""
    text = st.query_params.get(name, "")
    said = st.session_state.get(_of(_SAID, name), "")
    if text != said and _is_late(name, text):
        say(name, said)  # else the next word to the address would take the old one along
        return str(said)
    return text


def news(name: str) -> str | None:
    """What the address brings that this session has not said itself; each text is news once."""
    text = now(name)
    if not text or text == st.session_state.get(_of(_SAID, name)):
        return None
    st.session_state[_of(_SAID, name)] = text
    return text


def say(name: str, text: str) -> None:
    """Writes `text` into the address; empty takes `name` out of it."""
    state, key = st.session_state, _of(_SAID, name)
    was = state.get(key, "")
    if text != was:
        state.setdefault(_of(_REPLACED, name), {})[was] = monotonic()
        state[key] = text
    if text and st.query_params.get(name) != text:
        st.query_params[name] = text
    elif not text and name in st.query_params:
        st.query_params.pop(name)


def _is_late(name: str, text: str) -> bool:
    """Whether a text is one of our own that was replaced just now, brought by a further action."""
    replaced = st.session_state.get(_of(_REPLACED, name), {})
    recent = monotonic() - replaced.get(text, float("-inf")) < LATE_SECONDS
    return recent and bool(st.session_state.get(_ACTED))


def _of(what: str, name: str) -> str:
    return f"{what}_{name}"


def _controls() -> dict[str, Any]:
    return {str(key): value for key, value in st.session_state.items() if str(key)[:1] != "_"}


def _plain(value: object) -> object:
    """A value that can be compared: tables and files stand for themselves."""
    known = isinstance(value, str | int | float | bool | tuple | list | dict | None)
    return repr(value) if known else id(value)
