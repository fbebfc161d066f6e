"""Every colour of the product, by what it means. No other file names one (`tests/test_design.py`).

Light is the screen's light theme and every file; dark is the screen's dark theme and the dark half
of the HTML files. Numbers on maps have the same fill in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jambi_dash.domain.coverage import HIDDEN, NO_DATA, ZERO

Theme = Literal["light", "dark"]
Pattern = Literal["dots", "hatch", "cross"]
THEMES: tuple[Theme, ...] = ("light", "dark")


@dataclass(frozen=True)
class Surroundings:
    """Everything that is not a value, for one theme.

    `ink` and `muted` are text on `surface` (behind everything) and `panel` (cards, paper); `line`
    parts rows and is the grid of charts; `control` is the edge of what can be clicked; `main` is
    the colour of bars and curves that stand for the programme as a whole.
    """

    surface: str
    panel: str
    ink: str
    muted: str
    border: str
    outline: str
    water: str
    water_ink: str
    river: str
    select: str
    line: str
    track: str
    control: str
    hover: str
    main: str
    link: str
    up: str
    down: str
    bad: str
    warned: str
    mark: str
    mark_ink: str
    mark_line: str
    tip: str
    tip_ink: str


SURROUNDINGS: dict[Theme, Surroundings] = {
    "light": Surroundings(
        surface="#f3f5f7",
        panel="#ffffff",
        ink="#1f2a33",
        muted="#55626d",
        border="#ffffff",
        outline="#3d4a55",
        water="#c9dbe8",
        water_ink="#2f5f80",
        river="#4a8db6",
        select="#d6006c",
        line="#dbe1e6",
        track="#e6ebef",
        control="#7d8a95",
        hover="#eaf1f5",
        main="#1b6c93",
        link="#14597b",
        up="#0b554c",
        down="#8a4b00",
        bad="#a4161a",
        warned="#8a5a00",
        mark="#fff1d6",
        mark_ink="#7a4300",
        mark_line="#c26a00",
        tip="#1f2a33",
        tip_ink="#ffffff",
    ),
    "dark": Surroundings(
        surface="#12171d",
        panel="#1b222a",
        ink="#eef2f5",
        muted="#a9b5bf",
        border="#12171d",
        outline="#dfe6ec",
        water="#24394a",
        water_ink="#9cc3de",
        river="#4d86a8",
        select="#ff5fa8",
        line="#333e49",
        track="#2b3540",
        control="#7b8894",
        hover="#26303a",
        main="#5db3dc",
        link="#7cc4e8",
        up="#6fcbb9",
        down="#efb260",
        bad="#ff9a8f",
        warned="#efc26a",
        mark="#4a3410",
        mark_ink="#ffd894",
        mark_line="#a9813a",
        tip="#eef2f5",
        tip_ink="#14202a",
    ),
}

ACCENT = "#0b5c7a"
"""The office's colour where `theme.toml` names none: rules, covers, buttons; never a value."""

DARK_INK, LIGHT_INK = "#14202a", "#ffffff"
"""The two inks on fills; `scales.ink_on` says which."""

# --- values: rates, differences, what is not a number ---------------------------------------------

RATE_FILLS = ("#fbeeb4", "#c6e2a1", "#8accab", "#4fb2bd", "#2179ab", "#2259a0", "#17306f")
OVER_FILL, OVER_MARK = "#3a0f5c", "#ff8a1f"
RISE_FILLS = ("#dfeee9", "#b4dcd2", "#6fb9ab", "#28806f", "#0b554c")
FALL_FILLS = ("#f9ecd9", "#efd0a0", "#d9a55a", "#a1631c", "#74420a")
SAME_FILL: dict[Theme, str] = {"light": "#ffffff", "dark": "#262e37"}

STATE_LOOKS: dict[Theme, dict[str, tuple[str, Pattern, str]]] = {
    "light": {
        ZERO: ("#ffffff", "dots", "#7d8a95"),
        NO_DATA: ("#dfe3e6", "hatch", "#78828b"),
        HIDDEN: ("#ece4d6", "cross", "#8e8063"),
    },
    "dark": {
        ZERO: ("#262e37", "dots", "#95a2ad"),
        NO_DATA: ("#3a434c", "hatch", "#8b97a2"),
        HIDDEN: ("#403a2f", "cross", "#978a73"),
    },
}
"""Fill, pattern and the pattern's ink."""

# --- stages ---------------------------------------------------------------------------------------

RT_STAGE_FILLS = {
    "belum": "#e9ecee",
    "sosialisasi": "#f6dfa4",
    "musyawarah": "#a9d394",
    "rencana": "#77c2a4",
    "penetapan": "#3d9fb5",
    "pelaksanaan": "#2a6aab",
    "selesai": "#1a2f73",
}
# Most RTs are `belum` at first: on a dark page they must not outshine those that have joined.
RT_STAGE_FILLS_DARK = {"belum": "#39434d", "selesai": "#c9ceff"}
WORKER_STAGE_FILLS = {
    "diusulkan": "#f6dfa4",
    "verifikasi_kelurahan": "#a9d394",
    "verifikasi_kecamatan": "#77c2a4",
    "ditetapkan": "#3d9fb5",
    "aktif": "#1f5c99",
}
SIDE_EXIT: dict[Theme, tuple[str, str]] = {
    "light": ("#e2dcd8", "#857a72"),
    "dark": ("#3f3a36", "#958b83"),
}
"""Fill and pattern of a stage beside the way: excluded, rejected, ended."""

# --- categories -----------------------------------------------------------------------------------

CATEGORIES: dict[Theme, tuple[str, ...]] = {
    "light": ("#1b6c93", "#c05712", "#4a3a8b", "#348d5d", "#a6326b", "#8d7c39", "#618f8d"),
    "dark": ("#5db3dc", "#e3854f", "#a79ff8", "#66b379", "#d26c9e", "#d7bf58", "#8bd4d1"),
}
"""What has names and no order: cohorts and funds, each in its own order of the configuration.

No two of them, nor `bad` beside them, lie closer than a difference of 12 (CIE76) for any eye.
"""

COHORTS = (
    "pekerja_rentan", "petugas_keagamaan", "ketua_rt", "phl", "guru_ngaji", "pengurus_rt",
)  # fmt: skip
"""The cohorts that have the first colours of `CATEGORIES`, whatever is added."""
MORE_COHORTS: dict[Theme, tuple[str, ...]] = {
    "light": ("#4a545e", "#9c5f3c", "#5d9a9c", "#7d4f80"),
    "dark": ("#ccd6df", "#cf9472", "#6fb9bc", "#a27caf"),
}
PROGRAMS: dict[Theme, dict[str, str]] = {
    "light": {"JKM": "#7a2f5d", "JKK": "#2f7d80"},
    "dark": {"JKM": "#da93b3", "JKK": "#80d4de"},
}
"""The two insurance programmes."""

# --- curves of a plan -----------------------------------------------------------------------------

ACTUAL: dict[Theme, str] = {t: around.main for t, around in SURROUNDINGS.items()}
PLAN: dict[Theme, str] = {t: around.down for t, around in SURROUNDINGS.items()}
CHOSEN: dict[Theme, str] = {"light": "#651e4d", "dark": "#b576a1"}
"""What has happened, what was planned, what the reader tries out."""
JOINED = "#6b7680"
"""Where a map shows waves: who joined before them."""


@dataclass(frozen=True)
class SlideInks:
    """Curves and bars of slides, which stand on a presenter's own ground."""

    actual: str
    forecast: str
    band: str
    plan: str
    line: str


SLIDE_INKS: dict[Theme, SlideInks] = {
    "light": SlideInks("#1a2f73", "#3d9fb5", "#c9e3ea", "#8a949c", "#d9dee2"),
    "dark": SlideInks("#ffffff", "#7fcfe3", "#3e6a84", "#b9c4cd", "#55626d"),
}

# --- paper ----------------------------------------------------------------------------------------

PAPER = "#ffffff"
TABLE_HEAD = "#e8eef4"
"""Behind the header row of a spreadsheet."""
FAINT, PALE, NEAR = "#eceff1", "#eef1f4", "#cfd9e1"
"""On maps of one area: not known, far away, the neighbours in the same kecamatan."""
PALE_EDGE = "#b9c3cb"
"""Between two white areas, and dots that must not outshine a name."""
SWATCH_EDGE = "#8b96a0"
COMPARED = "#8fa3b1"
"""A bar that only gives another one its measure: kecamatan and city beside a kelurahan."""
