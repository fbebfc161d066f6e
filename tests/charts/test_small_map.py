"""The small map where kecamatan are not one piece, and where areas are too many to be named."""

from __future__ import annotations

import pytest

from jambi_dash.charts import small_map
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import make_row
from jambi_dash.geography.cartogram import Cartogram, lay_cells

ROWS = [
    make_row(k.code, k.name, n, 100, register_known=True)
    for n, k in enumerate(load_areas().kelurahan)
]


def test_scattered_kecamatan_are_outlined(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [row.code for row in ROWS]
    scattered = Cartogram(lay_cells([(c, n * 7 % 68, n % 8) for n, c in enumerate(codes)]), ())
    assert any(shape.geom_type == "MultiPolygon" for shape in scattered.kecamatan.values())
    monkeypatch.setattr(small_map, "load_cartogram", lambda: scattered)
    assert small_map.cartogram_svg(ROWS).count("<title>") == len(ROWS)


def test_thousands_are_drawn_without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_map, "_MOST_NAMED", 10)
    drawn = small_map.cartogram_svg(ROWS)
    assert drawn.count("h24") == len(ROWS)
    assert drawn.count("<title>") <= 1  # the river
    assert len(drawn) < 5_000
