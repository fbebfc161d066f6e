"""All that a release knows of each kelurahan, side by side: a page of the atlas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import CoverageRow, CoverageTable
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.queries.claims import claims
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.queries.rollout import stage_map


@dataclass(frozen=True)
class Finding:
    """Rows of an imported table that one rule rejected (`reject`) or warned of (`warn`)."""

    table: str
    rule: str
    outcome: str
    row_count: int


@dataclass(frozen=True)
class Internal:
    """What only the offices may see of a kelurahan: small counts of people, and its RTs.

    Attributes:
        rts: Coverage of its RTs, by code.
        stages: People by stage, the stages in their order, also with 0.
        paid: Benefits paid up to the date of the data by programme: how many, whole rupiah.
        findings: What there is to mend in its lists, most rows first.
    """

    rts: tuple[CoverageRow, ...]
    stages: dict[str, int]
    paid: dict[str, tuple[int, int]]
    findings: tuple[Finding, ...]

    @property
    def waiting(self) -> int:
        """People on the way to a place."""
        return sum(self.stages[stage] for stage in load_programme().waiting_stages)

    @property
    def rts_without(self) -> int:
        """RTs with eligible people of whom nobody is covered."""
        return sum(bool(rt.eligible) and not rt.covered for rt in self.rts)


@dataclass(frozen=True)
class KelurahanProfile:
    """One kelurahan.

    `rank`: how many kelurahan have a higher rate, and one; of those whose rate is shown. `None`
    where it has no rate. `rt_counted` are its RTs without those excluded from Kampung Bahagia.
    """

    row: CoverageRow
    kecamatan: CoverageRow
    rank: int | None
    rt_joined: int
    rt_counted: int
    internal: Internal | None


@dataclass(frozen=True)
class Profiles:
    """All kelurahan in the order of their codes, the table that they are from, and what is ranked.

    `unplaced_findings` are rows to mend that belong to no kelurahan.
    """

    table: CoverageTable
    rows: tuple[KelurahanProfile, ...]
    ranked: int
    day: date
    unplaced_findings: int

    @property
    def by_code(self) -> dict[str, KelurahanProfile]:
        """Profiles by code."""
        return {profile.row.code: profile for profile in self.rows}


def profiles(door: Door, *, public: bool = False) -> Profiles:
    """The profiles of all kelurahan at the date of the data, default cohort.

    In public there are the counts of the coverage table and of RTs that joined, nothing else.
    """
    table = coverage(door, by="kelurahan", public=public)
    above = {row.code: row for row in coverage(door, by="kecamatan", public=public).rows}
    joined = {row.code: row.row for row in stage_map(door, at=table.as_of, by="kelurahan")}
    rates = [row.rate for row in table.rows if row.rate is not None]
    inside, unplaced = ({}, 0) if public else _internal(door, table)
    found = []
    for row in sorted(table.rows, key=lambda row: row.code):
        standing = joined.get(row.code)
        found.append(
            KelurahanProfile(
                row=row,
                kecamatan=above[load_areas().by_code[row.code].kecamatan_code],
                rank=None if row.rate is None else 1 + sum(rate > row.rate for rate in rates),
                rt_joined=standing.joined if standing else 0,
                rt_counted=standing.rt_total - standing.excluded if standing else 0,
                internal=inside.get(row.code),
            )
        )
    return Profiles(table, tuple(found), len(rates), table.as_of, unplaced)


def _internal(door: Door, table: CoverageTable) -> tuple[dict[str, Internal], int]:
    order = load_programme().worker_stages.ids
    stages: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(order, 0))
    for code, stage, people in door.rows("worker_stages", cohort=table.cohort):
        stages[code][stage] = people
    rts: dict[str, list[CoverageRow]] = defaultdict(list)
    for rt in coverage(door, by="rt", cohort=table.cohort).rows:
        rts[rt.code.partition("-")[0]].append(rt)
    paid: dict[str | None, dict[str, tuple[int, int]]] = defaultdict(dict)
    for claim in claims(door, by="kelurahan", at=Month.of(table.as_of)).rows:
        paid[claim.code][claim.program] = (claim.count, claim.value_idr)
    findings: dict[str | None, list[Finding]] = defaultdict(list)
    for name, rule, outcome, code, count in door.rows("findings"):
        findings[code].append(Finding(name, rule, outcome, count))
    profiles = {
        row.code: Internal(
            rts=tuple(sorted(rts[row.code], key=lambda rt: rt.code)),
            stages=stages[row.code],
            paid=paid[row.code],
            findings=tuple(
                sorted(findings[row.code], key=lambda f: (-f.row_count, f.table, f.rule))
            ),
        )
        for row in table.rows
    }
    return profiles, sum(finding.row_count for finding in findings[None])
