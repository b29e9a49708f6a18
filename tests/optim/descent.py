"""A small problem for optimizers."""

from __future__ import annotations

from glasswork import Tensor


def descend(optimizer, *tensors, steps=1):
    """Steps along the gradient of Σ (w − 3)²."""
    for _ in range(steps):
        sum((((w - 3) ** 2).sum() for w in tensors), Tensor(0.0)).backward()
        optimizer.step(zero_grad=True)
