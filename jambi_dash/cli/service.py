"""Commands about the installation: serve, doctor."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import DATA, HOME_VARIABLE, PROJECT

FIRST_CITY = "Jambi"
"""The word by which copied facts still tell of the city that they were written for."""
_LOCAL = {"localhost", "127.0.0.1", "::1"}


def serve(options: argparse.Namespace) -> None:
    """`serve [--port N] [--address A] [--secrets FILE]`: the dashboard, until it is stopped.

    Without sign-in only this computer is served.
    """
    from jambi_dash.cli.sign_in import read_sign_in, secrets_path
    from jambi_dash.domain.facts_check import read_facts
    from jambi_dash.exports.theme import load_theme
    from jambi_dash.palette import THEMES
    from jambi_dash.releases.audit import AuditLog
    from jambi_dash.releases.role_file import load_roles
    from jambi_dash.releases.store import Store

    secrets = secrets_path(options.secrets)
    sign_in = read_sign_in(secrets, options.port) if secrets else None
    if sign_in is None and options.address not in _LOCAL:
        raise Refusal(
            t("Dasbor hanya dibuka untuk komputer ini (localhost); alamat {address} ditolak karena "
              "masuk dengan akun belum dipasang (--secrets).", address=options.address)
        )  # fmt: skip
    if sign_in is not None:
        load_roles(options.home)
    try_port(options.address, options.port)
    office = load_theme(options.home)
    read_facts()
    if options.demo:
        fill_with_demo(options.home)
    Store(options.home).sweep()
    AuditLog(options.home).note(
        "serve", sign_in=sign_in is not None, local=options.address in _LOCAL
    )
    environment = {**os.environ, HOME_VARIABLE: str(options.home.resolve())}
    # A secrets file that happens to lie in the project or the user's folder is not meant.
    file = sign_in.path if sign_in else options.home.resolve() / "tanpa-masuk.toml"
    hosts = [sign_in.host] if sign_in else sorted(_LOCAL)
    command = [
        sys.executable, "-m", "jambi_dash.ui.server",
        "--server.port", str(options.port), "--server.address", options.address,
        "--server.enableXsrfProtection", "true", "--server.enableCORS", "true",
        "--secrets.files", str(file),
        *(word for host in hosts for word in ("--server.allowedHosts", host)),
        *(word for light in THEMES
          for word in (f"--theme.{light}.primaryColor", office.accent_on(light))),
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment, cwd=PROJECT)
    # Who ends this command ends the server behind it.
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        code = process.wait()
    except KeyboardInterrupt:
        code = process.wait()  # the server got the same Ctrl+C
    if code not in (0, -2, -15, 2, 15, 130, 143):
        raise Refusal(
            t("Dasbor berhenti sendiri (kode {code}); sebabnya ada pada baris-baris di atas.", code=code)
        )  # fmt: skip


def try_port(address: str, port: int) -> None:
    """Takes the port for a moment, as the server will: what stands in the way is said in words.

    Raises:
        Refusal: a name that does not resolve, a port in use, reserved or too high, an address of
            another computer.
    """
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        if os.name != "nt":  # there it would take a port away from a server that stands
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen()
        except (socket.gaierror, UnicodeError):
            raise Refusal(
                t("Komputer ini tidak mengenal nama {address}; tambahkan ke berkas hosts, atau pakai "
                  "serve --address 127.0.0.1.", address=address)
            ) from None  # fmt: skip
        except OverflowError:
            raise Refusal(t("Port {port} tidak ada; pilih 1 sampai 65535.", port=port)) from None
        except OSError as error:
            raise Refusal(_why_not_bound(error, address, port)) from None


def _why_not_bound(error: OSError, address: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return t(
            "Port {port} sedang dipakai program lain; pilih yang lain dengan --port.", port=port
        )
    if error.errno == errno.EACCES:
        return t("Port {port} tidak boleh dibuka oleh pengguna komputer ini; pilih yang di atas 1023 "
                 "dengan --port.", port=port)  # fmt: skip
    if error.errno == errno.EADDRNOTAVAIL:
        return t("Alamat {address} bukan milik komputer ini; pilih yang lain dengan --address.",
                 address=address)  # fmt: skip
    return t("Port {port} di {address} tidak dapat dibuka ({error}); pilih yang lain dengan --port "
             "atau --address.", port=port, address=address, error=error.strerror)  # fmt: skip


def fill_with_demo(home: Path) -> None:
    """Imports the synthetic city into an empty store, and says so."""
    from jambi_dash.demo import fill
    from jambi_dash.releases.store import Store

    store = Store(home)
    # Somebody who emptied the sample on purpose does not want it back at the next start.
    if store.current_id() is None and not store.history():
        print(t("Penyimpanan masih kosong: mengisi dengan kota contoh (data rekaan)."),
              file=sys.stderr)  # fmt: skip
        fill.fill_with_demo(store)


def doctor(options: argparse.Namespace) -> dict[str, Any]:
    """`doctor`: looks at everything that could be broken and says how to mend it."""
    checks = [
        _check(name, probe, options.home)
        for name, probe in (
            ("python", _python), ("pustaka", _packages), ("wilayah", _areas),
            ("fakta", _facts),
            ("penyimpanan", _store), ("kunci", _key), ("jurnal", _journal), ("rilis", _release),
            ("rekonsiliasi", _reconciliation), ("batas", _boundaries), ("skenario", _scenarios),
            ("peran", _roles), ("catatan", _log), ("pemetaan", _mappings),
            ("keputusan", _reviews),
        )
    ]  # fmt: skip
    answer = {"ok": all(check["ok"] for check in checks), "checks": checks}
    if not options.as_json:
        for check in checks:
            print(("✓ " if check["ok"] else "✗ ") + f"{check['name']}: {check['detail']}")
    return answer


def _check(name: str, probe: Callable[[Path], tuple[bool, str]], home: Path) -> dict[str, Any]:
    try:
        ok, detail = probe(home)
    except Refusal as refusal:
        ok, detail = False, str(refusal)
    except Exception as error:
        ok, detail = False, t("pemeriksaan gagal ({kind})", kind=type(error).__name__)
    return {"name": name, "ok": ok, "detail": detail}


def _python(_home: Path) -> tuple[bool, str]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return sys.version_info >= (3, 11), t("Python {version} (perlu 3.11 ke atas)", version=version)


def _packages(_home: Path) -> tuple[bool, str]:
    from importlib.metadata import PackageNotFoundError, version

    wrong = []
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    for line in wanted:
        name, _, pinned = line.partition("==")
        try:
            if version(name) != pinned:
                wrong.append(f"{name} {version(name)} ≠ {pinned}")
        except PackageNotFoundError:
            wrong.append(name)
    if wrong:
        return False, t("tidak sesuai: {wrong}; jalankan python3 manage.py setup",
                        wrong=", ".join(wrong))  # fmt: skip
    return True, t("{n} pustaka sesuai requirements.txt", n=len(wanted))


def _facts(_home: Path) -> tuple[bool, str]:
    from jambi_dash.domain.areas import CITY_NAME
    from jambi_dash.domain.facts_check import check_facts, lines_naming

    check_facts()
    if DATA == PROJECT / "data":
        return True, t("semua berkas fakta utuh dan saling cocok")
    # What was copied with the folder and not yet written anew: nobody else would notice.
    foreign = lines_naming(FIRST_CITY, CITY_NAME)
    if not foreign:
        return True, t("semua berkas fakta utuh, saling cocok, dan tidak menyebut kota lain")
    return True, t(
        "utuh dan saling cocok; masih menyebut kota asal salinannya: {lines}",
        lines="; ".join(foreign),
    )


def _areas(_home: Path) -> tuple[bool, str]:
    from jambi_dash.domain.areas import load_areas

    areas = load_areas()
    found = (len(areas.kecamatan), len(areas.kelurahan))
    # A release of the city says the same as its file, whatever city it is.
    return all(k.code.startswith(k.kecamatan_code + ".") for k in areas.kelurahan), t(
        "{a} kecamatan, {b} kelurahan", a=found[0], b=found[1]
    )


def _store(home: Path) -> tuple[bool, str]:
    if not home.exists():
        return True, t("{home} belum dibuat", home=home)
    if not os.access(home, os.W_OK):
        return False, t("{home} tidak dapat ditulisi; periksa hak aksesnya", home=home)
    return True, str(home)


def _key(home: Path) -> tuple[bool, str]:
    key = home / "key"
    from jambi_dash.releases.store import Store

    store = Store(home)
    if not key.exists():
        if store.history():
            return False, t("{key} hilang; pulihkan dari cadangan agar orang yang sama tetap "
                            "dikenali", key=key)  # fmt: skip
        return True, t("dibuat saat impor pertama")
    store.key()
    if os.name != "nt" and key.stat().st_mode & 0o077:
        return False, t("{key} dapat dibaca orang lain; jalankan chmod 600", key=key)
    return True, t("hanya dapat dibaca pemiliknya")


def _journal(home: Path) -> tuple[bool, str]:
    from jambi_dash.releases.store import Store

    store = Store(home)
    history = store.history()
    lost = [r.release for r in history if not store.path_of(r.release).is_file()]
    if lost:
        return False, t("berkas rilis hilang: {lost}; pulihkan dari cadangan", lost=", ".join(lost))
    return True, t("{n} rilis tercatat", n=len(history))


def _release(home: Path) -> tuple[bool, str]:
    from jambi_dash.releases.store import Store

    store = Store(home)
    record = store.current()
    if record is None:
        return True, t("belum ada rilis; impor daftar dahulu")
    if not store.verify(record):
        return False, str(store.damaged(record))
    return True, t(
        "{release}, data per {as_of}, utuh",
        release=record.release,
        as_of=formats.day(record.as_of),
    )


def _reconciliation(home: Path) -> tuple[bool, str]:
    from jambi_dash.domain.areas import LEVELS
    from jambi_dash.domain.programme import load_programme
    from jambi_dash.queries.coverage import coverage
    from jambi_dash.queries.door import Door
    from jambi_dash.releases.store import Store

    store = Store(home)
    record = store.current()
    if record is None:
        return True, t("belum ada rilis")
    answers = 0
    with Door(store.path_of(record.release)) as door:
        for cohort in load_programme().cohorts.ids:
            totals = {coverage(door, by=level, cohort=cohort).totals.covered for level in LEVELS}
            answers += len(LEVELS)
            if len(totals) != 1:
                return False, t("jumlah {cohort} berbeda antartingkat", cohort=cohort)
    return True, t("{n} jawaban cocok: wilayah + tanpa lokasi = jumlah", n=answers)


def _boundaries(home: Path) -> tuple[bool, str]:
    from jambi_dash.geography import boundaries

    status = boundaries.status(home)
    if status.damaged:
        return False, "; ".join(status.to_json()["problems"])
    if not status.installed:
        return True, t("belum terpasang; peta memakai kartogram skematik")
    return True, t("{n} kelurahan dari {source}", n=status.features, source=status.source)


def _mappings(home: Path) -> tuple[bool, str]:
    from jambi_dash.intake.mapping_shelf import MappingShelf

    shelf = MappingShelf(home)
    if damaged := shelf.damaged():
        return False, t("berkas pemetaan rusak: {files}; pulihkan dari cadangan atau hapus",
                        files=", ".join(damaged))  # fmt: skip
    return True, t("{n} pemetaan kolom diingat", n=len(shelf.list()))


def _reviews(home: Path) -> tuple[bool, str]:
    from jambi_dash.releases.reviews import Reviews

    found = Reviews(home).read()
    return True, t("{n} keputusan tersimpan", n=len(found.pairs) + len(found.splits))


def _scenarios(home: Path) -> tuple[bool, str]:
    """Names only ids: what people called their scenarios is not printed."""
    from jambi_dash.releases.scenarios import ScenarioShelf
    from jambi_dash.releases.store import Store

    store, found = Store(home), ScenarioShelf(home).list()
    if found.damaged:
        return False, t("berkas skenario rusak: {files}; pulihkan dari cadangan atau pindahkan",
                        files=", ".join(found.damaged))  # fmt: skip
    unreadable, lost = [], []
    hashes = {
        record.release: record.sha256
        for record in store.history() if store.path_of(record.release).is_file()
    }  # fmt: skip
    for saved in found.saved:
        try:
            saved.scenario()
        except Refusal:
            unreadable.append(saved.id)
        if hashes.get(saved.release) != saved.release_sha256:
            lost.append(saved.id)
    if unreadable:
        return False, t("parameter skenario tidak sesuai lagi: {ids}; buat ulang atau hapus",
                        ids=", ".join(unreadable))  # fmt: skip
    if lost:
        return False, t("rilis dari skenario tidak ada lagi: {ids}; pulihkan rilisnya dari cadangan, "
                        "atau simpan ulang skenarionya pada rilis sekarang", ids=", ".join(lost))  # fmt: skip
    if not found.saved:
        return True, t("belum ada skenario tersimpan")
    return True, t("{n} skenario tersimpan, semua terbaca dan rilisnya ada", n=len(found.saved))


def _roles(home: Path) -> tuple[bool, str]:
    from jambi_dash.cli.sign_in import read_sign_in, secrets_path
    from jambi_dash.releases.role_file import load_roles, path_of

    secrets = secrets_path(None)
    if secrets is None and not path_of(home).exists():
        return True, t("masuk dengan akun belum dipasang; dasbor hanya untuk komputer ini")
    if secrets is not None:
        read_sign_in(secrets, 0)
    return True, t("{n} baris peran terbaca", n=len(load_roles(home).people))


def _log(home: Path) -> tuple[bool, str]:
    """Names lines, never people; the seal is there to be noted elsewhere and compared."""
    from jambi_dash.releases.audit import AuditLog

    verdict = AuditLog(home).verify()
    if not verdict.ok:
        return False, t("tidak utuh: {problems}; simpan foldernya, lalu bandingkan dengan cadangan",
                        problems="; ".join(verdict.problems[:5]))  # fmt: skip
    if not verdict.entries:
        return True, t("belum ada baris")
    return True, t("{n} baris, utuh; segel ujung {seal}", n=verdict.entries, seal=verdict.seal[:16])
