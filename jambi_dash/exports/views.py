"""What a file shows, before it is drawn: areas with their classes, the table behind them, the words.

A `MapView` is the whole content of one map and of the table beside it; image, slide, page of the
atlas, workbook, HTML and GeoJSON are only forms of it. Every number of every form comes from here,
and a view whose parts do not add up is never made (`ReconciliationError`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from jambi_dash.domain import formats
from jambi_dash.domain.areas import CITY_CODE, CITY_NAME, SEVERAL
from jambi_dash.domain.coverage import HIDDEN, NO_DATA, NUMBER, ZERO, CoverageTable
from jambi_dash.domain.coverage import ReconciliationError as ReconciliationError
from jambi_dash.domain.expansion_story import rule_name
from jambi_dash.domain.indicators import Indicator, load_indicators
from jambi_dash.domain.language import t, worded
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.simulation import Simulation, simulate
from jambi_dash.palette import (
    ClassInfo,
    classify_differences,
    classify_rates,
    difference_scale,
    rate_scale,
    rt_stage_scale,
)
from jambi_dash.queries import rollout
from jambi_dash.queries.coverage import coverage, meta_of
from jambi_dash.queries.door import Door
from jambi_dash.queries.expansion import baseline

Level = Literal["city", "kecamatan", "kelurahan", "rt"]
Kind = Literal["text", "count", "percent", "points", "rupiah", "decimal"]
Value = str | int | float | None
Part = Literal["unlocated", "hidden", "city"]

LEVELS: tuple[Level, ...] = (*(("city",) if SEVERAL else ()), "kecamatan", "kelurahan", "rt")
SCENARIO_SHOWS = ("before", "after", "difference")


@dataclass(frozen=True)
class Origin:
    """Where the numbers are from, which every file says.

    `public`: small counts are hidden and the file may be handed on; else it is internal and says
    so on every page. `synthetic`: invented data, marked `DATA CONTOH`.
    """

    release: str
    as_of: date
    synthetic: bool
    public: bool

    def line(self) -> str:
        """`Rilis … · data per … · internal`: one line for the foot of a page."""
        return " · ".join(
            [
                t("Rilis {release}", release=self.release),
                t("data per {date}", date=formats.day(self.as_of)),
                t("salinan umum")
                if self.public
                else t("salinan internal – tidak untuk disebarkan"),
            ]
        )

    def mark(self) -> str:
        """`DATA CONTOH` where the data is invented, else nothing."""
        return t("DATA CONTOH – bukan data sebenarnya") if self.synthetic else ""


@dataclass(frozen=True)
class Column:
    """A column of a view's table. Rates are 1 = 100 %; `points` are differences of rates.

    `adds`: areas, people without a location and what is hidden add up to the city.
    """

    key: str
    label: str
    kind: Kind
    meaning: str
    adds: bool = False


@dataclass(frozen=True)
class SumRow:
    """A line below a table, in the order of its columns: the city, or what lies in no shown area.

    `unlocated` are people without a location at this level, `hidden` those of hidden areas (and
    of a hidden count of people without location).
    """

    part: Part
    values: tuple[Value, ...]


@dataclass(frozen=True)
class MapView:
    """One map and its table.

    Attributes:
        id: Short name, for file names and links (`cakupan-kelurahan`).
        level: What an area is.
        title: The subject, without a full stop.
        subtitle: Cohort, month and denominator in words.
        scale: The classes, in the order of the legend.
        classes: The place in `scale` of every area, by code, in the order of codes.
        marks: What is written under an area's name, by code (`43,5%`); empty where nothing is.
        unit: What the legend counts (`kelurahan`).
        legend_title: Head of the legend.
        legend_note: What a class holds at its edges.
        columns: Of the table; the first two are always code and name.
        rows: Values by column, in the order of codes; `None` is missing or hidden.
        states: By code, the state of contract section 4.
        ranked: Key of the column that bars and rankings are drawn from.
        check: The reconciliation in a sentence.
        sources: Denominator, source and date; assumptions called so.
        filter: What was chosen, as pairs of words, so that a file says how to get it again.
        origin: Release, date, mark.
        totals: The city's figures by name.
        sums: Lines below the table; areas and parts add up to the city or the view is not made.
    """

    id: str
    level: Level
    title: str
    subtitle: str
    scale: tuple[ClassInfo, ...]
    classes: Mapping[str, int]
    marks: Mapping[str, str]
    unit: str
    legend_title: str
    legend_note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    states: Mapping[str, str]
    ranked: str
    check: str
    sources: tuple[str, ...]
    filter: tuple[tuple[str, str], ...]
    origin: Origin
    totals: Mapping[str, Value] = field(default_factory=dict)
    sums: tuple[SumRow, ...] = ()

    def __post_init__(self) -> None:
        """Raises `ReconciliationError` where a column of the table does not add up to the city."""
        city = next((row.values for row in self.sums if row.part == "city"), None)
        if city is None:
            return
        below = [row.values for row in self.sums if row.part != "city"]
        for place, column in enumerate(self.columns):
            if column.adds and city[place] is not None:
                parts = sum(int(row[place] or 0) for row in (*self.rows, *below))
                if parts != city[place]:
                    raise ReconciliationError(
                        f"{self.id} {column.key}: {parts} != {city[place]} ({self.origin.release})"
                    )

    def class_counts(self) -> tuple[int, ...]:
        """How many areas lie in each class of the scale."""
        counts = Counter(self.classes.values())
        return tuple(counts[place] for place in range(len(self.scale)))

    def legend(self) -> tuple[tuple[ClassInfo, int], ...]:
        """Classes with their counts; states that occur nowhere are left out but `nol`."""
        return tuple(
            (info, count)
            for info, count in zip(self.scale, self.class_counts(), strict=True)
            if count or info.key not in ("no_data", "hidden", "over", "dikecualikan")
        )

    def column(self, key: str) -> tuple[Value, ...]:
        """The values of one column, in the order of codes."""
        place = [column.key for column in self.columns].index(key)
        return tuple(row[place] for row in self.rows)

    def named(self) -> dict[str, str]:
        """Names by code."""
        return {str(row[0]): str(row[1]) for row in self.rows}


def shown(column: Column, value: Value) -> str:
    """A value of the table as a person reads it."""
    if value is None:
        return formats.MISSING
    if isinstance(value, str):
        return state_word(value) if column.key == "state" else value
    write: dict[str, Callable[[float], str]] = {
        "count": formats.number,
        "percent": formats.percent,
        "points": formats.points,
        "rupiah": formats.rupiah,
        "decimal": lambda number: formats.number(number, 1),
    }
    return write[column.kind](value) if column.kind in write else str(value)


def state_word(state: str) -> str:
    """A state of contract section 4 in the reader's language."""
    words = {
        NUMBER: t("angka"), ZERO: t("nol"), NO_DATA: t("tidak ada data"),
        HIDDEN: t("disembunyikan"),
    }  # fmt: skip
    return words.get(state, state)


_ROLLOUT = worded("Kampung Bahagia").lower().replace(" ", "-")
"""The programme in names of files and layers, as the city calls it."""
_INDICATORS = {
    "cakupan": ("cakupan", "peserta_kelompok", "tanpa_lokasi"),
    "perubahan": ("cakupan", "peserta_kelompok", "tanpa_lokasi"),
    _ROLLOUT: ("rt_bergabung", "sebaran_rt"),
    "simulasi": ("cakupan", "tanpa_lokasi"),
}


def _kind_of(view: MapView) -> str:
    return view.id.rpartition("-")[0]


def indicators_of(view: MapView) -> tuple[Indicator, ...]:
    """The indicators that a view shows, for its definitions."""
    return tuple(load_indicators().get(name) for name in _INDICATORS.get(_kind_of(view), ()))


def subject_of(view: MapView) -> str:
    """What a view is about, in two words at most."""
    words = {
        "cakupan": t("Cakupan"), "perubahan": t("Perubahan"), "simulasi": t("Simulasi"),
        _ROLLOUT: t("Kampung Bahagia"),
    }  # fmt: skip
    return words.get(_kind_of(view), view.id)


def level_word(level: str) -> str:
    """What an area of a level is called."""
    words = {"city": t("kota/kabupaten"), "kecamatan": t("kecamatan"), "kelurahan": t("kelurahan"),
             "rt": t("RT")}  # fmt: skip
    return words[level]


def coverage_view(
    door: Door,
    *,
    level: Level = "kelurahan",
    cohort: str | None = None,
    at: Month | None = None,
    denominator: str | None = None,
    public: bool = False,
) -> MapView:
    """Coverage at one month; refused for RT in public (contract section 6)."""
    table = coverage(door, by=level, cohort=cohort, at=at, denominator=denominator, public=public)
    return _coverage_view(table, level)


def _coverage_view(table: CoverageTable, level: Level) -> MapView:
    classes = classify_rates([r.rate for r in table.rows], [r.state for r in table.rows])
    totals = table.totals
    columns = (
        *_code_and_name(level),
        Column("covered", t("Terlindungi"), "count",
               t("Orang aktif dalam kelompok itu pada bulan itu"), adds=True),
        Column("eligible", t("Penyebut"), "count", table.denominator.label),
        Column("rate", t("Cakupan"), "percent", t("terlindungi ÷ penyebut")),
        Column("state", t("Keadaan"), "text", t("angka, nol, tidak ada data, disembunyikan")),
    )  # fmt: skip
    rows = tuple((r.code, r.name, r.covered, r.eligible, r.rate, r.state) for r in table.rows)
    return MapView(
        id=f"cakupan-{level}",
        level=level,
        title=t("Cakupan {cohort} per {unit}", cohort=_who(table), unit=level_word(level)),
        subtitle=_of_what(table),
        scale=rate_scale(),
        classes={row.code: place for row, place in zip(table.rows, classes, strict=True)},
        marks={row.code: formats.percent(row.rate) for row in table.rows if row.rate is not None},
        unit=level_word(level),
        legend_title=t("Cakupan"),
        legend_note=t("tiap kelas memuat batas bawahnya"),
        columns=columns,
        rows=rows,
        states={row.code: row.state for row in table.rows},
        ranked="rate",
        check=_sum_sentence(table),
        sources=_sources(table, level),
        filter=_filter(table, level),
        origin=Origin(table.release, table.as_of, table.synthetic, table.public),
        totals=dict(totals.__dict__),
        sums=_sums(
            level, columns, rows, {"covered": totals.unlocated},
            {"covered": totals.covered, "eligible": totals.eligible, "rate": totals.rate},
        ),
    )  # fmt: skip


def difference_view(
    door: Door,
    *,
    before: Month,
    level: Level = "kelurahan",
    cohort: str | None = None,
    at: Month | None = None,
    denominator: str | None = None,
    public: bool = False,
) -> MapView:
    """How coverage changed from the month `before` to the month `at`."""
    asked = {"by": level, "cohort": cohort, "denominator": denominator, "public": public}
    now = coverage(door, at=at, **asked)  # type: ignore[arg-type]
    then = coverage(door, at=before, **asked)  # type: ignore[arg-type]
    states, changes = [], []
    for old, new in zip(then.rows, now.rows, strict=True):
        hidden = HIDDEN in (old.state, new.state)
        known = None not in (old.covered, new.covered)
        states.append(HIDDEN if hidden else NUMBER if known else NO_DATA)
        rated = not hidden and old.rate is not None and new.rate is not None
        changes.append(new.rate - old.rate if rated else None)  # type: ignore[operator]
    classes = classify_differences(changes, states)
    first, last = formats.month(then.at), formats.month(now.at)
    columns = (
        *_code_and_name(level),
        Column("covered_before", t("Terlindungi {month}", month=first), "count",
               t("Orang aktif pada bulan awal"), adds=True),
        Column("covered", t("Terlindungi {month}", month=last), "count",
               t("Orang aktif pada bulan akhir"), adds=True),
        Column("rate_before", t("Cakupan {month}", month=first), "percent",
               t("terlindungi ÷ penyebut")),
        Column("rate", t("Cakupan {month}", month=last), "percent",
               t("terlindungi ÷ penyebut")),
        Column("difference", t("Perubahan"), "points", t("cakupan akhir − cakupan awal")),
        Column("state", t("Keadaan"), "text", t("angka, nol, tidak ada data, disembunyikan")),
    )  # fmt: skip
    rows = tuple(
        (new.code, new.name, *((None,) * 5 if state == HIDDEN else
         (old.covered, new.covered, old.rate, new.rate, change)), state)
        for old, new, change, state in zip(then.rows, now.rows, changes, states, strict=True)
    )  # fmt: skip
    # Hidden in one month is hidden in both, and so is the count of people without a location.
    known_unlocated = None not in (then.totals.unlocated, now.totals.unlocated)
    sums = _sums(
        level, columns, rows,
        {
            "covered_before": then.totals.unlocated if known_unlocated else None,
            "covered": now.totals.unlocated if known_unlocated else None,
        },
        {
            "covered_before": then.totals.covered, "covered": now.totals.covered,
            "rate_before": then.totals.rate, "rate": now.totals.rate,
            "difference": now.totals.rate - then.totals.rate
            if now.totals.rate is not None and then.totals.rate is not None else None,
        },
    )  # fmt: skip
    return MapView(
        id=f"perubahan-{level}",
        level=level,
        title=t("Perubahan cakupan {cohort} per {unit}", cohort=_who(now), unit=level_word(level)),
        subtitle=t("{before} ke {after}, dalam poin persen; {of}", before=first, after=last,
                   of=_denominator_words(now)),
        scale=difference_scale(),
        classes={row.code: place for row, place in zip(now.rows, classes, strict=True)},
        marks={
            row.code: formats.signed_points(change)
            for row, change in zip(now.rows, changes, strict=True) if change is not None
        },
        unit=level_word(level),
        legend_title=t("Poin persen"),
        legend_note=t("tiap kelas memuat batas yang lebih dekat ke nol"),
        columns=columns,
        rows=rows,
        states={row.code: state for row, state in zip(now.rows, states, strict=True)},
        ranked="difference",
        check="✓ " + t("{before}; {after}",
                       before=f"{first}: {_parts_sentence(level, columns, rows, sums, 2)}",
                       after=f"{last}: {_parts_sentence(level, columns, rows, sums, 3)}"),
        sources=_sources(now, level),
        filter=(*_filter(now, level), (t("Dibandingkan dengan"), first)),
        origin=Origin(now.release, now.as_of, now.synthetic, public),
        totals=dict(now.totals.__dict__)
        | {"covered_before": then.totals.covered, "rate_before": then.totals.rate},
        sums=sums,
    )  # fmt: skip


def rollout_view(
    door: Door, *, level: Level = "kelurahan", at: date | None = None, public: bool = False
) -> MapView:
    """Where Kampung Bahagia stands: share of RTs that have joined, or the stage of each RT."""
    if public and level == "rt":
        raise Refusal(
            t("Angka per RT tidak pernah untuk umum; pilih tingkat kelurahan, atau tanpa --public.")
        )
    meta = meta_of(door)
    as_of = date.fromisoformat(meta["as_of"])
    day = at or as_of
    table = rollout.rollout(door, at=day)
    rows = sorted(rollout.stage_map(door, at=day, by=level), key=lambda row: row.code)
    if level == "rt":
        scale = rt_stage_scale()
        place_of = {info.key: place for place, info in enumerate(scale)}
        classes = {r.code: place_of.get(r.stage or "", len(scale) - 1) for r in rows}
        stage_words = {info.key: info.label for info in scale}
        columns: tuple[Column, ...] = (
            *_code_and_name(level),
            Column("stage", t("Tahap"), "text", t("Tahap Kampung Bahagia pada hari itu")),
            Column("since", t("Sejak"), "text", t("Hari mulai berada di tahap itu")),
        )
        values: list[tuple[Value, ...]] = [
            (r.code, r.name, stage_words.get(r.stage or ""), formats.day(r.since)) for r in rows
        ]
        states = {r.code: NUMBER for r in rows}
        marks: dict[str, str] = {}
    else:
        scale = rate_scale()
        areas = [row.row for row in rows if row.row is not None]
        kinds = {"no_target": NO_DATA, "none": ZERO}
        said = [kinds.get(row.state, NUMBER) for row in areas]
        found = classify_rates([row.share for row in areas], said)
        classes = {row.code: place for row, place in zip(areas, found, strict=True)}
        states = {row.code: state for row, state in zip(areas, said, strict=True)}
        marks = {r.code: formats.percent(r.share) for r in areas if r.share is not None}
        columns = (
            *_code_and_name(level),
            Column("joined", t("RT bergabung"), "count", t("RT yang sudah mencapai musyawarah"),
                   adds=True),
            Column("rt_counted", t("RT yang harus bergabung"), "count",
                   t("RT dalam daftar tanpa yang dikecualikan"), adds=True),
            Column("share", t("Bagian"), "percent", t("bergabung ÷ yang harus bergabung")),
        )  # fmt: skip
        values = [(r.code, r.name, r.joined, r.rt_total - r.excluded, r.share) for r in areas]
    counted = table.rt_total - table.excluded
    return MapView(
        id=f"{_ROLLOUT}-{level}",
        level=level,
        title=t("Kampung Bahagia: tahap tiap RT") if level == "rt"
        else t("Kampung Bahagia: bagian RT yang sudah bergabung per {unit}", unit=level_word(level)),
        subtitle=t("{joined} dari {all} RT bergabung ({share}), per {date}",
                   joined=formats.number(table.joined), all=formats.number(counted),
                   share=formats.percent(table.share), date=formats.day(day)),
        scale=scale,
        classes=classes,
        marks=marks,
        unit=level_word(level),
        legend_title=t("Tahap") if level == "rt" else t("RT bergabung"),
        legend_note="" if level == "rt" else t("tiap kelas memuat batas bawahnya"),
        columns=columns,
        rows=tuple(values),
        states=states,
        ranked="since" if level == "rt" else "share",
        check=t("✓ {n} RT pada peta; {joined} di antaranya bergabung, {excluded} dikecualikan",
                n=formats.number(len(rows)), joined=formats.number(table.joined),
                excluded=formats.number(table.excluded)) if level == "rt"
        else t("✓ jumlah semua {unit} = {joined} RT bergabung; {excluded} RT dikecualikan",
               unit=level_word(level), joined=formats.number(table.joined),
               excluded=formats.number(table.excluded)),
        sources=(t("Sumber: daftar RT dan catatan Kampung Bahagia yang diimpor"),
                 *_schematic(level)),
        filter=((t("Tingkat"), level_word(level)), (t("Keadaan per"), formats.day(day))),
        origin=Origin(meta["release"], as_of, meta.get("synthetic") == "ya", public),
        totals={"joined": table.joined, "rt_counted": counted, "excluded": table.excluded,
                "share": table.share},
        sums=() if level == "rt" else _sums(
            level, columns, values, {},
            {"joined": table.joined, "rt_counted": counted, "share": table.share},
        ),
    )  # fmt: skip


def scenario_view(
    door: Door,
    simulation: Simulation,
    *,
    show: Literal["before", "after", "difference"] = "after",
    public: bool = False,
) -> MapView:
    """A scenario's coverage before or after it, on the scale of every coverage map, or the gain.

    In public, areas hidden today stay hidden in all three: before = after − new places. Who gets
    a place depends on every area, so the answer is worked out again from published counts unless
    `simulation` was.

    Raises:
        Refusal: a scenario of another release; in public RT level, a city too small to be shown,
            or a scenario that reads the waiting list, which is not public.
    """
    level: Level = "rt" if simulation.baseline.by == "rt" else "kelurahan"
    today = coverage(door, by=level, public=public)
    if today.release != simulation.baseline.release:
        raise Refusal(
            t("Skenario ini dihitung dari rilis {other}, bukan {release}; buka skenario itu lalu "
              "ekspor lagi.", other=simulation.baseline.release, release=today.release)
        )  # fmt: skip
    if public:
        simulation = _public_answer(door, simulation)
    now = {row.code: row.state for row in today.rows}
    base, scenario = simulation.baseline, simulation.scenario
    name = scenario.name or t("skenario")
    rates: list[float | None] = []
    for area in simulation.areas:
        known = area.rate_before is not None and area.rate_after is not None
        change = (area.rate_after or 0) - (area.rate_before or 0) if known else None
        rates.append(
            {"before": area.rate_before, "after": area.rate_after, "difference": change}[show]
        )
    people = {"before": "before", "after": "after", "difference": "add"}[show]
    states = [
        now[area.code] if now[area.code] == HIDDEN or (now[area.code] == NO_DATA and not area.add)
        else ZERO if show != "difference" and not getattr(area, people) else NUMBER
        for area in simulation.areas
    ]  # fmt: skip
    differs = show == "difference"
    classify = classify_differences if differs else classify_rates
    places = classify(rates, states)
    codes = [area.code for area in simulation.areas]
    titles = {
        "before": t("Sebelum perluasan: cakupan per {unit}", unit=level_word(level)),
        "after": t("Sesudah perluasan {year}: cakupan per {unit}", year=scenario.year,
                   unit=level_word(level)),
        "difference": t("Kenaikan cakupan karena perluasan {year}", year=scenario.year),
    }  # fmt: skip
    columns = (
        *_code_and_name(level),
        Column("eligible", t("Penyebut"), "count", today.denominator.label),
        Column("before", t("Sekarang"), "count", t("Orang terlindungi sekarang"), adds=True),
        Column("add", t("Tempat baru"), "count", t("Tempat baru menurut skenario"), adds=True),
        Column("after", t("Sesudah"), "count", t("sekarang + tempat baru"), adds=True),
        Column("rate_before", t("Cakupan sekarang"), "percent", t("sekarang ÷ penyebut")),
        Column("rate_after", t("Cakupan sesudah"), "percent", t("sesudah ÷ penyebut")),
        Column("state", t("Keadaan"), "text", t("angka, nol, tidak ada data, disembunyikan")),
    )
    rows = tuple(
        (area.code, area.name, area.eligible, *((None,) * 5 if state == HIDDEN else
         (area.before, area.add, area.after, area.rate_before, area.rate_after)), state)
        for area, state in zip(simulation.areas, states, strict=True)
    )  # fmt: skip
    unlocated = today.totals.unlocated
    after = base.covered + simulation.placed
    sums = _sums(
        level, columns, rows,
        {"before": unlocated, "add": None if unlocated is None else 0, "after": unlocated},
        {
            "eligible": base.eligible, "before": base.covered, "add": simulation.placed,
            "after": after, "rate_before": base.covered / base.eligible if base.eligible else None,
            "rate_after": after / base.eligible if base.eligible else None,
        },
    )  # fmt: skip
    return MapView(
        id=f"simulasi-{ {'before': 'sebelum', 'after': 'sesudah', 'difference': 'selisih'}[show]}",
        level=level,
        title=titles[show],
        subtitle=t("{name}: {placed} tempat baru dengan aturan {rule}, {before} → {after} orang; "
                   "{cost} setahun",
                   name=name, placed=formats.number(simulation.placed), rule=rule_name(scenario.rule),
                   before=formats.number(base.covered),
                   after=formats.number(after),
                   cost=formats.rupiah_words(simulation.cost_idr)),
        scale=difference_scale() if differs else rate_scale(),
        classes=dict(zip(codes, places, strict=True)),
        marks={
            code: formats.signed_points(rate) if differs else formats.percent(rate)
            for code, rate, state in zip(codes, rates, states, strict=True)
            if rate is not None and state != HIDDEN
        },
        unit=level_word(level),
        legend_title=t("Poin persen") if differs else t("Cakupan"),
        legend_note=t("tiap kelas memuat batas yang lebih dekat ke nol") if differs
        else t("tiap kelas memuat batas bawahnya"),
        columns=columns,
        rows=rows,
        states=dict(zip(codes, states, strict=True)),
        ranked="add" if differs else f"rate_{show}",
        check=t("✓ {before}; dengan {placed} tempat baru menjadi {after} orang",
                before=_sum_sentence(today).removeprefix("✓ "),
                placed=formats.number(simulation.placed), after=formats.number(after)),
        sources=(*_sources(today, level),
                 t("Simulasi adalah hitungan dengan asumsi, bukan keputusan"),
                 *_public_scenario(public)),
        filter=((t("Skenario"), name), (t("Aturan"), rule_name(scenario.rule)),
                (t("Target orang"), formats.number(scenario.workers)),
                (t("Anggaran"), formats.rupiah(scenario.budget)),
                (t("Tahun"), str(scenario.year)), (t("Tingkat"), level_word(level))),
        origin=Origin(today.release, today.as_of, today.synthetic, public),
        totals={"before": base.covered, "add": simulation.placed, "after": after,
                "cost_rp": simulation.cost_idr},
        sums=sums,
    )  # fmt: skip


def _public_answer(door: Door, simulation: Simulation) -> Simulation:
    """The answer as published counts give it."""
    scenario = simulation.scenario
    reads_list = scenario.rule in ("skor", "optimal") and scenario.to_json()["weights"]["waiting"]
    if scenario.occupation_quota or reads_list:
        raise Refusal(
            t("Skenario ini memakai daftar tunggu, yang tidak untuk umum; hapus kuota pekerjaan dan "
              "bobot daftar tunggu, atau buat salinan internal.")
        )  # fmt: skip
    base = simulation.baseline
    if base.public:
        return simulation
    return simulate(baseline(door, base.by, public=True), scenario)


def _code_and_name(level: str) -> tuple[Column, Column]:
    return (
        Column("code", t("Kode"), "text", t("Kode Kemendagri")),
        Column("name", t("Nama"), "text", t("Nama {unit}", unit=level_word(level))),
    )


def _who(table: CoverageTable) -> str:
    return load_programme().cohorts.by_id[table.cohort].in_sentence()


def _denominator_words(table: CoverageTable) -> str:
    denominator = table.denominator
    if denominator.value is None:
        return t("penyebut tidak diketahui")
    return t("dari {label} ({n})", label=denominator.label[:1].lower() + denominator.label[1:],
             n=formats.number(denominator.value))  # fmt: skip


def _of_what(table: CoverageTable) -> str:
    totals = table.totals
    covered = formats.number(totals.covered)
    if totals.rate is None:
        return t("{month}: {covered} orang; {of}", month=formats.month(table.at), covered=covered,
                 of=_denominator_words(table))  # fmt: skip
    return t("{month}: {rate} terlindungi, {covered} orang {of}", month=formats.month(table.at),
             rate=formats.percent(totals.rate), covered=covered,
             of=_denominator_words(table))  # fmt: skip


def _sum_sentence(table: CoverageTable) -> str:
    table.check()
    totals = table.totals
    if totals.covered is None:
        return t("seluruh kota terlalu sedikit untuk ditampilkan")
    areas = sum(row.state != HIDDEN for row in table.rows)
    return "✓ " + _adding_up(
        table.by, areas, totals.located, totals.unlocated, totals.hidden, totals.covered
    )


def _adding_up(
    level: str,
    areas: int,
    located: int | None,
    unlocated: int | None,
    hidden: int | None,
    covered: int,
) -> str:
    """`2.847 di 61 wilayah + 153 disembunyikan = 3.000 orang`."""
    parts = [t("{n} di {areas} wilayah", n=formats.number(located), areas=formats.number(areas))]
    if unlocated is not None:
        n = formats.number(unlocated)
        parts.append(t("{n} tanpa RT", n=n) if level == "rt" else t("{n} tanpa lokasi", n=n))
    if hidden:
        parts.append(t("{n} disembunyikan", n=formats.number(hidden)))
    return " + ".join(parts) + " = " + t("{n} orang", n=formats.number(covered))


def _sums(
    level: str,
    columns: Sequence[Column],
    rows: Sequence[tuple[Value, ...]],
    unlocated: Mapping[str, Value],
    city: Mapping[str, Value],
) -> tuple[SumRow, ...]:
    """The lines below a table; an `unlocated` count that is `None` is hidden and told with those."""
    beside = t("Tanpa RT dalam daftar") if level == "rt" else t("Tanpa lokasi")
    found = []
    known = bool(unlocated) and None not in unlocated.values()
    if known:
        found.append(SumRow("unlocated", _line(columns, "", beside, unlocated, NUMBER)))
    if HIDDEN in {row[-1] for row in rows} or (unlocated and not known):
        rest: dict[str, Value] = {}
        for place, column in enumerate(columns):
            whole = city.get(column.key)
            if column.adds and whole is not None:
                shown_here = sum(int(row[place] or 0) for row in rows)
                apart = int(unlocated.get(column.key) or 0) if known else 0
                rest[column.key] = int(whole) - shown_here - apart
        found.append(SumRow("hidden", _line(columns, "", t("Disembunyikan"), rest, HIDDEN)))
    found.append(SumRow("city", _line(columns, CITY_CODE, CITY_NAME, city, NUMBER)))
    return tuple(found)


def _line(
    columns: Sequence[Column], code: str, name: str, values: Mapping[str, Value], state: str
) -> tuple[Value, ...]:
    given = {"code": code, "name": name, "state": state, **values}
    return tuple(given.get(column.key) for column in columns)


def _parts_sentence(
    level: str,
    columns: Sequence[Column],
    rows: Sequence[tuple[Value, ...]],
    sums: Sequence[SumRow],
    place: int,
) -> str:
    """How one column of a table adds up to the city."""
    assert columns[place].adds
    part = {row.part: row.values[place] for row in sums}
    if part["city"] is None:
        return t("seluruh kota terlalu sedikit untuk ditampilkan")
    areas = sum(row[-1] != HIDDEN for row in rows)
    located = sum(int(row[place] or 0) for row in rows)
    return _adding_up(
        level, areas, located, _whole(part.get("unlocated")), _whole(part.get("hidden")),
        int(part["city"]),
    )  # fmt: skip


def _whole(value: Value) -> int | None:
    return None if value is None else int(value)


def _schematic(level: str) -> Sequence[str]:
    return [t("Letak RT skematik")] if level == "rt" else []


def _public_scenario(public: bool) -> Sequence[str]:
    if not public:
        return ()
    return [
        t("Salinan umum menghitung skenario dari angka umum saja: jumlah yang disembunyikan dibagi "
          "menurut penyebut, sehingga tempat baru dapat berbeda sedikit dari salinan internal")
    ]  # fmt: skip


def _sources(table: CoverageTable, level: str) -> tuple[str, ...]:
    denominator = table.denominator
    day = date.fromisoformat(denominator.date) if denominator.date else None
    return (
        t("Pembilang: daftar peserta yang diimpor, {date}", date=formats.day(table.as_of)),
        t("Penyebut: {label} ({source}), {date}", label=denominator.label,
          source=denominator.source or "–", date=formats.day(day)),
        *_schematic(level),
    )  # fmt: skip


def _filter(table: CoverageTable, level: str) -> tuple[tuple[str, str], ...]:
    return (
        (t("Kelompok"), load_programme().cohorts.by_id[table.cohort].shown()),
        (t("Bulan"), formats.month(table.at)),
        (t("Penyebut"), table.denominator.label),
        (t("Tingkat"), level_word(level)),
    )


__all__ = [
    "LEVELS", "Column", "Level", "MapView", "Origin", "ReconciliationError", "SumRow",
    "coverage_view", "difference_view", "indicators_of", "level_word", "rollout_view",
    "scenario_view", "shown", "state_word", "subject_of",
]  # fmt: skip
