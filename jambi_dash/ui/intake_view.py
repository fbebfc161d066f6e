"""The first section of `/data`: drop files, see what will happen, publish or walk away."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date

import streamlit as st

from jambi_dash.demo.fill import fill_with_demo
from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.part import Part
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rules import table_label
from jambi_dash.intake.checks import ORDER, Prepared
from jambi_dash.intake.columns import TABLES
from jambi_dash.intake.mend_list import write_mend_list
from jambi_dash.intake.outlook import Thinned
from jambi_dash.releases.store import now_wib
from jambi_dash.ui import data, definitions, frame, hand_over, next_steps
from jambi_dash.ui.check_view import (
    FIGURE_WIDTH,
    draw_columns,
    draw_findings,
    draw_outlook,
    draw_recognised,
)
from jambi_dash.ui.column_choice import Chosen, choose_columns, choose_for_unknown, merged
from jambi_dash.ui.drop_zone import drop_files
from jambi_dash.ui.intake_desk import ACCEPTED, Desk, desk, store
from jambi_dash.ui.list_choices import choose_part, choose_sender, draw_remembered
from jambi_dash.ui.literal import literal
from jambi_dash.ui.review_view import draw_decided, draw_waiting
from jambi_dash.ui.tables import draw_table

_NOT_EMPTIED = "sample not emptied"


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
    if not is_empty and _is_sample():
        _draw_sample_notice()
    uploads = drop_files(
        t("Berkas dari kelurahan dan dinas; boleh beberapa sekaligus"),
        ACCEPTED, key=f"intake files {on_desk.round}",
    )  # fmt: skip
    # A line below the files: in a column beside them it left the room under the drop zone bare.
    cells = st.columns([1, 1.4, *([] if is_empty else [1.4]), 0.9], vertical_alignment="bottom")
    with cells[0]:
        as_of = st.date_input(
            t("Tanggal data"), value=on_desk.as_of or now_wib().date(), format="DD/MM/YYYY",
            key=f"intake as of {on_desk.round}",
            help=t("Daftar ini menurut keadaan tanggal berapa? Umur dan bulan iuran dihitung "
                   "dari tanggal itu."),
        )  # fmt: skip
    with cells[1]:
        sender = choose_sender(store(), f"intake sender {on_desk.round}")
    part: tuple[str, ...] = ()
    if not is_empty:
        with cells[2]:
            part = choose_part(on_desk.part, f"intake part {on_desk.round}")
    with cells[-1]:
        pressed = st.button(t("Periksa"), type="primary", width="stretch", disabled=not uploads,
                            icon=":material/fact_check:")  # fmt: skip
    if pressed:
        try:
            on_desk.receive(store(), uploads, as_of, sender=sender, part=part)
        except Refusal as refusal:
            on_desk.refused = str(refusal)
        st.rerun()
    st.caption(t("Hanya memeriksa; belum ada yang terbit.") + _current_date())
    with st.expander(t("Apa saja yang dapat dikirim?"), icon=":material/help:"):
        _draw_what_to_send()
    next_steps.draw()
    draw_remembered(store())
    draw_decided(store())
    if is_empty:
        _draw_demo_offer()


def _draw_sample_notice() -> None:
    said, emptied = st.columns([4, 1], vertical_alignment="center")
    with said:
        st.info(
            t("Yang ditampilkan sekarang adalah kota contoh. Tabel yang Anda kirim menggantikan "
              "tabel contoh yang sama; tabel yang tidak dikirim tetap berisi contoh dan tetap "
              "ditandai."),
            icon=":material/science:",
        )  # fmt: skip
    with emptied:
        pressed = st.button(t("Kosongkan kota contoh"), icon=":material/delete_sweep:",
                            key="empty sample", width="stretch")  # fmt: skip
    if pressed:
        _ask_to_empty()
    if refused := st.session_state.pop(_NOT_EMPTIED, None):
        st.error(literal(refused), icon=":material/error:")


def _ask_to_empty() -> None:
    @st.dialog(t("Mulai dari kosong?"))
    def ask() -> None:
        st.write(
            t("Semua halaman menjadi kosong sampai daftar pertama Anda terbit. Rilis yang sekarang "
              "tetap tersimpan dan dapat diberlakukan lagi di Riwayat rilis.")
        )  # fmt: skip
        with st.container(horizontal=True):
            if st.button(t("Ya, kosongkan"), type="primary", key="empty yes", on_click=_empty):
                st.rerun()
            if st.button(t("Tidak"), key="empty no"):
                st.rerun()

    ask()


def _empty() -> None:
    try:
        data.require("data")
        store().set_aside()
    except Refusal as refusal:
        st.session_state[_NOT_EMPTIED] = str(refusal)


def _is_sample() -> bool:
    try:
        release = data.current_release()
    except Refusal:
        return False
    return release is not None and release.record.synthetic


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
                t("Tabel"): table_label(table.name),
                t("Kolom wajib"): literal(_heads(table.needed)),
                t("Kolom lain yang dibaca"): literal(
                    _heads(name for name in table.kinds if name not in table.needed)
                ),
            }
            for table in sorted(TABLES, key=lambda table: ORDER.index(table.name))
        ]
    )
    st.caption(
        t("Baris judul di atas tabel, sel gabungan, dan ejaan kolom yang berbeda-beda tidak apa-apa. "
          "Lembar tersembunyi dilewati. Tabel yang dikirim menggantikan seluruh tabel lama, jadi kirim "
          "berkas semua kelurahan bersama-sama, atau pilih bagian yang diganti; tabel yang tidak dikirim tetap "
          "dari rilis sebelumnya. Daftar berisi NIK dan nama saja dilengkapi dari rilis sebelumnya.")
    )  # fmt: skip


def _heads(columns: Iterable[str]) -> str:
    """Columns as an office would head them; spaces and underscores are read alike."""
    return ", ".join(name.replace("_", " ") for name in columns)


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
    chosen: Chosen = {}
    for near in on_desk.unmatched:
        st.markdown(
            t("**{where}** mirip tabel {table}. Tunjukkan kolom mana yang berisi {missing}:",
              where=literal(near.where), table=table_label(near.table.name),
              missing=_heads(near.missing))
        )  # fmt: skip
        chosen |= choose_columns(near.table, near.headers, near.missing, on_desk.mapping)
    kept = on_desk.paths
    if len(on_desk.paths) > 1:
        kept = st.multiselect(
            t("Berkas yang ikut diperiksa"), on_desk.paths, default=on_desk.paths,
            format_func=lambda path: literal(path.name), key=f"intake kept {on_desk.round}",
        )  # fmt: skip
    part, drop = on_desk.part, on_desk.drop_outside
    if part:
        part = choose_part(part, f"intake refused part {on_desk.round}")
        drop = bool(part) and st.toggle(
            t("Abaikan baris di luar bagian itu"), value=drop, key=f"intake drop {on_desk.round}"
        )
    with st.container(horizontal=True):
        if st.button(t("Periksa ulang"), icon=":material/refresh:", disabled=not kept):
            on_desk.check_again(
                mapping=merged(on_desk.mapping, chosen), paths=kept, part=part, drop_outside=drop
            )
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
    with st.container(horizontal=True, gap="medium", key="bare_hasil_periksa"):
        for label, value, help_text in figures:
            st.metric(label, formats.number(value), help=help_text, width=FIGURE_WIDTH)
        definitions.button("baris_ditolak", as_of=on_desk.as_of or date.today())
    _draw_date_doubt(on_desk)
    _draw_part(prepared)
    _draw_decision(on_desk, prepared, rejected + warned)
    st.subheader(t("Yang akan berubah"), anchor=False)
    draw_outlook(on_desk.looked.outlook)
    draw_waiting(on_desk, prepared)
    st.subheader(t("Yang dikenali"), anchor=False)
    draw_recognised(report)
    with st.expander(t("Kolom yang dikenali dan yang disisihkan"), icon=":material/view_column:"):
        draw_columns(report)
        chosen = choose_for_unknown(report, on_desk.mapping)
        if chosen is not None and st.button(
            t("Periksa ulang dengan kolom ini"), icon=":material/refresh:",
            disabled=not any(chosen.values()),
        ):  # fmt: skip
            on_desk.check_again(mapping=merged(on_desk.mapping, chosen))
            st.rerun()
    st.subheader(t("Temuan per aturan"), anchor=False)
    draw_findings(prepared, on_desk.looked.examples)


def _draw_date_doubt(on_desk: Desk) -> None:
    assert on_desk.looked is not None
    assert on_desk.as_of is not None
    dates = on_desk.looked.title_dates
    if not dates or on_desk.as_of in dates:
        return
    with st.container(
        horizontal=True, vertical_alignment="center", border=True, key="panel_date_doubt"
    ):
        st.markdown(
            t("Judul berkas menyebut **{found}**, sedangkan tanggal data yang dipakai **{used}**.",
              found=formats.day(dates[0]), used=formats.day(on_desk.as_of))
        )  # fmt: skip
        if st.button(t("Pakai {date} dan periksa ulang", date=formats.day(dates[0])),
                     icon=":material/event:"):  # fmt: skip
            on_desk.check_again(as_of=dates[0])
            st.rerun()


def _draw_part(prepared: Prepared) -> None:
    """Of a partial import: which part is replaced, and what stays."""
    if prepared.part is None or prepared.report.part is None:
        return
    lines = [
        t("**Impor sebagian:** hanya {part} yang diganti.", part=literal(prepared.part.shown()))
    ]
    for name, counts in prepared.report.part["tables"].items():
        lines.append(
            t("{table}: {replaced} baris lama diganti, {kept} baris bagian lain tetap.",
              table=table_label(name), replaced=formats.number(counts["replaced"]),
              kept=formats.number(counts["kept"]))
        )  # fmt: skip
        if counts.get("moved_in"):
            lines.append(
                t("{n} orang pindah ke bagian ini; tempat lamanya dilepas.",
                  n=formats.number(counts["moved_in"]))
            )  # fmt: skip
    st.info("  \n".join(lines), icon=":material/crop:")


def _ask_about_part(on_desk: Desk, thinned: tuple[Thinned, ...]) -> None:
    """Asks before a table that looks like a part takes the place of the whole city's."""
    part = Part.of(code for table in thinned for code in table.codes)

    @st.dialog(t("Hanya sebagian kota?"))
    def ask() -> None:
        for table in thinned:
            st.write(
                t("{table} hanya memuat {n} kelurahan, padahal rilis yang berlaku {before}. Bila "
                  "diterbitkan begini, baris semua kelurahan lain hilang dari rilis.",
                  table=table_label(table.table), n=formats.number(len(table.codes)),
                  before=formats.number(table.before))
            )  # fmt: skip
        if part.codes and st.button(
            t("Hanya ganti bagian ini"), type="primary", key="only the part", icon=":material/crop:",
            on_click=on_desk.check_again, kwargs={"part": part.codes},
        ):  # fmt: skip
            st.rerun()
        if st.button(t("Ganti seluruh tabel"), key="whole tables", on_click=on_desk.publish):
            st.rerun()
        if st.button(t("Kembali"), key="neither"):
            st.rerun()

    ask()


def _draw_decision(on_desk: Desk, prepared: Prepared, to_mend: int) -> None:
    content = None
    with st.container(border=True, key="panel_decision"):
        with st.container(horizontal=True, vertical_alignment="center"):
            thinned = on_desk.looked.outlook.thinned if on_desk.looked else ()
            pressed = st.button(t("Terbitkan"), type="primary", icon=":material/publish:")
            if pressed and thinned:
                _ask_about_part(on_desk, thinned)
            elif pressed:
                with st.spinner(t("Menerbitkan …")):
                    on_desk.publish()
                st.rerun()
            if (
                to_mend
                and hand_over.may_hand_over()
                and st.button(t("Unduh daftar perbaikan (XLSX)"), icon=":material/download:")
            ):
                # Names and NIK leave the server: not without a line in the log.
                data.log().append("mend_list", page="data", files=len(prepared.sources))
                book = io.BytesIO()
                write_mend_list(prepared, book)
                content = book.getvalue()
            if st.button(t("Batal dan buang"), icon=":material/delete:"):
                on_desk.clear()
                st.rerun()
            _draw_other_date(on_desk)
        if on_desk.mapping.by_table:
            on_desk.remember = st.checkbox(
                t("Ingat pemetaan kolom ini untuk {sender}",
                  sender=literal(on_desk.sender) or t("daftar dengan baris judul yang sama")),
                value=on_desk.remember, key=f"intake remember {on_desk.round}",
            )  # fmt: skip
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


# Stage 3: published


def _draw_published(on_desk: Desk) -> None:
    assert on_desk.published is not None
    record = on_desk.published
    st.success(
        t("Terbit sebagai rilis **{release}**, data per {date}. Semua halaman sudah memakainya.",
          release=record.release, date=formats.day(record.as_of)),
        icon=":material/check_circle:",
    )  # fmt: skip
    if on_desk.not_remembered:
        st.warning(literal(on_desk.not_remembered), icon=":material/bookmark_remove:")
    if on_desk.published_outlook is not None:
        draw_outlook(on_desk.published_outlook)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(frame.page_path("ringkasan"), label=t("Lihat Ringkasan"),
                     icon=":material/dashboard:")  # fmt: skip
        st.page_link(frame.page_path("peta"), label=t("Lihat Peta Cakupan"),
                     icon=":material/map:")  # fmt: skip
        if st.button(t("Masukkan berkas lain"), icon=":material/upload_file:"):
            on_desk.clear()
            st.rerun()
    next_steps.draw(opened=len(data.history()) == 1)
    if len(data.history()) > 1:
        st.caption(t("Keliru? Rilis sebelumnya dapat diberlakukan lagi di bagian Riwayat rilis."))
