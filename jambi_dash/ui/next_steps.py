"""What is still to be done with the data, worked out from the store; gone when all is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries.rollout import area_log
from jambi_dash.ui import data, frame

_HIDDEN = "_langkah_disembunyikan"


@dataclass(frozen=True)
class Step:
    """One thing to do; `page` is where, empty for the page that one is on."""

    id: str
    words: str
    page: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)


def steps(release: data.OpenRelease) -> list[Step]:
    """What is left to do for a data officer, in the order in which it helps most."""
    headline = data.headline(release)
    left = []
    if release.record.synthetic:
        left.append(
            Step("contoh", t(
                "Masukkan daftar sebenarnya: yang ditampilkan masih memuat data contoh. Tabel "
                "yang Anda kirim menggantikan tabel contoh yang sama; halaman tetap bertanda "
                "sampai semua tabel contoh diganti."
            ))
        )  # fmt: skip
    if not headline.has_roster:
        left.append(Step("peserta", t("Masukkan daftar peserta: NIK, nama, kelurahan.")))
    if not headline.rt_total:
        left.append(
            Step("rt", t("Masukkan daftar RT dengan perkiraan pekerja rentan, agar cakupan tiap wilayah "
                         "dapat dihitung."))
        )  # fmt: skip
    elif data.ask(release, area_log).is_empty:
        left.append(Step("kampung", t("Masukkan catatan Kampung Bahagia: RT, tahap, tanggal.")))
    if not headline.claim_count:
        left.append(Step("santunan", t("Masukkan daftar santunan yang sudah dibayar.")))
    if headline.rejected_rows:
        left.append(
            Step("perbaikan", t("Minta kelurahan memperbaiki {n} baris yang ditolak",
                                n=formats.number(headline.rejected_rows)),
                 "data", {"bagian": "perbaikan", "temuan": "ditolak"})
        )  # fmt: skip
    if not data.has_official_boundaries():
        left.append(
            Step("batas", t("Pasang batas resmi kelurahan, agar peta menggambar bentuk sebenarnya"),
                 "data", {"bagian": "batas"})
        )  # fmt: skip
    if data.may("scenarios") and not data.shelf().list().saved:
        left.append(
            Step("skenario", t("Hitung dan simpan skenario perluasan yang pertama"), "simulasi")
        )
    return left


def draw(*, opened: bool = False) -> None:
    """The list, folded at first; nothing in an empty or damaged store, and once all is done."""
    if st.session_state.get(_HIDDEN):
        return
    try:
        release = data.current_release()
        left = steps(release) if release is not None else []
    except Refusal:
        return
    if not left:
        return
    with st.expander(
        t("Langkah berikutnya ({n})", n=formats.number(len(left))),
        icon=":material/checklist:",
        expanded=opened,
    ):
        for step in left:
            if step.page:
                st.page_link(
                    frame.page_path(step.page), label=step.words, icon=":material/arrow_forward:",
                    query_params=dict(step.filters),
                )  # fmt: skip
            else:
                st.markdown(":material/upload_file: " + step.words)
        st.button(t("Sembunyikan"), key="langkah_sembunyikan", type="tertiary", on_click=_hide,
                  icon=":material/visibility_off:")  # fmt: skip


def _hide() -> None:
    st.session_state[_HIDDEN] = True
