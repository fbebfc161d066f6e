"""Whole numbers that follow weights, stay within bounds and add up exactly."""

from __future__ import annotations

from collections.abc import Sequence


def spread(
    total: int,
    weights: Sequence[float],
    *,
    lower: Sequence[int] | int = 0,
    upper: Sequence[int] | int | None = None,
) -> list[int]:
    """Splits `total` in proportion to `weights`, each part within its bounds.

    Largest remainder, ties to the earlier part. A part of weight 0 gets its lower bound.
    `ValueError` where the bounds leave no room for `total`.
    """
    count = len(weights)
    low = [lower] * count if isinstance(lower, int) else list(lower)
    if upper is None:
        high = [max(total, bound) for bound in low]
    else:
        high = [upper] * count if isinstance(upper, int) else list(upper)
    high = [
        top if weight > 0 else low[i]
        for i, (top, weight) in enumerate(zip(high, weights, strict=True))
    ]
    if not sum(low) <= total <= sum(high):
        raise ValueError(f"{total} does not fit between {sum(low)} and {sum(high)}")
    exact = _bounded(total, weights, low, high)
    # Floats may stand a hair below a whole number that they mean.
    parts = [min(max(int(share + 1e-9), low[i]), high[i]) for i, share in enumerate(exact)]
    missing = total - sum(parts)
    by_remainder = sorted(range(count), key=lambda i: (parts[i] - exact[i], i))
    while missing:
        step = 1 if missing > 0 else -1
        order = by_remainder if step > 0 else by_remainder[::-1]
        for i in order:
            if missing and low[i] <= parts[i] + step <= high[i]:
                parts[i] += step
                missing -= step
    return parts


def _bounded(
    total: int, weights: Sequence[float], low: Sequence[int], high: Sequence[int]
) -> list[float]:
    """Shares `scale × weight` cut to their bounds, with the scale at which they meet `total`."""

    def cut(scale: float) -> list[float]:
        return [min(max(w * scale, a), b) for w, a, b in zip(weights, low, high, strict=True)]

    smallest = min((w for w in weights if w > 0), default=1.0)
    below, above = 0.0, (max(high, default=0) + 1) / smallest
    for _ in range(80):
        middle = (below + above) / 2
        if sum(cut(middle)) < total:
            below = middle
        else:
            above = middle
    return cut(above)


def scaled(counts: dict[str, int], share: float) -> dict[str, int]:
    """Every count times `share`, rounded half up."""
    return {key: int(count * share + 0.5) for key, count in counts.items()}
