"""A scenario: what the planner changes, read from a table such as `SCENARIO.toml`.

`KEYS` is the one list of what may be set, with unit and range; `docs/commands.md` shows the same.
What a scenario does not say is filled in by `resolved`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from jambi_dash.domain import foreign_toml, formats
from jambi_dash.domain.expansion import CRITERIA, RULES, Wishes
from jambi_dash.domain.funds import (
    SECTORS,
    UNFUNDED,
    ExpansionFacts,
    Fund,
    load_expansion_facts,
)
from jambi_dash.domain.language import t
from jambi_dash.domain.months import Month
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.years import CURVES, Growth, PathPlan

LEVELS = ("kelurahan", "rt")
MOST_PEOPLE = 1_000_000
MOST_RUPIAH = 1_000_000_000_000
MOST_TARIFF = 1_000_000
FIRST_YEAR, LAST_YEAR = 2015, 2100


@dataclass(frozen=True)
class Tranche:
    """New places that start together in a month of the year; `None`: all that are left."""

    start_month: int
    places: int | None = None


@dataclass(frozen=True)
class Scenario:
    """A difference from the baseline. `None` means the default, which `resolved` fills in."""

    name: str = ""
    author: str = ""
    note: str = ""
    workers: int = 4000
    budget: int | None = None
    rule: str = "merata"
    by: str = "kelurahan"
    year: int | None = None
    start_month: int = 1
    months: int | None = None
    tariff: int | None = None
    income: int | None = None
    floors: Mapping[str, int] = field(default_factory=dict)
    ceilings: Mapping[str, int] = field(default_factory=dict)
    locked: Mapping[str, int] = field(default_factory=dict)
    quota: Mapping[str, int] = field(default_factory=dict)
    occupation_quota: Mapping[str, int] = field(default_factory=dict)
    floor_rate: float | None = None
    ceiling_rate: float | None = None
    weights: Mapping[str, float] | None = None
    tranches: tuple[Tranche, ...] = ()
    funds: tuple[Fund, ...] = (Fund("apbd"),)
    turnover: float = 0.0
    backfill: bool = True
    also_paid: Mapping[str, int] = field(default_factory=dict)
    seed: int | None = None
    years: PathPlan | None = None

    @property
    def wishes(self) -> Wishes:
        """What is set for areas."""
        return Wishes(
            self.floors, self.ceilings, self.locked, self.quota, self.floor_rate,
            self.ceiling_rate, self.occupation_quota,
        )  # fmt: skip

    def resolved(self, as_of: Month, facts: ExpansionFacts, seed: int) -> Scenario:
        """The scenario with every default in its place; `months` counts from `start_month`.

        Raises:
            Refusal: a year before the data, or months past December.
        """
        year = self.year if self.year is not None else as_of.year + 1
        if year < as_of.year:
            raise Refusal(
                t("Tahun {year} lebih lama daripada data ({as_of}); pilih {first} atau sesudahnya.",
                  year=year, as_of=str(as_of), first=as_of.year)
            )  # fmt: skip
        longest = 13 - self.start_month
        months = self.months if self.months is not None else longest
        if months > longest:
            raise Refusal(
                t("months = {months} melewati Desember bila mulai bulan {start}; paling banyak "
                  "{longest}.", months=months, start=self.start_month, longest=longest)
            )  # fmt: skip
        return replace(
            self,
            year=year,
            months=months,
            weights=dict(self.weights if self.weights is not None else facts.weights),
            tranches=self.tranches or (Tranche(self.start_month),),
            seed=self.seed if self.seed is not None else seed,
        )

    def to_json(self) -> dict[str, Any]:
        """Every parameter, under the names of `SCENARIO.toml`; reading it back gives the same."""
        values = asdict(self)
        values["tranches"] = [asdict(tranche) for tranche in self.tranches]
        values["funds"] = [
            {"id": f.id, "cap": f.cap_idr, "public": f.public, "sector": f.sector}
            for f in self.funds
        ]
        if self.years is not None:
            plan = self.years
            values["years"] = {
                "years": plan.years,
                "curve": plan.curve,
                "target": plan.target,
                "people": None if plan.people is None else dict(plan.people),
                "budget": plan.budget_idr,
                "need_growth": list(plan.need_growth),
                "tariff_growth": list(plan.tariff_growth),
                "budget_growth": list(plan.budget_growth),
            }
        return {key: values[key] for key in KEYS}


@dataclass(frozen=True)
class Key:
    """One key of `SCENARIO.toml`: unit and range as documented, and how a value is read.

    `read` gets the key and the raw value and raises `Refusal` where it does not fit.
    """

    unit: str
    range: str
    read: Callable[[str, Any], Any]


def _wrong(key: str, needed: str) -> Refusal:
    return Refusal(t("{key} dalam skenario harus {needed}.", key=key, needed=needed))


def _whole(least: int, most: int) -> Callable[[str, Any], int]:
    def read(key: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _wrong(
                key,
                t("bilangan bulat dari {least} sampai {most}",
                  least=formats.number(least), most=formats.number(most)),
            )  # fmt: skip
        return value

    return read


def _share(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _wrong(key, t("bilangan dari {least} sampai {most}", least=0, most=1))
    return float(value)


def _text(longest: int) -> Callable[[str, Any], str]:
    def read(key: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise _wrong(key, t("teks paling panjang {n} huruf", n=longest))
        return value

    return read


def _one_of(choices: tuple[str, ...]) -> Callable[[str, Any], str]:
    def read(key: str, value: Any) -> str:
        if value not in choices:
            raise _wrong(key, t("salah satu dari {known}", known=", ".join(choices)))
        return str(value)

    return read


def _yes_no(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(key, t("true atau false"))
    return value


def _by_code(
    read_value: Callable[[str, Any], Any], known: Callable[[], tuple[str, ...]] | None = None
) -> Callable[[str, Any], dict[str, Any]]:
    def read(key: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _wrong(key, t("tabel berisi nama = angka"))
        if known is not None:
            unknown = sorted(value.keys() - set(known()))
            if unknown:
                raise Refusal(
                    t("{key} tidak mengenal {unknown}; yang ada: {known}.",
                      key=key, unknown=", ".join(unknown), known=", ".join(known()))
                )  # fmt: skip
        return {code: read_value(f"{key}.{code}", entry) for code, entry in value.items()}

    return read


def _weight(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise _wrong(key, t("bilangan dari {least} sampai {most}", least=0, most=100))
    return float(value)


def _entries(key: str, value: Any, known: tuple[str, ...]) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(e, dict) for e in value):
        raise _wrong(key, t("daftar tabel, paling sedikit satu"))
    for entry in value:
        unknown = sorted(entry.keys() - set(known))
        if unknown:
            raise Refusal(
                t("{key} tidak mengenal {unknown}; yang ada: {known}.",
                  key=key, unknown=", ".join(unknown), known=", ".join(known))
            )  # fmt: skip
    return value


def _read_tranches(key: str, value: Any) -> tuple[Tranche, ...]:
    found = []
    entries = _entries(key, value, ("start_month", "places"))
    for n, entry in enumerate(entries):
        if "start_month" not in entry:
            raise _wrong(f"{key}[{n}].start_month", t("ada"))
        places = entry.get("places")
        last = n == len(entries) - 1
        if places is None and not last:
            raise _wrong(f"{key}[{n}].places", t("ada (hanya tahap terakhir boleh tanpa places)"))
        found.append(
            Tranche(
                _whole(1, 12)(f"{key}[{n}].start_month", entry["start_month"]),
                None if places is None else _whole(0, MOST_PEOPLE)(f"{key}[{n}].places", places),
            )
        )
    if [x.start_month for x in found] != sorted(x.start_month for x in found):
        raise _wrong(key, t("berurutan menurut start_month"))
    return tuple(found)


def _read_funds(key: str, value: Any) -> tuple[Fund, ...]:
    facts = load_expansion_facts()
    found = []
    for n, entry in enumerate(_entries(key, value, ("id", "cap", "public", "sector"))):
        fund_id = _text(40)(f"{key}[{n}].id", entry.get("id"))
        known = facts.fund(fund_id)
        cap, public = entry.get("cap"), entry.get("public")
        if known is None and (public is None or fund_id in ("", UNFUNDED)):
            raise Refusal(
                t("Dana {id} tidak dikenal; pilih {known}, atau beri public = true atau false.",
                  id=fund_id, known=", ".join(fund.id for fund in facts.funds))
            )  # fmt: skip
        found.append(
            Fund(
                fund_id,
                None if cap is None else _whole(0, MOST_RUPIAH)(f"{key}[{n}].cap", cap),
                bool(known and known.public)
                if public is None
                else _yes_no(f"{key}[{n}].public", public),
                _one_of(SECTORS)(f"{key}[{n}].sector", entry.get("sector", "lainnya")),
            )
        )
    ids = [fund.id for fund in found]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise Refusal(t("Dana {id} disebut dua kali dalam funds.", id=", ".join(twice)))
    return tuple(found)


_YEARS_KEYS = (
    "years", "curve", "target", "people", "budget", "need_growth", "tariff_growth", "budget_growth",
)  # fmt: skip


def _read_years(key: str, value: Any) -> PathPlan:
    if not isinstance(value, dict):
        raise _wrong(key, t("tabel berisi nama = angka"))
    (entry,) = _entries(key, [value], _YEARS_KEYS)
    facts = load_expansion_facts().path
    given = {name: entry[name] for name in entry if entry[name] is not None}

    def read(name: str, reader: Callable[[str, Any], Any], default: Any) -> Any:
        return reader(f"{key}.{name}", given[name]) if name in given else default

    return PathPlan(
        years=read("years", _whole(1, 30), facts.years),
        curve=read("curve", _one_of(CURVES), "linear"),
        target=read("target", _whole(1, MOST_PEOPLE), None),
        people=read("people", _by_code(_people), None),
        budget_idr=read("budget", _whole(0, MOST_RUPIAH), None),
        need_growth=read("need_growth", _growth, facts.need_growth),
        tariff_growth=read("tariff_growth", _growth, facts.tariff_growth),
        budget_growth=read("budget_growth", _growth, facts.budget_growth),
    )


def _growth(key: str, value: Any) -> Growth:
    fits = (
        isinstance(value, list)
        and len(value) == 3
        and all(isinstance(x, int | float) and not isinstance(x, bool) for x in value)
        and -0.5 <= value[0] <= value[1] <= value[2] <= 1
    )
    if not fits:
        raise _wrong(key, t("tiga bilangan menaik dari −0,5 sampai 1"))
    low, likely, high = (float(x) for x in value)
    return low, likely, high


def _read_occupations(key: str, value: Any) -> dict[str, int]:
    """Occupations by their ids, synonyms understood."""
    occupations = load_programme().occupations
    found: dict[str, int] = {}
    for word, people in _by_code(_people)(key, value).items():
        occupation = occupations.recognise(word)
        if occupation is None:
            raise Refusal(
                t("{key} tidak mengenal {unknown}; yang ada: {known}.",
                  key=key, unknown=word, known=", ".join(occupations.ids))
            )  # fmt: skip
        if occupation in found:
            raise Refusal(t("{key} menyebut {name} dua kali.", key=key, name=occupation))
        found[occupation] = people
    return found


def _cohorts() -> tuple[str, ...]:
    programme = load_programme()
    return tuple(name for name in programme.cohorts.ids if name != programme.default_cohort)


def _people(key: str, value: Any) -> int:
    return _whole(0, MOST_PEOPLE)(key, value)


KEYS: dict[str, Key] = {
    "name": Key("text", "at most 120 characters", _text(120)),
    "author": Key("text", "at most 120 characters", _text(120)),
    "note": Key("text", "at most 2000 characters", _text(2000)),
    "workers": Key("people", "0–1000000", _people),
    "budget": Key("Rp for the year", "0–1000000000000", _whole(0, MOST_RUPIAH)),
    "rule": Key("name", ", ".join(RULES), _one_of(RULES)),
    "by": Key("name", ", ".join(LEVELS), _one_of(LEVELS)),
    "year": Key("year", f"{FIRST_YEAR}–{LAST_YEAR}", _whole(FIRST_YEAR, LAST_YEAR)),
    "start_month": Key("month", "1–12", _whole(1, 12)),
    "months": Key("months from start_month", "1–12", _whole(1, 12)),
    "tariff": Key("Rp per person and month", f"1–{MOST_TARIFF}", _whole(1, MOST_TARIFF)),
    "income": Key("Rp per month, declared", "0–1000000000", _whole(0, 1_000_000_000)),
    "floors": Key("area code = new places", "0–1000000", _by_code(_people)),
    "ceilings": Key("area code = new places", "0–1000000", _by_code(_people)),
    "locked": Key("area code = new places", "0–1000000", _by_code(_people)),
    "quota": Key("kecamatan code = new places", "0–1000000", _by_code(_people)),
    "occupation_quota": Key("occupation = new places", "0–1000000", _read_occupations),
    "floor_rate": Key("coverage afterwards", "0–1", _share),
    "ceiling_rate": Key("coverage afterwards", "0–1", _share),
    "weights": Key(
        "criterion = weight (" + ", ".join(CRITERIA) + ")",
        "0–100",
        _by_code(_weight, lambda: CRITERIA),
    ),
    "tranches": Key("list of start_month (month), places (people)", "1–12, 0–1000000", _read_tranches),
    "funds": Key(
        "list in order of payment: id, cap (Rp), public (true, false), sector ("
        + ", ".join(SECTORS) + ")",
        "cap 0–1000000000000",
        _read_funds,
    ),
    "turnover": Key("share of people leaving in a year", "0–1", _share),
    "backfill": Key("whether places left are filled again", "true, false", _yes_no),
    "also_paid": Key("cohort = people paid from the same money", "0–1000000",
                     _by_code(_people, _cohorts)),
    "seed": Key("seed of the simulated range", "0–2147483647", _whole(0, 2**31 - 1)),
    "years": Key(
        "table: years, curve (" + ", ".join(CURVES) + "), target and people (people), budget (Rp), "
        "need_growth, tariff_growth, budget_growth (least, likely, most in a year)",
        "years 1–30, growth −0.5–1",
        _read_years,
    ),
}  # fmt: skip


def read_scenario(raw: Mapping[str, Any]) -> Scenario:
    """A scenario from a table; a value `None` means that the key is not set.

    Raises:
        Refusal: a key that is unknown, or a value of the wrong type or outside its range.
    """
    unknown = sorted(raw.keys() - KEYS.keys())
    if unknown:
        raise Refusal(
            t("Kunci {unknown} tidak ada dalam skenario; yang ada: {known}.",
              unknown=", ".join(unknown), known=", ".join(KEYS))
        )  # fmt: skip
    values = {key: KEYS[key].read(key, value) for key, value in raw.items() if value is not None}
    if values.get("tariff") is not None and values.get("income") is not None:
        raise Refusal(t("tariff dan income tidak dapat dipakai bersama; hapus salah satu."))
    tranches = values.get("tranches")
    if tranches:
        first = tranches[0].start_month
        if values.setdefault("start_month", first) != first:
            raise Refusal(
                t("start_month = {start} tidak sama dengan bulan tahap pertama dalam tranches "
                  "({first}); hapus salah satu.", start=values["start_month"], first=first)
            )  # fmt: skip
    return Scenario(**values)


def load_table(path: Path) -> dict[str, Any]:
    """The raw table of a `SCENARIO.toml`; raises `Refusal` where the file cannot be read."""
    try:
        with path.open("rb") as file:
            raw = file.read(4 * foreign_toml.LONGEST + 1)  # a device would never end
    except OSError:
        raise _unreadable(path.name) from None
    return parse_table(raw, path.name)


def parse_table(raw: bytes, name: str) -> dict[str, Any]:
    """The same of a file's bytes; `name` is what the file is called."""
    if len(raw) > 4 * foreign_toml.LONGEST:  # a letter has at most four bytes
        raise _unreadable(name)
    try:
        return foreign_toml.parse(raw.decode("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise Refusal(
            t("Berkas skenario {name} bukan TOML yang benar: {detail}.",
              name=name, detail=str(error))
        ) from None  # fmt: skip
    except UnicodeDecodeError:
        raise _unreadable(name) from None


def _unreadable(name: str) -> Refusal:
    return Refusal(
        t("Berkas skenario {name} tidak dapat dibaca; periksa nama dan isinya.", name=name)
    )
