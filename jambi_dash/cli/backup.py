"""Commands about copies of the store: backup, restore."""

from __future__ import annotations

import argparse
from typing import Any

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal


def backup(options: argparse.Namespace) -> dict[str, Any]:
    """`backup TARGET [--with-key | --key FILE] [--keep N]`: the whole store as one file, checked."""
    from jambi_dash.releases import backup as copies
    from jambi_dash.releases.audit import AuditLog
    from jambi_dash.releases.store import Store

    if options.keep and not options.target.is_dir():
        raise Refusal(t("--keep hanya untuk folder cadangan; {target} bukan folder.",
                        target=options.target))  # fmt: skip
    # Before, so that the copy knows of itself; a store that may only be read is copied all the same.
    if Store(options.home).history():
        AuditLog(options.home).note("backup", with_key=options.with_key)
    made = copies.back_up(options.home, options.target, with_key=options.with_key)
    if options.key:
        copies.save_key(options.home, options.key)
    # An older copy may be the last one that holds a sound release.
    removed = (
        copies.keep_newest(made.file.parent, options.keep)
        if options.keep and not made.damaged
        else []
    )
    if not options.as_json:
        print(t("Cadangan {file}: {releases} rilis, {files} berkas, {mb} MB, sudah dibaca ulang dan "
                "cocok.", file=made.file, releases=made.releases, files=made.files,
                mb=formats.number(made.bytes / 1e6, 1)))  # fmt: skip
        if not made.has_key:
            print(t("Kunci tidak ikut (tanda kunci {key_print}): simpan salinannya terpisah; tanpa "
                    "kunci itu cadangan tidak dapat dipulihkan.", key_print=made.key_print))  # fmt: skip
        if made.damaged:
            print(_damaged(made.damaged))
    return {
        "ok": not made.damaged, "file": str(made.file), "bytes": made.bytes,
        "release": made.release, "releases": made.releases, "files": made.files,
        "has_key": made.has_key, "key_print": made.key_print, "damaged": list(made.damaged),
        "removed": removed,
    }  # fmt: skip


def restore(options: argparse.Namespace) -> dict[str, Any]:
    """`restore FILE [--key FILE] [--replace] [--check]`: a copy becomes the store, or is looked at."""
    from jambi_dash.cli.service import doctor
    from jambi_dash.releases import backup as copies
    from jambi_dash.releases.audit import AuditLog

    if options.check:
        content, moved = copies.check(options.file), None
    else:
        content, moved = copies.restore(
            options.file, options.home, key_file=options.key, replace=options.replace
        )
        AuditLog(options.home).note(
            "restore", release=content.release, releases=len(content.records)
        )
    if not options.as_json:
        print(t("Cadangan dari {made} utuh: {releases} rilis, {files} berkas, {mb} MB.",
                made=content.made, releases=len(content.records), files=content.files,
                mb=formats.number(content.bytes / 1e6, 1)))  # fmt: skip
        if moved:
            print(t("Isi lama dipindah ke {folder}; hapus bila tidak diperlukan lagi.",
                    folder=moved))  # fmt: skip
        if content.damaged:
            print(_damaged(content.damaged))
        if not options.check:
            print(t("Dipulihkan ke {home}. Hasil doctor:", home=options.home))
    looked = {"ok": True, "checks": []} if options.check else doctor(options)
    return {
        "ok": looked["ok"] and not content.damaged, "home": str(options.home),
        "made": content.made, "release": content.release, "releases": len(content.records),
        "files": content.files, "bytes": content.bytes, "has_key": content.has_key,
        "key_print": content.key_print, "damaged": list(content.damaged),
        "moved": str(moved) if moved else None, "checks": looked["checks"],
    }  # fmt: skip


def _damaged(releases: tuple[str, ...]) -> str:
    return t("Rusak atau hilang di penyimpanan, dan begitu pula di cadangan ini: {releases}. Pulihkan "
             "dari cadangan yang lebih lama.", releases=", ".join(releases))  # fmt: skip
