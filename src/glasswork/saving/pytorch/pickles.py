"""A machine that follows a pickle and can make nothing but plain values and views.

Python's own unpickler imports whatever a pickle names, and calls it. This one is a table of the
instructions that `torch.save` writes (https://docs.python.org/3/library/pickletools.html), and what
each does to a stack: everything else is refused, and so is what would take much more memory than
the file has bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pickletools import genops
from typing import IO, Any, NamedTuple

from ...errors import DataError
from .views import Call, Numbers, Storage, meaning

__all__ = ["Unpickled", "unpickle"]

ERRORS = (ValueError, TypeError, IndexError, KeyError, OverflowError)
MOST_AT_ONCE = 10_000  # values on the stack; Python's pickler puts dicts in by the thousand


class Unpickled(NamedTuple):
    """The value of a pickle, and the storages that it names, by their keys."""

    value: Any
    storages: dict[str, Storage]


def unpickle(stream: IO[bytes]) -> Unpickled:
    """Follow the pickle that begins here; the stream then stands behind it.

    Raises
    ------
    DataError
        If it is damaged, or asks for anything but plain values and tensors.
    """
    machine = _Machine()
    try:
        begin = stream.tell()
        for code, argument, _ in genops(stream):
            machine.do(code.name, argument)
            machine.check_memory(stream.tell() - begin)
        return Unpickled(machine.stack[-1], machine.storages)
    except DataError:
        raise
    except (*ERRORS, DeprecationWarning) as error:  # a warning may be an error, of a wrong escape
        raise _damaged(f"{type(error).__name__}: {error!s:.200}") from None


def _damaged(seen: str) -> DataError:
    return DataError(
        "the pickle in the file cannot be followed.\n"
        f"  {seen}.\n"
        "  The file is damaged, or was not written by torch.save: write or fetch it again."
    )


class _Machine:
    """The stack, what lies below the marks on it, and the values that were numbered."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.below: list[list[Any]] = []
        self.numbered: list[Any] = []
        self.storages: dict[str, Storage] = {}
        self.containers = 0

    def do(self, name: str, argument: Any) -> None:
        if name not in ACTIONS:
            raise ValueError(f"it has an instruction, {name}, that torch.save does not write")
        ACTIONS[name](self, argument)

    def check_memory(self, position: int) -> None:
        """Refuse a pickle that grows faster than a state dict can."""
        if max(len(self.stack), len(self.below)) > MOST_AT_ONCE:
            raise ValueError("it puts too many values on its stack")
        if self.containers > MOST_AT_ONCE + position // 8:
            raise ValueError("it makes too many containers")

    def mark(self) -> None:
        self.containers += 1
        self.below.append(self.stack)
        self.stack = []

    def since_mark(self) -> list[Any]:
        found, self.stack = self.stack, self.below.pop()
        return found

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def make(self, container: Any) -> None:
        self.containers += 1
        self.stack.append(container)

    def make_tuple(self, size: int) -> None:
        if len(self.stack) < size:
            raise IndexError("pop from an empty stack")
        parts = tuple(self.stack[-size:])
        del self.stack[-size:]
        self.make(parts)

    def extend(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is not list:
            raise TypeError(f"{type(target).__name__} is no list")
        target.extend(values)

    def put_in(self, pairs: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is not dict:
            raise TypeError(f"{type(target).__name__} is no dict")
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            if not isinstance(key, str | int):
                raise TypeError(f"{type(key).__name__} is no name")
            target[key] = value

    def number(self, place: int) -> None:
        """Remember the value on top; the pickler counts them from 0."""
        if place == len(self.numbered):
            self.numbered.append(self.stack[-1])
        else:
            self.numbered[place] = self.stack[-1]

    def name_on_stack(self) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise TypeError("a name is no text")
        self.push(meaning(module, name))

    def call(self) -> None:
        arguments, call = self.stack.pop(), self.stack.pop()
        if not isinstance(call, Call) or type(arguments) is not tuple:
            raise TypeError("what it calls is no function")
        self.make(call.function(*arguments))

    def forget_state(self) -> None:
        """Leave out what is attached to a dict: PyTorch keeps versions there."""
        self.stack.pop()

    def storage(self) -> None:
        match self.stack.pop():
            case ("storage", Numbers() as numbers, str(key), str(_), int(count), *rest):
                if count >= 0 and rest in ([], [None]):
                    self.storages[key] = Storage(key, numbers, count)
                    return self.make(self.storages[key])
        raise ValueError("it names a storage in an unknown way")


NUMBERS = ("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT")
TEXTS = ("BINUNICODE", "SHORT_BINUNICODE")
ACTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    **dict.fromkeys(("PROTO", "FRAME", "STOP"), lambda machine, _: None),
    **dict.fromkeys((*NUMBERS, *TEXTS), _Machine.push),
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    "MARK": lambda machine, _: machine.mark(),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "TUPLE1": lambda machine, _: machine.make_tuple(1),
    "TUPLE2": lambda machine, _: machine.make_tuple(2),
    "TUPLE3": lambda machine, _: machine.make_tuple(3),
    "TUPLE": lambda machine, _: machine.make(tuple(machine.since_mark())),
    "EMPTY_LIST": lambda machine, _: machine.make([]),
    "APPEND": lambda machine, _: machine.extend([machine.stack.pop()]),
    "APPENDS": lambda machine, _: machine.extend(machine.since_mark()),
    "EMPTY_DICT": lambda machine, _: machine.make({}),
    "SETITEM": lambda machine, _: machine.put_in([machine.stack.pop(-2), machine.stack.pop()]),
    "SETITEMS": lambda machine, _: machine.put_in(machine.since_mark()),
    **dict.fromkeys(("BINPUT", "LONG_BINPUT"), _Machine.number),
    "MEMOIZE": lambda machine, _: machine.number(len(machine.numbered)),
    **dict.fromkeys(
        ("BINGET", "LONG_BINGET"), lambda machine, place: machine.push(machine.numbered[place])
    ),
    "GLOBAL": lambda machine, names: machine.push(meaning(*names.split(" ", 1))),
    "STACK_GLOBAL": lambda machine, _: machine.name_on_stack(),
    "REDUCE": lambda machine, _: machine.call(),
    "BUILD": lambda machine, _: machine.forget_state(),
    "BINPERSID": lambda machine, _: machine.storage(),
}
