"""Two to four scenarios side by side: what was set differently, what comes out, area by area."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.consequences import Band
from jambi_dash.domain.expansion_story import limit_name, rule_name
from jambi_dash.domain.funds import UNFUNDED, load_expansion_facts
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import Vocabulary, load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario_link import PERSONAL
from jambi_dash.domain.simulation import AreaResult, Simulation

FEWEST, MOST = 2, 4
_NAMED = 3

Kind = Literal["count", "rupiah", "percent", "decimal", "points", "text"]
"""How a value is shown; `percent` and `points` are shares (0.01 = 1 percent, 1 point)."""
Value = int | float | str | None


@dataclass(frozen=True)
class Row:
    """One line of the comparison: a value for each scenario.

    `differences` are those from the first scenario, 0 for itself; `None` for texts and where a
    value is missing. `bands` are the 5th and 95th of 100 simulated years, where there are such.
    """

    key: str
    label: str
    kind: Kind
    values: tuple[Value, ...]
    bands: tuple[tuple[int, int], ...] | None = None

    @property
    def differences(self) -> tuple[int | float | None, ...]:
        """Each value less the first."""
        return _differences(self.values)

    @property
    def same(self) -> bool:
        """Whether all scenarios have one value here."""
        return all(value == self.values[0] for value in self.values)

    def shown(self, place: int) -> str:
        """The value of one scenario, its band behind it, in the reader's language."""
        if self.bands is None:
            return show(self.kind, self.values[place])
        # A simulated range is not known to the rupiah.
        low, high = (self._roughly(value) for value in self.bands[place])
        return f"{self._roughly(self.values[place])} ({low}–{high})"

    def _roughly(self, value: Value) -> str:
        if self.kind == "rupiah" and not isinstance(value, str):
            return formats.rupiah_words(value)
        return show(self.kind, value)

    def shown_difference(self, place: int) -> str:
        """The difference of one scenario from the first, signed; empty for texts and the first."""
        difference = self.differences[place]
        if place == 0 or difference is None:
            return ""
        if self.bands is not None and difference:
            return ("+" if difference > 0 else "−") + self._roughly(abs(difference))
        return show_difference(self.kind, difference)


@dataclass(frozen=True)
class AreaRow:
    """One area: new places and coverage afterwards (a share) in each scenario.

    `None` where a scenario's release does not have the area, or its eligible people are unknown.
    """

    code: str
    name: str
    adds: tuple[int | None, ...]
    rates: tuple[float | None, ...]

    @property
    def add_differences(self) -> tuple[int | float | None, ...]:
        """New places less those of the first scenario."""
        return _differences(self.adds)

    @property
    def rate_differences(self) -> tuple[int | float | None, ...]:
        """Coverage less that of the first scenario."""
        return _differences(self.rates)


@dataclass(frozen=True)
class Comparison:
    """The answer; columns are in the order in which the scenarios were given.

    `differing` are the parameters that are not alike, `alike` the others; `areas` are in the
    order of their codes.
    """

    names: tuple[str, ...]
    by: str
    differing: tuple[Row, ...]
    alike: tuple[Row, ...]
    results: tuple[Row, ...]
    areas: tuple[AreaRow, ...]


def compare(simulations: Sequence[Simulation]) -> Comparison:
    """Sets two to four answers side by side, the first as the measure of the others.

    Raises:
        Refusal: fewer or more than that, or answers over areas of different levels.
    """
    if not FEWEST <= len(simulations) <= MOST:
        raise Refusal(
            t("Pilih {fewest} sampai {most} skenario untuk dibandingkan; sekarang {n}.",
              fewest=FEWEST, most=MOST, n=len(simulations))
        )  # fmt: skip
    levels = {found.baseline.by for found in simulations}
    if len(levels) > 1:
        raise Refusal(
            t("Skenario per kelurahan dan per RT tidak dapat dibandingkan; pilih yang tingkatnya "
              "sama.")
        )  # fmt: skip
    differing, alike = _parameters(simulations)
    return Comparison(
        names=tuple(found.scenario.name for found in simulations),
        by=simulations[0].baseline.by,
        differing=differing,
        alike=alike,
        results=_results(simulations),
        areas=_areas(simulations),
    )


def show(kind: Kind, value: Value) -> str:
    """A value as readers write it; an en dash where there is none."""
    if value is None:
        return formats.MISSING
    if isinstance(value, str):
        return value
    if kind == "rupiah":
        return formats.rupiah(value)
    if kind == "percent":
        return formats.percent(value)
    if kind == "points":
        return formats.points(value, 2)
    return formats.number(value, 3 if kind == "decimal" else 0)


def show_difference(kind: Kind, difference: float | None) -> str:
    """A difference with its sign; empty where there is none to speak of."""
    if difference is None or kind == "text":
        return ""
    if difference == 0:
        return t("sama")
    if kind in ("percent", "points"):
        return formats.points(difference, 2 if kind == "points" else 1)
    return ("+" if difference > 0 else "−") + show(kind, abs(difference))


def _differences(values: Sequence[Value]) -> tuple[int | float | None, ...]:
    first = values[0]
    return tuple(
        None
        if value is None or first is None or isinstance(value, str) or isinstance(first, str)
        else value - first
        for value in values
    )


# Parameters


def _parameters(found: Sequence[Simulation]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Rows of the parameters, split by the values themselves: two may read alike and differ."""
    labels, kinds = _labels(), _kinds()
    given = [one.scenario.to_json() for one in found]
    differing: list[Row] = []
    alike: list[Row] = []
    for key in (key for key in given[0] if key not in PERSONAL and key != "by"):
        raw = [_told(key, one.get(key)) for one in given]
        kind = kinds.get(key, "text")
        values = tuple(
            value if kind != "text" or value is None else _text(key, value, one)
            for value, one in zip(raw, found, strict=True)
        )
        row = Row(key, labels.get(key, key), kind, values)
        (alike if all(value == raw[0] for value in raw) else differing).append(row)
    for key, label, values in (
        ("release", t("Rilis data"), tuple(one.baseline.release for one in found)),
        ("as_of", t("Data per"), tuple(formats.day(one.baseline.as_of) for one in found)),
    ):
        row = Row(key, label, "text", values)
        (alike if row.same else differing).append(row)
    return tuple(differing), tuple(alike)


def _told(key: str, value: Any) -> Any:
    """One step with everybody in it says no more than the month of its start."""
    if key == "tranches" and len(value) == 1 and value[0]["places"] is None:
        return []
    return value


def _labels() -> dict[str, str]:
    return {
        "workers": t("Target orang terlindungi"),
        "budget": t("Anggaran setahun"),
        "rule": t("Aturan pembagian"),
        "year": t("Tahun"),
        "start_month": t("Bulan mulai"),
        "months": t("Lama dibayar (bulan)"),
        "tariff": t("Iuran per orang per bulan"),
        "income": t("Penghasilan yang dilaporkan"),
        "floors": t("Batas bawah per wilayah"),
        "ceilings": t("Batas atas per wilayah"),
        "locked": t("Wilayah yang dikunci"),
        "quota": t("Kuota per kecamatan"),
        "occupation_quota": t("Kuota per pekerjaan"),
        "floor_rate": t("Cakupan terendah yang diminta"),
        "ceiling_rate": t("Cakupan tertinggi yang diizinkan"),
        "weights": t("Bobot kriteria"),
        "tranches": t("Tahap masuk"),
        "funds": t("Sumber dana menurut urutan"),
        "turnover": t("Yang keluar dalam setahun"),
        "backfill": t("Tempat kosong diisi lagi"),
        "also_paid": t("Kelompok lain yang dibayar juga"),
        "seed": t("Benih angka acak"),
        "years": t("Rencana tahun berikutnya"),
    }


def _kinds() -> dict[str, Kind]:
    return {
        "workers": "count", "budget": "rupiah", "months": "count", "tariff": "rupiah",
        "income": "rupiah", "floor_rate": "percent", "ceiling_rate": "percent",
        "turnover": "percent",
    }  # fmt: skip


def _text(key: str, value: Any, found: Simulation) -> str | None:
    """A parameter that is no single number, in few words; `None` where it sets nothing."""
    if key == "rule":
        return rule_name(value)
    if key == "start_month":
        return formats.month(_month(found, value))
    if key == "backfill":
        return t("ya") if value else t("tidak")
    if key == "tranches":
        return "; ".join(_tranche(found, entry) for entry in value) or None
    if key == "funds":
        return "; ".join(_fund(entry) for entry in value)
    if key == "years":
        return t("{curve}, {n} tahun", n=value["years"], curve=_curve(value["curve"]))
    if key == "weights":
        return (
            "; ".join(f"{_criterion(name)} {_short(n)}" for name, n in value.items() if n) or None
        )
    if isinstance(value, Mapping):
        return _people(value, _naming(key, found))
    return str(value)


def _month(found: Simulation, month: int) -> Month:
    return Month(found.months[0].month.year, month)


def _tranche(found: Simulation, entry: Mapping[str, Any]) -> str:
    places = entry["places"]
    text = t("semua sisanya") if places is None else formats.number(places)
    return f"{formats.month(_month(found, entry['start_month']))}: {text}"


def _fund(entry: Mapping[str, Any]) -> str:
    label = _fund_label(entry["id"])
    if entry["cap"] is None:
        return label
    return t("{fund} sampai {cap}", fund=label, cap=formats.rupiah(entry["cap"]))


def _fund_label(fund_id: str) -> str:
    if fund_id == UNFUNDED:
        return t("Belum didanai")
    known = load_expansion_facts().fund(fund_id)
    return known.label() if known else fund_id


def _curve(curve: str) -> str:
    return {
        "linear": t("Rata"),
        "cepat": t("Cepat di awal"),
        "lambat": t("Lambat di awal"),
        "tabel": t("Tabel sendiri"),
    }[curve]


def _criterion(name: str) -> str:
    return {
        "low_coverage": t("Cakupan rendah"),
        "need": t("Banyak yang belum terlindungi"),
        "joined": t("Sudah bergabung Kampung Bahagia"),
        "waiting": t("Daftar tunggu"),
    }[name]


def _short(weight: float) -> str:
    return formats.number(weight, 0 if float(weight).is_integer() else 2)


def _naming(key: str, found: Simulation) -> Callable[[str], str]:
    """What the codes of a table of people are called."""
    if key in ("occupation_quota", "also_paid"):
        programme = load_programme()
        words = programme.occupations if key == "occupation_quota" else programme.cohorts
        return lambda code: _term(words, code)
    names = {area.code: area.name for area in found.areas}
    areas = load_areas()
    return lambda code: names.get(code) or areas.name_of(code)


def _term(words: Vocabulary, code: str) -> str:
    return words.by_id[code].shown() if code in words.by_id else code


def _people(table: Mapping[str, int], name: Callable[[str], str]) -> str | None:
    """The first few entries, and how many people in all."""
    if not table:
        return None
    found = [f"{name(code)} {formats.number(n)}" for code, n in sorted(table.items())]
    text = "; ".join(found[:_NAMED])
    if len(found) > _NAMED:
        text += "; " + t("dan {n} lainnya", n=formats.number(len(found) - _NAMED))
    if len(found) > 1:
        text += " " + t("(jumlah {n})", n=formats.number(sum(table.values())))
    return text


# Results


def _results(found: Sequence[Simulation]) -> tuple[Row, ...]:
    def row(key: str, label: str, kind: Kind, value: Callable[[Simulation], Value]) -> Row:
        return Row(key, label, kind, tuple(value(one) for one in found))

    def bands(key: str, label: str, kind: Kind, value: Callable[[Simulation], Band]) -> Row:
        given = [value(one) for one in found]
        return Row(
            key, label, kind, tuple(band.p50 for band in given),
            tuple((band.p5, band.p95) for band in given),
        )  # fmt: skip

    funds = list(dict.fromkeys(fund for one in found for fund in one.by_fund))
    return (
        row("placed", t("Tempat baru"), "count", lambda s: s.placed),
        row("unplaced", t("Tempat yang tidak terisi"), "count", lambda s: s.unplaced),
        row("covered_after", t("Terlindungi sesudahnya"), "count", _covered_after),
        row("coverage_after", t("Cakupan sesudahnya"), "percent", _coverage_after),
        row("cost", t("Biaya setahun"), "rupiah", lambda s: s.cost_idr),
        *(
            Row(f"fund:{fund}", t("Dibayar {fund}", fund=_fund_label(fund)), "rupiah",
                tuple(one.by_fund.get(fund, 0) for one in found))
            for fund in funds
        ),
        row("person_months", t("Orang-bulan"), "count", lambda s: s.person_months),
        row("min_rate", t("Cakupan wilayah terendah"), "percent", lambda s: s.fairness.min_rate),
        row("max_rate", t("Cakupan wilayah tertinggi"), "percent", lambda s: s.fairness.max_rate),
        row("gini", t("Rasio Gini cakupan"), "decimal", lambda s: s.fairness.gini),
        row("areas_without", t("Wilayah tanpa peserta"), "count",
            lambda s: s.fairness.areas_without),
        row("ucj", t("Tambahan UCJ"), "points", lambda s: s.ucj),
        bands("jkm", t("Kasus JKM setahun, rendah–tinggi"), "count", lambda s: s.claims.cases["JKM"]),
        bands("jkk", t("Kasus JKK setahun, rendah–tinggi"), "count", lambda s: s.claims.cases["JKK"]),
        bands("jkm_rp", t("Santunan JKM setahun, rendah–tinggi"), "rupiah",
              lambda s: s.claims.value_idr["JKM"]),
        bands("jkk_rp", t("Santunan JKK setahun, rendah–tinggi"), "rupiah",
              lambda s: s.claims.value_idr["JKK"]),
        row("still_waiting", t("Masih di daftar tunggu"), "count",
            lambda s: sum(s.still_waiting().values())),
        row("binding", t("Yang membatasi"), "text", lambda s: ", ".join(limit_name(name) for name in s.binding) or None),
    )  # fmt: skip


def _covered_after(found: Simulation) -> int:
    return found.baseline.covered + found.placed


def _coverage_after(found: Simulation) -> float | None:
    eligible = found.baseline.eligible
    return _covered_after(found) / eligible if eligible else None


# Areas


def _areas(found: Sequence[Simulation]) -> tuple[AreaRow, ...]:
    tables: list[dict[str, AreaResult]] = [{area.code: area for area in one.areas} for one in found]
    rows = []
    for code in sorted({code for table in tables for code in table}):
        here = [table.get(code) for table in tables]
        rows.append(
            AreaRow(
                code,
                next(area.name for area in here if area is not None),
                tuple(None if area is None else area.add for area in here),
                tuple(None if area is None else area.rate_after for area in here),
            )
        )
    return tuple(rows)
