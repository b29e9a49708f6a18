"""The writer: a program as a page of NumPy that a person can read, and that is what runs."""

from __future__ import annotations

from collections import Counter

from .calls import COPY, KEY, PACK, Guard, Method, Number
from .layout import laid_out
from .lines import Line
from .notation import mathematics, size
from .outputs import lines_of
from .page import Page, Script, Statement
from .plan import STRIP, Buffer
from .spelling import Spelling

__all__ = ["write"]


def write(script: Script) -> Page:
    """Write a page."""
    writer = _Writer(script)
    spelling = writer.spelling
    returned = Statement(f"return {spelling.output(script.output)}", "", "", None)
    body = [*writer.body, returned]
    return laid_out(script, spelling, writer.memory, writer.views, body)


class _Writer:
    """Goes through the lines once, naming what they make and stating what they do."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._plan = script.plan
        self.spelling = Spelling(script)
        self.memory: dict[Buffer, list[str]] = {}
        self._views: dict[str, str] = {}  # names, by what they are of
        self._wished: dict[tuple[Buffer, str], str] = {}
        self.body: list[Statement] = []
        self._uses = Counter(x for line in self._plan.lines for x in line.inputs)
        self._uses.update(lines_of(script.output))
        in_strips = {line: strip for strip in self._plan.strips for line in strip}
        for i, line in enumerate(self._plan.lines):
            if line in in_strips:
                if line is in_strips[line][-1]:
                    self._write_strips(in_strips[line])
            elif not line.kind:
                self._write(i, line)

    @property
    def views(self) -> list[str]:
        """Statements that make views of what is always at one place."""
        return [f"{name} = {text}" for text, name in self._views.items()]

    def _write(self, i: int, line: Line) -> None:
        into = self._plan.into.get(line)
        if line.call is PACK and line.args[0] is not None:
            self._name_vector(line)
        elif line.call is COPY:
            place, value = map(self.spelling.text, line.args)
            self._state(f"{place}[...] = {value}", line)
        elif isinstance(line.call, Guard):
            self._guard(line, line.call)
        elif into is not None:
            name = self._target(line, into)
            args, kwargs = self.spelling.operands(line)
            self._state(line.call.into(args, kwargs, name), line)
        elif line.base is not None:
            self._view(line)
        elif self._can_wait(i, line):
            pass  # it is written where it is used
        else:
            name = self.spelling.new(*self.spelling.wishes(line))
            self._state(f"{name} = {self.spelling.call(line)}", line)
            self.spelling.named[line] = name

    def _write_strips(self, lines: list[Line]) -> None:
        """A loop over strips of long vectors, which are cut once."""
        vectors = self._vectors(lines)
        parts = {
            name: self.spelling.new(f"{name.partition('[')[0]}_strip")
            for name in dict.fromkeys(vectors.values())
        }
        strips = self._cut(list(parts), lines[0].value.size)
        header = f"for {', '.join(parts.values())} in {strips}:"
        comment = f"{STRIP} elements at a time"
        self.body.append(Statement(header, comment, lines[0].origin.section, None))
        named = self.spelling.named
        before = dict(named)
        for line in lines:
            named.update({x: parts[vectors[x]] for x in (*line.inputs, line) if x in vectors})
            args, kwargs = self.spelling.operands(line)
            self._state(f"    {line.call.into(args, kwargs, named[line])}", line)
        named.update(before)

    def _vectors(self, lines: list[Line]) -> dict[Line, str]:
        """What lines take and make, by name."""
        vectors: dict[Line, str] = {}
        for line in lines:
            for x in line.inputs:
                if x.is_array and x not in vectors:
                    vectors[x] = self.spelling.text(x)
            vectors[line] = self._target(line, self._plan.into[line])
        return vectors

    def _cut(self, vectors: list[str], length: int) -> str:
        """The name of a list of the strips of vectors; some have memory for one strip alone."""
        short = {
            name
            for buffer, names in self.memory.items()
            for name in names
            if buffer.shape == (STRIP,)
        }
        cut = ", ".join(
            f"{v}[:{length} - i]" if v in short else f"{v}[i:i + {STRIP}]" for v in vectors
        )
        strips = self.spelling.new("strips")
        self._views[f"[({cut}) for i in range(0, {length}, {STRIP})]"] = strips
        return strips

    def _target(self, line: Line, into: Buffer | Line) -> str:
        """What a line fills, which is its name from now on."""
        named = self.spelling.named
        if isinstance(into, Line):
            named[line] = self.spelling.text(into)
            return named[line]
        wishes = self.spelling.wishes(line)
        wish = into, wishes[0]
        if wish not in self._wished:
            self._wished[wish] = self.spelling.new(*wishes)
            self.memory.setdefault(into, []).append(self._wished[wish])
        named[line] = self._wished[wish]
        return named[line]

    def _state(self, text: str, line: Line) -> None:
        written = mathematics(line, self.spelling.spoken)
        shape = size(line.value)
        comment = f"{written}  {shape}" if shape else written
        self.body.append(Statement(text, comment, line.origin.section or "forward", line))

    def _guard(self, line: Line, guard: Guard) -> None:
        holds, *arrays = line.args
        name = self.spelling.new(getattr(guard.error, "__name__", "refused").lstrip("_"))
        self.spelling.given[name] = guard.error
        arguments = ", ".join(map(self.spelling.text, arrays))
        text = f"if not {self.spelling.text(holds)}: raise {name}({arguments})"
        self.body.append(Statement(text, "", line.origin.section, line))

    def _view(self, line: Line) -> None:
        """A view of what is always at one place is made once; others where they are used."""
        root, named = line.root, self.spelling.named
        text = self.spelling.call(line)
        fixed = (
            root in self._plan.into
            or (bool(root.kind) and root not in self._script.arguments)
            or root.call is PACK
        )
        if isinstance(line.call, Method) and line.call.attribute:
            named[line] = text
        elif fixed and (line in self._script.names or self._kept(line)):
            if text not in self._views:
                wish = f"{self.spelling.label(line.base)}_{_shown(line)}"
                self._views[text] = self.spelling.new(self._script.names.get(line, wish))
            named[line] = self._views[text]
        elif fixed or self._uses[line] == 1:
            named[line] = text
        else:
            name = self.spelling.new(f"{self.spelling.label(line.base)}_view")
            self._state(f"{name} = {text}", line)
            named[line] = name

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
        name = self.spelling.text(root)
        self.spelling.named[line] = name if whole else f"{name}[{start}:{stop}]"

    def _can_wait(self, i: int, line: Line) -> bool:
        """Whether a number can be written as a part of the one line that takes it."""
        if isinstance(line.call, Number) and all(map(_is_option, line.inputs)):
            return True
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


def _is_option(line: Line) -> bool:
    return line.kind == "number" and line.call.name != "steps"


def _is_number(line: Line) -> bool:
    return type(line.value) in (int, float)  # NumPy's float64 is a float of Python's too


def _offset(view: Line, root: Line) -> int:
    """Where a view begins in a vector, in elements."""
    before: int = view.value.ctypes.data - root.value.ctypes.data
    return before // int(root.value.itemsize)


def _shown(view: Line) -> str:
    """What a view shows: a column, by its number if it is one of several; rows; anything else."""
    if view.call is KEY:
        match view.args[1]:
            case (slice(start=None, stop=None), int(j)):
                return str(j)
    if view.value.shape[1:] == (1,):
        return "column"
    if view.value.ndim == 2 and len(view.value) == 1:
        return "row"
    return "rows" if view.call.name == "np.broadcast_to" else "view"
