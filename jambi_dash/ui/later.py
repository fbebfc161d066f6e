"""What may come a moment after the page: charts whose library is slow to load.

Plotly's script is some 4 MB. Asked for at once, it holds up the map and the figures beside it; so
on the first page of a visit it is asked for when those have been painted.
"""

from __future__ import annotations

import streamlit as st

WAIT_SECONDS = 1.6
_READY, _WAITED = "_grafik_siap", "_grafik_ditunggu"


def charts_are_due() -> bool:
    """Whether a chart may be drawn in this run; else draws nothing and comes back by itself."""
    if st.session_state.get(_READY):
        return True
    _come_back()
    return False


@st.fragment(run_every=WAIT_SECONDS)
def _come_back() -> None:
    # Runs once with the page, and once more when the browser has had its time.
    if st.session_state.get(_WAITED):
        st.session_state[_READY] = True
        st.rerun()
    st.session_state[_WAITED] = True
