"""Commands that write files for presentations: export map, atlas; deck, table, site."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jambi_dash.cli import values
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

if TYPE_CHECKING:
    from jambi_dash.exports.shapes import Shapes
    from jambi_dash.exports.theme import Theme
    from jambi_dash.exports.views import MapView, Origin
    from jambi_dash.queries.door import Door

_LARGEST_TEMPLATE = 100 * 2**20
SHOWS = ("coverage", "difference", "rollout", "scenario")


def add_commands(kinds: Any) -> None:
    """Puts `map`, `atlas`, … under `export`."""
    chart = _kind(kinds, "map", export_map, t("peta satu tampilan: PNG, SVG, PDF"))
    add_view_options(chart)
    chart.add_argument("--size", choices=("slide", "a4", "a3"), default="slide")
    chart.add_argument("--dpi", type=values.positive, metavar="N")
    add_file_options(chart, "FILE")
    atlas = _kind(kinds, "atlas", export_atlas, t("PDF dengan satu halaman tiap kelurahan"))
    atlas.add_argument("--kecamatan", metavar="CODE|NAME", help=t("hanya kecamatan ini"))
    atlas.add_argument("--base", choices=("cartogram", "true"))
    add_file_options(atlas, "FILE.pdf")
    _add_deck(kinds)
    table = _kind(kinds, "table", export_table, t("tabel satu tampilan: XLSX, CSV"))
    add_view_options(table, drawn=False)
    add_file_options(table, "FILE")
    plain = _kind(kinds, "parquet", export_parquet,
                  t("semua tabel rilis sebagai Parquet, untuk mesin lain; hanya internal"))  # fmt: skip
    add_file_options(plain, "FOLDER")
    site = _kind(kinds, "site", export_site, t("semuanya dalam satu folder dengan halaman daftar"))
    site.add_argument("--base", choices=("cartogram", "true"))
    site.add_argument("--no-atlas", dest="atlas", action="store_false",
                      help=t("tanpa atlas, yang memakan lebih dari separuh waktu"))  # fmt: skip
    add_file_options(site, "FOLDER")


def _add_deck(kinds: Any) -> None:
    deck = _kind(kinds, "deck", export_deck, t("slide PPTX dengan peta dan grafik asli"))
    deck.add_argument("--by", choices=("kecamatan", "kelurahan"), default="kelurahan")
    deck.add_argument("--cohort", metavar="ID")
    deck.add_argument("--at", type=values.month, metavar="YYYY-MM")
    deck.add_argument("--denominator", metavar="ID")
    deck.add_argument("--scenario", type=Path, action="append", default=[], metavar="FILE.toml",
                      help=t("dapat diulang sampai tiga kali, untuk dibandingkan"))  # fmt: skip
    deck.add_argument("--template", type=Path, metavar="FILE.pptx",
                      help=t("presentasi kantor yang ukuran dan tata letaknya dipakai"))  # fmt: skip
    deck.add_argument("--base", choices=("cartogram", "true"))
    add_file_options(deck, "FILE.pptx")


def _kind(kinds: Any, name: str, run: Callable[[argparse.Namespace], Any], text: str) -> Any:
    made = kinds.add_parser(name, help=text, description=text)
    made.set_defaults(run=run)
    return made


def add_view_options(parser: argparse.ArgumentParser, *, drawn: bool = True) -> None:
    """The options that choose a view; `chosen_view` reads them. `drawn`: it becomes a map."""
    from jambi_dash.domain.areas import LEVELS, SEVERAL

    levels = [level for level in LEVELS if level != "city" or SEVERAL]
    parser.add_argument("--by", choices=levels, default="kelurahan")
    parser.add_argument("--show", choices=SHOWS, default="coverage")
    parser.add_argument("--cohort", metavar="ID")
    parser.add_argument("--at", type=values.month, metavar="YYYY-MM")
    parser.add_argument("--before", type=values.month, metavar="YYYY-MM",
                        help=t("bulan pembanding untuk --show difference"))  # fmt: skip
    parser.add_argument("--denominator", metavar="ID")
    parser.add_argument("--scenario", type=Path, metavar="FILE.toml")
    parser.add_argument("--scenario-show", choices=("before", "after", "difference"),
                        default="after")  # fmt: skip
    if drawn:
        parser.add_argument("--base", choices=("cartogram", "true"))


def add_file_options(parser: argparse.ArgumentParser, metavar: str) -> None:
    """Where the file goes and who may see it: internal unless `--public`."""
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--public", action="store_true", help=t("angka kecil disembunyikan"))
    who.add_argument("--internal", dest="public", action="store_false")
    parser.add_argument("--out", required=True, type=Path, metavar=metavar)


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Door]:
    """The current release, if it is sound; numbers that do not add up are refused."""
    from jambi_dash.domain.coverage import ReconciliationError
    from jambi_dash.queries.door import Door
    from jambi_dash.releases.store import Store

    store = Store(options.home)
    record = store.require_sound()
    try:
        with Door(store.path_of(record.release)) as door:
            yield door
    except ReconciliationError as error:
        raise Refusal(
            t("Berkas tidak dibuat karena angkanya tidak cocok: {error}. Periksa dengan perintah "
              "doctor.", error=error)
        ) from None  # fmt: skip


def chosen_view(options: argparse.Namespace, door: Door) -> MapView:
    """The view that the options of `add_view_options` ask for.

    Raises:
        Refusal: options that do not go together, or a question that the release cannot answer.
    """
    from jambi_dash.exports import views

    _check_together(options)
    if options.show == "rollout":
        return views.rollout_view(door, level=options.by, at=_day_of(options, door),
                                  public=options.public)  # fmt: skip
    if options.show == "scenario":
        from jambi_dash.domain.scenario import load_table, read_scenario
        from jambi_dash.domain.simulation import simulate
        from jambi_dash.queries.expansion import baseline

        raw = load_table(options.scenario) if options.scenario else {}
        scenario = read_scenario({**raw, "by": options.by})
        if options.public and options.by == "rt":
            raise Refusal(
                t("Angka per RT tidak pernah untuk umum; pilih tingkat kelurahan, atau tanpa "
                  "--public.")
            )  # fmt: skip
        base = baseline(door, scenario.by, public=options.public)
        return views.scenario_view(door, simulate(base, scenario),
                                   show=options.scenario_show, public=options.public)  # fmt: skip
    asked = {"level": options.by, "cohort": options.cohort, "at": options.at,
             "denominator": options.denominator, "public": options.public}  # fmt: skip
    if options.show == "difference":
        if options.before is None:
            raise Refusal(t("Sebutkan bulan pembandingnya dengan --before YYYY-MM."))
        return views.difference_view(door, before=options.before, **asked)
    return views.coverage_view(door, **asked)


def _check_together(options: argparse.Namespace) -> None:
    """An option that would be left aside without a word is refused."""
    for flag, value, shows in (
        ("--before", options.before, ("difference",)),
        ("--scenario", options.scenario, ("scenario",)),
        ("--cohort", options.cohort, ("coverage", "difference")),
        ("--denominator", options.denominator, ("coverage", "difference")),
        ("--at", options.at, ("coverage", "difference", "rollout")),
    ):
        if value is not None and options.show not in shows:
            raise Refusal(
                t("{flag} tidak berlaku untuk --show {show}.", flag=flag, show=options.show)
            )
    if options.show == "scenario" and options.by in ("city", "kecamatan"):
        raise Refusal(t("Skenario dihitung per kelurahan atau RT; pilih --by kelurahan atau rt."))


def _day_of(options: argparse.Namespace, door: Door) -> Any:
    """The last day of the month that was asked for, but not after the date of the data in it."""
    if options.at is None:
        return None
    from datetime import date

    from jambi_dash.queries.coverage import meta_of

    last = options.at.last_day()
    as_of = date.fromisoformat(meta_of(door)["as_of"])
    return min(last, as_of) if options.at.first_day() <= as_of else last


@dataclass(frozen=True)
class MapJob:
    """All that a map file is made from; `suffix` is that of the file, small letters."""

    view: MapView
    shapes: Shapes
    theme: Theme
    suffix: str
    size: str
    dpi: int | None


def _drawn(job: MapJob) -> bytes:
    if job.dpi is not None and job.suffix != ".png":
        raise Refusal(t("--dpi hanya untuk PNG; {suffix} adalah vektor.", suffix=job.suffix))
    from jambi_dash.exports.map_drawing import draw_map
    from jambi_dash.exports.sheet import FORMATS

    form = next(form for form in FORMATS if f".{form}" == job.suffix)
    return draw_map(job.view, job.shapes, format=form, size=job.size, dpi=job.dpi,
                    theme=job.theme)  # fmt: skip


def _geojson(job: MapJob) -> bytes:
    from jambi_dash.exports.geo_files import geojson

    return geojson(job.view, job.shapes)


def _html(job: MapJob) -> bytes:
    from jambi_dash.exports.html_file import html_page

    return html_page([(job.view, job.shapes)], theme=job.theme)


def _gpkg(job: MapJob) -> bytes:
    from jambi_dash.exports.geo_files import gpkg

    return gpkg(job.view, job.shapes)


MAP_WRITERS: dict[str, Callable[[MapJob], bytes]] = {
    ".png": _drawn,
    ".svg": _drawn,
    ".pdf": _drawn,
    ".html": _html,
    ".geojson": _geojson,
    ".gpkg": _gpkg,
}
"""Who makes the bytes of a map file, by its suffix. A new form is one line here."""


def check_suffix(path: Path, known: Any) -> str:
    """The suffix in small letters; refused with the known ones where it is none of them."""
    suffix = path.suffix.lower()
    if suffix not in known:
        raise Refusal(
            t("Akhiran berkas {out} tidak dikenal; yang ada: {known}.",
              out=path.name, known=", ".join(known))
        )  # fmt: skip
    return suffix


def export_map(options: argparse.Namespace) -> dict[str, Any]:
    """`export map [--by] [--show] … --out FILE`: one view as one file."""
    from jambi_dash.exports.files import check_target, write_whole
    from jambi_dash.exports.shapes import shapes_for
    from jambi_dash.exports.theme import load_theme

    suffix = check_suffix(options.out, MAP_WRITERS)
    check_target(options.out)
    with opened(options) as door:
        view = chosen_view(options, door)
        shapes = shapes_for(options.home, door, view.level, options.base)
    job = MapJob(view, shapes, load_theme(options.home), suffix, options.size, options.dpi)
    size = write_whole(options.out, MAP_WRITERS[suffix](job))
    return answer(options, size, view.origin, dict(view.filter))


def export_deck(options: argparse.Namespace) -> dict[str, Any]:
    """`export deck [--scenario …] [--template …] … --out FILE.pptx`: the slides of a meeting."""
    from jambi_dash.domain.scenario import load_table, read_scenario
    from jambi_dash.exports.deck import DeckOptions, made_deck
    from jambi_dash.exports.deck_slides import scenario_name
    from jambi_dash.exports.files import check_target, write_whole

    check_suffix(options.out, (".pptx",))
    check_target(options.out)
    asked = DeckOptions(
        level=options.by, cohort=options.cohort, at=options.at, denominator=options.denominator,
        public=options.public, base=options.base,
        scenarios=tuple(read_scenario(load_table(path)) for path in options.scenario),
        template=_template(options.template) if options.template else None,
    )  # fmt: skip
    with opened(options) as door:
        content, deck, numbers = made_deck(door, options.home, asked)
    size = write_whole(options.out, content)
    chosen = dict(numbers.view.filter)
    for place, found in enumerate(numbers.simulations if asked.scenarios else ()):
        chosen[t("Skenario {n}", n=place + 1)] = scenario_name(found, place)
    said = answer(options, size, numbers.view.origin, chosen)
    return {**said, "slides": len(deck)}


def _template(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_TEMPLATE:
            raise Refusal(t("Templat {name} lebih besar dari {n} MB.", name=path.name,
                            n=_LARGEST_TEMPLATE // 2**20))  # fmt: skip
        return path.read_bytes()
    except OSError:
        raise Refusal(t("Templat {name} tidak dapat dibaca.", name=path.name)) from None


def export_table(options: argparse.Namespace) -> dict[str, Any]:
    """`export table [--by] [--show] … --out FILE.xlsx|csv`: the numbers of one view."""
    from jambi_dash.exports.files import check_target, write_whole
    from jambi_dash.exports.tables import table_csv, table_xlsx

    suffix = check_suffix(options.out, (".xlsx", ".csv"))
    check_target(options.out)
    with opened(options) as door:
        view = chosen_view(options, door)
    content = table_xlsx([view]) if suffix == ".xlsx" else table_csv(view)
    size = write_whole(options.out, content)
    return answer(options, size, view.origin, dict(view.filter))


def export_parquet(options: argparse.Namespace) -> dict[str, Any]:
    """`export parquet --out FOLDER`: every table of the release, never for the public."""
    from jambi_dash.domain import formats
    from jambi_dash.exports.parquet_folder import write_parquet
    from jambi_dash.queries.coverage import meta_of
    from jambi_dash.releases.audit import AuditLog

    if options.public:
        raise Refusal(
            t("Tabel utuh tidak pernah untuk umum; tanpa --public, atau pakai export table.")
        )
    with opened(options) as door:
        release = meta_of(door)["release"]
        counts = write_parquet(door, options.out)
    size = sum(file.stat().st_size for file in options.out.iterdir())
    AuditLog(options.home).note(
        "export", kind=options.kind, form="parquet", release=release, public=False, bytes=size
    )
    if not options.as_json:
        print(t("{n} tabel rilis {release} ditulis ke {out}; salinan internal.",
                n=formats.number(len(counts)), release=release, out=options.out))  # fmt: skip
    return {"file": str(options.out), "bytes": size, "release": release, "tables": counts}


def export_atlas(options: argparse.Namespace) -> dict[str, Any]:
    """`export atlas [--kecamatan CODE|NAME] --out FILE.pdf`: a page for every kelurahan."""
    import sys

    from jambi_dash.exports.atlas import make_atlas
    from jambi_dash.exports.files import check_target, write_whole
    from jambi_dash.exports.theme import load_theme

    check_suffix(options.out, (".pdf",))
    check_target(options.out)

    def tell(done: int, total: int) -> None:
        if done % 10 == 0 or done == total:
            print(t("{done} dari {total} halaman", done=done, total=total), file=sys.stderr)

    with opened(options) as door:
        atlas = make_atlas(
            options.home, door, theme=load_theme(options.home), public=options.public,
            kecamatan=options.kecamatan, base=options.base, progress=tell,
        )  # fmt: skip
    size = write_whole(options.out, atlas.content)
    said = answer(options, size, atlas.origin, dict(atlas.filter))
    return {**said, "pages": atlas.pages}


def export_site(options: argparse.Namespace) -> dict[str, Any]:
    """`export site [--base] --out FOLDER`: everything, with a page that lists it."""
    from jambi_dash.domain import formats
    from jambi_dash.exports.site import INDEX, check_folder, write_site

    # Before anything is read: the work takes half a minute.
    check_folder(options.out)

    def say(share: float, words: str) -> None:
        print(f"[{formats.percent(share, 0):>4}] {words}", file=sys.stderr)

    with opened(options) as door:
        site = write_site(options.out, options.home, door, public=options.public,
                          base=options.base, atlas=options.atlas, progress=say)  # fmt: skip
    size = sum(len(file.content) for file in site.files)
    if not options.as_json:
        print(t("{out} ditulis: {n} berkas, {size} MB; {origin}. Buka {index}.", out=options.out,
                n=formats.number(len(site.files)), size=formats.number(size / 1e6, 1),
                origin=site.origin.line(), index=options.out / INDEX))  # fmt: skip
        if site.origin.mark():
            print(site.origin.mark())
    return {
        "folder": str(options.out),
        "files": [
            {"file": file.name, "bytes": len(file.content), "sha256": file.sha256}
            for file in site.files
        ],
        "release": site.origin.release,
        "public": site.origin.public,
        "synthetic": site.origin.synthetic,
    }


def answer(
    options: argparse.Namespace, size: int, origin: Origin, chosen: dict[str, str]
) -> dict[str, Any]:
    """What a command says of the file that it wrote (bytes, release, who may see it, filter).

    The log gets a line; a log that fails is told and costs nobody the file.
    """
    from jambi_dash.domain import formats
    from jambi_dash.releases.audit import AuditLog

    AuditLog(options.home).note(
        "export", kind=options.kind, form=options.out.suffix.lower()[1:], release=origin.release,
        public=origin.public, bytes=size,
    )  # fmt: skip
    if not options.as_json:
        print(t("{out} ditulis, {size} kB; {origin}.", out=options.out,
                size=formats.number(max(1, round(size / 1000))), origin=origin.line()))  # fmt: skip
        if origin.mark():
            print(origin.mark())
    return {
        "file": str(options.out),
        "bytes": size,
        "release": origin.release,
        "public": origin.public,
        "synthetic": origin.synthetic,
        "filter": chosen,
    }
