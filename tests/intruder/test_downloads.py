"""Every way in which a file leaves a page goes by `hand_over`, after a line in the log."""

from __future__ import annotations

import ast

from jambi_dash.settings import PROJECT

SOURCES = [*(PROJECT / "jambi_dash" / "ui").glob("*.py"), *PROJECT.glob("pages/*/*.py"),
           PROJECT / "app.py"]  # fmt: skip
PUTS_AT_AN_ADDRESS = {"download_button", "image", "audio", "video", "pyplot", "logo", "pdf"}


def test_nothing_is_put_at_an_address() -> None:
    """What these make lies at `/media/HASH` for whoever knows the hash."""
    found = [
        f"{path.name}:{node.lineno}" for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in PUTS_AT_AN_ADDRESS and ast.unparse(node.func.value) == "st"
    ]  # fmt: skip
    assert found == []


def test_every_file_handed_over_stands_in_the_log() -> None:
    handing, told = 0, []
    for path in SOURCES:
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef) or path.name == "hand_over.py":
                continue
            calls = {ast.unparse(n.func) for n in ast.walk(function) if isinstance(n, ast.Call)}
            if "hand_over.hand_over" in calls:
                handing += 1
                if not calls & {"data.note", "data.log().append"}:
                    told.append(f"{path.name}: {function.name}")
    assert handing >= 5
    assert told == []
