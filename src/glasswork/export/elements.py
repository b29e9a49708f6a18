"""What is done to an element, in the words of a language."""

from __future__ import annotations

from collections.abc import Mapping

from .flat import Each
from .graph import Node

__all__ = ["DEFAULTS", "template"]

DEFAULTS = {"slope": 0.01, "alpha": 1.0}


def template(step: Each, node: Node, elements: Mapping[str, str], form: str) -> str:
    """The expression of a loop's element, with {0}, {1}, … for what it reads.

    Parameters
    ----------
    elements : mapping
        The expressions of a language, by op.

    Raises
    ------
    UnsupportedError
        If it has none for this op; `form` says what language that is.
    """
    name = step.op
    if name == "multiply":
        return " * ".join(f"{{{i}}}" for i in range(len(step.reads)))
    if name == "clip":
        low, high = (read.source or read.number is not None for read in step.reads[1:])
        raised = elements["maximum"] if low else "{0}"
        return elements["minimum"].format(raised, "{2}") if high else raised
    if name == "invert" and node.output.dtype == bool:
        name = "logical_not"
    if name == "gelu" and step.params.get("approximate"):
        name = "gelu_by_tanh"
    if name not in elements:
        raise node.unsupported(form)
    return elements[name]
