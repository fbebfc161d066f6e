"""Coverage around joining: lined up by the month of joining, beside RTs of the same months."""

from __future__ import annotations

from jambi_dash.domain.joining import GroupRate, JoinedTogether, around_joining
from jambi_dash.domain.months import Month

JUNE, JULY, AUGUST = Month(2025, 6), Month(2025, 7), Month(2025, 8)

Groups = dict[Month | None, JoinedTogether]


def rts(
    joined: Month | None, eligible: int, *covered: tuple[Month, int], count: int = 1
) -> Groups:  # fmt: skip
    """RTs that joined in a month, with their covered workers from some months on."""
    before = [0, *(n for _, n in covered)]
    changes = {month: n - before[i] for i, (month, n) in enumerate(covered)}
    return {joined: JoinedTogether(count, eligible, changes)}


def test_months_are_counted_from_each_rts_own_joining() -> None:
    groups = (
        rts(JUNE, 100, (JUNE, 10), (JULY, 20))
        | rts(JULY, 100, (JUNE, 30), (JULY, 50))
        | rts(None, 100, (JUNE, 7), (JULY, 40))
    )
    found = {m.offset: m for m in around_joining(groups, last=JULY, k=5, around=1)}
    assert found[0].joined == GroupRate(2, 60, 200, 0.3, withheld=False)
    # In June, RTs that join in July stand beside; in July only the one that never joined.
    assert found[0].beside.rate == ((30 + 7) / 200 + 40 / 100) / 2
    # One month later is August for those of July, which is not known yet.
    assert (found[1].joined.rts, found[1].joined.rate) == (1, 0.2)
    assert found[-1].joined.covered == 30


def test_an_rt_never_stands_beside_itself() -> None:
    groups = rts(JULY, 50, (JUNE, 20)) | rts(None, 50, (JUNE, 10))
    before = around_joining(groups, last=JULY, k=5, around=1)[0]
    assert (before.offset, before.joined.rate, before.beside.rate) == (-1, 0.4, 0.2)


def test_small_groups_are_withheld() -> None:
    groups = rts(JULY, 50, (JULY, 4)) | rts(None, 50, (JUNE, 47))
    (month,) = around_joining(groups, last=JULY, k=5, around=0)
    assert month.joined == GroupRate(1, None, None, None, withheld=True)
    assert month.beside.withheld
    (shown,) = around_joining(groups, last=JULY, k=3, around=0)
    assert (shown.joined.rate, shown.beside.rate) == (0.08, 0.94)


def test_nobody_beside_is_no_rate() -> None:
    (month,) = around_joining(rts(JULY, 50, (JULY, 10)), last=AUGUST, k=5, around=0)
    assert (month.beside.rts, month.beside.rate, month.beside.withheld) == (0, None, False)


def test_nothing_joined_is_nothing_to_show() -> None:
    assert around_joining(rts(None, 50), last=JULY, k=5) == ()
    assert around_joining(rts(AUGUST, 50), last=JULY, k=5) == ()
    assert around_joining(rts(JULY, 0, count=0), last=JULY, k=5) == ()
