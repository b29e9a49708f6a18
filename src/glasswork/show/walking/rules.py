"""Derivative rules as equations: a rule is run on what writes down what is done to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...compiler.calls import Call
from ...compiler.lines import Line, Origin, constant, replaced
from ...compiler.notation import mathematics
from ...compiler.scribe import Scribe
from ...errors import CompileError
from ...ops import unbroadcast
from ...tape import Entry
from ...transcript.rows import key_text, operand

__all__ = ["rule_text"]

_LONGEST = 64  # letters; of a longer one the name says more
_HERE = Origin("backward", "", "")


def rule_text(user: Entry, position: int, g: np.ndarray, names: Mapping[Entry, str]) -> str:
    """What the gradient `g` of a value becomes on its way to the value's input at `position`.

    Examples
    --------
    >>> x = gw.Tensor(3.0, requires_grad=True)
    >>> y = x * x
    >>> rule_text(y, 0, np.array(1.0), {x: "x", y: "y"})
    'g · x'
    """
    op: Any = user.op
    named: dict[Line, str] = {}

    def written(x: Any) -> Any:
        if not isinstance(x, Entry | np.ndarray):
            return x
        line = constant(x._els if isinstance(x, Entry) else x)
        named[line] = "g" if x is g else operand(x, names)
        return Scribe(line, _Notes())

    def spoken(x: Any) -> str | None:
        if isinstance(x, Line):
            return named.get(x) or (operand(x.value, {}) if x.kind else None)
        return f"{x:.4g}" if isinstance(x, int | float) else key_text(x)

    try:
        with np.errstate(all="ignore"):
            part = op.vjp[position](*map(written, (g, user, *user.inputs)), **user.params)
            line = unbroadcast(part, user.inputs[position]._els.shape).line
            text = spoken(line) or mathematics(line, spoken)
    except (CompileError, TypeError, AttributeError):  # it looks at values, say
        text = ""
    if 0 < len(text) <= _LONGEST:
        return text
    inputs = ", ".join(operand(x, names) for x in user.inputs)
    return f"g · {op.name}′({inputs})"


class _Notes:
    """Each call becomes a line, and is done."""

    def write(self, call: Call, args: Any, kwargs: dict[str, Any]) -> Line:
        """The line of a call, with what it gave; x¹ is x."""
        if call.name == "np.power" and args[1] == 1:
            return args[0]  # type: ignore[no-any-return]
        value = call.run(*replaced(args, lambda line: line.value), **kwargs)
        return Line(call, args, kwargs, value, _HERE)

    def generator(self, rng: Any) -> Line:
        """No rule draws."""
        raise CompileError("a rule draws random numbers.")

    def user_line(self) -> str:
        """Where a rule is."""
        return "a rule"
