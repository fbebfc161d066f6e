"""An expansion told in plain sentences: what it does, who gains most, who stays behind."""

from __future__ import annotations

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.simulation import AreaResult, Simulation

NAMED = 3
"""How many areas a sentence names."""
_FEW = 10
"""All places in fewer than one in so many areas, and more than so many places in each: crowded."""


def rule_name(rule: str) -> str:
    """What a rule is called."""
    return {
        "merata": t("Merata"),
        "sebanding": t("Sebanding kebutuhan"),
        "percontohan": t("RT Kampung Bahagia dahulu"),
        "skor": t("Skor"),
        "optimal": t("Optimal"),
    }[rule]


def rule_sentence(rule: str) -> str:
    """Who gets the next place under a rule (design section 6)."""
    return {
        "merata": t("Tempat berikutnya ke wilayah dengan cakupan terendah."),
        "sebanding": t(
            "Wilayah dengan lebih banyak pekerja yang belum terlindungi mendapat lebih banyak "
            "tempat."
        ),
        "percontohan": t("RT yang sudah bergabung Kampung Bahagia dahulu, sisanya merata."),
        "skor": t("Seperti sebanding kebutuhan, tetapi dikalikan skor menurut bobot."),
        "optimal": t(
            "Wilayah dengan skor tertinggi diisi sampai batasnya, lalu wilayah berikutnya."
        ),
    }[rule]


def limit_name(limit: str) -> str:
    """What a binding limit of contract section 6 is called."""
    return {
        "target": t("target tercapai"),
        "anggaran": t("anggaran atau dana"),
        "usulan": t("tidak ada ruang lagi"),
        "batas_atas": t("batas atas wilayah"),
        "batas_bawah": t("batas bawah wilayah"),
        "kuota": t("kuota"),
    }[limit]


def headline(found: Simulation) -> str:
    """The answer in one sentence: places, people, coverage of what, money."""
    base, scenario = found.baseline, found.scenario
    after = base.covered + found.placed
    if found.placed == 0:
        return t("Tidak ada tempat baru: tetap {before} orang, dengan biaya {cost} pada {year}.",
                 before=formats.number(base.covered), cost=formats.rupiah(found.cost_idr),
                 year=scenario.year)  # fmt: skip
    where = sum(1 for area in found.areas if area.add)
    told = t(
        "{placed} pekerja baru di {where}: dari {before} menjadi {after} orang",
        placed=formats.number(found.placed), where=_counted(where, base.by),
        before=formats.number(base.covered), after=formats.number(after),
    )  # fmt: skip
    if base.eligible:
        told += " " + t(
            "({rate_before} → {rate_after} dari {eligible})",
            rate_before=formats.percent(base.covered / base.eligible),
            rate_after=formats.percent(after / base.eligible),
            eligible=formats.number(base.eligible),
        )
    return told + ", " + t("dengan biaya {cost} pada {year}.",
                           cost=formats.rupiah(found.cost_idr), year=scenario.year)  # fmt: skip


def crowding_sentence(found: Simulation) -> str:
    """Says that nearly all places go to a few areas, and the mend; empty where they do not.

    The rule `optimal` fills the highest score up to its ceiling, which is the room where none is set.
    """
    scenario = found.scenario
    if scenario.rule != "optimal" or scenario.ceiling_rate is not None or scenario.ceilings:
        return ""
    gains = sum(1 for area in found.areas if area.add)
    room = sum(1 for area in found.areas if (area.eligible or 0) > area.before)
    if not gains or gains * _FEW > room or found.placed < _FEW * gains:
        return ""
    return t("Semua tempat jatuh ke {n} dari {room} yang masih punya ruang, karena aturan Optimal "
             "mengisi skor tertinggi sampai penuh. Agar tersebar, turunkan “Cakupan paling tinggi tiap "
             "wilayah” pada Batas dan kuota.",
             n=formats.number(gains), room=_counted(room, found.baseline.by))  # fmt: skip


def _counted(areas: int, by: str) -> str:
    n = formats.number(areas)
    return t("{n} RT", n=n) if by == "rt" else t("{n} kelurahan", n=n)


def largest_gains(found: Simulation) -> tuple[AreaResult, ...]:
    """The areas whose coverage rises most, at most three; ties by code."""
    gained = [area for area in found.areas if area.add and area.eligible]
    return tuple(sorted(gained, key=lambda a: (-(a.add / (a.eligible or 1)), a.code))[:NAMED])


def lowest_after(found: Simulation) -> tuple[AreaResult, ...]:
    """The areas with the lowest coverage afterwards, at most three; ties by code."""
    known = [area for area in found.areas if area.rate_after is not None]
    return tuple(sorted(known, key=lambda a: (a.rate_after or 0.0, a.code))[:NAMED])


def gains_sentence(found: Simulation) -> str:
    """Names the largest gains and the lowest afterwards; empty where nothing is placed."""
    gains, lowest = largest_gains(found), lowest_after(found)
    if not gains:
        return ""
    told = t("Kenaikan terbesar: {areas}.", areas=", ".join(
        f"{area.name} ({formats.percent(area.rate_before)} → {formats.percent(area.rate_after)})"
        for area in gains
    ))  # fmt: skip
    return told + " " + t("Terendah sesudahnya: {areas}.", areas=", ".join(
        f"{area.name} ({formats.percent(area.rate_after)})" for area in lowest
    ))  # fmt: skip
