"""Commands about areas: coverage, boundaries."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal


def coverage(options: argparse.Namespace) -> dict[str, Any]:
    """`coverage --by LEVEL [--cohort] [--at] [--denominator] [--public]`."""
    from jambi_dash.queries import coverage as queries
    from jambi_dash.queries.door import Door
    from jambi_dash.releases.store import Store

    store = Store(options.home)
    record = store.require_sound()
    with Door(store.path_of(record.release)) as door:
        table = queries.coverage(
            door, by=options.by, cohort=options.cohort, at=options.at,
            denominator=options.denominator, public=options.public,
        )  # fmt: skip
    if not options.as_json:
        _print_table(table)
    return table.to_json()


def _print_table(table: Any) -> None:
    from jambi_dash.domain.programme import load_programme

    denominator = table.denominator
    if table.synthetic:
        print(t("DATA CONTOH"))
    print(
        t("{cohort}, {month}; penyebut: {label} ({source}, {date}); rilis {release}",
          cohort=load_programme().cohorts.by_id[table.cohort].shown(), month=formats.month(table.at), label=denominator.label,
          source=denominator.source or "–", date=denominator.date or "–", release=table.release)
    )  # fmt: skip
    for row in table.rows:
        print(
            f"{row.code:<18} {row.name:<28} {formats.number(row.covered):>8} "
            f"{formats.number(row.eligible):>8} {formats.percent(row.rate):>8}  {row.state}"
        )
    totals = table.totals
    print(
        t("Jumlah: {covered} = {located} di daftar ini + {unlocated} tanpa lokasi + {hidden} "
          "disembunyikan; dari {eligible} ({rate}).",
          covered=formats.number(totals.covered), located=formats.number(totals.located),
          unlocated=formats.number(totals.unlocated), hidden=formats.number(totals.hidden),
          eligible=formats.number(totals.eligible), rate=formats.percent(totals.rate))
    )  # fmt: skip


def boundaries(options: argparse.Namespace) -> dict[str, Any]:
    """`boundaries install FILE|--download` and `boundaries status`."""
    from jambi_dash.geography import boundaries as official

    if options.action == "status":
        status = official.status(options.home)
    elif options.download:
        status = official.download(options.home, url=options.url)
    elif options.file is None:
        raise Refusal(t("Sebutkan berkas batas, atau pakai --download."))
    else:
        status = official.install(options.home, options.file, mapping=_mapping(options.mapping))
    answer: dict[str, Any] = status.to_json()
    if not options.as_json:
        if answer["installed"]:
            print(
                t("Batas resmi terpasang: {n} kelurahan, {area} km², dari {source}.",
                  n=answer["features"], area=formats.number(answer["area_km2"], 1),
                  source=answer["source"])
            )  # fmt: skip
        else:
            print(t("Batas resmi belum terpasang; peta memakai kartogram skematik."))
        for problem in answer["problems"]:
            print("  ! " + problem)
    return answer


def _mapping(path: Path | None) -> dict[str, str] | None:
    if path is None:
        return None
    import tomllib

    from jambi_dash.domain import foreign_toml

    try:
        raw = foreign_toml.parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Refusal(t("Berkas pemetaan {name} tidak dapat dibaca.", name=path.name)) from None
    return {str(key): str(value) for key, value in raw.items() if not isinstance(value, dict)}
