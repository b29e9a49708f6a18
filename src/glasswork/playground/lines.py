"""The lines of a step's page: which belong to which layer, and which hand on which gradient."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..compiler import Compiled
from ..compiler.lines import Line
from ..compiler.names import module_names
from ..compiler.page import Page, Statement
from ..nn import Linear
from .training import Training

__all__ = ["backward_lines", "page"]


def page(training: Training) -> dict[str, Any]:
    """The NumPy that a step runs, and its lines: section, mathematics and layer."""
    written = _written(training)
    if written is None:
        return {"source": "", "lines": [], "reason": "this step could not be compiled"}
    owners = _Owners(training, written)
    lines = [
        {
            "number": number,
            "section": statement.section,
            "text": statement.text.strip(),
            "comment": statement.comment,
            "layer": None if statement.line is None else owners.of_result(statement.line),
        }
        for number, statement in _numbered(written)
    ]
    return {"source": written.source, "lines": lines, "reason": ""}


def backward_lines(training: Training) -> dict[tuple[int | None, str], list[int]]:
    """The numbers of the lines by which an op of a layer, or of the loss, hands on its gradient.

    The loss is layer None. Where it has an op more than once, their lines cannot be told apart.
    """
    written = _written(training)
    found: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    if written is not None:
        owners = _Owners(training, written)
        for number, (_, _, section, line) in _numbered(written):
            if section == "backward" and line is not None:
                found[owners.of_op(line), line.origin.role].append(number)
    return found


def _written(training: Training) -> Page | None:
    """The page that the steps run; before there is one, that of a twin which takes a step."""
    run = training.step_of.run
    if isinstance(run, Compiled) and not run.programs:
        training = Training(training.state, training.material)
        training.step()
        run = training.step_of.run
    return run.programs[0].page if isinstance(run, Compiled) else None


def _numbered(written: Page) -> list[tuple[int, Statement]]:
    """The statements of a page with the numbers of their lines: headings stand between them."""
    lines = written.source.splitlines()[written.first - 1 :]
    numbers = [i for i, text in enumerate(lines, written.first) if text.lstrip()[:1] != "#"]
    return list(zip(numbers, written.body, strict=True))


class _Owners:
    """To which layer of a network the lines of a page belong."""

    def __init__(self, training: Training, written: Page) -> None:
        self._named = written.named
        self._modules: dict[str, int] = {}
        self._parameters: dict[str, int] = {}
        called, layer = module_names({"model": training.model}), -1
        for child, module in enumerate(training.model):
            layer += isinstance(module, Linear)
            self._modules[f"model.{child}"] = layer
            for name, _ in module.named_parameters():
                self._parameters[f"{called[f'model.{child}']}_{name}"] = layer
        self._last = layer

    def of_result(self, line: Line) -> int | None:
        """The layer whose value, or whose gradient, a line makes."""
        of = line.origin.of
        module = line.origin.module if of is None else of.origin.module
        parameter = "" if of is None else self._named.get(of, "")
        return self._modules.get(module, self._parameters.get(parameter))

    def of_op(self, line: Line) -> int | None:
        """The layer of the op whose gradient a line of the backward pass hands on."""
        of, result = line.origin.of, self.of_result(line)
        if of is None or result is None or self._named.get(of, "") in self._parameters:
            return result
        if line.origin.role == "matmul":
            return result + 1
        return None if result == self._last else result
