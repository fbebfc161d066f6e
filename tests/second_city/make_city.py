"""Writes the folder of an invented city: 40 kelurahan in 4 kecamatan, whose smallest area is the RW,
some under names that would be markup, formulas or templates where nobody escapes.

No river, no cartogram, no aliases, no old lists. What it shares with the first city (tariffs, stages)
is copied and told so; what names places or counts is its own.
"""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import hostile_names

from jambi_dash.settings import PROJECT

CODE, NAME, RWS, WORKERS, ELIGIBLE = "92.71", "Kota Sagara", 320, 700, 4_000
_KECAMATAN = {"Utara": "Sagara Utara", "Selatan": "Sagara Selatan", "Tengah": "Sagara Tengah",
              "Pesisir": hostile_names.KECAMATAN}  # fmt: skip
_FIRST = ("Karang", "Pasir", "Tanjung", "Muara", "Bukit")
_SECOND = ("Lontar", "Gebang")


def make_city(folder: Path) -> Path:
    """Writes every needed file of the city below `folder` and returns it."""
    own = PROJECT / "data"
    for part in ("facts", "theme"):
        shutil.copytree(own / part, folder / part)
    (folder / "areas").mkdir()
    _write_kelurahan(folder / "areas" / "kelurahan.csv")
    (folder / "areas" / "city.toml").write_text(
        f'code = "{CODE}"\nname = "{NAME}"\nplane_epsg = 32753\ncentre = [-0.95, 131.3]\n'
        '[words]\n"RT" = "RW"\n"Kampung Bahagia" = "Kampung Sejahtera"\n'
        '[headers]\nrt = ["RW", "No RW"]\n',
        encoding="utf-8",
    )
    boundaries = (own / "areas" / "boundaries.toml").read_text(encoding="utf-8")
    (folder / "areas" / "boundaries.toml").write_text(
        boundaries.replace("Kota Jambi", NAME), encoding="utf-8"
    )
    _write_demo(folder / "facts" / "demo.toml")
    for name in ("claims", "expansion", "indicators", "membership", "money", "rollout"):
        _write_evidence(folder / "facts" / f"{name}.toml")
    _write_ledger(folder / "facts" / "denominators.toml")
    _write_targets(folder / "facts" / "indicators.toml")
    theme = (folder / "theme" / "theme.toml").read_text(encoding="utf-8")
    (folder / "theme" / "theme.toml").write_text(
        theme.replace("Kota Jambi", NAME).replace("Bahagia", "Sejahtera"), encoding="utf-8"
    )
    return folder


def codes() -> list[tuple[str, str, str, str]]:
    """Code, name, code and name of the kecamatan of each kelurahan."""
    found = []
    for k, (side, kecamatan) in enumerate(_KECAMATAN.items(), start=1):
        for n in range(10):
            name = hostile_names.KELURAHAN.get(
                len(found), f"{_FIRST[n % 5]} {_SECOND[n // 5]} {side}"
            )
            found.append((f"{CODE}.{k:02d}.{1001 + n}", name, f"{CODE}.{k:02d}", kecamatan))
    return found


def _write_kelurahan(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("kode", "kelurahan", "kode_kecamatan", "kecamatan", "lat", "lon",
                         "luas_km2", "kode_bps", "kodepos", "dibentuk_2023", "induk"))  # fmt: skip
        for n, (code, name, district, district_name) in enumerate(codes()):
            lat, lon = -0.98 + 0.01 * (n // 7), 131.27 + 0.01 * (n % 7)
            writer.writerow((code, name, district, district_name, lat, lon, 1.5 + n % 4,
                             f"9271{n + 1:06d}", 98400 + n, 0, ""))  # fmt: skip


def _write_demo(path: Path) -> None:
    """The first city's parameters with other totals, places and pilots."""
    text = path.read_text(encoding="utf-8")
    for key, value in (("workers", WORKERS), ("religious_workers", 120), ("rts", RWS),
                       ("pilots", 67), ("eligible", ELIGIBLE), ("households", 36_000)):  # fmt: skip
        text = re.sub(
            rf"(?m)^{key} = \{{ value = \d+", f"{key} = {{ value = {value}", text, count=1
        )
    text = re.sub(r'(?m)^centre = "[\d.]+"', f'centre = "{CODE}.03.1001"', text)
    text = re.sub(r"(?m)^across_the_river = \[.*", "across_the_river = []", text)
    text = re.sub(r"(?m)^per_kelurahan = .*", "per_kelurahan = [4, 20]", text)
    people = "".join(f'"{CODE}.{k:02d}" = {30 + 5 * k}\n' for k in range(1, 5))
    text = re.sub(
        r'(\[population\]\nsource = [^\n]*\n)("[\d.]+" = \d+\n)+', rf"\g<1>{people}", text
    )
    text = re.sub(r'(\[(?:need|cover)\.kelurahan\]\n)("[\d.]+" = [\d.]+\n)+', r"\g<1>", text)
    text = re.sub(r"(?m)^launch_kelurahan = .*", f'launch_kelurahan = "{CODE}.01.1002"', text)
    text = re.sub(r"(?m)^launch_rt = .*", 'launch_rt = "003"', text)
    path.write_text(text, encoding="utf-8")


def _write_evidence(path: Path) -> None:
    """Sources and doubts of its own, where those of the first city name it."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(
        r'(?mi)^((?:source|doubt|compared)(?:_en)?) = ".*(?:jambi|batanghari|68).*"$',
        lambda found: f'{found[1]} = "{"invented" if found[1].endswith("_en") else "rekaan"}"', text,
    )  # fmt: skip
    path.write_text(text, encoding="utf-8")


def _write_ledger(path: Path) -> None:
    """What rates are of, here: an own figure for everybody, no figure of the first city."""

    def entry(key: str, label: str, kind: str, more: str) -> str:
        return (
            f'[[denominator]]\nid = "{key}"\nlabel = "{label}"\nlabel_en = "{label}"\n'
            f'kind = "{kind}"\n{more}\nsource = "rekaan"\nsource_en = "invented"\n'
            'doubt = "rekaan"\ndoubt_en = "invented"\n'
        )

    usual = 'default_for = ["pekerja_rentan"]'
    path.write_text(
        'everybody = "kota"\npotential_workers = "pekerja"\nreported = []\n'
        + entry("rw", "Perkiraan menurut daftar RW", "rt_estimate", f'fallback = "kota"\n{usual}')
        + entry("kota", f"Pekerja rentan {NAME}", "city",
                f'value = {ELIGIBLE}\nshare_by = "household"\n{usual}')
        + entry("pekerja", "Semua pekerja", "city", "value = 61000\ndefault_for = []")
        + entry("jumlah_rw", "Jumlah RW", "rt_count", 'default_for = ["ketua_rt"]'),
        encoding="utf-8",
    )  # fmt: skip


def _write_targets(path: Path) -> None:
    """Every figure of an entry of this ledger, and one target."""
    text = path.read_text(encoding="utf-8")
    text = text[: text.index("[[target]]")]
    for theirs, own in (
        ("rt_perkiraan", "rw"),
        ("ucj_228000", "pekerja"),
        ("rt_jumlah", "jumlah_rw"),
    ):
        text = text.replace(f'denominator_id = "{theirs}"', f'denominator_id = "{own}"')
    path.write_text(
        text + '[[target]]\ncohort = "ketua_rt"\ndenominator = "jumlah_rw"\n', encoding="utf-8"
    )
