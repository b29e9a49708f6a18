"""What every optimizer does around its rule."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest

from glasswork import Parameter, Tensor
from glasswork.errors import OptionError, StateError
from glasswork.nn import Linear, Sequential, Tanh
from glasswork.optim import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    Optimizer,
    ReduceOnPlateau,
    RMSprop,
    exponential_decay,
)

KINDS = {
    "SGD": lambda p, rate=0.05: SGD(p, rate),
    "momentum": lambda p, rate=0.05: SGD(p, rate, momentum=0.9),
    "nesterov": lambda p, rate=0.05: SGD(p, rate, momentum=0.9, nesterov=True),
    "SGD with l1 and l2": lambda p, rate=0.05: SGD(p, rate, l1=0.01, l2=0.01),
    "Adam": lambda p, rate=0.05: Adam(p, rate),
    "AdamW": lambda p, rate=0.05: AdamW(p, rate),
    "RMSprop": lambda p, rate=0.05: RMSprop(p, rate),
    "Adagrad": lambda p, rate=0.05: Adagrad(p, rate),
}


@pytest.fixture(params=KINDS)
def kind(request):
    """What makes an optimizer of parameters."""
    return KINDS[request.param]


def descend(optimizer, *tensors, steps=1):
    """Steps along the gradient of Σ (w − 3)²."""
    for _ in range(steps):
        sum((((w - 3) ** 2).sum() for w in tensors), Tensor(0.0)).backward()
        optimizer.step(zero_grad=True)


def test_every_optimizer_comes_to_the_minimum(kind):
    w = Parameter(np.array([1.0, 5.0]))
    descend(kind([w], lambda step: 0.5 / (1 + 0.05 * step)), w, steps=400)
    np.testing.assert_allclose(w.els, 3.0, atol=0.05)  # l1, l2 and decay stop a little short of it


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_every_optimizer_keeps_the_dtype_of_parameters_and_memory(kind, dtype):
    w = Parameter(np.array([1.0, 5.0], dtype))
    optimizer = kind([w], lambda step: np.float64(0.05))
    descend(optimizer, w, steps=2)
    arrays = [w.els, *(v for v in optimizer.state_dict().values() if isinstance(v, np.ndarray))]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_every_optimizer_moves_single_numbers(kind):
    w = Parameter(1.0)
    els = w.els
    descend(kind([w]), w, steps=3)
    assert w.els is els
    assert els > 1.0


def test_parameters_stay_the_arrays_that_they_are(kind):
    w = Parameter([1.0, 5.0])
    els = w.els
    descend(kind([w]), w, steps=3)
    assert w.els is els


def test_an_optimizer_goes_on_with_an_array_that_was_assigned():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.25)
    w.els = np.array([5.0], np.float32)
    descend(optimizer, w)
    assert w.els.tolist() == [4.0]


def test_the_parameters_of_the_article_with_their_tensor_in_data_learn():
    class Held:
        def __init__(self, data):
            self.data = Tensor(data, True, float)

    held = Held([1.0])
    optimizer = SGD([held], 0.25)
    ((held.data - 3) ** 2).backward()
    optimizer.step(zero_grad=True)
    assert held.data.els.tolist() == [2.0]
    assert held.data.grad.tolist() == [0.0]


def test_parameters_and_learning_rate_are_attributes_as_in_the_article():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.5)
    assert optimizer.parameters == [w]
    assert optimizer.learning_rate == 0.5


def test_a_parameter_that_is_listed_twice_moves_once():
    w = Parameter([1.0])
    descend(SGD([w, w], 0.25), w)
    assert w.els.tolist() == [2.0]


def test_zero_grad_forgets_the_gradients_of_all_parameters():
    """Erratum 16: the article's calls a method that its Parameter lacks."""
    w, b = Parameter([1.0]), Parameter([2.0])
    (w * b).sum().backward()
    SGD([w, b], 0.1).zero_grad()
    assert w.grad.tolist() == b.grad.tolist() == [0.0]


def test_a_frozen_parameter_and_its_memory_stay_as_they_are(kind):
    """Erratum 24: the article multiplies the learning rate by None."""
    frozen, free = Parameter([1.0], requires_grad=False), Parameter([1.0])
    optimizer = kind([frozen, free])
    before = {name: value for name, value in optimizer.state_dict().items() if name[:2] == "0."}
    descend(optimizer, free, steps=2)
    assert frozen.els.tolist() == [1.0]
    assert free.els[0] > 1.0
    assert {name: optimizer.state_dict()[name] for name in before} == before


def test_a_parameter_that_is_thawed_learns_as_if_it_were_new(kind):
    thawed, new = Parameter([1.0], requires_grad=False), Parameter([1.0])
    optimizer, other = kind([thawed]), kind([new])
    optimizer.step()
    thawed.requires_grad = True
    descend(optimizer, thawed, steps=2)
    descend(other, new, steps=2)
    assert thawed.els == new.els


def test_gradients_add_up_until_they_are_forgotten():
    """Erratum 37: step() leaves them, as in the article; step(zero_grad=True) does not."""
    w = Parameter([1.0])
    optimizer = SGD([w], 0.0)
    for expected in (3.0, 6.0):
        (3.0 * w).sum().backward()
        optimizer.step()
        assert w.grad.tolist() == [expected]
    optimizer.step(zero_grad=True)
    assert w.grad.tolist() == [0.0]


def test_without_a_gradient_momentum_goes_on():
    w = Parameter([0.0])
    optimizer = SGD([w], 1.0, momentum=0.5)
    w.grad = [-4.0]
    optimizer.step(zero_grad=True)
    optimizer.step()
    assert w.els.tolist() == [4.0 + 2.0]


def test_without_a_gradient_l2_shrinks_as_the_penalty_would():
    w = Parameter([4.0])
    SGD([w], 0.5, l2=0.5).step()
    assert w.els.tolist() == [3.0]


@pytest.mark.parametrize(
    "make",
    [
        lambda p: SGD(p, 0.1, l1=0.5, l2=0.5),
        lambda p: Adam(p, 0.1, l1=0.5, l2=0.5),
        lambda p: AdamW(p, 0.1, weight_decay=0.5),
        lambda p: RMSprop(p, 0.1, l1=0.5, l2=0.5),
        lambda p: Adagrad(p, 0.1, l1=0.5, l2=0.5),
    ],
    ids=["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"],
)
def test_regularization_and_decay_spare_parameters_that_ask_for_it(make):
    weights, biases = Parameter([4.0]), Parameter([4.0], decay=False)
    make([weights, biases]).step()
    assert weights.els[0] < 4.0
    assert biases.els.tolist() == [4.0]


def test_the_biases_of_linear_layers_are_spared():
    layer = Linear(2, 2, rng=0)
    layer.biases.els = np.ones(2, np.float32)
    before = layer.weights.els.copy()
    SGD(layer.parameters(), 0.5, l2=1.0).step()
    assert layer.biases.els.tolist() == [1.0, 1.0]
    np.testing.assert_allclose(layer.weights.els, before / 2)


def test_groups_have_options_of_their_own_and_share_the_rest():
    fast, slow, plain = (Parameter([0.0]) for _ in range(3))
    optimizer = SGD(
        [
            {"parameters": [fast], "learning_rate": 1.0},
            {"parameters": [slow], "learning_rate": lambda step: 0.25, "momentum": 0.0},
            plain,
        ],
        learning_rate=0.5,
        momentum=0.5,
    )
    for _ in range(2):
        for w in optimizer.parameters:
            w.grad = [-1.0]
        optimizer.step()
    assert [w.els.tolist() for w in (fast, slow, plain)] == [[2.5], [0.5], [1.25]]


def test_a_group_may_keep_its_weights_from_decaying():
    kept, shrunk = Parameter([4.0]), Parameter([4.0])
    SGD([{"parameters": [kept], "l2": 0.0}, shrunk], 0.5, l2=0.5).step()
    assert kept.els.tolist() == [4.0]
    assert shrunk.els.tolist() == [3.0]


def test_a_learning_rate_of_zero_in_a_group_is_its_own():
    w = Parameter([1.0])
    descend(SGD([{"parameters": [w], "learning_rate": 0.0}], 0.5), w)
    assert w.els.tolist() == [1.0]


def test_an_unknown_option_of_a_group_is_named_beside_the_known_ones():
    with pytest.raises(OptionError) as raised:
        SGD([{"parameters": [Parameter([1.0])], "lr": 0.1}], 0.1)
    assert str(raised.value) == (
        "SGD: a group has options that are none: lr.\n"
        "  There are: learning_rate, momentum, nesterov, l1, l2."
    )


def test_the_options_of_a_group_are_checked():
    with pytest.raises(OptionError, match="SGD: momentum is 2"):
        SGD([{"parameters": [Parameter([1.0])], "momentum": 2}], 0.1)


def test_the_first_step_has_the_learning_rate_of_step_0():
    w = Parameter([0.0])
    asked = []

    def falling(step):
        asked.append(step)
        return 1.0 / 2**step

    optimizer = SGD([w], falling)
    for expected in (1.0, 1.5, 1.75):
        w.grad = [-1.0]
        optimizer.step()
        assert w.els.tolist() == [expected]
    assert asked == [0, 1, 2]
    assert optimizer.steps == 3
    assert optimizer.current_learning_rate == 0.125


def test_a_learning_rate_that_is_set_serves_from_the_next_step_on():
    w = Parameter([0.0])
    optimizer = SGD([w], 1.0)
    optimizer.learning_rate = 0.5
    w.grad = [-1.0]
    optimizer.step()
    assert w.els.tolist() == [0.5]
    assert optimizer.current_learning_rate == optimizer.learning_rate == 0.5


def test_a_learning_rate_that_may_not_be_is_not_set():
    optimizer = SGD([Parameter([0.0])], 1.0)
    with pytest.raises(OptionError, match="SGD: learning_rate is -1"):
        optimizer.learning_rate = -1
    assert optimizer.learning_rate == 1.0


def test_a_schedule_that_gives_no_learning_rate_is_named_with_its_step_and_nothing_moves():
    w, other = Parameter([1.0]), Parameter([1.0])
    optimizer = SGD([w, {"parameters": [other], "learning_rate": lambda step: -0.1}], 0.1)
    w.grad = [1.0]
    with pytest.raises(OptionError, match=r"SGD, step 0: learning_rate is -0\.1"):
        optimizer.step()
    assert w.els.tolist() == [1.0]
    assert optimizer.steps == 0


def test_an_optimizer_shows_its_options():
    assert repr(SGD([Parameter([0.0])], exponential_decay(0.1, 0.5), momentum=0.9)) == (
        "<SGD: 1 parameters, learning_rate=exponential_decay(initial=0.1, decay=0.5), "
        "momentum=0.9, nesterov=False, l1=0.0, l2=0.0>"
    )


def test_the_base_class_is_no_optimizer_itself():
    """Erratum 36: the article's base class is just SGD."""
    with pytest.raises(TypeError, match="abstract"):
        Optimizer([Parameter([0.0])], 0.1)


def test_an_optimizer_of_a_user_is_a_rule_and_its_options():
    class Clumsy(Optimizer):
        def __init__(self, parameters, learning_rate, blindness):
            super().__init__(parameters, learning_rate, blindness=blindness)

        def rule(self, options):
            def step_and_sum(w, g, total, *, learning_rate, blindness):
                return -learning_rate * (g - blindness), total + g

            return step_and_sum

    w = Parameter([1.0])
    optimizer = Clumsy([w], 0.5, blindness=1)
    w.grad = [3.0]
    optimizer.step()
    assert w.els.tolist() == [0.0]
    assert optimizer.state_dict()["0.total"].tolist() == [3.0]


def test_training_goes_on_exactly_where_a_saved_state_stood(kind):
    w, b = Parameter([1.0, 7.0]), Parameter(2.0, decay=False)
    optimizer = kind([w, b])
    descend(optimizer, w, b, steps=5)
    state, values = optimizer.state_dict(), (w.els.copy(), b.els.copy())
    descend(optimizer, w, b, steps=5)

    again = [Parameter(value, decay=p.decay) for value, p in zip(values, (w, b), strict=True)]
    resumed = kind(again)
    resumed.load_state_dict(state)
    descend(resumed, *again, steps=5)
    assert [p.els.tobytes() for p in again] == [w.els.tobytes(), b.els.tobytes()]
    assert resumed.steps == 10


def test_a_state_dict_holds_numbers_and_copies():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.5, momentum=0.5)
    descend(optimizer, w)
    state = optimizer.state_dict()
    assert list(state) == ["steps", "learning_rate", "0.steps", "0.velocity"]
    descend(optimizer, w)
    assert [state["steps"], state["0.steps"], state["0.velocity"].tolist()] == [1, 1, [2.0]]


def test_a_loaded_state_is_copied_too():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.5, momentum=0.5)
    state = optimizer.state_dict() | {"0.velocity": np.array([2.0])}
    optimizer.load_state_dict(state)
    state["0.velocity"][:] = 0.0
    assert optimizer.state_dict()["0.velocity"].tolist() == [2.0]


def test_a_state_that_does_not_fit_changes_nothing():
    w = Parameter([1.0])
    optimizer = SGD([w], 0.5, momentum=0.5)
    before = optimizer.state_dict()
    bad = before | {"steps": 9, "learning_rate": 0.1, "0.velocity": np.ones(3)}
    with pytest.raises(StateError, match=r"misshapen   0\.velocity is \(3,\), and here \(1,\)"):
        optimizer.load_state_dict(bad)
    assert optimizer.state_dict() == before


@pytest.mark.parametrize("rate", [float("nan"), -1.0, float("inf")])
@pytest.mark.parametrize("name", ["learning_rate", "group.1.learning_rate"])
def test_a_loaded_learning_rate_that_may_not_be_changes_nothing(name, rate):
    group = {"parameters": [Parameter([1.0])], "learning_rate": 0.25}
    optimizer = SGD([group, Parameter([1.0])], 0.5)
    before = optimizer.state_dict()
    with pytest.raises(StateError, match=f"unfit       {name} is {rate}"):
        optimizer.load_state_dict(before | {"steps": 9, name: rate})
    assert optimizer.state_dict() == before


def test_the_state_of_another_optimizer_is_refused_by_the_names_of_its_memory():
    state = Adam([Parameter([1.0])], 0.5).state_dict()
    with pytest.raises(StateError, match=r"missing     0\.velocity\n  unexpected  0\.mean\n"):
        SGD([Parameter([1.0])], 0.5, momentum=0.5).load_state_dict(state)


def test_learning_rates_that_were_set_and_the_state_of_schedules_are_loaded():
    def build():
        group = {
            "parameters": [Parameter([1.0])],
            "learning_rate": ReduceOnPlateau(0.5, patience=0),
        }
        return SGD([group, Parameter([2.0])], 0.25), group["learning_rate"]

    optimizer, plateau = build()
    plateau.observe(1.0)
    plateau.observe(1.0)
    optimizer.learning_rate = 0.125
    resumed, other = build()
    resumed.load_state_dict(optimizer.state_dict())
    assert resumed.learning_rate == 0.125
    assert other(0) == plateau(0) == 0.05


def test_a_schedule_without_a_state_is_not_in_the_state_dict():
    optimizer = SGD([Parameter([1.0])], exponential_decay(0.1, 0.5))
    assert list(optimizer.state_dict()) == ["steps", "0.steps"]
    optimizer.load_state_dict(optimizer.state_dict() | {"steps": 2})
    assert optimizer.current_learning_rate == exponential_decay(0.1, 0.5)(2)


def test_full_batch_gradient_descent_is_sgd_with_one_batch(rng):
    """The mean of the gradients of all samples is the gradient of the mean."""
    x, y = rng.standard_normal((8, 3)), rng.standard_normal(8)
    w = Parameter(np.zeros(3))
    ((x @ w - y) ** 2).mean().backward()
    SGD([w], 0.1).step()
    np.testing.assert_allclose(w.els, 0.1 * 2 / 8 * x.T @ y, rtol=1e-12)


def test_two_hundred_steps_of_a_network_leave_memory_flat(kind, rng):
    x, y = rng.standard_normal((32, 4), np.float32), rng.standard_normal((32, 1), np.float32)
    model = Sequential(Linear(4, 16, rng=0), Tanh(), Linear(16, 1, rng=1))
    optimizer = kind(model.parameters())

    def train(steps):
        for _ in range(steps):
            ((model(x) - y) ** 2).mean().backward()
            optimizer.step(zero_grad=True)

    gc.disable()
    try:
        tracemalloc.start()
        train(20)
        before = tracemalloc.get_traced_memory()[0]
        train(200)
        assert tracemalloc.get_traced_memory()[0] - before < 10_000  # one step's arrays are 20 kB
    finally:
        tracemalloc.stop()
        gc.enable()
