"""The gallery of Bahan Paparan: the views that can be chosen, each with its map as it is now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import cast, get_args

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import SEVERAL
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.picks import DIFFERENCE_MONTHS, Pick, Show
from jambi_dash.geography.levels import BaseKind, Level
from jambi_dash.ui import choices, data, definitions, filters, numbers, simulation_shelf
from jambi_dash.ui import paparan_basket as basket
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import theme

_LEVELS: tuple[Level, ...] = (
    ("city", "kecamatan", "kelurahan", "rt") if SEVERAL else ("kelurahan", "kecamatan", "rt")
)
_DEFINED_BY: dict[str, str] = {
    "coverage": "cakupan",
    "difference": "perubahan_cakupan",
    "rollout": "rt_bergabung",
    "scenario": "simulasi_tempat",
}
"""The definition of the figures of each kind of view."""


@dataclass(frozen=True)
class Asked:
    """What the views of the gallery are of. `None` is what holds without choosing."""

    release: data.OpenRelease
    cohort: str | None
    at: Month | None
    base: BaseKind | None
    public: bool

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that may be shown."""
        return tuple(
            level for level in _LEVELS
            if (level != "rt" or data.all_fit(self.release, level))
            and not (self.public and level in ("city", "rt"))
        )  # fmt: skip


def choose(release: data.OpenRelease, *, public: bool) -> Asked:
    """The filters of the gallery, all of them in the address."""
    first, second, third = st.columns([1.2, 1.7, 1.35], vertical_alignment="bottom")
    with first:
        cohort = filters.cohort(release)
    with second:
        at = filters.month(release, cohort)
    with third:
        base = filters.base_map()
    usual = load_programme().default_cohort
    return Asked(
        release,
        # What is usual is left open: a link sent today shows next month's list next month.
        cohort=None if cohort == usual else cohort,
        at=None if at == release.at else at,
        base="cartogram" if base == "cartogram" and data.has_official_boundaries() else None,
        public=public,
    )


def draw(asked: Asked) -> None:
    """One group of views at a time; the others are not drawn."""
    groups: dict[str, tuple[str, Callable[[Asked], None]]] = {
        "cakupan": (t("Cakupan"), _coverage),
        "perubahan": (t("Perubahan"), _difference),
        "kampung": (t("Kampung Bahagia"), _rollout),
    }
    if data.may("scenarios"):
        groups["skenario"] = (t("Skenario"), _scenarios)
    for name, tab in choices.sections("galeri", {name: word for name, (word, _) in groups.items()}):
        if tab.open:
            with tab:
                groups[name][1](asked)


def _coverage(asked: Asked) -> None:
    _cards(asked, [
        Pick("coverage", level, cohort=asked.cohort, at=asked.at, base=asked.base)
        for level in asked.levels
    ])  # fmt: skip


def _difference(asked: Asked) -> None:
    last = asked.at or asked.release.at
    before = last.plus(-DIFFERENCE_MONTHS)
    _cards(asked, [
        Pick("difference", level, cohort=asked.cohort, at=asked.at, before=before, base=asked.base)
        for level in asked.levels
    ])  # fmt: skip
    st.caption(
        t("Perubahan dari {before} ke {after}. Bulan lain: pilih di Peta Cakupan, lalu kirim ke "
          "paparan.", before=formats.month(before), after=formats.month(last))
    )  # fmt: skip


def _rollout(asked: Asked) -> None:
    day = min(asked.at.last_day(), asked.release.record.as_of) if asked.at else None
    _cards(asked, [Pick("rollout", level, day=day, base=asked.base) for level in asked.levels])


def _scenarios(asked: Asked) -> None:
    saved = {one.id: one for one in data.shelf().list().saved}
    if not saved:
        st.info(
            t("Belum ada skenario tersimpan. Simpan satu di Simulasi, atau kirim dari sana langsung "
              "ke paparan."), icon=":material/tune:",
        )  # fmt: skip
        return
    chosen = st.selectbox(
        t("Skenario tersimpan"), list(saved), key="skenario_paparan", bind="query-params",
        format_func=lambda one: simulation_shelf.label(saved[one]) if one in saved else one,
    )  # fmt: skip
    one = saved[str(chosen)] if chosen in saved else next(iter(saved.values()))
    level: Level = "rt" if one.parameters.get("by") == "rt" else "kelurahan"
    if level not in asked.levels:
        st.info(t("Skenario ini dihitung per RT, dan angka per RT tidak pernah untuk umum."))
        return
    shows = cast("tuple[Show, ...]", get_args(Show))
    _cards(asked, [Pick("scenario", level, saved=one.id, show=s, base=asked.base) for s in shows])


def _cards(asked: Asked, picks: list[Pick]) -> None:
    columns = st.columns(max(3, len(picks)), gap="small")
    for place, (column, pick) in enumerate(zip(columns, picks, strict=False)):
        with column, numbers.card(f"paparan_{place}"):
            _card(asked, pick, place)


def _card(asked: Asked, pick: Pick, place: int) -> None:
    try:
        found = data.view(asked.release, pick, public=asked.public)
        svg = (
            data.preview(asked.release, pick, theme(), public=asked.public)
            if data.all_fit(asked.release, pick.level)
            else escape(t("Terlalu banyak wilayah untuk gambar kecil."))
        )
    except Refusal as refusal:
        st.caption(literal(str(refusal)))
        return
    numbers.draw(
        f'<div class="rk-preview">{svg}</div><div class="rk-text"><b>{escape(found.title)}</b></div>'
        f'<div class="rk-small">{escape(found.subtitle)}</div>'
    )
    chosen = basket.holds(pick)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.button(
            t("Dipilih") if chosen else t("Tambahkan"),
            key=f"paparan_kartu_{place}",
            icon=":material/check_circle:" if chosen else ":material/add:",
            type="tertiary" if chosen else "secondary",
            on_click=basket.toggle, args=(pick,), width="stretch",
            help=t("Keluarkan dari paparan") if chosen else None,
        )  # fmt: skip
        definitions.button(_DEFINED_BY[pick.kind], as_of=asked.release.record.as_of)
