from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

import glasswork as gw
from glasswork.errors import OptionError
from glasswork.estimators import MLPClassifier
from glasswork.estimators.training import check_options

pytestmark = pytest.mark.peers

WRONG = {
    "hidden_layer_sizes": [0, (3, -1), "many", 2.5],
    "dropout": [1.0, (0.5, -0.1), "half"],
    "batch_normalization": [1, "yes"],
    "solver": ["adagrad", None],
    "learning_rate": ["fast", 0.1],
    "learning_rate_init": [0, -1.0, "small", np.inf],
    "batch_size": [0, "all", 3.5, True],
    "alpha": [-1e-9, np.nan],
    "momentum": [1.0, -0.1],
    "beta_1": [1.0],
    "epsilon": [0.0],
    "n_iter_no_change": [0, -np.inf, 2.5],
    "max_iter": [0, 1.0],
    "validation_fraction": [1.0, -0.5],
    "verbose": [-1, "loud"],
    "warm_start": [0],
    "compile": ["always"],
    "dtype": [np.float16, int, "floaty"],
}
RIGHT = {
    "hidden_layer_sizes": [(), 3, [3, 4], np.array([5, 6])],
    "dropout": [0, 0.5, (0.1, 0.2)],
    "solver": ["adamw", gw.RMSprop],
    "learning_rate": ["adaptive", gw.optim.cosine(0.1, steps=100)],
    "batch_size": ["auto", 1, np.int64(7)],
    "n_iter_no_change": [1, np.inf],
    "verbose": [True, 10],
    "dtype": [None, "float32", np.float64],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in WRONG.items() for v in vs])
def test_an_option_outside_what_it_may_be_is_named_with_its_value(name, value):
    with pytest.raises(OptionError, match=f"^MLPClassifier: {name} is ") as caught:
        check_options(MLPClassifier(**{name: value}))
    assert repr(value) in str(caught.value) and "\n  Pass " in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in RIGHT.items() for v in vs])
def test_an_option_within_what_it_may_be_passes(name, value):
    check_options(MLPClassifier(**{name: value}))


def test_the_constructor_itself_refuses_nothing():
    assert MLPClassifier(alpha=-1).alpha == -1
