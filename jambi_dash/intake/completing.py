"""Rosters without a kelurahan: NIK and name alone, as social lists come.

Where the people live is told by the list's own title, by the current release (the same keyed
hash), or by the register where only one kelurahan has the RT; what else the list leaves out comes
from the current release. Whoever is told by none of them counts as *tanpa lokasi*. A roster with a
column for the kelurahan is never completed: an empty cell there is the sender's to mend.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.names import load_gazetteer
from jambi_dash.domain.programme import plain
from jambi_dash.intake.headers import Recognised

if TYPE_CHECKING:
    from jambi_dash.releases.workbench import Workbench

_SAYS = re.compile(r"(?i)\b(?:kelurahan|kel|desa)\b[\s.:/]*")
_WORDS = 4
_SURE = {"kode", "nama", "alias", "angka"}
_HEADS = re.compile(r"(?i)\b(?:kecamatan|kec|rt|rw|kota|tahun|bulan|per)\b")

PLACES = ("title", "release", "register")
"""How a row without a kelurahan got one; the report counts each."""

# The columns that the current release can fill, by column of the roster.
_FILLED = {"rt": "rt", "pekerjaan": "occupation", "jenis_kelamin": "sex",
           "tanggal_lahir": "birth_year", "sumber_dana": "fund",
           "penghasilan": "income_idr"}  # fmt: skip


def place_of_list(recognised: Recognised, sheet: str, file: Path) -> str:
    """The kelurahan that title lines, the sheet's name or the file's name say the list is of.

    The code, or `""`: only one kelurahan, by its certain name, is an answer.
    """
    titles = list(recognised.titles)
    # “Kelurahan” and “: Rawa Sari” may stand in cells side by side.
    joined = [f"{a} {b}" for a, b in pairwise(titles)
              if _SAYS.sub("", a).strip(" :.") == ""]  # fmt: skip
    for texts in (titles + joined, [sheet], [file.stem.replace("_", " ").replace("-", " ")]):
        codes = {code for text in texts for code in _named(text)}
        if len(codes) == 1:
            return codes.pop()
        if codes:
            return ""
    for text in (sheet, file.stem):
        if code := _whole(text):
            return code
    return ""


def _named(text: str) -> list[str]:
    """The kelurahan named behind the word kelurahan."""
    found = []
    for said in _SAYS.finditer(text[:200]):
        rest = _HEADS.split(text[said.end() : 200])[0]
        words = re.findall(r"[\w.()]+", rest)[:_WORDS]
        for count in range(len(words), 0, -1):  # the longest name: Kenali Asam Bawah
            place = load_gazetteer().place(" ".join(words[:count]))
            if place.code and place.how in _SURE:
                found.append(place.code)
                break
    return found


def _whole(text: str) -> str:
    """A name of a sheet or file that is a kelurahan's and no kecamatan's."""
    place = load_gazetteer().place(text.replace("_", " ").replace("-", " "))
    if not place.code or place.how not in _SURE:
        return ""
    name = load_areas().by_code[place.code].name
    shared = {plain(k.name) for k in load_areas().kecamatan}
    return "" if plain(name) in shared else place.code


def complete(
    bench: Workbench,
    sheets: Sequence[tuple[int, str, set[str]]],
    *,
    has_earlier: bool,
    values: dict[str, Any],
) -> None:
    """Fills in what the rosters without a kelurahan leave out.

    Args:
        bench: with `peserta_decided`, `peserta_person` and `known_rts`.
        sheets: number, kelurahan by the title (`""`: none) and columns of each such roster.
        has_earlier: whether the current release is attached as `earlier`.
        values: pads of the key, and the date of the data.
    """
    bench.load_arrow("bare_sheet", pa.table({
        "sheet": pa.array([number for number, _, _ in sheets], pa.int32()),
        "titled": pa.array([bool(place) for _, place, _ in sheets], pa.bool_()),
        **{
            f"has_{column}": pa.array([column in columns for _, _, columns in sheets], pa.bool_())
            for column in (*_FILLED, "mulai", "kecamatan")
        },
    }))  # fmt: skip
    bench.run("filled", _sql("completed_none"))
    if not sheets:
        return
    if has_earlier:
        bench.run("filled from the release", _sql("completed_by_release"), values)
    texts = bench.fetch(
        "kecamatan of lists without kelurahan",
        "SELECT DISTINCT raw.kecamatan FROM peserta_raw AS raw JOIN bare_sheet USING (sheet)",
    )
    kecamatan = [(text, load_gazetteer().kecamatan(text)) for (text,) in texts]
    bench.load_arrow("bare_kecamatan", pa.table({
        "text": pa.array([text for text, _ in kecamatan], pa.string()),
        "code": pa.array([code for _, code in kecamatan], pa.string()),
    }))  # fmt: skip
    bench.load_arrow(
        "every_kelurahan", pa.table({"code": [k.code for k in load_areas().kelurahan]})
    )
    bench.run("filled from the register", _sql("completed_by_register"))


def count_filled(bench: Workbench) -> dict[int, dict[str, int]]:
    """Accepted rows by sheet: how each got its place, and how many got other data."""
    rows = bench.fetch("count filled", _sql("completed_count"))
    names = (*(f"location_from_{how}" for how in PLACES), "other_from_release", "unlocated")
    return {sheet: dict(zip(names, counts, strict=True)) for sheet, *counts in rows}


def _sql(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
