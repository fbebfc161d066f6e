"""A real server with sign-in before a city of canaries, and people of every role in front of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import canary_city
import pytest
from office import ROLES, SECRET, Office
from raw_client import Session
from running_dashboard import free_port, running_dashboard

from jambi_dash.releases.store import ReleaseRecord


@pytest.fixture(scope="session")
def canary(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[ReleaseRecord, ...]]:
    """The store of the canary city, and its two releases."""
    store, made = canary_city.build(tmp_path_factory.mktemp("canary"))
    return store.home, tuple(made)


@pytest.fixture(scope="session")
def office(
    canary: tuple[Path, tuple[ReleaseRecord, ...]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("intruder")
    home, releases = canary
    roles = home / "roles.toml"
    roles.write_text(ROLES)
    roles.chmod(0o600)
    port, provider_port = free_port(), free_port()
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f"""
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "dasbor"
client_secret = "rahasia-klien"
server_metadata_url = "http://localhost:{provider_port}/.well-known/openid-configuration"
"""
    )
    secrets.chmod(0o600)
    script = Path(__file__).parents[1] / "browser" / "oidc_provider.py"
    provider = subprocess.Popen(
        [sys.executable, str(script), str(provider_port), "dasbor", "rahasia-klien"]
    )
    try:
        with running_dashboard(
            home, folder / "log", options=["--secrets", str(secrets)], port=port
        ) as running:
            yield Office(running, releases, f"http://localhost:{provider_port}")
    finally:
        provider.terminate()
        provider.wait(20)


@pytest.fixture
def enter(office: Office) -> Iterator[Callable[..., Session]]:
    """A session of somebody: `enter("viewer")`, `enter("")` for who has not signed in."""
    open_sessions: list[Session] = []

    def come(who: str = "", **options: Any) -> Session:
        cookie = options.pop("cookie", office.cookie(who) if who else "")
        found = Session(office.url, cookie, **options)
        open_sessions.append(found)
        return found

    yield come
    for session in open_sessions:
        session.close()
