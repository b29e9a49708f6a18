"""Models in files: the values as safetensors, and beside them, in words, how to build the model.

A model's file is a safetensors file whose tensors are `model.state_dict()`. In its metadata
`glasswork` is the version of this format, and `module` is JSON, see `descriptions`:

    {"class": "Sequential", "children": [{"class": "Linear", "config": {"input_neurons": 2, …}}, …]}

Nothing in a file is run: it names classes, which are looked up among those of `glasswork.nn` and
those that the reader of the file has registered.
"""

from __future__ import annotations

import json
import os
from contextvars import copy_context
from typing import Any

from ..errors import DataError, GlassworkError, OptionError, seen
from ..nn.module import Module
from ..nn.state import entries
from ..randomness import seed
from .descriptions import build, describe
from .files import parse_json
from .safetensors import read_safetensors, write_safetensors

__all__ = ["load", "save"]

FORMAT = "1"


def save(model: Module, path: str | os.PathLike[str]) -> None:
    """Write a model to one file, from which `load` makes it again.

    The file is written whole or not at all. Kept are all parameters and buffers, which of them are
    shared, which parameters are frozen, and which modules are in eval mode.

    Parameters
    ----------
    model : Module
        Made of modules of `glasswork.nn` and of classes that are registered, see `register`.
    path : str or path
        Usually ends in .safetensors: every reader of that format can read the tensors.

    Raises
    ------
    OptionError
        If the model could not be loaded again: a class is not registered, or does not keep an
        argument of its constructor, or what the constructor made was replaced by something else.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from glasswork.nn import Linear
    >>> with TemporaryDirectory() as folder:
    ...     save(Linear(3, 2), f"{folder}/line.safetensors")
    ...     load(f"{folder}/line.safetensors").weights.shape
    (3, 2)
    """
    if not isinstance(model, Module):
        raise OptionError(f"save: {seen(model)} is no Module.\n  Call save(model, path).")
    description, state = describe(model), model.state_dict()
    try:
        _with_state(description, state)
    except (GlassworkError, RecursionError) as error:
        raise OptionError(
            f"save: {type(model).__name__}, made anew from its arguments, is not this model.\n"
            f"  {error}\n"
            "  Let the constructor make what was added or replaced after it. The values alone:\n"
            "  glasswork.saving.write_safetensors(path, model.state_dict())."
        ) from error
    write_safetensors(path, state, {"glasswork": FORMAT, "module": json.dumps(description)})


def load(path: str | os.PathLike[str]) -> Module:
    """Make the model that `save` wrote, with the dtypes that its values have in the file.

    Parameters
    ----------
    path : str or path
        The file. It may come from a stranger: only classes of `glasswork.nn` and registered ones
        are made, and none of it is run.

    Raises
    ------
    DataError
        If the file is damaged, holds no model, or names a class that is not known here.
    OSError
        If the file cannot be read.
    """
    state, metadata = read_safetensors(path)
    try:
        return _with_state(_description(metadata), state)
    except (GlassworkError, RecursionError) as error:
        raise DataError(f"{os.fspath(path)}: {error}") from error


def _description(metadata: dict[str, str]) -> Any:
    if "module" not in metadata:
        raise DataError(
            "the file holds tensors, but no model.\n"
            f"  Its metadata is {seen(metadata)}.\n"
            "  Build the model, read the values with glasswork.saving.read_safetensors(path), and\n"
            "  put them in with model.load_state_dict(values)."
        )
    if (version := metadata.get("glasswork")) != FORMAT:
        raise DataError(
            f"the file has version {version!r} of the format.\n"
            f"  This Glasswork reads version {FORMAT!r}.\n"
            "  Update Glasswork, or read the values with glasswork.saving.read_safetensors(path)."
        )
    try:
        return parse_json(metadata["module"])
    except ValueError as error:
        raise DataError(f"the description of the model is not JSON.\n  {error}") from None


def _with_state(description: Any, state: dict[str, Any]) -> Module:
    """Build a module and give it these values as they are, without disturbing any generator."""
    context = copy_context()
    context.run(seed, 0)
    model = context.run(build, description, sum(values.size for values in state.values()))
    model.load_state_dict(state)
    for path, tensor in entries(model).items():
        tensor.els = state[path]
    return model
