"""The security headers in a real browser: nothing of the dashboard needs more, nothing else gets it."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from running_dashboard import Dashboard

# What each page draws that a policy could forbid: frames of the map, charts of plotly.
PAGES = {
    "/ringkasan": (0, 0),
    "/peta": (1, 1),
    "/peta?tingkat=RT": (1, 1),
    "/kampung-bahagia": (1, 0),
    "/simulasi": (1, 0),
    "/santunan": (0, 1),
    "/paparan": (0, 0),
    "/data": (0, 0),
    "/definisi": (0, 0),
}
MAP = 'iframe[src*="folium"]'


@pytest.mark.parametrize("address", PAGES)
def test_no_page_meets_its_policy(address: str, visit: Callable) -> None:
    frames, charts = PAGES[address]
    seen = visit(address)
    for n in range(frames):
        seen.page.frame_locator(MAP).nth(n).locator("path.area").nth(67).wait_for(state="attached")
    for n in range(charts):
        seen.page.locator(".js-plotly-plot .main-svg").nth(n).wait_for()
    seen.settled()
    assert seen.outside == []
    assert seen.errors == []


def test_a_file_is_handed_over_and_a_picture_shown(visit: Callable, tmp_path: Path) -> None:
    # The module of the component without a frame is a blob, the picture is data.
    seen = visit("/paparan?isi=cakupan.kelurahan")
    seen.page.get_by_role("button", name="Lihat").click()
    picture = seen.page.locator("img.rk-picture")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") > 0
    seen.page.keyboard.press("Escape")
    picture.wait_for(state="detached")
    with seen.page.expect_download() as download:
        seen.page.get_by_role("button", name="Ambil", exact=False).click()
    download.value.save_as(tmp_path / "berkas")
    assert (tmp_path / "berkas").stat().st_size > 0
    assert seen.errors == []


def test_what_gets_into_a_page_neither_runs_nor_calls_home(visit: Callable) -> None:
    seen = visit("/definisi")
    broken = seen.page.evaluate(
        """async () => {
            const broken = [];
            document.addEventListener("securitypolicyviolation",
                event => broken.push(event.effectiveDirective));
            const box = document.body.appendChild(document.createElement("div"));
            box.innerHTML = '<img src="/lost.png" onerror="window.ran = 1">'
                + '<img src="https://elsewhere.invalid/x.png">'
                + '<iframe src="https://elsewhere.invalid/"></iframe>';
            const script = document.createElement("script");
            script.textContent = "window.ran = 2";
            box.append(script);
            const base = document.head.appendChild(document.createElement("base"));
            base.href = "https://elsewhere.invalid/";
            base.remove();
            await fetch("https://elsewhere.invalid/").catch(() => {});
            for (let i = 0; i < 50 && new Set(broken).size < 6; i++)
                await new Promise(done => setTimeout(done, 100));
            return [...new Set(broken)].sort();
        }"""
    )
    assert broken == [
        "base-uri", "connect-src", "frame-src", "img-src", "script-src-attr", "script-src-elem",
    ]  # fmt: skip
    assert seen.page.evaluate("window.ran") is None


def test_every_answer_has_them(visit: Callable, dashboard: Dashboard) -> None:
    seen = visit("/peta")
    seen.page.frame_locator(MAP).locator("path.area").nth(67).wait_for(state="attached")
    asked = {
        urlsplit(entry).path
        for frame in seen.page.frames
        for entry in frame.evaluate("performance.getEntries().map(entry => entry.name)")
        if entry.startswith(dashboard.url)
    }
    shapes = [path for path in asked if path.endswith(".geojson")]
    frame = [path for path in asked if path.startswith("/component/") and path.endswith(".html")]
    assert shapes
    assert frame
    for path in ["/", "/definisi", "/tidak-ada", "/media/tidak-ada", "/_stcore/health",
                 "/app/static/tidak-ada.js", *asked]:  # fmt: skip
        got = headers_of(dashboard, path)
        assert got["x-content-type-options"] == "nosniff", path
        assert got["referrer-policy"] == "same-origin", path
        assert got["x-frame-options"] == "SAMEORIGIN", path
        assert got["cross-origin-opener-policy"] == "same-origin", path
        policy = got["content-security-policy"]
        assert policy.startswith("default-src 'none'; "), path
        assert "frame-ancestors 'self'" in policy, path
        assert "http" not in policy, path
        assert "*" not in policy, path
        assert ("unsafe-eval" in policy) == path.startswith("/component/"), path
        assert "strict-transport-security" not in got, path
    assert headers_of(dashboard, "/")["cache-control"] == "no-cache"
    assert headers_of(dashboard, "/media/tidak-ada")["cache-control"] == "private, no-store"
    for path in shapes:
        assert "immutable" in headers_of(dashboard, path)["cache-control"]
    assert "cache-control" not in headers_of(dashboard, "/app/static/geo/tidak-ada.geojson")


def headers_of(dashboard: Dashboard, path: str) -> dict[str, str]:
    """The head of an answer; a name that comes twice is an error."""
    connection = http.client.HTTPConnection(urlsplit(dashboard.url).netloc, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    names = [name.lower() for name, _ in answer.getheaders() if name.lower() != "set-cookie"]
    assert len(names) == len(set(names)), path
    return {name.lower(): value for name, value in answer.getheaders()}
