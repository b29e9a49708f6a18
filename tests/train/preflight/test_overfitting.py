"""A batch that can be learned by heart is learned, and one that cannot is told."""

import numpy as np

from glasswork.nn import MSE, CrossEntropy, Linear, ReLU, Sequential
from glasswork.train.preflight.overfitting import one_batch

rng = np.random.default_rng(0)
x, y = rng.normal(size=(16, 3)), rng.integers(4, size=16)


def test_a_network_that_is_large_enough_learns_a_batch_by_heart():
    model = Sequential(Linear(3, 64, rng=0), ReLU(), Linear(64, 4, rng=0))
    before = model.state_dict()
    finding = one_batch(model, x, y, CrossEntropy())
    assert finding.verdict == "ok"
    assert finding.seen.startswith("learned: ")
    for path, value in model.state_dict().items():
        np.testing.assert_array_equal(value, before[path])


def test_equal_inputs_with_different_targets_are_told():
    finding = one_batch(Linear(3, 1, rng=0), x * 0, rng.normal(size=(16, 1)), MSE())
    assert finding.verdict == "look"
    assert "in 200 steps, for 16 samples" in finding.seen
    assert "different targets" in finding.advice
