"""Data & Mutu: files in, releases and their history, what is to be mended, official boundaries."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import boundary_desk, intake_view, mending, release_desk

st.header(t("Data & Mutu"), anchor=False)

SECTIONS = {
    t("Masukkan data"): intake_view.draw,
    t("Riwayat rilis"): release_desk.draw,
    t("Perbaikan per kelurahan"): mending.draw,
    t("Batas resmi"): boundary_desk.draw,
}
# Only the open section runs: the others cost nothing.
for tab, draw in zip(
    st.tabs(list(SECTIONS), key="bagian", bind="query-params"), SECTIONS.values(), strict=True
):
    if tab.open:
        with tab:
            draw()
