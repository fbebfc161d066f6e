"""Whether the files of facts agree with one another: what one names must stand in the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from jambi_dash.domain.attention_rules import load_attention
from jambi_dash.domain.claims import load_claim_facts
from jambi_dash.domain.denominators import load_ledger
from jambi_dash.domain.facts_file import refused
from jambi_dash.domain.funds import load_expansion_facts
from jambi_dash.domain.indicators import load_indicators
from jambi_dash.domain.language import t
from jambi_dash.domain.membership import load_membership_facts
from jambi_dash.domain.money import load_money
from jambi_dash.domain.programme import load_programme
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.rollout_plan import load_rollout_plan
from jambi_dash.settings import DATA, PROJECT

_LINES_NAMED = 5
Named = tuple[str, str, Iterable[str], Iterable[str]]
"""File, place, what is named there, and what it may name."""


def read_facts() -> None:
    """Reads every file of facts, so that a spoilt one is told before anything is done with it.

    Raises:
        Refusal: one is missing or not of its shape; says file, place and mend.
    """
    load_attention()
    load_membership_facts()
    load_claim_facts()
    load_ledger()
    load_indicators()
    load_money()
    load_rollout_plan()
    _check_kept_ids()


def check_facts() -> None:
    """Reads every file of facts and holds them against one another.

    Raises:
        Refusal: one is missing, spoilt, or names what no other has; says file, place and mend.
    """
    read_facts()
    _check_meanings()
    for file, place, named, known in _names():
        allowed = sorted(set(known))
        if any(name not in allowed for name in named):
            words = t("salah satu dari {words}", words=", ".join(allowed))
            raise refused(file, place, words)


def _check_meanings() -> None:
    """Figures that this version shows and a city's file, copied from an older one, does not know."""
    known = {figure.id for figure in load_indicators().indicators}
    shipped = load_indicators(PROJECT / "data" / "facts" / "indicators.toml").indicators
    for figure in shipped:
        if figure.id not in known:
            load_indicators().get(figure.id)


def _names() -> Iterator[Named]:
    programme, ledger, plan = load_programme(), load_ledger(), load_rollout_plan()
    indicators, money = load_indicators(), load_money()
    cohorts, figures = programme.cohorts.ids, [entry.id for entry in ledger.denominators]
    file = "programme.toml"
    yield file, "default_cohort", [programme.default_cohort], cohorts
    yield file, "other_occupation", [programme.other_occupation], programme.occupations.ids
    yield file, "other_reason", [programme.other_reason], programme.return_reasons.ids
    file = "denominators.toml"
    yield file, "everybody", [ledger.everybody], figures
    yield file, "potential_workers", [ledger.potential_workers], figures
    for entry in ledger.denominators:
        yield file, f"{entry.id} › default_for", entry.default_for, cohorts
        yield file, f"{entry.id} › fallback", [entry.fallback] if entry.fallback else [], figures
    file = "indicators.toml"
    yield file, "target › cohort", [target.cohort for target in indicators.targets], cohorts
    yield file, "target › denominator", [x.denominator_id for x in indicators.targets], figures
    for figure in indicators.indicators:
        of = [figure.denominator_id] if figure.denominator_id else []
        yield file, f"{figure.id} › denominator_id", of, figures
    yield "money.toml", "budget › cohort", [budget.cohort for budget in money.budgets], cohorts
    file, stages = "rollout.toml", programme.rt_stages.ids
    yield file, "construction › from_stage", [plan.cover.from_stage], stages
    yield file, "stalled_after_days", plan.stalled_after_days, stages
    yield file, "size_class_unknown › id", [plan.unknown_size], [c.id for c in plan.size_classes]


def _check_kept_ids() -> None:
    """What the program knows by its id: words, order and colours may be others, these not."""
    programme, file = load_programme(), "programme.toml"
    first = programme.rt_stages.ids[:1]
    for where, place, needed, found in (
        (file, "default_stage", "aktif", [programme.default_stage]),
        (file, "worker_stage", "aktif", programme.worker_stages.ids),
        (file, "worker_stage", "nonaktif", programme.worker_stages.ids),
        (file, t("rt_stage yang pertama"), "belum", first),
        ("expansion.toml", "fund", "apbd", [fund.id for fund in load_expansion_facts().funds]),
    ):
        if needed not in found:
            raise Refusal(
                t("Di {file}, {place} harus memuat id {id}: program mengenalnya dari id itu. Ubah "
                  "label dan synonyms-nya saja.", file=where, place=place, id=needed)
            )  # fmt: skip
    if not programme.joined_stages:
        raise refused(file, "rt_stage", t("menandai satu tahap dengan joined = true"))


def lines_naming(word: str, but: str, folder: Path = DATA) -> list[str]:
    """Where facts, look and areas still name another city, as `claims.toml 34, 35, …`.

    `but` is this city's own name, in which the word may stand; comments do not count.
    """
    found = []
    for path in sorted((*folder.glob("facts/*.toml"), *folder.glob("theme/*.toml"),
                        *folder.glob("areas/*.toml"))):  # fmt: skip
        lines = path.read_text(encoding="utf-8").splitlines()
        numbers = [
            str(number) for number, line in enumerate(lines, start=1)
            if word.casefold() in line.replace(but, "").casefold()
            and not line.lstrip().startswith("#")
        ]  # fmt: skip
        if numbers:
            more = ", …" if len(numbers) > _LINES_NAMED else ""
            found.append(f"{path.name} {', '.join(numbers[:_LINES_NAMED])}{more}")
    return found
