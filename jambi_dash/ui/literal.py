"""Text of a sender (file names, headers, refusals that quote them) inside Markdown."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:$<>&^])")


def literal(text: str) -> str:
    """`text` so that Markdown shows it as it is: no link, no picture, no formula comes of it."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))
