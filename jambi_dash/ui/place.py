"""Where the reader is: the whole (a city, or several), one city of several, a kecamatan, a
kelurahan, an RT; and at what level.

The place is in the address as `wilayah=15.71.08.1004`, the level as `tingkat`; `hanya` holds codes,
joined by `~`, of the only areas that list and ranking show. A click anywhere
(map, bar, table, breadcrumb) goes through `go_to`, so that all of them move together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

import streamlit as st

from jambi_dash.domain.areas import (
    CITIES,
    CITY_CODE,
    CITY_DIGITS,
    SEVERAL,
    WHOLE,
    load_areas,
)
from jambi_dash.domain.coverage import CoverageRow
from jambi_dash.domain.language import t
from jambi_dash.geography.levels import Level
from jambi_dash.ui import address, choices, data
from jambi_dash.ui.literal import literal

_LEVEL_KEY = "tingkat"
_PLACE_KEY = "wilayah"
_FEW_KEY = "hanya"
_LEVELS: tuple[Level, ...] = ("city", "kecamatan", "kelurahan", "rt")


def level_of(code: str) -> str:
    """The level of an area by its code: `city`, `kecamatan`, `kelurahan` or `rt`."""
    if "-" in code:
        return "rt"
    # Of several cities together the code has no dot.
    return {2: "kecamatan", 3: "kelurahan"}.get(code.count("."), "city")


def asked_level(code: str) -> str:
    """The level whose coverage has the figures of a place, for all of it in the totals."""
    return WHOLE if code == CITY_CODE else level_of(code)


def has_cities() -> bool:
    """Whether cities are a level here: of several, for who may see all of each (contract 4)."""
    reader = data.reader()
    return SEVERAL and reader.areas is None and not reader.sight.public


def current() -> str:
    """The code of the place in the address; the city where it names none that may be seen."""
    code = address.now(_PLACE_KEY) or CITY_CODE
    kelurahan = code.partition("-")[0]
    areas, own = load_areas(), data.reader().areas
    known = {code for level in ("kecamatan", "kelurahan") for code, _ in areas.of_level(level, own)}
    if has_cities():
        known |= CITIES.keys()
    if "-" in code and not data.may("rt"):
        code = kelurahan
    sound = kelurahan in known and re.fullmatch(r"[\d.]+(-\d{3})?", code)
    return code if sound and ("-" not in code or kelurahan in areas.by_code) else CITY_CODE


def go_to(code: str) -> None:
    """Moves to an area, one level deeper than it where there is one. For callbacks."""
    leave_few()
    address.say(_PLACE_KEY, "" if code == CITY_CODE else code)
    below = {"kecamatan": "kelurahan", "kelurahan": "rt", "rt": "rt"}
    level = below.get(level_of(code)) or _usual(code, _levels())
    choices.choose(_LEVEL_KEY, level if level in _levels() else "kelurahan")


def few(rows: Sequence[CoverageRow]) -> frozenset[str]:
    """The areas that a link picked out (`hanya`), of those in `rows`; none: all of them."""
    asked = set(st.query_params.get(_FEW_KEY, "").split("~"))
    return frozenset(row.code for row in rows if row.code in asked)


def leave_few() -> None:
    """Back to all areas; for callbacks."""
    st.query_params.pop(_FEW_KEY, None)


def go_to_and_rerun(code: str) -> None:
    """The same from the middle of a run, after the widgets were drawn."""
    st.session_state["_peta_menuju"] = code
    st.rerun()


def settle() -> None:
    """Carries out what `go_to_and_rerun` left; call it before any widget is drawn."""
    code = st.session_state.pop("_peta_menuju", None)
    if code is not None:
        go_to(code)


def own_focus(level: str) -> str | None:
    """What a map glides to before somebody who sees some areas only."""
    own = data.reader().areas
    if own is None:
        return None
    kecamatan = {code[:8] for code in own}
    if len(own) == 1 and level != "kecamatan":
        return next(iter(own))
    return next(iter(kecamatan)) if len(kecamatan) == 1 else None


def _levels() -> tuple[Level, ...]:
    """The levels that the reader may see here: of a province RTs only inside a kecamatan."""
    inside = current() != CITY_CODE
    return tuple(
        level for level in _LEVELS
        if (level != "city" or has_cities()) and (level != "rt" or data.may("rt"))
        and (inside or level in ("city", "kecamatan") or _all_fit(level))
    )  # fmt: skip


def _usual(code: str, levels: Sequence[str]) -> str:
    """The level that a place opens on where the address names none."""
    if "city" in levels and level_of(code) == "city":
        return "city" if code == CITY_CODE else "kecamatan"
    return "kelurahan" if "kelurahan" in levels else "kecamatan"


def _all_fit(level: str) -> bool:
    release = data.current_release()
    return release is None or data.all_fit(release, level)


def part(level: str, code: str) -> str:
    """The area whose parts alone are drawn; empty: everything is.

    Of several cities the one that the reader is in, else the kecamatan where all would be too many.
    """
    if code == CITY_CODE or level == "city":
        return ""
    if not has_cities():
        return code[:8] if level != "kecamatan" and not _all_fit(level) else ""
    small = level_of(code) != "city" and level == "rt" and not _all_fit(level)
    return code[:8] if small else code[:CITY_DIGITS]


def choose_level() -> Level:
    """The switch between the levels; cities are one where there are several."""
    words = {"city": t("Kota/Kab."), "kecamatan": t("Kecamatan"), "kelurahan": t("Kelurahan"),
             "rt": t("RT")}  # fmt: skip
    levels: dict[str, str] = {name: words[name] for name in _levels()}
    help_text = (
        t("RT ditampilkan per kecamatan: pilih satu di peta atau peringkat.")
        if data.may("rt") and "rt" not in levels else None
    )  # fmt: skip
    usual = _usual(current(), tuple(levels))
    return cast("Level", choices.switch(t("Tingkat"), _LEVEL_KEY, levels, usual, help=help_text))


def breadcrumb(code: str) -> None:
    """City › kecamatan › kelurahan ›, below all of several: what lies above, each leads back to it.

    It stands before the answer, which begins with the name of the area itself.
    """
    areas, own = load_areas(), data.reader().areas
    trail = [CITY_CODE]
    kelurahan = code.partition("-")[0]
    if code != CITY_CODE and has_cities():
        trail.append(code[:CITY_DIGITS])
    if level_of(code) != "city":
        trail.append(kelurahan[:8])
    if kelurahan.count(".") == 3:
        trail.append(kelurahan)
    if "-" in code:
        trail.append(code)
    for index, part in enumerate(trail[:-1]):
        name = (
            areas.name_of_own(own) if part == CITY_CODE and own is not None else areas.name_of(part)
        )
        st.button(
            literal(name), key=f"peta_remah_{index}", type="tertiary", on_click=go_to, args=(part,)
        )
        st.markdown("›")


def inside(rows: tuple[CoverageRow, ...], code: str, level: Level) -> list[CoverageRow]:
    """The rows of a level that lie in a place; for a place below the level, its neighbours too."""
    if code == CITY_CODE or level == "city":
        return list(rows)
    kelurahan = code.partition("-")[0]
    city = code[:CITY_DIGITS] if has_cities() else ""
    scope = {"kecamatan": city, "kelurahan": kelurahan[:8]}.get(level, kelurahan)
    return [row for row in rows if row.code.startswith(scope)]
