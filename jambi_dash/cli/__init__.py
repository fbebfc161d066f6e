"""The command line of contract section 1: `python -m jambi_dash COMMAND …`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from jambi_dash.domain.language import set_language, t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import DATA, default_home, missing_files

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
Answer = dict[str, Any]


class _WrongUsage(Exception):
    """The words of the command do not make a command; the message is one sentence."""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one sentence."""

    def error(self, message: str) -> NoReturn:
        raise _WrongUsage(
            t("Perintah keliru: {message}. Lihat {command} --help.",
              message=message.rstrip("."), command=self.prog)
        )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code: 0 done, 1 refused, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or a pipe may stand on another encoding; the answer is always UTF-8.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    set_language(os.environ.get("JAMBI_DASH_LANGUAGE", "id"))
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    given = [word for word in given if word != "--json"]
    if missing := missing_files():
        sentence = t(
            "Folder data {folder} tidak lengkap, berkas ini tidak ada: {missing}; salin dari "
            "folder data kota yang lain lalu sesuaikan.",
            folder=DATA.name, missing=", ".join(missing),
        )  # fmt: skip
        return _fail(sentence, as_json)
    try:
        home, given = _take_home(given)
        options = build_parser().parse_args(given)
    except _WrongUsage as wrong:
        return _fail(str(wrong), as_json, WRONG_USAGE)
    except Refusal as refusal:  # a spoilt file of facts that is read with the modules
        return _fail(str(refusal), as_json)
    except SystemExit as stop:  # --help
        return int(stop.code or 0)
    options.home = home
    options.as_json = as_json
    _log_as_this_user()
    # A service manager that stops a command means what Ctrl+C means: tidy up and go.
    with contextlib.suppress(ValueError):  # not in the first thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _require_open(home)
        answer: Answer | None = options.run(options)
    except Refusal as refusal:
        return _fail(str(refusal), as_json)
    except PermissionError as error:
        return _fail(str(_closed(error.filename or home)), as_json)
    except BrokenPipeError:  # the reader has seen enough, as of `… | head`
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return _fail(t("Dihentikan; tidak ada yang berubah."), as_json)
    except Exception as error:
        number = secrets.token_hex(3)
        if os.environ.get("JAMBI_DASH_DEBUG"):
            traceback.print_exc()
        sentence = t(
            "Terjadi kesalahan di dalam program (nomor {number}, {kind}); tidak ada yang berubah. "
            "Ulangi dengan JAMBI_DASH_DEBUG=1 dan laporkan.", number=number,
            kind=type(error).__name__,
        )  # fmt: skip
        return _fail(sentence, as_json)
    if answer is not None and as_json:
        with contextlib.suppress(BrokenPipeError):  # the reader has seen enough
            print(json.dumps(answer, ensure_ascii=False, allow_nan=False), flush=True)
    return REFUSED if answer and answer.get("ok") is False else DONE


def _require_open(home: Path) -> None:
    """A store of somebody else is no empty store: what cannot be looked into is said."""
    if home.is_dir() and not os.access(home, os.R_OK | os.X_OK):
        raise _closed(home)


def _closed(path: Any) -> Refusal:
    return Refusal(
        t("{path} tidak boleh dibuka oleh pengguna komputer ini; jalankan perintahnya sebagai pemilik "
          "penyimpanan.", path=path)
    )  # fmt: skip


def _log_as_this_user() -> None:
    from jambi_dash.cli.log import shell_user
    from jambi_dash.releases.audit import act_as

    act_as(shell_user)


def _fail(sentence: str, as_json: bool, code: int = REFUSED) -> int:
    print(sentence, file=sys.stderr)
    if as_json:
        print(json.dumps({"error": sentence}, ensure_ascii=False))
    return code


def _take_home(given: list[str]) -> tuple[Path, list[str]]:
    """`--home DIR` may stand anywhere."""
    rest: list[str] = []
    home = default_home()
    words = iter(given)
    for word in words:
        if word == "--home" or word.startswith("--home="):
            folder = next(words, "") if word == "--home" else word.partition("=")[2]
            if not folder or folder.startswith("--"):
                raise _WrongUsage(t("Perintah keliru: --home membutuhkan nama folder."))
            home = Path(folder).expanduser()
        else:
            rest.append(word)
    return home, rest


def build_parser() -> argparse.ArgumentParser:
    """All commands with their options. The modules behind them are imported when they run."""
    # Reads the city's areas: not before its folder is known to be complete.
    from jambi_dash.cli import (
        areas,
        backup,
        claims,
        data,
        diff,
        exports,
        log,
        mend_lists,
        rollout,
        service,
        simulate,
        values,
    )
    from jambi_dash.domain.expansion import RULES

    parser = _Parser(prog="python -m jambi_dash", description=t("Dasbor Jamsostek Kota Jambi"))
    parser.add_argument("--home", metavar="DIR", help=t("folder rilis dan kunci"))
    parser.add_argument("--json", action="store_true", help=t("jawaban sebagai satu dokumen JSON"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND",
                                     parser_class=_Parser)  # fmt: skip

    def command(
        name: str, run: Callable[[argparse.Namespace], Answer | None], text: str
    ) -> _Parser:
        made: _Parser = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    demo = command("demo", data.demo, t("menulis buku kerja kota contoh (data rekaan)"))
    demo.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx")
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--workers", type=values.positive)
    demo.add_argument("--cities", type=values.positive, default=1, metavar="N",
                      help=t("banyak kota: --out adalah folder berisi CSV dan wilayahnya"))  # fmt: skip

    bring = command("import", data.import_files, t("memeriksa berkas dan menerbitkan satu rilis"))
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.add_argument("--as-of", type=values.day, metavar="YYYY-MM-DD")
    bring.add_argument("--mapping", type=Path, metavar="FILE.toml")
    bring.add_argument("--sender", metavar="NAME",
                       help=t("pengirim: pemetaan kolomnya diingat dan dipakai lagi"))  # fmt: skip
    bring.add_argument("--part", action="append", metavar="AREA",
                       help=t("hanya ganti kecamatan atau kelurahan ini; boleh diulang"))  # fmt: skip
    bring.add_argument("--drop-outside", action="store_true",
                       help=t("abaikan baris di luar bagian itu"))  # fmt: skip
    bring.add_argument("--dry-run", action="store_true")
    bring.add_argument("--rejects", type=Path, metavar="FILE.xlsx")

    command("releases", data.releases, t("riwayat rilis"))
    back = command("rollback", data.rollback, t("memberlakukan lagi rilis lama"))
    back.add_argument("release", metavar="RELEASE")
    why = command("diff", diff.diff, t("mengapa jumlah peserta berubah antara dua rilis"))
    why.add_argument("release_a", metavar="RELEASE_A")
    why.add_argument("release_b", metavar="RELEASE_B")
    why.add_argument("--cohort", metavar="ID")
    why.add_argument("--at", type=values.month, metavar="YYYY-MM")

    cover = command("coverage", areas.coverage, t("tabel cakupan"))
    cover.add_argument("--by", required=True, choices=("city", "kecamatan", "kelurahan", "rt"))
    cover.add_argument("--cohort", metavar="ID")
    cover.add_argument("--at", type=values.month, metavar="YYYY-MM")
    cover.add_argument("--denominator", metavar="ID")
    cover.add_argument("--public", action="store_true")

    tracker = command("rollout", rollout.rollout, t("pelacak Kampung Bahagia"))
    tracker.add_argument("--at", type=values.day, metavar="YYYY-MM-DD")
    tracker.add_argument("--by", default="city", choices=("city", "kecamatan", "kelurahan"))
    tracker.add_argument("--deadline", type=values.day, metavar="YYYY-MM-DD")

    model = command("simulate", simulate.simulate, t("simulasi perluasan kepesertaan"))
    model.add_argument("scenario", nargs="?", type=Path, metavar="SCENARIO.toml")
    model.add_argument("--workers", type=values.count, metavar="N")
    model.add_argument("--budget", type=values.rupiah, metavar="RP")
    model.add_argument("--rule", choices=RULES, metavar="NAME")
    model.add_argument("--year", type=values.positive, metavar="YYYY")
    model.add_argument("--start-month", type=values.positive, choices=range(1, 13), metavar="M")
    model.add_argument("--months", type=values.positive, choices=range(1, 13), metavar="N")
    model.add_argument("--by", choices=("kelurahan", "rt"))

    paid = command("claims", claims.claims, t("santunan yang dibayar"))
    paid.add_argument("--by", choices=("city", "kecamatan", "kelurahan", "program"),
                      default="program")  # fmt: skip
    paid.add_argument("--at", type=values.month, metavar="YYYY-MM")

    bounds = command("boundaries", areas.boundaries, t("batas kelurahan resmi"))
    what = bounds.add_subparsers(dest="action", required=True, metavar="install|status")
    install = what.add_parser("install", help=t("memasang batas dari berkas atau layanan BIG"))
    install.add_argument("file", nargs="?", type=Path, metavar="FILE")
    install.add_argument("--download", action="store_true")
    install.add_argument("--url", metavar="URL")
    install.add_argument("--mapping", type=Path, metavar="FILE.toml")
    what.add_parser("status", help=t("batas yang terpasang"))

    out = commands.add_parser("export", help=t("berkas untuk paparan dan olahan"))
    kinds = out.add_subparsers(dest="kind", required=True, metavar="KIND", parser_class=_Parser)
    exports.add_commands(kinds)
    mend_lists.add_command(kinds)

    serve = command("serve", service.serve, t("membuka dasbor"))
    serve.add_argument("--port", type=values.positive, default=8501)
    serve.add_argument("--address", default="localhost")
    serve.add_argument("--secrets", type=Path, metavar="FILE.toml",
                       help=t("berkas rahasia untuk masuk dengan akun (OpenID Connect)"))  # fmt: skip
    serve.add_argument("--demo", action="store_true",
                       help=t("isi dengan kota contoh bila penyimpanan masih kosong"))  # fmt: skip
    told = command("log", log.log, t("catatan: siapa berbuat apa dan kapan"))
    told.add_argument("--last", type=values.positive, metavar="N")
    told.add_argument("--deed", metavar="NAME")
    told.add_argument("--since", type=values.day, metavar="YYYY-MM-DD",
                      help=t("sejak tanggal itu, WIB"))  # fmt: skip
    told.add_argument("--until", type=values.day, metavar="YYYY-MM-DD",
                      help=t("sampai dengan tanggal itu, WIB"))  # fmt: skip
    told.add_argument("--who", metavar="EMAIL", help=t("hanya baris milik orang ini"))
    told.add_argument("--resolve", metavar="PSEUDONYM", help=t("milik siapa samaran ini"))
    saved = command("backup", backup.backup, t("seluruh penyimpanan sebagai satu berkas cadangan"))
    saved.add_argument("target", type=Path, metavar="FOLDER|FILE.tar.gz")
    with_key = saved.add_mutually_exclusive_group()
    with_key.add_argument("--key", type=Path, metavar="FILE",
                          help=t("simpan salinan kunci terpisah di berkas ini"))  # fmt: skip
    with_key.add_argument("--with-key", action="store_true",
                          help=t("kunci ikut di dalam cadangan"))  # fmt: skip
    saved.add_argument("--keep", type=values.positive, metavar="N",
                       help=t("hapus cadangan lama di folder itu; N terbaru tinggal"))  # fmt: skip
    brought = command("restore", backup.restore, t("memulihkan penyimpanan dari cadangan"))
    brought.add_argument("file", type=Path, metavar="FILE.tar.gz")
    brought.add_argument("--key", type=Path, metavar="FILE", help=t("salinan kunci yang terpisah"))
    brought.add_argument("--replace", action="store_true",
                         help=t("pindahkan isi penyimpanan yang ada ke folder di dalamnya"))  # fmt: skip
    brought.add_argument("--check", action="store_true",
                         help=t("hanya periksa cadangannya"))  # fmt: skip
    command("doctor", service.doctor, t("memeriksa pemasangan, penyimpanan, dan rilis"))
    return parser
