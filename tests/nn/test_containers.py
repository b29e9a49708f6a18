"""Sequential is a list of modules that runs."""

from __future__ import annotations

import numpy as np

from glasswork.nn import Linear, ReLU, Sequential


def test_layers_run_one_after_the_other(rng):
    first, last = Linear(3, 4, rng=0), Linear(4, 2, rng=1)
    x = rng.random((5, 3), np.float32)
    hidden = np.maximum(x @ first.weights.els + first.biases.els, 0)
    expected = hidden @ last.weights.els + last.biases.els
    np.testing.assert_allclose(Sequential(first, ReLU(), last)(x).els, expected, rtol=1e-6)


def test_a_sequence_has_a_length_and_can_be_walked_and_indexed():
    layers = [Linear(1, 1), ReLU(), Linear(1, 1)]
    model = Sequential(*layers)
    assert len(model) == 3
    assert list(model) == layers
    assert model[-1] is layers[2]


def test_an_empty_sequence_gives_back_its_input():
    x = np.ones(1)
    assert Sequential()(x).els is x
    assert Sequential(ReLU())[:0](x).els is x


def test_a_slice_is_a_sequence_of_the_same_layers():
    model = Sequential(Linear(1, 1), ReLU(), Linear(1, 1))
    part = model[1:]
    assert isinstance(part, Sequential)
    assert part[1] is model[2]
