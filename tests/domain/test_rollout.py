"""Stages of RTs on any day, from logs as they come: out of order, of nowhere, from the future."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.rollout import (
    RolloutLog,
    StageEvent,
    area_state,
    build_log,
    make_row,
    required_pace,
    spread,
    stage_ages,
)
from jambi_dash.domain.rollout_plan import (
    end_after,
    last_whole_month,
    load_rollout_plan,
    whole_months,
)

KELURAHAN = "15.71.08.1004"
STAGES = load_programme().rt_stages
AS_OF = date(2025, 12, 31)
DAYS = st.dates(date(2025, 1, 1), date(2026, 2, 28))
EVENTS = st.lists(
    st.builds(
        StageEvent,
        st.just(KELURAHAN),
        st.sampled_from(["001", "002", "003", "999"]),
        st.sampled_from(STAGES.ids),
        DAYS,
    ),
    max_size=25,
)


def log_of(*events: tuple[str, str, date], rts: int = 3, as_of: date = AS_OF) -> RolloutLog:
    register = [(KELURAHAN, f"{n:03d}", n == 1) for n in range(1, rts + 1)]
    told = [StageEvent(KELURAHAN, rt, stage, day) for rt, stage, day in events]
    return build_log(register, told, STAGES, as_of=as_of)


def test_an_rt_stands_where_its_log_says_on_each_day() -> None:
    log = log_of(
        ("001", "sosialisasi", date(2025, 9, 1)),
        ("001", "musyawarah", date(2025, 9, 10)),
        ("001", "selesai", date(2025, 11, 3)),
    )
    said = {
        day: (standings.rts[0].stage, standings.rts[0].since, standings.joined)
        for day in (date(2025, 8, 31), date(2025, 9, 1), date(2025, 9, 10), date(2025, 12, 31))
        for standings in [log.at(day)]
    }
    assert list(said.values()) == [
        ("belum", None, 0),
        ("sosialisasi", date(2025, 9, 1), 0),
        ("musyawarah", date(2025, 9, 10), 1),
        ("selesai", date(2025, 11, 3), 1),
    ]


def test_a_later_event_never_loses_an_earlier_date() -> None:
    log = log_of(
        ("001", "pelaksanaan", date(2025, 9, 10)),
        ("001", "musyawarah", date(2025, 10, 1)),
        ("001", "belum", date(2025, 10, 2)),
    )
    rt = log.at(AS_OF).rts[0]
    assert (rt.stage, rt.since, rt.joined) == ("pelaksanaan", date(2025, 9, 10), True)
    assert rt.course.joined_on == date(2025, 9, 10)
    assert log.out_of_order_rts == 1


def test_strange_events_are_counted_apart_and_change_nothing() -> None:
    log = log_of(
        ("001", "musyawarah", date(2026, 1, 1)),
        ("077", "musyawarah", date(2025, 9, 1)),
        ("077", "rencana", date(2025, 9, 5)),
        ("078", "musyawarah", date(2025, 9, 1)),
    )
    assert (log.future_events, log.unknown_rts, log.unknown_events) == (1, 2, 3)
    assert log.is_empty
    assert log.at(date(2026, 6, 30)).joined == 0
    assert len(log.at(AS_OF).rts) == 3


def test_excluded_is_in_no_denominator_until_it_is_taken_back() -> None:
    log = log_of(
        ("001", "musyawarah", date(2025, 9, 1)),
        ("001", "dikecualikan", date(2025, 10, 1)),
        ("001", "rencana", date(2025, 12, 1)),
        ("002", "dikecualikan", date(2025, 10, 1)),
    )
    september, october, december = (log.at(date(2025, m, 15)) for m in (9, 10, 12))
    assert (september.joined, september.excluded, september.left) == (1, 0, 2)
    assert (october.joined, october.excluded, october.left) == (0, 2, 1)
    assert (december.joined, december.excluded, december.left) == (1, 1, 1)
    assert december.rts[0].course.joined_on == date(2025, 9, 1)
    assert make_row("x", "X", october.rts, STAGES.ids, 4).share == 0.0
    assert log.out_of_order_rts == 0


def test_no_target_is_not_done() -> None:
    log = log_of(("001", "dikecualikan", date(2025, 10, 1)), rts=1)
    row = make_row("x", "X", log.at(AS_OF).rts, STAGES.ids, 12)
    assert (row.share, row.state, row.required_per_month) == (None, "no_target", 0.0)
    empty = make_row("y", "Y", [], STAGES.ids, 12)
    assert (empty.share, empty.state, empty.rt_total) == (None, "no_target", 0)
    assert [area_state(3, n) for n in range(4)] == ["none", "under_way", "under_way", "all"]


@given(EVENTS, DAYS)
def test_stages_add_up_and_joined_is_what_stands_beyond_musyawarah(
    events: list[StageEvent], day: date
) -> None:
    register = [(KELURAHAN, rt, False) for rt in ("001", "002", "003")]
    standings = build_log(register, events, STAGES, as_of=AS_OF).at(day)
    stages = standings.stages()
    assert sum(stages.values()) == 3
    assert stages["dikecualikan"] == standings.excluded
    assert sum(stages[s] for s in load_programme().joined_stages) == standings.joined
    assert sum(standings.joined_by_month().values()) == standings.joined
    assert standings.left == stages["belum"] + stages["sosialisasi"]


@given(EVENTS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_nor_what_comes_later(
    events: list[StageEvent], day: date, random: object
) -> None:
    register = [(KELURAHAN, rt, False) for rt in ("001", "002", "003")]
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    log = build_log(register, events, STAGES, as_of=AS_OF)
    assert build_log(register, shuffled, STAGES, as_of=AS_OF) == log
    early = build_log(register, [e for e in events if e.day <= day], STAGES, as_of=AS_OF)
    assert [(rt.stage, rt.since, rt.joined) for rt in early.at(day).rts] == [
        (rt.stage, rt.since, rt.joined) for rt in log.at(day).rts
    ]


def _joining(*days: date) -> RolloutLog:
    events = [(f"{n:03d}", "musyawarah", day) for n, day in enumerate(days, 1)]
    return log_of(*events, rts=20)


def test_pace_is_of_whole_months() -> None:
    log = _joining(date(2025, 8, 20), date(2025, 8, 31), date(2025, 10, 5), date(2025, 12, 5))
    assert log.at(date(2025, 8, 25)).monthly_pace() == [1]
    assert log.at(date(2025, 8, 31)).monthly_pace() == [2]
    assert log.at(date(2025, 12, 15)).monthly_pace() == [2, 0, 1, 0]
    assert log.at(date(2025, 12, 31)).monthly_pace() == [2, 0, 1, 0, 1]
    assert log.at(date(2025, 12, 31)).recent() == 2


def test_three_months_without_a_new_rt_are_no_progress() -> None:
    log = _joining(date(2025, 8, 20))
    assert log.at(date(2025, 10, 31)).has_progress()
    assert log.at(date(2025, 11, 29)).has_progress()
    assert not log.at(date(2025, 11, 30)).has_progress()
    assert not log.at(date(2025, 7, 1)).has_progress()
    again = _joining(date(2025, 3, 20), date(2025, 12, 5))
    assert not again.at(date(2025, 12, 4)).has_progress()
    assert again.at(date(2025, 12, 6)).has_progress()


def test_stage_ages_put_the_stalled_first_and_leave_out_what_is_not_under_way() -> None:
    log = log_of(
        ("001", "selesai", date(2025, 1, 1)),
        ("002", "penetapan", date(2025, 11, 1)),
        ("003", "sosialisasi", date(2025, 11, 2)),
        ("004", "penetapan", date(2025, 12, 1)),
        ("005", "dikecualikan", date(2025, 1, 1)),
        rts=6,
    )
    ages = stage_ages(log.at(AS_OF), {"penetapan": 30, "sosialisasi": 60, "musyawarah": 45})
    assert [(age.code[-3:], age.days, age.stalled) for age in ages] == [
        ("002", 60, True),
        ("003", 59, False),
        ("004", 30, False),
    ]


def test_spread_names_best_worst_and_those_without() -> None:
    log = log_of(("001", "musyawarah", AS_OF), ("002", "musyawarah", AS_OF), rts=4)
    standings = log.at(AS_OF)
    rows = [
        make_row("a", "A", standings.rts[:2], STAGES.ids, 1),
        make_row("b", "B", standings.rts[1:3], STAGES.ids, 1),
        make_row("c", "C", [], STAGES.ids, 1),
    ]
    found = spread(rows, standings)
    assert (found.best, found.worst, found.ratio) == (rows[0], rows[1], 0.5)
    assert (found.kelurahan_without, found.pilots_joined, found.joined) == ((), 1, 2)
    none = spread([make_row("d", "D", standings.rts[2:], STAGES.ids, 1)], standings)
    assert (len(none.kelurahan_without), none.ratio) == (1, None)


def test_required_pace() -> None:
    assert required_pace(1583, 12) == 1583 / 12
    assert required_pace(0, 0) == 0
    assert required_pace(5, 0) is None


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2025, 12, 31), date(2026, 12, 31), 12),
        (date(2025, 12, 15), date(2026, 12, 31), 12),
        (date(2025, 12, 31), date(2026, 1, 30), 0),
        (date(2025, 11, 30), date(2025, 12, 30), 0),
        (date(2025, 1, 31), date(2025, 2, 28), 1),
        (date(2025, 1, 30), date(2025, 2, 28), 1),
        (date(2026, 1, 1), date(2025, 1, 1), 0),
    ],
)
def test_whole_months(start: date, end: date, months: int) -> None:
    assert whole_months(start, end) == months


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 40), st.integers(0, 27))
def test_whole_months_end_where_they_are_counted_to(start: date, months: int, more: int) -> None:
    assert whole_months(start, end_after(start, months) + timedelta(days=more)) == months


def test_the_plan_rises_evenly_from_the_pilots_to_all() -> None:
    plan = load_rollout_plan()
    curve = dict(plan.curve(1650, date(2026, 12, 31)))
    assert (curve[Month(2025, 12)], curve[Month(2026, 12)]) == (67, 1650)
    assert curve[Month(2026, 6)] == 67 + 1583 * 6 // 12
    assert dict(plan.curve(40, date(2026, 12, 31)))[Month(2025, 12)] == 40


@given(st.integers(0, 3000), st.dates(date(2024, 1, 1), date(2035, 1, 1)))
def test_the_plan_never_falls_and_ends_with_all(rts: int, deadline: date) -> None:
    curve = load_rollout_plan().curve(rts, deadline)
    values = [n for _, n in curve]
    assert values == sorted(values)
    assert curve[-1] == (last_whole_month(deadline), rts)
    months = [month.index() for month, _ in curve]
    assert months == list(range(months[0], months[-1] + 1))


def test_size_classes_by_households() -> None:
    plan = load_rollout_plan()
    found = [plan.size_class(n).ceiling_idr // 10**6 for n in (0, 59, 60, 99, 100, 900, None)]
    assert found == [50, 50, 75, 75, 100, 100, 75]


def test_milestones_and_waves_have_sources() -> None:
    plan = load_rollout_plan()
    assert date(2025, 9, 24) in {m.day for m in plan.milestones}
    assert all(m.source.shown() for m in plan.milestones)
    assert [(str(w.first), str(w.last)) for w in plan.waves] == [
        ("2026-01", "2026-07"),
        ("2026-08", "2026-12"),
    ]
    assert set(plan.stalled_after_days) <= set(STAGES.ids)
