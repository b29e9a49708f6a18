"""How each op is written in NumPy: as an expression of names."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..ops.indexing import Slot
from .graph import Constant, Node, Size, Value

__all__ = ["FUNCTIONS", "expression", "literal"]

_INFIX = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**", "matmul": "@",
    "equal": "==", "not_equal": "!=", "less": "<", "less_equal": "<=", "greater": ">",
    "greater_equal": ">=", "bitwise_and": "&", "bitwise_or": "|", "bitwise_xor": "^",
}  # fmt: skip
_TEMPLATES = {
    "negative": "-{0}",
    "invert": "~{0}",
    "relu": "np.maximum({0}, 0)",
    "leaky_relu": "np.maximum({0}, 0) + {slope} * np.minimum({0}, 0)",
    "elu": "np.maximum({0}, 0) + {alpha} * np.expm1(np.minimum({0}, 0))",
    "sigmoid": "sigmoid({0})",
    "silu": "{0} * sigmoid({0})",
    "softplus": "np.logaddexp({0}, 0)",
    "erf": "erf({0})",
    "astype": "{0}.astype({dtype})",
    "pad": "np.pad({0}, {width}, constant_values={value})",
    "reshape": "np.reshape({0}, {shape})",  # by name it needs NumPy 2.1
    "logsumexp": "logsumexp({0}, {axis}, {keepdims})",
    "softmax": "softmax({0}, {axis})",
    "log_softmax": "log_softmax({0}, {axis})",
    "cross_entropy": "cross_entropy({0}, {1})",
    "scatter_along_axis": "scatter_along_axis({0}, {1}, {axis}, {shape})",
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "leaky_relu": {"slope": 0.01},
    "elu": {"alpha": 1.0},
    "logsumexp": {"axis": None, "keepdims": False},
    "softmax": {"axis": -1},
    "log_softmax": {"axis": -1},
    "pad": {"value": 0},
}
FUNCTIONS = {
    "array": '''
def array(dtype, shape, text):
    """Unpack an array: base64, lowest byte first."""
    numbers = np.frombuffer(base64.b64decode(text), np.dtype(dtype).newbyteorder("<"))
    return numbers.reshape(shape)
''',
    "sigmoid": """
def sigmoid(x):
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
""",
    "erf": """
def erf(x):
    return np.vectorize(math.erf, otypes=[x.dtype])(x)
""",
    "softmax": """
def softmax(x, axis):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)
""",
    "log_softmax": """
def log_softmax(x, axis):
    return x - logsumexp(x, axis, True)
""",
    "logsumexp": """
def logsumexp(x, axis, keepdims):
    top = np.max(x, axis=axis, keepdims=True)
    y = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return y if keepdims else np.squeeze(y, axis)
""",
    "cross_entropy": """
def cross_entropy(x, labels):
    chosen = np.take_along_axis(x, labels[..., None], axis=-1)
    return logsumexp(x, -1, False) - chosen[..., 0]
""",
    "scatter": """
def scatter(x, key, shape):
    y = np.zeros(shape, x.dtype)
    np.add.at(y, key, x)
    return y
""",
    "scatter_along_axis": """
def scatter_along_axis(x, index, axis, shape):
    key = list(np.ogrid[tuple(map(slice, shape))])
    key[axis] = index
    return scatter(x, tuple(key), shape)
""",
}


def expression(node: Node, rows: str) -> str:
    """The op as an expression of the names of its inputs.

    Parameters
    ----------
    rows : str
        What tells the number of rows, such as "len(x)".

    Raises
    ------
    UnsupportedError
        If NumPy has no counterpart of an op that is not one of ours.
    """
    name, inputs = node.op.name, [literal(x, rows) for x in node.inputs]
    params = {key: literal(value, rows) for key, value in node.params.items()}
    if name in _INFIX:
        left, right = (f"({x})" if x.startswith("-") else x for x in inputs)
        return f"{left} {_INFIX[name]} {right}"
    if name in _TEMPLATES:
        defaults = {key: repr(value) for key, value in _DEFAULTS.get(name, {}).items()}
        return _TEMPLATES[name].format(*inputs, **defaults | params)
    if name in _SPECIAL:
        return _SPECIAL[name](node, inputs, params, rows)
    function = getattr(np, name, None)
    if function is None or name == "uniform_like":
        raise node.unsupported("Python")
    if name in ("concatenate", "stack"):
        inputs = [f"[{', '.join(inputs)}]"]
    return f"np.{name}({', '.join([*inputs, *(f'{k}={v}' for k, v in params.items())])})"


def literal(value: Any, rows: str) -> str:
    """A value as Python writes it: a name for what has one."""
    if isinstance(value, Constant) and not value.shape:
        return f"np.{value.dtype}({_number(value.array.item())})"
    if isinstance(value, Value):
        return value.name
    if isinstance(value, Size):
        many = rows if value.per_row == 1 else f"{value.per_row} * {rows}"
        return f"{many} + {value.fixed}" if value.fixed else many
    if isinstance(value, tuple):
        items = [literal(item, rows) for item in value]
        return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"
    if isinstance(value, np.dtype | type):
        name = np.dtype(value).name
        return f"np.{name}" if name != "bool" else "bool"
    return _number(value)


def _number(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "np.nan" if math.isnan(value) else "np.inf" if value > 0 else "-np.inf"
    return repr(value.item() if isinstance(value, np.generic) else value)


def _key(node: Node, indices: list[str], rows: str) -> str:
    """A key as it stands in brackets."""

    def item(part: Any) -> str:
        if isinstance(part, Slot):
            return indices[part.position]
        if part is Ellipsis:
            return "..."
        if not isinstance(part, slice):
            return literal(part, rows)
        ends = ["" if end is None else literal(end, rows) for end in (part.start, part.stop)]
        return ":".join(ends + ([] if part.step is None else [literal(part.step, rows)]))

    return ", ".join(map(item, node.params["key"])) or "()"


def _getitem(node: Node, inputs: list[str], params: dict[str, str], rows: str) -> str:
    return f"{inputs[0]}[{_key(node, inputs[1:], rows)}]"


def _scatter(node: Node, inputs: list[str], params: dict[str, str], rows: str) -> str:
    return f"scatter({inputs[0]}, np.s_[{_key(node, inputs[1:], rows)}], {params['shape']})"


def _einsum(node: Node, inputs: list[str], params: dict[str, str], rows: str) -> str:
    return f"np.einsum({params['subscripts']}, {', '.join(inputs)})"


def _gelu(node: Node, inputs: list[str], params: dict[str, str], rows: str) -> str:
    (x,) = inputs
    if node.params.get("approximate"):
        return f"0.5 * {x} * (1 + np.tanh({math.sqrt(2 / math.pi)} * ({x} + 0.044715 * {x} ** 3)))"
    return f"0.5 * {x} * (1 + erf({math.sqrt(0.5)} * {x}))"


def _norm(node: Node, inputs: list[str], params: dict[str, str], rows: str) -> str:
    p, (x,) = node.params.get("p", 2), inputs
    named = ", ".join(f"{k}={params[k]}" for k in ("axis", "keepdims") if k in params)
    options = f", {named}" if named else ""
    if math.isinf(p):
        return f"np.{'max' if p > 0 else 'min'}(np.abs({x}){options})"
    return f"np.sum(np.abs({x}) ** {p}{options}) ** (1 / {p})"


_SPECIAL = {
    "einsum": _einsum,
    "gelu": _gelu,
    "getitem": _getitem,
    "norm": _norm,
    "scatter": _scatter,
}
