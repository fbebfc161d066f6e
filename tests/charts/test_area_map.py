import json
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import (
    _get_feature_group_string,
    _get_header,
    _get_map_string,
    generate_js_hash,
)

from jambi_dash import palette
from jambi_dash.charts import area_map
from jambi_dash.charts.area_map import AreaPaint, Field, GeometryFile
from jambi_dash.domain.language import in_language

ASSETS = area_map.MapAssets(scripts=("../../a.js",), styles=("../../a.css",))
THREE = GeometryFile("../../app/static/geo/x.geojson", (0, 0, 1, 1), "plane", ("a", "b", "c"))


def sent(group: object) -> dict:
    """What the browser would receive for the layer, through streamlit-folium's own writing."""
    base = area_map.build_base_map("cartogram", ASSETS)
    base.render()
    script = _get_feature_group_string(group, map=base)
    found = re.search(r"JambiAreas\.show\(map_div, (\{.*\})\);", script)
    assert found, script
    return json.loads(found[1])


def table(**columns: list) -> pd.DataFrame:
    return pd.DataFrame({"code": ["a", "b", "c"], **columns})


def test_the_base_map_keeps_its_identity() -> None:
    def identity(kind: area_map.MapKind) -> str:
        base = area_map.build_base_map(kind, ASSETS)
        base.get_root().render()
        return generate_js_hash(_get_map_string(base), "map")

    assert identity("cartogram") == identity("cartogram")
    assert identity("cartogram") != identity("true")


def test_the_base_map_names_no_other_host() -> None:
    for kind in ("cartogram", "true"):
        base = area_map.build_base_map(kind, ASSETS)
        page = base.get_root().render()
        assert [url for _, url in base.default_js] == ["../../a.js"]
        assert [url for _, url in base.default_css] == ["../../a.css"]
        assert "//" not in re.sub(r"<!--.*?-->", "", page).replace("</", "<")
        assert "http" not in _get_header(base).replace("http-equiv", "")


def test_folium_itself_is_left_as_it_was() -> None:
    import folium

    area_map.build_base_map("cartogram", ASSETS)
    assert any("leaflet" in url for _, url in folium.Map.default_js)


def test_background_tiles_come_only_on_request_and_only_on_the_true_map() -> None:
    tiles = area_map.TileSource("https://tiles.example/{z}/{x}/{y}.png", "Contoh")
    assert "tiles.example" in area_map.build_base_map("true", ASSETS, tiles).get_root().render()
    assert "tiles.example" not in (
        area_map.build_base_map("cartogram", ASSETS, tiles).get_root().render()
    )


def test_coverage_is_sent_as_classes_and_whole_numbers() -> None:
    rows = table(covered=[3, 0, 7], eligible=[9, 4, 0], rate=[1 / 3, 0, None])
    rows["state"] = ["angka", "nol", "tidak ada data"]
    paint = area_map.coverage_paint(THREE, rows, title="Cakupan")
    payload = sent(area_map.build_layer(THREE, paint, selected="b"))
    keys = [payload["scale"][int(c, 36)]["key"] for c in payload["classes"]]
    assert keys == ["r4", "zero", "no_data"]
    assert [f["values"] for f in payload["fields"]] == [[3, 0, 7], [9, 4, 0], [333, 0, None]]
    assert payload["selected"] == ["b"]
    assert payload["url"] == THREE.url


def test_rows_follow_the_geometry_and_missing_rows_are_no_data() -> None:
    rows = pd.DataFrame(
        {"code": ["c", "x", "a"], "covered": [1, 5, 9], "eligible": 10, "rate": [0.1, 0.5, 0.9]}
    ).assign(state="angka")
    paint = area_map.coverage_paint(THREE, rows, title="")
    assert [paint.scale[k].key for k in paint.classes] == ["r7", "no_data", "r2"]


def test_the_numbers_of_a_hidden_area_never_leave_python() -> None:
    rows = table(covered=[3, 4, 7], eligible=[9, 9, 9], rate=[3 / 9, 4 / 9, 7 / 9])
    rows["state"] = ["disembunyikan", "angka", "angka"]
    payload = sent(area_map.build_layer(THREE, area_map.coverage_paint(THREE, rows, title="")))
    covered, eligible, rate = (field["values"] for field in payload["fields"])
    assert (covered[0], rate[0]) == (None, None)
    assert eligible == [9, 9, 9]


def test_differences_are_painted_around_zero() -> None:
    rows = table(rate_before=[0.2, 0.5, 0.4], rate_after=[0.5, 0.5, None]).assign(state="angka")
    paint = area_map.difference_paint(THREE, rows, title="", before="Mei", after="Juni")
    assert [paint.scale[k].key for k in paint.classes] == ["n5", "same", "no_data"]
    assert sent(area_map.build_layer(THREE, paint))["fields"][2]["values"] == [300, 0, None]


def test_stages_are_painted_by_key() -> None:
    scale = palette.rt_stage_scale()
    paint = area_map.category_paint(THREE, scale, {"a": "selesai", "c": "belum"}, title="")
    assert [scale[k].key for k in paint.classes] == ["selesai", "no_data", "belum"]


def test_texts_are_sent_once_each() -> None:
    paint = AreaPaint(
        palette.rate_scale(), (0, 0, 0), (Field("Tahap", "text", ("rencana", "rencana", None)),)
    )
    field = sent(area_map.build_layer(THREE, paint))["fields"][0]
    assert (field["words"], field["values"]) == (["rencana"], [0, 0, None])


@given(st.text(), st.text())
def test_no_name_can_break_out_of_the_script(title: str, label: str) -> None:
    paint = AreaPaint(palette.rate_scale(), (0, 0, 0), (Field(label, "count", (1, 2, 3)),), title)
    payload = sent(area_map.build_layer(THREE, paint))
    assert payload["title"] == title
    assert payload["fields"][0]["label"] == label


@pytest.mark.parametrize(
    "evil",
    ["</script><script>alert(1)</script>", "{{ 7*7 }}", "{% raw %}", "{#", "a\u2028b", "{{'x'}}"],
)
def test_markup_and_template_signs_stay_text(evil: str) -> None:
    paint = AreaPaint(palette.rate_scale(), (0, 0, 0), title=evil)
    assert sent(area_map.build_layer(THREE, paint))["title"] == evil


def test_the_same_look_is_the_same_text() -> None:
    paint = AreaPaint(palette.rate_scale(), (0, 1, 2))
    first = sent(area_map.build_layer(THREE, paint, selected={"b", "a"}))
    assert first == sent(area_map.build_layer(THREE, paint, selected=["a", "b"]))


def test_texts_of_the_map_come_in_the_language_asked_for() -> None:
    paint = AreaPaint(palette.rate_scale(), (0, 1, 2))
    assert sent(area_map.build_layer(THREE, paint, language="en"))["language"] == "en"
    with in_language("en"):
        assert sent(area_map.build_layer(THREE, paint))["language"] == "en"


def test_paint_must_match_its_geometry() -> None:
    scale = palette.rate_scale()
    with pytest.raises(ValueError, match="one class per area"):
        area_map.build_layer(THREE, AreaPaint(scale, (0, 1)))
    with pytest.raises(ValueError, match="outside the scale"):
        AreaPaint(scale, (len(scale),))
    with pytest.raises(ValueError, match="one value per area"):
        AreaPaint(scale, (0, 1), (Field("x", "count", (1,)),))


def test_1650_areas_fit_into_60_kb() -> None:
    codes = tuple(f"15.71.01.{1000 + i // 25}-{i % 25 + 1:03d}" for i in range(1650))
    geometry = GeometryFile("u", (0, 0, 1, 1), "plane", codes)
    rows = pd.DataFrame({"code": codes, "covered": range(1650), "eligible": 1650})
    rows["rate"] = rows["covered"] / rows["eligible"]
    rows["state"] = "angka"
    layer = area_map.build_layer(geometry, area_map.coverage_paint(geometry, rows, title="x"))
    assert len(json.dumps(sent(layer))) < 40_000


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"last_active_drawing": None},
        {"last_active_drawing": {"properties": {}}},
        {"last_active_drawing": {"properties": {"code": 3, "at": 1}}},
    ],
)
def test_no_click_is_no_area(value: dict | None) -> None:
    assert area_map.clicked_area(value) is None


def test_a_click_names_the_area() -> None:
    value = {"last_active_drawing": {"type": "Feature", "properties": {"code": "a", "at": 5}}}
    assert area_map.clicked_area(value) == area_map.Click("a", 5)
