"""A model run once with everything written down: what has no gradient too."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

import numpy as np

from .. import functional as F
from ..errors import OptionError, UnsupportedError, seen
from ..nn import Module
from ..nn.tree import Tree, kept, nodes, walk
from ..operators import add_operators
from ..ops import OPS, Op
from ..ops.explain import explain
from ..tape import Entry, constant, recording
from ..tensor import Tensor, leaf

__all__ = ["Run", "Span", "Traced", "run"]


class Traced(Tensor):
    """A tensor of which every op is noted, and whose values may not be looked at."""

    __slots__ = ()

    def _itself(self) -> Traced:
        """The tensor itself, which stands for its elements too."""
        return self

    def _changed(self, value: Any) -> NoReturn:
        raise UnsupportedError(
            "export: a tensor is given other elements while the model runs.\n"
            "  A prediction must not change the model: do this in training only."
        )

    els = property(_itself, _changed)
    detach = _itself

    def reshape(self, *shape: Any) -> Any:
        return F.reshape(self, _flat(shape))

    def transpose(self, *axes: Any) -> Any:
        return F.transpose(self, _flat(axes) or None)

    @staticmethod
    def __require__(holds: Traced, error: Callable[..., Exception], seen: Sequence[Any]) -> None:
        """Check the values of this run; the export checks nothing."""
        if not holds._els:
            raise error(*(x._els if isinstance(x, Entry) else x for x in seen))

    def _looked_at(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise UnsupportedError(
            "export: a value is looked at, and what is written must hold for all values.\n"
            "  Choose by np.where(condition, a, b), and keep to what tensors do."
        )

    __bool__ = __float__ = __int__ = __index__ = __array__ = item = tolist = _looked_at


def _flat(sizes: tuple[Any, ...]) -> Any:
    return sizes[0] if len(sizes) == 1 and not hasattr(sizes[0], "__index__") else sizes


def _record(op: Op, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """Do an op and note it; one that is no op of ours is taken apart, where that can be."""
    if OPS.get(op.name) is not op:
        try:
            parts = op.forward(*inputs, **params)
        except Exception:  # noqa: BLE001 (what a forward of a user's own makes of tensors is open)
            parts = None
        if isinstance(parts, Traced):
            return parts
    operands = tuple(x if isinstance(x, Entry) else constant(x) for x in inputs)
    values = [x._els if isinstance(x, Entry) else x for x in operands]
    try:
        els = op.forward(*values, **params)
    except Exception as error:
        raise explain(op.name, op.forward, values, error) from error
    out = _traced(np.asarray(els))
    out.op, out.inputs, out.params = op, operands, params
    return out


def _traced(els: np.ndarray) -> Traced:
    out = Traced.__new__(Traced)
    out._become_leaf(els, requires_grad=True)
    return out


for _name in (
    "sum", "mean", "max", "min", "var", "argmax", "argmin", "cumsum", "clip", "astype", "swapaxes",
    "squeeze",
):  # fmt: skip
    setattr(Traced, _name, getattr(F, _name))
add_operators(Traced, _record)
_known_ufuncs = Traced.__array_ufunc__


def _answer(self: Traced, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """Also the reductions by which losses check their targets."""
    if method == "reduce" and "initial" in kwargs:
        initial = kwargs.pop("initial")
        return ufunc(_known_ufuncs(self, ufunc, method, *inputs, **kwargs), initial)
    if method == "reduce" and ufunc is np.logical_and:
        return F.min(inputs[0].astype(np.int32), **kwargs) != 0
    return _known_ufuncs(self, ufunc, method, *inputs, **kwargs)


Traced.__array_ufunc__ = _answer


class Span(NamedTuple):
    """One call of a module: what was made from serial `first` on and before `last` is its work."""

    first: int
    last: int
    path: str
    module: Tree
    output: Any


class Run(NamedTuple):
    """What a run of a model left behind.

    Attributes
    ----------
    inputs : list of Traced
        One for each array that went in.
    output : object
        What came out.
    spans : list of Span
        Calls of modules, in the order in which they ended: inner ones first.
    paths : dict
        The path of each parameter and buffer, by the id of its elements.
    """

    inputs: list[Traced]
    output: Any
    spans: list[Span]
    paths: dict[int, str]


def run(model: Callable[..., Any], arrays: Sequence[np.ndarray]) -> Run:
    """Run a model, or any function of tensors, in eval mode; it stays as it was."""
    root = _root(model)
    spans: list[Span] = []
    inputs = [_traced(array) for array in arrays]
    with _watched(root, spans) as paths, recording(True):
        output = model(*inputs)
    return Run(inputs, output, spans, paths)


def _root(model: Any) -> Tree:
    """The module itself, or a tree of those that a function knows by name."""
    if isinstance(model, Tree):
        return model
    if not callable(model):
        raise OptionError(
            f"export: the model is {seen(model)}, which cannot be called.\n"
            "  Pass a Module, or a function of tensors."
        )
    root, owner = Tree(), getattr(model, "__self__", None)
    if isinstance(owner, Tree):
        return owner
    if inspect.isfunction(model):
        names = inspect.getclosurevars(model)
        found = {**names.globals, **names.nonlocals}.items()
        vars(root).update({name: value for name, value in found if any(nodes(value))})
    return root


@contextmanager
def _watched(root: Tree, spans: list[Span]) -> Iterator[dict[int, str]]:
    """Let each module under `root` note its calls in `spans`, and each tensor all that is done."""
    places = list(walk(root))
    trees = [(path, node) for path, node in places if isinstance(node, Tree)]
    tensors: list[tuple[str, Any]] = [(p, node) for p, node in places if isinstance(node, Tensor)]
    kinds = [(type(tensor), tensor.requires_grad) for _, tensor in tensors]
    with kept([tree for _, tree in trees]):
        try:
            for path, tree in trees:
                if isinstance(tree, Module):
                    vars(tree).update(forward=_noting(tree, path, spans), training=False)
            for _, tensor in tensors:
                tensor.__class__, tensor.requires_grad = _traced_kind(type(tensor)), True
            yield {id(tensor._els): path for path, tensor in tensors}
        finally:
            for (_, tensor), (kind, requires_grad) in zip(tensors, kinds, strict=True):
                tensor.__class__, tensor.requires_grad = kind, requires_grad


def _traced_kind(kind: type[Tensor]) -> type[Tensor]:
    """The class of a parameter or a buffer whose every op is noted."""
    if kind not in _KINDS:
        _KINDS[kind] = type(f"Traced{kind.__name__}", (Traced, kind), {"__slots__": ()})
    return _KINDS[kind]


_KINDS: dict[type[Tensor], type[Tensor]] = {}


def _noting(tree: Module, path: str, spans: list[Span]) -> Callable[..., Any]:
    forward = tree.forward

    def noted(*inputs: Any, **named: Any) -> Any:
        first = _now()
        output = forward(*inputs, **named)
        spans.append(Span(first, _now(), path, tree, output))
        return output

    return noted


def _now() -> int:
    """A serial number larger than all before it."""
    return leaf(np.empty(0)).serial
