"""Two small lists of the same city, two months apart: everybody in them proves one part."""

from __future__ import annotations

import csv
from datetime import date

from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.releases.store import ReleaseRecord, Store

DECEMBER, FEBRUARY = date(2025, 12, 31), date(2026, 2, 28)
HEADER = [
    "NIK",
    "Nama",
    "Tgl Lahir",
    "L/P",
    "Kelurahan",
    "RT",
    "Kelompok",
    "Tahap",
    "Mulai",
    "Sampai",
]


def worker(number: int, **other: str) -> list[str]:
    """A line of the list: one person, paid since June 2025 in Thehok unless said otherwise."""
    cells = {
        "NIK": f"157104{number % 28 + 1:02d}0685{number:04d}", "Nama": f"Orang Ke {number}",
        "Tgl Lahir": f"{number % 28 + 1:02d}/06/1985", "L/P": "L", "Kelurahan": "Thehok",
        "RT": str(number), "Kelompok": "", "Tahap": "aktif", "Mulai": "2025-06", "Sampai": "",
    }  # fmt: skip
    return list({**cells, **other}.values())


BEFORE = [
    *(worker(n) for n in range(1, 9)),
    worker(8),  # twice
    worker(9, Kelurahan="Entah"),
    worker(10, NIK="-"),
    worker(11, NIK="-"),
    worker(12, NIK="15710"),
    worker(13, Tahap="ditetapkan"),
    worker(14, Kelompok="PHL"),
    worker(15),
    worker(15, Kelompok="PHL"),
]
AFTER = [
    *(worker(n) for n in range(1, 4)),
    worker(4, Kelurahan="Kasang"),  # moved
    worker(5, Sampai="2026-01"),  # ended
    # 6: no longer on the list
    worker(7, NIK="1571040806857777"),  # a digit of the NIK was wrong
    worker(8, Tahap="diusulkan"),  # had never been paid
    worker(9),  # the place is known now
    worker(10),  # has a NIK now
    worker(11, NIK="-", Kelurahan="Kasang"),  # without a NIK a move is another person
    worker(12),  # was turned away at import
    worker(13),  # was paid all along
    worker(14),  # belongs to this cohort
    worker(15),
    worker(16, Mulai="2026-02"),  # new
]
PARTS = {"new": 3, "ended": -3, "moved_in": 1, "moved_out": -1, "corrected": 0, "recoded": 1}
"""Of the vulnerable workers of the city."""


def bring_both(store: Store) -> tuple[ReleaseRecord, ReleaseRecord]:
    """Publishes one list after the other."""
    return _bring(store, BEFORE, DECEMBER), _bring(store, AFTER, FEBRUARY)


def _bring(store: Store, people: list[list[str]], as_of: date) -> ReleaseRecord:
    file = store.home.parent / "peserta.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER, *people])
    with check_files(store, [file], as_of=as_of) as prepared:
        return publish(prepared)
