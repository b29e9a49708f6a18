"""`python -m benchmarks.fuzz`: damaged files, and what comes of reading them.

Each is a good file with its bytes changed at random. A reader may read it, or refuse it with an
error of Glasswork's; anything else is a fault, and so is a second of work, or more memory than ten
times the file and 10 MB (as tracemalloc counts what Python and NumPy reserve).
"""

from __future__ import annotations

import argparse
import sys
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time
from typing import NamedTuple

from benchmarks.mutations import FAMILIES, Family, damaged
from glasswork.errors import GlassworkError

SECONDS, MEMORY, SPARE = 1.0, 10, 10_000_000


class Outcome(NamedTuple):
    """What came of reading one file once."""

    reader: str
    refused: bool
    fault: str
    seconds: float
    share: float
    """Of the memory that it may take."""


def outcomes(family: Family, count: int, seed: int, keep: Path | None) -> Iterator[Outcome]:
    """Damage good files, and read each in one of the ways of its family."""
    random, good = Random(seed), family.good()
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"damaged{family.suffix}"
        for content in good:  # what is imported at first is not looked at
            path.write_bytes(content)
            for reader in family.readers:
                read(reader, path, len(content))
        for number in range(count):
            content = damaged(random.choice(good), random)
            path.write_bytes(content)
            outcome = read(random.choice(family.readers), path, len(content))
            if outcome.fault and keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{seed}-{number}{family.suffix}").write_bytes(content)
            yield outcome


def read(reader: Callable[[Path], object], path: Path, size: int) -> Outcome:
    """Read a file once, looking at errors, time and memory."""
    refused, fault = False, ""
    tracemalloc.reset_peak()
    before, began = tracemalloc.get_traced_memory()[0], process_time()
    try:
        reader(path)
    except GlassworkError:
        refused = True
    except Exception as error:  # noqa: BLE001 (a fault is what is looked for)
        fault = f"{type(error).__name__}: {error}"
    seconds = process_time() - began
    share = (tracemalloc.get_traced_memory()[1] - before) / (MEMORY * size + SPARE)
    if seconds > SECONDS:
        fault = fault or f"{seconds:.1f} seconds"
    if share > 1:
        fault = fault or f"{share:.1f} times the memory"
    return Outcome(reader.__name__, refused, fault, seconds, share)


def fuzz(name: str, count: int, seed: int = 0, keep: Path | None = None) -> list[str]:
    """Read so many damaged files of a family, and print what came of it; the faults.

    Warnings are errors meanwhile.
    """
    tracemalloc.start()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(outcomes(FAMILIES[name], count, seed, keep))
    tracemalloc.stop()
    faults = [f"{outcome.reader}: {outcome.fault}" for outcome in found if outcome.fault]
    refused = sum(outcome.refused for outcome in found)
    print(
        f"{name:12} {count:7,} damaged files: {refused:7,} refused, {len(faults)} faults,"
        f" at most {max(outcome.seconds for outcome in found):.3f} s and"
        f" {max(outcome.share for outcome in found):.0%} of the memory allowed",
        flush=True,
    )
    return faults


def main() -> int:
    """Do what was asked for; 1 if there was a fault."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    add = parser.add_argument
    add("--files", type=int, default=25_000, help="of each family (default: %(default)s)")
    add("--families", nargs="+", choices=FAMILIES, default=FAMILIES, metavar="NAME")
    add("--seed", type=int, default=0, help="of the damage (default: %(default)s)")
    add("--keep", type=Path, metavar="FOLDER", help="where to keep the files with faults")
    options = parser.parse_args()
    faults = [
        fault
        for name in options.families
        for fault in fuzz(name, options.files, options.seed, options.keep)
    ]
    print("\n".join(faults[:40]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
