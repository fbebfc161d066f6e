"""What a browser may wish of the server; all else that Streamlit would do for it is not done.

Streamlit obeys any session, one before signing in too, that asks to forget every cache of the
process (under the eyes of all other readers), to tell the repository's name and branch, to watch
files, or to install things into the project. No page of this dashboard has a use for these.
"""

from __future__ import annotations

import logging
from typing import Any

_LOG = logging.getLogger("jambi_dash")

ALLOWED = frozenset({
    "rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request",
})  # fmt: skip
ALLOWED_OPERATIONS = frozenset({"dataframe_chunk"})


def is_allowed(message: Any) -> bool:
    """Whether a `BackMsg` is one that pages need."""
    kind = message.WhichOneof("type")
    if kind == "backend_operation_request":
        return message.backend_operation_request.WhichOneof("payload") in ALLOWED_OPERATIONS
    return kind in ALLOWED


def put_up() -> None:
    """Puts the list before every session from now on.

    Raises `AttributeError` where another version of Streamlit hides the place: then the server must
    not start.
    """
    from streamlit.runtime.app_session import AppSession

    obey = AppSession.handle_backmsg

    def listen(session: AppSession, message: Any) -> None:
        if is_allowed(message):
            obey(session, message)
        else:
            _LOG.warning("not done for a browser: %s", message.WhichOneof("type"))

    AppSession.handle_backmsg = listen  # type: ignore[method-assign, assignment]
