"""A synthetic province or country: lists of many cities as CSV, and the folder of their areas.

No sheet holds millions of rows, so the lists are `peserta.csv`, `rt.csv`, `kampung_bahagia.csv` and
`santunan.csv`; beside them lies `kota/`, a folder for `$JAMBI_DASH_DATA`. Every city is invented: its code is shaped as official
ones are, with a number (80 to 99) that no city bears.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from jambi_dash.demo.people import FIRST_SERIAL
from jambi_dash.demo.workbook import MARKER
from jambi_dash.domain.formats import number
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.nik import PROVINCES
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import DATA

KECAMATAN, KELURAHAN, RTS = 11, 68, 1_650
"""Of each city, as in the first one."""
WORKERS = 15_000
"""Of each city, unless told otherwise: everybody who needs cover, covered or on the way."""
MOST_CITIES, MOST_WORKERS = 760, 100_000

_FIRST_NUMBER = 80
_DAYS = 14_600
_WORK = ("ojek online", "tukang becak", "pedagang kecil", "buruh harian lepas")
_WAYS = ("diusulkan", "verifikasi_kelurahan", "verifikasi_kecamatan", "ditetapkan")
_BATCH = 50_000
_JOINED, _FURTHER = 67, ("rencana", "penetapan", "pelaksanaan", "selesai")
"""RTs of each city that have joined Kampung Bahagia, and the stages that some of them reach."""
_CLAIMS = 24


@dataclass(frozen=True)
class ManyCities:
    """What was written; `data` is the folder of the areas."""

    peserta: str
    rt: str
    kampung_bahagia: str
    santunan: str
    data: str
    cities: int
    workers: int
    covered: int
    rts: int

    def to_json(self) -> dict[str, Any]:
        """The summary as plain values."""
        return asdict(self)


@dataclass(frozen=True)
class _Ward:
    code: str
    name: str
    kecamatan: str
    rts: int
    covered: float


def write_cities(
    out: Path, *, cities: int, workers: int | None = None, seed: int = 1, as_of: date
) -> ManyCities:
    """Writes the lists of `cities` cities and the folder of their areas into the folder `out`.

    The same arguments give the same bytes. `workers` are those of each city. `Refusal` for a
    value out of bounds, a folder that holds something already, or one that cannot be written.
    """
    workers = workers or WORKERS
    if not 1 <= cities <= MOST_CITIES or workers > MOST_WORKERS:
        raise Refusal(
            t("Kota contoh paling banyak {cities}, dengan paling banyak {workers} pekerja tiap kota.",
              cities=number(MOST_CITIES), workers=number(MOST_WORKERS))
        )  # fmt: skip
    if out.suffix:
        raise Refusal(
            t("Banyak kota tidak muat dalam satu buku kerja: beri --out nama folder, tanpa akhiran "
              "seperti {suffix}.", suffix=out.suffix)
        )  # fmt: skip
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refusal(t("Folder {name} sudah berisi; beri nama folder yang baru.", name=out.name))
    wards = list(_wards(cities, Random(f"{seed}:cities")))
    # The areas last: without them the folder is of no use, so half a folder is seen as such.
    part = out.with_name(out.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        _write_register(part / "rt.csv", wards, workers)
        covered = _write_people(part / "peserta.csv", wards, workers, cities, as_of)
        _write_rollout(part / "kampung_bahagia.csv", wards, cities, as_of)
        _write_claims(part / "santunan.csv", wards, cities, as_of)
        _write_areas(part / "kota", wards, cities, workers)
        if out.exists():
            out.rmdir()
        part.rename(out)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise Refusal(
            t("Folder {name} tidak dapat ditulis; periksa izin dan ruang disk.", name=out.name)
        ) from None
    names = ("peserta", "rt", "kampung_bahagia", "santunan")
    peserta, rt, rollout, paid = (str(out / f"{table}.csv") for table in names)
    return ManyCities(
        peserta, rt, rollout, paid, str(out / "kota"),
        cities, cities * workers, covered, sum(ward.rts for ward in wards),
    )  # fmt: skip


def city_code(n: int) -> str:
    """The code of the n-th invented city, from 0."""
    provinces = sorted(PROVINCES)
    return f"{provinces[n % len(provinces)]}.{_FIRST_NUMBER + n // len(provinces)}"


def city_name(n: int) -> str:
    """Its name."""
    return f"Kota Contoh {n + 1:03d}"


def _wards(cities: int, rng: Random) -> Iterator[_Ward]:
    more = RTS % KELURAHAN
    for n in range(cities):
        level = rng.uniform(0.1, 0.6)
        for i in range(KELURAHAN):
            kecamatan = f"{city_code(n)}.{1 + i % KECAMATAN:02d}"
            yield _Ward(
                code=f"{kecamatan}.{1001 + i // KECAMATAN}",
                name=f"Kelurahan {i + 1:02d} {city_name(n)}",
                kecamatan=kecamatan,
                rts=RTS // KELURAHAN + (i < more),
                covered=min(1.0, level * rng.uniform(0.2, 1.8)),
            )


def _write_register(path: Path, wards: list[_Ward], workers: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{MARKER};;;\nKode Kelurahan;RT;Jumlah KK;Perkiraan Pekerja Rentan\n")
        rt_no = 0
        for ward in wards:
            lines = []
            for rt in range(1, ward.rts + 1):
                place = rt_no % RTS
                need = workers * (place + 1) // RTS - workers * place // RTS
                lines.append(f"{ward.code};{rt:03d};{60 + rt_no * 7 % 90};{need}\n")
                rt_no += 1
            file.writelines(lines)


def _write_people(
    path: Path, wards: list[_Ward], workers: int, cities: int, as_of: date
) -> int:  # fmt: skip
    """The list of people; returns how many are covered."""
    now = Month.of(as_of)
    starts = [str(now.plus(-back)) for back in (11, 8, 6, 5, 3)]
    ended = str(now.plus(-2))
    born = [date(as_of.year - 62, 1, 1) + timedelta(days=n) for n in range(_DAYS)]
    days = [(d.strftime("%d%m%y"), d.strftime("%d/%m/%Y")) for d in born]
    covered = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(
            f"{MARKER};;;;;;;;;;\nNIK;Nama Lengkap;Tgl Lahir;L/P;Pekerjaan;Kode Kelurahan;RT;"
        )
        file.write("Tahap;Sumber Dana;Mulai;Sampai\n")
        lines: list[str] = []
        for city in range(cities):
            own = wards[city * KELURAHAN : (city + 1) * KELURAHAN]
            for n in range(workers):
                ward = own[n % KELURAHAN]
                turn = n // KELURAHAN
                digits, shown = days[n % _DAYS]
                nik = f"{ward.kecamatan.replace('.', '')}{digits}{FIRST_SERIAL + n // _DAYS:04d}"
                # The golden ratio spreads the covered evenly over the turns.
                if turn * 0.618034 % 1 < ward.covered:
                    over = n % 20 == 7
                    covered += not over
                    rest = f"aktif;APBD Kota;{starts[n % 5]};{ended if over else ''}"
                else:
                    rest = f"{_WAYS[n % 4]};;;"
                lines.append(
                    f"{nik};Nama Karangan {city}-{n};{shown};L;{_WORK[n % 4]};{ward.code};"
                    f"{1 + turn % ward.rts:03d};{rest}\n"
                )
                if len(lines) == _BATCH:
                    file.writelines(lines)
                    lines.clear()
        file.writelines(lines)
    return covered


def _write_rollout(path: Path, wards: list[_Ward], cities: int, as_of: date) -> None:
    """The first RTs of each city, one in a kelurahan: told of it, then joined; some went on."""
    lines = []
    for city in range(cities):
        own = wards[city * KELURAHAN : (city + 1) * KELURAHAN]
        for n, ward in enumerate(own[:_JOINED]):
            joined = as_of - timedelta(days=10 + (n * 37 + city * 11) % 330)
            steps = [("sosialisasi", joined - timedelta(days=21)), ("musyawarah", joined)]
            steps += [
                (stage, joined + timedelta(days=30 * (i + 1)))
                for i, stage in enumerate(_FURTHER[: (n + city) % (len(_FURTHER) + 1)])
                if joined + timedelta(days=30 * (i + 1)) <= as_of
            ]
            for stage, day in steps:
                money = f"{80 + n}000000;8" if stage == "pelaksanaan" else ";"
                lines.append(f"{ward.code};001;{stage};{day:%d/%m/%Y};{money}\n")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(
            f"{MARKER};;;;;\nKode Kelurahan;RT;Tahap;Tanggal;Nilai Kegiatan;Jumlah Pekerja\n"
        )
        file.writelines(lines)


def _write_claims(path: Path, wards: list[_Ward], cities: int, as_of: date) -> None:
    """Benefits of each city, every third a death."""
    lines = []
    for city in range(cities):
        for n in range(_CLAIMS):
            ward = wards[city * KELURAHAN + (n * 5 + city) % KELURAHAN]
            paid = as_of - timedelta(days=(n * 29 + city * 7) % 340)
            program, value = ("JKM", 42_000_000) if n % 3 == 0 else ("JKK", 1_500_000 * (1 + n % 7))
            lines.append(
                f"{program};{paid:%d/%m/%Y};{value};{paid - timedelta(days=9 + n):%d/%m/%Y};"
                f"{ward.code}\n"
            )
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{MARKER};;;;\nProgram;Tanggal;Nilai;Tanggal Kejadian;Kode Kelurahan\n")
        file.writelines(lines)


def _write_areas(folder: Path, wards: list[_Ward], cities: int, workers: int) -> None:
    """A folder for `$JAMBI_DASH_DATA`: facts of this city's programme, areas of all cities."""
    for part in ("facts", "theme"):
        shutil.copytree(DATA / part, folder / part)
    areas = folder / "areas"
    areas.mkdir()
    shutil.copy(DATA / "areas" / "boundaries.toml", areas)
    name = f"{cities} Kota Contoh"
    with (areas / "city.toml").open("w", encoding="utf-8") as file:
        file.write(f'# {MARKER}\ncode = "00"\nname = "{name}"\nplane_epsg = 32750\n')
        file.write("centre = [-2.0, 117.0]\n[cities]\n")
        file.writelines(f'"{city_code(n)}" = "{city_name(n)}"\n' for n in range(cities))
    with (areas / "kelurahan.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("kode", "kelurahan", "kode_kecamatan", "kecamatan", "lat", "lon",
                         "luas_km2", "kode_bps", "kodepos", "dibentuk_2023", "induk"))  # fmt: skip
        for n, ward in enumerate(wards):
            city, i = divmod(n, KELURAHAN)
            lat = round(4 - 0.5 * (city // 28) - 0.02 * (i // 8), 4)
            lon = round(96 + 1.5 * (city % 28) + 0.02 * (i % 8), 4)
            district = f"Kecamatan {ward.kecamatan[6:]} {city_name(city)}"
            writer.writerow((ward.code, ward.name, ward.kecamatan, district, lat, lon, 2.5,
                             "", "", 0, ""))  # fmt: skip
    _write_ledger(folder / "facts" / "denominators.toml", name, cities * workers)
    _write_targets(folder / "facts" / "indicators.toml")


def _write_ledger(path: Path, name: str, workers: int) -> None:
    usual = 'default_for = ["pekerja_rentan"]'
    none = "default_for = []"

    def entry(key: str, label: str, label_en: str, kind: str, more: str) -> str:
        return (
            f'\n[[denominator]]\nid = "{key}"\nlabel = "{label}"\nlabel_en = "{label_en}"\n'
            f'kind = "{kind}"\n{more}\nsource = "karangan"\nsource_en = "invented"\n'
            'doubt = "karangan"\ndoubt_en = "invented"\n'
        )

    path.write_text(
        f'# {MARKER}\neverybody = "semua"\npotential_workers = "potensial"\nreported = []\n'
        + entry("rt_perkiraan", "Perkiraan menurut daftar RT", "Estimate in the register of RTs",
                "rt_estimate", f'fallback = "semua"\n{usual}')
        + entry("semua", f"Pekerja rentan {name}", f"Vulnerable workers of {name}", "city",
                f'value = {workers}\nshare_by = "household"\n{usual}')
        + entry("potensial", "Pekerja potensial", "Potential workers", "city",
                f"value = {15 * workers}\n{none}")
        + entry("rt_jumlah", "Jumlah RT menurut daftar RT", "Number of RTs in the register",
                "rt_count", 'default_for = ["ketua_rt"]'),
        encoding="utf-8",
    )  # fmt: skip


def _write_targets(path: Path) -> None:
    """Targets and denominators of what this ledger has, none of the first city's."""
    text = path.read_text(encoding="utf-8")
    text = text[: text.index("[[target]]")].replace("ucj_228000", "potensial")
    path.write_text(
        text + '[[target]]\ncohort = "ketua_rt"\ndenominator = "rt_jumlah"\n', encoding="utf-8"
    )
