"""Views as one HTML file: map, legend and table that move together, without network or server.

The file asks nobody for anything: styles and script stand in it, and its Content-Security-Policy
names their hashes and forbids all else. Without a script it is still the map and the table.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import NUMBER, ZERO
from jambi_dash.domain.language import current_language, t
from jambi_dash.exports import vector_map
from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.theme import Theme
from jambi_dash.exports.vector_map import Drawing
from jambi_dash.exports.views import Column, MapView, Value, shown, state_word
from jambi_dash.palette import ClassInfo, css, ink_on
from jambi_dash.palette import Theme as Light

_FOLDER = Path(__file__).parent
_FEW_AREAS = 200
"""Up to so many rows a bar stands beside the ranked figure."""
_FEW_COLUMNS = 5
_BAR, _BAR_HEIGHT = 60, 9


def html_page(views: Sequence[tuple[MapView, Shapes]], *, theme: Theme, title: str = "") -> bytes:
    """One file with a tab for each view, in the reader's language.

    `title` heads a file of several views.
    """
    scales: list[tuple[ClassInfo, ...]] = []
    for view, _ in views:
        if view.scale not in scales:
            scales.append(view.scale)
    style = _style(scales, theme)
    script = _text("html_file.js")
    many = len(views) > 1
    heading = (title or t("Bahan paparan")) if many else views[0][0].title
    parts = [
        "<!doctype html>\n",
        f'<html lang="{current_language()}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(heading)}</title><style>{style}</style></head><body>",
        '<svg width="0" height="0" class="sr" aria-hidden="true"><defs>',
        *(
            vector_map.pattern_defs(scale, f"s{place}", by_rule=True)
            for place, scale in enumerate(scales)
        ),
        '</defs></svg><div class="page">',
        _top(views, theme),
        f'<h1 class="{"file" if title else "sr"}">{escape(heading)}</h1>' if many else "",
        _tabs(views) if many else "",
        *(
            _section(view, shapes, scales.index(view.scale), place, many)
            for place, (view, shapes) in enumerate(views, start=1)
        ),
        '</div><div id="tip" role="status" hidden></div>',
        f"<script>{script}</script></body></html>\n",
    ]
    return "".join(parts).encode("utf-8")


@cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    def named(text: str) -> str:
        digest = hashlib.sha256(text.encode("utf-8")).digest()
        return "'sha256-" + base64.b64encode(digest).decode("ascii") + "'"

    return (
        f"default-src 'none'; style-src {named(style)}; script-src {named(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _style(scales: Sequence[Sequence[ClassInfo]], theme: Theme) -> str:
    """The rules of the file: variables for light and dark, and a fill for each class."""
    light, dark = (_variables(scales, theme, which) for which in ("light", "dark"))
    rules = [
        f":root{{{light}}}",
        f"@media (prefers-color-scheme: dark){{:root:not([data-theme=light]){{{dark}}}}}",
        f":root[data-theme=dark]{{{dark}}}",
        f"@media print{{:root,:root[data-theme=dark],:root:not([data-theme=light]){{{light}}}}}",
    ]
    for number, scale in enumerate(scales):
        for place, info in enumerate(scale):
            name = f"{number}-{place}"
            fill = f"url(#s{number}-{info.key})" if info.pattern else f"var(--f{name})"
            mark = f";stroke:var(--m{name})" if info.mark else ""
            rules.append(
                f".c{name}{{fill:{fill}{mark}}}.i{name}{{fill:var(--i{name});stroke:var(--f{name})}}"
            )
            if info.pattern:
                rules.append(
                    f".s{number}g{place}{{fill:var(--f{name})}}"
                    f".s{number}i{place}{{fill:var(--p{name})}}"
                    f".s{number}l{place}{{stroke:var(--p{name})}}"
                )
    return _text("html_file.css") + "\n".join(rules)


def _variables(scales: Sequence[Sequence[ClassInfo]], theme: Theme, which: Light) -> str:
    found = {
        **css.surroundings(which),
        "accent": theme.accent_on(which),
    }
    for number, scale in enumerate(scales):
        for place, info in enumerate(vector_map.scale_in(scale, which)):
            name = f"{number}-{place}"
            found[f"f{name}"] = info.fill
            found[f"i{name}"] = ink_on(info.fill)
            if info.pattern:
                found[f"p{name}"] = info.pattern_ink
            if info.mark:
                found[f"m{name}"] = info.mark
    scheme = f"color-scheme:{which};"
    return scheme + "".join(f"--{name}:{value};" for name, value in found.items())


def _top(views: Sequence[tuple[MapView, Shapes]], theme: Theme) -> str:
    origin = views[0][0].origin
    logo = ""
    if theme.logo:
        content = theme.logo.read_bytes()
        kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
        logo = f'<img alt="" src="data:image/{kind};base64,{base64.b64encode(content).decode()}">'
    mark = f'<span class="badge mark">{escape(origin.mark())}</span>' if origin.mark() else ""
    switch = escape(t("Terang atau gelap"))
    return (
        f'<div class="top"><div class="who">{logo}<div><b>{escape(theme.organisation)}</b><br>'
        f'{escape(theme.programme)}</div></div><div class="badges">{mark}'
        f'<span class="badge">{escape(origin.line())}</span>'
        f'<button type="button" class="plain noprint" data-theme-switch aria-label="{switch}" '
        f'title="{switch}">◐</button></div></div>'
    )


def _tabs(views: Sequence[tuple[MapView, Shapes]]) -> str:
    made = "".join(
        f'<button type="button" role="tab" id="tab{place}" aria-controls="v{place}" '
        f'aria-selected="false">{escape(view.title)}</button>'
        for place, (view, _) in enumerate(views, start=1)
    )
    return f'<div role="tablist" aria-label="{escape(t("Tampilan"))}">{made}</div>'


def _section(view: MapView, shapes: Shapes, scale: int, place: int, many: bool) -> str:
    role = f' role="tabpanel" aria-labelledby="tab{place}"' if many else ""
    level = "h2" if many else "h1"
    return (
        f'<section class="view" id="v{place}"{role}>'
        f'<{level}>{escape(view.title)}</{level}><p class="sub">{escape(view.subtitle)}</p>'
        f'<div class="body"><figure class="card">{_zoom()}{_map(view, shapes, scale, place)}'
        f"<figcaption>{_legend(view, scale)}"
        f'<p class="note">{escape(_capital(shapes.words()))}</p></figcaption></figure>'
        f'<div class="card list">{_find(view)}<div class="rows">{_table(view, scale)}</div></div>'
        f"</div>{_foot(view)}</section>"
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _zoom() -> str:
    buttons = (
        ("0.6", "+", t("Perbesar")),
        ("1.6667", "−", t("Perkecil")),
        ("0", "⤢", t("Seluruh kota")),
    )
    return '<div class="zoom noprint">' + "".join(
        f'<button type="button" data-z="{factor}" aria-label="{escape(words)}" '
        f'title="{escape(words)}">{sign}</button>'
        for factor, sign, words in buttons
    ) + "</div>"  # fmt: skip


def _map(view: MapView, shapes: Shapes, scale: int, number: int) -> str:
    drawing = vector_map.draw(shapes)
    described = {str(row[0]): row for row in view.rows}
    parts = [
        f'<path class="w" d="{path}"/>'
        f'<path id="r{number}" d="{middle}" fill="none"/><text class="river" dy="6">'
        f'<textPath href="#r{number}" startOffset="50%">{escape(name)}</textPath></text>'
        for name, path, middle in drawing.water
    ]
    labels = []
    for area in shapes.areas:
        row = described.get(area.code)
        place = view.classes.get(area.code)
        if row is None or place is None:
            continue
        words = escape(_in_words(view, row, place))
        parts.append(
            f'<path class="a c{scale}-{place}" data-code="{escape(area.code)}" tabindex="-1" '
            f'role="img" aria-label="{words}" d="{drawing.areas[area.code]}"/>'
        )
        labels.append(_labels(view, drawing, area.code, area.label, str(row[1]), scale, place))
    labels += _places(shapes, drawing)
    parts += [f'<path class="o {level}" d="{path}"/>' for level, path in drawing.outlines]
    return (
        f'<svg class="map {shapes.level}" viewBox="{drawing.view_box}" role="group" '
        f'aria-label="{escape(view.title)}">{"".join(parts)}{"".join(labels)}</svg>'
    )


def _in_words(view: MapView, row: Sequence[Value], place: int) -> str:
    """An area for those who cannot see it: `Jelutung: 43,5%, 30; 30–<45%`."""
    mark = view.marks.get(str(row[0]), "")
    label = view.scale[place].label
    return f"{row[1]}: {mark}; {label}" if mark else f"{row[1]}: {label}"


def _labels(
    view: MapView, drawing: Drawing, code: str, short: str, name: str, scale: int, place: int
) -> str:
    circle = drawing.circles[code]
    if view.level == "rt":
        # Numbers of RTs come when a reader moves closer; the names of their places stand there first.
        return _lines(vector_map.label(short or name, circle), scale, place, "", hidden=True)
    mark = view.marks.get(code, "")
    text = _lines(vector_map.label(name, circle, mark), scale, place, mark)
    if not mark:
        return text
    x, y, _ = circle
    size = vector_map.mark_size(mark, circle)
    return (
        f'{text}<text class="mk off i{scale}-{place}" x="{x:.1f}" y="{y + size * 0.36:.1f}" '
        f'font-size="{size}" data-size="{size}">{escape(mark)}</text>'
    )


def _places(shapes: Shapes, drawing: vector_map.Drawing) -> list[str]:
    """The kelurahan by name over the cells of their RTs."""
    if shapes.level != "rt":
        return []
    cells: dict[str, list[tuple[float, float, float]]] = {}
    for code, circle in drawing.circles.items():
        cells.setdefault(code.rpartition("-")[0], []).append(circle)
    names = []
    for outline in shapes.outlines:
        if outline.level != "kelurahan" or outline.code not in cells:
            continue
        x, y, r = zip(*cells[outline.code], strict=True)
        half = min(max(x) - min(x), max(y) - min(y)) / 2 + max(r)
        middle = ((min(x) + max(x)) / 2, (min(y) + max(y)) / 2, half)
        label = vector_map.label(outline.name, middle)
        names.append(f'<text class="pl" font-size="{label.size}">{_spans(label)}</text>')
    return names


def _lines(
    label: vector_map.Label, scale: int, place: int, mark: str, *, hidden: bool = False
) -> str:
    # Without a script, and on paper: only what can be read there.
    tiny = " off" if hidden or label.size < vector_map.TINY else ""
    marked = " data-tiny" if tiny else ""
    return (
        f'<text class="nm{tiny} i{scale}-{place}" font-size="{label.size}"{marked}>'
        f"{_spans(label, mark)}</text>"
    )


def _spans(label: vector_map.Label, mark: str = "") -> str:
    """The lines of a label; the last is bold where it is the figure."""
    step = label.size * 1.12
    first = label.y - step * (len(label.lines) - 1) / 2 + label.size * 0.35
    rows = []
    for number, line in enumerate(label.lines):
        bold = ' class="m"' if mark and number == len(label.lines) - 1 else ""
        rows.append(f'<tspan x="{label.x}" y="{first + step * number:.1f}"{bold}>')
        rows.append(f"{escape(line)}</tspan>")
    return "".join(rows)


def _legend(view: MapView, scale: int) -> str:
    keys = []
    counts = view.class_counts()
    listed = {info.key for info, _ in view.legend()}
    for place, info in enumerate(view.scale):
        if info.key in listed:
            idle = "" if counts[place] else " disabled"
            keys.append(
                f'<button type="button" class="key" data-c="{place}" aria-pressed="false"{idle}>'
                f'<svg viewBox="0 0 23 19" aria-hidden="true"><rect x="0.5" y="0.5" width="22" '
                f'height="18" rx="3" class="c{scale}-{place} sw"/></svg>{escape(info.label)} '
                f"<span>{shown(_COUNT, counts[place])}</span></button>"
            )
    head = t("{title} (banyak {unit})", title=view.legend_title, unit=view.unit)
    note = f'<p class="note">{escape(_capital(view.legend_note))}</p>' if view.legend_note else ""
    return (
        f'<div class="legend"><span class="head">{escape(head)}</span>{"".join(keys)}</div>{note}'
    )


_COUNT = Column("n", "", "count", "")


def _find(view: MapView) -> str:
    said = t("{n} dari {all} {unit}", n="%n", all="%all", unit=view.unit)
    return (
        f'<div class="find"><input type="search" placeholder="{escape(t("Cari wilayah"))}" '
        f'aria-label="{escape(t("Cari wilayah"))}" autocomplete="off">'
        f'<output data-text="{escape(said)}">'
        f"{escape(said.replace('%n', _whole(view)).replace('%all', _whole(view)))}</output></div>"
    )


def _whole(view: MapView) -> str:
    return shown(_COUNT, len(view.rows))


def _kept(view: MapView) -> list[int]:
    """The columns of the table; the states only where they say something."""
    telling = any(state not in (NUMBER, ZERO) for state in view.states.values())
    return [p for p, column in enumerate(view.columns) if column.key != "state" or telling]


def _table(view: MapView, scale: int) -> str:
    kept = _kept(view)
    parents = {k.code: k.kecamatan_name for k in load_areas().kelurahan}
    head = "".join(
        f'<th scope="col" class="{_kind_class(view.columns[p])}" title="'
        f'{escape(view.columns[p].meaning)}"><button type="button">'
        f"{escape(view.columns[p].label)}</button></th>"
        for p in kept
    )
    wide = ' class="wide"' if len(kept) > _FEW_COLUMNS or view.level == "rt" else ""
    bars = _bars(view)
    body = []
    for row in view.rows:
        code = str(row[0])
        parent = parents.get(code.partition("-")[0], "")
        inside = f' data-in="{escape(parent)}"' if parent else ""
        place = view.classes[code]
        cells = "".join(_cell(view.columns[p], row[p], bars, scale, place) for p in kept)
        find = escape(f"{code} {row[1]} {parent}".lower())
        body.append(
            f'<tr data-code="{escape(code)}" data-c="{place}" data-s="{find}"{inside}>{cells}</tr>'
        )
    foot = "".join(
        f'<tr class="{line.part}">'
        + "".join(_cell(view.columns[p], line.values[p], None, scale, 0) for p in kept)
        + "</tr>"
        for line in view.sums
    )
    return (
        f'<table{wide}><caption class="sr">{escape(view.title)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody>" + (f"<tfoot>{foot}</tfoot>" if foot else "") + "</table>"
    )


def _kind_class(column: Column) -> str:
    if column.kind != "text":
        return "n"
    return f"t {column.key}" if column.key in ("code", "state") else "t"


def _cell(column: Column, value: Value, bars: _Bars | None, scale: int, place: int) -> str:
    if column.key == "state":
        text = "" if value in (NUMBER, ZERO) else state_word(str(value or ""))
        return f'<td class="t state">{escape(text)}</td>'
    if column.kind == "text":
        return f'<td class="{_kind_class(column)}">{escape(shown(column, value))}</td>'
    number = "" if value is None else repr(value)
    bar = bars.drawn(column, value, scale, place) if bars else ""
    return f'<td data-v="{number}"><span class="nb">{escape(shown(column, value))}{bar}</span></td>'


class _Bars:
    """Bars beside the ranked column, on one scale: from zero, or to both sides of it."""

    def __init__(self, key: str, values: Sequence[float]) -> None:
        self.key = key
        self.low = min(0.0, *values)
        self.high = max(0.0, *values)

    def drawn(self, column: Column, value: Value, scale: int, place: int) -> str:
        """The bar of one row; nothing beside other columns."""
        if column.key != self.key or not isinstance(value, int | float):
            return ""
        span = (self.high - self.low) or 1.0
        zero = -self.low / span * _BAR
        end = (value - self.low) / span * _BAR
        left, width = min(zero, end), abs(end - zero)
        return (
            f'<svg class="bar" viewBox="0 0 {_BAR} {_BAR_HEIGHT}" preserveAspectRatio="none" '
            f'aria-hidden="true"><rect class="track" width="{_BAR}" height="{_BAR_HEIGHT}"/>'
            f'<rect class="c{scale}-{place}" x="{left:.1f}" width="{width:.1f}" '
            f'height="{_BAR_HEIGHT}"/>'
            + (f'<path class="zero" d="M{zero:.1f} 0V{_BAR_HEIGHT}"/>' if self.low < 0 else "")
            + "</svg>"
        )


def _bars(view: MapView) -> _Bars | None:
    found = [value for value in view.column(view.ranked) if isinstance(value, int | float)]
    return _Bars(view.ranked, found) if found and len(view.rows) <= _FEW_AREAS else None


def _foot(view: MapView) -> str:
    return '<div class="foot">' + "".join(_foot_lines(view)) + "</div>"


def _foot_lines(view: MapView) -> Iterator[str]:
    yield f'<p class="check">{escape(view.check)}</p>'
    for source in view.sources:
        yield f"<p>{escape(source)}</p>"
    chosen = " · ".join(f"{name}: {value}" for name, value in view.filter)
    yield f"<p>{escape(chosen)}</p>"
    mark = view.origin.mark()
    yield f"<p>{escape(' · '.join(filter(None, [mark, view.origin.line()])))}</p>"
    meanings = "".join(
        f"<dt>{escape(column.label)}</dt><dd>{escape(column.meaning)}</dd>"
        for column in view.columns
    )
    yield f"<details><summary>{escape(t('Arti kolom'))}</summary><dl>{meanings}</dl></details>"
