"""The tape as a reader sees it: the article's γ₁ … γₙ, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, overload

import numpy as np

from .autodiff import pull
from .errors import TapeError
from .ops.op import Op
from .tape import Entry, Graph

__all__ = ["Tape"]

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Tape:
    """Everything that one value was made from, oldest first.   (article: the gradient tape)

    Iterating gives the tensors themselves. Printing gives a line for each: what it was made of, by
    which equation, its shape and value and, once `backward` has been called on the last, the
    gradient that flows through it. These gradients are computed anew for the page; none is kept.

    Examples
    --------
    >>> x1, x2 = gw.Tensor(2.0, requires_grad=True), gw.Tensor(3.0, requires_grad=True)
    >>> z = x1 * x2 + np.sin(x1)
    >>> z.backward()
    >>> print(z.tape)
    γ   made of  equation   shape  value   ∂γ₅/∂γ
    γ₁  leaf                ()     2       2.584
    γ₂  leaf                ()     3       2
    γ₃  γ₁ · γ₂  y = a b    ()     6       1
    γ₄  sin(γ₁)  y = sin x  ()     0.9093  1
    γ₅  γ₃ + γ₄  y = a + b  ()     6.909   1
    """

    __slots__ = ("_entries", "_output")

    def __init__(self, output: Entry) -> None:
        self._output = output
        changed = output.serial  # a leaf that has changed since is newer than what it went into
        self._entries = sorted(Graph.of(output), key=lambda e: e.serial * (e.serial <= changed))

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    @overload
    def __getitem__(self, position: int) -> Entry: ...
    @overload
    def __getitem__(self, position: slice) -> list[Entry]: ...
    def __getitem__(self, position: int | slice) -> Entry | list[Entry]:
        return self._entries[position]

    def __repr__(self) -> str:
        return f"Tape of {len(self)} values, the last of shape {self._output._els.shape}"

    def __str__(self) -> str:
        names = {entry: f"γ{i}".translate(_SUBSCRIPTS) for i, entry in enumerate(self, 1)}
        rows = [["γ", "made of", "equation", "shape", "value"]]
        rows += [_row(entry, names) for entry in self]
        note = ""
        if self._output.op is not None and self._output._grad is not None:
            try:
                found = pull({self._output: self._output._grad}, self)
            except TapeError as error:
                note = f"\nNo gradients: {error}"
            else:
                rows[0].append(f"∂{names[self._output]}/∂γ")
                for row, entry in zip(rows[1:], self, strict=True):
                    row.append(_brief(found[entry]) if entry in found else "")
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n".join(lines) + note


def _row(entry: Entry, names: dict[Entry, str]) -> list[str]:
    if entry.op is None:
        kind = type(entry).__name__.lower()
        made_of = kind if kind != "tensor" else "leaf" if entry.requires_grad else "constant"
        equation = ""
    else:
        made_of, equation = _expression(entry.op, entry, names), entry.op.equation
    return [names[entry], made_of, equation, str(entry._els.shape), _brief(entry._els)]


def _expression(op: Op, entry: Entry, names: dict[Entry, str]) -> str:
    """How `op` made `entry`: the op written with the names of its inputs."""
    inputs = [_operand(x, names) for x in entry.inputs]
    params = [f"{k}={v}" for k, v in entry.params.items() if v is not None and v is not False]
    if not op.notation:
        return f"{op.name}({', '.join(inputs + params)})"
    return " ".join([op.notation.format(*inputs), *(f"({p})" for p in params)])


def _operand(x: Any, names: dict[Entry, str]) -> str:
    if isinstance(x, Entry):
        return names[x]
    return f"array{x.shape}" if np.ndim(x) else f"{x:.4g}" if x is not None else "None"


def _brief(els: np.ndarray) -> str:
    """A value in a few characters: the numbers if they are few, else their extent."""
    if els.size == 0:
        return "[]"
    if els.size == 1:
        return f"{els.item():.4g}"
    if els.size <= 3:
        return "[" + " ".join(f"{v:.4g}" for v in els.ravel()) + "]"
    return f"{els.min():.3g} … {els.max():.3g}"
