"""Data & Mutu: files in, releases and their history, what is to be mended, official boundaries."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import (
    boundary_desk,
    bpjs_view,
    change_view,
    data,
    intake_view,
    ladder_view,
    log_desk,
    mending,
    release_desk,
)


def draw() -> None:
    """Title, and the section that is open of those that the reader may see."""
    st.header(t("Data & Mutu"), anchor=False)
    drawn = {
        t("Masukkan data"): (intake_view.draw, "data"),
        t("Riwayat rilis"): (release_desk.draw, "data"),
        change_view.section_title(): (change_view.draw, "internal"),
        t("Perbaikan per kelurahan"): (mending.draw, "internal"),
        ladder_view.section_title(): (ladder_view.draw, "internal"),
        bpjs_view.section_title(): (bpjs_view.draw, "internal"),
        t("Batas resmi"): (boundary_desk.draw, "data"),
        t("Catatan kegiatan"): (log_desk.draw, "log"),
    }
    sections = {title: draw for title, (draw, right) in drawn.items() if data.may(right)}
    tabs = st.tabs(list(sections), key="bagian", bind="query-params")
    for tab, draw_section in zip(tabs, sections.values(), strict=True):
        if tab.open:
            with tab:
                draw_section()


draw()
