"""A scenario goes through a link and a file unchanged; a spoilt link is refused in one sentence."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import tomllib
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.domain.expansion import CRITERIA, RULES
from jambi_dash.domain.funds import SECTORS, Fund
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario, Tranche, load_table, read_scenario
from jambi_dash.domain.scenario_link import LONGEST_LINK, PERSONAL, changed, decode, encode, to_toml
from jambi_dash.domain.years import CURVES, PathPlan

RELEASE = "20261120-170233-3f9a"

people = st.integers(0, 1_000_000)
shares = st.floats(0, 1)
codes = st.from_regex(r"15\.71\.[01][0-9](\.[0-9]{4}(-[0-9]{3})?)?", fullmatch=True)
by_code = st.dictionaries(codes, people, max_size=6)
words = st.text(st.characters(codec="utf-8"), max_size=60)
growth = st.lists(st.floats(-0.5, 1), min_size=3, max_size=3).map(lambda x: tuple(sorted(x)))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any scenario that can be read."""
    months = sorted(draw(st.lists(st.integers(1, 12), max_size=4)))
    last = draw(st.none() | people)
    tranches = tuple(
        Tranche(month, draw(people) if n < len(months) - 1 else last)
        for n, month in enumerate(months)
    )
    funds = draw(
        st.lists(
            st.builds(
                Fund,
                st.sampled_from(["apbd", "baznas", "csr"]) | words.filter(bool),
                st.none() | st.integers(0, 10**12),
                st.booleans(),
                st.sampled_from(SECTORS),
            ),
            min_size=1, max_size=4, unique_by=lambda fund: fund.id,
        ).filter(lambda found: all(len(fund.id) <= 40 and fund.id != "belum_didanai" for fund in found))
    )  # fmt: skip
    tariff = draw(st.none() | st.integers(1, 1_000_000))
    years = draw(
        st.none()
        | st.builds(
            PathPlan,
            st.integers(1, 30), st.sampled_from(CURVES), growth, growth, growth,
            st.none() | st.integers(1, 1_000_000),
            st.none() | st.dictionaries(st.integers(2026, 2050).map(str), people, max_size=4),
            st.none() | st.integers(0, 10**12),
        )
    )  # fmt: skip
    return Scenario(
        name=draw(words), author=draw(words), note=draw(words),
        workers=draw(people), budget=draw(st.none() | st.integers(0, 10**12)),
        rule=draw(st.sampled_from(RULES)), by=draw(st.sampled_from(["kelurahan", "rt"])),
        year=draw(st.none() | st.integers(2015, 2100)),
        start_month=months[0] if months else draw(st.integers(1, 12)),
        months=draw(st.none() | st.integers(1, 12)), tariff=tariff,
        income=None if tariff else draw(st.none() | st.integers(0, 10**9)),
        floors=draw(by_code), ceilings=draw(by_code), locked=draw(by_code), quota=draw(by_code),
        floor_rate=draw(st.none() | shares), ceiling_rate=draw(st.none() | shares),
        weights=draw(st.none() | st.dictionaries(st.sampled_from(CRITERIA), st.floats(0, 100))),
        tranches=tranches, funds=tuple(funds), turnover=draw(shares), backfill=draw(st.booleans()),
        also_paid=draw(st.dictionaries(st.sampled_from(["ketua_rt", "phl"]), people)),
        seed=draw(st.none() | st.integers(0, 2**31 - 1)), years=years,
    )  # fmt: skip


@given(scenarios(), st.none() | st.just(RELEASE))
def test_a_link_gives_the_same_scenario_without_what_people_wrote(
    scenario: Scenario, release: str | None
) -> None:
    text = encode(scenario, release)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert decode(text) == (replace(scenario, name="", author="", note=""), release)


@given(scenarios())
def test_a_file_gives_the_same_scenario(scenario: Scenario) -> None:
    assert read_scenario(tomllib.loads(to_toml(scenario))) == scenario
    assert read_scenario(changed(scenario)) == scenario
    assert read_scenario(json.loads(json.dumps(changed(scenario)))) == scenario


def test_the_file_as_people_read_it(tmp_path: Path) -> None:
    scenario = Scenario(
        name='Juli, "dikunci"', start_month=7, locked={"15.71.01.1001": 20},
        funds=(Fund("baznas", 50_000_000, public=False), Fund("apbd")),
    )  # fmt: skip
    text = to_toml(scenario)
    assert text == (
        'name = "Juli, \\"dikunci\\""  # text\n'
        "start_month = 7  # month\n"
        "\n"
        "# area code = new places\n"
        "[locked]\n"
        '"15.71.01.1001" = 20\n'
        "\n"
        "# list in order of payment: id, cap (Rp), public (true, false), sector (transportasi, "
        "lainnya)\n"
        "[[funds]]\n"
        'id = "baznas"\n'
        "cap = 50000000\n"
        "public = false\n"
        'sector = "lainnya"\n'
        "\n"
        "[[funds]]\n"
        'id = "apbd"\n'
        "public = true\n"
        'sector = "lainnya"\n'
    )
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    assert read_scenario(load_table(tmp_path / "s.toml")) == scenario
    assert tomllib.loads(to_toml(Scenario())) == changed(Scenario()) == {}


def test_a_link_is_short_and_names_nobody() -> None:
    scenario = Scenario(name="Rina", author="Rina", note="Rina", rule="sebanding", workers=3_500)
    assert len(encode(scenario, RELEASE)) < 130
    assert encode(scenario) == encode(replace(scenario, name="", author="", note=""))
    held = zlib.decompress(base64.urlsafe_b64decode(encode(scenario)[1:] + "=="))
    assert json.loads(held) == {"s": {"rule": "sebanding", "workers": 3_500}}


def packed(held: object) -> str:
    raw = held if isinstance(held, bytes) else json.dumps(held).encode()
    return "1" + base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "2" + encode(Scenario())[1:], "Skenario", "1é", encode(Scenario())[:-3],
        encode(Scenario()) + "AAAA", "1" + "A" * LONGEST_LINK, packed([]), packed({}), packed(b"x"),
        packed({"s": []}), packed({"s": {}, "x": 1}), packed({"s": {}, "r": "../../etc"}),
        packed({"s": {}, "r": 1}), packed({"s": {"pekerja": 1}}), packed({"s": {"workers": "1"}}),
        packed({"s": {"workers": -1}}), packed({"s": {"floor_rate": float("nan")}}),
        packed({"s": {"floors": {"[klik](http://x.example)": 1}}}), packed({"s": {"floors": 7}}),
        packed({"s": {"floors": [1]}}), packed({"s": {"rule": "\ud800"}}),
        packed({"s": {"funds": [{"id": "\ud800", "public": True}]}}),
        packed(b"[" * 100_000), packed(b'{"s":{"workers":' + b"1" * 5_000 + b"}}"),
        packed(b'{"s":{}}' + b" " * 100_000_000),
        *(packed({"s": {key: "x"}}) for key in PERSONAL),
    ],
)  # fmt: skip
def test_a_spoilt_or_foreign_link_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="rusak atau bukan dari dasbor ini") as refused:
        decode(text)
    assert "http" not in str(refused.value)


@given(st.text(max_size=80) | st.binary(max_size=80).map(packed))
def test_any_text_is_a_scenario_or_refused(text: str) -> None:
    with contextlib.suppress(Refusal):
        decode(text)


@given(st.integers(0, 400), st.characters(codec="ascii"))
def test_one_wrong_letter_is_noticed(where: int, letter: str) -> None:
    text = encode(Scenario(workers=3_500, rule="sebanding", locked={"15.71.01.1001": 20}), RELEASE)
    where %= len(text)
    spoilt = text[:where] + letter + text[where + 1 :]
    try:
        assert decode(spoilt) == decode(text)  # bits of the last letter that carry nothing
    except Refusal:
        assert spoilt != text


def test_too_long_for_a_link() -> None:
    many = {
        f"15.71.{n % 11 + 1:02d}.{n * 7919 % 9000 + 1000}-{n * 31 % 999:03d}": n * 7919 % 97
        for n in range(9_000)
    }
    with pytest.raises(Refusal, match="terlalu panjang"):
        encode(Scenario(locked=many))
