"""The inside of a step."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.errors import TapeError
from glasswork.optim import lanes, rules
from glasswork.optim.lanes import Lane, Slot, lanes_of


def halve(w, g, *, learning_rate):
    """A rule: W becomes W / 2."""
    return (-0.5 * w,)


@pytest.mark.parametrize("value", [[1.0, 2.0], 1.0])
def test_a_move_writes_into_the_array_that_is_there(value):
    w = Parameter(value)
    els = w.els
    Slot(w, halve).move(halve, {"learning_rate": 0.1}, in_strips=False)
    assert w.els is els
    assert els.tolist() == (np.array(value) / 2).tolist()


def test_a_move_makes_what_used_the_old_value_raise():
    w = Parameter([1.0])
    loss = (w * w).sum()
    Slot(w, halve).move(halve, {"learning_rate": 0.1}, in_strips=False)
    with pytest.raises(TapeError, match="since it was used"):
        loss.backward()


@pytest.mark.parametrize("in_strips", [True, False])
def test_what_is_remembered_takes_the_dtype_of_the_parameter(in_strips, monkeypatch):
    monkeypatch.setattr(lanes, "STRIP", 1)
    w = Parameter(np.ones((8, 4), np.float32))
    slot = Slot(w, rules.heavy_ball)
    w.els = w.els.astype(np.float64)
    w.grad = np.full((8, 4), 1e-9)
    slot.move(rules.heavy_ball, {"learning_rate": 1.0, "momentum": 0.5}, in_strips)
    (velocity,) = slot.memory
    assert velocity.dtype == np.float64 and (velocity == -1e-9).all()


def test_a_slot_names_its_memory_as_the_rule_does():
    slot = Slot(Parameter([1.0, 2.0]), rules.adam)
    state = slot.state_dict()
    assert list(state) == ["steps", "mean", "mean_square"]
    assert state["mean"].tolist() == [0.0, 0.0]


def test_a_lane_hands_a_rule_only_the_options_that_it_asks_for():
    w = Parameter([1.0])
    w.grad = [1.0]
    options = {"momentum": 0.9, "l1": 0.0, "l2": 0.0}
    Lane([Slot(w, rules.descent)], rules.descent, options, decays=True, rate=0).step(0.5)
    assert w.els.tolist() == [0.5]


def test_a_lane_counts_the_steps_of_each_slot_for_itself():
    early, late = Parameter([1.0]), Parameter([1.0], requires_grad=False)
    seen = []

    def rule(w, g, *, learning_rate, step_number):
        seen.append(step_number)
        return (0.0 * g,)

    lane = Lane([Slot(early, rule), Slot(late, rule)], rule, {}, decays=True, rate=0)
    lane.step(0.1)
    late.requires_grad = True
    lane.step(0.1)
    assert seen == [1, 2, 1]


@pytest.mark.parametrize("option", ["l1", "l2", "weight_decay"])
def test_what_is_spared_has_a_lane_of_its_own_only_where_something_is_added(option):
    w, b, v = Parameter([1.0]), Parameter([1.0], decay=False), Parameter([1.0])
    slots = [Slot(tensor, rules.descent) for tensor in (w, b, v)]
    (together,) = lanes_of(slots, rules.descent, {option: 0.0}, rate=0)
    assert together.slots == slots
    decaying, spared = lanes_of(slots, rules.descent, {option: 0.1}, rate=0)
    assert [slot.tensor for slot in decaying.slots] == [w, v]
    assert [slot.tensor for slot in spared.slots] == [b]
    assert option in decaying.options and option not in spared.options


@pytest.fixture
def large(rng):
    """Elements in both orders of memory, and with one row only."""
    return [
        rng.standard_normal((7, 5), np.float32),
        np.asfortranarray(rng.standard_normal((7, 5), np.float32)),
        rng.standard_normal((1, 35), np.float32),
        rng.standard_normal(35, np.float32),
    ]


@pytest.mark.parametrize(
    ("rule", "options"),
    [
        (rules.descent, {"l2": 0.1}),
        (rules.heavy_ball, {"momentum": 0.9}),
        (rules.adam, {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.1}),
    ],
)
def test_large_parameters_move_in_strips_bit_for_bit_as_whole_ones(
    monkeypatch, large, rule, options
):
    def moved():
        parameters = [Parameter(els) for els in large]
        slots = [Slot(parameter, rule) for parameter in parameters]
        lane = Lane(slots, rule, options, decays=True, rate=0)
        for k in range(3):
            for parameter, els in zip(parameters, large, strict=True):
                parameter.grad = np.sin(els + k)
            lane.step(0.1)
        return [
            array.tobytes()
            for slot in slots
            for array in (slot.tensor.els, *slot.state_dict().values())
            if isinstance(array, np.ndarray)
        ]

    whole = moved()
    monkeypatch.setattr(lanes, "STRIP", 4)
    assert moved() == whole


def test_a_rule_of_a_user_is_handed_whole_arrays_however_large(monkeypatch):
    """It may rest on all elements together, as this one does."""

    def rule(w, g, *, learning_rate):
        return (-learning_rate * g / np.sqrt((g * g).sum()),)

    monkeypatch.setattr(lanes, "STRIP", 0)
    w = Parameter(np.zeros(2))
    w.grad = [3.0, 4.0]
    Lane([Slot(w, rule)], rule, {}, decays=True, rate=0).step(1.0)
    np.testing.assert_allclose(w.els, [-0.6, -0.8])
