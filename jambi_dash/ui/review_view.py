"""What of a checked import waits for the data officer's word, and what was decided before.

Two rows that may be one person are shown masked; their names only on request, and only where the
mend list may be had as well. The word is kept as two keyed hashes.
"""

from __future__ import annotations

from collections import defaultdict

import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.crosswalk import load_crosswalk
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake.checks import Prepared
from jambi_dash.intake.duplicates import Pair, Written, written_rows
from jambi_dash.intake.examples import initials, mask_nik
from jambi_dash.intake.mend_list import pair_reason
from jambi_dash.intake.old_lists import SplitQueue
from jambi_dash.releases.reviews import PairDecision, Reviews, SplitDecision
from jambi_dash.releases.store import Store
from jambi_dash.ui import data, hand_over
from jambi_dash.ui.intake_desk import Desk
from jambi_dash.ui.literal import literal
from jambi_dash.ui.tables import draw_table

_AT_ONCE = 10
_OPEN = ""


def draw_waiting(on_desk: Desk, prepared: Prepared) -> None:
    """The queues of this import; nothing where nothing waits."""
    if not prepared.doubles.pairs and not prepared.splits:
        return
    st.subheader(t("Menunggu keputusan Anda"), anchor=False)
    st.caption(
        t("Boleh diterbitkan dahulu. Keputusan disimpan dan dipakai pada impor berikutnya, jadi tidak "
          "ditanyakan lagi.")
    )  # fmt: skip
    if prepared.doubles.pairs:
        _draw_pairs(on_desk, prepared)
    if prepared.splits:
        _draw_splits(on_desk, prepared)


def _draw_pairs(on_desk: Desk, prepared: Prepared) -> None:
    pairs = prepared.doubles.pairs
    shown = pairs[:_AT_ONCE]
    rows = written_rows(prepared.bench, shown)
    title = t("Kemungkinan orang yang sama: {n} pasang", n=formats.number(len(pairs)))
    with st.container(border=True, key="panel_doubles"):
        st.markdown(f"**{title}**")
        st.caption(
            t("Nama mirip dan tanggal lahir sama, sedangkan NIK kosong atau berbeda satu angka. Yang "
              "sama dijadikan satu: baris pertama dipakai, baris kedua ditolak sebagai ganda.")
        )  # fmt: skip
        named = hand_over.may_hand_over() and st.toggle(
            t("Tampilkan nama dan NIK"), key=f"pairs named {on_desk.round}", on_change=_named
        )
        # A form: ten words are one check, not ten.
        with st.form(f"pairs {on_desk.round}", border=False):
            words = {}
            for pair in shown:
                left, right = st.columns([3, 2], vertical_alignment="center")
                with left:
                    st.markdown(_pair_text(prepared, pair, rows, named=named))
                with right:
                    words[pair] = st.radio(
                        t("Keputusan"), [_OPEN, "same", "different"], horizontal=True,
                        key=f"pair {pair.first_key} {pair.second_key}",
                        format_func=lambda word: {
                            _OPEN: t("Belum tahu"), "same": t("Orang yang sama"),
                            "different": t("Orang berbeda"),
                        }[word], label_visibility="collapsed",
                    )  # fmt: skip
            if st.form_submit_button(
                t("Simpan keputusan dan periksa ulang"), icon=":material/rule:"
            ):
                decided = [
                    pair.decided(same=word == "same") for pair, word in words.items() if word
                ]
                _keep(on_desk, decided, None)
        if len(pairs) > len(shown):
            st.caption(
                t("Ditampilkan {n} yang paling mirip; sisanya menyusul sesudah ini diputuskan. "
                  "Daftar perbaikan memuat semuanya.", n=formats.number(len(shown)))
            )  # fmt: skip


def _named() -> None:
    # Names and NIK reach a screen: not without a line in the log.
    data.note("mend_list", page="data", files=0)


def _pair_text(
    prepared: Prepared, pair: Pair, rows: dict[int, Written], *, named: bool
) -> str:  # fmt: skip
    reports = {source.number: source.report for source in prepared.sources}
    several = len(reports) > 1
    lines = []
    for row in (rows[pair.first_seq], rows[pair.second_seq]):
        name = row.name if named else initials(row.name)
        nik = row.nik if named else mask_nik(row.nik)
        where = t("{sheet} baris {row}", row=formats.number(row.row_no),
                  sheet=reports[row.sheet].sheet if several else "").strip()  # fmt: skip
        parts = [where, name or "–", nik or t("tanpa NIK"), row.born if named else ""]
        lines.append(" · ".join(literal(part) for part in parts if part))
    place = t("kelurahan sama") if pair.same_kelurahan else t("kelurahan berbeda")
    likeness = t("nama {percent} sama", percent=formats.percent(pair.likeness / 100, 0))
    lines.append(f":small[{literal(f'{likeness} · {place} · {pair_reason(pair)}')}]")
    return "  \n".join(lines)


def _draw_splits(on_desk: Desk, prepared: Prepared) -> None:
    by_parent: dict[str, list[SplitQueue]] = defaultdict(list)
    for queue in prepared.splits:
        by_parent[queue.parent].append(queue)
    count = sum(queue.count for queue in prepared.splits)
    with st.container(border=True, key="panel_splits"):
        title = t("Daftar lama, kelurahan sudah dimekarkan: {n} baris", n=formats.number(count))
        st.markdown(f"**{title}**")
        st.caption(
            t("Daftar ini memakai pembagian kelurahan sebelum Januari 2023. Nama kelurahan yang "
              "dimekarkan dapat berarti induk atau pecahannya, jadi barisnya dihitung tanpa "
              "lokasi sampai Anda memutuskan RT mana menjadi kelurahan mana.")
        )  # fmt: skip
        draw_table(
            [
                {
                    t("Kelurahan lama"): literal(load_areas().name_of(parent)),
                    t("Baris"): sum(queue.count for queue in queues),
                    t("RT dalam daftar"): ", ".join(
                        f"{literal(queue.rt or t('tanpa RT'))} ({queue.count})" for queue in queues
                    ),
                }
                for parent, queues in by_parent.items()
            ]
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            parent = st.selectbox(
                t("Kelurahan lama"), list(by_parent), key=f"split parent {on_desk.round}",
                format_func=load_areas().name_of,
            )  # fmt: skip
            whole = st.toggle(t("Semua RT"), key=f"split whole {on_desk.round}")
            first = st.number_input(
                t("Dari RT"), 1, 999, 1, key=f"split from {on_desk.round}", disabled=whole
            )
            last = st.number_input(
                t("Sampai RT"), 1, 999, 99, key=f"split to {on_desk.round}", disabled=whole
            )
            code = st.selectbox(
                t("Sekarang menjadi"), load_crosswalk().choices(parent), index=None,
                placeholder=t("Pilih kelurahan"),
                key=f"split code {on_desk.round} {parent}", format_func=load_areas().name_of,
            )  # fmt: skip
            if st.button(
                t("Simpan dan periksa ulang"), icon=":material/call_split:",
                disabled=code is None or (not whole and first > last),
            ) and code:  # fmt: skip
                decided = SplitDecision(parent, int(first), int(last), code)
                if whole:
                    decided = SplitDecision(parent, None, None, code)
                _keep(on_desk, [], decided)


def _keep(on_desk: Desk, pairs: list[PairDecision], split: SplitDecision | None) -> None:
    """Keeps what was decided and has the files checked again, so that it shows at once."""
    if not pairs and split is None:
        st.info(t("Belum ada yang diputuskan."))
        return
    try:
        data.require("data")
        reviews = Reviews(data.store().home)
        if pairs:
            reviews.decide_pairs(pairs)
        if split is not None:
            reviews.decide_split(split)
    except Refusal as refusal:
        st.error(literal(str(refusal)), icon=":material/error:")
        return
    on_desk.check_again()
    st.rerun()


def draw_decided(store: Store) -> None:
    """The decisions that imports follow, each with a way to take it back."""
    reviews = Reviews(store.home)
    try:
        found = reviews.read()
    except Refusal as refusal:
        st.error(literal(str(refusal)), icon=":material/error:")
        return
    decided: list[PairDecision | SplitDecision] = [*found.splits, *found.pairs]
    if not decided:
        return
    title = t("Keputusan yang disimpan ({n})", n=formats.number(len(decided)))
    with st.expander(title, icon=":material/rule:"):
        st.caption(
            t("Orang disimpan sebagai kode acak, tanpa nama dan NIK. Yang dibatalkan ditanyakan "
              "lagi pada impor berikutnya.")
        )  # fmt: skip
        by_text = {f"{d.decided[:16].replace('T', ' ')} · {_said(d)}": d for d in decided}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                t("Keputusan"), sorted(by_text, reverse=True), index=None, key="forget decision",
                placeholder=t("Pilih keputusan"),
            )  # fmt: skip
            if st.button(t("Batalkan keputusan ini"), icon=":material/undo:",
                         disabled=chosen is None) and chosen:  # fmt: skip
                try:
                    data.require("data")
                    reviews.forget(by_text[chosen])
                except Refusal as refusal:
                    st.error(literal(str(refusal)), icon=":material/error:")
                    return
                st.rerun()


def _said(decided: PairDecision | SplitDecision) -> str:
    if isinstance(decided, PairDecision):
        pair = f"{decided.kept[:8]} / {decided.other[:8]}"
        return (
            t("{pair}: orang yang sama", pair=pair)
            if decided.same
            else t("{pair}: orang berbeda", pair=pair)
        )
    names = load_areas().name_of
    if decided.rt_from is None:
        return t("{parent} lama, semua RT → {place}", parent=names(decided.parent),
                 place=names(decided.code))  # fmt: skip
    return t("{parent} lama, RT {first}–{last} → {place}", parent=names(decided.parent),
             first=decided.rt_from, last=decided.rt_to, place=names(decided.code))  # fmt: skip
