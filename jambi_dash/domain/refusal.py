"""The one way in which bad input or a bad state is told to a person."""

from __future__ import annotations

import re

_LONGEST_WORD = 120
_ENDLESS = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_LONGEST = 600


class Refusal(Exception):
    """Something was refused and nothing was changed.

    The message is one plain sentence, already in the reader's language, that says what is
    wrong, where, and how to mend it. It never quotes personal data. What it quotes of a file is
    cut: a key or a name may be as long as the file.
    """

    def __init__(self, sentence: str = "") -> None:
        """`sentence` with words and length cut to what a person reads."""
        cut = _ENDLESS.sub(lambda word: word[0][: _LONGEST_WORD - 1] + "…", sentence)
        super().__init__(cut if len(cut) <= _LONGEST else cut[: _LONGEST - 1] + "…")
