"""The office's own mark above every page: the logo of `theme.toml`, made small."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from html import escape
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.theme import Theme, load_theme, traces
from jambi_dash.settings import default_home

_HEIGHT, _WIDEST = 64, 400
"""Pixels of the picture: twice of what is shown, for fine screens."""


def mark() -> str:
    """The logo as HTML with the organisation as its words; empty where the theme has none.

    A theme that cannot be read is told where files are made, not above every page.
    """
    home = default_home()
    try:
        theme = _theme(home, traces(home))
    except Refusal:
        return ""
    if theme.logo is None:
        return ""
    picture = _small(theme.logo, theme.logo.stat().st_mtime_ns)
    return picture and f'<img class="rk-logo" src="{picture}" alt="{escape(theme.organisation)}">'


@lru_cache(4)
def _theme(home: Path, _changed: object) -> Theme:
    return load_theme(home)


@lru_cache(4)
def _small(logo: Path, _changed: int) -> str:
    try:
        with Image.open(logo) as opened:
            picture = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return ""
    picture.thumbnail((_WIDEST, _HEIGHT))
    written = BytesIO()
    picture.save(written, "PNG")
    return "data:image/png;base64," + b64encode(written.getvalue()).decode()
