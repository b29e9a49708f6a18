"""How a module was made can be told from its attributes."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork.nn import Linear, Module, Parameter, ReLU, Sequential
from glasswork.nn.configuration import configuration, described


class Scale(Module):
    def __init__(self, factor, offset=0.0, *, rng=None, powers=(1, 2)):
        self.factor = factor
        self.offset = offset
        self.powers = powers


class Around(Module):
    def __init__(self, inner, others=(), start=None):
        self.inner, self.others, self.start = inner, others, start


def test_arguments_that_are_attributes_are_the_configuration_in_their_order():
    made = Scale(2.0, powers=(3,))
    assert configuration(made) == {"factor": 2.0, "offset": 0.0, "powers": (3,)}


def test_arguments_that_were_not_kept_are_left_out():
    assert "rng" not in configuration(Scale(2.0))


def test_a_property_counts_as_an_attribute():
    assert configuration(Linear(3, 2).astype(np.float64))["dtype"] == np.float64


def test_children_are_in_the_configuration():
    child = ReLU()
    assert configuration(Sequential(child)) == {"children": (child,)}


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (Linear(3, 2), "Linear(3, 2)"),
        (Linear(3, 2, bias=False), "Linear(3, 2, bias=False)"),
        (Linear(3, 2, dtype=float), "Linear(3, 2, dtype=float64)"),
        (ReLU(), "ReLU()"),
        (Scale("x", offset=1), "Scale('x', offset=1)"),
        (Scale(np.ones((2, 3))), "Scale(array of (2, 3))"),
        (Scale(1, powers=np.ones(2)), "Scale(1, powers=array of (2,))"),
        (Sequential(ReLU()), "Sequential()"),
        (Around(ReLU(), [ReLU()], Parameter([1.0])), "Around()"),
    ],
)
def test_a_description_is_the_call_without_defaults_and_without_what_hangs_below(made, text):
    assert described(made) == text
