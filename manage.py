#!/usr/bin/env python3
"""Starts, tests and measures the dashboard. Needs nothing but Python: the rest it installs.

    python3 manage.py setup     makes .venv with what requirements.txt pins
    python3 manage.py run       setup, then the dashboard in the browser
    python3 manage.py test      all tests; further words go to pytest
    python3 manage.py check     ruff, mypy, layer rules, known holes in the libraries
    python3 manage.py bench     measures speed; further words go to bench/run.py
    python3 manage.py texts     puts new texts into the English catalogue

Works on Linux, macOS and Windows.
"""

# An old Python (3.6) must get as far as being told that it is too old: hence plain annotations.
# mypy: disable-error-code="type-arg"

import argparse
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path

NEEDED = (3, 11)
PROJECT = Path(__file__).resolve().parent
VENV = PROJECT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
RUN_REQUIREMENTS = ("requirements.txt",)
ALL_REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
FIRST_PORT, LAST_PORT = 8501, 8540
START_SECONDS = 120

_NO_REGISTRY = ("No matching distribution", "Could not find a version", "Retrying (",
                "ConnectionError", "ProxyError", "SSLError", "ReadTimeout")  # fmt: skip


class Stop(Exception):
    """The command cannot go on; the text is what the user reads."""


def say(indonesian: str, english: str) -> str:
    """The text in the language that the dashboard's commands speak."""
    return english if os.environ.get("JAMBI_DASH_LANGUAGE") == "en" else indonesian


def main() -> int:
    """Runs one command and returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # Ends with the clean-up of `finally` when a service manager or CI stops it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if tuple(sys.version_info[:2]) < NEEDED:
            raise Stop(
                say(
                    "Python {} terlalu lama; pasang Python 3.11 atau lebih baru dari "
                    "https://www.python.org/downloads/ lalu ulangi dengan Python itu.",
                    "Python {} is too old; install Python 3.11 or newer from "
                    "https://www.python.org/downloads/ and try again with it.",
                ).format(sys.version.split()[0])
            )
        options, rest = build_parser().parse_known_args()
        if rest and options.command not in ("test", "bench"):
            build_parser().error("unrecognized arguments: " + " ".join(rest))
        code: int = options.run(options, rest)
        return code
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def build_parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    parser = argparse.ArgumentParser(
        prog="manage.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    prepare = commands.add_parser("setup", help="makes .venv with what requirements.txt pins")
    prepare.add_argument("--fresh", action="store_true", help="throws an existing .venv away first")
    prepare.set_defaults(run=setup)
    start = commands.add_parser("run", help="setup, then the dashboard in the browser")
    start.add_argument("--port", type=int, metavar="N", help="default: the first free from 8501")
    start.add_argument("--home", type=Path, metavar="DIR", help="folder of releases and keys")
    start.add_argument("--no-browser", action="store_true", help="prints the address only")
    start.set_defaults(run=run)
    # add_help: --help belongs to pytest and bench/run.py.
    commands.add_parser("test", add_help=False, help="all tests").set_defaults(run=test)
    commands.add_parser("check", help="ruff, mypy, layer rules, audit").set_defaults(run=check)
    commands.add_parser("bench", add_help=False, help="measures speed").set_defaults(run=bench)
    commands.add_parser("texts", help="new texts to en.po").set_defaults(run=texts)
    return parser


# Installing


def setup(options: argparse.Namespace, _rest: list) -> int:
    """`setup [--fresh]`: everything that running needs."""
    if options.fresh and VENV.exists():
        shutil.rmtree(VENV)
    installed = install(RUN_REQUIREMENTS)
    print(
        say("Siap. Jalankan: python3 manage.py run", "Ready. Start it: python3 manage.py run")
        if installed
        else say("Sudah terpasang.", "Already installed.")
    )
    return 0


def install(files: tuple) -> bool:
    """Makes .venv hold exactly what `files` pin; `False` where it did already.

    A stamp for each file remembers what was installed, so that the next start costs nothing.
    """
    wanted = {VENV / (name + ".sha256"): _stamp(name) for name in files}
    if VENV_PYTHON.exists() and all(_read(stamp) == text for stamp, text in wanted.items()):
        return False
    if not VENV_PYTHON.exists() or not _has_pip():
        _make_venv()
    print(
        say(
            "Memasang pustaka ke .venv; yang pertama kali makan waktu beberapa menit …",
            "Installing libraries into .venv; the first time takes a few minutes …",
        ),
        flush=True,
    )
    _pip_install(files[-1])  # the last one names the others
    for stamp, text in wanted.items():
        stamp.write_text(text, encoding="ascii")
    return True


def _stamp(name: str) -> str:
    return hashlib.sha256((PROJECT / name).read_bytes()).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def _has_pip() -> bool:
    try:
        return _quiet([str(VENV_PYTHON), "-m", "pip", "--version"]).returncode == 0
    except OSError:
        return False


def _quiet(command: list) -> subprocess.CompletedProcess:
    return subprocess.run(
        command,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _make_venv() -> None:
    # In a process of its own: without ensurepip the module ends the whole program.
    made = _quiet([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode == 0 and VENV_PYTHON.exists():
        return
    shutil.rmtree(VENV, ignore_errors=True)  # half an environment would look like one
    if "ensurepip" in made.stdout or "No module named venv" in made.stdout:
        raise Stop(
            say(
                "Python ini tidak membawa modul venv atau ensurepip; di Debian/Ubuntu jalankan: "
                "sudo apt install python3-venv",
                "This Python comes without the module venv or ensurepip; on Debian/Ubuntu run: "
                "sudo apt install python3-venv",
            )
        )
    raise Stop(
        say("Lingkungan .venv tidak dapat dibuat di {}: {}", "Cannot make .venv in {}: {}").format(
            PROJECT, (made.stdout.strip().splitlines() or ["?"])[-1]
        )
    )


def _pip_install(requirements: str) -> None:
    command = [
        str(VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input",
        "-r", requirements,
    ]  # fmt: skip
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        errors="replace",
    ) as pip:  # fmt: skip
        assert pip.stdout is not None
        for line in pip.stdout:
            lines.append(line.rstrip())
            if line.startswith(("Collecting ", "Installing collected")):
                print("  " + line.partition(" (from ")[0].rstrip()[:96], flush=True)
    if pip.returncode == 0:
        return
    said = "\n".join(lines)
    print("\n".join(lines[-12:]), file=sys.stderr)
    if any(mark in said for mark in _NO_REGISTRY):
        raise Stop(
            say(
                "Pustaka tidak dapat diambil. Periksa sambungan internet atau proxy "
                "(HTTPS_PROXY), atau sebutkan folder berisi pustaka yang sudah diunduh dengan "
                "PIP_NO_INDEX=1 dan PIP_FIND_LINKS, lalu ulangi.",
                "The libraries cannot be fetched. Check the internet connection or the proxy "
                "(HTTPS_PROXY), or name a folder of downloaded libraries with PIP_NO_INDEX=1 and "
                "PIP_FIND_LINKS, then try again.",
            )
        )
    raise Stop(
        say(
            "Pemasangan pustaka gagal; alasannya di atas. Coba: python3 manage.py setup --fresh",
            "Installing the libraries failed; the reason is above. "
            "Try: python3 manage.py setup --fresh",
        )
    )


# Running


def run(options: argparse.Namespace, _rest: list) -> int:
    """`run [--port N] [--home DIR] [--no-browser]`: serves until Ctrl+C."""
    install(RUN_REQUIREMENTS)
    port = options.port or _free_port()
    command = [str(VENV_PYTHON), "-m", "jambi_dash"]
    if options.home:
        command += ["--home", str(options.home.expanduser().resolve())]
    command += ["serve", "--demo", "--port", str(port)]
    print(say("Menyiapkan dasbor …", "Preparing the dashboard …"), flush=True)
    server = subprocess.Popen(command, cwd=PROJECT)
    opener = threading.Thread(
        target=_announce, args=(server, port, not options.no_browser), daemon=True
    )
    opener.start()
    try:
        return server.wait()
    except KeyboardInterrupt:  # the server got it too
        return server.wait()
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait()


def _free_port() -> int:
    for port in range(FIRST_PORT, LAST_PORT + 1):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise Stop(
        say(
            "Port {} sampai {} semuanya dipakai; pilih yang lain dengan --port.",
            "Ports {} to {} are all in use; choose another one with --port.",
        ).format(FIRST_PORT, LAST_PORT)
    )


def _announce(server: subprocess.Popen, port: int, open_browser: bool) -> None:
    """Prints the address once the dashboard answers, and opens it where there is a screen."""
    address = f"http://localhost:{port}"
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if _is_healthy(port):
            print(
                say(
                    "Dasbor terbuka di {} (berhenti: Ctrl+C).",
                    "The dashboard is open at {} (stop: Ctrl+C).",
                ).format(address),
                flush=True,
            )
            if open_browser and _has_screen():
                webbrowser.open(address)
            return
        time.sleep(0.3)


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _has_screen() -> bool:
    if os.environ.get("CI") or os.environ.get("SSH_CONNECTION"):
        return False
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# Testing and measuring


def test(_options: argparse.Namespace, rest: list) -> int:
    """`test [words for pytest]`: pytest's own exit code; 5, no test found, is a failure too."""
    install(ALL_REQUIREMENTS)
    return _call("pytest", *rest)


def check(_options: argparse.Namespace, _rest: list) -> int:
    """`check`: runs every check, also after one has failed."""
    install(ALL_REQUIREMENTS)
    results = {
        "ruff check": _call("ruff", "check", "."),
        "ruff format": _call("ruff", "format", "--check", "."),
        "mypy": _call("mypy"),
        "layers": _call("pytest", "-q", "tests/test_layers.py"),
        "audit": _audit(),
    }
    print()
    for name, code in results.items():
        print(f"{'✓' if code == 0 else '✗'} {name}")
    return 1 if any(results.values()) else 0


def _audit() -> int:
    """Known holes in what is installed; passes, and says so, where nobody can be asked."""
    asked = subprocess.run(
        [str(VENV_PYTHON), "-m", "pip_audit", "--local", "--progress-spinner=off", "--timeout=10",
         "--format=json"],
        cwd=PROJECT, capture_output=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    try:
        libraries = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print(
            say(
                "Audit pustaka dilewati: layanan kerentanan tidak dapat dihubungi.",
                "Audit of the libraries skipped: the vulnerability service cannot be reached.",
            )
        )
        return 0
    holes = [(lib, hole) for lib in libraries for hole in lib.get("vulns", [])]
    for lib, hole in holes:
        mended = ", ".join(hole.get("fix_versions", [])) or "–"
        print(f"{lib['name']} {lib['version']}: {hole['id']} → {mended}")
    return 1 if holes else 0


def bench(_options: argparse.Namespace, rest: list) -> int:
    """`bench [words for bench/run.py]`."""
    install(ALL_REQUIREMENTS)
    return _wait([str(VENV_PYTHON), str(PROJECT / "bench" / "run.py"), *rest])


def texts(_options: argparse.Namespace, _rest: list) -> int:
    """`texts`: brings locale/en.po up to date with the texts in the code."""
    install(ALL_REQUIREMENTS)
    return _wait([str(VENV_PYTHON), str(PROJECT / "tests" / "text_catalogue.py")])


def _call(module: str, *words: str) -> int:
    return _wait([str(VENV_PYTHON), "-m", module, *words])


def _wait(command: list) -> int:
    """Runs a command to its end; a Ctrl+C reaches it too and is given time to be answered."""
    sys.stdout.flush()
    process = subprocess.Popen(command, cwd=PROJECT)
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
