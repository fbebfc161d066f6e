"""Spoilt files for everything that reads what others wrote, each in a process with bounds.

A reader may take a file or raise `Refusal`; anything else is a finding: another exception, a dead
process, more than `MOST_SECONDS` of processor time, more than `MOST_MB` of memory, a sentence that
is too long or names a person, a store that is not as it was.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import resource
import shutil
import signal
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from uuid import UUID

from boundary_samples import invented_city, write_geojson, zip_shapefile
from messy import write_csv
from workbooks import (
    SheetToWrite,
    sheet_xml,
    text_row,
    write_ods,
    write_parts,
    write_xlsx,
    xlsx_parts,
)

from jambi_dash.domain import scenario_link
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import read_roles
from jambi_dash.domain.scenario import load_table, read_scenario
from jambi_dash.exports import picks, slides
from jambi_dash.exports.theme import load_theme
from jambi_dash.geography import boundaries
from jambi_dash.intake import mapping_shelf
from jambi_dash.intake.checks import check_files
from jambi_dash.intake.examples import find_examples
from jambi_dash.intake.headers import Mapping, read_mapping
from jambi_dash.intake.outlook import dates_in_titles, outlook_of
from jambi_dash.intake.publishing import publish
from jambi_dash.intake.unmatched import unmatched_sheets
from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.reviews import Reviews
from jambi_dash.releases.scenarios import ScenarioShelf
from jambi_dash.releases.store import Store

MOST_SECONDS = 10
MOST_MB = 1024
_PATIENCE = 90
"""Seconds by the clock: other work shares the processors."""
AS_OF = date(2025, 12, 31)
SECRET_NIK, SECRET_NAME = "1571040101850001", "Zulkarnain Qomaruddin"

ROSTER = [
    ["NIK", "Nama Lengkap", "Tgl. Lahir", "L/P", "Pekerjaan", "Kec.", "Kelurahan", "No RT", "Status",
     "Bulan Mulai", "Penghasilan"],
    [SECRET_NIK, SECRET_NAME, "01/01/1985", "L", "Buruh", "Jambi Selatan", "Thehok", "1", "aktif",
     "2025-06", "1.500.000"],
    ["1571040101850002", "Ani", "1/1/85", "P", "Ojek", "Jelutung", "Kasang", "RT 2", "diusulkan",
     "Juni 2025", "Rp 900.000"],
    ["", "Rina", "", "", "", "", "", "022/00", "", "06/2025", ""],
    ["1571040101850003", "=HYPERLINK(1)", "31/02/1990", "x", "<b>", "Pasar", "Legok", "x", "?", "13/2025", "-1"],
]  # fmt: skip
RTS = [["Kelurahan", "RT", "Jumlah KK", "Perkiraan Pekerja Rentan", "Percontohan"],
       ["Thehok", "1", "40", "10", "ya"], ["Kasang", "2", "50", "12", "tidak"]]  # fmt: skip
STEPS = [["Kelurahan", "RT", "Tahap", "Tanggal", "Nilai Kegiatan", "Jakon dibayar"],
         ["Thehok", "1", "musyawarah", "22 Mei 2025", "100.000.000", "604.000"]]  # fmt: skip
CLAIMS = [
    ["Program", "Tanggal", "Nilai", "Kelurahan"],
    ["JKM", "22/05/2025", "42.000.000", "Kasang"],
]
BPJS = [["NIK", "Status Kepesertaan", "Bulan"], [SECRET_NIK, "aktif", "2025-12"],
        ["1571040101850002", "nonaktif", "2025-11"]]  # fmt: skip


# Readers


def _import(path: Path, home: Path) -> None:
    """As the page does it: check, examples, outlook; and then the release."""
    store = Store(home)
    try:
        prepared = check_files(store, [path], as_of=AS_OF, sender="fuzz")
    except Refusal:
        with contextlib.suppress(Refusal):  # the page offers a mapping
            unmatched_sheets([path], Mapping())
        raise
    with prepared:
        find_examples(prepared)
        outlook_of(prepared)
        dates_in_titles(prepared)
        json.dumps(prepared.report.to_json())
        record = publish(prepared)
    assert store.verify(record)


def _home_file(name: str, read: Callable[[Path], object]) -> Callable[[Path, Path], None]:
    def reader(path: Path, home: Path) -> None:
        place = home / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
        read(home)

    return reader


def _read_log(home: Path) -> None:
    log = AuditLog(home)
    assert log.path.is_file()  # else nothing at all is tried
    log.entries()
    log.verify()


def _pick(path: Path, _home: Path) -> None:
    text = path.read_bytes().decode("utf-8", errors="replace")
    for pick in picks.read_list(text)[0]:
        assert picks.read_pick(pick.text()) == pick
        if pick.kind == "scenario":
            picks.scenario_of(pick)


READERS: dict[str, Callable[[Path, Path], None]] = {
    "xlsx": _import,
    "ods": _import,
    "csv": _import,
    "mapping": lambda path, _: void(read_mapping(path)),
    "scenario": lambda path, _: void(read_scenario(load_table(path))),
    "link": lambda path, _: void(
        scenario_link.decode(path.read_bytes().decode("utf-8", errors="replace"))
    ),
    "picks": _pick,
    "geojson": lambda path, home: void(boundaries.install(home, path)),
    "shp": lambda path, home: void(boundaries.install(home, path)),
    "gpkg": lambda path, home: void(boundaries.install(home, path)),
    "roles": lambda path, _: void(read_roles(path.read_bytes().decode("utf-8", errors="replace"))),
    "template": lambda path, _: void(slides._emptied(path.read_bytes())),
    "theme": _home_file("theme.toml", load_theme),
    "saved scenario": _home_file(
        "scenarios/20260101-000000-abcd.json", lambda home: ScenarioShelf(home).list()
    ),
    "decisions": _home_file("reviews/decisions.json", lambda home: Reviews(home).read()),
    "remembered": _home_file(
        "mappings/20260101-000000-abcd.toml", lambda h: mapping_shelf.MappingShelf(h).list()
    ),
    "journal": _home_file("journal.jsonl", lambda home: Store(home).history()),
    "log": _home_file("log/log.jsonl", _read_log),
}
SUFFIX = {"mapping": ".toml", "scenario": ".toml", "shp": ".zip", "template": ".pptx"}


def void(_: object) -> None:
    """A reader's answer does not matter here."""


# Seeds


@cache
def _seed_folder() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix="fuzz-seeds-"))


@cache
def seeds(kind: str) -> tuple[bytes, ...]:
    """Sound files of a kind."""
    folder = _seed_folder()
    if kind == "xlsx":
        sheets = [SheetToWrite("Peserta", ROSTER, titles=("DAFTAR PESERTA", "Kelurahan Thehok")),
                  SheetToWrite("RT", RTS), SheetToWrite("KB", STEPS), SheetToWrite("S", CLAIMS)]  # fmt: skip
        rows = "".join(text_row(n, cells) for n, cells in enumerate(ROSTER, start=1))
        return (
            write_xlsx(folder / "a.xlsx", *sheets).read_bytes(),
            write_xlsx(folder / "b.xlsx", SheetToWrite("BPJS", BPJS)).read_bytes(),
            write_parts(folder / "c.xlsx", xlsx_parts(sheet_xml(rows))).read_bytes(),
        )
    if kind == "ods":
        return (
            write_ods(folder / "a.ods", SheetToWrite("P", ROSTER), SheetToWrite("R", RTS)).read_bytes(),
            write_ods(folder / "b.ods", SheetToWrite("B", BPJS)).read_bytes(),
        )  # fmt: skip
    if kind == "csv":
        found = []
        for rows in (ROSTER, RTS, STEPS, CLAIMS, BPJS):
            text = write_csv(folder / "a.csv", rows).read_bytes().decode("utf-8")
            found += [text.encode("utf-8"), text.replace(",", ";").encode("utf-16")]
        return tuple(found)
    if kind in ("geojson", "shp", "gpkg"):
        return tuple(_boundary_seeds(kind, folder))
    return tuple(text.encode("utf-8") for text in _TEXT_SEEDS[kind]()) if kind != "template" else (
        _presentation(),
    )  # fmt: skip


def _presentation() -> bytes:
    from pptx import Presentation

    file = io.BytesIO()
    made = Presentation()
    made.slides.add_slide(made.slide_layouts[0])
    made.save(file)
    return file.getvalue()


def _boundary_seeds(kind: str, folder: Path) -> list[bytes]:
    table = invented_city()
    if kind == "geojson":
        return [write_geojson(table, folder / "s.geojson").read_bytes()]
    if kind == "shp":
        return [zip_shapefile(table, folder / "s.zip").read_bytes()]
    table.to_file(folder / "s.gpkg", driver="GPKG")
    return [(folder / "s.gpkg").read_bytes()]


_SCENARIO = """name = "Rapat"
workers = 15000
budget = 604000000
rule = "merata"
year = 2026
start_month = 3
turnover = 0.1
[floors]
"15.71.08.1004" = 10
[[funds]]
id = "apbd"
cap = 1000000
[[tranches]]
start_month = 3
places = 100
"""


def _links() -> list[str]:
    link = scenario_link.encode(
        read_scenario({"workers": 9000, "rule": "merata"}), "20260101-000000-abcd"
    )
    return [link]


_TEXT_SEEDS: dict[str, Callable[[], list[str]]] = {
    "mapping": lambda: ['"No KTP" = "nik"\n[peserta]\n"Nama Warga" = "nama"\n"X" = "-"\n'],
    "scenario": lambda: [_SCENARIO],
    "link": _links,
    "picks": lambda: [
        "cakupan.kelurahan.m2025-06~perubahan.kecamatan.b2025-06~kampung.rt.d2025-12-31~simulasi."
        f"kelurahan.tafter.s{_links()[0]}"
    ],
    "roles": lambda: [
        'default = "penonton"\nsession_hours = 8\n[[people]]\nemail = "a@b.id"\nrole = "perencana"\n'
        'areas = ["15.71.08"]\n[[people]]\nclaim = "sub"\nvalue = "x"\nrole = "petugas_data"\n'
    ],
    "theme": lambda: ['organisation = "Disnaker"\naccent = "#0b5c7a"\nfont = "DejaVu Sans"\n'],
    "saved scenario": lambda: ['{"id": "20260101-000000-abcd", "name": "a", "revision": 1}'],
    "decisions": lambda: [
        json.dumps({
            "pairs": [{"kept": str(UUID(int=1)), "other": str(UUID(int=2)), "same": True}],
            "splits": [{"parent": "15.71.08.1004", "rt_from": 1, "rt_to": 9, "code": "15.71.08.1004"}],
        })
    ],
    "remembered": lambda: [
        'sender = "a"\nfingerprint = "b"\nsaved = "c"\n[peserta]\n"x" = "nik"\n'
    ],
    "journal": lambda: ['{"release": "20260101-000000-abcd", "as_of": "2025-12-31", "counts": {}}\n'],
    "log": lambda: ['{"seq": 1, "time": "x", "role": "x", "who": "", "deed": "x", "facts": {}, '
                    '"prev": "", "seal": "x"}\n'],
}  # fmt: skip


# Ways to spoil a file

_NASTY = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1a", b'"', b"'", b"=", b"<", b">", b"&", b";", b",",
    b"\r", b"\n", b"]]>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"&#0;", b"&#x110000;",
    b"9" * 400, b"-1", b"1e308", b"NaN", b"1,57107E+15", b"\xed\xa0\x80", b"\xf0\x9f\x92\xa9",
    b"A" * 70_000, b"[" * 3000, b"{" * 3000, b'{"a":' * 3000, b".a" * 3000, b"<a>" * 3000,
    b"9999999999", b"XFD1048576", b"../../etc/passwd", b"=cmd|' /C calc'!A0", b"\xe2\x80\xae",
    b"0001-01-01", b"9999-12-31", b"31/12/9999", b"00/00/0000", b"2147483648", b"18446744073709551616",
)  # fmt: skip


def spoil_bytes(raw: bytes, random: Random) -> bytes:
    """Some bytes flipped, cut, doubled, exchanged for awkward ones."""
    data = bytearray(raw)
    for _ in range(random.choice((1, 1, 2, 4, 16))):
        at = random.randrange(len(data) + 1)
        deed = random.randrange(7)
        if deed == 0 and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        elif deed == 1 and at < len(data):
            data[at] = random.randrange(256)
        elif deed == 2:
            data[at : at + random.choice((0, 1, 8, 64))] = random.choice(_NASTY)
        elif deed == 3:
            del data[at : at + random.choice((1, 4, 100, 10_000))]
        elif deed == 4:
            data = data[:at]
        elif deed == 5:
            data[at:at] = data[at : at + random.choice((1, 10, 1000))] * random.choice((1, 2, 50))
        else:
            other = random.randrange(len(data) + 1)
            data[at : at + 20] = data[other : other + 20]
    return bytes(data)


def spoil_text(raw: bytes, random: Random) -> bytes:
    """A text with its words, numbers and lines changed, or in another encoding."""
    deed = random.randrange(6)
    if deed == 0:
        wide = random.choice(
            ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1252", "cp037")
        )
        return raw.decode("utf-8", errors="replace").encode(wide, errors="replace")
    if deed <= 2:
        words = list(re.finditer(rb"[\w.:/-]+", raw))
        if words:
            word = random.choice(words)
            other = random.choice((*_NASTY, random.choice(words).group()))
            return raw[: word.start()] + other + raw[word.end() :]
    if deed == 3:
        lines = raw.splitlines(keepends=True)
        random.shuffle(lines)
        return b"".join(lines)
    if deed == 4:
        lines = raw.splitlines(keepends=True) or [b""]
        lines.insert(
            random.randrange(len(lines) + 1), random.choice(lines) * random.choice((2, 500))
        )
        return b"".join(lines)
    return spoil_bytes(raw, random)


_TAG = re.compile(rb"<[^<>]{1,300}>")
_ATTRIBUTE = re.compile(rb'(\s[\w:]+=")([^"]*)(")')


def spoil_xml(raw: bytes, random: Random) -> bytes:
    """Tags and attributes of an XML part left out, doubled, nested, filled with awkward values."""
    deed = random.randrange(6)
    tags = list(_TAG.finditer(raw))
    if deed <= 1:
        attributes = list(_ATTRIBUTE.finditer(raw))
        if attributes:
            chosen = random.choice(attributes)
            value = random.choice((*_NASTY, random.choice(attributes).group(2)))
            return raw[: chosen.start(2)] + value + raw[chosen.end(2) :]
    if tags and deed == 2:
        tag = random.choice(tags)
        return raw[: tag.start()] + raw[tag.end() :]
    if tags and deed == 3:
        tag = random.choice(tags)
        return raw[: tag.start()] + tag.group() * random.choice((2, 300, 5000)) + raw[tag.end() :]
    if tags and deed == 4:
        one, other = sorted(random.sample(range(len(tags)), 2)) if len(tags) > 1 else (0, 0)
        piece = raw[tags[one].start() : tags[other].end()]
        return raw[: tags[one].start()] + piece * random.choice((2, 3)) + raw[tags[one].end() :]
    return spoil_text(raw, random)


def _weight(name: str) -> int:
    """The parts that hold the data are chosen more often than the others."""
    holds_data = ("sheet", "content.xml", ".shp", ".dbf", ".shx", "presentation.xml")
    return 7 if any(word in name for word in holds_data) else 1


def spoil_archive(raw: bytes, random: Random) -> bytes:
    """An archive whose parts are spoilt inside a sound ZIP, or whose ZIP is spoilt itself."""
    if random.random() < 0.3:
        return spoil_bytes(raw, random)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as given:
        parts = [(info.filename, given.read(info)) for info in given.infolist()]
    for _ in range(random.choice((1, 1, 2, 3))):
        [at] = random.choices(range(len(parts)), [_weight(name) for name, _ in parts])
        name, content = parts[at]
        is_xml = content.lstrip()[:1] == b"<"
        deed = random.random()
        if deed < 0.8:
            parts[at] = (name, (spoil_xml if is_xml else spoil_bytes)(content, random))
        elif deed < 0.85:
            parts[at] = (
                random.choice((name.upper(), "../" + name, "/" + name, name + "/x", "é" + name)),
                content,
            )
        elif deed < 0.9:
            parts.append((name, content))
        elif deed < 0.95 and len(parts) > 1:
            del parts[at]
        else:
            parts[at] = (name, content + b" " * random.choice((10, 10**6, 10**8)))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a name that is there already is meant
                archive.writestr(name, content)
    return made.getvalue()


def spoilt(kind: str, random: Random) -> bytes:
    """A file of a kind, spoilt; now and then one that is nothing but noise."""
    if random.random() < 0.02:
        return random.randbytes(random.choice((1, 10, 5000)))
    raw = random.choice(seeds(kind))
    if kind in ("xlsx", "ods", "shp", "template"):
        return spoil_archive(raw, random)
    if kind == "gpkg":
        return spoil_bytes(raw, random)
    return spoil_text(raw, random)


# Running


@dataclass(frozen=True)
class Outcome:
    """What became of a file: `taken`, `refused`, or a finding in words."""

    kind: str
    words: str
    seconds: float
    mb: int

    @property
    def is_finding(self) -> bool:
        """Whether it is neither taken nor refused."""
        return self.words not in ("taken", "refused")


def make_home(folder: Path) -> Path:
    """A store with a small release; each case works on a copy of it."""
    home = folder / "home"
    path = write_csv(folder / "first.csv", ROSTER[:3])
    with check_files(Store(home), [path], as_of=AS_OF) as prepared:
        publish(prepared)
    return home


def try_file(kind: str, content: bytes, home: Path, folder: Path) -> Outcome:
    """Lets the reader of `kind` have `content`, in a process of its own."""
    case = folder / "case"
    shutil.rmtree(case, ignore_errors=True)
    case.mkdir(parents=True)
    path = case / ("berkas" + SUFFIX.get(kind, "." + kind.split()[0]))
    path.write_bytes(content)
    told = case / "told"
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        _run(kind, path, home, case, told)
    status, usage, late = _wait(child, begun)
    words = told.read_text(encoding="utf-8") if told.is_file() else ""
    seconds, mb = usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024
    if late or -os.waitstatus_to_exitcode(status) == signal.SIGXCPU:
        words = f"hang: {seconds:.0f} s of processor time"
    elif os.waitstatus_to_exitcode(status) or not words:
        words = words or f"the process died: {os.waitstatus_to_exitcode(status)}"
    elif words in ("taken", "refused") and seconds > MOST_SECONDS:
        words = f"slow: {seconds:.0f} s of processor time"
    elif words in ("taken", "refused") and mb > MOST_MB:
        words = f"memory: {mb} MB"
    return Outcome(kind, words, seconds, mb)


def _wait(child: int, begun: float) -> tuple[int, resource.struct_rusage, bool]:
    pause = 0.005
    while True:
        ended, status, usage = os.wait4(child, os.WNOHANG)
        if ended:
            return status, usage, False
        if time.monotonic() - begun > _PATIENCE:
            os.kill(child, signal.SIGKILL)
            _, status, usage = os.wait4(child, 0)
            return status, usage, True
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def _run(kind: str, path: Path, home: Path, case: Path, told: Path) -> None:
    """In the child; never returns."""
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(3 * MOST_SECONDS), int(3 * MOST_SECONDS) + 2))
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        own = case / "home"
        shutil.copytree(home, own)
        words = _read(kind, path, own)
        told.write_text(words, encoding="utf-8")
        os._exit(0)
    except BaseException:
        os._exit(17)


def _read(kind: str, path: Path, home: Path) -> str:
    before = _state(home)
    try:
        READERS[kind](path, home)
    except Refusal as refusal:
        sentence = str(refusal)
        wrong = [text for text in (SECRET_NIK, SECRET_NAME, "Traceback") if text in sentence] or (
            ["length"] if not 20 < len(sentence) < 700 else []
        )
        if wrong:
            return f"the sentence: {wrong[0]}: {sentence[:300]}"
        if kind in ("xlsx", "ods", "csv") and _state(home) != before:
            return "a refused file changed the store"
        return "refused"
    except BaseException as error:
        places = traceback.extract_tb(error.__traceback__)
        where = " < ".join(f"{Path(p.filename).name}:{p.lineno}" for p in places[::-1][:5])
        return f"fault: {type(error).__name__} at {where}: {str(error)[:300]}"
    return "taken"


def _state(home: Path) -> object:
    return (Store(home).current_id(), sorted(p.name for p in (home / "releases").iterdir()),
            [p.name for p in (home / "building").iterdir()])  # fmt: skip
