"""Faults of the program: the reader gets a number, the log gets kind and place, nobody the text.

The text of an error may quote a row.
"""

from __future__ import annotations

import logging
import secrets
import traceback

import streamlit as st

from jambi_dash.domain.language import t

_LOG = logging.getLogger("jambi_dash")


def tell(error: BaseException) -> None:
    """Says it on the page and in the log, under one number."""
    number = secrets.token_hex(3)
    places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    _LOG.error("fault %s: %s at %s", number, type(error).__name__, " < ".join(places[::-1][:6]))
    st.error(
        t("Terjadi kesalahan pada halaman ini (nomor {number}). Muat ulang halaman; bila terulang, "
          "sampaikan nomor itu kepada pengelola.", number=number),
        icon=":material/error:",
    )  # fmt: skip


def put_up() -> None:
    """Takes the place of Streamlit's own telling, which prints text and code into its log.

    A button's callback and a fragment run outside `frame.run_page`. Raises `AttributeError` where
    another version of Streamlit hides the place: then the server must not start.
    """
    from streamlit.runtime import fragment
    from streamlit.runtime.scriptrunner import exec_code

    for module in (exec_code, fragment):
        if not hasattr(module, "handle_user_script_exception"):
            raise AttributeError(f"{module.__name__}.handle_user_script_exception")
        vars(module)["handle_user_script_exception"] = lambda error, _handler: tell(error)
