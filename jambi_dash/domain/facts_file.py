"""A file of facts that people change by hand: read and held against the shape it must have.

A shape is written as the file is: a table is a `dict` of its keys, a list of tables or values a
`list` of one shape, a value its type, words to choose from a `tuple`. A key that ends in `?` may be
left out, `str` as a key stands for any other. Nothing else is let through: a mistyped key would
be a default that nobody chose.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jambi_dash.domain.foreign_toml import parse
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

LONGEST = 4 * 1024 * 1024
MONTH = "YYYY-MM"
"""A shape: a month as text."""


def two(*names: str) -> dict[str, Any]:
    """Texts that stand in both languages, such as `label` and `label_en`."""
    return {key: str for name in names for key in (name, f"{name}_en")}


def read(path: Path, shape: dict[str, Any]) -> dict[str, Any]:
    """The table of a facts file.

    Raises:
        Refusal: it is missing, no TOML, or not of its shape; names file, place and mend.
    """
    raw = read_any(path)
    _check(raw, shape, path.name, "")
    return raw


def read_any(path: Path) -> dict[str, Any]:
    """The table of a file whose shape somebody else checks.

    Raises:
        Refusal: it is missing or no TOML.
    """
    try:
        return parse(path.read_text(encoding="utf-8-sig"), longest=LONGEST)
    except FileNotFoundError:
        raise Refusal(
            t("Berkas {file} tidak ada; salin lagi dari paket dasbor.", file=path.name)
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refusal(
            t("Berkas {file} tidak dapat dibaca ({why}); perbaiki tanda bacanya.",
              file=path.name, why=error)
        ) from None  # fmt: skip


def refused(file: str, place: str, allowed: str) -> Refusal:
    """What a value at `place` of `file` must be."""
    return Refusal(
        t("Di {file}, {place} harus {allowed}.", file=file, place=place, allowed=allowed)
    )  # fmt: skip


def _check(value: object, shape: Any, file: str, place: str) -> None:
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            raise refused(file, place, t("sebuah bagian dengan isi bernama"))
        _check_table(value, shape, file, place)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise refused(file, place, t("sebuah daftar dalam kurung siku"))
        for number, part in enumerate(value, start=1):
            _check(part, shape[0], file, _named(place, part, number))
    elif isinstance(shape, tuple):
        if value not in shape:
            raise refused(file, place, t("salah satu dari {words}", words=", ".join(shape)))
    elif not _is_of(value, shape):
        raise refused(file, place, _kinds()[shape])


def _check_table(value: dict[str, Any], shape: dict[Any, Any], file: str, place: str) -> None:
    known = {key.rstrip("?"): part for key, part in shape.items() if isinstance(key, str)}
    any_other = shape.get(str)
    needed = {key for key in shape if isinstance(key, str) and not key.endswith("?")}
    where = place or t("awal berkas")
    if missing := sorted(needed - value.keys()):
        raise Refusal(
            t("Di {file}, {place} belum menyebut {keys}.",
              file=file, place=where, keys=", ".join(missing))
        )  # fmt: skip
    if any_other is None and (foreign := sorted(value.keys() - known.keys())):
        raise Refusal(
            t("Di {file}, {place} tidak mengenal {keys}; yang ada: {known}.",
              file=file, place=where, keys=", ".join(foreign), known=", ".join(sorted(known)))
        )  # fmt: skip
    for key, part in value.items():
        _check(part, known.get(key, any_other), file, f"{place} › {key}" if place else key)


def _named(place: str, part: object, number: int) -> str:
    """An entry of a list by its id, else by its number."""
    name = part.get("id", number) if isinstance(part, dict) else number
    return f"{place} {name}"


def _is_of(value: object, shape: object) -> bool:
    if shape is float:
        return type(value) in (int, float)
    if shape is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    if shape == MONTH:
        return isinstance(value, str) and _is_month(value)
    return type(value) is shape


def _is_month(text: str) -> bool:
    year, dash, month = text.partition("-")
    return bool(dash) and len(year) == 4 and len(month) == 2 and (year + month).isdecimal() and (
        1 <= int(month) <= 12
    )  # fmt: skip


def _kinds() -> dict[Any, str]:
    return {
        str: t("teks di antara tanda petik"),
        int: t("bilangan bulat, tanpa titik"),
        float: t("bilangan, dengan titik sebagai tanda desimal"),
        bool: "true, false",
        date: t("tanggal tanpa tanda petik, misalnya 2026-12-31"),
        MONTH: t('bulan di antara tanda petik, misalnya "2026-12"'),
    }
