"""A machine that follows a pickle and can make nothing but plain values and views.

Python's own unpickler imports whatever a pickle names, and calls it. This one is a table of the
instructions that `torch.save` writes (https://docs.python.org/3/library/pickletools.html): the
argument of each, and what it does to a stack. Everything else is refused, and so is what would take
much more memory than the file has bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from struct import calcsize, unpack
from typing import IO, Any, NamedTuple

from ...errors import DataError
from .views import Call, Numbers, Storage, meaning

__all__ = ["Unpickled", "instructions", "unpickle"]

Reader = Callable[[IO[bytes]], Any]

MOST_AT_ONCE = 10_000  # values on the stack; Python's pickler puts dicts in by the thousand
STOP = b"."


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
        for code, argument in instructions(stream):
            INSTRUCTIONS[code].act(machine, argument)
            machine.check_memory(stream.tell() - begin)
        return Unpickled(machine.stack[-1], machine.storages)
    except DataError:
        raise
    except (ValueError, TypeError, IndexError, KeyError, OverflowError) as error:
        raise _damaged(f"{type(error).__name__}: {error!s:.200}") from None


def instructions(stream: IO[bytes]) -> Iterator[tuple[bytes, Any]]:
    r"""Each instruction of a pickle, a letter, with its argument, up to the one that ends it.

    Raises
    ------
    ValueError
        If one is not known, or the stream ends before the pickle does.

    Examples
    --------
    >>> import io, pickle
    >>> list(instructions(io.BytesIO(pickle.dumps([7], 2))))
    [(b'\x80', 2), (b']', None), (b'q', 0), (b'K', 7), (b'a', None), (b'.', None)]
    """
    code = b""
    while code != STOP:
        code = _exactly(stream, 1)
        if code not in INSTRUCTIONS:
            raise ValueError(f"it has an instruction, {code!r}, that torch.save does not write")
        yield code, INSTRUCTIONS[code].read(stream)


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


class Instruction(NamedTuple):
    """How its argument is read, and what it does."""

    read: Reader
    act: Callable[[_Machine, Any], None]


def _nothing(*_: object) -> None:
    """Neither read an argument nor do anything."""


def _exactly(stream: IO[bytes], count: int) -> bytes:
    found = stream.read(count)
    if len(found) < count:
        raise ValueError(f"it ends where {count:,} bytes more should come")
    return found


def _number(form: str) -> Reader:
    return lambda stream: unpack(form, _exactly(stream, calcsize(form)))[0]


def _text(form: str) -> Reader:
    length = _number(form)
    return lambda stream: _exactly(stream, length(stream)).decode("utf-8", "surrogatepass")


def _long(stream: IO[bytes]) -> int:
    length = _exactly(stream, 1)[0]
    return int.from_bytes(_exactly(stream, length), "little", signed=True)


def _names(stream: IO[bytes]) -> tuple[str, str]:
    module, name = (stream.readline().decode("ascii") for _ in range(2))
    return module.removesuffix("\n"), name.removesuffix("\n")


def _plainly(act: Callable[[_Machine], None]) -> Instruction:
    """An instruction without an argument."""
    return Instruction(_nothing, lambda machine, _: act(machine))


BYTE, FOUR = _number("<B"), _number("<I")
INSTRUCTIONS = {
    b"\x80": Instruction(BYTE, _nothing),  # the version
    b"\x95": Instruction(_number("<Q"), _nothing),  # the length of what follows
    STOP: Instruction(_nothing, _nothing),
    b"N": _plainly(lambda machine: machine.push(None)),
    b"\x88": _plainly(lambda machine: machine.push(True)),
    b"\x89": _plainly(lambda machine: machine.push(False)),
    b"K": Instruction(BYTE, _Machine.push),
    b"M": Instruction(_number("<H"), _Machine.push),
    b"J": Instruction(_number("<i"), _Machine.push),
    b"\x8a": Instruction(_long, _Machine.push),
    b"G": Instruction(_number(">d"), _Machine.push),
    b"X": Instruction(_text("<I"), _Machine.push),
    b"\x8c": Instruction(_text("<B"), _Machine.push),
    b"(": _plainly(_Machine.mark),
    b")": _plainly(lambda machine: machine.push(())),
    b"\x85": _plainly(lambda machine: machine.make_tuple(1)),
    b"\x86": _plainly(lambda machine: machine.make_tuple(2)),
    b"\x87": _plainly(lambda machine: machine.make_tuple(3)),
    b"t": _plainly(lambda machine: machine.make(tuple(machine.since_mark()))),
    b"]": _plainly(lambda machine: machine.make([])),
    b"a": _plainly(lambda machine: machine.extend([machine.stack.pop()])),
    b"e": _plainly(lambda machine: machine.extend(machine.since_mark())),
    b"}": _plainly(lambda machine: machine.make({})),
    b"s": _plainly(lambda machine: machine.put_in([machine.stack.pop(-2), machine.stack.pop()])),
    b"u": _plainly(lambda machine: machine.put_in(machine.since_mark())),
    b"q": Instruction(BYTE, _Machine.number),
    b"r": Instruction(FOUR, _Machine.number),
    b"\x94": _plainly(lambda machine: machine.number(len(machine.numbered))),
    b"h": Instruction(BYTE, lambda machine, place: machine.push(machine.numbered[place])),
    b"j": Instruction(FOUR, lambda machine, place: machine.push(machine.numbered[place])),
    b"c": Instruction(_names, lambda machine, names: machine.push(meaning(*names))),
    b"\x93": _plainly(_Machine.name_on_stack),
    b"R": _plainly(_Machine.call),
    b"b": _plainly(_Machine.forget_state),
    b"Q": _plainly(_Machine.storage),
}
