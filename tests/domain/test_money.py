"""What a place costs, and when a budget runs out."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.money import Budget, Money, Tariff, contribution, load_money
from jambi_dash.domain.months import Month

TEXTS = ("id", "en")
TARIFF = Tariff(date(2015, 7, 1), 10_000, 6_800, TEXTS, TEXTS)
COHORT = "pekerja_rentan"


def money(*, budget: int | None = 604_000_000, tariffs: tuple[Tariff, ...] = (TARIFF,)) -> Money:
    budgets = () if budget is None else (Budget(2025, COHORT, budget, TEXTS, TEXTS),)
    return Money(tariffs, budgets, frozenset({"apbdkota"}), unnamed_is_city=True)


def test_the_facts_as_they_ship() -> None:
    shipped = load_money()
    tariff = shipped.tariff_at(Month(2025, 12))
    assert (tariff.total_idr, tariff.jkk_idr, tariff.jkm_idr) == (16_800, 10_000, 6_800)
    budget = shipped.budget_of(2025, COHORT)
    assert budget is not None
    assert budget.value_idr == 604_000_000
    assert shipped.budget_of(2026, COHORT) is None
    assert [shipped.paid_by_city(f) for f in ("APBD Kota", "apbd-kota", None, "Baznas", "BKBK")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_3000_people_all_year_are_800_000_above_the_budget() -> None:
    year = {(Month(2025, m), "APBD Kota"): 3_000 for m in range(1, 13)}
    found = contribution(money(), COHORT, Month(2025, 12), year)
    assert (found.paid_idr, found.left_idr) == (604_800_000, -800_000)
    assert found.runs_out == Month(2025, 12)


def test_other_funds_cost_the_city_nothing() -> None:
    months = {
        (Month(2025, 6), "Baznas"): 7,
        (Month(2025, 6), None): 2,
        (Month(2025, 6), "APBD Kota"): 3,
    }
    found = contribution(money(), COHORT, Month(2025, 6), months)
    assert (found.city_months, found.other_months, found.paid_idr) == (5, 7, 84_000)


def test_the_month_that_is_left_without_money() -> None:
    # 10 people, 168.000 a month; 400.000 remain after June: July and August, not September.
    months = {(Month(2025, 6), "APBD Kota"): 10}
    found = contribution(money(budget=568_000), COHORT, Month(2025, 6), months)
    assert found.left_idr == 400_000
    assert found.runs_out == Month(2025, 9)


def test_a_year_without_a_budget_says_so() -> None:
    found = contribution(money(budget=None), COHORT, Month(2025, 6), {(Month(2025, 6), None): 1})
    assert (found.budget, found.left_idr, found.runs_out, found.share) == (None, None, None, None)


def test_a_new_tariff_holds_from_its_month_on() -> None:
    later = Tariff(date(2025, 7, 1), 10_000, 10_000, TEXTS, TEXTS)
    months = {(Month(2025, 6), None): 1, (Month(2025, 7), None): 1}
    found = contribution(money(tariffs=(TARIFF, later)), COHORT, Month(2025, 7), months)
    assert found.paid_idr == 16_800 + 20_000
    assert found.worked_out() == "1 × Rp16.800 + 1 × Rp20.000"
    assert found.prices() == "Rp16.800 → Rp20.000"


@given(
    st.dictionaries(
        st.tuples(st.integers(1, 12), st.sampled_from(["APBD Kota", None, "Baznas", "CSR"])),
        st.integers(0, 20_000),
    )
)
def test_every_person_month_is_paid_by_somebody(counts: dict[tuple[int, str | None], int]) -> None:
    months = {(Month(2025, m), fund): people for (m, fund), people in counts.items()}
    found = contribution(money(), COHORT, Month(2025, 12), months)
    assert found.city_months + found.other_months == sum(counts.values())
    assert found.paid_idr == found.city_months * 16_800
