"""A figure opens its definition: the little button beside it, and the card on /definisi."""

from __future__ import annotations

from datetime import date

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.coverage import DenominatorShown
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.indicators import Indicator, load_indicators
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.ui import frame
from jambi_dash.ui.literal import literal


def button(
    indicator_id: str,
    *,
    as_of: date,
    denominator: DenominatorShown | None = None,
    values: tuple[tuple[str, str], ...] = (),
) -> None:
    """An ⓘ that opens the definition of a figure.

    `as_of` is the date of the data, `denominator` the one this figure is really of, `values` more
    lines of this very figure (label and text), such as its parts.
    """
    with st.popover(":material/info:", type="tertiary", help=t("Arti angka ini")):
        try:
            indicator = load_indicators().get(indicator_id)
        except Refusal as refusal:  # a city's older file: the figure itself is right
            st.markdown(literal(str(refusal)))
            return
        st.markdown(
            f"**{indicator.label()}**  \n{indicator.short()}\n\n"
            + _lines(indicator, as_of, denominator, values)
        )
        st.page_link(
            frame.page_path("definisi"),
            label=t("Buka di Definisi & Sumber"),
            icon=":material/menu_book:",
            query_params={"istilah": indicator_id},
        )


def _lines(
    indicator: Indicator,
    as_of: date,
    denominator: DenominatorShown | None,
    values: tuple[tuple[str, str], ...],
) -> str:
    of, doubt, source = indicator.denominator(), indicator.doubt(), indicator.source()
    if denominator is not None and denominator.value is not None:
        of = f"{denominator.label}: {formats.number(denominator.value)}"
    if denominator is not None and denominator.id:
        entry = load_ledger().get(denominator.id)
        doubt = f"{entry.doubt()} {doubt}"
        if entry.date:  # a published figure; the imported lists name themselves already
            source = f"{source}; {entry.source()}"
    pairs = (
        *values,
        (t("Rumus"), indicator.formula()),
        (t("Pembilang"), indicator.numerator()),
        (t("Penyebut"), of),
        (t("Sumber"), source),
        (t("Tanggal data"), formats.day(as_of)),
        (t("Keraguan"), doubt),
    )
    return "\n".join(f"- **{label}:** {text}" for label, text in pairs)
