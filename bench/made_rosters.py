"""Rosters of any size, invented row by row, for the benches. No NIK comes twice."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from jambi_dash.domain.areas import load_areas

RTS_PER_KELURAHAN = 24
_DAYS = 14_600
_WORK = ("ojek online", "tukang becak", "pedagang kecil", "buruh harian lepas")
_STARTS = ("2025-06", "07/2025", "Agustus 2025")


def write_roster(roster: Path, register: Path, size: int) -> None:
    """Writes `size` workers spread over all kelurahan, and a register of their RTs."""
    areas = load_areas().kelurahan
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("Kecamatan", "Kelurahan", "RT", "Jumlah KK", "Perkiraan Pekerja Rentan"))
        for kelurahan in areas:
            for rt in range(1, RTS_PER_KELURAHAN + 1):
                writer.writerow((kelurahan.kecamatan_name, kelurahan.name, f"{rt:03d}", 100, 9))
    born = [date(1963, 1, 1) + timedelta(days=n) for n in range(_DAYS)]
    days = [(d.strftime("%d%m%y"), d.strftime("%d/%m/%Y")) for d in born]
    places = [(k.kecamatan_name, k.name) for k in areas]
    with roster.open("w", encoding="utf-8", newline="") as file:
        file.write(
            "NIK;Nama Lengkap;Tgl Lahir;L/P;Pekerjaan;Kecamatan;Kelurahan;RT;Tahap;Mulai;Sampai\n"
        )
        lines: list[str] = []
        for n in range(size):
            digits, shown = days[n % _DAYS]
            # A stride that shares no factor with the number of places spreads neighbours.
            kecamatan, kelurahan = places[n * 31 % len(places)]
            lines.append(
                f"1571{1 + n % 11:02d}{digits}{1 + n // _DAYS:04d};Nama Orang {n};{shown};L;"
                f"{_WORK[n % 4]};{kecamatan};{kelurahan};{1 + n // 68 % RTS_PER_KELURAHAN:03d};"
                f"aktif;{_STARTS[n % 3]};{'2025-10' if n % 20 == 0 else ''}\n"
            )
            if len(lines) == 100_000:
                file.writelines(lines)
                lines.clear()
        file.writelines(lines)
