"""What may come a moment after the page: charts whose library is slow to load.

Plotly's script is some 4 MB. Asked for at once, it holds up the map and the figures beside it; so
on the first page of a visit it is asked for when those have been painted.
"""

from __future__ import annotations

import streamlit as st

WAIT_SECONDS = 1.6
_READY, _WAITED, _WITH_PAGE = "_grafik_siap", "_grafik_ditunggu", "_grafik_bersama_halaman"


def begin_run() -> None:
    """At the top of a run: whoever acts before the time is over has waited long enough.

    Asked for again in the middle of that run, the page would start anew and lose the click that
    began it.
    """
    if st.session_state.get(_WAITED):
        st.session_state[_READY] = True


def charts_are_due() -> bool:
    """Whether a chart may be drawn in this run; else draws nothing and comes back by itself."""
    if st.session_state.get(_READY):
        return True
    if not st.session_state.get(_WAITED):  # one clock for all charts of the page
        st.session_state[_WAITED] = st.session_state[_WITH_PAGE] = True
        _come_back()
        del st.session_state[_WITH_PAGE]
    return False


@st.fragment(run_every=WAIT_SECONDS)
def _come_back() -> None:
    # Runs with the page, and once more when the browser has had its time.
    if _WITH_PAGE not in st.session_state:
        st.rerun()
