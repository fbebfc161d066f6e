"""What every kelurahan has to mend and to do, from one release."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.membership import sums
from jambi_dash.domain.mending import MendBook, MendRow, MendSheet, Task
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries.coverage import meta_of
from jambi_dash.queries.door import Door
from jambi_dash.queries.ladder import ladder
from jambi_dash.queries.membership import bpjs_match, double_cover, lapses


def mend_book(door: Door, *, kelurahan: str | None = None) -> MendBook:
    """The sheets of all kelurahan, or of one (code); what has no kelurahan stands last.

    Raises:
        Refusal: an unknown kelurahan, or one that the reader may not see.
    """
    door.sight.require_internal()
    areas, own = load_areas().kelurahan, door.sight.areas
    seen = [area for area in areas if own is None or area.code in own]
    if kelurahan is not None:
        seen = [area for area in seen if area.code == kelurahan]
        if not seen:
            raise Refusal(
                t("Kelurahan {code} tidak ada; pakai kode seperti {example}.",
                  code=kelurahan, example=areas[0].code)
            )  # fmt: skip
    rows: dict[str, list[MendRow]] = defaultdict(list)
    for table, rule, outcome, code, count in door.rows("findings"):
        rows[code or ""].append(MendRow(table, rule, outcome, count))
    tasks = _tasks(door)
    sheets = [
        MendSheet(area.code, area.name, area.kecamatan_name, _ordered(rows[area.code]),
                  tuple(tasks.get(area.code, ())))
        for area in sorted(seen, key=lambda area: area.code)
    ]  # fmt: skip
    if kelurahan is None and own is None:
        sheets.append(
            MendSheet("", t("Tanpa kelurahan"), "", _ordered(rows[""]), tuple(tasks.get("", ())))
        )
    meta = meta_of(door)
    book = MendBook(
        meta["release"], date.fromisoformat(meta["as_of"]), meta.get("synthetic") == "ya",
        tuple(sheets),
    )  # fmt: skip
    held = {sheet.code for sheet in sheets}
    book.check(sum(row.rows for code in held for row in rows[code]))
    if kelurahan is None and own is None:
        book.check(sum(row.rows for found in rows.values() for row in found))
    return book


def _ordered(rows: list[MendRow]) -> tuple[MendRow, ...]:
    """What was turned away first, then the most rows first."""
    return tuple(sorted(rows, key=lambda r: (r.outcome, -r.rows, r.table, r.rule)))


def _tasks(door: Door) -> dict[str, list[Task]]:
    """By kelurahan code ("": without), what is to be done, in a fixed order."""
    steps = ladder(door)
    first = steps.stages[0]
    waiting = sums((code, n) for stage, code, _, n in steps.people if stage == first)
    returned = sums(
        (e.kelurahan_code, e.people) for e in steps.entries
        if e.reason and e.stage in steps.waiting_stages
    )  # fmt: skip
    near, double, match = lapses(door), double_cover(door), bpjs_match(door)
    paid = match.of(lambda part: (part.cohort, part.kelurahan_code)) if match else {}
    cohort = load_programme().default_cohort
    counts: list[tuple[str, dict[str | None, int]]] = [
        ("menunggu_kelurahan", waiting),
        ("tertahan", steps.stalled_by_kelurahan()),
        ("dikembalikan", returned),
        ("hampir_gugur", {code: sum(by_left.values()) for code, by_left in
                          near.near_by(lambda part: part.kelurahan_code).items()} if near else {}),
        ("dibayar_ganda", double.by_kelurahan() if double else {}),
        *(
            (f"bpjs_{state}", {code: by_state[state] for (of, code), by_state in paid.items()
                               if of == cohort})
            for state in ("nonaktif", "tidak_ditemukan")
        ),
    ]  # fmt: skip
    found: dict[str, list[Task]] = defaultdict(list)
    for name, by_kelurahan in counts:
        for code, people in by_kelurahan.items():
            if people:
                found[code or ""].append(Task(name, people))
    return found
