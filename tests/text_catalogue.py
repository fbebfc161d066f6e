"""The texts of the program and their English catalogue, `jambi_dash/locale/en.po`.

`python3 manage.py texts` runs this file: new texts are added without a translation, texts that
are gone are taken out, translations stay as they are but for the singular beside a plural.
"""

from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
CATALOGUE = PROJECT / "jambi_dash" / "locale" / "en.po"
HEADER = r"""# English texts of the dashboard; the source texts are Indonesian and stand in the code.
msgid ""
msgstr ""
"Language: en\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
"""Written by hand: Babel's own has the hour in it, and every run would change the file."""


@dataclass(frozen=True)
class Text:
    """One call `t("…", …)`.

    `text` is `None` where the argument is no literal; `given` are the names of the values, `None`
    where they come as `**values`; `frozen` says that the call runs at import, in one language for
    all readers.
    """

    file: str
    line: int
    text: str | None
    given: frozenset[str] | None
    frozen: bool

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


def code_files(project: Path = PROJECT) -> list[Path]:
    """The files whose texts readers see."""
    return sorted(
        [*project.glob("jambi_dash/**/*.py"), *project.glob("pages/**/*.py"), project / "app.py"]
    )


def texts_of(source: str, file: str) -> list[Text]:
    """Every call of `t` in a module, in the order of its lines."""
    # Streamlit runs `app.py` and a page anew for each reader; any other module is imported once.
    per_reader = file == "app.py" or file.startswith("pages/")
    found = _calls(ast.parse(source, file), file, inside=per_reader)
    return sorted(found, key=lambda text: text.line)


def _calls(node: ast.AST, file: str, *, inside: bool) -> Iterator[Text]:
    if isinstance(node, ast.Call) and _is_t(node.func):
        first = node.args[0] if node.args else None
        literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
        names = {word.arg for word in node.keywords}
        yield Text(
            file=file,
            line=node.lineno,
            text=str(first.value) if literal and isinstance(first, ast.Constant) else None,
            given=None if None in names else frozenset(str(name) for name in names),
            frozen=not inside,
        )
    late = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    if not late:
        for child in ast.iter_child_nodes(node):
            yield from _calls(child, file, inside=inside)
        return
    # Defaults and decorators run when the function is made, its body when it is called.
    body = node.body if isinstance(node.body, list) else [node.body]
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, file, inside=inside or child in body)


def _is_t(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id == "t"


def texts(project: Path = PROJECT) -> list[Text]:
    """Every text of the program."""
    return [
        text
        for file in code_files(project)
        for text in texts_of(file.read_text(encoding="utf-8"), file.relative_to(project).as_posix())
    ]


def placeholders(text: str) -> frozenset[str]:
    """The names in the braces of a text."""
    return frozenset(
        name.partition(".")[0].partition("[")[0]
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None
    )


_NOUNS = {
    "people": "person", "RTs": "RT", "rows": "row", "person-months": "person-month",
    "person-years": "person-year", "places": "place", "months": "month", "workers": "worker",
    "days": "day", "areas": "area", "benefits": "benefit", "scenarios": "scenario",
    "lines": "line", "views": "view", "pairs": "pair", "members": "member", "cities": "city",
    "files": "file", "releases": "release", "mappings": "mapping", "decisions": "decision",
    "cases": "case", "features": "feature", "gaps": "gap", "dates": "date", "jobs": "job",
    "tables": "table", "proposals": "proposal", "years": "year", "others": "other",
    "events": "event", "results": "result", "locks": "lock", "parts": "part",
    "accidents": "accident", "boundaries": "boundary", "answers": "answer", "pages": "page",
    "remarks": "remark", "contributions": "contribution", "columns": "column", "minutes": "minute",
    "letters": "letter", "characters": "character", "libraries": "library", "levels": "level",
    "seconds": "second", "times": "time", "slots": "slot", "sheets": "sheet", "NIKs": "NIK",
    "households": "household", "claims": "claim", "hours": "hour", "deaths": "death",
}  # fmt: skip
_VERBS = {
    "are": "is", "were": "was", "have": "has", "go": "goes", "wait": "waits", "lie": "lies",
    "match": "matches", "agree": "agrees", "fall": "falls", "need": "needs", "name": "names",
    "do": "does", "await": "awaits", "add": "adds", "share": "shares", "stay": "stays",
}  # fmt: skip
_BETWEEN = (
    "old|new|saved|other|more|example|vulnerable|potential|paid|birth|column|whole|rejected|work"
)
_COUNT = re.compile(
    r"\{(\w+)\}(\*{0,2}) ((?:(?:" + _BETWEEN + r") )*)(" + "|".join(_NOUNS) + r")\b"
    r"( (?:" + "|".join(_VERBS) + r"))?(?![\w|-])"
)


def counted(english: str) -> str:
    """An English text that says `1 row` and `2 rows`: nouns after a value get both their forms."""

    def both(found: re.Match[str]) -> str:
        name, bold, between, many, verb = found.groups("")
        one, verbs = _NOUNS[many], verb.strip()
        if verbs:
            one, many = f"{one} {_VERBS[verbs]}", f"{many} {verbs}"
        return f"{{{name}}}{bold} {between}{{{name}:{one}|{many}}}"

    return _COUNT.sub(both, english)


def read_catalogue(path: Path = CATALOGUE) -> dict[str, str]:
    """Translation by source text; an absent file is an empty catalogue."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def brought_up_to_date(project: Path = PROJECT, path: Path = CATALOGUE) -> tuple[int, int, int]:
    """Rewrites the catalogue. Returns how many texts it has, lacks a translation, and lost."""
    known = read_catalogue(path)
    catalogue = Catalog(locale="en", fuzzy=False)
    for text in texts(project):
        if text.text:
            catalogue.add(
                text.text, counted(known.get(text.text, "")), locations=[(text.file, text.line)]
            )
    for message in catalogue:
        message.flags.discard("python-format")  # the texts are no %-templates
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.encode("utf-8"))
        write_po(file, catalogue, width=100, include_lineno=False, omit_header=True)
    now = read_catalogue(path)
    return len(now), sum(not english for english in now.values()), len(known.keys() - now.keys())


if __name__ == "__main__":
    count, missing, lost = brought_up_to_date()
    sys.stdout.write(
        f"{CATALOGUE.relative_to(PROJECT)}: {count} texts, {missing} without English, "
        f"{lost} no longer used were taken out\n"
    )
