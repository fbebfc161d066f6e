"""Where things lie: the project's own files, and the home of releases and keys."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATA = PROJECT / "data"
AREAS = DATA / "areas"
FACTS = DATA / "facts"
STATIC = PROJECT / "static"
"""Served to every browser without sign-in: Leaflet and area geometry only."""

HOME_VARIABLE = "JAMBI_DASH_HOME"


def default_home() -> Path:
    """The folder of releases and keys: `$JAMBI_DASH_HOME`, else `data/store` of the project."""
    given = os.environ.get(HOME_VARIABLE)
    return Path(given).expanduser() if given else DATA / "store"
