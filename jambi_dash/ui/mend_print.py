"""The mend list of a kelurahan as a file to print: chosen, made, handed to this browser."""

from __future__ import annotations

import streamlit as st

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.exports.mend_sheets import mend_pdf, mend_xlsx
from jambi_dash.exports.theme import load_theme
from jambi_dash.queries.mending import mend_book
from jambi_dash.settings import default_home
from jambi_dash.ui import data, hand_over

_ALL = ""


def draw(release: data.OpenRelease, *, key: str) -> None:
    """A choice of kelurahan, first all of them, and two buttons."""
    book = data.ask(release, mend_book)
    names = {sheet.code: sheet.name for sheet in book.sheets if sheet.code}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("Daftar untuk lurah"), [_ALL, *sorted(names, key=names.__getitem__)], width=320,
            key=f"{key} kelurahan",
            format_func=lambda code: names.get(code, t("Semua kelurahan")),
        )  # fmt: skip
        as_pdf = st.button(t("Cetak (PDF)"), icon=":material/print:", key=f"{key} pdf")
        as_xlsx = st.button(t("Excel (XLSX)"), icon=":material/table:", key=f"{key} xlsx")
    st.caption(
        t("Hanya jumlah dan cara memperbaikinya, tanpa nama; berkas dengan nama diunduh saat memeriksa "
          "kiriman di bagian Masukkan data.")
    )  # fmt: skip
    if not (as_pdf or as_xlsx):
        return
    data.require("internal")
    if chosen:
        book = data.ask(release, mend_book, kelurahan=chosen)
    form = "pdf" if as_pdf else "xlsx"
    with st.spinner(t("Menyusun daftar …")):
        content = mend_pdf(book, load_theme(default_home())) if as_pdf else mend_xlsx(book)
    place = load_areas().name_of(chosen).lower().replace(" ", "-") if chosen else t("semua")
    data.note("export", page="mend", form=form, release=book.release)
    mime = "application/pdf" if as_pdf else hand_over.XLSX
    hand_over.hand_over(content, f"daftar-perbaikan-{place}.{form}", mime)
