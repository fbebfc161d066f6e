"""README and docs say what is so: commands, options, files, columns, layers, pages, pins, links."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from layer_rules import BESIDE, LAYERS
from text_catalogue import texts

import manage
from jambi_dash.cli import build_parser
from jambi_dash.geography.boundary_rules import FieldNames
from jambi_dash.intake.columns import TABLES
from jambi_dash.intake.headers import read_mapping
from jambi_dash.settings import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
PAGES = (
    PROJECT / "README.md",
    *sorted(PROJECT.glob("docs/*.md")),
    *sorted(PROJECT.glob("deploy/*.md")),
)
# The threats name what is defended in words of their own; their tests are checked at the end.
TEXT = "\n".join(p.read_text(encoding="utf-8") for p in PAGES if p.name != "threats.md")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
PROSE = re.sub(r"^```.*?^```$", "", TEXT, flags=re.DOTALL | re.MULTILINE)
INLINE = [text.replace(r"\|", "|") for text in re.findall(r"`([^`\n]+)`", PROSE)]
LINES = [line for _, block in BLOCKS for line in block.splitlines()] + INLINE
COMMANDS = [line for line in LINES if line.startswith("python -m jambi_dash ")]
MANAGE = [line for line in LINES if line.startswith("python3 manage.py ")]
PLACEHOLDERS = {
    "YYYY-MM-DD": "2025-12-31",
    "YYYY-MM": "2025-12",
    "N": "3",
    "SCENARIO.toml": "skenario.toml",
    "RP": "604000000",
    "NAME": "merata",
    "YYYY": "2026",
    "M": "7",
    "kelurahan|rt": "rt",
    "city|kecamatan|kelurahan|rt": "rt",
    "city|kecamatan|kelurahan": "kelurahan",
    "city|kecamatan|kelurahan|program": "program",
    "FILE|--download": "--download",
    "kecamatan|kelurahan": "kelurahan",
    "kecamatan|kelurahan|rt": "rt",
    "coverage|difference|rollout|scenario": "coverage",
    "before|after|difference": "after",
    "slide|a4|a3": "a4",
    "CODE|NAME": "Jelutung",
    "cartogram|true": "true",
    "--public|--internal": "--internal",
}
# Made at first use, and headers of lists.
ABSENT = {"data/store", ".venv/bin/python", "L/P", "Desa/Kelurahan"}


def _table(first: str) -> list[list[str]]:
    """The cells of the table whose head begins with `first`."""
    lines = iter(PROSE.splitlines())
    next(line for line in lines if line.startswith(f"| {first} |"))
    next(lines)
    rows: list[list[str]] = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def _full(command: str) -> list[str]:
    """A command of the README with its brackets opened and a value for each placeholder."""
    words = shlex.split(command.replace("[", "").replace("]", "").replace("…", ""))
    return [PLACEHOLDERS.get(word, word) for word in words]


def _commands_of(parser: object) -> dict[str, object]:
    actions = [a for a in parser._actions if hasattr(a, "choices") and isinstance(a.choices, dict)]  # type: ignore[attr-defined]
    return dict(actions[0].choices) if actions else {}


def test_every_command_is_understood() -> None:
    assert COMMANDS
    for command in COMMANDS:
        words = [w for w in _full(command)[3:] if w not in ("--json", "COMMAND")]
        if not words or "--home" in words:
            continue
        with contextlib.redirect_stderr(io.StringIO()) as said:
            try:
                build_parser().parse_args(words)
            except SystemExit:
                pytest.fail(f"{command}: {said.getvalue()}")


def test_every_command_and_option_is_written() -> None:
    written = {word for command in COMMANDS for word in _full(command)}
    for name, parser in _commands_of(build_parser()).items():
        assert name in written
        for deeper, below in {name: parser, **_commands_of(parser)}.items():
            assert deeper in written
            options = {text for action in below._actions for text in action.option_strings}  # type: ignore[attr-defined]
            assert options - {"-h", "--help"} <= written, (name, deeper)


def test_manage_py_and_the_readme_know_the_same_commands() -> None:
    known = _commands_of(manage.build_parser())
    assert known.keys() == {command.split()[2] for command in MANAGE}
    written = {word for command in MANAGE for word in _full(command)}
    for parser in known.values():
        options = {text for action in parser._actions for text in action.option_strings}  # type: ignore[attr-defined]
        assert options - {"-h", "--help"} <= written
    for name in known:
        assert f"python3 manage.py {name}" in (manage.__doc__ or "")


def test_layers_are_those_that_are_tested() -> None:
    block = next(text for _, text in BLOCKS if text.startswith("domain "))
    order, beside = block.strip().splitlines()
    read = tuple(tuple(part.split(", ")) for part in re.split(r"\s*←\s*", order))
    assert read == LAYERS
    name, _, others = beside.partition(" may import everything but ")
    assert {name.strip(): tuple(others.split(", "))} == BESIDE


def test_columns_are_those_that_are_read() -> None:
    read = {}
    for name, needed, others in _table("table"):
        columns = tuple(re.findall(r"`(\w+)`", needed)), set(re.findall(r"`(\w+)`", others))
        read[re.findall(r"`(\w+)`", name)[0]] = columns
    known = {
        table.name: (tuple(table.needed), set(table.kinds) - set(table.needed)) for table in TABLES
    }
    assert read == known


def test_the_mapping_of_the_readme_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pemetaan.toml"
    path.write_text(next(text for kind, text in BLOCKS if "[kolom]" in text), encoding="utf-8")
    read_mapping(path)
    roles = re.search(r"the mapping names those for (.*?) \(`(.*?)`\)", PROSE, re.DOTALL)
    assert roles
    assert set(re.findall(r"`(\w+)`", roles[1])) == set(FieldNames.__dataclass_fields__)
    assert set(tomllib.loads(roles[2])) <= set(FieldNames.__dataclass_fields__)


def test_pages_are_those_of_the_dashboard() -> None:
    written = [re.findall(r"`/([\w-]+)`", row[0])[0] for row in _table("address")]
    folders = {page.parent.name for page in PROJECT.glob("pages/*/*.py")}
    assert set(written) == {name.replace("_", "-") for name in folders}


def test_links_and_images_lead_somewhere() -> None:
    images = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for mark, target in re.findall(r"(!?)\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)", text):
            assert (page.parent / target).is_file(), f"{page.name}: {target}"
            images += [page.parent / target] if mark else []
    assert len(images) > 8
    assert all(image.stat().st_size < 300_000 for image in images)
    shown = {image.resolve() for image in images}
    kept = {file.resolve() for file in PROJECT.glob("data/gambar/*.png")}
    assert kept - shown == {PROJECT / "data" / "gambar" / "ikon.png"}


def test_every_page_of_the_docs_is_reached_from_the_readme() -> None:
    linked = {(PROJECT / target).resolve() for target in re.findall(r"\]\(([^)#]+\.md)", README)}
    assert {page.resolve() for page in PAGES[1:]} - linked == set()


def test_files_that_are_named_exist() -> None:
    paths = [t for t in INLINE if re.fullmatch(r"\.?[\w-]+(/[\w.-]+)+/?|[\w-]+\.(py|txt|md)", t)]
    assert len(paths) > 8
    missing = [p for p in paths if p not in ABSENT and not (PROJECT / p).exists()]
    assert missing == []


def test_variables_are_those_that_the_code_reads() -> None:
    code = [PROJECT / "manage.py", *PROJECT.glob("jambi_dash/**/*.py")]
    read = {
        name
        for file in code
        for name in re.findall(r"\"(JAMBI_DASH_[A-Z_]+)\"", file.read_text(encoding="utf-8"))
    }
    assert read == {row[0].strip("`") for row in _table("variable")}


def test_requirements_are_pinned_exactly() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (PROJECT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#") and line != "-r requirements.txt":
                assert re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][\w.]*", line), f"{name}: {line}"


def test_the_python_that_is_asked_for_is_the_same_everywhere() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = ".".join(map(str, manage.NEEDED))
    assert project["project"]["requires-python"] == f">={needed}"
    assert f"Python {needed} or newer" in README


def test_tests_that_the_threats_name_exist() -> None:
    text = (PROJECT / "docs" / "threats.md").read_text(encoding="utf-8")
    code = "\n".join(p.read_text(encoding="utf-8") for p in PROJECT.glob("tests/**/test_*.py"))
    named = re.findall(r"`(test_\w+)`", text)
    assert len(named) > 30
    assert [name for name in named if f"def {name}(" not in code] == []
    files = re.findall(r"`((?:tests|bench)/[\w/]+\.py)`", text)
    files += [
        "jambi_dash/" + f for f in re.findall(r"`((?:intake|domain|ui|queries)/\w+\.py)`", text)
    ]
    assert [file for file in files if not (PROJECT / file).is_file()] == []


def test_words_of_the_tour_are_those_on_the_screen() -> None:
    text = (PROJECT / "docs" / "tour.md").read_text(encoding="utf-8")
    words = {" ".join(w.split()) for w in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text)}
    assert len(words) > 30
    known = {entry.text for entry in texts()}
    assert words - known == {"English", "Esc"}
