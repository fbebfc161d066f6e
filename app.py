"""The dashboard's entry: the frame around every page, and the list of pages."""

import streamlit as st

from jambi_dash.ui import frame

frame.open_app()
page = st.navigation(frame.pages(), position=frame.menu_position())
frame.open_or_stop(page)
frame.leave_bare_address(page)
frame.draw_header(page)
frame.run_page(page)
