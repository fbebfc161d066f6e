"""What several pages draw in the same way, and the reader's theme."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from jambi_dash.palette import Theme


def theme() -> Theme:
    """The reader's theme, for what Streamlit's own theming does not reach."""
    return "dark" if st.context.theme.type == "dark" else "light"


def table_html(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table to read; texts are escaped here."""
    return (
        '<div class="rk-scroll"><table class="rk-grid"><thead><tr>'
        + "".join(f"<th>{escape(cell)}</th>" for cell in head)
        + "</tr></thead><tbody>"
        + "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
        )
        + "</tbody></table></div>"
    )
