"""A release as the expansion model sees it: areas with room, pilot RTs, the waiting list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from jambi_dash.domain.allocation import largest_remainder
from jambi_dash.domain.coverage import HIDDEN, CoverageRow, CoverageTable
from jambi_dash.domain.disclosure import spread_hidden
from jambi_dash.domain.expansion import Area
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import LEVELS
from jambi_dash.domain.simulation import Baseline
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.queries.rollout import rollout_log

_KELURAHAN_CODE = 13
_KECAMATAN_CODE = 8


def baseline(door: Door, by: str = "kelurahan", *, public: bool = False) -> Baseline:
    """The release at its own `as_of`, cohort `pekerja_rentan`, as areas of the level `by`.

    Eligible and covered are those of the coverage table. Which RTs have joined Kampung Bahagia is
    as of the same day. In public only published counts go in, a stand-in for each hidden one, and
    no waiting list: an answer of the model would tell what it was worked out from.

    Raises:
        Refusal: an unknown level; in public RT level, or a city too small to be shown.
    """
    if not public:
        door.sight.require_internal()
    door.sight.require_city()
    if by not in LEVELS:
        raise Refusal(t("Tingkat {by} tidak ada; pilih: {known}.", by=by, known=", ".join(LEVELS)))
    table = coverage(door, by=by, public=public)
    rts = table.rows if by == "rt" else coverage(door, by="rt").rows
    if public:
        table, rts = _stand_ins(door, table, rts)
    standings = rollout_log(door).at(table.as_of).rts
    joined = {rt.course.code for rt in standings if rt.joined}
    inside: dict[str, list[str]] = defaultdict(list)
    for rt in standings:
        if not rt.excluded:
            code = rt.course.code
            inside[code if by == "rt" else rt.course.kelurahan_code].append(code)
    rooms = {row.code: max(0, (row.eligible or 0) - (row.covered or 0)) for row in rts}
    waiting = () if public else waiting_list(door, table.cohort)
    waiting_by: dict[str | None, int] = defaultdict(int)
    for kelurahan_code, _, people in waiting:
        waiting_by[kelurahan_code] += people
    return Baseline(
        release=table.release,
        as_of=table.as_of,
        synthetic=table.synthetic,
        by=by,
        areas=tuple(
            _area(row, inside[row.code], joined, rooms, waiting_by)
            for row in sorted(table.rows, key=lambda row: row.code)
        ),
        covered=table.totals.covered or 0,
        unlocated=table.totals.unlocated or 0,
        eligible=table.totals.eligible,
        waiting=waiting,
        public=public,
    )


def _stand_ins(
    door: Door, table: CoverageTable, rts: Sequence[CoverageRow]
) -> tuple[CoverageTable, tuple[CoverageRow, ...]]:
    """Kelurahan and RTs with what published counts let one suppose, in place of their counts."""
    totals = table.totals
    if totals.covered is None:
        raise Refusal(
            t("Peserta seluruh kota terlalu sedikit untuk umum; skenarionya hanya untuk salinan "
              "internal.")
        )  # fmt: skip
    above = coverage(door, by="kecamatan", public=True)
    eligible = {row.code: row.eligible or 0 for row in table.rows}
    found = spread_hidden(
        {row.code: None if row.state == HIDDEN else row.covered or 0 for row in table.rows},
        {row.code: None if row.state == HIDDEN else row.covered or 0 for row in above.rows},
        {row.code: row.code[:_KECAMATAN_CODE] for row in table.rows},
        totals.covered,
        totals.unlocated,
        eligible,
    )
    inside: dict[str, list[CoverageRow]] = defaultdict(list)
    for rt in rts:
        inside[rt.code[:_KELURAHAN_CODE]].append(rt)
    supposed = tuple(
        rt._replace(covered=people)
        for code, own in inside.items()
        for rt, people in zip(
            own, largest_remainder(found[code], [rt.eligible or 0 for rt in own]), strict=True
        )
    )
    rows = tuple(row._replace(covered=found[row.code]) for row in table.rows)
    return replace(table, rows=rows), supposed


def _area(
    row: CoverageRow,
    rts: list[str],
    joined: set[str],
    rooms: dict[str, int],
    waiting: dict[str | None, int],
) -> Area:
    pilots = [code for code in rts if code in joined]
    return Area(
        code=row.code,
        name=row.name,
        kecamatan_code=row.code[:_KECAMATAN_CODE],
        eligible=row.eligible,
        covered=row.covered or 0,
        joined_share=len(pilots) / len(rts) if rts else 0.0,
        # RTs have no waiting list of their own: that of their kelurahan stands for it.
        waiting=waiting[row.code[:_KELURAHAN_CODE]],
        pilots=tuple((code, rooms.get(code, 0)) for code in pilots),
    )


def waiting_list(door: Door, cohort: str) -> tuple[tuple[str | None, str | None, int], ...]:
    """People on the way to a place, by kelurahan and id of the occupation (`None`: not said)."""
    door.sight.require_internal()
    door.sight.require_city()
    programme = load_programme()
    stages = [
        term.id
        for term in programme.worker_stages.terms
        if not term.side_exit and term.id != programme.default_stage
    ]
    found: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for kelurahan_code, text, people in door.rows("waiting", cohort=cohort, stages=stages):
        found[kelurahan_code, programme.occupation(text) if text else None] += people
    return tuple((code, occupation, people) for (code, occupation), people in found.items())
