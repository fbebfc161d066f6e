"""Another city by configuration, without code: an invented one of another structure, in its own
process, since what is read of a city is read once."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path
from typing import Any

import hostile_names
import pytest
from file_texts import texts_of
from make_city import CODE, ELIGIBLE, NAME, RWS, WORKERS, codes, make_city
from read_pages import PAGES

from jambi_dash.geography.cartogram import lay_cells, lay_groups, steps_between
from jambi_dash.settings import DATA_VARIABLE, HOME_VARIABLE, PROJECT, missing_files
from jambi_dash.ui.literal import literal

EVERY_KIND = {".svg", ".png", ".pdf", ".pptx", ".xlsx", ".csv", ".geojson", ".gpkg", ".html"}
FOREIGN = re.compile(
    # "jambi_dash" is the name of the program, "JambiAreas" that of a script.
    r"[Jj]ambi(?!_dash|Areas)|\bRTs?\b|\bB[Aa][Hh][Aa][Gg][Ii][Aa]|kampung-bahagia-|Batang ?Hari"
    r"|\b15\.71\.|\b1[.,]650\b|\b68 (?:kelurahan|wards|wilayah|areas|dari|of)\b"
)
"""What only the first city has: its name, its river, codes, words and counts."""


class Elsewhere:
    """The product in another city's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self, *words: str, fails: bool = False, language: str = "id"
    ) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, DATA_VARIABLE: str(self.folder), "JAMBI_DASH_DEBUG": "1",
                       "JAMBI_DASH_LANGUAGE": language}  # fmt: skip
        environment.pop(HOME_VARIABLE, None)
        done = subprocess.run(
            [sys.executable, "-m", "jambi_dash", *words],
            capture_output=True, text=True, encoding="utf-8", cwd=PROJECT, env=environment,
            check=False,
        )  # fmt: skip
        assert done.returncode == int(fails), done.stderr
        return done

    def answer(self, *words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("--json", *words).stdout)
        return found


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    folder = tmp_path_factory.mktemp("sagara")
    elsewhere = Elsewhere(make_city(folder))
    book = folder / "contoh.xlsx"
    elsewhere.run("demo", "--out", str(book))
    elsewhere.run("import", str(book), str(_hostile_list(folder)), "--as-of", "2025-12-31")
    return elsewhere


def _hostile_list(folder: Path) -> Path:
    """Two people who are proposed, in a list all of whose words would be markup."""
    word = hostile_names.SENT
    # The name of a file may not hold these everywhere.
    path = folder / ("[s](javascript) $x$ dan $y$.csv" if os.name == "nt"
                     else word.replace("/", "") + ".csv")  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["NIK", "Nama", "Kelurahan", "RW", "Pekerjaan", "Tahap", "Alasan", word])
        writer.writerow(
            [
                hostile_names.NIK,
                hostile_names.PERSON + word,
                word,
                word,
                word,
                "diusulkan",
                word,
                word,
            ]
        )
        writer.writerow(["1571041010850002", word, codes()[31][1], 1, f"=1+1 {word}", "ditolak",
                         word, word])  # fmt: skip
    return path


@pytest.mark.parametrize(("by", "count"), [("kecamatan", 4), ("kelurahan", 40), ("rt", RWS)])
def test_coverage_reconciles_at_every_level(city: Elsewhere, by: str, count: int) -> None:
    found = city.answer("coverage", "--by", by)
    totals = found["totals"]
    assert len(found["rows"]) == count
    assert all(row["code"].startswith(CODE + ".") for row in found["rows"])
    assert sum(row["covered"] for row in found["rows"]) == totals["located"]
    assert totals["covered"] == WORKERS == totals["located"] + totals["unlocated"]
    assert totals["eligible"] == ELIGIBLE == sum(row["eligible"] for row in found["rows"])


def test_the_store_lies_in_the_folder_of_the_city(city: Elsewhere) -> None:
    assert (city.folder / "store" / "current").is_file()


def test_the_words_are_those_of_the_city(city: Elsewhere) -> None:
    rows = city.answer("coverage", "--by", "rt")["rows"]
    assert rows[0]["name"] == "RW 001 " + codes()[0][1]
    said = city.run("rollout").stdout
    assert f"Kampung Sejahtera 31 Desember 2025: 67 dari {RWS} RW" in said
    assert NAME in said
    assert "Jambi" not in said


def test_its_facts_agree_and_the_doctor_says_what_was_not_written_anew(city: Elsewhere) -> None:
    checks = {check["name"]: check for check in city.answer("doctor")["checks"]}
    assert checks["fakta"]["ok"]
    assert "expansion.toml" in checks["fakta"]["detail"]
    assert "denominators.toml" not in checks["fakta"]["detail"]


def test_rollout_and_expansion_reconcile(city: Elsewhere) -> None:
    tracker = city.answer("rollout", "--by", "kelurahan")
    assert (tracker["rt_total"], tracker["joined"]) == (RWS, 67)
    assert sum(row["joined"] for row in tracker["rows"]) == 67
    plan = city.answer("simulate", "--workers", str(WORKERS + 300))
    assert plan["placed"] == 300 == sum(row["add"] for row in plan["allocation"])
    assert len(plan["allocation"]) == 40


def test_a_map_is_drawn_without_a_layout_and_names_the_city(city: Elsewhere) -> None:
    out = city.folder / "peta.svg"
    city.run("export", "map", "--out", str(out))
    text = out.read_text(encoding="utf-8")
    assert NAME in text
    assert "Jambi" not in text
    assert "Batang Hari" not in text


@pytest.fixture(scope="module")
def pages(city: Elsewhere) -> list[dict[str, Any]]:
    """All that stands on every page, each in both languages."""
    path = os.pathsep.join((str(PROJECT), str(Path(__file__).parent)))
    environment = {**os.environ, DATA_VARIABLE: str(city.folder), "PYTHONPATH": path}
    environment.pop(HOME_VARIABLE, None)
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("read_pages.py"))],
        capture_output=True, text=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_section_of_every_page_is_drawn_and_is_of_this_city(
    pages: list[dict[str, Any]], page: str
) -> None:
    own = [answer for answer in pages if answer["page"] == page]
    assert len(own) == len(PAGES[page]) + 1
    for answer in own:
        assert answer["wrong"] == [], answer["address"]
        said = "\n".join(answer["texts"])
        # Words that are recognised in lists of others are no words of this city.
        said = re.sub(r"(?:dikenali juga|also recognised)[^<]*", "", said)
        assert not FOREIGN.findall(said), answer["address"]
        assert NAME in said, answer["address"]


def test_no_name_is_markup_on_any_page(pages: list[dict[str, Any]]) -> None:
    assert [(a["page"], a["address"], a["markup"]) for a in pages if a["markup"]] == []
    assert any(hostile_names.KELURAHAN[12] in text for a in pages for text in a["texts"])


@pytest.mark.parametrize("name", [*hostile_names.KELURAHAN.values(), hostile_names.KECAMATAN,
                                  hostile_names.SENT, hostile_names.SCENARIO])  # fmt: skip
def test_a_name_that_is_not_escaped_would_be_found(name: str) -> None:
    def found(text: str, *, html: bool = False, kind: str = "markdown", key: str = "body") -> bool:
        return bool(list(hostile_names.faults(kind, key, text, html=html)))

    drawn = json.dumps({"data": [{"y": [name]}]})
    if name != hostile_names.KELURAHAN[23]:
        assert found(f"#### {name}: 5")
    if "<" in name:
        assert found(f"<p>{name}</p>", html=True)
        assert found(drawn, kind="plotly_chart", key="spec")
    assert not found(f"#### {literal(name)}: 5")
    assert not found(f"<p>{escape(name)}</p>", html=True)


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (("site",), "situs"),
        (("site", "--public"), "umum"),
        (("parquet",), "tabel"),
        (("mend",), "perbaikan.pdf"),
        (("mend",), "perbaikan.xlsx"),
        (("map", "--show", "rollout", "--by", "rt"), "tahap.svg"),
        (("deck", "--public"), "umum.pptx"),
    ],
)
def test_no_exported_file_names_the_first_city(
    city: Elsewhere, words: tuple[str, ...], out: str
) -> None:
    target = city.folder / "files" / out
    target.parent.mkdir(exist_ok=True)
    city.run("export", *words, "--out", str(target))
    files = sorted(f for f in [target, *target.rglob("*")] if f.is_file())
    assert files
    if words == ("site",):
        assert {file.suffix for file in files} >= EVERY_KIND
    for file in files:
        assert not FOREIGN.findall(f"{file.name}\n{texts_of(file)}"), file.name
        assert hostile_names.in_file(file) == [], file.name
        # Nobody in it: neither this person nor anything as long as an NIK.
        assert not re.search(rf"{hostile_names.PERSON}|(?<![\w.,])\d{{16}}(?!\w)", texts_of(file))
    if words[0] in ("site", "deck", "map"):
        whole = "\n".join(texts_of(file) for file in files)
        assert NAME in whole
        assert "Kampung Sejahtera" in whole


@pytest.mark.parametrize(
    "words",
    [
        ("claims", "--by", "kecamatan"), ("claims",), ("coverage", "--by", "rt"),
        ("coverage", "--by", "kelurahan", "--public"), ("rollout", "--by", "kelurahan"),
        ("simulate", "--workers", "900"), ("simulate", "--workers", "900", "--by", "rt"),
        ("releases",), ("doctor",), ("boundaries", "status"), ("log",), ("--help",),
        ("export", "--help"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["id", "en"])
def test_commands_say_nothing_of_the_first_city(
    city: Elsewhere, words: tuple[str, ...], language: str
) -> None:
    said = city.run(*words, language=language).stdout
    assert said
    assert not FOREIGN.findall(said)


def test_the_doctor_finds_nothing(city: Elsewhere) -> None:
    checks = city.answer("doctor")["checks"]
    assert {c["detail"] for c in checks if c["name"] == "wilayah"} == {"4 kecamatan, 40 kelurahan"}


def test_headers_in_the_words_of_the_city(city: Elsewhere, tmp_path: Path) -> None:
    sheet = tmp_path / "rw.csv"
    kelurahan = codes()[0][1]
    sheet.write_text(f"Kelurahan;No RW;Jumlah KK\n{kelurahan};RW 07;50\n", encoding="utf-8")
    told = city.answer("import", str(sheet), "--dry-run", "--as-of", "2025-12-31")
    (table,) = told["tables"]
    assert (table["table"], table["rows_accepted"], table["unknown_columns"]) == ("rt", 1, [])


def test_a_missing_file_is_never_taken_from_the_first_city(tmp_path: Path) -> None:
    folder = make_city(tmp_path)
    (folder / "facts" / "money.toml").unlink()
    (folder / "areas" / "kelurahan.csv").unlink()
    assert missing_files(folder) == ["facts/money.toml", "areas/kelurahan.csv"]
    said = Elsewhere(folder).run("coverage", "--by", "city", fails=True).stderr
    assert said.count("\n") == 1
    assert "facts/money.toml, areas/kelurahan.csv" in said


@pytest.mark.parametrize("count", [1, 2, 7, 40, 68, 500])
def test_cells_laid_from_points_are_one_piece_without_a_double(count: int) -> None:
    points = [(f"{n:04d}", n * 37 % 101 / 10, n * 53 % 97 / 10) for n in range(count)]
    cells = lay_cells(points)
    assert sorted(cells) == [code for code, _, _ in points]
    assert len(set(cells.values())) == count
    assert _is_one_piece(set(cells.values()))


@pytest.mark.parametrize(
    "sizes", [[1], [1, 1], [3, 1, 40], [68] * 10, [10, 200, 7, 33, 64, 2, 150]]
)
def test_cities_and_kecamatan_are_one_piece_of_the_cells_laid_for_several(sizes: list[int]) -> None:
    points = [
        (f"{11 + city}.71.{1 + n % 5:02d}.{1000 + n}", (n * 37 + city) % 101 / 10, n * 53 % 97 / 10)
        for city, size in enumerate(sizes) for n in range(size)
    ]  # fmt: skip
    cells = lay_groups(points, 5, 8)
    assert list(cells) == sorted(code for code, _, _ in points)
    assert len(set(cells.values())) == len(points)
    for length in (5, 8):
        for group in {code[:length] for code in cells}:
            assert _is_one_piece({c for code, c in cells.items() if code.startswith(group)}), group


def _is_one_piece(left: set[tuple[int, int]]) -> bool:
    reached = [left.pop()]
    for cell in reached:
        near = {other for other in left if steps_between(cell, other) == 1}
        left -= near
        reached += near
    return not left
