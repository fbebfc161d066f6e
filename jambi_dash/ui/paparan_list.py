"""The list of chosen views: their order, their titles, a close look, and a link that holds them."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlencode

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.bundle import one_view
from jambi_dash.exports.picks import MOST_PICKS, Pick
from jambi_dash.ui import data
from jambi_dash.ui import paparan_basket as basket
from jambi_dash.ui.literal import literal

_CLOSE_DPI = 96
_SCROLLS_FROM = 6
_ROW_HEIGHT = 58


def draw(release: data.OpenRelease, *, public: bool) -> list[Pick]:
    """Draws the list; returns what of it can be taken: no RT in public, nothing that is refused."""
    chosen = basket.picks()
    with st.container(horizontal=True, horizontal_alignment="distribute",
                      vertical_alignment="center"):  # fmt: skip
        st.subheader(t("Isi paparan ({n})", n=formats.number(len(chosen))), anchor=False)
        if chosen:
            _share()
    if not chosen:
        st.caption(
            t("Tambahkan tampilan dari galeri, atau kirim yang sedang tampil di Peta Cakupan, Kampung "
              "Bahagia, dan Simulasi ke sini.")
        )  # fmt: skip
        st.button(
            t("Isi dengan paket rapat ({n} tampilan)", n=formats.number(len(basket.MEETING))),
            icon=":material/playlist_add:", key="paket_rapat", on_click=basket.fill_for_a_meeting,
            help=t("Cakupan per kelurahan, perubahannya, dan Kampung Bahagia; sesudah itu tekan "
                   "Ambil."),
        )  # fmt: skip
        return []
    usable = []
    scrolls = len(chosen) > _SCROLLS_FROM
    with st.container(
        height=_SCROLLS_FROM * _ROW_HEIGHT if scrolls else "content", border=False, gap="xsmall"
    ):
        for place, pick in enumerate(chosen):
            if _row(release, pick, place, len(chosen), public):
                usable.append(pick)
    if len(chosen) == MOST_PICKS:
        st.caption(t("Penuh: paling banyak {n} tampilan.", n=formats.number(MOST_PICKS)))
    return usable


def _row(release: data.OpenRelease, pick: Pick, place: int, count: int, public: bool) -> bool:
    problem = ""
    own_title = t("Tampilan yang tidak dapat dibuka")
    try:
        if public and pick.level == "rt":
            problem = t("Tidak ikut: angka per RT tidak pernah untuk umum.")
        own_title = data.view(release, pick.bare(), public=public and not problem).title
    except Refusal as refusal:
        problem = str(refusal)
    name = hashlib.sha256(pick.bare().text().encode()).hexdigest()[:10]
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        # Keys follow the view, not its place: a moved row keeps what was written in it.
        st.text_input(
            t("Judul tampilan {n}", n=place + 1), value=pick.title, key=f"judul_{name}",
            placeholder=own_title, label_visibility="collapsed", max_chars=160,
            on_change=_entitle, args=(place, f"judul_{name}"),
        )  # fmt: skip
        for sign, words, act, values, off in (
            ("zoom_in", t("Lihat"), _look, (pick, public), bool(problem)),
            ("arrow_upward", t("Naikkan"), basket.move, (place, -1), place == 0),
            ("arrow_downward", t("Turunkan"), basket.move, (place, 1), place == count - 1),
            ("close", t("Keluarkan"), basket.remove, (place,), False),
        ):
            st.button(
                words, icon=f":material/{sign}:", help=words, key=f"quiet_{sign}_{name}", type="tertiary", disabled=off, on_click=act,
                args=values,
            )  # fmt: skip
    if problem:
        st.caption(f":orange[{literal(problem)}]")
    return not problem


def _entitle(place: int, key: str) -> None:
    basket.entitle(place, st.session_state.get(key, ""))


def _share() -> None:
    with st.popover(t("Bagikan"), icon=":material/link:", type="tertiary"):
        address = (st.context.url or "").partition("?")[0]
        st.caption(
            t("Tautan ini membuka daftar yang sama. Judul yang Anda tulis tidak ikut di dalamnya.")
        )
        st.code(f"{address}?{urlencode(st.query_params.to_dict())}", language=None,
                wrap_lines=True)  # fmt: skip


_LOOKED_AT = "_paparan_lihat"


def _look(pick: Pick, public: bool) -> None:
    st.session_state[_LOOKED_AT] = (pick.to_json(), public)


def close_look(release: data.OpenRelease, size: str) -> None:
    """The picture of one view, as it will be taken, where somebody asked for it."""
    asked = st.session_state.pop(_LOOKED_AT, None)
    if asked is not None:
        pick, public = Pick.from_json(asked[0]), bool(asked[1])

        @st.dialog(t("Pratinjau"), width="large")
        def show() -> None:
            try:
                order = data.order(release, [pick], public=public, size=size)
                content = one_view(order.items[0], "png", order.theme, size, _CLOSE_DPI)
            except Refusal as refusal:
                st.error(literal(str(refusal)))
                return
            # Inside the page, not at an address: internal figures must not lie below /media.
            picture = base64.b64encode(content).decode("ascii")
            st.markdown(
                f'<img class="rk-picture" alt="" src="data:image/png;base64,{picture}">',
                unsafe_allow_html=True,
            )

        show()
