"""JKK by declared income: the bands as a table to edit, an assumption but for its two ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.funds import load_expansion_facts
from jambi_dash.domain.language import t
from jambi_dash.domain.money import load_money
from jambi_dash.ui.simulation_state import key


def income_tariff(given: Mapping[str, Any]) -> dict[str, Any]:
    """The contribution for a declared income; edited bands give it as a tariff of its own."""
    bands, dated = load_expansion_facts().bands, load_money().tariffs[-1]
    income = int(
        st.number_input(
            t("Penghasilan yang dilaporkan, Rp sebulan"), min_value=0, step=100_000,
            value=int(given.get("income") or 1_000_000), key=key("penghasilan"),
        ) or 0
    )  # fmt: skip
    known = [(0, dated.jkk_idr), *bands.bands]
    with st.popover(t("Tabel golongan penghasilan (asumsi)")):
        st.caption(bands.source())
        edited = st.data_editor(
            pd.DataFrame(known, columns=["mulai", "jkk"]),
            key=key("pita"), hide_index=True, height=320,
            disabled=["mulai"],
            column_config={
                "mulai": st.column_config.NumberColumn(t("Penghasilan mulai, Rp"),
                                                       format="localized"),
                "jkk": st.column_config.NumberColumn(t("JKK sebulan, Rp"), min_value=0, step=100,
                                                     format="localized", required=True),
            },
        )  # fmt: skip
    chosen = edited[edited["mulai"] <= income].iloc[-1]
    jkk = int(chosen["jkk"])
    total = jkk + dated.jkm_idr
    st.caption(
        t("Penghasilan {income}: {jkk} JKK + {jkm} JKM = {total} sebulan (asumsi)",
          income=formats.rupiah(income), jkk=formats.number(jkk),
          jkm=formats.number(dated.jkm_idr), total=formats.rupiah(total))
    )  # fmt: skip
    if jkk != bands.jkk_idr(income, dated.jkk_idr):
        return {"tariff": total}
    return {"income": income}
