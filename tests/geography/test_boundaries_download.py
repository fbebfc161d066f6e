"""BIG's service, spoken by a local server: pages, forms, and each way to fail."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from arcgis_server import ArcgisLayer, serve
from boundary_samples import city_features, invented_city

from jambi_dash.domain.refusal import Refusal
from jambi_dash.geography import boundaries
from jambi_dash.geography.big_service import fetch
from jambi_dash.geography.boundary_rules import URL_VARIABLE, Service, load_rules

ALWAYS = 1000
QUICK = {"page_size": 20, "timeout_seconds": 5.0, "attempts": 2, "retry_wait_seconds": 0.0}


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    """The 68 kelurahan and three villages of a neighbouring regency, as the layer holds them."""
    features = city_features(invented_city())["features"]
    villages = [
        {**f, "properties": f["properties"] | {"WADMKK": "Muaro Jambi", "KDEPUM": "15.05.01.2001"}}
        for f in features[:3]
    ]
    return [
        {"type": "Feature", "properties": f["properties"] | {"OBJECTID": number},
         "geometry": f["geometry"]}
        for number, f in enumerate(villages + features, 1)
    ]  # fmt: skip


@pytest.fixture
def layer(records: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Iterator[ArcgisLayer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serve(ArcgisLayer(records)) as served:
        yield served


def service(layer: ArcgisLayer, **changes: Any) -> Service:
    return replace(load_rules().service, url=layer.url, **{**QUICK, **changes})


def refusal(layer: ArcgisLayer, **changes: Any) -> str:
    asked = service(layer, **changes)
    with pytest.raises(Refusal) as caught:
        fetch(asked, asked.where)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert "127.0.0.1" in sentence
    return sentence


def pages(layer: ArcgisLayer) -> list[tuple[str, str]]:
    return [(q["f"], q["resultOffset"]) for q in layer.asked if "resultOffset" in q]


def test_download_installs_what_the_service_has(
    layer: ArcgisLayer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = boundaries.download(tmp_path, layer.url)
    assert status.to_json() == {
        "installed": True, "source": layer.url, "features": 68, "area_km2": 170.0,
        "problems": [],
    }  # fmt: skip
    assert {q["where"] for q in layer.asked} == {"WADMKK = 'Kota Jambi'"}
    assert boundaries.load(tmp_path) is not None
    monkeypatch.setenv(URL_VARIABLE, layer.url)
    assert boundaries.download(tmp_path / "lain") == replace(
        status, installed_at=boundaries.status(tmp_path / "lain").installed_at
    )


def test_pages_are_asked_until_all_came(layer: ArcgisLayer) -> None:
    features = fetch(service(layer), "WADMKK = 'Kota Jambi'")
    assert len(features.attributes) == 68
    assert pages(layer) == [("geojson", str(offset)) for offset in (0, 20, 40, 60)]
    assert len({row["OBJECTID"] for row in features.attributes}) == 68


def test_the_servers_own_cap_decides_the_next_offset(layer: ArcgisLayer) -> None:
    layer.max_records = 17
    assert len(fetch(service(layer), "WADMKK = 'Kota Jambi'").attributes) == 68
    assert [offset for _, offset in pages(layer)] == ["0", "17", "34", "51"]


def test_without_a_count_a_full_last_page_is_followed_by_another(layer: ArcgisLayer) -> None:
    layer.faults = {"no_count": 1}
    features = fetch(service(layer, page_size=34), "WADMKK = 'Kota Jambi'")
    assert len(features.attributes) == 68
    assert [offset for _, offset in pages(layer)] == ["0", "34", "68"]


def test_the_filter_is_the_servers_to_apply(layer: ArcgisLayer) -> None:
    assert len(fetch(service(layer), "1=1").attributes) == 71
    assert len(fetch(service(layer), "WADMKD = 'Murni'").attributes) == 1


def test_a_service_without_geojson_is_asked_for_rings(layer: ArcgisLayer) -> None:
    wanted = fetch(service(layer), "WADMKK = 'Kota Jambi'")
    layer.asked.clear()
    layer.faults = {"no_geojson": ALWAYS}
    got = fetch(service(layer), "WADMKK = 'Kota Jambi'")
    assert [form for form, _ in pages(layer)] == ["geojson", "json", "json", "json", "json"]
    assert got.attributes == wanted.attributes
    assert shapely.equals(got.geometries, wanted.geometries).all()
    assert got.crs is not None
    assert got.crs.to_epsg() == 4326


def test_rings_keep_holes_and_islands(layer: ArcgisLayer) -> None:
    outer = shapely.box(103.0, -2.0, 104.0, -1.0)
    lake = shapely.box(103.2, -1.8, 103.8, -1.2)
    island_in_lake = shapely.box(103.4, -1.6, 103.6, -1.4)
    far = shapely.box(105.0, -2.0, 105.5, -1.5)
    shape = shapely.union_all([outer.difference(lake), island_in_lake, far])
    layer.features = [
        {"type": "Feature", "properties": {"WADMKK": "Kota Jambi"},
         "geometry": json.loads(shapely.to_geojson(shape))}
    ]  # fmt: skip
    layer.faults = {"no_geojson": ALWAYS}
    (got,) = fetch(service(layer), "WADMKK = 'Kota Jambi'").geometries
    assert got.equals(shape)


@pytest.mark.parametrize(
    "fault", ["http_500", "html", "error_500_in_200", "truncated", "cut", "hangs_up"]
)
def test_a_fault_that_passes_is_outlived(layer: ArcgisLayer, fault: str) -> None:
    layer.faults = {fault: 1}
    assert len(fetch(service(layer), "WADMKK = 'Kota Jambi'").attributes) == 68


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("http_500", "menjawab HTTP 500"),
        ("html", "menjawab halaman web, bukan data"),
        (
            "error_500_in_200",
            "menolak permintaan (500: Error performing query operation at line 1)",
        ),
        ("truncated", "terpotong atau bukan JSON"),
        ("cut", "127.0.0.1"),
        ("hangs_up", "tidak dapat dihubungi"),
        ("token", "menolak permintaan (499: Token Required)"),
        ("a_list", "bukan daftar kelurahan"),
        ("a_service", "bukan daftar kelurahan"),
        ("ignores_offset", "mengulang halaman yang sama"),
        ("count_too_high", "mengirim 68 dari 69 fitur"),
    ],
)
def test_a_fault_that_stays_is_one_sentence(layer: ArcgisLayer, fault: str, words: str) -> None:
    layer.faults = {fault: ALWAYS}
    assert words in refusal(layer)


def test_no_attempt_is_wasted_on_a_plain_no(layer: ArcgisLayer) -> None:
    layer.faults = {"token": ALWAYS}
    refusal(layer, attempts=5)
    assert len(layer.asked) == 1


def test_a_silent_service_is_given_up(layer: ArcgisLayer) -> None:
    layer.faults = {"silent": ALWAYS}
    assert "terlalu lama menjawab" in refusal(layer, timeout_seconds=0.2)
    assert len(layer.asked) == 2


def test_an_endless_answer_is_cut_off(layer: ArcgisLayer) -> None:
    assert "lebih besar dari 0 MB" in refusal(layer, max_answer_mb=0)


def test_the_deadline_holds_over_all_attempts(layer: ArcgisLayer) -> None:
    layer.faults = {"http_500": ALWAYS}
    refusal(layer, attempts=50, total_seconds=0.0)
    assert len(layer.asked) == 1


def test_wrong_address_filter_and_order(layer: ArcgisLayer) -> None:
    wrong = replace(service(layer), url=layer.url.replace("MapServer/0", "MapServer/9"))
    with pytest.raises(Refusal, match="menjawab HTTP 404"):
        fetch(wrong, wrong.where)
    with pytest.raises(Refusal, match=r"menolak permintaan \(400: Unable"):
        fetch(service(layer), "KOTA ~ 1")
    with pytest.raises(Refusal, match="tidak punya kelurahan untuk saringan WADMKK = 'Kota Jamby'"):
        fetch(service(layer), "WADMKK = 'Kota Jamby'")
    assert "menolak permintaan" in refusal(layer, order_by="FID")


@pytest.mark.parametrize("url", ["", "geoservices.big.go.id/0", "file:///etc/passwd", "http://"])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(Refusal, match="tidak sah"):
        fetch(replace(load_rules().service, url=url), "1=1")


def test_nobody_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/MapServer/0"
        with pytest.raises(Refusal, match="tidak dapat dihubungi"):
            fetch(replace(load_rules().service, url=url, **QUICK), "1=1")  # type: ignore[arg-type]


def test_what_comes_down_is_checked_like_a_file(
    layer: ArcgisLayer, records: list[dict[str, Any]], tmp_path: Path
) -> None:
    boundaries.download(tmp_path, layer.url)
    before = boundaries.status(tmp_path)
    layer.features = [r for r in records if r["properties"]["WADMKD"] != "Legok"]
    with pytest.raises(Refusal, match="hanya memuat 67 dari 68 kelurahan: tidak ada Legok"):
        boundaries.download(tmp_path, layer.url)
    assert boundaries.status(tmp_path) == before
