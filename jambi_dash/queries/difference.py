"""Why the number of covered people changed between two releases (`domain.difference`)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.difference import ENDED_STAGE, Difference, DifferenceRow, Flow, Side
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries.coverage import meta_of
from jambi_dash.queries.door import Door, DoorPair

_COVERED_STAGE = "aktif"
_SHARE_ROWS = 400_000  # joined at a time: within 1 GB even where nobody is in both releases
_MOST_TALLIES = 2_000_000  # beyond it hardly anybody is in both releases: pairs mean nothing

Counts = dict[str | None, int]
Flows = dict[str | None, Flow]


def difference(
    a: Path,
    b: Path,
    *,
    cohort: str | None = None,
    at: Month | None = None,
    areas: frozenset[str] | None = None,
) -> Difference:
    """The change of covered people from release `a` to release `b`, by kelurahan, in its parts.

    Each release is looked at in the month of its own `as_of`, or both in `at`. Whichever is later
    by month (then by publication) is read as the newer word on the other, so that the answer from
    b to a is the mirror of that from a to b. Sums are checked against both coverage tables.
    `areas`: only these kelurahan (codes) are told of, without the city; `None`: all.

    Raises:
        Refusal: an unknown cohort, or a release that cannot be read.
    """
    programme = load_programme()
    cohort = cohort or programme.default_cohort
    if cohort not in programme.cohorts.by_id:
        raise Refusal(
            t("Kelompok {cohort} tidak ada; pilih: {known}.",
              cohort=cohort, known=", ".join(programme.cohorts.ids))
        )  # fmt: skip
    side_a, covered_a = _look(a, cohort, at)
    side_b, covered_b = _look(b, cohort, at)
    paired = True
    if side_a.release == side_b.release:
        flows: Flows = {code: Flow(stayed=people) for code, people in covered_a.items()}
    elif (side_a.at, side_a.release) <= (side_b.at, side_b.release):
        flows, paired = _flows(a, b, cohort, side_a.at, side_b.at)
    else:
        mirrored, paired = _flows(b, a, cohort, side_b.at, side_a.at)
        flows = {code: flow.reversed() for code, flow in mirrored.items()}
    answer = Difference(
        a=side_a,
        b=side_b,
        cohort=cohort,
        rows=tuple(
            DifferenceRow(area.code, area.name, flows.get(area.code, Flow()))
            for area in load_areas().kelurahan
        ),
        unlocated=flows.get(None, Flow()),
        paired=paired,
    )
    answer.check(covered_a, covered_b)
    return answer if areas is None else answer.inside(areas)


def _look(path: Path, cohort: str, at: Month | None) -> tuple[Side, Counts]:
    """What a release says of itself, and its covered people by kelurahan."""
    with Door(path) as door:
        meta = meta_of(door)
        as_of = date.fromisoformat(meta["as_of"])
        at = at or Month.of(as_of)
        side = Side(meta["release"], as_of, at, meta.get("synthetic") == "ya")
        covered = door.rows(
            "coverage", by="kelurahan", cohort=cohort, month=at.first_day(), city="", several=False
        )
        return side, dict(covered)


def _flows(
    earlier: Path, later: Path, cohort: str, before: Month, after: Month
) -> tuple[Flows, bool]:
    """Who came and went, by kelurahan, and whether mended identities were looked for."""
    for pairing in (True, False):
        with DoorPair(earlier, later) as doors:
            if _tally(doors, cohort, before, after, pairing=pairing):
                return _by_place(doors), pairing
    raise AssertionError("a tally without likenesses is small")


def _tally(doors: DoorPair, cohort: str, before: Month, after: Month, *, pairing: bool) -> bool:
    """Counts everybody, share by share; `False` where the tally grows too large to pair."""
    doors.rows("difference_tally")
    shares = doors.rows("difference_size")[0][1] // _SHARE_ROWS + 1
    for share in range(shares):
        doors.rows(
            "difference_count", cohort=cohort, covered=_COVERED_STAGE, ended=ENDED_STAGE,
            month_before=before.first_day(), month_after=after.first_day(), pairing=pairing,
            share=share, shares=shares,
        )  # fmt: skip
        if pairing and doors.rows("difference_size")[0][0] > _MOST_TALLIES:
            return False
    return True


def _by_place(doors: DoorPair) -> Flows:
    found: dict[str | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for code, part, left, came, backdated in doors.rows("difference_parts"):
        counts = found[code]
        if part == "stayed":
            counts["stayed"] += came
        elif part == "paired":
            counts["corrected_pairs"] += came
        elif part in ("new", "ended"):
            counts[part] += came + left
            counts["backdated"] += backdated
        else:
            counts[f"{part}_in"] += came
            counts[f"{part}_out"] += left
    return {code: Flow(**counts) for code, counts in found.items()}
