"""Modules hold parameters that nobody registers, and run as the article's do."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import DtypeError, OptionError, UnsupportedError
from glasswork.nn import (
    MSE,
    BatchNorm,
    Buffer,
    Dropout,
    Linear,
    Module,
    Parameter,
    ReLU,
    Sequential,
)


class ArticleLinear(Module):
    """The article's layer, word for word but for the random numbers: no super().__init__()."""

    def __init__(self, input_neurons, output_neurons, bias=True):
        self.weights = Parameter(np.full((input_neurons, output_neurons), 0.5))
        self.bias = bias
        if bias:
            self.biases = Parameter(np.ones(output_neurons))

    def forward(self, x):
        out = x.matmul(self.weights.data)
        if self.bias:
            return out + self.biases.data
        return out


class Net(Module):
    """Layers in every kind of attribute, one of them twice."""

    def __init__(self):
        self.hidden = Linear(3, 3, rng=0)
        self.layers = [self.hidden, ReLU(), Linear(3, 2, rng=1)]
        self.heads = {"mean": (Linear(2, 1, rng=2),)}
        self.scale = Parameter([1.0])
        self.seen = Buffer(np.zeros(2, np.int64))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.heads["mean"][0](x) * self.scale


def paths(model):
    return [path for path, _ in model.named_parameters()]


def test_the_articles_layer_works_as_it_is_written():
    layer = ArticleLinear(2, 3)
    x = Tensor([[1.0, 2.0]], dtype=float)
    np.testing.assert_array_equal(layer.forward(x).els, [[2.5, 2.5, 2.5]])
    assert layer.parameters() == [layer.weights, layer.biases]
    assert layer.training


def test_children_run_in_their_order():
    double = Linear(1, 1, initializer=lambda shape, rng, dtype: np.full(shape, 2, dtype))
    double.biases.els = np.ones(1, np.float32)
    model = Module(double, double, ReLU())
    assert model(Tensor([[-1.0]])).item() == 0  # 2 (2 (-1) + 1) + 1 = -1
    assert model.forward(Tensor([[1.0]])).item() == 7


def test_a_module_without_children_gives_back_its_input():
    x = Tensor([1.0])
    assert Module()(x) is x


def test_a_module_runs_children_of_children():
    model = Module(Module(Linear(2, 3)), Module(ReLU(), Linear(3, 1)))
    assert model(np.ones((4, 2))).shape == (4, 1)
    assert paths(model) == ["0.0.weights", "0.0.biases", "1.1.weights", "1.1.biases"]


@pytest.mark.parametrize("child", [ReLU, np.tanh, None])
def test_a_child_that_is_no_module_is_refused(child):
    with pytest.raises(OptionError, match=r"child 1 is .*, and no module"):
        Module(ReLU(), child)


def test_a_class_without_forward_says_so():
    class Forgotten(Module):
        def __init__(self):
            self.weights = Parameter([1.0])

    with pytest.raises(UnsupportedError, match="Forgotten has no forward"):
        Forgotten()(np.ones(1))


@pytest.mark.parametrize("kind", [Module, Sequential])
def test_a_class_without_forward_and_with_no_children_says_so_too(kind):
    class Misspelled(kind):
        def __init__(self):
            super().__init__()

        def foward(self, x):
            return 2 * x

    with pytest.raises(UnsupportedError, match="Misspelled has no forward, and no children"):
        Misspelled()(np.ones(1))


@pytest.mark.parametrize(
    ("numbers", "dtype"),
    [([[1.0, 2.0]], np.float32), ([[1, 2]], np.int64), ([np.float64(1.0)], np.float64)],
)
def test_lists_of_numbers_are_taken_as_tensors(numbers, dtype):
    x = Module()(numbers)
    assert type(x) is Tensor
    assert x.dtype == dtype
    assert x.els.tolist() == numbers


def test_a_layer_takes_a_list():
    layer = Linear(2, 1, rng=0)
    x = [[1.0, 2.0]]
    np.testing.assert_array_equal(layer(x).els, layer(np.array(x)).els)


@pytest.mark.parametrize("other", [[Tensor([1.0]), Tensor([2.0])], ["a", "b"], [], (1.0, 2.0)])
def test_lists_of_other_things_pass_as_they_are(other):
    assert Module()(other) is other


def test_arrays_become_tensors_and_other_inputs_pass_as_they_are():
    class Taking(Module):
        def forward(self, x, *, scale):
            return x, scale

    x, scale = Taking()(np.ones(1), scale=[2])
    assert type(x) is Tensor
    assert scale == [2]


def test_an_array_is_not_copied_and_wants_no_gradient():
    x = np.ones((2, 2))
    taken = Module()(x)
    assert taken.els is x
    assert not taken.requires_grad


def test_parameters_are_found_wherever_they_are_and_listed_once():
    net = Net()
    assert paths(net) == [
        "hidden.weights",
        "hidden.biases",
        "layers.2.weights",
        "layers.2.biases",
        "heads.mean.0.weights",
        "heads.mean.0.biases",
        "scale",
    ]
    assert isinstance(net.parameters(), list)
    assert len({id(p) for p in net.parameters()}) == len(net.parameters()) == 7


def test_a_layer_that_is_added_later_is_found():
    net = Net()
    net.layers.append(Linear(1, 1))
    assert "layers.3.weights" in paths(net)


def test_tied_weights_gather_the_gradient_of_both_uses(slopes):
    layer = Linear(2, 2, bias=False, rng=0, dtype=np.float64)
    model = Sequential(layer, layer)
    x = np.array([[1.0, 2.0]])
    model(x).sum().backward()
    expected = slopes(lambda w: float((x @ w @ w).sum()), layer.weights.els.copy())
    np.testing.assert_allclose(layer.weights.grad, expected, rtol=1e-8)


def test_buffers_are_named_and_are_no_parameters():
    net = Net()
    assert [(path, buffer is net.seen) for path, buffer in net.named_buffers()] == [("seen", True)]
    assert all(p is not net.seen for p in net.parameters())


def test_modules_are_named_from_the_root_down():
    names = [path for path, _ in Net().named_modules()]
    assert names == ["", "hidden", "layers.1", "layers.2", "heads.mean.0"]


def test_train_and_eval_reach_every_module_and_return_the_root():
    model = Sequential(Dropout(0.5), Net())
    assert model.eval() is model
    assert not any(module.training for _, module in model.named_modules())
    assert model.train() is model
    assert all(module.training for _, module in model.named_modules())


def test_frozen_parameters_keep_still_and_can_be_thawed():
    model = Sequential(Linear(2, 2, rng=0), Linear(2, 1, rng=1))
    assert model.children[0].freeze() is model.children[0]
    model(np.ones((1, 2))).sum().backward()
    assert [p.grad is None for p in model.parameters()] == [True, True, False, False]
    model.freeze(False)
    assert all(p.requires_grad for p in model.parameters())


def test_freezing_between_forward_and_backward_stops_the_gradient():
    layer = Linear(2, 1, rng=0)
    loss = layer(np.ones((1, 2))).sum()
    layer.weights.requires_grad = False
    loss.backward()
    assert layer.weights.grad is None
    assert layer.biases.grad == 1


def test_astype_changes_parameters_and_float_buffers_in_place():
    net, norm = Net(), BatchNorm(2)
    weights = net.hidden.weights
    model = Sequential(net, norm)
    assert model.astype(np.float64) is model
    assert net.hidden.weights is weights
    assert {p.dtype for p in model.parameters()} == {np.dtype(np.float64)}
    assert norm.running_mean.dtype == np.float64
    assert net.seen.dtype == np.int64


def test_astype_to_whole_numbers_is_refused():
    with pytest.raises(DtypeError, match="parameters cannot be int64"):
        Linear(1, 1).astype(int)


def test_the_gradient_follows_a_new_dtype():
    layer = Linear(1, 1, rng=0)
    layer(np.ones((1, 1))).sum().backward()
    layer.astype(np.float64)
    assert layer.weights.grad.dtype == np.float64
    assert layer.weights.grad == 0


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_gives_the_same_and_shares_nothing_but_what_was_shared(copied, rng):
    model = Sequential(Net(), BatchNorm(1), Dropout(0.5, rng=3))
    x = rng.random((4, 3), np.float32)
    other = copied(model)
    np.testing.assert_array_equal(other(x).els, model(x).els)
    assert other.children[0].layers[0] is other.children[0].hidden
    assert not {id(p) for p in model.parameters()} & {id(p) for p in other.parameters()}


def test_a_module_tells_its_configuration():
    assert Linear(3, 2, bias=False).configuration() == {
        "input_neurons": 3,
        "output_neurons": 2,
        "bias": False,
        "dtype": np.float32,
    }


class Table:
    """What pandas has: no array, but NumPy can make one of it."""

    def __init__(self, rows):
        self.rows = rows

    def __array__(self, dtype=None, copy=None):
        return np.array(self.rows, dtype)


def test_a_table_is_taken_as_the_array_that_it_holds():
    layer, rows = Linear(2, 1, rng=0), [[1.0, 2.0], [3.0, 4.0]]
    np.testing.assert_array_equal(layer(Table(rows)).els, layer(np.array(rows)).els)


@pytest.mark.parametrize("of", [np.array, Table])
@pytest.mark.parametrize("element", ["1", 1j, np.array(None)], ids=["text", "complex", "objects"])
@pytest.mark.parametrize("layer", [Linear(2, 1), ReLU(), MSE()], ids=lambda layer: repr(layer)[:6])
def test_an_array_of_anything_but_real_numbers_is_refused(layer, element, of):
    inputs = (
        (np.ones(2), of([element, element])) if isinstance(layer, MSE) else (of([element] * 2),)
    )
    with pytest.raises(DtypeError, match="the elements of an input must be numbers; these are"):
        layer(*inputs)


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
