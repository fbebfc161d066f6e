"""Streamlit's file uploader in the reader's language: its own words are English only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from jambi_dash.domain.language import t

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

_STYLE = """<style>
[data-testid="stFileUploaderDropzone"] {
  min-height: 5.5rem; border: 1px dashed; align-items: center; }
[data-testid="stFileUploaderDropzone"] > span > button p,
[data-testid="stFileUploaderDropzoneInstructions"] span { font-size: 0; }
[data-testid="stFileUploaderDropzone"] > span > button p::after {
  content: BUTTON; font-size: 0.875rem; }
[data-testid="stFileUploaderDropzoneInstructions"] span::after {
  content: HINT; font-size: 0.875rem; white-space: normal; }
[data-testid="stFileUploaderDropzoneInstructions"] * { white-space: normal; }
</style>"""


def drop_files(label: str, types: Sequence[str], key: str) -> list[UploadedFile]:
    """Takes any number of files."""
    _speak(types)
    return st.file_uploader(label, type=list(types), accept_multiple_files=True, key=key)


def drop_file(
    label: str, types: Sequence[str], key: str, *, mb: int | None = None, help: str | None = None
) -> UploadedFile | None:
    """Takes one file, of at most `mb` megabytes (`None`: as the server has it)."""
    _speak(types, mb)
    return st.file_uploader(label, type=list(types), key=key, max_upload_size=mb, help=help)


def _speak(types: Sequence[str], mb: int | None = None) -> None:
    hint = t("atau seret ke sini · {types} · paling besar {mb} MB",
             types=", ".join(kind.upper() for kind in types),
             mb=mb or st.get_option("server.maxUploadSize"))  # fmt: skip
    st.html(
        _STYLE.replace("BUTTON", json.dumps(t("Pilih berkas"), ensure_ascii=False)).replace(
            "HINT", json.dumps(hint, ensure_ascii=False)
        )
    )
