"""Decisions of the data officer that later imports follow, in the folder `reviews` of the store.

```
home/reviews/
  decisions.json   all decisions; replaced whole by one atomic rename
  write.lock       held by whoever decides
```

Who is the same person is kept as pairs of keyed hashes, and which kelurahan an old list means as
codes and numbers of RTs: no name, no NIK.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.store import now_wib, write_durably

MOST_DECISIONS = 100_000
_PERSON = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class PairDecision:
    """Whether two keyed hashes are the same person; if so, `kept` is the one that stays."""

    kept: str
    other: str
    same: bool
    decided: str = ""

    @property
    def pair(self) -> frozenset[str]:
        """The two hashes, in no order."""
        return frozenset((self.kept, self.other))


@dataclass(frozen=True)
class SplitDecision:
    """Which kelurahan old lists mean by the split kelurahan `parent`, for a range of its RTs.

    `rt_from` and `rt_to` count both ends; both `None` means every row, also those without an RT.
    """

    parent: str
    rt_from: int | None
    rt_to: int | None
    code: str
    decided: str = ""


@dataclass(frozen=True)
class Decisions:
    """All decisions, oldest first."""

    pairs: tuple[PairDecision, ...] = ()
    splits: tuple[SplitDecision, ...] = ()

    def merged(self) -> dict[str, str]:
        """For every hash that stands for somebody else: the hash of that person."""
        kept: dict[str, str] = {}

        def root(person: str) -> str:
            while person in kept:
                person = kept[person]
            return person

        for pair in self.pairs:
            if pair.same and (first := root(pair.kept)) != (second := root(pair.other)):
                kept[second] = first
        return {person: root(person) for person in kept}

    def is_decided(self, one: str, other: str) -> bool:
        """Whether somebody has already said that two hashes are the same person or are not."""
        return frozenset((one, other)) in {pair.pair for pair in self.pairs}


class Reviews:
    """The decisions kept under one home folder."""

    def __init__(self, home: Path) -> None:
        """`home` need not exist yet: then nothing is decided."""
        self.folder = home / "reviews"
        self._file = self.folder / "decisions.json"

    def read(self) -> Decisions:
        """All decisions. Raises `Refusal` for a file that is damaged."""
        try:
            raw = json.loads(self._file.read_text(encoding="utf-8"))
            found = Decisions(
                tuple(PairDecision(**entry) for entry in raw["pairs"]),
                tuple(SplitDecision(**entry) for entry in raw["splits"]),
            )
            _check(found)
        except (FileNotFoundError, NotADirectoryError):
            return Decisions()
        except OSError as error:
            raise self._not_usable(error) from None
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Refusal(
                t("Berkas keputusan {file} rusak; pulihkan dari cadangan, atau pindahkan agar "
                  "peninjauan dimulai dari awal.", file=self._file)
            ) from None  # fmt: skip
        return found

    def decide_pairs(self, decided: Iterable[PairDecision]) -> None:
        """Keeps what was said of pairs; a later word on the same pair replaces the earlier."""
        new = [PairDecision(d.kept, d.other, d.same, _now()) for d in decided]
        with self._changing() as old:
            again = {pair.pair for pair in new}
            left = tuple(pair for pair in old.pairs if pair.pair not in again)
            self._write(Decisions((*left, *new), old.splits))

    def decide_split(self, decided: SplitDecision) -> None:
        """Keeps what an old list means by a split kelurahan; the latest word on an RT holds."""
        new = SplitDecision(
            decided.parent, decided.rt_from, decided.rt_to, decided.code, _now()
        )  # fmt: skip
        reach = (new.parent, new.rt_from, new.rt_to)
        with self._changing() as old:
            left = [s for s in old.splits if (s.parent, s.rt_from, s.rt_to) != reach]
            self._write(Decisions(old.pairs, (*left, new)))

    def forget(self, decided: PairDecision | SplitDecision) -> None:
        """Takes one decision back: the next import asks again."""
        with self._changing() as old:
            self._write(
                Decisions(
                    tuple(pair for pair in old.pairs if pair != decided),
                    tuple(split for split in old.splits if split != decided),
                )
            )

    @contextmanager
    def _changing(self) -> Iterator[Decisions]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(str(self.folder / "write.lock"), timeout=20).acquire()
        except Timeout:
            raise Refusal(
                t("Orang lain sedang menyimpan keputusan; ulangi sebentar lagi.")
            ) from None
        except OSError as error:
            raise self._not_usable(error) from None
        with lock:
            for left in self.folder.glob("decisions.json.*"):  # of a writer that was killed
                with contextlib.suppress(OSError):
                    left.unlink()
            yield self.read()

    def _write(self, decisions: Decisions) -> None:
        if len(decisions.pairs) + len(decisions.splits) > MOST_DECISIONS:
            raise Refusal(
                t("Keputusan yang disimpan sudah {n}; hapus yang tidak diperlukan lagi.",
                  n=MOST_DECISIONS)
            )  # fmt: skip
        _check(decisions)
        content: dict[str, Sequence[Any]] = {
            "pairs": [asdict(pair) for pair in decisions.pairs],
            "splits": [asdict(split) for split in decisions.splits],
        }
        try:
            AuditLog(self.folder.parent).note(
                "review", pairs=len(decisions.pairs), splits=len(decisions.splits)
            )
            write_durably(self._file, json.dumps(content, indent=1) + "\n")
        except OSError as error:
            raise self._not_usable(error) from None

    def _not_usable(self, error: OSError) -> Refusal:
        return Refusal(
            t("Keputusan di {folder} tidak dapat dibaca atau disimpan ({error}); periksa hak "
              "akses dan ruang disk.", folder=self.folder, error=error.strerror or error)
        )  # fmt: skip


def _now() -> str:
    return now_wib().isoformat(timespec="seconds")


def _check(decisions: Decisions) -> None:
    """Raises `ValueError` for what no version of this program writes."""
    for pair in decisions.pairs:
        if pair.kept == pair.other or not isinstance(pair.same, bool):
            raise ValueError("no pair")
        if not (_PERSON.fullmatch(pair.kept) and _PERSON.fullmatch(pair.other)):
            raise ValueError("no keyed hash")
    codes = load_areas().by_code
    for split in decisions.splits:
        if split.parent not in codes or split.code not in codes:
            raise ValueError("no kelurahan")
        ends = (split.rt_from, split.rt_to)
        if ends != (None, None) and not all(type(end) is int and 0 <= end <= 9999 for end in ends):
            raise ValueError("no range of RTs")
