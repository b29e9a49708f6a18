"""PyTorch with its compiler over the network with its loss, both ways.

The optimizers are the fused ones: their compiled steps were slower.
"""

from __future__ import annotations

import torch
from torch import nn

from benchmarks.contenders import Step
from benchmarks.contenders.torch_eager import build
from benchmarks.network import Array, Network, Rule

TITLE = "torch.compile"
PACKAGES = ("torch",)


def training(network: Network, rule: Rule) -> Step:
    """Compiles anew for each network, for its one batch size."""
    torch.compiler.reset()
    model, optimizer = build(network, rule, fused=True)
    criterion = nn.CrossEntropyLoss()

    @torch.compile(dynamic=False)
    def loss_of(x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return criterion(model(x), labels)

    def step(x: Array, labels: Array) -> torch.Tensor:
        optimizer.zero_grad()
        loss = loss_of(torch.from_numpy(x), torch.from_numpy(labels))
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step
