"""The headers that depend on how people come: HTTPS or not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jambi_dash.ui import headers


async def _answer(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200,
                "headers": [(b"Cache-Control", b"public"), (b"X-Frame-Options", b"DENY")]})  # fmt: skip
    await send({"type": "http.response.body", "body": b""})


def _ask(path: str) -> list[tuple[bytes, bytes]]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(headers.Headers(_answer)({"type": "http", "path": path}, None, send))  # type: ignore[arg-type]
    return list(sent[0]["headers"])


@pytest.mark.parametrize("encrypted", [True, False])
def test_only_who_comes_encrypted_is_kept_to_it(
    encrypted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headers, "is_encrypted", lambda: encrypted)
    found = [value for name, value in _ask("/peta") if name == b"strict-transport-security"]
    assert found == ([b"max-age=31536000"] if encrypted else [])


def test_what_was_set_before_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "is_encrypted", lambda: False)
    page = [value for name, value in _ask("/") if name.lower() == b"x-frame-options"]
    assert page == [b"SAMEORIGIN"]
    kept = [value for name, value in _ask("/") if name.lower() == b"cache-control"]
    assert kept == [b"public"]
    media = [value for name, value in _ask("/media/a") if name.lower() == b"cache-control"]
    assert media == [b"private, no-store"]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/app/static/geo/0a1b.geojson", True),
        ("/app/static/leaflet-38f0af45a60f/images/layers.png", True),
        ("/app/static/map/area_layer-0a1b.js", True),
        ("/app/static/other.txt", False),
    ],
)
def test_only_files_named_by_their_content_are_kept_for_ever(
    path: str, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headers, "is_encrypted", lambda: False)
    said = [value for name, value in _ask(path) if name.lower() == b"cache-control"]
    assert (said == [b"public, immutable, max-age=31536000"]) == kept
