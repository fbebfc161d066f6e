"""The parts of /ringkasan: each draws one card from the headline figures."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from jambi_dash.charts.curves import cover_curve, cover_curve_svg, curve_in_words
from jambi_dash.charts.rollout_small import rollout_svg
from jambi_dash.domain import formats
from jambi_dash.domain.answer import comparable, in_one_sentence
from jambi_dash.domain.attention import Attention, attention
from jambi_dash.domain.attention_rules import load_attention
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.headline import Change, Headline, changes
from jambi_dash.domain.indicators import load_indicators
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.palette import cohort_colour
from jambi_dash.queries.rollout import RolloutTable
from jambi_dash.queries.rollout import curve as curve_of
from jambi_dash.queries.rollout_news import rollout_news
from jambi_dash.releases.store import now_wib
from jambi_dash.ui import change_view, data, definitions, exhibit, frame, numbers, small_map
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import theme

_LOOK = f"<style>{Path(__file__).with_name('summary.css').read_text(encoding='utf-8')}</style>"
_SHOWN_ATTENTIONS = 3
_LEVEL_ICONS = {
    "urgent": ":material/error:",
    "warning": ":material/warning:",
    "notice": ":material/info:",
}


def lead(release: data.OpenRelease, headline: Headline) -> None:
    """The answer in one sentence, above everything."""
    before = data.previous_release(release)
    earlier = data.headline(before) if before is not None else None
    numbers.show(f'{_LOOK}<p class="rk-lead">{escape(in_one_sentence(headline, earlier))}</p>')


def persons(headline: Headline) -> None:
    """How many people are covered, each once."""
    with numbers.card("persons"):
        with numbers.title_line(t("Semua yang terlindungi")):
            definitions.button("orang_terlindungi", as_of=headline.as_of)
        numbers.show(
            numbers.large(formats.number(headline.persons), t("orang"))
            + numbers.small(t("dari semua kelompok; yang terdaftar di dua kelompok dihitung "
                              "sekali"))
        )  # fmt: skip


def coverage(headline: Headline) -> None:
    """The rate of the main cohort, its denominator in words, and who is left."""
    with numbers.card("coverage"):
        with numbers.title_line(t("Pekerja rentan yang terlindungi")):
            definitions.button("cakupan", as_of=headline.as_of, denominator=headline.denominator)
        figure = formats.percent(headline.rate)
        if headline.rate is None:
            figure = formats.number(headline.covered)
        numbers.show(
            f'<div class="rk-huge">{figure}</div>'
            + (numbers.bar(headline.rate, _colour(headline.cohort)) if headline.rate else "")
            + f'<div class="rk-text">{escape(in_words(headline))}</div>'
            + _not_yet(headline)
        )


def _not_yet(headline: Headline) -> str:
    """How many are still without cover, where that is known."""
    if headline.eligible is None or headline.eligible <= headline.covered:
        return ""
    return (
        '<div class="rk-text"><b>'
        + escape(t("{n} orang belum terlindungi",
                   n=formats.number(headline.eligible - headline.covered)))
        + "</b></div>"
    )  # fmt: skip


def in_words(headline: Headline) -> str:
    """`2.598 dari 15.849 pekerja rentan; perkiraan …, per 31 Desember 2025`: the rate, told."""
    who = load_programme().cohorts.by_id[headline.cohort].in_sentence()
    if headline.eligible is None:
        return t("{covered} {who}; berapa seluruhnya belum diketahui",
                 covered=formats.number(headline.covered), who=who)  # fmt: skip
    label = headline.denominator.label
    return t("{covered} dari {eligible} {who}; {label}, per {date}",
             covered=formats.number(headline.covered), eligible=formats.number(headline.eligible),
             who=who, label=label[:1].lower() + label[1:],
             date=formats.day(headline.as_of))  # fmt: skip


def cohorts(headline: Headline) -> None:
    """Every cohort against its target."""
    terms, ledger = load_programme().cohorts.by_id, load_ledger()
    with numbers.card("cohorts"):
        with numbers.title_line(t("Peserta terhadap target {year}", year=headline.as_of.year)):
            definitions.button(
                "peserta_kelompok", as_of=headline.as_of,
                values=tuple(
                    (terms[c.cohort].shown(), f"{ledger.get(c.target_id).label()}: "
                     f"{formats.number(c.target)} ({ledger.get(c.target_id).source()})")
                    for c in headline.cohorts if c.target_id
                ),
            )  # fmt: skip
        numbers.show(
            "".join(
                '<div class="rk-row"><div class="rk-pair rk-text">'
                f"<span>{escape(terms[c.cohort].shown())}</span>"
                f"<span>{_against(c.covered, c.target)}</span></div>"
                + (numbers.bar(c.share, _colour(c.cohort)) if c.target else "")
                + "</div>"
                for c in headline.cohorts
            )
        )


def _against(value: int, target: int | None) -> str:
    if target is None:
        return f"<b>{formats.number(value)}</b> " + t("tanpa target")
    return t("{value} dari {target}", value=f"<b>{formats.number(value)}</b>",
             target=formats.number(target))  # fmt: skip


def needs_attention(release: data.OpenRelease, headline: Headline) -> None:
    """The things that the rules find, the most pressing first, each a link to where it is."""
    with numbers.card("attention"):
        try:
            found = attention(
                headline, load_attention(), now_wib().date(), data.ask(release, rollout_news)
            )
        except Refusal as refusal:  # the rules are a file that the city edits
            numbers.show(numbers.small(str(refusal)))
            return
        with numbers.title_line(t("Perlu perhatian")), st.container(
            horizontal=True, width="content", gap="xsmall", vertical_alignment="center",
            key="bare_perhatian",
        ):  # fmt: skip
            if len(found) > _SHOWN_ATTENTIONS:
                with st.popover(t("semua {n}", n=formats.number(len(found))), type="tertiary"):
                    for item in found:
                        _attention(item)
            definitions.button("perlu_perhatian", as_of=headline.as_of, values=_limits())
        for item in found[:_SHOWN_ATTENTIONS]:
            _attention(item)
        if not found:
            numbers.show(numbers.small(t("Aturan pemeriksaan tidak menemukan apa pun.")))


def _limits() -> tuple[tuple[str, str], ...]:
    """The limits that hold now, as the file says."""
    rules = load_attention()
    return (
        (
            t("Batas yang berlaku"),
            t("cakupan di bawah {rate}; data lebih tua dari {days} hari; keanggotaan berakhir "
              "dalam {months} bulan; usulan tertahan {wait} hari",
              rate=formats.percent(rules.get("di_bawah_batas").limit("rate")),
              days=formats.number(rules.get("data_lama").limit("days")),
              months=formats.number(rules.get("hampir_gugur").limit("months")),
              wait=formats.number(rules.get("usulan_tertahan").limit("days"))),
        ),
    )  # fmt: skip


def _attention(item: Attention) -> None:
    with st.container(gap=None):
        if frame.may_open(item.page):
            st.page_link(
                frame.page_path(item.page), label=f"**{literal(item.title)}**",
                icon=_LEVEL_ICONS[item.level], query_params=dict(item.filters),
            )  # fmt: skip
        else:
            st.markdown(f"{_LEVEL_ICONS[item.level]} **{literal(item.title)}**")
        numbers.show(f'<div class="rk-small rk-indent">{escape(item.detail)}</div>')


def rollout(headline: Headline, tracker: RolloutTable) -> None:
    """RTs that have joined Kampung Bahagia, and whether that is fast enough."""
    with numbers.card("rollout"):
        with numbers.title_line(t("RT bergabung Kampung Bahagia")):
            definitions.button("rt_bergabung", as_of=headline.as_of)
        if not headline.rt_total:
            numbers.show(numbers.large(formats.MISSING) + numbers.small(t("Daftar RT belum ada")))
            return
        of = t("dari {n} RT ({share})", n=formats.number(headline.rt_total),
               share=formats.percent(headline.rt_share))  # fmt: skip
        apart = t("{n} RT dikecualikan, tidak dihitung", n=formats.number(headline.rt_excluded))
        numbers.show(
            numbers.large(formats.number(headline.rt_joined), of)
            + numbers.bar(headline.rt_share)
            + (numbers.small(apart) if headline.rt_excluded else "")
            + numbers.small(_pace(tracker))
        )
        st.page_link(frame.page_path("kampung-bahagia"), label=t("Tahap, tempo, perkiraan"),
                     icon=":material/home_work:")  # fmt: skip


def _pace(tracker: RolloutTable) -> str:
    """`17,7 RT baru per bulan; perlu 131,9 agar selesai Desember 2026`."""
    if not tracker.left:
        return t("Semua RT sudah bergabung.")
    pace = t("{pace} RT baru per bulan", pace=formats.number(tracker.pace, 1))
    if tracker.required_per_month:
        pace += t("; perlu {n} agar selesai {month}",
                  n=formats.number(tracker.required_per_month, 1),
                  month=formats.month(Month.of(tracker.deadline)))  # fmt: skip
    return pace


def rollout_curve(release: data.OpenRelease, headline: Headline) -> None:
    """RTs that have joined against the plan, month by month."""
    found = data.ask(release, curve_of, at=headline.as_of)
    with numbers.card("rollout_curve"):
        with numbers.title_line(t("RT Kampung Bahagia terhadap rencana (jumlah RT, akhir bulan)")):
            definitions.button("tempo_rt", as_of=headline.as_of)
        drawing = rollout_svg(found.actual, found.plan, headline.rt_total)
        if headline.rt_total and drawing:
            numbers.draw(drawing)
        else:
            numbers.show(numbers.small(t("Daftar RT belum ada")))


def contribution(headline: Headline) -> None:
    """What the paid months cost, of the budget, and what is left."""
    money = headline.contribution
    with numbers.card("contribution"):
        with numbers.title_line(t("Iuran {year} dari APBD Kota", year=headline.as_of.year)):
            definitions.button(
                "iuran", as_of=headline.as_of,
                values=(
                    (t("Hitungan"), t("{sum} (bulan iuran, satu orang selama satu bulan, × iuran bulan itu)",
                                      sum=money.worked_out() or formats.number(0))),
                    (t("Jumlah"), formats.rupiah(money.paid_idr)),
                    *(((t("Pagu"), f"{formats.rupiah(money.budget.value_idr)} "
                        f"({money.budget.source()}). {money.budget.doubt()}"),)
                      if money.budget else ()),
                    *(((t("Dibayar sumber lain"), t("{months} bulan iuran, di luar angka ini",
                        months=formats.number(money.other_months))),)
                      if money.other_months else ()),
                ),
            )  # fmt: skip
        of = (
            t("dari {pagu}", pagu=formats.rupiah_words(money.budget.value_idr))
            if money.budget
            else ""
        )
        numbers.show(
            numbers.large(formats.rupiah_words(money.paid_idr), of)
            + (numbers.bar(money.share) if money.budget else "")
            + numbers.small(_left(headline))
            + numbers.small(
                t(
                    "hitungan: jumlah peserta tiap bulan × {tariff}; bukan catatan pembayaran",
                    tariff=money.prices(),
                )
            )
        )


def _left(headline: Headline) -> str:
    money = headline.contribution
    if money.left_idr is None:
        return t("Pagu {year} belum diketahui", year=headline.as_of.year)
    if money.left_idr < 0:
        return t("lebih {over} dari pagu", over=formats.rupiah_words(-money.left_idr))
    return t("sisa {left} ({share})", left=formats.rupiah_words(money.left_idr),
             share=formats.percent(1 - (money.share or 0)))  # fmt: skip


def claims(headline: Headline) -> None:
    """Benefits paid: how many, how much, by programme."""
    with numbers.card("claims"):
        with numbers.title_line(t("Santunan dibayar")):
            definitions.button("santunan", as_of=headline.as_of)
        words = {"JKK": t("kecelakaan kerja (JKK)"), "JKM": t("kematian (JKM)")}
        parts = [
            t("{n} {program}: {amount}", program=words.get(c.program, c.program),
              n=formats.number(c.count), amount=formats.rupiah_words(c.amount_idr))
            for c in headline.claims
        ]  # fmt: skip
        numbers.show(
            numbers.large(
                formats.rupiah_words(headline.claim_idr),
                t("{n} santunan", n=formats.number(headline.claim_count)),
            )
            + "".join(
                numbers.small(part)
                for part in parts
                or [
                    t("jumlah kecil tidak ditampilkan")
                    if headline.public
                    else t("belum ada santunan tercatat")
                ]
            )
        )
        if data.may("internal"):
            st.page_link(frame.page_path("santunan"), label=t("Lama bayar dan perkiraan"),
                         icon=":material/volunteer_activism:")  # fmt: skip


def since_last_time(release: data.OpenRelease, headline: Headline) -> None:
    """The headline figures against the release before."""
    with numbers.card("changes"):
        before = data.previous_release(release)
        title = t("Sejak rilis sebelumnya")
        if before is not None:
            title = t("Dibanding data per {date}", date=formats.day(before.record.as_of))
        with numbers.title_line(title):
            definitions.button("perubahan", as_of=headline.as_of)
        if before is None:
            numbers.show(numbers.small(t("Ini rilis pertama: belum ada pembanding.")))
            return
        earlier = data.headline(before)
        if not comparable(earlier, headline):
            numbers.show(
                numbers.small(
                    t("Rilis sebelumnya berisi data contoh, jadi tidak dibandingkan.")
                    if earlier.synthetic != headline.synthetic
                    else t("Kedua rilis tidak dapat dibandingkan: daftar peserta atau tanggalnya "
                           "berbeda.")
                )
            )  # fmt: skip
            return
        shown = {"orang_terlindungi", "cakupan", "rt_bergabung", "santunan"}
        numbers.show(
            "<table>"
            + "".join(_change(c) for c in changes(earlier, headline) if c.indicator in shown)
            + "</table>"
        )
        change_view.why_line(before, release)


def _change(change: Change) -> str:
    difference = change.difference
    if difference is None:
        text = formats.MISSING
    elif change.kind == "rate":
        text = f"{formats.percent(change.before)} → {formats.percent(change.now)}"
    elif change.kind == "rupiah":
        text = ("+" if difference > 0 else "") + formats.rupiah_words(difference)
    else:
        text = formats.signed(difference)
    arrow = "" if not difference else ("▲ " if difference > 0 else "▼ ")
    # More benefits paid is neither good nor bad: only growth of cover gets a tone.
    judged = bool(difference) and change.kind in ("people", "rate", "rt")
    tone = ("rk-up" if (difference or 0) > 0 else "rk-down") if judged else ""
    label = load_indicators().get(change.indicator).label()
    return f'<tr><td>{escape(label)}</td><td class="{tone}">{arrow}{escape(text)}</td></tr>'


def map_card(headline: Headline) -> None:
    """The small map with the lowest and the highest, and the way to the large one."""
    with numbers.card("map"):
        with (
            numbers.title_line(
                t("Terlindungi per kelurahan (% dari perkiraan), {month}",
                  month=formats.month_short(Month.of(headline.as_of)))
            ),
            st.container(horizontal=True, vertical_alignment="center", width="content", gap=None),
        ):  # fmt: skip
            st.page_link(frame.page_path("peta"), label=t("Buka peta"), icon=":material/map:")
            exhibit.drawer("ringkasan_peta", t("Pekerja rentan terlindungi tiap kelurahan"),
                           small_map.table(headline), ":material/table:")  # fmt: skip
            definitions.button("cakupan", as_of=headline.as_of, denominator=headline.denominator)
        small_map.draw(headline)
        numbers.show(_extremes(headline))


def _extremes(headline: Headline) -> str:
    """The kelurahan with the lowest and the highest coverage."""
    known = sorted(
        (row for row in headline.kelurahan if row.rate is not None),
        key=lambda row: (row.rate or 0, row.code),
    )
    if not known:
        return numbers.small(t("Perkiraan pekerja rentan per kelurahan belum ada."))
    return "".join(
        f'<div class="rk-small"><b>{escape(title)}</b> '
        + escape(", ".join(f"{row.name} {formats.percent(row.rate)}" for row in rows))
        + "</div>"
        for title, rows in ((t("Terendah"), known[:2]), (t("Tertinggi"), known[::-1][:2]))
    )


def curve(headline: Headline) -> None:
    """The curve of cover over time; plotly comes only when it is asked for."""
    target = next((c.target for c in headline.cohorts if c.cohort == headline.cohort), None)
    with numbers.card("curve"):
        with (
            numbers.title_line(t("Pekerja rentan terlindungi (orang, akhir bulan)")),
            st.container(horizontal=True, vertical_alignment="center", width="content", gap=None),
        ):
            if st.button(t("Perbesar"), icon=":material/open_in_full:", type="tertiary",
                         key="ringkasan_kurva"):  # fmt: skip
                _large_curve(headline, target)
            definitions.button("kurva_cakupan", as_of=headline.as_of)
        if headline.curve:
            numbers.draw(cover_curve_svg(headline.curve, cohort=headline.cohort, target=target))
        else:
            numbers.show(numbers.small(t("Belum ada bulan iuran dalam daftar peserta.")))


def _large_curve(headline: Headline, target: int | None) -> None:
    @st.dialog(t("Pekerja rentan terlindungi (orang, akhir bulan)"), width="large")
    def show() -> None:
        exhibit.plot(
            exhibit.once(
                cover_curve, headline.curve, cohort=headline.cohort, target=target, theme=theme()
            ),
            exhibit.Words(
                t("Satu kelompok di samping semua orang yang terlindungi"), t("orang, akhir bulan"),
                t("daftar peserta"), "kurva_cakupan", headline.as_of,
                t("sampai {date}", date=formats.day(headline.as_of)),
            ),
            "ringkasan_kurva_besar", alt=curve_in_words(headline.curve, target),
        )  # fmt: skip
        st.dataframe(
            {
                t("Bulan"): [formats.month(p.month) for p in headline.curve],
                t("Pekerja rentan"): [formats.number(p.covered) for p in headline.curve],
                t("Semua orang"): [formats.number(p.persons) for p in headline.curve],
            },
            hide_index=True,
        )

    show()


def reconciliation(headline: Headline) -> None:
    """The check that the parts make the whole, and the date."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="xsmall", key="bare_reconciliation"
    ):
        numbers.show(
            '<span class="rk-small">✓ ' + escape(_sum_in_words(headline)) + "</span>",
            width="content",
        )  # fmt: skip
        definitions.button("tanpa_lokasi", as_of=headline.as_of)


def _sum_in_words(headline: Headline) -> str:
    parts = {
        "located": formats.number(headline.located), "areas": formats.number(len(headline.kelurahan)),
        "unlocated": formats.number(headline.unlocated), "total": formats.number(headline.covered),
    }  # fmt: skip
    if headline.public:
        return t("Pekerja rentan terlindungi: {located} di kelurahan yang ditampilkan + {unlocated} "
                 "disembunyikan atau belum diketahui kelurahannya = {total}", **parts)  # fmt: skip
    return t("Pekerja rentan terlindungi: {located} di {areas} kelurahan + {unlocated} belum diketahui "
             "kelurahannya = {total}", **parts)  # fmt: skip


def _colour(cohort: str) -> str:
    return f"light-dark({cohort_colour(cohort)}, {cohort_colour(cohort, 'dark')})"
