"""Kampung Bahagia: from 67 to 1.650 RT, on pace or not, and who works without cover."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import choices, construction_view, data, frame, joining_view, wave_planner
from jambi_dash.ui import rollout_view as view

release = frame.require_release()
view.stop_without_log(release)

# Filters, all of them in the address
first, second = st.columns([3, 1])
with first:
    at = view.choose_month(release)
with second:
    deadline = view.choose_deadline()
asked = view.Asked(release, at, deadline)

# The answer in five figures
for column, card in zip(st.columns(5, gap="small"), view.CARDS, strict=True):
    with column:
        card(asked)

# One section at a time is drawn, of those that the reader has the right to
drawn = {
    "peta": (t("Peta tahap"), view.map_and_funnel, "rt"),
    "rencana": (t("Rencana dan kenyataan"), view.curve, "city"),
    "tempo": (t("Tempo yang diperlukan"), view.pace, "read"),
    "lama": (t("RT menurut lama tahap"), view.stalled, "rt"),
    "jakon": (t("Jaminan konstruksi"), construction_view.draw, "internal"),
    "gelombang": (t("Gelombang berikut"), wave_planner.draw, "scenarios"),
    "bergabung": (t("Sebelum dan sesudah"), joining_view.draw, "internal"),
}
titles = {name: title for name, (title, _, right) in drawn.items() if data.may(right)}
for name, tab in choices.sections("kb_lembar", titles):
    if tab.open:
        with tab:
            drawn[name][1](asked)
view.footer(asked)
