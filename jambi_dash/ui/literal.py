"""Text of a sender (file names, headers, refusals that quote them) inside Markdown."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&^])")
_ADDRESS = re.compile(r"(?i)(https?:(?=//)|www(?=\.))")
_JOINER = "\u2060"


def literal(text: str) -> str:
    """`text` so that Markdown shows it as it is: no link, no picture, no formula comes of it."""
    # Addresses become links after the escapes are gone: a joiner that nobody sees breaks them up.
    return _SIGNS.sub(r"\\\1", _ADDRESS.sub(r"\1" + _JOINER, " ".join(text.split())))
