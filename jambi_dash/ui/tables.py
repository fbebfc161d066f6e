"""Small tables in the page's own text: words wrap, counts stand right in the reader's form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from jambi_dash.domain import formats

Row = dict[str, str | int | None]


def draw_table(
    rows: Sequence[Row], *, show: dict[str, Callable[[float | None], str]] | None = None
) -> None:
    """Draws rows of one shape; a column of counts (`None`: none) is shown by `formats.number`.

    Texts are Markdown: put what a sender wrote through `literal` first. `show` gives a column
    another form.
    """
    frame = pd.DataFrame(rows, dtype=object)
    counts = [
        name for name in frame if frame[name].map(lambda v: v is None or isinstance(v, int)).all()
    ]
    frame = frame.astype(dict.fromkeys(counts, "Int64"))
    forms: dict[Any, str | Callable[[object], str] | None] = {
        name: _shown_by((show or {}).get(str(name), formats.number)) for name in counts
    }
    st.table(frame.style.format(forms), border="horizontal", hide_index=True)


def local_numbers(columns: Mapping[str, Sequence[object]] | pd.DataFrame) -> dict[str, Any]:
    """A `column_config` by which every column of numbers has the marks of the page's language.

    `columns` are lists or columns of a frame by their heads; left to itself, Streamlit writes 16087.
    """
    return {
        str(name): st.column_config.NumberColumn(format="localized")
        for name, column in columns.items()
        if pd.api.types.is_numeric_dtype(pd.Series(column)) and len(pd.Series(column))
    }


def _shown_by(form: Callable[[float | None], str]) -> Callable[[object], str]:
    return lambda value: form(None if value is pd.NA else int(str(value)))
