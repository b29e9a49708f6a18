"""A whole training step: forward, loss, backward and learning rule, on a batch fresh each time."""

from __future__ import annotations

from benchmarks.contenders import NAMES as ALL
from benchmarks.network import Network, Rule
from benchmarks.rounds import Effort, Figures, ratios, take_turns, those_who_agree
from benchmarks.tables import middle, of_contenders, whole
from benchmarks.worker import Worker, start_training

NAMES = tuple(name for name in ALL if name != "onnx_runtime")  # which does not train
CHECKED = 10
"""Losses that are compared before anything is timed."""


def measure(
    workers: list[Worker], grid: tuple[Network, ...], rule: Rule, effort: Effort
) -> dict[str, Figures]:
    """Seconds of a step for each network of the grid, told on the way."""
    results = {}
    for network in grid:
        print(f"\nA training step of {network}, {rule.name}", flush=True)
        agreed = those_who_agree(workers, start_training, network, rule, CHECKED)
        results[str(network)] = figures = take_turns(agreed, "step", effort)
        columns = {
            "µs": (figures, middle(1e-6, 1)),
            "times NumPy by hand": (ratios(figures), whole(1, 2)),
        }
        print(of_contenders(agreed, columns), flush=True)
    print("\nAll of it, medians, times NumPy by hand")
    columns = {network: (ratios(figures), middle(1, 2)) for network, figures in results.items()}
    print(of_contenders(workers, columns))
    return results
