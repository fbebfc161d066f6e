"""Invented people: names of trees, rivers and weather, and NIKs that no office has issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from jambi_dash.domain.nik import read

_FIRST = {
    "L": (
        "Surya", "Bayu", "Guntur", "Rimba", "Langit", "Samudra", "Banyu", "Bumi", "Fajar",
        "Topan", "Wira", "Elang", "Rajawali", "Gunung", "Karang", "Angin", "Halilintar",
        "Jati", "Cakra", "Lintang", "Bintang", "Satria", "Arung", "Buana", "Tirta",
    ),
    "P": (
        "Melati", "Kenanga", "Cempaka", "Dahlia", "Mawar", "Anggrek", "Seroja", "Kemuning",
        "Embun", "Mentari", "Pelangi", "Senja", "Purnama", "Rembulan", "Kejora", "Mutiara",
        "Permata", "Intan", "Nilam", "Teratai", "Wijaya Kusuma", "Flamboyan", "Tanjung",
        "Puspa", "Sekar",
    ),
}  # fmt: skip
_MIDDLE = (
    "Cendana", "Meranti", "Angsana", "Pinang", "Enau", "Rotan", "Damar", "Gaharu", "Ulin",
    "Bakau", "Nipah", "Beringin", "Mahoni", "Trembesi", "Ketapang", "Kepayang", "Tembesu",
    "Bulian", "Jelutung", "Medang", "Balam", "Pulai", "Sungkai", "Waru", "Kapuk",
)  # fmt: skip
_LAST = (
    "Muara", "Hilir", "Hulu", "Tepian", "Lubuk", "Danau", "Rawa", "Lembah", "Bukit", "Pantai",
    "Selat", "Teluk", "Tanah", "Padang", "Ladang", "Kebun", "Hutan", "Telaga", "Kemarau",
    "Hujan", "Kabut", "Awan", "Gerimis", "Ombak", "Arus",
)  # fmt: skip

FIRST_SERIAL = 9001
"""No kecamatan registers 9.000 people born on one day, so no such NIK has been issued."""


@dataclass(frozen=True)
class Person:
    """An invented person; `sex` is `L` or `P`."""

    nik: str
    name: str
    born: date
    sex: str


class People:
    """Makes people that differ in NIK and, taken with the birth date, in name."""

    def __init__(self, rng: Random, *, today: date) -> None:
        self._rng = rng
        self._today = today
        self._niks: set[str] = set()
        self._named: set[tuple[str, date]] = set()

    def make(
        self, kecamatan_code: str, *, first_paid: date, ages: tuple[float, float, float]
    ) -> Person:
        """A new person of the kecamatan.

        `ages` are the youngest, the oldest and the commonest age in years at `first_paid`.
        """
        rng = self._rng
        youngest, oldest, commonest = ages
        while True:
            years = rng.triangular(youngest, oldest, commonest)
            born = first_paid - timedelta(days=int(years * 365.2425))
            sex = "L" if rng.random() < 0.66 else "P"
            name = " ".join((rng.choice(_FIRST[sex]), rng.choice(_MIDDLE), rng.choice(_LAST)))
            nik = make_nik(kecamatan_code, born, sex, rng.randrange(FIRST_SERIAL, 10_000))
            if nik in self._niks or (name, born) in self._named:
                continue
            assert read(nik, today=self._today) is not None
            self._niks.add(nik)
            self._named.add((name, born))
            return Person(nik, name, born, sex)


def make_nik(kecamatan_code: str, born: date, sex: str, serial: int) -> str:
    """Sixteen digits by the rules of facts.md 6.01."""
    day = born.day + (40 if sex == "P" else 0)
    return f"{kecamatan_code.replace('.', '')}{day:02d}{born:%m%y}{serial:04d}"
