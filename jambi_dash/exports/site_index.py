"""The page that lists the files of a site: what each is, how large, its hash. No script, no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from jambi_dash.domain import formats
from jambi_dash.domain.language import current_language, t
from jambi_dash.exports.bundle import File, Item, Order
from jambi_dash.exports.vector_map import preview_svg
from jambi_dash.palette import css

MAKER = '<meta name="generator" content="jambi_dash export site">'
"""By which a later export knows an earlier one."""
_FORMS = {"geojson": "GeoJSON", "gpkg": "GeoPackage"}


def index_page(order: Order, files: Mapping[str, File], names: Sequence[str]) -> bytes:
    """The page; `files` by their names in the folder, `names` of the views in their order."""
    style = css.file_variables() + (Path(__file__).parent / "site_index.css").read_text(
        encoding="utf-8"
    )
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    origin, theme = order.origin, order.theme
    title = t("Bahan paparan Jamsostek pekerja rentan Kota Jambi")
    mark = f'<p class="mark">{escape(origin.mark())}</p>' if origin.mark() else ""
    cards = "".join(
        _view_card(item, name, files) for item, name in zip(order.items, names, strict=True)
    )
    page = (
        f'<!doctype html>\n<html lang="{current_language()}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="no-referrer">{MAKER}'
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>"
        f'<p class="who">{escape(theme.organisation)} · {escape(theme.programme)}</p>'
        f"<h1>{escape(title)}</h1>{mark}<p>{escape(origin.line())}</p>"
        f"<h2>{escape(t('Siap dipakai'))}</h2>"
        f'<div class="grid">{_together(files)}</div>'
        f'<h2>{escape(t("Peta, tabel, dan data peta tiap tampilan"))}</h2><div class="grid">{cards}'
        f"</div><h2>{escape(t('Semua berkas'))}</h2>{_list(files)}"
        f'<p class="small">'
        + escape(
            t("Periksa keutuhan berkas: sha256sum -c SHA256SUMS. Semua berkas terbuka tanpa internet.")
        )
        + "</p></main></body></html>\n"
    )  # fmt: skip
    return page.encode("utf-8")


def _together(files: Mapping[str, File]) -> str:
    said = {
        "paparan.pptx": (
            t("Slide"),
            t("Peta, grafik, dan tabel yang masih dapat diubah di PowerPoint atau LibreOffice."),
        ),
        "interaktif.html": (
            t("Halaman interaktif"),
            t("Satu berkas: tunjuk wilayah, cari, urutkan; terbuka di peramban mana pun."),
        ),
        "tabel/jamsostek.xlsx": (
            t("Tabel Excel"),
            t("Satu lembar tiap tampilan, dengan definisi dan keterangan."),
        ),
        "atlas.pdf": (t("Atlas"), t("Satu lembar tiap kelurahan, untuk dicetak.")),
    }
    return "".join(
        f'<div class="card"><h3>{escape(title)}</h3><p class="small">{escape(words)}</p>'
        f'<p class="forms big">{_link(files[name], name.rpartition(".")[2].upper())}</p></div>'
        for name, (title, words) in said.items()
        if name in files
    )


def _view_card(item: Item, name: str, files: Mapping[str, File]) -> str:
    view = item.view
    forms = "".join(
        _link(file, _FORMS.get(path.rpartition(".")[2], path.rpartition(".")[2].upper()))
        for path, file in files.items()
        if path.rpartition("/")[2].rpartition(".")[0] == name
    )
    chosen = " · ".join(f"{key}: {value}" for key, value in view.filter)
    return (
        f'<div class="card">{preview_svg(view, item.shapes)}<h3>{escape(view.title)}</h3>'
        f'<p class="small">{escape(view.subtitle)}</p><p class="small">{escape(chosen)}</p>'
        f'<p class="small">{escape(view.check)}</p><p class="forms">{forms}</p></div>'
    )


def _link(file: File, text: str) -> str:
    size = _size(file)
    return (
        f'<span><a href="{escape(file.name)}">{escape(text)}</a> '
        f'<span class="small">{escape(size)}</span></span>'
    )


def _size(file: File) -> str:
    kilo = len(file.content) / 1000
    if kilo < 1000:
        return t("{n} kB", n=formats.number(max(1, round(kilo))))
    return t("{n} MB", n=formats.number(kilo / 1000, 1))


def _list(files: Mapping[str, File]) -> str:
    rows = "".join(
        f'<tr><td><a href="{escape(file.name)}">{escape(file.name)}</a></td>'
        f'<td class="n">{escape(_size(file))}</td><td><code>{file.sha256}</code></td></tr>'
        for file in files.values()
    )
    return (
        f'<div class="scroll"><table><thead><tr><th>{escape(t("Berkas"))}</th>'
        f'<th class="n">{escape(t("Ukuran"))}</th><th>SHA-256</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
