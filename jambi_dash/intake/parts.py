"""Imports that replace one part of the city and nothing else, on purpose.

Rows of the part come from the files, all others are carried over from the current release. A
person who has moved into the part leaves the place of before: nobody is in a release twice. A row
outside the part refuses the import, unless it was said that such rows are to be dropped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.part import Part
from jambi_dash.domain.refusal import Refusal

if TYPE_CHECKING:
    from jambi_dash.releases.workbench import Workbench

RELEASED = {"peserta": "enrolment", "rt": "rt", "kampung_bahagia": "kampung_event"}
"""The tables that can be replaced in part, and what they are called in a release."""
OUTSIDE = "di_luar_bagian"
"""The rule that rejects a row outside the part, where rows are dropped on purpose."""
_NAMED = 5


def refuse_tables(part: Part, tables: Iterable[str]) -> None:
    """Raises `Refusal` for a table that cannot be replaced in part."""
    if wrong := [name for name in tables if name not in RELEASED]:
        raise Refusal(
            t("Tabel {tables} tidak dapat diganti sebagian (hanya {part}); kirim tabel itu tersendiri, "
              "untuk seluruh kota.", tables=", ".join(wrong), part=part.shown())
        )  # fmt: skip


def drop_or_refuse(
    bench: Workbench, table: str, part: Part, where: Mapping[int, str], *, drop: bool
) -> None:
    """Rejects the rows outside the part (`OUTSIDE`), or refuses the import because of them.

    Args:
        bench: with `peserta_decided`, or the fates of another table.
        table: the name of the imported table.
        part: the areas that are replaced.
        where: file and sheet by the sheet's number.
        drop: whether such rows are to be dropped.
    """
    rows = "peserta_decided" if table == "peserta" else f"{table}_fate"
    outside = "kelurahan_code IS NOT NULL AND NOT list_contains($inside, kelurahan_code)"
    values = {"inside": list(part.kelurahan)}
    if drop:
        marks = "rejection = coalesce(rejection, $rule)"
        if table == "peserta":
            marks += ", row_rejection = coalesce(row_rejection, $rule)"
        else:
            marks += ", warnings = 0"
        bench.run("outside", f"UPDATE {rows} SET {marks} WHERE {outside}",
                  {**values, "rule": OUTSIDE})  # fmt: skip
        return
    # Who is too old may be forgiven later, so such a row counts here.
    standing = "rejection IS NULL OR rejection = 'usia_65'"
    found = bench.fetch(
        "outside",
        f"SELECT sheet, kelurahan_code, count(*) FROM {rows} "
        f"WHERE ({standing}) AND {outside.replace('$inside', '$1')} "
        "GROUP BY ALL ORDER BY sheet, count(*) DESC, kelurahan_code",
        [values["inside"]],
    )
    if not found:
        return
    first = [(code, count) for sheet, code, count in found if sheet == found[0][0]]
    named = [
        f"{load_areas().name_of(code)} {formats.number(count)}" for code, count in first[:_NAMED]
    ]
    if len(first) > _NAMED:
        named.append("…")
    raise Refusal(
        t("{where}: {n} baris terletak di luar bagian yang diganti, {part} ({named}). Perbaiki "
          "barisnya, pilih bagian yang benar, atau minta agar baris di luar bagian diabaikan "
          "(--drop-outside).", where=where[found[0][0]],
          n=formats.number(sum(count for _, count in first)), part=part.shown(),
          named=", ".join(named))
    )  # fmt: skip


def define_kept(
    bench: Workbench, part: Part, came: Iterable[str], earlier: Mapping[str, int],
    pads: Mapping[str, Any],
) -> dict[str, dict[str, int]]:  # fmt: skip
    """Makes a view `kept_TABLE` of what is carried over of every table that came.

    `earlier` are the row counts of the current release. Returns, by imported table, how many rows
    of the release are `replaced` and `kept`, and for people how many have `moved_in`.
    """
    bench.run("part", "CREATE OR REPLACE TABLE part_area (code VARCHAR)")
    for code in part.kelurahan:
        bench.run("part", "INSERT INTO part_area VALUES ($code)", {"code": code})
    counts: dict[str, dict[str, int]] = {}
    for table in came:
        released = RELEASED[table]
        if released == "enrolment":
            bench.run("people of the part", _sql("part_people"), pads)
        else:
            bench.run(
                f"kept {released}",
                f"CREATE OR REPLACE VIEW kept_{released} AS SELECT * FROM earlier.{released} "
                "WHERE kelurahan_code NOT IN (SELECT code FROM part_area)",
            )
        kept = bench.fetch("kept", f"SELECT count(*) FROM kept_{released}")[0][0]
        counts[table] = {"replaced": earlier.get(released, 0) - kept, "kept": kept}
        if released == "enrolment":
            moved = bench.fetch("moved in", "SELECT count(*) FROM part_moved")[0][0]
            counts[table] = {"replaced": counts[table]["replaced"] - moved, "kept": kept,
                             "moved_in": moved}  # fmt: skip
    return counts


def carry_over(bench: Workbench, table: str) -> None:
    """Puts what is kept of a table beside what came; call it when the release has the new rows."""
    released = RELEASED[table]
    bench.run(
        "carried over", f"INSERT INTO release.{released} BY NAME SELECT * FROM kept_{released}"
    )
    if released == "enrolment":
        bench.run("in other cohorts", _sql("part_cohorts"))


def carry_sources(
    bench: Workbench, part: Part | None, came: Iterable[str], release: str
) -> None:  # fmt: skip
    """Sources and findings of what is kept, and notes of which releases replaced which part.

    `part` is `None` where whole tables came: the notes on those tables go with their rows.
    """
    told = bench.fetch("parts", "SELECT value FROM earlier.meta WHERE key = 'parts'")
    notes: list[dict[str, Any]] = json.loads(told[0][0]) if told else []
    tables = list(came)
    inside = set(part.kelurahan) if part else None
    kept = []
    for note in notes:
        # An earlier partial import of an area that is replaced again has nothing left here.
        gone = inside is None or set(note["kelurahan"]) <= inside
        left = [name for name in note["tables"] if not (gone and name in tables)]
        if left:
            kept.append({**note, "tables": left})
    if part is not None:
        for table in tables:
            bench.run("carried over", _sql("part_sources"), {
                "table": table,
                "gone": [
                    note["release"] for note in notes
                    if table in note["tables"] and set(note["kelurahan"]) <= set(part.kelurahan)
                ],
            })  # fmt: skip
        kept.append({"release": release, "kelurahan": list(part.kelurahan), "tables": tables})
    if kept:
        bench.run("parts", "INSERT INTO release.meta VALUES ('parts', $notes)",
                  {"notes": json.dumps(kept)})  # fmt: skip


def _sql(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
