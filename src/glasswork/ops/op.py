"""An operation is data: its forward in NumPy, and its derivative rules in NumPy.

Whatever flows through a rule decides what comes out: arrays give a gradient, tensors a gradient
that can be differentiated again, and any other class that answers the hook `__op__` its own. So a
rule uses operators, methods, ufuncs, `np.where` and other ops, and nothing else: it neither looks
at values nor writes in place. It sees

    vjp   g, y, *inputs, **params      the gradient of y       ->  the gradient of one input
    jvp   t, y, *inputs, **params      the tangent of an input ->  its share of the tangent of y

with one rule for each input, None where an input (an index, a label, a mask) has no gradient. A
rule need not think of broadcasting: whoever calls it sums a gradient over the axes that were
stretched (`unbroadcast`), and stretches a tangent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from inspect import CO_VARARGS, CO_VARKEYWORDS
from numbers import Integral
from types import FunctionType
from typing import Any

import numpy as np

from ..limits import FUNCTION, ITERABLE, checked, things
from .checks import as_array
from .explain import explain

__all__ = ["Each", "Op", "Rule", "elementwise", "general", "linear", "operand", "unbroadcast"]

Rule = Callable[..., Any]

SLOPE = things("a function, or 1, 0 or -1", lambda x: isinstance(x, Integral) and x in (1, 0, -1))

_LISTS = (list, tuple)


class Op:
    """One operation, called with arrays, lists, tensors or anything with the hook `__op__`.

    Parameters
    ----------
    name : str
        NumPy's name where NumPy has the operation.
    forward : callable
        `forward(*inputs, **params)` in NumPy. Inputs are positional, parameters keyword-only.
    vjp, jvp : tuple of rules, or Each
        One per input; see the head of this file.
    equation : str
        The mathematics, as a reader writes it.
    notation : str
        How one use is written, `"{0} + {1}"`; the name with its inputs in brackets if empty.
    onnx : str
        The operator of the same meaning in ONNX, if there is one.
    whole : bool
        Whether the forward writes in place, draws or looks at values. Then it is not run on what
        only answers the hook `__op__`: the hook is asked, also where the forward is called alone.

    Attributes
    ----------
    differentiable : bool
        Whether any input can have a gradient.
    """

    __slots__ = (
        "differentiable", "equation", "forward", "jvp", "name", "notation", "onnx", "vjp", "whole",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        forward: Rule,
        vjp: tuple[Rule | None, ...] | Each,
        jvp: tuple[Rule | None, ...] | Each,
        *,
        equation: str,
        notation: str = "",
        onnx: str = "",
        whole: bool = False,
    ) -> None:
        self.name = name
        self.forward = _asking(self, forward) if whole else forward
        self.whole = whole
        self.vjp = vjp
        self.jvp = jvp
        self.equation = equation
        self.notation = notation
        self.onnx = onnx
        self.differentiable = isinstance(vjp, Each) or any(rule is not None for rule in vjp)

    def __call__(self, *inputs: Any, **params: Any) -> Any:
        for x in inputs:
            hook = getattr(type(x), "__op__", None)
            if hook is not None:
                answer = hook(self, inputs, params)
                if answer is not NotImplemented:  # as in NumPy's protocols: it is for another input
                    return answer
            elif isinstance(x, _LISTS):
                return self(*map(operand, inputs), **params)
        try:
            return self.forward(*inputs, **params)
        except Exception as error:
            raise explain(self.name, self.forward, inputs, error) from error

    def __repr__(self) -> str:
        return f"Op({self.name}: {self.equation})"


def _asking(op: Op, forward: Rule) -> Rule:
    """The forward of an op that is one whole."""

    @wraps(forward)
    def ask(*inputs: Any, **params: Any) -> Any:
        for x in inputs:
            hook = getattr(type(x), "__op__", None)
            if hook is not None:
                return hook(op, inputs, params)
        return forward(*inputs, **params)

    return ask


def operand(x: Any) -> Any:
    """A list or a tuple as the array that it stands for, and anything else as it is."""
    return as_array(x, "an operand") if isinstance(x, _LISTS) else x


class Each:
    """The rules of an op that takes any number of inputs: one rule, told the input's position."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __getitem__(self, position: int) -> Rule:
        return partial(self.rule, position)


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum `g` over the axes that broadcasting a `shape` added or stretched.

    The transpose of broadcasting: each element was copied, so the gradients of its copies add up.
    """
    if g.shape == shape:
        return g
    added = g.ndim - len(shape)
    if g.shape[added:] == shape:
        return np.add.reduce(g, axis=tuple(range(added)))
    stretched = tuple(i + added for i, n in enumerate(shape) if n == 1 and g.shape[i + added] != 1)
    return np.add.reduce(g, axis=tuple(range(added)) + stretched, keepdims=True).reshape(shape)


def elementwise(
    name: str,
    forward: Rule,
    slopes: Sequence[Rule | int | None],
    *,
    equation: str,
    notation: str = "",
    onnx: str = "",
) -> Op:
    """An op that works on each element alone, with broadcasting.

    Its Jacobian is diagonal, and a diagonal matrix is its own transpose: the same product
    `g * slope` is the rule of both modes.

    Parameters
    ----------
    slopes : sequence of rules
        ∂y/∂xᵢ as `slope(y, *inputs, **params)`, or the numbers 1, 0 and -1 where it is that
        everywhere; None where the input has no gradient.

    Examples
    --------
    >>> square = elementwise("square", lambda x: x * x, (lambda y, x: 2 * x,), equation="y = x²")
    >>> square.vjp[0](np.array([1.0, 1.0]), None, np.array([3.0, 4.0]))
    array([6., 8.])
    """
    checked("elementwise", "forward", forward, FUNCTION)
    checked("elementwise", "slopes", slopes, ITERABLE)
    rules = tuple(None if slope is None else _scaled(slope) for slope in slopes)
    return Op(name, forward, rules, rules, equation=equation, notation=notation, onnx=onnx)


def _scaled(slope: Rule | int) -> Rule:
    """`g * slope`, without the product where the slope is one of 1, 0 and -1."""
    if not callable(slope):
        return {
            1: lambda g, y, *inputs, **params: g,
            0: lambda g, y, *inputs, **params: np.zeros_like(g),
            -1: lambda g, y, *inputs, **params: -g,
        }[int(checked("elementwise", "a slope", slope, SLOPE))]
    plain = isinstance(slope, FunctionType) and not (
        slope.__code__.co_kwonlyargcount or slope.__code__.co_flags & (CO_VARARGS | CO_VARKEYWORDS)
    )
    if plain and slope.__code__.co_argcount == 2:  # with nothing to unpack, a call costs half
        return lambda g, y, x: g * slope(y, x)
    if plain and slope.__code__.co_argcount == 3:
        return lambda g, y, a, b: g * slope(y, a, b)
    return lambda g, y, *inputs, **params: g * slope(y, *inputs, **params)


def linear(
    name: str,
    forward: Rule,
    transpose: Rule,
    *,
    equation: str,
    notation: str = "",
    onnx: str = "",
    joint: bool = False,
    whole: bool = False,
) -> Op:
    """An op that is linear in its first input: forward mode is its own forward.

    Parameters
    ----------
    transpose : callable
        `transpose(g, y, *inputs, **params)`, the gradient of the first input. The other inputs
        (index arrays) have none.
    joint : bool
        For an op of any number of inputs that is linear in all of them together, as
        `concatenate` is: `transpose` is then told the input's position first.
    whole : bool
        As for `Op`.
    """

    def along(t: Any, y: Any, x: Any, *others: Any, **params: Any) -> Any:
        return op(t, *others, **params)

    def along_each(i: int, t: Any, y: Any, *inputs: Any, **params: Any) -> Any:
        others = (t if k == i else np.zeros_like(x) for k, x in enumerate(inputs))
        return op(*others, **params)

    op = Op(
        name,
        forward,
        Each(transpose) if joint else (transpose,),
        Each(along_each) if joint else (along,),
        equation=equation,
        notation=notation,
        onnx=onnx,
        whole=whole,
    )
    return op


# An op that is neither element-wise nor linear in one input gives both rules itself.
general = Op
