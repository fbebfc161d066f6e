"""The parts of the page Kampung Bahagia: filters, cards, map with funnel, curve, pace, stalled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any, cast

import streamlit as st

from jambi_dash.charts.area_map import build_base_map, build_layer
from jambi_dash.charts.rollout import marks_in_words, rollout_figure, stage_paint
from jambi_dash.charts.small_map import swatch
from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import set_language, t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.rollout import PACE_MONTHS, RolloutLog
from jambi_dash.domain.rollout_plan import load_rollout_plan
from jambi_dash.exports.picks import Pick
from jambi_dash.exports.views import level_word
from jambi_dash.geography.levels import Level
from jambi_dash.palette import rt_stage_scale
from jambi_dash.queries import rollout as queries
from jambi_dash.queries.rollout import RolloutTable, StageMapRow
from jambi_dash.ui import (
    choices,
    data,
    definitions,
    exhibit,
    filters,
    frame,
    numbers,
    paparan_basket,
)
from jambi_dash.ui import place as place_of
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import table_html, theme

MAP_HEIGHT = 540
_MOST_WHOLE, _MOST_NAMED, _MOST_LISTED = 100, 40, 2_000
"""Rows of a table without a window, names in a sentence, RTs in a list: a city has fewer."""
_FRAME_SECONDS = 1.4
_PLAYING = "_kb_putar"


@dataclass(frozen=True)
class Asked:
    """What the filters ask for: the day and the deadline."""

    release: data.OpenRelease
    at: date
    deadline: date

    def table(self, by: str = "city") -> RolloutTable:
        """The tracker on that day."""
        return data.ask(self.release, queries.rollout, at=self.at, by=by, deadline=self.deadline)

    def of(self, question: Callable[..., Any], **values: Any) -> Any:
        """The answer of another function of `queries.rollout` on that day."""
        return data.ask(self.release, question, at=self.at, **values)

    def log(self) -> RolloutLog:
        """The courses of RTs, for any day."""
        return data.ask(self.release, queries.area_log)

    def words(self, title: str, unit: str, indicator: str, *, source: str = "") -> exhibit.Words:
        """What stands above a drawing or a table of that day."""
        return exhibit.Words(
            title, unit, source or t("catatan Kampung Bahagia dan daftar RT"), indicator, self.at,
            t("per {date}", date=formats.day(self.at)),
        )  # fmt: skip


def stop_without_log(release: data.OpenRelease) -> None:
    """Without a register of RTs or without a log the page says what to do next, and ends."""
    log = data.ask(release, queries.area_log)
    if not log.is_empty:
        return
    st.header(t("Belum ada catatan Kampung Bahagia dalam data ini"))
    if log.rt_total:
        st.write(
            t("Daftar RT sudah ada ({n} RT, semuanya bertahap “Belum”). Masukkan catatan Kampung "
              "Bahagia: kelurahan, RT, tahap, dan tanggal, satu baris untuk tiap tahap yang "
              "dicapai.",
              n=formats.number(log.rt_total))
        )  # fmt: skip
    else:
        st.write(
            t("Masukkan daftar RT dahulu (kelurahan, RT, jumlah KK), kemudian catatan Kampung "
              "Bahagia: kelurahan, RT, tahap, dan tanggal.")
        )  # fmt: skip
    if log.unknown_rts:
        st.write(
            t("{n} RT dalam catatan tidak ada di daftar RT; perbaiki nomor RT atau daftarnya.",
              n=formats.number(log.unknown_rts))
        )  # fmt: skip
    st.page_link(frame.page_path("data"), label=t("Masukkan catatan"),
                 icon=":material/upload_file:")  # fmt: skip
    st.stop()


def choose_month(release: data.OpenRelease) -> date:
    """The last day of the chosen month (`bulan_kb`), never after the date of the data."""
    options = [str(month) for month in _months(data.ask(release, queries.area_log), release)]
    if len(options) == 1:
        return release.record.as_of
    chosen = choices.slide(
        t("Keadaan pada akhir bulan"), "bulan_kb",
        {m: formats.month_short(Month.parse_iso(m)) for m in options}, options[-1],
    )  # fmt: skip
    month = Month.parse_iso(chosen) or release.at
    return min(month.last_day(), release.record.as_of)


def _months(log: RolloutLog, release: data.OpenRelease) -> list[Month]:
    """From the month before the first event to that of the data."""
    first = min((course.steps[0][0] for course in log.courses if course.steps),
                default=release.record.as_of)  # fmt: skip
    start = min(Month.of(first).plus(-1), release.at)
    return [Month.from_index(i) for i in range(start.index(), release.at.index() + 1)]


def choose_deadline() -> date:
    """The day by which all RTs are to have joined (`tenggat` in the address)."""
    plan = load_rollout_plan()
    first, last = date(2025, 1, 1), date(2045, 12, 31)

    def draw() -> date:
        chosen = st.date_input(
            t("Tenggat semua RT"), min_value=first, max_value=last, format="DD/MM/YYYY",
            key="tenggat", help=t("Bawaan: {date}. Sumber: {source}.",
                                  date=formats.day(plan.default_deadline),
                                  source=plan.deadline_source.shown()),
        )  # fmt: skip
        return chosen if isinstance(chosen, date) else plan.default_deadline

    return choices.kept(
        "tenggat", plan.default_deadline, date.fromisoformat,
        lambda day: min(max(day, first), last), draw,
    )  # fmt: skip


# Cards


def _card_joined(asked: Asked) -> None:
    table = asked.table()
    with numbers.card("kb_joined"):
        with numbers.title_line(t("RT bergabung")):
            definitions.button("rt_bergabung", as_of=asked.at)
        apart = (
            t("{n} dikecualikan, tidak dihitung", n=formats.number(table.excluded))
            if table.excluded
            else t("tidak ada yang dikecualikan")
        )
        numbers.show(
            numbers.large(
                formats.number(table.joined),
                t("dari {n} RT", n=formats.number(table.rt_total - table.excluded)),
            )
            + numbers.bar(table.share)
            + numbers.small(f"{formats.percent(table.share)} · {apart}")
            + numbers.small(t("per {date}", date=formats.day(asked.at)))
        )


def _card_pace(asked: Asked) -> None:
    table = asked.table()
    with numbers.card("kb_pace"):
        with numbers.title_line(t("Tempo")):
            definitions.button("tempo_rt", as_of=asked.at)
        numbers.show(
            numbers.large(formats.number(table.pace, 1), t("RT per bulan"))
            + numbers.small(t("rata-rata {n} bulan penuh terakhir", n=formats.number(PACE_MONTHS)))
            + f'<div class="rk-text">{escape(needed(table))}</div>'
        )


def needed(table: RolloutTable) -> str:
    """The pace that the deadline asks for, in a sentence."""
    if table.left == 0:
        return t("semua sudah bergabung")
    if table.required_per_month is None:
        return t(
            "tenggat {date} tidak menyisakan satu bulan penuh", date=formats.day(table.deadline)
        )
    return t("perlu {n} per bulan sampai {date}", n=formats.number(table.required_per_month, 1),
             date=formats.day(table.deadline))  # fmt: skip


def _card_forecast(asked: Asked) -> None:
    table = asked.table()
    found = table.forecast
    with numbers.card("kb_forecast"):
        with numbers.title_line(t("Perkiraan selesai")):
            definitions.button("perkiraan_selesai", as_of=asked.at)
        if found.state == "done":
            numbers.show(numbers.large(t("Selesai")) + numbers.small(t("semua RT bergabung")))
            return
        if found.state == "no_progress":
            numbers.show(
                numbers.large(t("Tidak ada kemajuan"))
                + numbers.small(
                    t("tidak ada RT baru dalam {n} bulan terakhir, jadi tidak ada tanggal",
                      n=formats.number(PACE_MONTHS))
                )
            )  # fmt: skip
            return
        late = found.state == "late"
        numbers.show(
            numbers.large(
                formats.month_short(found.p50) if found.p50 else t("lebih dari 50 tahun"),
            )
            + f'<div class="rk-text {"rk-down" if late else "rk-up"}">'
            + escape(t("terlambat dari tenggat") if late else t("sesuai tenggat"))
            + "</div>"
            + numbers.small(
                t("8 dari 10 kemungkinan: {p10} – {p90}", p10=formats.month_short(found.p10),
                  p90=formats.month_short(found.p90))
            )
        )  # fmt: skip


def _card_spread(asked: Asked) -> None:
    found = asked.of(queries.spread_of)
    with numbers.card("kb_spread"):
        with numbers.title_line(t("Sebaran")):
            definitions.button("sebaran_rt", as_of=asked.at)
        lines = [
            t("{which}: {name} {share}", which=which, name=row.name,
              share=formats.percent(row.share))
            for which, row in ((t("tertinggi"), found.best), (t("terendah"), found.worst))
            if row is not None
        ]  # fmt: skip
        pilots = t(
            "{n} dari {all} yang bergabung adalah RT percontohan",
            n=formats.number(found.pilots_joined),
            all=formats.number(found.joined),
        )
        numbers.show(
            numbers.large(formats.number(len(found.kelurahan_without)), t("kelurahan belum ada RT"))
            + "".join(numbers.small(line) for line in [*lines, pilots])
        )


def _card_cover(asked: Asked) -> None:
    found = asked.table().construction
    with numbers.card("kb_cover"):
        with numbers.title_line(t("Jaminan jasa konstruksi")):
            definitions.button("jakon", as_of=asked.at)
        if not found.jobs:
            numbers.show(numbers.large(formats.MISSING)
                         + numbers.small(t("belum ada pekerjaan dengan nilai")))  # fmt: skip
            return
        uncovered = sum(not job.covered for job in found.jobs)
        numbers.show(
            numbers.large(formats.rupiah_words(found.paid_idr), t("dibayar"))
            + numbers.bar(found.paid_idr / found.due_idr if found.due_idr else None)
            + numbers.small(t("dari {due} terutang", due=formats.rupiah_words(found.due_idr)))
            + numbers.small(
                t("{n} dari {all} pekerjaan belum terlindungi", n=formats.number(uncovered),
                  all=formats.number(len(found.jobs)))
            )
            + numbers.small(
                t("{n} belum didaftarkan lewat 14 hari kerja", n=formats.number(found.late_rt))
            )
        )  # fmt: skip


CARDS = (_card_joined, _card_pace, _card_forecast, _card_spread, _card_cover)
"""The five figures above the sections."""


# Map and funnel


def map_and_funnel(asked: Asked) -> None:
    """The map of stages, which can be played month by month, beside the funnel."""
    left, right = st.columns([1.75, 1])
    with left:
        _player(asked)
    with right:
        _funnel(asked)


def _player(asked: Asked) -> None:
    levels = {"rt": t("RT"), "kelurahan": t("Kelurahan"), "kecamatan": t("Kecamatan")}
    if place_of.has_cities():
        levels["city"] = t("Kota/Kab.")
    levels = {
        level: word for level, word in levels.items() if data.all_fit(asked.release, level)
    } or levels
    months = [m for m in _months(asked.log(), asked.release) if m.first_day() <= asked.at]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = choices.switch(
            t("Tingkat"), "tingkat_kb", levels, next(iter(levels)), label_visibility="collapsed"
        )
        base = filters.base_map()
        if len(months) > 1:
            st.button(t("Putar"), icon=":material/play_arrow:", key="kb_mulai", type="tertiary",
                      on_click=_begin_playing)  # fmt: skip
        level = cast("Level", chosen)
        day = None if asked.at == asked.release.record.as_of else asked.at
        paparan_basket.send_button(Pick("rollout", level, day=day, base=base))
    playing = _PLAYING in st.session_state

    # A fragment is rerun alone: the rest of the page stands still while the map plays.
    @st.fragment(run_every=_FRAME_SECONDS if playing else None)
    def draw() -> None:
        set_language(frame.language_code())
        place = st.session_state.get(_PLAYING)
        day = asked.at
        if place is not None and place < len(months):
            day = min(months[place].last_day(), asked.at)
            st.session_state[_PLAYING] = place + 1
        elif place is not None:
            st.session_state.pop(_PLAYING)
            st.rerun()
        rows = queries.stage_rows(asked.log().at(day), level)
        geometry = data.map_geometry(asked.release, level, base)
        unit = level_word(level)
        title = (
            t("Tahap Kampung Bahagia tiap RT") if level == "rt"
            else t("Bagian RT yang sudah bergabung, per {unit}", unit=unit)
        )  # fmt: skip
        counted = (
            t("RT menurut tahap") if level == "rt" else t("persen RT, tanpa yang dikecualikan")
        )
        exhibit.area_map(
            build_base_map(base, data.map_assets()),
            build_layer(
                geometry,
                stage_paint(
                    geometry, rows, title=f"{title}, {formats.day(day)}", unit=unit, theme=theme(),
                ),
                focus=place_of.own_focus(level),
                theme=theme(),
                # Names of kelurahan would lie on the RTs of the whole city.
                labels="kecamatan" if level == "rt" else True,
                attribution=t("Kartogram skematik: satu segi enam untuk tiap kelurahan.")
                + (" " + t("Letak RT skematik.") if level == "rt" else "")
                if base == "cartogram"
                else t("Batas resmi kelurahan."),
            ),
            replace(
                asked.words(title, counted, "rt_tahap"),
                when=t("per {date}", date=formats.day(day)),
            ),
            f"kb_peta_{base}", height=MAP_HEIGHT, table=_stage_table(rows),
        )  # fmt: skip

    draw()


def _stage_table(rows: Sequence[StageMapRow]) -> exhibit.Table:
    """The map as a table: RTs with their stage, or areas with their joined RTs."""
    areas, terms = load_areas(), load_programme().rt_stages.by_id
    whole = [row.row for row in rows if row.row is not None]
    if whole:
        return exhibit.grid(
            {
                t("Wilayah"): [row.name for row in whole],
                t("RT"): [row.rt_total - row.excluded for row in whole],
                t("Bergabung"): [row.joined for row in whole],
                t("Bagian"): [formats.percent(row.share) for row in whole],
            }
        )
    return exhibit.grid(
        {
            t("Kelurahan"): [areas.name_of(row.code.partition("-")[0]) for row in rows],
            t("RT"): [areas.name_of(row.code) for row in rows],
            t("Tahap"): [terms[row.stage].shown() if row.stage else "" for row in rows],
            t("Sejak"): [formats.day(row.since) for row in rows],
        }
    )


def _begin_playing() -> None:
    st.session_state[_PLAYING] = 0


def _funnel(asked: Asked) -> None:
    """RTs that reached each stage, those that stand there, and what is apart."""
    table = asked.table()
    stages = load_programme().rt_stages
    ladder = [term for term in stages.terms if not term.side_exit][1:]
    light, dark = ({info.key: info for info in rt_stage_scale(name)} for name in ("light", "dark"))
    reached = {
        term.id: sum(table.stages[later.id] for later in ladder[index:])
        for index, term in enumerate(ladder)
    }
    most = max([*reached.values(), 1])
    exhibit.head(
        asked.words(t("Sampai tahap mana RT sudah berjalan"), t("RT menurut tahap"), "rt_tahap"),
        "kb_corong",
    )
    parts = []
    for term in ladder:
        fill = f"light-dark({light[term.id].fill}, {dark[term.id].fill})"
        parts.append(
            '<div class="rk-pair rk-text"><span>'
            + swatch(light[term.id], dark[term.id])
            + f" {escape(term.shown())}</span><span><b>{formats.number(reached[term.id])}</b> "
            f'<span class="rk-small">{escape(t("{n} di sini", n=formats.number(table.stages[term.id])))}'
            "</span></span></div>" + numbers.bar(reached[term.id] / most, fill)
        )
    apart = [
        (term, table.stages[term.id]) for term in stages.terms if term not in ladder
    ]  # fmt: skip
    parts.append("<h3>" + escape(t("Di luar tahapan")) + "</h3>")
    parts += [
        '<div class="rk-pair rk-text"><span>'
        + swatch(light[term.id], dark[term.id])
        + f" {escape(term.shown())}</span><b>{formats.number(n)}</b></div>"
        for term, n in apart
    ]
    numbers.show("".join(parts))
    st.caption(
        t("Angka tebal: RT yang sampai ke tahap itu atau lewat. Bergabung sejak “{stage}”.",
          stage=stages.by_id[load_programme().joined_stages[0]].shown())
        + "  \n"
        + t("✓ semua tahap berjumlah {n} RT.", n=formats.number(sum(table.stages.values())))
    )  # fmt: skip


# Curve, pace, stalled


def curve(asked: Asked) -> None:
    """Plan against actual, with the forecast band, waves and milestones."""
    found = asked.of(queries.curve, deadline=asked.deadline)
    exhibit.plot(
        exhibit.once(rollout_figure, found, theme=theme()),
        asked.words(
            t("RT yang bergabung: rencana, kenyataan, dan perkiraan"),
            t("RT, dijumlahkan sampai akhir bulan"), "perkiraan_selesai",
        ),
        "kb_kurva", alt=_curve_in_words(found), late=True,
    )  # fmt: skip
    st.caption(marks_in_words(found))
    st.caption(forecast_assumes())
    plan = load_rollout_plan()
    with st.expander(t("Angka kurva, tonggak, gelombang, dan sumbernya")):
        planned, actual = dict(found.plan), dict(found.actual)
        band = {point.month: point for point in found.band}
        months = sorted({*planned, *actual, *band})
        st.dataframe(
            {
                t("Bulan"): [formats.month(m) for m in months],
                t("Rencana"): [formats.number(planned.get(m)) for m in months],
                t("Sudah bergabung"): [formats.number(actual.get(m)) for m in months],
                t("Perkiraan: rendah – tengah – tinggi"): [
                    f"{formats.number(band[m].low)} – {formats.number(band[m].middle)} – "
                    f"{formats.number(band[m].high)}" if m in band else formats.MISSING
                    for m in months
                ],
            },
            hide_index=True,
        )  # fmt: skip
        numbers.show(
            table_html(
                [t("Tonggak"), t("Tanggal"), t("Sumber"), t("Keraguan")],
                [
                    [s.label.shown(), formats.day(s.day), s.source.shown(), s.doubt.shown()]
                    for s in plan.milestones
                ]
                + [
                    [
                        t("Kelompok {id}", id=w.id),
                        f"{formats.month_short(w.first)} – {formats.month_short(w.last)}",
                        w.source.shown(), w.doubt.shown(),
                    ]
                    for w in plan.waves
                ]
                + [
                    [
                        t("Target {n} RT", n=formats.number(target.joined)),
                        formats.month(target.month), target.source.shown(), "",
                    ]
                    for target in plan.targets
                ],
            )
        )  # fmt: skip
        st.caption(
            t("Rencana, gelombang, dan tonggak berasal dari aturan kota tentang Kampung Bahagia.")
        )


def _curve_in_words(found: queries.CurveData) -> str:
    told = [
        t("{name}: {n} pada {month}", name=name, n=formats.number(points[-1][1]),
          month=formats.month(points[-1][0]))
        for name, points in ((t("Sudah bergabung"), found.actual), (t("Rencana"), found.plan))
        if points
    ]  # fmt: skip
    if found.band:
        last = found.band[-1]
        told.append(
            t("Perkiraan: {low} sampai {high} pada {month}", low=formats.number(last.low),
              high=formats.number(last.high), month=formats.month(last.month))
        )  # fmt: skip
    return ". ".join(told) + "."


def forecast_assumes() -> str:
    """What the forecast takes for granted, in one sentence."""
    return t(
        "Perkiraan menganggap bulan mendatang seperti bulan yang sudah lewat: tempo bulanannya diundi "
        "1.000 kali dari tempo yang sudah terjadi. Anggaran, rencana, dan musim tidak ikut dihitung. "
        "Bila tiga bulan tidak ada RT baru, tanggal tidak diberikan."
    )


def pace(asked: Asked) -> None:
    """What each kecamatan has to do per month, its newest news, and kelurahan without an RT."""
    table = asked.table("kecamatan")
    st.markdown(
        t("**Kota: {left} RT tersisa – {needed}.** Tiga bulan terakhir: {pace} per bulan.",
          left=formats.number(table.left), needed=needed(table),
          pace=formats.number(table.pace, 1))
    )  # fmt: skip
    rows = sorted(table.rows, key=lambda row: (-(row.required_per_month or 0), row.code))
    exhibit.head(
        asked.words(
            t("Tempo yang diperlukan tiap kecamatan"), t("RT, dan RT per bulan"), "tempo_rt"
        ),
        "kb_tempo",
    )
    st.dataframe(
        {
            # What is asked stands first: a phone shows four columns.
            t("Kecamatan"): [row.name for row in rows],
            t("Perlu per bulan"): [formats.number(row.required_per_month, 1) for row in rows],
            t("Sisa"): [row.left for row in rows],
            t("Bergabung"): [row.joined for row in rows],
            t("Bagian"): [
                t("tidak ada target") if row.state == "no_target" else formats.percent(row.share)
                for row in rows
            ],
            t("RT"): [row.rt_total for row in rows],
            **(
                {t("Dikecualikan"): [row.excluded for row in rows]}
                if any(row.excluded for row in rows)
                else {}
            ),
            t("Peristiwa terakhir"): [formats.day(row.last_event) for row in rows],
        },
        hide_index=True,
        height="content" if len(rows) <= _MOST_WHOLE else MAP_HEIGHT,
        column_config={
            t("Perlu per bulan"): st.column_config.TextColumn(alignment="right"),
            t("Bagian"): st.column_config.TextColumn(alignment="right"),
        },
    )
    spread = asked.of(queries.spread_of)
    without = spread.kelurahan_without
    names = ", ".join(literal(row.name) for row in without[:_MOST_NAMED])
    if len(without) > _MOST_NAMED:
        names = t("{names} dan {n} lainnya", names=names,
                  n=formats.number(len(without) - _MOST_NAMED))  # fmt: skip
    if names:
        st.markdown(
            t("**{n} kelurahan belum ada RT yang bergabung:** {names}.",
              n=formats.number(len(spread.kelurahan_without)), names=names)
        )  # fmt: skip
    else:
        st.markdown(t("**Tiap kelurahan sudah punya RT yang bergabung.**"))
    st.caption(
        t("Perlu per bulan = sisa ÷ bulan penuh sampai tenggat. Peristiwa terakhir: tanggal "
          "peristiwa terbaru dari wilayah itu; keadaan sesudahnya tidak diketahui.")
    )  # fmt: skip


def stalled(asked: Asked) -> None:
    """RTs under way by days in their stage, those past the limit first."""
    ages = asked.of(queries.stalled)
    over = [age for age in ages if age.stalled]
    terms, areas = load_programme().rt_stages.by_id, load_areas()
    plan = load_rollout_plan()
    st.markdown(
        t("**{n} dari {all} RT yang berjalan melewati batas tahapnya** per {date}.",
          n=formats.number(len(over)), all=formats.number(len(ages)),
          date=formats.day(asked.at))
    )  # fmt: skip
    listed = ages[:_MOST_LISTED]
    if ages:
        exhibit.head(
            asked.words(t("Berapa lama RT di tahapnya sekarang"), t("hari"), "rt_macet"), "kb_lama"
        )
        st.dataframe(
            {
                t("Tertahan"): ["●" if age.stalled else "" for age in listed],
                t("RT"): [areas.name_of(age.code) for age in listed],
                t("Kelurahan"): [areas.name_of(age.kelurahan_code) for age in listed],
                t("Kecamatan"): [
                    areas.by_code[age.kelurahan_code].kecamatan_name for age in listed
                ],
                t("Tahap"): [terms[age.stage].shown() for age in listed],
                t("Sejak"): [formats.day(age.since) for age in listed],
                t("Hari"): [age.days for age in listed],
                t("Batas"): [age.limit for age in listed],
            },
            hide_index=True,
            height=430,
        )
    if len(listed) < len(ages):
        st.caption(
            t("{n} RT pertama dari {all}, yang melewati batas lebih dahulu.",
              n=formats.number(len(listed)), all=formats.number(len(ages)))
        )  # fmt: skip
    limits = ", ".join(
        t("{stage} {n} hari", stage=terms[stage].shown(), n=formats.number(days))
        for stage, days in plan.stalled_after_days.items()
    )
    st.caption(
        t("Batas: {limits}. Sumber: {source}.", limits=limits, source=plan.stalled_source.shown())
    )


def footer(asked: Asked) -> None:
    """Reconciliation, and what the log said that could not be used."""
    table = asked.table("kelurahan")
    parts = [
        t("✓ {joined} bergabung + {left} belum + {excluded} dikecualikan = {total} RT, sama dengan "
          "jumlah {n} kelurahan.",
          joined=formats.number(table.joined), left=formats.number(table.left),
          excluded=formats.number(table.excluded), total=formats.number(table.rt_total),
          n=formats.number(len(table.rows))),
    ]  # fmt: skip
    for count, text in (
        (table.unknown_rts, t("{n} RT dalam catatan tidak ada di daftar RT.",
                              n=formats.number(table.unknown_rts))),
        (table.future_events, t("{n} peristiwa bertanggal sesudah tanggal data, tidak dihitung.",
                                n=formats.number(table.future_events))),
        (table.out_of_order_rts, t("{n} RT bertahap mundur; tahap terjauh yang dipakai.",
                                   n=formats.number(table.out_of_order_rts))),
    ):  # fmt: skip
        if count:
            parts.append(text)
    st.caption(" ".join(parts))
