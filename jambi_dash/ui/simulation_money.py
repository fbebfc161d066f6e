"""Money on /simulasi: by month and fund, backwards from a goal, and over the years to everybody."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from jambi_dash.charts.expansion import (
    money_figure,
    path_cost_figure,
    path_figure,
    tornado_figure,
)
from jambi_dash.domain import formats, goal_seek
from jambi_dash.domain.expansion_story import limit_name
from jambi_dash.domain.funds import load_expansion_facts
from jambi_dash.domain.goal_seek import Goal
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario
from jambi_dash.domain.simulation import Baseline, Simulation
from jambi_dash.domain.years import Path
from jambi_dash.ui import exhibit
from jambi_dash.ui import simulation_state as state
from jambi_dash.ui.amounts import amount
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import table_html, theme
from jambi_dash.ui.numbers import show
from jambi_dash.ui.simulation_state import Desk
from jambi_dash.ui.simulation_view import fund_name, words


def draw_money(_: Desk, found: Simulation) -> None:
    """Month by month and fund by fund, as a chart and as a table; the sums stand below."""
    exhibit.plot(
        lambda: money_figure(found, fund_name, theme=theme()),
        words(found, t("Iuran tiap bulan menurut dana"), t("Rp juta sebulan"), "simulasi_biaya"),
        "sim_uang", late=True,
        alt=t("Seluruhnya {cost} untuk {n} orang-bulan.", cost=formats.rupiah(found.cost_idr),
              n=formats.number(found.person_months)),
    )  # fmt: skip
    # One fund pays all there is: a sum beside it would say the same twice.
    funds = list(found.by_fund) if len(found.by_fund) > 1 else []
    total = t("Jumlah") if funds or not found.by_fund else fund_name(next(iter(found.by_fund)))
    rows = [
        [formats.month_short(month.month).replace(" ", "\u00a0"), formats.number(month.active),
         *(formats.rupiah(month.by_fund[fund]) for fund in funds),
         formats.rupiah(month.contribution_idr)]
        for month in found.months
    ]  # fmt: skip
    rows.append(
        [t("Setahun"), t("{n} orang-bulan", n=formats.number(found.person_months)),
         *(formats.rupiah(found.by_fund[fund]) for fund in funds), formats.rupiah(found.cost_idr)]
    )  # fmt: skip
    show(table_html([t("Bulan"), t("Orang dibayar"), *map(fund_name, funds), total], rows))
    jkm = found.claims.value_idr["JKM"], found.claims.value_idr["JKK"]
    low, high = sum(band.p5 for band in jkm), sum(band.p95 for band in jkm)
    st.caption(
        t("BPJS Ketenagakerjaan diperkirakan membayar santunan {low}–{high} setahun untuk mereka "
          "(asumsi); iurannya {cost}.", low=formats.rupiah_words(low),
          high=formats.rupiah_words(high), cost=formats.rupiah_words(found.cost_idr))
    )  # fmt: skip


# Backwards


def draw_goals(desk: Desk, found: Simulation) -> None:
    """Money to people, people or a floor to money; each answer is a forward run to take over."""
    base = desk.baseline(found.baseline.by)
    scenario = found.scenario

    def run(_: Baseline, asked: Scenario) -> Simulation:
        return desk.answer(asked)

    exhibit.head(
        words(found, t("Hitung balik: dari uang ke orang, dari cakupan ke uang"),
              t("rupiah setahun, orang"), "hitung_balik"), "sim_balik",
    )  # fmt: skip
    left, middle, right = st.columns(3, gap="medium")
    with left:
        _question(t("Dengan uang sebanyak ini, berapa orang?"))
        budget = amount("sim_balik_uang", t("Uang setahun"), 604_000_000, least=0,
                        most=4_000_000_000, step=1_000_000, money=True)  # fmt: skip
        _answer(
            lambda: goal_seek.people_for_money(base, scenario, budget, run), "uang",
            lambda goal: _people_told(goal, budget),
        )  # fmt: skip
        tariff = scenario.tariff
        if tariff:
            st.caption(
                t("Setahun penuh dengan {tariff}: {budget} cukup untuk {n} orang.",
                  tariff=formats.rupiah(tariff), budget=formats.rupiah(budget),
                  n=formats.number(goal_seek.full_years(budget, tariff)))
            )  # fmt: skip
    with middle:
        _question(t("Berapa biaya untuk mencapai cakupan ini?"))
        rate = (
            st.slider(
                t("Cakupan kota, %"),
                0,
                100,
                value=40,
                key="sim_balik_cakupan",
                persist_state="session",
            )
            / 100
        )
        _answer(
            lambda: goal_seek.money_for_coverage(base, scenario, rate, run), "cakupan",
            lambda goal: t("{cost} setahun untuk {people} orang ({rate}).",
                           cost=formats.rupiah(goal.cost_idr), people=formats.number(goal.people),
                           rate=formats.percent(goal.people / (base.eligible or 1))),
        )  # fmt: skip
    with right:
        _question(t("Berapa biaya agar setiap wilayah mencapai cakupan ini?"))
        floor = st.slider(t("Cakupan paling rendah, %"), 0, 100, value=25,
                          key="sim_balik_lantai", persist_state="session") / 100  # fmt: skip
        _answer(
            lambda: goal_seek.money_for_floor(base, scenario, floor, run), "lantai",
            lambda goal: t("{cost} setahun; {placed} tempat baru, jadi {people} orang.",
                           cost=formats.rupiah(goal.cost_idr),
                           placed=formats.number(goal.run.placed),
                           people=formats.number(goal.people)),
        )  # fmt: skip
    st.caption(t("Tiap jawaban dihitung dengan batas, dana, dan waktu skenario ini."))


def _question(words: str) -> None:
    # Two lines of room for each, so that the sliders of the three stand on one line.
    show(f'<div class="rk-question">{escape(words)}</div>')


def _people_told(goal: Goal, budget: int) -> str:
    if goal.cost_idr > budget:
        return t("Tidak cukup untuk {people} orang yang sudah terlindungi; kurang {gap}.",
                 people=formats.number(goal.people),
                 gap=formats.rupiah(goal.cost_idr - budget))  # fmt: skip
    return t("{people} orang, {placed} di antaranya tempat baru; biaya {cost}, sisa {left}.",
             people=formats.number(goal.people), placed=formats.number(goal.run.placed),
             cost=formats.rupiah(goal.cost_idr),
             left=formats.rupiah(budget - goal.cost_idr))  # fmt: skip


def _answer(seek: Callable[[], Goal], name: str, told: Callable[[Goal], str]) -> None:
    try:
        goal = seek()
    except Refusal as refusal:
        st.error(literal(str(refusal)))
        return
    st.markdown("##### " + literal(told(goal)))
    limits = ", ".join(limit_name(limit) for limit in goal.run.binding)
    if not goal.reached:
        st.caption(":material/block: " + t("Yang membatasi: {limits}.", limits=limits))
    asked = goal.run.scenario
    st.button(
        t("Pakai dalam skenario"), key=f"sim_pakai_{name}", icon=":material/input:",
        on_click=state.change,
        kwargs={"workers": asked.workers, "budget": asked.budget, "floor_rate": asked.floor_rate},
    )  # fmt: skip


# Years


def draw_years(_: Desk, found: Simulation) -> None:
    """The way to everybody: people, money, ranges, what matters most, when it is reached."""
    path = found.path
    if path is None:
        st.markdown(
            t(
                "Berapa tahun lagi semua pekerja rentan terlindungi, dan berapa biayanya setiap tahun?"
            )
        )
        st.button(
            t("Hitung sampai semua terlindungi"), icon=":material/timeline:", type="primary",
            key="sim_hitung_tahun", on_click=state.change, kwargs={"years": {}},
        )  # fmt: skip
        st.caption(
            t("Lama, bentuk kenaikan, dan asumsinya lalu dapat diubah pada Rencana beberapa tahun.")
        )
        return
    _reached(path)
    left, right = st.columns(2, gap="medium")
    first, last = path.years[0], path.years[-1]
    with left:
        exhibit.plot(
            lambda: path_figure(path, theme=theme()),
            words(found, t("Orang menurut rencana dan yang memerlukan"), t("orang tiap tahun"),
                  "jalan_tahun"),
            "sim_jalan", late=True,
            alt=t("Dari {a} orang pada {from_year} menjadi {b} pada {to_year}.",
                  a=formats.number(first.people), from_year=first.year,
                  b=formats.number(last.people), to_year=last.year),
        )  # fmt: skip
    with right:
        exhibit.plot(
            lambda: path_cost_figure(path, theme=theme()),
            words(found, t("Biaya tiap tahun dan kisarannya"), t("rupiah setahun"), "jalan_tahun"),
            "sim_jalan_biaya", late=True,
            alt=t("Dari {a} pada {from_year} menjadi {b} pada {to_year}.",
                  a=formats.rupiah_words(first.cost_idr), from_year=first.year,
                  b=formats.rupiah_words(last.cost_idr), to_year=last.year),
        )  # fmt: skip
    exhibit.plot(
        lambda: tornado_figure(path, _assumption, theme=theme()),
        words(found, t("Asumsi yang paling menentukan biaya seluruh rencana"),
              t("Rp miliar di atas atau di bawah rencana"), "jalan_tahun"),
        "sim_tornado", late=True,
        table=exhibit.rows(
            [t("Asumsi"), t("Biaya pada nilai terendah"), t("Biaya pada nilai tertinggi")],
            [[_assumption(swing.name), formats.rupiah_words(swing.low_idr),
              formats.rupiah_words(swing.high_idr)] for swing in path.tornado],
        ),
        alt=", ".join(
            t("{name}: {low} sampai {high}", name=_assumption(swing.name),
              low=formats.rupiah_words(swing.low_idr), high=formats.rupiah_words(swing.high_idr))
            for swing in path.tornado
        ) + ".",
    )  # fmt: skip
    rows = [
        [str(year.year), formats.number(year.people),
         f"{formats.number(year.need.p5)}–{formats.number(year.need.p95)}",
         formats.rupiah(year.cost_idr),
         f"{formats.rupiah_words(year.cost_band_idr.p5)} – "
         f"{formats.rupiah_words(year.cost_band_idr.p95)}",
         formats.number(year.affordable)]
        for year in path.years
    ]  # fmt: skip
    show(table_html(
        [t("Tahun"), t("Orang menurut rencana"), t("Yang memerlukan, rendah–tinggi"), t("Biaya"),
         t("Biaya, rendah–tinggi"), t("Cukup menurut anggaran")], rows,
    ))  # fmt: skip
    st.caption(t("Pertumbuhan dan kenaikan adalah asumsi; kisaran dari {n} kemungkinan yang diundi.",
                 n=formats.number(load_expansion_facts().path.draws)))  # fmt: skip


def _reached(path: Path) -> None:
    last = path.years[-1].year
    plan = t("Menurut rencana semua terlindungi pada {year}.", year=path.reached) if path.reached \
        else t("Menurut rencana ini belum semua terlindungi sampai {year}.", year=last)  # fmt: skip
    told = plan
    if any(year.affordable is not None for year in path.years):
        told += " " + (
            t("Anggaran mencukupi untuk semua mulai {year}.", year=path.reached_by_money)
            if path.reached_by_money
            else t("Anggaran itu tidak mencukupi untuk semua sampai {year}; yang membatasi ialah "
                   "anggaran.", year=last)
        )  # fmt: skip
    st.markdown("#### " + literal(told))


def _assumption(name: str) -> str:
    return {
        "need_growth": t("Pertumbuhan pekerja rentan"),
        "tariff_growth": t("Kenaikan iuran"),
        "curve": t("Bentuk kenaikan"),
    }[name]
