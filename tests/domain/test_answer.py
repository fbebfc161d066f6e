"""The city in one sentence, for every state of the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_headline import headline

from jambi_dash.domain.answer import in_one_sentence
from jambi_dash.domain.headline import Headline
from jambi_dash.domain.language import in_language


def city(**changed: object) -> Headline:
    whole: dict[str, object] = {
        "covered": 3000, "eligible": 15000, "rate": 0.2, "rt_total": 1650, "rt_joined": 67,
    }  # fmt: skip
    return headline(**{**whole, **changed})


def test_what_a_mayor_says() -> None:
    before = city(covered=2632, as_of=date(2025, 9, 30))
    assert in_one_sentence(city(), before) == (
        "Per 31 Desember 2025, 3.000 dari 15.000 pekerja rentan terlindungi (20,0%), 12.000 belum; "
        "bertambah 368 orang sejak 30 September 2025; "
        "67 dari 1.650 RT sudah bergabung Kampung Bahagia."
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"has_roster": False, "covered": 0},
         "daftar peserta belum ada, jadi jumlah pekerja rentan yang terlindungi belum diketahui"),
        ({"eligible": None, "rate": None},
         "3.000 pekerja rentan terlindungi; berapa jumlah seluruhnya belum diketahui"),
        ({"eligible": 2000, "rate": 1.5}, "3.000 pekerja rentan terlindungi, lebih banyak daripada "
         "perkiraan 2.000"),
        ({"eligible": 3000, "rate": 1.0}, "semua 3.000 pekerja rentan terlindungi"),
        ({"covered": 0, "rate": 0.0}, "0 dari 15.000 pekerja rentan terlindungi (0,0%), 15.000 belum"),
        ({"rt_joined": 0}, "belum ada dari 1.650 RT yang bergabung Kampung Bahagia"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_said(changed: dict[str, object], said: str) -> None:
    assert said in in_one_sentence(city(**changed))


def test_without_a_register_nothing_is_said_of_rts() -> None:
    assert "RT" not in in_one_sentence(city(rt_total=0, rt_joined=0))


def test_changes_are_told_only_between_what_can_be_compared() -> None:
    earlier = date(2025, 11, 30)
    for before, said in (
        (city(covered=3010, as_of=earlier), "berkurang 10 orang sejak 30 November 2025"),
        (city(as_of=earlier), "tidak berubah sejak 30 November 2025"),
        (city(covered=2999), "bertambah 1 orang sejak rilis sebelumnya"),
    ):
        assert said in in_one_sentence(city(), before)
    for before in (
        city(covered=1, as_of=earlier, synthetic=True),
        city(covered=1, as_of=earlier, has_roster=False),
        city(covered=1, as_of=date(2026, 1, 31)),
    ):
        assert in_one_sentence(city(), before) == in_one_sentence(city())


@given(
    st.builds(
        city,
        has_roster=st.booleans(),
        covered=st.integers(0, 10**6),
        eligible=st.none() | st.integers(0, 10**6),
        rt_total=st.integers(0, 2000),
        public=st.booleans(),
    )
)
def test_it_is_one_sentence_in_either_language(now: Headline) -> None:
    now = replace(now, rate=now.covered / now.eligible if now.eligible else None)
    for language in ("id", "en"):
        with in_language(language):
            said = in_one_sentence(now, city(as_of=date(2025, 9, 30)))
        assert said.endswith(".")
        assert "{" not in said
        assert "–" not in said
