"""An amount that is drawn with a slider or typed as Indonesian offices write it; both agree.

The slider is quick, the field exact: `604.000.000` is what the scenario then holds.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.cells import parse_count, parse_rupiah
from jambi_dash.domain.language import t
from jambi_dash.ui import choices

_MILLION = 1_000_000


def amount(
    key: str, label: str, value: int, *, least: int, most: int, step: int, money: bool = False,
    help: str | None = None,
) -> int:  # fmt: skip
    """A whole number of people, or of rupiah (`money`: the slider then moves in millions).

    `value` is where it starts; what is typed may lie between the slider's steps.
    """
    exact, drawn, typed = f"{key}_nilai", f"{key}_geser", f"{key}_tulis"
    unit = _MILLION if money else 1
    state = st.session_state
    now: int = state.setdefault(exact, value)
    # Said again for a moment: a page that has just opened may lose its first run.
    choices.lay(drawn, state.get(drawn, _inside(now // unit, least // unit, most // unit)))
    choices.lay(typed, state.get(typed, formats.number(now)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.slider(
            f"{label} ({t('Rp juta')})" if money else label, least // unit, most // unit,
            step=max(1, step // unit), key=drawn, help=help, format="localized",
            on_change=_from_slider, args=(exact, drawn, typed, unit),
        )  # fmt: skip
        st.text_input(
            t("{label}, tepatnya", label=label), key=typed, label_visibility="collapsed",
            width=126 if money else 78,
            on_change=_from_text, args=(exact, drawn, typed, (least, most, unit)),
        )  # fmt: skip
    if st.session_state.get(f"{exact}_salah"):
        st.error(
            t("Tulis angka seperti {example}, paling sedikit {least}; yang dipakai tetap {now}.",
              example="604.000.000" if money else "4.000", least=formats.number(least),
              now=formats.number(st.session_state[exact]))
        )  # fmt: skip
    return int(st.session_state[exact])


def _inside(value: int, least: int, most: int) -> int:
    return min(max(value, least), most)


def _from_slider(exact: str, drawn: str, typed: str, unit: int) -> None:
    if drawn not in st.session_state:
        return
    st.session_state[exact] = int(st.session_state[drawn]) * unit
    st.session_state[f"{exact}_salah"] = False
    # Written anew by the run that follows: callbacks do not know the reader's language. Whoever
    # moves on before that run has come so far finds it gone already.
    st.session_state.pop(typed, None)


def _from_text(exact: str, drawn: str, typed: str, span: tuple[int, int, int]) -> None:
    least, most, unit = span
    if typed not in st.session_state:
        return
    read: Callable[[str], int | None] = parse_count if unit == 1 else parse_rupiah
    found = read(str(st.session_state[typed]))
    wrong = found is None or found < least
    st.session_state[f"{exact}_salah"] = wrong
    if found is not None and not wrong:
        st.session_state[exact] = found
        st.session_state[drawn] = _inside(found // unit, least // unit, most // unit)
        st.session_state.pop(typed, None)
