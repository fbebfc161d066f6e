"""From checked rows to a release, and the list that goes back to the sender."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.intake import duplicates, parts
from jambi_dash.intake.checks import ORDER, WARNINGS, Prepared, no_progress, rules_of
from jambi_dash.intake.sheets import Progress
from jambi_dash.releases.store import SCHEMA, ReleaseRecord, file_hash, now_wib
from jambi_dash.releases.workbench import telling_of_a_full_disk

RELEASE_SQL = Path(__file__).resolve().parent.parent / "releases" / "sql"

# The release's table for each imported one, and how its accepted rows become it.
_TABLES: dict[str, tuple[str, str]] = {
    "rt": ("rt", """
        SELECT kelurahan_code, rt, household_count, eligible_count, pilot, lat, lon
        FROM rt_fate WHERE rejection IS NULL ORDER BY kelurahan_code, rt"""),
    "peserta": ("enrolment", """
        SELECT coalesce(merged_person, person_key(person_text, $inner_pad, $outer_pad)) AS person,
            in_other_cohort, cohort, stage, occupation, sex, birth_year, kelurahan_code, rt, fund,
            start_month, end_month, income_idr, reason
        FROM peserta_fate WHERE rejection IS NULL"""),
    "kampung_bahagia": ("kampung_event", """
        SELECT kelurahan_code, rt, stage, event_date, activity_idr, worker_count, spk_date,
            jakon_registered, jakon_paid_idr
        FROM kampung_bahagia_fate WHERE rejection IS NULL
        ORDER BY kelurahan_code, rt, event_date"""),
    "santunan": ("claim", """
        SELECT program, paid_date, amount_idr, kelurahan_code, rt, cohort, event_date, kind
        FROM santunan_fate WHERE rejection IS NULL ORDER BY paid_date, program"""),
    "bpjs": ("bpjs_status", """
        SELECT person_key('nik|' || nik_no, $inner_pad, $outer_pad) AS person, month, active
        FROM bpjs_fate WHERE rejection IS NULL"""),
}  # fmt: skip


def publish(prepared: Prepared, *, progress: Progress = no_progress) -> ReleaseRecord:
    """Builds the release aside and makes it current.

    A table that came replaces the same table of the current release, or of a partial import the
    rows of its part; one that did not come is carried over.

    Raises:
        Refusal: another import is at work, or published meanwhile.
    """
    store = prepared.store
    with telling_of_a_full_disk(), store.writing():
        earlier = prepared.earlier.release if prepared.earlier else None
        if store.current_id() != earlier:
            raise Refusal(
                t("Rilis lain terbit selama berkas ini diperiksa; periksa ulang lalu terbitkan.")
            )
        progress(t("Menyusun rilis"), 0.9)
        release = store.new_id()
        built = prepared.folder / f"{release}.duckdb"
        counts = _build(prepared, release, built)
        progress(t("Mencatat dan menerbitkan"), 0.97)
        record = ReleaseRecord(
            release=release,
            as_of=prepared.as_of,
            created=now_wib().isoformat(timespec="seconds"),
            sha256=file_hash(built),
            bytes=built.stat().st_size,
            synthetic=counts.pop("synthetic_sources") > 0,
            previous=earlier,
            sources=[
                {"table": s.report.table, "file": s.report.file, "sheet": s.report.sheet,
                 "sha256": s.sha256}
                for s in prepared.sources
            ],
            counts=counts,
        )  # fmt: skip
        store.publish(built, record)
        prepared.report.release = release
    progress(t("Selesai"), 1.0)
    return record


def _build(prepared: Prepared, release: str, built: Path) -> dict[str, int]:
    bench = prepared.bench
    bench.create_release(built)
    # People have no order; keeping one holds the writing of millions to one thread.
    bench.run("unordered", "SET preserve_insertion_order = false")
    bench.run("tables", release_sql("tables"))
    came = {source.report.table for source in prepared.sources}
    pads = prepared.store.key_pads()
    for name in ORDER:
        target, query = _TABLES[name]
        if name in came:
            bench.run(name, f"INSERT INTO release.{target} BY NAME {query}", pads)
            if name in prepared.partly:
                parts.carry_over(bench, name)
        elif _earlier_has(prepared, target):
            bench.run(name, f"INSERT INTO release.{target} BY NAME FROM earlier.{target}")
    _describe(prepared, release, came)
    bench.run("rollups", release_sql("rollups"))
    _apply_merges(prepared, came)
    _follow_ladder(prepared, came)
    _match_membership(prepared)
    counts = {
        target: bench.fetch("count", f"SELECT count(*) FROM release.{target}")[0][0]
        for target, _ in _TABLES.values()
    }
    if not counts["bpjs_status"]:  # the one table that most releases do without
        del counts["bpjs_status"]
    synthetic = bench.fetch("synthetic", "SELECT count(*) FROM release.source WHERE synthetic")[0][
        0
    ]
    bench.run(
        "meta",
        "INSERT INTO release.meta VALUES ('synthetic', $synthetic)",
        {"synthetic": "ya" if synthetic else "tidak"},
    )
    bench.close_release()
    return {**counts, "synthetic_sources": synthetic}


def _earlier_has(prepared: Prepared, table: str) -> bool:
    """Whether there is an earlier release with this table; older ones lack some."""
    return prepared.earlier is not None and bool(
        prepared.bench.fetch(
            "earlier table",
            "SELECT 1 FROM duckdb_tables() WHERE database_name = 'earlier' AND table_name = $1",
            [table],
        )
    )


def _apply_merges(prepared: Prepared, came: set[str]) -> None:
    """`applied_merge`: the hashes that this release's roster knows under another person's."""
    bench = prepared.bench
    if "peserta" not in came:  # else it was done for the rows of the roster
        duplicates.load_merged(bench, prepared.decisions)
    # Asked of the few who were merged: the other way round millions of people would be laid out.
    bench.run("applied merges", """
        CREATE OR REPLACE TEMP TABLE applied_merge AS
        WITH still_there AS (
            SELECT person FROM release.enrolment
            WHERE person IN (SELECT other FROM merged_key)
        )
        SELECT other, kept FROM merged_key
        WHERE other NOT IN (SELECT person FROM still_there)""")  # fmt: skip


def _follow_ladder(prepared: Prepared, came: set[str]) -> None:
    """Since when people stand in their stage, and the steps since the earlier release."""
    bench = prepared.bench
    paid = load_programme().default_stage
    earlier_seen = _earlier_roster_date(prepared)
    if earlier_seen is None:
        enrolment = "SELECT * FROM release.enrolment WHERE false"
        entry = "SELECT * FROM release.stage_entry WHERE false"
    else:
        enrolment = "FROM earlier.enrolment"
        entry = "FROM earlier.stage_entry"
        if not _earlier_has(prepared, "stage_entry"):  # a release of the older form
            entry = (
                "SELECT person, cohort, stage, kelurahan_code, NULL::DATE AS entered_after, "
                f"DATE '{earlier_seen.isoformat()}' AS entered_by "
                "FROM earlier.enrolment WHERE stage <> 'aktif'"
            )
        if bench.fetch("applied merges", "SELECT 1 FROM applied_merge LIMIT 1"):
            entry = (
                "SELECT entry.* REPLACE (coalesce(kept, person) AS person) "
                f"FROM ({entry}) AS entry LEFT JOIN applied_merge ON other = person "
                "QUALIFY row_number() OVER (PARTITION BY coalesce(kept, person), cohort "
                "ORDER BY kept IS NULL DESC, entered_by) = 1"
            )
        if _earlier_has(prepared, "stage_move"):
            bench.run("moves", "INSERT INTO release.stage_move BY NAME FROM earlier.stage_move")
    bench.run("earlier stages", f"""
        CREATE OR REPLACE TEMP VIEW earlier_enrolment AS {enrolment};
        CREATE OR REPLACE TEMP VIEW earlier_entry AS {entry};""")  # fmt: skip
    # A roster that was carried over says nothing of the days since.
    seen = prepared.as_of if "peserta" in came else earlier_seen or prepared.as_of
    bench.run(
        "ladder", release_sql("ladder"),
        {"paid": paid, "seen": seen, "earlier_seen": earlier_seen},
    )  # fmt: skip
    bench.run(
        "roster date",
        "INSERT INTO release.meta VALUES ('roster_as_of', $day)",
        {"day": seen.isoformat()},
    )


def _earlier_roster_date(prepared: Prepared) -> date | None:
    """The date of the earlier release's roster; `None` where there is no earlier roster."""
    if prepared.earlier is None:
        return None
    rows = prepared.bench.fetch(
        "earlier roster",
        "SELECT (SELECT max(value) FROM earlier.meta WHERE key = 'roster_as_of'), "
        "EXISTS (SELECT 1 FROM earlier.enrolment)",
    )
    told, has_roster = rows[0]
    if not has_roster:
        return None
    return date.fromisoformat(told) if told else prepared.earlier.as_of


def _match_membership(prepared: Prepared) -> None:
    """Double cover, the list of BPJS Ketenagakerjaan against the rosters, and who may lapse."""
    bench, programme = prepared.bench, load_programme()
    values = {
        "cohorts": list(programme.cohorts.ids),
        "paid": programme.default_stage,
        "waiting": list(programme.waiting_stages),
        "month": Month.of(prepared.as_of).first_day(),
    }
    bench.run("double cover", release_sql("double_cover"), values)
    bench.run("membership", release_sql("membership"), values)
    if bench.fetch("BPJS list", "SELECT 1 FROM release.bpjs_status LIMIT 1"):
        bench.run("BPJS match", release_sql("bpjs_match"), values)
        bench.run("BPJS list", """
            INSERT INTO release.meta
            SELECT unnest(['bpjs_first', 'bpjs_last', 'bpjs_people']), unnest([
                min(month)::VARCHAR, max(month)::VARCHAR, count(DISTINCT person)::VARCHAR])
            FROM release.bpjs_status""")  # fmt: skip


def _describe(prepared: Prepared, release: str, came: set[str]) -> None:
    """Areas, sources and findings of the release, and what it says of itself."""
    bench = prepared.bench
    areas = load_areas()
    bench.load_arrow(
        "new_kecamatan", _rows(("code", "name"), [(k.code, k.name) for k in areas.kecamatan])
    )
    bench.load_arrow(
        "new_kelurahan",
        _rows(
            ("code", "name", "kecamatan_code", "lat", "lon", "area_km2"),
            [(k.code, k.name, k.kecamatan_code, k.lat, k.lon, k.area_km2) for k in areas.kelurahan],
        ),
    )
    bench.load_arrow(
        "new_source",
        _rows(
            (
                "table_name",
                "file",
                "sheet",
                "sha256",
                "release",
                "synthetic",
                "rows_read",
                "rows_accepted",
                "rows_rejected",
                "rows_skipped",
            ),
            [
                (
                    s.report.table,
                    s.report.file,
                    s.report.sheet,
                    s.sha256,
                    release,
                    s.report.synthetic,
                    s.report.rows_read,
                    s.report.rows_accepted,
                    s.report.rows_rejected,
                    s.report.rows_skipped,
                )
                for s in prepared.sources
            ],
        ),
    )
    bench.run("describe", """
        INSERT INTO release.area_kecamatan BY NAME FROM new_kecamatan;
        INSERT INTO release.area_kelurahan BY NAME FROM new_kelurahan;
        INSERT INTO release.source BY NAME FROM new_source;""")  # fmt: skip
    for name in came:
        bench.load_arrow("new_finding", _rows(
            ("table_name", "rule", "outcome", "kelurahan_code", "row_count"),
            _findings(prepared, name)))  # fmt: skip
        bench.run("findings", "INSERT INTO release.finding BY NAME FROM new_finding")
    if prepared.earlier is not None:
        bench.run(
            "carried over",
            """
            INSERT INTO release.source BY NAME
                FROM earlier.source WHERE NOT list_contains($came, table_name);
            INSERT INTO release.finding BY NAME
                FROM earlier.finding WHERE NOT list_contains($came, table_name);""",
            {"came": sorted(came)},
        )
    if prepared.earlier is not None:
        parts.carry_sources(bench, prepared.part, sorted(came), release)
    bench.load_arrow("new_meta", _rows(("key", "value"), [
        ("release", release),
        ("as_of", prepared.as_of.isoformat()),
        ("created", now_wib().isoformat(timespec="seconds")),
        ("schema", SCHEMA),
        ("joined_stages", ",".join(load_programme().joined_stages)),
    ]))  # fmt: skip
    bench.run("meta", "INSERT INTO release.meta BY NAME FROM new_meta")


def _findings(prepared: Prepared, table: str) -> list[tuple[Any, ...]]:
    """Rows of `finding`: what a kelurahan has to mend, in counts."""
    rows = prepared.bench.fetch(
        "findings",
        f"SELECT rejection, warnings, kelurahan_code, count(*) FROM {table}_fate "
        "WHERE rejection IS NOT NULL OR warnings > 0 GROUP BY ALL",
    )
    totals: dict[tuple[str, str, str | None], int] = {}
    for rejection, bits, kelurahan_code, count in rows:
        hits = [(rejection, "reject")] if rejection else [
            (rule, "warn") for rule in rules_of(bits, WARNINGS[table])
        ]  # fmt: skip
        for rule, outcome in hits:
            key = (rule, outcome, kelurahan_code)
            totals[key] = totals.get(key, 0) + count
    return [(table, *key, count) for key, count in sorted(totals.items(), key=str)]


def _rows(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    import pyarrow as pa

    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table({name: pa.array(values) for name, values in zip(names, columns, strict=True)})


@lru_cache
def release_sql(name: str) -> str:
    """The text of `releases/sql/NAME.sql`."""
    return (RELEASE_SQL / f"{name}.sql").read_text(encoding="utf-8")
