"""The lists of people: covered, once covered, on the way, and the faults that real lists have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from jambi_dash.demo.parameters import Parameters
from jambi_dash.demo.people import People, Person
from jambi_dash.demo.rts import Rt
from jambi_dash.demo.shares import scaled, spread
from jambi_dash.domain.months import Month
from jambi_dash.domain.names import load_gazetteer

_WORKER_AGES = (19.0, 62.0, 38.0)
_RELIGIOUS_AGES = (22.0, 63.0, 45.0)
_HEAD_AGES = (28.0, 63.0, 48.0)
_UNDER_AGE = (16.9, 17.6, 17.3)
_OVER_AGE = (66.0, 74.0, 68.0)

_STAGE_WORDS = {
    "diusulkan": "Diusulkan",
    "verifikasi_kelurahan": "Verifikasi Kelurahan",
    "verifikasi_kecamatan": "Verifikasi Kecamatan",
    "ditetapkan": "Ditetapkan",
    "aktif": "Aktif",
    "ditolak": "Ditolak",
    "nonaktif": "Nonaktif",
}
_EMPTY_NIKS = ("", "-", "0", "0000000000000000")
_MAIN_FUND = "APBD Kota"
_RT_FUND = "Dana RT"
_FULL_DEATH_GRANT_MONTHS = 3
"""Who dies earlier leaves the small grant (facts.md 3.03)."""


@dataclass
class Entry:
    """One row of a roster as an office would type it, with what is true of it beside.

    `home` and `person` stay true where a fault spoils the cells; `died` is the day of death of
    one whose cover ended with it.
    """

    person: Person
    home: Rt
    nik: str
    name: str
    born: date | str
    sex: str
    occupation: str
    kecamatan: str
    kelurahan: str
    rt: str
    cohort: str
    stage: str
    fund: str
    start: Month | None
    end: Month | None
    income: int | None
    died: date | None = None


@dataclass(frozen=True)
class Rosters:
    """The three lists in the order of their sheets; only `workers` has faults."""

    workers: list[Entry]
    religious_workers: list[Entry]
    rt_heads: list[Entry]

    def all(self) -> list[Entry]:
        """Every row of the three."""
        return [*self.workers, *self.religious_workers, *self.rt_heads]


def build_rosters(
    rts: Sequence[Rt], parameters: Parameters, rng: Random, *, workers: int, as_of: date
) -> Rosters:
    """All rows of people; in the month of `as_of` exactly the known totals are covered."""
    maker = _Maker(parameters, rng, as_of)
    heads = maker.rt_heads(rts)
    share = workers / parameters.totals.workers
    covered = maker.covered_workers(rts)
    others = maker.workers_beside(rts, share)
    rejected = maker.spoil(covered, rts, heads, share)
    # An added double must follow its original: the sort is stable and `rejected` comes last.
    rows = sorted([*covered, *others, *rejected], key=_by_home)
    return Rosters(
        workers=rows,
        religious_workers=sorted(maker.religious_workers(rts), key=_by_home),
        rt_heads=sorted(heads, key=_by_home),
    )


def _by_home(entry: Entry) -> tuple[str, str]:
    return entry.home.kelurahan.code, entry.home.number


class _Maker:
    """Makes entries; holds what every one needs."""

    def __init__(self, parameters: Parameters, rng: Random, as_of: date) -> None:
        self.parameters = parameters
        self.rng = rng
        self.now = Month.of(as_of)
        self.people = People(rng, today=as_of)

    def months_back(self, cohort: str, count: int) -> list[int]:
        """First paid months of `count` people, as months before now, in random order."""
        starts = self.parameters.roster.starts[cohort]
        parts = spread(count, list(starts.values()))
        backs = [back for back, part in zip(starts, parts, strict=True) for _ in range(part)]
        self.rng.shuffle(backs)
        return backs

    def entry(
        self,
        home: Rt,
        *,
        cohort: str,
        occupation: str,
        ages: tuple[float, float, float],
        stage: str = "aktif",
        start: int | None = None,
        end: int | None = None,
    ) -> Entry:
        """A new person at `home`; `start` and `end` are months before now."""
        first = None if start is None else self.now.plus(-start)
        person = self.people.make(
            home.kelurahan.kecamatan_code,
            first_paid=(first or self.now).first_day(),
            ages=ages,
        )
        return Entry(
            person=person,
            home=home,
            nik=person.nik,
            name=person.name,
            born=person.born,
            sex=person.sex,
            occupation=occupation,
            kecamatan=home.kelurahan.kecamatan_name,
            kelurahan=home.kelurahan.name,
            rt=home.number,
            cohort=cohort,
            stage=_STAGE_WORDS[stage],
            fund=_MAIN_FUND if first else "",
            start=first,
            end=None if end is None else self.now.plus(-end),
            income=None,
        )

    def worker(
        self,
        home: Rt,
        *,
        ages: tuple[float, float, float] = _WORKER_AGES,
        stage: str = "aktif",
        start: int | None = None,
        end: int | None = None,
    ) -> Entry:
        """A vulnerable worker with occupation, source of funds and declared income."""
        roster, rng = self.parameters.roster, self.rng
        made = self.entry(
            home,
            cohort="Pekerja Rentan",
            occupation=_pick(roster.occupations, rng),
            ages=ages,
            stage=stage,
            start=start,
            end=end,
        )
        if made.start:
            fund = _pick(roster.funds, rng)
            made.fund = fund if home.pilot or fund != _RT_FUND else _MAIN_FUND
        if rng.random() < 0.9:
            made.income = 50_000 * round(rng.triangular(700_000, 3_500_000, 1_400_000) / 50_000)
        return made

    def covered_workers(self, rts: Sequence[Rt]) -> list[Entry]:
        """Those covered now, as many in every RT as the city says."""
        homes = [rt for rt in rts for _ in range(rt.covered)]
        backs = self.months_back("workers", len(homes))
        return [self.worker(home, start=back) for home, back in zip(homes, backs, strict=True)]

    def workers_beside(self, rts: Sequence[Rt], share: float) -> list[Entry]:
        """Those whose cover ended, those on the way to it, and those turned down."""
        rng, claims = self.rng, self.parameters.claims
        counts = scaled(self.parameters.roster.beside, share)
        deaths = scaled({"all": claims.jkm_workers, "early": claims.jkm_workers_early}, share)
        covered = [rt.covered for rt in rts]
        room = [max(rt.eligible - rt.covered, 0) + 0.1 for rt in rts]

        rows = []
        for n, home in enumerate(rng.choices(rts, covered, k=counts["ended"])):
            start = rng.choice((11, 8, 6, 6, 5))
            early = n < deaths["early"]
            end = (
                start - rng.randrange(_FULL_DEATH_GRANT_MONTHS)
                if early
                else rng.randint(1, start - _FULL_DEATH_GRANT_MONTHS)
            )
            row = self.worker(home, start=start, end=end)
            if n < deaths["all"]:
                row.died = self.day_in(row.end)
            rows.append(row)
        for stage in (
            "diusulkan",
            "verifikasi_kelurahan",
            "verifikasi_kecamatan",
            "ditetapkan",
            "ditolak",
        ):
            rows += [
                self.worker(home, stage=stage) for home in rng.choices(rts, room, k=counts[stage])
            ]
        for home in rng.choices(rts, covered, k=counts["nonaktif"]):
            start = rng.choice((11, 8, 6))
            rows.append(self.worker(home, stage="nonaktif", start=start, end=rng.randint(1, start)))
        return rows

    def day_in(self, month: Month | None) -> date:
        """A day of the month, chosen at random."""
        assert month is not None
        return month.first_day() + timedelta(days=self.rng.randrange(28))

    def religious_workers(self, rts: Sequence[Rt]) -> list[Entry]:
        """The religious workers covered now, and some whose cover ended."""
        rng, roster = self.rng, self.parameters.roster
        households = [rt.households for rt in rts]
        total, ended = self.parameters.totals.religious_workers, roster.beside["religious_ended"]
        spans: list[tuple[int, int | None]] = [
            (back, None) for back in self.months_back("religious_workers", total)
        ]
        spans += [(11, rng.randint(1, 9)) for _ in range(ended)]
        return [
            self.entry(
                home,
                cohort="Petugas Keagamaan",
                occupation=_pick(roster.religious_occupations, rng),
                ages=_RELIGIOUS_AGES,
                start=start,
                end=end,
            )
            for home, (start, end) in zip(
                rng.choices(rts, households, k=total + ended), spans, strict=True
            )
        ]

    def rt_heads(self, rts: Sequence[Rt]) -> list[Entry]:
        """One head per RT now; some follow a head whose cover ended the month before."""
        backs = self.months_back("rt_heads", len(rts))
        rows = [self._head(rt, start=back) for rt, back in zip(rts, backs, strict=True)]
        latest = [n for n, back in enumerate(backs) if back == min(backs)]
        ended = min(self.parameters.roster.beside["rt_heads_ended"], len(latest))
        changed = self.rng.sample(latest, ended)
        for n, place in enumerate(changed):
            before = self._head(rts[place], start=max(backs), end=backs[place] + 1)
            if n < self.parameters.claims.jkm_rt_heads:
                before.died = self.day_in(before.end)
            rows.append(before)
        return rows

    def _head(self, rt: Rt, *, start: int, end: int | None = None) -> Entry:
        return self.entry(
            rt, cohort="Ketua RT", occupation="Ketua RT", ages=_HEAD_AGES, start=start, end=end
        )

    def spoil(
        self, covered: list[Entry], rts: Sequence[Rt], heads: Sequence[Entry], share: float
    ) -> list[Entry]:
        """Puts faults that only warn into `covered`; returns further rows to be rejected.

        No covered row gets two faults, so that the totals stay exact.
        """
        rng, roster = self.rng, self.parameters.roster
        warned, rejected = scaled(roster.warned, share), scaled(roster.rejected, share)
        spellings = _spellings()
        untouched = list(range(len(covered)))
        rng.shuffle(untouched)

        def take(count: int) -> list[Entry]:
            taken = [untouched.pop() for _ in range(min(count, len(untouched)))]
            return [covered[n] for n in taken]

        respelt = [n for n in untouched if covered[n].home.kelurahan.code in spellings]
        for n in respelt[: warned["ejaan"]]:
            covered[n].kelurahan = rng.choice(spellings[covered[n].home.kelurahan.code])
            untouched.remove(n)
        self._share_heads(covered, untouched, heads, warned["ganda_program"])
        for n, row in enumerate(take(warned["nik_kosong"])):
            row.nik = _EMPTY_NIKS[n % len(_EMPTY_NIKS)]
        for n, row in enumerate(take(warned["tanpa_rt"])):
            row.rt = "088" if n % 6 == 5 else ""
        for n, row in enumerate(take(warned["tanpa_lokasi"])):
            row.kecamatan, row.kelurahan, row.rt = "", "Luar Kota" if n % 2 else "", ""
        for row in take(warned["kecamatan_beda"]):
            others = {rt.kelurahan.kecamatan_name for rt in rts} - {row.kecamatan}
            row.kecamatan = rng.choice(sorted(others))
        for row in take(warned["nik_tanggal_beda"]):
            row.born = row.person.born + timedelta(days=rng.randint(10, 40))
        for row in take(warned["nik_kelamin_beda"]):
            row.sex = "P" if row.sex == "L" else "L"
        for row in take(warned["tanggal_tidak_sah"]):
            row.born = f"31/02/{row.person.born.year}"
        for row in take(warned["usia_bawah_18"]):
            assert row.start is not None
            young = self.people.make(
                row.home.kelurahan.kecamatan_code,
                first_paid=row.start.first_day(),
                ages=_UNDER_AGE,
            )
            row.person, row.nik, row.name = young, young.nik, young.name
            row.born, row.sex = young.born, young.sex

        rows = [replace(row, fund="") for row in take(rejected["ganda"])]
        for n, row in enumerate(rows):
            # The same person comes a second time, typed by another hand.
            row.name = row.name.upper()
            if n % 2:
                row.stage, row.start, row.income = _STAGE_WORDS["diusulkan"], None, None
        return rows + [
            self._faulty(rng.choice(rts), rule, n)
            for rule, count in rejected.items()
            if rule != "ganda"
            for n in range(count)
        ]

    def _share_heads(
        self, covered: list[Entry], untouched: list[int], heads: Sequence[Entry], count: int
    ) -> None:
        """Lets `count` heads of RTs stand in the list of workers too."""
        head_of = {_by_home(head): head for head in heads if head.end is None}
        for n in list(untouched):
            if not count:
                return
            head = head_of.pop(_by_home(covered[n]), None)
            if head is None:
                continue
            row = covered[n]
            row.person, row.nik, row.name = head.person, head.nik, head.name
            row.born, row.sex = head.born, head.sex
            untouched.remove(n)
            count -= 1

    def _faulty(self, home: Rt, rule: str, n: int) -> Entry:
        row = self.worker(
            home,
            ages=_OVER_AGE if rule == "usia_65" else _WORKER_AGES,
            start=self.rng.choice((6, 5, 4)),
        )
        if rule == "nik_panjang":
            row.nik = row.nik[:-1] if n % 2 else row.nik + "1"
        elif rule == "nik_rusak_excel":
            row.nik = f"{row.nik[0]},{row.nik[1:6]}E+15"
        elif rule == "nik_tidak_sah":
            row.nik = row.nik[:12] + "0000" if n % 2 else row.nik[:8] + "13" + row.nik[10:]
        return row


def _pick(weights: dict[str, int], rng: Random) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _spellings() -> dict[str, list[str]]:
    """Other spellings of kelurahan names that real lists have, by code."""
    gazetteer = load_gazetteer()
    found: dict[str, list[str]] = {}
    for code, alias, _ in gazetteer.aliases:
        place = gazetteer.place(alias)
        if place.code == code and place.repaired:
            found.setdefault(code, []).append(alias)
    return found
