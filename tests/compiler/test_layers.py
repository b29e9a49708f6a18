"""A compiled step through any layer is the eager step."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn

from .side_by_side import BATCH, FEATURES, OUTPUTS, check, of_batches, training

LAYERS = {
    "Identity": lambda dtype: nn.Identity(),
    "ReLU": lambda dtype: nn.ReLU(),
    "Sigmoid": lambda dtype: nn.Sigmoid(),
    "Tanh": lambda dtype: nn.Tanh(),
    "Softmax": lambda dtype: nn.Softmax(),
    "Softmax along the batch": lambda dtype: nn.Softmax(0),
    "LogSoftmax": lambda dtype: nn.LogSoftmax(),
    "LogSoftmax along the batch": lambda dtype: nn.LogSoftmax(axis=0),
    "Softplus": lambda dtype: nn.Softplus(),
    "LeakyReLU": lambda dtype: nn.LeakyReLU(0.2),
    "ELU": lambda dtype: nn.ELU(0.5),
    "GELU": lambda dtype: nn.GELU(),
    "GELU, approximate": lambda dtype: nn.GELU(approximate=True),
    "SiLU": lambda dtype: nn.SiLU(),
    "Linear": lambda dtype: nn.Linear(FEATURES, FEATURES, rng=5, dtype=dtype),
    "Linear without bias": lambda dtype: nn.Linear(FEATURES, FEATURES, False, rng=5, dtype=dtype),
    "Linear in another dtype": lambda dtype: nn.Linear(FEATURES, FEATURES, rng=5, dtype=np.float64),
    "Sequential": lambda dtype: nn.Sequential(nn.Tanh(), nn.Sequential()),
    "BatchNorm": lambda dtype: nn.BatchNorm(FEATURES, dtype=dtype),
    "BatchNorm, eval": lambda dtype: nn.BatchNorm(FEATURES, dtype=dtype).eval(),
    "Dropout": lambda dtype: nn.Dropout(0.3, rng=np.random.default_rng(6)),
    "Dropout from the default generator": lambda dtype: nn.Dropout(0.3),
    "Dropout of all": lambda dtype: nn.Dropout(1.0, rng=6),
    "Dropout of nothing": lambda dtype: nn.Dropout(0.0, rng=6),
    "Dropout, eval": lambda dtype: nn.Dropout(0.3, rng=6).eval(),
    "Standardize": lambda dtype: nn.Standardize(FEATURES, dtype=dtype),
}

# Nothing comes of shifting what they are given: the gradient of a bias before them is all rounding.
DEAF_TO_SHIFTS = ("Softmax along the batch", "LogSoftmax along the batch", "BatchNorm")

exactness = pytest.mark.parametrize("exact", [True, False], ids=["exact", "fast"])


@exactness
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LAYERS)
def test_any_layer_compiled_is_the_layer(name, dtype, exact):
    bias = name not in DEAF_TO_SHIFTS

    def make():
        model = nn.Sequential(
            nn.Linear(FEATURES, FEATURES, bias, rng=7, dtype=dtype),
            LAYERS[name](dtype),
            nn.Linear(FEATURES, OUTPUTS, rng=8, dtype=dtype),
        )
        return training(model, nn.MSE(), gw.SGD(model.parameters(), 0.05))

    check(make, of_batches((BATCH, FEATURES), (BATCH, OUTPUTS)), exact)


@exactness
def test_a_network_in_float16_compiled_is_the_network(exact):
    def make():
        model = nn.Sequential(
            nn.Linear(FEATURES, 5, rng=7, dtype=np.float16),
            nn.ReLU(),
            nn.Linear(5, OUTPUTS, rng=8, dtype=np.float16),
        )
        return training(model, nn.MSE(), gw.SGD(model.parameters(), 0.05))

    check(make, of_batches((BATCH, FEATURES), (BATCH, OUTPUTS), steps=10), exact)


def rows_with_holes(rng):
    x = rng.standard_normal((BATCH, FEATURES))
    x[rng.random(x.shape) < 0.3] = np.nan
    x[:, 0] = rng.integers(-1, 3, BATCH)
    return x


@exactness
@pytest.mark.parametrize("indicators", [False, True])
def test_layers_for_tables_compiled_are_the_layers(indicators, exact):
    rows = np.concatenate([rows_with_holes(np.random.default_rng(i)) for i in range(5)])

    def make():
        missing = nn.Missing.of(rows, indicators=indicators, dtype=np.float64)
        codes = nn.Categories.of(missing(rows).els, {0: ["red", "green", "blue"]})
        scale = nn.Standardize.of(codes(missing(rows).els).els, dtype=np.float64)
        columns = scale.features
        linear = nn.Linear(columns, OUTPUTS, rng=1, dtype=np.float64)
        model = nn.Sequential(missing, codes, scale, linear)
        return training(model, nn.MSE(), gw.SGD(model.parameters(), 0.01))

    check(make, of_batches(rows_with_holes, (BATCH, OUTPUTS)), exact)


@exactness
def test_a_deep_network_compiled_is_the_network(exact):
    def make():
        layers = [
            part
            for i in range(3)
            for part in (
                nn.Linear(8, 8, False, rng=i),
                nn.BatchNorm(8),
                nn.Tanh(),
                nn.Dropout(0.1, rng=i),
            )
        ]
        model = nn.Sequential(
            nn.Linear(FEATURES, 8, False, rng=9), *layers, nn.Linear(8, OUTPUTS, rng=8)
        )
        return training(model, nn.MSE(), gw.SGD(model.parameters(), 0.01, momentum=0.5))

    check(make, of_batches((BATCH, FEATURES), (BATCH, OUTPUTS)), exact)


@exactness
@pytest.mark.parametrize("shape", [(FEATURES,), (2, 3, FEATURES), (1, FEATURES), (0, FEATURES)])
def test_inputs_of_any_number_of_axes_are_taken(shape, exact):
    def make():
        model = nn.Sequential(
            nn.Linear(FEATURES, 5, rng=7), nn.ReLU(), nn.Linear(5, OUTPUTS, rng=8)
        )
        return training(model, nn.MSE("sum"), gw.SGD(model.parameters(), 0.01))

    check(make, of_batches(shape, (*shape[:-1], OUTPUTS)), exact)


@exactness
@pytest.mark.parametrize("optimizer", [gw.SGD, gw.Adam])
def test_a_large_network_is_moved_in_strips(optimizer, exact):
    def make():
        model = nn.Sequential(nn.Linear(400, 500, rng=7), nn.ReLU(), nn.Linear(500, 3, rng=8))
        return training(model, nn.MSE(), optimizer(model.parameters(), 0.001))

    check(make, of_batches((16, 400), (16, 3), steps=3), exact)
