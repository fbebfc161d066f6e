"""Double cover, the list of BPJS, lapses and paid months on people that can be counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jambi_dash.domain.membership import Lapses, load_membership_facts
from jambi_dash.domain.money import load_money
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import Sight
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.intake.report import ImportReport
from jambi_dash.queries.door import Door
from jambi_dash.queries.ladder import ladder
from jambi_dash.queries.membership import (
    bpjs_match,
    double_cover,
    lapses,
    paid_person_months,
)
from jambi_dash.queries.mending import mend_book
from jambi_dash.queries.own_areas import open_door
from jambi_dash.releases.reviews import PairDecision, Reviews
from jambi_dash.releases.store import Store

AS_OF = date(2025, 12, 31)
DECEMBER = Month(2025, 12)
TARIFF = 16_800
HEADER = "NIK,Nama,Kelurahan,Kelompok,Tahap,Sumber Dana,Mulai,Sampai"
THEHOK, KASANG = "15.71.02.1004", "15.71.03.1006"
CARD = "24041234567"


def nik(number: int) -> str:
    return f"157104{number % 28 + 1:02d}0685{number + 1:04d}"


def person(
    number: int, kelurahan: str = "Thehok", cohort: str = "pekerja rentan", stage: str = "aktif",
    fund: str = "", first: str = "2025-01", last: str = "",
) -> str:  # fmt: skip
    return f"{nik(number)},Zulkarnain {number},{kelurahan},{cohort},{stage},{fund},{first},{last}"


def bring(
    store: Store, *, as_of: date = AS_OF, peserta: list[str] | None = None,
    bpjs: list[str] | None = None, bpjs_header: str = "No KPJ,NIK,Nama,Status",
) -> ImportReport:  # fmt: skip
    files = []
    for name, header, rows in (("peserta", HEADER, peserta), ("bpjs", bpjs_header, bpjs)):
        if rows is not None:
            path = store.home.parent / f"{name}.csv"
            path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
            files.append(path)
    with check_files(store, files, as_of=as_of) as prepared:
        publish(prepared)
        return prepared.report


def status(number: int, word: str = "AKTIF") -> str:
    return f"{CARD},{nik(number)},Zulkarnain {number},{word}"


def door(store: Store) -> Door:
    return Door(store.path_of(store.require_current().release))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


# Double cover


def test_people_on_several_rosters(store: Store) -> None:
    bring(store, peserta=[
        person(1, fund="APBD"), person(1, "Kasang", "ketua rt", fund="BKBK", first="2025-06"),
        person(2), person(2, cohort="ketua rt", first="2025-03", last="2025-04"),
        person(3, "", "ketua rt", fund="APBD"), person(3, "Kasang", "guru ngaji", fund="APBD"),
        person(3, "Kasang", fund="APBD", first="2025-12"),
        person(4), person(5, cohort="ketua rt"),
        person(6), person(6, cohort="ketua rt", stage="diusulkan"),
    ])  # fmt: skip
    with door(store) as opened:
        december = double_cover(opened)
        april = double_cover(opened, at=Month(2025, 4))
        before = double_cover(opened, at=Month(2024, 12))
    assert december
    assert april
    assert before
    assert (before.people, before.persons, before.excess_months) == (0, 0, {})
    assert (april.people, april.excess, april.persons, april.enrolments) == (2, 2, 6, 8)
    assert (december.people, december.excess, december.persons, december.enrolments) == (2, 3, 6, 9)
    assert december.pairs() == {
        ("pekerja_rentan", "ketua_rt"): 2,
        ("pekerja_rentan", "guru_ngaji"): 1,
        ("ketua_rt", "guru_ngaji"): 1,
    }
    # The first cohort in the programme's order that names a kelurahan; rosters that disagree.
    assert december.by_kelurahan() == {THEHOK: 1, KASANG: 1}
    assert december.places_differ == 2
    assert december.fund_sets() == {("APBD", "BKBK"): 1, ("APBD",): 1}
    assert december.several_funds == 1
    # Person 1: June to December; 2: March, April; 3: all year, and once more in December.
    assert december.months_of(Month(2025, 1)) == december.months_of() == 7 + 2 + 12 + 1
    assert december.idr_of(load_money()) == 22 * TARIFF
    assert december.excess_months[Month(2025, 12)] == 3


def test_nobody_twice(store: Store) -> None:
    bring(store, peserta=[person(1), person(2, cohort="ketua rt")])
    with door(store) as opened:
        found = double_cover(opened)
    assert found
    assert (found.people, found.excess, found.months_of()) == (0, 0, 0)


COHORTS = ("pekerja rentan", "ketua rt", "guru ngaji")


@st.composite
def rosters(draw: st.DrawFn) -> list[str]:
    rows = []
    for number in range(draw(st.integers(1, 6))):
        for cohort in COHORTS:
            if draw(st.booleans()):
                first = draw(st.integers(1, 12))
                last = draw(st.one_of(st.none(), st.integers(first, 12)))
                rows.append(
                    person(
                        number, draw(st.sampled_from(["Thehok", "Kasang", ""])), cohort,
                        fund=draw(st.sampled_from(["", "APBD", "BKBK"])), first=f"2025-{first:02d}",
                        last=f"2025-{last:02d}" if last else "",
                    )
                )  # fmt: skip
    return rows or [person(1)]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(roster=rosters(), statuses=st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=8))
def test_the_parts_always_add_up(
    tmp_path_factory: pytest.TempPathFactory, roster: list[str], statuses: list[tuple[int, bool]]
) -> None:
    store = Store(tmp_path_factory.mktemp("store") / "home")
    told = [status(n, "aktif" if active else "nonaktif") for n, active in statuses]
    bring(store, peserta=roster, bpjs=told or None)
    with door(store) as opened:
        for index in range(1, 13):
            found = double_cover(opened, at=Month(2025, index))  # checks itself
            assert found
            assert sum(found.by_kelurahan().values()) == found.people
            assert sum(found.fund_sets().values()) == found.people
        match = bpjs_match(opened)  # checks itself
        assert (match is None) == (not told)
        if match and match.persons:
            listed = len({n for n, _ in statuses})
            assert sum(n for (_, s), n in match.persons.items() if s != "tidak_ditemukan") == listed
        whole = lapses(opened)
        assert whole
        ends = {}
        for row in roster:
            cells = row.split(",")
            ends.setdefault(cells[0], []).append(cells[7] or "9999")
        if not told:
            known = [max(months) for months in ends.values() if max(months) != "9999"]
            assert sum(p.people for p in whole.parts) == len(known)


# The list of BPJS


def test_paid_and_listed(store: Store) -> None:
    report = bring(
        store,
        peserta=[
            person(1), person(2), person(3, "Kasang"), person(4, "Kasang", "ketua rt"),
            person(1, cohort="ketua rt"),
            person(5, stage="diusulkan", first=""), person(6, last="2025-06"),
        ],
        bpjs=[
            status(1), status(2, "Non-Aktif"), status(4, "aktif"),
            status(5), status(6, "TIDAK AKTIF"), status(7), status(8, "Menunggak"),
        ],
    )  # fmt: skip
    with door(store) as opened:
        found = bpjs_match(opened)
        assert found
        assert (found.first, found.last, found.listed) == (DECEMBER, DECEMBER, 7)
        assert found.of(lambda part: part.cohort) == {
            "pekerja_rentan": {"aktif": 1, "nonaktif": 1, "tidak_ditemukan": 1},
            "ketua_rt": {"aktif": 2, "nonaktif": 0, "tidak_ditemukan": 0},
        }
        assert found.of(lambda part: part.kelurahan_code)[KASANG] == {
            "aktif": 1, "nonaktif": 0, "tidak_ditemukan": 1,
        }  # fmt: skip
        assert found.persons == {
            ("dibayar", "aktif"): 2, ("dibayar", "nonaktif"): 1, ("dibayar", "tidak_ditemukan"): 1,
            ("menunggu", "aktif"): 1, ("berakhir", "nonaktif"): 1,
            ("tidak_terdaftar", "aktif"): 1, ("tidak_terdaftar", "nonaktif"): 1,
        }  # fmt: skip
        # Person 2 is paid for in December; person 6 is not.
        assert (found.idle_months(), found.idle_idr(load_money())) == (1, TARIFF)
    sheet = next(s for s in report.sheets if s.table == "bpjs")
    assert (sheet.rows_read, sheet.rows_accepted) == (7, 7)
    assert sheet.unknown_columns == ["No KPJ", "Nama"]
    assert any("No KPJ" in r and "tidak disimpan" in r for r in report.remarks)


def test_months_of_the_list(store: Store) -> None:
    header = "NIK,Status Kepesertaan,Bulan"
    bring(
        store, peserta=[person(1), person(2, first="2025-11"), person(3)], bpjs_header=header,
        bpjs=[
            f"{nik(1)},aktif,2025-09", f"{nik(1)},nonaktif,2025-10", f"{nik(1)},nonaktif,12/2025",
            f"{nik(2)},nonaktif,2025-10", f"{nik(2)},aktif,Desember 2025",
            f"{nik(3)},nonaktif,2025-11", f"{nik(3)},aktif,2026-01",
        ],
    )  # fmt: skip
    with door(store) as opened:
        found = bpjs_match(opened)
        assert found
        assert (found.first, found.last) == (Month(2025, 9), Month(2026, 1))
        # What lies after the month of the data is not counted yet.
        assert found.of(lambda part: part.cohort)["pekerja_rentan"] == {
            "aktif": 1, "nonaktif": 2, "tidak_ditemukan": 0,
        }  # fmt: skip
        # Person 1 in October and December, 3 in November; 2 was not paid for in October.
        assert found.idle_months() == 3
        told = lapses(opened)
        assert told
        assert {(p.evidence, p.last_month): p.people for p in told.parts} == {
            ("bpjs", Month(2025, 9)): 1,  # seen as a member in September
            ("bpjs", Month(2025, 10)): 1,  # paid, but not a member since November at the latest
        }
        assert told.lapsing == {1: 1, 2: 1, 3: 0}


def test_a_list_stays_until_the_next_and_an_old_one_says_nothing_of_lapses(store: Store) -> None:
    bring(store, as_of=date(2025, 6, 30), peserta=[person(1)], bpjs=[status(1, "nonaktif")])
    with door(store) as opened:
        told = lapses(opened)
        assert told
        assert told.lapsing == {1: 0, 2: 0, 3: 1}
    bring(store, peserta=[person(1), person(2)])
    with door(store) as opened:
        found, told = bpjs_match(opened), lapses(opened)
    assert found
    assert told
    assert (found.last, found.listed) == (Month(2025, 6), 1)
    assert found.person_count("dibayar", "nonaktif") == 1
    assert told.parts == ()
    bring(store, bpjs=[status(2)])
    with door(store) as opened:
        found = bpjs_match(opened)
    assert found
    assert found.person_count("dibayar", "tidak_ditemukan") == 1
    assert (found.last, found.listed) == (DECEMBER, 1)


def test_people_who_were_decided_to_be_one_are_matched_as_one(store: Store) -> None:
    bring(store, peserta=[person(1), person(2)])
    with duckdb.connect(str(store.path_of(store.require_current().release)), read_only=True) as db:
        first, second = (
            str(row[0]) for row in db.execute("SELECT person FROM enrolment").fetchall()
        )
    Reviews(store.home).decide_pairs([PairDecision(kept=first, other=second, same=True)])
    statuses = [status(1, "nonaktif"), status(2)]
    # The roster that is carried over still knows two.
    bring(store, bpjs=statuses)
    with door(store) as opened:
        found = bpjs_match(opened)
    assert found
    assert found.persons == {("dibayar", "aktif"): 1, ("dibayar", "nonaktif"): 1}
    for number in (1, 2):
        bring(store, peserta=[person(number)], bpjs=statuses)
        with door(store) as opened:
            found = bpjs_match(opened)
        assert found
        # Of two rows of one person, the one that says "member" counts.
        assert found.persons == {("dibayar", "aktif"): 1}


def test_a_lurah_sees_the_own_kelurahan_and_the_public_nothing(store: Store) -> None:
    bring(store, peserta=[
        person(1), person(1, "Kasang", "ketua rt"), person(2, "Kasang", last="2025-10"),
        person(3, "Kasang", stage="diusulkan", first=""),
    ], bpjs=[status(1), status(2, "nonaktif")])  # fmt: skip
    path = store.path_of(store.require_current().release)
    with open_door(path, Sight(areas=frozenset({KASANG}))) as own:
        match, double, near = bpjs_match(own), double_cover(own), lapses(own)
        assert match
        assert double
        assert near
        assert {part.kelurahan_code for part in match.parts} == {KASANG}
        assert match.persons is None
        assert (double.people, near.near) == (0, 1)  # the double one is Thehok's
        assert ladder(own).by_stage == {"aktif": 1, "diusulkan": 1}
        assert [sheet.name for sheet in mend_book(own).sheets] == ["Kasang"]
        with pytest.raises(Refusal, match="tidak ada"):
            mend_book(own, kelurahan=THEHOK)
    with open_door(path, Sight(public=True)) as public:
        for question in (bpjs_match, double_cover, lapses, paid_person_months, ladder, mend_book):
            with pytest.raises(Refusal):
                question(public)


def test_nothing_of_a_card_or_an_nik_is_kept(store: Store) -> None:
    bring(store, peserta=[person(1), person(2)], bpjs=[status(1), status(2, "nonaktif")])
    content = b"".join(
        path.read_bytes() for path in store.home.rglob("*") if path.is_file()
    )  # fmt: skip
    for secret in (CARD, nik(1), nik(2), "Zulkarnain"):
        assert secret.encode() not in content
        assert secret.encode("utf-16-le") not in content
    assert int(nik(1)).to_bytes(8, "little") not in content
    assert int(CARD).to_bytes(8, "little") not in content


# Lapses and paid months


@pytest.mark.parametrize(
    ("last", "left"),
    [("2025-12", 4), ("2025-11", 3), ("2025-10", 2), ("2025-09", 1), ("2025-08", 0)],
)
def test_months_until_the_membership_ends(store: Store, last: str, left: int) -> None:
    bring(store, peserta=[person(1, last=last), person(2)])
    with door(store) as opened:
        found = lapses(opened)
    assert found
    assert found.grace == load_membership_facts().grace_months == 3
    assert [found.months_left(p.last_month) for p in found.parts] == [left]
    assert found.lapsing == {n: int(n == left) for n in (1, 2, 3)}
    assert (found.ended, found.last_paid_now) == (int(left == 0), int(left == 4))


def test_another_roster_that_pays_keeps_the_membership(store: Store) -> None:
    bring(store, peserta=[
        person(1, last="2025-09"), person(1, cohort="ketua rt"),
        person(2, last="2025-09"), person(2, "Kasang", "ketua rt", last="2025-11"),
        person(3, last="2025-09"),
        person(4, stage="nonaktif", last="2025-10"),
    ], bpjs=[status(3)])  # fmt: skip
    with door(store) as opened:
        found = lapses(opened)
    assert found
    # Person 3 is a member, whoever pays: until March. Who was taken out is not warned of.
    assert {(p.cohort, p.evidence, str(p.last_month)): p.people for p in found.parts} == {
        ("pekerja_rentan", "daftar", "2025-11"): 1,
        ("pekerja_rentan", "bpjs", "2025-12"): 1,
    }
    assert found.near_by(lambda part: part.kelurahan_code) == {THEHOK: {1: 0, 2: 0, 3: 1}}


def test_paid_person_months(store: Store) -> None:
    bring(store, peserta=[
        person(1, first="2024-11"), person(2, first="2025-12"), person(3, first="2026-01"),
        person(1, cohort="ketua rt", last="2025-02"),
    ])  # fmt: skip
    with door(store) as opened:
        found = {p.cohort: p for p in paid_person_months(opened)}
    assert (found["pekerja_rentan"].year_months, found["pekerja_rentan"].all_months) == (13, 15)
    assert found["ketua_rt"].year_idr == 2 * TARIFF


def test_months_left_is_a_count_of_months() -> None:
    new_year = Lapses(Month(2026, 2), 3, ())
    assert new_year.months_left(Month(2025, 11)) == 1
