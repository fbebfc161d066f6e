"""What somebody should look at first, found by rule, never by taste.

The rules, their limits and their order stand in `data/facts/attention.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.attention_rules import LEVELS, AttentionRules, Level, Rule
from jambi_dash.domain.coverage import ZERO, CoverageRow
from jambi_dash.domain.headline import Headline
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme


@dataclass(frozen=True)
class RolloutNews:
    """What the rules ask of Kampung Bahagia, on the date of the data.

    `still` means that no RT joined in the last three whole months or since, though some are left;
    `without` are codes of kelurahan of whose RTs none has joined; `stuck` counts RTs past the
    limit of their stage, by stage. `stuck` is empty in public, everything before the first event.
    """

    still: bool = False
    left: int = 0
    without: tuple[str, ...] = ()
    stuck: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Attention:
    """One thing to look at: what, in a sentence or two, and where to go (`page` and its filters).

    `indicator` is the figure that it is about. `filters` hold for every language.
    """

    rule: str
    level: Level
    title: str
    detail: str
    indicator: str
    page: str
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Seen:
    """What a rule looks at."""

    headline: Headline
    news: RolloutNews
    today: date


def attention(
    headline: Headline, rules: AttentionRules, today: date, news: RolloutNews | None = None
) -> list[Attention]:
    """Everything that the rules find, the most pressing first; equal ones in the rules' order.

    Without `news` the rules about Kampung Bahagia find nothing.
    """
    seen = _Seen(headline, news or RolloutNews(), today)
    found = [item for rule in rules.rules if rule.on and (item := _FINDERS[rule.id](seen, rule))]
    return sorted(found, key=lambda item: LEVELS.index(item.level))


def _stale(seen: _Seen, rule: Rule) -> Attention | None:
    headline = seen.headline
    days = (seen.today - headline.as_of).days
    if days <= rule.limit("days") or (headline.synthetic and not rule.limit("also_invented")):
        return None
    return Attention(
        rule.id,
        rule.level,
        t("Data sudah berumur {days} hari", days=formats.number(days)),
        t("Data terakhir per {date}; masukkan daftar yang lebih baru.",
          date=formats.day(headline.as_of)),
        "perubahan",
        "data",
        {"bagian": "masukan"},
    )  # fmt: skip


def _exceeded(seen: _Seen, rule: Rule) -> Attention | None:
    money = seen.headline.contribution
    if money.left_idr is None or money.budget is None or money.left_idr >= 0:
        return None
    return Attention(
        rule.id,
        rule.level,
        t("Iuran melewati pagu {year}", year=money.budget.year),
        t("Lebih {over} dari pagu {budget}, dihitung dari jumlah peserta tiap bulan.",
          over=formats.rupiah_words(-money.left_idr),
          budget=formats.rupiah_words(money.budget.value_idr)),
        "iuran",
        "definisi",
        {"istilah": "iuran"},
    )  # fmt: skip


def _runs_out(seen: _Seen, rule: Rule) -> Attention | None:
    money = seen.headline.contribution
    if money.left_idr is None or money.budget is None or money.runs_out is None:
        return None
    if money.left_idr < 0 or money.runs_out.month > rule.limit("before_month"):
        return None
    return Attention(
        rule.id,
        rule.level,
        t("Pagu {year} tidak cukup sampai Desember", year=money.budget.year),
        t("Sisa {left}; bila jumlah peserta tetap, uangnya habis pada {month}.",
          left=formats.rupiah_words(money.left_idr), month=formats.month(money.runs_out)),
        "iuran",
        "definisi",
        {"istilah": "iuran"},
    )  # fmt: skip


def _lapsing(seen: _Seen, rule: Rule) -> Attention | None:
    near = {
        left: n for left, n in seen.headline.lapsing.items() if n and left <= rule.limit("months")
    }
    if not near:
        return None
    return Attention(
        rule.id,
        rule.level,
        t("{n} peserta segera kehilangan perlindungan", n=formats.number(sum(near.values()))),
        t("Iurannya sudah berhenti. Keanggotaan berakhir: {when}.",
          when=", ".join(t("{n} orang dalam {m} bulan", n=formats.number(n), m=left)
                         for left, n in sorted(near.items()))),
        "hampir_gugur",
        "data",
        {"bagian": "bpjs"},
    )  # fmt: skip


def _stalled(seen: _Seen, rule: Rule) -> Attention | None:
    stalled = seen.headline.stalled
    if not stalled:
        return None
    terms = load_programme().worker_stages.by_id
    return Attention(
        rule.id,
        rule.level,
        t("{n} usulan tertahan", n=formats.number(sum(stalled.values()))),
        t("Sudah {days} hari atau lebih di satu tahap: {where}.",
          days=formats.number(rule.limit("days")),
          where=", ".join(f"{terms[stage].in_sentence()} {formats.number(n)}"
                          for stage, n in stalled.items())),
        "hari_tahap",
        "data",
        {"bagian": "verifikasi"},
    )  # fmt: skip


def _nobody(seen: _Seen, rule: Rule) -> Attention | None:
    empty = [row for row in seen.headline.kelurahan if row.state == ZERO and row.eligible]
    if not empty:
        return None
    empty.sort(key=lambda row: (-(row.eligible or 0), row.code))
    title = (
        t("{n} kelurahan belum punya peserta", n=formats.number(len(empty)))
        if len(empty) > 1
        else t("{name} belum punya peserta", name=empty[0].name)
    )
    return Attention(
        rule.id,
        rule.level,
        title,
        t("{names}: {n} pekerja rentan belum terlindungi.",
          names=_names([row.name for row in empty]),
          n=formats.number(sum(row.eligible or 0 for row in empty))),
        "cakupan",
        "peta",
        _these(empty),
    )  # fmt: skip


def _below_floor(seen: _Seen, rule: Rule) -> Attention | None:
    floor = rule.limit("rate")
    low = sorted(
        (row for row in seen.headline.kelurahan if row.rate is not None and 0 < row.rate < floor),
        key=lambda row: (row.rate or 0, row.code),
    )
    if not low:
        return None
    return Attention(
        rule.id,
        rule.level,
        t("{n} kelurahan di bawah {floor}",
          n=formats.number(len(low)), floor=formats.percent(floor, 0)),
        t("Terendah: {names}.",
          names=_names([f"{row.name} {formats.percent(row.rate)}" for row in low])),
        "cakupan",
        "peta",
        _these(low),
    )  # fmt: skip


def _these(rows: list[CoverageRow]) -> dict[str, str]:
    """The address of the map at one kelurahan, or with only some of them in its list."""
    if len(rows) == 1:
        return {"tingkat": "kelurahan", "wilayah": rows[0].code}
    return {"tingkat": "kelurahan", "hanya": "~".join(sorted(row.code for row in rows))}


def _rejected(seen: _Seen, rule: Rule) -> Attention | None:
    rows = seen.headline.rejected_rows
    if rows < rule.limit("from_rows"):
        return None
    return Attention(
        rule.id,
        rule.level,
        t("{n} baris daftar ditolak, menunggu perbaikan", n=formats.number(rows)),
        t("Mungkin pekerja yang sudah dibayar; minta kelurahan memperbaikinya."),
        "baris_ditolak",
        "data",
        {"bagian": "perbaikan", "temuan": "ditolak"},
    )


def _unlocated(seen: _Seen, rule: Rule) -> Attention | None:
    headline = seen.headline
    # In public hidden people are among them.
    if headline.public or headline.unlocated < rule.limit("from_people"):
        return None
    return Attention(
        rule.id,
        rule.level,
        t("{n} peserta belum diketahui kelurahannya", n=formats.number(headline.unlocated)),
        t("Terhitung di angka kota, tidak tampak di peta."),
        "tanpa_lokasi",
        "data",
        {"bagian": "perbaikan", "perbaikan_kecamatan": "tanpa"},
    )


def _empty_rts(seen: _Seen, rule: Rule) -> Attention | None:
    empty = seen.headline.rt_uncovered
    if not empty:
        return None
    worst = max(empty, key=lambda code: (empty[code], code))
    return Attention(
        rule.id,
        rule.level,
        t("{n} RT belum punya peserta", n=formats.number(sum(empty.values()))),
        t("Padahal ada pekerja rentan menurut perkiraan. Terbanyak: {name}, {n} RT.",
          name=load_areas().name_of(worst), n=formats.number(empty[worst])),
        "cakupan",
        "peta",
        {"tingkat": "rt", "wilayah": worst},
    )  # fmt: skip


def _no_new_rt(seen: _Seen, rule: Rule) -> Attention | None:
    if not seen.news.still:
        return None
    return Attention(
        rule.id,
        rule.level,
        t("Tiga bulan tanpa RT baru di Kampung Bahagia"),
        t("{n} RT belum bergabung; tanpa RT baru tidak ada perkiraan selesai.",
          n=formats.number(seen.news.left)),
        "tempo_rt",
        "kampung-bahagia",
        {"kb_lembar": "tempo"},
    )  # fmt: skip


def _without_rt(seen: _Seen, rule: Rule) -> Attention | None:
    without = seen.news.without
    if not without:
        return None
    areas = load_areas()
    return Attention(
        rule.id,
        rule.level,
        t("{n} kelurahan belum punya RT Kampung Bahagia", n=formats.number(len(without))),
        t("{names}.", names=_names([areas.name_of(code) for code in without])),
        "sebaran_rt",
        "kampung-bahagia",
        {"kb_lembar": "tempo"},
    )


def _stuck_rts(seen: _Seen, rule: Rule) -> Attention | None:
    stuck = seen.news.stuck
    if sum(stuck.values()) < rule.limit("from_rts"):
        return None
    terms = load_programme().rt_stages.by_id
    return Attention(
        rule.id,
        rule.level,
        t("{n} RT tertahan di satu tahap", n=formats.number(sum(stuck.values()))),
        t("Lebih lama daripada batas tahapnya: {where}.",
          where=", ".join(f"{terms[stage].in_sentence()} {formats.number(n)}"
                          for stage, n in stuck.items())),
        "tempo_rt",
        "kampung-bahagia",
        {"kb_lembar": "lama"},
    )  # fmt: skip


def _names(names: list[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:most])
    more = len(names) - most
    return t("{names} dan {n} lainnya", names=shown, n=formats.number(more)) if more > 0 else shown


_FINDERS: Mapping[str, Callable[[_Seen, Rule], Attention | None]] = {
    "data_lama": _stale,
    "pagu_terlampaui": _exceeded,
    "pagu_habis": _runs_out,
    "hampir_gugur": _lapsing,
    "kelurahan_nol": _nobody,
    "di_bawah_batas": _below_floor,
    "kampung_terhenti": _no_new_rt,
    "kelurahan_tanpa_rt": _without_rt,
    "rt_tertahan": _stuck_rts,
    "baris_ditolak": _rejected,
    "tanpa_lokasi": _unlocated,
    "usulan_tertahan": _stalled,
    "rt_nol": _empty_rts,
}
