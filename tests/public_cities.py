"""Cities with small counts, as releases: covered people by cohort, month and kelurahan."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.months import Month
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store

AS_OF = date(2025, 12, 31)
FIRST = Month(2025, 9)
MONTHS = tuple(FIRST.plus(n) for n in range(4))
"""The last one is that of the data."""
KELURAHAN = {area.code: area.name for area in load_areas().kelurahan}

Courses = Mapping[tuple[str, str | None], tuple[int, ...]]
"""Covered people at each of `MONTHS`, by cohort and kelurahan (`None`: without a location)."""


def nik(number: int) -> str:
    return f"157104{number // 9000 + 1:02d}0685{number % 9000 + 1:04d}"


def release_of(folder: Path, courses: Courses, *, twice: int = 0) -> Door:
    """A release with these counts; `twice` people of the first cohort are in the second one too.

    A kelurahan has two RTs with 30 and 40 eligible people, of which the first joined.
    """
    rows: list[list[Any]] = []
    members: dict[str, list[list[Any]]] = {}
    number = 0
    for (cohort, code), course in sorted(courses.items(), key=str):
        names = {None: "", **KELURAHAN}
        for start, end, people in spells(course):
            for _ in range(people):
                number += 1
                rows.append([nik(number), f"Orang {number}", names[code], 1 + number % 2, cohort,
                             str(start), "" if end is None else str(end)])  # fmt: skip
                members.setdefault(cohort, []).append(rows[-1])
    one, other, *_ = [*members.values(), []]
    for row, again in zip(one[:twice], other[:twice], strict=True):
        again[0:2] = row[0:2]
    files = {
        "peserta.csv": (["NIK", "Nama", "Kelurahan", "RT", "Kelompok", "Mulai", "Sampai"], rows),
        "rt.csv": (["Kelurahan", "RT", "Jumlah KK", "Perkiraan Pekerja Rentan"],
                   [[name, rt, 40, 20 + 10 * rt] for name in KELURAHAN.values() for rt in (1, 2)]),
        "kb.csv": (["Kelurahan", "RT", "Tahap", "Tanggal"],
                   [[name, 1, "Musyawarah", "2025-10-01"] for name in KELURAHAN.values()]),
    }  # fmt: skip
    for name, (header, lines) in files.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(lines)
    store = Store(folder / "home")
    with check_files(store, [folder / name for name in files], as_of=AS_OF) as prepared:
        publish(prepared)
    return Door(store.path_of(store.require_current().release))


def spells(course: tuple[int, ...]) -> list[tuple[Month, Month | None, int]]:
    """First and last month of people who come and go as the course says."""
    found: list[tuple[Month, Month | None, int]] = []
    here: list[tuple[Month, int]] = []
    before = 0
    for month, count in zip(MONTHS, course, strict=True):
        if count > before:
            here.append((month, count - before))
        gone = before - count
        while gone > 0:
            start, people = here.pop()
            leaving = min(gone, people)
            found.append((start, month.plus(-1), leaving))
            if people > leaving:
                here.append((start, people - leaving))
            gone -= leaving
        before = count
    return [*found, *((start, None, people) for start, people in here)]


def random_courses(seed: int) -> dict[tuple[str, str | None], tuple[int, ...]]:
    """A crowded cohort, a thin one and a tiny one, that grow and shrink."""
    r = random.Random(seed)
    found: dict[tuple[str, str | None], tuple[int, ...]] = {}
    for cohort, most, share in (
        ("pekerja_rentan", 14, 0.9),
        ("petugas_keagamaan", 7, 0.5),
        ("phl", 3, r.choice([0.02, 0.1])),
    ):
        for code in (*KELURAHAN, None):
            now = r.randint(0, most) if r.random() < share else 0
            course = []
            for _ in MONTHS:
                course.append(now)
                if r.random() < 0.25:
                    now = max(0, now + r.choice([-2, -1, 1, 2, 9]))
            found[cohort, code] = tuple(course)
    return found
