"""Who may what: the role file, the claims of a provider, the end of a session."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jambi_dash.cli.sign_in import read_sign_in
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.roles import (
    LOCAL_READER,
    NOBODY,
    Reader,
    Sight,
    nobody,
    read_roles,
    refused,
)
from jambi_dash.settings import PROJECT

DOCS = (PROJECT / "docs" / "roles.md").read_text(encoding="utf-8")

BOOK = """
[[people]]
email = "Siti@Contoh.test"
role = "petugas_data"

[[people]]
email = "lurah@contoh.test"
role = "perencana"
areas = ["15.71.02.1003", "15.71.01"]

[[people]]
claim = "groups"
value = "disnaker"
role = "perencana"
"""
NOW = 1_800_000_000.0


def claims(**more: object) -> dict[str, object]:
    return {"iss": "https://p.test", "sub": "s", "email_verified": True, "iat": NOW - 60,
            "exp": NOW + 600, **more}  # fmt: skip


def reader(text: str = BOOK, **more: object) -> Reader:
    return read_roles(text).reader(claims(**more), who="w", now=NOW)


def test_what_each_role_may() -> None:
    rights = ("read", "internal", "rt", "city", "scenarios", "data", "log")
    table = {
        role: [right for right in rights if Reader(role).may(right)]
        for role in (NOBODY, "penonton", "perencana", "petugas_data")
    }
    assert table == {
        NOBODY: [],
        "penonton": ["read", "city"],
        "perencana": ["read", "internal", "rt", "city", "scenarios"],
        "petugas_data": list(rights),
    }
    lurah = Reader("perencana", frozenset({"15.71.02.1003"}))
    assert [right for right in rights if lurah.may(right)] == ["read", "internal", "rt"]
    assert all(LOCAL_READER.may(right) for right in rights)


def test_what_each_role_sees() -> None:
    assert Reader("penonton").sight == Sight(public=True)
    assert Reader("perencana").sight == Sight()
    own = frozenset({"15.71.02.1003"})
    assert Reader("perencana", own).sight == Sight(areas=own)
    with pytest.raises(Refusal):
        _ = nobody("unknown").sight


@pytest.mark.parametrize("right", ["read", "internal", "rt", "city", "scenarios", "data", "log"])
def test_every_right_has_one_sentence(right: str) -> None:
    said = str(refused(right))  # type: ignore[arg-type]
    assert said.endswith(".")
    assert ". " not in said


def test_people_are_known_by_a_verified_address_or_a_claim() -> None:
    assert reader(email=" SITI@contoh.TEST ").role == "petugas_data"
    assert reader(email="lurah@contoh.test").areas is not None
    assert reader(email="x@y.test", groups=["a", "Disnaker"]).role == "perencana"
    assert reader(email="x@y.test", groups="disnaker").role == "perencana"
    assert reader(email="x@y.test").reason == "unknown"
    assert reader(sub="siti@contoh.test").reason == "unknown"


def test_an_address_that_nobody_verified_proves_nothing() -> None:
    for verified in (False, None, "true", 1):
        found = reader(email="siti@contoh.test", email_verified=verified)
        assert (found.role, found.reason) == (NOBODY, "unverified")
    # A provider that vouches for all addresses need not say so each time; one that denies is heard.
    trusting = "trust_email = true\n" + BOOK
    assert reader(trusting, email="siti@contoh.test", email_verified=None).role == "petugas_data"
    assert reader(trusting, email="siti@contoh.test", email_verified=False).role == NOBODY


def test_a_kecamatan_stands_for_its_kelurahan() -> None:
    areas = reader(email="lurah@contoh.test").areas or frozenset()
    assert "15.71.02.1003" in areas
    assert {code for code in areas if code.startswith("15.71.01.")} == areas - {"15.71.02.1003"}
    assert len(areas) > 2


def test_the_default_is_a_look_and_no_more() -> None:
    assert reader('default = "penonton"\n' + BOOK, email="x@y.test").role == "penonton"
    with pytest.raises(Refusal, match="penonton"):
        read_roles('default = "perencana"')


def test_a_session_ends() -> None:
    def at(now: float, text: str = BOOK, **more: object) -> str:
        return (
            read_roles(text)
            .reader(claims(email="siti@contoh.test", **more), who="", now=now)
            .reason
        )

    assert at(NOW + 599) == ""
    assert at(NOW + 600) == "expired"
    hours = "follow_expiry = false\nsession_hours = 2\n" + BOOK
    assert at(NOW + 600, hours) == ""
    assert at(NOW - 60 + 7200, hours) == "expired"
    # Without its times a token ends nothing, so it begins nothing.
    for spoilt in ({"iat": None}, {"exp": None}, {"iat": "gestern"}, {"iat": True}):
        assert at(NOW, **spoilt) == "expired"
    assert at(NOW, hours, exp=None) == ""


@given(st.floats(0.01, 168), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_session_never_outlasts_its_hours(hours: float, life: int, later: int) -> None:
    book = read_roles(f"session_hours = {hours}")
    end = book.session_end(claims(iat=NOW, exp=NOW + life))
    assert end <= NOW + hours * 3600 + 1e-3
    assert end <= NOW + life
    found = book.reader(claims(iat=NOW, exp=NOW + life), who="", now=NOW + later)
    assert found.role == NOBODY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people = 1", "people"),
        ("[[people]]\nrole='perencana'", "nomor 1"),
        ("[[people]]\nemail='a@b.c'\nrole='raja'", "role"),
        ("[[people]]\nemail='a@b.c'\nrole='perencana'\nareas=['15.99']", "15.99"),
        ("[[people]]\nemail='a@b.c'\nrole='perencana'\nareas=[]", "areas"),
        ("[[people]]\nemail='a@b.c'\nrole='penonton'\nareas=['15.71.01']", "perencana"),
        ("[[people]]\nemail='a@b.c'\nrole='petugas_data'\nareas=['15.71.01']", "perencana"),
        ("[[people]]\nemail='a@b.c'\nrole='penonton'\nnama='x'", "nama"),
        ("[[people]]\nclaim='email'\nvalue='a@b.c'\nrole='penonton'", "email"),
        ("[[people]]\nemail='a@b.c'\nrole='penonton'\n" * 2, "kedua kali"),
        ("session_hours = 0", "session_hours"),
        ("session_hours = 1000", "session_hours"),
        ("follow_expiry = 'ya'", "follow_expiry"),
        ("rahasia = 1", "rahasia"),
        ("[[people]\nemail='budi@contoh.test'", "TOML"),
    ],
)
def test_a_wrong_file_is_refused_and_names_nobody(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said) as refusal:
        read_roles(text)
    assert "@" not in str(refusal.value)


def test_the_examples_of_the_readme_are_sound(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", DOCS, re.DOTALL | re.MULTILINE)
    roles = [block for block in blocks if "[[people]]" in block]
    assert [len(read_roles(block).people) for block in roles] == [3]
    secrets = tmp_path / "rahasia.toml"
    secrets.write_text(next(b for b in blocks if "[auth]" in b).replace("…", "x" * 40))
    secrets.chmod(0o600)
    assert read_sign_in(secrets, 8501).host == "dasbor.contoh.go.id"
