"""Simulasi Perluasan: place the next workers, see at once what it costs and whom it reaches."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.ui import frame, simulation_controls, simulation_effects, simulation_shelf
from jambi_dash.ui import simulation_money as money
from jambi_dash.ui import simulation_state as state
from jambi_dash.ui import simulation_view as view
from jambi_dash.ui.literal import literal

desk = state.open_desk(frame.require_release())
view.announce(desk)
controls, answer = st.columns([1, 2.75], gap="medium")
with controls:
    table = simulation_controls.draw(desk)

with answer:
    try:
        found = desk.answer(state.settle(desk, table))
    except Refusal as refusal:
        st.error(literal(str(refusal)), icon=":material/error:")
        st.stop()
    words, tools = st.columns([4, 1], gap="medium")
    with words:
        view.sentence(found)
    with tools:
        simulation_shelf.draw_tools(desk, found)
    view.cards(found)

    # One section at a time is drawn
    sections = {
        t("Peta"): view.draw_map,
        t("Wilayah"): view.draw_table,
        t("Biaya"): money.draw_money,
        t("Dampak"): simulation_effects.draw,
        t("Hitung balik"): money.draw_goals,
        t("Beberapa tahun"): money.draw_years,
        t("Bandingkan"): simulation_shelf.draw,
    }
    for tab, draw in zip(
        st.tabs(list(sections), on_change="rerun", key="sim_lembar"), sections.values(), strict=True
    ):
        if tab.open:
            with tab:
                draw(desk, found)
    view.source_line(found)
