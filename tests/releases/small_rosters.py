"""Rosters of a few people for the tests of releases: how many are covered tells which one it was."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import ReleaseRecord, Store

AS_OF = date(2025, 12, 31)
HEADER = ["NIK", "Nama", "Alamat", "No HP", "Kelurahan", "RT", "Mulai"]
KELURAHAN = ["Thehok", "Kasang", "Lebak Bandung", "Legok"]


def nik(number: int) -> str:
    return f"157104{number % 28 + 1:02d}0685{number % 9999 + 1:04d}"


def write_roster(path: Path, people: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(people):
            writer.writerow(
                [nik(number), f"Zulkarnain Qomaruddin {number}", f"Jalan Mangkubumi {number}",
                 f"0812777{number:05d}", KELURAHAN[number % 4], number % 3, "2025-06"]
            )  # fmt: skip
    return path


def write_register(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Kelurahan", "RT", "Jumlah KK", "Perkiraan Pekerja Rentan"])
        writer.writerows([name, rt, 40 + rt, 10 * rt] for name in KELURAHAN for rt in (1, 2, 3))
    return path


def bring(store: Store, *files: Path) -> ReleaseRecord:
    with check_files(store, files, as_of=AS_OF) as prepared:
        return publish(prepared)


def covered(store: Store, release: str) -> int | None:
    """Covered people of a release; every level must add up to the same."""
    with Door(store.path_of(release)) as door:
        answers = {coverage(door, by=by).totals.covered for by in ("city", "kelurahan", "rt")}
    assert len(answers) == 1
    return answers.pop()
