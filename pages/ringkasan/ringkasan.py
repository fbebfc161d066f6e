"""Ringkasan: two minutes, one screen."""

import streamlit as st

from jambi_dash.queries.rollout import rollout
from jambi_dash.ui import data, frame, summary

release = frame.require_release()
headline = data.headline(release)

with st.container(key="page_ringkasan", gap="xsmall"):
    # 1. The answer, what needs attention, where. A phone shows the cards in this order.
    summary.lead(release, headline)
    rate, alerts, where = st.columns([3.1, 4.4, 4.3], gap="small")
    with rate:
        summary.coverage(headline)
    with alerts:
        summary.needs_attention(release, headline)
    with where:
        summary.map_card(headline)

    # 2. People, RTs, money, benefits
    people, targets, joined, paid, benefits = st.columns([1.87, 2.6, 2.3, 3.08, 2.45], gap="small")
    with people:
        summary.persons(headline)
    with targets:
        summary.cohorts(headline)
    with joined:
        summary.rollout(headline, data.ask(release, rollout))
    with paid:
        summary.contribution(headline)
    with benefits:
        summary.claims(headline)

    # 3. The way so far
    cover, rts, changed = st.columns([4.2, 4.2, 3.4], gap="small")
    with cover:
        summary.curve(headline)
    with rts:
        summary.rollout_curve(release, headline)
    with changed:
        summary.since_last_time(release, headline)

    summary.reconciliation(headline)
