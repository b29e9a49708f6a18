"""Good files of every family that is read, and damage done to their bytes.

Damage to a zip archive, to gzip and to the header of safetensors would mostly be stopped by a
checksum or a length. So it is also done inside: what is packed is damaged and packed again.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

import glasswork as gw
from glasswork.saving import write_safetensors

__all__ = ["FAMILIES", "Family", "damaged"]

TORCH_FILES = Path(__file__).parents[1] / "tests" / "saving" / "pytorch" / "files"
PIECES = [
    *(b"\0", b"\xff", b"\x7f" + b"\xff" * 7, b"\xff" * 8, b"\0\0\0\0\1\0\0\0", b"\xe2\x88\x92"),
    *(b"9" * 20, b"-1", b"1e999", b"nan", b"0x10", b"PK\3\4", b"\x80\2", b"{" * 50, b"[]," * 50),
    *(b"[", b"]", b'"', b",", b"\n", b"(", b")", b"."),
]


def damaged(content: bytes, random: Random) -> bytes:
    """The bytes of a file with something wrong, or by chance nothing."""
    if random.random() < 0.5:
        if content.startswith(b"PK"):
            return _archive(content, random)
        if content.startswith(b"\x1f\x8b"):
            return gzip.compress(_bytes(gzip.decompress(content), random), 1)
        if content[8:9] == b"{":
            return _header(content, random)
    return _bytes(content, random)


def _bytes(content: bytes, random: Random) -> bytes:
    """Some places overwritten, cut out, put in or repeated."""
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        begin = random.randrange(len(changed) + 1)
        end = min(begin + random.choice((0, 1, 1, 2, 4, 8, 30)), len(changed))
        kind = random.randrange(6)
        if kind == 0 and changed:
            changed[min(begin, len(changed) - 1)] ^= 1 << random.randrange(8)
        elif kind == 1:
            del changed[begin:]
        elif kind == 2:
            changed[begin:end] = random.choice(PIECES)
        elif kind == 3:
            changed[begin:end] = random.randbytes(end - begin)
        elif kind == 4:
            changed[begin:begin] = changed[begin : begin + random.choice((1, 8, 100))]
        else:
            del changed[begin:end]
    return bytes(changed)


def _archive(content: bytes, random: Random) -> bytes:
    """One member damaged, with checksums that are right."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        chosen = random.choice(old.namelist())
        for member in old.infolist():
            inside = old.read(member)
            if member.filename == chosen:
                inside = _bytes(inside, random)
            new.writestr(member.filename, inside, member.compress_type)
    return stream.getvalue()


def _header(content: bytes, random: Random) -> bytes:
    """The header of safetensors damaged, with a length that is right."""
    length = int.from_bytes(content[:8], "little")
    header = _bytes(content[8 : 8 + length], random)
    return len(header).to_bytes(8, "little") + header + content[8 + length :]


def _safetensors(folder: Path) -> Iterator[bytes]:
    layers = gw.Linear(4, 3, rng=0), gw.BatchNorm(3), gw.ReLU(), gw.Linear(3, 2, rng=0)
    gw.save(gw.Sequential(*layers), folder / "a")
    yield (folder / "a").read_bytes()
    tensors = {
        "w": np.ones((2, 3)),
        "half": np.ones(3, "f2"),
        "none": np.ones((0, 3)),
        "b": np.array(True),
    }
    write_safetensors(folder / "a", tensors, {"made by": "hand"})
    yield (folder / "a").read_bytes()


def _torch(_: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in sorted(TORCH_FILES.glob("*.pt")))


def _npz(_: Path) -> Iterator[bytes]:
    x, y = np.arange(24.0).reshape(8, 3), np.array(["cat", "dog"] * 4)
    parts = {"x": x.astype("f4"), "y": np.arange(8), "x_test": x, "y_test": np.arange(8)}
    files = (np.savez, {"x": x, "y": y}), (np.savez_compressed, parts), (np.savez, {"table": x})
    for write, arrays in files:
        stream = io.BytesIO()
        write(stream, **arrays)
        yield stream.getvalue()


def _csv(_: Path) -> Iterator[bytes]:
    random = Random(0)
    rows = [(random.gauss(0, 1), random.randrange(9), random.choice("ab")) for _ in range(20)]
    text = "".join(f"{a:.3f},{b},{c}\n" for a, b, c in rows)
    yield f"height,count,kind\n{text}".encode()
    yield text.encode()
    words = "".join(f"{c},{b or ''},{a:.3f}\n" for a, b, c in rows)
    yield f"kind,count,height\n{words}".encode()  # which needs pandas, where that is installed
    yield gzip.compress("".join(f'"{a:.3f}",{b}\r\n' for a, b, _ in rows).encode(), 1)


class Family(NamedTuple):
    """Files that are read in the same ways.

    Attributes
    ----------
    suffix : str
        What their names end with.
    files : function
        Gives the bytes of good ones; it may write to the folder that it is passed.
    readers : tuple of functions
        What reads them, each given the path.
    """

    suffix: str
    files: Callable[[Path], Iterator[bytes]]
    readers: tuple[Callable[[Path], object], ...]

    def good(self) -> list[bytes]:
        """The good files."""
        with TemporaryDirectory() as folder:
            return list(self.files(Path(folder)))


def _load_network(path: Path) -> None:
    gw.load_pytorch(gw.Sequential(gw.Linear(3, 2), gw.BatchNorm(2)), path)


FAMILIES = {
    "safetensors": Family(
        ".safetensors", _safetensors, (gw.load, gw.saving.read_safetensors, _load_network)
    ),
    "pt": Family(".pt", _torch, (gw.saving.read_pytorch, _load_network)),
    "npz": Family(".npz", _npz, (gw.data.load,)),
    "csv": Family(".csv", _csv, (gw.data.load,)),
}
