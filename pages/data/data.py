"""Data & Mutu: files in, releases and their history, what is to be mended, official boundaries."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import boundary_desk, intake_view, mending, release_desk


def draw() -> None:
    """Title, and the section that is open; the others do not run."""
    st.header(t("Data & Mutu"), anchor=False)
    sections = {
        t("Masukkan data"): intake_view.draw,
        t("Riwayat rilis"): release_desk.draw,
        t("Perbaikan per kelurahan"): mending.draw,
        t("Batas resmi"): boundary_desk.draw,
    }
    tabs = st.tabs(list(sections), key="bagian", bind="query-params")
    for tab, draw_section in zip(tabs, sections.values(), strict=True):
        if tab.open:
            with tab:
                draw_section()


draw()
