"""A text of a chart stays the text that it was, whatever plotly would read in it."""

from __future__ import annotations

from html import unescape

import numpy as np
import plotly.graph_objects as go
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.charts.as_written import as_written

NAMES = st.text(st.sampled_from("<>&;/ab=\"'lt"), max_size=12)


@given(NAMES)
def test_no_text_is_markup_and_each_can_be_read_back(name: str) -> None:
    figure = go.Figure(
        go.Bar(x=[1], y=[name], name=name, text=[name], hovertext=name, customdata=[[name]])
    )
    figure.update_yaxes(ticktext=[name], categoryarray=[name], title=name)
    figure.add_annotation(text=name)
    trace, layout = as_written(figure).data[0], figure.layout
    shown = [trace.y[0], trace.name, trace.text[0], trace.hovertext, trace.customdata[0][0],
             layout.yaxis.ticktext[0], layout.yaxis.categoryarray[0], layout.yaxis.title.text,
             layout.annotations[0].text]  # fmt: skip
    assert {unescape(text) for text in shown} == {name}
    assert not any("<" in text for text in shown)


def test_numbers_and_templates_of_our_own_stay() -> None:
    values, template = np.array([1.5, 2.0]), "<b>%{y}</b><extra></extra>"
    trace = as_written(go.Figure(go.Bar(x=["a", "b"], y=values, hovertemplate=template))).data[0]
    assert list(trace.y) == [1.5, 2.0]
    assert trace.hovertemplate == template
    assert trace.x == ("a", "b")


def test_a_new_line_is_one_and_nothing_else() -> None:
    figure = go.Figure(go.Bar(x=[1], y=[1]))
    figure.update_xaxes(ticktext=["Jan\n2025", "<br>\n<b>"])
    assert as_written(figure).layout.xaxis.ticktext == (
        "Jan<br>2025", "&lt;br&gt;<br>&lt;b&gt;",
    )  # fmt: skip
