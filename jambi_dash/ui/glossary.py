"""The parts of /definisi: indicators, denominators, disagreeing rates, words, rules, sources."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape

import streamlit as st

from jambi_dash.charts.small_map import swatch
from jambi_dash.domain import formats
from jambi_dash.domain.areas import WHOLE, load_areas
from jambi_dash.domain.coverage import HIDDEN, NO_DATA, NUMBER, ZERO
from jambi_dash.domain.denominators import Denominator, load_ledger
from jambi_dash.domain.indicators import Indicator, load_indicators
from jambi_dash.domain.language import current_language, t
from jambi_dash.domain.money import load_money
from jambi_dash.domain.programme import Term, load_programme
from jambi_dash.domain.rules import PESERTA_REJECTIONS, PESERTA_WARNINGS, rule_text, table_label
from jambi_dash.palette import rate_scale
from jambi_dash.ui import data, frame, numbers
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import table_html

_OTHER_RULES = (
    "rt_tidak_sah", "program_tidak_dikenal", "nilai_tidak_sah", "tanggal_mendatang",
    "angka_tidak_sah", "tahap_mundur", "status_tidak_dikenal", "status_beda",
)  # fmt: skip

_SEARCHING = "definisi_bagian_dicari"


def titles() -> dict[str, str]:
    """The sections: what stands in the address, and the title."""
    reported = {"berbeda": t("Angka yang berbeda")} if load_ledger().reported else {}
    return {
        "indikator": t("Indikator"),
        "penyebut": t("Penyebut dan target"),
        **reported,
        "istilah": t("Kelompok, tahap, keadaan"),
        "aturan": t("Aturan impor"),
        "sumber": t("Sumber dan peta"),
    }


def choose_section(*, searching: bool = False) -> str:
    """The chosen section (`bagian` in the address).

    While words are searched for no section is marked, for the results are of all; choosing one
    leaves the search. Not bound: a bound widget writes its label, so that a link would hold in one
    language only.
    """
    sections = titles()
    asked = st.query_params.get("bagian", "")
    first = next(iter(sections))
    if searching:
        st.segmented_control(
            t("Pilih bagian"), list(sections), key=_SEARCHING, on_change=_leave_search,
            format_func=lambda name: sections[name],
        )  # fmt: skip
        return asked if asked in sections else first
    section = str(
        st.segmented_control(
            t("Pilih bagian"), list(sections), default=asked if asked in sections else first,
            required=True, key="definisi_bagian", format_func=lambda name: sections[name],
        )
    )  # fmt: skip
    if section == first:
        st.query_params.pop("bagian", None)
    else:
        st.query_params["bagian"] = section
        st.query_params.pop("istilah", None)
    return section


def _leave_search() -> None:
    st.query_params["bagian"] = str(st.session_state[_SEARCHING])
    st.session_state["cari"] = ""


def draw(section: str, release: data.OpenRelease | None) -> None:
    """One section."""
    drawings: dict[str, Callable[[data.OpenRelease | None], None]] = {
        "indikator": _indicators,
        "penyebut": _denominators,
        "berbeda": _reported,
        "istilah": _words,
        "aturan": _rules,
        "sumber": _sources,
    }
    st.subheader(titles()[section], anchor=section)
    drawings[section](release)


def search(text: str, release: data.OpenRelease | None) -> None:
    """Indicators, denominators, rates and rules that hold all the words of `text`."""
    words = text.casefold().split()

    def hit(haystack: str) -> bool:
        return all(word in haystack.casefold() for word in words)

    indicators = [i for i in load_indicators().indicators if hit(i.words())]
    entries = [d for d in load_ledger().denominators if hit(_denominator_words(d))]
    reported = [
        r for r in load_ledger().reported
        if hit(" ".join((*r.labels, *r.shown_texts, *r.of_texts, *r.sources, *r.doubts)))
    ]  # fmt: skip
    words_of = {
        title: tuple(x for x in terms if hit(" ".join((x.id, x.shown(), *x.synonyms))))
        for title, terms in _vocabulary().items()
    }
    rules = [r for r in _all_rules() if hit(f"{r} {rule_text(r).found} {rule_text(r).mend}")]
    named = sum(len(terms) for terms in words_of.values())
    found = len(indicators) + len(entries) + len(reported) + named + len(rules)
    st.subheader(t("Hasil pencarian"), anchor=False)
    st.caption(
        t("{n} hasil untuk “{text}”", n=formats.number(found), text=literal(text))
        + ("" if found else ". " + t("Coba kata lain atau lebih sedikit kata, atau pilih satu bagian."))
    )  # fmt: skip
    sections = titles()
    if indicators:
        _heading(sections["indikator"])
        with st.container(gap="xsmall"):
            for indicator in indicators:
                _indicator(indicator, release, opened=found <= 2)
    if entries:
        _heading(sections["penyebut"])
        with st.container(gap="xsmall"):
            for entry in entries:
                _denominator(entry, release)
    if reported:
        _heading(sections["berbeda"])
        _reported_table([r.id for r in reported])
    for title, terms in words_of.items():
        if terms:
            _heading(title)
            numbers.show(_terms(terms))
    if rules:
        _heading(sections["aturan"])
        _rule_table(rules)


def _heading(title: str) -> None:
    numbers.show(f"<h3>{escape(title)}</h3>")


def _vocabulary() -> dict[str, tuple[Term, ...]]:
    programme = load_programme()
    return {
        t("Kelompok"): programme.cohorts.terms,
        t("Tahap pekerja"): programme.worker_stages.terms,
        t("Tahap RT di Kampung Bahagia"): programme.rt_stages.terms,
    }


def _pairs(pairs: list[tuple[str, str]]) -> str:
    """A list of terms; texts are escaped here."""
    return (
        "<dl>"
        + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in pairs)
        + "</dl>"
    )


def _indicators(release: data.OpenRelease | None) -> None:
    asked = st.query_params.get("istilah", "")
    indicators = load_indicators().indicators
    for indicator in indicators:
        if indicator.id == asked:
            _indicator(indicator, release, opened=True)
    groups = {
        "orang": t("Orang"), "rt": t("RT dan Kampung Bahagia"), "uang": t("Uang dan santunan"),
        "rencana": t("Simulasi dan rencana"), "data": t("Data dan mutu"),
    }  # fmt: skip
    for group, title in groups.items():
        numbers.show(f"<h3>{escape(title)}</h3>")
        with st.container(gap="xsmall"):
            for indicator in indicators:
                if indicator.group == group and indicator.id != asked:
                    _indicator(indicator, release, opened=False)


def _indicator(indicator: Indicator, release: data.OpenRelease | None, *, opened: bool) -> None:
    with st.expander(f"**{indicator.label()}** — {indicator.short()}", expanded=opened):
        pairs = [
            (t("Rumus"), indicator.formula()),
            (t("Pembilang"), indicator.numerator()),
            (t("Penyebut"), indicator.denominator()),
            (t("Sumber"), indicator.source()),
            (t("Keraguan"), indicator.doubt()),
        ]
        if release is not None:
            pairs.insert(4, (t("Tanggal data"), formats.day(release.record.as_of)))
        if indicator.id == "iuran":
            pairs += _money(release)
        numbers.show(_pairs(pairs))
        if indicator.id == "rt_bergabung":
            numbers.show(
                numbers.small(t("Tahap menurut urutannya ada di “Kelompok, tahap, keadaan”."))
            )


def _money(release: data.OpenRelease | None) -> list[tuple[str, str]]:
    money = load_money()
    tariff = money.tariff_at(release.at) if release else money.tariffs[-1]
    lines = [
        (
            t("Tarif"),
            t("{total} per orang per bulan = JKK {jkk} + JKM {jkm}, sejak {date}. {source}. {doubt}",
              total=formats.rupiah(tariff.total_idr), jkk=formats.rupiah(tariff.jkk_idr),
              jkm=formats.rupiah(tariff.jkm_idr), date=formats.day(tariff.valid_from),
              source=tariff.source(), doubt=tariff.doubt()),
        )
    ]  # fmt: skip
    lines += [
        (
            t("Pagu {year}", year=budget.year),
            f"{formats.rupiah(budget.value_idr)}. {budget.source()}. {budget.doubt()}",
        )
        for budget in money.budgets
    ]
    return lines


def _value_of(entry: Denominator, release: data.OpenRelease | None) -> str:
    """The figure of an entry; those that the register gives need a release."""
    if entry.value is not None:
        return formats.number(entry.value)
    if release is None:
        return formats.MISSING
    return formats.number(data.coverage(release, by=WHOLE, denominator=entry.id).denominator.value)


def _used_for(entry: Denominator) -> str:
    terms = load_programme().cohorts.by_id
    targets = [
        t("target {who} {year}", who=terms[x.cohort].in_sentence(), year=x.year or "").strip()
        for x in load_indicators().targets
        if x.denominator_id == entry.id
    ]
    rates = [t("cakupan {who}", who=terms[c].in_sentence()) for c in entry.default_for]
    return ", ".join(dict.fromkeys([*rates, *targets])) or t("pembanding, dapat dipilih di peta")


def _denominator_words(entry: Denominator) -> str:
    return " ".join(
        (entry.id, entry.label(), entry.source(), entry.doubt(), str(entry.value or ""))
    )


def _denominators(release: data.OpenRelease | None) -> None:
    st.write(
        t("Cakupan selalu bagian dari sesuatu. Setiap angka yang dapat menjadi pembagi dicatat di sini "
          "dengan sumber, tanggal, dan keraguannya; halaman lain hanya menunjuk ke sini.")
    )  # fmt: skip
    entries = load_ledger().denominators
    numbers.show(
        table_html(
            [t("Penyebut"), t("Nilai"), t("Dipakai untuk"), t("Tanggal")],
            [
                [e.label(), _value_of(e, release), _used_for(e), _date_of(e, release)]
                for e in entries
            ],
        )
    )
    for entry in entries:
        _denominator(entry, release)


def _date_of(entry: Denominator, release: data.OpenRelease | None) -> str:
    return formats.day(entry.date or (release.record.as_of if release else None))


def _denominator(entry: Denominator, release: data.OpenRelease | None) -> None:
    value = _value_of(entry, release)
    said = t("belum ada data") if value == formats.MISSING else value
    with st.expander(f"**{entry.label()}** — {said}"):
        how = {
            "rt_estimate": t("Jumlah perkiraan semua RT; RT tanpa perkiraan mendapat bagian dari "
                             "angka kota menurut jumlah KK dan ditandai."),
            "rt_count": t("Banyaknya RT dalam daftar."),
            "city": t("Satu angka untuk kota; wilayah mendapat bagian menurut jumlah KK (sisa "
                      "terbesar) dan ditandai “perkiraan dibagi”.")
            if entry.share_by else t("Satu angka untuk kota; wilayah tidak punya angka sendiri."),
        }[entry.kind]  # fmt: skip
        numbers.show(
            _pairs(
                [
                    (t("Nilai"), said),
                    (t("Cara"), how),
                    (t("Dipakai untuk"), _used_for(entry)),
                    (t("Sumber"), entry.source()),
                    (t("Tanggal"), _date_of(entry, release)),
                    (t("Keraguan"), entry.doubt()),
                    *([(t("Kode, untuk petugas data"), entry.id)] if data.may("data") else []),
                ]
            )
        )


def _reported(_release: data.OpenRelease | None) -> None:
    st.write(
        t("Media menyebut cakupan Kota Jambi dengan angka yang tampak bertentangan. Semuanya dapat "
          "sekaligus benar, karena bulan dan penyebutnya berbeda. Angka-angka ini ditunjukkan, tidak "
          "pernah dipakai menghitung.")
    )  # fmt: skip
    ledger = load_ledger()
    reported = ledger.reported
    potential = ledger.get(ledger.potential_workers).value or 1
    vulnerable = ledger.get(ledger.everybody).value or 0
    english = current_language() == "en"
    for column, rate in zip(st.columns(len(reported), gap="small"), reported, strict=True):
        with column, numbers.card(f"reported_{rate.id}"):
            numbers.show(
                f'<div class="rk-small">{escape(rate.labels[english])}</div>'
                + numbers.large(rate.shown_texts[english])
                + f'<div class="rk-small">{escape(t("dari {of}", of=rate.of_texts[english]))}</div>'
                + f'<p class="rk-note">{escape(rate.doubts[english])}</p>'
                + numbers.small(rate.sources[english])
            )
    numbers.show(
        "<h3>" + escape(t("Mengapa semuanya dapat benar")) + "</h3>"
        + "<ul>"
        + "".join(
            f"<li>{escape(text)}</li>"
            for text in (
                t("Bulannya lain: peserta yang iurannya dibayar pemerintah naik dan turun mengikuti "
                  "pencairan setahun atau setengah tahun."),
                t("Penyebutnya lain: pekerja potensial ({potential}) bukan penduduk dan bukan pekerja "
                  "rentan ({vulnerable}).", potential=formats.number(potential),
                  vulnerable=formats.number(vulnerable)),
                t("Karena itu cakupan pekerja rentan di Ringkasan tidak boleh disandingkan langsung "
                  "dengan UCJ: 1.000 peserta baru menaikkan UCJ hanya {points} poin.",
                  points=formats.number(100_000 / potential, 2)),
            )
        )
        + "</ul>"
    )  # fmt: skip


def _reported_table(ids: list[str]) -> None:
    english = current_language() == "en"
    numbers.show(
        table_html(
            [t("Angka yang diumumkan"), t("Nilai"), t("Dari"), t("Sumber"), t("Keraguan")],
            [
                [r.labels[english], r.shown_texts[english], r.of_texts[english],
                 r.sources[english], r.doubts[english]]
                for r in load_ledger().reported if r.id in ids
            ],
        )
    )  # fmt: skip


def _words(_release: data.OpenRelease | None) -> None:
    programme = load_programme()
    cohorts, worker_stages, rt_stages = _vocabulary()
    left, right = st.columns(2, gap="medium")
    with left:
        numbers.show("<h3>" + escape(cohorts) + "</h3>" + _terms(programme.cohorts.terms))
        numbers.show(
            "<h3>" + escape(worker_stages) + "</h3>"
            + _terms(programme.worker_stages.terms)
            + numbers.small(t("Hanya tahap aktif yang dihitung terlindungi."))
        )  # fmt: skip
    with right:
        numbers.show(
            "<h3>" + escape(rt_stages) + "</h3>"
            + _terms(programme.rt_stages.terms)
            + numbers.small(t("Bergabung berarti musyawarah atau sesudahnya. Yang dikecualikan tidak "
                              "masuk penyebut."))
        )  # fmt: skip
        numbers.draw("<h3>" + escape(t("Empat keadaan wilayah")) + "</h3>" + _states())


def _terms(terms: tuple[Term, ...]) -> str:
    def mark(term: Term) -> str:
        if term.side_exit:
            return t("di luar urutan")
        return t("bergabung") if term.joined else ""

    return "<ol>" + "".join(
        f"<li><b>{escape(term.shown())}</b>"
        + (f' <span class="rk-small">{escape(mark(term))}</span>' if mark(term) else "")
        + (f'<div class="rk-small">{escape(t("dikenali juga: {words}", words=", ".join(term.synonyms[:5])))}</div>'
           if term.synonyms else "")
        + "</li>"
        for term in terms
    ) + "</ol>"  # fmt: skip


def _states() -> str:
    meanings = {
        NUMBER: t("Ada peserta: warnanya menurut cakupan; di atas 100% bergaris tepi terang."),
        ZERO: t("Daftar ada, tetapi belum seorang pun terlindungi."),
        NO_DATA: t("Tidak ada daftar untuk wilayah ini: bukan nol."),
        HIDDEN: t(
            "Angka kecil disembunyikan dari umum, beserta angka lain yang dapat mengungkapnya."
        ),
    }
    names = {
        NUMBER: t("angka"), ZERO: t("nol"), NO_DATA: t("tidak ada data"),
        HIDDEN: t("disembunyikan"),
    }  # fmt: skip
    keys = {NUMBER: "r4", ZERO: "zero", NO_DATA: "no_data", HIDDEN: "hidden"}
    light = {c.key: c for c in rate_scale("light")}
    dark = {c.key: c for c in rate_scale("dark")}
    return (
        "<dl>"
        + "".join(
            f"<dt>{swatch(light[keys[state]], dark[keys[state]])} {escape(names[state])}</dt>"
            f"<dd>{escape(meaning)}</dd>"
            for state, meaning in meanings.items()
        )
        + "</dl>"
    )


def _all_rules() -> list[str]:
    return [*PESERTA_REJECTIONS, *PESERTA_WARNINGS, *_OTHER_RULES]


def _rules(_release: data.OpenRelease | None) -> None:
    st.write(
        t("Baris yang dibaca = baris diterima + baris ditolak, selalu. Baris kosong dan baris "
          "jumlah dilewati. Baris dengan catatan tetap diterima.")
    )  # fmt: skip
    groups = (
        (t("Peserta: ditolak (satu alasan, yang pertama berlaku)"), list(PESERTA_REJECTIONS)),
        (t("Peserta: diterima dengan catatan"), list(PESERTA_WARNINGS)),
        (t("Daftar RT, Kampung Bahagia, santunan, dan status BPJS"), list(_OTHER_RULES)),
    )
    for title, rules in groups:
        numbers.show(f"<h3>{escape(title)}</h3>")
        _rule_table(rules)


def _rule_table(rules: list[str]) -> None:
    head = [t("Yang ditemukan"), t("Cara memperbaiki")]
    rows = [[rule_text(r).found, rule_text(r).mend] for r in rules]
    if data.may("data"):  # what stands in the file of rejected rows and in the answers to programs
        head = [*head, t("Kode, untuk petugas data")]
        rows = [[*row, rule] for row, rule in zip(rows, rules, strict=True)]
    numbers.show(table_html(head, rows))


def _sources(release: data.OpenRelease | None) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        numbers.show("<h3>" + escape(t("Data rilis ini")) + "</h3>")
        if release is None and data.may("data"):
            st.page_link(frame.page_path("data"), label=t("Belum ada data: masukkan berkas pertama"),
                         icon=":material/upload_file:")  # fmt: skip
        elif release is None:
            numbers.show(
                numbers.small(t("Petugas data belum memasukkan daftar; kembalilah nanti."))
            )
        elif data.may("data"):
            _release_sources(release)
        else:
            numbers.show(numbers.small(
                t("Data per {date}. Nama berkasnya hanya ditampilkan untuk petugas data.",
                  date=formats.day(release.record.as_of))
            ))  # fmt: skip
        numbers.show("<h3>" + escape(t("Angka dari luar")) + "</h3>" + _outside_sources())
    with right:
        numbers.show(
            "<h3>" + escape(t("Peta")) + "</h3><ul>"
            + "".join(f"<li>{escape(text)}</li>" for text in (
                t("Kartogram segi enam adalah skema: satu segi enam sama besar untuk tiap "
                  "kelurahan; letaknya mengikuti kelurahan tetangganya, bukan jarak dan luas "
                  "sebenarnya."),
                t("Letak RT selalu skematik: kelurahan diisi sel sebanyak RT-nya menurut nomor, "
                  "karena batas RT tidak diterbitkan."),
                t("Batas resmi kelurahan (BIG) dipasang di halaman Data & Mutu; sesudah itu "
                  "kartogram menjadi tampilan kedua."),
                t("Wilayah memakai kode Kemendagri: {a} kecamatan dan {b} kelurahan, termasuk yang "
                  "dibentuk pada 2023.", a=formats.number(len(load_areas().kecamatan)),
                  b=formats.number(len(load_areas().kelurahan))),
            ))
            + "</ul><h3>" + escape(t("Yang tidak disimpan")) + "</h3><ul>"
            + "".join(f"<li>{escape(text)}</li>" for text in (
                t("Nama, NIK, alamat, dan nomor telepon tidak masuk ke rilis; tiap orang hanya "
                  "kode acak."),
                t("Tanggal lahir menjadi tahun lahir."),
                t("Angka per RT tidak pernah untuk umum."),
            ))
            + "</ul>"
        )  # fmt: skip
        if data.may("data"):
            numbers.show(
                "<h3>" + escape(t("Aturan kota: nama berkas, untuk petugas data")) + "</h3>"
                + _pairs(_rule_files())
                + '<p class="rk-note">'
                + escape(t("Angka dan kata dalam aturan ini dapat diubah kota tanpa mengubah program; "
                           "caranya ada di buku petunjuk."))
                + "</p>"
            )  # fmt: skip


def _rule_files() -> list[tuple[str, str]]:
    """What pages call the city's rules on something, and the file that an office changes."""
    return [
        (t("Tarif dan pagu"), "money.toml"),
        (t("Perluasan"), "expansion.toml"),
        (t("Santunan"), "claims.toml"),
        (t("Kampung Bahagia"), "rollout.toml"),
        (t("Kelompok dan tahap"), "programme.toml"),
        (t("Hal yang perlu perhatian"), "attention.toml"),
        (t("Penyebut dan target"), "denominators.toml"),
        (t("Keanggotaan"), "membership.toml"),
        (t("Angka kecil"), "disclosure.toml"),
        (t("Arti angka"), "indicators.toml"),
    ]


def _release_sources(release: data.OpenRelease) -> None:
    sheets = data.frame(release, "sources")
    numbers.show(
        table_html(
            [t("Daftar"), t("Berkas"), t("Diterima"), t("Ditolak")],
            [
                [table_label(s["table_name"]), f"{s['file']} › {s['sheet']}",
                 formats.number(s["rows_accepted"]), formats.number(s["rows_rejected"])]
                for s in sheets.to_dict("records")
            ],
        )
        + numbers.small(
            t("Rilis {release}, data per {date}, terbit {created}.", release=release.record.release,
              date=formats.day(release.record.as_of), created=_moment(release.record.created))
        )
    )  # fmt: skip


def _moment(created: str) -> str:
    moment = datetime.fromisoformat(created)
    return t("{when} WIB", when=f"{formats.day(moment)} {formats.clock(moment)}")


def _outside_sources() -> str:
    money, ledger = load_money(), load_ledger()
    english = current_language() == "en"
    named = [
        *((e.label(), e.source()) for e in ledger.denominators if e.value is not None),
        *((r.labels[english], r.sources[english]) for r in ledger.reported),
        *((t("Tarif sejak {date}", date=formats.day(x.valid_from)), x.source()) for x in money.tariffs),
        *((t("Pagu {year}", year=b.year), b.source()) for b in money.budgets),
    ]  # fmt: skip
    return _pairs(named)
