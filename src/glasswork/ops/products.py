"""Products that sum over an index: matrix products and Einstein's notation."""

from __future__ import annotations

from collections import Counter
from string import ascii_letters
from typing import Any

import numpy as np

from ..errors import OptionError
from .op import Each, general

__all__ = ["einsum", "full_subscripts", "matmul"]


def _product(a: Any, b: Any) -> Any:
    """A B of matrices. One column by one row takes NumPy's matmul long, and its dot not."""
    if a.shape[-1] != 1:
        return a @ b
    return np.dot(a, b) if a.ndim == b.ndim == 2 else a * b


def _matmul_vjp_a(g: Any, y: Any, a: Any, b: Any) -> Any:
    """∂L/∂A = ∂L/∂Y Bᵀ; a vector is a matrix of one row (A) or one column (B)."""
    if b.ndim == 1:
        return g[..., None] * b
    if a.ndim == 1:
        return (g[..., None, :] @ b.mT)[..., 0, :]
    return _product(g, b.mT)


def _matmul_vjp_b(g: Any, y: Any, a: Any, b: Any) -> Any:
    """∂L/∂B = Aᵀ ∂L/∂Y."""
    if a.ndim == 1:
        column = g[..., None, :] if b.ndim > 1 else g
        return (a[:, None] if b.ndim > 1 else a) * column
    if b.ndim == 1:
        return (a.mT @ g[..., None])[..., 0]
    return _product(a.mT, g)


matmul = general(
    "matmul",
    np.matmul,
    vjp=(_matmul_vjp_a, _matmul_vjp_b),
    jvp=(lambda t, y, a, b: t @ b, lambda t, y, a, b: a @ t),
    equation="Y = A B",
    notation="{0} @ {1}",
    onnx="MatMul",
)


def full_subscripts(subscripts: str, ndims: list[int]) -> str:
    """`subscripts` with the result written out and `...` replaced by letters of its own.

    >>> full_subscripts("...ij,jk", [3, 2])
    'aij,jk->aik'
    """
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if len(terms) != len(ndims):
        raise OptionError(
            f"einsum: {subscripts!r} names {len(terms)} inputs, and {len(ndims)} were given."
        )
    free = [letter for letter in ascii_letters if letter not in subscripts]
    hidden = [n - len(term.replace("...", "")) for term, n in zip(terms, ndims, strict=True)]
    shared = "".join(free[: max([*hidden, 0])])
    terms = [
        term.replace("...", shared[len(shared) - n :] if n > 0 else "")
        for term, n in zip(terms, hidden, strict=True)
    ]
    if not arrow:
        counts = Counter("".join(terms))
        named = sorted(c for c, n in counts.items() if n == 1 and c not in shared)
        output = "..." + "".join(named) if "..." in inputs else "".join(named)
    return ",".join(terms) + "->" + output.replace("...", shared)


def _einsum_vjp(i: int, g: Any, y: Any, *inputs: Any, subscripts: str) -> Any:
    """The same sum with the gradient in place of input i, read back into the axes of input i.

    An index that input i repeats is a diagonal, and one that it alone has at its size was summed
    away: both are put back by a product with ones or with the identity.
    """
    x = inputs[i]
    terms, _, output = full_subscripts(subscripts, [v.ndim for v in inputs]).partition("->")
    own, *others = [terms.split(",")[i], *(t for k, t in enumerate(terms.split(",")) if k != i)]
    operands = [g, *(v for k, v in enumerate(inputs) if k != i)]
    labels = [output, *others]
    sizes = {
        size
        for term, v in zip(labels, operands, strict=True)
        for size in zip(term, v.shape, strict=True)
    }
    wanted = ""
    for letter, n in zip(own, x.shape, strict=True):
        label = letter
        if letter in wanted:  # a repeated index: this axis gets a letter of its own
            label = next(c for c in ascii_letters if c not in terms + output + wanted)
            operands.append(np.eye(n, dtype=x.dtype))
            labels.append(letter + label)
        elif (letter, n) not in sizes:
            operands.append(np.ones(n, dtype=x.dtype))
            labels.append(letter)
        wanted += label
    return einsum(*operands, subscripts=",".join(labels) + "->" + wanted)


def _einsum_jvp(i: int, t: Any, y: Any, *inputs: Any, subscripts: str) -> Any:
    return einsum(*inputs[:i], t, *inputs[i + 1 :], subscripts=subscripts)


einsum = general(
    "einsum",
    lambda *inputs, subscripts: np.einsum(subscripts, *inputs),
    vjp=Each(_einsum_vjp),
    jvp=Each(_einsum_jvp),
    equation="Einstein's summation: indices that the result does not name are summed",
    onnx="Einsum",
)
