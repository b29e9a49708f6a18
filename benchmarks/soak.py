"""`python -m benchmarks.soak`: what the tests try a few times, tried until rare faults show."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.kills import survive


def kills(number: int, seed: int) -> None:
    """Kill trainings at random moments, and resume them."""
    with TemporaryDirectory() as folder:
        trained = survive(Path(folder), number, seed, say=print)
    print(f"{number} kills: no checkpoint lost, {trained} trainings ended bit for bit the same")


PARTS = {"kills": (kills, 500)}


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("number", nargs="?", type=int, help="how often (default: 500 kills)")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    part, default = PARTS[asked.part]
    part(default if asked.number is None else asked.number, asked.seed)


if __name__ == "__main__":
    main()
