"""A link that was shared opens on a server that has just started, and asks no other host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from running_dashboard import running_dashboard

# Streamlit treats the first request of a server's life differently from all others, whichever page
# it is for: the first of the menu, one with a hyphen in its address, one in the middle.
ADDRESSES = ("ringkasan", "kampung-bahagia", "data")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_fresh_server_answers_a_deep_link(
    address: str, demo_home: Path, tmp_path: Path, visit: Callable
) -> None:
    with running_dashboard(demo_home, tmp_path / "log") as fresh:
        seen = visit(f"/{address}", server=fresh)
        assert seen.page.get_by_role("dialog").count() == 0, seen.page.inner_text("body")[-200:]
        assert "DATA CONTOH" in seen.page.inner_text("body")
        assert seen.page.get_by_test_id("stException").count() == 0
        assert seen.page.locator('[data-testid="stAlertContentError"]').count() == 0
        assert seen.outside == []
        assert seen.errors == []


def test_an_empty_store_tells_the_next_step(tmp_path: Path, visit: Callable) -> None:
    with running_dashboard(tmp_path / "home", tmp_path / "log") as empty:
        seen = visit("/", server=empty)
        seen.page.get_by_text("Belum ada data").first.wait_for()
        seen.page.get_by_role("link", name="Masukkan berkas pertama").click()
        seen.page.wait_for_url("**/data")
        seen.page.get_by_test_id("stFileUploader").first.wait_for()
        assert seen.outside == []
