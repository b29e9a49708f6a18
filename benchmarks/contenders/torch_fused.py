"""PyTorch as in `torch_eager`, with its fused optimizers, which have to be asked for."""

from __future__ import annotations

from benchmarks.contenders import Step
from benchmarks.contenders.torch_eager import PACKAGES, build, five_lines
from benchmarks.network import Network, Rule

__all__ = ["PACKAGES", "TITLE", "training"]

TITLE = "torch eager, fused"


def training(network: Network, rule: Rule) -> Step:
    """The usual training step from the first weights on."""
    return five_lines(*build(network, rule, fused=True))
