from __future__ import annotations

from importlib import import_module
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from benchmarks import contenders
from benchmarks.network import RULES, Network
from benchmarks.rounds import TOLERANCE

NETWORKS = (Network((3, 8, 8, 2), 16), Network((5, 7, 2), 1), Network((4, 3), 6))
GLASSWORK = ("glasswork_eager", "glasswork_compiled")
PEERS = {
    "torch_eager": "torch",
    "torch_fused": "torch",
    "scikit_learn": "sklearn",
    "autograd": "autograd",
    "mygrad": "mygrad",
    "jax_jit": "jax",
}


def contender(name: str):
    return import_module(f"benchmarks.contenders.{name}")


def first_losses(name: str, network: Network, rule: str) -> list[float]:
    step = contender(name).training(network, RULES[rule])
    return [step(x, labels).item() for x, labels in islice(network.batches(), 20)]


def test_every_file_of_a_contender_is_listed():
    files = Path(contenders.__file__).parent.glob("*.py")
    assert {file.stem for file in files} == {"__init__", *contenders.NAMES}


def first_classes(name: str) -> list[int]:
    network = Network((5, 7, 4), 1)
    classify = contender(name).predicting(network)
    return [classify(x).item() for x, _ in islice(network.batches(), 20)]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("network", NETWORKS, ids=str)
@pytest.mark.parametrize("name", GLASSWORK)
def test_glasswork_computes_the_losses_of_numpy_by_hand(name, network, rule):
    expected = first_losses("by_hand", network, rule)
    np.testing.assert_allclose(first_losses(name, network, rule), expected, rtol=TOLERANCE)


@pytest.mark.parametrize("name", GLASSWORK)
def test_glasswork_names_the_classes_of_numpy_by_hand(name):
    assert first_classes(name) == first_classes("by_hand")


@pytest.mark.peers
@pytest.mark.parametrize(
    ("name", "package"),
    [("torch_eager", "torch"), ("scikit_learn", "sklearn"), ("onnx_runtime", "onnxruntime")],
)
def test_a_peer_names_the_classes_of_numpy_by_hand(name, package):
    pytest.importorskip(package)
    assert first_classes(name) == first_classes("by_hand")


@pytest.mark.peers
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", PEERS)
def test_a_peer_computes_the_losses_of_numpy_by_hand(name, rule):
    pytest.importorskip(PEERS[name])
    network = NETWORKS[0]
    expected = first_losses("by_hand", network, rule)
    np.testing.assert_allclose(first_losses(name, network, rule), expected, rtol=TOLERANCE)


@pytest.mark.parametrize("name", ["by_hand", "glasswork_eager"])
def test_the_gradient_of_a_chain_is_the_product_of_its_factors(name):
    factor = np.array([0.5, 1.0, 2.0], np.float32)
    gradient = contender(name).chain(np.ones(3, np.float32), factor, 5).differentiate()
    np.testing.assert_array_equal(gradient, factor**5)
