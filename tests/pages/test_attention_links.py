"""Every link of "Perlu perhatian" opens a page that shows just the thing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from data_page import drawn
from streamlit.testing.v1 import AppTest

from jambi_dash.domain import formats
from jambi_dash.domain.attention import Attention, attention
from jambi_dash.domain.attention_rules import load_attention
from jambi_dash.domain.headline import Headline
from jambi_dash.domain.language import in_language
from jambi_dash.domain.roles import EVERYTHING
from jambi_dash.queries.own_areas import open_door
from jambi_dash.queries.rollout_news import rollout_news
from jambi_dash.queries.summary import headline
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT

SHOWN = {"hampir_gugur", "kelurahan_nol", "di_bawah_batas", "kelurahan_tanpa_rt", "rt_tertahan",
         "baris_ditolak", "tanpa_lokasi", "rt_nol"}  # fmt: skip


@pytest.fixture(scope="module")
def found(demo_home: Path) -> tuple[Headline, dict[str, Attention]]:
    """What the rules find in the example city, seen a year later."""
    store = Store(demo_home)
    door = open_door(store.path_of(store.require_current().release), EVERYTHING)
    try:
        seen = headline(door)
        items = attention(seen, load_attention(), date(2026, 12, 1), rollout_news(door))
    finally:
        door.close()
    return seen, {item.rule: item for item in items}


def follow(
    monkeypatch: pytest.MonkeyPatch, home: Path, item: Attention, language: str = "id"
) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    if language == "en":
        app.query_params["bahasa"] = "English"
    app.run()
    name = item.page.replace("-", "_")
    app.switch_page(f"pages/{name}/{name}.py")
    for key, value in item.filters.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert not app.error
    for key, value in item.filters.items():
        if (key, value) == ("tingkat", "kelurahan"):  # what is usual leaves the address
            continue
        assert app.query_params.get(key) in (value, [value]), "the page did not take the filter"
    return app


def test_the_example_city_shows_these(found: tuple[Headline, dict[str, Attention]]) -> None:
    assert set(found[1]) == SHOWN


@pytest.mark.parametrize("language", ["id", "en"])
def test_lapses_open_their_section_in_both_languages(
    found: tuple[Headline, dict[str, Attention]], language: str,
    monkeypatch: pytest.MonkeyPatch, demo_home: Path,
) -> None:  # fmt: skip
    seen, items = found
    app = follow(monkeypatch, demo_home, items["hampir_gugur"], language)
    with in_language(language):
        assert f">{formats.number(sum(seen.lapsing.values()))} <" in drawn(app)
    assert "card_lapse" in drawn(app)


@pytest.mark.parametrize("rule", ["kelurahan_nol", "di_bawah_batas"])
def test_low_kelurahan_are_the_only_ones_in_the_table(
    rule: str, found: tuple[Headline, dict[str, Attention]],
    monkeypatch: pytest.MonkeyPatch, demo_home: Path,
) -> None:  # fmt: skip
    seen, items = found
    codes = set(items[rule].filters["hanya"].split("~"))
    names = {row.name for row in seen.kelurahan if row.code in codes}
    app = follow(monkeypatch, demo_home, items[rule])
    app.session_state["peta_lembar"] = "Tabel"
    app.run()
    assert set(app.dataframe[0].value.iloc[:, 0]) == names
    app.button(key="peta_semua").click().run()
    assert len(app.dataframe[0].value) == 68
    assert "hanya" not in app.query_params


def test_rts_without_anybody_open_their_kelurahan(
    found: tuple[Headline, dict[str, Attention]], monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    seen, items = found
    code = items["rt_nol"].filters["wilayah"]
    app = follow(monkeypatch, demo_home, items["rt_nol"])
    app.session_state["peta_lembar"] = "Tabel"
    app.run()
    covered = app.dataframe[0].value.iloc[:, 1]
    assert (covered == 0).sum() >= seen.rt_uncovered[code] > 0


def test_kampung_bahagia_opens_its_section(
    found: tuple[Headline, dict[str, Attention]], monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    _, items = found
    app = follow(monkeypatch, demo_home, items["kelurahan_tanpa_rt"])
    without = next(m.value for m in app.markdown if "belum ada RT yang bergabung" in m.value)
    assert items["kelurahan_tanpa_rt"].detail.split(",")[0] in without
    number = items["rt_tertahan"].title.split()[0]
    app = follow(monkeypatch, demo_home, items["rt_tertahan"])
    assert any(m.value.startswith(f"**{number} dari ") for m in app.markdown)


def test_rows_to_mend_open_as_the_list_of_just_these(
    found: tuple[Headline, dict[str, Attention]], monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    seen, items = found
    app = follow(monkeypatch, demo_home, items["baris_ditolak"])
    assert int(app.dataframe[0].value["total"].sum()) == seen.rejected_rows
    app = follow(monkeypatch, demo_home, items["tanpa_lokasi"])
    assert list(app.dataframe[0].value["kelurahan"]) == ["(tanpa kelurahan)"]
    assert "lokasi_tidak_dikenal" in app.dataframe[0].value
