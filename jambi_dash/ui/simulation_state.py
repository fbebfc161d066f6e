"""What the planner has set on /simulasi, and how it survives links, other pages and saved scenarios.

The scenario is kept as a table such as `SCENARIO.toml` (only what was set). Widgets are made from
it and give it back; when something else is to be shown (a link, a saved scenario, an answer of the
goal-seek), the table is replaced and all widgets are made anew under other keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario, read_scenario
from jambi_dash.domain.scenario_link import changed, decode, encode
from jambi_dash.domain.simulation import Baseline, Simulation
from jambi_dash.ui import address, data
from jambi_dash.ui.literal import literal

LINK = "skenario"
"""The part of the address that holds the scenario."""

_TABLE, _ROUND, _RELEASE = "_sim_tabel", "_sim_putaran", "_sim_rilis"
_SAVED = "_sim_tersimpan"


@dataclass(frozen=True)
class Desk:
    """The table on the desk and the release it is worked out from.

    `release` is that of the scenario (an older one for a saved scenario), `current` the one that
    holds now.
    """

    release: data.OpenRelease
    current: data.OpenRelease
    table: Mapping[str, Any]

    @property
    def moved_on(self) -> bool:
        """Whether a newer list holds than the one that this scenario is worked out from."""
        return self.release.record.release != self.current.record.release

    def baseline(self, by: str) -> Baseline:
        """The release as the model sees it."""
        return data.baseline(self.release, by)

    def answer(self, scenario: Scenario) -> Simulation:
        """The answer to a scenario on this desk."""
        return data.simulation(self.release, scenario)


def open_desk(current: data.OpenRelease) -> Desk:
    """What is to be shown: a link that was opened, else what lay here, else the default."""
    token = address.news(LINK)
    if token is not None:
        try:
            scenario, release = decode(token)
            put(changed(scenario), release)
        except Refusal as refusal:
            st.warning(literal(str(refusal)), icon=":material/link_off:")
    return Desk(_release(current), current, table())


def _release(current: data.OpenRelease) -> data.OpenRelease:
    wanted = st.session_state.get(_RELEASE)
    if not wanted or wanted == current.record.release:
        return current
    found = data.release_of(wanted)
    if found is None:
        st.warning(
            t("Rilis {release} dari skenario ini tidak ada di penyimpanan; dihitung dengan data yang "
              "berlaku.", release=literal(wanted)), icon=":material/history:",
        )  # fmt: skip
        return current
    return found


def put(
    given: Mapping[str, Any], release: str | None = None, *, saved: tuple[str, int] | None = None
) -> None:
    """Lays another scenario on the desk; `saved` is the id and revision it was opened from."""
    st.session_state[_TABLE] = dict(given)
    st.session_state[_RELEASE] = release
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_SAVED] = saved


def change(**values: Any) -> None:
    """Changes some keys of the scenario on the desk (`None`: the default); for callbacks."""
    changed_table = {**table(), **values}
    put({k: v for k, v in changed_table.items() if v is not None}, st.session_state.get(_RELEASE),
        saved=opened_from())  # fmt: skip


def table() -> Mapping[str, Any]:
    """The scenario on the desk as a table."""
    found: Mapping[str, Any] = st.session_state.get(_TABLE, {})
    return found


def scenario() -> Scenario:
    """The scenario on the desk, as it was set."""
    return read_scenario(table())


def use_current_release() -> None:
    """Works the same scenario out from the list that holds now; for callbacks."""
    put(table(), None)


def opened_from() -> tuple[str, int] | None:
    """Id and revision of the saved scenario that lies here, if it was opened from one."""
    found: tuple[str, int] | None = st.session_state.get(_SAVED)
    return found


def note_saved(saved: tuple[str, int]) -> None:
    """What lies here is now saved under this id and revision."""
    st.session_state[_SAVED] = saved


def key(name: str) -> str:
    """The key of a widget; another one whenever a scenario was laid on the desk."""
    return f"sim_{name}_{st.session_state.get(_ROUND, 0)}"


def settle(desk: Desk, given: Mapping[str, Any]) -> Scenario:
    """Keeps what the widgets say, puts it into the address, and reads it as a scenario.

    Raises:
        Refusal: a value out of its range.
    """
    st.session_state[_TABLE] = dict(given)
    scenario = read_scenario(given)
    link = encode(scenario, desk.release.record.release) if (given or desk.moved_on) else ""
    address.say(LINK, link)
    return scenario
