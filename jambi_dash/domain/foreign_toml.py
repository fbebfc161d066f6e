"""TOML that somebody else wrote: a scenario, a mapping, roles, a theme.

Python's reader recurses as deep as the text nests, and takes time that grows with the square of a
dotted key's length; both are bounded here, so that a file can be wrong but not harmful.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

LONGEST = 256 * 1024
"""Characters: a scenario with a floor, a ceiling and a weight for each of 1.650 RT has 150.000."""
_MOST_DOTS = 40
_LONG_KEY = re.compile(
    r"""(?:\.[ \t]*(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*){""" + str(_MOST_DOTS) + "}", re.ASCII
)


def parse(text: str, *, longest: int = LONGEST) -> dict[str, Any]:
    """The table of a TOML text; `TOMLDecodeError` for whatever is wrong with it."""
    if len(text) > longest:
        raise tomllib.TOMLDecodeError(f"longer than {longest} characters")
    if _LONG_KEY.search(text):
        raise tomllib.TOMLDecodeError(f"a key of more than {_MOST_DOTS} parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # a number of thousands of digits
        raise tomllib.TOMLDecodeError("a number that is too long") from None
