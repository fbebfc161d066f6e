"""Files of facts that people edit: what is wrong in one is said by name, never guessed or passed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jambi_dash.domain import facts_check, language
from jambi_dash.domain.areas import load_areas, load_city
from jambi_dash.domain.claims import load_claim_facts
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.disclosure import load_k
from jambi_dash.domain.facts_check import check_facts, lines_naming, read_facts
from jambi_dash.domain.funds import load_expansion_facts
from jambi_dash.domain.indicators import load_indicators
from jambi_dash.domain.membership import load_membership_facts
from jambi_dash.domain.money import load_money
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rollout_plan import load_rollout_plan
from jambi_dash.settings import AREAS, FACTS

LOADERS: dict[str, Any] = {
    "claims": load_claim_facts, "denominators": load_ledger, "disclosure": load_k,
    "expansion": load_expansion_facts, "indicators": load_indicators,
    "membership": load_membership_facts, "money": load_money, "programme": load_programme,
    "rollout": load_rollout_plan,
}  # fmt: skip
OPTIONAL = {
    "synonyms", "side_exit", "joined", "value", "share_by", "fallback", "date", "denominator_id",
    "year", "compared",
}  # fmt: skip
_KEY = re.compile(r"^([a-z_0-9]+) = .*[^\[]$")


def spoilt(name: str) -> Iterator[tuple[str, str, str]]:
    """Every key of a file once: left out, mistyped, and of a kind that none has."""
    lines = (FACTS / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    seen: set[str] = set()
    for at, line in enumerate(lines):
        if not (found := _KEY.match(line)) or found[1] in seen:
            continue
        seen.add(key := found[1])
        for how, new in (
            ("out", ""),
            ("typo", f"{key}x{line[len(key) :]}"),
            ("kind", f"{key} = [[1]]"),
        ):
            yield key, how, "\n".join([*lines[:at], new, *lines[at + 1 :]])


@pytest.mark.parametrize("name", LOADERS)
def test_a_spoilt_file_is_refused_with_its_name_and_key(name: str, tmp_path: Path) -> None:
    load: Callable[[Path], object] = LOADERS[name].__wrapped__ if name != "disclosure" else load_k
    tried, stages = 0, load_programme().rt_stages.ids
    for key, how, text in spoilt(name):
        # Days per stage are of the city's own stages, of which some have none.
        if (how == "out" and key in OPTIONAL) or (key in stages and how != "kind"):
            continue
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(Refusal) as refused:
            load(path)
        assert path.name in str(refused.value)
        assert key in str(refused.value), (how, str(refused.value))
        tried += 1
    assert tried >= 9
    path.write_text("[[", encoding="utf-8")
    with pytest.raises(Refusal, match=path.name):
        load(path)
    path.unlink()
    with pytest.raises(Refusal, match=path.name):
        load(path)


def test_the_shipped_files_agree() -> None:
    read_facts()
    check_facts()


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (
            "programme",
            'default_cohort = "pekerja_rentan"',
            'default_cohort = "x"',
            "default_cohort",
        ),
        ("programme", 'id = "aktif"', 'id = "dibayar"', "aktif"),
        ("programme", 'id = "belum"', 'id = "awal"', "belum"),
        ("denominators", 'everybody = "kota_15000"', 'everybody = "kota"', "everybody"),
        ("indicators", 'cohort = "phl"', 'cohort = "pll"', "target"),
        ("indicators", 'id = "isi_rilis"', 'id = "isi"', "isi_rilis"),
        ("money", 'cohort = "pekerja_rentan"', 'cohort = "pekerja"', "budget"),
        ("rollout", 'from_stage = "penetapan"', 'from_stage = "tetap"', "from_stage"),
        ("rollout", "pelaksanaan = 75", "laksana = 75", "stalled_after_days"),
    ],
)
def test_what_one_file_names_and_no_other_has_is_refused(
    name: str, old: str, new: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"{name}.toml"
    text = (FACTS / path.name).read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    load = LOADERS[name]
    monkeypatch.setattr(facts_check, load.__name__, lambda given=path: load(given))
    with pytest.raises(Refusal, match=says):
        check_facts()


def test_copied_lines_that_name_the_other_city_are_found(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "a.toml").write_text(
        '# Jambi\nsource = "Pers Jambi"\nname = "Jambi Timur"\ndoubt = "JAMBI"\n', encoding="utf-8"
    )
    assert lines_naming("Jambi", "Jambi Timur", tmp_path) == ["a.toml 2, 4"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("15.71.01.1002,", "1571011002,", "baris 3: kode"),
        ("15.71.01.1002,", "15.71.01.1001,", "baris 3: kode 15.71.01.1001 sudah ada"),
        ("-1.615115", '"-1,6"', "baris 2: lat"),
        ("kode_bps", "bps", "kode_bps"),
        (",", ";", "dipisah koma"),
    ],
)
def test_a_spoilt_list_of_areas_is_refused_by_its_row(
    old: str, new: str, says: str, tmp_path: Path
) -> None:
    text = (AREAS / "kelurahan.csv").read_text(encoding="utf-8")
    path = tmp_path / "kelurahan.csv"
    path.write_text(text.replace(old, new, -1 if old == "," else 1), encoding="utf-8")
    with pytest.raises(Refusal, match=says):
        load_areas.__wrapped__(path)


def test_a_spoilt_city_is_refused_by_its_key(tmp_path: Path) -> None:
    text = (AREAS / "city.toml").read_text(encoding="utf-8")
    for old, new, says in (
        ("name =", "nama =", "name"), ("plane_epsg = 32748", 'plane_epsg = "32748"', "plane_epsg"),
        ("[-1.61, 103.61]", "[-1.61]", "centre"), ("[words]", "[kata]", "kata"),
    ):  # fmt: skip
        path = tmp_path / "city.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(Refusal, match=says):
            load_city.__wrapped__(path)


def test_words_of_a_city_stand_also_where_indonesian_grows_them_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(language, "_city_words", lambda: {"kelurahan": "kampung", "RT": "RW"})
    language.worded.cache_clear()
    said = "antarkelurahan, kelurahannya, {kelurahan} RT, {n:RT|RTs}, RTs, pekelurahan"
    assert language.worded(said) == (
        "antarkampung, kampungnya, {kelurahan} RW, {n:RW|RTs}, RTs, pekelurahan"
    )
    language.worded.cache_clear()


_FOR_PROGRAMS = re.compile(r"\w_\w|\.toml|\.sql|/facts|\bp\d\d\b|\w\(\w+ \w+ −|README|Σ")


def test_what_readers_are_told_has_no_words_of_programs() -> None:
    def texts(value: Any, key: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, part in value.items():
                yield from texts(part, name)
        elif isinstance(value, list):
            for part in value:
                yield from texts(part, key)
        elif isinstance(value, str) and key not in {"id", "cohort", "synonyms"} | _NAMES:
            yield value

    found = [
        f"{name}: {text}"
        for name in LOADERS
        for text in texts(tomllib.loads((FACTS / f"{name}.toml").read_text("utf-8")), "")
        if _FOR_PROGRAMS.search(text)
    ]
    assert not found


_NAMES = {
    "denominator", "denominator_id", "default_for", "kind", "fallback", "everybody",
    "potential_workers", "default_cohort", "default_stage", "other_occupation", "other_reason",
}  # fmt: skip
"""Keys whose values are names of entries, which no page shows."""
