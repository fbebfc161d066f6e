"""The server's own addresses in the hands of somebody who speaks its protocol."""

from __future__ import annotations

import http.client
import os
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from office import Office
from raw_client import Session, host_of, signed_in
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from jambi_dash.settings import PROJECT

STATIC_ATTACKS = (
    "/app/static/", "/app/static/../../data/store/key", "/app/static/%2e%2e/%2e%2e/README.md",
    "/app/static/..%2f..%2fREADME.md", "/app/static/..%5c..%5cREADME.md", "//etc/passwd",
    "/component/../../../README.md", "/component/x/%2e%2e/%2e%2e/README.md", "/static/../../app.py",
    "/_stcore/agent/openapi.json", "/media/../README.md",
)  # fmt: skip
REFUSED = (400, 403, 404, 405)


def plainly(office: Office, path: str) -> tuple[int, str]:
    """The answer to a path that nobody has tidied up."""
    connection = http.client.HTTPConnection("localhost", urlsplit(office.url).port or 0, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


@pytest.mark.parametrize("path", STATIC_ATTACKS)
def test_no_path_leads_out_of_the_public_folder(office: Office, path: str) -> None:
    _, body = plainly(office, path)
    key = (office.home / "key").read_text().strip()
    for secret in (key, "petugas@contoh.test", "Dasbor ini menjawab", "root:x:", "frame.open_app"):
        assert secret not in body


def test_another_origin_and_a_cookie_of_another_making(
    office: Office, enter: Callable[..., Session]
) -> None:
    with pytest.raises(InvalidStatus):
        enter("officer", origin="http://jahat.test")
    door = "Masuk dengan akun kantor"
    forged = signed_in("y" * 40, office.url, email="petugas@contoh.test")
    elsewhere = signed_in("x" * 40, "http://lain.test", email="petugas@contoh.test")
    for session in (enter(cookie=forged), enter(cookie=elsewhere), enter(cookie="petugas"),
                    enter("officer", with_token=False)):  # fmt: skip
        heard = session.run("data")
        assert door in heard.text
        assert "Catatan kegiatan" not in heard.text


def test_nobody_takes_over_the_session_of_another(enter: Callable[..., Session]) -> None:
    officer = enter("officer")
    officer.run("data")
    for who in ("viewer", ""):
        thief = enter(who, resume=officer.id)
        assert "Catatan kegiatan" not in thief.run("data").text
        assert thief.id != officer.id
    assert "Catatan kegiatan" in officer.run("data").text


def test_only_who_has_a_place_for_files_uploads(
    office: Office, enter: Callable[..., Session]
) -> None:
    for who, status in (("", 403), ("nobody", 403), ("viewer", 403), ("lurah", 403),
                        ("planner", 204), ("officer", 204)):  # fmt: skip
        session = enter(who)
        session.run("definisi")
        path = f"/_stcore/upload_file/{session.id}/satu"
        answer = session.http("PUT", path, files={"f": ("a.csv", b"x")})
        assert answer.status_code == status, who
        if who == "officer":
            bare = session.http("PUT", path, files={"f": ("a.csv", b"x")},
                                headers={"X-Xsrftoken": "x"})  # fmt: skip
            assert bare.status_code == 403
            assert session.http("GET", "/_stcore/metrics").status_code == 200
        else:
            assert session.http("GET", "/_stcore/metrics").status_code == 403


def test_one_session_does_not_fill_the_memory(
    office: Office, enter: Callable[..., Session]
) -> None:
    """Without a page that asks for a file: what lies there and what is announced may be 512 MB."""
    session = enter("planner")
    session.run("definisi")
    lying, announced = 120 * 2**20, 199 * 2**20
    path = f"/_stcore/upload_file/{session.id}/"
    answer = session.http("PUT", path + "0", files={"f": ("a.csv", bytes(lying))})
    assert answer.status_code == 204
    with ExitStack() as stack:

        def announce(name: str) -> str:
            """What is said to an upload of whose bytes none has come yet; nothing, if it may come."""
            wire = stack.enter_context(
                socket.create_connection(("localhost", urlsplit(office.url).port or 0), timeout=20)
            )
            wire.sendall(
                f"PUT {path}{name} HTTP/1.1\r\nHost: {host_of(office.url)}\r\n"
                f"Cookie: {session.cookies}\r\nX-Xsrftoken: {session.token}\r\n"
                "Content-Type: multipart/form-data; boundary=x\r\n"
                f"Content-Length: {announced}\r\n\r\n".encode()
            )
            wire.settimeout(1.5)
            try:
                return wire.recv(12).decode()
            except TimeoutError:
                return ""

        assert announce("1") == ""
        assert announce("2") == "HTTP/1.1 413"
        session.http("DELETE", path + "0")
        assert announce("3") == ""
        assert announce("4") == "HTTP/1.1 413"


def test_what_no_page_needs_is_not_done_for_a_browser(
    office: Office, enter: Callable[..., Session]
) -> None:
    """Clearing everybody's caches, repository names, installing: asked before signing in."""
    session = enter()
    session.run("")
    for message in (
        BackMsg(clear_cache=True), BackMsg(load_git_info=True), BackMsg(set_run_on_save=True)
    ):  # fmt: skip
        session.send(message)
    while (heard := session.hear(1.0)) is not None:
        assert heard.WhichOneof("type") == "session_status_changed"
    log = office.dashboard.log.read_text(errors="replace")
    assert log.count("not done for a browser") >= 3


def test_rubbish_is_answered_without_a_traceback(enter: Callable[..., Session]) -> None:
    for rubbish in (b"\xff" * 50, "teks"):
        session = enter()
        session.send(rubbish)
        assert session.hear(2.0) is None or "Traceback" not in session.run("").text


def test_signing_in_leads_nowhere_else(office: Office, enter: Callable[..., Session]) -> None:
    session = enter()
    for path in ("/oauth2callback?next=http://jahat.test&code=x&state=y", "/oauth2callback",
                 "/auth/login?provider=http://jahat.test", "/auth/login?next=//jahat.test"):  # fmt: skip
        answer = session.http("GET", path)
        assert "jahat.test" not in answer.headers.get("location", "")
        for cookie in answer.headers.get_list("set-cookie"):
            assert "samesite=lax" in cookie.lower()


@pytest.mark.skipif(sys.platform == "win32", reason="no file modes there")
def test_the_store_opens_to_its_owner_only(office: Office) -> None:
    for name in ("releases", "log", "building"):
        assert stat.S_IMODE((office.home / name).stat().st_mode) & 0o077 == 0, name
    for path in (*(office.home / "releases").iterdir(), office.home / "key",
                 office.home / "journal.jsonl", office.home / "roles.toml"):  # fmt: skip
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


@pytest.mark.skipif(sys.platform != "linux", reason="drops a right that only Linux knows")
@pytest.mark.parametrize("words", [
    ["releases"], ["coverage", "--by", "kelurahan"], ["log"], ["rollout"], ["simulate"],
    ["export", "table", "--out", "tabel.xlsx"],
])  # fmt: skip
def test_the_commands_of_another_user_are_refused_in_one_sentence(
    words: list[str], tmp_path: object
) -> None:
    import ctypes
    import subprocess
    from pathlib import Path

    home = Path(str(tmp_path)) / "home"
    home.mkdir()
    (home / "key").write_text("0" * 64)
    libc = ctypes.CDLL(None)

    def as_anybody() -> None:
        # Root reads everything: without these rights it is held to the modes like everybody.
        for capability in (1, 2):
            libc.prctl(24, capability, 0, 0, 0)

    home.chmod(0)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "jambi_dash", "--home", str(home), *words],
            cwd=PROJECT, capture_output=True, text=True, preexec_fn=as_anybody, env=os.environ,
        )  # fmt: skip
    finally:
        home.chmod(0o700)
    assert done.returncode == 1
    assert "tidak boleh dibuka" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
