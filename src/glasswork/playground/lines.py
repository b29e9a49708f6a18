"""The lines of a step's page: which belong to which layer, and which hand a gradient to whom."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..compiler import Compiled
from ..compiler.lines import Line
from ..compiler.names import module_names
from ..compiler.page import Page, Statement
from ..nn import Dropout, Linear
from .training import Training

__all__ = ["Receiver", "backward_lines", "page"]

Receiver = tuple[int | None, str]  # a layer, None for the loss, and a parameter or an op in it


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


def backward_lines(training: Training) -> dict[tuple[str, Receiver], list[int]]:
    """The numbers of the lines by which an op hands a gradient to a parameter or another op.

    What an op does more than once for the same receiver is told together.
    """
    written = _written(training)
    found: dict[tuple[str, Receiver], list[int]] = defaultdict(list)
    if written is not None:
        owners = _Owners(training, written)
        for number, (_, _, section, line) in _numbered(written):
            if section == "backward" and line is not None:
                found[line.origin.role, owners.receiver(line)].append(number)
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
        self._dropouts: set[str] = set()
        self._parameters: dict[str, Receiver] = {}
        called, layer = module_names({"model": training.model}), -1
        for child, module in enumerate(training.model):
            layer += isinstance(module, Linear)
            self._modules[f"model.{child}"] = layer
            if isinstance(module, Dropout):
                self._dropouts.add(f"model.{child}")
            for name, _ in module.named_parameters():
                self._parameters[f"{called[f'model.{child}']}_{name}"] = layer, name

    def of_result(self, line: Line) -> int | None:
        """The layer whose value, or whose gradient, a line makes."""
        return self._place(line.origin.of or line)[0]

    def receiver(self, line: Line) -> Receiver:
        """To whom a line hands a gradient; a dropout only passes it on to what it has dropped."""
        of = line.origin.of
        while of.origin.module in self._dropouts:
            of = next(x for x in of.inputs if x.origin.module not in self._dropouts)
        return self._place(of)

    def _place(self, line: Line) -> Receiver:
        made = self._modules.get(line.origin.module), line.origin.role
        return self._parameters.get(self._named.get(line, ""), made)
