"""Names that would be more than text where somebody forgot to escape, and what a reader makes of it.

Streamlit reads labels and most words as Markdown, plotly any text as a small HTML, cards are HTML.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pypdf import PdfReader

KELURAHAN = {
    12: "<img src=jahat onerror=alert(1)>",
    13: "[x](javascript:jahat) ![y](http://jahat.test/y.png)",
    14: "{{jahat}} {% x %} $x$ dan $y$ \\frac",
    21: ":red[x] :material/bug_report: :smile:",
    22: '=HYPERLINK("http://jahat.test";"x")',
    23: "&lt;b class=jahat&gt; \"q\" 'r' &amp;",
    31: "`x` **y** ~~z~~ <script class=jahat>alert(1)</script>",
    32: 'Karang\u202e\u200bX <a href="http://jahat.test">x</a>',
}
"""Names of kelurahan by their place in the list."""
KECAMATAN = "<b class=jahat>Pesisir</b> [k](javascript:jahat) $x$"
SENT = "<i class=jahat>k</i> [s](javascript:jahat) $x$ dan $y$"
"""File, sheet, header, kelurahan and occupation of a list that was sent."""
PERSON, NIK = "Zulkarnain Qomaruddin", "1571041010850001"
"""Somebody on that list."""
SCENARIO = "<u class=jahat>s</u> [n](javascript:jahat) $x$ dan $y$ :red[q] `x`"

_MARKDOWN = re.compile(
    r"(?<!\\)<(?:img|b|i|u|a|script)[ >]|(?<!\\)\]\(|(?<!\\)\$x|(?<!\\):red\[|(?<!\\):material/bug"
    r"|(?<!\\)`x|(?<!\\)\*\*y|https?:\\?//jahat"
)
_OF_MARKDOWN = {
    "body", "label", "help", "text", "title", "caption", "captions", "content", "cell", "message",
}  # fmt: skip
# Shown by the browser as they are: the choices of a list, what stands in a field, what is said aloud.
_PLAIN = {
    ("selectbox", "options"), ("multi_select", "options"), ("multiselect", "options"),
    ("multiselect", "default"), ("slider", "options"), ("select_slider", "options"),
}  # fmt: skip


def faults(kind: str, key: str, text: str, *, html: bool) -> Iterator[str]:
    """What of a text sent to the browser would be markup there that no code of ours wrote."""
    if kind == "plotly_chart":
        if key == "spec":
            # A new line is ours: names of months stand in two.
            texts = (t.replace("<br>", "\n") for t in _plotly(json.loads(text)))
            yield from (f"plotly: {t[:120]}" for t in texts if "<" in t)
    elif html:
        yield from (f"html: {tag}" for tag in tags(text))
    elif key in _OF_MARKDOWN and (kind, key) not in _PLAIN:
        found = _MARKDOWN.search(text)
        if found:
            yield f"markdown {kind}.{key}: {text[max(0, found.start() - 60) : found.end() + 40]!r}"


def _plotly(found: Any, key: str = "") -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            yield from _plotly(value, name)
    elif isinstance(found, list):
        for value in found:
            yield from _plotly(value, key)
    elif isinstance(found, str) and key not in ("hovertemplate", "texttemplate"):
        yield found


def tags(text: str) -> list[str]:
    """Elements of an HTML or SVG text that come of a hostile name, or run something."""

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            found.extend(
                f"<{tag} {name}={value}" for name, value in attributes
                if name.startswith("on")
                or (name in ("class", "src", "href", "xlink:href") and "jahat" in (value or ""))
            )  # fmt: skip

    found: list[str] = []
    Reader(convert_charrefs=True).feed(text)
    return found


def in_file(path: Path) -> list[str]:
    """What of a name became an element, a link or a formula in an exported file."""
    kind = path.suffix.lower()
    if kind in (".html", ".svg"):
        text = path.read_text(encoding="utf-8")
        if kind == ".svg":
            ElementTree.fromstring(text)
        return tags(text)
    if kind == ".csv":
        lines = path.read_text(encoding="utf-8-sig")
        return re.findall(r'(?:^|;|,)"?[=+@][^\n]{0,60}', lines, re.MULTILINE)
    if kind == ".pdf":
        return [
            str(note.get_object()["/A"])
            for page in PdfReader(path).pages for note in page.get("/Annots", ())
            if "/URI" in note.get_object().get("/A", {})
            or "/JS" in note.get_object().get("/A", {})
        ]  # fmt: skip
    return list(_in_parts(path.read_bytes())) if kind in (".xlsx", ".pptx") else []


def _in_parts(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith(".xlsx"):
                yield from _in_parts(parts.read(name))
            elif name.endswith((".xml", ".rels")):
                text = parts.read(name).decode("utf-8")
                found = re.findall(r"<f>[^<]{0,60}|<hyperlink [^>]*|TargetMode=\"External\"", text)
                yield from (f"{name}: {one}" for one in found)
