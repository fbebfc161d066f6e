"""What Streamlit and folium work out anew at every rerun though it never changes: once is enough.

Of 45 ms of a rerun of /peta, 6 went into reading the theme's options for each section and turning
their names into snake case, 1 into the signatures of cached functions, 3 into compiling the few
templates of a folium map. Where another version hides a place, nothing is put up: it is only slower.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

_FUNCTIONS, _TEMPLATES = 512, 128


def put_up() -> None:
    """Call once, before the server starts."""
    from branca import element
    from streamlit import type_util
    from streamlit.runtime import app_session

    if hasattr(app_session, "_populate_theme_msg"):
        vars(app_session)["_populate_theme_msg"] = _remembered(app_session._populate_theme_msg)
    if hasattr(type_util, "get_func_parameters"):
        asked = lru_cache(_FUNCTIONS)(type_util.get_func_parameters)
        vars(type_util)["get_func_parameters"] = asked
    if hasattr(element, "Template"):
        vars(element)["Template"] = lru_cache(_TEMPLATES)(element.Template)


def _remembered(fill: Any) -> Any:
    kept: dict[str, Any] = {}

    def fill_once(message: Any, section: str = "theme") -> None:
        if section not in kept:
            fresh = type(message)()
            fill(fresh, section)
            kept[section] = fresh
        # An empty message merged would make the section exist for the browser.
        if kept[section].ByteSize():
            message.MergeFrom(kept[section])

    return fill_once
