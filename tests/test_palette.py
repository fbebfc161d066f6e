from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash import palette
from jambi_dash.domain.language import in_language
from jambi_dash.domain.programme import Term, Vocabulary, load_programme
from jambi_dash.palette import scales
from jambi_dash.palette.colours import CATEGORIES

THEMES = ("light", "dark")

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def lab(colour: str, deficiency: str = "none") -> np.ndarray:
    """CIE L*a*b* of `#rrggbb` as seen with a colour vision deficiency."""
    srgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(DEFICIENCIES[deficiency] @ linear, 0, 1)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = to_xyz @ seen / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, other: str, deficiency: str) -> float:
    return float(np.linalg.norm(lab(one, deficiency) - lab(other, deficiency)))


@pytest.mark.parametrize(
    ("rate", "key"),
    [
        (0.0, "zero"),
        (1e-6, "r1"),
        (0.0999, "r1"),
        (0.10, "r2"),
        (0.1 + 0.2, "r4"),
        (9 / 30, "r4"),
        (0.45, "r5"),
        (0.60, "r6"),
        (0.7999, "r6"),
        (0.8, "r7"),
        (1.0, "r7"),
        (1.0001, "over"),
        (3.0, "over"),
        (None, "no_data"),
        (float("nan"), "no_data"),
    ],
)
def test_a_class_owns_its_lower_edge(rate: float | None, key: str) -> None:
    assert palette.rate_class(rate).key == key


@given(st.floats(min_value=1e-7, max_value=5))
def test_every_rate_has_one_class_that_holds_it(rate: float) -> None:
    holding = [
        info.key
        for info in palette.rate_scale()
        if info.low is not None
        and info.high is not None
        and (info.low - 1e-9 <= rate < info.high - 1e-9 or (info.high == 1 and rate == 1))
    ]
    key = palette.rate_class(rate).key
    assert key in holding if abs(rate - 1) > 1e-8 and rate < 1 else key in ("r7", "over")


@pytest.mark.parametrize(
    ("state", "key"), [("nol", "zero"), ("tidak ada data", "no_data"), ("disembunyikan", "hidden")]
)
def test_a_state_outweighs_the_rate(state: str, key: str) -> None:
    assert palette.rate_class(0.5, state).key == key


def test_missing_values_of_every_kind_are_no_data() -> None:
    column = pd.Series([0.5, pd.NA, None], dtype="Float64")
    keys = [palette.rate_scale()[i].key for i in palette.classify_rates(column)]
    assert keys == ["r5", "no_data", "no_data"]


def test_values_and_states_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        palette.classify_rates([0.1, 0.2], ["angka"])


@pytest.mark.parametrize(
    ("difference", "key"),
    [
        (0.0, "same"),
        (0.001, "n1"),
        (0.02, "n2"),
        (0.05, "n3"),
        (0.7 - 0.6, "n4"),
        (0.2, "n5"),
        (-0.001, "f1"),
        (-0.05, "f3"),
        (-0.3, "f5"),
        (None, "no_data"),
    ],
)
def test_differences_are_classed_alike_on_both_sides_of_zero(
    difference: float | None, key: str
) -> None:
    assert palette.difference_class(difference).key == key


@given(st.floats(min_value=1e-6, max_value=2))
def test_a_fall_mirrors_a_rise(size: float) -> None:
    rise, fall = palette.difference_class(size).key, palette.difference_class(-size).key
    assert (rise[0], fall[0], rise[1:]) == ("n", "f", fall[1:])


def test_labels_are_written_in_the_readers_language() -> None:
    labels = [info.label for info in palette.rate_scale()]
    assert labels[:2] == [">0–<10%", "10–<20%"]
    assert labels[6:8] == ["80–100%", ">100%"]
    assert [i.label for i in palette.difference_scale()][:2] == ["≤−20", "−10 – >−20"]
    with in_language("en"):
        assert palette.rate_scale()[1].label == "10–<20%"


def test_differences_of_counts_have_fixed_classes() -> None:
    scale = palette.count_difference_scale()
    values = [-50, -49, -25, -24, -5, -4, -1, 0, 1, 4, 5, 24, 25, 49, 50, 9000, None]
    found = [scale[place] for place in palette.classify_count_differences(values)]
    assert [info.key for info in found] == [
        "f5", "f4", "f4", "f3", "f2", "f1", "f1", "same", "n1", "n1", "n2", "n3", "n4", "n4", "n5",
        "n5", "no_data",
    ]  # fmt: skip
    assert [info.label for info in found[:2]] == ["≤−50", "−25 sampai −49"]
    assert found[-2].label == "≥+50"
    assert [i.fill for i in scale] == [i.fill for i in palette.difference_scale()][:-1]


ALL_SCALES = {
    "rates": palette.rate_scale,
    "differences": palette.difference_scale,
    "count differences": palette.count_difference_scale,
    "rt stages": palette.rt_stage_scale,
    "worker stages": palette.worker_stage_scale,
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ALL_SCALES)
def test_labels_can_be_read_on_every_class(name: str, theme: palette.Theme) -> None:
    for info in ALL_SCALES[name](theme):
        assert palette.contrast(info.ink, info.fill) >= 4.5, info.key


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_lightness_falls_from_class_to_class_for_every_eye(deficiency: str) -> None:
    rates = [lab(i.fill, deficiency)[0] for i in palette.rate_scale() if i.low is not None]
    assert all(a - b >= 5 for a, b in pairwise(rates)), rates
    scale = palette.difference_scale()
    for side in ("n", "f"):
        steps = sorted(
            (i for i in scale if i.key[0] == side and i.key[1:].isdigit()), key=lambda i: i.key
        )
        lightness = [lab(i.fill, deficiency)[0] for i in steps]
        assert all(a - b >= 5 for a, b in pairwise(lightness)), lightness


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_a_rise_is_never_taken_for_a_fall(deficiency: str) -> None:
    by_key = {info.key: info.fill for info in palette.difference_scale()}
    for step in "2345":
        assert apart(by_key["n" + step], by_key["f" + step], deficiency) >= 12


@pytest.mark.parametrize("theme", THEMES)
def test_states_differ_without_colour(theme: palette.Theme) -> None:
    looks = {i.key: i.pattern for i in palette.rate_scale(theme) if i.pattern}
    assert looks == {"zero": "dots", "no_data": "hatch", "hidden": "cross"}
    assert [i.key for i in palette.rate_scale(theme) if i.mark] == ["over"]


def test_a_number_has_the_same_colour_in_both_themes() -> None:
    for light, dark in zip(palette.rate_scale("light"), palette.rate_scale("dark"), strict=True):
        if not light.pattern:
            assert light == dark


@pytest.mark.parametrize("theme", THEMES)
def test_cohorts_stand_out_from_the_panel_and_from_each_other(theme: palette.Theme) -> None:
    panel = palette.SURROUNDINGS[theme].panel
    colours = {c: palette.cohort_colour(c, theme) for c in load_programme().cohorts.ids}
    assert len(set(colours.values())) == len(colours)
    for colour in colours.values():
        assert palette.contrast(colour, panel) >= 3


def test_every_stage_of_the_programme_has_a_class() -> None:
    programme = load_programme()
    rt = [info.key for info in palette.rt_stage_scale()]
    worker = [info.key for info in palette.worker_stage_scale()]
    assert rt == [*programme.rt_stages.ids, "no_data"]
    assert worker == [*programme.worker_stages.ids, "no_data"]
    assert next(i for i in palette.rt_stage_scale() if i.key == "dikecualikan").pattern == "cross"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("count", [2, 3, 4, 6, 9])
def test_other_stages_by_configuration_look_apart(
    count: int, theme: palette.Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"langkah{n}" for n in range(count)]
    terms = [Term(name, name, name, ()) for name in names]
    stages = Vocabulary((*terms, Term("keluar", "keluar", "out", (), side_exit=True)))
    other = replace(load_programme(), rt_stages=stages, worker_stages=stages)
    monkeypatch.setattr(scales, "load_programme", lambda: other)
    scales._stage_scale.cache_clear()
    for drawn in (palette.rt_stage_scale(theme), palette.worker_stage_scale(theme)):
        way = [info for info in drawn if info.key in names]
        assert not any(info.pattern for info in way)
        assert all(apart(a.fill, b.fill, "none") >= 8 for a, b in pairwise(way))
        assert len({info.fill for info in way}) == count
    scales._stage_scale.cache_clear()


def test_other_cohorts_take_the_first_colours_and_known_ones_keep_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {name: palette.cohort_colour(name) for name in load_programme().cohorts.ids}
    own = load_programme().cohorts.terms
    more = (Term("nelayan", "Nelayan", "Fishers", ()), Term("petani", "Petani", "Farmers", ()))
    for listed in ((more[0], *own), more):
        other = replace(load_programme(), cohorts=Vocabulary(listed))
        monkeypatch.setattr(scales, "load_programme", lambda other=other: other)
        found = [palette.cohort_colour(term.id) for term in listed]
        assert len(set(found)) == len(listed)
        assert all(palette.cohort_colour(t.id) == before[t.id] for t in listed if t.id in before)
    assert found == list(CATEGORIES["light"][:2])
