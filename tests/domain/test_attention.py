"""What is pointed at, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from small_headline import headline

from jambi_dash.domain.attention import Attention, RolloutNews, attention
from jambi_dash.domain.attention_rules import RULES, AttentionRules, load_attention
from jambi_dash.domain.coverage import make_row
from jambi_dash.domain.headline import changes
from jambi_dash.domain.indicators import load_indicators
from jambi_dash.domain.money import contribution, load_money
from jambi_dash.domain.months import Month
from jambi_dash.domain.refusal import Refusal
from jambi_dash.settings import FACTS

LIMITS = load_attention()
TODAY = date(2026, 1, 5)


def rules(**changed: object) -> list[str]:
    return [item.rule for item in attention(headline(**changed), LIMITS, TODAY)]


def with_rule(rule_id: str, **changed: object) -> AttentionRules:
    """The rules of the file with one of them changed: `on`, `level`, or a limit."""
    found = []
    for rule in LIMITS.rules:
        if rule.id == rule_id:
            own = {k: v for k, v in changed.items() if k in ("on", "level")}
            limits = {k: v for k, v in changed.items() if k not in own}
            assert limits.keys() <= rule.limits.keys()
            rule = replace(rule, **own, limits={**rule.limits, **limits})  # type: ignore[arg-type]
        found.append(rule)
    return AttentionRules(tuple(found))


def news(**changed: object) -> list[Attention]:
    return attention(headline(), LIMITS, TODAY, RolloutNews(**changed))  # type: ignore[arg-type]


def test_nothing_to_look_at() -> None:
    assert rules() == []


@pytest.mark.parametrize(("covered", "rule"), [(0, "kelurahan_nol"), (4, "di_bawah_batas")])
def test_low_kelurahan_lead_to_their_place_on_the_map(covered: int, rule: str) -> None:
    rows = (make_row("15.71.07.1011", "Talang Gulo", covered, 100, register_known=True),)
    (item,) = attention(headline(kelurahan=rows), LIMITS, TODAY)
    assert (item.rule, item.page) == (rule, "peta")
    assert item.filters == {"tingkat": "kelurahan", "wilayah": "15.71.07.1011"}
    assert "Talang Gulo" in item.title + item.detail


def test_the_floor_itself_is_not_below_it() -> None:
    rows = (make_row("15.71.07.1011", "Talang Gulo", 5, 100, register_known=True),)
    assert rules(kelurahan=rows) == []


def test_who_lapses_is_told_by_months_and_leads_to_the_section() -> None:
    (item,) = attention(headline(lapsing={1: 4, 2: 0, 3: 1200}), LIMITS, TODAY)
    assert (item.rule, item.level, item.page) == ("hampir_gugur", "warning", "data")
    assert item.title == "1.204 peserta segera kehilangan perlindungan"
    assert "4 orang dalam 1 bulan, 1.200 orang dalam 3 bulan" in item.detail
    assert item.filters == {"bagian": "bpjs"}
    assert rules(lapsing={1: 0, 2: 0, 3: 0}) == []
    soon = with_rule("hampir_gugur", months=1)
    assert attention(headline(lapsing={1: 0, 3: 9}), soon, TODAY) == []


def test_proposals_that_stall_are_told_by_stage() -> None:
    (item,) = attention(
        headline(stalled={"diusulkan": 7, "verifikasi_kecamatan": 2}), LIMITS, TODAY
    )
    assert (item.rule, item.level, item.filters) == (
        "usulan_tertahan", "notice", {"bagian": "verifikasi"},
    )  # fmt: skip
    assert item.title == "9 usulan tertahan"
    assert "60 hari" in item.detail
    assert "diusulkan RT 7" in item.detail


def test_a_kelurahan_without_eligible_people_is_no_hole() -> None:
    rows = (make_row("15.71.07.1011", "Talang Gulo", 0, 0, register_known=True),)
    assert rules(kelurahan=rows) == []


def test_old_data_comes_first_but_invented_data_does_not_age() -> None:
    old = date(2025, 11, 3)
    assert rules(as_of=old, rejected_rows=1) == ["data_lama", "baris_ditolak"]
    assert rules(as_of=old, rejected_rows=1, synthetic=True) == ["baris_ditolak"]
    assert rules(as_of=date(2025, 11, 4)) == []  # 62 days: not yet
    ages = with_rule("data_lama", also_invented=True)
    (item,) = attention(headline(as_of=old, synthetic=True), ages, TODAY)
    assert (item.title, item.page) == ("Data sudah berumur 63 hari", "data")


def test_money_above_the_budget_is_urgent() -> None:
    year = {(Month(2025, m), None): 3_000 for m in range(1, 13)}
    spent = contribution(load_money(), "pekerja_rentan", Month(2025, 12), year)
    assert rules(contribution=spent, unlocated=2) == ["pagu_terlampaui", "tanpa_lokasi"]


def test_money_that_will_not_last_names_the_month() -> None:
    spent = contribution(
        load_money(), "pekerja_rentan", Month(2025, 6), {(Month(2025, 6), None): 6_500}
    )
    (item,) = attention(headline(contribution=spent), LIMITS, TODAY)
    assert item.rule == "pagu_habis"
    assert "November 2025" in item.detail


def test_rts_without_anybody_lead_to_the_worst_kelurahan() -> None:
    (item,) = attention(
        headline(rt_uncovered={"15.71.07.1011": 3, "15.71.01.1001": 9}), LIMITS, TODAY
    )
    assert item.title.startswith("12 RT")
    assert item.filters == {"tingkat": "rt", "wilayah": "15.71.01.1001"}


def test_several_kelurahan_lead_to_a_map_of_just_these() -> None:
    rows = tuple(
        make_row(f"15.71.07.100{i}", f"Kelurahan {i}", covered, 100, register_known=True)
        for i, covered in enumerate((0, 50, 3, 0, 1))
    )
    nobody, low = attention(headline(kelurahan=rows), LIMITS, TODAY)
    assert nobody.filters == {"tingkat": "kelurahan", "hanya": "15.71.07.1000~15.71.07.1003"}
    assert low.filters == {"tingkat": "kelurahan", "hanya": "15.71.07.1002~15.71.07.1004"}
    assert low.title == "2 kelurahan di bawah 5%"
    assert "Kelurahan 4 1,0%, Kelurahan 2 3,0%" in low.detail


def test_kampung_bahagia_that_stands_still_or_leaves_somebody_out() -> None:
    assert news() == []
    (still,) = news(still=True, left=1583)
    assert (still.rule, still.page, still.filters) == (
        "kampung_terhenti", "kampung-bahagia", {"kb_lembar": "tempo"},
    )  # fmt: skip
    assert "1.583 RT belum bergabung" in still.detail
    (without,) = news(without=("15.71.07.1011", "15.71.01.1001"))
    assert without.title == "2 kelurahan belum punya RT Kampung Bahagia"
    assert "Talang Gulo" in without.detail
    (stuck,) = news(stuck={"musyawarah": 4, "pelaksanaan": 1})
    assert (stuck.title, stuck.filters) == (
        "5 RT tertahan di satu tahap", {"kb_lembar": "lama"},
    )  # fmt: skip


def test_a_rule_is_switched_off_moved_up_and_given_another_limit_in_the_file() -> None:
    loud = headline(rejected_rows=3, unlocated=2)

    def found(changed: AttentionRules) -> list[str]:
        return [item.rule for item in attention(loud, changed, TODAY)]

    assert found(LIMITS) == ["baris_ditolak", "tanpa_lokasi"]
    assert found(with_rule("baris_ditolak", on=False)) == ["tanpa_lokasi"]
    assert found(with_rule("baris_ditolak", from_rows=4)) == ["tanpa_lokasi"]
    assert found(with_rule("tanpa_lokasi", level="urgent")) == ["tanpa_lokasi", "baris_ditolak"]
    assert found(AttentionRules(LIMITS.rules[::-1])) == ["tanpa_lokasi", "baris_ditolak"]


def test_the_shipped_file_has_every_rule() -> None:
    assert {rule.id for rule in LIMITS.rules} == set(RULES)
    assert load_attention().get("di_bawah_batas").limit("rate") == 0.05


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('id = "rt_nol"', 'id = "rt_kosong"', "tidak ada aturan bernama rt_kosong"),
        ('id = "rt_nol"', 'id = "data_lama"', "belum menyebut"),
        ('id = "rt_nol"', 'id = "kelurahan_nol"', "tepat sekali; periksa kelurahan_nol, rt_nol"),
        ("rate = 0.05", "rate = 5", "di_bawah_batas: rate"),
        ("rate = 0.05", 'rate = "5%"', "di_bawah_batas: rate"),
        ("rate = 0.05", "", "belum menyebut rate"),
        ("rate = 0.05", "rate = nan", "di_bawah_batas: rate"),
        ("months = 3", "months = 2.5", "hampir_gugur: months"),
        ("months = 3", "month = 3", "tidak mengenal month"),
        ("also_invented = false", "also_invented = 0", "data_lama: also_invented"),
        ('level = "urgent"', 'level = "merah"', "urgent, warning, notice"),
        ("on = true", 'on = "ya"', "data_lama: on"),
        ("[[rule]]", "[rule]", "dapat dibaca"),
        ("[[rule]]", "[other]\n[[rule]]", "hanya boleh berisi"),
    ],
)
def test_a_spoilt_file_is_told_in_one_sentence(
    before: str, after: str, said: str, tmp_path: Path
) -> None:
    text = (FACTS / "attention.toml").read_text(encoding="utf-8")
    assert before in text
    spoilt = tmp_path / "attention.toml"
    spoilt.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(Refusal, match=said):
        load_attention(spoilt)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"attention\.toml tidak ada"):
        load_attention(tmp_path / "attention.toml")


def test_changes_are_differences_of_the_headline_figures() -> None:
    before, now = headline(), headline(persons=36, rate=0.36, rt_joined=4, eligible=None)
    found = {c.indicator: c.difference for c in changes(before, now)}
    assert found["orang_terlindungi"] == 6
    assert found["cakupan"] == pytest.approx(0.06)
    assert found["rt_bergabung"] == 3
    assert found["santunan"] == 0
    unknown = {c.indicator: c.difference for c in changes(before, headline(rate=None))}
    assert unknown["cakupan"] is None


def test_every_figure_of_the_page_has_a_definition() -> None:
    known = {i.id for i in load_indicators().indicators}
    assert {c.indicator for c in changes(headline(), headline())} <= known
