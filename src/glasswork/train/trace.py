"""The trace of a training: for each step its loss, and a digest of its batch and of each tensor."""

from __future__ import annotations

import os
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..tensor import Tensor
from .callbacks import Run
from .journal import Journal, Keeper

__all__ = ["Trace", "digest"]

LARGE = 4096  # bytes
FOLD = 251  # words that sums are as wide as: a prime, so that no two rows of a batch fall together


class Trace(Keeper):
    """Write down each step, so that `glasswork.diff` can tell where two trainings part.

    The file is a table: the step, the digest of its batch, its loss, and the digest of each
    parameter and buffer after it. Row 0 has the first values.

    Parameters
    ----------
    path : str or path
        The .csv file. An older one is replaced, unless the training was resumed.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = path

    def on_start(self, run: Run) -> None:
        self._tensors = dict(run.model.named_parameters()) | dict(run.model.named_buffers())
        heading = ",".join(["step", "batch", "loss", *map(_in_a_cell, self._tensors)])
        self._journal = Journal(self.path, heading, anew=not run.resumed)
        if not run.resumed:
            self._add("0,,")

    def on_batch(self, run: Run) -> None:
        self._add(f"{run.steps},{digest(*run.arrays)},{run.batch_loss!r}")

    def _add(self, start: str) -> None:
        tensors = [digest(tensor.els) for tensor in self._tensors.values()]
        self._journal.add(",".join([start, *tensors]))


def digest(*arrays: Any) -> str:
    """The same for arrays of the same bytes, and in all likelihood another one for others.

    A checksum (CRC-32), not of each byte of a large array, but of sums of many words of it: it is
    to cost less than the step that is looked at.

    Examples
    --------
    >>> digest(np.zeros(3)) == digest(np.zeros(3)), digest(np.zeros(3)) == digest(np.ones(3))
    (True, False)
    """
    checksum = 0
    for array in arrays:
        found = np.asarray(array.els if isinstance(array, Tensor) else array)
        if not found.dtype.hasobject:  # whose bytes are addresses
            checksum = _checksum(found, checksum)
    return f"{checksum:08x}"


def _checksum(array: NDArray[Any], start: int) -> int:
    if not array.flags.c_contiguous:
        array = array.ravel(order="K")
    if array.nbytes > LARGE:
        octets = array.reshape(-1).view(np.uint8)
        whole = octets.size // (8 * FOLD) * 8 * FOLD
        rows = octets[:whole].view(np.uint64).reshape(-1, FOLD)
        start, array = zlib.crc32(np.add.reduce(rows).data, start), octets[whole:]
    return zlib.crc32(array.data, start)


def _in_a_cell(name: str) -> str:
    return name.replace(",", ";").replace("\n", " ")
