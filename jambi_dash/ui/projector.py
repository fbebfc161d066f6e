"""Projector mode: the main pages turn by themselves, without menu, for a room to look at.

On while the address says `proyektor=ya`, so that the link of a screen in a hall can be kept.
"""

from __future__ import annotations

import time

import streamlit as st

from jambi_dash.domain.language import t

TURN_SECONDS = 25
_KEY, _ON = "proyektor", "ya"
_OPENED = "_proyektor_dibuka"
_TURNS = ("ringkasan", "peta", "kampung-bahagia")

_LARGE = """<style>
.stApp { font-size: 1.12em; }
.stAppHeader, [data-testid="stHeader"] { display: none; }
.stMainBlockContainer { padding-top: 1rem; }
</style>"""


def is_on() -> bool:
    """Whether the pages turn."""
    return st.query_params.get(_KEY) == _ON


def draw_switch() -> None:
    """The button that starts or ends projector mode. F11 makes the browser fill the screen."""
    if is_on():
        st.button(t("Selesai"), icon=":material/close:", key="proyektor_selesai",
                  on_click=_end, shortcut="Esc")  # fmt: skip
    else:
        st.button(
            t("Mode proyektor"), icon=":material/slideshow:", key="proyektor_mulai", type="tertiary",
            on_click=_begin, help=t("Mode proyektor: halaman berganti sendiri. F11 untuk layar penuh."),
        )  # fmt: skip


def _begin() -> None:
    st.query_params[_KEY] = _ON
    st.session_state.pop(_OPENED, None)


def _end() -> None:
    st.query_params.pop(_KEY, None)


def keep_turning(address: str, path_of: dict[str, str]) -> None:
    """Turns to the next page when this one was looked at long enough.

    `address` is the page on the screen, `path_of` the files of the pages by their address.
    """
    if not is_on():
        return
    st.html(_LARGE)
    if st.session_state.get(_OPENED, ("", 0.0))[0] != address:
        st.session_state[_OPENED] = (address, time.monotonic())
    turns = [known for known in _TURNS if known in path_of]
    following = turns[(turns.index(address) + 1) % len(turns)] if address in turns else turns[0]
    _clock(path_of[following])


@st.fragment(run_every=TURN_SECONDS / 5)
def _clock(following: str) -> None:
    _, opened = st.session_state.get(_OPENED, ("", time.monotonic()))
    if is_on() and time.monotonic() - opened >= TURN_SECONDS:
        st.switch_page(following, query_params={_KEY: _ON})
