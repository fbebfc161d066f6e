"""The ladder over three releases, on people that can be counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jambi_dash.domain.ladder import Days, days_of
from jambi_dash.domain.membership import sums
from jambi_dash.domain.part import Part
from jambi_dash.domain.programme import load_programme
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.queries.door import Door
from jambi_dash.queries.ladder import ladder
from jambi_dash.queries.membership import double_cover, lapses
from jambi_dash.releases.reviews import PairDecision, Reviews
from jambi_dash.releases.store import READABLE, Store, file_hash

OCTOBER, NOVEMBER, DECEMBER = date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31)
HEADER = "NIK,Nama,Kelurahan,Pekerjaan,Tahap,Alasan Penolakan"
STAGES = load_programme().worker_stages.ids
REMARK = "KTP Zulkarnain ada di rumah Bu Mariam"


def row(
    number: int, stage: str, reason: str = "", kelurahan: str = "Thehok", work: str = "ojol"
) -> str:
    nik = f"157104{number % 28 + 1:02d}0685{number + 1:04d}"
    return f"{nik},Zulkarnain {number},{kelurahan},{work},{stage},{reason}"


def bring(store: Store, day: date, rows: list[str], header: str = HEADER) -> None:
    path = store.home.parent / "daftar.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    with check_files(store, [path], as_of=day) as prepared:
        publish(prepared)


def door(store: Store) -> Door:
    return Door(store.path_of(store.require_current().release))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


FIRST = [
    row(1, "diusulkan"), row(2, "diusulkan", work="tukang parkir"),
    row(3, "verifikasi kelurahan"), row(4, "verifikasi kecamatan", kelurahan="Kasang"),
    row(5, "ditetapkan"), row(6, "aktif"), row(7, "diusulkan", kelurahan="Kasang"),
]  # fmt: skip
SECOND = [
    row(1, "diusulkan"), row(2, "verifikasi kelurahan", work="tukang parkir"),
    row(3, "verifikasi kelurahan"), row(4, "diusulkan", "lengkapi KTP", kelurahan="Kasang"),
    row(5, "aktif"), row(6, "nonaktif", "meninggal dunia"), row(8, "diusulkan"),
]  # fmt: skip
THIRD = [
    row(1, "diusulkan"), row(2, "ditolak", "sudah terdaftar di BPJS", work="tukang parkir"),
    row(3, "verifikasi kecamatan"), row(4, "ditolak", REMARK, kelurahan="Kasang"),
    row(5, "aktif"), row(6, "nonaktif", "meninggal dunia"), row(8, "diusulkan"),
]  # fmt: skip


def test_the_first_release_knows_no_days(store: Store) -> None:
    bring(store, OCTOBER, FIRST)
    with door(store) as opened:
        found = ladder(opened)
    assert [(s.stage, s.people, s.reached) for s in found.steps()] == [
        ("diusulkan", 3, 7), ("verifikasi_kelurahan", 1, 4), ("verifikasi_kecamatan", 1, 3),
        ("ditetapkan", 1, 2), ("aktif", 1, 1),
    ]  # fmt: skip
    assert found.steps()[0].waiting == Days(3, 0, None, 0)
    assert (found.moves, found.steps()[0].left, found.steps()[0].stalled) == ((), None, 0)
    assert found.waiting_list()["15.71.02.1004", "tukang_parkir"] == 1
    assert sum(found.waiting_list().values()) == 6


def test_two_releases_tell_spans(store: Store) -> None:
    bring(store, OCTOBER, FIRST)
    bring(store, NOVEMBER, SECOND)
    with door(store) as opened:
        found = ladder(opened)
    entries = sums(((e.stage, e.entered_by, e.entered_after), e.people) for e in found.entries)
    assert entries == {
        ("diusulkan", OCTOBER, None): 1,  # 1, since no one knows when
        ("diusulkan", NOVEMBER, OCTOBER): 2,  # 4, sent back, and 8, new
        ("verifikasi_kelurahan", OCTOBER, None): 1,
        ("verifikasi_kelurahan", NOVEMBER, OCTOBER): 1,
        ("nonaktif", NOVEMBER, OCTOBER): 1,
    }
    moves = {(m.from_stage, m.to_stage): (m.people, m.days_least, m.days_most, m.seen)
             for m in found.moves}  # fmt: skip
    assert moves == {
        ("diusulkan", "verifikasi_kelurahan"): (1, 0, None, NOVEMBER),
        ("diusulkan", None): (1, 0, None, NOVEMBER),
        ("verifikasi_kecamatan", "diusulkan"): (1, 0, None, NOVEMBER),
        ("ditetapkan", "aktif"): (1, 0, None, NOVEMBER),
        ("aktif", "nonaktif"): (1, None, None, NOVEMBER),
    }
    assert found.backwards() == {("verifikasi_kecamatan", "diusulkan"): 1}
    assert found.vanished() == {"diusulkan": 1}
    assert found.returned(["ditolak", "nonaktif"]) == {
        ("nonaktif", "meninggal"): 1,
        ("diusulkan", "data_tidak_lengkap"): 1,
    }
    assert found.steps()[0].waiting == Days(3, 0, 30, 30)


def test_three_releases_carry_dates_on(store: Store) -> None:
    for day, rows in ((OCTOBER, FIRST), (NOVEMBER, SECOND), (DECEMBER, THIRD)):
        bring(store, day, rows)
    with door(store) as opened:
        found = ladder(opened)
        in_kasang = ladder(opened, area="15.71.03.1006")
    moves = {(m.from_stage, m.to_stage, m.seen): (m.people, m.days_least, m.days_most)
             for m in found.moves}  # fmt: skip
    assert moves["verifikasi_kelurahan", "ditolak", DECEMBER] == (
        1,
        0,
        61,
    )  # 2: in November at most
    assert moves["verifikasi_kelurahan", "verifikasi_kecamatan", DECEMBER] == (1, 30, None)
    assert moves["diusulkan", "ditolak", DECEMBER] == (1, 0, 61)
    assert moves["diusulkan", None, NOVEMBER] == (1, 0, None)  # of the release before
    assert len(moves) == 8
    waiting = next(s for s in found.steps() if s.stage == "diusulkan")
    # 1 for 61 days at least, 8 for 31 to 61: the limit is 60.
    assert waiting.waiting == Days(2, 31, 61, 61)
    assert waiting.stalled == 1
    assert found.stalled_by_kelurahan() == {"15.71.02.1004": 1}
    assert next(s for s in found.steps() if s.stage == "verifikasi_kelurahan").left == Days(
        2, 0, 61, 30
    )
    assert found.returned(["ditolak", "nonaktif"]) == {
        ("ditolak", "sudah_terdaftar"): 1,
        ("ditolak", "data_tidak_lengkap"): 1,
        ("nonaktif", "meninggal"): 1,
    }
    assert in_kasang.by_stage == {"ditolak": 1}
    content = store.path_of(store.require_current().release).read_bytes()
    for secret in (REMARK, "Mariam", "lengkapi", "dunia", "Zulkarnain"):
        assert secret.encode() not in content


def test_a_roster_that_was_carried_over_makes_nobody_wait_longer(store: Store) -> None:
    bring(store, OCTOBER, FIRST)
    bring(store, NOVEMBER, ["Thehok,001,80"], "Kelurahan,RT,Jumlah KK")
    with door(store) as opened:
        found = ladder(opened)
    assert (found.roster_day, found.moves) == (OCTOBER, ())
    assert all(e.entered_by == OCTOBER for e in found.entries)
    bring(store, DECEMBER, THIRD)
    with door(store) as opened:
        found = ladder(opened)
    # What came meanwhile did not look: from October on is all that is known.
    step = next(m for m in found.moves if m.to_stage == "verifikasi_kecamatan")
    assert (step.days_least, step.days_most) == (0, None)
    new = next(e for e in found.entries if e.stage == "diusulkan" and e.entered_by == DECEMBER)
    assert new.entered_after == OCTOBER


def test_a_partial_import_leaves_the_others_where_they_were(store: Store) -> None:
    bring(store, OCTOBER, FIRST)
    bring(store, NOVEMBER, SECOND)
    path = store.home.parent / "daftar.csv"
    path.write_text(
        "\n".join([HEADER, row(4, "ditolak", "pindah", kelurahan="Kasang")]) + "\n",
        encoding="utf-8",
    )
    part = Part(("15.71.03.1006",))
    with check_files(store, [path], as_of=DECEMBER, part=part) as prepared:
        publish(prepared)
    with door(store) as opened:
        found = ladder(opened)
    entries = {(e.kelurahan_code, e.stage, e.entered_by) for e in found.entries}
    assert ("15.71.02.1004", "diusulkan", OCTOBER) in entries
    assert ("15.71.03.1006", "ditolak", DECEMBER) in entries
    assert found.returned(["ditolak", "nonaktif"]) == {
        ("ditolak", "pindah"): 1, ("nonaktif", "meninggal"): 1,
    }  # fmt: skip
    steps = {(m.from_stage, m.to_stage) for m in found.moves if m.seen == DECEMBER}
    assert steps == {("diusulkan", "ditolak")}
    assert found.total == 7


def test_the_same_day_again_is_a_correction_and_an_earlier_day_no_step(store: Store) -> None:
    bring(store, NOVEMBER, FIRST)
    bring(store, NOVEMBER, SECOND)
    with door(store) as opened:
        found = ladder(opened)
    assert found.moves == ()
    assert all(e.entered_after is None and e.entered_by == NOVEMBER for e in found.entries)
    bring(store, OCTOBER, SECOND)
    with door(store) as opened:
        found = ladder(opened)
    assert found.moves == ()
    assert all(e.entered_by == OCTOBER for e in found.entries)


def test_a_kecamatan_that_comes_for_the_first_time_is_not_new_in_its_stage(store: Store) -> None:
    bring(store, OCTOBER, [row(1, "diusulkan")])
    bring(store, NOVEMBER, [row(1, "diusulkan"), row(2, "diusulkan", kelurahan="Kasang"),
                            row(3, "diusulkan")])  # fmt: skip
    with door(store) as opened:
        found = ladder(opened)
    assert {(e.kelurahan_code, e.entered_by): e.entered_after for e in found.entries} == {
        ("15.71.02.1004", OCTOBER): None,
        ("15.71.02.1004", NOVEMBER): OCTOBER,
        ("15.71.03.1006", NOVEMBER): None,
    }


def test_people_who_were_decided_to_be_one_go_on_as_one(store: Store) -> None:
    bring(store, OCTOBER, [row(1, "diusulkan"), row(2, "diusulkan"), row(3, "diusulkan")])
    with duckdb.connect(str(store.path_of(store.require_current().release)), read_only=True) as db:
        # The first and the second NIK, whichever their hashes are: both stand in the same stage.
        people = [str(p) for (p,) in db.execute("SELECT person FROM enrolment").fetchall()]
    Reviews(store.home).decide_pairs([PairDecision(people[0], people[1], True)])
    bring(store, NOVEMBER, [row(n, "diusulkan") for n in (1, 2, 3)])
    with door(store) as opened:
        found = ladder(opened)
    # One of the two rows is now a double; nobody has gone, and nobody has begun anew.
    assert (found.total, found.moves) == (2, ())
    assert all(e.entered_by == OCTOBER for e in found.entries)


def as_older_form(store: Store) -> None:
    """Makes the current release one of the form before the ladder."""
    record = store.require_current()
    path = store.path_of(record.release)
    with duckdb.connect(str(path)) as connection:
        for table in ("stage_entry", "stage_move", "bpjs_status", "double_change", "lapse",
                      "bpjs_match", "bpjs_person", "bpjs_idle_month"):  # fmt: skip
            connection.execute(f"DROP TABLE {table}")
        connection.execute("ALTER TABLE enrolment DROP COLUMN reason")
        connection.execute("UPDATE meta SET value = '2' WHERE key = 'schema'")
        connection.execute("DELETE FROM meta WHERE key = 'roster_as_of'")
    journal = store.home / "journal.jsonl"
    text = journal.read_text(encoding="utf-8").replace(record.sha256, file_hash(path))
    text = text.replace(f'"bytes": {record.bytes}', f'"bytes": {path.stat().st_size}')
    journal.write_text(text, encoding="utf-8")


def test_a_release_of_the_older_form_is_read_and_gone_on_from(store: Store) -> None:
    bring(store, OCTOBER, FIRST)
    as_older_form(store)
    assert READABLE[0] == "2"
    with door(store) as opened:
        assert opened.is_older
        found = ladder(opened)
        assert double_cover(opened) is None
        assert lapses(opened) is None
    assert (found.by_stage["diusulkan"], found.entries, found.moves) == (3, (), ())
    bring(store, NOVEMBER, SECOND)
    with door(store) as opened:
        found = ladder(opened)
    assert not opened.is_older
    assert {(m.from_stage, m.to_stage) for m in found.moves} == {
        ("diusulkan", "verifikasi_kelurahan"), ("diusulkan", None),
        ("verifikasi_kecamatan", "diusulkan"), ("ditetapkan", "aktif"), ("aktif", "nonaktif"),
    }  # fmt: skip
    assert found.steps()[0].waiting == Days(3, 0, 30, 30)


STAGE = st.sampled_from([*STAGES, ""])


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.lists(st.lists(STAGE, min_size=5, max_size=5), min_size=1, max_size=3))
def test_nobody_is_lost_between_the_steps(
    tmp_path_factory: pytest.TempPathFactory, lists: list[list[str]]
) -> None:
    store = Store(tmp_path_factory.mktemp("store") / "home")
    before: dict[int, str] = {}
    steps = 0
    for stages, day in zip(lists, (OCTOBER, NOVEMBER, DECEMBER), strict=False):
        # An empty stage: not on this list. Number 9 is always there, so that there is a list.
        now = {n: stage for n, stage in enumerate(stages) if stage} | {9: "diusulkan"}
        bring(store, day, [row(n, stage) for n, stage in now.items()])
        steps += sum(
            now.get(n) != stage for n, stage in before.items() if stage != "aktif" or n in now
        )
        before = now
    with door(store) as opened:
        found = ladder(opened)  # checks itself
    assert found.total == len(before)
    assert sum(e.people for e in found.entries) == sum(s != "aktif" for s in before.values())
    assert sum(m.people for m in found.moves) == steps
    assert all(m.days_most is None or (m.days_least or 0) <= m.days_most for m in found.moves)
    assert all(e.entered_after is None or e.entered_after < e.entered_by for e in found.entries)


def test_the_median_of_spans() -> None:
    assert days_of([]) is None
    assert days_of([(0, None, 0)]) is None
    assert days_of([(10, 20, 1), (30, 40, 1), (50, None, 1)]) == Days(3, 30, 40, 50)
    assert days_of([(10, 20, 1), (30, None, 2)]) == Days(3, 30, None, 30)


@pytest.mark.parametrize(
    ("remark", "reason"),
    [
        ("Sudah terdaftar di perusahaan", "sudah_terdaftar"), ("umurnya 66 th", "usia"),
        ("Pindah ke Muaro Jambi", "pindah"), ("alm. meninggal dunia 2024", "meninggal"),
        ("ybs ASN", "bukan_pekerja_rentan"), ("KK tidak ada", "data_tidak_lengkap"),
        ("keluarga tidak mampu", "alasan_lain"), ("anak kerja di klinik manusia", "alasan_lain"),
        ("-", None), ("  ", None), ("usia", "usia"), ("x" * 30_000, "alasan_lain"),
    ],
)  # fmt: skip
def test_a_remark_becomes_one_of_a_few_reasons(remark: str, reason: str | None) -> None:
    assert load_programme().return_reason(remark) == reason
