"""The filters that pages share. Each is in the address, so that a link restores the view.

A filter owns its key: pages ask for the value and never name the key.
"""

from __future__ import annotations

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.geography.levels import BaseKind
from jambi_dash.ui import data


def cohort(*releases: data.OpenRelease) -> str:
    """The chosen cohort (`kelompok` in the address) of those that one of the releases has."""
    programme = load_programme()
    known = {
        cohort_id
        for release in releases
        for cohort_id in data.frame(release, "cohorts", month=release.at.first_day())["cohort"]
    }
    options = [c for c in programme.cohorts.ids if c in known] or [programme.default_cohort]
    chosen = st.selectbox(
        t("Kelompok"), options, key="kelompok", bind="query-params",
        format_func=lambda c: programme.cohorts.by_id[c].shown(),
    )  # fmt: skip
    return chosen or options[0]


def month(release: data.OpenRelease, cohort_id: str) -> Month:
    """The chosen month (`bulan`): from the first cover to the date of the data."""
    span = data.frame(release, "months", cohort=cohort_id)
    first = span["first"].iloc[0] if len(span) else None
    start = release.at if first is None or str(first) == "NaT" else Month.of(first.date())
    start = min(start, release.at)
    options = [Month.from_index(i) for i in range(start.index(), release.at.index() + 1)]
    if len(options) == 1:
        return options[0]
    # Only plain values in the widget: a hot-reloaded class would no longer be equal to itself.
    chosen = st.select_slider(
        t("Bulan"), [str(m) for m in options], value=str(options[-1]), key="bulan",
        bind="query-params", format_func=lambda m: formats.month_short(Month.parse_iso(m)),
    )  # fmt: skip
    return Month.parse_iso(str(chosen)) or options[-1]


def denominator(release: data.OpenRelease, cohort_id: str, *, by_area: bool) -> str | None:
    """The chosen denominator (`penyebut`); with `by_area` only those that areas have."""
    ledger = load_ledger()
    shown = data.coverage(release, by="city", cohort=cohort_id).denominator
    own = [shown.id] if shown.id else []
    if by_area and shown.id and not ledger.get(shown.id).by_area:
        own = []
    others = [
        d.id
        for d in ledger.denominators
        if d.id not in own
        and (d.by_area or not by_area)
        and (cohort_id in d.default_for or (not d.default_for and cohort_id == "pekerja_rentan"))
    ]
    options = [*own, *others]
    if not options:
        return shown.id
    return st.selectbox(
        t("Penyebut"), options, key="penyebut", bind="query-params",
        format_func=lambda d: ledger.get(d).label(),
        help=t("Angka yang menjadi pembagi cakupan. Sumber dan keraguannya ada di Definisi & Sumber."),
    )  # fmt: skip


def comparison() -> str:
    """One month, two side by side, or their difference (`tampilan`): `one`, `two`, `difference`."""
    labels = {t("Satu bulan"): "one", t("Dua bulan"): "two", t("Selisih"): "difference"}
    chosen = st.segmented_control(
        t("Tampilan"), list(labels), default=t("Satu bulan"), required=True, key="tampilan",
        bind="query-params",
    )  # fmt: skip
    return labels.get(str(chosen), "one")


def base_map() -> BaseKind:
    """What areas are drawn on (`dasar`): official boundaries, or the cartogram."""
    if not data.has_official_boundaries():
        return "cartogram"
    chosen = st.segmented_control(
        t("Dasar peta"), [t("Batas resmi"), t("Kartogram")], default=t("Batas resmi"),
        required=True, key="dasar", bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    return "cartogram" if chosen == t("Kartogram") else "true"
