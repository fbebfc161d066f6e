"""The parts of the page Santunan: filters, cards, and one function for each section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import streamlit as st

from jambi_dash.charts.benefits import (
    area_figure,
    expected_figure,
    monthly_figure,
    waits_figure,
)
from jambi_dash.domain import formats
from jambi_dash.domain.areas import CITY_NAME, load_areas
from jambi_dash.domain.claims import (
    PROGRAMS,
    ClaimTable,
    Expected,
    Exposure,
    expected,
    load_claim_facts,
)
from jambi_dash.domain.disclosure import DEFAULT_K
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.queries import claims as queries
from jambi_dash.ui import choices, data, definitions, exhibit, frame, numbers
from jambi_dash.ui.look import table_html, theme
from jambi_dash.ui.place import has_cities

_WINDOW, _BARS = 420, 13
"""The height through which a long list of areas is seen, and how many bars stand in it."""


@dataclass(frozen=True)
class Asked:
    """What the filters ask for; `cohort` and `area` are empty for all."""

    release: data.OpenRelease
    first: Month
    last: Month
    cohort: str = ""
    area: str = ""
    _filters: dict[str, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "_filters",
            {"first": self.first, "at": self.last, "cohort": self.cohort, "area": self.area},
        )  # fmt: skip

    def table(self, by: str = "program") -> ClaimTable:
        """Benefits by programme or by area."""
        return data.ask(self.release, queries.claims, by=by, **self._filters)

    def of(self, question: Callable[..., Any]) -> Any:
        """The answer of another function of `queries.claims`."""
        return data.ask(self.release, question, **self._filters)

    def exposure(self) -> Exposure:
        """The insured person-months of the span."""
        return queries.total(self.of(queries.exposure_by_month))

    def words(self) -> str:
        """The span: `Juli 2025 – Desember 2025`."""
        if self.first == self.last:
            return formats.month(self.first)
        return f"{formats.month(self.first)} – {formats.month(self.last)}"

    def heading(self, title: str, unit: str, indicator: str, *, source: str = "") -> exhibit.Words:
        """What stands above a drawing or a table of the span."""
        where = load_areas().name_of(self.area) if self.area else ""
        return exhibit.Words(
            f"{title}, {where}" if where else title, unit, source or t("daftar santunan"), indicator,
            self.release.record.as_of, self.words(),
        )  # fmt: skip


def stop_without_claims(release: data.OpenRelease) -> None:
    """In a release without benefits the page says what to do next, and ends."""
    span = data.ask(release, queries.span)
    if span.first is not None:
        return
    if not data.may("data"):
        st.info(t("Belum ada santunan dalam data yang Anda lihat."), icon=":material/info:")
        st.stop()
    st.header(t("Belum ada santunan dalam data ini"))
    st.write(
        t("Halaman ini membaca daftar santunan: program (JKK/JKM), tanggal bayar, nilai, dan bila "
          "ada kelurahan, kelompok, dan tanggal kejadian. Mintalah daftar itu dari BPJS "
          "Ketenagakerjaan, lalu masukkan seperti daftar lain.")
    )  # fmt: skip
    if span.later:
        st.write(
            t("{n} santunan bertanggal sesudah {date}, tanggal data ini, dan belum dihitung.",
              n=formats.number(span.later), date=formats.day(release.record.as_of))
        )  # fmt: skip
    st.page_link(frame.page_path("data"), label=t("Masukkan daftar santunan"),
                 icon=":material/upload_file:")  # fmt: skip
    st.stop()


def choose_cohort(release: data.OpenRelease) -> str:
    """The chosen cohort (`kelompok_santunan` in the address), empty for all."""
    terms = load_programme().cohorts.by_id
    known = set(data.frame(release, "cohorts", month=release.at.first_day())["cohort"])
    everybody = t("Semua kelompok")
    shown = {c: terms[c].shown() for c in terms if c in known}
    return choices.pick(t("Kelompok"), "kelompok_santunan", {"": everybody} | shown)


def choose_area() -> str:
    """The chosen kecamatan, or city of several (`kecamatan` in the address), empty for all."""
    own = data.reader().areas
    levels = ("city", "kecamatan") if has_cities() else ("kecamatan",)
    names = {code: name for level in levels for code, name in load_areas().of_level(level, own)}
    city = (
        CITY_NAME
        if has_cities()
        else t("Seluruh kota")
        if own is None
        else load_areas().name_of_own(own)
    )
    return choices.pick(t("Wilayah"), "kecamatan", {"": city} | names)


def choose_span(release: data.OpenRelease) -> tuple[Month, Month]:
    """First and last month of payment (`rentang`); by default all up to the date of the data."""
    span = data.ask(release, queries.span)
    covered = data.frame(release, "months", cohort=load_programme().default_cohort)["first"]
    starts = [Month.of(day.date()) for day in covered if str(day) != "NaT"]
    starts.append(Month.of(span.first) if span.first else release.at)
    options = [str(Month.from_index(i)) for i in range(min(starts).index(), release.at.index() + 1)]
    if len(options) < 2:
        return release.at, release.at
    low, high = choices.span(
        t("Bulan bayar"), "rentang",
        {m: formats.month_short(Month.parse_iso(m)) for m in options},
    )  # fmt: skip
    return Month.parse_iso(low) or release.at, Month.parse_iso(high) or release.at


# Cards


def _card_paid(asked: Asked) -> None:
    table = asked.table()
    with numbers.card("paid"):
        with numbers.title_line(t("Santunan dibayar")):
            definitions.button("santunan", as_of=asked.release.record.as_of)
        numbers.show(
            numbers.large(
                formats.rupiah_words(table.value_idr),
                t("{n} santunan", n=formats.number(table.count)),
            )
            + numbers.small(asked.words())
            + numbers.small(t("jumlah persis {value}", value=formats.rupiah(table.value_idr)))
        )


def _card_program(asked: Asked, program: str, says: str) -> None:
    row = next(row for row in asked.table().rows if row.program == program)
    with numbers.card(program.lower()):
        with numbers.title_line(says):
            definitions.button("santunan", as_of=asked.release.record.as_of)
        mean = row.value_idr / row.count if row.count else None
        numbers.show(
            numbers.large(formats.number(row.count), t("santunan"))
            + numbers.small(formats.rupiah_words(row.value_idr))
            + numbers.small(t("rata-rata {value}", value=formats.rupiah_words(mean)))
        )


def _card_jkm(asked: Asked) -> None:
    _card_program(asked, "JKM", t("JKM – kematian"))


def _card_jkk(asked: Asked) -> None:
    _card_program(asked, "JKK", t("JKK – kecelakaan kerja"))


def _card_waits(asked: Asked) -> None:
    waits = {wait.program: wait for wait, _ in asked.of(queries.waits)}
    with numbers.card("waits"):
        with numbers.title_line(t("Lama sampai dibayar")):
            definitions.button("hari_bayar", as_of=asked.release.record.as_of)
        wait = waits["JKM"]
        numbers.show(
            numbers.large(_days(wait.median_days), t("JKM, nilai tengah"))
            + numbers.small(_of_how_many(wait.known, wait.paid))
            + numbers.small(
                t("JKK {days}; {of}", days=_days(waits["JKK"].median_days),
                  of=_of_how_many(waits["JKK"].known, waits["JKK"].paid))
            )
        )  # fmt: skip


def _days(value: float | None) -> str:
    if value is None:
        return formats.MISSING
    return t("{n} hari", n=formats.number(value, 0 if value == int(value) else 1))


def _of_how_many(known: int, paid: int) -> str:
    return t("{known} dari {paid} bertanggal lengkap", known=formats.number(known),
             paid=formats.number(paid))  # fmt: skip


def _card_expected(asked: Asked) -> None:
    found = expected("JKM", asked.exposure(), load_claim_facts())
    paid = next(row.count for row in asked.table().rows if row.program == "JKM")
    with numbers.card("expected"):
        with numbers.title_line(t("JKM diperkirakan (asumsi)")):
            definitions.button("santunan_perkiraan", as_of=asked.release.record.as_of)
        numbers.show(
            numbers.large(formats.number(found.count, 1), t("kasus"))
            + numbers.small(t("rentang {range}", range=_range(found)))
            + numbers.small(t("dibayar {n}", n=formats.number(paid)))
            + numbers.small(
                t("dari {years} orang-tahun", years=formats.number(asked.exposure().years))
            )
        )


def _range(found: Expected) -> str:
    return f"{formats.number(found.low, 1)}–{formats.number(found.high, 1)}"


CARDS = (_card_paid, _card_jkm, _card_jkk, _card_waits, _card_expected)
"""The five figures above the sections."""


# Sections


def _by_month(asked: Asked) -> None:
    unit = choices.switch(
        t("Ukuran"), "satuan", {"banyaknya": t("Banyaknya"), "rupiah": t("Rupiah")}, "banyaknya",
        label_visibility="collapsed",
    )  # fmt: skip
    months = asked.of(queries.by_month)
    figure, table = st.columns([1.8, 1])
    with figure:
        sums = {p: sum(m.count for m in months if m.program == p) for p in PROGRAMS}
        exhibit.plot(
            exhibit.once(monthly_figure, months, in_rupiah=unit == "rupiah", theme=theme()),
            asked.heading(
                t("Santunan menurut bulan bayar"),
                t("rupiah") if unit == "rupiah" else t("banyaknya santunan"), "santunan",
            ),
            "santunan_bulan", late=True,
            alt=", ".join(f"{p} {formats.number(n)}" for p, n in sums.items()) + ".",
        )  # fmt: skip
    with table:
        by = {(m.month, m.program): m for m in months}
        shown = sorted({m.month for m in months if m.count}, reverse=True)
        _draw(
            [t("Bulan bayar"), "JKK", "JKM", t("Rupiah")],
            [
                [
                    formats.month_short(month),
                    *(formats.number(by[month, p].count) for p in PROGRAMS),
                    formats.rupiah(sum(by[month, p].value_idr for p in PROGRAMS)),
                ]
                for month in shown
            ],
        )
        without = len({m.month for m in months}) - len(shown)
        if without:
            st.caption(t("{n} bulan tanpa santunan tidak ditulis.", n=formats.number(without)))


def _by_area(asked: Asked) -> None:
    cities = {"city": t("Kota/Kab.")} if has_cities() else {}
    level = choices.switch(
        t("Tingkat"), "tingkat_santunan",
        cities | {"kecamatan": t("Kecamatan"), "kelurahan": t("Kelurahan")}, "kecamatan",
        label_visibility="collapsed",
    )  # fmt: skip
    table = asked.table(level)
    codes = dict.fromkeys((row.code, row.name) for row in table.rows)
    rows = {(row.code, row.program): row for row in table.rows}
    # Most money first, as in the bars.
    value = {code: sum(rows[code, p].value_idr for p in PROGRAMS) for code, _ in codes}
    ordered = sorted(codes, key=lambda one: (-value[one[0]], one[1]))
    figure, numbers_ = st.columns([1.3, 1])
    with figure:
        if table.count:
            paid = sum(1 for v in value.values() if v)
            exhibit.plot(
                lambda: area_figure(table.rows, theme=theme()),
                asked.heading(
                    {"city": t("Santunan menurut kota/kabupaten"),
                     "kecamatan": t("Santunan menurut kecamatan"),
                     "kelurahan": t("Santunan menurut kelurahan")}[level], t("rupiah"), "santunan",
                ),
                "santunan_wilayah", late=True, scroll=_WINDOW if paid > _BARS else None,
                alt=t("Terbanyak di {name}: {value}.", name=ordered[0][1],
                      value=formats.rupiah_words(value[ordered[0][0]])),
            )  # fmt: skip
        else:
            st.info(t("Tidak ada santunan dengan filter ini."))
    with numbers_:
        st.dataframe(
            {
                t("Wilayah"): [name for _, name in ordered],
                "JKK": [rows[code, "JKK"].count for code, _ in ordered],
                "JKM": [rows[code, "JKM"].count for code, _ in ordered],
                t("Rupiah"): [formats.rupiah(value[code]) for code, _ in ordered],
            },
            hide_index=True,
            height="content" if len(ordered) <= _BARS else _WINDOW,
            column_config={t("Rupiah"): st.column_config.TextColumn(alignment="right")},
        )


def _expected(asked: Asked) -> None:
    facts = load_claim_facts()
    months = asked.of(queries.exposure_by_month)
    paid = {(m.month, m.program): m.count for m in asked.of(queries.by_month)}
    program = choices.switch(
        t("Program"), "program", {"JKM": "JKM", "JKK": "JKK"}, "JKM",
        label_visibility="collapsed",
    )  # fmt: skip
    given = facts.of(program)
    found = expected(program, queries.total(months), facts)
    row = next(row for row in asked.table().rows if row.program == program)
    people = [exposure.months / 12_000 for _, exposure in months]
    figure, words = st.columns([1.5, 1])
    with figure:
        low, middle, high = (
            [n * per for n in accumulate(people)] for per in (given.low, given.per_1000, given.high)
        )
        so_far = list(accumulate(paid[month, program] for month, _ in months))
        exhibit.plot(
            lambda: expected_figure(
                [month for month, _ in months], low=low, middle=middle, high=high, paid=so_far,
                program=program, theme=theme(),
            ),
            asked.heading(
                t("{program}: yang diperkirakan dan yang dibayar", program=program),
                t("kasus, dijumlahkan sampai akhir bulan"), "santunan_perkiraan",
                source=t("daftar peserta, daftar santunan, dan asumsi"),
            ),
            "santunan_perkiraan", late=True,
            table=exhibit.rows(
                [t("Bulan"), t("Perkiraan (asumsi)"), t("Rentang asumsi"), t("Dibayar")],
                [
                    [formats.month_short(month), formats.number(m, 1),
                     f"{formats.number(a, 1)}–{formats.number(b, 1)}", formats.number(n)]
                    for (month, _), a, m, b, n in zip(
                        months, low, middle, high, so_far, strict=True
                    )
                ],
            ),
            alt=t("Dibayar {n}, diperkirakan {expected} ({range}).", n=formats.number(row.count),
                  expected=formats.number(found.count, 1), range=_range(found)),
        )  # fmt: skip
    with words:
        st.badge(t("asumsi"), color="orange", icon=":material/science:")
        st.markdown(_verdict(program, row.count, found))
        _draw(
            ["", t("Diperkirakan"), t("Dibayar")],
            [
                [
                    t("Kasus"),
                    t("{n} ({range})", n=formats.number(found.count, 1), range=_range(found)),
                    formats.number(row.count),
                ],
                [
                    t("Rupiah"),
                    t("{n} ({low}–{high})", n=formats.rupiah_words(found.value_idr),
                      low=formats.rupiah_words(found.value_low_idr),
                      high=formats.rupiah_words(found.value_high_idr)),
                    formats.rupiah_words(row.value_idr),
                ],
                [
                    t("Kasus, 9 dari 10 kemungkinan"),
                    f"{formats.number(found.p5)}–{formats.number(found.p95)}",
                    "",
                ],
            ],
        )  # fmt: skip
        st.caption(
            t("{rate} ({low}–{high}) kasus per 1.000 orang per tahun. {source}. {doubt} Santunan "
              "dihitung menurut bulan bayar: kejadian terakhir mungkin belum dibayar.",
              rate=formats.number(given.per_1000, 1), low=formats.number(given.low, 1),
              high=formats.number(given.high, 1), source=given.source(), doubt=given.doubt())
        )  # fmt: skip
    if not asked.cohort:
        _expected_by_cohort(asked)


def _verdict(program: str, paid: int, found: Expected) -> str:
    """Paid against the range, in a sentence that never claims to know."""
    if paid < found.low:
        return t("**{program} yang dibayar di bawah rentang:** mungkin ada {n} kasus atau lebih "
                 "yang belum diajukan, atau belum dilaporkan ke kota. Tanyakan kepada kelurahan "
                 "siapa yang meninggal atau mengalami kecelakaan kerja.", program=program,
                 n=formats.number(max(1, int(found.low - paid))))  # fmt: skip
    if paid > found.high:
        return t("**{program} yang dibayar di atas rentang:** periksa daftar santunan, atau ubah "
                 "asumsi.", program=program)  # fmt: skip
    return t("**{program} yang dibayar di dalam rentang:** tidak ada tanda kasus yang tertinggal, "
             "dan juga bukan bukti bahwa semua sudah diajukan.", program=program)  # fmt: skip


def _expected_by_cohort(asked: Asked) -> None:
    facts, terms = load_claim_facts(), load_programme().cohorts.by_id
    paid = data.ask(asked.release, queries.by_cohort, first=asked.first, at=asked.last,
                    area=asked.area)  # fmt: skip
    together = Asked(asked.release, asked.first, asked.last, area=asked.area).exposure()
    rows, months = [], 0
    for cohort, term in terms.items():
        exposure = Asked(asked.release, asked.first, asked.last, cohort, asked.area).exposure()
        counts = [paid.get((cohort, program), (0, 0))[0] for program in PROGRAMS]
        if not exposure.months and not any(counts):
            continue
        months += exposure.months
        cells = [term.shown(), formats.number(exposure.years)]
        for program, count in zip(PROGRAMS, counts, strict=True):
            one = expected(program, exposure, facts)
            cells += [f"{formats.number(one.count, 1)} ({_range(one)})", formats.number(count)]
        rows.append(cells)
    st.markdown(f"**{t('Menurut kelompok')}**")
    _draw(
        [
            t("Kelompok"), t("Orang-tahun"), t("JKK diperkirakan (asumsi)"), t("JKK dibayar"),
            t("JKM diperkirakan (asumsi)"), t("JKM dibayar"),
        ],
        rows,
    )  # fmt: skip
    if months > together.months:
        st.caption(
            t("Yang terdaftar di dua kelompok dihitung di tiap kelompoknya; semua kelompok bersama "
              "{years} orang-tahun.", years=formats.number(together.years))
        )  # fmt: skip


def _waits(asked: Asked) -> None:
    found = asked.of(queries.waits)
    figure, words = st.columns([1.5, 1])
    with figure:
        if any(days for _, days in found):
            exhibit.plot(
                lambda: waits_figure({wait.program: days for wait, days in found}, theme=theme()),
                asked.heading(
                    t("Berapa hari dari kejadian sampai santunan dibayar"),
                    t("banyaknya santunan, per minggu"), "hari_bayar",
                ),
                "santunan_lama", late=True, table=_by_week({w.program: d for w, d in found}),
                alt=", ".join(
                    t("{program} nilai tengah {days}", program=wait.program,
                      days=_days(wait.median_days)) for wait, _ in found
                ) + ".",
            )  # fmt: skip
        else:
            st.info(t("Tidak ada santunan dengan tanggal kejadian yang dapat dipakai."))
    with words:
        _draw(
            [t("Program"), t("Dibayar"), t("Bertanggal kejadian"), t("Nilai tengah"), t("Terlama")],
            [
                [
                    wait.program,
                    formats.number(wait.paid),
                    formats.number(wait.known),
                    _days(wait.median_days),
                    _days(wait.longest_days),
                ]
                for wait, _ in found
            ],
        )
        unsound = sum(wait.unsound for wait, _ in found)
        if unsound:
            st.caption(t("{n} santunan dibayar sebelum tanggal kejadiannya; tidak dihitung di sini.",
                         n=formats.number(unsound)))  # fmt: skip
        if compared := load_claim_facts().compared_wait():
            st.caption(compared)


def _by_week(days: dict[str, Sequence[int]]) -> exhibit.Table:
    """The bars in figures: how many of each programme in each week after the event."""
    weeks = {p: Counter(n // 7 for n in days.get(p, ())) for p in PROGRAMS}
    last = max((week for counts in weeks.values() for week in counts), default=0)
    return exhibit.rows(
        [t("Hari"), *PROGRAMS],
        [
            [f"{formats.number(7 * week)}–{formats.number(7 * week + 6)}",
             *(formats.number(weeks[p][week]) for p in PROGRAMS)]
            for week in range(last + 1)
        ],
    )  # fmt: skip


def _rules(asked: Asked) -> None:
    exhibit.head(
        exhibit.Words(
            t("Yang dibayarkan BPJS Ketenagakerjaan"), t("rupiah tiap kasus"),
            t("peraturan di kolom Sumber"), "santunan", asked.release.record.as_of,
            t("berlaku pada tanggal data"),
        ),
        "santunan_aturan",
    )  # fmt: skip
    _draw(
        [t("Program"), t("Santunan"), t("Nilai"), t("Aturan"), t("Sumber")],
        [
            [
                rule.program, rule.label(),
                formats.rupiah(rule.value_idr) if rule.value_idr else t("tidak tetap"),
                rule.text(), rule.source(),
            ]
            for rule in load_claim_facts().benefits
        ],
    )  # fmt: skip


SECTIONS = {
    "bulan": _by_month,
    "wilayah": _by_area,
    "perkiraan": _expected,
    "lama": _waits,
    "aturan": _rules,
}
"""The sections by their names in the address."""


def footer(asked: Asked) -> None:
    """The check that the parts make the whole, and what small counts ask for."""
    table = asked.table("kelurahan")
    located = sum(row.count for row in table.rows if row.code is not None)
    later = data.ask(asked.release, queries.span).later
    parts = [
        t("✓ {located} di kelurahan + {unlocated} tanpa lokasi = {total} santunan.",
          located=formats.number(located), unlocated=formats.number(table.count - located),
          total=formats.number(table.count)),
    ]  # fmt: skip
    if later:
        parts.append(t("{n} bertanggal sesudah tanggal data dan tidak dihitung.",
                       n=formats.number(later)))  # fmt: skip
    if any(0 < row.count < DEFAULT_K for row in table.rows):
        parts.append(
            t("Angka di bawah {k} dapat menunjuk satu keluarga: untuk kerja kantor, jangan "
              "disebarkan per wilayah.", k=DEFAULT_K)
        )  # fmt: skip
    st.caption(" ".join(parts))


def _draw(head: list[str], rows: list[list[str]]) -> None:
    numbers.show(table_html(head, rows))
