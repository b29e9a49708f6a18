"""`python -m benchmarks`: every contender in its own process, in turn, in one run."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine, ops, steps
from benchmarks.contenders import FLOOR, NAMES
from benchmarks.network import GRID, QUICK_GRID, RULES
from benchmarks.rounds import Effort
from benchmarks.worker import ContenderError, Worker

RESULTS = Path(__file__).parent / "results"
FULL, QUICK = Effort(rounds=10, seconds=0.5), Effort(rounds=10, seconds=0.08)


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures Glasswork beside its peers: each in its own process, one at a time, "
        "round by round, after all have computed the same numbers. A contender that is not "
        "installed, fails or disagrees is left out, and the run says so.",
    )
    add = parser.add_argument
    add(
        "part",
        nargs="?",
        choices=("speed", "ops", "steps", "footprint"),
        default="speed",
        help="ops: the price of one op; steps: a training step; speed: both (default); "
        "footprint: size, import time, accuracy and seconds on digits",
    )
    add(
        "--quick",
        action="store_true",
        help="three networks and short turns: 3 minutes at most; the full run: 40 at most",
    )
    add("--optimizer", choices=RULES, default="sgd", help="of the steps (default: %(default)s)")
    add(
        "--contenders",
        nargs="+",
        choices=NAMES,
        default=NAMES,
        metavar="NAME",
        help=f"some of {', '.join(NAMES)} (default: all; {FLOOR} always takes part)",
    )
    add(
        "--threads",
        type=int,
        default=len(machine.cores()),
        help="threads of each contender (default: one for each core, here %(default)s)",
    )
    add("--json", type=Path, help="all figures go there (default: benchmarks/results/PART.json)")
    return parser.parse_args()


def workers_of(names: list[str]) -> Iterator[Worker]:
    """A process for each contender that can be imported."""
    for name in NAMES:
        if name == FLOOR or name in names:
            try:
                yield Worker(name)
            except ContenderError as failure:
                print(f"{name} is skipped: {failure}")


def speed(asked: argparse.Namespace) -> dict[str, object]:
    """Ops, steps, or both."""
    effort, grid = (QUICK, QUICK_GRID) if asked.quick else (FULL, GRID)
    with ExitStack() as stack:
        workers = [stack.enter_context(closing(worker)) for worker in workers_of(asked.contenders)]
        versions = {package: v for worker in workers for package, v in worker.versions.items()}
        print(", ".join(f"{package} {version}" for package, version in versions.items()))
        results: dict[str, object] = {"versions": versions}
        if asked.part != "steps":
            results["ops"] = ops.measure(workers, effort)
        if asked.part != "ops":
            timed = steps.measure(workers, grid, RULES[asked.optimizer], effort)
            print(f"\nMedian times of a step, NumPy by hand = 1, {asked.optimizer}")
            print(steps.summary(workers, timed))
            results[f"steps, {asked.optimizer}"] = timed
    return results


def main() -> None:
    """Measures, prints, writes."""
    asked = options()
    machine.confine(asked.threads)
    print(machine.description())
    results = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine.description()}
    results |= speed(asked)
    path = asked.json or RESULTS / f"{asked.part}{'-quick' if asked.quick else ''}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1) + "\n")
    print(f"\nAll figures, round by round, in seconds: {path}")


if __name__ == "__main__":
    main()
