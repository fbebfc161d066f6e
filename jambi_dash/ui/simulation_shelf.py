"""Saved scenarios of /simulasi: keep, open, rename, copy, delete, and compare up to four."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from jambi_dash.domain import formats
from jambi_dash.domain.comparison import MOST, Comparison, Row, compare
from jambi_dash.domain.foreign_toml import LONGEST
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import parse_table, read_scenario
from jambi_dash.domain.scenario_link import changed, to_toml
from jambi_dash.domain.simulation import Simulation
from jambi_dash.releases.scenarios import Draft, SavedScenario, ScenarioShelf
from jambi_dash.ui import data, exhibit, hand_over, rule_choice
from jambi_dash.ui import simulation_state as state
from jambi_dash.ui.drop_zone import drop_file
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import table_html
from jambi_dash.ui.numbers import show
from jambi_dash.ui.simulation_state import Desk
from jambi_dash.ui.simulation_view import words
from jambi_dash.ui.tables import local_numbers

_HERE = "·"
"""Stands for the scenario on the desk among the ids of saved ones."""
_SAID = "_sim_pesan"


def shelf() -> ScenarioShelf:
    """The shelf of the store that this process serves."""
    return data.shelf()


def draw_tools(desk: Desk, found: Simulation) -> None:
    """Above the controls, where there is room below to unfold: save, open, take away, bring."""
    said = st.session_state.pop(_SAID, None)
    if said:
        st.toast(literal(said))
    # Another scenario on the desk closes them: their work is done.
    drawers: dict[str, tuple[str, str, Callable[[], None]]] = {
        "simpan": (t("Simpan"), ":material/save:", partial(_save_form, desk, found)),
        "buka": (t("Buka"), ":material/folder_open:", _open_list),
    }
    row = st.container(horizontal=True, gap="small", key="sim_alat")
    for name, (text, icon, fill) in drawers.items():
        drawer = row.popover(text, icon=icon, key=state.key(f"laci_{name}"), on_change="rerun")
        if drawer.open:
            with drawer:
                fill()
    with row, st.popover(t("Bagikan"), icon=":material/share:"):
        st.caption(t("Alamat halaman ini memuat seluruh skenario: salin dari peramban untuk "
                     "membagikannya. Nama, penyusun, dan catatan tidak ikut."))  # fmt: skip
        if st.button(
            t("Unduh berkas skenario (TOML)"), icon=":material/download:", key="sim_unduh"
        ):
            data.require("scenarios")
            data.note("export", page="simulasi", form="toml", release=desk.release.record.release)
            hand_over.hand_over(to_toml(state.scenario()).encode(), "SCENARIO.toml", "text/plain")


def _bring(raw: bytes, name: str) -> None:
    try:
        scenario = read_scenario(parse_table(raw, name))
    except Refusal as refusal:
        st.error(literal(str(refusal)))
        return
    state.put(changed(scenario))
    st.rerun()


def _save_form(desk: Desk, found: Simulation) -> None:
    opened = state.opened_from()
    scenario = state.scenario()
    with st.form(state.key("simpan"), border=False):
        name = st.text_input(t("Nama skenario"), value=scenario.name, max_chars=120)
        author = st.text_input(t("Penyusun"), value=scenario.author, max_chars=120)
        note = st.text_area(t("Catatan"), value=scenario.note, max_chars=2000, height=80)
        again = st.form_submit_button(
            t("Simpan perubahan"), icon=":material/save:"
        ) if opened else False  # fmt: skip
        new = st.form_submit_button(t("Simpan sebagai skenario baru"), icon=":material/add:")
    if not (again or new):
        return
    named = replace(scenario, name=name.strip(), author=author.strip(), note=note.strip())
    draft = Draft.of(named, found, desk.release.record)
    try:
        if again and opened:
            saved = shelf().update(opened[0], draft, revision=opened[1])
        else:
            saved = shelf().save(draft)
    except Refusal as refusal:
        st.error(literal(str(refusal)))
        return
    told = t("Skenario “{name}” tersimpan.", name=saved.name)
    if len(shelf().list().saved) == 1:
        told += " " + t("Ubah target atau aturan, simpan lagi sebagai skenario baru, lalu buka bagian "
                        "Bandingkan.")  # fmt: skip
    st.session_state[_SAID] = told
    state.put(changed(named), desk.release.record.release, saved=(saved.id, saved.revision))
    st.rerun()


def _open_list() -> None:
    saved = shelf().list().saved
    chosen = None
    if saved:
        chosen = st.selectbox(t("Skenario tersimpan"), saved, format_func=label, index=None,
                              key=state.key("buka"), placeholder=t("Pilih skenario"))  # fmt: skip
    else:
        st.caption(t("Belum ada skenario tersimpan."))
    if chosen is not None:
        st.caption(literal(_about(chosen)))
        st.button(t("Buka skenario ini"), icon=":material/folder_open:", key="sim_buka",
                  on_click=_open, args=(chosen,))  # fmt: skip
    st.divider()
    brought = drop_file(t("Buka berkas skenario (TOML)"), ["toml"], state.key("berkas"))
    if brought is not None:
        _bring(bytes(brought.getbuffer()[: 4 * LONGEST + 1]), brought.name)


def label(saved: SavedScenario) -> str:
    """A saved scenario in a list."""
    answer = saved.answer
    return t("{name} – {people} orang, {cost}", name=saved.name,
             people=formats.number(answer["covered_after"]),
             cost=formats.rupiah_words(answer["cost_rp"]))  # fmt: skip


def _about(saved: SavedScenario) -> str:
    moment = datetime.fromisoformat(saved.updated)
    told = t("Disimpan {day} {time} WIB dari rilis {release}", day=formats.day(moment),
             time=formats.clock(moment), release=saved.release)  # fmt: skip
    if saved.author:
        told += " · " + saved.author
    return told + (" · " + saved.note if saved.note else "")


def _open(saved: SavedScenario) -> None:
    state.put(
        {**saved.parameters, **{k: v for k, v in (("name", saved.name), ("author", saved.author),
                                                  ("note", saved.note)) if v}},
        saved.release, saved=(saved.id, saved.revision),
    )  # fmt: skip


# The tab


def draw(desk: Desk, found: Simulation) -> None:
    """The rules side by side, comparison of up to four scenarios, and the shelf below it."""
    rule_choice.draw(desk, found)
    listing = shelf().list()
    by_id = {saved.id: saved for saved in listing.saved}
    _compare(found, by_id)
    st.divider()
    _manage(by_id)
    if listing.damaged:
        st.warning(t("Berkas skenario yang rusak dan dilewati: {files}.",
                     files=literal(", ".join(listing.damaged))))  # fmt: skip


def _compare(found: Simulation, by_id: Mapping[str, SavedScenario]) -> None:
    def name(scenario_id: str) -> str:
        if scenario_id == _HERE:
            return t("Yang sedang dibuka")
        return label(by_id[scenario_id])

    # What was saved a moment ago and lies here unchanged is not to stand beside itself.
    opened = by_id.get((state.opened_from() or ("",))[0])
    twin = opened is not None and opened.same_answer(found)
    chosen = st.multiselect(
        t("Bandingkan dua sampai empat; yang pertama menjadi acuan"), [_HERE, *by_id],
        default=[*([] if twin else [_HERE]), *list(by_id)[:2]], max_selections=MOST,
        format_func=name, key=f"sim_banding_{len(by_id)}",
    )  # fmt: skip
    if len(chosen) < 2:
        st.info(
            t("Simpan skenario, ubah, lalu simpan lagi: yang tersimpan dapat dibandingkan di sini.")
            if not by_id else
            t("Ubah target atau aturan pada pengaturan skenario, lalu simpan sebagai skenario "
              "baru: keduanya dibandingkan di sini."), icon=":material/compare_arrows:",
        )  # fmt: skip
        return
    answers = []
    for scenario_id in chosen:
        try:
            answers.append(found if scenario_id == _HERE else _reopened(by_id[scenario_id]))
        except Refusal as refusal:
            st.error(literal(f"{name(scenario_id)}: {refusal}"))
            return
    try:
        compared = compare(answers)
    except Refusal as refusal:
        st.error(literal(str(refusal)))
        return
    names = [
        t("Yang sedang dibuka") if scenario_id == _HERE else by_id[scenario_id].name
        for scenario_id in chosen
    ]
    _draw_comparison(found, compared, names)


def _reopened(saved: SavedScenario) -> Simulation:
    release = data.release_of(saved.release)
    if release is None:
        raise Refusal(
            t("rilis {release} tidak ada lagi di penyimpanan; buka skenario ini dan hitung dengan data "
              "terbaru.", release=saved.release)
        )  # fmt: skip
    found = data.simulation(release, saved.scenario())
    if not saved.same_answer(found):
        st.warning(
            t("Angka “{name}” berbeda dari saat disimpan: berkas asumsi atau program berubah sejak "
              "itu.", name=literal(saved.name))
        )  # fmt: skip
    return found


def _draw_comparison(found: Simulation, compared: Comparison, names: list[str]) -> None:
    exhibit.head(
        words(found, t("Skenario yang dibandingkan"), t("orang, rupiah, persen"),
              "banding_skenario"), "sim_banding_hasil",
    )  # fmt: skip
    st.markdown("**" + t("Pengaturan yang berbeda") + "**")
    if compared.differing:
        show(table_html(["", *names], [_line(row, False) for row in compared.differing]))
    else:
        st.caption(t("Tidak ada pengaturan yang berbeda."))
    st.markdown("**" + t("Hasil, dan bedanya dari yang pertama") + "**")
    show(table_html(["", *names], [_line(row, True) for row in compared.results]))
    with st.expander(t("Yang sama, dan rincian tiap wilayah")):
        if compared.alike:
            show(table_html(["", *names], [_line(row, False) for row in compared.alike]))
        frame = pd.DataFrame({t("Wilayah"): [area.name for area in compared.areas]})
        for place, name in enumerate(names):
            frame[f"{place + 1}. {name}: {t('tempat baru')}"] = pd.array(
                [area.adds[place] for area in compared.areas], dtype="Int64"
            )
            frame[f"{place + 1}. {name}: {t('cakupan')}"] = [
                formats.percent(area.rates[place]) for area in compared.areas
            ]
        st.dataframe(frame, hide_index=True, height=380, column_config=local_numbers(frame))


def _line(row: Row, with_difference: bool) -> list[str]:
    cells = []
    for place in range(len(row.values)):
        told = row.shown(place)
        difference = row.shown_difference(place) if with_difference and place else ""
        cells.append(f"{told} · {difference}" if difference and not row.same else told)
    return [row.label, *cells]


def _manage(by_id: Mapping[str, SavedScenario]) -> None:
    st.markdown("**" + t("Skenario tersimpan") + "**")
    if not by_id:
        st.caption(t("Belum ada skenario tersimpan."))
    for saved in by_id.values():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(width="stretch", gap=None):
                st.markdown(f"**{literal(saved.name)}**")
                st.caption(literal(_about(saved)))
            _action(t("Buka"), ":material/folder_open:", saved, _open)
            with st.popover(t("Ubah nama"), icon=":material/edit:"):
                name = st.text_input(t("Nama baru"), value=saved.name, max_chars=120,
                                     key=f"sim_nama_{saved.id}_{saved.revision}")  # fmt: skip
                st.button(t("Simpan nama"), key=f"sim_namai_{saved.id}", on_click=_do,
                          args=(lambda s=saved, n=name: shelf().rename(
                              s.id, n, revision=s.revision),))  # fmt: skip
            _action(t("Salin"), ":material/content_copy:", saved,
                    lambda s: _do(lambda: shelf().duplicate(s.id, f"{s.name[:110]} (2)")))  # fmt: skip
            _action(t("Hapus"), ":material/delete:", saved,
                    lambda s: _do(lambda: shelf().delete(s.id)))  # fmt: skip
    removed = shelf().removed().saved
    if removed:
        with st.expander(t("Yang dihapus ({n})", n=formats.number(len(removed)))):
            for saved in removed:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(literal(saved.name), width="stretch")
                    _action(t("Pulihkan"), ":material/restore_from_trash:", saved,
                            lambda s: _do(lambda: shelf().restore(s.id)))  # fmt: skip


def _action(
    text: str, icon: str, saved: SavedScenario, act: Callable[[SavedScenario], Any]
) -> None:  # fmt: skip
    st.button(text, icon=icon, key=f"sim_{icon[10:14]}_{saved.id}", on_click=act, args=(saved,))


def _do(act: Callable[[], Any]) -> None:
    try:
        act()
    except Refusal as refusal:
        st.session_state[_SAID] = str(refusal)
