"""The section Verifikasi of `/data`: the ladder, days in each stage, returns, the waiting list."""

from __future__ import annotations

from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.ladder import Days, Ladder, Step
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme
from jambi_dash.queries.ladder import ladder
from jambi_dash.ui import choices, data, definitions, exhibit, frame, mend_print, numbers
from jambi_dash.ui.look import table_html
from jambi_dash.ui.tables import local_numbers


def section_title() -> str:
    """The section's name, which links use."""
    return t("Verifikasi")


def draw() -> None:
    """Filters, four figures, the funnel with its days, returns, waiting list, files for the lurah."""
    release = frame.require_release()
    cohort, area = _choose(release)
    found = data.ask(release, ladder, cohort=cohort, area=area)
    if not found.total:
        st.info(t("Tidak ada orang di daftar kelompok ini untuk pilihan ini."))
        return
    steps = found.steps()
    _cards(found, steps, release.record.as_of, _covered(release, cohort, area))
    _funnel(found, steps)
    _returns(found)
    _waiting(found)
    st.subheader(t("Daftar perbaikan untuk dicetak"), anchor=False)
    mend_print.draw(release, key="verifikasi")


def _choose(release: data.OpenRelease) -> tuple[str, str]:
    terms, default = load_programme().cohorts.by_id, load_programme().default_cohort
    known = {default, *data.frame(release, "cohorts", month=release.at.first_day())["cohort"]}
    kecamatan = {k.code: k.name for k in load_areas().kecamatan}
    left, right = st.columns([1, 1])
    with left:
        cohort = choices.pick(
            t("Kelompok"), "verifikasi_kelompok",
            {c: terms[c].shown() for c in terms if c in known},
        )  # fmt: skip
    with right:
        area = choices.pick(
            t("Kecamatan"), "verifikasi_kecamatan", {"": t("Semua kecamatan")} | kecamatan
        )
    return cohort or default, area


def _covered(release: data.OpenRelease, cohort: str, area: str) -> int | None:
    """Covered in the month of the data: active people whose paid months are over do not count."""
    table = data.coverage(release, by="kecamatan", cohort=cohort)
    if not area:
        return table.totals.covered
    return next((row.covered for row in table.rows if row.code == area), None)


def _cards(
    found: Ladder, steps: tuple[Step, ...], as_of: date, covered: int | None
) -> None:  # fmt: skip
    by_stage = found.by_stage
    exits = [s for s in load_programme().worker_stages.terms if s.side_exit]
    waiting = sum(by_stage.get(stage, 0) for stage in found.waiting_stages)
    stalled = sum(step.stalled for step in steps)
    told = (
        ("waiting", t("Dalam perjalanan"), waiting,
         t("diusulkan sampai ditetapkan, belum dibayar")),
        ("stalled", t("Tertahan"), stalled if found.entries else None,
         t("paling sedikit {n} hari di satu tahap", n=found.limit)),
        ("exits", t("Ditolak atau keluar"), sum(by_stage.get(s.id, 0) for s in exits),
         ", ".join(f"{s.in_sentence()} {formats.number(by_stage.get(s.id, 0))}" for s in exits)),
        ("paid", load_programme().worker_stages.by_id[found.stages[-1]].shown(),
         by_stage.get(found.stages[-1], 0),
         t("{share} dari {n} orang di daftar; bulan ini terlindungi {covered}",
           n=formats.number(found.total), covered=formats.number(covered),
           share=formats.percent(by_stage.get(found.stages[-1], 0) / found.total))),
    )  # fmt: skip
    for column, (key, title, value, words) in zip(st.columns(4, gap="small"), told, strict=True):
        with column, numbers.card(f"ladder_{key}"):
            with numbers.title_line(title):
                definitions.button("hari_tahap" if key == "stalled" else "orang_tahap", as_of=as_of)
            numbers.show(numbers.large(formats.number(value), t("orang")) + numbers.small(words))


def _funnel(found: Ladder, steps: tuple[Step, ...]) -> None:
    terms = load_programme().worker_stages.by_id
    exhibit.head(_words(found, t("Dari usulan sampai dibayar"), t("orang dan hari"), "hari_tahap"),
                 "verifikasi_tahap")  # fmt: skip
    bars, table = st.columns([1, 1.6], gap="medium")
    with bars:
        numbers.show(_bars(steps))
    with table:
        numbers.show(
            table_html(
                [t("Tahap"), t("Di sini"), t("Sampai sini"), t("Hari sejauh ini (nilai tengah)"),
                 t("Terlama"), t("Tertahan"), t("Hari saat pindah (nilai tengah)")],
                [
                    [
                        terms[s.stage].shown(), formats.number(s.people), formats.number(s.reached),
                        _span(s.waiting), _longest(s.waiting),
                        formats.number(s.stalled) if s.waiting else formats.MISSING, _span(s.left),
                    ]
                    for s in steps
                ],
            )
        )  # fmt: skip
        st.caption(_honest(found))


def _words(found: Ladder, title: str, unit: str, indicator: str) -> exhibit.Words:
    day = found.roster_day
    return exhibit.Words(
        title, unit, t("daftar peserta dan riwayat rilis"), indicator, day,
        t("per {date}", date=formats.day(day)),
    )  # fmt: skip


def _bars(steps: tuple[Step, ...]) -> str:
    """A bar for each stage: those in it, then those who are beyond it."""
    terms, longest = load_programme().worker_stages.by_id, max([s.reached for s in steps] + [1])
    here, beyond = "var(--rk-main)", "color-mix(in srgb, var(--rk-main) 28%, var(--rk-track))"
    rows = []
    for step in steps:
        words = t("{n} di sini, {m} sudah melewatinya", n=formats.number(step.people),
                  m=formats.number(step.reached - step.people))  # fmt: skip
        parts = "".join(
            f'<span style="width:{100 * people / longest:.2f}%;background:{colour};'
            f'border-radius:0;flex:none"></span>'
            for people, colour in ((step.people, here), (step.reached - step.people, beyond))
        )
        rows.append(
            f'<div class="rk-row"><div class="rk-pair rk-text"><span>'
            f"{escape(terms[step.stage].shown())}</span><b>{formats.number(step.people)}</b></div>"
            f'<div class="rk-bar" role="img" aria-label="{escape(words)}" title="{escape(words)}" '
            f'style="display:flex;height:0.85rem">{parts}</div></div>'
        )
    legend = "".join(
        f'<span class="rk-chip" style="background:{colour}"></span> {escape(words)} &nbsp; '
        for colour, words in (
            (here, t("sekarang di tahap ini")),
            (beyond, t("sudah melewatinya")),
        )
    )
    return "".join(rows) + f'<div class="rk-small">{legend}</div>'


def _span(days: Days | None) -> str:
    """`12–40`, or `≥ 12` where nobody knows the most."""
    if days is None:
        return formats.MISSING
    if days.most is None:
        return f"≥ {formats.number(days.least)}"
    return f"{formats.number(days.least)}–{formats.number(days.most)}"


def _longest(days: Days | None) -> str:
    return formats.MISSING if days is None else f"≥ {formats.number(days.longest)}"


def _honest(found: Ladder) -> str:
    """What the days are worth."""
    if not found.entries and found.total > found.by_stage.get(found.stages[-1], 0):
        return t("Rilis ini dibuat sebelum hari per tahap dicatat; impor daftar peserta sekali lagi "
                 "untuk memulainya.")  # fmt: skip
    words = t("Daftar hanya memuat tahap sekarang, bukan tanggalnya. Hari dihitung antar-rilis, sampai "
              "daftar per {date}: sejak rilis pertama yang memuatnya (paling sedikit) sampai sejak "
              "rilis terakhir yang belum (paling banyak).",
              date=formats.day(found.roster_day))  # fmt: skip
    if found.entries and all(e.entered_after is None for e in found.entries):
        words += " " + t("Belum ada rilis terdahulu untuk pembanding.")
    return words


def _returns(found: Ladder) -> None:
    programme = load_programme()
    stages, reasons = programme.worker_stages.by_id, programme.return_reasons.by_id
    exits = [term.id for term in programme.worker_stages.terms if term.side_exit]
    returned = found.returned(exits)
    exhibit.head(
        _words(found, t("Alasan ditolak atau dikembalikan"), t("orang"), "orang_tahap"),
        "verifikasi_alasan",
    )
    if not returned:
        st.caption(
            t("Belum ada yang ditolak atau dikembalikan. Kolom alasan di daftar peserta dibaca bila ada; "
              "yang disimpan hanya jenis alasannya.")
        )  # fmt: skip
    else:
        order = [*programme.return_reasons.ids, None]
        numbers.show(
            table_html(
                [t("Keadaan"), t("Alasan"), t("Orang")],
                [
                    [
                        stages[stage].shown(),
                        reasons[reason].shown() if reason in reasons else t("tanpa alasan tertulis"),
                        formats.number(count),
                    ]
                    for (stage, reason), count in sorted(
                        returned.items(),
                        key=lambda item: (programme.worker_stages.ids.index(item[0][0]), -item[1],
                                          order.index(item[0][1])),
                    )
                ],
            )
        )  # fmt: skip
    moved = [
        t("{n} orang mundur dari {a} ke {b}", n=formats.number(count), a=stages[a].in_sentence(),
          b=stages[b].in_sentence())
        for (a, b), count in found.backwards().items()
    ]  # fmt: skip
    moved += [
        t("{n} orang hilang dari daftar saat {stage}", n=formats.number(count),
          stage=stages[stage].in_sentence())
        for stage, count in found.vanished().items()
    ]  # fmt: skip
    if moved:
        st.caption(t("Antar-rilis: {what}.", what="; ".join(moved)))


def _waiting(found: Ladder) -> None:
    exhibit.head(
        _words(found, t("Daftar tunggu menurut kelurahan dan pekerjaan"), t("orang"),
               "daftar_tunggu"), "verifikasi_daftar",
    )  # fmt: skip
    counts = found.waiting_list()
    if not counts:
        st.caption(t("Tidak ada yang menunggu."))
        return
    stalled = found.stalled_by_kelurahan()
    occupations = load_programme().occupations.by_id
    frame_ = pd.DataFrame(
        [
            {"code": code or "", "occupation": occupations[work].shown() if work in occupations
             else t("tidak disebut"), "people": count}
            for (code, work), count in counts.items()
        ]
    )  # fmt: skip
    table = frame_.pivot_table(
        index="code", columns="occupation", values="people", aggfunc="sum", fill_value=0
    ).astype(int)
    table = table[table.sum().sort_values(ascending=False, kind="stable").index]
    total = table.sum(axis=1)
    table[table.columns] = table.astype("Int64").replace(0, pd.NA)
    areas = load_areas()
    names = [areas.by_code[code].name if code else t("Tanpa kelurahan") for code in table.index]
    table.insert(0, t("Kelurahan"), names)
    table.insert(1, t("Menunggu"), total)
    table.insert(2, t("Tertahan"),
                 [stalled.get(code or None, 0) or pd.NA for code in table.index])  # fmt: skip
    table = table.sort_values(t("Menunggu"), ascending=False, kind="stable")
    st.dataframe(
        table, hide_index=True, height="content" if len(table) <= 11 else 420, placeholder="",
        key="verifikasi tunggu",
        column_config={
            **local_numbers(table),
            t("Kelurahan"): st.column_config.TextColumn(pinned=True),
            t("Menunggu"): st.column_config.ProgressColumn(
                format="localized", min_value=0, max_value=int(total.max())
            ),
        },
    )  # fmt: skip
    st.caption(
        t("✓ {n} menunggu = jumlah semua kelurahan. Untuk kerja kantor: angka kecil dapat menunjuk orang.",
          n=formats.number(int(total.sum())))
    )  # fmt: skip
