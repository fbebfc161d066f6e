"""The real server as a process of its own: `python -m jambi_dash serve` on a free port."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jambi_dash.settings import PROJECT

START_SECONDS = 90
STOP_SECONDS = 20


@dataclass(frozen=True)
class Dashboard:
    """A server that answers. `url` has no slash at its end; `home` is its store."""

    url: str
    home: Path
    log: Path


@contextmanager
def running_dashboard(
    home: Path, log: Path, *, options: Sequence[str] = (), port: int | None = None
) -> Iterator[Dashboard]:
    """Starts the dashboard on the store `home`, waits for its health, and ends it afterwards.

    `options` are further words for `serve`, `port` one that was chosen before.

    Raises `AssertionError` with the end of its log where it does not start.
    """
    port = port or free_port()
    command = [
        sys.executable,
        "-m",
        "jambi_dash",
        "--home",
        str(home),
        "serve",
        "--port",
        str(port),
        *options,
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # The command starts Streamlit in turn: one group, so that both can be ended.
            start_new_session=os.name != "nt",
        )
    try:
        _wait_for_health(process, port, log)
        yield Dashboard(f"http://localhost:{port}", home, log)
    finally:
        _end(process)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_health(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("localhost", port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise AssertionError(f"the dashboard did not start (exit code {process.poll()}):\n{tail}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True)
        process.wait(STOP_SECONDS)
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        if not _group_lives(process.pid):
            break


def _group_lives(group: int) -> bool:
    """Whether a member of an ended process's group is still there, after a moment of patience."""
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True
