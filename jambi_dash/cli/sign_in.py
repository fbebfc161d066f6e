"""The secrets file of sign-in, checked before anything is served: `serve --secrets FILE`."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases.role_file import require_private

SECRETS_VARIABLE = "JAMBI_DASH_SECRETS"
CALLBACK = "/oauth2callback"
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_SHORTEST_SECRET = 32


@dataclass(frozen=True)
class SignIn:
    """A complete setting: the file, and the host under which people reach the dashboard."""

    path: Path
    host: str


def secrets_path(given: Path | None) -> Path | None:
    """The secrets file that was asked for, by option or by `$JAMBI_DASH_SECRETS`."""
    if given is not None:
        return given
    named = os.environ.get(SECRETS_VARIABLE)
    return Path(named).expanduser() if named else None


def read_sign_in(path: Path, port: int) -> SignIn:
    """Reads and checks the secrets file; raises `Refusal` that names what is missing, no value."""
    if path.suffix != ".toml":
        raise _wrong(path, t("namanya harus berakhir dengan .toml"))
    try:
        mode = path.stat().st_mode
        require_private(path, mode)
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise _wrong(path, t("tidak dapat dibaca ({error})", error=error.strerror or "")) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise _wrong(path, t("bukan TOML yang sah")) from None
    auth = raw.get("auth")
    if not isinstance(auth, dict):
        raise _wrong(path, t("bagian [auth] tidak ada"))
    if missing := [key for key in _NEEDED if not _is_text(auth.get(key))]:
        raise _wrong(path, t("[auth] belum berisi {keys}", keys=", ".join(missing)))
    if any(isinstance(value, dict) and "client_id" in value for value in auth.values()):
        raise _wrong(path, t("hanya satu penyedia akun yang didukung, langsung di bawah [auth]"))
    if len(auth["cookie_secret"]) < _SHORTEST_SECRET:
        raise _wrong(
            path, t("cookie_secret harus acak dan paling sedikit {n} huruf", n=_SHORTEST_SECRET)
        )
    back = _address(path, auth["redirect_uri"].replace("{port}", str(port)), "redirect_uri")
    if back.path != CALLBACK:
        raise _wrong(path, t("redirect_uri harus berakhir dengan {end}", end=CALLBACK))
    _address(path, auth["server_metadata_url"], "server_metadata_url")
    return SignIn(path.resolve(), back.hostname or "")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _address(path: Path, text: str, key: str) -> SplitResult:
    """An address that may be trusted with a sign-in: encrypted, or on this computer."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise _wrong(path, t("{key} bukan alamat yang sah", key=key)) from None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_local(host))):
        raise _wrong(path, t("{key} harus https (http hanya untuk localhost)", key=key))
    return parts


def is_local(host: str) -> bool:
    """Whether a host is this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wrong(path: Path, what: str) -> Refusal:
    return Refusal(
        t("Berkas rahasia {name} tidak dapat dipakai: {what}.", name=path.name, what=what)
    )
