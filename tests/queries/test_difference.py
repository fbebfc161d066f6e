"""Why the number changed: by hand, through real imports, and against a slow second reckoning."""

from __future__ import annotations

import itertools
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest
import two_lists
from hypothesis import given, settings
from hypothesis import strategies as st
from made_releases import Row, make_release

from jambi_dash.domain.difference import PARTS, Difference, Flow
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries import difference as queries
from jambi_dash.queries.difference import difference
from jambi_dash.queries.door import Door, DoorPair
from jambi_dash.releases.store import Store

THEHOK, KASANG = "15.71.02.1004", "15.71.03.1006"
DECEMBER, FEBRUARY = date(2025, 12, 31), date(2026, 2, 28)


def compared(folder: Path, before: list[Row], after: list[Row], **asked: object) -> Difference:
    a = make_release(folder / "a.duckdb", before, release="a", as_of=DECEMBER)
    b = make_release(folder / "b.duckdb", after, release="b", as_of=FEBRUARY)
    return difference(a, b, **asked)  # type: ignore[arg-type]


def flows(answer: Difference) -> dict[str | None, Flow]:
    found: dict[str | None, Flow] = {row.code: row.flow for row in answer.rows}
    return {code: f for code, f in {**found, None: answer.unlocated}.items() if f != Flow()}


# One person at a time: what stands in the two lists, and the part it must fall in.
ONE_PERSON = {
    "stays": (Row(1), Row(1), {"stayed": 1}),
    "new": (None, Row(1, start="2026-01"), {"new": 1}),
    "listed late": (None, Row(1), {"new": 1, "backdated": 1}),
    "gone from the list": (Row(1), None, {"ended": 1}),
    "last month passed": (Row(1), Row(1, end="2026-01"), {"ended": 1}),
    "last month known all along": (Row(1, end="2026-01"), Row(1, end="2026-01"), {"ended": 1}),
    "stopped, no month given": (Row(1), Row(1, stage="nonaktif"), {"ended": 1}),
    "stopped before the first release": (
        Row(1), Row(1, stage="nonaktif", end="2025-10"), {"corrected_out": 1}
    ),
    "had ended before": (Row(1), Row(1, end="2025-11"), {"corrected_out": 1}),
    "begins later than it said": (Row(1), Row(1, start="2026-03"), {"corrected_out": 1}),
    "back on the ladder": (Row(1), Row(1, stage="diusulkan"), {"corrected_out": 1}),
    "turned down": (Row(1), Row(1, stage="ditolak", start=None), {"corrected_out": 1}),
    "proposed, then paid": (
        Row(1, stage="ditetapkan", start=None), Row(1, start="2026-01"), {"new": 1}
    ),
    "was paid all along": (Row(1, stage="ditetapkan"), Row(1), {"corrected_in": 1}),
    "had not ended": (Row(1, end="2025-11"), Row(1), {"corrected_in": 1}),
    "planned start came": (Row(1, start="2026-01"), Row(1, start="2026-01"), {"new": 1}),
    "cohort mended": (Row(1, cohort="phl"), Row(1), {"recoded_in": 1}),
    "cohort mended away": (Row(1), Row(1, cohort="phl"), {"recoded_out": 1}),
    "waits in another cohort": (Row(1), Row(1, cohort="phl", stage="diusulkan"), {"ended": 1}),
    "nik mended": (Row(1), Row(2), {"corrected_pairs": 1}),
    "not alike": (Row(1), Row(2, birth_year=1981), {"ended": 1, "new": 1, "backdated": 1}),
    "of unknown age": (
        Row(1, birth_year=None), Row(2, birth_year=None), {"ended": 1, "new": 1, "backdated": 1}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_PERSON)
def test_one_person(tmp_path: Path, name: str) -> None:
    before, after, expected = ONE_PERSON[name]
    answer = compared(tmp_path, [before] if before else [], [after] if after else [])
    assert flows(answer) == {THEHOK: Flow(**expected)}


def test_a_second_cohort_is_an_addition_not_another_code(tmp_path: Path) -> None:
    answer = compared(tmp_path, [Row(1, cohort="phl")], [Row(1, cohort="phl"), Row(1)])
    assert flows(answer) == {THEHOK: Flow(new=1, backdated=1)}


def test_places(tmp_path: Path) -> None:
    before = [Row(1), Row(2, kelurahan_code=None), Row(3), Row(4, kelurahan_code=None)]
    after = [Row(1, kelurahan_code=KASANG), Row(2, kelurahan_code=KASANG),
             Row(3, kelurahan_code=None), Row(4, kelurahan_code=None)]  # fmt: skip
    answer = compared(tmp_path, before, after)
    assert flows(answer) == {
        THEHOK: Flow(moved_out=1, recoded_out=1),
        KASANG: Flow(moved_in=1, recoded_in=1),
        None: Flow(stayed=1, recoded_out=1, recoded_in=1),
    }
    assert answer.city.parts == dict.fromkeys(PARTS, 0) | {"moved_in": 1, "moved_out": -1}


def test_two_alike_are_nobody_in_particular(tmp_path: Path) -> None:
    answer = compared(tmp_path, [Row(1), Row(2)], [Row(3)])
    assert flows(answer) == {THEHOK: Flow(ended=2, new=1, backdated=1)}


def test_somebody_known_elsewhere_is_not_a_mended_nik(tmp_path: Path) -> None:
    answer = compared(tmp_path, [Row(1), Row(2, cohort="phl")], [Row(2, cohort="phl"), Row(2)])
    assert flows(answer) == {THEHOK: Flow(ended=1, new=1, backdated=1)}


def test_one_month_for_both(tmp_path: Path) -> None:
    answer = compared(
        tmp_path, [Row(1), Row(2)], [Row(1, end="2026-01"), Row(2, start="2026-01")],
        at=Month(2025, 12),
    )  # fmt: skip
    assert flows(answer) == {THEHOK: Flow(stayed=1, corrected_out=1)}
    assert (str(answer.a.at), str(answer.b.at)) == ("2025-12", "2025-12")


def test_a_release_does_not_differ_from_itself(tmp_path: Path) -> None:
    path = make_release(tmp_path / "a.duckdb", [Row(1), Row(2)], release="a", as_of=DECEMBER)
    assert flows(difference(path, path)) == {THEHOK: Flow(stayed=2)}


def test_only_own_areas(tmp_path: Path) -> None:
    before, after = [Row(1), Row(2, kelurahan_code=None)], [Row(1, kelurahan_code=KASANG), Row(3)]
    answer = compared(tmp_path, before, after, areas=frozenset({KASANG}))
    assert flows(answer) == {KASANG: Flow(moved_in=1)}
    assert answer.city == Flow(moved_in=1)
    assert not answer.whole


def test_an_unknown_cohort_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="phk"):
        compared(tmp_path, [], [], cohort="phk")


def test_many_who_share_nothing_are_not_paired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_MOST_TALLIES", 1)
    answer = compared(tmp_path, [Row(1)], [Row(2)])
    assert not answer.paired
    assert flows(answer) == {THEHOK: Flow(ended=1, new=1, backdated=1)}


def test_the_pair_reads_two_files_and_nothing_else(tmp_path: Path) -> None:
    paths = [make_release(tmp_path / f"{n}'s.duckdb", [Row(1)], release=n, as_of=DECEMBER)
             for n in "ab"]  # fmt: skip
    (tmp_path / "more.csv").write_text("a\n1\n", encoding="utf-8")
    with Door(paths[0]), DoorPair(*paths) as pair:
        assert pair.rows("difference_tally") == []
        assert pair.rows("difference_size") == [(0, 1)]
        for forbidden in (
            f"FROM read_csv('{tmp_path / 'more.csv'}')",
            f"ATTACH '{tmp_path / 'new.duckdb'}'",
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            "DELETE FROM earlier.enrolment",
            "SET enable_external_access = true",
            "SET memory_limit = '9GB'",
        ):
            with pytest.raises(duckdb.Error):
                pair._connection.cursor().execute(forbidden)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a's.duckdb", "b's.duckdb", "more.csv"
    ]  # fmt: skip


# A second reckoning, person by person, in plain Python.


def covers(row: Row, at: Month) -> bool:
    return row.stage == "aktif" and in_months(row, at)


def in_months(row: Row, at: Month) -> bool:
    return (row.start is None or row.start <= str(at)) and (row.end is None or row.end >= str(at))


def reckoned(
    before: list[Row], after: list[Row], cohort: str, at_before: Month, at_after: Month
) -> dict[str | None, Counter[str]]:
    """Code: counts by part, `left …` and `came …` apart."""
    found: dict[str | None, Counter[str]] = {}

    def note(code: str | None, what: str) -> None:
        found.setdefault(code, Counter())[what] += 1

    def look(row: Row) -> tuple[object, ...]:
        return (row.kelurahan_code, row.rt, row.start, row.birth_year, row.sex, row.occupation)

    def mendable(row: Row) -> bool:
        return None not in (row.kelurahan_code, row.birth_year, row.sex)

    def cohorts(rows: list[Row], person: int, at: Month) -> set[str]:
        return {r.cohort for r in rows if r.person == person and covers(r, at)}

    was = {r.person: r for r in before if r.cohort == cohort and covers(r, at_before)}
    now = {r.person: r for r in after if r.cohort == cohort and covers(r, at_after)}
    lost = [was[p] for p in was.keys() - {r.person for r in after} if mendable(was[p])]
    found_new = [now[p] for p in now.keys() - {r.person for r in before} if mendable(now[p])]
    alike = Counter(map(look, lost)), Counter(map(look, found_new))
    mended = {key for key in alike[0] if alike[0][key] == alike[1][key] == 1}
    for person in was.keys() | now.keys():
        out, come = was.get(person), now.get(person)
        others = cohorts(before, person, at_before), cohorts(after, person, at_after)
        row_before = next((r for r in before if (r.person, r.cohort) == (person, cohort)), None)
        row_after = next((r for r in after if (r.person, r.cohort) == (person, cohort)), None)
        if out and come:
            if out.kelurahan_code == come.kelurahan_code:
                note(come.kelurahan_code, "stayed")
            else:
                located = None not in (out.kelurahan_code, come.kelurahan_code)
                part = "moved" if located else "recoded"
                note(out.kelurahan_code, f"{part}_out")
                note(come.kelurahan_code, f"{part}_in")
        elif out:
            if others[1] - others[0]:
                part = "recoded_out"
            elif row_after and not (
                row_after.stage in ("aktif", "nonaktif") and in_months(row_after, at_before)
            ):
                part = "corrected_out"
            else:
                part = "corrected_pairs" if out in lost and look(out) in mended else "ended"
            note(out.kelurahan_code, part)
        elif come:
            if others[0] - others[1]:
                part = "recoded_in"
            elif row_before and in_months(come, at_before):
                part = "corrected_in"
            elif come in found_new and look(come) in mended:
                continue  # counted with the one who left
            else:
                part = "new"
                if in_months(come, at_before):
                    note(come.kelurahan_code, "backdated")
            note(come.kelurahan_code, part)
    return found


months = st.sampled_from(["2025-10", "2025-11", "2025-12", "2026-01", "2026-02"])
rows = st.builds(
    Row,
    person=st.integers(1, 9),
    cohort=st.sampled_from(["pekerja_rentan", "pekerja_rentan", "phl", "guru_ngaji"]),
    stage=st.sampled_from(["aktif", "aktif", "aktif", "nonaktif", "diusulkan", "ditolak"]),
    kelurahan_code=st.sampled_from([THEHOK, KASANG, None]),
    start=months,
    end=st.one_of(st.none(), months),
    rt=st.sampled_from(["001", None]),
    birth_year=st.sampled_from([1980, 1981, None]),
    sex=st.sampled_from(["L", "L", None]),
    occupation=st.sampled_from(["becak", None]),
).filter(lambda row: row.end is None or row.start <= row.end)  # else turned away at import
rosters = st.lists(rows, max_size=24, unique_by=lambda row: (row.person, row.cohort))
as_ofs = st.sampled_from([date(2025, 11, 30), DECEMBER, date(2026, 1, 31), FEBRUARY])


@settings(max_examples=8)
@given(
    lists=st.lists(st.tuples(rosters, as_ofs), min_size=3, max_size=3),
    at=st.one_of(st.none(), st.sampled_from([Month(2025, 12), Month(2026, 1)])),
    size=st.sampled_from([10, 400_000]),
)
def test_the_parts_always_add_up_and_everybody_is_in_one(
    lists: list[tuple[list[Row], date]], at: Month | None, size: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "_SHARE_ROWS", size)
        paths = [
            make_release(Path(folder) / f"{n}.duckdb", people, release=str(n), as_of=as_of)
            for n, (people, as_of) in enumerate(lists)
        ]
        for (n, a), (_, b) in itertools.combinations(enumerate(paths), 2):
            for cohort in ("pekerja_rentan", "phl"):
                answer = difference(a, b, cohort=cohort, at=at)
                for flow in (*(row.flow for row in answer.rows), answer.unlocated, answer.city):
                    assert sum(flow.parts.values()) == flow.covered_b - flow.covered_a
                assert answer.city.covered_a == len(
                    {r.person for r in lists[n][0] if r.cohort == cohort and covers(r, answer.a.at)}
                )
                forward = (answer.a.at, "") <= (answer.b.at, "")
                first, second = (answer.a, answer.b) if forward else (answer.b, answer.a)
                expected = reckoned(
                    lists[int(first.release)][0], lists[int(second.release)][0], cohort,
                    first.at, second.at,
                )  # fmt: skip
                assert flows(answer) == {
                    code: Flow(**counts) if forward else Flow(**counts).reversed()
                    for code, counts in expected.items()
                }
                back = difference(b, a, cohort=cohort, at=at)
                assert flows(back) == {c: f.reversed() for c, f in flows(answer).items()}


# Through real files: NIK, names and spellings as senders write them.


def test_two_imports_by_hand(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    a, b = (store.path_of(record.release) for record in two_lists.bring_both(store))
    answer = difference(a, b)
    assert flows(answer) == {
        THEHOK: Flow(
            stayed=4, moved_out=1, ended=3, corrected_pairs=2, corrected_out=1, recoded_in=2,
            corrected_in=1, new=2, backdated=1,
        ),
        KASANG: Flow(moved_in=1, new=1, backdated=1),
        None: Flow(recoded_out=1),
    }  # fmt: skip
    assert answer.city.parts == two_lists.PARTS
    assert flows(difference(a, b, cohort="phl")) == {THEHOK: Flow(ended=1, recoded_out=1)}
