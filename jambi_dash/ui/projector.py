"""Projector mode: chosen views turn by themselves, one screen each, for a room to look at.

On while the address has `proyektor`: the views, joined by `~`, in their order (`ya` means the usual
ones); `detik` says how long each stays. So the link of a screen in a hall can be kept. A view is
one of our own (`ringkasan`, `perhatian`, `peta`, `kampung`, `uang`) or a pick of Bahan Paparan as
its links have it. Every turn reads the store anew: a release that has landed is shown.
"""

from __future__ import annotations

import time
from pathlib import Path

import streamlit as st

from jambi_dash.domain.language import set_language, t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.picks import list_text, read_list
from jambi_dash.ui import data, paparan_basket, projector_views
from jambi_dash.ui.projector_views import OWN, Screen

SECONDS = 20
LEAST_SECONDS, MOST_SECONDS = 5, 600
MOST_VIEWS = 40
_STEPS = (5, 10, 15, 20, 30, 45, 60, 120, 300)
_KEY, _ON, _PACE = "proyektor", "ya", "detik"
_AT, _SINCE, _HELD = "_proyektor_ke", "_proyektor_sejak", "_proyektor_jeda"
_BEGIN, _END = "proyektor_layar", "proyektor_selesai"
_HERE = Path(__file__)
_SCRIPT = _HERE.with_name("projector.js").read_text(encoding="utf-8")
_LOOK = f"<style>{_HERE.with_name('projector.css').read_text(encoding='utf-8')}</style>"


def is_on() -> bool:
    """Whether the views turn."""
    return bool(st.query_params.get(_KEY)) and data.may("read")


def draw_switch() -> None:
    """The button that opens the choice of views."""
    if st.button(
        t("Mode proyektor"), icon=":material/slideshow:", key="proyektor_mulai", type="tertiary",
        help=t("Mode proyektor: tampilan pilihan berganti sendiri, satu layar penuh."),
    ):  # fmt: skip
        _choose()


def _choose() -> None:
    @st.dialog(t("Mode proyektor"))
    def ask() -> None:
        names = projector_views.own_names()
        gathered = {list_text([pick]): pick for pick in paparan_basket.picks()}
        for text, pick in gathered.items():
            names[text] = projector_views.name_of(pick)
        st.write(
            t("Tampilan berganti sendiri, besar, tanpa tombol. Panah kiri dan kanan berpindah, spasi "
              "menjeda, Esc selesai.")
        )  # fmt: skip
        chosen = st.multiselect(
            t("Tampilan, menurut urutan"), list(names), default=list(names),
            format_func=lambda name: names[name], key="proyektor_pilihan",
        )  # fmt: skip
        if not gathered:
            st.caption(t("Tampilan lain: kirim dari Peta Cakupan atau Simulasi ke Bahan Paparan."))
        st.select_slider(t("Detik tiap tampilan"), _STEPS, value=SECONDS, key="proyektor_detik")
        if st.button(
            t("Mulai layar penuh"), icon=":material/fullscreen:", type="primary", key=_BEGIN,
            on_click=_begin, disabled=not chosen,
        ):  # fmt: skip
            st.rerun()
        st.caption(
            t("Layar belum penuh? Tekan F11. Alamat halaman menyimpan pilihan ini, jadi "
              "tautannya dapat dipasang di layar lobi.")
        )  # fmt: skip

    ask()
    # The browser lets a page fill the screen only while it handles a click.
    _script("proyektor_skrip")


def _script(key: str) -> None:
    component = st.components.v2.component("jambi_dash.projector", html="", js=_SCRIPT)
    component(data={"begin": _BEGIN, "end": _END}, key=key)


def _begin() -> None:
    chosen = st.session_state["proyektor_pilihan"]
    st.query_params[_KEY] = _ON if chosen == list(OWN) else "~".join(chosen)
    st.query_params[_PACE] = str(st.session_state["proyektor_detik"])
    st.session_state[_AT], st.session_state[_HELD] = 0, False
    st.session_state[_SINCE] = time.monotonic()


def _end() -> None:
    for name in (_KEY, _PACE):
        st.query_params.pop(name, None)
    for name in (_AT, _SINCE, _HELD):
        st.session_state.pop(name, None)


def _go(by: int) -> None:
    st.session_state[_AT] = st.session_state.get(_AT, 0) + by
    st.session_state[_SINCE] = time.monotonic()


def _hold() -> None:
    st.session_state[_HELD] = not st.session_state.get(_HELD, False)
    st.session_state[_SINCE] = time.monotonic()


def seconds() -> int:
    """How long a view stays, as the address says, within what makes sense."""
    said = st.query_params.get(_PACE, "")
    asked = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else SECONDS
    return min(max(asked, LEAST_SECONDS), MOST_SECONDS)


def views() -> list[str]:
    """The views of the address that can be, each once; the usual ones where none can."""
    said = st.query_params.get(_KEY, "")
    found: dict[str, None] = {}
    for part in said.split("~")[:MOST_VIEWS]:
        if part in OWN:
            found[part] = None
        else:
            picks, _ = read_list(part)
            found |= dict.fromkeys(list_text([pick]) for pick in picks)
    return list(found) or list(OWN)


def draw(language: str) -> None:
    """The view whose turn it is, the dots, and the controls that only the keyboard sees."""
    chosen, held = views(), bool(st.session_state.get(_HELD))
    place = st.session_state.get(_AT, 0) % len(chosen)
    since = st.session_state.setdefault(_SINCE, time.monotonic())
    try:
        screen = projector_views.screen(chosen[place])
    except Refusal as refusal:
        # A view that cannot be shown says why and gives way to the next.
        screen = Screen(t("Tampilan ini tidak dapat dibuka"), projector_views.told(str(refusal)))
    st.html(_LOOK)
    with st.container(key="proyektor_layar_isi"):
        html = projector_views.framed(screen, place, len(chosen), 0 if held else seconds())
        # One line, as in `numbers.draw`: an empty one would end the HTML.
        st.markdown(" ".join(html.split("\n")), unsafe_allow_html=True)
    with st.container(key="proyektor_kendali", horizontal=True):
        st.button(t("Sebelumnya"), icon=":material/chevron_left:", key="proyektor_mundur",
                  on_click=_go, args=(-1,), shortcut="Left")  # fmt: skip
        st.button(t("Lanjutkan") if held else t("Jeda"), key="proyektor_jeda", on_click=_hold,
                  icon=":material/play_arrow:" if held else ":material/pause:",
                  shortcut="Space")  # fmt: skip
        st.button(t("Berikutnya"), icon=":material/chevron_right:", key="proyektor_maju",
                  on_click=_go, args=(1,), shortcut="Right")  # fmt: skip
        st.button(t("Selesai"), icon=":material/close:", key=_END, on_click=_end, shortcut="Esc")
    _script("proyektor_skrip_jalan")

    @st.fragment(run_every=None if held else seconds())
    def clock() -> None:
        set_language(language)
        # Drawing the view draws the clock too: only a run of its own, at its time, turns.
        if not held and time.monotonic() - since >= seconds() - 0.5:
            _go(1)
            st.rerun()

    clock()
