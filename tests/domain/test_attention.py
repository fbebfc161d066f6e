"""What is pointed at, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jambi_dash.domain.attention import attention
from jambi_dash.domain.coverage import DenominatorShown, make_row
from jambi_dash.domain.headline import ClaimTotal, CohortCover, Headline, changes
from jambi_dash.domain.indicators import AttentionLimits, load_indicators
from jambi_dash.domain.money import contribution, load_money
from jambi_dash.domain.months import Month

LIMITS = AttentionLimits(floor_rate=0.05, stale_days=62)
TODAY = date(2026, 1, 5)


def headline(**changed: object) -> Headline:
    """A release with nothing to look at, and what a test changes."""
    rows = (make_row("15.71.07.1011", "Talang Gulo", 30, 100, register_known=True),)
    calm = Headline(
        release="r", as_of=date(2025, 12, 31), synthetic=False, has_roster=True,
        cohort="pekerja_rentan", persons=30, covered=30, located=30, unlocated=0, eligible=100,
        rate=0.3, denominator=DenominatorShown("rt_perkiraan", "x", 100, "", None),
        cohorts=(CohortCover("pekerja_rentan", 30, 3000, "target_2025"),), curve=(),
        kelurahan=rows, rt_total=8, rt_excluded=0, rt_joined=1, rt_uncovered={},
        contribution=contribution(
            load_money(), "pekerja_rentan", Month(2025, 12), {(Month(2025, 12), None): 30}
        ),
        claims=(ClaimTotal("JKM", 1, 42_000_000),), rejected_rows=0,
    )  # fmt: skip
    return replace(calm, **changed)  # type: ignore[arg-type]


def rules(**changed: object) -> list[str]:
    return [item.rule for item in attention(headline(**changed), LIMITS, TODAY)]


def test_nothing_to_look_at() -> None:
    assert rules() == []


@pytest.mark.parametrize(("covered", "rule"), [(0, "kelurahan_nol"), (4, "di_bawah_batas")])
def test_low_kelurahan_lead_to_their_place_on_the_map(covered: int, rule: str) -> None:
    rows = (make_row("15.71.07.1011", "Talang Gulo", covered, 100, register_known=True),)
    (item,) = attention(headline(kelurahan=rows), LIMITS, TODAY)
    assert (item.rule, item.page, item.filters) == (rule, "peta", {"wilayah": "15.71.07.1011"})
    assert "Talang Gulo" in item.title + item.detail


def test_the_floor_itself_is_not_below_it() -> None:
    rows = (make_row("15.71.07.1011", "Talang Gulo", 5, 100, register_known=True),)
    assert rules(kelurahan=rows) == []


def test_who_lapses_is_told_by_months_and_leads_to_the_section() -> None:
    (item,) = attention(headline(lapsing={1: 4, 2: 0, 3: 1200}), LIMITS, TODAY)
    assert (item.rule, item.level, item.page) == ("hampir_gugur", "warning", "data")
    assert item.title == "1.204 peserta hampir gugur"
    assert "4 dalam 1 bulan, 1.200 dalam 3 bulan" in item.detail
    assert item.filters == {"bagian": "BPJS & ganda"}
    assert rules(lapsing={1: 0, 2: 0, 3: 0}) == []
    soon = replace(LIMITS, lapse_months=1)
    assert attention(headline(lapsing={1: 0, 3: 9}), soon, TODAY) == []


def test_proposals_that_stall_are_told_by_stage() -> None:
    (item,) = attention(
        headline(stalled={"diusulkan": 7, "verifikasi_kecamatan": 2}), LIMITS, TODAY
    )
    assert (item.rule, item.level, item.filters) == (
        "usulan_tertahan", "notice", {"bagian": "Verifikasi"},
    )  # fmt: skip
    assert item.title == "9 usulan tertahan"
    assert "60 hari" in item.detail
    assert "diusulkan RT 7" in item.detail


def test_a_kelurahan_without_eligible_people_is_no_hole() -> None:
    rows = (make_row("15.71.07.1011", "Talang Gulo", 0, 0, register_known=True),)
    assert rules(kelurahan=rows) == []


def test_old_data_comes_first_but_invented_data_does_not_age() -> None:
    old = date(2025, 11, 3)
    assert rules(as_of=old, rejected_rows=1) == ["data_lama", "baris_ditolak"]
    assert rules(as_of=old, rejected_rows=1, synthetic=True) == ["baris_ditolak"]
    assert rules(as_of=date(2025, 11, 4)) == []  # 62 days: not yet


def test_money_above_the_budget_is_urgent() -> None:
    year = {(Month(2025, m), None): 3_000 for m in range(1, 13)}
    spent = contribution(load_money(), "pekerja_rentan", Month(2025, 12), year)
    assert rules(contribution=spent, unlocated=2) == ["pagu_terlampaui", "tanpa_lokasi"]


def test_money_that_will_not_last_names_the_month() -> None:
    spent = contribution(
        load_money(), "pekerja_rentan", Month(2025, 6), {(Month(2025, 6), None): 6_500}
    )
    (item,) = attention(headline(contribution=spent), LIMITS, TODAY)
    assert item.rule == "pagu_habis"
    assert "November 2025" in item.detail


def test_rts_without_anybody_lead_to_the_worst_kelurahan() -> None:
    (item,) = attention(
        headline(rt_uncovered={"15.71.07.1011": 3, "15.71.01.1001": 9}), LIMITS, TODAY
    )
    assert item.title.startswith("12 RT")
    assert item.filters == {"wilayah": "15.71.01.1001"}


def test_changes_are_differences_of_the_headline_figures() -> None:
    before, now = headline(), headline(persons=36, rate=0.36, rt_joined=4, eligible=None)
    found = {c.indicator: c.difference for c in changes(before, now)}
    assert found["orang_terlindungi"] == 6
    assert found["cakupan"] == pytest.approx(0.06)
    assert found["rt_bergabung"] == 3
    assert found["santunan"] == 0
    unknown = {c.indicator: c.difference for c in changes(before, headline(rate=None))}
    assert unknown["cakupan"] is None


def test_every_figure_of_the_page_has_a_definition() -> None:
    known = {i.id for i in load_indicators().indicators}
    assert {c.indicator for c in changes(headline(), headline())} <= known
