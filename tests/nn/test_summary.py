"""A network at a glance."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import ShapeError
from glasswork.nn import BatchNorm, Dropout, Linear, Module, Parameter, ReLU, Sequential


def model() -> Sequential:
    return Sequential(
        Linear(64, 128),
        BatchNorm(128),
        Sequential(ReLU(), Linear(128, 10, bias=False)).freeze(),
    )


def test_a_model_shows_its_tree_its_shapes_and_how_much_it_learns():
    assert repr(model()) == (
        "Sequential()                         9,856  parameters\n"
        "├─ 0 Linear(64, 128)                 8,320  weights (64, 128), biases (128,)\n"
        "├─ 1 BatchNorm(128)                    256  scale (128,), shift (128,), "
        "running_mean (128,) buffer, running_variance (128,) buffer\n"
        "└─ 2 Sequential()                    1,280\n"
        "   ├─ 0 ReLU()\n"
        "   └─ 1 Linear(128, 10, bias=False)  1,280  weights (128, 10) frozen"
    )


def test_a_summary_of_an_example_shows_the_shape_of_each_output():
    shown = str(Sequential(Linear(4, 3), ReLU()).summary(np.ones((5, 4))))
    assert shown == (
        "Sequential()       (5, 3)  15  parameters\n"
        "├─ 0 Linear(4, 3)  (5, 3)  15  weights (4, 3), biases (3,)\n"
        "└─ 1 ReLU()        (5, 3)"
    )


def test_a_layer_shows_its_own_tensors_and_dtype_in_one_line():
    layer = Linear(3, 2, bias=False, dtype=np.float64)
    assert (
        repr(layer)
        == "Linear(3, 2, bias=False, dtype=float64)  6  parameters: weights (3, 2) float64"
    )


def test_a_module_with_nothing_to_learn_shows_no_count():
    assert repr(ReLU()) == "ReLU()"


def test_what_is_shared_counts_once_and_says_where_it_is():
    layer = Linear(4, 4)
    tied = Module()
    tied.weights = layer.weights
    assert repr(Sequential(layer, layer, tied)) == (
        "Sequential()       20  parameters\n"
        "├─ 0 Linear(4, 4)  20  weights (4, 4), biases (4,)\n"
        "├─ 1 Linear(4, 4)      is 0\n"
        "└─ 2 Module()          weights is 0.weights"
    )


def test_a_module_that_holds_itself_is_drawn_once():
    loop = Module()
    loop.me = loop
    assert repr(loop) == "Module()\n└─ me Module()  is the root"


def test_a_parameter_of_the_root_is_listed_beside_the_count():
    root = Module()
    root.factor = Parameter([1.0])
    assert repr(root) == "Module()  1  parameters: factor (1,)"


def test_a_summary_changes_nothing_and_runs_in_eval_mode():
    noisy = Sequential(Linear(3, 3, rng=0), BatchNorm(3), Dropout(0.5, rng=0))
    before = noisy.state_dict()
    drawn = noisy.children[2]._rng.bit_generator.state
    noisy.summary(np.ones((1, 3)))  # a batch of one: only eval mode takes it
    assert noisy.training
    assert "forward" not in vars(noisy.children[0])
    assert all(np.array_equal(before[path], value) for path, value in noisy.state_dict().items())
    assert noisy.children[2]._rng.bit_generator.state == drawn


class Keeping(Module):
    """A module that keeps what it makes on its way."""

    def __init__(self):
        self.layer = Linear(3, 2, rng=0)

    def forward(self, x):
        self.last = self.layer(x)
        return self.last.relu()


def test_what_a_module_kept_of_its_last_input_is_still_there_after_a_summary():
    model = Keeping()
    model(np.ones((4, 3)))
    last = model.last
    assert "Linear(3, 2)  (1, 2)" in str(model.summary(np.ones((1, 3))))
    assert model.last is last


def test_a_summary_of_an_example_that_does_not_fit_changes_nothing_either():
    model = Keeping()
    with pytest.raises(ShapeError, match="has 5 features in a row, not 3"):
        model.summary(np.ones((1, 5)))
    assert vars(model) == {"layer": model.layer}
    assert "forward" not in vars(model.layer)


def test_parts_that_are_in_different_modes_stay_so():
    model = Sequential(Linear(3, 3), Dropout(0.5).eval())
    model.summary(np.ones((1, 3)))
    assert [module.training for _, module in model.named_modules()] == [True, True, False]


def test_a_summary_tells_the_type_of_an_output_without_shape():
    class Two(Module):
        def forward(self, x, y):
            return x, y

    assert str(Two().summary(Tensor([1.0]), Tensor([2.0]))) == "Two()  tuple"


def test_rows_can_be_read_by_a_program():
    rows = model().summary(np.ones((5, 64))).rows
    assert [row.parameters for row in rows] == [9856, 8320, 256, 1280, 0, 1280]
    assert rows[-1].output == "(5, 10)"
