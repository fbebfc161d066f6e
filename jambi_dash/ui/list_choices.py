"""Who sends a list, which part of the city it is, and which columns are remembered of whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.part import area_name
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.mapping_shelf import LONGEST_SENDER, MappingShelf
from jambi_dash.releases.store import Store
from jambi_dash.ui import data
from jambi_dash.ui.literal import literal
from jambi_dash.ui.tables import draw_table


def choose_sender(store: Store, key: str) -> str:
    """The sender of the files, `""` for nobody in particular."""
    known = [entry.sender for entry in MappingShelf(store.home).list() if entry.sender]
    offices = [area_name(code) for code in _areas_to_choose()]
    chosen = st.selectbox(
        t("Pengirim"), list(dict.fromkeys([*known, *offices])), index=None, key=key,
        accept_new_options=True, placeholder=t("Pilih atau ketik nama kantor"),
        help=t("Kolom yang Anda cocokkan diingat untuk pengirim ini dan dipakai lagi pada daftar "
               "berikutnya. Tanpa pengirim, daftar dikenali dari baris judulnya."),
    )  # fmt: skip
    return (chosen or "")[: LONGEST_SENDER + 1]


def choose_part(default: Sequence[str], key: str) -> tuple[str, ...]:
    """The areas that the files replace, by code; none means the whole city."""
    return tuple(
        st.multiselect(
            t("Hanya ganti bagian ini"), list(dict.fromkeys([*_areas_to_choose(), *default])),
            default=default, key=key,
            format_func=area_name, placeholder=t("Seluruh kota"),
            help=t("Kosong: tabel yang dikirim menggantikan seluruh tabel lama. Bila diisi, hanya baris "
                   "kecamatan atau kelurahan itu yang diganti; bagian lain tetap dari rilis yang "
                   "berlaku."),
        )
    )  # fmt: skip


_MOST_TO_CHOOSE = 3_000


def _areas_to_choose() -> list[str]:
    """Kecamatan, and kelurahan where a list of all of them can be looked through and sent."""
    areas = load_areas()
    small = len(areas.kelurahan) <= _MOST_TO_CHOOSE
    return [*(k.code for k in areas.kecamatan), *(k.code for k in areas.kelurahan if small)]


def _day(saved: str) -> str:
    try:
        return formats.day(datetime.fromisoformat(saved))
    except ValueError:  # a file that somebody wrote by hand
        return literal(saved)


def draw_remembered(store: Store) -> None:
    """The remembered columns, with a way to delete each; nothing where there are none."""
    shelf = MappingShelf(store.home)
    entries = shelf.list()
    if not entries:
        return
    title = t("Pemetaan kolom yang diingat ({n})", n=formats.number(len(entries)))
    with st.expander(title, icon=":material/bookmark:"):
        draw_table(
            [
                {
                    t("Pengirim"): literal(entry.sender) or t("(siapa saja, judul sama)"),
                    t("Tabel"): entry.table,
                    t("Kolom"): literal(entry.shown()),
                    t("Diingat"): _day(entry.saved),
                }
                for entry in entries
            ]
        )
        by_id = {entry.id: entry for entry in entries}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                t("Hapus pemetaan"), list(by_id), index=None, key="forget mapping",
                placeholder=t("Pilih pemetaan"),
                format_func=lambda i: f"{by_id[i].sender or '–'} · {by_id[i].shown()}",
            )  # fmt: skip
            if st.button(t("Hapus"), icon=":material/delete:", disabled=chosen is None) and chosen:
                try:
                    data.require("data")
                    shelf.forget(chosen)
                except Refusal as refusal:
                    st.error(literal(str(refusal)), icon=":material/error:")
                    return
                st.rerun()
