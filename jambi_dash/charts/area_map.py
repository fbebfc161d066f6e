"""The map of areas: a folium map that never changes, and a layer that only recolours.

The browser fetches the shapes once, as a file (`geography.static_files`). What travels on each
rerun is one character per area, the numbers of the tooltip, and the legend: about 20 kB for 1.650
areas. `area_layer.js` draws; here is said what it draws.

    assets = publish_assets(settings.STATIC)                     # once per process
    areas, borders = map_shapes(load_cartogram().hexagons, "kelurahan")
    geometry = publish_geometry(
        settings.STATIC, areas, crs="plane", outlines=borders, water=cartogram_water()
    )
    value = st_folium(
        build_base_map("cartogram", assets),
        feature_group_to_add=build_layer(geometry, paint, selected=code, theme="light"),
        key="coverage_map", height=560, use_container_width=True,
        returned_objects=RETURNED_OBJECTS,
    )
    click = clicked_area(value)

The map sends a value only when an area is chosen, never on pan or zoom.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import folium
import numpy as np
import pandas as pd
from branca.element import Element
from folium.template import Template

from jambi_dash.domain.areas import SEVERAL
from jambi_dash.domain.language import current_language, in_language, t
from jambi_dash.geography.static_files import (
    Crs,
    GeometryFile,
    publish_file,
    publish_leaflet,
)
from jambi_dash.palette import (
    SURROUNDINGS,
    AreaState,
    ClassInfo,
    Theme,
    classify_differences,
    classify_rates,
    difference_scale,
    rate_scale,
)

MapKind = Literal["cartogram", "true"]
FieldKind = Literal["count", "percent", "points", "rupiah", "decimal", "text"]

RETURNED_OBJECTS = ["last_active_drawing"]
"""What `st_folium` may send back: a chosen area and nothing else, so panning reruns nothing."""

_HERE = Path(__file__).parent
_CRS_OF_KIND: dict[MapKind, Crs] = {"cartogram": "plane", "true": "wgs84"}
_CITY_CENTRE = (-1.61, 103.61)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class MapAssets:
    """Addresses of the scripts and styles that the map needs, seen from its frame."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]


@dataclass(frozen=True)
class TileSource:
    """A background map that the user asked for; its host is then asked by the browser."""

    url: str
    attribution: str


@dataclass(frozen=True)
class Field:
    """One line of the tooltip: a label and a value for every area, in the order of the codes.

    `percent` and `points` take rates (1 = 100 %). Numbers of areas in the class `hidden` are not
    sent to the browser unless `public` says that they may be.
    """

    label: str
    kind: FieldKind
    values: tuple[Any, ...]
    public: bool = False


@dataclass(frozen=True)
class AreaPaint:
    """How every area looks now.

    `scale` are the classes, `classes` the place in it of each area, in the order of the geometry's
    codes. `title` names the map for those who hear it; `label_field` is the field whose value is
    written under the name where it fits; `unit` says what the legend counts (`kelurahan`), `note`
    what its edges mean.
    """

    scale: tuple[ClassInfo, ...]
    classes: tuple[int, ...]
    fields: tuple[Field, ...] = ()
    title: str = ""
    note: str = ""
    unit: str = ""
    label_field: int | None = None

    def __post_init__(self) -> None:
        if self.classes and not 0 <= min(self.classes) <= max(self.classes) < len(self.scale):
            raise ValueError("a class lies outside the scale")
        if len(self.scale) > len(_DIGITS):
            raise ValueError(f"a scale has at most {len(_DIGITS)} classes")
        for field in self.fields:
            if len(field.values) != len(self.classes):
                raise ValueError(f"field {field.label!r} has not one value per area")


@dataclass(frozen=True)
class Click:
    """An area chosen by mouse, touch or keyboard; `at` (ms) tells two clicks on one area apart."""

    code: str
    at: int


class _AreaLayer(folium.MacroElement):
    """The call that hands the present look to the script in the frame."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "JambiAreas.show({{ this._parent._parent.get_name() }}, {{ this.payload }});"
        "{% endmacro %}"
    )

    def __init__(self, payload: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AreaLayer"
        self._id = "paint"
        self.payload = payload

    def render(self, **kwargs: Any) -> str:
        """Hands the call to the page; folium would compile its 20 kB as a template first."""
        figure: Any = self.get_root()
        call = self._template.module.script(self, kwargs)
        figure.script.add_child(_Ready(call), name=self.get_name())
        return ""


class _Ready(Element):
    """Text of a page that is no template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_kwargs: Any) -> str:
        """The text."""
        return self._text


def publish_assets(static_dir: Path) -> MapAssets:
    """Puts Leaflet and the map's own script and style into the static folder."""
    leaflet = publish_leaflet(static_dir)
    return MapAssets(
        scripts=(leaflet.script, publish_file(static_dir, _HERE / "area_layer.js")),
        styles=(leaflet.style, publish_file(static_dir, _HERE / "area_layer.css")),
    )


def build_base_map(kind: MapKind, assets: MapAssets, tiles: TileSource | None = None) -> folium.Map:
    """The empty map that stays while layers come and go.

    It depends on nothing but its arguments: the same map gives `st_folium` the same identity, so
    the frame lives on. It asks no other host, unless `tiles` names one.
    """
    plane = _CRS_OF_KIND[kind] == "plane"
    base = folium.Map(
        location=(0, 0) if plane else _CITY_CENTRE,
        zoom_start=4 if plane else 12,
        crs="Simple" if plane else "EPSG3857",
        tiles=None,
        zoom_control=False,
        attributionControl=False,
        scrollWheelZoom=False,
        zoomSnap=0,
        zoomDelta=0.75,
        wheelPxPerZoomLevel=120,
        minZoom=-4 if plane else 4 if SEVERAL else 9,
        maxZoom=12 if plane else 19,
    )
    # By its usual id, which is drawn by lot, every script would be another text to compile.
    base._id = f"base_{kind}"
    if tiles is not None and not plane:
        folium.TileLayer(tiles=tiles.url, attr=tiles.attribution, name="tiles").add_to(base)
    # folium's own lists name jQuery, Bootstrap and icon fonts on other hosts; none is used here.
    base.default_js = [(f"script_{n}", url) for n, url in enumerate(assets.scripts)]
    base.default_css = [(f"style_{n}", url) for n, url in enumerate(assets.styles)]
    return base


def build_layer(
    geometry: GeometryFile,
    paint: AreaPaint,
    *,
    selected: str | Collection[str] = (),
    focus: str | None = None,
    language: str | None = None,
    theme: Theme = "light",
    attribution: str = "",
    link: str = "",
    legend: bool = True,
    labels: bool | Literal["kecamatan"] = True,
) -> folium.FeatureGroup:
    """The layer that paints `geometry`, for `feature_group_to_add`.

    `selected`: code or codes with a bold outline. `focus`: the code of a kecamatan, kelurahan or
    area; the map glides to it and pales the rest (`None`: the whole). `attribution` is plain text
    in the corner. `link`: maps on one page with the same link move together. `legend`, `labels`:
    whether the legend and the names are drawn; `"kecamatan"`: theirs alone, which leave small
    areas to be seen.
    """
    if len(paint.classes) != len(geometry.codes):
        raise ValueError("the paint has not one class per area of the geometry")
    with in_language(language or current_language()):
        payload = {
            "url": geometry.url,
            "bounds": geometry.bounds,
            "language": current_language(),
            "theme": {"name": theme, **vars(SURROUNDINGS[theme])},
            "scale": [_class_payload(info) for info in paint.scale],
            "classes": "".join(_DIGITS[index] for index in paint.classes),
            "fields": [_field_payload(field, paint) for field in paint.fields],
            "labelField": paint.label_field,
            "labels": labels,
            "legend": legend,
            "title": paint.title,
            "note": paint.note,
            "unit": paint.unit,
            "selected": [selected] if isinstance(selected, str) else sorted(selected),
            "focus": focus,
            "attribution": attribution,
            "link": link,
            "texts": {
                "map": t(
                    "Peta wilayah. Tombol panah untuk berpindah wilayah, Enter untuk memilih."
                ),
                "zoomIn": t("Perbesar"),
                "zoomOut": t("Perkecil"),
                "home": t("Tampilkan seluruhnya"),
                "failed": t("Peta tidak dapat dimuat; muat ulang halaman ini."),
                "points": t("poin persen"),
                "counted": t("Banyaknya RT tiap kelas")
                if paint.unit == t("RT")
                else t("Banyaknya {unit} tiap kelas", unit="{unit}"),
            },
        }
    group = folium.FeatureGroup(name="areas")
    group.add_child(_AreaLayer(_as_script(payload)))
    return group


def clicked_area(value: Mapping[str, Any] | None) -> Click | None:
    """The area that was chosen last on the map, from what `st_folium` returned."""
    drawing = (value or {}).get("last_active_drawing") or {}
    properties = drawing.get("properties") or {}
    code, at = properties.get("code"), properties.get("at")
    if not isinstance(code, str) or not isinstance(at, int):
        return None
    return Click(code=code, at=at)


def coverage_paint(
    geometry: GeometryFile,
    table: pd.DataFrame,
    *,
    title: str,
    unit: str = "",
    theme: Theme = "light",
) -> AreaPaint:
    """Paints coverage: `table` has `code`, `covered`, `eligible`, `rate` (1 = 100 %), `state`.

    An area of the map without a row is `tidak ada data`.
    """
    rows = table.set_index("code").reindex(list(geometry.codes))
    states = rows["state"].astype(object).where(rows["state"].notna(), AreaState.NO_DATA)
    return AreaPaint(
        scale=rate_scale(theme),
        classes=classify_rates(rows["rate"], states),
        fields=(
            Field(t("Terlindungi"), "count", tuple(rows["covered"])),
            Field(t("Penyebut"), "count", tuple(rows["eligible"]), public=True),
            Field(t("Cakupan"), "percent", tuple(rows["rate"])),
        ),
        title=title,
        note=t("tiap kelas memuat batas bawahnya"),
        unit=unit,
        label_field=2,
    )


def difference_paint(
    geometry: GeometryFile,
    table: pd.DataFrame,
    *,
    title: str,
    before: str,
    after: str,
    unit: str = "",
    theme: Theme = "light",
) -> AreaPaint:
    """Paints a difference of rates: `table` has `code`, `rate_before`, `rate_after`, `state`.

    `before` and `after` name the two dates or scenarios.
    """
    rows = table.set_index("code").reindex(list(geometry.codes))
    states = rows["state"].astype(object).where(rows["state"].notna(), AreaState.NO_DATA)
    change = rows["rate_after"] - rows["rate_before"]
    return AreaPaint(
        scale=difference_scale(theme),
        classes=classify_differences(change, states),
        fields=(
            Field(before, "percent", tuple(rows["rate_before"])),
            Field(after, "percent", tuple(rows["rate_after"])),
            Field(t("Selisih"), "points", tuple(change)),
        ),
        title=title,
        note=t("poin persen, tiap kelas memuat batas yang lebih dekat ke nol"),
        unit=unit,
        label_field=2,
    )


def category_paint(
    geometry: GeometryFile,
    scale: Sequence[ClassInfo],
    key_of: Mapping[str, str],
    *,
    title: str,
    fields: Iterable[Field] = (),
    unit: str = "",
) -> AreaPaint:
    """Paints categories such as stages: `key_of` gives the class key of each code.

    An area without a key takes the last class, `tidak ada data` in the scales of `palette`.
    """
    places = {info.key: index for index, info in enumerate(scale)}
    last = len(scale) - 1
    return AreaPaint(
        scale=tuple(scale),
        classes=tuple(places.get(key_of.get(code, ""), last) for code in geometry.codes),
        fields=tuple(fields),
        title=title,
        unit=unit,
    )


def _class_payload(info: ClassInfo) -> dict[str, object]:
    look: dict[str, object] = {"key": info.key, "label": info.label, "fill": info.fill}
    look["ink"] = info.ink
    if info.pattern:
        look["pattern"], look["patternInk"] = info.pattern, info.pattern_ink
    if info.mark:
        look["mark"] = info.mark
    if info.low is not None or info.high is not None:
        look["low"], look["high"] = info.low, info.high
    return look


def _field_payload(field: Field, paint: AreaPaint) -> dict[str, object]:
    """A field as the script reads it: whole numbers where that is exact enough, texts by number."""
    if field.kind == "text":
        words: dict[str, int] = {}
        places = [
            None if value is None else words.setdefault(str(value), len(words))
            for value in field.values
        ]
        return {"label": field.label, "kind": "text", "words": list(words), "values": places}
    # Rates travel as whole thousandths, money and counts as whole numbers.
    factor = {"percent": 1000, "points": 1000, "decimal": 10}.get(field.kind, 1)
    numbers = pd.Series(field.values, dtype="Float64").to_numpy(dtype=float, na_value=np.nan)
    if not field.public:
        hidden = [info.key == "hidden" for info in paint.scale]
        numbers = np.where([hidden[index] for index in paint.classes], np.nan, numbers)
    scaled = np.round(numbers * factor)
    whole: list[int | None] = np.nan_to_num(scaled).astype(np.int64).tolist()
    for index in np.flatnonzero(np.isnan(scaled)):
        whole[index] = None
    return {"label": field.label, "kind": field.kind, "values": whole}


def _as_script(payload: Mapping[str, object]) -> str:
    """JSON that is safe in a script and in folium's templates, whatever a name contains."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # In the structure a brace is never followed by one of these: only inside a text.
    for sign in ("{", "%", "#"):
        text = text.replace("{" + sign, "\\u007b" + ("\\u007b" if sign == "{" else sign))
    return text.replace("</", "<\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
