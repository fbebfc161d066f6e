"""The first section of `/data`: drop files, see what will happen, publish or walk away."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from jambi_dash.demo.fill import fill_with_demo
from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme, plain
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rules import rule_text
from jambi_dash.intake.checks import ORDER, Prepared
from jambi_dash.intake.columns import TABLE_BY_NAME, TABLES, Table
from jambi_dash.intake.examples import Example
from jambi_dash.intake.headers import Mapping
from jambi_dash.intake.mend_list import write_mend_list
from jambi_dash.intake.outlook import Outlook, Side
from jambi_dash.releases.store import now_wib
from jambi_dash.ui import data, frame, hand_over
from jambi_dash.ui.drop_zone import drop_files
from jambi_dash.ui.intake_desk import ACCEPTED, Desk, desk, store
from jambi_dash.ui.literal import literal
from jambi_dash.ui.tables import Row, draw_table

_LEAVE = ""


def draw() -> None:
    """The section in its present stage."""
    on_desk = desk()
    if on_desk.waiting:
        _run_check(on_desk)
    if on_desk.published is not None:
        _draw_published(on_desk)
    elif on_desk.prepared is not None:
        _draw_checked(on_desk, on_desk.prepared)
    else:
        if on_desk.refused:
            _draw_refused(on_desk)
        _draw_drop_zone(on_desk)


# Stage 1: nothing here yet


def _draw_drop_zone(on_desk: Desk) -> None:
    is_empty = store().current_id() is None
    if is_empty and not on_desk.refused:
        st.markdown(
            t("Belum ada data. Masukkan daftar yang sudah ada di kantor, apa adanya: **daftar "
              "peserta**, **daftar RT**, catatan **Kampung Bahagia**, dan **santunan**.")
            + "  \n"
            + t("Setiap lembar dikenali dari judul kolomnya. Tidak ada yang terbit sebelum Anda "
                "melihat hasil pemeriksaannya.")
        )  # fmt: skip
    left, right = st.columns([3, 1], gap="medium")
    with left:
        uploads = drop_files(
            t("Berkas dari kelurahan dan dinas; boleh beberapa sekaligus"),
            ACCEPTED, key=f"intake files {on_desk.round}",
        )  # fmt: skip
    with right:
        as_of = st.date_input(
            t("Tanggal data"), value=on_desk.as_of or now_wib().date(), format="DD/MM/YYYY",
            key=f"intake as of {on_desk.round}",
            help=t("Keadaan per tanggal berapa daftar ini? Umur dan bulan iuran dihitung dari sini."),
        )  # fmt: skip
        if st.button(t("Periksa"), type="primary", width="stretch", disabled=not uploads,
                     icon=":material/fact_check:"):  # fmt: skip
            try:
                on_desk.receive(store(), uploads, as_of)
            except Refusal as refusal:
                on_desk.refused = str(refusal)
            st.rerun()
        st.caption(t("Hanya memeriksa; belum ada yang terbit.") + _current_date())
    with st.expander(t("Apa saja yang dapat dikirim?"), icon=":material/help:"):
        _draw_what_to_send()
    if is_empty:
        _draw_demo_offer()


def _current_date() -> str:
    try:
        release = data.current_release()
    except Refusal:
        return ""
    if release is None:
        return ""
    return " " + t("Rilis yang berlaku: data per {date}.", date=formats.day(release.record.as_of))


def _draw_what_to_send() -> None:
    draw_table(
        [
            {
                t("Tabel"): _label(table),
                t("Kolom wajib"): literal(", ".join(table.needed)),
                t("Kolom lain yang dibaca"): literal(
                    ", ".join(name for name in table.kinds if name not in table.needed)
                ),
            }
            for table in sorted(TABLES, key=lambda table: ORDER.index(table.name))
        ]
    )
    st.caption(
        t("Baris judul di atas tabel, sel gabungan, dan ejaan kolom yang berbeda-beda tidak apa-apa. "
          "Lembar tersembunyi dilewati. Tabel yang tidak dikirim tetap memakai rilis sebelumnya.")
    )  # fmt: skip


def _draw_demo_offer() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("Isi dengan kota contoh"), icon=":material/science:"):
            with st.spinner(t("Menyusun kota contoh …")):
                fill_with_demo(store())
            st.rerun()
        st.caption(t("Data rekaan untuk melihat-lihat; setiap halaman menandainya sebagai contoh."))


def _run_check(on_desk: Desk) -> None:
    with st.status(t("Memeriksa berkas …"), expanded=True):
        bar = st.progress(0.0)
        on_desk.check(store(), lambda doing, share: _show_progress(bar, doing, share))
    st.rerun()


def _show_progress(bar: st.delta_generator.DeltaGenerator, doing: str, share: float) -> None:
    bar.progress(min(share, 1.0), text=literal(doing))


def _draw_refused(on_desk: Desk) -> None:
    st.error(literal(on_desk.refused), icon=":material/error:")
    if store().current_id() is not None:
        st.caption(t("Tidak ada yang berubah; rilis yang berlaku tetap sama."))
    if not on_desk.paths:
        return
    chosen: dict[str, dict[str, str]] = {}
    for near in on_desk.unmatched:
        st.markdown(
            t("**{where}** mirip tabel {table}. Tunjukkan kolom mana yang berisi {missing}:",
              where=literal(near.where), table=_label(near.table),
              missing=", ".join(near.missing))
        )  # fmt: skip
        chosen |= _choose_columns(near.table, near.headers, near.missing, on_desk.mapping)
    with st.container(horizontal=True):
        if st.button(t("Periksa ulang"), icon=":material/refresh:", type="primary"):
            on_desk.check_again(mapping=_merged(on_desk.mapping, chosen))
            st.rerun()
        if st.button(t("Buang berkas ini"), icon=":material/delete:"):
            on_desk.clear()
            st.rerun()


# Stage 2: checked


def _draw_checked(on_desk: Desk, prepared: Prepared) -> None:
    assert on_desk.looked is not None
    report = prepared.report
    st.subheader(t("Hasil pemeriksaan"), anchor=False)
    read, accepted, rejected, skipped = (
        sum(getattr(sheet, name) for sheet in report.sheets)
        for name in ("rows_read", "rows_accepted", "rows_rejected", "rows_skipped")
    )
    warned = sum(sum(sheet.warnings.values()) for sheet in report.sheets)
    figures = (
        (t("Baris dibaca"), read, None),
        (t("Diterima"), accepted, t("Termasuk baris yang diterima dengan catatan.")),
        (t("Ditolak"), rejected, t("Dibaca = diterima + ditolak.")),
        (t("Catatan"), warned, t("Satu baris dapat memuat beberapa catatan.")),
        (t("Dilewati"), skipped, t("Baris kosong dan baris jumlah.")),
    )
    for column, (label, value, help_text) in zip(st.columns(5), figures, strict=True):
        column.metric(label, formats.number(value), help=help_text)
    _draw_date_doubt(on_desk)
    _draw_decision(on_desk, prepared, rejected + warned)
    st.subheader(t("Yang akan berubah"), anchor=False)
    _draw_outlook(on_desk.looked.outlook)
    st.subheader(t("Yang dikenali"), anchor=False)
    _draw_recognised(on_desk, prepared)
    st.subheader(t("Temuan per aturan"), anchor=False)
    _draw_findings(prepared, on_desk.looked.examples)


def _draw_date_doubt(on_desk: Desk) -> None:
    assert on_desk.looked is not None
    assert on_desk.as_of is not None
    dates = on_desk.looked.title_dates
    if not dates or on_desk.as_of in dates:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(
            t("Judul berkas menyebut **{found}**, sedangkan tanggal data yang dipakai **{used}**.",
              found=formats.day(dates[0]), used=formats.day(on_desk.as_of))
        )  # fmt: skip
        if st.button(t("Pakai {date} dan periksa ulang", date=formats.day(dates[0])),
                     icon=":material/event:"):  # fmt: skip
            on_desk.check_again(as_of=dates[0])
            st.rerun()


def _draw_decision(on_desk: Desk, prepared: Prepared, to_mend: int) -> None:
    content = None
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(t("Terbitkan"), type="primary", icon=":material/publish:"):
                with st.spinner(t("Menerbitkan …")):
                    on_desk.publish()
                st.rerun()
            if (
                to_mend
                and hand_over.may_hand_over()
                and st.button(t("Unduh daftar perbaikan (XLSX)"), icon=":material/download:")
            ):
                book = io.BytesIO()
                write_mend_list(prepared, book)
                content = book.getvalue()
            if st.button(t("Batal dan buang"), icon=":material/delete:"):
                on_desk.clear()
                st.rerun()
            _draw_other_date(on_desk)
        if content is not None:
            hand_over.hand_over(content, "daftar-perbaikan.xlsx")
        st.caption(
            t("Data per {date}. Belum ada yang terbit. Sesudah terbit atau dibuang, berkas dan baris "
              "yang ditolak tidak disimpan di mana pun: unduh dahulu daftar perbaikannya.",
              date=formats.day(prepared.as_of))
        )  # fmt: skip
        if to_mend and not hand_over.may_hand_over():
            st.caption(
                t("Daftar perbaikan memuat nama dan NIK, jadi hanya diberikan di komputer server "
                  "sendiri; di sini pakai perintah import --dry-run --rejects.")
            )  # fmt: skip


def _draw_other_date(on_desk: Desk) -> None:
    with st.popover(t("Ubah tanggal data"), icon=":material/event:"):
        as_of = st.date_input(
            t("Tanggal data"), value=on_desk.as_of, format="DD/MM/YYYY", key="intake other date"
        )
        if st.button(t("Periksa ulang"), icon=":material/refresh:",
                     disabled=as_of == on_desk.as_of):  # fmt: skip
            on_desk.check_again(as_of=as_of)
            st.rerun()


def _draw_outlook(outlook: Outlook) -> None:
    before, after = outlook.before, outlook.after
    if outlook.carried_synthetic:
        st.warning(
            t("Tabel {tables} tidak ikut dikirim, jadi tetap berisi kota contoh (data rekaan). Kirim "
              "juga tabel itu agar seluruh angka nyata.",
              tables=", ".join(_label(TABLE_BY_NAME[name]) for name in outlook.carried_synthetic)),
            icon=":material/science:",
        )  # fmt: skip
    term = load_programme().cohorts.by_id[load_programme().default_cohort]
    covered, rate, denominator = st.columns(3)
    covered.metric(
        t("{cohort} terlindungi, {month}", cohort=term.shown(), month=formats.month(after.at)),
        formats.number(after.total),
        delta=_delta(before.total if before else None, after.total),
    )
    rate.metric(
        t("Cakupan kota"), formats.percent(after.rate),
        delta=formats.points(after.rate - before.rate)
        if before and before.rate is not None and after.rate is not None else None,
    )  # fmt: skip
    denominator.metric(
        t("Penyebut"), formats.number(after.city_eligible),
        delta=_delta(before.city_eligible if before else None, after.city_eligible),
        delta_color="off",
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left:
        draw_table(
            [
                {
                    t("Tabel"): _label(TABLE_BY_NAME[change.table]),
                    t("Sebelum"): change.before,
                    t("Sesudah"): change.after,
                    t("Asal"): t("berkas ini") if change.came
                    else (t("rilis sebelumnya") if change.before else formats.MISSING),
                }
                for change in outlook.tables
            ]
        )  # fmt: skip
    with right, st.expander(t("Terlindungi per kecamatan"), icon=":material/location_city:"):
        draw_table(_kecamatan_rows(before, after), show={t("Selisih"): formats.signed})


def _delta(before: int | None, after: int | None) -> str | None:
    if before is None or after is None:
        return None
    # Streamlit tells a fall by the ASCII minus.
    return formats.signed(after - before).replace("−", "-")


def _kecamatan_rows(before: Side | None, after: Side) -> list[Row]:
    names = {k.code: k.name for k in load_areas().kecamatan}
    rows: list[Row] = []
    for code, name in [*names.items(), (None, t("Tanpa lokasi"))]:
        now = after.covered.get(code, 0)
        was = before.covered.get(code, 0) if before else None
        eligible = after.eligible.get(code) if code else None
        rows.append(
            {
                t("Kecamatan"): name,
                t("Sebelum"): was,
                t("Sesudah"): now,
                t("Selisih"): None if was is None else now - was,
                t("Cakupan"): formats.percent(now / eligible) if eligible else formats.MISSING,
            }
        )
    return rows


def _draw_recognised(on_desk: Desk, prepared: Prepared) -> None:
    draw_table(
        [
            {
                t("Berkas"): literal(sheet.file),
                t("Lembar"): literal(sheet.sheet),
                t("Tabel"): _label(TABLE_BY_NAME[sheet.table]),
                t("Dibaca"): sheet.rows_read,
                t("Diterima"): sheet.rows_accepted,
                t("Ditolak"): sheet.rows_rejected,
                t("Dilewati"): sheet.rows_skipped,
            }
            for sheet in prepared.report.sheets
        ]
    )
    for remark in dict.fromkeys(prepared.report.remarks):
        st.caption(":material/info: " + literal(remark))
    with st.expander(t("Kolom yang dikenali dan yang disisihkan"), icon=":material/view_column:"):
        for sheet in prepared.report.sheets:
            pairs = " · ".join(
                f"{literal(header)} → **{column}**" for column, header in sheet.columns.items()
            )
            st.markdown(f"{literal(sheet.file)} › {literal(sheet.sheet)}  \n:small[{pairs}]")
        _draw_mapping(on_desk, prepared)


def _draw_mapping(on_desk: Desk, prepared: Prepared) -> None:
    """Lets the officer say what the unknown headers mean, and checks again."""
    unknown: dict[str, dict[str, str]] = defaultdict(dict)
    known: dict[str, set[str]] = defaultdict(set)
    for sheet in prepared.report.sheets:
        known[sheet.table] |= set(sheet.columns)
        for header in sheet.unknown_columns:
            if plain(header):
                unknown[sheet.table].setdefault(plain(header), header)
    if not any(unknown.values()):
        return
    st.markdown("**" + t("Kolom yang disisihkan") + "**")
    st.caption(t("Biarkan bila memang tidak diperlukan; atau pilih artinya, lalu periksa ulang."))
    chosen: dict[str, dict[str, str]] = {}
    for name, headers in unknown.items():
        table = TABLE_BY_NAME[name]
        free = [column for column in table.kinds if column not in known[name]]
        chosen |= _choose_columns(table, list(headers.values()), free, on_desk.mapping)
    if st.button(t("Periksa ulang dengan kolom ini"), icon=":material/refresh:",
                 disabled=not any(chosen.values())):  # fmt: skip
        on_desk.check_again(mapping=_merged(on_desk.mapping, chosen))
        st.rerun()


def _choose_columns(
    table: Table, headers: Sequence[str], free: Sequence[str], mapping: Mapping
) -> dict[str, dict[str, str]]:
    """A choice for each header; what was chosen, by table and plain header."""
    chosen: dict[str, str] = {}
    columns = st.columns(4)
    for index, header in enumerate(headers):
        with columns[index % 4]:
            column = st.selectbox(
                f"{literal(header)}", [_LEAVE, *free],
                key=f"mapping {table.name} {plain(header)}",
                format_func=lambda name: name or t("(disisihkan)"),
            )  # fmt: skip
        if column and mapping.column_of(table, header) != column:
            chosen[plain(header)] = column
    return {table.name: chosen}


def _merged(mapping: Mapping, chosen: dict[str, dict[str, str]]) -> Mapping:
    by_table = {name: dict(pairs) for name, pairs in mapping.by_table.items()}
    for name, pairs in chosen.items():
        by_table[name] = by_table.get(name, {}) | pairs
    return Mapping(mapping.everywhere, by_table)


def _draw_findings(prepared: Prepared, examples: dict[tuple[int, str], list[Example]]) -> None:
    """Every rule that struck, table by table: how often, what it means, a few masked rows."""
    tables = [name for name in ORDER if any(s.report.table == name for s in prepared.sources)]
    clean = []
    for name in tables:
        sources = [source for source in prepared.sources if source.report.table == name]
        rows: list[Row] = []
        for outcome, kind in ((t("Ditolak"), "rejections"), (t("Catatan"), "warnings")):
            counts: dict[str, int] = defaultdict(int)
            for source in sources:
                for rule, count in getattr(source.report, kind).items():
                    counts[rule] += count
            for rule, count in sorted(counts.items(), key=lambda item: -item[1]):
                words = rule_text(rule)
                shown = [
                    _example_line(example, source.report.sheet if len(sources) > 1 else "")
                    for source in sources
                    for example in examples.get((source.number, rule), [])
                ]
                color = "red" if kind == "rejections" else "orange"
                rows.append(
                    {
                        t("Hasil"): f":{color}-badge[{outcome}]",
                        t("Baris"): count,
                        t(
                            "Yang ditemukan"
                        ): f"{literal(words.found)}  \n:small[{literal(words.mend)}]",
                        t("Contoh (disamarkan)"): ":small[" + "  \n".join(shown[:3]) + "]",
                    }
                )
        if not rows:
            clean.append(_label(TABLE_BY_NAME[name]))
            continue
        st.markdown("**" + _label(TABLE_BY_NAME[name]) + "**")
        draw_table(rows)
    if clean:
        st.caption(":material/check: " + t("Tanpa temuan: {tables}.", tables=", ".join(clean)))


def _example_line(example: Example, sheet: str) -> str:
    place = example.place
    if example.spelled:
        place = f"“{example.spelled}” → {place}"
    parts = [
        t("{sheet} baris {row}", sheet=sheet, row=formats.number(example.row_no)).strip(),
        example.nik,
        example.initials,
        place,
    ]
    return " · ".join(literal(part) for part in parts if part)


def _label(table: Table) -> str:
    return {
        "peserta": t("Peserta"),
        "rt": t("Daftar RT"),
        "kampung_bahagia": t("Kampung Bahagia"),
        "santunan": t("Santunan"),
    }[table.name]


# Stage 3: published


def _draw_published(on_desk: Desk) -> None:
    assert on_desk.published is not None
    record = on_desk.published
    st.success(
        t("Terbit sebagai rilis **{release}**, data per {date}. Semua halaman sudah memakainya.",
          release=record.release, date=formats.day(record.as_of)),
        icon=":material/check_circle:",
    )  # fmt: skip
    if on_desk.published_outlook is not None:
        _draw_outlook(on_desk.published_outlook)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(frame.page_path("ringkasan"), label=t("Lihat Ringkasan"),
                     icon=":material/dashboard:")  # fmt: skip
        st.page_link(frame.page_path("peta"), label=t("Lihat Peta Cakupan"),
                     icon=":material/map:")  # fmt: skip
        if st.button(t("Masukkan berkas lain"), icon=":material/upload_file:"):
            on_desk.clear()
            st.rerun()
    st.caption(t("Keliru? Rilis sebelumnya dapat diberlakukan lagi di bagian Riwayat rilis."))
