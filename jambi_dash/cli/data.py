"""Commands that bring data in: demo, import, releases, rollback."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.part import area_name
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rules import rule_text


def demo(options: argparse.Namespace) -> dict[str, Any]:
    """`demo --out FILE.xlsx [--seed N] [--workers N]`, or `--out FOLDER --cities N`."""
    from jambi_dash.demo.city import DEFAULT_AS_OF, write_demo

    if options.cities > 1:
        return _many_cities(options, DEFAULT_AS_OF)

    summary = write_demo(options.out, seed=options.seed, workers=options.workers)
    if not options.as_json:
        print(t("Kota contoh (data rekaan) ditulis ke {out}.", out=options.out))
    return {"out": str(options.out), **summary.to_json()}


def _many_cities(options: argparse.Namespace, as_of: date) -> dict[str, Any]:
    from jambi_dash.demo.many_cities import write_cities
    from jambi_dash.settings import DATA_VARIABLE

    made = write_cities(
        options.out, cities=options.cities, workers=options.workers, seed=options.seed, as_of=as_of
    )
    if not options.as_json:
        print(
            t("{cities} kota contoh (data rekaan) dengan {workers} pekerja ditulis ke {out}; "
              "impor dengan {variable}={data}.", cities=formats.number(made.cities),
              workers=formats.number(made.workers), out=options.out, variable=DATA_VARIABLE,
              data=made.data)
        )  # fmt: skip
    return {"out": str(options.out), **made.to_json()}


def import_files(options: argparse.Namespace) -> dict[str, Any]:
    """`import FILE… [--as-of] [--mapping] [--sender] [--part] [--dry-run] [--rejects]`."""
    from jambi_dash.domain.facts_check import read_facts
    from jambi_dash.domain.part import read_part
    from jambi_dash.intake.checks import check_files
    from jambi_dash.intake.headers import read_mapping
    from jambi_dash.intake.mapping_shelf import clean_sender, remember_lists
    from jambi_dash.intake.mend_list import write_mend_list
    from jambi_dash.intake.outlook import thinned_tables
    from jambi_dash.intake.publishing import publish
    from jambi_dash.releases.audit import AuditLog
    from jambi_dash.releases.store import Store, now_wib

    read_facts()
    store = Store(options.home)
    if options.rejects and options.rejects.resolve() in {f.resolve() for f in options.files}:
        raise Refusal(
            t("--rejects menunjuk berkas yang sedang diimpor; beri nama lain.")
        )  # fmt: skip
    mapping = read_mapping(options.mapping) if options.mapping else None
    as_of = options.as_of or now_wib().date()
    if options.drop_outside and not options.part:
        raise Refusal(t("--drop-outside hanya bersama --part; sebutkan bagian yang diganti."))
    sender = clean_sender(options.sender or "")
    prepared = check_files(
        store, options.files, as_of=as_of, mapping=mapping, sender=sender,
        part=read_part(options.part) if options.part else None,
        drop_outside=options.drop_outside, progress=_progress,
    )  # fmt: skip
    with prepared:
        thinned = thinned_tables(prepared)
        if options.rejects:
            # Names and NIK leave the store: not without a line in the log.
            AuditLog(options.home).append("mend_list", files=len(options.files))
            rows = write_mend_list(prepared, options.rejects)
            print(t("{n} baris untuk diperbaiki ditulis ke {out}.",
                    n=formats.number(rows), out=options.rejects), file=sys.stderr)  # fmt: skip
        if not options.dry_run:
            publish(prepared, progress=_progress)
            if sender and mapping is not None:
                remember_lists(
                    store.home, sender, mapping,
                    [(s.recognised.table, s.recognised.headers) for s in prepared.sources],
                )  # fmt: skip
        report = prepared.report
    for remark in report.remarks:
        print(remark, file=sys.stderr)
    for table in thinned:
        print(
            t("Perhatian: {table} hanya memuat {n} kelurahan, padahal rilis yang berlaku {before}; "
              "tabel lama seluruhnya diganti. Bila ini hanya sebagian kota, pakai --part.",
              table=table.table, n=formats.number(len(table.codes)),
              before=formats.number(table.before)),
            file=sys.stderr,
        )  # fmt: skip
    _print_review(report)
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
    print(f"[{formats.percent(share, 0):>4}] {doing}", file=sys.stderr)


def _print_review(report: Any) -> None:
    """What waits for a decision, on the page `/data`."""
    if pairs := report.review.get("possible_duplicates"):
        print(
            t("{n} pasang kemungkinan orang yang sama menunggu keputusan di halaman /data; dengan "
              "--rejects tertulis pada lembar “Kemungkinan ganda”.", n=formats.number(pairs)),
            file=sys.stderr,
        )  # fmt: skip
    if rows := report.review.get("split_rows"):
        print(
            t("{n} baris daftar lama menyebut kelurahan yang sudah dimekarkan dan dihitung tanpa "
              "lokasi, sampai diputuskan di halaman /data.", n=formats.number(rows)),
            file=sys.stderr,
        )  # fmt: skip


def _print_part(part: dict[str, Any]) -> None:
    for table, counts in part["tables"].items():
        print(
            t("{table}: hanya {areas} yang diganti ({replaced} baris lama); {kept} baris bagian lain "
              "tetap.", table=table, areas=", ".join(area_name(code) for code in part["areas"]),
              replaced=formats.number(counts["replaced"]), kept=formats.number(counts["kept"]))
        )  # fmt: skip
        if counts.get("moved_in"):
            print(
                t("{n} orang pindah ke bagian ini; tempat lamanya dilepas.",
                  n=formats.number(counts["moved_in"]))
            )  # fmt: skip


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
    if report.part is not None:
        _print_part(report.part)
    if report.published:
        print(t("Terbit sebagai rilis {release}.", release=report.release))
    else:
        print(t("Hanya diperiksa; tidak ada yang diterbitkan."))


def releases(options: argparse.Namespace) -> dict[str, Any]:
    """`releases`: the history, oldest first."""
    from jambi_dash.releases.store import Store

    store = Store(options.home)
    current = store.current_id()
    records = store.history()
    history = [{**r.to_json(), "current": r.release == current} for r in records]
    if not options.as_json:
        if not history:
            print(t("Belum ada rilis."))
        for record, entry in zip(records, history, strict=True):
            mark = "→" if entry["current"] else " "
            made = " · " + t("DATA CONTOH") if entry["synthetic"] else ""
            counts = " · ".join(
                f"{label} {formats.number(record.counts.get(table, 0))}"
                for label, table in (
                    (t("Peserta"), "enrolment"), (t("Daftar RT"), "rt"),
                    (t("Kampung Bahagia"), "kampung_event"), (t("Santunan"), "claim"),
                )
            )  # fmt: skip
            day = formats.day(record.as_of)
            print(f"{mark} {record.release}  {day:<16}  {counts}{made}")
    return {"current": current, "releases": history}


def rollback(options: argparse.Namespace) -> dict[str, Any]:
    """`rollback RELEASE`."""
    from jambi_dash.releases.store import Store

    record = Store(options.home).rollback(options.release)
    if not options.as_json:
        print(t("Rilis {release} berlaku lagi.", release=record.release))
    return {"release": record.release, "as_of": record.as_of.isoformat(), "current": True}
