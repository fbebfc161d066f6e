"""An amount that is drawn or typed: a reader who is quicker than the page loses nothing."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from jambi_dash.ui import amounts

    if st.session_state.get("left"):
        # The run was left before it came to the field, as by a second step of the slider.
        st.slider("orang", 0, 100, key="a_geser", on_change=amounts._from_slider,
                  args=("a_nilai", "a_geser", "a_tulis", 1))  # fmt: skip
        st.session_state.pop("a_tulis", None)
        st.stop()
    st.write(amounts.amount("a", "orang", 40, least=0, most=100, step=1))


def test_a_slider_may_be_moved_again_before_the_field_has_followed() -> None:
    app = AppTest.from_function(_page, default_timeout=60).run()
    app.session_state["left"] = True
    app.slider(key="a_geser").set_value(41).run()
    app.slider(key="a_geser").set_value(42).run()
    assert not app.exception
    app.session_state["left"] = False
    app.run()
    assert not app.exception
    assert app.slider(key="a_geser").value == 42
    assert app.text_input(key="a_tulis").value == "42"
