"""What somebody should look at first, found by rule, never by taste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import ZERO
from jambi_dash.domain.headline import Headline
from jambi_dash.domain.indicators import AttentionLimits
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme

Level = Literal["urgent", "warning", "notice"]
_LEVELS: tuple[Level, ...] = ("urgent", "warning", "notice")


@dataclass(frozen=True)
class Attention:
    """One thing to look at: what, in a sentence or two, and where to go (`page` and its filters).

    `indicator` is the figure that it is about.
    """

    rule: str
    level: Level
    title: str
    detail: str
    indicator: str
    page: str
    filters: Mapping[str, str] = field(default_factory=dict)


def attention(headline: Headline, limits: AttentionLimits, today: date) -> list[Attention]:
    """Everything that the rules find, the most pressing first; equal ones in the rules' order."""
    found = [
        item
        for item in (
            _stale(headline, limits, today),
            _budget(headline),
            _lapsing(headline, limits),
            _nobody(headline),
            _below_floor(headline, limits),
            _rejected(headline),
            _unlocated(headline),
            _stalled(headline, limits),
            _empty_rts(headline),
        )
        if item is not None
    ]
    return sorted(found, key=lambda item: _LEVELS.index(item.level))


def _stale(headline: Headline, limits: AttentionLimits, today: date) -> Attention | None:
    days = (today - headline.as_of).days
    # Invented data does not age.
    if headline.synthetic or days <= limits.stale_days:
        return None
    return Attention(
        "data_lama",
        "urgent",
        t("Data sudah {days} hari", days=formats.number(days)),
        t("Data terakhir per {date}; masukkan daftar yang lebih baru.",
          date=formats.day(headline.as_of)),
        "perubahan",
        "data",
    )  # fmt: skip


def _budget(headline: Headline) -> Attention | None:
    money = headline.contribution
    if money.left_idr is None or money.budget is None or money.runs_out is None:
        return None
    if money.left_idr < 0:
        return Attention(
            "pagu_terlampaui",
            "urgent",
            t("Iuran melewati pagu {year}", year=money.budget.year),
            t("{over} di atas pagu {budget}, dihitung dari bulan-orang.",
              over=formats.rupiah_words(-money.left_idr),
              budget=formats.rupiah_words(money.budget.value_idr)),
            "iuran",
            "definisi",
            {"istilah": "iuran"},
        )  # fmt: skip
    return Attention(
        "pagu_habis",
        "warning",
        t("Pagu {year} tidak cukup sampai Desember", year=money.budget.year),
        t("Sisa {left}; bila peserta tetap, habis pada {month}.",
          left=formats.rupiah_words(money.left_idr), month=formats.month(money.runs_out)),
        "iuran",
        "definisi",
        {"istilah": "iuran"},
    )  # fmt: skip


def _lapsing(headline: Headline, limits: AttentionLimits) -> Attention | None:
    near = {left: n for left, n in headline.lapsing.items() if n and left <= limits.lapse_months}
    if not near:
        return None
    return Attention(
        "hampir_gugur",
        "warning",
        t("{n} peserta hampir gugur", n=formats.number(sum(near.values()))),
        t("Iuran terhenti; keanggotaan berakhir: {when}.",
          when=", ".join(t("{n} dalam {m} bulan", n=formats.number(n), m=left)
                         for left, n in sorted(near.items()))),
        "hampir_gugur",
        "data",
        {"bagian": t("BPJS & ganda")},
    )  # fmt: skip


def _stalled(headline: Headline, limits: AttentionLimits) -> Attention | None:
    if not headline.stalled:
        return None
    terms = load_programme().worker_stages.by_id
    return Attention(
        "usulan_tertahan",
        "notice",
        t("{n} usulan tertahan", n=formats.number(sum(headline.stalled.values()))),
        t("Paling sedikit {days} hari di satu tahap: {where}.",
          days=formats.number(limits.stalled_days),
          where=", ".join(f"{terms[stage].in_sentence()} {formats.number(n)}"
                          for stage, n in headline.stalled.items())),
        "hari_tahap",
        "data",
        {"bagian": t("Verifikasi")},
    )  # fmt: skip


def _nobody(headline: Headline) -> Attention | None:
    empty = [row for row in headline.kelurahan if row.state == ZERO and row.eligible]
    if not empty:
        return None
    title = (
        t("{n} kelurahan belum punya peserta", n=formats.number(len(empty)))
        if len(empty) > 1
        else t("{name} belum punya peserta", name=empty[0].name)
    )
    return Attention(
        "kelurahan_nol",
        "warning",
        title,
        t("{names}: {n} pekerja rentan belum terlindungi.",
          names=_names([row.name for row in empty]),
          n=formats.number(sum(row.eligible or 0 for row in empty))),
        "cakupan",
        "peta",
        {"wilayah": max(empty, key=lambda row: row.eligible or 0).code},
    )  # fmt: skip


def _below_floor(headline: Headline, limits: AttentionLimits) -> Attention | None:
    low = sorted(
        (row for row in headline.kelurahan if row.rate is not None and 0 < row.rate < limits.floor_rate),
        key=lambda row: (row.rate or 0, row.code),
    )  # fmt: skip
    if not low:
        return None
    return Attention(
        "di_bawah_batas",
        "warning",
        t("{n} kelurahan di bawah {floor}",
          n=formats.number(len(low)), floor=formats.percent(limits.floor_rate, 0)),
        t("Terendah: {names}.",
          names=_names([f"{row.name} {formats.percent(row.rate)}" for row in low])),
        "cakupan",
        "peta",
        {"wilayah": low[0].code},
    )  # fmt: skip


def _rejected(headline: Headline) -> Attention | None:
    if not headline.rejected_rows:
        return None
    return Attention(
        "baris_ditolak",
        "notice",
        t("{n} baris ditolak menunggu perbaikan", n=formats.number(headline.rejected_rows)),
        t("Mungkin pekerja yang sudah dibayar; unduh daftar perbaikan per kelurahan."),
        "baris_ditolak",
        "data",
    )


def _unlocated(headline: Headline) -> Attention | None:
    if headline.public:  # hidden people are among them
        return None
    if not headline.unlocated:
        return None
    return Attention(
        "tanpa_lokasi",
        "notice",
        t("{n} peserta tanpa lokasi", n=formats.number(headline.unlocated)),
        t("Terhitung di angka kota, tidak tampak di peta."),
        "tanpa_lokasi",
        "data",
    )


def _empty_rts(headline: Headline) -> Attention | None:
    if not headline.rt_uncovered:
        return None
    worst = max(headline.rt_uncovered, key=lambda code: (headline.rt_uncovered[code], code))
    return Attention(
        "rt_nol",
        "notice",
        t("{n} RT belum punya peserta", n=formats.number(sum(headline.rt_uncovered.values()))),
        t("Padahal ada pekerja rentan menurut perkiraan. Terbanyak: {name}, {n} RT.",
          name=load_areas().name_of(worst), n=formats.number(headline.rt_uncovered[worst])),
        "cakupan",
        "peta",
        {"wilayah": worst},
    )  # fmt: skip


def _names(names: list[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    return t("{names} dan {n} lainnya", names=shown, n=formats.number(more)) if more > 0 else shown
