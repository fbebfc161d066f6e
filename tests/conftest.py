"""What every test stands on: a store of its own, Indonesian as language, no way off the machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from jambi_dash.domain import language
from jambi_dash.domain.language import set_language
from jambi_dash.settings import HOME_VARIABLE, PROJECT

# Two shared cores: how long an example takes says nothing. CI tries the same examples each time.
hypothesis.settings.register_profile("project", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests can be chosen or left out: `-m "not browser"`."""
    for item in items:
        if item.path.is_relative_to(PROJECT / "tests" / "browser"):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the store of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
        for name in ("JAMBI_DASH_LANGUAGE", "JAMBI_DASH_DEBUG"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    """The product works without internet, so its tests do: another host is an error at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(str(address[0])):
            raise AssertionError(f"a test asked for {address[0]}: tests stay on this machine")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_local(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _values_of_texts_are_formatted() -> Iterator[None]:
    """No text gets a number or date past `domain.formats`, whatever test brings it about.

    A whole number below 10.000 may be a year, a line or a limit; a larger one is a count.
    """
    filled = language._filled

    def strict(text: str, values: dict[str, object]) -> str:
        for name, value in values.items():
            bare = isinstance(value, (float, date)) or (
                isinstance(value, int) and abs(value) >= 10_000 and name != "port"
            )
            assert not bare, f"{{{name}}} of {text!r} is {value!r}: use domain.formats"
        return filled(text, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "_filled", strict)
        yield


@pytest.fixture(autouse=True)
def _indonesian() -> Iterator[None]:
    """A test that chooses English does not choose it for the next one."""
    set_language("id")
    yield
    set_language("id")


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose only release is the synthetic city. Read it; do not publish into it."""
    from jambi_dash.demo.fill import fill_with_demo
    from jambi_dash.releases.store import Store

    home = tmp_path_factory.mktemp("demo-home")
    fill_with_demo(Store(home))
    return home


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of sample files and development polygons, which is no part of the project."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of samples beside the project is not here")
    return folder
