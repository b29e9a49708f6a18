"""Forwards and rules look at no value: they run on things that only say what is done to them.

The same calls then make a program that holds for every batch of the same shapes.
"""

from __future__ import annotations

import numpy as np
import pytest

from ..opaque import Opaque, opened, wrapped
from .cases import CASES
from .test_every_op import DIFFERENTIABLE, like, wanted


@pytest.mark.parametrize("case", CASES, ids=str)
@np.errstate(all="ignore")
def test_a_forward_looks_at_no_value_and_writes_none(case):
    inputs = case.inputs()
    handed = [*map(wrapped, inputs)]
    traced = case.op.forward(*handed, **case.params)
    assert isinstance(traced, Opaque)
    np.testing.assert_array_equal(opened(traced), case.op.forward(*inputs, **case.params))
    assert all(opened(x) is mine for x, mine in zip(handed, inputs, strict=True))


@pytest.mark.parametrize("case", DIFFERENTIABLE, ids=str)
@np.errstate(all="ignore")
def test_a_rule_looks_at_no_value_writes_none_and_gives_the_same_bits(case):
    inputs = case.inputs()
    y = np.asarray(case.op.forward(*inputs, **case.params))
    for position in wanted(case):
        for rules, seed in ((case.op.vjp, y), (case.op.jvp, inputs[position])):
            operands = [like(seed, 1), y, *inputs]
            handed = [*map(wrapped, operands)]
            traced = rules[position](*handed, **case.params)
            expected = rules[position](*operands, **case.params)
            np.testing.assert_array_equal(opened(traced), expected)
            assert all(opened(x) is mine for x, mine in zip(handed, operands, strict=True))
