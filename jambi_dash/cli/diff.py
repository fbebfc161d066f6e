"""The command `diff`: why the number of covered people changed between two releases."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from jambi_dash.domain import formats
from jambi_dash.domain.difference import PARTS, Difference, part_label, part_meaning
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from jambi_dash.releases.store import Store


def diff(options: argparse.Namespace) -> dict[str, Any]:
    """`diff RELEASE_A RELEASE_B [--cohort] [--at]`."""
    from jambi_dash.queries.difference import difference
    from jambi_dash.releases.store import Store

    store = Store(options.home)
    a, b = (_sound(store, name) for name in (options.release_a, options.release_b))
    answer = difference(a, b, cohort=options.cohort, at=options.at)
    if not options.as_json:
        _print(answer)
    return answer.to_json()


def _sound(store: Store, name: str) -> Path:
    """The file of a release, compared with the journal."""
    record = store.record_of(name)
    if record is None:
        known = ", ".join(r.release for r in store.history()[-3:])
        raise Refusal(
            t("Rilis {release} tidak ada; yang ada antara lain: {known}.",
              release=name, known=known or "–")
        )  # fmt: skip
    if not store.verify(record):
        raise Refusal(
            t("Berkas rilis {release} rusak atau hilang; pilih rilis lain.", release=name)
        )
    return store.path_of(name)


def _print(answer: Difference) -> None:
    city = answer.city
    if answer.a.synthetic or answer.b.synthetic:
        print(t("DATA CONTOH"))
    print(
        t("{cohort}, dari rilis {a} ({at_a}) ke rilis {b} ({at_b}): {covered_a} menjadi {covered_b} "
          "orang, selisih {change}.",
          cohort=load_programme().cohorts.by_id[answer.cohort].shown(), a=answer.a.release,
          b=answer.b.release, at_a=formats.month(answer.a.at), at_b=formats.month(answer.b.at),
          covered_a=formats.number(city.covered_a), covered_b=formats.number(city.covered_b),
          change=formats.signed(city.change))
    )  # fmt: skip
    for part, people in city.parts.items():
        print(f"{formats.signed(people):>10}  {part_label(part)}: {part_meaning(part)}")
    for remark in answer.remarks():
        print("  ! " + remark)
    changed = answer.changed
    if changed:
        heads = [t("Selisih"), *(part_label(part) for part in PARTS)]
        print(f"{'':<46}" + "".join(f"{head:>15}" for head in heads))
    for row in changed:
        _print_row(f"{row.code:<15} {row.name}", row.flow.change, row.flow.parts)
    if not answer.unlocated.is_still:
        _print_row(t("Tanpa lokasi"), answer.unlocated.change, answer.unlocated.parts)
    print(t("Jumlah: {sum}. {n} kelurahan tidak berubah.", sum=answer.sum_in_words(),
            n=formats.number(len(answer.rows) - len(changed))))  # fmt: skip


def _print_row(name: str, change: int, parts: dict[str, int]) -> None:
    figures = (change, *parts.values())
    print(f"{name:<46}" + "".join(f"{formats.signed(n):>15}" for n in figures))
