"""Why the number changed, without a browser: the section of Data & Mutu and the line of Ringkasan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import two_lists
from streamlit.testing.v1 import AppTest

from jambi_dash.charts.difference import (
    bridge_rows_svg,
    bridge_svg,
    count_difference_paint,
)
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.roles import Reader
from jambi_dash.geography.static_files import GeometryFile
from jambi_dash.palette import count_difference_scale
from jambi_dash.queries.difference import difference
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui import sign_in


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    found = Store(tmp_path_factory.mktemp("two-lists") / "home")
    two_lists.bring_both(found)
    return found


def open_page(monkeypatch: pytest.MonkeyPatch, home: Path, page: str, **address: str) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.run()
    app.switch_page(f"pages/{page}/{page}.py")
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert not app.error
    return app


def texts(app: AppTest) -> str:
    return " ".join(
        str(getattr(element.proto, "body", "")) for element in (*app.markdown, *app.get("html"))
    )


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


PHL = load_programme().cohorts.by_id["phl"].shown()
CODES = ("15.71.03.1006", "15.71.02.1004")
WHY = {"bagian": "Mengapa berubah"}


def test_two_releases_are_told_apart(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    app = open_page(monkeypatch, store.home, "data", **WHY)
    said = texts(app)
    for text in (
        "Pekerja rentan: 12 pada Desember 2025, 13 pada Februari 2026",
        "Dari 12 menjadi 13 orang: baru +3, berakhir −3, pindah masuk +1, pindah keluar −1",
        "✓ +1 = +3 − 3 + 1 − 1 + 1",
        "2 orang berganti NIK",
        "**Rumus:** baru − berakhir",
    ):
        assert text in said, text
    table = app.dataframe[0].value
    assert len(table) == 69
    assert list(table["place"][:2]) == ["Kasang", "Thehok"]
    assert table["place"].iloc[-1] == "Tanpa lokasi"
    assert (table["a"].sum(), table["b"].sum()) == (12, 13)
    parts = table[list(two_lists.PARTS)].fillna(0).sum()
    assert dict(parts) == two_lists.PARTS
    assert (table["change"].fillna(0) == table["b"] - table["a"]).all()


def test_the_address_names_both_releases(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    a, b = (record.release for record in store.history())
    back = open_page(monkeypatch, store.home, "data", **WHY, dari=b, ke=a, kelompok=PHL)
    assert "Dari 0 menjadi 2 orang: baru +1" in texts(back)
    back.selectbox[0].select(a).run()
    assert "✓ 0 = 0" in texts(back)
    assert back.query_params["dari"] == a
    same = open_page(monkeypatch, store.home, "data", **WHY, dari=b, ke=b)
    assert "✓ 0 = 0" in texts(same)


def test_one_release_has_nothing_to_compare(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    app = open_page(monkeypatch, demo_home, "data", **WHY)
    assert "sekarang ada 1" in app.info[0].value


def test_a_damaged_release_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = Store(tmp_path / "home")
    first, _ = two_lists.bring_both(own)
    own.path_of(first.release).unlink()
    monkeypatch.setenv(HOME_VARIABLE, str(own.home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/data/data.py")
    app.query_params["bagian"] = WHY["bagian"]
    app.run()
    assert not app.exception
    assert "rusak atau hilang; pilih rilis lain" in app.error[0].value


def test_ringkasan_says_why_and_leads_there(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    app = open_page(monkeypatch, store.home, "ringkasan")
    assert "Pekerja rentan +1: +3 baru, −3 berakhir, +1 lainnya" in links(app)
    assert "Dibanding data per 31 Desember 2025" in texts(app)


def test_who_sees_counts_for_the_public_sees_no_parts(
    monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    monkeypatch.setattr(sign_in, "reader", lambda: Reader("penonton", who="x"))
    assert not [link for link in links(open_page(monkeypatch, store.home, "ringkasan"))
                if "baru" in link]  # fmt: skip


def test_who_has_own_areas_sees_these_alone(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    own = Reader("perencana", areas=frozenset({"15.71.03.1006"}), who="x")
    monkeypatch.setattr(sign_in, "reader", lambda: own)
    app = open_page(monkeypatch, store.home, "data", **WHY)
    assert list(app.dataframe[0].value["place"]) == ["Kasang"]
    assert "✓ +2 = +1 + 1" in texts(app)
    assert "Hanya kelurahan Anda." in texts(app)
    assert "Dari 0 menjadi 2 orang" in texts(app)


def test_the_bridge_and_the_map_say_the_same(store: Store) -> None:
    a, b = (store.path_of(record.release) for record in store.history())
    answer = difference(a, b)
    drawing = bridge_svg(answer)
    assert drawing.count("<rect") == 6
    for shown in (">12<", ">13<", ">+3<", ">−3<", "<title>Dikode ulang: +1</title>"):
        assert shown in drawing
    # On a phone: a row for each step, and nothing beside its 340 units.
    rows = bridge_rows_svg(answer)
    assert rows.count("<rect") == 6
    assert all(shown in rows for shown in (">12<", ">13<", ">+3<", ">−3<", ">Dikode ulang<"))
    assert all(float(x) <= 340 for x in re.findall(r' x[12]?="([\d.]+)"', rows))
    still = bridge_svg(difference(a, a))
    assert still.count(">12<") == 2
    geometry = GeometryFile("", (0, 0, 1, 1), "plane", (*CODES, "15.71.99.9999"))
    paint = count_difference_paint(
        geometry, answer.rows, before="1", after="2", title="", unit="", theme="light"
    )
    keys = [count_difference_scale()[place].key for place in paint.classes]
    assert keys == ["n1", "same", "no_data"]
    assert paint.fields[2].values == ("+2", "0", None)
