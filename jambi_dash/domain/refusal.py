"""The one way in which bad input or a bad state is told to a person."""

from __future__ import annotations


class Refusal(Exception):
    """Something was refused and nothing was changed.

    The message is one plain sentence, already in the reader's language, that says what is
    wrong, where, and how to mend it. It never quotes personal data.
    """
