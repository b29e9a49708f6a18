"""One row to its class: what a network costs that answers requests as they come."""

from __future__ import annotations

from benchmarks.contenders import FLOOR
from benchmarks.network import Network
from benchmarks.rounds import Effort, Figures, ratios, take_turns, those_who_agree
from benchmarks.tables import of_contenders, whole
from benchmarks.worker import Worker, start_predicting

NAMES = (
    FLOOR,
    "glasswork_compiled",
    "glasswork_eager",
    "onnx_runtime",
    "torch_eager",
    "scikit_learn",
)
NETWORK = Network((784, 256, 128, 10), 1)
CHECKED = 200
"""Rows whose classes are compared before anything is timed."""


def measure(workers: list[Worker], effort: Effort, network: Network = NETWORK) -> Figures:
    """Seconds of a prediction, told on the way."""
    print(f"\nThe class of one row, {network}", flush=True)
    agreed = those_who_agree(workers, start_predicting, network, CHECKED)
    figures = take_turns(agreed, "predict", effort)
    columns = {
        "µs": (figures, whole(1e-6, 1)),
        "times NumPy by hand": (ratios(figures), whole(1, 2)),
    }
    print(of_contenders(agreed, columns), flush=True)
    return figures
