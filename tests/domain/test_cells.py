"""Cells as offices write them: every form of contract section 2, and nothing made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain import cells
from jambi_dash.domain.months import Month

MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(DAYS)
def test_every_form_of_a_date_is_the_same_date(day: date) -> None:
    month = MONTHS[day.month - 1]
    for text in (
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%d.%m.%Y}",
        f"{day.day} {month} {day.year}",
        f"{day:%d} {month.upper()} {day.year}",
        f"{day.day}-{month[:3]}-{day.year}",
        day.isoformat(),
        f"{day.isoformat()} 00:00:00",
        f"  {day:%d/%m/%Y} ",
    ):
        assert cells.parse_date(text) == day, text
        assert cells.parse_month(text) == Month.of(day), text


@given(st.integers(1900, 2099), st.integers(1, 12))
def test_every_form_of_a_month_is_the_same_month(year: int, month: int) -> None:
    name = MONTHS[month - 1]
    for text in (
        f"{year}-{month:02d}",
        f"{year}-{month}",
        f"{month:02d}/{year}",
        f"{month}-{year}",
        f"{name} {year}",
        f"{name.lower()}  {year}",
        f"1 {name} {year}",
        f"{name[:3]} {year}",
        f"{year}-{month:02d}-01",
        f"{year}-{month:02d}-01 00:00:00",
    ):
        assert cells.parse_month(text) == Month(year, month), text


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "31/02/2025", "32/01/2025", "00/01/2025", "05/22/2025", "2025-13-01",
        "29/02/2023", "30 Februari 2024", "12 Foo 2025", "2025", "22", "tidak tahu", "22/05/0025",
        "1/1/99999", "١٢/٠٣/x",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert cells.parse_date(text) is None


def test_the_day_stands_before_the_month_always() -> None:
    assert cells.parse_date("05/06/2025") == date(2025, 6, 5)
    assert cells.parse_month("05/06/2025") == Month(2025, 6)
    assert cells.parse_date("29/02/2024") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text", ["", "-", "13/2025", "2025-00", "2025-13", "Smarch 2025", "Juni", "00/2025"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert cells.parse_month(text) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Rp 604.000.000", 604_000_000), ("604.000.000,00", 604_000_000),
        ("604000000", 604_000_000), ("Rp604.000.000,-", 604_000_000),
        ("Rp. 604.000.000", 604_000_000), ("rp 16.800", 16_800), ("16800,50", 16_801),
        ("IDR 1.000", 1_000), ("0", 0), ("Rp 0", 0), ("-5.000", -5_000), ("(5.000)", -5_000),
        ("604000000.0", 604_000_000), (" 42.000.000 ", 42_000_000),
    ],
)  # fmt: skip
def test_rupiah(text: str, amount: int) -> None:
    assert cells.parse_rupiah(text) == amount


@given(st.integers(0, 10**12))
def test_rupiah_in_every_way_of_writing(amount: int) -> None:
    dotted = f"{amount:,}".replace(",", ".")
    for text in (str(amount), dotted, f"Rp {dotted}", f"Rp{dotted},00", f"Rp. {dotted},-"):
        assert cells.parse_rupiah(text) == amount, text


@pytest.mark.parametrize("text", ["", "-", "Rp", "seribu", "1.23.456", "12a", "1,2,3", "9" * 5000])
def test_what_is_no_money_is_none(text: str) -> None:
    assert cells.parse_rupiah(text) is None


@pytest.mark.parametrize(
    "text",
    ["22", "022", "RT 22", "RT.022", "RT. 22", "rt022", "022/00", "22/0", "RT 22 RW 00",
     "RT 22/RW 05", "RT.022/RW.00", "  22 ", "22.0", "'022", "RT: 22", "No. 22", "RT-22"],
)  # fmt: skip
def test_every_form_of_an_rt_is_one_rt(text: str) -> None:
    assert cells.parse_rt(text) == "022"


@pytest.mark.parametrize(
    "text", ["", "-", "0", "000", "RT", "RT 0", "dua", "1234", "22A", "RT 22 dan 23", "-22x", "2.5"]
)
def test_what_is_no_rt_is_none(text: str) -> None:
    assert cells.parse_rt(text) is None


@given(st.integers(1, 999))
def test_rt_has_three_digits(number: int) -> None:
    assert cells.parse_rt(f"RT {number}") == cells.parse_rt(f"{number:03d}") == f"{number:03d}"


def test_yes_and_no() -> None:
    for text in ("ya", "Ya", "YA ", "y", "sudah", "1", "true"):
        assert cells.parse_yes(text) is True, text
    for text in ("tidak", "Tidak", "T", "belum", "0", "false", "-"):
        assert cells.parse_yes(text) is False, text
    for text in ("", "mungkin", "?"):
        assert cells.parse_yes(text) is None, text


def test_sex() -> None:
    for text in ("L", "l", "Laki-laki", "LAKI LAKI", "Pria", "Lk."):
        assert cells.parse_sex(text) == "L", text
    for text in ("P", "perempuan", "Wanita", "Pr"):
        assert cells.parse_sex(text) == "P", text
    for text in ("", "X", "-"):
        assert cells.parse_sex(text) is None, text


@pytest.mark.parametrize(
    "text",
    ["Jumlah", "JUMLAH", "Total", "total:", "TOTAL PESERTA", "Jumlah : 25", "Sub Total", "Subtotal",
     "Grand Total", "Jumlah Total", "Jumlah keseluruhan", "Jumlah 1.250 orang", "Jumlah: 12 jiwa",
     "Total Pekerja Rentan", "Jumlah Kelurahan Thehok", "TOTAL KEC. JELUTUNG"],
)  # fmt: skip
def test_lines_of_totals(text: str) -> None:
    assert cells.is_total_line(text)


@pytest.mark.parametrize(
    "text", ["", "1", "Budi", "Jumlahan Sitorus", "Totalindo", "Siti Jumlah", "1571010101900001"]
)
def test_a_person_is_no_line_of_totals(text: str) -> None:
    assert not cells.is_total_line(text)


def test_counts() -> None:
    assert cells.parse_count("1.250") == 1250
    assert cells.parse_count("12 orang") == 12
    assert cells.parse_count("12,0") == 12
    assert cells.parse_count("0") == 0
    for text in ("", "-", "-3", "dua", "1,5", "9" * 5000):
        assert cells.parse_count(text) is None, text[:20]


def test_coordinates() -> None:
    assert cells.parse_decimal("-1,615") == cells.parse_decimal("-1.615") == -1.615
    for text in ("", "1,2,3", "utara", "9" * 400):
        assert cells.parse_decimal(text) is None, text[:20]


READERS = (
    cells.parse_date, cells.parse_month, cells.parse_rupiah, cells.parse_count, cells.parse_rt,
    cells.parse_yes, cells.parse_sex, cells.parse_decimal, cells.is_total_line,
)  # fmt: skip


@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_read(text: str) -> None:
    for reader in READERS:
        reader(text)


@pytest.mark.parametrize(
    "text",
    [" " * 32_000 + "x", "RT" + " " * 32_000 + "x", "total" + ":" * 32_000 + "x", "total " + "1." * 46 + "x", "total " + "data " * 17 + "x",
     "(" * 32_000,
     "1." * 16_000, "1 " * 16_000, "-" * 32_000, "9" * 32_000, "RT 1" + " " * 32_000 + "!"],
)  # fmt: skip
def test_the_longest_cell_of_a_spreadsheet_is_read_at_once(text: str) -> None:
    """A cell may hold 32.767 characters; a pattern that backtracks over them would never end."""
    for reader in READERS:
        assert not reader(text), reader
