"""The price of one op: what recording and differentiating it add to the raw NumPy calls."""

from __future__ import annotations

import numpy as np

from benchmarks.contenders import FLOOR
from benchmarks.rounds import Effort, Figures, excesses, take_turns, those_who_agree
from benchmarks.tables import of_contenders, whole
from benchmarks.worker import Worker, start_chain

NAMES = (FLOOR, "glasswork_eager", "torch_eager", "autograd", "mygrad")
LENGTH = 40
HEADINGS = {"record": "record, ns", "differentiate": "record and differentiate, ns"}


def measure(workers: list[Worker], effort: Effort) -> dict[str, Figures]:
    """Seconds of a chain of multiplications, recorded and differentiated, told on the way."""
    x = np.linspace(1, 2, 8, dtype=np.float32)
    factor = np.linspace(0.9, 1.1, 8, dtype=np.float32)
    print(f"\nOne multiplication of {x.size} float32, in a chain of {LENGTH}", flush=True)
    contenders = [worker for worker in workers if worker.name in NAMES]
    agreed = those_who_agree(contenders, start_chain, x, factor, LENGTH)
    results = {job: take_turns(agreed, job, effort) for job in HEADINGS}
    write = whole(1e-9 * LENGTH)
    raw = {heading: (results[job], write) for job, heading in HEADINGS.items()}
    more = {heading: (excesses(results[job]), write) for job, heading in HEADINGS.items()}
    print(of_contenders(agreed[:1], raw))
    print("and beyond that")
    print(of_contenders(agreed[1:], more), flush=True)
    return results
