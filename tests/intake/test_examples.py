"""Examples on a screen: enough to find the row, never enough to know the person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.intake.checks import check_files
from jambi_dash.intake.examples import find_examples, initials, mask_nik
from jambi_dash.releases.store import Store


def test_a_nik_keeps_two_signs_at_both_ends() -> None:
    assert mask_nik("1571044610934096") == "15••••••••••••96"
    assert mask_nik(" '1571044610934096") == "15••••••••••••96"
    assert mask_nik("1,57107E+15") == "1,•••••••15"
    assert mask_nik("12345") == "•••••"
    assert mask_nik("Rina Wijaya") == ""
    assert mask_nik("Rina 1571 Wijaya") == "••••••••••••••••"


@given(st.text(max_size=40))
def test_at_most_four_signs_show_and_no_letter_of_a_name(text: str) -> None:
    shown = [sign for sign in mask_nik(text) if sign != "•"]
    assert len(shown) <= 4
    assert set(shown) <= set("0123456789.,+Ee")


def test_initials_of_three_words_at_most() -> None:
    assert initials("Rina Wijaya Simanjuntak Putri") == "R.W.S."
    assert initials("  siti  (alm.) ") == "S."
    assert initials("") == ""


@given(st.text(max_size=60))
def test_initials_are_no_name(name: str) -> None:
    assert len(initials(name).replace(".", "")) <= 3 * 3  # one letter may become three: ﬃ → FFI


def test_the_first_rows_of_every_rule_are_named(tmp_path: Path) -> None:
    roster = tmp_path / "peserta.csv"
    roster.write_text(
        "NIK,Nama,Kelurahan,RT,Mulai\n"
        "157104,Rina Wijaya,Beringin,001,2025-06\n"
        "1571044610934096,Budi Hartono,Kebon Handil,002,2025-06\n"
        "15710,Siti Aminah,Beringin,003,2025-06\n"
        "157,Ana Lestari,Beringin,004,2025-06\n"
        "15,Eka Putra,Beringin,005,2025-06\n",
        encoding="utf-8",
    )
    with check_files(Store(tmp_path / "home"), [roster], as_of=date(2025, 12, 31)) as prepared:
        found = find_examples(prepared)
    short = found[1, "nik_panjang"]
    assert [example.row_no for example in short] == [2, 4, 5]
    assert [example.initials for example in short] == ["R.W.", "S.A.", "A.L."]
    assert short[0].place == "RT 001 Beringin"
    assert short[0].nik == "••••••"
    repaired = found[1, "lokasi_diperbaiki"][0]
    assert (repaired.row_no, repaired.spelled, repaired.place) == (
        3, "Kebon Handil", "RT 002 Kebun Handil",
    )  # fmt: skip
    assert short[0].spelled == ""
