"""What a reader is told of each value on a tape, in words and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..ops import OPS, Op
from ..ops.indexing import Slot
from ..tape import Entry

__all__ = ["Row", "brief", "key_text", "made_of", "named", "operand", "rows"]

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Row(NamedTuple):
    """One value, as a reader is told of it."""

    name: str  # γ₃
    kind: str  # parameter, leaf, constant or op
    made_of: str  # γ₁ · γ₂
    equation: str  # y = a b
    shape: str
    value: str
    gradient: str  # empty where none flows
    inputs: tuple[int, ...]  # where on the tape those values stand that it was made of


def named(entries: Iterable[Entry]) -> dict[Entry, str]:
    """The article's names, γ₁ … γₙ."""
    return {entry: f"γ{i}".translate(_SUBSCRIPTS) for i, entry in enumerate(entries, 1)}


def rows(names: Mapping[Entry, str], gradients: Mapping[Entry, np.ndarray]) -> list[Row]:
    """The rows of a whole tape, as its values are named, oldest first."""
    places = {entry: place for place, entry in enumerate(names)}
    return [
        Row(
            name,
            kind := _kind(entry),
            made_of(entry, names) if entry.op else kind,
            entry.op.equation if entry.op else "",
            str(entry._els.shape),
            brief(entry._els),
            brief(gradients[entry]) if entry in gradients else "",
            tuple(places[x] for x in entry.inputs if isinstance(x, Entry)),
        )
        for entry, name in names.items()
    ]


def _kind(entry: Entry) -> str:
    if entry.op is not None:
        return "op"
    kind = type(entry).__name__.lower()
    return kind if kind != "tensor" else "leaf" if entry.requires_grad else "constant"


def made_of(entry: Entry, names: Mapping[Entry, str]) -> str:
    """How an op made `entry`: the op written with the names of its inputs."""
    op: Op = entry.op  # type: ignore[assignment]
    inputs = [operand(x, names) for x in entry.inputs]
    if op is OPS["getitem"]:
        return f"{inputs[0]}[{key_text(entry.params['key'], inputs[1:])}]"
    params = [f"{k}={v}" for k, v in entry.params.items() if v is not None and v is not False]
    if not op.notation:
        return f"{op.name}({', '.join(inputs + params)})"
    return " ".join([op.notation.format(*inputs), *(f"({p})" for p in params)])


def key_text(key: Any, arrays: Sequence[str] = ()) -> str:
    """What stands in the brackets of an index."""
    if isinstance(key, Slot):
        return arrays[key.position]
    if isinstance(key, tuple):
        return ", ".join(key_text(part, arrays) for part in key)
    if isinstance(key, slice):
        ends = (key.start, key.stop, *([] if key.step is None else [key.step]))
        return ":".join("" if end is None else str(end) for end in ends)
    return "…" if key is ... else str(key)


def operand(x: Any, names: Mapping[Entry, str]) -> str:
    """What an input is called: by its name, or as the number that it is."""
    if isinstance(x, Entry):
        return names[x]
    return f"array{x.shape}" if np.ndim(x) else f"{x:.4g}" if x is not None else "None"


def brief(els: np.ndarray) -> str:
    """A value in a few characters: the numbers if they are few, else their extent."""
    if els.size == 0:
        return "[]"
    if els.size == 1:
        return f"{els.item():.4g}"
    if els.size <= 3:
        return "[" + " ".join(f"{v:.4g}" for v in els.ravel()) + "]"
    low, high = els.min(), els.max()
    return f"all {low:.3g}" if low == high else f"{low:.3g} … {high:.3g}"
