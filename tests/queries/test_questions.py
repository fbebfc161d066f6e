"""One file a question: who asks binds exactly the names that the SQL has."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from jambi_dash.queries.door import SQL, parameters_of, sql_text
from jambi_dash.settings import PROJECT

QUESTIONS = sorted(path.stem for path in SQL.glob("*.sql"))


@cache
def calls() -> dict[str, list[tuple[str, frozenset[str] | None]]]:
    """Where each question is asked, and the names bound there (`None`: not to be seen)."""
    found: dict[str, list[tuple[str, frozenset[str] | None]]] = {name: [] for name in QUESTIONS}
    for path in [*(PROJECT / "jambi_dash").rglob("*.py"), *(PROJECT / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(
                node.func, (ast.Attribute, ast.Name)
            ):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if name not in ("rows", "frame", "columns"):
                continue
            for argument in node.args[:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    bound = frozenset(k.arg for k in node.keywords if k.arg)
                    splat = any(k.arg is None for k in node.keywords)
                    where = f"{path.relative_to(PROJECT)}:{node.lineno}"
                    found.setdefault(argument.value, []).append((where, None if splat else bound))
    return found


def test_every_question_asked_has_its_file() -> None:
    assert set(calls()) == set(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS)
def test_names_are_bound_as_the_sql_has_them(question: str) -> None:
    asked = calls()[question]
    assert asked, "nobody asks this question"
    for where, bound in asked:
        assert bound is None or bound == parameters_of(question), where


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_file_says_first_what_it_answers(question: str) -> None:
    text = sql_text(question)
    assert text.startswith("-- ")
    statements = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    assert "\n".join(statements).strip().count(";") == 1
