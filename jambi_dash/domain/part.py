"""A part of the city: the kecamatan and kelurahan that a partial import replaces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.names import load_gazetteer
from jambi_dash.domain.programme import plain
from jambi_dash.domain.refusal import Refusal

_KECAMATAN = re.compile(r"(?i)^\s*(kecamatan|kec)\b")
_KELURAHAN = re.compile(r"(?i)^\s*(kelurahan|kel|desa)\b")
_SURE = {"kode", "nama", "alias", "angka"}


@dataclass(frozen=True)
class Part:
    """Kecamatan and kelurahan by code."""

    codes: tuple[str, ...]

    @cached_property
    def kelurahan(self) -> tuple[str, ...]:
        """All kelurahan that lie in it, by code."""
        return tuple(
            k.code
            for k in load_areas().kelurahan
            if k.code in self.codes or k.kecamatan_code in self.codes
        )

    @property
    def single(self) -> str:
        """The one kelurahan that it is, `""` for more than one."""
        return self.kelurahan[0] if len(self.kelurahan) == 1 else ""

    @classmethod
    def of(cls, kelurahan: Iterable[str]) -> Part:
        """The part made of these kelurahan; a whole kecamatan goes by its own code."""
        wanted = set(kelurahan)
        codes: set[str] = set()
        for kecamatan in load_areas().kecamatan:
            inside = {k.code for k in load_areas().kelurahan_of(kecamatan.code)}
            codes |= {kecamatan.code} if inside <= wanted else inside & wanted
        return cls(tuple(sorted(codes)))

    def shown(self) -> str:
        """Its areas for people."""
        return ", ".join(area_name(code) for code in self.codes)


def area_name(code: str) -> str:
    """A kecamatan or kelurahan with the word that tells them apart: four names are both."""
    name = load_areas().name_of(code)
    return t("Kelurahan {name}", name=name) if len(code) > 8 else t("Kecamatan {name}", name=name)


def read_part(texts: Iterable[str]) -> Part:
    """The areas that codes or names mean.

    Raises:
        Refusal: a name that is none, or that a kecamatan and a kelurahan share.
    """
    return Part(tuple(sorted({_code(text) for text in texts})))


def _code(text: str) -> str:
    gazetteer, areas = load_gazetteer(), load_areas()
    if (code := text.strip()) in areas.by_code or any(k.code == code for k in areas.kecamatan):
        return code
    kecamatan = None if _KELURAHAN.match(text) else _kecamatan(text)
    place = gazetteer.place(text)
    kelurahan = place.code if place.how in _SURE and not _KECAMATAN.match(text) else None
    if kecamatan and kelurahan:
        raise Refusal(
            t("{text} adalah nama kecamatan dan juga kelurahan; tulis “{one}” atau “{other}”, atau "
              "kodenya.", text=text, one=area_name(kecamatan), other=area_name(kelurahan))
        )  # fmt: skip
    if found := kecamatan or kelurahan:
        return found
    raise Refusal(
        t("{text} bukan kecamatan atau kelurahan di Kota Jambi; tulis nama resminya atau kodenya, "
          "misalnya 15.71.08.", text=text)
    )  # fmt: skip


def _kecamatan(text: str) -> str | None:
    """A kecamatan by its very name: what a close spelling means is not replaced unasked."""
    code = load_gazetteer().kecamatan(text)
    if code is None:
        return None
    word = plain(_KECAMATAN.sub("", text).strip(" .:"))
    spellings = {plain(load_areas().name_of(code))}
    spellings |= {plain(alias) for of, alias, _ in load_gazetteer().aliases if of == code}
    return code if word in spellings else None
