"""Whole numbers by weight: exact sums, bounds kept, proportion where nothing binds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.demo.shares import scaled, spread


def test_largest_remainder() -> None:
    assert spread(10, [1, 1, 1]) == [4, 3, 3]
    assert spread(7, [3, 1, 0]) == [5, 2, 0]
    assert spread(0, [1, 2]) == [0, 0]
    assert spread(9, [1, 1, 1]) == [3, 3, 3]


def test_bounds_pass_the_rest_on() -> None:
    assert spread(12, [10, 1, 1], upper=4) == [4, 4, 4]
    assert spread(10, [8, 1, 1], lower=2) == [6, 2, 2]


def test_no_room_is_an_error() -> None:
    with pytest.raises(ValueError):
        spread(5, [1, 1], upper=2)
    with pytest.raises(ValueError):
        spread(1, [0, 0])


def test_scaled_rounds_half_up() -> None:
    assert scaled({"a": 3, "b": 1, "c": 0}, 0.5) == {"a": 2, "b": 1, "c": 0}


@given(
    st.lists(
        st.tuples(st.floats(0.001, 1000), st.integers(0, 20), st.integers(0, 50)),
        min_size=1,
        max_size=40,
    ),
    st.floats(0, 1),
)
def test_always_exact_and_within_bounds(parts: list[tuple[float, int, int]], way: float) -> None:
    lower = [low for _, low, _ in parts]
    upper = [low + room for _, low, room in parts]
    total = sum(lower) + int((sum(upper) - sum(lower)) * way)
    shares = spread(total, [weight for weight, _, _ in parts], lower=lower, upper=upper)
    assert sum(shares) == total
    assert all(a <= x <= b for a, x, b in zip(lower, shares, upper, strict=True))


@given(st.lists(st.integers(1, 100), min_size=1, max_size=40), st.integers(0, 5000))
def test_unbounded_shares_keep_the_quota(weights: list[int], total: int) -> None:
    shares = spread(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * weight / sum(weights)) < 1 + 1e-6
