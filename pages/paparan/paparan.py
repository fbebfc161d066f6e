"""Bahan Paparan: choose views, see them, take them along as files."""

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.ui import frame, paparan_gallery, paparan_list, paparan_take
from jambi_dash.ui import paparan_basket as basket

release = frame.require_release()
spoilt = basket.take_from_address()
basket.put_into_address()
if spoilt:
    st.warning(
        t("{n} bagian tautan ini tidak dapat dibaca dan dilewati; minta tautannya dikirim ulang.",
          n=formats.number(spoilt)), icon=":material/link_off:",
    )  # fmt: skip

choosing, taking = st.columns([1.9, 1.1], gap="medium")
with taking:
    # Who may see the copy comes first: the gallery shows what the copy will show.
    public = paparan_take.choose_copy()
    paparan_take.explain_copy(public)

# 1. What can be chosen
with choosing:
    asked = paparan_gallery.choose(release, public=public)
    paparan_gallery.draw(asked)

# 2. What was chosen, and in which form it is taken
with taking:
    picks = paparan_list.draw(release, public=public)
    wish = paparan_take.choose_form()
    paparan_take.draw(release, picks, wish, public=public)
paparan_list.close_look(release, wish.size)
