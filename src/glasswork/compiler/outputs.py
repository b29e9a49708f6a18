"""What a function returns: tensors and arrays, or tuples, lists and dicts of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from ..errors import CompileError
from ..tensor import Tensor, leaf
from .lines import Line, constant, like
from .scribe import Scribe, line_of

__all__ = ["Returned", "called", "is_written", "lines_of", "rebuilt", "returned", "within"]


class Returned(NamedTuple):
    """A line that a function returned, as a tensor or bare."""

    line: Line
    as_tensor: bool


def returned(result: Any) -> Any:
    """What a function gave, with `Returned` in place of tensors and Scribes."""
    if isinstance(result, Scribe):
        return Returned(result.line, False)
    if isinstance(result, Tensor):
        return Returned(line_of(result._els), True)
    if isinstance(result, np.ndarray):
        return Returned(constant(result), False)
    return _each(result, returned)


def within(output: Any, now: Callable[[Line], Line]) -> Any:
    """The same with bare lines, as they are now."""
    return now(output.line) if isinstance(output, Returned) else _each(output, within, now)


def lines_of(output: Any) -> Iterator[Line]:
    """All lines in it."""
    if isinstance(output, Line):
        yield output
    elif isinstance(output, dict):
        for part in output.values():
            yield from lines_of(part)
    elif isinstance(output, tuple | list):
        for part in output:
            yield from lines_of(part)


def called(output: Any) -> dict[Line, str]:
    """A single number that is returned, alone or first, is the loss."""
    first = next(lines_of(output), None)
    return {first: "loss"} if first is not None and np.ndim(first.value) == 0 else {}


def rebuilt(output: Any) -> Callable[[Any], Any]:
    """The function from what a page returns to what the function returned."""
    if isinstance(output, Returned):
        return _as_tensor if output.as_tensor else _as_it_is  # which hold no line
    if isinstance(output, dict):
        parts = {key: rebuilt(part) for key, part in output.items()}
        return lambda values: {key: part(values[key]) for key, part in parts.items()}
    if isinstance(output, tuple | list):
        each = [rebuilt(part) for part in output]
        return lambda values: like(output, [part(v) for part, v in zip(each, values, strict=True)])
    return lambda value: output


def _as_tensor(value: Any) -> Tensor:
    return leaf(np.asarray(value))


def _as_it_is(value: Any) -> Any:
    return value


def _each(output: Any, function: Callable[..., Any], *rest: Any) -> Any:
    if isinstance(output, dict):
        return {key: function(part, *rest) for key, part in output.items()}
    if isinstance(output, tuple | list):
        return like(output, [function(part, *rest) for part in output])
    inside = getattr(output, "__dict__", {}).values()
    if isinstance(output, Iterator) or any(map(is_written, inside)):
        raise CompileError(
            f"compile: the function returns {type(output).__name__}, which holds tensors.\n"
            "  Return tensors, or tuples, lists and dicts of them, and make the object after the\n"
            "  call."
        )
    return output


def is_written(part: Any) -> bool:
    """Whether this is a Scribe, or a tensor of one."""
    return isinstance(part._els if isinstance(part, Tensor) else part, Scribe)
