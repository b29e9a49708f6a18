"""Weights of PyTorch's layers put into ours: what their tensors are called, and how they lie."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import StateError
from ...limits import MAPPING, checked
from ...nn import BatchNorm, Linear
from ...nn.module import MODULE, Module
from ...nn.state import entries
from ...nn.tree import Tree, held
from ...tensor import Tensor
from .reading import read_pytorch

__all__ = ["load_pytorch"]

Array = NDArray[Any]

# What PyTorch calls the tensors of a layer; the names of all others are the same.
NAMES: dict[type[Module], dict[str, str]] = {
    Linear: {"weights": "weight", "biases": "bias"},
    BatchNorm: {"scale": "weight", "shift": "bias", "running_variance": "running_var"},
}
TRANSPOSED = {(Linear, "weights")}  # PyTorch computes Y = X Wᵀ + b, with W (outputs, inputs)
NOT_KEPT = "num_batches_tracked"  # by BatchNorm, whose predictions do not rest on it


class Place(NamedTuple):
    """Where an array of PyTorch's goes."""

    tensor: Tensor
    transposed: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape that PyTorch gives it."""
        return self.tensor.shape[::-1] if self.transposed else self.tensor.shape

    def oriented(self, array: Array) -> Array:
        """The array as it lies here."""
        return array.T if self.transposed else array


def load_pytorch(
    model: Module,
    path: str | os.PathLike[str],
    *,
    entry: str | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Give a model the weights that a model of PyTorch's was saved with; torch is not needed.

    The two are built alike: a layer has the same path in both. What the layers call their tensors
    is translated, and `Linear` transposes its weights, (outputs, inputs) in PyTorch:

        Linear      weight → weightsᵀ, bias → biases
        BatchNorm   weight → scale, bias → shift, running_mean, running_var → running_variance

    Parameters
    ----------
    model : Module
        What takes the weights, in its own dtypes.
    path : str or path
        A file of `torch.save` (.pt, .pth) or safetensors, as `read_pytorch` reads them.
    entry : str, optional
        Under which name the state dict stands, where the file holds a dict of several things.
    names : mapping from text to text, optional
        Paths of layers that differ, PyTorch's to ours: `{"fc1": "0", "fc2": "2"}`.

    Raises
    ------
    StateError
        If tensors are missing, unexpected or do not fit: each is named, and nothing changes.
    DataError
        If the file cannot be read, see `read_pytorch`.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from glasswork.saving import write_safetensors
    >>> line = Linear(3, 1)
    >>> with TemporaryDirectory() as folder:
    ...     theirs = {"weight": np.array([[1.0, 2.0, 3.0]]), "bias": np.array([4.0])}
    ...     write_safetensors(f"{folder}/line.safetensors", theirs)
    ...     load_pytorch(line, f"{folder}/line.safetensors")
    >>> line.weights.T
    Tensor([[1., 2., 3.]], op=transpose)
    """
    checked("load_pytorch", "model", model, MODULE)
    names = {} if names is None else checked("load_pytorch", "names", names, MAPPING)
    theirs = {
        _renamed(name, names): array
        for name, array in read_pytorch(path, entry).items()
        if name.rpartition(".")[2] != NOT_KEPT
    }
    places = dict(_places(model))
    if faults := list(_faults(theirs, places)):
        raise StateError(
            f"load_pytorch: {os.fspath(path)} does not fit the model, which is not changed.\n  "
            + "\n  ".join(faults)
            + "\n  Build the model as PyTorch's was, or pass names={'their path': 'our path'}."
        )
    ours = {id(tensor): path for path, tensor in entries(model).items()}
    model.load_state_dict(
        {ours[id(places[name].tensor)]: places[name].oriented(a) for name, a in theirs.items()}
    )


def _renamed(name: str, names: Mapping[str, str]) -> str:
    """The name with the longest beginning that `names` has replaced."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        beginning = ".".join(parts[:length])
        if beginning in names:
            return ".".join([*filter(None, [names[beginning]]), *parts[length:]])
    return name


def _places(
    tree: Tree, path: str = "", around: tuple[Tree, ...] = ()
) -> Iterator[tuple[str, Place]]:
    """Each tensor under the names that PyTorch has for it, several if it is shared."""
    kind = next((cls for cls in NAMES if isinstance(tree, cls)), None)
    for name, node in held(tree):
        if isinstance(node, Tree):
            if node not in around:
                yield from _places(node, f"{path}{name}.", (*around, tree))
        elif kind is None:
            yield path + name, Place(node, False)
        else:
            yield path + NAMES[kind].get(name, name), Place(node, (kind, name) in TRANSPOSED)


def _faults(theirs: Mapping[str, Array], places: Mapping[str, Place]) -> Iterator[str]:
    """What does not fit, in PyTorch's names and shapes."""
    first: dict[int, str] = {}
    for name in theirs:
        if name in places:
            first.setdefault(id(places[name].tensor), name)
    for name, place in places.items():
        if id(place.tensor) not in first:
            yield f"missing     {name} {place.shape}"
    for name, array in theirs.items():
        if name not in places:
            yield f"unexpected  {name} {array.shape}"
        elif array.shape != (wanted := places[name].shape):
            yield f"misshapen   {name} is {array.shape}, and would have to be {wanted}"
        elif not np.array_equal(array, theirs[one := first[id(places[name].tensor)]], True):
            yield f"unequal     {name} and {one}, which are one tensor in the model"
