"""The look of files for presentations: `data/theme/theme.toml`, or `theme.toml` of the home."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from jambi_dash.domain import foreign_toml
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.palette import SURROUNDINGS, colours, standing_out
from jambi_dash.palette import Theme as Light
from jambi_dash.settings import DATA

NAME = "theme.toml"
_KEYS = ("organisation", "programme", "accent", "logo", "font")
_MAX_TEXT = 120
_MAX_LOGO_MB = 5
_IMAGES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


@dataclass(frozen=True)
class Theme:
    """Who files are from, and their look.

    Attributes:
        organisation: The office, above the title.
        programme: The programme, beside it.
        accent: `#rrggbb`, for rules and covers; never for the classes of a map.
        logo: A PNG or JPEG file, or `None`.
        font: A font family.
    """

    organisation: str
    programme: str
    accent: str
    logo: Path | None
    font: str

    def accent_on(self, light: Light) -> str:
        """The accent as it is used beside text: lighter on a dark page, where it needs be."""
        return standing_out(self.accent, SURROUNDINGS[light].panel, 4.5)


def traces(home: Path) -> tuple[int, int] | None:
    """What tells that the home's theme is another by now; None where it has none."""
    try:
        found = (home / NAME).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def load_theme(home: Path | None = None) -> Theme:
    """The theme of the home where it has one, else that of the product.

    Raises:
        Refusal: the file cannot be read, has an unknown key, or a value that cannot be used.
    """
    own = home / NAME if home else None
    file = own if own is not None and own.is_file() else DATA / "theme" / NAME
    try:
        raw = foreign_toml.parse(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refusal(
            t("Berkas tema {file} tidak dapat dibaca: {error}.", file=file, error=error)
        ) from None
    unknown = [key for key in raw if key not in _KEYS]
    if unknown:
        raise Refusal(
            t("Berkas tema {file}: {key} tidak dikenal; yang ada: {known}.",
              file=file, key=unknown[0], known=", ".join(_KEYS))
        )  # fmt: skip
    words = {key: raw.get(key, "") for key in _KEYS}
    for key, value in words.items():
        if not isinstance(value, str) or len(value) > _MAX_TEXT:
            raise Refusal(
                t("Berkas tema {file}: {key} harus teks paling panjang {n} huruf.",
                  file=file, key=key, n=_MAX_TEXT)
            )  # fmt: skip
    accent = words["accent"] or colours.ACCENT
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        raise Refusal(
            t("Berkas tema {file}: accent harus warna seperti {example}.",
              file=file, example=colours.ACCENT)
        )  # fmt: skip
    return Theme(
        organisation=words["organisation"],
        programme=words["programme"],
        accent=accent.lower(),
        logo=_logo(file, words["logo"]) if words["logo"] else None,
        font=words["font"] or "DejaVu Sans",
    )


def _logo(file: Path, name: str) -> Path:
    logo = file.parent / name
    try:
        size = logo.stat().st_size
        with logo.open("rb") as opened:
            start = opened.read(8)
    except OSError:
        raise Refusal(
            t("Logo {logo} yang disebut berkas tema tidak dapat dibaca.", logo=logo)
        ) from None
    if size > _MAX_LOGO_MB * 2**20 or not any(start.startswith(mark) for mark in _IMAGES):
        raise Refusal(
            t("Logo {logo} harus PNG atau JPEG paling besar {n} MB.", logo=logo, n=_MAX_LOGO_MB)
        )
    return logo
