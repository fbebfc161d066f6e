"""Data & Mutu: files in, releases and their history, what is to be mended, official boundaries."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import (
    boundary_desk,
    bpjs_view,
    change_view,
    choices,
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
        "masukan": (t("Masukkan data"), intake_view.draw, "data"),
        "riwayat": (t("Riwayat rilis"), release_desk.draw, "data"),
        "perubahan": (change_view.section_title(), change_view.draw, "internal"),
        "perbaikan": (t("Perbaikan per kelurahan"), mending.draw, "internal"),
        "verifikasi": (ladder_view.section_title(), ladder_view.draw, "internal"),
        "bpjs": (bpjs_view.section_title(), bpjs_view.draw, "internal"),
        "batas": (t("Batas resmi"), boundary_desk.draw, "data"),
        "catatan": (t("Catatan kegiatan"), log_desk.draw, "log"),
    }
    titles = {name: title for name, (title, _, right) in drawn.items() if data.may(right)}
    for name, tab in choices.sections("bagian", titles):
        if tab.open:
            with tab:
                drawn[name][1]()


draw()
