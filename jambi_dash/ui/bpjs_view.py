"""The section BPJS & ganda of `/data`: double cover, the list of BPJS, lapses, paid months."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.membership import (
    BpjsMatch,
    DoubleCover,
    Lapses,
    load_membership_facts,
)
from jambi_dash.domain.money import load_money
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.queries.membership import (
    bpjs_match,
    double_cover,
    lapses,
    paid_person_months,
)
from jambi_dash.ui import choices, data, definitions, exhibit, frame, numbers
from jambi_dash.ui.look import table_html

_LOOK_BACK = 24


def section_title() -> str:
    """The section's name, which links use."""
    return t("BPJS & ganda")


def draw() -> None:
    """Four figures, then double cover, the list of BPJS, lapses and paid months."""
    release = frame.require_release()
    near = data.ask(release, lapses)
    if near is None:
        st.info(
            t("Rilis ini dibuat sebelum iuran ganda dan status BPJS dihitung; impor daftar peserta "
              "sekali lagi untuk melihatnya.")
        )  # fmt: skip
        return
    at = _choose_month(release)
    double = data.ask(release, double_cover, at=at)
    match = data.ask(release, bpjs_match)
    assert double is not None
    _cards(release, double, match, near)
    _double(double)
    _match(match, release.at)
    _lapses(near)
    _months(release)
    st.caption(
        t("Hanya jumlah; untuk kerja kantor, jangan disebarkan per kelurahan. Baris orangnya ada di "
          "berkas perbaikan saat impor (Orang yang sama ada di dua kelompok).")
    )  # fmt: skip


def _choose_month(release: data.OpenRelease) -> Month:
    months = [release.at.plus(-n) for n in range(_LOOK_BACK)]
    chosen = choices.pick(
        t("Bulan (iuran ganda)"), "ganda_bulan", {str(m): formats.month(m) for m in months},
        width=240,
    )  # fmt: skip
    return Month.parse_iso(chosen) or release.at


def _cards(
    release: data.OpenRelease, double: DoubleCover, match: BpjsMatch | None, near: Lapses
) -> None:
    as_of, money = release.record.as_of, load_money()
    first, second, third, fourth = st.columns(4, gap="small")
    with first, numbers.card("double"):
        with numbers.title_line(t("Dibayar di beberapa daftar")):
            definitions.button("ganda_iuran", as_of=as_of)
        numbers.show(
            numbers.large(formats.number(double.people), t("orang"))
            + numbers.small(
                t("{month}: {all} baris dibayar untuk {persons} orang",
                  month=formats.month(double.at), all=formats.number(double.enrolments),
                  persons=formats.number(double.persons))
            )
        )  # fmt: skip
    with second, numbers.card("double_idr"):
        with numbers.title_line(t("Iuran ganda {year}", year=double.at.year)):
            definitions.button("ganda_iuran", as_of=as_of)
        january = Month(double.at.year, 1)
        numbers.show(
            numbers.large(formats.rupiah_words(double.idr_of(money, january)))
            + numbers.small(
                t("{n} orang-bulan lebih dari satu iuran, menurut tarif",
                  n=formats.number(double.months_of(january)))
            )
        )  # fmt: skip
    with third, numbers.card("bpjs"):
        with numbers.title_line(t("Dibayar dan aktif di BPJS")):
            definitions.button("status_bpjs", as_of=as_of)
        numbers.show(_active_share(match))
    with fourth, numbers.card("lapse"):
        with numbers.title_line(t("Hampir gugur")):
            definitions.button("hampir_gugur", as_of=as_of)
        numbers.show(
            numbers.large(formats.number(near.near), t("orang"))
            + numbers.small(
                " · ".join(
                    t("{n} dalam {m} bulan", n=formats.number(people), m=left)
                    for left, people in near.lapsing.items()
                )
            )
        )


def _active_share(match: BpjsMatch | None) -> str:
    if match is None:
        return numbers.large(formats.MISSING) + numbers.small(t("daftar BPJS belum diimpor"))
    if match.persons is not None:
        paid = {state: match.person_count("dibayar", state) for state in
                ("aktif", "nonaktif", "tidak_ditemukan")}  # fmt: skip
    else:
        cohort = load_programme().default_cohort
        paid = match.of(lambda part: part.cohort).get(cohort, {})
    total = sum(paid.values())
    return numbers.large(
        formats.percent(paid.get("aktif", 0) / total if total else None)
    ) + numbers.small(
        t("{inactive} nonaktif, {missing} tidak ada di daftar, dari {n} yang dibayar",
          inactive=formats.number(paid.get("nonaktif", 0)),
          missing=formats.number(paid.get("tidak_ditemukan", 0)), n=formats.number(total))
    )  # fmt: skip


# Double cover


def _double(double: DoubleCover) -> None:
    month = formats.month(double.at)
    _head(t("Iuran ganda menurut kelompok, dana, dan kelurahan"), t("orang"), t("daftar peserta"),
          "ganda_iuran", double.at, month)  # fmt: skip
    facts = load_membership_facts()
    bkbk = t("Belum terlihat: BKBK provinsi juga membayar pekerja di kelurahan kota, sekitar {n} tempat. "
             "{doubt}", n=formats.number(facts.bkbk_people),
             doubt=facts.bkbk_doubt())  # fmt: skip
    if not double.people:
        st.caption(
            t("Tidak ada orang yang dibayar dua kali dalam daftar yang diimpor.") + " " + bkbk
        )
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _draw(
            [t("Pasangan kelompok"), t("Orang")],
            [
                [f"{_name(a)} + {_name(b)}", formats.number(people)]
                for (a, b), people in sorted(double.pairs().items(), key=lambda i: (-i[1], i[0]))
            ],
        )
        _draw(
            [t("Sumber dana"), t("Orang")],
            [
                [" + ".join(fund or t("tidak disebut") for fund in funds), formats.number(people)]
                for funds, people in sorted(double.fund_sets().items(), key=lambda i: (-i[1], i[0]))
            ],
        )
    with right:
        _draw_places(
            [t("Orang dibayar ganda")],
            {code: [people] for code, people in double.by_kelurahan().items()},
        )
    january = Month(double.at.year, 1)
    st.caption(
        t("✓ {all} baris − {persons} orang = {excess} iuran lebih dari satu. {funds} orang dibayar dari "
          "lebih dari satu dana; {places} orang tercatat di kelurahan berbeda. Sepanjang {year}: "
          "{months} orang-bulan, {idr}; seluruhnya {all_months} orang-bulan, {all_idr}.",
          all=formats.number(double.enrolments), persons=formats.number(double.persons),
          excess=formats.number(double.excess), funds=formats.number(double.several_funds),
          places=formats.number(double.places_differ), year=double.at.year,
          months=formats.number(double.months_of(january)),
          idr=formats.rupiah(double.idr_of(load_money(), january)),
          all_months=formats.number(double.months_of()),
          all_idr=formats.rupiah(double.idr_of(load_money())))
        + " " + bkbk
    )  # fmt: skip


# The list of BPJS


def _match(match: BpjsMatch | None, at: Month) -> None:
    _head(t("Status menurut BPJS Ketenagakerjaan"), t("orang"),
          t("daftar BPJS dan daftar peserta"), "status_bpjs", at, formats.month(at))  # fmt: skip
    if match is None:
        st.write(
            t("Mintalah dari kantor cabang BPJS Ketenagakerjaan daftar dua kolom: NIK dan status "
              "(aktif atau nonaktif), boleh dengan bulan. Kirim lewat bagian Masukkan data; "
              "daftarnya dicocokkan lewat kode acak dari NIK, dan nomor peserta tidak disimpan.")
        )  # fmt: skip
        return
    if match.last < at:
        st.warning(
            t("Daftar BPJS terakhir bulan {month}, lebih lama daripada data peserta.",
              month=formats.month(match.last)),
            icon=":material/history:",
        )  # fmt: skip
    head = [t("Dibayar, aktif"), t("Dibayar, nonaktif"), t("Dibayar, tidak ada di daftar BPJS"),
            t("Aktif")]  # fmt: skip
    _draw(
        [t("Kelompok"), *head],
        [[_name(cohort), *_states(counts)] for cohort, counts in
         sorted(match.of(lambda part: part.cohort).items())],
    )  # fmt: skip
    if match.persons is not None:
        told = (
            (t("aktif di BPJS, di daftar kota masih menunggu"),
             match.person_count("menunggu", "aktif")),
            (t("aktif di BPJS, iuran kotanya sudah berakhir"),
             match.person_count("berakhir", "aktif")),
            (t("aktif di BPJS, tidak ada di daftar kota mana pun"),
             match.person_count("tidak_terdaftar", "aktif")),
        )  # fmt: skip
        outside = [[words, formats.number(people)] for words, people in told]
        _draw([t("Aktif tetapi tidak dibayar"), t("Orang")], outside)
    with st.expander(t("Per kelurahan"), icon=":material/location_city:"):
        by_place = match.of(lambda part: part.kelurahan_code)
        worst = sorted(
            by_place.items(),
            key=lambda i: (-(i[1]["nonaktif"] + i[1]["tidak_ditemukan"]), i[0] or "~"),
        )
        _draw([t("Kelurahan"), *head], [[_place(code), *_states(c)] for code, c in worst])
    january = Month(at.year, 1)
    st.caption(
        t("Daftar BPJS: {n} orang, {first}–{last}. Sepanjang {year} dibayar {months} orang-bulan "
          "({idr} menurut tarif) untuk bulan yang menurut BPJS nonaktif.",
          n=formats.number(match.listed), first=formats.month_short(match.first),
          last=formats.month_short(match.last), year=at.year,
          months=formats.number(match.idle_months(january)),
          idr=formats.rupiah(match.idle_idr(load_money(), january)))
        if match.persons is not None else
        t("Sepanjang {year} dibayar {months} orang-bulan untuk bulan yang menurut BPJS nonaktif.",
          year=at.year, months=formats.number(match.idle_months(january)))
    )  # fmt: skip


def _states(counts: Mapping[str, int]) -> list[str]:
    total = sum(counts.values())
    return [
        formats.number(counts["aktif"]), formats.number(counts["nonaktif"]),
        formats.number(counts["tidak_ditemukan"]),
        formats.percent(counts["aktif"] / total if total else None),
    ]  # fmt: skip


# Lapses and paid months


def _lapses(near: Lapses) -> None:
    _head(t("Siapa yang segera berakhir keanggotaannya"), t("orang"), t("daftar peserta"),
          "hampir_gugur", near.at, formats.month(near.at))  # fmt: skip
    facts = load_membership_facts()
    lefts = list(near.lapsing)
    head = [t("Berakhir dalam {n} bulan", n=left) for left in lefts]
    left_side, right_side = st.columns(2, gap="medium")
    with left_side:
        by_cohort = near.near_by(lambda part: part.cohort)
        _draw(
            [t("Kelompok"), *head],
            [
                *([_name(cohort), *(formats.number(counts[n]) for n in lefts)]
                  for cohort, counts in by_cohort.items()),
                [t("Semua orang"), *(formats.number(near.lapsing[n]) for n in lefts)],
            ],
        )  # fmt: skip
        st.caption(
            t("Bulan terakhir dibayar adalah bulan ini untuk {now} orang; {ended} orang sudah berakhir. "
              "Tunggakan boleh dibayar sampai {grace} bulan; lebih dari itu keanggotaan berakhir. "
              "Sumber: {source}. {doubt}",
              now=formats.number(near.last_paid_now), ended=formats.number(near.ended),
              grace=near.grace, source=facts.grace_source(), doubt=facts.grace_doubt())
        )  # fmt: skip
    with right_side:
        by_place = near.near_by(lambda part: part.kelurahan_code)
        if by_place:
            _draw_places(head, {code: list(counts.values()) for code, counts in by_place.items()})


def _months(release: data.OpenRelease) -> None:
    _head(t("Orang-bulan dibayar tiap kelompok"), t("orang-bulan dan rupiah"), t("daftar peserta"),
          "bulan_orang", release.at, t("sampai {month}", month=formats.month(release.at)))  # fmt: skip
    found = data.ask(release, paid_person_months)
    if not found:
        st.caption(t("Belum ada bulan iuran dalam daftar peserta."))
        return
    year = release.at.year
    rows = [
        [_name(p.cohort), formats.number(p.year_months), formats.rupiah(p.year_idr),
         formats.number(p.all_months), formats.rupiah(p.all_idr)]
        for p in found
    ]  # fmt: skip
    rows.append(
        [t("Semua kelompok"), formats.number(sum(p.year_months for p in found)),
         formats.rupiah(sum(p.year_idr for p in found)),
         formats.number(sum(p.all_months for p in found)),
         formats.rupiah(sum(p.all_idr for p in found))]
    )  # fmt: skip
    _draw(
        [t("Kelompok"), t("Orang-bulan {year}", year=year), t("Menurut tarif {year}", year=year),
         t("Orang-bulan seluruhnya"), t("Menurut tarif")],
        rows,
    )  # fmt: skip


def _head(title: str, unit: str, source: str, indicator: str, at: Month, when: str) -> None:
    exhibit.head(
        exhibit.Words(title, unit, source, indicator, at.last_day(), when), f"bpjs_{indicator}"
    )


_SHOWN = 12


def _draw_places(head: list[str], counts: Mapping[str | None, list[int]]) -> None:
    """The places with the most people, and the sum of the others."""
    ordered = sorted(counts.items(), key=lambda i: (-sum(i[1]), i[0] or "~"))
    others = [row for _, row in ordered[_SHOWN:]]
    rows = [[_place(code), *map(formats.number, row)] for code, row in ordered[:_SHOWN]]
    if others:
        rows.append(
            [
                t("{n} kelurahan lain", n=formats.number(len(others))),
                *(formats.number(sum(column)) for column in zip(*others, strict=True)),
            ]
        )
    _draw([t("Kelurahan"), *head], rows)


def _name(cohort: str) -> str:
    term = load_programme().cohorts.by_id.get(cohort)
    return term.shown() if term else cohort


def _place(code: str | None) -> str:
    return load_areas().name_of(code) if code else t("Tanpa kelurahan")


def _draw(head: list[str], rows: list[list[str]]) -> None:
    numbers.show(table_html(head, rows))
