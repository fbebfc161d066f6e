"""How many are covered, of how many, and where: the one answer behind page, file and command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jambi_dash.domain.areas import CITIES, CITY_CODE, LEVELS, load_areas, rt_code
from jambi_dash.domain.coverage import (
    CoverageRow,
    CoverageTable,
    CoverageTotals,
    DenominatorShown,
    hide_row,
    make_rows,
)
from jambi_dash.domain.denominators import Denominator, Eligible, RtFacts, load_ledger
from jambi_dash.domain.disclosure import UNLOCATED
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries.disclosure import public_pattern
from jambi_dash.queries.door import Door


def register_of_rts(door: Door) -> list[RtFacts]:
    """The register of RTs in the order of its codes, as far as the door's areas go."""
    return _facts(door.rows("rts"))


def _facts(rows: list[tuple[Any, ...]]) -> list[RtFacts]:
    return [RtFacts(kel, rt, households, estimate) for kel, rt, households, estimate, *_ in rows]


def meta_of(door: Door) -> dict[str, str]:
    """What the release says of itself: release, as_of, created, synthetic."""
    return dict(_same_always(door, "meta"))


def _same_always(door: Door, question: str, **values: Any) -> tuple[tuple[Any, ...], ...]:
    """The answer to a question that is part of every coverage table: asked once for a release."""
    name = f"{question} {sorted(values.items())}"
    return door.once(name, lambda: tuple(door.rows(question, **values)))


def coverage(
    door: Door,
    *,
    by: str,
    cohort: str | None = None,
    at: Month | None = None,
    denominator: str | None = None,
    public: bool = False,
    k: int | None = None,
    area: str = "",
) -> CoverageTable:
    """The coverage table; its sums are checked before it is returned.

    Args:
        door: the release.
        by: `city`, `kecamatan`, `kelurahan` or `rt`; every area is a row, also with 0.
        cohort: default `pekerja_rentan`.
        at: the month, default that of the release's `as_of`.
        denominator: an id of the ledger, default the cohort's own.
        public: hide small counts, and what would give them away; refused at RT level.
        k: the smallest count that the public may see, unless set that of the facts file.
        area: at RT level only this kecamatan or kelurahan (a code), also in the totals, which then
            have no persons; empty: everything.

    Raises:
        Refusal: an unknown level, cohort or denominator, or RT level in public.
    """
    programme = load_programme()
    cohort = cohort or programme.default_cohort
    public = public or door.sight.public
    if by not in LEVELS:
        raise Refusal(t("Tingkat {by} tidak ada; pilih: {known}.", by=by, known=", ".join(LEVELS)))
    if cohort not in programme.cohorts.by_id:
        raise Refusal(
            t("Kelompok {cohort} tidak ada; pilih: {known}.",
              cohort=cohort, known=", ".join(programme.cohorts.ids))
        )  # fmt: skip
    if public and by == "rt":
        raise Refusal(
            t("Angka per RT tidak pernah untuk umum; pilih tingkat kelurahan, atau tanpa --public.")
        )
    meta = meta_of(door)
    as_of = date.fromisoformat(meta["as_of"])
    at = at or Month.of(as_of)
    if CITIES and by == "city" and public:
        raise Refusal(
            t("Angka tiap kota tidak disusun untuk umum; pilih tingkat kecamatan atau kelurahan.")
        )
    if area and by != "rt":
        raise ValueError("only RTs are asked for by area")
    found = (
        _by_rt(door, cohort, at, denominator, area)
        if by == "rt"
        else _by_area(door, by, cohort, at, denominator)
    )
    total, eligible = found.total, found.eligible
    has_roster = _same_always(door, "roster_size")[0][0] > 0
    rows = make_rows(
        found.codes, found.names, found.covered if has_roster else None, found.parts,
        register_known=any(part is not None for part in found.parts),
    )  # fmt: skip
    unlocated: int | None = total - sum(row.covered or 0 for row in rows)
    persons = None if area else door.rows("persons", month=at.first_day())[0][0]
    city = eligible.city if eligible else None
    pattern = public_pattern(door, k) if public and has_roster else None
    if pattern:
        rows = [hide_row(row) if pattern.hides(cohort, at, by, row.code) else row for row in rows]
        if by != "city" and pattern.hides(cohort, at, by, None):
            unlocated = None
    totals = _totals(rows, total, unlocated, persons, city)
    if pattern and pattern.hides_persons(at):
        totals = replace(totals, persons=None)
    if pattern and pattern.hides(cohort, at, "city", CITY_CODE):
        totals = CoverageTotals(None, None, None, None, None, city, None)
    table = CoverageTable(
        release=meta["release"],
        as_of=as_of,
        at=at,
        cohort=cohort,
        by=by,
        public=public,
        synthetic=meta.get("synthetic") == "ya",
        denominator=_shown(eligible, as_of),
        rows=tuple(rows),
        totals=totals,
    )
    table.check()
    return table


def _totals(
    rows: list[CoverageRow],
    total: int,
    unlocated: int | None,
    persons: int | None,
    city: int | None,
) -> CoverageTotals:
    located = sum(row.covered or 0 for row in rows)
    return CoverageTotals(
        covered=total,
        located=located,
        unlocated=unlocated,
        hidden=total - located - (unlocated or 0),
        persons=persons,
        eligible=city,
        rate=total / city if city else None,
    )


def city_figure(door: Door, entry: Denominator) -> int | None:
    """A denominator of the whole city, from the sums of the register where they say all of it."""
    if entry.kind == "city":
        return entry.value
    rts, estimates = _same_always(door, "register_size")[0]
    if rts and entry.kind == "rt_count":
        return int(rts)
    if rts and rts == estimates:
        found = door.rows("register_sums", by="city", city=CITY_CODE, several=False)
        return sum(int(eligible) for _, _, eligible in found)
    return load_ledger().resolve(entry, register_of_rts(door)).city


def eligible_of(door: Door, cohort: str, denominator: str | None = None) -> Eligible | None:
    """A denominator in numbers, for the RTs of `register_of_rts` in their order.

    Behind a door to some areas `city` is the sum of these areas, unknown where they have no figure.
    """
    ledger, register = load_ledger(), _facts(door.register())
    entry = ledger.get(denominator) if denominator else ledger.default(cohort, register)
    if entry is None:
        return None
    found = ledger.resolve(entry, register)
    if (areas := door.sight.areas) is None:
        return found
    own = [value for value, rt in zip(found.by_rt, register, strict=True)
           if rt.kelurahan_code in areas]  # fmt: skip
    known = [value for value in own if value is not None]
    return replace(found, city=sum(known) if known else None, by_rt=own)


@dataclass(frozen=True)
class _Found:
    """Every area, its covered and its eligible people; `total` are the covered anywhere."""

    eligible: Eligible | None
    codes: list[str]
    names: list[str]
    covered: list[int]
    parts: list[int | None]
    total: int


def _by_area(door: Door, by: str, cohort: str, at: Month, denominator: str | None) -> _Found:
    eligible, areas, parts = _eligible_areas(door, by, cohort, denominator)
    codes = [code for code, _ in areas]
    counts = dict(
        door.rows(
            "coverage", by=by, cohort=cohort, month=at.first_day(), city=CITY_CODE,
            several=bool(CITIES),
        )
    )  # fmt: skip
    return _Found(
        eligible,
        codes,
        [name for _, name in areas],
        [counts.get(code, 0) for code in codes],
        [parts.get(code) for code in codes],
        sum(counts.values()),
    )


def _by_rt(door: Door, cohort: str, at: Month, denominator: str | None, area: str) -> _Found:
    columns = door.columns(
        "coverage_by_rt", cohort=cohort, month=at.first_day(), area=area
    )  # fmt: skip
    kelurahan, rts, estimates, covered = (column.tolist() for column in columns.values())
    total = sum(covered)
    # The last row is of no RT.
    for column in (kelurahan, rts, estimates, covered):
        column.pop()
    entry = _added_up(door, cohort, denominator)
    eligible: Eligible | None
    parts: list[int | None]
    if entry is None:
        eligible = _inside(door, area, eligible_of(door, cohort, denominator))
        parts = eligible.by_rt if eligible else [None] * len(rts)
    else:
        parts = estimates if entry.kind == "rt_estimate" else [1] * len(rts)
        known = [part for part in parts if part is not None]
        eligible = Eligible(entry, sum(known) if known else None, parts, shared=0)
    areas, word = load_areas(), t("RT {rt}", rt="{rt}")  # asked once, not for every RT
    names = {code: f" {areas.name_of(code)}" for code in set(kelurahan)}
    numbers = {rt: word.replace("{rt}", rt) for rt in set(rts)}
    return _Found(
        eligible,
        [rt_code(code, rt) for code, rt in zip(kelurahan, rts, strict=True)],
        [numbers[rt] + names[code] for code, rt in zip(kelurahan, rts, strict=True)],
        covered,
        parts,
        total,
    )


def _eligible_areas(
    door: Door, by: str, cohort: str, denominator: str | None
) -> tuple[Eligible | None, list[tuple[str, str]], dict[str, int | None]]:
    """The denominator, code and name of every area above RTs, and its figure there.

    Where RTs need not be looked at one by one, the release adds up: a country has a million.
    """
    entry = _added_up(door, cohort, denominator)
    if entry is not None:
        found = _same_always(door, "register_sums", by=by, city=CITY_CODE, several=bool(CITIES))
        sums: dict[str, int | None] = {
            code: count if entry.kind == "rt_count" else eligible for code, count, eligible in found
        }
        whole = sum(value or 0 for value in sums.values())
        return Eligible(entry, whole, [], shared=0), load_areas().of_level(by), sums
    register = register_of_rts(door)
    resolved = eligible_of(door, cohort, denominator)
    return resolved, *_areas(by, register, resolved, door.sight.areas)


def _added_up(door: Door, cohort: str, denominator: str | None) -> Denominator | None:
    """The denominator, if the figures that the release has for every RT are all of it."""
    rts, estimates = _same_always(door, "register_size")[0]
    if door.sight.areas is not None or not rts or rts != estimates:
        return None
    # One stands for all: what is asked is whether there are any, and any with an estimate.
    ledger, some = load_ledger(), [RtFacts("", "", None, 1)]
    entry = ledger.get(denominator) if denominator else ledger.default(cohort, some)
    return entry if entry is not None and entry.kind in ("rt_estimate", "rt_count") else None


def has_all_estimates(door: Door, cohort: str) -> bool:
    """Whether the cohort's denominator is the sum of estimates that every RT has."""
    entry = _added_up(door, cohort, None)
    return entry is not None and entry.kind == "rt_estimate"


def _inside(door: Door, area: str, resolved: Eligible | None) -> Eligible | None:
    """What the figure of all is for the RTs of an area alone; for no area the same."""
    if not area or resolved is None:
        return resolved
    parts = [
        value
        for value, rt in zip(resolved.by_rt, register_of_rts(door), strict=True)
        if rt.kelurahan_code.startswith(area)
    ]
    known = [value for value in parts if value is not None]
    return replace(resolved, city=sum(known) if known else None, by_rt=parts)


def _areas(
    by: str, rts: list[RtFacts], eligible: Eligible | None, own: frozenset[str] | None
) -> tuple[list[tuple[str, str]], dict[str, int | None]]:
    """Code and name of every area above the RTs that may be seen, and its denominator."""
    parts = eligible.by_rt if eligible else [None] * len(rts)
    sums: dict[str, int | None] = {}
    for rt, value in zip(rts, parts, strict=True):
        if value is not None:
            code = {
                "city": rt.kelurahan_code[:5] if CITIES else CITY_CODE,
                "kecamatan": rt.kelurahan_code[:8],
                "kelurahan": rt.kelurahan_code,
            }[by]
            sums[code] = (sums.get(code) or 0) + value
    if by == "city" and not CITIES:
        sums[CITY_CODE] = eligible.city if eligible else None
    return load_areas().of_level(by, own), sums


def _shown(eligible: Eligible | None, as_of: date) -> DenominatorShown:
    if eligible is None:
        return DenominatorShown(None, t("Penyebut tidak diketahui"), None, "", None)
    entry = eligible.entry
    day = entry.date or as_of
    return DenominatorShown(
        entry.id, eligible.label(), eligible.city, entry.source(), day.isoformat()
    )


__all__ = ["UNLOCATED", "city_figure", "coverage", "eligible_of", "has_all_estimates", "meta_of",
           "register_of_rts"]  # fmt: skip
