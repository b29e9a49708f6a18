"""From models to graphs, and what cannot become one."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import MissingExtraError, OptionError, ShapeError, UnsupportedError
from glasswork.export.drawing import draw
from glasswork.export.graph import Size

X = np.arange(10.0).reshape(5, 2)


def graph(model: Callable[..., object], example: object = X):
    return draw(model, example, (8, 13))


def ops(model: Callable[..., object], example: object = X) -> list[str]:
    return [node.op.name for node in graph(model, example).nodes]


def test_layers_are_in_eval_mode_and_the_model_stays_as_it_was():
    model = gw.Sequential(gw.Linear(2, 2, rng=0), gw.BatchNorm(2), gw.Dropout(0.5))
    before, kinds = model.state_dict(), [type(p) for p in model.parameters()]
    assert ops(model) == ["astype", "matmul", "add", "subtract", "divide", "multiply", "add"]
    assert model.training and model[2].training
    assert [type(p) for p in model.parameters()] == kinds
    assert all((before[path] == value).all() for path, value in model.state_dict().items())


def test_a_model_stays_as_it_was_when_it_fails():
    model = gw.Sequential(gw.Linear(2, 2, rng=0))
    with pytest.raises(ShapeError):
        graph(model, np.ones((5, 3)))
    assert type(model[0].weights) is gw.Parameter and "forward" not in vars(model[0])


def test_frozen_parameters_are_as_good_as_others():
    model = gw.Linear(2, 1, rng=0).freeze()
    assert [c.path for c in graph(model).constants] == ["weights", "biases"]
    assert not model.weights.requires_grad


def test_values_are_named_after_modules_and_shared_weights_stand_once():
    layer = gw.Linear(2, 2, rng=0)
    drawn = graph(gw.Sequential(layer, gw.ReLU(), layer), X.astype(np.float32))
    assert [c.path for c in drawn.constants] == ["0.weights", "0.biases"]
    assert [node.output.name for node in drawn.nodes] == [
        "linear_0_matmul", "linear_0", "relu_1", "linear_0_matmul_2", "linear_0_2",
    ]  # fmt: skip


def test_what_is_made_of_constants_is_a_constant():
    drawn = graph(gw.BatchNorm(2), X.astype(np.float32))
    assert drawn.constants[1].name == "batch_norm_sqrt"
    np.testing.assert_allclose(drawn.constants[1].array, [1, 1], rtol=1e-5)


def test_what_does_not_reach_the_output_is_left_out():
    def model(x):
        _ = np.exp(x)
        return 2 * x

    assert ops(model) == ["multiply"]


def test_masks_and_counts_are_ops_too():
    assert ops(lambda x: (x > 1).astype(float) * x) == ["greater", "astype", "multiply"]
    assert ops(lambda x: x.argmax(axis=1)) == ["argmax"]


def test_sizes_are_counted_in_rows():
    drawn = graph(lambda x: np.concatenate([x, x]).reshape(-1, 1)[1:] / x.shape[0])
    assert drawn.output.shape == (Size(4, -1), 1)
    assert drawn.nodes[-1].inputs[1] == Size(1, 0)


def test_modules_are_found_in_what_a_function_sees():
    model, loss = gw.Linear(2, 1, rng=0), gw.MSE()
    drawn = graph(lambda x, y: loss(model(x), y), (X, X[:, :1]))
    assert [c.path for c in drawn.constants] == ["model.weights", "model.biases"]
    assert {node.path for node in drawn.nodes} == {"model", "loss"}


@pytest.mark.parametrize(
    "model",
    [
        lambda x: x * 2 if x.sum() > 0 else x,
        lambda x: x * float(x[0, 0]),
        lambda x: x * x.sum().item(),
        lambda x: x + np.asarray(x),
    ],
)
def test_values_may_not_be_looked_at(model):
    with pytest.raises(UnsupportedError, match="a value is looked at"):
        graph(model)


def test_a_loop_over_the_rows_is_refused():
    with pytest.raises(UnsupportedError, match="other ops for other rows, or for another number"):
        graph(lambda x: sum(x[i] for i in range(len(x))))


def test_another_choice_for_another_number_of_rows_is_refused():
    def model(x):
        y, z = x * 2, x * 3
        return (y if x.shape[0] > 10 else z) * (y + z)

    with pytest.raises(UnsupportedError, match="other ops for other rows, or for another number"):
        graph(model)


def test_arrays_made_of_the_rows_are_refused():
    x = iter([np.ones((8, 2)), np.arange(26.0).reshape(13, 2)])
    with pytest.raises(UnsupportedError, match=r"the array constant, \(8, 2\) float64, depends"):
        graph(lambda y: y + next(x))


def test_an_output_that_ignores_the_input_is_refused():
    with pytest.raises(UnsupportedError, match="does not come from the inputs"):
        graph(lambda x: gw.Tensor([1.0]))


def test_a_parameter_that_changes_while_predicting_is_refused():
    layer = gw.Linear(2, 2, rng=0)

    def model(x):
        layer.weights.els = np.zeros((2, 2))
        return layer(x)

    with pytest.raises(UnsupportedError, match="given other elements while the model runs"):
        graph(model)


@pytest.mark.parametrize(("model", "kind"), [(lambda x: (x, x), "tuple"), (lambda x: 3.0, "float")])
def test_an_output_that_is_no_tensor_is_named(model, kind):
    with pytest.raises(OptionError, match=f"the model gives a {kind}, and no tensor"):
        graph(model)


def test_what_cannot_be_called_is_named():
    with pytest.raises(OptionError, match="the model is 3, which cannot be called"):
        graph(3)


@pytest.mark.parametrize("example", [3.0, (X, X[:2]), (), (X, 1.0)])
def test_examples_that_are_no_rows_are_refused(example):
    with pytest.raises(ShapeError, match="the example is not rows, equally many of each input"):
        graph(lambda *x: x[0], example)


def test_an_example_without_rows_is_refused():
    with pytest.raises(ShapeError, match=r"the example is \(0, 2\)"):
        graph(lambda x: x, X[:0])


@pytest.mark.parametrize("form", ["c", "python"])
def test_a_path_that_cannot_be_written_is_named_and_nothing_stays(form, tmp_path):
    path = tmp_path / "missing" / "model"
    with pytest.raises(OSError, match="missing"):
        getattr(gw.export, form)(gw.Linear(2, 1, rng=0), path, X)
    assert not list(tmp_path.iterdir())


def test_the_extra_for_onnx_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.delitem(sys.modules, "onnx.checker", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'glasswork\[onnx\]'"):
        gw.export.onnx(gw.Linear(2, 1, rng=0), tmp_path / "model.onnx", X)
