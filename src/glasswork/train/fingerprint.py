"""What a training is made of, in words: a checkpoint fits a training that is made of the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sized

import numpy as np

from ..data import Batches
from ..errors import StateError
from .trace import digest

__all__ = ["check", "words_of"]

SAMPLES = 16


def words_of(thing: object) -> str:
    """Words for a model, a loss, an optimizer or data: the same in another process.

    Of arrays there is a digest of a few samples.

    Examples
    --------
    >>> from glasswork.nn import MSE
    >>> words_of(MSE()), words_of(len), words_of([1, 2])
    ('MSE()', 'len', 'list of 2')
    """
    if isinstance(thing, Batches):
        kinds = {True: "shuffled", False: "in order"}
        return f"{thing!r}, {kinds[bool(thing.shuffle)]}, {_samples(thing)}"
    if isinstance(thing, Sized) and type(thing).__repr__ in (object.__repr__, list.__repr__):
        return f"{type(thing).__name__} of {len(thing)}"
    name = getattr(thing, "__qualname__", None)
    return name or re.sub(r" at 0x[0-9a-fA-F]+", "", repr(thing))


def check(place: str, stored: Mapping[str, str], here: Mapping[str, str]) -> None:
    """Refuse a checkpoint at `place` of a training that was made of other things.

    Raises
    ------
    StateError
        If it was; each difference is told.
    """
    faults = [
        f"{name}: it is of\n{_indented(stored.get(name, 'nothing'))}\n  and here is\n"
        f"{_indented(here.get(name, 'nothing'))}"
        for name in {**here, **stored}
        if stored.get(name) != here.get(name)
    ]
    if faults:
        raise StateError(
            f"fit: the checkpoint in {place} is of another training; nothing has been changed.\n  "
            + "\n  ".join(faults)
            + "\n  Build everything as it was, or pass another folder to begin a new training."
        )


def _samples(batches: Batches) -> str:
    places = np.linspace(0, batches.samples - 1, min(SAMPLES, batches.samples)).astype(np.intp)
    rows = batches.rows(places)
    kinds = ", ".join(f"{part.shape[1:]} {part.dtype}" for part in rows)
    return f"samples of {kinds}, digest {digest(*rows)}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
