"""Derivatives of functions: a function of tensors in, its derivative out, of any order.

Each of these runs `f` on fresh leaves and walks the graph that results. The gradient itself is
recorded where it can matter, that is, where it rests on tensors from outside which want a gradient:
so `grad(grad(f))`, and forward mode through reverse mode, come out right.

Arguments may be tensors, arrays or numbers (integers are taken as floats). Results are tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .autodiff import pull, push
from .elements import answers_ops
from .errors import OptionError, ShapeError, TapeError
from .functional import stack
from .limits import FLAG, FUNCTION, ITERABLE, WHOLE, checked
from .ops import elementwise
from .tape import Entry, Graph, recording
from .tensor import TENSOR, Tensor, leaf, seed_of

__all__ = ["grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]

Function = Callable[..., Any]

_alias = elementwise("alias", lambda x: x, (1,), equation="y = x", notation="{0}")


def gradients(
    output: Tensor, inputs: Tensor | Iterable[Tensor], seed: Any = None, record: bool = False
) -> list[Tensor]:
    """∂(seed · output)/∂x for each x of `inputs`, leaf or not; no `grad` is written.

    Parameters
    ----------
    inputs : Tensor, or iterable of Tensor
        Whatever wants a gradient: zeros for what `output` does not rest on.
    seed : array_like, optional
        As for `Tensor.backward`.
    record : bool
        Record the gradients too, so that they can be differentiated again.

    Raises
    ------
    TapeError
        If the output or an input wants no gradient, so that none was recorded.
    OptionError
        If one of them is no tensor.

    Examples
    --------
    >>> x = Tensor(3.0, requires_grad=True)
    >>> h = x * x
    >>> gradients(h * h, [h])
    [Tensor(18.)]
    """
    listed = checked("gradients", "inputs", inputs, ITERABLE)
    inputs = [inputs] if isinstance(inputs, Tensor) else list(listed)
    checked("gradients", "record", record, FLAG)
    for name, x in [("the output", output), *((f"input {i}", x) for i, x in enumerate(inputs))]:
        checked("gradients", name, x, TENSOR)
        if not x.requires_grad:
            raise TapeError(
                f"gradients: {name}, of shape {x.shape}, wants no gradient; none was recorded.\n"
                "  Make its leaves with requires_grad=True, and compute outside no_grad()."
            )
    return _gradients(output, inputs, seed, record)


def _gradients(output: Tensor, inputs: Sequence[Tensor], seed: Any, record: bool) -> list[Tensor]:
    start: Any = seed_of(output, seed)
    if record:
        start = seed if isinstance(seed, Tensor) else leaf(start)
    with recording(record):
        found = pull({output: start}, inputs, record)
    return [_as_tensor(found.get(x), x) for x in inputs]


def value_and_grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The function that gives f(x, …), one number, and its gradient.

    Parameters
    ----------
    argnums : int or sequence of int
        With respect to which arguments: the gradient is a tensor, or a tuple of them.

    Examples
    --------
    >>> value_and_grad(lambda x: (x**3).sum())([1.0, 2.0])
    (Tensor(9.), Tensor([ 3., 12.]))
    """
    single = isinstance(argnums, int | np.integer)
    listed = [argnums] if single else checked("a derivative", "argnums", argnums, WHOLE)
    numbers = tuple(map(int, listed))

    def evaluate(*arguments: Any, **named: Any) -> tuple[Any, Any]:
        run = _run(f, arguments, numbers, named)
        found = run.pull(None)
        return run.result, found[0] if single else found

    return evaluate


def grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The function that gives the gradient of `f`, which returns one number.

    Examples
    --------
    >>> grad(grad(lambda x: x**3))(2.0)
    Tensor(12.)
    """
    both = value_and_grad(f, argnums)
    return lambda *arguments, **named: both(*arguments, **named)[1]


def vjp(f: Function, *arguments: Any) -> tuple[Tensor, Callable[[Any], tuple[Tensor, ...]]]:
    """f(*arguments), and the function that takes g to gᵀJ, one part for each argument.

    Examples
    --------
    >>> y, pullback = vjp(lambda x: x * x, [1.0, 2.0])
    >>> pullback([1.0, 1.0])
    (Tensor([2., 4.]),)
    """
    run = _run(f, arguments, range(len(arguments)))
    return run.result, run.pull


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Tensor, Tensor]:
    """f(*primals), and J t: how f moves when its arguments move along `tangents`.

    Forward mode: the cost of one more forward pass, however many outputs there are.

    Examples
    --------
    >>> jvp(lambda x: x * x, ([1.0, 2.0],), ([1.0, 0.0],))
    (Tensor([1., 4.]), Tensor([2., 0.]))
    """
    for name, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, list | tuple):
            raise OptionError(f"jvp: the {name} are a tuple, one for each argument: pass (x,).")
    run = _run(f, primals, range(len(primals)))
    return run.result, run.push(tangents)


def jacobian(f: Function, argnum: int = 0) -> Function:
    """The function that gives ∂f/∂x, in the shape of f(x) followed by the shape of x.

    The article's rule: forward mode, column by column, where there are fewer inputs than outputs;
    reverse mode, row by row, otherwise.

    Examples
    --------
    >>> jacobian(lambda x: x * x)([1.0, 2.0])
    Tensor([[2., 0.],
            [0., 4.]])
    """

    def evaluate(*arguments: Any, **named: Any) -> Tensor:
        run = _run(f, arguments, (argnum,), named)
        value, (x,) = run.value, run.fresh
        if x.size < value.size:
            columns = [run.push((unit,)) for unit in _units(x)]
            stacked = _stacked(columns, x.shape + value.shape)
            return stacked.transpose(*range(x.ndim, stacked.ndim), *range(x.ndim))
        rows = [run.pull(unit)[0] for unit in _units(value)]
        return _stacked(rows, value.shape + x.shape)

    return evaluate


def hessian(f: Function, argnum: int = 0) -> Function:
    """The function that gives ∂²f/∂x∂x, in the shape of x twice over.

    Examples
    --------
    >>> hessian(lambda x: x[0] * x[1])([1.0, 2.0])
    Tensor([[0., 1.],
            [1., 0.]])
    """
    return jacobian(grad(f, argnum), argnum)


def hvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> Tensor:
    """H t, the Hessian of f at its first argument times t, without making the Hessian.

    Forward mode over reverse mode (Pearlmutter, 1994): the cost of a few gradients.

    Examples
    --------
    >>> hvp(lambda x: (x**3).sum(), ([1.0, 2.0],), ([1.0, 0.0],))
    Tensor([6., 0.])
    """
    return jvp(grad(f), primals, tangents)[1]


class _Run(NamedTuple):
    """One call of a function from fresh leaves, and the walks over what it recorded."""

    value: Tensor
    fresh: list[Tensor]
    further: bool  # whether someone outside can differentiate further

    @property
    def result(self) -> Tensor:
        return self.value if self.further else leaf(self.value.els)

    def pull(self, seed: Any) -> tuple[Tensor, ...]:
        """gᵀJ, one part for each fresh leaf."""
        return tuple(_gradients(self.value, self.fresh, seed, self.further))

    def push(self, tangents: Sequence[Any]) -> Tensor:
        """J t, for one tangent to each fresh leaf."""
        if len(tangents) != len(self.fresh):
            n = len(self.fresh)
            raise OptionError(f"jvp: {n} primals need {n} tangents; there are {len(tangents)}.")
        pairs = ((x, _tangent(x, t)) for x, t in zip(self.fresh, tangents, strict=True))
        starts: dict[Entry, Any] = {x: t if self.further else t.els for x, t in pairs}
        with recording(self.further):
            moved = push(Graph.of(self.value, differentiable=True), starts, self.further)
        return _as_tensor(moved.get(self.value), self.value)


def _run(
    f: Function, arguments: Sequence[Any], numbers: Sequence[int], named: Mapping[str, Any] = {}
) -> _Run:
    """f(*arguments, **named), with fresh leaves in the places of `numbers`.

    Someone outside can go further if the value rests on a leaf that is older than ours.
    """
    if not all(-len(arguments) <= n < len(arguments) for n in numbers):
        raise OptionError(
            f"argnums: {list(numbers)} names an argument that is not there.\n"
            f"  The function was given {len(arguments)}; count from 0."
        )
    checked("a derivative", "f", f, FUNCTION)
    if not arguments:
        raise OptionError("a derivative is one at a point: pass an argument of f, or more.")
    outside = recording.is_on()
    placed = list(arguments)
    for n in numbers:
        placed[n] = _fresh(arguments[n])
    fresh = [placed[n] for n in numbers]
    with recording(True):
        value = f(*placed, **named)
    if not isinstance(value, Tensor):
        raise TapeError(
            f"the function returned {type(value).__name__}; a derivative needs a Tensor.\n"
            "  Compute with the tensors that it is given, not with their .els or float()."
        )
    ours = min(x.serial for x in fresh)
    leaves = (x for x in Graph.of(value, differentiable=True) if x.op is None)
    return _Run(value, fresh, outside and any(x.serial < ours for x in leaves))


def _fresh(argument: Any) -> Tensor:
    """A leaf for `f` to compute with; for a tensor that is on a tape, an alias on that tape."""
    if isinstance(argument, Tensor) and argument.requires_grad and recording.is_on():
        alias: Tensor = _alias(argument)
        return alias
    tensor = argument if isinstance(argument, Tensor) else Tensor(argument)
    els = tensor.els if tensor.dtype.kind == "f" else tensor.els.astype(np.float32)
    return leaf(els, requires_grad=True)


def _tangent(x: Tensor, tangent: Any) -> Tensor:
    moved = tangent if isinstance(tangent, Tensor) else Tensor(tangent)
    if moved.shape != x.shape:
        raise ShapeError(
            "jvp: a tangent has the shape of its primal.\n"
            f"  The primal is {x.shape}, the tangent {moved.shape}."
        )
    return moved if moved.dtype == x.dtype else moved.astype(x.dtype)


def _as_tensor(value: Any, like: Tensor) -> Tensor:
    if isinstance(value, Tensor):
        return value
    if value is None:
        return leaf(np.zeros_like(like.els))
    return leaf(value if answers_ops(value) else np.asarray(value))


def _units(like: Tensor) -> Iterator[np.ndarray]:
    """The unit vectors of a space in the shape of `like`."""
    for i in range(like.size):
        unit = np.zeros(like.size, like.dtype if like.dtype.kind == "f" else np.float32)
        unit[i] = 1
        yield unit.reshape(like.shape)


def _stacked(parts: list[Tensor], shape: tuple[int, ...]) -> Tensor:
    if not parts:
        return leaf(np.zeros(shape, np.float32))
    whole: Tensor = stack(parts)
    return whole.reshape(shape)
