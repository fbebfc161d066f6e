"""A real Chromium in front of the real server. In CI these tests run or fail; they never skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from running_dashboard import Dashboard, running_dashboard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
PAGE_MILLISECONDS = 60_000

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
          "msedge", "microsoft-edge")  # fmt: skip
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
_QUIET = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Iterator[Any]:
    """A browser test that would be skipped in CI has failed."""
    return _never_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[Any]:
    """The same for a file that skips itself."""
    return _never_skipped((yield))


def _never_skipped(report: Any) -> Any:
    if IN_CI and report.outcome == "skipped":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"browser tests must run in CI: {reason}"
    return report


def chromium() -> str | None:
    """The Chromium of this machine (`$CHROMIUM` decides), or `None`. Nothing is downloaded."""
    if given := os.environ.get("CHROMIUM"):
        return given
    found = (shutil.which(name) for name in _NAMES)
    return next((p for p in (*found, *_PLACES) if p and Path(p).exists()), None)


@dataclass
class Watched:
    """A page with what went wrong on it and every host that it asked for."""

    page: Page
    server: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Opens `path` of the dashboard and waits until its script has ended."""
        self.page.goto(self.server + path)
        self.settled()
        return self.page

    def settled(self) -> None:
        """Waits until the page's script has ended."""
        self.page.wait_for_selector('[data-testid="stAppViewContainer"]')
        self.page.wait_for_selector('.stApp[data-test-script-state="notRunning"]')

    def saw_request(self, url: str) -> None:
        """Notes a request that leaves for another host."""
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self.server).netloc:
            self.outside.append(url)

    def saw_message(self, message: ConsoleMessage) -> None:
        """Notes what the page's own scripts complain about."""
        url = message.location.get("url", "")
        # On a deep link Streamlit first asks below the page's address, then below the root.
        if message.type == "error" and "/_stcore/" not in url:
            self.errors.append(f"{message.text} {url}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Skips, with the reason, on a machine that cannot run one."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed (requirements-dev.txt)"
    )
    path = chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine; install it, or name it in $CHROMIUM")
    try:
        driver = playwright.sync_playwright().start()
    except Exception as fault:  # its node misses a library of the system; it has no type of its own
        pytest.skip(f"playwright does not start ({fault}); on Debian: apt install libatomic1")
    try:
        started = driver.chromium.launch(executable_path=path, args=_QUIET)
        yield started
        started.close()
    finally:
        driver.stop()


@pytest.fixture(scope="session")
def dashboard(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The real server on a store with the synthetic city."""
    with running_dashboard(demo_home, tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture
def visit(browser: Browser, dashboard: Dashboard) -> Iterator[Callable[..., Watched]]:
    """Opens the dashboard: `visit("/peta")`; options are those of playwright's `new_context`."""
    contexts = []

    def open_page(path: str, server: Dashboard = dashboard, **options: Any) -> Watched:
        context = browser.new_context(
            **{"viewport": {"width": 1366, "height": 768}, "locale": "id-ID", **options}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PAGE_MILLISECONDS)
        watched = Watched(page, server.url)
        page.on("request", lambda request: watched.saw_request(request.url))
        page.on("websocket", lambda socket: watched.saw_request(_as_http(socket.url)))
        page.on("console", watched.saw_message)
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        watched.go(path)
        return watched

    yield open_page
    for context in contexts:
        context.close()


def _as_http(url: str) -> str:
    return "http" + url.removeprefix("ws")
