"""Every role at every page, tab, filter and button of a real server, with forged addresses and states.

Tabs, filters and buttons are not listed here: they are taken from what the data officer is sent, so
that a new one is tried by itself. What must not come through are canaries: numbers and texts of the
data that only more rights give (`canary_city`).
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import itertools
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import canary_city
import pytest
from office import OWN, ROLES, Office
from raw_client import Heard, Session, pressed
from streamlit.proto.WidgetStates_pb2 import WidgetState

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.scenario import read_scenario
from jambi_dash.domain.scenario_link import encode
from jambi_dash.domain.simulation import simulate
from jambi_dash.exports.picks import Pick, list_text
from jambi_dash.queries import expansion
from jambi_dash.queries.door import Door
from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.scenarios import Draft, ScenarioShelf
from jambi_dash.releases.store import Store
from jambi_dash.settings import PROJECT
from jambi_dash.ui import address, choices, frame

HIDDEN = "15.71.01.1002"
OTHER_RT = f"{HIDDEN}-001"
PAGES = tuple(frame._PAGES)
SECRET_SCENARIO = "Skenario rahasia pimpinan"
ROUNDS = 2
"""How many options of every filter are tried, all filters at once."""

# What stands in the address of some page, and what an intruder would write there. A key of the code
# that is not here fails `test_every_key_of_the_address_is_tried`.
RT = ("rt", "RT")
ADDRESS: dict[str, tuple[str, ...]] = {
    "wilayah": (OTHER_RT, HIDDEN, "15.71.01", "15.71"),
    "tingkat": RT, "tingkat_kb": RT, "tingkat_santunan": RT,
    "salinan": ("internal", "Internal"), "galeri": ("Skenario", "skenario"),
    "kelompok": ("phl", "pekerja_rentan"), "kelompok_santunan": ("phl",),
    "bulan": ("2025-06", "2025-12"), "bulan_awal": ("2025-06",), "bulan_kb": ("2025-06",),
    "ganda_bulan": ("2025-06",), "rentang": ("2025-01..2025-12",),
    "penyebut": ("perkiraan_rt", "kota"), "tampilan": ("difference", "two"),
    "dasar": ("true", "cartogram"), "urutan": ("terendah",), "program": ("JKM",),
    "lihat_gelombang": ("daftar",), "kecamatan": ("15.71.01",), "perbaikan_kecamatan": ("15.71.01",),
    "verifikasi_kecamatan": ("15.71.01",), "verifikasi_kelompok": ("pekerja_rentan",),
    "temuan": ("lokasi_tidak_dikenal",), "bentuk": ("csv", "geojson"),
    "satuan": ("orang",), "ukuran": ("a4",), "dpi": ("600",), "lengkap": ("true",),
    "kecamatan_atlas": ("15.71.01",), "skenario_paparan": ("ID",), "isi": ("PICKS",),
    "skenario": ("LINK",), "dari": ("OLD",), "ke": ("NEW",), "istilah": ("cakupan",),
    "bagian": ("masukan", "catatan"), "bagian_definisi": ("sumber",), "cari": ("kiriman",),
    "bahasa": ("English",), "proyektor": ("ya",), "tenggat": ("2029-12",), "hanya": (OTHER_RT,),
    "rt_per_bulan": ("5",), "bulan_gelombang": ("36",),
    "kb_lembar": ("gelombang",), "sim_lembar": ("banding",), "santunan_lembar": ("wilayah",),
    # None of the product's: nobody may have added them unseen.
    "public": ("0", "false"), "umum": ("0",), "role": ("petugas_data",), "release": ("NEW",),
}  # fmt: skip


def keys_of_the_address() -> set[str]:
    """Every name under which the code keeps something in the address."""
    found: set[str] = set()
    for path in [*(PROJECT / "jambi_dash" / "ui").glob("*.py"), *PROJECT.glob("pages/*/*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            target.id: node.value.value
            for node in tree.body if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
            for target in node.targets if isinstance(target, ast.Name)
        }  # fmt: skip

        def text(node: ast.AST, named: dict[str, str] = named) -> Iterator[str]:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.Name) and node.id in named:
                yield named[node.id]

        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "st.query_params":
                found.update(text(node.slice))
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            words = {keyword.arg: keyword.value for keyword in node.keywords}
            if called in ("st.query_params.get", "st.query_params.pop"):
                found.update(text(node.args[0]))
            elif called.startswith(("choices.", "address.")):
                place = place_of_the_key(called)
                if place is not None and len(node.args) > place:
                    found.update(text(node.args[place]))
            elif "bind" in words and "key" in words:
                found.update(text(words["key"]))
            for inner in ast.walk(words["query_params"]) if "query_params" in words else ():
                for name in inner.keys if isinstance(inner, ast.Dict) else ():
                    found.update(text(name) if name is not None else ())
    return found


def place_of_the_key(called: str) -> int | None:
    """Which argument of a function of `choices` or `address` is the name in the address."""
    module, _, name = called.partition(".")
    function = getattr({"choices": choices, "address": address}[module], name, None)
    if function is None:
        return None  # a text that is called `address`
    names = list(inspect.signature(function).parameters)
    return next((names.index(word) for word in ("address", "name") if word in names), None)


def test_every_key_of_the_address_is_tried() -> None:
    known = set(ADDRESS) | {
        "bobot_kebutuhan",
        "bobot_pemerataan",
        "bobot_kedekatan",
        "bobot_ukuran",
    }
    assert keys_of_the_address() - known == set()


@pytest.fixture(scope="module")
def saved(office: Office) -> str:
    """A scenario that a planner of the whole city has kept; its id."""
    store = Store(office.home)
    record = store.require_current()
    scenario = read_scenario({"name": SECRET_SCENARIO, "note": "bukan untuk umum"})
    with Door(store.path_of(record.release)) as door:
        found = simulate(expansion.baseline(door, "kelurahan"), scenario)
    return ScenarioShelf(office.home).save(Draft.of(scenario, found, record)).id


def value_of(key: str, number: int, saved: str, office: Office) -> str:
    values = ADDRESS[key]
    value = values[number % len(values)]
    if value == "PICKS":
        return list_text([
            Pick("coverage", "rt"), Pick("coverage", "kelurahan", denominator="perkiraan_rt"),
            Pick("difference", "rt"), Pick("difference", "kelurahan"), Pick("rollout", "rt"),
            Pick("scenario", "kelurahan", saved=saved),
        ])  # fmt: skip
    if value == "LINK":
        return encode(read_scenario({"workers": 35_000}), office.releases[0].release)
    return {"ID": saved, "OLD": office.releases[0].release,
            "NEW": office.releases[-1].release}.get(value, value)  # fmt: skip


# What must not come through


def with_rates(counts: set[int], eligible: int) -> set[float]:
    return {float(n) for n in counts} | {n / eligible for n in counts}


ELIGIBLE = 900 + 2 * 200 + 900 + 200
COUNTS = canary_city.counts()
LARGE = {code: n for code, n in COUNTS.items() if n > 1000}
CLAIMS = {k.code: 42_000_000 + 1_000 * n for n, k in enumerate(load_areas().kelurahan, start=1)}
ANY_RT = re.compile(r"15\.71\.\d\d\.\d{4}-\d{3}")


def earlier(count: int) -> int:
    """The count in the release before."""
    return count - count // 10


@lru_cache
def forbidden(who: str) -> tuple[set[float], re.Pattern[str]]:
    """Numbers that may not reach a reader, and a pattern of all such texts."""
    texts = [canary_city.PERSON, "1571041"]
    numbers: set[float] = set()
    if who != "officer":
        texts.append(canary_city.SENT_FILE)
    if who in ("viewer", "lurah", "nobody", ""):
        texts.append(SECRET_SCENARIO)
    if who == "viewer":
        hidden = COUNTS[HIDDEN]
        numbers = with_rates({hidden, earlier(hidden)}, ELIGIBLE) | set(map(float, CLAIMS.values()))
    if who in ("lurah", "nobody", ""):
        others = {n for code, n in LARGE.items() if code != OWN}
        city = sum(COUNTS.values())
        numbers = with_rates(others | {earlier(n) for n in others}, ELIGIBLE)
        numbers |= {float(n) for code, n in CLAIMS.items() if code != OWN} | {float(city)}
    patterns = [re.escape(text) for text in texts]
    if who in ("viewer", "nobody", ""):
        patterns.append(ANY_RT.pattern)
    if who == "lurah":
        patterns.append(rf"(?!{re.escape(OWN)})15\.71\.\d\d\.\d{{4}}-\d{{3}}")
    # Numbers as people read them, where they cannot be taken for another.
    for n in numbers:
        if n > 1000:
            shown = f"{int(n):,}".replace(",", r"[.,]")
            patterns.append(rf"(?<![\d.,]){shown}(?![\d]|[.,]\d)")
    return numbers, re.compile("|".join(patterns))


def leaks(who: str, heard: Heard, asked: str) -> list[str]:
    """What came through that may not have. What the reader wrote in the address is no news."""
    numbers, pattern = forbidden(who)
    found = [f"number {n}" for n in numbers if n in heard.numbers]
    found += [
        f"{match[0]!r} in {text[max(0, match.start() - 60) : match.end() + 40]!r}"
        for text in heard.texts for match in pattern.finditer(text) if match[0] not in asked
    ]  # fmt: skip
    return found


# What there is to try


def tabs(heard: Heard) -> dict[str, list[str]]:
    """Rows of tabs of a page by their name in the address, and the words on them."""
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for m in heard.messages:
        if m.WhichOneof("type") != "delta" or not m.delta.HasField("add_block"):
            continue
        block = m.delta.add_block
        if block.WhichOneof("type") == "tab":
            words.append(block.tab.label)
            found[next(reversed(found))] = words
        elif block.WhichOneof("type") == "tab_container":
            found[_name(block.tab_container.id or block.id)], words = [], []
    return found


def _name(identity: str) -> str:
    """The key that a widget's author gave it."""
    return identity.split("-", 2)[2] if identity.count("-") >= 2 else identity


def states(heard: Heard, number: int) -> Iterator[WidgetState]:
    """Forged states: the `number`-th option of every widget that was drawn, and every button."""
    for m in heard.messages:
        if m.WhichOneof("type") != "delta" or not m.delta.HasField("new_element"):
            continue
        element = m.delta.new_element
        kind = element.WhichOneof("type") or ""
        one = getattr(element, kind)
        identity = getattr(one, "id", "")
        options = [str(getattr(o, "content", o)) for o in getattr(one, "options", [])]
        chosen = options[number * 3 % len(options)] if options else ""
        # Who is signed out tries nothing any more.
        if not identity or _name(identity) in ("masuk_keluar", "masuk"):
            continue
        if kind == "button":
            yield pressed(identity)
        elif kind == "selectbox" and chosen:
            yield WidgetState(id=identity, string_value=chosen)
        elif kind in ("button_group", "multiselect") and chosen:
            state = WidgetState(id=identity)
            state.string_array_value.data.append(chosen)
            yield state
        elif kind == "checkbox":
            yield WidgetState(id=identity, bool_value=bool(number % 2))
        elif kind == "text_input":
            yield WidgetState(id=identity, string_value="kiriman")


@pytest.fixture(scope="module")
def drawn(office: Office) -> dict[tuple[str, str], Heard]:
    """All that the data officer is shown, by page and open tab (`key=words`, or nothing)."""
    found: dict[tuple[str, str], Heard] = {}
    for page in PAGES:
        with Session(office.url, office.cookie("officer")) as session:
            first = session.run(page)
        found[page, ""] = first
        if page == "definisi":
            with Session(office.url, office.cookie("officer")) as session:
                found[page, "bagian=sumber"] = session.run(page, {"bagian": "sumber"})
        for key, words in tabs(first).items():
            for word in words:
                with Session(office.url, office.cookie("officer")) as session:
                    found[page, f"{key}={word}"] = session.run(page, {key: word})
    return found


def test_the_canaries_sing(drawn: dict[tuple[str, str], Heard]) -> None:
    """The officer gets them all: a test that finds none in other hands means something."""
    numbers = set().union(*(heard.numbers for heard in drawn.values()))
    text = "\n".join(heard.text for heard in drawn.values())
    assert {float(n) for n in LARGE.values()} <= numbers
    assert canary_city.SENT_FILE in text
    assert not forbidden("officer")[1].search(text)


TABS = {
    "data": {
        "Masukkan data": "officer", "Riwayat rilis": "officer",
        "Mengapa berubah": "officer planner lurah",
        "Perbaikan per kelurahan": "officer planner lurah",
        "Verifikasi": "officer planner lurah", "BPJS & ganda": "officer planner lurah",
        "Batas resmi": "officer", "Catatan kegiatan": "officer",
    },
}  # fmt: skip


def test_who_has_which_tab_of_data(
    drawn: dict[tuple[str, str], Heard], enter: Callable[..., Session]
) -> None:
    """A new tab of `/data` is judged here: whose is it?"""
    for who in ("officer", "planner", "lurah", "viewer", "nobody", ""):
        seen = tabs(enter(who).run("data")).get("bagian", [])
        assert seen == [tab for tab, allowed in TABS["data"].items() if who in allowed.split()], who


def addressed(page: str, tab: str, number: int, saved: str, office: Office) -> dict[str, str]:
    """The address with everything that an intruder would write into it, and a tab open."""
    address = {key: value_of(key, number, saved, office) for key in ADDRESS
               if key not in ("bahasa", "proyektor", "bagian", "cari")
               and not key.endswith("_lembar")}  # fmt: skip
    if page == "definisi":
        address["bagian"] = "sumber"
    if tab:
        key, _, word = tab.partition("=")
        address[key] = word
    return address


@pytest.mark.parametrize("who", ["viewer", "lurah", "planner", "nobody", ""])
@pytest.mark.parametrize("page", PAGES)
def test_no_role_reads_beyond_its_own(
    who: str, page: str, office: Office, saved: str, drawn: dict[tuple[str, str], Heard]
) -> None:
    before = stored(office.home)
    places = [tab for at, tab in drawn if at == page]
    # Before the door nothing of the address opens a tab: what every tab has is sent at once.
    tries = [("", 0)] if who in ("nobody", "") else [
        *itertools.product(places, range(ROUNDS if who in ("viewer", "lurah") else 1))
    ]  # fmt: skip
    found: list[str] = []
    for tab, number in tries:
        address = addressed(page, tab, number, saved, office)
        with Session(office.url, office.cookie(who) if who else "") as session:
            asked = " ".join(address.values())
            first = session.run(page, address)
            own_hash = drawn[page, ""].page_hashes[page]
            # The same by the page's hash, with everything set and pressed that an officer has.
            # A planner may press nearly all of them, and would be busy for minutes: see below.
            forged = [] if who == "planner" else [
                *(state for place in (places if who in ("nobody", "") else [tab])
                  for state in states(drawn[page, place], number)),
                *states(first, number),
            ]  # fmt: skip
            second = session.run("", address, page_hash=own_hash, widgets=forged)
            for heard in (first, second):
                found += [f"{who} {page} {tab} {number}: {leak}"
                          for leak in leaks(who, heard, asked)]  # fmt: skip
            # All buttons at once may open two dialogs, which is a fault with a number; an address
            # alone is never one.
            errors = " ".join(a.body for a in first.elements("alert"))
            assert "(nomor " not in errors, (page, tab, errors)
    assert found == []
    assert changed(before, office, who) == set()


def changed(before: dict[str, str], office: Office, who: str) -> set[str]:
    """What of the store all the buttons have changed, but for what a planner may do."""
    after = stored(office.home)
    names = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {name for name in names if not (who == "planner" and name.startswith("scenarios"))}


@pytest.mark.parametrize("who", ["viewer", "lurah", "planner", "nobody", ""])
def test_parts_of_pages_that_were_never_drawn(
    who: str, office: Office, drawn: dict[tuple[str, str], Heard]
) -> None:
    """A fragment of the officer's session, asked for by its name: the server says nothing at all."""
    with Session(office.url, office.cookie(who) if who else "") as session:
        session.run("definisi")
        fragments = {f: page for (page, _), heard in drawn.items() for f in heard.fragments}
        assert len(fragments) >= 5
        for fragment, page in fragments.items():
            own = session.run(page, page_hash=drawn[page, ""].page_hashes[page],
                              fragment=fragment, seconds=0.1)  # fmt: skip
            assert leaks(who, own, "") == [], page
        assert leaks(who, session.until_the_end(1.0), "") == []


@pytest.mark.parametrize("page", PAGES)
def test_a_planner_with_the_widgets_of_other_pages(
    page: str, office: Office, drawn: dict[tuple[str, str], Heard]
) -> None:
    """Everything that only the data officer has, set and pressed on a page where it is not."""
    before = stored(office.home)
    with Session(office.url, office.cookie("planner")) as session:
        own = set(session.run(page).widget_ids())
        forged = {
            state.id: state for (at, _), heard in drawn.items() if at == "data"
            for state in states(heard, 1) if state.id not in own and not shared(state.id)
        }  # fmt: skip
        assert sum(state.HasField("trigger_value") for state in forged.values()) >= 3
        heard = session.run(page, widgets=forged.values())
    assert leaks("planner", heard, "") == []
    assert changed(before, office, "") == set()


def shared(identity: str) -> bool:
    """What stands on a planner's pages too: language, account, projector."""
    return _name(identity).startswith(("bahasa", "masuk", "proyektor"))


def test_the_data_officer_reads_no_person(
    office: Office, saved: str, drawn: dict[tuple[str, str], Heard]
) -> None:
    """With every filter set in turn: names and NIK are in no release, so no page has them."""
    for page, tab in drawn:
        if page == "data":
            address = addressed(page, tab, 1, saved, office)
            chosen = [state for state in states(drawn[page, tab], 1)
                      if not state.HasField("trigger_value")]  # fmt: skip
            with Session(office.url, office.cookie("officer")) as session:
                heard = session.run(page, address, widgets=chosen)
            assert leaks("officer", heard, " ".join(address.values())) == [], tab


def test_a_default_row_lets_people_look_and_no_more(office: Office) -> None:
    """Whoever the provider lets in is a viewer by it; more than a look closes the dashboard."""
    try:
        office.roles('default = "penonton"\n' + ROLES)
        for page in PAGES:
            with Session(office.url, office.cookie("nobody")) as session:
                heard = session.run(page, {"tingkat": "rt", "wilayah": HIDDEN})
            assert leaks("viewer", heard, HIDDEN) == [], page
            assert office.releases[-1].release in heard.text, page
        for role in ("perencana", "petugas_data"):
            office.roles(f'default = "{role}"\n' + ROLES)
            for who in ("nobody", "officer"):
                with Session(office.url, office.cookie(who)) as session:
                    heard = session.run("peta")
                assert office.releases[-1].release not in heard.text
                assert leaks("nobody", heard, "") == []
    finally:
        office.roles()


def test_what_was_done_stands_in_the_log(office: Office) -> None:
    """After all of the above: no deed of the data officer by anybody else, and the chain is whole."""
    log = AuditLog(office.home)
    assert log.verify().problems == ()
    may = {
        "penonton": {"sign_in", "export", "sign_out"},
        "perencana": {"sign_in", "export", "sign_out", "scenario_save", "scenario_change",
                      "scenario_delete", "scenario_restore"},
        "tanpa_akses": {"sign_in_refused", "sign_out"},
    }  # fmt: skip
    for entry in log.entries():
        if entry.role in may:
            assert entry.deed in may[entry.role], entry


def stored(home: Path) -> dict[str, str]:
    """Every file of the store by its content, but the log and locks."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.relative_to(home).parts[0] != "log" and path.suffix != ".lock"
    }
