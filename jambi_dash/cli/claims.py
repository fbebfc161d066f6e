"""The command about benefits paid: claims."""

from __future__ import annotations

import argparse
from typing import Any

from jambi_dash.domain import formats
from jambi_dash.domain.language import t


def claims(options: argparse.Namespace) -> dict[str, Any]:
    """`claims [--by city|kecamatan|kelurahan|program] [--at YYYY-MM]`."""
    from jambi_dash.queries import claims as queries
    from jambi_dash.queries.door import Door
    from jambi_dash.releases.store import Store

    store = Store(options.home)
    record = store.require_current()
    with Door(store.path_of(record.release)) as door:
        table = queries.claims(door, by=options.by, at=options.at)
    if not options.as_json:
        if record.synthetic:
            print(t("DATA CONTOH"))
        print(
            t("Santunan dibayar sampai {date}; rilis {release}",
              date=formats.day(table.day), release=table.release)
        )  # fmt: skip
        for row in table.rows:
            print(
                f"{row.code or '':<14} {row.name:<28} {row.program} "
                f"{formats.number(row.count):>6} {formats.rupiah(row.value_idr):>18}"
            )
        print(
            t("Jumlah: {n} santunan, {value}.",
              n=formats.number(table.count), value=formats.rupiah(table.value_idr))
        )  # fmt: skip
    return table.to_json()
