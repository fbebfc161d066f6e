"""Which kelurahan an office means: codes, names, aliases, number words, close spelling.

Order of trust (contract section 3): official code with dots, official name, alias, number words
(`III` = `3` = `Tiga`), close spelling where one kelurahan is clearly nearest. Kenali Asam, Kenali
Asam Atas and Kenali Asam Bawah are never guessed from one another.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from jambi_dash.domain.areas import Areas, load_areas
from jambi_dash.domain.crosswalk import load_crosswalk
from jambi_dash.domain.programme import plain
from jambi_dash.settings import AREAS

_NUMBERS = {
    word: str(value)
    for value, words in enumerate(
        ("satu i", "dua ii", "tiga iii", "empat iv", "lima v", "enam vi", "tujuh vii",
         "delapan viii", "sembilan ix", "sepuluh x"), start=1
    )
    for word in words.split()
}  # fmt: skip

_PREFIX = re.compile(r"(?i)^\s*(kelurahan|kel|desa|ds|kl)\b[\s.:/\-]*")
_KECAMATAN_PREFIX = re.compile(r"(?i)^\s*(kecamatan|kec)\b[\s.:/\-]*")
_RT_SUFFIX = re.compile(r"(?i)[\s,.\-]+RT\b.*$")
_DOTTED_CODE = re.compile(r"(?<!\d)(\d{2}\.\d{2}\.\d{2}\.\d{4})(?!\d)")
_BARE_CODE = re.compile(r"(?<!\d)(\d{10})(?!\d)")
_NEVER = "jangan cocokkan otomatis"

# What stands further right in a cell is a remark; patterns need not search all of it.
_LONGEST = 100

# A close spelling is one edit away, two in names of ten letters and more ...
_LONG = 10
# ... and clearly nearest where every other name is further away by as much as it is itself: who
# made one slip is told from every name two slips away.


@dataclass(frozen=True)
class Place:
    """The answer for one pair of kelurahan and kecamatan cells.

    `code` is `None` where no kelurahan can be told. `how` is `kode`, `nama`, `alias`, `angka`
    (number words), `ejaan` (close spelling) or `tidak_dikenal`. `kecamatan_differs`: the
    kelurahan is certain but the kecamatan cell names another one.
    """

    code: str | None
    how: str
    kecamatan_differs: bool = False

    @property
    def repaired(self) -> bool:
        """Whether the place was told by an alias or a close spelling (`lokasi_diperbaiki`)."""
        return self.how in {"alias", "ejaan"}


def with_digits(text: str) -> str:
    """The plain form with number words and Roman numerals as digits: `Simpang III` → `simpang3`."""
    words = re.findall(r"[a-z0-9]+", text.casefold())
    return "".join(_NUMBERS.get(word, word) for word in words)


@dataclass(frozen=True)
class Gazetteer:
    """All known names of the city's areas, ready for look-ups."""

    areas: Areas
    aliases: tuple[tuple[str, str, str], ...]
    """(code, alias, note) as in `data/areas/aliases.csv`; codes of kelurahan and kecamatan."""

    @cached_property
    def _names(self) -> dict[str, str]:
        return self._told_apart(plain)

    def _told_apart(self, form: Callable[[str], str]) -> dict[str, str]:
        """Codes by name; a name that two areas bear, in many cities, is never guessed."""
        names = [form(k.name) for k in self.areas.kelurahan]
        twice = {name for name, count in Counter(names).items() if count > 1}
        return {
            name: k.code
            for name, k in zip(names, self.areas.kelurahan, strict=True)
            if name not in twice
        }

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {
            plain(alias): code
            for code, alias, note in self.aliases
            if code in self.areas.by_code and note != _NEVER
        }

    @cached_property
    def _barred(self) -> frozenset[str]:
        """Names that may not be matched at all, not even by close spelling."""
        return frozenset(plain(alias) for _, alias, note in self.aliases if note == _NEVER)

    @cached_property
    def _numbered(self) -> dict[str, str]:
        return self._told_apart(with_digits)

    @cached_property
    def _kecamatan(self) -> dict[str, str]:
        names = {plain(k.name): k.code for k in self.areas.kecamatan}
        codes = {k.code for k in self.areas.kecamatan}
        return names | {plain(alias): code for code, alias, _ in self.aliases if code in codes}

    @cached_property
    def _families(self) -> dict[str, str]:
        """Kelurahan whose names begin with another's whole name, by code → that shorter name.

        Told apart by words and not by letters: Kenali Asam, Kenali Asam Atas, Kenali Asam Bawah.
        """
        found: dict[str, str] = {}
        codes = {k.name: k.code for k in self.areas.kelurahan if plain(k.name) in self._names}
        for k in self.areas.kelurahan:
            for space in re.finditer(" ", k.name):
                other = k.name[: space.start()]
                if other in codes and len(other.split()) > 1:
                    found[k.code] = found[codes[other]] = other
        return found

    def kecamatan(self, text: str) -> str | None:
        """The kecamatan code that a cell means, or `None`."""
        code = re.search(r"(?<!\d)(\d{2}\.\d{2}\.\d{2})(?!\d)", text)
        if code and any(k.code == code[1] for k in self.areas.kecamatan):
            return code[1]
        word = plain(_KECAMATAN_PREFIX.sub("", text))
        if word in self._kecamatan or not word:
            return self._kecamatan.get(word)
        return _clearly_nearest(word, list(self._kecamatan.items()))

    def place(self, kelurahan: str, kecamatan: str = "") -> Place:
        """The kelurahan that the two cells of a row mean."""
        code, how = self._kelurahan(kelurahan)
        if code is None:
            return Place(None, "tidak_dikenal")
        given = self.kecamatan(kecamatan) if kecamatan.strip() else None
        differs = given is not None and given != self.areas.by_code[code].kecamatan_code
        return Place(code, how, differs)

    def _kelurahan(self, text: str) -> tuple[str | None, str]:
        if found := _DOTTED_CODE.search(text):
            if found[1] in self.areas.by_code:
                return found[1], "kode"
            text = text.replace(found[1], " ")
        elif found := _BARE_CODE.search(text):
            # Ten digits may be a BPS code that means another kelurahan: the name decides.
            code, how = self._by_name(text.replace(found[1], " "))
            if code and (
                found[1] in (code.replace(".", ""), self.areas.by_code[code].bps_code)
                or load_crosswalk().is_old_code(found[1], code)
            ):
                return code, how
            return None, "tidak_dikenal"
        return self._by_name(text)

    def _by_name(self, text: str) -> tuple[str | None, str]:
        text = text[:_LONGEST].strip(" \t\n\r\"'.,;:-–/\\()")
        bare = _RT_SUFFIX.sub("", _PREFIX.sub("", text))
        word = plain(bare)
        if not word:
            return None, "tidak_dikenal"
        for known, how in ((self._names, "nama"), (self._aliases, "alias")):
            if word in known:
                return known[word], how
        if word in self._barred:
            return None, "tidak_dikenal"
        if (numbered := with_digits(bare)) in self._numbered:
            return self._numbered[numbered], "angka"
        return self._close(bare, word)

    def _close(self, text: str, word: str) -> tuple[str | None, str]:
        spellings = [*self._names.items(), *self._aliases.items()]
        spellings = [
            (name, code)
            for name, code in spellings
            if _numbers_agree(text, self.areas.by_code[code].name)
        ]
        code = _clearly_nearest(word, spellings)
        if code is None or not self._family_agrees(text, code):
            return None, "tidak_dikenal"
        return code, "ejaan"

    def _family_agrees(self, text: str, code: str) -> bool:
        """Whether the words that tell a family apart are written, and close, in `text`."""
        if code not in self._families:
            return True
        length = len(self._families[code].split())
        written = re.findall(r"[a-z0-9]+", text.casefold())[length:]

        def slips(other: str) -> int:
            wanted = self.areas.by_code[other].name.casefold().split()[length:]
            if len(wanted) != len(written):
                return len(text)
            return max(map(OSA.distance, written, wanted), default=0)

        kin = [other for other, stem in self._families.items() if stem == self._families[code]]
        return slips(code) <= 1 and all(slips(other) > 2 for other in kin if other != code)


def _numbers_agree(text: str, name: str) -> bool:
    """Whether both hold the same number; `Lime` may be `Lima`, but no `IV` is a mistyped `III`."""
    numbers = re.findall(r"\d", with_digits(text))
    if numbers == re.findall(r"\d", with_digits(name)):
        return True
    written, wanted = (re.findall(r"[a-z0-9]+", words.casefold()) for words in (text, name))
    return (
        not numbers
        and len(written) == len(wanted)
        and all(
            word not in _NUMBERS or (len(word) > 3 and OSA.distance(given, word) == 1)
            for given, word in zip(written, wanted, strict=True)
        )
    )


def _allowed(length: int) -> int:
    return 0 if length < 4 else 1 if length < _LONG else 2


def _clearly_nearest(word: str, spellings: list[tuple[str, str]]) -> str | None:
    """The code of the one spelling that is close to `word` while all other codes are not."""
    best: dict[str, int] = {}
    for name, code in spellings:
        distance = OSA.distance(word, name)
        best[code] = min(best.get(code, 99), distance)
    ranked = sorted((distance, code) for code, distance in best.items())
    if not ranked or ranked[0][0] > _allowed(len(word)):
        return None
    if len(ranked) > 1 and ranked[1][0] < 2 * ranked[0][0]:
        return None
    return ranked[0][1]


@lru_cache(maxsize=2)
def load_gazetteer(path: Path = AREAS / "aliases.csv") -> Gazetteer:
    """The gazetteer of the city's areas and aliases; a city may have no aliases."""
    if not path.is_file():
        return Gazetteer(load_areas(), ())
    with path.open(encoding="utf-8", newline="") as file:
        rows = tuple((row["kode"], row["alias"], row["catatan"]) for row in csv.DictReader(file))
    return Gazetteer(load_areas(), rows)
