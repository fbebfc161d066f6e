"""Who is in front of the page: sign-in by OpenID Connect, its end, and the door before every page.

Without sign-in set up (`[auth]` in the secrets file) only this computer is served, and who sits at
it may do everything. With it, a person is what the role file says, asked anew at every answer: a
role that is taken away holds no longer at the next answer, and an open page closes by itself.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import LOCAL_READER, Reader, nobody, role_label
from jambi_dash.releases.audit import Actor, AuditLog, act_as
from jambi_dash.releases.role_file import load_roles
from jambi_dash.settings import default_home
from jambi_dash.ui.literal import literal

LOCAL_ADDRESSES = {"localhost", "127.0.0.1", "::1"}
WATCH_SECONDS = 20
_WANTED_SECONDS = 15 * 60
_MOST_WANTED = 2000
_MOST_TOLD = 10_000
_WHO = "_masuk_siapa"
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")

_lock = threading.Lock()
# Sign-ins that were ended here: Streamlit would go on believing their cookie in another tab.
_ended: dict[str, float] = {}
# What somebody wanted to see before signing in: the provider leads back to the first page only.
_wanted: dict[str, tuple[float, str, dict[str, str]]] = {}
_told: set[tuple[str, str, str]] = set()
_salt = secrets.token_bytes(16)
_LOOK_AGAIN_SECONDS = 1.0
_looked_in_vain = float("-inf")


def is_set_up() -> bool:
    """Whether people sign in here."""
    global _looked_in_vain
    # A missing file is looked for in all its places; a page would ask that twenty times a run.
    if time.monotonic() - _looked_in_vain < _LOOK_AGAIN_SECONDS:
        return False
    if st.secrets.load_if_toml_exists():
        return bool(st.secrets.get("auth"))
    _looked_in_vain = time.monotonic()
    return False


def reader() -> Reader:
    """Who reads, as of now."""
    if not is_set_up():
        return LOCAL_READER if _is_this_computer() else nobody("address")
    return reader_of(_claims(), _pseudonym)


def reader_of(claims: Mapping[str, Any], named: Callable[[Path, str], str]) -> Reader:
    """What a person who signed in with these claims may do now; `named` gives the pseudonym."""
    if claims.get("is_logged_in") is not True:
        return nobody("sign_in")
    home = default_home()
    try:
        book = load_roles(home)
        who = named(home, book.identity(claims))
    except Refusal:
        return nobody("roles")
    if _mark(claims) in _ended:
        return nobody("sign_in", who)
    return book.reader(claims, who=who, now=time.time())


def _claims() -> dict[str, Any]:
    return dict(st.user.to_dict())


def _is_this_computer() -> bool:
    """Bound to this computer, and not behind a proxy that brings others."""
    headers = st.context.headers
    return st.get_option("server.address") in LOCAL_ADDRESSES and not any(
        headers.get(name) for name in _FORWARDED
    )


def _pseudonym(home: Path, identity: str) -> str:
    known: tuple[str, str] | None = st.session_state.get(_WHO)
    if known is None or known[0] != identity:
        known = (identity, AuditLog(home).pseudonym(identity))
        st.session_state[_WHO] = known
    return known[1]


def acting(_home: Path) -> Actor:
    """Who acts, for the log."""
    now = reader()
    return Actor(now.role, now.who or "-")


# The door before every page


def open_or_stop(address: str) -> None:
    """Lets a reader with a role through to the page; anybody else sees the door, and no more."""
    act_as(acting)
    now = reader()
    _tell(now)
    if not now.may("read"):
        _draw_door(now, address)
        st.stop()
    if is_set_up():
        _watch(now)


def wanted_before(pages: set[str]) -> tuple[str, dict[str, str]] | None:
    """Page and address that were asked for before signing in; once."""
    key = _browser() if is_set_up() else ""
    with _lock:
        found = _wanted.pop(key, None) if key else None
    if found is None or time.monotonic() - found[0] > _WANTED_SECONDS or found[1] not in pages:
        return None
    return found[1], found[2]


def draw_account() -> None:
    """Role and sign-out, in the header; nothing where nobody signs in."""
    if not is_set_up():
        return
    now = reader()
    with st.popover(role_label(now.role), icon=":material/account_circle:", type="tertiary"):
        claims = _claims()
        if isinstance(claims.get("email"), str):
            st.caption(literal(claims["email"]))
        if now.areas is not None:
            areas = load_areas()
            names = ", ".join(areas.name_of(code) for code in sorted(now.areas))
            st.caption(t("Wilayah: {names}", names=literal(names)))
        if st.button(t("Keluar"), icon=":material/logout:", key="masuk_keluar"):
            sign_out()


def sign_out() -> None:
    """Ends the sign-in, in every tab of this server."""
    claims = _claims()
    AuditLog(default_home()).note("sign_out")
    with _lock:
        now = time.time()
        for mark in [mark for mark, until in _ended.items() if until < now]:
            del _ended[mark]
        # Long enough for any session: `RoleBook.session_hours` is a week at most.
        _ended[_mark(claims)] = now + 8 * 24 * 3600
    st.logout()


def _draw_door(now: Reader, address: str) -> None:
    sentences = {
        "sign_in": t("Masuk dengan akun kantor untuk membuka dasbor ini."),
        "expired": t("Sesi Anda sudah berakhir; masuk lagi untuk melanjutkan."),
        "unknown": t("Akun Anda dikenal, tetapi belum diberi akses ke dasbor ini; mintalah kepada "
                     "petugas data."),
        "unverified": t("Alamat surel akun Anda belum diverifikasi, jadi belum dapat dipakai; "
                        "verifikasi dahulu pada penyedia akun."),
        "roles": t("Akses sedang ditutup karena berkas peran tidak dapat dipakai; beri tahu petugas "
                   "data (perintah doctor menyebut sebabnya)."),
        "address": t("Dasbor ini hanya dibuka di komputernya sendiri, karena masuk dengan akun belum "
                     "dipasang."),
    }  # fmt: skip
    with st.container(horizontal_alignment="center"), st.container(border=True, width=560):
        st.subheader(t("Jamsostek Pekerja Rentan Kota Jambi"), anchor=False)
        st.write(sentences.get(now.reason, sentences["sign_in"]))
        if now.reason == "address":
            return
        with st.container(horizontal=True):
            if st.button(
                t("Masuk") if now.reason == "sign_in" else t("Masuk lagi"),
                type="primary", icon=":material/login:", key="masuk",
            ):  # fmt: skip
                _remember(address)
                st.login()
            if now.reason != "sign_in" and st.button(t("Keluar"), icon=":material/logout:"):
                sign_out()


def _tell(now: Reader) -> None:
    """A line in the log when somebody comes in or is turned away."""
    if not is_set_up() or now.reason in ("sign_in", "address"):
        return
    # A sign-in is told once, however many pages and tabs it opens; a changed role is told again.
    seen = (_mark(_claims()), now.role, now.reason)
    with _lock:
        is_news = seen not in _told
        if len(_told) >= _MOST_TOLD:
            _told.clear()
        _told.add(seen)
    if is_news:
        log = AuditLog(default_home())
        if now.reason:
            log.note("sign_in_refused", reason=now.reason)
        else:
            log.note("sign_in", areas=len(now.areas) if now.areas is not None else None)


def _watch(then: Reader) -> None:
    """Closes an open page by itself when its reader may no longer see it."""

    @st.fragment(run_every=WATCH_SECONDS)
    def look() -> None:
        if reader() != then:
            st.rerun()

    look()


def _mark(claims: Mapping[str, Any]) -> str:
    """One sign-in of one person, as something that tells nothing about either."""
    said = [str(claims.get(name)) for name in ("iss", "sub", "iat", "nonce", "exp")]
    return hashlib.blake2b("\n".join(said).encode(), key=_salt, digest_size=16).hexdigest()


# Where somebody was going


def _remember(address: str) -> None:
    key = _browser()
    if not key:
        return
    with _lock:
        oldest = time.monotonic() - _WANTED_SECONDS
        for old in [k for k, (when, _, _) in _wanted.items() if when < oldest]:
            del _wanted[old]
        if len(_wanted) < _MOST_WANTED:
            _wanted[key] = (time.monotonic(), address, st.query_params.to_dict())


def _browser() -> str:
    """This browser until it is closed: the token inside of Streamlit's own XSRF cookie.

    The cookie is written anew with another mask at every visit: `2|mask|token ^ mask|time`.
    """
    parts = st.context.cookies.get("_streamlit_xsrf", "").strip('"').split("|")
    try:
        mask, hidden = bytes.fromhex(parts[1]), bytes.fromhex(parts[2])
        if parts[0] != "2" or len(mask) != 4 or len(hidden) < 16:
            return ""
    except (IndexError, ValueError):
        return ""
    token = bytes(byte ^ mask[i % 4] for i, byte in enumerate(hidden))
    return hashlib.blake2b(token, key=_salt, digest_size=16).hexdigest()
