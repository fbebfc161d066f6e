"""Commands that bring data in: demo, import, releases, rollback."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rules import rule_text


def demo(options: argparse.Namespace) -> dict[str, Any]:
    """`demo --out FILE.xlsx [--seed N] [--workers N]`."""
    from jambi_dash.demo.city import write_demo

    summary = write_demo(options.out, seed=options.seed, workers=options.workers)
    if not options.as_json:
        print(t("Kota contoh (data rekaan) ditulis ke {out}.", out=options.out))
    return {"out": str(options.out), **summary.to_json()}


def import_files(options: argparse.Namespace) -> dict[str, Any]:
    """`import FILE… [--as-of] [--mapping] [--dry-run] [--rejects]`."""
    from jambi_dash.intake.checks import check_files
    from jambi_dash.intake.headers import read_mapping
    from jambi_dash.intake.mend_list import write_mend_list
    from jambi_dash.intake.publishing import publish
    from jambi_dash.releases.store import Store, now_wib

    store = Store(options.home)
    if options.rejects and options.rejects.resolve() in {f.resolve() for f in options.files}:
        raise Refusal(
            t("--rejects menunjuk berkas yang sedang diimpor; beri nama lain.")
        )  # fmt: skip
    mapping = read_mapping(options.mapping) if options.mapping else None
    as_of = options.as_of or now_wib().date()
    prepared = check_files(store, options.files, as_of=as_of, mapping=mapping, progress=_progress)
    with prepared:
        if options.rejects:
            rows = write_mend_list(prepared, options.rejects)
            print(t("{n} baris untuk diperbaiki ditulis ke {out}.",
                    n=formats.number(rows), out=options.rejects), file=sys.stderr)  # fmt: skip
        if not options.dry_run:
            publish(prepared, progress=_progress)
        report = prepared.report
    for remark in report.remarks:
        print(remark, file=sys.stderr)
    earlier = prepared.earlier
    if options.as_of is None and earlier is not None and earlier.as_of < as_of:
        print(
            t("Tanpa --as-of, tanggal data menjadi hari ini; rilis sebelumnya per {date}. Bila "
              "datanya lebih lama, ulangi dengan --as-of.", date=formats.day(earlier.as_of)),
            file=sys.stderr,
        )  # fmt: skip
    if not options.as_json:
        _print_report(report)
    return report.to_json()


def _progress(doing: str, share: float) -> None:
    print(f"[{share:4.0%}] {doing}", file=sys.stderr)


def _print_report(report: Any) -> None:
    for sheet in report.sheets:
        print(
            t("{file} › {sheet}: {table}; dibaca {read}, diterima {accepted}, ditolak {rejected}, "
              "dilewati {skipped}.",
              file=sheet.file, sheet=sheet.sheet, table=sheet.table,
              read=formats.number(sheet.rows_read), accepted=formats.number(sheet.rows_accepted),
              rejected=formats.number(sheet.rows_rejected),
              skipped=formats.number(sheet.rows_skipped))
        )  # fmt: skip
        for rule, count in {**sheet.rejections, **sheet.warnings}.items():
            mark = "✗" if rule in sheet.rejections else "!"
            print(f"  {mark} {formats.number(count):>8}  {rule_text(rule).found}")
        if sheet.unknown_columns:
            print("  " + t("Kolom yang tidak dipakai: {columns}",
                           columns=", ".join(sheet.unknown_columns)))  # fmt: skip
    if report.published:
        print(t("Terbit sebagai rilis {release}.", release=report.release))
    else:
        print(t("Hanya diperiksa; tidak ada yang diterbitkan."))


def releases(options: argparse.Namespace) -> dict[str, Any]:
    """`releases`: the history, oldest first."""
    from jambi_dash.releases.store import Store

    store = Store(options.home)
    current = store.current_id()
    history = [{**r.to_json(), "current": r.release == current} for r in store.history()]
    if not options.as_json:
        if not history:
            print(t("Belum ada rilis."))
        for entry in history:
            mark = "→" if entry["current"] else " "
            made = " · " + t("DATA CONTOH") if entry["synthetic"] else ""
            print(f"{mark} {entry['release']}  {entry['as_of']}  {entry['counts']}{made}")
    return {"current": current, "releases": history}


def rollback(options: argparse.Namespace) -> dict[str, Any]:
    """`rollback RELEASE`."""
    from jambi_dash.releases.store import Store

    record = Store(options.home).rollback(options.release)
    if not options.as_json:
        print(t("Rilis {release} berlaku lagi.", release=record.release))
    return {"release": record.release, "as_of": record.as_of.isoformat(), "current": True}
