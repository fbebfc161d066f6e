"""The ladder from proposal to payment of one cohort, from one release."""

from __future__ import annotations

from datetime import date

from jambi_dash.domain.attention_rules import load_attention
from jambi_dash.domain.ladder import Entry, Ladder, Move
from jambi_dash.domain.programme import load_programme
from jambi_dash.queries.coverage import meta_of
from jambi_dash.queries.door import Door


def ladder(door: Door, *, cohort: str | None = None, area: str = "") -> Ladder:
    """The ladder of a cohort (default: the default one) in the city, a kecamatan or kelurahan.

    Its sums are checked. A release of the older form knows the stages but no dates.
    """
    door.sight.require_internal()
    programme = load_programme()
    cohort = cohort or programme.default_cohort
    meta = meta_of(door)
    asked = {"cohort": cohort, "area": area}
    older = door.is_older
    found = Ladder(
        cohort=cohort,
        roster_day=date.fromisoformat(meta.get("roster_as_of") or meta["as_of"]),
        stages=(*programme.waiting_stages, programme.default_stage),
        people=tuple(
            (stage, code, programme.occupation(text) if text else None, people)
            for stage, code, text, people in door.rows("ladder_people", **asked)
        ),
        entries=() if older else tuple(
            Entry(*row) for row in door.rows("ladder_entries", **asked)
        ),
        moves=() if older else tuple(Move(*row) for row in door.rows("ladder_moves", **asked)),
        limit=int(load_attention().get("usulan_tertahan").limit("days")),
    )  # fmt: skip
    found.check()
    return found
