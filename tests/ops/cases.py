"""For every op, inputs to try it with: what the generated tests of this folder loop over.

Floats are drawn at least 0.1 away from 0, so that central differences meet no kink; the kinks have
tests of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from glasswork.ops import OPS, Op
from glasswork.ops.indexing import Slot

Shape = tuple[int, ...]


class Draw(NamedTuple):
    """One input: what kind of numbers, in what shape; or a value that is given."""

    kind: str
    shape: Shape = ()
    value: Any = None

    def __call__(self, rng: np.random.Generator, dtype: Any = np.float64) -> Any:
        if self.kind == "given":
            return self.value
        if self.kind == "mask":
            return np.asarray(rng.random(self.shape) < 0.5)
        if self.kind == "index":
            return np.asarray(rng.integers(-self.value, self.value, self.shape))
        x = np.asarray(rng.uniform(0.1, 2, self.shape))
        if self.kind == "real":
            x = x * rng.choice([-1, 1], self.shape)
        return np.asarray(x, dtype)

    @property
    def wants_gradient(self) -> bool:
        return self.kind in {"real", "positive"}

    def __str__(self) -> str:
        return repr(self.value) if self.kind == "given" else f"{self.kind}{list(self.shape)}"


def real(*shape: int) -> Draw:
    return Draw("real", shape)


def positive(*shape: int) -> Draw:
    return Draw("positive", shape)


def mask(*shape: int) -> Draw:
    return Draw("mask", shape)


def index(size: int, *shape: int) -> Draw:
    """Places on an axis of this size, some of them counted from its end."""
    return Draw("index", shape, size)


def given(value: Any) -> Draw:
    return Draw("given", np.shape(value), value)


class Case(NamedTuple):
    """An op, its inputs and its parameters."""

    name: str
    draws: tuple[Draw, ...]
    params: dict[str, Any]

    @property
    def op(self) -> Op:
        return OPS[self.name]

    def inputs(self, dtype: Any = np.float64) -> list[Any]:
        """The inputs, the same at each call."""
        rng = np.random.default_rng(len(str(self)))
        return [draw(rng, dtype) for draw in self.draws]

    def __str__(self) -> str:
        params = (f"{name}={value}" for name, value in self.params.items())
        return " ".join([self.name, *map(str, self.draws), *params])


def case(name: str, *draws: Draw, **params: Any) -> Case:
    return Case(name, draws, params)


ONE = [(), (4,), (2, 3), (0,), (2, 0, 3)]
TWO = [
    ((), ()),
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((2, 1), (1, 3)),
    ((), (2, 2)),
    ((3, 1), ()),
    ((2, 1, 3), (4, 1)),
    ((0,), (1,)),
    ((2, 0), (2, 1)),
]
ANY_SIGN = [
    "abs", "cos", "erf", "exp", "expm1", "floor", "negative", "relu", "sigmoid", "sign", "silu",
    "sin", "softplus", "square", "tanh", "isfinite", "isinf", "isnan", "elu", "leaky_relu", "gelu",
]  # fmt: skip
POSITIVE = ["log", "log1p", "sqrt"]
PAIRS = [
    "add", "subtract", "multiply", "divide", "maximum", "minimum", "equal", "not_equal", "less",
    "less_equal", "greater", "greater_equal",
]  # fmt: skip
REDUCTIONS = ["sum", "mean", "max", "min", "var", "std", "logsumexp", "norm"]
OF_NOTHING = ["sum", "logsumexp", "norm"]


def element_wise() -> Iterator[Case]:
    for shape in ONE:
        yield from (case(name, real(*shape)) for name in ANY_SIGN)
        yield from (case(name, positive(*shape)) for name in POSITIVE)
        yield from (case(name, mask(*shape)) for name in ("logical_not", "invert"))
        yield case("uniform_like", real(*shape), rng=7)
    for a, b in TWO:
        yield from (case(name, real(*a), real(*b)) for name in PAIRS)
        yield case("power", positive(*a), real(*b))
        for name in ("logical_and", "logical_or", "logical_xor"):
            yield case(name, mask(*a), mask(*b))
        for name in ("bitwise_and", "bitwise_or", "bitwise_xor"):
            yield case(name, index(9, *a), index(9, *b))
        yield case("where", mask(*a), real(*b), real(*a))
        yield case("where", mask(1), real(*a), real(*b))
        yield case("clip", real(*a), given(-1.0), positive(*b))
    for name in ("add", "subtract", "multiply", "divide", "maximum", "minimum", "power"):
        yield case(name, positive(2, 3), given(2))
        yield case(name, given(1.5), positive(2, 3))
    yield case("power", real(3), given(3))
    yield case("power", real(3), given(-1))
    yield case("power", real(3), given(0))
    yield case("where", mask(3), real(2, 3), given(0.0))
    yield case("where", mask(3, 1), given(1), real(3))
    yield case("clip", real(2, 3), given(-1.0), given(1.0))
    yield case("clip", real(2, 3), given(None), real(3))
    yield case("clip", real(2, 3), real(3), given(None))
    yield case("clip", real(4), given(1.5), given(-1.5))
    yield case("leaky_relu", real(2, 3), slope=0.3)
    yield case("leaky_relu", real(2, 3), slope=2.0)
    yield case("elu", real(2, 3), alpha=0.5)
    yield case("gelu", real(2, 3), approximate=True)


def reductions() -> Iterator[Case]:
    for name in REDUCTIONS:
        for shape in ((), (4,), (2, 3)):
            yield case(name, real(*shape))
        yield case(name, real(2, 3), axis=None, keepdims=True)
        yield case(name, real(), axis=-1)
        yield case(name, real(2, 3), axis=0)
        yield case(name, real(2, 3), axis=-1, keepdims=True)
        yield case(name, real(2, 3, 2), axis=(0, 2))
        yield case(name, real(2, 3, 2), axis=(-1, 1), keepdims=True)
        yield case(name, real(0, 3), axis=1)
    for name in OF_NOTHING:
        yield case(name, real(0, 3), axis=0)
    for name in ("var", "std"):
        yield case(name, real(2, 3), axis=1, ddof=1)
    for p in (1, 1.5, 3, np.inf, -np.inf):
        yield case("norm", real(2, 3), p=p)
        yield case("norm", real(2, 3), p=p, axis=1)


def along_an_axis() -> Iterator[Case]:
    for name in ("argmax", "argmin"):
        yield case(name, real(2, 3))
        yield case(name, real(2, 3), axis=1)
        yield case(name, real(2, 3), axis=0, keepdims=True)
    for name in ("softmax", "log_softmax"):
        for shape in ((), (4,), (2, 3), (2, 0), (0, 2)):
            yield case(name, real(*shape))
        yield case(name, real(2, 3, 2), axis=1)
    for shape in ((3,), (2, 3), (2, 4, 3), (0, 3)):
        yield case("cross_entropy", real(*shape), index(3, *shape[:-1]))
    for shape in ((), (4,), (2, 3), (0,)):
        yield case("cumsum", real(*shape))
    yield case("cumsum", real(2, 3), axis=0)
    yield case("cumsum", real(2, 3), axis=-1)
    yield case("argsort", real(4))
    yield case("argsort", real(2, 3), axis=0)


def shapes() -> Iterator[Case]:
    for shape in ONE:
        yield case("astype", real(*shape), dtype=np.dtype(np.float64))
        yield case("reshape", real(*shape), shape=(*shape[::-1], 1))
        yield case("squeeze", real(*shape, 1), axis=-1)
        yield case("expand_dims", real(*shape), axis=0)
        yield case("broadcast_to", real(*shape), shape=(2, *shape))
        yield case("transpose", real(*shape))
        yield case("flip", real(*shape))
        yield case("pad", real(*shape), width=1)
        yield case("concatenate", real(*shape, 2), real(*shape, 1), axis=-1)
        yield case("stack", real(*shape), real(*shape), real(*shape))
    yield case("reshape", real(2, 3), shape=(-1,))
    yield case("squeeze", real(1, 3, 1))
    yield case("squeeze", real(1, 3, 1), axis=(0, 2))
    yield case("expand_dims", real(2, 3), axis=(0, -1))
    yield case("broadcast_to", real(3, 1), shape=(2, 3, 4))
    yield case("broadcast_to", real(1, 3), shape=(0, 3))
    yield case("transpose", real(2, 3, 4), axes=(2, 0, 1))
    yield case("transpose", real(2, 3, 4), axes=(-1, -3, -2))
    yield case("swapaxes", real(2, 3, 4), axis1=0, axis2=-1)
    yield case("flip", real(2, 3), axis=1)
    yield case("flip", real(2, 3, 2), axis=(0, 2))
    yield case("pad", real(2, 3), width=((1, 0), (2, 1)), value=5.0)
    yield case("pad", real(2, 3), width=(1, 2), value=1)
    yield case("concatenate", real(2, 3), real(1, 3), real(0, 3))
    yield case("concatenate", real(3), given(np.ones(2)))
    yield case("stack", real(2, 3), real(2, 3), axis=-1)
    yield case("stack", real(2, 3), given(np.ones((2, 3))), axis=1)


def products() -> Iterator[Case]:
    for a, b in (
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3, 4)),
        ((2, 2, 3), (3,)),
        ((3,), (2, 3, 2)),
        ((2, 2, 3), (3, 2)),
        ((2, 3), (2, 3, 2)),
        ((2, 1, 2, 3), (3, 3, 1)),
        ((0, 3), (3, 2)),
        ((2, 0), (0, 2)),
    ):
        yield case("matmul", real(*a), real(*b))
    for subscripts, *operands in (
        ("ij->ji", (2, 3)),
        ("ii->i", (3, 3)),
        ("ii", (3, 3)),
        ("ij->", (2, 3)),
        ("iij->j", (2, 2, 3)),
        ("...i->...", (2, 3)),
        ("i,i", (3,), (3,)),
        ("i,j", (2,), (3,)),
        ("ij,jk", (2, 3), (3, 2)),
        ("ij , jk -> ki", (2, 3), (3, 2)),
        ("bij,bjk->bik", (2, 1, 3), (2, 3, 2)),
        ("...ij,...jk->...ik", (2, 1, 2, 3), (3, 3, 1)),
        ("...ij,jk", (2, 2, 3), (3, 2)),
        ("ij,ij->i", (2, 3), (1, 3)),
        ("ij,ij->", (1, 3), (2, 3)),
        ("ij,ij->j", (2, 1), (1, 3)),
        ("ij,j,k->ik", (2, 3), (3,), (2,)),
        (",i->i", (), (3,)),
        ("ij,kl->il", (2, 3), (2, 2)),
        ("ij,jk->ik", (0, 3), (3, 2)),
    ):
        yield case("einsum", *(real(*shape) for shape in operands), subscripts=subscripts)


def indexing() -> Iterator[Case]:
    every = slice(None)
    for key in (
        (),
        (0,),
        (-1, 2),
        (Ellipsis,),
        (None,),
        (slice(1, None),),
        (slice(None, None, -1), slice(2, 0, -2)),
        (slice(0, 0),),
        (Ellipsis, None, 1),
        (every, None, slice(None, None, 2)),
    ):
        yield case("getitem", real(2, 3), key=key)
    yield case("getitem", real(), key=())
    yield case("getitem", real(3), index(3, 5), key=(Slot(0),))
    yield case("getitem", real(3), index(3), key=(Slot(0),))
    yield case("getitem", real(3), index(3, 0), key=(Slot(0),))
    yield case("getitem", real(3, 2), index(3, 2, 2), key=(Slot(0),))
    yield case("getitem", real(2, 3), index(3, 4), key=(every, Slot(0)))
    yield case("getitem", real(2, 3), index(2, 4), index(3, 4), key=(Slot(0), Slot(1)))
    yield case("getitem", real(2, 3), index(2, 2, 1), index(3, 4), key=(Slot(0), Slot(1)))
    yield case("getitem", real(2, 2, 3), index(2, 2), index(3, 2), key=(Slot(0), every, Slot(1)))
    yield case("getitem", real(2, 3), mask(2, 3), key=(Slot(0),))
    yield case("getitem", real(2, 3), mask(2), key=(Slot(0),))
    yield case("getitem", real(2, 3), mask(3), key=(1, Slot(0)))
    yield case("getitem", real(0, 3), mask(0), key=(Slot(0),))
    yield case("scatter", real(3), key=(every, 1), shape=(3, 2))
    yield case("scatter", real(4), index(3, 4), key=(Slot(0),), shape=(3,))
    yield case("scatter", real(2, 4), index(3, 4), key=(every, Slot(0)), shape=(2, 3))
    for shape, places, axis in (
        ((3,), (5,), 0),
        ((2, 3), (2, 1), -1),
        ((2, 3), (2, 4), 1),
        ((2, 3), (4, 3), 0),
        ((2, 3), (1, 2), 1),
        ((1, 3), (2, 1), 1),
        ((2, 3), (2, 0), 1),
    ):
        x, i = real(*shape), index(shape[axis], *places)
        yield case("take_along_axis", x, i, axis=axis)
        taken = np.take_along_axis(np.ones(shape), np.zeros(places, int), axis).shape
        yield case("scatter_along_axis", real(*taken), i, axis=axis, shape=shape)
    yield case("take_along_axis", real(2, 3), index(6, 4), axis=None)


CASES = [*element_wise(), *reductions(), *along_an_axis(), *shapes(), *products(), *indexing()]
