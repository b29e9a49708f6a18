"""The two containers of `torch.save`: a zip archive since version 1.6, a sequence before it.

archive    NAME/data.pkl, the value; NAME/data/KEY, the bytes of a storage; NAME/byteorder
sequence   pickles of a magic number, the version, the system, the value and the list of keys;
           then for each key 8 bytes that count the numbers of the storage, and its bytes
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import IO, Any, NamedTuple

from ...errors import DataError
from .pickles import unpickle
from .views import Bytes, Order, Storage

__all__ = ["Content", "open_archive", "open_sequence"]

MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001  # of a sequence
ORDERS: dict[bytes, Order] = {b"little": "<", b"big": ">"}
ERRORS_OF_ZIP = (zipfile.BadZipFile, ValueError, KeyError, OSError, EOFError, RuntimeError)


class Content(NamedTuple):
    """What a file holds: a value with views in it, and how to read the storages of these."""

    value: Any
    order: Order
    read: Callable[[Storage], Bytes]


def open_archive(file: IO[bytes], size: int) -> Content:
    """The content of an archive; DataError if it is damaged, or was not written by `torch.save`."""
    archive = _Archive(file, size)
    order = archive.read("byteorder") if archive.has("byteorder") else b"little"
    if order not in ORDERS:
        raise _damaged(f"its order of bytes is {order!r:.40}")
    value = unpickle(io.BytesIO(archive.read("data.pkl"))).value
    return Content(value, ORDERS[order], archive.storage)


class _Archive:
    """The members of an archive, which together cannot be longer than the file."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.left = size
        try:
            self.zip = zipfile.ZipFile(file)
        except ERRORS_OF_ZIP as error:
            raise _damaged(str(error)) from None
        roots = [name for name in self.zip.namelist() if name.endswith("/data.pkl")]
        if len(roots) != 1:
            raise _damaged(f"it has {len(roots)} members data.pkl")
        self.root = roots[0].removesuffix("data.pkl")

    def has(self, name: str) -> bool:
        return self.root + name in self.zip.NameToInfo

    def read(self, name: str) -> bytes:
        if not self.has(name):
            raise _damaged(f"there is no member {name!r:.40}")
        member = self.zip.getinfo(self.root + name)
        self.left -= member.file_size
        plain = member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & 1
        if not plain or member.file_size != member.compress_size or self.left < 0:
            raise _damaged(f"the member {name!r:.40} is packed, and torch.save packs nothing")
        try:
            return self.zip.read(member)
        except ERRORS_OF_ZIP as error:
            raise _damaged(str(error)) from None

    def storage(self, storage: Storage) -> bytes:
        content = self.read(f"data/{storage.key}")
        if len(content) != storage.nbytes:
            raise _damaged(f"storage {storage.key!r:.40} has not {storage.nbytes:,} bytes")
        return content


def open_sequence(file: IO[bytes], size: int) -> Content:
    """The content of a sequence.

    Raises
    ------
    DataError
        If it is damaged, or was not written by `torch.save` on a little-endian machine.
    """
    stream = io.BytesIO(file.read(size))
    magic, version, system = (unpickle(stream).value for _ in range(3))
    if magic != MAGIC or version != VERSION:
        raise _damaged("it does not begin as torch.save begins one")
    if not isinstance(system, dict) or system.get("little_endian") is not True:
        raise _damaged("it was not written on a little-endian machine")
    value, storages = unpickle(stream)
    places = _places(stream, unpickle(stream).value, storages)

    def read(storage: Storage) -> Bytes:
        if storage != storages[storage.key] or storage.key not in places:
            raise _damaged(f"storage {storage.key!r:.40} is not in it")
        begin = places[storage.key]
        return stream.getbuffer()[begin : begin + storage.nbytes]

    return Content(value, "<", read)


def _places(stream: io.BytesIO, keys: Any, storages: dict[str, Storage]) -> dict[str, int]:
    """Where each storage begins, for they lie one after the other."""
    if type(keys) is not list or not all(isinstance(key, str) for key in keys):
        raise _damaged("its list of storages is none")
    places, end = {}, stream.getbuffer().nbytes
    for key in keys:
        count = int.from_bytes(stream.read(8), "little")
        if key not in storages or count != storages[key].length:
            raise _damaged(f"storage {key!r:.40} with {count:,} numbers belongs to no tensor")
        places[key] = stream.tell()
        if places[key] + storages[key].nbytes > end:
            raise _damaged(f"storage {key!r:.40} is cut off")
        stream.seek(places[key] + storages[key].nbytes)
    return places


def _damaged(seen: str) -> DataError:
    return DataError(
        "the file cannot be read as one of torch.save.\n"
        f"  {seen}.\n"
        "  It is damaged, or something else wrote it: write or fetch it again."
    )
