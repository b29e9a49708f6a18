"""How each op is written in ONNX: one small function where its name alone does not tell."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ops.products import full_subscripts
from .graph import Node, Size, Value
from .onnx_builder import Builder, Emitter, read
from .onnx_shapes import SHAPES

__all__ = ["emit"]

_SINGLE = {"elu", "erf", "gelu", "leaky_relu", "softplus"}  # runtimes have them in float32 alone


def emit(b: Builder, node: Node) -> None:
    """Write the nodes of one op; UnsupportedError if ONNX has none."""
    name, dtype = node.output.name, node.output.dtype
    b.begin(name)
    emitter = _EMITTERS.get(node.op.name)
    if emitter is None and (not node.op.onnx or node.params):
        raise node.unsupported("ONNX")
    if node.op.name in _SINGLE and dtype == np.float64:
        node = node._replace(output=Value(name, node.output.shape, np.dtype(np.float32)))
    result = (emitter or _same)(b, node)
    b.end(b.cast(result, node.output.dtype, dtype), name)


def _same(b: Builder, node: Node) -> str:
    """The operator that the op itself names, on inputs of the output's dtype."""
    return b.node(node.op.onnx, *read(b, node))


def _named(kind: str, **names: str) -> Emitter:
    """An operator that takes parameters of the op as attributes, under names of its own."""

    def write(b: Builder, node: Node) -> str:
        attributes = {names[name]: value for name, value in node.params.items()}
        return b.node(kind, *read(b, node), **attributes)

    return write


def _question(kind: str, negated: bool = False, dtype: Any = None) -> Emitter:
    """A comparison: of inputs in the dtype that they have in common."""

    def write(b: Builder, node: Node) -> str:
        kinds = [x.dtype if isinstance(x, Value) else x for x in node.inputs]
        common = dtype or np.result_type(*(1 if isinstance(x, Size) else x for x in kinds))
        answer = b.node(kind, *(b.read(x, common) for x in node.inputs))
        return b.node("Not", answer) if negated else answer

    return write


def _bits(kind: str, of_booleans: str) -> Emitter:
    def write(b: Builder, node: Node) -> str:
        return b.node(of_booleans if node.output.dtype == bool else kind, *read(b, node))

    return write


def _isfinite(b: Builder, node: Node) -> str:
    x = b.read(node.inputs[0], node.inputs[0].dtype)
    return b.node("Not", b.node("Or", b.node("IsInf", x), b.node("IsNaN", x)))


def _less_one(b: Builder, node: Node) -> str:
    """eˣ - 1."""
    return b.node("Sub", b.node("Exp", *read(b, node)), b.constant(1, node.output.dtype))


def _log1p(b: Builder, node: Node) -> str:
    return b.node("Log", b.node("Add", *read(b, node), b.constant(1, node.output.dtype)))


def _square(b: Builder, node: Node) -> str:
    (x,) = read(b, node)
    return b.node("Mul", x, x)


def _silu(b: Builder, node: Node) -> str:
    (x,) = read(b, node)
    return b.node("Mul", x, b.node("Sigmoid", x))


def _gelu(b: Builder, node: Node) -> str:
    approximate = "tanh" if node.params.get("approximate") else "none"
    return b.node("Gelu", *read(b, node), approximate=approximate)


def _clip(b: Builder, node: Node) -> str:
    x, *bounds = node.inputs
    dtype, result = node.output.dtype, b.read(x, node.output.dtype)
    for bound, kind in zip(bounds, ("Max", "Min"), strict=True):
        if bound is not None:
            result = b.node(kind, result, b.read(bound, dtype))
    return result


def _where(b: Builder, node: Node) -> str:
    condition, *others = node.inputs
    return b.node(
        "Where", b.read(condition, np.dtype(bool)), *(b.read(x, node.output.dtype) for x in others)
    )


def _along(kind: str) -> Emitter:
    """An operator along one axis, which a single number has not."""

    def write(b: Builder, node: Node) -> str:
        (x,) = read(b, node)
        if node.output.shape:
            return b.node(kind, x, axis=node.params.get("axis", -1))
        row = b.node(kind, b.node("Reshape", x, b.constant([1])), axis=0)
        return b.node("Reshape", row, b.constant([]))

    return write


def _reduced(b: Builder, node: Node, kind: str, x: str, keepdims: bool | None = None) -> str:
    axis, ndim = node.params.get("axis"), len(node.inputs[0].shape)
    axes = [] if axis is None or not ndim else [b.constant(np.atleast_1d(axis) % ndim)]
    keep = node.params.get("keepdims", False) if keepdims is None else keepdims
    return b.node(kind, x, *axes, keepdims=int(keep))


def _reduction(kind: str) -> Emitter:
    return lambda b, node: _reduced(b, node, kind, read(b, node)[0])


def _var(b: Builder, node: Node) -> str:
    (x,), dtype = read(b, node), node.output.dtype
    distance = b.node("Sub", x, _reduced(b, node, "ReduceMean", x, keepdims=True))
    square = b.node("Mul", distance, distance)
    ddof = node.params.get("ddof", 0)
    if not ddof:
        return _reduced(b, node, "ReduceMean", square)
    ones = b.node("Expand", b.constant(1, dtype), b.node("Shape", x))
    n = b.node("Sub", _reduced(b, node, "ReduceSum", ones), b.constant(ddof, dtype))
    return b.node("Div", _reduced(b, node, "ReduceSum", square), n)


def _std(b: Builder, node: Node) -> str:
    return b.node("Sqrt", _var(b, node))


def _norm(b: Builder, node: Node) -> str:
    (x,), p = read(b, node), node.params.get("p", 2)
    if p in (1, 2):
        return _reduced(b, node, f"ReduceL{p:g}", x)
    size = b.node("Abs", x)
    if math.isinf(p):
        return _reduced(b, node, "ReduceMax" if p > 0 else "ReduceMin", size)
    total = _reduced(b, node, "ReduceSum", b.node("Pow", size, b.constant(p, node.output.dtype)))
    return b.node("Pow", total, b.constant(1 / p, node.output.dtype))


def _flat(b: Builder, node: Node, dtype: Any) -> tuple[str, int]:
    """The first input, and the axis that is meant: it is in one row where none is named."""
    x, axis = b.read(node.inputs[0], dtype), node.params.get("axis")
    if axis is None or not node.inputs[0].shape:
        return b.node("Reshape", x, b.constant([-1])), 0
    return x, axis


def _cumsum(b: Builder, node: Node) -> str:
    x, axis = _flat(b, node, node.output.dtype)
    return b.node("CumSum", x, b.constant(axis))


def _extreme(kind: str) -> Emitter:
    def write(b: Builder, node: Node) -> str:
        x, axis = _flat(b, node, node.inputs[0].dtype)
        place = b.node(kind, x, axis=axis, keepdims=0)
        return b.node("Reshape", place, b.sizes(node.output.shape))

    return write


def _argsort(b: Builder, node: Node) -> str:
    x, axis = node.inputs[0], node.params.get("axis", -1)
    k = b.sizes([x.shape[axis]])
    return b.node("TopK", b.read(x, x.dtype), k, axis=axis, largest=0, before=1)


def _einsum(b: Builder, node: Node) -> str:
    """Einsum, whose sizes must be equal: axes of size 1 that are to be stretched are left out."""
    shapes = [x.shape for x in node.inputs]
    equation = full_subscripts(node.params["subscripts"], list(map(len, shapes)))
    terms, _, output = equation.partition("->")
    pairs = [list(zip(t, s, strict=True)) for t, s in zip(terms.split(","), shapes, strict=True)]
    long = {letter for pair in pairs for letter, size in pair if size != 1}
    kept = [[(c, size) for c, size in pair if size != 1 or c not in long] for pair in pairs]
    inputs = [
        x if few == all_ else b.node("Reshape", x, b.sizes([size for _, size in few]))
        for x, few, all_ in zip(read(b, node), kept, pairs, strict=True)
    ]
    names = ",".join("".join(letter for letter, _ in few) for few in kept)
    return b.node("Einsum", *inputs, equation=f"{names}->{output}")


def _cross_entropy(b: Builder, node: Node) -> str:
    x, labels = node.inputs
    last = b.constant([-1])
    index = b.node("Unsqueeze", b.read(labels, np.dtype(np.int64)), last)
    chosen = b.node("GatherElements", b.read(x, node.output.dtype), index, axis=-1)
    total = b.node("ReduceLogSumExp", b.read(x, node.output.dtype), last, keepdims=0)
    return b.node("Sub", total, b.node("Squeeze", chosen, last))


_EMITTERS: dict[str, Emitter] = SHAPES | {
    "argmax": _extreme("ArgMax"),
    "argmin": _extreme("ArgMin"),
    "argsort": _argsort,
    "bitwise_and": _bits("BitwiseAnd", "And"),
    "bitwise_or": _bits("BitwiseOr", "Or"),
    "bitwise_xor": _bits("BitwiseXor", "Xor"),
    "clip": _clip,
    "cross_entropy": _cross_entropy,
    "cumsum": _cumsum,
    "einsum": _einsum,
    "elu": _named("Elu", alpha="alpha"),
    "equal": _question("Equal"),
    "expm1": _less_one,
    "gelu": _gelu,
    "greater": _question("Greater"),
    "greater_equal": _question("GreaterOrEqual"),
    "invert": _bits("BitwiseNot", "Not"),
    "isfinite": _isfinite,
    "isinf": _question("IsInf"),
    "isnan": _question("IsNaN"),
    "leaky_relu": _named("LeakyRelu", slope="alpha"),
    "less": _question("Less"),
    "less_equal": _question("LessOrEqual"),
    "log1p": _log1p,
    "log_softmax": _along("LogSoftmax"),
    "logical_and": _question("And", dtype=np.dtype(bool)),
    "logical_not": _question("Not", dtype=np.dtype(bool)),
    "logical_or": _question("Or", dtype=np.dtype(bool)),
    "logical_xor": _question("Xor", dtype=np.dtype(bool)),
    "logsumexp": _reduction("ReduceLogSumExp"),
    "max": _reduction("ReduceMax"),
    "mean": _reduction("ReduceMean"),
    "min": _reduction("ReduceMin"),
    "norm": _norm,
    "not_equal": _question("Equal", negated=True),
    "silu": _silu,
    "softmax": _along("Softmax"),
    "square": _square,
    "std": _std,
    "sum": _reduction("ReduceSum"),
    "var": _var,
    "where": _where,
}
