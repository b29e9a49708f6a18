"""The page of a step: which of its lines belongs to which layer."""

from __future__ import annotations

from typing import Any

from ..compiler import Compiled
from ..compiler.lines import Line
from ..compiler.names import module_names
from ..compiler.page import Page
from ..nn import Linear
from .training import Training

__all__ = ["page"]


def page(training: Training) -> dict[str, Any]:
    """The NumPy that a step runs, and its lines: section, mathematics and layer.

    Before the first step there is no page yet: then it is that of a twin, which takes one.
    """
    if not training.steps:
        training = Training(training.state, training.material)
        training.step()
    run = training.step_of.run
    if not isinstance(run, Compiled):
        return {"source": "", "lines": [], "reason": "this step could not be compiled"}
    written = run.programs[0].page
    owners = _owners(training)
    numbers = _numbers(written.source, written.first)
    lines = [
        {
            "number": number,
            "section": statement.section,
            "text": statement.text.strip(),
            "comment": statement.comment,
            "layer": _layer(owners, written, statement.line),
        }
        for number, statement in zip(numbers, written.body, strict=True)
    ]
    return {"source": written.source, "lines": lines, "reason": ""}


def _numbers(source: str, first: int) -> list[int]:
    """The numbers of the lines that are statements of the function."""
    lines = source.splitlines()[first - 1 :]
    return [number for number, text in enumerate(lines, first) if text.lstrip()[:1] != "#"]


def _owners(training: Training) -> dict[str, int]:
    """The layer of each module of the network, by its path, and of each parameter, by its name."""
    called, owners, layer = module_names({"model": training.model}), {}, -1
    for child, module in enumerate(training.model):
        path = f"model.{child}"
        layer += isinstance(module, Linear)
        owners[path] = layer
        owners |= {f"{called[path]}_{name}": layer for name, _ in module.named_parameters()}
    return owners


def _layer(owners: dict[str, int], written: Page, line: Line | None) -> int | None:
    """The layer whose value, or whose gradient, a line makes."""
    if line is None:
        return None
    of = line.origin.of
    path = line.origin.module if of is None else of.origin.module
    return owners.get(path or written.named.get(of, ""))
