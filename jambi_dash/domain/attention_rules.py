"""When something is pointed at: the rules of `data/facts/attention.toml`, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from jambi_dash.domain.facts_file import read_any
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import FACTS

Level = Literal["urgent", "warning", "notice"]
LEVELS: tuple[Level, ...] = get_args(Level)

# Every rule with its limits: the least and the most that make sense. Whole numbers unless the
# least is a fraction; `None` stands for yes or no.
_LIMITS: Mapping[str, Mapping[str, tuple[float, float] | None]] = {
    "data_lama": {"days": (1, 3650), "also_invented": None},
    "pagu_terlampaui": {},
    "pagu_habis": {"before_month": (1, 12)},
    "hampir_gugur": {"months": (1, 12)},
    "kelurahan_nol": {},
    "di_bawah_batas": {"rate": (0.0, 1.0)},
    "kampung_terhenti": {},
    "kelurahan_tanpa_rt": {},
    "rt_tertahan": {"from_rts": (1, 100_000)},
    "baris_ditolak": {"from_rows": (1, 10_000_000)},
    "tanpa_lokasi": {"from_people": (1, 10_000_000)},
    "usulan_tertahan": {"days": (1, 3650)},
    "rt_nol": {},
}
RULES = tuple(_LIMITS)
_COMMON = {"id", "on", "level"}


@dataclass(frozen=True)
class Rule:
    """One rule: whether it is on, how pressing it is, and its limits by name."""

    id: str
    on: bool
    level: Level
    limits: Mapping[str, float]

    def limit(self, name: str) -> float:
        """A limit; `KeyError` for one that the rule has not, which is a fault of the program."""
        return self.limits[name]


@dataclass(frozen=True)
class AttentionRules:
    """Every rule once, in the order of the file."""

    rules: tuple[Rule, ...]

    def get(self, rule_id: str) -> Rule:
        """The rule; `KeyError` for an unknown id, which is a fault of the program."""
        return next(rule for rule in self.rules if rule.id == rule_id)


@lru_cache(maxsize=4)
def load_attention(path: Path = FACTS / "attention.toml") -> AttentionRules:
    """Reads the rules.

    Raises:
        Refusal: the file is missing or spoilt; the sentence names the rule and the mend.
    """
    raw = read_any(path)
    entries = raw.pop("rule", None)
    if raw or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise Refusal(
            t("Berkas {file} hanya boleh berisi bagian [[rule]].", file=path.name)
        )  # fmt: skip
    rules = tuple(_rule(entry, path.name) for entry in entries)
    names = [rule.id for rule in rules]
    wrong = ({*RULES} ^ {*names}) | {name for name in names if names.count(name) > 1}
    if wrong:
        raise Refusal(
            t("Di {file} setiap aturan harus ada tepat sekali; periksa {rules}. Aturan dimatikan "
              "dengan on = false, tidak dihapus.",
              file=path.name, rules=", ".join(sorted(wrong)))
        )  # fmt: skip
    return AttentionRules(rules)


def _rule(entry: dict[str, Any], file: str) -> Rule:
    name = str(entry.get("id"))
    if name not in _LIMITS:
        raise Refusal(
            t("Di {file} tidak ada aturan bernama {rule}; yang ada: {known}.",
              file=file, rule=name, known=", ".join(RULES))
        )  # fmt: skip
    known = _LIMITS[name]
    if foreign := entry.keys() - known.keys() - _COMMON:
        raise Refusal(
            t("Di {file}, aturan {rule} tidak mengenal {keys}; yang ada: {known}.",
              file=file, rule=name, keys=", ".join(sorted(foreign)),
              known=", ".join(sorted(_COMMON | known.keys())))
        )  # fmt: skip
    if missing := (_COMMON | known.keys()) - entry.keys():
        raise Refusal(
            t("Di {file}, aturan {rule} belum menyebut {keys}.",
              file=file, rule=name, keys=", ".join(sorted(missing)))
        )  # fmt: skip
    if type(entry["on"]) is not bool:
        raise _wrong(file, name, "on", "true, false")
    if entry["level"] not in LEVELS:
        raise _wrong(file, name, "level", ", ".join(LEVELS))
    for key, span in known.items():
        _check(file, name, key, entry[key], span)
    return Rule(
        name, entry["on"], cast("Level", entry["level"]), {key: entry[key] for key in known}
    )


def _check(file: str, name: str, key: str, value: object, span: tuple[float, float] | None) -> None:
    if span is None:
        if type(value) is not bool:
            raise _wrong(file, name, key, "true, false")
        return
    least, most = span
    fraction = type(least) is float
    if type(value) not in ((int, float) if fraction else (int,)) or not (
        least <= cast(float, value) <= most
    ):
        raise _wrong(file, name, key, f"{least}–{most}")


def _wrong(file: str, name: str, key: str, allowed: str) -> Refusal:
    return Refusal(
        t("Di {file}, aturan {rule}: {key} harus salah satu dari {allowed}.",
          file=file, rule=name, key=key, allowed=allowed)
    )  # fmt: skip
