"""Expected benefits: the published worked example, the early deaths, and order of the band."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.claims import Exposure, expected, load_claim_facts

FACTS = load_claim_facts()


def test_three_thousand_members_for_a_year() -> None:
    # facts.md 9.13: about 9 deaths, Rp378 million; 12 accidents, Rp84 million.
    year = Exposure(36_000, 0)
    deaths, accidents = (expected(program, year, FACTS) for program in ("JKM", "JKK"))
    assert (deaths.count, deaths.value_idr) == (9, 378_000_000)
    assert (deaths.low, deaths.high) == (4.5, 15)
    assert (accidents.count, accidents.value_idr) == (12, 84_000_000)
    assert (accidents.value_low_idr, accidents.value_high_idr) == (24_000_000, 198_000_000)


def test_deaths_in_the_first_three_months_cost_ten_million() -> None:
    new = expected("JKM", Exposure(36_000, 36_000), FACTS)
    assert (new.count, new.value_idr) == (9, 90_000_000)
    assert expected("JKK", Exposure(36_000, 36_000), FACTS).value_idr == 84_000_000


@given(st.integers(0, 400_000), st.sampled_from(("JKM", "JKK")))
def test_the_band_is_ordered_and_more_exposure_expects_more(months: int, program: str) -> None:
    one = expected(program, Exposure(months, months // 5), FACTS)
    assert one.low <= one.count <= one.high
    assert one.value_low_idr <= one.value_idr <= one.value_high_idr
    assert one.p5 <= one.p95
    assert one.p5 <= one.high * 1.2 + 5
    assert one.low * 0.8 - 5 <= one.p95
    more = expected(program, Exposure(months + 12_000, months // 5), FACTS)
    assert more.count > one.count
    assert one == expected(program, Exposure(months, months // 5), FACTS)


def test_nobody_insured_expects_nothing() -> None:
    nothing = expected("JKM", Exposure(0, 0), FACTS)
    assert (nothing.count, nothing.p5, nothing.p95, nothing.value_idr) == (0, 0, 0, 0)


def test_the_parts_of_the_death_grant_add_up() -> None:
    assert FACTS.of("JKM").value_idr == (20 + 10 + 12) * 1_000_000
    assert {b.value_idr for b in FACTS.benefits} >= {42_000_000, 10_000_000, 174_000_000}
    for rule in FACTS.benefits:
        assert rule.source()
        assert rule.text()
