"""Questions about values, and what joins their answers: booleans and integers, with no gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from .op import Op

__all__ = [
    "argmax", "argmin", "argsort", "bitwise_and", "bitwise_or", "bitwise_xor", "equal", "greater",
    "greater_equal", "invert", "isfinite", "isinf", "isnan", "less", "less_equal", "logical_and",
    "logical_not", "logical_or", "logical_xor", "not_equal",
]  # fmt: skip


def _question(name: str, ask: Any, notation: str = "", onnx: str = "") -> Op:
    return Op(name, ask, (None, None), (None, None), equation=name, notation=notation, onnx=onnx)


equal = _question("equal", np.equal, "{0} = {1}", "Equal")
not_equal = _question("not_equal", np.not_equal, "{0} ≠ {1}")
less = _question("less", np.less, "{0} < {1}", "Less")
less_equal = _question("less_equal", np.less_equal, "{0} ≤ {1}", "LessOrEqual")
greater = _question("greater", np.greater, "{0} > {1}", "Greater")
greater_equal = _question("greater_equal", np.greater_equal, "{0} ≥ {1}", "GreaterOrEqual")
logical_and = _question("logical_and", np.logical_and, "{0} and {1}", "And")
logical_or = _question("logical_or", np.logical_or, "{0} or {1}", "Or")
logical_xor = _question("logical_xor", np.logical_xor, "either {0} or {1}", "Xor")
logical_not = _question("logical_not", np.logical_not, "not {0}", "Not")
bitwise_and = _question("bitwise_and", np.bitwise_and, "{0} & {1}", "BitwiseAnd")
bitwise_or = _question("bitwise_or", np.bitwise_or, "{0} | {1}", "BitwiseOr")
bitwise_xor = _question("bitwise_xor", np.bitwise_xor, "{0} ^ {1}", "BitwiseXor")
invert = _question("invert", np.invert, "~{0}", "BitwiseNot")
isnan = _question("isnan", np.isnan, onnx="IsNaN")
isinf = _question("isinf", np.isinf, onnx="IsInf")
isfinite = _question("isfinite", np.isfinite)
argmax = _question(
    "argmax", lambda x, *, axis=None, keepdims=False: np.argmax(x, axis, keepdims=keepdims),
    onnx="ArgMax",
)  # fmt: skip
argmin = _question(
    "argmin", lambda x, *, axis=None, keepdims=False: np.argmin(x, axis, keepdims=keepdims),
    onnx="ArgMin",
)  # fmt: skip
argsort = _question("argsort", lambda x, *, axis=-1: np.argsort(x, axis))
