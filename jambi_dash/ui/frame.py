"""What every page shares: the list of pages, language, header, empty store, faults.

Streamlit runs `app.py` for every page; what is drawn here is drawn once and nowhere else.
"""

from __future__ import annotations

from base64 import b64encode
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from jambi_dash.domain import formats
from jambi_dash.domain.areas import CITY_NAME
from jambi_dash.domain.language import LANGUAGES, ask_when_unsaid, set_language, t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import Right
from jambi_dash.palette import css
from jambi_dash.settings import PROJECT
from jambi_dash.ui import address, data, faults, later, office, projector, sign_in, spoken
from jambi_dash.ui.literal import literal

_LOOK = (
    f"<style>{css.screen_variables()}"
    f"{Path(__file__).with_name('look.css').read_text(encoding='utf-8')}</style>"
)

# The pages in their order: address, icon, and the right that opens it. What a page shows of the
# data is checked again where the data is read (`ui.data`).
_PAGES: dict[str, tuple[str, Right]] = {
    "ringkasan": (":material/dashboard:", "city"),
    "peta": (":material/map:", "read"),
    "kampung-bahagia": (":material/home_work:", "read"),
    "simulasi": (":material/tune:", "scenarios"),
    "santunan": (":material/volunteer_activism:", "internal"),
    "paparan": (":material/slideshow:", "city"),
    "data": (":material/upload_file:", "internal"),
    "definisi": (":material/menu_book:", "read"),
}
# Inside of the page: /media is closed before signing in (`ui.gate`), and one of Streamlit's named
# icons would be asked of another host.
_ICON = (
    "data:image/png;base64,"
    + b64encode((PROJECT / "data" / "gambar" / "ikon.png").read_bytes()).decode()
)


def open_app() -> None:
    """First call of `app.py`: the page's settings and the reader's language."""
    st.set_page_config(page_title=f"Jamsostek {CITY_NAME}", page_icon=_ICON, layout="wide")
    set_language(language_code())
    data.begin_run()
    later.begin_run()
    address.begin_run()


def language_code() -> str:
    """`id` or `en`, as the address (or the switch in the header) says."""
    chosen = st.session_state.get("bahasa") or st.query_params.get("bahasa")
    return next((code for code, name in LANGUAGES.items() if name == chosen), "id")


def _language_of_session() -> str:
    return language_code() if get_script_run_ctx(suppress_warning=True) else "id"


# Callbacks run before `open_app`, in a thread to which nobody has said a language.
ask_when_unsaid(_language_of_session)


def pages() -> list[Any]:
    """The pages in their order. The bare address has a hidden page that leads to the first one.

    Streamlit serves its default page at the bare address only: without the hidden page a link to
    /ringkasan would not be found.
    """
    titles = {
        "ringkasan": t("Ringkasan"),
        "peta": t("Peta Cakupan"),
        "kampung-bahagia": t("Kampung Bahagia"),
        "simulasi": t("Simulasi Perluasan"),
        "santunan": t("Santunan"),
        "paparan": t("Bahan Paparan"),
        "data": t("Data & Mutu"),
        "definisi": t("Definisi & Sumber"),
    }
    # Every address stays known, so that who may not open it reads why.
    visible = tuple(data.may(right) for _, right in _PAGES.values())
    # Streamlit notes on a page that it may run: each run has its own.
    return [copy(page) for page in _made(tuple(titles.values()), visible)]


@lru_cache(64)
def _made(titles: tuple[str, ...], visible: tuple[bool, ...]) -> list[Any]:
    # Each asks the disk where its file lies: once is enough.
    shown = [
        st.Page(PROJECT / page_path(address), title=title, icon=icon, url_path=address,
                visibility="visible" if seen else "hidden")
        for (address, (icon, _)), title, seen in zip(_PAGES.items(), titles, visible, strict=True)
    ]  # fmt: skip
    return [st.Page(_bare_address, title=titles[0], default=True, visibility="hidden"), *shown]


def _bare_address() -> None:
    """Never runs: `leave_bare_address` comes before."""


def leave_bare_address(page: Any) -> None:
    """Leads from the bare address to where the reader was going, else to the first page.

    What stands behind the ? goes along. Call it before any widget is drawn: from then on the
    widget's part of the address is bound, and Streamlit refuses to switch (a link
    `/?bahasa=English` ended in a fault).
    """
    if page.url_path == "":
        first = next(address for address, (_, right) in _PAGES.items() if data.may(right))
        address, query = sign_in.wanted_before(set(_PAGES)) or (first, st.query_params.to_dict())
        st.switch_page(page_path(address), query_params=query)


def open_or_stop(page: Any) -> None:
    """Lets nobody past without a role; call it before anything of the data is read."""
    sign_in.open_or_stop(page.url_path)


def may_open(address: str) -> bool:
    """Whether the reader has the right to a page."""
    return data.may(_PAGES[address][1])


def page_path(address: str) -> str:
    """The file of a page by its address, for `st.page_link` and `st.switch_page`.

    Folder and file have the address as their name, with `_` for `-`: a file with a hyphen could
    not be imported.
    """
    name = address.replace("-", "_")
    return f"pages/{name}/{name}.py"


def draw_header(page: Any) -> None:
    """One line above every page: city, release, date of the data, the mark of invented data."""
    st.html(_LOOK)
    spoken.speak(page.title)
    # One wrapping line: with columns the second language was cut off at 1366 pixels.
    line = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center",
        key="kepala",
    )  # fmt: skip
    with (
        line,
        st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"),
    ):
        if logo := office.mark():
            st.html(logo, width="content")
        st.markdown("**" + t("Jamsostek Pekerja Rentan Kota Jambi") + "**", width="content")
        release = _release_to_name()
        if release is not None:
            if release.record.synthetic:
                st.badge(t("DATA CONTOH – bukan data sebenarnya"), color="orange",
                         icon=":material/science:")  # fmt: skip
            st.caption(
                t("Data per {date} · rilis {release}",
                  date=formats.day(release.record.as_of), release=release.record.release),
                width="content",
            )  # fmt: skip
    with line, st.container(horizontal=True, vertical_alignment="center", width="content"):
        sign_in.draw_account()
        projector.draw_switch()
        st.segmented_control(
            t("Bahasa"), list(LANGUAGES.values()), default=LANGUAGES["id"], required=True,
            key="bahasa", bind="query-params", label_visibility="collapsed", width="content",
            format_func=lambda name: name,
        )  # fmt: skip


def _release_to_name() -> data.OpenRelease | None:
    """The current release; a damaged one is told by the pages, which go on from there."""
    try:
        return data.current_release()
    except Refusal:
        return None


def menu_position() -> Literal["top", "hidden"]:
    """Where the menu stands: above the page; nowhere on a projector and before signing in."""
    return "hidden" if projector.is_on() or not data.may("read") else "top"


def run_page(page: Any) -> None:
    """Runs the chosen page; what goes wrong becomes a sentence, or a number for the log."""
    try:
        data.require(_PAGES[page.url_path][1])
        if projector.is_on():
            projector.draw(language_code())
        else:
            page.run()
    except Refusal as refusal:
        st.error(literal(str(refusal)), icon=":material/error:")
    except Exception as error:
        # Streamlit steers by exceptions of its own (stop, rerun): those are not faults.
        if type(error).__module__.startswith("streamlit.runtime"):
            raise
        faults.tell(error)


def require_release() -> data.OpenRelease:
    """The current release; in an empty store the page says what to do next, and ends."""
    release = data.current_release()
    if release is not None:
        return release
    with st.container(border=True, key="card_welcome"):
        st.header(t("Belum ada data"))
        if not data.may("data"):
            st.write(t("Petugas data belum memasukkan daftar; kembalilah nanti."))
            st.stop()
        st.write(
            t("Dasbor ini dimulai dari daftar yang sudah dimiliki kelurahan dan Disnaker: daftar "
              "peserta, daftar RT, catatan Kampung Bahagia, dan santunan, dalam Excel atau CSV.")
        )  # fmt: skip
        # The section is named, or nothing would happen for who stands in another one of that page.
        st.page_link(
            page_path("data"), label=t("Masukkan berkas pertama"), icon=":material/upload_file:",
            query_params={"bagian": "masukan"},
        )  # fmt: skip
        st.caption(t("Hanya ingin melihat-lihat? Halaman itu juga dapat mengisi kota contoh."))
        st.stop()
