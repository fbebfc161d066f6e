"""The synthetic city: one call makes its people and places and writes them as a workbook."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from xlsxwriter.exceptions import FileCreateError

from jambi_dash.demo.claims import build_claims
from jambi_dash.demo.parameters import load_parameters
from jambi_dash.demo.rollout import build_events
from jambi_dash.demo.roster import build_rosters
from jambi_dash.demo.rts import build_rts
from jambi_dash.demo.workbook import write_workbook
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.formats import number
from jambi_dash.domain.language import t, worded
from jambi_dash.domain.refusal import Refusal

DEFAULT_AS_OF = date(2025, 12, 31)
MOST_WORKERS = 600_000
"""More, with those on the way beside them, would not fit the rows of one sheet."""

_EARLIEST, _LATEST = date(2000, 12, 31), date(2099, 12, 31)


@dataclass(frozen=True)
class DemoSummary:
    """What was written: totals in the month of `as_of`, and data rows by sheet."""

    path: str
    seed: int
    as_of: str
    workers: int
    religious_workers: int
    rt_heads: int
    rts: int
    households: int
    eligible: int
    pilots: int
    claims: int
    claims_rp: int
    rows: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """The summary as plain values."""
        return asdict(self)


def write_demo(
    out: Path, *, seed: int = 1, workers: int | None = None, as_of: date | None = None
) -> DemoSummary:
    """Writes the workbook of the invented city to `out` (`.xlsx`).

    The same arguments give the same bytes; another `seed` gives other people and the same
    totals. `workers` is the number of covered vulnerable workers (3.000 unless given; those on
    the way and the faults follow it). The whole history is laid so that it ends in the month of
    `as_of` (31 December 2025 unless given). `Refusal` for a value out of bounds or a file that
    cannot be written; an existing file is replaced only by a complete one.
    """
    parameters = load_parameters()
    workers = parameters.totals.workers if workers is None else workers
    as_of = as_of or DEFAULT_AS_OF
    if out.suffix.lower() != ".xlsx":
        raise Refusal(t("Nama berkas contoh harus berakhiran .xlsx: {name}.", name=out.name))
    if not 1 <= workers <= MOST_WORKERS:
        raise Refusal(
            t("Jumlah pekerja contoh harus antara 1 dan {most}.", most=number(MOST_WORKERS))
        )
    if not _EARLIEST <= as_of <= _LATEST:
        raise Refusal(t("Tanggal data contoh harus antara tahun 2001 dan 2099."))

    if parameters.space.centre not in load_areas().by_code:
        raise Refusal(
            t("Parameter kota contoh (facts/demo.toml) bukan untuk wilayah di folder data ini; "
              "sesuaikan kode-kodenya.")
        )  # fmt: skip

    # A random source for each part, so that one part never disturbs another.
    rts = build_rts(parameters, Random(f"{seed}:city"), workers=workers)
    rosters = build_rosters(rts, parameters, Random(f"{seed}:people"), workers=workers, as_of=as_of)
    events = build_events(rts, parameters, Random(f"{seed}:rollout"), as_of=as_of)
    claims = build_claims(
        rosters, parameters, Random(f"{seed}:claims"), workers=workers, as_of=as_of
    )
    part = out.with_name(out.name + ".part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(part, rts, rosters, events, claims, parameters, workers=workers, as_of=as_of)
        os.replace(part, out)  # noqa: PTH105 (replaces on Windows too, which rename does not)
    except (OSError, FileCreateError):
        with suppress(OSError):
            part.unlink()
        raise Refusal(
            t("Berkas {name} tidak dapat ditulis; periksa foldernya, atau tutup berkas itu "
              "bila sedang terbuka.", name=out.name)
        ) from None  # fmt: skip
    return DemoSummary(
        path=str(out),
        seed=seed,
        as_of=as_of.isoformat(),
        workers=workers,
        religious_workers=parameters.totals.religious_workers,
        rt_heads=len(rts),
        rts=len(rts),
        households=sum(rt.households for rt in rts),
        eligible=sum(rt.eligible for rt in rts),
        pilots=sum(rt.pilot for rt in rts),
        claims=len(claims),
        claims_rp=sum(claim.value for claim in claims),
        rows={
            "Pekerja Rentan": len(rosters.workers),
            "Petugas Keagamaan": len(rosters.religious_workers),
            worded("Ketua RT"): len(rosters.rt_heads),
            worded("RT"): len(rts),
            worded("Kampung Bahagia"): len(events),
            "Santunan": len(claims),
        },
    )
