"""The last section of `/data`: official kelurahan boundaries, put in by the user."""

from __future__ import annotations

import urllib.parse
from datetime import date

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.geography import boundaries
from jambi_dash.geography.boundary_rules import service_rules
from jambi_dash.ui import data, definitions, frame
from jambi_dash.ui.drop_zone import drop_file
from jambi_dash.ui.intake_desk import received_file
from jambi_dash.ui.literal import literal

_TYPES = ["geojson", "json", "zip", "gpkg"]
_TOLD = "boundary told"
_REFUSED = "boundary refused"


def draw() -> None:
    """What is installed, and the ways to change it."""
    home = data.store().home
    status = boundaries.status(home)
    if told := st.session_state.pop(_TOLD, None):
        st.success(told, icon=":material/check_circle:")
        st.page_link(frame.page_path("peta"), label=t("Lihat Peta Cakupan"), icon=":material/map:")
    if refused := st.session_state.pop(_REFUSED, None):
        st.error(literal(refused), icon=":material/error:")
    if status.installed:
        _draw_installed(status)
    else:
        for problem in status.problems:
            st.error(literal(problem), icon=":material/error:")
        st.info(
            t("Peta sekarang memakai kartogram skematik: satu segi enam untuk tiap kelurahan, letaknya "
              "mendekati aslinya. Pasang batas resmi agar peta menggambar bentuk sebenarnya."),
            icon=":material/hexagon:",
        )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch", key="panel_file"):
        _draw_upload()
    with right, st.container(border=True, height="stretch", key="panel_big"):
        _draw_service()


def _draw_installed(status: boundaries.Status) -> None:
    with st.container(border=True, key="panel_installed"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                "**" + t("{n} kelurahan, {area} km²", n=formats.number(status.features),
                         area=formats.number(status.area_km2, 1)) + "**", width="content",
            )  # fmt: skip
            st.badge(t("terpasang"), icon=":material/check:", color="green")
            installed_on = date.fromisoformat((status.installed_at or "")[:10] or "1970-01-01")
            definitions.button("batas_resmi", as_of=installed_on)
            if st.button(t("Lepas"), icon=":material/delete:"):
                _confirm_removal()
        st.caption(t("Sumber: {source}", source=literal(status.source or "")))
        for problem in status.problems:
            st.caption(":material/info: " + literal(problem))


def _draw_upload() -> None:
    st.markdown("**" + t("Dari berkas") + "**")
    round_no = st.session_state.setdefault("boundary round", 0)
    upload = drop_file(
        t("{n} kelurahan Kota Jambi: GeoJSON, SHP dalam ZIP, atau GPKG",
          n=formats.number(len(load_areas().kelurahan))), _TYPES,
        key=f"boundary file {round_no}",
    )  # fmt: skip
    if st.button(t("Periksa dan pasang"), disabled=upload is None, icon=":material/add_location:"):
        assert upload is not None
        home = data.store().home
        with st.spinner(t("Memeriksa batas …")):
            try:
                with received_file(data.store(), upload) as path:
                    installed = boundaries.install(home, path, name=upload.name)
            except Refusal as refusal:
                st.error(literal(str(refusal)), icon=":material/error:")
                return
        st.session_state["boundary round"] = round_no + 1
        _tell(installed)


def _draw_service() -> None:
    st.markdown("**" + t("Dari layanan BIG") + "**")
    try:
        host = urllib.parse.urlsplit(service_rules().url).hostname
    except Refusal as refusal:
        st.error(literal(str(refusal)), icon=":material/error:")
        return
    st.caption(
        t("Mengunduh batas 1:10.000 Badan Informasi Geospasial dari {host}; hanya ini yang memerlukan "
          "internet.", host=literal(host or "?"))
    )  # fmt: skip
    if st.button(t("Unduh dan pasang"), icon=":material/cloud_download:"):
        with st.spinner(t("Mengunduh dari BIG …")):
            try:
                installed = boundaries.download(data.store().home)
            except Refusal as refusal:
                st.error(literal(str(refusal)), icon=":material/error:")
                return
        _tell(installed)


def _tell(installed: boundaries.Status) -> None:
    st.session_state[_TOLD] = t(
        "{n} batas kelurahan terpasang; peta sekarang menggambar bentuk sebenarnya.",
        n=formats.number(installed.features),
    )
    st.rerun()


def _confirm_removal() -> None:
    @st.dialog(t("Lepas batas resmi?"))
    def ask() -> None:
        st.write(
            t("Peta kembali memakai kartogram skematik. Batas dapat dipasang lagi kapan saja.")
        )
        with st.container(horizontal=True):
            if st.button(t("Ya, lepas"), type="primary", key="remove yes", on_click=_remove):
                st.rerun()
            if st.button(t("Tidak"), key="remove no"):
                st.rerun()

    ask()


def _remove() -> None:
    try:
        boundaries.remove(data.store().home)
    except Refusal as refusal:
        st.session_state[_REFUSED] = str(refusal)
