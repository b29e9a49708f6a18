"""The inside of a step."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Parameter
from glasswork.errors import TapeError
from glasswork.optim import rules
from glasswork.optim.lanes import Lane, Slot, move


def test_a_move_writes_into_the_array_that_is_there():
    w = Parameter([1.0, 2.0])
    els = w.els
    move(w, np.array([0.5, -0.5], np.float32))
    assert w.els is els
    assert els.tolist() == [1.5, 1.5]


def test_a_move_of_a_single_number_writes_in_place_too():
    w = Parameter(1.0)
    els = w.els
    move(w, np.float32(0.5))
    assert w.els is els
    assert els == 1.5


def test_a_move_makes_what_used_the_old_value_raise():
    w = Parameter([1.0])
    loss = (w * w).sum()
    move(w, np.ones(1, np.float32))
    with pytest.raises(TapeError, match="since it was used"):
        loss.backward()


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
