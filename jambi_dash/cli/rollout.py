"""The command about Kampung Bahagia: rollout."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from jambi_dash.domain import formats
from jambi_dash.domain.language import t

if TYPE_CHECKING:
    from jambi_dash.domain.months import Month
    from jambi_dash.queries.rollout import RolloutTable


def rollout(options: argparse.Namespace) -> dict[str, Any]:
    """`rollout [--at YYYY-MM-DD] [--by city|kecamatan|kelurahan] [--deadline YYYY-MM-DD]`."""
    from jambi_dash.queries import rollout as queries
    from jambi_dash.queries.door import Door
    from jambi_dash.releases.store import Store

    store = Store(options.home)
    record = store.require_current()
    with Door(store.path_of(record.release)) as door:
        table = queries.rollout(door, at=options.at, by=options.by, deadline=options.deadline)
    if not options.as_json:
        _print_table(table)
    return table.to_json()


def _print_table(table: RolloutTable) -> None:
    if table.synthetic:
        print(t("DATA CONTOH"))
    print(
        t("Kampung Bahagia {date}: {joined} dari {total} RT bergabung ({share}); {excluded} "
          "dikecualikan; rilis {release}",
          date=formats.day(table.at), joined=formats.number(table.joined),
          total=formats.number(table.rt_total - table.excluded),
          share=formats.percent(table.share), excluded=formats.number(table.excluded),
          release=table.release)
    )  # fmt: skip
    if not table.has_log:
        print(t("Belum ada catatan Kampung Bahagia; impor catatan itu dahulu."))
    for row in table.rows:
        print(
            f"{row.code:<14} {row.name:<28} {formats.number(row.joined):>6} "
            f"{formats.number(row.rt_total - row.excluded):>6} {formats.percent(row.share):>7}"
        )
    print(
        t("Tempo tiga bulan terakhir {pace} RT per bulan; perlu {required} RT per bulan sampai "
          "{deadline}.",
          pace=formats.number(table.pace, 1), required=formats.number(table.required_per_month, 1),
          deadline=formats.day(table.deadline))
    )  # fmt: skip
    print(_forecast_sentence(table))
    cover = table.construction
    print(
        t("Jakon: iuran wajib {due}, dibayar {paid}; {registered} RT terdaftar, {unregistered} "
          "belum, {late} di antaranya lewat 14 hari kerja.",
          due=formats.rupiah(cover.due_idr), paid=formats.rupiah(cover.paid_idr),
          registered=formats.number(cover.registered_rt),
          unregistered=formats.number(cover.unregistered_rt),
          late=formats.number(cover.late_rt))
    )  # fmt: skip
    if table.unknown_rts or table.future_events or table.out_of_order_rts:
        print(
            t("Tidak dihitung: {unknown} RT di luar daftar RT, {future} kejadian bertanggal "
              "sesudah tanggal data; {backwards} RT dengan urutan tahap terbalik.",
              unknown=formats.number(table.unknown_rts),
              future=formats.number(table.future_events),
              backwards=formats.number(table.out_of_order_rts))
        )  # fmt: skip


def _forecast_sentence(table: RolloutTable) -> str:
    found = table.forecast
    if found.state == "done":
        return t("Semua RT sudah bergabung.")
    if found.state == "no_progress":
        return t("Tidak ada RT baru dalam tiga bulan terakhir; tanggal selesai tidak dapat "
                 "diperkirakan.")  # fmt: skip
    return t("Bila tempo tetap seperti selama ini, selesai {p50} (antara {p10} dan {p90}).",
             p10=_month(found.p10), p50=_month(found.p50), p90=_month(found.p90))  # fmt: skip


def _month(month: Month | None) -> str:
    return formats.month(month) if month else t("lebih dari 50 tahun lagi")
