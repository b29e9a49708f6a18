"""The record of an operation, and its makers, by operations of a user's own."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork import Tensor, gradients
from glasswork.errors import GradientMismatchError
from glasswork.ops import OPS, Each, Op, unbroadcast

arctan = gw.elementwise(
    "arctan", np.arctan, (lambda y, x: 1 / (1 + x * x),), equation="y = arctan x"
)


# The makers.


def test_an_op_of_ones_own_takes_three_lines():
    x = np.array([-1.3, -0.5, 0.0, 0.2, 2.0])
    assert gw.check_gradient(arctan, x) < 1e-6
    np.testing.assert_array_equal(arctan(Tensor(x)).els, np.arctan(x))


def test_an_op_of_ones_own_is_differentiated_twice():
    slope = gw.grad(lambda x: arctan(x).sum())
    assert gw.check_gradient(slope, [-1.3, 0.0, 0.2, 2.0]) < 1e-6


def test_an_op_of_ones_own_stands_on_the_tape_with_its_equation():
    x = Tensor(0.5, requires_grad=True)
    assert "arctan(γ₁)" in str(arctan(x).tape)
    assert repr(arctan) == "Op(arctan: y = arctan x)"


def test_slopes_may_be_numbers_or_none():
    op = gw.elementwise(
        "f",
        lambda a, b, c, d: a - b + np.floor(c) + d,
        (1, -1, 0, None),
        equation="a - b + ⌊c⌋ + d",
    )
    inputs = [Tensor([[2.5]], requires_grad=True) for _ in range(4)]
    y = op(*inputs[:3], np.ones((1, 2)))
    assert [g.tolist() for g in gradients(y, inputs[:3], np.ones((1, 2)))] == [[[2]], [[-2]], [[0]]]
    assert op.vjp[3] is op.jvp[3] is None


def of_one(y, x):
    return 2 * x


class Bound:
    def slope(self, y, x):
        return 2 * x


@pytest.mark.parametrize(
    "slope",
    [
        of_one,
        Bound().slope,
        lambda y, *inputs: 2 * inputs[0],
        lambda y, x, **params: 2 * x,
        lambda y, x, *, scale=2: scale * x,
    ],
    ids=["function", "method", "any inputs", "any parameters", "a parameter"],
)
def test_a_slope_is_any_callable(slope):
    op = gw.elementwise("f", np.square, (slope,), equation="x²")
    assert gw.check_gradient(op, [1.0, -3.0]) < 1e-6


def test_parameters_reach_forward_and_slope():
    op = gw.elementwise(
        "f", lambda x, *, n: x**n, (lambda y, x, *, n: n * x ** (n - 1),), equation="xⁿ"
    )
    assert gw.check_gradient(lambda x: op(x, n=3), [1.0, -3.0]) < 1e-6


def test_a_linear_op_moves_tangents_by_itself():
    roll = gw.linear(
        "roll",
        lambda x, *, shift: np.roll(x, shift),
        lambda g, y, x, *, shift: roll(g, shift=-shift),
        equation="yᵢ = xᵢ₋ₛ",
    )
    assert gw.check_gradient(lambda x: roll(x, shift=1) * x, [1.0, 2.0, 5.0]) < 1e-6
    assert gw.check_gradient(
        gw.grad(lambda x: (roll(x, shift=1) * x * x).sum()), [1.0, 2.0, 5.0]
    ) < 1e-6  # fmt: skip


def test_an_op_that_is_linear_in_all_inputs_together_is_told_which_one_it_is_asked_about():
    interleave = gw.linear(
        "interleave",
        lambda *inputs: np.stack(inputs, axis=-1).ravel(),
        lambda i, g, y, *inputs: g[i :: len(inputs)],
        equation="y = x₁₁ x₂₁ x₁₂ x₂₂ …",
        joint=True,
    )
    weights = np.arange(6.0)
    f = lambda *xs: interleave(*xs) * weights  # noqa: E731
    assert gw.check_gradient(f, [1.0, 2.0], [3.0, 4.0], [5.0, 6.0]) < 1e-6


def test_a_general_op_gives_both_rules():
    inverse = gw.general(
        "inverse",
        np.linalg.inv,
        vjp=(lambda g, y, a: -(y.mT @ g @ y.mT),),
        jvp=(lambda t, y, a: -(y @ t @ y),),
        equation="Y = A⁻¹",
    )
    a = [[2.0, 1.0], [0.5, 4.0]]
    assert gw.check_gradient(inverse, a) < 1e-6
    assert gw.check_gradient(gw.grad(lambda a: (inverse(a) ** 2).sum()), a) < 1e-5


def test_a_rule_that_is_wrong_is_found():
    wrong = gw.elementwise("wrong", np.square, (lambda y, x: 3 * x,), equation="x²")
    with pytest.raises(GradientMismatchError, match="reverse mode"):
        gw.check_gradient(wrong, [1.0])


# The record.


def test_every_op_of_the_library_stands_under_its_own_name():
    assert all(isinstance(op, Op) and op.name == name for name, op in OPS.items())


def test_every_op_of_the_library_has_an_equation_and_a_rule_for_each_mode():
    for op in OPS.values():
        assert op.equation, op.name
        if isinstance(op.vjp, Each):
            assert isinstance(op.jvp, Each), op.name
        else:
            modes = [[rule is None for rule in rules] for rules in (op.vjp, op.jvp)]
            assert modes[0] == modes[1], op.name


def test_an_op_of_arrays_is_its_forward():
    assert OPS["add"](np.float32(1), 2) == 3
    assert type(OPS["exp"](np.zeros(2))) is np.ndarray


class Word:
    """Answers ops, and says what it was asked."""

    def __init__(self, text):
        self.text = text

    def __neg__(self):
        return Word(f"-{self.text}")

    @staticmethod
    def __op__(op, inputs, params):
        return f"{op.name}({', '.join(getattr(x, 'text', str(x)) for x in inputs)}; {params})"


def test_a_class_with_the_hook_answers_for_its_values():
    assert OPS["sum"](Word("x"), axis=0) == "sum(x; {'axis': 0})"
    assert OPS["add"](1, Word("y")) == "add(1, y; {})"


def test_a_class_that_does_not_implement_an_op_leaves_it_to_another_input():
    class Shy:
        @staticmethod
        def __op__(op, inputs, params):
            return NotImplemented

    assert OPS["add"](Shy(), Word("y")).startswith("add(")
    kept = Op("second", lambda a, b: b, (None, None), (None, None), equation="y = b")
    assert kept(Shy(), 2.0) == 2.0


@pytest.mark.parametrize("whole", [False, True])
def test_the_forward_of_an_op_that_is_one_whole_asks_the_hook_as_well(whole):
    op = gw.linear("turn", lambda x: -x, lambda g, y, x: -g, equation="y = -x", whole=whole)
    assert op.whole is whole
    assert op.forward(1.0) == op(1.0) == -1.0
    answer = op.forward(Word("x"))
    assert answer == "turn(x; {})" if whole else answer.text == "-x"


@pytest.mark.parametrize(
    ("shape", "target"),
    [
        ((2, 3), (2, 3)),
        ((2, 3), (3,)),
        ((2, 3), ()),
        ((2, 3), (1, 3)),
        ((2, 3), (2, 1)),
        ((2, 3), (1,)),
        ((4, 2, 3), (2, 1)),
        ((4, 2, 3), (1, 1, 1)),
        ((0, 3), (1, 3)),
        ((2, 0), (2, 1)),
        ((0,), ()),
    ],
)
def test_unbroadcasting_sums_over_what_broadcasting_stretched(shape, target):
    g = np.random.default_rng(0).normal(size=shape)
    x = np.random.default_rng(1).normal(size=target)
    summed = unbroadcast(g, target)
    assert summed.shape == target
    # ⟨g, broadcast x⟩ = ⟨unbroadcast g, x⟩: each is the other's transpose.
    np.testing.assert_allclose((g * np.broadcast_to(x, shape)).sum(), (summed * x).sum())


def test_what_was_not_stretched_is_passed_on_itself():
    g = np.ones((2, 3))
    assert unbroadcast(g, (2, 3)) is g
