"""PyTorch's weights go where they belong, or nowhere."""

from pathlib import Path

import numpy as np
import pytest

from glasswork.errors import OptionError, StateError
from glasswork.nn import BatchNorm, Linear, Module, Parameter, ReLU, Sequential
from glasswork.saving import load_pytorch, write_safetensors

ARCHIVE = Path(__file__).parent / "files" / "archive.pt"
w, b = np.arange(6.0).reshape(2, 3), np.array([-1.0, 1.0])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "theirs.safetensors"


def test_linear_is_transposed_and_batch_normalization_renamed(path):
    state = {
        "0.weight": w, "0.bias": b, "1.weight": b + 2, "1.bias": b + 3, "1.running_mean": b + 4,
        "1.running_var": b + 5, "1.num_batches_tracked": np.array(7),
    }  # fmt: skip
    write_safetensors(path, state)
    model = Sequential(Linear(3, 2), BatchNorm(2))
    load_pytorch(model, path)
    ours = {name: array.tolist() for name, array in model.state_dict().items()}
    assert ours == {
        "0.weights": w.T.tolist(), "0.biases": [-1, 1], "1.scale": [1, 3], "1.shift": [2, 4],
        "1.running_mean": [3, 5], "1.running_variance": [4, 6],
    }  # fmt: skip


def test_values_take_the_dtypes_of_the_model(path):
    write_safetensors(path, {"weight": w, "bias": b})
    model = Linear(3, 2, dtype=np.float16)
    load_pytorch(model, path)
    assert {tensor.dtype for tensor in model.parameters()} == {np.dtype(np.float16)}


def test_a_layer_of_a_class_of_ones_own_is_found_by_its_path(path):
    class Net(Module):
        def __init__(self):
            self.body = [Line(3, 2), ReLU()]
            self.scale = Parameter([1.0])

    class Line(Linear):
        pass

    write_safetensors(path, {"body.0.weight": w, "body.0.bias": b, "scale": np.array([2.0])})
    model = Net()
    load_pytorch(model, path)
    assert model.scale.item() == 2
    np.testing.assert_array_equal(model.body[0].weights.els, w.T)


@pytest.mark.parametrize(
    "names",
    [
        {"module.fc1": "0"},
        {"module": "wrong", "module.fc1": "0"},
        {"module.fc1.weight": "0.weight", "module.fc1.bias": "0.bias"},
    ],
)
def test_paths_that_differ_are_translated_the_longest_first(path, names):
    write_safetensors(path, {"module.fc1.weight": w, "module.fc1.bias": b})
    model = Sequential(Linear(3, 2))
    load_pytorch(model, path, names=names)
    np.testing.assert_array_equal(model.children[0].weights.els, w.T)


def test_a_beginning_can_be_left_out(path):
    write_safetensors(path, {"module.weight": w, "module.bias": b})
    model = Linear(3, 2)
    load_pytorch(model, path, names={"module": ""})
    np.testing.assert_array_equal(model.weights.els, w.T)


def test_a_layer_that_is_used_twice_may_stand_there_twice(path):
    layer = Linear(3, 3, bias=False)
    square = np.arange(9.0).reshape(3, 3)
    write_safetensors(path, {"0.weight": square, "2.weight": square})
    load_pytorch(Sequential(layer, ReLU(), layer), path)
    np.testing.assert_array_equal(layer.weights.els, square.T)
    write_safetensors(path, {"0.weight": square, "2.weight": square + 1})
    with pytest.raises(StateError, match=r"unequal     2\.weight and 0\.weight"):
        load_pytorch(Sequential(layer, ReLU(), layer), path)


def test_everything_that_does_not_fit_is_named_in_pytorchs_words_and_nothing_changes(path):
    write_safetensors(path, {"0.weight": w.T, "0.bias": b, "1.bias": b, "head.weight": w})
    model = Sequential(Linear(3, 2), Linear(2, 2))
    before = model.state_dict()
    with pytest.raises(StateError) as caught:
        load_pytorch(model, path)
    head, *faults, advice = str(caught.value).splitlines()
    assert "theirs.safetensors does not fit the model, which is not changed" in head
    assert faults == [
        "  missing     1.weight (2, 2)",
        "  misshapen   0.weight is (3, 2), and would have to be (2, 3)",
        "  unexpected  head.weight (2, 3)",
    ]
    assert "names=" in advice
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_values_that_the_model_cannot_hold_change_nothing(path):
    write_safetensors(path, {"weight": w * 1e300, "bias": b})
    model = Linear(3, 2)
    with pytest.raises(StateError, match="unfit"):
        load_pytorch(model, path)
    np.testing.assert_array_equal(model.biases.els, [0, 0])


def test_arguments_in_the_wrong_order_are_told_apart(path):
    with pytest.raises(OptionError, match=r"model is PosixPath\((?s:.*)Pass a Module"):
        load_pytorch(path, Linear(3, 2))
