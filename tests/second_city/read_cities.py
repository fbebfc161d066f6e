"""Walks over the pages of the store of `$JAMBI_DASH_DATA`, which holds several cities; says as JSON
what stood there.

A process of its own: what is read of a city is read once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from google.protobuf.json_format import MessageToDict
from read_pages import _collect
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import Reader
from jambi_dash.exports import bundle
from jambi_dash.exports.picks import read_pick, view_of
from jambi_dash.exports.shapes import shapes_for
from jambi_dash.geography.levels import cartogram_base, level_shapes, part_of
from jambi_dash.queries.door import Door
from jambi_dash.releases.store import Store
from jambi_dash.settings import PROJECT, default_home
from jambi_dash.ui import data, sign_in


def opened(page: str, **address: str) -> AppTest:
    """A page as its address opens it."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=120)
    app.session_state["_grafik_siap"] = True
    app.run()
    app.switch_page(str(PROJECT / "pages" / page / f"{page}.py"))
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> dict[str, Any]:
    """All its texts, where the reader is, and what went wrong."""
    texts: list[str] = []
    for element in app._tree:
        if (proto := getattr(element, "proto", None)) is not None:
            _collect(MessageToDict(proto, preserving_proto_field_name=True), texts)
    levels = [control for control in app.segmented_control if control.key == "tingkat"]
    return {
        "texts": "\n".join(texts),
        "levels": levels[0].options if levels else [],
        "level": levels[0].value if levels else None,
        "above": [b.label for b in app.button if str(b.key).startswith("peta_remah_")],
        "address": {k: _one(v) for k, v in app.query_params.items() if k in ("wilayah", "tingkat")},
        "wrong": [str(e.value) for e in (*app.exception, *app.error)],
    }


def _one(value: str | list[str]) -> str:
    return value if isinstance(value, str) else value[0]


def clicked(app: AppTest, code: str) -> AppTest:
    """After a click on an area of the map or a bar: what both leave behind."""
    app.session_state["_peta_menuju"] = code
    return app.run()


def walk() -> dict[str, Any]:
    """Down to the RTs of a kelurahan, and up again by what stands above."""
    steps = {}
    app = opened("peta")
    steps["all"] = said(app)
    for name, code in (
        ("city", "12.80"), ("kecamatan", "12.80.02"), ("kelurahan", "12.80.02.1001"),
    ):  # fmt: skip
        steps[name] = said(clicked(app, code))
    app.button(key="peta_remah_1").click().run()
    steps["back in the city"] = said(app)
    app.button(key="peta_remah_0").click().run()
    steps["back"] = said(app)
    steps["link"] = said(opened("peta", wilayah="12.80"))
    steps["link to cities"] = said(opened("peta", wilayah="12.80", tingkat="city"))
    steps["RTs"] = said(opened("peta", wilayah="12.80", tingkat="rt"))
    for mode in ("two", "difference"):
        steps[mode] = said(opened("peta", tampilan=mode))
    steps["unknown city"] = said(opened("peta", wilayah="13.80"))
    return steps


def others() -> dict[str, Any]:
    """Pages that know cities too."""
    return {
        "kampung": said(opened("kampung_bahagia", tingkat_kb="city")),
        "santunan": said(opened("santunan", kecamatan="12.80")),
        "santunan by city": said(
            opened("santunan", santunan_lembar="wilayah", tingkat_santunan="city")
        ),
        "paparan": said(opened("paparan")),
    }


def too_many() -> dict[str, Any]:
    """Simulasi where neither RT nor kelurahan can be drawn, and then no kecamatan either."""
    found, most = {}, data.MOST_DRAWN
    for name, limit in (("kecamatan", 100), ("city", 20)):
        data.MOST_DRAWN = limit
        found[name] = said(opened("simulasi"))
    data.MOST_DRAWN = most
    return found


def before(reader: Reader, look: Callable[[], Any]) -> Any:
    """The same before somebody else."""
    usual, sign_in.reader = sign_in.reader, lambda: reader
    try:
        return look()
    finally:
        sign_in.reader = usual


def files() -> dict[str, Any]:
    """Every form of the views of cities, by the length of the file; and what they hold."""
    home = default_home()
    place = Store(home)
    with Door(place.path_of(place.require_current().release)) as door:
        views = [view_of(read_pick(f"{kind}.city"), door) for kind in
                 ("cakupan", "perubahan", "kampung")]  # fmt: skip
        drawn = shapes_for(home, door, "city")
        order = bundle.Order(home, door, tuple(bundle.Item(v, drawn, None) for v in views), False)
        made = {
            form: len(bundle.take(order, form).content)  # type: ignore[arg-type]
            for form in ("pptx", "html", "xlsx", "pdf", "png", "svg", "csv", "geojson", "gpkg")
        }
        try:
            view_of(read_pick("cakupan.city"), door, public=True)
            public = ""
        except Refusal as refusal:
            public = str(refusal)
    return {
        "made": made,
        "public": public,
        "rows": views[0].rows,
        "titles": [view.title for view in views],
        "drawn": [area.code for area in drawn.areas],
    }


def shapes() -> dict[str, Any]:
    """Number and size of the areas of each level; of the second city alone too."""
    base = cartogram_base()
    found: dict[str, Any] = {
        level: {a.code: [a.name, round(a.geometry.area, 6), a.geometry.geom_type] for a in areas}
        for level in ("city", "kecamatan")
        for areas, _ in (level_shapes(base, level),)
    }
    found["hexagon"] = round(next(iter(base.kelurahan.values())).area, 6)
    areas, outlines = level_shapes(part_of(base, "12.80"), "kecamatan")
    found["part"] = [a.code for a in areas]
    found["part has a border of cities"] = any(o.level == "city" for o in outlines)
    return found


if __name__ == "__main__":
    os.chdir(PROJECT)
    answers = {
        "walk": walk(),
        "others": others(),
        "too many": too_many(),
        "public": before(Reader("penonton", who="x"), lambda: said(opened("peta"))),
        "public in a city": before(
            Reader("penonton", who="x"), lambda: said(opened("peta", wilayah="12.80"))
        ),
        "own": before(
            Reader("perencana", areas=frozenset({"12.80.02.1001"}), who="x"),
            lambda: said(opened("peta")),
        ),
        "files": files(),
        "shapes": shapes(),
    }
    sys.stdout.write(json.dumps(answers))
