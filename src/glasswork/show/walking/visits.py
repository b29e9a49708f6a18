"""One step of the backward pass in words and numbers.

A derivative rule becomes an equation: it is run on what writes down what is done to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ...compiler.calls import Call
from ...compiler.lines import Line, Origin, constant, replaced
from ...compiler.notation import mathematics
from ...compiler.scribe import Scribe
from ...errors import CompileError
from ...ops import unbroadcast
from ...tape import Entry
from ...transcript.colors import aligned
from ...transcript.rows import brief, key_text, made_of, operand
from .replay import Share, Step

__all__ = ["HEAD", "Contribution", "Visit", "rule_text", "visit"]

_LONGEST = 64  # letters of a rule; of a longer one the name says more
_HERE = Origin("backward", "", "")
HEAD = ["to", "g becomes", "slope", "arrives", "sum there", "to come"]


class Contribution(NamedTuple):
    """What arrives at one use of a value."""

    name: str  # of the value that it arrives at
    entry: Entry
    position: int  # which input of the value that is left
    rule: str  # what g becomes on the way
    slope: np.ndarray | None  # what each element of g is multiplied by, if it is
    value: np.ndarray  # what arrives
    total: np.ndarray  # the sum of what has arrived there by now
    to_come: int  # how many contributions have not

    @property
    def cells(self) -> list[str]:
        """Its texts, as `HEAD` says."""
        slope = "" if self.slope is None else brief(self.slope)
        sums = brief(self.value), brief(self.total)
        return [self.name, self.rule, slope, *sums, str(self.to_come or "")]


class Visit(NamedTuple):
    """One step: a value is left, and its gradient flows to its inputs."""

    name: str
    entry: Entry
    made_of: str
    upstream: np.ndarray  # g, what has arrived here
    missing: int  # how many contributions to it have not: 0 in the right order
    times: int  # how often it has been left before: 0 in the right order
    contributions: tuple[Contribution, ...]

    @property
    def fault(self) -> str:
        """What is wrong about leaving this value now; empty in the right order."""
        early = f"too early: {self.missing} to come" if self.missing else ""
        again = f"left {self.times + 1} times by now" if self.times else ""
        return ", ".join(filter(None, (early, again)))

    def __repr__(self) -> str:
        fault = f"   ({self.fault})" if self.fault else ""
        head = f"{self.name} = {self.made_of} is left with g = {brief(self.upstream)}{fault}"
        return "\n".join([head, *aligned([HEAD, *(c.cells for c in self.contributions)])])


def visit(step: Step, names: Mapping[Entry, str]) -> Visit:
    """A step, told with the names of the values."""
    entry = step.entry
    contributions = (
        Contribution(
            names[share.entry],
            share.entry,
            share.position,
            rule_text(entry, share.position, step.upstream, names),
            _slope(step, share),
            share.value,
            share.total,
            share.to_come,
        )
        for share in step.shares
    )
    about = (names[entry], entry, made_of(entry, names), step.upstream)
    return Visit(*about, step.missing, step.times, tuple(contributions))


def _slope(step: Step, share: Share) -> np.ndarray | None:
    """∂y/∂x of each element, where y is made element by element, or is one number of one number.

    It is what the rule makes of ones; it is not told if it does not give what has arrived.
    """
    entry, op = step.entry, step.entry.op
    if op is None or (op.vjp is not op.jvp and max(entry._els.size, share.value.size) > 1):
        return None
    rule: Any = op.vjp[share.position]
    operands = (x._els if isinstance(x, Entry) else x for x in entry.inputs)
    with np.errstate(all="ignore"):
        slope = rule(np.ones_like(entry._els), entry._els, *operands, **entry.params)
        product = unbroadcast(np.asarray(step.upstream * slope), share.value.shape)
    return np.asarray(slope) if np.allclose(product, share.value, equal_nan=True) else None


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
