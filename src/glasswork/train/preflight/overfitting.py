"""Whether a network can learn a single batch by heart: if not, it will learn nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...nn.module import Module
from ...optim import Adam
from ..evaluate import Loss
from .rehearsal import copied
from .report import Finding

__all__ = ["one_batch"]

STEPS, RATES = 200, (0.01, 0.001)
ENOUGH = 0.1  # of the first loss


def one_batch(model: Module, x: Any, y: Any, loss: Loss) -> Finding:
    """Train a copy on nothing but this batch, by Adam."""
    first = best = np.inf
    for rate in RATES:
        copy = copied(model)
        optimizer = Adam(copy.parameters(), rate)
        for step in range(STEPS + 1):
            cost = loss(copy(x), y)
            if step == 0:
                first = cost.item()
            best = min(best, cost.item())
            if best <= ENOUGH * first:
                return Finding(
                    "one batch", "ok", f"learned: {first:.4g} → {best:.4g} in {step} steps"
                )
            if not np.isfinite(cost.item()):
                break
            cost.backward()
            optimizer.step(zero_grad=True)
    return Finding(
        "one batch", "look", f"{first:.4g} → {best:.4g} in {STEPS} steps, for {len(x)} samples",
        "Look for targets in the wrong order, equal inputs with different targets, or a network"
        " too small.",
    )  # fmt: skip
