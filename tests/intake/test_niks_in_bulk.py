"""The import judges NIKs in whole columns, by SQL; `domain.nik` says what each single one is."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from workbooks import SheetToWrite, write_xlsx

from jambi_dash.domain import nik
from jambi_dash.intake.checks import check_files
from jambi_dash.releases.store import Store

AS_OF = date(2025, 12, 31)
MARKS = [" ", ".", "-", "'", '"', "\u00a0", "’", "–", "x", "/", ",", "E", "+", "٣", "O"]


def cells(chance: random.Random) -> list[str | int]:
    """Sound numbers, and such with a digit, a sign or the length spoilt."""
    found: list[str | int] = [
        "",
        "0",
        "-",
        "1,5E+15",
        0,
        1,
        10**15,
        2**53,
        2**53 + 2,
        5 * 10**15 + 1,
    ]
    for _ in range(3000):
        text = (
            chance.choice(sorted(nik.PROVINCES)) + f"{chance.randrange(10_000):04d}"
            f"{chance.choice([0, 40]) + chance.randrange(0, 33):02d}{chance.randrange(0, 14):02d}"
            f"{chance.randrange(100):02d}{chance.choice([0, 0, chance.randrange(10_000)]):04d}"
        )  # fmt: skip
        for _ in range(chance.choice([0, 0, 0, 1, 2])):
            place = chance.randrange(len(text) + 1)
            text = chance.choice([
                text[:place] + chance.choice(MARKS) + text[place:], text[:place] + text[place + 1 :],
                text[:place] + str(chance.randrange(10)) + text[place + 1 :], text[:1] * 16,
                text[:place],
            ])  # fmt: skip
        text = text or "-"
        is_number = text.isascii() and text.isdigit() and text[0] != "0" and chance.random() < 0.4
        found.append(int(text) if is_number and int(text) <= 2**53 else text)
    return found


def meant(cell: str | int) -> str | None:
    """The rule that turns the cell away, from the rules of a single NIK."""
    if nik.damaged_by_spreadsheet(str(cell), is_number=isinstance(cell, int)):
        return "nik_rusak_excel"
    bare = nik.bare(str(cell))
    if nik.is_empty(bare):
        return None
    if len(bare) != 16 or not (bare.isascii() and bare.isdigit()):
        return "nik_panjang"
    return None if nik.read(bare, today=AS_OF) else "nik_tidak_sah"


def test_columns_are_judged_as_single_cells(tmp_path: Path) -> None:
    given = cells(random.Random(3))
    rows = [[cell, f"Orang {number}", "Thehok", "Diusulkan"] for number, cell in enumerate(given)]
    book = write_xlsx(
        tmp_path / "r.xlsx", SheetToWrite("A", [["NIK", "Nama", "Kelurahan", "Tahap"], *rows])
    )
    with check_files(Store(tmp_path / "home"), [book], as_of=AS_OF) as prepared:
        found = dict(
            prepared.bench.fetch(
                "test", "SELECT row_no - 2, rejection FROM peserta_fate ORDER BY row_no"
            )
        )
    assert len(found) == len(given)
    by_rule: dict[str | None, int] = {}
    wrong = []
    for index, cell in enumerate(given):
        rule = meant(cell)
        by_rule[rule] = by_rule.get(rule, 0) + 1
        later = (None, "usia_65", "ganda")
        if found[index] != rule and not (rule is None and found[index] in later):
            wrong.append((cell, rule, found[index]))
    assert not wrong, wrong[:5]
    assert all(
        by_rule[rule] > 20 for rule in ("nik_rusak_excel", "nik_panjang", "nik_tidak_sah", None)
    )
