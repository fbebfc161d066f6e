"""Money to the rupiah, funds in order, consequences, and the way back from a goal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jambi_dash.domain import simulation
from jambi_dash.domain.claims import Exposure, load_claim_facts
from jambi_dash.domain.consequences import expected_claims, fairness, scholarship_outlook
from jambi_dash.domain.expansion import Area
from jambi_dash.domain.funds import UNFUNDED, Fund, load_expansion_facts, prices
from jambi_dash.domain.goal_seek import (
    full_years,
    money_for_coverage,
    money_for_floor,
    people_for_money,
)
from jambi_dash.domain.money import load_money
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import KEYS, Scenario, Tranche, read_scenario
from jambi_dash.domain.simulation import AreaResult, Baseline, Simulation, added_up, simulate

FACTS = load_expansion_facts()


def city(*people: tuple[int, int], unlocated: int = 0) -> Baseline:
    """Areas of (eligible, covered)."""
    areas = tuple(
        Area(f"15.71.01.{n:04d}", f"Wilayah {n}", "15.71.01", eligible, covered)
        for n, (eligible, covered) in enumerate(people)
    )
    return Baseline(
        "r", date(2025, 12, 31), False, "kelurahan", areas,
        sum(a.covered for a in areas) + unlocated, unlocated, sum(a.eligible or 0 for a in areas),
    )  # fmt: skip


CITY = city((10_000, 2_000), (5_000, 1_000))


def adds_up(found: Simulation) -> None:
    assert found.placed + found.unplaced == found.slots
    assert sum(a.add for a in found.areas) == found.placed
    assert sum(m.contribution_idr for m in found.months) == found.cost_idr
    assert sum(found.by_fund.values()) == found.cost_idr
    assert sum(m.active for m in found.months) == found.person_months


def test_facts_of_the_programme() -> None:
    whole = simulate(CITY, Scenario())
    assert (whole.placed, whole.cost_idr, whole.person_months) == (1_000, 806_400_000, 48_000)
    july = simulate(CITY, Scenario(start_month=7))
    assert (july.cost_idr, july.person_months) == (705_600_000, 42_000)
    assert [m.active for m in july.months] == [3_000] * 6 + [4_000] * 6
    assert whole.ucj == pytest.approx(0.0044, abs=0.00005)
    assert full_years(604_000_000, 16_800) == 2_996


def test_people_without_location_are_counted_and_paid() -> None:
    found = simulate(city((10_000, 2_900), unlocated=100), Scenario())
    assert (found.slots, found.cost_idr) == (1_000, 806_400_000)
    assert any("100 orang" in note for note in found.notes)


def test_tranches() -> None:
    found = simulate(CITY, Scenario(tranches=(Tranche(4, 300), Tranche(10)), start_month=4))
    assert [m.active for m in found.months] == [3_000] * 3 + [3_300] * 6 + [4_000] * 3
    short = simulate(CITY, Scenario(tranches=(Tranche(1, 300),)))
    assert (short.placed, short.unplaced, short.binding) == (300, 700, ("kuota",))


def test_months_end_the_year_early() -> None:
    found = simulate(CITY, Scenario(start_month=3, months=2))
    assert [m.active for m in found.months] == [3_000, 3_000, 4_000, 4_000]


def test_turnover_with_and_without_backfill() -> None:
    full = simulate(CITY, Scenario(turnover=0.1))
    assert full.cost_idr == 806_400_000
    assert full.early_months > simulate(CITY, Scenario()).early_months == 3_000
    thinner = simulate(CITY, Scenario(turnover=0.1, backfill=False))
    actives = [m.active for m in thinner.months]
    assert actives == sorted(actives, reverse=True)
    assert (actives[0], actives[-1]) == (4_000, 2_724 + 908)


def test_relief_is_not_for_public_money() -> None:
    months = [Month(2026, m) for m in range(1, 13)]
    funds = (
        Fund("apbd", public=True),
        Fund("baznas", public=False),
        Fund("ojol", public=False, sector="transportasi"),
    )
    of_fund = prices(months, funds, load_money(), FACTS).of_fund
    assert of_fund[0] == (16_800,) * 12
    assert of_fund[1] == (16_800,) * 3 + (8_400,) * 9
    assert of_fund[2] == (8_400,) * 12
    later = prices([Month(2027, 3), Month(2027, 4)], funds, load_money(), FACTS).of_fund
    assert later[2] == (8_400, 16_800)


def test_income_bands_choose_the_jkk() -> None:
    month = [Month(2026, 1)]
    for income, jkk in ((0, 10_000), (1_100_000, 12_000), (3_000_000, 29_500), (3_200_000, 34_500),
                        (20_199_999, 199_500), (25_000_000, 207_000)):  # fmt: skip
        found = prices(month, (), load_money(), FACTS, income_idr=income).full[0]
        assert found == jkk + 6_800, income


def test_funds_pay_in_their_order_up_to_their_caps() -> None:
    funds = (Fund("baznas", 8_400_000, public=False), Fund("apbd"))
    found = simulate(CITY, Scenario(funds=funds))
    # All of it in January, before the relief: 500 person-months at full price.
    assert found.months[0].by_fund == {"baznas": 8_400_000, "apbd": 3_500 * 16_800}
    assert found.by_fund == {"baznas": 8_400_000, "apbd": 798_000_000}
    adds_up(found)


def test_caps_of_all_funds_hold_places_back() -> None:
    found = simulate(CITY, Scenario(funds=(Fund("apbd", 700_000_000),)))
    assert found.binding == ("anggaran",)
    assert found.cost_idr <= 700_000_000 < found.cost_idr + 16_800 * 12
    assert UNFUNDED not in found.by_fund


def test_people_already_covered_whom_nobody_pays_are_told() -> None:
    found = simulate(CITY, Scenario(funds=(Fund("apbd", 16_800_000),)))
    assert (found.placed, found.unfunded_months) == (0, 35_000)
    assert found.by_fund == {"apbd": 16_800_000, UNFUNDED: 35_000 * 16_800}
    assert any("belum ada dananya" in note for note in found.notes)
    poor = simulate(CITY, Scenario(budget=604_000_000))
    assert (poor.placed, poor.binding) == (0, ("anggaran",))
    assert any("kurang Rp800.000" in note for note in poor.notes)


def test_other_cohorts_share_the_money() -> None:
    found = simulate(CITY, Scenario(also_paid={"ketua_rt": 1_650}, budget=900_000_000))
    assert found.binding == ("anggaran",)
    assert found.cost_idr == (3_000 + 1_650) * 201_600
    richer = simulate(CITY, Scenario(also_paid={"ketua_rt": 1_650}, budget=1_000_000_000))
    assert richer.placed == 1_000_000_000 // 201_600 - 4_650


SCENARIOS = st.builds(
    Scenario,
    workers=st.integers(0, 600),
    budget=st.none() | st.integers(0, 120_000_000),
    rule=st.sampled_from(("merata", "sebanding", "skor", "percontohan")),
    start_month=st.integers(1, 12),
    turnover=st.sampled_from((0.0, 0.1, 1.0)),
    backfill=st.booleans(),
    funds=st.lists(
        st.builds(
            Fund, st.just(""), st.none() | st.integers(0, 60_000_000), st.booleans(),
            st.sampled_from(("transportasi", "lainnya")),
        ),
        min_size=1, max_size=4,
    ).map(lambda funds: tuple(replace(f, id=f"dana{n}") for n, f in enumerate(funds))),
)  # fmt: skip
SMALL = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 100)), min_size=1, max_size=8)


@given(SMALL, SCENARIOS)
@settings(max_examples=60)
def test_everything_adds_up_to_the_rupiah(people: list[tuple[int, int]], asked: Scenario) -> None:
    found = simulate(city(*people), asked)
    adds_up(found)
    caps = {fund.id: fund.cap_idr for fund in asked.funds}
    assert all(caps.get(k) is None or v <= (caps[k] or 0) for k, v in found.by_fund.items())
    if found.placed and asked.budget is not None:
        assert found.cost_idr <= asked.budget
    if found.placed:
        assert found.unfunded_months == 0
    assert found.binding
    with patch.object(simulation, "_CANDIDATES", 37):  # some at a time, as for a country
        assert simulate(city(*people), asked).to_json() == found.to_json()


@given(SMALL, SCENARIOS, st.integers(0, 50_000_000))
@settings(max_examples=60)
def test_more_money_never_places_fewer(
    people: list[tuple[int, int]], asked: Scenario, more: int
) -> None:
    base = city(*people)
    poor = replace(asked, budget=asked.budget or 0)
    rich = replace(poor, budget=(poor.budget or 0) + more)
    assert simulate(base, rich).placed >= simulate(base, poor).placed


def test_fairness_on_a_hand_worked_city() -> None:
    found = fairness([0, 5, 10, 3], [10, 10, 10, None])
    assert (found.min_rate, found.max_rate, found.areas_without) == (0.0, 1.0, 1)
    # Mean absolute difference of 0, 0,5, 1 is 4/9; half of it over the mean of 0,5.
    assert found.gini == pytest.approx(4 / 9)
    assert fairness([0, 0], [1, 1]).gini is None
    assert fairness([1, 2], [10, 20]).gini == 0
    assert fairness([], []).min_rate is None


def test_expected_claims_are_seeded_and_near_their_mean() -> None:
    facts = load_claim_facts()
    found = expected_claims(Exposure(36_000, 0), facts, 1)
    assert found == expected_claims(Exposure(36_000, 0), facts, 1)
    assert found != expected_claims(Exposure(36_000, 0), facts, 2)
    jkm, jkk = found.cases["JKM"], found.cases["JKK"]
    assert jkm.p5 < 9 < jkm.p95
    assert jkk.p5 < 12 < jkk.p95
    assert found.value_idr["JKM"].p50 == 42_000_000 * jkm.p50
    early = expected_claims(Exposure(36_000, 36_000), facts, 1)
    assert early.value_idr["JKM"].p50 == 10_000_000 * early.cases["JKM"].p50
    none = expected_claims(Exposure(0, 0), facts, 1)
    assert none.cases["JKM"].p95 == none.value_idr["JKK"].p95 == 0


def test_36_months_only_if_the_same_people_stay() -> None:
    found = scholarship_outlook(1_000, Month(2026, 7), 0.1, 36)
    assert (found.month, found.people_if_same_stay, found.people_if_rotating) == (
        Month(2029, 6), 729, 0,
    )  # fmt: skip


def test_money_to_people_and_back() -> None:
    goal = people_for_money(CITY, Scenario(), 806_399_999)
    assert (goal.people, goal.run.binding, goal.reached) == (3_999, ("anggaran",), False)
    back = simulate(CITY, replace(Scenario(), workers=goal.people))
    assert back.cost_idr == goal.cost_idr
    everybody = people_for_money(CITY, Scenario(), 10**11)
    assert (everybody.people, everybody.reached) == (15_000, True)


def test_coverage_to_money_and_back() -> None:
    goal = money_for_coverage(CITY, Scenario(), 0.3)
    assert (goal.people, goal.cost_idr, goal.reached) == (4_500, 4_500 * 201_600, True)
    assert people_for_money(CITY, Scenario(), goal.cost_idr).people == 4_500
    capped = money_for_coverage(CITY, Scenario(ceiling_rate=0.25), 0.3)
    assert (capped.reached, capped.run.binding) == (False, ("batas_atas",))
    with pytest.raises(Refusal):
        money_for_coverage(CITY, Scenario(), 1.2)


def test_floor_to_money_is_the_least() -> None:
    base = city((100, 10), (100, 60), (50, 0))
    goal = money_for_floor(base, Scenario(), 0.5)
    assert [a.add for a in goal.run.areas] == [40, 0, 25]
    assert goal.cost_idr == 135 * 201_600
    with pytest.raises(Refusal, match="Wilayah 0"):
        simulate(base, replace(goal.run.scenario, workers=134, budget=None))


@pytest.mark.parametrize("key", KEYS)
def test_no_key_takes_a_value_of_another_kind(key: str) -> None:
    for wrong in (object(), [1], {"x": "y"}, -1, 10**13):
        with pytest.raises(Refusal, match=key):
            read_scenario({key: wrong})


def test_all_keys_are_read() -> None:
    raw: dict[str, Any] = {
        "name": "A", "author": "B", "note": "C", "workers": 10, "budget": 5, "rule": "skor",
        "by": "rt", "year": 2027, "months": 3, "tariff": 36_800, "floors": {"a": 1},
        "ceilings": {"b": 2}, "locked": {"c": 3}, "quota": {"d": 4}, "floor_rate": 0,
        "ceiling_rate": 1, "weights": {"need": 1}, "turnover": 0.05, "backfill": False,
        "tranches": [{"start_month": 2, "places": 3}, {"start_month": 5}], "seed": 7,
        "funds": [{"id": "csr", "cap": 9}, {"id": "dermawan", "public": False}],
        "also_paid": {"phl": 1_114}, "occupation_quota": {"ojol": 100},
        "years": {"curve": "tabel", "years": 1, "people": {"2028": 12}, "budget": 8},
    }  # fmt: skip
    found = read_scenario(raw)
    assert found.start_month == 2
    assert found.funds == (Fund("csr", 9, False), Fund("dermawan", None, False))
    assert read_scenario({"income": 1_500_000}).income == 1_500_000
    assert set(raw) | {"start_month", "income"} == set(KEYS)
    assert read_scenario(found.to_json()) == found


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"tariff": 1, "income": 1}, "tariff"),
        ({"start_month": 3, "tranches": [{"start_month": 2}]}, "start_month"),
        ({"tranches": [{"start_month": 5, "places": 1}, {"start_month": 2}]}, "berurutan"),
        ({"tranches": [{"start_month": 5}, {"start_month": 6}]}, "places"),
        ({"funds": [{"id": "csr"}, {"id": "csr"}]}, "dua kali"),
        ({"funds": [{"id": "csr", "sector": "laut"}]}, "sector"),
        ({"turnover": True}, "turnover"),
    ],
)
def test_what_contradicts_itself_is_refused(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_scenario(raw)


def test_areas_are_added_up_and_their_rates_not_averaged() -> None:
    areas = [
        AreaResult("15.71.08.1004-001", "RT 001", 100, 90, 10),
        AreaResult("15.71.08.1004-002", "RT 002", 900, 0, 100),
        AreaResult("15.71.08.1005-001", "RT 001", None, 4, 0),
        AreaResult("15.71.01.1001-001", "RT 001", None, 0, 0),
    ]
    assert added_up(areas, "kelurahan") == [
        AreaResult("15.71.08.1004", "Lebak Bandung", 1_000, 90, 110),
        AreaResult("15.71.08.1005", "Payo Lebar", None, 4, 0),
        AreaResult("15.71.01.1001", "Simpang IV Sipin", None, 0, 0),
    ]
    kecamatan = added_up(areas, "kecamatan")
    assert [(a.code, a.eligible, a.before, a.after) for a in kecamatan] == [
        ("15.71.08", 1_000, 94, 204), ("15.71.01", None, 0, 0),
    ]  # fmt: skip
    assert kecamatan[0].rate_after == 0.204
    (city,) = added_up(areas, "city")
    assert city == AreaResult("15.71", "Kota Jambi", 1_000, 94, 110)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(0, 9))))
def test_nothing_is_lost_in_adding_up(given_areas: list[tuple[int, int, int]]) -> None:
    areas = [
        AreaResult(f"15.71.{1 + district:02d}.{1000 + n}", str(n), before + add, before, add)
        for n, (district, before, add) in enumerate(given_areas)
    ]
    for level in ("kelurahan", "kecamatan", "city"):
        whole = added_up(areas, level)
        for field in ("eligible", "before", "add", "after"):
            assert sum(getattr(a, field) for a in whole) == sum(getattr(a, field) for a in areas)
