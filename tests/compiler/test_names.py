"""What the values of a page are called: after modules, ops and gradients, as one would by hand."""

from __future__ import annotations

import re

import numpy as np
import pytest

import glasswork as gw
from glasswork import nn

ROWS = np.ones((4, 3), np.float32)
CLASSES = np.array([0, 1, 1, 0])

PAGE = """\
import numpy as np

ones = np.ones((2, 2), np.float32)
ones_4 = np.ones(4, np.float32)
one_hot = np.eye(2, dtype=np.float32)
zero = np.array(0, np.float32)
scale = np.array(0.25, np.float32)

# Memory. Names of one line share it, one after the other.
hidden = relu_1 = arena[0:80].view(np.float32).reshape(4, 5)
output = shifted = exponentials = d_output = arena[256:288].view(np.float32).reshape(4, 2)
largest = arena[128:144].view(np.float32)
places = arena[128:160].view(np.int64)
chosen = arena[192:208].view(np.float32)
sums = arena[128:160].view(np.float32).reshape(4, 2)
logarithms = differences = arena[320:336].view(np.float32)
d_output_true = arena[128:160].view(np.float32).reshape(4, 2)
d_relu_1 = d_hidden = arena[128:208].view(np.float32).reshape(4, 5)
hidden_mask = arena[256:336].view(np.float32).reshape(4, 5)
change = arena[0:128].view(np.float32)

# Views, which need no memory.
hidden_weights = parameters[0:15].reshape(3, 5)
d_hidden_weights = gradients[0:15].reshape(3, 5)
hidden_biases = parameters[15:20]
d_hidden_biases = gradients[15:20]
output_weights = parameters[20:30].reshape(5, 2)
d_output_weights = gradients[20:30].reshape(5, 2)
output_biases = parameters[30:32]
d_output_biases = gradients[30:32]
output_0 = output[:, 0]
output_1 = output[:, 1]
largest_column = largest.reshape(4, 1)
shifted_view = shifted.reshape(8)
sums_0 = sums[:, 0]


@np.errstate(over="ignore")
def step(x, y, learning_rate=0.1):
    # forward
    np.dot(x, hidden_weights, hidden)               # x · hidden_weights  (4, 5)
    np.add(hidden, hidden_biases, hidden)           # hidden + hidden_biases  (4, 5)
    np.maximum(hidden, zero, out=relu_1)            # max(hidden, 0)  (4, 5)
    np.dot(relu_1, output_weights, output)          # relu_1 · output_weights  (4, 2)
    np.add(output, output_biases, output)           # output + output_biases  (4, 2)
    y_view = y.view(np.uint64)                      # y  (4,)
    if not y_view[y_view.argmax()] < 2: raise without_class(y, 2)
    np.maximum(output_0, output_1, out=largest)     # max(output_0, output_1)  (4,)
    np.subtract(output, largest_column, shifted)    # output - largest_column  (4, 2)
    np.add(y, begins, places)                       # y + begins  (4,)
    shifted_view.take(places, 0, chosen, 'clip')    # rows places of shifted_view  (4,)
    np.exp(shifted, exponentials)                   # exp(shifted)  (4, 2)
    np.dot(exponentials, ones, sums)                # Σ exponentials, over columns, in each  (4, 2)
    np.log(sums_0, logarithms)                      # ln(sums_0)  (4,)
    np.subtract(logarithms, chosen, differences)    # logarithms - chosen  (4,)
    loss = np.dot(differences, ones_4) / 4          # Σ differences / 4
    # backward: d_h is ∂loss/∂h
    np.divide(exponentials, sums, d_output)         # exponentials / sums  (4, 2)
    one_hot.take(y, 0, d_output_true, 'clip')       # rows y of one_hot  (4, 2)
    np.subtract(d_output, d_output_true, d_output)  # d_output - d_output_true  (4, 2)
    np.multiply(scale, d_output, d_output)          # 0.25 · d_output  (4, 2)
    np.dot(ones_4, d_output, d_output_biases)       # Σ d_output, over rows  (2,)
    np.dot(d_output, output_weights.T, d_relu_1)    # d_output · output_weightsᵀ  (4, 5)
    np.dot(relu_1.T, d_output, d_output_weights)    # relu_1ᵀ · d_output  (5, 2)
    np.sign(relu_1, hidden_mask)                    # sign(relu_1)  (4, 5)
    np.multiply(d_relu_1, hidden_mask, d_hidden)    # d_relu_1 ⊙ hidden_mask  (4, 5)
    np.dot(ones_4, d_hidden, d_hidden_biases)       # Σ d_hidden, over rows  (5,)
    np.dot(x.T, d_hidden, d_hidden_weights)         # xᵀ · d_hidden  (3, 5)
    # update
    np.multiply(-learning_rate, gradients, change)  # -learning_rate · gradients  (32,)
    np.add(parameters, change, parameters)          # parameters + change  (32,)
    return loss
"""


def page(model, loss, optimizer, y=CLASSES):
    @gw.compile
    def step(x, y):
        value = loss(model(x), y)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value

    step(ROWS, y)
    return step.source


def of(*layers, loss=None, y=CLASSES, optimizer=gw.SGD):
    model = nn.Sequential(*layers)
    return page(model, loss or nn.CrossEntropy(), optimizer(model.parameters(), 0.1), y)


def test_the_page_of_two_layers_reads_as_the_derivation():
    source = of(nn.Linear(3, 5, rng=0), nn.ReLU(), nn.Linear(5, 2, rng=1))
    written = source[source.index("import numpy") :]
    assert squeezed(written) == squeezed(PAGE)


def squeezed(text):
    """Without the columns in which comments begin."""
    return re.sub(r" +#", "  #", text)


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (nn.Sigmoid(), "sigmoid_1"),
        (nn.Dropout(0.5, rng=0), "dropout_1"),
        (nn.BatchNorm(5), "batchnorm_1"),
        (nn.GELU(), "gelu_1"),
    ],
)
def test_the_name_of_a_module_belongs_to_its_result(layer, name):
    source = of(nn.Linear(3, 5, rng=0), layer, nn.Linear(5, 2, rng=1))
    assert f"np.dot({name}, output_weights, output)" in source
    assert f"np.dot({name}.T, d_output, d_output_weights)" in source


@pytest.mark.parametrize("layer", [nn.Sigmoid(), nn.ReLU(), nn.GELU(), nn.BatchNorm(5)])
def test_d_h_is_the_complete_gradient_of_h(layer):
    source = of(nn.Linear(3, 5, rng=0), layer, nn.Linear(5, 2, rng=1))
    assert "np.dot(x.T, d_hidden, d_hidden_weights)" in source


def test_without_a_module_a_value_is_called_after_its_op():
    class Network(nn.Module):
        def __init__(self):
            self.hidden, self.output = nn.Linear(3, 5, rng=0), nn.Linear(5, 2, rng=1)

        def forward(self, x):
            return self.output(self.hidden(x).relu())

    model = Network()
    source = page(model, nn.CrossEntropy(), gw.SGD(model.parameters(), 0.1))
    assert "np.maximum(hidden, zero, out=relu)" in source
    assert "np.dot(d_output, output_weights.T, d_relu)" in source


def test_equal_constants_and_options_have_one_name():
    targets = np.ones((4, 1), np.float32)
    layers = nn.Linear(3, 5, rng=0), nn.Tanh(), nn.Linear(5, 1, rng=1)
    source = of(*layers, loss=nn.MSE(), y=targets, optimizer=gw.AdamW)
    assert source.count("np.ones(") == 1
    for name in ("learning_rate_2", "beta1_2", "beta2_2", "epsilon_2"):
        assert name not in source


def test_groups_with_other_rates_and_options_keep_their_own():
    a, b = (gw.Parameter(np.ones(3, np.float32)) for _ in range(2))
    groups = [{"parameters": [a]}, {"parameters": [b], "learning_rate": 0.5, "momentum": 0.1}]
    optimizer = gw.SGD(groups, 0.1, momentum=0.9)

    @gw.compile
    def step(x):
        loss = (gw.Tensor(x) * a * b).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    step(ROWS)
    for option in ("learning_rate=0.1", "learning_rate_2=0.5", "momentum=0.9", "momentum_2=0.1"):
        assert option in step.source


def test_adam_counts_steps_and_corrects_by_name():
    source = of(nn.Linear(3, 2, rng=0), optimizer=gw.Adam)
    assert "step_number = steps + 1" in source
    assert "correction = (1 - (beta2 ** step_number)) ** 0.5" in source


def test_numbers_that_meet_arrays_are_arrays_with_a_name_of_their_own():
    source = of(nn.Linear(3, 5, rng=0), nn.ReLU(), nn.Linear(5, 2, rng=1))
    for name, number in {"zero": 0, "scale": 0.25}.items():
        assert f"\n{name} = np.array({number}, np.float32)" in source


def test_a_number_leaves_a_module_its_name():
    class Network(nn.Module):
        def __init__(self):
            self.zero, self.scale = nn.Linear(3, 5, rng=0), nn.Linear(5, 2, rng=1)

        def forward(self, x):
            return self.scale(self.zero(x).relu())

    model = Network()
    source = page(model, nn.CrossEntropy(), gw.SGD(model.parameters(), 0.1))
    assert "np.maximum(zero, zero_number, out=relu)" in source
    assert "np.multiply(scale_number, d_scale, d_scale)" in source


def test_the_largest_label_is_found_by_its_place():
    source = of(nn.Linear(3, 2, rng=0))
    assert "y_view[y_view.argmax()] < 2" in source


def test_a_vector_that_meets_a_single_row_is_a_row():
    predict = gw.compile(nn.Sequential(nn.Linear(3, 5, rng=0)), freeze=True)
    predict(ROWS[:1])
    assert "_biases_row = " in predict.source
    predict(ROWS)
    assert "_row" not in predict.source


def test_a_page_without_constants_has_no_gap_in_its_head():
    predict = gw.compile(nn.Sequential(nn.Linear(3, 5, rng=0), nn.Tanh(), nn.Linear(5, 2, rng=1)))
    predict(ROWS)
    assert "import numpy as np\n\n# Memory" in predict.source
    assert "output = np.add(output_products, output_biases)" in predict.source
