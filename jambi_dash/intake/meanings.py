"""Reads each different text of a column once, and hands the meanings back as a table.

A roster of ten million rows holds some ten thousand different dates and a few hundred spellings
of places: Python reads those, DuckDB joins them to the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from jambi_dash.domain import cells, nik
from jambi_dash.domain.names import load_gazetteer
from jambi_dash.domain.programme import load_programme

_OPEN_END = re.compile(r"(?i)\s*(-+|–|sekarang|seterusnya|sampai sekarang|s/?d sekarang|aktif|)\s*")


def _first_day(text: str) -> date | None:
    month = cells.parse_month(text)
    return month.first_day() if month else None


def _occupation(text: str) -> str | None:
    return _label(re.sub(r"[^\w/&-]+", " ", text[:200]).lower())


def _label(text: str) -> str | None:
    """A short text of the office's own, such as a fund; long numbers may name a person and go."""
    word = " ".join(re.sub(r"\d[\d.\-' ]{4,}\d", " ", text[:200]).split())
    return word[:60] or None


def _program(text: str) -> str | None:
    word = re.sub(r"[^A-Z]", "", text.upper())
    names = {
        "JKK": "JKK", "JAMINANKECELAKAANKERJA": "JKK", "KECELAKAANKERJA": "JKK",
        "JKM": "JKM", "JK": "JKM", "JAMINANKEMATIAN": "JKM", "KEMATIAN": "JKM",
    }  # fmt: skip
    return names.get(word)


def _income(text: str) -> int | None:
    """Declared income to the nearest 100.000: enough for a contribution band, less to leak."""
    amount = cells.parse_rupiah(text)
    return None if amount is None or amount < 0 else round(amount, -5)


_READERS: dict[str, tuple[Callable[[str], Any], pa.DataType]] = {
    "date": (cells.parse_date, pa.date32()),
    "month": (_first_day, pa.date32()),
    "rupiah": (cells.parse_rupiah, pa.int64()),
    "income": (_income, pa.int64()),
    "count": (cells.parse_count, pa.int32()),
    "decimal": (cells.parse_decimal, pa.float64()),
    "rt": (cells.parse_rt, pa.string()),
    "yes": (cells.parse_yes, pa.bool_()),
    "sex": (cells.parse_sex, pa.string()),
    "label": (_label, pa.string()),
    "occupation": (_occupation, pa.string()),
    "program": (_program, pa.string()),
    "membership": (cells.parse_active, pa.bool_()),
    "reason": (lambda text: load_programme().return_reason(text), pa.string()),
    "worker_stage": (lambda text: load_programme().worker_stages.recognise(text), pa.string()),
    "rt_stage": (lambda text: load_programme().rt_stages.recognise(text), pa.string()),
    "cohort": (lambda text: load_programme().cohorts.recognise(text), pa.string()),
}


def read_values(kind: str, column: str, texts: Iterable[str]) -> pa.Table:
    """`text`, `value` (typed by the kind) and, for `sampai`, whether it could be read."""
    found = list(texts)
    reader, data_type = _READERS[kind]
    values = [reader(text) for text in found]
    table = {"text": pa.array(found, pa.string()), "value": pa.array(values, data_type)}
    if column == "sampai":
        readable = [
            value is not None or _OPEN_END.fullmatch(text) is not None
            for text, value in zip(found, values, strict=True)
        ]
        table["readable"] = pa.array(readable, pa.bool_())
    return pa.table(table)


def is_read_once(kind: str) -> bool:
    """Whether a column of this kind is read through `read_values`."""
    return kind in _READERS


def read_places(pairs: Iterable[tuple[str, str]]) -> pa.Table:
    """`kelurahan`, `kecamatan` (as written), `code`, `repaired`, `kecamatan_differs`."""
    gazetteer = load_gazetteer()
    found = [(kelurahan, kecamatan, gazetteer.place(kelurahan, kecamatan))
             for kelurahan, kecamatan in pairs]  # fmt: skip
    return pa.table({
        "kelurahan": pa.array([k for k, _, _ in found], pa.string()),
        "kecamatan": pa.array([k for _, k, _ in found], pa.string()),
        "code": pa.array([p.code for _, _, p in found], pa.string()),
        "repaired": pa.array([p.repaired for _, _, p in found], pa.bool_()),
        "kecamatan_differs": pa.array([p.kecamatan_differs for _, _, p in found], pa.bool_()),
    })  # fmt: skip


def read_births(parts: Iterable[str], *, today: date) -> pa.Table:
    """`part` (DDMMYY of an NIK), `born`, `sex`; parts that are no date are left out."""
    found = [
        (part, nik.read_birth(part, today=today))
        for part in parts
        if re.fullmatch(r"[0-9]{6}", part)
    ]
    known = [(part, facts) for part, facts in found if facts]
    return pa.table({
        "part": pa.array([part for part, _ in known], pa.string()),
        "born": pa.array([facts.born for _, facts in known], pa.date32()),
        "sex": pa.array([facts.sex for _, facts in known], pa.string()),
    })  # fmt: skip
