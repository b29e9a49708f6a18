"""A page as a file of its own, which runs with NumPy alone."""

from __future__ import annotations

import ast
import inspect
import io
from os import PathLike
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from ..errors import CompileError, OptionError
from ..limits import path_of
from ..saving.files import atomic_write
from .program import Program
from .rates import Count, Rate
from .sources import Sources

__all__ = ["save"]

HEAD = '''"""{title}

Written by Glasswork: the NumPy program of one training step or prediction, for arrays of these
shapes. It needs NumPy alone. Beside it, {arrays} holds what it works on, and the first call goes on
from there.

    from {module} import {name}
    result = {name}({passed})
{note}"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

with np.load(Path(__file__).with_suffix(".npz")) as _file:
    _arrays = dict(_file)
'''
GOING_ON = '''

_page, _calls = {name}, 0


def {name}({arguments}, **_numbers):
    """The page, which is told what has changed since the call before."""
    global _calls
    _now = {{{numbers}
    }}
    result = _page({passed}, **_now | _numbers)
    _calls += 1{forgets}
    return result
'''
NOTE = """
{names} stays as it was: a schedule that no file can hold. Pass it by name, if it changes.
"""


def save(program: Program, path: str | PathLike[str]) -> None:
    """Write a program's page to a file, and its arrays beside it."""
    path = path_of("save", path)
    if path.suffix != ".py":
        raise OptionError(f"save: {path.name} is to be a file of Python.\n  End its name in .py.")
    program.settle()
    program.take_up()
    sources, arrays = Sources(), path.with_suffix(".npz")
    given = _given(program, sources)
    packed = io.BytesIO()
    np.savez(packed, **{name: program.namespace[name] for name in given})
    text = _text(program, path, given, sources)
    with atomic_write(arrays) as file:
        file.write(packed.getvalue())
    with atomic_write(path) as file:
        file.write(text.encode())


def _text(program: Program, path: Path, given: list[str], sources: Sources) -> str:
    """The whole file."""
    source, passed = program.page.source, _passed(program)
    numbers, fixed = _numbers(program, sources)
    generators = _generators(program)
    text = HEAD.format(
        title=source.partition("\n")[0].lstrip("# "),
        arrays=path.with_suffix(".npz").name,
        module=path.stem,
        name=program.name,
        passed=", ".join(name for name in passed if name not in generators),
        note=NOTE.format(names=", ".join(fixed)) if fixed else "",
    )
    lines = [text, *(f"{name} = _arrays[{name!r}]" for name in given)]
    lines += [f"arena = np.empty({program.plan.size}, np.uint8)"] if program.plan.size else []
    lines += [*generators.values(), *sources.definitions.values()]
    lines += [source.partition("import numpy as np\n")[2]]
    if numbers or generators or program.forgotten:
        defaults = {name: f"{name}=_{name}" for name in generators}
        lines[-1] += GOING_ON.format(
            name=program.name,
            arguments=", ".join(defaults.get(name, name) for name in passed),
            passed=", ".join(passed),
            numbers="".join(f"\n        {name!r}: {now}," for name, now in numbers.items()),
            forgets="".join(f"\n    {gradient}[...] = 0" for gradient in program.forgotten),
        )
    text = "\n".join(lines)
    return text if "math." in text else text.replace("import math\n", "", 1)


def _given(program: Program, sources: Sources) -> list[str]:
    """The names of the arrays that a page is given; the functions are written."""
    arrays = []
    for name in program.page.given:
        value = inspect.unwrap(program.namespace[name])
        if isinstance(value, np.ndarray):
            arrays.append(name)
        elif _is_of_error(value):
            sources.add(name, f'def {name}(*seen):\n    return ValueError(f"{name}: {{seen}}")')
        else:
            sources.define(name, value)
    return arrays


def _is_of_error(function: Any) -> bool:
    """Whether a function gives the error that is raised about wrong values."""
    if not isinstance(function, FunctionType):
        return False
    gives = inspect.get_annotations(function, eval_str=False).get("return", "")
    return str(gives).endswith("Error")


def _passed(program: Program) -> list[str]:
    """The names of what has to be passed."""
    parameters = inspect.signature(program.run).parameters.values()
    return [p.name for p in parameters if p.default is p.empty]


def _numbers(program: Program, sources: Sources) -> tuple[dict[str, str], list[str]]:
    """What is read at each call, as expressions of the calls before; the names of what is not."""
    numbers, fixed = {}, []
    for line, read in program.readings:
        name = program.page.named[line]
        if isinstance(read, Count):
            numbers[name] = _count(program, read.owner, 0)
        elif isinstance(read, Rate):
            step = _count(program, read.optimizer, read.ahead)
            try:
                numbers[name] = sources.rate(read.optimizer._rates[read.place], step)
            except CompileError:
                numbers[name] = repr(read())
                fixed.append(name)
            if numbers[name] == repr(line.value):  # as the page has it
                del numbers[name]
    return numbers, fixed


def _count(program: Program, owner: Any, ahead: int) -> str:
    """How many steps there were, as an expression of the calls before."""
    times = program.after.times(owner)
    return f"{owner.steps + ahead} + {f'{times} * ' if times > 1 else ''}_calls"


def _generators(program: Program) -> dict[str, str]:
    """Statements that make the generators as they are now; none if one cannot be written."""
    statements: dict[str, str] = {}
    first: dict[int, str] = {}
    for line, read in program.readings:
        if line.kind == "generator":
            name, source = f"_{program.page.named[line]}", read().bit_generator
            try:
                ast.literal_eval(repr(source.state))
            except ValueError:
                return {}
            same = first.setdefault(id(source), name)
            made = f"np.random.Generator(np.random.{type(source).__name__}())"
            made += f"\n{name}.bit_generator.state = {source.state}"
            statements[name[1:]] = f"{name} = {made if same == name else same}"
    return statements
