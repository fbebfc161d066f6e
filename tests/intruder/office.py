"""The dashboard that the intruder's tests stand in front of, and who its people are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raw_client import signed_in
from running_dashboard import Dashboard

from jambi_dash.releases.store import ReleaseRecord

SECRET = "x" * 40
OWN = "15.71.02.1003"
ROLES = f"""
session_hours = 8

[[people]]
email = "petugas@contoh.test"
role = "petugas_data"

[[people]]
email = "perencana@contoh.test"
role = "perencana"

[[people]]
email = "lurah@contoh.test"
role = "perencana"
areas = ["{OWN}"]

[[people]]
email = "tamu@contoh.test"
role = "penonton"
"""
EMAILS = {"officer": "petugas@contoh.test", "planner": "perencana@contoh.test",
          "lurah": "lurah@contoh.test", "viewer": "tamu@contoh.test",
          "nobody": "orang@luar.test"}  # fmt: skip


@dataclass(frozen=True)
class Office:
    """A dashboard with sign-in, its store's releases (oldest first), and its provider's address."""

    dashboard: Dashboard
    releases: tuple[ReleaseRecord, ...]
    provider: str

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.dashboard.url

    @property
    def home(self) -> Path:
        """Its store."""
        return self.dashboard.home

    def cookie(self, who: str, **claims: Any) -> str:
        """The identity cookie of a person."""
        return signed_in(SECRET, self.url, email=EMAILS[who], **claims)

    def roles(self, text: str = ROLES) -> None:
        """Puts a role file in place, whole."""
        aside = self.home / "roles.new"
        aside.write_text(text)
        aside.chmod(0o600)
        aside.replace(self.home / "roles.toml")
