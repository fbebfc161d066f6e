"""What is heard of a page and not seen: its title, and the names of Streamlit's own buttons.

Streamlit names its own buttons in English on every page. What can be scrolled by the mouse alone is
made reachable by the keyboard here too.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from jambi_dash.domain.areas import CITY_NAME
from jambi_dash.domain.language import current_language, t

_SCRIPT = Path(__file__).with_name("spoken.js").read_text(encoding="utf-8")


def speak(title: str) -> None:
    """Names the page and sends its script the words; once on every page, in the header."""
    st.set_page_config(page_title=f"{title} · Jamsostek {CITY_NAME}")
    # Registered at every call: a registration belongs to one server, a module to the process.
    component = st.components.v2.component("jambi_dash.spoken", html="", js=_SCRIPT)
    with st.container(key="spoken"):
        st.html(f"<h1>{escape(title)}</h1>")
        component(
            data={
                "scroll": t("Bagian yang dapat digulir"),
                "names": [["info icon", t("Arti angka ini")],
                          ["table icon", t("Angkanya sebagai tabel")],
                          ["streamlit_folium.st_folium", t("Peta")],
                          *(_names() if current_language() != "en" else [])],
            },
            key="spoken_script",
        )  # fmt: skip


def _names() -> list[list[str]]:
    """Streamlit's name and ours; `…` stands for the words of a label. The first that fits holds."""
    first, last = t("{label}: awal", label="…"), t("{label}: akhir", label="…")
    return [
        ["Skip to main content", t("Langsung ke isi halaman")],
        ["App pages", t("Halaman")],
        ["Help for …", t("Bantuan: {label}", label="…")],
        ["Link to heading", t("Tautan ke judul ini")],
        ["Clear all", t("Kosongkan pilihan")],
        ["Open", t("Buka pilihan")],
        ["Remove …", t("Lepas {label}", label="…")],
        ["Selected values", t("Yang dipilih")],
        ["Choose an option", t("Pilih salah satu")],
        ["Choose options", t("Pilih satu atau beberapa")],
        ["Download as CSV", t("Unduh sebagai CSV")],
        ["Fullscreen", t("Layar penuh")],
        ["Close fullscreen", t("Tutup layar penuh")],
        ["Search", t("Cari")],
        ["Show/hide columns", t("Tampilkan atau sembunyikan kolom")],
        ["Choose date", t("Pilih tanggal")],
        *(
            [f"{part}, … {end} date", said.replace("…", ours)]
            for part, said in (
                ("day", t("tanggal, {label}", label="…")),
                ("month", t("bulan, {label}", label="…")),
                ("year", t("tahun, {label}", label="…")),
            )
            for end, ours in (("start", first), ("end", last))
        ),
        ["… start date", first],
        ["… end date", last],
        ["day, …", t("tanggal, {label}", label="…")],
        ["month, …", t("bulan, {label}", label="…")],
        ["year, …", t("tahun, {label}", label="…")],
        ["Increment", t("Tambah")],
        ["Decrement", t("Kurangi")],
        ["file upload", t("Pilih berkas")],
        ["… — start", first],
        ["… — end", last],
        ["Close", t("Tutup")],
        ["Clear value", t("Kosongkan")],
    ]
