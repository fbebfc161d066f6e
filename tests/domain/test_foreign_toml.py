"""TOML of others: wrong it may be, harmful it may not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from jambi_dash.domain import foreign_toml
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import read_roles
from jambi_dash.domain.scenario import load_table, parse_table
from jambi_dash.exports.theme import NAME, load_theme
from jambi_dash.intake.headers import read_mapping
from jambi_dash.intake.mapping_shelf import MappingShelf

# Each stopped a reader once: by its depth, by gigabytes for a long key, by a number's digits.
HARMFUL = {
    "lists in lists": "a = " + "[" * 20_000,
    "tables in tables": "a = " + "{a = " * 9_000,
    "a key of a hundred thousand parts": "a" + ".a" * 100_000 + " = 1",
    "a table of a hundred thousand parts": "[a" + ". a" * 80_000 + "]",
    "quoted parts": "a" + '."a"' * 60_000 + " = 1",
    "a number of thousands of digits": "a = " + "9" * 5_000,
    "too long": "# " + "x" * 2_000_000,
    "only spaces and dots": "a" + ". " * 120_000,
}


@pytest.mark.parametrize("name", HARMFUL)
def test_every_reader_refuses_it(name: str, tmp_path: Path) -> None:
    text = HARMFUL[name]
    file = tmp_path / NAME
    file.write_text(text)
    remembered = tmp_path / "mappings" / "20260101-000000-abcd.toml"
    remembered.parent.mkdir()
    remembered.write_text(text)
    for read in (
        lambda: parse_table(text.encode(), "x.toml"),
        lambda: load_table(file),
        lambda: read_roles(text),
        lambda: read_mapping(file),
        lambda: load_theme(tmp_path),
    ):
        with pytest.raises(Refusal) as refused:
            read()
        assert len(str(refused.value)) < 400
    assert MappingShelf(tmp_path).list() == []


def test_what_people_write_is_read() -> None:
    floors = "".join(f'"15.71.08.1004-{rt:03d}" = {rt}\n' for rt in range(1, 1651))
    note = 'note = "' + "Rapat tgl. 5 Nov. 2025, hadir a.l. Sdr. B. ... dst. " * 30 + '"\n'
    text = note + "[floors]\n" + floors + "[weights]\n" + floors + "[ceilings]\n" + floors
    assert foreign_toml.parse(text) == tomllib.loads(text)
