"""Scenarios side by side: every number exact, parameters split by what they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jambi_dash.domain.comparison import Comparison, Row, compare, show, show_difference
from jambi_dash.domain.expansion import Area
from jambi_dash.domain.funds import Fund
from jambi_dash.domain.language import in_language
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario, Tranche
from jambi_dash.domain.simulation import Baseline, Simulation, simulate

CITY = Baseline(
    "r", date(2025, 12, 31), False, "kelurahan",
    (
        Area("15.71.01.1001", "Beringin", "15.71.01", 10_000, 2_000),
        Area("15.71.02.1001", "Sulanjana", "15.71.02", 5_000, 1_000),
    ),
    covered=3_000, unlocated=0, eligible=15_000, waiting=(("15.71.01.1001", None, 700),),
)  # fmt: skip
PLAIN = Scenario(name="Dasar")
JULY = Scenario(name="Juli", start_month=7, locked={"15.71.02.1001": 20})
POOR = Scenario(
    name="Hemat", budget=705_600_000, funds=(Fund("baznas", 16_800_000, public=False), Fund("apbd")),
)  # fmt: skip


def answers(*scenarios: Scenario) -> list[Simulation]:
    return [simulate(CITY, scenario) for scenario in scenarios]


@pytest.fixture(scope="module")
def three() -> Comparison:
    return compare(answers(PLAIN, JULY, POOR))


def row(rows: tuple[Row, ...], key: str) -> Row:
    (found,) = [one for one in rows if one.key == key]
    return found


def test_results_and_their_differences(three: Comparison) -> None:
    assert (three.names, three.by) == (("Dasar", "Juli", "Hemat"), "kelurahan")
    # A thousand person-months at 16.800 in January, all of them paid by Baznas without relief;
    # 705.600.000 buy 42.000 person-months: 3.500 people all year.
    for key, kind, values, differences in (
        ("placed", "count", (1_000, 1_000, 500), (0, 0, -500)),
        ("unplaced", "count", (0, 0, 500), (0, 0, 500)),
        ("covered_after", "count", (4_000, 4_000, 3_500), (0, 0, -500)),
        ("coverage_after", "percent", (4 / 15, 4 / 15, 3_500 / 15_000), (0, 0, -500 / 15_000)),
        ("cost", "rupiah", (806_400_000, 705_600_000, 705_600_000), (0, -100_800_000, -100_800_000)),
        ("fund:apbd", "rupiah", (806_400_000, 705_600_000, 688_800_000),
         (0, -100_800_000, -117_600_000)),
        ("fund:baznas", "rupiah", (0, 0, 16_800_000), (0, 0, 16_800_000)),
        ("person_months", "count", (48_000, 42_000, 42_000), (0, -6_000, -6_000)),
        ("min_rate", "percent", (0.2666, 1_020 / 5_000, 0.2333), (0, 0.204 - 0.2666, 0.2333 - 0.2666)),
        ("max_rate", "percent", (0.2667, 0.298, 0.2334), (0, 0.298 - 0.2667, 0.2334 - 0.2667)),
        ("areas_without", "count", (0, 0, 0), (0, 0, 0)),
        ("ucj", "points", (1_000 / 228_000, 1_000 / 228_000, 500 / 228_000), (0, 0, -500 / 228_000)),
        ("still_waiting", "count", (33, 0, 367), (0, -33, 334)),
    ):  # fmt: skip
        found = row(three.results, key)
        assert found.kind == kind, key
        assert found.values == pytest.approx(values), key
        assert found.differences == pytest.approx(differences), key
    assert row(three.results, "binding").values == (
        "target tercapai", "target tercapai", "anggaran atau dana",
    )  # fmt: skip
    assert row(three.results, "binding").differences == (None, None, None)


def test_bands_stand_with_the_middle() -> None:
    found = answers(PLAIN, replace(PLAIN, workers=8_000))
    compared = compare(found)
    for key, program in (("jkm", "JKM"), ("jkk", "JKK")):
        cases, value = row(compared.results, key), row(compared.results, f"{key}_rp")
        for place, one in enumerate(found):
            band, money = one.claims.cases[program], one.claims.value_idr[program]
            assert cases.bands is not None
            assert value.bands is not None
            assert (cases.values[place], cases.bands[place]) == (band.p50, (band.p5, band.p95))
            assert (value.values[place], value.bands[place]) == (money.p50, (money.p5, money.p95))
    jkm = found[0].claims.cases["JKM"]
    assert row(compared.results, "jkm").shown(0) == f"{jkm.p50} ({jkm.p5}–{jkm.p95})"
    assert "juta" in row(compared.results, "jkm_rp").shown(0)


def test_parameters_that_differ_stand_apart(three: Comparison) -> None:
    assert [one.key for one in three.differing] == [
        "budget", "start_month", "months", "locked", "funds",
    ]  # fmt: skip
    assert row(three.differing, "budget").values == (None, None, 705_600_000)
    assert row(three.differing, "budget").differences == (None, None, None)
    assert row(three.differing, "start_month").values == (
        "Januari 2026",
        "Juli 2026",
        "Januari 2026",
    )
    assert row(three.differing, "months").differences == (0, -6, 0)
    assert row(three.differing, "locked").values == (None, "Sulanjana 20", None)
    assert row(three.differing, "funds").values == (
        "APBD Kota Jambi", "APBD Kota Jambi", "Baznas sampai Rp16.800.000; APBD Kota Jambi",
    )  # fmt: skip
    alike = {one.key: one.values for one in three.alike}
    assert alike["workers"] == (4_000,) * 3
    assert alike["tariff"] == (16_800,) * 3
    assert alike["rule"] == ("Merata",) * 3
    assert alike["as_of"] == ("31 Desember 2025",) * 3
    assert alike["tranches"] == (None,) * 3
    keys = {one.key for one in (*three.differing, *three.alike)}
    assert keys == (set(PLAIN.to_json()) - {"name", "author", "note", "by"}) | {"release", "as_of"}


def test_two_that_read_alike_and_differ_are_told_apart() -> None:
    many = tuple(Area(f"15.71.01.{n:04d}", f"W{n}", "15.71.01", 100, 0) for n in range(1001, 1011))
    city = replace(CITY, areas=many, covered=0, waiting=())
    locks = {area.code: 1 for area in many}
    other = {**locks, many[7].code: 2, many[8].code: 0}
    compared = compare([simulate(city, Scenario(locked=given)) for given in (locks, other)])
    found = row(compared.differing, "locked")
    assert found.values == ("W1001 1; W1002 1; W1003 1; dan 7 lainnya (jumlah 10)",) * 2
    assert found.same


def test_tranches_rates_and_other_cohorts_in_words() -> None:
    other = Scenario(
        tranches=(Tranche(1, 300), Tranche(7)), turnover=0.05, backfill=False, floor_rate=0.2,
        also_paid={"ketua_rt": 1_650}, rule="skor", weights={"need": 2, "joined": 0.5, "waiting": 0},
    )  # fmt: skip
    compared = compare(answers(PLAIN, other))
    for key, value in (
        ("tranches", "Januari 2026: 300; Juli 2026: semua sisanya"), ("turnover", 0.05),
        ("backfill", "tidak"), ("floor_rate", 0.2), ("also_paid", "Ketua RT 1.650"),
        ("rule", "Skor"), ("weights", "Banyak yang belum terlindungi 2; Sudah bergabung Kampung "
                                      "Bahagia 0,50"),
    ):  # fmt: skip
        assert row(compared.differing, key).values[1] == value


def test_areas(three: Comparison) -> None:
    first, second = three.areas
    assert (first.code, first.name, second.name) == ("15.71.01.1001", "Beringin", "Sulanjana")
    assert (first.adds, second.adds) == ((667, 980, 333), (333, 20, 167))
    assert (first.add_differences, second.add_differences) == ((0, 313, -334), (0, -313, -166))
    assert first.rates == (0.2667, 0.298, 0.2333)
    assert first.rate_differences == pytest.approx((0, 0.0313, -0.0334))


def test_another_release_with_other_areas() -> None:
    later = replace(
        CITY, release="s", as_of=date(2026, 6, 30),
        areas=(*CITY.areas, Area("15.71.03.1001", "Baru", "15.71.03", None, 0)),
    )  # fmt: skip
    compared = compare([simulate(CITY, PLAIN), simulate(later, replace(PLAIN, year=2026))])
    assert row(compared.differing, "release").values == ("r", "s")
    assert row(compared.differing, "as_of").values == ("31 Desember 2025", "30 Juni 2026")
    new = compared.areas[-1]
    assert (new.name, new.adds, new.rates) == ("Baru", (None, 0), (None, None))
    assert (new.add_differences, new.rate_differences) == ((None, None), (None, None))


def test_the_same_scenario_twice_differs_nowhere() -> None:
    compared = compare(answers(PLAIN, replace(PLAIN, name="Sama", note="lain")))
    assert compared.differing == ()
    assert all(one.same for one in compared.results)
    assert {one.shown_difference(1) for one in compared.results} == {"sama", ""}


def test_two_to_four_of_one_level() -> None:
    assert len(compare(answers(PLAIN, PLAIN, PLAIN, PLAIN)).names) == 4
    for count in (0, 1, 5):
        with pytest.raises(Refusal, match=f"sekarang {count}"):
            compare(answers(*[PLAIN] * count))
    by_rt = simulate(replace(CITY, by="rt"), replace(PLAIN, by="rt"))
    with pytest.raises(Refusal, match="tingkatnya sama"):
        compare([*answers(PLAIN), by_rt])


def test_as_readers_see_it(three: Comparison) -> None:
    assert row(three.results, "cost").shown(1) == "Rp705.600.000"
    assert row(three.results, "cost").shown_difference(1) == "−Rp100.800.000"
    assert row(three.results, "cost").shown_difference(0) == ""
    assert row(three.results, "placed").shown_difference(1) == "sama"
    assert row(three.results, "coverage_after").shown_difference(2) == "−3,3 poin persen"
    assert row(three.results, "fund:baznas").shown_difference(2) == "+Rp16.800.000"
    assert show("decimal", 0.1234) == "0,123"
    assert show("count", None) == "–"
    assert show_difference("text", None) == ""
    with in_language("en"):
        assert show("rupiah", 1_000) == "Rp1,000"
