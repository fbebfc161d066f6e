"""The door for somebody who may see some kelurahan only: nothing else is behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from jambi_dash.domain.roles import EVERYTHING, Sight
from jambi_dash.queries.door import READER_CONFIG, Door, cannot_open
from jambi_dash.releases.part import copy_of


def open_door(path: Path, sight: Sight = EVERYTHING) -> Door:
    """The release as `sight` allows; raises `Refusal` where it cannot be read."""
    door = Door(path) if sight.areas is None else OwnAreasDoor(path, sight)
    door.sight = sight
    return door


class OwnAreasDoor(Door):
    """The part of a release that lies in some kelurahan, copied into memory."""

    def __init__(self, path: Path, sight: Sight) -> None:
        """Copies the part; raises `Refusal` where the release cannot be read."""
        self.sight = sight
        with Door(path) as whole:
            self.schema = whole.schema
            # Shares of a city figure need the whole register; only `register` gives it out.
            self._register = whole.register()
        try:
            self._connection = copy_of(path, sight.areas or (), READER_CONFIG)
        except duckdb.Error:
            raise cannot_open(path) from None

    def register(self) -> list[tuple[Any, ...]]:
        """The register of all RTs, also of other kelurahan: for the shares of a city figure."""
        return self._register
