"""Chosen views as something to take along: one file of any form, or all of them in a ZIP."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario
from jambi_dash.exports.shapes import Shapes
from jambi_dash.exports.theme import Theme, load_theme
from jambi_dash.exports.views import MapView, Origin, ReconciliationError, coverage_view
from jambi_dash.geography.levels import BaseKind
from jambi_dash.queries.door import Door

Form = Literal[
    "pptx", "png", "pdf", "svg", "html", "xlsx", "csv", "geojson", "gpkg", "atlas", "zip"
]
Progress = Callable[[float, str], None]
"""Told how much is done (0 to 1) and what comes next."""

EACH: tuple[Form, ...] = ("png", "svg", "csv", "geojson", "gpkg")
"""Forms that hold one view: of several views they are several files, in a ZIP."""
DRAWN: tuple[Form, ...] = ("png", "svg", "pdf")
"""Forms that have a size of paper."""
MIMES = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "html": "text/html",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Item:
    """A view with the shapes that it is drawn on, and its scenario where it shows one.

    `scenario` is `None` too for one of another release than the order's.
    """

    view: MapView
    shapes: Shapes
    scenario: Scenario | None = None


@dataclass(frozen=True)
class Order:
    """What is to be made, and from what.

    `door` is the release of deck and atlas; `size` (`slide`, `a4`, `a3`) and `dpi` (`None`: as the
    size has it) are those of drawn forms; `title` heads a file of several views; `full`: slides
    are a whole deck, with headline, ranking, rollout, expansion, budget and definitions;
    `base` and `kecamatan` (code or name) are those of the atlas, `template` is the office's own
    presentation that slides are put into.
    """

    home: Path
    door: Door
    items: tuple[Item, ...]
    public: bool
    size: str = "slide"
    dpi: int | None = None
    title: str = ""
    full: bool = False
    base: BaseKind | None = None
    kecamatan: str | None = None
    template: bytes | None = None

    @property
    def theme(self) -> Theme:
        """The look of the office."""
        return load_theme(self.home)

    @property
    def origin(self) -> Origin:
        """Where the numbers are from."""
        return self.items[0].view.origin


@dataclass(frozen=True)
class File:
    """A finished file."""

    name: str
    content: bytes

    @property
    def mime(self) -> str:
        """Its media type."""
        return MIMES[self.name.rpartition(".")[2]]

    @property
    def sha256(self) -> str:
        """Its hash, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def quiet(share: float, words: str) -> None:
    """Progress that nobody watches."""


@contextmanager
def adding_up() -> Iterator[None]:
    """What does not add up inside is refused in a sentence: no file and no picture of it is made."""
    try:
        yield
    except ReconciliationError as error:
        raise Refusal(
            t("Berkas tidak dibuat karena angkanya tidak cocok: {error}. Periksa dengan perintah "
              "doctor.", error=error)
        ) from None  # fmt: skip


def take(order: Order, form: Form, progress: Progress = quiet) -> File:
    """The chosen views in one form.

    Raises:
        Refusal: nothing was chosen, numbers do not add up, or a view cannot be had in this form.
    """
    with adding_up():
        return _taken(order, form, progress)


def _taken(order: Order, form: Form, progress: Progress) -> File:
    if not order.items and form != "atlas":
        raise Refusal(t("Belum ada tampilan yang dipilih; pilih satu atau lebih dahulu."))
    if form == "zip":
        return _zip(order, list(everything(order, progress)), "")
    if form in EACH:
        files = list(_each(order, form, progress))
        if len(files) > 1:
            return _zip(order, files, form)
        return File(
            _name(order.origin, file_names([order.items[0].view])[0], form), files[0].content
        )
    progress(0.0, words_of(form))
    return together(order, form, progress)


def everything(order: Order, progress: Progress = quiet) -> Iterator[File]:
    """Every form of the chosen views, but the atlas; names have a folder for each form."""
    steps: list[Form] = ["pptx", "html", "xlsx", "pdf", *EACH]
    for place, form in enumerate(steps):
        start, span = place / len(steps), 1 / len(steps)

        def part(share: float, words: str, start: float = start, span: float = span) -> None:
            progress(start + share * span, words)

        if form in EACH:
            for file in _each(order, form, part):
                yield File(f"{form}/{file.name}", file.content)
        else:
            part(0.0, words_of(form))
            yield together(order, form, part)


def _each(order: Order, form: Form, progress: Progress) -> Iterator[File]:
    theme = order.theme
    names = file_names([item.view for item in order.items])
    for place, (item, name) in enumerate(zip(order.items, names, strict=True)):
        progress(place / len(order.items), f"{words_of(form)}: {item.view.title}")
        yield File(f"{name}.{form}", one_view(item, form, theme, order.size, order.dpi))


def one_view(
    item: Item, form: Form, theme: Theme, size: str = "slide", dpi: int | None = None
) -> bytes:
    """A view in a form that holds one view."""
    view, shapes = item.view, item.shapes
    if form in DRAWN:
        from jambi_dash.exports.map_drawing import draw_map

        return draw_map(view, shapes, format=form, size=size, dpi=dpi, theme=theme)  # type: ignore[arg-type]
    if form == "csv":
        from jambi_dash.exports.tables import table_csv

        return table_csv(view)
    if form == "html":
        from jambi_dash.exports.html_file import html_page

        return html_page([(view, shapes)], theme=theme)
    from jambi_dash.exports import geo_files

    return geo_files.gpkg(view, shapes) if form == "gpkg" else geo_files.geojson(view, shapes)


def together(order: Order, form: Form, progress: Progress) -> File:
    """A form that holds all views."""
    views = [item.view for item in order.items]
    if form == "xlsx":
        from jambi_dash.exports.tables import table_xlsx

        content = table_xlsx(views)
    elif form == "html":
        from jambi_dash.exports.html_file import html_page

        pairs = [(item.view, item.shapes) for item in order.items]
        content = html_page(pairs, theme=order.theme, title=order.title)
    elif form == "pdf":
        content = _pdf(order, progress)
    elif form == "atlas":
        content, origin = _atlas(order, progress)
        return File(_name(origin, "atlas", "pdf"), content)
    else:
        content = _deck(order, progress)
    single = len(views) == 1 and form != "pptx"
    return File(_name(order.origin, file_names(views)[0] if single else "", form), content)


def _pdf(order: Order, progress: Progress) -> bytes:
    """A page for each view."""
    pages = []
    for place, item in enumerate(order.items):
        progress(place / len(order.items), f"{words_of('pdf')}: {item.view.title}")
        pages.append(one_view(item, "pdf", order.theme, order.size, order.dpi))
    if len(pages) == 1:
        return pages[0]
    from pypdf import PdfWriter

    writer = PdfWriter()
    for page, item in zip(pages, order.items, strict=True):
        writer.append(BytesIO(page), outline_item=item.view.title)
    writer.add_metadata({"/Title": order.title or t("Bahan paparan"),
                         "/Subject": order.origin.line()})  # fmt: skip
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def _zip(order: Order, files: Sequence[File], kind: str) -> File:
    """Files in one archive, with the day of the data as theirs: the same files, the same bytes."""
    day = order.origin.as_of
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.content)
    return File(_name(order.origin, kind, "zip"), packed.getvalue())


def _name(origin: Origin, what: str, suffix: str) -> str:
    words = ["jamsostek-jambi", what or "paparan", origin.as_of.isoformat(),
             t("umum") if origin.public else t("internal")]  # fmt: skip
    return "-".join(filter(None, words)) + f".{suffix}"


def file_names(views: Sequence[MapView]) -> list[str]:
    """A name for each view, in the order of the list; a number tells equal ones apart."""
    ids = [view.id for view in views]
    if len(ids) == 1:
        return ids
    width = len(str(len(ids)))
    return [f"{place:0{max(width, 2)}d}-{name}" for place, name in enumerate(ids, start=1)]


def words_of(form: Form) -> str:
    """What is being done while a form is made."""
    words = {
        "pptx": t("menyusun slide"),
        "xlsx": t("menulis tabel Excel"),
        "csv": t("menulis CSV"),
        "html": t("menyusun halaman interaktif"),
        "atlas": t("menggambar atlas"),
        "geojson": t("menulis GeoJSON"),
        "gpkg": t("menulis GeoPackage"),
    }
    return words.get(form, t("menggambar peta"))


def _deck(order: Order, progress: Progress) -> bytes:
    """A slide for each view; with `full` the whole deck of the release around them."""
    if not order.full:
        return _slides(order, progress)
    from jambi_dash.exports.deck import MOST_SCENARIOS, DeckMap, DeckOptions, build_deck

    scenarios: list[Scenario] = []
    for item in order.items:
        if item.scenario is not None and item.scenario not in scenarios:
            scenarios.append(item.scenario)
    compared = scenarios if len(scenarios) <= MOST_SCENARIOS else []
    # The deck itself draws today's coverage, and of its scenarios what comes out.
    drawn = {"simulasi-sesudah", *(["simulasi-selisih"] if len(compared) == 1 else [])}
    usual = coverage_view(order.door, public=order.public)
    maps = [
        DeckMap(item.view, item.shapes.kind)
        for item in order.items
        if not (item.scenario in compared and item.view.id in drawn)
        and (item.view.id, item.view.filter) != (usual.id, usual.filter)
    ]
    progress(0.1, words_of("pptx"))
    return build_deck(
        order.door, order.home,
        DeckOptions(public=order.public, base=order.items[0].shapes.kind,
                    scenarios=tuple(compared), maps=tuple(maps), template=order.template),
    )  # fmt: skip


def _slides(order: Order, progress: Progress) -> bytes:
    from jambi_dash.exports.deck_slides import map_slide
    from jambi_dash.exports.slides import Deck

    deck = Deck(order.theme, order.origin, order.template)
    for place, item in enumerate(order.items):
        progress(place / len(order.items), f"{words_of('pptx')}: {item.view.title}")
        map_slide(deck, item.view, item.shapes)
    return deck.to_bytes(title=order.title or t("Bahan paparan"), subject=order.origin.line(),
                         of=order.origin.as_of)  # fmt: skip


def _atlas(order: Order, progress: Progress) -> tuple[bytes, Origin]:
    """A page for each kelurahan, of the whole city or of one kecamatan."""
    from jambi_dash.exports.atlas import make_atlas

    made = make_atlas(
        order.home, order.door, theme=order.theme, public=order.public, base=order.base,
        kecamatan=order.kecamatan,
        progress=lambda done, of: progress(
            done / of,
            t("menggambar atlas: lembar {n} dari {all}", n=formats.number(done),
              all=formats.number(of)),
        ),
    )  # fmt: skip
    return made.content, made.origin
