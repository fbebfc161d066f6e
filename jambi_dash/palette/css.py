"""The palette as CSS custom properties, for style sheets that would otherwise repeat it."""

from __future__ import annotations

from jambi_dash.palette import sizes
from jambi_dash.palette.colours import PAPER, SURROUNDINGS, THEMES, Theme

# What the screen's own style sheet calls `--rk-…`.
_SCREEN = (
    "panel", "ink", "muted", "line", "track", "main", "up", "down", "link", "select", "control",
    "hover", "bad", "surface",
)  # fmt: skip


def screen_variables() -> str:
    """`--rk-…` for `look.css`; they follow the reader's theme through `light-dark()`."""
    light, dark = SURROUNDINGS["light"], SURROUNDINGS["dark"]
    pairs = ((name, getattr(light, name), getattr(dark, name)) for name in _SCREEN)
    return f".stApp{{{''.join(f'--rk-{n}:light-dark({a},{b});' for n, a, b in pairs)}}}"


def surroundings(theme: Theme) -> dict[str, str]:
    """Every name of `Surroundings` with its colour; `_` is written `-`."""
    return {name.replace("_", "-"): value for name, value in vars(SURROUNDINGS[theme]).items()}


def file_variables() -> str:
    """The variables of a page that stands alone and follows the reader's machine."""
    light, dark = (_declared(surroundings(theme)) for theme in THEMES)
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme: dark){{:root{{{dark}}}}}"
        f"html{{font-size:{sizes.BASE}px;--paper:{PAPER}}}"
    )


def _declared(named: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in named.items())
