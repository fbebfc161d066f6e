"""A release as the expansion model sees it: areas with room, pilot RTs, the waiting list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from jambi_dash.domain.allocation import largest_remainder
from jambi_dash.domain.coverage import HIDDEN, CoverageRow, CoverageTable
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.disclosure import spread_hidden
from jambi_dash.domain.expansion import Area
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import LEVELS
from jambi_dash.domain.simulation import Baseline
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.queries.rollout import area_log, rollout_log

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
    log = rollout_log(door) if by == "rt" else area_log(door)
    standings = log.at(table.as_of)
    pilots: dict[str, list[str]] = defaultdict(list)
    counted: Counter[str] = Counter()  # RTs that are to join or have joined
    if by != "rt":
        counted.update(standings.quiet)
    for rt in standings.rts:
        code = rt.course.code if by == "rt" else rt.course.kelurahan_code
        counted[code] += not rt.excluded
        if rt.joined:
            pilots[code].append(rt.course.code)
    if public:
        table, rts = _stand_ins(door, table, coverage(door, by="rt").rows)
        rooms = _rooms_in(rts)
    elif by == "rt":
        rooms = _rooms_in(table.rows)
    else:
        rooms = _rooms(door, table, [code for own in pilots.values() for code in own])
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
            _area(row, pilots[row.code], counted[row.code], rooms, waiting_by)
            for row in sorted(table.rows, key=lambda row: row.code)
        ),
        covered=table.totals.covered or 0,
        unlocated=table.totals.unlocated or 0,
        eligible=table.totals.eligible,
        waiting=waiting,
        public=public,
    )


def _rooms_in(rts: Sequence[CoverageRow]) -> dict[str, int]:
    return {row.code: max(0, (row.eligible or 0) - (row.covered or 0)) for row in rts}


def _rooms(door: Door, table: CoverageTable, codes: list[str]) -> dict[str, int]:
    """How many more each of these RTs can take; nothing is asked of the others where they are known."""
    rts, estimates = door.rows("register_size")[0]
    ledger = load_ledger()
    entry = ledger.find(table.denominator.id) if table.denominator.id else None
    if entry is None or entry.kind != "rt_estimate" or not rts or rts != estimates:
        return _rooms_in(coverage(door, by="rt").rows)
    found = door.rows("rt_rooms", codes=codes, cohort=table.cohort, month=table.at.first_day())
    return {code: max(0, eligible - covered) for code, eligible, covered in found}


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
    pilots: list[str],
    counted: int,
    rooms: dict[str, int],
    waiting: dict[str | None, int],
) -> Area:
    return Area(
        code=row.code,
        name=row.name,
        kecamatan_code=row.code[:_KECAMATAN_CODE],
        eligible=row.eligible,
        covered=row.covered or 0,
        joined_share=len(pilots) / counted if counted else 0.0,
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
