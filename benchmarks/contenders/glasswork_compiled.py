"""Glasswork as in `glasswork_eager`, its step and its network compiled to pages of NumPy."""

from __future__ import annotations

from benchmarks.contenders import Classifier, Step
from benchmarks.contenders.glasswork_eager import PACKAGES, build, five_lines, network_of
from benchmarks.network import Array, Network, Rule
from glasswork import compile

__all__ = ["PACKAGES", "TITLE", "predicting", "training"]

TITLE = "Glasswork compiled"


def training(network: Network, rule: Rule) -> Step:
    """The usual training step from the first weights on."""
    return compile(five_lines(*build(network, rule)))


def predicting(network: Network) -> Classifier:
    """The network alone, whose weights are taken to be final."""
    logits_of = compile(network_of(network), freeze=True)

    def classify(x: Array) -> Array:
        return logits_of(x).els.argmax(axis=1)

    return classify
