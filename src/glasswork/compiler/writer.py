"""The writer: a program as a page of NumPy that a person can read, and that is what runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .calls import COPY, PACK, Cast, Guard, Key, Method, Number, Whole
from .lines import Line, Place
from .names import NOUNS, Names
from .notation import mathematics, size
from .outputs import lines_of
from .plan import STRIP, Buffer, Plan

__all__ = ["Page", "Script", "Statement", "write"]

SECTIONS = {"forward": "forward", "backward": "backward: d_h is ∂loss/∂h", "update": "update"}
COLUMN = 64  # where comments begin


class Script(NamedTuple):
    """What is to be written.

    Attributes
    ----------
    name, title : str
        Of the function, and of the page.
    plan : Plan
        Lines, and where they put what they make.
    arguments : dict of Line to str
        What is passed at each call, by name.
    readings : list of Line
        What is read at each call: generators first, then numbers.
    names : dict of Line to str
        What parameters and gradients are called.
    modules : dict of str to str
        What modules are called, by path.
    of : dict of Line to Line
        For lines of the backward part, the value whose gradient they are a part of.
    output : nested tuples, lists and dicts of Line
        What is returned.
    quiet : dict
        The floating-point warnings that are not wanted.
    """

    name: str
    title: str
    plan: Plan
    arguments: Mapping[Line, str]
    readings: Sequence[Line]
    names: Mapping[Line, str]
    modules: Mapping[str, str]
    of: Mapping[Line, Line]
    output: Any
    quiet: Mapping[str, str]


class Statement(NamedTuple):
    """One line of the page's function."""

    text: str
    comment: str
    section: str
    line: Line | None


class Page(NamedTuple):
    """A program, written.

    Attributes
    ----------
    source : str
        The whole page.
    given : dict
        What the page takes as it finds it: vectors, constants, errors, numbers.
    body : list of Statement
        The lines of its function.
    first : int
        The number of the line on which the body begins.
    named : dict of Line to str
        What everything is called.
    """

    source: str
    given: dict[str, Any]
    body: list[Statement]
    first: int
    named: Mapping[Line, str]


def write(script: Script) -> Page:
    """Write a page."""
    writer = _Writer(script)
    returned = Statement(f"return {writer.output(script.output)}", "", "update", None)
    body = [*writer.body, returned]
    head = writer.head()
    lines = [*head]
    section = ""
    for statement in body:
        if statement.section != section and statement is not returned:
            section = statement.section
            lines.append(f"    # {SECTIONS[section]}")
        comment = f"  # {statement.comment}" if statement.comment else ""
        lines.append(f"    {statement.text}".ljust(COLUMN if comment else 0) + comment)
    return Page("\n".join(lines) + "\n", writer.given, body, len(head) + 1, writer.named)


class _Writer:
    """Goes through the lines once, naming what they make and stating what they do."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._plan = script.plan
        whole = (x.call.name for x in self._plan.lines if isinstance(x.call, Whole))
        self._taken = Names(("np", "arena", script.name, *whole))
        self.named: dict[Line, str] = {}
        self._aliases: dict[Buffer, list[str]] = {}
        self._views: list[str] = []
        self._held: list[str] = []
        self._defaults: dict[str, str] = {}
        self.given: dict[str, Any] = {}
        self.body: list[Statement] = []
        self._uses = Counter(x for line in self._plan.lines for x in line.inputs)
        self._uses.update(lines_of(script.output))
        self._arguments = [
            self._name(line, self._taken.new(name)) for line, name in script.arguments.items()
        ]
        for line in script.readings:
            name = self._name(line, self._taken.new(line.call.name))
            if line.call.kind == "generator":
                self._arguments.append(name)
            else:
                self._defaults[name] = self.text(line.value)
        for line in self._plan.lines:
            if isinstance(line.call, Place) and line not in self.named:
                self._name_place(line, line.call)
        in_strips = {line: strip for strip in self._plan.strips for line in strip}
        for i, line in enumerate(self._plan.lines):
            if line in in_strips:
                if line is in_strips[line][-1]:
                    self._write_strips(in_strips[line])
            elif not isinstance(line.call, Place):
                self._write(i, line)

    # What is said at the head of the page

    def head(self) -> list[str]:
        """The lines above the body."""
        script = self._script
        defaults = [f"{name}={value}" for name, value in self._defaults.items()]
        quiet = ", ".join(f"{kind}={how!r}" for kind, how in script.quiet.items())
        buffers = [
            f"{' = '.join(names)} = {_memory(buffer)}" for buffer, names in self._aliases.items()
        ]
        arena = buffers
        given = [
            f"#     {name}: {_described(value)}"
            for name, value in self.given.items()
            if isinstance(value, np.ndarray)
        ]
        if arena:
            given.append(f"#     arena: {self._plan.size} bytes")
        return [
            f"# {script.title}",
            *(["#", "# Given:", *given] if given else []),
            "",
            "import numpy as np",
            "",
            *self._held,
            *(["", "# Memory. Names of one line share it, one after the other."] if arena else []),
            *arena,
            *(["", "# Views, which need no memory."] if self._views else []),
            *self._views,
            "",
            "",
            *([f"@np.errstate({quiet})"] if quiet else []),
            f"def {script.name}({', '.join([*self._arguments, *defaults])}):",
        ]

    def output(self, output: Any) -> str:
        """What the function returns, as an expression."""
        if isinstance(output, Line):
            text = self.text(output)
            fresh = output in self._plan.fresh or not output.is_array
            return text if fresh else f"{text}.copy()"
        if isinstance(output, dict):
            return f"{{{', '.join(f'{k!r}: {self.output(v)}' for k, v in output.items())}}}"
        if isinstance(output, tuple | list):
            inner = ", ".join(map(self.output, output))
            comma = "," if isinstance(output, tuple) and len(output) == 1 else ""
            return f"[{inner}]" if isinstance(output, list) else f"({inner}{comma})"
        return repr(output) if isinstance(output, int | float | str) else "None"

    # What things are called

    def text(self, x: Any) -> str:
        """An argument, as an expression."""
        if isinstance(x, Line):
            return self.named[x] if x in self.named else self._call(x)
        if isinstance(x, tuple):
            return f"({', '.join(map(self.text, x))}{',' if len(x) == 1 else ''})"
        if isinstance(x, list):
            return f"[{', '.join(map(self.text, x))}]"
        if isinstance(x, slice):
            parts = [x.start, x.stop] if x.step is None else [x.start, x.stop, x.step]
            return ":".join("" if part is None else self.text(part) for part in parts)
        if isinstance(x, np.dtype):
            return f"np.{x.name}" if x != bool else "np.bool_"
        if isinstance(x, float) and not np.isfinite(x):
            return f"np.{x}" if x > 0 or x != x else "-np.inf"
        if x is Ellipsis:
            return "..."
        return repr(x.item() if isinstance(x, np.generic) else x)

    def _name(self, line: Line, name: str) -> str:
        self.named[line] = name
        return name

    def _name_place(self, line: Line, place: Place) -> None:
        if place.kind == "number":
            name = self._name(line, self._taken.new(place.name))
            self._defaults[name] = self.text(line.value)
            return
        wish = self._script.names.get(line, place.name)
        if place.kind == "constant" and (literal := _literal(line.value)) is not None:
            if line.value.ndim == 0:
                self._name(line, literal)
                return
            name = self._name(line, self._taken.new(wish))
            self._held.append(f"{name} = {literal}")
            return
        name = self._name(line, self._taken.new(wish))
        self.given[name] = line.value

    def _wish(self, line: Line) -> tuple[str, ...]:
        """What a value would like to be called."""
        if line in self._script.names:
            return (self._script.names[line],)
        noun = NOUNS.get(line.call.name, line.call.name.rpartition(".")[2])
        section, module, role, *_ = line.origin
        if section == "backward" and line in self._script.of:
            whole = f"d_{self._label(self._script.of[line])}"
            return whole, f"{whole}_{noun}"
        if section == "update":
            return ("change", f"change_{noun}")
        name = self._script.modules.get(module, "")
        return (name, f"{name}_{noun}") if name else (noun, f"{role}_{noun}")

    def _label(self, line: Line) -> str:
        name = self.named.get(line, "value")
        return name if name.isidentifier() else "value"

    # What the lines do

    def _write(self, i: int, line: Line) -> None:
        into = self._plan.into.get(line)
        if line.call is PACK and line.args[0] is not None:
            self._name_vector(line)
        elif line.call is COPY:
            self._state(f"{self.text(line.args[0])}[...] = {self.text(line.args[1])}", line)
        elif isinstance(line.call, Guard):
            self._guard(line, line.call)
        elif into is not None:
            name = self._target(line, into)
            args, kwargs = self._operands(line)
            self._state(line.call.into(args, kwargs, name), line)
        elif line.base is not None:
            self._view(line)
        elif self._can_wait(i, line):
            pass  # it is written where it is used
        else:
            name = self._taken.new(*self._wish(line))
            self._state(f"{name} = {self._call(line)}", line)
            self._name(line, name)

    def _write_strips(self, lines: list[Line]) -> None:
        """A loop over strips of long vectors, which are cut once."""
        whole: dict[Line, str] = {}
        for line in lines:
            for x in line.inputs:
                if x.is_array and x not in whole:
                    whole[x] = self.text(x)
            whole[line] = self._target(line, self._plan.into[line])
        vectors = list(dict.fromkeys(whole.values()))
        parts = {name: self._taken.new(f"{name.partition('[')[0]}_strip") for name in vectors}
        length = lines[0].value.size
        short = {
            name
            for buffer, names in self._aliases.items()
            for name in names
            if buffer.shape == (STRIP,)
        }
        cut = ", ".join(
            f"{v}[:{length} - i]" if v in short else f"{v}[i:i + {STRIP}]" for v in vectors
        )
        strips = self._taken.new("strips")
        self._views.append(f"{strips} = [({cut}) for i in range(0, {length}, {STRIP})]")
        header = f"for {', '.join(parts.values())} in {strips}:"
        self.body.append(
            Statement(header, f"{STRIP} elements at a time", lines[0].origin.section, None)
        )
        before = dict(self.named)
        for line in lines:
            self.named.update({x: parts[whole[x]] for x in (*line.inputs, line) if x in whole})
            args, kwargs = self._operands(line)
            self._state(f"    {line.call.into(args, kwargs, self.named[line])}", line)
        self.named.update(before)

    def _target(self, line: Line, into: Buffer | Line) -> str:
        if isinstance(into, Line):
            return self._name(line, self.text(into))
        names = self._aliases.setdefault(into, [])
        wishes = self._wish(line)
        if wishes[0] in names:
            return self._name(line, wishes[0])
        names.append(self._taken.new(*wishes))
        return self._name(line, names[-1])

    def _state(self, text: str, line: Line) -> None:
        written = mathematics(line, self._spoken)
        shape = size(line.value)
        comment = f"{written}  {shape}" if shape else written
        self.body.append(Statement(text, comment, line.origin.section or "forward", line))

    def _spoken(self, x: Any) -> str:
        """What a comment calls an argument."""
        text = self.text(x)
        return text if len(text) < 40 else "…"

    def _guard(self, line: Line, guard: Guard) -> None:
        holds, *arrays = line.args
        name = self._taken.new(getattr(guard.error, "__name__", "refused").lstrip("_"))
        self.given[name] = guard.error
        arguments = ", ".join(map(self.text, arrays))
        text = f"if not {self.text(holds)}: raise {name}({arguments})"
        self.body.append(Statement(text, "", line.origin.section, line))

    def _view(self, line: Line) -> None:
        """A view of what is always at one place is made once; others where they are used."""
        root = line.root
        args, kwargs = self._operands(line)
        text = line.call.text(args, kwargs)
        fixed = (
            root in self._plan.into
            or (isinstance(root.call, Place) and root not in self._script.arguments)
            or (root.call is PACK)
        )
        if isinstance(line.call, Method) and line.call.attribute:
            self.named[line] = text
        elif fixed and (line in self._script.names or self._kept(line)):
            column = f"{self._label(line.base)}_{'column' if _is_column(line) else 'view'}"
            name = self._taken.new(self._script.names.get(line, column))
            self._views.append(f"{self._name(line, name)} = {text}")
        elif fixed or self._uses[line] == 1:
            self.named[line] = text
        else:
            name = self._taken.new(f"{self._label(line.base)}_view")
            self._state(f"{name} = {text}", line)
            self._name(line, name)

    def _kept(self, line: Line) -> bool:
        """Whether a view is used by lines that are no views themselves."""
        takers = [x for x in self._plan.lines if line in x.inputs]
        return any(x.base is None for x in takers)

    def _name_vector(self, line: Line) -> None:
        """The vector that a pack of parts is: it is there already."""
        places = line.args[0]
        root = places[0].root
        start = _offset(places[0], root)
        stop = start + line.value.size
        whole = (start, stop) == (0, root.value.size)
        self.named[line] = self.text(root) if whole else f"{self.text(root)}[{start}:{stop}]"

    def _can_wait(self, i: int, line: Line) -> bool:
        """Whether a number can be written as a part of the one line that takes it."""
        if line.is_array or self._uses[line] != 1 or line.call.effect:
            return False
        if isinstance(line.call, Number) and all(_is_number(x) for x in line.inputs):
            return True
        for later in self._plan.lines[i + 1 :]:
            if line in later.inputs:
                return True
            if later in self._plan.into or later.call.effect or later.call is PACK:
                return False
        return False

    def _operands(self, line: Line) -> tuple[list[str], dict[str, str]]:
        if isinstance(line.call, Whole):
            self.given.setdefault(line.call.name, line.call.function)
        args = [self.text(x) for x in line.args]
        if isinstance(line.call, Method | Cast | Key):
            args[0] = f"({args[0]})" if " " in args[0] else args[0]
        if isinstance(line.call, Number):
            args = [f"({x})" if " " in x or x.startswith("-") else x for x in args]
        return args, {name: self.text(value) for name, value in line.kwargs.items()}

    def _call(self, line: Line) -> str:
        args, kwargs = self._operands(line)
        sign = _SIGNS.get(line.call.name)
        if sign and not line.is_array and not kwargs:
            wrapped = [f"({x})" if " " in x else x for x in args]
            return f" {sign} ".join(wrapped)
        return line.call.text(args, kwargs)


_SIGNS = {"np.add": "+", "np.subtract": "-", "np.multiply": "*", "np.divide": "/", "np.less": "<"}


def _is_number(line: Line) -> bool:
    return type(line.value) in (int, float)  # NumPy's float64 is a float of Python's too


def _offset(view: Line, root: Line) -> int:
    """Where a view begins in a vector, in elements."""
    bytes_before = view.value.ctypes.data - root.value.ctypes.data
    return bytes_before // root.value.itemsize


def _memory(buffer: Buffer) -> str:
    """A buffer as a view of the arena."""
    text = f"arena[{buffer.start}:{buffer.start + buffer.nbytes}].view(np.{buffer.dtype.name})"
    if len(buffer.shape) == 1:
        return text
    if buffer.order == tuple(sorted(buffer.order)):
        return f"{text}.reshape({', '.join(map(str, buffer.shape))})"
    order = [
        *buffer.order,
        *(axis for axis in range(len(buffer.shape)) if axis not in buffer.order),
    ]
    shape = ", ".join(str(buffer.shape[axis]) for axis in order)
    back = ", ".join(str(order.index(axis)) for axis in range(len(order)))
    return f"{text}.reshape({shape}).transpose({back})"


def _is_column(line: Line) -> bool:
    return line.value.ndim == 2 and line.value.shape[1] == 1


def _literal(value: np.ndarray) -> str | None:
    """A constant as it would be written, if that is short."""
    dtype = f"np.{value.dtype.name}"
    if value.ndim == 0:
        return repr(value.item()) if value.dtype.kind in "iuf" and np.isfinite(value) else None
    if value.size and not np.any(value != value.flat[0]):
        number = value.flat[0].item()
        if value.dtype == bool or not np.isfinite(number):
            return None
        shape = value.shape[0] if value.ndim == 1 else value.shape
        return (
            f"np.ones({shape}, {dtype})" if number == 1 else f"np.full({shape}, {number}, {dtype})"
        )
    if value.ndim == 2 and np.array_equal(value, np.eye(len(value), dtype=value.dtype)):
        return f"np.eye({len(value)}, dtype={dtype})"
    return None


def _described(value: np.ndarray) -> str:
    return f"{value.shape} {value.dtype}"
