"""What projector mode shows: each view one screen, large, without anything to click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from jambi_dash.charts.rollout_small import rollout_svg
from jambi_dash.charts.small_map import swatch
from jambi_dash.domain import formats
from jambi_dash.domain.answer import in_one_sentence
from jambi_dash.domain.attention import attention
from jambi_dash.domain.attention_rules import load_attention
from jambi_dash.domain.headline import Headline
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.picks import Pick, read_pick
from jambi_dash.exports.vector_map import scale_in
from jambi_dash.exports.views import MapView
from jambi_dash.queries.rollout import curve, rollout
from jambi_dash.queries.rollout_news import rollout_news
from jambi_dash.releases.store import now_wib
from jambi_dash.ui import data, numbers
from jambi_dash.ui.look import theme

OWN = ("ringkasan", "perhatian", "peta", "kampung", "uang")
_ATTENTIONS = 4
_LISTED = 3


@dataclass(frozen=True)
class Screen:
    """A title, and HTML whose texts have been escaped."""

    title: str
    html: str


def own_names() -> dict[str, str]:
    """The views that need nothing gathered, in their order."""
    return {
        "ringkasan": t("Jawaban dan angka utama"),
        "perhatian": t("Perlu perhatian"),
        "peta": t("Peta cakupan per kelurahan"),
        "kampung": t("RT Kampung Bahagia terhadap rencana"),
        "uang": t("Iuran dan santunan"),
    }


def name_of(pick: Pick) -> str:
    """The title of a gathered view."""
    release = data.current_release()
    if pick.title or release is None:
        return pick.title or pick.text()
    try:
        return data.view(release, pick).title
    except Refusal:
        return t("Tampilan yang tidak dapat dibuka")


def screen(name: str) -> Screen:
    """The screen of a view by its name in the address.

    Raises:
        Refusal: no data yet, no right to it, or a pick that cannot be answered.
    """
    release = data.current_release()
    if release is None:
        raise Refusal(t("Belum ada data"))
    if name not in OWN:
        return _picked(release, read_pick(name))
    if name == "peta":
        return _picked(release, Pick("coverage", "kelurahan"))
    headline = data.headline(release)
    if name == "perhatian":
        return _attentions(release, headline)
    if name == "kampung":
        return _rollout(release, headline)
    return _money(headline) if name == "uang" else _answer(release, headline)


def framed(shown: Screen, place: int, count: int, seconds: int) -> str:
    """A screen with its foot: date, mark of invented data, dots; `seconds` 0 stands still."""
    try:
        release = data.current_release()
    except Refusal:
        release = None
    foot = ""
    if release is not None:
        foot = escape(t("Data per {date}", date=formats.day(release.record.as_of)))
        if release.record.synthetic:
            mark = escape(t("DATA CONTOH – bukan data sebenarnya"))
            foot = f'<span class="pj-mark">{mark}</span> · {foot}'
    dots = "".join(f'<i class="{"pj-now" if i == place else ""}"></i>' for i in range(count))
    turn = "pj-odd" if place % 2 else "pj-even"
    clock = f'<div class="pj-clock {turn}" style="animation-duration:{seconds}s"></div>'
    # Markdown ends a piece of HTML at an empty line.
    body = " ".join(shown.html.split("\n"))
    return (
        f'<section class="pj" aria-live="off"><h2 class="pj-title">{escape(shown.title)}</h2>'
        f'{body}<div class="pj-foot"><span>{foot}</span><span class="pj-dots" role="img" '
        f'aria-label="{escape(t("{n} dari {all}", n=place + 1, all=count))}">{dots}</span></div>'
        f"{clock if seconds else ''}</section>"
    )


def told(sentence: str) -> str:
    """A sentence in the middle of the screen."""
    return f'<div class="pj-body"><p class="pj-lead">{escape(sentence)}</p></div>'


def _answer(release: data.OpenRelease, headline: Headline) -> Screen:
    before = data.previous_release(release)
    lead = in_one_sentence(headline, data.headline(before) if before is not None else None)
    money = headline.contribution
    of = (
        t("iuran {year} dari APBD Kota, pagu {pagu}", year=headline.as_of.year,
          pagu=formats.rupiah_words(money.budget.value_idr))
        if money.budget
        else t("iuran {year} dari APBD Kota", year=headline.as_of.year)
    )  # fmt: skip
    covered = formats.percent(headline.rate) if headline.rate is not None else formats.number(
        headline.covered
    )  # fmt: skip
    cards = (
        _card(covered, t("pekerja rentan terlindungi"), "pj-huge", numbers.bar(headline.rate)),
        "<div class='pj-list'>"
        + _card(
            formats.number(headline.rt_joined),
            t("dari {n} RT bergabung Kampung Bahagia", n=formats.number(headline.rt_total)),
        )
        + _card(formats.rupiah_words(money.paid_idr), of)
        + "</div>",
    )
    return Screen(
        t("Jamsostek Pekerja Rentan Kota Jambi"),
        f'<p class="pj-lead">{escape(lead)}</p>'
        f'<div class="pj-body"><div>{cards[0]}</div><div>{cards[1]}</div></div>',
    )


def _card(figure: str, words: str, size: str = "pj-large", more: str = "") -> str:
    return (
        f'<div class="pj-card"><div class="{size}">{escape(figure)}</div>{more}'
        f'<div class="pj-word">{escape(words)}</div></div>'
    )


def _attentions(release: data.OpenRelease, headline: Headline) -> Screen:
    found = attention(
        headline, load_attention(), now_wib().date(), data.ask(release, rollout_news)
    )[:_ATTENTIONS]  # fmt: skip
    if not found:
        return Screen(t("Perlu perhatian"), told(t("Aturan pemeriksaan tidak menemukan apa pun.")))
    items = "".join(
        f'<div class="pj-item"><b>{escape(item.title)}</b><span>{escape(item.detail)}</span></div>'
        for item in found
    )
    return Screen(
        t("Perlu perhatian"),
        f'<div class="pj-body"><div class="pj-list">{items}</div></div>',
    )


def _rollout(release: data.OpenRelease, headline: Headline) -> Screen:
    found = data.ask(release, curve, at=headline.as_of)
    tracker = data.ask(release, rollout)
    side = _card(
        formats.number(headline.rt_joined),
        t("dari {n} RT ({share})", n=formats.number(headline.rt_total),
          share=formats.percent(headline.rt_share)),
        "pj-huge",
    ) + _card(formats.number(tracker.pace, 1), t("RT baru per bulan"))  # fmt: skip
    if tracker.required_per_month:
        side += _card(
            formats.number(tracker.required_per_month, 1),
            t("per bulan diperlukan agar selesai {date}", date=formats.day(tracker.deadline)),
        )
    drawing = rollout_svg(found.actual, found.plan, headline.rt_total)
    return Screen(
        t("RT Kampung Bahagia terhadap rencana (jumlah RT, akhir bulan)"),
        f'<div class="pj-body"><div class="pj-drawing">{drawing}</div>'
        f'<div class="pj-list">{side}</div></div>',
    )


def _money(headline: Headline) -> Screen:
    money = headline.contribution
    words = {"JKK": t("kecelakaan kerja (JKK)"), "JKM": t("kematian (JKM)")}
    paid = _card(
        formats.rupiah_words(money.paid_idr),
        t("iuran {year} dari APBD Kota", year=headline.as_of.year), "pj-large",
        numbers.bar(money.share) if money.budget else "",
    )  # fmt: skip
    if money.budget is not None and money.left_idr is not None:
        left = formats.rupiah_words(abs(money.left_idr))
        pagu = formats.rupiah_words(money.budget.value_idr)
        paid += _card(
            left,
            t("sisa dari pagu {pagu}", pagu=pagu)
            if money.left_idr >= 0
            else t("lebih dari pagu {pagu}", pagu=pagu),
        )
    benefits = _card(
        formats.rupiah_words(headline.claim_idr),
        t("{n} santunan dibayar",
          n=formats.number(headline.claim_count)),
    ) + "".join(
        _card(
            formats.rupiah_words(claim.amount_idr),
            t("{n} {program}", n=formats.number(claim.count),
              program=words.get(claim.program, claim.program)),
        )
        for claim in headline.claims
    )  # fmt: skip
    return Screen(
        t("Iuran dan santunan"),
        f'<div class="pj-body"><div class="pj-list">{paid}</div>'
        f'<div class="pj-list">{benefits}</div></div>',
    )


def _picked(release: data.OpenRelease, pick: Pick) -> Screen:
    found = data.view(release, pick)
    scale = scale_in(found.scale, theme())
    drawing = data.preview(release, pick, theme())
    counts = [0] * len(scale)
    for place in found.classes.values():
        counts[place] += 1
    legend = "".join(
        f'<div class="rk-pair"><span>{swatch(one, one)} {escape(one.label)}</span>'
        f"<span>{formats.number(n)}</span></div>"
        for one, n in zip(scale, counts, strict=True)
        if n
    )
    return Screen(
        found.title,
        f'<p class="pj-sub">{escape(found.subtitle)}</p>'
        f'<div class="pj-body"><div class="pj-drawing">{drawing}</div>'
        f'<div class="pj-list pj-side">{_ends(found)}<div class="pj-legend">{legend}</div></div></div>',
    )


def _ends(found: MapView) -> str:
    """The lowest and the highest of what the view ranks, as it writes them on the map."""
    keys = [column.key for column in found.columns]
    if found.ranked not in keys:
        return ""
    at = keys.index(found.ranked)
    known = sorted(
        (row for row in found.rows if isinstance(row[at], (int, float))),
        key=lambda row: (float(row[at] or 0), str(row[0])),
    )
    if len(known) < 2 * _LISTED or found.level == "rt":
        return ""
    return _listed(found, t("Terendah"), known[:_LISTED]) + _listed(
        found, t("Tertinggi"), known[::-1][:_LISTED]
    )


def _listed(found: MapView, title: str, rows: Sequence[Sequence[object]]) -> str:
    cells = "".join(
        f"<tr><td>{escape(str(row[1]))}</td>"
        f"<td>{escape(found.marks.get(str(row[0]), formats.MISSING))}</td></tr>"
        for row in rows
    )
    return f'<div><div class="pj-word">{escape(title)}</div><table><tbody>{cells}</tbody></table></div>'
