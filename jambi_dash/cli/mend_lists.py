"""The command that writes mend lists to print: export mend."""

from __future__ import annotations

import argparse
from typing import Any

from jambi_dash.cli.exports import add_file_options, answer, check_suffix, opened
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

_ALL = "all"


def add_command(kinds: Any) -> None:
    """Puts `mend` under `export`."""
    text = t("daftar perbaikan untuk lurah, hanya jumlah: PDF, XLSX")
    mend = kinds.add_parser("mend", help=text, description=text)
    mend.set_defaults(run=export_mend)
    mend.add_argument("--kelurahan", metavar="CODE|all", default=_ALL,
                      help=t("satu kelurahan menurut kode atau nama, atau semuanya"))  # fmt: skip
    add_file_options(mend, "FILE")


def export_mend(options: argparse.Namespace) -> dict[str, Any]:
    """`export mend [--kelurahan CODE|all] --out FILE.pdf|xlsx`: what kelurahan have to mend."""
    from jambi_dash.exports.files import check_target, write_whole
    from jambi_dash.exports.mend_sheets import mend_pdf, mend_xlsx, origin_of
    from jambi_dash.exports.theme import load_theme
    from jambi_dash.queries.mending import mend_book

    suffix = check_suffix(options.out, (".pdf", ".xlsx"))
    if options.public:
        raise Refusal(
            t("Daftar perbaikan memuat jumlah kecil dan tidak pernah untuk umum; hapus --public.")
        )
    check_target(options.out)
    kelurahan = _code_of(options.kelurahan)
    with opened(options) as door:
        book = mend_book(door, kelurahan=kelurahan)
    content = mend_pdf(book, load_theme(options.home)) if suffix == ".pdf" else mend_xlsx(book)
    size = write_whole(options.out, content)
    said = answer(options, size, origin_of(book), {"kelurahan": options.kelurahan})
    return {**said, "sheets": sum(not sheet.is_empty for sheet in book.sheets)}


def _code_of(asked: str) -> str | None:
    """The code of the kelurahan that was asked for by code or name; `None`: all."""
    from jambi_dash.domain.names import load_gazetteer

    if asked.strip().lower() == _ALL:
        return None
    place = load_gazetteer().place(asked, "")
    # A spelling that is only close is not guessed from: a lurah would get another's list.
    if place.code is None or place.how == "ejaan":
        raise Refusal(
            t(
                "Kelurahan {name} tidak dikenal; pakai kode atau nama resminya, atau all.",
                name=asked,
            )
        )
    return place.code
