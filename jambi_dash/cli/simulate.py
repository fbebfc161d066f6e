"""The command about the expansion: simulate."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.occupations import occupation_label

if TYPE_CHECKING:
    from jambi_dash.domain.simulation import Simulation
    from jambi_dash.domain.years import Path

FLAGS = ("workers", "budget", "rule", "year", "start_month", "months", "by")
"""Options of the command that stand above the same key of the file."""


def simulate(options: argparse.Namespace) -> dict[str, Any]:
    """`simulate [SCENARIO.toml] [--workers N] [--budget RP] [--rule NAME] …`."""
    from jambi_dash.domain import simulation
    from jambi_dash.domain.scenario import load_table, read_scenario
    from jambi_dash.queries.door import Door
    from jambi_dash.queries.expansion import baseline
    from jambi_dash.releases.store import Store

    raw = load_table(options.scenario) if options.scenario else {}
    given = {key: getattr(options, key) for key in FLAGS}
    scenario = read_scenario(raw | {key: v for key, v in given.items() if v is not None})
    store = Store(options.home)
    record = store.require_current()
    with Door(store.path_of(record.release)) as door:
        base = baseline(door, scenario.by)
    found = simulation.simulate(base, scenario)
    if not options.as_json:
        _print(found)
    return found.to_json()


def _print(found: Simulation) -> None:
    base, scenario = found.baseline, found.scenario
    if base.synthetic:
        print(t("DATA CONTOH"))
    print(
        t("Simulasi {year}: {before} → {after} orang, {placed} dari {slots} tempat baru dengan "
          "aturan {rule}; rilis {release}",
          year=scenario.year, before=formats.number(base.covered),
          after=formats.number(base.covered + found.placed), placed=formats.number(found.placed),
          slots=formats.number(found.slots), rule=scenario.rule, release=base.release)
    )  # fmt: skip
    for note in found.notes:
        print("  ! " + note)
    for area in found.areas:
        print(
            f"{area.code:<18} {area.name:<28} {formats.number(area.eligible):>7} "
            f"{formats.number(area.before):>6} {formats.signed(area.add):>6} "
            f"{formats.number(area.after):>6} {formats.percent(area.rate_after):>7}"
        )
    for month in found.months:
        print(
            f"{month.month!s:<10} {formats.number(month.active):>8} "
            f"{formats.rupiah(month.contribution_idr):>18}"
        )
    if base.waiting:
        print(
            t("Tempat baru menurut pekerjaan: {counts}.",
              counts=", ".join(f"{occupation_label(name)} {formats.number(count)}"
                               for name, count in found.by_occupation.items()) or "–")
        )  # fmt: skip
    print(
        t("Biaya {cost} untuk {months} orang-bulan ({funds}).",
          cost=formats.rupiah(found.cost_idr), months=formats.number(found.person_months),
          funds=", ".join(f"{k} {formats.rupiah(v)}" for k, v in found.by_fund.items()))
    )  # fmt: skip
    print(t("Yang membatasi: {binding}.", binding=", ".join(found.binding)))
    jkm, jkk = found.claims.cases["JKM"], found.claims.cases["JKK"]
    print(
        t("Perkiraan santunan setahun (5–95%): JKM {jkm_low}–{jkm_high}, JKK {jkk_low}–{jkk_high} "
          "kasus.", jkm_low=formats.number(jkm.p5), jkm_high=formats.number(jkm.p95),
          jkk_low=formats.number(jkk.p5), jkk_high=formats.number(jkk.p95))
    )  # fmt: skip
    fair = found.fairness
    print(
        t("Cakupan wilayah terendah {low}, tertinggi {high}; Gini {gini}; {none} wilayah tanpa "
          "peserta.", low=formats.percent(fair.min_rate), high=formats.percent(fair.max_rate),
          gini=formats.number(fair.gini, 3), none=formats.number(fair.areas_without))
    )  # fmt: skip
    if found.path is not None:
        _print_path(found.path)
    proof = found.allocation.proof
    if proof is not None:
        print(
            t("Terbukti optimal.") if proof.proven
            else t("Belum terbukti optimal: waktu hitung habis.")
        )  # fmt: skip


def _print_path(path: Path) -> None:
    for year in path.years:
        print(
            f"{year.year:<10} {formats.number(year.people):>8} {formats.rupiah(year.cost_idr):>18} "
            f"({formats.rupiah_words(year.cost_band_idr.p5)}–"
            f"{formats.rupiah_words(year.cost_band_idr.p95)})"
        )
    print(
        t("Semua terlindungi: menurut rencana {plan}, menurut anggaran {money}.",
          plan=path.reached or t("belum"), money=path.reached_by_money or t("belum"))
    )  # fmt: skip
