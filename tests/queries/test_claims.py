"""Benefits paid of the sample files and of the demo city, at every level, month and cohort."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jambi_dash import cli
from jambi_dash.domain.months import Month
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries import claims as queries
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store

SPAN = {"first": Month(2025, 1), "at": Month(2025, 12)}


@pytest.fixture
def demo(demo_home: Path) -> Iterator[Door]:
    store = Store(demo_home)
    with Door(store.path_of(store.require_current().release)) as door:
        yield door


def test_samples_give_what_is_known_of_them(shared: Path, tmp_path: Path) -> None:
    folder = shared / "samples" / "a"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    store = Store(tmp_path)
    files = sorted(p for p in folder.iterdir() if p.suffix != ".json")
    with check_files(store, files, as_of=Month(2025, 12).last_day()) as prepared:
        publish(prepared)
    with Door(store.path_of(store.require_current().release)) as door:
        for by in queries.LEVELS:
            table = queries.claims(door, by=by)
            assert (table.count, table.value_idr) == (
                truth["claims"]["count"],
                truth["claims"]["value_rp"],
            )
            assert sum(r.count for r in table.rows if r.program == "JKM") == truth["claims"]["jkm"]


def test_the_command_answers_as_agreed(demo_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--home", str(demo_home), "claims", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"release", "rows", "totals"}
    assert [row["program"] for row in answer["rows"]] == ["JKK", "JKM"]
    assert all(set(row) == {"program", "count", "value_rp"} for row in answer["rows"])
    assert answer["totals"]["count"] == 21
    assert cli.main(["--home", str(demo_home), "claims", "--by", "kecamatan", "--json"]) == 0
    by_area = json.loads(capsys.readouterr().out)
    assert by_area["totals"] == answer["totals"]
    assert sum(row["value_rp"] for row in by_area["rows"]) == answer["totals"]["value_rp"]
    assert {row["code"] for row in by_area["rows"]} >= {"15.71.01", "15.71.11"}


def test_months_areas_and_cohorts_add_up_to_the_same(demo: Door) -> None:
    whole = queries.claims(demo, **SPAN)
    months = queries.by_month(demo, **SPAN)
    assert len(months) == 24
    cohorts = queries.by_cohort(demo, **SPAN)
    assert sum(m.count for m in months) == whole.count == sum(n for n, _ in cohorts.values())
    assert sum(m.value_idr for m in months) == sum(v for _, v in cohorts.values())
    kecamatan = queries.claims(demo, by="kecamatan", **SPAN)
    for code in {row.code for row in kecamatan.rows if row.code}:
        own = queries.claims(demo, by="kelurahan", area=code, **SPAN)
        assert own.count == sum(r.count for r in kecamatan.rows if r.code == code)
        assert own.count == sum(m.count for m in queries.by_month(demo, area=code, **SPAN))


def test_an_earlier_month_knows_nothing_of_later_ones(demo: Door) -> None:
    parts = [queries.claims(demo, first=Month(2025, n), at=Month(2025, n)) for n in range(1, 13)]
    assert sum(part.count for part in parts) == queries.claims(demo, **SPAN).count
    sums = [queries.claims(demo, at=Month(2025, n)).count for n in range(1, 13)]
    assert sums == sorted(sums)


def test_waits_count_only_what_has_both_dates(demo: Door) -> None:
    for wait, days in queries.waits(demo, **SPAN):
        assert wait.known == len(days) <= wait.paid
        assert wait.known + wait.unsound <= wait.paid
        assert wait.median_days is not None
        assert min(days) <= wait.median_days <= max(days) == wait.longest_days


def test_exposure_is_that_of_the_cover(demo: Door) -> None:
    for cohort in ("pekerja_rentan", "ketua_rt"):
        paid = demo.rows(
            "fund_months", cohort=cohort, first=SPAN["first"].first_day(),
            last=SPAN["at"].first_day(),
        )  # fmt: skip
        months = queries.exposure_by_month(demo, cohort=cohort, **SPAN)
        assert queries.total(months).months == sum(people for _, _, people in paid)
    everybody = queries.exposure_by_month(demo, **SPAN)
    assert everybody[-1][1].months == 5956  # each person once, as on the first screen
    for _, exposure in everybody:
        assert 0 <= exposure.early_months <= exposure.months
