"""Santunan: what was paid, where and how fast, and what was to be expected."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import choices, frame
from jambi_dash.ui import claims_view as view

release = frame.require_release()
view.stop_without_claims(release)

# Filters, all of them in the address
first, second, third = st.columns([1.5, 1.5, 3])
with first:
    cohort = view.choose_cohort(release)
with second:
    area = view.choose_area()
with third:
    span = view.choose_span(release)
asked = view.Asked(release, span[0], span[1], cohort, area)

# The answer in five figures
for column, card in zip(st.columns(5, gap="small"), view.CARDS, strict=True):
    with column:
        card(asked)

# One section at a time is drawn
titles = {
    "bulan": t("Per bulan"), "wilayah": t("Per wilayah"), "perkiraan": t("Perkiraan dan dibayar"),
    "lama": t("Lama pembayaran"), "aturan": t("Aturan santunan"),
}  # fmt: skip
for name, tab in choices.sections("santunan_lembar", titles):
    if tab.open:
        with tab:
            view.SECTIONS[name](asked)
view.footer(asked)
