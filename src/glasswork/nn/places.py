"""Where in a network an error arose: read from the traceback, so that it costs nothing before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..errors import GlassworkError
from ..tensor import Tensor
from .configuration import described
from .origins import Moment, is_own, latest, moments, origin
from .parameter import Buffer, Parameter
from .tree import Tree, walk

__all__ = ["name_place", "named"]

MOST_INPUTS = 4  # told of


def name_place(error: Exception, root: Tree) -> None:
    """Tell in `error` the module below `root` whose `forward` raised it, and what its inputs were.

    The message of an error of Glasswork's begins with the module; the others keep theirs. A note
    tells the shapes and the lines of the user's that made the inputs. Called again from further
    out, with the root of a larger tree, it puts the longer path there.
    """
    around = moments(error.__traceback__)
    failed = next((moment for moment in around if _is_forward(moment)), None)
    place = failed.frame.f_locals["self"] if failed else root
    lines = [*_inputs(failed, around, root)] if failed else []
    if isinstance(error, GlassworkError):
        message = vars(error).setdefault("message_without_place", str(error))
        error.args = (f"{named(place, root)}: {message}",)
    else:
        lines = [f"In {named(place, root)}.", *lines]
    notes = [note for note in vars(error).get("__notes__", ()) if not isinstance(note, _Note)]
    error.__notes__ = [*notes, _Note("\n".join(lines))] if lines else notes


def named(place: Tree, root: Tree) -> str:
    """A module as errors name it: by its path from the root, and the call that made it."""
    path = next((path for path, node in walk(root) if node is place), "")
    return f"{f'model.{path} ' if path else ''}{described(place)}"


class _Note(str):
    """What was noted here, so that it can be told from the notes of others."""

    __slots__ = ()


def _is_forward(moment: Moment) -> bool:
    frame = moment.frame
    return frame.f_code.co_name == "forward" and isinstance(frame.f_locals.get("self"), Tree)


def _inputs(failed: Moment, around: Sequence[Moment], root: Tree) -> Iterator[str]:
    """The arrays and tensors that the function had, but those that the module keeps."""
    values = {
        name: value
        for name, value in failed.frame.f_locals.items()
        if isinstance(value, Tensor | np.ndarray) and not isinstance(value, Parameter | Buffer)
    }
    outside = around[around.index(failed) + 1 :]
    for name, value in [*values.items()][:MOST_INPUTS]:
        passed = _passed(name, failed, outside[:1])
        source = _source(value if passed is None else passed, around, outside, root)
        yield f"  {name} is {value.shape} {value.dtype}{source}"


def _source(
    value: Tensor | np.ndarray, around: Sequence[Moment], outside: Sequence[Moment], root: Tree
) -> str:
    """Where an input is from, as far as that can be told."""
    if made := origin(value, around):
        return f", made in {made}"
    for place, moment in enumerate(outside):
        if giver := _giver(value, moment):
            return f", given by {named(giver, root)}, in {latest(outside[place:])}"
    return f", passed in {line}" if (line := latest(outside)) else ""


def _passed(name: str, failed: Moment, callers: Sequence[Moment]) -> Tensor | np.ndarray | None:
    """An input of a layer of ours as its caller has it: the layer may have changed its dtype."""
    arguments = failed.frame.f_code.co_varnames[1 : failed.frame.f_code.co_argcount]
    if name not in arguments or not callers or not is_own(failed.frame):
        return None
    there, place = callers[0].frame.f_locals, arguments.index(name)
    inputs = there.get("inputs", (there.get("x"),)) if is_own(callers[0].frame) else ()
    passed = inputs[place] if place < len(inputs) else None
    return passed if isinstance(passed, Tensor | np.ndarray) else None


def _giver(value: object, moment: Moment) -> Tree | None:
    """The child that gave a value to the next one, if the function runs children in their order."""
    there = moment.frame.f_locals
    children, child = getattr(there.get("self"), "children", ()), there.get("child")
    if child is None or there.get("x") is not value:
        return None
    place = next((i for i, each in enumerate(children) if each is child), 0)
    return children[place - 1] if place else None
