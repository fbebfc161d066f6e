"""What a rate is of: shares that add up, estimates that are missing, the ledger's own sources."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.allocation import largest_remainder
from jambi_dash.domain.denominators import RtFacts, load_ledger
from jambi_dash.domain.language import in_language
from jambi_dash.domain.refusal import Refusal

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)
LEDGER = load_ledger()


@given(st.integers(0, 10**7), WEIGHTS)
def test_shares_add_up_and_stay_within_one_of_their_quota(total: int, weights: list[int]) -> None:
    shares = largest_remainder(total, weights)
    whole = sum(weights)
    if whole == 0:
        assert shares == [0] * len(weights)
        return
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        quota, rest = divmod(total * weight, whole)
        assert share in ((quota,) if rest == 0 else (quota, quota + 1))


@given(st.integers(0, 10**6), WEIGHTS)
def test_who_has_more_never_gets_less(total: int, weights: list[int]) -> None:
    pairs = sorted(zip(weights, largest_remainder(total, weights), strict=True))
    assert all(a[1] <= b[1] for a, b in itertools.pairwise(pairs) if a[0] < b[0])


@given(st.integers(0, 10**6), WEIGHTS)
def test_the_larger_remainder_goes_first(total: int, weights: list[int]) -> None:
    whole = sum(weights)
    if not whole:
        return
    shares = largest_remainder(total, weights)
    up = [total * w % whole for w, s in zip(weights, shares, strict=True) if s > total * w // whole]
    down = [
        total * w % whole for w, s in zip(weights, shares, strict=True) if s == total * w // whole
    ]
    assert not up or not down or min(up) >= max(down)


def test_equal_remainders_go_to_the_earlier() -> None:
    assert largest_remainder(2, [1, 1, 1]) == [1, 1, 0]
    assert largest_remainder(10, [0, 0]) == [0, 0]
    assert largest_remainder(0, [3, 4]) == [0, 0]
    assert largest_remainder(15_000, [10**6] * 7) == [2143] * 6 + [2142]


def rt(number: int, households: int | None, estimate: int | None) -> RtFacts:
    return RtFacts("15.71.02.1004", f"{number:03d}", households, estimate)


def test_estimates_of_rts_are_the_default_for_workers() -> None:
    rts = [rt(1, 100, 7), rt(2, 50, 0)]
    entry = LEDGER.default("pekerja_rentan", rts)
    assert entry is not None
    assert entry.id == "rt_perkiraan"
    eligible = LEDGER.resolve(entry, rts)
    assert (eligible.city, eligible.by_rt, eligible.shared) == (7, [7, 0], 0)
    assert "perkiraan dibagi" not in eligible.label()


def test_an_rt_without_estimate_gets_its_share_of_the_city_and_says_so() -> None:
    rts = [rt(1, 100, 7), rt(2, 100, None), rt(3, 100, None)]
    eligible = LEDGER.resolve(LEDGER.get("rt_perkiraan"), rts)
    assert eligible.by_rt == [7, 5000, 5000]
    assert (eligible.city, eligible.shared) == (10_007, 2)
    assert "perkiraan dibagi" in eligible.label()


def test_without_any_estimate_the_city_figure_is_shared_by_households() -> None:
    rts = [rt(1, 1, None), rt(2, 2, None), rt(3, 4, None)]
    entry = LEDGER.default("pekerja_rentan", rts)
    assert entry is not None
    assert entry.id == "kota_15000"
    eligible = LEDGER.resolve(entry, rts)
    assert eligible.by_rt == largest_remainder(15_000, [1, 2, 4]) == [2143, 4286, 8571]
    assert (eligible.city, eligible.shared) == (15_000, 3)
    assert "perkiraan dibagi" in eligible.label()


def test_without_households_nothing_is_shared() -> None:
    rts = [rt(1, None, None), rt(2, None, 3)]
    eligible = LEDGER.resolve(LEDGER.get("rt_perkiraan"), rts)
    assert (eligible.by_rt, eligible.city, eligible.shared) == ([None, 3], 3, 0)
    eligible = LEDGER.resolve(LEDGER.get("kota_15000"), rts)
    assert (eligible.by_rt, eligible.city, eligible.shared) == ([None, None], 15_000, 0)
    partly = LEDGER.resolve(LEDGER.get("kota_15000"), [rt(1, None, None), rt(2, 10, None)])
    assert (partly.by_rt, partly.shared) == ([None, 15_000], 1)


def test_without_a_register_only_the_city_is_known() -> None:
    for cohort, expected in (
        ("pekerja_rentan", "kota_15000"),
        ("petugas_keagamaan", "petugas_1316"),
    ):
        entry = LEDGER.default(cohort, [])
        assert entry is not None
        assert entry.id == expected
    assert LEDGER.default("ketua_rt", []) is None
    assert LEDGER.default("guru_ngaji", [rt(1, 1, 1)]) is None
    assert LEDGER.resolve(LEDGER.get("rt_jumlah"), []).city is None


def test_one_head_for_each_rt() -> None:
    rts = [rt(1, 1, 1), rt(2, None, None)]
    eligible = LEDGER.resolve(LEDGER.get("rt_jumlah"), rts)
    assert (eligible.city, eligible.by_rt) == (2, [1, 1])


def test_the_ledger_names_its_sources() -> None:
    values = {entry.id: entry.value for entry in LEDGER.denominators}
    assert (values["kota_15000"], values["ucj_228000"]) == (15_000, 228_000)
    assert (values["target_2025"], values["target_2026"]) == (3_000, 4_000)
    for entry in LEDGER.denominators:
        assert all((*entry.labels, *entry.sources, *entry.doubts)), entry.id
        if entry.kind == "city":
            assert entry.value, entry.id
            assert entry.date, entry.id
    shown = " ".join(text for rate in LEDGER.reported for text in rate.shown_texts)
    for figure in ("48,64", "43", "44", "51", "50%"):
        assert figure in shown, figure
    for rate in LEDGER.reported:
        assert all((*rate.sources, *rate.doubts, rate.date)), rate.id


def test_the_ledger_speaks_both_languages() -> None:
    entry = LEDGER.get("kota_15000")
    assert entry.label() == "Pekerja rentan Kota Jambi"
    with in_language("en"):
        assert entry.label() == "Vulnerable workers in Kota Jambi"


def test_an_unknown_denominator_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match=r"penduduk.*kota_15000"):
        LEDGER.get("penduduk")
