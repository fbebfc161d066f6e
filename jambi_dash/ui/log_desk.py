"""The last section of `/data`: the log, whether it is whole, and taking it along."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.roles import role_label
from jambi_dash.releases.audit import Entry
from jambi_dash.ui import data, hand_over, numbers
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import table_html

_ROWS, _FEW = 200, 11


def draw() -> None:
    """The check of the chain, the filters, the lines (newest first), and the file."""
    log = data.log()
    verdict = log.verify()
    for problem in verdict.problems:
        st.error(t("Catatan tidak utuh: {problem}.", problem=literal(problem)),
                 icon=":material/gpp_bad:")  # fmt: skip
    entries = log.entries()
    if not entries:
        st.info(t("Belum ada catatan; baris pertama ditulis saat impor, masuk, atau ekspor."))
        return
    if verdict.ok:
        st.caption(
            ":material/verified: "
            + t("{n} baris, utuh dan bersambung. Segel terakhir {seal}: catat di luar server untuk "
                "dibandingkan kelak.", n=formats.number(verdict.entries), seal=verdict.seal[:16])
        )  # fmt: skip
    shown = _filtered(entries)
    st.caption(
        t("{n} baris cocok.", n=formats.number(len(shown)))
        + (" " + t("Ditampilkan {n} yang terbaru; berkas CSV memuat semuanya.", n=_ROWS)
           if len(shown) > _ROWS else "")
    )  # fmt: skip
    if shown:
        rows = _table(shown[:_ROWS])
        # A table of text, not a grid: what a line says in detail wraps instead of being cut off.
        with st.container(height="content" if len(rows) <= _FEW else 560, border=False,
                          key="catatan_tabel"):  # fmt: skip
            numbers.show(table_html(list(rows[0]), [list(row.values()) for row in rows]))
    if st.button(t("Unduh catatan (CSV)"), icon=":material/download:", key="catatan unduh",
                 disabled=not shown):  # fmt: skip
        data.note("export", page="catatan", form="csv", rows=len(shown))
        hand_over.hand_over(_csv(shown), "catatan.csv", "text/csv")
    st.caption(
        t("Orang dicatat dengan nama samaran. Pengelola server dapat mencari pemiliknya dengan perintah "
          "log --who SUREL atau log --resolve SAMARAN.")
    )  # fmt: skip


def _filtered(entries: Sequence[Entry]) -> list[Entry]:
    deeds = deed_labels()
    left, middle, right = st.columns([1.4, 1, 1])
    with left:
        wanted = st.multiselect(t("Kegiatan"), list(deeds), format_func=lambda d: deeds[d],
                                key="catatan perbuatan")  # fmt: skip
    with middle:
        who = st.text_input(t("Nama samaran"), key="catatan samaran").strip().lower()
    with right:
        days = st.date_input(t("Tanggal"), value=[], format="DD/MM/YYYY", key="catatan tanggal")
    found = list(reversed(entries))
    if wanted:
        found = [entry for entry in found if entry.deed in wanted]
    if who:
        found = [entry for entry in found if entry.who.startswith(who)]
    if isinstance(days, tuple | list) and days:
        first, last = str(days[0]), str(days[-1])
        found = [entry for entry in found if first <= entry.time[:10] <= last]
    return found


def deed_labels() -> dict[str, str]:
    """What the log knows of, in the reader's words."""
    return {
        "import": t("impor dan terbit"),
        "rollback": t("rilis lama diberlakukan"),
        "set_aside": t("kota contoh dikosongkan"),
        "boundaries_install": t("batas dipasang"),
        "boundaries_remove": t("batas dilepas"),
        "mend_list": t("daftar perbaikan diambil"),
        "export": t("berkas diambil"),
        "scenario_save": t("skenario disimpan"),
        "scenario_change": t("skenario diubah"),
        "scenario_delete": t("skenario dihapus"),
        "scenario_restore": t("skenario dikembalikan"),
        "review": t("keputusan peninjauan disimpan"),
        "mapping": t("pemetaan kolom diingat atau dihapus"),
        "roles_changed": t("berkas peran berubah"),
        "sign_in": t("masuk"),
        "sign_in_refused": t("masuk ditolak"),
        "sign_out": t("keluar"),
        "serve": t("dasbor dijalankan"),
        "backup": t("cadangan dibuat"),
        "restore": t("cadangan dipulihkan"),
        "not_done": t("tidak jadi"),
    }


def _table(entries: Sequence[Entry]) -> list[dict[str, str]]:
    deeds = deed_labels()
    return [
        {
            t("Nomor"): formats.number(entry.seq),
            t("Waktu (WIB)"): _moment(entry.time),
            t("Peran"): role_label(entry.role),
            t("Nama samaran"): entry.who,
            t("Kegiatan"): deeds.get(entry.deed, entry.deed),
            t("Rincian"): facts_in_words(entry.facts),
        }
        for entry in entries
    ]


def _moment(time: str) -> str:
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return time
    return f"{formats.day(moment)} {formats.clock(moment, seconds=True)}"


def facts_in_words(facts: Mapping[str, Any]) -> str:
    """The facts of a line, long hashes shortened; what has no words here keeps its own name."""
    names, told = _fact_labels(), []
    for name, value in facts.items():
        if value in (None, "", []):
            continue
        values = value if isinstance(value, list) else [value]
        if isinstance(value, dict):
            values = [f"{names.get(key, key)} {_fact(number)}" for key, number in value.items()]
        words = _value_words(name)
        told.append(
            f"{names.get(name, name)}: "
            + ", ".join(words.get(part) or _fact(part) for part in values)
        )
    return " · ".join(told)


def _value_words(name: str) -> dict[Any, str]:
    """What tokens of a fact are called on the pages."""
    words: dict[str, dict[Any, str]] = {
        "kind": {
            "map": t("Peta"), "table": t("Tabel"), "deck": t("Slide"), "atlas": t("Atlas"),
            "parquet": t("semua tabel"), "site": t("Semua berkas"), "mend": t("daftar perbaikan"),
        },
        "page": {
            "paparan": t("Bahan Paparan"), "simulasi": t("Simulasi Perluasan"),
            "kampung-bahagia": t("Kampung Bahagia"), "catatan": t("Catatan kegiatan"),
            "mend": t("Perbaikan per kelurahan"), "data": t("Data & Mutu"),
        },
        "reason": {
            "expired": t("sesi berakhir"), "unknown": t("belum diberi akses"),
            "unverified": t("surel belum diverifikasi"), "roles": t("berkas peran tidak dapat dipakai"),
        },
    }  # fmt: skip
    return words.get(name, {})


def _fact_labels() -> dict[str, str]:
    return {
        "release": t("rilis"), "earlier": t("sebelumnya"), "as_of": t("data per"),
        "sha256": t("sidik berkas"), "counts": t("isi"), "files": t("berkas"), "file": t("berkas"),
        "file_count": t("banyak berkas"), "bytes": t("byte"), "rows": t("baris"),
        "rt": t("RT"), "enrolment": t("peserta"), "kampung_event": t("Kampung Bahagia"),
        "claim": t("santunan"), "page": t("halaman"), "form": t("bentuk"), "kind": t("jenis"),
        "views": t("tampilan"), "public": t("salinan umum"), "sign_in": t("dengan masuk akun"),
        "local": t("hanya komputer ini"), "scenario": t("skenario"), "revision": t("revisi"),
        "people": t("orang"), "areas": t("wilayah"), "reason": t("sebab"), "of": t("dari nomor"),
        "features": t("wilayah"), "with_key": t("dengan kunci"), "releases": t("rilis"),
        "remembered": t("diingat"), "forgotten": t("dihapus"), "source": t("sumber"),
        "pairs": t("pasang"), "splits": t("pemekaran"),
    }  # fmt: skip


def _fact(value: Any) -> str:
    if isinstance(value, bool):
        return t("ya") if value else t("tidak")
    if isinstance(value, int):
        return formats.number(value)
    try:
        return formats.day(date.fromisoformat(str(value)))
    except ValueError:
        return _short(str(value))


def _short(text: str) -> str:
    stem, dot, suffix = text.partition(".")
    return stem[:12] + "…" + dot + suffix if len(stem) == 64 else text


def _csv(entries: Sequence[Entry]) -> bytes:
    """All fields of the lines; tokens only, so that nothing in them is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["seq", "time", "role", "who", "deed", "facts", "prev", "seal"])
    for e in entries:
        facts = "; ".join(f"{name}={value}" for name, value in e.facts.items())
        writer.writerow([e.seq, e.time, e.role, e.who, e.deed, facts, e.prev, e.seal])
    return text.getvalue().encode("utf-8-sig")
