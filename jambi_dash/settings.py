"""Where things lie: the project's own files, and the home of releases and keys."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATA_VARIABLE = "JAMBI_DASH_DATA"


def _data() -> Path:
    given = os.environ.get(DATA_VARIABLE)
    return Path(given).expanduser().resolve() if given else PROJECT / "data"


DATA = _data()
"""The city: its areas, facts, look and store; `$JAMBI_DASH_DATA` names another city's folder."""
AREAS = DATA / "areas"
FACTS = DATA / "facts"
STATIC = PROJECT / "static"
"""Served to every browser without sign-in: Leaflet and area geometry only."""

HOME_VARIABLE = "JAMBI_DASH_HOME"


def missing_files(folder: Path = DATA) -> list[str]:
    """What a city's folder lacks: nothing is ever taken from another city in its place.

    Aliases, old areas, neighbours and the cartogram may be missing.
    """
    own = PROJECT / "data"
    needed = [*sorted((own / "facts").glob("*.toml")), *sorted((own / "theme").glob("*.toml")),
              *(own / "areas" / name for name in ("city.toml", "kelurahan.csv", "boundaries.toml"))]  # fmt: skip
    names = [file.relative_to(own).as_posix() for file in needed]
    return [name for name in names if not (folder / name).is_file()]


def default_home() -> Path:
    """The folder of releases and keys: `$JAMBI_DASH_HOME`, else `store` in the city's folder."""
    given = os.environ.get(HOME_VARIABLE)
    return Path(given).expanduser() if given else DATA / "store"
