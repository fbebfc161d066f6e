"""Simulasi Perluasan: place the next workers, see at once what it costs and whom it reaches."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.ui import (
    choices,
    frame,
    look,
    simulation_controls,
    simulation_effects,
    simulation_shelf,
)
from jambi_dash.ui import simulation_money as money
from jambi_dash.ui import simulation_state as state
from jambi_dash.ui import simulation_view as view
from jambi_dash.ui.literal import literal

desk = state.open_desk(frame.require_release())
view.announce(desk)
look.jump("jawaban", t("Langsung ke jawaban"))
controls, answer = st.columns([1, 2.75], gap="medium")
with controls:
    tools = st.container()
    table = simulation_controls.draw(desk)

with answer:
    try:
        found = desk.answer(state.settle(desk, table))
    except Refusal as refusal:
        st.error(literal(str(refusal)), icon=":material/error:")
        st.stop()
    with tools:
        simulation_shelf.draw_tools(desk, found)
    look.landing("jawaban")
    view.sentence(found)
    view.cards(found)

    # One section at a time is drawn
    sections = {
        "peta": (t("Peta"), view.draw_map),
        "wilayah": (t("Wilayah"), view.draw_table),
        "biaya": (t("Biaya"), money.draw_money),
        "dampak": (t("Dampak"), simulation_effects.draw),
        "balik": (t("Hitung balik"), money.draw_goals),
        "tahun": (t("Beberapa tahun"), money.draw_years),
        "banding": (t("Bandingkan"), simulation_shelf.draw),
    }
    titles = {name: title for name, (title, _) in sections.items()}
    for name, tab in choices.sections("sim_lembar", titles):
        if tab.open:
            with tab:
                sections[name][1](desk, found)
    view.source_line(found)
