"""Saved scenarios: many writers lose nothing, a crash leaves whole files, a damaged one is told."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from jambi_dash.cli import main
from jambi_dash.domain.expansion import Area
from jambi_dash.domain.funds import Fund
from jambi_dash.domain.language import in_language
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.simulation import Baseline, Simulation, simulate
from jambi_dash.releases import scenarios
from jambi_dash.releases.scenarios import Draft, SavedScenario, ScenarioShelf
from jambi_dash.releases.store import ReleaseRecord, Store
from jambi_dash.settings import PROJECT

RECORD = ReleaseRecord(
    "20260105-080000-0a1b", date(2025, 12, 31), "2026-01-05T08:00:00+07:00", "5" * 64, 1, False,
    None, [], {},
)  # fmt: skip
CITY = Baseline(
    RECORD.release, RECORD.as_of, False, "kelurahan",
    (
        Area("15.71.01.1001", "Beringin", "15.71.01", 10_000, 2_000),
        Area("15.71.02.1001", "Sulanjana", "15.71.02", 5_000, 1_000),
    ),
    covered=3_000, unlocated=0, eligible=15_000,
)  # fmt: skip
MADE = Scenario(
    name="Mulai Juli", author="Rina", note="Usul Bappeda", start_month=7,
    locked={"15.71.02.1001": 20}, funds=(Fund("baznas", 50_000_000, public=False), Fund("apbd")),
)  # fmt: skip

# Runs in a process of its own: saves scenarios one after another and prints their ids.
WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[4:]
from test_scenarios import DRAFT
from dataclasses import replace
from jambi_dash.releases.scenarios import ScenarioShelf
shelf = ScenarioShelf(Path(sys.argv[1]))
for n in range(int(sys.argv[3])):
    print(shelf.save(replace(DRAFT, name=f"{sys.argv[2]} {n}")).id, flush=True)
"""


def answer(scenario: Scenario = MADE) -> Simulation:
    return simulate(CITY, scenario)


DRAFT = Draft.of(MADE, answer(), RECORD)


@pytest.fixture
def shelf(tmp_path: Path) -> ScenarioShelf:
    return ScenarioShelf(tmp_path / "home")


def writer(home: Path, name: str, saves: int) -> subprocess.Popen[str]:
    words = [str(home), name, str(saves), str(PROJECT), str(Path(__file__).parent)]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def names(shelf: ScenarioShelf) -> list[str]:
    found = shelf.list()
    assert found.damaged == ()
    return [saved.name for saved in found.saved]


def path_of(shelf: ScenarioShelf, saved: SavedScenario) -> Path:
    return shelf.folder / f"{saved.id}.json"


# What is kept


def test_a_scenario_comes_back_as_it_was_set(shelf: ScenarioShelf) -> None:
    saved = shelf.save(DRAFT)
    assert shelf.get(saved.id) == saved
    assert shelf.list().saved == (saved,)
    assert {saved: 1}[shelf.get(saved.id)] == 1
    assert saved.scenario() == MADE
    assert (saved.release, saved.release_sha256, saved.as_of, saved.revision) == (
        RECORD.release, RECORD.sha256, RECORD.as_of, 1,
    )  # fmt: skip
    assert re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{4}", saved.id)
    assert datetime.fromisoformat(saved.created).utcoffset() is not None
    assert dict(saved.parameters) == {
        "start_month": 7,
        "locked": {"15.71.02.1001": 20},
        "funds": [
            {"id": "baznas", "cap": 50_000_000, "public": False, "sector": "lainnya"},
            {"id": "apbd", "public": True, "sector": "lainnya"},
        ],
    }


def test_opened_again_it_gives_the_same_numbers(shelf: ScenarioShelf) -> None:
    saved = shelf.save(DRAFT)
    again = answer(shelf.get(saved.id).scenario())
    assert saved.same_answer(again)
    numbers = {key: value for key, value in saved.answer.items() if key != "fingerprint"}
    # 36.000 months of those covered and 6.000 new ones; half price for 50 million from April on.
    assert numbers == {
        "slots": 1_000, "placed": 1_000, "cost_rp": again.cost_idr, "person_months": 42_000,
        "covered_after": 4_000,
    }  # fmt: skip
    assert not saved.moved(RECORD)
    assert saved.moved(replace(RECORD, sha256="6" * 64))
    with in_language("en"):
        assert saved.same_answer(answer(replace(MADE, name="Else", author="", note="")))
    for other in (
        replace(MADE, workers=4_001), replace(MADE, rule="sebanding"), replace(MADE, seed=2),
        replace(MADE, locked={"15.71.02.1001": 21}),
    ):  # fmt: skip
        assert not saved.same_answer(answer(other))
    assert not saved.same_answer(simulate(replace(CITY, release="20270101-000000-ffff"), MADE))


def test_the_newest_stands_first(shelf: ScenarioShelf) -> None:
    for n in range(5):
        shelf.save(replace(DRAFT, name=f"Usul {n}"))
        time.sleep(0.002)
    assert names(shelf) == [f"Usul {n}" for n in (4, 3, 2, 1, 0)]


def test_two_homes_know_nothing_of_one_another(tmp_path: Path) -> None:
    first, second = ScenarioShelf(tmp_path / "a"), ScenarioShelf(tmp_path / "b")
    saved = first.save(DRAFT)
    assert names(second) == []
    assert not (tmp_path / "b").exists()
    with pytest.raises(Refusal, match="tidak ada atau sudah dihapus"):
        second.get(saved.id)


def test_names_are_one_line_and_needed(shelf: ScenarioShelf) -> None:
    assert shelf.save(replace(DRAFT, name="  Usul\n\tkedua ")).name == "Usul kedua"
    assert shelf.save(replace(DRAFT, name="x" * 120, note="n" * 2_000)).name == "x" * 120
    assert shelf.save(replace(DRAFT, name="a\ud800b")).name == "a?b"
    for wrong in (
        replace(DRAFT, name=" \n "), replace(DRAFT, name="x" * 121), replace(DRAFT, author="x" * 121),
        replace(DRAFT, note="x" * 2_001), replace(DRAFT, parameters={"pekerja": 1}),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            shelf.save(wrong)
    assert len(names(shelf)) == 3


# Changes


def test_a_change_to_an_older_revision_is_refused(shelf: ScenarioShelf) -> None:
    saved = shelf.save(DRAFT)
    renamed = shelf.rename(saved.id, "Nama baru", revision=1)
    assert (renamed.revision, renamed.name, renamed.created) == (2, "Nama baru", saved.created)
    assert renamed.updated >= saved.updated
    for change in (
        lambda: shelf.rename(saved.id, "Terlambat", revision=1),
        lambda: shelf.update(saved.id, DRAFT, revision=1),
    ):
        with pytest.raises(Refusal, match="sudah diubah orang lain"):
            change()
    assert shelf.get(saved.id) == renamed
    more = replace(MADE, workers=4_500)
    updated = shelf.update(saved.id, Draft.of(more, answer(more), RECORD), revision=2)
    assert (updated.revision, updated.scenario()) == (3, more)
    assert updated.same_answer(answer(more))
    assert shelf.get(saved.id) == updated


def test_a_copy_is_a_scenario_of_its_own(shelf: ScenarioShelf) -> None:
    saved = shelf.save(DRAFT)
    copy = shelf.duplicate(shelf.rename(saved.id, "Asli", revision=1).id, "Salinan")
    assert (copy.name, copy.revision, copy.answer) == ("Salinan", 1, saved.answer)
    assert copy.id != saved.id
    shelf.delete(saved.id)
    assert names(shelf) == ["Salinan"]


def test_what_is_deleted_can_be_brought_back(shelf: ScenarioShelf) -> None:
    saved = shelf.save(DRAFT)
    shelf.delete(saved.id)
    assert names(shelf) == []
    assert shelf.removed().saved == (saved,)
    for gone in (
        lambda: shelf.get(saved.id), lambda: shelf.delete(saved.id),
        lambda: shelf.rename(saved.id, "x", revision=1), lambda: shelf.duplicate(saved.id, "x"),
        lambda: shelf.update(saved.id, DRAFT, revision=1),
    ):  # fmt: skip
        with pytest.raises(Refusal, match="tidak ada atau sudah dihapus"):
            gone()
    assert shelf.restore(saved.id) == saved
    assert (names(shelf), shelf.removed().saved) == ([saved.name], ())
    with pytest.raises(Refusal, match="tidak ada"):
        shelf.restore(saved.id)


@pytest.mark.parametrize("wrong", ["", ".", "../current", "20260105-080000-0a1b/../x", "a" * 500])
def test_an_id_leads_nowhere_else(shelf: ScenarioShelf, wrong: str) -> None:
    shelf.save(DRAFT)
    (shelf.folder.parent / "current").write_text("20260105-080000-0a1b\n")
    for ask in (shelf.get, shelf.delete, shelf.restore):
        with pytest.raises(Refusal, match="tidak ada"):
            ask(wrong)
    assert (shelf.folder.parent / "current").exists()


# Damage and limits


def damaged_texts(good: str) -> list[bytes]:
    raw = json.loads(good)
    answer_, fingerprint = raw["answer"], raw["answer"]["fingerprint"]
    changes: list[dict[str, object]] = [
        {"revision": "1"}, {"revision": True}, {"name": ""}, {"name": None}, {"as_of": 5},
        {"as_of": "kemarin"}, {"created": "kemarin"}, {"parameters": []}, {"answer": []},
        {"answer": {"fingerprint": fingerprint}}, {"answer": {**answer_, "placed": "9"}},
        {"answer": {**answer_, "fingerprint": "x"}}, {"id": "20000101-000000-0000"}, {"baru": 1},
    ]  # fmt: skip
    return [
        b"", b"{}", b"[]", b"null", b"\x00" * 900, b"\xff\xfe", good[: len(good) // 2].encode(),
        b"[" * 100_000, b" " * (scenarios.LARGEST_FILE + 1), b'{"revision": ' + b"1" * 9_000 + b"}",
        *(json.dumps({**raw, **change}).encode() for change in changes),
    ]  # fmt: skip


def test_a_damaged_file_is_passed_over_and_told(shelf: ScenarioShelf) -> None:
    whole, spoilt = shelf.save(DRAFT), shelf.save(DRAFT)
    path = path_of(shelf, spoilt)
    good = path.read_text(encoding="utf-8")
    for text in damaged_texts(good):
        path.write_bytes(text)
        found = shelf.list()
        assert (found.saved, found.damaged) == ((whole,), (path.name,)), text[:80]
        with pytest.raises(Refusal, match=re.escape(path.name)) as refused:
            shelf.get(spoilt.id)
        assert "Rina" not in str(refused.value)
    path.unlink()
    path.mkdir()
    assert shelf.list().damaged == (path.name,)
    path.rmdir()
    (shelf.folder / "catatan.json").write_text(good, encoding="utf-8")
    assert shelf.list().damaged == ("catatan.json",)


def test_a_damaged_file_can_be_taken_away(shelf: ScenarioShelf) -> None:
    saved = shelf.save(DRAFT)
    path_of(shelf, saved).write_text("{")
    shelf.delete(saved.id)
    assert (shelf.list().damaged, shelf.removed().damaged) == ((), (f"{saved.id}.json",))


def test_a_pipe_among_the_files_does_not_stop_the_list(shelf: ScenarioShelf) -> None:
    if os.name == "nt":
        pytest.skip("no pipes among files there")
    saved = shelf.save(DRAFT)
    os.mkfifo(shelf.folder / "20260105-080000-0a1b.json")
    found = shelf.list()
    assert (found.saved, found.damaged) == ((saved,), ("20260105-080000-0a1b.json",))


def test_the_shelf_has_an_end(shelf: ScenarioShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios, "MOST_SCENARIOS", 3)
    kept = [shelf.save(DRAFT) for _ in range(3)]
    for more in (lambda: shelf.save(DRAFT), lambda: shelf.duplicate(kept[0].id, "x")):
        with pytest.raises(Refusal, match="Sudah ada 3 skenario"):
            more()
    shelf.delete(kept[0].id)
    shelf.save(DRAFT)
    with pytest.raises(Refusal, match="Sudah ada 3 skenario"):
        shelf.restore(kept[0].id)
    assert shelf.removed().saved == (kept[0],)


def test_too_large_a_scenario_is_refused(
    shelf: ScenarioShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenarios, "LARGEST_FILE", 1_000)
    with pytest.raises(Refusal, match="terlalu besar"):
        shelf.save(replace(DRAFT, note="n" * 500))
    assert names(shelf) == []


def test_a_disk_that_takes_no_more_is_one_sentence(shelf: ScenarioShelf) -> None:
    resource = pytest.importorskip("resource")
    saved = shelf.save(DRAFT)
    before = path_of(shelf, saved).read_bytes()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        for change in (
            lambda: shelf.save(DRAFT), lambda: shelf.rename(saved.id, "Baru", revision=1),
        ):  # fmt: skip
            with pytest.raises(Refusal, match="tidak dapat disimpan"):
                change()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path_of(shelf, saved).read_bytes() == before
    assert {p.name for p in shelf.folder.iterdir()} == {
        path_of(shelf, saved).name, "removed", "write.lock",
    }  # fmt: skip


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "scenarios").write_text("x")
    shelf = ScenarioShelf(tmp_path)
    assert shelf.list().saved == ()
    with pytest.raises(Refusal, match="tidak dapat disimpan"):
        shelf.save(DRAFT)


# Many at once


def test_threads_lose_nothing(shelf: ScenarioShelf) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: shelf.save(replace(DRAFT, name=f"Usul {n}")), range(80)))
    assert len({saved.id for saved in made}) == 80
    assert sorted(names(shelf)) == sorted(f"Usul {n}" for n in range(80))


def test_processes_lose_nothing(shelf: ScenarioShelf) -> None:
    running = [writer(shelf.folder.parent, f"Proses {n}", 10) for n in range(8)]
    ids: list[str] = []
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        ids += out.split()
    assert len(set(ids)) == 80
    assert sorted(names(shelf)) == sorted(f"Proses {p} {n}" for p in range(8) for n in range(10))
    assert {saved.id for saved in shelf.list().saved} == set(ids)


def test_of_many_changes_at_once_one_holds(shelf: ScenarioShelf) -> None:
    saved = shelf.save(DRAFT)

    def change(n: int) -> str | None:
        try:
            return shelf.rename(saved.id, f"Nama {n}", revision=1).name
        except Refusal:
            return None

    with ThreadPoolExecutor(8) as pool:
        held = [name for name in pool.map(change, range(16)) if name]
    assert len(held) == 1
    assert (shelf.get(saved.id).name, shelf.get(saved.id).revision) == (held[0], 2)


def test_readers_see_whole_files_while_writers_change_them(shelf: ScenarioShelf) -> None:
    kept = [shelf.save(DRAFT) for _ in range(3)]

    def write(n: int) -> None:
        for revision in range(1, 21):
            shelf.rename(kept[n].id, "x" * (revision * 5), revision=revision)

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(write, n) for n in range(3)]
        while not all(task.done() for task in running):
            found = shelf.list()
            assert (len(found.saved), found.damaged) == (3, ())
        for task in running:
            task.result()
    assert {saved.revision for saved in shelf.list().saved} == {21}


def test_killed_while_saving(shelf: ScenarioShelf) -> None:
    if sys.platform == "win32":
        pytest.skip("no such kill there")
    moments = random.Random(3)
    told: set[str] = set()
    for attempt in range(8):
        process = writer(shelf.folder.parent, f"Mati {attempt}", 10_000)
        assert process.stdout is not None
        first = process.stdout.readline()  # it has begun
        time.sleep(moments.uniform(0, 0.08))
        process.kill()
        rest, _ = process.communicate(timeout=30)
        told |= {first.strip(), *re.findall(r"^\S{20}$", rest, re.MULTILINE)}
    found = shelf.list()
    assert found.damaged == ()
    # What was told as saved is there; of each process one more may be there that it could not tell.
    ids = {saved.id for saved in found.saved}
    assert told <= ids
    assert len(ids) <= len(told) + 8
    # What was left half written goes with the next change.
    half = shelf.folder / f"{found.saved[0].id}.json.0123abcd"
    half.write_text("{")
    shelf.delete(found.saved[0].id)
    assert {p.suffix for p in shelf.folder.iterdir() if p.is_file()} == {".json", ".lock"}
    assert not half.exists()


# Whoever looks after it


def test_doctor_looks_at_the_shelf(
    demo_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = Store(demo_home).require_current()
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    shelf = ScenarioShelf(home)

    def check() -> tuple[bool, str]:
        capsys.readouterr()
        main(["--home", str(home), "--json", "doctor"])
        found = json.loads(capsys.readouterr().out)["checks"]
        (one,) = [entry for entry in found if entry["name"] == "skenario"]
        return one["ok"], one["detail"]

    assert check() == (True, "belum ada skenario tersimpan")
    here = replace(DRAFT, release=record.release, release_sha256=record.sha256)
    saved = shelf.save(here)
    assert check() == (True, "1 skenario tersimpan, semua terbaca dan rilisnya ada")
    elsewhere = shelf.save(replace(here, release_sha256="0" * 64))
    ok, detail = check()
    assert not ok
    assert elsewhere.id in detail
    assert "rilis" in detail
    assert MADE.name not in detail
    shelf.delete(elsewhere.id)
    path = path_of(shelf, saved)
    good = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**good, "parameters": {"pekerja": 1}}), encoding="utf-8")
    ok, detail = check()
    assert not ok
    assert saved.id in detail
    path.write_text("{")
    ok, detail = check()
    assert not ok
    assert path.name in detail
