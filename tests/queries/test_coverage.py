"""What a count means (contract section 4), worked out a second time by hand and by machine."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import CoverageTable, ReconciliationError
from jambi_dash.domain.disclosure import DEFAULT_K
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.coverage import coverage
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store

AS_OF = date(2025, 12, 31)
LEVELS = ("city", "kecamatan", "kelurahan", "rt")
COHORTS = ("pekerja_rentan", "petugas_keagamaan", "ketua_rt")
HEADER = ["NIK", "Nama", "Kelurahan", "RT", "Kelompok", "Tahap", "Mulai", "Sampai"]

Spell = tuple[int, str, str, str, str, str, str]
"""Person, kelurahan, RT, cohort, stage, first month, last month."""


def nik(person: int) -> str:
    return f"157104{person % 28 + 1:02d}0685{person + 1:04d}"


def build(folder: Path, spells: list[Spell], register: list[tuple[str, str, str, str]]) -> Store:
    """A store with these spells and this register (kelurahan, RT, households, estimate)."""
    files = []
    if spells:
        files.append(folder / "peserta.csv")
        with files[-1].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows([nik(p), f"Orang {p}", *rest] for p, *rest in spells)
    if register:
        files.append(folder / "rt.csv")
        with files[-1].open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Kelurahan", "RT", "Jumlah KK", "Perkiraan Pekerja Rentan"])
            writer.writerows(register)
    store = Store(folder / "home")
    with check_files(store, files, as_of=AS_OF) as prepared:
        publish(prepared)
    return store


def door_of(store: Store) -> Door:
    return Door(store.path_of(store.require_current().release))


def filled(table: CoverageTable) -> dict[str, int]:
    return {row.code: row.covered for row in table.rows if row.covered}


# By hand: Thehok 15.71.02.1004 and Pasir Putih 15.71.02.1002 in Jambi Selatan, Kasang in Jambi Timur.
BY_HAND: list[Spell] = [
    (1, "Thehok", "1", "", "Aktif", "2025-03", ""),
    (2, "Thehok", "1", "", "Aktif", "2025-03", "2025-05"),
    (3, "Thehok", "2", "", "Aktif", "2025-06", "2025-06"),
    (4, "Thehok", "9", "", "Aktif", "2025-06", ""),  # an RT that the register does not know
    (5, "Kasang", "1", "", "Aktif", "2025-06", ""),
    (6, "", "", "", "Aktif", "2025-06", ""),
    (7, "Kasang", "1", "", "Diusulkan", "2025-06", ""),
    (8, "Kasang", "1", "", "Nonaktif", "2025-01", ""),
    (9, "Kasang", "1", "Petugas Keagamaan", "Aktif", "2025-01", "2025-06"),
    (1, "Kasang", "1", "Petugas Keagamaan", "Aktif", "2025-04", "2025-07"),  # person 1 again
    (
        5,
        "Kasang",
        "1",
        "Petugas Keagamaan",
        "Aktif",
        "2025-01",
        "2025-02",
    ),  # 5 again, apart in time
    (10, "Pasir Putih", "1", "", "Aktif", "2026-02", ""),
]
REGISTER = [
    ("Thehok", "1", "100", "10"), ("Thehok", "2", "50", "0"), ("Kasang", "1", "50", "1"),
    ("Pasir Putih", "1", "50", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Door:
    return door_of(build(tmp_path_factory.mktemp("by-hand"), BY_HAND, REGISTER))


@pytest.mark.parametrize(
    ("month", "kelurahan", "rt", "unlocated", "persons"),
    [
        ("2024-12", {}, {}, 0, 0),
        ("2025-02", {}, {}, 0, 2),
        ("2025-03", {"15.71.02.1004": 2}, {"15.71.02.1004-001": 2}, 0, 3),
        ("2025-05", {"15.71.02.1004": 2}, {"15.71.02.1004-001": 2}, 0, 3),
        ("2025-06", {"15.71.02.1004": 3, "15.71.03.1006": 1},
         {"15.71.02.1004-001": 1, "15.71.02.1004-002": 1, "15.71.03.1006-001": 1}, 1, 6),
        ("2025-07", {"15.71.02.1004": 2, "15.71.03.1006": 1},
         {"15.71.02.1004-001": 1, "15.71.03.1006-001": 1}, 1, 4),
        ("2026-02", {"15.71.02.1004": 2, "15.71.02.1002": 1, "15.71.03.1006": 1},
         {"15.71.02.1004-001": 1, "15.71.02.1002-001": 1, "15.71.03.1006-001": 1}, 1, 5),
    ],
)  # fmt: skip
def test_months_by_hand(
    by_hand: Door,
    month: str,
    kelurahan: dict[str, int],
    rt: dict[str, int],
    unlocated: int,
    persons: int,
) -> None:
    at = Month.parse_iso(month)
    table = coverage(by_hand, by="kelurahan", at=at)
    total = sum(kelurahan.values()) + unlocated
    assert filled(table) == kelurahan
    assert (table.totals.covered, table.totals.unlocated, table.totals.hidden) == (
        total,
        unlocated,
        0,
    )
    assert table.totals.persons == persons
    table = coverage(by_hand, by="rt", at=at)
    assert filled(table) == rt
    assert (table.totals.covered, table.totals.unlocated) == (total, total - sum(rt.values()))
    table = coverage(by_hand, by="city", at=at)
    assert [row.covered for row in table.rows] == [total]
    districts: dict[str, int] = defaultdict(int)
    for code, people in kelurahan.items():
        districts[code[:8]] += people
    assert filled(coverage(by_hand, by="kecamatan", at=at)) == districts


def test_every_area_is_a_row(by_hand: Door) -> None:
    for by, count in (("city", 1), ("kecamatan", 11), ("kelurahan", 68), ("rt", 4)):
        table = coverage(by_hand, by=by)
        assert len(table.rows) == count
        codes = [row.code for row in table.rows]
        assert codes == sorted(codes)
    assert [row.code for row in coverage(by_hand, by="city").rows] == ["15.71"]
    assert coverage(by_hand, by="rt").rows[0].code == "15.71.02.1002-001"


def test_the_month_of_the_data_is_the_default(by_hand: Door) -> None:
    table = coverage(by_hand, by="city")
    assert (str(table.at), table.cohort, table.as_of) == ("2025-12", "pekerja_rentan", AS_OF)


def test_states_and_rates(by_hand: Door) -> None:
    rows = {row.code: row for row in coverage(by_hand, by="rt", at=Month(2025, 6)).rows}
    first, zero, over = (
        rows[c] for c in ("15.71.02.1004-001", "15.71.02.1004-002", "15.71.03.1006-001")
    )
    assert (first.covered, first.eligible, first.rate, first.state) == (1, 10, 0.1, "angka")
    assert (zero.covered, zero.eligible, zero.rate, zero.state) == (1, 0, None, "angka")
    assert (over.rate, over.over_full) == (1.0, False)
    rows = {row.code: row for row in coverage(by_hand, by="kelurahan", at=Month(2025, 6)).rows}
    thehok, kasang, empty = (rows[c] for c in ("15.71.02.1004", "15.71.03.1006", "15.71.08.1004"))
    assert (thehok.eligible, thehok.rate) == (10, 0.3)
    assert (kasang.eligible, kasang.rate) == (1, 1.0)
    assert (empty.covered, empty.eligible, empty.rate, empty.state) == (
        0,
        None,
        None,
        "tidak ada data",
    )
    # Pasir Putih's RT has no estimate: its share of the city's 15.000 by households.
    assert rows["15.71.02.1002"].eligible == 3000
    assert rows["15.71.02.1002"].state == "nol"
    july = {
        row.code: row
        for row in coverage(
            by_hand, by="kelurahan", cohort="petugas_keagamaan", at=Month(2025, 5)
        ).rows
    }
    assert (july["15.71.03.1006"].covered, july["15.71.03.1006"].state) == (2, "angka")


def test_denominators(by_hand: Door) -> None:
    table = coverage(by_hand, by="kecamatan", at=Month(2025, 6))
    assert table.denominator.id == "rt_perkiraan"
    assert "perkiraan dibagi" in table.denominator.label
    assert (table.denominator.value, table.totals.eligible) == (3011, 3011)
    assert table.totals.rate == 5 / 3011
    assert {row.code: row.eligible for row in table.rows if row.eligible} == {
        "15.71.02": 3010,
        "15.71.03": 1,
    }

    table = coverage(by_hand, by="kelurahan", denominator="kota_15000")
    shares = {row.code: row.eligible for row in table.rows if row.eligible}
    assert shares == {"15.71.02.1004": 9000, "15.71.03.1006": 3000, "15.71.02.1002": 3000}
    assert (table.denominator.value, table.denominator.date) == (15_000, "2025-05-22")
    assert "Radar Jambi" in table.denominator.source
    assert "perkiraan dibagi" in table.denominator.label

    table = coverage(by_hand, by="city", denominator="ucj_228000")
    assert (table.rows[0].eligible, table.totals.rate) == (228_000, 4 / 228_000)
    assert all(
        row.eligible is None
        for row in coverage(by_hand, by="kelurahan", denominator="ucj_228000").rows
    )

    heads = coverage(by_hand, by="kecamatan", cohort="ketua_rt")
    assert (heads.denominator.id, heads.denominator.value) == ("rt_jumlah", 4)
    assert {row.code: row.eligible for row in heads.rows if row.eligible} == {
        "15.71.02": 3,
        "15.71.03": 1,
    }
    unknown = coverage(by_hand, by="city", cohort="guru_ngaji")
    assert (unknown.denominator.id, unknown.totals.rate) == (None, None)


def test_questions_without_an_answer(by_hand: Door) -> None:
    for wrong in ({"by": "desa"}, {"by": "city", "cohort": "nelayan"}, {"by": "city", "denominator": "x"},
                  {"by": "rt", "public": True}):  # fmt: skip
        with pytest.raises(Refusal):
            coverage(by_hand, **wrong)  # type: ignore[arg-type]


def test_a_register_alone_is_no_roster(tmp_path: Path) -> None:
    """Nobody covered and no roster are two different things."""
    with door_of(build(tmp_path, [], REGISTER)) as door:
        for by in LEVELS:
            table = coverage(door, by=by)
            assert {row.state for row in table.rows} == {"tidak ada data"}
            assert {row.covered for row in table.rows} == {None}
            assert table.totals.covered == 0
        assert coverage(door, by="kelurahan", public=True).totals.covered == 0


def test_a_roster_alone_has_no_register(tmp_path: Path) -> None:
    with door_of(build(tmp_path, BY_HAND, [])) as door:
        table = coverage(door, by="kelurahan")
        assert table.denominator.id == "kota_15000"
        assert {row.state for row in table.rows} == {"angka", "nol"}
        assert table.totals.eligible == 15_000
        assert coverage(door, by="rt").rows == ()


def test_a_sum_that_does_not_hold_is_never_returned(by_hand: Door) -> None:
    from dataclasses import replace

    table = coverage(by_hand, by="kelurahan", at=Month(2025, 6))
    table.check()
    for wrong in ({"covered": 6}, {"located": 3}, {"unlocated": 0}, {"hidden": 1}):
        with pytest.raises(ReconciliationError):
            replace(table, totals=replace(table.totals, **wrong)).check()  # type: ignore[arg-type]


# By machine: many people with many spells, counted again from their spells.


@dataclass
class City:
    """A random city: what was sent, and a door to what came of it."""

    kept: list[Spell]
    register: set[str]
    door: Door


def code_of(name: str) -> str | None:
    return next((k.code for k in load_areas().kelurahan if k.name == name), None)


@pytest.fixture(scope="module", params=[1, 2])
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> City:
    chance = random.Random(request.param)
    names = [k.name for k in load_areas().kelurahan]
    # The second city is nearly empty, so that counts are small everywhere.
    people = {1: 900, 2: 90}[request.param]
    places = {1: names, 2: names[::4]}[request.param]
    words = {"pekerja_rentan": "", "petugas_keagamaan": "Petugas Keagamaan", "ketua_rt": "Ketua RT"}
    kept: list[Spell] = []
    rows: list[Spell] = []
    for person in range(people):
        for cohort in chance.sample(COHORTS, chance.choice([1, 1, 1, 2, 3])):
            start = Month(2025, 1).plus(chance.randrange(-3, 14))
            end = chance.choice([None, None, start.plus(chance.randrange(0, 9))])
            place = (
                chance.choice([*places, "", "Entah"])
                if chance.random() < 0.2
                else chance.choice(places)
            )
            stage = chance.choice(["aktif"] * 6 + ["diusulkan", "nonaktif", "ditetapkan"])
            spell = (
                person,
                place,
                str(chance.randrange(1, 5)),
                cohort,
                stage,
                str(start),
                str(end or ""),
            )
            kept.append(spell)
            rows.append((*spell[:3], words[cohort], *spell[4:]))
    register = [(name, str(rt), str(chance.randrange(20, 90)), chance.choice(["", str(chance.randrange(30))]))
                for name in names for rt in (1, 2, 3)]  # fmt: skip
    store = build(tmp_path_factory.mktemp("city"), rows, register)
    codes = {f"{code_of(name)}-{int(rt):03d}" for name, rt, _, _ in register}
    return City(kept, codes, door_of(store))


def counted(city: City, cohort: str, at: Month) -> dict[str, dict[str | None, set[int]]]:
    """Persons by area at every level, from the definition of *covered*."""
    found: dict[str, dict[str | None, set[int]]] = {level: defaultdict(set) for level in LEVELS}
    for person, place, rt, spell_cohort, stage, start, end in city.kept:
        if spell_cohort != cohort or stage != "aktif" or start > str(at) or (end and end < str(at)):
            continue
        code = code_of(place)
        rt_code = f"{code}-{int(rt):03d}"
        found["city"]["15.71"].add(person)
        found["kecamatan"][code[:8] if code else None].add(person)
        found["kelurahan"][code].add(person)
        found["rt"][rt_code if rt_code in city.register else None].add(person)
    return found


SOME_MONTHS = [
    Month(2024, 9),
    Month(2025, 1),
    Month(2025, 5),
    Month(2025, 12),
    Month(2026, 2),
    Month(2027, 1),
]


@pytest.mark.parametrize("cohort", COHORTS)
def test_cover_at_every_level(city: City, cohort: str) -> None:
    for at in SOME_MONTHS:
        truth = counted(city, cohort, at)
        totals = set()
        for level in LEVELS:
            table = coverage(city.door, by=level, cohort=cohort, at=at)
            assert filled(table) == {code: len(p) for code, p in truth[level].items() if code}
            assert table.totals.unlocated == len(truth[level][None])
            assert table.totals.covered == sum(len(p) for p in truth[level].values())
            assert sum(row.covered or 0 for row in table.rows) == table.totals.located
            totals.add(table.totals.covered)
            parts = [row.eligible for row in table.rows if row.eligible is not None]
            if level != "city" and cohort == "pekerja_rentan":
                assert sum(parts) == table.totals.eligible
        assert len(totals) == 1


def test_persons_are_counted_once(city: City) -> None:
    for at in [Month(2024, 9).plus(n) for n in range(30)]:
        truth = {
            person for cohort in COHORTS
            for people in counted(city, cohort, at)["city"].values() for person in people
        }  # fmt: skip
        assert coverage(city.door, by="city", at=at).totals.persons == len(truth)


@pytest.mark.parametrize("cohort", COHORTS)
def test_the_public_sees_no_small_count(city: City, cohort: str) -> None:
    for at in [Month(2024, 9).plus(n) for n in range(0, 24, 2)]:
        inside = {
            level: coverage(city.door, by=level, cohort=cohort, at=at) for level in LEVELS[:3]
        }
        outside = {
            level: coverage(city.door, by=level, cohort=cohort, at=at, public=True)
            for level in LEVELS[:3]
        }
        total = inside["city"].totals.covered
        assert total is not None
        for level in LEVELS[:3]:
            table = outside[level]
            for shown, real in zip(table.rows, inside[level].rows, strict=True):
                assert shown.code == real.code
                if shown.state == "disembunyikan":
                    assert (shown.covered, shown.rate) == (None, None)
                else:
                    assert shown == real
                    assert shown.covered is None or not 0 < shown.covered < DEFAULT_K
            if 0 < total < DEFAULT_K:
                assert table.totals.covered is None
                assert table.totals.rate is None
                assert {row.state for row in table.rows} == {"disembunyikan"}
            else:
                assert table.totals.covered == total
                assert table.totals.unlocated is None or not 0 < table.totals.unlocated < DEFAULT_K
        # No difference between two levels gives a hidden kelurahan away.
        for district in outside["kecamatan"].rows:
            parts = [row for row in outside["kelurahan"].rows if row.code.startswith(district.code)]
            hidden = [row for row in parts if row.state == "disembunyikan"]
            assert len(hidden) != 1
            if district.state == "disembunyikan":
                assert hidden, "a hidden sum may not be added up"
