"""Opens every page of the folder of `$JAMBI_DASH_DATA`, and says all that it holds as JSON.

A process of its own: what is read of a city is read once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator

import hostile_names
from google.protobuf.json_format import MessageToDict
from make_city import codes
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.scenario import read_scenario
from jambi_dash.domain.simulation import simulate
from jambi_dash.queries import expansion
from jambi_dash.queries.door import Door
from jambi_dash.releases.scenarios import Draft, ScenarioShelf
from jambi_dash.releases.store import Store
from jambi_dash.settings import PROJECT, default_home

HOSTILE = codes()[31][0]
"""A kelurahan whose name, and that of its kecamatan, would be markup."""

PAGES = {
    "ringkasan": [{}],
    "peta": [
        {}, {"tingkat": "kecamatan"}, {"tingkat": "rt"}, {"mode": "two"},
        {"wilayah": HOSTILE}, {"wilayah": HOSTILE[:8]},
    ],
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
    ] + [{"cari": hostile_names.SENT}],
}  # fmt: skip


def read(page: str, address: dict[str, str]) -> dict[str, object]:
    """All texts of one page at one address, and what went wrong."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    for name, value in address.items():
        app.query_params[name] = value
    app.session_state["_grafik_siap"] = True
    app.run()
    app.switch_page(str(PROJECT / "pages" / page / f"{page}.py"))
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    texts: list[str] = []
    markup: set[str] = set()
    for element in app._tree:
        proto = getattr(element, "proto", None)
        if proto is None:
            continue
        said = MessageToDict(proto, preserving_proto_field_name=True)
        _collect(said, texts)
        html = element.type == "html" or bool(said.get("allow_html"))
        markup.update(_faults(said, element.type, "", html=html))
        if element.type == "table":  # its cells are Markdown
            cells = element.value.to_dict("list")
            markup.update(_faults(cells, "table", "cell", html=False))
    return {
        "markup": sorted(markup),
        "page": page,
        "address": address,
        "texts": texts,
        "wrong": [str(e.value) for e in (*app.exception, *app.error)],
    }


def _faults(said: object, kind: str, key: str, *, html: bool) -> Iterator[str]:
    if isinstance(said, str):
        yield from hostile_names.faults(kind, key, said, html=html)
    elif isinstance(said, dict):
        for name, value in said.items():
            # An element without a class of its own comes as a whole: its kind is a key.
            inner = name if isinstance(value, dict) and kind in (name, "unknown") else kind
            yield from _faults(value, inner, key if key == "cell" else name, html=html)
    elif isinstance(said, list):
        for value in said:
            yield from _faults(value, kind, key, html=html)


def keep_scenario() -> None:
    """A saved scenario whose words would be markup."""
    store = Store(default_home())
    record = store.require_current()
    words = hostile_names.SCENARIO
    scenario = read_scenario({"name": words, "author": words, "note": words, "workers": 900})
    with Door(store.path_of(record.release)) as door:
        found = simulate(expansion.baseline(door, "kelurahan"), scenario)
    ScenarioShelf(store.home).save(Draft.of(scenario, found, record))


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
    keep_scenario()
    answers = [
        read(page, address | more)
        for page in wanted
        for address in PAGES[page]
        for more in ({}, *([{"bahasa": "English"}] if address == PAGES[page][0] else []))
    ]
    sys.stdout.write(json.dumps(answers))
