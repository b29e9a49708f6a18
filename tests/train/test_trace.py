from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.nn import MSE, BatchNorm, Linear, Sequential
from glasswork.optim import SGD
from glasswork.train import fit
from glasswork.train.trace import Trace, digest


@pytest.mark.parametrize("shape", [(3,), (8, 1024), (100, 1000), (64, 1025)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int8, np.bool_])
def test_a_digest_is_that_of_the_bytes_and_sees_one_bit(shape, dtype):
    array = np.ones(shape, dtype)
    expected = digest(array.copy())
    assert digest(array) == digest(Tensor(array) if array.dtype.kind == "f" else array) == expected
    for place in (0, array.size // 2, array.size - 1):
        other = array.copy()
        other.reshape(-1).view(np.uint8)[place * array.itemsize] ^= 1
        assert digest(other) != expected


def test_a_digest_sees_the_order_of_rows():
    array = np.random.default_rng(0).normal(size=(2000, 50))
    assert digest(array) != digest(array[::-1])


@pytest.mark.parametrize("value", [3, [1.0, 2.0], np.float32(1), np.ones((3, 4)).T, np.ones(0)])
def test_there_is_a_digest_of_whatever_can_be_an_array(value):
    assert len(digest(value)) == 8


def test_what_has_no_bytes_of_its_own_has_none_in_the_digest():
    assert digest([object()]) == digest()


def test_a_trace_has_the_first_values_and_a_row_for_each_step(tmp_path):
    x = np.linspace(-1, 1, 8, dtype=np.float32)[:, None]
    model = Sequential(Linear(1, 2, rng=0), BatchNorm(2), Linear(2, 1, rng=0))
    first = digest(model[0].weights.els)
    trace = Trace(tmp_path / "trace.csv")
    optimizer = SGD(model.parameters(), 0.1)
    fit(model, MSE(), optimizer, (x, x), 2, batch_size=4, callbacks=[trace], rng=0)
    heading, *rows = (line.split(",") for line in (tmp_path / "trace.csv").read_text().split())
    assert heading[:4] == ["step", "batch", "loss", "0.weights"]
    assert heading[-2:] == ["1.running_mean", "1.running_variance"]
    assert [row[0] for row in rows] == ["0", "1", "2", "3", "4"]
    assert rows[0][:4] == ["0", "", "", first]
    assert rows[-1][3] == digest(model[0].weights.els)
    assert float(rows[1][2]) > float(rows[4][2])
