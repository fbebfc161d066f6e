"""Opens every page of the folder of `$JAMBI_DASH_DATA`, and says all that it holds as JSON.

A process of its own: what is read of a city is read once.
"""

from __future__ import annotations

import json
import os
import sys

from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from jambi_dash.settings import PROJECT

PAGES = {
    "ringkasan": [{}],
    "peta": [{}, {"tingkat": "kecamatan"}, {"tingkat": "rt"}, {"mode": "two"}],
    "kampung_bahagia": [
        {"kb_lembar": name}
        for name in ("peta", "rencana", "tempo", "lama", "jakon", "gelombang", "bergabung")
    ],
    "simulasi": [
        {"sim_lembar": name}
        for name in ("peta", "wilayah", "biaya", "dampak", "balik", "tahun", "banding")
    ],
    "santunan": [
        {"santunan_lembar": name} for name in ("bulan", "wilayah", "perkiraan", "lama", "aturan")
    ],
    "paparan": [{"galeri": name} for name in ("cakupan", "perubahan", "kampung", "skenario")],
    "data": [
        {"bagian": name}
        for name in ("masukan", "riwayat", "perubahan", "perbaikan", "verifikasi", "bpjs", "batas",
                     "catatan")
    ],
    "definisi": [
        {"bagian": name}
        for name in ("indikator", "penyebut", "berbeda", "istilah", "aturan", "sumber")
    ],
}  # fmt: skip


def read(page: str, address: dict[str, str]) -> dict[str, object]:
    """All texts of one page at one address, and what went wrong."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    app.switch_page(str(PROJECT / "pages" / page / f"{page}.py"))
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    texts: list[str] = []
    for element in app._tree:
        proto = getattr(element, "proto", None)
        if proto is not None:
            _collect(MessageToDict(proto), texts)
    return {
        "page": page,
        "address": address,
        "texts": texts,
        "wrong": [str(e.value) for e in (*app.exception, *app.error)],
    }


def _collect(found: object, texts: list[str]) -> None:
    if isinstance(found, str):
        texts.append(found)
    elif isinstance(found, dict):
        for value in found.values():
            _collect(value, texts)
    elif isinstance(found, list):
        for value in found:
            _collect(value, texts)


if __name__ == "__main__":
    os.chdir(PROJECT)
    wanted = sys.argv[1:] or list(PAGES)
    answers = [
        read(page, address | more)
        for page in wanted
        for address in PAGES[page]
        for more in ({}, *([{"bahasa": "English"}] if address == PAGES[page][0] else []))
    ]
    sys.stdout.write(json.dumps(answers))
