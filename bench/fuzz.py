"""Long fuzzing of everything that reads what others wrote: `bench/fuzz.py --minutes 10`.

Files are spoilt by the rules of tests/fuzz and read in processes with bounds on time and memory.
Every finding is kept as a file, with its seed. `--coverage READER` lets atheris choose the bytes by
the lines they reach, for the readers that are Python; it is no requirement: pip install atheris.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
for folder in ("", "tests/fuzz", "tests/intake", "tests/geography"):
    sys.path.insert(0, str(PROJECT / folder))

import intake_fuzzing as fuzzing  # noqa: E402

PYTHON_READERS = ("mapping", "scenario", "link", "picks", "roles", "theme", "decisions", "remembered",
                  "journal", "log", "geojson")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=sorted(fuzzing.READERS), metavar="READER")
    parser.add_argument("--keep", type=Path, default=None, help="folder for what was found")
    parser.add_argument("--coverage", choices=PYTHON_READERS, metavar="READER")
    options = parser.parse_args()
    logging.disable()
    if options.coverage:
        return by_coverage(options.coverage, options.minutes)
    with tempfile.TemporaryDirectory() as name:
        return by_rules(options, Path(name))


def by_rules(options: argparse.Namespace, folder: Path) -> int:
    """Every reader in turn, the three of lists more often, until the time is over."""
    home = fuzzing.make_home(folder)
    kinds = options.only or [*fuzzing.READERS, *("xlsx", "ods", "csv") * 4]
    for kind in set(kinds):
        sound = fuzzing.try_file(kind, fuzzing.seeds(kind)[0], home, folder)
        print(f"{kind}: sound file {sound.words}", flush=True)
    keep = options.keep or Path(tempfile.gettempdir()) / "jambi-fuzz"
    keep.mkdir(parents=True, exist_ok=True)
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[str, int] = {}
    slowest, largest = 0.0, 0
    until, number = time.monotonic() + 60 * options.minutes, options.seed * 1_000_000
    while time.monotonic() < until:
        kind = kinds[number % len(kinds)]
        content = fuzzing.spoilt(kind, Random(number))
        outcome = fuzzing.try_file(kind, content, home, folder)
        slowest, largest = max(slowest, outcome.seconds), max(largest, outcome.mb)
        counts[kind, outcome.words if not outcome.is_finding else "finding"] += 1
        if outcome.is_finding:
            if outcome.words not in found:
                print(f"{kind} {number}: {outcome.words}", flush=True)
                (keep / f"{kind.replace(' ', '-')}-{number}").write_bytes(content)
            found[outcome.words] = found.get(outcome.words, 0) + 1
        number += 1
    for kind in fuzzing.READERS:
        print(kind, {word: counts[kind, word] for word in ("taken", "refused", "finding")})
    print(f"{sum(counts.values())} files, {sum(found.values())} findings of {len(found)} sorts, "
          f"slowest {slowest:.1f} s, largest {largest} MB")  # fmt: skip
    return 1 if found else 0


def by_coverage(kind: str, minutes: float) -> int:
    """libFuzzer's loop over one reader, in this process: the first finding ends it."""
    import atheris  # type: ignore[import-not-found]

    # Nothing was loaded before with counters in it; these hold the readers.
    for name, module in list(sys.modules.items()):
        if name.startswith("jambi_dash.") and hasattr(module, "__file__"):
            for part in vars(module).values():
                if callable(part) and getattr(part, "__module__", "") == name:
                    _instrument(atheris, part)
    folder = Path(tempfile.mkdtemp())
    home, corpus = fuzzing.make_home(folder), folder / "corpus"
    corpus.mkdir()
    for index, seed in enumerate(fuzzing.seeds(kind)):
        (corpus / str(index)).write_bytes(seed)
    path = folder / ("berkas" + fuzzing.SUFFIX.get(kind, "." + kind))

    def one(data: bytes) -> None:
        path.write_bytes(data)
        words = fuzzing._read(kind, path, home)
        if words not in ("taken", "refused"):
            raise AssertionError(words)

    atheris.Setup([sys.argv[0], str(corpus), f"-max_total_time={int(60 * minutes)}",
                   "-timeout=10", "-rss_limit_mb=1500", "-max_len=20000"], one)  # fmt: skip
    atheris.Fuzz()
    return 0


def _instrument(atheris: Any, part: Any) -> None:
    try:
        atheris.instrument_func(part)
    except Exception:  # a class, a cached function: it has no code of its own
        return


if __name__ == "__main__":
    raise SystemExit(main())
