"""The layer rules of the README, and a checker that names each violation with file and line.

The checker reads imports from the source (`ast`); nothing is imported or run.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LAYERS = (
    ("domain",),
    ("releases", "palette"),
    ("intake", "queries", "geography"),
    ("exports", "charts", "demo"),
    ("ui",),
    ("pages",),
    ("app.py",),
)
"""From the bottom to the top. A part imports itself and what lies in lower layers, no sibling."""

BASE = "settings"
"""Where things lie: below every layer."""

BESIDE = {"cli": ("ui", "pages", "app.py")}
"""`cli` imports everything but these."""

STREAMLIT = frozenset({"ui", "pages", "app.py"})
DUCKDB = frozenset({"releases", "queries"})
CACHE_OWNER = "jambi_dash/ui/data.py"
VAGUE = re.compile(r"(utils?|helpers?|common|misc)(_.*)?|.*_(utils?|helpers?|common|misc)")
PAGE_LINES = 80
DOOR_CALLS = frozenset({"rows", "frame", "columns"})
SQL_VERB = re.compile(
    r"\s*(select\b.*\bfrom\b|with\b.*\bas\b|insert\s+into\b|update\b.*\bset\b|delete\s+from\b"
    r"|(create|drop|alter)\s+(table|view|schema)\b)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, order=True)
class Violation:
    """A rule that is broken, and where."""

    file: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}"


@dataclass(frozen=True)
class Source:
    """A module of the project: `file` is relative to the project, with slashes."""

    file: str
    text: str

    @property
    def part(self) -> str:
        """The layer's part that the file belongs to: `domain`, `ui`, `pages`, `app.py`, …"""
        first, _, rest = self.file.partition("/")
        if first != "jambi_dash":
            return first
        name = rest.partition("/")[0]
        return name.removesuffix(".py")

    @property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return _parsed(self.file, self.text)

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and full dotted name of every import, at any depth, lazy and dynamic ones too."""
        package = self.file.removesuffix(".py").removesuffix("/__init__").split("/")
        if not self.file.endswith("__init__.py"):
            package = package[:-1]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*base, *([node.module] if node.module else [])])
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
            elif isinstance(node, ast.Call) and _name(node.func) in ("import_module", "__import__"):
                yield from ((node.lineno, text) for text in _texts(node.args[:1]))


@cache
def _parsed(file: str, text: str) -> ast.Module:
    return ast.parse(text, file)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _texts(nodes: list[ast.expr]) -> list[str]:
    return [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def sources(project: Path) -> list[Source]:
    """The program's own modules: the package, the pages and `app.py`."""
    files = [*project.glob("jambi_dash/**/*.py"), *project.glob("pages/**/*.py")]
    files += [file for file in (project / "app.py",) if file.exists()]
    return [
        Source(file.relative_to(project).as_posix(), file.read_text(encoding="utf-8"))
        for file in sorted(files)
    ]


def allowed(part: str) -> frozenset[str]:
    """The parts that a part may import."""
    everything = {name for layer in LAYERS for name in layer}
    if part in BESIDE:
        return frozenset({part, BASE} | everything - set(BESIDE[part]))
    below: set[str] = {BASE}
    for layer in LAYERS:
        if part in layer:
            return frozenset(below | {part})
        below |= set(layer)
    # `jambi_dash/__init__.py` and `settings.py` stand below all; `__main__` only calls `cli`.
    return frozenset({BASE, "cli"}) if part == "__main__" else frozenset({BASE})


def check(project: Path) -> list[Violation]:
    """Every violation of every rule, in the order of files and lines."""
    modules = sources(project)
    found = [
        violation
        for rule in (layer_order, libraries, caches, sql_in_python)
        for module in modules
        for violation in rule(module)
    ]
    found += [*vague_names(project), *pages(project), *questions(project, modules)]
    return sorted(set(found))


def layer_order(module: Source) -> Iterator[Violation]:
    """No import from a higher layer or from a sibling."""
    may = allowed(module.part)
    for line, name in module.imports():
        words = name.split(".")
        if words[0] == "jambi_dash" and len(words) > 1:
            target = words[1]
        elif words[0] in ("app", "pages"):
            target = "app.py" if words[0] == "app" else "pages"
        else:
            continue
        if target not in may and target[:1].islower():
            yield Violation(module.file, line, f"{module.part} must not import {target}")


def libraries(module: Source) -> Iterator[Violation]:
    """Streamlit and DuckDB only where they belong."""
    for line, name in module.imports():
        library = name.partition(".")[0]
        if library.startswith("streamlit") and module.part not in STREAMLIT:
            yield Violation(module.file, line, f"{module.part} must not import Streamlit")
        if library.startswith("duckdb") and module.part not in DUCKDB:
            yield Violation(module.file, line, f"{module.part} must not import DuckDB")


def caches(module: Source) -> Iterator[Violation]:
    """One module owns Streamlit's caches."""
    if module.file == CACHE_OWNER:
        return
    for node in ast.walk(module.tree):
        names = [node.attr] if isinstance(node, ast.Attribute) else []
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit"):
            names = [alias.name for alias in node.names]
        if any(name in ("cache_data", "cache_resource") for name in names):
            yield Violation(module.file, node.lineno, f"only {CACHE_OWNER} owns st.cache_*")


def sql_in_python(module: Source) -> Iterator[Violation]:
    """In `queries` SQL stands in files; nothing is pasted into it and none is written in Python."""
    if module.part != "queries":
        return
    docs = _docstrings(module.tree)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(_texts(node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = "" if id(node) in docs else node.value
        else:
            continue
        if SQL_VERB.match(text):
            yield Violation(module.file, node.lineno, "SQL belongs in queries/sql/*.sql")


def _docstrings(tree: ast.Module) -> set[int]:
    places = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, places) and node.body and isinstance(node.body[0], ast.Expr)
    }


def vague_names(project: Path) -> Iterator[Violation]:
    """A module or folder is named after the concept that it holds."""
    for top in ("jambi_dash", "pages", "tests", "bench"):
        for file in sorted(project.glob(f"{top}/**/*.py")):
            relative = file.relative_to(project)
            for word in (*relative.parent.parts, file.stem):
                if VAGUE.fullmatch(word):
                    yield Violation(relative.as_posix(), 1, f"“{word}” says nothing")


def pages(project: Path) -> Iterator[Violation]:
    """Pages stand in folders (Streamlit would run flat ones without `app.py`) and are short."""
    for file in sorted(project.glob("pages/*.py")):
        yield Violation(f"pages/{file.name}", 1, "a page stands in a folder of its own")
    for file in sorted(project.glob("pages/**/*.py")):
        count = code_lines(file.read_text(encoding="utf-8"))
        if count >= PAGE_LINES:
            rule = f"{count} lines of code; a page is an outline of fewer than {PAGE_LINES}"
            yield Violation(file.relative_to(project).as_posix(), 1, rule)


def code_lines(text: str) -> int:
    """Lines that hold code: no blank ones, comments or docstrings."""
    quiet = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
             tokenize.ENCODING, tokenize.ENDMARKER}  # fmt: skip
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in quiet:
            lines |= set(range(token.start[0], token.end[0] + 1))
    tree = ast.parse(text)
    docs = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) in docs:
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def questions(project: Path, modules: list[Source]) -> Iterator[Violation]:
    """Every `queries/sql/*.sql` is asked, and asked with exactly the parameters that it binds."""
    files = {file.stem: file for file in sorted(project.glob("jambi_dash/queries/sql/*.sql"))}
    binds = {stem: parameters(file.read_text(encoding="utf-8")) for stem, file in files.items()}
    asked: set[str] = set()
    for module in modules:
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or _name(node.func) not in DOOR_CALLS:
                continue
            for stem in set(_texts(node.args)) & set(files):
                asked.add(stem)
                given = {word.arg for word in node.keywords}
                if None not in given and given != binds[stem]:
                    rule = (
                        f"{stem}.sql binds {sorted(binds[stem])}, given {sorted(map(str, given))}"
                    )
                    yield Violation(module.file, node.lineno, rule)
    for stem in sorted(set(files) - asked):
        yield Violation(f"jambi_dash/queries/sql/{stem}.sql", 1, "no code asks this question")


def parameters(sql: str) -> set[str]:
    """The `$names` of a statement, those in comments and texts left out."""
    bare = re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", " ", sql, flags=re.DOTALL)
    return set(re.findall(r"\$([A-Za-z_]\w*)", bare))
