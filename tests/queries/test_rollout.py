"""The tracker against the demo city, the sample files and small logs with known answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rollout_plan import load_rollout_plan
from jambi_dash.domain.waves import WaveWeights
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries import rollout as queries
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door, parameters_of
from jambi_dash.queries.expansion import baseline
from jambi_dash.queries.rollout_news import rollout_news
from jambi_dash.queries.summary import headline
from jambi_dash.releases.store import Store

AS_OF = date(2025, 12, 31)
REGISTER = "kelurahan,rt,jumlah kk,perkiraan pekerja rentan,percontohan\n"
LOG = (
    "kelurahan,rt,tahap,tanggal,nilai kegiatan,jumlah pekerja,tanggal spk,jakon terdaftar,"
    "jakon dibayar\n"
)


@pytest.fixture
def demo(demo_home: Path) -> Door:
    store = Store(demo_home)
    return Door(store.path_of(store.require_current().release))


@pytest.fixture
def city(tmp_path: Path) -> Callable[..., Door]:
    """Publishes a register and a log given as lines, and opens the release."""

    def make(register: str, log: str = "", *, as_of: date = AS_OF) -> Door:
        files = []
        for name, text in (("rt.csv", REGISTER + register), ("log.csv", LOG + log)):
            if text not in (REGISTER, LOG):
                files.append(tmp_path / name)
                files[-1].write_text(text, encoding="utf-8")
        store = Store(tmp_path / "store")
        with check_files(store, files, as_of=as_of) as prepared:
            record = publish(prepared)
        return Door(store.path_of(record.release))

    return make


@pytest.fixture(scope="session")
def sample(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Door, dict[str, Any]]:
    folder = shared / "samples" / "a"
    store = Store(tmp_path_factory.mktemp("sample"))
    files = sorted(p for p in folder.iterdir() if p.suffix in (".csv", ".xlsx"))
    with check_files(store, files, as_of=AS_OF) as prepared:
        record = publish(prepared)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return Door(store.path_of(record.release)), truth


def test_questions_bind_what_the_functions_give() -> None:
    assert parameters_of("rollout_jobs") == {"day", "stages", "apart", "from_stage"}
    assert parameters_of("rt_cover_changes") == {"cohort"}
    assert not parameters_of("rollout_events")


def test_the_samples_agree_with_their_truth(sample: tuple[Door, dict[str, Any]]) -> None:
    door, truth = sample
    answer = queries.rollout(door, at=AS_OF, by="kelurahan")
    said = answer.to_json()
    assert (said["rt_total"], said["excluded"], said["joined"]) == (truth["rt_total"], 0, 67)
    assert {stage: n for stage, n in said["stages"].items() if n} == truth["stages"]
    assert {str(month): n for month, n in answer.joined_by_month.items()} == truth[
        "joined_by_month"
    ]
    assert {name: said["jakon"][name] for name in truth["jakon"]} == truth["jakon"]
    assert said["pace"]["last_3_months"] == 11 + 18 + 8
    assert said["pace"]["required_per_month"] == 1583 / 12
    assert said["forecast"]["state"] == "late"


def test_earlier_days_give_the_earlier_state(sample: tuple[Door, dict[str, Any]]) -> None:
    door, truth = sample
    joined = 0
    for month, n in truth["joined_by_month"].items():
        joined += n
        found = queries.rollout(door, at=Month(*map(int, month.split("-"))).last_day())
        assert found.joined == joined
        assert sum(found.stages.values()) == truth["rt_total"]
    assert queries.rollout(door, at=date(2025, 7, 31)).stages["belum"] == truth["rt_total"]


def test_all_views_agree_in_the_demo_city(demo: Door) -> None:
    at = queries.as_of_date(demo)
    tables = [queries.rollout(demo, by=by) for by in queries.LEVELS]
    for table in tables:
        assert sum(row.joined for row in table.rows) == table.joined == 67
        assert sum(row.rt_total for row in table.rows) == table.rt_total == 1650
        assert table.forecast == tables[0].forecast
    assert [len(table.rows) for table in tables] == [1, 11, 68]
    curve = queries.curve(demo, at=at)
    assert curve.actual[-1] == (Month.of(at), 67)
    assert curve.plan[-1] == (Month(2026, 12), 1650)
    assert curve.scope[-1][1] == 1650
    assert curve.band[0].month == Month.of(at).plus(1)
    points = queries.stage_map(demo, at=at, by="rt")
    assert len(points) == 1650
    counted = {stage: sum(p.stage == stage for p in points) for stage in tables[0].stages}
    assert counted == tables[0].stages
    for row in queries.stage_map(demo, at=at, by="kecamatan"):
        assert row.row is not None
        assert sum(row.row.stages.values()) == row.row.rt_total
    on_their_way = counted["sosialisasi"] + 67 - counted["selesai"]
    assert len(queries.stalled(demo, at=at)) == on_their_way
    spread = queries.spread_of(demo, at=at)
    assert len(spread.kelurahan_without) == sum(row.joined == 0 for row in tables[2].rows)
    found = headline(demo)
    assert (found.rt_joined, found.rt_total) == (67, 1650)


def test_a_log_with_every_oddity(city: Callable[..., Door]) -> None:
    door = city(
        "Jelutung,001,50,5,ya\nJelutung,002,80,5,tidak\nJelutung,003,120,5,tidak\n"
        "Handil Jaya,001,80,5,tidak\n",
        "Jelutung,001,musyawarah,2025-10-02,,,,,\n"
        "Jelutung,001,penetapan,2025-11-03,Rp 50.000.000,10,2025-11-03,tidak,\n"
        "Jelutung,001,rencana,2025-11-20,Rp 150.000.000,10,2025-11-03,ya,335000\n"
        "Jelutung,002,rencana,2025-11-20,Rp 70.000.000,,,,\n"
        "Jelutung,003,dikecualikan,2025-11-20,,,,,\n"
        "Jelutung,009,musyawarah,2025-11-20,Rp 70.000.000,9,2025-11-20,,\n"
        "Handil Jaya,001,musyawarah,2026-01-02,,,,,\n",
    )
    found = queries.rollout(door, by="kelurahan", deadline=date(2026, 3, 31))
    assert (found.rt_total, found.excluded, found.joined, found.left) == (4, 1, 2, 1)
    assert found.share == 2 / 3
    assert (found.stages["penetapan"], found.stages["rencana"], found.stages["belum"]) == (1, 1, 1)
    assert (found.unknown_rts, found.future_events, found.out_of_order_rts) == (1, 1, 1)
    assert found.required_per_month == 1 / 3
    assert not found.deadline_is_default
    cover = found.construction
    # A value still in the plan (RT 002) is no contract; the last told figures of RT 001 hold.
    assert [(j.facts.value_idr, j.due_idr, j.state) for j in cover.jobs] == [
        (150_000_000, 335_000, "paid")
    ]
    earlier = queries.rollout(door, at=date(2025, 11, 25)).construction
    assert earlier.jobs == cover.jobs
    before = queries.construction(door, at=date(2025, 11, 10))
    assert [(j.due_idr, j.state, j.register_by) for j in before.jobs] == [
        (120_000, "unregistered", date(2025, 11, 21))
    ]


def test_before_any_log(city: Callable[..., Door]) -> None:
    door = city("Jelutung,001,50,5,ya\n")
    found = queries.rollout(door, by="kecamatan")
    assert (found.has_log, found.joined, found.forecast.state) == (False, 0, "no_progress")
    assert found.to_json()["jakon"]["due_rp"] == 0
    assert [row.state for row in found.rows].count("no_target") == 10
    assert queries.curve(door, at=AS_OF).band == ()
    assert queries.stalled(door, at=AS_OF) == ()
    assert queries.before_after(door, at=AS_OF) == ()


def test_all_joined_is_done(city: Callable[..., Door]) -> None:
    door = city("Jelutung,001,50,5,ya\n", "Jelutung,001,selesai,2025-10-02,,,,,\n")
    found = queries.rollout(door)
    assert (found.forecast.state, found.required_per_month, found.share) == ("done", 0.0, 1.0)
    plan = queries.next_waves(door, at=AS_OF, per_month=5, months=2).plan
    assert ([m.new for m in plan.months], plan.left) == ([0, 0], 0)


def test_months_without_a_new_rt(city: Callable[..., Door]) -> None:
    door = city(
        "Jelutung,001,50,5,ya\nJelutung,002,50,5,ya\n", "Jelutung,001,rencana,2025-08-02,,,,,\n"
    )
    found = queries.rollout(door)
    assert found.forecast.to_json() == {
        "state": "no_progress", "p10": None, "p50": None, "p90": None
    }  # fmt: skip
    assert found.pace == 0


def test_an_unknown_level_is_refused(demo: Door) -> None:
    with pytest.raises(Refusal, match="Tingkat desa"):
        queries.rollout(demo, by="desa")


def test_the_planner_starts_from_the_tracker(demo: Door) -> None:
    at = queries.as_of_date(demo)
    need_only = WaveWeights(1, 0, 0, 0)
    found = queries.next_waves(demo, at=at, weights=need_only, per_month=132, months=12)
    assert (found.joined, found.counted, found.plan.left) == (67, 1650, 0)
    assert found.plan.months[-1].joined == 1650
    needs = [pick.rt.need for pick in found.plan.picks]
    assert needs == sorted(needs, reverse=True)
    assert needs[0] > 0
    sizes = load_rollout_plan().size_classes
    due = {s.id: d for s, d in zip(sizes, (120_000, 180_000, 240_000), strict=True)}
    assert {pick.rt.cover_due_idr for pick in found.plan.picks} <= set(due.values())
    assert all(pick.rt.cover_due_idr == due[pick.rt.size.id] for pick in found.plan.picks)
    fair = queries.next_waves(
        demo, at=at, weights=WaveWeights(0, 1, 0, 0), per_month=1500, months=1
    )
    assert {pick.rt.kelurahan_code for pick in fair.plan.picks} == {
        area.code for area in load_areas().kelurahan
    }


def test_coverage_around_joining_agrees_with_the_tracker(demo: Door) -> None:
    at = queries.as_of_date(demo)
    found = queries.before_after(demo, at=at)
    zero = next(month for month in found if month.offset == 0)
    assert zero.joined.rts <= 67
    assert zero.beside.rts <= 1650
    assert all(month.joined.withheld == (month.joined.rate is None) for month in found)
    everyone_withheld = queries.before_after(demo, at=at, k=10**6)
    assert all(m.joined.withheld and m.joined.covered is None for m in everyone_withheld)


def test_a_large_register_is_read_without_its_quiet_rts_and_answers_the_same(
    demo: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A country's RTs have no event, most of them; the small city's answers are the truth."""

    def answers() -> list[Any]:
        days = [date(2025, 6, 30), AS_OF]
        return [
            *(
                queries.rollout(demo, at=day, by=by).to_json()
                for day in days
                for by in queries.LEVELS
            ),
            *(queries.stage_map(demo, at=day, by="kelurahan") for day in days),
            *(queries.spread_of(demo, at=day) for day in days),
            queries.stalled(demo, at=AS_OF),
            queries.curve(demo, at=AS_OF),
            rollout_news(demo),
            headline(demo),
            baseline(demo),
        ]

    assert not queries.area_log(demo).quiet
    whole = answers()
    monkeypatch.setattr(queries, "_MOST_KEPT", 0)
    log = queries.area_log(demo)
    assert sum(log.quiet.values())
    assert log.courses
    assert log.rt_total == 1650
    assert not [course for course in log.courses if course.last_event is None]
    assert answers() == whole


def test_rooms_of_joined_rts_are_those_of_the_coverage_table(demo: Door) -> None:
    rooms = {
        row.code: max(0, (row.eligible or 0) - (row.covered or 0))
        for row in coverage(demo, by="rt").rows
    }
    joined = {rt.course.code for rt in queries.rollout_log(demo).at(AS_OF).rts if rt.joined}
    pilots = {code: room for area in baseline(demo).areas for code, room in area.pilots}
    assert pilots == {code: rooms[code] for code in joined}
