"""The files of deploy/ agree with each other and with the program; nginx reads its site where there is one."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest

from jambi_dash.cli import build_parser
from jambi_dash.cli.sign_in import SECRETS_VARIABLE
from jambi_dash.settings import HOME_VARIABLE, PROJECT, STATIC

DEPLOY = PROJECT / "deploy"
SITE = (DEPLOY / "nginx-site.conf").read_text(encoding="utf-8")
GUIDE = (DEPLOY / "README.md").read_text(encoding="utf-8")
ROOT = "/opt/jambi-dash"
UNITS = ("jambi-dash@.service", "jambi-dash-backup.service")
ENVIRONMENT = dict(
    line.split("=", 1)
    for line in (DEPLOY / "jambi-dash.env").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)


def unit(name: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser["Service"]


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_a_command_that_exists(name: str) -> None:
    for key in ("ExecStart", "ExecStartPost"):
        if command := unit(name).get(key):
            program, *words = command.replace("%i", "8501").split()
            assert program == f"{ROOT}/.venv/bin/python"
            assert words[:2] == ["-m", "jambi_dash"]
            options = build_parser().parse_args(words[2:])
            if words[2] == "serve":
                assert options.address == "127.0.0.1"
    assert unit(name)["WorkingDirectory"] == ROOT
    assert unit(name)["EnvironmentFile"] == "/etc/jambi-dash/jambi-dash.env"


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_may_write_where_the_program_writes_and_nowhere_else(name: str) -> None:
    found = unit(name)
    assert found["ProtectSystem"] == "strict"
    assert (found["NoNewPrivileges"], found["PrivateTmp"], found["UMask"]) == ("yes", "yes", "0077")
    assert found["CapabilityBoundingSet"] == ""
    assert f"/var/lib/{found['StateDirectory']}" == ENVIRONMENT[HOME_VARIABLE]
    assert f"/var/cache/{found['CacheDirectory']}" == ENVIRONMENT["HOME"]
    assert ENVIRONMENT["MPLCONFIGDIR"].startswith(ENVIRONMENT["HOME"])
    wanted = {
        "jambi-dash@.service": f"{ROOT}/{STATIC.relative_to(PROJECT)}",
        "jambi-dash-backup.service": ENVIRONMENT["JAMBI_DASH_BACKUPS"],
    }
    assert found["ReadWritePaths"] == wanted[name]


def test_the_environment_file_names_what_the_program_reads() -> None:
    assert {HOME_VARIABLE, SECRETS_VARIABLE, "JAMBI_DASH_LANGUAGE"} < ENVIRONMENT.keys()
    # A backup inside the store would hold itself; the code must not be the store.
    assert not ENVIRONMENT["JAMBI_DASH_BACKUPS"].startswith(ENVIRONMENT[HOME_VARIABLE])
    for path in (ENVIRONMENT[HOME_VARIABLE], ENVIRONMENT[SECRETS_VARIABLE]):
        assert not path.startswith(ROOT)
        assert Path(path).name in GUIDE


def test_ports_agree() -> None:
    ports = set(re.findall(r"jambi-dash@(85\d\d)", GUIDE)) - {"8503"}  # the one to be added
    assert ports == {"8501", "8502"}
    assert set(re.findall(r"^    (\d+) +jambi_\1;", SITE, re.MULTILINE)) == ports
    together = SITE[SITE.index("upstream jambi_any") :].split("}")[0]
    assert set(re.findall(r"server 127\.0\.0\.1:(\d+)", together)) == ports
    # Restarted one after the other, the first must not still be left out while the second is away.
    assert together.count(" max_fails=0;") == len(ports)
    alone = re.findall(r"upstream jambi_(\d+) \{ server 127\.0\.0\.1:(\d+); \}", SITE)
    assert {a for a, b in alone if a == b} == ports


def test_what_the_guide_calls_is_installed_by_it() -> None:
    (installed,) = re.findall(r"apt-get install -y (.+)", GUIDE)
    called = GUIDE + (DEPLOY / "rolling-restart").read_text(encoding="utf-8")
    for program in ("curl", "nginx", "python3"):
        assert (f"{program} " in called) <= (program in installed.split()), program


def test_limits_agree() -> None:
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    largest = int(config["server"]["maxUploadSize"])
    (allowed,) = re.findall(r"client_max_body_size (\d+)m;", SITE)
    # A little more, so that it is the dashboard that says what is too large.
    assert largest < int(allowed) <= largest + 5


def test_the_site_passes_on_what_the_dashboard_asks_for() -> None:
    assert "proxy_set_header Host $host;" in SITE
    assert "proxy_set_header Upgrade $http_upgrade;" in SITE
    assert "location /_stcore/metrics { return 404; }" in SITE
    # Personal lists stay off the disk, filters and codes of signing in out of the log.
    assert "proxy_request_buffering off;" in SITE
    assert "proxy_max_temp_file_size 0;" in SITE
    form = re.findall(r"log_format.*", SITE)
    assert form
    assert not re.search(r"\$(request|request_uri|args|query_string|http_referer)\b", form[0])
    # Those come from the dashboard; twice, a browser takes neither.
    for header in re.findall(r"add_header (\S+)", SITE):
        assert header == "Set-Cookie"


def test_every_file_is_in_the_guide() -> None:
    for file in DEPLOY.iterdir():
        assert file.name == "README.md" or f"`{file.name}`" in GUIDE, file.name
    if os.name == "posix":
        for name in ("jambi-dash", "rolling-restart"):
            assert (DEPLOY / name).stat().st_mode & stat.S_IXUSR
            assert subprocess.run(["sh", "-n", str(DEPLOY / name)], check=False).returncode == 0


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_nginx_reads_its_site(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x",
         "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    site = SITE
    for old, new in (
        ("/etc/ssl/jambi-dash", tmp_path), ("/var/log/nginx", tmp_path),
        ("/var/lib/nginx/jambi-dash", tmp_path / "files"),
    ):  # fmt: skip
        site = site.replace(str(old), str(new))
    # Without root: other ports, and everything below one folder.
    site = re.sub(r"listen (\[::\]:)?(\d+)", r"listen \g<1>2\2", site)
    temporary = "".join(
        f"{name}_temp_path {tmp_path / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path / 'pid'};\nerror_log {tmp_path / 'error.log'};\nevents {{}}\n"
        f"http {{\n{temporary}{site}\n}}\n", encoding="utf-8",
    )  # fmt: skip
    done = subprocess.run(
        ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    for name in (*UNITS, "jambi-dash-backup.timer"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # The program need not be installed here.
        text = text.replace(f"{ROOT}/.venv/bin/python", "/bin/sh")
        (tmp_path / name.replace("@.", "@8501.")).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip()) == (0, ""), done.stderr
