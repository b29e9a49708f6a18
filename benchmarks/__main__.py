"""`python -m benchmarks`: every contender in its own process, in turn, in one run."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from benchmarks import footprint, inference, machine, ops, steps
from benchmarks.contenders import FLOOR, NAMES
from benchmarks.network import GRID, QUICK_GRID, RULES
from benchmarks.rounds import Effort
from benchmarks.worker import ContenderError, Worker

RESULTS = Path(__file__).parent / "results"
ABLE = {
    "ops": ops.NAMES,
    "steps": steps.NAMES,
    "speed": steps.NAMES,
    "inference": inference.NAMES,
    "footprint": tuple(footprint.NEEDS),
}
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
        choices=ABLE,
        default="speed",
        help="ops: the price of one op; steps: a training step; speed: both (default); inference: "
        "the class of one row; footprint: size, import time, accuracy and seconds on digits",
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
        choices=range(1, len(machine.cores()) + 1),
        default=len(machine.cores()),
        metavar="N",
        help="threads of each contender (default: one for each core, here %(default)s)",
    )
    add("--json", type=Path, help="all figures go there (default: a file in benchmarks/results)")
    return parser.parse_args()


def workers_of(names: Iterable[str]) -> Iterator[Worker]:
    """A process for each contender that can be imported."""
    for name in names:
        try:
            yield Worker(name)
        except ContenderError as failure:
            print(f"{name} is skipped: {failure}")


def measured(asked: argparse.Namespace, workers: list[Worker]) -> dict[str, object]:
    """The figures of the parts that were asked for."""
    if asked.part == "footprint":
        return {"footprint": footprint.measure(workers)}
    effort, grid = (QUICK, QUICK_GRID) if asked.quick else (FULL, GRID)
    if asked.part == "inference":
        return {"inference": inference.measure(workers, effort)}
    figures: dict[str, object] = {}
    if asked.part != "steps":
        figures["ops"] = ops.measure(workers, effort)
    if asked.part != "ops":
        figures["steps"] = steps.measure(workers, grid, RULES[asked.optimizer], effort)
    return figures


def circumstances(asked: argparse.Namespace, workers: list[Worker]) -> dict[str, Any]:
    """What the figures depend on."""
    versions = {package: v for worker in workers for package, v in worker.versions.items()}
    options = {name: str(value) for name, value in vars(asked).items()}
    return {"machine": machine.description(), "versions": versions, "options": options}


def name_of(asked: argparse.Namespace) -> str:
    """The part, the optimizer where one was timed, and whether that was quick."""
    optimizer = asked.optimizer if asked.part in {"speed", "steps"} else ""
    return "-".join(filter(None, [asked.part, optimizer, "quick" * asked.quick]))


def main() -> None:
    """Measures, prints, writes."""
    asked = options()
    machine.confine(asked.threads)
    able = ABLE[asked.part]
    names = [name for name in able if name == FLOOR or name in asked.contenders]
    with ExitStack() as stack:
        workers = [stack.enter_context(closing(worker)) for worker in workers_of(names)]
        results = circumstances(asked, workers)
        print(results["machine"])
        print(", ".join(map(" ".join, results["versions"].items())))
        results |= measured(asked, workers)
    path = asked.json or RESULTS / f"{name_of(asked)}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1) + "\n")
    print(f"\nAll figures, round by round: {path}")


if __name__ == "__main__":
    main()
