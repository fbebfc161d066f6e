"""Every page in both languages: numbers, money and dates have the marks of the page's language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from jambi_dash.settings import HOME_VARIABLE, PROJECT

# Address and what the reader chose there: each opens another part of the page.
VISITS: tuple[tuple[str, dict[str, str]], ...] = (
    ("ringkasan", {}),
    ("peta", {}),
    ("peta", {"tampilan": "difference"}),
    ("kampung-bahagia", {}),
    *(("simulasi", {"sim_lembar": sheet}) for sheet in (
        "peta", "wilayah", "biaya", "dampak", "balik", "tahun", "banding")),
    ("santunan", {}),
    ("paparan", {}),
    ("data", {}),
    ("definisi", {}),
)  # fmt: skip
# Sections of these, each in one of the two languages by turns.
SECTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    *(("kampung-bahagia", {"kb_lembar": sheet}) for sheet in (
        "rencana", "tempo", "lama", "jakon", "gelombang", "bergabung")),
    *(("santunan", {"santunan_lembar": sheet}) for sheet in (
        "wilayah", "perkiraan", "lama", "aturan")),
    *(("data", {"bagian": section}) for section in (
        "riwayat", "perubahan", "perbaikan", "verifikasi", "bpjs", "catatan")),
    ("peta", {"tampilan": "two"}),
    ("peta", {"tingkat": "rt"}),
)  # fmt: skip
OPENED = [
    *((address, chosen, language) for address, chosen in VISITS for language in ("id", "en")),
    *((*visit, ("id", "en")[turn % 2]) for turn, visit in enumerate(SECTIONS)),
]

_NUMBER = r"(?<![\w.,:/+-])[1-9]\d{0,2}"
# Thousands without any mark, as an f-string prints them; a year, a code or a release is none.
_BARE = re.compile(
    r"(?:(?<=\bRp)|(?<![\w.,:/+#-]))(?!(?:19|20)\d\d(?!\d))[1-9]\d{3,14}(?![\w:/\\-]|[.,]\d)"
)
FAULTS: dict[str, dict[str, re.Pattern[str]]] = {
    "id": {
        "mark of thousands": re.compile(_NUMBER + r"(?:,\d{3})+(?![\d.,]*\d)"),
        "no mark": _BARE,
        "mark of decimals": re.compile(r"(?<![\w.,:/-])\d+\.\d{1,2}(?![\d.,]*\d)(?! WIB)"),
        "money": re.compile(r"\bRp\s+\d|\bRp\d[\d.]*,\d{3}\b|\bIDR\b"),
        "per cent": re.compile(r"\d\s+%"),
        "month": re.compile(r"\b\d{1,2} (?:May|August|October|December|March|January|February|July|"
                            r"June)\b|\b(?:May|Aug|Oct|Dec|August|October|December|March) 20\d\d"),
        "date": re.compile(r"(?<![\d-])20\d\d-\d\d-\d\d(?!\d|[T-])"),
    },
    "en": {
        "mark of thousands": re.compile(_NUMBER + r"(?:\.\d{3})+(?![\d.,]*\d)(?! ?[A-Za-z]*\.xlsx)"),
        "no mark": _BARE,
        "mark of decimals": re.compile(r"(?<![\w.,:/-])\d+,\d{1,2}(?![\d.,]*\d)"),
        "money": re.compile(r"\bRp\s+\d|\bRp\d[\d,]*\.\d{3}\b|\bIDR\b"),
        "per cent": re.compile(r"\d\s+%"),
        "month": re.compile(r"\b\d{1,2} (?:Mei|Agustus|Oktober|Desember|Maret|Januari|Februari|"
                            r"Juli|Juni)\b|\b(?:Mei|Agu|Okt|Des|Agustus|Oktober|Desember|Maret) 20\d\d"),
        "date": re.compile(r"(?<![\d-])20\d\d-\d\d-\d\d(?!\d|[T-])"),
    },
}  # fmt: skip

# What is quoted as it stands elsewhere: codes, file names, commands, what an office typed.
_QUOTED = re.compile(
    r"`[^`]*`|<code>.*?</code>|\S+\.(?:xlsx|csv|toml|pptx|pdf|geojson)\b|https?:\S+"
)
_SVG_DRAWING = re.compile(r'\s(?:d|points|viewBox|style|class|x|y|x1|x2|y1|y2|cx|cy|r|width|height|'
                          r'transform|font-size|text-anchor|id|role|href|data-[\w-]+)="[^"]*"')  # fmt: skip
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[^>]*?(?:aria-label|title|alt)=\"([^\"]*)\"[^>]*>|<[^>]+>")

# Fields of Streamlit's messages that no reader sees.
_UNSEEN = {"id", "key", "icon", "url", "form_id", "js", "css", "color", "element_id", "page",
           "query_params", "script", "fingerprint", "page_script_hash", "format", "widget_id"}  # fmt: skip


def visible(text: str) -> str:
    """A text or piece of HTML as it is read."""
    text = _STYLE.sub(" ", text)
    text = _SVG_DRAWING.sub(" ", text)
    text = _QUOTED.sub(" ", text)
    return unescape(_TAG.sub(lambda m: f" {m[1] or ''} ", text))


def faults(text: str, language: str) -> list[str]:
    """What of a text is written in another language's way."""
    said = visible(text)
    return [
        f"{name}: …{said[max(0, found.start() - 40) : found.end() + 25]}…"
        for name, pattern in FAULTS[language].items()
        for found in pattern.finditer(said)
    ]


def strings(message: Any) -> Iterator[str]:
    """Every text of a message of Streamlit that a reader may see."""
    for field, value in message.ListFields():
        if field.name in _UNSEEN or field.type == field.TYPE_BYTES:
            continue
        repeated = getattr(field, "is_repeated", field.label == field.LABEL_REPEATED
                           if hasattr(field, "label") else False)  # fmt: skip
        values = value if repeated and not hasattr(value, "items") else [value]
        for one in values:
            if isinstance(one, str):
                yield one
            elif hasattr(one, "ListFields"):
                yield from strings(one)


def open_page(monkeypatch: pytest.MonkeyPatch, home: Path, address: str, language: str,
              chosen: dict[str, str]) -> AppTest:  # fmt: skip
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    app.query_params["bahasa"] = "English" if language == "en" else "Bahasa Indonesia"
    for name, value in chosen.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{address.replace('-', '_')}/{address.replace('-', '_')}.py")
    app.run()
    assert not app.exception
    return app


def elements(app: AppTest) -> Iterator[Any]:
    stack = [app._tree]
    while stack:
        node = stack.pop()
        children = getattr(node, "children", None)
        if children:
            stack.extend(children.values())
        if getattr(node, "proto", None) is not None:
            yield node


@pytest.mark.parametrize(
    ("address", "chosen", "language"), OPENED,
    ids=lambda v: v if isinstance(v, str) else "-".join(v.values()) or "all",
)  # fmt: skip
def test_every_number_has_the_marks_of_the_language(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path, address: str, chosen: dict[str, str],
    language: str,
) -> None:  # fmt: skip
    app = open_page(monkeypatch, demo_home, address, language, chosen)
    seen = 0
    wrong: list[str] = []
    for element in elements(app):
        kind = type(element.proto).__name__
        if "lotly" in kind:
            wrong += [f"{kind}: {fault}" for fault in figure_faults(element.proto, language)]
            continue
        if kind == "DateInput":  # holds days for the widget, which writes them by its format
            assert element.proto.format == "DD/MM/YYYY"
            continue
        if kind == "ComponentInstance":
            continue  # the map: numbers for its script, which writes them as palette and formats do
        if kind in ("ArrowData", "DataFrame", "Arrow", "Table"):
            wrong += [f"{kind}: {fault}" for fault in table_faults(element.proto, language)]
            continue
        for text in strings(element.proto):
            seen += 1
            wrong += [f"{kind}: {fault}" for fault in faults(text, language)]
    assert seen > 20
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def figure_faults(proto: Any, language: str) -> list[str]:
    """Texts of a figure, and its marks where plotly writes numbers itself."""
    spec = json.loads(proto.spec or proto.figure.spec)
    layout = spec["layout"]
    found = (
        [] if layout.get("separators") == (".," if language == "en" else ",.") else ["separators"]
    )
    stack: list[Any] = [spec["data"], layout]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            stack += [v for k, v in one.items() if k not in ("template", "bdata")]
        elif isinstance(one, list):
            stack += one
        elif isinstance(one, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:.]+)?", one):
            found += faults(re.sub(r"%\{[^}]*\}", "", one), language)
    return found


def table_faults(proto: Any, language: str) -> list[str]:
    """Columns of numbers that the browser would write in a way of its own, and texts in cells."""
    data = getattr(proto, "data", b"") or getattr(getattr(proto, "arrow_data", None), "data", b"")
    if not data:
        return []
    table = pa.ipc.open_stream(data).read_all().to_pandas()
    config = json.loads(getattr(proto, "columns", "") or "{}")
    styled = bool(getattr(proto, "styler", None) and proto.styler.display_values)
    found = []
    for place, name in enumerate(table.columns):
        column = table[name]
        if column.dtype.kind in "iuf" and not styled:
            settings = config.get(str(name)) or config.get(f"_pos:{place}") or {}
            form = settings.get("type_config", {}).get("format")
            if (form != "localized" and column.abs().max() >= 1000) or (
                column.dtype.kind == "f" and (form != "localized")
            ):
                found.append(f"column {name}: format {form}")
        elif column.dtype.kind in "Mm":
            found.append(f"column {name}: a date that the browser writes")
        elif column.dtype == object:
            for value in column:
                if isinstance(value, str):
                    found += faults(value, language)
        found += faults(str(name), language)
    return found


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("id", "1,234 orang", 1),
        ("id", "17.7 RT per bulan, 02.24 WIB, 82.1", 2),
        ("id", "12.5% dan Rp 1 dan 3 %", 3),
        ("id", "per 31 December 2025, Dec 2025, 2025-12-31", 3),
        ("id", "1.234 orang, 12,5%, Rp604,8 juta, 31 Desember 2025, 15.71.08.1004", 0),
        ("en", "1.234 people", 1),
        ("en", "12,5% and Rp1.000", 2),
        ("en", "31 Desember 2025", 1),
        ("en", "1,234 people, 12.5%, Rp604.8 million, 31 December 2025, 15.71.08.1004", 0),
        ("id", "3000 orang pada 2025, Rp16800, 20261122-013800-7d27", 2),
        ("en", "15000 people, 1571081004 as PP 82/2019", 2),
        ("id", '<path d="M1,234 5,678"/><b title="1,234">x</b>', 1),
        ("en", "file `1.234` is 22/05/2025.xlsx", 0),
    ],
)
def test_each_kind_of_fault_is_seen(language: str, text: str, count: int) -> None:
    assert len(faults(text, language)) == count, faults(text, language)
