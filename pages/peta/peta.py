"""Peta Cakupan: (city →) kecamatan → kelurahan → RT; map, ranking and table move together."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import coverage_view as view
from jambi_dash.ui import filters, frame, look, place

release = frame.require_release()
place.settle()
code = place.current()

# Filters, all of them in the address
look.jump("jawaban", t("Langsung ke peta"))
wide = [1.1, 1.3, 1.6, 2.4, 2.1] if place.has_cities() else [1.3, 1.6, 1.9, 1.7, 2.1]
first, second, third, fourth, fifth = st.columns(wide)
with first:
    cohort = filters.cohort(release)
with second:
    at = filters.month(release, cohort)
with third:
    denominator = filters.denominator(release, cohort, by_area=True)
with fourth:
    level = place.choose_level()
with fifth:
    mode = filters.comparison()

# The answer in words
table = view.answer(release, level, code, cohort, at, denominator)
above = view.answer(release, place.asked_level(code), code, cohort, at, denominator)
answer, drawn_on = st.columns([4.6, 1.4], vertical_alignment="center")
with answer:
    look.landing("jawaban")
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="peta_jalan"
    ):  # fmt: skip
        place.breadcrumb(code)
        view.headline(above, code)
with drawn_on:
    base = filters.base_map()
rows = place.inside(table.rows, code, level)

# Map beside ranking and table, or two months side by side, or their difference
if mode == "one":
    earlier = None
else:
    with drawn_on:
        before = view.earlier_month(release, cohort, at)
    earlier = view.answer(release, level, code, cohort, before, denominator)
if mode == "two" and earlier is not None:
    left, right = st.columns(2)
    with left:
        view.draw_map(release, earlier, level, code, base, key="peta_awal", link="peta")
    with right:
        view.draw_map(release, table, level, code, base, link="peta")
else:
    left, right = st.columns([1.7, 1])
    with left:
        view.draw_map(
            release, table, level, code, base, earlier=earlier if mode == "difference" else None
        )
    with right:
        rows = view.only_few(rows)
        ranking, numbers = st.tabs(
            [t("Peringkat"), t("Tabel")], on_change="rerun", key="peta_lembar"
        )
        if ranking.open:
            with ranking:
                view.draw_ranking(table, rows, code, earlier)
        if numbers.open:
            with numbers:
                view.draw_table(table, rows, earlier)
notes, sending = st.columns([2.6, 1], vertical_alignment="center")
with notes:
    view.footer(table, level)
with sending:
    view.send(release, table, level, base, mode, earlier)
if mode == "two":
    view.draw_table(table, rows, earlier)
