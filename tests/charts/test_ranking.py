"""Bars of the change of a rate: which areas they hold, in which order, in which colours."""

from __future__ import annotations

import pytest

from jambi_dash.charts.ranking import change_figure, changed
from jambi_dash.domain.coverage import CoverageRow
from jambi_dash.palette import difference_class


def area(code: str, rate: float | None) -> CoverageRow:
    return CoverageRow(code, f"Area {code}", 1, 10, rate, "angka" if rate else "tidak ada data")


NOW = [area("1", 0.5), area("2", 0.1), area("3", 0.3), area("4", None), area("5", 0.2)]
EARLIER = {a.code: a for a in (area("1", 0.1), area("2", 0.3), area("3", 0.3), area("4", 0.2))}


def test_the_largest_fall_comes_first_and_unknown_ones_are_left_out() -> None:
    found = changed(NOW, EARLIER)
    assert [row.code for row in found] == ["2", "3", "1"]
    assert [row.size for row in found] == pytest.approx([-0.2, 0, 0.4])


def test_bars_of_a_change_have_the_colours_of_its_map_and_go_both_ways() -> None:
    found = changed(NOW, EARLIER)
    figure = change_figure(found, city_change=0.1, city_label="", selected="1", theme="light")
    (bars,) = figure.data
    assert list(bars.marker.color) == [difference_class(row.size).fill for row in found]
    assert list(bars.text) == ["−20,0", "0,0", "+40,0"]
    assert figure.layout.xaxis.range[0] < -0.2 < 0.4 < figure.layout.xaxis.range[1]


def test_the_line_lies_over_the_bars_that_reach_it_and_under_the_figures_of_the_others() -> None:
    found = changed(NOW, EARLIER)
    figure = change_figure(found, city_change=0.1, city_label="+10", selected="", theme="light")
    assert [(s.layer, s.y0, s.y1) for s in figure.layout.shapes] == [
        ("below", -0.5, 1.5),
        ("above", 1.5, 2.5),
    ]
    assert {(s.x0, s.x1) for s in figure.layout.shapes} == {(0.1, 0.1)}
    figure = change_figure(found, city_change=-0.1, city_label="−10", selected="", theme="light")
    assert [s.layer for s in figure.layout.shapes] == ["above", "below"]
