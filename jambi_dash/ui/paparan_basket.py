"""The views that a reader has gathered for Bahan Paparan, from any page or from a link.

They live with the session, as plain texts, and stand in the address of /paparan (`isi`), so that
the list can be sent on. Titles and names of scenarios are people's own words: they stay here.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.exports.picks import MOST_PICKS, Pick, list_text, read_list
from jambi_dash.ui import address, data, frame

_LIST = "_paparan_isi"
ADDRESS = "isi"
"""The part of the address that holds the list."""
MEETING = (
    Pick("coverage", "kelurahan"),
    Pick("difference", "kelurahan"),
    Pick("rollout", "kelurahan"),
)
"""What a meeting usually asks for, at hand in an empty list."""


def picks() -> list[Pick]:
    """What was gathered, in its order."""
    return [Pick.from_json(raw) for raw in st.session_state.get(_LIST, [])]


def keep(chosen: list[Pick]) -> None:
    """Replaces what was gathered."""
    st.session_state[_LIST] = [pick.to_json() for pick in chosen]


def holds(pick: Pick) -> bool:
    """Whether this view was gathered, under whatever title."""
    return pick.bare() in [other.bare() for other in picks()]


def add(pick: Pick) -> bool:
    """Puts a view at the end of the list; `False` where the list is full. Twice is once."""
    chosen = picks()
    if not holds(pick):
        if len(chosen) >= MOST_PICKS:
            return False
        keep([*chosen, pick])
    return True


def toggle(pick: Pick) -> None:
    """Puts a view in, or takes it out; for callbacks."""
    if holds(pick):
        keep([other for other in picks() if other.bare() != pick.bare()])
    else:
        _send([pick])


def remove(place: int) -> None:
    """Takes the view at a place out of the list; for callbacks."""
    chosen = picks()
    keep([*chosen[:place], *chosen[place + 1 :]])


def move(place: int, by: int) -> None:
    """Moves the view at a place up (−1) or down (1); for callbacks."""
    chosen = picks()
    other = place + by
    if 0 <= place < len(chosen) and 0 <= other < len(chosen):
        chosen[place], chosen[other] = chosen[other], chosen[place]
        keep(chosen)


def fill_for_a_meeting() -> None:
    """Gathers what a meeting usually asks for; for callbacks."""
    for pick in MEETING:
        add(pick)


def entitle(place: int, title: str) -> None:
    """Gives the view at a place a title of the reader's own; empty: the view's own again."""
    chosen = picks()
    if 0 <= place < len(chosen):
        chosen[place] = replace(chosen[place], title=" ".join(title.split()))
        keep(chosen)


def take_from_address() -> int:
    """Reads a list that the address brought; returns how many of its parts were none."""
    text = address.news(ADDRESS)
    if text is None:
        return 0
    brought, spoilt = read_list(text)
    if brought or not spoilt:
        # Titles that were given to the same views stay.
        known = {pick.bare(): pick for pick in picks()}
        keep([known.get(pick, pick) for pick in brought])
    return spoilt


def put_into_address() -> None:
    """Writes the list into the address, so that the link of this page holds it."""
    address.say(ADDRESS, list_text(picks()))


def send_button(pick: Pick, *more: Pick, key: str = "kirim_paparan") -> None:
    """A quiet button that sends what is on the screen to Bahan Paparan, and the way there.

    `key` tells several buttons on one page apart.
    """
    if not data.may("city"):
        return
    sent = [_usual_base(one) for one in (pick, *more)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", width="content"):
        gathered = all(holds(one) for one in sent)
        st.button(
            t("Sudah di paparan") if gathered else t("Kirim ke paparan"),
            icon=":material/check:" if gathered else ":material/add_to_photos:",
            key=key, type="tertiary", disabled=gathered, on_click=_send, args=(sent,),
            help=t("Tambahkan tampilan ini ke halaman Bahan Paparan, untuk diambil sebagai gambar, "
                   "slide, atau tabel."),
        )  # fmt: skip
        if gathered:
            st.page_link(frame.page_path("paparan"), label=t("Buka Bahan Paparan"),
                         icon=":material/slideshow:")  # fmt: skip


def _usual_base(pick: Pick) -> Pick:
    """What is drawn by default is left open, so that a link also opens where it cannot be had."""
    usual = "true" if data.has_official_boundaries() else "cartogram"
    return replace(pick, base=None) if pick.base == usual else pick


def _send(sent: list[Pick]) -> None:
    added = all(add(pick) for pick in sent)
    said = (
        t("Ditambahkan ke Bahan Paparan ({n} tampilan).", n=formats.number(len(picks())))
        if added
        else t("Bahan Paparan sudah penuh ({n} tampilan); keluarkan satu dahulu.",
               n=formats.number(MOST_PICKS))
    )  # fmt: skip
    st.toast(said, icon=":material/slideshow:")
