"""Why the number changed, drawn: a bridge from one release to the other, and a map of the change."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from jambi_dash.charts.area_map import AreaPaint, Field
from jambi_dash.domain import formats
from jambi_dash.domain.difference import Difference, DifferenceRow, part_label
from jambi_dash.domain.language import t
from jambi_dash.geography.static_files import GeometryFile
from jambi_dash.palette import Theme, classify_count_differences, count_difference_scale, sizes

_WIDTH, _HEIGHT = 640, 300
_TOP, _BOTTOM = 34, 52
_BAR = 0.62  # of the room of a step
_TALL_WIDTH, _ROW = 340, 34
_TRACK = (104, 270)  # between the names and the figures of the tall bridge


def bridge_svg(answer: Difference) -> str:
    """From the first release's count over the six parts to the second's, step by step.

    The two counts are levels, not bars: the scale does not begin at zero, or steps of a few dozen
    would be lost against thousands.
    """
    city = answer.city
    levels = _levels(answer)
    low, high = _ends(levels)
    room = _WIDTH / (len(city.parts) + 2)
    half = room * _BAR / 2

    def x(step: int) -> float:
        return room * (step + 0.5)

    def y(level: int) -> float:
        return _TOP + (high - level) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(bridge_in_words(answer))}">'
    ]
    for step, level in enumerate(levels):
        parts.append(
            f'<line x1="{x(step):.1f}" x2="{x(step + 1):.1f}" y1="{y(level):.1f}" '
            f'y2="{y(level):.1f}" style="stroke:var(--rk-muted);stroke-dasharray:3 3"/>'
        )
    for step, (part, people) in enumerate(city.parts.items(), start=1):
        top, bottom = sorted((y(levels[step - 1]), y(levels[step])))
        tone = _tone(people)
        parts.append(
            f'<rect x="{x(step) - half:.1f}" y="{top - (not people):.1f}" width="{2 * half:.1f}" '
            f'height="{max(bottom - top, 2):.1f}" style="fill:{tone}"><title>'
            f"{escape(part_label(part))}: {formats.signed(people)}</title></rect>"
            f'<text class="rk-strong" x="{x(step):.1f}" y="{top - 6:.1f}" font-size="{sizes.DRAWN_STEP}" '
            f'text-anchor="middle">{formats.signed(people)}</text>'
        )
        parts += _name(x(step), part_label(part).split(" "))
    ends = ((0, city.covered_a, answer.a), (len(levels), city.covered_b, answer.b))
    for step, level, side in ends:
        parts.append(
            f'<line x1="{x(step) - half:.1f}" x2="{x(step) + half:.1f}" y1="{y(level):.1f}" '
            f'y2="{y(level):.1f}" style="stroke:var(--rk-ink);stroke-width:5"/>'
            f'<text class="rk-strong" x="{x(step):.1f}" y="{y(level) - 8:.1f}" font-size="{sizes.DRAWN_VALUE}" '
            f'text-anchor="middle">{formats.number(level)}</text>'
        )
        parts += _name(x(step), formats.month_short(side.at).split(" "))
    return "".join([*parts, "</svg>"])


def bridge_rows_svg(answer: Difference) -> str:
    """The same for a phone: a row for each step, its name at the left, its figure at the right."""
    city = answer.city
    levels = _levels(answer)
    low, high = _ends(levels)
    height = _ROW * (len(city.parts) + 2)

    def x(level: int) -> float:
        left, right = _TRACK
        return left + (level - low) / (high - low) * (right - left)

    def y(step: int) -> float:
        return _ROW * (step + 0.5)

    def row(step: int, name: str, figure: str) -> str:
        foot = f'y="{y(step) + 5:.1f}" font-size="{sizes.DRAWN_STEP}"'
        return (
            f'<text x="0" {foot}>{escape(name)}</text>'
            f'<text class="rk-strong" x="{_TALL_WIDTH}" {foot} text-anchor="end">{figure}</text>'
        )

    half = _ROW * _BAR / 2
    parts = [
        f'<svg viewBox="0 0 {_TALL_WIDTH} {height}" role="img" '
        f'aria-label="{escape(bridge_in_words(answer))}">'
    ]
    for step, level in enumerate(levels):
        parts.append(
            f'<line x1="{x(level):.1f}" x2="{x(level):.1f}" y1="{y(step):.1f}" '
            f'y2="{y(step + 1):.1f}" style="stroke:var(--rk-muted);stroke-dasharray:3 3"/>'
        )
    for step, (part, people) in enumerate(city.parts.items(), start=1):
        left, right = sorted((x(levels[step - 1]), x(levels[step])))
        parts.append(
            f'<rect x="{left - (not people):.1f}" y="{y(step) - half:.1f}" '
            f'width="{max(right - left, 2):.1f}" height="{2 * half:.1f}" '
            f'style="fill:{_tone(people)}"/>' + row(step, part_label(part), formats.signed(people))
        )
    ends = ((0, city.covered_a, answer.a), (len(levels), city.covered_b, answer.b))
    for step, level, side in ends:
        parts.append(
            f'<line x1="{x(level):.1f}" x2="{x(level):.1f}" y1="{y(step) - half:.1f}" '
            f'y2="{y(step) + half:.1f}" style="stroke:var(--rk-ink);stroke-width:5"/>'
            + row(step, formats.month_short(side.at), formats.number(level))
        )
    return "".join([*parts, "</svg>"])


def _levels(answer: Difference) -> list[int]:
    """The first count, and the count after each part."""
    levels = [answer.city.covered_a]
    for people in answer.city.parts.values():
        levels.append(levels[-1] + people)
    return levels


def _ends(levels: Sequence[int]) -> tuple[int, int]:
    """Lowest and highest; never the same, so that they can be a scale."""
    low, high = min(levels), max(levels)
    return (low, high) if low < high else (low - 1, high + 1)


def _tone(people: int) -> str:
    return "var(--rk-muted)" if not people else f"var(--rk-{'up' if people > 0 else 'down'})"


def _name(x: float, words: Sequence[str]) -> list[str]:
    return [
        f'<text x="{x:.1f}" y="{_HEIGHT - 26 + 16 * line}" font-size="{sizes.DRAWN_NAME}" text-anchor="middle">'
        f"{escape(word)}</text>"
        for line, word in enumerate(words[:2])
    ]


def bridge_in_words(answer: Difference) -> str:
    """The bridge in a sentence, for those who do not see it."""
    city = answer.city
    return t("Dari {a} menjadi {b} orang: {parts}.",
             a=formats.number(city.covered_a), b=formats.number(city.covered_b),
             parts=", ".join(f"{part_label(part).lower()} {formats.signed(people)}"
                             for part, people in city.parts.items()))  # fmt: skip


def count_difference_paint(
    geometry: GeometryFile,
    rows: Sequence[DifferenceRow],
    *,
    before: str,
    after: str,
    title: str,
    unit: str,
    theme: Theme,
) -> AreaPaint:
    """Paints the change of covered people; `before` and `after` name the two counts.

    An area without a row is `tidak ada data`.
    """
    flows = {row.code: row.flow for row in rows}
    found = [flows.get(code) for code in geometry.codes]
    fields = [
        Field(before, "count", tuple(f and f.covered_a for f in found)),
        Field(after, "count", tuple(f and f.covered_b for f in found)),
        Field(t("Selisih"), "text", tuple(f and formats.signed(f.change) for f in found)),
    ]
    for part in next(iter(flows.values())).parts if flows else ():
        told = tuple(f and formats.signed(f.parts[part]) for f in found)
        fields.append(Field(part_label(part), "text", told))
    return AreaPaint(
        scale=count_difference_scale(theme),
        classes=classify_count_differences([f.change if f else None for f in found]),
        fields=tuple(fields),
        title=title,
        note=t("orang"),
        unit=unit,
        label_field=2,
    )
