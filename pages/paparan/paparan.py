"""Bahan Paparan: choose views, see them, take them along as files."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import frame
from jambi_dash.ui import paparan_basket as basket

release = frame.require_release()
basket.take_from_address()
basket.put_into_address()
st.header(t("Bahan Paparan"), anchor=False)
