"""The slides of the deck, each from the same numbers: `DeckContent`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from jambi_dash.domain import formats
from jambi_dash.domain.answer import in_one_sentence
from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.disclosure import DEFAULT_K
from jambi_dash.domain.expansion_story import limit_name, rule_name
from jambi_dash.domain.funds import load_expansion_facts
from jambi_dash.domain.headline import Change, Headline, changes
from jambi_dash.domain.indicators import load_indicators
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.simulation import Simulation
from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.slide_charts import (
    Bar,
    add_amounts,
    add_costs,
    add_ranking,
    add_rollout,
)
from jambi_dash.exports.slide_map import add_legend, add_map
from jambi_dash.exports.slide_tables import add_table
from jambi_dash.exports.slides import (
    ACCENT,
    INK,
    PAPER,
    QUIET,
    Box,
    Deck,
    Words,
    add_rectangle,
    add_text,
    fitting_points,
    text_width,
    write,
)
from jambi_dash.exports.views import MapView, indicators_of, level_word
from jambi_dash.queries.rollout import CurveData, RolloutTable

_SMALLEST_TEXT = 11
_WIDE_BARS = 4
_RANKED = 12
"""So many bars can be read from the back of a room."""
_DEFINED_PER_SLIDE = 5
_CHANGED = ("orang_terlindungi", "peserta_kelompok", "cakupan", "rt_bergabung", "santunan")


@dataclass(frozen=True)
class DeckContent:
    """Every number of a deck: coverage as chosen, headline, rollout, scenarios.

    `before` is the headline of the release before, `None` where there is nothing to compare with.
    """

    view: MapView
    head: Headline
    before: Headline | None
    tracker: RolloutTable
    curve: CurveData
    simulations: tuple[Simulation, ...]
    scenario_views: tuple[MapView, ...]

    @property
    def public(self) -> bool:
        """Whether small counts are hidden."""
        return self.view.origin.public

    @property
    def month_words(self) -> str:
        """The month of the coverage."""
        return formats.month(Month.of(self.head.as_of))

    def count(self, value: int | None) -> str:
        """A count of people or of their benefits; small ones are not for the public."""
        if self.public and value is not None and 0 < value < DEFAULT_K:
            return t("kurang dari {k}", k=DEFAULT_K)
        return formats.number(value)

    def is_small(self, *values: int | None) -> bool:
        """Whether the public must not see one of these counts."""
        return self.public and any(v is not None and 0 < v < DEFAULT_K for v in values)


def _notes(
    content: DeckContent, indicators: Sequence[str], *, view: MapView | None = None,
    sources: Sequence[str] = (), filters: Sequence[tuple[str, str]] | None = None,
) -> list[str]:  # fmt: skip
    """Definitions, sources, filter and reconciliation, for the presenter."""
    view = view or content.view
    known = load_indicators()
    lines = [t("DEFINISI")]
    for name in indicators:
        entry = known.get(name)
        lines.append(f"{entry.label()}: {entry.short()} {t('Rumus')}: {entry.formula()}.")
    lines.append(t("SUMBER"))
    lines += sources or view.sources
    lines += [f"{known.get(name).label()}: {known.get(name).source()}. {known.get(name).doubt()}"
              for name in indicators]  # fmt: skip
    chosen = "; ".join(f"{name}: {value}" for name, value in (filters or view.filter))
    lines += [t("FILTER"), chosen, t("PEMERIKSAAN"), view.check, t("RILIS")]
    return list(dict.fromkeys(lines))


# --- headline -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Card:
    label: str
    figure: str
    lines: tuple[str, ...]
    share: float | None = None
    strong: bool = False


def headline_slide(deck: Deck, content: DeckContent) -> None:
    """Six figures, each with what it is of and its date."""
    view, head = content.view, content.head
    who = load_programme().cohorts.by_id[head.cohort].in_sentence()
    rate, covered = view.totals["rate"], view.totals["covered"]
    left = head.eligible - head.covered if head.eligible is not None and covered else None
    title = t("{n} {who} terlindungi", n=formats.number(covered), who=who)  # type: ignore[arg-type]
    if rate is not None and left is not None and left > 0:
        title = t("{rate} {who} terlindungi, {left} orang belum", rate=formats.percent(float(rate)),
                  who=who, left=formats.number(left))  # fmt: skip
    slide, room = deck.add(
        title, view.subtitle,
        [
            in_one_sentence(head),
            *_notes(content, ["cakupan", "orang_terlindungi", "rt_bergabung", "iuran", "santunan"]),
        ],
    )  # fmt: skip
    boxes = [
        box
        for row in room.rows(1, 1, gap=Inches(0.22))
        for box in row.columns(1, 1, 1, gap=Inches(0.22))
    ]
    for box, card in zip(boxes, _cards(content, who, left), strict=True):
        _add_card(deck, slide, box, card)


def _cards(content: DeckContent, who: str, left: int | None) -> list[_Card]:
    head, view, tracker = content.head, content.view, content.tracker
    day = formats.day(head.as_of)
    label = head.denominator.label
    covered = view.totals["covered"]
    target = next((c for c in head.cohorts if c.cohort == head.cohort and c.target), None)
    against = (
        t("target {year}: {n} orang ({share})", year=head.as_of.year,
          n=formats.number(target.target), share=formats.percent(target.share))
        if target and covered is not None else t("target {year} tidak diketahui", year=head.as_of.year)
    )  # fmt: skip
    pace = t("{pace} RT per bulan", pace=formats.number(tracker.pace, 1))
    if tracker.required_per_month:
        pace += t(", perlu {n} sampai {date}", n=formats.number(tracker.required_per_month, 1),
                  date=formats.day(tracker.deadline))  # fmt: skip
    rate = view.totals["rate"]
    return [
        _Card(
            t("Cakupan {who}", who=who), formats.percent(None if rate is None else float(rate)),
            (t("{covered} dari {eligible} orang", covered=formats.number(covered),  # type: ignore[arg-type]
               eligible=formats.number(head.eligible)), f"{label}, {day}"),
            None if rate is None else float(rate), strong=True,
        ),
        _Card(
            t("Belum terlindungi"), formats.number(left),
            (t("{who} yang diperkirakan ada", who=who), against),
        ),
        _Card(
            t("Terlindungi, semua kelompok"), content.count(view.totals["persons"]),  # type: ignore[arg-type]
            (t("tiap orang dihitung sekali"), t("per {date}", date=day)),
        ),
        _Card(
            t("RT bergabung Kampung Bahagia"), formats.number(tracker.joined),
            (t("dari {n} RT ({share})", n=formats.number(tracker.joined + tracker.left),
               share=formats.percent(tracker.share)), pace), tracker.share,
        ),
        _contribution_card(content),
        _claims_card(content),
    ]  # fmt: skip


def _contribution_card(content: DeckContent) -> _Card:
    money, head = content.head.contribution, content.head
    label = t("Iuran {year} dari APBD Kota", year=head.as_of.year)
    if content.view.totals["covered"] is None:
        return _Card(label, formats.MISSING, (t("terlalu sedikit orang untuk ditampilkan"),))
    until = t("sampai {month}, dihitung dari orang-bulan", month=content.month_words)
    return _Card(label, formats.rupiah_words(money.paid_idr), (_left(content), until), money.share)


def _left(content: DeckContent) -> str:
    money, year = content.head.contribution, content.head.as_of.year
    if money.budget is None or money.left_idr is None:
        return t("pagu {year} belum diketahui", year=year)
    pagu = formats.rupiah_words(money.budget.value_idr)
    if money.left_idr < 0:
        return t(
            "{over} di atas pagu {pagu}", over=formats.rupiah_words(-money.left_idr), pagu=pagu
        )
    return t("dari pagu {pagu}; sisa {left}", pagu=pagu, left=formats.rupiah_words(money.left_idr))


def _claims_card(content: DeckContent) -> _Card:
    head = content.head
    label = t("Santunan dibayar")
    until = t("sampai {date}", date=formats.day(head.as_of))
    if content.public and (not head.claims or content.is_small(head.claim_count)):
        return _Card(
            label, formats.MISSING, (t("belum ada, atau terlalu sedikit untuk ditampilkan"), until)
        )
    lines = [t("{n} santunan", n=formats.number(head.claim_count)) + ", " + until]
    if not content.is_small(*(c.count for c in head.claims)):
        # One small programme beside a known sum would be known too.
        lines.append(" · ".join(
            t("{program} {n} ({amount})", program=c.program, n=formats.number(c.count),
              amount=formats.rupiah_words(c.amount_idr)) for c in head.claims
        ))  # fmt: skip
    return _Card(label, formats.rupiah_words(head.claim_idr), tuple(filter(None, lines)))


def _add_card(deck: Deck, slide: Any, box: Box, card: _Card) -> None:
    scale = deck.scale
    ground = (
        add_rectangle(slide, box, ACCENT, card.label) if card.strong
        else add_rectangle(slide, box, PAPER, card.label, brightness=deck.look.panel)
    )  # fmt: skip
    ink = deck.look.on_accent if card.strong else INK
    quiet = 0.0 if card.strong else QUIET
    pad = int(Inches(0.2) * scale)
    inner = Box(0, 0, int((box.width - 2 * pad) / scale), int((box.height - 2 * pad) / scale))
    figure = fitting_points(card.figure, inner, 44, most_lines=1)
    room = inner.height / Pt(1) - (22 if card.share is not None else 0)
    label, small = 16.0, 14.0
    while _card_height(card, inner, label, figure, small) > room and small > _SMALLEST_TEXT:
        label, figure, small = label - 0.5, figure - 1, small - 0.5
    words = [
        Words(card.label, label, bold=True, colour=ink),
        Words(card.figure, figure, bold=True, colour=ink, before=6),
        *(Words(line, small, colour=ink, brightness=quiet, before=4) for line in card.lines),
    ]
    write(ground.text_frame, words, anchor=MSO_ANCHOR.TOP, scale=scale, margin=pad)
    if card.share is not None:
        high = int(Inches(0.13) * scale)
        track = Box(box.left + pad, box.bottom - pad - high, box.width - 2 * pad, high)
        ground = add_rectangle(slide, track, ink, t("Bagian"),
                               brightness=0.0 if card.strong else 0.8)  # fmt: skip
        if card.strong:
            shade = ground.fill._xPr.find(f".//{qn('a:srgbClr')}")
            shade.append(shade.makeelement(qn("a:alpha"), {"val": "30000"}))
        if not card.share:
            return
        filled = max(high // 3, int(track.width * min(card.share, 1.0)))
        done = Box(track.left, track.top, filled, high)
        add_rectangle(slide, done, ink if card.strong else ACCENT,
                      t("Bagian: {share}", share=formats.percent(card.share)))  # fmt: skip


def _card_height(card: _Card, inner: Box, label: float, figure: float, small: float) -> float:
    """Points that the words of a card are high."""
    width = inner.width / Pt(1) * 0.97

    def lines(text: str, points: float, bold: bool = False) -> float:
        return float(ceil(text_width(text, points, bold) / width) * points * 1.2)

    told = sum(lines(line, small) + 4 for line in card.lines)
    return lines(card.label, label, bold=True) + figure * 1.2 + 6 + told


# --- changes ------------------------------------------------------------------------------------


def changes_slide(deck: Deck, content: DeckContent) -> None:
    """The headline of this release beside that of the one before; left out for the first."""
    now, before = content.head, content.before
    if before is None:
        return
    shown_changes = [
        change for change in changes(before, now)
        if change.indicator in _CHANGED and not _is_hidden(content, change, before)
    ]  # fmt: skip
    slide, room = deck.add(
        t("Yang berubah sejak rilis sebelumnya"),
        t("data per {before} → data per {now}", before=formats.day(before.as_of),
          now=formats.day(now.as_of)),
        _notes(content, ["perubahan", *(c.indicator for c in shown_changes)],
               filters=[(t("Dibandingkan"), f"{before.release} → {now.release}")]),
    )  # fmt: skip
    labels = {c: load_indicators().get(c.indicator).label() for c in shown_changes}
    who = load_programme().cohorts.by_id[now.cohort].shown()
    labels |= {c: t("{who} terlindungi", who=who) for c in shown_changes
               if c.indicator == "peserta_kelompok"}  # fmt: skip
    rows = [
        [labels[c], _figure(c, c.before), _figure(c, c.now), _difference(c)] for c in shown_changes
    ]
    add_table(
        slide, room,
        [t("Angka"), formats.day(before.as_of), formats.day(now.as_of), t("Perubahan")], rows,
        t("Yang berubah"), shares=(3.5, 2.9, 2.9, 3.1), points=19,
        row_height=int(min(Inches(0.75), room.height // (len(rows) + 1))), look=deck.look,
    )  # fmt: skip


def _is_hidden(content: DeckContent, change: Change, before: Headline) -> bool:
    now = content.head
    if content.public and None in (change.before, change.now):
        return True
    if change.indicator == "santunan":
        # Small counts of benefits are left out of a public headline: that is no zero.
        unsaid = content.public and not (now.claims and before.claims)
        return unsaid or content.is_small(now.claim_count, before.claim_count,
                                          now.claim_count - before.claim_count)  # fmt: skip
    if change.indicator == "rt_bergabung":
        return False
    return content.is_small(now.covered, before.covered, now.persons, before.persons)


def _figure(change: Change, value: float | None) -> str:
    if change.kind == "rate":
        return formats.percent(value)
    return formats.rupiah_words(value) if change.kind == "rupiah" else formats.number(value)


def _difference(change: Change) -> str:
    difference = change.difference
    if difference is None:
        return formats.MISSING
    arrow = "▲ " if difference > 0 else "▼ " if difference < 0 else ""
    if change.kind == "rate":
        return arrow + formats.points(difference)
    if change.kind == "rupiah":
        return arrow + ("+" if difference > 0 else "") + formats.rupiah_words(difference)
    return arrow + formats.signed(difference)


# --- maps and rankings --------------------------------------------------------------------------


def map_slide(deck: Deck, view: MapView, shapes: Shapes) -> None:
    """A map as native shapes with its legend."""
    indicators = indicators_of(view)
    lines = [t("DEFINISI")]
    lines += [f"{i.label()}: {i.short()} {t('Rumus')}: {i.formula()}." for i in indicators]
    lines += [t("SUMBER"), *view.sources, shapes.words(), t("FILTER")]
    lines.append("; ".join(f"{name}: {value}" for name, value in view.filter))
    lines += [t("PEMERIKSAAN"), view.check]
    lines.append(
        t("Setiap wilayah adalah bentuk tersendiri: klik dua kali untuk mengubah warnanya.")
    )
    lines.append(t("RILIS"))
    slide, room = deck.add(view.title, view.subtitle, lines)
    left, right = room.columns(3.1, 1)
    add_map(slide, left, view, shapes)
    drawn_on = shapes.words()
    if view.level == "rt":
        drawn_on += "; " + t("letak RT skematik")
    bottom = add_legend(slide, right, view, drawn_on, deck.scale)
    rest = Box(right.left, bottom + Inches(0.3), right.width, room.bottom - bottom - Inches(0.3))
    if rest.height > Inches(0.6):
        add_text(slide, rest, [Words(view.check, 11, brightness=QUIET)], t("Pemeriksaan"),
                 scale=deck.scale, anchor=MSO_ANCHOR.BOTTOM)  # fmt: skip


def ranking_slides(deck: Deck, content: DeckContent) -> None:
    """Lowest and highest, and where there are more areas than that, all of them on a slide."""
    view = content.view
    bars = _bars(view)
    unit = level_word(view.level)
    apart = _apart(view)
    notes = _notes(content, ["cakupan"])
    if not bars:
        return
    highest = max(bar.value for bar in bars)
    if len(bars) <= 2 * _RANKED:
        slide, room = deck.add(_ends(bars), " · ".join([view.subtitle, *apart]), notes)
        add_ranking(slide, room, bars, t("Cakupan per {unit}", unit=unit), look=deck.look, of=view.origin.as_of,
                    points=(16 if len(bars) <= _RANKED else 11))  # fmt: skip
        return
    slide, room = deck.add(_ends(bars), " · ".join([view.subtitle, *apart]), notes)
    for box, part, name in zip(
        room.columns(1, 1, gap=Inches(0.5)),
        (bars[:_RANKED], bars[-_RANKED:][::-1]),
        (t("{n} {unit} tertinggi", n=_RANKED, unit=unit),
         t("{n} {unit} terendah", n=_RANKED, unit=unit)),
        strict=True,
    ):  # fmt: skip
        head, chart = box.rows(0.4, 5.2, gap=0)
        add_text(slide, head, [Words(name, 16, bold=True)], name, scale=deck.scale)
        add_ranking(slide, chart, part, name, look=deck.look, of=view.origin.as_of, points=13,
                    highest=highest)  # fmt: skip
    slide, room = deck.add(
        t("Semua {n} {unit} menurut cakupan", n=formats.number(len(bars)), unit=unit),
        " · ".join([view.subtitle, *apart]), notes,
    )  # fmt: skip
    half = -(-len(bars) // 2)
    for box, part, first in zip(
        room.columns(1, 1, gap=Inches(0.5)), (bars[:half], bars[half:]), (1, half + 1), strict=True
    ):
        name = t("Peringkat {first}–{last}", first=first, last=first + len(part) - 1)
        add_ranking(slide, box, part, name, look=deck.look, of=view.origin.as_of, points=9,
                    highest=highest)  # fmt: skip


def _bars(view: MapView) -> list[Bar]:
    """The areas with a value, highest first; ties by code."""
    values = view.column(view.ranked)
    rows = [
        (float(value), str(row[0]), str(row[1]))
        for value, row in zip(values, view.rows, strict=True) if value is not None
    ]  # fmt: skip
    return [
        Bar(name, value, view.marks[code], view.scale[view.classes[code]].fill)
        for value, code, name in sorted(rows, key=lambda row: (-row[0], row[1]))
    ]


def _ends(bars: Sequence[Bar]) -> str:
    return t("Tertinggi {high} ({high_rate}), terendah {low} ({low_rate})", high=bars[0].name,
             high_rate=bars[0].label, low=bars[-1].name, low_rate=bars[-1].label)  # fmt: skip


def _apart(view: MapView) -> list[str]:
    """How many areas have no bar, and why."""
    states = list(view.states.values())
    told = []
    if hidden := states.count(HIDDEN):
        told.append(t("{n} disembunyikan", n=formats.number(hidden)))
    missing = sum(value is None for value in view.column(view.ranked)) - hidden
    if missing:
        told.append(t("{n} tidak ada data", n=formats.number(missing)))
    return told


# --- rollout ------------------------------------------------------------------------------------


def rollout_slide(deck: Deck, content: DeckContent) -> None:
    """Plan, actual and forecast as a chart, and what they mean in figures."""
    tracker, curve = content.tracker, content.curve
    counted = tracker.joined + tracker.left
    joined = t("{joined} dari {all} RT bergabung", joined=formats.number(tracker.joined),
               all=formats.number(counted))  # fmt: skip
    title = f"{joined}: {_pace_words(tracker)}" if counted else t("Kampung Bahagia")
    notes = _notes(
        content, ["rt_bergabung", "tempo_rt", "perkiraan_selesai"],
        sources=[t("Sumber: daftar RT dan catatan Kampung Bahagia yang diimpor"),
                 t("Grafik: kisaran digambar sebagai batas bawahnya ditambah lebarnya.")],
        filters=[(t("Keadaan per"), formats.day(tracker.at)),
                 (t("Tenggat"), formats.day(tracker.deadline))],
    )  # fmt: skip
    notes[notes.index(content.view.check)] = t(
        "✓ jumlah semua bulan = {n} RT bergabung; {excluded} RT dikecualikan",
        n=formats.number(tracker.joined),
        excluded=formats.number(tracker.excluded),
    )
    slide, room = deck.add(
        title,
        t(
            "RT Kampung Bahagia, dijumlahkan dari bulan ke bulan; per {date}",
            date=formats.day(tracker.at),
        ),
        notes,
    )
    if not counted:
        add_text(slide, room, [Words(t("Daftar RT belum diimpor."), 20)], t("Keterangan"),
                 scale=deck.scale)  # fmt: skip
        return
    left, right = room.columns(2.6, 1)
    if curve.plan or curve.actual:
        add_rollout(slide, left, curve, of=content.view.origin.as_of, look=deck.look)
    facts = [
        (formats.percent(tracker.share), t("dari {n} RT sudah bergabung", n=formats.number(counted))),
        (formats.number(tracker.pace, 1), t("RT baru per bulan, tiga bulan penuh terakhir")),
        (formats.number(tracker.required_per_month, 1),
         t("RT per bulan diperlukan sampai {date}", date=formats.day(tracker.deadline))),
        (_finish(tracker), _finish_words(tracker)),
    ]  # fmt: skip
    for box, (figure, text) in zip(right.rows(*[1] * len(facts)), facts, strict=True):
        size = 34 if len(figure) <= 8 else 22
        add_text(slide, box, [Words(figure, size, bold=True, colour=deck.look.figure), Words(text, 14)],
                 text, scale=deck.scale)  # fmt: skip


def _pace_words(tracker: RolloutTable) -> str:
    state = tracker.forecast.state
    return {
        "done": t("semua sudah"),
        "no_progress": t("tiga bulan tanpa RT baru"),
        "late": t("terlambat pada tempo ini"),
        "on_course": t("cukup cepat pada tempo ini"),
    }[state]


def _finish(tracker: RolloutTable) -> str:
    found = tracker.forecast
    if found.state in ("done", "no_progress") or found.p50 is None:
        return formats.MISSING
    return formats.month(found.p50)


def _finish_words(tracker: RolloutTable) -> str:
    found = tracker.forecast
    if found.state == "done":
        return t("semua RT sudah bergabung")
    if found.state == "no_progress" or found.p50 is None:
        return t("tanggal selesai tidak dapat diperkirakan")
    if found.p10 is None or found.p90 is None:
        return t("perkiraan selesai (asumsi: tempo seperti selama ini)")
    return t("perkiraan selesai, antara {p10} dan {p90} (asumsi: tempo seperti selama ini)",
             p10=formats.month_short(found.p10), p90=formats.month_short(found.p90))  # fmt: skip


# --- expansion ----------------------------------------------------------------------------------


def expansion_slides(deck: Deck, content: DeckContent) -> None:
    """What the scenarios do and cost: one beside its months, or up to three beside each other."""
    found = content.simulations
    if not found:
        return
    names = [scenario_name(s, place) for place, s in enumerate(found)]
    funds = _funds(found)
    notes = _expansion_notes(content, names)
    highest = _round_up(max(m.contribution_idr for s in found for m in s.months))
    as_of = content.view.origin.as_of
    if len(found) == 1:
        only = found[0]
        title = t("{placed} tempat baru: {before} → {after} orang", placed=formats.number(only.placed),
                  before=formats.number(only.baseline.covered),
                  after=formats.number(only.baseline.covered + only.placed))  # fmt: skip
        slide, room = deck.add(title, _scenario_line(only, names[0]), notes)
        left, right = room.columns(1.08, 1)
        titles, rows = _one_scenario(content, only, funds)
        add_table(slide, left, titles, rows, t("Ringkasan perluasan"), shares=(2.2, 1.3, 1.9),
                  points=14, look=deck.look)  # fmt: skip
        head, chart = right.rows(0.35, 5, gap=0)
        name = t("Biaya per bulan, {year}", year=only.scenario.year)
        add_text(slide, head, [Words(name, 16, bold=True)], name, scale=deck.scale)
        add_costs(slide, chart, only, funds, look=deck.look, of=as_of, name=name, highest=highest,
                  points=12)  # fmt: skip
        return
    title = t("{n} skenario perluasan berdampingan", n=len(found))
    slide, room = deck.add(title, _baseline_line(content), notes)
    rows = _compared(content, found, funds)
    add_table(slide, room, [t("Skenario"), *names], rows, t("Skenario berdampingan"),
              shares=(1.6, *[1.2] * len(found)), points=15, look=deck.look)  # fmt: skip
    slide, room = deck.add(
        t("Biaya per bulan menurut sumber dana"),
        t("rupiah per bulan, pada skala yang sama"), notes,
    )  # fmt: skip
    for box, name, each in zip(room.columns(*[1] * len(found)), names, found, strict=True):
        head, chart = box.rows(0.75, 5, gap=0)
        cost = t("{cost} setahun", cost=formats.rupiah_words(each.cost_idr))
        add_text(slide, head, [Words(name, 15, bold=True), Words(cost, 14, brightness=QUIET)], name,
                 scale=deck.scale)  # fmt: skip
        add_costs(slide, chart, each, funds, look=deck.look, of=as_of, name=name, highest=highest,
                  points=(12 if len(found) < 3 else 10.5))  # fmt: skip


def scenario_name(found: Simulation, place: int = 0) -> str:
    """What people call a scenario, or what it aims at."""
    return found.scenario.name or t("Skenario {letter}: {n} orang", letter="ABC"[place],
                                    n=formats.number(found.scenario.workers))  # fmt: skip


def _scenario_line(found: Simulation, name: str) -> str:
    who = load_programme().cohorts.by_id[load_programme().default_cohort].shown()
    return t("{who} · {name} · aturan {rule} · {cost} pada {year}", who=who, name=name,
             rule=rule_name(found.scenario.rule), cost=formats.rupiah_words(found.cost_idr),
             year=found.scenario.year)  # fmt: skip


def _baseline_line(content: DeckContent) -> str:
    base = content.simulations[0].baseline
    return t("semuanya dari {n} orang terlindungi, data per {date}", n=formats.number(base.covered),
             date=formats.day(base.as_of))  # fmt: skip


def _funds(found: Sequence[Simulation]) -> dict[str, str]:
    facts = load_expansion_facts()
    ids = dict.fromkeys(fund for s in found for fund in s.by_fund)
    names = {}
    for fund in ids:
        known = facts.fund(fund)
        names[fund] = (
            known.label() if known else t("Belum didanai") if fund == "belum_didanai" else fund
        )
    return names


def _one_scenario(
    content: DeckContent, found: Simulation, funds: dict[str, str]
) -> tuple[list[str], list[list[str]]]:
    base, after = found.baseline, found.baseline.covered + found.placed
    eligible = base.eligible
    fair, fair_before = found.fairness, found.fairness_before

    def rate(people: int) -> str:
        return formats.percent(people / eligible if eligible else None)

    rows = [
        [t("Orang terlindungi"), formats.number(base.covered), formats.number(after)],
        [t("Cakupan"), rate(base.covered), rate(after)],
    ]
    if not content.public:  # the lowest may be one of those that are hidden
        rows += [
            [t("Wilayah terendah"), formats.percent(fair_before.min_rate), formats.percent(fair.min_rate)],
            [t("Wilayah tanpa peserta"), formats.number(fair_before.areas_without),
             formats.number(fair.areas_without)],
        ]  # fmt: skip
    rows += [
        [t("Tempat baru"), "", formats.signed(found.placed)],
        [t("Belum tertampung"), "", formats.number(found.unplaced)],
        [t("Orang-bulan dibayar"), "", formats.number(found.person_months)],
        [t("Biaya {year}", year=found.scenario.year), "", formats.rupiah(found.cost_idr)],
    ]
    if len(found.by_fund) > 1:
        rows += [[f"  {funds[f]}", "", formats.rupiah(v)] for f, v in found.by_fund.items()]
    rows += [
        [t("Yang membatasi"), "", _limits(found)],
        [t("JKM setahun (asumsi)"), "", _deaths(found)],
    ]
    return [t("Perluasan"), t("Sekarang"), t("Sesudah")], rows


def _compared(
    content: DeckContent, found: Sequence[Simulation], funds: dict[str, str]
) -> list[list[str]]:
    def row(label: str, tell: Any) -> list[str]:
        return [label, *(tell(each) for each in found)]

    def rate(each: Simulation) -> str:
        eligible = each.baseline.eligible
        return formats.percent(
            (each.baseline.covered + each.placed) / eligible if eligible else None
        )

    rows = [
        row(t("Orang sesudahnya"), lambda s: formats.number(s.baseline.covered + s.placed)),
        row(t("Tempat baru"), lambda s: formats.signed(s.placed)),
        row(t("Belum tertampung"), lambda s: formats.number(s.unplaced)),
        row(t("Cakupan sesudahnya"), rate),
        row(t("Aturan"), lambda s: rule_name(s.scenario.rule)),
        row(t("Mulai"), lambda s: formats.month(Month(s.scenario.year, s.scenario.start_month))),
        row(t("Biaya setahun"), lambda s: formats.rupiah(s.cost_idr)),
    ]
    if len(funds) > 1:
        rows += [row(f"  {label}", lambda s, f=fund: formats.rupiah(s.by_fund.get(f, 0)))
                 for fund, label in funds.items()]  # fmt: skip
    if not content.public:
        rows.append(row(t("Wilayah terendah"), lambda s: formats.percent(s.fairness.min_rate)))
    rows += [
        row(t("Yang membatasi"), _limits),
        row(t("JKM setahun (asumsi)"), _deaths),
    ]
    return rows


def _limits(found: Simulation) -> str:
    # That everyone asked for is placed limits nothing.
    limits = [limit_name(name) for name in found.binding if name != "target"]
    return ", ".join(limits) or t("tidak ada")


def _deaths(found: Simulation) -> str:
    cases = found.claims.cases["JKM"]
    return t("{low}–{high} kasus", low=formats.number(cases.p5), high=formats.number(cases.p95))


def _round_up(amount: int) -> int:
    """A round number a little above: the upper end of a scale."""
    step = 5 * int(10 ** max(0, len(str(amount)) - 2))
    return -(-int(amount * 1.05) // step) * step


def _expansion_notes(content: DeckContent, names: Sequence[str]) -> list[str]:
    filters = []
    for name, found in zip(names, content.simulations, strict=True):
        s = found.scenario
        filters.append((name, t(
            "target {workers} orang, aturan {rule}, mulai {month}, anggaran {budget}, tarif {tariff}",
            workers=formats.number(s.workers), rule=rule_name(s.rule),
            month=formats.month(Month(s.year or 0, s.start_month)), budget=formats.rupiah(s.budget),
            tariff=formats.rupiah(s.tariff),
        )))  # fmt: skip
    lines = _notes(content, ["iuran", "santunan_perkiraan"], filters=filters)
    notes = [note for found in content.simulations for note in found.notes]
    place = lines.index(content.view.check)
    lines[place] = t("✓ tempat per wilayah = {placed}; biaya per bulan = biaya per dana = {cost}",
                     placed=" / ".join(formats.number(s.placed) for s in content.simulations),
                     cost=" / ".join(formats.rupiah(s.cost_idr) for s in content.simulations))  # fmt: skip
    told = t("Simulasi adalah hitungan dengan asumsi, bukan keputusan.")
    return [told, *notes, *lines]


# --- budget -------------------------------------------------------------------------------------


def budget_slide(deck: Deck, content: DeckContent) -> None:
    """This year's contribution against its budget, and what the scenarios would need."""
    head, money = content.head, content.head.contribution
    if content.view.totals["covered"] is None:
        return
    year = head.as_of.year
    paid = formats.rupiah_words(money.paid_idr)
    title = t("Iuran {year}: {paid}", year=year, paid=paid)
    bars = []
    if money.budget is not None:
        title = t("Iuran {year}: {paid} dari pagu {pagu}", year=year, paid=paid,
                  pagu=formats.rupiah_words(money.budget.value_idr))  # fmt: skip
        bars.append(
            _amount(t("Pagu {year}", year=year), money.budget.value_idr, deck.look.inks.plan)
        )
    bars.append(_amount(t("Iuran {year} sampai {month}", year=year,
                          month=formats.month_short(Month.of(head.as_of)).partition(" ")[0]),
                        money.paid_idr, deck.look.accent))  # fmt: skip
    # A scenario is about vulnerable workers: beside another cohort's money it says nothing.
    same = head.cohort == load_programme().default_cohort
    for place, found in enumerate(content.simulations if same else ()):
        name = f"{scenario_name(found, place)}, {found.scenario.year}"
        bars.append(_amount(name, found.cost_idr, deck.look.inks.forecast))
    if head.eligible:
        everybody = head.eligible * money.tariff.total_idr * 12
        bars.append(_amount(t("Semua {n} orang setahun", n=formats.number(head.eligible)),
                            everybody, deck.look.inks.band))  # fmt: skip
    budget_sources = (
        [f"{t('Pagu')}: {money.budget.source()}. {money.budget.doubt()}"] if money.budget else []
    )
    notes = _notes(
        content, ["iuran"],
        sources=[*budget_sources, f"{t('Tarif')}: {money.tariff.source()}. {money.tariff.doubt()}"],
        filters=[(t("Tahun"), str(year)), (t("Sampai"), content.month_words)],
    )  # fmt: skip
    notes[notes.index(content.view.check)] = t(
        "✓ orang-bulan × iuran: {sum} = {paid}", sum=money.worked_out() or formats.number(0),
        paid=formats.rupiah(money.paid_idr),
    )  # fmt: skip
    slide, room = deck.add(
        title, t("dihitung dari orang-bulan × tarif, bukan catatan pembayaran"), notes
    )
    left, right = room.columns(2.4, 1)
    add_amounts(slide, left, bars, t("Pagu dan kebutuhan"), look=deck.look, of=content.view.origin.as_of,
                points=13 if len(bars) <= _WIDE_BARS else 10.5)  # fmt: skip
    left_over = money.left_idr
    figure = formats.rupiah_words(abs(left_over)) if left_over is not None else formats.MISSING
    facts = [
        Words(figure, 34, bold=True, colour=deck.look.figure),
        Words(t("pagu {year} belum diketahui", year=year) if left_over is None
              else t("sisa pagu {year}", year=year) if left_over >= 0
              else t("di atas pagu {year}", year=year), 16),
        Words(t("{months} orang-bulan × {tariff}", months=formats.number(money.city_months),
                tariff=money.prices()), 14, before=10),
    ]  # fmt: skip
    if money.runs_out is not None:
        facts.append(Words(t("pada jumlah orang sekarang uangnya habis pada {month}",
                             month=formats.month(money.runs_out)), 14, before=10))  # fmt: skip
    if money.other_months:
        facts.append(Words(t("{n} orang-bulan dibayar sumber lain, di luar angka ini",
                             n=content.count(money.other_months)), 14, before=10))  # fmt: skip
    facts += [Words(text, 11, brightness=QUIET, before=10) for text in budget_sources]
    add_text(slide, right, facts, t("Sisa pagu"), scale=deck.scale)


def _amount(name: str, value: int, fill: str) -> Bar:
    return Bar(name, value, formats.rupiah_words(value), fill)


# --- definitions --------------------------------------------------------------------------------


def definition_slides(deck: Deck, content: DeckContent) -> None:
    """What every figure of the deck means, how it is worked out, where it is from."""
    known = load_indicators()
    names = ["cakupan", "orang_terlindungi", "tanpa_lokasi", "rt_bergabung", "tempo_rt",
             "perkiraan_selesai", "iuran", "santunan", "santunan_perkiraan"]  # fmt: skip
    rows = []
    for name in names:
        entry = known.get(name)
        rows.append([entry.label(), entry.formula(), f"{entry.source()}. {entry.doubt()}"])
    denominator = content.head.denominator
    if denominator.id:
        ledger = load_ledger().get(denominator.id)
        rows.insert(1, [t("Penyebut: {label}", label=denominator.label),
                        formats.number(denominator.value), ledger.source()])  # fmt: skip
    pages = -(-len(rows) // _DEFINED_PER_SLIDE)
    for page in range(pages):
        part = rows[page * _DEFINED_PER_SLIDE : (page + 1) * _DEFINED_PER_SLIDE]
        title = t("Definisi dan sumber")
        if pages > 1:
            title += f" ({page + 1}/{pages})"
        slide, room = deck.add(title, "", _notes(content, names))
        add_table(slide, room, [t("Angka"), t("Rumus"), t("Sumber dan keraguan")], part,
                  t("Definisi"), shares=(2.2, 4, 6), points=15, figures_from=3,
                  row_height=int(Inches(0.4)), look=deck.look)  # fmt: skip


__all__ = [
    "DeckContent", "budget_slide", "changes_slide", "definition_slides",
    "expansion_slides", "headline_slide", "map_slide", "ranking_slides", "rollout_slide",
    "scenario_name",
]  # fmt: skip
