"""The demo workbook as a reader meets it: its sheets are read back and counted anew."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from jambi_dash.demo.city import DEFAULT_AS_OF as AS_OF
from jambi_dash.demo.city import MOST_WORKERS, DemoSummary, write_demo
from jambi_dash.demo.workbook import MARKER
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.cells import parse_month, parse_rt
from jambi_dash.domain.language import in_language
from jambi_dash.domain.months import Month
from jambi_dash.domain.names import load_gazetteer
from jambi_dash.domain.nik import is_empty, read
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal

PEOPLE = ("Pekerja Rentan", "Petugas Keagamaan", "Ketua RT")
Row = dict[str, object]


def rows_of(path: Path, sheet: str) -> list[Row]:
    """The data rows below the header in the fourth line, without the line of totals."""
    lines = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    header, body = lines[3], lines[4:]
    assert header[0] == "No"
    return [dict(zip(header, line, strict=True)) for line in body if line[0] != "Jumlah"]


def month_of(cell: object) -> Month | None:
    return Month.of(cell) if isinstance(cell, date) else parse_month(str(cell))


def acceptable(row: Row) -> bool:
    """The contract's rules on the NIK alone; an empty one only warns."""
    digits = str(row["NIK"])
    return is_empty(digits.replace("-", "")) or read(digits, today=AS_OF) is not None


def age_at_start(row: Row) -> float:
    born, start = row["Tanggal Lahir"], month_of(row["Mulai"])
    if not isinstance(born, date):
        known = read(str(row["NIK"]), today=AS_OF)
        assert known
        born = known.born
    return ((start or Month.of(AS_OF)).first_day() - born).days / 365.2425


def covered(rows: list[Row], at: Month) -> list[Row]:
    """The rows that count as covered at a month, the first of each person only."""
    found, seen = [], set()
    for row in rows:
        if not acceptable(row) or age_at_start(row) >= 65:
            continue
        digits = str(row["NIK"]).strip("-0")
        person = digits or (row["Nama Lengkap"], row["Tanggal Lahir"], row["Kelurahan"])
        if person in seen:
            continue
        seen.add(person)
        start, end = month_of(row["Mulai"]), month_of(row["Sampai"])
        if row["Tahap"] == "Aktif" and start and start <= at and (end is None or end >= at):
            found.append(row)
    return found


def kelurahan_code(row: Row) -> str | None:
    return load_gazetteer().place(str(row["Kelurahan"]), str(row["Kecamatan"])).code


@pytest.fixture(scope="session")
def summary(tmp_path_factory: pytest.TempPathFactory) -> DemoSummary:
    return write_demo(tmp_path_factory.mktemp("demo") / "contoh.xlsx")


@pytest.fixture(scope="session")
def demo(summary: DemoSummary) -> Path:
    return Path(summary.path)


def test_every_sheet_says_that_it_is_a_sample(demo: Path) -> None:
    book = CalamineWorkbook.from_path(demo)
    assert book.sheet_names == ["Baca dulu", *PEOPLE, "RT", "Kampung Bahagia", "Santunan"]
    for name in book.sheet_names:
        assert MARKER in str(book.get_sheet_by_name(name).to_python()[0][0])


def test_known_totals_of_people(demo: Path) -> None:
    now = Month.of(AS_OF)
    counts = [len(covered(rows_of(demo, sheet), now)) for sheet in PEOPLE]
    assert counts == [3000, 1316, 1650]


def test_history_grows_and_ends(demo: Path) -> None:
    rows = rows_of(demo, "Pekerja Rentan")
    curve = [len(covered(rows, Month(2025, m))) for m in (1, 4, 6, 8, 10, 12)]
    assert curve == sorted(curve)
    assert 0 < curve[0] < curve[2] < curve[-1] == 3000
    assert len(covered(rows, Month(2026, 6))) == 3000
    assert sum(1 for row in rows if row["Tahap"] == "Aktif" and row["Sampai"]) == 120


def test_every_rt_has_one_head(demo: Path) -> None:
    heads = covered(rows_of(demo, "Ketua RT"), Month.of(AS_OF))
    places = Counter((row["Kelurahan"], row["RT"]) for row in heads)
    rts = {(row["Kelurahan"], row["RT"]) for row in rows_of(demo, "RT")}
    assert len(rts) == 1650
    assert places == Counter(dict.fromkeys(rts, 1))


def test_rt_register(demo: Path) -> None:
    rows = rows_of(demo, "RT")
    assert sum(int(str(row["Perkiraan Pekerja Rentan"]).split(".")[0]) for row in rows) == 15_000
    assert 160_000 <= sum(float(str(row["Jumlah KK"])) for row in rows) <= 190_000
    assert sum(row["Percontohan"] == "ya" for row in rows) == 67
    per_kelurahan = Counter(str(row["Kelurahan"]) for row in rows)
    assert set(per_kelurahan) == {k.name for k in load_areas().kelurahan}
    assert min(per_kelurahan.values()) >= 8
    assert max(per_kelurahan.values()) <= 60
    assert all(parse_rt(str(row["RT"])) == row["RT"] for row in rows)


def test_every_accepted_nik_is_sound_and_never_issued(demo: Path) -> None:
    for sheet in PEOPLE:
        for row in covered(rows_of(demo, sheet), Month.of(AS_OF)):
            digits = str(row["NIK"])
            if len(digits.strip("-0")) == 0:
                continue
            assert digits.startswith("1571")
            assert 1 <= int(digits[4:6]) <= 11
            assert int(digits[12:]) >= 9001
            assert read(digits, today=AS_OF) is not None


def test_faults_are_few_and_as_planned(demo: Path) -> None:
    rows = rows_of(demo, "Pekerja Rentan")
    broken = [row for row in rows if not acceptable(row)]
    assert len(broken) == 10
    sound = [row for row in rows if acceptable(row)]
    assert sum(age_at_start(row) >= 65 for row in sound) == 3
    assert sum(age_at_start(row) < 18 for row in sound) == 2
    niks = Counter(str(row["NIK"]) for row in sound if str(row["NIK"]).strip("-0"))
    assert sorted(niks.values())[-9:] == [1] + [2] * 8
    heads = {str(row["NIK"]) for row in rows_of(demo, "Ketua RT")}
    assert len(heads & set(niks)) == 10
    assert sum(kelurahan_code(row) is None for row in sound) == 2
    gazetteer = load_gazetteer()
    assert sum(gazetteer.place(str(row["Kelurahan"])).repaired for row in sound) >= 26


def test_vocabulary_is_known_to_the_programme(demo: Path) -> None:
    programme = load_programme()
    for sheet in PEOPLE:
        for row in rows_of(demo, sheet):
            assert programme.cohorts.recognise(str(row["Kelompok"]))
            assert programme.worker_stages.recognise(str(row["Tahap"]))
    for row in rows_of(demo, "Kampung Bahagia"):
        assert programme.rt_stages.recognise(str(row["Tahap"]))


def test_cover_differs_over_the_city(demo: Path) -> None:
    eligible: Counter[str] = Counter()
    for row in rows_of(demo, "RT"):
        code = kelurahan_code(row)
        assert code
        eligible[code] += int(float(str(row["Perkiraan Pekerja Rentan"])))
    rows = covered(rows_of(demo, "Pekerja Rentan"), Month.of(AS_OF))
    count = Counter(kelurahan_code(row) for row in rows)
    assert count[None] == 2
    rates = {code: count[code] / people for code, people in eligible.items()}
    by_name = {k.name: rates[k.code] for k in load_areas().kelurahan}
    assert by_name["Pasar Jambi"] > 0.6
    assert by_name["Talang Gulo"] < 0.05
    assert by_name["Bagan Pete"] < 0.1
    assert sum(rate == 0 for rate in rates.values()) == 2
    assert sum(rate > 0.58 for rate in rates.values()) >= 3
    assert max(rates.values()) < 0.8


def test_exactly_the_pilots_have_joined(demo: Path) -> None:
    joined_stages = set(load_programme().joined_stages)
    stages: dict[tuple[object, object], list[Row]] = {}
    for row in rows_of(demo, "Kampung Bahagia"):
        stages.setdefault((row["Kelurahan"], row["RT"]), []).append(row)
    joined = {
        place
        for place, rows in stages.items()
        if joined_stages & {str(row["Tahap"]).lower() for row in rows}
    }
    pilots = {
        (row["Kelurahan"], row["RT"]) for row in rows_of(demo, "RT") if row["Percontohan"] == "ya"
    }
    assert joined == pilots
    assert len(joined) == 67
    assert len(stages) == 67 + 96
    order = load_programme().rt_stages.ids
    for rows in stages.values():
        days = [row["Tanggal"] for row in rows]
        assert all(isinstance(day, date) and day <= AS_OF for day in days)
        reached = [order.index(str(row["Tahap"]).lower()) for row in rows]
        assert reached == list(range(1, len(rows) + 1))
        assert len(set(days)) == len(days)
    first = stages["Kenali Asam", "014"]
    assert date(2025, 9, 24) in [row["Tanggal"] for row in first]
    assert first[-1]["Tahap"] == "Selesai"


def test_construction_cover_is_due_at_the_lowest_tier(demo: Path) -> None:
    rows = [row for row in rows_of(demo, "Kampung Bahagia") if row["Nilai Kegiatan"] != ""]
    fates = Counter()
    for row in rows:
        value, paid = float(str(row["Nilai Kegiatan"])), row["Jakon Dibayar"]
        assert 0 < value <= 100_000_000
        share = float(str(paid)) / (value * 0.0024) if paid != "" else 0.0
        fates[row["Jakon Terdaftar"], round(share, 3)] += 1
    assert len(rows) == 48
    assert fates == {("ya", 1.0): 32, ("tidak", 0.0): 9, ("ya", 0.0): 5, ("ya", 0.5): 2}


def test_claims(demo: Path) -> None:
    rows = rows_of(demo, "Santunan")
    values = Counter((row["Program"], row["Nilai"]) for row in rows)
    assert values["JKM", 42_000_000] == 7
    assert values["JKM", 10_000_000] == 2
    accidents = [float(str(row["Nilai"])) for row in rows if row["Program"] == "JKK"]
    assert len(accidents) == 12
    assert sum(accidents) == 84_000_000
    for row in rows:
        assert isinstance(row["Tanggal"], date)
        assert isinstance(row["Tanggal Kejadian"], date)
        assert row["Tanggal Kejadian"] < row["Tanggal"] <= AS_OF
        assert kelurahan_code(row)


def test_same_seed_same_bytes_in_either_language(demo: Path, tmp_path: Path) -> None:
    again = tmp_path / "lagi.xlsx"
    with in_language("en"):
        write_demo(again)
    assert again.read_bytes() == demo.read_bytes()


def test_another_seed_is_other_people_in_the_same_totals(
    demo: Path, summary: DemoSummary, tmp_path: Path
) -> None:
    other = tmp_path / "lain.xlsx"
    told = write_demo(other, seed=2)
    now = Month.of(AS_OF)
    assert [len(covered(rows_of(other, s), now)) for s in PEOPLE] == [3000, 1316, 1650]
    for field in ("households", "eligible", "pilots", "claims", "claims_rp", "workers"):
        assert getattr(told, field) == getattr(summary, field)
    assert told.rows["Pekerja Rentan"] == summary.rows["Pekerja Rentan"]
    ours, theirs = ({row["NIK"] for row in rows_of(path, "Ketua RT")} for path in (demo, other))
    assert len(ours & theirs) < 20


@pytest.mark.parametrize("workers", [1, 40, 16_000])
def test_any_number_of_workers(workers: int, tmp_path: Path) -> None:
    path = tmp_path / "contoh.xlsx"
    told = write_demo(path, workers=workers)
    assert told.workers == workers
    assert len(covered(rows_of(path, "Pekerja Rentan"), Month.of(AS_OF))) == workers
    assert told.eligible == 15_000


@pytest.mark.parametrize("as_of", [date(2024, 2, 29), date(2026, 3, 2)])
def test_history_ends_where_asked(as_of: date, tmp_path: Path) -> None:
    path = tmp_path / "contoh.xlsx"
    write_demo(path, as_of=as_of)
    now = Month.of(as_of)
    rows = rows_of(path, "Petugas Keagamaan")
    assert max(m for row in rows if (m := month_of(row["Mulai"]))) <= now
    assert len(covered(rows, now)) == 1316
    for row in rows_of(path, "Kampung Bahagia") + rows_of(path, "Santunan"):
        assert isinstance(row["Tanggal"], date)
        assert row["Tanggal"] <= as_of


def test_summary_agrees_with_the_file(demo: Path, summary: DemoSummary) -> None:
    for sheet, count in summary.rows.items():
        assert len(rows_of(demo, sheet)) == count
    assert (summary.rts, summary.rt_heads, summary.pilots) == (1650, 1650, 67)
    assert summary.as_of == "2025-12-31"


def test_refusals_leave_no_file(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("x", encoding="utf-8")
    for out, workers in (
        (tmp_path / "contoh.csv", 10),
        (tmp_path / "contoh.xlsx", 0),
        (tmp_path / "contoh.xlsx", MOST_WORKERS + 1),
        (tmp_path / "berkas" / "contoh.xlsx", 10),
    ):
        with pytest.raises(Refusal):
            write_demo(out, workers=workers)
    with pytest.raises(Refusal):
        write_demo(tmp_path / "contoh.xlsx", as_of=date(1980, 1, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["berkas"]
