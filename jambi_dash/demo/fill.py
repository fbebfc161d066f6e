"""The synthetic city in an empty store, imported through the same door as real files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from jambi_dash.demo.city import DEFAULT_AS_OF, write_demo
from jambi_dash.intake.checks import check_files, no_progress
from jambi_dash.intake.publishing import publish
from jambi_dash.intake.sheets import Progress
from jambi_dash.releases.store import ReleaseRecord, Store


def fill_with_demo(store: Store, *, progress: Progress = no_progress) -> ReleaseRecord | None:
    """Publishes the invented city; `None`, and nothing is done, where there is a release."""
    if store.current_id() is not None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "kota-contoh.xlsx"
        write_demo(book)
        with check_files(store, [book], as_of=DEFAULT_AS_OF, progress=progress) as prepared:
            return publish(prepared, progress=progress)
