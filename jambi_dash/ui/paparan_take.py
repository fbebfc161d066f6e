"""Taking the chosen views along: who may see the copy, the form, and the file itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.disclosure import DEFAULT_K
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.bundle import DRAWN, File, Form, take
from jambi_dash.exports.picks import Pick
from jambi_dash.ui import choices, data, hand_over
from jambi_dash.ui.drop_zone import drop_file
from jambi_dash.ui.literal import literal

_DPI = (96, 150, 200, 300, 600)
_USUAL_DPI = 150
_TEMPLATE_MB = 30


@dataclass(frozen=True)
class Wish:
    """The form that was chosen; `size` and `dpi` are of drawn forms, `full` of slides.

    `kecamatan` is of the atlas (`None`: the whole city), `template` the office's own presentation.
    """

    form: Form
    size: str = "slide"
    dpi: int | None = None
    full: bool = False
    kecamatan: str | None = None
    template: bytes | None = None


def choose_copy() -> bool:
    """Whether the copy is for the public (`salinan` in the address)."""
    if not data.may("internal"):
        return True
    words = {"internal": t("Internal"), "umum": t("Umum")}
    chosen = choices.switch(
        t("Salinan"), "salinan", words, "internal",
        help=t("Umum: jumlah orang 1 sampai {most} disembunyikan, juga angka lain yang dapat dipakai "
               "menghitungnya, dan tingkat RT tidak ada. Internal: semua angka, bertanda “tidak untuk "
               "disebarkan” di setiap lembar.", most=formats.number(DEFAULT_K - 1)),
    )  # fmt: skip
    return chosen == "umum"


def explain_copy(public: bool) -> None:
    """What the choice means, in a line."""
    st.caption(
        t(
            "Salinan umum: jumlah kecil (1–{most}) disembunyikan, tanpa tingkat RT. Boleh disebarkan.",
            most=formats.number(DEFAULT_K - 1),
        )
        if public
        else t("Salinan internal: semua angka apa adanya, bertanda “tidak untuk disebarkan”.")
    )


def choose_form() -> Wish:
    """The form of the file, and for drawn ones its size."""
    forms: dict[Form, str] = {
        "pptx": t("Slide PowerPoint (PPTX)"),
        "png": t("Gambar (PNG)"),
        "pdf": t("Lembar cetak (PDF)"),
        "svg": t("Gambar vektor (SVG)"),
        "html": t("Halaman interaktif, satu berkas (HTML)"),
        "xlsx": t("Tabel Excel (XLSX)"),
        "csv": t("Tabel CSV"),
        "geojson": t("Data peta GeoJSON"),
        "gpkg": t("Data peta GeoPackage"),
        "atlas": t("Atlas: satu lembar tiap kelurahan (PDF)"),
        "zip": t("Semuanya (ZIP)"),
    }
    form = cast("Form", choices.pick(t("Bentuk berkas"), "bentuk", cast("dict[str, str]", forms)))
    if form == "atlas":
        return Wish(form, kecamatan=_choose_kecamatan())
    full, template = False, None
    if form in ("pptx", "zip"):
        full = st.toggle(
            t("Lengkapi dengan ringkasan, peringkat, anggaran, dan definisi"), key="lengkap",
            bind="query-params",
            help=t("Tanpa ini tiap tampilan menjadi satu slide; catatan pembicara tetap memuat definisi "
                   "dan sumber."),
        )  # fmt: skip
        template = _choose_template() if data.may("scenarios") else None
    if form not in (*DRAWN, "zip"):
        return Wish(form, full=full, template=template)
    sizes = {"slide": t("Slide 16:9"), "a4": "A4", "a3": "A3"}
    left, right = st.columns(2)
    with left:
        size = choices.switch(t("Ukuran"), "ukuran", sizes, "slide")
    with right:
        dpi = None
        if form in ("png", "zip"):
            dpi = st.selectbox(
                t("Ketajaman"), list(_DPI), index=_DPI.index(_USUAL_DPI), key="dpi",
                bind="query-params", format_func=lambda dpi: t("{n} dpi", n=dpi),
                help=t("150 dpi cukup untuk proyektor, 300 untuk cetak."),
            )  # fmt: skip
    return Wish(form, str(size), dpi, full, template=template)


def _choose_template() -> bytes | None:
    with st.popover(t("Templat kantor"), icon=":material/palette:", type="tertiary"):
        brought = drop_file(
            t("Presentasi kantor (PPTX, POTX)"), ["pptx", "potx"], "templat", mb=_TEMPLATE_MB,
            help=t("Ukuran, huruf, warna, dan tata letaknya dipakai; slide di dalamnya tidak ikut."),
        )  # fmt: skip
    # The limit of the widget is kept by the browser alone.
    if brought is None or brought.size > _TEMPLATE_MB * 2**20:
        return None
    return brought.getvalue()


def _choose_kecamatan() -> str | None:
    names = {k.code: k.name for k in load_areas().kecamatan}
    chosen = st.selectbox(
        t("Kecamatan"), ["", *names], key="kecamatan_atlas", bind="query-params",
        format_func=lambda code: names.get(code, t("Seluruh kota")),
        help=t("Atlas tidak memakai daftar di atas: isinya tiap kelurahan pada tanggal data. Seluruh "
               "kota memerlukan setengah sampai satu menit."),
    )  # fmt: skip
    return chosen or None


def draw(release: data.OpenRelease, picks: Sequence[Pick], wish: Wish, *, public: bool) -> None:
    """The button that makes the file and gives it to the browser."""
    ready = bool(picks) or wish.form == "atlas"
    label = (
        t("Ambil {n} tampilan", n=formats.number(len(picks)))
        if picks and wish.form != "atlas"
        else t("Ambil")
    )
    if not st.button(label, icon=":material/download:", type="primary", key="paparan_ambil",
                     disabled=not ready, width="stretch"):  # fmt: skip
        return
    try:
        file = _made(release, picks, wish, public)
    except Refusal as refusal:
        st.error(literal(str(refusal)), icon=":material/error:")
    else:
        data.note(
            "export", page="paparan", form=wish.form, views=len(picks), public=public,
            release=release.record.release, bytes=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
        )  # fmt: skip
        # Inside the session: /media answers without sign-in, and internal figures must not lie there.
        hand_over.hand_over(file.content, file.name, file.mime)


def _made(release: data.OpenRelease, picks: Sequence[Pick], wish: Wish, public: bool) -> File:
    with st.status(t("Menyusun berkas…"), expanded=True) as status:
        bar = st.progress(0.0)
        order = data.order(release, picks, public=public, size=wish.size, dpi=wish.dpi,
                           full=wish.full, kecamatan=wish.kecamatan,
                           template=wish.template)  # fmt: skip
        try:
            file = take(order, wish.form, lambda share, words: _tell(bar, share, words))
        except BaseException:
            status.update(label=t("Berkas tidak dibuat"), state="error", expanded=False)
            raise
        bar.progress(1.0)
        size = formats.number(max(1, round(len(file.content) / 1000)))
        status.update(
            label=t("{name} siap ({size} kB)", name=file.name, size=size), state="complete",
            expanded=False,
        )  # fmt: skip
    return file


def _tell(bar: st.delta_generator.DeltaGenerator, share: float, words: str) -> None:
    bar.progress(min(max(share, 0.0), 1.0), text=words)
