"""definisi."""

import streamlit as st

from jambi_dash.ui import frame

release = frame.require_release()
st.write("definisi")
