"""Every text has its English, and no text is frozen in one language or lacks a value."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from text_catalogue import (
    PROJECT,
    brought_up_to_date,
    code_files,
    counted,
    placeholders,
    read_catalogue,
    texts,
    texts_of,
)

from jambi_dash.domain import formats, language
from jambi_dash.domain.language import in_language, t


def test_every_text_has_its_english() -> None:
    english = read_catalogue()
    missing = {x.text: x.place for x in texts() if x.text and not english.get(x.text)}
    listed = "\n".join(f"{place}: {text}" for text, place in missing.items())
    assert not missing, f"{len(missing)} without English; python3 manage.py texts\n{listed}"


def test_no_english_is_left_over() -> None:
    unused = read_catalogue().keys() - {x.text for x in texts()}
    assert not unused, f"python3 manage.py texts takes them out: {sorted(unused)}"


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    wrong = {
        text: english
        for text, english in read_catalogue().items()
        if english and placeholders(english) != placeholders(text)
    }
    assert not wrong


def test_texts_are_literals_with_the_values_that_they_name() -> None:
    wrong = [
        x.place
        for x in texts()
        # Without values a text is not formatted: its braces would be shown.
        if x.text is None or (x.given is not None and x.given != placeholders(x.text))
    ]
    assert not wrong


def test_no_text_is_chosen_before_the_reader_is_known() -> None:
    frozen = [x.place for x in texts() if x.frozen]
    assert not frozen, f"t() at import speaks one language to everybody: {frozen}"


SOURCE = '''
"""Module."""
TITLE = t("Beku")
def f(n, help=t("Beku juga")):
    """Doc."""
    return t("{n} baris "
             "ditolak", n=n) + t(n) + t("Lepas", **n)
class Card:
    label = lambda self: t("Nanti")
'''


def test_each_kind_of_call_is_seen() -> None:
    seen = {x.text: x for x in texts_of(SOURCE, "a.py")}
    assert set(seen) == {"Beku", "Beku juga", "{n} baris ditolak", None, "Lepas", "Nanti"}
    assert {x.text for x in seen.values() if x.frozen} == {"Beku", "Beku juga"}
    assert seen["{n} baris ditolak"].given == {"n"} == placeholders("{n} baris ditolak")
    assert seen["Lepas"].given is None
    assert seen["Beku"].place == "a.py:3"


def test_the_catalogue_keeps_translations_and_drops_what_is_gone(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(SOURCE, encoding="utf-8")
    path = tmp_path / "en.po"
    assert brought_up_to_date(tmp_path, path) == (5, 5, 0)
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            'msgid "Nanti"\nmsgstr ""', 'msgid "Nanti"\nmsgstr "Later: 5 % “ü”"'
        ),
        encoding="utf-8",
    )
    (tmp_path / "app.py").write_text(SOURCE.replace('t("Lepas", **n)', "''"), encoding="utf-8")
    assert brought_up_to_date(tmp_path, path) == (4, 3, 1)
    assert read_catalogue(path)["Nanti"] == "Later: 5 % “ü”"
    before = path.read_bytes()
    brought_up_to_date(tmp_path, path)
    assert path.read_bytes() == before


def test_an_unknown_text_is_shown_as_it_is() -> None:
    assert t("Teks uji tanpa terjemahan {n}", n=3) == "Teks uji tanpa terjemahan 3"


def test_english_counts_one_as_one() -> None:
    plural_alone = {
        text: english for text, english in read_catalogue().items() if counted(english) != english
    }
    assert not plural_alone, f"python3 manage.py texts mends them: {plural_alone}"


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("{n} rows are kept", "{n} {n:row is|rows are} kept"),
        ("{n} new places, {m} people", "{n} new {n:place|places}, {m} {m:person|people}"),
        ("**{left} RTs left**", "**{left} {left:RT|RTs} left**"),
        ("{n} {n:row|rows} are kept", "{n} {n:row|rows} are kept"),
        ("{key} names areas; all {cohort} of levels", None),
    ],
)
def test_both_forms_are_written_where_a_count_stands_before(
    english: str, expected: str | None
) -> None:
    assert counted(english) == (expected or english)


def test_the_form_goes_with_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"{n} baris di {where}": "{n} {n:row is|rows are} in {where}"}
    monkeypatch.setattr(language, "catalogue", lambda code: said if code == "en" else {})
    text = "{n} baris di {where}"
    assert t(text, n=formats.number(1), where="A") == "1 baris di A"
    with in_language("en"):
        assert t(text, n=formats.number(1), where="A|B") == "1 row is in A|B"
        assert t(text, n=formats.number(0), where="A") == "0 rows are in A"
        assert t(text, n=formats.number(1001), where="A") == "1,001 rows are in A"


def test_another_city_has_its_word_in_both_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_city_words", lambda: {"RT": "RW", "RTs": "RWs"})
    language.worded.cache_clear()
    try:
        assert language.worded("{RT} {n:RT|RTs} RT") == "{RT} {n:RW|RWs} RW"
    finally:
        language.worded.cache_clear()


_SHOWN = re.compile(
    r"^(t|Refusal|markdown|write|caption|metric|info|error|warning|success|header)$"
)
_SPEC = re.compile(r"[,_%eg]")
_COUNTED = ("str(len(", "str(sum(", "str(round(")


def past_the_formatter(source: str, file: str) -> list[str]:
    """Where a module writes a number or day itself: `{n:,}`, `strftime`, `str(len(…))` in a text."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source, file)):
        place = f"{file}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            parts = node.format_spec.values
            if any(_SPEC.search(str(p.value)) for p in parts if isinstance(p, ast.Constant)):
                found.append(f"{place}: {ast.unparse(node)}")
        if not isinstance(node, ast.Call):
            continue
        own = isinstance(node.func, ast.Name)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if name == "strftime" or (own and name == "format"):
            found.append(f"{place}: {name}")
        if _SHOWN.match(name):
            inner = (ast.unparse(one) for one in ast.walk(node) if isinstance(one, ast.Call))
            found += [f"{place}: {call}" for call in inner
                      if call.endswith(".isoformat()") or call.startswith(_COUNTED)]  # fmt: skip
    return found


_BESIDE = {
    "jambi_dash/demo/many_cities.py": "days inside an NIK and cells of a workbook, not texts",
    "jambi_dash/demo/people.py": "days inside an NIK",
    "jambi_dash/exports/vector_map.py": "coordinates of a drawing",
    "jambi_dash/releases/backup.py": "names of files",
    "jambi_dash/releases/scenarios.py": "names of files",
    "jambi_dash/releases/store.py": "names of releases",
    "jambi_dash/domain/language.py": "puts values into texts",
}


def test_no_number_or_day_is_written_past_the_formatter() -> None:
    wrong = [
        place
        for file in code_files()
        for name in [file.relative_to(PROJECT).as_posix()]
        if name not in _BESIDE and name != "jambi_dash/domain/formats.py"
        for place in past_the_formatter(file.read_text(encoding="utf-8"), name)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "source",
    [
        'f"{n:,}"', 'f"{n:.1%}"', 'f"{n:_}"', 'd.strftime("%d")', 'format(n, ",")',
        't("{d}", d=day.isoformat())', 'st.write(str(len(rows)))', 'st.caption(f"{d.isoformat()}")',
    ],
)  # fmt: skip
def test_each_way_past_the_formatter_is_seen(source: str) -> None:
    assert past_the_formatter(source, "a.py")


def test_coordinates_and_names_of_files_are_let_through() -> None:
    assert not past_the_formatter('f"{x:.1f}"; name = f"{d.isoformat()}.xlsx"; f"{n:03d}"', "a.py")
