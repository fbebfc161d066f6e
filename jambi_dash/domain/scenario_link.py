"""A scenario as text: only what the planner changed, in a link or in a `SCENARIO.toml`.

A link is `1` (its version) and the base64url of compressed JSON. What people wrote, name, author
and note, is never in it: addresses end up in logs and histories.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import KEYS, Scenario, read_scenario

PERSONAL = ("name", "author", "note")
"""Keys that hold what people wrote about a scenario and change no number."""
LONGEST_LINK = 16_000
"""Characters; servers and messengers cut or refuse addresses that are much longer."""
_LONGEST_JSON = 512 * 1024
_VERSION = "1"
_AREAS = ("floors", "ceilings", "locked", "quota")
_CODE = re.compile(r"[0-9][0-9.-]{0,23}")
_RELEASE = re.compile(r"[0-9A-Za-z-]{1,40}")


def changed(scenario: Scenario) -> dict[str, Any]:
    """The keys that differ from `Scenario()`, as they stand in a `SCENARIO.toml`."""
    default, given = Scenario().to_json(), scenario.to_json()
    return {
        key: _without_none(value) for key, value in given.items() if value != default[key]
    }  # fmt: skip


def parameters(scenario: Scenario) -> dict[str, Any]:
    """The same without what people wrote."""
    return {key: value for key, value in changed(scenario).items() if key not in PERSONAL}


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [_without_none(entry) for entry in value]
    return value


def encode(scenario: Scenario, release: str | None = None) -> str:
    """A text for an address, of letters, digits, `-` and `_`; `release` is what it was made on.

    Raises:
        Refusal: so many areas are set by hand that an address cannot hold them.
    """
    held: dict[str, Any] = {"s": parameters(scenario)}
    if release is not None:
        held["r"] = release
    raw = json.dumps(held, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    text = _VERSION + base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode("ascii").rstrip("=")
    if len(text) > LONGEST_LINK:
        raise Refusal(
            t("Skenario ini terlalu panjang untuk tautan; simpan, atau unduh sebagai berkas "
              "SCENARIO.toml.")
        )  # fmt: skip
    return text


def decode(text: str) -> tuple[Scenario, str | None]:
    """The scenario of a link and the release it was made on.

    Raises:
        Refusal: a text that `encode` did not write; it is not quoted, for it may be anybody's.
    """
    try:
        held = json.loads(_unpacked(text.strip()))
        # Half a character pair passes JSON, and breaks whatever shows it.
        json.dumps(held, ensure_ascii=False).encode("utf-8")
        if not isinstance(held, dict) or held.keys() - {"s", "r"}:
            raise _foreign()
        given, release = held.get("s"), held.get("r")
        if not isinstance(given, dict) or given.keys() - (KEYS.keys() - set(PERSONAL)):
            raise _foreign()
        if not all(_CODE.fullmatch(code) for key in _AREAS for code in given.get(key) or ()):
            raise _foreign()
        if release is not None and not (isinstance(release, str) and _RELEASE.fullmatch(release)):
            raise _foreign()
        return read_scenario(given), release
    except (ValueError, TypeError, RecursionError, zlib.error, Refusal):
        raise _foreign() from None


def _unpacked(text: str) -> bytes:
    """The JSON inside, unpacked no further than it may be long."""
    if len(text) > LONGEST_LINK or not text.startswith(_VERSION) or not text.isascii():
        raise _foreign()
    body = text[len(_VERSION) :]
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise _foreign() from None
    unpacking = zlib.decompressobj()
    raw = unpacking.decompress(packed, _LONGEST_JSON)
    if not unpacking.eof or unpacking.unused_data:
        raise _foreign()
    return raw


def _foreign() -> Refusal:
    return Refusal(
        t("Tautan skenario ini rusak atau bukan dari dasbor ini; minta tautannya dikirim ulang, "
          "atau minta berkas skenarionya.")
    )  # fmt: skip


def to_toml(scenario: Scenario) -> str:
    """A `SCENARIO.toml` of the keys that differ, each with its unit; reading it gives the same."""
    given = changed(scenario)
    lines, tables = [], []
    for key, value in given.items():
        comment = f"# {KEYS[key].unit}"
        if isinstance(value, dict):
            tables += ["", comment, f"[{key}]", *_pairs(value)]
        elif isinstance(value, list):
            tables += ["", comment]
            for entry in value:
                tables += [f"[[{key}]]", *_pairs(entry), ""]
            tables.pop()
        else:
            lines.append(f"{key} = {_value(value)}  {comment}")
    return "\n".join([*lines, *tables]).lstrip("\n") + "\n"


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(_pairs(value))
        return "{" + inside + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(entry) for entry in value) + "]"
    if isinstance(value, bool | str):
        # JSON's texts are TOML's, but for one sign.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
