"""Who may read what: roles, areas, and the file that gives them to people (design section 12).

```
default = "penonton"            # a person whom no line below names; without it: no access
session_hours = 8               # after that everybody signs in again

[[people]]
email = "petugas@contoh.go.id"
role = "petugas_data"

[[people]]
claim = "groups"                # or any other claim of the provider
value = "lurah-sungai-putri"
role = "perencana"
areas = ["15.71.02.1003"]       # only these kelurahan (or all of a kecamatan) are seen
```

The first line that fits counts. Nothing here knows Streamlit, a store or a clock.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from jambi_dash.domain import foreign_toml
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal

Role = Literal["penonton", "perencana", "petugas_data"]
Right = Literal["read", "internal", "rt", "city", "scenarios", "data", "log"]
Reason = Literal["", "sign_in", "expired", "unknown", "unverified", "roles", "address"]

NOBODY = "tanpa_akses"
LOCAL = "lokal"
"""The reader at this computer, where no sign-in is set up."""

_RIGHTS: dict[str, frozenset[Right]] = {
    NOBODY: frozenset(),
    "penonton": frozenset({"read", "city"}),
    "perencana": frozenset({"read", "internal", "rt", "city", "scenarios"}),
    "petugas_data": frozenset(get_args(Right)),
    LOCAL: frozenset(get_args(Right)),
}
# What a person with areas does not get: the model and its scenarios are about the whole city.
_WHOLE_CITY: frozenset[Right] = frozenset({"city", "scenarios"})

LONGEST_FILE = 1024 * 1024
"""Bytes of a role file."""
DEFAULT_HOURS = 8.0


@dataclass(frozen=True)
class Sight:
    """What of a release can be seen: under public rules or not, and of which kelurahan.

    `areas` are kelurahan codes; `None`: the whole city.
    """

    public: bool = False
    areas: frozenset[str] | None = None

    def require_internal(self) -> None:
        """Refuses a question that has no form for the public."""
        if self.public:
            raise refused("internal")

    def require_city(self) -> None:
        """Refuses a question that only the whole city answers."""
        if self.areas is not None:
            raise refused("city")


EVERYTHING = Sight()


@dataclass(frozen=True)
class Reader:
    """The person in front of a page; `who` is a keyed pseudonym, never a name or an address.

    `reason` says why a reader without access has none.
    """

    role: str
    areas: frozenset[str] | None = None
    who: str = ""
    reason: Reason = ""

    def may(self, right: Right) -> bool:
        """Whether the role has this right, with its areas taken into account."""
        granted = _RIGHTS[self.role]
        return right in (granted if self.areas is None else granted - _WHOLE_CITY)

    def require(self, right: Right) -> None:
        """Raises `Refusal`, in one sentence, without the right."""
        if not self.may("read"):
            raise refused("read")
        if not self.may(right):
            raise refused(right)

    @property
    def sight(self) -> Sight:
        """What this reader sees of a release; raises `Refusal` for a reader without access."""
        self.require("read")
        return Sight(public=not self.may("internal"), areas=self.areas)


LOCAL_READER = Reader(LOCAL, who=LOCAL)


def nobody(reason: Reason, who: str = "") -> Reader:
    """A reader without any right."""
    return Reader(NOBODY, who=who, reason=reason)


def refused(right: Right) -> Refusal:
    """The sentence for a right that is missing."""
    return Refusal(
        {
            "read": t("Anda belum masuk atau tidak punya akses; masuk dengan akun yang terdaftar."),
            "internal": t("Bagian ini tidak dibuka untuk peran penonton; mintalah peran perencana "
                          "kepada petugas data."),
            "rt": t("Angka per RT hanya untuk perencana dan petugas data; pilih tingkat kelurahan."),
            "city": t("Bagian ini tentang seluruh kota dan tidak dibuka untuk peran yang dibatasi "
                      "pada wilayah."),
            "scenarios": t("Simulasi dan skenario hanya untuk perencana dan petugas data seluruh "
                           "kota."),
            "data": t("Bagian ini hanya untuk petugas data."),
            "log": t("Catatan hanya untuk petugas data."),
        }[right]
    )  # fmt: skip


# The file


@dataclass(frozen=True)
class _Person:
    """One line: whom it names (a claim and its value, small letters), and what they get."""

    claim: str
    value: str
    role: Role
    areas: frozenset[str] | None


@dataclass(frozen=True)
class RoleBook:
    """The roles of a store.

    `session_hours` ends a session so long after sign-in, and `follow_expiry` when the provider's
    token does, if that is sooner. `trust_email` accepts an e-mail that the provider does not mark
    as verified: only for a provider where people cannot choose it themselves.
    """

    people: tuple[_Person, ...] = ()
    default: Role | None = None
    session_hours: float = DEFAULT_HOURS
    follow_expiry: bool = True
    trust_email: bool = False

    def identity(self, claims: Mapping[str, Any]) -> str:
        """What a person is known by: the e-mail where it can be trusted, else issuer and subject."""
        email = self._email(claims)
        return email or f"{claims.get('iss', '')}|{claims.get('sub', '')}"

    def reader(self, claims: Mapping[str, Any], *, who: str, now: float) -> Reader:
        """What a person who signed in with these claims may do at `now` (seconds since 1970)."""
        if now >= self.session_end(claims):
            return nobody("expired", who)
        email = self._email(claims)
        for person in self.people:
            found = [email] if person.claim == "email" else _texts(claims.get(person.claim))
            if person.value in found:
                return Reader(person.role, person.areas, who)
        if self.default is not None:
            return Reader(self.default, None, who)
        told = _texts(claims.get("email"))
        return nobody("unverified" if told and not email else "unknown", who)

    def session_end(self, claims: Mapping[str, Any]) -> float:
        """When these claims stop to hold, seconds since 1970; 0 where they do not say."""
        issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
        if issued is None or (self.follow_expiry and expires is None):
            return 0.0
        end = issued + self.session_hours * 3600
        return min(end, expires) if self.follow_expiry and expires is not None else end

    def emails(self) -> tuple[str, ...]:
        """The e-mail addresses of the file, to find out whose a pseudonym is."""
        return tuple(person.value for person in self.people if person.claim == "email")

    def _email(self, claims: Mapping[str, Any]) -> str:
        # A provider may let people type their own address: unverified it proves nothing.
        if claims.get("email_verified") is True or (
            self.trust_email and claims.get("email_verified") is None
        ):
            return next(iter(_texts(claims.get("email"))), "")
        return ""


def _texts(claim: Any) -> list[str]:
    """A claim as texts in small letters; some providers send one value, some a list."""
    values = claim if isinstance(claim, list | tuple) else [claim]
    return [_plain(value) for value in values if isinstance(value, str) and value.strip()]


def _plain(text: str) -> str:
    return text.strip().casefold()


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


_KEYS = {"default", "session_hours", "follow_expiry", "trust_email", "people"}
_PERSON_KEYS = {"email", "claim", "value", "role", "areas"}
_MOST_HOURS = 24 * 7


def read_roles(text: str) -> RoleBook:
    """The role file; raises `Refusal` that names the first thing wrong, never a person."""
    try:
        raw = foreign_toml.parse(text, longest=LONGEST_FILE)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(t("bukan TOML yang sah ({error})", error=_place(error))) from None
    if unknown := sorted(set(raw) - _KEYS):
        raise _wrong(t("kunci {keys} tidak dikenal", keys=", ".join(unknown)))
    people = raw.get("people", [])
    if not isinstance(people, list) or not all(isinstance(p, dict) for p in people):
        raise _wrong(t("people harus berupa daftar [[people]]"))
    found = tuple(_person(number, entry) for number, entry in enumerate(people, start=1))
    named = [(person.claim, person.value) for person in found]
    if twice := next((n for n, key in enumerate(named, start=1) if key in named[: n - 1]), None):
        raise _wrong(t("[[people]] nomor {n} menyebut orang yang sama untuk kedua kali", n=twice))
    hours = raw.get("session_hours", DEFAULT_HOURS)
    if (
        isinstance(hours, bool)
        or not isinstance(hours, int | float)
        or not 0 < hours <= _MOST_HOURS
    ):
        raise _wrong(t("session_hours harus lebih dari 0 dan paling banyak {n}", n=_MOST_HOURS))
    default = raw.get("default")
    if default is not None and default != "penonton":
        # Whoever has an account at the provider gets this: more than a look would be an accident.
        raise _wrong(t('default hanya boleh "penonton"'))
    return RoleBook(
        found, default, float(hours),
        _flag(raw, "follow_expiry", True), _flag(raw, "trust_email", False),
    )  # fmt: skip


def _person(number: int, entry: Mapping[str, Any]) -> _Person:
    if unknown := sorted(set(entry) - _PERSON_KEYS):
        raise _wrong(
            t("[[people]] nomor {n}: kunci {keys} tidak dikenal", n=number, keys=", ".join(unknown))
        )
    by_email = "email" in entry
    claim = "email" if by_email else entry.get("claim")
    value = entry.get("email") if by_email else entry.get("value")
    if (
        not (isinstance(claim, str) and isinstance(value, str) and claim and value.strip())
        or (by_email and ("claim" in entry or "value" in entry or "@" not in value))
        or (not by_email and claim == "email")
    ):
        raise _wrong(t("[[people]] nomor {n} perlu email, atau claim dan value", n=number))
    role: Role | None = next((r for r in get_args(Role) if r == entry.get("role")), None)
    if role is None:
        raise _wrong(
            t("[[people]] nomor {n}: role harus salah satu dari {known}",
              n=number, known=", ".join(get_args(Role)))
        )  # fmt: skip
    return _Person(claim, _plain(value), role, _areas(number, entry, role))


def _areas(number: int, entry: Mapping[str, Any], role: Role) -> frozenset[str] | None:
    if "areas" not in entry:
        return None
    given, known = entry["areas"], load_areas()
    if role != "perencana":
        # Under public rules one area alone would show what is hidden in the table of all.
        raise _wrong(t("[[people]] nomor {n}: areas hanya untuk role perencana", n=number))
    if not isinstance(given, list) or not given or not all(isinstance(c, str) for c in given):
        raise _wrong(t("[[people]] nomor {n}: areas harus daftar kode wilayah", n=number))
    codes: set[str] = set()
    for code in given:
        inside = {k.code for k in known.kelurahan if code in (k.code, k.kecamatan_code)}
        if not inside:
            raise _wrong(
                t("[[people]] nomor {n}: kode wilayah {code} tidak ada", n=number, code=code)
            )
        codes |= inside
    return frozenset(codes)


def _flag(raw: Mapping[str, Any], key: str, default: bool) -> bool:
    value = raw.get(key, default)
    if not isinstance(value, bool):
        raise _wrong(t("{key} harus true atau false", key=key))
    return value


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Where, without the words of the file: they are people's addresses."""
    _, _, place = str(error).rpartition("(at ")
    return place.rstrip(")") or "?"


def _wrong(what: str) -> Refusal:
    return Refusal(t("Berkas peran (roles.toml) keliru: {what}.", what=what))


def role_label(role: str) -> str:
    """A role in the reader's words."""
    return {
        NOBODY: t("tanpa akses"),
        "penonton": t("penonton"),
        "perencana": t("perencana"),
        "petugas_data": t("petugas data"),
        LOCAL: t("komputer ini"),
        "perintah": t("baris perintah"),
        "proses": t("program"),
    }.get(role, role)
