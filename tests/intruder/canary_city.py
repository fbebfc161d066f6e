"""A city whose counts give a leak away: where a number of it turns up, it is known whose it is.

Kelurahan of one kecamatan have large, odd counts beside one of three people, so that one of them
has to be hidden with it from the public; others of the same kind lie in the rest of the city.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from jambi_dash.domain.areas import load_areas
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.releases.store import ReleaseRecord, Store

FIRST, SECOND = date(2025, 11, 30), date(2025, 12, 31)
SENT_FILE = "kiriman-rahasia-lurah"
PERSON = "Zulkarnain Qomaruddin"
_START = 1237
_STEP = 59
_SMALL, _FEW = 3, 23


def nik(number: int) -> str:
    """A sound NIK."""
    return f"157104{number // 9000 + 1:02d}0685{number % 9000 + 1:04d}"


def counts() -> dict[str, int]:
    """Covered people by kelurahan. Each large one is there once."""
    areas = load_areas()
    found: dict[str, int] = {}
    large = _START
    for place, kecamatan in enumerate(areas.kecamatan):
        inside = [k.code for k in areas.kelurahan if k.kecamatan_code == kecamatan.code]
        for number, code in enumerate(inside):
            if place == 0:
                found[code] = _SMALL if number == 0 else large
            else:
                found[code] = large if number == 1 else _FEW + number
            large += _STEP if found[code] == large else 0
    return found


def build(folder: Path) -> tuple[Store, list[ReleaseRecord]]:
    """Two releases of the city; the first lacks every tenth person of each kelurahan."""
    names = {k.code: k.name for k in load_areas().kelurahan}
    by_code = counts()
    store = Store(folder / "home")
    made = []
    for number, as_of in enumerate((FIRST, SECOND)):
        people: list[list[Any]] = []
        one = 0
        for code, count in by_code.items():
            for place in range(count):
                one += 1
                if number == 0 and place % 10 == 9:
                    continue
                people.append([nik(one), f"{PERSON} {one}", names[code], 1 + place % 2,
                               "aktif", "2025-06", ""])  # fmt: skip
            for _ in range(7):
                one += 1
                people.append([nik(one), f"{PERSON} {one}", names[code], 1,
                               "verifikasi_kelurahan", "", "tukang becak"])  # fmt: skip
        files = {
            f"{SENT_FILE}.csv": (
                ["NIK", "Nama", "Kelurahan", "RT", "Tahap", "Mulai", "Pekerjaan"], people),
            "rt.csv": (["Kelurahan", "RT", "Jumlah KK", "Perkiraan Pekerja Rentan"],
                       [[name, rt, 40, 900 + 200 * rt] for name in names.values() for rt in (1, 2)]),
            "kb.csv": (["Kelurahan", "RT", "Tahap", "Tanggal"],
                       [[name, 1, "Musyawarah", "2025-10-01"] for name in names.values()]),
            "santunan.csv": (
                ["Program", "Tanggal", "Nilai", "Kelurahan", "Tanggal Kejadian"],
                [["JKM", "2025-09-10", 42_000_000 + 1_000 * n, name, "2025-08-10"]
                 for n, name in enumerate(names.values(), start=1)]),
        }  # fmt: skip
        sent = folder / f"kiriman-{number}"
        sent.mkdir()
        for name, (header, lines) in files.items():
            with (sent / name).open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(header)
                writer.writerows(lines)
        with check_files(store, [sent / name for name in files], as_of=as_of) as prepared:
            made.append(publish(prepared))
    return store, made
