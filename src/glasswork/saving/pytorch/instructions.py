"""The instructions of a pickle, read one by one: each a letter, and for some an argument.

Those that `torch.save` writes, and no others (https://docs.python.org/3/library/pickletools.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from struct import calcsize, unpack
from typing import IO, Any

__all__ = ["STOP", "instructions"]

STOP = b"."


def instructions(stream: IO[bytes]) -> Iterator[tuple[bytes, Any]]:
    r"""Each instruction with its argument, up to the one that ends the pickle.

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
        if code not in ARGUMENTS:
            raise ValueError(f"it has an instruction, {code!r}, that torch.save does not write")
        read = ARGUMENTS[code]
        yield code, read(stream) if read else None


def _exactly(stream: IO[bytes], count: int) -> bytes:
    found = stream.read(count)
    if len(found) < count:
        raise ValueError(f"it ends where {count:,} bytes more should come")
    return found


def _number(form: str) -> Callable[[IO[bytes]], Any]:
    def read(stream: IO[bytes]) -> Any:
        return unpack(form, _exactly(stream, calcsize(form)))[0]

    return read


def _counted(form: str) -> Callable[[IO[bytes]], bytes]:
    count = _number(form)

    def read(stream: IO[bytes]) -> bytes:
        return _exactly(stream, count(stream))

    return read


def _text(form: str) -> Callable[[IO[bytes]], str]:
    content = _counted(form)

    def read(stream: IO[bytes]) -> str:
        return content(stream).decode("utf-8", "surrogatepass")

    return read


def _long(stream: IO[bytes]) -> int:
    return int.from_bytes(_counted("B")(stream), "little", signed=True)


def _names(stream: IO[bytes]) -> tuple[str, str]:
    module, name = (stream.readline().decode("ascii") for _ in range(2))
    return module.removesuffix("\n"), name.removesuffix("\n")


ARGUMENTS: dict[bytes, Callable[[IO[bytes]], Any] | None] = {
    **dict.fromkeys((b".", b"(", b")", b"t", b"\x85", b"\x86", b"\x87"), None),
    **dict.fromkeys((b"]", b"a", b"e", b"}", b"s", b"u", b"N", b"\x88", b"\x89"), None),
    **dict.fromkeys((b"\x94", b"\x93", b"R", b"b", b"Q"), None),
    **dict.fromkeys((b"\x80", b"K", b"q", b"h"), _number("<B")),
    b"M": _number("<H"),
    b"J": _number("<i"),
    **dict.fromkeys((b"r", b"j"), _number("<I")),
    b"\x95": _number("<Q"),
    b"G": _number(">d"),
    b"\x8a": _long,
    b"X": _text("<I"),
    b"\x8c": _text("<B"),
    b"c": _names,
}
