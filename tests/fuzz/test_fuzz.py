"""Some hundred spoilt files a run; `bench/fuzz.py` does it for as long as one likes."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

if sys.platform == "win32":
    pytest.skip("processes with bounds need a fork", allow_module_level=True)
import intake_fuzzing as fuzzing

LISTS = ("xlsx", "ods", "csv")
OTHERS = tuple(kind for kind in fuzzing.READERS if kind not in LISTS)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store in it that every file is offered to, in a copy."""
    folder = tmp_path_factory.mktemp("fuzz")
    fuzzing.make_home(folder)
    return folder


def offered(kind: str, content: bytes, place: Path) -> fuzzing.Outcome:
    return fuzzing.try_file(kind, content, place / "home", place)


@pytest.mark.parametrize("kind", fuzzing.READERS)
def test_sound_files_are_taken(kind: str, place: Path) -> None:
    """Otherwise nothing behind the first check would ever be reached."""
    for seed in fuzzing.seeds(kind):
        assert offered(kind, seed, place).words == "taken"


@settings(
    max_examples=20, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(number=st.integers(0, 2**32), kind=st.sampled_from(LISTS))
def test_spoilt_lists(number: int, kind: str, place: Path) -> None:
    outcome = offered(kind, fuzzing.spoilt(kind, Random(number)), place)
    assert not outcome.is_finding, (kind, number, outcome)


@settings(
    max_examples=60, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(number=st.integers(0, 2**32), kind=st.sampled_from(OTHERS))
def test_spoilt_scenarios_links_boundaries_roles(number: int, kind: str, place: Path) -> None:
    outcome = offered(kind, fuzzing.spoilt(kind, Random(number)), place)
    assert not outcome.is_finding, (kind, number, outcome)


@settings(
    max_examples=20, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(content=st.binary(max_size=400) | st.text(max_size=400).map(str.encode),
       kind=st.sampled_from(tuple(fuzzing.READERS)))  # fmt: skip
def test_bytes_of_any_kind(content: bytes, kind: str, place: Path) -> None:
    outcome = offered(kind, content, place)
    assert not outcome.is_finding, (kind, content, outcome)


def test_a_finding_is_noticed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The net has no hole: a fault, a dead process, an endless loop, a name in a sentence."""

    def fault(_path: Path, _home: Path) -> None:
        raise KeyError("x")

    def die(_path: Path, _home: Path) -> None:
        import os

        os.kill(os.getpid(), 9)

    def tell(_path: Path, _home: Path) -> None:
        raise fuzzing.Refusal(f"Baris 3 milik {fuzzing.SECRET_NAME} tidak dapat dibaca.")

    def swell(_path: Path, _home: Path) -> None:
        bytearray(200 * 2**20)

    def turn(_path: Path, _home: Path) -> None:
        while True:
            pass

    monkeypatch.setattr(fuzzing, "MOST_SECONDS", 1 / 3 + 0.7)
    monkeypatch.setattr(fuzzing, "MOST_MB", 150)
    found = {}
    for reader in (fault, die, tell, swell, turn):
        monkeypatch.setitem(fuzzing.READERS, "csv", reader)
        found[reader.__name__] = offered("csv", b"x", place).words.split(":")[0]
    assert found["fault"] == "fault"
    assert found["die"] == "the process died"
    assert found["tell"] == "the sentence"
    assert found["swell"] == "memory"
    assert found["turn"] in ("hang", "the process died")


def test_a_list_of_what_is_missing_stays_a_sentence(place: Path) -> None:
    """Found by fuzzing: boundaries of one kelurahan named the 67 others."""
    import json

    document = json.loads(fuzzing.seeds("geojson")[0])
    document["features"] = document["features"][:1]
    outcome = offered("geojson", json.dumps(document).encode(), place)
    assert outcome.words == "refused"
