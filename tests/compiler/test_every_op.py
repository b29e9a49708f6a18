"""Every op compiled, forwards and backwards, gives the bits of the op."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import CompileError

from ..ops.cases import CASES
from .side_by_side import Training, check
from .test_layers import exactness

CALLS = [(np.float64(factor),) for factor in (1.0, 0.5, -2.0)]


def cases_but(*without):
    """The cases with none of these traits."""
    return [
        pytest.param(case, id=str(case))
        for case in CASES
        if not any(trait(case) for trait in without)
    ]


def is_drawn_anew(case):
    return "rng" in case.params


def takes_some(case):
    """Whether it rests on the values of a mask how many elements come out."""
    masks = [draw.kind == "mask" for draw in case.draws]
    return case.name == "getitem" and any(masks)


@exactness
@pytest.mark.parametrize("case", cases_but(is_drawn_anew))
@np.errstate(all="ignore")
def test_any_op_compiled_is_the_op(case, exact):
    """Floats are parameters, whatever else is captured, and an argument scales the first float."""

    def make():
        inputs = [
            gw.Parameter(x) if draw.wants_gradient else x
            for x, draw in zip(case.inputs(np.float32), case.draws, strict=True)
        ]
        parameters = [x for x in inputs if isinstance(x, gw.Parameter)]
        holder = gw.Module()
        holder.parts = parameters

        def step(factor):
            first = next((i for i, x in enumerate(inputs) if isinstance(x, gw.Parameter)), None)
            given = [x * factor if i == first else x for i, x in enumerate(inputs)]
            y = case.op(*given, **case.params)
            if isinstance(y, gw.Tensor) and y.requires_grad:
                weights = np.arange(1.0, y.size + 1).reshape(y.shape)
                (y * weights.astype(y.dtype)).sum().backward()
            return y

        return Training(step, [holder], [])

    check(make, CALLS, exact)


@pytest.mark.parametrize("case", cases_but(is_drawn_anew, takes_some))
@np.errstate(all="ignore")
def test_any_op_of_arguments_compiled_is_the_op(case):
    inputs = case.inputs()
    compiled = gw.compile(lambda *arrays: case.op(*arrays, **case.params), exact=True)
    for _ in range(2):
        np.testing.assert_array_equal(compiled(*inputs), case.op(*inputs, **case.params))
        inputs = [x[::-1].copy() if np.ndim(x) else x for x in inputs]


@pytest.mark.parametrize("case", [c for c in CASES if takes_some(c)], ids=str)
def test_a_mask_that_is_an_argument_cannot_choose_elements(case):
    with pytest.raises(CompileError):
        gw.compile(lambda *arrays: case.op(*arrays, **case.params))(*case.inputs())


def test_a_draw_from_a_generator_of_its_own_each_time_is_refused():
    draws = [c for c in CASES if is_drawn_anew(c)]
    assert draws
    for case in draws:
        with pytest.raises(CompileError):
            gw.compile(lambda x, case=case: case.op(x, **case.params))(*case.inputs())
