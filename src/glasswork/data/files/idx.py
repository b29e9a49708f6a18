"""The IDX format, in which MNIST, Fashion-MNIST and EMNIST are published.

A file is ``magic | shape | values``, all numbers big-endian
(http://yann.lecun.com/exdb/mnist/, "The IDX file format"):

    magic    4 bytes: 0, 0, what a value is (see DTYPES), how many axes there are
    shape    4 bytes for each axis
    values   the last axis runs fastest
"""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from .streams import Parts, expect_end, open_binary, read_exactly

__all__ = ["read_idx", "read_idx_parts", "read_idx_samples"]

Array = NDArray[Any]

DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_AXES = 64  # what NumPy can hold
TEST_NAMES = ("t10k", "test")


def read_idx(path: Path) -> Array:
    """The array in one IDX file, gzipped or not.

    Raises
    ------
    DataError
        If the file cannot be read, is not IDX, or is shorter or longer than its header says.
    """
    with open_binary(path) as stream:
        magic = stream.read(4)
        if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in DTYPES:
            raise DataError(
                f"{path} is not a file of samples that can be read.\n"
                f"  It starts with the bytes {magic.hex(' ') or '(none)'};"
                " an IDX file of pictures starts with 00 00 08 03.\n"
                "  Pass a .csv, .npy or .npz file, an IDX file, or a folder of IDX files."
            )
        dtype, axes = np.dtype(DTYPES[magic[2]]), magic[3]
        shape = struct.unpack(f">{axes}I", read_exactly(stream, 4 * axes, path))
        if not 1 <= axes <= MOST_AXES or 0 in shape:
            raise DataError(
                f"{path} holds no samples.\n"
                f"  Its header gives {axes} axes, of the shape {shape}.\n"
                "  Fetch or write the file again."
            )
        values = read_exactly(stream, math.prod(shape) * dtype.itemsize, path)
        expect_end(stream, path)
    return np.frombuffer(values, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def read_idx_parts(path: Path) -> Parts:
    """Pictures x and labels y, and x_test and y_test when files of a test part lie beside them.

    Parameters
    ----------
    path : path
        A folder of files named as MNIST's are, or its file of training pictures:

            train-images-idx3-ubyte   train-labels-idx1-ubyte
            t10k-images-idx3-ubyte    t10k-labels-idx1-ubyte     (or test-…)

        Each with or without .gz, and with whatever stands before these names.

    Raises
    ------
    DataError
        If a file is missing, cannot be read, or there is not one label for each picture.
    """
    images = _training_images(path) if path.is_dir() else path
    x, y = _read_pair(images)
    test_images = [images.with_name(images.name.replace("train", name)) for name in TEST_NAMES]
    if "train" in images.name and (found := _first_stored(test_images)):
        return Parts(x, y, *_read_pair(found))
    return Parts(x, y)


def read_idx_samples(path: Path) -> Array:
    """Pictures x, whose labels, if there are any, are not looked at.

    Raises
    ------
    DataError
        If the file is a folder, cannot be read, or holds labels.
    """
    if path.is_dir():
        raise DataError(
            f"{path} is a folder, not a file of samples.\n"
            f"  It holds {_listed(_names_in(path))}.\n"
            "  Pass one of its files of pictures, such as t10k-images-idx3-ubyte."
        )
    return _read_pictures(path)


def _names_in(folder: Path) -> list[str]:
    return sorted({file.name.removesuffix(".gz") for file in folder.iterdir()})


def _training_images(folder: Path) -> Path:
    names = _names_in(folder)
    wanted = [name for name in names if "train" in name and "images" in name]
    if len(wanted) == 1 and (found := _first_stored([folder / wanted[0]])):
        return found
    raise DataError(
        f"{folder} holds {len(wanted) or 'no'} files of training pictures.\n"
        f"  Looked for a name with train and images; there are {_listed(wanted or names)}.\n"
        "  Pass the file of pictures itself, such as train-images-idx3-ubyte.gz."
    )


def _read_pictures(path: Path) -> Array:
    x = read_idx(path)
    if x.ndim == 1:
        raise DataError(
            f"{path} holds labels, and no samples.\n"
            f"  Its shape is {x.shape}.\n"
            "  Pass the file of pictures, such as t10k-images-idx3-ubyte."
        )
    return x


def _read_pair(images: Path) -> tuple[Array, Array]:
    """Pictures, and the labels that lie beside them."""
    x = _read_pictures(images)
    expected = images.with_name(images.name.replace("images", "labels").replace("idx3", "idx1"))
    labels = _first_stored([expected])
    if labels is None or labels == images:
        raise DataError(
            f"{images} has no labels beside it.\n"
            f"  Looked for {expected.name}.\n"
            "  Name the two files as MNIST does: …-images-idx3-ubyte and …-labels-idx1-ubyte."
        )
    y = read_idx(labels)
    if y.shape != x.shape[:1]:
        raise DataError(
            f"{labels} does not hold one label for each picture.\n"
            f"  Its shape is {y.shape}, that of the pictures {x.shape}.\n"
            "  Fetch the two files of one part."
        )
    return x, y


def _first_stored(paths: list[Path]) -> Path | None:
    """The first of the files that exists, packed or not."""
    for path in paths:
        plain = path.with_name(path.name.removesuffix(".gz"))
        for stored in (path, plain, plain.with_name(f"{plain.name}.gz")):
            if stored.is_file():
                return stored
    return None


def _listed(names: list[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "no files") + more
