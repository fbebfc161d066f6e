"""The third section of `/data`: what each kelurahan has to mend in the lists behind the release."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.rules import rule_text, table_label
from jambi_dash.ui import choices, data, exhibit, frame, mend_print
from jambi_dash.ui.literal import literal
from jambi_dash.ui.tables import draw_table

_ALL, _NOWHERE = "", "tanpa"


def draw() -> None:
    """A table of kelurahan by rule, most to mend first; a chosen kelurahan in words."""
    release = frame.require_release()
    findings = data.frame(release, "findings")
    if findings.empty:
        st.success(t("Tidak ada yang perlu diperbaiki dalam rilis ini."), icon=":material/check:")
        return
    as_of = release.record.as_of
    exhibit.head(
        exhibit.Words(
            t("Baris yang perlu diperbaiki tiap kelurahan"), t("baris ditolak atau bercatatan"),
            t("laporan impor"), "perlu_diperbaiki", as_of,
            t("data per {date}", date=formats.day(as_of)),
        ),
        "perbaikan",
    )  # fmt: skip
    st.caption(t("Hanya jumlah; daftar namanya diunduh saat memeriksa berkas."))
    names = {k.code: k.name for k in load_areas().kecamatan}
    left, right = st.columns([1, 1])
    with left:
        kecamatan = choices.pick(
            t("Kecamatan"), "perbaikan_kecamatan",
            {_ALL: t("Semua kecamatan"), **names, _NOWHERE: t("(tanpa kelurahan)")},
        )  # fmt: skip
    with right:
        found = {_ALL: t("Semua"), "ditolak": t("Ditolak"), "catatan": t("Catatan")}
        outcome = {"ditolak": "reject", "catatan": "warn"}.get(
            choices.switch(t("Temuan"), "temuan", found, _ALL), _ALL
        )
    shown = findings
    if kecamatan == _NOWHERE:
        shown = shown[shown["kelurahan_code"].fillna("") == ""]
    elif kecamatan:
        shown = shown[shown["kelurahan_code"].fillna("").str.startswith(kecamatan)]
    if outcome:
        shown = shown[shown["outcome"] == outcome]
    if shown.empty:
        st.info(t("Tidak ada temuan untuk pilihan ini."))
        return
    table = _pivot(shown)
    picked = st.dataframe(
        table.drop(columns="code"), hide_index=True, key=f"mending table {kecamatan} {outcome}",
        on_select="rerun", selection_mode="single-row", height="content" if len(table) <= 14 else 520,
        column_config=_column_config(table), placeholder="",
    )  # fmt: skip
    rows = picked.selection.rows
    code = table["code"].iloc[rows[0]] if rows else table["code"].iloc[0]
    _draw_kelurahan(shown, code)
    mend_print.draw(release, key="mending")


def _pivot(findings: pd.DataFrame) -> pd.DataFrame:
    """One row a kelurahan, one column a rule, both with the most first."""
    areas = load_areas()
    coded = findings.assign(code=findings["kelurahan_code"].fillna(""))
    counts = coded.pivot_table(
        index="code", columns="rule", values="row_count", aggfunc="sum", fill_value=0
    ).astype(int)
    counts = counts[counts.sum().sort_values(ascending=False, kind="stable").index]
    total = counts.sum(axis=1)
    table = counts.assign(**{"": total}).sort_values("", ascending=False, kind="stable")
    table.insert(0, "total", table.pop(""))
    # Nothing to mend is an empty cell: the eye finds what there is.
    table[counts.columns] = table[counts.columns].astype("Int64").replace(0, pd.NA)
    places = [areas.by_code.get(code) for code in table.index]
    # Behind the count: a phone shows two columns.
    table.insert(1, "kecamatan", [p.kecamatan_name if p else formats.MISSING for p in places])
    table.insert(0, "kelurahan", [p.name if p else t("(tanpa kelurahan)") for p in places])
    return table.reset_index()


def _column_config(table: pd.DataFrame) -> dict[str, ColumnConfig | str | None]:
    config: dict[str, ColumnConfig | str | None] = {
        "kelurahan": st.column_config.TextColumn(t("Kelurahan"), pinned=True),
        "kecamatan": st.column_config.TextColumn(t("Kecamatan")),
        "total": st.column_config.ProgressColumn(
            t("Jumlah"), format="localized", min_value=0, max_value=int(table["total"].max())
        ),
    }
    for rule in table.columns:
        if rule not in {"code", *config}:
            words = rule_text(str(rule))
            config[str(rule)] = st.column_config.NumberColumn(
                _short(str(rule)), help=f"{words.found}. {words.mend}", format="localized"
            )
    return config


def _short(rule: str) -> str:
    """A rule in two words, for the head of a narrow column."""
    return {
        "nik_rusak_excel": t("NIK rusak Excel"),
        "nik_panjang": t("NIK bukan 16 angka"),
        "nik_tidak_sah": t("NIK tidak sah"),
        "usia_65": t("Usia 65+"),
        "tahap_tidak_dikenal": t("Tahap tak dikenal"),
        "kelompok_tidak_dikenal": t("Kelompok tak dikenal"),
        "mulai_tidak_sah": t("Bulan keliru"),
        "ganda": t("Ganda"),
        "nik_kosong": t("NIK kosong"),
        "nik_tanggal_beda": t("Lahir ≠ NIK"),
        "nik_kelamin_beda": t("L/P ≠ NIK"),
        "ganda_program": t("Dua kelompok"),
        "lokasi_diperbaiki": t("Ejaan kelurahan"),
        "lokasi_tidak_dikenal": t("Kelurahan tak dikenal"),
        "kecamatan_beda": t("Kecamatan beda"),
        "rt_tidak_dikenal": t("RT tak dikenal"),
        "usia_bawah_18": t("Di bawah 18"),
        "tanggal_tidak_sah": t("Tanggal keliru"),
        "rt_tidak_sah": t("RT keliru"),
        "program_tidak_dikenal": t("Program keliru"),
        "nilai_tidak_sah": t("Nilai keliru"),
        "tanggal_mendatang": t("Tanggal mendatang"),
        "angka_tidak_sah": t("Angka keliru"),
        "tahap_mundur": t("Tahap mundur"),
        "status_tidak_dikenal": t("Status tak dikenal"),
        "status_beda": t("Aktif dan nonaktif"),
    }.get(rule, rule)


def _draw_kelurahan(findings: pd.DataFrame, code: str) -> None:
    own = findings[findings["kelurahan_code"].fillna("") == code]
    own = own.sort_values(["outcome", "row_count"], ascending=[True, False], kind="stable")
    place = load_areas().by_code.get(code)
    name = f"{place.name}, {place.kecamatan_name}" if place else t("Tanpa kelurahan")
    st.subheader(t("Yang perlu diperbaiki: {name}", name=literal(name)), anchor=False)
    badges = {
        "reject": f":red-badge[{t('Ditolak')}]",
        "warn": f":orange-badge[{t('Catatan')}]",
    }
    draw_table(
        [
            {
                t("Baris"): int(count),
                t("Tabel"): table_label(table),
                t("Yang ditemukan"): f"{badges[outcome]} **{literal(rule_text(rule).found)}**",
                t("Cara memperbaiki"): literal(rule_text(rule).mend),
            }
            for outcome, count, table, rule in zip(
                own["outcome"], own["row_count"], own["table_name"], own["rule"], strict=True
            )
        ]
    )
    st.caption(t("Pilih baris pada tabel di atas untuk melihat kelurahan lain."))
