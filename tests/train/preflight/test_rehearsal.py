"""A rehearsal sees what every layer gives and gets back, on a copy."""

import numpy as np

from glasswork.nn import MSE, BatchNorm, Dropout, Linear, Sequential, Tanh
from glasswork.train.preflight.rehearsal import copied, rehearse

x, y = np.ones((4, 2)), np.zeros((4, 1))


def test_the_layers_are_seen_in_their_order_with_what_came_back():
    model = Sequential(Linear(2, 3, rng=0), Tanh(), Linear(3, 1, rng=0))
    seen = rehearse(model, x, y, MSE())
    assert [layer.name for layer in seen.layers] == [
        "model.0 Linear(2, 3)", "model.1 Tanh()", "model.2 Linear(3, 1)",
    ]  # fmt: skip
    np.testing.assert_array_equal(seen.layers[1].output, np.tanh(seen.layers[0].output))
    np.testing.assert_allclose(seen.layers[2].gradient, seen.layers[2].output / 2, rtol=1e-6)
    assert seen.model is not model
    assert "forward" not in vars(model.children[0])


def test_a_copy_trains_without_dropout():
    copy = copied(Sequential(Dropout(0.5), BatchNorm(2)).eval())
    assert [child.training for child in copy] == [False, True]
