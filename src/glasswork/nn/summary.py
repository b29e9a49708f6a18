"""A network at a glance: its tree, its shapes and how much there is to learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from ..tape import no_grad
from ..tensor import Tensor
from .configuration import described
from .parameter import Parameter
from .tree import Tree, held, kept, walk

__all__ = ["Row", "Summary", "outputs_of"]


class Row(NamedTuple):
    """One module of a summary.

    Attributes
    ----------
    label : str
        Its name and the call that made it, drawn as a branch.
    output : str
        The shape of its output, if an example was run.
    parameters : int
        How many numbers it learns, with everything below it; what is shared counts once.
    notes : str
        The shapes of its own parameters and buffers.
    """

    label: str
    output: str
    parameters: int
    notes: str


class Summary:
    """The tree of a module, a row for each; printed as a table.

    Parameters
    ----------
    tree : Module
        Its root.
    outputs : mapping
        What each module gives for an example, by the id of the module.

    Attributes
    ----------
    rows : list of Row
        From the root down.
    """

    def __init__(self, tree: Tree, outputs: Mapping[int, Any] | None = None) -> None:
        self._outputs = outputs or {}
        self._seen: dict[int, str] = {}
        self.rows = self._rows(tree, "", "", "")

    def _rows(self, tree: Tree, path: str, branch: str, below: str) -> list[Row]:
        """The rows of a tree: `branch` stands before its own, `below` before all under it."""
        label, output = branch + described(tree), self._shape(tree)
        if id(tree) in self._seen:
            return [Row(label, output, 0, f"is {self._seen[id(tree)]}")]
        self._seen[id(tree)] = path or "the root"
        nodes = list(held(tree))
        branches = sum(isinstance(node, Tree) for _, node in nodes)
        learned, notes = 0, []
        parts: list[list[Row]] = []
        for name, node in nodes:
            whole = f"{path}.{name}" if path else name
            if isinstance(node, Tree):
                last = len(parts) == branches - 1
                head, under = ("└─ ", "   ") if last else ("├─ ", "│  ")
                parts.append(self._rows(node, whole, f"{below}{head}{name} ", below + under))
                learned += parts[-1][0].parameters
            else:
                learned += node.size if self._is_new_parameter(node) else 0
                notes.append(self._note(name, node, whole))
        return [Row(label, output, learned, ", ".join(notes)), *chain.from_iterable(parts)]

    def _shape(self, tree: Tree) -> str:
        """That of what a tree gives; what is no array is named by its class."""
        if id(tree) not in self._outputs:
            return ""
        output = self._outputs[id(tree)]
        return str(getattr(output, "shape", type(output).__name__))

    def _is_new_parameter(self, tensor: Tensor) -> bool:
        return isinstance(tensor, Parameter) and id(tensor) not in self._seen

    def _note(self, name: str, tensor: Tensor, path: str) -> str:
        """The shape of a tensor, and what is special about it."""
        if id(tensor) in self._seen:
            return f"{name} is {self._seen[id(tensor)]}"
        self._seen[id(tensor)] = path
        notes = [name, str(tensor.shape)]
        if tensor.dtype != np.float32:
            notes.append(str(tensor.dtype))
        if not isinstance(tensor, Parameter):
            notes.append("buffer")
        elif not tensor.requires_grad:
            notes.append("frozen")
        return " ".join(notes)

    def __repr__(self) -> str:
        root = self.rows[0]
        digits = len(f"{root.parameters:,}")
        notes = ": ".join(filter(None, ["parameters" if root.parameters else "", root.notes]))
        columns = (
            [row.label for row in self.rows],
            [row.output for row in self.rows],
            [f"{row.parameters:{digits},}" if row.parameters else "" for row in self.rows],
            [notes, *(row.notes for row in self.rows[1:])],
        )
        filled = [column for column in columns if any(column)]
        widths = [max(map(len, column)) for column in filled]
        return "\n".join(
            "  ".join(map(str.ljust, line, widths)).rstrip() for line in zip(*filled, strict=True)
        )


def outputs_of(root: Any, example: tuple[Any, ...]) -> dict[int, Any]:
    """Run `root` on an example in eval mode: what each module in it gives, by its id.

    All attributes are put back afterwards; what `forward` writes into one, as by appending to a
    list, stays.
    """
    outputs: dict[int, Any] = {}

    def watch(module: Any) -> Callable[..., Any]:
        forward = module.forward

        def watched(*inputs: Any, **named: Any) -> Any:
            outputs[id(module)] = forward(*inputs, **named)
            return outputs[id(module)]

        return watched

    trees = [node for _, node in walk(root) if isinstance(node, Tree)]
    with kept(trees), no_grad():
        root.eval()
        for tree in trees:
            vars(tree)["forward"] = watch(tree)
        root(*example)
    return outputs
