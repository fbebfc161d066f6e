"""What one cell of an office's list means: dates, months, money, RT numbers, yes and no.

Every reader takes the cell's text (a real date cell arrives as `2025-06-01`, a number without
decimals as its digits) and returns `None` where the text is none of the known forms. Forms:
contract section 2; day before month, always.
"""

from __future__ import annotations

import re
from datetime import date

from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month

_MONTH_NAMES = {
    "januari": 1, "jan": 1, "january": 1,
    "februari": 2, "pebruari": 2, "feb": 2, "peb": 2, "february": 2,
    "maret": 3, "mar": 3, "mrt": 3, "march": 3,
    "april": 4, "apr": 4,
    "mei": 5, "may": 5,
    "juni": 6, "jun": 6, "june": 6,
    "juli": 7, "jul": 7, "july": 7,
    "agustus": 8, "agu": 8, "agt": 8, "ags": 8, "agust": 8, "aug": 8, "august": 8,
    "september": 9, "sep": 9, "sept": 9,
    "oktober": 10, "okt": 10, "oct": 10, "october": 10,
    "november": 11, "nopember": 11, "nov": 11, "nop": 11,
    "desember": 12, "des": 12, "dec": 12, "december": 12,
}  # fmt: skip

_YEARS = range(1900, 2200)

# Longer cells hold remarks, not values; patterns must not search a cell of 32.767 characters.
_LONGEST = 100


def _value(text: str) -> str:
    """The cell without white space around it, or nothing where it is too long for a value."""
    return "" if len(text) > _LONGEST else " ".join(text.split())


def _date(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_date(text: str) -> date | None:
    """`22/05/2025`, `22-5-2025`, `22.05.2025`, `22 Mei 2025`, `2025-05-22` (with or without time)."""
    text = _value(text).strip("'")
    if found := re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?", text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(
        r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?: \d{1,2}:\d{2}.*)?", text
    ):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})[\s\-.]*([A-Za-z]+)[\s\-.,]*(\d{4})", text):
        month = _MONTH_NAMES.get(found[2].lower())
        return _date(int(found[3]), month, int(found[1])) if month else None
    return None


def parse_month(text: str) -> Month | None:
    """`2025-06`, `06/2025`, `6-2025`, `Juni 2025`, `1 Juni 2025`, or any date of `parse_date`."""
    text = _value(text).strip("'")
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})", text):
        return _month(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{1,2})\s*[-/.]\s*(\d{4})", text):
        return _month(int(found[2]), int(found[1]))
    if found := re.fullmatch(r"([A-Za-z]+)[\s\-.,/]*(\d{4})", text):
        return _month(int(found[2]), _MONTH_NAMES.get(found[1].lower(), 0))
    as_date = parse_date(text)
    return Month.of(as_date) if as_date else None


def _month(year: int, month: int) -> Month | None:
    return Month(year, month) if year in _YEARS and 1 <= month <= 12 else None


LARGEST_AMOUNT = 10**15
"""A thousand trillion rupiah is no contribution: a number of another kind in the wrong column."""
LARGEST_COUNT = 10**8


def parse_rupiah(text: str) -> int | None:
    """Whole rupiah of `Rp 604.000.000`, `604.000.000,00`, `604000000`; sen are rounded.

    Dots are thousands and a comma is the decimal mark, as Indonesian offices write them; a lone
    dot with other than three digits behind it is read as a decimal mark (a spreadsheet's export).
    """
    text = _value(text)
    bare = re.sub(r"(?i)^\(?rp\.?|idr|[\s'_]|,-+$|\.-+$", "", text)
    negative = bare.startswith("-") or text.startswith("(")
    bare = bare.strip("-()")
    if re.fullmatch(r"\d+", bare):
        amount = int(bare)
    elif found := re.fullmatch(r"(\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?", bare):
        amount = _rounded(found[1].replace(".", ""), found[2])
    elif found := re.fullmatch(r"(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?", bare):
        amount = _rounded(found[1].replace(",", ""), found[2])
    elif found := re.fullmatch(r"(\d+)[.,](\d+)", bare):
        amount = _rounded(found[1], found[2])
    else:
        return None
    if amount > LARGEST_AMOUNT:
        return None
    return -amount if negative else amount


def _rounded(whole: str, fraction: str | None) -> int:
    return int(whole) + (1 if fraction and int(fraction[0]) >= 5 else 0)


def parse_count(text: str) -> int | None:
    """A whole number that is not negative: `1.250`, `12`, `12 orang`."""
    bare = re.sub(r"(?i) ?(orang|jiwa|kk|pekerja|rt)\.?$", "", _value(text))
    count: int | None = None
    if re.fullmatch(r"\d+", bare):
        count = int(bare)
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+", bare):
        count = int(bare.replace(".", ""))
    elif found := re.fullmatch(r"(\d+)[.,]0+", bare):
        count = int(found[1])
    return count if count is not None and count <= LARGEST_COUNT else None


def parse_decimal(text: str) -> float | None:
    """A coordinate in degrees: `-1,615` or `-1.615`."""
    bare = _value(text).replace(",", ".")
    if not re.fullmatch(r"[-+]?\d{1,3}(\.\d+)?", bare) or abs(float(bare)) > 180:
        return None
    return float(bare)


def parse_rt(text: str) -> str | None:
    """The RT number as three digits: `22`, `RT 22`, `RT.022`, `022/00`, `RT 22 RW 00` are `022`."""
    text, word = _value(text), t("RT")
    if word != "RT":  # a city whose smallest area is called otherwise
        text = re.sub(rf"(?i)^{re.escape(word)}\b", "RT", text)
    found = re.fullmatch(
        r"(?i)'?(?:rt\.?|rukun tetangga)? ?[:.\-]? ?(?:no\.?|nomor)? ?0*(\d{1,3})(?:\.0+)?"
        # The RW, which is not kept; without a sign between them, two numbers are not one RT.
        r"(?: ?[/\\,\-] ?(?:rw)?[ :.\-]*\d{0,3}|[ .]*rw[ :.\-]*\d{0,3}| \d{1,3})?",
        text,
    )
    if not found or int(found[1]) == 0:
        return None
    return found[1].zfill(3)


_YES = {"ya", "y", "yes", "iya", "sudah", "benar", "1", "true", "v", "x", "✓", "ada"}
_NO = {"tidak", "t", "no", "n", "belum", "bukan", "0", "false", "-", "tdk"}


def parse_yes(text: str) -> bool | None:
    """`ya` or `tidak` in the words that offices use."""
    word = _value(text).lower()
    if word in _YES:
        return True
    return False if word in _NO else None


_ACTIVE = {
    "aktif", "a", "active", "pesertaaktif", "masihaktif", "ya", "y", "1", "true", "terdaftaraktif",
    "aktifbayar", "lunas",
}  # fmt: skip
# In arrears the cover has ended already; the months of grace are counted from there.
_NOT_ACTIVE = {
    "nonaktif", "tidakaktif", "inactive", "notactive", "na", "n", "tidak", "t", "0", "false", "tdk",
    "tdkaktif", "berhenti", "keluar", "berakhir", "kepesertaanberakhir", "menunggak", "tunggakan",
    "graceperiod", "masatenggang", "belumaktif", "belumbayar", "putus", "meninggal", "klaimjht",
}  # fmt: skip


def parse_active(text: str) -> bool | None:
    """Whether a list of BPJS calls somebody a member: `Aktif`, `Non-aktif`, `menunggak`, …"""
    word = re.sub(r"[^a-z0-9]", "", _value(text).lower())
    if word in _ACTIVE:
        return True
    return False if word in _NOT_ACTIVE else None


def parse_sex(text: str) -> str | None:
    """`L` (laki-laki) or `P` (perempuan)."""
    word = re.sub(r"[^a-z]", "", _value(text).lower())
    if word in {"l", "lk", "laki", "lakilaki", "pria", "m", "male"}:
        return "L"
    return "P" if word in {"p", "pr", "perempuan", "wanita", "f", "female"} else None


def is_total_line(text: str) -> bool:
    """Whether the first filled cell of a row marks a line of totals: `Jumlah`, `Total …`."""
    return bool(
        re.fullmatch(
            r"(?i)(sub|grand)?[ \-]*(jumlah|total)"
            r"([ :=]+(keseluruhan|seluruh(nya)?|semua|umum|akhir|total|data|baris|peserta|pekerja|"
            r"rentan|orang|jiwa|kk|rt|halaman.*|(kelurahan|kel|kecamatan|kec)\b.*|\d[\d.,]*))*"
            r"[ :.=]*",
            _value(text).replace(". ", " "),
        )
    )
