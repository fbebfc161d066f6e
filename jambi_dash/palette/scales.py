"""Classes and their colours, the same on every page, date, scenario and file.

Coverage is shown in fixed classes, so a colour means one range everywhere. A class owns its lower
edge: exactly 10 % lies in `10–20`, and the last class also owns 100 %. What is not a number has a
look of its own that does not rest on colour: `nol` is dotted, `tidak ada data` is hatched one
way, `disembunyikan` both ways, and above 100 % carries a bright outline.

Colour-blind-safe: lightness falls from class to class (rates) and away from zero (differences).
The fills of numbers are the same in the light and the dark theme; only states and surroundings
change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import cycle
from typing import TYPE_CHECKING, Literal

import numpy as np

from jambi_dash.domain import coverage, formats
from jambi_dash.domain.funds import UNFUNDED, load_expansion_facts
from jambi_dash.domain.language import current_language, in_language, t
from jambi_dash.domain.programme import load_programme
from jambi_dash.palette import colours
from jambi_dash.palette.colours import Pattern, Theme

if TYPE_CHECKING:
    # Only named: a map by command must not wait a third of a second for pandas.
    import pandas as pd

RATE_EDGES = (0.0, 0.10, 0.20, 0.30, 0.45, 0.60, 0.80, 1.0)
"""Lower edges of the rate classes, and the upper edge of the last (1 = 100 %)."""

DIFFERENCE_EDGES = (0.0, 0.02, 0.05, 0.10, 0.20)
"""Lower edges of the size of a difference of two rates, on either side of zero."""

COUNT_EDGES = (1, 5, 10, 25, 50)
"""Lower edges of the size of a difference of two counts of people, on either side of zero."""

_EXIT_PATTERNS: tuple[Pattern, ...] = ("cross", "dots")
_HALF_WAY = 0.179
"""Luminance from which black stands out more than white."""
_EDGE_TOLERANCE = 1e-9  # 0.1 + 0.2 is 0.30000000000000004: the edge must not depend on the sum


class AreaState(StrEnum):
    """What is known of an area (contract section 4)."""

    NUMBER = coverage.NUMBER
    ZERO = coverage.ZERO
    NO_DATA = coverage.NO_DATA
    HIDDEN = coverage.HIDDEN


@dataclass(frozen=True)
class ClassInfo:
    """One class of a scale and how it looks.

    `fill` colours the area, `ink` is readable on it (4.5 : 1), `pattern` and `mark` (the colour of
    a bold outline) tell it apart without colour. `low` and `high` bound the class where it is a
    range, so that a legend can draw an axis; they are `None` for states and categories.
    """

    key: str
    label: str
    fill: str
    ink: str
    pattern: Pattern | None = None
    pattern_ink: str = ""
    mark: str | None = None
    low: float | None = None
    high: float | None = None


def ink_on(fill: str) -> str:
    """Near black or white, whichever stands out more on `fill`."""
    return max((colours.DARK_INK, colours.LIGHT_INK), key=lambda ink: contrast(ink, fill))


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours `#rrggbb`, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def rate_scale(theme: Theme = "light") -> tuple[ClassInfo, ...]:
    """The classes of a coverage rate, lowest first, then above 100 %, then the three states."""
    return _rate_scale(theme, current_language())


@lru_cache(maxsize=8)
def _rate_scale(theme: Theme, language: str) -> tuple[ClassInfo, ...]:
    with in_language(language):
        return (
            *(
                ClassInfo(
                    key=f"r{index}",
                    label=_range_label(low, high),
                    fill=fill,
                    ink=ink_on(fill),
                    low=low,
                    high=high,
                )
                for index, (low, high, fill) in enumerate(
                    zip(RATE_EDGES, RATE_EDGES[1:], colours.RATE_FILLS, strict=False), start=1
                )
            ),
            ClassInfo(
                key="over",
                label=f">{formats.percent(1, 0)}",
                fill=colours.OVER_FILL,
                ink=ink_on(colours.OVER_FILL),
                mark=colours.OVER_MARK,
            ),
            *_state_classes(theme),
        )


def _range_label(low: float, high: float) -> str:
    """`10–<20%`; the first leaves out zero, the last takes in its upper edge."""
    before = ">" if low == RATE_EDGES[0] else ""
    below = "" if high == RATE_EDGES[-1] else "<"
    return f"{before}{formats.number(low * 100)}–{below}{formats.percent(high, 0)}"


def _state_classes(theme: Theme) -> tuple[ClassInfo, ...]:
    labels = {
        AreaState.ZERO: t("nol"),
        AreaState.NO_DATA: t("tidak ada data"),
        AreaState.HIDDEN: t("disembunyikan"),
    }
    looks = {AreaState(state): look for state, look in colours.STATE_LOOKS[theme].items()}
    return tuple(
        ClassInfo(
            key=state.name.lower(),
            label=labels[state],
            fill=fill,
            ink=ink_on(fill),
            pattern=pattern,
            pattern_ink=pattern_ink,
        )
        for state, (fill, pattern, pattern_ink) in looks.items()
    )


def difference_scale(theme: Theme = "light") -> tuple[ClassInfo, ...]:
    """Classes of a difference of two rates: largest fall first, zero in the middle, then states.

    A class owns the edge that lies nearer to zero: −5 and +5 points are in `5–<10`.
    """
    return _difference_scale(theme, current_language())


@lru_cache(maxsize=8)
def _difference_scale(theme: Theme, language: str) -> tuple[ClassInfo, ...]:
    with in_language(language):
        highs = (*DIFFERENCE_EDGES[1:], None)
        sizes = list(
            zip(DIFFERENCE_EDGES, highs, colours.FALL_FILLS, colours.RISE_FILLS, strict=True)
        )
        falls = [
            ClassInfo(
                key=f"f{index}",
                label=_size_label("−", low, high),
                fill=fill,
                ink=ink_on(fill),
                low=None if high is None else -high,
                high=-low,
            )
            for index, (low, high, fill, _) in enumerate(sizes, start=1)
        ]
        rises = [
            ClassInfo(
                key=f"n{index}",
                label=_size_label("+", low, high),
                fill=fill,
                ink=ink_on(fill),
                low=low,
                high=high,
            )
            for index, (low, high, _, fill) in enumerate(sizes, start=1)
        ]
        fill = colours.SAME_FILL[theme]
        same = ClassInfo(
            key="same", label=t("tetap"), fill=fill, ink=ink_on(fill), low=0.0, high=0.0
        )
        states = [c for c in _state_classes(theme) if c.key != "zero"]
        return (*reversed(falls), same, *rises, *states)


def _size_label(sign: str, low: float, high: float | None) -> str:
    """`+5 – <+10`, `−5 – >−10`, and at the ends `≥+20`, `<0 – >−2`."""
    toward, away = ("≥", "<") if sign == "+" else ("≤", ">")
    start = f"{sign}{formats.number(low * 100)}"
    if high is None:
        return toward + start
    if low == 0:
        start = ">0" if sign == "+" else "<0"
    return f"{start} – {away}{sign}{formats.number(high * 100)}"


def count_difference_scale(theme: Theme = "light") -> tuple[ClassInfo, ...]:
    """Classes of a difference of two counts: largest fall first, then `tidak ada data`.

    The colours are those of a difference of rates: brown has fallen, green has risen. Nothing is
    hidden by it: such a map is for internal eyes.
    """
    return _count_difference_scale(theme, current_language())


@lru_cache(maxsize=8)
def _count_difference_scale(theme: Theme, language: str) -> tuple[ClassInfo, ...]:
    lasts = [edge - 1 for edge in COUNT_EDGES[1:]]
    with in_language(language):
        labels = {
            sign: [
                # Two signs on either side of a dash read as a sum.
                t(
                    "{low} sampai {high}",
                    low=f"{sign}{formats.number(low)}",
                    high=f"{sign}{formats.number(last)}",
                )
                for low, last in zip(COUNT_EDGES, lasts, strict=False)
            ]
            + [("≥" if sign == "+" else "≤") + sign + formats.number(COUNT_EDGES[-1])]
            for sign in "−+"
        }
        rates = _difference_scale(theme, language)
        middle = len(COUNT_EDGES)
        return tuple(
            replace(
                info,
                label=labels["−"][middle - 1 - place] if place < middle
                else labels["+"][place - middle - 1] if middle < place <= 2 * middle
                else info.label,
                low=None,
                high=None,
            )
            for place, info in enumerate(rates)
            if info.key != "hidden"
        )  # fmt: skip


def classify_rates(
    rates: Sequence[float | None] | np.ndarray | pd.Series, states: Iterable[str] | None = None
) -> tuple[int, ...]:
    """The place in `rate_scale` of every rate (1 = 100 %).

    `states` (values of `AreaState`) settles what is hidden or missing; without it a missing rate
    is `tidak ada data`. A rate of 0 is `nol` either way.
    """
    values = _floats(rates)
    count = len(colours.RATE_FILLS)
    over, zero, missing, hidden = count, count + 1, count + 2, count + 3
    found = np.searchsorted(np.array(RATE_EDGES[1:-1]), values + _EDGE_TOLERANCE, side="right")
    found = np.where(values > 1 + _EDGE_TOLERANCE, over, found)
    found = np.where(values <= 0, zero, found)
    found = np.where(np.isnan(values), missing, found)
    if states is not None:
        said = _said(states, len(values))
        found = np.where(said == AreaState.ZERO, zero, found)
        found = np.where(said == AreaState.NO_DATA, missing, found)
        found = np.where(said == AreaState.HIDDEN, hidden, found)
    return tuple(int(index) for index in found)


def classify_differences(
    differences: Sequence[float | None] | np.ndarray | pd.Series,
    states: Iterable[str] | None = None,
) -> tuple[int, ...]:
    """The place in `difference_scale` of every difference of rates (0.01 = one point)."""
    values = _floats(differences)
    steps = len(DIFFERENCE_EDGES)
    same, missing, hidden = steps, 2 * steps + 1, 2 * steps + 2
    size = np.abs(values)
    step = np.searchsorted(np.array(DIFFERENCE_EDGES[1:]), size + _EDGE_TOLERANCE, side="right")
    found = same + np.sign(values) * (step + 1)
    found = np.where(size <= _EDGE_TOLERANCE, same, found)
    found = np.where(np.isnan(values), missing, found)
    if states is not None:
        said = _said(states, len(values))
        found = np.where(said == AreaState.NO_DATA, missing, found)
        found = np.where(said == AreaState.HIDDEN, hidden, found)
    return tuple(int(index) for index in found)


def classify_count_differences(
    differences: Sequence[float | None] | np.ndarray | pd.Series,
) -> tuple[int, ...]:
    """The place in `count_difference_scale` of every difference of counts of people."""
    values = _floats(differences)
    same = len(COUNT_EDGES)
    step = np.searchsorted(np.array(COUNT_EDGES), np.abs(values), side="right")
    found = same + np.nan_to_num(np.sign(values)) * step
    return tuple(int(index) for index in np.where(np.isnan(values), 2 * same + 1, found))


def _said(states: Iterable[str], count: int) -> np.ndarray:
    said = np.array([str(state) for state in states])
    if len(said) != count:
        raise ValueError("values and states differ in length")
    return said


def _floats(values: Sequence[float | None] | np.ndarray | pd.Series) -> np.ndarray:
    # None, NaN and pandas' NA all become NaN.
    if isinstance(values, np.ndarray) and values.dtype.kind == "f":
        return values.astype(float)
    return np.array([_float(value) for value in values], dtype=float)


def _float(value: float | None) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except TypeError:  # None, and pandas' NA
        return math.nan


def rate_class(rate: float | None, state: str | None = None, theme: Theme = "light") -> ClassInfo:
    """The class of one rate (1 = 100 %) or state."""
    index = classify_rates([rate], None if state is None else [state])[0]
    return rate_scale(theme)[index]


def difference_class(
    difference: float | None, state: str | None = None, theme: Theme = "light"
) -> ClassInfo:
    """The class of one difference of rates or state."""
    index = classify_differences([difference], None if state is None else [state])[0]
    return difference_scale(theme)[index]


def rt_stage_scale(theme: Theme = "light") -> tuple[ClassInfo, ...]:
    """The stages of an RT in their order; the one left out is hatched; last `tidak ada data`."""
    return _stage_scale("rt", theme, current_language())


def worker_stage_scale(theme: Theme = "light") -> tuple[ClassInfo, ...]:
    """The stages of a worker in their order; side exits are hatched; last `tidak ada data`."""
    return _stage_scale("worker", theme, current_language())


@lru_cache(maxsize=8)
def _stage_scale(
    kind: Literal["rt", "worker"], theme: Theme, language: str
) -> tuple[ClassInfo, ...]:
    programme = load_programme()
    terms = (programme.rt_stages if kind == "rt" else programme.worker_stages).terms
    fills = _stage_fills(kind, theme, [term.id for term in terms if not term.side_exit])
    exit_fill, exit_ink = colours.SIDE_EXIT[theme]
    with in_language(language):
        missing = next(c for c in _state_classes(theme) if c.key == "no_data")
        classes = []
        patterns = cycle(_EXIT_PATTERNS)
        for term in terms:
            fill = fills.get(term.id)
            classes.append(
                ClassInfo(
                    key=term.id,
                    label=term.shown(),
                    fill=fill or exit_fill,
                    ink=ink_on(fill or exit_fill),
                    # Rejected and ended are two things: each way out has a pattern of its own.
                    pattern=None if fill else next(patterns),
                    pattern_ink="" if fill else exit_ink,
                )
            )
        return (*classes, missing)


def _stage_fills(
    kind: Literal["rt", "worker"], theme: Theme, stages: Sequence[str]
) -> dict[str, str]:
    """The fill of each stage on the way: those of the first city, or the same way for others.

    Other stages are spread over the colours that the known ones run through, so that first and
    last look alike in every city; on a map of RTs the first is the ground that all others leave.
    """
    known = colours.RT_STAGE_FILLS if kind == "rt" else colours.WORKER_STAGE_FILLS
    if not known.keys() >= set(stages):
        way = list(known.values())
        ground = [way.pop(0)] if kind == "rt" else []
        known = dict(zip(stages, [*ground, *_spread(way, len(stages) - len(ground))], strict=False))
    if theme == "dark" and kind == "rt" and stages:
        # At first most RTs stand in the first stage: they must not outshine those that moved on.
        dark = zip((stages[0], stages[-1]), colours.RT_STAGE_FILLS_DARK.values(), strict=True)
        known = {**known, **dict(dark)}
    return known


def _spread(way: Sequence[str], count: int) -> list[str]:
    """`count` colours along `way`, its two ends among them, in between mixed from neighbours."""
    places = (
        np.linspace(0, len(way) - 1, count) if count > 1 else np.array([len(way) - 1.0] * count)
    )
    parts = np.array([_parts(colour) for colour in way])
    mixed = [
        [np.interp(place, range(len(way)), parts[:, channel]) for channel in range(3)]
        for place in places
    ]
    return ["#" + "".join(f"{round(part * 255):02x}" for part in colour) for colour in mixed]


def cohort_colour(cohort: str, theme: Theme = "light") -> str:
    """The colour of a cohort wherever it is drawn; cohorts of a configuration get one too.

    The cohorts of the first city keep theirs whatever is added; others take, in their order, first
    what is free of these.
    """
    own = dict(zip(colours.COHORTS, colours.CATEGORIES[theme], strict=False))
    listed = load_programme().cohorts.ids
    free = [fill for name, fill in own.items() if name not in listed]
    spare = [*free, *colours.MORE_COHORTS[theme]]
    added = [name for name in listed if name not in own]
    if cohort in own and cohort in listed:
        return own[cohort]
    return spare[(added.index(cohort) if cohort in added else len(added)) % len(spare)]


def fund_colours(funds: Sequence[str], theme: Theme = "light") -> dict[str, str]:
    """The colour of each fund: a known one has the same in every scenario and file.

    What no fund pays has the colour of what is wrong.
    """
    known = [fund.id for fund in load_expansion_facts().funds]
    order = [*known, *(fund for fund in funds if fund not in known)]
    fills = colours.CATEGORIES[theme]
    return {
        fund: colours.SURROUNDINGS[theme].bad
        if fund == UNFUNDED
        else fills[order.index(fund) % len(fills)]
        for fund in funds
    }


def standing_out(colour: str, ground: str, ratio: float) -> str:
    """`colour`, lightened or darkened as far as it takes to stand out from `ground`.

    `ratio` is the WCAG contrast asked for; hue and saturation stay.
    """
    hue, light, saturation = rgb_to_hls(*_parts(colour))
    step = 0.01 if _luminance(ground) < _HALF_WAY else -0.01
    while contrast(colour, ground) < ratio and 0 <= light <= 1:
        light += step
        parts = hls_to_rgb(hue, min(max(light, 0), 1), saturation)
        colour = "#" + "".join(f"{round(part * 255):02x}" for part in parts)
    return colour


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def see_through(colour: str, opacity: float) -> str:
    """`colour` as CSS and plotly write it when what lies behind is to be seen (0 to 1)."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
