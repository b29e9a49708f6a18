#!/usr/bin/env python
"""Print docs/reference.md: all public names with their arguments and the first line of their help.

Run `scripts/reference.py > docs/reference.md` when one has come, gone or changed.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import glasswork as gw
from glasswork import data, derivatives, export, functional, nn, optim, saving, show, train
from glasswork.nn import initializers
from glasswork.ops import OPS

ROOT = Path(__file__).resolve().parents[1]
HEAD = """\
# All names

What there is, with its arguments, and the first line of what `help` says of it: the whole has the
equation, the shapes, the errors and an example. (Made by `scripts/reference.py`.)
"""
METRICS = [
    "accuracy", "confusion_matrix", "f1", "mae", "precision", "r_squared", "recall", "rmse",
    "top_k",
]  # fmt: skip
TENSORS = ["Tensor", "Parameter", "Buffer", "no_grad", "seed", "threads"]
MAKERS = ["check_gradient", "elementwise", "linear", "general"]
TRAINING = ["fit", "preflight", "diff"]


def of(module: ModuleType, names: Iterable[str] = ()) -> dict[str, Any]:
    """The public functions and classes of a module, or those of these names."""
    found = {name: getattr(module, name) for name in names or module.__all__}
    return {name: it for name, it in found.items() if source_of(it)}


def source_of(it: Any) -> str:
    """The file of a function or a class of ours, from the root of the project."""
    it = inspect.unwrap(it)
    if not (inspect.isfunction(it) or inspect.isclass(it)):
        return ""
    file = Path(inspect.getsourcefile(it) or "")
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else ""


def without(names: Iterable[str], found: dict[str, Any]) -> dict[str, Any]:
    """All but some of them."""
    return {name: it for name, it in found.items() if name not in set(names)}


def layers() -> dict[str, Any]:
    """Modules that are no losses."""
    found = without(TENSORS, of(nn))
    return {n: it for n, it in found.items() if isinstance(it, type) and not is_loss(it)}


def is_loss(it: Any) -> bool:
    """Whether this is a class of losses."""
    return isinstance(it, type) and issubclass(it, nn.Loss)


ROOMS = {
    "Tensors": lambda: of(gw, TENSORS),
    "Derivatives, and operations of one's own": lambda: of(derivatives) | of(gw, MAKERS),
    "Modules and layers": layers,
    "Losses": lambda: {n: it for n, it in of(nn).items() if is_loss(it)} | of(nn, ["penalty"]),
    "First weights: `glasswork.nn.initializers`": lambda: of(initializers),
    "Optimizers, schedules and clipping: `glasswork.optim`": lambda: of(optim),
    "Data: `glasswork.data`": lambda: of(data),
    "Training: `glasswork.train`": lambda: of(gw, TRAINING) | without(METRICS, of(train)),
    "Metrics: `glasswork.train`": lambda: of(train, METRICS),
    "Compiling": lambda: of(gw, ["compile"]),
    "Saving and loading: `glasswork.saving`": lambda: of(saving),
    "Exports: `glasswork.export`": lambda: of(export),
    "Pictures, and looking inside: `glasswork.show`": lambda: of(show),
}


def reference() -> str:
    """The page."""
    rooms = [f"\n## {title}\n\n{table(find())}" for title, find in ROOMS.items()]
    return "".join([HEAD, *rooms, f"\n## Operations: `glasswork.functional`\n\n{operations()}"])


def table(found: dict[str, Any]) -> str:
    """A row for each."""
    return rows((named(name, it), first_line(it)) for name, it in found.items())


def operations() -> str:
    """A row for each operation: how it is called, and its equation."""
    return rows(
        (f"`{name}{plain(inspect.signature(getattr(functional, name)))}`", op.equation)
        for name, op in sorted(OPS.items())
        if name in functional.__all__
    )


def rows(cells: Iterable[tuple[str, str]]) -> str:
    """A table of two columns."""
    escaped = ((name, text.replace("|", "\\|")) for name, text in cells)
    return "\n".join(["| | |", "|---|---|", *(f"| {n} | {text} |" for n, text in escaped)]) + "\n"


def named(name: str, it: Any) -> str:
    """The name, which leads to the source, and the arguments."""
    arguments = "()" if takes_nothing(it) else plain(inspect.signature(it))
    return f"[`{name}`](../{source_of(it)})`{arguments}`"


def takes_nothing(it: Any) -> bool:
    """Whether this is a module whose constructor, which it inherits, is for children."""
    inherits = isinstance(it, type) and it.__init__ is nn.Module.__init__
    return inherits and it not in (nn.Module, nn.Sequential)


def plain(signature: inspect.Signature) -> str:
    """Arguments without their types, and what is a function by its name."""
    parameters = [
        p.replace(
            annotation=p.empty, default=Said(p.default) if p.default is not p.empty else p.empty
        )
        for p in signature.parameters.values()
    ]
    return str(inspect.Signature(parameters))


class Said:
    """A default, as one would write it."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return getattr(self.value, "__name__", None) or repr(self.value)


def first_line(it: Any) -> str:
    """What the docstring begins with."""
    return (inspect.getdoc(it) or "").partition("\n")[0]


if __name__ == "__main__":
    print(reference(), end="")
