"""Hands a file that is not for everybody to the browser of this session, and to nobody else.

`st.download_button` would put the bytes at `/media/HASH`, an address that answers without a
session and stays. Here they travel inside the session's own websocket and become a file in the
tab: there is no address, and the server keeps nothing.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import sign_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COUNT = "_unduhan"

# A click stays a user's deed for a few seconds, so that the browser takes the file at once; the
# link remains for a browser that does not.
_SCRIPT = """
export default function ({ data, parentElement }) {
  const link = parentElement.querySelector("a")
  const type = "MIME"
  const address = URL.createObjectURL(new Blob([data], { type }))
  link.href = address
  link.click()
  return () => URL.revokeObjectURL(address)
}
"""
_STYLE = """
a { color: var(--st-link-color); font-family: var(--st-font); font-size: 0.875rem; }
"""


def may_hand_over() -> bool:
    """Whether personal data may travel: to this machine only, or to somebody who signed in."""
    return sign_in.is_set_up() or st.get_option("server.address") in sign_in.LOCAL_ADDRESSES


def hand_over(content: bytes, name: str, mime: str = XLSX) -> None:
    """Gives the file to the browser of this session, now; `name` is the program's own.

    Who calls has asked for the right and written the line of the log
    (`tests/intruder/test_downloads.py` looks for both).
    """
    # The same file a second time is a second deed: without another key nothing would happen.
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    again = escape(t("Simpan lagi bila unduhan belum muncul"))
    link = f'<a download="{escape(name, quote=True)}">{again}</a>'
    # Registered at every call: a registration belongs to one server, a module to the process.
    component = st.components.v2.component(
        f"jambi_dash.hand_over.{name}.{link}",
        html=link,
        css=_STYLE,
        js=_SCRIPT.replace("MIME", mime),
    )
    component(data=content, key=f"hand-over-{name}-{st.session_state[_COUNT]}")
