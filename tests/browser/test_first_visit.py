"""A link that was shared opens on a server that has just started, and asks no other host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from running_dashboard import running_dashboard

if TYPE_CHECKING:
    from playwright.sync_api import Page

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
        assert _elements_asked_for_late(seen.page) == set()


def _elements_asked_for_late(page: Page) -> set[str]:
    """Whose script came though the head of the page did not name it, but for plotly's 4 MB."""
    asked = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    scripts = {url.rpartition("/")[2] for url in asked if "/static/js/" in url}
    head = page.request.get(page.url).text()
    late = {name.partition(".")[0] for name in scripts if name not in head and name[0].isupper()}
    return late - {"PlotlyChart"}


def test_an_empty_store_tells_the_next_step(tmp_path: Path, visit: Callable) -> None:
    with running_dashboard(tmp_path / "home", tmp_path / "log") as empty:
        seen = visit("/", server=empty)
        seen.page.get_by_text("Belum ada data").first.wait_for()
        seen.page.get_by_role("link", name="Masukkan berkas pertama").click()
        seen.page.wait_for_url("**/data")
        seen.page.get_by_test_id("stFileUploader").first.wait_for()
        assert seen.outside == []
