"""The city in one sentence: what a mayor would say to the press."""

from __future__ import annotations

from jambi_dash.domain import formats
from jambi_dash.domain.headline import Headline
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme


def in_one_sentence(now: Headline, before: Headline | None = None) -> str:
    """How many are covered, of how many, the change, and the RTs; only what is known.

    `before` is another release, `None` where there is none. Invented data is never compared with
    real data, nor with a later date.
    """
    parts = [_covered(now)]
    if before is not None and comparable(before, now):
        parts.append(_change(before, now))
    if now.rt_total:
        parts.append(_rts(now))
    return t("Per {date}, {what}.", date=formats.day(now.as_of), what="; ".join(parts))


def comparable(before: Headline, now: Headline) -> bool:
    """Whether the difference of two releases means anything."""
    return (
        before.synthetic == now.synthetic
        and before.has_roster
        and now.has_roster
        and before.as_of <= now.as_of
    )


def _covered(now: Headline) -> str:
    who = load_programme().cohorts.by_id[now.cohort].in_sentence()
    covered, eligible = formats.number(now.covered), formats.number(now.eligible)
    if not now.has_roster:
        return t("daftar peserta belum ada, jadi jumlah {who} yang terlindungi belum diketahui",
                 who=who)  # fmt: skip
    if not now.eligible:
        return t("{covered} {who} terlindungi; berapa jumlah seluruhnya belum diketahui",
                 covered=covered, who=who)  # fmt: skip
    if now.covered > now.eligible:
        return t("{covered} {who} terlindungi, lebih banyak daripada perkiraan {eligible}",
                 covered=covered, who=who, eligible=eligible)  # fmt: skip
    if now.covered == now.eligible:
        return t("semua {eligible} {who} terlindungi", eligible=eligible, who=who)
    return t("{covered} dari {eligible} {who} terlindungi ({rate}), {left} belum",
             covered=covered, eligible=eligible, who=who, rate=formats.percent(now.rate),
             left=formats.number(now.eligible - now.covered))  # fmt: skip


def _change(before: Headline, now: Headline) -> str:
    difference = now.covered - before.covered
    n, since = formats.number(abs(difference)), formats.day(before.as_of)
    if before.as_of == now.as_of:
        since = t("rilis sebelumnya")
    if difference > 0:
        return t("bertambah {n} orang sejak {since}", n=n, since=since)
    if difference < 0:
        return t("berkurang {n} orang sejak {since}", n=n, since=since)
    return t("tidak berubah sejak {since}", since=since)


def _rts(now: Headline) -> str:
    total = formats.number(now.rt_total)
    if not now.rt_joined:
        return t("belum ada dari {total} RT yang bergabung Kampung Bahagia", total=total)
    return t("{joined} dari {total} RT sudah bergabung Kampung Bahagia",
             joined=formats.number(now.rt_joined), total=total)  # fmt: skip
