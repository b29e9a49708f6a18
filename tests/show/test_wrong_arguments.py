"""What pictures are made of, and where something else is passed."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import show

from ..wrong import X, Y, filled, model, run, untold

PROBABILITIES = np.random.default_rng(1).dirichlet(np.ones(3), len(X))


def bowl(w):
    return (w * w).sum()


net = model()
CALLS = {
    "activation": (show.activation, {"function": np.tanh}),
    "activations": (show.activations, {"functions": [np.tanh, gw.ReLU()]}),
    "boundary": (show.boundary, {"found": show.plane(net, X)}),
    "confusion": (show.confusion, {"matrix": np.eye(3, dtype=int)}),
    "descend": (
        show.descend,
        {"function": bowl, "start": [1.0, 2.0], "rule": lambda w: gw.SGD(w, 0.1), "steps": 2},
    ),
    "descents": (
        show.descents,
        {"function": lambda w: (w * w).sum(-1), "paths": {"a way": np.eye(2)}},
    ),
    "first_weights": (show.first_weights, {"model": net, "shape": (2, 2)}),
    "hardest": (show.hardest, {"probabilities": PROBABILITIES, "y": Y}),
    "images": (show.images, {"pictures": np.ones((3, 2, 2))}),
    "loss_around": (
        show.loss_around,
        {
            "model": net, "loss": gw.CrossEntropy(), "data": (X, Y),
            "directions": show.random_directions(net, rng=0), "size": 3,
        },
    ),
    "mistakes": (
        show.mistakes,
        {"x": X, "probabilities": PROBABILITIES, "y": Y, "shape": (2, 2)},
    ),
    "network": (show.network, {"model": net}),
    "plane": (show.plane, {"model": net, "x": X, "points": 5}),
    "principal_directions": (
        show.principal_directions, {"points": list(np.random.default_rng(0).normal(size=(4, 67)))},
    ),
    "random_directions": (show.random_directions, {"model": net}),
    "saliency": (show.saliency, {"model": net, "x": X}),
    "sketch": (show.sketch, {"model": net}),
    "slopes": (show.slopes, {"function": np.tanh, "x": np.array([1.0])}),
    "Histograms": (show.Histograms, {}),
    "Trail": (show.Trail, {}),
}  # fmt: skip
ARGUMENTS = [(name, argument) for name, call in CALLS.items() for argument in filled(*call)]


@pytest.mark.filterwarnings("ignore")  # of what is computed with nan
@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_what_belongs_elsewhere_is_refused_in_words(name, argument):
    assert untold(*CALLS[name], argument) == []


@pytest.mark.usefixtures("figure")
@pytest.mark.parametrize("name", CALLS)
def test_what_belongs_there_is_taken(name):
    run(*CALLS[name])
