"""Saved scenarios: one JSON file for each, in the folder `scenarios` of the store.

```
home/scenarios/
  ID.json          a scenario; replaced whole by one atomic rename
  removed/ID.json  a scenario that was deleted; `restore` brings it back
  write.lock       held by whoever writes
```

Writers take turns, readers never wait. Name, author and note are people's own words: they stand in
these files and nowhere else, in no log and in no message.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from jambi_dash.domain import formats
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.domain.scenario import Scenario, read_scenario
from jambi_dash.domain.scenario_link import parameters
from jambi_dash.domain.simulation import Simulation
from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.store import ReleaseRecord, flush_folder, now_wib, write_durably

MOST_SCENARIOS = 500
LONGEST_NAME = 120
LONGEST_NOTE = 2000
LARGEST_FILE = 1024 * 1024
"""Bytes of one scenario's file."""
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{4}")
_LEFTOVER = re.compile(_ID.pattern + r"\.json\.[0-9a-f]{8}")
_HASH = re.compile(r"[0-9a-f]{64}")
_NUMBERS = ("slots", "placed", "cost_rp", "person_months", "covered_after")


@dataclass(frozen=True)
class Draft:
    """A scenario to be saved, with its answer.

    `parameters` are what the planner set (`read_scenario` reads them); `answer` the key numbers and
    the `fingerprint` of the whole answer, by which a later run is proved to be the same; `release`
    and `release_sha256` name the data, `as_of` its date.
    """

    name: str
    author: str
    note: str
    release: str
    release_sha256: str
    as_of: date
    parameters: Mapping[str, Any]
    answer: Mapping[str, Any]

    @classmethod
    def of(cls, scenario: Scenario, found: Simulation, record: ReleaseRecord) -> Draft:
        """What `scenario`, as the planner set it, and its answer on a release leave to be saved."""
        return cls(
            scenario.name, scenario.author, scenario.note, record.release, record.sha256,
            record.as_of, parameters(scenario), answer_of(found),
        )  # fmt: skip


def answer_of(found: Simulation) -> dict[str, Any]:
    """The key numbers of an answer (people, whole rupiah, person-months) and its fingerprint."""
    return {
        "slots": found.slots,
        "placed": found.placed,
        "cost_rp": found.cost_idr,
        "person_months": found.person_months,
        "covered_after": found.baseline.covered + found.placed,
        "fingerprint": found.fingerprint(),
    }


@dataclass(frozen=True)
class SavedScenario:
    """A scenario on the shelf.

    `id` sorts by the time of saving; `revision` counts from 1 and grows with every change;
    `created` and `updated` are WIB in ISO. The other fields are those of `Draft`.
    """

    id: str
    revision: int
    name: str
    author: str
    note: str
    created: str
    updated: str
    release: str
    release_sha256: str
    as_of: date
    parameters: Mapping[str, Any] = field(hash=False)
    answer: Mapping[str, Any] = field(hash=False)

    def scenario(self) -> Scenario:
        """The scenario as it was set.

        Raises:
            Refusal: its parameters no longer fit, such as a fund that is known no more.
        """
        texts = {"name": self.name, "author": self.author, "note": self.note}
        return read_scenario({**self.parameters, **texts})

    def same_answer(self, found: Simulation) -> bool:
        """Whether a run today gives every number as it was when saved."""
        return bool(self.answer["fingerprint"] == found.fingerprint())

    def moved(self, record: ReleaseRecord) -> bool:
        """Whether `record` is other data than the scenario was made on."""
        return (self.release, self.release_sha256) != (record.release, record.sha256)

    def to_json(self) -> dict[str, Any]:
        """The file."""
        return {**self.__dict__, "as_of": self.as_of.isoformat()}

    @classmethod
    def from_json(cls, raw: Any) -> SavedScenario:
        """Reads the file; raises `ValueError`, `TypeError` or `KeyError` where it is not one."""
        found = cls(**{**raw, "as_of": date.fromisoformat(raw["as_of"])})
        texts = (found.id, found.name, found.author, found.note, found.created, found.updated,
                 found.release, found.release_sha256, found.answer["fingerprint"])  # fmt: skip
        numbers = (found.revision, *(found.answer[key] for key in _NUMBERS))
        if (
            not all(isinstance(text, str) for text in texts)
            or not all(isinstance(n, int) and not isinstance(n, bool) for n in numbers)
            or not isinstance(found.parameters, dict)
            or not isinstance(found.answer, dict)
            or not found.name
            or not _HASH.fullmatch(found.answer["fingerprint"])
        ):
            raise ValueError("not a saved scenario")
        for moment in (found.created, found.updated):
            datetime.fromisoformat(moment)
        return found


@dataclass(frozen=True)
class Listing:
    """What lies on a shelf, newest first; `damaged` are names of files that cannot be read."""

    saved: tuple[SavedScenario, ...]
    damaged: tuple[str, ...]


class ScenarioShelf:
    """The saved scenarios under one home folder."""

    def __init__(self, home: Path) -> None:
        """`home` need not exist yet: an absent shelf is empty."""
        self.folder = home / "scenarios"
        self._log = AuditLog(home)
        self._removed = self.folder / "removed"

    # Reading

    def list(self) -> Listing:
        """Every saved scenario, newest first; never an exception."""
        return _listing(self.folder)

    def removed(self) -> Listing:
        """Every scenario that was deleted and can be restored."""
        return _listing(self._removed)

    def get(self, scenario_id: str) -> SavedScenario:
        """One scenario; raises `Refusal` where it is gone or its file is damaged."""
        path = self._path(scenario_id)
        try:
            return _read(path)
        except FileNotFoundError:
            raise _gone() from None
        except _UNREADABLE:
            raise Refusal(
                t("Berkas skenario {file} rusak; hapus dari daftar, atau pulihkan dari cadangan.",
                  file=path.name)
            ) from None  # fmt: skip

    def _path(self, scenario_id: str) -> Path:
        # The id may come from an address: it must not lead out of the folder.
        if not _ID.fullmatch(scenario_id):
            raise _gone()
        return self.folder / f"{scenario_id}.json"

    # Writing

    def save(self, draft: Draft) -> SavedScenario:
        """A new scenario on the shelf, beside all others, also beside those of the same name.

        Raises:
            Refusal: no name, a text that is too long, a full shelf, a disk that takes no more.
        """
        fields = _checked(draft)
        with self._writing():
            saved = self._add(fields)
        # A planner's work is not lost to a log that fails: that is told elsewhere.
        self._log.note("scenario_save", scenario=saved.id, release=saved.release)
        return saved

    def duplicate(self, scenario_id: str, name: str) -> SavedScenario:
        """A copy under another name; raises `Refusal` as `save` and `get` do."""
        old = self.get(scenario_id)
        return self.save(
            Draft(name, old.author, old.note, old.release, old.release_sha256, old.as_of,
                  old.parameters, old.answer)
        )  # fmt: skip

    def update(self, scenario_id: str, draft: Draft, *, revision: int) -> SavedScenario:
        """Puts `draft` in the place of the scenario that was read at `revision`.

        Raises:
            Refusal: somebody changed or deleted it since; and as `save` does.
        """
        return self._change(scenario_id, revision, _checked(draft))

    def rename(self, scenario_id: str, name: str, *, revision: int) -> SavedScenario:
        """Another name for the scenario that was read at `revision`; refuses as `update` does."""
        return self._change(scenario_id, revision, {"name": _name(name)})

    def delete(self, scenario_id: str) -> None:
        """Takes a scenario from the shelf; its file is kept aside, for `restore`."""
        path = self._path(scenario_id)
        with self._writing():
            self._move(path, self._removed / path.name)
        self._log.note("scenario_delete", scenario=scenario_id)

    def restore(self, scenario_id: str) -> SavedScenario:
        """Brings back a deleted scenario; raises `Refusal` where it is gone or the shelf full."""
        path = self._path(scenario_id)
        with self._writing():
            self._check_room()
            self._move(self._removed / path.name, path)
        self._log.note("scenario_restore", scenario=scenario_id)
        return self.get(scenario_id)

    def _change(
        self, scenario_id: str, revision: int, fields: Mapping[str, Any]
    ) -> SavedScenario:  # fmt: skip
        with self._writing():
            old = self.get(scenario_id)
            if old.revision != revision:
                raise Refusal(
                    t("Skenario ini sudah diubah orang lain sejak dibuka; buka lagi, lalu ulangi "
                      "perubahan itu.")
                )  # fmt: skip
            new = replace(old, **fields, revision=revision + 1, updated=_now())
            self._write(new)
        self._log.note("scenario_change", scenario=new.id, revision=new.revision)
        return new

    def _add(self, fields: Mapping[str, Any]) -> SavedScenario:
        self._check_room()
        now = _now()
        new = SavedScenario(id=self._free_id(), revision=1, created=now, updated=now, **fields)
        self._write(new)
        return new

    def _free_id(self) -> str:
        while True:
            found = f"{now_wib():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
            if not any((f / f"{found}.json").exists() for f in (self.folder, self._removed)):
                return found

    def _check_room(self) -> None:
        if sum(1 for _ in self.folder.glob("*.json")) >= MOST_SCENARIOS:
            raise Refusal(
                t("Sudah ada {n} skenario tersimpan; hapus yang tidak dipakai lagi.",
                  n=formats.number(MOST_SCENARIOS))
            )  # fmt: skip

    def _write(self, scenario: SavedScenario) -> None:
        text = json.dumps(scenario.to_json(), ensure_ascii=False, indent=1) + "\n"
        if len(text.encode("utf-8")) > LARGEST_FILE:
            raise Refusal(
                t("Skenario ini terlalu besar untuk disimpan; kurangi wilayah yang diatur satu per "
                  "satu.")
            )  # fmt: skip
        write_durably(self._path(scenario.id), text)

    def _move(self, path: Path, target: Path) -> None:
        try:
            path.replace(target)
        except FileNotFoundError:
            raise _gone() from None
        flush_folder(path.parent)
        flush_folder(target.parent)

    @contextmanager
    def _writing(self, wait_seconds: float = 20.0) -> Iterator[None]:
        """Holds the shelf for one writer; a disk that refuses becomes one sentence."""
        try:
            # Names of people stand in scenarios.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._removed.mkdir(mode=0o700, exist_ok=True)
            lock = FileLock(str(self.folder / "write.lock"), timeout=wait_seconds).acquire()
            with lock:
                self._clear_leftovers()
                yield
        except Timeout:
            raise Refusal(
                t("Orang lain sedang menyimpan skenario; tunggu sebentar lalu ulangi.")
            ) from None
        except OSError as error:
            raise Refusal(
                t("Skenario tidak dapat disimpan di {folder} ({error}); periksa ruang dan hak "
                  "aksesnya.", folder=self.folder, error=error.strerror or type(error).__name__)
            ) from None  # fmt: skip

    def _clear_leftovers(self) -> None:
        """Only who holds the lock writes, so what is half written was left by a crash."""
        for path in self.folder.iterdir():
            if _LEFTOVER.fullmatch(path.name):
                with contextlib.suppress(OSError):
                    path.unlink()


_UNREADABLE = (OSError, ValueError, TypeError, KeyError, RecursionError)


def _read(path: Path) -> SavedScenario:
    """One file; `ValueError` and its like where it is damaged or larger than it may be."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_FILE:
        raise ValueError(path.name)
    with path.open("rb") as file:
        raw = file.read(LARGEST_FILE + 1)
    found = SavedScenario.from_json(json.loads(raw))
    if path.name != f"{found.id}.json" or not _ID.fullmatch(found.id):
        raise ValueError(path.name)
    return found


def _listing(folder: Path) -> Listing:
    saved, damaged = [], []
    try:
        paths = sorted(folder.glob("*.json"))
    except OSError:
        return Listing((), (folder.name,))
    for path in paths:
        try:
            saved.append(_read(path))
        except FileNotFoundError:  # deleted this very moment
            continue
        except _UNREADABLE:
            damaged.append(path.name)
    saved.sort(key=lambda scenario: (scenario.created, scenario.id), reverse=True)
    return Listing(tuple(saved), tuple(damaged))


def _checked(draft: Draft) -> dict[str, Any]:
    """The fields of a draft, its texts tidied; raises `Refusal` where they do not fit."""
    author, note = _plain(draft.author), _whole_signs(draft.note).strip()
    if len(author) > LONGEST_NAME or len(note) > LONGEST_NOTE:
        raise Refusal(
            t("Penyusun paling panjang {name} huruf dan catatan paling panjang {note} huruf; "
              "persingkat.", name=LONGEST_NAME, note=formats.number(LONGEST_NOTE))
        )  # fmt: skip
    read_scenario(draft.parameters)
    return {**draft.__dict__, "name": _name(draft.name), "author": author, "note": note}


def _name(text: str) -> str:
    name = _plain(text)
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(
            t("Skenario perlu nama, paling panjang {n} huruf; isi namanya.", n=LONGEST_NAME)
        )
    return name


def _plain(text: str) -> str:
    """One line."""
    return " ".join(_whole_signs(text).split())


def _whole_signs(text: str) -> str:
    """Without halves of character pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _now() -> str:
    return now_wib().isoformat(timespec="milliseconds")


def _gone() -> Refusal:
    return Refusal(t("Skenario itu tidak ada atau sudah dihapus; muat ulang daftarnya."))
