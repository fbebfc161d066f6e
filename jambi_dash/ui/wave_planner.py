"""The wave planner of the page Kampung Bahagia: which RTs next, and what comes of it."""

from __future__ import annotations

import streamlit as st

from jambi_dash.charts.area_map import build_base_map, build_layer
from jambi_dash.charts.rollout import marks_in_words, rollout_figure, wave_paint
from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.rollout import months_left
from jambi_dash.domain.rollout_plan import load_rollout_plan
from jambi_dash.domain.waves import WavePlan, WaveWeights, plan_waves
from jambi_dash.exports.wave_list import wave_workbook
from jambi_dash.queries import rollout as queries
from jambi_dash.ui import choices, data, exhibit, filters, hand_over
from jambi_dash.ui.look import theme
from jambi_dash.ui.rollout_view import MAP_HEIGHT, Asked

_MOST_MONTHS = 36
_MOST_LISTED = 2_000
"""RTs in the list on the page: more than a city has; a province has 80.000."""


def draw(asked: Asked) -> None:
    """Controls at the left; the plan in words, map, curve and list at the right."""
    table = asked.table()
    if table.left == 0:
        st.info(t("Semua RT sudah bergabung; tidak ada gelombang yang perlu direncanakan."))
        return
    controls, answer = st.columns([1, 2.6], gap="medium")
    with controls:
        per_month, months = _size(asked)
        weights = _weights()
    rts = asked.of(queries.waiting_rts)
    first = Month.of(asked.at).plus(1)
    plan = plan_waves(rts, weights, first=first, per_month=per_month, months=months)
    with answer:
        _in_words(plan, table.joined)
        shown = choices.switch(
            t("Lihat"), "lihat_gelombang",
            {"peta": t("Peta"), "kurva": t("Kurva"), "daftar": t("Daftar")}, "peta",
            label_visibility="collapsed",
        )  # fmt: skip
        if shown == "kurva":
            chosen = [
                (Month.of(asked.at), table.joined),
                *((m.month, m.joined) for m in plan.months),
            ]
            found = asked.of(queries.curve, deadline=asked.deadline)
            exhibit.plot(
                lambda: rollout_figure(found, theme=theme(), chosen=chosen),
                _words(asked, t("Gelombang pilihan di samping rencana dan kenyataan"),
                       t("RT, dijumlahkan sampai akhir bulan")),
                "kb_gelombang_kurva", late=True, table=_by_month(plan, table.joined),
                alt=t("Gelombang pilihan: {n} RT pada {month}.",
                      n=formats.number(chosen[-1][1]), month=formats.month(chosen[-1][0])),
            )  # fmt: skip
            st.caption(marks_in_words(found))
        elif shown == "daftar":
            exhibit.head(
                _words(asked, t("RT yang bergabung berikutnya, menurut urutan"),
                       t("RT, skor 0 sampai jumlah bobot")), "kb_gelombang_daftar",
            )  # fmt: skip
            _list(plan)
        else:
            _map(asked, plan)
        if st.button(t("Unduh daftar (XLSX)"), icon=":material/download:", key="unduh_gelombang"):
            _take(asked, plan, weights)


def _take(asked: Asked, plan: WavePlan, weights: WaveWeights) -> None:
    """The list as a file. It names RTs one by one: checked and logged like every other."""
    data.require("scenarios")
    table = asked.table()
    content = wave_workbook(
        plan, weights, release=table.release, day=formats.day(asked.at), synthetic=table.synthetic
    )
    data.note("export", page="kampung-bahagia", form="xlsx", release=table.release)
    hand_over.hand_over(content, f"gelombang-kampung-bahagia-{asked.at.isoformat()}.xlsx")


def _size(asked: Asked) -> tuple[int, int]:
    """New RTs in a month and how many months; by default what the deadline asks for."""
    table = asked.table()
    whole = min(max(months_left(asked.at, asked.deadline), 1), _MOST_MONTHS)
    needed = -(-table.left // whole)
    most = max(table.left, 1)
    per_month = choices.kept(
        "rt_per_bulan", needed, int, lambda n: min(max(n, 1), most),
        lambda: int(st.number_input(
            t("RT baru per bulan"), min_value=1, max_value=most, key="rt_per_bulan",
            help=t("Bawaan: yang diperlukan untuk selesai sebelum tenggat."),
        ) or needed),
    )  # fmt: skip
    months = choices.kept(
        "bulan_gelombang", whole, int, lambda n: min(max(n, 1), _MOST_MONTHS),
        lambda: int(st.slider(t("Berapa bulan"), 1, _MOST_MONTHS, key="bulan_gelombang")),
    )  # fmt: skip
    return per_month, months


def _weights() -> WaveWeights:
    start = load_rollout_plan().planner_weights
    labels = {
        "need": (t("Kebutuhan"), "bobot_kebutuhan",
                 t("Pekerja rentan yang belum terlindungi di RT itu.")),
        "fairness": (t("Pemerataan"), "bobot_pemerataan",
                     t("Bagian RT kelurahan itu yang belum bergabung.")),
        "nearness": (t("Kedekatan"), "bobot_kedekatan",
                     t("Dekat dengan RT kelurahan yang sama yang sudah bergabung.")),
        "size": (t("Ukuran"), "bobot_ukuran", t("Jumlah KK.")),
    }  # fmt: skip
    values = {
        name: _weight(label, key, text, start[name]) for name, (label, key, text) in labels.items()
    }
    st.caption(t("Bobot bawaan adalah asumsi. RT dengan skor sama diurutkan menurut kode wilayah."))
    return WaveWeights(**values)


def _weight(label: str, key: str, text: str, start: float) -> float:
    return choices.kept(
        key, start, float, lambda n: min(max(0.0, n), 1.0),  # in this order: no "nan" comes through
        lambda: round(float(st.slider(
            label, 0.0, 1.0, step=0.1, format="localized", key=key, help=text
        )), 2),
    )  # fmt: skip


def _in_words(plan: WavePlan, joined: int) -> None:
    filled = [m for m in plan.months if m.new]
    st.markdown(
        t("**{n} RT dalam {months} bulan**, dari {before} menjadi {after} pada {last}. Tersisa "
          "{left} RT.",
          n=formats.number(len(plan.picks)), months=formats.number(len(filled)),
          before=formats.number(joined), after=formats.number(joined + len(plan.picks)),
          last=formats.month(filled[-1].month if filled else None),
          left=formats.number(plan.left))
    )  # fmt: skip
    st.caption(
        t("Paling banyak {ceiling} dana RT menurut pagu kelasnya (2026), dengan iuran jasa konstruksi "
          "{cover}. {need} pekerja rentan di RT itu belum terlindungi.",
          ceiling=formats.rupiah_words(sum(m.ceiling_idr for m in plan.months)),
          cover=formats.rupiah_words(sum(m.cover_due_idr for m in plan.months)),
          need=formats.number(plan.picks.need_of_all()))
    )  # fmt: skip


def _map(asked: Asked, plan: WavePlan) -> None:
    if not data.all_fit(asked.release, "rt"):
        _list(plan)
        return
    joined = {rt.code: rt.joined for rt in plan.picks.rts}
    base = filters.base_map()
    geometry = data.map_geometry(asked.release, "rt", base)
    exhibit.area_map(
        build_base_map(base, data.map_assets()),
        build_layer(
            geometry, wave_paint(geometry, plan, joined, theme=theme()), theme=theme(),
            labels="kecamatan",
            attribution=t("Letak RT skematik."),
        ),
        _words(asked, t("RT menurut bulan bergabung yang direncanakan"), t("RT")),
        f"kb_gelombang_{base}", height=MAP_HEIGHT, table=lambda: _list(plan),
    )  # fmt: skip


def _words(asked: Asked, title: str, unit: str) -> exhibit.Words:
    return asked.words(
        title, unit, "gelombang",
        source=t("hitungan dari daftar RT, catatan Kampung Bahagia, dan daftar peserta"),
    )  # fmt: skip


def _by_month(plan: WavePlan, joined: int) -> exhibit.Table:
    return exhibit.rows(
        [t("Bulan"), t("RT baru"), t("Sudah bergabung")],
        [
            [formats.month(m.month), formats.number(m.new), formats.number(m.joined)]
            for m in plan.months
        ] or [["", "", formats.number(joined)]],
    )  # fmt: skip


def _list(plan: WavePlan) -> None:
    areas, picks = load_areas(), plan.picks[:_MOST_LISTED]
    st.dataframe(
        {
            t("Urutan"): [pick.order for pick in picks],
            t("Bulan"): [formats.month_short(pick.month) for pick in picks],
            t("RT"): [areas.name_of(pick.rt.code) for pick in picks],
            t("Kelurahan"): [areas.name_of(pick.rt.kelurahan_code) for pick in picks],
            t("Belum terlindungi"): [pick.rt.need for pick in picks],
            t("Jumlah KK"): [pick.rt.household_count for pick in picks],
            t("Kelas"): [pick.rt.size.label.shown() for pick in picks],
            t("Skor"): [formats.number(pick.score, 2) for pick in picks],
        },
        hide_index=True,
        height=MAP_HEIGHT,
    )
    if len(picks) < len(plan.picks):
        st.caption(
            t("{n} RT pertama dari {all}; semuanya ada dalam daftar yang diunduh.",
              n=formats.number(len(picks)), all=formats.number(len(plan.picks)))
        )  # fmt: skip
