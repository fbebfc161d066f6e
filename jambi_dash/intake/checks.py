"""From files to checked rows: everything of an import that comes before publishing.

`check_files` reads all files together, gives every row its fate (contract section 3) and leaves
them in a `Workbench`; `publishing.publish` makes a release of it. Nothing is changed until then.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jambi_dash.domain import formats, nik
from jambi_dash.domain.cells import is_total_line
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.part import Part
from jambi_dash.domain.programme import load_programme, plain
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rules import (
    ADULT_YEARS,
    AGE_LIMIT_YEARS,
    PESERTA_WARNINGS,
    table_label,
)
from jambi_dash.intake import completing, duplicates, old_lists, parts
from jambi_dash.intake.columns import PARTICIPANT_NUMBERS, TABLE_BY_NAME, Table
from jambi_dash.intake.files import HARD_SPACE, shown_name
from jambi_dash.intake.headers import Mapping, Recognised, nearest_table, recognise
from jambi_dash.intake.mapping_shelf import (
    MappingShelf,
    Remembered,
    fitting,
    with_remembered,
)
from jambi_dash.intake.meanings import is_read_once, read_births, read_places, read_values
from jambi_dash.intake.report import ImportReport, SheetReport
from jambi_dash.intake.sheets import (
    SPARE_COLUMNS,
    Progress,
    Sheet,
    arrow_rows,
    open_file,
)
from jambi_dash.releases.reviews import Decisions, Reviews
from jambi_dash.releases.store import ReleaseRecord, Store, file_hash
from jambi_dash.releases.workbench import CsvFault, Workbench, telling_of_a_full_disk

SQL = Path(__file__).parent / "sql"

WARNINGS: dict[str, tuple[str, ...]] = {
    "peserta": PESERTA_WARNINGS,
    "rt": ("lokasi_diperbaiki", "kecamatan_beda", "angka_tidak_sah"),
    "kampung_bahagia": (
        "lokasi_diperbaiki", "kecamatan_beda", "rt_tidak_dikenal", "tanggal_mendatang",
        "tahap_mundur", "nilai_tidak_sah", "tanggal_tidak_sah",
    ),
    "santunan": (
        "lokasi_diperbaiki", "lokasi_tidak_dikenal", "kecamatan_beda", "rt_tidak_dikenal",
        "tanggal_mendatang", "tanggal_tidak_sah",
    ),
    "bpjs": ("status_beda", "tanggal_mendatang", "tanggal_tidak_sah"),
}  # fmt: skip
"""The rule of each bit of `warnings` in the fate tables."""

# The register of RTs first: the other tables ask it which RTs there are.
ORDER = ("rt", "peserta", "kampung_bahagia", "santunan", "bpjs")


def no_progress(_doing: str, _share: float) -> None:
    """For callers that show nothing."""


@dataclass
class SourceSheet:
    """One recognised sheet in the workbench: its number, its table, its report."""

    number: int
    sheet: Sheet
    recognised: Recognised
    report: SheetReport
    sha256: str
    physical_width: int = 0
    lines: int = 0
    place: str = ""
    """Of a roster without a kelurahan: the code that its title names, if it names one."""

    @property
    def is_bare(self) -> bool:
        """Whether it is a roster without a kelurahan."""
        return self.report.table == "peserta" and "kelurahan" not in self.recognised.positions


@dataclass
class Prepared:
    """A checked import that waits to be published or thrown away."""

    store: Store
    folder: Path
    bench: Workbench
    report: ImportReport
    sources: list[SourceSheet]
    earlier: ReleaseRecord | None
    as_of: date
    part: Part | None = None
    drop_outside: bool = False
    decisions: Decisions = field(default_factory=Decisions)
    doubles: duplicates.Found = field(default_factory=duplicates.Found)
    """Pairs of rows that may be one person, and wait for a decision."""
    splits: list[old_lists.SplitQueue] = field(default_factory=list)
    """Rows of old rosters whose kelurahan was split, and wait for a decision."""
    closed: bool = field(default=False)

    @property
    def came(self) -> set[str]:
        """The tables that the files hold."""
        return {source.report.table for source in self.sources}

    @property
    def partly(self) -> set[str]:
        """The tables of which only a part is replaced."""
        return self.came if self.part is not None and self.earlier is not None else set()

    def discard(self) -> None:
        """Closes the workbench and removes every row of it. May be called twice."""
        if not self.closed:
            self.closed = True
            self.bench.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Prepared:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()


def check_files(
    store: Store,
    paths: Sequence[Path],
    *,
    as_of: date,
    mapping: Mapping | None = None,
    sender: str = "",
    part: Part | None = None,
    drop_outside: bool = False,
    progress: Progress = no_progress,
) -> Prepared:
    """Reads and checks all files together.

    Args:
        store: whose current release knows the workers already in, and the register of RTs.
        paths: the files, in the order in which a double row's first one is meant.
        as_of: the date of the data; ages and two-digit years are judged by it.
        mapping: the senders' own headers, settled by hand; what is remembered stands below it.
        sender: whose remembered mappings are taken; `""`: by the header line alone.
        part: the areas that are replaced, all others are carried over; `None`: the whole city.
        drop_outside: whether rows outside the part are rejected instead of refusing the import.
        progress: told what is being done and how far it is.

    Raises:
        Refusal: a file or sheet that cannot be read, or no table at all; a row outside the part.
    """
    if not paths:
        raise Refusal(t("Tidak ada berkas yang diberikan."))
    with telling_of_a_full_disk():
        folder = store.new_build()
        prepared = Prepared(
            store, folder, Workbench(folder), ImportReport(as_of, [], []), [], None, as_of, part,
            drop_outside,
        )  # fmt: skip
        _check(prepared, paths, mapping or Mapping(), sender, progress)
    return prepared


def _check(
    prepared: Prepared, paths: Sequence[Path], mapping: Mapping, sender: str, progress: Progress
) -> None:
    try:
        prepared.earlier = prepared.store.current()
        prepared.decisions = Reviews(prepared.store.home).read()
        remembered = MappingShelf(prepared.store.home).list()
        _load(prepared, paths, mapping, (remembered, sender), progress)
        if prepared.part is not None:
            parts.refuse_tables(prepared.part, sorted(prepared.came))
        _attach_earlier(prepared)
        _define(prepared)
        tables = [name for name in ORDER if any(s.report.table == name for s in prepared.sources)]
        for index, name in enumerate(tables):
            progress(
                t("Memeriksa {table}", table=TABLE_BY_NAME[name].label),
                0.5 + 0.4 * index / len(tables),
            )
            _check_table(prepared, TABLE_BY_NAME[name])
            _count_fates(prepared, name)
        _tell_what_waits(prepared)
        _keep_the_rest(prepared)
    except BaseException:
        prepared.discard()
        raise


def _load(
    prepared: Prepared, paths: Sequence[Path], mapping: Mapping,
    memory: tuple[Sequence[Remembered], str], progress: Progress,
) -> None:  # fmt: skip
    report = prepared.report
    for index, path in enumerate(paths):
        progress(t("Membaca {name}", name=shown_name(path)), 0.5 * index / len(paths))
        opened = open_file(path)
        report.remarks.extend(opened.remarks)
        sha256 = file_hash(path)
        found: list[str] = []
        bare: list[Sheet] = []
        for sheet in opened.sheets:
            known = fitting(memory[0], sheet.head, memory[1])
            recognised = recognise(
                sheet.head, with_remembered(mapping, known), where=sheet.where
            )  # fmt: skip
            if recognised is None:
                continue
            if _is_bare(sheet, recognised):
                bare.append(sheet)
                continue
            number = len(prepared.sources) + 1
            source = SourceSheet(number, sheet, recognised, _new_report(sheet, recognised), sha256)
            _load_rows(prepared, source)
            if source.is_bare:
                one = prepared.part.single if prepared.part else ""
                source.place = one or completing.place_of_list(recognised, sheet.name, path)
            prepared.sources.append(source)
            report.remarks.extend(_remembered(source, known, mapping))
            report.sheets.append(source.report)
            report.remarks.extend(_participant_numbers(source))
            found.append(sheet.name)
        if not found:
            if bare:
                raise _without_rows(bare[0])
            refusal = _not_recognised(path, opened.sheets, mapping)
            raise Refusal(" ".join((str(refusal), *opened.remarks)))
        report.remarks.extend(
            t("Lembar “{sheet}” di {name} hanya memuat judul kolom dan dilewati.",
              sheet=sheet.name, name=shown_name(path))
            for sheet in bare
        )  # fmt: skip
        named = {*found, *(sheet.name for sheet in bare)}
        report.remarks.extend(
            t("Lembar “{sheet}” di {name} tidak memuat tabel yang dikenal dan dilewati.",
              sheet=sheet.name, name=shown_name(path))
            for sheet in opened.sheets if sheet.name not in named
        )  # fmt: skip


def _participant_numbers(source: SourceSheet) -> list[str]:
    """What is said of columns with numbers of BPJS cards, which nobody keeps."""
    return [
        t("{where}: kolom “{header}” (nomor peserta BPJS) disisihkan dan tidak disimpan.",
          where=source.sheet.where, header=header)
        for header in source.recognised.unknown if plain(header) in PARTICIPANT_NUMBERS
    ]  # fmt: skip


def _remembered(
    source: SourceSheet, known: Sequence[Remembered], mapping: Mapping
) -> list[str]:  # fmt: skip
    """What is said of remembered columns that were taken."""
    table = source.recognised.table
    written = {plain(header) for header in source.recognised.headers}
    remarks = []
    for entry in known:
        used = [
            (header, column) for header, column in entry.columns
            if entry.table == table.name and plain(header) in written
            and mapping.column_of(table, header) is None
        ]  # fmt: skip
        if used:
            shown = ", ".join(f"{header} → {column or '–'}" for header, column in used)
            remarks.append(
                t("{where}: pemetaan kolom yang diingat dari {sender} dipakai: {columns}.",
                  where=source.sheet.where, sender=entry.sender or t("daftar berjudul sama"),
                  columns=shown)
            )  # fmt: skip
    return remarks


def _not_recognised(path: Path, sheets: Sequence[Sheet], mapping: Mapping) -> Refusal:
    for sheet in sheets:
        if near := nearest_table(sheet.head, mapping):
            table, missing = near
            return Refusal(
                t("{where}: judul kolom {missing} tidak ditemukan; tabel {table} membutuhkannya. "
                  "Tambahkan kolomnya atau pakai pemetaan kolom.",
                  where=sheet.where, missing=", ".join(missing), table=table_label(table.name))
            )  # fmt: skip
    return Refusal(
        t("Berkas {name} tidak memuat baris judul kolom yang dikenal (misalnya NIK, Nama, "
          "Kelurahan); periksa apakah ini berkas yang benar.", name=shown_name(path))
    )  # fmt: skip


def _new_report(sheet: Sheet, recognised: Recognised) -> SheetReport:
    return SheetReport(
        table=recognised.table.name,
        file=shown_name(sheet.file),
        sheet=sheet.name,
        unknown_columns=list(recognised.unknown),
        columns={
            name: " ".join(recognised.headers[position].split())
            for name, position in recognised.positions.items()
        },
        synthetic=recognised.synthetic,
    )


def _load_rows(prepared: Prepared, source: SourceSheet) -> None:
    sheet, recognised = source.sheet, source.recognised
    table = f"sheet_{source.number}"
    width = len(recognised.headers)
    if sheet.rows is not None:
        source.physical_width = width
        rows = arrow_rows(sheet, recognised.first_row, width, recognised.positions.get("nik"))
        prepared.bench.load_arrow(table, rows)
        sheet.rows = sheet.head  # the cells now lie in the workbench
        sheet.numbers = []
    else:
        _load_text(prepared, source, table, width)
    source.lines = prepared.bench.fetch("count", f"SELECT count(*) FROM {table}")[0][0]
    if source.lines == 0:
        raise _without_rows(sheet)


def _is_bare(sheet: Sheet, recognised: Recognised) -> bool:
    """Whether a spreadsheet's sheet has nothing below its header: a form nobody filled in."""
    return sheet.rows is not None and not any(
        cell.strip() for row in sheet.rows[recognised.first_row :] for cell in row
    )


def _without_rows(sheet: Sheet) -> Refusal:
    return Refusal(
        t("{where} hanya memuat judul kolom tanpa baris data; minta kirim ulang.",
          where=sheet.where)
    )  # fmt: skip


def _load_text(prepared: Prepared, source: SourceSheet, table: str, width: int) -> None:
    sheet = source.sheet
    assert sheet.text is not None
    path = sheet.file
    is_plain = sheet.text.encoding in {"utf-8", "utf-8-sig"} and sheet.text.is_plain
    if not is_plain or shown_name(sheet.file) != sheet.file.name:
        path = prepared.folder / f"text_{source.number}.csv"
        with (
            sheet.file.open(encoding=sheet.text.encoding) as given,  # one kind of line end
            path.open("w", encoding="utf-8", newline="") as plain,
        ):
            while piece := given.read(2**20):
                plain.write(piece.replace(HARD_SPACE, " "))
    wide = width + SPARE_COLUMNS
    fault = prepared.bench.load_csv(
        table, path, skip_rows=source.recognised.first_row, delimiter=sheet.delimiter,
        width=width, spare=SPARE_COLUMNS,
    )  # fmt: skip
    if fault:
        raise _csv_refusal(sheet, fault)
    spare = " || ".join(f"trim(c{index})" for index in range(width, wide))
    stray = prepared.bench.fetch(
        "spare columns", f"SELECT min(row_no) FROM {table} WHERE {spare} <> ''"
    )[0][0]
    if stray is not None:
        raise _csv_refusal(sheet, CsvFault(stray, "long"))
    source.physical_width = wide


def _csv_refusal(sheet: Sheet, fault: CsvFault) -> Refusal:
    reasons = {
        "long": t("memuat lebih banyak isian daripada judul kolomnya; periksa tanda “{sign}” di "
                  "dalam teks", sign=sheet.delimiter),
        "quote": t("memuat tanda kutip yang tidak berpasangan"),
        "size": t("terlalu panjang"),
    }  # fmt: skip
    return Refusal(
        t("{where}: baris {line} {reason}. Perbaiki baris itu, atau simpan ulang sebagai XLSX.",
          where=sheet.where, line=fault.line or "?",
          reason=reasons.get(fault.reason, t("tidak mengikuti bentuk CSV")))
    )  # fmt: skip


def _attach_earlier(prepared: Prepared) -> None:
    if prepared.earlier is not None:
        if not prepared.store.verify(prepared.earlier):
            raise prepared.store.damaged(prepared.earlier)
        prepared.bench.attach_release(prepared.store.path_of(prepared.earlier.release), "earlier")


def _define(prepared: Prepared) -> None:
    prepared.bench.run(
        "person_key",
        # HMAC-SHA-256 (RFC 2104) with the padded keys; the first 128 bits name the person.
        "CREATE OR REPLACE MACRO person_key(text, inner_pad, outer_pad) AS "
        "left(sha256(outer_pad::BLOB || unhex(sha256(inner_pad::BLOB || encode(text)))), 32)::UUID",
    )


def _check_table(prepared: Prepared, table: Table) -> None:
    bench = prepared.bench
    sources = [source for source in prepared.sources if source.report.table == table.name]
    _unite(prepared, table, sources)
    for name, kind in table.kinds.items():
        if is_read_once(kind):
            texts = bench.fetch(name, f"SELECT DISTINCT {name} FROM {table.name}_raw")
            bench.load_arrow(f"known_{name}", read_values(kind, name, (row[0] for row in texts)))
    if "kelurahan" in table.kinds:
        pairs = bench.fetch("places", f"SELECT DISTINCT kelurahan, kecamatan FROM {table.name}_raw")
        bench.load_arrow("known_place", read_places(pairs))
    if table.name != "rt":
        _known_rts(prepared)
    values = _values(prepared)
    if "nik" in table.kinds:
        _known_births(prepared, table)
    if table.name == "peserta":
        _check_peserta(prepared, sources, values)
    else:
        bench.run(f"{table.name}_fate", sql(f"{table.name}_fate"), values)
        _hold_to_part(prepared, table)


def _hold_to_part(prepared: Prepared, table: Table) -> None:
    """Drops the rows outside the part that is replaced, or refuses the import because of them."""
    if prepared.part is not None:
        where = {source.number: source.sheet.where for source in prepared.sources}
        parts.drop_or_refuse(
            prepared.bench, table.name, prepared.part, where, drop=prepared.drop_outside
        )  # fmt: skip


def _values(prepared: Prepared) -> dict[str, Any]:
    programme = load_programme()
    return {
        "as_of": prepared.as_of,
        "as_of_month": Month.of(prepared.as_of).first_day(),
        "largest_exact": nik.LARGEST_EXACT,
        "provinces": sorted(nik.PROVINCES),
        "age_limit_months": AGE_LIMIT_YEARS * 12,
        "adult_months": ADULT_YEARS * 12,
        "default_cohort": programme.default_cohort,
        "default_stage": programme.default_stage,
        "stages": list(programme.rt_stages.ids),
    }


def _unite(prepared: Prepared, table: Table, sources: Sequence[SourceSheet]) -> None:
    """All sheets of one table as `TABLE_raw`, without blank rows and lines of totals."""
    bench = prepared.bench
    parts = []
    for source in sources:
        positions = source.recognised.positions
        every = [f"c{index}" for index in range(source.physical_width)]
        blank = "(" + " AND ".join(f"trim(c{p}) = ''" for p in positions.values()) + ")"
        first = ", ".join(f"nullif(trim({column}), '')" for column in every)
        number = source.number
        # A line of totals leaves a needed column empty: only such rows are looked at closely.
        needed = [name for name in table.needed if name in positions]
        gap = " OR ".join(f"trim(c{positions[name]}) = ''" for name in needed)
        bench.run(
            "skipped",
            f"CREATE OR REPLACE TABLE skipped_{number} AS WITH gaps AS ("
            f"SELECT row_no, coalesce({first}, '') AS first_cell, {blank} AS blank "
            f"FROM sheet_{number} WHERE {gap}) "
            "SELECT row_no, first_cell, blank FROM gaps WHERE blank OR "
            r"regexp_matches(first_cell, '^(sub|grand)?[\s-]*(jumlah|total)\b', 'i')",
        )
        rows = bench.fetch(
            "totals", f"SELECT row_no, first_cell FROM skipped_{number} WHERE NOT blank"
        )
        for row_no, first_cell in rows:
            if not is_total_line(first_cell):
                bench.run("no total", f"DELETE FROM skipped_{number} WHERE row_no = $row",
                          {"row": row_no})  # fmt: skip
        source.report.rows_skipped = bench.fetch(
            "skipped", f"SELECT count(*) FROM skipped_{number}"
        )[0][0]
        if source.report.rows_skipped == source.lines:
            raise _without_rows(source.sheet)
        # The code of a kelurahan that the title names stands for the column that is missing.
        told = {"kelurahan": source.place}
        columns = ", ".join(
            (f"c{positions[name]}" if name in positions else f"'{told.get(name, '')}'")
            + f" AS {name}"
            for name in table.kinds
        )
        parts.append(
            f"SELECT {number}::INTEGER AS sheet, row_no, is_number, {columns} FROM sheet_{number} "
            f"WHERE row_no NOT IN (SELECT row_no FROM skipped_{number})"
        )
    bench.run(
        f"{table.name}_raw",
        f"CREATE OR REPLACE VIEW {table.name}_raw AS " + " UNION ALL ".join(parts),
    )


def _known_rts(prepared: Prepared) -> None:
    """The register that holds after this import: its own, else the current release's."""
    if any(source.report.table == "rt" for source in prepared.sources):
        query = "SELECT kelurahan_code, rt FROM rt_fate WHERE rejection IS NULL"
        if prepared.part is not None and prepared.earlier is not None:
            inside = ", ".join(f"'{code}'" for code in prepared.part.kelurahan)
            query += (
                " UNION ALL SELECT kelurahan_code, rt FROM earlier.rt "
                f"WHERE kelurahan_code NOT IN ({inside})"
            )
    elif prepared.earlier is not None:
        query = "SELECT kelurahan_code, rt FROM earlier.rt"
    else:
        query = "SELECT ''::VARCHAR AS kelurahan_code, ''::VARCHAR AS rt WHERE false"
    prepared.bench.run("known_rts", f"CREATE OR REPLACE TABLE known_rts AS {query}")


def _known_births(prepared: Prepared, table: Table) -> None:
    """What the middle of each NIK says, read once for each different one."""
    parts = prepared.bench.fetch(
        "birth parts",
        "SELECT DISTINCT substr(CASE WHEN length(nik) = 16 THEN nik "
        f"ELSE regexp_replace(nik, '[^0-9]', '', 'g') END, 7, 6) FROM {table.name}_raw",
    )
    births = read_births((part for (part,) in parts), today=prepared.as_of)
    prepared.bench.load_arrow("known_nik_birth", births)


def _check_peserta(
    prepared: Prepared, sources: Sequence[SourceSheet], values: dict[str, Any]
) -> None:
    bench = prepared.bench
    bench.run(
        "peserta_sheets",
        "CREATE OR REPLACE TABLE peserta_sheets (sheet INTEGER, has_mulai BOOLEAN)",
    )
    for source in sources:
        bench.run(
            "peserta_sheets",
            "INSERT INTO peserta_sheets VALUES ($sheet, $has_mulai)",
            {"sheet": source.number, "has_mulai": "mulai" in source.recognised.positions},
        )
    bench.run("peserta_decided", sql("peserta_decided"), values)
    numbers = [source.number for source in sources]
    old_lists.settle_splits(
        bench, old_lists.old_sheets(_written_places(bench), numbers, prepared.as_of),
        prepared.decisions.splits,
    )  # fmt: skip
    pads = prepared.store.key_pads()
    merges = duplicates.load_merged(bench, prepared.decisions)
    bench.run("peserta_persons", sql("peserta_persons"), values)
    if merges:
        duplicates.merge_rows(bench, pads)
    completing.complete(
        bench,
        [(s.number, s.place, set(s.recognised.positions)) for s in sources if s.is_bare],
        has_earlier=prepared.earlier is not None,
        values={**values, **pads},
    )
    _hold_to_part(prepared, TABLE_BY_NAME["peserta"])
    if prepared.earlier is not None:
        bench.run("keeps_place", sql("peserta_keeps_place"), {**values, **pads})
    else:
        bench.run("keeps_place", "CREATE OR REPLACE TABLE keeps_place (seq UBIGINT)")
    bench.run("peserta_fate", sql("peserta_fate"), values)
    for number, counts in completing.count_filled(bench).items():
        next(s for s in sources if s.number == number).report.filled = counts
    prepared.doubles = duplicates.find_pairs(bench, prepared.decisions, pads)
    prepared.splits = old_lists.waiting_splits(bench)


def _written_places(bench: Workbench) -> list[tuple[Any, ...]]:
    return bench.fetch(
        "written places",
        "SELECT sheet, kelurahan, kecamatan, count(*) FROM peserta_raw GROUP BY ALL",
    )


def _tell_what_waits(prepared: Prepared) -> None:
    """Remarks and counts on what was filled in and on what waits for a decision."""
    report, number = prepared.report, formats.number
    for source in prepared.sources:
        filled = source.report.filled
        if source.is_bare and filled is not None:
            report.remarks.append(
                t("{where} tidak memuat kelurahan: {title} orang ditempatkan menurut judulnya, "
                  "{release} menurut rilis sebelumnya, {register} menurut daftar RT; {unlocated} "
                  "tanpa lokasi.", where=source.sheet.where,
                  title=number(filled["location_from_title"]),
                  release=number(filled["location_from_release"]),
                  register=number(filled["location_from_register"]),
                  unlocated=number(filled["unlocated"]))
            )  # fmt: skip
            if filled["other_from_release"]:
                report.remarks.append(
                    t("{where}: RT, pekerjaan, atau bulan mulai {n} orang diambil dari rilis "
                      "sebelumnya.", where=source.sheet.where,
                      n=number(filled["other_from_release"]))
                )  # fmt: skip
            if "tahap" not in source.recognised.positions:
                report.remarks.append(
                    t("{where} tidak memuat tahap: semua orangnya dianggap aktif. Bila ini daftar "
                      "usulan, tambahkan kolom Tahap berisi “diusulkan”.", where=source.sheet.where)
                )  # fmt: skip
    if prepared.doubles.pairs:
        report.review["possible_duplicates"] = len(prepared.doubles.pairs)
    if prepared.doubles.skipped:
        report.remarks.append(
            t("Kemungkinan ganda tidak dicari: daftar ini lebih dari {n} baris.",
              n=number(duplicates.MOST_ROWS))
        )  # fmt: skip
    if prepared.doubles.crowded_dates:
        report.remarks.append(
            t("Kemungkinan ganda tidak dicari pada {n} tanggal lahir yang dipakai lebih dari {most} "
              "orang.", n=number(prepared.doubles.crowded_dates),
              most=number(duplicates.MOST_BORN))
        )  # fmt: skip
    if prepared.splits:
        report.review["split_rows"] = sum(queue.count for queue in prepared.splits)


def _keep_the_rest(prepared: Prepared) -> None:
    """Of a partial import: what is carried over, and how many rows that is."""
    part, earlier = prepared.part, prepared.earlier
    if part is None:
        return
    prepared.report.part = {"areas": list(part.codes), "tables": {}}
    if earlier is None:
        prepared.report.remarks.append(
            t("Belum ada rilis sebelumnya: hanya {part} yang akan terisi.", part=part.shown())
        )
        return
    came = [name for name in ORDER if name in prepared.came]
    prepared.report.part["tables"] = parts.define_kept(
        prepared.bench, part, came, earlier.counts, prepared.store.key_pads()
    )


def _count_fates(prepared: Prepared, table: str) -> None:
    rules = WARNINGS[table]
    by_number = {source.number: source.report for source in prepared.sources}
    counts = prepared.bench.fetch(
        "fates",
        f"SELECT sheet, rejection, warnings, count(*) FROM {table}_fate GROUP BY ALL ORDER BY ALL",
    )
    for number, rejection, bits, count in counts:
        report = by_number[number]
        report.rows_read += count
        if rejection:
            report.rows_rejected += count
            report.rejections[rejection] = report.rejections.get(rejection, 0) + count
        else:
            report.rows_accepted += count
        for rule in rules_of(bits, rules):
            report.warnings[rule] = report.warnings.get(rule, 0) + count


def rules_of(bits: int, rules: Sequence[str]) -> list[str]:
    """The rules whose bit is set."""
    return [rule for index, rule in enumerate(rules) if bits >> index & 1]


@lru_cache
def sql(name: str) -> str:
    """The text of `intake/sql/NAME.sql`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def discard_quietly(prepared: Prepared | None) -> None:
    """Throws a prepared import away, whatever state it is in."""
    if prepared is not None:
        with contextlib.suppress(Exception):
            prepared.discard()
