"""Columns settled once are known the next time: by sender, by header line, never by content."""

from __future__ import annotations

import csv
import multiprocessing
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.checks import Prepared, check_files
from jambi_dash.intake.columns import PESERTA, RT
from jambi_dash.intake.headers import Mapping
from jambi_dash.intake.mapping_shelf import (
    MappingShelf,
    Remembered,
    _read,
    _toml,
    fingerprint,
    fitting,
    remember_lists,
    with_remembered,
)
from jambi_dash.releases.reviews import Decisions, PairDecision, Reviews, SplitDecision
from jambi_dash.releases.store import Store

AS_OF = date(2025, 12, 31)
HEADER = ["Kode Warga", "Nama", "Wilayah", "Petugas"]
ROWS = [HEADER, ["1571040101850001", "Budi", "Legok", "Pak Slamet"]]
COLUMNS = [("Kode Warga", "nik"), ("Wilayah", "kelurahan"), ("Petugas", "")]


def write(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture
def shelf(tmp_path: Path) -> MappingShelf:
    return MappingShelf(tmp_path / "home")


def check(tmp_path: Path, rows: Sequence[Sequence[Any]], **options: Any) -> Prepared:
    file = write(tmp_path / "r.csv", rows)
    return check_files(Store(tmp_path / "home"), [file], as_of=AS_OF, **options)


def test_a_header_line_is_known_again(shelf: MappingShelf, tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        check(tmp_path, ROWS)
    shelf.remember("Kelurahan Legok", "peserta", HEADER, COLUMNS)
    # However it is capitalised and spaced, and below a title.
    rows = [["DAFTAR"], ["KODE  WARGA", " nama", "wilayah", "Petugas "], ROWS[1]]
    with check(tmp_path, rows) as prepared:
        [report] = prepared.report.sheets
        assert report.rows_accepted == 1
        assert report.unknown_columns == ["Petugas"]
        [remark] = prepared.report.remarks
        assert "Kelurahan Legok" in remark
        assert "Wilayah → kelurahan" in remark
    for changed in ([*HEADER, "Lagi"], ["Nama", "Kode Warga", "Wilayah", "Petugas"]):
        with pytest.raises(Refusal):
            check(tmp_path, [changed, [*ROWS[1], ""][: len(changed)]])


def test_a_sender_is_known_whatever_the_header_line(shelf: MappingShelf, tmp_path: Path) -> None:
    shelf.remember("Kelurahan Legok", "peserta", HEADER, COLUMNS)
    longer = [[*HEADER, "Lagi"], [*ROWS[1], ""]]
    with check(tmp_path, longer, sender="kelurahan legok") as prepared:
        assert prepared.report.sheets[0].rows_accepted == 1
    with pytest.raises(Refusal):
        check(tmp_path, longer, sender="Kelurahan Murni")
    # A sender without a mapping of their own: by the header line.
    with check(tmp_path, ROWS, sender="Kelurahan Murni") as prepared:
        assert prepared.report.sheets[0].rows_accepted == 1


def test_senders_who_disagree_are_not_guessed(shelf: MappingShelf, tmp_path: Path) -> None:
    shelf.remember("A", "peserta", HEADER, COLUMNS)
    shelf.remember("B", "peserta", HEADER, [*COLUMNS[:2], ("Petugas", "pekerjaan")])
    with pytest.raises(Refusal):
        check(tmp_path, ROWS)
    for sender, column in (("A", None), ("B", "pekerjaan")):
        with check(tmp_path, ROWS, sender=sender) as prepared:
            assert ("pekerjaan" in prepared.report.sheets[0].columns) == (column is not None)
    shelf.remember("B", "peserta", HEADER, COLUMNS)  # the later word of the same sender
    assert len(shelf.list()) == 2
    with check(tmp_path, ROWS) as prepared:
        assert prepared.report.sheets[0].rows_accepted == 1


def test_what_is_said_now_stands_above(shelf: MappingShelf, tmp_path: Path) -> None:
    shelf.remember("", "peserta", HEADER, COLUMNS)
    for mapping in (
        Mapping({}, {"peserta": {"petugas": "pekerjaan"}}), Mapping({"petugas": "pekerjaan"}, {})
    ):  # fmt: skip
        with check(tmp_path, ROWS, mapping=mapping) as prepared:
            assert prepared.report.sheets[0].columns["pekerjaan"] == "Petugas"
            assert prepared.report.sheets[0].columns["kelurahan"] == "Wilayah"


def test_a_forgotten_mapping_is_gone(shelf: MappingShelf, tmp_path: Path) -> None:
    entry = shelf.remember("", "peserta", HEADER, COLUMNS)
    assert entry is not None
    assert [e.id for e in shelf.list()] == [entry.id]
    shelf.forget("../../key")
    shelf.forget(entry.id)
    shelf.forget(entry.id)
    assert shelf.list() == []
    with pytest.raises(Refusal):
        check(tmp_path, ROWS)


def test_only_headers_are_kept_and_none_that_names_somebody(
    shelf: MappingShelf, tmp_path: Path
) -> None:
    strange = [*HEADER, "1571040101850001", "x" * 200]
    columns = [*COLUMNS, ("1571040101850001", "rt"), ("x" * 200, "pekerjaan")]
    shelf.remember("Kelurahan Legok", "peserta", strange, columns)
    [path] = shelf.folder.glob("*.toml")
    text = path.read_text(encoding="utf-8")
    for secret in ("1571", "Budi", "Slamet", "xxx"):
        assert secret not in text
    assert '"Wilayah" = "kelurahan"' in text
    for sender in ("x" * 81, "Bu Ani 081277712345"):
        with pytest.raises(Refusal):
            shelf.remember(sender, "peserta", HEADER, COLUMNS)
    assert shelf.remember("", "peserta", ["1", ""], COLUMNS) is None
    assert shelf.remember("", "peserta", HEADER, []) is None


@pytest.mark.parametrize(
    "content",
    ["", "x", "sender = 3", 'sender = ""\nfingerprint = ""\nsaved = ""\n[entah]\n"a" = "nik"\n',
     'sender = ""\nfingerprint = ""\nsaved = ""\n[peserta]\n"a" = "entah"\n',
     'sender = ""\nfingerprint = ""\nsaved = ""\n[peserta]\n"a" = 3\n', "\x00\xff"],
)  # fmt: skip
def test_a_damaged_file_stops_nothing(content: str, shelf: MappingShelf, tmp_path: Path) -> None:
    shelf.remember("", "peserta", HEADER, COLUMNS)
    (shelf.folder / "0123456789abcdef.toml").write_text(content, encoding="latin-1")
    assert shelf.damaged() == ["0123456789abcdef.toml"]
    with check(tmp_path, ROWS) as prepared:
        assert prepared.report.sheets[0].rows_accepted == 1


texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30)


@given(st.dictionaries(texts, st.sampled_from([*PESERTA.kinds, ""]), min_size=1, max_size=5), texts)
def test_what_is_written_is_read_again(columns: dict[str, str], sender: str) -> None:
    import tempfile

    entry = Remembered("0" * 16, sender, "peserta", "f", tuple(columns.items()), "2026-01-01")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{entry.id}.toml"
        path.write_text(_toml(entry), encoding="utf-8")
        assert _read(path) == entry


def test_a_header_on_two_lines_is_known_by_both(shelf: MappingShelf) -> None:
    head = [["No", "Data Diri", "", "Domisili", ""], ["", "Kode", "Nama", "Kel", "RT"]]
    whole = ["No", "Kode", "Nama", "Kel", "RT"]
    entry = shelf.remember("", "peserta", whole, [("Kode", "nik")])
    assert fitting(shelf.list(), [["Judul"], *head]) == [entry]
    assert fitting(shelf.list(), head[:1]) == []
    assert fingerprint(["a", "", ""]) == ""
    assert fingerprint(["a", "B "]) == fingerprint(["A", "b", ""])


def test_remembering_every_list_of_an_import(shelf: MappingShelf) -> None:
    mapping = Mapping({"wilayah": "kelurahan"}, {"rt": {"lingkungan": "rt"}})
    kept = remember_lists(shelf.folder.parent, "Dinas", mapping, [
        (PESERTA, ["NIK", "Nama", "Wilayah"]), (RT, ["Wilayah", "Lingkungan"]),
        (PESERTA, ["NIK", "Nama", "Kelurahan"]),
    ])  # fmt: skip
    assert kept == 2
    assert {(e.table, e.columns) for e in shelf.list()} == {
        ("peserta", (("Wilayah", "kelurahan"),)),
        ("rt", (("Wilayah", "kelurahan"), ("Lingkungan", "rt"))),
    }
    again = with_remembered(Mapping(), shelf.list())
    assert again.column_of(RT, "LINGKUNGAN") == "rt"


# Many at once


def _remember(home: Path, number: int) -> None:
    shelf = MappingShelf(home)
    for index in range(10):
        shelf.remember(f"Dinas {number}", "peserta", [*HEADER, f"Kolom {index}"], COLUMNS)


def _decide(home: Path, number: int) -> None:
    reviews = Reviews(home)
    for index in range(10):
        kept = f"00000000-0000-0000-{number:04d}-{index:012d}"
        reviews.decide_pairs([PairDecision(kept, kept.replace("00000000-", "ffffffff-", 1), True)])


@pytest.mark.parametrize("deed", [_remember, _decide])
def test_writers_take_turns_and_lose_nothing(deed: Any, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=deed, args=(tmp_path, n)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    kept = MappingShelf(tmp_path).list() if deed is _remember else Reviews(tmp_path).read().pairs
    assert len(kept) == 40


def test_a_writer_who_is_killed_leaves_the_earlier_decisions(tmp_path: Path) -> None:
    import os
    import random
    import signal
    import time

    context = multiprocessing.get_context("fork")
    reviews = Reviews(tmp_path)
    known = 0
    for _ in range(8):
        writer = context.Process(target=_decide, args=(tmp_path, 1))
        writer.start()
        time.sleep(random.uniform(0, 0.05))
        assert writer.pid
        os.kill(writer.pid, signal.SIGKILL)
        writer.join(10)
        found = len(reviews.read().pairs)
        assert found >= known
        known = found
    _decide(tmp_path, 2)
    assert len(reviews.read().pairs) >= 10
    assert {p.name for p in reviews.folder.iterdir()} == {"decisions.json", "write.lock"}


# Decisions


def person(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


def test_who_stands_for_whom() -> None:
    pairs = [(1, 2), (3, 4), (2, 3), (5, 6)]
    decisions = Decisions(tuple(PairDecision(person(a), person(b), True) for a, b in pairs))
    assert decisions.merged() == {
        person(2): person(1), person(3): person(1), person(4): person(1), person(6): person(5),
    }  # fmt: skip
    assert Decisions((PairDecision(person(1), person(2), False),)).merged() == {}


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20))
def test_everybody_stands_for_one_who_stands_for_himself(pairs: list[tuple[int, int]]) -> None:
    decisions = Decisions(
        tuple(PairDecision(person(a), person(b), True) for a, b in pairs if a != b)
    )
    merged = decisions.merged()
    assert all(kept not in merged for kept in merged.values())
    for a, b in pairs:
        assert merged.get(person(a), person(a)) == merged.get(person(b), person(b))


def test_a_later_word_replaces_the_earlier(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path)
    assert reviews.read() == Decisions()
    reviews.decide_pairs([PairDecision(person(1), person(2), True)])
    reviews.decide_pairs([PairDecision(person(2), person(1), False)])
    reviews.decide_split(SplitDecision("15.71.09.1001", 1, 5, "15.71.09.1006"))
    reviews.decide_split(SplitDecision("15.71.09.1001", 1, 5, "15.71.09.1001"))
    found = reviews.read()
    assert [(p.kept, p.same) for p in found.pairs] == [(person(2), False)]
    assert [s.code for s in found.splits] == ["15.71.09.1001"]
    assert found.is_decided(person(1), person(2))
    reviews.forget(found.pairs[0])
    reviews.forget(found.splits[0])
    assert reviews.read() == Decisions()


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"pairs": 3, "splits": []}', '{"pairs": [{"kept": "a"}], "splits": []}',
     '{"pairs": [{"kept": "Budi", "other": "Ani", "same": true}], "splits": []}',
     '{"pairs": [], "splits": [{"parent": "x", "rt_from": 1, "rt_to": 2, "code": "y"}]}'],
)  # fmt: skip
def test_damaged_decisions_refuse_the_import_in_a_sentence(content: str, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "reviews"
    folder.mkdir(parents=True)
    (folder / "decisions.json").write_text(content, encoding="utf-8")
    with pytest.raises(Refusal, match="rusak"):
        check(tmp_path, [["NIK", "Nama", "Kelurahan"], ["1571040101850001", "Budi", "Legok"]])
    with pytest.raises(Refusal, match="rusak"):
        Reviews(tmp_path / "home").decide_pairs([PairDecision(person(1), person(2), True)])
