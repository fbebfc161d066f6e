"""Definisi & Sumber: what every figure means, and what is doubtful about it."""

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.ui import data, frame, glossary

release = data.current_release()

# 1. What is asked for
st.header(t("Definisi & Sumber"))
with st.container(horizontal=True, vertical_alignment="bottom"):
    asked = st.text_input(
        t("Cari"), key="cari", bind="query-params", icon=":material/search:", width=320,
        placeholder=t("mis. cakupan, pagu, NIK"),
    )  # fmt: skip
    section = glossary.choose_section(searching=bool(asked))

# 2. The answer
if asked:
    glossary.search(asked, release)
else:
    glossary.draw(section, release)

# 3. The way back
st.page_link(
    frame.page_path("ringkasan"), label=t("Kembali ke Ringkasan"), icon=":material/arrow_back:"
)
