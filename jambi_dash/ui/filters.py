"""The filters that pages share. Each is in the address, so that a link restores the view.

A filter owns its key: pages ask for the value and never name the key.
"""

from __future__ import annotations

from jambi_dash.domain import formats
from jambi_dash.domain.areas import WHOLE
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.geography.levels import BaseKind
from jambi_dash.ui import choices, data


def cohort(*releases: data.OpenRelease) -> str:
    """The chosen cohort (`kelompok` in the address) of those that one of the releases has."""
    programme = load_programme()
    known = {
        cohort_id
        for release in releases
        for cohort_id in data.frame(release, "cohorts", month=release.at.first_day())["cohort"]
    }
    options = [c for c in programme.cohorts.ids if c in known] or [programme.default_cohort]
    return choices.pick(
        t("Kelompok"), "kelompok", {c: programme.cohorts.by_id[c].shown() for c in options}
    )


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
    chosen = choices.slide(
        t("Bulan"), "bulan", {str(m): formats.month_short(m) for m in options}, str(options[-1])
    )
    return Month.parse_iso(chosen) or options[-1]


def denominator(release: data.OpenRelease, cohort_id: str, *, by_area: bool) -> str | None:
    """The chosen denominator (`penyebut`); with `by_area` only those that areas have."""
    ledger = load_ledger()
    shown = data.coverage(release, by=WHOLE, cohort=cohort_id).denominator
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
    return choices.pick(
        t("Penyebut"), "penyebut", {d: ledger.get(d).label() for d in options},
        help=t("Angka yang menjadi pembagi cakupan. Sumber dan keraguannya ada di Definisi & Sumber."),
    )  # fmt: skip


def comparison() -> str:
    """One month, two side by side, or their difference (`tampilan`): `one`, `two`, `difference`."""
    words = {"one": t("Satu bulan"), "two": t("Dua bulan"), "difference": t("Selisih")}
    return choices.switch(t("Tampilan"), "tampilan", words, "one")


def base_map() -> BaseKind:
    """What areas are drawn on (`dasar`): official boundaries, or the cartogram."""
    if not data.has_official_boundaries():
        return "cartogram"
    words = {"true": t("Batas resmi"), "cartogram": t("Kartogram")}
    chosen = choices.switch(t("Dasar peta"), "dasar", words, "true", label_visibility="collapsed")
    return "cartogram" if chosen == "cartogram" else "true"
