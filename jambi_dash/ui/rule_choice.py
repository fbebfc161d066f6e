"""The rules of /simulasi side by side: the same places and limits, shared by each rule in turn."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.expansion import RULES
from jambi_dash.domain.expansion_story import lowest_after, rule_name, rule_sentence
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.simulation import Simulation
from jambi_dash.ui import exhibit
from jambi_dash.ui import simulation_state as state
from jambi_dash.ui.look import table_html
from jambi_dash.ui.numbers import show
from jambi_dash.ui.simulation_state import Desk
from jambi_dash.ui.simulation_view import words


def draw(desk: Desk, found: Simulation) -> None:
    """What each rule would do with this scenario, and a button that takes one over."""
    exhibit.head(
        words(found, t("Aturan pembagian berdampingan"), t("wilayah, orang, persen"),
              "simulasi_pemerataan"), "sim_aturan",
    )  # fmt: skip
    lines = []
    for rule in RULES:
        try:
            one = found if rule == found.scenario.rule else desk.answer(
                replace(found.scenario, rule=rule)
            )  # fmt: skip
        except Refusal:
            lines.append([rule_name(rule), rule_sentence(rule), *[formats.MISSING] * 5])
            continue
        lines.append(_line(one))
    show(
        table_html(
            [t("Aturan"), t("Cara membagi"), t("Wilayah yang mendapat tempat"), t("Terbanyak untuk"),
             t("Cakupan terendah"), t("Wilayah tanpa peserta"), t("Rasio Gini (0 = semua sama)")],
            lines,
        )
    )  # fmt: skip
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(t("Pakai aturan:"), width="content")
        for rule in RULES:
            st.button(
                rule_name(rule), key=f"sim_pakai_aturan_{rule}",
                disabled=rule == found.scenario.rule, on_click=state.change,
                kwargs={"rule": None if rule == RULES[0] else rule},
            )  # fmt: skip


def _line(one: Simulation) -> list[str]:
    rule = one.scenario.rule
    gains = [area for area in one.areas if area.add]
    most = max(gains, key=lambda area: (area.add, area.code), default=None)
    lowest = lowest_after(one)
    return [
        rule_name(rule),
        rule_sentence(rule),
        formats.number(len(gains)),
        t("{name}, {n} orang", name=most.name, n=formats.number(most.add)) if most else "",
        (lowest[0].name + " " if lowest else "") + formats.percent(one.fairness.min_rate),
        formats.number(one.fairness.areas_without),
        formats.number(one.fairness.gini, 2),
    ]
