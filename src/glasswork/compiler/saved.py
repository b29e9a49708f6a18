"""A page as a file of its own, which runs with NumPy alone."""

from __future__ import annotations

import builtins
import inspect
import io
from collections.abc import Callable
from dis import get_instructions
from os import PathLike
from pathlib import Path
from textwrap import dedent
from types import FunctionType
from typing import Any

import numpy as np

from ..errors import CompileError, OptionError
from ..saving.files import atomic_write
from .program import Program

__all__ = ["save"]

HEAD = '''"""{title}

Written by Glasswork: the NumPy program of one training step or prediction, for arrays of these
shapes. It needs NumPy alone. Beside it, {arrays} holds what it works on.

    from {module} import {name}
    {call}

Numbers with a default, such as learning_rate, stay as they were: pass those that change, of Adam
for one `steps`, how many steps there were before.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

with np.load(Path(__file__).with_suffix(".npz")) as _file:
    _arrays = dict(_file)
'''


def save(program: Program, path: str | PathLike[str]) -> None:
    """Write a program's page to a file, and its arrays beside it."""
    path = Path(path)
    if path.suffix != ".py":
        raise OptionError(f"save: {path.name} is to be a file of Python.\n  End its name in .py.")
    arrays: dict[str, Any] = {}
    given = []
    for name, value in program.namespace.items():
        if name == "arena":
            given.append(f"arena = np.empty({value.size}, np.uint8)")
        elif name in program.page.given and isinstance(value, np.ndarray):
            arrays[name] = value
            given.append(f"{name} = _arrays[{name!r}]")
        elif name in program.page.given:
            given.append(_function(name, value))
    source = program.page.source
    body = source.partition("import numpy as np\n")[2]
    head = HEAD.format(
        title=source.partition("\n")[0].lstrip("# "),
        arrays=path.with_suffix(".npz").name,
        module=path.stem,
        name=program.name,
        call=f"result = {program.name}({', '.join(_without_default(program.run))})",
    )
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    with atomic_write(path.with_suffix(".npz")) as file:
        file.write(packed.getvalue())
    with atomic_write(path) as file:
        file.write("\n".join([head, *given, body]).encode())


def _without_default(function: Callable[..., Any]) -> list[str]:
    """The names of what has to be passed."""
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.default is p.empty]


def _function(name: str, function: Any) -> str:
    """A function that the page calls, as source: of an error, one that raises it with its name."""
    if isinstance(function, type) or not isinstance(inspect.unwrap(function), FunctionType):
        raise _refusal(name)
    original = inspect.unwrap(function)
    if inspect.get_annotations(original, eval_str=False).get("return", "").endswith("Error"):
        return f'def {name}(*seen):\n    return ValueError(f"{name}: {{seen}}")\n'
    known = {*dir(builtins), "math", "np"}
    if original.__name__ == "<lambda>" or original.__closure__ or _globals(original) - known:
        raise _refusal(name)
    text = dedent(inspect.getsource(original))
    return text.replace(f"def {original.__name__}(", f"def {name}(", 1)


def _globals(function: FunctionType) -> set[str]:
    """What a function takes from its module."""
    steps = get_instructions(function.__code__)
    return {step.argval for step in steps if step.opname == "LOAD_GLOBAL"}


def _refusal(name: str) -> CompileError:
    return CompileError(
        f"save: the page calls {name}, a function that cannot be written to a file.\n"
        "  Define it by `def` at the head of a module, and let it use NumPy alone."
    )
