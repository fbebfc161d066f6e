"""Ringkasan: two minutes, one screen."""

import streamlit as st

from jambi_dash.queries.rollout import rollout
from jambi_dash.ui import data, frame, summary

release = frame.require_release()
headline = data.headline(release)

with st.container(key="page_ringkasan", gap="xsmall"):
    # 1. How many, of how many, and what needs attention
    people, rate, targets, alerts = st.columns([2.3, 3.4, 3.1, 3.7], gap="small")
    with people:
        summary.persons(headline)
    with rate:
        summary.coverage(headline)
    with targets:
        summary.cohorts(headline)
    with alerts:
        summary.needs_attention(release, headline)

    # 2. Rollout, money, benefits, what changed
    joined, paid, benefits, changed = st.columns([2.6, 3.3, 2.8, 3.4], gap="small")
    with joined:
        summary.rollout(headline, data.ask(release, rollout))
    with paid:
        summary.contribution(headline)
    with benefits:
        summary.claims(headline)
    with changed:
        summary.since_last_time(release, headline)

    # 3. Where and since when
    where, when, who = st.columns([4.2, 4.6, 3], gap="small")
    with where:
        summary.map_card(headline)
    with when:
        summary.curve(headline)
    with who:
        summary.extremes(headline)

    summary.reconciliation(headline)
