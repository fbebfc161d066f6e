"""Rosters of the time before January 2023, whose kelurahan may since have been split.

A roster is old where it says so by its structure: old kecamatan or old numbers, and no kelurahan
or kecamatan that came later; or by its date. In an old roster the name of a split kelurahan means
one of several: such rows wait, without a location, until somebody decides which RTs went where.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from jambi_dash.domain.crosswalk import load_crosswalk
from jambi_dash.domain.names import load_gazetteer
from jambi_dash.releases.reviews import SplitDecision

if TYPE_CHECKING:
    from jambi_dash.releases.workbench import Workbench

LEAST_SIGNS = 3
"""So many old rows make an old roster: one wrong kecamatan is a slip of the pen."""


@dataclass(frozen=True)
class SplitQueue:
    """Rows of old rosters that name one split kelurahan and RT, and wait for a decision.

    `rt` is `None` for rows without an RT; `count` is how many rows.
    """

    parent: str
    rt: str | None
    count: int


def old_sheets(
    places: Iterable[tuple[int, str, str, int]], sheets: Iterable[int], as_of: date
) -> list[int]:
    """The sheets that are old, by number.

    Args:
        places: sheet, kelurahan and kecamatan as written, and how many rows say so.
        sheets: all sheets of the table.
        as_of: the date of the data.
    """
    walk, gazetteer = load_crosswalk(), load_gazetteer()
    signs: dict[int, int] = defaultdict(int)
    young: set[int] = set()
    for sheet, kelurahan, kecamatan, count in places:
        code = gazetteer.place(kelurahan, kecamatan).code
        if code is None:
            continue
        age = walk.age_of(kelurahan, code, gazetteer.kecamatan(kecamatan))
        if age > 0:
            young.add(sheet)
        signs[sheet] += count if age < 0 else 0
    return [
        sheet
        for sheet in sheets
        if sheet not in young and (signs[sheet] >= LEAST_SIGNS or as_of < walk.first_day)
    ]


def settle_splits(
    bench: Workbench, sheets: Sequence[int], decisions: Sequence[SplitDecision]
) -> None:
    """Places the rows of old rosters that name a split kelurahan as decided, or nowhere yet."""
    walk = load_crosswalk()
    bench.load_arrow("split_parent", pa.table({"code": pa.array(list(walk.split), pa.string())}))
    bench.load_arrow("old_sheet", pa.table({"sheet": pa.array(list(sheets), pa.int32())}))
    bench.load_arrow("split_decision", pa.table({
        "position": pa.array(range(len(decisions)), pa.int32()),
        "parent": pa.array([d.parent for d in decisions], pa.string()),
        "rt_from": pa.array([d.rt_from for d in decisions], pa.int32()),
        "rt_to": pa.array([d.rt_to for d in decisions], pa.int32()),
        "code": pa.array([d.code for d in decisions], pa.string()),
    }))  # fmt: skip
    bench.run("split kelurahan", _sql("old_splits"))


def waiting_splits(bench: Workbench) -> list[SplitQueue]:
    """What waits for a decision, by kelurahan and RT; only rows that are accepted."""
    rows = bench.fetch("waiting splits", _sql("old_waiting"))
    return [SplitQueue(*row) for row in rows]


def _sql(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
