"""The intruder's list: every reader at every page and at every answer behind the pages.

Who reads is put in the place of `sign_in.reader`; everything behind it is real.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.coverage import HIDDEN
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import LOCAL_READER, Reader, nobody
from jambi_dash.domain.scenario import read_scenario
from jambi_dash.exports.picks import Pick
from jambi_dash.queries import claims, rollout
from jambi_dash.releases.audit import PROGRAM, act_as
from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui import data, sign_in

OWN, OTHER = "15.71.01.1001", "15.71.08.1004"
NOBODY = nobody("unknown", "aa")
VIEWER = Reader("penonton", None, "bb")
PLANNER = Reader("perencana", None, "cc")
LURAH = Reader("perencana", frozenset({OWN}), "dd")
OFFICER = Reader("petugas_data", None, "ee")
READERS = {"nobody": NOBODY, "viewer": VIEWER, "lurah": LURAH, "planner": PLANNER,
           "officer": OFFICER}  # fmt: skip


@pytest.fixture
def as_reader(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> Iterator[Callable[[Reader], None]]:
    monkeypatch.setenv(HOME_VARIABLE, str(demo_home))
    monkeypatch.chdir(PROJECT)
    yield lambda reader: monkeypatch.setattr(sign_in, "reader", lambda: reader)
    act_as(lambda _home: PROGRAM)


def release() -> data.OpenRelease:
    found = data.current_release()
    assert found is not None
    return found


# Every answer that pages can ask for, and the readers who get one.
ALL, INTERNAL, CITY = "viewer lurah planner officer", "lurah planner officer", "planner officer"
QUESTIONS: dict[str, tuple[Callable[[data.OpenRelease], Any], str]] = {
    "current_release": (lambda _: data.current_release(), ALL),
    "coverage": (lambda r: data.coverage(r, by="kelurahan"), ALL),
    "coverage rt": (lambda r: data.coverage(r, by="rt"), INTERNAL),
    "headline": (data.headline, "viewer planner officer"),
    "frame months": (lambda r: data.frame(r, "months", cohort="pekerja_rentan"), ALL),
    "frame findings": (lambda r: data.frame(r, "findings"), INTERNAL),
    "frame sources": (lambda r: data.frame(r, "sources"), "officer"),
    "frame waiting": (lambda r: data.frame(r, "waiting", cohort="x", stages=["y"]), CITY),
    "frame rts": (lambda r: data.frame(r, "rts"), CITY),
    "ask rollout": (lambda r: data.ask(r, rollout.rollout), ALL),
    "ask stalled": (lambda r: data.ask(r, rollout.stalled, at=r.record.as_of), INTERNAL),
    "ask waves": (lambda r: data.ask(r, rollout.waiting_rts, at=r.record.as_of), CITY),
    "ask curve": (lambda r: data.ask(r, rollout.curve, at=r.record.as_of),
                  "viewer planner officer"),
    "ask claims": (lambda r: data.ask(r, claims.claims), INTERNAL),
    "map_geometry": (lambda r: data.map_geometry(r, "kelurahan", "cartogram"), ALL),
    "map_geometry rt": (lambda r: data.map_geometry(r, "rt", "cartogram"), INTERNAL),
    "all_fit": (lambda r: data.all_fit(r, "rt"), ALL),
    "previous_release": (lambda r: data.previous_release(r) or True, ALL),
    "release_of": (lambda r: data.release_of(r.record.release), ALL),
    "difference": (lambda r: data.difference(r, r), INTERNAL),
    "baseline": (lambda r: data.baseline(r, "kelurahan"), CITY),
    "simulation": (lambda r: data.simulation(r, read_scenario({})), CITY),
    "release_for": (lambda r: data.release_for(r, Pick("coverage", "kelurahan")), ALL),
    "view": (lambda r: data.view(r, Pick("coverage", "kelurahan")), ALL),
    "view rt": (lambda r: data.view(r, Pick("coverage", "rt")), INTERNAL),
    "view scenario": (lambda r: data.view(
        r, Pick("scenario", "kelurahan", saved="20260101-000000-abcd")), ""),
    "shapes": (lambda r: data.shapes(r, "kelurahan", "cartogram"), ALL),
    "shapes rt": (lambda r: data.shapes(r, "rt", "cartogram"), INTERNAL),
    "preview": (lambda r: data.preview(r, Pick("coverage", "kelurahan"), "light"), ALL),
    "order": (lambda r: data.order(r, [Pick("coverage", "kelurahan")], public=False), ALL),
    "shelf": (lambda _: data.shelf(), CITY),
    "history": (lambda _: data.history(), INTERNAL),
    "store": (lambda _: data.store(), "officer"),
    "log": (lambda _: data.log(), "officer"),
}  # fmt: skip
# What tells nothing of the data.
HARMLESS = {"reader", "may", "require", "note", "has_official_boundaries", "map_assets",
            "begin_run", "drawn"}  # fmt: skip


def test_every_answer_of_the_data_is_on_the_list() -> None:
    """A new function of `ui.data` is judged here: who may ask it?"""
    functions = {
        name for name, made in vars(data).items()
        if inspect.isfunction(inspect.unwrap(made) if callable(made) else made)
        and getattr(made, "__module__", "") == data.__name__ and not name.startswith("_")
    }  # fmt: skip
    assert functions - HARMLESS == {name.split()[0] for name in QUESTIONS}


def said(ask: Callable[[], Any]) -> Any:
    """The answer, or the refusal in its place."""
    try:
        return ask()
    except Refusal as refusal:
        return refusal


@pytest.mark.parametrize("question", QUESTIONS)
def test_who_gets_an_answer(question: str, as_reader: Callable[[Reader], None]) -> None:
    ask, allowed = QUESTIONS[question]
    as_reader(LOCAL_READER)
    opened = release()
    for name, reader in READERS.items():
        as_reader(reader)
        answer = said(lambda: ask(opened))
        assert isinstance(answer, Refusal) == (name not in allowed.split()), name


def test_what_one_reader_asked_is_not_handed_to_the_next(
    as_reader: Callable[[Reader], None],
) -> None:
    """The caches know who asked: first the one with all rights, then the others."""
    as_reader(OFFICER)
    opened = release()
    whole = data.coverage(opened, by="kelurahan")
    head = data.headline(opened)
    seen = data.view(opened, Pick("coverage", "kelurahan"))
    assert not any(row.state == HIDDEN for row in whole.rows)
    as_reader(VIEWER)
    public = data.coverage(opened, by="kelurahan", public=False)
    assert public.public
    assert any(row.state == HIDDEN for row in public.rows)
    assert data.headline(opened).public
    assert not head.public
    assert data.view(opened, Pick("coverage", "kelurahan"), public=False).origin.public
    assert not seen.origin.public
    assert data.order(opened, [Pick("coverage", "kelurahan")], public=False).public
    as_reader(LURAH)
    own = data.coverage(opened, by="kelurahan")
    assert [row.code for row in own.rows] == [OWN]
    as_reader(PLANNER)
    assert data.coverage(opened, by="kelurahan") == whole


def test_a_lurah_has_the_numbers_of_the_own_kelurahan(
    as_reader: Callable[[Reader], None],
) -> None:
    as_reader(PLANNER)
    opened = release()
    whole = {row.code: row for row in data.coverage(opened, by="kelurahan").rows}
    rts = [row for row in data.coverage(opened, by="rt").rows if row.code.startswith(OWN)]
    as_reader(LURAH)
    own = data.coverage(opened, by="kelurahan")
    assert own.rows == (whole[OWN],)
    assert own.totals.covered == whole[OWN].covered
    assert (own.totals.unlocated, own.totals.eligible) == (0, whole[OWN].eligible)
    assert list(data.coverage(opened, by="rt").rows) == rts
    city = data.coverage(opened, by="city").rows
    assert [row.name for row in city] == [load_areas().name_of(OWN)]
    assert set(data.frame(opened, "findings")["kelurahan_code"]) <= {OWN}
    claimed = data.ask(opened, claims.claims, by="kelurahan", area="15.71.08")
    assert claimed.count == 0
    at = rollout.rollout
    assert {row.code for row in data.ask(opened, at, by="kelurahan").rows} == {OWN}


PAGES = sorted(path.stem for path in PROJECT.glob("pages/*/*.py"))
OPEN_TO = {
    "viewer": {"ringkasan", "peta", "kampung_bahagia", "paparan", "definisi"},
    "lurah": {"peta", "kampung_bahagia", "santunan", "data", "definisi"},
    "planner": set(PAGES),
    "officer": set(PAGES),
    "nobody": set(),
}
# The widget state of a page, changed by hand: words as on the buttons, and ids.
STATE: dict[str, dict[str, str | tuple[str, str]]] = {
    "peta": {"tingkat": ("RT", "rt")},
    "kampung_bahagia": {"kb_lembar": "Gelombang berikut", "tingkat_kb": ("RT", "rt")},
    "paparan": {"salinan": ("Internal", "internal"), "galeri": "Skenario"},
    "data": {"bagian": "Masukkan data"},
    "simulasi": {"sim_lembar": "Bandingkan"},
}


def shown(app: AppTest) -> str:
    parts = [element.value for kind in ("markdown", "caption", "header", "subheader", "error",
                                        "info", "warning") for element in app.get(kind)]  # fmt: skip
    return "\n".join([*map(str, parts), *(b.proto.body for b in app.get("html"))])


@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", READERS)
def test_every_page_for_every_reader(
    name: str, page: str, form: int, as_reader: Callable[[Reader], None]
) -> None:
    if form and not any(isinstance(value, tuple) for value in STATE.get(page, {}).values()):
        pytest.skip("this page has one form of state only")
    as_reader(READERS[name])
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=90)
    for key, value in STATE.get(page, {}).items():
        app.query_params[key] = value[form] if isinstance(value, tuple) else value
    app.query_params["wilayah"] = OTHER + "-001"
    app.run()
    app.switch_page(f"pages/{page}/{page}.py").run()
    assert not app.exception
    text = shown(app)
    if name == "nobody":
        assert "Data per" not in text
        assert "belum diberi akses" in text
        return
    refusals = ("tidak dibuka untuk peran", "hanya untuk perencana", "hanya untuk petugas data")
    refused = any(sentence in text for sentence in refusals)
    assert refused == (page not in OPEN_TO[name]), text[-500:]
    assert "nomor" not in "".join(str(e.value) for e in app.error), text[-500:]
    if name == "viewer":
        assert not re.search(r"RT \d{3}\b", text)
    if name == "lurah":
        own = load_areas().by_code[OWN]
        others = {k.name for k in load_areas().kelurahan} - {own.name, own.kecamatan_name}
        seen = [n for n in others if re.search(rf"(?<![\w ]){re.escape(n)}(?! *\w)", text)]
        assert seen == [] or page == "definisi", seen


def test_buttons_pressed_by_hand_do_nothing(as_reader: Callable[[Reader], None]) -> None:
    """Callbacks run before the page: they ask for the right themselves."""
    from jambi_dash.ui import boundary_desk, intake_desk, release_desk

    as_reader(PLANNER)
    for deed in (intake_desk.Desk().publish, intake_desk.store):
        assert "petugas data" in str(said(deed))
    # These keep the sentence for the page.
    release_desk._make_current(release().record.release)
    boundary_desk._remove()
    for key in ("undo refused", "boundary refused"):
        assert "petugas data" in st.session_state.pop(key)
