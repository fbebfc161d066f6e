"""The command `log`: the lines of the log, and whose pseudonym is whose."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import sys
from pathlib import Path
from typing import Any

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases.audit import Actor, AuditLog


def shell_user(home: Path) -> Actor:
    """Who types commands: the user of this computer, under a pseudonym like everybody."""
    return Actor("perintah", AuditLog(home).pseudonym(user_name()))


def user_name() -> str:
    """The user whose rights this process has; `$USER` may say what it likes."""
    try:
        if sys.platform != "win32":
            import pwd

            return pwd.getpwuid(os.geteuid()).pw_name
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"


def log(options: argparse.Namespace) -> dict[str, Any]:
    """`log [--last N] [--deed NAME] [--who IDENTITY] [--resolve PSEUDONYM] [--since D] [--until D]`.

    Days are those of the city, both ends included.
    """
    book = AuditLog(options.home)
    verdict = book.verify()
    entries = book.entries()
    found: dict[str, Any] = {}
    if options.resolve:
        found["identity"] = _owner(options.home, options.resolve)
    if options.who:
        found["who"] = book.pseudonym(options.who)
        entries = [entry for entry in entries if entry.who == found["who"]]
    if options.deed:
        entries = [entry for entry in entries if entry.deed == options.deed]
    if options.since:
        entries = [entry for entry in entries if entry.time[:10] >= options.since.isoformat()]
    if options.until:
        entries = [entry for entry in entries if entry.time[:10] <= options.until.isoformat()]
    if options.last:
        entries = entries[-options.last :]
    if not options.as_json:
        for name, value in found.items():
            print(f"{name}: {value}")
        if not options.resolve:
            for entry in entries:
                facts = json.dumps(entry.facts, ensure_ascii=False)
                print(
                    f"{entry.seq:>6} {entry.time[:19]} {entry.role} {entry.who} {entry.deed} {facts}"
                )
        for problem in verdict.problems:
            print("✗ " + problem)
    shown = [] if options.resolve else [{**e.said(), "seal": e.seal} for e in entries]
    return {**found, "whole": verdict.ok, "problems": list(verdict.problems), "seal": verdict.seal,
            "entries": shown}  # fmt: skip


def _owner(home: Path, pseudonym: str) -> str:
    """Whose pseudonym it is, among the people of the role file and the users of this computer."""
    from jambi_dash.releases.role_file import load_roles

    book = AuditLog(home)
    known = [user_name()]
    with contextlib.suppress(Refusal):  # without a role file only users of this computer act
        known += load_roles(home).emails()
    wanted = pseudonym.strip().lower()
    owner = next((one for one in known if book.pseudonym(one) == wanted), None)
    if owner is None:
        raise Refusal(
            t("Samaran {who} bukan milik orang di berkas peran sekarang; coba surel yang dulu terdaftar "
              "dengan --who.", who=pseudonym)
        )  # fmt: skip
    return owner
