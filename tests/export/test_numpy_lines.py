"""Every op as an expression of NumPy gives what it gives here."""

from __future__ import annotations

import math

import numpy as np
import pytest

from glasswork.errors import UnsupportedError
from glasswork.export.drawing import draw
from glasswork.export.numpy_lines import FUNCTIONS, expression

from ..ops.cases import CASES, Case


def drawn(case: Case):
    inputs = case.inputs()
    free = [i for i, d in enumerate(case.draws) if d.kind != "given"]

    def model(*values):
        filled = dict(zip(free, values, strict=True))
        return case.op(*(filled.get(i, x) for i, x in enumerate(inputs)), **case.params)

    example = tuple(inputs[i] for i in free)
    return draw(model, example, None), example


def ordinary(case: Case) -> bool:
    """NumPy's own functions reduce no axis of a number, and have no maximum of nothing."""
    shape = case.draws[0].shape
    of_nothing = 0 in shape and case.name in {"softmax", "log_softmax", "logsumexp"}
    of_a_number = shape == () and case.params.get("axis") is not None
    return case.name != "uniform_like" and not of_nothing and not of_a_number


@pytest.mark.parametrize("case", list(filter(ordinary, CASES)), ids=str)
def test_numpy_gives_what_the_op_gives(case):
    network, example = drawn(case)
    names = {"np": np, "math": math}
    for function in FUNCTIONS.values():
        exec(function, names)
    names |= {x.name: v for x, v in zip(network.inputs, example, strict=True)}
    names |= {x.name: x.array for x in network.constants}
    for node in network.nodes:
        names[node.output.name] = eval(expression(node, "len(x)"), names)
    found, expected = names[network.output.name], case.op(*case.inputs(), **case.params)
    assert found.dtype == expected.dtype and found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


def test_random_draws_are_refused():
    (case, *_) = (c for c in CASES if c.name == "uniform_like")
    with pytest.raises(UnsupportedError, match="export to Python: the model uses uniform_like"):
        expression(drawn(case)[0].nodes[0], "len(x)")
