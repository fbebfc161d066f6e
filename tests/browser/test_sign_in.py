"""Signing in at a real provider, in a real browser: who comes in, sees what, and until when."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from running_dashboard import Dashboard, free_port, running_dashboard

from jambi_dash.domain.areas import load_areas
from jambi_dash.releases.audit import AuditLog

ROLES = """
session_hours = {hours}

[[people]]
email = "petugas@contoh.test"
role = "petugas_data"

[[people]]
email = "perencana@contoh.test"
role = "perencana"

[[people]]
email = "lurah@contoh.test"
role = "perencana"
areas = ["15.71.01.1001"]

[[people]]
claim = "groups"
value = "tamu"
role = "penonton"
"""
SIGN_IN = "Masuk dengan akun kantor"
OWN, OTHER = "15.71.01.1001", "15.71.08.1004"


@dataclass(frozen=True)
class Office:
    """A dashboard with sign-in."""

    dashboard: Dashboard

    @property
    def home(self) -> Path:
        """Its store."""
        return self.dashboard.home

    def roles(self, text: str | None = None, *, hours: float = 8) -> None:
        """Puts a role file in place, whole."""
        write_roles(self.home, text or ROLES.format(hours=hours))


def write_roles(home: Path, text: str) -> None:
    aside = home / "roles.new"
    aside.write_text(text)
    aside.chmod(0o600)
    aside.replace(home / "roles.toml")


@pytest.fixture(scope="module")
def office(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    home = folder / "home"
    shutil.copytree(demo_home, home)
    write_roles(home, ROLES.format(hours=8))
    provider_port, port = free_port(), free_port()
    provider = subprocess.Popen(
        [
            sys.executable,
            str(Path(__file__).with_name("oidc_provider.py")),
            str(provider_port),
            "dasbor",
            "rahasia-klien",
        ]
    )
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f"""
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "{"x" * 40}"
client_id = "dasbor"
client_secret = "rahasia-klien"
server_metadata_url = "http://localhost:{provider_port}/.well-known/openid-configuration"
"""
    )
    secrets.chmod(0o600)
    try:
        _wait(provider_port)
        with running_dashboard(
            home, folder / "log", options=["--secrets", str(secrets)], port=port
        ) as running:
            yield Office(running)
    finally:
        provider.terminate()
        provider.wait(20)


def _wait(port: int) -> None:
    for _ in range(200):
        connection = http.client.HTTPConnection("localhost", port, timeout=5)
        try:
            connection.request("GET", "/keys")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the provider did not start")


@pytest.fixture
def come(visit: Callable, office: Office) -> Callable[..., Any]:
    """Opens an address as somebody who signs in: `come("/peta", "lurah@contoh.test")`."""
    office.roles()

    def open_as(path: str, email: str = "", **claims: Any) -> Any:
        seen = visit(path, server=office.dashboard)
        sign_in(seen, {"sub": email or "x", "email": email, "email_verified": True, **claims})
        return seen

    return open_as


def sign_in(seen: Any, claims: dict[str, Any]) -> None:
    page = seen.page
    page.get_by_role("button", name="Masuk").first.click()
    page.locator("input[name=claims]").fill(json.dumps(claims))
    page.get_by_role("button", name="Masuk ke penyedia").click()
    page.wait_for_selector('[data-testid="stAppViewContainer"]')
    page.wait_for_selector('[data-testid="stMain"] h3, [data-testid="stMain"] p')
    settle(seen)


def settle(seen: Any) -> None:
    # A switch of page ends one run and begins another.
    for _ in range(3):
        seen.settled()
        seen.page.wait_for_timeout(250)


def body(seen: Any) -> str:
    return str(seen.page.inner_text("body"))


def test_nothing_of_the_data_before_signing_in(visit: Callable, office: Office) -> None:
    seen = visit(f"/peta?wilayah={OWN}&tingkat=RT", server=office.dashboard)
    assert SIGN_IN in body(seen)
    assert "Data per" not in body(seen)
    assert seen.page.locator("iframe").count() == 0
    assert seen.outside == []
    assert seen.errors == []
    # Nor by an address that is no page.
    for path in ("/media/0123456789abcdef.xlsx", "/_stcore/metrics"):
        assert _status(office, path) == 403
    assert _status(office, "/_stcore/upload_file/s/f", method="PUT") == 403


def test_a_link_is_kept_through_signing_in(come: Callable) -> None:
    seen = come(f"/peta?wilayah={OTHER}&tampilan=Dua+bulan", "perencana@contoh.test")
    seen.page.wait_for_url("**/peta?**")
    address = urlsplit(seen.page.url)
    assert address.path == "/peta"
    assert f"wilayah={OTHER}" in address.query
    # The link's words may be put in the address's own form, but they are not lost.
    assert "tampilan=" in address.query
    assert seen.page.get_by_text(load_areas().name_of(OTHER)).count() > 0


def test_signing_out_closes_every_tab_and_the_cookie(come: Callable, office: Office) -> None:
    seen = come("/ringkasan", "perencana@contoh.test")
    assert "Data per" in body(seen)
    cookies = seen.page.context.cookies()
    other = seen.page.context.new_page()
    other.goto(office.dashboard.url + "/definisi")
    other.get_by_text("Definisi & Sumber").first.wait_for()
    seen.page.get_by_role("button", name="perencana").click()
    seen.page.get_by_role("button", name="Keluar").click()
    seen.page.get_by_text(SIGN_IN).wait_for()
    # The other tab still has its session with Streamlit: it closes by itself.
    other.get_by_text(SIGN_IN).wait_for(timeout=45_000)
    # And who kept the cookie does not come in with it.
    seen.page.context.add_cookies(cookies)
    seen.page.goto(office.dashboard.url + "/ringkasan")
    seen.page.get_by_text(SIGN_IN).wait_for()


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ({"email": "orang@luar.test"}, "belum diberi akses"),
        ({"email": "petugas@contoh.test", "email_verified": False}, "belum diverifikasi"),
        ({"email": "lain@luar.test", "groups": ["lurah"]}, "belum diberi akses"),
    ],
)
def test_whom_no_line_names_sees_one_sentence(
    come: Callable, office: Office, claims: dict[str, Any], sentence: str
) -> None:
    seen = come("/data", **{"email": "", **claims})
    assert sentence in body(seen)
    assert "Data per" not in body(seen)
    last = AuditLog(office.home).entries()[-1]
    assert last.deed == "sign_in_refused"
    assert "@" not in (office.home / "log" / "log.jsonl").read_text()


def test_a_viewer_gets_nothing_beyond_by_changing_the_address(come: Callable) -> None:
    seen = come("/ringkasan", "tamu@luar.test", groups=["semua", "tamu"])
    assert "Semua yang terlindungi" in body(seen)
    menu = seen.page.locator('[data-testid="stTopNavLink"]').all_inner_texts()
    assert not {"Simulasi Perluasan", "Data & Mutu", "Santunan"} & set(menu)
    refusals = {
        "/simulasi": "hanya untuk perencana",
        "/data": "tidak dibuka untuk peran penonton",
        "/data?bagian=Catatan+kegiatan": "tidak dibuka untuk peran penonton",
        "/santunan": "tidak dibuka untuk peran penonton",
    }
    for address, sentence in refusals.items():
        seen.go(address)
        settle(seen)
        assert sentence in body(seen), address
    for level in ("RT", "rt"):
        seen.go(f"/peta?wilayah={OTHER}-001&tingkat={level}")
        settle(seen)
        assert seen.page.get_by_role("radio", name="RT", exact=True).count() == 0
        assert "RT 001" not in body(seen)
    seen.go("/kampung-bahagia?kb_lembar=Gelombang+berikut")
    settle(seen)
    assert "Gelombang berikut" not in body(seen)
    for copy in ("Internal", "internal"):
        seen.go(f"/paparan?salinan={copy}")
        settle(seen)
        assert "Salinan umum" in body(seen)
        assert seen.page.get_by_text("Salinan internal").count() == 0
    seen.go("/definisi?bagian_definisi=sumber")
    settle(seen)
    assert "kota-contoh.xlsx" not in body(seen)


def test_a_lurah_sees_the_own_kelurahan_only(come: Callable) -> None:
    areas = load_areas()
    seen = come("/", "lurah@contoh.test")
    seen.page.wait_for_url("**/peta**")
    settle(seen)
    others = [k.name for k in areas.kelurahan if k.code != OWN]
    seen.page.get_by_role("tab", name="Tabel").click()
    settle(seen)
    text = body(seen)
    assert areas.name_of(OWN) in text
    for address in (f"/peta?wilayah={OTHER}", "/peta?tingkat=Kecamatan", "/ringkasan", "/simulasi",
                    "/santunan?kecamatan=15.71.08", "/data", "/paparan"):  # fmt: skip
        seen.go(address)
        settle(seen)
        text = body(seen)
        shown = [name for name in others if f"{name}\n" in text or f" {name} " in text]
        assert shown == [], (address, shown)
        assert seen.page.get_by_test_id("stException").count() == 0


def test_a_role_that_is_taken_away_ends_at_once(come: Callable, office: Office) -> None:
    seen = come("/data", "petugas@contoh.test")
    seen.page.get_by_role("tab", name="Catatan kegiatan").wait_for()
    office.roles(ROLES.format(hours=8).replace("petugas@contoh.test", "pengganti@contoh.test"))
    seen.page.get_by_text("belum diberi akses").wait_for(timeout=45_000)
    assert seen.page.get_by_role("tab", name="Catatan kegiatan").count() == 0
    told = [entry for entry in AuditLog(office.home).entries() if entry.deed == "roles_changed"]
    assert len(told) >= 2


def test_a_session_ends_with_its_token(come: Callable) -> None:
    seen = come("/ringkasan", "perencana@contoh.test", exp=int(time.time()) + 8)
    assert "Data per" in body(seen)
    seen.page.get_by_text("Sesi Anda sudah berakhir").wait_for(timeout=45_000)
    assert "Data per" not in body(seen)
    # A fresh session with the old cookie is over too.
    seen.page.reload()
    seen.page.get_by_text("Sesi Anda sudah berakhir").wait_for()
    seen.page.get_by_role("button", name="Masuk lagi").click()
    seen.page.locator("input[name=claims]").wait_for()


def test_a_session_ends_after_the_hours_of_the_role_file(come: Callable, office: Office) -> None:
    seen = come("/ringkasan", "perencana@contoh.test", iat=int(time.time()) - 3600)
    assert "Data per" in body(seen)
    office.roles(hours=0.5)
    seen.page.get_by_text("Sesi Anda sudah berakhir").wait_for(timeout=45_000)


def test_a_broken_role_file_closes_the_dashboard(come: Callable, office: Office) -> None:
    seen = come("/ringkasan", "perencana@contoh.test")
    office.roles("[[people]]\nemail = 'perencana@contoh.test'\nrole = 'raja'\n")
    seen.page.get_by_text("berkas peran tidak dapat dipakai").wait_for(timeout=45_000)
    office.roles()
    seen.page.reload()
    seen.page.get_by_text("Data per").first.wait_for()


def test_the_log_is_whole_and_names_nobody(come: Callable, office: Office) -> None:
    seen = come("/data?bagian=Catatan+kegiatan", "petugas@contoh.test")
    seen.page.get_by_text("utuh dan bersambung").wait_for()
    verdict = AuditLog(office.home).verify()
    assert verdict.problems == ()
    text = (office.home / "log" / "log.jsonl").read_text()
    assert "contoh.test" not in text
    server = office.dashboard.log.read_text(errors="replace")
    assert "contoh.test" not in server
    assert "Traceback" not in server
    assert (office.home / "log" / "log.jsonl").stat().st_mode & 0o077 == 0


def test_another_host_is_not_answered(office: Office) -> None:
    """A page of another name that leads here gets no websocket (DNS rebinding)."""
    port = urlsplit(office.dashboard.url).port
    for host, status in ((f"jahat.test:{port}", 403), (f"localhost:{port}", 101)):
        connection = http.client.HTTPConnection("localhost", port or 0, timeout=10)
        connection.request("GET", "/_stcore/stream", headers={
            "Host": host, "Origin": f"http://{host}", "Connection": "Upgrade",
            "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        })  # fmt: skip
        assert connection.getresponse().status == status
        connection.close()


def _status(office: Office, path: str, method: str = "GET") -> int:
    port = urlsplit(office.dashboard.url).port
    connection = http.client.HTTPConnection("localhost", port or 0, timeout=10)
    try:
        connection.request(method, path)
        return connection.getresponse().status
    finally:
        connection.close()
